//! The mailbox as a source of mail: IMAP or Maildir, and one look at it. Knows no case.
//!
//! Mail is found by UID above a cursor that the caller keeps, never by `\Seen`, and reading changes nothing in the
//! mailbox: only [`Source::file_into`] moves mail, and only the UIDs that it is given. Nothing here deletes.
//! After any error the [`Source`] is to be dropped and opened anew; asking it again gives the same mail again.

pub mod catch_up;
mod error;
mod imap;
pub mod ingest;
mod maildir;
pub mod retention;
mod source;
mod tls;

pub use tls::client_config;

pub use error::MailboxError;
pub use source::Source;

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use std::path::PathBuf;

/// Where the mail is, as the configuration says it.
#[derive(Debug, Clone)]
pub enum MailboxEndpoint {
    /// A mailbox on an IMAP server (RFC 3501 or RFC 9051 with `IMAP4rev1`).
    Imap(ImapEndpoint),
    /// A Maildir++ directory on this machine; the folder "INBOX" is the directory itself.
    Maildir(PathBuf),
}

/// How an IMAP mailbox is reached.
#[derive(Debug, Clone)]
pub struct ImapEndpoint {
    /// Host name or IP address; the certificate has to name it.
    pub host: String,
    /// 993 for [`Security::Tls`], 143 for the others, unless the server is set up otherwise.
    pub port: u16,
    /// What protects the connection.
    pub security: Security,
    /// The account, without percent encoding.
    pub user: String,
    /// What proves that we are that account.
    pub auth: Credentials,
    /// A PEM file with authorities to trust beside those of the operating system.
    pub ca_file: Option<PathBuf>,
}

/// What protects a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (`imaps:`).
    Tls,
    /// TLS after `STARTTLS`; nothing secret is sent before.
    StartTls,
    /// No TLS; refused for any host that is not this machine.
    PlainLoopback,
}

/// What proves that we are the account.
#[derive(Debug, Clone)]
pub enum Credentials {
    /// AUTHENTICATE PLAIN (RFC 4616) where offered, else LOGIN.
    Password(SecretString),
    /// A current access token for AUTHENTICATE XOAUTH2 (Microsoft 365, Google).
    XOAuth2(SecretString),
}

/// What a folder says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FolderState {
    /// When it changes, every UID known before is worth nothing (RFC 3501 2.3.1.1).
    pub uid_validity: u32,
    /// No mail that is yet to come has a UID below it.
    pub uid_next: u32,
    /// How many mails lie in the folder.
    pub exists: u32,
}

/// How much one [`Source::batch`] may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// Most mails.
    pub mails: usize,
    /// Most bytes of all mails together; one mail alone may be larger.
    pub bytes: u64,
    /// Most bytes of one mail; of a larger one only the beginning is brought.
    pub largest: u64,
}

impl Default for BatchLimits {
    fn default() -> Self {
        Self { mails: 100, bytes: 16 << 20, largest: 40 << 20 }
    }
}

/// Of a mail over [`BatchLimits::largest`] this many bytes are brought: every header, and the first text.
pub const HEAD_BYTES: u64 = 256 << 10;

/// Mail in ascending order of UID; empty when there is nothing newer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The UIDVALIDITY under which the UIDs hold; other than the caller's means: begin again at UID 0.
    pub uid_validity: u32,
    /// The mails.
    pub mails: Vec<Fetched>,
}

/// One mail as it lies in the mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its UID.
    pub uid: u32,
    /// When the server took it in (INTERNALDATE; for a Maildir the file's time of change).
    pub received_at: DateTime<Utc>,
    /// Its size in bytes as the server states it; Exchange only estimates.
    pub size: u64,
    /// The bytes, line ends as they came.
    pub raw: Vec<u8>,
    /// Whether `raw` is all of it.
    pub whole: Wholeness,
}

/// Whether all of a mail was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wholeness {
    /// Every byte.
    Whole,
    /// Over the size limit: at most the first [`HEAD_BYTES`].
    HeadOnly,
}

/// Why [`Source::wait`] came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// The folder holds something that [`Source::batch`] has not brought yet.
    Changed,
    /// Nothing came within the limit.
    TimedOut,
}
