//! The queries against the naive count, over whole authorities made from a number.

use super::naive::{Naive, service};
use super::seeded::stored;
use crate::office::{COORDINATOR, DEPUTY, Office};
use chrono::{Days, NaiveDate};
use followupd::core::figures::weekly::Outlook;
use followupd::core::figures::{Returns, Share};
use followupd::core::follow_up::*;
use followupd::core::id::Address;
use std::collections::BTreeMap;

const NOW: &str = "Mon 23 Nov 2026 08:00";

#[tokio::test]
async fn the_weekly_figures_are_what_a_plain_count_of_the_documents_gives() {
    for seed in 1..4 {
        let office = Office::open(NOW).await;
        let cases = stored(&office, seed, 250).await;
        let policy = office.engine.office().policy.clone();
        let naive = Naive { cases: &cases, now: office.now, policy: &policy };
        let figures = office.engine.weekly_figures(office.now, None, &|_| ()).await.unwrap();
        let today = naive.today();

        assert_eq!(figures.counts, naive.counts(), "seed {seed}");
        let c = &figures.clarifications;
        let open: Vec<&FollowUp> = naive.clarifications().map(|(_, f)| f).filter(|f| f.stage.is_open()).collect();
        let level = |n: u32| open.iter().filter(|f| f.round().unwrap().level().min(3) == n).count() as u64;
        assert_eq!(c.by_level, [level(0), level(1), level(2), level(3)]);
        assert_eq!(c.later_rounds, open.iter().filter(|f| f.rounds.len() > 1).count() as u64);
        assert_eq!(c.not_agreed, open.iter().filter(|f| f.agreed_with.is_none()).count() as u64);
        let moved = |f: &&&FollowUp| f.round().is_some_and(|r| r.due_on != r.original_due);
        assert_eq!(c.extended, open.iter().filter(moved).count() as u64);
        let caseless = naive.clarifications().filter(|(case, f)| f.stage.is_open() && case.reference.is_none()).count();
        assert_eq!(c.without_case, caseless as u64);

        let mut overdue: Vec<(NaiveDate, String)> = naive
            .clarifications()
            .filter(|(_, f)| f.is_overdue(office.now, &policy))
            .map(|(_, f)| (f.due_on().unwrap(), f.id.to_string()))
            .collect();
        overdue.sort();
        let listed: Vec<(NaiveDate, String)> = c.overdue.iter().map(|o| (o.due_on, o.follow_up.clone())).collect();
        assert_eq!(listed, overdue, "seed {seed}: the longest first");
        for line in &c.overdue {
            assert_eq!(line.days, policy.calendar.working_days_between(line.due_on, today));
        }
        for (day, closing) in &c.closing {
            let waits = |f: &FollowUp| f.awaits_answer() && f.due_on() == Some(*day);
            assert_eq!(*closing, naive.clarifications().filter(|(_, f)| waits(f)).count() as u64);
        }
        check_returns(&figures.advice.services, &naive, today - Days::new(28), today - Days::new(1));
        for month in &figures.advice.months {
            let last = month.first + chrono::Months::new(1) - Days::new(1);
            let all = naive.returns(month.first, last.min(today - Days::new(1)));
            let sum = |n: usize| all.values().map(|r| r[n]).sum();
            assert_eq!(month.share(), Share { part: sum(2), whole: sum(1) }, "{}", month.first);
        }
        let outlooks = naive.outlooks();
        let at = |key| outlooks.get(&key).copied().unwrap_or(0);
        let t = &figures.timescales;
        assert_eq!(
            (t.at_risk, t.will_slip, t.late, t.late_over_a_year),
            (
                at((Outlook::AtRisk, false)),
                at((Outlook::WillSlip, false)),
                at((Outlook::Late, false)),
                at((Outlook::Late, true))
            )
        );
        assert_eq!(t.without_request, naive.without_request(), "seed {seed}");
        assert_eq!(check_leagues(&figures.coordinators, &naive), 4, "seed {seed}: everybody with a follow-up");
    }
}

fn check_returns(services: &[Returns], naive: &Naive<'_>, from: NaiveDate, to: NaiveDate) {
    let expected = naive.returns(from, to);
    let found: BTreeMap<String, [u64; 7]> = services
        .iter()
        .map(|r| (r.service.clone(), [r.asked, r.due, r.in_time, r.late, r.outstanding, r.excepted, r.not_known]))
        .collect();
    assert_eq!(found, expected);
    for returns in services {
        let of = naive.advice().filter(|f| service(f) == returns.service);
        let due = of.filter(|f| f.rounds[0].original_due.is_some_and(|d| d >= from && d <= to));
        let took = due.filter_map(|f| Some((naive.came_on(f)? - f.rounds[0].day_zero?).num_days()));
        assert_eq!(returns.median_days, Naive::median(took.collect()), "{}", returns.service);
    }
}

