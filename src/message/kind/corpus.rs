//! The figures over the corpus: every failing file by name, in the order of harm, and the bars that hold.

use super::kind;
use crate::message::bounce::{self, Permanence};
use crate::message::new_text::new_text;
use crate::message::parse::parse;
use crate::message::{Kind, Message, shared};
use std::collections::BTreeMap;

fn words(message: &Message) -> String {
    new_text(message.text.as_deref(), message.html.as_deref()).own
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Human => "human",
        Kind::Absence => "absence",
        Kind::Acknowledgement => "acknowledgement",
        Kind::Bounce => "bounce",
        Kind::Delay => "delay",
        Kind::Receipt => "receipt",
        Kind::Calendar => "calendar",
        Kind::Bulk => "bulk",
        Kind::FeedbackReport => "feedback_report",
        Kind::Own => "own",
    }
}

/// The order of harm of a wrong kind, the worst first; `None` when it does none.
fn harm(expected: &str, by_person: bool, found: Kind) -> Option<(u8, &'static str)> {
    let found_name = name(found);
    let is_person = expected == "human" || by_person;
    let shown = matches!(found, Kind::Human | Kind::Bulk);
    match (expected, found) {
        _ if is_person && !shown => Some((1, "a person taken for a machine")),
        _ if is_person => None,
        ("absence" | "acknowledgement" | "bounce" | "delay", Kind::Human) => Some((2, "a machine taken for a person")),
        ("bounce" | "delay", _) if found_name != expected => Some((3, "the wrong sort of notice")),
        ("absence" | "acknowledgement", _) if found_name != expected => Some((4, "the wrong sort of answer")),
        ("receipt" | "calendar" | "feedback_report" | "bulk", _) if found_name != expected => Some((5, "inexact")),
        ("other", Kind::Bounce | Kind::Delay) => Some((3, "would mark an address dead")),
        _ => None,
    }
}

#[test]
fn kinds_of_the_corpus() {
    let Some(table) = shared::table("corpus/kinds/labels.tsv") else { return };
    let mut failures = Vec::new();
    let mut confusion: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for row in &table {
        let message = parse(&shared::bytes(&format!("corpus/kinds/{}", row["file"])));
        let found = kind(&message, &words(&message), |_| false);
        *confusion.entry((row["class"].clone(), name(found.kind))).or_default() += 1;
        if let Some((rank, why)) = harm(&row["class"], row["person_via_list"] == "yes", found.kind) {
            failures.push((
                rank,
                format!("{} {why}: {} -> {} {:?}", row["file"], row["class"], name(found.kind), found.evidence),
            ));
        }
    }
    for ((expected, found), count) in &confusion {
        println!("{expected:>16} -> {found:<16} {count}");
    }
    failures.sort();
    failures.iter().for_each(|(rank, text)| println!("{rank} {text}"));
    println!("kinds: {} of {} without harm", table.len() - failures.len(), table.len());
    assert!(failures.iter().all(|(rank, _)| *rank > 2), "{failures:?}");
    assert!(failures.len() * 100 <= table.len() * 8, "{failures:?}");
}

#[test]
fn notices_of_the_corpus_are_told_from_each_other() {
    let Some(table) = shared::table("corpus/bounces/cases.tsv") else { return };
    let mut wrong = Vec::new();
    for row in table.iter().filter(|row| row["kind_doubt"].is_empty()) {
        let message = parse(&shared::bytes(&format!("corpus/bounces/{}", row["file"])));
        let found = kind(&message, &words(&message), |_| false);
        if name(found.kind) != row["kind"] {
            wrong.push(format!("{} {} -> {} {:?}", row["file"], row["kind"], name(found.kind), found.evidence));
        }
    }
    println!("notices: {} of {} right\n{}", table.len() - wrong.len(), table.len(), wrong.join("\n"));
    assert!(wrong.len() * 50 <= table.len(), "{wrong:?}");
}

/// `bounce` reads on its own whether a mail is a notice; both readings have to say the same.
#[test]
fn kind_and_bounce_agree() {
    for (folder, table) in [("kinds", "labels"), ("bounces", "cases")] {
        let Some(table) = shared::table(&format!("corpus/{folder}/{table}.tsv")) else { return };
        for row in &table {
            let message = parse(&shared::bytes(&format!("corpus/{folder}/{}", row["file"])));
            let here = Some(kind(&message, &words(&message), |_| false).kind);
            let there = bounce::read(&message).map(|notice| match notice.permanence {
                Permanence::Failed => Kind::Bounce,
                Permanence::Delayed => Kind::Delay,
            });
            assert_eq!(here.filter(|kind| matches!(kind, Kind::Bounce | Kind::Delay)), there, "{}", row["file"]);
        }
    }
}

#[test]
fn replies_of_the_corpus_stay_their_writers_under_any_header() {
    let Some(table) = shared::table("corpus/replies/cases.tsv") else { return };
    let headers = [
        "",
        "Precedence: bulk\r\n",
        "Return-Path: <>\r\n",
        "Return-Path: <>\r\nPrecedence: list\r\nList-Id: <x.example>\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "X-Auto-Response-Suppress: All\r\n",
    ];
    let mut lost = Vec::new();
    for (row, header) in table.iter().flat_map(|row| headers.iter().map(move |header| (row, header))) {
        let input = shared::bytes(&format!("corpus/replies/{}", row["input"]));
        let subtype = if row["input"].ends_with("html") { "html" } else { "plain" };
        let head = format!(
            "From: ann@school.example\r\nSubject: Re: Advice\r\n{header}Content-Type: text/{subtype}; charset=utf-8\r\n\r\n"
        );
        let whole = if row["input"].ends_with("eml") { input } else { [head.into_bytes(), input].concat() };
        let message = parse(&whole);
        let found = kind(&message, &words(&message), |_| false);
        if found.kind != Kind::Human {
            lost.push(format!("{} {header:?} {found:?}", row["input"]));
        }
    }
    println!(
        "replies: {} of {} are their writers'",
        table.len() * headers.len() - lost.len(),
        table.len() * headers.len()
    );
    assert_eq!(lost, Vec::<String>::new());
}
