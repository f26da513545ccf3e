//! Clarifications: how many, how late, for which reasons.

use super::{Period, count, date, text};
use crate::store::{Tx, millis};
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};

/// Counts of one co-ordinator's clarifications, now and a week before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CountRow {
    /// Address of the co-ordinator.
    pub coordinator: String,
    /// Now and before: open, overdue, opened, answered, closed, unreviewed.
    pub changes: [[u64; 2]; 6],
    /// Open ones by the highest level told: none, 1, 2, 3.
    pub levels: [u64; 4],
    /// Open ones in a second round or later.
    pub later_rounds: u64,
    /// Open ones without a manager's agreement.
    pub not_agreed: u64,
    /// Open ones that name no case: then the follow-up's own reference is the key of its case.
    pub without_case: u64,
}

/// A follow-up in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUpRow {
    /// Its reference.
    pub id: String,
    /// The authority's reference of its case, when it has one.
    pub case: Option<String>,
    /// The service asked.
    pub service: String,
    /// Address of the co-ordinator.
    pub coordinator: String,
    /// The day of its first request.
    pub asked_on: Option<NaiveDate>,
    /// The last day of its window.
    pub due_on: Option<NaiveDate>,
    /// When it was answered, UTC milliseconds.
    pub received_at: Option<DateTime<Utc>>,
    /// The highest level told.
    pub level: u64,
    /// Which round.
    pub round: u64,
    /// Why no clock runs; empty while one does.
    pub hold: String,
}

/// Which follow-ups a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// Past their window without an answer, the longest first.
    Overdue,
    /// Answered and not reviewed, the longest first.
    Unreviewed,
    /// Without a manager's agreement, the oldest first.
    NotAgreed,
    /// On hold: nobody could be reached.
    Held,
    /// They say that it is not theirs to give, and nobody has decided that; of any kind.
    Disputed,
    /// Parents' mails that are not answered although they should be, the oldest first.
    ParentsWaiting,
    /// Everything about children that is open and this co-ordinator's, the oldest first.
    OpenOf(&'a str),
}

/// How often one reason was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonRow {
    /// Address of the co-ordinator.
    pub coordinator: String,
    /// The service asked.
    pub service: String,
    /// The code, empty for none.
    pub why: String,
    /// In the last seven days of the period, in the seven before, in all of it.
    pub counts: [u64; 3],
}

