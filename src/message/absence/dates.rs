//! The first day back: dates in the text and the words before and behind them.

use super::vocabulary::{month, month_pattern, weekday, weekday_pattern};
use crate::message::kind::fold;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// A date without a year this far ahead is rather the same date of a little while ago: a forgotten notice.
const TOO_FAR_AHEAD: i64 = 300;
/// Longest absence that is believed: two years of leave.
const LONGEST: i64 = 750;

/// A date in the text, with where it stands.
#[derive(Debug, Clone, Copy)]
struct Found {
    start: usize,
    end: usize,
    day: NaiveDate,
    /// A weekday alone: "Monday to Wednesday" is rather a working pattern than an absence.
    weekday_only: bool,
}

/// What the words around a date make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The person is back on this day.
    Back,
    /// The absence ends with this day, or the day before.
    Until,
    /// The absence takes in this day.
    Through,
    /// The absence takes in the week that starts here.
    Week,
}

/// Reads the first day back; `None` when the text tells none that lies on or after the day of receipt.
pub fn first_day_back(text: &str, received_on: NaiveDate) -> Option<NaiveDate> {
    let text = fold(text);
    let found = dates(&text, received_on);
    let meant: Vec<(Meaning, NaiveDate)> =
        found.iter().enumerate().filter_map(|(place, date)| Some((meaning(&text, &found, place)?, date.day))).collect();
    let plausible = |day: &NaiveDate| *day >= received_on && (*day - received_on).num_days() <= LONGEST;
    let first = |wanted: &[Meaning]| {
        meant.iter().filter(|(m, _)| wanted.contains(m)).filter_map(|(m, day)| back_after(*m, *day)).find(plausible)
    };
    first(&[Meaning::Back])
        .or_else(|| first(&[Meaning::Until, Meaning::Through]))
        .or_else(|| first(&[Meaning::Week]))
        .or_else(|| today_only(&text, received_on))
}

fn back_after(meaning: Meaning, day: NaiveDate) -> Option<NaiveDate> {
    match meaning {
        Meaning::Back | Meaning::Until => Some(day),
        Meaning::Through => day.checked_add_days(Days::new(1)),
        Meaning::Week => day.checked_add_days(Days::new(7)),
    }
}

/// "I am out of the office today" ends tomorrow.
fn today_only(text: &str, received_on: NaiveDate) -> Option<NaiveDate> {
    TODAY.as_ref().filter(|pattern| pattern.is_match(text)).and_then(|_| received_on.succ_opt())
}

fn meaning(text: &str, found: &[Found], place: usize) -> Option<Meaning> {
    let date = found.get(place)?;
    let earlier = place.checked_sub(1).and_then(|p| found.get(p)).map_or(0, |previous| previous.end);
    let before = sentence_before(text.get(..date.start).unwrap_or_default());
    let between = text.get(earlier..date.start).unwrap_or_default();
    let near = if before.len() < between.len() { before } else { between };
    let inclusive = matches(&INCLUSIVE_BEHIND, text.get(date.end..).unwrap_or_default());
    let until = |inclusive: bool| if inclusive { Meaning::Through } else { Meaning::Until };
    if matches(&BACK, near) && !matches(&NOT_BACK, near) {
        return Some(Meaning::Back);
    }
    if matches(&WEEK, near) {
        return Some(Meaning::Week);
    }
    if matches(&THROUGH, near) {
        return Some(Meaning::Through);
    }
    let ends_range = earlier > 0 && !date.weekday_only && matches(&RANGE, between);
    (ends_range || matches(&DAY_BEFORE, near) || matches(&UNTIL, near)).then(|| until(inclusive))
}

/// The end of the text since the last full stop; a stop behind a number or a short word ends no sentence.
fn sentence_before(text: &str) -> &str {
    let stop = text.rmatch_indices(['.', '!', '?', ';', '\u{2022}']).find(|(place, _)| {
        let (head, tail) = text.split_at_checked(*place).unwrap_or((text, ""));
        let word = head.rsplit(' ').next().unwrap_or_default();
        let short = word.chars().count() <= 3 || word.chars().all(|c| c.is_ascii_digit());
        tail.chars().nth(1).is_none_or(char::is_whitespace) && !short
    });
    let from = stop.map_or(0, |(place, _)| place + 1);
    text.get(from..).unwrap_or(text)
}

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

type Pattern = LazyLock<Option<Regex>>;

