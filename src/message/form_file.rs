//! Bytes of a filled form (text, CSV, XLSX, DOCX) → text or rows of cells. Measures before it opens: a small file can
//! claim to be a huge one.
//!
//! Never runs a macro, evaluates a formula or follows a link; only the stored values of cells are read. What the
//! cells mean is the business of `core::assessment::form`.

mod docx;

use crate::core::assessment::form::{self, Rows};
use crate::core::assessment::{Answers, Criteria};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};
use std::io::{Cursor, Read};
use std::panic::AssertUnwindSafe;
use thiserror::Error;
use zip::ZipArchive;

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum FormFile {
    /// Text: the form, or a mail that holds it.
    Text(String),
    /// Visible sheets of a workbook, or the one table of a CSV file.
    Tables(Vec<Rows>),
    /// Tables of a Word document, and the text around them.
    Document(Vec<Rows>, String),
}

impl FormFile {
    /// The answers in it; of a document the tables, and the text where those say nothing.
    pub fn answers(&self, criteria: &Criteria) -> Answers {
        match self {
            Self::Text(text) => form::read_text(text, criteria),
            Self::Tables(tables) => form::read_tables(tables, criteria),
            Self::Document(tables, text) => {
                let answers = form::read_tables(tables, criteria);
                if answers.is_empty() { form::read_text(text, criteria) } else { answers }
            }
        }
    }

    /// Everything that is written in it, to look for a form's code or for what must not be there.
    pub fn words(&self) -> String {
        let cells = |tables: &[Rows]| tables.iter().flatten().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n");
        match self {
            Self::Text(text) => text.clone(),
            Self::Tables(tables) => cells(tables),
            Self::Document(tables, text) => format!("{text}\n{}", cells(tables)),
        }
    }
}

/// Why a file cannot be read as a form; in plain words for its sender.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormFileFault {
    /// Larger than a form can be.
    #[error("the file is larger than {} MB: a filled form is far smaller", MAX_BYTES / MB)]
    TooLarge,
    /// Unpacks to more than a form can hold.
    #[error("the file unpacks to more than a form can hold; save it anew as XLSX or CSV")]
    UnpacksTooLarge,
    /// More rows or columns than are read.
    #[error("the sheet has more than {MAX_ROWS} rows or {MAX_COLUMNS} columns")]
    TooManyCells,
    /// A known type that is no form.
    #[error("this is {0}: please use the form (text, CSV, XLSX or DOCX)")]
    NotAForm(&'static str),
    /// Broken, or not what it seems.
    #[error("the spreadsheet cannot be read ({0}); save it anew as XLSX or CSV")]
    Broken(String),
}

const MB: usize = 1024 * 1024;
/// A filled form has about 20 kB; logos make it larger.
const MAX_BYTES: usize = 10 * MB;
const MAX_UNPACKED: u64 = 48 * MB as u64;
const MAX_PARTS: usize = 2_000;
const MAX_ROWS: usize = 5_000;
const MAX_COLUMNS: usize = 64;
const MAX_SHEETS: usize = 64;
/// The most that is read of a sheet, for people.
pub const LIMITS: &str = "5,000 rows, 64 columns and 64 sheets";
/// Shared strings that a workbook may announce; the reader reserves memory for what is announced.
const MAX_STRINGS: usize = 200_000;

