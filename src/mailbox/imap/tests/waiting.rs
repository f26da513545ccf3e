//! Waiting: nothing that came is slept over, nothing hangs.

use super::super::super::{BatchLimits, MailboxError, Woken};
use super::super::Session;
use super::super::peer::{Peer, Step, session, step};
use super::{select, sizes};
use std::time::Duration;
use tokio::io::DuplexStream;

const SHORT: Duration = Duration::from_millis(30);
/// As good as for ever: a test that waits it out has failed.
const LONG: Duration = Duration::from_secs(3_600);

/// A session that has seen everything up to UID 1 of a folder with one mail.
async fn caught_up(capabilities: &str, script: Vec<Step>) -> (Session<DuplexStream>, Peer) {
    let mut steps = vec![select(2, 1), sizes("UID FETCH 2:*", &[(1, 1)])];
    steps.extend(script);
    let (mut session, peer) = session(capabilities, steps).await;
    assert!(session.batch("INBOX", 1, &BatchLimits::default()).await.unwrap().mails.is_empty());
    (session, peer)
}

async fn woken(capabilities: &str, script: Vec<Step>, limit: Duration) -> Result<Woken, MailboxError> {
    let (mut session, peer) = caught_up(capabilities, script).await;
    let woken = session.wait("INBOX", limit).await;
    drop(session);
    peer.heard().await;
    woken
}

#[tokio::test]
async fn new_mail_ends_idle() {
    let script = vec![step("IDLE", "+ idling\n* OK Still here\n* 2 EXISTS\n"), step("DONE", "% OK done\n")];
    assert_eq!(woken("IDLE", script, LONG).await.unwrap(), Woken::Changed);
}

#[tokio::test]
async fn mail_told_of_just_before_idling_wakes_too() {
    let script = vec![step("IDLE", "* 2 EXISTS\n+ idling\n"), step("DONE", "% OK done\n")];
    assert_eq!(woken("IDLE", script, LONG).await.unwrap(), Woken::Changed);
}

#[tokio::test]
async fn mail_told_of_while_idle_ends_wakes_too() {
    let script = vec![step("IDLE", "+ idling\n"), step("DONE", "* 2 EXISTS\n% OK done\n")];
    assert_eq!(woken("IDLE", script, SHORT).await.unwrap(), Woken::Changed);
}

#[tokio::test]
async fn mail_told_of_in_the_last_answer_is_not_slept_over() {
    let tail = "* 1 FETCH (UID 1 RFC822.SIZE 1)\n* 2 EXISTS\n% OK done\n";
    let script = vec![select(2, 1), step("UID FETCH 2:*", tail)];
    let (mut session, _peer) = session("IDLE", script).await;
    session.batch("INBOX", 1, &BatchLimits::default()).await.unwrap();
    assert_eq!(session.wait("INBOX", LONG).await.unwrap(), Woken::Changed);
}

#[tokio::test]
async fn mail_that_came_while_another_folder_was_open_is_not_slept_over() {
    let junk = step("SELECT \"Junk Email\"", select(5, 0).1);
    let (mut session, _peer) = caught_up("IDLE", vec![junk, select(3, 2)]).await;
    session.batch("Junk Email", 4, &BatchLimits::default()).await.unwrap();
    assert_eq!(session.wait("INBOX", LONG).await.unwrap(), Woken::Changed);
}

#[tokio::test]
async fn expunged_and_flagged_mail_wakes_nobody() {
    let idle = "+ idling\n* 1 EXPUNGE\n* 0 EXISTS\n* 1 EXISTS\n* 1 FETCH (FLAGS (\\Seen))\n* 1 EXISTS\n";
    for (idle, expected) in
        [(idle, Woken::Changed), ("+ idling\n* 1 FETCH (FLAGS ())\n* 1 EXPUNGE\n* 0 RECENT\n", Woken::TimedOut)]
    {
        let script = vec![step("IDLE", idle), step("DONE", "% OK done\n")];
        assert_eq!(woken("IDLE", script, SHORT).await.unwrap(), expected, "{idle:?}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_idle_is_polled() {
    for refusal in ["% NO not now\n", "% BAD\n", "% OK what\n"] {
        let script = vec![step("IDLE", refusal), step("NOOP", "* 2 EXISTS\n% OK done\n")];
        assert_eq!(woken("IDLE", script, SHORT).await.unwrap(), Woken::Changed, "{refusal:?}");
    }
}

#[tokio::test]
async fn a_server_without_idle_is_polled() {
    assert_eq!(woken("", vec![step("NOOP", "* 2 EXISTS\n% OK done\n")], SHORT).await.unwrap(), Woken::Changed);
    assert_eq!(woken("", vec![step("NOOP", "% OK done\n")], SHORT).await.unwrap(), Woken::TimedOut);
}

#[tokio::test]
async fn a_connection_lost_in_idle_is_an_error() {
    let scripts = [
        vec![step("IDLE", "<eof>")],
        vec![step("IDLE", "+ idling\n<eof>")],
        vec![step("IDLE", "+ idling\n* 2 EXI<eof>")],
        vec![step("IDLE", "+ idling\n* BYE down\n")],
        vec![step("IDLE", "+ idling\n* NOT (IMAP\n")],
    ];
    for script in scripts {
        assert!(woken("IDLE", script.clone(), LONG).await.is_err(), "{script:?}");
    }
    for answer in ["% NO\n", "% BAD\n", "<eof>", "* BYE down\n"] {
        let script = vec![step("IDLE", "+ idling\n"), step("DONE", answer)];
        assert!(woken("IDLE", script, SHORT).await.is_err(), "{answer:?}");
    }
}

#[tokio::test]
async fn a_wait_may_be_dropped_and_the_session_goes_on() {
    let script = vec![
        step("IDLE", "+ idling\n"),
        step("DONE", "% OK done\n"),
        sizes("UID FETCH 2:*", &[]),
        step("NOOP", "% OK done\n"),
    ];
    let (mut session, peer) = caught_up("IDLE", script).await;
    let dropped = tokio::time::timeout(SHORT, session.wait("INBOX", LONG)).await;
    assert!(dropped.is_err());
    assert!(session.batch("INBOX", 1, &BatchLimits::default()).await.unwrap().mails.is_empty());
    drop(session);
    assert_eq!(peer.heard().await.last().map(String::as_str), Some("NOOP"));
}
