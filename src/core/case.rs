//! A case: everything that the service holds about one child's assessment.

use super::assessment::ProviderReturn;
use super::follow_up::FollowUp;
use super::id::{Address, CaseRef, FollowUpId};
use super::policy::Policy;
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

    /// When the clock brings something for the case as a whole; follow-ups have their own.
    pub fn wake(&self, _policy: &Policy) -> Option<DateTime<Utc>> {
        self.register.family.wake()
    }

    /// How the case is named in letters to advisers, managers and staff: reference, their number, initials
    /// (`child_label = ref+initials`); never a name.
    pub fn label(&self) -> String {
        let reference = self.reference.as_ref().map_or("no case reference", CaseRef::as_str);
        let mut label = reference.to_owned();
        for extra in
            [self.their_ref.as_ref().map(|r| format!("your ref {r}")), self.initials.clone()].into_iter().flatten()
        {
            label.push_str(", ");
            label.push_str(&extra);
        }
        label
    }
}