/// Reads a file by its content; `name` decides only between text and CSV.
pub fn read(bytes: &[u8], name: Option<&str>) -> Result<FormFile, FormFileFault> {
    if bytes.len() > MAX_BYTES {
        return Err(FormFileFault::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return packed(bytes);
    }
    if let Some(what) = foreign(bytes) {
        return Err(FormFileFault::NotAForm(what));
    }
    let text = decoded(bytes).ok_or(FormFileFault::NotAForm("no text"))?;
    let rows = csv_rows(&text, name);
    Ok(rows.map_or(FormFile::Text(text), |rows| FormFile::Tables(vec![rows])))
}

/// The same for a sheet of which nothing may be left out: one with more rows, columns or sheets than are read is refused.
///
/// # Errors
/// As [`read`], and [`FormFileFault::TooManyCells`].
pub fn read_whole(bytes: &[u8], name: Option<&str>) -> Result<FormFile, FormFileFault> {
    let file = read(bytes, name)?;
    let cut = match &file {
        FormFile::Tables(_) if bytes.starts_with(b"PK\x03\x04") => is_workbook_cut(bytes)?,
        FormFile::Tables(_) => decoded(bytes).is_some_and(|text| is_csv_cut(&text)),
        FormFile::Text(_) | FormFile::Document(..) => false,
    };
    if cut { Err(FormFileFault::TooManyCells) } else { Ok(file) }
}

fn is_csv_cut(text: &str) -> bool {
    let delimiter = delimiter_of(text).unwrap_or(b',');
    let mut reader = csv_reader(text, delimiter);
    let filled = |record: &csv::StringRecord| record.iter().skip(MAX_COLUMNS).any(|cell| !cell.trim().is_empty());
    let mut records = reader.records().filter_map(Result::ok);
    records.by_ref().take(MAX_ROWS).any(|record| filled(&record))
        || records.any(|record| record.iter().any(|cell| !cell.trim().is_empty()))
}

fn is_workbook_cut(bytes: &[u8]) -> Result<bool, FormFileFault> {
    let looked = || -> Result<bool, FormFileFault> {
        let mut workbook: Xlsx<_> =
            calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|e: calamine::XlsxError| broken(e))?;
        let names = shown_sheets(&workbook);
        if names.len() > MAX_SHEETS {
            return Ok(true);
        }
        for name in names {
            let mut cells = workbook.worksheet_cells_reader(&name).map_err(broken)?;
            while let Some(cell) = cells.next_cell().map_err(broken)? {
                let (row, column) = (cell.get_position().0 as usize, cell.get_position().1 as usize);
                let is_outside = row >= MAX_ROWS || column >= MAX_COLUMNS;
                if is_outside && !cell_text(cell.get_value()).is_empty() {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    };
    std::panic::catch_unwind(AssertUnwindSafe(looked))
        .unwrap_or_else(|_| Err(FormFileFault::Broken("its structure is damaged".into())))
}

/// Types that people send instead of the form, by their first bytes.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const SIGNATURES: &[(&[u8], &str)] = &[
        (b"%PDF", "a PDF file"),
        (b"\xff\xd8\xff", "a photo"),
        (b"\x89PNG", "a picture"),
        (b"GIF8", "a picture"),
        (b"II*\0", "a scan"),
        (b"MM\0*", "a scan"),
        (b"BM", "a picture"),
        (b"{\\rtf", "an RTF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.xls, .doc) or one with a password"),
    ];
    let signature = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)).map(|(_, what)| *what);
    // ISO base media: "ftyp" behind the length; telephones send HEIC.
    let media = bytes.get(4..8).filter(|b| *b == b"ftyp").map(|_| "a photo or film");
    let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes)).to_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let html = (head.starts_with("<!doctype html") || head.starts_with("<html")).then_some("a web page");
    // Two letters are too few to tell a picture from a text.
    signature.filter(|_| !bytes.starts_with(b"BM") || bytes.contains(&0)).or(media).or(html)
}

/// UTF-8, UTF-16 with its mark, else Windows-1252; `None` for what is no text at all.
fn decoded(bytes: &[u8]) -> Option<String> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>()
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => std::str::from_utf8(bytes).map_or_else(|_| windows_1252(bytes), str::to_owned),
    };
    let odd = text.chars().filter(|c| c.is_control() && !c.is_whitespace()).count();
    (odd * 100 <= text.chars().count()).then_some(text)
}

fn windows_1252(bytes: &[u8]) -> String {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let character =
        |byte: u8| byte.checked_sub(0x80).and_then(|at| HIGH.get(usize::from(at)).copied()).unwrap_or(char::from(byte));
    bytes.iter().map(|byte| character(*byte)).collect()
}

/// The rows of a CSV file; `None` for a text that is none. A file counts as one by its name or its column names.
fn csv_rows(text: &str, name: Option<&str>) -> Option<Rows> {
    let named = name.is_some_and(|name| {
        let lower = name.to_lowercase();
        lower.ends_with(".csv") || lower.ends_with(".tsv")
    });
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let delimiter = delimiter_of(text)?;
    let names: Vec<String> =
        first.split(char::from(delimiter)).map(|n| n.trim_matches(['"', ' ']).to_lowercase()).collect();
    let has_names = ["question", "answer"].iter().all(|name| names.iter().any(|n| n == name));
    let is_csv = has_names || (named && first.as_bytes().contains(&delimiter));
    is_csv.then(|| rows_of(text, delimiter))
}

/// What stands most often in the first line.
fn delimiter_of(text: &str) -> Option<u8> {
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    b",;\t".iter().copied().max_by_key(|d| (first.bytes().filter(|b| b == d).count(), u8::from(*d == b',')))
}

fn csv_reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes())
}

fn rows_of(text: &str, delimiter: u8) -> Rows {
    let mut reader = csv_reader(text, delimiter);
    let records = reader.records().filter_map(Result::ok).take(MAX_ROWS);
    records.map(|record| record.iter().take(MAX_COLUMNS).map(str::to_owned).collect()).collect()
}

