//! Draft checks that ended without a reply, so that line managers hear of them once a day.

use super::{Tx, millis};
use crate::core::id::FollowUpId;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sqlx::Row;

impl Tx {
    /// Draft checks that nobody had answered when they ended, after `since`; oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unanswered_draft_checks(&mut self, since: DateTime<Utc>) -> Result<Vec<FollowUpId>> {
        let rows = sqlx::query(
            "SELECT id FROM follow_up WHERE kind = 'draft_check' AND outcome = 'no_response' AND ended_at > $1 ORDER BY ended_at, id",
        )
        .bind(millis(since))
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list unanswered draft checks")?;
        rows.iter()
            .map(|row| {
                let id: String = row.try_get("id").context("Cannot read a reference")?;
                FollowUpId::parse(&id).with_context(|| format!("The store holds no reference '{id}'"))
            })
            .collect()
    }
}
