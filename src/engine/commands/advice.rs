//! Verbs about advice: asked for, asked elsewhere, used as it is. What settles one follow-up is an order.

use super::order::{OrderWord, orders};
use super::people::people_named;
use super::target::targets;
use super::{Carried, Done, Turn, drafts};
use crate::core::command::{Field, Object, Reference};
use crate::core::event::{Asked, Because, Event};
use crate::core::follow_up::{FollowUp, FollowUpKind, Stage};
use crate::core::id::{Address, CaseRef, FollowUpId};
use crate::core::letter::LineSubject;
use crate::engine::asking::open_asked;
use crate::engine::desk::Desk;
use crate::engine::identifiers::screened;
use anyhow::Result;

/// The verbs about advice and plan drafts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AdviceWord {
    Request,
    Asked,
    UsedAsSubmitted,
    NotKnown,
    DisputeUpheld,
    DisputeRejected,
    WrongChild,
    NotSought,
    Agreed,
    DraftIssued,
    Reissued,
    FeedbackNone,
    FeedbackParent,
    FeedbackOther,
}

pub(super) async fn carry_out(desk: &mut Desk, turn: &mut Turn<'_>, word: AdviceWord) -> Result<Carried> {
    let order = match word {
        AdviceWord::Request | AdviceWord::Asked => return ask(desk, turn, word).await,
        AdviceWord::DraftIssued | AdviceWord::Reissued => return drafts::carry_out(desk, turn, word).await,
        AdviceWord::UsedAsSubmitted => return used_as_submitted(desk, turn).await,
        AdviceWord::NotKnown => OrderWord::NotKnown,
        AdviceWord::DisputeUpheld => OrderWord::DisputeUpheld,
        AdviceWord::DisputeRejected => OrderWord::DisputeRejected,
        AdviceWord::WrongChild => OrderWord::WrongChild,
        AdviceWord::NotSought => OrderWord::NotSought,
        AdviceWord::Agreed => OrderWord::Agreed,
        AdviceWord::FeedbackNone => OrderWord::FeedbackNone,
        AdviceWord::FeedbackParent => OrderWord::FeedbackParent,
        AdviceWord::FeedbackOther => OrderWord::FeedbackOther,
    };
    orders(desk, turn.author, turn.command, turn.lines, order).await
}

/// The case that a command is about: named, or that of the one line that it answers.
pub(super) async fn case_of(desk: &mut Desk, turn: &Turn<'_>) -> Result<Result<CaseRef, String>> {
    let words = turn.command.verb.words();
    let missing =
        || format!("{words} needs the case reference: {words} and the reference, fields on lines of their own.");
    let id = match &turn.command.object {
        Object::Case(reference) => return Ok(Ok(CaseRef::new(reference.as_str()))),
        Object::FollowUp(id) => Some(id.clone()),
        Object::None
        | Object::NewDate { .. }
        | Object::Exemption { .. }
        | Object::Who(_)
        | Object::ManagerIs { .. }
        | Object::GiveTo { .. }
        | Object::GiveAll { .. }
        | Object::Candidate(_)
        | Object::Number(_)
        | Object::All
        | Object::Verb(_)
        | Object::Text(_) => targets(turn.command, turn.lines).ok().and_then(|ids| ids.into_iter().next()),
    };
    let of_line = turn
        .lines
        .iter()
        .find_map(|line| if let LineSubject::Case(case) = &line.subject { Some(case.clone()) } else { None });
    let loaded = match (id, of_line) {
        (Some(id), _) => desk.tx.case_of(&id).await?,
        (None, Some(case)) => desk.tx.case(&case).await?,
        (None, None) => None,
    };
    Ok(loaded.and_then(|l| l.case.reference).ok_or_else(missing))
}