/// A workbook or a Word document.
fn packed(bytes: &[u8]) -> Result<FormFile, FormFileFault> {
    match measure(bytes)? {
        // The reader of spreadsheets is not ours; a panic in it must not end the service.
        Packed::Workbook => std::panic::catch_unwind(AssertUnwindSafe(|| sheets(bytes)))
            .unwrap_or_else(|_| Err(FormFileFault::Broken("its structure is damaged".into())))
            .map(FormFile::Tables),
        Packed::Document => docx::read(&main_part(bytes)?),
    }
}

/// What an archive holds.
enum Packed {
    Workbook,
    Document,
}

/// The text of a Word document, which has been measured.
fn main_part(bytes: &[u8]) -> Result<String, FormFileFault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let part = archive.by_name(DOCUMENT).map_err(broken)?;
    let mut xml = Vec::new();
    part.take(MAX_UNPACKED).read_to_end(&mut xml).map_err(broken)?;
    Ok(String::from_utf8_lossy(&xml).into_owned())
}

const DOCUMENT: &str = "word/document.xml";

fn broken(error: impl std::fmt::Display) -> FormFileFault {
    FormFileFault::Broken(error.to_string())
}

/// Unpacks every part once without keeping it, and refuses what would fill the memory: sizes in the directory of the
/// archive may lie.
fn measure(bytes: &[u8]) -> Result<Packed, FormFileFault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let names: Vec<String> = archive.file_names().filter_map(Result::ok).map(|name| name.to_lowercase()).collect();
    let holds = |name: &str| names.iter().any(|n| n == name);
    let packed = match () {
        () if holds("xl/workbook.bin") => return Err(FormFileFault::NotAForm("a binary workbook (save it as XLSX)")),
        () if names.iter().any(|n| n.starts_with("xl/")) => Packed::Workbook,
        () if holds(DOCUMENT) => Packed::Document,
        () if holds("content.xml") => return Err(FormFileFault::NotAForm("an OpenDocument file (save it as XLSX)")),
        () => return Err(FormFileFault::NotAForm("an archive")),
    };
    if archive.len() > MAX_PARTS {
        return Err(FormFileFault::UnpacksTooLarge);
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let mut part = Vec::new();
        let file = archive.by_index(index).map_err(broken)?;
        file.take(left + 1).read_to_end(&mut part).map_err(broken)?;
        left = left.checked_sub(part.len() as u64).ok_or(FormFileFault::UnpacksTooLarge)?;
        if announces_too_much(&part) {
            return Err(FormFileFault::UnpacksTooLarge);
        }
    }
    Ok(packed)
}

/// calamine reserves memory for `uniqueCount` strings before it reads one; a failed reservation aborts the process.
fn announces_too_much(part: &[u8]) -> bool {
    const KEY: &[u8] = b"uniqueCount";
    let behind = |at: usize| part.get(at + KEY.len()..).unwrap_or_default();
    let counts = memchr_all(part, KEY).map(|at| {
        let digits = behind(at)
            .iter()
            .skip_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'=' | b'"' | b'\'' | b'+' | b'0'));
        digits
            .take_while(|b| b.is_ascii_digit())
            .fold(0_usize, |n, b| n.saturating_mul(10).saturating_add(usize::from(b - b'0')))
    });
    counts.into_iter().any(|count| count > MAX_STRINGS)
}

fn memchr_all<'a>(text: &'a [u8], key: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    text.windows(key.len()).enumerate().filter(move |(_, window)| *window == key).map(|(at, _)| at)
}

/// Reads cell by cell: the reader's own grid would have room for every cell up to the last one, and one cell in the
/// last corner of a sheet would take gigabytes.
fn sheets(bytes: &[u8]) -> Result<Vec<Rows>, FormFileFault> {
    let mut workbook: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|e: calamine::XlsxError| broken(e))?;
    let names = shown_sheets(&workbook);
    names.iter().take(MAX_SHEETS).map(|name| sheet(&mut workbook, name)).collect()
}

fn shown_sheets(workbook: &Xlsx<Cursor<&[u8]>>) -> Vec<String> {
    let sheets = workbook.sheets_metadata().iter();
    let shown = sheets.filter(|s| s.visible == SheetVisible::Visible && s.typ == SheetType::WorkSheet);
    shown.map(|s| s.name.clone()).collect()
}

fn sheet(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Rows, FormFileFault> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(broken)?;
    let mut rows = Rows::new();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = (cell.get_position().0 as usize, cell.get_position().1 as usize);
        let text = cell_text(cell.get_value());
        if row >= MAX_ROWS || column >= MAX_COLUMNS || text.is_empty() {
            continue;
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        let Some(cells) = rows.get_mut(row) else { continue };
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column) {
            *cell = text;
        }
    }
    Ok(rows)
}

/// The stored value of a cell; an error value ("#REF!") is told, for it is no blank answer.
fn cell_text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.trim().to_owned(),
        DataRef::SharedString(text) => text.trim().to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(when) => when.to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests;
