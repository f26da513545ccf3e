//! Dates as people in England type them: the day comes first, the year may be missing.
//!
//! What is not surely one date is none: "Monday" or "next week" are asked about, never guessed.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use regex::Regex;
use std::sync::LazyLock;

/// Which way a date without a year lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateBias {
    /// Something that has happened.
    Past,
    /// Something that will happen.
    Future,
}

/// Years outside are slips of the finger.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2100;
/// Near enough on the wrong side that the writer meant this one: "To: 20 Nov" written on 21 Nov is a mistake to
/// be told, not a date in a year's time.
const NEAR: TimeDelta = TimeDelta::days(60);

static NUMERIC: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?$").ok());
static ISO: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^(\d{4})-(\d{1,2})-(\d{1,2})$").ok());

/// Reads one date: `2026-10-19`, `19/10/2026`, `19.10.26`, `19 Oct 2026`, `19th October`, `Mon 9 Nov`,
/// `October 19, 2026`, `today`, `tomorrow`, `yesterday`. Impossible ones and weekdays that do not fit give `None`.
///
/// Without a year it is the nearest such day on the side of `bias`, unless one lies within 60 days on the other
/// side: then that one, so that the caller can say that it is past (or to come).
pub fn read_date(text: &str, today: NaiveDate, bias: DateBias) -> Option<NaiveDate> {
    let (weekday, parts) = words_of(text)?;
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let date = match parts.as_slice() {
        ["today"] => Some(today),
        ["tomorrow"] => today.succ_opt(),
        ["yesterday"] => today.pred_opt(),
        [one] => iso(one).or_else(|| numeric(one, today, bias)),
        [a, b] => day_and_month(a, b).and_then(|(day, month)| without_year(day, month, today, bias)),
        [a, b, year] => day_and_month(a, b).and_then(|(day, month)| ymd(full_year(year)?, month, day)),
        _ => None,
    }?;
    weekday.is_none_or(|named| named == date.weekday()).then_some(date)
}

/// Lower-case words without commas and a leading "on the"; a weekday in front is taken off.
fn words_of(text: &str) -> Option<(Option<Weekday>, Vec<String>)> {
    let lower = text.to_lowercase().replace(['\u{2010}', '\u{2011}', '\u{2013}', '\u{2212}'], "-");
    let separated = lower.split(|c: char| c.is_whitespace() || c == ',');
    let trimmed = separated.map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned());
    let mut words: Vec<String> =
        trimmed.filter(|w| !w.is_empty() && !matches!(w.as_str(), "on" | "the" | "of")).collect();
    let weekday = weekday(words.first()?);
    if weekday.is_some() {
        words.remove(0);
    }
    Some((weekday, words))
}

fn weekday(word: &str) -> Option<Weekday> {
    word.chars().all(char::is_alphabetic).then(|| word.parse().ok()).flatten().or(match word {
        "tues" => Some(Weekday::Tue),
        "weds" => Some(Weekday::Wed),
        "thur" | "thurs" => Some(Weekday::Thu),
        _ => None,
    })
}

fn iso(word: &str) -> Option<NaiveDate> {
    let found = ISO.as_ref()?.captures(word)?;
    ymd(
        found.get(1)?.as_str().parse().ok()?,
        found.get(2)?.as_str().parse().ok()?,
        found.get(3)?.as_str().parse().ok()?,
    )
}

fn numeric(word: &str, today: NaiveDate, bias: DateBias) -> Option<NaiveDate> {
    let found = NUMERIC.as_ref()?.captures(word)?;
    let (day, month) = (found.get(1)?.as_str().parse().ok()?, found.get(2)?.as_str().parse().ok()?);
    match found.get(3) {
        Some(year) => ymd(full_year(year.as_str())?, month, day),
        None => without_year(day, month, today, bias),
    }
}

fn day_and_month(a: &str, b: &str) -> Option<(u32, u32)> {
    match (day(a), month(b)) {
        (Some(day), Some(month)) => Some((day, month)),
        _ => Some((day(b)?, month(a)?)),
    }
}

fn day(word: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending)).unwrap_or(word);
    digits.parse().ok().filter(|_| digits.len() <= 2)
}

