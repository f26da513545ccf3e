//! Reads rows of cells: our sheet (question, essential, wording, answer, comment), the tool's own table with a column
//! to tick for each rating, and tables that were pasted into a mail.
//!
//! Columns are found by their names; only a table without names is read by the places of its cells.

use super::marks::{Line, classify};
use super::value::{self, Said};
use super::{Rows, tidy};
use crate::core::assessment::Rating;
use crate::core::assessment::answers::{Claim, Item, Value};

/// The names stand in one of the first rows.
const HEADER_ROWS: usize = 20;

/// Where a table says what.
struct Layout {
    header: usize,
    answer: Option<usize>,
    /// Columns to tick, in the order of [`Rating::ALL`].
    ticks: Option<[usize; 3]>,
    comments: Vec<usize>,
    evidence: Option<usize>,
}

/// What a table with column names says; `None` when it has none.
pub(super) fn claims_by_names(rows: &Rows) -> Option<Vec<Claim>> {
    let mut rows = tidied(rows);
    let layout = rows.iter().take(HEADER_ROWS).enumerate().find_map(|(at, row)| layout(at, row))?;
    rows.drain(..=layout.header);
    rows.iter_mut().flat_map(|row| row.iter_mut().enumerate()).for_each(|(column, cell)| {
        if !layout.uses(column)
            && let Some(number) = number_before_wording(cell)
        {
            *cell = number;
        }
    });
    let body: Vec<&Vec<String>> = rows.iter().collect();
    let numbers = number_column(&body, |column| layout.uses(column))?;
    Some(body.iter().filter_map(|row| row_by_names(row, numbers, &layout)).collect())
}

/// What a table without column names says: a number, somewhere behind it a rating, behind that a comment.
pub(super) fn claims_by_place(rows: &Rows) -> Vec<Claim> {
    let rows = &tidied(rows);
    let body: Vec<&Vec<String>> = rows.iter().collect();
    let Some(numbers) = number_column(&body, |_| false) else { return Vec::new() };
    body.iter().filter_map(|row| row_by_place(row, numbers)).collect()
}

fn tidied(rows: &Rows) -> Rows {
    rows.iter().map(|row| row.iter().map(|cell| tidy(cell).trim().to_owned()).collect()).collect()
}

impl Layout {
    fn uses(&self, column: usize) -> bool {
        self.answer == Some(column)
            || self.comments.contains(&column)
            || self.evidence == Some(column)
            || self.ticks.is_some_and(|ticks| ticks.contains(&column))
    }
}

fn layout(header: usize, row: &[String]) -> Option<Layout> {
    let names: Vec<String> = row.iter().map(|cell| name_of(cell)).collect();
    let answer = names.iter().position(|name| is_answer_name(name));
    let ticks = tick_columns(&names);
    if answer.is_none() && ticks.is_none() {
        return None;
    }
    let is_comment =
        |name: &str| name.starts_with("comment") || name.contains("supporting information") || name == "notes";
    let comments: Vec<usize> = (0..).zip(&names).filter(|(_, name)| is_comment(name)).map(|(at, _)| at).collect();
    let named = names.iter().any(|name| is_question_name(name)) || ticks.is_some();
    let evidence = names.iter().position(|name| name == "evidence");
    named.then_some(Layout { header, answer, ticks, comments, evidence })
}

/// A column name in small letters, words only.
fn name_of(cell: &str) -> String {
    let words = cell.split(|c: char| !c.is_alphanumeric() && c != '#').filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

fn is_answer_name(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "answer",
        "answers",
        "your answer",
        "rating",
        "self assessment",
        "response",
        "rag",
        "rag rating",
        "yes emerging no",
    ];
    NAMES.contains(&name)
}

fn is_question_name(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "question",
        "questions",
        "question number",
        "question no",
        "q",
        "q no",
        "no",
        "number",
        "nr",
        "#",
        "item",
        "ref",
        "criterion",
        "criteria",
    ];
    NAMES.contains(&name)
}

/// "No" may also head the column of the numbers: the one to tick stands behind "Yes".
fn tick_columns(names: &[String]) -> Option<[usize; 3]> {
    let first_word = |name: &String, word: &str| name.split(' ').next() == Some(word) && !is_answer_name(name);
    let yes = names.iter().position(|name| first_word(name, "yes"))?;
    let emerging = names.iter().position(|name| first_word(name, "emerging"))?;
    let no = (0..).zip(names).filter(|(at, name)| *at > yes && name.as_str() == "no").map(|(at, _)| at).next()?;
    Some([yes, emerging, no])
}

