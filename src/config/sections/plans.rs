//! Sections about sheets, texts, retention and the self-assessment.

use crate::core::assessment::{Majority, Met};
use crate::core::id::Address;
use crate::core::policy::{AssessmentComments, ProvidersSee};
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// `[import]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Import {
    /// Our field → the column's name in the sheet.
    pub columns: BTreeMap<String, String>,
}

/// `[templates]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Templates {
    /// A folder whose files replace the texts of letters.
    pub dir: Option<PathBuf>,
}

/// `[retention]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Days that mail is kept after its case has been closed.
    pub raw_days: u32,
    /// Days that mail without a case is kept.
    pub unmatched_days: u32,
    /// Years that events are kept after closure.
    pub metadata_years: u32,
    /// Months without an event after which a case is shown to the SEND manager.
    pub stale_months: u32,
}

/// `[assessment]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// The ICB's lead.
    pub icb_lead: Option<Address>,
    /// Who gets the results.
    pub governance: Vec<Address>,
    /// When an essential criterion is met.
    pub met: Met,
    /// What a majority is.
    pub majority: Majority,
    /// What happens to a rating without a comment.
    pub comments: AssessmentComments,
    /// What providers are told of the results.
    pub providers_see: ProvidersSee,
    /// Working days in which a round is answered.
    pub window: u32,
    /// Days on which a round is opened without a command.
    pub opens: Vec<NaiveDate>,
}
