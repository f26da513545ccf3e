//! `followupd simulate`: nothing of the real data changes, and what would be sent is what is sent.

use crate::office::{ADVISER, COORDINATOR, MANAGER, SEND_MANAGER, SERVICE, address, at};
use followupd::app;
use followupd::cli::simulate::{Simulated, simulate};
use followupd::config::{self, Settings};
use followupd::core::event::Event;
use followupd::core::id::{CaseRef, FollowUpId};
use followupd::engine::Engine;
use followupd::store::Incoming;
use std::path::Path;

const NOW: &str = "Fri 18 Dec 2026 11:00";

fn settings(folder: &Path) -> Settings {
    let path = |name: &str| folder.join(name).display().to_string();
    let key = folder.join("key");
    std::fs::write(&key, "a key that is long enough to sign the tokens of a story").unwrap();
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let toml = format!(
        r#"
[authority]
name = "Example County Council"
[mailbox]
url = "maildir:{}"
[outbound]
url = "maildir:{}"
from = "{SERVICE}"
mode = "shadow"
shadow_to = "{SEND_MANAGER}"
[store]
url = "sqlite:{}"
[secrets]
token_key = {{ file = "{}" }}
[security]
sender_check = "none"
[[coordinator]]
name = "Cora Lane"
address = "{COORDINATOR}"
[[send_manager]]
name = "Sam Manager"
address = "{SEND_MANAGER}"
[[service]]
name = "Community Paediatrics"
domains = ["nhs.example"]
[[service.adviser]]
name = "Dr Lee"
address = "{ADVISER}"
managers = ["{MANAGER}"]
"#,
        path("mailbox"),
        path("people"),
        path("db"),
        path("key")
    );
    std::fs::write(folder.join("followupd.toml"), toml).unwrap();
    config::load(Some(&folder.join("followupd.toml")), std::iter::empty()).unwrap_or_else(|f| panic!("{f:#?}")).0
}

/// A co-ordinator copies the service in on the Friday before Christmas.
async fn asked(engine: &Engine) {
    let mail = format!(
        "From: Cora Lane <{COORDINATOR}>\r\nTo: {ADVISER}, {MANAGER}\r\nCc: {SERVICE}\r\nSubject: URGENT STATUTORY ADVICE CLARIFICATION REQUIRED\r\nMessage-ID: <asked@council.example>\r\nDate: Fri, 18 Dec 2026 11:00:00 +0000\r\n\r\nEHC-2026-0412\r\n\r\nPlease say how often therapy is to be given.\r\n"
    );
    engine.note_start(at("Fri 18 Dec 2026 09:00")).await.unwrap();
    let incoming = Incoming { uid: 1, received_at: at(NOW), whole: true, raw: mail.into() };
    engine.take_in("INBOX", 1, &[incoming]).await.unwrap();
    while engine.handle_waiting(at(NOW)).await.unwrap() > 0 {}
}

async fn try_out(folder: &Path, until: &str, holidays: Option<&str>) -> Simulated {
    let now = settings(folder);
    let then = holidays.map(|text| {
        std::fs::write(folder.join("other.toml"), text).unwrap();
        let main = folder.join("followupd.toml");
        config::load_with_holidays(Some(&main), &folder.join("other.toml"), std::iter::empty()).unwrap().0
    });
    simulate(&now, then.as_ref(), until.parse().unwrap(), Some(&folder.join("mail")), at(NOW)).await.unwrap()
}

#[tokio::test]
async fn only_its_owner_may_look_into_what_is_simulated() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let engine = app::engine(&settings(folder.path())).await.unwrap();
    asked(&engine).await;
    try_out(folder.path(), "2026-12-31", None).await;
    let mails = folder.path().join("mail");
    let files: Vec<_> = std::fs::read_dir(&mails).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!files.is_empty());
    assert_eq!(mode(&mails), 0o700);
    for file in &files {
        assert_eq!(mode(file), 0o600, "{}", file.display());
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).unwrap();
    }
    try_out(folder.path(), "2026-12-31", None).await;
    assert!(files.iter().all(|file| mode(file) == 0o600), "also what stood there before");
}

