//! Waiting for mail: IDLE where the server has it, else NOOP once a minute.

use super::super::{MailboxError, Woken};
use super::command::Command;
use super::line::{Idle, Stream};
use super::{Session, Waiting};
use std::time::Duration;

/// IDLE is renewed so often: well inside the server's 29 minutes (RFC 2177) and what firewalls remember.
const RENEW_IDLE: Duration = Duration::from_secs(9 * 60);
const POLL: Duration = Duration::from_secs(60);

impl<S: Stream> Session<S> {
    /// See [`super::super::Source::wait`].
    pub async fn wait(&mut self, folder: &str, limit: Duration) -> Result<Woken, MailboxError> {
        self.ensure_selected(folder).await?;
        let mut left = limit;
        while !left.is_zero() && !self.has_news() {
            left = left.saturating_sub(match self.abilities.waiting {
                Waiting::Idle => self.idle(left.min(RENEW_IDLE)).await?,
                Waiting::Poll => self.poll(left.min(POLL)).await?,
            });
        }
        Ok(if self.has_news() { Woken::Changed } else { Woken::TimedOut })
    }

    /// One round of IDLE; returns how much time it may have taken.
    async fn idle(&mut self, round: Duration) -> Result<Duration, MailboxError> {
        if self.line.begin_idle().await? == Idle::Declined {
            // Offered and yet refused: not worth a second try in this session.
            self.abilities.waiting = Waiting::Poll;
            return Ok(Duration::ZERO);
        }
        // What was told before the `+` counts already, so `listen` returns at once.
        self.line.listen(round).await?;
        self.line.leave_idle().await?;
        Ok(round)
    }

    /// Listens, so that a closed connection is noticed, then asks.
    async fn poll(&mut self, round: Duration) -> Result<Duration, MailboxError> {
        self.line.listen(round).await?;
        self.line.run(Command::new("NOOP"), |_| ()).await?;
        Ok(round)
    }
}
