//! Addresses of mailbox, relay and database: text → parts. Never repeats a URL in a complaint, for people put
//! passwords into them.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::path::PathBuf;

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// STARTTLS, and nothing is said before it has succeeded.
    StartTls,
    /// No protection: this machine only.
    PlainLoopback,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// How the connection is protected.
    pub security: Security,
    /// Name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// The account; a relay may do without one.
    pub user: Option<String>,
}

/// Where mail is read (`mailbox.url`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum MailboxUrl {
    /// `imaps://user@host/FOLDER`, `imap://user@host/FOLDER?tls=required`, or `imap://` on loopback.
    Imap {
        /// The server; its account is always there.
        server: Server,
        /// The watched folder; `INBOX` when none is named.
        folder: String,
    },
    /// `maildir:PATH`.
    Maildir(PathBuf),
}

/// How mail leaves (`outbound.url`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum OutboundUrl {
    /// `smtps://user@host`, `smtp://user@host?tls=required`, or `smtp://` on loopback.
    Smtp(Server),
    /// `maildir:PATH`.
    Maildir(PathBuf),
}

/// Where the store lies (`store.url`); it may carry a password when it came from the environment.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub enum StoreUrl {
    /// `sqlite:PATH`.
    Sqlite(PathBuf),
    /// `postgres://…`, whole.
    Postgres(SecretString),
}

impl MailboxUrl {
    /// Whether mail is read on this machine only, so that nobody outside can put mail there unseen.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Imap { server, .. } => is_loopback(&server.host),
            Self::Maildir(_) => true,
        }
    }

    /// The account, where there is one.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::Imap { server, .. } => server.user.as_deref(),
            Self::Maildir(_) => None,
        }
    }
}

impl OutboundUrl {
    /// The account, where there is one.
    pub fn user(&self) -> Option<&str> {
        match self {
            Self::Smtp(server) => server.user.as_deref(),
            Self::Maildir(_) => None,
        }
    }
}

impl StoreUrl {
    /// The URL as sqlx takes it.
    pub fn expose(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(url) => url.expose_secret().to_owned(),
        }
    }

    /// Whether a password stands in it.
    pub(super) fn has_password(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(url) => {
                let rest = url.expose_secret();
                let authority = rest.split_once("://").map_or("", |(_, rest)| rest);
                let authority = authority.split(['/', '?']).next().unwrap_or("");
                let in_front = authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'));
                in_front || rest.split(['?', '&']).any(|part| part.starts_with("password="))
            }
        }
    }
}

impl TryFrom<String> for MailboxUrl {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if let Some(path) = maildir(&text)? {
            return Ok(Self::Maildir(path));
        }
        let parts = Parts::read(&text, &["imaps", "imap"])?;
        let server = parts.server([993, 143, 143])?;
        if server.user.is_none() {
            return Err("the address names no account (imaps://ACCOUNT@host/INBOX, with %40 for the @ in it)".into());
        }
        let folder = percent_decoded(parts.path).ok_or("the folder's name is not well percent-encoded")?;
        let folder = if folder.is_empty() { "INBOX".to_owned() } else { folder };
        Ok(Self::Imap { server, folder })
    }
}

impl TryFrom<String> for OutboundUrl {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if let Some(path) = maildir(&text)? {
            return Ok(Self::Maildir(path));
        }
        let parts = Parts::read(&text, &["smtps", "smtp"])?;
        if !parts.path.is_empty() {
            return Err("the address of a relay has no path behind the host".into());
        }
        parts.server([465, 587, 25]).map(Self::Smtp)
    }
}

impl TryFrom<String> for StoreUrl {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.into()));
        }
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.trim_start_matches("//").is_empty() => {
                Ok(Self::Sqlite(path.strip_prefix("//").unwrap_or(path).into()))
            }
            Some(_) => Err("the path of the database is missing".into()),
            None => Err("the address begins with neither sqlite: nor postgres://".into()),
        }
    }
}

fn maildir(text: &str) -> Result<Option<PathBuf>, String> {
    match text.strip_prefix("maildir:") {
        Some("") => Err("the path of the Maildir is missing".into()),
        Some(path) => Ok(Some(path.into())),
        None => Ok(None),
    }
}

