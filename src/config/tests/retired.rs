//! What an upgrade meets: keys that a former release had.

use super::{GOOD, Office};
use crate::config::Severity;

const FORMER: [(&str, &str); 1] = [("mailbox", "largest_mb = 40")];

#[test]
fn a_key_of_a_former_release_is_a_warning_and_the_service_starts() {
    for (section, line) in FORMER {
        let heading = format!("[{section}]\n");
        let office = Office::with(&GOOD.replace(&heading, &format!("{heading}{line}\n")));
        let (_, warnings) = office.load_with(&[]).map_err(|faults| office.told(&faults)).unwrap();
        assert!(matches!(&warnings[..], [warning] if warning.severity == Severity::Warning), "{section}: {line}");
    }
}

#[test]
fn the_warning_says_why_the_key_has_no_effect() {
    let office = Office::with(&GOOD.replace("[mailbox]\n", "[mailbox]\nlargest_mb = 40\n"));
    insta::assert_snapshot!(office.messages(), @"config/followupd.toml:5: warning: mailbox.largest_mb: has no effect any more: mail above 40 MB always stays on the server and is listed in triage; take it out");
    let (_, warnings) = Office::with(GOOD).load_with(&[("FOLLOWUPD__MAILBOX__LARGEST_MB", "40")]).unwrap();
    insta::assert_snapshot!(office.told(&warnings), @"environment: warning: FOLLOWUPD__MAILBOX__LARGEST_MB: has no effect any more: mail above 40 MB always stays on the server and is listed in triage; take it out");
}

#[test]
fn a_name_that_no_release_had_stays_a_fault() {
    let office = Office::with(&GOOD.replace("[mailbox]\n", "[mailbox]\nlargest_mbs = 40\n"));
    assert!(office.load_with(&[]).is_err());
}
