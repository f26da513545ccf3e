//! Upgrades of filled databases: from each earlier schema, with rows in its tables.

use crate::office::policy;
use crate::postgres;
use followupd::core::case::CaseId;
use followupd::core::id::FollowUpId;
use followupd::store::Store;
use sqlx::any::install_default_drivers;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor, SqlStr};
use std::os::unix::fs::PermissionsExt;

/// The migrations as they were released; a released one never changes.
const RELEASED: [(i64, &str, &str); 9] = [
    (1, "start", include_str!("../../migrations/0001_start.sql")),
    (2, "whole case", include_str!("../../migrations/0002_whole_case.sql")),
    (3, "shadow", include_str!("../../migrations/0003_shadow.sql")),
    (4, "unattended", include_str!("../../migrations/0004_unattended.sql")),
    (5, "figures", include_str!("../../migrations/0005_figures.sql")),
    (6, "not known", include_str!("../../migrations/0006_not_known.sql")),
    (7, "endings", include_str!("../../migrations/0007_endings.sql")),
    (8, "returned", include_str!("../../migrations/0008_returned.sql")),
    (9, "about", include_str!("../../migrations/0009_about.sql")),
];

/// Rows that each release wrote into the tables that it brought.
const ROWS: [&str; 9] = [ROWS_1, ROWS_2, ROWS_3, ROWS_4, ROWS_5, "", "", "", ROWS_9];

const ROWS_9: &str = "INSERT INTO about (id, case_id) VALUES ('LTR-AAAA', 'EHC-2026-0001');";

/// Rows for every table of the first schema, as that release wrote them.
const ROWS_1: &str = r#"
INSERT INTO meta (key, value) VALUES ('first_start_at', '1767225600000');
INSERT INTO message (id, sha256, received_at, size, whole, state, kind, from_address, header_id, text_hash, case_id, follow_up, candidates, story) VALUES ('MSG-0000000000000001', '0000000000000001aa', 1767225600000, 9, 1, 'placed', 'human', 'lee@trust.example', 'a@trust.example', 'ff', 'EHC-2026-0001', 'FU-UX29-AW66', '[]', '["matched by token"]');
INSERT INTO message_raw (message, raw) VALUES ('MSG-0000000000000001', {BYTES});
INSERT INTO mailbox_place (folder, uid_validity, uid, message, moved_to) VALUES ('INBOX', 7, 3, 'MSG-0000000000000001', 'Processed');
INSERT INTO mailbox_cursor (folder, uid_validity, uid) VALUES ('INBOX', 7, 3);
INSERT INTO case_file (id, reference, coordinator, version, body) VALUES ('EHC-2026-0001', 'EHC-2026-0001', 'ann@council.example', 4, '{"id":"EHC-2026-0001","reference":"EHC-2026-0001","coordinator":"ann@council.example","initials":"RB","their_ref":null,"letters":2,"follow_ups":[{"id":"FU-UX29-AW66","kind":"clarification","origin":"copied_in","stage":"open","coordinator":"ann@council.example","adviser":"lee@trust.example","managers":["mo@trust.example"],"asked":[],"service":"Community Paediatrics","agreed_with":null,"opened_at":"2026-01-13T10:00:00Z","rounds":[{"number":1,"text":"How often?","why":null,"resent":0,"day_zero":"2026-01-13","original_due":"2026-01-20","due_on":"2026-01-20","reminder_settled_at":null,"escalations":[],"untold":0,"pause":null,"replies":[]}],"away":[],"undeliverable":[],"barred":[],"told_responsible":[],"ended_at":null}]}');
INSERT INTO follow_up (id, case_id, kind, origin, stage, coordinator, adviser, service, round, level, opened_at, due_on, received_at, ended_at, wake_at) VALUES ('FU-UX29-AW66', 'EHC-2026-0001', 'clarification', 'copied_in', 'open', 'ann@council.example', 'lee@trust.example', 'Community Paediatrics', 1, 0, 1768298400000, '2026-01-20', NULL, NULL, 1768896000000);
INSERT INTO party (follow_up, address) VALUES ('FU-UX29-AW66', 'lee@trust.example');
INSERT INTO thread (message_id, follow_up, place) VALUES ('a@trust.example', 'FU-UX29-AW66', 0);
INSERT INTO letter (id, unique_key, kind, case_id, follow_up, message_id, subject, only_while, envelope_from, decided_at, earliest, urgent, copy_seen_at, place, bytes) VALUES ('LTR-AAAA', 'FU-UX29-AW66/logged', 'logged', 'EHC-2026-0001', 'FU-UX29-AW66', 'ltr-aaaa@council.example', 'Logged', 'open', 'followups@council.example', 1768298400000, 1768298400000, 0, NULL, 1, {BYTES});
INSERT INTO delivery (letter, recipient, part, state, attempts, next_at, refused_since, settled_at, answer) VALUES ('LTR-AAAA', 'lee@trust.example', 'to', 'accepted', 1, NULL, NULL, 1768298400000, '250 ok');
INSERT INTO alias (message_id, letter) VALUES ('other@relay.example', 'LTR-AAAA');
INSERT INTO line (letter, number, body) VALUES ('LTR-AAAA', 1, '{"number":1,"group":"needs_you","text":"x","answers":[],"subject":{"follow_up":"FU-UX29-AW66"}}');
INSERT INTO person (address, role, manager, confirmed_by, confirmed_at) VALUES ('new@trust.example', 'adviser', NULL, 'ann@council.example', 1768298400000);
INSERT INTO absence (address, until, contact, noted_at, message) VALUES ('lee@trust.example', NULL, NULL, 1768298400000, 'MSG-0000000000000001');
INSERT INTO unproved (letter, message, address, settled_at) VALUES ('LTR-AAAA', 'MSG-0000000000000001', 'ann@council.example', NULL);
INSERT INTO job_run (job, due_at, done_at) VALUES ('today', 1768289400000, 1768289400000);
INSERT INTO journal (seq, at, case_id, follow_up, text_hash, hash) VALUES (1, 1768298400000, 'EHC-2026-0001', 'FU-UX29-AW66', 'aa', 'bb');
INSERT INTO journal_text (seq, salt, event, because, effects, config) VALUES (1, 's', '{}', 'It was logged.', '[]', 'c');
"#;

