//! What staff say about a letter to a family: only silence, `SEND` and a date let it go.

use super::*;
use followupd::core::policy::ParentHold;

/// The preview of Tuesday is there; on Wednesday at 10:00 the letter would leave.
async fn previewed() -> Office {
    let mut office = slipping(&winter()).await;
    office.until("Tue 29 Sep 2026 09:00").await;
    assert_eq!(office.count(COORDINATOR, "preview"), 1, "{}", office.transcript());
    office
}

#[tokio::test]
async fn send_lets_it_go_at_once() {
    let mut office = previewed().await;
    office.answers(COORDINATOR, "preview", "SEND").await;
    assert_eq!(office.count(ANN, "parent_notice"), 1);
    office.told(COORDINATOR, "receipt", "The letter to Ms Winter is on its way.");
    office.until("Mon 05 Oct 2026 12:00").await;
    assert_eq!(office.count(ANN, "parent_notice"), 1, "once only");
}

#[tokio::test]
async fn do_not_send_ends_this_letter_and_the_same_one_does_not_come_back() {
    let mut office = previewed().await;
    office.answers(COORDINATOR, "preview", "DON'T SEND").await;
    office.until("Mon 05 Oct 2026 18:00").await;
    assert_eq!(office.letters_to(ANN), 0);
    assert_eq!(office.count(COORDINATOR, "preview"), 1, "{}", office.transcript());
    office.until("Mon 12 Oct 2026 18:00").await;
    assert_eq!(office.count(COORDINATOR, "preview"), 1, "nor a day after the answer is overdue");
    office.until("Tue 13 Oct 2026 09:00").await;
    assert_eq!(office.count(COORDINATOR, "preview"), 2, "two weeks later its date does not hold any more");
    office.answers(COORDINATOR, "preview", "DON'T SEND").await;
    office.until("Mon 19 Oct 2026 18:00").await;
    assert_eq!(office.letters_to(ANN), 0);
    office.until("Tue 20 Oct 2026 08:00").await;
    assert_eq!(office.count(COORDINATOR, "preview"), 3, "when the plan is late the family must hear of it");
}

