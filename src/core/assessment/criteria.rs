//! The criteria of a self-assessment: what a set has to be. The shipped set is a default like any other; how rows
//! are read from the files of operators, with lines and remedies, is the work of `config`.

use super::evidence::EvidenceOf;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How much a criterion weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Importance {
    /// A "No" makes the whole RED.
    Essential,
    /// Counts in the totals only.
    Desirable,
}

impl Importance {
    /// As it is written in the form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Essential => "Essential",
            Self::Desirable => "Desirable",
        }
    }
}

/// One criterion: a `[[criterion]]` of `assessment.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// How it is named in the form: 7 is "Q07".
    pub number: u32,
    /// Essential or Desirable.
    pub importance: Importance,
    /// The question, one line.
    pub text: String,
    /// It asks two things: "Yes" only if both hold.
    #[serde(default)]
    pub double_barrelled: bool,
    /// Which of the authority's own records are offered beneath it.
    #[serde(default)]
    pub evidence: Option<EvidenceOf>,
}

/// A set of criteria: never empty, each number once, in the order of the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criteria(Vec<Criterion>);

/// Why rows are no set of criteria. Rows are counted from 0, in the order in which they were given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CriteriaFault {
    /// There is no row.
    Empty,
    /// Its number cannot be written in the form.
    Number {
        /// The row.
        row: usize,
    },
    /// It asks nothing.
    Text {
        /// The row.
        row: usize,
    },
    /// Its number is taken.
    Twice {
        /// The later row.
        row: usize,
        /// The row that has the number already.
        first: usize,
    },
}

const SHIPPED: &str = include_str!("../../../config/assessment.toml");

/// Highest number that a form can name: three digits.
pub const HIGHEST_NUMBER: u32 = 999;

/// The shipped file, as far as it is about criteria: its other tables are the configuration's.
#[derive(Deserialize)]
struct Shipped {
    criterion: Vec<Criterion>,
}

impl Criteria {
    /// The shipped set: 23 criteria, 16 of them essential.
    pub fn shipped() -> Self {
        let rows = toml::from_str(SHIPPED).map_or_else(|_| Vec::new(), |file: Shipped| file.criterion);
        Self::new(rows).unwrap_or_else(|_| Self(Vec::new()))
    }

    /// Makes a set of rows in any order, or names every fault.
    pub fn new(mut rows: Vec<Criterion>) -> Result<Self, Vec<CriteriaFault>> {
        let faults = faults_of(&rows);
        if !faults.is_empty() {
            return Err(faults);
        }
        for row in &mut rows {
            row.text = row.text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        rows.sort_by_key(|row| row.number);
        Ok(Self(rows))
    }

    /// All criteria, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &Criterion> {
        self.0.iter()
    }

    /// How many there are.
    pub fn total(&self) -> usize {
        self.0.len()
    }

    /// How many weigh this much.
    pub fn count(&self, importance: Importance) -> usize {
        self.0.iter().filter(|c| c.importance == importance).count()
    }

    /// The criterion with this number.
    pub fn get(&self, number: u32) -> Option<&Criterion> {
        self.0.iter().find(|c| c.number == number)
    }
}

fn faults_of(rows: &[Criterion]) -> Vec<CriteriaFault> {
    let mut faults = Vec::new();
    let mut first_with: BTreeMap<u32, usize> = BTreeMap::new();
    if rows.is_empty() {
        faults.push(CriteriaFault::Empty);
    }
    for (row, criterion) in rows.iter().enumerate() {
        if !(1..=HIGHEST_NUMBER).contains(&criterion.number) {
            faults.push(CriteriaFault::Number { row });
        }
        let first = *first_with.entry(criterion.number).or_insert(row);
        if first != row {
            faults.push(CriteriaFault::Twice { row, first });
        }
        if criterion.text.trim().is_empty() {
            faults.push(CriteriaFault::Text { row });
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, importance: Importance, text: &str) -> Criterion {
        Criterion { number, importance, text: text.to_owned(), double_barrelled: false, evidence: None }
    }

    #[test]
    fn the_shipped_set_is_exactly_23_criteria_16_essential_and_7_desirable() {
        let criteria = Criteria::shipped();
        let numbers_of = |importance| -> Vec<u32> {
            criteria.iter().filter(|c| c.importance == importance).map(|c| c.number).collect()
        };
        assert_eq!(criteria.total(), 23);
        assert_eq!(numbers_of(Importance::Desirable), [1, 3, 10, 11, 12, 13, 18]);
        assert_eq!(numbers_of(Importance::Essential), [2, 4, 5, 6, 7, 8, 9, 14, 15, 16, 17, 19, 20, 21, 22, 23]);
        let double: Vec<u32> = criteria.iter().filter(|c| c.double_barrelled).map(|c| c.number).collect();
        assert_eq!(double, [10, 15, 17, 20]);
    }

    #[test]
    fn another_set_has_its_own_numbers() {
        let rows = vec![row(102, Importance::Desirable, "B?"), row(7, Importance::Essential, "A\n  b?")];
        let criteria = Criteria::new(rows).unwrap();
        assert_eq!(criteria.iter().map(|c| c.number).collect::<Vec<_>>(), [7, 102]);
        assert_eq!(criteria.get(7).unwrap().text, "A b?");
        assert_eq!((criteria.count(Importance::Essential), criteria.total()), (1, 2));
    }

    #[test]
    fn every_fault_is_told_with_its_row_at_once() {
        let essential = |number, text| row(number, Importance::Essential, text);
        let check = |rows: Vec<Criterion>, expected: &[CriteriaFault]| {
            assert_eq!(Criteria::new(rows).unwrap_err(), expected);
        };
        check(vec![], &[CriteriaFault::Empty]);
        check(
            vec![essential(0, "x"), essential(4, "x"), essential(4, " "), essential(1000, "x")],
            &[
                CriteriaFault::Number { row: 0 },
                CriteriaFault::Twice { row: 2, first: 1 },
                CriteriaFault::Text { row: 2 },
                CriteriaFault::Number { row: 3 },
            ],
        );
    }
}
