//! A case: everything that the service holds about one child's assessment.

use super::assessment::ProviderReturn;
use super::follow_up::FollowUp;
use super::id::{Address, CaseRef, FollowUpId};
use super::policy::{ChildLabel, Policy};
use super::register::Register;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Key of a case in the store: the authority's reference, or, for a follow-up that names none, its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub String);

impl CaseId {
    /// The key for a follow-up: its case when known, else the follow-up stands for itself ("no case").
    pub fn of(reference: Option<&CaseRef>, follow_up: &FollowUpId) -> Self {
        Self(reference.map_or_else(|| follow_up.to_string(), ToString::to_string))
    }
}

/// One child's assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Key in the store.
    pub id: CaseId,
    /// The authority's reference; `None` is listed as "no case".
    pub reference: Option<CaseRef>,
    /// Owner.
    pub coordinator: Address,
    /// Initials, for letters to advisers and managers.
    pub initials: Option<String>,
    /// The providers' own number for the child.
    pub their_ref: Option<String>,
    /// How many letters that may recur have been written; makes their keys differ.
    #[serde(default)]
    pub letters: u64,
    /// What is registered about the plan.
    #[serde(default)]
    pub register: Register,
    /// All follow-ups, oldest first.
    pub follow_ups: Vec<FollowUp>,
    /// What a provider returns in an assessment round; then the case is about no child.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_return: Option<Box<ProviderReturn>>,
}

impl Case {
    /// A case of which only the reference and the co-ordinator are known.
    pub fn new(id: CaseId, reference: Option<CaseRef>, coordinator: Address) -> Self {
        Self {
            id,
            reference,
            coordinator,
            initials: None,
            their_ref: None,
            letters: 0,
            register: Register::default(),
            follow_ups: Vec::new(),
            provider_return: None,
        }
    }

    /// The follow-up with this reference.
    pub fn follow_up(&self, id: &FollowUpId) -> Option<&FollowUp> {
        self.follow_ups.iter().find(|f| f.id == *id)
    }

    /// The follow-up with this reference, to be changed.
    pub fn follow_up_mut(&mut self, id: &FollowUpId) -> Option<&mut FollowUp> {
        self.follow_ups.iter_mut().find(|f| f.id == *id)
    }

    /// Whether the first advice to this request was found insufficient: a clarification of it was opened, and not in
    /// error.
    pub fn insufficient_first_time(&self, request: &FollowUpId) -> bool {
        self.follow_ups.iter().any(|f| f.about.as_ref() == Some(request) && !f.counts_nowhere())
    }

    /// Whether nothing about this child may go to an address, for it was said to be the wrong child's.
    pub fn is_wrong_childs(&self, address: &Address) -> bool {
        self.follow_ups.iter().any(|f| f.is_wrong_childs() && f.adviser.as_ref() == Some(address))
    }

    /// Whom nothing about this child and adviser may go to, whatever follow-up it is about: who said that the adviser is
    /// not their staff, and an adviser who may be the wrong child's.
    pub fn barred_for(&self, adviser: &Address) -> Vec<Address> {
        let mut barred: Vec<Address> = Vec::new();
        for who in self.of_adviser(adviser).flat_map(|f| &f.barred) {
            if !barred.contains(who) {
                barred.push(who.clone());
            }
        }
        barred
    }

    /// From now on nothing about this child and adviser goes to that address.
    pub fn bar(&mut self, adviser: &Address, who: &Address) {
        for follow_up in self.follow_ups.iter_mut().filter(|f| f.adviser.as_ref() == Some(adviser)) {
            follow_up.bar(who);
        }
    }

    /// They may be written to again: a person has said so.
    pub fn unbar(&mut self, adviser: &Address, who: &Address) {
        for follow_up in self.follow_ups.iter_mut().filter(|f| f.adviser.as_ref() == Some(adviser)) {
            follow_up.barred.retain(|b| b != who);
        }
    }

    /// The follow-ups in which this person is the adviser.
    fn of_adviser(&self, adviser: &Address) -> impl Iterator<Item = &FollowUp> {
        self.follow_ups.iter().filter(move |f| f.adviser.as_ref() == Some(adviser))
    }

    /// When the clock brings something for the case as a whole; follow-ups have their own.
    pub fn wake(&self, policy: &Policy) -> Option<DateTime<Utc>> {
        [self.register.family.wake(), self.review_wake(policy)].into_iter().flatten().min()
    }

    /// When the clock brings something for one of its follow-ups: never while the case is stopped.
    pub fn wake_of(&self, follow_up: &FollowUp, policy: &Policy) -> Option<DateTime<Utc>> {
        follow_up.wake(policy).filter(|_| self.register.stop.is_none()).map(|w| w.at)
    }

    /// The authority's reference alone.
    pub fn reference_words(&self) -> &str {
        self.reference.as_ref().map_or("no case reference", CaseRef::as_str)
    }

    /// How the case is named to staff: reference, the providers' number, initials; never a name.
    pub fn label(&self) -> String {
        self.label_as(ChildLabel::Initials)
    }

    /// How the case is named to advisers and managers (`cases.child_label`). The date of birth is added to a letter
    /// once it is known to whom it goes.
    pub fn label_as(&self, how: ChildLabel) -> String {
        let reference = self.reference_words();
        let initials = match how {
            ChildLabel::Reference => None,
            ChildLabel::Initials | ChildLabel::Born => self.initials.clone(),
        };
        let their_ref = self.their_ref.as_ref().map(|r| format!("your ref {r}"));
        let parts: Vec<String> = [Some(reference.to_owned()), their_ref, initials].into_iter().flatten().collect();
        parts.join(", ")
    }
}
