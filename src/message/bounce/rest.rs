//! Whether somebody speaks in a text beside the mail system whose notice it holds: people paste a notice and write
//! above it, between its lines or below it. Must not judge by sender or subject.
//!
//! The proof is on the side of the machine: what is no field, no address and no diagnostics has to be about mail,
//! sentence by sentence, and nobody may greet, ask or speak of themselves.

use super::notice::{Notice, fold};
use super::voice;
use super::wording::{self, fixed};
use regex::Regex;
use std::sync::LazyLock;

/// Words about anything but mail that a notice may have: a name, a closing.
const STRAY_WORDS: usize = 4;
/// Words of a sentence for which one word about mail has to stand in it.
const WORDS_A_TERM: usize = 8;
/// Words of a field; people write more behind a colon (`domain.md` 7: advice has more than these).
const FIELD_WORDS: usize = 25;
/// Words that make a paragraph of the returned mail somebody's.
const RETURNED_WORDS: usize = 12;
/// Words beside the address in a line that names somebody.
const NAME_WORDS: usize = 3;
/// Words about nothing that a line folded below a field may have.
const FOLDED_WORDS: usize = 7;

/// Fields of a report (RFC 3464 2.2, 2.3) and of mail that are a line's own; "Action" and "Status" with a legal value
/// only, for people write "Action: ring the school".
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    fixed(concat!(
        r"(?i)^[\s>|*]*(?:",
        r"action\s*:\s*(?:failed|failure|fail|expired|undeliverable|delayed|delay|deferred|delivered|relayed|expanded|deliverable)\b\W*(?:\([^()]{0,200}\)\W*)?$",
        r"|status\s*:\s*[245]\.\d{1,3}\.\d{1,3}\W*(?:\([^()]{0,200}\)\W*)?$",
        r"|(?:reporting-mta|received-from-mta|arrival-date|original-envelope-id|dsn-gateway|final-recipient|original-recipient",
        r"|remote-mta|diagnostic-code|last-attempt-date|will-retry-until|final-log-id|(?:original-)?message-id|x-[a-z-]+",
        r"|feedback-type|user-agent|version|source-ip|arrival|original-mail-from|original-rcpt-to|reported-domain|reported-uri|authentication-results|incidents|removal-recipient",
        r"|from|to|cc|bcc|date|sent|sender|return-path|reply-to|received|mime-version|content-[a-z-]+)\s*:",
        r"|subject\s*:.{0,300}$",
        r")",
    ))
});

/// What mail systems write about, in the languages in which notices came without a marked sender.
static TERM: LazyLock<Regex> = LazyLock::new(|| {
    fixed(concat!(
        r"\b(?:e-?mails?|mails?|messages?|recipients?|addressees?|address(?:es|ees)?|mailbox(?:es)?|mailer|deliver\w*|undeliver\w*|server\w*|smtp|host\w*|dns|mx",
        r"|domains?|sender|senders|postmaster|administrators?|admins?|queue\w*|retr(?:y|ied|ying|ies)|tr(?:y|ying|ied) again|keep trying|giv(?:en|ing) up|gave up|times? out|timed out|bounce\w*",
        r"|error\w*|warning|failure\w*|failed|fail|reject\w*|refus\w*|block\w*|spam|virus|filter\w*|quota|permanent|temporary|diagnostic\w*|transcript|session|status code|attempts?",
        r"|user|users|unknown|attach\w*|report|notification|software|program|size|gateway|network|relay\w*|policy|action required|work out|resend|unrouteable",
        r"|nachricht\w*|empfanger\w*|adresse\w*|zustell\w*|zugestellt|mensaje\w*|destinatari\w*|mensagem|messaggi\w*|bericht\w*|remise|distribution|serveur|servidor)\b",
        r"|\b(?:day|hour|minute)\(s\)|\b[245]\d\d[ -]|\b[245]\.\d{1,3}\.\d{1,3}\b",
    ))
});

