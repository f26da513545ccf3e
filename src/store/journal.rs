//! The journal: append-only, one entry for each decision, chained by hashes.

use super::gathered::Gathered;
use super::{Tx, instant, millis};
use crate::core::id::FollowUpId;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::Row;

/// What is written down about one decision.
#[derive(Debug, Clone)]
pub struct JournalEntry {
    /// When it was decided.
    pub at: DateTime<Utc>,
    /// Case.
    pub case_id: Option<String>,
    /// Follow-up.
    pub follow_up: Option<FollowUpId>,
    /// The event, as JSON.
    pub event: String,
    /// The reason, as people read it.
    pub because: String,
    /// Letters that it caused, one line each.
    pub effects: Vec<String>,
    /// Hash of the configuration in force.
    pub config: String,
    /// Random, so that a short text cannot be guessed from its hash after it was erased.
    pub salt: String,
}

/// An entry as read.
#[derive(Debug, Clone)]
pub struct JournalRow {
    /// Number.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The event, as JSON; `None` after an erasure.
    pub event: Option<String>,
    /// The reason; `None` after an erasure.
    pub because: Option<String>,
    /// Letters that it caused.
    pub effects: Vec<String>,
}

fn hex(parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part.as_bytes());
    }
    data_encoding::HEXLOWER.encode(&hasher.finalize())
}

fn chain(previous: &str, seq: i64, at: i64, case_id: Option<&str>, follow_up: Option<&str>, text_hash: &str) -> String {
    hex(&[previous, &seq.to_string(), &at.to_string(), case_id.unwrap_or(""), follow_up.unwrap_or(""), text_hash])
}

impl Tx {
    /// The instant of the newest entry: the clock should not be behind it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn newest_entry(&mut self) -> Result<Option<DateTime<Utc>>> {
        let row = sqlx::query("SELECT at FROM journal ORDER BY seq DESC LIMIT 1")
            .fetch_optional(self.conn().await?)
            .await
            .context("Cannot read the journal's end")?;
        let at: Option<i64> = row.map(|r| r.try_get(0)).transpose().context("Cannot read an instant")?;
        Ok(at.map(instant))
    }

    /// Appends an entry.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn journal(&mut self, entry: &JournalEntry) -> Result<()> {
        let (last, previous) = self.journal_end().await?;
        let seq = last + 1;
        let effects = serde_json::to_string(&entry.effects).context("Cannot write effects")?;
        let text_hash = hex(&[&entry.salt, &entry.event, &entry.because, &effects, &entry.config]);
        let follow_up = entry.follow_up.as_ref().map(FollowUpId::as_str);
        let hash = chain(&previous, seq, millis(entry.at), entry.case_id.as_deref(), follow_up, &text_hash);
        self.gather(
            Gathered::Journal,
            [
                seq.into(),
                millis(entry.at).into(),
                entry.case_id.as_deref().into(),
                follow_up.into(),
                text_hash.into(),
                hash.as_str().into(),
            ],
        );
        self.gather(
            Gathered::JournalText,
            [
                seq.into(),
                entry.salt.as_str().into(),
                entry.event.as_str().into(),
                entry.because.as_str().into(),
                effects.into(),
                entry.config.as_str().into(),
            ],
        );
        self.read.journal_end = Some((seq, hash));
        Ok(())
    }

    /// Number and hash of the last entry; 0 and nothing when there is none.
    async fn journal_end(&mut self) -> Result<(i64, String)> {
        if let Some(end) = self.read.journal_end.take() {
            return Ok(end);
        }
        let last = sqlx::query("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
            .fetch_optional(self.conn().await?)
            .await
            .context("Cannot read the journal's end")?;
        let Some(row) = last else { return Ok((0, String::new())) };
        let seq = row.try_get(0).context("Cannot read a number")?;
        Ok((seq, row.try_get(1).context("Cannot read a hash")?))
    }

    /// Entries of a follow-up or a case, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn journal_of(&mut self, id: &str) -> Result<Vec<JournalRow>> {
        let rows = sqlx::query(
            "SELECT j.seq, j.at, t.event, t.because, t.effects FROM journal j LEFT JOIN journal_text t ON t.seq = j.seq WHERE j.follow_up = $1 OR j.case_id = $1 ORDER BY j.seq",
        )
        .bind(id)
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot read the journal")?;
        rows.iter().map(journal_row).collect()
    }

    /// Entries after `seq`, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn journal_after(&mut self, seq: i64) -> Result<Vec<JournalRow>> {
        let rows = sqlx::query(
            "SELECT j.seq, j.at, t.event, t.because, t.effects FROM journal j LEFT JOIN journal_text t ON t.seq = j.seq WHERE j.seq > $1 ORDER BY j.seq",
        )
        .bind(seq)
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot read the journal")?;
        rows.iter().map(journal_row).collect()
    }

    /// Walks the chain; the number of the first entry that does not fit, or `None` when all do. Erased texts do not
    /// break it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn broken_journal_entry(&mut self) -> Result<Option<i64>> {
        let rows = sqlx::query(
            "SELECT j.seq, j.at, j.case_id, j.follow_up, j.text_hash, j.hash, t.salt, t.event, t.because, t.effects, t.config FROM journal j LEFT JOIN journal_text t ON t.seq = j.seq ORDER BY j.seq",
        )
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot read the journal")?;
        let mut previous = String::new();
        for row in rows {
            let seq: i64 = row.try_get(0).context("Cannot read a number")?;
            let text = |i: usize| row.try_get::<Option<String>, _>(i).ok().flatten();
            let text_hash = text(4).unwrap_or_default();
            let at: i64 = row.try_get(1).context("Cannot read an instant")?;
            let expected = chain(&previous, seq, at, text(2).as_deref(), text(3).as_deref(), &text_hash);
            let text_fits = match (text(6), text(7), text(8), text(9), text(10)) {
                (Some(a), Some(b), Some(c), Some(d), Some(e)) => hex(&[&a, &b, &c, &d, &e]) == text_hash,
                _ => true,
            };
            previous = text(5).unwrap_or_default();
            if expected != previous || !text_fits {
                return Ok(Some(seq));
            }
        }
        Ok(None)
    }
}

fn journal_row(row: &sqlx::any::AnyRow) -> Result<JournalRow> {
    let effects: Option<String> = row.try_get(4).context("Cannot read effects")?;
    Ok(JournalRow {
        seq: row.try_get(0).context("Cannot read a number")?,
        at: instant(row.try_get(1).context("Cannot read an instant")?),
        event: row.try_get(2).context("Cannot read an event")?,
        because: row.try_get(3).context("Cannot read a reason")?,
        effects: effects
            .map(|e| serde_json::from_str(&e))
            .transpose()
            .context("Cannot read effects")?
            .unwrap_or_default(),
    })
}
