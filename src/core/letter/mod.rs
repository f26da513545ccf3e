//! A letter as it is decided: to whom, why, when at the earliest and with which facts. Wording and MIME are
//! `letters/`' business.

mod family;
mod kind;

pub use family::NoticeFacts;
pub use kind::{Audience, LetterKind};

use super::case::CaseId;
use super::id::{Address, FollowUpId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

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
    /// Withdrawn once the case has stopped or its plan has been issued.
    CaseOpen,
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
    /// Who gets the answers in the co-ordinator's place: the team.
    pub answers_to: Option<Address>,
    /// Facts for the template.
    pub facts: Facts,
    /// Numbered lines that an answer may name.
    pub lines: Vec<Line>,
    /// A stored message (`MSG-…`) that goes with it as `original.eml`.
    pub original: Option<String>,
    /// A stored message whose thread it continues, by its Message-ID (without angle brackets).
    pub in_reply_to: Option<String>,
    /// Files that go with it.
    pub files: Vec<File>,
    /// Subject and texts that need no template.
    pub ready: Option<Ready>,
    /// What stands below the template's words as it is: a form, a table.
    pub below: Option<Below>,
}

/// What stands below a template's words, in both texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Below {
    /// In the text part; its lines are kept.
    pub text: String,
    /// In the HTML part.
    pub html: String,
}

/// A file that goes with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// "weekly-report.xlsx".
    pub name: String,
    /// Media type, such as `text/csv`.
    pub media_type: String,
    /// Content.
    pub bytes: Vec<u8>,
    /// How the HTML text shows it (`cid:…`); `None` for one that is attached.
    pub content_id: Option<String>,
}

/// Subject and texts of a letter that no template makes: reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// Subject.
    pub subject: String,
    /// The text part, complete in itself.
    pub text: String,
    /// The HTML part, a whole document.
    pub html: String,
}

impl Letter {
    /// A letter without recipients, lines and enclosures, about nothing yet.
    pub fn new(kind: LetterKind, key: String, earliest: DateTime<Utc>) -> Self {
        Self {
            kind,
            key,
            follow_up: None,
            to: Vec::new(),
            cc: Vec::new(),
            earliest,
            only_while: SendOnlyWhile::Always,
            coordinator: None,
            answers_to: None,
            facts: Facts::default(),
            lines: Vec::new(),
            original: None,
            in_reply_to: None,
            files: Vec::new(),
            ready: None,
            below: None,
        }
    }
}

/// What a template may print. One flat set, so that operators who override a template find every name in one list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// How the case is named.
    pub case: String,
    /// Reference of the follow-up.
    pub reference: String,
    /// What is followed up: "clarification", "advice_request", "draft_check".
    pub kind: String,
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
    /// What a letter to a family says, and what staff see of it.
    pub notice: NoticeFacts,
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
    /// One of a list that somebody asked for; stands under no heading.
    Listed,
}

/// What a numbered line is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineSubject {
    /// A follow-up.
    FollowUp(FollowUpId),
    /// A case as a whole.
    Case(CaseId),
    /// A message that could not be placed, with ranked candidates (`MATCH 2 A`).
    Triage {
        /// Id of the stored message.
        message: String,
        /// Best first; A, B, C … in the letter.
        candidates: Vec<FollowUpId>,
    },
    /// A letter that a circuit breaker holds.
    Held {
        /// Its id.
        letter: String,
    },
    /// A command that was read back; `YES` confirms it.
    Confirmation {
        /// The letter that read it back.
        letter: String,
    },
    /// This address is the adviser.
    Candidate {
        /// Of which follow-up.
        follow_up: FollowUpId,
        /// Who it would be.
        address: Address,
    },
}
