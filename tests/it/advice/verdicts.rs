//! What staff say of a request: disputed, the wrong child, not sought, used as submitted, exempt.

use super::{answer, of_kind, requested, told};
use crate::office::*;
use followupd::core::follow_up::{FollowUpKind, Outcome};
use followupd::core::register::{Exemption, Phase};

#[tokio::test]
async fn a_dispute_is_settled_by_staff_and_told_to_those_who_disputed() {
    let mut office = requested().await;
    office.until("Wed 04 Nov 2026 09:00").await;
    office.arrives(answer(&office, MANAGER, "NOT MINE")).await;
    insta::assert_snapshot!(told(&office, SEND_MANAGER, "answer"), @"
    Subject: They dispute the request (FU-XXXX-XXXX, EHC-2026-0412)

    They dispute the request.

    This is a reply that it is not theirs, not yet taken as the answer. DISPUTE
    UPHELD closes it; DISPUTE REJECTED tells them that the request stands; WRONG
    CHILD stops all mail to the adviser about this child and sends the SEND
    managers the breach checklist. The escalation waits until Wednesday 16
    December 2026, 08:00.

    Child: EHC-2026-0412
    Adviser: Dr Lee, Community Paediatrics
    Due: Monday 14 December 2026

    1. They dispute the request – DISPUTE UPHELD · DISPUTE REJECTED · WRONG
       CHILD
    ");
    let question = office.last(SEND_MANAGER, "answer").clone();
    office.arrives(Draft::from(SEND_MANAGER).answering(&question).text("DISPUTE REJECTED")).await;
    assert_eq!(office.stands().await, "open");
    insta::assert_snapshot!(told(&office, MANAGER, "request_stands"), @"
    Subject: The request stands, due Monday 14 December 2026 (FU-XXXX-XXXX)

    Dear Dr Lee and Mo Head,

    You wrote that the request of Monday 2 November 2026 is not yours to answer.
    We have looked at that: the request stands.

    Child: EHC-2026-0412

    Answer due: by Monday 14 December 2026. The date has not moved.

    What was asked

      | What therapy does Robin need?

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    let id = office.the().await.id;
    office.orders(&format!("DISPUTE UPHELD {id}")).await;
    assert_eq!(office.the().await.outcome, Some(Outcome::DisputeUpheld));
    assert_eq!(office.count(ADVISER, "stand_down"), 1);
}

#[tokio::test]
async fn the_wrong_child_holds_it_and_nothing_more_on_the_case_goes_to_that_adviser() {
    let mut office = requested().await;
    office.clarify(CASE).await;
    office.until("Tue 03 Nov 2026 11:00").await;
    office.arrives(answer(&office, ADVISER, "Wrong child, I never saw her.")).await;
    let id = of_kind(&office, FollowUpKind::AdviceRequest).await.id;
    let before = office.inbox(ADVISER).len();
    office.orders(&format!("WRONG CHILD {id}")).await;
    insta::assert_snapshot!(told(&office, SEND_MANAGER, "breach"), @"
    Subject: Possible data breach: wrong child (FU-XXXX-XXXX, EHC-2026-0412)

    A request may have gone to the wrong child's adviser.

    Cora Lane has said that Dr Lee was asked about the wrong child. The service
    has sent Dr Lee what stands in the request; whatever the co-ordinator sent
    comes on top.

    Child: EHC-2026-0412
    Adviser: Dr Lee, Community Paediatrics
    Asked on: Monday 2 November 2026

    What to see to

    - Tell the data protection officer today. A breach that is a risk to people
      is reported to the Information Commissioner within 72 hours of the moment
      at which the authority knows of it.
    - Find out what was sent, to whom, and who has opened it: STATUS
      FU-XXXX-XXXX shows every mail of the service.
    - Ask whoever got it to delete it and to confirm that in writing.
    - Consider whether the family has to be told.
    - Find out how the address came to be used, and who else it is used for.
    - Write it down, also when it turns out to be harmless.

    The follow-up is on hold and no clock runs. Answer CANCEL to end it, or
    REOPEN if it was the right child after all.
    ");
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {ADVISER}")).await;
    office.told(COORDINATOR, "receipt", "may be the wrong child's adviser");
    office.until("Fri 29 Jan 2027 18:00").await;
    assert_eq!(office.inbox(ADVISER).len(), before, "{}", office.transcript());
    office.orders(&format!("RESEND {id}")).await;
    office.told(COORDINATOR, "receipt", "CANCEL ends it");
    office.orders(&format!("REOPEN {id}")).await;
    assert_eq!(office.stage(&id).await, "short reply, not yet accepted", "as it was before the hold");
}

#[tokio::test]
async fn not_sought_needs_the_three_agreements() {
    let mut office = requested().await;
    let id = office.the().await.id;
    office.orders(&format!("NOT SOUGHT {id}\nReason: Dr Lee says that the report of March suffices.")).await;
    office.told(COORDINATOR, "receipt", "The reason does not name the authority and the parents or young person.");
    office
        .orders(&format!(
            "NOT SOUGHT {id}\nReason: Dr Lee, the parents and we agree that the report of March suffices."
        ))
        .await;
    assert_eq!(office.the().await.outcome, Some(Outcome::NotSought));
    assert_eq!(office.count(ADVISER, "stand_down"), 1);
}

#[tokio::test]
async fn used_as_submitted_ends_the_request_and_its_clarification() {
    let mut office = requested().await;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    let id = office.the().await.id;
    office.orders(&format!("INSUFFICIENT {id}\nText: By whom?")).await;
    office.orders(&format!("USED AS SUBMITTED {CASE}\nWith: Dr Lee\nText: Agreed by phone.")).await;
    let outcomes: Vec<Option<Outcome>> = office.of_case(CASE).await.iter().map(|f| f.outcome).collect();
    assert_eq!(
        outcomes,
        [Some(Outcome::UsedAsSubmitted), Some(Outcome::UsedAsSubmitted)],
        "{}",
        told(&office, COORDINATOR, "receipt")
    );
}

#[tokio::test]
async fn an_exemption_is_said_in_letters_and_moves_nothing() {
    let mut office = requested().await;
    exempt(&mut office).await;
    office.until("Tue 15 Dec 2026 09:00").await;
    office.told(ADVISER, "advice_reminder", "An exemption under regulation 8(2) is on record for this child.");
    office.told(MANAGER, "overdue", "The advice is still needed, as soon as it can be given");
    assert_eq!(office.the().await.due_on().unwrap().to_string(), "2026-12-14");
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    let id = office.the().await.id;
    office.orders(&format!("ACCEPT {id}")).await;
    office.told(COORDINATOR, "receipt", "after the six weeks (43 days), with an exemption on record");
}

/// `EXEMPTION … Phase: advice`, as it stands in the register.
async fn exempt(office: &mut Office) {
    let mut tx = office.engine.store().begin().await.unwrap();
    let mut loaded = tx.case_by_reference(&followupd::core::id::CaseRef::new(CASE)).await.unwrap().unwrap();
    loaded.case.register.exemptions.push(Exemption {
        ground: "missed appointment".into(),
        phase: Phase::Advice,
        from: None,
        to: None,
        narrative: "She was ill.".into(),
        by: address(COORDINATOR),
        on: office.now.date_naive(),
        told_parent_on: None,
    });
    let policy = office.engine.office().policy.clone();
    tx.save_case(&loaded.case, loaded.version, &policy).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn not_known_before_the_request_has_left_starts_the_six_weeks_all_the_same() {
    let mut office = Office::open("Sat 07 Nov 2026 10:00").await;
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {ADVISER}\nText: What therapy is needed?")).await;
    let id = office.the().await.id;
    office.orders(&format!("RECEIVED {id}")).await;
    office.orders(&format!("NOT KNOWN {id}")).await;
    let follow_up = office.the().await;
    assert_eq!(follow_up.due_on().map(|d| d.to_string()).as_deref(), Some("2026-12-19"));
    office.until("Tue 22 Dec 2026 12:00").await;
    assert!(office.the().await.round().unwrap().level() > 0, "somebody is told when nothing comes");
}

#[tokio::test]
async fn not_sought_takes_names_and_plain_words_and_no_denial() {
    for (reason, is_taken) in [
        ("Dr. Lee, Mum & the LA are content with the report of March.", true),
        ("agreed by LEE, by both Parents, and by Cora Lane", true),
        ("Dr Lee, the parents and we do not agree that it suffices.", false),
        ("Dr Lee and we agree; the parents refuse.", false),
        ("We agree.", false),
    ] {
        let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
        office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {ADVISER}\nText: What is needed?")).await;
        let id = office.id_of(CASE).await;
        office.orders(&format!("NOT SOUGHT {id}\nReason: {reason}")).await;
        let outcome = office.the().await.outcome;
        let taken = outcome == Some(followupd::core::follow_up::Outcome::NotSought);
        assert_eq!(taken, is_taken, "{reason}\n{}", office.last(COORDINATOR, "receipt").text);
    }
}

#[tokio::test]
async fn the_breach_checklist_says_truly_what_the_service_has_sent() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.orders(&format!("ADVICE ASKED {CASE}\nFrom: {ADVISER}\nOn: 30 October 2026")).await;
    let id = office.the().await.id;
    office.orders(&format!("WRONG CHILD {id}")).await;
    office.told(SEND_MANAGER, "breach", "The request itself was not sent by the service");

    let mut office = Office::open("Sat 07 Nov 2026 10:00").await;
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {ADVISER}\nText: What therapy is needed?")).await;
    let id = office.the().await.id;
    office.orders(&format!("WRONG CHILD {id}")).await;
    office.told(SEND_MANAGER, "breach", "was still waiting to leave and is stopped");
    office.until("Fri 13 Nov 2026 18:00").await;
    assert_eq!(office.letters_to(ADVISER), 0, "{}", office.transcript());
}

#[tokio::test]
async fn not_known_stays_said_when_a_case_is_opened_again() {
    let mut office = requested().await;
    let id = office.the().await.id;
    office.until("Wed 04 Nov 2026 09:00").await;
    office.orders(&format!("NOT KNOWN {id}")).await;
    let stands = office.stage(&id).await;
    office.orders(&format!("CANCEL {id}\nReason: by mistake")).await;
    office.orders(&format!("REOPEN {id}")).await;
    assert_eq!(office.stage(&id).await, stands);
}
