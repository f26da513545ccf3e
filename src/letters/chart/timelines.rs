//! Cases against week 20: a bar from the request to today, a pale one to the expected plan, a line at week 20.

use super::Chart;
use super::canvas::{Anchor, BLUE, Canvas, Hand, INK, LINE, PALE, PLAIN, RED, SMALL, WIDTH, proportion};

/// Height of a case's name with its bar.
const ROW: u32 = 42;
/// The scale goes to here; what is longer is drawn to the edge and told in words.
const WEEKS: u64 = 32;
/// Room for the words behind the longest bar.
const WORDS: u32 = 70;
/// How many cases are drawn.
pub const MOST: usize = 8;

/// A case in whole days since its request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The authority's reference.
    pub case: String,
    /// Today.
    pub now: u64,
    /// The expected final plan.
    pub expected: Option<u64>,
    /// The date that parents were told.
    pub told: Option<u64>,
}

impl Span {
    fn end(&self) -> u64 {
        self.expected.unwrap_or(self.now).max(self.now)
    }
}

/// The first eight cases.
pub fn timelines(name: &'static str, title: &str, cases: &[Span]) -> Chart {
    let drawn = cases.get(..MOST.min(cases.len())).unwrap_or_default();
    let count = u32::try_from(drawn.len()).unwrap_or(0);
    let floor = 50 + ROW * count;
    let mut canvas = Canvas::new(title, floor + 26);
    for week in [0u64, 6, 12, 16, 20, 26] {
        let (x, is_law) = (x_of(week * 7), week == 20);
        let (ink, dashes) = if is_law { (RED, "") } else { (LINE, "3 3") };
        canvas.line((x, 42), (x, floor), ink, dashes);
        let label = if is_law { "week 20".to_owned() } else { week.to_string() };
        let anchor = if week == 0 { Anchor::Start } else { Anchor::Middle };
        canvas.words(x, 38, &label, Hand { anchor, ink: if is_law { RED } else { SMALL.ink }, ..SMALL });
    }
    for (case, place) in drawn.iter().zip(0u32..) {
        let top = 50 + ROW * place;
        canvas.words(0, top + 13, &case.case, PLAIN);
        let (now, end) = (x_of(case.now), x_of(case.end()));
        canvas.bar((0, top + 18), (now.max(2), 14), BLUE);
        canvas.bar((now, top + 18), (end.saturating_sub(now), 14), PALE);
        if let Some(told) = case.told {
            canvas.diamond((x_of(told), top + 25), INK);
        }
        let words = format!("week {}", case.end().div_ceil(7));
        canvas.words(end + 8, top + 31, &words, Hand { size: 13, ..PLAIN });
    }
    canvas.bar((0, floor + 10), (14, 10), BLUE);
    canvas.words(19, floor + 20, "so far", Hand { anchor: Anchor::Start, ..SMALL });
    canvas.bar((84, floor + 10), (14, 10), PALE);
    canvas.words(103, floor + 20, "expected", Hand { anchor: Anchor::Start, ..SMALL });
    if drawn.iter().any(|c| c.told.is_some()) {
        canvas.diamond((196, floor + 15), INK);
        canvas.words(208, floor + 20, "date told to parents", Hand { anchor: Anchor::Start, ..SMALL });
    }
    let told: Vec<String> = drawn
        .iter()
        .map(|c| format!("{} in week {}, plan expected in week {}", c.case, c.now.div_ceil(7), c.end().div_ceil(7)))
        .collect();
    canvas.chart(name, format!("{title}: {}.", told.join("; ")))
}

fn x_of(days: u64) -> u32 {
    proportion(WIDTH - WORDS, days, WEEKS * 7)
}
