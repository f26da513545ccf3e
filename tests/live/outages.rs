//! The mailbox, the relay, the database go away and come back: the service says so, waits, and goes on by itself.

use crate::servers::postgres::Postgres;
use crate::servers::{pause, wait_patiently, wait_until};
use crate::world::{ADVICE, ADVISER, COORDINATOR, Mail, Memory, SERVICE, World};
use chrono::TimeDelta;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

const TUESDAY: &str = "2026-01-13 10:00:00";

#[test]
fn a_mailbox_that_comes_back_is_read_again_and_no_connection_is_left_open() {
    let mut world = World::open(TUESDAY, Memory::Sqlite);
    world.service.start_and_wait();
    world.deliver(&Mail::request("EHC-2026-0412", ADVISER));
    let logged = world.awaits(ADVISER, "Logged", 1);
    world.comes_to_rest();
    let files = world.service.open_files();
    println!("idle: {} kB resident, {files} files open", world.service.memory("VmRSS:"));
    for round in 0..4 {
        world.mailbox.stop();
        let said = world.service.log().matches("The mailbox could not be read").count();
        wait_until("it is missed", || world.service.log().matches("The mailbox could not be read").count() > said);
        if round == 0 {
            // Meanwhile the post office keeps what comes.
            world.post(&Mail::answering(&logged, ADVISER, ADVICE));
            world.service.says("trying again");
            let (code, status) = world.service.answer(&["status"]);
            assert!(code == 1 && status.contains("trouble: mailbox: "), "{status}");
        }
        world.mailbox.start_again();
        let read = round + 1;
        wait_patiently(60, "it is read again", || {
            world.service.log().matches("The mailbox can be read again").count() == read
        });
    }
    wait_patiently(60, "the answer counts", || world.follow_ups("received") == 1);
    world.comes_to_rest();
    let (code, status) = world.service.answer(&["status"]);
    assert_eq!(code, 0, "{status}");
    let now_open = world.service.open_files();
    assert!(now_open <= files + 1, "{files} files were open, now {now_open}");
    println!("after 4 outages: {} kB resident, {now_open} files open", world.service.memory("VmRSS:"));
    assert_eq!(world.letters(ADVISER).len(), 1);
}

#[test]
fn letters_wait_for_a_relay_that_is_down_and_leave_once() {
    let mut world = World::open(TUESDAY, Memory::Sqlite);
    world.service.start_and_wait();
    world.post.kill();
    for number in 0..5 {
        world.deliver(&Mail::request(&format!("EHC-2026-{}", 4_000 + number), ADVISER));
    }
    wait_until("they are tracked", || world.follow_ups("open") == 5);
    world.service.says("Letters cannot be sent; they wait in the outbox");
    wait_until("it is trouble", || world.service.answer(&["status"]).1.contains("trouble: outbox: "));
    let tries = world.service.log().matches("Letters cannot be sent").count();
    pause(Duration::from_secs(10));
    assert!(world.service.log().matches("Letters cannot be sent").count() <= tries + 1, "the relay is left alone");
    world.post.start_again();
    world.clock.advance(TimeDelta::seconds(61));
    wait_patiently(40, "everything arrives", || world.letters(ADVISER).len() == 5);
    world.comes_to_rest();
    world.service.says("Letters can be sent again");
    assert_eq!((world.letters(ADVISER).len(), world.letters(COORDINATOR).len()), (5, 5));
    let (code, status) = world.service.answer(&["status"]);
    assert_eq!(code, 0, "{status}");
}

#[test]
fn a_database_that_is_restarted_is_waited_for() {
    let mut world = World::open(TUESDAY, Memory::Postgres(Postgres::start()));
    world.service.start_and_wait();
    world.deliver(&Mail::request("EHC-2026-0412", ADVISER));
    let logged = world.awaits(ADVISER, "Logged", 1);
    for round in 1..=2 {
        database(&world).stop();
        if round == 1 {
            world.post(&Mail::answering(&logged, ADVISER, ADVICE));
            world.deliver(&Mail::request("EHC-2026-0413", ADVISER));
        }
        wait_patiently(60, "it is missed", || {
            world.service.log().matches("The database cannot be used; waiting for it").count() == round
        });
        database(&world).start_again();
        wait_patiently(60, "it is used again", || {
            world.service.log().matches("The database can be used again").count() == round
        });
        assert!(world.service.ended().is_none(), "it is the same process");
    }
    wait_until("the answer counts", || world.follow_ups("received") == 1);
    world.awaits(ADVISER, "Logged", 2);
    world.comes_to_rest();
    assert_eq!((world.letters(ADVISER).len(), world.letters(COORDINATOR).len()), (2, 2));
    assert!(world.service.stop().success());
}

