//! The rules that operators may set: windows, hours, limits. Validated when read, so nothing here can be absurd.

mod mode;
mod plans;

pub use mode::{Mode, Modes};
pub use plans::{
    Advice, Agreement, AssessmentComments, CheckAnchor, CheckClose, ChildLabel, Consultation, DraftCheck, Durations,
    Identifiers, NoticeSignature, ParentHold, Parents, ProvidersSee, Report, ReportDay, Timescales,
};

use super::assessment::{Criteria, Rule};
use super::calendar::Calendar;
use chrono::{NaiveDate, NaiveTime, Timelike};
use chrono_tz::Tz;
use serde::Deserialize;
use std::collections::BTreeMap;

/// All rules in force; one value, replaced as a whole on reload.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The authority whose name letters carry.
    pub authority: Authority,
    /// Working days.
    pub calendar: Calendar,
    /// Local zone of every date and hour (Europe/London).
    pub zone: Tz,
    /// When letters to people outside may leave.
    pub send_window: SendWindow,
    /// When the team can be rung, as letters to families say it.
    pub office_hours: OfficeHours,
    /// Lengths of windows, in working days.
    pub windows: Windows,
    /// Who is told when, after a window has closed.
    pub escalation: EscalationPolicy,
    /// What counts as an answer.
    pub reply: ReplyPolicy,
    /// How staff are answered.
    pub commands: CommandPolicy,
    /// How mail is proved to come from its sender.
    pub sender_check: SenderCheck,
    /// Which letters leave.
    pub mode: Modes,
    /// Regular expression of the authority's case references, as text.
    pub ref_pattern: String,
    /// How a child is named to advisers.
    pub child_label: ChildLabel,
    /// What happens to a child's identifiers in a co-ordinator's text.
    pub identifiers: Identifiers,
    /// Advice requests and early notices.
    pub advice: Advice,
    /// Checks of plan drafts.
    pub draft_check: DraftCheck,
    /// Weeks, durations and margins of the projection.
    pub timescales: Timescales,
    /// Notices to parents.
    pub parents: Parents,
    /// The weekly report.
    pub report: Report,
    /// Assessment rounds.
    pub assessment: AssessmentPolicy,
    /// Our fields → the headings of the authority's own sheets (`import.columns`).
    pub import_columns: BTreeMap<String, String>,
    /// A short hash of the configuration that this came from, for the journal.
    pub version: String,
}

/// The authority's names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// "Example County Council".
    pub name: String,
    /// "Example".
    pub short_name: String,
}

/// Hours of a working day in which letters to advisers, managers and parents may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendWindow {
    /// First minute, local.
    pub from: NaiveTime,
    /// First minute in which nothing leaves any more, local.
    pub to: NaiveTime,
}

/// Hours of a working day in which the team can be rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficeHours {
    /// First minute, local.
    pub from: NaiveTime,
    /// Last minute, local.
    pub to: NaiveTime,
}

impl OfficeHours {
    /// "9am to 5.30pm on working days".
    pub fn words(self) -> String {
        format!("{} to {} on working days", hour_words(self.from), hour_words(self.to))
    }
}

fn hour_words(time: NaiveTime) -> String {
    let (is_afternoon, hour) = time.hour12();
    let minutes = if time.minute() == 0 { String::new() } else { format!(".{:02}", time.minute()) };
    format!("{hour}{minutes}{}", if is_afternoon { "pm" } else { "am" })
}

/// Whether the envelope sender of a letter carries its token, so that a bounce is known by its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verp {
    /// While the relay allows it.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Lengths in working days (wd).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    /// A clarification's window: 5 wd, day 0 excluded.
    pub clarification: u32,
    /// One reminder to the adviser, wd before the close; 0 is off.
    pub reminder: u32,
    /// The co-ordinator is nudged, wd after an unreviewed reply.
    pub review_nudge: u32,
}

/// Who is told when, after a window has closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EscalationPolicy {
    /// Local hour on the working day after the close.
    pub at: NaiveTime,
    /// The same for a copied-in follow-up, whose answer may have gone to the co-ordinator alone.
    pub copied_in_at: NaiveTime,
    /// Working days between two levels.
    pub repeat: u32,
    /// Highest level; afterwards only the weekly report.
    pub max: u32,
    /// Put before the fixed subject in an escalation.
    pub subject_prefix: String,
    /// A short or doubtful reply pauses the escalation until `at` of this wd after the close.
    pub thin_pause: u32,
}

/// What counts as an answer (`domain.md` 7, head table).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyPolicy {
    /// New words from an adviser that count as a full reply: 25.
    pub full_words: usize,
    /// New words from a manager that count as a full reply: 60.
    pub manager_words: usize,
    /// "will send", "chasing" …: a reply that holds one of them is thin.
    pub holding_phrases: Vec<String>,
    /// "more time", "extension": asks for time and pauses nothing.
    pub more_time_phrases: Vec<String>,
    /// Whether the sender of an answer is asked, once in a round, for a file that it announced and lacked.
    pub ask_for_missing: bool,
}

/// How commands are confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipts {
    /// One short line in the thread for what succeeded.
    Short,
    /// A full one for every command.
    All,
}

/// How staff are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandPolicy {
    /// `commands.receipts`.
    pub receipts: Receipts,
    /// Local hour of the Today mail: 07:30.
    pub today_at: NaiveTime,
    /// Codes allowed after `Why:`.
    pub reasons: Vec<String>,
    /// Codes allowed after `Theme:`.
    pub themes: Vec<String>,
    /// What happens to a clarification without a SEND manager's agreement.
    pub agreement: Agreement,
}

/// Assessment rounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentPolicy {
    /// Working days in which a round is answered.
    pub window: u32,
    /// What happens to a rating without a comment.
    pub comments: AssessmentComments,
    /// What providers are told of the results.
    pub providers_see: ProvidersSee,
    /// Days on which a round is opened without a command.
    pub opens: Vec<NaiveDate>,
    /// What is asked.
    pub criteria: Criteria,
    /// How the colour follows from the answers.
    pub rule: Rule,
}

/// `security.sender_check` (`mail.md` 4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SenderCheck {
    /// The topmost `Authentication-Results` of one of these authserv-ids (RFC 8601).
    AuthenticationResults {
        /// Ids of the servers whose word is taken.
        authserv_ids: Vec<String>,
    },
    /// Microsoft 365: `AuthAs: Internal`, or `dmarc=pass` in the topmost header without an id.
    ExchangeOnline,
    /// A one-time token sent to the registered address must come back first.
    Confirm,
    /// Loopback or Maildir only.
    None,
}

impl Policy {
    /// The fixed subject of every clarification request (the protocol, option 2): exact, nothing appended.
    pub const FIXED_SUBJECT: &'static str = "URGENT STATUTORY ADVICE CLARIFICATION REQUIRED";
}
