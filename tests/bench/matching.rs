//! One reply finds its follow-up among few and among many: the time must not grow.

use crate::authority::{OPENED, Sign, copies, incoming, next_day, office, reply, wait};
use crate::rounds::{Row, medians};
use std::time::{Duration, Instant};

const FEW: usize = 1_000;
const MANY: usize = 20_000;
const REPLIES: usize = 50;

pub fn rows() -> Vec<Row> {
    let signs = [(Sign::Token, "by its token"), (Sign::Sender, "by its sender alone")];
    signs
        .into_iter()
        .flat_map(|(sign, how)| {
            let (few, many) = (wait(among(FEW, sign)), wait(among(MANY, sign)));
            let row = |open: usize, time, floor| Row {
                name: format!("a reply placed {how} among {open}"),
                pieces: REPLIES,
                time,
                floor,
                bar: "bar 2 ms each, flat",
            };
            [row(FEW, few, None), row(MANY, many, Some((few, "among few")))]
        })
        .collect()
}

/// Single mails, each with its own commit, for that is how they come.
async fn among(open: usize, sign: Sign) -> Duration {
    let (office, case) = office(OPENED).await;
    let open = copies(&office, &case, open).await;
    let now = next_day();
    let mut rounds = Vec::new();
    for round in open.chunks(open.len() / 5) {
        let step = round.len() / REPLIES;
        let mails: Vec<Vec<u8>> =
            round.iter().step_by(step).take(REPLIES).map(|to| reply(&office, to, sign, now)).collect();
        let mut total = Duration::ZERO;
        for mail in &incoming(&mails, now) {
            office.engine.take_in("INBOX", 1, std::slice::from_ref(mail)).await.unwrap();
            let start = Instant::now();
            assert_eq!(office.engine.handle_waiting(now).await.unwrap(), 1);
            total += start.elapsed();
        }
        rounds.push(total);
    }
    let [time] = medians(|n| [rounds[n]]);
    time
}
