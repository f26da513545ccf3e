//! The figures over the corpus: every failing file by name, in the order of harm.

use super::kind;
use crate::message::{Kind, parse::parse, shared};

fn new_text(message: &crate::message::Message) -> String {
    crate::message::new_text::new_text(message.text.as_deref(), message.html.as_deref()).own
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

#[test]
fn kinds() {
    let Some(table) = shared::table("corpus/kinds/labels.tsv") else { return };
    let mut wrong = 0;
    for row in &table {
        let message = parse(&shared::bytes(&format!("corpus/kinds/{}", row["file"])));
        let found = kind(&message, &new_text(&message), |_| false);
        if name(found.kind) != row["class"] && row["class"] != "other" {
            wrong += 1;
            println!("{} {} -> {} {:?} | {}", row["file"], row["class"], name(found.kind), found.evidence, row["note"]);
        } else if row["class"] == "other" {
            println!(
                "   {} {} -> {} {:?} | {}",
                row["file"],
                row["class"],
                name(found.kind),
                found.evidence,
                row["note"]
            );
        }
    }
    println!("{wrong} of {} differ", table.len());
    let mut wrong = 0;
    let table = shared::table("corpus/bounces/cases.tsv").unwrap();
    for row in &table {
        let message = parse(&shared::bytes(&format!("corpus/bounces/{}", row["file"])));
        let found = kind(&message, &new_text(&message), |_| false);
        if name(found.kind) != row["kind"] {
            wrong += 1;
            println!(
                "{} {} {} -> {} {:?} | {} {:?}",
                row["file"],
                row["kind"],
                row["kind_doubt"],
                name(found.kind),
                found.evidence,
                row["family"],
                message.subject
            );
        }
    }
    println!("{wrong} of {} differ", table.len());
}

#[test]
fn replies_by_people_stay_theirs() {
    let Some(table) = shared::table("corpus/replies/cases.tsv") else { return };
    for headers in [
        "",
        "Precedence: bulk\r\n",
        "Return-Path: <>\r\n",
        "Return-Path: <>\r\nPrecedence: list\r\nList-Id: <x.example>\r\n",
        "Auto-Submitted: auto-generated\r\n",
    ] {
        for row in &table {
            let input = shared::bytes(&format!("corpus/replies/{}", row["input"]));
            let type_ = if row["input"].ends_with("html") { "text/html" } else { "text/plain" };
            let mut mail = if row["input"].ends_with("eml") {
                Vec::new()
            } else {
                format!("From: ann@school.example\r\nSubject: Re: Advice\r\n{headers}Content-Type: {type_}; charset=utf-8\r\n\r\n").into_bytes()
            };
            mail.extend(input);
            let message = parse(&mail);
            let expected =
                String::from_utf8_lossy(&shared::bytes(&format!("corpus/replies/{}", row["expected"]))).into_owned();
            let found = kind(&message, &expected, |_| false);
            if found.kind != Kind::Human {
                println!(
                    "{headers:?} {} {:?} {:?} {}",
                    row["input"],
                    found.kind,
                    found.evidence,
                    expected.split_whitespace().count()
                );
            }
        }
    }
}

#[test]
fn zz_disagree() {
    for (dir, table, col) in [("kinds", "labels", "class"), ("bounces", "cases", "kind")] {
        let table = shared::table(&format!("corpus/{dir}/{table}.tsv")).unwrap();
        for row in &table {
            let message = parse(&shared::bytes(&format!("corpus/{dir}/{}", row["file"])));
            let found = kind(&message, &new_text(&message), |_| false);
            let b = crate::message::bounce::read(&message);
            let theirs = b.as_ref().map(|b| match b.permanence {
                crate::message::bounce::Permanence::Failed => Kind::Bounce,
                _ => Kind::Delay,
            });
            let mine = Some(found.kind).filter(|k| matches!(k, Kind::Bounce | Kind::Delay));
            if theirs != mine {
                println!(
                    "DIS {} {} mine={:?} theirs={:?} {:?}",
                    row["file"],
                    row[col],
                    found,
                    theirs,
                    b.map(|b| b.evidence)
                );
            }
        }
    }
}
