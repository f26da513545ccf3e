//! The store: everything that must survive. The only place with SQL; one text for SQLite and PostgreSQL.
//!
//! A [`Tx`] is one transaction with domain verbs; what is decided, the letters it causes and the journal are
//! committed together or not at all. Nothing here decides anything.

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
mod people;
mod places;
mod retention;
mod returns;
mod shadow;
mod uncertain;

pub use cases::Loaded;
pub use confirmations::{LAPSES_AFTER, Needs, Pending};
pub use journal::{JournalEntry, JournalRow};
pub use lease::{LeaseLost, is_lease_lost};
pub use ledger::Counts;
pub use letters::{DeliveryLine, DeliveryState, LetterRow, NewLetter, Part, Waiting};
pub use messages::{MessageRow, MessageState, Outcome, Place, message_id};
pub use people::LearnedPerson;
pub use places::Incoming;
pub use retention::{Removed, Unmatched};
pub use returns::Recorded;

use crate::core::case::CaseId;
use crate::core::id::FollowUpId;
use anyhow::{Context, Result, bail};
use chrono::{DateTime, TimeZone, Utc};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, AnyPool, AssertSqlSafe, Executor, Row, SqlStr, Transaction};
use std::collections::HashMap;
use std::str::FromStr;
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

const MIGRATIONS: [(i64, &str, &str); 7] = [
    (1, "start", include_str!("../../migrations/0001_start.sql")),
    (2, "whole case", include_str!("../../migrations/0002_whole_case.sql")),
    (3, "shadow", include_str!("../../migrations/0003_shadow.sql")),
    (4, "unattended", include_str!("../../migrations/0004_unattended.sql")),
    (5, "figures", include_str!("../../migrations/0005_figures.sql")),
    (6, "not known", include_str!("../../migrations/0006_not_known.sql")),
    (7, "endings", include_str!("../../migrations/0007_endings.sql")),
];

impl Store {
    /// Opens the database at `sqlite:PATH`, `sqlite::memory:` or `postgres://…`, and brings its tables up to date.
    ///
    /// # Errors
    /// When it cannot be reached or created, or was written by a newer version of the program.
    pub async fn open(url: &str) -> Result<Self> {
        let store = Self::open_as_it_is(url).await?;
        store.back_up_before_upgrade(url).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// The same without touching the tables.
    async fn open_as_it_is(url: &str) -> Result<Self> {
        install_default_drivers();
        let backend = Backend::of(url);
        let url = match backend {
            Backend::Sqlite => prepare_sqlite(url)?,
            Backend::Postgres => url.to_owned(),
        };
        let options = AnyConnectOptions::from_str(&url).context("Cannot read store.url")?;
        let pool = pool_options(backend).connect_with(options).await.context("Cannot open the database")?;
        Ok(Self { pool, backend, epoch: Arc::default() })
    }

    /// An upgrade changes tables: before it the database is copied to a file beside it. With PostgreSQL the operators
    /// make the copy.
    async fn back_up_before_upgrade(&self, url: &str) -> Result<()> {
        let newest = MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or(0);
        let schema = self.schema().await;
        if self.backend == Backend::Postgres || schema == 0 || schema >= newest {
            return Ok(());
        }
        let file = backup::before_upgrade(url, schema);
        if file.exists() {
            return Ok(());
        }
        create_for_the_owner(&file)?;
        self.copy_to(&file).await.context("Cannot make the backup that goes before an upgrade")?;
        tracing::warn!(file = %file.display(), "The database is upgraded; a copy of the old one was made");
        Ok(())
    }

    /// The newest migration that the database has had; 0 for an empty one.
    async fn schema(&self) -> i64 {
        let row = sqlx::query("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(&self.pool).await;
        row.ok().and_then(|row| row.try_get::<Option<i64>, _>(0).ok().flatten()).unwrap_or(0)
    }

    async fn migrate(&self) -> Result<()> {
        let migrations = MIGRATIONS
            .into_iter()
            .map(|(version, name, sql)| {
                Migration::new(version, name.into(), MigrationType::Simple, SqlStr::from_static(sql), false)
            })
            .collect();
        match Migrator::with_migrations(migrations).run(&self.pool).await {
            Ok(()) => Ok(()),
            Err(sqlx::migrate::MigrateError::VersionMissing(version)) => bail!(
                "The database was written by a newer version of followupd (its schema {version} is unknown here). Run that version, or restore the backup that it made before it upgraded."
            ),
            Err(error) => Err(error).context("Cannot bring the database's tables up to date"),
        }
    }

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

/// One writer on SQLite (there is only ever one), a few connections on PostgreSQL. The rollback after each release
/// keeps a cancelled `begin` from leaving its transaction open in the pool.
fn pool_options(backend: Backend) -> AnyPoolOptions {
    match backend {
        Backend::Sqlite => {
            AnyPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None).after_connect(
                |connection, _| {
                    Box::pin(async move {
                        for pragma in [
                            "PRAGMA journal_mode=WAL",
                            "PRAGMA synchronous=FULL",
                            "PRAGMA foreign_keys=ON",
                            "PRAGMA busy_timeout=5000",
                            // What is erased is overwritten, not only unlinked.
                            "PRAGMA secure_delete=ON",
                            // 8 MB: the rows of very many open follow-ups, without reading them from the file again.
                            "PRAGMA cache_size=-8000",
                        ] {
                            connection.execute(pragma).await?;
                        }
                        Ok(())
                    })
                },
            )
        }
        Backend::Postgres => AnyPoolOptions::new()
            .max_connections(4)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    // The server would warn of each rollback below that finds nothing to undo.
                    connection.execute("SET client_min_messages = error").await?;
                    // A node that hangs in the middle must not keep another from taking over.
                    connection.execute("SET idle_in_transaction_session_timeout = '10s'").await?;
                    Ok(())
                })
            })
            .after_release(|connection, _| {
                Box::pin(async move {
                    connection.execute("ROLLBACK").await?;
                    Ok(true)
                })
            }),
    }
}

/// Creates the folder of the database file and asks for the file to be created.
fn prepare_sqlite(url: &str) -> Result<String> {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    if path == ":memory:" {
        return Ok("sqlite::memory:".to_owned());
    }
    let path = path.strip_prefix("//").unwrap_or(path);
    if let Some(folder) = std::path::Path::new(path).parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("Cannot create the folder {} of the database", folder.display()))?;
    }
    create_for_the_owner(std::path::Path::new(path))?;
    Ok(format!("sqlite:{path}?mode=rwc"))
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

/// A database about children is read by its owner alone; SQLite gives the files beside it the same mode.
fn create_for_the_owner(path: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    if path.exists() {
        return Ok(());
    }
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("Cannot create the database {}", path.display()))?;
    Ok(())
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
