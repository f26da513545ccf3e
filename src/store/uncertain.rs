//! What a crash or a lost answer leaves open in the outbox, and what the own copies say about it (`mail.md` 5).

use super::letters::{COLUMNS, LetterRow, letter_row};
use super::{Tx, millis};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

impl Tx {
    /// After a crash: what was being sent goes back into the queue; what may have had its final dot is uncertain.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn recover_outbox(&mut self, now: DateTime<Utc>) -> Result<u64> {
        sqlx::query("UPDATE delivery SET state = 'deferred', next_at = $1 WHERE state = 'sending'")
            .bind(millis(now))
            .execute(self.conn().await?)
            .await
            .context("Cannot recover the outbox")?;
        let uncertain =
            sqlx::query("UPDATE delivery SET state = 'uncertain', next_at = NULL, settled_at = $1 WHERE state = 'dot'")
                .bind(millis(now))
                .execute(self.conn().await?)
                .await
                .context("Cannot recover the outbox")?;
        Ok(uncertain.rows_affected())
    }

    /// The own copy of a letter has come back: the relay took it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_copy(&mut self, letter: &str, at: DateTime<Utc>) -> Result<()> {
        sqlx::query("UPDATE letter SET copy_seen_at = $2 WHERE id = $1 AND copy_seen_at IS NULL")
            .bind(letter)
            .bind(millis(at))
            .execute(self.conn().await?)
            .await
            .context("Cannot note an own copy")?;
        Ok(())
    }

    /// Letters that are uncertain together with their own copy, which has come. (A later attempt at a deferred
    /// recipient carries no copy, so an old copy tells nothing about it.)
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn told_by_copy(&mut self) -> Result<Vec<LetterRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM letter l WHERE l.copy_seen_at IS NOT NULL AND l.id IN (SELECT letter FROM delivery WHERE part = 'copy' AND state = 'uncertain')"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot list letters whose copies have come")?;
        rows.iter().map(letter_row).collect()
    }

    /// A letter whose own copy has come though it was never tried here: it left before the database was restored, to whom
    /// of its recipients is uncertain.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_sent_before(&mut self, letter: &str, at: DateTime<Utc>) -> Result<()> {
        sqlx::query("UPDATE delivery SET state = 'uncertain', settled_at = $2, next_at = NULL WHERE letter = $1 AND state = 'queued' AND attempts = 0 AND EXISTS (SELECT 1 FROM delivery c WHERE c.letter = $1 AND c.part = 'copy' AND c.state = 'queued' AND c.attempts = 0)")
            .bind(letter)
            .bind(millis(at))
            .execute(self.conn().await?)
            .await
            .context("Cannot note that a letter left before")?;
        Ok(())
    }

    /// Settles what is uncertain of a letter: it was taken.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn settle_by_copy(&mut self, letter: &str, at: DateTime<Utc>) -> Result<()> {
        sqlx::query("UPDATE delivery SET state = 'accepted', settled_at = $2, next_at = NULL, answer = 'our own copy arrived' WHERE letter = $1 AND state = 'uncertain'")
            .bind(letter)
            .bind(millis(at))
            .execute(self.conn().await?)
            .await
            .context("Cannot settle an uncertain delivery")?;
        Ok(())
    }

    /// Letters that are uncertain since before `before`, of which the copy of a later letter has come and their own
    /// has not: they can be sent again, the same bytes. Never a notice to a parent: that takes a person (`mail.md` 5).
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn retry_uncertain(&mut self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64> {
        let done = sqlx::query(
            "UPDATE delivery SET state = 'deferred', next_at = $2 WHERE state = 'uncertain' AND settled_at <= $1 AND letter IN (SELECT u.id FROM letter u WHERE u.copy_seen_at IS NULL AND u.kind NOT IN ('parent_notice', 'parent_update') AND EXISTS (SELECT 1 FROM letter v JOIN delivery d ON d.letter = v.id AND d.part = 'copy' WHERE v.copy_seen_at IS NOT NULL AND d.settled_at > delivery.settled_at))",
        )
        .bind(millis(before))
        .bind(millis(now))
        .execute(self.conn().await?)
        .await
        .context("Cannot take up uncertain letters again")?;
        Ok(done.rows_affected())
    }
}
