//! Verbs about a case as a whole: its register, its end, its owner, and lists of cases. What follows from an order is
//! decided in the core; here words become orders.

mod ending;
mod import;
mod listing;
mod notes;
mod owner;
mod particulars;
mod registering;

pub(super) use ending::end;

use super::target::{case_of, no_such_case};
use super::{Carried, Done, Turn};
use crate::core::event::{Because, CaseOrder, Event, LegalHold};
use crate::core::id::Address;
use crate::core::register::{RulingKind, StopManner};
use crate::engine::desk::Desk;
use crate::store::Loaded;
use anyhow::Result;

/// The verbs about a case as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CaseWord {
    New,
    Correct,
    Import,
    Note,
    Narrative,
    Assess,
    NoAssessment,
    NoPlan,
    FinalIssued,
    Reopen,
    Exemption,
    Stop,
    StopSilent,
    Resume,
    LegalHoldOn,
    LegalHoldOff,
    Reassign,
    ReassignAll,
    List,
}

pub(super) async fn carry_out(desk: &mut Desk, turn: &mut Turn<'_>, word: CaseWord) -> Result<Carried> {
    let done = match word {
        CaseWord::New => registering::new_case(desk, turn).await?,
        CaseWord::Correct => registering::correct(desk, turn).await?,
        CaseWord::Import => return import::import(desk, turn).await,
        CaseWord::Note => notes::note(desk, turn).await?,
        CaseWord::Narrative => notes::narrative(desk, turn).await?,
        CaseWord::Exemption => notes::exemption(desk, turn).await?,
        CaseWord::Assess => ending::ruling(desk, turn, RulingKind::Assess).await?,
        CaseWord::NoAssessment => ending::ruling(desk, turn, RulingKind::NoAssessment).await?,
        CaseWord::NoPlan => ending::ruling(desk, turn, RulingKind::NoPlan).await?,
        CaseWord::FinalIssued => ending::final_issued(desk, turn).await?,
        CaseWord::Reopen => on_case(desk, turn, CaseOrder::Reopen).await?,
        CaseWord::Stop => ending::stop(desk, turn, StopManner::Thanked).await?,
        CaseWord::StopSilent => ending::stop(desk, turn, StopManner::Silent).await?,
        CaseWord::Resume => ending::resume(desk, turn).await?,
        CaseWord::LegalHoldOn => on_case(desk, turn, CaseOrder::LegalHold(LegalHold::On)).await?,
        CaseWord::LegalHoldOff => on_case(desk, turn, CaseOrder::LegalHold(LegalHold::Off)).await?,
        CaseWord::Reassign => owner::reassign(desk, turn).await?,
        CaseWord::ReassignAll => owner::reassign_all(desk, turn).await?,
        CaseWord::List => listing::list(desk, turn).await?,
    };
    Ok(done.alone())
}

/// An order that needs nothing but its case.
async fn on_case(desk: &mut Desk, turn: &Turn<'_>, order: CaseOrder) -> Result<Done> {
    match the_case(desk, turn).await? {
        Ok(loaded) => apply(desk, loaded, turn.author, order).await,
        Err(why) => Ok(Done::No(why)),
    }
}

/// The case that a command is about, which has to be known here.
async fn the_case(desk: &mut Desk, turn: &Turn<'_>) -> Result<Result<Loaded, String>> {
    let id = match case_of(desk, turn.command, turn.lines).await? {
        Ok(id) => id,
        Err(why) => return Ok(Err(why)),
    };
    Ok(desk.tx.case(&id).await?.ok_or_else(|| no_such_case(&id)))
}

/// Decides an order; the sentence of the decision is the answer.
async fn apply(desk: &mut Desk, loaded: Loaded, by: &Address, order: CaseOrder) -> Result<Done> {
    let applied = desk.apply(loaded, &Event::Case { by: by.clone(), order }).await?;
    Ok(match applied.because {
        Because::Refused(why) => Done::No(why),
        Because::Done(text) | Because::Nothing(text) => Done::Yes(text),
    })
}
