//! How a case ends, stops and goes on.

use super::{NEW_CASE, masked, since};
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
    insta::assert_snapshot!(masked(&office.last(COORDINATOR, "read_back").text), @"
    Nothing about EHC-2026-0412, your ref CP-77, RF leaves any more, from now on
    and whether you answer or not.

    With YES end: FU-XXXX-XXXX (clarification, open).

    Thanked once, that nothing more is needed: Dr Lee and Mo Head.

    Mail that still comes in goes to Cora Lane only. RESUME EHC-2026-0412 needs
    a second person.

    To have it carried out, answer:

    - YES

    Without that answer it is not.
    ");
    assert_eq!(office.stage(&id).await, "open", "timers end with YES");
    office.until("Mon 09 Nov 2026 09:00").await;
    assert_eq!(office.count(ADVISER, "reminder"), 0, "nothing leaves although it would be due");
    office.told(COORDINATOR, "today", "still waits for your YES");
    office.confirms_with(COORDINATOR, "YES").await;
    assert_eq!(office.stage(&id).await, "cancelled");
    office.until("Fri 18 Dec 2026 18:00").await;
    insta::assert_snapshot!(since(&office, mark), @"
    read_back → cora.lane@council.example
    receipt → cora.lane@council.example
    stand_down → dr.lee@nhs.example
    stand_down → mo.head@nhs.example
    today → cora.lane@council.example
    today → cora.lane@council.example
    today → cora.lane@council.example
    today → cora.lane@council.example
    today → cora.lane@council.example
    ");
    insta::assert_snapshot!(masked(&office.last(COORDINATOR, "receipt").text), @"
    EHC-2026-0412 is stopped. FU-XXXX-XXXX has ended, and mail that had not left
    is withdrawn. Advisers and managers who were asked are thanked once. Mail
    that still comes in goes to the co-ordinator only. RESUME EHC-2026-0412
    needs a second person.
    ");
}

#[tokio::test]
async fn a_yes_in_the_today_mail_confirms_too() {
    let mut office = running().await;
    office.orders("STOP EHC-2026-0412").await;
    office.until("Tue 03 Nov 2026 09:00").await;
    let today = office.last(COORDINATOR, "today").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&today).text("1 YES")).await;
    assert!(office.case(CASE).await.register.stop.unwrap().confirmed_at.is_some());
}

#[tokio::test]
async fn stop_silent_writes_to_nobody_and_mail_that_comes_in_goes_to_the_coordinator_alone() {
    let mut office = running().await;
    office.until("Tue 03 Nov 2026 09:00").await;
    let mark = office.so_far();
    office.orders_and_confirms("STOP SILENT EHC-2026-0412").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Fri 18 Dec 2026 18:00").await;
    insta::assert_snapshot!(since(&office, mark), @"
    answer → cora.lane@council.example
    read_back → cora.lane@council.example
    receipt → cora.lane@council.example
    today → cora.lane@council.example
    ");
    office.told(COORDINATOR, "answer", "you alone see this mail");
}

#[tokio::test]
async fn a_silent_stop_is_not_made_a_thanking_one_by_a_second_mail() {
    let mut office = running().await;
    office.orders("STOP SILENT EHC-2026-0412").await;
    office.orders("STOP EHC-2026-0412").await;
    office.told(COORDINATOR, "read_back", "Nobody is written to, neither now nor later");
    let mark = office.so_far();
    office.confirms_with(COORDINATOR, "YES").await;
    assert!(office.since(mark).iter().all(|line| line.ends_with(COORDINATOR)), "{:?}", office.since(mark));
}

#[tokio::test]
async fn a_stop_needs_the_reference_and_another_co_ordinators_yes_does_not_count() {
    let mut office = running().await;
    let logged = office.last(COORDINATOR, "receipt").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&logged).text("STOP")).await;
    assert!(office.case(CASE).await.register.stop.is_none());
    office.orders("STOP EHC-2026-0412").await;
    let question = office.last(COORDINATOR, "read_back").clone();
    office.arrives(Draft::from(DEPUTY).answering(&question).text("YES")).await;
    office.told(DEPUTY, "receipt", "Only the person who wrote the command can confirm it");
    assert!(office.case(CASE).await.register.stop.unwrap().confirmed_at.is_none());
}

