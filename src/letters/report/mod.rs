//! Reports: figures → a document → HTML and text for a mail, a spreadsheet and a CSV file. All four are made from the
//! one document, so they say the same.

mod csv;
mod document;
mod first_screen;
mod health;
mod html;
mod measure;
mod shadow;
mod sheet;
mod text;
mod weekly;

pub use csv::to_csv;
pub use document::{Cell, Column, Report, Section, Table};
pub use health::health;
pub use html::{Pictures, to_html};
pub use shadow::shadow;
pub use sheet::{clipped, to_xlsx};
pub use text::to_text;
pub use weekly::weekly;

pub use super::markup::AnswerLinks;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