/// `REQUEST ADVICE` and `ADVICE ASKED`: one follow-up for each adviser.
async fn ask(desk: &mut Desk, turn: &mut Turn<'_>, word: AdviceWord) -> Result<Carried> {
    let reference = match case_of(desk, turn).await? {
        Ok(reference) => reference,
        Err(why) => return Ok(Done::No(why).alone()),
    };
    let parties = match parties(desk, turn) {
        Ok(parties) => parties,
        Err(why) => return Ok(Done::No(why).alone()),
    };
    let today = desk.office.date(desk.now);
    let elsewhere_on = (word == AdviceWord::Asked).then(|| turn.command.date(Field::On).unwrap_or(today));
    let text = screened(desk, turn.command.text.as_deref().unwrap_or_default().trim());
    let mut done = Vec::new();
    let mut about = None;
    for (adviser, managers) in parties {
        let id = desk.new_follow_up().await?;
        let event = Event::Asked(Asked {
            follow_up: id.clone(),
            kind: FollowUpKind::AdviceRequest,
            by: turn.author.clone(),
            adviser,
            managers,
            service: turn
                .command
                .field(Field::Service)
                .and_then(|name| desk.directory.service(name))
                .map(|s| s.name.clone()),
            text: text.text.clone(),
            elsewhere_on,
        });
        let said = open_asked(desk, &reference, &event, &id, turn.author).await?;
        match said {
            Because::Done(said) | Because::Nothing(said) => {
                about.get_or_insert(id);
                done.push(Done::Yes(format!("{said}{}", text.remark)));
            }
            Because::Refused(why) => done.push(Done::No(why)),
        }
    }
    Ok((done, about))
}

/// Advisers with their line managers; letters go outward only to people and domains that are listed.
fn parties(desk: &Desk, turn: &Turn<'_>) -> Result<Vec<(Address, Vec<Address>)>, String> {
    let words = turn.command.verb.words();
    let mut advisers = people_named(desk, turn.command, Field::From)?;
    if let (true, Some(name)) = (advisers.is_empty(), turn.command.field(Field::Service)) {
        let service = desk.directory.service(name).ok_or_else(|| format!("'{name}' is no service that is listed."))?;
        advisers.extend(service.route.clone());
        if advisers.is_empty() {
            return Err(format!("{} has no single route address; name the adviser after From:.", service.name));
        }
    }
    if advisers.is_empty() {
        return Err(format!("{words} needs From: the adviser, or Service: one with a single route."));
    }
    let named = people_named(desk, turn.command, Field::Manager)?;
    let mut parties = Vec::new();
    for adviser in advisers {
        let managers = if named.is_empty() { desk.directory.managers_of(&adviser) } else { named.clone() };
        let is_route = desk.directory.services.iter().any(|s| s.route.as_ref() == Some(&adviser));
        for address in std::iter::once(&adviser).chain(&managers) {
            let may = desk.directory.may_receive(address) || is_route && *address == adviser;
            if !may {
                return Err(format!(
                    "{address} is neither in the directory nor at a listed domain, so nothing was sent. Ask the operators to list the service, or confirm the person with MANAGER {adviser} IS and the manager's address."
                ));
            }
        }
        parties.push((adviser, managers));
    }
    Ok(parties)
}

/// `USED AS SUBMITTED`: of the follow-up that is named, or of the only advice of the case that it can mean.
async fn used_as_submitted(desk: &mut Desk, turn: &mut Turn<'_>) -> Result<Carried> {
    let word = OrderWord::UsedAsSubmitted;
    let Object::Case(reference) = &turn.command.object else {
        return orders(desk, turn.author, turn.command, turn.lines, word).await;
    };
    let Some(loaded) = desk.tx.case_by_reference(reference).await? else {
        return Ok(Done::No(format!("Nothing is held under {reference}.")).alone());
    };
    let who = people_named(desk, turn.command, Field::With).ok().and_then(|named| named.into_iter().next());
    let waits = |f: &&FollowUp| {
        let queried = f.kind == FollowUpKind::AdviceRequest && f.stage != Stage::Open && f.stage != Stage::Prepared;
        let is_of = f.kind == FollowUpKind::Clarification && f.about.is_none() || queried;
        f.stage.is_open() && is_of && who.as_ref().is_none_or(|w| f.adviser.as_ref() == Some(w))
    };
    let found: Vec<FollowUpId> = loaded.case.follow_ups.iter().filter(waits).map(|f| f.id.clone()).collect();
    let [id] = found.as_slice() else {
        let named: Vec<String> = found.iter().map(ToString::to_string).collect();
        let which = if named.is_empty() { "there is none".to_owned() } else { named.join(", ") };
        return Ok(Done::No(format!(
            "Which advice of {reference} is used as submitted? ({which}) Write USED AS SUBMITTED and its reference."
        ))
        .alone());
    };
    let mut command = turn.command.clone();
    command.object = Object::from(Reference::FollowUp(id.clone()));
    orders(desk, turn.author, &command, turn.lines, word).await
}
