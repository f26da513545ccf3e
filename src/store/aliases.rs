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
            .execute(self.aside())
            .await
            .context("Cannot note an alias")?;
        self.read.aliases.remove(message_id);
        Ok(done.rows_affected() == 1)
    }

    /// The letter that went out under this Message-ID.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letter_of_alias(&mut self, message_id: &str) -> Result<Option<String>> {
        if let Some(known) = self.read.aliases.get(message_id) {
            return Ok(known.clone());
        }
        let row = sqlx::query("SELECT letter FROM alias WHERE message_id = $1")
            .bind(message_id)
            .fetch_optional(self.aside())
            .await
            .context("Cannot read an alias")?;
        let found = row.map(|r| r.try_get::<String, _>(0)).transpose().context("Cannot read an alias")?;
        self.read.aliases.insert(message_id.to_owned(), found.clone());
        Ok(found)
    }
}
