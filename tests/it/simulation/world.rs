//! The world around the engine: clock, mailbox, crashes, and the people's own record of what should be so.

use super::chance::Chance;
use super::model::{Item, Kind, Order, Saying};
use super::{cast, reckoning};
use crate::office::Sent;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Europe::London;
use followupd::core::id::FollowUpId;
use followupd::engine::{Engine, Office as Rules};
use followupd::store::Store;
use std::collections::{BTreeMap, BTreeSet};

/// What the writer of a mail meant; the service is never told.
#[derive(Debug, Clone)]
pub enum Meaning {
    Opens {
        case: String,
        desk: usize,
        by: &'static str,
        how: How,
    },
    Says {
        about: usize,
        saying: Saying,
    },
    /// Names no follow-up: counts a little when only one can be meant.
    SaysSomewhere {
        who: &'static str,
    },
    Orders {
        about: usize,
        by: &'static str,
        order: Order,
    },
    Bounced {
        about: usize,
        who: String,
    },
    OwnCopy {
        letter: String,
    },
    Nothing,
}

/// How a follow-up was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    CopiedIn,
    Asked(Kind),
    /// Advice that was asked for on this day.
    Elsewhere(NaiveDate),
}

/// A mail on its way to the mailbox, or in it.
#[derive(Debug, Clone)]
pub struct Mail {
    pub arrives: DateTime<Utc>,
    pub raw: Vec<u8>,
    pub meaning: Meaning,
    /// Copies of one mail share it; it counts once.
    pub identity: usize,
}

/// A follow-up that the people know of, in order of opening.
#[derive(Debug, Clone)]
pub struct Known {
    pub id: FollowUpId,
    pub case: String,
    pub by: &'static str,
    pub desk: usize,
    pub item: Item,
}

/// What is broken at the moment.
#[derive(Debug, Default)]
pub struct Trouble {
    pub mailbox_until: Option<DateTime<Utc>>,
    pub relay_until: Option<DateTime<Utc>>,
    /// The relay refuses them at once.
    pub refused: BTreeSet<&'static str>,
    /// The relay takes mail for them, and a notice comes back.
    pub bouncing: BTreeSet<&'static str>,
    /// Accidents happen: crashes, lost connections.
    pub accidents: bool,
}

pub struct World {
    pub seed: u64,
    pub chance: Chance,
    pub now: DateTime<Utc>,
    pub engine: Engine,
    pub known: Vec<Known>,
    pub trouble: Trouble,
    pub sent: Vec<Sent>,
    /// Who has got which letter.
    pub got: BTreeSet<(String, String)>,
    /// Letters of which the relay took the last word and nobody knows.
    pub uncertain: BTreeMap<String, (Option<usize>, Option<u32>)>,
    /// How often each letter was tried, by its label.
    pub attempts: BTreeMap<String, u32>,
    /// Since when the relay has been refusing a letter for now.
    pub refused_since: BTreeMap<String, DateTime<Utc>>,
    pub transit: Vec<Mail>,
    pub mails: usize,
    pub cases: usize,
    pub mailbox: Vec<Mail>,
    pub uid_validity: u32,
    pub waiting: Vec<usize>,
    pub counted: BTreeSet<usize>,
    pub taken_in: BTreeSet<Vec<u8>>,
    pub seen: Option<DateTime<Utc>>,
    log: Vec<String>,
    office: Rules,
    url: String,
    _folder: Option<tempfile::TempDir>,
}

impl World {
    pub async fn begin(seed: u64, now: DateTime<Utc>) -> Self {
        let (url, folder) = super::store_url();
        let office = cast::office();
        let engine = Engine::new(Store::open(&url).await.unwrap(), office.clone());
        engine.note_start(now).await.unwrap();
        Self {
            seed,
            chance: Chance::new(seed),
            now,
            engine,
            known: Vec::new(),
            trouble: Trouble { accidents: true, ..Trouble::default() },
            sent: Vec::new(),
            got: BTreeSet::new(),
            uncertain: BTreeMap::new(),
            attempts: BTreeMap::new(),
            refused_since: BTreeMap::new(),
            transit: Vec::new(),
            mails: 0,
            cases: 0,
            mailbox: Vec::new(),
            uid_validity: 1,
            waiting: Vec::new(),
            counted: BTreeSet::new(),
            taken_in: BTreeSet::new(),
            seen: None,
            log: Vec::new(),
            office,
            url,
            _folder: folder,
        }
    }

