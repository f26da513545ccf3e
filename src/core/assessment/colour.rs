//! The colour of a self-assessment: one total function of the counts, and the sentence that gives its reason.
//!
//! The tool's own wording is ambiguous; the reading that is built here is the decision table of the specification
//! ("all essential criteria are not met" = not all are met; an essential is met unless it is answered No).

use super::{Answers, Criteria, Importance, Rating, Value};
use serde::{Deserialize, Serialize, Serializer};
use std::cmp::Ordering;

/// A final colour, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Colour {
    /// An essential criterion is not met, or No is the greatest number.
    Red,
    /// All essentials met, Yes is no majority.
    Amber,
    /// All essentials met, and a majority of Yes.
    Green,
}

impl Colour {
    /// As it is written: "RED".
    pub fn name(self) -> &'static str {
        match self {
            Self::Red => "RED",
            Self::Amber => "AMBER",
            Self::Green => "GREEN",
        }
    }
}

/// When an essential criterion counts as met (`assessment.met`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// Unless answered No.
    #[default]
    YesOrEmerging,
    /// Only when answered Yes; with mostly essential criteria AMBER then cannot occur.
    Yes,
}

impl Met {
    fn other(self) -> Self {
        match self {
            Self::YesOrEmerging => Self::Yes,
            Self::Yes => Self::YesOrEmerging,
        }
    }
}

/// What "the majority are Yes" means (`assessment.majority`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Majority {
    /// More than half of all criteria.
    #[default]
    Strict,
    /// More Yes than Emerging.
    Plurality,
}

/// How the tool's rule is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Rule {
    /// When an essential criterion is met.
    pub met: Met,
    /// What a majority is.
    pub majority: Majority,
}

/// Totals of the three ratings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Tally {
    /// Answered Yes.
    pub yes: usize,
    /// Answered Emerging.
    pub emerging: usize,
    /// Answered No.
    pub no: usize,
}

impl Tally {
    /// All that are answered.
    pub fn total(self) -> usize {
        self.yes + self.emerging + self.no
    }

    fn add(&mut self, rating: Rating, count: usize) {
        match rating {
            Rating::Yes => self.yes += count,
            Rating::Emerging => self.emerging += count,
            Rating::No => self.no += count,
        }
    }
}

/// Totals by importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Counts {
    /// Of the essential criteria.
    pub essential: Tally,
    /// Of the desirable ones.
    pub desirable: Tally,
}

impl Counts {
    /// Totals over all criteria.
    pub fn all(self) -> Tally {
        Tally {
            yes: self.essential.yes + self.desirable.yes,
            emerging: self.essential.emerging + self.desirable.emerging,
            no: self.essential.no + self.desirable.no,
        }
    }

    fn of(&mut self, importance: Importance) -> &mut Tally {
        match importance {
            Importance::Essential => &mut self.essential,
            Importance::Desirable => &mut self.desirable,
        }
    }
}

/// Which row of the decision table gave the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ground {
    /// RED: an essential criterion is not met.
    EssentialNotMet,
    /// RED: no rating is more frequent than No.
    NoIsGreatest,
    /// GREEN.
    MajorityYes,
    /// AMBER.
    MajorityEmerging,
    /// AMBER, because neither has the majority.
    NoMajority,
}

impl Ground {
    /// The colour that this row gives.
    pub fn colour(self) -> Colour {
        match self {
            Self::EssentialNotMet | Self::NoIsGreatest => Colour::Red,
            Self::MajorityYes => Colour::Green,
            Self::MajorityEmerging | Self::NoMajority => Colour::Amber,
        }
    }
}

/// The decision table for a set in which everything is answered; the denominator is the total of the counts.
pub fn ground(counts: Counts, rule: Rule) -> Ground {
    let Tally { yes, emerging, no } = counts.all();
    let not_met = match rule.met {
        Met::YesOrEmerging => counts.essential.no,
        Met::Yes => counts.essential.no + counts.essential.emerging,
    };
    let majority = |one: usize, other: usize| match rule.majority {
        Majority::Strict => 2 * one > counts.all().total(),
        Majority::Plurality => one > other,
    };
    if not_met > 0 {
        Ground::EssentialNotMet
    } else if no >= yes.max(emerging) {
        Ground::NoIsGreatest
    } else if majority(yes, emerging) {
        Ground::MajorityYes
    } else if majority(emerging, yes) {
        Ground::MajorityEmerging
    } else {
        Ground::NoMajority
    }
}

