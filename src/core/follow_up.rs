//! A follow-up: one question to one adviser, its rounds, its window and what has come of it.
//!
//! Holds facts only. What becomes true by time passing ("overdue", "escalation due") is derived from them by
//! [`FollowUp::wake`] and [`FollowUp::is_overdue`] and never stored.

use super::calendar::{at_local, closes_at, local_date};
use super::id::{Address, FollowUpId};
use super::policy::Policy;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What is being followed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpKind {
    /// Option 2 of the protocol: advice is unclear or incomplete, the adviser and manager are asked.
    Clarification,
}

/// How the request reached the adviser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The co-ordinator (or ONE) sent it and copied the service in; answers may have gone to them alone.
    CopiedIn,
    /// The service sent it itself.
    Sent,
}

/// Where a follow-up stands (`domain.md` 3.3). An escalated one is still `Open`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Copied in, and it is not yet known who the adviser is: nothing goes outward.
    AwaitingRoles,
    /// The request is on its way; no day 0 yet.
    Prepared,
    /// The window runs, or has closed without an answer.
    Open,
    /// Something short or doubtful came; the co-ordinator has been asked.
    RepliedThin,
    /// An answer with content came; the co-ordinator judges it.
    Received,
    /// The co-ordinator has closed it.
    Closed,
    /// It was opened in error, or the case has stopped.
    Cancelled,
    /// No clock runs: no recipient could be reached.
    Held,
}

impl Stage {
    /// Whether something is still expected of somebody.
    pub fn is_open(self) -> bool {
        match self {
            Self::AwaitingRoles | Self::Prepared | Self::Open | Self::RepliedThin | Self::Received | Self::Held => true,
            Self::Closed | Self::Cancelled => false,
        }
    }

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::AwaitingRoles => "waiting to know who the adviser is",
            Self::Prepared => "request on its way",
            Self::Open => "open",
            Self::RepliedThin => "short reply, not yet accepted",
            Self::Received => "received, awaiting your decision",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Held => "on hold: nobody could be reached",
        }
    }
}

/// Why a pause of the escalation was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// A short text or a holding phrase.
    ThinReply,
    /// "SENT": it is said to have been sent elsewhere.
    SaidSent,
    /// "NOT MINE": wrong person or patient.
    NotMine,
    /// A person has to open it.
    Encrypted,
    /// The sender is not listed, but had the token.
    UnlistedSender,
    /// The mail system says that it does not come from its sender.
    FailedCheck,
    /// Only the sender's address speaks for this follow-up.
    WeakMatch,
    /// Larger than the service takes in: a person has to look into the mailbox.
    TooLarge,
    /// The mail system found something harmful in it.
    Malware,
}

impl Doubt {
    /// As it stands in a letter: "a short reply".
    pub fn words(self) -> &'static str {
        match self {
            Self::ThinReply => "a short reply",
            Self::SaidSent => "a reply that it was sent already",
            Self::NotMine => "a reply that it is not theirs",
            Self::Encrypted => "an encrypted or protected reply",
            Self::UnlistedSender => "a reply from an address that is not listed",
            Self::FailedCheck => "a reply whose sender could not be verified",
            Self::WeakMatch => "a reply that names no reference",
            Self::TooLarge => "a reply that is too large to be taken in",
            Self::Malware => "a reply in which the mail system found something harmful",
        }
    }
}

/// Something that came in for a follow-up and might be its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Id of the stored message (`MSG-…`); `None` when a co-ordinator reported it (`RECEIVED`).
    pub message: Option<String>,
    /// Who wrote it.
    pub from: Option<Address>,
    /// When the mailbox received it.
    pub received_at: DateTime<Utc>,
    /// What made it doubtful; `None` for a full answer.
    pub doubt: Option<Doubt>,
}

/// An escalation that was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalated {
    /// 1 line manager, 2 second level, 3 SEND manager.
    pub level: u32,
    /// When it was decided.
    pub at: DateTime<Utc>,
}

/// The escalation sleeps until then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// It wakes at this instant.
    pub until: DateTime<Utc>,
    /// Why it sleeps.
    pub doubt: Doubt,
    /// The day on which the doubtful reply came.
    pub replied_on: NaiveDate,
}

