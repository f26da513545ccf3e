//! A line manager's answer to the mail about draft checks without a reply: several children in one mail, each line read
//! for its own check.

use crate::office::*;
use followupd::core::follow_up::{FollowUp, FollowUpKind, Outcome};
use followupd::core::id::FollowUpId;

const SECOND: &str = "EHC-2026-0500";

/// Two checks of one adviser have ended without a word; the manager got one mail about both.
async fn silent() -> Office {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    for case in [CASE, SECOND] {
        office.orders(&format!("DRAFT ISSUED {case}\nWhere: the secure share\nCheck with: {ADVISER}")).await;
    }
    office.until("Tue 10 Nov 2026 12:30").await;
    assert_eq!(office.count(MANAGER, "draft_silence"), 1, "{}", office.transcript());
    office
}

async fn check_of(office: &Office, case: &str) -> FollowUp {
    office.of_case(case).await.into_iter().rfind(|f| f.kind == FollowUpKind::DraftCheck).unwrap()
}

async fn id_of(office: &Office, case: &str) -> FollowUpId {
    check_of(office, case).await.id
}

async fn answers(office: &mut Office, text: &str) {
    let digest = office.last(MANAGER, "draft_silence").clone();
    office.arrives(Draft::from(MANAGER).answering(&digest).only_to_the_service().text(text)).await;
}

#[tokio::test]
async fn each_line_counts_for_the_check_that_it_names_and_shows_nothing_of_the_other() {
    let mut office = silent().await;
    let (first, second) = (id_of(&office, CASE).await, id_of(&office, SECOND).await);
    let mark = office.so_far();
    let text =
        format!("Dear Cora,\n\n{first}: no changes.\n{second} – therapy is weekly, not monthly.\n\nKind regards\nMo");
    answers(&mut office, &text).await;
    assert_eq!(office.since(mark), [format!("answer → {COORDINATOR}")], "{}", office.transcript());
    assert_eq!(check_of(&office, CASE).await.outcome, Some(Outcome::Confirmed));
    office.told(COORDINATOR, "answer", "About this one they wrote: “therapy is weekly, not monthly. Kind regards Mo”");
    let answer = office.last(COORDINATOR, "answer");
    assert!(!answer.text.contains(first.as_str()), "the other child's check is shown:\n{}", answer.text);
    assert_eq!(office.in_triage().await, 0);
    office.orders(&format!("FEEDBACK OTHER {second}")).await;
    assert_eq!(check_of(&office, SECOND).await.outcome, Some(Outcome::FeedbackOther));
}

#[tokio::test]
async fn words_above_the_first_reference_are_shown_to_nobody_and_wait_for_a_person() {
    let mut office = silent().await;
    let (first, second) = (id_of(&office, CASE).await, id_of(&office, SECOND).await);
    answers(&mut office, &format!("Tom cannot walk to school.\n\n{first}: no changes.\n{second} therapy is weekly."))
        .await;
    assert_eq!(check_of(&office, CASE).await.outcome, Some(Outcome::Confirmed));
    let answer = office.last(COORDINATOR, "answer");
    assert!(answer.text.contains("“therapy is weekly.”"), "{}", answer.text);
    assert!(!answer.text.contains("Tom"), "it may be about the other child:\n{}", answer.text);
    assert_eq!(office.in_triage().await, 1);
}

#[tokio::test]
async fn agreement_without_a_reference_is_about_all_of_them() {
    let mut office = silent().await;
    let mark = office.so_far();
    answers(&mut office, "NO CHANGES, thank you").await;
    assert_eq!(office.since(mark), Vec::<String>::new(), "{}", office.transcript());
    for case in [CASE, SECOND] {
        assert_eq!(check_of(&office, case).await.outcome, Some(Outcome::Confirmed), "{case}");
    }
}

#[tokio::test]
async fn an_answer_that_names_none_is_answered_once_with_how_to_answer_and_waits_for_a_person() {
    let mut office = silent().await;
    let first = id_of(&office, CASE).await;
    answers(&mut office, "Therapy is weekly, not monthly.").await;
    assert_eq!(office.in_triage().await, 1);
    let text = &office.last(MANAGER, "draft_unread").text;
    let second = id_of(&office, SECOND).await;
    let told = text.replace(first.as_str(), "FU-AAAA-AAAA").replace(second.as_str(), "FU-BBBB-BBBB");
    insta::assert_snapshot!(told, @"
    Dear Mo Head,

    Thank you for your answer. It is about more than one plan draft and does not
    say which, so it has been passed to nobody yet.

    Please answer once more: write each reference at the beginning of a line,
    and behind it what you want to say about that plan draft. For example:
    FU-BBBB-BBBB NO CHANGES

    - FU-AAAA-AAAA · EHC-2026-0412
    - FU-BBBB-BBBB · EHC-2026-0500

    SEND team, Example County Council
    ");
    answers(&mut office, "As I said: therapy is weekly.").await;
    assert_eq!(office.count(MANAGER, "draft_unread"), 1, "asked once");
    let question = office.last(MANAGER, "draft_unread").clone();
    let better = Draft::from(MANAGER).answering(&question).only_to_the_service();
    office.arrives(better.text(&format!("{first} therapy is weekly"))).await;
    office.told(COORDINATOR, "answer", "“therapy is weekly”");
}

#[tokio::test]
async fn somebody_who_did_not_get_the_mail_does_not_answer_it() {
    let mut office = silent().await;
    let digest = office.last(MANAGER, "draft_silence").clone();
    let other = Draft::from("somebody@nhs.example").answering(&digest).only_to_the_service().text("NO CHANGES");
    office.arrives(other).await;
    assert_eq!(check_of(&office, CASE).await.outcome, Some(Outcome::NoResponse));
}