#[tokio::test]
async fn any_other_answer_holds_it_and_asks() {
    for text in [
        "WAIT",
        "Not yet please, I will ring them first.",
        "Ok?",
        "SEND it when I am back",
        "SEND\nbut please take out the second paragraph",
        "STATUS",
    ] {
        let mut office = previewed().await;
        office.answers(COORDINATOR, "preview", text).await;
        office.until("Mon 05 Oct 2026 12:00").await;
        assert_eq!(office.letters_to(ANN), 0, "{text:?} let it go");
        office.told(COORDINATOR, "today", "waits for you");
        office.answers(COORDINATOR, "preview", "SEND").await;
        assert_eq!(office.letters_to(ANN), 1, "{text:?}: SEND does it\n{}", office.transcript());
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_proved_holds_it_too() {
    let mut office = previewed().await;
    let preview = office.last(COORDINATOR, "preview").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&preview).text("SEND").proof("fail")).await;
    office.until("Mon 05 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0);
}

#[tokio::test]
async fn a_date_is_told_after_another_look() {
    let mut office = previewed().await;
    office.answers(COORDINATOR, "preview", "NEW DATE 11 December 2026\nReason: One report has not come yet.").await;
    assert_eq!(office.count(COORDINATOR, "preview"), 2, "{}", office.transcript());
    assert_eq!(office.letters_to(ANN), 0);
    office.until("Fri 02 Oct 2026 10:30").await;
    office.told(ANN, "parent_notice", "by Friday 11 December 2026");
    office.told(ANN, "parent_notice", "One report has not come yet.");
    assert_eq!(office.letters_to(ANN), 1);
}

#[tokio::test]
async fn a_reason_that_blames_or_promises_is_not_sent_on() {
    let mut office = previewed().await;
    office.answers(COORDINATOR, "preview", "NEW DATE 11 December 2026\nReason: The NHS has failed to answer.").await;
    office.told(COORDINATOR, "receipt", "“nhs” names a service or a person who gives advice");
    office.until("Mon 05 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "held, for the answer was no SEND");
}

#[tokio::test]
async fn a_date_within_the_twenty_weeks_needs_no_letter() {
    let mut office = Office::open("Mon 07 Sep 2026 09:00").await;
    office.registers(&winter()).await;
    office.orders(&format!("NEW DATE {CASE} 16 October 2026")).await;
    office.told(COORDINATOR, "receipt", "within the 20 weeks");
    office.orders(&format!("NEW DATE {CASE} 30 October 2026")).await;
    assert_eq!(office.count(COORDINATOR, "preview"), 1, "the co-ordinator says that it will slip");
    office.until("Wed 09 Sep 2026 10:30").await;
    office.told(ANN, "parent_notice", "by Friday 30 October 2026");
}

#[tokio::test]
async fn approve_waits_for_ever_and_zero_for_nobody() {
    let mut approve = policy();
    approve.parents.hold = ParentHold::Approve;
    let mut office = slipping_with(&winter(), approve).await;
    office.until("Mon 12 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0);
    office.answers(COORDINATOR, "preview", "SEND").await;
    assert_eq!(office.letters_to(ANN), 1);

    let mut at_once = policy();
    at_once.parents.hold = ParentHold::WorkingDays(0);
    let mut office = slipping_with(&winter(), at_once).await;
    office.until("Tue 29 Sep 2026 08:30").await;
    assert_eq!(office.letters_to(ANN), 1, "{}", office.transcript());
    assert_eq!(office.count(COORDINATOR, "preview"), 0);
}

#[tokio::test]
async fn a_sensitive_case_is_never_told_by_silence() {
    for hold in [ParentHold::WorkingDays(1), ParentHold::WorkingDays(0)] {
        let mut policy = policy();
        policy.parents.hold = hold;
        let mut office = slipping_with(&winter(), policy).await;
        office.orders_and_confirms("CORRECT EHC-2026-0412\nSensitive: yes").await;
        office.until("Fri 30 Oct 2026 12:00").await;
        assert_eq!(office.letters_to(ANN), 0, "not even when late: {hold:?}");
        office.answers(COORDINATOR, "preview", "SEND").await;
        assert_eq!(office.letters_to(ANN), 1);
    }
}

#[tokio::test]
async fn a_late_plan_waits_only_until_the_same_morning() {
    let mut office = Office::open("Mon 19 Oct 2026 18:00").await;
    office.registers(&winter()).await;
    office.until("Tue 20 Oct 2026 10:00").await;
    assert_eq!(office.letters_to(ANN), 1, "{}", office.transcript());
    office.told(ANN, "parent_notice", "By law we should have sent you the final plan by Monday 19 October 2026.");
}

#[tokio::test]
async fn a_stopped_case_and_a_finished_one_write_nothing_more() {
    use followupd::core::register::{Stop, StopManner};
    let mut stopped = previewed().await;
    let now = stopped.now;
    let by = address(COORDINATOR);
    let stop = Stop { manner: StopManner::Silent, at: now, by, reason: None, confirmed_at: Some(now) };
    stopped.changes(CASE, |case| case.register.stop = Some(stop)).await;
    stopped.until("Fri 30 Oct 2026 12:00").await;
    assert_eq!(stopped.letters_to(ANN), 0);
    stopped.answers(COORDINATOR, "preview", "SEND").await;
    assert_eq!(stopped.letters_to(ANN), 0, "not even by SEND");

    let mut finished = previewed().await;
    finished.changes(CASE, |case| case.register.final_on = Some(date("2026-09-30"))).await;
    finished.until("Fri 30 Oct 2026 12:00").await;
    assert_eq!(finished.letters_to(ANN), 0);
}

#[tokio::test]
async fn a_case_that_stops_after_the_letter_was_queued_stops_the_letter() {
    let mut office = previewed().await;
    office.until("Tue 29 Sep 2026 18:30").await;
    office.answers(COORDINATOR, "preview", "SEND").await;
    assert_eq!(office.letters_to(ANN), 0, "the send window is closed");
    office.changes(CASE, |case| case.register.final_on = Some(date("2026-09-30"))).await;
    office.until("Fri 02 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
    assert!(office.told_dates(CASE).await.is_empty());
}

#[tokio::test]
async fn after_a_week_of_downtime_a_person_looks_at_every_letter_first() {
    let mut office = previewed().await;
    office.sleeps_until("Thu 08 Oct 2026 11:00").await;
    office.until("Mon 12 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "the one that waited");
    office.told(COORDINATOR, "today", "the service was down for some days");

    let mut fresh = slipping(&winter()).await;
    fresh.sleeps_until("Thu 08 Oct 2026 11:00").await;
    fresh.until("Wed 14 Oct 2026 12:00").await;
    assert_eq!(fresh.letters_to(ANN), 0, "one that is found now\n{}", fresh.transcript());
    fresh.told(COORDINATOR, "preview", "the service was down for some days");
}

#[tokio::test]
async fn while_the_co_ordinator_is_away_whoever_stands_in_sees_the_preview_and_may_stop_it() {
    let mut office = slipping(&winter()).await;
    let receipt = office.last(COORDINATOR, "receipt").clone();
    let away =
        Draft::from(COORDINATOR).answering(&receipt).only_to_the_service().header("Auto-Submitted", "auto-replied");
    office.arrives(away.subject("Automatic reply: Done").text("I am on leave until 12 October 2026.")).await;
    office.until("Tue 29 Sep 2026 09:00").await;
    office.answers(SEND_MANAGER, "preview", "WAIT").await;
    office.until("Mon 05 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
}

#[tokio::test]
async fn a_new_address_needs_a_second_person() {
    let mut office = slipping(&named_case(CASE, Vec::new())).await;
    office.until("Tue 29 Sep 2026 12:00").await;
    office.orders(&format!("CONTACT {CASE}\nAdd: Ms Winter <{ANN}>")).await;
    office.answers(COORDINATOR, "receipt", "YES").await;
    assert!(office.case(CASE).await.register.contacts.is_empty(), "their own YES does not count");
    office.answers(SEND_MANAGER, "read_back", "YES").await;
    let contacts = office.case(CASE).await.register.contacts;
    assert!(contacts[0].verified.is_some(), "{}", office.transcript());
    office.until("Fri 30 Oct 2026 12:00").await;
    assert!(office.count(ANN, "parent_notice") >= 1, "{}", office.transcript());
}

#[tokio::test]
async fn a_member_of_staff_cannot_be_recorded_as_a_parent() {
    let mut office = slipping(&winter()).await;
    office.orders(&format!("CONTACT {CASE}\nAdd: Dr Lee <{ADVISER}>")).await;
    office.told(COORDINATOR, "receipt", "belongs to the authority or to a service");
}
