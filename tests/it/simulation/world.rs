//! The world around the engine: clock, mailbox, crashes, and the people's own record of what should be so.

use super::chance::Chance;
use super::model::{Item, Order, Saying};
use super::{cast, reckoning};
use crate::office::Sent;
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Europe::London;
use followupd::core::id::{CaseRef, FollowUpId};
use followupd::engine::Engine;
use followupd::store::{Incoming, Store};
use std::collections::{BTreeMap, BTreeSet};

/// What the writer of a mail meant; the service is never told.
#[derive(Debug, Clone)]
pub enum Meaning {
    Opens {
        case: String,
        desk: usize,
        by: &'static str,
        copied_in: bool,
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
    pub transit: Vec<Mail>,
    pub mails: usize,
    pub cases: usize,
    mailbox: Vec<Mail>,
    uid_validity: u32,
    waiting: Vec<usize>,
    counted: BTreeSet<usize>,
    taken_in: BTreeSet<Vec<u8>>,
    seen: Option<DateTime<Utc>>,
    log: Vec<String>,
    url: String,
    _folder: Option<tempfile::TempDir>,
}

impl World {
    pub async fn begin(seed: u64, now: DateTime<Utc>) -> Self {
        let (url, folder) = super::store_url();
        let engine = Engine::new(Store::open(&url).await.unwrap(), cast::office());
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
        self.engine = Engine::new(Store::open(&self.url).await.unwrap(), cast::office());
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

    async fn killed(&mut self) -> bool {
        let killed = self.trouble.accidents && self.chance.once_in(200);
        if killed {
            self.restart().await;
        }
        killed
    }

    /// The service does everything that it can do now, whatever happens to it meanwhile.
    pub async fn pass(&mut self) {
        for _ in 0..60 {
            match self.once_round().await {
                Some(0) => return self.check_states().await,
                Some(_) | None => {}
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

    /// Mail arrives on the server whether the service looks or not.
    fn arrive(&mut self) -> usize {
        let now = self.now;
        let (mut here, still): (Vec<Mail>, Vec<Mail>) = self.transit.drain(..).partition(|m| m.arrives <= now);
        self.transit = still;
        here.sort_by_key(|m| (m.arrives, m.identity));
        for mut mail in here.drain(..) {
            // No two in one millisecond, so that the order of handling does not hang on random references.
            mail.arrives += Duration::milliseconds(i64::try_from(self.mailbox.len() % 50_000).unwrap());
            self.mailbox.push(mail);
        }
        self.mailbox.len()
    }

    async fn look_into_mailbox(&mut self) -> Option<usize> {
        self.arrive();
        let looked_at = self.now;
        let cursor = usize::try_from(self.engine.cursor("INBOX", self.uid_validity).await.unwrap()).unwrap();
        let mails: Vec<Incoming> = (cursor..self.mailbox.len())
            .map(|i| Incoming {
                uid: u32::try_from(i + 1).unwrap(),
                received_at: self.mailbox[i].arrives,
                raw: self.mailbox[i].raw.clone(),
                whole: true,
            })
            .collect();
        for some in mails.chunks(32) {
            self.engine.take_in("INBOX", self.uid_validity, some).await.unwrap();
            for mail in some {
                if self.taken_in.insert(mail.raw.clone()) {
                    self.waiting.push(usize::try_from(mail.uid).unwrap() - 1);
                }
            }
            if self.killed().await {
                return None;
            }
        }
        self.waiting.sort_by_key(|&i| self.mailbox[i].arrives);
        let mut busy = 0;
        loop {
            let done = self.engine.handle_waiting(self.now).await.unwrap();
            let handled: Vec<usize> = self.waiting.drain(..done).collect();
            for index in handled {
                self.count(index).await;
            }
            busy += done;
            if done == 0 {
                break;
            }
            if self.killed().await {
                return None;
            }
        }
        assert!(self.waiting.is_empty(), "a mail has no disposition");
        self.engine.mailbox_seen(looked_at).await.unwrap();
        self.seen = Some(looked_at);
        Some(busy)
    }

    /// All mail is taken in again under another UIDVALIDITY.
    pub fn folder_is_rebuilt(&mut self) {
        self.note("-- UIDVALIDITY changes");
        self.uid_validity += 1;
    }

    /// What a handled mail should have come to.
    async fn count(&mut self, index: usize) {
        let Mail { arrives, meaning, identity, .. } = self.mailbox[index].clone();
        if !self.counted.insert(identity) {
            return;
        }
        match meaning {
            Meaning::Opens { case, desk, by, copied_in } => {
                self.learn_opening(case, desk, by, copied_in, arrives).await
            }
            Meaning::Says { about, saying } => self.known[about].item.hears(saying),
            Meaning::SaysSomewhere { who } => {
                let meant: Vec<usize> = (0..self.known.len())
                    .filter(|&i| !self.known[i].item.has_ended() && self.known[i].is_party(who))
                    .collect();
                if let [one] = meant[..] {
                    self.known[one].item.hears(Saying::Thin);
                }
            }
            Meaning::Orders { about, order } => self.known[about].item.ordered(order, self.now),
            Meaning::Bounced { about, who } => self.known[about].item.bounced(&who),
            Meaning::OwnCopy { letter } => {
                if let Some((Some(about), Some(round))) = self.uncertain.remove(&letter) {
                    self.known[about].item.request_taken(round, arrives);
                }
            }
            Meaning::Nothing => {}
        }
    }

    async fn learn_opening(
        &mut self,
        case: String,
        desk: usize,
        by: &'static str,
        copied_in: bool,
        arrives: DateTime<Utc>,
    ) {
        let mut tx = self.engine.store().begin().await.unwrap();
        let loaded = tx.case_by_reference(&CaseRef::new(&case)).await.unwrap();
        tx.commit().await.unwrap();
        let ids: Vec<FollowUpId> = loaded.into_iter().flat_map(|l| l.case.follow_ups).map(|f| f.id).collect();
        let id = ids.into_iter().find(|id| self.index_of(id.as_str()).is_none());
        let id = id.unwrap_or_else(|| panic!("the opening of {case} was lost"));
        let people = &cast::DESKS[desk];
        let mut managers = people.managers.to_vec();
        if managers.is_empty() {
            managers.push(crate::office::SEND_MANAGER);
        }
        let item = if copied_in {
            Item::copied_in(people.adviser, managers, arrives)
        } else {
            Item::asked(people.adviser, managers)
        };
        self.note(&format!("   #{} is {id} for {case}", self.known.len()));
        self.known.push(Known { id, case, by, desk, item });
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
            let from = self.log.len().saturating_sub(40);
            eprintln!(
                "FOLLOWUPD_SEED={} fails at {}; before that:\n{}",
                self.seed,
                self.now,
                self.log[from..].join("\n")
            );
        }
    }
}
