//! kill -9 at any moment, again and again: nothing is lost, nothing happens twice.

use crate::servers::clock::real_now;
use crate::servers::postgres::Postgres;
use crate::servers::{Personality, holds_within, pause, wait_patiently, wait_until};
use crate::world::{
    ADVICE, ADVISER, COORDINATOR, FIXED, MANAGER, Mail, Memory, OTHER_ADVISER, PEOPLE, SEND_MANAGER, SERVICE, World,
};
use chrono::TimeDelta;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const CUTS: u64 = 20;
const MORNING: &str = "2026-01-13 09:00:00";
const REQUESTS: usize = 16;

// Most of these kills fall into the second in which the relay keeps the service waiting behind a final dot.

#[test]
fn killed_twenty_times_on_sqlite() {
    killed_again_and_again(CUTS, World::open_with(MORNING, Memory::Sqlite, SLOW));
}

#[test]
fn killed_twenty_times_on_postgresql() {
    killed_again_and_again(CUTS, World::open_with(MORNING, Memory::Postgres(Postgres::start()), SLOW));
}

/// Own copies come back under an id that only the relay knows, and letters are put off again and again.
#[test]
fn killed_with_the_peculiarities_of_exchange() {
    killed_again_and_again(6, World::open_as(MORNING, Memory::Sqlite, Personality::Exchange, ""));
}

fn killed_again_and_again(cuts: u64, mut world: World) {
    let mut chance = Chance::seeded();
    let mut people = People::default();
    let mut backlog = backlog();
    backlog.reverse();
    let mails = backlog.len();
    for _ in 0..cuts {
        for _ in 0..chance.below(6) {
            backlog.pop().iter().for_each(|mail| world.deliver(mail));
        }
        people.answer(&world);
        // Some are killed while they start.
        if chance.below(3) == 0 {
            world.service.start()
        } else {
            world.service.start_and_wait()
        }
        pause(Duration::from_millis(50 + chance.below(1_500)));
        world.service.kill();
        if let Memory::Postgres(_) = world.memory {
            // As if its lease had run out meanwhile: the next one leads at once, and is killed at its work.
            world.change("UPDATE lease SET ends_at = 0");
        }
    }
    backlog.drain(..).for_each(|mail| world.deliver(&mail));
    world.service.start_and_wait();
    settle(&world);
    let noted = || world.letters_about(COORDINATOR, "Noted").len() >= REQUESTS;
    in_time(&world, "every request was taken up", noted);
    people.answer(&world);
    in_time(&world, "every answer counts", || world.follow_ups("received") == people.answered.len() as i64);
    settle(&world);
    in_time(&world, "every letter has left", || world.count(TO_LEAVE) == 0);
    nothing_is_lost_or_doubled(&world, mails, &people);
}

/// Waits a minute; where the relay puts letters off, until each has had its next attempts.
fn in_time(world: &World, what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..20 {
        if world.personality == Personality::Plain || holds_within(6, &is_so) {
            break;
        }
        world.clock.advance(TimeDelta::minutes(6));
    }
    wait_patiently(60, what, is_so);
}

const TO_LEAVE: &str = "SELECT COUNT(*) FROM delivery WHERE state NOT IN ('accepted')";

/// Uncertain letters are taken up when five minutes have passed and a later letter's copy has come.
fn settle(world: &World) {
    world.clock.advance(TimeDelta::minutes(6));
    world.deliver(&Mail::new(SEND_MANAGER, &[SERVICE], "status", "STATUS EHC-2026-0501"));
    world.clock.advance(TimeDelta::minutes(6));
    world.comes_to_rest();
}

