//! The first day back: what the words before and behind a date make of it.

use super::dates::{Extent, Found, Repeats, dates};
use super::span::{self, Span};
use super::spelling;
use super::subject::{Voice, is_absence, is_presence};
use crate::message::absence::vocabulary::{month, weekday};
use crate::message::kind::fold;
use chrono::{Days, NaiveDate};
use regex::Regex;
use std::sync::LazyLock;

/// Longest absence that is believed: two years of leave.
const LONGEST: i64 = 750;

/// A notice tells the first day of an absence no earlier before it, in days.
const SOON: u64 = 60;

/// What the words around a date make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The person is back on this day.
    Back,
    /// The absence ends with this day, or the day before.
    Until,
    /// The absence takes in this day.
    Through,
    /// The last day of a range, or the day before.
    RangeTo,
    /// The last day of a range that takes it in.
    RangeThrough,
    /// The absence takes in the week that starts here.
    Week,
    /// The absence begins here and lasts so long.
    Lasts(Span),
}

/// A date that tells the first day back.
#[derive(Debug, Clone, Copy)]
struct Told {
    meaning: Meaning,
    back: NaiveDate,
    /// Whether the words before it speak of an absence.
    absent: bool,
}

/// Reads the first day back of whoever the text says is away; `None` when it tells none that lies on or after the day of
/// receipt.
pub fn first_day_back(text: &str, received_on: NaiveDate) -> Option<NaiveDate> {
    let text = spelling::plain(&fold(text));
    read(&text, Voice::Anybody, received_on)
}

/// The same of the sender: what a notice says of colleagues does not count.
pub(super) fn of_sender(text: &str, received_on: NaiveDate) -> Option<NaiveDate> {
    let text = spelling::plain(&fold(text));
    read(&text, Voice::of_notice(&text), received_on)
}

fn read(text: &str, voice: Voice, received_on: NaiveDate) -> Option<NaiveDate> {
    let found = dates(text, received_on);
    let plausible = |day: &NaiveDate| *day >= received_on && (*day - received_on).num_days() <= LONGEST;
    let told: Vec<Told> = found
        .iter()
        .enumerate()
        .filter_map(|(place, date)| {
            let (meaning, absent) = meaning(text, voice, &found, place)?;
            let back = back_after(meaning, date, received_on).filter(plausible)?;
            Some(Told { meaning, back, absent })
        })
        .collect();
    let best = told.iter().min_by_key(|told| rank(told.meaning)).map(|best| unless_away_longer(best, &told));
    best.or_else(|| today_only(text, received_on))
}

/// Whoever says both when they reply and until when they are away is asked no earlier than the later of the two.
fn unless_away_longer(best: &Told, told: &[Told]) -> NaiveDate {
    let until = |told: &&Told| told.absent && matches!(told.meaning, Meaning::Until | Meaning::Through);
    let away = told.iter().filter(until).map(|told| told.back).max();
    if best.meaning == Meaning::Back { away.map_or(best.back, |away| away.max(best.back)) } else { best.back }
}

/// The surest meaning first: whoever tells when they are back says it better than the end of their leave does.
fn rank(meaning: Meaning) -> u8 {
    match meaning {
        Meaning::Back => 0,
        Meaning::Until | Meaning::Through | Meaning::RangeTo | Meaning::RangeThrough => 1,
        Meaning::Lasts(_) => 2,
        Meaning::Week => 3,
    }
}

fn back_after(meaning: Meaning, date: &Found, received_on: NaiveDate) -> Option<NaiveDate> {
    match meaning {
        Meaning::Until | Meaning::RangeTo if date.extent == Extent::WeekEnd => date.behind(),
        Meaning::Back | Meaning::Until | Meaning::RangeTo => Some(date.day),
        Meaning::Through | Meaning::RangeThrough | Meaning::Week => date.behind(),
        Meaning::Lasts(span) => starts(date, received_on)?
            .into_iter()
            .flatten()
            .filter_map(|start| span.end(start))
            .find(|back| *back >= received_on),
    }
}

/// The days on which an absence may have begun, the likeliest first: a day of the year is rather still to come than a year
/// ago, "the 28th" is rather the last one.
fn starts(date: &Found, received_on: NaiveDate) -> Option<[Option<NaiveDate>; 2]> {
    let soon = received_on.checked_add_days(Days::new(SOON))?;
    let coming = Some(date.day).filter(|day| *day <= soon);
    let gone = date.repeats.before(date.day);
    Some(if date.repeats == Repeats::Yearly { [coming, gone] } else { [gone, coming] })
}

/// "I am out of the office today" ends tomorrow.
fn today_only(text: &str, received_on: NaiveDate) -> Option<NaiveDate> {
    TODAY.as_ref().filter(|pattern| pattern.is_match(text)).and_then(|_| received_on.succ_opt())
}

