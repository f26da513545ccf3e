//! What operators are told without asking: each alert once, and once when it is over. Nothing here tells anybody; that
//! an alert was told is noted by whoever has told it.

use super::Engine;
use super::health::{MAILBOX_LIMIT, QUEUE_LIMIT};
use crate::store::Tx;
use anyhow::{Context, Result};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Minutes that a trouble of mailbox or relay may last before it is told: most mend themselves.
const PASSING: i64 = 10;
/// The same for the token endpoint. The credential is proved every ten minutes, and the two make less than fifteen.
const PASSING_TOKEN: i64 = 3;

/// What operators are alerted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertKind {
    /// The mailbox was not looked at.
    Mailbox,
    /// No access token is given.
    SignIn,
    /// Letters cannot leave.
    Outbox,
    /// The database cannot be used at all; the store cannot hold this one, so whoever waits for it tells it.
    Store,
    /// The room for the database runs out.
    Database,
    /// The list of holidays runs out.
    Holidays,
    /// A changed configuration was refused.
    Configuration,
}

impl AlertKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Mailbox, Self::SignIn, Self::Outbox, Self::Store, Self::Database, Self::Holidays, Self::Configuration];

    /// The name in the store, for `alerts.command` and in the metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mailbox => "mailbox",
            Self::SignIn => "sign_in",
            Self::Outbox => "outbox",
            Self::Store => "store",
            Self::Database => "database",
            Self::Holidays => "holidays",
            Self::Configuration => "configuration",
        }
    }

    /// What has happened, in half a sentence.
    pub fn headline(self) -> &'static str {
        match self {
            Self::Mailbox => "the mailbox cannot be read",
            Self::SignIn => "no access token is given",
            Self::Outbox => "letters cannot be sent",
            Self::Store => "the database cannot be used",
            Self::Database => "the room for the database runs out",
            Self::Holidays => "the list of holidays runs out",
            Self::Configuration => "a changed configuration was refused",
        }
    }

    /// What it means, and what to do.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Mailbox => {
                "Nothing is escalated until the mailbox can be read; deadlines are then judged by the time at which \
                 the server received each mail. Run `followupd check`."
            }
            Self::SignIn => {
                "The present token serves until it ends; then mail is neither read nor sent. Run `followupd check`: \
                 it says which part of [oauth2] has to be mended. A new secret is taken up by itself."
            }
            Self::Outbox => {
                "Letters wait and are tried again for five days. Run `followupd check`, and `followupd status` to see \
                 how many wait."
            }
            Self::Store => {
                "Nothing is taken in, escalated or sent until it can be used; then everything goes on as after a start. \
                 See that the database server runs, or that the file and its disk are sound."
            }
            Self::Database => {
                "When the disk is full nothing more is taken in or sent. Make room on the disk of the database; an \
                 upgrade and a backup need as much again as the database itself."
            }
            Self::Holidays => {
                "Dates that lie behind the list would count holidays as working days. Hold config/holidays.toml \
                 against the published list, add what is missing and raise verified_to."
            }
            Self::Configuration => {
                "The last good configuration stays in use. Run `followupd check --offline`: it names every fault."
            }
        }
    }

    /// Whether mail is what is broken, so that a mail would not tell of it.
    pub fn concerns_mail(self) -> bool {
        match self {
            Self::Mailbox | Self::SignIn | Self::Outbox => true,
            Self::Store | Self::Database | Self::Holidays | Self::Configuration => false,
        }
    }
}

/// Something that needs an operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// What it is about.
    pub kind: AlertKind,
    /// What was found.
    pub text: String,
}

/// What only the surroundings of the store can tell.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// Why the disk of the database is nearly full.
    pub disk: Option<String>,
    /// Why the list of holidays runs out.
    pub holidays: Option<String>,
}

/// Whether an alert has begun or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is new.
    Raised,
    /// What was told before is over.
    Over,
}

/// An alert that is to be told now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// What it is about.
    pub kind: AlertKind,
    /// Whether it begins or ends.
    pub turn: Turn,
    /// What was found when it began.
    pub text: String,
    /// When it began.
    pub since: DateTime<Utc>,
}

/// What the store holds of an alert.
#[derive(Debug, Serialize, Deserialize)]
struct Standing {
    since: DateTime<Utc>,
    text: String,
    told: bool,
}

fn key(kind: AlertKind) -> String {
    format!("alert:{}", kind.name())
}

