//! The part of `check` that signs in: mailbox, relay, database; with `--send-test` one mail goes round. Sends nothing
//! else and changes nothing.

use super::endpoints::{mailbox_endpoint, outbound_endpoint};
use crate::config::{Fault, Settings, Severity};
use crate::core::id::Address;
use crate::letters::compose::OWN_HEADER;
use crate::mailbox::{BatchLimits, FolderState, MailboxError, Source};
use crate::message::parse::parse;
use crate::outbox::sender::{Answer, Connection, Envelope, OutboundFault};
use crate::store::Store;
use crate::{app, clock};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::time::Duration;

/// How long the test mail may take to come round.
const PATIENCE: u32 = 60;

/// Whether a test mail is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestMail {
    /// One goes round.
    Send,
    /// Nothing is sent.
    None,
}

/// What signing in has found: faults, and for a test mail what survived, as sentences.
pub async fn faults(settings: &Settings, test_mail: TestMail) -> (Vec<Fault>, Vec<String>) {
    let mut faults = Vec::new();
    let file = settings.files.first().cloned().unwrap_or_default();
    let mut note = |key: &str, error: anyhow::Error, remedy: &str| {
        faults.push(Fault {
            file: PathBuf::clone(&file),
            line: None,
            key: key.to_owned(),
            what: format!("{error:#}"),
            remedy: remedy.to_owned(),
            severity: Severity::Error,
        });
    };
    if let Err(error) = database(settings).await {
        note("store.url", error, "make the path writable for the service's user, or see that the server answers");
    }
    let mailbox = mailbox(settings).await;
    if let Err(error) = &mailbox {
        let (key, remedy) = of_mailbox(error);
        note(key, anyhow::anyhow!("{error:#}"), remedy);
    }
    let relay = relay(settings).await;
    if let Err(error) = &relay {
        let (key, remedy) = of_relay(error);
        note(key, anyhow::anyhow!("{error:#}"), remedy);
    }
    let mut survived = Vec::new();
    if test_mail == TestMail::Send && mailbox.is_ok() && relay.is_ok() {
        match round_trip(settings).await {
            Ok(told) => survived = told,
            Err(error) => note("outbound.reply_to", error, "plus-addressing may be off: ask the mail administrators"),
        }
    }
    (faults, survived)
}

/// The key that a fault of the mailbox comes from, and what to do about it.
fn of_mailbox(error: &anyhow::Error) -> (&'static str, &'static str) {
    match error.chain().find_map(|cause| cause.downcast_ref::<MailboxError>()) {
        Some(MailboxError::SignIn { .. }) => ("secrets.mailbox_password", "write the account's present password there"),
        Some(MailboxError::Tls { .. }) => {
            ("mailbox.url", "name a private authority under network.ca_file, and the host as its certificate does")
        }
        Some(MailboxError::FolderMissing { .. }) => ("mailbox.also", "create the folder, or take its name out"),
        Some(MailboxError::Files { .. }) => ("mailbox.url", "make the folder a Maildir of the service's user"),
        Some(
            MailboxError::Unreachable { .. }
            | MailboxError::Refused { .. }
            | MailboxError::ConnectionLost { .. }
            | MailboxError::TimedOut { .. }
            | MailboxError::Protocol { .. },
        ) => ("mailbox.url", "correct host and port, or see that the server answers"),
        None => ("secrets.mailbox_password", "make the file readable for the service's user, and no other (chmod 600)"),
    }
}

/// The same for the relay.
fn of_relay(error: &anyhow::Error) -> (&'static str, &'static str) {
    match error.chain().find_map(|cause| cause.downcast_ref::<OutboundFault>()) {
        Some(OutboundFault::SignIn { .. }) => {
            ("secrets.outbound_password", "write the account's present password there")
        }
        Some(OutboundFault::Tls { .. }) => {
            ("outbound.url", "name a private authority under network.ca_file, and the host as its certificate does")
        }
        Some(_) => ("outbound.url", "correct host and port, or see that the relay answers"),
        None => {
            ("secrets.outbound_password", "make the file readable for the service's user, and no other (chmod 600)")
        }
    }
}

