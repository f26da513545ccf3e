//! Who may read what of the reports, and that each gets all of it.

use crate::office::*;
use chrono::{Days, NaiveDate};
use followupd::core::calendar::at_local;
use followupd::core::case::{Case, CaseId};
use followupd::core::directory::Provider;
use followupd::core::figures::health::{Health, Reader};
use followupd::core::follow_up::*;
use followupd::core::id::{CaseRef, FollowUpId};
use followupd::core::register::*;

const ICB: &str = "icb.lead@nhs.example";
const TRUSTS: &str = "lead.of.two@nhs.example";
const READER: &str = "director@council.example";

fn provider(name: &str, lead: &str) -> Provider {
    Provider { name: name.into(), services: vec![name.into()], respondents: Vec::new(), lead: Some(address(lead)) }
}

#[tokio::test]
async fn whoever_reads_in_two_roles_gets_an_edition_for_each_and_none_twice() {
    let mut office = Office::open("Thu 29 Oct 2026 10:00").await;
    let mut rules = (*office.engine.office()).clone();
    rules.directory.icb_lead = Some(address(ICB));
    rules.directory.governance = vec![address(ICB)];
    rules.directory.providers = vec![provider("North", TRUSTS), provider("South", TRUSTS), provider("East", ICB)];
    office.engine.replace_office(rules);
    office.until("Mon 02 Nov 2026 18:00").await;
    let subjects = |who: &str| {
        let sent = office.inbox(who).into_iter().filter(|s| s.kind == "health_report");
        let mut subjects: Vec<String> = sent.map(|s| s.subject.replace("EHC advice, ", "")).collect();
        subjects.sort();
        subjects
    };
    assert_eq!(subjects(TRUSTS), ["North, October 2026: nothing was due", "South, October 2026: nothing was due"]);
    assert_eq!(subjects(ICB), ["East, October 2026: nothing was due", "October 2026: nothing was due"]);
}

#[tokio::test]
async fn a_reader_of_the_configuration_who_is_not_staff_gets_the_authority_s_health_report() {
    let mut office = Office::open("Thu 29 Oct 2026 10:00").await;
    let mut rules = (*office.engine.office()).clone();
    rules.policy.report.recipients = vec![address(READER)];
    rules.directory.report_readers = vec![address(READER)];
    rules.directory.icb_lead = Some(address(ICB));
    office.engine.replace_office(rules);
    office.until("Mon 02 Nov 2026 18:00").await;
    assert_eq!(office.count(READER, "authority_health_report"), 1);
    assert_eq!(office.count(ICB, "authority_health_report"), 0, "it holds every number");
    assert_eq!(office.count(ICB, "health_report"), 1);
}

/// Advice that fell due on 12 October and has not come.
fn late(number: u32, service: &str, policy: &followupd::core::policy::Policy) -> FollowUp {
    let asked: NaiveDate = "2026-08-31".parse().unwrap();
    let mut round = Round::new(1, "Please advise.".into(), None);
    round.start(asked, asked + Days::new(42));
    let id = FollowUpId::from_random((u64::from(number) * 7_919 + 13).to_be_bytes());
    let at = at_local(asked, policy.report.at, policy.zone);
    let mut follow_up = FollowUp::new(id, FollowUpKind::AdviceRequest, Origin::Sent, address(COORDINATOR), round, at);
    follow_up.service = Some(service.into());
    follow_up.stage = Stage::Open;
    follow_up
}

fn narrative(with: Option<String>, text: &str) -> Note {
    let (on, theme) = ("2026-10-20".parse().unwrap(), Some("capacity".into()));
    Note { kind: NoteKind::Narrative, on, by: address(COORDINATOR), with, theme, text: text.into() }
}

