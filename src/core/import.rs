//! Sheets that are sent with `IMPORT`: which column means what, and what each row says. Reads and checks rows; what
//! becomes of them is decided elsewhere.

use super::command::{DateBias, read_date};
use super::id::Address;
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

/// Our fields with the headings that mean them without any configuration.
const FIELDS: [(&str, &[&str]); 15] = [
    ("case", &["case reference", "reference", "ref"]),
    ("requested", &["request received", "date requested", "received"]),
    ("child", &["initials", "child initials"]),
    ("first_name", &["forename"]),
    ("born", &["date of birth", "dob"]),
    ("parent", &["parent name", "parent 1"]),
    ("parent_address", &["parent email", "parent e-mail", "parent 1 email"]),
    ("parent_2", &["parent 2 name"]),
    ("parent_2_address", &["parent 2 email", "parent 2 e-mail"]),
    ("coordinator", &["co-ordinator", "case officer", "ehc coordinator"]),
    ("their_ref", &["provider number"]),
    ("final_issued", &["final plan", "final plan issued", "plan date"]),
    ("adviser", &["advice from", "advice giver"]),
    ("asked", &["date asked", "asked on", "advice requested"]),
    ("manager", &["line manager"]),
];

/// Rows above the headings: a title, the day of the export.
const HEADINGS_WITHIN: usize = 10;
/// Day 0 of a spreadsheet's dates, with its famous leap year that was none.
const EPOCH: Option<NaiveDate> = NaiveDate::from_ymd_opt(1899, 12, 30);
/// Serial numbers of 1954 to 2119: other numbers are no dates.
const SERIALS: std::ops::Range<f64> = 20_000.0..80_000.0;

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A case with its particulars.
    Case,
    /// An advice request that was made elsewhere.
    Advice,
    /// An adviser and their line manager.
    Person,
}

/// A row by our names of the fields; empty cells are not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Number of the sheet, from 1.
    pub sheet: usize,
    /// Number of the row as a spreadsheet shows it.
    pub number: usize,
    /// What it is about.
    pub kind: RowKind,
    cells: BTreeMap<&'static str, String>,
}

impl Row {
    /// The cell of a field, when it holds anything.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.cells.get(field).map(String::as_str)
    }

    /// A date that cannot be later than today.
    ///
    /// # Errors
    /// When it is no date, or lies in the future.
    pub fn date(&self, field: &str, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
        let Some(written) = self.get(field) else { return Ok(None) };
        let date = date_of(written, today).ok_or_else(|| format!("“{written}” under {field} is no date"))?;
        if date > today { Err(format!("{date} under {field} is in the future")) } else { Ok(Some(date)) }
    }

    /// An address.
    ///
    /// # Errors
    /// When it is none.
    pub fn address(&self, field: &str) -> Result<Option<Address>, String> {
        let Some(written) = self.get(field) else { return Ok(None) };
        let parsed = Address::parse(written.trim_start_matches("mailto:"));
        parsed.map(Some).ok_or_else(|| format!("“{written}” under {field} is no e-mail address"))
    }
}

/// Whether a field may stand in `import.columns`.
pub fn is_field(name: &str) -> bool {
    FIELDS.iter().any(|(field, _)| *field == name)
}

/// The names of all fields, for people.
pub fn field_names() -> String {
    FIELDS.map(|(field, _)| field).join(", ")
}

/// Reads all sheets; `columns` says which headings of the authority's own mean our fields.
///
/// # Errors
/// When no sheet has headings that are known.
pub fn read(sheets: &[Vec<Vec<String>>], columns: &BTreeMap<String, String>) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    let mut known = false;
    for (number, sheet) in (1..).zip(sheets) {
        let Some((at, kind, fields)) = headings(sheet, columns) else { continue };
        known = true;
        rows.extend(sheet.iter().enumerate().skip(at + 1).filter_map(|(index, cells)| {
            let cells: BTreeMap<&'static str, String> = fields
                .iter()
                .filter_map(|(column, field)| cells.get(*column).map(|c| (*field, c.trim().to_owned())))
                .filter(|(_, cell)| !cell.is_empty())
                .collect();
            (!cells.is_empty()).then_some(Row { sheet: number, number: index + 1, kind, cells })
        }));
    }
    if known {
        Ok(rows)
    } else {
        Err(format!(
            "No sheet has a row of headings that is known. A sheet of cases needs the heading case, one of advice requests case and adviser, one of people adviser and manager; import.columns in the configuration names other headings. All fields: {}.",
            field_names()
        ))
    }
}

