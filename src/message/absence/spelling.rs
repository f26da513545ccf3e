//! One spelling for what is easily mistaken for a date: hours of the clock get a colon, amounts an underscore,
//! and the week that begins on a day is "w/c".
//!
//! British people write half past eight as 8.30 and the fourth of December as 4.12.

use regex::{Captures, Match, Regex};
use std::sync::LazyLock;

type Pattern = LazyLock<Option<Regex>>;

/// What two numbers with a dot or a slash between them are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pair {
    Date,
    Hour,
    Amount,
}

static PAIR: Pattern = LazyLock::new(|| Regex::new(r"\b(?P<first>\d{1,2})[./](?P<second>\d{1,2})").ok());
/// Part of a longer number or of a date with its year.
static LONGER: Pattern = LazyLock::new(|| Regex::new(r"^(?:\d|[./]\d)").ok());
static LONGER_BEFORE: Pattern = LazyLock::new(|| Regex::new(r"\d[./,]$").ok());
static AMOUNT_BEHIND: Pattern = LazyLock::new(|| {
    Regex::new(r"^ ?-?(?:%|(?:per ?cent|fte|wte|(?:working |calendar |school )?days?|weeks?|fortnights?|months?|years?|minutes?|miles?|mb|of (?:a|an|the|my))\b)").ok()
});
/// Places in a text: "section 4.10".
static AMOUNT_BEFORE: Pattern = LazyLock::new(|| {
    Regex::new(r"(?:\b(?:sections?|paragraphs?|paras?|pages?|versions?|clauses?|items?|ext|extension|steps?|appendix|chapters?|parts?|tables?|figures?|annex|rooms?|points?|regulations?|building|unit|floor|v)\.? ?|[£$€#] ?|\b\d )$").ok()
});
static HOUR_BEHIND: Pattern = LazyLock::new(|| {
    Regex::new(r"^ ?(?:[ap]\.?m\b|hrs?\b|hours?\b|noon\b|o'clock|(?:on|in|this|every|each) (?:the )?(?:\d|mon|tue|wed|thu|fri|sat|sun|morning|afternoon|evening|day|week)|(?:tomorrow|today|daily)\b)").ok()
});
static HOUR_BEFORE: Pattern = LazyLock::new(|| Regex::new(r"(?:\bat|@) ?(?:about |around |approximately )?$").ok());
static BETWEEN_HOURS: Pattern =
    LazyLock::new(|| Regex::new(r"^ ?(?:[ap]\.?m\.?)? ?(?:-|to|until|till|til|and|/|&) ?$").ok());
static OF_HOURS: Pattern = LazyLock::new(|| {
    Regex::new(r"\bhours\b|\b(?:opening|office|working|contact|school) times\b|\bopen (?:from|between|daily|\d)|\b(?:is|are|'re) open\b|\bstaffed\b|\bi (?:only |usually |normally |currently )?work\b|\bclinics?\b|\b(?:daily|each day|every day|on(?:ly)? mornings)\b").ok()
});
static SENTENCE_END: Pattern = LazyLock::new(|| Regex::new(r"[.!?;] ").ok());
/// With a number before it, it begins a span: "for two weeks commencing".
static WEEK: Pattern = LazyLock::new(|| {
    Regex::new(r"(?P<count>\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}) (?:full |whole )?)?\b(?:w ?/ ?[cb]|wc|wb|(?:week|wk)s? ?(?:commencing|beginning|starting|of))\b:?").ok()
});

/// The text with its hours, amounts and weeks spelt so that none of them looks like a date.
pub(super) fn plain(text: &str) -> String {
    let text = weeks(text);
    let Some(pattern) = PAIR.as_ref() else { return text };
    let found: Vec<Captures<'_>> = pattern.captures_iter(&text).filter(|found| is_whole(&text, found)).collect();
    let pairs: Vec<Match<'_>> = found.iter().filter_map(|captures| captures.get(0)).collect();
    let alone: Vec<Pair> = found.iter().zip(&pairs).map(|(captures, pair)| by_itself(&text, captures, *pair)).collect();
    let mut out = String::with_capacity(text.len());
    let mut told = 0;
    for (place, pair) in pairs.iter().enumerate() {
        let mark = match among_others(&text, &pairs, &alone, place) {
            Pair::Date => continue,
            Pair::Hour => ":",
            Pair::Amount => "_",
        };
        out.push_str(text.get(told..pair.start()).unwrap_or_default());
        out.push_str(&pair.as_str().replace(['.', '/'], mark));
        told = pair.end();
    }
    out.push_str(text.get(told..).unwrap_or_default());
    out
}

