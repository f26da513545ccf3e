//! Bringing mail: by UID, checked, bounded.

use super::super::super::{BatchLimits, HEAD_BYTES, MailboxError, Wholeness};
use super::super::peer::{Step, session, step};
use super::{bodies, mail, select, sizes};

const LIMITS: BatchLimits = BatchLimits { mails: 2, bytes: 100, largest: 50 };

type Mails = Vec<(u32, String, Wholeness)>;

async fn batch_with(script: Vec<Step>, after: u32, limits: &BatchLimits) -> Result<Mails, MailboxError> {
    let (mut session, peer) = session("IDLE", script).await;
    let batch = session.batch("INBOX", after, limits).await;
    drop(session);
    peer.heard().await;
    let batch = batch?;
    assert_eq!(batch.uid_validity, 7);
    Ok(batch.mails.into_iter().map(|mail| (mail.uid, String::from_utf8(mail.raw).unwrap(), mail.whole)).collect())
}

async fn batch(script: Vec<Step>, after: u32) -> Result<Mails, MailboxError> {
    batch_with(script, after, &LIMITS).await
}

fn whole(uid: u32, text: &str) -> (u32, String, Wholeness) {
    (uid, text.to_owned(), Wholeness::Whole)
}

#[tokio::test]
async fn mail_comes_in_order_of_uid_with_the_date_of_the_server() {
    let script = vec![
        select(12, 3),
        sizes("UID FETCH 10:* (UID RFC822.SIZE)", &[(11, 1), (10, 1)]),
        bodies("UID FETCH 10:11 (UID INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.51>)", &[(11, "b"), (10, "a")]),
    ];
    let (mut session, _peer) = session("", script).await;
    let mails = session.batch("INBOX", 9, &LIMITS).await.unwrap().mails;
    assert_eq!(mails.iter().map(|mail| mail.uid).collect::<Vec<_>>(), [10, 11]);
    assert_eq!(mails[0].received_at.to_rfc3339(), "2026-01-05T08:30:00+00:00");
}

#[tokio::test]
async fn the_last_mail_which_a_server_names_for_a_range_beyond_it_is_not_brought_again() {
    let script = vec![select(12, 3), sizes("UID FETCH 12:*", &[(11, 1)])];
    assert_eq!(batch(script, 11).await.unwrap(), []);
}

#[tokio::test]
async fn an_empty_folder_is_asked_for_nothing() {
    assert_eq!(batch(vec![select(12, 0)], 0).await.unwrap(), []);
}

#[tokio::test]
async fn a_gap_in_the_uids_is_crossed() {
    let script = vec![
        select(1_000, 1),
        sizes("UID FETCH 1:2 ", &[]),
        sizes("UID FETCH 3:10 ", &[]),
        sizes("UID FETCH 11:42 ", &[]),
        sizes("UID FETCH 43:170 ", &[]),
        sizes("UID FETCH 171:682 ", &[]),
        sizes("UID FETCH 683:*", &[(900, 1)]),
        bodies("UID FETCH 900 ", &[(900, "x")]),
    ];
    assert_eq!(batch(script, 0).await.unwrap(), [whole(900, "x")]);
}

#[tokio::test]
async fn only_so_many_bytes_are_asked_for_and_at_least_one_mail() {
    let limits = BatchLimits { mails: 10, bytes: 5, largest: 50 };
    let announced = [(1, 3), (2, 2), (3, 9)];
    let script =
        vec![select(4, 3), sizes("UID FETCH 1:*", &announced), bodies("UID FETCH 1:2 ", &[(1, "a"), (2, "b")])];
    assert_eq!(batch_with(script, 0, &limits).await.unwrap().len(), 2);
    let script = vec![select(4, 3), sizes("UID FETCH 3:*", &announced[2..]), bodies("UID FETCH 3 ", &[(3, "c")])];
    assert_eq!(batch_with(script, 2, &limits).await.unwrap(), [whole(3, "c")]);
}

#[tokio::test]
async fn a_mail_over_the_limit_comes_alone_and_only_its_head() {
    let limits = BatchLimits { mails: 10, bytes: u64::MAX / 8, largest: HEAD_BYTES + 10 };
    let large = u64::from(u32::MAX);
    let head = "x".repeat(HEAD_BYTES as usize + 1);
    let cut = mail(2, &head).replace(&format!("RFC822.SIZE {}", head.len()), &format!("RFC822.SIZE {large}"));
    let script =
        vec![select(4, 3), sizes("UID FETCH 1:*", &[(1, 1), (2, large), (3, 1)]), bodies("UID FETCH 1 ", &[(1, "a")])];
    assert_eq!(batch_with(script, 0, &limits).await.unwrap(), [whole(1, "a")]);
    let asked = "UID FETCH 2 (UID INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.262145>)";
    let script = vec![select(4, 3), sizes("UID FETCH 2:*", &[(2, large), (3, 1)]), step(asked, cut + "% OK done\n")];
    let mails = batch_with(script, 1, &limits).await.unwrap();
    assert_eq!((mails.len(), mails[0].2, mails[0].1.len() as u64), (1, Wholeness::HeadOnly, HEAD_BYTES));
}

