//! Which exemption *might* apply because a school was closed. It is put before the co-ordinator as a question and
//! never recorded, inferred or told to anybody by itself (`domain.md` 1.4).

use crate::core::wording::short_date;
use chrono::{Days, NaiveDate};

/// A school's closure of at least four weeks counts (regulations 5(4)(a) and 10(4)(a)).
const LONG_CLOSURE_DAYS: i64 = 28;

/// Days on which a school is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SchoolClosure {
    /// First day without school.
    pub from: NaiveDate,
    /// First day of school again.
    pub reopens: NaiveDate,
}

impl SchoolClosure {
    /// From one week before a long closure to one week before the school opens again; `None` for a short one.
    pub fn covers(self) -> Option<(NaiveDate, NaiveDate)> {
        let long = self.reopens.signed_duration_since(self.from).num_days() >= LONG_CLOSURE_DAYS;
        let week_before = |date: NaiveDate| date.checked_sub_days(Days::new(7));
        if long { week_before(self.from).zip(week_before(self.reopens)) } else { None }
    }
}

/// The question to the co-ordinator when advice was asked of the school in such a time.
pub fn suggestion(closure: SchoolClosure, asked_of_school_on: NaiveDate) -> Option<String> {
    let (first, last) = closure.covers()?;
    let inside = (first..=last).contains(&asked_of_school_on);
    inside.then(|| {
        format!(
            "The school is closed from {} and opens again on {}. Regulation 10(4)(a) might apply to advice asked of it between {} and {} (it was asked on {}). If it does, please record it: nothing is assumed.",
            short_date(closure.from),
            short_date(closure.reopens),
            short_date(first),
            short_date(last),
            short_date(asked_of_school_on)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closure(from: &str, reopens: &str) -> SchoolClosure {
        SchoolClosure { from: from.parse().unwrap(), reopens: reopens.parse().unwrap() }
    }

    #[test]
    fn a_long_closure_covers_from_a_week_before_it_to_a_week_before_its_end() {
        let summer = closure("2026-07-22", "2026-09-02");
        for (asked, suggested) in [
            ("2026-07-14", false),
            ("2026-07-15", true),
            ("2026-08-10", true),
            ("2026-08-26", true),
            ("2026-08-27", false),
        ] {
            assert_eq!(suggestion(summer, asked.parse().unwrap()).is_some(), suggested, "asked {asked}");
        }
    }

    #[test]
    fn two_weeks_at_christmas_excuse_nothing() {
        let christmas = closure("2026-12-19", "2027-01-04");
        assert_eq!(suggestion(christmas, "2026-12-22".parse().unwrap()), None);
    }
}
