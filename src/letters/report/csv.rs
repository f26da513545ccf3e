//! A report as one CSV file, a figure a line: section, table, row, column, value. Easy to filter, easy to load.
//!
//! Spreadsheets take a text that begins with `=`, `+`, `-` or `@` for a formula, also from a CSV file; such a text gets
//! an apostrophe before it (OWASP, "CSV Injection").

use super::document::{Cell, Report, Table};
use anyhow::{Context, Result};

/// The bytes of the file, UTF-8 with a mark, so that spreadsheets read umlauts and dashes right.
///
/// # Errors
/// When the file cannot be written to memory.
pub fn to_csv(report: &Report) -> Result<Vec<u8>> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xef\xbb\xbf".to_vec());
    out.write_record(["Section", "Table", "Row", "Column", "Value"]).context("Cannot write a CSV file")?;
    for section in &report.sections {
        for table in &section.tables {
            write_table(&mut out, &section.heading, table)?;
        }
    }
    out.into_inner().context("Cannot write a CSV file")
}

fn write_table(out: &mut csv::Writer<Vec<u8>>, section: &str, table: &Table) -> Result<()> {
    for row in table.rows.iter().chain(&table.sums) {
        let name = row.first().map(value).unwrap_or_default();
        for (column, cell) in table.columns.iter().zip(row).skip(1) {
            let record = [&safe(section), &safe(&table.caption), &name, &safe(&column.heading), &value(cell)];
            out.write_record(record).context("Cannot write a CSV file")?;
        }
    }
    Ok(())
}

/// As a program reads it: dates as ISO 8601, per cent as a plain number.
fn value(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => safe(text),
        Cell::Date(date) => date.to_string(),
        Cell::Percent(n) => n.to_string(),
        Cell::Difference(change) => {
            let (now, before) = (i128::from(change.now), i128::from(change.before));
            (now - before).to_string()
        }
        Cell::Nothing => String::new(),
        Cell::Count(n) => n.to_string(),
        Cell::Days(halves) => halves.words(),
        Cell::Tenths(n) => format!("{}.{}", n / 10, n % 10),
        Cell::Withheld => "*".to_owned(),
    }
}

fn safe(text: &str) -> String {
    let is_formula = text.trim_start_matches([' ', '\u{a0}']).starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}