/// What is said of the date, and whether the words before it speak of an absence.
fn meaning(text: &str, voice: Voice, found: &[Found], place: usize) -> Option<(Meaning, bool)> {
    let date = found.get(place)?;
    let earlier = place.checked_sub(1).and_then(|p| found.get(p)).map_or(0, |previous| previous.end);
    let sentence = sentence_before(text.get(..date.start).unwrap_or_default());
    let between = text.get(earlier..date.start).unwrap_or_default();
    let near = if sentence.len() < between.len() { sentence } else { between };
    let behind = text.get(date.end..).unwrap_or_default();
    let inclusive = matches(&INCLUSIVE_BEHIND, behind);
    if let Some((head, cue)) = split(&BACK, near, sentence)
        && !matches(&DENIED, since_turn(head))
        && !matches(&UP_TO, cue)
    {
        return (!voice.is_of_somebody_else(head, cue)).then_some((Meaning::Back, false));
    }
    if let Some(span) = span::around(near, behind) {
        return Some((Meaning::Lasts(span), true));
    }
    if let Some((head, cue)) = split(&THROUGH, near, sentence).or_else(|| split(&UNTIL, near, sentence)) {
        let through = inclusive || matches(&THROUGH, near);
        return until(voice, head, cue, earlier > 0 && matches(&RANGE, between), through);
    }
    if matches(&WEEK, near) {
        return Some((Meaning::Week, true));
    }
    let ends_range = earlier > 0 && date.repeats != Repeats::Weekly && matches(&RANGE, between);
    if !ends_range && !matches(&DAY_BEFORE, near) {
        return None;
    }
    let is_week = |at: usize| found.get(at).is_some_and(|date| date.extent == Extent::Week);
    let of_weeks = is_week(place) && place.checked_sub(1).is_some_and(is_week);
    range(sentence, inclusive || of_weeks)
}

/// The last day of a range, or of days that are named one by one as an absence.
fn range(sentence: &str, through: bool) -> Option<(Meaning, bool)> {
    let listed = matches(&LISTED, sentence) && !sentence.contains("between");
    if listed && !is_absence(sentence) {
        return None;
    }
    Some((if through || listed { Meaning::RangeThrough } else { Meaning::RangeTo }, true))
}

/// An absence that ends, unless it is somebody else's or a presence.
fn until(voice: Voice, head: &str, cue: &str, in_range: bool, through: bool) -> Option<(Meaning, bool)> {
    let said = format!("{}{cue}", since_turn(head));
    if is_presence(&said) || voice.is_absence_of_somebody_else(head) {
        return None;
    }
    let meaning = match (in_range, through) {
        (true, true) => Meaning::RangeThrough,
        (true, false) => Meaning::RangeTo,
        (false, true) => Meaning::Through,
        (false, false) => Meaning::Until,
    };
    Some((meaning, is_absence(head)))
}

/// The sentence up to the cue, and the cue with what follows it up to the date.
fn split<'a>(cue: &Pattern, near: &'a str, sentence: &'a str) -> Option<(&'a str, &'a str)> {
    let start = cue.as_ref()?.find(near)?.start();
    sentence.split_at_checked(sentence.len() - near.len() + start)
}

/// The words behind the last "but" or bracket.
fn since_turn(head: &str) -> &str {
    let turn = TURN.as_ref().and_then(|turn| turn.find_iter(head).last());
    turn.map_or(head, |turn| head.get(turn.end()..).unwrap_or_default())
}

/// Short words behind which a stop ends no sentence, beside the short names of months and weekdays.
const SHORT: [&str; 12] = ["dr", "mr", "mrs", "ms", "prof", "st", "no", "approx", "am", "pm", "ext", "tel"];

/// The end of the text since the last full stop; a stop behind a number or an abbreviation ends no sentence.
fn sentence_before(text: &str) -> &str {
    let stop = text.rmatch_indices(['.', '!', '?', ';', '\u{2022}']).find(|(place, _)| {
        let (head, tail) = text.split_at_checked(*place).unwrap_or((text, ""));
        let word = head.rsplit([' ', '(', ',']).next().unwrap_or_default();
        tail.chars().nth(1).is_none_or(char::is_whitespace) && !is_short(word, tail)
    });
    let from = stop.map_or(0, |(place, _)| place + 1);
    text.get(from..).unwrap_or(text)
}

/// "16. November" and "Mon. 9th" go on behind the stop.
fn is_short(word: &str, tail: &str) -> bool {
    let next = tail.get(1..).unwrap_or_default().split_whitespace().next().unwrap_or_default();
    let is_number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
    let is_letter = word.chars().count() == 1 && !is_number;
    is_letter || SHORT.contains(&word) || weekday(word).is_some() || (is_number && month(next).is_some())
}

