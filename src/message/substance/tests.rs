//! The table of `domain.md` 7, as replies.

use super::*;
use crate::message::new_text::new_text;
use crate::message::parse::parse;

const LONG_TEXT: &str = "Jo understands short sentences of three key words, follows the routine of the class with a visual \
                         timetable, and needs a quiet place to work, with an adult who checks that he has understood the task.";

fn verdict(message: &Message) -> Substance {
    let phrases = |list: &[&str]| list.iter().map(|p| (*p).to_owned()).collect::<Vec<String>>();
    let holding = phrases(&["will send", "chasing", "not known", "discharged", "by the end of the week"]);
    let more_time = phrases(&["more time", "extension", "more weeks"]);
    let words = ReplyWords { full_words: 25, holding_phrases: &holding, more_time_phrases: &more_time };
    let new = new_text(message.text.as_deref(), message.html.as_deref());
    substance(&new, &message.attachments, message, &words)
}

fn says(subject: &str, body: &str) -> Substance {
    verdict(&Message { subject: subject.to_owned(), text: Some(body.to_owned()), ..Message::default() })
}

#[test]
fn words_are_weighed() {
    use Substance::{AttachmentMissing, Empty, Encrypted, Full, MoreTime, Thin};
    let quoted =
        "\n\nOn Mon, 12 Oct 2026 at 09:15, SEND Team <send@council.example> wrote:\n> Please send your advice.\n";
    let block =
        format!("\n\nFrom: SEND Team\nSent: 12 October 2026 09:15\nTo: Ann Low\nSubject: Advice\n\n{LONG_TEXT}\n");
    let long = |rest: &str| format!("{LONG_TEXT} {rest}");
    let rows: Vec<(String, Substance)> = vec![
        (String::new(), Empty),
        ("\n \n".into(), Empty),
        (quoted.into(), Empty),
        (block.clone(), Empty),
        ("> Please send your advice.\n> Thank you.".into(), Empty),
        ("Kind regards,\nAnn Low\nSpeech Therapist\n".into(), Empty),
        ("Hi Sam,\n\nMany thanks\nAnn".into(), Empty),
        ("Sent from my iPhone".into(), Empty),
        ("-- \nAnn Low\nSpeech Therapist, Example Trust".into(), Empty),
        ("CAUTION: This email originated from outside the organisation.\n".into(), Empty),
        ("...".into(), Empty),
        ("Noted.".into(), Thin),
        ("Thanks, I have this.".into(), Thin),
        (format!("Noted.{quoted}"), Thin),
        (format!("Noted.{block}"), Thin),
        ("I will send it on Friday.".into(), Thin),
        ("We are chasing our colleague.".into(), Thin),
        ("Not known to our service.".into(), Thin),
        ("Discharged in May.".into(), Thin),
        (long("I will send the rest."), Thin),
        (long("He was discharged in May."), Thin),
        ("SENT 3 October".into(), Thin),
        ("NOT MINE".into(), Thin),
        ("I have already sent this on the 3rd.".into(), Thin),
        ("Noted.\n\nKind regards,\nDr Ann Low\nConsultant Paediatrician\nCommunity Child Health, Example Trust\n1 High Street, Exampletown, Exampleshire EX1 1AA\nTel 01234 567890, secretary 01234 567891\nWorking days Monday, Tuesday and Thursday".into(), Thin),
        ("NEED TIME".into(), MoreTime),
        ("Need time, please".into(), MoreTime),
        ("Could I have more time for this?".into(), MoreTime),
        ("We need two more weeks.".into(), MoreTime),
        ("I would like to ask for an extension until half term.".into(), MoreTime),
        (format!("{} He needs more time to answer.", [LONG_TEXT; 4].join(" ")), Thin),
        ("He needs more time in tests and a reader.".into(), Thin),
        ("I would like Jo to be given more time.".into(), Thin),
        ("They have more time in exams.".into(), Thin),
        ("Please allow him more time to respond.".into(), Thin),
        ("Jo benefits from more time to process what is said.".into(), Thin),
        ("I need more time to see him.".into(), MoreTime),
        ("More time please".into(), MoreTime),
        ("Please find attached my report.".into(), AttachmentMissing),
        ("Dear Sam,\nPlease see the attached.\nRegards, Ann".into(), AttachmentMissing),
        ("I have attached the advice.".into(), AttachmentMissing),
        ("Attached".into(), AttachmentMissing),
        ("My advice is attached, as requested.".into(), AttachmentMissing),
        ("The attachment was removed by the mail filter.".into(), AttachmentMissing),
        ("He is attached to his teacher.".into(), Thin),
        ("The report is attached to this email.".into(), AttachmentMissing),
        ("Please see the attached: https://x.sharepoint.com/report".into(), Thin),
        (format!("{} See attached.", [LONG_TEXT; 4].join(" ")), Full),
        (LONG_TEXT.into(), Full),
        (format!("{LONG_TEXT}{quoted}"), Full),
        (format!("{LONG_TEXT}{block}"), Full),
        (format!("Please see my answers in red below.{block}"), Full),
        (format!("> Question one\n\n{LONG_TEXT}\n\n> Question two\n\nYes."), Full),
        ("> A long question about many things that the child can do or cannot do yet in school, at home and elsewhere, please\n\nYes.\n\n> Another\n\nNo.".into(), Thin),
        ("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----".into(), Encrypted),
        ("Ann Low (ann@trust.example) has sent you a protected message.\n\nRead the message\n\nLearn about messages protected by Microsoft Purview Message Encryption.".into(), Encrypted),
        ("You have received a secure email. To read it click below.\nhttps://switch.egress.com/x".into(), Encrypted),
        ("I have sent you the report by secure mail.".into(), Thin),
    ];
    for (body, expected) in rows {
        assert_eq!(says("Re: Advice", &body), expected, "{body}");
    }
}

