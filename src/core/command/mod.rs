//! What staff write: new text → commands, tolerant in form and strict in meaning (`commands.md` 3 to 5).
//!
//! Nothing is ever guessed: a line is a command in full, a refusal that tells the writer why, or prose. Whether
//! the writer may give the command, and whether it fits the state of the case, is decided elsewhere.

pub mod answer;
mod date;
mod field;
mod form;
mod line;
mod object;
mod reader;
mod refusal;
mod stop;
mod verb;

pub use answer::{ShortAnswer, choice, short_answer};
pub use date::{DateBias, read_date};
pub use field::Field;
pub use form::people;
pub use object::{Object, Reference, Who};
pub use reader::read;
pub use refusal::{DateFault, Refusal, RefusalReason};
pub use verb::{CommandRole, Confirmation, Verb};

use chrono::NaiveDate;
use regex::Regex;
use std::fmt;

/// Whether the mail answers one whose lines have numbers, such as the Today mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberedAnswer {
    /// Numbers name its lines, and words behind a numbered verb are free text.
    Yes,
    /// It has one line, so that its number may be left out: "INSUFFICIENT the report does not say how often".
    OneLine,
    /// Numbers mean nothing, and a command has nothing but its object on its line.
    No,
}

impl NumberedAnswer {
    /// To a mail with this many lines.
    pub fn to(lines: usize) -> Self {
        match lines {
            0 => Self::No,
            1 => Self::OneLine,
            _ => Self::Yes,
        }
    }

    /// Whether numbers mean something.
    pub fn has_numbers(self) -> bool {
        self != Self::No
    }
}

/// What has to be known to read a mail.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Whether it answers numbered lines.
    pub numbered: NumberedAnswer,
    /// `cases.ref_pattern`.
    pub ref_pattern: &'a Regex,
    /// The local date of receipt, for dates without a year.
    pub today: NaiveDate,
    /// The subject of a new mail; none for an answer, whose subject is ours.
    pub subject: Option<&'a str>,
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What is asked.
    pub verb: Verb,
    /// Lines of the numbered mail that it is about, in order. When an object is named as well, both have to mean
    /// the same.
    pub lines: Vec<u32>,
    /// What was named on the line.
    pub object: Object,
    /// Fields in the order written, without `Text:` and `Reason:`. Dates stand as `2026-10-19`, working days as
    /// digits, yes and no in lower case; all others as written.
    pub fields: Vec<(Field, String)>,
    /// What stood behind `Text:` or `Reason:`, or freely behind the verb.
    pub text: Option<String>,
    /// The line as written.
    pub as_written: String,
}

impl Command {
    /// The first value of a field.
    pub fn field(&self, field: Field) -> Option<&str> {
        self.field_values(field).next()
    }

    /// All values of a field that may be repeated.
    pub fn field_values(&self, field: Field) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(f, _)| *f == field).map(|(_, value)| value.as_str())
    }

    /// A date field, for its value is kept in ISO form.
    pub fn date(&self, field: Field) -> Option<NaiveDate> {
        self.field(field)?.parse().ok()
    }
}

/// The normal spelling of the line, without fields and text: "1,2 CLOSE", "DECISION ASSESS EHC-2026-0412".
impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.lines.iter().map(u32::to_string).collect();
        let line = format!("{} {} {}", lines.join(","), self.verb.words(), self.object);
        f.write_str(line.trim())
    }
}

/// What a mail asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// To be carried out, in the order written.
    pub commands: Vec<Command>,
    /// To be asked about; nothing of these was understood for sure.
    pub refusals: Vec<Refusal>,
}

#[cfg(test)]
mod tests;
