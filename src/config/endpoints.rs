//! Sections → `Endpoints`: where mail comes from and goes to, with the secrets that are needed for it.

use super::review::{Review, Secrets};
use super::schema;
use super::secret::Secret;
use super::sections::{CheckName, Oauth2, OneProof, OneSender, Sections};
use super::url::{MailboxUrl, OutboundUrl, StoreUrl};
use crate::core::calendar::at_local;
use crate::core::id::Address;
use crate::core::policy::{Mode, Verp};
use chrono::{DateTime, NaiveTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Where mail comes from and goes to.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// The way in.
    pub mailbox: MailboxSettings,
    /// The way out.
    pub outbound: OutboundSettings,
    /// Where the service remembers.
    pub store: StoreUrl,
    /// The key that signs tokens.
    pub token_key: SecretString,
    /// XOAUTH2 for both ways, instead of passwords.
    pub oauth2: Option<Oauth2Settings>,
    /// The proxy for HTTPS.
    pub proxy: Option<String>,
    /// More certificate authorities to trust, as PEM.
    pub ca_file: Option<PathBuf>,
    /// Who hears of faults.
    pub alerts: AlertSettings,
    /// Addresses from which ONE sends by itself.
    pub one_senders: Vec<OneSender>,
}

/// The way in.
#[derive(Debug, Clone)]
pub struct MailboxSettings {
    /// The server with account and watched folder, or the Maildir.
    pub url: MailboxUrl,
    /// Its password; none for a Maildir and with XOAUTH2.
    pub password: Option<Secret>,
    /// Folders that are watched too.
    pub also: Vec<String>,
    /// Folder for mail that has been dealt with.
    pub processed: String,
    /// Folder for mail that needs a person.
    pub triage: String,
    /// Mail received before is recorded and not acted on; none means the moment of the first start.
    pub ignore_before: Option<DateTime<Utc>>,
}

/// The way out.
#[derive(Debug, Clone)]
pub struct OutboundSettings {
    /// The relay with its account, or the Maildir.
    pub url: OutboundUrl,
    /// Its password; none for a Maildir, a relay without account, and with XOAUTH2.
    pub password: Option<Secret>,
    /// The address of the service.
    pub from: Address,
    /// The address that takes answers, without token.
    pub reply_to: Address,
    /// The addresses that open and end follow-ups when they are copied in.
    pub copied_in: CopiedIn,
    /// Who gets the letters of shadow mode; always there in that mode.
    pub shadow_to: Option<Address>,
    /// Letters a minute.
    pub per_minute: u32,
    /// How long a letter whose fate is unknown waits at least.
    pub uncertain_wait: Duration,
    /// Whether the envelope sender carries the token.
    pub verp: Verp,
}

/// The addresses that open and end follow-ups when they are copied in (`commands.md` 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedIn {
    /// A clarification, with the fixed subject.
    pub clarification: Address,
    /// An advice request.
    pub advice: Address,
    /// A plan draft.
    pub draft: Address,
    /// The final plan.
    pub final_plan: Address,
}

/// XOAUTH2: with a client's own secret, or with what an account's consent gave.
#[derive(Debug, Clone)]
pub struct Oauth2Settings {
    /// Where tokens are fetched.
    pub token_url: String,
    /// The application's id.
    pub client_id: String,
    /// The application's secret; always there without `refresh_token`.
    pub client_secret: Option<Secret>,
    /// What the account's consent gave.
    pub refresh_token: Option<Secret>,
    /// What the token is for.
    pub scope: String,
}

/// Who hears of faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertSettings {
    /// The operators.
    pub to: Vec<Address>,
    /// A program with its arguments, for when mail is what is broken; never empty.
    pub command: Option<Vec<String>>,
    /// Where `/healthz` and `/metrics` answer; loopback only.
    pub listen: Option<SocketAddr>,
}

impl Endpoints {
    /// The addresses of the service itself, without tokens.
    pub fn own_addresses(&self) -> Vec<Address> {
        let CopiedIn { clarification, advice, draft, final_plan } = &self.outbound.copied_in;
        let mut own: Vec<Address> =
            [&self.outbound.from, &self.outbound.reply_to, clarification, advice, draft, final_plan]
                .into_iter()
                .cloned()
                .collect();
        own.sort();
        own.dedup();
        own
    }
}

