//! One child's advice in another's thread: nothing is placed, the co-ordinator hears at once, nobody else anything.

use crate::office::*;

const OTHER: &str = "EHC-2026-0500";

async fn two_children() -> Office {
    let mut office = Office::asked("Mon 02 Nov 2026 10:00").await;
    office.arrives(copied_in(OTHER)).await;
    office
}

#[tokio::test]
async fn s09_a_reply_in_one_thread_that_names_another_child_is_placed_nowhere_and_alarms_at_once() {
    for named_by_case in [true, false] {
        let mut office = two_children().await;
        let name = if named_by_case { OTHER.to_owned() } else { office.id_of(OTHER).await.to_string() };
        office.arrives(office.reply(ADVISER, &format!("Advice for {name}: {ADVICE}"))).await;
        for case in [CASE, OTHER] {
            assert_eq!(office.stage(&office.id_of(case).await).await, "open", "{name}");
        }
        office.told(COORDINATOR, "alarm", "names more than one child's follow-up");
        assert!(office.sent.iter().all(|s| !s.says("qualified therapist")), "nothing of what it says goes on");
        assert_eq!(office.in_triage().await, 1);
    }
}

#[tokio::test]
async fn s09_the_name_of_an_attachment_names_a_child_too() {
    let mut office = two_children().await;
    office.arrives(office.reply(ADVISER, "").attach(&format!("{OTHER} advice.pdf"), b"%PDF-1.7")).await;
    assert_eq!(office.stage(&office.id_of(CASE).await).await, "open");
    assert_eq!(office.count(COORDINATOR, "alarm"), 1);
}

#[tokio::test]
async fn an_unknown_reference_says_nothing() {
    let mut office = two_children().await;
    office.arrives(office.reply(ADVISER, &format!("See our letter EHC-1999-0001. {ADVICE}"))).await;
    assert_eq!(office.stage(&office.id_of(CASE).await).await, "received, awaiting your decision");
}

#[tokio::test]
async fn a_message_id_that_belongs_to_one_child_is_never_learned_for_another() {
    let mut office = two_children().await;
    let first = office.first_letter();
    let second = office.inbox(ADVISER).into_iter().filter(|s| s.kind == "logged").nth(1).unwrap().clone();
    let id = followupd::message::parse::parse(&second.raw).message_id.unwrap();
    let mixed = Draft::from(ADVISER).header("References", &format!("<{id}>")).answering(&first).text(ADVICE);
    office.arrives(mixed).await;
    office.arrives(Draft::from(ADVISER).answering(&second).to(&[SERVICE]).text(ADVICE)).await;
    for case in [CASE, OTHER] {
        assert_eq!(office.stage(&office.id_of(case).await).await, "received, awaiting your decision", "{case}");
    }
}

#[tokio::test]
async fn s09_an_attachment_of_another_child_in_a_thread_without_token_is_placed_nowhere() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.arrives(copied_in(CASE).message_id("<one@council.example>")).await;
    office.arrives(copied_in(OTHER)).await;
    let other = office.id_of(OTHER).await;
    let reply = Draft::from(ADVISER).to(&[COORDINATOR, SERVICE]).header("In-Reply-To", "<one@council.example>");
    office.arrives(reply.text("Here it is.").attach(&format!("{other} advice.pdf"), b"%PDF-1.7")).await;
    for case in [CASE, OTHER] {
        assert_eq!(office.stage(&office.id_of(case).await).await, "open", "{case}");
    }
    assert_eq!(office.count(COORDINATOR, "alarm"), 1);
}
