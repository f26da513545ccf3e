//! A report as a document: a headline, lines that can be answered, sections with charts and tables of typed cells.

use crate::core::figures::{Change, Halves, Shown};
use crate::core::letter::Line;
use crate::letters::chart::Chart;
use chrono::{Datelike, NaiveDate};
use std::ops::Range;

/// Rows of a table that stand in the mail; the spreadsheet holds all of them.
pub const ROWS_IN_MAIL: usize = 8;
/// Among headings: what follows stands below the others in the mail, for a phone has no room beside them.
const BELOW: &str = "/";
/// Among headings: what follows is in the spreadsheet only.
const ONLY_SHEET: &str = "|";

/// A whole report.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How its files begin: "weekly".
    pub name: &'static str,
    /// The date in its file names.
    pub date: NaiveDate,
    /// With the one figure that matters; without any name or reference.
    pub subject: String,
    /// "Weekly SEND report".
    pub title: String,
    /// Whose, and as at when.
    pub as_at: String,
    /// One sentence.
    pub headline: String,
    /// What needs the reader, numbered.
    pub lines: Vec<Line>,
    /// What stands behind the lines: how to answer, how many more there are.
    pub after_lines: String,
    /// In their order.
    pub sections: Vec<Section>,
    /// How the figures are counted.
    pub notes: Vec<String>,
}

/// A part of a report; one sheet of the spreadsheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// "3. Clarifications".
    pub heading: String,
    /// Name of its sheet: at most 31 letters, none of `[]:*?/\`.
    pub sheet: &'static str,
    /// What its figures come to.
    pub sentences: Vec<String>,
    /// A picture of them.
    pub charts: Vec<Chart>,
    /// The figures.
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it holds.
    pub caption: String,
    /// Its columns; the spreadsheet holds all of them.
    pub columns: Vec<Column>,
    /// How many of the first columns stand in the mail, which has to fit a phone; 0 keeps the table out of it.
    pub columns_in_mail: usize,
    /// How many of the columns behind them stand in the mail below the others.
    pub columns_below: usize,
    /// How many of the first rows stand in the mail.
    pub rows_in_mail: usize,
    /// Its rows.
    pub rows: Vec<Vec<Cell>>,
    /// A last row of sums.
    pub sums: Option<Vec<Cell>>,
    /// How many rows no form of the report holds.
    pub left_out: u64,
    /// What is said when there are no rows.
    pub empty: &'static str,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// Whether it is words or figures.
    pub side: Side,
}

/// On which side a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// One cell, with its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A count.
    Count(u64),
    /// A difference with its sign.
    Difference(Change),
    /// Days, in halves.
    Days(Halves),
    /// Tenths.
    Tenths(u64),
    /// Whole per cent.
    Percent(u64),
    /// A day.
    Date(NaiveDate),
    /// Fewer than five, or withheld so that such a number cannot be worked out.
    Withheld,
    /// There is none.
    Nothing,
}

impl Cell {
    /// As it is read in a report of this day.
    pub fn words(&self, today: NaiveDate) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(n) => n.to_string(),
            Self::Difference(change) => change.sign(),
            Self::Days(halves) => halves.words(),
            Self::Tenths(n) => format!("{}.{}", n / 10, n % 10),
            Self::Percent(n) => format!("{n}%"),
            Self::Date(date) if date.year() == today.year() => date.format("%-d %b").to_string(),
            Self::Date(date) => date.format("%-d %b %y").to_string(),
            Self::Withheld => "*".to_owned(),
            Self::Nothing => "–".to_owned(),
        }
    }

    /// Words.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// A share in per cent, nothing of nothing.
    pub fn percent(percent: Option<u64>) -> Self {
        percent.map_or(Self::Nothing, Self::Percent)
    }

    /// A day, when there is one.
    pub fn date(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Nothing, Self::Date)
    }

    /// A median, when there is one.
    pub fn days(days: Option<Halves>) -> Self {
        days.map_or(Self::Nothing, Self::Days)
    }
}

impl From<Shown> for Cell {
    fn from(shown: Shown) -> Self {
        shown.exact().map_or(Self::Withheld, Self::Count)
    }
}

impl Section {
    /// An empty section with its number and the name of its sheet.
    pub fn new(number: u32, heading: &str, sheet: &'static str) -> Self {
        Self {
            heading: format!("{number}. {heading}"),
            sheet,
            sentences: Vec::new(),
            charts: Vec::new(),
            tables: Vec::new(),
        }
    }
}

