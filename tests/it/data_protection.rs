//! What is held how long, what is erased, and what is proof of it.

use crate::office::{ADVICE, ADVISER, CASE, COORDINATOR, Draft, Office, SEND_MANAGER, SERVICE, policy};
use chrono::{DateTime, Duration, Utc};
use followupd::core::case::{Case, CaseId};
use followupd::core::retention::RetentionRules;
use followupd::engine::{Erasure, Retained};
use followupd::store::{Store, backup};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, Row};
use std::os::unix::fs::PermissionsExt;

const RULES: RetentionRules = RetentionRules { raw_days: 90, unmatched_days: 30, metadata_years: 6, stale_months: 18 };

async fn retain(office: &Office) -> Retained {
    office.engine.retain(&RULES, office.now).await.unwrap()
}

/// An office whose only follow-up was answered and closed on Tuesday 10 November 2026.
async fn closed() -> Office {
    let mut office = Office::asked("Mon 2 Nov 2026 10:00").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Tue 10 Nov 2026 10:00").await;
    let id = office.the().await.id;
    office.orders(&format!("CLOSE {id}")).await;
    assert_eq!(office.stands().await, "closed");
    office
}

async fn case(office: &Office) -> Option<Case> {
    let mut tx = office.engine.store().begin().await.unwrap();
    let loaded = tx.case(&CaseId(CASE.into())).await.unwrap();
    tx.commit().await.unwrap();
    loaded.map(|loaded| loaded.case)
}

/// How many mails and letters of the case still have their bytes.
async fn held(office: &Office) -> (usize, usize) {
    let dossier = office.engine.dossier(CASE, office.now).await.unwrap().unwrap();
    let mails = dossier.mails.iter().filter(|mail| mail.raw.is_some()).count();
    (mails, dossier.letters.iter().filter(|letter| !letter.raw.is_empty()).count())
}

async fn chain_is_unbroken(office: &Office) -> bool {
    let mut tx = office.engine.store().begin().await.unwrap();
    let broken = tx.broken_journal_entry().await.unwrap();
    tx.commit().await.unwrap();
    broken.is_none()
}

fn day(text: &str) -> DateTime<Utc> {
    format!("{text}T12:00:00Z").parse().unwrap()
}

#[tokio::test]
async fn mail_goes_ninety_days_after_closure_and_the_timeline_stays() {
    let mut office = closed().await;
    let (mails, letters) = held(&office).await;
    assert!(mails >= 2 && letters >= 1, "{mails} mails, {letters} letters");
    office.now = day("2027-02-07");
    retain(&office).await;
    assert_eq!(held(&office).await, (mails, letters), "one day too early");
    office.now = day("2027-02-09");
    let retained = retain(&office).await;
    assert_eq!((retained.of_closed.mails, retained.of_closed.letters), (mails as u64, letters as u64));
    assert_eq!(held(&office).await, (0, 0));
    assert!(case(&office).await.is_some() && chain_is_unbroken(&office).await);
    let again = retain(&office).await;
    assert_eq!((again.of_closed.mails, again.of_closed.letters, again.unmatched), (0, 0, 0));
}

#[tokio::test]
async fn after_six_years_nothing_is_left_but_numbers() {
    let mut office = closed().await;
    office.now = day("2032-11-11");
    let retained = retain(&office).await;
    assert_eq!(retained.erased_cases, 1);
    assert!(case(&office).await.is_none() && chain_is_unbroken(&office).await);
}

#[tokio::test]
async fn a_legal_hold_blocks_the_run_and_an_erasure() {
    let mut office = closed().await;
    let mut tx = office.engine.store().begin().await.unwrap();
    let mut loaded = tx.case(&CaseId(CASE.into())).await.unwrap().unwrap();
    loaded.case.register.legal_hold = true;
    tx.save_case(&loaded.case, loaded.version, &policy()).await.unwrap();
    tx.commit().await.unwrap();
    let before = held(&office).await;
    office.now = day("2033-01-01");
    let retained = retain(&office).await;
    assert_eq!((held(&office).await, retained.held.len()), (before, 1));
    let erasure = office.engine.erase(&CaseId(CASE.into()), &RULES, office.now).await.unwrap();
    assert!(matches!(&erasure, Erasure::Refused(why) if why.contains("legal hold")), "{erasure:?}");
    assert_eq!(held(&office).await, before);
}

