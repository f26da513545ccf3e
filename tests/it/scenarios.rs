//! Stories of follow-ups, told as people would tell them.

use crate::office::*;
use followupd::engine::Verdict;

#[tokio::test]
async fn a_copied_in_request_is_logged_to_adviser_and_manager_once() {
    let office = Office::asked("Mon 02 Nov 2026 10:00").await;
    insta::assert_snapshot!(office.transcript(), @"
    Mon 2 Nov 10:00 logged → dr.lee@nhs.example, mo.head@nhs.example
    Mon 2 Nov 10:00 receipt → cora.lane@council.example
    ");
    let logged = office.last(ADVISER, "logged");
    assert_eq!(logged.recipients, [ADVISER, MANAGER]);
    insta::assert_snapshot!(logged.text.replace(office.follow_up().as_str(), "FU-XXXX-XXXX"), @"
    Dear Dr Lee and Mo Head,

    On Monday 2 November 2026 Cora Lane asked Dr Lee to clarify advice for an
    education, health and care needs assessment. This note tells you that the
    request is being followed up; it asks for nothing new.

    Child: EHC-2026-0412

    Answer due: by Monday 9 November 2026, to Cora Lane or as an answer to this
    e-mail.

    If you have sent it another way, answer SENT and the date. If this is not
    yours, answer NOT MINE. If you need longer, answer NEED TIME: the
    co-ordinator decides.

    Mo Head: please discuss the request with Dr Lee, give direction and support,
    and see that it is returned in time, by yourself if Dr Lee is away.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
}

#[tokio::test]
async fn without_an_answer_the_manager_hears_at_noon_of_the_working_day_after_the_close_and_then_the_next_levels() {
    let mut office = Office::asked("Mon 02 Nov 2026 10:00").await;
    office.until("Fri 18 Dec 2026 18:00").await;
    insta::assert_snapshot!(office.transcript(), @"
    Mon 2 Nov 10:00 logged → dr.lee@nhs.example, mo.head@nhs.example
    Mon 2 Nov 10:00 receipt → cora.lane@council.example
    Fri 6 Nov 08:00 reminder → dr.lee@nhs.example
    Mon 9 Nov 07:30 today → cora.lane@council.example
    Tue 10 Nov 07:30 today → cora.lane@council.example
    Tue 10 Nov 12:00 escalation → mo.head@nhs.example, cora.lane@council.example, dr.lee@nhs.example
    Wed 11 Nov 07:30 today → cora.lane@council.example
    Tue 17 Nov 08:00 escalation → dco@icb.example, cora.lane@council.example, mo.head@nhs.example
    Wed 18 Nov 07:30 today → cora.lane@council.example
    Tue 24 Nov 08:00 escalation → sam.manager@council.example, cora.lane@council.example
    Wed 25 Nov 07:30 today → cora.lane@council.example
    ");
    insta::assert_snapshot!(office.last(MANAGER, "escalation").text.replace(office.follow_up().as_str(), "FU-XXXX-XXXX"), @"
    Dear colleague,

    Clarification of statutory advice that was asked of Community Paediatrics on
    Monday 2 November 2026 was due by Monday 9 November 2026 and is still
    missing. The line manager has been told; this is the second step.

    Reference: EHC-2026-0412, FU-XXXX-XXXX

    Please see that the answer is given now. The request itself is with the
    adviser and the line manager.

    Under regulation 8(1) of the Special Educational Needs and Disability
    Regulations 2014 a body that is asked must comply within the time limit. A
    family is waiting for this plan.

    If it has been sent already, answer SENT and the date.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
}

#[tokio::test]
async fn an_answer_stops_the_escalation_and_only_the_coordinator_closes() {
    let mut office = Office::asked("Mon 02 Nov 2026 10:00").await;
    office.until("Thu 05 Nov 2026 14:00").await;
    let logged = office.last(ADVISER, "logged").clone();
    office.arrives(Draft::from(ADVISER).answering(&logged).text(ADVICE)).await;
    office.until("Mon 30 Nov 2026 09:00").await;
    let id = office.follow_up();
    assert_eq!(office.stage(&id).await, "received, awaiting your decision");
    assert_eq!(office.count(MANAGER, "escalation"), 0);
    let today = office.last(COORDINATOR, "today").clone();
    insta::assert_snapshot!(today.text.replace(id.as_str(), "FU-XXXX-XXXX"), @"
    Good morning Cora Lane.

    1. FU-XXXX-XXXX · EHC-2026-0412: Dr Lee answered on Thu 5 Nov. It has waited
       17 working days for you. – CLOSE · INSUFFICIENT · NOT ADVICE

    Answer with the number and a word, one line each, for example:

      | 1 CLOSE

    The numbers belong to this mail only.
    ");
    office.arrives(Draft::from(COORDINATOR).answering(&today).text("1 CLOSE")).await;
    assert_eq!(office.stage(&id).await, "closed");
    insta::assert_snapshot!(office.last(COORDINATOR, "receipt").text.replace(id.as_str(), "FU-XXXX-XXXX"), @"
    FU-XXXX-XXXX is closed. It took 3 working days from the request to the
    answer. Please close it on ONE too.
    ");
}

#[tokio::test]
async fn a_relay_that_refuses_the_adviser_makes_the_manager_responsible_at_once() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.relay.insert(ADVISER.into(), Verdict::Rejected("550 5.1.1 no such user".into()));
    office
        .arrives(
            Draft::from(COORDINATOR).to(&[SERVICE]).subject("clarify").text(
                "CLARIFY EHC-2026-0412\nTo: dr.lee@nhs.example\nText: Please say how often therapy is to be given.",
            ),
        )
        .await;
    insta::assert_snapshot!(office.transcript(), @"
    Mon 2 Nov 10:00 notice → cora.lane@council.example
    Mon 2 Nov 10:00 receipt → cora.lane@council.example
    Mon 2 Nov 10:00 request → mo.head@nhs.example
    Mon 2 Nov 10:00 responsible → mo.head@nhs.example, cora.lane@council.example
    ");
}
