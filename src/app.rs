//! The composition root: settings → a running service. Opens the store, starts the loops; the first to end stops all.

pub mod endpoints;
mod one;
pub mod token;

use crate::clock;
use crate::config::{self, Endpoints, Settings};
use crate::core::letter::LetterKind;
use crate::core::policy::Mode;
use crate::core::token::TokenKey;
use crate::engine::{CopiedIn, Engine, Office, PARTS};
use crate::letters::stationery::{Copies, Stationery, StationerySettings};
use crate::mailbox::ingest::{Folders, ingest_once, reconcile};
use crate::mailbox::{MailboxError, Source, Woken};
use crate::outbox::deliver::{Delivered, Deliverer};
use crate::scheduler;
use crate::store::{Store, is_passing};
use anyhow::{Context, Result};
use chrono::Duration;
use endpoints::{mailbox_endpoint, outbound_endpoint, token_settings};
use secrecy::ExposeSecret;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration as StdDuration;
use token::Tokens;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// The office that the settings describe.
///
/// # Errors
/// When a template or the pattern of case references is wrong.
pub fn office(settings: &Settings) -> Result<Office> {
    let endpoints = &settings.endpoints;
    let policy = settings.policy.clone();
    let outbound = &endpoints.outbound;
    let copies = match outbound.url {
        config::OutboundUrl::Maildir(_) => Copies::None,
        config::OutboundUrl::Smtp(_) => Copies::Kept,
    };
    let stationery = StationerySettings {
        authority: policy.authority.clone(),
        mailbox: outbound.reply_to.clone(),
        key: TokenKey::new(endpoints.token_key.expose_secret().as_bytes()),
        mode: policy.mode,
        shadow_to: if policy.mode == Mode::Shadow { outbound.shadow_to.clone() } else { None },
        copies,
        escalation_prefix: policy.escalation.subject_prefix.clone(),
    };
    let copied = &outbound.copied_in;
    Ok(Office {
        stationery: Stationery::new(stationery, &overrides(settings.sections.templates.dir.as_deref())?)?,
        ref_pattern: regex::Regex::new(&policy.ref_pattern).context("cases.ref_pattern is no regular expression")?,
        copied_in: CopiedIn {
            clarification: copied.clarification.clone(),
            advice: copied.advice.clone(),
            draft: copied.draft.clone(),
            final_plan: copied.final_plan.clone(),
            from: outbound.from.clone(),
        },
        one_senders: one::senders(settings),
        ignore_before: endpoints.mailbox.ignore_before,
        directory: settings.directory.clone(),
        policy,
    })
}

/// Templates that operators have put into `templates.dir`, by the name of their sort.
fn overrides(folder: Option<&Path>) -> Result<BTreeMap<String, String>> {
    let mut texts = BTreeMap::new();
    let Some(folder) = folder else { return Ok(texts) };
    for &kind in LetterKind::ALL {
        let file = folder.join(format!("{}.txt", kind.name()));
        if file.exists() {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("Cannot read the template {}", file.display()))?;
            texts.insert(kind.name().to_owned(), text);
        }
    }
    Ok(texts)
}

/// An engine on the store that the settings name.
///
/// # Errors
/// When the store cannot be opened or the office cannot be set up.
pub async fn engine(settings: &Settings) -> Result<Engine> {
    let store = Store::open(&settings.endpoints.store.expose()).await?;
    Ok(Engine::new(store, office(settings)?))
}

/// The folders of the mailbox that the settings name.
pub fn folders(endpoints: &Endpoints) -> Folders {
    let mailbox = &endpoints.mailbox;
    let inbox = match &mailbox.url {
        config::MailboxUrl::Imap { folder, .. } => folder.clone(),
        config::MailboxUrl::Maildir(_) => "INBOX".to_owned(),
    };
    Folders {
        watched: std::iter::once(inbox).chain(mailbox.also.iter().cloned()).collect(),
        processed: mailbox.processed.clone(),
        triage: mailbox.triage.clone(),
        largest: mailbox.largest,
    }
}

/// Bells between the loops.
#[derive(Clone, Default)]
struct Bells {
    /// The mailbox was looked at, or time has passed: see what is due.
    due: Arc<Notify>,
    /// Something may have been queued.
    outbox: Arc<Notify>,
}

