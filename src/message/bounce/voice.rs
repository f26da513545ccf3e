//! Mails that are a report by their own text, whoever seems to have sent them: a gateway flattened the notice, or a
//! list passed it on. Must not judge by sender or subject; a word of a person above the report ends it.

use super::notice::{self, Notice};
use super::wording::{self, fixed};
use regex::Regex;
use std::sync::LazyLock;

/// How a mail system opens a notice: nobody writes so of themselves. Compared with the folded beginning of the text.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    fixed(concat!(
        r"^[\W_]*(?:",
        r"this is the (?:mail system at host|mail delivery (?:system|agent|subsystem)\b|(?:postfix|sendmail|courier|exim|qmail\S*) (?:program|system|mail server)\b)",
        r"|hi\. this is the \S*-(?:send|deliver\w*) program",
        r"|this message was (?:created|generated) automatically by (?:the )?(?:mail|smtp)",
        r"|this is an? (?:automatic(?:ally generated)? |automated )?(?:mail )?(?:delivery (?:status|failure)|non-?delivery) (?:notification|report|message)",
        r"|the original message was received (?:at|on) \w{3}, ",
        r"|delivery has failed to these recipients",
        r"|delivery to the following recipients? (?:has )?(?:failed|been delayed|was aborted)",
        r"|your message[ :]*(?:to: .{1,200} )?subject: .{1,300} (?:was not delivered to|did not reach)",
        r"|your message did not reach some or all of the intended recipients",
        r"|a message (?:that )?you (?:have )?sent (?:could not be|has not yet been|was not|to .{3,200} could not be) deliver",
        r"|(?:i'm|we are|we're|i am) sorry to have to inform you that (?:your|the) message",
        r"|(?:i'm|i am) afraid i was(?:n't| not) able to deliver",
        r"|sorry, we were unable to deliver your message to",
        r"|the following (?:message|e-?mail|mail) to <\S+> was undeliverable",
        r"|address not found\b|delivery incomplete\b|message (?:blocked|not delivered|too large)\b\W*your message",
        r"|dies ist eine automatisch erzeugte nachricht\b.{0,60}\bmail",
        r"|diese nachricht wurde automatisch (?:erzeugt|erstellt|von)\b.{0,60}\bmail",
        r")",
    ))
});
/// What a MIME part has above it, and boundaries.
static SCAFFOLD: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"(?i)^(?:--\S+|content-(?:type|description|transfer-encoding|disposition)\s*:.*|\s+(?:charset|boundary|report-type|name)=.*|this is a (?:mime|multi-?part)\b.*)$",
    )
});

/// How a provider opens a complaint (RFC 5965 B.1).
static COMPLAINT: LazyLock<Regex> =
    LazyLock::new(|| fixed(r"^\W*(?:this is an e-?mail abuse report\b|feedback-type ?:)"));
/// Fields that every complaint has (RFC 5965 3.1).
const COMPLAINT_FIELDS: [&str; 3] = ["feedback-type:", "user-agent:", "version:"];

/// Somebody speaks of themselves, greets or asks.
static PERSONAL: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"\b(?:i|i've|i'd|my|me|we've|our team|see below|as below|any ideas?|fyi)\b|\?|^(?:hi|hello|hiya|dear|hey|morning|good (?:morning|afternoon))\b|^\w+(?: \w+)?, ",
    )
});

/// Lines above the first part of MIME that became text.
const MAX_PREAMBLE: usize = 8;

/// Lines in which a notice has said that it is about a failure.
const FAILURE_LINES: usize = 3;

/// Lines that are looked at for the opening; servers wrap it.
const OPENING_LINES: usize = 4;

/// Whether the text is a complaint about a mail, as an event or as the fields of RFC 5965.
pub(super) fn is_complaint(notice: &Notice) -> bool {
    let has = |name: &&str| notice.lines.iter().any(|line| line.to_ascii_lowercase().starts_with(*name));
    let written = || COMPLAINT_FIELDS.iter().all(has);
    let opens = COMPLAINT.is_match(&notice::fold(&opening(notice).join(" ")));
    notice.event.as_ref().is_some_and(|event| event.is_complaint) || opens && written()
}