impl Engine {
    /// Everything that needs an operator at `now`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn alerts(&self, around: &Surroundings, now: DateTime<Utc>) -> Result<Vec<Alert>> {
        let health = self.health(now).await?;
        let mut tx = self.store().begin().await?;
        let mailbox = lasting(&mut tx, "mailbox", PASSING, now).await?;
        let outbox = lasting(&mut tx, "outbox", PASSING, now).await?;
        let sign_in = lasting(&mut tx, "sign-in", PASSING_TOKEN, now).await?;
        let configuration = lasting(&mut tx, "configuration", 0, now).await?;
        tx.commit().await?;
        let unseen = health.mailbox.is_overdue.then(|| match &health.mailbox.last_look {
            Some(at) => format!("It was last looked at on {at}, more than {MAILBOX_LIMIT} minutes ago."),
            None => "It was never looked at.".to_owned(),
        });
        let stuck = health.queue.is_overdue.then(|| {
            format!(
                "{} letters wait, the oldest beyond its time for more than {QUEUE_LIMIT} minutes.",
                health.queue.waiting
            )
        });
        let found = [
            (AlertKind::Mailbox, mailbox.or(unseen)),
            (AlertKind::SignIn, sign_in),
            (AlertKind::Outbox, outbox.or(stuck.filter(|_| !health.paused))),
            (AlertKind::Database, around.disk.clone()),
            (AlertKind::Holidays, around.holidays.clone()),
            (AlertKind::Configuration, configuration),
        ];
        Ok(found.into_iter().filter_map(|(kind, text)| Some(Alert { kind, text: text? })).collect())
    }

    /// Of what needs an operator now, and of what did before, that which has not been told yet.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn alerts_to_tell(&self, current: &[Alert], now: DateTime<Utc>) -> Result<Vec<Telling>> {
        let mut tellings = Vec::new();
        let mut tx = self.store().begin().await?;
        for kind in AlertKind::ALL {
            let standing = standing(&mut tx, kind).await?;
            let alert = current.iter().find(|alert| alert.kind == kind);
            match (alert, standing) {
                (Some(alert), None) => {
                    let (since, text) = (now, alert.text.clone());
                    keep(&mut tx, kind, &Standing { since, text: text.clone(), told: false }).await?;
                    tellings.push(Telling { kind, turn: Turn::Raised, text, since });
                }
                (Some(_), Some(Standing { told: false, since, text })) => {
                    tellings.push(Telling { kind, turn: Turn::Raised, text, since });
                }
                (None, Some(Standing { told: true, since, text })) => {
                    tellings.push(Telling { kind, turn: Turn::Over, text, since });
                }
                // It mended itself before anybody could be told.
                (None, Some(_)) => tx.set_mark(&key(kind), "").await?,
                (Some(_), Some(_)) | (None, None) => {}
            }
        }
        tx.commit().await?;
        Ok(tellings)
    }

    /// Notes that an alert was told.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_told(&self, telling: &Telling) -> Result<()> {
        let mut tx = self.store().begin().await?;
        match telling.turn {
            Turn::Raised => {
                let (since, text) = (telling.since, telling.text.clone());
                keep(&mut tx, telling.kind, &Standing { since, text, told: true }).await?;
            }
            Turn::Over => tx.set_mark(&key(telling.kind), "").await?,
        }
        tx.commit().await
    }

    /// The alerts that stand, by kind.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn standing_alerts(&self) -> Result<Vec<AlertKind>> {
        let mut tx = self.store().begin().await?;
        let mut kinds = Vec::new();
        for kind in AlertKind::ALL {
            kinds.extend(standing(&mut tx, kind).await?.map(|_| kind));
        }
        tx.commit().await?;
        Ok(kinds)
    }
}

/// What is wrong with a part when it has been so for a while.
async fn lasting(tx: &mut Tx, part: &str, minutes: i64, now: DateTime<Utc>) -> Result<Option<String>> {
    let Some(what) = tx.mark(&format!("trouble:{part}")).await?.filter(|what| !what.is_empty()) else {
        return Ok(None);
    };
    let since = tx.instant_mark(&format!("trouble_since:{part}")).await?;
    Ok(since.is_none_or(|since| now - since >= Duration::minutes(minutes)).then_some(what))
}

async fn standing(tx: &mut Tx, kind: AlertKind) -> Result<Option<Standing>> {
    let mark = tx.mark(&key(kind)).await?.filter(|mark| !mark.is_empty());
    mark.map(|mark| serde_json::from_str(&mark).context("Cannot read an alert that stands")).transpose()
}

async fn keep(tx: &mut Tx, kind: AlertKind, standing: &Standing) -> Result<()> {
    tx.set_mark(&key(kind), &serde_json::to_string(standing).context("Cannot write an alert")?).await
}
