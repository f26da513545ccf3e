//! An exemption is suggested, never assumed: advice was asked of a school around a long closure (`domain.md` 1.4).

use super::*;
use followupd::core::directory::{LegalBasis, Service};
use followupd::core::register::Span;

const HEAD: &str = "head@new.example";

/// A case whose school is closed for this time, and advice that was asked of the school on 20 July.
async fn asked_of_a_school(from: &str, to: &str) -> Office {
    let mut rules = rules(policy());
    rules.directory.services.push(Service {
        name: "Oak Primary School".into(),
        domains: vec!["new.example".into()],
        legal: LegalBasis::Regulation6,
        ..Service::default()
    });
    let mut office = Office::with_rules("Mon 20 Jul 2026 09:00", rules).await;
    let mut case = winter();
    case.register.school_closed.push(Span { from: date(from), to: date(to) });
    office.registers(&case).await;
    office.orders(&format!("REQUEST ADVICE {CASE}\nFrom: {HEAD}\nText: Please say what Robin needs.")).await;
    office.until("Fri 24 Jul 2026 12:00").await;
    office
}

#[tokio::test]
async fn advice_asked_of_a_school_before_the_summer_suggests_an_exemption_once() {
    let mut office = asked_of_a_school("2026-07-22", "2026-09-02").await;
    insta::assert_snapshot!(office.last(COORDINATOR, "family_question").text, @"
    Does an exemption apply?

    The school is closed from Wed 22 Jul and opens again on Thu 3 Sep.
    Regulation 10(4)(a) might apply to advice asked of it between Wed 15 Jul and
    Thu 27 Aug (it was asked on Mon 20 Jul). If it does, please record it:
    nothing is assumed.

    To record it, write EXEMPTION EHC-2026-0412 school closed, below it a line
    Phase: 20, and a line that begins with Text: and says what happened. The 20
    weeks do not move.

    1. EHC-2026-0412, R.W.
    ");
    office.until("Fri 14 Aug 2026 12:00").await;
    assert_eq!(office.count(COORDINATOR, "family_question"), 1, "{}", office.transcript());
    assert!(office.case(CASE).await.register.exemptions.is_empty(), "nothing is recorded by itself");
    let command = format!("EXEMPTION {CASE} school closed\nPhase: 20\nText: The school was closed all summer.");
    office.orders(&command).await;
    assert_eq!(office.case(CASE).await.register.exemptions.len(), 1, "as the mail says\n{}", office.transcript());
}

#[tokio::test]
async fn two_weeks_without_school_suggest_nothing() {
    let office = asked_of_a_school("2026-07-22", "2026-08-05").await;
    assert_eq!(office.count(COORDINATOR, "family_question"), 0, "{}", office.transcript());
}
