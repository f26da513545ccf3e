//! Mail as it came: raw bytes first, then what became of it.

use super::gathered::Gathered;
use super::{Tx, from_name, instant, name_of};
use crate::core::id::{Address, FollowUpId};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;

/// What has become of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Taken in, not looked at yet.
    Stored,
    /// Counts for a follow-up, or was a command.
    Placed,
    /// A person has to say where it belongs.
    Triage,
    /// Kept, without effect.
    Filed,
    /// Could not be understood; listed, tried again on demand.
    Failed,
    /// Older than the start marker, or a duplicate.
    Ignored,
}

/// Where the server copy belongs once the outcome is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The folder for what was handled.
    Processed,
    /// The folder for what a person has to look at.
    Triage,
}

impl MessageState {
    /// Where the server copy belongs; `None` while it is still to be looked at.
    pub fn place(self) -> Option<Place> {
        match self {
            Self::Stored => None,
            Self::Placed | Self::Filed | Self::Ignored => Some(Place::Processed),
            Self::Triage | Self::Failed => Some(Place::Triage),
        }
    }
}

/// What became of one message, with the story that `explain` tells.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Final state.
    pub state: MessageState,
    /// Kind, by name.
    pub kind: String,
    /// The author.
    pub from: Option<String>,
    /// Its `Message-ID`.
    pub header_id: Option<String>,
    /// Hash of what the sender wrote: tells a re-delivery from another mail with the same Message-ID.
    pub text_hash: Option<String>,
    /// Case that it counts for.
    pub case_id: Option<String>,
    /// Follow-up that it counts for.
    pub follow_up: Option<FollowUpId>,
    /// In triage: where it might belong, best first.
    pub candidates: Vec<FollowUpId>,
    /// Evidence and signals, one sentence each.
    pub story: Vec<String>,
}

/// A stored mail.
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// `MSG-…`.
    pub id: String,
    /// When the mailbox received it.
    pub received_at: DateTime<Utc>,
    /// Size in bytes.
    pub size: i64,
    /// False when only its head was fetched.
    pub whole: bool,
    /// What has become of it.
    pub state: MessageState,
    /// Kind, by name.
    pub kind: Option<String>,
    /// The author.
    pub from: Option<String>,
    /// Follow-up that it counts for.
    pub follow_up: Option<String>,
    /// In triage: where it might belong, best first.
    pub candidates: Vec<FollowUpId>,
    /// Evidence and signals.
    pub story: Vec<String>,
}

/// The id of a mail: derived from its bytes, so the same mail is the same message wherever it turns up.
pub fn message_id(sha256: &str) -> String {
    let short: String = sha256.chars().take(16).collect();
    format!("MSG-{}", short.to_uppercase())
}

pub(super) fn sha256(raw: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(raw))
}

/// What a [`MessageRow`] is read from.
pub(super) const MESSAGE_COLUMNS: &str =
    "id, received_at, size, whole, state, kind, from_address, follow_up, story, candidates";

