//! PURE: bytes → [`Reading`]: what a mail is, who wrote it, what they wrote. Knows no case and no database.
//!
//! `read` never fails and never panics: any bytes give a reading, and what was wrong with them stands in
//! [`Message::faults`]. Mail is data: nothing here follows a link, renders HTML or opens an attachment.

pub mod absence;
pub mod authenticity;
pub mod bounce;
pub mod form_file;
pub mod form_mail;
pub mod forwarded;
pub mod kind;
pub mod matching;
pub mod new_text;
pub mod parse;
pub mod reading;
#[cfg(test)]
pub(crate) mod shared;
#[cfg(test)]
mod specimens;
mod subject;
pub mod substance;

pub use reading::{Reading, read, read_with};
pub use subject::{bare_subject, is_answer};

use crate::core::id::Address;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A name and an address in a header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The display name; worthless as proof.
    pub name: Option<String>,
    /// The address.
    pub address: Address,
}

/// One attached part, by what can be told without opening it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// File name, decoded (RFC 2047, RFC 2231).
    pub name: Option<String>,
    /// Media type in lower case, "application/pdf".
    pub content_type: String,
    /// Decoded size in bytes.
    pub bytes: usize,
    /// An image or part that the body shows inline (logo, signature picture): no content of its own.
    pub inline: bool,
}

/// A mail, taken apart. Header values are unfolded and decoded (RFC 2047).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Message {
    /// Lower-case hex SHA-256 of the raw bytes: the identity of the mail.
    pub sha256: String,
    /// `Message-ID` without angle brackets.
    pub message_id: Option<String>,
    /// Every address in every `From`; authority needs exactly one.
    pub from: Vec<Mailbox>,
    /// `Sender`.
    pub sender: Option<Mailbox>,
    /// `Reply-To`.
    pub reply_to: Vec<Mailbox>,
    /// `To`.
    pub to: Vec<Mailbox>,
    /// `Cc`.
    pub cc: Vec<Mailbox>,
    /// Delivered-To, X-Original-To, Envelope-To, X-Forwarded-To, in header order.
    pub delivered_to: Vec<Address>,
    /// Topmost `Return-Path`: absent, null (`<>`) or an address.
    pub return_path: ReturnPath,
    /// `Subject`, decoded; empty when absent.
    pub subject: String,
    /// The sender's own `Date:`; never used for deadlines.
    pub date: Option<DateTime<Utc>>,
    /// Ids in `In-Reply-To`, without angle brackets, as written.
    pub in_reply_to: Vec<String>,
    /// Ids in `References`, oldest first, without angle brackets (commas, folds and truncation tolerated).
    pub references: Vec<String>,
    /// All top-level headers in order: name as written, value unfolded and decoded. Trace and control fields
    /// (Authentication-Results, Received, ids, …) stay encoded: decoding could make a sender's text a result.
    pub headers: Vec<(String, String)>,
    /// The plain text body, decoded, line ends as `\n`; bounded.
    pub text: Option<String>,
    /// The HTML body, decoded; bounded.
    pub html: Option<String>,
    /// Every leaf part and every enclosed message, in order; bounded.
    pub parts: Vec<Part>,
    /// What counts as attached.
    pub attachments: Vec<Attachment>,
    /// What was wrong with the bytes, in short words; limits that were hit.
    pub faults: Vec<String>,
}

/// `Return-Path` as the final delivery wrote it (RFC 5321 4.4).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum ReturnPath {
    /// No such header.
    #[default]
    Absent,
    /// `<>`: a machine asks for no answer.
    Null,
    /// An address.
    Of(Address),
}

/// One leaf part of the MIME tree (or an enclosed `message/rfc822`, whole).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Part {
    /// Media type in lower case, without parameters.
    pub content_type: String,
    /// Parameters of `Content-Type`, names in lower case.
    pub parameters: Vec<(String, String)>,
    /// `inline` or `attachment` in lower case, when stated.
    pub disposition: Option<String>,
    /// File name.
    pub name: Option<String>,
    /// `Content-ID` without angle brackets.
    pub content_id: Option<String>,
    /// Decoded bytes, cut at a bound that `faults` names.
    pub body: Vec<u8>,
    /// Decoded size before any cut.
    pub size: usize,
    /// Depth in the tree, the root being 0.
    pub depth: usize,
}

impl Message {
    /// The first top-level header with this name, without regard to case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// All top-level headers with this name, topmost first.
    pub fn headers_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The one author, or `None` when there is no From or more than one: then the mail has no authority.
    pub fn author(&self) -> Option<&Mailbox> {
        match self.from.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// What sort of mail it is (`mail.md` 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person wrote it.
    Human,
    /// Out of office.
    Absence,
    /// A desk or mailbox says "received".
    Acknowledgement,
    /// Will not be delivered.
    Bounce,
    /// Not delivered yet; the server goes on trying.
    Delay,
    /// Read, or deleted unread (RFC 8098).
    Receipt,
    /// Invitation, or an answer to one.
    Calendar,
    /// Newsletter or list.
    Bulk,
    /// Abuse report (RFC 5965).
    FeedbackReport,
    /// Our own mail coming back.
    Own,
}

/// One recipient of a failed or delayed mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedRecipient {
    /// Who was not reached (the address as first written where the notice tells it).
    pub address: Address,
    /// Enhanced status code, "5.1.1" (RFC 3463), when the notice has one.
    pub status: Option<String>,
    /// `failed` or `delayed`.
    pub action: String,
    /// What the server said, one line.
    pub diagnostic: Option<String>,
    /// Whom it was for before a server forwarded it to `address`, when the text of the notice tells it.
    #[serde(default)]
    pub first_written: Option<Address>,
}

/// A notice about mail that did not arrive, or not yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bounce {
    /// Who was not reached.
    pub recipients: Vec<FailedRecipient>,
    /// Message-IDs of the mail that it is about (embedded original or its headers), without angle brackets.
    pub original_message_ids: Vec<String>,
    /// Values of our own header `X-Followupd-Id` in the embedded original.
    pub original_ids: Vec<String>,
    /// In plain words for a co-ordinator: "The address does not exist."
    pub reason: Option<String>,
}

/// An out-of-office notice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Absence {
    /// The first day back, when the notice tells it.
    pub until: Option<NaiveDate>,
    /// Who is named as contact instead; told to the co-ordinator, never mailed automatically.
    pub contact: Option<String>,
}

/// Sender proof (`mail.md` 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Proved to come from its From address.
    Pass,
    /// Proved not to.
    Fail,
    /// Nothing trustworthy says either.
    None,
}

/// How much a person wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Substance {
    /// Nothing of their own.
    Empty,
    /// Short, or a holding phrase.
    Thin,
    /// Asks for more time.
    MoreTime,
    /// "Please find attached", and nothing is.
    AttachmentMissing,
    /// An encrypted message or a protected file: a person has to open it.
    Encrypted,
    /// An attachment, or enough words.
    Full,
}
