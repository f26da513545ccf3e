//! Lying bars: one a service, its name above, its number behind.

use super::Chart;
use super::canvas::{BOLD, Canvas, PLAIN, RED, WIDTH, cut, proportion};

/// Height of a name with its bar.
const ROW: u32 = 44;
/// Room for the number behind the longest bar.
const NUMBER: u32 = 60;
/// How many bars are drawn; the tables hold the rest.
pub const MOST: usize = 8;

/// How many of something each service has, the most first; those beyond eight are drawn together.
pub fn bars(name: &'static str, title: &str, rows: &[(String, u64)]) -> Chart {
    let (own, rest) = if rows.len() > MOST { rows.split_at(MOST - 1) } else { (rows, &[][..]) };
    let mut drawn = own.to_vec();
    if !rest.is_empty() {
        drawn.push((format!("{} other services", rest.len()), rest.iter().map(|(_, n)| n).sum()));
    }
    let most = drawn.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let count = u32::try_from(drawn.len()).unwrap_or(0);
    let mut canvas = Canvas::new(title, 28 + ROW * count);
    for ((label, number), place) in drawn.iter().zip(0u32..) {
        let top = 28 + ROW * place;
        let length = proportion(WIDTH - NUMBER, *number, most).max(2);
        canvas.words(0, top + 14, &cut(label, 46), PLAIN);
        canvas.bar((0, top + 20), (length, 16), RED);
        canvas.words(length + 8, top + 34, &number.to_string(), BOLD);
    }
    let told: Vec<String> = drawn.iter().map(|(label, number)| format!("{label} {number}")).collect();
    canvas.chart(name, format!("{title}: {}.", told.join(", ")))
}
