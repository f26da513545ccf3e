//! Charts of the reports: figures → SVG → PNG, with a font of our own, so that they look alike on every machine.
//!
//! Each is drawn for a phone first: narrow, large letters, the number written beside its bar, so that colour carries
//! nothing alone. Words for those who do not see it stand in `alt`. White ground, so that it can be read in the dark.

mod bars;
mod canvas;
mod columns;
mod shares;
mod timelines;

pub use bars::bars;
pub use columns::{days, months};
pub use shares::shares;
pub use timelines::{Span, timelines};

use anyhow::{Context, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::{Arc, LazyLock};

/// Pixels of the picture for one of its own: sharp on a phone.
const SCALE: f32 = 2.0;

/// DejaVu Sans, cut down to Latin letters; licence beside the files.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(include_bytes!("../fonts/DejaVuSans-Latin.ttf").to_vec());
    fonts.load_font_data(include_bytes!("../fonts/DejaVuSans-Bold-Latin.ttf").to_vec());
    Arc::new(fonts)
});

/// A chart, drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Its name, as content id and file name begin: "overdue".
    pub name: &'static str,
    /// Everything that it shows, in words.
    pub alt: String,
    /// The drawing.
    pub svg: String,
    /// Width as it is shown.
    pub width: u32,
    /// Height as it is shown.
    pub height: u32,
}

impl Chart {
    /// The picture, twice as large as it is shown.
    ///
    /// # Errors
    /// When the drawing is no SVG, which would be a fault of this module.
    pub fn png(&self) -> Result<Vec<u8>> {
        let options = Options { font_family: "DejaVu Sans".to_owned(), fontdb: FONTS.clone(), ..Options::default() };
        let tree = Tree::from_str(&self.svg, &options).context("Cannot read a chart")?;
        let size = tree.size().to_int_size().scale_by(SCALE).context("Cannot scale a chart")?;
        let mut picture = Pixmap::new(size.width(), size.height()).context("Cannot draw a chart")?;
        resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
        picture.encode_png().context("Cannot write a chart")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_becomes_a_picture_with_letters_and_the_same_every_time() {
        let chart = bars("overdue", "Overdue <by> service & more", &[("Paediatrics".into(), 4), ("CAMHS".into(), 1)]);
        let png = chart.png().unwrap();
        assert!(png.starts_with(b"\x89PNG"));
        assert_eq!(png, chart.png().unwrap());
        let without = bars("overdue", "", &[("".into(), 4), ("".into(), 1)]).png().unwrap();
        assert!(png.len() > without.len() + 500, "letters are drawn: {} against {}", png.len(), without.len());
    }
}
