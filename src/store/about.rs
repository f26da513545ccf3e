//! Which cases mails and letters are about beside the one that they belong to: commands and their answers, and whatever
//! concerns several children at once.

use super::Tx;
use super::gathered::places;
use crate::core::case::CaseId;
use crate::core::id::FollowUpId;
use anyhow::{Context, Result};
use sqlx::{AssertSqlSafe, Row};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that one statement writes.
const AT_ONCE: usize = 200;

/// Stands for a case that was erased: what was about it and another one is never that one's alone again.
const ERASED: &str = "(erased)";

/// Of `message` or `letter`: what belongs to the case `$1` and is about no other case, not even about one that was erased.
/// It may be shown to whoever has a right to see that case.
pub(super) const OF_CASE_ALONE: &str = "(case_id = $1 OR follow_up IN (SELECT f.id FROM follow_up f WHERE f.case_id = $1) OR id IN (SELECT a.id FROM about a WHERE a.case_id = $1)) AND id NOT IN (SELECT a.id FROM about a WHERE a.case_id <> $1)";

/// The same, but about no other case that is still held: it goes when that case goes.
pub(super) const OF_CASE: &str = "(case_id = $1 OR follow_up IN (SELECT f.id FROM follow_up f WHERE f.case_id = $1) OR id IN (SELECT a.id FROM about a WHERE a.case_id = $1)) AND id NOT IN (SELECT a.id FROM about a JOIN about b ON b.id = a.id AND b.case_id <> a.case_id JOIN case_file c ON c.id = b.case_id WHERE a.case_id = $1)";

impl Tx {
    /// Notes that a mail or a letter is about these cases.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_about(&mut self, id: &str, cases: &BTreeSet<CaseId>) -> Result<()> {
        let cases: Vec<&CaseId> = cases.iter().collect();
        for part in cases.chunks(AT_ONCE) {
            let sql =
                format!("INSERT INTO about (id, case_id) VALUES {} ON CONFLICT DO NOTHING", places(part.len(), 2));
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for case in part {
                query = query.bind(id).bind(&case.0);
            }
            query.execute(self.aside()).await.context("Cannot note what a mail is about")?;
        }
        Ok(())
    }

    /// The same for the cases of these follow-ups.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_about_follow_ups(&mut self, id: &str, follow_ups: &[&FollowUpId]) -> Result<()> {
        for part in follow_ups.chunks(AT_ONCE) {
            let list: Vec<String> = (2..part.len() + 2).map(|n| format!("${n}")).collect();
            let sql = format!(
                "INSERT INTO about (id, case_id) SELECT DISTINCT $1, case_id FROM follow_up WHERE id IN ({}) ON CONFLICT DO NOTHING",
                list.join(", ")
            );
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(id);
            for follow_up in part {
                query = query.bind(follow_up.as_str());
            }
            query.execute(self.aside()).await.context("Cannot note what a mail is about")?;
        }
        Ok(())
    }

    /// Forgets what is about a case that goes; that it was about one more stays of what is about others too.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) async fn forget_about(&mut self, case: &CaseId) -> Result<()> {
        for sql in [
            "INSERT INTO about (id, case_id) SELECT id, $2 FROM about WHERE case_id <> $1 AND id IN (SELECT a.id FROM about a WHERE a.case_id = $1) ON CONFLICT DO NOTHING",
            "DELETE FROM about WHERE case_id = $1 AND case_id <> $2",
        ] {
            let done = sqlx::query(sql).bind(&case.0).bind(ERASED).execute(self.aside()).await;
            done.context("Cannot forget what a mail is about")?;
        }
        Ok(())
    }

    /// The cases that a letter belongs to or is about.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_of_letter(&mut self, letter: &str) -> Result<BTreeSet<CaseId>> {
        let found = sqlx::query(
            "SELECT case_id FROM about WHERE id = $1 UNION SELECT case_id FROM letter WHERE id = $1 AND case_id IS NOT NULL",
        )
        .bind(letter)
        .fetch_all(self.aside())
        .await
        .context("Cannot read what a letter is about")?;
        found.iter().map(|row| row.try_get(0).map(CaseId).context("Cannot read a case")).collect()
    }

    /// The cases that a mail belongs to or is about.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_of_message(&mut self, message: &str) -> Result<BTreeSet<CaseId>> {
        let found = sqlx::query(
            "SELECT case_id FROM about WHERE id = $1 UNION SELECT case_id FROM message WHERE id = $1 AND case_id IS NOT NULL UNION SELECT f.case_id FROM message m JOIN follow_up f ON f.id = m.follow_up WHERE m.id = $1",
        )
        .bind(message)
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot read what a mail is about")?;
        found.iter().map(|row| row.try_get(0).map(CaseId).context("Cannot read a case")).collect()
    }

    /// Mails that are about several cases, with those of them that are still held; the service's own copies apart.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn shared_mails(&mut self) -> Result<BTreeMap<String, Vec<CaseId>>> {
        self.shared("m.kind IS NULL OR m.kind <> 'own'").await
    }

    /// The same of the service's own copies of letters about several cases.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn shared_copies(&mut self) -> Result<BTreeMap<String, Vec<CaseId>>> {
        self.shared("m.kind = 'own'").await
    }

    async fn shared(&mut self, of_kind: &'static str) -> Result<BTreeMap<String, Vec<CaseId>>> {
        let sql = format!(
            "SELECT a.id, c.id FROM about a JOIN message m ON m.id = a.id JOIN case_file c ON c.id = a.case_id WHERE ({of_kind}) AND m.erased_at IS NULL AND m.state <> 'stored' AND a.id IN (SELECT id FROM about GROUP BY id HAVING COUNT(*) > 1) ORDER BY a.id, c.id"
        );
        let found = sqlx::query(AssertSqlSafe(sql))
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot list the mails about several cases")?;
        let mut shared: BTreeMap<String, Vec<CaseId>> = BTreeMap::new();
        for row in &found {
            let case = row.try_get(1).map(CaseId).context("Cannot read a case")?;
            shared.entry(row.try_get(0).context("Cannot read an id")?).or_default().push(case);
        }
        Ok(shared)
    }
}
