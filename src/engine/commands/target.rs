//! What a command is about: named, by line number, or the only one of the mail that it answers.

use crate::core::case::CaseId;
use crate::core::command::{Command, Object, Reference};
use crate::core::id::FollowUpId;
use crate::core::letter::{Line, LineSubject};
use crate::engine::desk::Desk;
use anyhow::Result;
use std::collections::BTreeSet;

/// The follow-ups that a command is about: named, by line number, or the only one of the mail that it answers.
pub(super) fn targets(command: &Command, lines: &[Line]) -> std::result::Result<Vec<FollowUpId>, String> {
    let of_line = |line: &Line| match &line.subject {
        LineSubject::FollowUp(id) | LineSubject::Candidate { follow_up: id, .. } => Some(id.clone()),
        LineSubject::Case(_)
        | LineSubject::Held { .. }
        | LineSubject::Confirmation { .. }
        | LineSubject::Triage { .. } => None,
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

/// The case that a command is about: named itself or by one of its follow-ups, by line number, or the only one of the
/// mail that it answers.
pub(super) async fn case_of(desk: &mut Desk, command: &Command, lines: &[Line]) -> Result<Result<CaseId, String>> {
    let case = meant(desk, command, lines).await?;
    if let Ok(case) = &case {
        desk.names(case);
    }
    Ok(case)
}

async fn meant(desk: &mut Desk, command: &Command, lines: &[Line]) -> Result<Result<CaseId, String>> {
    let words = command.verb.words();
    if let Some(reference) = named(&command.object) {
        return Ok(match reference {
            Reference::Case(case) => Ok(CaseId(case.to_string())),
            Reference::FollowUp(id) => {
                case_with(desk, &id).await?.ok_or_else(|| format!("There is no follow-up {id}."))
            }
        });
    }
    let meant: Vec<&Line> =
        lines.iter().filter(|l| command.lines.is_empty() || command.lines.contains(&l.number)).collect();
    let mut cases = BTreeSet::new();
    for line in meant {
        match &line.subject {
            LineSubject::Case(id) => cases.extend([id.clone()]),
            LineSubject::FollowUp(id) | LineSubject::Candidate { follow_up: id, .. } => {
                cases.extend(case_with(desk, id).await?);
            }
            LineSubject::Held { .. } | LineSubject::Confirmation { .. } | LineSubject::Triage { .. } => {}
        }
    }
    let only = cases.len() == 1;
    Ok(match cases.into_iter().next() {
        Some(case) if only => Ok(case),
        Some(_) => {
            Err(format!("The mail that you answered is about more than one case. Put the number first: 1 {words}"))
        }
        None => Err(format!("{words} needs a case: write {words} and its reference, or answer a mail about it.")),
    })
}

fn named(object: &Object) -> Option<Reference> {
    match object {
        Object::Case(case) | Object::Exemption { case, .. } => Some(Reference::Case(case.clone())),
        Object::FollowUp(id) => Some(Reference::FollowUp(id.clone())),
        Object::NewDate { about, .. } | Object::GiveTo { about, .. } => about.clone(),
        Object::None
        | Object::Who(_)
        | Object::ManagerIs { .. }
        | Object::GiveAll { .. }
        | Object::Candidate(_)
        | Object::Number(_)
        | Object::All
        | Object::Verb(_)
        | Object::Text(_) => None,
    }
}

async fn case_with(desk: &mut Desk, id: &FollowUpId) -> Result<Option<CaseId>> {
    Ok(desk.tx.case_of(id).await?.map(|loaded| loaded.case.id))
}

/// What is answered about a case that nobody has registered.
pub(super) fn no_such_case(id: &CaseId) -> String {
    format!("There is no case {}. NEW CASE {} registers it.", id.0, id.0)
}
