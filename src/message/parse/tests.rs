//! One rule a test; the mails are written here, of invented people.

use super::*;
use proptest::prelude::*;

/// Parses a mail written with bare line feeds, as it would come with CRLF.
fn mail(text: &str) -> Message {
    parse(text.replace('\n', "\r\n").as_bytes())
}

fn addresses(list: &[Mailbox]) -> Vec<(&str, &str)> {
    list.iter().map(|m| (m.name.as_deref().unwrap_or_default(), m.address.as_str())).collect()
}

fn attached(message: &Message) -> Vec<(&str, bool)> {
    message.attachments.iter().map(|a| (a.name.as_deref().unwrap_or("-"), a.inline)).collect()
}

#[test]
fn a_plain_mail_is_read() {
    let message = mail(
        "Return-Path: <Ann@school.example>\nDelivered-To: followups+abc@council.example\nFrom: \"Lee, Ann\" <Ann@school.example>\nTo: b@x.example\nCc: c@x.example\nSubject: =?utf-8?q?Caf=C3?= =?utf-8?q?=A9?=\nMessage-ID: <1@x.example>\nDate: Mon, 2 Nov 2026 09:00:00 +0100\n\nHello\n",
    );
    assert_eq!(addresses(&message.from), [("Lee, Ann", "ann@school.example")]);
    assert_eq!(message.subject, "Café");
    assert_eq!(message.message_id.as_deref(), Some("1@x.example"));
    assert_eq!(message.text.as_deref(), Some("Hello\n"));
    assert_eq!(message.delivered_to.len(), 1);
    assert_eq!(message.return_path, ReturnPath::Of(Address::parse("ann@school.example").unwrap()));
    assert_eq!(message.date.unwrap().to_rfc3339(), "2026-11-02T08:00:00+00:00");
    assert_eq!(message.faults, Vec::<String>::new());
}

