//! An authority with many open follow-ups, and the replies to them. Opens one follow-up by mail, as staff do, and
//! copies it.

use crate::office::{ADVISER, COORDINATOR, Draft, FIXED, MANAGER, Office, SERVICE, address, at};
use crate::rounds::scattered;
use chrono::{DateTime, Utc};
use followupd::core::case::{Case, CaseId};
use followupd::core::id::{CaseRef, FollowUpId};
use followupd::store::Incoming;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many advisers share the follow-ups.
const ADVISERS: usize = 500;

const QUESTION: &str = "How often and by whom is therapy to be given, and who reviews it?";
const SENTENCE: &str = "Robin needs direct speech and language therapy once a week for thirty minutes, delivered by \
a qualified therapist, with a programme that the teaching assistant carries out on three other days of each week.\n";

static NUMBER: AtomicU32 = AtomicU32::new(1);

/// An open follow-up.
#[derive(Debug, Clone)]
pub struct Open {
    pub id: FollowUpId,
    pub adviser: String,
}

/// An office, and a case opened at this local time.
pub async fn office(now: &str) -> (Office, Case) {
    let mut office = Office::open(now).await;
    let case = opened(&mut office, "EHC-1999-0001").await;
    (office, case)
}

/// Opens a case by mail.
pub async fn opened(office: &mut Office, reference: &str) -> Case {
    let request = Draft::from(COORDINATOR).to(&[ADVISER, MANAGER, SERVICE]).subject(FIXED);
    office.arrives(request.text(&format!("Dear Dr Lee,\n\n{reference}. {QUESTION}\n\nCora Lane"))).await;
    let mut tx = office.engine.store().begin().await.unwrap();
    let loaded = tx.case_by_reference(&CaseRef::new(reference)).await.unwrap().expect("the case was opened");
    tx.commit().await.unwrap();
    loaded.case
}

/// Stores `count` copies of a case, each with its own references and one of the advisers.
pub async fn copies(office: &Office, template: &Case, count: usize) -> Vec<Open> {
    let policy = office.engine.office().policy.clone();
    let mut tx = office.engine.store().begin().await.unwrap();
    let mut all = Vec::with_capacity(count);
    for _ in 0..count {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let (case, open) = copy(template, number);
        tx.save_case(&case, 0, &policy).await.unwrap();
        all.push(open);
    }
    tx.commit().await.unwrap();
    all
}

fn copy(template: &Case, number: u32) -> (Case, Open) {
    let reference = format!("EHC-{}-{:04}", 2000 + number / 10_000, number % 10_000);
    let id = FollowUpId::from_random(scattered(u64::from(number)).to_be_bytes());
    let adviser = format!("adviser{}@nhs.example", number as usize % ADVISERS);
    let mut case = template.clone();
    case.id = CaseId(reference.clone());
    case.reference = Some(CaseRef::new(&reference));
    let follow_up = &mut case.follow_ups[0];
    follow_up.id = id.clone();
    follow_up.adviser = Some(address(&adviser));
    (case, Open { id, adviser })
}

/// By what a reply can be told to belong to its follow-up.
#[derive(Debug, Clone, Copy)]
pub enum Sign {
    /// The token in the address that it is sent to.
    Token,
    /// Its sender, a party of many follow-ups, and nothing else.
    Sender,
}

/// A reply of about 13 kB with a quotation.
pub fn reply(office: &Office, to: &Open, sign: Sign, now: DateTime<Utc>) -> Vec<u8> {
    let robot = office.engine.office().stationery.follow_up_address(&to.id).to_string();
    let recipient = match sign {
        Sign::Token => robot.as_str(),
        Sign::Sender => SERVICE,
    };
    let quoted: String = SENTENCE.repeat(30).lines().map(|line| format!("> {line}\n")).collect();
    let text = format!(
        "{}\nKind regards\nA. Adviser\n\nOn 2 Nov 2026, at 10:00, Cora Lane <{COORDINATOR}> wrote:\n\n{quoted}",
        SENTENCE.repeat(30)
    );
    let draft = Draft::from(&to.adviser).to(&[COORDINATOR, recipient]).subject("RE: Advice");
    draft.text(&text).bytes(now)
}

/// Mails as a mailbox hands them over, their UIDs behind all before.
pub fn incoming(mails: &[Vec<u8>], now: DateTime<Utc>) -> Vec<Incoming> {
    let next = || NUMBER.fetch_add(1, Ordering::Relaxed);
    mails.iter().map(|raw| Incoming { uid: next(), received_at: now, raw: raw.clone(), whole: true }).collect()
}

/// Runs a benchmark's asynchronous part.
pub fn wait<T>(what: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(what)
}

/// The time at which the follow-ups of the benchmarks are opened.
pub const OPENED: &str = "Mon 02 Nov 2026 10:00";

/// A time at which nothing is due yet.
pub fn next_day() -> DateTime<Utc> {
    at("Tue 03 Nov 2026 10:00")
}