impl Tx {
    /// Ids of mails that have not been looked at, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn waiting_messages(&mut self, limit: i64) -> Result<Vec<String>> {
        let rows = sqlx::query("SELECT id FROM message WHERE state = 'stored' ORDER BY received_at, id LIMIT $1")
            .bind(limit)
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot list waiting messages")?;
        rows.iter().map(|r| r.try_get(0).context("Cannot read a message's id")).collect()
    }

    /// Mails that have not been looked at, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unread(&mut self, limit: i64) -> Result<Vec<MessageRow>> {
        let sql =
            format!("SELECT {MESSAGE_COLUMNS} FROM message WHERE state = 'stored' ORDER BY received_at, id LIMIT $1");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(limit)
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot list waiting messages")?;
        rows.iter().map(message_row).collect()
    }

    /// A stored mail.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn message(&mut self, id: &str) -> Result<Option<MessageRow>> {
        let row = sqlx::query(
            "SELECT id, received_at, size, whole, state, kind, from_address, follow_up, story, candidates FROM message WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(self.conn().await?)
        .await
        .context("Cannot read a message")?;
        row.map(|r| message_row(&r)).transpose()
    }

    /// The bytes of a stored mail; `None` when retention has removed them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn raw(&mut self, id: &str) -> Result<Option<Vec<u8>>> {
        let row = sqlx::query("SELECT raw FROM message_raw WHERE message = $1")
            .bind(id)
            .fetch_optional(self.aside())
            .await
            .context("Cannot read a message's bytes")?;
        row.map(|r| r.try_get(0).context("Cannot read a message's bytes")).transpose()
    }

    /// Records what became of a mail.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn settle_message(&mut self, id: &str, outcome: &Outcome) -> Result<()> {
        self.read.unseen.retain(|id| outcome.header_id.as_ref() != Some(id));
        self.read.unanswered.retain(|id| outcome.follow_up.as_ref() != Some(id));
        self.gather(
            Gathered::Settled,
            [
                id.into(),
                name_of(&outcome.state)?.into(),
                outcome.kind.as_str().into(),
                outcome.from.as_deref().into(),
                outcome.case_id.as_deref().into(),
                outcome.follow_up.as_ref().map(FollowUpId::as_str).into(),
                serde_json::to_string(&outcome.story).context("Cannot write a story")?.into(),
                outcome.header_id.as_deref().into(),
                outcome.text_hash.as_deref().into(),
                serde_json::to_string(&outcome.candidates).context("Cannot write candidates")?.into(),
            ],
        );
        Ok(())
    }

    /// Whether a mail with this Message-ID, author and text has been handled already (a re-delivery).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_redelivery(&mut self, id: &str, header_id: &str, from: &str, text_hash: &str) -> Result<bool> {
        if self.read.unseen.contains(header_id) {
            return Ok(false);
        }
        let row = sqlx::query(
            "SELECT COUNT(*) FROM message WHERE header_id = $1 AND from_address = $2 AND text_hash = $3 AND id <> $4 AND state IN ('placed', 'filed', 'triage')",
        )
        .bind(header_id)
        .bind(from)
        .bind(text_hash)
        .bind(id)
        .fetch_one(self.conn().await?)
        .await
        .context("Cannot look for a re-delivery")?;
        Ok(row.try_get::<i64, _>(0).context("Cannot read a count")? > 0)
    }

    /// An earlier mail of this sender with the same content that counts for this follow-up, the newest.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn same_content(
        &mut self,
        id: &str,
        from: &Address,
        text_hash: &str,
        follow_up: &FollowUpId,
    ) -> Result<Option<String>> {
        if self.read.unanswered.contains(follow_up) {
            return Ok(None);
        }
        let row = sqlx::query(
            "SELECT id FROM message WHERE follow_up = $1 AND from_address = $2 AND text_hash = $3 AND id <> $4 AND state = 'placed' ORDER BY received_at DESC, id LIMIT 1",
        )
        .bind(follow_up.as_str())
        .bind(from.as_str())
        .bind(text_hash)
        .bind(id)
        .fetch_optional(self.conn().await?)
        .await
        .context("Cannot look for the same content")?;
        row.map(|r| r.try_get(0).context("Cannot read a message's id")).transpose()
    }

    /// Settles a mail on a person's word, adding the reason to its story.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_message_state(
        &mut self,
        id: &str,
        state: MessageState,
        follow_up: Option<&FollowUpId>,
        why: &str,
    ) -> Result<()> {
        let mut story = self.message(id).await?.map(|m| m.story).unwrap_or_default();
        story.push(why.to_owned());
        self.read.unanswered.retain(|id| follow_up != Some(id));
        sqlx::query("UPDATE message SET state = $2, follow_up = COALESCE($3, follow_up), story = $4 WHERE id = $1")
            .bind(id)
            .bind(name_of(&state)?)
            .bind(follow_up.map(FollowUpId::as_str))
            .bind(serde_json::to_string(&story).context("Cannot write a story")?)
            .execute(self.conn().await?)
            .await
            .context("Cannot settle a message")?;
        Ok(())
    }

    /// Puts a mail back to be looked at again (`replay`, a roles question answered, a proof that has come).
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn look_again(&mut self, id: &str) -> Result<()> {
        sqlx::query("UPDATE message SET state = 'stored' WHERE id = $1")
            .bind(id)
            .execute(self.conn().await?)
            .await
            .context("Cannot put a message back")?;
        Ok(())
    }

    /// Messages in a state, newest last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn messages_in(&mut self, state: MessageState) -> Result<Vec<MessageRow>> {
        let rows = sqlx::query(
            "SELECT id, received_at, size, whole, state, kind, from_address, follow_up, story, candidates FROM message WHERE state = $1 ORDER BY received_at, id",
        )
        .bind(name_of(&state)?)
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list messages")?;
        rows.iter().map(message_row).collect()
    }

    /// Messages that count for a follow-up, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn messages_of(&mut self, follow_up: &str) -> Result<Vec<MessageRow>> {
        let rows = sqlx::query(
            "SELECT id, received_at, size, whole, state, kind, from_address, follow_up, story, candidates FROM message WHERE follow_up = $1 ORDER BY received_at, id",
        )
        .bind(follow_up)
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list messages")?;
        rows.iter().map(message_row).collect()
    }
}

pub(super) fn message_row(row: &sqlx::any::AnyRow) -> Result<MessageRow> {
    let state: String = row.try_get(4).context("Cannot read a state")?;
    let story: Option<String> = row.try_get(8).context("Cannot read a story")?;
    let candidates: Option<String> = row.try_get(9).context("Cannot read candidates")?;
    Ok(MessageRow {
        id: row.try_get(0).context("Cannot read an id")?,
        received_at: instant(row.try_get(1).context("Cannot read an instant")?),
        size: row.try_get(2).context("Cannot read a size")?,
        whole: row.try_get::<i64, _>(3).context("Cannot read a flag")? == 1,
        state: from_name(&state)?,
        kind: row.try_get(5).context("Cannot read a kind")?,
        from: row.try_get(6).context("Cannot read an address")?,
        follow_up: row.try_get(7).context("Cannot read a reference")?,
        candidates: candidates
            .map(|c| serde_json::from_str(&c))
            .transpose()
            .context("Cannot read candidates")?
            .unwrap_or_default(),
        story: story.map(|s| serde_json::from_str(&s)).transpose().context("Cannot read a story")?.unwrap_or_default(),
    })
}
