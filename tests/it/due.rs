//! `followupd due`, as `operations.md` promises it to scripts.

use crate::program::{fields, run};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

fn ask(line: &str) -> Value {
    let answered = run(Path::new("/"), &line.split_whitespace().collect::<Vec<_>>());
    assert_eq!(answered.status, 0, "{line}: {}", answered.errors);
    serde_json::from_str(&answered.out).expect("one JSON object")
}

#[test]
fn a_window_tells_its_dates_and_why_each_day_counts() {
    let got = ask("due --sent 2026-12-22T17:30:00Z");
    assert_eq!(fields(&got), BTreeSet::from(["sent_on", "due_on", "closes_at", "escalates_at", "days"]));
    assert_eq!((&got["sent_on"], &got["due_on"]), (&"2026-12-22".into(), &"2026-12-31".into()));
    assert_eq!(got["closes_at"], "2027-01-01T00:00:00Z");
    assert_eq!(got["escalates_at"], "2027-01-04T08:00:00Z");
    let days = got["days"].as_array().unwrap();
    assert_eq!(days.len(), 9, "every day from the one after sending to the last");
    for day in days {
        assert_eq!(fields(day), BTreeSet::from(["date", "counted", "why"]));
    }
    let uncounted: Vec<&str> =
        days.iter().filter(|d| d["counted"] == false).map(|d| d["why"].as_str().unwrap()).collect();
    assert_eq!(uncounted, ["Christmas Day", "Saturday", "Sunday", "Boxing Day (substitute)"]);
    assert_eq!(days[8]["why"], "working day 5");
}

#[test]
fn summer_time_moves_the_instants_and_not_the_days() {
    let got = ask("due --sent 2026-03-27T23:30:00Z --working-days 2");
    assert_eq!((&got["due_on"], &got["closes_at"]), (&"2026-03-31".into(), &"2026-03-31T23:00:00Z".into()));
    assert_eq!(got["escalates_at"], "2026-04-01T07:00:00Z");
}

#[test]
fn a_period_tells_the_day_in_law_and_the_day_to_plan_for() {
    let got = ask("due --received 2026-11-23 --weeks 6");
    assert_eq!(got, serde_json::json!({"legal_due": "2027-01-04", "planning_due": "2026-12-31"}));
}

#[test]
fn a_wrong_use_exits_with_two_and_prints_nothing() {
    for line in [
        "due",
        "due --sent yesterday",
        "due --sent 2026-11-02",
        "due --received 2026-11-23",
        "due --weeks 6",
        "due --received 2026-02-30 --weeks 6",
        "due --sent 2026-11-02T10:00:00Z --received 2026-11-23 --weeks 6",
        "due --sent 2026-11-02T10:00:00Z --working-days many",
        "due --sent 2026-11-02T10:00:00Z --working-days 4000000000",
        "due --sent 2026-11-02T10:00:00Z --surprise",
        "due --sent 9999-12-30T10:00:00Z --working-days 5",
        "due --received 9999-12-01 --weeks 6",
    ] {
        let answered = run(Path::new("/"), &line.split_whitespace().collect::<Vec<_>>());
        assert_eq!((answered.status, answered.out.as_str()), (2, ""), "{line}");
        assert!(!answered.errors.is_empty(), "{line}: it says what is wrong");
    }
}
