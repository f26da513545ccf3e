//! Working days: which days count, which do not and why, and the n-th of them after a date.
//!
//! One calendar holds for everybody (`domain.md` 2.2). It never decides a statutory period by itself: those are
//! calendar weeks ([`statutory`]) and only their planning dates look here.

pub mod bank_holidays;
pub mod hours;
pub mod statutory;
mod table;

pub use hours::{at_local, closes_at, local_date};
pub use statutory::{StatutoryDue, statutory_weeks};

use bank_holidays::bank_holiday;
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use table::Table;

/// The last day for which the built-in holidays were held against the published list of gov.uk.
pub const PUBLISHED_TO: NaiveDate = NaiveDate::from_ymd_opt(2028, 12, 31).unwrap();

/// A day on which nobody works, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Closure {
    /// The day.
    pub date: NaiveDate,
    /// "Christmas closure".
    pub name: String,
}

/// What operators say about days (`[calendar]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarOverrides {
    /// Closed beyond the bank holidays; wins over everything else.
    pub extra_closed: Vec<Closure>,
    /// Bank holidays on which work goes on. Opens no weekend.
    pub not_closed: Vec<NaiveDate>,
    /// Years whose bank holidays are listed whole: the list replaces rules and built-in exceptions.
    pub full_years: BTreeMap<i32, Vec<Closure>>,
    /// Up to here somebody has held the days against the published list.
    pub verified_to: NaiveDate,
}

impl Default for CalendarOverrides {
    fn default() -> Self {
        Self { extra_closed: vec![], not_closed: vec![], full_years: BTreeMap::new(), verified_to: PUBLISHED_TO }
    }
}

/// What a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// It counts.
    Working,
    /// Saturday or Sunday.
    Weekend(Weekday),
    /// A bank holiday or closure, by its name.
    Closed(String),
}

impl fmt::Display for DayKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Working => f.write_str("working day"),
            Self::Weekend(Weekday::Sat) => f.write_str("Saturday"),
            Self::Weekend(_) => f.write_str("Sunday"),
            Self::Closed(name) => f.write_str(name),
        }
    }
}

/// One day of a window and why it counts or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainedDay {
    /// The day.
    pub date: NaiveDate,
    /// Whether it is one of the working days of the window.
    pub counted: bool,
    /// "working day 3", "Saturday", "Boxing Day (substitute)".
    pub why: String,
}

/// The working-day calendar: rules, built-in exceptions and what operators added. Cheap to clone.
#[derive(Clone)]
pub struct Calendar(Arc<Days>);

struct Days {
    rules: Rules,
    table: Table,
}

impl Calendar {
    /// Builds the calendar and counts the days of a century in advance.
    pub fn new(overrides: CalendarOverrides) -> Self {
        let rules = Rules::from(overrides);
        let table = Table::new(|date| rules.is_working(date));
        Self(Arc::new(Days { rules, table }))
    }

    /// What `date` is; a holiday on a weekend is a weekend, for its substitute stands elsewhere.
    pub fn day(&self, date: NaiveDate) -> DayKind {
        if is_weekend(date) {
            return DayKind::Weekend(date.weekday());
        }
        self.0.rules.closed(date).map_or(DayKind::Working, |name| DayKind::Closed(name.to_owned()))
    }

    /// Whether `date` counts.
    pub fn is_working(&self, date: NaiveDate) -> bool {
        self.0.table.is_working(date).unwrap_or_else(|| self.0.rules.is_working(date))
    }

    /// The `n`-th working day after `date`, which is day 0 and never counted; `n` = 0 gives `date` itself.
    pub fn add_working_days(&self, date: NaiveDate, n: u32) -> NaiveDate {
        self.0.table.nth_after(date, n).unwrap_or_else(|| self.walk(date, n, NaiveDate::succ_opt))
    }

    /// The `n`-th working day before `date`; `n` = 0 gives `date` itself.
    pub fn sub_working_days(&self, date: NaiveDate, n: u32) -> NaiveDate {
        self.0.table.nth_before(date, n).unwrap_or_else(|| self.walk(date, n, NaiveDate::pred_opt))
    }

    /// The first working day strictly after `date`.
    pub fn next_working_day(&self, date: NaiveDate) -> NaiveDate {
        self.add_working_days(date, 1)
    }

