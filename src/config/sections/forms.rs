//! Values that have a type of their own: hours of a day.

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
