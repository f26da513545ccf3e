//! Two nodes on one PostgreSQL database: one leads, the other takes over, and nothing is sent twice.

use crate::servers::dovecot::PASSWORD;
use crate::servers::postgres::Postgres;
use crate::servers::{wait_patiently, wait_until};
use crate::service::Service;
use crate::world::{ADVISER, COORDINATOR, MANAGER, Mail, Memory, PEOPLE, World};
use chrono::TimeDelta;
use std::collections::BTreeMap;
use std::time::Instant;

const LEADS: &str = "followupd is running";

fn second(world: &World) -> Service {
    let secrets = [("token_key", "a key for tests, of thirty-two bytes or more"), ("password", PASSWORD)];
    Service::set_up(&world.configuration(), &secrets, Some(&world.clock))
}

/// Every letter by its id, with how often somebody received it.
fn received_twice(world: &World) -> Vec<String> {
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for who in PEOPLE {
        for mail in world.letters(who) {
            let id = mail.message.header("X-Followupd-Id").unwrap().to_owned();
            *counts.entry(((*who).to_owned(), id)).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|((who, id), count)| format!("{count} × {id} → {who}"))
        .collect()
}

#[test]
#[allow(clippy::disallowed_methods, reason = "how long a takeover takes is what the test is about")]
fn a_killed_leader_is_followed_within_half_a_minute_and_nothing_is_sent_twice() {
    let mut world = World::open("2026-01-13 10:00:00", Memory::Postgres(Postgres::start()));
    let mut other = second(&world);
    world.service.start_and_wait();
    other.start();
    other.says("Another node leads; this one stands by");
    for number in 1..=10 {
        world.deliver(&Mail::request(&format!("EHC-2026-{number:04}"), ADVISER));
    }
    wait_until("some letters are under way", || !world.letters_about(ADVISER, "Logged").is_empty());
    assert!(!other.log().contains(LEADS));
    world.service.kill();
    let began = Instant::now();
    wait_patiently(40, "the other leads", || other.log().contains(LEADS));
    let took = began.elapsed();
    println!("takeover after {took:?}");
    assert!(took.as_secs() < 30, "{took:?}");
    for number in 11..=15 {
        world.deliver(&Mail::request(&format!("EHC-2026-{number:04}"), ADVISER));
    }
    world.awaits(ADVISER, "Logged", 14);
    world.awaits(COORDINATOR, "Noted", 14);
    let with_fate =
        |fates: &str| world.count(&format!("SELECT COUNT(*) FROM delivery WHERE state NOT IN ({fates})")) == 0;
    wait_patiently(60, "every letter has left or is uncertain", || with_fate("'accepted', 'uncertain'"));
    if !with_fate("'accepted'") {
        // Killed between the note of the final dot and the dot: no copy will come, and after five minutes it goes again.
        println!("a letter was uncertain");
        world.clock.advance(TimeDelta::minutes(6));
    }
    wait_patiently(60, "every letter has left", || with_fate("'accepted'"));
    for (who, subject) in [(ADVISER, "Logged"), (MANAGER, "Logged"), (COORDINATOR, "Noted")] {
        wait_until("it has arrived", || world.letters_about(who, subject).len() >= 15);
        assert_eq!(world.letters_about(who, subject).len(), 15, "{who}");
    }
    assert_eq!(received_twice(&world), [] as [String; 0]);

    world.service.start();
    world.service.says("Another node leads; this one stands by");
    let began = Instant::now();
    assert!(other.stop().success());
    wait_patiently(20, "a leader that stops gives the lead away", || world.service.log().matches(LEADS).count() == 2);
    assert!(began.elapsed().as_secs() < 15);
}

#[test]
fn a_leader_that_froze_finds_that_it_leads_no_longer() {
    let mut world = World::open("2026-01-13 10:00:00", Memory::Postgres(Postgres::start()));
    let mut other = second(&world);
    world.service.start_and_wait();
    other.start();
    other.says("stands by");
    world.deliver(&Mail::request("EHC-2026-0001", ADVISER));
    world.awaits(ADVISER, "Logged", 1);
    world.service.signal("STOP");
    wait_patiently(40, "the other leads", || other.log().contains(LEADS));
    world.deliver(&Mail::request("EHC-2026-0002", ADVISER));
    world.awaits(ADVISER, "Logged", 2);
    world.service.signal("CONT");
    // Wherever it froze, perhaps in the middle of a transaction.
    world.service.says("this one stands by");
    world.deliver(&Mail::request("EHC-2026-0003", ADVISER));
    world.awaits(ADVISER, "Logged", 3);
    assert_eq!(received_twice(&world), [] as [String; 0]);
    assert_eq!(world.service.log().matches(LEADS).count(), 1);
    // A node that stands by takes a SIGHUP without ending.
    world.service.signal("HUP");
    world.service.says("The configuration is read again when this node leads");
    let (code, status) = world.service.answer(&["status", "--json"]);
    assert_eq!(code, 0, "{status}");
}
