//! One rule a test: what passes, what fails, and what a forger might try.

use super::*;
use crate::message::parse::parse;
use proptest::prelude::*;

fn ours() -> SenderCheck {
    SenderCheck::AuthenticationResults { authserv_ids: vec!["mx.council.example".to_owned()] }
}

fn mail(headers: &str) -> Message {
    let headers = headers.replace('\n', "\r\n");
    parse(format!("{headers}\r\nFrom: Ann Lee <ann@school.example>\r\nSubject: CLOSE\r\n\r\nCLOSE\r\n").as_bytes())
}

fn check_all(how: &SenderCheck, cases: &[(&str, Verdict)]) {
    for (headers, expected) in cases {
        let (verdict, why) = check(&mail(headers), how);
        assert_eq!(verdict, *expected, "{headers}\n{why:?}");
        assert!(!why.is_empty());
    }
}

#[test]
fn the_configured_server_is_believed() {
    check_all(
        &ours(),
        &[
            ("Authentication-Results: mx.council.example; dmarc=pass header.from=school.example", Verdict::Pass),
            (
                "Authentication-Results: MX.council.example 1; DMARC = Pass (p=none) header.from=School.Example",
                Verdict::Pass,
            ),
            (
                "Authentication-Results: mx.council.example;\n dkim=pass (2048-bit key) header.d=school.example header.b=\"Zm=\";\n\tspf=none",
                Verdict::Pass,
            ),
            ("Authentication-Results: mx.council.example; dkim/1=pass header.i=@mail.school.example", Verdict::Pass),
            ("Authentication-Results: mx.council.example; spf=pass smtp.mailfrom=ann@school.example", Verdict::Pass),
            (
                "Authentication-Results: mx.council.example; dmarc=none header.from=school.example; dkim=pass header.d=school.example",
                Verdict::Pass,
            ),
        ],
    );
}

#[test]
fn a_pass_for_another_domain_proves_nothing() {
    check_all(
        &ours(),
        &[
            ("Authentication-Results: mx.council.example; dmarc=pass header.from=evil.example", Verdict::None),
            ("Authentication-Results: mx.council.example; dmarc=pass", Verdict::None),
            ("Authentication-Results: mx.council.example; dkim=pass header.d=evil.example", Verdict::None),
            ("Authentication-Results: mx.council.example; dkim=pass header.d=evilschool.example", Verdict::None),
            ("Authentication-Results: mx.council.example; dkim=pass header.d=example", Verdict::None),
            (
                "Authentication-Results: mx.council.example; spf=pass smtp.mailfrom=ann@school.example.evil.example",
                Verdict::None,
            ),
            ("Authentication-Results: mx.council.example; spf=pass smtp.helo=school.example", Verdict::None),
            ("Authentication-Results: mx.council.example; none", Verdict::None),
        ],
    );
}

#[test]
fn only_an_explicit_failure_fails() {
    check_all(
        &ours(),
        &[
            (
                "Authentication-Results: mx.council.example; dmarc=fail header.from=school.example; dkim=pass header.d=list.example",
                Verdict::Fail,
            ),
            ("Authentication-Results: mx.council.example; dkim=fail header.d=school.example", Verdict::Fail),
            (
                "Authentication-Results: mx.council.example; spf=fail smtp.mailfrom=ann@school.example; dkim=pass header.d=list.example",
                Verdict::None,
            ),
            (
                "Authentication-Results: mx.council.example; spf=softfail smtp.mailfrom=ann@school.example",
                Verdict::None,
            ),
            ("Authentication-Results: mx.council.example; dmarc=temperror header.from=school.example", Verdict::None),
            ("X-Other: 1", Verdict::None),
        ],
    );
}

#[test]
fn only_the_topmost_header_of_the_configured_server_counts() {
    check_all(
        &ours(),
        &[
            (
                "Authentication-Results: mx.council.example; dmarc=fail header.from=school.example\nAuthentication-Results: mx.council.example; dmarc=pass header.from=school.example",
                Verdict::Fail,
            ),
            (
                "Authentication-Results: mx.council.example; dmarc=none header.from=school.example\nAuthentication-Results: mx.council.example; dmarc=pass header.from=school.example",
                Verdict::None,
            ),
            ("Authentication-Results: mx.evil.example; dmarc=pass header.from=school.example", Verdict::None),
            (
                "Authentication-Results: mx.evil.example; dmarc=fail header.from=school.example\nAuthentication-Results: mx.council.example; dmarc=pass header.from=school.example",
                Verdict::Pass,
            ),
            ("X-Authentication-Results: mx.council.example; dmarc=pass header.from=school.example", Verdict::None),
        ],
    );
}

