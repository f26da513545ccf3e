//! Cases and their plans: draft checks, timescales, plans issued, and the service's own queue.

use super::{count, date, text};
use crate::store::{Tx, millis};
use anyhow::{Context, Result};
use chrono::{DateTime, Days, NaiveDate, Utc};

/// Draft checks of one co-ordinator.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChecksRow {
    /// Address of the co-ordinator.
    pub coordinator: String,
    /// Open.
    pub open: u64,
    /// Ended with feedback since.
    pub feedback: u64,
    /// Ended with "no changes" since.
    pub confirmed: u64,
    /// Ended without an answer since.
    pub no_reply: u64,
    /// Feedback since, without a copy to the line manager.
    pub manager_not_copied: u64,
}

/// A case whose plan is still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The authority's reference.
    pub case: String,
    /// Address of the co-ordinator.
    pub coordinator: String,
    /// The day of the request.
    pub requested_on: NaiveDate,
    /// How it stood at the last evaluation.
    pub outlook: String,
    /// When the plan was then expected.
    pub expected_on: Option<NaiveDate>,
    /// The last date that parents were told.
    pub told: Option<NaiveDate>,
    /// Whether the authority has decided to assess or not: 0 or 1.
    pub decided: u64,
    /// Whether a plan draft has been issued: 0 or 1.
    pub drafted: u64,
}

/// Plans that were asked for and issued on the same two days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedRow {
    /// Address of the co-ordinator.
    pub coordinator: String,
    /// The day of the request.
    pub requested_on: NaiveDate,
    /// The day of issue.
    pub final_on: NaiveDate,
    /// Whether an exception of any phase is on record: 0 or 1.
    pub week20: u64,
    /// How many.
    pub plans: u64,
}

/// The weeks of the law, and the open cases whose day of request is in a period and that are not past that step.
const AT_MILESTONE: [(u64, &str); 3] = [
    (
        6,
        "SELECT id, coordinator, requested_on, outlook, expected_on, told, decided, drafted FROM case_file WHERE over = 0 AND requested_on >= $1 AND requested_on <= $2 AND decided = 0 ORDER BY requested_on, id",
    ),
    (
        16,
        "SELECT id, coordinator, requested_on, outlook, expected_on, told, decided, drafted FROM case_file WHERE over = 0 AND requested_on >= $1 AND requested_on <= $2 AND drafted = 0 ORDER BY requested_on, id",
    ),
    (
        20,
        "SELECT id, coordinator, requested_on, outlook, expected_on, told, decided, drafted FROM case_file WHERE over = 0 AND requested_on >= $1 AND requested_on <= $2 ORDER BY requested_on, id",
    ),
];

