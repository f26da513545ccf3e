//! Advice at six weeks: what was asked, due, in time, late, outstanding; how long it took; what became of it.
//!
//! What was opened in error or needed no longer (cancelled without an outcome), not sought (reg 6(4)) or not theirs to
//! give counts nowhere ([`crate::core::follow_up::FollowUp::counts_nowhere`]).

use super::{Period, count, date, text};
use crate::core::case::CaseId;
use crate::core::figures::Quality;
use crate::store::{Tx, millis};
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};

/// Requests for advice that fell due in a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReturnRow {
    /// Address of the co-ordinator.
    pub coordinator: String,
    /// The service asked.
    pub service: String,
    /// Asked in the period.
    pub asked: u64,
    /// Due in it and received by then.
    pub in_time: u64,
    /// Due in it and received later.
    pub late: u64,
    /// Due in it and not received.
    pub outstanding: u64,
    /// Late or outstanding, with a ground of regulation 8(2) on the case.
    pub excepted: u64,
    /// Due in it, and recorded as not known to the service at some time.
    pub not_known: u64,
}

/// Requests that were made and first answered on the same two days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Address of the co-ordinator.
    pub coordinator: String,
    /// The service asked.
    pub service: String,
    /// The day of the request.
    pub asked_on: NaiveDate,
    /// The day of the first full answer.
    pub received_on: NaiveDate,
    /// How many.
    pub count: u64,
}

/// A month's advice from a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthRow {
    /// Address of the co-ordinator.
    pub coordinator: String,
    /// The service asked.
    pub service: String,
    /// "2026-10".
    pub month: String,
    /// Due in it.
    pub due: u64,
    /// Received within the six weeks.
    pub in_time: u64,
    /// Received later.
    pub late: u64,
}

