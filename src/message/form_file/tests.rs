//! Files as they are attached, and files that are made to do harm.

use super::*;
use std::io::Write;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Form" sheetId="1" r:id="rId1"/><sheet name="Lists" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/></Relationships>"#;
const PACKAGE: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;

fn xlsx(cells: &str, strings: &str) -> Vec<u8> {
    let sheet = |cells: &str| {
        format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{cells}</sheetData></worksheet>"
        )
    };
    let hidden = sheet(&text_cell("A1", "hidden"));
    zipped(&[
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/sheet1.xml", &sheet(cells)),
        ("xl/worksheets/sheet2.xml", &hidden),
        ("xl/sharedStrings.xml", strings),
    ])
}

const NO_STRINGS: &str = "<sst count=\"0\" uniqueCount=\"0\"></sst>";

fn text_cell(place: &str, text: &str) -> String {
    format!("<row><c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>")
}

fn tables(rows: &[&[&str]]) -> FormFile {
    FormFile::Tables(vec![rows.iter().map(|row| row.iter().map(ToString::to_string).collect()).collect()])
}

#[test]
fn a_csv_file_is_known_by_its_column_names_or_its_file_name() {
    let check = |text: &str, name: Option<&str>, rows: &[&[&str]]| {
        assert_eq!(read(text.as_bytes(), name), Ok(tables(rows)), "{text:?}");
    };
    let plain: &[&[&str]] = &[&["question", "answer", "comment"], &["7", "Yes", "a, b"]];
    check("question,answer,comment\n7,Yes,\"a, b\"\n", None, plain);
    check("\u{feff}question;answer;comment\r\n7;Yes;a, b\r\n", None, plain);
    check("question\tanswer\tcomment\n7\tYes\ta, b", Some("x.txt"), plain);
    check("Question,ANSWER\n7,\"Yes\nreally\"", None, &[&["Question", "ANSWER"], &["7", "Yes\nreally"]]);
    check("7,Yes\n8,No,late\n", Some("Return.CSV"), &[&["7", "Yes"], &["8", "No", "late"]]);
}

#[test]
fn text_is_decoded_from_what_office_programs_save() {
    let check = |bytes: &[u8], expected: &str| {
        assert_eq!(read(bytes, Some("form.txt")), Ok(FormFile::Text(expected.into())), "{bytes:?}");
    };
    check(b"ANSWER 07: Yes", "ANSWER 07: Yes");
    check("\u{feff}ANSWER 07: Yes – ok".as_bytes(), "ANSWER 07: Yes – ok");
    check(b"ANSWER 07: Yes \x96 the team\x92s", "ANSWER 07: Yes – the team’s");
    check(b"\xff\xfeY\0e\0s\0", "Yes");
    check(b"\xfe\xff\0Y\0e\0s", "Yes");
    check(b"BM is a name", "BM is a name");
    check(b"", "");
}

#[test]
fn what_is_no_form_is_refused_with_what_to_do() {
    let check = |bytes: &[u8], expected: &str| {
        let fault = read(bytes, None).unwrap_err().to_string();
        assert!(fault.contains(expected), "{fault:?} should contain {expected:?}");
    };
    check(b"%PDF-1.7\n", "this is a PDF file: please use the form");
    check(b"\xff\xd8\xff\xe0\0\x10JFIF", "a photo");
    check(b"\0\0\0\x18ftypheic", "a photo");
    check(b"<!DOCTYPE html><p>", "a web page");
    check(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file");
    check(&[0, 1, 2, 3, 200, 201, 0, 0], "no text");
    check(&zipped(&[("word/document.xml", "<w:p></w:q>")]), "cannot be read");
    check(&zipped(&[("content.xml", "")]), "save it as XLSX");
    check(&zipped(&[("photo.jpg", "")]), "an archive");
    check(&zipped(&[("xl/workbook.xml", "")]), "cannot be read");
    check(b"PK\x03\x04 and nothing more", "cannot be read");
    check(&vec![b' '; MAX_BYTES + 1], "larger than 10 MB");
}

#[test]
fn a_workbook_gives_the_stored_values_of_its_visible_sheets() {
    let cells = "<row r=\"2\"><c r=\"A2\"><v>7</v></c><c r=\"B2\" t=\"s\"><v>0</v></c><c r=\"C2\" t=\"str\"><f>1+1</f><v>two</v></c>\
                 <c r=\"D2\" t=\"e\"><v>#REF!</v></c></row>";
    let strings = "<sst count=\"1\" uniqueCount=\"1\"><si><t>Yes </t></si></sst>";
    assert_eq!(read(&xlsx(cells, strings), None), Ok(tables(&[&[], &["7", "Yes", "two", "#REF!"]])));
}

#[test]
fn a_cell_in_the_last_corner_takes_no_memory() {
    let cells = [text_cell("A1", "question"), text_cell("XFD1048576", "far away")].concat();
    assert_eq!(read(&xlsx(&cells, NO_STRINGS), None), Ok(tables(&[&["question"]])));
}

#[test]
fn a_workbook_that_unpacks_or_announces_too_much_is_refused() {
    let zeros = " ".repeat(MAX_UNPACKED as usize + 1);
    let bomb = zipped(&[("xl/workbook.xml", WORKBOOK), ("xl/media/image1.bin", &zeros)]);
    assert!(bomb.len() < MB);
    assert_eq!(read(&bomb, None), Err(FormFileFault::UnpacksTooLarge));
    for count in ["\"99999999999\"", "'18446744073709551615'", " = \"000200001\""] {
        let strings = format!("<sst uniqueCount={count}></sst>").replace("== ", "= ").replace("= =", "=");
        assert_eq!(read(&xlsx("", &strings), None), Err(FormFileFault::UnpacksTooLarge), "{count}");
    }
}

#[test]
fn a_workbook_cut_off_or_damaged_anywhere_is_a_fault_and_no_panic() {
    let whole = xlsx(&text_cell("A1", "question"), NO_STRINGS);
    for end in 0..whole.len() {
        let _ = read(&whole[..end], None);
        let mut damaged = whole.clone();
        damaged[end] ^= 0x55;
        let _ = read(&damaged, None);
    }
}
