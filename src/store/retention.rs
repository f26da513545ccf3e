//! Removing what is held no longer. What goes is gone from every table; hashes and numbers stay, so that the same mail
//! is not taken in anew and the journal's chain holds.

use super::about::OF_CASE;
use super::read::Read;
use super::{Tx, instant, millis};
use crate::core::case::CaseId;
use crate::core::id::FollowUpId;
use crate::core::letter::{Line, LineSubject};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, Row};
use std::collections::{BTreeMap, BTreeSet};

/// How much was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Removed {
    /// Mails that had come in.
    pub mails: u64,
    /// Letters that had gone out.
    pub letters: u64,
    /// Texts of the journal.
    pub texts: u64,
    /// Mails that are about other cases too, and stay with them.
    pub shared: u64,
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

/// Letters that are about several cases, when those that are about one alone are gone.
const SHARED: &str = "id IN (SELECT a.id FROM about a WHERE a.case_id = $1)";

/// Letters that belong to no case, and are not about one alone either.
const WITHOUT_CASE: &str = "case_id IS NULL AND follow_up IS NULL AND (SELECT COUNT(*) FROM about a JOIN case_file c ON c.id = a.case_id WHERE a.id = letter.id) <> 1";

/// Letters that may still leave, or whose fate is open, keep their bytes.
const DONE: &str = "NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.letter = letter.id AND state IN ('queued', 'sending', 'dot', 'deferred', 'held'))";

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
        let letters = self.remove_letters(OF_CASE, case, now).await?;
        Ok(Removed { mails: ids.len() as u64, letters, ..Removed::default() })
    }

    async fn messages_to_remove(&mut self, case: &CaseId) -> Result<Vec<String>> {
        let sql =
            format!("SELECT id FROM message WHERE erased_at IS NULL AND state <> 'stored' AND {OF_CASE} ORDER BY id");
        self.ids_of(&sql, case).await
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

    async fn remove_letters(&mut self, which: &'static str, case: &CaseId, now: DateTime<Utc>) -> Result<u64> {
        let sql =
            format!("UPDATE letter SET bytes = $3, erased_at = $2 WHERE erased_at IS NULL AND ({which}) AND {DONE}");
        let done = sqlx::query(AssertSqlSafe(sql))
            .bind(&case.0)
            .bind(millis(now))
            .bind(Vec::new())
            .execute(self.conn().await?)
            .await
            .context("Cannot remove letters")?;
        Ok(done.rows_affected())
    }

    /// Mails from before an instant that count for no case, and the service's own copies of letters about several, which
    /// go when those do.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn unmatched(&mut self, before: DateTime<Utc>) -> Result<Vec<Unmatched>> {
        let rows = sqlx::query(
            "SELECT id, candidates FROM message WHERE erased_at IS NULL AND case_id IS NULL AND follow_up IS NULL AND state <> 'stored' AND received_at < $1 AND (id NOT IN (SELECT a.id FROM about a JOIN case_file c ON c.id = a.case_id) OR kind = 'own' AND id IN (SELECT id FROM about GROUP BY id HAVING COUNT(*) > 1)) ORDER BY id",
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

    /// Removes the bytes of letters about no case or about several (Today mails, receipts) that were decided before an
    /// instant, with their numbered lines; but none that names a case on legal hold.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn remove_letters_without_case(
        &mut self,
        before: DateTime<Utc>,
        held: &BTreeSet<CaseId>,
        now: DateTime<Utc>,
    ) -> Result<u64> {
        let mut kept = BTreeSet::new();
        for case in held {
            kept.extend(self.ids_of("SELECT id FROM about WHERE case_id = $1", case).await?);
        }
        let sql = format!(
            "SELECT id FROM letter WHERE erased_at IS NULL AND decided_at < {} AND {WITHOUT_CASE} AND {DONE}",
            millis(before)
        );
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(self.conn().await?).await;
        let mut removed = 0;
        for row in rows.context("Cannot list letters without a case")? {
            let id: String = row.try_get(0).context("Cannot read an id")?;
            if !kept.contains(&id) {
                self.remove_letter(&id, now).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    async fn remove_letter(&mut self, id: &str, now: DateTime<Utc>) -> Result<()> {
        for sql in ["DELETE FROM line WHERE letter = $1", "DELETE FROM about WHERE id = $1"] {
            let done = sqlx::query(sql).bind(id).execute(self.conn().await?).await;
            done.context("Cannot remove what a letter is about")?;
        }
        sqlx::query("UPDATE letter SET bytes = $3, erased_at = $2 WHERE id = $1")
            .bind(id)
            .bind(millis(now))
            .bind(Vec::new())
            .execute(self.conn().await?)
            .await
            .context("Cannot remove a letter")?;
        Ok(())
    }

    /// Removes everything about a case. Of the journal the chained hashes stay, of mails their hashes.
    ///
    /// # Errors
    /// When the database refuses; then nothing has happened.
    pub async fn erase_case(&mut self, case: &CaseId, now: DateTime<Utc>) -> Result<Removed> {
        let ids = self.ids_of(&format!("SELECT id FROM message WHERE {OF_CASE} ORDER BY id"), case).await?;
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
        let shared = self.remove_from_shared_letters(case, now).await?;
        for table in ["thread", "party"] {
            let sql = format!("DELETE FROM {table} WHERE follow_up IN (SELECT id FROM follow_up WHERE case_id = $1)");
            self.execute_for(case, AssertSqlSafe(sql)).await?;
        }
        self.forget_about(case).await?;
        for sql in [
            "DELETE FROM follow_up WHERE case_id = $1",
            "DELETE FROM contact WHERE case_id = $1",
            "DELETE FROM case_file WHERE id = $1",
        ] {
            self.execute_for(case, sql).await?;
        }
        self.read = Read::default();
        Ok(Removed { mails: ids.len() as u64, letters: letters + shared, texts, shared: 0 })
    }

    /// Of letters about several cases the bytes go, and the numbered lines about this one.
    async fn remove_from_shared_letters(&mut self, case: &CaseId, now: DateTime<Utc>) -> Result<u64> {
        let names = self.ids_of("SELECT id FROM follow_up WHERE case_id = $1", case).await?;
        let lines = sqlx::query(
            "SELECT letter, number, body FROM line WHERE letter IN (SELECT a.id FROM about a WHERE a.case_id = $1)",
        )
        .bind(&case.0)
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot read the lines of letters")?;
        for row in &lines {
            let body: String = row.try_get(2).context("Cannot read a line")?;
            let line: Line = serde_json::from_str(&body).context("A line in the database is damaged")?;
            if is_about(&line, case, &names) {
                sqlx::query("DELETE FROM line WHERE letter = $1 AND number = $2")
                    .bind(row.try_get::<String, _>(0).context("Cannot read a letter's id")?)
                    .bind(row.try_get::<i64, _>(1).context("Cannot read a number")?)
                    .execute(self.conn().await?)
                    .await
                    .context("Cannot remove a line")?;
            }
        }
        self.remove_letters(SHARED, case, now).await
    }

    async fn ids_of(&mut self, sql: &str, case: &CaseId) -> Result<Vec<String>> {
        let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).bind(&case.0).fetch_all(self.conn().await?).await;
        rows.context("Cannot list what is held on a case")?
            .iter()
            .map(|row| row.try_get(0).context("Cannot read an id"))
            .collect()
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

/// Whether a numbered line is about a case or one of its follow-ups, or names them.
fn is_about(line: &Line, case: &CaseId, follow_ups: &[String]) -> bool {
    let is_one = |id: &FollowUpId| follow_ups.iter().any(|f| f == id.as_str());
    let subject = match &line.subject {
        LineSubject::Case(id) => id == case,
        LineSubject::FollowUp(id) | LineSubject::Candidate { follow_up: id, .. } => is_one(id),
        LineSubject::Triage { candidates, .. } => candidates.iter().any(is_one),
        LineSubject::Held { .. } | LineSubject::Confirmation { .. } => false,
    };
    subject || follow_ups.iter().chain([&case.0]).any(|name| names(&line.text, name))
}

/// Whether a text holds a reference as a whole: EHC-2026-0412 does not name EHC-2026-041.
fn names(text: &str, reference: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric();
    text.match_indices(reference).any(|(at, found)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + found.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(goes_on) && !after.is_some_and(goes_on)
    })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_longer_reference_does_not_name_a_shorter_one() {
        let check = |text, expected| assert_eq!(names(text, "EHC-2026-041"), expected, "{text}");
        check("EHC-2026-041: advice is due.", true);
        check("about EHC-2026-0412 and EHC-2026-041", true);
        check("about EHC-2026-0412", false);
        check("XEHC-2026-041", false);
    }
}
