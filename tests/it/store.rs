//! The store, the same on SQLite and, where `FOLLOWUPD_TEST_POSTGRES` names a cluster, on PostgreSQL.

use crate::office::{Office, address, at, policy};
use crate::postgres::{cluster, fresh_database};
use followupd::core::case::{Case, CaseId};
use followupd::core::directory::Role;
use followupd::core::event::{Event, Seen, Weight};
use followupd::core::follow_up::{Away, Doubt, FollowUpKind, Origin, Stage};
use followupd::core::id::{CaseRef, FollowUpId};
use followupd::core::letter::{LetterKind, Line, LineGroup, SendOnlyWhile};
use followupd::store::*;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

const NOW: &str = "Mon 02 Nov 2026 10:00";

/// Addresses of an empty database of each kind that can be had here.
pub fn databases() -> Vec<(String, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let mut all = vec![(format!("sqlite:{}", folder.path().join("followupd.db").display()), Some(folder))];
    match cluster() {
        Some(_) => all.push((fresh_database(), None)),
        None => println!("not run on PostgreSQL: FOLLOWUPD_TEST_POSTGRES names no cluster"),
    }
    all
}

/// A statement by hand, beside the program.
async fn by_hand(url: &str, sql: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(url).await.unwrap();
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
    connection.close().await.unwrap();
}

fn id(n: u8) -> FollowUpId {
    FollowUpId::from_random([n; 8])
}

async fn a_case() -> Case {
    let office = Office::clarified(NOW).await;
    let mut case =
        Case::new(CaseId("EHC-2026-0412".into()), Some(CaseRef::new("EHC-2026-0412")), address("c@x.example"));
    let mut follow_up = office.the().await;
    follow_up.id = id(1);
    case.follow_ups.push(follow_up);
    case
}

fn entry(n: u32) -> JournalEntry {
    JournalEntry {
        at: at(NOW),
        case_id: Some("EHC-2026-0412".into()),
        follow_up: Some(id(1)),
        event: format!("{{\"n\":{n}}}"),
        because: format!("because {n}"),
        effects: vec![format!("effect {n}")],
        config: "test".into(),
        salt: format!("{n:032x}"),
    }
}

fn letter(key: &str) -> NewLetter {
    NewLetter {
        id: format!("LTR-{}", key.to_uppercase()),
        kind: LetterKind::Request,
        unique_key: key.into(),
        case_id: Some("EHC-2026-0412".into()),
        follow_up: Some(id(1)),
        message_id: format!("{key}@council.example"),
        subject: "subject".into(),
        only_while: SendOnlyWhile::AwaitingAnswer,
        envelope_from: address("followups@council.example"),
        decided_at: at(NOW),
        earliest: at(NOW),
        urgent: true,
        bytes: vec![0, 255, 10, 13, 39],
        recipients: vec![
            (address("a@x.example"), Part::To),
            (address("b@x.example"), Part::Cc),
            (address("o@x.example"), Part::Copy),
        ],
        lines: vec![Line { group: LineGroup::Happened, ..Line::about(&id(1)) }],
        withheld: None,
        meant_for: None,
    }
}

fn mail(uid: u32, text: &str) -> Incoming {
    Incoming { uid, received_at: at(NOW), raw: text.as_bytes().to_vec(), whole: uid % 2 == 1 }
}

fn outcome(state: MessageState) -> Outcome {
    Outcome {
        state,
        kind: "human".into(),
        from: Some("a@x.example".into()),
        header_id: Some("h1@x.example".into()),
        text_hash: Some("hash".into()),
        case_id: None,
        follow_up: Some(id(1)),
        candidates: vec![id(1)],
        story: vec!["it's a story".into()],
    }
}

