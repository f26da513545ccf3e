//! The outbox: letters with their final bytes, and one delivery row for each recipient.

use super::gathered::Gathered;
use super::{Tx, from_name, instant, millis, name_of};
use crate::core::case::CaseId;
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, Line, SendOnlyWhile};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use std::collections::BTreeSet;

/// Why somebody is a recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// In To.
    To,
    /// In Cc.
    Cc,
    /// The service's own mailbox, so that it sees whether the relay took the letter.
    Copy,
}

/// How far one recipient's delivery has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waits for its time.
    Queued,
    /// The network may have been touched, the final dot not.
    Sending,
    /// The final dot may have been written.
    Dot,
    /// The relay has taken it.
    Accepted,
    /// Refused for now; tried again.
    Deferred,
    /// Refused for good.
    Rejected,
    /// Lost after the final dot: taken or not, nobody said.
    Uncertain,
    /// Not sent, on purpose.
    Withdrawn,
    /// A breaker has tripped; a SEND manager releases or discards it.
    Held,
}

/// A letter to be queued.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// `LTR-…`, derived from the unique key.
    pub id: String,
    /// Sort.
    pub kind: LetterKind,
    /// What makes a second one impossible.
    pub unique_key: String,
    /// Case.
    pub case_id: Option<String>,
    /// Follow-up.
    pub follow_up: Option<FollowUpId>,
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// Subject, for lists.
    pub subject: String,
    /// What would make it wrong before it leaves.
    pub only_while: SendOnlyWhile,
    /// MAIL FROM.
    pub envelope_from: Address,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// When it may leave at the earliest.
    pub earliest: DateTime<Utc>,
    /// Goes before routine mail.
    pub urgent: bool,
    /// Final bytes.
    pub bytes: Vec<u8>,
    /// Recipients.
    pub recipients: Vec<(Address, Part)>,
    /// Numbered lines.
    pub lines: Vec<Line>,
    /// Set when it is recorded but must not leave, with the reason.
    pub withheld: Option<String>,
    /// For whom it was meant, where shadow mode sends it elsewhere.
    pub meant_for: Option<Vec<Address>>,
}

/// A queued or sent letter.
#[derive(Debug, Clone)]
pub struct LetterRow {
    /// `LTR-…`.
    pub id: String,
    /// Sort.
    pub kind: LetterKind,
    /// What makes a second one impossible.
    pub unique_key: String,
    /// Case.
    pub case_id: Option<String>,
    /// Follow-up.
    pub follow_up: Option<String>,
    /// Message-ID without angle brackets.
    pub message_id: String,
    /// Subject.
    pub subject: String,
    /// What would make it wrong before it leaves.
    pub only_while: SendOnlyWhile,
    /// MAIL FROM.
    pub envelope_from: String,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// When it may leave at the earliest.
    pub earliest: DateTime<Utc>,
    /// When the own copy came back.
    pub copy_seen_at: Option<DateTime<Utc>>,
}

/// A letter that is to be tried now, and the recipients that still lack it.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The letter.
    pub letter: LetterRow,
    /// Who still lacks it, with the number of attempts so far.
    pub recipients: Vec<(Address, Part, i64)>,
}

pub(super) const COLUMNS: &str = "l.id, l.kind, l.unique_key, l.case_id, l.follow_up, l.message_id, l.subject, l.only_while, l.envelope_from, l.decided_at, l.earliest, l.copy_seen_at";

/// One delivery as `explain` shows it.
pub type DeliveryLine = (String, Part, DeliveryState, Option<DateTime<Utc>>, Option<String>);

