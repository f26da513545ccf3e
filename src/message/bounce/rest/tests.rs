//! People who paste a notice and write beside it: the mail is theirs, and nobody is called dead by it.

use crate::message::{Kind, read, shared};
use chrono::NaiveDate;

/// What stands above the text of an ordinary sender's mail.
const HEADS: [&str; 5] = [
    "From: Ann Lee <ann@school.example>\r\nReturn-Path: <>\r\nSubject: Undeliverable: Advice for Jo\r\n",
    "From: Ann Lee <ann@school.example>\r\nReturn-Path: <ann@school.example>\r\nSubject: Advice for Jo\r\n",
    "From: Ann Lee <ann@school.example>\r\nSubject: RE: Clarification required\r\nIn-Reply-To: <1@council.example>\r\nReferences: <1@council.example>\r\n",
    "From: Ann Lee <ann@school.example>\r\nSubject: FW: Undeliverable: Advice\r\n",
    "From: Ann Lee <ann@school.example>\r\nSubject: Undeliverable: Advice\r\n",
];

/// What people write below.
const PARAGRAPHS: [&str; 8] = [
    "Hi Cora, the above came back when I emailed you on Monday. Jo needs weekly therapy of thirty minutes.",
    "The advice again: Jo needs a quiet room and weekly therapy of thirty minutes by a qualified speech and language therapist, given in school, reviewed each term, with a written programme for the class teacher.",
    "Dear Cora\r\n\r\nWhat shall be done about this?\r\n\r\nKind regards\r\nAnn",
    "I tried to send you my advice and got this. Have you another address?",
    "Cora, please see what came back. Jo was discharged in May.",
    "We have seen Jo three times this term and our report follows next week.",
    "My email to your address was returned, so here is the message again: she needs ten minutes of practice each day.",
    "Good morning, this is what our server said about your address. The report will be with you on Friday.",
];

fn kind(head: &str, text: &str) -> (Kind, Vec<String>) {
    let mail =
        format!("{head}To: followups+abc@council.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n");
    let reading = read(mail.as_bytes(), NaiveDate::from_ymd_opt(2026, 11, 2).unwrap());
    (reading.kind, reading.evidence)
}

/// Trials of one notice, spread over all heads and paragraphs.
const TRIALS: usize = 6;

/// Every notice under some heads, with some paragraphs below it: which, the place of the notice tells.
fn check<'a>(notices: impl Iterator<Item = (String, &'a str)>) {
    let mut lost = Vec::new();
    let (mut trials, mut of_notices) = (0, 0);
    for (place, (name, notice)) in notices.enumerate() {
        of_notices += 1;
        for seed in (0..TRIALS).map(|nth| place * 7 + nth * 11) {
            let (head, paragraph) = (HEADS[seed % HEADS.len()], PARAGRAPHS[seed / HEADS.len() % PARAGRAPHS.len()]);
            trials += 1;
            let (kind, evidence) = kind(head, &format!("{}\r\n\r\n{paragraph}", notice.trim_end()));
            if kind != Kind::Human {
                lost.push(format!("{name}: {kind:?} {evidence:?}\n  {head:?}\n  {paragraph:?}"));
            }
        }
    }
    println!(
        "notices with words of a person below: {} of {trials} ({of_notices} notices) are the person's",
        trials - lost.len()
    );
    let shown = lost.iter().take(12).cloned().collect::<Vec<_>>().join("\n");
    assert!(trials > 0 && lost.is_empty(), "{} of {trials}:\n{shown}", lost.len());
}

#[test]
fn what_somebody_writes_below_a_pasted_notice_makes_the_mail_theirs() {
    let original = "Received: from mail.council.example by mx.example; Mon, 5 Oct 2026 09:00:00 +0100\nMessage-ID: <l1.sig@council.example>\nFrom: x@council.example\nTo: ann@school.example\nSubject: Advice\n\nPlease send your advice.\n";
    let files = [include_str!("../../specimens/notices.txt"), include_str!("../../specimens/unmarked.txt")];
    let bodies = files.iter().flat_map(|file| file.split("\n== ").skip(1)).filter_map(|specimen| {
        let (name, body) = specimen.split_once("\n\n")?;
        let is_text =
            !name.to_lowercase().contains("multipart/") && !name.contains("base64") && !name.contains("quoted");
        is_text.then(|| (name.lines().next().unwrap_or_default(), body.replace("{ORIGINAL}\n", original)))
    });
    let bodies: Vec<(&str, String)> = bodies.collect();
    check(bodies.iter().map(|(name, body)| ((*name).to_owned(), body.as_str())));
}

#[test]
fn what_somebody_writes_below_a_notice_of_the_corpus_makes_the_mail_theirs() {
    let Some(table) = shared::table("corpus/bounces/cases.tsv") else { return };
    let texts: Vec<(String, String)> = table
        .iter()
        .filter_map(|row| {
            let message = crate::message::parse::parse(&shared::bytes(&format!("corpus/bounces/{}", row["file"])));
            Some((row["file"].clone(), message.text.filter(|text| !text.trim().is_empty())?))
        })
        .collect();
    check(texts.iter().map(|(name, text)| (name.clone(), text.as_str())));
}

