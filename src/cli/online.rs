//! The part of `check` that signs in: mailbox, relay, database; with `--send-test` a mail goes round. Sends nothing
//! else and changes nothing.

use super::{second_thoughts, test_mail};
use crate::app::endpoints::{mailbox_endpoint, outbound_endpoint, token_settings};
use crate::app::token::{TokenError, Tokens};
use crate::config::{Fault, Settings, Severity};
use crate::mailbox::{FolderState, MailboxError, Source};
use crate::outbox::sender::{Connection, OutboundFault};
use crate::store::Store;
use crate::{app, clock};
use anyhow::{Context, Result};
use std::path::PathBuf;

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
    let endpoints = &settings.endpoints;
    let mut found = Found { file: settings.files.first().cloned().unwrap_or_default(), faults: Vec::new() };
    match database(settings).await {
        Ok(warnings) => found.faults.extend(warnings),
        Err(error) => {
            let remedy = "make the path writable for the service's user, or see that the server answers";
            found.note("store.url", &error, remedy);
        }
    }
    let (tokens, mut proof) = (Tokens::default(), Proof::Password);
    if let Some(oauth2) = token_settings(endpoints) {
        proof = Proof::Token;
        // Without a token neither way can be tried.
        if let Err(error) = tokens.token(&oauth2, clock::now()).await.map_err(anyhow::Error::from) {
            let (key, remedy) = of_token(&error).unwrap_or_default();
            found.note(key, &error, remedy);
            return (found.faults, Vec::new());
        }
    }
    let mailbox = mailbox(settings, &tokens).await;
    if let Err(error) = &mailbox {
        let (key, remedy) = of_mailbox(error, proof);
        found.note(key, error, remedy);
    }
    let relay = relay(settings, &tokens).await;
    let both = mailbox.is_ok() && relay.is_ok();
    match relay {
        Ok(warnings) => found.faults.extend(warnings),
        Err(error) => {
            let (key, remedy) = of_relay(&error, proof);
            found.note(key, &error, remedy);
        }
    }
    let mut survived = Vec::new();
    if test_mail == TestMail::Send && both {
        match test_mail::round_trip(settings, &tokens).await {
            Ok(told) => survived = told,
            Err(error) => {
                let (key, remedy) = of_round_trip(&error, proof);
                found.note(key, &error, remedy);
            }
        }
    }
    (found.faults, survived)
}

/// What was found, each thing as a fault of the main file.
struct Found {
    file: PathBuf,
    faults: Vec<Fault>,
}

impl Found {
    fn note(&mut self, key: &str, error: &anyhow::Error, remedy: &str) {
        self.faults.push(Fault {
            file: self.file.clone(),
            line: None,
            key: key.to_owned(),
            what: said(error),
            remedy: remedy.to_owned(),
            severity: Severity::Error,
        });
    }
}

/// A test mail that did not come round: either the relay refused it, or it was lost on its way to the plus address.
fn of_round_trip(error: &anyhow::Error, proof: Proof) -> (&'static str, &'static str) {
    if error.chain().any(|cause| cause.is::<OutboundFault>()) {
        return of_relay(error, proof);
    }
    if format!("{error:#}").contains("put a mail") {
        return ("outbound.per_minute", "the relay has had too much of us for now: run it again in some minutes");
    }
    let remedy = "plus-addressing may be off: in Microsoft 365 Set-OrganizationConfig -DisablePlusAddressInRecipients \
                  $false, in Postfix recipient_delimiter = +";
    ("outbound.reply_to", remedy)
}

/// How the account proves itself: decides where a refused sign-in is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    Password,
    Token,
}

