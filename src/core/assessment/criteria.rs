//! The criteria of a self-assessment, read from TOML. The shipped set is a default like any other.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// How much a criterion weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Importance {
    /// A "No" makes the whole RED.
    #[serde(alias = "Essential")]
    Essential,
    /// Counts in the totals only.
    #[serde(alias = "Desirable")]
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

/// One criterion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// How it is named in the form: 7 is "Q07".
    pub number: u32,
    /// Essential or Desirable.
    pub importance: Importance,
    /// The question.
    pub text: String,
    /// It asks two things: "Yes" only if both hold.
    pub double_barrelled: bool,
}

/// A set of criteria: never empty, each number once, in the order of the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criteria(Vec<Criterion>);

/// What is wrong with a set of criteria, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriteriaFault {
    /// Line in the file, counted from 1, where it can be told.
    pub line: Option<usize>,
    /// What is wrong and what would be right.
    pub what: String,
}

impl fmt::Display for CriteriaFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

const SHIPPED: &str = include_str!("../../../config/assessment.toml");

/// Highest number that a form can name: three digits.
const HIGHEST: i64 = 999;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    criterion: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    number: Spanned<i64>,
    importance: Importance,
    text: Spanned<String>,
    #[serde(default)]
    double_barrelled: bool,
}

impl Criteria {
    /// The shipped set: 23 criteria, 16 of them essential.
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).unwrap_or_else(|_| Self(Vec::new()))
    }

    /// Reads a set from TOML, or names every fault in it.
    pub fn parse(toml: &str) -> Result<Self, Vec<CriteriaFault>> {
        let file: File = toml::from_str(toml).map_err(|e| {
            let line = e.span().map(|span| line_of(toml, span.start));
            vec![CriteriaFault { line, what: e.message().to_owned() }]
        })?;
        let faults = faults_of(&file, toml);
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut criteria: Vec<Criterion> = file.criterion.into_iter().map(Criterion::from).collect();
        criteria.sort_by_key(|c| c.number);
        Ok(Self(criteria))
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

impl From<Entry> for Criterion {
    fn from(entry: Entry) -> Self {
        Self {
            number: u32::try_from(entry.number.into_inner()).unwrap_or_default(),
            importance: entry.importance,
            text: entry.text.into_inner().split_whitespace().collect::<Vec<_>>().join(" "),
            double_barrelled: entry.double_barrelled,
        }
    }
}

fn faults_of(file: &File, toml: &str) -> Vec<CriteriaFault> {
    let mut faults = Vec::new();
    let mut first_line: BTreeMap<i64, usize> = BTreeMap::new();
    if file.criterion.is_empty() {
        faults.push(CriteriaFault { line: None, what: "there is no [[criterion]]: at least one is needed".into() });
    }
    for entry in &file.criterion {
        let number = *entry.number.get_ref();
        let line = line_of(toml, entry.number.span().start);
        let mut fault = |what: String| faults.push(CriteriaFault { line: Some(line), what });
        if !(1..=HIGHEST).contains(&number) {
            fault(format!("number = {number}: a number from 1 to {HIGHEST} is needed"));
        }
        if let Some(first) = first_line.get(&number) {
            fault(format!("number = {number} stands twice, first in line {first}: each number once"));
        }
        first_line.entry(number).or_insert(line);
        if entry.text.get_ref().trim().is_empty() {
            fault(format!("the text of criterion {number} is empty: write the question"));
        }
    }
    faults
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_set_is_exactly_23_criteria_16_essential_and_7_desirable() {
        let criteria = Criteria::parse(SHIPPED).unwrap();
        let numbers_of = |importance| -> Vec<u32> {
            criteria.iter().filter(|c| c.importance == importance).map(|c| c.number).collect()
        };
        assert_eq!(criteria.total(), 23);
        assert_eq!(numbers_of(Importance::Desirable), [1, 3, 10, 11, 12, 13, 18]);
        assert_eq!(numbers_of(Importance::Essential), [2, 4, 5, 6, 7, 8, 9, 14, 15, 16, 17, 19, 20, 21, 22, 23]);
        let double: Vec<u32> = criteria.iter().filter(|c| c.double_barrelled).map(|c| c.number).collect();
        assert_eq!(double, [10, 15, 17, 20]);
        assert_eq!(Criteria::shipped(), criteria);
    }

    #[test]
    fn another_set_loads_with_its_own_numbers() {
        let toml = "[[criterion]]\nnumber = 102\nimportance = \"desirable\"\ntext = \"B?\"\n\
                    [[criterion]]\nnumber = 7\nimportance = \"Essential\"\ntext = \"A\\n  b?\"\n";
        let criteria = Criteria::parse(toml).unwrap();
        assert_eq!(criteria.iter().map(|c| c.number).collect::<Vec<_>>(), [7, 102]);
        assert_eq!(criteria.get(7).unwrap().text, "A b?");
        assert_eq!((criteria.count(Importance::Essential), criteria.total()), (1, 2));
    }

    fn check(toml: &str, expected: &[&str]) {
        let faults = Criteria::parse(toml).unwrap_err();
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), expected.len(), "{said:?}");
        for (said, expected) in said.iter().zip(expected) {
            assert!(said.contains(expected), "{said:?} should contain {expected:?}");
        }
    }

    #[test]
    fn a_fault_is_told_with_its_line_and_all_at_once() {
        let entry = |number: &str, text: &str| {
            format!("[[criterion]]\nnumber = {number}\nimportance = \"essential\"\ntext = \"{text}\"\n")
        };
        check("", &["at least one is needed"]);
        check("criterion = 3", &["line 1: "]);
        check("[[criterion]]\nnumber = 1\nimportance = \"vital\"\ntext = \"x\"", &["line 3: unknown variant `vital`"]);
        check("[[criterion]]\nnumber = 1\nimportanse = \"essential\"\ntext = \"x\"", &["unknown field `importanse`"]);
        check("[[criterion]]\nimportance = \"essential\"\ntext = \"x\"", &["missing field `number`"]);
        check(
            &[entry("0", "x"), entry("4", "x"), entry("4", " ")].concat(),
            &["line 2: number = 0", "line 10: number = 4 stands twice, first in line 6", "line 10: the text of"],
        );
    }
}
