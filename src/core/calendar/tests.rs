//! Holds the calendar to the worked dates of the specification, to the published list and to a loop without tables.

use super::*;
use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Europe::London;
use proptest::prelude::*;
use std::path::PathBuf;
use std::sync::LazyLock;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Built once: the properties ask it a thousand times.
fn plain() -> &'static Calendar {
    static PLAIN: LazyLock<Calendar> = LazyLock::new(Calendar::default);
    &PLAIN
}

fn closure(text: &str, name: &str) -> Closure {
    Closure { date: date(text), name: name.into() }
}

fn closed_on(days: &[&str]) -> Calendar {
    let extra_closed = days.iter().map(|d| closure(d, "Council closed")).collect();
    Calendar::new(CalendarOverrides { extra_closed, ..Default::default() })
}

/// Sent instant, due date, close, day of the escalation (at 08:00 local).
fn check_window(calendar: &Calendar, sent: &str, due: &str, closes: &str, escalates: &str) {
    let sent_on = local_date(sent.parse::<DateTime<Utc>>().unwrap(), London);
    let due_on = calendar.add_working_days(sent_on, 5);
    assert_eq!(due_on, date(due), "due, sent {sent}");
    assert_eq!(closes_at(due_on, London), closes.parse::<DateTime<Utc>>().unwrap(), "close, sent {sent}");
    assert_eq!(calendar.next_working_day(due_on), date(escalates), "escalation, sent {sent}");
}

#[test]
fn five_working_days_from_the_date_of_the_email() {
    let plain = Calendar::default();
    let closed = closed_on(&["2026-12-24", "2026-12-29", "2026-12-30", "2026-12-31"]);
    for (calendar, sent, due, closes, escalates) in [
        (&plain, "2026-11-02T10:00:00Z", "2026-11-09", "2026-11-10T00:00:00Z", "2026-11-10"),
        (&plain, "2026-11-06T16:55:00Z", "2026-11-13", "2026-11-14T00:00:00Z", "2026-11-16"),
        (&plain, "2026-11-07T09:30:00Z", "2026-11-13", "2026-11-14T00:00:00Z", "2026-11-16"),
        (&plain, "2026-11-08T23:59:59Z", "2026-11-13", "2026-11-14T00:00:00Z", "2026-11-16"),
        (&plain, "2026-12-18T11:00:00Z", "2026-12-29", "2026-12-30T00:00:00Z", "2026-12-30"),
        (&closed, "2026-12-18T11:00:00Z", "2027-01-05", "2027-01-06T00:00:00Z", "2027-01-06"),
        (&plain, "2026-12-24T14:00:00Z", "2027-01-05", "2027-01-06T00:00:00Z", "2027-01-06"),
        (&plain, "2026-12-31T15:00:00Z", "2027-01-08", "2027-01-09T00:00:00Z", "2027-01-11"),
        (&plain, "2026-03-27T09:00:00Z", "2026-04-07", "2026-04-07T23:00:00Z", "2026-04-08"),
        (&plain, "2026-04-02T16:30:00Z", "2026-04-13", "2026-04-13T23:00:00Z", "2026-04-14"),
        (&plain, "2026-04-28T09:00:00Z", "2026-05-06", "2026-05-06T23:00:00Z", "2026-05-07"),
        (&plain, "2026-05-25T07:00:00Z", "2026-06-01", "2026-06-01T23:00:00Z", "2026-06-02"),
        (&plain, "2026-10-21T11:00:00Z", "2026-10-28", "2026-10-29T00:00:00Z", "2026-10-29"),
        (&plain, "2026-10-25T00:30:00Z", "2026-10-30", "2026-10-31T00:00:00Z", "2026-11-02"),
        (&plain, "2026-10-25T01:30:00Z", "2026-10-30", "2026-10-31T00:00:00Z", "2026-11-02"),
        (&plain, "2026-06-30T23:30:00Z", "2026-07-08", "2026-07-08T23:00:00Z", "2026-07-09"),
        (&plain, "2026-08-28T11:00:00Z", "2026-09-07", "2026-09-07T23:00:00Z", "2026-09-08"),
        (&plain, "2022-09-12T09:00:00Z", "2022-09-20", "2022-09-20T23:00:00Z", "2022-09-21"),
        (&plain, "2023-05-02T09:00:00Z", "2023-05-10", "2023-05-10T23:00:00Z", "2023-05-11"),
        (&plain, "2027-12-20T09:00:00Z", "2027-12-29", "2027-12-30T00:00:00Z", "2027-12-30"),
        (&plain, "2027-12-31T10:00:00Z", "2028-01-10", "2028-01-11T00:00:00Z", "2028-01-11"),
    ] {
        check_window(calendar, sent, due, closes, escalates);
    }
}

