//! What the clock brings while very many follow-ups are open.

use crate::authority::{OPENED, copies, incoming, office, opened, wait};
use crate::office::at;
use crate::rounds::{Row, medians};
use std::time::{Duration, Instant};

const OPEN: usize = 20_000;
const DUE: usize = 1_000;

pub fn rows() -> Vec<Row> {
    let [ours, floor] = wait(measured());
    vec![Row {
        name: format!("fire_due: {DUE} due of {OPEN} open, committed"),
        pieces: DUE,
        time: ours,
        floor: Some((floor, "as many raw commits")),
        bar: "bar 150 ms, aim 50 ms (of 100,000)",
    }]
}

async fn measured() -> [Duration; 2] {
    let (mut office, early) = office(OPENED).await;
    office.now = at("Thu 05 Nov 2026 10:00");
    let late = opened(&mut office, "EHC-1999-0002").await;
    copies(&office, &late, OPEN - DUE).await;
    let policy = office.engine.office().policy.clone();
    let now = early.follow_ups[0].wake(&policy).expect("something comes next").at;
    assert!(late.follow_ups[0].wake(&policy).is_some_and(|wake| wake.at > now), "the others are not due yet");
    office.engine.mailbox_seen(now).await.unwrap();
    office.engine.fire_due(now).await.unwrap();
    let letters: Vec<Vec<u8>> = (0..DUE).map(|n| format!("{n:08} {}", "x".repeat(4_000)).into_bytes()).collect();

    let mut rounds = Vec::new();
    for _ in 0..5 {
        copies(&office, &early, DUE).await;
        let start = Instant::now();
        let looked_at = office.engine.fire_due(now).await.unwrap();
        let ours = start.elapsed();
        assert_eq!(looked_at, DUE);
        let mails = incoming(&letters, now);
        let start = Instant::now();
        for batch in mails.chunks(64) {
            office.engine.take_in("floor", 1, batch).await.unwrap();
        }
        rounds.push([ours, start.elapsed()]);
    }
    medians(|n| rounds[n])
}
