//! On hold as perhaps the wrong child's: nothing that comes in ends that, nor does the end of the follow-up.

use super::*;

/// The adviser has been asked about the wrong child.
async fn wrong_child() -> Office {
    let mut office = requested().await;
    office.until("Tue 03 Nov 2026 09:00").await;
    let id = office.the().await.id;
    office.orders(&format!("WRONG CHILD {id}")).await;
    office
}

#[tokio::test]
async fn no_reply_lifts_the_hold() {
    for text in [MORE, "Deleted.", "NOT MINE", "NEED TIME", ""] {
        let mut office = wrong_child().await;
        office.arrives(answer(&office, ADVISER, text).only_to_the_service()).await;
        assert_eq!(office.stands().await, "on hold: perhaps the wrong child", "{text:?}");
        office.told(COORDINATOR, "answer", "It stays on hold and no clock runs");
        assert_eq!(office.the().await.first_received(), None, "{text:?}");
        let mark = office.so_far();
        office.until("Fri 18 Dec 2026 18:00").await;
        assert!(office.since(mark).iter().all(|s| !s.contains("nhs.example")), "{}", office.transcript());
    }
}

#[tokio::test]
async fn no_judgement_lifts_the_hold() {
    for word in ["RECEIVED", "ACCEPT", "NOT ADVICE", "RESEND", "EXTEND By: 5", "NOT KNOWN"] {
        let mut office = wrong_child().await;
        office.arrives(answer(&office, ADVISER, MORE)).await;
        let id = office.the().await.id;
        let (verb, field) = word.split_once(" By").map_or((word, String::new()), |(v, f)| (v, format!("\nBy{f}")));
        office.orders(&format!("{verb} {id}{field}")).await;
        assert_eq!(office.stands().await, "on hold: perhaps the wrong child", "{word}");
    }
}

#[tokio::test]
async fn cancelled_nothing_goes_to_that_adviser_all_the_same() {
    let mut office = wrong_child().await;
    let id = office.the().await.id;
    office.orders(&format!("CANCEL {id}")).await;
    let mark = office.so_far();
    office.orders(&format!("CLARIFY {CASE}\nTo: {ADVISER}\nText: How often?")).await;
    office.told(COORDINATOR, "receipt", "may be the wrong child's adviser");
    assert!(office.sent[mark..].iter().all(|s| !s.recipients.contains(&ADVISER.to_owned())));
    office.orders(&format!("REOPEN {id}")).await;
    assert_eq!(office.stands().await, "on hold: perhaps the wrong child", "reopened it is on hold again");
    office.orders(&format!("REOPEN {id}")).await;
    assert_eq!(office.stands().await, "open", "the right child after all");
}

#[tokio::test]
async fn what_was_on_its_way_when_the_hold_came_is_not_sent() {
    let mut office = requested().await;
    office.until("Tue 15 Dec 2026 07:59").await;
    for who in [ADVISER, MANAGER] {
        office.relay.insert(who.into(), followupd::engine::Verdict::Deferred("451 later".into()));
    }
    office.until("Tue 15 Dec 2026 08:01").await;
    let id = office.the().await.id;
    office.orders(&format!("WRONG CHILD {id}")).await;
    office.relay.clear();
    office.until("Wed 16 Dec 2026 18:00").await;
    assert_eq!(office.count(MANAGER, "overdue"), 0, "{}", office.transcript());
}
