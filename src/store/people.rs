//! People whom staff have confirmed by mail, absences, and commands that wait for their proof.

use super::{Tx, millis};
use crate::core::follow_up::Away;
use crate::core::id::Address;
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::Row;

/// Somebody whom staff have confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnedPerson {
    /// Who.
    pub address: Address,
    /// Their manager, when they are an adviser; `None` for a line manager.
    pub manager: Option<Address>,
    /// Whether they advise or manage.
    pub role: crate::core::directory::Role,
}

const PEOPLE_VERSION: &str = "people_version";

fn address(row: &sqlx::any::AnyRow, index: usize) -> Result<Option<Address>> {
    let text: Option<String> = row.try_get(index).context("Cannot read an address")?;
    Ok(text.as_deref().and_then(Address::parse))
}

/// Until when somebody is away, and who is there instead: this column and the next.
pub(super) fn away(row: &sqlx::any::AnyRow, column: usize, who: &Address) -> Result<Away> {
    let until: Option<String> = row.try_get(column).context("Cannot read a date")?;
    let contact: Option<String> = row.try_get(column + 1).context("Cannot read a contact")?;
    Ok(Away { who: who.clone(), until: until.as_deref().and_then(|d| d.parse::<NaiveDate>().ok()), contact })
}

impl Tx {
    /// Everybody whom staff have confirmed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people(&mut self) -> Result<Vec<LearnedPerson>> {
        let rows = sqlx::query("SELECT address, manager, role FROM person ORDER BY address")
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot read people")?;
        let mut people = Vec::new();
        for row in &rows {
            let role: String = row.try_get(2).context("Cannot read a role")?;
            if let Some(who) = address(row, 0)? {
                people.push(LearnedPerson { address: who, manager: address(row, 1)?, role: super::from_name(&role)? });
            }
        }
        Ok(people)
    }

    /// Remembers somebody on a staff member's word.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn learn_person(&mut self, person: &LearnedPerson, by: &Address, at: DateTime<Utc>) -> Result<()> {
        sqlx::query(
            "INSERT INTO person (address, role, manager, confirmed_by, confirmed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (address) DO UPDATE SET role = $2, manager = COALESCE($3, person.manager), confirmed_by = $4, confirmed_at = $5",
        )
        .bind(person.address.as_str())
        .bind(super::name_of(&person.role)?)
        .bind(person.manager.as_ref().map(Address::as_str))
        .bind(by.as_str())
        .bind(millis(at))
        .execute(self.conn().await?)
        .await
        .context("Cannot remember a person")?;
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ($1, '1') ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)",
        )
        .bind(PEOPLE_VERSION)
        .execute(self.conn().await?)
        .await
        .context("Cannot remember a person")?;
        self.read.marks.remove(PEOPLE_VERSION);
        Ok(())
    }

    /// What changes whenever somebody is remembered: for those who keep what [`Tx::people`] gave them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people_version(&mut self) -> Result<Option<String>> {
        self.mark(PEOPLE_VERSION).await
    }

    /// The absence of a person, as last heard.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn absence(&mut self, who: &Address) -> Result<Option<Away>> {
        if let Some(known) = self.read.absences.get(who) {
            return Ok(known.clone());
        }
        let row = sqlx::query("SELECT until, contact FROM absence WHERE address = $1")
            .bind(who.as_str())
            .fetch_optional(self.aside())
            .await
            .context("Cannot read an absence")?;
        let found = row.map(|row| away(&row, 0, who)).transpose()?;
        self.read.absences.insert(who.clone(), found.clone());
        Ok(found)
    }

    /// Notes an absence; it belongs to the person, not to a follow-up.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_absence(&mut self, away: &Away, message: &str, at: DateTime<Utc>) -> Result<()> {
        sqlx::query(
            "INSERT INTO absence (address, until, contact, noted_at, message) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (address) DO UPDATE SET until = $2, contact = $3, noted_at = $4, message = $5",
        )
        .bind(away.who.as_str())
        .bind(away.until.map(|d| d.to_string()))
        .bind(away.contact.as_deref())
        .bind(millis(at))
        .bind(message)
        .execute(self.aside())
        .await
        .context("Cannot note an absence")?;
        self.read.absences.insert(away.who.clone(), Some(away.clone()));
        Ok(())
    }

    /// The person has written: the absence is over. True when one was known.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn end_absence(&mut self, who: &Address) -> Result<bool> {
        if let Some(None) = self.read.absences.get(who) {
            return Ok(false);
        }
        let done = sqlx::query("DELETE FROM absence WHERE address = $1")
            .bind(who.as_str())
            .execute(self.aside())
            .await
            .context("Cannot end an absence")?;
        self.read.absences.insert(who.clone(), None);
        Ok(done.rows_affected() > 0)
    }

    /// Keeps a command until the registered address has answered the letter that holds the one-time token.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn await_proof(&mut self, letter: &str, message: &str, from: &Address) -> Result<()> {
        sqlx::query("INSERT INTO unproved (letter, message, address) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(letter)
            .bind(message)
            .bind(from.as_str())
            .execute(self.conn().await?)
            .await
            .context("Cannot keep a command that waits for its proof")?;
        Ok(())
    }

    /// Uses up a one-time token: the message that it proves, once.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn use_proof(&mut self, letter: &str, from: &Address, at: DateTime<Utc>) -> Result<Option<String>> {
        let row = sqlx::query(
            "UPDATE unproved SET settled_at = $3 WHERE letter = $1 AND address = $2 AND settled_at IS NULL RETURNING message",
        )
        .bind(letter)
        .bind(from.as_str())
        .bind(millis(at))
        .fetch_optional(self.conn().await?)
        .await
        .context("Cannot use a proof")?;
        row.map(|r| r.try_get(0).context("Cannot read a message's id")).transpose()
    }

    /// Whether a message was proved by a one-time token.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_proved(&mut self, message: &str) -> Result<bool> {
        let row = sqlx::query("SELECT COUNT(*) FROM unproved WHERE message = $1 AND settled_at IS NOT NULL")
            .bind(message)
            .fetch_one(self.conn().await?)
            .await
            .context("Cannot read a proof")?;
        Ok(row.try_get::<i64, _>(0).context("Cannot read a count")? > 0)
    }
}
