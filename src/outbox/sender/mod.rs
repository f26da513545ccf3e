//! The ways out: SMTP through lettre, or a Maildir.
//!
//! Takes finished bytes and an envelope, says for each recipient what became of them. Knows no case, no store
//! and no retry; what it must keep apart is a problem of the account ([`OutboundFault`]: hold the queue, tell
//! the operators) from an [`Answer`] about one mail, and "certainly not sent" from "perhaps sent".

mod fault;
mod maildir;
mod riddle;
mod smtp;

pub use fault::OutboundFault;
pub use maildir::MaildirConnection;
pub use smtp::{Phase, SmtpConnection, WireFault};

use crate::core::id::Address;
use secrecy::SecretString;
use std::{fmt, path::PathBuf};

/// Where letters go out.
#[derive(Debug, Clone)]
pub enum OutboundEndpoint {
    /// A relay.
    Smtp(SmtpEndpoint),
    /// A folder that gets one Maildir for each recipient.
    Maildir(PathBuf),
}

/// A relay and how to sign in to it.
#[derive(Debug, Clone)]
pub struct SmtpEndpoint {
    /// Name or address; the certificate must be made out to it.
    pub host: String,
    /// 465 for implicit TLS, 587 for STARTTLS, 25 for a relay on this machine.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in; `None` where the relay knows us by our address.
    pub auth: Option<SmtpAuth>,
    /// PEM file with certificates that are trusted beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// The name in `EHLO`; the host name when absent.
    pub hello_name: Option<String>,
}

/// How a connection to a relay is protected. There is no "TLS if offered": an attacker could take it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// `STARTTLS` before anything else, or no connection (RFC 3207).
    StartTlsRequired,
    /// No encryption; refused unless the relay is on this machine.
    PlainLoopback,
}

/// Who signs in and with what.
#[derive(Debug, Clone)]
pub struct SmtpAuth {
    /// The account.
    pub user: String,
    /// Password, or access token for [`Mechanism::XOAuth2`].
    pub secret: SecretString,
    /// How the secret is presented.
    pub mechanism: Mechanism,
}

/// How a secret is presented. With a password the other password mechanism is taken where the relay offers only
/// that: Exchange Online has LOGIN and no PLAIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// RFC 4616.
    Plain,
    /// The older form of the same.
    Login,
    /// A bearer token, as Microsoft and Google want it.
    XOAuth2,
}

/// From whom and to whom the servers carry a mail; not what its headers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Where bounces go; `None` is the null sender `<>`.
    pub from: Option<Address>,
    /// Who gets it, each at most once.
    pub to: Vec<Address>,
    /// Comes back in delivery notices as `Original-Envelope-Id`, where the relay offers DSN (RFC 3461 4.4).
    pub id: Option<String>,
}

/// What became of a mail for one recipient. `text` is what the server said, code first, on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The server has taken it and is now responsible (RFC 5321 4.2.5).
    Accepted {
        /// Often holds the queue id, on some relays the Message-ID that they gave it.
        text: String,
    },
    /// Certainly not sent, worth another try.
    Deferred {
        /// The server's words, or what happened to the connection.
        text: String,
    },
    /// Certainly not sent, and trying again would not help.
    Rejected {
        /// The server's words.
        text: String,
    },
    /// Perhaps sent: the connection was lost after the final dot and before its answer.
    Uncertain {
        /// What happened to the connection.
        text: String,
    },
}

/// The connection ended, or must not be used again. Every recipient has an answer all the same.
#[derive(Debug, thiserror::Error)]
#[error("Cannot go on with this connection: {cause}")]
pub struct Broken {
    /// One answer for each recipient, in the order of the envelope.
    pub answers: Vec<(Address, Answer)>,
    /// Why; decides whether only this connection or the whole queue stops.
    pub cause: Cause,
}

/// Why a connection must not be used again.
#[derive(Debug)]
pub enum Cause {
    /// Network or protocol: open a new one.
    Wire(WireFault),
    /// The server said 421 and hangs up: open a new one, not at once.
    Closing(String),
    /// The relay refuses us, not this mail: hold the queue and tell the operators.
    Account(OutboundFault),
    /// The caller did not want the final dot to be written.
    Withheld(anyhow::Error),
    /// The disk under a Maildir.
    Disk(std::io::Error),
    /// It had been given up before.
    UsedUp,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wire(fault) => write!(f, "{fault}"),
            Self::Closing(text) => write!(f, "the server is closing the connection: {text}"),
            Self::Account(fault) => write!(f, "{fault}"),
            Self::Withheld(why) => write!(f, "held back before the final dot: {why:#}"),
            Self::Disk(why) => write!(f, "cannot write the mail to disk: {why}"),
            Self::UsedUp => f.write_str("it was given up after an earlier error; open a new one"),
        }
    }
}

