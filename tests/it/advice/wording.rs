//! What a clarification needs and says: agreement, what it is about, identifiers, how the child is named.

use super::{OPENED, answer, of_kind, requested};
use crate::office::*;
use followupd::core::follow_up::FollowUpKind;
use followupd::core::policy::{Agreement, ChildLabel, Identifiers};

#[tokio::test]
async fn a_missing_agreement_is_added_by_a_send_manager_or_refuses_the_clarification() {
    let mut office = Office::clarified(OPENED).await;
    let id = office.the().await.id;
    office.orders(&format!("AGREED {id}")).await;
    office.told(COORDINATOR, "receipt", "AGREED is not for your role");
    office.ordered_by(SEND_MANAGER, &format!("AGREED {id}")).await;
    assert_eq!(office.the().await.agreed_with.as_deref(), Some("Sam Manager"));
    let mut strict = policy();
    strict.commands.agreement = Agreement::Block;
    let mut office = Office::open_with(OPENED, strict).await;
    office.clarify(CASE).await;
    office.told(COORDINATOR, "receipt", "A clarification needs a SEND manager's agreement here.");
    assert!(office.of_case(CASE).await.is_empty());
}

#[tokio::test]
async fn about_links_a_clarification_to_the_advice_that_it_is_about() {
    let mut office = requested().await;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    let request = office.the().await.id;
    office.orders(&format!("CLARIFY {CASE}\nTo: {ADVISER}\nAbout: the advice of Dr Lee\nText: How often?")).await;
    assert_eq!(of_kind(&office, FollowUpKind::Clarification).await.about, Some(request.clone()));
    assert_eq!(office.stage(&request).await, "found unclear, its clarification is out");
}

#[tokio::test]
async fn identifiers_in_a_coordinators_text_are_warned_of_or_taken_out() {
    let text = format!("CLARIFY {CASE}\nTo: {ADVISER}\nText: Robin, DOB 03/04/2015: how often is therapy given?");
    let mut office = Office::open(OPENED).await;
    office.orders(&text).await;
    office.told(COORDINATOR, "receipt", "Your text seems to hold a date of birth in line 1.");
    let mut strict = policy();
    strict.identifiers = Identifiers::Redact;
    let mut office = Office::open_with(OPENED, strict).await;
    office.orders(&text).await;
    let request = office.last(ADVISER, "request");
    assert!(!request.text.contains("2015") && request.says("DOB [removed]: how often"), "{}", request.text);
}

#[tokio::test]
async fn the_child_is_named_as_operators_want_it() {
    for (how, expected) in [
        (ChildLabel::Reference, "Child: EHC-2026-0412 "),
        (ChildLabel::Initials, "Child: EHC-2026-0412, R.W. "),
        (ChildLabel::Born, "Child: EHC-2026-0412, R.W., born 3 April 2015 "),
    ] {
        let mut strict = policy();
        strict.child_label = how;
        let mut office = Office::open_with(OPENED, strict).await;
        office.clarify(CASE).await;
        let mut tx = office.engine.store().begin().await.unwrap();
        let mut loaded = tx.case_by_reference(&followupd::core::id::CaseRef::new(CASE)).await.unwrap().unwrap();
        loaded.case.initials = Some("R.W.".into());
        loaded.case.register.born = chrono::NaiveDate::from_ymd_opt(2015, 4, 3);
        let policy = office.engine.office().policy.clone();
        tx.save_case(&loaded.case, loaded.version, &policy).await.unwrap();
        tx.commit().await.unwrap();
        office.until("Fri 06 Nov 2026 09:00").await;
        office.told(ADVISER, "reminder", expected);
    }
}
