//! A seeded simulation: the real engine on a real store, weeks of an office in which everything goes wrong, held
//! against a small reference model after every step.
//!
//! `FOLLOWUPD_SEED=n` plays one seed, `FOLLOWUPD_TEST_LONG=1` (with or without it) plays longer ones and more. What a seed plays does not depend on the
//! random references; on failure its last events are printed.

mod cast;
mod chance;
mod checks;
mod inbox;
mod model;
mod people;
mod reckoning;
mod relay;
mod world;

use chance::Chance;
use chrono::{DateTime, Duration, TimeZone, Utc};
use world::World;

/// Seeds and events of the short form: a minute of a slow machine without optimisation is too long for every change.
const SHORT: (u64, i64) = (12, 40);
/// Seeds and events of the long form, the same on every machine: three minutes of two slow cores.
const LONG: (u64, i64) = (16, 150);

#[test]
fn whatever_happens_nothing_is_forgotten_doubled_or_sent_astray() {
    let one = std::env::var("FOLLOWUPD_SEED").ok().and_then(|n| n.parse::<u64>().ok());
    let long = std::env::var("FOLLOWUPD_TEST_LONG").is_ok_and(|v| v == "1");
    let (count, events) = if long { LONG } else { SHORT };
    let seeds: Vec<u64> = one.map_or_else(|| (1..=count).collect(), |seed| vec![seed]);
    let hands = std::thread::available_parallelism().map_or(1, usize::from).min(seeds.len());
    std::thread::scope(|scope| {
        for hand in 0..hands {
            let seeds: Vec<u64> = seeds.iter().copied().skip(hand).step_by(hands).collect();
            scope.spawn(move || play_all(&seeds, events));
        }
    });
}

fn play_all(seeds: &[u64], events: i64) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for &seed in seeds {
        runtime.block_on(play(seed, events));
    }
}

/// A start somewhere between late summer and early spring, so that Christmas, Easter and both changes of the clocks
/// are played by some seeds.
fn start(chance: &mut Chance) -> DateTime<Utc> {
    let days = chance.between(0, 190);
    Utc.with_ymd_and_hms(2026, 9, 7, 9, 0, 0).unwrap() + Duration::days(days)
}

async fn play(seed: u64, events: i64) {
    let mut chance = Chance::of(seed, "start");
    let mut world = World::begin(seed, start(&mut chance)).await;
    for _ in 0..3 {
        world.open();
    }
    for _ in 0..events {
        let gap = pause(&mut world.chance);
        if world.chance.once_in(25) {
            world.sleeps(gap * 8).await;
        } else {
            world.until(world.now + gap).await;
        }
        event(&mut world).await;
        world.pass().await;
    }
    world.heals();
    for _ in 0..14 {
        world.until(world.now + Duration::days(5)).await;
        if world.is_settled() {
            break;
        }
    }
    world.until(world.now + Duration::days(3)).await;
    world.check_end().await;
    world.engine.store().close().await;
}

fn pause(chance: &mut Chance) -> Duration {
    Duration::minutes(match chance.between(0, 9) {
        0..=4 => chance.between(1, 60),
        5..=7 => chance.between(60, 600),
        _ => chance.between(600, 3600),
    })
}

async fn event(world: &mut World) {
    match world.chance.between(0, 99) {
        0..=11 => world.open(),
        12..=44 => world.reply(),
        45..=69 => world.order().await,
        70..=76 => world.absence(),
        77..=80 => world.noise(),
        _ => world.something_breaks().await,
    }
}

impl World {
    /// The machine is suspended: time passes and nobody looks.
    async fn sleeps(&mut self, how_long: Duration) {
        self.note(&format!("-- the machine sleeps for {} hours", how_long.num_hours()));
        self.now += how_long;
        self.pass().await;
    }

    async fn something_breaks(&mut self) {
        let hours = Duration::hours(self.chance.between(1, 60));
        match self.chance.between(0, 9) {
            0..=1 => {
                self.note(&format!("-- no mailbox for {} hours", hours.num_hours()));
                self.trouble.mailbox_until = Some(self.now + hours);
            }
            2 => {
                self.note(&format!("-- no relay for {} hours", hours.num_hours()));
                self.trouble.relay_until = Some(self.now + hours);
            }
            3 => {
                let back = self.chance.between(1, 5);
                self.note(&format!("-- the clock is put back by {back} minutes"));
                self.now -= Duration::minutes(back);
            }
            4 => self.folder_is_rebuilt(),
            5..=6 => self.restart().await,
            _ => self.an_address_fails_or_works_again(),
        }
    }

    fn an_address_fails_or_works_again(&mut self) {
        if self.chance.once_in(2) {
            self.trouble.refused.clear();
            self.trouble.bouncing.clear();
            return;
        }
        let desk = self.chance.pick(&cast::DESKS).unwrap();
        let people: Vec<&'static str> = desk.managers.iter().copied().chain([desk.adviser]).collect();
        let who = *self.chance.pick(&people).unwrap();
        self.note(&format!("-- {who} cannot be reached"));
        if self.chance.once_in(2) {
            self.trouble.refused.insert(who);
        } else {
            self.trouble.bouncing.insert(who);
        }
    }

    /// Everybody who owes an answer has been told of to the end.
    fn is_settled(&self) -> bool {
        self.known.iter().all(|k| !k.item.owes_answer() || k.item.has_been_told())
    }

    fn heals(&mut self) {
        self.note("-- everything works again");
        self.trouble = world::Trouble::default();
    }
}

/// A database in memory-backed storage where there is one, for it is written through thousands of times; or a fresh
/// one where `FOLLOWUPD_TEST_STORE` points.
fn store_url() -> (String, Option<tempfile::TempDir>) {
    if std::env::var("FOLLOWUPD_TEST_STORE").as_deref() == Ok("postgres") {
        return (super::postgres::fresh_database(), None);
    }
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    (format!("sqlite:{}", folder.path().join("followupd.db").display()), Some(folder))
}
