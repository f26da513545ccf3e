//! Sections whose values become the `Policy`.

use super::HoursOfDay;
use crate::core::calendar::Closure;
use crate::core::id::Address;
use crate::core::policy::{Agreement, ChildLabel, Identifiers, Receipts};
use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[authority]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// The authority's name.
    pub name: String,
    /// Its short name.
    pub short_name: Option<String>,
    /// The local zone.
    pub time_zone: Tz,
}

/// `[calendar]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// More days that are no working days.
    pub extra_closed: Vec<Closure>,
    /// Bank holidays that are working days after all.
    pub not_closed: Vec<NaiveDate>,
    /// Years whose list replaces all known holidays.
    pub years: BTreeMap<String, Vec<Closure>>,
    /// Up to where the holidays are known to be right.
    pub verified_to: NaiveDate,
    /// When the team can be rung.
    pub office_hours: HoursOfDay,
    /// When letters to people outside may leave.
    pub send_window: HoursOfDay,
}

/// `[cases]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// Regular expression of the authority's case references.
    pub ref_pattern: String,
    /// How a child is named to advisers.
    pub child_label: ChildLabel,
}

/// `[commands]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commands {
    /// How a command is confirmed.
    pub receipts: Receipts,
    /// When the Today mail comes, local.
    pub today_at: NaiveTime,
    /// Codes behind `Why:`.
    pub why: Vec<String>,
    /// Codes behind `Theme:`.
    pub themes: Vec<String>,
    /// What happens to a clarification without `Agreed with:`.
    pub agreement: Agreement,
    /// Addresses that say what a copied-in mail opens or ends.
    #[serde(default)]
    pub copied_in: CopiedInEntry,
}

/// `commands.copied_in`; what is left out follows from `outbound.reply_to`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopiedInEntry {
    /// A clarification.
    pub clarification: Option<Address>,
    /// An advice request.
    pub advice: Option<Address>,
    /// A plan draft.
    pub draft: Option<Address>,
    /// A final plan.
    #[serde(rename = "final")]
    pub final_plan: Option<Address>,
}

/// `[windows]`, working days.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Windows {
    /// Length of a clarification's window.
    pub clarification: u32,
    /// Days before the close of the reminder.
    pub reminder: u32,
    /// Days after a reply until the co-ordinator is reminded.
    pub review_nudge: u32,
}

/// `[escalation]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// Local hour on the working day after the close.
    pub at: NaiveTime,
    /// The same for a copied-in follow-up.
    pub copied_in_at: NaiveTime,
    /// Working days between two levels.
    pub repeat: u32,
    /// Highest level.
    pub max: u32,
    /// Put before the fixed subject.
    pub subject_prefix: String,
    /// Working day after the close until which a thin reply pauses.
    pub thin_pause: u32,
}

/// `[reply]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// New words of an adviser that count as a full reply.
    pub full_words: usize,
    /// New words of a line manager that count as a full reply.
    pub manager_words: usize,
    /// A reply with one of these is thin.
    pub holding_phrases: Vec<String>,
    /// Asks for time.
    pub more_time_phrases: Vec<String>,
    /// Whether a sender is asked for a file that is missing.
    pub ask_for_missing: bool,
}

/// `[security]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// How mail is proved to come from its sender.
    pub sender_check: CheckName,
    /// Ids of the servers whose word is taken; none when left out.
    #[serde(default)]
    pub authserv_ids: Vec<String>,
    /// What happens to a child's identifiers in a co-ordinator's text.
    pub identifiers: Identifiers,
}

/// `security.sender_check`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckName {
    /// Topmost `Authentication-Results` of a configured server.
    AuthenticationResults,
    /// Microsoft 365.
    ExchangeOnline,
    /// A token goes to the registered address.
    Confirm,
    /// Nothing is proved.
    None,
}
