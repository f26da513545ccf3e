//! One request and its window: what was asked, what came in, who was told.

use super::super::id::Address;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

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
