//! Finds what must not stand in a self-assessment or in a clear text: NHS numbers and dates of birth of children.
//!
//! A finding is a warning, never a block: one ten-digit number in eleven passes the check by chance.

use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// What kind of child data it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildDataKind {
    /// Ten digits with a valid check digit (modulus 11).
    NhsNumber,
    /// A date behind "DOB", "date of birth" or "born".
    DateOfBirth,
}

/// One finding. It carries the place and not the words, so that a warning cannot repeat them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildData {
    /// What it looks like.
    pub kind: ChildDataKind,
    /// The line, counted from 1.
    pub line: usize,
    /// The bytes of the number or date in the text, on character boundaries: for redaction.
    pub range: Range<usize>,
}

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

static TEN_DIGITS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"\d{3}[ \u{a0}\t.\-–]{0,2}\d{3}[ \u{a0}\t.\-–]{0,2}\d{4}"));

static BIRTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let day_first = r"\d{1,2}(?:st|nd|rd|th)?[\s./\-–]+(?:of\s+)?(?:\d{1,2}|[a-z]{3,9})[\s./\-–,]+(?:\d{4}|\d{2})\b";
    let year_first = r"\d{4}[./\-–]\d{1,2}[./\-–]\d{1,2}\b";
    let word = r"\b(?:d\s?\.?\s?o\s?\.?\s?b\b|date\s+of\s+birth|birth\s?date|born)";
    pattern(&format!(r"(?i){word}[^\d\n]{{0,20}}({year_first}|{day_first})"))
});

/// Finds NHS numbers and dates of birth in `text`, in the order in which they stand.
pub fn child_data(text: &str) -> Vec<ChildData> {
    let births = BIRTH.iter().flat_map(|r| r.captures_iter(text)).filter_map(|c| c.get(1));
    let births = births.map(|found| (ChildDataKind::DateOfBirth, found.range()));
    let numbers = TEN_DIGITS.iter().flat_map(|r| r.find_iter(text)).map(|found| found.range());
    let numbers = numbers
        .filter(|range| stands_alone(text, range) && text.get(range.clone()).is_some_and(is_nhs_number))
        .map(|range| (ChildDataKind::NhsNumber, range));
    let mut found: Vec<ChildData> = births
        .chain(numbers)
        .map(|(kind, range)| ChildData { kind, line: line_of(text, range.start), range })
        .collect();
    found.sort_by_key(|f| f.range.start);
    found
}

/// Not a piece of a longer number: a telephone number has eleven digits, an account more.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric());
    let before = text.get(..range.start).and_then(|t| t.chars().next_back());
    let after = text.get(range.end..).and_then(|t| t.chars().next());
    !is_digit(before) && !is_digit(after) && before != Some('+')
}

/// NHS Data Dictionary, "NHS NUMBER": weights 10 to 2, check digit 11 minus the sum modulo 11, 11 written as 0.
fn is_nhs_number(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let Some((check, body)) = digits.split_last() else { return false };
    let sum: u32 = body.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    let all_equal = digits.iter().all(|d| d == check);
    body.len() == 9 && !all_equal && (11 - sum % 11) % 11 == *check
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use ChildDataKind::{DateOfBirth, NhsNumber};

    fn check(text: &str, expected: &[(ChildDataKind, usize, &str)]) {
        let found = child_data(text);
        let found: Vec<(ChildDataKind, usize, &str)> =
            found.iter().map(|f| (f.kind, f.line, &text[f.range.clone()])).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    // 999 numbers are reserved for tests and belong to nobody.
    #[test]
    fn an_nhs_number_is_ten_digits_with_a_valid_check_digit() {
        check("no. 9990000018.", &[(NhsNumber, 1, "9990000018")]);
        check("all good\nNHS 999 000 0018", &[(NhsNumber, 2, "999 000 0018")]);
        check("999-000-0018", &[(NhsNumber, 1, "999-000-0018")]);
        check("999\u{a0}000\u{a0}0018", &[(NhsNumber, 1, "999\u{a0}000\u{a0}0018")]);
        check("9990000019 has a wrong check digit", &[]);
        check("19990000018 has eleven digits", &[]);
        check("99900000180", &[]);
        check("0000000000", &[]);
        check("we have 120 345 6789 reasons", &[]);
    }

    #[test]
    fn a_date_is_a_date_of_birth_only_behind_words_that_say_so() {
        check("DOB 03/04/2015", &[(DateOfBirth, 1, "03/04/2015")]);
        check("d.o.b.: 3.4.15", &[(DateOfBirth, 1, "3.4.15")]);
        check("Date of birth is 3rd of April 2015", &[(DateOfBirth, 1, "3rd of April 2015")]);
        check("born on 2015-04-03", &[(DateOfBirth, 1, "2015-04-03")]);
        check("audited on 03/04/2025", &[]);
        check("newborn screening, 12 staff", &[]);
        check("the DOB is always left out", &[]);
    }
}
