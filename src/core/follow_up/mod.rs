//! A follow-up: one question, its rounds, its window and what has come of it.
//!
//! Holds facts only. What becomes true by time passing ("overdue", "escalation due") is derived from them by
//! [`FollowUp::wake`] and [`FollowUp::is_overdue`] and never stored.

mod kind;
mod round;
mod wake;

pub use kind::{FollowUpKind, HoldReason, Origin, Outcome, Stage, Ticks};
pub use round::{Doubt, Escalated, Pause, Reply, Round, Sending};
pub use wake::{Wake, WakeReason};

use super::calendar::closes_at;
use super::id::{Address, FollowUpId};
use super::policy::Policy;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// Who.
    pub who: Address,
    /// First day back, when known.
    pub until: Option<NaiveDate>,
    /// Who was named instead; told to the co-ordinator, never mailed.
    pub contact: Option<String>,
}

/// One question to one adviser, and for the kinds without one to whoever owes the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// Its reference.
    pub id: FollowUpId,
    /// What is followed up.
    pub kind: FollowUpKind,
    /// How the request reached the adviser.
    pub origin: Origin,
    /// Where it stands.
    pub stage: Stage,
    /// Who asked and decides.
    pub coordinator: Address,
    /// Who is asked; `None` while that is not known.
    pub adviser: Option<Address>,
    /// Their line managers, addressed beside them.
    pub managers: Vec<Address>,
    /// Whom a copied-in mail went to, while it is not known who of them is the adviser.
    pub asked: Vec<Address>,
    /// The adviser's service, when the directory knows it.
    pub service: Option<String>,
    /// SEND manager who agreed to option 2, as stated.
    pub agreed_with: Option<String>,
    /// When it was opened here.
    pub opened_at: DateTime<Utc>,
    /// Requests so far, newest last; never empty.
    pub rounds: Vec<Round>,
    /// Adviser and managers who are away.
    pub away: Vec<Away>,
    /// Addresses that a hard bounce came back from.
    pub undeliverable: Vec<Address>,
    /// Line managers who have said that the adviser is not their staff: nothing more about the child goes there.
    pub barred: Vec<Address>,
    /// Who was told that they are responsible for completion, and has not been stood down.
    pub told_responsible: Vec<Address>,
    /// When it was closed or cancelled.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended, where more than that is to be known.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// Why no clock runs.
    #[serde(default)]
    pub hold: Option<HoldReason>,
    /// The advice request that a clarification is about.
    #[serde(default)]
    pub about: Option<FollowUpId>,
    /// What was ticked when it was accepted.
    #[serde(default)]
    pub ticks: Ticks,
    /// The feedback came without a copy to the line manager (`domain.md` 3.4); they were told by a pointer.
    #[serde(default)]
    pub manager_not_copied: bool,
    /// The day on which the child was recorded as not known to the service (criterion 8).
    #[serde(default)]
    pub not_known_on: Option<NaiveDate>,
}

