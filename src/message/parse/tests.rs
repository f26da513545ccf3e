//! One rule a test; the mails are written here, of invented people.

use super::*;
use crate::message::Attachment;

fn text_of(mail: &str) -> String {
    parse(mail.replace('\n', "\r\n").as_bytes()).text.unwrap_or_default().trim().to_owned()
}

#[test]
fn plain_mail_is_read() {
    let mail = b"From: \"Lee, Ann\" <Ann@school.example>\r\nTo: b@x.example\r\nSubject: =?utf-8?q?Caf=C3?= =?utf-8?q?=A9?=\r\nMessage-ID: <1@x>\r\n\r\nHello\r\n";
    let message = parse(mail);
    assert_eq!(message.author().unwrap().name.as_deref(), Some("Lee, Ann"));
    assert_eq!(message.subject, "Café");
    assert_eq!(message.text.as_deref(), Some("Hello\n"));
    assert_eq!(message.faults, ["no date"]);
    let _: Vec<Attachment> = message.attachments;
    assert_eq!(text_of("Subject: x\n\nBody"), "Body");
}