#[tokio::test]
async fn what_an_operator_has_explained_is_noted_in_the_journal_of_its_case() {
    let office = closed().await;
    let follow_up = office.the().await.id.to_string();
    let dossier = office.engine.dossier(CASE, office.now).await.unwrap().unwrap();
    let (mail, letter) = (&dossier.mails[0].row.id, &dossier.letters[0].row.id);
    let readings = async || {
        let mut tx = office.engine.store().begin().await.unwrap();
        let entries = tx.journal_of(CASE).await.unwrap();
        tx.commit().await.unwrap();
        entries.iter().filter(|e| e.because.as_deref() == Some("An operator has read it.")).count()
    };
    for (id, expected) in [(CASE, 1), (follow_up.as_str(), 2), (mail, 3), (letter, 4), ("EHC-2026-9999", 4)] {
        let story = office.engine.explain(id, office.now).await.unwrap();
        assert_eq!((readings().await, story.is_empty()), (expected, id == "EHC-2026-9999"), "{id}");
    }
    assert!(chain_is_unbroken(&office).await);
}

#[tokio::test]
async fn an_open_case_is_not_erased_and_after_eighteen_months_put_before_a_send_manager() {
    let mut office = Office::asked("Mon 2 Nov 2026 10:00").await;
    let erasure = office.engine.erase(&CaseId(CASE.into()), &RULES, office.now).await.unwrap();
    assert!(matches!(&erasure, Erasure::Refused(why) if why.contains("open")), "{erasure:?}");
    office.now = day("2028-05-01");
    assert_eq!(retain(&office).await.stale.len(), 0);
    office.now = day("2028-05-03");
    let retained = retain(&office).await;
    assert!(retained.stale[0].0.contains(CASE), "{:?}", retained.stale);
    let due = office.engine.retention_due(office.now).await.unwrap().expect("the month's run is due");
    office.engine.report_retention(due, &retained, office.now).await.unwrap();
    assert_eq!(office.engine.retention_due(office.now).await.unwrap(), None);
    office.settle().await;
    office.told(SEND_MANAGER, "retention", "open, and nothing has happened since Monday 2 November 2026");
    let report = office.last(SEND_MANAGER, "retention");
    println!("Subject: {}\n\n{}", report.subject, report.text);
}

#[tokio::test]
async fn mail_that_never_found_a_case_goes_after_thirty_days_unless_an_open_follow_up_may_want_it() {
    let mut office = Office::asked("Mon 2 Nov 2026 10:00").await;
    let stranger = Draft::from("somebody@shop.example").to(&[SERVICE]).subject("An offer").text("Buy now.");
    office.arrives(stranger).await;
    let lost =
        Draft::from("dr.other@nhs.example").to(&[SERVICE]).subject("FW: advice").text(&format!("See {CASE}. {ADVICE}"));
    office.arrives(lost).await;
    let triage = office.in_triage().await;
    office.now += Duration::days(29);
    assert_eq!(retain(&office).await.unmatched, 0);
    office.now += Duration::days(2);
    let retained = retain(&office).await;
    let mut tx = office.engine.store().begin().await.unwrap();
    let left = tx.messages_in(followupd::store::MessageState::Triage).await.unwrap();
    tx.commit().await.unwrap();
    assert!(retained.unmatched >= 1, "{retained:?}");
    assert!(left.len() < triage || triage == 1, "{triage} → {}", left.len());
    assert!(left.iter().all(|mail| !mail.candidates.is_empty()), "only what may belong somewhere is left");
}

#[tokio::test]
async fn an_erased_case_leaves_no_word_in_the_database_and_a_proof_in_the_journal() {
    let office = closed().await;
    let erasure = office.engine.erase(&CaseId(CASE.into()), &RULES, office.now).await.unwrap();
    let Erasure::Done(proof) = erasure else { panic!("{erasure:?}") };
    assert!(proof.removed.mails >= 2 && proof.removed.letters >= 1 && proof.removed.texts >= 3, "{proof:?}");
    assert!(chain_is_unbroken(&office).await && case(&office).await.is_none());
    let mut tx = office.engine.store().begin().await.unwrap();
    let entries = tx.journal_of(CASE).await.unwrap();
    let (entry, seal) = tx.journal_seal().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((entry, seal), (proof.entry, proof.seal));
    let said: Vec<String> = entries.into_iter().filter_map(|entry| entry.because).collect();
    assert!(said.len() == 1 && said[0].starts_with("Everything that was held was erased"), "{said:?}");
    assert!(matches!(office.engine.erase(&CaseId(CASE.into()), &RULES, office.now).await.unwrap(), Erasure::Unknown));
}

