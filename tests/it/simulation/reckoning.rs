//! Days and hours as the specification has them, counted one by one; nothing here knows the code's calendar.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Europe::London;

/// `domain.md` 2.1, for the months that are played: (year, month, day).
const HOLIDAYS: [(i32, u32, u32); 11] = [
    (2026, 8, 31),
    (2026, 12, 25),
    (2026, 12, 28),
    (2027, 1, 1),
    (2027, 3, 26),
    (2027, 3, 29),
    (2027, 5, 3),
    (2027, 5, 31),
    (2027, 8, 30),
    (2027, 12, 27),
    (2027, 12, 28),
];

pub fn works(day: NaiveDate) -> bool {
    let holiday = HOLIDAYS.contains(&(day.year(), day.month(), day.day()));
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !holiday
}

pub fn local_day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&London).date_naive()
}

/// The `n`-th working day after `day`.
pub fn after(day: NaiveDate, n: u32) -> NaiveDate {
    let (mut day, mut left) = (day, n);
    while left > 0 {
        day = day + Days::new(1);
        left -= u32::from(works(day));
    }
    day
}

/// `day`, or the next one on which people work.
pub fn from(day: NaiveDate) -> NaiveDate {
    if works(day) { day } else { after(day, 1) }
}

/// `day`, or the last one before it on which people work.
pub fn back(mut day: NaiveDate) -> NaiveDate {
    while !works(day) {
        day = day - Days::new(1);
    }
    day
}

/// A full local hour of a day.
pub fn hour(day: NaiveDate, hour: u32) -> DateTime<Utc> {
    London.from_local_datetime(&day.and_hms_opt(hour, 0, 0).unwrap()).earliest().unwrap().with_timezone(&Utc)
}

/// Whether letters to people outside may leave: a working day, 08:00 to 18:00.
pub fn in_send_window(at: DateTime<Utc>) -> bool {
    let local = at.with_timezone(&London);
    works(local.date_naive()) && (8..18).contains(&local.hour())
}
