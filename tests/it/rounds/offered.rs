//! What the authority's records say beneath the questions, and what each provider is told of the results.

use super::*;
use chrono::{Days, NaiveDate};
use followupd::core::calendar::at_local;
use followupd::core::case::{Case, CaseId};
use followupd::core::follow_up::*;
use followupd::core::id::{CaseRef, FollowUpId};
use followupd::core::policy::ProvidersSee;
use followupd::core::register::*;

const SERVICE_OF_NORTH: &str = "Community Paediatrics";

/// A request for advice of 1 June 2026, due on 13 July.
fn asked(number: u64) -> FollowUp {
    let day: NaiveDate = "2026-06-01".parse().unwrap();
    let mut round = Round::new(1, "Please advise.".into(), None);
    round.start(day, day + Days::new(42));
    let at = at_local(day, policy().report.at, policy().zone);
    let id = FollowUpId::from_random((number * 7_919 + 13).to_be_bytes());
    let mut follow_up = FollowUp::new(id, FollowUpKind::AdviceRequest, Origin::Sent, address(COORDINATOR), round, at);
    follow_up.service = Some(SERVICE_OF_NORTH.into());
    follow_up.stage = Stage::Open;
    follow_up
}

fn came(mut follow_up: FollowUp, day: &str) -> FollowUp {
    let received_at = at_local(day.parse().unwrap(), policy().report.at, policy().zone);
    follow_up.rounds[0].replies.push(Reply::new(None, None, received_at, None));
    follow_up.stage = Stage::Received;
    follow_up
}

fn narrative(with: Option<&FollowUp>, theme: &str) -> Note {
    let (on, by) = ("2026-08-01".parse().unwrap(), address(COORDINATOR));
    let with = with.map(|f| f.id.to_string());
    Note { kind: NoteKind::Narrative, on, by, with, theme: Some(theme.into()), text: "As said.".into() }
}

fn exempted() -> Exemption {
    Exemption {
        ground: "appointment missed".into(),
        phase: Phase::Advice,
        from: None,
        to: None,
        narrative: "Not brought.".into(),
        by: address(COORDINATOR),
        on: "2026-08-01".parse().unwrap(),
        told_parent_on: None,
    }
}

async fn with_records(cases: Vec<(Vec<FollowUp>, Register)>) -> Office {
    let mut office = office().await;
    let mut tx = office.engine.store().begin().await.unwrap();
    for (number, (follow_ups, register)) in (1..).zip(cases) {
        let reference = format!("EHC-2026-{number:04}");
        let mut case = Case::new(CaseId(reference.clone()), Some(CaseRef::new(&reference)), address(COORDINATOR));
        (case.follow_ups, case.register) = (follow_ups, register);
        tx.save_case(&case, 0, &policy()).await.unwrap();
    }
    tx.commit().await.unwrap();
    office.ordered_by(LEAD, "ROUND START Autumn 2026").await;
    office
}