#[test]
fn address_lists_are_read_as_people_write_them() {
    for (text, expected) in [
        ("\"Lee, Ann\" <ann@x.example>, bob@x.example", vec![("Lee, Ann", "ann@x.example"), ("", "bob@x.example")]),
        ("Lee, Ann <ann@x.example>", vec![("Lee, Ann", "ann@x.example")]),
        ("ann@x.example (Ann \\) Lee)", vec![("Ann ) Lee", "ann@x.example")]),
        (
            "Team: Ann <ann@x.example>, bob@x.example;, c@x.example",
            vec![("Ann", "ann@x.example"), ("", "bob@x.example"), ("", "c@x.example")],
        ),
        ("undisclosed-recipients:;", vec![]),
        ("ann@x.example; bob@x.example", vec![("", "ann@x.example"), ("", "bob@x.example")]),
        ("=?utf-8?q?Ann_L=C3=A9e?= <ann@x.example>", vec![("Ann Lée", "ann@x.example")]),
        ("\"=?utf-8?B?w4ljb2xl?=\" <ann@x.example>", vec![("École", "ann@x.example")]),
        (
            "=?utf-8?q?Bob_=3Cbob=40evil.example=3E=2C?= <ann@x.example>",
            vec![("Bob <bob@evil.example>,", "ann@x.example")],
        ),
        ("\"ann@x.example\" <bob@evil.example>", vec![("ann@x.example", "bob@evil.example")]),
        ("<ann@x.example", vec![("", "ann@x.example")]),
        ("\"Ann <ann@x.example>", vec![("Ann", "ann@x.example")]),
        ("<@relay.example:ann@x.example>", vec![("", "ann@x.example")]),
        ("Ann <mailto:ann@x.example>", vec![("Ann", "ann@x.example")]),
        ("nobody", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(addresses(&mailboxes(text)), expected, "{text}");
    }
}

#[test]
fn ids_survive_commas_folds_and_cuts() {
    for (text, expected) in [
        ("<1@x> <2@x>", vec!["1@x", "2@x"]),
        ("<1@x>,<2@x>, <3@x>", vec!["1@x", "2@x", "3@x"]),
        ("<1 @x> <2@x", vec!["1@x", "2@x"]),
        ("1@x> <2@x>", vec!["1@x", "2@x"]),
        ("Your message of Monday <1@x> (Ann's)", vec!["1@x"]),
        ("1@x 2@x", vec!["1@x", "2@x"]),
        ("<1@x> <1@x>", vec!["1@x"]),
        ("none", vec![]),
    ] {
        assert_eq!(message_ids(text), expected, "{text}");
    }
}

#[test]
fn one_bad_header_hides_no_other() {
    let message = mail(
        "From: ann@x.example\nThis is no header\nBad Name: x\nSubject: =?utf-8?q?broken\nX-Bytes: \u{7}\u{0}\nTo: bob@x.example\nDate: never\n\nBody",
    );
    assert_eq!(message.from.len(), 1);
    assert_eq!(message.to.len(), 1);
    assert_eq!(message.subject, "=?utf-8?q?broken");
    assert_eq!(message.text.as_deref(), Some("Body"));
    assert!(message.faults.iter().any(|fault| fault.contains("no header")));
    assert!(message.faults.contains(&"date cannot be read".to_owned()));
}

#[test]
fn what_stands_before_the_headers_is_passed_over() {
    for before in ["From ann@x.example Mon Nov  2 09:00:00 2026\n", "\u{FEFF}", "\n\n", "   \n", ">From ann Mon\n\n"] {
        let message = mail(&format!("{before}From: ann@x.example\nSubject: Hi\n\nBody"));
        assert_eq!((message.subject.as_str(), message.text.as_deref()), ("Hi", Some("Body")), "{before:?}");
        assert!(message.faults.iter().any(|fault| fault.contains("before the headers")), "{before:?}");
    }
}

#[test]
fn a_body_without_the_empty_line_is_kept() {
    let message = mail("From: ann@x.example\nSubject: Hi\nDear all\nthe advice");
    assert_eq!(message.text.as_deref(), Some("Dear all\nthe advice"));
    assert_eq!(mail("Dear all\nthe advice").text.as_deref(), Some("Dear all\nthe advice"));
}

#[test]
fn lines_that_end_in_bare_cr_are_lines() {
    let message = parse(b"From: ann@x.example\rSubject: Hi\r\rOne\rTwo");
    assert_eq!((message.subject.as_str(), message.text.as_deref()), ("Hi", Some("One\nTwo")));
}

#[test]
fn raw_bytes_in_headers_are_read_as_utf_8_or_windows_1252() {
    assert_eq!(parse("Subject: Café\r\n\r\n".as_bytes()).subject, "Café");
    assert_eq!(parse(b"Subject: Caf\xE9\r\n\r\n").subject, "Café");
    assert_eq!(parse(b"Subject: =?x-unknown?q?Caf=E9?=\r\n\r\n").subject, "Café");
    assert_eq!(parse(b"Subject: =?iso-8859-2?q?=A9koda?=\r\n\r\n").subject, "Škoda");
}

#[test]
fn control_fields_stay_encoded() {
    let message = mail(
        "Authentication-Results: x; spf=pass smtp.mailfrom==?utf-8?q?a=3B_dmarc=3Dpass?=@x\nX-Note: =?utf-8?q?a=3B?=\n\n",
    );
    assert!(message.header("authentication-results").unwrap().contains("=3B"));
    assert_eq!(message.header("x-note"), Some("a;"));
}

#[test]
fn damaged_transfer_encodings_give_what_is_left() {
    for (encoding, body, expected) in [
        ("base64", "SGVs\nbG8=", "Hello"),
        ("base64", "SGVs*bG8", "Hello"),
        ("base64", "SGVsbG8=SGVsbG8=", "HelloHello"),
        ("quoted-printable", "Caf=C3=A9 =\nau lait =ZZ", "Café au lait =ZZ"),
        ("quoted-printable", "cut =", "cut "),
        ("x-invented", "Hello", "Hello"),
        ("7bit", "Caf\u{e9}", "Café"),
    ] {
        let message =
            mail(&format!("Content-Transfer-Encoding: {encoding}\nContent-Type: text/plain; charset=utf-8\n\n{body}"));
        assert_eq!(message.text.as_deref(), Some(expected), "{body}");
    }
}

#[test]
fn character_sets_are_decoded_and_unknown_ones_guessed() {
    for (charset, bytes, expected) in [
        ("windows-1252", &b"\x93Hi\x94"[..], "“Hi”"),
        ("iso-8859-15", b"\xA4", "€"),
        ("x-unknown", "Café".as_bytes(), "Café"),
        ("us-ascii", b"Caf\xE9", "Café"),
        ("utf-8", b"Caf\xC3\xA9 \xC3\xA9t\xC3\xA9 \xFF", "Café été \u{FFFD}"),
        ("iso-2022-jp", b"\x1b$B$9\x1b(B", "す"),
    ] {
        let mut raw = format!("Content-Type: text/plain; charset=\"{charset}\"\r\n\r\n").into_bytes();
        raw.extend_from_slice(bytes);
        assert_eq!(parse(&raw).text.as_deref(), Some(expected), "{charset}");
    }
}

#[test]
fn flowed_text_is_joined_within_its_depth() {
    for (parameters, body, expected) in [
        ("", "One \ntwo\nthree", "One two\nthree\n"),
        ("", "> One \n> two\nMine", "> One two\nMine\n"),
        ("", "> One \nMine", "> One \nMine\n"),
        ("", "Hi \n-- \nAnn", "Hi \n-- \nAnn\n"),
        ("", " >not quoted", ">not quoted\n"),
        ("; delsp=yes", "日本 \n語", "日本語\n"),
    ] {
        let message = mail(&format!("Content-Type: text/plain; charset=utf-8; format=flowed{parameters}\n\n{body}"));
        assert_eq!(message.text.as_deref(), Some(expected), "{body}");
    }
}

const RELATED: &str = "Content-Type: multipart/mixed; boundary=o\n\nPreamble\n--o\nContent-Type: multipart/related; boundary=\"i\"\n\n--i\nContent-Type: multipart/alternative; boundary=a\n\n--a\n\nplain\n--a\nContent-Type: text/html\n\n<p>html <img src=\"cid:pic@x\"></p>\n--a--\n--i\nContent-Type: image/png; name=image001.png\nContent-ID: <pic@x>\nContent-Transfer-Encoding: base64\n\nAAAA\n--i--\n--o\nContent-Type: application/pdf\nContent-Disposition: attachment;\n filename*0*=utf-8''Gutachten%20;\n filename*1*=%C3%BC.pdf\nContent-Transfer-Encoding: base64\n\nAAAA\n--o--\nEpilogue\n";

#[test]
fn the_bodies_are_found_inside_any_nesting() {
    let message = mail(RELATED);
    assert_eq!(message.text.as_deref(), Some("plain"));
    assert_eq!(message.html.as_deref(), Some("<p>html <img src=\"cid:pic@x\"></p>"));
    assert_eq!(attached(&message), [("image001.png", true), ("Gutachten ü.pdf", false)]);
    assert_eq!(message.parts.len(), 4);
}

#[test]
fn a_mail_in_pieces_is_joined_whole() {
    let pieces = mail(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: image/jpeg; name=a.jpg\nContent-Disposition: inline\n\nx\n--b\n\ntwo\n--b--",
    );
    assert_eq!(pieces.text.as_deref(), Some("one\ntwo"));
    assert_eq!(attached(&pieces), [("a.jpg", false)]);
    let footer = mail(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<b>one</b>\n--b\n\nfoot <er>\n--b--",
    );
    assert_eq!(
        (footer.text.as_deref(), footer.html.as_deref()),
        (None, Some("<b>one</b>\n<pre>foot &lt;er&gt;</pre>"))
    );
}

#[test]
fn boundaries_are_forgiven() {
    let inner = "Content-Type: text/plain\n\nHello";
    for (head, body) in [
        ("multipart/mixed; boundary=b", format!("--b\n{inner}")),
        ("multipart/mixed; boundary=\n \"b\"", format!("--b\n{inner}\n--b--")),
        ("multipart/mixed", format!("--guess\n{inner}\n--guess--")),
        ("multipart/mixed; boundary=other", format!("--guess\n{inner}\n--guess--")),
        ("multipart/mixed; boundary=b", format!("--b  \n{inner}\n--b-- \n")),
        (
            "multipart/mixed; boundary=b",
            format!("--b\nContent-Type: multipart/alternative; boundary=b\n\n--b\n{inner}\n--b--\n--b--"),
        ),
        (
            "multipart/mixed; boundary=b",
            format!("--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n{inner}\n--bb--\n--b--"),
        ),
        ("multipart/mixed; boundary=b", "Hello".to_owned()),
        ("Multipart/MIXED (comment); BOUNDARY=b", format!("--b\n{inner}\n--b--")),
    ] {
        let message = mail(&format!("Content-Type: {head}\n\n{body}"));
        assert_eq!(message.text.as_deref().map(str::trim), Some("Hello"), "{head}\n{body}");
    }
}

#[test]
fn text_behind_a_boundary_in_mid_line_is_kept() {
    let message = mail("Content-Type: multipart/mixed; boundary=BND\n\n--BND\n\nI approve --BND but only\n--BND--");
    assert_eq!(message.text.as_deref(), Some("I approve --BND but only"));
}

#[test]
fn what_a_person_attached_is_attached() {
    let part = |header: &str, body: &str| {
        mail(&format!("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nHi\n--b\n{header}\n\n{body}\n--b--"))
    };
    let is = |header: &str, expected: &[(&str, bool)]| assert_eq!(attached(&part(header, "x")), expected, "{header}");
    is("Content-Type: text/plain; name=advice.txt", &[("advice.txt", false)]);
    is(
        "Content-Type: text/html\nContent-Disposition: attachment; filename=\"C:\\\\docs\\\\a b.html\"",
        &[("a b.html", false)],
    );
    is("Content-Type: message/rfc822", &[("-", false)]);
    is("Content-Type: application/pkcs7-signature; name=smime.p7s", &[]);
    is("Content-Type: text/vcard; name=ann.vcf", &[("ann.vcf", true)]);
    is("Content-Type: image/png; name=\"=?utf-8?q?Scan_=C3=BC.png?=\"", &[("Scan ü.png", false)]);
    is("Content-Type: image/png; name=image001.png", &[("image001.png", true)]);
    is("Content-Type: image/jpeg; name=image0.jpeg\nContent-Disposition: attachment", &[("image0.jpeg", false)]);
    is("Content-Type: image/png; name=image001.png\nContent-Disposition: attachment", &[("image001.png", true)]);
    assert_eq!(part("Content-Type: text/plain; name=advice.txt", "x").text.as_deref(), Some("Hi"));
}

#[test]
fn the_original_in_a_report_is_nobodys_attachment() {
    let message = mail(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nFailed\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\nText\n--b--",
    );
    assert_eq!(message.attachments, []);
    assert_eq!(message.parts.len(), 3);
    assert_eq!(message.text.as_deref(), Some("Failed"));
}

#[test]
fn more_than_one_from_is_seen() {
    let message = mail("From: a@x.example\nFrom: b@x.example\n\n");
    assert_eq!(message.from.len(), 2);
    assert_eq!(message.author(), None);
    assert!(message.faults.contains(&"more than one from".to_owned()));
}

#[test]
fn limits_are_named_when_they_are_hit() {
    let deep: String =
        (0..200).map(|i| format!("Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n")).collect();
    let many: String = (0..3_000).map(|_| "--b\r\n\r\nx\r\n").collect();
    let long = format!("Subject: {}\r\n\r\nx", "y".repeat(MAX_FIELD_BYTES + 10));
    for (raw, word) in [
        (deep, "nested deeper"),
        (format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{many}"), "more than 1000 parts"),
        (long, "a header is longer"),
        (format!("X: y\r\n\r\n{}", "z ".repeat(MAX_TEXT_BYTES)), "the text is longer"),
    ] {
        let message = parse(raw.as_bytes());
        assert!(message.faults.iter().any(|fault| fault.starts_with(word)), "{word}: {:?}", message.faults);
    }
}

#[test]
fn every_cut_of_a_mail_is_read() {
    let raw = RELATED.replace('\n', "\r\n").into_bytes();
    for end in 0..raw.len() {
        parse(&raw[..end]);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read(raw: Vec<u8>) {
        let message = parse(&raw);
        prop_assert_eq!(message.sha256.len(), 64);
    }

    #[test]
    fn any_damage_is_survived(place in 0usize..1_200, byte: u8, cut in 0usize..1_200) {
        let mut raw = RELATED.replace('\n', "\r\n").into_bytes();
        let length = raw.len();
        raw[place % length] = byte;
        raw.remove(cut % length);
        parse(&raw);
    }

    #[test]
    fn any_header_value_is_read(value in "\\PC{0,200}") {
        parse(format!("From: {value}\r\nSubject: {value}\r\nContent-Type: {value}\r\nReferences: {value}\r\nDate: {value}\r\n\r\nx").as_bytes());
        decode_words(&value);
    }

    #[test]
    fn unencoded_words_stay_as_they_are(value in "[a-zA-Z0-9 ,.]{0,100}") {
        prop_assert_eq!(decode_words(&value), value);
    }
}
