//! `check` on a folder of its own: what works today and will hurt one day is warned of, each with a remedy.

use crate::office::policy;
use crate::program::run;
use followupd::core::case::{Case, CaseId};
use followupd::core::id::{Address, CaseRef};
use followupd::core::register::{Channel, Contact, ContactRole, Verified};
use followupd::store::Store;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const CONFIGURATION: &str = r#"
[authority]
name = "Example County Council"
[mailbox]
url = "maildir:mail"
[outbound]
url = "maildir:sent"
from = "followups@council.example"
mode = "live"
[store]
url = "sqlite:followupd.db"
[secrets]
token_key = { file = "token_key" }
[security]
sender_check = "none"
[parents]
lines = { sendiass = "Ring SENDIASS on 01632 960002.", complaints = "Ring 01632 960003 to complain." }
[alerts]
to = ["operators@council.example"]
[[coordinator]]
name = "Ann Lee"
address = "ann.lee@council.example"
phone = "01632 960001"
[[send_manager]]
name = "Sam Okoro"
address = "sam.okoro@council.example"
"#;

const FAMILY_LINES: &str =
    "lines = { sendiass = \"Ring SENDIASS on 01632 960002.\", complaints = \"Ring 01632 960003 to complain.\" }\n";
const PHONE: &str = "phone = \"01632 960001\"\n";

/// A folder with this after the configuration.
fn folder(more: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["cur", "new", "tmp"] {
        fs::create_dir_all(folder.path().join("mail").join(name)).unwrap();
    }
    fs::write(folder.path().join("followupd.toml"), CONFIGURATION.to_owned() + more).unwrap();
    let key = folder.path().join("token_key");
    fs::write(&key, "a key for tests, of thirty-two bytes or more").unwrap();
    fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
    folder
}