impl Proof {
    fn key(self, password: &'static str) -> &'static str {
        match self {
            Self::Password => password,
            Self::Token => "oauth2.client_id",
        }
    }
}

/// What is wrong, without the remedy, which stands behind it.
fn said(error: &anyhow::Error) -> String {
    for cause in error.chain() {
        if let Some(TokenError::Refused { place, why, .. }) = cause.downcast_ref() {
            return format!("{place} gives no access token: {why}");
        }
        if let Some(TokenError::Unreachable { place, why }) = cause.downcast_ref() {
            return format!("cannot reach {place}: {why}");
        }
        if let Some(MailboxError::FolderMissing { folder }) = cause.downcast_ref() {
            return format!("the mailbox has no folder \"{folder}\"");
        }
        if let Some(MailboxError::SignIn { user, text, .. }) = cause.downcast_ref() {
            return format!("the mail server does not let {user} in: {text}");
        }
        if let Some(OutboundFault::SignIn { place, user, why, .. }) = cause.downcast_ref() {
            return format!("{place} does not let {user} in: {why}");
        }
    }
    format!("{error:#}")
}

const OPEN_TO_THE_SERVICE: &str = "make the file readable for the service's user, and no other (chmod 600)";

/// The key that a fault of the token endpoint comes from, and what to do about it.
fn of_token(error: &anyhow::Error) -> Option<(&'static str, &'static str)> {
    match error.chain().find_map(|cause| cause.downcast_ref::<TokenError>())? {
        TokenError::Unreachable { .. } => {
            Some(("oauth2.token_url", "correct it, name network.proxy or network.ca_file, or open the firewall"))
        }
        TokenError::Refused { remedy, .. } => Some(("oauth2.client_id", remedy)),
        TokenError::Throttled { .. } => Some(("oauth2.token_url", "wait until then")),
        TokenError::Setup { .. } => Some(("oauth2.client_secret", OPEN_TO_THE_SERVICE)),
    }
}

/// The key that a fault of the mailbox comes from, and what to do about it.
fn of_mailbox(error: &anyhow::Error, proof: Proof) -> (&'static str, &'static str) {
    let at_token = of_token(error);
    match error.chain().find_map(|cause| cause.downcast_ref::<MailboxError>()) {
        Some(MailboxError::SignIn { advice, .. }) => (proof.key("secrets.mailbox_password"), advice),
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
        None => at_token.unwrap_or(("secrets.mailbox_password", OPEN_TO_THE_SERVICE)),
    }
}

/// The same for the relay.
fn of_relay(error: &anyhow::Error, proof: Proof) -> (&'static str, &'static str) {
    let at_token = of_token(error);
    match error.chain().find_map(|cause| cause.downcast_ref::<OutboundFault>()) {
        Some(OutboundFault::SignIn { remedy, .. }) => (proof.key("secrets.outbound_password"), remedy),
        Some(OutboundFault::Account { remedy, .. }) => ("outbound.from", remedy),
        Some(OutboundFault::Tls { .. }) => {
            ("outbound.url", "name a private authority under network.ca_file, and the host as its certificate does")
        }
        Some(_) => ("outbound.url", "correct host and port, or see that the relay answers"),
        None => at_token.unwrap_or(("secrets.outbound_password", OPEN_TO_THE_SERVICE)),
    }
}

async fn database(settings: &Settings) -> Result<Vec<Fault>> {
    let store = Store::open(&settings.endpoints.store.expose()).await?;
    let warnings = second_thoughts::of_families(settings, &store).await;
    store.close().await;
    warnings
}

async fn mailbox(settings: &Settings, tokens: &Tokens) -> Result<FolderState> {
    let mut source = Source::open(&mailbox_endpoint(&settings.endpoints, tokens).await?).await?;
    let mut first = None;
    for folder in app::folders(&settings.endpoints).watched {
        let state = source.folder(&folder).await.with_context(|| format!("Cannot open the folder {folder}"))?;
        first.get_or_insert(state);
    }
    source.close().await;
    first.context("No folder is watched")
}

async fn relay(settings: &Settings, tokens: &Tokens) -> Result<Vec<Fault>> {
    let mut connection = Connection::open(&outbound_endpoint(&settings.endpoints, tokens).await?).await?;
    let warnings = second_thoughts::of_recipients(settings, &mut connection).await;
    connection.close().await;
    Ok(warnings)
}