    /// `date` itself when it counts, else the next day that does.
    pub fn on_or_after(&self, date: NaiveDate) -> NaiveDate {
        if self.is_working(date) { date } else { self.add_working_days(date, 1) }
    }

    /// `date` itself when it counts, else the last day before it that does.
    pub fn on_or_before(&self, date: NaiveDate) -> NaiveDate {
        if self.is_working(date) { date } else { self.sub_working_days(date, 1) }
    }

    /// How many working days lie behind `from` up to and including `to`; negative when `to` lies before `from`.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        self.0.table.between(from, to).unwrap_or_else(|| self.count(from, to))
    }

    /// Every day from the one after `sent_on` to the `n`-th working day, with the reason for each.
    pub fn explain(&self, sent_on: NaiveDate, n: u32) -> Vec<ExplainedDay> {
        let due_on = self.add_working_days(sent_on, n);
        let mut counted = 0;
        days_after(sent_on, due_on)
            .map(|date| match self.day(date) {
                DayKind::Working => {
                    counted += 1;
                    ExplainedDay { date, counted: true, why: format!("working day {counted}") }
                }
                off @ (DayKind::Weekend(_) | DayKind::Closed(_)) => {
                    ExplainedDay { date, counted: false, why: off.to_string() }
                }
            })
            .collect()
    }

    /// Bank holidays and closures on weekdays behind `from` up to and including `to`, in order.
    pub fn closures_between(&self, from: NaiveDate, to: NaiveDate) -> Vec<Closure> {
        days_after(from, to)
            .filter_map(|date| match self.day(date) {
                DayKind::Closed(name) => Some(Closure { date, name }),
                DayKind::Working | DayKind::Weekend(_) => None,
            })
            .collect()
    }

    /// The last day up to which somebody has held the holidays against the published list.
    pub fn verified_to(&self) -> NaiveDate {
        self.0.rules.verified_to
    }

    /// Day by day, for dates outside the table; stops where dates end.
    fn walk(&self, from: NaiveDate, n: u32, step: fn(&NaiveDate) -> Option<NaiveDate>) -> NaiveDate {
        let (mut day, mut left) = (from, n);
        while left > 0 {
            let Some(next) = step(&day) else { return day };
            day = next;
            left -= u32::from(self.is_working(day));
        }
        day
    }

    fn count(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        days_after(from, to).map(|date| i64::from(self.is_working(date))).sum()
    }
}

impl Default for Calendar {
    fn default() -> Self {
        Self::new(CalendarOverrides::default())
    }
}

/// The table of a century is left out: nobody reads it in a log.
impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Calendar").field(&self.0.rules).finish()
    }
}

/// The overrides, arranged for looking up a day.
#[derive(Debug)]
struct Rules {
    extra_closed: BTreeMap<NaiveDate, String>,
    not_closed: BTreeSet<NaiveDate>,
    full_years: BTreeMap<i32, BTreeMap<NaiveDate, String>>,
    verified_to: NaiveDate,
}

impl Rules {
    fn is_working(&self, date: NaiveDate) -> bool {
        !is_weekend(date) && self.closed(date).is_none()
    }

    fn closed(&self, date: NaiveDate) -> Option<&str> {
        if let Some(name) = self.extra_closed.get(&date) {
            return Some(name);
        }
        if self.not_closed.contains(&date) {
            return None;
        }
        match self.full_years.get(&date.year()) {
            Some(listed) => listed.get(&date).map(String::as_str),
            None => bank_holiday(date),
        }
    }
}

impl From<CalendarOverrides> for Rules {
    fn from(overrides: CalendarOverrides) -> Self {
        let by_date = |closures: Vec<Closure>| closures.into_iter().map(|c| (c.date, c.name)).collect();
        Self {
            extra_closed: by_date(overrides.extra_closed),
            not_closed: overrides.not_closed.into_iter().collect(),
            full_years: overrides.full_years.into_iter().map(|(year, list)| (year, by_date(list))).collect(),
            verified_to: overrides.verified_to,
        }
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

fn days_after(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().skip(1).take_while(move |date| *date <= to)
}

#[cfg(test)]
mod tests;
