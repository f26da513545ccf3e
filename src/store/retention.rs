//! Removing what is held no longer. What goes is gone from every table; hashes and numbers stay, so that the same mail
//! is not taken in anew and the journal's chain holds.

use super::read::Read;
use super::{Tx, instant, millis};
use crate::core::case::CaseId;
use crate::core::id::FollowUpId;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Row};
use std::collections::BTreeMap;

/// How much was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Removed {
    /// Mails that had come in.
    pub mails: u64,
    /// Letters that had gone out.
    pub letters: u64,
    /// Texts of the journal.
    pub texts: u64,
}

/// A mail that never found a case.
#[derive(Debug, Clone)]
pub struct Unmatched {
    /// `MSG-…`.
    pub id: String,
    /// Where it might belong.
    pub candidates: Vec<FollowUpId>,
}

/// Stands as the destination of a server copy that is known to lie in the folder of its row.
const LIES_HERE: &str = "(lies here)";

/// Letters of a case, and those of its follow-ups.
const OF_CASE: &str = "(case_id = $1 OR follow_up IN (SELECT id FROM follow_up WHERE case_id = $1))";

impl Tx {
    /// Every case.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn all_cases(&mut self) -> Result<Vec<CaseId>> {
        let rows = sqlx::query("SELECT id FROM case_file ORDER BY id").fetch_all(self.conn().await?).await;
        let rows = rows.context("Cannot list the cases")?;
        rows.iter().map(|r| r.try_get(0).map(CaseId).context("Cannot read a case's key")).collect()
    }

    /// When something happened last to each case; that somebody read it is no event.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_events(&mut self) -> Result<BTreeMap<String, DateTime<Utc>>> {
        let rows = sqlx::query(
            "SELECT j.case_id, MAX(j.at) FROM journal j LEFT JOIN journal_text t ON t.seq = j.seq WHERE j.case_id IS NOT NULL AND (t.event IS NULL OR t.event NOT LIKE '{\"read\"%') GROUP BY j.case_id",
        )
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot read when cases were last touched")?;
        rows.iter()
            .map(|r| {
                Ok((
                    r.try_get(0).context("Cannot read a case")?,
                    instant(r.try_get(1).context("Cannot read an instant")?),
                ))
            })
            .collect()
    }

    /// Removes the bytes of a case's mails and letters; that they were there, from whom and when, stays.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_mail_of(&mut self, case: &CaseId, now: DateTime<Utc>) -> Result<Removed> {
        let ids = self.messages_to_remove(case).await?;
        self.remove_bytes(&ids, now).await?;
        let letters = self.remove_letters(OF_CASE, Some(case), now).await?;
        Ok(Removed { mails: ids.len() as u64, letters, texts: 0 })
    }

    async fn messages_to_remove(&mut self, case: &CaseId) -> Result<Vec<String>> {
        let sql =
            format!("SELECT id FROM message WHERE erased_at IS NULL AND state <> 'stored' AND {OF_CASE} ORDER BY id");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(&case.0).fetch_all(self.conn().await?).await;
        rows.context("Cannot list a case's mails")?.iter().map(|r| r.try_get(0).context("Cannot read an id")).collect()
    }

    /// Removes the bytes of mails.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_bytes(&mut self, ids: &[String], now: DateTime<Utc>) -> Result<()> {
        for id in ids {
            sqlx::query("DELETE FROM message_raw WHERE message = $1")
                .bind(id)
                .execute(self.conn().await?)
                .await
                .context("Cannot remove a mail")?;
            sqlx::query("UPDATE message SET erased_at = $2 WHERE id = $1")
                .bind(id)
                .bind(millis(now))
                .execute(self.conn().await?)
                .await
                .context("Cannot note that a mail was removed")?;
        }
        Ok(())
    }

    /// Letters that may still leave, or whose fate is open, keep their bytes.
    async fn remove_letters(&mut self, which: &'static str, case: Option<&CaseId>, now: DateTime<Utc>) -> Result<u64> {
        let sql = format!(
            "UPDATE letter SET bytes = $3, erased_at = $2 WHERE erased_at IS NULL AND {which} AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.letter = letter.id AND state IN ('queued', 'sending', 'dot', 'deferred', 'held'))"
        );
        let done = sqlx::query(AssertSqlSafe(sql))
            .bind(case.map_or("", |case| case.0.as_str()))
            .bind(millis(now))
            .bind(Vec::new())
            .execute(self.conn().await?)
            .await
            .context("Cannot remove letters")?;
        Ok(done.rows_affected())
    }

    /// Mails from before an instant that count for no case, the service's own copies included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unmatched(&mut self, before: DateTime<Utc>) -> Result<Vec<Unmatched>> {
        let rows = sqlx::query(
            "SELECT id, candidates FROM message WHERE erased_at IS NULL AND case_id IS NULL AND follow_up IS NULL AND state <> 'stored' AND received_at < $1 ORDER BY id",
        )
        .bind(millis(before))
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list mail without a case")?;
        rows.iter()
            .map(|r| {
                let text: Option<String> = r.try_get(1).context("Cannot read candidates")?;
                let candidates = text.map(|text| serde_json::from_str(&text)).transpose();
                let candidates = candidates.context("Cannot read candidates")?.unwrap_or_default();
                Ok(Unmatched { id: r.try_get(0).context("Cannot read an id")?, candidates })
            })
            .collect()
    }

    /// Removes mails that never found a case: their bytes, and what was read from them.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_unmatched(&mut self, ids: &[String], now: DateTime<Utc>) -> Result<()> {
        self.remove_bytes(ids, now).await?;
        for id in ids {
            self.blank(id).await?;
        }
        Ok(())
    }

    /// Of a mail only its hash stays, by which it would be known again.
    async fn blank(&mut self, id: &str) -> Result<()> {
        sqlx::query("UPDATE message SET state = 'ignored', from_address = NULL, header_id = NULL, text_hash = NULL, case_id = NULL, follow_up = NULL, candidates = NULL, story = NULL WHERE id = $1")
            .bind(id)
            .execute(self.conn().await?)
            .await
            .context("Cannot blank a mail's record")?;
        Ok(())
    }

    /// Removes the bytes of letters about no case (Today mails, receipts) that were decided before an instant, with
    /// their numbered lines.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_letters_without_case(&mut self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64> {
        sqlx::query("DELETE FROM line WHERE letter IN (SELECT id FROM letter WHERE case_id IS NULL AND follow_up IS NULL AND decided_at < $1)")
            .bind(millis(before))
            .execute(self.conn().await?)
            .await
            .context("Cannot remove the lines of letters")?;
        let done = sqlx::query(
            "UPDATE letter SET bytes = $3, erased_at = $2 WHERE erased_at IS NULL AND case_id IS NULL AND follow_up IS NULL AND decided_at < $1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.letter = letter.id AND state IN ('queued', 'sending', 'dot', 'deferred', 'held'))",
        )
        .bind(millis(before))
        .bind(millis(now))
        .bind(Vec::new())
        .execute(self.conn().await?)
        .await
        .context("Cannot remove letters without a case")?;
        Ok(done.rows_affected())
    }

    /// Removes everything about a case. Of the journal the chained hashes stay, of mails their hashes.
    ///
    /// # Errors
    /// When the database refuses; then nothing has happened.
    pub async fn erase_case(&mut self, case: &CaseId, now: DateTime<Utc>) -> Result<Removed> {
        let sql = format!("SELECT id FROM message WHERE {OF_CASE} ORDER BY id");
        let rows = sqlx::query(AssertSqlSafe(sql)).bind(&case.0).fetch_all(self.conn().await?).await;
        let ids: Vec<String> = rows
            .context("Cannot list a case's mails")?
            .iter()
            .map(|r| r.try_get(0).context("Cannot read an id"))
            .collect::<Result<_>>()?;
        self.remove_bytes(&ids, now).await?;
        for id in &ids {
            self.blank(id).await?;
        }
        let texts = self.execute_for(
            case,
            "DELETE FROM journal_text WHERE seq IN (SELECT seq FROM journal WHERE case_id = $1 OR follow_up IN (SELECT id FROM follow_up WHERE case_id = $1))",
        )
        .await?;
        for table in ["confirmation", "unproved", "line", "alias", "delivery"] {
            let sql = format!("DELETE FROM {table} WHERE letter IN (SELECT id FROM letter WHERE {OF_CASE})");
            self.execute_for(case, AssertSqlSafe(sql)).await?;
        }
        let letters = self.execute_for(case, AssertSqlSafe(format!("DELETE FROM letter WHERE {OF_CASE}"))).await?;
        for table in ["thread", "party"] {
            let sql = format!("DELETE FROM {table} WHERE follow_up IN (SELECT id FROM follow_up WHERE case_id = $1)");
            self.execute_for(case, AssertSqlSafe(sql)).await?;
        }
        for sql in [
            "DELETE FROM follow_up WHERE case_id = $1",
            "DELETE FROM contact WHERE case_id = $1",
            "DELETE FROM case_file WHERE id = $1",
        ] {
            self.execute_for(case, sql).await?;
        }
        self.read = Read::default();
        Ok(Removed { mails: ids.len() as u64, letters, texts })
    }

    async fn execute_for(&mut self, case: &CaseId, sql: impl sqlx::SqlSafeStr) -> Result<u64> {
        let done = sqlx::query(sql).bind(&case.0).execute(self.conn().await?).await.context("Cannot erase a case")?;
        Ok(done.rows_affected())
    }

    /// UIDs of a folder of handled mail that are known, under this UIDVALIDITY.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lying_in(&mut self, folder: &str, uid_validity: u32) -> Result<Vec<u32>> {
        self.uids_of(
            "SELECT uid FROM mailbox_place WHERE folder = $1 AND uid_validity = $2 AND moved_to = $3 ORDER BY uid",
            folder,
            uid_validity,
        )
        .await
    }

    /// Those of them whose mail was removed here, so that the server copy goes too.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn lying_in_and_removed(&mut self, folder: &str, uid_validity: u32) -> Result<Vec<u32>> {
        self.uids_of(
            "SELECT p.uid FROM mailbox_place p JOIN message m ON m.id = p.message WHERE p.folder = $1 AND p.uid_validity = $2 AND p.moved_to = $3 AND m.erased_at IS NOT NULL ORDER BY p.uid",
            folder,
            uid_validity,
        )
        .await
    }

    async fn uids_of(&mut self, sql: &'static str, folder: &str, uid_validity: u32) -> Result<Vec<u32>> {
        let rows = sqlx::query(sql)
            .bind(folder)
            .bind(i64::from(uid_validity))
            .bind(LIES_HERE)
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot list server copies")?;
        Ok(rows.iter().filter_map(|r| r.try_get::<i64, _>(0).ok()).filter_map(|uid| u32::try_from(uid).ok()).collect())
    }

    /// Notes which mail a server copy in a folder of handled mail is, when it is one that was taken in.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_lying(&mut self, folder: &str, uid_validity: u32, uid: u32, raw: &[u8]) -> Result<()> {
        sqlx::query("INSERT INTO mailbox_place (folder, uid_validity, uid, message, moved_to) SELECT $1, $2, $3, id, $5 FROM message WHERE sha256 = $4 ON CONFLICT DO NOTHING")
            .bind(folder)
            .bind(i64::from(uid_validity))
            .bind(i64::from(uid))
            .bind(super::messages::sha256(raw))
            .bind(LIES_HERE)
            .execute(self.conn().await?)
            .await
            .context("Cannot note where a mail lies")?;
        Ok(())
    }

    /// Forgets server copies that are gone: these, and all under another UIDVALIDITY.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn forget_lying(&mut self, folder: &str, uid_validity: u32, uids: &[u32]) -> Result<()> {
        for uid in uids {
            sqlx::query("DELETE FROM mailbox_place WHERE folder = $1 AND uid_validity = $2 AND uid = $3")
                .bind(folder)
                .bind(i64::from(uid_validity))
                .bind(i64::from(*uid))
                .execute(self.conn().await?)
                .await
                .context("Cannot forget a server copy")?;
        }
        sqlx::query("DELETE FROM mailbox_place WHERE folder = $1 AND uid_validity <> $2 AND moved_to = $3")
            .bind(folder)
            .bind(i64::from(uid_validity))
            .bind(LIES_HERE)
            .execute(self.conn().await?)
            .await
            .context("Cannot forget server copies")?;
        Ok(())
    }

    /// Number and hash of the journal's last entry, as proof of what stands before it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn journal_seal(&mut self) -> Result<(i64, String)> {
        let row = sqlx::query("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
            .fetch_optional(self.conn().await?)
            .await
            .context("Cannot read the journal's end")?;
        let Some(row) = row else { return Ok((0, String::new())) };
        Ok((row.try_get(0).context("Cannot read a number")?, row.try_get(1).context("Cannot read a hash")?))
    }
}