    pub fn note(&mut self, what: &str) {
        let when = self.now.with_timezone(&London).format("%a %-d %b %H:%M");
        self.log.push(format!("{when} {what}"));
    }

    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.known.iter().position(|k| k.id.as_str() == id)
    }

    pub fn post(&mut self, raw: Vec<u8>, arrives: DateTime<Utc>, meaning: Meaning) {
        self.mails += 1;
        let identity = self.mails;
        self.transit.push(Mail { arrives, raw, meaning, identity });
    }

    /// The process ends here and is started again.
    pub async fn restart(&mut self) {
        self.note("-- the process is killed and started again");
        let before = self.dump().await;
        self.engine.store().close().await;
        self.engine = Engine::new(Store::open(&self.url).await.unwrap(), self.office.clone());
        self.engine.note_start(self.now).await.unwrap();
        self.engine.recover_outbox(self.now).await.unwrap();
        assert_eq!(before, self.dump().await, "the store reloads to the same state");
    }

    async fn dump(&self) -> Vec<String> {
        let mut tx = self.engine.store().begin().await.unwrap();
        let mut all = Vec::new();
        for known in &self.known {
            let loaded = tx.case_of(&known.id).await.unwrap().expect("a follow-up never disappears");
            all.push(format!("{} {:?}", loaded.version, loaded.case));
        }
        tx.commit().await.unwrap();
        all
    }

    pub async fn killed(&mut self) -> bool {
        let killed = self.trouble.accidents && self.chance.once_in(200);
        if killed {
            self.restart().await;
        }
        killed
    }

    /// The service does everything that it can do now, whatever happens to it meanwhile.
    pub async fn pass(&mut self) {
        for _ in 0..60 {
            if self.once_round().await == Some(0) {
                return self.check_states().await;
            }
        }
        panic!("the service does not come to rest");
    }

    /// One turn of all loops; `None` when the process died in it.
    async fn once_round(&mut self) -> Option<usize> {
        let mut busy = 0;
        if self.trouble.mailbox_until.is_none_or(|until| until <= self.now) {
            self.trouble.mailbox_until = None;
            busy += self.look_into_mailbox().await?;
        } else {
            self.arrive();
        }
        for _ in 0..if self.trouble.accidents { self.chance.between(1, 2) } else { 1 } {
            self.engine.fire_due(self.now).await.unwrap();
            for known in &mut self.known {
                known.item.clock(self.now, self.seen);
            }
        }
        if self.killed().await {
            return None;
        }
        self.engine.retry_uncertain(Duration::minutes(15), self.now).await.unwrap();
        Some(busy + self.relay_takes().await?)
    }

    /// Moves the clock, and lets the service work wherever something may be due.
    pub async fn until(&mut self, end: DateTime<Utc>) {
        while self.now < end {
            self.now = self.next_stop().await.min(end);
            self.pass().await;
        }
    }

    async fn next_stop(&self) -> DateTime<Utc> {
        let mut tx = self.engine.store().begin().await.unwrap();
        let wake = tx.next_wake(self.now).await.unwrap();
        tx.commit().await.unwrap();
        let delivery = self.engine.next_delivery().await.unwrap();
        let pause = self.now + Duration::minutes(if self.trouble.relay_until.is_some() { 45 } else { 1 });
        let day = reckoning::local_day(self.now);
        let morning = reckoning::hour(day.succ_opt().unwrap(), 8);
        wake.into_iter()
            .chain(delivery.map(|at| at.max(pause)))
            .chain(self.transit.iter().map(|m| m.arrives))
            .chain([self.trouble.mailbox_until, self.trouble.relay_until].into_iter().flatten())
            .filter(|&at| at > self.now)
            .chain([morning])
            .min()
            .unwrap()
    }
}

impl Known {
    pub fn is_party(&self, who: &str) -> bool {
        self.item.adviser == who || self.item.managers.contains(&who)
    }

    /// Everybody to whom a letter about it may go.
    pub fn may_get(&self, who: &str) -> bool {
        self.is_party(who)
            || self.by == who
            || cast::DESKS[self.desk].above.contains(&who)
            || who == crate::office::SEND_MANAGER
    }
}

impl Drop for World {
    #[allow(clippy::print_stderr, reason = "whoever sees it fail has to be able to play it again")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let from = self.log.len().saturating_sub(400);
            eprintln!(
                "FOLLOWUPD_SEED={} fails at {}; before that:\n{}",
                self.seed,
                self.now,
                self.log[from..].join("\n")
            );
        }
    }
}
