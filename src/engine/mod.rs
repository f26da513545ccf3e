//! The only caller of `decide`: load → decide (pure) → compose → commit, in one transaction.
//!
//! Each public verb of [`Engine`] is a step that may be called at any time, in any order, twice. The engine reads no
//! clock and touches no network; `now` is an argument.

mod alerts;
mod alias;
mod asking;
mod assessment;
mod breaker;
mod commands;
mod desk;
mod digest_answer;
mod dossier;
mod draft_digest;
mod enclosure;
mod family;
mod forward;
mod health;
mod identifiers;
mod intake;
mod last_look;
mod ledger;
mod machine;
mod one;
mod opening;
mod origin;
mod outgoing;
mod reading;
mod reckoning;
mod reply;
pub mod reports;
mod retention;
mod review;
mod shadow;
mod signals;
pub mod story;
mod today;
mod waiting;
mod withdrawal;

pub use alerts::{Alert, AlertKind, Surroundings, Telling, Turn};
pub use dossier::{Dossier, HeldLetter, HeldMail};
pub use health::{Health, MailboxHealth, QueueHealth};
pub use one::{CoordinatorIn, OneSender};
pub use outgoing::{RETRY_LIMIT_DAYS, Ready, Verdict};
pub use retention::{Erasure, Proof, Retained};

use crate::core::calendar::{at_local, local_date};
use crate::core::directory::Directory;
use crate::core::event::Event;
use crate::core::id::Address;
use crate::core::policy::Policy;
use crate::letters::Stationery;
use crate::store::{Incoming, MessageState, Place, Store, Tx};
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Timelike, Utc};
use desk::{Desk, Known};
use regex::Regex;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// Everything that operators set, validated, as one value that is replaced as a whole on reload.
#[derive(Debug, Clone)]
pub struct Office {
    /// Rules.
    pub policy: Policy,
    /// People and services of the TOML.
    pub directory: Directory,
    /// Paper and envelopes.
    pub stationery: Stationery,
    /// `cases.ref_pattern`.
    pub ref_pattern: Regex,
    /// The addresses that staff copy in: clarification, advice, draft, final.
    pub copied_in: CopiedIn,
    /// Addresses from which ONE sends by itself.
    pub one_senders: Vec<OneSender>,
    /// Mail received before is recorded but not acted on; `None`: the moment of the first start.
    pub ignore_before: Option<DateTime<Utc>>,
}

/// The addresses that staff copy in (`commands.md` 2).
#[derive(Debug, Clone)]
pub struct CopiedIn {
    /// `followups@`: a clarification.
    pub clarification: Address,
    /// `followups+advice@`: advice requests.
    pub advice: Address,
    /// `followups+draft@`: draft checks.
    pub draft: Address,
    /// `followups+final@`: the final plan is out.
    pub final_plan: Address,
    /// The address that the service's letters come from; mail to it is the service's own too.
    pub from: Address,
}

/// The engine.
#[derive(Debug, Clone)]
pub struct Engine {
    store: Store,
    office: Arc<RwLock<Arc<Office>>>,
    known: Known,
}

/// How many cases share a transaction when many are due.
const CASES_AT_ONCE: i64 = 64;

const MAILBOX_SEEN: &str = "mailbox_seen_at";
const FIRST_START: &str = "first_start_at";
const PAUSED: &str = "paused";
const UNPAUSE_ASKED: &str = "unpause_asked_by";
const BEAT: &str = "heartbeat_at";
/// What the last imported sheet and the register did not agree on: `{ "on": day, "lines": […] }`.
const ONE_DIFFERENCES: &str = "one_differences";
/// Dates that changes of the calendar have moved in the last weeks.
const MOVED_DATES: &str = "moved_dates";
/// What the operators should look at in their configuration, as it was read last.
const CONFIG_WARNINGS: &str = "config_warnings";

impl Engine {
    /// An engine on an open store.
    pub fn new(store: Store, office: Office) -> Self {
        Self { store, office: Arc::new(RwLock::new(Arc::new(office))), known: Known::default() }
    }