/// The column in which most cells are numbers of questions, the leftmost of equals.
fn number_column(body: &[&Vec<String>], taken: impl Fn(usize) -> bool) -> Option<usize> {
    let width = body.iter().map(|row| row.len()).max()?;
    let count =
        |column: usize| body.iter().filter(|row| row.get(column).is_some_and(|c| question_number(c).is_some())).count();
    let counted = (0..width).filter(|column| !taken(*column)).map(|column| (count(column), column));
    counted
        .filter(|(count, _)| *count > 0)
        .max_by_key(|(count, column)| (*count, std::cmp::Reverse(*column)))
        .map(|(_, column)| column)
}

/// Reads `7`, `07`, `Q07`, `[Q7]`, `7.`, `Question 7`, and `7.0` as spreadsheets write it.
fn question_number(cell: &str) -> Option<u32> {
    let cell = cell.trim_matches(|c: char| c.is_whitespace() || "[]().:*#".contains(c));
    let digits = cell.trim_start_matches(char::is_alphabetic);
    let word = cell.strip_suffix(digits)?.to_lowercase();
    if !matches!(word.as_str(), "" | "q" | "question" | "no" | "item" | "criterion") {
        return None;
    }
    let digits = digits.trim_start_matches(['.', ' ']);
    let whole = digits
        .split_once('.')
        .map_or(digits, |(whole, part)| if part.trim_matches('0').is_empty() { whole } else { digits });
    let plain = !whole.is_empty() && whole.chars().all(|c| c.is_ascii_digit());
    plain.then(|| whole.parse().ok()).flatten()
}

/// "7. Are there mechanisms …": the number of a question that stands in one cell with its wording.
fn number_before_wording(cell: &str) -> Option<String> {
    let (first, wording) = cell.split_once(char::is_whitespace)?;
    let ends = first.ends_with(['.', ')', ']', ':']) && wording.chars().any(char::is_alphabetic);
    ends.then(|| question_number(first)).flatten().map(|number| number.to_string())
}

fn cell(row: &[String], column: usize) -> &str {
    row.get(column).map_or("", String::as_str)
}

fn row_by_names(row: &[String], numbers: usize, layout: &Layout) -> Option<Claim> {
    let written = layout.answer.map_or(Said::Blank, |column| value::read(cell(row, column)));
    let text = layout.answer.map_or("", |column| cell(row, column));
    let (value, remark) = rated(written, text);
    let ticked = layout.ticks.map_or(Value::Blank, |columns| ticked(row, columns));
    let value = match (value, ticked) {
        (Value::Blank, value) | (value, Value::Blank) => value,
        (one, other) if one == other => one,
        _ => Value::Unclear(row.join(" | ")),
    };
    let comments = std::iter::once(remark.as_str()).chain(layout.comments.iter().map(|column| cell(row, *column)));
    let mut claim = claim(cell(row, numbers), value, comments)?;
    claim.item.evidence = layout.evidence.map_or("", |column| cell(row, column)).to_owned();
    Some(claim)
}

fn row_by_place(row: &[String], numbers: usize) -> Option<Claim> {
    let number = cell(row, numbers);
    question_number(number)?;
    let behind: Vec<&str> = row.iter().skip(numbers + 1).map(String::as_str).collect();
    let answer = answer_place(&behind);
    let text = behind.get(answer).copied().unwrap_or_default();
    let (value, remark) = rated(value::read(text), text);
    let comments = std::iter::once(remark.as_str()).chain(behind.iter().skip(answer + 1).copied());
    claim(number, value, comments)
}

/// Behind the number: answer, comment; or wording, answer, comment; or essential, wording, answer, comment.
fn answer_place(behind: &[&str]) -> usize {
    let first = behind.first().copied().unwrap_or_default().to_lowercase();
    let is_importance = matches!(first.as_str(), "essential" | "desirable" | "e" | "d");
    match behind.len() {
        ..=2 => 0,
        _ if is_importance => 2,
        _ if value::read_bare(&first).is_some() => 0,
        _ => 1,
    }
}

fn rated(said: Said, text: &str) -> (Value, String) {
    match said {
        Said::Blank => (Value::Blank, String::new()),
        Said::Clear(rating, comment) => (Value::Rated(rating), comment),
        Said::Unclear => (Value::Unclear(text.to_owned()), String::new()),
    }
}

/// A row whose number cannot be read counts only when it has a clear rating: else it is a heading or a total.
fn claim<'a>(number: &str, value: Value, comments: impl Iterator<Item = &'a str>) -> Option<Claim> {
    let comment = comments.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    if let Some(question) = question_number(number) {
        return Some(Claim { question: Some(question), item: Item { value, comment, evidence: String::new() } });
    }
    let Value::Rated(rating) = value else { return None };
    if number.is_empty() || number.to_lowercase().starts_with("total") {
        return None;
    }
    let text = format!("{number}: {}", rating.name());
    Some(Claim { question: None, item: Item { value: Value::Unclear(text), ..Item::default() } })
}