/// The number of a month by its English name or three letters of it ("sept" too).
pub(super) fn month(word: &str) -> Option<u32> {
    let word = if word == "sept" { "sep" } else { word };
    let alphabetic = word.chars().all(char::is_alphabetic);
    alphabetic.then(|| word.parse::<chrono::Month>().ok()).flatten().map(|m| m.number_from_month())
}

fn full_year(word: &str) -> Option<i32> {
    let year: i32 = word.parse().ok()?;
    match word.len() {
        2 => Some(2000 + year),
        4 => Some(year),
        _ => None,
    }
}

fn ymd(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    YEARS.contains(&year).then(|| NaiveDate::from_ymd_opt(year, month, day)).flatten()
}

fn without_year(day: u32, month: u32, today: NaiveDate, bias: DateBias) -> Option<NaiveDate> {
    // Eight years reach the next 29 February from anywhere.
    let nearby = (today.year() - 8..=today.year() + 8).filter_map(|year| ymd(year, month, day));
    let (earlier, later): (Vec<NaiveDate>, Vec<NaiveDate>) = nearby.partition(|date| *date < today);
    let (last, next) = (earlier.last().copied(), later.first().copied());
    let (wanted, other) = match bias {
        DateBias::Past if next == Some(today) => return next,
        DateBias::Past => (last, next),
        DateBias::Future => (next, last),
    };
    other.filter(|date| (*date - today).abs() <= NEAR).or(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, bias: DateBias, expected: Option<&str>) {
        let today = "2026-11-21".parse().unwrap();
        let expected = expected.map(|date| date.parse().unwrap());
        assert_eq!(read_date(text, today, bias), expected, "{text} ({bias:?})");
    }

    #[test]
    fn a_date_is_read_as_people_type_it() {
        for text in [
            "2026-10-19",
            "19/10/2026",
            "19.10.2026",
            "19-10-2026",
            "19/10/26",
            "19 Oct 2026",
            "19 October",
            "19th October",
            "19th of October 2026",
            "on 19 October 2026.",
            "Mon 19 Oct",
            "Monday, 19 October 2026",
            "October 19, 2026",
            "19/10",
            "  19\u{a0}OCT 2026 ",
            "2026\u{2011}10\u{2011}19",
        ] {
            check(text, DateBias::Past, Some("2026-10-19"));
        }
        check("today", DateBias::Future, Some("2026-11-21"));
        check("Tomorrow", DateBias::Future, Some("2026-11-22"));
        check("yesterday", DateBias::Past, Some("2026-11-20"));
        check("4 Nov", DateBias::Past, Some("2026-11-04"));
        check("2 Sept", DateBias::Past, Some("2026-09-02"));
    }

    #[test]
    fn what_is_not_surely_a_date_is_none() {
        for text in [
            "",
            "soon",
            "Monday",
            "next week",
            "31 Feb",
            "30/02/2026",
            "2026-13-01",
            "13/13/2026",
            "Tue 19 Oct 2026",
            "0 Nov",
            "19 Oct 20266",
            "19 Oct 1066",
            "4",
            "Nov",
            "4 Nov by phone",
            "1/2/3/4",
            "10:30",
            "99999999999 Nov",
            "2026",
        ] {
            check(text, DateBias::Past, None);
            check(text, DateBias::Future, None);
        }
    }

    #[test]
    fn a_missing_year_is_found_by_the_side_on_which_the_date_makes_sense() {
        check("19 January", DateBias::Future, Some("2027-01-19"));
        check("19 January", DateBias::Past, Some("2027-01-19"));
        check("3 March", DateBias::Future, Some("2027-03-03"));
        check("3 March", DateBias::Past, Some("2026-03-03"));
        check("20 Nov", DateBias::Future, Some("2026-11-20"));
        check("25 Nov", DateBias::Past, Some("2026-11-25"));
        check("21 Nov", DateBias::Past, Some("2026-11-21"));
        check("21 Nov", DateBias::Future, Some("2026-11-21"));
        check("29 Feb", DateBias::Future, Some("2028-02-29"));
        check("29 Feb", DateBias::Past, Some("2024-02-29"));
    }
}
