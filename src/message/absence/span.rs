//! How long an absence lasts that tells its first day: "for two weeks from 2 November", "from 3/11 for ten days".
//!
//! A length without a first day tells nothing: nobody knows when the notice was written.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use regex::{Captures, Regex};
use std::sync::LazyLock;

type Pattern = LazyLock<Option<Regex>>;

/// So many of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    count: u32,
    unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    WorkingDay,
    Week,
    Fortnight,
    Month,
}

const UNITS: [(&str, Unit); 6] = [
    ("working day", Unit::WorkingDay),
    ("business day", Unit::WorkingDay),
    ("day", Unit::Day),
    ("week", Unit::Week),
    ("fortnight", Unit::Fortnight),
    ("month", Unit::Month),
];

/// The place of a word is its number.
const NUMBERS: [&str; 13] =
    ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// A longer one is no absence that is to be believed.
const LONGEST: u32 = 60;

const LENGTH: &str = r"(?:for )?(?:(?:a period|a total) of )?(?:exactly )?(?P<count>an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})(?: full| whole| calendar)? (?P<unit>(?:working |business )?day|week|fortnight|month)s?'?";

/// "two weeks (of leave) from (the)", right before a date.
static BEFORE: Pattern = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?P<within>\bwithin )?\b{LENGTH}(?:(?: of)?(?: annual| sick| study| maternity)?(?: leave| holiday| absence)?)?,? (?:from|starting|commencing|beginning|as of)(?: from| on)?(?: the)?(?: w/c)?(?: the)? $"
    ))
    .ok()
});
/// "from", right before the date.
static STARTS: Pattern = LazyLock::new(|| {
    Regex::new(
        r"\b(?:from|since|starting|starts|commencing|beginning|as of)(?: from| on)?(?: the)?(?: w/c)?(?: the)? $",
    )
    .ok()
});
/// " for two weeks", right behind it.
static BEHIND: Pattern = LazyLock::new(|| Regex::new(&format!(r"^,? for (?:the (?:next|following) )?{LENGTH}")).ok());

/// The length of an absence that begins with the date between these two texts.
pub(super) fn around(before: &str, behind: &str) -> Option<Span> {
    // "Within ten days from" is a promise of an answer.
    let is_absence = |found: &Captures<'_>| found.name("within").is_none();
    let ahead = || BEFORE.as_ref()?.captures(before).filter(is_absence).and_then(|found| read(&found));
    let after = || {
        STARTS.as_ref()?.find(before)?;
        BEHIND.as_ref()?.captures(behind).and_then(|found| read(&found))
    };
    ahead().or_else(after)
}

fn read(found: &Captures<'_>) -> Option<Span> {
    let word = found.name("count")?.as_str();
    let number = NUMBERS.iter().position(|name| *name == word).and_then(|place| u32::try_from(place).ok());
    let count = if word.starts_with('a') { Some(1) } else { word.parse().ok().or(number) };
    let (_, unit) = UNITS.iter().find(|(name, _)| Some(*name) == found.name("unit").map(|unit| unit.as_str()))?;
    count.filter(|count| (1..=LONGEST).contains(count)).map(|count| Span { count, unit: *unit })
}

impl Span {
    /// The first day after the absence that begins on `start`.
    pub(super) fn end(self, start: NaiveDate) -> Option<NaiveDate> {
        let days = |each: u64| start.checked_add_days(Days::new(u64::from(self.count) * each));
        match self.unit {
            Unit::Day => days(1),
            Unit::Week => days(7),
            Unit::Fortnight => days(14),
            Unit::Month => start.checked_add_months(Months::new(self.count)),
            Unit::WorkingDay => {
                let works = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
                start.iter_days().filter(works).nth(usize::try_from(self.count).ok()?)
            }
        }
    }
}