fn weeks(text: &str) -> String {
    let Some(pattern) = WEEK.as_ref() else { return text.to_owned() };
    let spelt = |captures: &Captures<'_>| match captures.name("count") {
        Some(_) => captures.get(0).map_or("", |whole| whole.as_str()).to_owned(),
        None => "w/c".to_owned(),
    };
    pattern.replace_all(text, spelt).into_owned()
}

fn is_whole(text: &str, found: &Captures<'_>) -> bool {
    found
        .get(0)
        .map(|pair| around(text, pair))
        .is_some_and(|(before, behind)| !matches(&LONGER_BEFORE, before) && !matches(&LONGER, behind))
}

/// What the pair and the words beside it tell.
fn by_itself(text: &str, captures: &Captures<'_>, pair: Match<'_>) -> Pair {
    let (before, behind) = around(text, pair);
    if pair.as_str() == "24/7" || matches(&AMOUNT_BEHIND, behind) || matches(&AMOUNT_BEFORE, before) {
        return Pair::Amount;
    }
    let number = |name| captures.name(name).and_then(|digits| digits.as_str().parse::<u32>().ok());
    let is_date = number("first").is_some_and(|day| (1..=31).contains(&day))
        && number("second").is_some_and(|month| (1..=12).contains(&month));
    let has_dot = pair.as_str().contains('.');
    let is_hour = !is_date || matches(&HOUR_BEHIND, behind) || matches(&HOUR_BEFORE, before);
    if has_dot && is_hour { Pair::Hour } else { Pair::Date }
}

/// What the pairs beside it make of it: both ends of "9.15 to 2.12" are hours, and so is every range in a sentence
/// of hours.
fn among_others(text: &str, pairs: &[Match<'_>], alone: &[Pair], place: usize) -> Pair {
    let own = alone.get(place).copied().unwrap_or(Pair::Date);
    let Some(pair) = pairs.get(place).filter(|pair| own == Pair::Date && pair.as_str().contains('.')) else {
        return own;
    };
    let joined = |one: usize, next: usize| {
        let between = pairs.get(one).zip(pairs.get(next)).and_then(|(one, next)| text.get(one.end()..next.start()));
        between.is_some_and(|between| matches(&BETWEEN_HOURS, between))
    };
    let before = place.checked_sub(1).filter(|&before| joined(before, place));
    let next = Some(place + 1).filter(|&next| joined(place, next));
    let beside_hour = [before, next].into_iter().flatten().any(|partner| alone.get(partner) == Some(&Pair::Hour));
    let in_range = before.or(next).is_some();
    if beside_hour || (in_range && matches(&OF_HOURS, sentence(text, *pair))) { Pair::Hour } else { own }
}

fn sentence<'a>(text: &'a str, pair: Match<'_>) -> &'a str {
    let Some(end) = SENTENCE_END.as_ref() else { return text };
    let (before, behind) = around(text, pair);
    let from = end.find_iter(before).last().map_or(0, |stop| stop.end());
    let to = end.find(behind).map_or(text.len(), |stop| pair.end() + stop.start());
    text.get(from..to).unwrap_or(text)
}

fn around<'a>(text: &'a str, pair: Match<'_>) -> (&'a str, &'a str) {
    (text.get(..pair.start()).unwrap_or_default(), text.get(pair.end()..).unwrap_or_default())
}

fn matches(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn hours_get_a_colon_amounts_an_underscore_and_dates_stay() {
        for (text, spelt) in [
            ("our hours are 8.30 to 3.30", "our hours are 8:30 to 3:30"),
            ("mondays 9.15 to 2.12", "mondays 9:15 to 2:12"),
            ("the line is open 9.10 to 12.10 and 1.10 to 3.10.", "the line is open 9:10 to 12:10 and 1:10 to 3:10."),
            ("back at 9.10 on monday", "back at 9:10 on monday"),
            ("until 12.10 on thursday", "until 12:10 on thursday"),
            ("in 2.5 weeks", "in 2_5 weeks"),
            ("0.6 fte, 1/2 days, 24/7", "0_6 fte, 1_2 days, 24_7"),
            ("see section 4.10", "see section 4_10"),
            ("2.11 - 13.11", "2.11 - 13.11"),
            ("9.11.26-20.11.26", "9.11.26-20.11.26"),
            ("back 4.12. at last", "back 4.12. at last"),
            ("11/16", "11/16"),
            ("week commencing 9 november, w/b 2/11", "w/c 9 november, w/c 2/11"),
            ("two weeks commencing 2 november", "two weeks commencing 2 november"),
        ] {
            assert_eq!(plain(text), spelt);
        }
    }
}
