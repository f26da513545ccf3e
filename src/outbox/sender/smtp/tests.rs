//! The conversation against scripted relays that go wrong at every point.
//!
//! A script is the talk as it stands in an RFC: `S:` the relay says (`|` ends a line in the
//! same write), `C:` it wants a line that begins like this,
//! `C.` it reads a text up to the final dot, `hang up` closes and `silence` says nothing more.

use super::open::converse_over;
use crate::{
    core::id::Address,
    outbox::sender::{
        Answer, Broken, Cause, Envelope, Mechanism, OutboundFault, Security, SmtpAuth, SmtpConnection, SmtpEndpoint,
    },
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex},
    task::JoinHandle,
    time::{Instant, timeout},
};

const MAIL: &[u8] = b"Subject: a\r\n\r\n.b\r\n";
const HELLO: &str = "S: 220 relay.example ESMTP\nC: EHLO robot.council.example\nS: 250 relay.example\n";
const PIPELINED: &str = "S: 220 relay.example\nC: EHLO\nS: 250-relay.example\nS: 250-size 1000\nS: 250 PIPELINING\n";

fn endpoint() -> SmtpEndpoint {
    SmtpEndpoint {
        host: "localhost".into(),
        port: 25,
        security: Security::PlainLoopback,
        auth: None,
        ca_file: None,
        hello_name: Some("robot.council.example".into()),
    }
}

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn envelope(to: &[&str]) -> Envelope {
    Envelope { from: Some(address("f@council.example")), to: to.iter().map(|to| address(to)).collect(), id: None }
}

/// The relay; gives back every text that it read.
fn relay(script: &str, pipe: DuplexStream) -> JoinHandle<Vec<String>> {
    let script: Vec<String> = script.lines().map(str::to_owned).collect();
    tokio::spawn(async move {
        let mut pipe = BufReader::new(pipe);
        let mut texts = Vec::new();
        for step in script {
            if let Some(said) = step.strip_prefix("S: ") {
                pipe.write_all(format!("{}\r\n", said.replace('|', "\r\n")).as_bytes()).await.unwrap();
            } else if let Some(start) = step.strip_prefix("C: ") {
                let mut line = String::new();
                pipe.read_line(&mut line).await.unwrap();
                assert!(line.starts_with(start), "the relay waited for '{start}' and read '{line}'");
            } else if step == "C." {
                texts.push(read_text(&mut pipe).await);
            } else if step == "silence" {
                std::future::pending::<()>().await;
            } else {
                assert_eq!(step, "hang up");
                return texts;
            }
        }
        texts
    })
}

async fn read_text(pipe: &mut BufReader<DuplexStream>) -> String {
    let mut text = String::new();
    while !text.ends_with("\r\n.\r\n") {
        assert!(pipe.read_line(&mut text).await.unwrap() > 0, "no final dot after {text:?}");
    }
    text
}

async fn opened(script: &str) -> (SmtpConnection, JoinHandle<Vec<String>>) {
    let (ours, theirs) = duplex(1024 * 1024);
    let peer = relay(script, theirs);
    (converse_over(&endpoint(), ours).await.unwrap(), peer)
}

/// Delivers one mail to `to`; the answers as short words, the error, and whether the dot was announced.
async fn deliver(script: &str, to: &[&str]) -> (Vec<String>, Option<Broken>, bool) {
    let (mut connection, _peer) = opened(script).await;
    let announced = Arc::new(Mutex::new(false));
    let mark = Arc::clone(&announced);
    let before_dot = async move || {
        *mark.lock().unwrap() = true;
        Ok(())
    };
    let outcome = connection.deliver(&envelope(to), MAIL, before_dot).await;
    let announced = *announced.lock().unwrap();
    match outcome {
        Ok(answers) => (words(&answers), None, announced),
        Err(broken) => (words(&broken.answers), Some(broken), announced),
    }
}

fn words(answers: &[(Address, Answer)]) -> Vec<String> {
    let word = |(address, answer): &(Address, Answer)| {
        let (kind, text) = match answer {
            Answer::Accepted { text } => ("accepted", text),
            Answer::Deferred { text } => ("deferred", text),
            Answer::Rejected { text } => ("rejected", text),
            Answer::Uncertain { text } => ("uncertain", text),
        };
        format!("{} {kind}: {text}", address.local())
    };
    answers.iter().map(word).collect()
}