/// Runs the service until a signal or a failure ends it. A database that goes away is waited for, and everything
/// begins as after a start.
///
/// # Errors
/// When the store fails, or the service cannot start.
pub async fn run(settings: Settings, main_file: PathBuf) -> Result<()> {
    let engine = engine(&settings).await?;
    engine.note_start(clock::now()).await?;
    let (settings_in, settings_out) = watch::channel(Arc::new(settings));
    let (tokens, stop) = (Tokens::default(), CancellationToken::new());
    let service = Service { engine, settings_in, settings_out, main_file, tokens, stop };
    tokio::spawn(stop_on_signal(service.stop.clone()));
    let result = loop {
        match service.serve().await {
            Err(error) if is_passing(&error) && !service.stop.is_cancelled() => {
                tracing::error!(error = format!("{error:#}"), "The database cannot be used; waiting for it");
                service.wait_for_database().await;
            }
            ended => break ended,
        }
    };
    // A database that is gone must not keep the service from ending.
    let _ = tokio::time::timeout(StdDuration::from_secs(2), service.engine.store().close()).await;
    tracing::info!("followupd has stopped");
    result
}

/// Seconds in which a stop lets the letter in hand be finished; systemd gives 30.
const DRAIN: StdDuration = StdDuration::from_secs(15);

/// The service at work.
struct Service {
    engine: Engine,
    settings_in: watch::Sender<Arc<Settings>>,
    settings_out: watch::Receiver<Arc<Settings>>,
    main_file: PathBuf,
    tokens: Tokens,
    stop: CancellationToken,
}

impl Service {
    /// Takes up what the last end left, then runs the loops; the first to end stops all.
    async fn serve(&self) -> Result<()> {
        let engine = &self.engine;
        let now = clock::now();
        let uncertain = engine.recover_outbox(now).await?;
        if uncertain > 0 {
            tracing::warn!(
                uncertain,
                "Letters were being sent when the service last stopped; their own copies will tell"
            );
        }
        for part in PARTS {
            engine.note_trouble(part, "").await?;
        }
        engine.recompute(now).await?;
        let bells = Bells::default();
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
        tracing::info!(mode = ?engine.office().policy.mode, "followupd is running");
        tokio::select! {
            ended = mailbox_loop(engine, self.settings_out.clone(), &self.tokens, &bells) => ended.context("The mailbox loop ended"),
            ended = outbox_loop(engine, self.settings_out.clone(), &self.tokens, &bells, &self.stop) => ended.context("The outbox loop ended"),
            ended = token_loop(engine, self.settings_out.clone(), &self.tokens) => ended.context("The token loop ended"),
            ended = scheduler::run(engine, bells.due.clone(), bells.outbox.clone()) => ended.context("The scheduler ended"),
            ended = reload_loop(engine, &self.settings_in, &self.main_file, &bells) => ended.context("The reload loop ended"),
            ended = watchdog_loop(engine) => ended,
            () = drained(&self.stop) => Ok(()),
        }
    }

    async fn wait_for_database(&self) {
        let mut failures = 0;
        loop {
            failures += 1;
            // It is alive and waits on purpose; a restart would gain nothing.
            let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
            tokio::select! {
                () = clock::sleep(backoff(failures)) => {}
                () = self.stop.cancelled() => return,
            }
            match self.engine.store().try_out().await {
                Ok(()) => return tracing::info!("The database can be used again"),
                Err(error) => tracing::warn!(failures, error = format!("{error:#}"), "The database cannot be used yet"),
            }
        }
    }
}

/// Comes back when the outbox has had its time to finish.
async fn drained(stop: &CancellationToken) {
    stop.cancelled().await;
    clock::sleep(DRAIN).await;
}

async fn stop_on_signal(stop: CancellationToken) {
    match wait_for_signal().await {
        Ok(name) => tracing::info!("{name}: stopping"),
        Err(error) => tracing::error!(error = format!("{error:#}"), "Signals cannot be heard; stopping"),
    }
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    stop.cancel();
}

async fn wait_for_signal() -> Result<&'static str> {
    let mut terminate = signal(SignalKind::terminate()).context("Cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("Cannot listen for SIGINT")?;
    tokio::select! {
        _ = terminate.recv() => Ok("SIGTERM"),
        _ = interrupt.recv() => Ok("SIGINT"),
    }
}