/// Words between a cue and its date: "on the morning of".
const GAP: &str = r"(?:[ ,:(-]+(?:w/c|week|commencing|beginning|the|on|of|in|at|to|from|my|our|her|his|again|is|will|be|work|office|morning|afternoon|day|date|desk|evening|normal|duties|full|time|and|am|den|dem|der|le|el|il|op|am|early|until|late|hopefully|now|ab|expected|around|about|school|sites?|first|thing|next|this|after|leave|holiday|holidays|annual|close|end|business|midday|noon|9am|5pm|approximately|approx|roughly|circa|\d{1,2}[:.]?\d{0,2} ?(?:am|pm)|\d{1,2}[:.]\d{2}(?: ?hrs)?)){0,7}[ ,:(-]*$";

static BACK: Pattern = LazyLock::new(|| {
    cue(
        r"back(?: in| at| to| with)?|return(?:s|ing|ed)?|resum(?:e|es|ing)|in the office|available|re-?open(?:s|ing)?|next (?:in|work|working day|day at work)|wieder(?: im buro| erreichbar| da| zuruck)?|zuruck|de retour|retour|regreso|vuelvo|rientro|rientrero|tornero|terug|weer aanwezig|tilbage|tillbaka|tilbake|ab dem",
    )
});
static NOT_BACK: Pattern = LazyLock::new(|| {
    Regex::new(r"(?:\bnot|n't|\bno longer|\bnever|\bunavailable|\bnicht) (?:\w+ ){0,3}(?:in the office|available|back|return\w*|wieder)?[^,]*$").ok()
});
static UNTIL: Pattern = LazyLock::new(|| {
    cue(
        r"until|untill|till|'?til|up to|ending|ends|bis(?: zum)?|jusqu'?(?:au|a|en)?|hasta(?: el)?|fino al?|al|tot|t/m|au|through to|up until",
    )
});
static THROUGH: Pattern = LazyLock::new(|| {
    cue(
        r"and including|including|inclusive of|through|thru|bis einschliesslich|einschliesslich|t/m|tot en met|jusqu'au .{0,10}inclus",
    )
});
static WEEK: Pattern = LazyLock::new(|| {
    Regex::new(r"(?:away|leave|holiday|office|absent|off|vacation|not working)\b[^.]{0,40}(?:w/c|wc|week commencing|week beginning|w/b|week of)[ :]*(?:the )?$").ok()
});
static RANGE: Pattern = LazyLock::new(|| {
    Regex::new(r"^[ ,)]*(?:\d{2,4}[ ,]*)?(?:to|until|till|til|through|thru|-|and|bis(?: zum)?|au|al|tot(?: en met)?|t/m|up to(?: and including)?|until and including)[ ]*(?:the |and including )?$").ok()
});
/// "2-13 November": the first day has no month of its own.
static DAY_BEFORE: Pattern =
    LazyLock::new(|| Regex::new(r"\b\d{1,2}(?:st|nd|rd|th)? ?(?:-|to|until|till|and|bis) ?(?:the )?$").ok());
static INCLUSIVE_BEHIND: Pattern = LazyLock::new(|| {
    Regex::new(r"^[ ,()]*(?:both )?(?:dates )?(?:inclusive|incl\b|inc\b|included|inclus|inkl|einschl)").ok()
});
static TODAY: Pattern = LazyLock::new(|| {
    Regex::new(r"\b(?:out of (?:the )?office|away|on (?:annual )?leave|not (?:working|in(?: the office)?)|training)\b(?: \w+){0,3} today\b").ok()
});

fn cue(words: &str) -> Option<Regex> {
    Regex::new(&format!(r"\b(?:{words}){GAP}")).ok()
}

fn dates(text: &str, today: NaiveDate) -> Vec<Found> {
    let Some(pattern) = DATE.as_ref() else { return Vec::new() };
    pattern
        .captures_iter(text)
        .filter_map(|captures| {
            let whole = captures.get(0)?;
            let weekday_only = captures.name("day").is_some();
            Some(Found { start: whole.start(), end: whole.end(), day: day_of(&captures, today)?, weekday_only })
        })
        .collect()
}

