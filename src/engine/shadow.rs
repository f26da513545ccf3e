//! What shadow mode kept back, for those who decide to go live.

use super::Engine;
use crate::core::calendar::closes_at;
use crate::letters::report::{Report, shadow};
use anyhow::Result;
use chrono::NaiveDate;

impl Engine {
    /// The report of the letters that would have gone to people outside until the end of `day`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn shadow_report(&self, day: NaiveDate) -> Result<Report> {
        let office = self.office();
        let mut tx = self.store().begin().await?;
        let mut letters = tx.shadow_letters(closes_at(day, office.policy.zone)).await?;
        tx.commit().await?;
        // A co-ordinator in Cc is not outside.
        for letter in &mut letters {
            letter.meant_for.retain(|a| !office.directory.is_staff(a));
        }
        Ok(shadow(&letters, &office.policy.authority.name, day, office.policy.zone))
    }
}
