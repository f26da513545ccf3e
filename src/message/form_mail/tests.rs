//! Answers as they come back through Outlook, Gmail and phones: mails are built and read as bytes.

use super::*;
use crate::core::assessment::Rating;
use crate::core::assessment::form::render_for;
use crate::message::reading;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static SHIPPED: LazyLock<Criteria> = LazyLock::new(Criteria::shipped);
static CODE: LazyLock<FormCode> = LazyLock::new(|| FormCode::of_form("Autumn 2026", "North Trust", &SHIPPED));

fn raw(content_type: &str, body: &str) -> Vec<u8> {
    format!(
        "From: Ann Lee <ann@trust.example>\r\nTo: f@council.example\r\nSubject: Re: Self-assessment\r\nMessage-ID: <1@trust.example>\r\nMIME-Version: 1.0\r\nContent-Type: {content_type}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}",
        body.replace("\r\n", "\n").replace('\n', "\r\n")
    )
    .into_bytes()
}

fn read_with(raw: &[u8], held: &Answers) -> FormMail {
    let reading = reading::read(raw, chrono::NaiveDate::default());
    read(&reading.message, &reading.new_text, &SHIPPED, &CODE, held)
}

fn read_raw(raw: &[u8]) -> FormMail {
    read_with(raw, &Answers::default())
}

fn form() -> String {
    render_for(&CODE, &SHIPPED, &BTreeMap::new())
}

fn filled() -> String {
    (1..=23).fold(form(), |text, n| {
        let rating = ["Yes", "Emerging", "No"][n % 3];
        text.replace(&format!("ANSWER {n:02}: "), &format!("ANSWER {n:02}: {rating}"))
            .replace(&format!("COMMENT {n:02}: "), &format!("COMMENT {n:02}: the team’s “log” {n}"))
    })
}

#[track_caller]
fn check_filled(mail: &FormMail) {
    assert!(mail.answers.strays.is_empty(), "{:?}", mail.answers.strays);
    for n in 1..=23_u32 {
        let expected = [Rating::Yes, Rating::Emerging, Rating::No][n as usize % 3];
        assert_eq!(mail.answers.rating(n), Some(expected), "Q{n}: {:?}", mail.answers.items.get(&n));
        assert_eq!(mail.answers.items[&n].comment, format!("the team’s “log” {n}"), "Q{n}");
    }
    assert_eq!(mail.forms, Forms::Current);
}

fn html_of(text: &str) -> String {
    let paragraph = |line: &str| {
        let escaped = line.replace('&', "&amp;").replace('<', "&lt;");
        format!("<p class=MsoNormal><span style='font-size:11.0pt'>{escaped}<o:p></o:p></span></p>\n")
    };
    text.lines().map(paragraph).collect()
}

#[test]
fn a_form_that_was_filled_in_where_it_stood_is_read_whatever_carried_it() {
    let outlook = format!(
        "Please see below.\n\nFrom: SEND team <f@council.example>\nSent: 22 November 2026 09:00\nTo: Ann Lee <ann@trust.example>\nSubject: Self-assessment\n\n{}",
        filled()
    );
    check_filled(&read_raw(&raw("text/plain", &outlook)));
    let quoted: String = filled().lines().map(|line| format!("> {line}\n")).collect();
    check_filled(&read_raw(&raw("text/plain", &format!("Ours:\n\nOn Sun, 22 Nov 2026, SEND team wrote:\n{quoted}"))));
    check_filled(&read_raw(&raw("text/html", &format!("<html><body>{}</body></html>", html_of(&filled())))));
    let wrapped = filled().replace("\nCOMMENT", " COMMENT").replace("? \n", "?\n");
    check_filled(&read_raw(&raw("text/plain", &wrapped)));
}