/// What mail systems say of themselves and to whom they write, left out before anybody's voice is looked for.
static FORMULA: LazyLock<Regex> = LazyLock::new(|| {
    fixed(concat!(
        r"^\W*hi[.!] this is the \S+ program",
        r"|\b(?:i'm|i am|we're|we are) (?:sorry|afraid|unable|writing to let you know|not able|not going to try)\b",
        r"|\bi (?:was|wasn't|was not|could not|couldn't) (?:able|unable|not able|deliver\w*|be deliver\w*)|\bi(?:'ve| have) given up\b|\bi(?:'m| am) not going to try again\b",
        r"|\bi tried to deliver\b|\bi(?:'ll| will) (?:keep|continue) trying\b",
        r"|\bwe (?:were|have been|are) (?:unable|not able)\b|\bwe (?:have )?(?:tried|attempted) to deliver\b|\bwe (?:cannot|can't|couldn't|could not) (?:deliver|reach|find|send)",
        r"|\bwe (?:have not|haven't) been able\b|\bwe (?:will|shall)(?: not)? (?:keep|continue|try|retry|attempt|notify)\b|\bwe had trouble\b|\bwe (?:recommend|suggest|apologi[sz]e|regret)\b",
        r"|\bour (?:\w+ )?(?:mail|e-?mail|spam|firewall|filter\w*|servers?|systems?|attachment|policy|virus|security|gateway|mail servers?|bulk)\b",
    ))
});

/// Somebody greets, asks or speaks of themselves.
static VOICE: LazyLock<Regex> = LazyLock::new(|| {
    fixed(concat!(
        r"^\W*(?:hi|hello|hiya|dear|hey|morning|good (?:morning|afternoon|day))\b|\?(?:\s|$)",
        r"|\b(?:i|i've|i'd|i'll|i'm|my|me|mine|we|we've|we'd|we'll|we're|us|our|ours)\b",
        r"|\b(?:see (?:below|above)|as below|as above|(?:the|what is) above|any ideas?|fyi)\b",
        r"|\b(?:do|did|can|could|would) you\b",
    ))
});

/// "Cora, …": somebody is spoken to by name; the other words that open a sentence so.
static NAMED: LazyLock<Regex> = LazyLock::new(|| fixed(r"^([a-z'-]+), "));
const ADVERBS: [&str; 14] = [
    "however",
    "unfortunately",
    "otherwise",
    "therefore",
    "finally",
    "additionally",
    "currently",
    "sorry",
    "alternatively",
    "also",
    "usually",
    "please",
    "generally",
    "note",
];

/// Whether a report stands there alone: fields, what MIME has above them, and the returned mail; of an event its foot.
pub(super) fn is_report_alone(notice: &Notice) -> bool {
    if notice.is_cut {
        return false;
    }
    match &notice.event {
        Some(event) => event.below.split("\n\n").all(is_foot),
        None => !notice.status.is_empty() && is_fields_alone(notice) && !is_in_returned(notice),
    }
}

fn is_fields_alone(notice: &Notice) -> bool {
    let lines: Vec<&str> = voice::text(notice).collect();
    let mut halves = lines.splitn(2, |line| line.trim() == "--");
    let other = |lines: &[&str]| without_fields(lines.iter().copied()).into_iter().any(voice::is_worded);
    let is_report = !halves.next().is_some_and(other);
    is_report && halves.next().is_none_or(|foot| foot.join("\n").split("\n\n").all(is_foot))
}

/// Whether somebody wrote a part of the text.
pub(super) fn is_somebodys(notice: &Notice) -> bool {
    let own: Vec<&str> = voice::text(notice).collect();
    let told: Vec<String> = paragraphs(&own).iter().map(|paragraph| prose(paragraph)).collect();
    let stray: usize = told.iter().map(|text| stray_words(text)).sum();
    notice.is_cut || stray > STRAY_WORDS || told.iter().any(|text| is_voice(text)) || is_in_returned(notice)
}

