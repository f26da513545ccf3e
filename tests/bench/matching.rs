//! One reply finds its follow-up among few and among many: the time must not grow.

use crate::authority::{OPENED, Sign, copies, incoming, next_day, office, reply, wait};
use crate::office::{COORDINATOR, MANAGER, Office, address};
use crate::rounds::{Row, medians};
use followupd::core::directory::Role;
use followupd::store::LearnedPerson;
use std::time::{Duration, Instant};

const FEW: usize = 1_000;
const MANY: usize = 20_000;
const REPLIES: usize = 50;
/// How many advisers staff have confirmed.
const PEOPLE: usize = 1_000;

pub fn rows() -> Vec<Row> {
    let measured = [
        (Sign::Token, 0, "by its token"),
        (Sign::Sender, 0, "by its sender"),
        (Sign::Token, PEOPLE, "1,000 people known,"),
    ];
    measured
        .into_iter()
        .flat_map(|(sign, people, how)| {
            let (few, many) = (wait(among(FEW, sign, people)), wait(among(MANY, sign, people)));
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
async fn among(open: usize, sign: Sign, people: usize) -> Duration {
    let (office, case) = office(OPENED).await;
    learn(&office, people).await;
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

async fn learn(office: &Office, people: usize) {
    let mut tx = office.engine.store().begin().await.unwrap();
    for number in 0..people {
        let who = address(&format!("learned{number}@trust{}.example", number % 40));
        let person = LearnedPerson { address: who, manager: Some(address(MANAGER)), role: Role::Adviser };
        tx.learn_person(&person, &address(COORDINATOR), office.now).await.unwrap();
    }
    tx.commit().await.unwrap();
}
