//! A million due dates against the loop that looks at each day.

use crate::rounds::{Row, medians, scattered, timed};
use chrono::{Days, NaiveDate};
use followupd::core::calendar::Calendar;

const DATES: u64 = 1_000_000;
/// Days of 2019 to 2040, less the longest window at the end.
const SPAN: u64 = 8_036 - 60;

fn day_by_day(calendar: &Calendar, from: NaiveDate, n: u32) -> NaiveDate {
    let days = from.iter_days().skip(1).filter(|day| calendar.is_working(*day));
    days.take(n as usize).last().unwrap_or(from)
}

pub fn rows() -> Vec<Row> {
    let calendar = Calendar::default();
    let first = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap();
    let asked: Vec<(NaiveDate, u32)> = (0..DATES)
        .map(scattered)
        .map(|x| (first + Days::new(x % SPAN), 1 + u32::try_from((x >> 32) % 25).unwrap()))
        .collect();
    let [ours, floor] = medians(|_| {
        let (dates, ours) =
            timed(|| asked.iter().map(|(from, n)| calendar.add_working_days(*from, *n)).collect::<Vec<_>>());
        let (looped, floor) =
            timed(|| asked.iter().map(|(from, n)| day_by_day(&calendar, *from, *n)).collect::<Vec<_>>());
        assert!(dates == looped, "the table and the loop agree");
        [ours, floor]
    });
    vec![Row {
        name: "a million due dates, equal to the loop".into(),
        pieces: asked.len(),
        time: ours,
        floor: Some((floor, "day by day")),
        bar: "bar 0.7 s, aim 0.1 s",
    }]
}
