//! The loops that run side by side: mailbox, outbox, access token, watchdog. Each ends only with a failure of the store.

use super::endpoints::{deliverer, mailbox_endpoint, outbound_endpoint, token_settings};
use super::token::Tokens;
use super::{Bells, folders, retention_rules};
use crate::clock;
use crate::config::Settings;
use crate::engine::Engine;
use crate::mailbox::catch_up::catch_up;
use crate::mailbox::ingest::{ingest_once, reconcile};
use crate::mailbox::retention::retain_when_due;
use crate::mailbox::{MailboxError, Source, Woken};
use crate::outbox::deliver::Delivered;
use anyhow::Result;
use chrono::{DateTime, Duration, Utc};
use std::sync::Arc;
use std::time::Duration as StdDuration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Pauses between attempts to reach the mailbox: capped, and with a share of chance so that nodes do not march in
/// step.
pub(super) fn backoff(failures: u32) -> StdDuration {
    let seconds = 2u64.saturating_pow(failures.min(6));
    let mut chance = [0u8; 1];
    let _ = getrandom::fill(&mut chance);
    let [chance] = chance;
    StdDuration::from_millis(seconds * 1000 * (75 + u64::from(chance) % 50) / 100)
}

pub(super) async fn mailbox_loop(
    engine: &Engine,
    settings: watch::Receiver<Arc<Settings>>,
    tokens: &Tokens,
    bells: &Bells,
) -> Result<()> {
    let mut failures = 0;
    loop {
        let current = settings.borrow().clone();
        match watch_mailbox(engine, &current, &settings, tokens, bells, &mut failures).await {
            Ok(()) => failures = 0,
            Err(Ended::Store(error)) => return Err(error),
            Err(Ended::Mailbox(error)) => {
                if is_sign_in(&error) {
                    tokens.distrust(clock::now()).await;
                }
                failures = failures.saturating_add(1);
                report_mailbox_trouble(engine, failures, &error).await?;
                clock::sleep(backoff(failures)).await;
            }
        }
    }
}

/// Why watching ended: the store stops the service, the mailbox is tried again.
enum Ended {
    Store(anyhow::Error),
    Mailbox(anyhow::Error),
}

async fn report_mailbox_trouble(engine: &Engine, failures: u32, error: &anyhow::Error) -> Result<()> {
    let error = format!("{error:#}");
    if failures >= 3 {
        tracing::error!(failures, error, "The mailbox cannot be read; nothing is escalated until it can");
    } else {
        tracing::warn!(failures, error, "The mailbox could not be read; trying again");
    }
    engine.note_trouble("mailbox", &error, clock::now()).await
}

async fn watch_mailbox(
    engine: &Engine,
    current: &Arc<Settings>,
    settings: &watch::Receiver<Arc<Settings>>,
    tokens: &Tokens,
    bells: &Bells,
    failures: &mut u32,
) -> Result<(), Ended> {
    let endpoint = mailbox_endpoint(&current.endpoints, tokens).await.map_err(Ended::Mailbox)?;
    let folders = folders(&current.endpoints);
    let mut source = Source::open(&endpoint).await.map_err(|e| Ended::Mailbox(e.into()))?;
    let mut may_be_troubled = true;
    catch_up(&mut source, engine, &folders).await.map_err(classify)?;
    loop {
        let fresh = ingest_once(&mut source, engine, &folders, clock::now()).await.map_err(classify)?;
        if std::mem::take(failures) > 0 {
            tracing::info!("The mailbox can be read again");
        }
        if std::mem::take(&mut may_be_troubled) {
            engine.note_trouble("mailbox", "", clock::now()).await.map_err(Ended::Store)?;
        }
        if fresh > 0 {
            tracing::info!(fresh, "New mail was taken in");
        }
        if engine.is_reconciliation_due(clock::now()).await.map_err(Ended::Store)? {
            reconcile(&mut source, engine, &folders, clock::now()).await.map_err(classify)?;
            continue;
        }
        let rules = retention_rules(current);
        retain_when_due(&mut source, engine, &folders, &rules, clock::now()).await.map_err(classify)?;
        bells.due.notify_one();
        bells.outbox.notify_one();
        if !Arc::ptr_eq(current, &settings.borrow()) {
            source.close().await;
            return Ok(());
        }
        let Some(inbox) = folders.watched.first() else { return Ok(()) };
        let wait = engine.next_look(clock::now()).await.map_err(Ended::Store)?;
        match source.wait(inbox, wait).await {
            Ok(Woken::Changed | Woken::TimedOut) => {}
            Err(error) => return Err(Ended::Mailbox(error.into())),
        }
    }
}

