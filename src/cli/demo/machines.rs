//! What mail servers write by themselves in the demo: the absence notice of one who is on leave, and the failure
//! notice for one who has left.

use super::people::{BEN, Draft, LEYLA, Proof, Received, SERVICE, name_of};
use crate::core::calendar::local_date;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Europe::London;
use std::fmt::Write;

/// First and last day of Ben Okafor's leave; he is back on the day after.
const LEAVE: (Option<NaiveDate>, Option<NaiveDate>) =
    (NaiveDate::from_ymd_opt(2026, 11, 16), NaiveDate::from_ymd_opt(2026, 11, 27));

/// The servers' memory.
#[derive(Debug, Default)]
pub struct Machines {
    /// Exchange answers each sender once an absence.
    ben_has_answered: bool,
}

/// A mail that a server writes, and when.
#[derive(Debug)]
pub struct Reflex {
    /// When it leaves.
    pub at: DateTime<Utc>,
    /// The mail.
    pub draft: Draft,
}

impl Machines {
    /// What the recipient's server does about a letter that has just come.
    pub fn react(&mut self, recipient: &str, letter: &Received, raw: &[u8]) -> Option<Reflex> {
        match recipient {
            LEYLA => Some(Reflex { at: letter.at + Duration::minutes(2), draft: failure(recipient, letter, raw) }),
            BEN if is_leave(letter.at) && !self.ben_has_answered => {
                self.ben_has_answered = true;
                Some(Reflex { at: letter.at + Duration::minutes(1), draft: absence(letter) })
            }
            _ => None,
        }
    }
}

fn is_leave(at: DateTime<Utc>) -> bool {
    let (first, last) = LEAVE;
    let today = Some(local_date(at, London));
    first <= today && today <= last
}

/// As Exchange Online writes it.
fn absence(letter: &Received) -> Draft {
    let id = letter.mail.message_id.clone().unwrap_or_default();
    Draft {
        from: BEN.to_owned(),
        to: vec![SERVICE.to_owned()],
        subject: format!("Automatic reply: {}", letter.mail.subject),
        text: "Thank you for your email.\n\nI am on annual leave and will be back on Monday 30 November 2026. I do not read my email while I am away.\n\nBen Okafor\nOccupational Therapist".to_owned(),
        headers: vec![
            ("In-Reply-To".to_owned(), format!("<{id}>")),
            ("References".to_owned(), format!("<{id}>")),
            ("X-Auto-Response-Suppress".to_owned(), "All".to_owned()),
            ("auto-submitted".to_owned(), "auto-generated".to_owned()),
            ("X-MS-Exchange-Generated-Message-Source".to_owned(), "Mailbox Rules Agent".to_owned()),
        ],
        ..Draft::default()
    }
}

/// A delivery status notification (RFC 3464) with the original's header.
fn failure(recipient: &str, letter: &Received, raw: &[u8]) -> Draft {
    let head = String::from_utf8_lossy(raw).replace("\r\n", "\n");
    let head = head.split_once("\n\n").map_or(head.as_str(), |(head, _)| head).to_owned();
    let mut body = String::new();
    let _ = write!(
        body,
        "--dsn\nContent-Type: text/plain; charset=us-ascii\n\nYour message could not be delivered to the following address:\n\n    {recipient}\n\n550 5.1.1 The email account that you tried to reach does not exist.\n\n"
    );
    let _ = write!(
        body,
        "--dsn\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.wexhealth.example\nArrival-Date: {}\n\nFinal-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 The email account that you tried to reach does not exist\n\n",
        letter.at.to_rfc2822()
    );
    let _ = write!(body, "--dsn\nContent-Type: text/rfc822-headers\n\n{head}\n\n--dsn--\n");
    Draft {
        from: "postmaster@wexhealth.example".to_owned(),
        to: vec![SERVICE.to_owned()],
        subject: format!("Undeliverable: {} ({})", letter.mail.subject, name_of(recipient)),
        headers: vec![
            ("Return-Path".to_owned(), "<>".to_owned()),
            ("Auto-Submitted".to_owned(), "auto-replied".to_owned()),
        ],
        body: Some(("multipart/report; report-type=delivery-status; boundary=\"dsn\"".to_owned(), body)),
        proof: Proof::None,
        ..Draft::default()
    }
}
