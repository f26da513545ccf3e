//! Configurations that are wrong, and what operators read then.

use super::{GOOD, Office};

/// The good configuration with one part replaced.
fn with(old: &str, new: &str) -> Office {
    assert!(GOOD.contains(old), "{old}");
    Office::with(&GOOD.replace(old, new))
}

#[test]
fn three_faults_in_one_file_are_told_at_once() {
    let office = with(
        "[security]",
        "[windows]\nclarifcation = 5\nreminder = \"1\"\n[escalation]\nat = \"8 o'clock\"\n[security]",
    );
    insta::assert_snapshot!(office.messages(), @"");
}

#[test]
fn a_file_that_is_no_toml_is_told_with_every_line() {
    let office = with("name = \"Ann Lee\"", "name = Ann Lee");
    office.write("holidays.toml", "[calendar]\nextra_closed = [2026-02-30]\n");
    insta::assert_snapshot!(office.messages(), @"");
}

#[test]
fn what_has_to_be_set_is_named_with_an_example() {
    insta::assert_snapshot!(Office::with("[[coordinator]]\nname = \"Ann Lee\"\n").messages(), @"");
}

#[test]
fn a_secret_in_the_file_is_refused_and_never_repeated() {
    let office = with("mailbox_password = { env = \"MAIL_PASSWORD\" }", "mailbox_password = \"hunter2\"");
    office.write(
        "config.d/more.toml",
        "[store]\nurl = \"postgres://u:hunter2@db/x\"\n[oauth2]\npassword = \"hunter2\"\n",
    );
    let messages = office.messages();
    assert!(!messages.contains("hunter2"));
    insta::assert_snapshot!(messages, @"");
}

#[test]
fn a_secret_is_found_in_exactly_one_way() {
    let office = with("token_key = { env = \"TOKEN_KEY\" }", "token_key = { env = \"TOKEN_KEY\", file = \"/x\" }");
    insta::assert_snapshot!(office.messages(), @"");
}

#[test]
fn a_secret_that_is_missing_open_or_short_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let office = Office::with("");
    let open = office.write("open", "hunter2");
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).unwrap();
    let text = GOOD
        .replace("token_key = { env = \"TOKEN_KEY\" }", "token_key = { env = \"MAIL_PASSWORD\" }")
        .replace("mailbox_password = { env = \"MAIL_PASSWORD\" }", &format!("mailbox_password = {{ file = {open:?} }}"))
        .replace("outbound_password = { env = \"MAIL_PASSWORD\" }", "outbound_password = { credential = \"relay\" }");
    office.write("followupd.toml", &text);
    insta::assert_snapshot!(office.messages(), @"");
}

#[test]
fn connections_are_protected() {
    let text = GOOD.replace("imaps://", "imap://").replace("?tls=required", "");
    insta::assert_snapshot!(Office::with(&text).messages(), @"");
}

#[test]
fn a_sender_is_proved_unless_the_mailbox_is_on_this_machine() {
    let office = with("[security]\nauthserv_ids = [\"mail.council.example\"]", "[security]\nsender_check = \"none\"");
    insta::assert_snapshot!(office.messages(), @"");
    let office = with("[security]\nauthserv_ids = [\"mail.council.example\"]", "");
    insta::assert_snapshot!(office.messages(), @"");
}

#[test]
fn an_address_has_one_role() {
    let office = Office::with(GOOD);
    office.write(
        "directory.toml",
        r#"
[[service]]
name = "community paediatrics"
domains = ["gmail.com", "trust.example"]
[[service.adviser]]
name = "Ann Lee"
address = "Ann.Lee@Council.example"
managers = ["ann.lee@council.example"]
[[service.adviser]]
name = "Robot"
address = "followups@council.example"
[[provider]]
services = ["Therapies"]
respondents = []
"#,
    );
    insta::assert_snapshot!(office.messages(), @"");
}

#[test]
fn rules_that_contradict_each_other_are_told() {
    let office = with(
        "[security]",
        r#"[windows]
clarification = 3
reminder = 3
[escalation]
at = "07:00"
copied_in_at = "06:00"
[timescales]
weeks = [6, 16, 12]
durations = { reveiw = 2 }
[cases]
ref_pattern = 'EHC-(\d+'
[calendar]
extra_closed = [2026-12-28]
not_closed = [2026-12-28, 2026-12-29]
years = { 2029 = [2028-01-03] }
[security]"#,
    );
    insta::assert_snapshot!(office.messages(), @"");
}

#[test]
fn names_are_looked_up_and_the_nearest_is_offered() {
    let office = with("[authority]", "[autority]\nx = 1\n[authority]\ntime_zone = \"Europe/Londn\"");
    office.write(
        "config.d/a.toml",
        "[outbound]\nmode = \"shadows\"\nprocessed = \"Done\"\n[coordinator]\nname = \"x\"\n",
    );
    office.write("config.d/b.toml", "alerts = true\n[authority]\nname = \"Another\"\n");
    insta::assert_snapshot!(office.messages(), @"");
}

#[test]
fn shadow_mode_needs_somebody_who_reads_the_letters() {
    let office = with("shadow_to = \"sam@council.example\"\n", "");
    insta::assert_snapshot!(office.messages(), @"");
}

#[test]
fn the_environment_is_held_against_the_same_table() {
    let office = Office::with(GOOD);
    let faults = office
        .load_with(&[
            ("FOLLOWUPD__WINDOWS__CLARIFICATION", "five"),
            ("FOLLOWUPD__WINDOW__CLARIFICATION", "5"),
            ("FOLLOWUPD__SECRETS__MAILBOX_PASSWORD", "hunter2"),
            ("FOLLOWUPD__MAILBOX__URL", "imaps://u:hunter2@mail.council.example"),
        ])
        .unwrap_err();
    assert!(!office.told(&faults).contains("hunter2"));
    insta::assert_snapshot!(office.told(&faults), @"");
}

#[test]
fn a_configuration_that_is_not_there_is_told_with_what_to_do() {
    let none = std::path::Path::new("/nonexistent/followupd.toml");
    let faults = crate::config::load(Some(none), std::iter::empty()).unwrap_err();
    insta::assert_snapshot!(faults[0], @"");
}