    /// What is set at the moment.
    pub fn office(&self) -> Arc<Office> {
        self.office.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes a new configuration into use, as a whole.
    pub fn replace_office(&self, office: Office) {
        *self.office.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(office);
    }

    /// The store, for steps that only read.
    pub fn store(&self) -> &Store {
        &self.store
    }

    async fn desk(&self, now: DateTime<Utc>) -> Result<Desk> {
        Desk::open(&self.store, self.office(), &self.known, now).await
    }

    /// Notes the first start, once: older mail is recorded and not acted on. To the second, as servers date mail by
    /// whole seconds and one that came in the same second is not older.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_start(&self, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.store.begin().await?;
        if tx.instant_mark(FIRST_START).await?.is_none() {
            tx.set_instant_mark(FIRST_START, now.with_nanosecond(0).unwrap_or(now)).await?;
        }
        tx.commit().await
    }

    /// The UID up to which a folder has been taken in; 0 when it is new or its UIDVALIDITY has changed (then it is
    /// read again, and known bytes fall out).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn cursor(&self, folder: &str, uid_validity: u32) -> Result<u32> {
        let mut tx = self.store.begin().await?;
        let cursor = tx.cursor(folder).await?;
        tx.commit().await?;
        Ok(cursor.filter(|(validity, _)| *validity == uid_validity).map_or(0, |(_, uid)| uid))
    }

    /// Stores raw mails and the cursor, in one transaction, before anything is decided.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_in(&self, folder: &str, uid_validity: u32, mails: &[Incoming]) -> Result<usize> {
        let mut tx = self.store.begin().await?;
        let fresh = tx.take_in(folder, uid_validity, mails).await?;
        tx.commit().await?;
        Ok(fresh)
    }

    /// Everything that the mailbox received before `at` has been taken in.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn mailbox_seen(&self, at: DateTime<Utc>) -> Result<()> {
        let mut tx = self.store.begin().await?;
        tx.set_instant_mark(MAILBOX_SEEN, at).await?;
        tx.commit().await
    }

    /// Does what the clock brings: reminders, escalations, the Today mail. The number of cases looked at.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn fire_due(&self, now: DateTime<Utc>) -> Result<usize> {
        let mut looked_at = 0;
        self.look_at_families(now).await?;
        loop {
            let mut desk = self.desk(now).await?;
            let seen = desk.tx.instant_mark(MAILBOX_SEEN).await?.unwrap_or(DateTime::UNIX_EPOCH);
            let due = desk.tx.cases_due(now, CASES_AT_ONCE).await?;
            desk.tx.foresee_cases(&due).await?;
            let mut changed = 0;
            for id in &due {
                if let Some(loaded) = desk.tx.case(id).await?
                    && desk.apply(loaded, &Event::Clock { mailbox_seen_at: seen }).await?.changed
                {
                    changed += 1;
                }
                self::review::ask(&mut desk, id).await?;
            }
            desk.commit().await?;
            looked_at += due.len();
            let more = due.len() == usize::try_from(CASES_AT_ONCE).unwrap_or(usize::MAX) && changed > 0;
            if !more {
                break;
            }
        }
        self.send_digests(now).await?;
        self.open_rounds(now).await?;
        self.send_today(now).await?;
        self.send_reports(now).await?;
        Ok(looked_at)
    }

    async fn send_digests(&self, now: DateTime<Utc>) -> Result<()> {
        let mut desk = self.desk(now).await?;
        draft_digest::send(&mut desk).await?;
        desk.commit().await
    }

    /// Opens the assessment rounds whose day has come.
    async fn open_rounds(&self, now: DateTime<Utc>) -> Result<()> {
        if self.office().policy.assessment.opens.is_empty() {
            return Ok(());
        }
        let mut desk = self.desk(now).await?;
        assessment::rounds::open_scheduled(&mut desk).await?;
        desk.commit().await
    }

    async fn send_today(&self, now: DateTime<Utc>) -> Result<()> {
        let mut desk = self.desk(now).await?;
        today::send(&mut desk).await?;
        desk.commit().await
    }

    /// UIDs of handled mails whose server copies belong to `place` and have not been moved.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn to_file(&self, folder: &str, uid_validity: u32, place: Place, limit: i64) -> Result<Vec<u32>> {
        let mut tx = self.store.begin().await?;
        let unmoved = tx.unmoved(folder, uid_validity, limit).await?;
        tx.commit().await?;
        Ok(unmoved.into_iter().filter(|(_, state)| state.place() == Some(place)).map(|(uid, _)| uid).collect())
    }

    /// Notes that server copies were moved.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_filed(&self, folder: &str, uid_validity: u32, uids: &[u32], to: &str) -> Result<()> {
        let mut tx = self.store.begin().await?;
        tx.note_moved(folder, uid_validity, uids, to).await?;
        tx.commit().await
    }

    /// How long the mailbox may be waited for: until the next follow-up is due, at most a minute, so that the look
    /// that an escalation needs is fresh when its hour comes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn next_look(&self, now: DateTime<Utc>) -> Result<Duration> {
        let mut tx = self.store.begin().await?;
        let next = tx.next_wake(now).await?;
        tx.commit().await?;
        let longest = Duration::from_secs(60);
        Ok(next
            .and_then(|at| (at - now).to_std().ok())
            .map_or(longest, |d| d.clamp(Duration::from_millis(50), longest)))
    }

    /// The next moment after `now` at which there may be something to do without a mail coming in: something is due,
    /// a letter may leave, or it is the hour of the Today mails. For clocks that go from one such moment to the next.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn next_moment(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
        let mut tx = self.store.begin().await?;
        let wake = tx.next_wake(now).await?;
        let delivery = tx.next_delivery().await?;
        tx.commit().await?;
        let office = self.office();
        let today = office.date(now);
        let mornings = [Some(today), today.succ_opt()].into_iter().flatten();
        let hours = [office.policy.commands.today_at, office.policy.report.at];
        let mornings = mornings.flat_map(|day| hours.map(|hour| at_local(day, hour, office.policy.zone)));
        Ok(wake.into_iter().chain(delivery).chain(mornings).filter(|&at| at > now).min())
    }

    /// Notes that the service is alive; once a minute at most.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn beat(&self, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.store.begin().await?;
        let last = tx.instant_mark(BEAT).await?;
        if last.is_none_or(|at| now - at >= chrono::Duration::seconds(60) || at > now) {
            tx.set_instant_mark(BEAT, now).await?;
        }
        tx.commit().await
    }

    /// Whether the heartbeat is fresh.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_beating(&self, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.store.begin().await?;
        let last = tx.instant_mark(BEAT).await?;
        tx.commit().await?;
        Ok(last.is_some_and(|at| now - at < chrono::Duration::seconds(150)))
    }

    /// Puts kept mail back and takes it through again: one message, or all in triage and failed. How many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn replay(&self, id: Option<&str>, now: DateTime<Utc>) -> Result<usize> {
        let mut tx = self.store.begin().await?;
        let mut ids: Vec<String> = Vec::new();
        match id {
            Some(id) => ids.extend(tx.message(id).await?.map(|m| m.id)),
            None => {
                for state in [MessageState::Triage, MessageState::Failed] {
                    ids.extend(tx.messages_in(state).await?.into_iter().map(|m| m.id));
                }
            }
        }
        for id in &ids {
            tx.look_again(id).await?;
        }
        tx.commit().await?;
        while self.handle_waiting(now).await? > 0 {}
        Ok(ids.len())
    }

    /// Stops all sending, or lets it go on.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_paused(&self, pause: Pausing) -> Result<()> {
        set_paused(&self.store, pause).await
    }
}