/// Every row that the database holds, from all its tables.
async fn everything(office: &Office) -> Vec<String> {
    let names = match office.url.starts_with("sqlite") {
        true => "SELECT name FROM sqlite_master WHERE type = 'table'",
        false => "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema()",
    };
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(&office.url).await.unwrap();
    let mut all = Vec::new();
    for table in connection.fetch_all(names).await.unwrap() {
        let table: String = table.get(0);
        let rows = connection.fetch_all(AssertSqlSafe(format!("SELECT * FROM {table}"))).await;
        // What sqlx keeps for itself has columns that it cannot read on every database.
        let rows =
            rows.unwrap_or_else(|error| if table == "_sqlx_migrations" { Vec::new() } else { panic!("{error}") });
        all.extend(rows.iter().map(|row| format!("{table}: {}", cells(row))));
    }
    assert!(all.len() > 50, "{} rows", all.len());
    all
}

fn cells(row: &AnyRow) -> String {
    let cell = |place: usize| match row.try_get::<Option<String>, _>(place) {
        Ok(text) => text.unwrap_or_default(),
        Err(_) => match row.try_get::<Option<Vec<u8>>, _>(place) {
            Ok(bytes) => String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned(),
            Err(_) => row.get::<i64, _>(place).to_string(),
        },
    };
    (0..row.len()).map(cell).collect::<Vec<_>>().join(" | ")
}

/// A registered case with commands of every sort, its parents told, ended by STOP SILENT; and a second child whom the
/// co-ordinator's mails name beside it.
async fn registered_and_stopped(name: &str) -> Office {
    let mut office = Office::open("Mon 14 Sep 2026 09:00").await;
    let register = format!(
        "NEW CASE {CASE}\nRequested: 14 Sep 2026\nChild: R.W.\nFirst name: {name}\nBorn: 2 Jun 2016\nParent: Ms Winterbourne <ann@family.example>"
    );
    office.orders_and_confirms(&register).await;
    office.orders(&format!("EXEMPTION {CASE} appointment missed\nPhase: week 6\nText: {name} was away.")).await;
    office.orders_and_confirms("NEW CASE EHC-2026-0777\nRequested: 14 Sep 2026\nChild: Q.Q.").await;
    office.orders(&format!("STATUS EHC-2026-0777\nNOTE {CASE}\nText: {name} was seen.")).await;
    office.orders_and_confirms(&format!("STOP SILENT {CASE}\nReason: {name} has moved.")).await;
    office
}

#[tokio::test]
async fn commands_and_their_answers_are_held_with_the_case_that_they_are_about() {
    let mut office = registered_and_stopped("Rosalind").await;
    let dossier = office.engine.dossier(CASE, office.now).await.unwrap().unwrap();
    let mails = dossier.mails.iter().filter_map(|mail| mail.raw.clone()).collect::<Vec<_>>();
    let says = |word: &str| mails.iter().any(|raw| String::from_utf8_lossy(raw).contains(word));
    assert!(says("First name: Rosalind") && says("EXEMPTION") && says("STOP SILENT"), "{} mails", mails.len());
    assert!(!says("EHC-2026-0777"), "a mail about another child is nobody else's to read");
    assert_eq!(dossier.shared.len(), 1);
    assert!(dossier.letters.iter().any(|l| String::from_utf8_lossy(&l.raw).contains("Please confirm: NEW CASE")));
    office.now += Duration::days(60);
    retain(&office).await;
    assert_eq!(held(&office).await.0, mails.len(), "they never were mails without a case");
    office.now += Duration::days(60);
    retain(&office).await;
    assert_eq!(held(&office).await, (0, 0), "ninety days after it was closed");
}

#[tokio::test]
async fn an_erased_case_is_in_no_row_of_any_table_but_where_another_child_s_mail_names_it() {
    let office = registered_and_stopped("Rosalind").await;
    assert!(everything(&office).await.iter().any(|row| row.contains("Rosalind")));
    let Erasure::Done(proof) = office.engine.erase(&CaseId(CASE.into()), &RULES, office.now).await.unwrap() else {
        panic!()
    };
    assert_eq!(proof.removed.shared, 1, "the other child's case is open");
    let mut left = everything(&office).await;
    left.retain(|row| row.contains("Rosalind") || row.contains("Winterbourne"));
    assert!(left.len() == 1 && left[0].contains("EHC-2026-0777"), "{left:#?}");
    let other = office.engine.dossier("EHC-2026-0777", office.now).await.unwrap().unwrap();
    let shown: Vec<String> = other.mails.iter().filter_map(|mail| mail.raw.clone()).map(text).collect();
    assert!(!shown.is_empty() && shown.iter().all(|mail| !mail.contains("Rosalind")), "{shown:#?}");
    assert_eq!(other.shared.len(), 1, "it is still nobody's alone");
}

fn text(raw: Vec<u8>) -> String {
    String::from_utf8_lossy(&raw).into_owned()
}

