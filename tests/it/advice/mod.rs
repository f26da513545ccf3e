//! Stories of advice requests: asked, reminded, overdue, unclear, not known, disputed, sent to the wrong adviser.

mod beyond;
mod one;
mod settled;
mod verdicts;
mod wording;

use crate::office::*;
use followupd::core::follow_up::{FollowUp, FollowUpKind, Outcome};

pub const OPENED: &str = "Mon 02 Nov 2026 10:00";
const ADVICE_ADDRESS: &str = "followups+advice@council.example";
const ROUTE: &str = "ehcp.route@nhs.example";

/// References are random: the same story reads the same.
pub fn told(office: &Office, who: &str, kind: &str) -> String {
    let sent = office.last(who, kind);
    masked(&format!("Subject: {}\n\n{}", sent.subject, sent.text))
}

fn masked(text: &str) -> String {
    let reference = regex::Regex::new(r"FU-[A-Z0-9]{4}-[A-Z0-9]{4}").unwrap();
    reference.replace_all(text, "FU-XXXX-XXXX").trim_end().to_owned()
}

/// An office whose co-ordinator has asked Dr Lee for advice.
pub async fn requested() -> Office {
    let mut office = Office::open(OPENED).await;
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {ADVISER}\nText: What therapy does Robin need?")).await;
    office
}

/// The letter that asked, answered.
pub fn answer(office: &Office, who: &str, text: &str) -> Draft {
    let asked = office.inbox(ADVISER).into_iter().find(|s| s.kind.starts_with("advice_")).expect("a request").clone();
    Draft::from(who).answering(&asked).text(text)
}

pub async fn of_kind(office: &Office, kind: FollowUpKind) -> FollowUp {
    office.of_case(CASE).await.into_iter().find(|f| f.kind == kind).expect("a follow-up of that kind")
}

