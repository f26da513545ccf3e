//! SMTP (RFC 5321) with lettre's grammar over a connection of our own.
//!
//! From lettre come the commands and their parameters, addresses, credentials and mechanisms, and the parser of
//! answers. Not its `AsyncSmtpConnection` (0.11.23), because through it
//! - text and final dot are one call, so nothing can be persisted between them, and a loss before the dot cannot
//!   be told from one after it (the second must never be sent again unasked);
//! - a legal answer without text (`250`) or with bytes outside UTF-8 is an error: after the dot that would turn
//!   an accepted mail into an uncertain one;
//! - what a server sent in clear behind `220` to STARTTLS is read as if it had come under TLS;
//! - reading has no time limit, SIZE, DSN and PIPELINING are not reported, and a text that ends in CRLF grows by
//!   an empty line, so that the bytes are not those that were stored.
//!
//! lettre's transports and pool are not used either: they stop at the first refused recipient without saying
//! which, and a cancelled send leaves a pooled connection one answer behind.

mod content;
mod open;
mod tls;
mod transaction;
mod wire;

#[cfg(test)]
mod tests;

pub use wire::{Phase, WireFault};

use super::{Answer, Broken, Cause, Envelope, Ledger, OutboundFault, SmtpEndpoint};
use crate::core::id::Address;
use lettre::transport::smtp::commands::Quit;
use wire::Wire;

/// What a server offers in its answer to EHLO, as far as we use it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Offer {
    /// Largest mail in bytes (RFC 1870): `None` not offered, `Some(0)` offered without a limit.
    size: Option<u64>,
    dsn: bool,
    pipelining: bool,
    eight_bit: bool,
    utf8: bool,
}

/// Whether the server holds a transaction that never came to its dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leftover {
    Nothing,
    OpenTransaction,
}

/// A signed-in conversation with a relay: many mails, one after the other.
#[derive(Debug)]
pub struct SmtpConnection {
    /// Taken out while a mail is under way and put back only when both sides are in step: an error, or a
    /// cancelled `deliver`, leaves nothing that could be used again.
    wire: Option<Wire>,
    offer: Offer,
    leftover: Leftover,
    place: String,
}

impl SmtpConnection {
    /// Connects, protects the connection and signs in.
    ///
    /// # Errors
    /// A fault of the account or the network, never of a mail.
    pub async fn open(endpoint: &SmtpEndpoint) -> Result<Self, OutboundFault> {
        open::open(endpoint).await
    }

    /// The largest mail in bytes that the server takes (RFC 1870); `None` when it names none.
    pub fn size_limit(&self) -> Option<u64> {
        self.offer.size.filter(|&limit| limit > 0)
    }

    /// Delivers one mail; see [`super::Connection::deliver`].
    ///
    /// # Errors
    /// [`Broken`] when the connection must not be used again.
    pub async fn deliver<F>(
        &mut self,
        envelope: &Envelope,
        bytes: &[u8],
        before_dot: F,
    ) -> Result<Vec<(Address, Answer)>, Broken>
    where
        F: AsyncFnOnce() -> anyhow::Result<()>,
    {
        let mut ledger = Ledger::new(&envelope.to);
        if let Some(flaw) = content::flaw(bytes) {
            ledger.settle_rest(&Answer::Rejected { text: format!("not sent: {flaw}") });
        }
        let script = transaction::script(envelope, bytes, &self.offer, self.leftover, &mut ledger);
        if ledger.is_settled() {
            return Ok(ledger.close(""));
        }
        let Some(mut wire) = self.wire.take() else {
            let cause = Cause::UsedUp;
            return Err(Broken { answers: ledger.close(&cause.to_string()), cause });
        };
        match transaction::run(&mut wire, script, &self.offer, &mut ledger, bytes, before_dot).await {
            Ok(leftover) => {
                self.leftover = leftover;
                self.wire = Some(wire);
                Ok(ledger.close(""))
            }
            Err(stop) => {
                let cause = stop.at(&self.place);
                Err(Broken { answers: ledger.close(&cause.to_string()), cause })
            }
        }
    }

    /// Asks whether mail would be taken; see [`super::Connection::ask_about`].
    ///
    /// # Errors
    /// [`Broken`] when the connection must not be used again.
    pub async fn ask_about(&mut self, envelope: &Envelope) -> Result<Vec<(Address, Answer)>, Broken> {
        let mut ledger = Ledger::new(&envelope.to);
        let script = transaction::script(envelope, b"", &self.offer, self.leftover, &mut ledger);
        let Some(mut wire) = self.wire.take() else {
            let cause = Cause::UsedUp;
            return Err(Broken { answers: ledger.close(&cause.to_string()), cause });
        };
        match transaction::ask_about(&mut wire, script, &self.offer, &mut ledger).await {
            Ok(()) => {
                self.leftover = Leftover::OpenTransaction;
                self.wire = Some(wire);
                Ok(ledger.close(""))
            }
            Err(stop) => {
                let cause = stop.at(&self.place);
                Err(Broken { answers: ledger.close(&cause.to_string()), cause })
            }
        }
    }

    /// Says QUIT and waits a moment for the answer.
    pub async fn close(mut self) {
        if let Some(mut wire) = self.wire.take() {
            // Whatever comes back, the conversation is over.
            drop(wire.ask(Phase::Quit, Quit).await);
        }
    }
}
