//! One look at the outbox: everything that may leave now is sent, each answer noted. Safe to call at any time.

use super::sender::{Answer, Broken, Cause, Connection, Envelope, OutboundEndpoint};
use crate::engine::{Engine, Ready, Verdict};
use anyhow::Result;
use chrono::{DateTime, Duration, Utc};
use std::collections::VecDeque;

/// Letters that are marked as being sent at once: few, so that a crash leaves few to recover.
const AT_ONCE: i64 = 16;
/// How long the queue rests when the relay cannot be used at all.
const REST: i64 = 60;

/// Sends letters at a bounded rate.
#[derive(Debug)]
pub struct Deliverer {
    /// Letters a minute.
    per_minute: usize,
    /// When the last ones left.
    sent: VecDeque<DateTime<Utc>>,
}

/// What one look came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// So many letters were handed to the relay.
    Letters(usize),
    /// The relay could not be used at all: what it said.
    Trouble(String),
}

impl Deliverer {
    /// A deliverer that sends at most `per_minute` letters a minute.
    pub fn new(per_minute: u32) -> Self {
        Self { per_minute: usize::try_from(per_minute.max(1)).unwrap_or(1), sent: VecDeque::new() }
    }

    /// How many letters may leave at `now`.
    fn budget(&mut self, now: DateTime<Utc>) -> usize {
        while self.sent.front().is_some_and(|&at| now - at >= Duration::minutes(1)) {
            self.sent.pop_front();
        }
        self.per_minute.saturating_sub(self.sent.len())
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
        loop {
            let limit = i64::try_from(self.budget(now())).unwrap_or(AT_ONCE).min(AT_ONCE);
            if limit == 0 {
                return Ok(Delivered::Letters(sent));
            }
            let ready = engine.ready(now(), limit).await?;
            if ready.is_empty() {
                return Ok(Delivered::Letters(sent));
            }
            match self.batch(engine, endpoint, &ready, &now).await? {
                Delivered::Letters(n) => sent += n,
                trouble @ Delivered::Trouble(_) => return Ok(trouble),
            }
        }
    }

    async fn batch(
        &mut self,
        engine: &Engine,
        endpoint: &OutboundEndpoint,
        ready: &[Ready],
        now: &impl Fn() -> DateTime<Utc>,
    ) -> Result<Delivered> {
        let mut connection = match Connection::open(endpoint).await {
            Ok(connection) => connection,
            Err(fault) => return give_back(engine, ready, &fault.to_string(), now()).await,
        };
        for (index, letter) in ready.iter().enumerate() {
            let envelope = Envelope {
                from: letter.from.clone(),
                to: letter.recipients.clone(),
                id: Some(letter.letter.id.clone()),
            };
            let done =
                connection.deliver(&envelope, &letter.bytes, async || engine.note_dot(&letter.letter.id).await).await;
            self.sent.push_back(now());
            match done {
                Ok(answers) => engine.delivered(&letter.letter, &verdicts(answers), now()).await?,
                Err(Broken { answers, cause }) => {
                    engine.delivered(&letter.letter, &verdicts(answers), now()).await?;
                    let rest = ready.get(index + 1..).unwrap_or_default();
                    return after_break(engine, rest, &cause, now()).await;
                }
            }
        }
        connection.close().await;
        Ok(Delivered::Letters(ready.len()))
    }
}

/// The letters behind a broken connection go back; a fault of the account rests the whole queue.
async fn after_break(engine: &Engine, rest: &[Ready], cause: &Cause, now: DateTime<Utc>) -> Result<Delivered> {
    give_back(engine, rest, &cause.to_string(), now).await
}

async fn give_back(engine: &Engine, rest: &[Ready], why: &str, now: DateTime<Utc>) -> Result<Delivered> {
    engine.put_back(rest, why, Duration::seconds(REST), now).await?;
    Ok(Delivered::Trouble(why.to_owned()))
}

fn verdicts(answers: Vec<(crate::core::id::Address, Answer)>) -> Vec<(crate::core::id::Address, Verdict)> {
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