async fn database(settings: &Settings) -> Result<()> {
    let store = Store::open(&settings.endpoints.store.expose()).await?;
    store.close().await;
    Ok(())
}

async fn mailbox(settings: &Settings) -> Result<FolderState> {
    let mut source = Source::open(&mailbox_endpoint(&settings.endpoints)?).await?;
    let mut first = None;
    for folder in app::folders(&settings.endpoints).watched {
        let state = source.folder(&folder).await.with_context(|| format!("Cannot open the folder {folder}"))?;
        first.get_or_insert(state);
    }
    source.close().await;
    first.context("No folder is watched")
}

async fn relay(settings: &Settings) -> Result<()> {
    let connection = Connection::open(&outbound_endpoint(&settings.endpoints)?).await?;
    connection.close().await;
    Ok(())
}

/// Sends one mail to a plus address of our own and looks for it in the mailbox.
async fn round_trip(settings: &Settings) -> Result<Vec<String>> {
    let outbound = &settings.endpoints.outbound;
    let mut random = [0u8; 8];
    getrandom::fill(&mut random).ok().context("Cannot get random bytes")?;
    let mark = data_encoding::HEXLOWER.encode(&random);
    let token = outbound.reply_to.with_detail(&format!("check-{mark}"));
    let inbox = app::folders(&settings.endpoints).watched.into_iter().next().context("No folder is watched")?;
    let mut source = Source::open(&mailbox_endpoint(&settings.endpoints)?).await?;
    let before = source.folder(&inbox).await?;
    let message_id = format!("check-{mark}@{}", token.domain());
    send(settings, &token, &mark, &message_id).await?;
    let limits = BatchLimits::default();
    for _ in 0..PATIENCE {
        let batch = source.batch(&inbox, before.uid_next.saturating_sub(1), &limits).await?;
        for mail in &batch.mails {
            let message = parse(&mail.raw);
            if message.header(OWN_HEADER).is_some_and(|h| h.contains(&mark)) {
                return Ok(told(&message, &token, &message_id, &outbound.from));
            }
        }
        clock::sleep(Duration::from_secs(1)).await;
    }
    bail!("the test mail to {token} was taken by the relay and did not arrive within {PATIENCE} seconds")
}

async fn send(settings: &Settings, token: &Address, mark: &str, message_id: &str) -> Result<()> {
    let from = &settings.endpoints.outbound.from;
    let bytes = format!(
        "From: {from}\r\nTo: {token}\r\nSubject: followupd check\r\nDate: {}\r\nMessage-ID: <{message_id}>\r\n{OWN_HEADER}: check {mark}\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThis is a test mail of `followupd check --send-test`. It can be deleted.\r\n",
        clock::now().to_rfc2822()
    );
    let mut connection = Connection::open(&outbound_endpoint(&settings.endpoints)?).await?;
    let envelope = Envelope { from: Some(from.clone()), to: vec![token.clone()], id: None };
    let answers = connection.deliver(&envelope, bytes.as_bytes(), async || Ok(())).await?;
    connection.close().await;
    match answers.first() {
        Some((_, Answer::Accepted { .. })) => Ok(()),
        Some((_, Answer::Deferred { text } | Answer::Rejected { text } | Answer::Uncertain { text })) => {
            bail!("the relay did not take a mail to {token}: {text}")
        }
        None => bail!("the relay gave no answer for {token}"),
    }
}

fn told(message: &crate::message::Message, token: &Address, message_id: &str, from: &Address) -> Vec<String> {
    let addressed = message.delivered_to.iter().chain(message.to.iter().map(|m| &m.address)).any(|a| a == token);
    let kept = message.message_id.as_deref() == Some(message_id);
    let author = message.author().is_some_and(|a| a.address == *from);
    let said = |good: bool, what: &str, else_what: &str| {
        if good { format!("ok: {what}") } else { format!("note: {else_what}") }
    };
    vec![
        said(
            addressed,
            "the token address arrived",
            "the token address was lost; answers are placed by Message-ID alone",
        ),
        said(
            kept,
            "the Message-ID survived",
            "the relay replaced the Message-ID; the service learns the new one from its own copies",
        ),
        said(author, "the sender survived", "the sender was rewritten"),
    ]
}