/// The services that are late, and narratives with the place of the service that each is about.
type Late<'a> = (&'a [&'a str], &'a [(Option<usize>, &'a str)]);

/// Cases of October: each with the services that are late, and its narratives; whom a narrative is about is told by the
/// place of the service among them.
async fn october(cases: &[Late<'_>]) -> (Office, Health) {
    let office = Office::open("Mon 02 Nov 2026 08:00").await;
    let policy = office.engine.office().policy.clone();
    let mut tx = office.engine.store().begin().await.unwrap();
    for (number, (services, narratives)) in (0u32..).zip(cases) {
        let reference = format!("EHC-2026-{number:04}");
        let mut case = Case::new(CaseId(reference.clone()), Some(CaseRef::new(&reference)), address(COORDINATOR));
        case.register.first_name = Some("Robin".into());
        let place = |n: usize| number * 8 + u32::try_from(n).unwrap();
        case.follow_ups = services.iter().enumerate().map(|(n, s)| late(place(n), s, &policy)).collect();
        for (about, text) in *narratives {
            let with = about.map(|n| case.follow_ups[n].id.to_string());
            case.register.notes.push(narrative(with, text));
        }
        tx.save_case(&case, 0, &policy).await.unwrap();
    }
    tx.commit().await.unwrap();
    let figures = office.engine.health_figures(office.now, "2026-10-01".parse().unwrap(), &|_| ()).await.unwrap();
    (office, figures)
}

fn told(figures: &Health, reader: Reader) -> Vec<String> {
    figures.edition(reader).exceptions.into_iter().map(|e| e.narrative).collect()
}

fn reads(service: &str) -> Reader {
    Reader::Provider { name: "Trust".into(), services: vec![service.into()] }
}

#[tokio::test]
async fn a_service_reads_the_narratives_about_it_and_those_of_a_case_where_it_alone_was_late() {
    let both: &[&str] = &["CAMHS", "Paediatrics"];
    let (_office, figures) = october(&[
        (both, &[(None, "CAMHS lost the file.")]),
        (both, &[(Some(0), "CAMHS was full."), (Some(1), "Own.")]),
        (&["Paediatrics"], &[(None, "Alone.")]),
        (&["Paediatrics"], &[(Some(0), "Own.")]),
        (&["Paediatrics"], &[(Some(0), "Own.")]),
    ])
    .await;
    assert_eq!(told(&figures, reads("Paediatrics")), ["", "Alone.", "Own.", "Own.", "Own."]);
    assert!(told(&figures, reads("CAMHS")).is_empty(), "two are too few to be told one by one");
    assert!(told(&figures, Reader::Icb).iter().all(|n| n != "CAMHS lost the file."));
    let inside = told(&figures, Reader::Authority);
    assert_eq!(inside.iter().filter(|n| *n == "CAMHS lost the file.").count(), 2);
}

#[tokio::test]
async fn no_report_repeats_a_narrative_that_names_the_child() {
    let (office, figures) = october(&[
        (&["Paediatrics"], &[(None, "ROBIN's mother moved house.")]),
        (&["Paediatrics"], &[(None, "NHS number 999 000 0018 was missing.")]),
        (&["Paediatrics"], &[(None, "The therapist left.")]),
    ])
    .await;
    let mut inside = told(&figures, Reader::Authority);
    inside.sort();
    let withheld = "(withheld: it names the child or the family)";
    assert_eq!(inside, [withheld, withheld, "The therapist left."]);
    let weekly = office.engine.weekly_figures(office.now, None, &|_| ()).await.unwrap();
    let mut weekly: Vec<String> = weekly.advice.exceptions.into_iter().map(|e| e.narrative).collect();
    weekly.sort();
    assert_eq!(weekly, inside);
}

#[tokio::test]
async fn whoever_writes_a_narrative_that_names_the_child_hears_that_reports_leave_it_out() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    office.orders_and_confirms("NEW CASE EHC-2026-0412\nChild: R. F.\nFirst name: Robin\nRequested: 19 Oct 2026").await;
    office.orders("NARRATIVE EHC-2026-0412\nTheme: capacity\nText: Robin was away.").await;
    office.told(COORDINATOR, "receipt", "the reports leave its words out");
    office.orders("NARRATIVE EHC-2026-0412\nTheme: capacity\nText: Two therapists had left.").await;
    assert!(!office.last(COORDINATOR, "receipt").says("leave its words out"));
    let long = "word ".repeat(500);
    office.orders(&format!("NARRATIVE EHC-2026-0412\nTheme: capacity\nText: {long}")).await;
    office.told(COORDINATOR, "receipt", "Say it more shortly");
}
