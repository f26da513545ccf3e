//! The windows over the weeks as one SVG: a bar a round, marks for what happened, closed days shaded. Pure.

use super::Played;
use crate::core::calendar::{DayKind, local_date};
use crate::core::follow_up::{FollowUp, Round};
use crate::core::wording::short_date;
use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use chrono_tz::Europe::London;
use std::fmt::Write;

/// Left of the first day: the references.
const LEFT: i64 = 132;
const DAY: i64 = 11;
const ROW: i64 = 26;
const TOP: i64 = 34;

/// The chart, `<svg>` and all. Its colours are classes that the page defines.
pub fn render(played: &Played, begins: DateTime<Utc>, ends: DateTime<Utc>) -> String {
    let (first, last) = (local_date(begins, London), local_date(ends, London));
    let rows = i64::try_from(played.follow_ups.len()).unwrap_or(0);
    let width = LEFT + ((last - first).num_days() + 1) * DAY + 8;
    let height = TOP + rows * ROW + 8;
    let mut svg = format!(
        "<svg role=\"img\" aria-labelledby=\"chart-title chart-text\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\"><title id=\"chart-title\">Windows over the weeks</title><desc id=\"chart-text\">{}</desc>",
        described(played)
    );
    days(&mut svg, played, first, last, height);
    for ((case, follow_up), row) in played.follow_ups.iter().zip(0i64..) {
        let y = TOP + row * ROW;
        let _ = write!(svg, "<text class=\"name\" x=\"4\" y=\"{}\">{case}</text>", y + 15);
        for round in &follow_up.rounds {
            bar(&mut svg, round, first, y);
        }
        marks(&mut svg, follow_up, first, y);
    }
    svg.push_str("</svg>");
    svg
}

fn described(played: &Played) -> String {
    let rows = played.follow_ups.iter().map(|(case, follow_up)| {
        let due = follow_up.due_on().map(short_date).unwrap_or_default();
        let level = follow_up.rounds.iter().map(Round::level).max().unwrap_or(0);
        format!(
            "{case}: {} round(s), last due {due}, highest escalation {level}, {}.",
            follow_up.rounds.len(),
            follow_up.standing()
        )
    });
    rows.collect::<Vec<_>>().join(" ")
}

fn x_of(first: NaiveDate, day: NaiveDate) -> i64 {
    LEFT + (day - first).num_days() * DAY
}

fn days(svg: &mut String, played: &Played, first: NaiveDate, last: NaiveDate, height: i64) {
    for day in first.iter_days().take_while(|day| *day <= last) {
        let x = x_of(first, day);
        let (class, why) = match played.calendar.day(day) {
            DayKind::Working => ("", String::new()),
            DayKind::Weekend(_) => ("weekend", String::new()),
            DayKind::Closed(name) => ("closed", name),
        };
        if !class.is_empty() {
            let _ = write!(
                svg,
                "<rect class=\"{class}\" x=\"{x}\" y=\"{TOP}\" width=\"{DAY}\" height=\"{}\"><title>{} {why}</title></rect>",
                height - TOP,
                short_date(day)
            );
        }
        if day.weekday() == Weekday::Mon {
            let _ = write!(svg, "<text class=\"week\" x=\"{x}\" y=\"22\">{}</text>", day.format("%-d %b"));
            let _ = write!(svg, "<line class=\"grid\" x1=\"{x}\" y1=\"26\" x2=\"{x}\" y2=\"{height}\"/>");
        }
    }
}

/// From day 0 to the end of the last day; what was given on top is drawn apart.
fn bar(svg: &mut String, round: &Round, first: NaiveDate, y: i64) {
    let Some((zero, due)) = round.day_zero.zip(round.due_on) else { return };
    let told = round.original_due.unwrap_or(due);
    // What was asked before the play begins at its edge.
    let start = x_of(first, zero.max(first));
    if told < first {
        return;
    }
    let _ = write!(
        svg,
        "<rect class=\"window\" x=\"{start}\" y=\"{}\" width=\"{}\" height=\"12\" rx=\"3\"><title>Round {}: asked {}, due {}</title></rect>",
        y + 5,
        x_of(first, told) + DAY - start,
        round.number,
        short_date(zero),
        short_date(told)
    );
    if due > told {
        let from = x_of(first, told) + DAY;
        let _ = write!(
            svg,
            "<rect class=\"more\" x=\"{from}\" y=\"{}\" width=\"{}\" height=\"12\" rx=\"3\"><title>More time, until {}</title></rect>",
            y + 5,
            x_of(first, due) + DAY - from,
            short_date(due)
        );
    }
}

fn marks(svg: &mut String, follow_up: &FollowUp, first: NaiveDate, y: i64) {
    let at = |at: DateTime<Utc>| x_of(first, local_date(at, London)) + DAY / 2;
    let middle = y + 11;
    for round in &follow_up.rounds {
        for escalated in round.told() {
            let x = at(escalated.at);
            let _ = write!(
                svg,
                "<path class=\"escalated\" d=\"M{x} {} l7 13 h-14 z\"><title>Escalation, level {}</title></path><text class=\"level\" x=\"{x}\" y=\"{}\">{}</text>",
                middle - 8,
                escalated.level,
                middle + 4,
                escalated.level
            );
        }
        for reply in &round.replies {
            let class = if !reply.counts() { "thin" } else { "answer" };
            let _ = write!(
                svg,
                "<circle class=\"{class}\" cx=\"{}\" cy=\"{middle}\" r=\"5\"><title>{}</title></circle>",
                at(reply.received_at),
                reply.doubt.map_or("An answer", crate::core::follow_up::Doubt::words)
            );
        }
    }
    if let Some(ended) = follow_up.ended_at {
        let x = at(ended);
        let _ = write!(svg, "<path class=\"ended\" d=\"M{} {middle} l4 5 l8 -10\"><title>Ended</title></path>", x - 5);
    }
}
