//! Access tokens for XOAUTH2: one for both ways, renewed ahead of its end. Only the service's memory holds them.
//!
//! A token is fetched anew long before it ends, so that a credential that was revoked is noticed while the old token
//! still lets the service in, and operators hear of it within a quarter of an hour.

mod ask;
mod riddle;

use crate::config::Oauth2Settings;
use ask::{Grant, Way};
use chrono::{DateTime, Duration, Utc};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Mutex;

/// A token is fetched anew at this share of its life …
const RENEW_AT_PERCENT: i32 = 80;
/// … and in any case this often: it proves that the credential is alive.
const PROVE_EVERY: Duration = Duration::minutes(10);
/// A token that ends so soon is not presented any more.
const TOO_OLD: Duration = Duration::seconds(30);
/// How long a token endpoint that refused or did not answer is left alone, unless it named a time itself.
const LEAVE_ALONE: Duration = Duration::minutes(1);
/// The longest `Retry-After` that is believed.
const LONGEST_REST: Duration = Duration::hours(1);

/// Why there is no token. Holds no secret.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TokenError {
    /// The endpoint did not answer, or not in its language.
    #[error("Cannot get an access token from {place}: {why}. Check oauth2.token_url, [network] and the firewall.")]
    Unreachable {
        /// `host:port`.
        place: String,
        /// What happened.
        why: String,
    },
    /// The endpoint refuses the application.
    #[error("Cannot get an access token from {place}: {why}. {remedy}")]
    Refused {
        /// `host:port`.
        place: String,
        /// The endpoint's words.
        why: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The endpoint wants to be left alone for a while.
    #[error("{place} gives no access token before {until}: it asked to be left alone (throttling).")]
    Throttled {
        /// `host:port`.
        place: String,
        /// When it may be asked again, RFC 3339.
        until: String,
    },
    /// A secret cannot be read, or the connection cannot be prepared.
    #[error("Cannot ask for an access token: {why}")]
    Setup {
        /// What is wrong.
        why: String,
    },
}

/// How tokens are got: what is configured, and how the endpoint is reached.
#[derive(Debug, Clone)]
pub struct TokenSettings {
    /// `[oauth2]`.
    pub oauth2: Oauth2Settings,
    /// `network.proxy`.
    pub proxy: Option<String>,
    /// `network.ca_file`.
    pub ca_file: Option<PathBuf>,
}

/// The token in hand. Copies share it, so that mailbox and outbox present the same one.
#[derive(Debug, Clone, Default)]
pub struct Tokens(Arc<Mutex<Held>>);

#[derive(Debug, Default)]
struct Held {
    token: Option<Token>,
    /// Until then the endpoint is not asked, and why.
    rest: Option<(DateTime<Utc>, TokenError)>,
    /// For which configuration and secrets all this holds: a new secret is tried at once.
    of: Vec<u8>,
    /// A refresh token that the provider gave and that could not be written down.
    unkept: Option<SecretString>,
}

#[derive(Debug, Clone)]
struct Token {
    secret: SecretString,
    fetched_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
}

impl Token {
    fn renew_at(&self) -> DateTime<Utc> {
        let life = self.ends_at - self.fetched_at;
        self.fetched_at + (life * RENEW_AT_PERCENT / 100).min(PROVE_EVERY)
    }

    /// A clock that was put back makes a token neither fresh nor old; it is fetched anew.
    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        (self.fetched_at..self.renew_at()).contains(&now)
    }

    fn lets_in(&self, now: DateTime<Utc>) -> bool {
        (self.fetched_at..self.ends_at - TOO_OLD).contains(&now)
    }
}

impl Tokens {
    /// A token that lets the service in, fetched when the one in hand comes to its end. When that fails the old one
    /// serves as long as it is good.
    ///
    /// # Errors
    /// When there is none.
    pub async fn token(&self, settings: &TokenSettings, now: DateTime<Utc>) -> Result<SecretString, TokenError> {
        // Held while the endpoint is asked: who comes meanwhile waits for the same answer.
        let mut held = self.0.lock().await;
        let renewed = held.renew(settings, now).await;
        match (&held.token, renewed) {
            (Some(token), Ok(())) => Ok(token.secret.clone()),
            (Some(token), Err(error)) if token.lets_in(now) => {
                tracing::debug!(%error, "The access token could not be renewed; the present one is still good");
                Ok(token.secret.clone())
            }
            (_, Err(error)) => Err(error),
            (None, Ok(())) => Err(TokenError::Setup { why: "no token came".to_owned() }),
        }
    }

