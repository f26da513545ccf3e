//! Sections about the ways in and out: mailbox, relay, store, secrets, network, alerts.

use crate::config::secret::SecretPlace;
use crate::config::url::{MailboxUrl, OutboundUrl, StoreUrl};
use crate::core::id::Address;
use chrono::NaiveDate;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;

/// `[mailbox]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// Where mail is read.
    pub url: MailboxUrl,
    /// Folders that are watched too.
    pub also: Vec<String>,
    /// Folder for mail that has been dealt with.
    pub processed: String,
    /// Folder for mail that needs a person.
    pub triage: String,
    /// Mail received before this local day is recorded and not acted on.
    pub ignore_before: Option<NaiveDate>,
}

/// `[outbound]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outbound {
    /// How mail leaves.
    pub url: OutboundUrl,
    /// The address of the service.
    pub from: Option<Address>,
    /// The address that takes answers, without token.
    pub reply_to: Option<Address>,
    /// Which letters leave.
    pub mode: crate::core::policy::Modes,
    /// Who gets the letters of shadow mode.
    pub shadow_to: Option<Address>,
    /// Letters a minute.
    pub per_minute: u32,
    /// Minutes before a letter whose fate is unknown may be sent again.
    pub uncertain_wait: u32,
    /// Whether the envelope sender carries the token.
    pub verp: crate::core::policy::Verp,
}

/// `[store]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// Where the service remembers.
    pub url: StoreUrl,
}

/// `[secrets]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// The key that signs tokens.
    pub token_key: SecretPlace,
    /// Password of the mailbox's account.
    pub mailbox_password: Option<SecretPlace>,
    /// Password of the relay's account.
    pub outbound_password: Option<SecretPlace>,
}

/// `[oauth2]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Oauth2 {
    /// Where tokens are fetched.
    pub token_url: Option<String>,
    /// The application's id.
    pub client_id: Option<String>,
    /// The application's secret.
    pub client_secret: Option<SecretPlace>,
    /// What the token is for.
    pub scope: Option<String>,
    /// What the account's consent gave.
    pub refresh_token: Option<SecretPlace>,
}

/// `[network]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// The proxy for HTTPS.
    pub proxy: Option<String>,
    /// More certificate authorities to trust, as PEM.
    pub ca_file: Option<PathBuf>,
}

/// `[alerts]`
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alerts {
    /// The operators; nobody when left out.
    #[serde(default)]
    pub to: Vec<Address>,
    /// A program with its arguments, for when mail is what is broken.
    pub command: Option<Vec<String>>,
    /// Where `/healthz` and `/metrics` answer.
    pub listen: Option<SocketAddr>,
}
