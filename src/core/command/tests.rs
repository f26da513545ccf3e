//! Holds the reading of commands to tables of what staff write; samples are invented.

use super::*;
use crate::core::id::{Address, CaseRef, FollowUpId};
use proptest::prelude::*;
use std::sync::LazyLock;

mod nasty;
mod properties;
mod short;
mod verbs;

static REFERENCES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bEHC-\d{4}-\d{4}\b").unwrap());

fn context(numbered: NumberedAnswer) -> Context<'static> {
    Context { numbered, ref_pattern: &REFERENCES, today: "2026-11-21".parse().unwrap(), subject: None }
}

/// In the thread of one follow-up, or a new mail.
fn plain(text: &str) -> Reading {
    super::read(text, &context(NumberedAnswer::No))
}

/// In answer to a Today mail.
fn today_mail(text: &str) -> Reading {
    super::read(text, &context(NumberedAnswer::Yes))
}

fn follow_up() -> FollowUpId {
    FollowUpId::from_random([3; 8])
}

/// One line for each command, then one for each refusal.
fn transcript(reading: &Reading) -> String {
    let commands = reading.commands.iter().map(|command| {
        let fields: String = command.fields.iter().map(|(f, v)| format!(" | {}: {v}", f.label())).collect();
        let text = command.text.as_ref().map_or_else(String::new, |text| format!(" | \"{text}\""));
        format!("{command}{fields}{text}")
    });
    let refusals = reading.refusals.iter().map(|refusal| format!("? {refusal}"));
    commands.chain(refusals).collect::<Vec<_>>().join("\n")
}

fn check(reading: &Reading, expected: &str, written: &str) {
    assert_eq!(transcript(reading), expected, "{written}");
}
