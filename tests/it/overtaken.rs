//! Letters that were overtaken before they could leave: each of these went wrong in the simulation first.

use crate::office::*;
use chrono_tz::Europe::London;
use followupd::engine::Verdict;

const ADVICE: &str = "The child needs direct speech and language therapy once a week for thirty minutes, delivered by a qualified therapist, with a programme that the teaching assistant carries out on three other days of each week.";

fn later() -> Verdict {
    Verdict::Deferred("451 try again later".into())
}

async fn clarified(now: &str) -> Office {
    let mut office = Office::open(now).await;
    office
        .arrives(
            Draft::from(COORDINATOR)
                .to(&[SERVICE])
                .subject("clarify")
                .text("CLARIFY EHC-2026-0412\nTo: dr.lee@nhs.example\nText: Please say how often therapy is given."),
        )
        .await;
    office
}

async fn orders(office: &mut Office, word: &str) {
    let text = format!("{word} {}", office.follow_up());
    office.arrives(Draft::from(COORDINATOR).to(&[SERVICE]).subject("follow-up").text(&text)).await;
}

#[tokio::test]
async fn a_retry_waits_for_the_send_window_like_the_first_attempt() {
    let mut office = Office::open("Mon 02 Nov 2026 17:50").await;
    office.relay.insert(ADVISER.into(), later());
    office
        .arrives(
            Draft::from(COORDINATOR)
                .to(&[ADVISER, MANAGER, SERVICE])
                .subject(FIXED)
                .text("EHC-2026-0412. How often is therapy to be given?"),
        )
        .await;
    office.until("Mon 02 Nov 2026 18:01").await;
    office.relay.clear();
    office.until("Tue 03 Nov 2026 12:00").await;
    let at = office.last(ADVISER, "logged").at.with_timezone(&London);
    assert_eq!(at.format("%a %H:%M").to_string(), "Tue 08:00");
}

#[tokio::test]
async fn mail_that_is_refused_for_now_for_days_is_told_like_mail_refused_for_good() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.relay.insert(ADVISER.into(), later());
    office
        .arrives(
            Draft::from(COORDINATOR)
                .to(&[ADVISER, MANAGER, SERVICE])
                .subject(FIXED)
                .text("EHC-2026-0412. How often is therapy to be given?"),
        )
        .await;
    office.until("Fri 06 Nov 2026 18:00").await;
    assert_eq!(office.count(COORDINATOR, "notice"), 0, "it is tried for five days");
    office.until("Mon 09 Nov 2026 12:00").await;
    assert!(office.last(COORDINATOR, "notice").text.contains("cannot be delivered"));
    assert_eq!(office.count(MANAGER, "responsible"), 1);
}

#[tokio::test]
async fn one_refusal_after_days_without_the_service_is_not_for_good() {
    let mut office = Office::open("Mon 02 Nov 2026 18:30").await;
    office
        .arrives(
            Draft::from(COORDINATOR)
                .to(&[ADVISER, MANAGER, SERVICE])
                .subject(FIXED)
                .text("EHC-2026-0412. How often is therapy to be given?"),
        )
        .await;
    office.relay.insert(ADVISER.into(), later());
    office.sleeps_until("Wed 11 Nov 2026 10:00").await;
    office.relay.clear();
    office.until("Wed 11 Nov 2026 10:30").await;
    assert_eq!(office.count(ADVISER, "logged"), 1);
}

#[tokio::test]
async fn an_escalation_that_an_answer_overtook_is_sent_when_the_answer_is_none() {
    let mut office = clarified("Mon 02 Nov 2026 10:00").await;
    let request = office.last(ADVISER, "request").clone();
    for who in [ADVISER, MANAGER, COORDINATOR] {
        office.relay.insert(who.into(), later());
    }
    office.until("Tue 10 Nov 2026 08:10").await;
    office.arrives(Draft::from(ADVISER).answering(&request).text(ADVICE)).await;
    office.until("Tue 10 Nov 2026 11:00").await;
    office.relay.clear();
    orders(&mut office, "NOT ADVICE").await;
    office.until("Tue 10 Nov 2026 16:00").await;
    assert_eq!(office.count(MANAGER, "escalation"), 1, "{}", office.transcript());
    office.until("Mon 16 Nov 2026 18:00").await;
    assert_eq!(office.count(SECOND_LEVEL, "escalation"), 0, "five working days count from when the manager was told");
}

#[tokio::test]
async fn a_level_that_waits_for_the_morning_does_not_count_before_it_leaves() {
    let mut office = clarified("Mon 02 Nov 2026 10:00").await;
    office.sleeps_until("Tue 10 Nov 2026 20:00").await;
    office.sleeps_until("Thu 19 Nov 2026 08:00").await;
    assert_eq!(office.count(MANAGER, "escalation"), 1);
    assert_eq!(office.count(SECOND_LEVEL, "escalation"), 0, "{}", office.transcript());
}

#[tokio::test]
async fn a_round_that_was_sent_again_is_escalated_from_the_beginning() {
    let mut office = clarified("Mon 02 Nov 2026 10:00").await;
    office.until("Tue 10 Nov 2026 12:00").await;
    assert_eq!(office.count(MANAGER, "escalation"), 1);
    office.relay.insert(ADVISER.into(), Verdict::Rejected("550 5.1.1 no such user".into()));
    let extend = format!("EXTEND {}\nTo: 2026-11-13", office.follow_up());
    office.arrives(Draft::from(COORDINATOR).to(&[SERVICE]).subject("follow-up").text(&extend)).await;
    office.relay.clear();
    orders(&mut office, "RESEND").await;
    office.until("Fri 20 Nov 2026 12:00").await;
    assert_eq!(office.count(MANAGER, "escalation"), 2, "{}", office.transcript());
}

#[tokio::test]
async fn a_full_answer_that_was_set_aside_counts_again_beside_a_short_one() {
    let mut office = clarified("Mon 02 Nov 2026 10:00").await;
    let id = office.follow_up();
    let request = office.last(ADVISER, "request").clone();
    office.arrives(Draft::from(ADVISER).answering(&request).text(ADVICE)).await;
    orders(&mut office, "NOT ADVICE").await;
    office.arrives(Draft::from(ADVISER).answering(&request).text("I will send it tomorrow.")).await;
    office.arrives(Draft::from(ADVISER).answering(&request).text(ADVICE)).await;
    assert_eq!(office.stage(&id).await, "received, awaiting your decision");
}
