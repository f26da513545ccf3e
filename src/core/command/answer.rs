//! The few words that advisers and line managers are offered (`commands.md` 3). None of them closes or extends
//! anything; each is put before the co-ordinator.
//!
//! Only the top of the answer counts and only when the line says nothing else: the signature of a phone ("Sent
//! from …"), a quoted header ("Sent: …") and ordinary prose are none of them.

use super::date::{DateBias, read_date};
use super::line;
use super::stop::{is_border, is_greeting, is_sign_off};
use chrono::NaiveDate;

/// What an adviser or line manager answered in a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShortAnswer {
    /// `SENT <date>`: it went elsewhere, on that day when it could be read.
    Sent(Option<NaiveDate>),
    /// `NOT MINE`: wrong person or patient.
    NotMine,
    /// `NEED TIME`.
    NeedTime,
    /// `NO CHANGES`: the plan draft is right.
    NoChanges,
    /// `ASSIGNED TO <name>`.
    AssignedTo(String),
    /// `ABSENT UNTIL <date>`: the adviser is away, until that day when it could be read.
    AbsentUntil(Option<NaiveDate>),
    /// `NOT MY STAFF`.
    NotMyStaff,
}

/// How a word may be used.
#[derive(Clone, Copy)]
enum Offer {
    Sent,
    NotMine,
    NeedTime,
    NoChanges,
    AssignedTo,
    AbsentUntil,
    NotMyStaff,
}

const OFFERS: &[(&str, Offer)] = &[
    ("NOT MY STAFF", Offer::NotMyStaff),
    ("NOT MINE", Offer::NotMine),
    ("NEED MORE TIME", Offer::NeedTime),
    ("NEED TIME", Offer::NeedTime),
    ("NO CHANGES", Offer::NoChanges),
    ("ASSIGNED TO", Offer::AssignedTo),
    ("ABSENT UNTIL", Offer::AbsentUntil),
    ("SENT", Offer::Sent),
];

/// Words that change nothing behind any of them.
const COURTESY: &[&str] = &["THANKS", "THANK", "YOU", "MANY", "PLEASE", "SORRY"];
/// Words that change nothing behind `NO CHANGES`.
const NO_MORE: &[&str] = &["NEEDED", "REQUIRED", "NECESSARY", "FROM", "ME", "TO", "MAKE"];

/// Reads the word at the top of an answer, if it is one. `today` is the local date of receipt.
pub fn short_answer(new_text: &str, today: NaiveDate) -> Option<ShortAnswer> {
    let lines: Vec<&str> = new_text.lines().collect();
    let mut plain = lines.iter().map(|raw| line::plain(raw)).enumerate();
    let (first, top) = plain.find(|(_, line)| !line.is_empty() && !is_greeting(line))?;
    let rest = lines.get(first + 1..).unwrap_or_default();
    if top.starts_with('>') || is_border(&top, rest) {
        return None;
    }
    let (offer, behind) = offered(line::without_bullet(&top))?;
    match offer {
        Offer::Sent => sent(behind, today),
        Offer::AbsentUntil => Some(ShortAnswer::AbsentUntil(read_date(behind.words, today, DateBias::Future))),
        Offer::AssignedTo => assigned(behind.words),
        Offer::NotMine => behind.is_plain().then_some(ShortAnswer::NotMine),
        Offer::NotMyStaff => behind.is_plain().then_some(ShortAnswer::NotMyStaff),
        Offer::NeedTime => behind.is_plain().then_some(ShortAnswer::NeedTime),
        Offer::NoChanges => {
            (behind.holds_only(&[COURTESY, NO_MORE].concat()) && says_no_more(rest)).then_some(ShortAnswer::NoChanges)
        }
    }
}

/// What follows the offered words on their line.
struct Behind<'a> {
    words: &'a str,
    in_capitals: bool,
    with_colon: bool,
}

impl Behind<'_> {
    fn holds_only(&self, harmless: &[&str]) -> bool {
        self.words.split_whitespace().map(line::key).all(|word| word.is_empty() || harmless.contains(&word.as_str()))
    }

    /// Nothing more, or typed in capitals as offered and explained behind: "NOT MINE - another clinic".
    fn is_plain(&self) -> bool {
        self.in_capitals || self.holds_only(COURTESY)
    }
}

fn offered(top: &str) -> Option<(Offer, Behind<'_>)> {
    OFFERS.iter().find_map(|(words, offer)| {
        let end = end_of_words(top, words)?;
        let (said, behind) = top.split_at_checked(end)?;
        let in_capitals = !said.chars().any(char::is_lowercase);
        let with_colon = behind.trim_start_matches('*').starts_with(':');
        let words = behind.trim_matches(|c: char| !c.is_alphanumeric());
        Some((*offer, Behind { words, in_capitals, with_colon }))
    })
}

/// Where `words` end in `text`, whatever stands between them; `None` when it begins otherwise.
fn end_of_words(text: &str, words: &str) -> Option<usize> {
    let mut at = 0;
    for word in words.split(' ') {
        let rest = text.get(at..)?;
        at += rest.find(|c: char| c.is_alphanumeric())?;
        let typed = text.get(at..at + word.len())?;
        if !typed.eq_ignore_ascii_case(word) {
            return None;
        }
        at += word.len();
        let glued = text.get(at..)?.starts_with(|c: char| c.is_alphanumeric() || c == '\'');
        if glued {
            return None;
        }
    }
    Some(at)
}

/// A date or nothing, in any case; in capitals also a date that cannot be read ("SENT last week").
fn sent(behind: Behind<'_>, today: NaiveDate) -> Option<ShortAnswer> {
    const SHORT: usize = 5;
    // "Sent: Monday 2 November" is the header of a quoted mail.
    if behind.with_colon {
        return None;
    }
    let date = read_date(behind.words, today, DateBias::Past);
    let from = line::key(behind.words).starts_with("FROM");
    let loose = behind.in_capitals && !from && behind.words.split_whitespace().count() <= SHORT;
    (date.is_some() || behind.holds_only(COURTESY) || loose).then_some(ShortAnswer::Sent(date))
}

fn assigned(words: &str) -> Option<ShortAnswer> {
    const LONGEST_NAME: usize = 6;
    let named = (1..=LONGEST_NAME).contains(&words.split_whitespace().count());
    named.then(|| ShortAnswer::AssignedTo(words.to_owned()))
}

/// "No changes" above a list of changes confirms nothing.
fn says_no_more(rest: &[&str]) -> bool {
    const A_NAME: usize = 6;
    let plain: Vec<String> = rest.iter().map(|raw| line::plain(raw)).collect();
    let own = plain.iter().take_while(|line| !is_border(line, &[]) && !is_sign_off(line));
    own.map(|line| line.split_whitespace().count()).sum::<usize>() <= A_NAME
}

/// Reads an answer that is a bare number, to a question with numbered choices ("who is the adviser? 1 … 2 …").
pub fn choice(new_text: &str) -> Option<u32> {
    let mut lines = new_text.lines().map(line::plain).filter(|line| !line.is_empty() && !is_greeting(line));
    let top = lines.next()?;
    let (numbers, rest) = line::take_numbers(line::without_bullet(&top));
    match numbers.as_slice() {
        [one] if rest.is_empty() => Some(*one),
        _ => None,
    }
}
