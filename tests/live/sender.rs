//! The ways out against a real Postfix.

use crate::servers::postfix::{Postfix, SIZE_LIMIT, Sink};
use followupd::{
    core::id::Address,
    outbox::sender::{
        Answer, Broken, Cause, Connection, Envelope, OutboundEndpoint, OutboundFault, Security, SmtpEndpoint,
    },
};
use std::time::Instant;

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn envelope(to: &[&str]) -> Envelope {
    Envelope { from: Some(address("send@council.example")), to: to.iter().map(|to| address(to)).collect(), id: None }
}

fn mail(text: &str) -> String {
    format!("From: send@council.example\r\nSubject: A\r\nMessage-ID: <1@council.example>\r\n\r\n{text}\r\n")
}

fn relay(port: u16, security: Security) -> SmtpEndpoint {
    SmtpEndpoint { host: "localhost".into(), port, security, auth: None, ca_file: None, hello_name: None }
}

async fn open(endpoint: SmtpEndpoint) -> Result<Connection, OutboundFault> {
    Connection::open(&OutboundEndpoint::Smtp(endpoint)).await
}

async fn send(connection: &mut Connection, to: &[&str], text: &str) -> Result<Vec<(Address, Answer)>, Broken> {
    connection.deliver(&envelope(to), mail(text).as_bytes(), async || Ok(())).await
}

#[tokio::test]
async fn each_recipient_is_answered_for_and_the_text_arrives_as_it_is() {
    let postfix = Postfix::start();
    for (port, security) in [(postfix.port, Security::StartTlsRequired), (postfix.tls_port, Security::Tls)] {
        let endpoint = SmtpEndpoint { ca_file: Some(postfix.ca_file()), ..relay(port, security) };
        let mut connection = open(endpoint).await.unwrap();
        let to = ["lee@nhs.example", "gone@nhs.example", "later@nhs.example"];
        let answers = send(&mut connection, &to, ".\r\n..\r\nZo\u{eb}\r\n.end").await.unwrap();
        assert!(matches!(&answers[0].1, Answer::Accepted { text } if text.contains("queued as")), "{answers:?}");
        assert!(matches!(&answers[1].1, Answer::Rejected { text } if text.contains("5.1.1")), "{answers:?}");
        assert!(matches!(&answers[2].1, Answer::Deferred { text } if text.contains("4.2.0")), "{answers:?}");
        connection.close().await;
    }
    for copy in postfix.delivers("lee", 2).await {
        assert!(copy.ends_with("\n\n.\n..\nZo\u{eb}\n.end\n"), "{copy}");
        assert!(copy.contains("Delivered-To: lee@nhs.example"), "{copy}");
    }
    assert!(postfix.delivered("gone").is_empty() && postfix.delivered("later").is_empty());
}

#[tokio::test]
async fn a_server_that_cannot_prove_its_name_gets_nothing() {
    let postfix = Postfix::start();
    let trusted = Some(postfix.ca_file());
    let wrong_name =
        SmtpEndpoint { host: "127.0.0.1".into(), ca_file: trusted, ..relay(postfix.port, Security::StartTlsRequired) };
    let no_file = SmtpEndpoint { ca_file: Some("/nowhere/ca.pem".into()), ..relay(postfix.tls_port, Security::Tls) };
    for endpoint in [
        relay(postfix.port, Security::StartTlsRequired),
        relay(postfix.tls_port, Security::Tls),
        wrong_name,
        no_file,
        // Not TLS at all on this port.
        relay(postfix.port, Security::Tls),
    ] {
        let fault = open(endpoint).await.unwrap_err();
        assert!(matches!(fault, OutboundFault::Tls { .. }), "{fault}");
    }
    let nobody = relay(1, Security::PlainLoopback);
    assert!(matches!(open(nobody).await.unwrap_err(), OutboundFault::Unreachable { .. }));
}

