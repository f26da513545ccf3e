//! Holds the projections to the worked examples of `domain.md` 3.5 and to what must be true of every one.

use super::*;
use crate::core::policy::Durations;
use chrono::{Datelike, Days};
use proptest::prelude::*;
use std::sync::LazyLock;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn shipped() -> Timescales {
    Timescales::default()
}

/// Built once: the properties ask it a thousand times.
static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::default);
static SHIPPED: LazyLock<Timescales> = LazyLock::new(shipped);

fn rules(timescales: &Timescales) -> Rules<'_> {
    Rules { calendar: &CALENDAR, timescales, advice_window: 42, check_window: 5 }
}

fn look(progress: &Progress) -> Outlook {
    outlook(progress, rules(&SHIPPED))
}

fn awaited(standing: Standing) -> Awaited {
    Awaited { what: "clarification of the advice".to_owned(), standing }
}

/// Requested on 1 Jun 2026: week 20 is Monday 19 October. The clarification was sent on 26 August, due 3 September.
fn example(today: &str, consult: Consultation) -> Progress {
    Progress {
        requested_on: date("2026-06-01"),
        today: date(today),
        awaited: vec![
            Awaited { what: "advice".to_owned(), standing: Standing::Received(date("2026-08-24")) },
            awaited(Standing::Due(date("2026-09-03"))),
        ],
        draft: PlanDraft::Unwritten,
        checks: Vec::new(),
        consult,
        promised: None,
        exempt: Exempt::No,
    }
}

/// The plan draft went out on 16 September and feedback forces another.
fn reissued(consult: Consultation) -> Progress {
    Progress {
        draft: PlanDraft::Issued { on: date("2026-09-16"), reissue: Reissue::Pending },
        checks: vec![date("2026-09-23")],
        ..example("2026-09-21", consult)
    }
}

#[test]
fn the_five_worked_examples_of_the_specification() {
    use Consultation::{Parallel, Sequential};
    let check = |name: &str, progress: Progress, served: &str, parents: &str, final_plan: &str, over: i64| {
        let outlook = look(&progress);
        let expected = &outlook.expected;
        assert_eq!(outlook.limits.final_plan.legal_due, date("2026-10-19"), "{name}: week 20");
        assert_eq!(expected.reissue.as_ref().unwrap_or(&expected.draft).on, date(served), "{name}: {expected:#?}");
        assert_eq!(expected.parents.on, date(parents), "{name}: {expected:#?}");
        assert_eq!(expected.final_plan.on, date(final_plan), "{name}: {expected:#?}");
        assert_eq!(outlook.days_over(), over, "{name}");
    };
    check("A", example("2026-08-26", Sequential), "2026-09-16", "2026-09-30", "2026-10-20", 1);
    check("A on its due date", example("2026-09-03", Sequential), "2026-09-16", "2026-09-30", "2026-10-20", 1);
    check("B", example("2026-08-26", Parallel), "2026-09-16", "2026-09-30", "2026-10-06", -13);
    check("C", reissued(Sequential), "2026-09-28", "2026-10-12", "2026-10-30", 11);
    check("C2", reissued(Parallel), "2026-09-28", "2026-10-12", "2026-10-16", -3);
    check("D", example("2026-09-04", Sequential), "2026-09-24", "2026-10-08", "2026-10-28", 9);
}

#[test]
fn a_few_modelled_days_alarm_no_family() {
    let level = |progress: &Progress| look(progress).level;
    assert_eq!(level(&example("2026-08-26", Consultation::Sequential)), Level::AtRisk, "A");
    assert_eq!(level(&example("2026-08-26", Consultation::Parallel)), Level::OnTrack, "B");
    assert_eq!(level(&reissued(Consultation::Sequential)), Level::AtRisk, "C: in parallel it still fits");
    assert_eq!(level(&reissued(Consultation::Parallel)), Level::AtRisk, "C2: three days are fewer than the buffer");
    assert_eq!(level(&example("2026-09-04", Consultation::Sequential)), Level::AtRisk, "D");
}

#[test]
fn the_level_follows_the_best_case_the_law_and_the_co_ordinator() {
    let check = |progress: Progress, level: Level| assert_eq!(look(&progress).level, level, "{progress:#?}");
    let waiting = |today: &str| Progress {
        awaited: vec![awaited(Standing::Due(date("2026-08-24")))],
        ..example(today, Consultation::Sequential)
    };
    check(waiting("2026-07-20"), Level::OnTrack);
    check(waiting("2026-09-21"), Level::AtRisk);
    check(waiting("2026-10-01"), Level::WillSlip);
    check(waiting("2026-10-19"), Level::WillSlip);
    check(waiting("2026-10-20"), Level::Late);
    let promised = |to: &str| Progress { promised: Some(date(to)), ..waiting("2026-07-20") };
    check(promised("2026-11-06"), Level::WillSlip);
    check(promised("2026-10-19"), Level::OnTrack);
}

