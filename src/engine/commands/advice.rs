//! Verbs about advice and plan drafts: asked for, settled, checked.

use super::road::not_yet;
use super::{Carried, Turn};
use crate::engine::desk::Desk;
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

pub(super) async fn carry_out(_desk: &mut Desk, turn: &mut Turn<'_>, word: AdviceWord) -> Result<Carried> {
    match word {
        AdviceWord::Request
        | AdviceWord::Asked
        | AdviceWord::UsedAsSubmitted
        | AdviceWord::NotKnown
        | AdviceWord::DisputeUpheld
        | AdviceWord::DisputeRejected
        | AdviceWord::WrongChild
        | AdviceWord::NotSought
        | AdviceWord::Agreed
        | AdviceWord::DraftIssued
        | AdviceWord::Reissued
        | AdviceWord::FeedbackNone
        | AdviceWord::FeedbackParent
        | AdviceWord::FeedbackOther => Ok(not_yet(turn)),
    }
}
