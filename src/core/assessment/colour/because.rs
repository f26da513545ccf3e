//! The reason of a result in one plain sentence, which names the criteria that decide.

use super::{
    Answers, Colour, Counts, Criteria, Ground, Importance, Invalid, Met, Rag, Rating, Rule, Tally, Value,
    amber_can_occur, ground,
};
use std::cmp::Ordering;

/// What the reason is drawn from.
pub(super) struct Facts<'a> {
    pub(super) criteria: &'a Criteria,
    pub(super) answers: &'a Answers,
    pub(super) counts: Counts,
    pub(super) rule: Rule,
    pub(super) invalid: &'a [Invalid],
    pub(super) range: [Colour; 2],
    pub(super) rag: Rag,
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

/// The reason of a result, one sentence.
pub(super) fn because(facts: &Facts<'_>) -> String {
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
    let (total, yes) = (facts.criteria.total(), facts.counts.all().yes);
    let although = if 2 * yes > total { format!(" although {yes} of {total} are Yes") } else { String::new() };
    format!("{}, so not all essential criteria are met{although}", parts.join("; "))
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
