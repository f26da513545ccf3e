//! Letters of shadow mode: what would have gone to whom.

use super::{Tx, instant, millis};
use crate::core::figures::ShadowLetter;
use crate::core::letter::LetterKind;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sqlx::Row;

impl Tx {
    /// Letters that shadow mode kept from people outside and that were due before `until`, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn shadow_letters(&mut self, until: DateTime<Utc>) -> Result<Vec<ShadowLetter>> {
        let rows = sqlx::query(
            "SELECT id, kind, earliest, meant_for, case_id, follow_up FROM letter WHERE meant_for IS NOT NULL AND earliest < $1 ORDER BY earliest, place",
        )
        .bind(millis(until))
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list the letters of shadow mode")?;
        rows.iter()
            .map(|r| {
                let kind: String = r.try_get("kind").context("Cannot read a letter's sort")?;
                let meant_for: String = r.try_get("meant_for").context("Cannot read for whom a letter was meant")?;
                Ok(ShadowLetter {
                    id: r.try_get("id").context("Cannot read a letter's id")?,
                    kind: LetterKind::from_name(&kind).with_context(|| format!("Unknown sort of letter '{kind}'"))?,
                    at: instant(r.try_get("earliest").context("Cannot read an instant")?),
                    meant_for: serde_json::from_str(&meant_for).context("Cannot read for whom a letter was meant")?,
                    case_id: r.try_get("case_id").context("Cannot read a case's key")?,
                    follow_up: r.try_get("follow_up").context("Cannot read a follow-up's id")?,
                })
            })
            .collect()
    }
}
