//! Proving who we are: AUTHENTICATE PLAIN, LOGIN or AUTHENTICATE XOAUTH2. No secret gets into an error.

use super::super::{Credentials, MailboxError};
use super::capabilities;
use super::command::Command;
use super::line::{Line, Stream};
use super::names::{base64, from_base64, quoted};
use imap_proto::Response;
use secrecy::{ExposeSecret, SecretString};

const PASSWORD_ADVICE: &str = "check the user in mailbox.url and secrets.mailbox_password; Microsoft 365 and Google \
                               take no password here, they need [oauth2]";
const TOKEN_ADVICE: &str = "check [oauth2], that IMAP is enabled for the mailbox, and that the application has consent";
const NOT_CONNECTED_ADVICE: &str = "the token is good but the mailbox is not opened to the application: give its \
                                    service principal the permission on this mailbox (Add-MailboxPermission)";

pub(super) async fn sign_in<S: Stream>(
    line: &mut Line<S>,
    user: &str,
    credentials: &Credentials,
) -> Result<(), MailboxError> {
    let offered = capabilities(line).await?;
    match credentials {
        Credentials::XOAuth2(token) => with_token(line, user, token).await,
        Credentials::Password(password) if offered.contains("AUTH=PLAIN") => plain(line, user, password).await,
        Credentials::Password(_) if offered.contains("LOGINDISABLED") => Err(MailboxError::SignIn {
            user: user.to_owned(),
            text: "it takes no password (LOGINDISABLED)".to_owned(),
            advice: PASSWORD_ADVICE,
        }),
        Credentials::Password(password) => login(line, user, password).await,
    }
}

/// RFC 4616. Any UTF-8 goes through, which LOGIN cannot promise.
async fn plain<S: Stream>(line: &mut Line<S>, user: &str, password: &SecretString) -> Result<(), MailboxError> {
    let mut answer = Some(base64(&format!("\0{user}\0{}", password.expose_secret())));
    let command = Command::secret("AUTHENTICATE", "PLAIN");
    let result = line.converse(command, |response| reply(response, || answer.take())).await;
    result.map_err(|error| explained(error, user, password, PASSWORD_ADVICE))
}

async fn login<S: Stream>(line: &mut Line<S>, user: &str, password: &SecretString) -> Result<(), MailboxError> {
    let (Some(name), Some(word)) = (quoted(user), quoted(password.expose_secret())) else {
        return Err(MailboxError::SignIn {
            user: user.to_owned(),
            text: "its LOGIN takes only ASCII, and the user name or password has other letters".to_owned(),
            advice: "choose a password of ASCII letters",
        });
    };
    let result = line.run(Command::secret("LOGIN", &format!("{name} {word}")), |_| ()).await;
    result.map_err(|error| explained(error, user, password, PASSWORD_ADVICE))
}

/// A refused token is answered with a second challenge that says why, and waits for an empty line.
async fn with_token<S: Stream>(line: &mut Line<S>, user: &str, token: &SecretString) -> Result<(), MailboxError> {
    let mut answer = Some(base64(&format!("user={user}\u{1}auth=Bearer {}\u{1}\u{1}", token.expose_secret())));
    let mut refusal = None;
    let command = Command::secret("AUTHENTICATE", "XOAUTH2");
    let result = line
        .converse(command, |response| {
            let Response::Continue(challenge) = response else { return None };
            Some(answer.take().unwrap_or_else(|| {
                refusal = challenge.information.as_deref().and_then(from_base64);
                String::new()
            }))
        })
        .await;
    result.map_err(|error| match (error, refusal) {
        (MailboxError::Refused { command, text }, Some(reason)) => {
            let text = format!("{text} {reason}");
            explained(MailboxError::Refused { command, text }, user, token, TOKEN_ADVICE)
        }
        (error, _) => explained(error, user, token, TOKEN_ADVICE),
    })
}

fn reply(response: &Response<'_>, answer: impl FnOnce() -> Option<String>) -> Option<String> {
    if matches!(response, Response::Continue(_)) { answer() } else { None }
}

/// A refusal becomes a sign-in error, unless the server says that it is for a while only.
fn explained(error: MailboxError, user: &str, secret: &SecretString, advice: &'static str) -> MailboxError {
    let MailboxError::Refused { command, text } = error else { return error };
    let text = match secret.expose_secret() {
        "" => text,
        secret => text.replace(secret, "[secret]").replace(&base64(secret), "[secret]"),
    };
    let lower = text.to_lowercase();
    if ["unavailable", "temporar", "try again", "inuse", "too many"].iter().any(|sign| lower.contains(sign)) {
        return MailboxError::Refused { command, text };
    }
    MailboxError::SignIn { user: user.to_owned(), text, advice }
}

/// Exchange Online lets an application in and then answers every command so (BAD after a good AUTHENTICATE).
pub(super) fn unmask(error: MailboxError, user: &str) -> MailboxError {
    let MailboxError::Refused { command, text } = error else { return error };
    if text.to_lowercase().contains("authenticated but not connected") {
        return MailboxError::SignIn { user: user.to_owned(), text, advice: NOT_CONNECTED_ADVICE };
    }
    MailboxError::Refused { command, text }
}
