//! How a case ends, stops and goes on.

use super::{NEW_CASE, masked};
use crate::office::*;

const OPENED: &str = "Mon 02 Nov 2026 10:00";

/// A registered case with one clarification that is out.
async fn running() -> Office {
    let mut office = Office::open(OPENED).await;
    office.orders_and_confirms(NEW_CASE).await;
    office.clarify(CASE).await;
    office
}

#[tokio::test]
async fn stop_lets_nothing_leave_from_the_first_mail_on_and_ends_everything_with_its_yes() {
    let mut office = running().await;
    let id = office.id_of(CASE).await;
    office.until("Tue 03 Nov 2026 09:00").await;
    let mark = office.so_far();
    office.orders("STOP EHC-2026-0412\nReason: the family has moved away").await;
    insta::assert_snapshot!(masked(&office, &office.last(COORDINATOR, "read_back").text), @"");
    assert_eq!(office.stage(&id).await, "open", "timers end with YES");
    office.until("Mon 09 Nov 2026 09:00").await;
    assert_eq!(office.count(ADVISER, "reminder"), 0, "nothing leaves although it would be due");
    office.told(COORDINATOR, "today", "still waits for your YES");
    office.confirms_with(COORDINATOR, "YES").await;
    assert_eq!(office.stage(&id).await, "cancelled");
    office.until("Fri 18 Dec 2026 18:00").await;
    insta::assert_snapshot!(office.since(mark).join("\n"), @"");
    insta::assert_snapshot!(masked(&office, &office.last(COORDINATOR, "receipt").text), @"");
}

#[tokio::test]
async fn a_yes_in_the_today_mail_confirms_too() {
    let mut office = running().await;
    office.orders("STOP EHC-2026-0412").await;
    office.until("Tue 03 Nov 2026 09:00").await;
    let today = office.last(COORDINATOR, "today").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&today).text("1 YES")).await;
    assert!(office.case(CASE).await.unwrap().register.stop.unwrap().confirmed_at.is_some());
}

#[tokio::test]
async fn stop_silent_writes_to_nobody_and_mail_that_comes_in_goes_to_the_coordinator_alone() {
    let mut office = running().await;
    office.until("Tue 03 Nov 2026 09:00").await;
    let mark = office.so_far();
    office.orders_and_confirms("STOP SILENT EHC-2026-0412").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Fri 18 Dec 2026 18:00").await;
    insta::assert_snapshot!(office.since(mark).join("\n"), @"");
    office.told(COORDINATOR, "answer", "you alone see this mail");
}

#[tokio::test]
async fn a_silent_stop_is_not_made_a_thanking_one_by_a_second_mail() {
    let mut office = running().await;
    office.orders("STOP SILENT EHC-2026-0412").await;
    office.orders("STOP EHC-2026-0412").await;
    let mark = office.so_far();
    office.confirms_with(COORDINATOR, "YES").await;
    assert!(office.since(mark).iter().all(|line| line.ends_with(COORDINATOR)), "{:?}", office.since(mark));
}

#[tokio::test]
async fn a_stop_needs_the_reference_and_another_co_ordinators_yes_does_not_count() {
    let mut office = running().await;
    let logged = office.last(COORDINATOR, "receipt").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&logged).text("STOP")).await;
    assert!(office.case(CASE).await.unwrap().register.stop.is_none());
    office.orders("STOP EHC-2026-0412").await;
    let question = office.last(COORDINATOR, "read_back").clone();
    office.arrives(Draft::from(DEPUTY).answering(&question).text("YES")).await;
    office.told(DEPUTY, "receipt", "Only the person who wrote the command can confirm it");
    assert!(office.case(CASE).await.unwrap().register.stop.unwrap().confirmed_at.is_none());
}

#[tokio::test]
async fn resume_takes_a_co_ordinator_and_a_send_manager_and_what_ended_stays_ended() {
    let mut office = running().await;
    let id = office.id_of(CASE).await;
    office.orders_and_confirms("STOP EHC-2026-0412").await;
    office.orders("RESUME EHC-2026-0412").await;
    insta::assert_snapshot!(masked(&office, &office.last(SEND_MANAGER, "read_back").text), @"");
    office.confirms_with(SEND_MANAGER, "YES").await;
    assert!(office.case(CASE).await.unwrap().register.stop.is_none());
    assert_eq!(office.stage(&id).await, "cancelled");
    insta::assert_snapshot!(masked(&office, &office.last(SEND_MANAGER, "receipt").text), @"");
}

