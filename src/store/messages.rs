//! Mail as it came: raw bytes first, then what became of it.

use super::{Tx, from_name, instant, millis, name_of};
use crate::core::id::FollowUpId;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::Row;

/// A mail as the mailbox hands it over.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// UID in its folder.
    pub uid: u32,
    /// When the mailbox received it.
    pub received_at: DateTime<Utc>,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// False when only its head was fetched, for it is over the size limit.
    pub whole: bool,
}

/// Stands as the folder of a mail that the server could not give.
const SET_ASIDE: &str = "(not fetched)";

/// The hash that a mail goes by whose bytes nobody has seen.
fn blank_hash(folder: &str, uid_validity: u32, uid: u32) -> String {
    sha256(format!("not fetched: {uid_validity} {uid} {folder}").as_bytes())
}

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

fn sha256(raw: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(raw))
}

impl Tx {
    /// Stores raw mails of a folder and moves its cursor behind the last of them, in this one transaction.
    /// Mails whose bytes are known already get a further place and are not looked at again.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn take_in(&mut self, folder: &str, uid_validity: u32, mails: &[Incoming]) -> Result<usize> {
        let mut fresh = 0;
        for mail in mails {
            let sha = sha256(&mail.raw);
            let id = message_id(&sha);
            let inserted = sqlx::query(
                "INSERT INTO message (id, sha256, received_at, size, whole, state) VALUES ($1, $2, $3, $4, $5, 'stored') ON CONFLICT DO NOTHING",
            )
            .bind(&id)
            .bind(&sha)
            .bind(millis(mail.received_at))
            .bind(i64::try_from(mail.raw.len()).unwrap_or(i64::MAX))
            .bind(i64::from(mail.whole))
            .execute(&mut *self.inner)
            .await
            .context("Cannot store a message")?
            .rows_affected();
            if inserted == 1 {
                fresh += 1;
                sqlx::query("INSERT INTO message_raw (message, raw) VALUES ($1, $2)")
                    .bind(&id)
                    .bind(mail.raw.as_slice())
                    .execute(&mut *self.inner)
                    .await
                    .context("Cannot store a message's bytes")?;
            }
            self.note_place(folder, uid_validity, mail.uid, &id).await?;
        }
        if let Some(last) = mails.iter().map(|m| m.uid).max() {
            self.set_cursor(folder, uid_validity, last).await?;
        }
        Ok(fresh)
    }

    /// Notes where a message stands; one that was set aside there has now been read after all.
    async fn note_place(&mut self, folder: &str, uid_validity: u32, uid: u32, id: &str) -> Result<()> {
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "INSERT INTO mailbox_place (folder, uid_validity, uid, message) VALUES ($1, $2, $3, $4) ON CONFLICT (folder, uid_validity, uid) DO UPDATE SET message = $4, moved_to = NULL WHERE mailbox_place.moved_to = '{SET_ASIDE}'"
        )))
        .bind(folder)
        .bind(i64::from(uid_validity))
        .bind(i64::from(uid))
        .bind(id)
        .execute(&mut *self.inner)
        .await
        .context("Cannot note where a message stands")?;
        let blank = message_id(&blank_hash(folder, uid_validity, uid));
        sqlx::query("UPDATE message SET state = 'ignored' WHERE id = $1 AND id <> $2")
            .bind(blank)
            .bind(id)
            .execute(&mut *self.inner)
            .await
            .context("Cannot note that a message was read after all")?;
        Ok(())
    }

    /// Records a mail that the server cannot give, and moves the cursor behind it: listed as failed, its server copy
    /// stays where it is.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_aside(&mut self, place: (&str, u32, u32), why: &str, now: DateTime<Utc>) -> Result<()> {
        let (folder, uid_validity, uid) = place;
        let sha = blank_hash(folder, uid_validity, uid);
        let id = message_id(&sha);
        let story = serde_json::to_string(&[why]).context("Cannot write a story")?;
        sqlx::query(
            "INSERT INTO message (id, sha256, received_at, size, whole, state, kind, story) VALUES ($1, $2, $3, 0, 0, 'failed', 'human', $4) ON CONFLICT DO NOTHING",
        )
        .bind(&id)
        .bind(&sha)
        .bind(millis(now))
        .bind(story)
        .execute(&mut *self.inner)
        .await
        .context("Cannot record a mail that cannot be fetched")?;
        sqlx::query("INSERT INTO mailbox_place (folder, uid_validity, uid, message, moved_to) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
            .bind(folder)
            .bind(i64::from(uid_validity))
            .bind(i64::from(uid))
            .bind(&id)
            .bind(SET_ASIDE)
            .execute(&mut *self.inner)
            .await
            .context("Cannot note where a message stands")?;
        self.set_cursor(folder, uid_validity, uid).await
    }

    /// The UIDVALIDITY and the last UID taken in from a folder.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cursor(&mut self, folder: &str) -> Result<Option<(u32, u32)>> {
        let row = sqlx::query("SELECT uid_validity, uid FROM mailbox_cursor WHERE folder = $1")
            .bind(folder)
            .fetch_optional(&mut *self.inner)
            .await
            .context("Cannot read the mailbox cursor")?;
        Ok(row.map(|r| (number(&r, 0), number(&r, 1))))
    }

    /// Moves the cursor of a folder forward; back only when its UIDVALIDITY is another.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_cursor(&mut self, folder: &str, uid_validity: u32, uid: u32) -> Result<()> {
        sqlx::query(
            "INSERT INTO mailbox_cursor (folder, uid_validity, uid) VALUES ($1, $2, $3) ON CONFLICT (folder) DO UPDATE SET uid_validity = $2, uid = CASE WHEN mailbox_cursor.uid_validity = $2 AND mailbox_cursor.uid > $3 THEN mailbox_cursor.uid ELSE $3 END",
        )
        .bind(folder)
        .bind(i64::from(uid_validity))
        .bind(i64::from(uid))
        .execute(&mut *self.inner)
        .await
        .context("Cannot move the mailbox cursor")?;
        Ok(())
    }

    /// UIDs of mails of a folder that were set aside unread.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn set_aside_uids(&mut self, folder: &str, uid_validity: u32) -> Result<Vec<u32>> {
        let rows =
            sqlx::query("SELECT uid FROM mailbox_place WHERE folder = $1 AND uid_validity = $2 AND moved_to = $3")
                .bind(folder)
                .bind(i64::from(uid_validity))
                .bind(SET_ASIDE)
                .fetch_all(&mut *self.inner)
                .await
                .context("Cannot list what was set aside")?;
        Ok(rows.iter().map(|r| number(r, 0)).collect())
    }

    /// UIDs of a folder that have a disposition; mails that were set aside unread have none yet.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn known_uids(&mut self, folder: &str, uid_validity: u32) -> Result<Vec<u32>> {
        let rows = sqlx::query("SELECT uid FROM mailbox_place WHERE folder = $1 AND uid_validity = $2 AND (moved_to IS NULL OR moved_to <> $3)")
            .bind(folder)
            .bind(i64::from(uid_validity))
            .bind(SET_ASIDE)
            .fetch_all(&mut *self.inner)
            .await
            .context("Cannot read the mailbox ledger")?;
        Ok(rows.iter().map(|r| number(r, 0)).collect())
    }

    /// Ids of mails that have not been looked at, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn waiting_messages(&mut self, limit: i64) -> Result<Vec<String>> {
        let rows = sqlx::query("SELECT id FROM message WHERE state = 'stored' ORDER BY received_at, id LIMIT $1")
            .bind(limit)
            .fetch_all(&mut *self.inner)
            .await
            .context("Cannot list waiting messages")?;
        rows.iter().map(|r| r.try_get(0).context("Cannot read a message's id")).collect()
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
        .fetch_optional(&mut *self.inner)
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
            .fetch_optional(&mut *self.inner)
            .await
            .context("Cannot read a message's bytes")?;
        row.map(|r| r.try_get(0).context("Cannot read a message's bytes")).transpose()
    }

    /// Records what became of a mail.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn settle_message(&mut self, id: &str, outcome: &Outcome) -> Result<()> {
        sqlx::query(
            "UPDATE message SET state = $2, kind = $3, from_address = $4, case_id = $5, follow_up = $6, story = $7, header_id = $8, text_hash = $9, candidates = $10 WHERE id = $1",
        )
        .bind(id)
        .bind(name_of(&outcome.state)?)
        .bind(&outcome.kind)
        .bind(outcome.from.as_deref())
        .bind(outcome.case_id.as_deref())
        .bind(outcome.follow_up.as_ref().map(FollowUpId::as_str))
        .bind(serde_json::to_string(&outcome.story).context("Cannot write a story")?)
        .bind(outcome.header_id.as_deref())
        .bind(outcome.text_hash.as_deref())
        .bind(serde_json::to_string(&outcome.candidates).context("Cannot write candidates")?)
        .execute(&mut *self.inner)
        .await
        .context("Cannot settle a message")?;
        Ok(())
    }

    /// Whether a mail with this Message-ID, author and text has been handled already (a re-delivery).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn is_redelivery(&mut self, id: &str, header_id: &str, from: &str, text_hash: &str) -> Result<bool> {
        let row = sqlx::query(
            "SELECT COUNT(*) FROM message WHERE header_id = $1 AND from_address = $2 AND text_hash = $3 AND id <> $4 AND state IN ('placed', 'filed', 'triage')",
        )
        .bind(header_id)
        .bind(from)
        .bind(text_hash)
        .bind(id)
        .fetch_one(&mut *self.inner)
        .await
        .context("Cannot look for a re-delivery")?;
        Ok(row.try_get::<i64, _>(0).context("Cannot read a count")? > 0)
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
        sqlx::query("UPDATE message SET state = $2, follow_up = COALESCE($3, follow_up), story = $4 WHERE id = $1")
            .bind(id)
            .bind(name_of(&state)?)
            .bind(follow_up.map(FollowUpId::as_str))
            .bind(serde_json::to_string(&story).context("Cannot write a story")?)
            .execute(&mut *self.inner)
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
            .execute(&mut *self.inner)
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
        .fetch_all(&mut *self.inner)
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
        .fetch_all(&mut *self.inner)
        .await
        .context("Cannot list messages")?;
        rows.iter().map(message_row).collect()
    }

    /// Server copies whose outcome is committed and that have not been moved: UID and the state that says where to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unmoved(&mut self, folder: &str, uid_validity: u32, limit: i64) -> Result<Vec<(u32, MessageState)>> {
        let rows = sqlx::query(
            "SELECT p.uid, m.state FROM mailbox_place p JOIN message m ON m.id = p.message WHERE p.folder = $1 AND p.uid_validity = $2 AND p.moved_to IS NULL AND m.state <> 'stored' ORDER BY p.uid LIMIT $3",
        )
        .bind(folder)
        .bind(i64::from(uid_validity))
        .bind(limit)
        .fetch_all(&mut *self.inner)
        .await
        .context("Cannot list what is to be moved")?;
        rows.iter()
            .map(|r| {
                let state: String = r.try_get(1).context("Cannot read a state")?;
                Ok((number(r, 0), from_name(&state)?))
            })
            .collect()
    }

    /// Notes that a server copy has been moved.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_moved(&mut self, folder: &str, uid_validity: u32, uids: &[u32], to: &str) -> Result<()> {
        for uid in uids {
            sqlx::query("UPDATE mailbox_place SET moved_to = $4 WHERE folder = $1 AND uid_validity = $2 AND uid = $3")
                .bind(folder)
                .bind(i64::from(uid_validity))
                .bind(i64::from(*uid))
                .bind(to)
                .execute(&mut *self.inner)
                .await
                .context("Cannot note that a message was moved")?;
        }
        Ok(())
    }
}

fn number(row: &sqlx::any::AnyRow, index: usize) -> u32 {
    row.try_get::<i64, _>(index).ok().and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}

fn message_row(row: &sqlx::any::AnyRow) -> Result<MessageRow> {
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
