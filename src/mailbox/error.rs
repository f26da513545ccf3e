//! What can go wrong with a mailbox: what, where, and what to do. Never holds a secret or the content of a mail.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why the mailbox could not do what was asked. The [`super::Source`] is to be dropped and opened anew.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// No connection came about.
    #[error("Cannot reach the mail server {at}: {text}; check host, port, network and firewall")]
    Unreachable {
        /// Host and port.
        at: String,
        /// What the system says.
        text: String,
    },
    /// The connection cannot be protected, so nothing was sent over it.
    #[error("No safe connection to the mail server {at}: {text}")]
    Tls {
        /// Host and port.
        at: String,
        /// What is wrong and what would be right.
        text: String,
    },
    /// The server does not let us in.
    #[error("The mail server does not let {user} in: {text}; {advice}")]
    SignIn {
        /// The account.
        user: String,
        /// The server's words, without the secret.
        text: String,
        /// What to do.
        advice: &'static str,
    },
    /// The server answered NO or BAD.
    #[error("The mail server refused {command}: {text}")]
    Refused {
        /// Name of the command with its folder or UIDs.
        command: String,
        /// The server's words.
        text: String,
    },
    /// The connection ended before the answer was complete.
    #[error("The connection to the mailbox was lost during {during}: {text}; it is opened anew")]
    ConnectionLost {
        /// Name of the command.
        during: String,
        /// What was seen last.
        text: String,
    },
    /// There is no such folder.
    #[error("The mailbox has no folder \"{folder}\"; create it, or correct its name in the configuration")]
    FolderMissing {
        /// As it is configured.
        folder: String,
    },
    /// No complete answer came in time.
    #[error("No answer to {command} within {} s; the connection is opened anew", limit.as_secs())]
    TimedOut {
        /// Name of the command.
        command: String,
        /// How long was waited.
        limit: Duration,
    },
    /// The answer is not what the protocol allows; nothing of it was used.
    #[error("The mail server gave no usable answer to {command}: {text}")]
    Protocol {
        /// Name of the command.
        command: String,
        /// What is wrong with it.
        text: String,
    },
    /// A file or directory of a Maildir.
    #[error("Cannot {verb} {}: check that it exists, is a Maildir, and that the service's user may read and write it", path.display())]
    Files {
        /// What was tried.
        verb: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl MailboxError {
    /// Whether the account is the trouble: worth one fresh token, then an alert, never a tight loop.
    pub fn is_sign_in(&self) -> bool {
        matches!(self, Self::SignIn { .. })
    }

    pub(super) fn files(verb: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Files { verb, path, source }
    }

    pub(super) fn protocol(command: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Protocol { command: command.into(), text: text.into() }
    }
}
