//! What assessment rounds need of the store: the cases that are returns, and what the records say of a service's
//! follow-ups.

use super::{Tx, millis};
use crate::core::case::CaseId;
use crate::core::id::{Address, FollowUpId};
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::Row;

/// A follow-up as the records count it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its reference.
    pub id: FollowUpId,
    /// Its case.
    pub case_id: CaseId,
    /// Its kind, as it is stored.
    pub kind: String,
    /// The service.
    pub service: String,
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
    /// The day on which the service was recorded as not knowing the child.
    pub not_known_on: Option<NaiveDate>,
}

impl Tx {
    /// Cases that are returns of assessment rounds, in the order in which they were opened.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn return_cases(&mut self) -> Result<Vec<CaseId>> {
        let rows =
            sqlx::query("SELECT case_id FROM follow_up WHERE kind = 'assessment_return' ORDER BY opened_at, case_id")
                .fetch_all(self.conn().await?)
                .await
                .context("Cannot list the returns of assessment rounds")?;
        rows.iter().map(|row| Ok(CaseId(row.try_get("case_id").context("Cannot read a case's id")?))).collect()
    }

    /// Follow-ups of a service that were asked in a period, both days included; without those that came to nothing:
    /// cancelled, or not to be sought after all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn recorded(&mut self, service: &str, from: NaiveDate, to: NaiveDate) -> Result<Vec<Recorded>> {
        let rows = sqlx::query(
            "SELECT id, case_id, kind, service, adviser, why, round, level, original_due, received_on, not_known_on FROM follow_up WHERE service = $1 AND asked_on >= $2 AND asked_on <= $3 AND (stage <> 'cancelled' OR outcome IS NOT NULL) AND COALESCE(outcome, '') NOT IN ('not_sought', 'dispute_upheld') ORDER BY opened_at, id",
        )
        .bind(service)
        .bind(from.to_string())
        .bind(to.to_string())
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot read what was asked of a service")?;
        rows.iter().map(recorded).collect()
    }

    /// When letters of a sort went out in a period, and to how many: those that came back are not counted.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn letters_sent(
        &mut self,
        kind: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<(DateTime<Utc>, i64)>> {
        let rows = sqlx::query(
            "SELECT l.decided_at AS decided_at, COUNT(DISTINCT d.recipient) AS recipients FROM letter l JOIN delivery d ON d.letter = l.id WHERE l.kind = $1 AND d.part <> 'copy' AND d.state = 'accepted' AND d.returned_at IS NULL AND l.decided_at >= $2 AND l.decided_at < $3 GROUP BY l.decided_at ORDER BY l.decided_at",
        )
        .bind(kind)
        .bind(millis(from))
        .bind(millis(to))
        .fetch_all(self.conn().await?)
        .await
        .context("Cannot list letters")?;
        let read = |row: &sqlx::any::AnyRow| {
            let at: i64 = row.try_get("decided_at").context("Cannot read an instant")?;
            Ok((super::instant(at), row.try_get("recipients").context("Cannot read a count")?))
        };
        rows.iter().map(read).collect()
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
        .fetch_one(self.conn().await?)
        .await
        .context("Cannot count letters")?;
        row.try_get("letters").context("Cannot read a count")
    }
}

fn recorded(row: &sqlx::any::AnyRow) -> Result<Recorded> {
    let text = |name: &str| -> Result<Option<String>> { row.try_get(name).context("Cannot read a follow-up") };
    let number = |name: &str| -> Result<i64> { row.try_get(name).context("Cannot read a follow-up") };
    let id = text("id")?.as_deref().and_then(FollowUpId::parse).context("Cannot read a follow-up's reference")?;
    let day = |name: &str| -> Result<Option<NaiveDate>> { Ok(text(name)?.and_then(|day| day.parse().ok())) };
    Ok(Recorded {
        id,
        case_id: CaseId(text("case_id")?.unwrap_or_default()),
        kind: text("kind")?.unwrap_or_default(),
        service: text("service")?.unwrap_or_default(),
        adviser: text("adviser")?.as_deref().and_then(Address::parse),
        why: text("why")?,
        rounds: number("round")?,
        level: number("level")?,
        due: day("original_due")?,
        received_on: day("received_on")?,
        not_known_on: day("not_known_on")?,
    })
}
