//! Ten slips of an operator at three in the morning, one at a time, and what `check` says to each: what is wrong,
//! where, and what to do. Whatever cannot be done by that sentence alone belongs into the sentence.

use super::{GOOD, Office};
use crate::config::Severity;
use std::os::unix::fs::PermissionsExt;

/// The good configuration with one part replaced.
fn slip(old: &str, new: &str) -> Office {
    assert_eq!(GOOD.matches(old).count(), 1, "{old}");
    Office::with(&GOOD.replace(old, new))
}

/// The good configuration with one file beside it.
fn beside(name: &str, text: &str) -> Office {
    let office = Office::with(GOOD);
    office.write(name, text);
    office
}

/// The good configuration with the token key in a file.
fn key_in_a_file(there: impl Fn(&std::path::Path)) -> Office {
    let office = Office::with("");
    let key = office.folder.path().join("token_key");
    there(&key);
    office.write("followupd.toml", &GOOD.replace("{ env = \"TOKEN_KEY\" }", &format!("{{ file = {key:?} }}")));
    office
}

fn slips() -> [(&'static str, Office); 10] {
    let readable_by_all = |key: &std::path::Path| {
        std::fs::write(key, "0123456789abcdef0123456789abcdef").unwrap();
        std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o644)).unwrap();
    };
    [
        ("a typing error in a key", slip("shadow_to =", "shaddow_to = \"x@council.example\"\nshadow_to =")),
        ("a number in quotes", slip("[security]", "[windows]\nclarification = \"5\"\n[security]")),
        ("a quotation mark is missing", slip("name = \"Ann Lee\"", "name = \"Ann Lee")),
        ("one bracket instead of two", slip("[[send_manager]]", "[send_manager]")),
        ("a secret that is not there", key_in_a_file(|_| {})),
        ("a secret that all may read", key_in_a_file(readable_by_all)),
        ("a time zone that is none", slip("[mailbox]", "time_zone = \"GMT+1\"\n[mailbox]")),
        (
            "a holiday as people write it",
            beside("holidays.toml", "[calendar]\nextra_closed = [2026-12-24, \"31/12/2026\"]\n"),
        ),
        ("mail over an open line", slip("imaps://followups", "imap://followups")),
        (
            "a service by another name, and somebody twice",
            beside(
                "config.d/new.toml",
                "[[coordinator]]\nname = \"Ann Lee\"\naddress = \"Ann.Lee@council.example\"\n\
                 [[provider]]\nservices = [\"Comunity Paediatrics\"]\nrespondents = [\"ehcp@trust.example\"]\n\
                 [assessment]\nicb_lead = \"icb.lead@icb.example\"\n",
            ),
        ),
    ]
}

#[test]
fn each_of_ten_slips_is_told_with_its_place_and_its_remedy() {
    let said: Vec<String> = slips().iter().map(|(slip, office)| format!("{slip}:\n{}\n", office.messages())).collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    a typing error in a key:
    config/followupd.toml:8: outbound.shaddow_to: is unknown; did you mean `shadow_to`?

    a number in quotes:
    config/followupd.toml:14: windows.clarification: '5' is text, not a whole number from 1 to 60; leave the quotes out

    a quotation mark is missing:
    config/followupd.toml:18: this line is not TOML (invalid basic string, expected `"`); mend it first: text stands in quotes, dates and numbers do not; most other checks wait for it

    one bracket instead of two:
    config/followupd.toml:20: send_manager: there may be several of these, so two brackets are needed; write [[send_manager]]
    config/followupd.toml: warning: send_manager: there is no SEND manager, so nobody gets the reports; write a [[send_manager]] with name and address

    a secret that is not there:
    config/followupd.toml:10: secrets.token_key: the file config/token_key cannot be read (there is no such file); put the secret there, readable for the service

    a secret that all may read:
    config/followupd.toml:10: secrets.token_key: the file config/token_key is open to everybody on this machine; run `chmod 600 config/token_key`

    a time zone that is none:
    config/followupd.toml:4: authority.time_zone: 'GMT+1' is not a time zone of the tz database; write a time zone, as in `time_zone = "Europe/London"`

    a holiday as people write it:
    config/holidays.toml:2: calendar.extra_closed: '31/12/2026' is not a date of the calendar; write the year first: 2026-12-31

    mail over an open line:
    config/followupd.toml:5: mailbox.url: a connection without TLS is allowed on this machine only (localhost); write imaps://ACCOUNT@host/INBOX, imap://ACCOUNT@host/INBOX?tls=required or maildir:PATH, an @ in the account as %40; the password stands under [secrets]

    a service by another name, and somebody twice:
    config/config.d/new.toml:3: coordinator[1].address: ann.lee@council.example is already a co-ordinator in config/followupd.toml:19; an address has one role; remove one of the two entries
    config/config.d/new.toml:5: provider[0].services: no [[service]] is called 'Comunity Paediatrics'; did you mean "Community Paediatrics"?
    "#);
}

#[test]
fn every_slip_keeps_the_service_from_starting_and_names_a_file() {
    for (slip, office) in slips() {
        let faults = office.load_with(&[]).unwrap_err();
        let errors: Vec<_> = faults.iter().filter(|fault| fault.severity == Severity::Error).collect();
        assert!(!errors.is_empty(), "{slip}");
        for fault in errors {
            assert!(fault.file.exists() && fault.line.is_some(), "{slip}: {fault}");
            assert!(!fault.what.is_empty() && !fault.remedy.is_empty(), "{slip}: {fault}");
        }
    }
}
