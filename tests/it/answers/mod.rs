//! What counts as an answer, and for what: forwarded, set aside, late, of the wrong child, of somebody else.

mod barred;
mod counted;
mod forwarded;
mod held;
mod overtaken;

use crate::advice::{answer, of_kind, requested};
use crate::office::*;
use followupd::core::follow_up::{FollowUp, FollowUpKind};

/// A full answer in other words than [`ADVICE`], so that it repeats nothing.
pub const MORE: &str = "A qualified therapist sees Robin every Tuesday for thirty minutes in school, and the assistant repeats the exercises on three other days, which the therapist looks at once in each half term with the parents.";

/// The clarification of the usual case.
pub async fn clarification(office: &Office) -> FollowUp {
    of_kind(office, FollowUpKind::Clarification).await
}

/// A draft check of the usual case, asked of the adviser.
pub async fn checked() -> Office {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.orders(&format!("DRAFT ISSUED {CASE}\nWhere: the secure share\nCheck with: {ADVISER}")).await;
    office
}