/// Plays `talk` after the greeting, and compares the answers' beginnings.
async fn check(talk: &str, to: &[&str], expected: &[&str]) -> Option<Broken> {
    let (found, broken, _) = deliver(&format!("{HELLO}{talk}"), to).await;
    assert_eq!(found.len(), expected.len(), "{talk}\n{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{talk}\n{found:?}, not {expected:?}");
    }
    broken
}

#[tokio::test]
async fn a_question_about_recipients_sends_nothing_and_the_next_mail_begins_anew() {
    let talk = "C: MAIL FROM:<f@council.example>
C: RCPT TO:<ann@nhs.example>
C: RCPT TO:<gone@nhs.example>
S: 250 ok
S: 250 ok
S: 550 5.1.1 no such person
C: RSET
C: MAIL FROM
C: RCPT TO:<ann@nhs.example>
C: DATA
S: 250 ok
S: 250 ok
S: 250 ok
S: 354 go on
C.
S: 250 taken";
    let (mut connection, peer) = opened(&format!("{PIPELINED}{talk}")).await;
    let answers = connection.ask_about(&envelope(&["ann@nhs.example", "gone@nhs.example"])).await.unwrap();
    assert_eq!(words(&answers), ["ann accepted: ", "gone rejected: 550 5.1.1 no such person"]);
    let sent = connection.deliver(&envelope(&["ann@nhs.example"]), MAIL, async || Ok(())).await.unwrap();
    assert_eq!(words(&sent), ["ann accepted: 250 taken"]);
    assert_eq!(peer.await.unwrap().len(), 1, "one text in all");
}

#[tokio::test]
async fn each_recipient_has_an_answer_of_their_own() {
    let talk = "C: MAIL FROM:<f@council.example>
S: 250 ok
C: RCPT TO:<a@x.example>
S: 250 ok
C: RCPT TO:<b@x.example>
S: 450-4.2.0 greylisted,
S: 450 4.2.0 come back
C: RCPT TO:<c@x.example>
S: 550 5.1.1 unknown
C: DATA
S: 354 go
C.
S: 250-2.0.0 Ok:
S: 250 2.0.0 queued as 4F2A";
    let expected = [
        "a accepted: 250 2.0.0 Ok: 2.0.0 queued as 4F2A",
        "b deferred: 450 4.2.0 greylisted, 4.2.0 come back",
        "c rejected: 550 5.1.1 unknown",
    ];
    assert!(check(talk, &["a@x.example", "b@x.example", "c@x.example"], &expected).await.is_none());
}

#[tokio::test]
async fn a_refused_command_concerns_the_mail_and_leaves_the_connection_usable() {
    for (talk, expected) in [
        ("C: MAIL\nS: 451 later", "a deferred: 451 later"),
        ("C: MAIL\nS: 552 5.3.4 too big", "a rejected: 552 5.3.4 too big"),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 452 full", "a deferred: 452 full"),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 554 5.7.1 <a@x.example>: Relay access denied", "a deferred: 554 5.7.1"),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 552 too many recipients", "a deferred: 552"),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 451 later", "a deferred: 451"),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 554 no", "a rejected: 554"),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 452 disk full", "a deferred: 452"),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 554 5.7.1 spam", "a rejected: 554 5.7.1"),
        // Legal, though bare: RFC 5321 4.2.
        ("C: MAIL\nS: 250\nC: RCPT\nS: 250\nC: DATA\nS: 354\nC.\nS: 250", "a accepted: 250"),
    ] {
        assert!(check(talk, &["a@x.example"], &[expected]).await.is_none(), "{talk}");
    }
}

#[tokio::test]
async fn lost_before_the_dot_is_deferred_and_after_it_uncertain() {
    for (talk, expected) in [
        ("hang up", "a deferred: "),
        ("C: MAIL\nhang up", "a deferred: the server closed the connection at MAIL"),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nhang up", "a deferred: "),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nhang up", "a deferred: "),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nhang up", "a deferred: "),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nhang up", "a uncertain: the server closed"),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 2", "a uncertain: "),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 354 go on", "a uncertain: "),
        ("C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 250 what?", "a deferred: "),
        ("C: MAIL\nS: HTTP/1.1 400 Bad Request", "a deferred: the server said what the protocol does not allow"),
    ] {
        let broken = check(talk, &["a@x.example"], &[expected]).await;
        assert!(matches!(broken.map(|broken| broken.cause), Some(Cause::Wire(_))), "{talk}");
    }
}

#[tokio::test]
async fn what_was_refused_before_the_loss_stays_refused() {
    let talk = "C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: RCPT\nS: 550 no\nC: DATA\nS: 354 go\nC.\nhang up";
    check(talk, &["a@x.example", "b@x.example"], &["a uncertain: ", "b rejected: 550 no"]).await.unwrap();
}

