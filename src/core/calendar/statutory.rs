//! The law's own periods: calendar weeks, which neither weekends nor holidays touch (`domain.md` 1.7).

use super::Calendar;
use chrono::{Days, NaiveDate};

/// The two dates of a statutory period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatutoryDue {
    /// The last day in law: the same weekday, n weeks after receipt. Decides whether something is late.
    pub legal_due: NaiveDate,
    /// The date that staff are shown: a day earlier, for some count the day of receipt, and a working day.
    pub planning_due: NaiveDate,
}

/// The end of a period of `weeks` that runs from the day on which the authority received the request.
pub fn statutory_weeks(received: NaiveDate, weeks: u32, calendar: &Calendar) -> StatutoryDue {
    let legal_due = received.checked_add_days(Days::new(7 * u64::from(weeks))).unwrap_or(NaiveDate::MAX);
    let day_before = legal_due.pred_opt().unwrap_or(legal_due);
    StatutoryDue { legal_due, planning_due: calendar.on_or_before(day_before) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_run_straight_through_weekends_and_holidays() {
        let calendar = Calendar::default();
        for (received, weeks, legal, planning) in [
            ("2026-09-01", 6, "2026-10-13", "2026-10-12"),
            ("2026-09-01", 16, "2026-12-22", "2026-12-21"),
            ("2026-09-01", 20, "2027-01-19", "2027-01-18"),
            ("2026-11-23", 6, "2027-01-04", "2026-12-31"),
            ("2026-11-23", 20, "2027-04-12", "2027-04-09"),
            ("2026-06-01", 20, "2026-10-19", "2026-10-16"),
            ("2023-05-18", 16, "2023-09-07", "2023-09-06"),
        ] {
            let date = |text: &str| text.parse().unwrap();
            let expected = StatutoryDue { legal_due: date(legal), planning_due: date(planning) };
            assert_eq!(statutory_weeks(date(received), weeks, &calendar), expected, "{received} + {weeks} weeks");
        }
    }

    #[test]
    fn the_end_of_time_does_not_panic() {
        statutory_weeks(NaiveDate::MAX, u32::MAX, &Calendar::default());
        statutory_weeks(NaiveDate::MIN, 0, &Calendar::default());
    }
}
