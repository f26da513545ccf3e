//! The tables of an HTML body as rows of cells: a form that was filled in inside its table. Inner tables belong to the
//! cell that they stand in. Must not follow a link or read a style.

use super::html::html_lines;
use super::line::head;
use super::tag::{Piece, Pieces};

/// No HTML body is read beyond this many bytes.
const MAX_BYTES: usize = 1 << 20;
const MAX_ROWS: usize = 5_000;
const MAX_COLUMNS: usize = 64;
const MAX_TABLES: usize = 64;

/// The cells of one table, row by row.
pub type Cells = Vec<Vec<String>>;

/// Every outermost table with its rows.
pub fn html_tables(html: &str) -> Vec<Cells> {
    let mut tables: Vec<Cells> = Vec::new();
    let mut depth = 0_usize;
    for piece in Pieces::new(head(html, MAX_BYTES)) {
        match piece {
            Piece::Start(tag) => match tag.name.as_str() {
                "table" => {
                    depth += 1;
                    if depth == 1 && tables.len() < MAX_TABLES {
                        tables.push(Vec::new());
                    }
                }
                "tr" if depth == 1 => push_row(&mut tables),
                "td" | "th" if depth == 1 => push_cell(&mut tables),
                "br" | "p" | "div" | "li" => write(&mut tables, depth, "<br>"),
                _ => {}
            },
            Piece::End(name) if name == "table" => depth = depth.saturating_sub(1),
            Piece::End(_) => {}
            Piece::Text(text) => write(&mut tables, depth, text),
        }
    }
    tables.iter_mut().flatten().flatten().for_each(|cell| *cell = decoded(cell));
    tables
}

fn push_row(tables: &mut [Cells]) {
    if let Some(table) = tables.last_mut().filter(|table| table.len() < MAX_ROWS) {
        table.push(Vec::new());
    }
}

fn push_cell(tables: &mut [Cells]) {
    if let Some(row) = tables.last_mut().and_then(|table| table.last_mut()).filter(|row| row.len() < MAX_COLUMNS) {
        row.push(String::new());
    }
}

fn write(tables: &mut [Cells], depth: usize, html: &str) {
    let cell = tables.last_mut().and_then(|table| table.last_mut()).and_then(|row| row.last_mut());
    if let Some(cell) = cell.filter(|_| depth > 0) {
        cell.push_str(html);
    }
}

/// A cell without its entities; most have none.
fn decoded(cell: &str) -> String {
    if !cell.contains(['&', '<']) {
        return cell.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let lines = html_lines(cell);
    lines.iter().map(|line| line.text.trim()).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_out_row_by_row_with_their_entities_decoded() {
        let html = "<p>x</p><table><tr><th>question</th><th>answer</th></tr>\n<tr><td>7</td><td><p>Yes &amp; <b>more</b></p></td></tr></table>\
                    <table><tr><td>a<table><tr><td>inner</td></tr></table></td></tr></table>";
        let tables = html_tables(html);
        assert_eq!(tables[0], [["question", "answer"], ["7", "Yes & more"]]);
        assert_eq!(tables[1], [["ainner"]]);
        assert!(html_tables("<table><tr><td>").len() == 1 && html_tables("no table").is_empty());
    }
}
