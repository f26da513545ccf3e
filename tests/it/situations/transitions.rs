//! The rows of the state table of a clarification (`domain.md` 3.3).

use crate::office::*;
use followupd::engine::Verdict;

const OPENED: &str = "Mon 02 Nov 2026 10:00";

#[tokio::test]
async fn a_request_goes_to_adviser_and_manager_with_the_fixed_subject_and_opens_when_the_relay_takes_it() {
    let mut office = Office::open(OPENED).await;
    office.relay.insert(ADVISER.into(), Verdict::Deferred("451 later".into()));
    office.relay.insert(MANAGER.into(), Verdict::Deferred("451 later".into()));
    office.clarify(CASE).await;
    assert_eq!(office.stands().await, "request on its way");
    office.relay.clear();
    office.until("Mon 02 Nov 2026 10:10").await;
    let request = office.last(ADVISER, "request");
    assert_eq!(request.recipients, [ADVISER, MANAGER]);
    assert_eq!(request.subject, FIXED);
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn acceptance_after_midnight_moves_day_0() {
    let mut office = Office::open("Mon 02 Nov 2026 17:50").await;
    for who in [ADVISER, MANAGER] {
        office.relay.insert(who.into(), Verdict::Deferred("451 later".into()));
    }
    office.clarify(CASE).await;
    office.until("Tue 03 Nov 2026 00:10").await;
    office.relay.clear();
    office.until("Tue 03 Nov 2026 12:00").await;
    assert_eq!(office.the().await.due_on().unwrap().to_string(), "2026-11-10");
}

#[tokio::test]
async fn a_missing_agreement_is_flagged() {
    let office = Office::clarified(OPENED).await;
    office.told(COORDINATOR, "receipt", "No SEND manager's agreement is noted");
}

#[tokio::test]
async fn every_recipient_refused_holds_it_and_a_second_round_to_nobody_is_held_too() {
    let mut office = Office::open(OPENED).await;
    for who in [ADVISER, MANAGER] {
        office.relay.insert(who.into(), Verdict::Rejected("550 5.1.1 no such user".into()));
    }
    office.clarify(CASE).await;
    assert_eq!(office.stands().await, "on hold: nobody could be reached");
    let id = office.id_of(CASE).await;
    office.orders(&format!("RESEND {id}")).await;
    assert_eq!(office.stands().await, "on hold: nobody could be reached");
    office.until("Tue 03 Nov 2026 08:00").await;
    office.told(COORDINATOR, "today", "nobody could be reached; no clock runs");
}

#[tokio::test]
async fn levels_go_to_manager_second_level_and_send_manager_and_then_stop() {
    let mut office = Office::clarified(OPENED).await;
    office.until("Fri 29 Jan 2027 18:00").await;
    let levels: Vec<Vec<&str>> = office
        .sent
        .iter()
        .filter(|s| s.kind == "escalation")
        .map(|s| s.recipients.iter().map(String::as_str).collect())
        .collect();
    assert_eq!(levels.len(), 3);
    assert!(levels[0].contains(&MANAGER) && levels[0].contains(&ADVISER) && levels[0].contains(&COORDINATOR));
    assert!(levels[1].contains(&SECOND_LEVEL) && !levels[1].contains(&ADVISER));
    assert!(levels[2].contains(&SEND_MANAGER));
}

#[tokio::test]
async fn the_answer_stands_down_everybody_who_was_told() {
    let mut office = Office::clarified(OPENED).await;
    office.until("Tue 17 Nov 2026 10:00").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    assert_eq!(office.count(MANAGER, "stand_down"), 1);
    assert_eq!(office.count(SECOND_LEVEL, "stand_down"), 1);
}

#[tokio::test]
async fn a_second_escalation_after_a_set_aside_answer_is_stood_down_again() {
    let mut office = Office::clarified(OPENED).await;
    office.until("Tue 10 Nov 2026 10:00").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("NOT ADVICE {id}")).await;
    office.until("Tue 17 Nov 2026 10:00").await;
    assert_eq!(office.count(SECOND_LEVEL, "escalation"), 1);
    office.orders(&format!("CLOSE {id}")).await;
    assert_eq!(office.count(SECOND_LEVEL, "stand_down"), 1);
}

#[tokio::test]
async fn not_advice_lets_the_old_deadline_run_on_and_escalates_when_it_has_passed() {
    let mut office = Office::clarified(OPENED).await;
    office.until("Mon 09 Nov 2026 11:00").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Wed 11 Nov 2026 19:00").await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("NOT ADVICE {id}")).await;
    assert_eq!(office.the().await.due_on().unwrap().to_string(), "2026-11-09");
    assert_eq!(office.escalations(), 0);
    office.until("Thu 12 Nov 2026 08:00").await;
    assert_eq!(office.escalations(), 1, "at the next window");
}

