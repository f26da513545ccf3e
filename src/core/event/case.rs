//! What staff order about a case as a whole, and what they register about it.

use crate::core::id::Address;
use crate::core::policy::Consultation;
use crate::core::register::{Contact, NoteKind, Phase, RulingKind, Span, StopManner};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// An order about a case as a whole (`commands.md` 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseOrder {
    /// `NEW CASE`, `CORRECT`, `IMPORT`: what is known of the plan; the first one opens the register.
    Register(Box<Particulars>),
    /// `DECISION`: what the authority decided.
    Rule {
        /// What.
        what: RulingKind,
        /// When.
        on: NaiveDate,
    },
    /// `FINAL ISSUED`: the final plan is out.
    FinalIssued {
        /// When.
        on: NaiveDate,
    },
    /// `REOPEN <case>`: the final plan, or the decision that ended the case, was recorded in error.
    Reopen,
    /// `EXEMPTION`: recorded; no date moves.
    Exempt {
        /// Ground as in the regulation, in words.
        ground: String,
        /// Which limit it excuses.
        phase: Phase,
        /// First day of the condition, when known.
        from: Option<NaiveDate>,
        /// Last day of the condition, when known.
        to: Option<NaiveDate>,
        /// What happened.
        narrative: String,
    },
    /// `NOTE`, `NARRATIVE`: words for the timeline.
    Note {
        /// What it is about.
        kind: NoteKind,
        /// With whom, as written.
        with: Option<String>,
        /// Theme code of a narrative.
        theme: Option<String>,
        /// The words.
        text: String,
    },
    /// `STOP`, as soon as it is read: nothing leaves any more, and nothing has ended yet.
    Suspend {
        /// How.
        manner: StopManner,
        /// Why, as written.
        reason: Option<String>,
    },
    /// `STOP` after its `YES`: everything open ends.
    Stop {
        /// How.
        manner: StopManner,
        /// Why, as written.
        reason: Option<String>,
    },
    /// `RESUME` after the second person's `YES`.
    Resume {
        /// Who confirmed it.
        with: Address,
    },
    /// `LEGAL HOLD`.
    LegalHold(LegalHold),
    /// `REASSIGN`: another co-ordinator owns it, with its open follow-ups.
    Reassign {
        /// Only what belonged to this person; everything when nobody is named.
        from: Option<Address>,
        /// Who.
        to: Address,
    },
}

/// Whether a case may be erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalHold {
    /// Nothing of it is erased.
    On,
    /// The usual retention applies.
    Off,
}

/// What staff register about a case. What is not given stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Particulars {
    /// Day on which the authority received the request.
    pub requested_on: Option<NaiveDate>,
    /// The child's initials.
    pub initials: Option<String>,
    /// The child's first name, for parents' letters only.
    pub first_name: Option<String>,
    /// Date of birth.
    pub born: Option<NaiveDate>,
    /// Parents, young person and representatives, each confirmed by whoever answered `YES`.
    pub contacts: Vec<Contact>,
    /// Who owns the case.
    pub coordinator: Option<Address>,
    /// When the child's school is closed.
    pub school_closed: Vec<Span>,
    /// How schools are consulted.
    pub consult: Option<Consultation>,
    /// The provider's number for the child.
    pub their_ref: Option<String>,
    /// Whether every letter to the family waits for a person.
    pub sensitive: Option<bool>,
}