/// As with storage that hangs: for longer than this node may take itself to lead.
#[test]
fn a_database_that_does_not_answer_is_waited_for() {
    let mut world = World::open(TUESDAY, Memory::Postgres(Postgres::start()));
    world.service.start_and_wait();
    database(&world).signal("STOP");
    wait_patiently(60, "it is missed", || world.service.log().contains("The database cannot be used; waiting for it"));
    database(&world).signal("CONT");
    wait_patiently(60, "it is used again", || world.service.log().contains("The database can be used again"));
    world.deliver(&Mail::request("EHC-2026-0412", ADVISER));
    world.awaits(ADVISER, "Logged", 1);
    world.comes_to_rest();
    assert!(world.service.ended().is_none(), "it is the same process");
    assert!(world.service.stop().success());
}

fn database(world: &World) -> &Postgres {
    match &world.memory {
        Memory::Postgres(cluster) => cluster,
        Memory::Sqlite => panic!("the story is about PostgreSQL"),
    }
}

#[test]
fn a_mail_without_a_record_is_found_and_taken_in() {
    let mut world = World::open(TUESDAY, Memory::Sqlite);
    world.service.start_and_wait();
    world.deliver(&Mail::request("EHC-2026-0412", ADVISER));
    world.awaits(ADVISER, "Logged", 1);
    world.comes_to_rest();
    assert!(world.service.stop().success());
    world.deliver(&Mail::request("EHC-2026-0413", ADVISER));
    // As if the cursor had once gone past it.
    world.change("UPDATE mailbox_cursor SET uid = uid + 1");
    let (code, told) = world.service.answer(&["verify"]);
    assert!(code == 1 && told.contains("1 mails without a record"), "{told}");
    let (code, told) = world.service.answer(&["verify"]);
    assert!(code == 0 && told.contains("Every mail in the watched folders has a record"), "{told}");
    world.service.start_and_wait();
    world.awaits(ADVISER, "Logged", 2);
    world.comes_to_rest();

    // The service finds such a mail itself, a day later at the latest.
    assert!(world.service.stop().success());
    world.deliver(&Mail::request("EHC-2026-0414", ADVISER));
    world.change("UPDATE mailbox_cursor SET uid = uid + 1");
    world.clock.advance(TimeDelta::hours(24));
    world.service.start_and_wait();
    world.awaits(ADVISER, "Logged", 3);
    world.service.says("Mail without a record lay in the mailbox");
}

#[test]
fn a_mail_that_the_server_cannot_give_is_listed_and_the_ones_behind_it_go_on() {
    let mut world = World::open(TUESDAY, Memory::Sqlite);
    for number in 1..=3 {
        world.deliver(&Mail::request(&format!("EHC-2026-{}", 4_000 + number), ADVISER));
    }
    let second = format!("mail/{SERVICE}/sdbox/mailboxes/INBOX/dbox-Mails/u.2");
    let second = world.mailbox.path().join(second);
    let readable = fs::metadata(&second).unwrap().permissions();
    fs::set_permissions(&second, fs::Permissions::from_mode(0o000)).unwrap();
    world.service.start_and_wait();
    wait_patiently(180, "the third is tracked", || world.follow_ups("open") == 2);
    world.awaits(ADVISER, "Logged", 2);
    world.service.says("The mail server does not give a mail; it is listed in triage and stays there");
    wait_until("it is recorded", || world.count("SELECT COUNT(*) FROM message WHERE state = 'failed'") == 1);
    wait_until("the mailbox is well again", || world.service.answer(&["status"]).0 == 0);
    wait_until("it alone lies there", || world.lying_in("INBOX") == 1);

    // Somebody mends the server; the next day's reconciliation finds the mail.
    fs::set_permissions(&second, readable).unwrap();
    world.clock.advance(TimeDelta::hours(24));
    world.awaits(ADVISER, "Logged", 3);
    world.comes_to_rest();
    assert_eq!(world.letters_about(ADVISER, "Logged").len(), 3);
    assert_eq!(world.count("SELECT COUNT(*) FROM message WHERE state = 'failed'"), 0);
}
