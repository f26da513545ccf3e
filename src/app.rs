//! The composition root: settings → a running service. Opens the store, starts the loops; the first to end stops all.

mod alerts;
pub mod endpoints;
mod lead;
mod listener;
mod loops;
mod metrics;
mod one;
mod reload;
mod room;
pub mod token;

use crate::clock;
use crate::config::{self, Endpoints, Fault, Settings};
use crate::core::policy::Mode;
use crate::core::retention::RetentionRules;
use crate::core::token::TokenKey;
use crate::engine::{AlertKind, CopiedIn, Engine, Office, Telling, Turn};
use crate::letters::stationery::{Copies, Stationery, StationerySettings};
use crate::mailbox::ingest::Folders;
use crate::scheduler;
use crate::store::{Store, is_lease_lost, is_passing};
use alerts::alert_loop;
use anyhow::{Context, Result};
use chrono::Duration;
use loops::{backoff, mailbox_loop, outbox_loop, token_loop, watchdog_loop};
use reload::reload_loop;
use secrecy::ExposeSecret;
use std::path::PathBuf;
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
        from: outbound.from.clone(),
        key: TokenKey::new(endpoints.token_key.expose_secret().as_bytes()),
        mode: policy.mode.clone(),
        shadow_to: outbound.shadow_to.clone().filter(|_| policy.mode.any(Mode::Shadow)),
        copies,
        escalation_prefix: policy.escalation.subject_prefix.clone(),
    };
    let copied = &outbound.copied_in;
    Ok(Office {
        stationery: Stationery::new(
            stationery,
            &config::templates::overrides(settings.sections.templates.dir.as_deref())?,
        )?,
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

/// An engine on the store of a service that has run, for a command beside it.
///
/// # Errors
/// When there is no such store, it cannot be opened, or the office cannot be set up.
pub async fn engine_beside(settings: &Settings) -> Result<Engine> {
    let store = Store::open_existing(&settings.endpoints.store.expose()).await?;
    Ok(Engine::new(store, office(settings)?))
}

/// An engine on the store that the settings name, which is made or upgraded.
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
    }
}

/// How long things are held, as the settings say.
pub fn retention_rules(settings: &Settings) -> RetentionRules {
    let held = &settings.sections.retention;
    RetentionRules {
        raw_days: held.raw_days,
        unmatched_days: held.unmatched_days,
        metadata_years: held.metadata_years,
        stale_months: held.stale_months,
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
pub async fn run(settings: Settings, warnings: &[Fault], main_file: PathBuf) -> Result<()> {
    let engine = engine(&settings).await?;
    engine.note_start(clock::now()).await?;
    engine.note_warnings(&words_of(warnings)).await?;
    let (settings_in, settings_out) = watch::channel(Arc::new(settings));
    let (tokens, stop) = (Tokens::default(), CancellationToken::new());
    let name = lead::own_name()?;
    let service = Service { engine, settings_in, settings_out, main_file, tokens, stop, name };
    tokio::spawn(stop_on_signal(service.stop.clone()));
    tokio::spawn(listener::listen(service.engine.clone(), service.settings_out.clone()));
    let result = loop {
        match service.lead_and_serve().await {
            Err(error) if is_lease_lost(&error) && !service.stop.is_cancelled() => {
                tracing::warn!("Another node has taken the lead; this one stands by");
            }
            Err(error) if is_passing(&error) && !service.stop.is_cancelled() => {
                tracing::error!(error = format!("{error:#}"), "The database cannot be used; waiting for it");
                service.wait_for_database(&error).await;
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
    /// By which the database knows this node.
    name: String,
}

impl Service {
    async fn lead_and_serve(&self) -> Result<()> {
        if !self.lead().await? {
            return Ok(());
        }
        let ended = self.serve().await;
        self.stop_leading().await;
        ended
    }

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
        // It was read a moment ago, and is good.
        engine.note_trouble("configuration", "", now).await?;
        engine.recompute(now).await?;
        engine.keep_again(now).await?;
        let bells = Bells::default();
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
        tracing::info!(mode = ?engine.office().policy.mode, "followupd is running");
        tokio::select! {
            ended = mailbox_loop(engine, self.settings_out.clone(), &self.tokens, &bells) => ended.context("The mailbox loop ended"),
            ended = outbox_loop(engine, self.settings_out.clone(), &self.tokens, &bells, &self.stop) => ended.context("The outbox loop ended"),
            ended = token_loop(engine, self.settings_out.clone(), &self.tokens) => ended.context("The token loop ended"),
            ended = scheduler::run(engine, bells.due.clone(), bells.outbox.clone()) => ended.context("The scheduler ended"),
            ended = alert_loop(engine, self.settings_out.clone(), &self.tokens) => ended.context("The alert loop ended"),
            ended = reload_loop(engine, &self.settings_in, &self.main_file, &bells) => ended.context("The reload loop ended"),
            ended = self.keep_leading() => ended.context("This node leads no longer"),
            ended = watchdog_loop(engine) => ended,
            () = drained(&self.stop) => Ok(()),
        }
    }

    async fn wait_for_database(&self, why: &anyhow::Error) {
        let mut failures = 0;
        let mut alert =
            Telling { kind: AlertKind::Store, turn: Turn::Raised, text: format!("{why:#}"), since: clock::now() };
        let mut told = false;
        loop {
            failures += 1;
            // It is alive and waits on purpose; a restart would gain nothing.
            let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
            tokio::select! {
                () = clock::sleep(backoff(failures)) => {}
                () = self.stop.cancelled() => return,
            }
            match self.engine.store().try_out().await {
                Ok(()) => break tracing::info!("The database can be used again"),
                Err(error) => tracing::warn!(failures, error = format!("{error:#}"), "The database cannot be used yet"),
            }
            if !told && clock::now() - alert.since > PASSING {
                told = self.tell(&alert).await;
            }
        }
        alert.turn = Turn::Over;
        if told {
            self.tell(&alert).await;
        }
    }

    async fn tell(&self, alert: &Telling) -> bool {
        let settings = self.settings_out.borrow().clone();
        alerts::tell(&settings, &self.tokens, alert).await
    }
}

/// A database that is away for less than this is no reason to wake an operator.
const PASSING: Duration = Duration::minutes(5);

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

/// Warnings as the weekly report prints them.
fn words_of(warnings: &[Fault]) -> Vec<String> {
    warnings.iter().map(|fault| format!("{}; {}", fault.what, fault.remedy)).collect()
}
