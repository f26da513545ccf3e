//! One look at the outbox: everything that may leave now is sent, each answer noted. Safe to call at any time.

use super::envelope::{Handed, Senders};
use super::sender::{Answer, Broken, Cause, Connection, Envelope, OutboundEndpoint};
use crate::core::id::Address;
use crate::core::policy::Verp;
use crate::engine::{Engine, Ready, Verdict};
use anyhow::Result;
use chrono::{DateTime, Duration, Utc};
use std::collections::VecDeque;
use tokio_util::sync::CancellationToken;

/// Letters that are marked as being sent at once: few, so that a crash leaves few to recover.
const AT_ONCE: i64 = 16;
/// Seconds for which the whole queue rests when the relay cannot be used at all.
const REST: i64 = 60;
/// A minute's letters leave in this many portions, so that an urgent one never waits a minute for its turn.
const PORTIONS: usize = 5;

/// Sends letters at a bounded rate.
#[derive(Debug)]
pub struct Deliverer {
    /// Letters a minute.
    per_minute: usize,
    /// When the last ones left.
    sent: VecDeque<DateTime<Utc>>,
    /// Until then the relay is left alone.
    rests_until: Option<DateTime<Utc>>,
    /// Once cancelled, no further letter is begun.
    stop: CancellationToken,
    /// Under whom letters leave.
    senders: Senders,
}

/// What one look came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// So many letters were handed to the relay.
    Letters(usize),
    /// The relay could not be used at all: what it said.
    Trouble(String),
}

/// How far a connection carried.
struct Carried {
    letters: usize,
    ended: Option<Cause>,
}

impl Deliverer {
    /// A deliverer that sends at most `per_minute` letters a minute.
    pub fn new(per_minute: u32, verp: Verp) -> Self {
        let (sent, rests_until, stop) = (VecDeque::new(), None, CancellationToken::new());
        let mut deliverer = Self { per_minute: 1, sent, rests_until, stop, senders: Senders::new(verp) };
        deliverer.set_rate(per_minute);
        deliverer
    }

    /// The same, which begins no further letter once `stop` is cancelled.
    #[must_use]
    pub fn until(self, stop: CancellationToken) -> Self {
        Self { stop, ..self }
    }

    /// From now on so many letters a minute.
    pub fn set_rate(&mut self, per_minute: u32) {
        self.per_minute = usize::try_from(per_minute.max(1)).unwrap_or(1);
    }

    /// From now on so.
    pub fn set_verp(&mut self, verp: Verp) {
        self.senders.set(verp);
    }

