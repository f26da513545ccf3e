//! A report as a spreadsheet: one sheet a section, real numbers and dates, headings that stay in view, filters.
//!
//! Every text is written as text: a cell that begins with `=` is no formula.

use super::document::{Cell, Report, Section, Table};
use anyhow::{Context, Result};
use chrono::NaiveTime;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};
use std::borrow::Cow;

/// UTF-16 units that a cell holds (Excel specifications and limits).
const LONGEST_CELL: usize = 32_767;
/// What stands behind a text that was cut.
const CUT: &str = " … (cut: too long for a cell)";

/// Formats of the cells.
struct Look {
    heading: Format,
    bold: Format,
    date: Format,
    percent: Format,
    decimal: Format,
    signed: Format,
}

/// The bytes of an XLSX file; the same for the same report.
///
/// # Errors
/// When a sheet cannot be written, which would be a fault of the report's layout.
pub fn to_xlsx(report: &Report) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    // The time of writing would make two files of one report differ.
    let made = ExcelDateTime::from_serial_datetime(f64::from(serial(report))).context("Cannot date a spreadsheet")?;
    book.set_properties(&DocProperties::new().set_title(&report.title).set_creation_datetime(&made));
    let look = Look {
        heading: Format::new().set_bold().set_background_color(0x00EE_F2F6).set_text_wrap(),
        bold: Format::new().set_bold(),
        date: Format::new().set_num_format("d mmm yyyy"),
        percent: Format::new().set_num_format("0%"),
        decimal: Format::new().set_num_format("0.0"),
        signed: Format::new().set_num_format("+0;-0;0"),
    };
    front(book.add_worksheet(), report, &look).context("Cannot write the first sheet")?;
    for section in &report.sections {
        sheet(book.add_worksheet(), section, &look)
            .with_context(|| format!("Cannot write the sheet {}", section.sheet))?;
    }
    book.save_to_buffer().context("Cannot write a spreadsheet")
}

/// The day as spreadsheets count it.
fn serial(report: &Report) -> i32 {
    let zero = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default().and_time(NaiveTime::MIN);
    i32::try_from(report.date.and_time(NaiveTime::MIN).signed_duration_since(zero).num_days()).unwrap_or(0)
}

fn front(sheet: &mut Worksheet, report: &Report, look: &Look) -> Result<()> {
    sheet.set_name("Report")?;
    sheet.set_column_width(0, 8)?;
    sheet.set_column_width(1, 100)?;
    sheet.write_string_with_format(0, 0, &report.title, &look.bold)?;
    sheet.write_string(1, 0, &report.as_at)?;
    sheet.write_string(2, 0, &report.headline)?;
    let mut row = 4;
    for line in &report.lines {
        sheet.write_number(row, 0, f64::from(line.number))?;
        sheet.write_string(row, 1, clipped(&line.text))?;
        row += 1;
    }
    for note in std::iter::once(&report.after_lines).chain(&report.notes).filter(|n| !n.is_empty()) {
        row += 1;
        sheet.write_string(row, 0, note)?;
    }
    Ok(())
}

/// The tables of a section beside each other would break filters, so the first has the filter and the frozen heading
/// and the others follow below it.
fn sheet(sheet: &mut Worksheet, section: &Section, look: &Look) -> Result<()> {
    sheet.set_name(section.sheet)?;
    let widest = section.tables.iter().map(|t| t.columns.len()).max().unwrap_or(1);
    for column in 0..widest {
        let width = section.tables.iter().map(|t| width(t, column)).max().unwrap_or(10);
        sheet.set_column_width(u16::try_from(column)?, f64::from(u32::try_from(width)?))?;
    }
    let mut row = 0;
    for (table, place) in section.tables.iter().zip(0..) {
        if place > 0 {
            sheet.write_string_with_format(row, 0, &table.caption, &look.bold)?;
            row += 1;
        }
        let first = row;
        row = write_table(sheet, table, row, look)?;
        if place == 0 {
            let last_column = u16::try_from(table.columns.len().saturating_sub(1))?;
            let rows = u32::try_from(table.rows.len())?;
            sheet.set_freeze_panes(first + 1, 0)?;
            sheet.autofilter(first, 0, first + rows, last_column)?;
        }
        row += 1;
    }
    for sentence in &section.sentences {
        row += 1;
        sheet.write_string(row, 0, clipped(sentence))?;
    }
    Ok(())
}

