//! Values that have a type of their own: hours, the co-ordinator's veto.

use crate::config::form::hold_days;
use chrono::NaiveTime;
use serde::Deserialize;

/// Two hours of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct HoursOfDay {
    /// First minute, local.
    pub from: NaiveTime,
    /// First minute that is outside again, local.
    pub to: NaiveTime,
}

/// How long a co-ordinator may stop a notice to parents (`parents.hold`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum ParentHold {
    /// This many working days of silence; 0 sends at once.
    WorkingDays(u32),
    /// Never without `SEND`.
    Approve,
}

impl TryFrom<String> for ParentHold {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text == "approve" {
            return Ok(Self::Approve);
        }
        hold_days(&text).map(Self::WorkingDays).ok_or_else(|| "a hold is working days or \"approve\"".into())
    }
}