/// Builds the endpoints; `None` when something that they cannot do without is wrong.
pub(super) fn endpoints(s: &Sections, review: &mut Review<'_>) -> Option<Endpoints> {
    let oauth2 = oauth2(&s.oauth2, review);
    let oauth2_meant = OAUTH2_KEYS.iter().any(|name| is_set(review, name));
    let mailbox_secret = Need { path: "secrets.mailbox_password", user: s.mailbox.url.user(), oauth2_meant };
    let outbound_secret = Need { path: "secrets.outbound_password", user: s.outbound.url.user(), oauth2_meant };
    let mailbox_password = mailbox_secret.find(s.secrets.mailbox_password.as_ref(), review);
    let outbound_password = outbound_secret.find(s.secrets.outbound_password.as_ref(), review);
    let token_key = token_key(s, review);
    check_store(&s.store.url, review);
    check_folders(s, review);
    check_shadow(s, review);
    check_one_senders(s, review);
    if s.alerts.to.is_empty() && s.alerts.command.is_none() {
        review.warning(
            "alerts.to",
            "nobody would hear of faults of the service",
            "write `to = [\"operators@council.example\"]` under [alerts]",
        );
    }
    let from = from(s, review)?;
    let reply_to = s.outbound.reply_to.clone().unwrap_or_else(|| from.clone());
    let copied_in = copied_in(s, &reply_to, review);
    Some(Endpoints {
        mailbox: MailboxSettings {
            url: s.mailbox.url.clone(),
            password: mailbox_password,
            also: s.mailbox.also.clone(),
            processed: s.mailbox.processed.clone(),
            triage: s.mailbox.triage.clone(),
            ignore_before: s.mailbox.ignore_before.map(|day| at_local(day, NaiveTime::MIN, s.authority.time_zone)),
        },
        outbound: OutboundSettings {
            url: s.outbound.url.clone(),
            password: outbound_password,
            from,
            reply_to,
            copied_in,
            shadow_to: s.outbound.shadow_to.clone(),
            per_minute: s.outbound.per_minute,
            uncertain_wait: Duration::from_secs(u64::from(s.outbound.uncertain_wait) * 60),
            verp: s.outbound.verp,
        },
        store: s.store.url.clone(),
        token_key: token_key?,
        oauth2,
        proxy: s.network.proxy.clone(),
        ca_file: s.network.ca_file.clone(),
        alerts: AlertSettings { to: s.alerts.to.clone(), command: s.alerts.command.clone(), listen: s.alerts.listen },
        one_senders: s.one_sender.clone(),
    })
}

/// A password that is needed when there is an account and no XOAUTH2.
struct Need<'a> {
    path: &'static str,
    user: Option<&'a str>,
    oauth2_meant: bool,
}

impl Need<'_> {
    fn find(&self, place: Option<&super::secret::SecretPlace>, review: &mut Review<'_>) -> Option<Secret> {
        let account = self.user?;
        if place.is_some() && self.oauth2_meant {
            review.warning(self.path, "is not used, as [oauth2] is configured", "take it out, or [oauth2]");
        }
        if place.is_none() && !self.oauth2_meant {
            let example = schema::key(self.path).map_or("", |key| key.preset.example());
            let name = self.path.rsplit('.').next().unwrap_or(self.path);
            let what = format!("the account {account} needs a password");
            review.error(self.path, what, format!("write `{name} = {example}` under [secrets], or fill [oauth2]"));
        }
        review.secret(self.path, place)
    }
}

/// Half the length of the HMAC's block: what an attacker has to guess is then the key and not less.
const SHORTEST_KEY: usize = 32;

fn token_key(s: &Sections, review: &mut Review<'_>) -> Option<SecretString> {
    let path = "secrets.token_key";
    let read = review.secret(path, Some(&s.secrets.token_key)).and_then(|secret| secret.read().ok());
    let key = match (read, review.secrets) {
        (Some(key), _) => key,
        (None, Secrets::Needed) => return None,
        (None, Secrets::Spared) => return Some(SecretString::default()),
    };
    if key.expose_secret().chars().count() < SHORTEST_KEY {
        let what = format!("the key is shorter than {SHORTEST_KEY} characters and could be guessed");
        review.error(path, what, "make one with `openssl rand -base64 32`");
        return None;
    }
    Some(key)
}

const OAUTH2_KEYS: [&str; 5] = ["token_url", "client_id", "scope", "client_secret", "refresh_token"];

fn is_set(review: &Review<'_>, name: &str) -> bool {
    review.gathered.place(&format!("oauth2.{name}")).is_some()
}