fn nothing_is_lost_or_doubled(world: &World, mails: usize, people: &People) {
    let log = world.service.log();
    let recovered = log.matches("Letters were being sent").count();
    println!(
        "{mails} mails, {} answers, {} letters, sending was cut {recovered} times, {} letters uncertain and settled by their copy",
        people.answered.len(),
        world.count("SELECT COUNT(*) FROM letter"),
        world.count("SELECT COUNT(DISTINCT letter) FROM delivery WHERE answer = 'our own copy arrived'"),
    );
    assert!(!log.contains("ERROR"), "nothing went wrong but the kills");
    // Every mail has a disposition: those posted above (two of them by `settle`), and an own copy of each letter.
    let written = format!("SELECT COUNT(*) FROM message WHERE from_address <> '{SERVICE}'");
    assert_eq!(world.count(&written), (mails + people.answered.len() + 2) as i64);
    assert_eq!(world.count("SELECT COUNT(*) FROM message WHERE state IN ('stored', 'failed')"), 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM mailbox_place WHERE moved_to IS NULL"), 0);
    assert_eq!(world.lying_in("INBOX"), 0);
    assert_eq!(world.count(TO_LEAVE), 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM letter WHERE copy_seen_at IS NULL"), 0);
    // What everybody holds in hand is what the outbox says, each letter once.
    for who in PEOPLE {
        let mut copies: BTreeMap<String, usize> = BTreeMap::new();
        for letter in world.letters(who) {
            *copies.entry(letter.message.header("X-Followupd-Id").unwrap().to_owned()).or_default() += 1;
        }
        assert!(copies.values().all(|&n| n == 1), "{who} holds a letter twice: {copies:#?}");
        let sent = world.count(&format!("SELECT COUNT(*) FROM delivery WHERE recipient = '{who}'"));
        assert_eq!(copies.len() as i64, sent, "{who}");
    }
    // And it is what was asked for.
    assert_eq!(world.count("SELECT COUNT(*) FROM follow_up"), REQUESTS as i64);
    for adviser in [ADVISER, OTHER_ADVISER] {
        assert_eq!(world.letters_about(adviser, "Logged").len(), REQUESTS / 2, "{adviser}");
    }
    assert_eq!(world.letters_about(MANAGER, "Logged").len(), REQUESTS);
    assert_eq!(world.letters_about(COORDINATOR, "Noted").len(), REQUESTS);
    let (code, told) = world.service.answer(&["verify"]);
    assert_eq!(code, 0, "{told}");
    println!("{told}");
}

/// Forty mails: requests, newsletters, absences without a thread, strangers.
fn backlog() -> Vec<Mail> {
    let mut mails = Vec::new();
    for number in 0..REQUESTS {
        let adviser = if number % 2 == 0 { ADVISER } else { OTHER_ADVISER };
        mails.push(Mail::request(&format!("EHC-2026-{:04}", 500 + number), adviser));
        if number % 2 == 0 {
            let news = Mail::new("news@training.example", &[SERVICE], &format!("Training news {number}"), "Courses.");
            mails.push(news.header("List-Id", "<news.training.example>").header("Precedence", "bulk"));
            let away = Mail::new("ann@school.example", &[SERVICE], "Automatic reply: hello", "I am away until Monday.");
            mails.push(away.header("Auto-Submitted", "auto-replied"));
            let text = format!("Could somebody please ring me about form {number}? I am at home all day.");
            mails.push(Mail::new("stranger@post.example", &[SERVICE], "A question", &text));
        }
    }
    mails
}

/// Advisers who answer every second request that reaches them.
#[derive(Default)]
struct People {
    answered: BTreeSet<String>,
}

impl People {
    fn answer(&mut self, world: &World) {
        for adviser in [ADVISER, OTHER_ADVISER] {
            for (number, letter) in world.letters_about(adviser, "Logged").iter().enumerate() {
                let id = letter.message.message_id.clone().unwrap();
                if number % 2 == 0 && self.answered.insert(id) {
                    world.post(&Mail::answering(letter, adviser, ADVICE));
                }
            }
        }
    }
}

/// A small generator (xorshift): a run can be repeated with the seed that it prints.
struct Chance(u64);

impl Chance {
    fn seeded() -> Self {
        let given = std::env::var("FOLLOWUPD_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| real_now().timestamp_micros() as u64);
        println!("FOLLOWUPD_TEST_SEED={seed}");
        Self(seed | 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Keeps a sender waiting for a second after the final dot: long enough to be killed there.
const SLOW: &str = "smtpd_end_of_data_restrictions = sleep 1\n";

const CLARIFY: &str = "CLARIFY EHC-2026-0412\nTo: dr.lee@hospital.example\nWhy: unclear\nAgreed with: Sam Okoro\n\
                       Text: Please say how often, and by whom, therapy is to be given.";

#[test]
fn killed_after_the_final_dot_its_own_copy_tells_that_the_letter_went_and_the_window_runs() {
    let mut world = World::open_with("2026-01-13 10:00:00", Memory::Sqlite, SLOW);
    world.service.start_and_wait();
    world.deliver(&Mail::new(COORDINATOR, &[SERVICE], "clarify", CLARIFY));
    let to_adviser = format!("SELECT COUNT(*) FROM delivery WHERE recipient = '{ADVISER}' AND state = ");
    wait_until("the dot is written", || world.count(&format!("{to_adviser} 'dot'")) == 1);
    // The dot itself follows its note at once; the answer to it takes a second.
    pause(Duration::from_millis(300));
    world.service.kill();
    world.awaits(ADVISER, FIXED, 1);
    world.service.start_and_wait();
    wait_until("the copy tells", || world.count(&format!("{to_adviser} 'accepted'")) == 1);
    world.service.says("Letters were being sent when the service last stopped");
    wait_until("day 0 is known", || world.count("SELECT COUNT(*) FROM follow_up WHERE due_on = '2026-01-20'") == 1);
    world.comes_to_rest();
    assert_eq!(world.letters_about(ADVISER, FIXED).len(), 1);
}

#[test]
fn killed_just_before_the_final_dot_the_letter_goes_when_a_later_one_proves_that_it_never_went() {
    let mut world = World::open("2026-01-13 10:00:00", Memory::Sqlite);
    world.post.kill();
    world.service.start_and_wait();
    world.deliver(&Mail::request("EHC-2026-0412", ADVISER));
    wait_until("it waits", || world.try_count("SELECT COUNT(*) FROM letter").is_ok_and(|n| n == 2));
    world.service.kill();
    // As if the note of the dot had been committed, and the dot itself never written.
    world.change("UPDATE delivery SET state = 'dot', next_at = NULL WHERE letter IN (SELECT id FROM letter WHERE kind = 'logged')");
    world.post.start_again();
    world.service.start_and_wait();
    world.clock.advance(TimeDelta::minutes(3));
    world.awaits(COORDINATOR, "Noted", 1);
    pause(Duration::from_secs(25));
    assert_eq!(world.letters(ADVISER).len(), 0, "not before five minutes are over");
    world.clock.advance(TimeDelta::minutes(3));
    world.awaits(ADVISER, "Logged", 1);
    world.comes_to_rest();
    assert_eq!(world.letters(ADVISER).len(), 1);
}
