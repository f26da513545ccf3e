//! Letters of a request that another has overtaken, and lateness that is none any more.

use super::*;
use chrono_tz::Europe::London;
use followupd::engine::Verdict;

fn later() -> Verdict {
    Verdict::Deferred("451 try again later".into())
}

/// A request of Friday evening, which waits for Monday.
async fn on_friday_evening() -> Office {
    let mut office = Office::open("Fri 06 Nov 2026 18:30").await;
    office.clarify(CASE).await;
    office
}

#[tokio::test]
async fn cancelled_and_reopened_before_it_left_the_request_leaves_once() {
    let mut office = on_friday_evening().await;
    let id = office.the().await.id;
    office.orders(&format!("CANCEL {id}")).await;
    office.orders(&format!("REOPEN {id}")).await;
    office.until("Mon 09 Nov 2026 12:00").await;
    assert_eq!(office.count(ADVISER, "request"), 1, "{}", office.transcript());
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn stopped_and_resumed_before_it_left_the_request_leaves_once() {
    let mut office = on_friday_evening().await;
    office.orders(&format!("STOP {CASE}")).await;
    office.orders(&format!("RESUME {CASE}")).await;
    office.confirms_with(SEND_MANAGER, "YES").await;
    office.until("Mon 09 Nov 2026 12:00").await;
    assert_eq!(office.count(ADVISER, "request"), 1, "{}", office.transcript());
}

#[tokio::test]
async fn an_earlier_rounds_request_never_comes_behind_a_later_one() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.relay.insert(ADVISER.into(), later());
    office.clarify(CASE).await;
    let asked = office.last(MANAGER, "request").clone();
    office.arrives(Draft::from(MANAGER).answering(&asked).text(&format!("{ADVICE} {MORE}"))).await;
    let id = office.the().await.id;
    office.orders(&format!("INSUFFICIENT {id}\nText: And by whom?")).await;
    office.relay.clear();
    office.until("Mon 02 Nov 2026 16:00").await;
    let got: Vec<&Sent> = office.inbox(ADVISER).into_iter().filter(|s| s.kind == "request").collect();
    assert_eq!(got.len(), 1, "{}", office.transcript());
    assert!(got[0].says("And by whom?"));
}

#[tokio::test]
async fn the_window_of_a_request_that_was_sent_again_starts_when_that_one_is_taken() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.relay.insert(ADVISER.into(), later());
    office.relay.insert(MANAGER.into(), Verdict::Rejected("550 5.1.1 no such user".into()));
    office.clarify(CASE).await;
    let id = office.the().await.id;
    office.relay.insert(MANAGER.into(), later());
    office.orders(&format!("RESEND {id}")).await;
    assert_eq!(office.the().await.due_on(), None);
    office.until("Tue 03 Nov 2026 09:00").await;
    office.relay.clear();
    office.until("Tue 03 Nov 2026 12:00").await;
    assert_eq!(office.count(ADVISER, "request"), 1, "{}", office.transcript());
    assert_eq!(office.the().await.due_on(), Some("2026-11-10".parse().unwrap()));
}

#[tokio::test]
async fn a_manager_who_is_named_while_the_request_waits_gets_it_and_so_does_the_adviser() {
    let mut office = on_friday_evening().await;
    office.orders(&format!("MANAGER {ADVISER} IS new.head@nhs.example")).await;
    office.until("Mon 09 Nov 2026 12:00").await;
    let got = office.last(ADVISER, "request");
    assert_eq!(got.recipients, [ADVISER, "new.head@nhs.example"], "{}", office.transcript());
    assert_eq!(office.count(ADVISER, "request"), 1);
    assert_eq!(office.count(MANAGER, "request"), 0);
    assert_eq!(office.the().await.due_on(), Some("2026-11-16".parse().unwrap()));
    assert_eq!(office.count(SEND_MANAGER, "alarm"), 0, "nothing went wrong");
}

#[tokio::test]
async fn a_request_that_waits_may_be_sent_anew_and_leaves_once() {
    let mut office = on_friday_evening().await;
    let id = office.the().await.id;
    office.orders(&format!("RESEND {id}")).await;
    office.until("Mon 09 Nov 2026 12:00").await;
    assert_eq!(office.count(ADVISER, "request"), 1, "{}", office.transcript());
}

/// An escalation that was decided on Tuesday morning and waits for the relay.
async fn about_to_escalate() -> Office {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    office.until("Tue 10 Nov 2026 07:59").await;
    for who in [ADVISER, MANAGER, COORDINATOR] {
        office.relay.insert(who.into(), later());
    }
    office.until("Tue 10 Nov 2026 08:02").await;
    assert_eq!(office.the().await.round().unwrap().level(), 1);
    office
}

#[tokio::test]
async fn an_escalation_that_waits_does_not_leave_when_the_date_was_moved() {
    let mut office = about_to_escalate().await;
    let id = office.the().await.id;
    office.orders(&format!("EXTEND {id}\nTo: 2026-11-13")).await;
    office.relay.clear();
    office.until("Fri 13 Nov 2026 18:00").await;
    assert_eq!(office.escalations(), 0, "{}", office.transcript());
    office.until("Mon 16 Nov 2026 09:00").await;
    assert_eq!(office.count(MANAGER, "escalation"), 1, "the first level comes when the new date has passed");
}

