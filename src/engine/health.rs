//! How the service is, from the store alone: for `status` and the watchdog.

use super::{BEAT, Engine, MAILBOX_SEEN, Pausing, is_paused};
use crate::store::{Counts, Store, Tx};
use anyhow::Result;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

/// The parts of the service whose troubles are noted.
const PARTS: [&str; 5] = ["mailbox", "outbox", "sign-in", "configuration", "database"];
/// Minutes without a look at the mailbox that are a fault.
pub(super) const MAILBOX_LIMIT: i64 = 15;
/// Minutes that a letter may wait beyond its time.
pub(super) const QUEUE_LIMIT: i64 = 60;

/// How the service is.
#[derive(Debug, Clone, Serialize)]
pub struct Health {
    /// Whether nothing needs an operator.
    pub healthy: bool,
    /// What does, in sentences.
    pub troubles: Vec<String>,
    /// The way in.
    pub mailbox: MailboxHealth,
    /// The way out.
    pub queue: QueueHealth,
    /// Follow-ups by stage.
    pub follow_ups: BTreeMap<String, i64>,
    /// When a follow-up is next due for something, RFC 3339.
    pub next_due: Option<String>,
    /// When the last report went out.
    pub last_report: Option<String>,
    /// When server and ledger were last compared.
    pub last_reconciliation: Option<String>,
    /// When the service last noted that it is alive.
    pub heartbeat: Option<String>,
    /// Whether all sending is stopped.
    pub paused: bool,
}

/// The way in.
#[derive(Debug, Clone, Serialize)]
pub struct MailboxHealth {
    /// When it was last looked at, RFC 3339.
    pub last_look: Option<String>,
    /// Whether that is too long ago.
    #[serde(skip)]
    pub is_overdue: bool,
    /// Mails that a person has to place.
    pub triage: i64,
    /// Mails that could not be handled.
    pub failed: i64,
}

/// The way out.
#[derive(Debug, Clone, Serialize)]
pub struct QueueHealth {
    /// Deliveries that wait.
    pub waiting: i64,
    /// Deliveries of which nobody knows whether the relay took them.
    pub uncertain: i64,
    /// Whether one has waited too long.
    #[serde(skip)]
    pub is_overdue: bool,
    /// The oldest that should have left, RFC 3339.
    pub oldest: Option<String>,
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

impl Engine {
    /// Notes what is wrong with a part of the service, for `status` and alerts; empty when it is well again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_trouble(&self, part: &str, what: &str, now: DateTime<Utc>) -> Result<()> {
        let key = format!("trouble:{part}");
        let mut tx = self.store().begin().await?;
        let before = tx.mark(&key).await?.unwrap_or_default();
        if before.is_empty() != what.is_empty() {
            tx.set_instant_mark(&format!("trouble_since:{part}"), now).await?;
        }
        if before != what {
            tx.set_mark(&key, what).await?;
        }
        tx.commit().await
    }

    /// Numbers of the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn counts(&self) -> Result<Counts> {
        let mut tx = self.store().begin().await?;
        let counts = tx.counts().await?;
        tx.commit().await?;
        Ok(counts)
    }

    /// How the service is.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn health(&self, now: DateTime<Utc>) -> Result<Health> {
        Health::of(self.store(), now).await
    }
}

impl Health {
    /// How the service is that works on this store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn of(store: &Store, now: DateTime<Utc>) -> Result<Self> {
        let mut tx = store.begin().await?;
        let counts = tx.counts().await?;
        let look = tx.instant_mark(MAILBOX_SEEN).await?;
        let beat = tx.instant_mark(BEAT).await?;
        let reconciled = tx.instant_mark("reconciled_at").await?;
        let reported = tx.instant_mark("reported_at").await?;
        let paused = is_paused(&mut tx).await? == Pausing::Paused;
        let mut troubles = noted_troubles(&mut tx).await?;
        tx.commit().await?;
        let oldest = counts.oldest_waiting.filter(|&at| at <= now);
        let unseen = look.is_none_or(|at| now - at > Duration::minutes(MAILBOX_LIMIT));
        let stuck = oldest.is_some_and(|at| now - at > Duration::minutes(QUEUE_LIMIT));
        if unseen {
            troubles.push(match look {
                Some(_) => format!("the mailbox has not been looked at for {MAILBOX_LIMIT} minutes"),
                None => "the mailbox has never been looked at".to_owned(),
            });
        }
        if beat.is_none_or(|at| now - at > Duration::minutes(5)) {
            troubles.push("the service does not run: `systemctl status followupd` and its log say why".to_owned());
        }
        if stuck {
            troubles.push("a letter has waited for more than an hour".to_owned());
        }
        let of = |map: &BTreeMap<String, i64>, names: &[&str]| names.iter().filter_map(|n| map.get(*n)).sum();
        Ok(Self {
            healthy: troubles.is_empty(),
            troubles,
            mailbox: MailboxHealth {
                last_look: look.map(text),
                is_overdue: unseen,
                triage: of(&counts.messages, &["triage"]),
                failed: of(&counts.messages, &["failed"]),
            },
            queue: QueueHealth {
                waiting: of(&counts.deliveries, &["queued", "deferred", "sending", "dot"]),
                uncertain: of(&counts.deliveries, &["uncertain"]),
                is_overdue: stuck,
                oldest: oldest.map(text),
            },
            follow_ups: counts.follow_ups,
            next_due: counts.next_wake.map(text),
            last_report: reported.map(text),
            last_reconciliation: reconciled.map(text),
            heartbeat: beat.map(text),
            paused,
        })
    }

    /// Of a service that has never run: there is no store to ask.
    pub fn of_nothing(trouble: String) -> Self {
        Self {
            healthy: false,
            troubles: vec![trouble],
            mailbox: MailboxHealth { last_look: None, is_overdue: true, triage: 0, failed: 0 },
            queue: QueueHealth { waiting: 0, uncertain: 0, is_overdue: false, oldest: None },
            follow_ups: BTreeMap::new(),
            next_due: None,
            last_report: None,
            last_reconciliation: None,
            heartbeat: None,
            paused: false,
        }
    }
}

async fn noted_troubles(tx: &mut Tx) -> Result<Vec<String>> {
    let mut troubles = Vec::new();
    for part in PARTS {
        let what = tx.mark(&format!("trouble:{part}")).await?.filter(|t| !t.is_empty());
        troubles.extend(what.map(|t| format!("{part}: {t}")));
    }
    Ok(troubles)
}
