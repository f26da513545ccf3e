//! A week and a month of an authority that does not exist.

use crate::core::calendar::Closure;
use crate::core::figures::health::{Exception, Health, Quality, ReasonByService};
use crate::core::figures::need::{About, Need, Reason as Why};
use crate::core::figures::twenty_weeks::{Buckets, YearOfIssue};
use crate::core::figures::weekly::*;
use crate::core::figures::{Change, Halves, Month, Returns, Scope, ToldOf};
use crate::core::id::FollowUpId;
use chrono::{Months, NaiveDate, NaiveTime, TimeZone, Utc};

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn id(n: u8) -> FollowUpId {
    FollowUpId::from_random([1, 2, 3, 4, 5, 6, 7, n])
}

fn scope() -> Scope {
    Scope {
        authority: "Example County Council".into(),
        team: None,
        as_at: Utc.with_ymd_and_hms(2026, 11, 23, 8, 0, 0).unwrap(),
        today: day("2026-11-23"),
        at: NaiveTime::from_hms_opt(8, 0, 0).unwrap(),
    }
}

fn returns(service: &str, asked: u64, [in_time, late, outstanding]: [u64; 3], median: i64) -> Returns {
    Returns {
        service: service.into(),
        asked,
        due: in_time + late + outstanding,
        in_time,
        late,
        outstanding,
        excepted: late.min(1),
        not_known: 0,
        median_days: Some(Halves(median)),
    }
}

fn all_returns() -> Vec<Returns> {
    vec![
        returns("CAMHS", 18, [9, 6, 3], 85),
        returns("Community Paediatrics", 41, [33, 5, 3], 70),
        returns("Educational Psychology", 52, [44, 9, 0], 75),
        returns("Occupational Therapy", 22, [19, 1, 0], 61),
        returns("Social Care", 40, [38, 0, 0], 40),
        returns("Speech and Language Therapy", 37, [31, 2, 6], 66),
    ]
}

fn months() -> Vec<Month> {
    let month = |n: u64| Month {
        first: day("2025-12-01") + Months::new(u32::try_from(n).unwrap()),
        services: [
            ("CAMHS".to_owned(), [20 + n, 13 - n, 5]),
            ("Community Paediatrics".to_owned(), [40 + 2 * n, 27 - 2 * n, 5]),
        ]
        .into(),
    };
    (0..12).map(month).collect()
}

fn years() -> Vec<YearOfIssue> {
    let buckets = |within, under_a_year, a_year_or_more, days| Buckets { within, under_a_year, a_year_or_more, days };
    vec![
        YearOfIssue { year: 2026, including: buckets(301, 112, 4, 64_000), excluding: buckets(296, 88, 2, 58_000) },
        YearOfIssue { year: 2025, including: buckets(288, 140, 9, 70_100), excluding: buckets(281, 121, 7, 66_000) },
    ]
}

fn need(n: u8, case: &str, service: &str, reason: Why) -> Need {
    Need {
        about: About::FollowUp(id(n)),
        case: case.into(),
        service: service.into(),
        coordinator: "Cora Lane".into(),
        reason,
    }
}

fn overdue(n: u8, case: &str, service: &str, due: &str, days: i64) -> Overdue {
    Overdue {
        follow_up: id(n).to_string(),
        case: case.into(),
        service: service.into(),
        coordinator: "Cora Lane".into(),
        due_on: day(due),
        days,
        level: 1 + u64::from(days > 5),
        round: 1,
    }
}

fn timeline(case: &str, outlook: Outlook, requested: &str, expected: &str, told: Option<&str>) -> Timeline {
    let requested_on = day(requested);
    Timeline {
        case: case.into(),
        coordinator: "Cora Lane".into(),
        outlook,
        requested_on,
        week_20: requested_on + chrono::Duration::days(140),
        expected_on: Some(day(expected)),
        told: told.map(day),
    }
}

