//! The form in which a self-assessment is sent and answered: rendered as plain text, read as people and their mail
//! programs leave it.
//!
//! In doubt an answer is unclear and is asked again; an unclear answer is never taken for a rating.
//!
//! - `code` tells the form of one round from another's;
//! - `render` writes the text form, `text` reads it (quoted, re-wrapped, retyped);
//! - `marks` knows what opens an item, `value` what a rating looks like;
//! - `table` reads rows of cells: spreadsheets, CSV, tables pasted into a mail.

mod code;
mod marks;
mod render;
mod table;
mod text;
mod value;

pub use code::FormCode;
pub use render::{RECEIPT_END, RECEIPT_START, render, render_for};

use super::answers::{Answers, Claim};
use super::criteria::Criteria;

/// The cells of one sheet or table, row by row.
pub type Rows = Vec<Vec<String>>;

/// Reads the text form, wherever it stands in a mail: answered in place, quoted, or typed as a list.
pub fn read_text(text: &str, criteria: &Criteria) -> Answers {
    Answers::from_claims(criteria, text::claims(text, criteria))
}

/// Reads the sheets of a workbook or the one table of a CSV file.
///
/// Sheets without the form's column names count only when no sheet has them: next to a form they are lists and notes.
pub fn read_tables(sheets: &[Rows], criteria: &Criteria) -> Answers {
    let with_names: Vec<Claim> = sheets.iter().filter_map(table::claims_by_names).flatten().collect();
    if !with_names.is_empty() {
        return Answers::from_claims(criteria, with_names);
    }
    Answers::from_claims(criteria, sheets.iter().flat_map(table::claims_by_place))
}

/// One spelling for what mail programs write in many: full-width letters become plain, hard and thin spaces become
/// spaces, invisible characters and carriage returns go. Other characters stay, for comments are shown to people.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter_map(tidy_character).collect()
}

fn tidy_character(c: char) -> Option<char> {
    match c {
        '\r' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => Some('\n'),
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        '\u{2010}' | '\u{2011}' => Some('-'),
        _ => Some(c),
    }
}

#[cfg(test)]
mod tests;
