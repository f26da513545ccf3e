//! Letters that a circuit breaker counts, holds, releases or throws away (`mail.md` 5).

use super::letters::{COLUMNS, letter_row};
use super::{LetterRow, Tx, millis};
use crate::core::letter::LetterKind;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sqlx::Row;

/// The names of kinds as a list of SQL; they are ours, so nothing has to be escaped.
fn names(kinds: &[LetterKind]) -> String {
    kinds.iter().map(|kind| format!("'{}'", kind.name())).collect::<Vec<_>>().join(", ")
}

impl Tx {
    /// Letters of these kinds that are to leave now, in the order in which they would.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn leaving(&mut self, kinds: &[LetterKind], now: DateTime<Utc>) -> Result<Vec<LetterRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM letter l WHERE l.kind IN ({}) AND l.id IN (SELECT letter FROM delivery WHERE state IN ('queued', 'deferred') AND next_at <= $1) ORDER BY l.place",
            names(kinds)
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(millis(now)).fetch_all(self.conn().await?).await;
        rows.context("Cannot list letters that are to leave")?.iter().map(letter_row).collect()
    }

    /// How many letters of these kinds have been handed over since then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sent_since(&mut self, kinds: &[LetterKind], since: DateTime<Utc>) -> Result<i64> {
        let sql = format!(
            "SELECT COUNT(DISTINCT l.id) FROM letter l JOIN delivery d ON d.letter = l.id WHERE l.kind IN ({}) AND d.part <> 'copy' AND d.state IN ('sending', 'dot', 'accepted', 'uncertain') AND d.settled_at >= $1",
            names(kinds)
        );
        self.counted(sql, since).await
    }

    /// How many letters of these kinds have been decided since then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn decided_since(&mut self, kinds: &[LetterKind], since: DateTime<Utc>) -> Result<i64> {
        self.counted(
            format!("SELECT COUNT(*) FROM letter WHERE kind IN ({}) AND decided_at >= $1", names(kinds)),
            since,
        )
        .await
    }

    /// How many follow-ups are due for something and have not had it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn follow_ups_due(&mut self, now: DateTime<Utc>) -> Result<i64> {
        self.counted("SELECT COUNT(*) FROM follow_up WHERE wake_at <= $1".to_owned(), now).await
    }

    /// How many follow-ups are open.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_follow_ups(&mut self) -> Result<i64> {
        let sql = "SELECT COUNT(*) FROM follow_up WHERE stage NOT IN ('closed', 'cancelled') AND opened_at >= $1";
        self.counted(sql.to_owned(), DateTime::UNIX_EPOCH).await
    }

    async fn counted(&mut self, sql: String, bound: DateTime<Utc>) -> Result<i64> {
        let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(millis(bound)).fetch_one(self.conn().await?).await;
        row.context("Cannot count for a circuit breaker")?.try_get(0).context("Cannot read a count")
    }

    /// Holds what has not left of a letter.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn hold_letter(&mut self, letter: &str, why: &str) -> Result<()> {
        self.move_letter("UPDATE delivery SET state = 'held', next_at = NULL, answer = $2 WHERE letter = $1 AND state IN ('queued', 'deferred')", letter, why).await
    }

    /// Lets a held letter go from `now` on.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn release_letter(&mut self, letter: &str, why: &str, now: DateTime<Utc>) -> Result<()> {
        sqlx::query(
            "UPDATE delivery SET state = 'queued', next_at = $3, answer = $2 WHERE letter = $1 AND state = 'held'",
        )
        .bind(letter)
        .bind(why)
        .bind(millis(now))
        .execute(self.conn().await?)
        .await
        .context("Cannot release a letter")?;
        Ok(())
    }

    /// Throws a held letter away.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn discard_letter(&mut self, letter: &str, why: &str) -> Result<()> {
        self.move_letter(
            "UPDATE delivery SET state = 'withdrawn', answer = $2 WHERE letter = $1 AND state = 'held'",
            letter,
            why,
        )
        .await
    }

    async fn move_letter(&mut self, sql: &'static str, letter: &str, why: &str) -> Result<()> {
        sqlx::query(sql).bind(letter).bind(why).execute(self.conn().await?).await.context("Cannot move a letter")?;
        Ok(())
    }

    /// Letters that are held, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn held_letters(&mut self) -> Result<Vec<LetterRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM letter l WHERE l.id IN (SELECT letter FROM delivery WHERE state = 'held') ORDER BY l.place"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(self.conn().await?).await;
        rows.context("Cannot list letters that are held")?.iter().map(letter_row).collect()
    }
}
