//! Verbs about a case as a whole: its register, its end, its owner.

use super::road::not_yet;
use super::{Carried, Turn};
use crate::engine::desk::Desk;
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

pub(super) async fn carry_out(_desk: &mut Desk, turn: &mut Turn<'_>, word: CaseWord) -> Result<Carried> {
    match word {
        CaseWord::New
        | CaseWord::Correct
        | CaseWord::Import
        | CaseWord::Note
        | CaseWord::Narrative
        | CaseWord::Assess
        | CaseWord::NoAssessment
        | CaseWord::NoPlan
        | CaseWord::FinalIssued
        | CaseWord::Exemption
        | CaseWord::Stop
        | CaseWord::StopSilent
        | CaseWord::Resume
        | CaseWord::LegalHoldOn
        | CaseWord::LegalHoldOff
        | CaseWord::Reassign
        | CaseWord::ReassignAll
        | CaseWord::List => Ok(not_yet(turn)),
    }
}
