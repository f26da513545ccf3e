//! Newsletters and the reports that mail systems send each other. A post by a person to a list is a person's.

use super::{Finding, phrases, text::Words};
use crate::message::{Kind, Message, is_answer};

/// DMARC and TLS aggregate reports (RFC 7489 7.2, RFC 8460 5): their attachment is no person's.
pub fn report(message: &Message) -> Option<Finding> {
    if is_answer(&message.subject) {
        return None;
    }
    let subject = message.subject.to_ascii_lowercase();
    let evidence = if message.parts.iter().any(|part| part.content_type.starts_with("application/tlsrpt")) {
        "application/tlsrpt"
    } else if message.parts.iter().filter_map(|part| part.name.as_deref()).any(is_aggregate) {
        "an aggregate report by its file name"
    } else if subject.contains("report domain:") && subject.contains("submitter:") {
        "subject has 'Report Domain: … Submitter: …'"
    } else {
        return None;
    };
    Some(Finding::new(Kind::Bulk, vec![evidence.to_owned()]))
}

/// `receiver!domain!from!to.xml.gz` (RFC 7489 7.2.1.1).
fn is_aggregate(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.matches('!').count() >= 3 && [".xml", ".zip", ".gz", ".json"].iter().any(|end| name.ends_with(end))
}

/// A newsletter: at least two signs of mass mailing, no attachment, no answer to anything, no discussion list.
pub fn newsletter(message: &Message, words: &Words) -> Option<Finding> {
    let is_answer = !message.in_reply_to.is_empty() || !message.references.is_empty() || is_answer(&message.subject);
    let is_discussion = message.header("List-Post").is_some_and(|value| !value.trim().eq_ignore_ascii_case("no"));
    if words.attached || is_answer || is_discussion {
        return None;
    }
    let evidence = signs(message, words);
    (evidence.len() >= 2).then(|| Finding::new(Kind::Bulk, evidence))
}

fn signs(message: &Message, words: &Words) -> Vec<String> {
    const HEADERS: [&str; 12] = [
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "Feedback-ID",
        "X-Feedback-ID",
        "X-CSA-Complaints",
        "X-Campaign",
        "X-CampaignID",
        "X-Mailgun-Sid",
        "X-SG-EID",
        "X-Mailchimp-Id",
        "X-MC-User",
        "X-Report-Abuse",
    ];
    let mut evidence: Vec<String> =
        HEADERS.iter().filter(|name| message.header(name).is_some()).map(|name| (*name).to_owned()).collect();
    if message.header("Precedence").is_some_and(|value| value.trim().eq_ignore_ascii_case("bulk")) {
        evidence.push("Precedence: bulk".to_owned());
    }
    if super::automatic::is_no_reply(message) {
        evidence.push("From a no-reply address".to_owned());
    }
    if let Some(phrase) = phrases::UNSUBSCRIBE.first_in(&words.body) {
        evidence.push(format!("body says '{phrase}'"));
    }
    evidence
}