#[tokio::test]
async fn an_unreviewed_answer_is_nudged_after_two_working_days() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Wed 04 Nov 2026 08:00").await;
    office.told(COORDINATOR, "today", "It has waited 2 working days for you");
}

#[tokio::test]
async fn insufficient_is_a_new_request_with_a_new_window_in_the_same_thread_and_to_the_second_level_too() {
    let mut office = Office::clarified(OPENED).await;
    office.until("Fri 06 Nov 2026 10:00").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("INSUFFICIENT {id}\nWhy: unclear\nText: By whom is it to be given?")).await;
    let request = office.last(ADVISER, "request").clone();
    assert_eq!(request.subject, FIXED);
    assert!(request.says("By whom is it to be given?") && request.says("request number 2"));
    assert!(request.recipients.contains(&SECOND_LEVEL.to_owned()));
    let first = followupd::message::parse::parse(&office.first_letter().raw).message_id.unwrap();
    assert!(followupd::message::parse::parse(&request.raw).references.contains(&first), "one thread");
    assert_eq!(office.the().await.due_on().unwrap().to_string(), "2026-11-13");
    office.until("Mon 16 Nov 2026 08:00").await;
    assert_eq!(office.count(MANAGER, "escalation"), 1);
}

#[tokio::test]
async fn an_answer_before_the_next_request_has_left_withdraws_it_and_not_advice_sends_it_after_all() {
    let mut office = Office::clarified("Mon 02 Nov 2026 17:00").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Mon 02 Nov 2026 19:00").await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("INSUFFICIENT {id}\nText: By whom?")).await;
    office.arrives(office.reply(ADVISER, &format!("By a therapist. {ADVICE}"))).await;
    office.until("Tue 03 Nov 2026 10:00").await;
    assert_eq!(office.count(ADVISER, "request"), 1);
    office.orders(&format!("NOT ADVICE {id}")).await;
    assert_eq!(office.count(ADVISER, "request"), 2);
    assert_eq!(office.stands().await, "open");
    assert_eq!(office.the().await.due_on().unwrap().to_string(), "2026-11-10");
}

#[tokio::test]
async fn extend_moves_the_date_keeps_the_first_and_reminds_again() {
    let mut office = Office::clarified(OPENED).await;
    office.until("Fri 06 Nov 2026 10:00").await;
    assert_eq!(office.count(ADVISER, "reminder"), 1);
    let id = office.id_of(CASE).await;
    office.orders(&format!("EXTEND {id}\nTo: 21 November 2026")).await;
    let follow_up = office.the().await;
    assert_eq!(follow_up.due_on().unwrap().to_string(), "2026-11-23", "a Saturday becomes the next working day");
    assert_eq!(follow_up.rounds[0].original_due.unwrap().to_string(), "2026-11-09");
    office.told(ADVISER, "new_due", "It is now due by Monday 23 November 2026");
    office.until("Fri 20 Nov 2026 10:00").await;
    assert_eq!(office.count(ADVISER, "reminder"), 2);
    office.orders(&format!("EXTEND {id}\nTo: 20 November 2026")).await;
    assert_eq!(office.the().await.due_on().unwrap().to_string(), "2026-11-23", "never shortened");
    office.until("Tue 24 Nov 2026 08:00").await;
    assert_eq!(office.escalations(), 1);
}

#[tokio::test]
async fn cancel_tells_whoever_was_asked_and_ends_everything() {
    let mut office = Office::clarified(OPENED).await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("CANCEL {id}")).await;
    assert_eq!(office.stands().await, "cancelled");
    assert_eq!(office.count(ADVISER, "stand_down"), 1);
    office.until("Fri 18 Dec 2026 10:00").await;
    assert_eq!(office.escalations() + office.count(ADVISER, "reminder"), 0);
}

#[tokio::test]
async fn whoever_was_told_twice_to_stop_hears_once_that_it_is_needed() {
    let mut office = Office::clarified(OPENED).await;
    let id = office.id_of(CASE).await;
    for _ in 0..2 {
        office.orders(&format!("CANCEL {id}")).await;
        office.orders(&format!("REOPEN {id}")).await;
    }
    let told = &office.last(COORDINATOR, "receipt").text;
    assert_eq!(told.matches("Mo Head").count(), 1, "{told}");
    office.until("Tue 10 Nov 2026 19:00").await;
    let letter = office.last(MANAGER, "escalation");
    let mut everybody = letter.recipients.clone();
    everybody.sort();
    everybody.dedup();
    assert_eq!(everybody.len(), letter.recipients.len(), "{:?}", letter.recipients);
    assert!(letter.says("If you were told that nothing more is needed, that no longer holds."));
}