#[tokio::test]
async fn a_mail_about_two_children_stays_as_long_as_it_is_due_to_stay_with_the_other() {
    let mut office = registered_and_stopped("Rosalind").await;
    office.orders_and_confirms("STOP SILENT EHC-2026-0777\nReason: Moved too.").await;
    let Erasure::Done(proof) = office.engine.erase(&CaseId(CASE.into()), &RULES, office.now).await.unwrap() else {
        panic!()
    };
    assert_eq!(proof.removed.shared, 1, "the other case was closed today");
    assert_eq!(said_of(&office, "Rosalind").await, 1);
    office.now += Duration::days(91);
    retain(&office).await;
    assert_eq!(said_of(&office, "Rosalind").await, 0, "ninety days after the other was closed");
}

#[tokio::test]
async fn the_service_s_own_copy_of_a_letter_about_several_children_lives_no_longer_than_the_letter() {
    let mut office = registered_and_stopped("Rosalind").await;
    let copies = async |office: &Office| {
        let mut tx = office.engine.store().begin().await.unwrap();
        let copies = tx.shared_copies().await.unwrap();
        tx.commit().await.unwrap();
        copies.len()
    };
    let letters: Vec<Vec<u8>> = office.sent.iter().map(|s| s.raw.clone()).collect();
    for copy in letters {
        office.arrives_raw(copy).await;
    }
    assert!(copies(&office).await > 0, "{}", office.transcript());
    office.now += Duration::days(31);
    retain(&office).await;
    assert_eq!(copies(&office).await, 0);
}

/// How many mails that are held hold a word.
async fn said_of(office: &Office, word: &str) -> usize {
    everything(office).await.iter().filter(|row| row.starts_with("message_raw") && row.contains(word)).count()
}

#[tokio::test]
async fn what_was_erased_cannot_be_read_from_the_file_either() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("office.db");
    let url = format!("sqlite:{}", file.display());
    let secret = b"the words of a child's advice, which nobody else has";
    let store = Store::open(&url).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let mail = followupd::store::Incoming { uid: 1, received_at: day("2026-01-05"), raw: secret.to_vec(), whole: true };
    tx.take_in("INBOX", 1, &[mail]).await.unwrap();
    let ids = tx.waiting_messages(9).await.unwrap();
    tx.commit().await.unwrap();
    store.scrub().await.unwrap();
    let holds = || std::fs::read(&file).unwrap().windows(secret.len()).any(|bytes| bytes == secret);
    assert!(holds());
    let mut tx = store.begin().await.unwrap();
    tx.remove_bytes(&ids, day("2026-06-01")).await.unwrap();
    tx.commit().await.unwrap();
    store.scrub().await.unwrap();
    assert!(!holds());
}

#[tokio::test]
async fn a_backup_made_while_others_write_is_whole_private_and_sends_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let url = |name: &str| format!("sqlite:{}", path(name).display());
    let mut office = Office::asked_at(&url("office.db"), "Mon 2 Nov 2026 10:00").await;
    let writing = office.engine.store().clone();
    let busy = tokio::spawn(async move {
        for number in 0..200 {
            let mut tx = writing.begin().await.unwrap();
            tx.set_mark("busy", &number.to_string()).await.unwrap();
            tx.commit().await.unwrap();
        }
    });
    let size = backup::write(&url("office.db"), &path("copy.db")).await.unwrap();
    busy.await.unwrap();
    assert!(size > 0);
    assert_eq!(std::fs::metadata(path("copy.db")).unwrap().permissions().mode() & 0o777, 0o600);
    let refused = format!("{:#}", backup::write(&url("office.db"), &path("copy.db")).await.unwrap_err());
    assert!(refused.contains("overwrites nothing"), "{refused}");
    let missing = format!("{:#}", backup::write(&url("nowhere.db"), &path("other.db")).await.unwrap_err());
    assert!(missing.contains("no database") && !path("other.db").exists(), "{missing}");

    office.until("Tue 10 Nov 2026 13:00").await;
    assert_eq!(office.escalations(), 1);
    let mut restored = Office::asked_at_again(&url("copy.db"), "Mon 2 Nov 2026 12:00").await;
    assert!(restored.engine.store().faults().await.unwrap().is_empty());
    assert!(chain_is_unbroken(&restored).await);
    restored.until("Mon 2 Nov 2026 13:00").await;
    assert_eq!(restored.sent.len(), 0, "{}", restored.transcript());
    restored.until("Tue 10 Nov 2026 13:00").await;
    assert_eq!(restored.escalations(), 1);
    assert_eq!(restored.count(COORDINATOR, "today") > 0, office.count(COORDINATOR, "today") > 0);
}
