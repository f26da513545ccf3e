//! The date that parents are told: never the bare result of a projection (`domain.md` 3.5).

use super::Rules;
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The end of the week of the expected date, and some working days on top (`timescales.told_margin`): Tue 20 Oct →
/// Fri 23 Oct → Fri 30 Oct.
pub fn told_date(expected: NaiveDate, rules: Rules) -> NaiveDate {
    let friday = i64::from(Weekday::Fri.num_days_from_monday());
    let to_friday = (friday - i64::from(expected.weekday().num_days_from_monday())).rem_euclid(7).unsigned_abs();
    let end_of_week = expected.checked_add_days(Days::new(to_friday)).unwrap_or(expected);
    let told = rules.calendar.add_working_days(end_of_week, rules.timescales.told_margin);
    rules.calendar.on_or_after(told)
}