#[test]
fn what_is_sent_on_counts_in_a_forward_only() {
    let outlook = format!("FYI\n\nFrom: Ann Low\nSent: 12 October 2026 09:15\nTo: Sam\nSubject: Advice\n\n{LONG_TEXT}");
    assert_eq!(says("FW: Advice", &outlook), Substance::Full);
    assert_eq!(says("RE: Advice", &outlook), Substance::Thin);
    let gmail =
        format!("---------- Forwarded message ---------\nFrom: Ann <a@b.example>\nSubject: Advice\n\n{LONG_TEXT}");
    assert_eq!(says("Advice", &gmail), Substance::Full);
}

/// A mail with one part besides the text.
fn with_part(text: &str, header: &str, body: &str) -> Substance {
    let raw = format!(
        "From: ann@trust.example\r\nSubject: Re: Advice\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--b\r\n{header}\r\n\r\n{body}\r\n--b--\r\n"
    );
    verdict(&parse(raw.as_bytes()))
}

#[test]
fn attachments_are_weighed() {
    use Substance::{AttachmentMissing, Empty, Encrypted, Full, Thin};
    let file = |kind: &str, name: &str| {
        format!("Content-Type: {kind}\r\nContent-Disposition: attachment; filename=\"{name}\"")
    };
    let big = "x".repeat(40_000);
    let rows: Vec<(&str, String, &str, Substance)> = vec![
        ("", file("application/pdf", "report.pdf"), "%PDF-1.7", Full),
        ("I will send the rest.", file("application/pdf", "report.pdf"), "%PDF-1.7", Full),
        ("Need more time", file("application/msword", "advice.doc"), "x", Full),
        ("", file("image/jpeg", "scan.jpg"), &big, Full),
        ("", file("image/png", "logo.png"), "x", Empty),
        ("Noted.", file("image/png", "logo.png"), "x", Thin),
        ("", file("text/vcard", "ann.vcf"), "BEGIN:VCARD", Empty),
        ("See attached", file("text/calendar", "invite.ics"), "BEGIN:VCALENDAR", AttachmentMissing),
        ("", file("application/ms-tnef", "winmail.dat"), "x", Empty),
        ("", file("application/ms-tnef", "winmail.dat"), &big, Full),
        ("", file("application/pkcs7-signature", "smime.p7s"), "x", Empty),
        ("", file("application/pkcs7-mime; smime-type=enveloped-data", "smime.p7m"), "x", Encrypted),
        ("", file("application/x-microsoft-rpmsg-message", "message_v2.rpmsg"), "x", Encrypted),
        ("", file("application/octet-stream", "message.rpmsg"), "x", Encrypted),
        ("", file("text/html", "SecureMessage.html"), "<html>", Encrypted),
        ("", file("application/octet-stream", "report.docx.pgp"), "x", Encrypted),
        ("", file("application/zip", "report.zip"), "PK\u{3}\u{4}\u{14}\0\u{1}\0rest", Encrypted),
        ("", file("application/zip", "report.zip"), "PK\u{3}\u{4}\u{14}\0\0\0rest", Full),
    ];
    for (text, header, body, expected) in rows {
        assert_eq!(with_part(text, &header, body), expected, "{text} {header}");
    }
}

#[test]
fn an_office_file_under_a_password_is_locked() {
    let mut ole = vec![0xD0, 0xCF, 0x11, 0xE0];
    let attached = |body: &[u8]| {
        let attachment = Attachment {
            name: Some("advice.docx".into()),
            content_type: "application/octet-stream".into(),
            bytes: body.len(),
            inline: false,
        };
        let part = crate::message::Part {
            content_type: attachment.content_type.clone(),
            name: attachment.name.clone(),
            body: body.to_vec(),
            size: body.len(),
            ..crate::message::Part::default()
        };
        verdict(&Message { attachments: vec![attachment], parts: vec![part], ..Message::default() })
    };
    assert_eq!(attached(&ole), Substance::Full);
    ole.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(attached(&ole), Substance::Encrypted);
}
