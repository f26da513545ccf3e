//! The rules for advice requests, draft checks, timescales, parents' notices and reports, as operators set them: each
//! field is a key of the configuration.

use crate::core::id::Address;
use crate::core::notice::Limit;
use crate::core::register::Contact;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `[advice]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consultation {
    /// After them.
    Sequential,
    /// In them.
    Parallel,
}

/// `[timescales]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
    pub notify_for: Vec<Limit>,
    /// Whose name a notice carries.
    pub sign_as: NoticeSignature,
    /// The subject, without the reference.
    pub subject: String,
    /// Lines by name: sendiass, complaints, resolution, formats, phone, email.
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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

/// What happens to a rating without a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentComments {
    /// It is listed as a gap.
    Warn,
    /// It is refused.
    Require,
}

/// What providers are told of a round's results (`assessment.providers_see`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProvidersSee {
    /// Nothing.
    Nothing,
    /// Each its own result.
    Own,
    /// Each its own result, and the range of all where enough stand behind it.
    OwnAndRange,
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
        Self::days(&text).map(Self::WorkingDays).ok_or_else(|| "a hold is working days or \"approve\"".into())
    }
}

impl ParentHold {
    /// The working days of `"1wd"` or `"0"`: at most 20.
    pub fn days(text: &str) -> Option<u32> {
        text.strip_suffix("wd").unwrap_or(text).parse().ok().filter(|&days| days <= 20)
    }
}

impl Parents {
    /// The line of [`Self::lines`] that holds the team's address.
    pub const TEAM_ADDRESS: &'static str = "email";

    /// Who gets the answers of families beside the service; the case's co-ordinator where there is none.
    pub fn team_address(&self) -> Option<Address> {
        self.lines.get(Self::TEAM_ADDRESS).and_then(|text| Address::parse(text.trim()))
    }

    /// Whether letters may go to a contact: never where staff have said no, and to an unconfirmed one only where
    /// operators do not ask for confirmation (`domain.md` 5.5).
    pub fn may_write_to(&self, contact: &Contact) -> bool {
        !contact.do_not_contact && (contact.verified.is_some() || !self.require_contact_verified)
    }
}

impl Timescales {
    /// The week of a limit.
    pub fn week_of(&self, limit: Limit) -> u32 {
        match limit {
            Limit::Decision => self.decision_week(),
            Limit::NoPlan => self.no_plan_week(),
            Limit::FinalPlan => self.final_week(),
        }
    }

    /// Week of the decision whether to assess (reg 5(1)).
    pub fn decision_week(&self) -> u32 {
        self.weeks.first().copied().unwrap_or(6)
    }

    /// Week of the notice that no plan is made (reg 10(1)).
    pub fn no_plan_week(&self) -> u32 {
        self.weeks.iter().rev().nth(1).copied().unwrap_or(16)
    }

    /// Week of the final plan (reg 13(2)).
    pub fn final_week(&self) -> u32 {
        self.weeks.last().copied().unwrap_or(20)
    }
}

impl Default for Advice {
    fn default() -> Self {
        Self { window: 42, reminder: 7, early_notice: true, review_notice: true }
    }
}

impl Default for DraftCheck {
    fn default() -> Self {
        Self { window: 5, anchor: CheckAnchor::Issue, on_close: CheckClose::NotifyManager }
    }
}

impl Default for Timescales {
    fn default() -> Self {
        Self {
            weeks: vec![6, 12, 14, 16, 20],
            durations: Durations { review: 2, write: 5, quality: 2, amend: 3, finalise: 3 },
            shortest: Durations { review: 0, write: 2, quality: 1, amend: 1, finalise: 1 },
            overdue: 5,
            parents: 15,
            consultation: 15,
            consult: Consultation::Sequential,
            buffer: 5,
            told_margin: 5,
        }
    }
}

impl Default for Parents {
    fn default() -> Self {
        Self {
            hold: ParentHold::WorkingDays(1),
            per_day: 20,
            require_contact_verified: true,
            renotify_after: 5,
            renotify_gap: 10,
            human_text_from: 3,
            update_every: 20,
            notify_for: vec![Limit::FinalPlan],
            sign_as: NoticeSignature::Coordinator,
            subject: "Update from the SEND team".to_owned(),
            lines: BTreeMap::new(),
            duty_address: None,
            acknowledge: true,
        }
    }
}

impl Default for Report {
    fn default() -> Self {
        Self {
            day: ReportDay::Monday,
            at: NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default(),
            recipients: Vec::new(),
            csv: true,
            teams: BTreeMap::new(),
        }
    }
}
