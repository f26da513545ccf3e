//! The 20-week measure as the Department for Education publishes it: days from request to plan, by calendar year of
//! issue, with and without cases to which an exception applies (`domain.md` 1.8).

use super::Share;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;

/// The last day that is within 20 weeks.
const WITHIN: i64 = 140;
/// The first day that is a year or more.
const A_YEAR: i64 = 365;

/// Plans by how long they took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Buckets {
    /// At most 140 days.
    pub within: u64,
    /// 141 to 364 days.
    pub under_a_year: u64,
    /// 365 days and more.
    pub a_year_or_more: u64,
    /// Days of all of them together.
    pub days: u64,
}

impl Buckets {
    /// All plans.
    pub fn issued(&self) -> u64 {
        self.within + self.under_a_year + self.a_year_or_more
    }

    /// Within 20 weeks, of all.
    pub fn share(&self) -> Share {
        Share { part: self.within, whole: self.issued() }
    }

    /// Average weeks to issue, in tenths.
    pub fn tenths_of_weeks(&self) -> Option<u64> {
        let whole = self.issued().saturating_mul(7);
        (self.days.saturating_mul(10) + whole / 2).checked_div(whole)
    }

    fn add(&mut self, days: i64, plans: u64) {
        let bucket = match days {
            ..=WITHIN => &mut self.within,
            A_YEAR.. => &mut self.a_year_or_more,
            _ => &mut self.under_a_year,
        };
        *bucket += plans;
        self.days += plans.saturating_mul(u64::try_from(days).unwrap_or(0));
    }
}

/// Whether a reason of regulation 10(4) or 13(3) is recorded for a case (`Week20` of the SEN2 return).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Week20 {
    /// No exception: the headline counts it.
    Counts,
    /// An exception applies: only the measure "including" counts it.
    Excepted,
}

/// Plans that were asked for and issued on the same two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Issued {
    /// The day on which the authority received the request.
    pub requested_on: NaiveDate,
    /// The day on which the final plan was issued.
    pub issued_on: NaiveDate,
    /// Whether an exception applies.
    pub week20: Week20,
    /// How many such plans.
    pub plans: u64,
}

/// A calendar year of issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct YearOfIssue {
    /// The year.
    pub year: i32,
    /// Every plan.
    pub including: Buckets,
    /// Plans without an exception: the headline measure.
    pub excluding: Buckets,
}

/// The measure, newest year first.
pub fn by_year(plans: &[Issued]) -> Vec<YearOfIssue> {
    let mut years: BTreeMap<i32, YearOfIssue> = BTreeMap::new();
    for plan in plans {
        let year = plan.issued_on.year();
        let entry = years.entry(year).or_insert(YearOfIssue { year, ..YearOfIssue::default() });
        let days = plan.issued_on.signed_duration_since(plan.requested_on).num_days();
        entry.including.add(days, plan.plans);
        if plan.week20 == Week20::Counts {
            entry.excluding.add(days, plan.plans);
        }
    }
    years.into_values().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_140_is_within_and_a_year_begins_with_day_365() {
        let requested_on = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let bucket = |days: i64| {
            let issued_on = requested_on + chrono::Duration::days(days);
            let years = by_year(&[Issued { requested_on, issued_on, week20: Week20::Counts, plans: 1 }]);
            let all = years[0].including;
            (all.within, all.under_a_year, all.a_year_or_more)
        };
        assert_eq!(bucket(0), (1, 0, 0));
        assert_eq!(bucket(140), (1, 0, 0));
        assert_eq!(bucket(141), (0, 1, 0));
        assert_eq!(bucket(364), (0, 1, 0));
        assert_eq!(bucket(365), (0, 0, 1));
    }

    #[test]
    fn exceptions_are_left_out_of_the_headline_and_the_year_is_that_of_issue() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let plan =
            |from: &str, to: &str, week20, plans| Issued { requested_on: day(from), issued_on: day(to), week20, plans };
        let years = by_year(&[
            plan("2025-09-01", "2025-12-20", Week20::Counts, 2),
            plan("2025-09-01", "2026-01-05", Week20::Counts, 3),
            plan("2025-09-01", "2026-03-30", Week20::Excepted, 4),
            plan("2025-09-01", "2026-03-30", Week20::Counts, 1),
        ]);
        assert_eq!(years.iter().map(|y| y.year).collect::<Vec<_>>(), [2026, 2025]);
        assert_eq!(
            (years[0].including.share(), years[0].excluding.share()),
            (Share { part: 3, whole: 8 }, Share { part: 3, whole: 4 })
        );
        assert_eq!(years[0].excluding.tenths_of_weeks(), Some((3 * 126 + 210) * 10 / 28), "21.0 weeks");
    }
}