impl Tx {
    /// Six-week returns by co-ordinator and service.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn returns(&mut self, period: Period) -> Result<Vec<ReturnRow>> {
        let rows = sqlx::query(
            "SELECT f.coordinator, f.service,
                SUM(CASE WHEN f.asked_on >= $1 AND f.asked_on <= $2 THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.original_due >= $1 AND f.original_due <= $2 AND f.received_on <= f.original_due THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.original_due >= $1 AND f.original_due <= $2 AND f.received_on > f.original_due THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.original_due >= $1 AND f.original_due <= $2 AND f.received_on IS NULL THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.original_due >= $1 AND f.original_due <= $2 AND (f.received_on IS NULL OR f.received_on > f.original_due) AND c.excepted > 0 THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.original_due >= $1 AND f.original_due <= $2 AND f.not_known_on IS NOT NULL THEN 1 ELSE 0 END)
             FROM follow_up f JOIN case_file c ON c.id = f.case_id
             WHERE f.kind = 'advice_request' AND (f.stage <> 'cancelled' OR f.outcome IS NOT NULL) AND COALESCE(f.outcome, '') NOT IN ('not_sought', 'dispute_upheld')
                AND (f.original_due >= $1 AND f.original_due <= $2 OR f.asked_on >= $1 AND f.asked_on <= $2)
             GROUP BY f.coordinator, f.service ORDER BY f.coordinator, f.service",
        )
        .bind(period.from.to_string())
        .bind(period.to.to_string())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count returns")?;
        rows.iter()
            .map(|r| {
                Ok(ReturnRow {
                    coordinator: text(r, 0)?,
                    service: text(r, 1)?,
                    asked: count(r, 2)?,
                    in_time: count(r, 3)?,
                    late: count(r, 4)?,
                    outstanding: count(r, 5)?,
                    excepted: count(r, 6)?,
                    not_known: count(r, 7)?,
                })
            })
            .collect()
    }

    /// How long advice took that was due in a period.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn advice_answered(&mut self, period: Period) -> Result<Vec<Answered>> {
        self.answered(
            "SELECT coordinator, service, asked_on, received_on, COUNT(*) FROM follow_up
             WHERE kind = 'advice_request' AND (stage <> 'cancelled' OR outcome IS NOT NULL) AND COALESCE(outcome, '') NOT IN ('not_sought', 'dispute_upheld') AND asked_on IS NOT NULL AND received_on IS NOT NULL AND original_due >= $1 AND original_due <= $2
             GROUP BY coordinator, service, asked_on, received_on",
            period,
        )
        .await
    }

    /// How long clarifications took that were first answered in a period.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn clarifications_answered(&mut self, period: Period) -> Result<Vec<Answered>> {
        self.answered(
            "SELECT coordinator, service, asked_on, received_on, COUNT(*) FROM follow_up
             WHERE kind = 'clarification' AND asked_on IS NOT NULL AND received_on >= $1 AND received_on <= $2
             GROUP BY coordinator, service, asked_on, received_on",
            period,
        )
        .await
    }

    async fn answered(&mut self, sql: &'static str, period: Period) -> Result<Vec<Answered>> {
        let rows = sqlx::query(sql)
            .bind(period.from.to_string())
            .bind(period.to.to_string())
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot count how long answers took")?;
        rows.iter()
            .map(|r| {
                Ok(Answered {
                    coordinator: text(r, 0)?,
                    service: text(r, 1)?,
                    asked_on: date(r, 2)?.unwrap_or_default(),
                    received_on: date(r, 3)?.unwrap_or_default(),
                    count: count(r, 4)?,
                })
            })
            .collect()
    }

    /// Advice due in each month of a period and how much of it came in time, by co-ordinator and service.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn months(&mut self, period: Period) -> Result<Vec<MonthRow>> {
        let rows = sqlx::query(
            "SELECT coordinator, service, SUBSTR(original_due, 1, 7), COUNT(*), SUM(CASE WHEN received_on <= original_due THEN 1 ELSE 0 END), SUM(CASE WHEN received_on > original_due THEN 1 ELSE 0 END) FROM follow_up
             WHERE kind = 'advice_request' AND (stage <> 'cancelled' OR outcome IS NOT NULL) AND COALESCE(outcome, '') NOT IN ('not_sought', 'dispute_upheld') AND original_due >= $1 AND original_due <= $2
             GROUP BY coordinator, service, SUBSTR(original_due, 1, 7)",
        )
        .bind(period.from.to_string())
        .bind(period.to.to_string())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count months")?;
        rows.iter()
            .map(|r| {
                Ok(MonthRow {
                    coordinator: text(r, 0)?,
                    service: text(r, 1)?,
                    month: text(r, 2)?,
                    due: count(r, 3)?,
                    in_time: count(r, 4)?,
                    late: count(r, 5)?,
                })
            })
            .collect()
    }

    /// Advice that is past its six weeks on a day and has not come, by co-ordinator; and the same a week before.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn advice_overdue(&mut self, now: DateTime<Utc>, today: NaiveDate) -> Result<Vec<(String, [u64; 2])>> {
        let week = chrono::Duration::days(7);
        let rows = sqlx::query(
            "SELECT coordinator,
                SUM(CASE WHEN due_on < $1 AND received_on IS NULL AND ended_at IS NULL THEN 1 ELSE 0 END),
                SUM(CASE WHEN due_on < $2 AND (received_on IS NULL OR received_on > $2) AND (ended_at IS NULL OR ended_at > $3) THEN 1 ELSE 0 END)
             FROM follow_up WHERE kind = 'advice_request' AND (stage <> 'cancelled' OR outcome IS NOT NULL) AND COALESCE(outcome, '') NOT IN ('not_sought', 'dispute_upheld') GROUP BY coordinator",
        )
        .bind(today.to_string())
        .bind((today - week).to_string())
        .bind(millis(now - week))
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count overdue advice")?;
        rows.iter().map(|r| Ok((text(r, 0)?, [count(r, 1)?, count(r, 2)?]))).collect()
    }

    /// Cases with late or outstanding advice of a period and a reason on record, with their co-ordinators: the few
    /// documents that a report reads.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_with_reasons(&mut self, period: Period) -> Result<Vec<(CaseId, String)>> {
        let rows = sqlx::query(
            "SELECT DISTINCT c.id, c.coordinator FROM case_file c JOIN follow_up f ON f.case_id = c.id
             WHERE c.reasons > 0 AND f.kind = 'advice_request' AND (f.stage <> 'cancelled' OR f.outcome IS NOT NULL) AND COALESCE(f.outcome, '') NOT IN ('not_sought', 'dispute_upheld') AND f.original_due >= $1 AND f.original_due <= $2 AND (f.received_on IS NULL OR f.received_on > f.original_due)
             ORDER BY c.id",
        )
        .bind(period.from.to_string())
        .bind(period.to.to_string())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list exceptions")?;
        rows.iter().map(|r| Ok((CaseId(text(r, 0)?), text(r, 1)?))).collect()
    }

    /// What became of each service's advice in a period.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn quality(&mut self, period: Period) -> Result<Vec<Quality>> {
        let rows = sqlx::query(
            "SELECT f.service,
                SUM(CASE WHEN f.kind = 'advice_request' AND f.received_on >= $1 AND f.received_on <= $2 THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.kind = 'advice_request' AND f.received_on >= $1 AND f.received_on <= $2 AND (f.round >= 2 OR EXISTS (SELECT 1 FROM follow_up q WHERE q.about = f.id AND (q.stage <> 'cancelled' OR q.outcome IS NOT NULL) AND COALESCE(q.outcome, '') <> 'dispute_upheld')) THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.kind = 'clarification' AND f.asked_on >= $1 AND f.asked_on <= $2 THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.kind = 'clarification' AND f.asked_on >= $1 AND f.asked_on <= $2 AND f.round >= 2 THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.kind = 'clarification' AND f.asked_on >= $1 AND f.asked_on <= $2 AND f.level >= 1 THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.kind = 'advice_request' AND f.not_known_on >= $1 AND f.not_known_on <= $2 THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.kind = 'draft_check' AND f.asked_on >= $1 AND f.asked_on <= $2 THEN 1 ELSE 0 END),
                SUM(CASE WHEN f.kind = 'draft_check' AND f.asked_on >= $1 AND f.asked_on <= $2 AND f.received_on IS NOT NULL THEN 1 ELSE 0 END)
             FROM follow_up f
             WHERE (f.stage <> 'cancelled' OR f.outcome IS NOT NULL) AND COALESCE(f.outcome, '') <> 'dispute_upheld' AND f.kind IN ('advice_request', 'clarification', 'draft_check')
                AND (f.asked_on >= $1 AND f.asked_on <= $2 OR f.received_on >= $1 AND f.received_on <= $2 OR f.not_known_on >= $1 AND f.not_known_on <= $2)
             GROUP BY f.service ORDER BY f.service",
        )
        .bind(period.from.to_string())
        .bind(period.to.to_string())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot count what became of advice")?;
        rows.iter()
            .map(|r| {
                Ok(Quality {
                    service: text(r, 0)?,
                    received: count(r, 1)?,
                    insufficient: count(r, 2)?,
                    clarifications: count(r, 3)?,
                    later_rounds: count(r, 4)?,
                    escalated: count(r, 5)?,
                    not_known: count(r, 6)?,
                    drafts_offered: count(r, 7)?,
                    drafts_answered: count(r, 8)?,
                })
            })
            .collect()
    }
}