#[tokio::test]
async fn a_mail_larger_than_announced_is_cut_at_the_limit() {
    let script = vec![select(2, 1), sizes("UID FETCH 1:*", &[(1, 1)]), bodies("UID FETCH 1 ", &[(1, &"x".repeat(51))])];
    let mails = batch(script, 0).await.unwrap();
    assert_eq!(mails, [(1, "x".repeat(50), Wholeness::HeadOnly)]);
}

#[tokio::test]
async fn a_literal_far_over_what_was_asked_for_is_not_read_into_memory() {
    let huge = "* 1 FETCH (UID 1 INTERNALDATE \" 5-Jan-2026 09:30:00 +0100\" BODY[]<0> {400000000}\n".to_owned();
    let script =
        vec![select(2, 1), sizes("UID FETCH 1:*", &[(1, 1)]), step("UID FETCH 1 ", huge + &"x".repeat(3 << 20))];
    let error = batch(script, 0).await.unwrap_err();
    assert!(matches!(error, MailboxError::Protocol { .. }), "{error}");
}

#[tokio::test]
async fn mails_that_are_together_far_over_what_was_announced_are_an_error() {
    let limits = BatchLimits { mails: 100, bytes: 10, largest: 50 };
    let announced: Vec<_> = (1..=10).map(|uid| (uid, 1)).collect();
    let text = "x".repeat(40);
    let sent: Vec<_> = (1..=10).map(|uid| (uid, text.as_str())).collect();
    let script = vec![select(11, 10), sizes("UID FETCH 1:*", &announced), bodies("UID FETCH 1:10 ", &sent)];
    assert!(batch_with(script, 0, &limits).await.is_err());
}

#[tokio::test]
async fn what_was_not_asked_for_is_passed_over() {
    let answer = format!(
        "* 5 EXISTS\n* 9 FETCH (FLAGS (\\Seen))\n* 1 FETCH (UID 1 FLAGS (\\Seen))\n{}{}* OK still here\n% OK done\n",
        mail(4, "not asked for"),
        mail(1, "a"),
    );
    let script = vec![select(2, 1), sizes("UID FETCH 1:*", &[(1, 1)]), step("UID FETCH 1 ", answer)];
    assert_eq!(batch(script, 0).await.unwrap(), [whole(1, "a")]);
}

#[tokio::test]
async fn a_mail_that_is_there_and_does_not_come_is_an_error() {
    for answer in
        ["% OK done\n", "* 1 FETCH (UID 1 INTERNALDATE \" 5-Jan-2026 09:30:00 +0100\" BODY[]<0> NIL)\n% OK done\n"]
    {
        let script = vec![
            select(3, 2),
            sizes("UID FETCH 1:*", &[(1, 1), (2, 1)]),
            step("UID FETCH 1:2 ", mail(2, "b") + answer),
            sizes("UID FETCH 1 (UID RFC822.SIZE)", &[(1, 1)]),
        ];
        let error = batch(script, 0).await.unwrap_err();
        assert!(error.to_string().contains("UID 1 is in the folder"), "{error}");
    }
}

#[tokio::test]
async fn a_mail_that_is_gone_meanwhile_is_passed_over() {
    let script = vec![
        select(4, 3),
        sizes("UID FETCH 1:2 ", &[(1, 1), (2, 1)]),
        step("UID FETCH 1:2 ", "% OK done\n"),
        sizes("UID FETCH 1:2 (UID RFC822.SIZE)", &[]),
        sizes("UID FETCH 3:*", &[(3, 1)]),
        bodies("UID FETCH 3 ", &[(3, "c")]),
    ];
    assert_eq!(batch(script, 0).await.unwrap(), [whole(3, "c")], "an empty batch would say that nothing is left");
}

#[tokio::test]
async fn a_mail_without_readable_date_is_an_error() {
    let answer = mail(1, "a").replace("5-Jan-2026", "5-Foo-2026") + "% OK done\n";
    let script = vec![select(2, 1), sizes("UID FETCH 1:*", &[(1, 1)]), step("UID FETCH 1 ", answer)];
    assert!(batch(script, 0).await.unwrap_err().to_string().contains("INTERNALDATE"));
}

#[tokio::test]
async fn before_it_says_nothing_a_session_asks_for_what_came_meanwhile() {
    let script = vec![
        select(2, 1),
        sizes("UID FETCH 2:*", &[(1, 1)]),
        sizes("UID FETCH 2:*", &[(1, 1)]),
        step("NOOP", "* 2 EXISTS\n% OK done\n"),
        sizes("UID FETCH 2:*", &[(2, 1)]),
        bodies("UID FETCH 2 ", &[(2, "b")]),
    ];
    let (mut session, _peer) = session("", script).await;
    assert_eq!(session.batch("INBOX", 1, &LIMITS).await.unwrap().mails.len(), 0);
    assert_eq!(session.batch("INBOX", 1, &LIMITS).await.unwrap().mails.len(), 1);
}

#[tokio::test]
async fn a_mail_whose_size_is_not_told_is_brought_all_the_same() {
    let untold = "* 1 FETCH (UID 1)\n* 2 FETCH (UID 2 RFC822.SIZE 1)\n* 2 FETCH (UID 2 FLAGS (\\Seen))\n% OK done\n";
    let script = vec![select(3, 2), step("UID FETCH 1:*", untold), bodies("UID FETCH 1 ", &[(1, "a")])];
    assert_eq!(batch(script, 0).await.unwrap(), [whole(1, "a")]);
}