fn matches(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

fn cue(words: &str) -> Option<Regex> {
    Regex::new(&format!(r"\b(?:{words}){GAP}")).ok()
}

type Pattern = LazyLock<Option<Regex>>;

/// Words between a cue and its date: "on the morning of".
const GAP: &str = r"(?:[ ,:(-]+(?:w/c|w/e|week|ending|the|on|of|in|at|to|from|for|you|my|our|her|his|again|is|will|be|work|office|morning|afternoon|day|date|desk|evening|normal|duties|full|time|and|am|den|dem|der|le|el|il|op|am|early|until|late|hopefully|now|ab|expected|around|about|school|sites?|pupils|students|children|staff|all|half|term|easter|christmas|xmas|summer|break|then|first|thing|next|this|after|leave|holiday|holidays|annual|close|end|business|midday|noon|9am|5pm|approximately|approx|roughly|circa|\d{1,2}[:.]?\d{0,2} ?(?:am|pm)|\d{1,2}[:.]\d{2}(?: ?hrs)?)){0,7}[ ,:(-]*$";

static BACK: Pattern = LazyLock::new(|| {
    cue(
        r"back(?: in| at| to| with)?|return(?:s|ing|ed)?|resum(?:e|es|ing)|in the office|available|be in|rtw|(?:term|school) (?:re)?(?:starts|begins)|(?:pick up|catch up|respond|reply|answer)(?: (?:on|to|with))?(?: (?:all|any|my|your))?(?: (?:e-?mails?|messages?))?|re-?open(?:s|ing)?|next (?:in|be in|work|working day|day at work)|wieder(?: im buro| erreichbar| da| zuruck)?|zuruck|de retour|retour|regreso|vuelvo|rientro|rientrero|tornero|terug|weer aanwezig|tilbage|tillbaka|tilbake|ab dem",
    )
});
/// Right before a cue: "I will not be checking mail or".
static DENIED: Pattern = LazyLock::new(|| {
    Regex::new(r"(?:\bnot|n't|\bno longer|\bnever|\bcannot|\bunable|\bunlikely|\bnicht) (?:[\w-]+ ){0,4}$").ok()
});
/// What comes behind these is said anew.
static TURN: Pattern = LazyLock::new(|| {
    Regex::new(r"\b(?:but|however|and (?:i )?(?:will|shall|am|return|returns|returning|back))\b|\(").ok()
});
/// "Available until": the end of a presence.
static UP_TO: Pattern = LazyLock::new(|| Regex::new(r"\b(?:until|untill|till|til)\b").ok());
static UNTIL: Pattern = LazyLock::new(|| {
    cue(
        r"until|untill|till|'?til|up to|ending|ends|(?:leave|away|off|out|absent|closed|holiday|office) to|(?:\w*n't|not|cannot|unlikely|unable) (?:[\w-]+ ){0,4}(?:back|return|available|in|office|work|reply|respond|answer|able)(?: [\w-]+){0,3} before|bis(?: zum)?|jusqu'?(?:au|a|en)?|hasta(?: el)?|fino al?|al|tot|t/m|au|through to|up until",
    )
});
static THROUGH: Pattern = LazyLock::new(|| {
    cue(
        r"and including|including|inclusive of|until after|till after|through|thru|bis einschliesslich|einschliesslich|t/m|tot en met|jusqu'au .{0,10}inclus",
    )
});
static WEEK: Pattern = LazyLock::new(|| {
    Regex::new(r"(?:away|leave|holiday|office|absent|off|vacation|not working)\b[^.]{0,40}w/c[ :,]*(?:the )?(?:\d{1,2}(?:st|nd|rd|th)?(?:,| and| &|, and) (?:the )?)*$").ok()
});
static RANGE: Pattern = LazyLock::new(|| {
    Regex::new(r"^[ ,)]*(?:\d{2,4}[ ,]*)?(?:to|until|till|til|through|thru|-|and|bis(?: zum)?|au|al|tot(?: en met)?|t/m|up to(?: and including)?|until and including|&)[ ]*(?:the |and including )?(?:w/c (?:the )?)?$").ok()
});
/// "2-13 November": the first day has no month of its own.
static DAY_BEFORE: Pattern = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\d:._])\d{1,2}(?:st|nd|rd|th)? ?(?:-|to|until|till|and|bis) ?(?:the )?$").ok()
});
/// "Thursday 5 and Friday 6 November" takes in both; "between … and …" does not say.
static LISTED: Pattern = LazyLock::new(|| Regex::new(r"(?:\band|&) (?:the )?(?:w/c )?(?:the )?$").ok());
static INCLUSIVE_BEHIND: Pattern = LazyLock::new(|| {
    Regex::new(r"^[ ,()]*(?:both )?(?:dates )?(?:inclusive|incl\b|inc\b|included|inclus|inkl|einschl)").ok()
});
static TODAY: Pattern = LazyLock::new(|| {
    Regex::new(r"\b(?:out of (?:the )?office|away|on (?:annual )?leave|not (?:working|in(?: the office)?)|training)\b(?: \w+){0,3} today\b").ok()
});
