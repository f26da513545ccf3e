//! What families write themselves: a person reads it at once, and nothing automatic goes on before they have answered.

use super::delays::issue_draft;
use super::*;
use followupd::engine::Verdict;

/// Ms Winter has her notice since Wednesday 30 September 10:00.
async fn told() -> Office {
    told_with(&winter(), policy()).await
}

async fn told_with(case: &Case, policy: Policy) -> Office {
    let mut office = slipping_with(case, policy).await;
    office.until("Wed 30 Sep 2026 12:00").await;
    assert_eq!(office.count(ANN, "parent_notice"), 1, "{}", office.transcript());
    office
}

const ANGRY: &str =
    "This is a disgrace. You promised us the plan in October and nobody tells us anything. I want to complain.";

#[tokio::test]
async fn an_angry_answer_reaches_the_co_ordinator_at_once_and_gets_a_name_and_a_day() {
    let mut policy = policy();
    policy.parents.duty_address = Some(address("duty@council.example"));
    let mut office = told_with(&winter(), policy).await;
    let mark = office.so_far();
    office.answers(ANN, "parent_notice", ANGRY).await;
    assert_eq!(
        office.since(mark),
        [
            format!("parent_acknowledgement → {ANN}"),
            format!("parent_mail → {COORDINATOR}"),
            "parent_mail → duty@council.example".to_owned()
        ]
    );
    insta::assert_snapshot!(office.last(ANN, "parent_acknowledgement").text, @"
    Dear Ms Winter,

    Thank you for your e-mail. It is with Cora Lane, who will answer you by
    Friday 2 October 2026.

    You do not need to write again. If it cannot wait, please call 01632 960001
    (9am to 5pm on working days).

    We read our e-mail on working days only. If somebody is in danger, please
    call 999.

    Cora Lane
    SEND team, Example County Council
    ");
    let mail = office.last(COORDINATOR, "parent_mail");
    let id = office.id_of(CASE).await;
    insta::assert_snapshot!(mail.text.replace(id.as_str(), "FU-XXXX-XXXX"), @"
    A family has written: please answer by Friday 2 October 2026.

    The mail comes from Ms Winter.

    Please read it now. The service does not judge what parents write: it may be
    urgent, it may be a complaint (then log it as one).

    Your answer goes to them from your own mailbox. CLOSE this when you have
    answered.

    Until then no automatic letter goes to the family.

    What they wrote

      | This is a disgrace. You promised us the plan in October and nobody tells
      | us anything. I want to complain.

    The whole mail is attached as original.eml. It came from outside: open its
    attachments with care.

    1. FU-XXXX-XXXX · EHC-2026-0412, R.W.: answer to a parent – CLOSE
    ");
    office.told(COORDINATOR, "parent_mail", "This is a disgrace.");
}

#[tokio::test]
async fn a_second_mail_is_passed_on_and_not_acknowledged_again() {
    let mut office = told().await;
    office.answers(ANN, "parent_notice", ANGRY).await;
    office.until("Fri 02 Oct 2026 12:00").await;
    office.answers(ANN, "parent_notice", "And another thing: the taxi did not come.").await;
    assert_eq!(office.count(COORDINATOR, "parent_mail"), 2);
    assert_eq!(office.count(ANN, "parent_acknowledgement"), 1);
}

#[tokio::test]
async fn notices_wait_until_the_parent_is_answered() {
    let mut office = slipping(&winter()).await;
    office.until("Tue 29 Sep 2026 12:00").await;
    office.arrives(Draft::from(ANN).to(&[SERVICE]).subject("Robin").text("When will the plan come?")).await;
    office.until("Fri 02 Oct 2026 12:00").await;
    assert_eq!(office.count(ANN, "parent_notice"), 0);
    office.answers(COORDINATOR, "parent_mail", "CLOSE").await;
    office.until("Wed 07 Oct 2026 12:00").await;
    assert_eq!(office.count(ANN, "parent_notice"), 1, "{}", office.transcript());
}

#[tokio::test]
async fn a_parent_who_is_not_answered_in_two_working_days_is_put_before_the_send_managers() {
    let mut office = told().await;
    office.answers(ANN, "parent_notice", ANGRY).await;
    office.until("Tue 06 Oct 2026 12:00").await;
    office.told(SEND_MANAGER, "family_question", "A parent has had no answer");
    assert_eq!(office.count(SEND_MANAGER, "escalation"), 0, "not in the words of a clarification");
}

#[tokio::test]
async fn an_answer_from_another_address_is_shown_and_not_answered() {
    let mut office = told().await;
    let notice = office.last(ANN, "parent_notice").clone();
    let mark = office.so_far();
    let stranger = Draft::from("new.partner@elsewhere.example").answering(&notice).only_to_the_service();
    office.arrives(stranger.text("What is this about? Please send me everything.")).await;
    assert_eq!(office.since(mark), [format!("parent_mail → {COORDINATOR}")]);
    office.told(COORDINATOR, "parent_mail", "give nothing away before you know who has written");
    assert_eq!(office.in_triage().await, 1);
}

#[tokio::test]
async fn a_stranger_who_asks_for_news_learns_nothing() {
    let mut office = told().await;
    let mark = office.so_far();
    let stranger = Draft::from("ex.partner@elsewhere.example").to(&[SERVICE]).subject("Robin Winter");
    office.arrives(stranger.text("I am Robin's father. How is the plan getting on?")).await;
    assert_eq!(office.since(mark), Vec::<String>::new());
    assert_eq!(office.in_triage().await, 1);
}

#[tokio::test]
async fn a_forged_parent_is_shown_to_staff_and_gets_no_answer() {
    let mut office = told().await;
    let mark = office.so_far();
    office.arrives(Draft::from(ANN).to(&[SERVICE]).subject("Hello").text("Send me the plan.").proof("fail")).await;
    assert_eq!(office.since(mark), [format!("parent_mail → {COORDINATOR}")]);
}

#[tokio::test]
async fn an_out_of_office_of_a_parent_counts_for_nothing() {
    let mut office = told().await;
    let notice = office.last(ANN, "parent_notice").clone();
    let mark = office.so_far();
    let away = Draft::from(ANN).answering(&notice).only_to_the_service().header("Auto-Submitted", "auto-replied");
    office.arrives(away.subject("Automatic reply: Update").text("I am on holiday until 12 October.")).await;
    assert_eq!(office.since(mark), Vec::<String>::new());
    assert_eq!(office.in_triage().await, 0);
    assert_eq!(office.told_dates(CASE).await.len(), 1);
}

#[tokio::test]
async fn a_notice_that_comes_back_is_not_told_and_goes_by_post() {
    let mut office = told().await;
    let notice = office.last(ANN, "parent_notice").clone();
    office.arrives_raw(office.notice(&notice, ANN, "5.1.1")).await;
    assert!(office.told_dates(CASE).await.is_empty());
    office.told(COORDINATOR, "post_letter", "could not be delivered");
    office.answers(COORDINATOR, "post_letter", "POSTED").await;
    assert_eq!(office.told_dates(CASE).await, ["2026-11-27 to Ms Winter on 2026-09-30"]);
}

#[tokio::test]
async fn a_relay_that_refuses_a_parent_makes_a_letter_for_the_post_at_once() {
    let mut office = slipping(&winter()).await;
    office.relay.insert(ANN.into(), Verdict::Rejected("550 5.1.1 no such user".into()));
    office.until("Wed 30 Sep 2026 12:00").await;
    assert!(office.told_dates(CASE).await.is_empty());
    office.told(COORDINATOR, "post_letter", "A letter to a parent came back");
}

#[tokio::test]
async fn a_notice_that_may_have_arrived_is_sent_again_only_on_a_persons_word() {
    let mut office = slipping(&winter()).await;
    office.relay.insert(ANN.into(), Verdict::Uncertain("connection lost".into()));
    office.until("Mon 05 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0);
    assert!(office.told_dates(CASE).await.is_empty());
    office.told(COORDINATOR, "family_question", "It may have arrived, or not.");
    office.relay.clear();
    office.answers(COORDINATOR, "family_question", "SEND").await;
    assert_eq!(office.letters_to(ANN), 1, "{}", office.transcript());
    assert_eq!(office.told_dates(CASE).await, ["2026-11-27 to Ms Winter on 2026-10-05"]);
}

#[tokio::test]
async fn shadow_mode_tells_no_parent_and_records_nothing_as_told() {
    let mut policy = policy();
    policy.mode = followupd::core::policy::Mode::Shadow.into();
    let mut office = slipping_with(&winter(), policy).await;
    office.until("Fri 02 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0);
    assert!(office.told_dates(CASE).await.is_empty());
    office.told(SEND_MANAGER, "parent_notice", "SHADOW MODE: this would have gone to ann.winter@family.example");
}

#[tokio::test]
async fn a_parent_may_write_when_the_plan_is_out() {
    let mut office = told().await;
    office
        .changes(CASE, |case| {
            issue_draft(case, "2026-10-01");
            case.register.final_on = Some(date("2026-10-20"));
        })
        .await;
    office.until("Wed 21 Oct 2026 12:00").await;
    office.arrives(Draft::from(ANN).to(&[SERVICE]).subject("Thanks").text("Thank you for the plan.")).await;
    assert_eq!(office.count(COORDINATOR, "parent_mail"), 1);
    assert_eq!(office.count(ANN, "parent_acknowledgement"), 1);
}
