//! Deadlines as people live them: working days, holidays, changes of the clock, downtime, late mail.

use crate::office::*;

/// Opens at an hour, does nothing, and holds on which day it is due and when the first escalation goes.
async fn check(opened: &str, due: &str, escalated: &str) {
    let mut office = Office::open(opened).await;
    office.arrives(copied_in(CASE)).await;
    assert_eq!(office.the().await.due_on().unwrap().to_string(), due, "asked {opened}");
    let quarter = at(escalated) - chrono::Duration::minutes(1);
    office.until(&local(quarter)).await;
    assert_eq!(office.escalations(), 0, "asked {opened}: not before {escalated}");
    office.until(escalated).await;
    assert_eq!(office.escalations(), 1, "asked {opened}: at {escalated}");
}

fn local(at: chrono::DateTime<chrono::Utc>) -> String {
    at.with_timezone(&chrono_tz::Europe::London).format("%a %d %b %Y %H:%M").to_string()
}

#[tokio::test]
async fn the_worked_examples_hold_with_their_real_hour() {
    check("Mon 02 Nov 2026 10:00", "2026-11-09", "Tue 10 Nov 2026 12:00").await;
    check("Fri 06 Nov 2026 16:55", "2026-11-13", "Mon 16 Nov 2026 12:00").await;
    check("Sat 07 Nov 2026 09:30", "2026-11-13", "Mon 16 Nov 2026 12:00").await;
    check("Sun 08 Nov 2026 23:59", "2026-11-13", "Mon 16 Nov 2026 12:00").await;
    check("Fri 18 Dec 2026 11:00", "2026-12-29", "Wed 30 Dec 2026 12:00").await;
    check("Thu 24 Dec 2026 14:00", "2027-01-05", "Wed 06 Jan 2027 12:00").await;
    check("Thu 31 Dec 2026 15:00", "2027-01-08", "Mon 11 Jan 2027 12:00").await;
    check("Fri 27 Mar 2026 09:00", "2026-04-07", "Wed 08 Apr 2026 12:00").await;
    check("Thu 02 Apr 2026 17:30", "2026-04-13", "Tue 14 Apr 2026 12:00").await;
    check("Tue 28 Apr 2026 10:00", "2026-05-06", "Thu 07 May 2026 12:00").await;
    check("Mon 25 May 2026 08:00", "2026-06-01", "Tue 02 Jun 2026 12:00").await;
    check("Wed 21 Oct 2026 12:00", "2026-10-28", "Thu 29 Oct 2026 12:00").await;
    check("Sun 25 Oct 2026 01:30", "2026-10-30", "Mon 02 Nov 2026 12:00").await;
    check("Wed 01 Jul 2026 00:30", "2026-07-08", "Thu 09 Jul 2026 12:00").await;
    check("Fri 28 Aug 2026 12:00", "2026-09-07", "Tue 08 Sep 2026 12:00").await;
    check("Tue 02 May 2023 10:00", "2023-05-10", "Thu 11 May 2023 12:00").await;
    check("Mon 20 Dec 2027 09:00", "2027-12-29", "Thu 30 Dec 2027 12:00").await;
    check("Fri 31 Dec 2027 10:00", "2028-01-10", "Tue 11 Jan 2028 12:00").await;
}

#[tokio::test]
async fn a_request_that_the_service_sent_escalates_at_eight() {
    let mut office = Office::clarified("Wed 21 Oct 2026 12:00").await;
    office.until("Thu 29 Oct 2026 07:59").await;
    assert_eq!(office.escalations(), 0);
    office.until("Thu 29 Oct 2026 08:00").await;
    assert_eq!(office.escalations(), 1);
}

#[tokio::test]
async fn a_request_outside_the_send_window_counts_from_the_morning_on_which_it_leaves() {
    let mut office = Office::clarified("Fri 06 Nov 2026 19:00").await;
    assert_eq!(office.count(ADVISER, "request"), 0);
    office.until("Mon 09 Nov 2026 08:00").await;
    assert_eq!(office.count(ADVISER, "request"), 1);
    assert_eq!(office.the().await.due_on().unwrap().to_string(), "2026-11-16");
}

#[tokio::test]
async fn s41_a_reply_in_the_last_minute_of_the_due_date_is_in_time() {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    office.until("Mon 09 Nov 2026 23:59").await;
    office.arrives(office.reply(ADVISER, ADVICE).only_to_the_service()).await;
    assert!(!office.last(COORDINATOR, "answer").says("It was due by"));
}

