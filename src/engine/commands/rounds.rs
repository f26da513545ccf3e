//! Verbs of the self-assessment.

use super::road::not_yet;
use super::{Carried, Turn};
use crate::engine::desk::Desk;
use anyhow::Result;

/// The verbs of the self-assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RoundWord {
    Start,
    Status,
    Close,
    Result,
    Amend,
    ActionDone,
}

pub(super) async fn carry_out(_desk: &mut Desk, turn: &mut Turn<'_>, word: RoundWord) -> Result<Carried> {
    match word {
        RoundWord::Start
        | RoundWord::Status
        | RoundWord::Close
        | RoundWord::Result
        | RoundWord::Amend
        | RoundWord::ActionDone => Ok(not_yet(turn)),
    }
}
