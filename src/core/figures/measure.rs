//! Small measures: a change against last week, a share, a median, a number that may be withheld.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A count now and a week before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    /// Now.
    pub now: u64,
    /// A week before.
    pub before: u64,
}

impl Change {
    /// "2 more than last week", "1 fewer than last week", "as many as last week".
    pub fn words(self) -> String {
        match (self.now.checked_sub(self.before), self.before.saturating_sub(self.now)) {
            (Some(0), _) => "as many as last week".to_owned(),
            (Some(more), _) => format!("{more} more than last week"),
            (None, fewer) => format!("{fewer} fewer than last week"),
        }
    }

    /// "+2", "−1", "0": a real minus sign, which no spreadsheet takes for a formula.
    pub fn sign(self) -> String {
        match self.now.checked_sub(self.before) {
            Some(0) => "0".to_owned(),
            Some(more) => format!("+{more}"),
            None => format!("\u{2212}{}", self.before.saturating_sub(self.now)),
        }
    }
}

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// The part.
    pub part: u64,
    /// The whole.
    pub whole: u64,
}

impl Share {
    /// Whole per cent, rounded half up; `None` of nothing. It says 100 and 0 only when that is exactly so.
    pub fn percent(self) -> Option<u64> {
        let doubled = self.part.saturating_mul(200).saturating_add(self.whole);
        let rounded = doubled.checked_div(self.whole.saturating_mul(2))?;
        Some(match (self.part, rounded) {
            (0, _) => 0,
            (_, 0) => 1,
            (part, 100) if part < self.whole => 99,
            (_, percent) => percent,
        })
    }
}

/// A number in halves: what a median of whole numbers is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Halves(pub i64);

impl Halves {
    /// "12", "12.5".
    pub fn words(self) -> String {
        let (whole, half) = (self.0 / 2, self.0 % 2 != 0);
        if half { format!("{whole}.5") } else { whole.to_string() }
    }

    /// As a fraction, for a spreadsheet.
    pub fn value(self) -> f64 {
        f64::from(i32::try_from(self.0).unwrap_or(i32::MAX)) / 2.0
    }
}

/// How often each length occurred.
pub type Histogram = BTreeMap<i64, u64>;

/// The median of a histogram: the middle value, or the mean of the two middle ones; `None` when it is empty.
pub fn median(lengths: &Histogram) -> Option<Halves> {
    let count: u64 = lengths.values().sum();
    let upper = nth(lengths, count / 2)?;
    let lower = if count % 2 == 1 { upper } else { nth(lengths, (count / 2).checked_sub(1)?)? };
    Some(Halves(upper + lower))
}

/// The value at this place, from 0, when all are written in a row.
fn nth(lengths: &Histogram, place: u64) -> Option<i64> {
    let mut passed = 0;
    lengths
        .iter()
        .find(|(_, count)| {
            passed += **count;
            place < passed
        })
        .map(|(length, _)| *length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_and_never_flattered() {
        let check = |part, whole, expected| assert_eq!(Share { part, whole }.percent(), expected, "{part} of {whole}");
        check(0, 0, None);
        check(33, 41, Some(80));
        check(1, 8, Some(13));
        check(0, 7, Some(0));
        check(1, 900, Some(1));
        check(899, 900, Some(99));
        check(900, 900, Some(100));
    }

    #[test]
    fn a_median_is_the_middle_of_all_values() {
        let check = |values: &[i64], expected: Option<i64>| {
            let mut lengths = Histogram::new();
            values.iter().for_each(|v| *lengths.entry(*v).or_default() += 1);
            assert_eq!(median(&lengths), expected.map(Halves), "{values:?}");
        };
        check(&[], None);
        check(&[3], Some(6));
        check(&[3, 4], Some(7));
        check(&[9, 1, 5], Some(10));
        check(&[2, 2, 2, 40], Some(4));
        assert_eq!((Halves(7).words(), Halves(8).words()), ("3.5".to_owned(), "4".to_owned()));
    }

    #[test]
    fn a_change_is_told_in_words_and_by_its_sign() {
        let check = |now, before, words: &str, sign: &str| {
            let change = Change { now, before };
            assert_eq!((change.words().as_str(), change.sign().as_str()), (words, sign));
        };
        check(7, 5, "2 more than last week", "+2");
        check(4, 5, "1 fewer than last week", "\u{2212}1");
        check(0, 0, "as many as last week", "0");
    }
}