#[tokio::test]
async fn a_request_that_an_unconfirmed_stop_kept_back_goes_out_after_resume() {
    let mut office = Office::open("Mon 02 Nov 2026 19:00").await;
    office.orders_and_confirms(NEW_CASE).await;
    office.clarify(CASE).await;
    office.orders("STOP EHC-2026-0412").await;
    office.until("Tue 03 Nov 2026 09:00").await;
    assert_eq!(office.count(ADVISER, "request"), 0);
    office.orders("RESUME EHC-2026-0412").await;
    office.confirms_with(SEND_MANAGER, "YES").await;
    assert_eq!(office.count(ADVISER, "request"), 1);
}

#[tokio::test]
async fn the_final_plan_ends_what_is_open_thanks_once_and_reopen_undoes_it() {
    let mut office = running().await;
    let id = office.id_of(CASE).await;
    office.until("Tue 03 Nov 2026 09:00").await;
    office.orders("FINAL ISSUED EHC-2026-0412\nOn: 3 Nov 2026").await;
    insta::assert_snapshot!(masked(&office, &office.last(COORDINATOR, "receipt").text), @"");
    assert_eq!(office.count(ADVISER, "stand_down"), 1);
    office.orders("CLARIFY EHC-2026-0412\nTo: dr.lee@nhs.example\nText: How often?").await;
    office.told(COORDINATOR, "receipt", "REOPEN EHC-2026-0412 undoes that");
    office.until("Tue 03 Nov 2026 11:00").await;
    office.orders("REOPEN EHC-2026-0412").await;
    assert_eq!(office.stage(&id).await, "open");
    assert_eq!(office.case(CASE).await.unwrap().register.final_on, None);
}

#[tokio::test]
async fn a_final_plan_that_is_copied_in_is_read_back_first_and_needs_its_reference() {
    let mut office = running().await;
    let id = office.id_of(CASE).await;
    let plan = |subject: &str, text: &str| {
        Draft::from(COORDINATOR)
            .to(&["ann.fox@home.example", "followups+final@council.example"])
            .subject(subject)
            .text(text)
    };
    office.arrives(plan("The final plan", "Dear Ms Fox, here is the plan.")).await;
    office.told(COORDINATOR, "receipt", "The reference has to stand in the subject");
    office.until("Mon 02 Nov 2026 12:00").await;
    office.arrives(plan("The final plan EHC-2026-0412", "Dear Ms Fox, here is the plan.")).await;
    insta::assert_snapshot!(masked(&office, &office.last(COORDINATOR, "read_back").text), @"");
    assert_eq!(office.stage(&id).await, "open");
    office.confirms_with(COORDINATOR, "YES").await;
    assert_eq!(office.stage(&id).await, "cancelled");
}

#[tokio::test]
async fn no_assessment_ends_the_case_and_a_request_that_is_copied_in_later_opens_nothing() {
    let mut office = running().await;
    office.orders("DECISION EHC-2026-0412 NO ASSESSMENT").await;
    insta::assert_snapshot!(masked(&office, &office.last(COORDINATOR, "receipt").text), @"");
    let mark = office.so_far();
    office.arrives(copied_in(CASE)).await;
    assert_eq!(office.since(mark), ["receipt → cora.lane@council.example"]);
    office.told(COORDINATOR, "receipt", "the service follows nothing up");
    assert_eq!(office.of_case(CASE).await.len(), 1);
}

#[tokio::test]
async fn practitioners_who_gave_advice_hear_of_the_annual_review_eight_and_four_weeks_before_it() {
    let mut office = running().await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("CLOSE {id}")).await;
    office.orders("FINAL ISSUED EHC-2026-0412").await;
    let mark = office.so_far();
    office.until("Wed 10 Nov 2027 09:00").await;
    insta::assert_snapshot!(office.transcript().lines().filter(|l| l.contains("review_notice")).collect::<Vec<_>>().join("\n"), @"");
    let outward = office.since(mark).into_iter().filter(|l| !l.contains("council.example")).collect::<Vec<_>>();
    assert_eq!(outward.len(), 2, "nothing but the review: {outward:?}");
    insta::assert_snapshot!(masked(&office, &office.last(ADVISER, "review_notice").text), @"");
}
