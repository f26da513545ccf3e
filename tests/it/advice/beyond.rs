//! Who stands above the line managers: they hear that something is missing, and nothing about the child.

use super::{OPENED, ROUTE, answer, requested, told};
use crate::office::*;
use followupd::core::policy::ChildLabel;

/// What must not stand in a letter to them: the child's particulars, the adviser, what was asked.
const PARTICULARS: [&str; 6] = ["R.W.", "7788", "born", "Dr Lee", "therapy", "NOT MY STAFF"];

/// An office that names children as fully as it can, and that knows everything of this one.
async fn outspoken() -> Office {
    let mut settings = rules(policy());
    settings.policy.child_label = ChildLabel::Born;
    settings.directory.services[0].route = Some(address(ROUTE));
    let office = requested().await;
    office.engine.replace_office(settings);
    let mut tx = office.engine.store().begin().await.unwrap();
    let mut loaded = tx.case_by_reference(&followupd::core::id::CaseRef::new(CASE)).await.unwrap().unwrap();
    loaded.case.initials = Some("R.W.".into());
    loaded.case.their_ref = Some("MRN 7788".into());
    loaded.case.register.born = chrono::NaiveDate::from_ymd_opt(2015, 4, 3);
    let policy = office.engine.office().policy.clone();
    tx.save_case(&loaded.case, loaded.version, &policy).await.unwrap();
    tx.commit().await.unwrap();
    office
}

/// Everything that the second level and the route address got.
fn hold_no_particulars(office: &Office) {
    let mut seen = 0;
    for sent in office.inbox(SECOND_LEVEL).into_iter().chain(office.inbox(ROUTE)) {
        let particular = PARTICULARS.iter().find(|p| sent.says(p) || sent.subject.contains(*p));
        assert_eq!(particular, None, "{}:\n{}", sent.kind, sent.text);
        assert!(sent.says(CASE), "{}", sent.text);
        seen += 1;
    }
    assert!(seen > 0, "{}", office.transcript());
}

#[tokio::test]
async fn after_not_known_those_who_are_asked_in_its_place_get_reference_service_and_dates_only() {
    let mut office = outspoken().await;
    office.until("Wed 04 Nov 2026 09:00").await;
    office.arrives(answer(&office, ADVISER, "This child is not known to our service.")).await;
    let id = office.the().await.id;
    office.orders(&format!("NOT KNOWN {id}")).await;
    office.until("Wed 16 Dec 2026 09:00").await;
    insta::assert_snapshot!(told(&office, SECOND_LEVEL, "overdue"), @"
    Subject: Overdue: advice was due Monday 14 December 2026 (FU-XXXX-XXXX)

    Dear colleagues,

    On Monday 2 November 2026 Community Paediatrics was asked for advice for an
    education, health and care needs assessment. It was due by Monday 14
    December 2026. We have not received it.

    Reference: EHC-2026-0412, FU-XXXX-XXXX

    The service has said that it does not know the child. That is no advice, so
    this comes to you.

    Please see that the advice is given now, or tell us by return when it will
    come and who is writing it. Under regulation 8(1) of the Special Educational
    Needs and Disability Regulations 2014 a body that is asked must comply
    within the time limit. A family is waiting for this plan.

    If it has been sent already, answer SENT and the date. Cora Lane tells you
    who the child is and what was asked.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    office.orders(&format!("RECEIVED {id}")).await;
    insta::assert_snapshot!(told(&office, SECOND_LEVEL, "stand_down"), @"
    Subject: Thank you: nothing more is needed (FU-XXXX-XXXX)

    Dear colleague,

    You were asked to see to advice. Nothing more is needed from you at the
    moment: Cora Lane has what was asked for, or no longer needs it. Thank you.

    Reference: EHC-2026-0412, FU-XXXX-XXXX

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    hold_no_particulars(&office);
}

#[tokio::test]
async fn who_stands_in_for_a_line_manager_out_of_reach_gets_reference_service_and_dates_only() {
    let mut office = outspoken().await;
    office.clarify(CASE).await;
    for who in [MANAGER, ADVISER] {
        office.arrives(office.out_of_office(who, "I have left the organisation.")).await;
    }
    insta::assert_snapshot!(told(&office, SECOND_LEVEL, "responsible"), @"
    Subject: You are responsible for an advice clarification due Monday 9 November 2026 (FU-XXXX-XXXX)

    Dear colleague,

    The adviser cannot act at the moment, and no line manager of theirs is known
    or can be reached.

    On Monday 2 November 2026 Cora Lane asked Community Paediatrics to clarify
    advice for an education, health and care needs assessment. When the adviser
    is not at work, the line manager is responsible for its completion within
    the timescale. This comes to you in their place.

    Reference: EHC-2026-0412, FU-XXXX-XXXX

    Answer due: by Monday 9 November 2026. The date does not move.

    Please see that somebody takes it on, and tell us who is writing it. Cora
    Lane tells you who the child is and what is required.

    Under regulation 8(1) of the Special Educational Needs and Disability
    Regulations 2014 a body that is asked must comply within the time limit.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    office.until("Tue 10 Nov 2026 12:00").await;
    insta::assert_snapshot!(told(&office, SECOND_LEVEL, "escalation"), @"
    Subject: OVERDUE: URGENT STATUTORY ADVICE CLARIFICATION REQUIRED

    Dear colleague,

    Clarification of statutory advice that was asked of Community Paediatrics on
    Monday 2 November 2026 was due by Monday 9 November 2026 and is still
    missing.

    Reference: EHC-2026-0412, FU-XXXX-XXXX

    Please see that the answer is given now. Cora Lane tells you who the child
    is and what is asked.

    This comes to you because no line manager of the adviser is known or can be
    reached.

    Under regulation 8(1) of the Special Educational Needs and Disability
    Regulations 2014 a body that is asked must comply within the time limit. A
    family is waiting for this plan.

    If it has been sent already, answer SENT and the date.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    hold_no_particulars(&office);
}

#[tokio::test]
async fn the_second_escalation_says_no_more_to_those_who_have_a_copy() {
    let mut office = outspoken().await;
    office.clarify(CASE).await;
    office.until("Wed 25 Nov 2026 12:00").await;
    office.told(MANAGER, "escalation", "this is the second step");
    hold_no_particulars(&office);
}

#[tokio::test]
async fn the_line_manager_is_told_which_child_it_is() {
    let mut office = outspoken().await;
    office.until("Tue 15 Dec 2026 12:00").await;
    let overdue = office.last(MANAGER, "overdue");
    for particular in ["EHC-2026-0412, your ref MRN 7788, R.W., born 3 April 2015", "Dr Lee", "therapy", "NOT MY STAFF"]
    {
        assert!(overdue.says(particular), "{particular}\n{}", overdue.text);
    }
    assert_eq!(office.count(SECOND_LEVEL, "overdue"), 0, "{OPENED}");
}
