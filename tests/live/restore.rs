//! Backup while it runs, restore as `deploy/README.md` says, and on it goes: what came after the backup is taken in again from
//! the mailbox, and nobody gets a letter twice.

use crate::servers::postgres::Postgres;
use crate::servers::wait_patiently;
use crate::world::{ADVICE, ADVISER, COORDINATOR, MANAGER, Mail, Memory, World};
use std::fs;
use std::process::Command;

const TUESDAY: &str = "2026-01-13 10:00:00";

#[test]
fn a_restored_sqlite_database_catches_up_and_sends_nothing_twice() {
    restored(World::open(TUESDAY, Memory::Sqlite));
}

#[test]
fn a_restored_postgresql_database_catches_up_and_sends_nothing_twice() {
    restored(World::open(TUESDAY, Memory::Postgres(Postgres::start())));
}

fn restored(mut world: World) {
    world.service.start_and_wait();
    world.deliver(&Mail::request("EHC-2026-0001", ADVISER));
    let logged = world.awaits(ADVISER, "Logged", 1);
    world.comes_to_rest();
    let (code, told) = world.service.answer(&["backup", "today.bak"]);
    assert!(code == 0 && told.contains("encrypt it"), "{told}");

    // The day goes on: an answer, and another request with its letters.
    world.post(&Mail::answering(&logged, ADVISER, ADVICE));
    wait_patiently(40, "the answer counts", || world.follow_ups("received") == 1);
    world.deliver(&Mail::request("EHC-2026-0002", ADVISER));
    world.awaits(ADVISER, "Logged", 2);
    world.awaits(COORDINATOR, "Noted", 2);
    world.comes_to_rest();
    let before: Vec<usize> = [ADVISER, MANAGER, COORDINATOR].map(|who| world.letters(who).len()).to_vec();
    world.service.kill();

    restore(&world);
    assert_eq!((world.follow_ups("received"), world.follow_ups("open")), (0, 1), "as it was at the backup");
    as_the_manual_says(&mut world);
    wait_patiently(60, "the answer counts again", || world.follow_ups("received") == 1);
    wait_patiently(60, "the second follow-up stands again", || world.follow_ups("open") == 1);
    world.comes_to_rest();
    let after: Vec<usize> = [ADVISER, MANAGER, COORDINATOR].map(|who| world.letters(who).len()).to_vec();
    assert_eq!(after, before, "nobody got a letter twice");
    let (code, told) = world.service.answer(&["verify"]);
    assert_eq!(code, 0, "{told}");
}

/// The file takes the place of the database.
fn restore(world: &World) {
    let backup = world.service.path().join("today.bak");
    match &world.memory {
        Memory::Sqlite => {
            let database = world.service.path().join("followupd.db");
            for end in ["-wal", "-shm"] {
                drop(fs::remove_file(format!("{}{end}", database.display())));
            }
            fs::copy(backup, database).unwrap();
        }
        Memory::Postgres(cluster) => {
            let mut command = Command::new("pg_restore");
            command.args(["--clean", "--if-exists", "--dbname", &cluster.url()]).arg(backup);
            let done = command.output().unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
    }
}

/// `verify` may find mail that came since; sending is paused until somebody has looked.
fn as_the_manual_says(world: &mut World) {
    let (code, told) = world.service.answer(&["verify"]);
    println!("verify: {code} {told}");
    assert!(code == 1 && told.contains("mails without a record"), "it says what it has found: {told}");
    assert_eq!(world.service.answer(&["pause"]).0, 0);
    world.service.start_and_wait();
    wait_patiently(60, "what came since is taken in", || {
        world.try_count("SELECT COUNT(*) FROM message WHERE state = 'stored'").is_ok_and(|n| n == 0)
            && world.follow_ups("received") == 1
    });
    let (code, told) = world.service.answer(&["status"]);
    println!("status: {code} {told}");
    assert!(told.contains("PAUSED"), "{told}");
    assert_eq!(world.service.answer(&["unpause"]).0, 0);
}
