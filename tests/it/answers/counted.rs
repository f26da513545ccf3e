//! Which replies count: full, not set aside, on the day that a person gives, and in time by grace.

use super::*;
use chrono::NaiveDate;
use followupd::core::follow_up::Outcome;

fn day(text: &str) -> Option<NaiveDate> {
    Some(text.parse().unwrap())
}

/// What the reports' rows hold of the request for advice.
async fn on_record(office: &Office) -> Option<NaiveDate> {
    let mut tx = office.engine.store().begin().await.unwrap();
    let rows = tx
        .recorded("Community Paediatrics", "2026-01-01".parse().unwrap(), "2027-12-31".parse().unwrap())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    rows.iter().find(|r| r.kind == "advice_request").unwrap().received_on
}

#[tokio::test]
async fn what_was_set_aside_is_not_the_day_on_which_the_advice_came() {
    let mut office = requested().await;
    office.until("Wed 04 Nov 2026 09:00").await;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    let id = office.the().await.id;
    assert_eq!(on_record(&office).await, day("2026-11-04"));
    office.orders(&format!("NOT ADVICE {id}")).await;
    assert_eq!(on_record(&office).await, None);
    office.orders(&format!("CLOSE {id}")).await;
    office.told(COORDINATOR, "receipt", "no advice has been noted");
    office.until("Wed 16 Dec 2026 09:00").await;
    assert_eq!(office.count(MANAGER, "overdue"), 1, "{}", office.transcript());
    office.orders(&format!("ACCEPT {id}")).await;
    assert_eq!(on_record(&office).await, day("2026-12-16"), "the day on which it is judged");
}

#[tokio::test]
async fn not_known_is_no_receipt() {
    let mut office = requested().await;
    office.until("Wed 04 Nov 2026 09:00").await;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    let id = office.the().await.id;
    office.orders(&format!("NOT KNOWN {id}")).await;
    assert_eq!(on_record(&office).await, None);
}

#[tokio::test]
async fn s39_the_day_that_a_person_gives_is_the_day() {
    let mut office = requested().await;
    office.until("Tue 15 Dec 2026 09:00").await;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    let id = office.the().await.id;
    office.orders(&format!("RECEIVED {id}")).await;
    assert_eq!(on_record(&office).await, day("2026-12-15"), "without a day it says only that it is there");
    office.orders(&format!("RECEIVED {id}\nOn: 11 December 2026")).await;
    assert_eq!(on_record(&office).await, day("2026-12-11"));
    office.orders(&format!("ACCEPT {id}")).await;
    office.told(COORDINATOR, "receipt", "It came on Friday 11 December 2026, within the six weeks");
}

#[tokio::test]
async fn s42_what_comes_in_the_half_hour_after_midnight_is_in_time_by_grace() {
    for (at, counts) in [("Tue 15 Dec 2026 00:20", "2026-12-14"), ("Tue 15 Dec 2026 00:40", "2026-12-15")] {
        let mut office = requested().await;
        office.until(at).await;
        office.arrives(answer(&office, ADVISER, ADVICE)).await;
        assert_eq!(on_record(&office).await, day(counts), "{at}");
    }
}

#[tokio::test]
async fn reopened_it_stands_as_it_stood() {
    for (text, expected) in [
        (ADVICE, "received, awaiting your decision"),
        ("I shall look into it.", "short reply, not yet accepted"),
        ("", "open"),
    ] {
        let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
        office.until("Wed 04 Nov 2026 09:00").await;
        if !text.is_empty() {
            office.arrives(office.reply(ADVISER, text)).await;
        }
        let id = office.the().await.id;
        office.orders(&format!("CANCEL {id}")).await;
        office.arrives(office.reply(ADVISER, "Thanks.")).await;
        office.orders(&format!("REOPEN {id}")).await;
        assert_eq!(office.stands().await, expected, "{text:?}");
    }
}

#[tokio::test]
async fn reopened_after_an_answer_that_was_set_aside_the_manager_is_told_in_the_end() {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    let id = office.the().await.id;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.orders(&format!("NOT ADVICE {id}")).await;
    office.orders(&format!("CANCEL {id}")).await;
    office.orders(&format!("REOPEN {id}")).await;
    assert_eq!(office.stands().await, "open");
    office.until("Tue 10 Nov 2026 12:00").await;
    assert_eq!(office.count(MANAGER, "escalation"), 1, "{}", office.transcript());
}

#[tokio::test]
async fn thanks_after_a_dispute_was_upheld_is_no_advice_and_its_writer_sees_no_plan_draft() {
    for ending in ["DISPUTE UPHELD", "CANCEL"] {
        let mut office = requested().await;
        office.until("Tue 03 Nov 2026 09:00").await;
        office.arrives(answer(&office, ADVISER, "NOT MINE")).await;
        let id = office.the().await.id;
        office.orders(&format!("{ending} {id}")).await;
        office.arrives(answer(&office, ADVISER, "Thanks.")).await;
        office.arrives(answer(&office, ADVISER, MORE)).await;
        office.until("Tue 01 Dec 2026 10:00").await;
        office.orders(&format!("DRAFT ISSUED {CASE}\nWhere: the secure share")).await;
        assert_eq!(office.count(ADVISER, "draft_check"), 0, "{ending}");
        office.told(COORDINATOR, "receipt", "nobody is asked to check it");
        assert!(office.case(CASE).await.practitioners().is_empty(), "{ending}");
    }
}

