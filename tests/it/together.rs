//! Mails that are handled in one transaction come out as if each had come alone, and none undoes its neighbours.

use crate::office::*;
use crate::parents::parent;
use chrono::{DateTime, Duration, Utc};
use followupd::core::case::Case;
use followupd::store::{Incoming, MessageState};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

const NOW: &str = "Mon 02 Nov 2026 10:00";
const MUM: &str = "ann.winter@family.example";
const STATES: [MessageState; 5] =
    [MessageState::Placed, MessageState::Triage, MessageState::Filed, MessageState::Failed, MessageState::Ignored];

/// Takes mails in, a second apart, and handles them: all together, or each before the next one comes.
async fn handled(office: &Office, mails: &[Vec<u8>], how: How) {
    let start = office.now;
    let dated = |(n, raw): (usize, &Vec<u8>)| {
        let received_at = start + Duration::seconds(i64::try_from(n).unwrap());
        Incoming { uid: 100 + u32::try_from(n).unwrap(), received_at, raw: raw.clone(), whole: true }
    };
    let mails: Vec<Incoming> = mails.iter().enumerate().map(dated).collect();
    let at_once = match how {
        How::Together => mails.len(),
        How::EachAlone => 1,
    };
    for mails in mails.chunks(at_once) {
        office.engine.take_in("INBOX", 1, mails).await.unwrap();
        assert_eq!(office.engine.handle_waiting(evening(office)).await.unwrap(), mails.len());
    }
}

#[derive(Debug, Clone, Copy)]
enum How {
    Together,
    EachAlone,
}

fn evening(office: &Office) -> DateTime<Utc> {
    office.now + Duration::hours(2)
}

/// Everything that has come of it, in words.
async fn came_of_it(office: &Office) -> Vec<String> {
    let mut tx = office.engine.store().begin().await.unwrap();
    let mut all = Vec::new();
    for state in STATES {
        let rows = tx.messages_in(state).await.unwrap();
        all.extend(rows.iter().map(|row| format!("{row:?}")));
    }
    for row in tx.journal_after(0).await.unwrap() {
        all.push(format!("{} {:?} {:?} {:?}", row.seq, row.event, row.because, row.effects));
    }
    assert_eq!(tx.broken_journal_entry().await.unwrap(), None);
    for id in tx.all_cases().await.unwrap() {
        all.push(format!("{:?}", tx.case(&id).await.unwrap().unwrap().case));
    }
    tx.commit().await.unwrap();
    for ready in office.engine.ready(evening(office) + Duration::minutes(1), 1000).await.unwrap() {
        let bytes = String::from_utf8_lossy(&ready.bytes).into_owned();
        let marks = bytes.lines().filter(|line| !line.contains("boundary=") && !line.starts_with("--"));
        all.push(format!(
            "{} {:?} {}",
            ready.letter.unique_key,
            ready.recipients,
            marks.collect::<Vec<_>>().join("\n")
        ));
    }
    all
}

/// An office with two open follow-ups, of which one child's mother is known.
async fn two_cases(openings: &[Vec<u8>]) -> Office {
    let mut office = Office::open(NOW).await;
    for raw in openings {
        office.arrives_raw(raw.clone()).await;
    }
    let mut case = office.case(CASE).await;
    case.register.contacts.push(parent("Ann Winter", MUM));
    let mut tx = office.engine.store().begin().await.unwrap();
    let version = tx.case(&case.id).await.unwrap().unwrap().version;
    tx.save_case(&case, version, &policy()).await.unwrap();
    tx.commit().await.unwrap();
    office
}