#[test]
fn the_minute_of_sending_does_not_move_the_date() {
    let calendar = Calendar::default();
    for sent in ["2026-11-02T00:05:00Z", "2026-11-02T23:55:00Z"] {
        check_window(&calendar, sent, "2026-11-09", "2026-11-10T00:00:00Z", "2026-11-10");
    }
}

#[test]
fn each_day_tells_why_it_counts_or_not() {
    let days: Vec<String> = Calendar::default()
        .explain(date("2026-12-23"), 3)
        .iter()
        .map(|d| format!("{} {} {}", d.date, if d.counted { '+' } else { '-' }, d.why))
        .collect();
    insta::assert_snapshot!(days.join("\n"), @r"
    2026-12-24 + working day 1
    2026-12-25 - Christmas Day
    2026-12-26 - Saturday
    2026-12-27 - Sunday
    2026-12-28 - Boxing Day (substitute)
    2026-12-29 + working day 2
    2026-12-30 + working day 3
    ");
    assert!(Calendar::default().explain(date("2026-12-23"), 0).is_empty());
}

#[test]
fn a_holiday_has_the_name_under_which_people_know_it() {
    let calendar = Calendar::default();
    for (day, expected) in [
        ("2026-04-03", "Good Friday"),
        ("2022-12-26", "Boxing Day"),
        ("2022-12-27", "Christmas Day (substitute)"),
        ("2027-12-25", "Saturday"),
        ("2027-12-27", "Christmas Day (substitute)"),
        ("2027-12-28", "Boxing Day (substitute)"),
        ("2028-01-03", "New Year's Day (substitute)"),
        ("2025-05-08", "working day"),
        ("2020-05-04", "working day"),
        ("2023-05-08", "Coronation of King Charles III"),
    ] {
        assert_eq!(calendar.day(date(day)).to_string(), expected, "{day}");
    }
}

#[test]
fn what_operators_say_wins_over_the_rules() {
    let calendar = Calendar::new(CalendarOverrides {
        extra_closed: vec![closure("2026-12-29", "Christmas closure"), closure("2027-03-01", "Local closure")],
        not_closed: vec![date("2026-08-31"), date("2026-08-30")],
        full_years: BTreeMap::from([(2027, vec![closure("2027-06-16", "A new holiday")])]),
        ..Default::default()
    });
    for (day, expected) in [
        ("2026-12-29", "Christmas closure"),
        ("2026-08-31", "working day"),
        ("2026-08-30", "Sunday"),
        ("2027-01-01", "working day"),
        ("2027-06-16", "A new holiday"),
        ("2027-03-01", "Local closure"),
        ("2028-01-03", "New Year's Day (substitute)"),
    ] {
        assert_eq!(calendar.day(date(day)).to_string(), expected, "{day}");
        assert_eq!(calendar.is_working(date(day)), expected == "working day", "{day}");
    }
    assert_eq!(calendar.verified_to(), date("2028-12-31"));
    assert_eq!(calendar.closures_between(date("2026-12-31"), date("2027-12-31")).len(), 2);
}

#[test]
fn steps_to_both_sides_meet() {
    let calendar = Calendar::default();
    assert_eq!(calendar.sub_working_days(date("2026-04-07"), 1), date("2026-04-02"));
    assert_eq!(calendar.on_or_before(date("2026-04-06")), date("2026-04-02"));
    assert_eq!(calendar.on_or_after(date("2026-04-03")), date("2026-04-07"));
    assert_eq!(calendar.on_or_after(date("2026-04-07")), date("2026-04-07"));
    assert_eq!(calendar.add_working_days(date("2026-04-05"), 0), date("2026-04-05"));
    assert_eq!(calendar.working_days_between(date("2026-04-02"), date("2026-04-08")), 2);
    assert_eq!(calendar.working_days_between(date("2026-04-08"), date("2026-04-02")), -2);
    assert_eq!(calendar.working_days_between(date("2026-04-08"), date("2026-04-08")), 0);
}

#[test]
fn dates_outside_the_century_follow_the_same_rules() {
    let calendar = Calendar::default();
    assert_eq!(calendar.add_working_days(date("1999-12-30"), 2), date("2000-01-03").succ_opt().unwrap());
    assert_eq!(calendar.add_working_days(date("2099-12-31"), 1), date("2100-01-04"));
    assert_eq!(calendar.sub_working_days(date("2100-01-04"), 1), date("2099-12-31"));
    assert_eq!(calendar.working_days_between(date("2099-12-30"), date("2100-01-04")), 2);
    assert!(!calendar.is_working(date("2100-01-01")));
    assert_eq!(calendar.add_working_days(NaiveDate::MAX, 3), NaiveDate::MAX);
    assert_eq!(calendar.sub_working_days(NaiveDate::MIN, 3), NaiveDate::MIN);
}

/// The published list, or `None` (said aloud) where the shared material is absent.
fn published() -> Option<Vec<NaiveDate>> {
    let shared = std::env::var_os("FOLLOWUPD_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(shared.join("data/govuk-bank-holidays.json")) else {
        println!("not run: ../shared is absent");
        return None;
    };
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let events = json["england-and-wales"]["events"].as_array().unwrap();
    Some(events.iter().map(|event| date(event["date"].as_str().unwrap())).collect())
}

#[test]
fn the_rules_give_the_published_list_of_every_year() {
    let Some(published) = published() else { return };
    assert_eq!(published.first().map(Datelike::year), Some(2012));
    let ours = Calendar::default().closures_between(date("2011-12-31"), PUBLISHED_TO);
    assert_eq!(ours.iter().map(|c| c.date).collect::<Vec<_>>(), published);
}

/// The reference: one day after the other, no table.
fn day_by_day(from: NaiveDate, n: u32) -> NaiveDate {
    let mut left = n;
    let mut day = from;
    while left > 0 {
        day = day.succ_opt().unwrap();
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        if !weekend && bank_holiday(day).is_none() {
            left -= 1;
        }
    }
    day
}

#[test]
fn the_table_equals_the_day_by_day_loop() {
    let calendar = Calendar::default();
    for from in date("2019-01-01").iter_days().take_while(|d| *d <= date("2040-12-31")) {
        for n in [0, 1, 2, 3, 5, 10, 20, 60] {
            let due = day_by_day(from, n);
            assert_eq!(calendar.add_working_days(from, n), due, "{from} + {n}");
            assert_eq!(calendar.working_days_between(from, due), i64::from(n), "{from} to {due}");
        }
    }
}

fn any_date() -> impl Strategy<Value = NaiveDate> {
    (0u64..40_000).prop_map(|n| date("1995-01-01") + chrono::Days::new(n))
}

proptest! {
    #[test]
    fn a_due_date_is_a_working_day(from in any_date(), n in 1u32..300) {
        let calendar = plain();
        let due = calendar.add_working_days(from, n);
        prop_assert!(due > from && calendar.is_working(due));
        prop_assert_eq!(calendar.day(due), DayKind::Working);
        prop_assert_eq!(calendar.working_days_between(from, due), i64::from(n));
        let counted = calendar.explain(from, n).iter().filter(|d| d.counted).count();
        prop_assert_eq!(counted, usize::try_from(n).unwrap());
        let back = calendar.sub_working_days(due, n);
        prop_assert!(back <= from && calendar.working_days_between(back, from) == 0);
    }

    #[test]
    fn later_sending_is_never_due_earlier(from in any_date(), later in 0u64..30, n in 0u32..60) {
        let calendar = plain();
        let after = from + chrono::Days::new(later);
        prop_assert!(calendar.add_working_days(from, n) <= calendar.add_working_days(after, n));
        prop_assert!(calendar.add_working_days(from, n) < calendar.add_working_days(from, n + 1));
    }

    #[test]
    fn one_more_holiday_never_shortens_a_window(from in any_date(), offset in 0u64..60, n in 1u32..30) {
        let holiday = (from + chrono::Days::new(offset)).to_string();
        let (plain, closed) = (plain(), closed_on(&[&holiday]));
        let (before, after) = (plain.add_working_days(from, n), closed.add_working_days(from, n));
        prop_assert!(after >= before);
        prop_assert!(plain.working_days_between(before, after) <= 1);
    }

    #[test]
    fn a_window_closes_with_its_local_day(at in 946_684_800i64..4_000_000_000) {
        let at = DateTime::from_timestamp(at, 0).unwrap();
        let day = local_date(at, London);
        prop_assert!(at < closes_at(day, London));
        prop_assert!(at >= at_local(day, NaiveTime::MIN, London));
    }
}
