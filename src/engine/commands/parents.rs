//! Verbs about what parents are told, and about letters that a circuit breaker holds.

use super::road::not_yet;
use super::{Carried, Turn};
use crate::engine::desk::Desk;
use anyhow::Result;

/// The verbs about parents and held letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParentWord {
    NewDate,
    Send,
    Wait,
    DontSend,
    Contact,
    Posted,
    Release,
    Discard,
}

pub(super) async fn carry_out(_desk: &mut Desk, turn: &mut Turn<'_>, word: ParentWord) -> Result<Carried> {
    match word {
        ParentWord::NewDate
        | ParentWord::Send
        | ParentWord::Wait
        | ParentWord::DontSend
        | ParentWord::Contact
        | ParentWord::Posted
        | ParentWord::Release
        | ParentWord::Discard => Ok(not_yet(turn)),
    }
}
