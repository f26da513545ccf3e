//! What the reports count, by queries over the rows that stand beside the documents: no document is read here, so
//! that a hundred thousand follow-ups cost a scan and not a night.
//!
//! Every count comes by co-ordinator, for a report may be about one team. Dates are local and compared as text, which
//! ISO 8601 allows.

mod advice;
mod cases;
mod clarifications;
mod kept;

pub use advice::{Answered, MonthRow, ReturnRow};
pub use cases::{CaseRow, ChecksRow, IssuedRow};
pub(super) use kept::KeptOfCase;

pub use clarifications::{CountRow, FollowUpRow, ReasonRow, Which};

use anyhow::{Context, Result};
use chrono::NaiveDate;
use sqlx::Row;
use sqlx::any::AnyRow;

/// Rows of a list that a report holds; beyond it a list helps nobody, and the report says how many more there are. No
/// query is cut: whose rows they are is settled first.
pub const LONGEST_LIST: usize = 1_000;

/// The period of a report: from the first day up to and including the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

fn text(row: &AnyRow, column: usize) -> Result<String> {
    Ok(row.try_get::<Option<String>, _>(column).context("Cannot read a figure's name")?.unwrap_or_default())
}

fn count(row: &AnyRow, column: usize) -> Result<u64> {
    let n: Option<i64> = row.try_get(column).context("Cannot read a figure")?;
    Ok(u64::try_from(n.unwrap_or(0)).unwrap_or(0))
}

fn date(row: &AnyRow, column: usize) -> Result<Option<NaiveDate>> {
    let text: Option<String> = row.try_get(column).context("Cannot read a figure's date")?;
    text.map(|t| t.parse().with_context(|| format!("The database holds a wrong date '{t}'"))).transpose()
}