/// What a cell to tick holds.
#[derive(PartialEq, Eq)]
enum Tick {
    Empty,
    Ticked,
    Other,
}

/// One tick in one column is a rating; two, or words, are unclear.
fn ticked(row: &[String], columns: [usize; 3]) -> Value {
    let cells: Vec<(Rating, &str)> = Rating::ALL.into_iter().zip(columns.map(|column| cell(row, column))).collect();
    let ticks: Vec<(Rating, Tick)> = cells.iter().map(|(rating, text)| (*rating, tick(text, *rating))).collect();
    let ticks: Vec<(Rating, Tick)> = ticks.into_iter().filter(|(_, tick)| *tick != Tick::Empty).collect();
    match ticks.as_slice() {
        [] => Value::Blank,
        [(rating, Tick::Ticked)] => Value::Rated(*rating),
        _ => {
            let filled = cells.iter().filter(|(_, text)| !text.is_empty());
            let echo: Vec<String> = filled.map(|(rating, text)| format!("{}: {text}", rating.name())).collect();
            Value::Unclear(echo.join(" | "))
        }
    }
}

/// Letters that are ticks and crosses in Wingdings, as which Word and Excel store them, count with the signs.
fn tick(text: &str, of: Rating) -> Tick {
    let text = text.trim().to_lowercase();
    match text.as_str() {
        "" | "-" | "–" | "0" | "☐" | "□" | "[ ]" | "[]" | "( )" | "false" => Tick::Empty,
        "x" | "[x]" | "(x)" | "✓" | "✔" | "✅" | "☑" | "☒" | "√" | "✗" | "✘" | "×" | "●" | "•" | "1" | "ü" | "þ"
        | "tick" | "true" => Tick::Ticked,
        word if value::read_bare(word) == Some(of) => Tick::Ticked,
        _ => Tick::Other,
    }
}

/// Takes the tables out of a text: what is left, and their rows. Cells are parted by tabs or by upright bars.
pub(super) fn cut_out(text: &str) -> (String, Vec<Rows>) {
    let mut rest = String::with_capacity(text.len());
    let mut tables: Vec<Rows> = Vec::new();
    let mut before = Before::Text;
    for line in text.lines() {
        let cells = cells(line);
        let is_blank = line.trim().is_empty();
        before = match before {
            _ if is_row(&cells, before) => {
                match tables.last_mut().filter(|_| before != Before::Text) {
                    Some(table) => table.push(cells),
                    None => tables.push(vec![cells]),
                }
                Before::Row
            }
            Before::Row | Before::Gap if is_blank => Before::Gap,
            Before::Row if !is_mark(line) => {
                tables.last_mut().into_iter().for_each(|table| glue(table, &cells));
                Before::Row
            }
            Before::Row | Before::Gap | Before::Text => {
                rest.push_str(line);
                Before::Text
            }
        };
        rest.push('\n');
    }
    (rest, tables)
}

/// What stood in the line before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// No table.
    Text,
    /// A row, or its continuation.
    Row,
    /// An empty line below a row.
    Gap,
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim_end();
    let bars = line.matches(['|', '│']).count();
    let trimmed = |cell: &str| cell.trim().to_owned();
    if !line.contains('\t') && bars >= 2 {
        let inside = line.trim().trim_start_matches(['|', '│']).trim_end_matches(['|', '│']);
        return inside.split(['|', '│']).map(trimmed).collect();
    }
    line.split('\t').map(trimmed).collect()
}

/// A row holds the column names, or the number of a question and behind it a rating or more than one cell; inside a
/// table one cell is enough.
fn is_row(cells: &[String], before: Before) -> bool {
    let number = cells.iter().take(2).position(|cell| question_number(cell).is_some());
    let behind = number.and_then(|at| cells.get(at + 1..)).unwrap_or_default();
    let numbered = match behind {
        [] => false,
        [only] => before == Before::Row || value::read_bare(only).is_some(),
        _ => true,
    };
    numbered || (cells.len() >= 2 && layout(0, cells).is_some())
}

/// A line inside a table that begins no row goes on with the last cell of the row before: a cell held a line break.
fn glue(table: &mut Rows, cells: &[String]) {
    let width = table.iter().take(HEADER_ROWS).map(Vec::len).max().unwrap_or_default();
    let (Some(row), Some((first, more))) = (table.last_mut(), cells.split_first()) else { return };
    let fits = row.len() + more.len() <= width;
    if let Some(last) = row.last_mut() {
        last.push_str(if last.is_empty() { "" } else { "\n" });
        last.push_str(first);
    }
    if fits {
        row.extend(more.iter().cloned());
    }
}

fn is_mark(line: &str) -> bool {
    match classify(line) {
        Line::Field(..) | Line::End => true,
        Line::Numbered(_) | Line::Text(_) => false,
    }
}
