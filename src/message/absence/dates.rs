//! Dates in the text: where they stand and which days they are.

use super::vocabulary::{month, month_pattern, weekday, weekday_pattern};
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use regex::{Captures, Regex};
use std::sync::LazyLock;

type Pattern = LazyLock<Option<Regex>>;

/// A date without a year this far ahead is rather the same date of a little while ago: a forgotten notice.
const TOO_FAR_AHEAD: i64 = 300;

/// A date in the text, with where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub start: usize,
    pub end: usize,
    /// The day; of a week its Monday, of the end of a week its Friday.
    pub day: NaiveDate,
    /// How much of the calendar it names.
    pub extent: Extent,
    /// What the text leaves out.
    pub repeats: Repeats,
}

/// How much of the calendar a date names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    Day,
    /// Seven days from the day on: "next week", "w/c 9 November".
    Week,
    /// Friday to Sunday: "the end of next week".
    WeekEnd,
}

/// How often such a date comes round: what is written without a year is next year's date too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
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
    (Repeats::Never, &["iy", "full", "wy", "uy", "ey", "ly", "tomorrow", "week", "after"]),
];

impl Repeats {
    fn of(captures: &Captures<'_>) -> Self {
        let has = |names: &[&str]| names.iter().any(|name| captures.name(name).is_some());
        REPEATING.iter().find(|(_, names)| has(names)).map_or(Self::Yearly, |(repeats, _)| *repeats)
    }

    /// The same date one time earlier.
    pub fn before(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Never => None,
            Self::Yearly => day.checked_sub_months(Months::new(12)),
            Self::Monthly => day.checked_sub_months(Months::new(1)),
            Self::Weekly => day.checked_sub_days(Days::new(7)),
        }
    }
}

impl Found {
    /// The first day behind all that the date names.
    pub fn behind(&self) -> Option<NaiveDate> {
        let days = match self.extent {
            Extent::Day => 1,
            Extent::Week => 7,
            Extent::WeekEnd => 3,
        };
        self.day.checked_add_days(Days::new(days))
    }

    /// Where the week begins that it names alone or into which it leads a weekday.
    fn week(&self) -> Option<NaiveDate> {
        (self.extent == Extent::Week).then_some(self.day)
    }
}

/// "w/c" right before the date, also "w/c 2 and 9 November".
static WEEK_OF: Pattern = LazyLock::new(|| {
    Regex::new(
        r"(?P<edge>\bend of (?:the )?)?\bw/c,? ?(?:the )?(?:\d{1,2}(?:st|nd|rd|th)?(?:,| and| &|, and) (?:the )?)*$",
    )
    .ok()
});
/// Between a weekday and the week in which it lies: "Friday of next week".
static IN_WEEK: Pattern = LazyLock::new(|| Regex::new(r"^,? ?(?:of |in )?(?:the )?(?:w/c,? (?:the )?)?$").ok());
/// "The week after" something is another week.
static ENDS: Pattern = LazyLock::new(|| Regex::new(r"^ ?(?:$|[.,;:!?()-]|and\b|incl)").ok());

/// Every date of the text, in its order; the weekday of a week is one date with its week.
pub(super) fn dates(text: &str, today: NaiveDate) -> Vec<Found> {
    let Some(pattern) = DATE.as_ref() else { return Vec::new() };
    let mut dates: Vec<Found> = Vec::new();
    for captures in pattern.captures_iter(text) {
        let last = dates.last().and_then(Found::behind).and_then(|behind| behind.pred_opt()).unwrap_or(today);
        let Some(found) = found(text, &captures, today, last) else { continue };
        match dates.last().and_then(|weekday| weekday_of(text, weekday, &found)) {
            Some(both) => {
                dates.pop();
                dates.push(both);
            }
            None => dates.push(found),
        }
    }
    dates
}

/// `last` is the last day of the date that the text tells before it.
fn found(text: &str, captures: &Captures<'_>, today: NaiveDate, last: NaiveDate) -> Option<Found> {
    let whole = captures.get(0)?;
    if captures.name("after").is_some() && !matches(&ENDS, text.get(whole.end()..).unwrap_or_default()) {
        return None;
    }
    let day = day_of(captures, today, last)?;
    let extent = extent(captures, text.get(..whole.start()).unwrap_or_default());
    // "The end of the week commencing 9 November" names its Monday; every other end is a Friday already.
    let names_monday =
        extent == Extent::WeekEnd && !["weekedge", "thisend"].iter().any(|name| captures.name(name).is_some());
    let day = if names_monday { day.checked_add_days(Days::new(4))? } else { day };
    Some(Found { start: whole.start(), end: whole.end(), day, extent, repeats: Repeats::of(captures) })
}

