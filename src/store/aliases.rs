//! Message-IDs that a relay gave our letters instead of our own (`mail.md` 5).

use super::Tx;
use anyhow::{Context, Result};
use sqlx::Row;

impl Tx {
    /// Notes under which Message-ID a letter really went out; true when that was not known.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn learn_alias(&mut self, message_id: &str, letter: &str) -> Result<bool> {
        let done = sqlx::query("INSERT INTO alias (message_id, letter) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(message_id)
            .bind(letter)
            .execute(&mut *self.inner)
            .await
            .context("Cannot note an alias")?;
        Ok(done.rows_affected() == 1)
    }

    /// The letter that went out under this Message-ID.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letter_of_alias(&mut self, message_id: &str) -> Result<Option<String>> {
        let row = sqlx::query("SELECT letter FROM alias WHERE message_id = $1")
            .bind(message_id)
            .fetch_optional(&mut *self.inner)
            .await
            .context("Cannot read an alias")?;
        row.map(|r| r.try_get(0).context("Cannot read an alias")).transpose()
    }
}