/// The overall result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rag {
    /// Everything is answered.
    Final(Colour),
    /// Something is blank.
    Incomplete,
    /// Something cannot be read, or is answered differently in two places.
    Invalid,
}

impl Rag {
    /// As it is written: "GREEN", "INCOMPLETE".
    pub fn name(self) -> &'static str {
        match self {
            Self::Final(colour) => colour.name(),
            Self::Incomplete => "INCOMPLETE",
            Self::Invalid => "INVALID",
        }
    }
}

impl Serialize for Rag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// An answer that cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Invalid {
    /// Number of the criterion as it was written; null where it is no number.
    pub question: Option<u32>,
    /// What was written.
    pub text: String,
}

/// Totals and colour: what `followupd score` prints, in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Score {
    /// Criteria answered Yes.
    pub yes: usize,
    /// Criteria answered Emerging.
    pub emerging: usize,
    /// Criteria answered No.
    pub no: usize,
    /// Criteria without an answer.
    pub blank: usize,
    /// Answers that cannot be counted; in none of the four numbers.
    pub invalid: Vec<Invalid>,
    /// The result.
    pub rag: Rag,
    /// The result under the other reading of `met`.
    pub rag_other_met: Rag,
    /// The reason, one sentence.
    pub because: String,
    /// Worst and best colour that the blank and invalid criteria leave open.
    pub range: [Colour; 2],
}

/// Totals, colour and reason of a set of answers.
pub fn score(criteria: &Criteria, answers: &Answers, rule: Rule) -> Score {
    let counts = counts(criteria, answers);
    let invalid = invalid(answers);
    let all = counts.all();
    let unreadable = invalid.iter().filter(|i| i.question.is_some_and(|n| criteria.get(n).is_some())).count();
    let blank = criteria.total().saturating_sub(all.total() + unreadable);
    let rag_under = |rule| match (invalid.is_empty(), blank) {
        (false, _) => Rag::Invalid,
        (true, 0) => Rag::Final(ground(counts, rule).colour()),
        (true, _) => Rag::Incomplete,
    };
    let rag = rag_under(rule);
    let range = range(criteria, answers, counts, rule);
    Score {
        yes: all.yes,
        emerging: all.emerging,
        no: all.no,
        blank,
        rag,
        rag_other_met: rag_under(Rule { met: rule.met.other(), ..rule }),
        because: because(&Facts { criteria, answers, counts, rule, invalid: &invalid, range, rag }),
        range,
        invalid,
    }
}

/// Whether AMBER can occur at all: with `met = yes` and mostly essential criteria it cannot.
pub fn amber_can_occur(criteria: &Criteria, met: Met) -> bool {
    match met {
        Met::YesOrEmerging => true,
        Met::Yes => 2 * criteria.count(Importance::Essential) <= criteria.total(),
    }
}

fn counts(criteria: &Criteria, answers: &Answers) -> Counts {
    let mut counts = Counts::default();
    for criterion in criteria.iter() {
        if let Some(rating) = answers.rating(criterion.number) {
            counts.of(criterion.importance).add(rating, 1);
        }
    }
    counts
}

fn invalid(answers: &Answers) -> Vec<Invalid> {
    let items = answers.items.iter().filter_map(|(number, item)| match &item.value {
        Value::Unclear(text) => Some(Invalid { question: Some(*number), text: text.clone() }),
        Value::Blank | Value::Rated(_) => None,
    });
    let strays = answers.strays.iter().map(|s| Invalid { question: s.question, text: s.text.clone() });
    items.chain(strays).collect()
}

/// The open criteria counted as No and as Yes. Under a plurality an Emerging can weigh more than a No (it competes
/// with Yes), so there the worse of the two stands.
fn range(criteria: &Criteria, answers: &Answers, counts: Counts, rule: Rule) -> [Colour; 2] {
    let with_open_as = |rating: Rating| {
        let mut counts = counts;
        for criterion in criteria.iter().filter(|c| answers.rating(c.number).is_none()) {
            counts.of(criterion.importance).add(rating, 1);
        }
        ground(counts, rule).colour()
    };
    let worst = match rule.majority {
        Majority::Strict => with_open_as(Rating::No),
        Majority::Plurality => with_open_as(Rating::No).min(with_open_as(Rating::Emerging)),
    };
    [worst, with_open_as(Rating::Yes)]
}

struct Facts<'a> {
    criteria: &'a Criteria,
    answers: &'a Answers,
    counts: Counts,
    rule: Rule,
    invalid: &'a [Invalid],
    range: [Colour; 2],
    rag: Rag,
}