#[tokio::test]
async fn a_hundred_letters_over_one_connection_arrive_once_each() {
    let postfix = Postfix::start();
    let mut connection = open(relay(postfix.port, Security::PlainLoopback)).await.unwrap();
    for number in 0..100 {
        // A refused one now and then must not disturb the next.
        let to = if number % 10 == 0 {
            ["gone@nhs.example", "ann@nhs.example"]
        } else {
            ["later@nhs.example", "ann@nhs.example"]
        };
        let answers = send(&mut connection, &to, &format!("letter {number} of 100")).await.unwrap();
        assert!(matches!(answers[1].1, Answer::Accepted { .. }), "{answers:?}");
        let nobody = send(&mut connection, &to[..1], "to nobody").await.unwrap();
        assert!(!matches!(nobody[0].1, Answer::Accepted { .. }), "{nobody:?}");
    }
    connection.close().await;
    let mails = postfix.delivers("ann", 100).await;
    for number in 0..100 {
        let line = format!("letter {number} of 100\n");
        assert_eq!(mails.iter().filter(|mail| mail.ends_with(&line)).count(), 1, "{line}");
    }
}

#[tokio::test]
async fn too_large_is_known_beforehand_and_refused() {
    let postfix = Postfix::start();
    let mut connection = open(relay(postfix.port, Security::PlainLoopback)).await.unwrap();
    assert_eq!(connection.size_limit(), Some(SIZE_LIMIT));
    let line = "x".repeat(76) + "\r\n";
    let answers = send(&mut connection, &["big@nhs.example"], &line.repeat(30_000)).await.unwrap();
    assert!(matches!(&answers[0].1, Answer::Rejected { text } if text.starts_with("552")), "{answers:?}");
    let answers = send(&mut connection, &["big@nhs.example"], &line.repeat(20_000)).await.unwrap();
    assert!(matches!(&answers[0].1, Answer::Accepted { .. }), "{answers:?}");
    postfix.delivers("big", 1).await;
}

#[tokio::test]
async fn a_server_that_dies_before_the_dot_has_not_got_the_mail() {
    let postfix = Postfix::start();
    let mut connection = open(relay(postfix.port, Security::PlainLoopback)).await.unwrap();
    let kill = async || {
        postfix.kill();
        Ok(())
    };
    let mail = mail("first");
    let broken = connection.deliver(&envelope(&["eve@nhs.example"]), mail.as_bytes(), kill).await.unwrap_err();
    assert!(matches!(broken.cause, Cause::Wire(_)), "{broken}");
    assert!(matches!(broken.answers[0].1, Answer::Deferred { .. }), "{broken:?}");
    postfix.start_again();
    let mut connection = open(relay(postfix.port, Security::PlainLoopback)).await.unwrap();
    send(&mut connection, &["eve@nhs.example"], "second").await.unwrap();
    let mails = postfix.delivers("eve", 1).await;
    assert!(mails.len() == 1 && mails[0].ends_with("second\n"), "{mails:?}");
}

/// One connection to a sink that only counts. The rate itself is a matter of `tests/bench`; here it is that
/// nothing waits for a delayed acknowledgement, which would cost 40 ms a letter.
#[tokio::test]
async fn no_letter_waits_for_an_acknowledgement() {
    const LETTERS: u32 = 2000;
    let sink = Sink::start();
    let mut connection = open(relay(sink.port, Security::PlainLoopback)).await.unwrap();
    let text = "A line of a letter, as long as such lines are.\r\n".repeat(60);
    let start = Instant::now();
    for _ in 0..LETTERS {
        send(&mut connection, &["lee@nhs.example", "copy@council.example"], &text).await.unwrap();
    }
    let each = start.elapsed() / LETTERS;
    println!("{each:?} a letter, {:.0} letters/s over one connection", 1.0 / each.as_secs_f64());
    assert!(each.as_millis() < 20, "{each:?} a letter");
}
