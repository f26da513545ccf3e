//! What advisers write about plan drafts.

use crate::office::*;
use followupd::core::follow_up::Outcome;
use followupd::core::id::CaseRef;

const OPENED: &str = "Mon 02 Nov 2026 10:00";

async fn after(text: &str) -> Office {
    let mut office = Office::open(OPENED).await;
    office.orders(&format!("DRAFT ISSUED {CASE}\nWhere: the secure share\nCheck with: {ADVISER}")).await;
    let check = office.last(ADVISER, "draft_check").clone();
    office.arrives(Draft::from(ADVISER).answering(&check).text(text)).await;
    office
}

#[tokio::test]
async fn s70_feedback_without_the_line_manager_is_taken_flagged_and_pointed_to() {
    let office = after("Section F says once a month; it should be once a week.").await;
    assert!(office.the().await.manager_not_copied);
    assert_eq!(office.stands().await, "received, awaiting your decision");
    let pointer = office.last(MANAGER, "feedback_pointer");
    assert!(!pointer.says("once a month"), "not the content: {}", pointer.text);
    assert!(pointer.says("Please ask Dr Lee for it"), "{}", pointer.text);
}

#[tokio::test]
async fn s70_feedback_with_a_copy_to_the_line_manager_needs_no_pointer() {
    let mut office = Office::open(OPENED).await;
    office.orders(&format!("DRAFT ISSUED {CASE}\nWhere: the secure share\nCheck with: {ADVISER}")).await;
    let check = office.last(ADVISER, "draft_check").clone();
    let feedback = Draft::from(ADVISER).answering(&check).to(&[MANAGER]).text("Section F is wrong about the therapy.");
    office.arrives(feedback).await;
    assert!(!office.the().await.manager_not_copied);
    assert_eq!(office.count(MANAGER, "feedback_pointer"), 0);
}

#[tokio::test]
async fn s71_happy_with_the_plan_confirms_it() {
    let office = after("Happy with the plan, thanks.").await;
    assert_eq!(office.the().await.outcome, Some(Outcome::Confirmed));
}

#[tokio::test]
async fn s71_happy_but_is_feedback() {
    let office = after("Happy with the plan, but therapy is weekly.").await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
}

#[tokio::test]
async fn s72_feedback_after_the_final_plan_is_for_the_next_review() {
    let mut office = after("NO CHANGES").await;
    let mut tx = office.engine.store().begin().await.unwrap();
    let mut loaded = tx.case_by_reference(&CaseRef::new(CASE)).await.unwrap().unwrap();
    loaded.case.register.final_on = Some(office.now.date_naive());
    tx.save_case(&loaded.case, loaded.version, &policy()).await.unwrap();
    tx.commit().await.unwrap();
    let check = office.last(ADVISER, "draft_check").clone();
    office.arrives(Draft::from(ADVISER).answering(&check).text("I now think that section F is wrong after all.")).await;
    office.told(COORDINATOR, "answer", "Please keep it for the next review.");
    let id = office.the().await.id;
    office.orders(&format!("FEEDBACK OTHER {id}")).await;
    office.told(COORDINATOR, "receipt", "The final plan has been issued");
}

#[tokio::test]
async fn s73_new_advice_in_feedback_is_put_before_the_coordinator() {
    let mut office = Office::open(OPENED).await;
    office.orders(&format!("DRAFT ISSUED {CASE}\nWhere: the secure share\nCheck with: {ADVISER}")).await;
    let check = office.last(ADVISER, "draft_check").clone();
    let report = Draft::from(ADVISER).answering(&check).only_to_the_service().text("New report.");
    office.arrives(report.attach("report.pdf", b"x")).await;
    office.told(
        COORDINATOR,
        "answer",
        "any other change, new advice among them; the plan draft then has to be issued again",
    );
}
