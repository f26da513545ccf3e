//! `[calendar]` → the working-day calendar, with the checks across days.

use super::fault::{Fault, Place, Severity};
use super::review::Review;
use super::sections;
use crate::core::calendar::bank_holidays::bank_holiday;
use crate::core::calendar::{Calendar, CalendarOverrides};
use chrono::{Datelike, Months, NaiveDate};
use std::path::{Path, PathBuf};

/// Builds the calendar.
pub(super) fn calendar(s: &sections::Calendar, review: &mut Review<'_>) -> Calendar {
    check_not_closed(s, review);
    check_years(s, review);
    let year = |(year, days): (&String, &Vec<_>)| Some((year.parse().ok()?, days.clone()));
    Calendar::new(CalendarOverrides {
        extra_closed: s.extra_closed.clone(),
        not_closed: s.not_closed.clone(),
        full_years: s.years.iter().filter_map(year).collect(),
        verified_to: s.verified_to,
    })
}

/// The warning that the holidays run out: somebody has to look at the published list within twelve months.
pub(super) fn horizon(calendar: &Calendar, files: &[PathBuf], today: NaiveDate) -> Option<Fault> {
    let verified_to = calendar.verified_to();
    let needed = today.checked_add_months(Months::new(12))?;
    if verified_to >= needed {
        return None;
    }
    let file = files.iter().find(|file| file.ends_with("holidays.toml")).or(files.first());
    let place = Place::file(file.map_or(Path::new("holidays.toml"), PathBuf::as_path));
    let what = format!("the holidays are verified up to {verified_to} only, less than twelve months from now");
    let remedy = "hold them against the published list, add what is missing, and raise verified_to";
    Some(place.fault(Severity::Warning, "calendar.verified_to", what, remedy))
}

fn check_not_closed(s: &sections::Calendar, review: &mut Review<'_>) {
    let path = "calendar.not_closed";
    for day in &s.not_closed {
        let listed = s.years.get(&day.year().to_string()).is_some_and(|days| days.iter().any(|c| c.date == *day));
        if s.extra_closed.iter().any(|closed| closed.date == *day) {
            review.error(path, format!("{day} is also in extra_closed"), "keep it in one of the two lists");
        } else if bank_holiday(*day).is_none() && !listed {
            review.warning(path, format!("{day} is no bank holiday"), "mend the date, or take it out of the list");
        }
    }
}

fn check_years(s: &sections::Calendar, review: &mut Review<'_>) {
    let path = "calendar.years";
    for (year, days) in &s.years {
        let Some(number) = year.parse::<i32>().ok().filter(|year| (2000..2100).contains(year)) else {
            review.error(path, format!("'{year}' is not a year"), "write { 2029 = [2029-01-01, …] }");
            continue;
        };
        for day in days.iter().filter(|day| day.date.year() != number) {
            let what = format!("{} stands in the list of {year}", day.date);
            review.error(path, what, "move it to the list of its own year");
        }
        if days.len() < FEWEST_HOLIDAYS {
            let what = format!(
                "the list of {year} replaces all bank holidays and names only {} of at least {FEWEST_HOLIDAYS}",
                days.len()
            );
            review.warning(path, what, "list every bank holiday of that year, or use extra_closed");
        }
    }
}

/// England and Wales have eight bank holidays in a plain year; the list of one that falls below is incomplete.
const FEWEST_HOLIDAYS: usize = 8;
