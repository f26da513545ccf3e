//! Settles what was read: the same line twice counts once, contradicting lines count for nothing.

use super::super::Object;
use super::super::object::Reference;
use super::*;

pub(super) fn settle(items: Vec<Item>) -> Reading {
    let items = without_repeats(items);
    let mut reading = Reading::default();
    for (at, item) in items.iter().enumerate() {
        match item {
            Item::Refused(refusal) => reading.refusals.push(refusal.clone()),
            Item::Draft(draft) => {
                let faults = faults_of(at, draft, &items);
                if faults.is_empty() {
                    reading.commands.push(draft.command.clone());
                }
                let line = &draft.command.as_written;
                reading.refusals.extend(faults.into_iter().map(|why| Refusal { line: line.clone(), why }));
            }
        }
    }
    reading
}

fn faults_of(at: usize, draft: &Draft, items: &[Item]) -> Vec<RefusalReason> {
    let others = items.iter().enumerate().filter(|(other, _)| *other != at);
    let against = others.filter_map(|(_, item)| match item {
        Item::Draft(other) if contradict(&draft.command, &other.command) => Some(other.command.as_written.clone()),
        Item::Draft(_) | Item::Refused(_) => None,
    });
    let mut faults = draft.faults.clone();
    if faults.is_empty() {
        faults.extend(missing(&draft.command));
    }
    faults.extend(against.take(1).map(|with| RefusalReason::Contradiction { with }));
    faults
}

/// Fields that are empty, or that the verb cannot do without.
fn missing(command: &Command) -> Vec<RefusalReason> {
    let empty = command.fields.iter().filter(|(_, value)| value.is_empty());
    let mut faults: Vec<_> = empty.map(|(field, _)| RefusalReason::EmptyField { field: *field }).collect();
    let needs = command.verb.entry().needs;
    if faults.is_empty() && !needs.is_empty() && needs.iter().all(|field| command.field(*field).is_none()) {
        faults.push(RefusalReason::MissingField { verb: command.verb });
    }
    faults
}

fn without_repeats(items: Vec<Item>) -> Vec<Item> {
    let mut kept: Vec<Item> = Vec::new();
    for item in items {
        let repeated = match &item {
            Item::Draft(draft) => kept.iter().any(|other| match other {
                Item::Draft(other) => same(&other.command, &draft.command) && other.faults == draft.faults,
                Item::Refused(_) => false,
            }),
            Item::Refused(refusal) => {
                kept.iter().any(|other| matches!(other, Item::Refused(other) if other == refusal))
            }
        };
        if !repeated {
            kept.push(item);
        }
    }
    kept
}

fn same(a: &Command, b: &Command) -> bool {
    (a.verb, &a.lines, &a.object, &a.fields, &a.text) == (b.verb, &b.lines, &b.object, &b.fields, &b.text)
}

/// Different verbs on one numbered line always contradict; on one follow-up or case only verbs that settle the
/// same question, or one of them with two contents.
fn contradict(a: &Command, b: &Command) -> bool {
    if a.lines.iter().any(|line| b.lines.contains(line)) {
        return a.verb != b.verb || !same(a, b);
    }
    let group = a.verb.entry().group;
    group.is_some() && group == b.verb.entry().group && same_target(a, b)
}

fn same_target(a: &Command, b: &Command) -> bool {
    if a.object == Object::All || b.object == Object::All {
        return true;
    }
    a.lines.is_empty() && b.lines.is_empty() && about(&a.object) == about(&b.object)
}

/// The case or follow-up that was named; none is the one of the thread.
fn about(object: &Object) -> Option<Reference> {
    match object {
        Object::FollowUp(id) => Some(Reference::FollowUp(id.clone())),
        Object::Case(case) | Object::Exemption { case, .. } => Some(Reference::Case(case.clone())),
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
