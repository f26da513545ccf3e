//! The whole story of one follow-up: asked, logged, answered, closed; on both databases.

use crate::exchange::envelope_sender;
use crate::servers::clock::real_now;
use crate::servers::postgres::Postgres;
use crate::servers::{Personality, wait_until};
use crate::world::{ADVICE, ADVISER, COORDINATOR, MANAGER, Mail, Memory, Received, SERVICE, World};

#[test]
fn asked_logged_answered_and_closed_on_sqlite() {
    story(World::open("2026-01-13 10:00:00", Memory::Sqlite));
}

#[test]
fn asked_logged_answered_and_closed_on_postgresql() {
    story(World::open("2026-01-13 10:00:00", Memory::Postgres(Postgres::start())));
}

/// The relay takes three mails at a time, and gives each a Message-ID of its own.
#[test]
fn asked_logged_answered_and_closed_with_the_peculiarities_of_exchange() {
    let world = World::open_as("2026-01-13 10:00:00", Memory::Sqlite, Personality::Exchange, "");
    story(world);
}

fn story(mut world: World) {
    world.service.start_and_wait();
    asked(&world);
    answered(&world);
    closed(&world);
    world.comes_to_rest();
    everything_is_filed_and_nothing_marked(&world);
    assert!(world.service.stop().success());
    println!("the whole story once more, after a restart");
    world.service.start_and_wait();
    world.comes_to_rest();
    assert_eq!(world.letters(ADVISER).len(), 1);
}

fn asked(world: &World) {
    let request = Mail::request("EHC-2026-0412", ADVISER);
    world.deliver(&request);
    let accepted = real_now();
    wait_until("the follow-up is tracked", || world.follow_ups("open") == 1);
    let tracked = (real_now() - accepted).num_milliseconds();
    let logged = world.awaits(ADVISER, "Logged", 1);
    let noted = (real_now() - accepted).num_milliseconds();
    println!("tracked {tracked} ms after LMTP acceptance; the logged note lay in the mailbox after {noted} ms");
    assert!(tracked < 2_000, "tracked after {tracked} ms");
    let text = logged.message.text.clone().unwrap();
    assert!(text.contains("Tuesday 20 January 2026") && text.contains("Cora Lane"), "{text}");
    under_the_token_where_the_relay_allows_it(world, &logged);
    world.awaits(MANAGER, "Logged", 1);
    world.awaits(COORDINATOR, "Noted", 1);
}

/// So that a bounce names its letter by the address to which it comes.
fn under_the_token_where_the_relay_allows_it(world: &World, letter: &Received) {
    let sender = envelope_sender(letter);
    let account = SERVICE.split_once('@').unwrap();
    match world.personality {
        Personality::Exchange => assert_eq!(sender, SERVICE),
        Personality::Plain => assert!(sender.starts_with(&format!("{}+", account.0)), "{sender}"),
    }
}

fn answered(world: &World) {
    let logged = world.awaits(ADVISER, "Logged", 1);
    let answer = Mail::answering(&logged, ADVISER, ADVICE);
    assert!(answer.goes_to(COORDINATOR) && answer.goes_to_plus_address_of(SERVICE), "a person and the token");
    world.post(&answer);
    wait_until("the answer counts", || world.follow_ups("received") == 1);
    // She has it already, so it is not sent on.
    assert_eq!(world.letters(COORDINATOR).len(), 1);
}

fn closed(world: &World) {
    let noted = world.awaits(COORDINATOR, "Noted", 1);
    world.post(&Mail::answering(&noted, COORDINATOR, "CLOSE"));
    wait_until("it is closed", || world.follow_ups("closed") == 1);
    wait_until("the receipt has come", || world.letters(COORDINATOR).len() == 2);
    let receipt = world.letters(COORDINATOR).pop().unwrap();
    println!("receipt: {}", receipt.message.subject);
}

/// Three mails of people and an own copy of each of three letters: all moved on the server, none marked as read.
fn everything_is_filed_and_nothing_marked(world: &World) {
    assert_eq!((world.lying_in("INBOX"), world.lying_in("Processed")), (0, 6));
    let flags = world.mailbox.doveadm(&["fetch", "-u", SERVICE, "flags", "mailbox", "Processed", "ALL"]);
    assert!(!flags.contains("\\Seen"), "{flags}");
    assert_eq!(world.count("SELECT COUNT(*) FROM mailbox_place WHERE moved_to = 'Processed'"), 6);
    for who in [ADVISER, MANAGER] {
        assert_eq!(world.letters(who).len(), 1, "{who}");
    }
}
