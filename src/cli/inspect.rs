//! `followupd inspect`: how a mail would be understood, one JSON object a line.
//!
//! Never fails on a bad mail: even a bug that panics costs that one line its content, not the others theirs.

use crate::core::policy::SenderCheck;
use crate::message::{
    self, Absence, Attachment, Bounce, FailedRecipient, Kind, Message, Reading, Verdict, authenticity, parse,
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Exit status when every file was read.
const GOOD: u8 = 0;
/// Exit status when a file could not be opened, or nothing could be printed.
const CANNOT_RUN: u8 = 3;

/// Bytes in which the topmost headers surely stand.
const HEAD: usize = 64 << 10;

/// Arguments of `inspect`.
#[derive(Debug, Clone, clap::Args)]
pub struct InspectArgs {
    /// Mails, each a file with one message (RFC 5322)
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Local date of receipt, against which "back on 3 May" is read [default: the topmost Received header]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub received: Option<NaiveDate>,
}

/// Prints a line for each file in the order given; a file that cannot be opened is named on standard error.
pub fn run(args: &InspectArgs, check: &SenderCheck, zone: Tz) -> u8 {
    let mut status = GOOD;
    let mut out = std::io::stdout().lock();
    for path in &args.files {
        let raw = match std::fs::read(path) {
            Ok(raw) => raw,
            Err(error) => {
                eprintln!("Cannot open {}: {error}", path.display());
                status = CANNOT_RUN;
                continue;
            }
        };
        let received = args.received.unwrap_or_else(|| received_on(&raw, path, zone));
        let line = serde_json::to_string(&inspect(path, &raw, received, check)).unwrap_or_default();
        if writeln!(out, "{line}").is_err() {
            return CANNOT_RUN;
        }
    }
    status
}

/// What is printed of one mail. Every field is always there, `null` when there is none.
#[derive(Debug, Serialize)]
struct Inspection {
    file: String,
    sha256: String,
    message_id: Option<String>,
    from: Option<String>,
    kind: Kind,
    evidence: Vec<String>,
    new_text: String,
    attachments: Vec<Attached>,
    references: Vec<String>,
    bounce: Option<Notice>,
    absence: Option<Absence>,
    authentication: Authentication,
    faults: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Attached {
    name: Option<String>,
    #[serde(rename = "type")]
    content_type: String,
    bytes: usize,
}

#[derive(Debug, Serialize)]
struct Notice {
    recipients: Vec<Recipient>,
}

#[derive(Debug, Serialize)]
struct Recipient {
    address: String,
    status: Option<String>,
    action: String,
    diagnostic: Option<String>,
}

#[derive(Debug, Serialize)]
struct Authentication {
    verdict: Verdict,
    evidence: Vec<String>,
    from_count: usize,
}

fn inspect(path: &Path, raw: &[u8], received_on: NaiveDate, check: &SenderCheck) -> Inspection {
    let file = path.display().to_string();
    let read = || of_reading(&file, message::read(raw, received_on), check);
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| unreadable(&file, raw))
}

fn of_reading(file: &str, reading: Reading, check: &SenderCheck) -> Inspection {
    let (verdict, evidence) = authenticity::check(&reading.message, check);
    let message = reading.message;
    Inspection {
        file: file.to_owned(),
        references: references(&message),
        from: message.from.first().map(|from| from.address.to_string()),
        authentication: Authentication { verdict, evidence, from_count: message.from.len() },
        attachments: message.attachments.into_iter().filter(|a| !a.inline).map(Attached::from).collect(),
        sha256: message.sha256,
        message_id: message.message_id,
        faults: message.faults,
        kind: reading.kind,
        evidence: reading.evidence,
        new_text: reading.new_text.text,
        bounce: reading.bounce.map(Notice::from),
        absence: reading.absence,
    }
}

/// A mail that makes the code fail is shown to a person, as one that a person wrote.
fn unreadable(file: &str, raw: &[u8]) -> Inspection {
    Inspection {
        file: file.to_owned(),
        sha256: HEXLOWER.encode(&Sha256::digest(raw)),
        message_id: None,
        from: None,
        kind: Kind::Human,
        evidence: vec!["could not be read: a person has to look".to_owned()],
        new_text: String::new(),
        attachments: Vec::new(),
        references: Vec::new(),
        bounce: None,
        absence: None,
        authentication: Authentication { verdict: Verdict::None, evidence: Vec::new(), from_count: 0 },
        faults: vec!["the reading of this mail failed".to_owned()],
    }
}

/// The ids of the thread, oldest first; the mail that is answered comes last when References lacks it.
fn references(message: &Message) -> Vec<String> {
    let mut ids = message.references.clone();
    ids.extend(message.in_reply_to.iter().filter(|id| !message.references.contains(id)).cloned());
    ids
}

/// The date of the topmost Received header, else of the mail, else of the file.
fn received_on(raw: &[u8], path: &Path, zone: Tz) -> NaiveDate {
    let head = raw.get(..HEAD).unwrap_or(raw);
    let message = catch_unwind(|| parse::parse(head)).unwrap_or_default();
    let stamped =
        message.header("Received").and_then(|value| value.rsplit_once(';')).and_then(|(_, at)| parse::date(at));
    let written = || std::fs::metadata(path).and_then(|data| data.modified()).ok().map(DateTime::<Utc>::from);
    let at = stamped.or(message.date).or_else(written).unwrap_or_default();
    at.with_timezone(&zone).date_naive()
}

impl From<Attachment> for Attached {
    fn from(attachment: Attachment) -> Self {
        Self { name: attachment.name, content_type: attachment.content_type, bytes: attachment.bytes }
    }
}

impl From<Bounce> for Notice {
    fn from(bounce: Bounce) -> Self {
        Self { recipients: bounce.recipients.into_iter().map(Recipient::from).collect() }
    }
}

impl From<FailedRecipient> for Recipient {
    fn from(recipient: FailedRecipient) -> Self {
        Self {
            address: recipient.address.to_string(),
            status: recipient.status,
            action: recipient.action,
            diagnostic: recipient.diagnostic,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(raw: &[u8]) -> serde_json::Value {
        let day = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let check = SenderCheck::AuthenticationResults { authserv_ids: vec!["mx.council.example".to_owned()] };
        let text = serde_json::to_string(&inspect(Path::new("a b.eml"), raw, day, &check)).unwrap();
        assert!(!text.contains('\n'));
        serde_json::from_str(&text).unwrap()
    }

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

    #[test]
    fn every_field_is_always_there() {
        let absent = b"From: a@x.example\r\nAuto-Submitted: auto-replied\r\nSubject: Automatic reply: x\r\n\r\nI am out of the office until 14 November.";
        for raw in [&b""[..], b"\0\0", b"From: a@x.example\r\n\r\nHi", absent] {
            let object = line(raw);
            let mut names: Vec<&str> = object.as_object().unwrap().keys().map(String::as_str).collect();
            let mut wanted = FIELDS.to_vec();
            names.sort_unstable();
            wanted.sort_unstable();
            assert_eq!(names, wanted);
        }
        assert_eq!(line(absent)["absence"]["until"], "2026-11-14");
        assert_eq!(line(absent)["kind"], "absence");
    }

    #[test]
    fn a_mail_that_makes_the_code_fail_still_has_its_line() {
        let value = serde_json::to_value(unreadable("x.eml", b"abc")).unwrap();
        assert_eq!(value.as_object().unwrap().len(), FIELDS.len());
        assert_eq!(value["kind"], "human");
        assert!(value["bounce"].is_null());
    }

    #[test]
    fn a_missing_file_is_told_by_the_status_and_hides_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let good = dir.path().join("good.eml");
        std::fs::write(&good, b"From: a@x.example\r\n\r\nHi").unwrap();
        let args = |files: Vec<PathBuf>| InspectArgs { files, received: None };
        let run = |files| run(&args(files), &SenderCheck::None, chrono_tz::Europe::London);
        assert_eq!(run(vec![good.clone()]), 0);
        assert_eq!(run(vec![dir.path().join("none.eml"), good]), 3);
    }

    #[test]
    fn the_date_of_receipt_is_the_topmost_servers() {
        let raw = b"Received: from a by b; Mon, 2 Nov 2026 00:30:00 +0000\r\nReceived: from c by a; Sun, 1 Nov 2026 00:00:00 +0000\r\nDate: Sat, 1 Jan 2000 00:00:00 +0000\r\n\r\nx";
        let day = received_on(raw, Path::new("none"), chrono_tz::Europe::London);
        assert_eq!(day.to_string(), "2026-11-02");
    }
}