/// One request and its window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// 1 for the first request.
    pub number: u32,
    /// What was asked, in the co-ordinator's words.
    pub text: String,
    /// Code of why it was asked (`Why:`).
    pub why: Option<String>,
    /// How often the request was sent again because nobody could be reached.
    #[serde(default)]
    pub resent: u32,
    /// Local date of the request: day 0, excluded from the window. `None` until the relay has accepted it.
    pub day_zero: Option<NaiveDate>,
    /// Last day of the window as first told; late is counted against it.
    pub original_due: Option<NaiveDate>,
    /// Last day of the window.
    pub due_on: Option<NaiveDate>,
    /// When the reminder went out, or became needless because the adviser had written.
    pub reminder_settled_at: Option<DateTime<Utc>>,
    /// Escalations so far.
    pub escalations: Vec<Escalated>,
    /// How many escalations were taken back before they left, because an answer came.
    #[serde(default)]
    pub untold: u32,
    /// The escalation sleeps.
    pub pause: Option<Pause>,
    /// What has come in.
    pub replies: Vec<Reply>,
}

impl Round {
    /// A round that has not been sent yet.
    pub fn new(number: u32, text: String, why: Option<String>) -> Self {
        Self {
            number,
            text,
            why,
            resent: 0,
            day_zero: None,
            original_due: None,
            due_on: None,
            reminder_settled_at: None,
            escalations: Vec::new(),
            untold: 0,
            pause: None,
            replies: Vec::new(),
        }
    }

    /// Starts the window on `day_zero`.
    pub fn start(&mut self, day_zero: NaiveDate, due_on: NaiveDate) {
        self.day_zero = Some(day_zero);
        self.original_due = Some(due_on);
        self.due_on = Some(due_on);
    }

    /// "2", or "2-1" when its request was sent again: what the keys of its letters begin with.
    pub fn name(&self) -> String {
        if self.resent == 0 { self.number.to_string() } else { format!("{}-{}", self.number, self.resent) }
    }

    /// The highest escalation level reached, 0 for none.
    pub fn level(&self) -> u32 {
        self.escalations.iter().map(|e| e.level).max().unwrap_or(0)
    }
}

/// Somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// Who.
    pub who: Address,
    /// First day back, when known.
    pub until: Option<NaiveDate>,
    /// Who was named instead; told to the co-ordinator, never mailed.
    pub contact: Option<String>,
}

/// One question to one adviser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// Its reference.
    pub id: FollowUpId,
    /// What is followed up.
    pub kind: FollowUpKind,
    /// How the request reached the adviser.
    pub origin: Origin,
    /// Where it stands.
    pub stage: Stage,
    /// Who asked and decides.
    pub coordinator: Address,
    /// Who is asked; `None` while that is not known.
    pub adviser: Option<Address>,
    /// Their line managers, addressed beside them.
    pub managers: Vec<Address>,
    /// Whom a copied-in mail went to, while it is not known who of them is the adviser.
    pub asked: Vec<Address>,
    /// The adviser's service, when the directory knows it.
    pub service: Option<String>,
    /// SEND manager who agreed to option 2, as stated.
    pub agreed_with: Option<String>,
    /// When it was opened here.
    pub opened_at: DateTime<Utc>,
    /// Requests so far, newest last; never empty.
    pub rounds: Vec<Round>,
    /// Adviser and managers who are away.
    pub away: Vec<Away>,
    /// Addresses that a hard bounce came back from.
    pub undeliverable: Vec<Address>,
    /// Line managers who have said that the adviser is not their staff: nothing more about the child goes there.
    pub barred: Vec<Address>,
    /// Who was told that they are responsible for completion, and has not been stood down.
    pub told_responsible: Vec<Address>,
    /// When it was closed or cancelled.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What the clock will bring next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WakeReason {
    /// One reminder to the adviser before the close.
    Reminder,
    /// The escalation of this level.
    Escalation(u32),
}

/// When the clock will bring it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wake {
    /// The first instant at which it may happen.
    pub at: DateTime<Utc>,
    /// What.
    pub reason: WakeReason,
}

impl FollowUp {
    /// The newest round.
    pub fn round(&self) -> Option<&Round> {
        self.rounds.last()
    }

    /// The newest round, to be changed.
    pub fn round_mut(&mut self) -> Option<&mut Round> {
        self.rounds.last_mut()
    }

    /// Last day of the running window.
    pub fn due_on(&self) -> Option<NaiveDate> {
        self.round().and_then(|r| r.due_on)
    }