/// Whether all sending is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pausing {
    /// `PAUSE ALL`.
    Paused,
    /// `UNPAUSE ALL`.
    Running,
}

/// Stops all sending, or lets it go on.
///
/// # Errors
/// When the store fails.
pub async fn set_paused(store: &Store, pause: Pausing) -> Result<()> {
    let mut tx = store.begin().await?;
    tx.set_mark(PAUSED, if pause == Pausing::Paused { "1" } else { "0" }).await?;
    tx.set_mark(UNPAUSE_ASKED, "").await?;
    tx.commit().await
}

async fn is_paused(tx: &mut Tx) -> Result<Pausing> {
    let paused = tx.mark(PAUSED).await?.is_some_and(|v| v == "1");
    Ok(if paused { Pausing::Paused } else { Pausing::Running })
}

impl Office {
    /// The local date of an instant.
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        local_date(at, self.policy.zone)
    }

    /// Whether an address is one of the service's own: the mailbox, a plus address of it, or one that is copied in.
    pub fn is_own(&self, address: &Address) -> bool {
        let mailbox = &self.stationery.mailbox;
        let CopiedIn { clarification, advice, draft, final_plan, from } = &self.copied_in;
        address == mailbox
            || address.detail_of(mailbox).is_some()
            || [clarification, advice, draft, final_plan, from].contains(&address)
    }
}

/// Random bytes for references and salts.
fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok().context("Cannot get random bytes from the system")?;
    Ok(bytes)
}
