//! The configuration's endpoints as mailbox and outbox take them. Reads the secrets anew at each call, so that a
//! changed password is taken up at the next login. Connects to nothing but, with `[oauth2]`, the token endpoint.

use super::token::{TokenSettings, Tokens};
use crate::clock;
use crate::config::{Endpoints, MailboxUrl, OutboundUrl, Secret, Security, Server};
use crate::mailbox::{self, Credentials, ImapEndpoint, MailboxEndpoint};
use crate::outbox::deliver::Deliverer;
use crate::outbox::sender;
use crate::outbox::sender::{Mechanism, OutboundEndpoint, SmtpAuth, SmtpEndpoint};
use anyhow::{Context, Result};
use secrecy::SecretString;

/// The way in, with its secret as it is now.
///
/// # Errors
/// The secret cannot be read, or no access token is given.
pub async fn mailbox_endpoint(endpoints: &Endpoints, tokens: &Tokens) -> Result<MailboxEndpoint> {
    let (server, user) = match &endpoints.mailbox.url {
        MailboxUrl::Maildir(path) => return Ok(MailboxEndpoint::Maildir(path.clone())),
        MailboxUrl::Imap { server, .. } => (server, server.user.as_deref().context("mailbox.url names no account")?),
    };
    let auth = match token_settings(endpoints) {
        Some(settings) => Credentials::XOAuth2(tokens.token(&settings, clock::now()).await?),
        None => Credentials::Password(password(endpoints.mailbox.password.as_ref(), "mailbox")?),
    };
    Ok(MailboxEndpoint::Imap(ImapEndpoint {
        host: server.host.clone(),
        port: server.port,
        security: match server.security {
            Security::Tls => mailbox::Security::Tls,
            Security::StartTls => mailbox::Security::StartTls,
            Security::PlainLoopback => mailbox::Security::PlainLoopback,
        },
        user: user.to_owned(),
        auth,
        ca_file: endpoints.ca_file.clone(),
    }))
}

/// A deliverer as the settings want it.
pub fn deliverer(endpoints: &Endpoints) -> Deliverer {
    Deliverer::new(endpoints.outbound.per_minute, endpoints.outbound.verp)
}

/// The way out, with its secret as it is now.
///
/// # Errors
/// The secret cannot be read, or no access token is given.
pub async fn outbound_endpoint(endpoints: &Endpoints, tokens: &Tokens) -> Result<OutboundEndpoint> {
    let server = match &endpoints.outbound.url {
        OutboundUrl::Maildir(path) => return Ok(OutboundEndpoint::Maildir(path.clone())),
        OutboundUrl::Smtp(server) => server,
    };
    Ok(OutboundEndpoint::Smtp(SmtpEndpoint {
        host: server.host.clone(),
        port: server.port,
        security: match server.security {
            Security::Tls => sender::Security::Tls,
            Security::StartTls => sender::Security::StartTlsRequired,
            Security::PlainLoopback => sender::Security::PlainLoopback,
        },
        auth: smtp_auth(endpoints, server, tokens).await?,
        ca_file: endpoints.ca_file.clone(),
        hello_name: None,
    }))
}

/// A relay that knows us by our address has no account.
async fn smtp_auth(endpoints: &Endpoints, server: &Server, tokens: &Tokens) -> Result<Option<SmtpAuth>> {
    let Some(user) = server.user.clone() else { return Ok(None) };
    let (secret, mechanism) = match token_settings(endpoints) {
        Some(settings) => (tokens.token(&settings, clock::now()).await?, Mechanism::XOAuth2),
        None => (password(endpoints.outbound.password.as_ref(), "outbound")?, Mechanism::Plain),
    };
    Ok(Some(SmtpAuth { user, secret, mechanism }))
}

/// How access tokens are got; `None` without `[oauth2]`. With it there is no falling back to a password: that would
/// offer it to a server for which nobody meant it.
pub fn token_settings(endpoints: &Endpoints) -> Option<TokenSettings> {
    let (oauth2, proxy) = (endpoints.oauth2.clone()?, endpoints.proxy.clone());
    Some(TokenSettings { oauth2, proxy, ca_file: endpoints.ca_file.clone() })
}

