//! Signing in: by what the server offers, explained when it fails, and silent about the secret.

use super::super::super::{Credentials, MailboxError};
use super::super::peer::{Step, password, sign_in_by, step};
use super::super::sign_in::unmask;

const TOKEN: &str = "token-of-an-hour";

fn token() -> Credentials {
    Credentials::XOAuth2(TOKEN.to_owned().into())
}

async fn accepted(credentials: Credentials, offered: &str, dialogue: Vec<Step>) {
    let (session, peer) = sign_in_by(&credentials, offered, dialogue, Vec::new()).await;
    drop(session.unwrap());
    peer.heard().await;
}

async fn refused(credentials: Credentials, offered: &str, dialogue: Vec<Step>) -> MailboxError {
    let (session, peer) = sign_in_by(&credentials, offered, dialogue, Vec::new()).await;
    let error = session.unwrap_err();
    peer.heard().await;
    let shown = format!("{error} {error:?}");
    for secret in ["pass word", TOKEN, "cGFzcyB3b3Jk"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    error
}

#[tokio::test]
async fn a_password_goes_by_plain_where_offered_else_by_login() {
    let secret = step("AG9mZmljZUBjb3VuY2lsLmV4YW1wbGUAcMOkc3M=", "% OK in\n");
    let plain = vec![step("AUTHENTICATE PLAIN", "+ \n"), secret];
    accepted(password("päss"), "AUTH=PLAIN LOGINDISABLED", plain).await;
    let login = vec![step(r#"LOGIN "office@council.example" "pa\"s\\s""#, "% OK in\n")];
    accepted(password(r#"pa"s\s"#), "", login).await;
}

#[tokio::test]
async fn a_token_goes_by_xoauth2() {
    let sent = "dXNlcj1vZmZpY2VAY291bmNpbC5leGFtcGxlAWF1dGg9QmVhcmVyIHRva2VuLW9mLWFuLWhvdXIBAQ==";
    accepted(token(), "AUTH=XOAUTH2", vec![step("AUTHENTICATE XOAUTH2", "+ \n"), step(sent, "% OK in\n")]).await;
}

#[tokio::test]
async fn a_refused_token_is_told_with_the_reason_of_the_challenge() {
    // {"status":"400"}
    let dialogue = vec![
        step("AUTHENTICATE XOAUTH2", "+ \n"),
        step("dXNlcj", "+ eyJzdGF0dXMiOiI0MDAifQ==\n"),
        step("", "% NO AUTHENTICATE failed.\n"),
    ];
    let error = refused(token(), "AUTH=XOAUTH2", dialogue).await;
    assert!(error.is_sign_in() && error.to_string().contains("\"status\":\"400\""), "{error}");
}

#[tokio::test]
async fn a_refused_password_is_a_sign_in_error_without_the_secret() {
    for answer in
        ["% NO [AUTHENTICATIONFAILED] no\n", "% BAD LOGIN office pass word\n", "% NO cGFzcyB3b3Jk\n", "% NO\n"]
    {
        let error = refused(password("pass word"), "", vec![step("LOGIN", answer)]).await;
        assert!(error.is_sign_in(), "{answer:?}: {error}");
    }
}

#[tokio::test]
async fn a_server_in_passing_trouble_is_no_sign_in_error() {
    for answer in ["% NO [UNAVAILABLE] Temporary authentication failure.\n", "% NO Too many connections\n", "<eof>"] {
        let error = refused(password("pass word"), "", vec![step("LOGIN", answer)]).await;
        assert!(!error.is_sign_in(), "{answer:?}: {error}");
    }
}

#[tokio::test]
async fn a_server_that_takes_no_password_gets_none() {
    let error = refused(password("pass word"), "LOGINDISABLED", Vec::new()).await;
    assert!(error.is_sign_in(), "{error}");
    let error = refused(password("päss word"), "", Vec::new()).await;
    assert!(error.to_string().contains("ASCII"), "{error}");
}

#[tokio::test]
async fn exchange_that_lets_in_and_refuses_the_mailbox_is_explained() {
    let refused = |text: &str| MailboxError::Refused { command: "LIST".to_owned(), text: text.to_owned() };
    assert!(unmask(refused("User is authenticated but not connected."), "office").is_sign_in());
    assert!(!unmask(refused("no such folder"), "office").is_sign_in());
}
