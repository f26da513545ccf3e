//! The first day back: dates in the text and the words before and behind them.

use super::span::{self, Span};
use super::vocabulary::{month, month_pattern, weekday, weekday_pattern};
use crate::message::kind::fold;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// A date without a year this far ahead is rather the same date of a little while ago: a forgotten notice.
const TOO_FAR_AHEAD: i64 = 300;
/// Longest absence that is believed: two years of leave.
const LONGEST: i64 = 750;

/// A notice tells the first day of an absence no earlier before it, in days.
const SOON: u64 = 60;

/// A date in the text, with where it stands.
#[derive(Debug, Clone, Copy)]
struct Found {
    start: usize,
    end: usize,
    day: NaiveDate,
    /// What the text leaves out.
    repeats: Repeats,
}

/// How often such a date comes round: what is written without a year is next year's date too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repeats {
    Never,
    Yearly,
    Monthly,
    /// A weekday alone: "Monday to Wednesday" is rather a working pattern than an absence.
    Weekly,
}

/// By the groups of [`DATE`]; every other date has no year.
const REPEATING: [(Repeats, &[&str]); 3] = [
    (Repeats::Weekly, &["day"]),
    (Repeats::Monthly, &["od"]),
    (Repeats::Never, &["iy", "ny", "wy", "uy", "ey", "ly", "tomorrow", "week"]),
];

impl Repeats {
    fn of(captures: &Captures<'_>) -> Self {
        let has = |names: &[&str]| names.iter().any(|name| captures.name(name).is_some());
        REPEATING.iter().find(|(_, names)| has(names)).map_or(Self::Yearly, |(repeats, _)| *repeats)
    }

    /// The same date one time earlier.
    fn before(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Never => None,
            Self::Yearly => day.checked_sub_months(Months::new(12)),
            Self::Monthly => day.checked_sub_months(Months::new(1)),
            Self::Weekly => day.checked_sub_days(Days::new(7)),
        }
    }
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
    /// The absence begins here and lasts so long.
    Lasts(Span),
}

/// Reads the first day back; `None` when the text tells none that lies on or after the day of receipt.
pub fn first_day_back(text: &str, received_on: NaiveDate) -> Option<NaiveDate> {
    let text = fold(text);
    let found = dates(&text, received_on);
    let meant = found.iter().enumerate().filter_map(|(place, date)| Some((meaning(&text, &found, place)?, date)));
    let plausible = |day: &NaiveDate| *day >= received_on && (*day - received_on).num_days() <= LONGEST;
    let told = meant.filter_map(|(meaning, date)| {
        let back = back_after(meaning, date, received_on).filter(plausible)?;
        Some((rank(meaning), back))
    });
    let best = told.min_by_key(|(rank, _)| *rank).map(|(_, back)| back);
    best.or_else(|| today_only(&text, received_on))
}

/// The surest meaning first: whoever tells when they are back says it better than the end of their leave does.
fn rank(meaning: Meaning) -> u8 {
    match meaning {
        Meaning::Back => 0,
        Meaning::Until | Meaning::Through => 1,
        Meaning::Lasts(_) => 2,
        Meaning::Week => 3,
    }
}

fn back_after(meaning: Meaning, date: &Found, received_on: NaiveDate) -> Option<NaiveDate> {
    match meaning {
        Meaning::Back | Meaning::Until => Some(date.day),
        Meaning::Through => date.day.checked_add_days(Days::new(1)),
        Meaning::Week => date.day.checked_add_days(Days::new(7)),
        Meaning::Lasts(span) => {
            let soon = received_on.checked_add_days(Days::new(SOON))?;
            let starts = [date.repeats.before(date.day), Some(date.day).filter(|day| *day <= soon)];
            starts.into_iter().flatten().filter_map(|start| span.end(start)).find(|back| *back >= received_on)
        }
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
    if let Some(span) = span::around(near, text.get(date.end..).unwrap_or_default()) {
        return Some(Meaning::Lasts(span));
    }
    if matches(&WEEK, near) && !matches(&UNTIL, near) {
        return Some(Meaning::Week);
    }
    if matches(&THROUGH, near) {
        return Some(Meaning::Through);
    }
    let ends_range = earlier > 0 && date.repeats != Repeats::Weekly && matches(&RANGE, between);
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
const GAP: &str = r"(?:[ ,:(-]+(?:w/c|w/b|w/e|week|commencing|beginning|ending|the|on|of|in|at|to|from|my|our|her|his|again|is|will|be|work|office|morning|afternoon|day|date|desk|evening|normal|duties|full|time|and|am|den|dem|der|le|el|il|op|am|early|until|late|hopefully|now|ab|expected|around|about|school|sites?|pupils|students|children|staff|all|half|term|easter|christmas|xmas|summer|break|then|first|thing|next|this|after|leave|holiday|holidays|annual|close|end|business|midday|noon|9am|5pm|approximately|approx|roughly|circa|\d{1,2}[:.]?\d{0,2} ?(?:am|pm)|\d{1,2}[:.]\d{2}(?: ?hrs)?)){0,7}[ ,:(-]*$";

static BACK: Pattern = LazyLock::new(|| {
    cue(
        r"back(?: in| at| to| with)?|return(?:s|ing|ed)?|resum(?:e|es|ing)|in the office|available|be in|rtw|(?:term|school) (?:re)?(?:starts|begins)|(?:pick up|catch up|respond|reply|answer)(?: (?:on|to|with))?(?: (?:all|any|my|your))?(?: (?:e-?mails?|messages?))?|re-?open(?:s|ing)?|next (?:in|be in|work|working day|day at work)|wieder(?: im buro| erreichbar| da| zuruck)?|zuruck|de retour|retour|regreso|vuelvo|rientro|rientrero|tornero|terug|weer aanwezig|tilbage|tillbaka|tilbake|ab dem",
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
        .scan(today, |last, captures| {
            let found = captures.get(0).and_then(|whole| {
                let day = day_of(&captures, today, *last)?;
                Some(Found { start: whole.start(), end: whole.end(), day, repeats: Repeats::of(&captures) })
            });
            *last = found.map_or(*last, |found| found.day);
            Some(found)
        })
        .flatten()
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
        format!(r"\b(?:(?P<following>following )|next |a (?P<on>week on ))?(?P<day>{days})\b(?P<later> week\b)?"),
        r"\b(?P<week>next week|(?:rest|end|remainder) of (?:the|this) week)\b".to_owned(),
        format!(r"\b(?P<lm>{months})\b(?: (?P<ly>20\d\d)\b)?"),
        r"\b(?P<tomorrow>tomorrow|morgen|demain)\b".to_owned(),
        r"\b(?P<newyear>new year)\b".to_owned(),
    ]
    .join("|"))
    .ok()
});

/// The day meant; `last` is the date that the text tells before it.
fn day_of(captures: &Captures<'_>, today: NaiveDate, last: NaiveDate) -> Option<NaiveDate> {
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
        let from = if text("following").is_some() { last.max(today) } else { today };
        let next = next_weekday(weekday(name)?, from)?;
        // "Monday week" is the Monday after the coming one; said on a Monday, it is that one.
        let later = (text("later").is_some() || text("on").is_some()) && (next - today).num_days() < 7;
        return if later { next.checked_add_days(Days::new(7)) } else { Some(next) };
    }
    if let Some(name) = text("lm") {
        // "may" is a verb more often than a month.
        return if name == "may" { None } else { in_year(month(name)?, 1, number("ly"), today) };
    }
    if text("week").is_some() {
        return next_weekday(Weekday::Mon, today);
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
