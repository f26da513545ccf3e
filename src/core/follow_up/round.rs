//! One request and its window: what was asked, what came in, who was told.

use super::super::calendar::local_date;
use super::super::id::Address;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A mail may stand for so long at a greylisting server; it is not called late for it.
const RECEIPT_GRACE: TimeDelta = TimeDelta::minutes(30);

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
    /// It came while no clock ran, for the adviser may be the wrong child's.
    OnHold,
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
            Self::OnHold => "a reply while it was on hold",
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
    /// It stands no longer: `NOT ADVICE`, or `RECEIVED On:` has given the day in its stead.
    #[serde(default)]
    pub set_aside: bool,
}

impl Reply {
    /// Something that has just come in.
    pub fn new(
        message: Option<String>,
        from: Option<Address>,
        received_at: DateTime<Utc>,
        doubt: Option<Doubt>,
    ) -> Self {
        Self { message, from, received_at, doubt, set_aside: false }
    }

    /// Whether it is an answer: full, and not set aside.
    pub fn counts(&self) -> bool {
        self.doubt.is_none() && !self.set_aside
    }
}

/// An escalation that was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalated {
    /// 1 line manager, 2 second level, 3 SEND manager.
    pub level: u32,
    /// When it was decided.
    pub at: DateTime<Utc>,
    /// Nobody got it: it was discarded, or withdrawn at the last look. The level comes again at the next one's time.
    #[serde(default)]
    pub withheld: bool,
}

impl Escalated {
    /// One that is on its way.
    pub fn new(level: u32, at: DateTime<Utc>) -> Self {
        Self { level, at, withheld: false }
    }
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

/// One request of a follow-up among several: its round, and how often that was sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sending {
    /// 1 for the first request.
    pub round: u32,
    /// 0 for the first sending.
    #[serde(default)]
    pub resent: u32,
}

impl Sending {
    /// Reads what [`Round::name`] writes, at the beginning of a letter's ordinal: "2", "2-1", "2-1.reminder".
    pub fn of_ordinal(ordinal: &str) -> Option<Self> {
        let name = ordinal.split('.').next()?;
        let (round, resent) = name.split_once('-').unwrap_or((name, "0"));
        Some(Self { round: round.parse().ok()?, resent: resent.parse().ok()? })
    }
}

impl fmt::Display for Sending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.resent {
            0 => write!(f, "{}", self.round),
            resent => write!(f, "{}-{resent}", self.round),
        }
    }
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
    /// Who was told that nothing more is needed, and not yet anew that it is.
    #[serde(default)]
    pub stood_down: Vec<Address>,
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
            stood_down: Vec::new(),
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

    /// Which request this is.
    pub fn sending(&self) -> Sending {
        Sending { round: self.number, resent: self.resent }
    }

    /// "2", or "2-1" when its request was sent again: what the keys of its letters begin with.
    pub fn name(&self) -> String {
        self.sending().to_string()
    }

    /// The answers among what has come in, oldest first.
    pub fn answers(&self) -> impl DoubleEndedIterator<Item = &Reply> {
        self.replies.iter().filter(|reply| reply.counts())
    }

    /// What has come in and stands, full or doubtful, oldest first.
    pub fn standing_replies(&self) -> impl DoubleEndedIterator<Item = &Reply> {
        self.replies.iter().filter(|reply| !reply.set_aside)
    }

    /// The day for which something counts that came at this instant: the last one of the window for what came so soon
    /// after it that it may have stood at a greylisting server (`domain.md` 8, receipt grace; situation 42).
    pub fn day_of(&self, at: DateTime<Utc>, zone: Tz) -> NaiveDate {
        let (day, graced) = (local_date(at, zone), local_date(at - RECEIPT_GRACE, zone));
        if self.original_due == Some(graced) { graced } else { day }
    }

    /// Nothing that has come in so far is the answer.
    pub fn set_aside(&mut self) {
        for reply in &mut self.replies {
            reply.set_aside = true;
        }
    }

    /// The escalations that somebody got, or is about to get, oldest first.
    pub fn told(&self) -> impl DoubleEndedIterator<Item = &Escalated> {
        self.escalations.iter().filter(|e| !e.withheld)
    }

    /// The highest escalation level reached, 0 for none.
    pub fn level(&self) -> u32 {
        self.told().map(|e| e.level).max().unwrap_or(0)
    }
}
