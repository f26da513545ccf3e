//! The tables and the text of a Word document, as far as a form needs them: cells row by row, ticks as Word stores them.
//!
//! Best effort: layout, styles, pictures and deleted text are passed over. Nothing is followed or run; an entity that
//! the document declares for itself is not resolved.

use super::{FormFile, FormFileFault, MAX_COLUMNS, MAX_ROWS, broken};
use crate::core::assessment::form::Rows;
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

/// More tables are no form.
const MAX_TABLES: usize = 64;

/// Reads `word/document.xml`.
pub(super) fn read(xml: &str) -> Result<FormFile, FormFileFault> {
    let mut reader = Reader::from_str(xml);
    let mut page = Page::default();
    loop {
        match reader.read_event().map_err(broken)? {
            Event::Start(tag) => page.start(&tag),
            Event::Empty(tag) => page.empty(&tag),
            Event::End(tag) => page.end(tag.local_name().as_ref()),
            Event::Text(text) => page.text(&text.xml10_content()),
            Event::CData(text) => page.text(&text.xml10_content()),
            Event::GeneralRef(entity) => {
                let character = entity.resolve_char_ref().ok().flatten().map(String::from);
                let known = || resolve_predefined_entity(&entity.xml10_content()).map(str::to_owned);
                page.text(&character.or_else(known).unwrap_or_default());
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    Ok(page.finished())
}

/// What has been read so far.
#[derive(Default)]
struct Page {
    tables: Vec<Rows>,
    /// Text outside of tables, line by line.
    text: String,
    /// How many tables are open: what stands in an inner one belongs to the outer cell.
    depth: usize,
    /// Inside `w:t`: elsewhere text is field codes and the like.
    in_run: bool,
}

impl Page {
    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "tbl" => {
                self.depth += 1;
                if self.depth == 1 && self.tables.len() < MAX_TABLES {
                    self.tables.push(Rows::new());
                }
            }
            "tr" if self.depth == 1 => self.row(),
            "tc" if self.depth == 1 => self.cell(),
            "t" => self.in_run = true,
            _ => self.empty(tag),
        }
    }

    fn empty(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "br" | "cr" => self.write("\n"),
            "tab" => self.write("\t"),
            "gridSpan" if self.depth == 1 => {
                let columns = value(tag).and_then(|v| v.parse().ok()).unwrap_or(1);
                (1..columns).take(MAX_COLUMNS).for_each(|_: usize| self.span());
            }
            "sym" => self.write(symbol(tag)),
            // The old check box: on unless it says that it is off.
            "checked" if !matches!(value(tag).as_deref(), Some("0" | "false" | "off")) => self.write("x"),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "tbl" => self.depth = self.depth.saturating_sub(1),
            "t" => self.in_run = false,
            "p" => self.write("\n"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.in_run {
            self.write(text);
        }
    }

    fn row(&mut self) {
        if let Some(table) = self.tables.last_mut().filter(|table| table.len() < MAX_ROWS) {
            table.push(Vec::new());
        }
    }

    fn cell(&mut self) {
        let row = self.tables.last_mut().and_then(|table| table.last_mut());
        if let Some(row) = row.filter(|row| row.len() < MAX_COLUMNS) {
            row.push(String::new());
        }
    }

    /// A cell over several columns fills the first; what is written comes before the others.
    fn span(&mut self) {
        let row = self.tables.last_mut().and_then(|table| table.last_mut());
        if let Some(row) = row.filter(|row| row.len() < MAX_COLUMNS) {
            row.insert(row.len().saturating_sub(1), String::new());
        }
    }

    fn write(&mut self, text: &str) {
        if self.depth == 0 {
            self.text.push_str(text);
        } else if let Some(cell) =
            self.tables.last_mut().and_then(|table| table.last_mut()).and_then(|row| row.last_mut())
        {
            cell.push_str(text);
        }
    }

    fn finished(mut self) -> FormFile {
        for cell in self.tables.iter_mut().flatten().flatten() {
            *cell = cell.trim().to_owned();
        }
        self.tables.retain(|table| table.iter().any(|row| row.iter().any(|cell| !cell.is_empty())));
        if self.tables.is_empty() { FormFile::Text(self.text) } else { FormFile::Document(self.tables, self.text) }
    }
}

fn attribute(tag: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let mut attributes = tag.attributes().filter_map(Result::ok);
    attributes.find(|a| a.key.local_name().as_ref() == wanted).map(|a| a.value.to_string())
}

fn value(tag: &BytesStart<'_>) -> Option<String> {
    attribute(tag, "val")
}

/// A letter of Wingdings or the like: ticks and crosses become a tick, empty boxes nothing.
fn symbol(tag: &BytesStart<'_>) -> &'static str {
    let code = attribute(tag, "char").unwrap_or_default().to_uppercase();
    match code.trim_start_matches("F0") {
        "FB" | "FC" | "FD" | "FE" | "52" | "50" | "51" | "53" | "54" | "78" => "x",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::assessment::{Criteria, Rating, Value};

    fn cell(inner: &str) -> String {
        format!("<w:tc><w:tcPr/><w:p>{inner}</w:p></w:tc>")
    }

    fn run(text: &str) -> String {
        cell(&format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>"))
    }

    fn document(rows: &[Vec<String>]) -> String {
        let rows: String = rows.iter().map(|cells| format!("<w:tr>{}</w:tr>", cells.concat())).collect();
        format!(
            "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body><w:p><w:r><w:t>Tool</w:t></w:r></w:p><w:tbl>{rows}</w:tbl></w:body></w:document>"
        )
    }

    #[test]
    fn the_tool_s_own_table_is_read_with_ticks_as_word_stores_them() {
        let names = ["No", "Criterion", "Yes", "Emerging", "No", "Comments"].map(run).to_vec();
        let wingdings = cell("<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0FC\"/></w:r>");
        let boxed = cell("<w:sdt><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>");
        let empty_box = cell("<w:sdt><w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>");
        let old_box =
            cell("<w:r><w:fldChar><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar></w:r>");
        let off_box = cell(
            "<w:r><w:fldChar><w:ffData><w:checkBox><w:checked w:val=\"0\"/></w:checkBox></w:ffData></w:fldChar></w:r>",
        );
        let blank = || cell("");
        let xml = document(&[
            names,
            vec![run("1"), run("a"), wingdings.clone(), blank(), blank(), run("A &amp; B")],
            vec![run("2"), run("b"), empty_box, boxed, blank(), blank()],
            vec![run("3"), run("c"), off_box, blank(), old_box, blank()],
            vec![run("4"), run("d"), wingdings.clone(), wingdings, blank(), blank()],
            vec![
                run("5"),
                run("e"),
                cell("<w:del><w:r><w:delText>x</w:delText></w:r></w:del>"),
                blank(),
                blank(),
                blank(),
            ],
        ]);
        let read = read(&xml).unwrap().answers(&Criteria::shipped());
        let ratings: Vec<Option<Rating>> = (1..=5).map(|n| read.rating(n)).collect();
        assert_eq!(ratings, [Some(Rating::Yes), Some(Rating::Emerging), Some(Rating::No), None, None]);
        assert_eq!(read.items[&1].comment, "A & B");
        assert!(matches!(read.items[&4].value, Value::Unclear(_)), "two ticks are no answer");
        assert!(read.items.get(&5).is_none_or(|item| item.value == Value::Blank), "deleted text is no tick");
    }

    #[test]
    fn a_document_without_a_table_is_read_as_text_and_damage_is_a_fault() {
        let plain = "<w:document xmlns:w=\"w\"><w:p><w:r><w:t>ANSWER 07: Yes</w:t></w:r></w:p><w:p><w:r><w:t>COMMENT 07: ok</w:t></w:r></w:p></w:document>";
        let answers = read(plain).unwrap().answers(&Criteria::shipped());
        assert_eq!((answers.rating(7), answers.items[&7].comment.as_str()), (Some(Rating::Yes), "ok"));
        assert!(read("<w:document><w:p></w:document>").is_err());
        assert!(read(&"<w:tbl>".repeat(100_000)).is_ok(), "depth costs nothing");
    }
}
