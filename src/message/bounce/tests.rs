//! The corpus of real notices: figures are printed, bars are held.

use super::{BounceReading, Permanence, read};
use crate::message::Message;
use crate::message::parse::parse;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("FOLLOWUPD_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    root.join("corpus").is_dir().then_some(root)
}

fn addresses(list: &str) -> BTreeSet<String> {
    list.split(',').map(|a| a.trim().to_lowercase()).filter(|a| !a.is_empty()).collect()
}

#[derive(Default)]
struct Score {
    total: usize,
    exact: usize,
    wrong: usize,
    kinds: usize,
    kinds_right: usize,
    families: BTreeMap<String, (usize, usize)>,
    listing: Vec<String>,
}

impl Score {
    /// One row of the table: file, recipients, also right, kind, doubt about the kind, family.
    fn add(&mut self, cells: &[&str], reading: Option<&BounceReading>) {
        let (file, expected, also) = (cells[0], addresses(cells[1]), addresses(cells[2]));
        let found: BTreeSet<String> =
            reading.iter().flat_map(|r| r.bounce.recipients.iter().map(|one| one.address.to_string())).collect();
        let how = reading.map_or("no notice".to_owned(), |r| r.evidence.join("; "));
        let stray: Vec<_> = found.iter().filter(|a| !expected.contains(*a) && !also.contains(*a)).collect();
        let right = stray.is_empty() && found.len() == expected.len();
        self.total += 1;
        self.exact += usize::from(right);
        self.wrong += usize::from(!stray.is_empty());
        let family = self.families.entry(format!("{} {}", cells[9], cells[10])).or_default();
        *family = (family.0 + usize::from(right), family.1 + 1);
        if !right {
            let name = if !stray.is_empty() {
                "WRONG ADDRESS"
            } else if found.is_empty() {
                "nothing"
            } else {
                "subset"
            };
            self.listing.push(format!("{name} {file}: {found:?} for {expected:?} ({how})"));
        }
        if cells[4].is_empty() {
            let permanence = if cells[3] == "delay" { Permanence::Delayed } else { Permanence::Failed };
            let same = reading.is_some_and(|r| r.permanence == permanence);
            self.kinds += 1;
            self.kinds_right += usize::from(same);
            self.listing.extend((!same).then(|| format!("kind {file}: should be {} ({how})", cells[3])));
        }
    }

    fn print(&self, name: &str) {
        self.listing.iter().for_each(|line| println!("{line}"));
        let shares: f64 = self.families.values().map(|&(right, all)| right as f64 / all as f64).sum();
        let mean = 100.0 * shares / self.families.len() as f64;
        println!(
            "{name}: recipients exactly right {} of {} (mean over families {mean:.1} %), wrong address {}, bounce against delay {} of {}",
            self.exact, self.total, self.wrong, self.kinds_right, self.kinds
        );
    }
}

/// Reads the whole corpus after `change`; `None` when it is not there.
fn score(name: &str, change: impl Fn(&mut Message)) -> Option<Score> {
    let Some(root) = shared() else {
        println!("not run: ../shared is absent");
        return None;
    };
    let folder = root.join("corpus/bounces");
    let table = std::fs::read_to_string(folder.join("cases.tsv")).unwrap();
    let mut score = Score::default();
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let mut message = parse(&std::fs::read(folder.join(cells[0])).unwrap());
        change(&mut message);
        score.add(&cells, read(&message).as_ref());
    }
    score.print(name);
    Some(score)
}

#[test]
fn corpus_of_real_notices() {
    let Some(score) = score("as they came", |_| ()) else { return };
    assert_eq!(score.wrong, 0);
    assert!(score.exact * 100 > score.total * 95);
    assert!(score.kinds_right * 100 > score.kinds * 95);
}

/// The same mails with their machine-readable part taken away: keeps the wording rules honest.
#[test]
fn corpus_of_real_notices_by_their_text_alone() {
    let Some(score) = score("by text alone", |message| {
        message.parts.retain(|part| !part.content_type.ends_with("delivery-status"));
        message.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("X-Failed-Recipients"));
    }) else {
        return;
    };
    assert!(score.exact * 100 > score.total * 95);
    assert!(score.kinds_right * 100 > score.kinds * 95);
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

/// Each part has a bound, and all parts together have one too; a text that opens as an event is no longer than one.
#[test]
fn many_huge_parts_are_cut_to_one_bound() {
    let part =
        format!("--b\nContent-Type: TYPE\n\n{{\"notificationType\":\"Bounce\",\"x\":[{}0]\n", "0,".repeat(100_000));
    for (type_, enclosed) in
        [("text/plain", 0), ("text/html", 0), ("message/delivery-status", 0), ("message/rfc822", 4)]
    {
        let parts = part.replace("TYPE", type_).repeat(40);
        let raw = format!(
            "From: MAILER-DAEMON@mx.example\nSubject: failure notice\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n"
        );
        let notice = super::notice::gather(&parse(raw.as_bytes()));
        let read: usize = notice.status.iter().chain(&notice.lines).chain(&notice.returned).map(String::len).sum();
        assert!(read <= 1024 * 1024, "{type_}: {read}");
        assert!(notice.event.is_none(), "{type_}");
        assert_eq!(notice.enclosed.len(), enclosed, "{type_}");
        assert!(notice.enclosed.iter().all(|raw| raw.len() <= 256 * 1024), "{type_}");
    }
}
