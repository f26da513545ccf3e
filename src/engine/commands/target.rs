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

/// The case that a command is about: named itself or by a follow-up, by line number, or the only one of the mail that
/// it answers.
pub(super) async fn case_of(desk: &mut Desk, command: &Command, lines: &[Line]) -> Result<Result<CaseId, String>> {
    let named = match &command.object {
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
    };
    let mut found = BTreeSet::new();
    match named {
        Some(Reference::Case(case)) => return Ok(Ok(CaseId(case.to_string()))),
        Some(Reference::FollowUp(id)) => {
            let Some(case) = case_with(desk, &id).await? else {
                return Ok(Err(format!("There is no follow-up {id}.")));
            };
            return Ok(Ok(case));
        }
        None => {
            for line in lines.iter().filter(|l| command.lines.is_empty() || command.lines.contains(&l.number)) {
                match &line.subject {
                    LineSubject::Case(case) => {
                        found.insert(case.clone());
                    }
                    LineSubject::FollowUp(id) | LineSubject::Candidate { follow_up: id, .. } => {
                        found.extend(case_with(desk, id).await?);
                    }
                    LineSubject::Triage { .. } => {}
                }
            }
        }
    }
    let words = command.verb.words();
    Ok(match (found.len(), found.into_iter().next()) {
        (1, Some(case)) => Ok(case),
        (0, _) => Err(format!("{words} needs a case: write {}.", command.verb.usage())),
        _ => {
            Err(format!("The mail that you answered is about more than one case. Write the reference behind {words}."))
        }
    })
}

async fn case_with(desk: &mut Desk, id: &FollowUpId) -> Result<Option<CaseId>> {
    Ok(desk.tx.case_of(id).await?.map(|l| l.case.id))
}

/// What is answered about a case that nobody has registered.
pub(super) fn no_such_case(id: &CaseId) -> String {
    format!("There is no case {}. NEW CASE {} registers it.", id.0, id.0)
}