#[tokio::test]
async fn an_escalation_that_waits_sleeps_when_something_short_has_come() {
    let mut office = about_to_escalate().await;
    office.arrives(office.reply(ADVISER, "I will send it tomorrow.")).await;
    office.relay.clear();
    office.until("Tue 10 Nov 2026 18:00").await;
    assert_eq!(office.escalations(), 0, "{}", office.transcript());
    office.until("Wed 11 Nov 2026 09:00").await;
    assert!(office.last(MANAGER, "escalation").says("came on Tuesday 10 November 2026"), "{}", office.transcript());
    let at = office.last(MANAGER, "escalation").at.with_timezone(&London);
    assert_eq!(at.format("%a %H:%M").to_string(), "Wed 08:00");
}

#[tokio::test]
async fn a_draft_check_with_a_doubtful_reply_waits_for_the_coordinator() {
    let mut office = checked().await;
    let check = office.last(ADVISER, "draft_check").clone();
    office.arrives(Draft::from(ADVISER).answering(&check).text("SENT 3 November")).await;
    office.until("Fri 20 Nov 2026 18:00").await;
    assert_eq!(office.stands().await, "short reply, not yet accepted", "{}", office.transcript());
    assert_eq!(office.count(MANAGER, "draft_silence"), 0);
    office.told(COORDINATOR, "today", "is it the answer?");
}

#[tokio::test]
async fn a_draft_check_with_a_doubtful_reply_waits_however_the_date_is_moved() {
    let mut office = checked().await;
    let check = office.last(ADVISER, "draft_check").clone();
    office.arrives(Draft::from(ADVISER).answering(&check).text("SENT 3 November")).await;
    let id = office.the().await.id;
    office.orders(&format!("EXTEND {id}\nTo: 2026-11-13")).await;
    office.until("Fri 20 Nov 2026 18:00").await;
    assert_eq!(office.stands().await, "short reply, not yet accepted", "{}", office.transcript());
}

#[tokio::test]
async fn a_draft_check_whose_reply_was_none_ends_with_its_window() {
    let mut office = checked().await;
    let check = office.last(ADVISER, "draft_check").clone();
    office.arrives(Draft::from(ADVISER).answering(&check).text("SENT 3 November")).await;
    let id = office.the().await.id;
    office.orders(&format!("NOT ADVICE {id}")).await;
    office.until("Fri 20 Nov 2026 18:00").await;
    assert_eq!(office.stands().await, "closed", "{}", office.transcript());
    assert_eq!(office.count(MANAGER, "draft_silence"), 1);
}

#[tokio::test]
async fn a_line_manager_who_agrees_confirms_no_plan_draft() {
    for text in ["Happy with this, thanks.", "NO CHANGES"] {
        let mut office = checked().await;
        let check = office.last(ADVISER, "draft_check").clone();
        office.arrives(Draft::from(MANAGER).answering(&check).text(text)).await;
        assert_eq!(office.stands().await, "open", "{text}");
    }
}

/// Advice that was found unclear, with its clarification out.
async fn in_query() -> Office {
    let mut office = requested().await;
    office.until("Wed 04 Nov 2026 09:00").await;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    let id = office.the().await.id;
    office.orders(&format!("INSUFFICIENT {id}\nText: How often?")).await;
    office
}

#[tokio::test]
async fn an_answer_in_the_thread_of_the_request_is_put_to_its_clarification() {
    let mut office = in_query().await;
    office.until("Thu 05 Nov 2026 09:00").await;
    office.arrives(answer(&office, ADVISER, MORE)).await;
    assert_eq!(clarification(&office).await.standing(), "received, awaiting your decision");
    assert_eq!(
        of_kind(&office, FollowUpKind::AdviceRequest).await.standing(),
        "found unclear, its clarification is out"
    );
    office.until("Fri 20 Nov 2026 18:00").await;
    assert_eq!(office.escalations(), 0, "{}", office.transcript());
}

#[tokio::test]
async fn advice_that_was_in_query_when_its_case_ended_is_in_query_again() {
    let mut office = in_query().await;
    office.orders(&format!("DECISION {CASE} NO PLAN")).await;
    office.orders(&format!("REOPEN {CASE}")).await;
    assert_eq!(clarification(&office).await.standing(), "open");
    assert_eq!(
        of_kind(&office, FollowUpKind::AdviceRequest).await.standing(),
        "found unclear, its clarification is out"
    );
}

#[tokio::test]
async fn advice_that_is_accepted_ends_its_clarification_and_whoever_was_asked_is_told() {
    for word in ["ACCEPT", "CLOSE", "CANCEL"] {
        let mut office = in_query().await;
        let id = of_kind(&office, FollowUpKind::AdviceRequest).await.id;
        let mark = office.so_far();
        office.orders(&format!("{word} {id}")).await;
        assert!(!clarification(&office).await.stage.is_open(), "{word}");
        let told = office.since(mark);
        assert!(told.contains(&format!("stand_down → {ADVISER}")), "{word}: {told:?}");
        office.until("Fri 20 Nov 2026 18:00").await;
        assert_eq!(office.escalations(), 0, "{}", office.transcript());
    }
}