#[test]
fn a_senders_own_text_inside_the_header_is_no_result() {
    check_all(
        &ours(),
        &[
            (
                "Authentication-Results: mx.evil.example (mx.council.example; dmarc=pass header.from=school.example)",
                Verdict::None,
            ),
            (
                "Authentication-Results: (mx.council.example;) mx.evil.example; dmarc=pass header.from=school.example",
                Verdict::None,
            ),
            (
                "Authentication-Results: mx.council.example; spf=pass smtp.mailfrom=\"a; dmarc=pass header.from=school.example\"@evil.example",
                Verdict::None,
            ),
            (
                "Authentication-Results: mx.council.example; spf=none (x\\) ; dmarc=pass header.from=school.example)",
                Verdict::None,
            ),
            (
                "Authentication-Results: mx.council.example; spf=none (open; dmarc=pass header.from=school.example",
                Verdict::None,
            ),
            (
                "Authentication-Results: mx.council.example; spf=none reason=\"open; dmarc=pass header.from=school.example",
                Verdict::None,
            ),
            // A server that forgets the quotes: the true result stands beside the smuggled one.
            (
                "Authentication-Results: mx.council.example; spf=pass smtp.mailfrom=a; dmarc=pass header.from=school.example @evil.example; dmarc=none header.from=school.example",
                Verdict::None,
            ),
            // An encoded word in an envelope address stays encoded.
            (
                "Authentication-Results: mx.council.example; spf=pass smtp.mailfrom==?utf-8?Q?a=3B_dmarc=3Dpass_header.from=3Dschool.example?=@evil.example",
                Verdict::None,
            ),
        ],
    );
}

#[test]
fn a_mail_without_exactly_one_from_has_no_authority() {
    let pass = "Authentication-Results: mx.council.example; dmarc=pass header.from=school.example\r\n";
    for from in [
        "",
        "From: ann@school.example, bob@evil.example\r\n",
        "From: ann@school.example\r\nFrom: bob@evil.example\r\n",
        "From: ann@school.example\r\nFrom: nobody\r\n",
        "From: nobody\r\n",
    ] {
        let message = parse(format!("{pass}{from}Subject: x\r\n\r\nx").as_bytes());
        for how in [ours(), SenderCheck::ExchangeOnline, SenderCheck::None] {
            assert_eq!(check(&message, &how).0, Verdict::None, "{from}");
        }
    }
}

#[test]
fn an_encoded_name_is_no_second_address() {
    let pass = "Authentication-Results: mx.council.example; dmarc=pass header.from=evil.example\r\n";
    let from = "From: =?utf-8?Q?=22Ann=22_<ann=40school.example>=2C?= <bob@evil.example>\r\n";
    let message = parse(format!("{pass}{from}\r\nx").as_bytes());
    assert_eq!(message.author().unwrap().address.as_str(), "bob@evil.example");
}

#[test]
fn exchange_online_is_read_as_it_writes() {
    check_all(
        &SenderCheck::ExchangeOnline,
        &[
            ("X-MS-Exchange-Organization-AuthAs: Internal", Verdict::Pass),
            ("X-MS-Exchange-Organization-AuthAs: Anonymous", Verdict::None),
            (
                "X-MS-Exchange-Organization-AuthAs: Internal\nX-MS-Exchange-Organization-AuthAs: Anonymous",
                Verdict::None,
            ),
            (
                "Authentication-Results: spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=school.example; dkim=pass (signature was verified)\n header.d=school.example;dmarc=pass action=none\n header.from=school.example;compauth=pass reason=100",
                Verdict::Pass,
            ),
            (
                "Authentication-Results: spf=fail smtp.mailfrom=evil.example; dmarc=fail action=oreject header.from=school.example;compauth=fail reason=000",
                Verdict::Fail,
            ),
            (
                "Authentication-Results: spf=pass smtp.mailfrom=school.example; dmarc=bestguesspass action=none header.from=school.example",
                Verdict::None,
            ),
            ("Authentication-Results: mx.evil.example; dmarc=pass header.from=school.example", Verdict::None),
            (
                "Authentication-Results: dmarc=none header.from=school.example\nAuthentication-Results: dmarc=pass header.from=school.example",
                Verdict::None,
            ),
        ],
    );
}

#[test]
fn confirm_waits_for_a_token_and_none_checks_nothing() {
    check_all(&SenderCheck::Confirm, &[("X: 1", Verdict::None)]);
    check_all(&SenderCheck::None, &[("X: 1", Verdict::Pass)]);
}

proptest! {
    #[test]
    fn nothing_quoted_or_commented_ever_passes(text in "[ -~]{0,80}") {
        let quoted: String = text.chars().filter(|c| !matches!(c, '"' | '\\')).collect();
        let commented: String = text.chars().filter(|c| !matches!(c, '(' | ')' | '\\')).collect();
        let smuggled = "; dmarc=pass header.from=school.example";
        for value in [format!("\"{quoted}{smuggled}\""), format!("x ({commented}{smuggled})")] {
            let header = format!("Authentication-Results: mx.council.example; spf=none smtp.mailfrom={value}");
            prop_assert_eq!(check(&mail(&header), &ours()).0, Verdict::None);
        }
    }

    #[test]
    fn any_header_is_read(value in ".{0,200}") {
        results::parse(&value);
    }
}
