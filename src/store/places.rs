//! Where mails stand on the server: taking in, the cursor of each folder, and moving handled copies.

use super::gathered::{places, portions};
use super::messages::{MessageState, message_id, sha256};
use super::{Tx, from_name, millis};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Row};
use std::collections::HashSet;

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

/// Bytes of mail that one statement carries at most, unless one mail has more.
const BYTES_AT_ONCE: usize = 1 << 20;

/// A mail with the id that its bytes give it, and their hash.
struct Named<'a> {
    id: String,
    sha: String,
    mail: &'a Incoming,
}

impl<'a> Named<'a> {
    fn of(mail: &'a Incoming) -> Self {
        let sha = sha256(&mail.raw);
        Self { id: message_id(&sha), sha, mail }
    }
}

impl Tx {
    /// Stores raw mails of a folder and moves its cursor behind the last of them, in this one transaction.
    /// Mails whose bytes are known already get a further place and are not looked at again.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn take_in(&mut self, folder: &str, uid_validity: u32, mails: &[Incoming]) -> Result<usize> {
        let mails: Vec<Named> = mails.iter().map(Named::of).collect();
        let mut fresh = self.store_messages(&mails).await?;
        let fresh: Vec<&Named> = mails.iter().filter(|mail| fresh.remove(&mail.id)).collect();
        self.store_bytes(&fresh).await?;
        self.note_places(folder, uid_validity, &mails).await?;
        if let Some(last) = mails.iter().map(|named| named.mail.uid).max() {
            self.set_cursor(folder, uid_validity, last).await?;
        }
        Ok(fresh.len())
    }

    /// The ids of those that were not known.
    async fn store_messages(&mut self, mails: &[Named<'_>]) -> Result<HashSet<String>> {
        let mut fresh = HashSet::new();
        for mails in portions(mails, |_| true) {
            let sql = format!(
                "INSERT INTO message (id, sha256, received_at, size, whole, state) VALUES {} ON CONFLICT DO NOTHING RETURNING id",
                places(mails.len(), 6)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for Named { id, sha, mail } in mails {
                query = query
                    .bind(id)
                    .bind(sha)
                    .bind(millis(mail.received_at))
                    .bind(i64::try_from(mail.raw.len()).unwrap_or(i64::MAX))
                    .bind(i64::from(mail.whole))
                    .bind("stored");
            }
            let rows = query.fetch_all(self.conn().await?).await.context("Cannot store messages")?;
            for row in rows {
                fresh.insert(row.try_get(0).context("Cannot read a message's id")?);
            }
        }
        Ok(fresh)
    }

    async fn store_bytes(&mut self, mails: &[&Named<'_>]) -> Result<()> {
        let may = |mails: &[&Named]| mails.iter().map(|named| named.mail.raw.len()).sum::<usize>() <= BYTES_AT_ONCE;
        for mails in portions(mails, may) {
            let sql = format!("INSERT INTO message_raw (message, raw) VALUES {}", places(mails.len(), 2));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for Named { id, mail, .. } in mails {
                query = query.bind(id).bind(mail.raw.as_slice());
            }
            query.execute(self.conn().await?).await.context("Cannot store messages' bytes")?;
        }
        Ok(())
    }

    /// Notes where messages stand; one that was set aside there has now been read after all.
    async fn note_places(&mut self, folder: &str, uid_validity: u32, mails: &[Named<'_>]) -> Result<()> {
        let mut seen = HashSet::new();
        let mails: Vec<&Named> = mails.iter().filter(|named| seen.insert(named.mail.uid)).collect();
        for mails in portions(&mails, |_| true) {
            let sql = format!(
                "INSERT INTO mailbox_place (folder, uid_validity, uid, message) VALUES {} ON CONFLICT (folder, uid_validity, uid) DO UPDATE SET message = excluded.message, moved_to = NULL WHERE mailbox_place.moved_to = '{SET_ASIDE}'",
                places(mails.len(), 4)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for Named { id, mail, .. } in mails {
                query = query.bind(folder).bind(i64::from(uid_validity)).bind(i64::from(mail.uid)).bind(id);
            }
            query.execute(self.conn().await?).await.context("Cannot note where messages stand")?;
            let sql = format!(
                "UPDATE message SET state = 'ignored' FROM (VALUES {}) AS read_now WHERE message.id = column1 AND message.id <> column2",
                places(mails.len(), 2)
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for Named { id, mail, .. } in mails {
                query = query.bind(message_id(&blank_hash(folder, uid_validity, mail.uid))).bind(id);
            }
            query.execute(self.conn().await?).await.context("Cannot note that messages were read after all")?;
        }
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
        .execute(self.conn().await?)
        .await
        .context("Cannot record a mail that cannot be fetched")?;
        sqlx::query("INSERT INTO mailbox_place (folder, uid_validity, uid, message, moved_to) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING")
            .bind(folder)
            .bind(i64::from(uid_validity))
            .bind(i64::from(uid))
            .bind(&id)
            .bind(SET_ASIDE)
            .execute(self.conn().await?)
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
            .fetch_optional(self.conn().await?)
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
        .execute(self.conn().await?)
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
                .fetch_all(self.conn().await?)
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
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot read the mailbox ledger")?;
        Ok(rows.iter().map(|r| number(r, 0)).collect())
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
        .fetch_all(self.conn().await?)
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
                .execute(self.conn().await?)
                .await
                .context("Cannot note that a message was moved")?;
        }
        Ok(())
    }
}

fn number(row: &sqlx::any::AnyRow, index: usize) -> u32 {
    row.try_get::<i64, _>(index).ok().and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}
