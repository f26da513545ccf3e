//! The colour of a self-assessment: one total function of the counts, and the sentence that gives its reason.
//!
//! The tool's own wording is ambiguous; the reading that is built here is the decision table of the specification
//! ("all essential criteria are not met" = not all are met; an essential is met unless it is answered No).

mod because;

use super::{Answers, Criteria, Importance, Rating, Value};
use because::{Facts, because};
use serde::{Deserialize, Serialize, Serializer};

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
    /// The same under the other reading of `met`.
    #[serde(skip)]
    pub range_other_met: [Colour; 2],
}

impl Score {
    /// The colour, or the colours that are still open: "GREEN", "open (RED to GREEN)".
    pub fn words(&self) -> String {
        standing(self.rag, self.range)
    }

    /// The same under the other reading of `met`.
    pub fn words_other_met(&self) -> String {
        standing(self.rag_other_met, self.range_other_met)
    }
}

fn standing(rag: Rag, [worst, best]: [Colour; 2]) -> String {
    match rag {
        Rag::Final(colour) => colour.name().to_owned(),
        Rag::Incomplete | Rag::Invalid if worst == best => format!("open ({})", best.name()),
        Rag::Incomplete | Rag::Invalid => format!("open ({} to {})", worst.name(), best.name()),
    }
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
    let other = Rule { met: rule.met.other(), ..rule };
    let [range, range_other_met] = [rule, other].map(|rule| range(criteria, answers, counts, rule));
    Score {
        yes: all.yes,
        emerging: all.emerging,
        no: all.no,
        blank,
        rag,
        rag_other_met: rag_under(other),
        because: because(&Facts { criteria, answers, counts, rule, invalid: &invalid, range, rag }),
        range,
        range_other_met,
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

/// Totals by importance.
pub fn counts(criteria: &Criteria, answers: &Answers) -> Counts {
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

#[cfg(test)]
mod tests;