impl Tx {
    /// Queues a letter; false when one with this key stands already (then nothing is changed).
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn queue(&mut self, letter: &NewLetter) -> Result<bool> {
        let meant_for = letter.meant_for.as_ref().map(serde_json::to_string).transpose();
        let meant_for = meant_for.context("Cannot write for whom a letter was meant")?;
        let inserted = sqlx::query(
            "INSERT INTO letter (id, unique_key, kind, case_id, follow_up, message_id, subject, only_while, envelope_from, decided_at, earliest, urgent, bytes, meant_for, place) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, (SELECT COALESCE(MAX(place), 0) + 1 FROM letter)) ON CONFLICT DO NOTHING",
        )
        .bind(&letter.id)
        .bind(&letter.unique_key)
        .bind(letter.kind.name())
        .bind(letter.case_id.as_deref())
        .bind(letter.follow_up.as_ref().map(FollowUpId::as_str))
        .bind(&letter.message_id)
        .bind(&letter.subject)
        .bind(name_of(&letter.only_while)?)
        .bind(letter.envelope_from.as_str())
        .bind(millis(letter.decided_at))
        .bind(millis(letter.earliest))
        .bind(i64::from(letter.urgent))
        .bind(letter.bytes.as_slice())
        .bind(meant_for)
        .execute(self.aside())
        .await
        .context("Cannot queue a letter")?;
        if inserted.rows_affected() == 0 {
            return Ok(false);
        }
        self.queue_deliveries(letter)?;
        self.queue_lines(letter)?;
        Ok(true)
    }

    fn queue_deliveries(&mut self, letter: &NewLetter) -> Result<()> {
        let state = name_of(&if letter.withheld.is_some() { DeliveryState::Withdrawn } else { DeliveryState::Queued })?;
        let next_at = letter.withheld.is_none().then(|| millis(letter.earliest));
        let mut seen = BTreeSet::new();
        for (recipient, part) in letter.recipients.iter().filter(|(a, _)| seen.insert(a)) {
            self.gather(
                Gathered::Delivery,
                [
                    letter.id.as_str().into(),
                    recipient.as_str().into(),
                    name_of(part)?.into(),
                    state.as_str().into(),
                    next_at.into(),
                    letter.withheld.as_deref().into(),
                    0.into(),
                ],
            );
        }
        Ok(())
    }

    fn queue_lines(&mut self, letter: &NewLetter) -> Result<()> {
        for line in &letter.lines {
            let body = serde_json::to_string(line).context("Cannot write a line")?;
            self.gather(Gathered::Line, [letter.id.as_str().into(), i64::from(line.number).into(), body.into()]);
        }
        Ok(())
    }