/// What the reports say of the usual service's returns in the whole time: asked, in time, late, outstanding; and of its
/// advice: received, asked about again, clarifications.
async fn figures(office: &Office) -> ([u64; 4], [u64; 3]) {
    let period =
        followupd::store::figures::Period { from: "2026-01-01".parse().unwrap(), to: "2027-12-31".parse().unwrap() };
    let mut tx = office.engine.store().begin().await.unwrap();
    let returns = tx.returns(period).await.unwrap().into_iter().next().unwrap_or_default();
    let quality = tx.quality(period).await.unwrap().into_iter().next().unwrap_or_default();
    tx.commit().await.unwrap();
    (
        [returns.asked, returns.in_time, returns.late, returns.outstanding],
        [quality.received, quality.insufficient, quality.clarifications],
    )
}

#[tokio::test]
async fn the_end_of_the_case_takes_no_return_out_of_the_figures() {
    for end in [format!("FINAL ISSUED {CASE}"), format!("DECISION {CASE} NO PLAN")] {
        let mut office = requested().await;
        office.until("Thu 17 Dec 2026 10:00").await;
        office.orders(&end).await;
        assert_eq!(figures(&office).await.0, [1, 0, 0, 1], "overdue when the case ended");
        let mut office = requested().await;
        office.arrives(answer(&office, ADVISER, ADVICE)).await;
        office.orders(&end).await;
        assert_eq!(figures(&office).await.0, [1, 1, 0, 0], "answered in time");
        let mut office = requested().await;
        office.orders(&end).await;
        assert_eq!(figures(&office).await.0, [0; 4], "needed no longer");
    }
}

#[tokio::test]
async fn a_dispute_that_was_upheld_is_nobodys_outstanding_return() {
    let mut office = requested().await;
    office.until("Thu 17 Dec 2026 10:00").await;
    assert_eq!(figures(&office).await.0, [1, 0, 0, 1]);
    let id = office.the().await.id;
    office.orders(&format!("DISPUTE UPHELD {id}")).await;
    assert_eq!(figures(&office).await.0, [0; 4]);
}

#[tokio::test]
async fn a_clarification_that_was_opened_in_error_makes_no_advice_insufficient() {
    let mut office = requested().await;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    let id = office.the().await.id;
    office.orders(&format!("INSUFFICIENT {id}\nText: How often?")).await;
    assert_eq!(figures(&office).await.1, [1, 1, 1]);
    let clarification = clarification(&office).await.id;
    office.orders(&format!("CANCEL {clarification}")).await;
    assert_eq!(figures(&office).await.1, [1, 0, 0]);
}

#[tokio::test]
async fn what_ends_with_its_case_counts_by_its_answer_or_its_due_date() {
    // Overdue when the final plan is issued.
    let mut office = requested().await;
    office.until("Thu 17 Dec 2026 10:00").await;
    office.orders(&format!("FINAL ISSUED {CASE}")).await;
    assert_eq!(office.the().await.outcome, Some(Outcome::EndedWithCase));
    // Answered and not yet accepted.
    let mut office = requested().await;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    office.orders(&format!("DECISION {CASE} NO PLAN")).await;
    assert_eq!(office.the().await.outcome, Some(Outcome::EndedWithCase));
    assert_eq!(on_record(&office).await, day("2026-11-02"));
    // Neither.
    let mut office = requested().await;
    office.until("Mon 14 Dec 2026 10:00").await;
    office.orders_and_confirms(&format!("STOP {CASE}")).await;
    assert_eq!(office.the().await.outcome, None);
}

#[tokio::test]
async fn nothing_is_received_before_it_was_asked_for_even_when_the_request_has_not_left() {
    let mut office = Office::open("Sat 07 Nov 2026 10:00").await;
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {ADVISER}\nText: What therapy is needed?")).await;
    let id = office.the().await.id;
    office.orders(&format!("RECEIVED {id}\nOn: 1 November 2026")).await;
    office.told(COORDINATOR, "receipt", "Sunday 1 November 2026 is before the request of Saturday 7 November 2026");
    assert!(office.the().await.round().unwrap().replies.is_empty());
}

#[tokio::test]
async fn what_a_co_ordinator_notes_has_not_waited_for_her_since_the_day_that_she_gives() {
    let mut office = requested().await;
    office.until("Tue 15 Dec 2026 12:00").await;
    let id = office.the().await.id;
    office.orders(&format!("RECEIVED {id}\nOn: 1 December 2026")).await;
    office.until("Wed 16 Dec 2026 09:00").await;
    let today = office.last(COORDINATOR, "today").text.clone();
    assert!(today.contains("noted as received") && !today.contains("has waited"), "{today}");
}
