//! Stories on servers with Exchange Online's peculiarities: each letter gets another Message-ID, nobody may send under a plus
//! address, a few mails leave at a time, an absence answers each sender once and goes to the envelope sender.
//!
//! The whole story of one follow-up runs on them in `main_path`, silence in `clock`, kill -9 in `crash`.

use crate::oauth::{SECRET, with_tokens};
use crate::servers::tokens::{Mood, TokenEndpoint};
use crate::servers::{Personality, holds_within, pause, wait_patiently, wait_until};
use crate::world::{ADVISER, COORDINATOR, MANAGER, Mail, Memory, Received, SERVICE, World};
use chrono::TimeDelta;
use std::collections::BTreeSet;
use std::time::Duration;

const TUESDAY: &str = "2026-01-13 10:00:00";
const RESPONSIBLE: &str = "You are responsible";

fn exchange() -> World {
    World::open_as(TUESDAY, Memory::Sqlite, Personality::Exchange, "")
}

/// Somebody's absence, as Exchange answers: each sender once, at the envelope sender, in the thread of the id that the
/// relay gave.
struct OutOfOffice {
    who: &'static str,
    text: &'static str,
    answered: BTreeSet<String>,
    seen: BTreeSet<String>,
}

impl OutOfOffice {
    fn of(who: &'static str, text: &'static str) -> Self {
        Self { who, text, answered: BTreeSet::new(), seen: BTreeSet::new() }
    }

    /// Looks at the mailbox; how many answers left.
    fn looks(&mut self, world: &World) -> usize {
        let fresh: Vec<Received> =
            world.letters(self.who).into_iter().filter(|l| self.seen.insert(l.raw.clone())).collect();
        let mut left = 0;
        for letter in fresh {
            let sender = envelope_sender(&letter);
            if self.answered.insert(sender.clone()) {
                world.post(&self.answer(&letter, &sender));
                left += 1;
            }
        }
        left
    }

    fn answer(&self, letter: &Received, sender: &str) -> Mail {
        let id = format!("<{}>", letter.message.message_id.as_deref().unwrap());
        Mail::new(self.who, &[sender], &format!("Automatic reply: {}", letter.message.subject), self.text)
            .header("In-Reply-To", &id)
            .header("References", &id)
            .header("Auto-Submitted", "auto-generated")
            .header("X-Auto-Response-Suppress", "All")
            .header("X-MS-Exchange-Inbox-Rules-Loop", self.who)
    }
}

/// `Return-Path` as the last server wrote it down.
pub fn envelope_sender(letter: &Received) -> String {
    let line = letter.raw.lines().find_map(|line| line.strip_prefix("Return-Path: <")).unwrap();
    line.trim_end_matches('>').to_owned()
}

/// Waits for letters of which some are put off, a minute or more each.
fn comes_in_time(world: &World, who: &str, subject: &str, count: usize) {
    for _ in 0..10 {
        if holds_within(3, || world.letters_about(who, subject).len() >= count) {
            return;
        }
        world.clock.advance(TimeDelta::seconds(61));
    }
    world.awaits(who, subject, count);
}

#[test]
fn one_absence_is_all_that_comes_and_holds_for_every_follow_up_of_the_adviser() {
    let mut world = exchange();
    world.service.start_and_wait();
    let mut away = OutOfOffice::of(ADVISER, "I am out of the office and back on Monday 26 January 2026.");
    for number in 1..=2 {
        world.deliver(&Mail::request(&format!("EHC-2026-{number:04}"), ADVISER));
        comes_in_time(&world, ADVISER, "Logged", number);
    }
    assert_eq!(away.looks(&world), 1, "each sender is answered once");
    assert_eq!(away.answered.iter().collect::<Vec<_>>(), [SERVICE], "no token in the envelope here");
    comes_in_time(&world, MANAGER, RESPONSIBLE, 2);

    // Exchange is silent about the third; the absence is known.
    world.deliver(&Mail::request("EHC-2026-0003", ADVISER));
    comes_in_time(&world, ADVISER, "Logged", 3);
    assert_eq!(away.looks(&world), 0);
    comes_in_time(&world, MANAGER, RESPONSIBLE, 3);
    world.comes_to_rest();
    assert_eq!(world.letters_about(MANAGER, RESPONSIBLE).len(), 3, "one for each");
    assert_eq!(world.follow_ups("open"), 3, "an absence is no answer");
    assert_eq!(world.count("SELECT COUNT(*) FROM message WHERE state IN ('triage', 'failed')"), 0);
}

#[test]
fn with_tokens_and_throttling_letters_wait_for_a_relay_that_is_away_and_leave_once() {
    let mut world = exchange();
    let endpoint = TokenEndpoint::start(None);
    let text = with_tokens(&world, &endpoint);
    world.service.configure(&text);
    world.service.keep_secret("client_secret", SECRET);
    world.service.start_and_wait();
    world.post.kill();
    for number in 0..5 {
        world.deliver(&Mail::request(&format!("EHC-2026-{}", 4_000 + number), ADVISER));
    }
    wait_until("they are tracked", || world.follow_ups("open") == 5);
    world.service.says("Letters cannot be sent; they wait in the outbox");
    // Meanwhile the token endpoint has had enough of us; the token that is there serves on.
    endpoint.set(Mood::Throttles);
    world.post.start_again();
    world.clock.advance(TimeDelta::seconds(61));
    let all = || world.letters(ADVISER).len() == 5 && world.letters(COORDINATOR).len() == 5;
    for _ in 0..4 {
        // Letters that were asked to come back later do so within a quarter of an hour.
        if holds_within(15, all) {
            break;
        }
        world.clock.advance(TimeDelta::minutes(6));
    }
    wait_patiently(40, "everything arrives", all);
    endpoint.set(Mood::Gives);
    world.clock.advance(TimeDelta::minutes(11));
    world.comes_to_rest();
    pause(Duration::from_secs(1));
    assert_eq!((world.letters(ADVISER).len(), world.letters(COORDINATOR).len()), (5, 5), "each once");
    assert!(world.post.log().contains("sasl_method=XOAUTH2"));
    let log = world.service.log();
    assert!(!log.contains(SECRET) && !log.contains("eyJ"), "secrets stand in the log: {log}");
}

#[test]
fn check_says_what_survives_on_exchange() {
    let world = exchange();
    let (code, told) = world.service.answer(&["check", "--send-test"]);
    println!("{told}");
    assert_eq!(code, 0, "{told}");
    for said in [
        "ok: the token address arrived",
        "ok: the own copy arrived",
        "note: the relay refuses the envelope token",
        "note: the relay replaced the Message-ID",
        "ok: the sender survived",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
}