/// The warnings; the machine's own clock is not what these tests are about.
fn warnings(folder: &Path) -> String {
    let done = run(folder, &["check", "--config", "followupd.toml"]);
    assert_eq!(done.status, 0, "{}{}", done.out, done.errors);
    let lines = done.out.lines().filter(|line| line.contains("warning: ") && !line.contains("clock of this machine"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_service_whose_escalations_lead_nowhere_is_warned_of() {
    let nobody = folder("[[service]]\nname = \"Therapies\"\ndomains = [\"trust.example\"]\n");
    insta::assert_snapshot!(warnings(nobody.path()), @r#"
    followupd.toml:27: warning: service[0].fallback_manager: Therapies has no line manager for advisers without one of their own; write `fallback_manager = "…"`
    followupd.toml: warning: service.second_level: "Therapies" has no second level, so its second escalation reaches nobody above the manager; write `second_level = "dco@icb.example"` for it
    "#);
    let same = folder(
        "[[service]]\nname = \"Therapies\"\ndomains = [\"trust.example\"]\nfallback_manager = \"lead@trust.example\"\nsecond_level = \"lead@trust.example\"\n",
    );
    insta::assert_snapshot!(warnings(same.path()), @"followupd.toml:31: warning: service[0].second_level: the second level of Therapies is its fallback manager, who has had the first escalation; name whoever is above them, the DCO say");
}

#[test]
fn texts_of_letters_are_held_against_what_letters_know_every_fault_at_once() {
    let folder = folder("[templates]\ndir = \"texts\"\n");
    let texts = folder.path().join("texts");
    fs::create_dir(&texts).unwrap();
    for (name, text) in [
        ("parent_notice.txt", "Subject: Update - {{ notice.whose }}\n\nDear {{ notice.salutation }}"),
        ("parent_notise.txt", "Subject: Update\n\nHello"),
        ("reminder.txt", "Subject: Reminder\n\n{% if level > 7 %}{{ advisor }}{% endif %}"),
        ("request.txt", "Subject: URGENT\n\n{% if level %}"),
    ] {
        fs::write(texts.join(name), text).unwrap();
    }
    let done = run(folder.path(), &["check", "--offline", "--config", "followupd.toml"]);
    assert_eq!(done.status, 1, "{}", done.out);
    insta::assert_snapshot!(done.out.lines().filter(|l| l.contains("templates.dir")).collect::<Vec<_>>().join("\n"), @"
    followupd.toml:28: templates.dir: parent_notise.txt is no letter of the service; did you mean parent_notice.txt?
    followupd.toml:28: templates.dir: request.txt: syntax error: unexpected end of input, expected end of block (in request:3); mend it, or take it out
    followupd.toml:28: templates.dir: reminder.txt: advisor is known to no letter; mend it, or take it out
    followupd.toml:28: templates.dir: parent_notice.txt: its subject prints what is about a family, and subjects are seen by others; mend it, or take it out
    ");
}

#[test]
fn letters_to_families_that_name_no_way_to_a_person_are_warned_of() {
    let folder = folder("");
    let bare = CONFIGURATION.replace(FAMILY_LINES, "").replace(PHONE, "");
    fs::write(folder.path().join("followupd.toml"), bare).unwrap();
    insta::assert_snapshot!(warnings(folder.path()), @r#"followupd.toml: warning: parents.lines: letters to families leave, and do not say how SENDIASS is reached, where to complain or whom to ring; write `lines = { phone = "…", sendiass = "…", complaints = "…" }` under [parents]"#);
    let shadow = CONFIGURATION.replace(FAMILY_LINES, "").replace(PHONE, "");
    let shadow = shadow.replace("mode = \"live\"", "mode = { parents = \"staff_only\", others = \"live\" }");
    fs::write(folder.path().join("followupd.toml"), shadow).unwrap();
    assert_eq!(warnings(folder.path()), "", "nothing leaves to them");
}

#[test]
fn a_mailbox_without_its_folder_is_a_fault_with_a_remedy() {
    let folder = folder("");
    let text = CONFIGURATION.replace("url = \"maildir:mail\"", "url = \"maildir:mail\"\nalso = [\"Junk Email\"]");
    fs::write(folder.path().join("followupd.toml"), text).unwrap();
    let done = run(folder.path(), &["check", "--config", "followupd.toml"]);
    assert_eq!(done.status, 1, "{}", done.out);
    insta::assert_snapshot!(done.out.lines().next().unwrap_or_default(), @r#"followupd.toml: mailbox.also: the mailbox has no folder "Junk Email"; create the folder, or take its name out"#);
}

#[tokio::test]
async fn families_of_whom_nobody_is_verified_are_warned_of_until_somebody_is() {
    let folder = folder("");
    let store = Store::open(&format!("sqlite:{}", folder.path().join("followupd.db").display())).await.unwrap();
    for number in 1..=7 {
        save(&store, number, &[]).await;
    }
    save(&store, 8, &[contact(None)]).await;
    save(&store, 9, &[contact(None), contact(Some("2026-11-02"))]).await;
    store.close().await;
    insta::assert_snapshot!(warnings(folder.path()), @"followupd.toml: warning: parents: no parent has a verified contact in EHC-2026-0001, EHC-2026-0002, EHC-2026-0003, EHC-2026-0004, EHC-2026-0005 and 3 more, so nobody there can be told of a delay; have the co-ordinator send CONTACT with the address, or with post, and a second person confirm it");
}

fn contact(verified: Option<&str>) -> Contact {
    let by = Address::parse("ann.lee@council.example").unwrap();
    Contact {
        name: "Mrs Example".into(),
        channel: Channel::Post,
        role: ContactRole::Parent,
        verified: verified.map(|on| Verified { by, on: on.parse().unwrap() }),
        do_not_contact: false,
    }
}

async fn save(store: &Store, number: u32, contacts: &[Contact]) {
    let reference = format!("EHC-2026-{number:04}");
    let owner = Address::parse("ann.lee@council.example").unwrap();
    let mut case = Case::new(CaseId(reference.clone()), Some(CaseRef::new(&reference)), owner);
    case.register.requested_on = Some("2026-10-01".parse().unwrap());
    case.register.contacts = contacts.to_vec();
    let mut tx = store.begin().await.unwrap();
    tx.save_case(&case, 0, &policy()).await.unwrap();
    tx.commit().await.unwrap();
}
