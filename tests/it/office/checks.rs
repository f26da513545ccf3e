//! What must hold for every mail that any story sends.

use super::{ADVISER, COORDINATOR, DEPUTY, MANAGER, SECOND_LEVEL, SEND_MANAGER, Sent};
use followupd::core::letter::{Audience, LetterKind};
use followupd::message::Message;
use std::collections::BTreeSet;

/// Names that must never stand in a subject.
const CHILDREN: [&str; 2] = ["Robin", "Winter"];

pub fn standing(sent: &Sent, before: &[Sent], mail: &Message) {
    for name in ["From", "To", "Subject", "Date", "Message-ID", "Reply-To", "MIME-Version", "X-Followupd-Id"] {
        assert_eq!(mail.headers_named(name).count(), 1, "{name} once in {}", sent.kind);
    }
    assert!(mail.faults.is_empty(), "{}: {:?}", sent.kind, mail.faults);
    assert!(mail.text.as_deref().is_some_and(|t| !t.trim().is_empty()), "a text part in {}", sent.kind);
    assert!(mail.html.as_deref().is_some_and(|h| h.contains("lang=\"en-GB\"")), "an HTML part in {}", sent.kind);
    for child in CHILDREN {
        assert!(!sent.subject.contains(child), "a child's name in a subject: {}", sent.subject);
    }
    let kind = LetterKind::from_name(&sent.kind).expect("a kind of the table");
    let outside = kind.audience() == Audience::Outside;
    let automatic = mail.header("Auto-Submitted").is_some();
    assert!(!(outside && automatic), "{} would suppress absences", sent.kind);
    let known = [
        "pat.second@council.example",
        "duty@council.example",
        "director@council.example",
        ADVISER,
        COORDINATOR,
        DEPUTY,
        MANAGER,
        SECOND_LEVEL,
        SEND_MANAGER,
    ];
    for recipient in &sent.recipients {
        let may = known.contains(&recipient.as_str())
            || recipient.ends_with("@nhs.example")
            || recipient.ends_with("@new.example")
            || recipient.ends_with("@family.example");
        assert!(may, "{recipient} is no party: {}", sent.kind);
    }
    assert!(before.iter().all(|b| b.key != sent.key || b.recipients != sent.recipients), "{} twice", sent.key);
    let text = mail.text.as_deref().unwrap_or_default();
    if outside {
        one_child(sent, kind, text);
    }
    assert!(!text.contains("{{") && !text.contains("[["), "markup is left in {}:\n{text}", sent.kind);
    assert!(text.lines().all(|l| l.chars().count() <= 120), "long lines in {}", sent.kind);
}

/// No mail to advisers or managers concerns two children, but for the one that holds nothing but references.
fn one_child(sent: &Sent, kind: LetterKind, text: &str) {
    let cases: BTreeSet<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| word.starts_with("EHC-") && word.len() == 13)
        .collect();
    if kind.is_about_several() {
        assert!(!text.contains("R.W.") && !text.contains("your ref"), "more than references in {}:\n{text}", sent.kind);
    } else {
        assert!(cases.len() <= 1, "two children in {}: {cases:?}", sent.kind);
    }
}
