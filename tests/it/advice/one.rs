//! ONE's own address opens follow-ups and nothing else.

use super::OPENED;
use crate::office::*;
use followupd::engine::{CoordinatorIn, OneSender};

/// An office that ONE writes to by itself.
async fn with_one(place: CoordinatorIn) -> Office {
    let mut settings = rules(policy());
    settings.one_senders = vec![OneSender {
        address: address("noreply@one.example"),
        proof: settings.policy.sender_check.clone(),
        coordinator_in: place,
    }];
    let office = Office::open(OPENED).await;
    office.engine.replace_office(settings);
    office
}

fn by_one() -> Draft {
    Draft::from("noreply@one.example")
        .to(&[ADVISER, MANAGER, SERVICE])
        .subject(FIXED)
        .header("Auto-Submitted", "auto-generated")
}

#[tokio::test]
async fn one_opens_follow_ups_for_the_coordinator_whom_its_mail_names() {
    for (place, mail) in [
        (CoordinatorIn::ReplyTo, by_one().header("Reply-To", COORDINATOR).text(CASE)),
        (CoordinatorIn::Cc, by_one().header("Cc", COORDINATOR).text(CASE)),
        (CoordinatorIn::Body, by_one().text(&format!("{CASE}\nCo-ordinator: Cora Lane\nHow often?"))),
    ] {
        let mut office = with_one(place).await;
        office.arrives(mail).await;
        let follow_up = office.the().await;
        assert_eq!((follow_up.coordinator, follow_up.stage.words()), (address(COORDINATOR), "open"), "{place:?}");
    }
}

#[tokio::test]
async fn one_without_proof_or_without_a_coordinator_opens_nothing_and_commands_nothing() {
    let mut office = with_one(CoordinatorIn::ReplyTo).await;
    office.arrives(by_one().header("Reply-To", COORDINATOR).text(CASE).proof("fail")).await;
    office.arrives(by_one().text(CASE)).await;
    office
        .arrives(Draft::from("noreply@one.example").to(&[SERVICE]).subject("x").text(&format!("STATUS {CASE}")))
        .await;
    let last =
        Draft::from("noreply@one.example").to(&["followups+final@council.example"]).header("Reply-To", COORDINATOR);
    office.arrives(last.subject("Final plan").text(CASE)).await;
    assert!(office.of_case(CASE).await.is_empty());
    assert!(office.sent.iter().all(|s| s.kind == "today"), "{}", office.transcript());
}
