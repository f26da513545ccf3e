//! The figures of the reports: plain structs, and what follows from them by arithmetic alone.
//!
//! How they are counted from the store stands in `store/figures`; how they read stands in `letters/report`. Nothing
//! here holds a name of a child: cases are named by their reference.

pub mod health;
pub mod measure;
pub mod need;
pub mod shadow;
pub mod twenty_weeks;
pub mod weekly;

pub use super::suppression::Shown;
pub use health::{Exception, Health, Quality, Reader, ReasonByService, ToldOf};
pub use measure::{Change, Halves, Share};
pub use need::Need;
pub use shadow::{ShadowFigures, ShadowLetter};
pub use twenty_weeks::{Buckets, YearOfIssue};
pub use weekly::Weekly;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use std::collections::BTreeMap;

/// What a follow-up without a known service stands under.
pub const NO_SERVICE: &str = "Service not known";

/// What a report is about and when it was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// "Example County Council".
    pub authority: String,
    /// The team that it is cut down to; `None` for the whole authority.
    pub team: Option<String>,
    /// The instant that the figures hold for.
    pub as_at: DateTime<Utc>,
    /// The local date of that instant.
    pub today: NaiveDate,
    /// The local hour of that instant.
    pub at: NaiveTime,
}

/// Requests for advice of one service that fell due in a period (`domain.md` 3.2, regulation 8(1)).
///
/// `due` = `in_time` + `late` + `outstanding`, always.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Returns {
    /// The service.
    pub service: String,
    /// Asked in the period, whenever due.
    pub asked: u64,
    /// Due in the period.
    pub due: u64,
    /// Of those, first received within the six weeks.
    pub in_time: u64,
    /// Of those, first received later.
    pub late: u64,
    /// Of those, not received yet.
    pub outstanding: u64,
    /// Of those late or outstanding, with a recorded ground of regulation 8(2).
    pub excepted: u64,
    /// Of those due, answered "not known to service" at some time.
    pub not_known: u64,
    /// Median of calendar days from request to first receipt, of those that came.
    pub median_days: Option<Halves>,
}

impl Returns {
    /// How many of those due came in time.
    pub fn share(&self) -> Share {
        Share { part: self.in_time, whole: self.due }
    }

    /// All services together; medians cannot be added, so it carries none.
    pub fn together(services: &[Self]) -> Self {
        let sum = |of: fn(&Self) -> u64| services.iter().map(of).sum();
        Self {
            service: String::new(),
            asked: sum(|r| r.asked),
            due: sum(|r| r.due),
            in_time: sum(|r| r.in_time),
            late: sum(|r| r.late),
            outstanding: sum(|r| r.outstanding),
            excepted: sum(|r| r.excepted),
            not_known: sum(|r| r.not_known),
            median_days: None,
        }
    }
}

/// A month and what became of the advice that was due in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: NaiveDate,
    /// By service: in time, late, outstanding.
    pub services: BTreeMap<String, [u64; 3]>,
}

impl Month {
    /// How much of the advice due in it came within six weeks.
    pub fn share(&self) -> Share {
        let sum = |of: fn(&[u64; 3]) -> u64| self.services.values().map(of).sum();
        Share { part: sum(|[in_time, ..]| *in_time), whole: sum(|outcomes| outcomes.iter().sum()) }
    }
}
