//! From when the young person, not the parent, is the one to be written to (`domain.md` 3.6).

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Whose right it is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// The parents: the child is of compulsory school age.
    Parent,
    /// The young person (CFA 2014 s.83(2)).
    YoungPerson,
}

/// The first day on which somebody is over compulsory school age: the day after the last Friday in June of the school
/// year, 1 September to 31 August, in which they turn 16 (Education Act 1996 s.8).
pub fn young_person_from(born: NaiveDate) -> NaiveDate {
    let sixteen = born.year().saturating_add(16);
    let summer = if born.month() >= 9 { sixteen.saturating_add(1) } else { sixteen };
    last_friday_in_june(summer).succ_opt().unwrap_or(NaiveDate::MAX)
}

/// Whose right it is on `day`.
pub fn holder(born: NaiveDate, day: NaiveDate) -> Holder {
    if day >= young_person_from(born) { Holder::YoungPerson } else { Holder::Parent }
}

fn last_friday_in_june(year: i32) -> NaiveDate {
    let Some(end) = NaiveDate::from_ymd_opt(year, 6, 30) else { return NaiveDate::MAX };
    let back = end.weekday().days_since(Weekday::Fri);
    end.checked_sub_days(Days::new(u64::from(back))).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_young_person_from_the_day_after_the_last_friday_in_june_of_the_year_of_their_sixteenth_birthday() {
        for (born, from) in [
            ("2010-03-01", "2026-06-27"),
            ("2009-09-01", "2026-06-27"),
            ("2010-06-30", "2026-06-27"),
            ("2010-08-31", "2026-06-27"),
            ("2010-09-01", "2027-06-26"),
            ("2010-12-31", "2027-06-26"),
            ("2008-02-29", "2024-06-29"),
            ("2007-08-31", "2023-07-01"),
        ] {
            let (born, from): (NaiveDate, NaiveDate) = (born.parse().unwrap(), from.parse().unwrap());
            assert_eq!(young_person_from(born), from, "born {born}");
            assert_eq!(holder(born, from.pred_opt().unwrap()), Holder::Parent, "born {born}");
            assert_eq!(holder(born, from), Holder::YoungPerson, "born {born}");
        }
    }

    #[test]
    fn the_ends_of_time_do_not_panic() {
        young_person_from(NaiveDate::MAX);
        young_person_from(NaiveDate::MIN);
    }
}
