//! A backlog of replies taken through to committed outcomes and letters.

use crate::authority::{OPENED, Sign, copies, incoming, next_day, office, reply, wait};
use crate::reading::parse_only;
use crate::rounds::{Row, medians};
use followupd::store::{Incoming, MessageState};
use std::time::{Duration, Instant};

const REPLIES: usize = 2_000;
/// As many as one fetch brings.
const FETCH: usize = 64;

pub fn rows() -> Vec<Row> {
    let [ours, stored, parsed] = medians(|_| wait(round()));
    let row = |time, floor, bar| Row {
        name: "backlog of replies to committed letters".into(),
        pieces: REPLIES,
        time,
        floor,
        bar,
    };
    vec![
        row(ours, Some((parsed, "MIME parse")), "-"),
        row(ours, Some((stored, "MIME parse + raw commit")), "bar 4, aim 1.5 (of fetch + parse)"),
    ]
}

async fn round() -> [Duration; 3] {
    let (office, case) = office(OPENED).await;
    let now = next_day();
    let open = copies(&office, &case, REPLIES).await;
    let mails: Vec<Vec<u8>> = open.iter().map(|to| reply(&office, to, Sign::Token, now)).collect();
    let batches: Vec<Vec<Incoming>> = mails.chunks(FETCH).map(|chunk| incoming(chunk, now)).collect();

    let start = Instant::now();
    for batch in &batches {
        office.engine.take_in("INBOX", 1, batch).await.unwrap();
        while office.engine.handle_waiting(now).await.unwrap() > 0 {}
    }
    let ours = start.elapsed();
    let mut tx = office.engine.store().begin().await.unwrap();
    assert!(tx.messages_in(MessageState::Failed).await.unwrap().is_empty(), "nothing failed");
    assert!(tx.messages_in(MessageState::Triage).await.unwrap().is_empty(), "everything was placed");
    tx.commit().await.unwrap();

    let (bare, _) = crate::authority::office(OPENED).await;
    let start = Instant::now();
    for batch in &batches {
        batch.iter().for_each(|mail| assert!(parse_only(&mail.raw) > 0));
        bare.engine.take_in("INBOX", 1, batch).await.unwrap();
    }
    let stored = start.elapsed();
    let start = Instant::now();
    mails.iter().for_each(|raw| assert!(parse_only(raw) > 0));
    [ours, stored, start.elapsed()]
}
