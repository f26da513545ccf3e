//! Letters in their final form.

use crate::office::{ADVISER, COORDINATOR, MANAGER, address, policy, rules};
use crate::rounds::{Row, medians, timed};
use chrono::{DateTime, NaiveDate};
use followupd::core::id::FollowUpId;
use followupd::core::letter::{Facts, Letter, LetterKind, SendOnlyWhile};
use followupd::letters::compose::{Surroundings, compose};

const LETTERS: usize = 2_000;

fn letter(number: usize) -> Letter {
    let day = NaiveDate::from_ymd_opt(2026, 11, 9);
    let id = FollowUpId::from_random((number as u64).to_be_bytes());
    Letter {
        follow_up: Some(id.clone()),
        to: vec![address(MANAGER)],
        cc: vec![address(ADVISER), address(COORDINATOR)],
        only_while: SendOnlyWhile::AwaitingAnswer,
        coordinator: Some(address(COORDINATOR)),
        facts: Facts {
            case: "EHC-2026-0412".into(),
            reference: id.to_string(),
            adviser: "Dr Lee".into(),
            service: "Community Paediatrics".into(),
            request: "How often and by whom is therapy to be given?\n".repeat(10),
            asked_on: day,
            due_on: day,
            level: 1,
            ..Facts::default()
        },
        ..Letter::new(LetterKind::Escalation, format!("{id}/escalation/1"), DateTime::UNIX_EPOCH)
    }
}

pub fn rows() -> Vec<Row> {
    let stationery = rules(policy()).stationery;
    let letters: Vec<Letter> = (0..LETTERS).map(letter).collect();
    let around = Surroundings {
        to_names: vec!["Mo Head".into()],
        managers: vec!["Mo Head".into()],
        coordinator: "Cora Lane".into(),
        case_reference: "EHC-2026-0412".into(),
        thread: vec!["1@council.example".into()],
        ..Surroundings::default()
    };
    let [time] = medians(|_| {
        let (_, time) = timed(|| {
            let composed = letters.iter().map(|letter| compose(letter, &around, &stationery).unwrap());
            composed.map(|c| c.bytes.len()).sum::<usize>()
        });
        [time]
    });
    vec![Row { name: "letters composed".into(), pieces: LETTERS, time, floor: None, bar: "-" }]
}