    /// Letters whose time has come, urgent ones first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letters_due(&mut self, now: DateTime<Utc>, limit: i64) -> Result<Vec<Waiting>> {
        let ids = sqlx::query(
            "SELECT l.id, l.urgent, l.earliest, l.place FROM letter l WHERE l.id IN (SELECT letter FROM delivery WHERE state IN ('queued', 'deferred') AND next_at <= $1) ORDER BY l.urgent DESC, l.earliest, l.place LIMIT $2",
        )
        .bind(millis(now))
        .bind(limit)
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list letters that are due")?;
        self.waiting(&ids, now).await
    }

    /// Letters of one kind whose time has come.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letters_due_of(&mut self, kind: LetterKind, now: DateTime<Utc>) -> Result<Vec<Waiting>> {
        let ids = sqlx::query(
            "SELECT l.id FROM letter l WHERE l.kind = $2 AND l.id IN (SELECT letter FROM delivery WHERE state IN ('queued', 'deferred') AND next_at <= $1) ORDER BY l.place",
        )
        .bind(millis(now))
        .bind(kind.name())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list letters that are due")?;
        self.waiting(&ids, now).await
    }

    async fn waiting(&mut self, ids: &[sqlx::any::AnyRow], now: DateTime<Utc>) -> Result<Vec<Waiting>> {
        let mut waiting = Vec::with_capacity(ids.len());
        for row in ids {
            let id: String = row.try_get(0).context("Cannot read a letter's id")?;
            let Some(letter) = self.letter(&id).await? else { continue };
            let rows = sqlx::query(
                "SELECT recipient, part, attempts FROM delivery WHERE letter = $1 AND state IN ('queued', 'deferred') AND next_at <= $2 ORDER BY part DESC, recipient",
            )
            .bind(&id)
            .bind(millis(now))
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot list recipients")?;
            let recipients = rows.iter().map(recipient_row).collect::<Result<Vec<_>>>()?;
            waiting.push(Waiting { letter, recipients });
        }
        Ok(waiting)
    }

    /// Letters of a case that nobody has got yet, with those who still wait for them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unsent_letters_of(&mut self, case: &CaseId) -> Result<Vec<(LetterRow, Address)>> {
        let rows = sqlx::query(
            "SELECT l.id, d.recipient FROM letter l JOIN delivery d ON d.letter = l.id WHERE l.case_id = $1 AND d.state IN ('queued', 'deferred', 'held') ORDER BY l.place, d.recipient",
        )
        .bind(&case.0)
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list unsent letters")?;
        let mut unsent = Vec::with_capacity(rows.len());
        for row in rows {
            let id: String = row.try_get(0).context("Cannot read a letter's id")?;
            let recipient: String = row.try_get(1).context("Cannot read a recipient")?;
            let recipient = Address::parse(&recipient).context("A stored address is damaged")?;
            if let Some(letter) = self.letter(&id).await? {
                unsent.push((letter, recipient));
            }
        }
        Ok(unsent)
    }

    /// The earliest instant at which a delivery is to be tried.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn next_delivery(&mut self) -> Result<Option<DateTime<Utc>>> {
        let row = sqlx::query("SELECT MIN(next_at) FROM delivery WHERE state IN ('queued', 'deferred')")
            .fetch_one(self.conn().await?)
            .await
            .context("Cannot read the next delivery")?;
        let next: Option<i64> = row.try_get(0).context("Cannot read an instant")?;
        Ok(next.map(instant))
    }

    /// A letter by id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letter(&mut self, id: &str) -> Result<Option<LetterRow>> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM letter l WHERE l.id = $1")))
            .bind(id)
            .fetch_optional(self.aside())
            .await
            .context("Cannot read a letter")?;
        row.map(|r| letter_row(&r)).transpose()
    }

    /// Letters about a follow-up, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letters_of(&mut self, follow_up: &str) -> Result<Vec<LetterRow>> {
        let sql = format!("SELECT {COLUMNS} FROM letter l WHERE l.follow_up = $1 ORDER BY l.place");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(follow_up)
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot list letters")?;
        rows.iter().map(letter_row).collect()
    }

    /// Final bytes of a letter.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letter_bytes(&mut self, id: &str) -> Result<Vec<u8>> {
        let row = sqlx::query("SELECT bytes FROM letter WHERE id = $1")
            .bind(id)
            .fetch_one(self.conn().await?)
            .await
            .context("Cannot read a letter's bytes")?;
        row.try_get(0).context("Cannot read a letter's bytes")
    }

    /// Notes that a letter came back from a recipient whom the relay had taken it for; the first time counts.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_returned(&mut self, letter: &str, recipient: &Address, at: DateTime<Utc>) -> Result<()> {
        sqlx::query(
            "UPDATE delivery SET returned_at = $3 WHERE letter = $1 AND recipient = $2 AND returned_at IS NULL",
        )
        .bind(letter)
        .bind(recipient.as_str())
        .bind(millis(at))
        .execute(self.conn().await?)
        .await
        .context("Cannot note that a letter came back")?;
        Ok(())
    }

    /// How far the deliveries of a letter have come.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn deliveries(&mut self, letter: &str) -> Result<Vec<DeliveryLine>> {
        let rows = sqlx::query(
            "SELECT recipient, part, state, settled_at, answer FROM delivery WHERE letter = $1 ORDER BY part DESC, recipient",
        )
        .bind(letter)
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list deliveries")?;
        rows.iter()
            .map(|r| {
                let part: String = r.try_get(1).context("Cannot read a part")?;
                let state: String = r.try_get(2).context("Cannot read a state")?;
                let at: Option<i64> = r.try_get(3).context("Cannot read an instant")?;
                Ok((
                    r.try_get(0).context("Cannot read a recipient")?,
                    from_name(&part)?,
                    from_name(&state)?,
                    at.map(instant),
                    r.try_get(4).context("Cannot read an answer")?,
                ))
            })
            .collect()
    }

    /// Sorts of letters about this follow-up that the relay has taken, or may have, for this recipient.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn kinds_received(&mut self, follow_up: &FollowUpId, recipient: &Address) -> Result<Vec<LetterKind>> {
        let rows = sqlx::query(
            "SELECT DISTINCT l.kind FROM delivery d JOIN letter l ON l.id = d.letter WHERE l.follow_up = $1 AND d.recipient = $2 AND d.state IN ('accepted', 'dot', 'uncertain')",
        )
        .bind(follow_up.as_str())
        .bind(recipient.as_str())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot look for what somebody was sent")?;
        let names: Vec<String> =
            rows.iter().map(|r| r.try_get(0).context("Cannot read a kind")).collect::<Result<_>>()?;
        Ok(names.iter().filter_map(|n| LetterKind::from_name(n)).collect())
    }

    /// Sets the state of deliveries. `next_at` is when it is tried again; `None` settles it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_delivery(
        &mut self,
        letter: &str,
        recipient: &Address,
        state: DeliveryState,
        next_at: Option<DateTime<Utc>>,
        answer: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let counts = i64::from(state == DeliveryState::Sending);
        sqlx::query(
            "UPDATE delivery SET state = $3, next_at = $4, answer = COALESCE($5, answer), settled_at = $6, attempts = attempts + $7 WHERE letter = $1 AND recipient = $2",
        )
        .bind(letter)
        .bind(recipient.as_str())
        .bind(name_of(&state)?)
        .bind(next_at.map(millis))
        .bind(answer)
        .bind(millis(now))
        .bind(counts)
        .execute(self.conn().await?)
        .await
        .context("Cannot note a delivery")?;
        Ok(())
    }

    /// Before the final dot is written: from here on a crash leaves it uncertain.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_dot(&mut self, letter: &str) -> Result<()> {
        sqlx::query("UPDATE delivery SET state = 'dot' WHERE letter = $1 AND state = 'sending'")
            .bind(letter)
            .execute(self.conn().await?)
            .await
            .context("Cannot note the final dot")?;
        Ok(())
    }

    /// The numbered lines of a letter.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lines(&mut self, letter: &str) -> Result<Vec<Line>> {
        let rows = sqlx::query("SELECT body FROM line WHERE letter = $1 ORDER BY number")
            .bind(letter)
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot read lines")?;
        rows.iter()
            .map(|r| {
                let body: String = r.try_get(0).context("Cannot read a line")?;
                serde_json::from_str(&body).context("A line in the database is damaged")
            })
            .collect()
    }
}