fn width(table: &Table, column: usize) -> usize {
    let cells =
        table.rows.iter().filter_map(|r| r.get(column)).map(|c| c.words(chrono::NaiveDate::MIN).chars().count());
    let heading = table.columns.get(column).map_or(0, |c| c.heading.chars().count().min(14) + 4);
    cells.max().unwrap_or(0).clamp(heading, 60) + 2
}

/// The heading, the rows and the sums; the first row behind them.
fn write_table(sheet: &mut Worksheet, table: &Table, first: u32, look: &Look) -> Result<u32> {
    for (column, place) in table.columns.iter().zip(0u16..) {
        sheet.write_string_with_format(first, place, &column.heading, &look.heading)?;
    }
    let mut row = first + 1;
    for cells in table.rows.iter().chain(&table.sums) {
        for (cell, place) in cells.iter().zip(0u16..) {
            write_cell(sheet, row, place, cell, look)?;
        }
        row += 1;
    }
    if let Some(words) = table.not_listed() {
        sheet.write_string(row, 0, words)?;
        row += 1;
    }
    Ok(row)
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, look: &Look) -> Result<()> {
    match cell {
        Cell::Text(text) => sheet.write_string(row, column, clipped(text))?,
        Cell::Count(n) => sheet.write_number(row, column, *n as f64)?,
        Cell::Difference(change) => {
            let difference = change.now as f64 - change.before as f64;
            sheet.write_number_with_format(row, column, difference, &look.signed)?
        }
        Cell::Days(halves) => sheet.write_number_with_format(row, column, halves.value(), &look.decimal)?,
        Cell::Tenths(n) => sheet.write_number_with_format(row, column, *n as f64 / 10.0, &look.decimal)?,
        Cell::Percent(n) => sheet.write_number_with_format(row, column, *n as f64 / 100.0, &look.percent)?,
        Cell::Date(date) => sheet.write_datetime_with_format(row, column, excel_date(*date)?, &look.date)?,
        Cell::Withheld => sheet.write_string(row, column, "*")?,
        Cell::Nothing => return Ok(()),
    };
    Ok(())
}

/// A text that a cell holds: a longer one would make the whole file fail, so it is cut, and says so.
pub fn clipped(text: &str) -> Cow<'_, str> {
    if text.encode_utf16().count() <= LONGEST_CELL {
        return Cow::Borrowed(text);
    }
    let room = LONGEST_CELL - CUT.encode_utf16().count();
    let mut left = room;
    let fits = text.chars().take_while(|c| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    });
    Cow::Owned(fits.chain(CUT.chars()).collect())
}

fn excel_date(date: chrono::NaiveDate) -> Result<ExcelDateTime> {
    use chrono::Datelike;
    let year = u16::try_from(date.year())?;
    Ok(ExcelDateTime::from_ymd(year, u8::try_from(date.month())?, u8::try_from(date.day())?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_too_long_for_a_cell_is_cut_and_says_so() {
        let check = |text: String, expected: usize| {
            let cell = clipped(&text);
            assert_eq!(cell.encode_utf16().count(), expected);
            assert_eq!(cell.ends_with(CUT), text.encode_utf16().count() > LONGEST_CELL);
        };
        check("a".repeat(LONGEST_CELL), LONGEST_CELL);
        check("a".repeat(LONGEST_CELL + 1), LONGEST_CELL);
        // Each of these takes two units, and half of one is none.
        check("😀".repeat(LONGEST_CELL), LONGEST_CELL - (LONGEST_CELL - CUT.encode_utf16().count()) % 2);
        let mut book = Workbook::new();
        let long = "😀".repeat(LONGEST_CELL);
        book.add_worksheet().write_string(0, 0, clipped(&long)).unwrap();
        book.save_to_buffer().unwrap();
    }
}