impl Tx {
    /// Draft checks by co-ordinator.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn draft_checks(&mut self, since: DateTime<Utc>) -> Result<Vec<ChecksRow>> {
        let rows = sqlx::query(
            "SELECT coordinator,
                SUM(CASE WHEN stage NOT IN ('closed', 'cancelled') THEN 1 ELSE 0 END),
                SUM(CASE WHEN outcome IN ('feedback_none', 'feedback_parent', 'feedback_other') AND ended_at > $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN outcome = 'confirmed' AND ended_at > $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN outcome = 'no_response' AND ended_at > $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN manager_not_copied = 1 AND first_received_at > $1 THEN 1 ELSE 0 END)
             FROM follow_up WHERE kind = 'draft_check' GROUP BY coordinator ORDER BY coordinator",
        )
        .bind(millis(since))
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count draft checks")?;
        rows.iter()
            .map(|r| {
                Ok(ChecksRow {
                    coordinator: text(r, 0)?,
                    open: count(r, 1)?,
                    feedback: count(r, 2)?,
                    confirmed: count(r, 3)?,
                    no_reply: count(r, 4)?,
                    manager_not_copied: count(r, 5)?,
                })
            })
            .collect()
    }

    /// Cases whose plan draft has to be issued again, with their co-ordinators.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn to_reissue(&mut self) -> Result<Vec<(String, String)>> {
        let rows = sqlx::query(
            "SELECT id, coordinator FROM case_file WHERE over = 0 AND reissue_since IS NOT NULL ORDER BY reissue_since, id",
        )
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list plan drafts to be issued again")?;
        rows.iter().map(|r| Ok((text(r, 0)?, text(r, 1)?))).collect()
    }

    /// Open cases by co-ordinator and by how they stand: outlook at the last evaluation, day of the request. A case that
    /// nobody has registered is one of them as long as something of it is followed up (`domain.md` 3.8, 30).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_cases_by_request(&mut self) -> Result<Vec<(String, Option<NaiveDate>, String, u64)>> {
        let rows = sqlx::query(
            "SELECT coordinator, requested_on, outlook, COUNT(*) FROM case_file WHERE over = 0 AND (opened_on IS NOT NULL OR (reference IS NOT NULL AND requested_on IS NULL AND id IN (SELECT f.case_id FROM follow_up f WHERE f.stage NOT IN ('closed', 'cancelled') AND f.kind NOT IN ('assessment_return', 'action')))) GROUP BY coordinator, requested_on, outlook",
        )
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count open cases")?;
        rows.iter().map(|r| Ok((text(r, 0)?, date(r, 1)?, text(r, 2)?, count(r, 3)?))).collect()
    }

    /// Open cases that are not on track: past week 20 because they were requested before a day, or found so at the last
    /// evaluation. Those that were requested first come first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_off_track(&mut self, late_if_before: NaiveDate, today: NaiveDate) -> Result<Vec<CaseRow>> {
        self.case_rows(
            "SELECT id, coordinator, requested_on, outlook, expected_on, told, decided, drafted FROM case_file WHERE over = 0 AND requested_on IS NOT NULL AND (requested_on < $1 OR outlook IN ('at_risk', 'will_slip', 'late')) AND requested_on <= $2 ORDER BY requested_on, id",
            late_if_before,
            today,
        )
        .await
    }

    /// Open cases for which a statutory date lies in a period of days from `from` to `to`: week 6 until it is decided
    /// whether to assess, week 16 until a plan draft is out, week 20 until the plan is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_at_milestones(&mut self, from: NaiveDate, to: NaiveDate) -> Result<Vec<CaseRow>> {
        let mut found = Vec::new();
        for (week, sql) in AT_MILESTONE {
            let before = Days::new(7 * week);
            found.extend(self.case_rows(sql, from - before, to - before).await?);
        }
        found.sort_by(|a, b| a.case.cmp(&b.case));
        found.dedup();
        Ok(found)
    }

    async fn case_rows(&mut self, sql: &'static str, from: NaiveDate, to: NaiveDate) -> Result<Vec<CaseRow>> {
        let rows = sqlx::query(sql)
            .bind(from.to_string())
            .bind(to.to_string())
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot list cases")?;
        rows.iter()
            .map(|r| {
                Ok(CaseRow {
                    case: text(r, 0)?,
                    coordinator: text(r, 1)?,
                    requested_on: date(r, 2)?.unwrap_or_default(),
                    outlook: text(r, 3)?,
                    expected_on: date(r, 4)?,
                    told: date(r, 5)?,
                    decided: count(r, 6)?,
                    drafted: count(r, 7)?,
                })
            })
            .collect()
    }

    /// Families whose told date has passed without the plan, by co-ordinator.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn told_passed(&mut self, today: NaiveDate) -> Result<Vec<(String, u64)>> {
        let rows = sqlx::query(
            "SELECT coordinator, COUNT(*) FROM case_file WHERE over = 0 AND told < $1 GROUP BY coordinator",
        )
        .bind(today.to_string())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count told dates")?;
        rows.iter().map(|r| Ok((text(r, 0)?, count(r, 1)?))).collect()
    }

    /// Open cases with a notice to the family that a person holds, with their co-ordinators and the day of the notice.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn held_notices(&mut self) -> Result<Vec<(String, String, Option<NaiveDate>)>> {
        let rows = sqlx::query(
            "SELECT id, coordinator, notice_on FROM case_file WHERE over = 0 AND notice = 'held' ORDER BY notice_on, id",
        )
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list held notices")?;
        rows.iter().map(|r| Ok((text(r, 0)?, text(r, 1)?, date(r, 2)?))).collect()
    }

    /// Mails of parents that wait for an answer, by co-ordinator: all, and those past their day.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn parents_unanswered(&mut self, today: NaiveDate) -> Result<Vec<(String, [u64; 2])>> {
        let rows = sqlx::query(
            "SELECT coordinator, COUNT(*), SUM(CASE WHEN due_on < $1 THEN 1 ELSE 0 END) FROM follow_up WHERE kind = 'parent_answer' AND stage NOT IN ('closed', 'cancelled') GROUP BY coordinator ORDER BY coordinator",
        )
        .bind(today.to_string())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count mails of parents")?;
        rows.iter().map(|r| Ok((text(r, 0)?, [count(r, 1)?, count(r, 2)?]))).collect()
    }

    /// Notices to parents by co-ordinator: waiting or held; stopped since a day; to go by post.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notices(&mut self, since: NaiveDate) -> Result<Vec<(String, [u64; 3])>> {
        let rows = sqlx::query(
            "SELECT coordinator,
                SUM(CASE WHEN over = 0 AND notice IN ('waiting', 'held') THEN 1 ELSE 0 END),
                SUM(CASE WHEN notice = 'never' AND notice_on >= $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN over = 0 AND notice_by_post = 1 THEN 1 ELSE 0 END)
             FROM case_file WHERE notice IS NOT NULL GROUP BY coordinator ORDER BY coordinator",
        )
        .bind(since.to_string())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count notices")?;
        rows.iter().map(|r| Ok((text(r, 0)?, [count(r, 1)?, count(r, 2)?, count(r, 3)?]))).collect()
    }

    /// Letters to parents that the relay has taken since, and that it has refused or that came back, by co-ordinator of
    /// the case. One that came back was not sent, whenever it was taken.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notices_delivered(&mut self, since: DateTime<Utc>) -> Result<Vec<(String, [u64; 2])>> {
        let rows = sqlx::query(
            "SELECT c.coordinator,
                SUM(CASE WHEN d.state = 'accepted' AND d.returned_at IS NULL AND d.settled_at > $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN d.state = 'rejected' AND d.settled_at > $1 OR d.returned_at > $1 THEN 1 ELSE 0 END)
             FROM letter l JOIN delivery d ON d.letter = l.id JOIN case_file c ON c.id = l.case_id
             WHERE l.kind = 'parent_notice' AND d.part <> 'copy' AND (d.settled_at > $1 OR d.returned_at > $1) GROUP BY c.coordinator ORDER BY c.coordinator",
        )
        .bind(millis(since))
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count notices")?;
        rows.iter().map(|r| Ok((text(r, 0)?, [count(r, 1)?, count(r, 2)?]))).collect()
    }

    /// Final plans by the days of request and issue.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn plans_issued(&mut self) -> Result<Vec<IssuedRow>> {
        let rows = sqlx::query(
            "SELECT coordinator, requested_on, final_on, week20, COUNT(*) FROM case_file WHERE final_on IS NOT NULL AND requested_on IS NOT NULL GROUP BY coordinator, requested_on, final_on, week20",
        )
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count plans")?;
        rows.iter()
            .map(|r| {
                Ok(IssuedRow {
                    coordinator: text(r, 0)?,
                    requested_on: date(r, 1)?.unwrap_or_default(),
                    final_on: date(r, 2)?.unwrap_or_default(),
                    week20: count(r, 3)?,
                    plans: count(r, 4)?,
                })
            })
            .collect()
    }

    /// Deliveries that wait, and those that the relay has refused or that came back since.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn waiting_and_refused(&mut self, since: DateTime<Utc>) -> Result<[u64; 2]> {
        let row = sqlx::query(
            "SELECT SUM(CASE WHEN state IN ('queued', 'deferred', 'sending', 'dot', 'held') THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'rejected' AND settled_at > $1 OR returned_at > $1 THEN 1 ELSE 0 END) FROM delivery",
        )
        .bind(millis(since))
        .fetch_one(self.conn().await?)
        .await
        .context("Cannot count deliveries")?;
        Ok([count(&row, 0)?, count(&row, 1)?])
    }
}