/// Pauses between attempts to reach the mailbox: capped, and with a share of chance so that nodes do not march in
/// step.
fn backoff(failures: u32) -> StdDuration {
    let seconds = 2u64.saturating_pow(failures.min(6));
    let mut chance = [0u8; 1];
    let _ = getrandom::fill(&mut chance);
    let [chance] = chance;
    StdDuration::from_millis(seconds * 1000 * (75 + u64::from(chance) % 50) / 100)
}

async fn mailbox_loop(
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
    engine.note_trouble("mailbox", &error).await
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
    loop {
        let fresh = ingest_once(&mut source, engine, &folders, clock::now()).await.map_err(classify)?;
        if *failures > 0 {
            tracing::info!("The mailbox can be read again");
            *failures = 0;
            engine.note_trouble("mailbox", "").await.map_err(Ended::Store)?;
        }
        if fresh > 0 {
            tracing::info!(fresh, "New mail was taken in");
        }
        if engine.is_reconciliation_due(clock::now()).await.map_err(Ended::Store)? {
            reconcile(&mut source, engine, &folders, clock::now()).await.map_err(classify)?;
            continue;
        }
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
async fn outbox_loop(
    engine: &Engine,
    settings: watch::Receiver<Arc<Settings>>,
    tokens: &Tokens,
    bells: &Bells,
    stop: &CancellationToken,
) -> Result<()> {
    let mut deliverer = Deliverer::new(settings.borrow().endpoints.outbound.per_minute).until(stop.clone());
    let mut troubled = false;
    while !stop.is_cancelled() {
        let current = settings.borrow().clone();
        let outbound = &current.endpoints.outbound;
        deliverer.set_rate(outbound.per_minute);
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
                engine.note_trouble("outbox", &why).await?;
                troubled = true;
            }
            Delivered::Letters(n) => {
                if rests_until.is_none() && std::mem::take(&mut troubled) {
                    tracing::info!("Letters can be sent again");
                    engine.note_trouble("outbox", "").await?;
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

/// How often the access token's age is looked at.
const TOKEN_ROUND: StdDuration = StdDuration::from_secs(20);

/// Renews the access token ahead of its end, also when nobody needs one just now: a dead credential is noticed while
/// the old token still serves.
async fn token_loop(engine: &Engine, settings: watch::Receiver<Arc<Settings>>, tokens: &Tokens) -> Result<()> {
    let mut troubled = false;
    loop {
        let settings = token_settings(&settings.borrow().endpoints);
        let fresh = match &settings {
            Some(settings) => tokens.keep_fresh(settings, clock::now()).await,
            None => Ok(()),
        };
        match fresh {
            Ok(()) if troubled => {
                tracing::info!("Access tokens are given again");
                engine.note_trouble("sign-in", "").await?;
                troubled = false;
            }
            Ok(()) => {}
            Err(error) => {
                tracing::error!(%error, "No access token is given; the present one serves until it ends");
                engine.note_trouble("sign-in", &error.to_string()).await?;
                troubled = true;
            }
        }
        clock::sleep(TOKEN_ROUND).await;
    }
}

/// SIGHUP: the configuration is read again; a bad one is refused and the last good one stays.
async fn reload_loop(
    engine: &Engine,
    settings: &watch::Sender<Arc<Settings>>,
    main_file: &Path,
    bells: &Bells,
) -> Result<()> {
    let mut hangup = signal(SignalKind::hangup()).context("Cannot listen for SIGHUP")?;
    while hangup.recv().await.is_some() {
        match reload(engine, main_file).await {
            Ok(fresh) => {
                settings.send_replace(Arc::new(fresh));
                tracing::info!("The configuration was read again and is in use");
                bells.due.notify_one();
                bells.outbox.notify_one();
            }
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(error, "The new configuration is refused; the last good one stays in use");
                engine.note_trouble("configuration", &error).await?;
            }
        }
    }
    Ok(())
}

async fn reload(engine: &Engine, main_file: &Path) -> Result<Settings> {
    let (settings, _) = config::load(Some(main_file), config::environment())
        .map_err(|faults| anyhow::anyhow!(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
    engine.replace_office(office(&settings)?);
    engine.recompute(clock::now()).await?;
    engine.note_trouble("configuration", "").await?;
    Ok(settings)
}

/// Feeds systemd's watchdog as long as the scheduler's heartbeat in the store is fresh.
async fn watchdog_loop(engine: &Engine) -> Result<()> {
    loop {
        clock::sleep(StdDuration::from_secs(10)).await;
        if engine.is_beating(clock::now()).await? {
            let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
        }
    }
}