/// Every form of a date, the fuller ones first.
static DATE: Pattern = LazyLock::new(|| {
    let (months, days) = (month_pattern(), weekday_pattern());
    let weekday = format!(r"(?:(?:{days})\b\.?,?(?: the| den| le| el)? ?)?");
    Regex::new(&[
        r"\b(?P<iy>20\d\d)-(?P<im>\d{1,2})-(?P<id>\d{1,2})\b".to_owned(),
        format!(r"\b{weekday}(?P<nd>\d{{1,2}})[./-](?P<nm>\d{{1,2}})[./-](?P<ny>(?:20)?\d\d)\b"),
        format!(r"\b{weekday}(?P<wd>\d{{1,2}})(?:st|nd|rd|th|er|\.)? ?(?:of |de )?(?P<wm>{months})\b\.?(?:,? ?(?P<wy>20\d\d)\b)?"),
        format!(r"\b(?:(?:{days})\b\.?,? ?)?(?P<um>{months})\b\.? ?(?:the )?(?P<ud>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? ?(?P<uy>20\d\d)\b)?"),
        format!(r"\b{weekday}(?P<sd>\d{{1,2}})[./](?P<sm>\d{{1,2}})\b"),
        format!(r"\b{weekday}(?P<od>\d{{1,2}})(?:st|nd|rd|th)\b"),
        format!(r"\b(?P<edge>end|beginning|start|middle) of (?P<em>{months})\b(?: (?P<ey>20\d\d)\b)?"),
        format!(r"\b(?P<next>next )?(?P<day>{days})\b"),
        format!(r"\b(?P<lm>{months})\b(?: (?P<ly>20\d\d)\b)?"),
        r"\b(?P<tomorrow>tomorrow|morgen|demain)\b".to_owned(),
        r"\b(?P<newyear>new year)\b".to_owned(),
    ]
    .join("|"))
    .ok()
});

fn day_of(captures: &Captures<'_>, today: NaiveDate) -> Option<NaiveDate> {
    let text = |name: &str| captures.name(name).map(|found| found.as_str());
    let number = |name: &str| text(name).and_then(|digits| digits.parse::<u32>().ok());
    if let (Some(year), Some(month), Some(day)) = (number("iy"), number("im"), number("id")) {
        return date(year, month, day);
    }
    if let (Some(day), Some(month), Some(year)) = (number("nd"), number("nm"), number("ny")) {
        let year = if year < 100 { 2000 + year } else { year };
        // The order of the United States only where the British one is no date.
        return date(year, month, day).or_else(|| date(year, day, month));
    }
    if let (Some(day), Some(name)) = (number("wd"), text("wm")) {
        return in_year(month(name)?, day, number("wy"), today);
    }
    if let (Some(day), Some(name)) = (number("ud"), text("um")) {
        return in_year(month(name)?, day, number("uy"), today);
    }
    if let (Some(day), Some(month)) = (number("sd"), number("sm")) {
        return in_year(month, day, None, today).or_else(|| in_year(day, month, None, today));
    }
    if let Some(day) = number("od") {
        return next_day_of_month(day, today);
    }
    if let (Some(edge), Some(name)) = (text("edge"), text("em")) {
        return edge_of(edge, month(name)?, number("ey"), today);
    }
    if let Some(name) = text("day") {
        return next_weekday(weekday(name)?, today);
    }
    if let Some(name) = text("lm") {
        // "may" is a verb more often than a month.
        return if name == "may" { None } else { in_year(month(name)?, 1, number("ly"), today) };
    }
    if text("newyear").is_some() {
        return in_year(1, 1, None, today);
    }
    text("tomorrow").and_then(|_| today.succ_opt())
}

fn date(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The stated year, else the next such date; far ahead, it is the one that has just passed.
fn in_year(month: u32, day: u32, year: Option<u32>, today: NaiveDate) -> Option<NaiveDate> {
    if let Some(year) = year {
        return date(year, month, day);
    }
    let next = (0..=4)
        .find_map(|ahead| NaiveDate::from_ymd_opt(today.year() + ahead, month, day).filter(|day| *day >= today))?;
    let forgotten = (next - today).num_days() > TOO_FAR_AHEAD;
    if forgotten { next.checked_sub_months(Months::new(12)) } else { Some(next) }
}

fn next_day_of_month(day: u32, today: NaiveDate) -> Option<NaiveDate> {
    (0..=2).find_map(|ahead| {
        let month = today.with_day(1)?.checked_add_months(Months::new(ahead))?;
        month.with_day(day).filter(|day| *day >= today)
    })
}

fn next_weekday(weekday: Weekday, today: NaiveDate) -> Option<NaiveDate> {
    today.iter_days().skip(1).take(7).find(|day| day.weekday() == weekday)
}

fn edge_of(edge: &str, month: u32, year: Option<u32>, today: NaiveDate) -> Option<NaiveDate> {
    let first = in_year(month, 1, year, today)?;
    match edge {
        "end" => first.checked_add_months(Months::new(1)),
        "middle" => first.with_day(15),
        _ => Some(first),
    }
}
