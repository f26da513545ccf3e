//! Silence: the manager hears at the right local hour of the right day, once, whether or not the service was running.
//!
//! The service and Dovecot run on one clock that the test moves (libfaketime), so that INTERNALDATE follows it. Tuesday
//! 13 January 2026 is day 0; five working days later, on Tuesday 20 January, the window closes.

use crate::servers::clock::instant;
use crate::servers::{Personality, pause, wait_until};
use crate::world::{ADVISER, COORDINATOR, FIXED, MANAGER, Mail, Memory, Received, SERVICE, World};
use chrono::TimeDelta;
use std::time::Duration;

/// "OVERDUE: " and the fixed subject.
const OVERDUE: &str = "OVERDUE: ";
const THE_DAY_AFTER: &str = "2026-01-21";

#[test]
fn a_letter_of_the_service_without_answer_reaches_the_manager_at_eight() {
    clarified_and_escalated_at_eight(World::open("2026-01-13 10:00:00", Memory::Sqlite));
}

fn clarified_and_escalated_at_eight(mut world: World) {
    let clarify = "CLARIFY EHC-2026-0412\nTo: dr.lee@hospital.example\nWhy: unclear\nAgreed with: Sam Okoro\n\
                   Text: Please say how often, and by whom, therapy is to be given.";
    world.service.start_and_wait();
    world.deliver(&Mail::new(COORDINATOR, &[SERVICE], "clarify", clarify));
    world.awaits(ADVISER, FIXED, 1);
    the_manager_hears_once_at(world, "08:00:00", "07:58:00");
}

/// The request has another Message-ID when it arrives, and day 0 is the relay's acceptance all the same.
#[test]
fn a_letter_without_answer_reaches_the_manager_at_eight_with_the_peculiarities_of_exchange() {
    let world = World::open_as("2026-01-13 10:00:00", Memory::Sqlite, Personality::Exchange, "");
    clarified_and_escalated_at_eight(world);
}

#[test]
fn a_copied_in_mail_without_answer_reaches_the_manager_at_noon() {
    let mut world = World::open("2026-01-13 10:00:00", Memory::Sqlite);
    world.service.start_and_wait();
    world.deliver(&Mail::request("EHC-2026-0412", ADVISER));
    world.awaits(ADVISER, "Logged", 1);
    the_manager_hears_once_at(world, "12:00:00", "11:59:30");
}

/// A night's sleep of the machine lies between the close and the hour: the clock jumps, nothing is told to the service.
fn the_manager_hears_once_at(mut world: World, hour: &str, before: &str) {
    world.comes_to_rest();
    // The evening of the last day: nobody is late yet.
    world.clock.set("2026-01-20 17:00:00");
    pause(Duration::from_secs(20));
    assert_eq!(world.letters_about(MANAGER, OVERDUE).len(), 0, "late only when the day is over");
    assert!(world.service.stop().success());

    world.clock.set(&format!("{THE_DAY_AFTER} {before}"));
    world.service.start_and_wait();
    let due = instant(&format!("{THE_DAY_AFTER} {hour}"));
    while world.clock.now() < due {
        assert_eq!(world.letters_about(MANAGER, OVERDUE).len(), 0, "at {}", world.clock.now());
        pause(Duration::from_millis(200));
    }
    wait_until("the manager hears", || !world.letters_about(MANAGER, OVERDUE).is_empty());
    let escalation = world.letters_about(MANAGER, OVERDUE).pop().unwrap();
    let late = escalation.at - due;
    println!("due at {hour}: delivered {} ms later", late.num_milliseconds());
    assert!(late >= TimeDelta::zero() && late < TimeDelta::seconds(20), "{late}");
    assert!(escalation.message.subject.contains(FIXED), "{}", escalation.message.subject);
    once_is_enough(&mut world, &escalation);
}

/// Neither the rest of the day, nor a restart, nor a day on which nothing is due brings a second one.
fn once_is_enough(world: &mut World, escalation: &Received) {
    world.service.kill();
    world.clock.advance(TimeDelta::hours(3));
    world.service.start_and_wait();
    world.comes_to_rest();
    world.clock.set("2026-01-22 09:00:00");
    pause(Duration::from_secs(20));
    world.comes_to_rest();
    let letters = world.letters_about(MANAGER, OVERDUE);
    assert_eq!(letters.len(), 1, "{:?}", letters.iter().map(|l| &l.message.subject).collect::<Vec<_>>());
    assert_eq!(letters[0].raw, escalation.raw);
}