fn check_leagues(leagues: &[followupd::core::figures::weekly::League], naive: &Naive<'_>) -> usize {
    let since = naive.now - chrono::Duration::days(91);
    let names = [(COORDINATOR, "Cora Lane"), (DEPUTY, "Dev Patel")];
    for (who, name) in names {
        let own: Vec<&FollowUp> =
            naive.clarifications().map(|(_, f)| f).filter(|f| f.coordinator == Address::parse(who).unwrap()).collect();
        let league = leagues.iter().find(|l| l.name == name).expect(name);
        assert_eq!(league.open, own.iter().filter(|f| f.stage.is_open()).count() as u64);
        let closed = |f: &&&FollowUp| f.stage == Stage::Closed && f.ended_at.is_some_and(|at| at > since);
        assert_eq!(league.closed, own.iter().filter(closed).count() as u64);
        let quarter = naive.today() - Days::new(91);
        let took = own.iter().filter_map(|f| {
            let on = naive.came_on(f).filter(|on| *on >= quarter)?;
            Some(naive.policy.calendar.working_days_between(f.rounds[0].day_zero?, on))
        });
        assert_eq!(league.median, Naive::median(took.collect()));
    }
    leagues.len()
}

#[tokio::test]
async fn the_health_figures_are_what_a_plain_count_of_the_documents_gives() {
    let office = Office::open(NOW).await;
    let cases = stored(&office, 11, 300).await;
    let policy = office.engine.office().policy.clone();
    let naive = Naive { cases: &cases, now: office.now, policy: &policy };
    let (from, to) = ("2026-10-01".parse().unwrap(), "2026-10-31".parse().unwrap());
    let figures = office.engine.health_figures(office.now, from, &|_| ()).await.unwrap();
    check_returns(&figures.returns, &naive, from, to);

    let mut reasons: BTreeMap<(String, String), u64> = BTreeMap::new();
    for (_, f) in naive.clarifications() {
        for round in f.rounds.iter().filter(|r| r.day_zero.is_some_and(|d| d >= from && d <= to)) {
            let why = round.why.clone().unwrap_or_else(|| "no reason given".to_owned());
            *reasons.entry((service(f), why)).or_default() += 1;
        }
    }
    let found: BTreeMap<(String, String), u64> =
        figures.reasons.iter().map(|r| ((r.service.clone(), r.why.clone()), r.count)).collect();
    assert_eq!(found, reasons);

    let within = |day: Option<NaiveDate>| day.is_some_and(|d| d >= from && d <= to);
    for row in &figures.quality {
        let own =
            |kind| naive.of(kind).map(|(_, f)| f).filter(|f| f.stage != Stage::Cancelled && service(f) == row.service);
        let asked = |f: &&FollowUp| within(f.rounds[0].day_zero);
        let received: Vec<&FollowUp> = own(FollowUpKind::AdviceRequest).filter(|f| within(naive.came_on(f))).collect();
        let again =
            |f: &&FollowUp| f.rounds.len() > 1 || naive.clarifications().any(|(_, q)| q.about.as_ref() == Some(&f.id));
        assert_eq!(row.received, received.len() as u64);
        assert_eq!(row.insufficient, received.iter().filter(|f| again(f)).count() as u64);
        assert_eq!(row.clarifications, own(FollowUpKind::Clarification).filter(asked).count() as u64);
        let checks: Vec<&FollowUp> = own(FollowUpKind::DraftCheck).filter(asked).collect();
        let not_known = own(FollowUpKind::AdviceRequest).filter(|f| within(f.not_known_on)).count();
        assert_eq!(row.not_known, not_known as u64);
        assert_eq!(row.drafts_offered, checks.len() as u64);
        assert_eq!(row.drafts_answered, checks.iter().filter(|f| naive.came_on(f).is_some()).count() as u64);
    }
    let late: u64 = naive.returns(from, to).values().map(|r| r[3] + r[4]).sum();
    assert!(!figures.exceptions.is_empty() && (figures.exceptions.len() as u64) < late);
}

#[tokio::test]
async fn the_figures_of_the_teams_add_up_to_those_of_the_authority() {
    let office = Office::open(NOW).await;
    let mut rules = (*office.engine.office()).clone();
    rules.directory.coordinators[0].team = Some("North".into());
    rules.directory.coordinators[1].team = Some("South".into());
    // Those without a team are in the authority's own report only.
    rules.directory.send_managers.clear();
    office.engine.replace_office(rules);
    let cases = stored(&office, 5, 200).await;
    let of = |who: &str| {
        cases
            .iter()
            .filter(|c| c.coordinator.as_str() == who)
            .flat_map(|c| &c.follow_ups)
            .filter(|f| f.kind == FollowUpKind::Clarification && f.stage.is_open())
            .count() as u64
    };
    let north = office.engine.weekly_figures(office.now, Some("North"), &|_| ()).await.unwrap();
    let south = office.engine.weekly_figures(office.now, Some("South"), &|_| ()).await.unwrap();
    assert_eq!((north.counts.open.now, south.counts.open.now), (of(COORDINATOR), of(DEPUTY)));
    assert!(north.clarifications.overdue.iter().all(|o| o.coordinator == "Cora Lane"));
    assert!(south.needs.iter().all(|n| n.coordinator == "Dev Patel"));
}