fn all_sorts(office: &Office) -> Vec<Vec<u8>> {
    let bytes = |draft: Draft| draft.bytes(office.now);
    let id = office.follow_up();
    let answer = |text: &str| office.reply(ADVISER, text);
    let order = |text: &str| bytes(Draft::from(COORDINATOR).to(&[SERVICE]).subject("followupd").text(text));
    let in_thread =
        |who: &str| Draft::from(who).to(&[SERVICE]).subject("RE: advice").header("References", "<one@nhs.example>");
    vec![
        bytes(answer(ADVICE).message_id("<one@nhs.example>")),
        bytes(answer(ADVICE).message_id("<two@nhs.example>")),
        bytes(answer(ADVICE).message_id("<one@nhs.example>").header("X-Delivered-Again", "yes")),
        bytes(in_thread(MANAGER).text("I have talked to Dr Lee about it, who will see to it this week.")),
        bytes(in_thread("stranger@else.example").text("Please see my advice.")),
        order(&format!("CLARIFY EHC-2026-0600\nTo: {ADVISER}\nText: Please say how often therapy is to be given.")),
        bytes(office.out_of_office(ADVISER, "I am out of the office until 20 November 2026.")),
        bytes(copied_in("EHC-2026-0700")),
        bytes(answer("I am back, and will send the rest.")),
        bytes(Draft::from(MUM).to(&[SERVICE]).subject("Robin").text("When will the plan be there?")),
        bytes(Draft::from(ADVISER).to(&[SERVICE]).subject("therapy").text(ADVICE)),
        order(&format!("CLOSE {id}")),
        bytes(answer("One more thing: the review is every term, with the parents, and in writing.")),
        bytes(Draft::from("nobody@else.example").to(&[SERVICE]).subject("hello").text("Who are you?")),
        order("STATUS EHC-2026-0412"),
    ]
}

fn openings(now: &str) -> Vec<Vec<u8>> {
    [CASE, "EHC-2026-0500"].iter().map(|case| copied_in(case).bytes(at(now))).collect()
}

#[tokio::test]
async fn mails_that_are_handled_together_come_out_as_if_each_had_come_alone() {
    let openings = openings(NOW);
    let (together, alone) = (two_cases(&openings).await, two_cases(&openings).await);
    let mails = all_sorts(&together);
    handled(&together, &mails, How::Together).await;
    handled(&alone, &mails, How::EachAlone).await;
    let (together, alone) = (came_of_it(&together).await, came_of_it(&alone).await);
    for (together, alone) in together.iter().zip(&alone) {
        assert_eq!(together, alone);
    }
    assert_eq!(together.len(), alone.len());
    assert!(together.iter().any(|told| told.contains("a re-delivery")), "{together:#?}");
    assert!(together.iter().any(|told| told.contains("The same content came before")), "{together:#?}");
}

#[tokio::test]
async fn a_mail_that_cannot_be_handled_is_listed_and_undoes_none_of_its_neighbours() {
    for (url, _folder) in crate::store::databases() {
        let mut office = Office::asked_at(&url, NOW).await;
        let reply = office.reply(ADVISER, ADVICE).bytes(office.now);
        office.arrives(copied_in("EHC-2026-0500")).await;
        damage(&url, &office.case("EHC-2026-0500").await).await;
        let bad = Draft::from(ADVISER)
            .to(&[SERVICE])
            .subject("advice")
            .text("EHC-2026-0500 needs therapy.")
            .bytes(office.now);
        let stranger = Draft::from("nobody@else.example").to(&[SERVICE]).subject("hello").text("Who are you?");
        let mails = [stranger.bytes(office.now), bad.clone(), reply];
        handled(&office, &mails, How::Together).await;
        let mut tx = office.engine.store().begin().await.unwrap();
        let failed = tx.messages_in(MessageState::Failed).await.unwrap();
        assert_eq!(failed.len(), 1, "{url}");
        assert_eq!(failed[0].size, i64::try_from(bad.len()).unwrap(), "{url}");
        assert!(failed[0].story[0].contains("A case in the database is damaged"), "{:?}", failed[0].story);
        assert_eq!(tx.messages_in(MessageState::Triage).await.unwrap().len(), 1, "the stranger's");
        assert_eq!(tx.messages_in(MessageState::Placed).await.unwrap().len(), 3, "the openings and the answer");
        assert_eq!(tx.broken_journal_entry().await.unwrap(), None);
        tx.commit().await.unwrap();
        assert_eq!(office.stands().await, "received, awaiting your decision");
    }
}

async fn damage(url: &str, case: &Case) {
    let mut connection = AnyConnection::connect(url).await.unwrap();
    let sql = format!("UPDATE case_file SET body = 'torn' WHERE id = '{}'", case.id.0);
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
    connection.close().await.unwrap();
}