    /// Until when the relay is left alone; `None` when it is not.
    pub fn rests_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.rests_until.filter(|&until| now < until && until - now <= Duration::seconds(REST))
    }

    /// Leaves the relay alone for a while from `now` on.
    pub fn leave_alone(&mut self, now: DateTime<Utc>) {
        self.rests_until = Some(now + Duration::seconds(REST));
    }

    /// How many letters may leave at `now`: a minute's worth within any minute, a portion of it at a time.
    fn budget(&mut self, now: DateTime<Utc>) -> usize {
        // What seems to have left in the future left before the clock was put back.
        while self.sent.front().is_some_and(|&at| now - at >= Duration::minutes(1) || at > now) {
            self.sent.pop_front();
        }
        let portion = Duration::seconds(60 / i64::try_from(PORTIONS).unwrap_or(1));
        let just_now = self.sent.iter().filter(|&&at| now - at < portion).count();
        let of_portion = (self.per_minute / PORTIONS).max(1).saturating_sub(just_now);
        self.per_minute.saturating_sub(self.sent.len()).min(of_portion)
    }

    /// Sends what is due. `now` is read anew for every letter, for day 0 is the instant of acceptance.
    ///
    /// # Errors
    /// When the store fails. A relay that fails is [`Delivered::Trouble`].
    pub async fn deliver_once(
        &mut self,
        engine: &Engine,
        endpoint: &OutboundEndpoint,
        now: impl Fn() -> DateTime<Utc>,
    ) -> Result<Delivered> {
        let mut sent = 0;
        while self.rests_until(now()).is_none() && !self.stop.is_cancelled() {
            let limit = i64::try_from(self.budget(now())).unwrap_or(AT_ONCE).min(AT_ONCE);
            if limit == 0 {
                break;
            }
            let ready = engine.ready(now(), limit).await?;
            if ready.is_empty() {
                break;
            }
            match self.batch(engine, endpoint, &ready, &now).await? {
                Delivered::Letters(n) => sent += n,
                trouble @ Delivered::Trouble(_) => return Ok(trouble),
            }
        }
        Ok(Delivered::Letters(sent))
    }

    /// Sends letters, over as many connections as that takes: one that breaks costs at most the letter in hand.
    async fn batch(
        &mut self,
        engine: &Engine,
        endpoint: &OutboundEndpoint,
        ready: &[Ready],
        now: &impl Fn() -> DateTime<Utc>,
    ) -> Result<Delivered> {
        let mut left = ready;
        while !left.is_empty() {
            let mut connection = match Connection::open(endpoint).await {
                Ok(connection) => connection,
                Err(fault) => return self.rest(engine, left, &fault.to_string(), now()).await,
            };
            let carried = self.carry(engine, &mut connection, left, now).await?;
            left = left.get(carried.letters..).unwrap_or_default();
            match carried.ended {
                None => connection.close().await,
                Some(cause) if concerns_everything(&cause) => {
                    return self.rest(engine, left, &cause.to_string(), now()).await;
                }
                Some(cause) => tracing::warn!(%cause, "A connection to the relay broke; a new one is opened"),
            }
            if self.stop.is_cancelled() {
                engine.put_back(left, "the service was stopped", Duration::zero(), now()).await?;
                break;
            }
        }
        Ok(Delivered::Letters(ready.len() - left.len()))
    }

    async fn carry(
        &mut self,
        engine: &Engine,
        connection: &mut Connection,
        left: &[Ready],
        now: &impl Fn() -> DateTime<Utc>,
    ) -> Result<Carried> {
        for (index, letter) in left.iter().enumerate() {
            if self.stop.is_cancelled() {
                return Ok(Carried { letters: index, ended: None });
            }
            let mut handed = self.hand_over(engine, connection, letter, now).await;
            if self.senders.is_worth_the_plain_one(&handed) {
                self.senders.give_up_tokens();
                if handed.is_err() {
                    tracing::info!("The relay refuses an envelope sender with a token; the plain one is tried");
                    // Once more over another connection.
                    return Ok(Carried { letters: index, ended: None });
                }
                handed = self.hand_over(engine, connection, letter, now).await;
                self.senders.note_plain(&handed);
            } else if handed.is_err() {
                self.senders.note_plain(&handed);
            }
            self.sent.push_back(now());
            match handed {
                Ok(answers) => engine.delivered(&letter.letter, &verdicts(answers), now()).await?,
                Err(Broken { answers, cause }) => {
                    engine.delivered(&letter.letter, &verdicts(answers), now()).await?;
                    return Ok(Carried { letters: index + 1, ended: Some(cause) });
                }
            }
        }
        Ok(Carried { letters: left.len(), ended: None })
    }

    async fn hand_over(
        &self,
        engine: &Engine,
        connection: &mut Connection,
        letter: &Ready,
        now: &impl Fn() -> DateTime<Utc>,
    ) -> Handed {
        let id = &letter.letter.id;
        let envelope = Envelope { from: self.senders.of(letter), to: letter.recipients.clone(), id: Some(id.clone()) };
        connection.deliver(&envelope, &letter.bytes, async || engine.note_dot(id, now()).await).await
    }

    /// The relay is left alone for a while; what was in hand goes back.
    async fn rest(&mut self, engine: &Engine, left: &[Ready], why: &str, now: DateTime<Utc>) -> Result<Delivered> {
        engine.put_back(left, why, Duration::seconds(REST), now).await?;
        self.leave_alone(now);
        Ok(Delivered::Trouble(why.to_owned()))
    }
}

/// Whether the next connection would fare no better: then the whole queue rests.
fn concerns_everything(cause: &Cause) -> bool {
    match cause {
        Cause::Account(_) | Cause::Closing(_) | Cause::Disk(_) => true,
        Cause::Wire(_) | Cause::Withheld(_) | Cause::UsedUp => false,
    }
}

fn verdicts(answers: Vec<(Address, Answer)>) -> Vec<(Address, Verdict)> {
    answers
        .into_iter()
        .map(|(address, answer)| {
            let verdict = match answer {
                Answer::Accepted { text } => Verdict::Accepted(text),
                Answer::Deferred { text } => Verdict::Deferred(text),
                Answer::Rejected { text } => Verdict::Rejected(text),
                Answer::Uncertain { text } => Verdict::Uncertain(text),
            };
            (address, verdict)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many letters leave at each second when there is always one more.
    fn pace(per_minute: u32, seconds: i64) -> Vec<usize> {
        let mut deliverer = Deliverer::new(per_minute, Verp::Never);
        (0..seconds)
            .map(|second| {
                let now = DateTime::UNIX_EPOCH + Duration::seconds(second);
                let may = deliverer.budget(now);
                deliverer.sent.extend(std::iter::repeat_n(now, may));
                may
            })
            .collect()
    }

    #[test]
    fn the_rate_holds_in_every_minute_and_no_letter_waits_longer_than_a_portion() {
        for per_minute in [1, 4, 25, 600] {
            let left = pace(per_minute, 600);
            for minute in left.windows(60) {
                assert!(minute.iter().sum::<usize>() <= per_minute as usize, "{per_minute}");
            }
            let gap = left.split(|&n| n > 0).map(<[usize]>::len).max().unwrap();
            assert!(gap < if per_minute < 5 { 60 } else { 12 }, "{per_minute}: nothing for {gap} s");
        }
        assert_eq!(pace(25, 60).iter().sum::<usize>(), 25);
    }

    #[test]
    fn a_clock_that_was_put_back_stops_nothing() {
        let mut deliverer = Deliverer::new(5, Verp::Never);
        deliverer.sent.extend([DateTime::UNIX_EPOCH + Duration::days(1); 5]);
        deliverer.rests_until = Some(DateTime::UNIX_EPOCH + Duration::days(1));
        assert_eq!(deliverer.budget(DateTime::UNIX_EPOCH), 1);
        assert_eq!(deliverer.rests_until(DateTime::UNIX_EPOCH), None);
    }
}
