//! Stories of follow-ups, told as people would tell them.

use crate::office::*;
use followupd::engine::Verdict;

const ADVICE: &str = "Robin needs direct speech and language therapy once a week for thirty minutes, delivered by a qualified therapist, with a programme that the teaching assistant carries out on three other days of each week, reviewed every term with the parents.";

fn request(office_text: &str) -> Draft {
    Draft::from(COORDINATOR)
        .to(&[ADVISER, MANAGER, SERVICE])
        .subject(FIXED)
        .text(&format!("Dear Dr Lee,\n\nEHC-2026-0412. {office_text}\n\nCora Lane"))
}

async fn opened(now: &str) -> Office {
    let mut office = Office::open(now).await;
    office.arrives(request("How often and by whom is therapy to be given?")).await;
    office
}

#[tokio::test]
async fn a_copied_in_request_is_logged_to_adviser_and_manager_once() {
    let office = opened("Mon 02 Nov 2026 10:00").await;
    insta::assert_snapshot!(office.transcript(), @"");
    let logged = office.last(ADVISER, "logged");
    assert_eq!(logged.recipients, [ADVISER, MANAGER]);
    insta::assert_snapshot!(logged.text.replace(office.follow_up().as_str(), "FU-XXXX-XXXX"), @"");
}

#[tokio::test]
async fn without_an_answer_the_manager_hears_at_noon_of_the_working_day_after_the_close_and_then_the_next_levels() {
    let mut office = opened("Mon 02 Nov 2026 10:00").await;
    office.until("Fri 18 Dec 2026 18:00").await;
    insta::assert_snapshot!(office.transcript(), @"");
    insta::assert_snapshot!(office.last(MANAGER, "escalation").text.replace(office.follow_up().as_str(), "FU-XXXX-XXXX"), @"");
}

#[tokio::test]
async fn an_answer_stops_the_escalation_and_only_the_coordinator_closes() {
    let mut office = opened("Mon 02 Nov 2026 10:00").await;
    office.until("Thu 05 Nov 2026 14:00").await;
    let logged = office.last(ADVISER, "logged").clone();
    office.arrives(Draft::from(ADVISER).answering(&logged).text(ADVICE)).await;
    office.until("Mon 30 Nov 2026 09:00").await;
    let id = office.follow_up();
    assert_eq!(office.stage(&id).await, "received, awaiting your decision");
    assert_eq!(office.count(MANAGER, "escalation"), 0);
    let today = office.last(COORDINATOR, "today").clone();
    insta::assert_snapshot!(today.text.replace(id.as_str(), "FU-XXXX-XXXX"), @"");
    office.arrives(Draft::from(COORDINATOR).answering(&today).text("1 CLOSE")).await;
    assert_eq!(office.stage(&id).await, "closed");
    insta::assert_snapshot!(office.last(COORDINATOR, "receipt").text.replace(id.as_str(), "FU-XXXX-XXXX"), @"");
}

#[tokio::test]
async fn a_relay_that_refuses_the_adviser_makes_the_manager_responsible_at_once() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.relay.insert(ADVISER.into(), Verdict::Rejected("550 5.1.1 no such user".into()));
    office
        .arrives(
            Draft::from(COORDINATOR).to(&[SERVICE]).subject("clarify").text(
                "CLARIFY EHC-2026-0412\nTo: dr.lee@nhs.example\nText: Please say how often therapy is to be given.",
            ),
        )
        .await;
    insta::assert_snapshot!(office.transcript(), @"");
}