#[test]
fn a_report_is_alone_only_without_a_word_of_anybody() {
    let fields = "Reporting-MTA: dns; mx.example\r\nFinal-Recipient: rfc822; cora@council.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n    user unknown\r\n";
    let event = r#"{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"cora@council.example","status":"5.1.1"}]},"mail":{}}"#;
    let foot = "--\r\nIf you wish to stop receiving notifications from this topic, please click:\r\nhttps://sns.example/unsubscribe\r\n";
    let advice = PARAGRAPHS[1];
    for (text, expected) in [
        (fields.to_owned(), Kind::Bounce),
        (format!("{fields}\r\n--\r\nsend mailing list"), Kind::Bounce),
        (event.to_owned(), Kind::Bounce),
        (format!("{fields}{}{advice}", "\r\n".repeat(2_000)), Kind::Human),
        (format!("{event}\r\n\r\n{foot}"), Kind::Bounce),
        (format!("{fields}\r\n{advice}"), Kind::Human),
        (format!("{fields}{advice}"), Kind::Human),
        (format!("{event}\r\n\r\n{advice}"), Kind::Human),
        (format!("{event}\r\n{advice}"), Kind::Human),
        (format!("{event}\r\n\r\n{foot}\r\n{advice}"), Kind::Human),
        (format!("Status: not delivered the first time, see the foot.\r\n\r\n{advice}\r\n\r\n{fields}"), Kind::Human),
        (format!("Action: {advice}\r\n\r\n{fields}"), Kind::Human),
        (format!("{fields}  {advice}"), Kind::Human),
        (format!("{fields}\r\nSubject: {advice}"), Kind::Human),
        (format!("{fields}\r\nX-Advice: {advice}"), Kind::Human),
        (format!("Status: 5.1.1 {advice}\r\n\r\n{fields}"), Kind::Human),
    ] {
        let (kind, evidence) = kind(HEADS[1], &text);
        assert_eq!(kind, expected, "{text}\n{evidence:?}");
    }
}

#[test]
fn what_somebody_writes_in_a_part_behind_the_returned_mail_is_theirs() {
    let notice = "Delivery has failed to these recipients or groups:\r\n\r\ncora@council.example\r\nThe email address you entered couldn't be found.";
    let parts = |below: &str| {
        format!(
            "From: Ann Lee <ann@school.example>\r\nSubject: Undeliverable: Advice\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{notice}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Advice\r\nMessage-ID: <1@school.example>\r\n\r\nx\r\n{below}--b--\r\n"
        )
    };
    let date = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
    let kind = |below: &str| read(parts(below).as_bytes(), date).kind;
    assert_eq!(kind(""), Kind::Bounce);
    for paragraph in PARAGRAPHS {
        assert_eq!(kind(&format!("--b\r\n\r\n{paragraph}\r\n")), Kind::Human, "{paragraph}");
    }
}

#[test]
fn a_few_words_below_a_notice_are_enough() {
    let notice = "Delivery has failed to these recipients or groups:\r\n\r\ncora@council.example\r\nThe email address you entered couldn't be found.";
    assert_eq!(kind(HEADS[4], notice).0, Kind::Bounce);
    for words in [
        "Jo was discharged in May.",
        "Not known to the service, please email the school.",
        "ann@nhs.example Jo left in May",
        "----- Original message -----\r\nSubject: x\r\n\r\nJo needs weekly therapy by a qualified therapist, with a programme for the class teacher.",
        "This email holds the advice, sent again because the first email failed. Jo needs a quiet room.",
    ] {
        let (kind, evidence) = kind(HEADS[4], &format!("{notice}\r\n\r\n{words}"));
        assert_eq!(kind, Kind::Human, "{words}\n{evidence:?}");
    }
}

#[test]
fn an_address_to_write_to_instead_did_not_fail() {
    for text in [
        "Your email to Dr Lee could not be delivered because she has left the trust. The right address is:\r\nsam.green@nhs.example\r\nPlease send all requests there.",
        "Message not delivered. Your message never arrived at the clinic: please send it again, to\r\nsam.green@nhs.example\r\nwho sees Jo each week.",
        "Address not found for the adviser you named. Please use this one:\r\nsam.green@nhs.example",
        "This could not be delivered to the school. The correct address: sam.green@nhs.example",
    ] {
        for head in &HEADS[1..] {
            let (kind, evidence) = kind(head, text);
            assert_eq!(kind, Kind::Human, "{head}{text}\n{evidence:?}");
        }
        let raw = format!("From: MAILER-DAEMON@mx.example\r\nSubject: Undeliverable\r\n\r\n{text}\r\n");
        let reading = crate::message::bounce::read(&crate::message::parse::parse(raw.as_bytes()));
        let named = reading.map(|reading| reading.bounce.recipients).unwrap_or_default();
        assert_eq!(named, [], "{text}");
    }
}
