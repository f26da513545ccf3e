//! Tells operators what needs them: by mail, by the command of `[alerts]` when mail is what is broken, and in the log.
//! A mail goes straight to the relay, past the outbox: it is about no case, and a pause of all letters is no reason to
//! keep it back.

use super::endpoints::outbound_endpoint;
use super::room::{Room, Told};
use super::token::Tokens;
use crate::clock;
use crate::config::Settings;
use crate::core::id::Address;
use crate::engine::{AlertKind, Engine, Surroundings, Telling, Turn};
use crate::letters::compose::OWN_HEADER;
use crate::outbox::sender::{Answer, Connection, Envelope};
use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::sync::watch;

/// How often it is looked whether something needs an operator.
const ROUND: Duration = Duration::from_secs(20);
/// How long the command may take.
const COMMAND_WITHIN: Duration = Duration::from_secs(30);

/// Looks again and again; ends only with a failure of the store.
///
/// # Errors
/// When the store fails.
pub(super) async fn alert_loop(
    engine: &Engine,
    settings: watch::Receiver<Arc<Settings>>,
    tokens: &Tokens,
) -> Result<()> {
    // What stood before a restart has a moment to be well again.
    clock::sleep(ROUND).await;
    loop {
        let current = settings.borrow().clone();
        let now = clock::now();
        let around = surroundings(&current, &engine.standing_alerts().await?, now);
        engine.note_trouble("database", around.disk.as_deref().unwrap_or_default(), now).await?;
        let alerts = engine.alerts(&around, now).await?;
        for telling in engine.alerts_to_tell(&alerts, now).await? {
            if tell(&current, tokens, &telling).await {
                engine.note_told(&telling).await?;
            }
        }
        clock::sleep(ROUND).await;
    }
}

fn surroundings(settings: &Settings, standing: &[AlertKind], now: DateTime<Utc>) -> Surroundings {
    let holidays =
        settings.warnings_on(now.date_naive()).first().map(|fault| format!("{}; {}", fault.what, fault.remedy));
    let told = if standing.contains(&AlertKind::Database) { Told::Already } else { Told::NotYet };
    let disk = Room::of(&settings.endpoints.store).filter(|room| room.is_short(told)).map(|room| format!("{room}."));
    Surroundings { disk, holidays }
}

/// Tells one alert by whatever way is open; whether it was told. Where no way is configured the log has to do.
pub(super) async fn tell(settings: &Settings, tokens: &Tokens, telling: &Telling) -> bool {
    log(telling);
    let alerts = &settings.endpoints.alerts;
    let (subject, text) = wording(settings, telling);
    let mut told = alerts.to.is_empty() && alerts.command.is_none();
    let by_command = telling.kind.concerns_mail() || alerts.to.is_empty();
    if let Some(command) = alerts.command.as_ref().filter(|_| by_command) {
        told |= settled("the command", run(command, telling, &format!("{subject}\n\n{text}")).await);
    }
    if !told && !alerts.to.is_empty() {
        told |= settled("mail", mail(settings, tokens, &subject, &text).await);
    }
    if let Some(command) = alerts.command.as_ref().filter(|_| !told && !by_command) {
        told |= settled("the command", run(command, telling, &format!("{subject}\n\n{text}")).await);
    }
    told
}

fn settled(way: &str, outcome: Result<()>) -> bool {
    if let Err(error) = &outcome {
        tracing::error!(error = format!("{error:#}"), "An alert could not be told by {way}; it is tried again");
    }
    outcome.is_ok()
}

fn log(telling: &Telling) {
    let (alert, headline) = (telling.kind.name(), telling.kind.headline());
    match telling.turn {
        Turn::Raised => tracing::error!(alert, why = telling.text, "Alert: {headline}"),
        Turn::Over => tracing::info!(alert, "The alert is over: {headline}"),
    }
}

/// Subject and text, as a person reads them.
fn wording(settings: &Settings, telling: &Telling) -> (String, String) {
    let authority = &settings.policy.authority;
    let zone = settings.policy.zone;
    let at = |at: DateTime<Utc>| at.with_timezone(&zone).format("%H:%M on %-d %B %Y").to_string();
    let (name, headline) = (&authority.name, telling.kind.headline());
    match telling.turn {
        Turn::Raised => (
            format!("followupd alert: {headline}"),
            format!(
                "The follow-up service of {name} needs an operator: {headline}, since {}.\n\n{}\n\n{}\n\n\
                 You are told once, and once more when it is over.\n",
                at(telling.since),
                telling.text,
                telling.kind.advice()
            ),
        ),
        Turn::Over => (
            format!("followupd: over: {headline}"),
            format!(
                "The follow-up service of {name} is well again. What was told as \"{headline}\", since {}, is over.\n\n\
                 It had been:\n\n{}\n",
                at(telling.since),
                telling.text
            ),
        ),
    }
}

/// Runs the command with the text on its input. It gets nothing of the service's environment but the path, for
/// secrets may stand there.
async fn run(command: &[String], telling: &Telling, text: &str) -> Result<()> {
    let (program, arguments) = command.split_first().context("alerts.command names no program")?;
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("FOLLOWUPD_ALERT", telling.kind.name())
        .env("FOLLOWUPD_ALERT_TURN", if telling.turn == Turn::Raised { "raised" } else { "over" })
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("Cannot run alerts.command ({program})"))?;
    let work = async {
        if let Some(mut input) = child.stdin.take() {
            // A command that does not read is no fault.
            drop(input.write_all(text.as_bytes()).await);
        }
        child.wait().await
    };
    let status = tokio::time::timeout(COMMAND_WITHIN, work)
        .await
        .with_context(|| format!("alerts.command did not end within {} s", COMMAND_WITHIN.as_secs()))?
        .context("Cannot wait for alerts.command")?;
    anyhow::ensure!(status.success(), "alerts.command ended with {status}");
    Ok(())
}

async fn mail(settings: &Settings, tokens: &Tokens, subject: &str, text: &str) -> Result<()> {
    let endpoints = &settings.endpoints;
    let from = &endpoints.outbound.from;
    let to = &endpoints.alerts.to;
    let id = data_encoding::HEXLOWER.encode(&random()?);
    let list: Vec<&str> = to.iter().map(Address::as_str).collect();
    let bytes = format!(
        "From: {from}\r\nTo: {}\r\nSubject: {subject}\r\nDate: {}\r\nMessage-ID: <alert-{id}@{}>\r\n\
         {OWN_HEADER}: alert {id}\r\nAuto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        list.join(",\r\n "),
        clock::now().to_rfc2822(),
        from.domain(),
        wrapped(text)
    );
    let mut connection = Connection::open(&outbound_endpoint(endpoints, tokens).await?).await?;
    let envelope = Envelope { from: Some(from.clone()), to: to.clone(), id: None };
    let answers = connection.deliver(&envelope, bytes.as_bytes(), async || Ok(())).await?;
    connection.close().await;
    if answers.iter().any(|(_, answer)| matches!(answer, Answer::Accepted { .. })) {
        return Ok(());
    }
    bail!("The relay took the alert for none of the operators")
}

fn random() -> Result<[u8; 8]> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).ok().context("Cannot get random bytes from the system")?;
    Ok(bytes)
}

/// Base64 in lines of 76: the text may hold any letter and lines of any length.
fn wrapped(text: &str) -> String {
    let coded = data_encoding::BASE64_MIME.encode(text.as_bytes());
    coded.trim_end().to_owned() + "\r\n"
}