/// An open way out: for a batch, not for keeps, as relays hang up on who says nothing. Takes one mail after the
/// other; after an error it takes none.
#[derive(Debug)]
pub enum Connection {
    /// A conversation with a relay.
    Smtp(SmtpConnection),
    /// A folder.
    Maildir(MaildirConnection),
}

impl Connection {
    /// Opens a way out: connects, protects the connection and signs in.
    ///
    /// # Errors
    /// A fault of the account or the network, never of a mail.
    pub async fn open(endpoint: &OutboundEndpoint) -> Result<Self, OutboundFault> {
        match endpoint {
            OutboundEndpoint::Smtp(relay) => SmtpConnection::open(relay).await.map(Self::Smtp),
            OutboundEndpoint::Maildir(path) => MaildirConnection::open(path).await.map(Self::Maildir),
        }
    }

    /// The largest mail in bytes that the server says it takes (RFC 1870); `None` when it names none.
    pub fn size_limit(&self) -> Option<u64> {
        match self {
            Self::Smtp(relay) => relay.size_limit(),
            Self::Maildir(_) => None,
        }
    }

    /// Delivers one mail, and says for each recipient what became of it.
    ///
    /// `before_dot` runs when the server has the whole text and before it can know that the text is complete:
    /// what it persists stands before any copy can exist. If it fails, nothing is sent. Dropping the future
    /// closes the connection.
    ///
    /// # Errors
    /// [`Broken`] when the connection must not be used again; it still holds an answer for every recipient.
    pub async fn deliver<F>(
        &mut self,
        envelope: &Envelope,
        bytes: &[u8],
        before_dot: F,
    ) -> Result<Vec<(Address, Answer)>, Broken>
    where
        F: AsyncFnOnce() -> anyhow::Result<()>,
    {
        match self {
            Self::Smtp(relay) => relay.deliver(envelope, bytes, before_dot).await,
            Self::Maildir(folder) => folder.deliver(envelope, bytes, before_dot).await,
        }
    }

    /// Asks the relay whether it would take mail for these recipients, and sends nothing. Some relays say yes to every
    /// address and find out later; a folder always says yes.
    ///
    /// # Errors
    /// [`Broken`] when the connection must not be used again.
    pub async fn ask_about(&mut self, envelope: &Envelope) -> Result<Vec<(Address, Answer)>, Broken> {
        match self {
            Self::Smtp(relay) => relay.ask_about(envelope).await,
            Self::Maildir(_) => Ok(Vec::new()),
        }
    }

    /// Says goodbye. Nothing depends on it: what was accepted is accepted.
    pub async fn close(self) {
        match self {
            Self::Smtp(relay) => relay.close().await,
            Self::Maildir(_) => {}
        }
    }
}

/// The answers of one delivery while it goes on. What is settled once stays.
#[derive(Debug)]
struct Ledger(Vec<(Address, Option<Answer>)>);

impl Ledger {
    fn new(recipients: &[Address]) -> Self {
        Self(recipients.iter().map(|address| (address.clone(), None)).collect())
    }

    fn settle(&mut self, recipient: &Address, answer: Answer) {
        for (_, slot) in self.0.iter_mut().filter(|(address, slot)| address == recipient && slot.is_none()) {
            *slot = Some(answer.clone());
        }
    }

    fn settle_rest(&mut self, answer: &Answer) {
        for (_, slot) in self.0.iter_mut().filter(|(_, slot)| slot.is_none()) {
            *slot = Some(answer.clone());
        }
    }

    /// Recipients without an answer yet.
    fn open(&self) -> impl Iterator<Item = &Address> {
        self.0.iter().filter(|(_, slot)| slot.is_none()).map(|(address, _)| address)
    }

    fn is_settled(&self) -> bool {
        self.open().next().is_none()
    }

    /// Every recipient with an answer; who has none was certainly not reached.
    fn close(self, otherwise: &str) -> Vec<(Address, Answer)> {
        let deferred = || Answer::Deferred { text: otherwise.to_owned() };
        self.0.into_iter().map(|(address, slot)| (address, slot.unwrap_or_else(deferred))).collect()
    }
}
