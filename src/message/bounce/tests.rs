//! The corpus of real notices: figures are printed, bars are held.

use super::{Permanence, read};
use crate::message::parse::parse;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::PathBuf;

fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("FOLLOWUPD_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    root.join("corpus").is_dir().then_some(root)
}

fn addresses(list: &str) -> BTreeSet<String> {
    list.split(',').map(|a| a.trim().to_lowercase()).filter(|a| !a.is_empty()).collect()
}

#[test]
fn corpus_of_real_notices() {
    let Some(root) = shared() else {
        println!("not run: ../shared is absent");
        return;
    };
    let folder = root.join("corpus/bounces");
    let table = std::fs::read_to_string(folder.join("cases.tsv")).unwrap();
    let only: Option<Vec<String>> = std::env::var("BOUNCE_FILES")
        .ok()
        .map(|p| std::fs::read_to_string(p).unwrap().lines().map(str::to_owned).collect());
    let (mut total, mut exact, mut kinds, mut kinds_right) = (0, 0, 0, 0);
    let mut listing = Vec::new();
    let mut wrong = 0;
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        if only.as_ref().is_some_and(|only| !only.iter().any(|f| f == cells[0])) {
            continue;
        }
        let (expected, also) = (addresses(cells[1]), addresses(cells[2]));
        let mut message = parse(&std::fs::read(folder.join(cells[0])).unwrap());
        if std::env::var("BOUNCE_ABLATE").is_ok() {
            message.parts.retain(|p| !p.content_type.ends_with("delivery-status"));
            message.headers.retain(|(n, _)| !n.eq_ignore_ascii_case("x-failed-recipients"));
        }
        let reading = read(&message);
        let found: BTreeSet<String> =
            reading.iter().flat_map(|r| r.bounce.recipients.iter().map(|one| one.address.to_string())).collect();
        let stray: Vec<_> = found.iter().filter(|a| !expected.contains(*a) && !also.contains(*a)).collect();
        total += 1;
        let right = stray.is_empty() && found.len() == expected.len();
        exact += usize::from(right);
        let how = reading.as_ref().map_or("no notice".to_owned(), |r| r.evidence.join("; "));
        if !stray.is_empty() {
            wrong += 1;
            listing.push(format!("WRONG ADDRESS {} {stray:?} for {expected:?} ({how})", cells[0]));
        } else if !right {
            let name = if found.is_empty() { "nothing" } else { "subset" };
            listing.push(format!("{name} {} {found:?} for {expected:?} ({how})", cells[0]));
        }
        if cells[4].is_empty() {
            kinds += 1;
            let delay = reading.as_ref().is_some_and(|r| r.permanence == Permanence::Delayed);
            let same = reading.is_some() && delay == (cells[3] == "delay");
            kinds_right += usize::from(same);
            if !same {
                listing.push(format!("kind {}: should be {} ({how})", cells[0], cells[3]));
            }
        }
        if let (true, Some(r)) = (std::env::var("BOUNCE_SHOW").is_ok(), &reading) {
            println!("SHOW {} {how} | {:?} | {} | {:?}", cells[0], r.bounce.reason, cells[6], r.bounce.recipients);
        }
    }
    listing.iter().for_each(|line| println!("{line}"));
    println!(
        "recipients exactly right: {exact} of {total}; wrong address: {wrong}; bounce against delay: {kinds_right} of {kinds}"
    );
}

#[test]
fn corpus_of_other_kinds_holds_no_notice() {
    let Some(root) = shared() else {
        println!("not run: ../shared is absent");
        return;
    };
    let folder = root.join("corpus/kinds");
    let table = std::fs::read_to_string(folder.join("labels.tsv")).unwrap();
    let mut mistaken = Vec::new();
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let reading = read(&parse(&std::fs::read(folder.join(cells[0])).unwrap()));
        let found = match reading.as_ref().map(|r| r.permanence) {
            Some(Permanence::Failed) => "bounce",
            Some(Permanence::Delayed) => "delay",
            None => "none",
        };
        let wanted = if matches!(cells[1], "bounce" | "delay") { cells[1] } else { "none" };
        if found != wanted {
            mistaken.push(format!("{} is {}, read as {found}", cells[0], cells[1]));
        }
    }
    assert!(mistaken.is_empty(), "{mistaken:#?}");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(raw in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&parse(&raw));
    }

    #[test]
    fn no_text_of_a_mail_system_makes_it_panic(text in "(\\PC|[<>@:;(]|\\n|[0-9]{3} |RCPT TO:|failed|a@b\\.example){0,200}") {
        let raw = format!("From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\nFinal-Recipient: {text}\n\n{text}");
        let _ = read(&parse(raw.as_bytes()));
    }
}

/// Work grows with the bytes that are looked at, and those are bounded: ten times the mail is not ten times the lines.
#[test]
fn a_huge_notice_is_cut_to_a_bound() {
    let body = "<ann@school.example>: failed a@b.example c@d.example e@f.example\n".repeat(200_000);
    let raw = format!("From: MAILER-DAEMON@mx.example\nSubject: failure notice\n\n{body}");
    let reading = read(&parse(raw.as_bytes())).unwrap();
    assert_eq!(reading.bounce.recipients.len(), 1);
}