fn oauth2(s: &Oauth2, review: &mut Review<'_>) -> Option<Oauth2Settings> {
    if !OAUTH2_KEYS.iter().any(|name| is_set(review, name)) {
        return None;
    }
    let consent = is_set(review, "refresh_token");
    let missing = OAUTH2_KEYS.into_iter().filter(|&name| {
        let needed = name != "refresh_token" && (name != "client_secret" || !consent);
        needed && !is_set(review, name)
    });
    for name in missing.collect::<Vec<_>>() {
        let path = format!("oauth2.{name}");
        let example = schema::key(&path).map_or("", |key| key.preset.example());
        let what = "is missing, and the section needs token_url, client_id, scope and client_secret or refresh_token";
        review.error(&path, what, format!("write `{name} = {example}`"));
    }
    let client_secret = review.secret("oauth2.client_secret", s.client_secret.as_ref());
    let refresh_token = review.secret("oauth2.refresh_token", s.refresh_token.as_ref());
    client_secret.as_ref().or(refresh_token.as_ref())?;
    Some(Oauth2Settings {
        client_secret,
        refresh_token,
        token_url: s.token_url.clone()?,
        client_id: s.client_id.clone()?,
        scope: s.scope.clone()?,
    })
}

fn check_store(url: &StoreUrl, review: &mut Review<'_>) {
    let in_a_file = review.gathered.place("store.url").is_some_and(|place| place.line.is_some());
    if in_a_file && url.has_password() {
        let remedy = "take it out; give it in PGPASSFILE, or the whole address in FOLLOWUPD__STORE__URL";
        review.error("store.url", "a password never stands in a configuration file", remedy);
    }
}

fn check_folders(s: &Sections, review: &mut Review<'_>) {
    let watched = match &s.mailbox.url {
        MailboxUrl::Imap { folder, .. } => folder.as_str(),
        MailboxUrl::Maildir(_) => "INBOX",
    };
    let taken = |folder: &str| folder == watched || s.mailbox.also.iter().any(|other| other == folder);
    for (path, folder) in [("mailbox.processed", &s.mailbox.processed), ("mailbox.triage", &s.mailbox.triage)] {
        if taken(folder) {
            let what = format!("'{folder}' is watched for new mail, so mail would be moved in a circle");
            review.error(path, what, "name a folder of its own");
        }
    }
    if s.mailbox.processed == s.mailbox.triage {
        let what = format!("'{}' is also mailbox.processed", s.mailbox.triage);
        review.error("mailbox.triage", what, "name a folder of its own");
    }
}

fn check_shadow(s: &Sections, review: &mut Review<'_>) {
    if s.outbound.mode.any(Mode::Shadow) && s.outbound.shadow_to.is_none() {
        let what = "shadow mode sends letters for advisers, managers and parents to one address, and none is named";
        let remedy = "write `shadow_to = \"send.manager@council.example\"` under [outbound]";
        review.error("outbound.shadow_to", what, remedy);
    }
}

fn check_one_senders(s: &Sections, review: &mut Review<'_>) {
    let covered = s.security.sender_check == CheckName::AuthenticationResults || !s.security.authserv_ids.is_empty();
    for (i, sender) in s.one_sender.iter().enumerate() {
        if sender.proof == OneProof::AuthenticationResults && !covered {
            let what = "authentication_results needs security.authserv_ids";
            review.error(&format!("one_sender[{i}].proof"), what, "name the server in security.authserv_ids");
        }
    }
}

fn from(s: &Sections, review: &mut Review<'_>) -> Option<Address> {
    let account = s.mailbox.url.user().and_then(Address::parse);
    let from = s.outbound.from.clone().or(account);
    if from.is_none() && review.gathered.is_sound("mailbox.url") {
        let what = "is missing, and the account of mailbox.url is no e-mail address";
        review.error("outbound.from", what, "write `from = \"followups@council.example\"` under [outbound]");
    }
    from
}

fn copied_in(s: &Sections, reply_to: &Address, review: &mut Review<'_>) -> CopiedIn {
    let entry = &s.commands.copied_in;
    let or = |given: &Option<Address>, detail: &str| given.clone().unwrap_or_else(|| reply_to.with_detail(detail));
    let copied_in = CopiedIn {
        clarification: entry.clarification.clone().unwrap_or_else(|| reply_to.clone()),
        advice: or(&entry.advice, "advice"),
        draft: or(&entry.draft, "draft"),
        final_plan: or(&entry.final_plan, "final"),
    };
    let CopiedIn { clarification, advice, draft, final_plan } = &copied_in;
    let mut seen: Vec<&Address> = Vec::new();
    for address in [clarification, advice, draft, final_plan] {
        if seen.contains(&address) {
            let what = format!("{address} stands for two things");
            review.error("commands.copied_in", what, "give each its own; the address says which clock runs");
        }
        seen.push(address);
    }
    copied_in
}
