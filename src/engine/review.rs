//! Annual reviews: gives the references that the decision needs for the follow-ups it opens.

use super::desk::Desk;
use super::random;
use crate::core::case::CaseId;
use crate::core::event::Event;
use crate::core::id::FollowUpId;
use anyhow::Result;

/// Asks practitioners for their contributions, when a review is near enough.
pub(super) async fn ask(desk: &mut Desk, id: &CaseId) -> Result<()> {
    let Some(loaded) = desk.tx.case(id).await? else { return Ok(()) };
    let due = loaded.case.review_wake(&desk.office.policy).is_some_and(|at| at <= desk.now);
    if !due {
        return Ok(());
    }
    let mut follow_ups = Vec::new();
    for _ in loaded.case.practitioners() {
        follow_ups.push(FollowUpId::from_random(random()?));
    }
    desk.apply(loaded, &Event::Review { follow_ups }).await?;
    Ok(())
}