impl Tx {
    /// Counts of clarifications by co-ordinator, at `now` and a week before. What stood a week before is counted from
    /// what is on record today.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn clarification_counts(&mut self, now: DateTime<Utc>, today: NaiveDate) -> Result<Vec<CountRow>> {
        let week = chrono::Duration::days(7);
        let rows = sqlx::query(
            "SELECT coordinator,
                SUM(CASE WHEN stage NOT IN ('closed', 'cancelled') THEN 1 ELSE 0 END),
                SUM(CASE WHEN opened_at <= $1 AND (ended_at IS NULL OR ended_at > $1) THEN 1 ELSE 0 END),
                SUM(CASE WHEN stage IN ('open', 'replied_thin') AND due_on < $3 THEN 1 ELSE 0 END),
                SUM(CASE WHEN opened_at <= $1 AND (ended_at IS NULL OR ended_at > $1) AND due_on < $4 AND (received_at IS NULL OR received_at > $1) THEN 1 ELSE 0 END),
                SUM(CASE WHEN opened_at > $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN opened_at > $2 AND opened_at <= $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN first_received_at > $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN first_received_at > $2 AND first_received_at <= $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN stage = 'closed' AND ended_at > $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN stage = 'closed' AND ended_at > $2 AND ended_at <= $1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN stage = 'received' THEN 1 ELSE 0 END),
                SUM(CASE WHEN received_at <= $1 AND (ended_at IS NULL OR ended_at > $1) THEN 1 ELSE 0 END),
                SUM(CASE WHEN stage NOT IN ('closed', 'cancelled') AND level = 0 THEN 1 ELSE 0 END),
                SUM(CASE WHEN stage NOT IN ('closed', 'cancelled') AND level = 1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN stage NOT IN ('closed', 'cancelled') AND level = 2 THEN 1 ELSE 0 END),
                SUM(CASE WHEN stage NOT IN ('closed', 'cancelled') AND level >= 3 THEN 1 ELSE 0 END),
                SUM(CASE WHEN stage NOT IN ('closed', 'cancelled') AND round >= 2 THEN 1 ELSE 0 END),
                SUM(CASE WHEN stage NOT IN ('closed', 'cancelled') AND agreed = 0 THEN 1 ELSE 0 END),
                SUM(CASE WHEN stage NOT IN ('closed', 'cancelled') AND case_id LIKE 'FU-%' THEN 1 ELSE 0 END)
             FROM follow_up WHERE kind = 'clarification' GROUP BY coordinator ORDER BY coordinator",
        )
        .bind(millis(now - week))
        .bind(millis(now - week * 2))
        .bind(today.to_string())
        .bind((today - week).to_string())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count clarifications")?;
        rows.iter()
            .map(|r| {
                let pair = |n: usize| -> Result<[u64; 2]> { Ok([count(r, n)?, count(r, n + 1)?]) };
                Ok(CountRow {
                    coordinator: text(r, 0)?,
                    changes: [pair(1)?, pair(3)?, pair(5)?, pair(7)?, pair(9)?, pair(11)?],
                    levels: [count(r, 13)?, count(r, 14)?, count(r, 15)?, count(r, 16)?],
                    later_rounds: count(r, 17)?,
                    not_agreed: count(r, 18)?,
                    without_case: count(r, 19)?,
                })
            })
            .collect()
    }

    /// Open clarifications whose date was moved, by co-ordinator.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn moved(&mut self) -> Result<Vec<(String, u64)>> {
        let rows = sqlx::query(
            "SELECT f.coordinator, COUNT(*) FROM follow_up_round r JOIN follow_up f ON f.id = r.follow_up AND f.round = r.number
             WHERE r.due_on <> r.original_due AND f.kind = 'clarification' AND f.stage NOT IN ('closed', 'cancelled') GROUP BY f.coordinator ORDER BY f.coordinator",
        )
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count clarifications")?;
        rows.iter().map(|r| Ok((text(r, 0)?, count(r, 1)?))).collect()
    }

    /// Open and overdue clarifications by co-ordinator and service.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_by_service(&mut self, today: NaiveDate) -> Result<Vec<(String, String, [u64; 2])>> {
        let rows = sqlx::query(
            "SELECT coordinator, service, COUNT(*), SUM(CASE WHEN stage IN ('open', 'replied_thin') AND due_on < $1 THEN 1 ELSE 0 END)
             FROM follow_up WHERE kind = 'clarification' AND stage NOT IN ('closed', 'cancelled') GROUP BY coordinator, service ORDER BY coordinator, service",
        )
        .bind(today.to_string())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count clarifications")?;
        rows.iter().map(|r| Ok((text(r, 0)?, text(r, 1)?, [count(r, 2)?, count(r, 3)?]))).collect()
    }

    /// Clarifications closed since, by co-ordinator and service.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn closed_since(&mut self, since: DateTime<Utc>) -> Result<Vec<(String, String, u64)>> {
        let rows = sqlx::query(
            "SELECT coordinator, service, COUNT(*) FROM follow_up WHERE kind = 'clarification' AND stage = 'closed' AND ended_at > $1 GROUP BY coordinator, service ORDER BY coordinator, service",
        )
        .bind(millis(since))
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count closed clarifications")?;
        rows.iter().map(|r| Ok((text(r, 0)?, text(r, 1)?, count(r, 2)?))).collect()
    }

    /// Windows of clarifications that close in a period and wait for an answer, by co-ordinator and day.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn closing(&mut self, period: Period) -> Result<Vec<(String, NaiveDate, u64)>> {
        let rows = sqlx::query(
            "SELECT coordinator, due_on, COUNT(*) FROM follow_up WHERE kind = 'clarification' AND stage IN ('open', 'replied_thin') AND due_on >= $1 AND due_on <= $2 GROUP BY coordinator, due_on ORDER BY coordinator, due_on",
        )
        .bind(period.from.to_string())
        .bind(period.to.to_string())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count windows that close")?;
        rows.iter().map(|r| Ok((text(r, 0)?, date(r, 1)?.unwrap_or_default(), count(r, 2)?))).collect()
    }

    /// Everybody with something open about a child.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn busy_coordinators(&mut self) -> Result<Vec<String>> {
        let rows = sqlx::query(
            "SELECT DISTINCT coordinator FROM follow_up WHERE stage NOT IN ('closed', 'cancelled') AND kind NOT IN ('assessment_return', 'action') ORDER BY coordinator",
        )
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list who has something open")?;
        rows.iter().map(|r| text(r, 0)).collect()
    }

    /// A list of clarifications, all of it: a report about a team takes its own from it before it cuts anything.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn clarifications(&mut self, which: Which<'_>, today: NaiveDate) -> Result<Vec<FollowUpRow>> {
        let sql = match which {
            Which::Overdue => {
                "SELECT f.id, f.case_id, f.service, f.coordinator, f.asked_on, f.due_on, f.received_at, f.level, f.round, f.hold FROM follow_up f WHERE f.kind = 'clarification' AND f.stage IN ('open', 'replied_thin') AND f.due_on < $1 ORDER BY f.due_on, f.id"
            }
            Which::Unreviewed => {
                "SELECT f.id, f.case_id, f.service, f.coordinator, f.asked_on, f.due_on, f.received_at, f.level, f.round, f.hold FROM follow_up f WHERE f.kind = 'clarification' AND f.stage = 'received' ORDER BY f.received_at, f.id"
            }
            Which::NotAgreed => {
                "SELECT f.id, f.case_id, f.service, f.coordinator, f.asked_on, f.due_on, f.received_at, f.level, f.round, f.hold FROM follow_up f WHERE f.kind = 'clarification' AND f.stage NOT IN ('closed', 'cancelled') AND f.agreed = 0 ORDER BY f.opened_at, f.id"
            }
            Which::Held => {
                "SELECT f.id, f.case_id, f.service, f.coordinator, f.asked_on, f.due_on, f.received_at, f.level, f.round, f.hold FROM follow_up f WHERE f.stage = 'held' ORDER BY f.opened_at, f.id"
            }
            Which::Disputed => {
                "SELECT f.id, f.case_id, f.service, f.coordinator, f.asked_on, f.due_on, f.received_at, f.level, f.round, f.hold FROM follow_up f WHERE f.stage NOT IN ('closed', 'cancelled') AND f.hold = 'disputed' ORDER BY f.opened_at, f.id"
            }
            Which::ParentsWaiting => {
                "SELECT f.id, f.case_id, f.service, f.coordinator, f.asked_on, f.due_on, f.received_at, f.level, f.round, f.hold FROM follow_up f WHERE f.kind = 'parent_answer' AND f.stage NOT IN ('closed', 'cancelled') AND f.due_on < $1 ORDER BY f.due_on, f.id"
            }
            Which::OpenOf(_) => {
                "SELECT f.id, f.case_id, f.service, f.coordinator, f.asked_on, f.due_on, f.received_at, f.level, f.round, f.hold FROM follow_up f WHERE f.stage NOT IN ('closed', 'cancelled') AND f.kind NOT IN ('assessment_return', 'action') AND f.coordinator = $1 ORDER BY f.opened_at, f.id"
            }
        };
        let query = sqlx::query(sql);
        let query = match which {
            Which::Overdue | Which::ParentsWaiting => query.bind(today.to_string()),
            Which::OpenOf(coordinator) => query.bind(coordinator.to_owned()),
            Which::Unreviewed | Which::NotAgreed | Which::Held | Which::Disputed => query,
        };
        let rows = query.fetch_all(self.conn().await?).await.context("Cannot list clarifications")?;
        rows.iter().map(follow_up_row).collect()
    }

    /// Reasons of requests in the thirteen weeks up to `today`, by co-ordinator and service.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn reasons(&mut self, period: Period) -> Result<Vec<ReasonRow>> {
        let days = |n| (period.to - chrono::Duration::days(n)).to_string();
        let rows = sqlx::query(
            "SELECT f.coordinator, f.service, r.why,
                SUM(CASE WHEN r.asked_on > $3 THEN 1 ELSE 0 END),
                SUM(CASE WHEN r.asked_on > $4 AND r.asked_on <= $3 THEN 1 ELSE 0 END),
                COUNT(*)
             FROM follow_up_round r JOIN follow_up f ON f.id = r.follow_up
             WHERE f.kind = 'clarification' AND r.asked_on >= $1 AND r.asked_on <= $2 GROUP BY f.coordinator, f.service, r.why ORDER BY f.coordinator, f.service, r.why",
        )
        .bind(period.from.to_string())
        .bind(period.to.to_string())
        .bind(days(7))
        .bind(days(14))
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count reasons")?;
        rows.iter()
            .map(|r| {
                Ok(ReasonRow {
                    coordinator: text(r, 0)?,
                    service: text(r, 1)?,
                    why: text(r, 2)?,
                    counts: [count(r, 3)?, count(r, 4)?, count(r, 5)?],
                })
            })
            .collect()
    }
}

fn follow_up_row(row: &sqlx::any::AnyRow) -> Result<FollowUpRow> {
    use sqlx::Row;
    let received: Option<i64> = row.try_get(6).context("Cannot read an instant")?;
    Ok(FollowUpRow {
        id: text(row, 0)?,
        case: Some(text(row, 1)?).filter(|case| !case.starts_with("FU-")),
        service: text(row, 2)?,
        coordinator: text(row, 3)?,
        asked_on: date(row, 4)?,
        due_on: date(row, 5)?,
        received_at: received.map(crate::store::instant),
        level: count(row, 7)?,
        round: count(row, 8)?,
        hold: text(row, 9)?,
    })
}
