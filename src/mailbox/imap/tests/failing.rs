//! Whatever a server does at whatever point: an error, never success, never a hang.

use super::super::super::{BatchLimits, MailboxError};
use super::super::peer::{EOF, GREETING, Step, line, session, step};
use super::{bodies, select, sizes};

#[derive(Debug, Clone, Copy)]
enum Deed {
    Batch,
    Uids,
    File,
}

async fn run(deed: Deed, script: Vec<Step>) -> Result<String, MailboxError> {
    let (mut session, _peer) = session("UIDPLUS", script).await;
    Ok(match deed {
        Deed::Batch => format!("{:?}", session.batch("INBOX", 0, &BatchLimits::default()).await?.mails.len()),
        Deed::Uids => format!("{:?}", session.uids("INBOX").await?),
        Deed::File => format!("{:?}", session.file_into("INBOX", &[1, 2], "Processed").await?),
    })
}

fn script(deed: Deed) -> Vec<Step> {
    match deed {
        Deed::Batch => vec![
            select(3, 2),
            sizes("UID FETCH 1:* (UID RFC822.SIZE)", &[(1, 1), (2, 1)]),
            bodies("UID FETCH 1:2 (UID INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.", &[(1, "a"), (2, "b")]),
        ],
        Deed::Uids => vec![select(3, 2), sizes("UID FETCH 1:*", &[(1, 1), (2, 1)]), sizes("UID FETCH 3:*", &[(2, 1)])],
        Deed::File => vec![
            select(3, 2),
            step("LIST \"\" \"Processed\"", "* LIST () \".\" Processed\n% OK done\n"),
            step("UID SEARCH UID 1:2 UNDELETED", "* SEARCH 1 2\n% OK done\n"),
            step("UID COPY 1:2 \"Processed\"", "% OK done\n"),
            step("UID STORE 1:2 +FLAGS.SILENT (\\Deleted)", "% OK done\n"),
            step("UID EXPUNGE 1:2", "% OK done\n"),
        ],
    }
}

#[tokio::test]
async fn a_failure_at_any_point_is_an_error() {
    let failures = [
        "% NO [SERVERBUG] not now\n",
        "% BAD what\n",
        "% BAD\n",
        "<eof>",
        "* 1 FET<eof>",
        "* BYE going down\n",
        "* BYE going down\n<eof>",
        "* THIS IS (NO IMAP\n% OK done\n",
        "* ESEARCH (TAG \"F1\") UID COUNT 5\n% OK done\n",
        "F999 OK not your tag\n<eof>",
        "+ go ahead\n",
    ];
    for deed in [Deed::Batch, Deed::Uids, Deed::File] {
        assert!(run(deed, script(deed)).await.is_ok(), "{deed:?}");
        for point in 0..script(deed).len() {
            for failure in failures {
                let mut broken = script(deed);
                broken[point].1 = failure.to_owned();
                let result = run(deed, broken).await;
                assert!(result.is_err(), "{deed:?} {point} {failure:?}: {result:?}");
            }
        }
    }
}

#[tokio::test]
async fn after_a_lost_connection_nothing_is_done_any_more() {
    let (mut session, peer) = session("", vec![select(3, 2), step("UID FETCH", "* NOT (IMAP\n% OK done\n")]).await;
    let limits = BatchLimits::default();
    let first = session.batch("INBOX", 0, &limits).await.unwrap_err();
    assert!(matches!(first, MailboxError::Protocol { .. }), "{first}");
    assert!(!first.to_string().contains("NOT ("), "the line may be somebody's mail: {first}");
    let second = session.batch("INBOX", 0, &limits).await.unwrap_err();
    assert!(matches!(second, MailboxError::ConnectionLost { .. }), "{second}");
    drop(session);
    assert_eq!(peer.heard().await.iter().filter(|command| command.starts_with("UID FETCH")).count(), 1);
}

#[tokio::test]
async fn a_select_without_uid_validity_is_a_lost_connection_and_no_new_mailbox() {
    for answer in
        ["% OK done\n", "* 5 EXISTS\n* OK [UIDNEXT 6] next\n% OK done\n", "* OK [UIDVALIDITY 7] valid\n% OK\n"]
    {
        let (mut session, _peer) = session("", vec![step("SELECT", answer)]).await;
        let error = session.select("INBOX").await.unwrap_err();
        assert!(matches!(error, MailboxError::ConnectionLost { .. }), "{answer:?}: {error}");
    }
}

#[tokio::test]
async fn a_missing_folder_is_told_from_a_refused_one() {
    let listed = "* LIST () \".\" Triage.Old\n% OK done\n";
    for (list, missing) in [("% OK done\n", true), (listed, false)] {
        let script = vec![step("SELECT \"Triage.Old\"", "% NO no\n"), step("LIST \"\" \"Triage.Old\"", list)];
        let (mut session, _peer) = session("", script).await;
        let error = session.select("Triage/Old").await.unwrap_err();
        assert_eq!(matches!(error, MailboxError::FolderMissing { .. }), missing, "{error}");
    }
}

#[tokio::test]
async fn only_an_ok_greeting_is_a_greeting() {
    for greeting in
        ["<eof>", "* BYE busy\n", "* PREAUTH welcome\n", "* 5 EXISTS\n", "HTTP/1.1 400 Bad Request\n", "+ \n"]
    {
        let (mut line, _peer) = line(greeting, Vec::new());
        assert!(line.greeting().await.is_err(), "{greeting:?}");
    }
}

#[tokio::test]
async fn what_a_server_says_ahead_of_tls_is_dropped() {
    use super::super::command::Command;
    use super::super::line::Line;
    let script = vec![
        step("STARTTLS", "% OK begin\n* CAPABILITY IMAP4rev1 AUTH=PLAIN INJECTED\nF1 OK injected\n"),
        step("CAPABILITY", "% OK the real one\n"),
    ];
    let (mut plain, _peer) = line(GREETING, script);
    plain.greeting().await.unwrap();
    plain.run(Command::new("STARTTLS"), |_| ()).await.unwrap();
    let mut protected = Line::new(plain.into_stream());
    let mut said = 0;
    protected.run(Command::new("CAPABILITY"), |_| said += 1).await.unwrap();
    assert_eq!(said, 0);
}

#[tokio::test]
async fn a_server_that_closes_says_so_in_the_error() {
    let (mut session, _peer) = session("", vec![step("SELECT", format!("* BYE too many connections\n{EOF}"))]).await;
    let error = session.select("INBOX").await.unwrap_err().to_string();
    assert!(error.contains("too many connections") && error.contains("SELECT"), "{error}");
}
