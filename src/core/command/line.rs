//! One line of a mail, cleaned of what mail programs and typing habits put around the words.
//!
//! Form only: bullets, bold, smart quotes, odd spaces and leading numbers go; what the words mean is not known here.

use super::date::month;
use crate::core::id::{Address, CaseRef, FollowUpId};
use regex::Regex;
use std::sync::LazyLock;

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

static BULLET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"^(?:[-*+>|\u{2022}\u{2023}\u{25aa}\u{25cf}\u{25cb}\u{25e6}\u{b7}\u{a7}\u{f0b7}]+\s*|o\s{2,})+")
});
static MAILTO: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?i)(\S+@\S+)?\s*[<\[]mailto:([^>\]]+)[>\]]"));
static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)^[(\[]?(?:(?:line|item|number|no\.?)\s*)?#?(\d{1,3}(?:(?:\s*(?:,|&|\+|and|-|to)\s*)+#?\d{1,3})*)([*_)\].:\s-]+|$)",
    )
});
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r#"[^\s<>"(),;:*\[\]]+@[^\s<>"(),;:*\[\]]+"#));
static FOLLOW_UP: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)\bFU(?:-|\s)?[0-9A-Z]{4}(?:-|\s)?[0-9A-Z]{4}\b"));

/// The letters and digits of a word in upper case: all that a spelling may not change.
pub(super) fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The line with plain spaces, dashes and quotes, without the links of mail programs and outer spaces.
pub(super) fn plain(raw: &str) -> String {
    let spaced: String =
        raw.replace("&nbsp;", " ").chars().filter(|c| !is_invisible(*c)).map(plain_character).collect();
    MAILTO.as_ref().map_or_else(|| spaced.as_str().into(), |link| link.replace_all(&spaced, unlinked)).trim().to_owned()
}

/// "lee@x <mailto:lee@x>" is one address, "Lee <mailto:lee@x>" a name and one.
fn unlinked(found: &regex::Captures<'_>) -> String {
    let (shown, target) = (found.get(1).map_or("", |m| m.as_str()), found.get(2).map_or("", |m| m.as_str()));
    if shown.trim_start_matches('<').eq_ignore_ascii_case(target) {
        return shown.to_owned();
    }
    format!("{shown} <{target}>")
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fe0f}')
}

fn plain_character(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bc}' | '\u{2032}' | '\u{b4}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201f}' | '\u{ab}' | '\u{bb}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{ff1a}' => ':',
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    }
}

/// The line without bullets and opening quotes.
pub(super) fn without_bullet(plain: &str) -> &str {
    let end = BULLET.as_ref().and_then(|bullet| bullet.find(plain)).map_or(0, |found| found.end());
    plain.get(end..).unwrap_or(plain).trim_start_matches(['"', '\'']).trim_start()
}

/// Takes the numbers off the front: "1. CLOSE", "1) …", "1: …", "1 - …", "(1) …", "1, 2 and 4 …", "1-3 …".
/// A date or time ("4 Nov …", "4/11 …", "10:30 …") is no number of a line.
pub(super) fn take_numbers(line: &str) -> (Vec<u32>, &str) {
    let none = (Vec::new(), line);
    let Some(found) = NUMBERS.as_ref().and_then(|numbers| numbers.captures(line)) else { return without_space(line) };
    let (Some(list), Some(separator)) = (found.get(1), found.get(2)) else { return none };
    let rest = line.get(separator.end()..).unwrap_or("");
    let glued = !separator.as_str().contains(' ') && rest.starts_with(|c: char| c.is_ascii_digit());
    match read_numbers(list.as_str()) {
        Some(numbers) if !glued && !starts_with_month(rest) => (numbers, rest),
        _ => none,
    }
}

/// Whether a number before these words is the day of a date.
pub(super) fn starts_with_month(words: &str) -> bool {
    words.split_whitespace().next().is_some_and(|word| month(&key(word).to_lowercase()).is_some())
}