#[tokio::test]
async fn what_would_be_sent_goes_to_whom_it_is_meant_for_and_nothing_real_changes() {
    let folder = tempfile::tempdir().unwrap();
    let engine = app::engine(&settings(folder.path())).await.unwrap();
    asked(&engine).await;
    let simulated = try_out(folder.path(), "2026-12-31", None).await;
    let told: Vec<(&str, &str, &str)> = simulated
        .letters
        .iter()
        .filter(|l| l.kind != "today" && l.kind != "receipt" && l.kind != "logged")
        .map(|l| (l.at.as_str(), l.kind, l.to.first().map_or("", String::as_str)))
        .collect();
    insta::assert_debug_snapshot!(told, @r#"
    [
        (
            "2026-12-21T08:00:00Z",
            "weekly_report",
            "sam.manager@council.example",
        ),
        (
            "2026-12-24T08:00:00Z",
            "reminder",
            "dr.lee@nhs.example",
        ),
        (
            "2026-12-29T08:00:00Z",
            "weekly_report",
            "sam.manager@council.example",
        ),
        (
            "2026-12-30T12:00:00Z",
            "escalation",
            "mo.head@nhs.example",
        ),
    ]
    "#);
    assert!(simulated.letters.iter().any(|l| l.kind == "logged"), "shadow mode or not");
    let files = std::fs::read_dir(folder.path().join("mail")).unwrap().count();
    assert_eq!(files, simulated.letters.len(), "each mail stands in the folder");
    let mut tx = engine.store().begin().await.unwrap();
    let case = tx.case_by_reference(&CaseRef::new("EHC-2026-0412")).await.unwrap().unwrap().case;
    let round = case.follow_ups[0].round().unwrap();
    assert!(
        round.escalations.is_empty() && round.reminder_settled_at.is_none(),
        "the real follow-up stands as it stood"
    );
}

#[tokio::test]
async fn another_holiday_file_shows_every_open_due_date_that_it_moves() {
    let folder = tempfile::tempdir().unwrap();
    let engine = app::engine(&settings(folder.path())).await.unwrap();
    asked(&engine).await;
    let closed = "[calendar]\nextra_closed = [2026-12-24, 2026-12-29, 2026-12-30, 2026-12-31]\n";
    let simulated = try_out(folder.path(), "2027-01-15", Some(closed)).await;
    let moved: Vec<(String, String)> = simulated.moved.iter().map(|m| (m.from.to_string(), m.to.to_string())).collect();
    assert_eq!(moved, [("2026-12-29".to_owned(), "2027-01-05".to_owned())], "domain 2.4, example 5");
}

#[tokio::test]
async fn a_copy_holds_everything_but_the_raw_mails_on_either_database() {
    for (url, _folder) in crate::store::databases() {
        let store = followupd::store::Store::open(&url).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let id = FollowUpId::from_random([1; 8]);
        let case = followupd::core::case::Case::new(
            followupd::core::case::CaseId("EHC-2026-0001".into()),
            Some(CaseRef::new("EHC-2026-0001")),
            address(COORDINATOR),
        );
        let rules = followupd::core::decide::Rules {
            policy: &crate::office::policy(),
            directory: &followupd::core::directory::Directory::default(),
            now: at(NOW),
        };
        let event = Event::Clarify {
            follow_up: id.clone(),
            by: address(COORDINATOR),
            adviser: address(ADVISER),
            managers: vec![address(MANAGER)],
            why: None,
            text: "Please say more.".into(),
            agreed_with: None,
            about: None,
        };
        let case = followupd::core::decide::decide(case, &event, &rules).case;
        tx.save_case(&case, 0, &crate::office::policy()).await.unwrap();
        tx.commit().await.unwrap();
        let copy = store.copy_into("sqlite::memory:").await.unwrap();
        let read = copy.begin().await.unwrap().case_of(&id).await.unwrap().unwrap();
        assert_eq!(read.case, case);
    }
}