#[test]
fn an_exemption_excuses_and_moves_nothing() {
    let plain = example("2026-08-26", Consultation::Sequential);
    let exempt = Progress { exempt: Exempt::Yes, ..plain.clone() };
    let (before, after) = (look(&plain), look(&exempt));
    assert_eq!(after.words(), "at risk (exemption recorded)");
    assert_eq!(Outlook { exempt: Exempt::No, ..after }, before);
}

#[test]
fn the_told_date_is_the_end_of_the_week_and_five_working_days() {
    for (expected, told) in [
        ("2026-10-20", "2026-10-30"),
        ("2026-10-23", "2026-10-30"),
        ("2026-10-26", "2026-11-06"),
        ("2026-12-17", "2026-12-29"),
        ("2027-03-25", "2027-04-05"),
    ] {
        assert_eq!(told_date(date(expected), rules(&SHIPPED)), date(told), "expected {expected}");
    }
    assert_eq!(look(&example("2026-08-26", Consultation::Sequential)).told, date("2026-10-30"));
}

#[test]
fn the_co_ordinators_date_is_told_as_it_is() {
    let progress = Progress { promised: Some(date("2026-11-11")), ..example("2026-08-26", Consultation::Sequential) };
    assert_eq!(look(&progress).told, date("2026-11-11"));
}

#[test]
fn a_case_without_records_alarms_nobody_before_a_draft_would_be_too_late() {
    let unrecorded = |today: &str| Progress { awaited: Vec::new(), ..example(today, Consultation::Sequential) };
    assert_eq!(look(&unrecorded("2026-09-21")).level, Level::AtRisk);
    assert_eq!(look(&unrecorded("2026-10-12")).level, Level::WillSlip);
}

