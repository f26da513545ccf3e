//! The action plan: its dates become follow-ups, its owners are told, what is done is ticked off.

use super::{letter, tell_owner};
use crate::core::assessment::ProviderReturn;
use crate::core::assessment::action_plan::Action;
use crate::core::decide::Work;
use crate::core::event::Because;
use crate::core::follow_up::{FollowUp, FollowUpKind, Origin, Round, Stage};
use crate::core::id::Address;
use crate::core::letter::{LetterKind, SendOnlyWhile};
use crate::core::wording::{date_words, list};
use std::collections::BTreeSet;

/// One action in a sentence.
pub(super) fn sentence(action: &Action, provider_return: &ProviderReturn) -> String {
    let due = action.due.map(|due| format!(" by {}", date_words(due))).unwrap_or_default();
    let what = if action.action.is_empty() { "to be met".to_owned() } else { format!("“{}”", action.action) };
    format!("Action {}, Q{:02}, {}: {what}{due}.", action.number, action.criterion, provider_return.provider)
}

/// Rows with owner and date are followed up; a row that came before is changed, not opened twice. Rows without keep
/// their number.
pub(super) fn planned(work: &mut Work, by: &Address, actions: &[Action]) -> Because {
    let Some(mut provider_return) = work.case.provider_return.take() else {
        return Because::Refused("There is no self-assessment in this case.".to_owned());
    };
    let mut touched = Vec::new();
    for action in actions {
        let (Some(owner), Some(due)) = (action.owner.clone(), action.due) else {
            // A row that nobody owns yet: it gets its number, and nothing watches it.
            if !provider_return.actions.iter().any(|a| a.number == action.number) {
                provider_return.actions.push(action.clone());
            }
            continue;
        };
        let known = provider_return.actions.iter().find(|a| a.number == action.number);
        let id = known.and_then(|a| a.follow_up.clone()).or_else(|| action.follow_up.clone());
        let Some(id) = id else { continue };
        let settled = Action { follow_up: Some(id.clone()), ..action.clone() };
        provider_return.actions.retain(|a| a.number != action.number);
        provider_return.actions.push(settled);
        if !move_date(work, &id, &owner, due) {
            let follow_up = fresh(work, &id, &owner, due, &action.action);
            work.case.follow_ups.push(follow_up);
        }
        touched.push((owner, id, action.number));
    }
    provider_return.actions.sort_by_key(|a| a.number);
    work.case.provider_return = Some(provider_return);
    tell_owners(work, &touched);
    if touched.is_empty() {
        return Because::Nothing("No action has an owner and a date.".to_owned());
    }
    let names: Vec<String> = touched.iter().map(|(_, _, number)| number.to_string()).collect();
    let (noun, verb) = if names.len() == 1 { ("Action", "is") } else { ("Actions", "are") };
    Because::Done(format!("{noun} {} {verb} followed up from now on, with owner and date from {by}.", list(&names)))
}

fn move_date(work: &mut Work, id: &crate::core::id::FollowUpId, owner: &Address, due: chrono::NaiveDate) -> bool {
    let Some(follow_up) = work.case.follow_up_mut(id) else { return false };
    follow_up.adviser = Some(owner.clone());
    if let Some(round) = follow_up.round_mut() {
        round.due_on = Some(due);
    }
    true
}

fn fresh(
    work: &Work,
    id: &crate::core::id::FollowUpId,
    owner: &Address,
    due: chrono::NaiveDate,
    what: &str,
) -> FollowUp {
    let mut round = Round::new(1, what.to_owned(), None);
    round.start(work.rules.today(), due);
    let coordinator = work.case.coordinator.clone();
    let mut follow_up =
        FollowUp::new(id.clone(), FollowUpKind::Action, Origin::Sent, coordinator, round, work.rules.now);
    follow_up.adviser = Some(owner.clone());
    follow_up.stage = Stage::Open;
    follow_up
}

/// One letter to each owner, whatever they own.
fn tell_owners(work: &mut Work, touched: &[(Address, crate::core::id::FollowUpId, u32)]) {
    let owners: BTreeSet<&Address> = touched.iter().map(|(owner, ..)| owner).collect();
    for owner in owners {
        let theirs: Vec<u32> = touched.iter().filter(|(who, ..)| who == owner).map(|(_, _, number)| *number).collect();
        let Some((_, first, _)) = touched.iter().find(|(who, ..)| who == owner) else { continue };
        let Some(follow_up) = work.case.follow_up(first).cloned() else { continue };
        work.case.letters += 1;
        let ordinal = format!("plan-{}", work.case.letters);
        let mut letter = letter(work, LetterKind::AssessmentAction, &follow_up, &ordinal);
        letter.to = vec![owner.clone()];
        letter.only_while = SendOnlyWhile::Always;
        "is yours".clone_into(&mut letter.facts.headline);
        if let Some(provider_return) = &work.case.provider_return {
            let rows = provider_return.actions.iter().filter(|a| theirs.contains(&a.number));
            letter.facts.sentences = rows.map(|a| sentence(a, provider_return)).collect();
        }
        work.letters.push(letter);
    }
}

/// `ACTION n DONE`.
pub(super) fn done(work: &mut Work, by: &Address, number: u32) -> Because {
    let Some(provider_return) = &work.case.provider_return else {
        return Because::Refused("There is no action plan in this case.".to_owned());
    };
    let Some(action) = provider_return.actions.iter().find(|a| a.number == number).cloned() else {
        return Because::Refused(format!("There is no action {number} in this plan with an owner and a date."));
    };
    let Some(id) = action.follow_up.clone() else {
        return Because::Refused(format!("Action {number} is not followed up."));
    };
    let told = sentence(&action, provider_return);
    work.with(&id, |work, follow_up| {
        if !follow_up.stage.is_open() {
            return Because::Nothing(format!("Action {number} was done already."));
        }
        follow_up.stage = Stage::Closed;
        follow_up.ended_at = Some(work.rules.now);
        if *by != follow_up.coordinator {
            tell_owner(work, follow_up, "done", "An action is done", vec![format!("{by} has ticked it off. {told}")]);
        }
        Because::Done(format!("Action {number} is done."))
    })
}
