//! What can happen to a provider's return: the events of an assessment round.

use super::action_plan::Action;
use super::provider_return::{Contribution, ProviderReturn};
use crate::core::id::{Address, FollowUpId};
use serde::{Deserialize, Serialize};

/// Something that happened to a provider's return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentEvent {
    /// The round was opened: the form goes out.
    Opened {
        /// Reference for the follow-up.
        follow_up: FollowUpId,
        /// The empty return.
        provider_return: Box<ProviderReturn>,
    },
    /// A respondent has answered, whole or in part.
    Returned {
        /// Which follow-up.
        follow_up: FollowUpId,
        /// What they say.
        contribution: Box<Contribution>,
        /// What the respondent has to be told about the mail itself: child data in it, a file that cannot be read.
        remarks: Vec<String>,
    },
    /// A mail brought nothing that counts: another round's form, no answers, somebody who may not answer.
    NotTaken {
        /// Which follow-up.
        follow_up: FollowUpId,
        /// Id of the stored message.
        message: String,
        /// Who wrote it.
        by: Address,
        /// Why.
        why: NotTaken,
        /// What else is to be said about the mail.
        remarks: Vec<String>,
    },
    /// The round is over.
    Closed {
        /// Who closed it.
        by: Address,
    },
    /// The action plan came back with owners and dates.
    Planned {
        /// Who settled it.
        by: Address,
        /// The rows with owner and date; each with a reference for its follow-up.
        actions: Vec<Action>,
    },
    /// An action is done.
    ActionDone {
        /// Who says so.
        by: Address,
        /// Which.
        number: u32,
    },
}

/// Why a mail was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotTaken {
    /// Its form belongs to another round or another provider, or its criteria have changed since.
    AnotherForm,
    /// No answer could be found in it.
    NoAnswers,
    /// No answer could be read in it, and it brings files: a scan, a photo, a printed form.
    FilesOnly,
    /// Its sender is no respondent of this provider.
    NoRespondent,
    /// The mail system says that it does not come from its sender.
    Unproved,
    /// It is harmful, too large or encrypted: a person has to look.
    NeedsAPerson,
}

impl AssessmentEvent {
    /// The follow-up that it is about, when it is about one.
    pub fn follow_up(&self) -> Option<&FollowUpId> {
        match self {
            Self::Opened { follow_up, .. } | Self::Returned { follow_up, .. } | Self::NotTaken { follow_up, .. } => {
                Some(follow_up)
            }
            Self::Closed { .. } | Self::Planned { .. } | Self::ActionDone { .. } => None,
        }
    }
}