#[tokio::test]
async fn s42_half_an_hour_at_a_greylisting_server_is_not_called_late_and_more_is() {
    for (arrives, late) in [("Tue 10 Nov 2026 00:29", false), ("Tue 10 Nov 2026 00:30", true)] {
        let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
        office.until(arrives).await;
        office.arrives(office.reply(ADVISER, ADVICE).only_to_the_service()).await;
        office.until("Tue 10 Nov 2026 09:00").await;
        assert_eq!(office.last(COORDINATOR, "answer").says("It was due by Mon 9 Nov"), late, "{arrives}");
        assert_eq!(office.escalations(), 0, "{arrives}");
    }
}

#[tokio::test]
async fn s43_a_reply_at_five_to_eight_stops_the_escalation_of_eight() {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    office.until("Tue 10 Nov 2026 07:55").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Tue 10 Nov 2026 09:00").await;
    assert_eq!(office.escalations(), 0);
}

#[tokio::test]
async fn s44_nothing_is_escalated_while_the_mailbox_cannot_be_read_and_receipt_times_are_the_servers() {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    office.until("Mon 09 Nov 2026 12:00").await;
    office.mailbox_down = true;
    office.until("Mon 09 Nov 2026 16:00").await;
    let waiting = office.reply(ADVISER, ADVICE).only_to_the_service().bytes(office.now);
    office.arrives_raw(waiting).await;
    office.until("Wed 11 Nov 2026 10:00").await;
    assert_eq!(office.escalations(), 0);
    office.mailbox_down = false;
    office.settle().await;
    assert_eq!(office.escalations(), 0);
    assert_eq!(office.stands().await, "received, awaiting your decision");
    assert!(!office.last(COORDINATOR, "answer").says("It was due by"), "it stood in the mailbox in time");
}

#[tokio::test]
async fn s44_without_an_answer_the_first_good_look_escalates() {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    office.until("Mon 09 Nov 2026 12:00").await;
    office.mailbox_down = true;
    office.until("Wed 11 Nov 2026 10:00").await;
    assert_eq!(office.escalations(), 0);
    office.mailbox_down = false;
    office.settle().await;
    assert_eq!(office.escalations(), 1);
}

#[tokio::test]
async fn nobody_is_reminded_on_a_mailbox_that_was_not_looked_at() {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    office.until("Thu 05 Nov 2026 12:00").await;
    office.mailbox_down = true;
    let waiting = office.reply(ADVISER, ADVICE).bytes(office.now);
    office.arrives_raw(waiting).await;
    office.until("Fri 06 Nov 2026 10:00").await;
    office.mailbox_down = false;
    office.settle().await;
    assert_eq!(office.count(ADVISER, "reminder"), 0);
}

#[tokio::test]
async fn s45_after_weeks_of_downtime_there_is_one_escalation_for_each_item() {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    office.clarify("EHC-2026-0500").await;
    office.sleeps_until("Wed 02 Dec 2026 10:00").await;
    assert_eq!(office.escalations(), 2);
    assert_eq!(office.count(MANAGER, "escalation"), 2);
    assert_eq!(office.count(ADVISER, "reminder"), 0, "a reminder after the close is needless");
    office.until("Tue 08 Dec 2026 18:00").await;
    assert_eq!(office.escalations(), 2, "the next level five working days after this one");
    office.until("Wed 09 Dec 2026 09:00").await;
    assert_eq!(office.escalations(), 4);
}

#[tokio::test]
async fn s74_a_holiday_proclaimed_while_a_window_is_open_lengthens_it_and_never_shortens() {
    use followupd::core::calendar::{Calendar, CalendarOverrides, Closure};
    let office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    let holiday = chrono::NaiveDate::from_ymd_opt(2026, 11, 6).unwrap();
    let mut changed = policy();
    changed.calendar = Calendar::new(CalendarOverrides {
        extra_closed: vec![Closure { date: holiday, name: "Proclaimed".into() }],
        ..CalendarOverrides::default()
    });
    office.engine.replace_office(rules(changed));
    office.engine.recompute(office.now).await.unwrap();
    assert_eq!(office.the().await.due_on().unwrap().to_string(), "2026-11-10");
    office.engine.replace_office(rules(policy()));
    office.engine.recompute(office.now).await.unwrap();
    assert_eq!(office.the().await.due_on().unwrap().to_string(), "2026-11-10", "a date that was told stays");
}