/// Whether the server did not let us in.
fn is_sign_in(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<MailboxError>()).any(MailboxError::is_sign_in)
}

/// A failure that comes from the mailbox is tried again; any other ends the service, which is started anew.
fn classify(error: anyhow::Error) -> Ended {
    if error.chain().any(|cause| cause.is::<MailboxError>()) { Ended::Mailbox(error) } else { Ended::Store(error) }
}

/// Ends when the service is to stop and no letter is in hand.
pub(super) async fn outbox_loop(
    engine: &Engine,
    settings: watch::Receiver<Arc<Settings>>,
    tokens: &Tokens,
    bells: &Bells,
    stop: &CancellationToken,
) -> Result<()> {
    let mut deliverer = deliverer(&settings.borrow().endpoints).until(stop.clone());
    // What an earlier run has noted is looked at once too.
    let (mut troubled, mut may_be_troubled) = (false, true);
    while !stop.is_cancelled() {
        let current = settings.borrow().clone();
        let outbound = &current.endpoints.outbound;
        deliverer.set_rate(outbound.per_minute);
        deliverer.set_verp(outbound.verp);
        let wait = Duration::from_std(outbound.uncertain_wait).unwrap_or(Duration::minutes(15));
        engine.retry_uncertain(wait, clock::now()).await?;
        let delivered = match outbound_endpoint(&current.endpoints, tokens).await {
            Ok(endpoint) => deliverer.deliver_once(engine, &endpoint, clock::now).await?,
            Err(error) => {
                deliverer.leave_alone(clock::now());
                Delivered::Trouble(format!("{error:#}"))
            }
        };
        let rests_until = deliverer.rests_until(clock::now());
        match delivered {
            Delivered::Trouble(why) => {
                tokens.distrust(clock::now()).await;
                tracing::error!(why, "Letters cannot be sent; they wait in the outbox");
                engine.note_trouble("outbox", &why, clock::now()).await?;
                (troubled, may_be_troubled) = (true, true);
            }
            Delivered::Letters(n) => {
                if rests_until.is_none() && std::mem::take(&mut troubled) {
                    tracing::info!("Letters can be sent again");
                }
                if rests_until.is_none() && std::mem::take(&mut may_be_troubled) {
                    engine.note_trouble("outbox", "", clock::now()).await?;
                }
                if n > 0 {
                    bells.due.notify_one();
                }
            }
        }
        let next = engine.next_delivery().await?.max(rests_until);
        let next = next.map_or(clock::LONGEST_SLEEP, |at| clock::until(at, clock::now()));
        tokio::select! {
            () = bells.outbox.notified() => {}
            () = clock::sleep(next.max(StdDuration::from_secs(1))) => {}
            () = stop.cancelled() => {}
        }
    }
    Ok(())
}

/// Whether so much time has passed; also when the clock was put back.
pub(super) fn is_lasting(since: DateTime<Utc>, limit: StdDuration) -> bool {
    !(clock::now() - since).to_std().is_ok_and(|passed| passed < limit)
}

/// How often the access token's age is looked at.
const TOKEN_ROUND: StdDuration = StdDuration::from_secs(20);

/// Renews the access token ahead of its end, also when nobody needs one just now: a dead credential is noticed while
/// the old token still serves.
pub(super) async fn token_loop(
    engine: &Engine,
    settings: watch::Receiver<Arc<Settings>>,
    tokens: &Tokens,
) -> Result<()> {
    let (mut troubled, mut may_be_troubled) = (false, true);
    loop {
        let settings = token_settings(&settings.borrow().endpoints);
        let fresh = match &settings {
            Some(settings) => tokens.keep_fresh(settings, clock::now()).await,
            None => Ok(()),
        };
        match fresh {
            Ok(()) => {
                if std::mem::take(&mut troubled) {
                    tracing::info!("Access tokens are given again");
                }
                if std::mem::take(&mut may_be_troubled) {
                    engine.note_trouble("sign-in", "", clock::now()).await?;
                }
            }
            Err(error) => {
                tracing::error!(%error, "No access token is given; the present one serves until it ends");
                engine.note_trouble("sign-in", &error.to_string(), clock::now()).await?;
                (troubled, may_be_troubled) = (true, true);
            }
        }
        clock::sleep(TOKEN_ROUND).await;
    }
}

/// Feeds systemd's watchdog as long as the scheduler's heartbeat in the store is fresh.
pub(super) async fn watchdog_loop(engine: &Engine) -> Result<()> {
    loop {
        clock::sleep(StdDuration::from_secs(10)).await;
        if engine.is_beating(clock::now()).await? {
            let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
        }
    }
}
