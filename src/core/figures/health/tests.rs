//! What each reader of the health report may see.

use super::*;
use chrono::{NaiveTime, TimeZone, Utc};

fn returns(service: &str, [in_time, late, outstanding]: [u64; 3], excepted: u64) -> Returns {
    let due = in_time + late + outstanding;
    Returns { service: service.into(), asked: due, due, in_time, late, outstanding, excepted, ..Returns::default() }
}

fn exception(service: &str, ground: &str, narrative: &str, told_of: ToldOf) -> Exception {
    Exception {
        service: service.into(),
        ground: ground.into(),
        narrative: narrative.into(),
        theme: "capacity".into(),
        told_of,
        ..Exception::default()
    }
}

fn month(returns: Vec<Returns>, exceptions: Vec<Exception>) -> Health {
    let day: NaiveDate = "2026-11-02".parse().unwrap();
    Health {
        scope: Scope {
            authority: "Example County Council".into(),
            team: None,
            as_at: Utc.with_ymd_and_hms(2026, 11, 2, 8, 0, 0).unwrap(),
            today: day,
            at: NaiveTime::from_hms_opt(8, 0, 0).unwrap(),
        },
        month: day,
        returns,
        months: Vec::new(),
        exceptions,
        cases_unread: 0,
        reasons: Vec::new(),
        quality: Vec::new(),
        twenty_weeks: Vec::new(),
    }
}

fn provider_of(services: &[&str]) -> Reader {
    Reader::Provider { name: "County Trust".into(), services: services.iter().map(|s| (*s).to_owned()).collect() }
}

/// One service with three late of twenty, four without any.
fn one_small_number() -> Vec<Returns> {
    let others = ["B", "C", "D", "E"].map(|name| returns(name, [20, 0, 0], 0));
    [returns("A", [17, 3, 0], 3)].into_iter().chain(others).collect()
}

#[test]
fn no_range_tells_a_number_that_the_table_withholds() {
    let month = month(one_small_number(), Vec::new());
    for reader in [Reader::Authority, Reader::Icb, provider_of(&["A"]), provider_of(&["B"]), provider_of(&[])] {
        assert_eq!(month.edition(reader.clone()).range, None, "{reader:?}");
    }
}

#[test]
fn a_provider_sees_the_range_of_at_least_five_other_services() {
    let shares = [[20, 0, 0], [15, 5, 0], [10, 10, 0], [12, 8, 0], [18, 6, 0], [30, 10, 0]];
    let services = ["A", "B", "C", "D", "E", "F"];
    let month = month(services.iter().zip(shares).map(|(s, n)| returns(s, n, 0)).collect(), Vec::new());
    let range = |reader| month.edition(reader).range;
    assert_eq!(range(provider_of(&["A"])), Some([50, 75, 75]));
    assert_eq!(range(provider_of(&["C"])), Some([60, 75, 100]));
    assert_eq!(range(provider_of(&["A", "B"])), None, "four others are too few");
    assert_eq!(range(Reader::Icb), None, "who sees every service needs no range");
}

#[test]
fn a_provider_sees_its_own_months_and_none_that_the_table_withholds() {
    let mut report = month(one_small_number(), Vec::new());
    let of = |services: &[(&str, [u64; 3])]| Month {
        first: report.month,
        services: services.iter().map(|(name, outcomes)| ((*name).to_owned(), *outcomes)).collect(),
    };
    let months = vec![
        of(&[("A", [17, 3, 0]), ("B", [20, 0, 0]), ("C", [30, 0, 0])]),
        of(&[("A", [17, 6, 7]), ("B", [20, 0, 0]), ("C", [30, 5, 0])]),
        of(&[]),
    ];
    report.months = months;
    let shares = |reader| report.edition(reader).months.into_iter().map(|(_, share)| share).collect::<Vec<_>>();
    let share = |part, whole| Some(Share { part, whole });
    assert_eq!(shares(provider_of(&["A"])), [None, share(17, 30), share(0, 0)]);
    assert_eq!(shares(provider_of(&["B", "C"])), [share(50, 50), share(50, 55), share(0, 0)]);
    assert_eq!(shares(Reader::Icb), [None, share(67, 85), share(0, 0)], "the sum would tell A's");
    assert_eq!(shares(Reader::Authority), [share(67, 70), share(67, 85), share(0, 0)]);
}

#[test]
fn the_grounds_of_exceptions_are_told_outside_only_where_every_count_of_them_is_shown() {
    let told = |excepted| {
        let late: Vec<Exception> =
            (0..6).map(|_| exception("A", "appointment missed", "Not brought.", ToldOf::ThisService)).collect();
        let month = month(vec![returns("A", [10, 6, 0], excepted), returns("B", [20, 0, 0], 0)], late);
        let edition = month.edition(Reader::Icb);
        assert_eq!(edition.exceptions.len(), 6);
        edition.exceptions.iter().filter(|e| !e.ground.is_empty()).count()
    };
    assert_eq!((told(3), told(6)), (0, 6));
}

#[test]
fn a_reason_of_several_services_at_once_is_told_inside_the_authority_only() {
    let late: Vec<Exception> = (0..5).map(|_| exception("A", "", "CAMHS lost the file.", ToldOf::WholeCase)).collect();
    let month = month(vec![returns("A", [10, 5, 0], 0)], late);
    let narratives = |reader| month.edition(reader).exceptions.iter().filter(|e| !e.narrative.is_empty()).count();
    assert_eq!(narratives(Reader::Authority), 5);
    assert_eq!(narratives(Reader::Icb), 0);
    assert_eq!(narratives(provider_of(&["A"])), 0);
}
