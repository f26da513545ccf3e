//! Weeks 6 and 16: where operators want it (`parents.notify_for`), families hear of a decision that is late too.

use super::*;
use followupd::core::notice::Limit;
use followupd::core::parent_words::unsuitable;
use followupd::core::register::{DraftIssue, PlanDraft, Ruling, RulingKind};

/// Asked for on 1 June 2026: week 6 ends on Monday 13 July, week 16 on Monday 21 September.
async fn watched(now: &str, limits: &[Limit]) -> Office {
    let mut policy = policy();
    policy.parents.notify_for = limits.to_vec();
    let mut office = Office::open_with(now, policy).await;
    office.registers(&winter()).await;
    office
}

fn ruled(what: RulingKind, on: &str) -> Ruling {
    Ruling { what, on: date(on), by: address(COORDINATOR) }
}

#[tokio::test]
async fn nobody_hears_of_weeks_6_and_16_unless_operators_want_it() {
    let mut office = watched("Mon 13 Jul 2026 09:00", &[Limit::FinalPlan]).await;
    office.until("Fri 25 Sep 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
}

#[tokio::test]
async fn a_family_hears_that_the_decision_whether_to_assess_is_late() {
    let mut office = watched("Mon 13 Jul 2026 09:00", &[Limit::Decision, Limit::FinalPlan]).await;
    office.until("Tue 14 Jul 2026 09:00").await;
    office.told(COORDINATOR, "preview", "Week 6 ended on Monday 13 July 2026");
    office.until("Tue 14 Jul 2026 10:30").await;
    insta::assert_snapshot!(office.last(ANN, "parent_notice").text, @"
    Dear Ms Winter,

    We are writing about Robin's education, health and care needs assessment.
    Our reference is EHC-2026-0412.

    By law we should have told you by Monday 13 July 2026 whether we will carry
    out this assessment. That was 6 weeks after Monday 1 June 2026, the day the
    request came to us. We have not met that date. We are sorry.

    When you can expect our decision

    We now expect to tell you our decision by Friday 31 July 2026. If that
    changes, we will write to you again.

    Why it takes longer

    There are still steps to take before we can decide. We are working on them.

    What this means for you

    You do not need to do anything now.

    When we have decided, we will tell you what we decided and why.

    Your right to appeal has not changed. When we tell you our decision, we will
    tell you how to appeal.

    If you want to talk to somebody

    Cora Lane, phone 01632 960001 (9am to 5pm on working days). You can also
    answer this e-mail.

    You can get help from SENDIASS, the local information, advice and support
    service. It is free and impartial.

    If you are not happy about this

    You can complain to the council about the delay. Just answer this e-mail and
    say that it is a complaint.

    Do you need this letter in another language, in large print or as Easy Read?
    Please tell us and we will help.

    We read our e-mail on working days only. If somebody is in danger, please
    call 999.

    Cora Lane
    SEND team, Example County Council
    ");
    assert_eq!(unsuitable(&office.last(ANN, "parent_notice").text), None);
    assert!(office.told_dates(CASE).await.is_empty(), "that is no date for the plan");
    office.until("Mon 27 Jul 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 1, "{}", office.transcript());
    office.until("Wed 05 Aug 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 2, "the date that was told has gone by\n{}", office.transcript());
    office.told(ANN, "parent_notice", "We told you before that we expected to decide by Friday 31 July 2026.");
}

#[tokio::test]
async fn a_decision_that_is_recorded_before_the_letter_leaves_gives_it_up() {
    let mut office = watched("Mon 13 Jul 2026 09:00", &[Limit::Decision]).await;
    office.until("Tue 14 Jul 2026 09:00").await;
    office.orders(&format!("DECISION {CASE} ASSESS\nOn: 10 July 2026")).await;
    office.until("Wed 12 Aug 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
}

#[tokio::test]
async fn a_decision_that_is_recorded_after_send_was_said_withdraws_the_letter() {
    let mut office = watched("Mon 13 Jul 2026 09:00", &[Limit::Decision]).await;
    office.until("Tue 14 Jul 2026 07:45").await;
    office.answers(COORDINATOR, "preview", "SEND").await;
    office.orders(&format!("DECISION {CASE} ASSESS\nOn: 10 July 2026")).await;
    office.until("Wed 15 Jul 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
}

#[tokio::test]
async fn a_family_hears_that_the_decision_on_a_plan_is_late_unless_they_have_a_plan_draft() {
    let limits = [Limit::Decision, Limit::NoPlan, Limit::FinalPlan];
    let mut office = watched("Mon 21 Sep 2026 09:00", &limits).await;
    office.changes(CASE, |case| case.register.rulings.push(ruled(RulingKind::Assess, "2026-07-01"))).await;
    office.until("Tue 22 Sep 2026 10:30").await;
    insta::assert_snapshot!(office.last(ANN, "parent_notice").text, @"
    Dear Ms Winter,

    We are writing about Robin's education, health and care assessment. Our
    reference is EHC-2026-0412.

    By law, if we decide that there will be no plan, we had to tell you by
    Monday 21 September 2026. That was 16 weeks after Monday 1 June 2026, the
    day the request came to us. We had not decided by then. We are sorry.

    When you can expect our decision

    We now expect to tell you our decision by Friday 9 October 2026. If that
    changes, we will write to you again.

    Why it takes longer

    There are still steps to take before we can decide. We are working on them.

    What this means for you

    You do not need to do anything now.

    When we have decided, we will tell you what we decided and why.

    Your right to appeal has not changed. When we tell you our decision, we will
    tell you how to appeal.

    If you want to talk to somebody

    Cora Lane, phone 01632 960001 (9am to 5pm on working days). You can also
    answer this e-mail.

    You can get help from SENDIASS, the local information, advice and support
    service. It is free and impartial.

    If you are not happy about this

    You can complain to the council about the delay. Just answer this e-mail and
    say that it is a complaint.

    Do you need this letter in another language, in large print or as Easy Read?
    Please tell us and we will help.

    We read our e-mail on working days only. If somebody is in danger, please
    call 999.

    Cora Lane
    SEND team, Example County Council
    ");
    assert_eq!(unsuitable(&office.last(ANN, "parent_notice").text), None);

    let mut drafted = watched("Mon 21 Sep 2026 09:00", &limits).await;
    let plan = PlanDraft { on: date("2026-09-18"), issue: DraftIssue::Issued, place: "link".into() };
    drafted.changes(CASE, |case| case.register.plan_drafts.push(plan)).await;
    drafted.until("Wed 23 Sep 2026 12:00").await;
    assert_eq!(drafted.letters_to(ANN), 0, "{}", drafted.transcript());
}

#[tokio::test]
async fn one_letter_is_in_hand_at_a_time_and_neither_is_lost() {
    let limits = [Limit::Decision, Limit::FinalPlan];
    let mut office = watched("Mon 19 Oct 2026 18:00", &limits).await;
    office.until("Fri 23 Oct 2026 12:00").await;
    let subjects: Vec<&str> =
        office.inbox(ANN).iter().map(|s| if s.says("needs assessment") { "decision" } else { "plan" }).collect();
    assert_eq!(subjects, ["plan", "decision"], "{}", office.transcript());
}

#[tokio::test]
async fn an_unconfirmed_contact_is_written_to_only_where_operators_ask_for_no_confirmation() {
    let mut case = winter();
    case.register.contacts[0].verified = None;
    for (required, letters) in [(true, 0), (false, 1)] {
        let mut policy = policy();
        policy.parents.require_contact_verified = required;
        let mut office = slipping_with(&case, policy).await;
        office.until("Fri 02 Oct 2026 12:00").await;
        assert_eq!(office.letters_to(ANN), letters, "{}", office.transcript());
    }
}
