//! Faults of the way out itself: what is wrong, where, and what an operator can do about it.

use std::path::PathBuf;

/// Letters cannot go out at all. Never a reason to give up a letter: the queue waits and operators are told.
#[derive(Debug, thiserror::Error)]
pub enum OutboundFault {
    /// No connection.
    #[error("Cannot reach the relay {place}: {why}. Check host and port in outbound.url, DNS and the firewall.")]
    Unreachable {
        /// `host:port`.
        place: String,
        /// What the network said.
        why: String,
    },
    /// Not protected as configured.
    #[error("Cannot protect the connection to {place}: {why}. {remedy}")]
    Tls {
        /// `host:port`.
        place: String,
        /// What failed.
        why: String,
        /// What to do.
        remedy: &'static str,
    },
    /// Unencrypted mail would leave this machine.
    #[error(
        "The relay {place} is not on this machine, and mail about children goes nowhere else unencrypted. \
         Use smtps://… or smtp://…?tls=required in outbound.url."
    )]
    NotLoopback {
        /// `host:port`.
        place: String,
    },
    /// The server speaks, but does not take us as a client.
    #[error("The relay {place} does not let us in: {why}. {remedy}")]
    Greeting {
        /// `host:port`.
        place: String,
        /// What it said or did.
        why: String,
        /// What to do.
        remedy: &'static str,
    },
    /// Signing in failed; also when the server only asks to come back later.
    #[error("Cannot sign in to {place} as {user}: {why}. {remedy}")]
    SignIn {
        /// `host:port`.
        place: String,
        /// The account.
        user: String,
        /// What the server said.
        why: String,
        /// What to do.
        remedy: &'static str,
    },
    /// Signed in, but this account may not send this way (sender address, quota, relaying).
    #[error("The relay {place} refuses this account, not the letter: {why}. {remedy}")]
    Account {
        /// `host:port`.
        place: String,
        /// What the server said.
        why: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The endpoint cannot work as it is configured.
    #[error("Cannot use {what} of the outbound endpoint: {why}")]
    Setup {
        /// Which part.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The Maildir cannot be written.
    #[error("Cannot write the outbound Maildir {}: {why}. Check that the path exists and belongs to the service.", path.display())]
    Maildir {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
}