impl Facts<'_> {
    fn numbers(&self, importance: Importance, rating: Option<Rating>) -> Vec<u32> {
        let wanted = self.criteria.iter().filter(|c| c.importance == importance);
        wanted.map(|c| c.number).filter(|n| self.answers.rating(*n) == rating).collect()
    }

    fn blanks(&self) -> Vec<u32> {
        let is_blank = |n: &u32| self.answers.items.get(n).is_none_or(|item| item.value == Value::Blank);
        self.criteria.iter().map(|c| c.number).filter(is_blank).collect()
    }
}

fn because(facts: &Facts<'_>) -> String {
    let mut sentence = match facts.rag {
        Rag::Invalid => format!("{}; {}", unreadable(facts.invalid), still_open(facts.range)),
        Rag::Incomplete => {
            let blanks = facts.blanks();
            let verb = if blanks.len() == 1 { "is" } else { "are" };
            format!("{} {verb} not answered yet; {}", criteria_named("", &blanks), still_open(facts.range))
        }
        Rag::Final(_) => reason(facts),
    };
    if !amber_can_occur(facts.criteria, facts.rule.met) {
        sentence.push_str("; as \"met\" is set to mean Yes alone, AMBER cannot occur");
    }
    sentence.push('.');
    sentence
}

fn unreadable(invalid: &[Invalid]) -> String {
    let mut numbers: Vec<u32> = invalid.iter().filter_map(|i| i.question).collect();
    numbers.dedup();
    match numbers.as_slice() {
        [] => "An answer names no criterion".to_owned(),
        [one] => format!("The answer to criterion {one} cannot be counted"),
        several => format!("The answers to criteria {} cannot be counted", list(several)),
    }
}

fn still_open([worst, best]: [Colour; 2]) -> String {
    match worst.cmp(&best) {
        Ordering::Equal => format!("it is {} whatever the answer", best.name()),
        Ordering::Less | Ordering::Greater => {
            format!("anything from {} to {} is still possible", worst.name(), best.name())
        }
    }
}

fn reason(facts: &Facts<'_>) -> String {
    let Tally { yes, emerging, no } = facts.counts.all();
    let total = facts.criteria.total();
    let met = format!("All {} essential criteria are met", facts.criteria.count(Importance::Essential));
    match ground(facts.counts, facts.rule) {
        Ground::EssentialNotMet => essentials_not_met(facts),
        Ground::NoIsGreatest => format!("No rating is more frequent than No ({no} of {total})"),
        Ground::MajorityYes => format!("{met} and {yes} of {total} are Yes{}", desirable_nos(facts)),
        Ground::MajorityEmerging => format!("{met} and {emerging} of {total} are Emerging{}", desirable_nos(facts)),
        Ground::NoMajority => {
            let counts = format!("neither Yes ({yes}) nor Emerging ({emerging}) has a majority of {total}");
            format!("{met}, but {counts}{}", desirable_nos(facts))
        }
    }
}

fn essentials_not_met(facts: &Facts<'_>) -> String {
    let answered = |rating: Rating| {
        let numbers = facts.numbers(Importance::Essential, Some(rating));
        let verb = if numbers.len() == 1 { "is" } else { "are" };
        let named = criteria_named("Essential ", &numbers);
        (!numbers.is_empty()).then(|| format!("{named} {verb} answered {}", rating.name()))
    };
    let emerging = match facts.rule.met {
        Met::YesOrEmerging => None,
        Met::Yes => answered(Rating::Emerging),
    };
    let parts: Vec<String> = answered(Rating::No).into_iter().chain(emerging).collect();
    let total = facts.criteria.total();
    format!(
        "{}, so not all essential criteria are met although {} of {total} are Yes",
        parts.join("; "),
        facts.counts.all().yes
    )
}

/// What a GREEN or AMBER can hide.
fn desirable_nos(facts: &Facts<'_>) -> String {
    let numbers = facts.numbers(Importance::Desirable, Some(Rating::No));
    match numbers.len() {
        0 => String::new(),
        count => format!("; {count} desirable No{}: {}", if count == 1 { "" } else { "s" }, list(&numbers)),
    }
}

fn criteria_named(prefix: &str, numbers: &[u32]) -> String {
    let noun = if numbers.len() == 1 { "criterion" } else { "criteria" };
    let phrase = format!("{prefix}{noun} {}", list(numbers));
    let mut letters = phrase.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn list(numbers: &[u32]) -> String {
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests;