/// Rows for the tables that the second schema brought.
const ROWS_2: &str = "
INSERT INTO confirmation (letter, message, command, author, needs, asked_at, settled_at) VALUES ('LTR-AAAA', 'MSG-0000000000000001', 0, 'ann@council.example', 'same', 1768298400000, NULL);
INSERT INTO contact (address, case_id) VALUES ('parent@home.example', 'EHC-2026-0001');
";

/// What the third schema brought.
const ROWS_3: &str = r#"
UPDATE letter SET meant_for = '["lee@trust.example"]' WHERE id = 'LTR-AAAA';
"#;

/// Rows for the table that the fourth schema brought.
const ROWS_4: &str = "
INSERT INTO lease (name, holder, epoch, ends_at) VALUES ('leader', 'node-1', 3, 1768298400000);
";

/// Rows for the table that the fifth schema brought.
const ROWS_5: &str = "
INSERT INTO follow_up_round (follow_up, number, why, asked_on, original_due, due_on, received_on, level) VALUES ('FU-UX29-AW66', 2, 'unclear', '2026-01-21', '2026-01-28', '2026-01-28', NULL, 0);
";

fn migrator(count: usize) -> Migrator {
    let migrations = RELEASED[..count].iter().map(|&(version, name, sql)| {
        Migration::new(version, name.into(), MigrationType::Simple, SqlStr::from_static(sql), false)
    });
    Migrator::with_migrations(migrations.collect())
}

/// A database as the release with so many migrations left it.
async fn left_by(schema: usize, url: &str) {
    install_default_drivers();
    let is_postgres = url.starts_with("postgres");
    let url = if is_postgres { url.to_owned() } else { format!("{url}?mode=rwc") };
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    // "From: a"
    let bytes = if is_postgres { r"'\x46726f6d3a2061'::bytea" } else { "x'46726f6d3a2061'" };
    for released in 1..=schema {
        migrator(released).run(&mut connection).await.unwrap();
        fill(&mut connection, ROWS[released - 1], bytes).await;
    }
    connection.close().await.unwrap();
}

async fn fill(connection: &mut AnyConnection, rows: &str, bytes: &str) {
    for row in rows.lines().filter(|row| !row.trim().is_empty()) {
        let row = row.replace("{BYTES}", bytes);
        connection.execute(AssertSqlSafe(row.clone())).await.unwrap_or_else(|error| panic!("{row}: {error}"));
    }
}

fn databases(folder: &tempfile::TempDir, schema: usize) -> Vec<String> {
    let file = folder.path().join(format!("from-{schema}.db"));
    let mut urls = vec![format!("sqlite:{}", file.display())];
    urls.extend(postgres::cluster().map(|_| postgres::fresh_database()));
    urls
}

#[tokio::test]
async fn a_database_of_each_earlier_schema_is_taken_over_with_all_its_rows_after_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    for schema in 1..RELEASED.len() {
        for url in databases(&folder, schema) {
            left_by(schema, &url).await;
            let store = Store::open(&url).await.unwrap();
            holds_everything(&store).await;
            store.close().await;
            if let Some(path) = url.strip_prefix("sqlite:") {
                let copy = format!("{path}.schema-{schema}");
                assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600, "{copy}");
                // The copy is a database that the old release could go on with, and the new one can take over too.
                let store = Store::open(&format!("sqlite:{copy}")).await.unwrap();
                holds_everything(&store).await;
                store.close().await;
            }
        }
    }
}

async fn holds_everything(store: &Store) {
    let mut tx = store.begin().await.unwrap();
    let loaded = tx.case(&CaseId("EHC-2026-0001".into())).await.unwrap().expect("the case");
    let id = FollowUpId::parse("FU-UX29-AW66").unwrap();
    let follow_up = loaded.case.follow_up(&id).expect("the follow-up");
    assert_eq!(follow_up.rounds[0].due_on.unwrap().to_string(), "2026-01-20");
    assert_eq!(tx.case_of(&id).await.unwrap().unwrap().case, loaded.case);
    assert_eq!(tx.thread("a@trust.example").await.unwrap(), std::slice::from_ref(&id));
    assert_eq!(tx.raw("MSG-0000000000000001").await.unwrap().unwrap(), b"From: a");
    assert_eq!(tx.letter("LTR-AAAA").await.unwrap().unwrap().subject, "Logged");
    assert_eq!(tx.letter_of_alias("other@relay.example").await.unwrap().as_deref(), Some("LTR-AAAA"));
    assert_eq!((tx.lines("LTR-AAAA").await.unwrap().len(), tx.deliveries("LTR-AAAA").await.unwrap().len()), (1, 1));
    assert_eq!((tx.people().await.unwrap().len(), tx.cursor("INBOX").await.unwrap()), (1, Some((7, 3))));
    assert_eq!(tx.journal_of("EHC-2026-0001").await.unwrap()[0].because.as_deref(), Some("It was logged."));
    tx.save_case(&loaded.case, loaded.version, &policy()).await.unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn every_migration_is_released_here() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), RELEASED.len(), "add the new one, and rows for its tables");
}
