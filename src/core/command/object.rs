//! What a command is about: the piece of the line that is not the verb.

use super::verb::Verb;
use crate::core::id::{Address, CaseRef, FollowUpId};
use chrono::NaiveDate;
use std::fmt;

/// A person as written; the directory says who that is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Who {
    /// "Dr Lee".
    pub name: Option<String>,
    /// Their address.
    pub address: Option<Address>,
}

/// A case or follow-up that was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference {
    /// By the authority's reference.
    Case(CaseRef),
    /// By ours.
    FollowUp(FollowUpId),
}

/// What a command is about. References that are missing come from the thread or the line's number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Object {
    /// Nothing was named.
    #[default]
    None,
    /// A follow-up.
    FollowUp(FollowUpId),
    /// A case.
    Case(CaseRef),
    /// `NEW DATE`: the date that parents are told.
    NewDate {
        /// Whose plan.
        about: Option<Reference>,
        /// The new timescale.
        date: NaiveDate,
    },
    /// `EXEMPTION`: the ground in the writer's words.
    Exemption {
        /// The case.
        case: CaseRef,
        /// "school closed".
        ground: String,
    },
    /// `ABSENT`: who is away.
    Who(Who),
    /// `MANAGER … IS …`.
    ManagerIs {
        /// The adviser; from the thread when absent.
        adviser: Option<Who>,
        /// Their line manager; has an address.
        manager: Who,
    },
    /// `REASSIGN … TO …`.
    GiveTo {
        /// The case or follow-up.
        about: Option<Reference>,
        /// The new co-ordinator.
        to: Who,
    },
    /// `REASSIGN ALL FROM … TO …`.
    GiveAll {
        /// The old co-ordinator.
        from: Who,
        /// The new one.
        to: Who,
    },
    /// `MATCH`: the candidate's letter, in upper case.
    Candidate(char),
    /// `ACTION`, `AMEND`: the number of an action or question.
    Number(u32),
    /// `RELEASE ALL`, `DISCARD ALL`.
    All,
    /// `HELP` on one verb.
    Verb(Verb),
    /// `LIST OVERDUE`, `REPORT WEEKLY`, the name of a round: as written.
    Text(String),
}

impl From<Reference> for Object {
    fn from(reference: Reference) -> Self {
        match reference {
            Reference::Case(case) => Self::Case(case),
            Reference::FollowUp(id) => Self::FollowUp(id),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, &self.address) {
            (Some(name), Some(address)) => write!(f, "{name} <{address}>"),
            (Some(name), None) => f.write_str(name),
            (None, Some(address)) => write!(f, "{address}"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case(case) => write!(f, "{case}"),
            Self::FollowUp(id) => write!(f, "{id}"),
        }
    }
}

/// As it stands behind the verb's words; empty for nothing.
impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = |about: &Option<Reference>| about.as_ref().map_or_else(String::new, |a| format!("{a} "));
        match self {
            Self::None => Ok(()),
            Self::FollowUp(id) => write!(f, "{id}"),
            Self::Case(case) => write!(f, "{case}"),
            Self::NewDate { about: of, date } => write!(f, "{}{date}", about(of)),
            Self::Exemption { case, ground } => write!(f, "{case} {ground}"),
            Self::Who(who) => write!(f, "{who}"),
            Self::ManagerIs { adviser: Some(adviser), manager } => write!(f, "{adviser} IS {manager}"),
            Self::ManagerIs { adviser: None, manager } => write!(f, "IS {manager}"),
            Self::GiveTo { about: of, to } => write!(f, "{}TO {to}", about(of)),
            Self::GiveAll { from, to } => write!(f, "FROM {from} TO {to}"),
            Self::Candidate(letter) => write!(f, "{letter}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::All => f.write_str("ALL"),
            Self::Verb(verb) => f.write_str(verb.words()),
            Self::Text(text) => f.write_str(text),
        }
    }
}