/// Whether the text opens with words in which a mail system presents itself.
pub(super) fn is_mail_systems(notice: &Notice) -> bool {
    !wording::is_absence(&notice.folded) && OPENING.is_match(&notice::fold(&opening(notice).join(" ")))
}

/// Whether the first paragraph is about a failure or delay, and nobody tells it to somebody.
pub(super) fn opens_with_failure(notice: &Notice) -> bool {
    let first = text(notice).skip_while(|line| !is_worded(line) || is_banner(line));
    let paragraph = first.take_while(|line| !line.trim().is_empty()).filter(|line| is_worded(line));
    let folded = notice::fold(&paragraph.take(FAILURE_LINES).collect::<Vec<_>>().join(" "));
    (wording::tells_failure(&folded) || wording::tells_delay(&folded)) && !PERSONAL.is_match(&folded)
}

/// The first lines with words.
fn opening(notice: &Notice) -> Vec<&str> {
    text(notice).filter(|line| is_worded(line)).take(OPENING_LINES).collect()
}

/// The lines; where MIME became text, those of its first part.
pub(super) fn text(notice: &Notice) -> impl Iterator<Item = &str> {
    let is = |line: &String, start: &str| line.to_ascii_lowercase().starts_with(start);
    let boundary = notice.lines.windows(2).position(|two| match two {
        [boundary, below] => is(boundary, "--") && is(below, "content-"),
        _ => false,
    });
    let from = boundary.filter(|at| *at < MAX_PREAMBLE);
    let part = notice.lines.iter().skip(from.unwrap_or(0));
    part.skip_while(move |line| from.is_some() && !line.trim().is_empty()).map(String::as_str)
}

pub(super) fn is_worded(line: &str) -> bool {
    line.chars().any(char::is_alphanumeric) && !SCAFFOLD.is_match(line)
}

/// The name of a program between strokes or stars.
pub(super) fn is_banner(line: &str) -> bool {
    let line = line.trim();
    ["***", "---", "==="].iter().any(|strokes| line.starts_with(strokes) && line.ends_with(strokes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaks(text: &str) -> bool {
        let notice = Notice { lines: text.lines().map(str::to_owned).collect(), ..Notice::default() };
        is_mail_systems(&notice) || opens_with_failure(&notice)
    }

    #[test]
    fn mail_systems_present_themselves_in_their_first_words() {
        for text in [
            "This is the mail system at host mx.example.\n\nI'm sorry to have to inform you",
            "Hi. This is the qmail-send program at mx.example.\n",
            "--b1\nContent-Type: text/plain;\n charset=utf-8\n\nThis message was created automatically by mail\ndelivery software.\n",
            "Your message\n\n  Subject: Advice\n\nwas not delivered to:\n\n  ann@school.example\n",
            "This is a MIME message.\nPlease use another program.\n\n--b1\nContent-Type: text/plain\n\nDelivery failed.\n",
            "** Address not found **\n\nYour message wasn't delivered to ann@school.example",
        ] {
            assert!(speaks(text), "{text}");
        }
    }

    #[test]
    fn a_person_who_tells_of_it_or_speaks_alike_is_none() {
        for text in [
            "Can you help? It says:\n\nThis is the mail system at host mx.example.\n",
            "Hi! This is the reading program that we use.\n",
            "This is the mail system that we have, sorry.\n",
            "Your message about Jo was not delivered to me until today.\n",
            "Sam, this could not be delivered, see:\n",
            "This came back.\n\nDelivery failed.\n",
            "The report that I sent was returned to sender.\n",
            "I'm sorry to have to inform you that Jo has left.\n",
        ] {
            assert!(!speaks(text), "{text}");
        }
    }
}
