//! A drawing surface: a few shapes and words as SVG text.

use super::Chart;
use std::fmt::Write;

/// Width of every chart, as it is shown.
pub const WIDTH: u32 = 440;
/// Ink of letters: 16:1 on white.
pub const INK: &str = "#1f2328";
/// Ink of lesser letters and lines: 7:1 on white.
pub const SOFT: &str = "#4f5861";
/// Of lines behind the figures.
pub const LINE: &str = "#c9d1d9";
/// Of bars: 5:1 on white.
pub const BLUE: &str = "#1d65b0";
/// Of what lies ahead.
pub const PALE: &str = "#9cc2ea";
/// Of what is overdue: 7:1 on white.
pub const RED: &str = "#b3151b";

/// Where words stand against their place.
#[derive(Debug, Clone, Copy)]
pub enum Anchor {
    /// They begin there.
    Start,
    /// They are centred on it.
    Middle,
}

/// How words are set.
#[derive(Debug, Clone, Copy)]
pub struct Hand {
    /// Height of the letters.
    pub size: u32,
    /// Bold or not.
    pub weight: &'static str,
    /// Ink.
    pub ink: &'static str,
    /// Place.
    pub anchor: Anchor,
}

/// Plain words.
pub const PLAIN: Hand = Hand { size: 15, weight: "normal", ink: INK, anchor: Anchor::Start };
/// Bold words.
pub const BOLD: Hand = Hand { size: 15, weight: "bold", ink: INK, anchor: Anchor::Start };
/// Words at a scale.
pub const SMALL: Hand = Hand { size: 13, weight: "normal", ink: SOFT, anchor: Anchor::Middle };

/// A drawing in the making.
pub struct Canvas {
    body: String,
    height: u32,
}

impl Canvas {
    /// An empty one with its title.
    pub fn new(title: &str, height: u32) -> Self {
        let mut canvas = Self { body: String::new(), height };
        canvas.words(0, 17, title, BOLD);
        canvas
    }

    /// A filled rectangle; nothing when it has no extent.
    pub fn bar(&mut self, (x, y): (u32, u32), (width, height): (u32, u32), fill: &str) {
        if width == 0 || height == 0 {
            return;
        }
        let _ = write!(self.body, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>"#);
    }

    /// A straight line; `dashes` as SVG has them, empty for none.
    pub fn line(&mut self, from: (u32, u32), to: (u32, u32), stroke: &str, dashes: &str) {
        let ((x1, y1), (x2, y2)) = (from, to);
        let _ = write!(
            self.body,
            r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" stroke-width="1.5" stroke-dasharray="{dashes}"/>"#
        );
    }

    /// A diamond around its middle.
    pub fn diamond(&mut self, (x, y): (u32, u32), fill: &str) {
        let _ = write!(
            self.body,
            r#"<rect x="-5" y="-5" width="10" height="10" fill="{fill}" stroke="white" transform="translate({x} {y}) rotate(45)"/>"#
        );
    }

    /// Words on their base line.
    pub fn words(&mut self, x: u32, y: u32, text: &str, hand: Hand) {
        let anchor = match hand.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
        };
        let Hand { size, weight, ink, .. } = hand;
        let _ = write!(
            self.body,
            r#"<text x="{x}" y="{y}" font-family="DejaVu Sans" font-size="{size}" font-weight="{weight}" fill="{ink}" text-anchor="{anchor}">{}</text>"#,
            escape(text)
        );
    }

    /// The finished chart.
    pub fn chart(self, name: &'static str, alt: String) -> Chart {
        let (width, height) = (WIDTH + 10, self.height + 8);
        let svg = format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="-2 -4 {width} {height}"><rect x="-2" y="-4" width="{width}" height="{height}" fill="#ffffff"/>{}</svg>"##,
            self.body
        );
        Chart { name, alt, svg, width, height }
    }
}

/// A length of `whole` that is in the proportion of `part` to `most`; nothing of nothing.
pub fn proportion(whole: u32, part: u64, most: u64) -> u32 {
    let length = u64::from(whole).saturating_mul(part.min(most)).checked_div(most).unwrap_or(0);
    u32::try_from(length).unwrap_or(whole)
}

/// At most so many letters, with an ellipsis for the rest.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn escape(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).collect();
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
