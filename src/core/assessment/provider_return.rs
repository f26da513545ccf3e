//! What one provider has returned in one round: every answer with its source, who may answer, whether it is handed in.
//!
//! Nothing is overwritten: what holds is derived from everything that was ever given. Letters and dates are not
//! decided here.

use super::action_plan::Action;
use super::answers::{Answers, Conflict, Given, Item, Settle, Value, merge, unite};
use super::form::FormCode;
use super::{Criteria, Rating};
use crate::core::id::Address;
use crate::core::policy::AssessmentComments;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One provider's return in one round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderReturn {
    /// Name of the round: "Autumn 2026".
    pub round: String,
    /// The form that belongs to it.
    pub form: FormCode,
    /// Name of the provider.
    pub provider: String,
    /// Services that it answers for.
    pub services: Vec<String>,
    /// Who may answer, in the order of the configuration.
    pub respondents: Vec<Address>,
    /// Whose word settles what respondents rate differently.
    pub lead: Address,
    /// Paragraphs from the authority's records, as the form offered them, by number of the criterion.
    #[serde(default)]
    pub offered: BTreeMap<u32, String>,
    /// Everything that was given, oldest first.
    #[serde(default)]
    pub given: Vec<Contribution>,
    /// When it was complete; from then on a rating changes by `AMEND` only.
    #[serde(default)]
    pub handed_in: Option<HandedIn>,
    /// What the provider answered in the round before.
    #[serde(default)]
    pub previous: Option<Previous>,
    /// The action plan, once its dates are settled.
    #[serde(default)]
    pub actions: Vec<Action>,
}

/// What one mail, or one `AMEND`, said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// The stored message.
    pub source: String,
    /// Who wrote it.
    pub by: Address,
    /// When the mailbox received it.
    pub at: DateTime<Utc>,
    /// As a filled form, or word by word.
    pub manner: Manner,
    /// What it says.
    pub answers: Answers,
    /// Names of what was attached as evidence: listed, never opened.
    #[serde(default)]
    pub attachments: Vec<String>,
}

/// How an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// In a form, whole or in part.
    Form,
    /// By `AMEND`.
    Amendment,
}

/// The return was complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedIn {
    /// Whose mail completed it.
    pub by: Address,
    /// When that mail came.
    pub at: DateTime<Utc>,
}

/// The standing answers of the round before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Previous {
    /// Name of that round.
    pub round: String,
    /// What held when it ended.
    pub answers: Answers,
}

/// What holds of a return at the moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// The answers; what respondents rate differently is unclear.
    pub answers: Answers,
    /// What respondents rate differently.
    pub conflicts: Vec<Conflict>,
    /// Criteria whose latest answer is unclear although an earlier one holds.
    pub ask_again: Vec<u32>,
}

/// What became of a contribution.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// Ratings that would have changed a return that is handed in, and were left out: number, old, new.
    pub left_out: Vec<(u32, Option<Rating>, Rating)>,
    /// It completed the return.
    pub completed: Completed,
}

/// Whether a contribution completed the return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Completed {
    /// It did, just now.
    Now,
    /// It did not, or the return was complete before.
    #[default]
    No,
}

impl ProviderReturn {
    /// Whether this address may answer for the provider.
    pub fn may_answer(&self, who: &Address) -> bool {
        self.respondents.contains(who) || self.lead == *who
    }

    /// Takes what a mail says. After the return was handed in, a form adds comments and evidence only: a rating
    /// changes by `AMEND` (`domain.md` 4.3).
    pub fn take(&mut self, mut contribution: Contribution, criteria: &Criteria, comments: AssessmentComments) -> Taken {
        let mut left_out = Vec::new();
        if self.handed_in.is_some() && contribution.manner == Manner::Form {
            left_out = keep_comments(&mut contribution.answers, &self.standing().answers);
        }
        let (by, at) = (contribution.by.clone(), contribution.at);
        self.given.push(contribution);
        let completes = self.handed_in.is_none() && self.is_complete(criteria, comments);
        if completes {
            self.handed_in = Some(HandedIn { by, at });
        }
        Taken { left_out, completed: if completes { Completed::Now } else { Completed::No } }
    }