#[tokio::test]
async fn closing_down_is_deferred_wherever_it_comes() {
    for talk in [
        "C: MAIL\nS: 421 4.3.2 shutting down\nhang up",
        "C: MAIL\nS: 250 ok\nC: RCPT\nS: 421 too busy\nhang up",
        "C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 421 not taken",
    ] {
        let broken = check(talk, &["a@x.example"], &["a deferred: "]).await.unwrap();
        assert!(matches!(broken.cause, Cause::Closing(_)), "{talk}: {broken}");
    }
}

#[tokio::test]
async fn an_early_answer_comes_before_the_dot_and_keeps_it_from_being_written() {
    let talk = "C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC: Subject\nS: 552 5.3.4 too big\nsilence";
    let (mut connection, _peer) = opened(&format!("{HELLO}{talk}")).await;
    let broken = connection.deliver(&envelope(&["a@x.example"]), MAIL, async || Ok(())).await.unwrap_err();
    assert_eq!(words(&broken.answers), ["a rejected: 552 5.3.4 too big"]);
}

#[tokio::test]
async fn a_refusal_of_the_account_never_fails_a_mail() {
    for talk in [
        "C: MAIL\nS: 550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        "C: MAIL\nS: 530 5.7.57 Client not authenticated",
        "C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 554 5.2.252 SendAsDenied; not allowed",
    ] {
        let broken = check(talk, &["a@x.example"], &["a deferred: The relay localhost:25 refuses this account"]).await;
        assert!(matches!(broken.map(|broken| broken.cause), Some(Cause::Account(_))), "{talk}");
    }
}

#[tokio::test]
async fn the_dot_is_not_written_when_it_cannot_be_announced() {
    let talk = "C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC: Subject\nC: \r\nC: ..b\nC: END";
    let (mut connection, peer) = opened(&format!("{HELLO}{talk}")).await;
    let refuse = async || anyhow::bail!("the disk is full");
    let broken = connection.deliver(&envelope(&["a@x.example"]), MAIL, refuse).await.unwrap_err();
    assert_eq!(words(&broken.answers), ["a deferred: held back before the final dot: the disk is full"]);
    drop(connection);
    let failure = peer.await.unwrap_err().into_panic();
    let read = failure.downcast_ref::<String>().unwrap();
    assert!(read.ends_with("waited for 'END' and read ''"), "nothing follows the text: {read}");
}

#[tokio::test]
async fn the_dot_is_announced_only_when_somebody_will_get_the_mail() {
    let refused = "C: MAIL\nS: 250 ok\nC: RCPT\nS: 550 no";
    let (_, broken, announced) = deliver(&format!("{HELLO}{refused}"), &["a@x.example"]).await;
    assert!(broken.is_none() && !announced);
    let refused = "C: MAIL\nC: RCPT\nC: DATA\nS: 250 ok\nS: 550 no\nS: 354 go\nhang up";
    let (answers, broken, announced) = deliver(&format!("{PIPELINED}{refused}"), &["a@x.example"]).await;
    assert_eq!(answers, ["a rejected: 550 no"]);
    assert!(broken.is_some() && !announced, "354 without a recipient ends the connection, not with a dot");
}

#[tokio::test]
async fn many_mails_go_over_one_connection() {
    let script = format!(
        "{PIPELINED}C: MAIL FROM:<f@council.example> SIZE=18
C: RCPT
C: DATA
S: 250 ok
S: 550 no
S: 554 no valid recipients
C: RSET
C: MAIL
C: RCPT
C: DATA
S: 250 reset
S: 250 ok
S: 250 ok
S: 354 go
C.
S: 250 first
C: MAIL
C: RCPT
C: DATA
S: 250 ok
S: 250 ok
S: 354 go
C.
S: 250 second
C: QUIT
S: 221 bye"
    );
    let (mut connection, peer) = opened(&script).await;
    assert_eq!(connection.size_limit(), Some(1000));
    let mut seen = Vec::new();
    for _ in 0..3 {
        let answers = connection.deliver(&envelope(&["a@x.example"]), MAIL, async || Ok(())).await.unwrap();
        seen.extend(words(&answers));
    }
    connection.close().await;
    assert_eq!(seen, ["a rejected: 550 no", "a accepted: 250 first", "a accepted: 250 second"]);
    assert_eq!(peer.await.unwrap(), ["Subject: a\r\n\r\n..b\r\n.\r\n"; 2]);
}