fn recipient_row(row: &sqlx::any::AnyRow) -> Result<(Address, Part, i64)> {
    let text: String = row.try_get(0).context("Cannot read a recipient")?;
    let part: String = row.try_get(1).context("Cannot read a part")?;
    let address = Address::parse(&text).with_context(|| format!("The outbox holds a wrong address '{text}'"))?;
    Ok((address, from_name(&part)?, row.try_get(2).context("Cannot read a count")?))
}

pub(super) fn letter_row(row: &sqlx::any::AnyRow) -> Result<LetterRow> {
    let kind: String = row.try_get(1).context("Cannot read a kind")?;
    let only_while: String = row.try_get(7).context("Cannot read a condition")?;
    let copy: Option<i64> = row.try_get(11).context("Cannot read an instant")?;
    Ok(LetterRow {
        id: row.try_get(0).context("Cannot read an id")?,
        kind: LetterKind::from_name(&kind).with_context(|| format!("The outbox holds an unknown kind '{kind}'"))?,
        unique_key: row.try_get(2).context("Cannot read a key")?,
        case_id: row.try_get(3).context("Cannot read a case")?,
        follow_up: row.try_get(4).context("Cannot read a reference")?,
        message_id: row.try_get(5).context("Cannot read a Message-ID")?,
        subject: row.try_get(6).context("Cannot read a subject")?,
        only_while: from_name(&only_while)?,
        envelope_from: row.try_get(8).context("Cannot read a sender")?,
        decided_at: instant(row.try_get(9).context("Cannot read an instant")?),
        earliest: instant(row.try_get(10).context("Cannot read an instant")?),
        copy_seen_at: copy.map(instant),
    })
}
