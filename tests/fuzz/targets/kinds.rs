//! Any words of a person, in a mail as a person's program sends it, with a document: never taken for a machine's.

#![no_main]

use followupd::message::Kind;
use followupd_fuzz::read_and_check;
use libfuzzer_sys::fuzz_target;

const HEAD: &[u8] = b"From: Ann Low <ann.low@clinic.example>\r\nTo: followups@council.example\r\n\
Subject: RE: Clarification of your advice\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\n\
Message-ID: <1@clinic.example>\r\nIn-Reply-To: <2@council.example>\r\nMIME-Version: 1.0\r\n\
Content-Type: multipart/mixed; boundary=\"=_a_boundary_that_nobody_types\"\r\n\r\n\
--=_a_boundary_that_nobody_types\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
const FILE: &[u8] = b"\r\n--=_a_boundary_that_nobody_types\r\nContent-Type: application/pdf; name=\"advice.pdf\"\r\n\
Content-Disposition: attachment; filename=\"advice.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n";
const END: &[u8] = b"\r\n--=_a_boundary_that_nobody_types--\r\n";

fuzz_target!(|body: &[u8]| {
    let file = b"JVBERi0xLjcKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBS\r\n".repeat(20);
    let reading = read_and_check(&[HEAD, body, FILE, &file, END].concat());
    assert_eq!(reading.kind, Kind::Human, "{:?}", reading.evidence);
    assert_eq!(reading.message.attachments.len(), 1, "the document is there");
});