#[tokio::test]
async fn resume_takes_a_co_ordinator_and_a_send_manager_and_what_ended_stays_ended() {
    let mut office = running().await;
    let id = office.id_of(CASE).await;
    office.orders_and_confirms("STOP EHC-2026-0412").await;
    office.orders("RESUME EHC-2026-0412").await;
    insta::assert_snapshot!(masked(&office.last(SEND_MANAGER, "read_back").text), @"
    Cora Lane has asked for this; a second person has to confirm it.

    EHC-2026-0412 was stopped by Cora Lane on Monday 2 November 2026. With YES
    letters about it may leave again; what ended then stays ended until somebody
    writes REOPEN.

    To have it carried out, answer:

    - YES

    Without that answer it is not.
    ");
    office.confirms_with(SEND_MANAGER, "YES").await;
    assert!(office.case(CASE).await.register.stop.is_none());
    assert_eq!(office.stage(&id).await, "cancelled");
    insta::assert_snapshot!(masked(&office.last(SEND_MANAGER, "receipt").text), @"
    EHC-2026-0412 goes on, by cora.lane@council.example and
    sam.manager@council.example. What ended stays ended: REOPEN FU-XXXX-XXXX if
    it should go on.
    ");
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
    insta::assert_snapshot!(masked(&office.last(COORDINATOR, "receipt").text), @"
    EHC-2026-0412: the final plan was issued on Tuesday 3 November 2026. That is
    within the 20 weeks. FU-XXXX-XXXX has ended, and mail that had not left is
    withdrawn. REOPEN EHC-2026-0412 undoes this. Please record it on ONE too.
    ");
    assert_eq!(office.count(ADVISER, "stand_down"), 1);
    office.orders("CLARIFY EHC-2026-0412\nTo: dr.lee@nhs.example\nText: How often?").await;
    office.told(COORDINATOR, "receipt", "REOPEN EHC-2026-0412 undoes that");
    office.until("Tue 03 Nov 2026 11:00").await;
    office.orders("REOPEN EHC-2026-0412").await;
    assert_eq!(office.stage(&id).await, "open");
    assert_eq!(office.case(CASE).await.register.final_on, None);
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
    insta::assert_snapshot!(masked(&office.last(COORDINATOR, "read_back").text), @"
    You have sent the final plan of EHC-2026-0412, your ref CP-77, RF with the
    service copied in. It would be recorded as issued on Monday 2 November 2026.

    With YES end: FU-XXXX-XXXX (clarification). Until then everything goes on,
    reminders too.

    To have it carried out, answer:

    - YES

    Without that answer it is not.
    ");
    assert_eq!(office.stage(&id).await, "open");
    office.confirms_with(COORDINATOR, "YES").await;
    assert_eq!(office.stage(&id).await, "cancelled");
}

#[tokio::test]
async fn no_assessment_ends_the_case_and_a_request_that_is_copied_in_later_opens_nothing() {
    let mut office = running().await;
    office.orders("DECISION EHC-2026-0412 NO ASSESSMENT").await;
    insta::assert_snapshot!(masked(&office.last(COORDINATOR, "receipt").text), @"
    EHC-2026-0412: the authority does not assess (Monday 2 November 2026).
    FU-XXXX-XXXX has ended, and mail that had not left is withdrawn. REOPEN
    EHC-2026-0412 undoes this.
    ");
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
    insta::assert_snapshot!(office.transcript().lines().filter(|l| l.contains("review_notice")).collect::<Vec<_>>().join("\n"), @"
    Tue 7 Sep 08:00 review_notice → dr.lee@nhs.example
    Tue 5 Oct 08:00 review_notice → dr.lee@nhs.example
    ");
    let outward = office.since(mark).into_iter().filter(|l| !l.contains("council.example")).collect::<Vec<_>>();
    assert_eq!(outward.len(), 2, "nothing but the review: {outward:?}");
    insta::assert_snapshot!(masked(&office.last(ADVISER, "review_notice").text), @"
    Dear Dr Lee,

    You gave advice for this child’s education, health and care plan. The plan
    is to be reviewed by Tuesday 2 November 2027.

    Child: EHC-2026-0412, your ref CP-77, RF

    Please tell us by Tuesday 19 October 2027 what has changed since your
    advice: progress towards the outcomes, and what is needed now. Answer this
    e-mail, or answer SENT and the date if you have sent it another way.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
}

#[tokio::test]
async fn a_final_plan_within_the_parents_days_asks_for_their_word() {
    let mut office = running().await;
    office.orders("DRAFT ISSUED EHC-2026-0412\nOn: 2 November 2026\nWhere: by post").await;
    office.until("Mon 09 Nov 2026 09:00").await;
    office.orders("FINAL ISSUED EHC-2026-0412\nOn: 9 November 2026").await;
    office.told(COORDINATOR, "receipt", "The family had until Monday 16 November 2026 to comment");
}
