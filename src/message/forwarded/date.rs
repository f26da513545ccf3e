//! The date in an inline header block, as mail programs show it to people.

use crate::message::parse;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::London;
use regex::Regex;
use std::sync::LazyLock;

fn regex(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

/// 12 October 2026, 12th Oct. 2026
static DAY_MONTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r"\b(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?(?P<m>\p{L}{3,12})\.?,?[\s-]+(?:de\s+)?(?P<y>\d{4})")
});
/// October 12, 2026
static MONTH_DAY: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"\b(?P<m>\p{L}{3,12})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})"));
/// 2026-10-12
static ISO: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"\b(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"));
/// 12/10/2026, day first
static NUMBERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"\b(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.](?P<y>\d{4})"));
static CLOCK: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"\b(?P<h>\d{1,2})[:.](?P<m>\d{2})(?:[:.](?P<s>\d{2}))?(?:\s*(?P<half>[AaPp])\.?[Mm])?"));
static OFFSET: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?:\s|GMT|UTC)(?P<sign>[+-])(?P<h>\d{2}):?(?P<m>\d{2})\b|\b(?P<zero>GMT|UTC|Z)\b"));

/// Reads a date with its time; without zone it is UK time. `None` when anything is missing or impossible.
pub(super) fn read(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let zoned = OFFSET.as_ref()?.captures(text);
    let local = day(text)?.and_time(time(text)?);
    if zoned.is_some()
        && let Some(date) = parse::date(text)
    {
        return Some(date);
    }
    match zoned.and_then(|captures| offset(&captures)) {
        Some(offset) => Some(offset.from_local_datetime(&local).single()?.with_timezone(&Utc)),
        None => Some(London.from_local_datetime(&local).earliest()?.with_timezone(&Utc)),
    }
}

fn offset(captures: &regex::Captures<'_>) -> Option<FixedOffset> {
    if captures.name("zero").is_some() {
        return FixedOffset::east_opt(0);
    }
    let number = |name| captures.name(name)?.as_str().parse::<i32>().ok();
    let seconds = number("h")? * 3600 + number("m")? * 60;
    let east = captures.name("sign").is_some_and(|sign| sign.as_str() == "+");
    FixedOffset::east_opt(if east { seconds } else { -seconds })
}

fn day(text: &str) -> Option<NaiveDate> {
    [&DAY_MONTH, &MONTH_DAY, &ISO, &NUMBERS].iter().find_map(|pattern| {
        let captures = pattern.as_ref()?.captures(text)?;
        let day = captures.name("d")?.as_str().parse().ok()?;
        let year = captures.name("y")?.as_str().parse().ok()?;
        NaiveDate::from_ymd_opt(year, month(captures.name("m")?.as_str())?, day)
    })
}

/// Numbers, and names as mail programs shorten them, in English and its neighbours' languages.
fn month(name: &str) -> Option<u32> {
    if let Ok(number) = name.parse() {
        return Some(number);
    }
    const STARTS: [(&str, u32); 30] = [
        ("jan", 1),
        ("gen", 1),
        ("ene", 1),
        ("feb", 2),
        ("fév", 2),
        ("fev", 2),
        ("mar", 3),
        ("mär", 3),
        ("mrt", 3),
        ("maa", 3),
        ("apr", 4),
        ("avr", 4),
        ("abr", 4),
        ("mai", 5),
        ("may", 5),
        ("mag", 5),
        ("mei", 5),
        ("maj", 5),
        ("jun", 6),
        ("juin", 6),
        ("giu", 6),
        ("jul", 7),
        ("juil", 7),
        ("lug", 7),
        ("aug", 8),
        ("aoû", 8),
        ("ago", 8),
        ("sep", 9),
        ("set", 9),
        ("oct", 10),
    ];
    const LATE: [(&str, u32); 6] = [("okt", 10), ("ott", 10), ("out", 10), ("nov", 11), ("dec", 12), ("dez", 12)];
    let name = name.to_lowercase();
    let known = STARTS.iter().chain(&LATE).chain(&[("déc", 12), ("dic", 12), ("des", 12)]);
    known.clone().find(|(start, _)| name.starts_with(start)).map(|(_, number)| *number)
}

fn time(text: &str) -> Option<NaiveTime> {
    // A date with full stops, 12.10.2026, would pass for a time: the clock stands last.
    let captures = CLOCK.as_ref()?.captures_iter(text).filter(|c| !is_part_of_date(text, c)).last()?;
    let number = |name| captures.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
    let hour = number("h")?;
    let hour = match captures.name("half").map(|m| m.as_str()) {
        Some("p" | "P") if hour < 12 => hour + 12,
        Some("a" | "A") if hour == 12 => 0,
        Some(_) | None => hour,
    };
    NaiveTime::from_hms_opt(hour, number("m")?, number("s").unwrap_or(0))
}

fn is_part_of_date(text: &str, captures: &regex::Captures<'_>) -> bool {
    let Some(whole) = captures.get(0) else { return true };
    let behind = text.get(whole.end()..).unwrap_or_default();
    let before = text.get(..whole.start()).unwrap_or_default();
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    digit(behind.chars().next())
        || behind.starts_with(['.', '/']) && digit(behind.chars().nth(1))
        || before.ends_with(['.', '/', '+', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for pattern in [&DAY_MONTH, &MONTH_DAY, &ISO, &NUMBERS, &CLOCK, &OFFSET] {
            assert!(pattern.is_some());
        }
    }

    #[test]
    fn dates_are_read_as_programs_show_them() {
        for (text, expected) in [
            ("12 October 2026 09:15", "2026-10-12T08:15:00Z"),
            ("Monday, October 12, 2026 9:15 AM", "2026-10-12T08:15:00Z"),
            ("Mon, Oct 12, 2026 at 9:15 PM", "2026-10-12T20:15:00Z"),
            ("Mon, 12 Oct 2026 at 09:15", "2026-10-12T08:15:00Z"),
            ("12 October 2026 at 09:15:30 BST", "2026-10-12T08:15:30Z"),
            ("1 December 2026 at 09:15:30 GMT", "2026-12-01T09:15:30Z"),
            ("Mon, 12 Oct 2026 09:15:00 +0200", "2026-10-12T07:15:00Z"),
            ("Mon, 12 Oct 2026 09:15:00 -0600", "2026-10-12T15:15:00Z"),
            ("12/10/2026 09:15", "2026-10-12T08:15:00Z"),
            ("12.10.2026 09:15", "2026-10-12T08:15:00Z"),
            ("2026-10-12 09:15", "2026-10-12T08:15:00Z"),
            ("Montag, 12. Oktober 2026 09:15", "2026-10-12T08:15:00Z"),
            ("lundi 12 octobre 2026 09:15", "2026-10-12T08:15:00Z"),
            ("lunes, 12 de octubre de 2026 9:15", "2026-10-12T08:15:00Z"),
        ] {
            let got = read(text).map(|d| d.format("%Y-%m-%dT%H:%M:%SZ").to_string());
            assert_eq!(got.as_deref(), Some(expected), "{text}");
        }
        for text in ["", "Monday", "12 October", "31 February 2026 09:15", "12 October 2026", "12 Oct 2026 25:00"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
