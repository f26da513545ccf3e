//! What a configuration that holds becomes.

use super::{GOOD, Office};
use crate::config::{MailboxUrl, OutboundUrl, Security};
use crate::core::id::Address;
use crate::core::letter::LetterKind;
use crate::core::policy::{Mode, Receipts, SenderCheck};
use secrecy::ExposeSecret;

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

#[test]
fn few_keys_are_enough_and_all_else_has_its_default() {
    let office = Office::with(GOOD);
    let (settings, warnings) = office.load_with(&[]).map_err(|faults| office.told(&faults)).unwrap();
    assert_eq!(office.told(&warnings), "");
    let policy = &settings.policy;
    assert_eq!(policy.windows.clarification, 5);
    assert_eq!(policy.escalation.at.to_string(), "08:00:00");
    assert_eq!(policy.commands.receipts, Receipts::Short);
    assert_eq!(policy.mode, Mode::Shadow.into(), "a new configuration writes to nobody outside");
    assert_eq!(policy.zone, chrono_tz::Europe::London);
    let ids = vec!["mail.council.example".to_owned()];
    assert_eq!(policy.sender_check, SenderCheck::AuthenticationResults { authserv_ids: ids });
    assert_eq!(policy.version.len(), 12);
}

#[test]
fn the_addresses_of_the_service_follow_from_the_account() {
    let endpoints = Office::with(GOOD).settings(&[]).endpoints;
    assert_eq!(endpoints.outbound.from, address("followups@council.example"));
    assert_eq!(endpoints.outbound.copied_in.advice, address("followups+advice@council.example"));
    assert_eq!(endpoints.own_addresses().len(), 4);
    assert_eq!(endpoints.mailbox.url.user(), Some("followups@council.example"));
    assert!(matches!(endpoints.mailbox.url, MailboxUrl::Imap { ref folder, .. } if folder == "INBOX"));
    assert!(
        matches!(endpoints.outbound.url, OutboundUrl::Smtp(ref s) if s.security == Security::StartTls && s.port == 587)
    );
    assert_eq!(endpoints.mailbox.password.unwrap().read().unwrap().expose_secret(), "hunter2");
}

#[test]
fn the_environment_lies_on_top() {
    let settings = Office::with(GOOD).settings(&[
        ("FOLLOWUPD__WINDOWS__CLARIFICATION", "7"),
        ("FOLLOWUPD__AUTHORITY__NAME", "1e5"),
        ("FOLLOWUPD__OUTBOUND__MODE", "staff_only"),
        ("FOLLOWUPD__ALERTS__TO", "a@council.example, b@council.example"),
        ("FOLLOWUPD__CALENDAR__EXTRA_CLOSED", "2026-12-29,2026-12-30"),
        ("FOLLOWUPD__SECRETS__MAILBOX_PASSWORD__ENV", "TOKEN_KEY"),
        ("FOLLOWUPD__STORE__URL", "postgres://u:secret@db/followupd"),
        ("FOLLOWUPD_LOG", "info"),
    ]);
    assert_eq!(settings.policy.windows.clarification, 7);
    assert_eq!(settings.policy.authority.name, "1e5", "text stays text");
    assert_eq!(settings.policy.mode, Mode::StaffOnly.into());
    assert_eq!(settings.endpoints.alerts.to, [address("a@council.example"), address("b@council.example")]);
    assert_eq!(settings.sections.calendar.extra_closed.len(), 2);
    let password = settings.endpoints.mailbox.password.as_ref().unwrap().read().unwrap();
    assert_eq!(password.expose_secret(), "0123456789abcdef0123456789abcdef");
    assert_eq!(settings.endpoints.store.expose(), "postgres://u:secret@db/followupd");
    assert!(!format!("{settings:?}").contains("secret@db"));
}

#[test]
fn letters_may_have_modes_of_their_own_and_a_later_word_is_for_all() {
    let office = Office::with(GOOD);
    office.write("config.d/more.toml", "[outbound]\nmode = { parents = \"shadow\", others = \"live\" }\n");
    let modes = office.settings(&[]).policy.mode;
    assert_eq!((modes.of(LetterKind::ParentNotice), modes.of(LetterKind::Request)), (Mode::Shadow, Mode::Live));
    let modes = office.settings(&[("FOLLOWUPD__OUTBOUND__MODE", "staff_only")]).policy.mode;
    assert_eq!(modes, Mode::StaffOnly.into(), "nothing of the file is left");
}

#[test]
fn a_configuration_may_be_split_and_lists_of_people_add_up() {
    let office = Office::with(GOOD);
    office.write("directory.toml", "[[coordinator]]\nname = \"Bo Ray\"\naddress = \"bo@council.example\"\n");
    office.write(
        "config.d/more.toml",
        "[windows]\nclarification = 6\n[[coordinator]]\nname = \"Cy\"\naddress = \"cy@council.example\"\n",
    );
    let settings = office.settings(&[]);
    assert_eq!(settings.directory.coordinators.len(), 3);
    assert_eq!(settings.policy.windows.clarification, 6);
    assert_eq!(settings.policy.windows.reminder, 1);
    assert_eq!(settings.files.len(), 3);
}

#[test]
fn the_version_changes_with_every_value_and_not_with_a_comment() {
    let version = |text: &str| Office::with(text).settings(&[]).policy.version;
    assert_eq!(version(GOOD), version(&format!("# a comment\n{GOOD}")));
    assert_ne!(version(GOOD), version(&format!("{GOOD}\n[windows]\nclarification = 6\n")));
}

#[test]
fn a_directory_of_thousands_is_read_whole() {
    let office = Office::with(GOOD);
    let people: String = (0..3000)
        .map(|n| format!("[[service.adviser]]\nname = \"Adviser {n}\"\naddress = \"a{n}@trust.example\"\n"))
        .collect();
    office.write("directory.toml", &format!("[[service]]\nname = \"Therapies\"\n{people}"));
    assert_eq!(office.settings(&[]).directory.services[1].advisers.len(), 3000);
}

#[test]
fn a_command_that_only_reads_needs_no_secret() {
    let office = Office::with(GOOD);
    let main = office.folder.path().join("followupd.toml");
    let nothing = || std::iter::empty();
    assert!(crate::config::load(Some(&main), nothing()).is_err());
    let (settings, warnings) = crate::config::load_to_read(Some(&main), nothing()).unwrap();
    assert!(settings.endpoints.mailbox.password.is_none());
    assert!(warnings.iter().all(|fault| !fault.key.starts_with("secrets.")));
}

#[test]
fn a_provider_s_services_are_spelt_as_the_directory_spells_them() {
    let provider = r#"
[[provider]]
services = ["community PAEDIATRICS"]
respondents = ["ehcp.lead@trust.example"]
"#;
    let settings = Office::with(&format!("{GOOD}{provider}")).settings(&[]);
    assert_eq!(settings.directory.providers[0].services, ["Community Paediatrics"]);
}
