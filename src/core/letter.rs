//! A letter as it is decided: to whom, why, when at the earliest and with which facts. Wording and MIME are
//! `letters/`' business.

use super::id::{Address, FollowUpId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Every sort of letter that the service writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// The fixed-subject request to adviser and manager(s).
    Request,
    /// "Logged": a copied-in request is being followed up.
    Logged,
    /// One reminder to the adviser before the close.
    Reminder,
    /// The window has closed without an answer.
    Escalation,
    /// The adviser is away or cannot be reached: the manager is responsible.
    Responsible,
    /// Those who were told that they are responsible: the answer has come.
    StandDown,
    /// The due date has been moved by the co-ordinator.
    NewDue,
    /// An answer is there: the co-ordinator judges it.
    Answer,
    /// Something changed who is responsible, or could not be delivered: the co-ordinator is told.
    Notice,
    /// Who is the adviser?
    RolesQuestion,
    /// The morning's mail to a co-ordinator.
    Today,
    /// What became of a command.
    Receipt,
    /// The timeline of a case or follow-up.
    Status,
    /// What one can write.
    Help,
    /// Somebody wrote in your name; a breaker has tripped.
    Alarm,
    /// A one-time token that proves an address.
    Confirm,
}

/// Whom a letter is for; decides what shadow mode, the send window and the last look do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Advisers and their managers.
    Outside,
    /// Staff of the authority.
    Staff,
}

impl LetterKind {
    /// Every kind, in the order of the enum.
    pub const ALL: [Self; 16] = [
        Self::Request,
        Self::Logged,
        Self::Reminder,
        Self::Escalation,
        Self::Responsible,
        Self::StandDown,
        Self::NewDue,
        Self::Answer,
        Self::Notice,
        Self::RolesQuestion,
        Self::Today,
        Self::Receipt,
        Self::Status,
        Self::Help,
        Self::Alarm,
        Self::Confirm,
    ];

    /// The name in the store, in logs and of its template file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Logged => "logged",
            Self::Reminder => "reminder",
            Self::Escalation => "escalation",
            Self::Responsible => "responsible",
            Self::StandDown => "stand_down",
            Self::NewDue => "new_due",
            Self::Answer => "answer",
            Self::Notice => "notice",
            Self::RolesQuestion => "roles_question",
            Self::Today => "today",
            Self::Receipt => "receipt",
            Self::Status => "status",
            Self::Help => "help",
            Self::Alarm => "alarm",
            Self::Confirm => "confirm",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    /// Whether it goes before routine mail: somebody waits for it, or is responsible from now on.
    pub fn is_urgent(self) -> bool {
        match self {
            Self::Request
            | Self::Escalation
            | Self::Responsible
            | Self::StandDown
            | Self::Answer
            | Self::Notice
            | Self::Alarm
            | Self::Confirm
            | Self::RolesQuestion => true,
            Self::Logged | Self::Reminder | Self::NewDue | Self::Today | Self::Receipt | Self::Status | Self::Help => {
                false
            }
        }
    }

    /// Whether it says that it is automatic (RFC 3834). Everything to advisers, managers and co-ordinators that is no
    /// receipt does not, for their absences must still come (`mail.md` 5).
    pub fn is_automatic(self) -> bool {
        match self {
            Self::Receipt | Self::Status | Self::Help | Self::Alarm | Self::Confirm => true,
            Self::Request
            | Self::Logged
            | Self::Reminder
            | Self::Escalation
            | Self::Responsible
            | Self::StandDown
            | Self::NewDue
            | Self::Answer
            | Self::Notice
            | Self::RolesQuestion
            | Self::Today => false,
        }
    }

    /// Whom it is for.
    pub fn audience(self) -> Audience {
        match self {
            Self::Request
            | Self::Logged
            | Self::Reminder
            | Self::Escalation
            | Self::Responsible
            | Self::StandDown
            | Self::NewDue => Audience::Outside,
            Self::Answer
            | Self::Notice
            | Self::RolesQuestion
            | Self::Today
            | Self::Receipt
            | Self::Status
            | Self::Help
            | Self::Alarm
            | Self::Confirm => Audience::Staff,
        }
    }
}

