//! The self-assessment of health providers: criteria, answers, colours, and the form they travel in.
//!
//! Pure: text and table cells come in, values go out. Files are opened by `message::form_file`, and nothing here
//! knows of rounds, mail or people beyond the name of a respondent.

pub mod action_plan;
pub mod answers;
pub mod child_data;
pub mod colour;
pub mod comparison;
pub mod criteria;
pub mod event;
pub mod evidence;
pub mod form;
pub mod provider_return;
pub mod receipt;

pub use answers::{Answers, Item, Stray, Value};
pub use child_data::child_data;
pub use colour::{Colour, Majority, Met, Rag, Rule, Score, score};
pub use criteria::{Criteria, CriteriaFault, Criterion, Importance};
pub use provider_return::ProviderReturn;
pub use receipt::Receipt;

use serde::{Deserialize, Serialize};

/// What a provider says of one criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// In place.
    Yes,
    /// On the way.
    Emerging,
    /// Not in place.
    No,
}

impl Rating {
    /// All three, in the order of the form's columns.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Emerging, Self::No];

    /// As it is written in the form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::Emerging => "Emerging",
            Self::No => "No",
        }
    }
}
