//! Mail that has not left is taken back when a case stops or ends, before anything else is written.

use super::desk::Desk;
use crate::core::case::CaseId;
use crate::core::letter::Audience;
use crate::store::DeliveryState;
use anyhow::Result;

impl Desk {
    /// Withdraws every letter of a case to people outside that has not left; staff keep theirs.
    pub async fn withdraw_unsent(&mut self, case: &CaseId, why: &str) -> Result<()> {
        for (letter, recipient) in self.tx.unsent_letters_of(case).await? {
            match letter.kind.audience() {
                Audience::Staff => {}
                Audience::Outside | Audience::Parent | Audience::Partner => {
                    let withdrawn = DeliveryState::Withdrawn;
                    self.tx.set_delivery(&letter.id, &recipient, withdrawn, None, Some(why), self.now).await?;
                }
            }
        }
        Ok(())
    }
}
