//! What staff ask of advisers beside a clarification: advice, its query, and a look at the plan draft.

use crate::core::follow_up::FollowUpKind;
use crate::core::id::{Address, FollowUpId};
use crate::core::register::PlanDraft;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Advice, or a check of the plan draft, is asked for: by the service, or elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Reference for the new follow-up.
    pub follow_up: FollowUpId,
    /// An advice request or a draft check.
    pub kind: FollowUpKind,
    /// The co-ordinator.
    pub by: Address,
    /// Who is asked.
    pub adviser: Address,
    /// Their line managers.
    pub managers: Vec<Address>,
    /// The service, when it was named; else the adviser's own.
    pub service: Option<String>,
    /// What is asked, or where the plan draft is.
    pub text: String,
    /// The day on which it was asked elsewhere; `None` when the service is to ask.
    pub elsewhere_on: Option<NaiveDate>,
}

/// Advice was found unclear: a clarification of it is opened, and the request waits for that (`domain.md` 3.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queried {
    /// The advice request.
    pub follow_up: FollowUpId,
    /// Reference for the clarification.
    pub clarification: FollowUpId,
    /// The co-ordinator.
    pub by: Address,
    /// Code of the reason.
    pub why: Option<String>,
    /// What is required.
    pub text: String,
}

/// A plan draft exists: before its issue, issued, or issued again. The checks of it follow as [`Asked`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// The co-ordinator.
    pub by: Address,
    /// The plan draft.
    pub draft: PlanDraft,
}

/// What feedback on a plan draft leads to (`domain.md` 3.4). It decides the projection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feedback {
    /// Nothing changes.
    None,
    /// The change is one that the parents asked for: their 15 days run on.
    Parent,
    /// Any other change: the plan draft has to be issued again, with new 15 days (CoP 9.125).
    Other,
}
