//! What assessment rounds need of the store: the cases that are returns, and what the records say of a service's
//! follow-ups.

use super::{Tx, millis};
use crate::core::case::CaseId;
use crate::core::id::Address;
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::Row;

/// A follow-up as the records count it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its case.
    pub case_id: CaseId,
    /// Its kind, as it is stored.
    pub kind: String,
    /// The service.
    pub service: String,
    /// Where it stands, as it is stored.
    pub stage: String,
    /// Who was asked.
    pub adviser: Option<Address>,
    /// Code of the newest round's reason.
    pub why: Option<String>,
    /// Number of rounds.
    pub rounds: i64,
    /// The highest escalation of the newest round.
    pub level: i64,
    /// Last day of the first window.
    pub due: Option<NaiveDate>,
    /// The day for which the first full answer counts.
    pub received_on: Option<NaiveDate>,
    /// How it ended, as it is stored.
    pub outcome: Option<String>,
}

impl Tx {
    /// Cases that are returns of assessment rounds, in the order in which they were opened.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn return_cases(&mut self) -> Result<Vec<CaseId>> {
        let rows =
            sqlx::query("SELECT case_id FROM follow_up WHERE kind = 'assessment_return' ORDER BY opened_at, case_id")
                .fetch_all(&mut *self.inner)
                .await
                .context("Cannot list the returns of assessment rounds")?;
        rows.iter().map(|row| Ok(CaseId(row.try_get("case_id").context("Cannot read a case's id")?))).collect()
    }

    /// Follow-ups of these services that were asked in a period, both days included.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn recorded(&mut self, service: &str, from: NaiveDate, to: NaiveDate) -> Result<Vec<Recorded>> {
        let rows = sqlx::query(
            "SELECT case_id, kind, service, stage, adviser, why, round, level, original_due, received_on, outcome FROM follow_up WHERE service = $1 AND asked_on >= $2 AND asked_on <= $3 ORDER BY opened_at, id",
        )
        .bind(service)
        .bind(from.to_string())
        .bind(to.to_string())
        .fetch_all(&mut *self.inner)
        .await
        .context("Cannot read what was asked of a service")?;
        rows.iter().map(recorded).collect()
    }

    /// How many letters of a sort went to an address in a period.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letters_to(
        &mut self,
        kind: &str,
        who: &Address,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<i64> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS letters FROM letter l JOIN delivery d ON d.letter = l.id WHERE l.kind = $1 AND d.recipient = $2 AND d.state = 'accepted' AND l.decided_at >= $3 AND l.decided_at < $4",
        )
        .bind(kind)
        .bind(who.as_str())
        .bind(millis(from))
        .bind(millis(to))
        .fetch_one(&mut *self.inner)
        .await
        .context("Cannot count letters")?;
        row.try_get("letters").context("Cannot read a count")
    }
}

fn recorded(row: &sqlx::any::AnyRow) -> Result<Recorded> {
    let text = |name: &str| -> Result<Option<String>> { row.try_get(name).context("Cannot read a follow-up") };
    let number = |name: &str| -> Result<i64> { row.try_get(name).context("Cannot read a follow-up") };
    Ok(Recorded {
        case_id: CaseId(text("case_id")?.unwrap_or_default()),
        kind: text("kind")?.unwrap_or_default(),
        service: text("service")?.unwrap_or_default(),
        stage: text("stage")?.unwrap_or_default(),
        adviser: text("adviser")?.as_deref().and_then(Address::parse),
        why: text("why")?,
        rounds: number("round")?,
        level: number("level")?,
        due: text("original_due")?.and_then(|day| day.parse().ok()),
        received_on: text("received_on")?.and_then(|day| day.parse().ok()),
        outcome: text("outcome")?,
    })
}