#[test]
fn each_date_tells_how_it_comes_about() {
    let told = |progress: &Progress| {
        let steps = look(progress).expected;
        steps.steps().iter().map(|(name, d)| format!("{name}: {} = {}\n", d.on, d.why)).collect::<String>()
    };
    insta::assert_snapshot!(told(&example("2026-09-04", Consultation::Sequential)), @"
    advice complete: 2026-09-11 = clarification of the advice: overdue since Thu 3 Sep; today + 5 wd
    plan draft: 2026-09-24 = Fri 11 Sep + 2 wd reading + 5 wd writing + 2 wd quality check
    draft checks end: 2026-10-01 = Thu 24 Sep + 5 wd for the advisers
    parents' last day: 2026-10-08 = 15 days from Thu 24 Sep, that day included
    consultation ends: 2026-10-23 = Thu 8 Oct + 15 days, after the parents' days
    final plan: 2026-10-28 = Fri 23 Oct + 3 wd finalising
    ");
    insta::assert_snapshot!(told(&reissued(Consultation::Parallel)), @"
    advice complete: 2026-09-28 = clarification of the advice: overdue since Thu 3 Sep; today + 5 wd
    plan draft: 2026-09-16 = issued
    draft checks end: 2026-09-23 = last day of the open checks
    plan draft again: 2026-09-28 = Wed 23 Sep + 3 wd amending
    parents' last day: 2026-10-12 = 15 days from Mon 28 Sep, that day included
    consultation ends: 2026-10-13 = Mon 28 Sep + 15 days, in the parents' days
    final plan: 2026-10-16 = Tue 13 Oct + 3 wd finalising
    ");
}

/// Any case that could stand in the register, and some that could not.
fn any_progress() -> impl Strategy<Value = Progress> {
    let first = date("2026-01-01");
    let day = move |span: u64| (0..span).prop_map(move |n| first.checked_add_days(Days::new(n)).unwrap());
    let standing = prop_oneof![
        Just(Standing::NotAsked),
        day(400).prop_map(Standing::Due),
        day(400).prop_map(Standing::Received),
        day(400).prop_map(Standing::Accepted),
    ];
    let draft = prop_oneof![
        Just(PlanDraft::Unwritten),
        Just(PlanDraft::Written),
        (day(400), prop_oneof![Just(Reissue::None), Just(Reissue::Pending)])
            .prop_map(|(on, reissue)| PlanDraft::Issued { on, reissue }),
    ];
    let consult = prop_oneof![Just(Consultation::Sequential), Just(Consultation::Parallel)];
    let awaited = prop::collection::vec(standing.prop_map(awaited), 0..4);
    (day(200), day(500), awaited, draft, prop::collection::vec(day(400), 0..3), consult, prop::option::of(day(500)))
        .prop_map(|(requested_on, today, awaited, draft, checks, consult, promised)| Progress {
            requested_on,
            today,
            awaited,
            draft,
            checks,
            consult,
            promised,
            exempt: Exempt::No,
        })
}

fn any_durations() -> impl Strategy<Value = Durations> {
    [0..9_u32, 0..9, 0..9, 0..9, 0..9].prop_map(|[review, write, quality, amend, finalise]| Durations {
        review,
        write,
        quality,
        amend,
        finalise,
    })
}

fn any_timescales() -> impl Strategy<Value = Timescales> {
    (any_durations(), any_durations(), 0..9_u32, 15..20_u32, 0..30_u32, 0..9_u32).prop_map(
        |(durations, shortest, overdue, parents, consultation, told_margin)| Timescales {
            durations,
            shortest,
            overdue,
            parents,
            consultation,
            told_margin,
            ..shipped()
        },
    )
}

/// The same case with one thing later or more.
fn worse(progress: &Progress, by: u64) -> Vec<Progress> {
    let later = |date: NaiveDate| date.checked_add_days(Days::new(by)).unwrap();
    let mut all = vec![
        Progress { today: later(progress.today), ..progress.clone() },
        Progress { checks: progress.checks.iter().copied().map(later).collect(), ..progress.clone() },
        Progress { consult: Consultation::Sequential, ..progress.clone() },
    ];
    let standings = |change: &dyn Fn(Standing) -> Standing| Progress {
        awaited: progress.awaited.iter().map(|a| awaited(change(a.standing))).collect(),
        ..progress.clone()
    };
    all.push(standings(&|standing| match standing {
        // What is overdue and gets a new date has been spoken about: it may then come sooner than assumed.
        Standing::Due(due) if due >= progress.today => Standing::Due(later(due)),
        Standing::Received(on) => Standing::Received(later(on)),
        Standing::Accepted(on) => Standing::Accepted(later(on)),
        same @ (Standing::Due(_) | Standing::NotAsked) => same,
    }));
    if let PlanDraft::Issued { on, reissue } = progress.draft {
        all.push(Progress { draft: PlanDraft::Issued { on: later(on), reissue }, ..progress.clone() });
        all.push(Progress { draft: PlanDraft::Issued { on, reissue: Reissue::Pending }, ..progress.clone() });
    }
    if !progress.awaited.is_empty() {
        let more = progress.awaited.iter().cloned().chain([awaited(Standing::NotAsked)]).collect();
        all.push(Progress { awaited: more, ..progress.clone() });
    }
    all
}

proptest! {
    #[test]
    fn nothing_that_comes_later_makes_a_plan_come_sooner(progress in any_progress(), by in 1..60_u64, timescales in any_timescales()) {
        let before = outlook(&progress, rules(&timescales));
        for worse in worse(&progress, by) {
            let after = outlook(&worse, rules(&timescales));
            prop_assert!(after.expected.final_plan.on >= before.expected.final_plan.on, "{:#?}\n{:#?}", before, after);
            prop_assert!(after.best.final_plan.on >= before.best.final_plan.on, "{:#?}\n{:#?}", before, after);
            prop_assert!(after.level >= before.level, "{:#?}\n{:#?}", before, after);
        }
    }

    #[test]
    fn no_plan_is_final_before_the_day_after_the_parents_fifteenth(progress in any_progress(), timescales in any_timescales()) {
        let outlook = outlook(&progress, rules(&timescales));
        for projection in [&outlook.expected, &outlook.best] {
            let served = projection.reissue.as_ref().unwrap_or(&projection.draft).on;
            prop_assert!(projection.final_plan.on >= served.checked_add_days(Days::new(15)).unwrap());
            prop_assert!(projection.final_plan.on >= progress.today);
            prop_assert!(CALENDAR.is_working(projection.final_plan.on));
        }
    }

    #[test]
    fn the_best_case_is_never_later_than_the_expected_one(progress in any_progress(), timescales in any_timescales()) {
        let outlook = outlook(&progress, rules(&timescales));
        for ((name, best), (_, expected)) in outlook.best.steps().iter().zip(outlook.expected.steps()) {
            prop_assert!(best.on <= expected.on, "{}: {:#?}", name, outlook);
        }
    }

    #[test]
    fn the_same_case_has_one_outlook(progress in any_progress()) {
        prop_assert_eq!(look(&progress), look(&progress));
    }

    #[test]
    fn the_told_date_is_a_working_day_not_before_the_expected_one(expected in 0..900_u64, timescales in any_timescales()) {
        let expected = date("2026-01-01").checked_add_days(Days::new(expected)).unwrap();
        let told = told_date(expected, rules(&timescales));
        prop_assert!(told >= expected && CALENDAR.is_working(told));
        prop_assert!(told.year() <= expected.year() + 1);
    }
}

#[test]
fn a_written_draft_waits_for_the_checks_and_for_the_advice_that_is_still_out() {
    let written = |checks: Vec<NaiveDate>, awaited: Vec<Awaited>| Progress {
        draft: PlanDraft::Written,
        checks,
        awaited,
        ..example("2026-09-21", Consultation::Parallel)
    };
    let out = |due: &str| vec![awaited(Standing::Due(date(due)))];
    let draft = |progress: Progress| look(&progress).expected.draft.on;
    assert_eq!(draft(written(vec![date("2026-09-28")], out("2026-09-25"))), date("2026-10-01"));
    assert_eq!(draft(written(vec![date("2026-09-28")], out("2026-10-05"))), date("2026-10-08"));
    assert_eq!(draft(written(Vec::new(), Vec::new())), date("2026-09-24"), "what was never recorded is not waited for");
}
