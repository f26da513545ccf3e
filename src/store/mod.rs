//! The store: everything that must survive. The only place with SQL; one text for SQLite and PostgreSQL.
//!
//! A [`Tx`] is one transaction with domain verbs; what is decided, the letters it causes and the journal are
//! committed together or not at all. Nothing here decides anything.

mod about;
mod aliases;
mod attempts;
pub mod backup;
mod cases;
mod confirmations;
mod copy;
mod dossier;
mod drafts;
pub mod figures;
mod held;
mod journal;
mod lease;
mod ledger;
mod letters;
mod messages;
mod open;
mod people;
mod places;
mod retention;
mod returns;
mod shadow;
mod threads;
mod uncertain;

pub use cases::Loaded;
pub use confirmations::{LAPSES_AFTER, Needs, Pending};
pub use journal::{JournalEntry, JournalRow};
pub use lease::{LeaseLost, is_lease_lost};
pub use ledger::Counts;
pub use letters::{DeliveryLine, DeliveryState, LetterRow, NewLetter, Part, Waiting};
pub use messages::{MessageRow, MessageState, Outcome, Place, message_id};
pub use open::Unopened;
pub use people::LearnedPerson;
pub use places::Incoming;
pub use retention::{Removed, Unmatched};
pub use returns::Recorded;

use crate::core::case::CaseId;
use crate::core::id::FollowUpId;
use anyhow::{Context, Result};
use chrono::{DateTime, TimeZone, Utc};
use sqlx::{Any, AnyPool, AssertSqlSafe, Executor, Row, Transaction};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Which database stands behind; the few statements that differ ask this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The embedded default.
    Sqlite,
    /// For several nodes.
    Postgres,
}

impl Backend {
    fn of(url: &str) -> Self {
        if url.starts_with("postgres") { Self::Postgres } else { Self::Sqlite }
    }
}

/// An open database.
#[derive(Debug, Clone)]
pub struct Store {
    pool: AnyPool,
    backend: Backend,
    /// While this node leads among several: under which epoch; 0 when nothing has to be held.
    epoch: Arc<AtomicI64>,
}

/// One transaction. Dropping it undoes everything.
pub struct Tx {
    inner: Transaction<'static, Any>,
    read: Read,
}

/// What this transaction has read or written and need not read again. On SQLite nobody else writes meanwhile; on
/// PostgreSQL a case's version, and the journal's key, find out when somebody has.
#[derive(Default)]
struct Read {
    cases: HashMap<CaseId, Loaded>,
    case_of: HashMap<FollowUpId, CaseId>,
    journal_end: Option<(i64, String)>,
}

const MIGRATIONS: [(i64, &str, &str); 9] = [
    (1, "start", include_str!("../../migrations/0001_start.sql")),
    (2, "whole case", include_str!("../../migrations/0002_whole_case.sql")),
    (3, "shadow", include_str!("../../migrations/0003_shadow.sql")),
    (4, "unattended", include_str!("../../migrations/0004_unattended.sql")),
    (5, "figures", include_str!("../../migrations/0005_figures.sql")),
    (6, "not known", include_str!("../../migrations/0006_not_known.sql")),
    (7, "endings", include_str!("../../migrations/0007_endings.sql")),
    (8, "returned", include_str!("../../migrations/0008_returned.sql")),
    (9, "about", include_str!("../../migrations/0009_about.sql")),
];

impl Store {
    /// Begins a transaction. On SQLite it takes the write lock at once, for a deferred one that reads first fails
    /// when another has written.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn begin(&self) -> Result<Tx> {
        let inner = match self.backend {
            Backend::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await,
            Backend::Postgres => self.pool.begin().await,
        };
        let mut tx = Tx { inner: inner.context("Cannot begin a transaction")?, read: Read::default() };
        let epoch = self.epoch.load(Ordering::SeqCst);
        if epoch != 0 {
            tx.hold_lead(epoch).await?;
        }
        Ok(tx)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn try_out(&self) -> Result<()> {
        self.begin().await?.commit().await
    }

