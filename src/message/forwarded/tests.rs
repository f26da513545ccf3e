//! The shapes in which mail programs send mail on.

use super::*;

fn text(subject: &str, body: &str) -> Message {
    Message { subject: subject.to_owned(), text: Some(body.to_owned()), ..Message::default() }
}

fn check(subject: &str, body: &str) {
    let found = forwarded(&text(subject, body));
    let [one] = found.as_slice() else { panic!("{} found in {body}", found.len()) };
    assert_eq!(one.from.as_ref().map(|m| m.address.as_str()), Some("ann@trust.example"), "{body}");
    assert_eq!(one.date.map(|d| d.to_rfc3339()).as_deref(), Some("2026-10-12T08:15:00+00:00"), "{body}");
    assert_eq!(one.subject.as_deref(), Some("Advice for your reference"), "{body}");
    assert_eq!(one.to.iter().map(Address::as_str).collect::<Vec<_>>(), ["sam@council.example"], "{body}");
    assert_eq!(one.text, "My advice.\n\nFU-2345-6789", "{body}");
}

#[test]
fn inline_forwards_of_the_common_programs_are_read() {
    for body in [
        "FYI\n\n________________________________\nFrom: Ann Low <ann@trust.example>\nSent: 12 October 2026 09:15\nTo: Sam Hill <sam@council.example>\nSubject: Advice for your reference\n\nMy advice.\n\nFU-2345-6789",
        "From: Ann Low [mailto:ann@trust.example]\nSent: Monday, October 12, 2026 9:15 AM\nTo: 'sam@council.example'\nSubject: Advice for your reference\n\nMy advice.\n\nFU-2345-6789",
        "---------- Forwarded message ---------\nFrom: Ann Low <ann@trust.example>\nDate: Mon, 12 Oct 2026 at 09:15\nSubject: Advice for your reference\nTo: Sam Hill <sam@council.example>\n\n\nMy advice.\n\nFU-2345-6789",
        "Begin forwarded message:\n\nFrom: Ann Low <ann@trust.example>\nSubject: Advice for your reference\nDate: 12 October 2026 at 09:15:00 BST\nTo: Sam Hill <sam@council.example>\n\nMy advice.\n\nFU-2345-6789",
        "Begin forwarded message:\n\n> From: Ann Low <ann@trust.example>\n> Subject: Advice for your reference\n> Date: 12 October 2026 at 09:15:00 BST\n> To: Sam Hill <sam@council.example>\n> \n> My advice.\n> \n> FU-2345-6789",
        "-------- Forwarded Message --------\nSubject: \tAdvice for your reference\nDate: \tMon, 12 Oct 2026 09:15:00 +0100\nFrom: \tAnn Low <ann@trust.example>\nTo: \tsam@council.example\n\n\nMy advice.\n\nFU-2345-6789",
        "----- Forwarded by Sam Hill/Council on 13/10/2026 10:00 -----\n\nFrom: Ann Low <ann@trust.example>\nTo: sam@council.example\nDate: 12/10/2026 09:15\nSubject: Advice for your reference\n\nMy advice.\n\nFU-2345-6789",
        "Von: Ann Low <ann@trust.example>\nGesendet: Montag, 12. Oktober 2026 09:15\nAn: Sam Hill <sam@council.example>\nBetreff: Advice for your reference\n\nMy advice.\n\nFU-2345-6789",
    ] {
        check("FW: Advice", body);
    }
}

#[test]
fn html_forwards_are_read() {
    let html = "<div>FYI</div><div class=\"gmail_quote\"><div dir=ltr class=gmail_attr>---------- Forwarded message ---------<br>\
        From: <b>Ann Low</b> <span>&lt;<a href=\"mailto:ann@trust.example\">ann@trust.example</a>&gt;</span><br>\
        Date: Mon, 12 Oct 2026 at 09:15<br>Subject: Advice for your reference<br>To: &lt;sam@council.example&gt;<br></div>\
        <br><br><div>My advice.</div></div>";
    let found = forwarded(&Message { subject: "Fwd: x".into(), html: Some(html.into()), ..Message::default() });
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].from.as_ref().map(|m| m.address.as_str()), Some("ann@trust.example"));
    assert_eq!(found[0].text, "My advice.");
}

#[test]
fn an_answer_that_quotes_sends_nothing_on() {
    let body =
        "Thanks\n\nFrom: Ann Low <ann@trust.example>\nSent: 12 October 2026 09:15\nTo: Sam\nSubject: Advice\n\nText";
    assert_eq!(forwarded(&text("RE: Advice", body)), Vec::new());
    assert_eq!(forwarded(&text("Advice", "No block here.")), Vec::new());
    assert_eq!(forwarded(&Message::default()), Vec::new());
}

#[test]
fn enclosed_messages_are_read_one_level_deep() {
    let inner = "From: Ann Low <ann@trust.example>\r\nTo: sam@council.example\r\nDate: Mon, 12 Oct 2026 09:15:00 +0100\r\n\
                 Message-ID: <inner@trust.example>\r\nReferences: <first@send.example>\r\nSubject: Advice\r\n\r\nMy advice.\r\n";
    let raw = format!(
        "From: Sam <sam@council.example>\r\nSubject: FW: Advice\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nSee attached.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--b--\r\n"
    );
    let found = forwarded(&parse(raw.as_bytes()));
    assert_eq!(found.len(), 1);
    let one = &found[0];
    assert_eq!(one.message_ids, ["inner@trust.example"]);
    assert_eq!(one.references, ["first@send.example"]);
    assert_eq!(one.date.map(|d| d.to_rfc3339()).as_deref(), Some("2026-10-12T08:15:00+00:00"));
    assert_eq!(one.text, "My advice.");
    assert!(one.raw.as_ref().is_some_and(|raw| raw.starts_with(b"From: Ann Low")));
}

#[test]
fn a_date_that_cannot_be_read_is_none() {
    let body = "---------- Forwarded message ---------\nFrom: ann@trust.example\nDate: last Monday\nTo: sam@council.example\nSubject: x\n\nText";
    let found = forwarded(&text("Fwd: x", body));
    assert_eq!(found.first().map(|f| f.date), Some(None));
}
