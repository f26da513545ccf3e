//! Standing columns: the days of a week with how many windows close, the months with their share in time.

use super::Chart;
use super::canvas::{Anchor, BLUE, BOLD, Canvas, INK, LINE, SMALL, WIDTH, proportion};
use crate::core::figures::Share;
use chrono::{Datelike, NaiveDate};

/// Height of the tallest column.
const TALLEST: u32 = 120;
/// Where columns begin, from the top: title and the number above the tallest.
const TOP: u32 = 50;

/// How many of something fall on each day.
pub fn days(name: &'static str, title: &str, days: &[(NaiveDate, u64)]) -> Chart {
    let most = days.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let columns: Vec<Column> = days
        .iter()
        .map(|(day, number)| Column {
            above: number.to_string(),
            height: proportion(TALLEST, *number, most),
            below: [day.format("%a").to_string(), day.format("%-d %b").to_string()],
        })
        .collect();
    let told: Vec<String> = days.iter().map(|(day, n)| format!("{} {n}", day.format("%A %-d %B"))).collect();
    draw(&columns, title).chart(name, format!("{title}: {}.", told.join(", ")))
}

/// The share of each month, in per cent; a month without one is left empty.
pub fn months(name: &'static str, title: &str, months: &[(NaiveDate, Option<Share>)]) -> Chart {
    let percent = |share: &Option<Share>| share.and_then(Share::percent);
    let columns: Vec<Column> = months
        .iter()
        .zip(0u32..)
        .map(|((first, share), place)| Column {
            above: percent(share).map_or_else(|| "–".to_owned(), |p| p.to_string()),
            height: proportion(TALLEST, percent(share).unwrap_or(0), 100),
            below: [
                first.format("%b").to_string(),
                if place == 0 || first.month() == 1 { first.year().to_string() } else { String::new() },
            ],
        })
        .collect();
    let told: Vec<String> = months
        .iter()
        .map(|(first, share)| {
            let month = first.format("%B %Y");
            percent(share).map_or_else(|| format!("{month} none"), |p| format!("{month} {p}%"))
        })
        .collect();
    draw(&columns, title).chart(name, format!("{title}: {}.", told.join(", ")))
}

struct Column {
    above: String,
    height: u32,
    below: [String; 2],
}

fn draw(columns: &[Column], title: &str) -> Canvas {
    let floor = TOP + TALLEST;
    let mut canvas = Canvas::new(title, floor + 42);
    let count = u32::try_from(columns.len()).unwrap_or(1).max(1);
    let step = WIDTH / count;
    let width = (step * 2 / 3).min(56);
    for (column, place) in columns.iter().zip(0u32..) {
        let middle = step * place + step / 2;
        canvas.bar((middle - width / 2, floor - column.height), (width, column.height), BLUE);
        let above = super::canvas::Hand { anchor: Anchor::Middle, ink: INK, ..BOLD };
        canvas.words(middle, floor - column.height - 6, &column.above, above);
        for (line, text) in (0u32..).zip(&column.below) {
            canvas.words(middle, floor + 17 + 16 * line, text, SMALL);
        }
    }
    canvas.line((0, floor), (WIDTH, floor), LINE, "");
    canvas
}
