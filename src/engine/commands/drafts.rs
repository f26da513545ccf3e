//! `DRAFT ISSUED` and `REISSUED`: the plan draft, and a check of it by everybody who gave advice.

use super::advice::{AdviceWord, case_of};
use super::people::people_named;
use super::{Carried, Done, Turn};
use crate::core::case::Case;
use crate::core::command::Field;
use crate::core::event::{Asked, Because, Drafted, Event};
use crate::core::follow_up::FollowUpKind;
use crate::core::id::{Address, CaseRef, FollowUpId};
use crate::core::register::{DraftIssue, PlanDraft};
use crate::engine::asking::open_asked;
use crate::engine::desk::Desk;
use anyhow::Result;
use std::collections::BTreeSet;

pub(super) async fn carry_out(desk: &mut Desk, turn: &mut Turn<'_>, word: AdviceWord) -> Result<Carried> {
    let reference = match case_of(desk, turn).await? {
        Ok(reference) => reference,
        Err(why) => return Ok(Done::No(why).alone()),
    };
    let named = match people_named(desk, turn.command, Field::CheckWith) {
        Ok(named) => named,
        Err(why) => return Ok(Done::No(why).alone()),
    };
    if let Some(stranger) = named.iter().find(|a| !desk.directory.may_receive(a)) {
        return Ok(Done::No(format!(
            "{stranger} is neither in the directory nor at a listed domain, so nothing was sent and the plan draft was not noted."
        ))
        .alone());
    }
    let draft = PlanDraft {
        on: turn.command.date(Field::On).unwrap_or_else(|| desk.office.date(desk.now)),
        issue: issue(turn, word),
        place: turn.command.field(Field::Where).unwrap_or_default().to_owned(),
    };
    let any = desk.new_follow_up().await?;
    let loaded = desk.case_for(Some(reference.clone()), &any, turn.author).await?;
    let names_checkers = !named.is_empty();
    let checkers = checkers(&loaded.case, named, draft.issue);
    let place = draft.place.clone();
    let noted = desk.apply(loaded, &Event::Drafted(Drafted { by: turn.author.clone(), draft })).await?;
    let said = match noted.because {
        Because::Refused(why) => return Ok(Done::No(why).alone()),
        Because::Nothing(text) if !names_checkers => return Ok(Done::Yes(text).alone()),
        Because::Done(text) | Because::Nothing(text) => text,
    };
    let mut done = vec![Done::Yes(said)];
    let mut about = None;
    match checkers {
        Checkers::These(advisers) => {
            for adviser in advisers {
                let (id, one) = check(desk, turn, &reference, adviser, &place).await?;
                about.get_or_insert(id);
                done.push(one);
            }
        }
        Checkers::Nobody(why) => done.push(Done::Yes(why.to_owned())),
    }
    Ok((done, about))
}

fn issue(turn: &Turn<'_>, word: AdviceWord) -> DraftIssue {
    match (word, turn.command.field(Field::BeforeIssue)) {
        (_, Some("yes")) => DraftIssue::Before,
        (AdviceWord::Reissued, _) => DraftIssue::Reissued,
        (_, _) => DraftIssue::Issued,
    }
}

enum Checkers {
    These(BTreeSet<Address>),
    Nobody(&'static str),
}

/// Everybody who gave advice, or who was named. A draft that they have seen before its issue is not shown to them again.
fn checkers(case: &Case, named: Vec<Address>, issue: DraftIssue) -> Checkers {
    if !named.is_empty() {
        return Checkers::These(named.into_iter().collect());
    }
    let seen_before = case.register.plan_drafts.last().is_some_and(|d| d.issue == DraftIssue::Before);
    if issue == DraftIssue::Issued && seen_before {
        return Checkers::Nobody(
            "The advisers have seen it before its issue, so they are not asked again; Check with: asks somebody all the same.",
        );
    }
    let advisers: BTreeSet<Address> = case.practitioners().into_iter().collect();
    if advisers.is_empty() {
        return Checkers::Nobody(
            "No advice is noted on this case, so nobody is asked to check it. Write it again with Check with: and the advisers.",
        );
    }
    Checkers::These(advisers)
}

async fn check(
    desk: &mut Desk,
    turn: &Turn<'_>,
    reference: &CaseRef,
    adviser: Address,
    place: &str,
) -> Result<(FollowUpId, Done)> {
    let id = desk.new_follow_up().await?;
    let event = Event::Asked(Asked {
        follow_up: id.clone(),
        kind: FollowUpKind::DraftCheck,
        by: turn.author.clone(),
        managers: desk.directory.managers_of(&adviser),
        adviser,
        service: None,
        text: place.to_owned(),
        elsewhere_on: None,
    });
    let said = open_asked(desk, reference, &event, &id, turn.author).await?;
    Ok((
        id,
        match said {
            Because::Done(said) | Because::Nothing(said) => Done::Yes(said),
            Because::Refused(why) => Done::No(why),
        },
    ))
}
