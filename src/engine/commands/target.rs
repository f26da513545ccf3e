//! What a command is about: named, by line number, or the only one of the mail that it answers.

use crate::core::command::{Command, Object};
use crate::core::id::FollowUpId;
use crate::core::letter::{Line, LineSubject};
use std::collections::BTreeSet;

/// The follow-ups that a command is about: named, by line number, or the only one of the mail that it answers.
pub(super) fn targets(command: &Command, lines: &[Line]) -> Result<Vec<FollowUpId>, String> {
    let of_line = |line: &Line| match &line.subject {
        LineSubject::FollowUp(id) | LineSubject::Candidate { follow_up: id, .. } => Some(id.clone()),
        LineSubject::Case(_) | LineSubject::Triage { .. } => None,
    };
    let mut found = Vec::new();
    for number in &command.lines {
        let line = lines.iter().find(|l| l.number == *number);
        match line.and_then(of_line) {
            Some(id) => found.push(id),
            None => {
                return Err(format!(
                    "There is no line {number} in the mail that you answered that {} could be about.",
                    command.verb.words()
                ));
            }
        }
    }
    if let Object::FollowUp(id) = &command.object {
        if !found.is_empty() && found != [id.clone()] {
            return Err(format!("The line and {id} are not the same follow-up; nothing was done."));
        }
        found = vec![id.clone()];
    }
    if found.is_empty() {
        let all: BTreeSet<FollowUpId> = lines.iter().filter_map(of_line).collect();
        match (all.len(), all.into_iter().next()) {
            (1, Some(id)) => found.push(id),
            (0, _) => {
                return Err(format!(
                    "{} needs a follow-up: write {} FU-XXXX-XXXX, or answer a mail about it.",
                    command.verb.words(),
                    command.verb.words()
                ));
            }
            _ => {
                return Err(format!(
                    "The mail that you answered has more than one line. Put the number first: 1 {}",
                    command.verb.words()
                ));
            }
        }
    }
    Ok(found)
}
