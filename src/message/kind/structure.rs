//! Kinds that the MIME structure states: receipts, abuse reports, invitations (RFC 8098, RFC 5965, RFC 6047).

use super::{Finding, phrases, text::Words};
use crate::message::bounce::{self, OwnReport};
use crate::message::{Kind, Message, Part};

/// Reads what the structure states; delivery reports are read by `delivery`, for their wording counts too.
pub fn read(message: &Message, words: &Words) -> Option<Finding> {
    receipt(message, words)
        .or_else(|| feedback(message, words))
        .or_else(|| calendar(message, words))
        .or_else(|| bare_receipt(message, words))
        .or_else(|| bare_calendar(message, words))
}

/// The first part of this type that the mail itself has: what an enclosed message holds is not looked at.
pub fn part<'a>(message: &'a Message, content_type: &str) -> Option<&'a Part> {
    message.parts.iter().find(|part| part.content_type == content_type)
}

fn receipt(message: &Message, words: &Words) -> Option<Finding> {
    let part = part(message, "message/disposition-notification")?;
    let body = String::from_utf8_lossy(&part.body);
    let disposition = body.lines().find(|line| line.to_ascii_lowercase().starts_with("disposition:"));
    let mut evidence = vec!["message/disposition-notification".to_owned()];
    let deleted = disposition.is_some_and(|line| line.to_ascii_lowercase().contains("deleted"));
    evidence.extend(disposition.map(|line| line.trim().to_owned()));
    // Mail filters refuse with an MDN that says "deleted" (RFC 5429 2.2): the mail did not arrive.
    if let Some(phrase) = phrases::REFUSED.opens(&words.body, 40).filter(|_| deleted) {
        evidence.push(format!("body says '{phrase}'"));
        return Some(Finding::new(Kind::Bounce, evidence));
    }
    Some(Finding::new(Kind::Receipt, evidence))
}

/// ARF, and the older form of one provider: nothing but the message and "complaint about message from".
fn feedback(message: &Message, words: &Words) -> Option<Finding> {
    if part(message, "message/feedback-report").is_some() {
        return Some(Finding::new(Kind::FeedbackReport, vec!["message/feedback-report".to_owned()]));
    }
    let may = !words.attached && phrases::REPORT_FIELD.first_in(&words.body).is_some();
    if may && bounce::own_report(message) == Some(OwnReport::OfComplaint) {
        return Some(Finding::new(Kind::FeedbackReport, vec!["the text is an abuse report".to_owned()]));
    }
    let opening = "complaint about message from";
    let bare = words.count == 0 && part(message, "message/rfc822").is_some() && words.subject.starts_with(opening);
    bare.then(|| Finding::new(Kind::FeedbackReport, vec![format!("subject opens with '{opening}'")]))
}

/// An invitation or an answer to one. A file in it beside the invitation is a person's: never lost.
fn calendar(message: &Message, words: &Words) -> Option<Finding> {
    let part = part(message, "text/calendar").or_else(|| part(message, "application/ics"))?;
    let method = method(part)?;
    // An event that somebody publishes as a file asks for no answer.
    if method == "PUBLISH" {
        return None;
    }
    let is_calendar = |type_: &str| type_ == "text/calendar" || type_ == "application/ics";
    let others = message.attachments.iter().any(|a| !a.inline && a.bytes > 0 && !is_calendar(&a.content_type));
    // Calendar programs put the invitation into the body; a person who forwards one attaches it.
    let attached_only = part.disposition.as_deref() == Some("attachment")
        && message.attachments.iter().filter(|a| is_calendar(&a.content_type)).count()
            == message.parts.iter().filter(|p| is_calendar(&p.content_type)).count()
        && !is_calendar_subject(&words.subject);
    let by_hand = attached_only && words.count > super::SUBSTANTIAL_WORDS;
    if others || by_hand || is_commented(&method, words) {
        return None;
    }
    Some(Finding::new(Kind::Calendar, vec![format!("{}; method={method}", part.content_type)]))
}

/// An answer to an invitation in which somebody wrote more than the calendar program did.
fn is_commented(method: &str, words: &Words) -> bool {
    let answers = matches!(method, "REPLY" | "COUNTER");
    answers && words.count > super::SUBSTANTIAL_WORDS && phrases::INVITATION_ANSWERED.first_in(&words.body).is_none()
}

/// A receipt whose machine-readable part a gateway took away, or that never had one (Lotus Notes, GroupWise).
fn bare_receipt(message: &Message, words: &Words) -> Option<Finding> {
    let opening = phrases::READ_SUBJECT.first_in(&words.subject)?;
    // Outlook puts the receipt for other Outlooks into "winmail.dat".
    let packed = message.attachments.iter().all(|file| file.content_type == "application/ms-tnef");
    let phrase = phrases::READ.first_in(&words.body).filter(|_| !words.attached || packed)?;
    Some(Finding::new(Kind::Receipt, vec![format!("subject opens with '{opening}'"), format!("body says '{phrase}'")]))
}

/// An answer to an invitation in words alone.
fn bare_calendar(message: &Message, words: &Words) -> Option<Finding> {
    let class =
        message.header("Content-Class").is_some_and(|class| class.to_ascii_lowercase().contains("calendarmessage"));
    let answered = phrases::INVITATION_ANSWERED.first_in(&words.body);
    let says = words.count == 0 || class || answered.is_some();
    let by_machine = is_calendar_subject(&words.subject) && says && !words.attached;
    let short = words.count <= super::SUBSTANTIAL_WORDS || answered.is_some();
    (by_machine && short)
        .then(|| Finding::new(Kind::Calendar, vec!["subject and text answer an invitation".to_owned()]))
}

fn is_calendar_subject(subject: &str) -> bool {
    const OPENINGS: [&str; 9] = [
        "accepted:",
        "declined:",
        "tentative:",
        "canceled:",
        "cancelled:",
        "invitation:",
        "updated invitation",
        "new time proposed:",
        "tentatively accepted:",
    ];
    OPENINGS.iter().any(|opening| subject.starts_with(opening))
}

fn method(part: &Part) -> Option<String> {
    let stated = part.parameters.iter().find(|(name, _)| name == "method").map(|(_, value)| value.clone());
    let inside = || {
        let body = String::from_utf8_lossy(part.body.get(..4_096).unwrap_or(&part.body)).into_owned();
        body.lines().find_map(|line| line.strip_prefix("METHOD:").map(|value| value.trim().to_owned()))
    };
    stated.or_else(inside).map(|method| method.to_ascii_uppercase()).filter(|method| !method.is_empty())
}