    /// Whether an answer is expected from outside right now.
    pub fn awaits_answer(&self) -> bool {
        matches!(self.stage, Stage::Open | Stage::RepliedThin)
    }

    /// Whether the window has closed without an answer.
    pub fn is_overdue(&self, now: DateTime<Utc>, policy: &Policy) -> bool {
        self.awaits_answer() && self.due_on().is_some_and(|due| now >= closes_at(due, policy.zone))
    }

    /// Whether this address is a party: adviser or one of the managers.
    pub fn has_party(&self, address: &Address) -> bool {
        self.adviser.as_ref() == Some(address) || self.managers.contains(address)
    }

    /// Whether this address answers as a manager: a line manager, or somebody who was told that they are responsible.
    pub fn is_manager(&self, address: &Address) -> bool {
        self.adviser.as_ref() != Some(address)
            && (self.managers.contains(address) || self.told_responsible.contains(address))
    }

    /// Adviser and managers who may still be written to.
    pub fn reachable_parties(&self) -> Vec<Address> {
        let adviser = self.adviser.iter().filter(|a| !self.barred.contains(a) && !self.undeliverable.contains(a));
        adviser.cloned().chain(self.reachable_managers()).collect()
    }

    /// The managers who may still be written to.
    pub fn reachable_managers(&self) -> Vec<Address> {
        self.managers.iter().filter(|m| !self.barred.contains(m) && !self.undeliverable.contains(m)).cloned().collect()
    }

    /// Whether somebody is away on `day`; without a known return they are, until a mail of theirs says otherwise.
    pub fn is_away(&self, who: &Address, day: NaiveDate) -> bool {
        self.away.iter().any(|a| a.who == *who && a.until.is_none_or(|back| day < back))
    }

    /// What the clock brings next for this follow-up, and when; `None` when it waits for a person only.
    ///
    /// Hours: `domain.md` 8, "When each letter goes".
    pub fn wake(&self, policy: &Policy) -> Option<Wake> {
        if !self.awaits_answer() {
            return None;
        }
        let round = self.round()?;
        let due_on = round.due_on?;
        self.reminder_wake(round, due_on, policy).or_else(|| self.escalation_wake(round, due_on, policy))
    }

    fn escalation_wake(&self, round: &Round, due_on: NaiveDate, policy: &Policy) -> Option<Wake> {
        let level = round.level() + 1;
        if level > policy.escalation.max {
            return None;
        }
        let mut at = self.first_escalation(due_on, policy);
        if let Some(last) = round.escalations.last() {
            let day = local_date(last.at, policy.zone);
            let again = policy.calendar.add_working_days(day, policy.escalation.repeat);
            at = at.max(at_local(again, policy.escalation.at, policy.zone));
        }
        if let Some(pause) = &round.pause {
            at = at.max(pause.until);
        }
        Some(Wake { at, reason: WakeReason::Escalation(level) })
    }

    fn reminder_wake(&self, round: &Round, due_on: NaiveDate, policy: &Policy) -> Option<Wake> {
        let wanted = policy.windows.reminder > 0
            && round.reminder_settled_at.is_none()
            && round.replies.is_empty()
            && round.escalations.is_empty();
        if !wanted {
            return None;
        }
        let day = policy.calendar.sub_working_days(due_on, policy.windows.reminder);
        let after_opening = round.day_zero.is_some_and(|zero| day > zero);
        after_opening
            .then(|| Wake { at: at_local(day, policy.escalation.at, policy.zone), reason: WakeReason::Reminder })
    }

    /// The hour of the first escalation after a window that closes on `due_on`: 08:00 of the next working day,
    /// 12:00 when copied in, for the answer may have gone to the co-ordinator alone.
    pub fn first_escalation(&self, due_on: NaiveDate, policy: &Policy) -> DateTime<Utc> {
        let hour = match self.origin {
            Origin::Sent => policy.escalation.at,
            Origin::CopiedIn => policy.escalation.copied_in_at,
        };
        at_local(policy.calendar.next_working_day(due_on), hour, policy.zone)
    }

    /// Until when a doubtful reply lets the escalation sleep: 08:00 of the 2nd working day after the close.
    pub fn pause_end(&self, due_on: NaiveDate, policy: &Policy) -> DateTime<Utc> {
        let day = policy.calendar.add_working_days(due_on, policy.escalation.thin_pause);
        at_local(day, policy.escalation.at, policy.zone)
    }
}
