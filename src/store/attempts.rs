//! How often and since when a delivery has been tried.

use super::{Tx, instant, millis};
use crate::core::id::Address;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sqlx::Row;

impl Tx {
    /// How often a delivery has been tried.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn attempts(&mut self, letter: &str, recipient: &Address) -> Result<i64> {
        let row = sqlx::query("SELECT attempts FROM delivery WHERE letter = $1 AND recipient = $2")
            .bind(letter)
            .bind(recipient.as_str())
            .fetch_one(self.conn().await?)
            .await
            .context("Cannot read a count")?;
        row.try_get(0).context("Cannot read a count")
    }

    /// Since when a relay has been refusing a delivery for now; notes `now` at the first refusal.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn refused_since(
        &mut self,
        letter: &str,
        recipient: &Address,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>> {
        let row = sqlx::query(
            "UPDATE delivery SET refused_since = COALESCE(refused_since, $3) WHERE letter = $1 AND recipient = $2 RETURNING refused_since",
        )
        .bind(letter)
        .bind(recipient.as_str())
        .bind(millis(now))
        .fetch_one(self.conn().await?)
        .await
        .context("Cannot note a refusal")?;
        Ok(instant(row.try_get(0).context("Cannot read an instant")?))
    }
}