#[tokio::test]
async fn closed_before_the_request_has_left_means_that_it_never_does_and_reopen_sends_it() {
    let mut office = Office::clarified("Mon 02 Nov 2026 19:00").await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("CLOSE {id}")).await;
    office.until("Tue 03 Nov 2026 10:00").await;
    assert_eq!(office.count(ADVISER, "request"), 0);
    office.orders(&format!("REOPEN {id}")).await;
    assert_eq!(office.count(ADVISER, "request"), 1);
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn the_turnaround_counts_to_the_day_of_the_answer_and_not_of_the_close() {
    let mut office = Office::clarified(OPENED).await;
    office.until("Thu 05 Nov 2026 10:00").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Thu 19 Nov 2026 10:00").await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("CLOSE {id}")).await;
    office.told(COORDINATOR, "receipt", "It took 3 working days from the request to the answer");
}

#[tokio::test]
async fn an_all_clear_that_has_not_left_does_not_leave_once_the_answer_is_set_aside() {
    let mut office = Office::clarified(OPENED).await;
    office.until("Tue 10 Nov 2026 19:00").await;
    assert_eq!(office.count(MANAGER, "escalation"), 1);
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("NOT ADVICE {id}")).await;
    office.until("Wed 11 Nov 2026 09:00").await;
    assert_eq!(office.count(MANAGER, "stand_down"), 0, "{}", office.transcript());
    office.told(MANAGER, "escalation", "What came in answer was not taken as the advice, so it is still needed.");
}

#[tokio::test]
async fn everybody_who_was_told_that_nothing_more_is_needed_hears_that_it_is_after_all() {
    let mut office = Office::clarified(OPENED).await;
    let id = office.id_of(CASE).await;
    // Level 1 and level 2 have been told.
    office.until("Tue 17 Nov 2026 19:00").await;
    let told = office.escalations();
    assert!(told >= 2, "{}", office.transcript());
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Wed 18 Nov 2026 09:00").await;
    let stood_down: Vec<String> =
        office.sent.iter().filter(|s| s.kind == "stand_down").flat_map(|s| s.recipients.clone()).collect();
    assert!(stood_down.len() >= 2, "{}", office.transcript());
    let before = office.sent.len();
    office.orders(&format!("NOT ADVICE {id}")).await;
    office.until("Thu 19 Nov 2026 09:00").await;
    let again =
        office.sent[before..].iter().filter(|s| s.text.contains("nothing more is needed, that no longer holds"));
    let hear: Vec<String> = again.flat_map(|s| s.recipients.clone()).collect();
    for who in stood_down {
        assert!(hear.contains(&who), "{who} is left with an all-clear\n{}", office.transcript());
    }
}

#[tokio::test]
async fn a_manager_who_stands_in_for_an_absent_adviser_is_responsible_again() {
    let mut office = Office::clarified(OPENED).await;
    let id = office.id_of(CASE).await;
    office.arrives(office.out_of_office(ADVISER, "I am out of the office and will be back on 14 December 2026.")).await;
    office.settle().await;
    assert_eq!(office.count(MANAGER, "responsible"), 1, "{}", office.transcript());
    office.until("Wed 04 Nov 2026 10:00").await;
    office.arrives(office.reply("kit.moss@nhs.example", ADVICE)).await;
    office.orders(&format!("RECEIVED {id}")).await;
    office.until("Wed 04 Nov 2026 12:00").await;
    assert_eq!(office.count(MANAGER, "stand_down"), 1, "{}", office.transcript());
    office.orders(&format!("NOT ADVICE {id}")).await;
    office.until("Wed 04 Nov 2026 16:00").await;
    office.told(MANAGER, "responsible", "If you were told that nothing more is needed, that no longer holds.");
}

#[tokio::test]
async fn what_was_overdue_when_it_was_recorded_is_asked_about_before_anybody_is_accused() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.orders(&format!("ADVICE ASKED {CASE}\nFrom: {ADVISER}\nOn: 1 September 2026")).await;
    office.until("Wed 04 Nov 2026 11:00").await;
    assert_eq!(office.count(MANAGER, "overdue"), 0, "{}", office.transcript());
    assert!(office.count(COORDINATOR, "today") > 0, "the Today mail has asked");
    office.until("Wed 04 Nov 2026 13:00").await;
    assert_eq!(office.count(MANAGER, "overdue"), 1, "{}", office.transcript());
}
