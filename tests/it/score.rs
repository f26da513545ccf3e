//! `followupd score`, as `operations.md` promises it, on the worked examples of the rule (`domain.md` 4.2).

use crate::program::{Answered, fields, run};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

const FIELDS: [&str; 9] = ["yes", "emerging", "no", "blank", "invalid", "rag", "rag_other_met", "because", "range"];
const ESSENTIAL: [u32; 16] = [2, 4, 5, 6, 7, 8, 9, 14, 15, 16, 17, 19, 20, 21, 22, 23];
const DESIRABLE: [u32; 7] = [1, 3, 10, 11, 12, 13, 18];

/// Answers in the order Yes, Emerging, No for essential and desirable criteria; `blank` is left out.
struct Example {
    essential: [usize; 3],
    desirable: [usize; 3],
    blank: Option<u32>,
    totals: [u64; 3],
    rag: &'static str,
    range: [&'static str; 2],
}

const fn example(essential: [usize; 3], desirable: [usize; 3], totals: [u64; 3], rag: &'static str) -> Example {
    Example { essential, desirable, blank: None, totals, rag, range: [rag, rag] }
}

const EXAMPLES: [Example; 14] = [
    example([16, 0, 0], [7, 0, 0], [23, 0, 0], "GREEN"),
    example([16, 0, 0], [0, 0, 7], [16, 0, 7], "GREEN"),
    example([12, 4, 0], [0, 7, 0], [12, 11, 0], "GREEN"),
    example([11, 5, 0], [0, 7, 0], [11, 12, 0], "AMBER"),
    example([0, 16, 0], [7, 0, 0], [7, 16, 0], "AMBER"),
    example([15, 0, 1], [7, 0, 0], [22, 0, 1], "RED"),
    example([15, 1, 0], [7, 0, 0], [22, 1, 0], "GREEN"),
    example([11, 5, 0], [0, 6, 1], [11, 11, 1], "AMBER"),
    example([11, 5, 0], [0, 5, 2], [11, 10, 2], "AMBER"),
    example([8, 8, 0], [0, 0, 7], [8, 8, 7], "AMBER"),
    example([5, 11, 0], [0, 0, 7], [5, 11, 7], "AMBER"),
    example([0, 0, 16], [0, 0, 7], [0, 0, 23], "RED"),
    Example { blank: Some(7), range: ["RED", "GREEN"], ..example([15, 0, 0], [7, 0, 0], [22, 0, 0], "INCOMPLETE") },
    Example { blank: Some(13), range: ["GREEN", "GREEN"], ..example([16, 0, 0], [6, 0, 0], [22, 0, 0], "INCOMPLETE") },
];

fn answers(example: &Example) -> Vec<(u32, &'static str)> {
    let words = |counts: [usize; 3]| {
        ["Yes", "Emerging", "No"].into_iter().zip(counts).flat_map(|(word, n)| std::iter::repeat_n(word, n))
    };
    let given = |number: &u32| Some(*number) != example.blank;
    let essential = ESSENTIAL.into_iter().filter(given).zip(words(example.essential));
    let mut all: Vec<_> = essential.chain(DESIRABLE.into_iter().filter(given).zip(words(example.desirable))).collect();
    all.sort_unstable();
    all
}

/// The form as it is sent and answered in place.
fn text_form(answers: &[(u32, &str)]) -> String {
    (1..=23).fold(String::new(), |mut form, number| {
        let rating = answers.iter().find(|(n, _)| *n == number).map_or("", |(_, word)| word);
        let _ = write!(
            form,
            "[Q{number:02}] (Essential) Is it so?\nANSWER {number:02}: {rating}\nCOMMENT {number:02}: \n\n"
        );
        form
    })
}

fn quoted(form: &str) -> String {
    let lines: Vec<String> = form.lines().map(|line| format!("> {line}\r\n")).collect();
    format!("Please find our answers below.\r\n\r\n{}", lines.concat())
}

fn csv(answers: &[(u32, &str)]) -> String {
    let rows: Vec<String> = answers.iter().map(|(number, word)| format!("{number},{word},\"so, yes\"\r\n")).collect();
    format!("question,answer,comment\r\n{}", rows.concat())
}

fn score(name: &str, content: &[u8]) -> Answered {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    run(folder.path(), &["score", name])
}

fn object(answered: &Answered) -> Value {
    assert_eq!(answered.status, 0, "{}", answered.errors);
    let value = serde_json::from_str(&answered.out).expect("one JSON object");
    assert_eq!(fields(&value), BTreeSet::from(FIELDS));
    value
}

#[test]
fn the_worked_examples_have_their_colours_in_each_form() {
    for (number, example) in EXAMPLES.iter().enumerate() {
        let given = answers(example);
        let form = text_form(&given);
        for (name, content) in [("form.txt", form.clone()), ("mail.txt", quoted(&form)), ("form.csv", csv(&given))] {
            let got = object(&score(name, content.as_bytes()));
            let why = format!("example {} as {name}: {got}", number + 1);
            assert_eq!(["yes", "emerging", "no"].map(|n| got[n].as_u64().unwrap()), example.totals, "{why}");
            assert_eq!(got["blank"], u64::from(example.blank.is_some()), "{why}");
            assert_eq!((&got["rag"], &got["invalid"]), (&example.rag.into(), &serde_json::json!([])), "{why}");
            assert_eq!(got["range"], serde_json::json!(example.range), "{why}");
            assert!(got["because"].as_str().is_some_and(|text| text.ends_with('.')), "{why}");
        }
    }
}

#[test]
fn the_other_reading_of_met_is_told_beside() {
    let got = object(&score("form.csv", csv(&answers(&EXAMPLES[6])).as_bytes()));
    assert_eq!((&got["rag"], &got["rag_other_met"]), (&"GREEN".into(), &"RED".into()));
}

#[test]
fn an_answer_that_cannot_be_counted_is_named_and_wins_over_a_blank_one() {
    let mut given = answers(&EXAMPLES[12]);
    given[0].1 = "E";
    let got = object(&score("form.csv", csv(&given).as_bytes()));
    assert_eq!((&got["rag"], &got["blank"]), (&"INVALID".into(), &1.into()));
    assert_eq!(got["invalid"], serde_json::json!([{"question": 1, "text": "E"}]));
}

#[test]
fn the_status_is_three_only_for_what_cannot_be_read() {
    let check = |name: &str, content: &[u8], status: i32| {
        let answered = score(name, content);
        assert_eq!(answered.status, status, "{name}: {}{}", answered.out, answered.errors);
        assert_eq!(answered.out.is_empty(), status != 0, "{name}");
    };
    check("notes.txt", b"Nothing to see here.", 0);
    check("empty.txt", b"", 0);
    check("form.pdf", b"%PDF-1.7", 3);
    check("form.xlsx", b"PK\x03\x04 and no more", 3);
    let folder = tempfile::tempdir().unwrap();
    for (args, status) in [(&["score", "missing.csv"][..], 3), (&["score", "."], 3), (&["score"], 2)] {
        assert_eq!(run(folder.path(), args).status, status, "{args:?}");
    }
}