impl Column {
    fn all(headings: &[&str]) -> Vec<Self> {
        headings
            .iter()
            .filter(|h| ![BELOW, ONLY_SHEET].contains(*h))
            .map(|h| match h.strip_prefix('>') {
                Some(heading) => Self { heading: heading.to_owned(), side: Side::Right },
                None => Self { heading: (*h).to_owned(), side: Side::Left },
            })
            .collect()
    }
}

impl Table {
    /// A table without a row of sums. In `headings` a `>` before one says that it holds figures; a `/` alone stands
    /// before those that the mail shows below the others, a `|` before those that only the spreadsheet has.
    pub fn new(caption: &str, headings: &[&str], rows: Vec<Vec<Cell>>, empty: &'static str) -> Self {
        let shown = headings.split(|h| *h == ONLY_SHEET).next().unwrap_or_default();
        let mut shown = shown.split(|h| *h == BELOW).map(<[&str]>::len);
        Self {
            caption: caption.to_owned(),
            columns: Column::all(headings),
            columns_in_mail: shown.next().unwrap_or_default(),
            columns_below: shown.sum(),
            rows_in_mail: ROWS_IN_MAIL,
            rows,
            sums: None,
            left_out: 0,
            empty,
        }
    }

    /// The same with a last row of sums.
    pub fn with_sums(mut self, sums: Vec<Cell>) -> Self {
        self.sums = Some(sums);
        self
    }

    /// The same of so many rows in all; those that are too many for any list are told of.
    pub fn out_of(self, all: u64) -> Self {
        Self { left_out: all.saturating_sub(self.rows.len() as u64), ..self }
    }

    /// What the spreadsheet says of rows that no form of the report holds.
    pub fn not_listed(&self) -> Option<String> {
        (self.left_out > 0).then(|| format!("and {} more, too many to list", self.left_out))
    }

    /// The same with all rows in the mail: for tables of known length.
    pub fn with_all_rows(self) -> Self {
        Self { rows_in_mail: usize::MAX, ..self }
    }

    /// The table as the mail shows it: its first rows with the columns that stand beside one another, then with those
    /// that stand below, each time behind what a row is about.
    pub fn in_mail(&self) -> Vec<Self> {
        let first = self.columns_in_mail;
        let below = first + self.columns_below;
        let continued = format!("{}, continued", self.caption);
        let mut parts = vec![self.part(&self.caption, 0..first)];
        parts.extend((self.columns_below > 0).then(|| self.part(&continued, first..below)));
        parts
    }

    fn part(&self, caption: &str, columns: Range<usize>) -> Self {
        let places: Vec<usize> = std::iter::once(0).chain(columns.skip_while(|n| *n == 0)).collect();
        let of_row = |row: &Vec<Cell>| places.iter().filter_map(|n| row.get(*n).cloned()).collect::<Vec<_>>();
        Self {
            caption: caption.to_owned(),
            columns: places.iter().filter_map(|n| self.columns.get(*n).cloned()).collect(),
            rows: self.rows.iter().take(self.rows_in_mail).map(of_row).collect(),
            sums: self.sums.as_ref().map(of_row),
            ..self.clone()
        }
    }

    /// Whether the spreadsheet has columns that the mail has no room for.
    fn has_more_columns(&self) -> bool {
        self.columns.len() > self.columns_in_mail + self.columns_below
    }

    /// "and 12 more in the spreadsheet": what the mail has no room for.
    pub fn not_in_mail(&self) -> Option<String> {
        let more = self.rows.len().saturating_sub(self.rows_in_mail);
        match (more, self.left_out) {
            (0, 0) => None,
            (more, 0) => Some(format!("and {more} more in the spreadsheet")),
            (0, all) => Some(format!("and {all} more, too many to list")),
            (more, all) => Some(format!("and {more} more in the spreadsheet, and {all} too many to list")),
        }
    }
}

impl Report {
    /// A name for one of its files: `weekly-2026-11-23.xlsx`.
    pub fn file_name(&self, extension: &str) -> String {
        format!("{}-{}.{extension}", self.name, self.date)
    }

    /// What stands at its end in the mail: how the figures are counted, and where the rest is.
    pub fn closing(&self) -> Vec<&str> {
        let mut tables = self.sections.iter().flat_map(|s| &s.tables);
        let cut = tables.any(|t| t.columns_in_mail > 0 && !t.rows.is_empty() && t.has_more_columns());
        let more = cut.then_some("The spreadsheet has more columns of some of these tables.");
        self.notes.iter().map(String::as_str).chain(more).collect()
    }

    /// Its charts with the names of their files.
    pub fn charts(&self) -> impl Iterator<Item = &Chart> {
        self.sections.iter().flat_map(|s| &s.charts)
    }
}