/// Ends the need for a letter that has not left yet; checked again at the moment of sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendOnlyWhile {
    /// It stands whatever happens.
    Always,
    /// Withdrawn once an answer has come or the follow-up has ended (reminders, escalations, absence notices).
    AwaitingAnswer,
    /// Withdrawn once the follow-up has ended.
    Open,
}

/// A letter that has been decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Sort.
    pub kind: LetterKind,
    /// What makes a second one impossible: follow-up or case, sort, ordinal.
    pub key: String,
    /// The follow-up that it is about.
    pub follow_up: Option<FollowUpId>,
    /// To.
    pub to: Vec<Address>,
    /// Cc.
    pub cc: Vec<Address>,
    /// Not before this instant (send window).
    pub earliest: DateTime<Utc>,
    /// What would make it wrong before it leaves.
    pub only_while: SendOnlyWhile,
    /// Whose name it carries and who gets the answers.
    pub coordinator: Option<Address>,
    /// Facts for the template.
    pub facts: Facts,
    /// Numbered lines that an answer may name.
    pub lines: Vec<Line>,
    /// A stored message (`MSG-…`) that goes with it as `original.eml`.
    pub original: Option<String>,
    /// A stored message whose thread it continues, by its Message-ID (without angle brackets).
    pub in_reply_to: Option<String>,
}

/// What a template may print. One flat set, so that operators who override a template find every name in one list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// How the case is named.
    pub case: String,
    /// Reference of the follow-up.
    pub reference: String,
    /// The adviser's name.
    pub adviser: String,
    /// The adviser's service.
    pub service: String,
    /// Day of the request.
    pub asked_on: Option<NaiveDate>,
    /// Last day of the window.
    pub due_on: Option<NaiveDate>,
    /// What was asked.
    pub request: String,
    /// Escalation level, or number of the round.
    pub level: u32,
    /// The duty that binds the service, in words.
    pub legal: String,
    /// First day back of somebody who is away.
    pub back_on: Option<NaiveDate>,
    /// Who was named instead.
    pub contact: String,
    /// Free sentences: what happened, what to do.
    pub sentences: Vec<String>,
    /// Headline for mails of the service's own (receipt, notice, alarm).
    pub headline: String,
    /// What the sender wrote, or a command as written.
    pub quoted: String,
}

/// A numbered line of a letter and what an answer to it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Number, from 1; belongs to that letter alone.
    pub number: u32,
    /// Heading that it stands under.
    pub group: LineGroup,
    /// What it says.
    pub text: String,
    /// Words that can be answered, offered as links.
    pub answers: Vec<String>,
    /// What it is about.
    pub subject: LineSubject,
}

impl Line {
    /// A line that lets an answer to a mail mean the follow-up that it was about.
    pub fn about(id: &FollowUpId) -> Self {
        Self {
            number: 1,
            group: LineGroup::NeedsYou,
            text: id.to_string(),
            answers: Vec::new(),
            subject: LineSubject::FollowUp(id.clone()),
        }
    }
}

/// Headings of the Today mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineGroup {
    /// Waits for the co-ordinator.
    NeedsYou,
    /// Has happened.
    Happened,
    /// The next five working days.
    Coming,
}

/// What a numbered line is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineSubject {
    /// A follow-up.
    FollowUp(FollowUpId),
    /// A message that could not be placed, with ranked candidates (`MATCH 2 A`).
    Triage {
        /// Id of the stored message.
        message: String,
        /// Best first; A, B, C … in the letter.
        candidates: Vec<FollowUpId>,
    },
    /// This address is the adviser.
    Candidate {
        /// Of which follow-up.
        follow_up: FollowUpId,
        /// Who it would be.
        address: Address,
    },
}