pub fn weekly() -> Weekly {
    let c = |now, before| Change { now, before };
    let league = |name: &str, open, overdue, closed, median| League {
        name: name.into(),
        open,
        overdue,
        closed,
        median: Some(Halves(median)),
    };
    Weekly {
        scope: scope(),
        one: Some(OneDifferences {
            on: day("2026-11-20"),
            lines: vec!["EHC-2026-0388 is in ONE and not here.".into()],
        }),
        needs: vec![
            need(1, "EHC-2026-0307", "CAMHS", Why::Exhausted { due_on: day("2026-10-19"), days: 25 }),
            need(
                2,
                "EHC-2026-0412",
                "Community Paediatrics",
                Why::Unreviewed { received_on: day("2026-11-11"), days: 8 },
            ),
            need(
                3,
                "EHC-2026-0433",
                "Occupational Therapy",
                Why::Unreviewed { received_on: day("2026-11-17"), days: 4 },
            ),
            need(4, "EHC-2026-0440", "CAMHS", Why::NotAgreed { asked_on: day("2026-11-18") }),
            need(5, "EHC-2026-0441", "Social Care", Why::NotAgreed { asked_on: day("2026-11-19") }),
            need(6, "EHC-2026-0399", "Speech and Language Therapy", Why::Unreachable),
            need(7, "", "Community Paediatrics", Why::Orphan),
            need(8, "EHC-2026-0450", "CAMHS", Why::NotAgreed { asked_on: day("2026-11-20") }),
        ],
        health: Machine {
            mailbox_seen_at: day("2026-11-23").and_hms_opt(7, 59, 30),
            beat_at: day("2026-11-23").and_hms_opt(7, 59, 58),
            queued: 2,
            undeliverable: 1,
            unmatched: 1,
            holidays_to: Some(day("2028-12-31")),
            warnings: vec![],
        },
        counts: Counts {
            open: c(26, 24),
            overdue: c(7, 5),
            opened: c(12, 11),
            answered: c(9, 11),
            closed: c(10, 10),
            unreviewed: c(4, 6),
            advice_overdue: c(12, 12),
            plans: c(8, 9),
        },
        clarifications: Clarifications {
            closing: ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"]
                .iter()
                .zip([3, 1, 0, 4, 2])
                .map(|(d, n)| (day(d), n))
                .collect(),
            overdue: vec![
                overdue(1, "EHC-2026-0307", "CAMHS", "2026-10-19", 25),
                overdue(10, "EHC-2026-0311", "CAMHS", "2026-11-10", 9),
                overdue(11, "EHC-2026-0388", "Speech and Language Therapy", "2026-11-16", 5),
                overdue(12, "=HYPERLINK(\"x\")", "Social Care", "2026-11-20", 1),
            ],
            overdue_by_service: vec![
                ("CAMHS".into(), 4),
                ("Speech and Language Therapy".into(), 2),
                ("Social Care".into(), 1),
            ],
            by_level: [19, 4, 2, 1],
            later_rounds: 5,
            unreviewed: vec![Unreviewed {
                follow_up: id(2).to_string(),
                case: "EHC-2026-0412".into(),
                coordinator: "Cora Lane".into(),
                received_on: day("2026-11-11"),
                days: 8,
            }],
            extended: 3,
            not_agreed: 3,
            without_case: 1,
        },
        advice: Advice {
            period: Some((day("2026-10-26"), day("2026-11-22"))),
            services: all_returns(),
            months: months(),
            exceptions: exceptions(),
            cases_unread: 0,
        },
        draft_checks: DraftChecks {
            open: 18,
            feedback: 4,
            confirmed: 9,
            no_reply: 3,
            manager_not_copied: 1,
            reissue: vec!["EHC-2026-0288".into()],
        },
        timescales: Timescales {
            at_risk: 3,
            will_slip: 2,
            late: 4,
            late_over_a_year: 0,
            without_request: 6,
            timelines: vec![
                timeline("EHC-2026-0101", Outlook::Late, "2026-05-11", "2026-12-18", Some("2026-12-04")),
                timeline("EHC-2026-0177", Outlook::WillSlip, "2026-07-20", "2027-01-08", Some("2027-01-15")),
                timeline("EHC-2026-0201", Outlook::AtRisk, "2026-08-17", "2027-01-04", None),
                timeline("EHC-2026-0288", Outlook::AtRisk, "2026-09-07", "2027-01-22", None),
            ],
            milestones: vec![Milestone {
                case: "EHC-2026-0405".into(),
                coordinator: "Dev Patel".into(),
                week: 6,
                planning_due: day("2026-11-27"),
                legal_due: day("2026-11-30"),
            }],
            notices: Notices {
                sent: 2,
                held: 1,
                vetoed: 0,
                undeliverable: 0,
                by_post: 1,
                told_passed: 0,
                unanswered: 2,
                unanswered_late: 1,
            },
        },
        coordinators: vec![league("Cora Lane", 15, 5, 61, 8), league("Dev Patel", 11, 2, 48, 7)],
        services: vec![league("CAMHS", 9, 4, 20, 13), league("Community Paediatrics", 7, 0, 33, 6)],
        reasons: vec![
            Reason { code: "provision not specified and quantified".into(), asked: c(6, 4), quarter: 55 },
            Reason { code: "unclear".into(), asked: c(3, 5), quarter: 40 },
        ],
        mail: vec![Waiting {
            message: "MSG-4F2A91".into(),
            domain: "nhs.example".into(),
            on: day("2026-11-20"),
            candidates: 2,
        }],
        rounds: vec![AssessmentRound {
            name: "Autumn 2026".into(),
            providers: 4,
            complete: 3,
            closes_on: day("2026-12-11"),
        }],
        closures: vec![
            Closure { date: day("2026-12-25"), name: "Christmas Day".into() },
            Closure { date: day("2026-12-28"), name: "Boxing Day (substitute)".into() },
        ],
        moved: vec![MovedDate {
            on: day("2026-11-20"),
            case: "EHC-2026-0412".into(),
            follow_up: id(9).to_string(),
            coordinator: "cora@council.example".into(),
            was: day("2026-12-24"),
            is: day("2026-12-29"),
        }],
        twenty_weeks: years(),
    }
}

