//! Holds the bars on real replies, and prints every file that misses.

use super::super::{NewText, html_to_text, new_text};
use crate::message::forwarded::forwarded;
use crate::message::parse::parse;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

struct Outcome {
    file: String,
    lost: Vec<String>,
    leaked: Vec<String>,
    /// With or without the signature, white space aside.
    exact: bool,
    /// As it came out.
    strict: bool,
}

fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let path = std::env::var_os("FOLLOWUPD_SHARED").map_or(beside, PathBuf::from);
    path.is_dir().then_some(path)
}

fn read(folder: &Path, file: &str) -> NewText {
    let bytes = fs::read(folder.join(file)).expect("input");
    let text = String::from_utf8_lossy(&bytes);
    match file.rsplit('.').next() {
        Some("html") => new_text(None, Some(&text)),
        Some("eml") => {
            let message = parse(&bytes);
            new_text(message.text.as_deref(), message.html.as_deref())
        }
        _ => new_text(Some(&text), None),
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || c == '\u{200b}').filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// The words of `left` that `right` has not.
fn missing(left: &str, right: &str) -> Vec<String> {
    let mut have: HashMap<String, usize> = HashMap::new();
    for word in words(right) {
        *have.entry(word).or_default() += 1;
    }
    let mut gone = Vec::new();
    for word in words(left) {
        match have.get_mut(&word).filter(|n| **n > 0) {
            Some(n) => *n -= 1,
            None => gone.push(word),
        }
    }
    gone
}

fn outcome(folder: &Path, input: &str, expected: &str) -> Outcome {
    let got = read(folder, input);
    let expected = fs::read_to_string(folder.join(expected)).expect("expected");
    let with_signature = got.cut.iter().filter(|c| c.what == super::super::CutKind::Signature);
    let signature: String = with_signature.map(|c| format!("\n{}", c.text)).collect();
    let squash = |text: &str| words(text).concat();
    let strict = squash(&got.text) == squash(&expected);
    let exact = strict || squash(&format!("{}{signature}", got.text)) == squash(&expected);
    let lost = missing(&expected, &format!("{}{signature}", got.text));
    Outcome { file: input.to_owned(), lost, leaked: missing(&got.text, &expected), exact, strict }
}

#[test]
fn real_replies_keep_the_words_of_the_sender() {
    let Some(shared) = shared() else {
        println!("not run: ../shared is absent");
        return;
    };
    let folder = shared.join("corpus/replies");
    let table = fs::read_to_string(folder.join("cases.tsv")).expect("table");
    let rows = table
        .lines()
        .skip(1)
        .filter_map(|row| row.split('\t').collect::<Vec<_>>().get(..2).map(|c| (c[0].to_owned(), c[1].to_owned())));
    let outcomes: Vec<Outcome> = rows.map(|(input, expected)| outcome(&folder, &input, &expected)).collect();
    for o in outcomes.iter().filter(|o| !o.exact) {
        println!("{}: lost {:?}, leaked {:?}", o.file, o.lost, o.leaked);
    }
    let count = |holds: fn(&Outcome) -> bool| outcomes.iter().filter(|o| holds(o)).count();
    for (half, name) in [(0, "even"), (1, "odd")] {
        let rows = || outcomes.iter().skip(half).step_by(2);
        let exact = rows().filter(|o| o.exact).count();
        println!(
            "{name} rows: exact {exact} of {}, lost in {}",
            rows().count(),
            rows().filter(|o| !o.lost.is_empty()).count()
        );
    }
    println!("exact without the signature: {}", count(|o| o.strict));
    let (lost, exact, leaked) = (count(|o| !o.lost.is_empty()), count(|o| o.exact), count(|o| !o.leaked.is_empty()));
    println!("{} files: own words lost in {lost}, exact {exact}, quoted text leaked in {leaked}", outcomes.len());
    assert!(!outcomes.is_empty());
    assert!(lost * 20 < outcomes.len(), "own words lost in {lost} of {}", outcomes.len());
    assert!(exact * 100 > outcomes.len() * 65, "exact {exact} of {}", outcomes.len());
}

#[test]
fn every_real_message_has_a_new_text_within_its_body() {
    let Some(shared) = shared() else {
        println!("not run: ../shared is absent");
        return;
    };
    for folder in ["kinds", "bounces", "malformed"] {
        for entry in fs::read_dir(shared.join("corpus").join(folder)).expect("folder").flatten() {
            let message = parse(&fs::read(entry.path()).expect("message"));
            let got = new_text(message.text.as_deref(), message.html.as_deref());
            assert_eq!(missing(&got.own, &got.text), Vec::<String>::new(), "{}", entry.path().display());
            for carried in forwarded(&message) {
                assert!(carried.raw.is_some() || !carried.headers.is_empty(), "{}", entry.path().display());
            }
        }
    }
}

#[test]
fn html_of_real_replies_becomes_text() {
    let Some(shared) = shared() else {
        println!("not run: ../shared is absent");
        return;
    };
    for entry in fs::read_dir(shared.join("corpus/replies")).expect("folder").flatten() {
        if entry.path().extension().is_some_and(|e| e == "html") {
            let html = fs::read_to_string(entry.path()).expect("html");
            assert!(!html_to_text(&html).contains("</"), "{}", entry.path().display());
        }
    }
}
