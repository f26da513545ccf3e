//! The bank holidays of England and Wales: the rules, and the days that proclamations added or moved.
//!
//! Held against the list of gov.uk for 2012 to 2028. Christmas Day and Good Friday are common-law holidays and
//! not in the Banking and Financial Dealings Act 1971; all eight are treated alike (`domain.md` 2.1).

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A day by royal proclamation: year, month, day, name.
const PROCLAIMED: [(i32, u32, u32, &str); 7] = [
    (2012, 6, 4, "Spring bank holiday (substitute)"),
    (2012, 6, 5, "Queen's Diamond Jubilee"),
    (2020, 5, 8, "Early May bank holiday (VE day)"),
    (2022, 6, 2, "Spring bank holiday"),
    (2022, 6, 3, "Platinum Jubilee bank holiday"),
    (2022, 9, 19, "State Funeral of Queen Elizabeth II"),
    (2023, 5, 8, "Coronation of King Charles III"),
];

/// Days of the rules that were worked because a proclamation moved the holiday.
const MOVED_AWAY: [(i32, u32, u32); 3] = [(2012, 5, 28), (2020, 5, 4), (2022, 5, 30)];

/// The name of the bank holiday on a weekday, `None` on every other day and on weekends.
pub fn bank_holiday(date: NaiveDate) -> Option<&'static str> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    if let Some((.., name)) = PROCLAIMED.iter().find(|(y, m, d, _)| (*y, *m, *d) == (year, month, day)) {
        return Some(name);
    }
    if MOVED_AWAY.contains(&(year, month, day)) {
        return None;
    }
    by_rule(date)
}

/// When 25 December is a Sunday, Monday is Boxing Day itself and Tuesday stands for Christmas Day.
fn by_rule(date: NaiveDate) -> Option<&'static str> {
    use Weekday::{Fri, Mon, Sat, Sun, Tue};
    match (date.month(), date.day(), date.weekday()) {
        (_, _, Sat | Sun) => None,
        (1, 1, _) => Some("New Year's Day"),
        (1, 2 | 3, Mon) => Some("New Year's Day (substitute)"),
        (3 | 4, _, Fri) if easter_sunday(date.year()) == date.checked_add_days(Days::new(2)) => Some("Good Friday"),
        (3 | 4, _, Mon) if easter_sunday(date.year()) == date.pred_opt() => Some("Easter Monday"),
        (5, 1..=7, Mon) => Some("Early May bank holiday"),
        (5, 25..=31, Mon) => Some("Spring bank holiday"),
        (8, 25..=31, Mon) => Some("Summer bank holiday"),
        (12, 25, _) => Some("Christmas Day"),
        (12, 26, _) => Some("Boxing Day"),
        (12, 27, Mon | Tue) => Some("Christmas Day (substitute)"),
        (12, 28, Mon | Tue) => Some("Boxing Day (substitute)"),
        _ => None,
    }
}

/// Easter Sunday of the Gregorian calendar ("A New Method for Finding Easter", Nature 13, 1876, p. 487).
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - correction + 15).rem_euclid(30);
    let to_sunday = (32 + 2 * century.rem_euclid(4) + 2 * (of_century / 4) - epact - of_century % 4).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let march_based = epact + to_sunday - 7 * late + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(march_based / 31).ok()?, u32::try_from(march_based % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_where_almanacs_have_it() {
        for (year, month, day) in [
            (1818, 3, 22),
            (1954, 4, 18),
            (1981, 4, 19),
            (2000, 4, 23),
            (2008, 3, 23),
            (2019, 4, 21),
            (2038, 4, 25),
            (2049, 4, 18),
            (2076, 4, 19),
        ] {
            assert_eq!(easter_sunday(year), NaiveDate::from_ymd_opt(year, month, day));
        }
    }

    #[test]
    fn every_year_without_a_proclamation_has_eight() {
        for year in (1990..2200).filter(|y| ![2012, 2022, 2023].contains(y)) {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            let days = first.iter_days().take_while(|d| d.year() == year).filter(|d| bank_holiday(*d).is_some());
            assert_eq!(days.count(), 8, "{year}");
        }
    }
}