fn exceptions() -> Vec<Exception> {
    let exception = |n: u32, service: &str, ground: &str, theme: &str, narrative: &str| Exception {
        case: format!("EHC-2026-{n:04}"),
        service: service.into(),
        ground: ground.into(),
        theme: theme.into(),
        narrative: narrative.into(),
        told_of: ToldOf::ThisService,
        due_on: Some(day("2026-11-02")),
        received_on: n.is_multiple_of(2).then(|| day("2026-11-12")),
    };
    vec![
        exception(333, "CAMHS", "", "capacity", "Two vacancies since September; a locum has begun."),
        exception(
            336,
            "CAMHS",
            "appointment missed",
            "child not brought",
            "Not brought on 20 October, seen on 10 November.",
        ),
        exception(340, "Educational Psychology", "", "late request", "The request went to a former address first."),
        exception(341, "Community Paediatrics", "", "lost", "The form was filed in another record."),
        exception(344, "Community Paediatrics", "", "capacity", "The form was sent without its last page."),
    ]
}

pub fn health() -> Health {
    let quality =
        |service: &str, [received, insufficient, clarifications, later_rounds, escalated, not_known]: [u64; 6]| {
            Quality {
                service: service.into(),
                received,
                insufficient,
                clarifications,
                later_rounds,
                escalated,
                not_known,
                drafts_offered: received,
                drafts_answered: received / 2,
            }
        };
    let reason = |service: &str, why: &str, count| ReasonByService { service: service.into(), why: why.into(), count };
    Health {
        scope: scope(),
        month: day("2026-10-01"),
        returns: all_returns(),
        months: months(),
        exceptions: exceptions(),
        cases_unread: 0,
        reasons: vec![
            reason("CAMHS", "unclear", 7),
            reason("CAMHS", "incomplete", 2),
            reason("Community Paediatrics", "unclear", 9),
            reason("Community Paediatrics", "incomplete", 6),
        ],
        quality: vec![quality("CAMHS", [15, 6, 9, 2, 5, 1]), quality("Community Paediatrics", [38, 7, 15, 6, 8, 0])],
        twenty_weeks: years(),
    }
}