    /// Renews ahead of the end, so that a dead credential is noticed while the old token still serves.
    ///
    /// # Errors
    /// When the token cannot be renewed, also while the old one is good.
    pub async fn keep_fresh(&self, settings: &TokenSettings, now: DateTime<Utc>) -> Result<(), TokenError> {
        self.0.lock().await.renew(settings, now).await
    }

    /// A server has refused the token: the next call fetches another, unless this one is quite new already; then the
    /// token is not what is wrong.
    pub async fn distrust(&self, now: DateTime<Utc>) {
        let mut held = self.0.lock().await;
        held.token = held.token.take().filter(|token| now - token.fetched_at < LEAVE_ALONE);
    }
}

impl Held {
    async fn renew(&mut self, settings: &TokenSettings, now: DateTime<Utc>) -> Result<(), TokenError> {
        let (mut grant, of) = grant(&settings.oauth2)?;
        if self.of != of {
            *self = Self { of, ..Self::default() };
        }
        if self.token.as_ref().is_some_and(|token| token.is_fresh(now)) {
            return Ok(());
        }
        if let Some((until, error)) = &self.rest
            && *until > now
            && *until <= now + LONGEST_REST
        {
            return Err(error.clone());
        }
        if self.unkept.is_some() {
            grant.refresh_token.clone_from(&self.unkept);
        }
        let way = Way { proxy: settings.proxy.as_deref(), ca_file: settings.ca_file.as_deref() };
        match ask::ask(&settings.oauth2, &grant, &way, now).await {
            Ok(given) => {
                self.rest = None;
                let ends_at = now + given.life;
                self.token = Some(Token { secret: given.token, fetched_at: now, ends_at });
                if let Some(next) = given.refresh_token {
                    self.keep(&settings.oauth2, next)?;
                }
                Ok(())
            }
            Err((rest, error)) => {
                let rest = rest.unwrap_or(LEAVE_ALONE).clamp(Duration::seconds(1), LONGEST_REST);
                self.rest = Some((now + rest, error.clone()));
                Err(error)
            }
        }
    }

    /// Some providers give a new refresh token with each access token, and the old one ends some day.
    fn keep(&mut self, oauth2: &Oauth2Settings, next: SecretString) -> Result<(), TokenError> {
        let Some(place) = &oauth2.refresh_token else { return Ok(()) };
        match place.replace(&next) {
            Ok(()) => {
                self.of = grant(oauth2)?.1;
                self.unkept = None;
            }
            Err(error) => {
                tracing::warn!(
                    "The provider gave a new refresh token, and it cannot be kept: {error:#}. Name \
                     oauth2.refresh_token as {{ file = … }} in a folder that the service may write, or access ends \
                     some day after a restart"
                );
                self.unkept = Some(next);
            }
        }
        Ok(())
    }
}

/// What proves the application, and a mark by which a change of it is known.
fn grant(oauth2: &Oauth2Settings) -> Result<(Grant, Vec<u8>), TokenError> {
    let read = |secret: Option<&crate::config::Secret>, key: &str| {
        let setup = |error| TokenError::Setup { why: format!("oauth2.{key}: {error:#}") };
        secret.map(|secret| secret.read().map_err(setup)).transpose()
    };
    let client_secret = read(oauth2.client_secret.as_ref(), "client_secret")?;
    let refresh_token = read(oauth2.refresh_token.as_ref(), "refresh_token")?;
    let mut mark = Sha256::new();
    let texts = [&oauth2.token_url, &oauth2.client_id, &oauth2.scope].map(|text| Some(text.as_str()));
    let secrets = [&client_secret, &refresh_token].map(|secret| secret.as_ref().map(|s| s.expose_secret()));
    for text in texts.into_iter().chain(secrets) {
        mark.update(text.unwrap_or_default());
        mark.update([0]);
    }
    Ok((Grant { client_secret, refresh_token }, mark.finalize().to_vec()))
}

#[cfg(test)]
mod tests;
