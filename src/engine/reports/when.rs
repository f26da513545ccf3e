//! When reports are due: local hours of working days, computed afresh each time, so that a change of the clocks or of
//! the holidays needs nothing done.

use crate::core::calendar::{at_local, local_date};
use crate::core::policy::{Policy, ReportDay};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc, Weekday};

/// The latest instant up to `now` at which a weekly report was due.
pub(super) fn weekly_due(now: DateTime<Utc>, policy: &Policy) -> Option<DateTime<Utc>> {
    let today = local_date(now, policy.zone);
    let day = weekday(policy.report.day);
    let of_this_week = today.week(Weekday::Mon).first_day() + Days::new(u64::from(day.num_days_from_monday()));
    let due = |day| at_local(policy.calendar.on_or_after(day), policy.report.at, policy.zone);
    // A long closure can push a report into the week behind its own.
    (0..5u64).map(|weeks| due(of_this_week - Days::new(7 * weeks))).find(|at| *at <= now)
}

/// The latest instant up to `now` at which a health report was due: the first working day of a month.
pub(super) fn health_due(now: DateTime<Utc>, policy: &Policy) -> Option<DateTime<Utc>> {
    let first = first_of_month(local_date(now, policy.zone));
    let due = |first| at_local(policy.calendar.on_or_after(first), policy.report.at, policy.zone);
    (0..2).map(|months| due(first - Months::new(months))).find(|at| *at <= now)
}

/// The first day of the month before.
pub(super) fn month_before(day: NaiveDate) -> NaiveDate {
    first_of_month(day) - Months::new(1)
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

fn weekday(day: ReportDay) -> Weekday {
    match day {
        ReportDay::Monday => Weekday::Mon,
        ReportDay::Tuesday => Weekday::Tue,
        ReportDay::Wednesday => Weekday::Wed,
        ReportDay::Thursday => Weekday::Thu,
        ReportDay::Friday => Weekday::Fri,
    }
}
