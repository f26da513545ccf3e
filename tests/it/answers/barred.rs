//! "Not my staff" holds for whatever is asked of that adviser about that child from then on.

use super::*;

/// The manager has said that the adviser is not theirs.
async fn not_their_staff() -> Office {
    let mut office = requested().await;
    office.until("Tue 03 Nov 2026 09:00").await;
    office.arrives(answer(&office, MANAGER, "NOT MY STAFF")).await;
    office
}

fn got(office: &Office, mark: usize) -> Vec<&Sent> {
    office.sent[mark..].iter().filter(|s| s.recipients.iter().any(|r| r == MANAGER)).collect()
}

#[tokio::test]
async fn what_is_asked_of_the_adviser_later_does_not_go_there_either() {
    for order in [
        format!("CLARIFY {CASE}\nTo: {ADVISER}\nText: How often?"),
        format!("CLARIFY {CASE}\nTo: {ADVISER}\nManager: {MANAGER}\nText: How often?"),
        format!("DRAFT ISSUED {CASE}\nWhere: the secure share\nCheck with: {ADVISER}"),
    ] {
        let mut office = not_their_staff().await;
        let mark = office.so_far();
        office.orders(&order).await;
        office.until("Fri 20 Nov 2026 18:00").await;
        assert!(got(&office, mark).is_empty(), "{order}\n{}", office.transcript());
    }
}

#[tokio::test]
async fn a_copied_in_request_does_not_go_there_and_the_coordinator_is_told() {
    let mut office = not_their_staff().await;
    let mark = office.so_far();
    office.arrives(copied_in(CASE)).await;
    office.told(COORDINATOR, "receipt", "who said that the adviser is not their staff");
    office.until("Fri 20 Nov 2026 18:00").await;
    assert!(got(&office, mark).is_empty(), "{}", office.transcript());
    assert!(office.count(SEND_MANAGER, "escalation") >= 1, "a SEND manager stands in");
}

#[tokio::test]
async fn it_holds_after_everything_open_has_ended() {
    let mut office = not_their_staff().await;
    let id = office.the().await.id;
    office.orders(&format!("CANCEL {id}")).await;
    let mark = office.so_far();
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {ADVISER}\nText: What therapy?")).await;
    assert!(got(&office, mark).is_empty(), "{}", office.transcript());
}

#[tokio::test]
async fn said_after_the_end_it_holds_too() {
    let mut office = requested().await;
    let id = office.the().await.id;
    office.orders(&format!("CANCEL {id}")).await;
    office.arrives(answer(&office, MANAGER, "NOT MY STAFF").only_to_the_service()).await;
    office.told(COORDINATOR, "answer", "Nothing more about this child goes to that address");
    let mark = office.so_far();
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {ADVISER}\nText: What therapy?")).await;
    assert!(got(&office, mark).is_empty(), "{}", office.transcript());
}

#[tokio::test]
async fn manager_is_lifts_it_even_when_nothing_is_open() {
    let mut office = not_their_staff().await;
    let id = office.the().await.id;
    office.orders(&format!("CANCEL {id}")).await;
    office.orders(&format!("MANAGER {ADVISER} IS {MANAGER}")).await;
    let mark = office.so_far();
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {ADVISER}\nText: What therapy?")).await;
    assert_eq!(got(&office, mark).len(), 1, "{}", office.transcript());
}