#[tokio::test]
async fn advice_is_asked_for_with_a_copy_to_the_manager_and_due_in_42_days_straight() {
    let mut office = Office::open("Mon 23 Nov 2026 10:00").await;
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: Dr Lee\nText: What therapy does Robin need?")).await;
    insta::assert_snapshot!(office.transcript(), @"
    Mon 23 Nov 10:00 advice_request → dr.lee@nhs.example, mo.head@nhs.example
    Mon 23 Nov 10:00 receipt → cora.lane@council.example
    ");
    insta::assert_snapshot!(told(&office, ADVISER, "advice_request"), @"
    Subject: Request for advice, due Monday 4 January 2027 (FU-XXXX-XXXX)

    Dear Dr Lee,

    Example County Council is carrying out an education, health and care needs
    assessment and asks for your advice under regulation 6(1) of the Special
    Educational Needs and Disability Regulations 2014.

    Child: EHC-2026-0412
    Our reference: FU-XXXX-XXXX

    What Cora Lane asks

      | What therapy does Robin need?

    What the advice should say

    - the needs, in words that a family understands;
    - the provision that they call for: what, how much, how often, and by whom;
    - the outcomes to work towards.

    By when

    Please send it by Monday 4 January 2027. Weekends and holidays count. Under
    regulation 8(1) of the Special Educational Needs and Disability Regulations
    2014 a body that is asked must comply within the time limit.

    How to answer

    Answer this e-mail with the advice attached. If you have sent it another
    way, write SENT and the date. If this is not yours, write NOT MINE. If you
    need longer, write NEED TIME: the co-ordinator decides. If the child is not
    known to your service, please say so at once: advice is still needed, and we
    look with you for a way.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    insta::assert_snapshot!(told(&office, COORDINATOR, "receipt"), @"
    Subject: Done (FU-XXXX-XXXX)

    FU-XXXX-XXXX: the request goes to Dr Lee on Mon 23 Nov; due by Monday 4
    January 2027. EHC-2026-0412 was not known here, and without the day of its
    request no week is reckoned: NEW CASE EHC-2026-0412 registers it. If the
    reference is wrong, write CANCEL FU-XXXX-XXXX.
    ");
    assert_eq!(office.the().await.due_on().unwrap().to_string(), "2027-01-04", "straight through Christmas");
}

#[tokio::test]
async fn advice_that_does_not_come_is_reminded_of_and_then_told_every_week() {
    let mut office = requested().await;
    office.until("Wed 30 Dec 2026 12:00").await;
    insta::assert_snapshot!(office.transcript(), @"
    Mon 2 Nov 10:00 advice_request → dr.lee@nhs.example, mo.head@nhs.example
    Mon 2 Nov 10:00 receipt → cora.lane@council.example
    Mon 7 Dec 08:00 advice_reminder → dr.lee@nhs.example
    Tue 15 Dec 08:00 overdue → mo.head@nhs.example, cora.lane@council.example, dr.lee@nhs.example
    Wed 16 Dec 07:30 today → cora.lane@council.example
    Tue 22 Dec 08:00 overdue → mo.head@nhs.example, cora.lane@council.example, dr.lee@nhs.example
    Wed 23 Dec 07:30 today → cora.lane@council.example
    Tue 29 Dec 08:00 overdue → mo.head@nhs.example, cora.lane@council.example, dr.lee@nhs.example
    Wed 30 Dec 07:30 today → cora.lane@council.example
    ");
    insta::assert_snapshot!(told(&office, ADVISER, "advice_reminder"), @"
    Subject: Reminder: advice due Monday 14 December 2026 (FU-XXXX-XXXX)

    Dear Dr Lee,

    The advice that Cora Lane asked you for on Monday 2 November 2026 is due by
    Monday 14 December 2026. We have not seen it yet.

    Child: EHC-2026-0412

    If you have sent it another way, answer SENT and the date, and accept our
    thanks. If you cannot send it in time, tell your line manager and Cora Lane
    now: answer NEED TIME.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    insta::assert_snapshot!(told(&office, MANAGER, "overdue"), @"
    Subject: Overdue: advice was due Monday 14 December 2026 (FU-XXXX-XXXX)

    Dear Mo Head,

    On Monday 2 November 2026 Dr Lee (Community Paediatrics) was asked for
    advice for an education, health and care needs assessment. It was due by
    Monday 14 December 2026. We have not received it. This is notice number 3.

    Child: EHC-2026-0412
    Our reference: FU-XXXX-XXXX

    What was asked

      | What therapy does Robin need?

    Please see that the advice is given now, or tell us by return when it will
    come and who is writing it. Under regulation 8(1) of the Special Educational
    Needs and Disability Regulations 2014 a body that is asked must comply
    within the time limit. A family is waiting for this plan.

    If it has been sent already, answer SENT and the date. If the adviser is not
    your staff, answer NOT MY STAFF. If you have given it to somebody else,
    answer ASSIGNED TO and the name.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
}

#[tokio::test]
async fn advice_is_accepted_with_ticks_and_keeps_its_day() {
    let mut office = requested().await;
    office.until("Thu 03 Dec 2026 09:00").await;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    office.until("Mon 07 Dec 2026 08:00").await;
    insta::assert_snapshot!(told(&office, COORDINATOR, "today"), @"
    Subject: Today: 1 thing needs you (Mon 7 Dec)

    Good morning Cora Lane.

    1. FU-XXXX-XXXX · EHC-2026-0412: Dr Lee answered on Thu 3 Dec, with advice.
       It has waited 2 working days for you. – ACCEPT · INSUFFICIENT · NOT
       ADVICE

    Answer with the number and a word, one line each, for example:

      | 1 ACCEPT

    The numbers belong to this mail only.
    ");
    let today = office.last(COORDINATOR, "today").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&today).text("1 ACCEPT\nVoice: yes\nPlain: no")).await;
    insta::assert_snapshot!(told(&office, COORDINATOR, "receipt"), @"
    Subject: Done (FU-XXXX-XXXX)

    FU-XXXX-XXXX: the advice is accepted. It came on Thursday 3 December 2026,
    within the six weeks (31 days).
    ");
    let request = office.the().await;
    assert_eq!(request.outcome, Some(Outcome::Accepted));
    assert_eq!((request.ticks.voice, request.ticks.plain, request.ticks.impact), (Some(true), Some(false), None));
    office.until("Fri 29 Jan 2027 18:00").await;
    assert_eq!(office.count(MANAGER, "overdue"), 0);
}

#[tokio::test]
async fn unclear_advice_opens_a_clarification_and_closing_that_accepts_it_with_its_first_day() {
    let mut office = requested().await;
    office.until("Thu 03 Dec 2026 09:00").await;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    let request = office.the().await.id;
    office.orders(&format!("INSUFFICIENT {request}\nWhy: unclear\nText: By whom is the therapy given?")).await;
    insta::assert_snapshot!(told(&office, COORDINATOR, "receipt"), @"
    Subject: Done (FU-XXXX-XXXX)

    FU-XXXX-XXXX: found unclear; Thursday 3 December 2026 stays the day on which
    the advice came. Clarification FU-XXXX-XXXX goes to the adviser and the line
    manager on Thursday 3 December 2026; five working days count from the day it
    is sent. Closing it accepts the advice. No SEND manager's agreement is
    noted; AGREED adds it.
    ");
    let asked = office.last(MANAGER, "request").clone();
    assert_eq!(
        (asked.subject.as_str(), asked.recipients.as_slice()),
        (FIXED, &[ADVISER.to_owned(), MANAGER.to_owned()][..])
    );
    assert_eq!(office.stage(&request).await, "found unclear, its clarification is out");
    let clarification = of_kind(&office, FollowUpKind::Clarification).await;
    assert_eq!(clarification.about, Some(request.clone()));
    assert_eq!(clarification.due_on().unwrap().to_string(), "2026-12-10");
    office.until("Tue 08 Dec 2026 09:00").await;
    office.arrives(Draft::from(ADVISER).answering(&asked).text(&format!("By a therapist. {ADVICE}"))).await;
    office.orders(&format!("CLOSE {}", clarification.id)).await;
    office.told(COORDINATOR, "receipt", &format!("The advice of {request} is accepted."));
    let request = of_kind(&office, FollowUpKind::AdviceRequest).await;
    assert_eq!(request.outcome, Some(Outcome::Accepted));
    assert_eq!(request.first_received().unwrap(), at("Thu 03 Dec 2026 09:00"), "the first day counts");
    office.until("Fri 29 Jan 2027 18:00").await;
    assert_eq!(office.count(MANAGER, "overdue") + office.escalations(), 0);
}

#[tokio::test]
async fn a_clarification_that_is_cancelled_puts_the_advice_before_the_coordinator_again() {
    let mut office = requested().await;
    office.arrives(answer(&office, ADVISER, ADVICE)).await;
    let request = office.the().await.id;
    office.orders(&format!("INSUFFICIENT {request}\nText: By whom?")).await;
    let clarification = of_kind(&office, FollowUpKind::Clarification).await.id;
    office.orders(&format!("CANCEL {clarification}")).await;
    assert_eq!(office.stage(&request).await, "received, awaiting your decision");
}

#[tokio::test]
async fn not_known_is_no_advice_so_the_second_level_is_asked_and_the_clock_runs_on() {
    let mut settings = rules(policy());
    settings.directory.services[0].route = Some(address(ROUTE));
    let mut office = Office::open(OPENED).await;
    office.engine.replace_office(settings);
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {ADVISER}")).await;
    office.until("Wed 04 Nov 2026 09:00").await;
    office.arrives(answer(&office, ADVISER, "This child is not known to our service.")).await;
    let question = office.last(COORDINATOR, "answer").clone();
    assert!(question.says("NOT KNOWN"), "{}", question.text);
    office.arrives(Draft::from(COORDINATOR).answering(&question).text("NOT KNOWN")).await;
    insta::assert_snapshot!(told(&office, COORDINATOR, "receipt"), @"
    Subject: Done (FU-XXXX-XXXX)

    FU-XXXX-XXXX: recorded as not known to the service. That is no advice, so
    the date of Monday 14 December 2026 stays; dco@icb.example and
    ehcp.route@nhs.example are asked to name somebody who can give it.
    ");
    let letter = office.last(SECOND_LEVEL, "not_known");
    assert_eq!(letter.recipients, [SECOND_LEVEL, ROUTE]);
    insta::assert_snapshot!(told(&office, SECOND_LEVEL, "not_known"), @"
    Subject: Advice still needed: child not known to the service (FU-XXXX-XXXX)

    Dear colleagues,

    On Monday 2 November 2026 Community Paediatrics was asked for advice for an
    education, health and care needs assessment. The answer was that the child
    is not known to the service.

    Reference: EHC-2026-0412, FU-XXXX-XXXX
    Due: by Monday 14 December 2026. The date does not move.

    That does not end the request: the authority has to have advice on the
    child's needs, if need be after an assessment, from a professional whom the
    commissioner names. Please name one, or tell us by return how the advice
    will be given. Cora Lane tells you who the child is.

    Under regulation 8(1) of the Special Educational Needs and Disability
    Regulations 2014 a body that is asked must comply within the time limit.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    assert_eq!(office.the().await.not_known_on.unwrap().to_string(), "2026-11-04");
    office.until("Wed 16 Dec 2026 09:00").await;
    let overdue = office.last(SECOND_LEVEL, "overdue");
    assert!(!overdue.recipients.contains(&ADVISER.to_owned()), "{:?}", overdue.recipients);
    assert_eq!(office.count(ADVISER, "advice_reminder"), 0);
}

#[tokio::test]
async fn advice_that_was_asked_for_elsewhere_runs_from_that_day_and_accuses_nobody_before_noon() {
    let mut office = Office::open(OPENED).await;
    office.orders(&format!("ADVICE ASKED {CASE}\nFrom: {ADVISER}\nOn: 19 October 2026")).await;
    office.told(COORDINATOR, "receipt", "Dr Lee was asked on Mon 19 Oct; due by Monday 30 November 2026.");
    assert!(office.inbox(ADVISER).is_empty(), "nothing is asked twice");
    office.until("Mon 30 Nov 2026 08:00").await;
    office.told(COORDINATOR, "today", "nothing was seen here. Has Dr Lee answered you?");
    office.until("Tue 01 Dec 2026 11:59").await;
    assert_eq!(office.count(MANAGER, "overdue"), 0);
    office.until("Tue 01 Dec 2026 12:00").await;
    assert_eq!(office.count(MANAGER, "overdue"), 1);
}

#[tokio::test]
async fn one_adviser_is_asked_once() {
    let mut office = requested().await;
    office.orders(&format!("ADVICE ASKED {CASE}\nFrom: {ADVISER}")).await;
    office.told(COORDINATOR, "receipt", "Dr Lee has been asked already");
    assert_eq!(office.of_case(CASE).await.len(), 1);
}

#[tokio::test]
async fn a_mail_with_the_advice_address_copied_in_opens_a_request_for_each_adviser_in_to() {
    let mut office = Office::open(OPENED).await;
    let mail = Draft::from(COORDINATOR)
        .to(&[ADVISER, "new.one@nhs.example"])
        .header("Cc", &format!("{MANAGER}, {ADVICE_ADDRESS}"))
        .subject("Advice for an assessment")
        .text(&format!("Dear both,\n\nplease send your advice for {CASE}.\n\nCora Lane"));
    office.arrives(mail).await;
    insta::assert_snapshot!(office.transcript(), @"
    Mon 2 Nov 10:00 advice_logged → dr.lee@nhs.example, mo.head@nhs.example
    Mon 2 Nov 10:00 receipt → cora.lane@council.example
    Mon 2 Nov 10:00 roles_question → cora.lane@council.example
    Mon 2 Nov 10:00 today → cora.lane@council.example
    ");
    insta::assert_snapshot!(told(&office, ADVISER, "advice_logged"), @"
    Subject: Logged: request for advice, due Monday 14 December 2026 (FU-XXXX-XXXX)

    Dear Dr Lee and Mo Head,

    On Monday 2 November 2026 Cora Lane asked Dr Lee for advice for an
    education, health and care needs assessment. This note tells you that the
    request is being followed up; it asks for nothing new.

    Child: EHC-2026-0412

    Advice due: by Monday 14 December 2026, to Cora Lane or as an answer to this
    e-mail.

    If you have sent it another way, answer SENT and the date. If this is not
    yours, answer NOT MINE. If you need longer, answer NEED TIME: the
    co-ordinator decides.

    Mo Head: please see that it is returned in time, by somebody else if Dr Lee
    is away.

    Cora Lane, 01632 960001
    SEND team, Example County Council
    ");
    insta::assert_snapshot!(told(&office, COORDINATOR, "receipt"), @"
    Subject: Noted (EHC-2026-0412)

    Advice request FU-XXXX-XXXX is open; an answer is due by Monday 14 December
    2026.

    Follow-up FU-XXXX-XXXX is noted; nothing goes out until you have said who
    the adviser and the line manager are.
    ");
    let question = office.last(COORDINATOR, "roles_question").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&question).text("1 ADVISER")).await;
    assert_eq!(office.count("new.one@nhs.example", "advice_logged"), 1, "advice begins without a manager");
    let open = office.of_case(CASE).await;
    assert!(
        open.iter().all(|f| f.kind == FollowUpKind::AdviceRequest && f.due_on().unwrap().to_string() == "2026-12-14")
    );
}

#[tokio::test]
async fn an_answer_to_a_mail_that_asked_several_belongs_to_its_writers_own_request() {
    let mut settings = rules(policy());
    let second = followupd::core::directory::Person { name: "Dr Poe".into(), address: address("dr.poe@nhs.example") };
    let adviser = followupd::core::directory::Adviser { person: second, managers: vec![address(MANAGER)] };
    settings.directory.services[0].advisers.push(adviser);
    let mut office = Office::open(OPENED).await;
    office.engine.replace_office(settings);
    let mail = Draft::from(COORDINATOR)
        .to(&[ADVISER, "dr.poe@nhs.example", ADVICE_ADDRESS])
        .subject("Advice")
        .message_id("<asked@council.example>")
        .text(CASE);
    office.arrives(mail).await;
    let reply = Draft::from("dr.poe@nhs.example")
        .to(&[COORDINATOR, SERVICE])
        .subject("RE: Advice")
        .header("In-Reply-To", "<asked@council.example>")
        .text(ADVICE);
    office.arrives(reply).await;
    let stands: Vec<(String, &str)> =
        office.of_case(CASE).await.iter().map(|f| (f.adviser.as_ref().unwrap().to_string(), f.stage.words())).collect();
    assert!(stands.contains(&("dr.poe@nhs.example".into(), "received, awaiting your decision")), "{stands:?}");
    assert!(stands.contains(&(ADVISER.into(), "open")), "{stands:?}");
}

#[tokio::test]
async fn an_absence_that_ends_in_the_six_weeks_makes_nobody_responsible_and_a_longer_one_does() {
    let mut office = requested().await;
    let request = office.last(ADVISER, "advice_request").clone();
    let absent = |text: &str| {
        let notice = Draft::from(ADVISER).answering(&request).subject("Automatic reply: advice").text(text);
        notice.header("Auto-Submitted", "auto-replied").header("X-Auto-Response-Suppress", "All")
    };
    office.arrives(absent("I am out of the office until 23 November 2026.")).await;
    assert_eq!(office.count(MANAGER, "responsible"), 0);
    office.arrives(absent("I am out of the office until 4 January 2027.")).await;
    office.told(MANAGER, "responsible", "asked Dr Lee for advice for an education, health and care needs assessment");
    let late = "The day on which it was due has passed: it is late.";
    assert!(!office.last(MANAGER, "responsible").says(late));
    office.until("Wed 16 Dec 2026 09:00").await;
    office.orders(&format!("MANAGER {ADVISER} IS new.head@nhs.example")).await;
    if office.count(COORDINATOR, "read_back") > 0 {
        office.confirms_with(COORDINATOR, "YES").await;
    }
    office.told("new.head@nhs.example", "responsible", late);
}