type Headings = (usize, RowKind, Vec<(usize, &'static str)>);

/// The row of headings, what the sheet is about, and which column holds which field.
fn headings(sheet: &[Vec<String>], columns: &BTreeMap<String, String>) -> Option<Headings> {
    sheet.iter().take(HEADINGS_WITHIN).enumerate().find_map(|(at, row)| {
        let fields: Vec<(usize, &'static str)> = row
            .iter()
            .enumerate()
            .filter_map(|(column, heading)| field_of(heading, columns).map(|f| (column, f)))
            .collect();
        let has = |name: &str| fields.iter().any(|(_, field)| *field == name);
        let kind = match (has("case"), has("adviser"), has("manager")) {
            (true, true, _) => RowKind::Advice,
            (true, false, _) => RowKind::Case,
            (false, true, true) => RowKind::Person,
            (false, _, _) => return None,
        };
        Some((at, kind, fields))
    })
}

fn field_of(heading: &str, columns: &BTreeMap<String, String>) -> Option<&'static str> {
    let wanted = key(heading);
    if wanted.is_empty() {
        return None;
    }
    let set = |field: &str| columns.get(field).is_some_and(|own| key(own) == wanted);
    // A heading that the configuration gives to one field means no other.
    FIELDS
        .iter()
        .find(|(field, _)| set(field))
        .or_else(|| {
            FIELDS.iter().find(|(field, usual)| {
                !columns.contains_key(*field) && (key(field) == wanted || usual.iter().any(|name| key(name) == wanted))
            })
        })
        .map(|(field, _)| *field)
}

fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A date as typed, as a database writes it (`2026-10-19 00:00:00`), or as a spreadsheet stores it.
fn date_of(written: &str, today: NaiveDate) -> Option<NaiveDate> {
    let day = written.split_once([' ', 'T']).filter(|(_, time)| time.contains(':')).map_or(written, |(day, _)| day);
    let serial = || {
        let number: f64 = written.parse().ok().filter(|n| SERIALS.contains(n))?;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        EPOCH?.checked_add_days(Days::new(number.floor() as u64))
    };
    read_date(day, today, DateBias::Past).or_else(serial)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|line| line.split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
    }

    fn today() -> NaiveDate {
        "2026-11-22".parse().unwrap()
    }

    #[test]
    fn headings_are_found_below_a_title_and_by_the_authoritys_own_names() {
        let columns = BTreeMap::from([("case".to_owned(), "Person ID".to_owned())]);
        let sheets =
            [sheet("Export of 20 Nov\n\nPerson ID | Request Received | Reference\nEHC-2026-0412 | 02/11/2026 | x")];
        let rows = read(&sheets, &columns).unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].number, rows[0].kind, rows[0].get("case")), (4, RowKind::Case, Some("EHC-2026-0412")));
        assert_eq!(rows[0].date("requested", today()), Ok("2026-11-02".parse().ok()));
    }

    #[test]
    fn the_headings_tell_what_a_sheet_is_about() {
        let none = BTreeMap::new();
        let check = |headings: &str, kind: Option<RowKind>| {
            let rows = read(&[sheet(&format!("{headings}\na|b|c"))], &none);
            assert_eq!(rows.ok().map(|r| r[0].kind), kind, "{headings}");
        };
        check("Case reference|Request received", Some(RowKind::Case));
        check("Case|Adviser|Asked", Some(RowKind::Advice));
        check("Adviser|Line manager", Some(RowKind::Person));
        check("Colour|Size", None);
    }

    #[test]
    fn dates_are_read_as_typed_as_exported_and_as_stored() {
        for (written, expected) in [
            ("2026-11-02", Ok("2026-11-02")),
            ("2/11/2026", Ok("2026-11-02")),
            ("2026-11-02 00:00:00", Ok("2026-11-02")),
            ("2026-11-02T00:00:00", Ok("2026-11-02")),
            ("46328", Ok("2026-11-02")),
            ("46328.5", Ok("2026-11-02")),
            ("3", Err("no date")),
            ("soon", Err("no date")),
            ("1/12/2026", Err("future")),
        ] {
            let rows = read(&[sheet(&format!("case|requested\nX|{written}"))], &BTreeMap::new()).unwrap();
            match (rows[0].date("requested", today()), expected) {
                (Ok(date), Ok(expected)) => assert_eq!(date, expected.parse().ok(), "{written}"),
                (Err(why), Err(part)) => assert!(why.contains(part), "{written}: {why}"),
                (got, _) => panic!("{written}: {got:?}"),
            }
        }
    }
}
