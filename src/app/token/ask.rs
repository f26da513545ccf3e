//! One request to a token endpoint (RFC 6749 4.4 and 6) and the reading of its answer.

use super::{TokenError, riddle};
use crate::config::Oauth2Settings;
use crate::mailbox::client_config;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Proxy, StatusCode, Url, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::path::Path;
use std::time::Duration as StdDuration;

const WITHIN: StdDuration = StdDuration::from_secs(30);
/// What a token lives when the endpoint does not say (RFC 6749 4.2.2 recommends that it does).
const UNSAID_LIFE: Duration = Duration::minutes(5);
/// Larger answers are no tokens.
const LARGEST: usize = 256 << 10;

/// What proves the application.
pub(super) struct Grant {
    /// Of a confidential client.
    pub client_secret: Option<SecretString>,
    /// With it the token is one of the account that gave its consent; without, one of the application itself.
    pub refresh_token: Option<SecretString>,
}

/// How the endpoint is reached.
pub(super) struct Way<'a> {
    /// The only proxy that is used; those of the environment are not.
    pub proxy: Option<&'a str>,
    /// Authorities to trust beside those of the system.
    pub ca_file: Option<&'a Path>,
}

/// What the endpoint gave.
pub(super) struct Given {
    pub token: SecretString,
    pub life: Duration,
    /// To be used from now on instead of the one that was presented.
    pub refresh_token: Option<SecretString>,
}

/// A failure, with the time that the endpoint wants to be left alone if it said so.
type Failure = (Option<Duration>, TokenError);

#[derive(Deserialize)]
struct Answer {
    access_token: Option<SecretString>,
    expires_in: Option<Seconds>,
    refresh_token: Option<SecretString>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Some endpoints write the number as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Seconds {
    Number(i64),
    Text(String),
}

impl Seconds {
    fn life(&self) -> Option<Duration> {
        let seconds = match self {
            Self::Number(seconds) => *seconds,
            Self::Text(text) => text.parse().ok()?,
        };
        (seconds > 0).then(|| Duration::seconds(seconds.min(86_400)))
    }
}

/// Asks for a token.
pub(super) async fn ask(
    oauth2: &Oauth2Settings,
    grant: &Grant,
    way: &Way<'_>,
    now: DateTime<Utc>,
) -> Result<Given, Failure> {
    let url: Url = oauth2.token_url.parse().map_err(|_| setup("oauth2.token_url is no address".to_owned()))?;
    let place = place(&url);
    let client = client(way).map_err(|why| setup(why.to_string()))?;
    let unreachable = |why: String| (None, TokenError::Unreachable { place: place.clone(), why });
    let mut answer = client.post(url).form(&form(oauth2, grant)).send().await.map_err(|e| unreachable(chain(&e)))?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await.map_err(|e| unreachable(chain(&e)))? {
        body.extend_from_slice(&part);
        if body.len() > LARGEST {
            return Err(unreachable("its answer is far too long for a token".to_owned()));
        }
    }
    let said: Option<Answer> = serde_json::from_slice(&body).ok();
    if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE {
        let rest = retry_after(&headers, now).unwrap_or(super::LEAVE_ALONE).min(super::LONGEST_REST);
        let until = (now + rest).to_rfc3339_opts(SecondsFormat::Secs, true);
        return Err((Some(rest), TokenError::Throttled { place, until }));
    }
    let Some(said) = said else {
        return Err(unreachable(format!("it answered {status}, and not in JSON")));
    };
    match said.access_token {
        Some(token) if status.is_success() && !token.expose_secret().is_empty() => Ok(Given {
            token,
            life: said.expires_in.and_then(|seconds| seconds.life()).unwrap_or(UNSAID_LIFE),
            refresh_token: said.refresh_token.filter(|next| differs(next, grant)),
        }),
        Some(_) | None => {
            let why = grant.without_secrets(&words(status, said.error, said.error_description));
            let remedy = riddle::remedy(&why);
            Err((retry_after(&headers, now), TokenError::Refused { place, why, remedy }))
        }
    }
}

fn setup(why: String) -> Failure {
    (None, TokenError::Setup { why })
}

fn place(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or("?"), url.port_or_known_default().unwrap_or(443))
}

/// No redirect is followed: the secret goes where it was meant to go, and nowhere else.
fn client(way: &Way<'_>) -> anyhow::Result<Client> {
    let tls = client_config(way.ca_file).map_err(anyhow::Error::msg)?;
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .timeout(WITHIN)
        .no_proxy()
        .user_agent(concat!("followupd/", env!("CARGO_PKG_VERSION")));
    if let Some(proxy) = way.proxy {
        let proxy = Proxy::all(proxy).map_err(|_| anyhow::anyhow!("network.proxy is no address of a proxy"))?;
        builder = builder.proxy(proxy);
    }
    Ok(builder.build()?)
}

fn form<'a>(oauth2: &'a Oauth2Settings, grant: &'a Grant) -> Vec<(&'static str, &'a str)> {
    let mut form = vec![("client_id", oauth2.client_id.as_str()), ("scope", oauth2.scope.as_str())];
    form.extend(grant.client_secret.as_ref().map(|secret| ("client_secret", secret.expose_secret())));
    match &grant.refresh_token {
        Some(token) => form.extend([("grant_type", "refresh_token"), ("refresh_token", token.expose_secret())]),
        None => form.push(("grant_type", "client_credentials")),
    }
    form
}

impl Grant {
    fn without_secrets(&self, text: &str) -> String {
        let secrets = [&self.client_secret, &self.refresh_token].into_iter().flatten();
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret.expose_secret(), "[secret]"))
    }
}

fn differs(next: &SecretString, grant: &Grant) -> bool {
    grant.refresh_token.as_ref().is_some_and(|old| old.expose_secret() != next.expose_secret())
}

/// The endpoint's reason on one line. Behind the first line stand numbers of the request only.
fn words(status: StatusCode, error: Option<String>, description: Option<String>) -> String {
    let line = description.as_deref().and_then(|text| text.lines().next()).unwrap_or_default();
    let line: String = line.chars().filter(|c| !c.is_control()).take(300).collect();
    match (error, line.trim_end_matches('.')) {
        (Some(error), "") => error,
        (Some(error), line) => format!("{error}: {line}"),
        (None, "") => format!("it answered {status}"),
        (None, line) => line.to_owned(),
    }
}

/// Seconds, or a date (RFC 9110 10.2.3).
fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(Duration::seconds(seconds.clamp(1, super::LONGEST_REST.num_seconds())));
    }
    DateTime::parse_from_rfc2822(text).ok().map(|at| (at.with_timezone(&Utc) - now).max(Duration::seconds(1)))
}

/// What happened, with all its causes: reqwest alone says "error sending request".
fn chain(error: &reqwest::Error) -> String {
    let mut told = Vec::new();
    let mut next: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(cause) = next {
        told.push(cause.to_string());
        next = cause.source();
    }
    if told.is_empty() {
        told.push(if error.is_timeout() { "no answer in time".to_owned() } else { "the request failed".to_owned() });
    }
    told.dedup();
    told.join(": ")
}
