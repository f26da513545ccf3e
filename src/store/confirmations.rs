//! Commands that wait for `YES`: which mail, which of its commands, whose answer counts.

use super::{Tx, millis};
use crate::core::id::Address;
use anyhow::{Context, Result};
use chrono::{DateTime, Duration, Utc};
use sqlx::Row;

/// After so long nobody remembers what was read back; the command has to be written again.
pub const LAPSES_AFTER: Duration = Duration::days(14);

/// Whose `YES` counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// The one who wrote the command (✓).
    Same,
    /// Somebody else (②).
    Second,
}

impl Needs {
    fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Second => "second",
        }
    }
}

/// A command that waits.
#[derive(Debug, Clone)]
pub struct Pending {
    /// The letter that read it back.
    pub letter: String,
    /// The stored message that it stands in.
    pub message: String,
    /// Its place among the commands of that message, from 0.
    pub command: usize,
    /// Who wrote it.
    pub author: Address,
    /// Whose `YES` counts.
    pub needs: Needs,
    /// Since when it waits.
    pub asked_at: DateTime<Utc>,
}

impl Tx {
    /// Keeps a command until it is confirmed; several letters may ask about one.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn await_confirmation(&mut self, pending: &Pending) -> Result<()> {
        sqlx::query("INSERT INTO confirmation (letter, message, command, author, needs, asked_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING")
            .bind(&pending.letter)
            .bind(&pending.message)
            .bind(i64::try_from(pending.command).unwrap_or(i64::MAX))
            .bind(pending.author.as_str())
            .bind(pending.needs.name())
            .bind(millis(pending.asked_at))
            .execute(self.conn().await?)
            .await
            .context("Cannot keep a command that waits for YES")?;
        Ok(())
    }

    /// The command that a letter read back, unless it has been settled.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pending_confirmation(&mut self, letter: &str) -> Result<Option<Pending>> {
        let row = sqlx::query("SELECT letter, message, command, author, needs, asked_at FROM confirmation WHERE letter = $1 AND settled_at IS NULL")
            .bind(letter)
            .fetch_optional(self.conn().await?)
            .await
            .context("Cannot look for a command that waits")?;
        row.map(|r| {
            let author: String = r.try_get("author").context("Cannot read who wrote a command")?;
            let needs: String = r.try_get("needs").context("Cannot read whose YES counts")?;
            let command: i64 = r.try_get("command").context("Cannot read a command's place")?;
            Ok(Pending {
                letter: r.try_get("letter").context("Cannot read a letter's id")?,
                message: r.try_get("message").context("Cannot read a message's id")?,
                command: usize::try_from(command).unwrap_or(usize::MAX),
                author: Address::parse(&author).context("A stored address is damaged")?,
                needs: if needs == Needs::Same.name() { Needs::Same } else { Needs::Second },
                asked_at: super::instant(r.try_get("asked_at").context("Cannot read an instant")?),
            })
        })
        .transpose()
    }

    /// Settles a command, whichever letter asked about it: it is carried out once.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn settle_confirmation(&mut self, pending: &Pending, at: DateTime<Utc>) -> Result<()> {
        sqlx::query(
            "UPDATE confirmation SET settled_at = $3 WHERE message = $1 AND command = $2 AND settled_at IS NULL",
        )
        .bind(&pending.message)
        .bind(i64::try_from(pending.command).unwrap_or(i64::MAX))
        .bind(millis(at))
        .execute(self.conn().await?)
        .await
        .context("Cannot settle a confirmation")?;
        Ok(())
    }

    /// Letters that read a command back to this person and still wait for `YES`: id, subject, since when. What was
    /// asked more than two weeks before `now` has lapsed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unanswered_confirmations(
        &mut self,
        who: &Address,
        now: DateTime<Utc>,
    ) -> Result<Vec<(String, String, DateTime<Utc>)>> {
        let rows = sqlx::query("SELECT c.letter, l.subject, c.asked_at FROM confirmation c JOIN letter l ON l.id = c.letter JOIN delivery d ON d.letter = l.id WHERE d.recipient = $1 AND d.part = 'to' AND c.settled_at IS NULL AND c.asked_at >= $2 ORDER BY c.asked_at, c.letter")
            .bind(who.as_str())
            .bind(millis(now - LAPSES_AFTER))
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot list what waits for YES")?;
        rows.iter()
            .map(|r| {
                let letter = r.try_get("letter").context("Cannot read a letter's id")?;
                let subject = r.try_get("subject").context("Cannot read a subject")?;
                Ok((letter, subject, super::instant(r.try_get("asked_at").context("Cannot read an instant")?)))
            })
            .collect()
    }
}