fn extent(captures: &Captures<'_>, before: &str) -> Extent {
    if let Some(week) = WEEK_OF.as_ref().and_then(|pattern| pattern.captures(before)) {
        return if week.name("edge").is_some() { Extent::WeekEnd } else { Extent::Week };
    }
    let has = |name: &str| captures.name(name).is_some();
    match captures.name("weekedge").map(|edge| edge.as_str()) {
        Some("end" | "rest" | "remainder") => Extent::WeekEnd,
        Some(_) => Extent::Day,
        None if has("thisend") => Extent::WeekEnd,
        None if has("week") || has("after") => Extent::Week,
        None => Extent::Day,
    }
}

/// "Friday of next week", "Thursday, w/c 9 November": the weekday in that week.
fn weekday_of(text: &str, weekday: &Found, week: &Found) -> Option<Found> {
    let between = text.get(weekday.end..week.start)?;
    if weekday.repeats != Repeats::Weekly || !matches(&IN_WEEK, between) {
        return None;
    }
    let day = week.week()?.iter_days().take(7).find(|day| day.weekday() == weekday.day.weekday())?;
    Some(Found { start: weekday.start, end: week.end, day, extent: Extent::Day, repeats: week.repeats })
}

fn matches(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// Every form of a date, the fuller ones first.
static DATE: Pattern = LazyLock::new(|| {
    let (months, days) = (month_pattern(), weekday_pattern());
    let weekday = format!(r"(?:(?:{days})\b\.?,?(?: the| den| le| el)? ?)?");
    Regex::new(&[
        r"\b(?P<iy>20\d\d)-(?P<im>\d{1,2})-(?P<id>\d{1,2})\b".to_owned(),
        format!(r"\b{weekday}(?P<full>\d{{1,2}}(?:\.\d{{1,2}}\.|/\d{{1,2}}/|-\d{{1,2}}-)(?:20)?\d\d)\b"),
        format!(r"\b{weekday}(?P<wd>\d{{1,2}})(?:st|nd|rd|th|er|\.)? ?(?:of |de )?(?P<wm>{months})\b\.?(?:,? ?(?P<wy>20\d\d)\b)?"),
        format!(r"\b(?:(?:{days})\b\.?,? ?)?(?P<um>{months})\b\.? ?(?:the )?(?P<ud>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? ?(?P<uy>20\d\d)\b)?"),
        format!(r"\b{weekday}(?P<sd>\d{{1,2}})(?:\.|(?P<slash>/))(?P<sm>\d{{1,2}})\b"),
        format!(r"\b{weekday}(?P<od>\d{{1,2}})(?:st|nd|rd|th)\b"),
        format!(r"\b(?P<edge>end|beginning|start|middle) of (?P<em>{months})\b(?: (?P<ey>20\d\d)\b)?"),
        format!(r"\b(?:(?P<following>following )|next |a (?P<on>week on ))?(?P<day>{days})\b(?P<later> week\b)?"),
        r"\b(?:(?P<weekedge>beginning|start|middle|end|rest|remainder) of )?(?P<week>(?:the )?week after next|next week)\b".to_owned(),
        r"\b(?P<thisend>(?:rest|end|remainder) of (?:the|this) week)\b".to_owned(),
        r"\b(?P<after>(?:the )?week after|(?:the )?following week)\b".to_owned(),
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
    if let Some(full) = text("full") {
        return with_year(full);
    }
    if let (Some(day), Some(name)) = (number("wd"), text("wm")) {
        return in_year(month(name)?, day, number("wy"), today);
    }
    if let (Some(day), Some(name)) = (number("ud"), text("um")) {
        return in_year(month(name)?, day, number("uy"), today);
    }
    if let (Some(day), Some(month)) = (number("sd"), number("sm")) {
        let swapped = || text("slash").and_then(|_| in_year(day, month, None, today));
        return in_year(month, day, None, today).or_else(swapped);
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
    if let Some(week) = text("week") {
        return in_week(next_weekday(Weekday::Mon, today)?, week, text("weekedge"));
    }
    if text("thisend").is_some() {
        return next_weekday(Weekday::Mon, today)?.checked_sub_days(Days::new(3));
    }
    if text("after").is_some() {
        return if last > today { next_weekday(Weekday::Mon, last) } else { None };
    }
    if text("newyear").is_some() {
        return in_year(1, 1, None, today);
    }
    text("tomorrow").and_then(|_| today.succ_opt())
}

/// Day, month and year as numbers; the order of the United States only where the British one is no date.
fn with_year(full: &str) -> Option<NaiveDate> {
    let mut numbers = full.split(['.', '/', '-']).map(|digits| digits.parse::<u32>().ok());
    let (day, month, year) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let year = if year < 100 { 2000 + year } else { year };
    date(year, month, day).or_else(|| date(year, day, month))
}

/// The day of a week that its edge names.
fn in_week(next: NaiveDate, week: &str, edge: Option<&str>) -> Option<NaiveDate> {
    let weeks_on = if week.ends_with("after next") { 7 } else { 0 };
    let days_on = match edge {
        Some("end" | "rest" | "remainder") => 4,
        Some("middle") => 2,
        Some(_) | None => 0,
    };
    next.checked_add_days(Days::new(weeks_on + days_on))
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