#[tokio::test]
async fn every_verb_about_mail_runs_on_both() {
    for (url, _folder) in databases() {
        let store = Store::open(&url).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.take_in("INBOX", 7, &[mail(1, "one"), mail(2, "two")]).await.unwrap(), 2);
        assert_eq!(tx.take_in("Junk", 1, &[mail(1, "one")]).await.unwrap(), 0, "known bytes are not new");
        assert_eq!(tx.cursor("INBOX").await.unwrap(), Some((7, 2)));
        assert_eq!(tx.cursor("none").await.unwrap(), None);
        let mut known = tx.known_uids("INBOX", 7).await.unwrap();
        known.sort_unstable();
        assert_eq!(known, [1, 2]);
        let waiting = tx.waiting_messages(10).await.unwrap();
        assert_eq!(waiting.len(), 2);
        let first = &waiting[0];
        for state in [
            MessageState::Placed,
            MessageState::Triage,
            MessageState::Filed,
            MessageState::Failed,
            MessageState::Ignored,
        ] {
            tx.settle_message(first, &outcome(state)).await.unwrap();
            let row = tx.message(first).await.unwrap().unwrap();
            assert_eq!(
                (row.state, row.candidates.as_slice(), row.story.as_slice()),
                (state, &[id(1)][..], &["it's a story".to_owned()][..])
            );
            assert_eq!(tx.messages_in(state).await.unwrap().len(), 1);
        }
        tx.settle_message(first, &outcome(MessageState::Placed)).await.unwrap();
        assert!(tx.is_redelivery(&waiting[1], "h1@x.example", "a@x.example", "hash").await.unwrap());
        assert!(!tx.is_redelivery(first, "h1@x.example", "a@x.example", "hash").await.unwrap());
        assert_eq!(
            tx.same_content(&waiting[1], &address("a@x.example"), "hash", &id(1)).await.unwrap().as_ref(),
            Some(first)
        );
        tx.set_message_state(first, MessageState::Filed, Some(&id(2)), "said so").await.unwrap();
        tx.set_message_state(first, MessageState::Filed, None, "again").await.unwrap();
        assert_eq!(tx.messages_of(id(2).as_str()).await.unwrap()[0].story, ["it's a story", "said so", "again"]);
        assert_eq!(tx.unmoved("INBOX", 7, 10).await.unwrap().len(), 1);
        tx.note_moved("INBOX", 7, &[1, 2], "Processed").await.unwrap();
        assert!(tx.unmoved("INBOX", 7, 10).await.unwrap().is_empty());
        tx.look_again(first).await.unwrap();
        assert_eq!(tx.waiting_messages(10).await.unwrap().len(), 2);
        assert!(tx.raw(first).await.unwrap().is_some() && tx.raw("MSG-NONE").await.unwrap().is_none());
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn every_verb_about_cases_runs_on_both() {
    for (url, _folder) in databases() {
        let store = Store::open(&url).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let mut case = a_case().await;
        tx.save_case(&case, 0, &policy()).await.unwrap();
        let loaded = tx.case_of(&id(1)).await.unwrap().unwrap();
        assert_eq!((loaded.case.clone(), loaded.version), (case.clone(), 1));
        assert!(tx.save_case(&case, 7, &policy()).await.is_err(), "another node has written it");
        for stage in [
            Stage::AwaitingRoles,
            Stage::Prepared,
            Stage::Open,
            Stage::RepliedThin,
            Stage::Received,
            Stage::Query,
            Stage::Declined,
            Stage::Closed,
            Stage::Cancelled,
            Stage::Held,
        ] {
            for (origin, kind) in
                [Origin::CopiedIn, Origin::Sent, Origin::Elsewhere].into_iter().cycle().zip(FollowUpKind::ALL)
            {
                let version = tx.case_of(&id(1)).await.unwrap().unwrap().version;
                case.follow_ups[0].stage = stage;
                case.follow_ups[0].origin = origin;
                case.follow_ups[0].kind = kind;
                tx.save_case(&case, version, &policy()).await.unwrap();
                let read = tx.case(&case.id).await.unwrap().unwrap().case;
                assert_eq!(read, case, "{stage:?} {origin:?} comes back");
                assert_eq!(tx.open_cases().await.unwrap().len(), usize::from(stage.is_open()));
            }
        }
        let version = tx.case_of(&id(1)).await.unwrap().unwrap().version;
        case.follow_ups[0].stage = Stage::Open;
        tx.save_case(&case, version, &policy()).await.unwrap();
        let (adviser, coordinator) =
            (case.follow_ups[0].adviser.clone().unwrap(), case.follow_ups[0].coordinator.clone());
        assert_eq!(tx.case_by_reference(&CaseRef::new("EHC-2026-0412")).await.unwrap().unwrap().case.id, case.id);
        assert_eq!(tx.cases_due(at("Mon 04 Jan 2027 10:00"), 5).await.unwrap().len(), 1);
        assert_eq!(tx.open_cases_of_party(&adviser).await.unwrap().len(), 1);
        assert_eq!(tx.open_follow_ups_of_party(&adviser).await.unwrap(), [id(1)]);
        assert_eq!(tx.open_cases_of_coordinator(&coordinator).await.unwrap().len(), 1);
        assert_eq!(tx.cases_of_coordinator_since(&coordinator, at(NOW)).await.unwrap().len(), 1);
        assert!(tx.cases_awaiting_roles().await.unwrap().is_empty());
        assert!(tx.next_wake(at(NOW)).await.unwrap().is_some());
        for message in ["root@x.example", "second@x.example", "root@x.example"] {
            tx.learn_thread(message, &id(1)).await.unwrap();
        }
        assert_eq!(tx.thread("second@x.example").await.unwrap(), [id(1)]);
        assert_eq!(tx.thread_root(&id(1)).await.unwrap().as_deref(), Some("root@x.example"));
        assert_eq!(tx.counts().await.unwrap().follow_ups.get("open"), Some(&1));
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn every_verb_about_letters_runs_on_both() {
    for (url, _folder) in databases() {
        let store = Store::open(&url).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        assert!(tx.queue(&letter("k1")).await.unwrap());
        assert!(!tx.queue(&letter("k1")).await.unwrap(), "a key stands once");
        assert!(tx.queue(&NewLetter { withheld: Some("mode".into()), ..letter("k2") }).await.unwrap());
        let due = tx.letters_due(at(NOW), 10).await.unwrap();
        assert_eq!(due.len(), 1, "what is withheld never leaves");
        assert_eq!(due[0].recipients.len(), 3);
        assert_eq!(tx.letter_bytes("LTR-K1").await.unwrap(), letter("k1").bytes);
        assert_eq!(tx.lines("LTR-K1").await.unwrap(), letter("k1").lines);
        assert_eq!(tx.letters_of(id(1).as_str()).await.unwrap().len(), 2);
        assert_eq!(tx.next_delivery().await.unwrap(), Some(at(NOW)));
        let to = address("a@x.example");
        for state in [
            DeliveryState::Queued,
            DeliveryState::Sending,
            DeliveryState::Dot,
            DeliveryState::Accepted,
            DeliveryState::Deferred,
            DeliveryState::Rejected,
            DeliveryState::Uncertain,
            DeliveryState::Withdrawn,
        ] {
            tx.set_delivery("LTR-K1", &to, state, Some(at(NOW)), Some("250 ok"), at(NOW)).await.unwrap();
            let lines = tx.deliveries("LTR-K1").await.unwrap();
            assert_eq!(lines.iter().find(|l| l.0 == "a@x.example").unwrap().2, state, "{state:?} comes back");
        }
        assert_eq!(tx.attempts("LTR-K1", &to).await.unwrap(), 1, "only being sent counts as an attempt");
        tx.set_delivery("LTR-K1", &to, DeliveryState::Sending, None, None, at(NOW)).await.unwrap();
        tx.note_dot("LTR-K1").await.unwrap();
        assert_eq!(tx.recover_outbox(at(NOW)).await.unwrap(), 1);
        assert_eq!(tx.kinds_received(&id(1), &to).await.unwrap(), [LetterKind::Request], "perhaps received");
        assert_eq!(tx.retry_uncertain(at(NOW), at(NOW)).await.unwrap(), 0, "no later copy has come");
        tx.note_copy("LTR-K1", at(NOW)).await.unwrap();
        tx.settle_by_copy("LTR-K1", at(NOW)).await.unwrap();
        assert!(tx.letter("LTR-K1").await.unwrap().unwrap().copy_seen_at.is_some());
        assert_eq!(tx.counts().await.unwrap().deliveries.get("accepted"), Some(&1));
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_letter_that_was_never_tried_and_whose_copy_has_come_left_before_a_restore() {
    for (url, _folder) in databases() {
        let store = Store::open(&url).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        assert!(tx.queue(&letter("k1")).await.unwrap() && tx.queue(&letter("k2")).await.unwrap());
        tx.set_delivery("LTR-K2", &address("a@x.example"), DeliveryState::Sending, None, None, at(NOW)).await.unwrap();
        let whole = tx.deliveries("LTR-K1").await.unwrap().len();
        for name in ["LTR-K1", "LTR-K2"] {
            tx.note_sent_before(name, at(NOW)).await.unwrap();
        }
        let uncertain = async |tx: &mut Tx, name: &str| {
            let all = tx.deliveries(name).await.unwrap();
            all.iter().filter(|row| row.2 == DeliveryState::Uncertain).count()
        };
        assert_eq!(uncertain(&mut tx, "LTR-K1").await, whole, "every recipient");
        assert!(uncertain(&mut tx, "LTR-K2").await < whole, "who is being sent to now is not");
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn every_verb_about_people_and_marks_runs_on_both() {
    for (url, _folder) in databases() {
        let store = Store::open(&url).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let who = address("a@x.example");
        let person = |manager| LearnedPerson { address: who.clone(), manager, role: Role::Adviser };
        tx.learn_person(&person(Some(address("m@x.example"))), &address("c@x.example"), at(NOW)).await.unwrap();
        tx.learn_person(&person(None), &address("c@x.example"), at(NOW)).await.unwrap();
        assert_eq!(tx.people().await.unwrap(), [person(Some(address("m@x.example")))], "a known manager is kept");
        let away = Away {
            who: who.clone(),
            until: chrono::NaiveDate::from_ymd_opt(2026, 11, 20),
            contact: Some("Ann".into()),
        };
        tx.note_absence(&away, "MSG-1", at(NOW)).await.unwrap();
        assert_eq!(tx.absence(&who).await.unwrap(), Some(away));
        assert!(tx.end_absence(&who).await.unwrap() && !tx.end_absence(&who).await.unwrap());
        tx.queue(&letter("ask")).await.unwrap();
        tx.take_in("INBOX", 1, &[mail(1, "command")]).await.unwrap();
        let message = tx.waiting_messages(1).await.unwrap()[0].clone();
        tx.await_proof("LTR-ASK", &message, &who).await.unwrap();
        assert!(!tx.is_proved(&message).await.unwrap());
        assert_eq!(tx.use_proof("LTR-ASK", &address("b@x.example"), at(NOW)).await.unwrap(), None, "not theirs");
        assert_eq!(tx.use_proof("LTR-ASK", &who, at(NOW)).await.unwrap().as_ref(), Some(&message));
        assert_eq!(tx.use_proof("LTR-ASK", &who, at(NOW)).await.unwrap(), None, "once");
        assert!(tx.is_proved(&message).await.unwrap());
        assert!(tx.learn_alias("given@relay.example", "LTR-ASK").await.unwrap());
        assert!(!tx.learn_alias("given@relay.example", "LTR-ASK").await.unwrap(), "known");
        assert_eq!(tx.letter_of_alias("given@relay.example").await.unwrap().as_deref(), Some("LTR-ASK"));
        tx.set_mark("m", "1").await.unwrap();
        tx.set_instant_mark("m", at(NOW)).await.unwrap();
        assert_eq!(tx.instant_mark("m").await.unwrap(), Some(at(NOW)));
        assert!(
            tx.claim_run("today", at(NOW), at(NOW)).await.unwrap()
                && !tx.claim_run("today", at(NOW), at(NOW)).await.unwrap()
        );
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_journal_is_a_chain_that_shows_every_change_and_survives_an_erasure() {
    for (url, _folder) in databases() {
        let store = Store::open(&url).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        for n in 1..=4 {
            tx.journal(&entry(n)).await.unwrap();
        }
        assert_eq!(tx.broken_journal_entry().await.unwrap(), None);
        assert_eq!(tx.journal_of("EHC-2026-0412").await.unwrap().len(), 4);
        assert_eq!(tx.journal_after(2).await.unwrap().len(), 2);
        tx.commit().await.unwrap();
        let broken = async || {
            let mut tx = store.begin().await.unwrap();
            let broken = tx.broken_journal_entry().await.unwrap();
            tx.commit().await.unwrap();
            broken
        };
        by_hand(&url, "DELETE FROM journal_text WHERE seq = 1").await;
        assert_eq!(broken().await, None, "an erased text keeps the chain");
        by_hand(&url, "UPDATE journal_text SET because = 'something else' WHERE seq = 2").await;
        assert_eq!(broken().await, Some(2), "a changed text is found");
        by_hand(&url, "UPDATE journal_text SET because = 'because 2' WHERE seq = 2").await;
        assert_eq!(broken().await, None);
        by_hand(&url, "UPDATE journal SET at = at + 1 WHERE seq = 3").await;
        assert_eq!(broken().await, Some(3), "a changed entry is found");
        by_hand(&url, "UPDATE journal SET at = at - 1 WHERE seq = 3").await;
        by_hand(&url, "DELETE FROM journal_text WHERE seq = 3").await;
        by_hand(&url, "DELETE FROM journal WHERE seq = 3").await;
        assert_eq!(broken().await, Some(4), "a missing entry is found");
    }
}

#[tokio::test]
async fn what_is_not_committed_has_not_happened_wherever_it_stops() {
    for (url, _folder) in databases() {
        let store = Store::open(&url).await.unwrap();
        let case = a_case().await;
        for steps in 1..=5 {
            let mut tx = store.begin().await.unwrap();
            if steps >= 1 {
                tx.take_in("INBOX", 7, &[mail(1, "one")]).await.unwrap();
            }
            if steps >= 2 {
                tx.save_case(&case, 0, &policy()).await.unwrap();
            }
            if steps >= 3 {
                tx.queue(&letter("k1")).await.unwrap();
            }
            if steps >= 4 {
                tx.journal(&entry(1)).await.unwrap();
            }
            if steps >= 5 {
                tx.savepoint().await.unwrap();
                tx.set_mark("m", "1").await.unwrap();
                tx.release_savepoint().await.unwrap();
            }
            drop(tx);
            let mut tx = store.begin().await.unwrap();
            let nothing = tx.cursor("INBOX").await.unwrap().is_none()
                && tx.waiting_messages(1).await.unwrap().is_empty()
                && tx.case_of(&id(1)).await.unwrap().is_none()
                && tx.letter("LTR-K1").await.unwrap().is_none()
                && tx.journal_after(0).await.unwrap().is_empty()
                && tx.mark("m").await.unwrap().is_none();
            assert!(nothing, "after {steps} steps");
            tx.commit().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_failed_statement_undoes_its_own_mail_and_not_its_neighbours() {
    for (url, _folder) in databases() {
        let store = Store::open(&url).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        tx.set_mark("before", "1").await.unwrap();
        tx.savepoint().await.unwrap();
        tx.set_mark("inside", "1").await.unwrap();
        let wrong = tx.save_case(&a_case().await, 9, &policy()).await;
        assert!(wrong.is_err());
        tx.undo_to_savepoint().await.unwrap();
        tx.release_savepoint().await.unwrap();
        tx.set_mark("after", "1").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let marks =
            [tx.mark("before").await.unwrap(), tx.mark("inside").await.unwrap(), tx.mark("after").await.unwrap()];
        assert_eq!(marks.map(|m| m.is_some()), [true, false, true]);
    }
}

#[tokio::test]
async fn a_filled_database_opens_again_and_one_of_a_newer_version_is_refused() {
    for (url, _folder) in databases() {
        let store = Store::open(&url).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        tx.save_case(&a_case().await, 0, &policy()).await.unwrap();
        tx.commit().await.unwrap();
        store.close().await;
        let store = Store::open(&url).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        assert!(tx.case_of(&id(1)).await.unwrap().is_some());
        tx.commit().await.unwrap();
        store.close().await;
        let yes = if url.starts_with("postgres") { "TRUE" } else { "1" };
        let checksum = if url.starts_with("postgres") { "'\\x00'::bytea" } else { "x'00'" };
        by_hand(
            &url,
            &format!("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'newer', {yes}, {checksum}, 0)"),
        )
        .await;
        let refused = format!("{:#}", Store::open(&url).await.unwrap_err());
        assert!(refused.contains("written by a newer version of followupd"), "{refused}");
    }
}

/// Every closed set keeps its names: a renamed variant would make old rows unreadable.
#[test]
fn names_of_closed_sets_come_back() {
    fn check<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(values: &[T]) {
        for value in values {
            let text = serde_json::to_string(value).unwrap();
            assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), value);
        }
    }
    check(&[Part::To, Part::Cc, Part::Copy]);
    check(&[SendOnlyWhile::Always, SendOnlyWhile::AwaitingAnswer, SendOnlyWhile::Open]);
    check(LetterKind::ALL);
    check(&[Role::Coordinator, Role::SendManager, Role::Adviser, Role::LineManager]);
    check(&[Seen::Already, Seen::NotYet]);
    check(&[
        Doubt::ThinReply,
        Doubt::SaidSent,
        Doubt::NotMine,
        Doubt::Encrypted,
        Doubt::UnlistedSender,
        Doubt::FailedCheck,
        Doubt::WeakMatch,
        Doubt::TooLarge,
        Doubt::Malware,
    ]);
    check(&[
        Weight::Full,
        Weight::Doubtful(Doubt::ThinReply),
        Weight::AssignedTo("Ann".into()),
        Weight::AttachmentMissing,
        Weight::Acknowledged,
    ]);
    check(&[Event::CalendarChanged, Event::Clock { mailbox_seen_at: at(NOW) }]);
    for &kind in LetterKind::ALL {
        assert_eq!(LetterKind::from_name(kind.name()), Some(kind));
    }
}

#[tokio::test]
async fn whoever_is_remembered_changes_the_version_of_the_people() {
    for (url, _folder) in databases() {
        let store = Store::open(&url).await.unwrap();
        let mut seen = Vec::new();
        for name in ["lee@nhs.example", "mo@nhs.example", "lee@nhs.example"] {
            let mut tx = store.begin().await.unwrap();
            seen.push(tx.people_version().await.unwrap());
            let person = LearnedPerson { address: address(name), manager: None, role: Role::Adviser };
            tx.learn_person(&person, &address("c@x.example"), at(NOW)).await.unwrap();
            tx.commit().await.unwrap();
        }
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 3, "the same person remembered again is a change too");
    }
}
