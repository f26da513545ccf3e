//! The workbooks of a round: the form that providers fill in, and the action plan that comes back with owners and
//! dates. Both are read again by what they write: column names and the form's code.

use crate::core::assessment::action_plan::Action;
use crate::core::assessment::form::FormCode;
use crate::core::assessment::{Criteria, ProviderReturn, Rating};
use crate::letters::report::clipped;
use anyhow::{Context, Result};
use rust_xlsxwriter::{DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};

/// Row of the column names; above stand title, code and instruction.
const NAMES_ROW: u32 = 4;

struct Look {
    bold: Format,
    name: Format,
    wrapped: Format,
    open: Format,
    date: Format,
}

impl Look {
    fn new() -> Self {
        let top = Format::new().set_align(FormatAlign::Top).set_text_wrap();
        Self {
            bold: Format::new().set_bold().set_font_size(14),
            name: Format::new().set_bold().set_background_color(0x00EE_F2F6).set_text_wrap(),
            wrapped: top.clone(),
            open: top.clone().set_background_color(0x00FF_FBE6),
            date: top.set_background_color(0x00FF_FBE6).set_num_format("d mmm yyyy"),
        }
    }
}

/// An empty book whose bytes depend on nothing but what is written into it.
fn book(title: &str) -> Result<Workbook> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1).context("Cannot date a spreadsheet")?;
    book.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    Ok(book)
}

fn head(sheet: &mut Worksheet, title: &str, code: &FormCode, how: &str, look: &Look) -> Result<()> {
    sheet.write_string_with_format(0, 0, title, &look.bold)?;
    sheet.write_string(1, 0, format!("Form {code}"))?;
    sheet.write_string(2, 0, how)?;
    Ok(())
}

fn names(sheet: &mut Worksheet, columns: &[(&str, f64)], look: &Look) -> Result<()> {
    for ((name, width), place) in columns.iter().zip(0u16..) {
        sheet.write_string_with_format(NAMES_ROW, place, *name, &look.name)?;
        sheet.set_column_width(place, *width)?;
    }
    sheet.set_freeze_panes(NAMES_ROW + 1, 0)?;
    Ok(())
}

const FORM_COLUMNS: &[(&str, f64)] = &[
    ("question", 9.0),
    ("importance", 11.0),
    ("criterion", 60.0),
    ("answer", 12.0),
    ("comment", 50.0),
    ("evidence", 40.0),
    ("council records", 50.0),
];

/// The form as a workbook: one row a criterion, answers from a list.
///
/// # Errors
/// When the workbook cannot be written, which would be a fault of its layout.
pub fn form_workbook(provider_return: &ProviderReturn, criteria: &Criteria) -> Result<Vec<u8>> {
    let title = format!("Self-assessment {}: {}", provider_return.round, provider_return.provider);
    let mut book = book(&title)?;
    let look = Look::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Self-assessment")?;
    let how = "Fill in the yellow columns: Yes, Emerging or No, and a comment for each. Write nothing that could identify a child. Send the file back as an answer to the mail that it came with.";
    head(sheet, &title, &provider_return.form, how, &look)?;
    names(sheet, FORM_COLUMNS, &look)?;
    for (criterion, row) in criteria.iter().zip(NAMES_ROW + 1..) {
        let both = if criterion.double_barrelled { " (Yes only if both parts hold, else Emerging.)" } else { "" };
        let text = format!("{}{both}", criterion.text);
        let offered = provider_return.offered.get(&criterion.number).map_or("", String::as_str);
        sheet.write_number_with_format(row, 0, f64::from(criterion.number), &look.wrapped)?;
        sheet.write_string_with_format(row, 1, criterion.importance.name(), &look.wrapped)?;
        sheet.write_string_with_format(row, 2, clipped(&text), &look.wrapped)?;
        for column in 3..=5 {
            sheet.write_string_with_format(row, column, "", &look.open)?;
        }
        sheet.write_string_with_format(row, 6, clipped(offered), &look.wrapped)?;
    }
    let last = NAMES_ROW + u32::try_from(criteria.total()).unwrap_or(u32::from(u16::MAX));
    let choice = DataValidation::new().allow_list_strings(&Rating::ALL.map(Rating::name))?;
    sheet.add_data_validation(NAMES_ROW + 1, 3, last, 3, &choice)?;
    book.save_to_buffer().context("Cannot write the form as a spreadsheet")
}

const PLAN_COLUMNS: &[(&str, f64)] = &[
    ("action no", 9.0),
    ("priority", 9.0),
    ("provider", 24.0),
    ("criterion", 10.0),
    ("wording", 50.0),
    ("action", 50.0),
    ("owner", 30.0),
    ("due", 14.0),
    ("evidence", 40.0),
    ("state", 14.0),
];

/// A row of the plan with its provider and where it stands.
#[derive(Debug, Clone)]
pub struct PlanRow<'a> {
    /// Whose it is.
    pub provider: &'a str,
    /// The row.
    pub action: &'a Action,
    /// "done", "due 31 March"; empty for what nobody owns yet.
    pub state: String,
}

/// The action plan of a round: owners and dates are filled in and sent back.
///
/// # Errors
/// When the workbook cannot be written, which would be a fault of its layout.
pub fn plan_workbook(round: &str, code: &FormCode, rows: &[PlanRow<'_>], criteria: &Criteria) -> Result<Vec<u8>> {
    let title = format!("Action plan, self-assessment {round}");
    let mut book = book(&title)?;
    let look = Look::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Action plan")?;
    let how = "Priority: 1 essential No, 2 essential Emerging, 3 desirable No, 4 desirable Emerging. Fill in owner (an address) and due date, and send the file back: each date is then followed up by mail.";
    head(sheet, &title, code, how, &look)?;
    names(sheet, PLAN_COLUMNS, &look)?;
    for (row, place) in rows.iter().zip(NAMES_ROW + 1..) {
        let action = row.action;
        let wording = criteria.get(action.criterion).map_or("", |c| c.text.as_str());
        let owner = action.owner.as_ref().map(ToString::to_string).unwrap_or_default();
        // Without a number it is not in the plan yet that people can settle.
        if action.number > 0 {
            sheet.write_number_with_format(place, 0, f64::from(action.number), &look.wrapped)?;
        }
        sheet.write_number_with_format(place, 1, f64::from(action.priority), &look.wrapped)?;
        sheet.write_string_with_format(place, 2, row.provider, &look.wrapped)?;
        sheet.write_string_with_format(place, 3, format!("Q{:02}", action.criterion), &look.wrapped)?;
        sheet.write_string_with_format(place, 4, clipped(wording), &look.wrapped)?;
        sheet.write_string_with_format(place, 5, clipped(&action.action), &look.open)?;
        sheet.write_string_with_format(place, 6, &owner, &look.open)?;
        match action.due {
            Some(due) => sheet.write_datetime_with_format(place, 7, excel_date(due)?, &look.date)?,
            None => sheet.write_string_with_format(place, 7, "", &look.date)?,
        };
        sheet.write_string_with_format(place, 8, clipped(&action.evidence), &look.open)?;
        sheet.write_string_with_format(place, 9, &row.state, &look.wrapped)?;
    }
    book.save_to_buffer().context("Cannot write the action plan")
}

fn excel_date(date: chrono::NaiveDate) -> Result<ExcelDateTime> {
    use chrono::Datelike;
    let year = u16::try_from(date.year())?;
    Ok(ExcelDateTime::from_ymd(year, u8::try_from(date.month())?, u8::try_from(date.day())?)?)
}