#[tokio::test(start_paused = true)]
async fn each_phase_waits_as_long_as_rfc_5321_asks() {
    let start = Instant::now();
    let (ours, theirs) = duplex(1024);
    let _peer = relay("silence", theirs);
    let fault = converse_over(&endpoint(), ours).await.unwrap_err();
    assert!(
        matches!(&fault, OutboundFault::Greeting { why, .. } if why.contains("300 s before its greeting")),
        "{fault}"
    );
    assert_eq!(start.elapsed().as_secs(), 300);

    let talk = "C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nsilence";
    let start = Instant::now();
    check(talk, &["a@x.example"], &["a uncertain: the server said nothing for 600 s after the final dot"])
        .await
        .unwrap();
    assert_eq!(start.elapsed().as_secs(), 600);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_delivery_leaves_nothing_to_go_on_with() {
    let talk = "C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nsilence";
    let (mut connection, _peer) = opened(&format!("{HELLO}{talk}")).await;
    let envelope = envelope(&["a@x.example"]);
    let cancelled = timeout(Duration::from_secs(1), connection.deliver(&envelope, MAIL, async || Ok(()))).await;
    assert!(cancelled.is_err());
    let broken = connection.deliver(&envelope, MAIL, async || Ok(())).await.unwrap_err();
    assert!(matches!(broken.cause, Cause::UsedUp));
}

#[tokio::test]
async fn what_cannot_be_written_is_refused_before_the_relay_hears_of_it() {
    let check = async |bytes: &[u8], to: &str, word: &str| {
        let (mut connection, _peer) = opened(&format!("{HELLO}silence")).await;
        let answers = connection.deliver(&envelope(&[to]), bytes, async || Ok(())).await.unwrap();
        assert!(words(&answers).concat().contains(word), "{answers:?}");
    };
    check(b"A: b\r\n\r\nx\n.\r\n", "a@x.example", "rejected: not sent: the mail holds a line feed").await;
    check("A: b\r\n\r\n\u{e9}\r\n".as_bytes(), "a@x.example", "rejected: not sent: the mail is not ASCII").await;
    check(MAIL, "\u{e9}lodie@x.example", "SMTPUTF8").await;
}

#[tokio::test]
async fn domains_go_out_in_ascii_and_notices_are_asked_for() {
    let script = "S: 220 relay.example
C: EHLO
S: 250-relay.example
S: 250 DSN
C: MAIL FROM:<f@council.example> RET=HDRS ENVID=LTR-1+3Dx\r
S: 250 ok
C: RCPT TO:<a+t@xn--schn-7qa.example> NOTIFY=FAILURE,DELAY\r
S: 250 ok
C: RCPT TO:<b+u@x.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;b+2Bu@x.example\r
S: 250 ok
C: DATA
S: 354 go
C.
S: 250 ok";
    let (mut connection, peer) = opened(&script.replace("\\r", "\r")).await;
    let mut envelope = envelope(&["a+t@sch\u{f6}n.example", "b+u@x.example"]);
    envelope.id = Some("LTR-1=x".into());
    let answers = connection.deliver(&envelope, MAIL, async || Ok(())).await.unwrap();
    assert!(answers.iter().all(|(_, answer)| matches!(answer, Answer::Accepted { .. })), "{answers:?}");
    peer.await.unwrap();
}

async fn sign_in(mechanism: Mechanism, talk: &str) -> Result<SmtpConnection, OutboundFault> {
    let auth = SmtpAuth { user: "robot@council.example".into(), secret: "pw".into(), mechanism };
    let (ours, theirs) = duplex(1024 * 1024);
    let _peer = relay(&format!("S: 220 relay.example\nC: EHLO\n{talk}"), theirs);
    converse_over(&SmtpEndpoint { auth: Some(auth), ..endpoint() }, ours).await
}

#[tokio::test]
async fn a_refused_sign_in_says_what_to_do() {
    let token = "user=robot@council.example\u{1}auth=Bearer pw\u{1}\u{1}";
    let token = data_encoding::BASE64.encode(token.as_bytes());
    let reason = data_encoding::BASE64.encode(b"{\"status\":\"401\",\"schemes\":\"bearer\"}");
    let oauth2 = format!(
        "S: 250-r\nS: 250 AUTH LOGIN XOAUTH2\nC: AUTH XOAUTH2 {token}\nS: 334 {reason}\nC: \r\nS: 535 5.7.3 Authentication unsuccessful"
    );
    for (mechanism, talk, word) in [
        (
            Mechanism::Plain,
            "S: 250-r\nS: 250 AUTH PLAIN LOGIN\nC: AUTH PLAIN AHJv\nS: 535 5.7.8 bad password",
            "Check user and secret",
        ),
        (
            Mechanism::Plain,
            "S: 250-r\nS: 250 AUTH PLAIN\nC: AUTH PLAIN\nS: 454 4.7.0 Temporary authentication failure",
            "cannot check passwords just now",
        ),
        (
            Mechanism::Plain,
            "S: 250-r\nS: 250 AUTH PLAIN\nC: AUTH PLAIN\nS: 535 5.7.139 SmtpClientAuthentication is disabled for the Tenant",
            "Set-CASMailbox",
        ),
        (Mechanism::XOAuth2, oauth2.as_str(), "\"status\":\"401\""),
        (Mechanism::XOAuth2, "S: 250-r\nS: 250 AUTH LOGIN", "does not offer XOAuth2"),
        (Mechanism::Login, "S: 250 r", "does not offer Login"),
    ] {
        let fault = sign_in(mechanism, talk).await.unwrap_err();
        assert!(matches!(fault, OutboundFault::SignIn { .. }), "{fault}");
        assert!(fault.to_string().contains(word), "{fault}");
        assert!(!fault.to_string().contains("pw"), "no secret is ever shown");
    }
}

#[tokio::test]
async fn a_password_goes_by_login_where_that_is_all_there_is() {
    let talk = "S: 250-r\nS: 250 AUTH LOGIN XOAUTH2\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: cm9ib3RAY291bmNpbC5leGFtcGxl\nS: 334 UGFzc3dvcmQ6\nC: cHc=\nS: 235 welcome\nsilence";
    sign_in(Mechanism::Plain, talk).await.unwrap();
}

#[tokio::test]
async fn a_relay_that_does_not_let_us_in_is_no_fault_of_a_mail() {
    for (script, word) in [
        ("S: 554 5.7.1 go away", "must list this server"),
        ("S: 421 too many connections", "Letters wait"),
        ("hang up", "closed the connection before its greeting"),
        ("S: 220 r\nC: EHLO\nS: 504 5.5.2 bad name", "outbound.hello_name"),
    ] {
        let (ours, theirs) = duplex(1024);
        let _peer = relay(script, theirs);
        let fault = converse_over(&endpoint(), ours).await.unwrap_err();
        assert!(matches!(fault, OutboundFault::Greeting { .. }) && fault.to_string().contains(word), "{fault}");
    }
}

#[tokio::test]
async fn without_starttls_nothing_is_said_and_text_in_clear_behind_it_is_an_attack() {
    for (talk, word) in [
        ("S: 250-r\nS: 250 AUTH PLAIN\nsilence", "does not offer STARTTLS"),
        ("S: 250-r\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 no", "454 no"),
        ("S: 250-r\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 go\r\n250-r\r\n250 AUTH PLAIN\nsilence", "interferes"),
    ] {
        let (ours, theirs) = duplex(1024);
        let _peer = relay(&format!("S: 220 r\nC: EHLO\n{}", talk.replace("\r\n", "|")), theirs);
        let endpoint = SmtpEndpoint { security: Security::StartTlsRequired, ..endpoint() };
        let fault = converse_over(&endpoint, ours).await.unwrap_err();
        assert!(matches!(fault, OutboundFault::Tls { .. }) && fault.to_string().contains(word), "{fault}");
    }
}

#[tokio::test]
async fn mail_in_clear_does_not_leave_this_machine() {
    let endpoint = SmtpEndpoint { host: "192.0.2.1".into(), ..endpoint() };
    let fault = SmtpConnection::open(&endpoint).await.unwrap_err();
    assert!(matches!(fault, OutboundFault::NotLoopback { .. }), "{fault}");
}

#[tokio::test]
async fn a_delivery_can_be_spawned() {
    let talk = "C: MAIL\nS: 250 ok\nC: RCPT\nS: 250 ok\nC: DATA\nS: 354 go\nC.\nS: 250 ok";
    let (mut connection, _peer) = opened(&format!("{HELLO}{talk}")).await;
    let answers = tokio::spawn(async move {
        let envelope = envelope(&["a@x.example"]);
        connection.deliver(&envelope, MAIL, async || Ok(())).await.unwrap()
    });
    assert_eq!(words(&answers.await.unwrap()), ["a accepted: 250 ok"]);
}
