//! Sections that are read and checked, and whose rules stand in no `Policy` of the core yet.

use super::ParentHold;
use crate::core::assessment::{Majority, Met};
use crate::core::id::Address;
use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How a child is named to advisers (`cases.child_label`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum ChildLabel {
    /// Our reference only.
    #[serde(rename = "ref")]
    Reference,
    /// With initials.
    #[serde(rename = "ref+initials")]
    Initials,
    /// With the date of birth too, to listed addresses.
    #[serde(rename = "ref+initials+born")]
    Born,
}

/// What happens to a clarification without the manager's agreement (`commands.agreement`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// It is accepted and flagged.
    Flag,
    /// It is refused.
    Block,
}

/// What happens to a child's identifiers in a co-ordinator's text (`security.identifiers`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifiers {
    /// The co-ordinator is warned.
    Warn,
    /// They are blacked out.
    Redact,
}

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

/// `[advice]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    /// Calendar days in which advice is due.
    pub window: u32,
    /// Calendar days before the due date of the reminder; 0 is off.
    pub reminder: u32,
    /// Whether a provider hears of a new case.
    pub early_notice: bool,
    /// Whether practitioners hear of an annual review.
    pub review_notice: bool,
}

/// Working days that each step of a plan takes (`domain.md` 3.5).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Durations {
    /// Reading the advice.
    pub review: u32,
    /// Deciding and writing.
    pub write: u32,
    /// The manager's quality assurance.
    pub quality: u32,
    /// Amending a plan draft.
    pub amend: u32,
    /// Finalising.
    pub finalise: u32,
}

/// Whether schools are consulted after the parents' days or in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consultation {
    /// After them.
    Sequential,
    /// In them.
    Parallel,
}

/// `[timescales]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timescales {
    /// Weeks for decision, advice, plan draft, no-plan notice and final plan.
    pub weeks: Vec<u32>,
    /// Expected durations.
    pub durations: Durations,
    /// Shortest durations.
    pub shortest: Durations,
    /// Working days in which overdue advice is assumed to come.
    pub overdue: u32,
    /// Calendar days for parents, the day of service included.
    pub parents: u32,
    /// Calendar days for a school.
    pub consultation: u32,
    /// After the parents' days, or in them.
    pub consult: Consultation,
    /// Working days before week 20 from which a case is at risk.
    pub buffer: u32,
    /// Working days added to the date that parents are told.
    pub told_margin: u32,
}

/// Whose name a notice carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeSignature {
    /// The co-ordinator's.
    Coordinator,
    /// The team's.
    Team,
}

/// `[parents]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parents {
    /// How long a co-ordinator may stop a notice.
    pub hold: ParentHold,
    /// Notices a day before a SEND manager is asked.
    pub per_day: u32,
    /// Whether only verified contacts are written to.
    pub require_contact_verified: bool,
    /// Working days that a date must have moved.
    pub renotify_after: u32,
    /// Working days between two notices.
    pub renotify_gap: u32,
    /// Revision from which a person writes the reason.
    pub human_text_from: u32,
    /// Working days between two updates about a late plan.
    pub update_every: u32,
    /// Weeks whose slip parents are told: "6", "16", "20".
    pub notify_for: Vec<String>,
    /// Whose name a notice carries.
    pub sign_as: NoticeSignature,
    /// The subject, without the reference.
    pub subject: String,
    /// Lines by name: sendiass, complaints, resolution, formats, phone.
    pub lines: BTreeMap<String, String>,
    /// Who gets every parent's mail at once.
    pub duty_address: Option<Address>,
    /// Whether a parent's mail is acknowledged.
    pub acknowledge: bool,
}

/// When a draft check begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckAnchor {
    /// With the issue.
    Issue,
    /// Before it.
    PreIssue,
}

/// What follows when nobody has answered a draft check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckClose {
    /// A neutral word to the line manager.
    NotifyManager,
    /// An escalation.
    Escalate,
    /// Nothing.
    Silent,
}

/// `[draft_check]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftCheck {
    /// Working days.
    pub window: u32,
    /// When it begins.
    pub anchor: CheckAnchor,
    /// What follows when nobody has answered.
    pub on_close: CheckClose,
}

/// The day of the weekly report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub enum ReportDay {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
}

/// `[report]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The day, else the next working day.
    pub day: ReportDay,
    /// Local hour.
    pub at: NaiveTime,
    /// Who gets it; the SEND managers when empty.
    pub recipients: Vec<Address>,
    /// Whether the figures are attached as CSV.
    pub csv: bool,
    /// Team → who gets its report.
    pub teams: BTreeMap<String, Vec<Address>>,
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

/// What happens to a rating without a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentComments {
    /// It is listed as a gap.
    Warn,
    /// It is refused.
    Require,
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
    /// Working days in which a round is answered.
    pub window: u32,
    /// Days on which a round is opened without a command.
    pub opens: Vec<NaiveDate>,
}
