//! What a letter to a family may print (`domain.md` 3.6). Nothing of it names an adviser, a service or a need.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Facts of a notice, an update, or an acknowledgement to one member of a family.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeFacts {
    /// Template of the letter that a preview or a letter for the post shows.
    pub letter: String,
    /// The subject without the reference.
    pub subject: String,
    /// How they are greeted.
    pub salutation: String,
    /// "Robin's", "your child's", "your".
    pub whose: String,
    /// Whether it is printed and goes by post: nothing in it can be answered by e-mail.
    pub is_by_post: bool,
    /// Whether the reader is the young person.
    pub is_young_person: bool,
    /// The day on which the request came.
    pub requested_on: Option<NaiveDate>,
    /// What is awaited: "plan", "decision" (whether to assess), "no_plan".
    pub step: String,
    /// How many weeks the law gives for it.
    pub weeks: u32,
    /// Their last day.
    pub limit: Option<NaiveDate>,
    /// Whether that has gone by.
    pub is_late: bool,
    /// Whether it went by more than four weeks ago.
    pub is_long_late: bool,
    /// The new timescale.
    pub date: Option<NaiveDate>,
    /// The one that was told before.
    pub told_before: Option<NaiveDate>,
    /// Why, in general terms or in the co-ordinator's words.
    pub why: String,
    /// What is being done.
    pub doing: String,
    /// The recorded exemption in plain words; empty without one.
    pub exemption: String,
    /// That they may comment on the plan draft.
    pub comments: String,
    /// Who can be spoken to.
    pub contact: String,
    /// Their number.
    pub phone: String,
    /// When somebody answers it: "9am to 5pm on working days".
    pub hours: String,
    /// Independent help.
    pub sendiass: String,
    /// How to complain.
    pub complaints: String,
    /// Disagreement resolution; empty without one.
    pub resolution: String,
    /// Other formats and languages.
    pub formats: String,
    /// The name at its foot; empty for the team.
    pub signed: String,
}