/// Below the header of the returned mail nobody can tell whose words stand there: a letter of ours or what somebody
/// wrote below the notice.
fn is_in_returned(notice: &Notice) -> bool {
    let returned: Vec<&str> = notice.returned.iter().map(String::as_str).collect();
    paragraphs(&returned).iter().map(|paragraph| prose(paragraph)).any(|text| {
        let long = text.split(' ').count() > RETURNED_WORDS && stray_words(&text) > STRAY_WORDS;
        long || is_voice(&text)
    })
}

/// The foot that a notification service puts below an event.
fn is_foot(paragraph: &str) -> bool {
    const KNOWN: [&str; 4] = ["wish to stop", "unsubscribe", "do not reply", "https://"];
    let folded = fold(paragraph.trim().trim_start_matches('-'));
    let short = folded.split(' ').count() <= STRAY_WORDS;
    short || KNOWN.iter().any(|known| folded.contains(known)) && !GREETING.is_match(&folded)
}

static GREETING: LazyLock<Regex> = LazyLock::new(|| fixed(r"\b(?:hi|hello|dear|hey|i|my|me)\b"));

/// Lines without fields and what is folded below them.
fn without_fields<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut in_field = false;
    let told = lines.filter(|line| {
        let folds = in_field && line.starts_with([' ', '\t']) && !line.trim().is_empty();
        in_field = folds && stray_words(&fold(line)) <= FOLDED_WORDS || is_field(line);
        !in_field
    });
    told.collect()
}

fn is_field(line: &str) -> bool {
    FIELD.is_match(line) && line.split_whitespace().count() <= FIELD_WORDS
}

fn paragraphs<'a>(lines: &[&'a str]) -> Vec<Vec<&'a str>> {
    lines.split(|line| line.trim().is_empty()).filter(|block| !block.is_empty()).map(<[&str]>::to_vec).collect()
}

/// What a paragraph says beside fields, addresses, answers of servers and quoted lines; a short line ends a sentence.
fn prose(paragraph: &[&str]) -> String {
    let told = without_fields(paragraph.iter().copied()).into_iter().filter(|line| {
        let beside = line.split_whitespace().filter(|word| !word.contains('@')).count();
        let entry = line.contains('@') && beside <= NAME_WORDS && !is_voice(&fold(line));
        let quoted = line.trim_start().starts_with('>');
        voice::is_worded(line) && !voice::is_banner(line) && !entry && !quoted
    });
    fold(&told.collect::<Vec<_>>().join(" "))
}

fn is_voice(folded: &str) -> bool {
    let bare = FORMULA.replace_all(folded, " ");
    let name = NAMED.captures(folded).and_then(|found| found.get(1)).map(|name| name.as_str());
    VOICE.is_match(&bare) || name.is_some_and(|name| !ADVERBS.contains(&name))
}

static STOP: LazyLock<Regex> = LazyLock::new(|| fixed(r"[.!?:;] "));

/// A subject repeated within a sentence: its words are the letter's.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"\bsubject[ :]+.{1,200}?\b((?:could|was|were|has|had|did|can)(?: ?n[o']t)? (?:be|been|reach|rejected|blocked|delayed|delivered|refused|returned))\b",
    )
});

/// Words of the sentences that are not about mail; two words alone are a name or a label.
fn stray_words(folded: &str) -> usize {
    let told = SUBJECT.replace_all(folded, "subject $1");
    let counted = STOP.split(&told).map(|sentence| {
        let words = sentence.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
        let is_about_mail = TERM.find_iter(sentence).count() * WORDS_A_TERM >= words
            || wording::tells_failure(sentence) && words <= WORDS_A_TERM;
        if is_about_mail || words <= 2 { 0 } else { words }
    });
    counted.sum()
}

#[cfg(test)]
mod tests;