/// The paragraphs that the form of North offers, in one line.
fn offered(office: &Office) -> String {
    form_to(office, "north").text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn what_was_not_known_stays_counted_when_the_child_was_found_and_says_how_long_that_took() {
    let not_known = |number| FollowUp { not_known_on: "2026-06-05".parse().ok(), ..asked(number) };
    let office = with_records(vec![
        (vec![came(not_known(1), "2026-06-25")], Register::default()),
        (vec![FollowUp { stage: Stage::Declined, ..not_known(2) }], Register::default()),
        (vec![came(asked(3), "2026-06-20")], Register::default()),
    ])
    .await;
    let form = offered(&office);
    assert!(
        form.contains(
            "2 of 3 responses were \"not known to service\" (67%). Answered in full later: 1, after 20 days (median)."
        ),
        "{form}"
    );
}

#[tokio::test]
async fn advice_that_is_not_to_be_sought_after_all_is_no_outstanding_return() {
    let ended = FollowUp { stage: Stage::Closed, outcome: Some(Outcome::NotSought), ..asked(1) };
    let office = with_records(vec![
        (vec![ended], Register::default()),
        (vec![came(asked(2), "2026-06-20")], Register::default()),
    ])
    .await;
    let form = offered(&office);
    assert!(form.contains("requests due 1; returned within 6 weeks 1 (100%), later 0, outstanding 0"), "{form}");
}

#[tokio::test]
async fn reasons_of_late_returns_are_counted_by_return_and_a_ground_of_regulation_8_2_is_one() {
    let both = vec![asked(1), FollowUp { service: Some("Social Care".into()), ..asked(2) }];
    let notes = vec![narrative(Some(&both[0]), "capacity"), narrative(Some(&both[1]), "late request")];
    let office = with_records(vec![
        (both, Register { notes, ..Register::default() }),
        (vec![asked(3), asked(4)], Register { exemptions: vec![exempted()], ..Register::default() }),
        (vec![asked(5)], Register::default()),
    ])
    .await;
    let form = offered(&office);
    let expected =
        "4 returns were late or are outstanding: capacity 1, reg 8(2), appointment missed 2 and no reason recorded 1.";
    assert!(form.contains(expected), "{form}");
}

#[tokio::test]
async fn the_health_reports_that_went_out_are_evidence_for_their_criterion() {
    let mut office = office().await;
    office.until("Wed 02 Dec 2026 10:00").await;
    office.ordered_by(LEAD, "ROUND START Spring 2027").await;
    let form = offered(&office);
    let expected = "compliance with the 6 weeks was mailed to the ICB, partners and providers on Tuesday 1 December 2026 (8 recipients).";
    assert!(form.contains(expected), "{form}");
}

async fn closed_after(answered: &[&str], see: ProvidersSee) -> Office {
    let mut office = started().await;
    let mut rules = (*office.engine.office()).clone();
    rules.policy.assessment.providers_see = see;
    office.engine.replace_office(rules);
    for (place, name) in (0..).zip(answered) {
        hands_in(&mut office, name, |n| if n > 23 - place { "Emerging" } else { "Yes" }).await;
    }
    office.ordered_by(LEAD, "ROUND RESULT").await;
    assert_eq!(office.count(&who("north"), "assessment_own"), 0, "the round is still open");
    office.ordered_by(LEAD, "ROUND CLOSE").await;
    office.ordered_by(LEAD, "ROUND RESULT").await;
    office
}

const ALL: [&str; 5] = ["north", "south", "east", "west", "coast"];

#[tokio::test]
async fn after_the_close_each_provider_gets_its_own_result_and_the_range_of_five() {
    let office = closed_after(&ALL, ProvidersSee::OwnAndRange).await;
    let own = office.last(&who("south"), "assessment_own");
    assert_eq!(own.subject, "Self-assessment Autumn 2026, South Trust: GREEN");
    assert!(
        own.says("Of the 5 complete returns of this round, the fewest Yes are 19, the most 23, with 21 in the middle.")
    );
    for other in ["North", "East", "West", "Coast"] {
        assert!(!own.says(other), "{other} stands in South's result");
    }
    office.told(LEAD, "partner_receipt", "Each its own result: ");
}

#[tokio::test]
async fn a_range_of_fewer_than_five_is_not_told_and_who_has_not_answered_gets_nothing() {
    let office = closed_after(&ALL[..4], ProvidersSee::OwnAndRange).await;
    assert!(!office.last(&who("south"), "assessment_own").says("the fewest Yes"));
    assert_eq!(office.count(&who("coast"), "assessment_own"), 0);
    let office = closed_after(&ALL, ProvidersSee::Own).await;
    assert!(!office.last(&who("south"), "assessment_own").says("the fewest Yes"));
    let office = closed_after(&ALL, ProvidersSee::Nothing).await;
    assert_eq!(office.count(&who("south"), "assessment_own"), 0);
}