/// A URL of the form `scheme://[user@]host[:port][/path][?tls=required]` (RFC 3986, as far as it is used).
struct Parts<'a> {
    implicit_tls: bool,
    user: Option<&'a str>,
    host: &'a str,
    port: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// Reads a URL; the first of the two schemes is the one with TLS from the first byte.
    fn read(text: &'a str, schemes: &[&str; 2]) -> Result<Self, String> {
        let [tls, plain] = schemes;
        let (scheme, rest) = text.split_once("://").unwrap_or(("", ""));
        if scheme != *tls && scheme != *plain {
            return Err(format!("the address begins with none of {tls}://, {plain}:// and maildir:"));
        }
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
        if user.is_some_and(|user| user.contains(':')) {
            return Err("a password stands in the address".into());
        }
        if user.is_some_and(|user| user.contains('@')) {
            return Err("the account holds a bare @; in an address it is written %40".into());
        }
        let (host, port) = host_and_port(host)?;
        Ok(Self { implicit_tls: scheme == *tls, user, host, port, path, query })
    }

    /// The server; `ports` are the usual ones for TLS, STARTTLS and loopback.
    fn server(&self, ports: [u16; 3]) -> Result<Server, String> {
        let security = self.security()?;
        let [tls, start_tls, plain] = ports;
        let usual = match security {
            Security::Tls => tls,
            Security::StartTls => start_tls,
            Security::PlainLoopback => plain,
        };
        let port = match self.port {
            None => usual,
            Some(port) => port.parse().ok().filter(|&port| port > 0).ok_or("the port is no number from 1 to 65535")?,
        };
        let user = match self.user {
            None | Some("") => None,
            Some(user) => Some(percent_decoded(user).ok_or("the account is not well percent-encoded")?),
        };
        Ok(Server { security, host: self.host.to_lowercase(), port, user })
    }

    fn security(&self) -> Result<Security, String> {
        match (self.implicit_tls, self.query) {
            (true, None) => Ok(Security::Tls),
            (false, Some("tls=required")) => Ok(Security::StartTls),
            (false, None) if is_loopback(self.host) => Ok(Security::PlainLoopback),
            (false, None) => Err("a connection without TLS is allowed on this machine only (localhost)".into()),
            (true | false, Some(_)) => Err("only ?tls=required, and only without the s in the scheme, is known".into()),
        }
    }
}

fn host_and_port(text: &str) -> Result<(&str, Option<&str>), String> {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, port)) => (host, Some(port.strip_prefix(':').ok_or("the port is not well written")?)),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let well_formed = !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':'));
    if well_formed { Ok((host, port)) } else { Err("the address names no host".into()) }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Resolves `%40`; `None` when a `%` is not followed by two hexadecimal digits, or when control characters
/// would come out of it.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |b: Option<u8>| char::from(b?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(text: &str) -> Result<MailboxUrl, String> {
        MailboxUrl::try_from(text.to_owned())
    }

    fn imap(security: Security, host: &str, port: u16, user: &str, folder: &str) -> MailboxUrl {
        let server = Server { security, host: host.into(), port, user: Some(user.into()) };
        MailboxUrl::Imap { server, folder: folder.into() }
    }

    #[test]
    fn a_mailbox_url_gives_server_account_and_folder() {
        let read = |text: &str| mailbox(text).unwrap();
        let account = "followups@council.example";
        assert_eq!(
            read("imaps://followups%40council.example@Mail.council.example/INBOX"),
            imap(Security::Tls, "mail.council.example", 993, account, "INBOX")
        );
        assert_eq!(
            read("imap://followups%40council.example@mail.council.example:1143/EHC%20plans?tls=required"),
            imap(Security::StartTls, "mail.council.example", 1143, account, "EHC plans")
        );
        assert_eq!(read("imap://robot@[::1]:10143"), imap(Security::PlainLoopback, "::1", 10143, "robot", "INBOX"));
        assert_eq!(read("maildir:./var/mail"), MailboxUrl::Maildir("./var/mail".into()));
    }

    #[test]
    fn what_is_not_protected_leaves_only_on_this_machine() {
        let relay = |text: &str| OutboundUrl::try_from(text.to_owned());
        assert!(relay("smtp://relay.council.example:587?tls=required").is_ok());
        assert!(relay("smtp://127.0.0.1:2525").is_ok());
        for refused in
            ["smtp://relay.council.example", "smtp://localhost.evil.example", "smtps://host?tls=none", "smtp://h?tls=1"]
        {
            assert!(relay(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_complaint_never_repeats_the_address() {
        for wrong in ["imaps://u:hunter2@host/", "imap://hunter2@host", "hunter2", "imaps://hunter2%4@host", "imaps://"]
        {
            let complaint = mailbox(wrong).unwrap_err();
            assert!(!complaint.contains("hunter2"), "{complaint}");
        }
        let url = StoreUrl::try_from("postgres://u:hunter2@db/x".to_owned()).unwrap();
        assert!(url.has_password());
        assert!(!format!("{url:?}").contains("hunter2"));
    }
}