    /// Whether every criterion has a clear rating, with its comment where that is required.
    pub fn is_complete(&self, criteria: &Criteria, comments: AssessmentComments) -> bool {
        let Standing { answers, .. } = self.standing();
        let commented = |number: u32| match comments {
            AssessmentComments::Warn => true,
            AssessmentComments::Require => {
                answers.items.get(&number).is_some_and(|item| !item.comment.trim().is_empty())
            }
        };
        answers.strays.is_empty() && criteria.iter().all(|c| answers.rating(c.number).is_some() && commented(c.number))
    }

    /// What holds: of each respondent the latest clear rating, of all together what they agree on. An `AMEND` of the
    /// lead settles its criterion against everything that others said before.
    pub fn standing(&self) -> Standing {
        let settled = self.settled();
        let holds = |at: usize, by: &Address, number: &u32| {
            *by == self.lead || settled.get(number).is_none_or(|since| at > *since)
        };
        let kept: Vec<(&Address, &str, Answers)> = (0..)
            .zip(&self.given)
            .map(|(at, c)| {
                let mut answers = c.answers.clone();
                answers.items.retain(|number, item| {
                    if !holds(at, &c.by, number) {
                        item.value = Value::Blank;
                    }
                    true
                });
                (&c.by, c.source.as_str(), answers)
            })
            .collect();
        let mut ask_again = Vec::new();
        let mut merged: Vec<(&str, Answers)> = Vec::new();
        for who in self.who_answered() {
            let theirs: Vec<(&str, &Answers)> =
                kept.iter().filter(|(by, ..)| *by == who).map(|(_, source, answers)| (*source, answers)).collect();
            let one = merge(&theirs);
            ask_again.extend(one.ask_again);
            merged.push((who.as_str(), one.answers));
        }
        let all: Vec<(&str, &Answers)> = merged.iter().map(|(who, answers)| (*who, answers)).collect();
        let (answers, conflicts) = unite(&all, Settle::Ask);
        ask_again.sort_unstable();
        ask_again.dedup();
        Standing { answers, conflicts, ask_again }
    }

    /// Every answer that was ever given to a criterion, oldest first, with whose it was.
    pub fn history(&self, number: u32) -> Vec<(&Contribution, Given<'_>)> {
        let answered =
            |c: &'_ &Contribution| c.answers.items.get(&number).is_some_and(|item: &Item| item.value != Value::Blank);
        let given = self.given.iter().filter(answered);
        given.filter_map(|c| Some((c, Given { source: &c.source, item: c.answers.items.get(&number)? }))).collect()
    }

    /// Names of everything that was attached, in order, each once.
    pub fn attachments(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.given.iter().flat_map(|c| &c.attachments) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// By criterion: the place of the lead's latest clear amendment.
    fn settled(&self) -> BTreeMap<u32, usize> {
        let by_lead = (0..).zip(&self.given).filter(|(_, c)| c.by == self.lead && c.manner == Manner::Amendment);
        by_lead
            .flat_map(|(at, c)| {
                let rated = c.answers.items.iter().filter(|(_, item)| matches!(item.value, Value::Rated(_)));
                rated.map(move |(number, _)| (*number, at))
            })
            .collect()
    }

    /// Those who gave anything: respondents in their order, then others as they came.
    fn who_answered(&self) -> Vec<&Address> {
        let gave = |who: &&Address| self.given.iter().any(|c| c.by == **who);
        let mut who: Vec<&Address> = self.respondents.iter().filter(gave).collect();
        for contribution in &self.given {
            if !who.contains(&&contribution.by) {
                who.push(&contribution.by);
            }
        }
        who
    }
}

/// Blanks every rating of a late form, and names those that would have changed what stands.
fn keep_comments(late: &mut Answers, standing: &Answers) -> Vec<(u32, Option<Rating>, Rating)> {
    let mut left_out = Vec::new();
    for (number, item) in &mut late.items {
        let old = standing.rating(*number);
        if let Value::Rated(new) = item.value
            && old != Some(new)
        {
            left_out.push((*number, old, new));
            *item = Item::default();
        }
        item.value = Value::Blank;
    }
    late.strays.clear();
    left_out
}

#[cfg(test)]
mod tests;
