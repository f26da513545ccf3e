//! `followupd inspect`, as `operations.md` promises it to scripts.

use crate::program::{Answered, fields, run, shared};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const FIELDS: [&str; 13] = [
    "file",
    "sha256",
    "message_id",
    "from",
    "kind",
    "evidence",
    "new_text",
    "attachments",
    "references",
    "bounce",
    "absence",
    "authentication",
    "faults",
];
const KINDS: [&str; 10] =
    ["human", "absence", "acknowledgement", "bounce", "delay", "receipt", "calendar", "bulk", "feedback_report", "own"];

const REPLY: &[u8] = b"From: Ann Low <ann.low@clinic.example>\r\nTo: followups@council.example\r\nSubject: RE: advice\r\n\
Message-ID: <1@clinic.example>\r\nIn-Reply-To: <2@council.example>\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
Twice a week, in school.\r\n\r\nOn 30 Oct 2026, at 09:15, Cora Lane <cora.lane@council.example> wrote:\r\n> How often?\r\n\
--b\r\nContent-Type: application/pdf; name=\"advice.pdf\"\r\nContent-Disposition: attachment\r\n\
Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjcK\r\n--b--\r\n";
const ABSENCE: &[u8] =
    b"From: lee@clinic.example\r\nAuto-Submitted: auto-replied\r\nSubject: Automatic reply: advice\r\n\
Date: Mon, 2 Nov 2026 10:00:00 +0000\r\n\r\nI am out of the office until 14 November. Please contact Mo Head.\r\n";
const BOUNCE: &[u8] = b"Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example\r\n\
Subject: Undelivered Mail Returned to Sender\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
--b\r\n\r\nIt could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
Reporting-MTA: dns; relay.example\r\n\r\nFinal-Recipient: rfc822; lee@clinic.example\r\nAction: failed\r\n\
Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 unknown\r\n--b--\r\n";

/// Mails of which nobody can say much; each still has its line.
const BROKEN: [&[u8]; 6] = [
    b"",
    b"\0\0\0",
    b"\r\n\r\n",
    b"From: a@x.example\nFrom: b@y.example\n\nTwo.",
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b",
    b"Subject: =?utf-8?b?w6T?= \xff\xfe\r\nContent-Type: text/plain; charset=x\r\nContent-Transfer-Encoding: base64\r\n\r\n=\xff=",
];

fn lines(answered: &Answered) -> Vec<Value> {
    answered.out.lines().map(|line| serde_json::from_str(line).expect("each line is one JSON value")).collect()
}

fn is_short_texts(value: &Value) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(|text| text.as_str().is_some_and(|t| !t.contains('\n'))))
}

fn is_text_or_null(value: &Value) -> bool {
    value.is_null() || value.is_string()
}

/// Holds one line to the contract.
fn check(line: &Value, file: &str) {
    assert_eq!(fields(line), BTreeSet::from(FIELDS), "{file}");
    assert_eq!(line["file"], file);
    assert!(line["sha256"].as_str().is_some_and(|s| s.len() == 64), "{file}");
    assert!(is_text_or_null(&line["message_id"]) && is_text_or_null(&line["from"]), "{file}");
    assert!(line["kind"].as_str().is_some_and(|kind| KINDS.contains(&kind)), "{file}: {}", line["kind"]);
    assert!(["evidence", "references", "faults"].iter().all(|name| is_short_texts(&line[name])), "{file}: {line}");
    assert!(line["new_text"].is_string() && line["authentication"].is_object(), "{file}");
    for attachment in line["attachments"].as_array().expect("a list") {
        assert_eq!(fields(attachment), BTreeSet::from(["name", "type", "bytes"]), "{file}");
        assert!(is_text_or_null(&attachment["name"]) && attachment["bytes"].is_u64(), "{file}");
    }
    let is_notice = line["kind"] == "bounce" || line["kind"] == "delay";
    assert_eq!(line["bounce"].is_object(), is_notice, "{file}");
    for recipient in line["bounce"]["recipients"].as_array().into_iter().flatten() {
        assert_eq!(fields(recipient), BTreeSet::from(["address", "status", "action", "diagnostic"]), "{file}");
    }
    assert_eq!(line["absence"].is_object(), line["kind"] == "absence", "{file}");
    if line["absence"].is_object() {
        assert_eq!(fields(&line["absence"]), BTreeSet::from(["until", "contact"]), "{file}");
    }
}

fn inspect(folder: &Path, files: &[&str]) -> Answered {
    run(folder, &[&["inspect"], files].concat())
}

#[test]
fn each_mail_has_one_line_with_every_field_in_the_order_given() {
    let folder = tempfile::tempdir().unwrap();
    let named = [("reply.eml", REPLY), ("away.eml", ABSENCE), ("failed.eml", BOUNCE)];
    let broken = (0..BROKEN.len()).map(|n| (format!("broken {n}.eml"), BROKEN[n]));
    let mails: Vec<(String, &[u8])> = named.iter().map(|(n, raw)| ((*n).to_owned(), *raw)).chain(broken).collect();
    for (name, raw) in &mails {
        fs::write(folder.path().join(name), raw).unwrap();
    }
    let files: Vec<&str> = mails.iter().map(|(name, _)| name.as_str()).collect();
    let answered = inspect(folder.path(), &files);
    let lines = lines(&answered);
    assert_eq!((answered.status, lines.len()), (0, files.len()), "{}", answered.errors);
    for (line, file) in lines.iter().zip(&files) {
        check(line, file);
    }
    let [reply, away, failed] = &lines[..3] else { panic!("three") };
    assert_eq!(reply["from"], "ann.low@clinic.example");
    assert_eq!(reply["new_text"], "Twice a week, in school.");
    assert_eq!(
        reply["attachments"],
        serde_json::json!([{"name": "advice.pdf", "type": "application/pdf", "bytes": 9}])
    );
    assert_eq!(reply["references"], serde_json::json!(["2@council.example"]));
    assert_eq!(away["absence"]["until"], "2026-11-14");
    let unknown = serde_json::json!([{
        "address": "lee@clinic.example", "status": "5.1.1", "action": "failed", "diagnostic": "550 5.1.1 unknown"
    }]);
    assert_eq!(failed["bounce"]["recipients"], unknown);
}

#[test]
fn a_file_that_cannot_be_opened_costs_the_others_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("reply.eml"), REPLY).unwrap();
    let answered = inspect(folder.path(), &["missing.eml", "reply.eml", ".", "reply.eml"]);
    let lines = lines(&answered);
    assert_eq!((answered.status, lines.len()), (3, 2));
    lines.iter().for_each(|line| check(line, "reply.eml"));
    assert!(answered.errors.contains("missing.eml"), "{}", answered.errors);
    assert_eq!(inspect(folder.path(), &[]).status, 2, "without a file it says how it is used");
}

#[test]
fn every_mail_of_the_corpus_has_its_line() {
    let Some(shared) = shared() else { return };
    let mut files = Vec::new();
    for set in ["kinds", "bounces", "replies", "malformed"] {
        let entries = fs::read_dir(shared.join("corpus").join(set)).unwrap().map(|entry| entry.unwrap().path());
        files.extend(entries.filter(|path| path.extension().is_none_or(|e| e != "tsv")));
    }
    files.sort();
    let names: Vec<&str> = files.iter().map(|path| path.to_str().unwrap()).collect();
    let answered = inspect(&shared, &names);
    let lines = lines(&answered);
    assert_eq!((answered.status, lines.len()), (0, names.len()), "{}", answered.errors);
    lines.iter().zip(&names).for_each(|(line, file)| check(line, file));
}