#[test]
fn a_table_in_an_html_mail_is_read_row_by_row() {
    let rows: String = (1..=23)
        .map(|n| {
            let ticks: String = (0..3)
                .map(|column| format!("<td><p>{}</p></td>", if n % 3 == column { "x" } else { "&nbsp;" }))
                .collect();
            format!("<tr><td>{n}</td><td>wording</td>{ticks}<td><p>the team’s “log” {n}</p></td></tr>")
        })
        .collect();
    let names = "<tr><th>No</th><th>Criterion</th><th>Yes</th><th>Emerging</th><th>No</th><th>Comments</th></tr>";
    check_filled(&read_raw(&raw("text/html", &format!("<table>{names}{rows}</table>"))));
}

fn with_file(body: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    let base64 = data_encoding::BASE64.encode(bytes);
    format!(
        "From: ann@trust.example\r\nTo: f@council.example\r\nSubject: Re: x\r\nMessage-ID: <2@trust.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n--b\r\nContent-Type: application/octet-stream; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}\r\n--b--\r\n"
    )
    .into_bytes()
}

#[test]
fn body_and_attachment_that_differ_are_unclear_and_equal_ones_count_once() {
    let csv = "question,answer,comment\n7,Yes,ok\n8,No,soon\n";
    let mail = read_raw(&with_file("ANSWER 07: No\nANSWER 08: No\n", "form.csv", csv.as_bytes()));
    assert_eq!(mail.answers.items[&7].value, Value::Unclear("No | Yes".into()));
    assert_eq!(mail.answers.rating(8), Some(Rating::No));
    assert!(mail.evidence.is_empty());
}

#[test]
fn attachments_that_are_no_forms_are_listed_as_evidence_and_told() {
    let mail = read_raw(&with_file("ANSWER 07: Yes", "audit.pdf", b"%PDF-1.7"));
    assert_eq!(mail.evidence, ["audit.pdf"]);
    assert!(mail.remarks[0].contains("this is a PDF file: please use the form"), "{:?}", mail.remarks);
    let mail = read_raw(&with_file("ANSWER 07: Yes", "staff.csv", b"name,role\nA,B\n"));
    assert_eq!((mail.evidence.as_slice(), mail.remarks.len()), (["staff.csv".to_owned()].as_slice(), 0));
}

// Situation 79 of domain.md 7.
#[test]
fn last_year_s_form_is_known_by_its_code_in_body_and_file() {
    let last = FormCode::of_form("Autumn 2025", "North Trust", &SHIPPED);
    let old = filled().replace(CODE.as_str(), last.as_str());
    assert_eq!(read_raw(&raw("text/plain", &old)).forms, Forms::Another);
    let csv = format!("Form {last},,\nquestion,answer,comment\n7,Yes,ok\n");
    assert_eq!(read_raw(&with_file("attached", "form.csv", csv.as_bytes())).forms, Forms::Another);
    assert_eq!(read_raw(&raw("text/plain", "ANSWER 07: Yes")).forms, Forms::Current, "typed without any form");
}

#[test]
fn an_answer_above_a_quotation_of_the_older_one_is_the_newer_one() {
    let held = form::read_text("ANSWER 07: Yes", &SHIPPED);
    let mail = raw("text/plain", "7. No\n\nOn Sun, 22 Nov 2026, Ann Lee wrote:\n> ANSWER 07: Yes\n> COMMENT 07: ok\n");
    assert_eq!(read_with(&mail, &held).answers.rating(7), Some(Rating::No));
    let unknown = read_with(&mail, &Answers::default()).answers;
    assert!(matches!(unknown.items[&7].value, Value::Unclear(_)), "two answers, neither known: asked");
}

#[test]
fn child_data_is_warned_of_and_not_repeated() {
    let mail = read_raw(&raw("text/plain", "ANSWER 07: Yes\nCOMMENT 07: as for 999 000 0018, DOB 03/04/2015\n"));
    assert_eq!(mail.remarks.len(), 1);
    assert!(mail.remarks[0].contains("2 places") && !mail.remarks[0].contains("999"), "{:?}", mail.remarks);
}

#[test]
fn answers_in_colour_come_through_as_nothing() {
    let mail = read_raw(&raw("text/plain", &format!("See my answers in red below.\n\n{}", form())));
    assert!(mail.answers.is_empty());
}
