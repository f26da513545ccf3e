//! Moving: only the given UIDs, by what the server offers.

use super::super::peer::{Step, session, step};
use super::select;

const DONE: &str = "% OK done\n";

fn listed() -> Step {
    step("LIST \"\" \"Processed\"", "* LIST () \".\" Processed\n% OK done\n")
}

async fn file(capabilities: &str, uids: &[u32], script: Vec<Step>) -> Vec<String> {
    let length = script.len();
    let (mut session, peer) = session(capabilities, script).await;
    session.file_into("INBOX", uids, "Processed").await.unwrap();
    drop(session);
    let heard = peer.heard().await;
    assert_eq!(heard.len(), length + 4, "{heard:?}");
    heard
}

#[tokio::test]
async fn a_server_with_move_moves() {
    let script = vec![
        select(9, 5),
        listed(),
        step("UID MOVE 3:4,7 \"Processed\"", "* OK [COPYUID 9 3:4,7 1:3] moved\n* 3 EXPUNGE\n* 3 EXPUNGE\n% OK done\n"),
    ];
    file("MOVE UIDPLUS", &[7, 4, 3, 3], script).await;
}

#[tokio::test]
async fn without_move_copy_comes_first_and_only_these_uids_are_expunged() {
    let script = vec![
        select(9, 5),
        listed(),
        step("UID SEARCH UID 3:4 UNDELETED", "* SEARCH 4 3\n% OK done\n"),
        step("UID COPY 3:4 \"Processed\"", DONE),
        step("UID STORE 3:4 +FLAGS.SILENT (\\Deleted)", DONE),
        step("UID EXPUNGE 3:4", DONE),
    ];
    file("UIDPLUS", &[3, 4], script).await;
}

#[tokio::test]
async fn what_was_copied_before_is_not_copied_again() {
    let nothing_left = || step("UID SEARCH UID 3 UNDELETED", "* SEARCH\n% OK done\n");
    file("UIDPLUS", &[3], vec![select(9, 5), listed(), nothing_left(), step("UID EXPUNGE 3", DONE)]).await;
    file("", &[3], vec![select(9, 5), listed(), nothing_left()]).await;
}

#[tokio::test]
async fn a_server_that_cannot_expunge_by_uid_is_never_told_to_expunge() {
    let script = vec![
        select(9, 5),
        listed(),
        step("UID SEARCH UID 3 UNDELETED", "* SEARCH 3\n% OK done\n"),
        step("UID COPY 3 \"Processed\"", DONE),
        step("UID STORE 3 +FLAGS.SILENT (\\Deleted)", DONE),
    ];
    let heard = file("", &[3], script).await;
    assert!(!heard.iter().any(|command| command.contains("EXPUNGE")));
}

#[tokio::test]
async fn a_missing_folder_is_created_and_shown() {
    let script = vec![
        select(9, 5),
        step("LIST \"\" \"Processed\"", DONE),
        step("CREATE \"Processed\"", DONE),
        step("SUBSCRIBE \"Processed\"", "% NO no subscriptions here\n"),
        step("UID MOVE 3 \"Processed\"", DONE),
    ];
    file("MOVE", &[3], script).await;
}

#[tokio::test]
async fn a_folder_that_another_instance_has_just_created_is_used() {
    let script = vec![
        select(9, 5),
        step("LIST \"\" \"Processed\"", DONE),
        step("CREATE \"Processed\"", "% NO [ALREADYEXISTS] there\n"),
        listed(),
        step("SUBSCRIBE \"Processed\"", DONE),
        step("UID MOVE 3 \"Processed\"", DONE),
    ];
    file("MOVE", &[3], script).await;
}

#[tokio::test]
async fn nothing_to_move_asks_nothing() {
    file("MOVE", &[], Vec::new()).await;
}

#[tokio::test]
async fn long_lists_are_split() {
    let uids: Vec<u32> = (0..501).map(|n| 1 + 2 * n).collect();
    let script =
        vec![select(2_000, 1_500), listed(), step("UID MOVE 1,3,", DONE), step("UID MOVE 1001 \"Processed\"", DONE)];
    let heard = file("MOVE", &uids, script).await;
    assert!(heard.iter().all(|command| command.len() < 8_000));
}