impl FollowUp {
    /// A follow-up of which nobody but its owner is known yet.
    pub fn new(
        id: FollowUpId,
        kind: FollowUpKind,
        origin: Origin,
        coordinator: Address,
        round: Round,
        opened_at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            kind,
            origin,
            stage: Stage::Prepared,
            coordinator,
            adviser: None,
            managers: Vec::new(),
            asked: Vec::new(),
            service: None,
            agreed_with: None,
            opened_at,
            rounds: vec![round],
            away: Vec::new(),
            undeliverable: Vec::new(),
            barred: Vec::new(),
            told_responsible: Vec::new(),
            ended_at: None,
            outcome: None,
            hold: None,
            about: None,
            ticks: Ticks::default(),
            manager_not_copied: false,
            not_known_on: None,
        }
    }

    /// Where it stands, as people read it.
    pub fn standing(&self) -> &'static str {
        match (self.stage, self.hold) {
            (Stage::Held, Some(HoldReason::WrongChild)) => "on hold: perhaps the wrong child",
            (Stage::Held, Some(HoldReason::NobodyReached) | None) => "on hold: nobody could be reached",
            (stage, _) => stage.words(),
        }
    }

    /// The newest round.
    pub fn round(&self) -> Option<&Round> {
        self.rounds.last()
    }

    /// The newest round, to be changed.
    pub fn round_mut(&mut self) -> Option<&mut Round> {
        self.rounds.last_mut()
    }

    /// Last day of the running window.
    pub fn due_on(&self) -> Option<NaiveDate> {
        self.round().and_then(|r| r.due_on)
    }

    /// Whether an answer is expected from outside right now; "not known" does not satisfy the duty, so the clock runs
    /// on (`domain.md` 3.2).
    pub fn awaits_answer(&self) -> bool {
        matches!(self.stage, Stage::Open | Stage::RepliedThin | Stage::Declined)
    }

    /// When the first answer with content came: the date that counts for the six weeks, whatever is clarified later.
    pub fn first_received(&self) -> Option<DateTime<Utc>> {
        self.rounds.iter().flat_map(Round::answers).next().map(|r| r.received_at)
    }

    /// The day for which it counts.
    pub fn received_on(&self, zone: Tz) -> Option<NaiveDate> {
        let first = |round: &Round| round.answers().next().map(|r| round.day_of(r.received_at, zone));
        self.rounds.iter().find_map(first)
    }

    /// Whether the adviser gave advice: it was accepted, or waits for the co-ordinator's word. Thanks, a dispute that was
    /// upheld and whatever came for a request that was opened in error are none.
    pub fn gave_advice(&self) -> bool {
        let of_advice = matches!(self.kind, FollowUpKind::AdviceRequest | FollowUpKind::Clarification);
        let answered = matches!(self.stage, Stage::Received | Stage::Query | Stage::Closed);
        of_advice
            && match self.outcome {
                Some(Outcome::Accepted | Outcome::UsedAsSubmitted) => true,
                None => answered && self.first_received().is_some(),
                Some(Outcome::EndedWithCase) => self.first_received().is_some(),
                Some(
                    Outcome::NotSought
                    | Outcome::DisputeUpheld
                    | Outcome::Overtaken
                    | Outcome::Confirmed
                    | Outcome::FeedbackNone
                    | Outcome::FeedbackParent
                    | Outcome::FeedbackOther
                    | Outcome::NoResponse,
                ) => false,
            }
    }

    /// Whether it says nothing of anybody's returns: it was opened in error or needed no longer, was not sought
    /// (reg 6(4)), or was not theirs to give.
    pub fn counts_nowhere(&self) -> bool {
        match self.outcome {
            None => self.stage == Stage::Cancelled,
            Some(outcome) => matches!(outcome, Outcome::NotSought | Outcome::DisputeUpheld),
        }
    }

    /// Whether it is on hold, or ended on hold, because it may have gone to the wrong child's adviser.
    pub fn is_wrong_childs(&self) -> bool {
        self.hold == Some(HoldReason::WrongChild)
    }

    /// When the newest answer of the newest round came.
    pub fn last_received(&self) -> Option<DateTime<Utc>> {
        self.round()?.answers().next_back().map(|r| r.received_at)
    }

    /// Whether the window has closed without an answer.
    pub fn is_overdue(&self, now: DateTime<Utc>, policy: &Policy) -> bool {
        self.awaits_answer() && self.due_on().is_some_and(|due| now >= closes_at(due, policy.zone))
    }

    /// Whether this address is a party: adviser or one of the managers.
    pub fn has_party(&self, address: &Address) -> bool {
        self.adviser.as_ref() == Some(address) || self.managers.contains(address)
    }

    /// Whether this address answers as a manager: a line manager, or somebody who was told that they are responsible.
    pub fn is_manager(&self, address: &Address) -> bool {
        self.adviser.as_ref() != Some(address)
            && (self.managers.contains(address) || self.told_responsible.contains(address))
    }

    /// From now on nothing goes to that address, nor is anybody there responsible.
    pub fn bar(&mut self, who: &Address) {
        self.managers.retain(|m| m != who);
        self.told_responsible.retain(|m| m != who);
        if !self.barred.contains(who) {
            self.barred.push(who.clone());
        }
    }

    /// Adviser and managers who may still be written to.
    pub fn reachable_parties(&self) -> Vec<Address> {
        let adviser = self.adviser.iter().filter(|a| !self.barred.contains(a) && !self.undeliverable.contains(a));
        adviser.cloned().chain(self.reachable_managers()).collect()
    }

    /// The managers who may still be written to.
    pub fn reachable_managers(&self) -> Vec<Address> {
        self.managers.iter().filter(|m| !self.barred.contains(m) && !self.undeliverable.contains(m)).cloned().collect()
    }

    /// Whether somebody is away on `day`; without a known return they are, until a mail of theirs says otherwise.
    pub fn is_away(&self, who: &Address, day: NaiveDate) -> bool {
        self.away.iter().any(|a| a.who == *who && a.until.is_none_or(|back| day < back))
    }
}
