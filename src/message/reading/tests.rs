//! The whole reading of hostile mail: an answer, in bounded time; and the figures over broken mail.

use super::*;
use crate::message::shared;
use proptest::prelude::*;
use std::sync::mpsc;
use std::time::Duration;

/// What a reading may take here: unoptimised code on a busy machine is some thirty times slower than what is
/// shipped, which has 2 s for the worst mail. It catches what grows faster than the mail.
const PATIENCE: Duration = Duration::from_secs(60);

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 2).unwrap()
}

/// Reads on a thread of its own; a reading that panics or hangs fails the test by its name.
fn answered(name: &str, raw: Vec<u8>) -> Reading {
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || drop(done.send(read(&raw, day()))));
    wait.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn broken_mail_of_the_corpus_is_answered() {
    let Some(table) = shared::table("corpus/malformed/cases.tsv") else { return };
    let mut counts = [0usize; 4];
    for row in &table {
        let raw = shared::bytes(&format!("corpus/malformed/{}", row["file"]));
        let reading = answered(&row["file"], raw.clone());
        let shown = !reading.new_text.text.is_empty()
            || !reading.message.attachments.is_empty()
            || !reading.message.subject.is_empty()
            || !reading.message.headers.is_empty();
        assert!(shown, "{}: nothing to show", row["file"]);
        counts[0] += 1;
        counts[1] += usize::from(!reading.message.from.is_empty());
        counts[2] += usize::from(!reading.message.faults.is_empty());
        counts[3] += usize::from(reading.message.text.is_some() || reading.message.html.is_some());
        for end in (0..raw.len().min(4_000)).step_by(37) {
            read(&raw[..end], day());
        }
    }
    let [all, from, faults, body] = counts;
    println!(
        "malformed: {all} of {} answered; {from} with an author, {body} with a body, {faults} with faults",
        table.len()
    );
    assert_eq!(counts[0], table.len());
}

#[test]
fn large_and_hostile_mail_is_answered() {
    let head = "From: ann@school.example\r\nSubject: Re: Advice\r\n";
    let body = |line: &str, bytes: usize| line.repeat(bytes / line.len());
    let nested: String =
        (0..20_000).map(|i| format!("Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n")).collect();
    let pdf = "Content-Type: application/pdf; name=advice.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n";
    let line = format!("{}\r\n", "QUJD".repeat(19));
    for (name, raw) in [
        (
            "base64",
            format!(
                "{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{pdf}{}--b--",
                body(&line, 35 << 20)
            ),
        ),
        ("text", format!("{head}\r\n{}", body("The advice is long. \r\n", 3 << 20))),
        ("one line", format!("{head}\r\n{}", body("word ", 3 << 20))),
        ("html", format!("{head}Content-Type: text/html\r\n\r\n{}", body("<div><b>a</b>", 1 << 20))),
        ("headers", format!("{}{head}\r\nHi", "X-Header: some value\r\n".repeat(50_000))),
        ("bad headers", format!("{}{head}\r\nHi", "no header at all\r\n".repeat(50_000))),
        ("one header", format!("X: {}\r\n{head}\r\nHi", "=?".repeat(1 << 18))),
        ("words", format!("{}{head}\r\nHi", format!("X: {}\r\n", "=?utf-8?q?a?= ".repeat(4_000)).repeat(50))),
        ("recipients", format!("To: {}\r\n{head}\r\nHi", "\"A, B\" <a@x.example>, ".repeat(100_000))),
        ("references", format!("References: {}\r\n{head}\r\nHi", "<1@x.example> ".repeat(100_000))),
        ("comments", format!("To: {}\r\nDate: {}\r\n{head}\r\nHi", "(".repeat(100_000), "(".repeat(100_000))),
        ("nested", format!("{head}{nested}Hi")),
        ("boundaries", format!("{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n".repeat(500_000))),
        ("dashes", format!("{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--\r\n".repeat(500_000))),
        ("quotes", format!("{head}\r\n{}", "> ".repeat(500_000))),
        ("nul", format!("{head}\r\n{}", "\0".repeat(1 << 20))),
        ("cr", format!("{head}\r\n{}", "\r".repeat(1 << 20))),
        ("lf", "\n".repeat(3 << 20)),
        ("messages", format!("{head}{}Hi", "Content-Type: message/rfc822\r\n\r\n".repeat(50_000))),
    ] {
        let reading = answered(name, raw.into_bytes());
        let expected = if name == "lf" { 0 } else { 1 };
        assert_eq!(reading.message.from.len(), expected, "{name}: {:?}", reading.message.faults);
        println!("{name}: {:?} {:?}", reading.kind, reading.message.faults);
    }
}

#[test]
fn a_large_attachment_is_counted_whole_and_kept_in_part() {
    let raw = format!(
        "From: ann@school.example\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        "QUJD".repeat(4 << 20)
    );
    let message = parse::parse(raw.as_bytes());
    assert_eq!(message.attachments.first().unwrap().bytes, 12 << 20);
    assert_eq!(message.parts.first().unwrap().body.len(), parse::MAX_PART_BYTES);
}

const NOTICE: &[u8] = b"Return-Path: <>\r\nFrom: Mail Delivery System <mailer-daemon@mx.council.example>\r\nSubject: Undelivered Mail Returned to Sender\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nThis is the mail system at host mx.council.example. <ann@school.example>: 550 5.1.1 user unknown\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.council.example\r\n\r\nFinal-Recipient: rfc822; ann@school.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <1@council.example>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n";

#[test]
fn every_cut_of_a_notice_is_read() {
    for end in 0..NOTICE.len() {
        read(&NOTICE[..end], day());
    }
    let whole = read(NOTICE, day());
    assert_eq!(whole.kind, Kind::Bounce);
    assert_eq!(whole.bounce.unwrap().recipients.first().unwrap().address.as_str(), "ann@school.example");
}

#[test]
fn only_its_kind_fills_bounce_and_absence() {
    let human = read(b"From: ann@school.example\r\nSubject: Re: Advice\r\n\r\nI am out of the office until Monday, the advice follows.", day());
    assert_eq!((human.kind, human.bounce, human.absence), (Kind::Human, None, None));
    let away = read(b"From: ann@school.example\r\nSubject: Automatic reply: Advice\r\nAuto-Submitted: auto-generated\r\n\r\nI am away until 14 November.", day());
    assert_eq!((away.kind, away.bounce), (Kind::Absence, None));
    assert_eq!(away.absence.unwrap().until, NaiveDate::from_ymd_opt(2026, 11, 14));
}

proptest! {
    #[test]
    fn any_damage_is_survived(changes in proptest::collection::vec((0usize..2_000, any::<u8>()), 1..12)) {
        let mut raw = NOTICE.to_vec();
        for (place, byte) in changes {
            let length = raw.len();
            raw[place % length] = byte;
        }
        read(&raw, day());
    }
}