/// "1CLOSE", as phones like to write it.
fn without_space(line: &str) -> (Vec<u32>, &str) {
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    match line.split_at_checked(digits) {
        Some((number, rest)) if (1..=3).contains(&digits) && rest.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            read_numbers(number).map_or((Vec::new(), line), |numbers| (numbers, rest))
        }
        _ => (Vec::new(), line),
    }
}

/// "1,2 and 4", "1-3", "1 to 3": each number once, none of them 0, never more than a Today mail can have.
pub(super) fn read_numbers(list: &str) -> Option<Vec<u32>> {
    const MOST: usize = 200;
    let mut numbers: Vec<u32> = Vec::new();
    let normal =
        list.to_lowercase().replace("and", ",").replace("to", "-").replace(['&', '+', ';'], ",").replace('#', "");
    for part in normal.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let range = match part.split_once('-') {
            Some((first, last)) => first.trim().parse().ok()?..=last.trim().parse().ok()?,
            None => part.parse().ok().map(|n: u32| n..=n)?,
        };
        if *range.start() == 0 || range.end() < range.start() || range.clone().count() > MOST {
            return None;
        }
        numbers.extend(range);
    }
    numbers.sort_unstable();
    numbers.dedup();
    (!numbers.is_empty() && numbers.len() <= MOST).then_some(numbers)
}

/// What a piece of a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Case(CaseRef),
    FollowUp(FollowUpId),
    /// It has the form of a follow-up's reference, but its check character does not fit.
    Misread,
    Address(Address),
}

/// A piece of a line with its place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub key: String,
    pub start: usize,
    pub end: usize,
}

/// Cuts a plain line into references, addresses and words; punctuation alone is no token.
pub(super) fn tokens(line: &str, references: &Regex) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = 0;
    for special in specials(line, references) {
        words(line, rest, special.start, &mut found);
        rest = special.end;
        found.push(special);
    }
    words(line, rest, line.len(), &mut found);
    found
}

fn specials(line: &str, references: &Regex) -> Vec<Token> {
    // Same length, so that places in one are places in the other.
    let upper = line.to_ascii_uppercase();
    let mut found: Vec<Token> = Vec::new();
    let mut add = |start: usize, text: &str, kind: Kind| {
        let end = start + text.len();
        if found.iter().all(|t| end <= t.start || t.end <= start) {
            found.push(Token { kind, key: key(text), start, end });
        }
    };
    for place in ADDRESS.iter().flat_map(|r| r.find_iter(line)) {
        let text = place.as_str().trim_end_matches(['.', '\'', '!', '?']);
        if let Some(address) = Address::parse(text) {
            add(place.start(), text, Kind::Address(address));
        }
    }
    for place in FOLLOW_UP.iter().flat_map(|r| r.find_iter(line)) {
        add(place.start(), place.as_str(), FollowUpId::parse(place.as_str()).map_or(Kind::Misread, Kind::FollowUp));
    }
    for place in references.find_iter(line).chain(references.find_iter(&upper)) {
        if place.as_str().contains(|c: char| c.is_ascii_digit()) {
            add(place.start(), place.as_str(), Kind::Case(CaseRef::new(place.as_str())));
        }
    }
    found.sort_by_key(|token| token.start);
    found
}

/// Words between two places; "NOT-ADVICE" is two, "19-10-2026" and "1-3" are one.
fn words(line: &str, from: usize, to: usize, found: &mut Vec<Token>) {
    let mut start = from;
    for chunk in line.get(from..to).unwrap_or("").split_inclusive(char::is_whitespace) {
        let pieces = if chunk.contains(|c: char| c.is_ascii_digit()) {
            chunk.split_inclusive(['\n'].as_slice())
        } else {
            chunk.split_inclusive(['-'].as_slice())
        };
        for piece in pieces {
            let end = start + piece.trim_end().len();
            if !key(piece).is_empty() {
                found.push(Token { kind: Kind::Word, key: key(piece), start, end });
            }
            start += piece.len();
        }
    }
}
