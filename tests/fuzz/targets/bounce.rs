//! Any bytes where a delivery notice has its words, its report and the original.

#![no_main]

use followupd::message::{Kind, bounce, parse::parse};
use followupd_fuzz::read_and_check;
use libfuzzer_sys::fuzz_target;

const HEAD: &[u8] = b"Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example\r\nTo: followups@council.example\r\n\
Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\n\r\n";
const STATUS: &[u8] = b"\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n";
const ORIGINAL: &[u8] = b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n";
const PLAIN: &[u8] = b"Return-Path: <>\r\nFrom: postmaster@relay.example\r\nTo: followups@council.example\r\n\
Subject: Mail delivery failed\r\n\r\n";

/// A line that no mail program writes parts the three places.
const BORDER: &[u8] = b"\n%%\n";

fuzz_target!(|data: &[u8]| {
    let mut places = split(data).into_iter();
    let mut next = || places.next().unwrap_or_default();
    let (words, status, original) = (next(), next(), next());
    let whole = [HEAD, words, STATUS, status, ORIGINAL, original, b"\r\n--b--\r\n"].concat();
    let reading = read_and_check(&whole);
    assert!(reading.kind != Kind::Human || reading.bounce.is_none());
    let notice = bounce::read(&parse(&whole));
    for recipient in notice.iter().flat_map(|n| &n.bounce.recipients) {
        assert!(matches!(recipient.action.as_str(), "failed" | "delayed"), "{}", recipient.action);
        let line = recipient.diagnostic.as_deref().unwrap_or_default();
        assert!(!line.contains(['\r', '\n']), "a diagnostic is one line");
    }
    read_and_check(&[PLAIN, data].concat());
});

fn split(data: &[u8]) -> Vec<&[u8]> {
    let at = |rest: &[u8]| rest.windows(BORDER.len()).position(|window| window == BORDER);
    let mut places = Vec::new();
    let mut rest = data;
    while let Some(end) = at(rest) {
        places.push(&rest[..end]);
        rest = &rest[end + BORDER.len()..];
    }
    places.push(rest);
    places
}