    /// What is wrong with the database file, as SQLite's own check tells it; PostgreSQL looks after itself.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn faults(&self) -> Result<Vec<String>> {
        if self.backend == Backend::Postgres {
            return Ok(Vec::new());
        }
        let rows = sqlx::query("PRAGMA integrity_check").fetch_all(&self.pool).await;
        let told = rows
            .context("Cannot check the database")?
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<Vec<String>, _>>();
        Ok(told.context("Cannot read what the check says")?.into_iter().filter(|line| line != "ok").collect())
    }

    /// Takes what was erased out of SQLite's write-ahead log too, as far as no reader stands in the way; PostgreSQL
    /// does so by itself in time (vacuum).
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn scrub(&self) -> Result<()> {
        if self.backend == Backend::Sqlite {
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                .fetch_all(&self.pool)
                .await
                .context("Cannot scrub the log")?;
        }
        Ok(())
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// Ends all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl Tx {
    /// Makes everything done in this transaction durable.
    ///
    /// # Errors
    /// When the database refuses; then nothing has happened.
    pub async fn commit(self) -> Result<()> {
        self.inner.commit().await.context("Cannot commit")
    }

    /// Marks a place to return to, so that one bad message does not undo its neighbours.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn savepoint(&mut self) -> Result<()> {
        self.inner.execute("SAVEPOINT one").await.context("Cannot set a savepoint")?;
        Ok(())
    }

    /// Undoes everything since the savepoint.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn undo_to_savepoint(&mut self) -> Result<()> {
        self.inner.execute("ROLLBACK TO SAVEPOINT one").await.context("Cannot return to the savepoint")?;
        self.read = Read::default();
        Ok(())
    }

    /// Forgets the savepoint and keeps what was done since.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn release_savepoint(&mut self) -> Result<()> {
        self.inner.execute("RELEASE SAVEPOINT one").await.context("Cannot release the savepoint")?;
        Ok(())
    }
}

/// Whether a failure comes from a database that cannot be used just now (unreachable, shutting down, locked, full),
/// so that the same step may succeed later; any other failure would come back.
pub fn is_passing(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref()).any(|cause: &sqlx::Error| {
        use sqlx::Error::{Io, PoolTimedOut, Tls, WorkerCrashed};
        let code = cause.as_database_error().and_then(|told| told.code());
        matches!(cause, Io(_) | Tls(_) | PoolTimedOut | WorkerCrashed) || code.is_some_and(|c| is_passing_code(&c))
    })
}

/// PostgreSQL: connection exceptions, a transaction that hung too long, insufficient resources, shutdown or start (no code of SQLite has five letters). SQLite, in the low byte: busy,
/// locked, I/O error, full.
fn is_passing_code(code: &str) -> bool {
    match code.parse::<u32>() {
        Ok(number) if code.len() != 5 => matches!(number & 0xff, 5 | 6 | 10 | 13),
        _ => ["08", "25P03", "53", "57P"].iter().any(|class| code.starts_with(class)),
    }
}

/// An instant as it is stored: milliseconds since 1970, UTC.
fn millis(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// The instant of a stored number.
fn instant(millis: i64) -> DateTime<Utc> {
    Utc.timestamp_millis_opt(millis).single().unwrap_or(DateTime::UNIX_EPOCH)
}

/// A closed set of names in a column: text ⇄ enum, held by a round-trip test.
fn name_of<T: serde::Serialize>(value: &T) -> Result<String> {
    let value = serde_json::to_value(value).context("Cannot write an enum")?;
    value.as_str().map(ToOwned::to_owned).context("An enum with content has no plain name")
}

/// The value with this name.
fn from_name<T: serde::de::DeserializeOwned>(name: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned()))
        .with_context(|| format!("The database holds an unknown name '{name}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_away_busy_or_full_is_waited_for_and_a_wrong_statement_is_not() {
        let table = [
            ("57P01", true),
            ("08006", true),
            ("53300", true),
            ("5", true),
            ("261", true),
            ("13", true),
            ("23505", false),
            ("42P01", false),
            ("1", false),
            ("1555", false),
        ];
        for (code, expected) in table {
            assert_eq!(is_passing_code(code), expected, "{code}");
        }
    }
}
