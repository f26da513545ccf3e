//! Lying bars in three parts: how the whole of each row is shared, the numbers written inside.

use super::Chart;
use super::canvas::{Anchor, BLUE, Canvas, Hand, INK, PALE, PLAIN, RED, SMALL, WIDTH, cut, proportion};

/// Height of a name with its bar.
const ROW: u32 = 46;
/// From here on a part is wide enough for its number.
const NARROWEST: u32 = 18;
const WHITE: &str = "#ffffff";

/// Three numbers of each row as parts of one bar; every bar is measured against the largest whole.
pub fn shares(name: &'static str, title: &str, parts: [&str; 3], rows: &[(String, [u64; 3])]) -> Chart {
    let most = rows.iter().map(|(_, numbers)| numbers.iter().sum::<u64>()).max().unwrap_or(0);
    let count = u32::try_from(rows.len()).unwrap_or(0);
    let mut canvas = Canvas::new(title, 52 + ROW * count);
    legend(&mut canvas, parts);
    for ((label, numbers), place) in rows.iter().zip(0u32..) {
        let top = 52 + ROW * place;
        canvas.words(0, top + 12, &cut(label, 46), PLAIN);
        let mut left = 0;
        for (number, (fill, ink)) in numbers.iter().zip(INKS) {
            let width = proportion(WIDTH, *number, most);
            canvas.bar((left, top + 18), (width, 18), fill);
            if width >= NARROWEST {
                let hand = Hand { size: 13, weight: "bold", ink, anchor: Anchor::Middle };
                canvas.words(left + width / 2, top + 32, &number.to_string(), hand);
            }
            left += width;
        }
    }
    let told: Vec<String> = rows
        .iter()
        .map(|(label, numbers)| {
            let each: Vec<String> = numbers.iter().zip(parts).map(|(n, part)| format!("{part} {n}")).collect();
            format!("{label}: {}", each.join(", "))
        })
        .collect();
    canvas.chart(name, format!("{title}. {}.", told.join("; ")))
}

/// Fill and ink of the parts.
const INKS: [(&str, &str); 3] = [(BLUE, WHITE), (PALE, INK), (RED, WHITE)];

fn legend(canvas: &mut Canvas, parts: [&str; 3]) {
    for ((part, (fill, _)), place) in parts.iter().zip(INKS).zip(0u32..) {
        let left = place * 110;
        canvas.bar((left, 28), (12, 12), fill);
        canvas.words(left + 18, 39, part, Hand { anchor: Anchor::Start, ..SMALL });
    }
}