/// The password of a way whose URL names an account.
fn password(password: Option<&Secret>, way: &str) -> Result<SecretString> {
    let password =
        password.with_context(|| format!("Cannot sign in to the {way}: secrets.{way}_password is not set"))?;
    password.read().with_context(|| format!("Cannot read secrets.{way}_password"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, Settings};
    use secrecy::ExposeSecret;
    use std::path::Path;

    /// Settings from the shipped reference file, with other ways in and out and more text at the end.
    fn settings(folder: &Path, mailbox: &str, outbound: &str, more: &str) -> Settings {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/followupd.toml");
        let text = std::fs::read_to_string(shipped)
            .unwrap()
            .replace("maildir:./var/mail", mailbox)
            .replace("maildir:./var/sent", outbound)
            .replace("[secrets]\n", &format!("[secrets]\n{more}\n"));
        let main = folder.join("followupd.toml");
        std::fs::write(&main, text).unwrap();
        let variables = [("FOLLOWUPD_TOKEN_KEY", "0123456789abcdef0123456789abcdef"), ("PASSWORD", "hunter2")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        config::load(Some(&main), variables.into_iter()).unwrap().0
    }

    fn write_secret(file: &Path, secret: &str) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(file, secret).unwrap();
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    const IMAPS: &str = "imaps://followups%40council.example@mail.council.example/INBOX";
    const SMTP: &str = "smtp://followups%40council.example@mail.council.example?tls=required";

    #[tokio::test]
    async fn a_maildir_needs_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let endpoints = settings(folder.path(), "maildir:in", "maildir:out", "").endpoints;
        assert!(
            matches!(mailbox_endpoint(&endpoints, &Tokens::default()).await.unwrap(), MailboxEndpoint::Maildir(path) if path == Path::new("in"))
        );
        assert!(
            matches!(outbound_endpoint(&endpoints, &Tokens::default()).await.unwrap(), OutboundEndpoint::Maildir(path) if path == Path::new("out"))
        );
    }

    #[tokio::test]
    async fn a_relay_without_an_account_is_not_signed_in_to() {
        let folder = tempfile::tempdir().unwrap();
        let endpoints = settings(folder.path(), "maildir:in", "smtps://relay.council.example", "").endpoints;
        let OutboundEndpoint::Smtp(relay) = outbound_endpoint(&endpoints, &Tokens::default()).await.unwrap() else {
            panic!("a relay")
        };
        assert!(relay.auth.is_none());
        assert_eq!((relay.port, relay.security), (465, sender::Security::Tls));
    }

    #[tokio::test]
    async fn a_changed_password_is_taken_up_at_the_next_call() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        write_secret(&file, "hunter2\n");
        let secrets = format!("mailbox_password = {{ file = {file:?} }}\noutbound_password = {{ env = \"PASSWORD\" }}");
        let endpoints = settings(folder.path(), IMAPS, SMTP, &secrets).endpoints;
        let mailbox_password = async || {
            let MailboxEndpoint::Imap(imap) = mailbox_endpoint(&endpoints, &Tokens::default()).await.unwrap() else {
                panic!("a server")
            };
            assert_eq!((imap.user.as_str(), imap.port), ("followups@council.example", 993));
            let Credentials::Password(password) = imap.auth else { panic!("a password") };
            password.expose_secret().to_owned()
        };
        assert_eq!(mailbox_password().await, "hunter2");
        write_secret(&file, "changed");
        assert_eq!(mailbox_password().await, "changed");
        let OutboundEndpoint::Smtp(relay) = outbound_endpoint(&endpoints, &Tokens::default()).await.unwrap() else {
            panic!("a relay")
        };
        assert_eq!((relay.port, relay.security), (587, sender::Security::StartTlsRequired));
        assert_eq!(relay.auth.unwrap().secret.expose_secret(), "hunter2");

        std::fs::remove_file(&file).unwrap();
        let error = format!("{:#}", mailbox_endpoint(&endpoints, &Tokens::default()).await.unwrap_err());
        assert!(error.contains("Cannot read secrets.mailbox_password") && !error.contains("changed"), "{error}");
    }

    #[tokio::test]
    async fn with_oauth2_no_password_is_offered() {
        let folder = tempfile::tempdir().unwrap();
        let more = "mailbox_password = { env = \"PASSWORD\" }\noutbound_password = { env = \"PASSWORD\" }";
        let endpoints = settings(folder.path(), IMAPS, SMTP, more).endpoints;
        let oauth2 = config::Oauth2Settings {
            // Nobody listens there.
            token_url: "http://127.0.0.1:9/token".into(),
            client_id: "followupd".into(),
            client_secret: endpoints.mailbox.password.clone(),
            refresh_token: None,
            scope: "mail".into(),
        };
        let endpoints = Endpoints { oauth2: Some(oauth2), ..endpoints };
        let tokens = Tokens::default();
        let errors = [
            mailbox_endpoint(&endpoints, &tokens).await.unwrap_err(),
            outbound_endpoint(&endpoints, &tokens).await.unwrap_err(),
        ];
        for error in errors {
            assert!(error.to_string().contains("Cannot get an access token from 127.0.0.1:9"), "{error:#}");
        }
    }
}
