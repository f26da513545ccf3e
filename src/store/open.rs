//! Opening a database: made and upgraded by the service, only read and written by the commands beside it.

use super::{Backend, MIGRATIONS, Store, backup};
use anyhow::{Context, Result};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, Connection, Executor, Row, SqlStr};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Why a database is not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// There is none.
    #[error(
        "There is no database at {place}. Has the service run with this configuration? A relative path in store.url begins at the folder that the command is started in."
    )]
    Missing {
        /// Where it was looked for.
        place: String,
    },
    /// There is one without tables.
    #[error(
        "The database at {place} is empty: the service has not run on it. Correct store.url, or start the service."
    )]
    Empty {
        /// Where it is.
        place: String,
    },
    /// Some other file.
    #[error(
        "{place} is no database, or a damaged one ({why}). Correct store.url, or put the last backup in its place while the service is stopped."
    )]
    Damaged {
        /// Where it is.
        place: String,
        /// What SQLite says.
        why: String,
    },
    /// Tables of an earlier version.
    #[error(
        "The database is of an earlier version of followupd (its schema is {schema}, this program knows {newest}). Starting the service upgrades it, after a copy; until then use the program that wrote it."
    )]
    Earlier {
        /// Theirs.
        schema: i64,
        /// Ours.
        newest: i64,
    },
    /// Tables of a later version.
    #[error(
        "The database was written by a newer version of followupd (its schema {schema} is unknown here). Run that version, or restore the backup that it made before it upgraded."
    )]
    Newer {
        /// Theirs.
        schema: i64,
    },
}

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

    /// Opens the database of a service that has run, for a command beside it: neither makes nor upgrades it, for the
    /// service may be running on it, and a mistyped path is not to look like an empty register.
    ///
    /// # Errors
    /// When there is none, it cannot be reached, or its tables are of another version of the program: [`Unopened`].
    pub async fn open_existing(url: &str) -> Result<Self> {
        let store = Self::open_in_any_version(url).await?;
        let (schema, newest) = (store.schema().await, newest_schema());
        if schema == newest {
            return Ok(store);
        }
        store.close().await;
        let place = file_of(url).map_or_else(|| "store.url".to_owned(), |file| absolute(&file));
        Err(match schema {
            0 => Unopened::Empty { place },
            _ if schema > newest => Unopened::Newer { schema },
            _ => Unopened::Earlier { schema, newest },
        }
        .into())
    }

    /// The same for a copy: whatever version its tables are of.
    pub(super) async fn open_in_any_version(url: &str) -> Result<Self> {
        match file_of(url).filter(|file| !file.exists()) {
            Some(file) => Err(Unopened::Missing { place: absolute(&file) }.into()),
            None => Self::open_as_it_is(url).await,
        }
    }

    /// Opens it without touching its tables.
    async fn open_as_it_is(url: &str) -> Result<Self> {
        install_default_drivers();
        let backend = Backend::of(url);
        let whole = match backend {
            Backend::Sqlite => prepare_sqlite(url)?,
            Backend::Postgres => url.to_owned(),
        };
        let options = AnyConnectOptions::from_str(&whole).context("Cannot read store.url")?;
        if let Some(file) = file_of(url) {
            read_head(options.clone(), &file).await?;
        }
        let pool = pool_options(backend).connect_with(options).await.context("Cannot open the database")?;
        Ok(Self { pool, backend, epoch: Arc::default() })
    }

    /// An upgrade changes tables: before it the database is copied to a file beside it. With PostgreSQL the operators
    /// make the copy.
    async fn back_up_before_upgrade(&self, url: &str) -> Result<()> {
        let schema = self.schema().await;
        if self.backend == Backend::Postgres || schema == 0 || schema >= newest_schema() {
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
            Err(sqlx::migrate::MigrateError::VersionMissing(schema)) => Err(Unopened::Newer { schema }.into()),
            Err(error) => Err(error).context("Cannot bring the database's tables up to date"),
        }
    }
}

fn newest_schema() -> i64 {
    MIGRATIONS.iter().map(|(version, ..)| *version).max().unwrap_or(0)
}

/// The file of an embedded database; none in memory and on a server.
pub(super) fn file_of(url: &str) -> Option<PathBuf> {
    if Backend::of(url) == Backend::Postgres {
        return None;
    }
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = path.strip_prefix("//").unwrap_or(path);
    (path != ":memory:").then(|| PathBuf::from(path.split('?').next().unwrap_or(path)))
}

fn absolute(file: &Path) -> String {
    std::path::absolute(file).unwrap_or_else(|_| file.to_owned()).display().to_string()
}

/// What is no database is told as such; the pool would try for half a minute and then say that time was up.
async fn read_head(options: AnyConnectOptions, file: &Path) -> Result<()> {
    let damaged = |error: sqlx::Error| Unopened::Damaged { place: absolute(file), why: error.to_string() };
    let is_damage = |error: &sqlx::Error| {
        // SQLITE_CORRUPT and SQLITE_NOTADB, with what they say more in the upper bytes.
        let code = error.as_database_error().and_then(|told| told.code()?.parse::<u32>().ok());
        code.is_some_and(|code| matches!(code & 0xff, 11 | 26))
    };
    let head = async {
        let mut connection = AnyConnection::connect_with(&options).await?;
        connection.execute("PRAGMA schema_version").await?;
        connection.close().await
    };
    match head.await {
        Ok(()) => Ok(()),
        Err(error) if is_damage(&error) => Err(damaged(error).into()),
        Err(error) => Err(error).with_context(|| format!("Cannot open the database {}", absolute(file))),
    }
}

/// While nobody listens at the server's port a connection is tried again for so long, in silence. Well below the time for
/// which a lease holds: an outage is told and waited for, before this node takes itself to lead no longer.
const NOTICED_AFTER: Duration = Duration::from_secs(4);

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
            .acquire_timeout(NOTICED_AFTER)
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
    let Some(file) = file_of(url) else { return Ok("sqlite::memory:".to_owned()) };
    if let Some(folder) = file.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("Cannot create the folder {} of the database", folder.display()))?;
    }
    create_for_the_owner(&file)?;
    Ok(format!("sqlite:{}?mode=rwc", file.display()))
}

/// A database about children is read by its owner alone; SQLite gives the files beside it the same mode.
fn create_for_the_owner(path: &Path) -> Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn unopened(url: &str) -> Unopened {
        Store::open_existing(url).await.unwrap_err().downcast().unwrap()
    }

    #[tokio::test]
    async fn a_command_beside_the_service_makes_no_database_and_upgrades_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("no/where.db");
        let url = format!("sqlite:{}", file.display());
        assert!(matches!(unopened(&url).await, Unopened::Missing { place } if place.ends_with("no/where.db")));
        assert!(!file.parent().unwrap().exists());

        Store::open(&url).await.unwrap().close().await;
        let store = Store::open_existing(&url).await.unwrap();
        store.pool.execute("DELETE FROM _sqlx_migrations WHERE version > 1").await.unwrap();
        store.close().await;
        assert_eq!(unopened(&url).await, Unopened::Earlier { schema: 1, newest: newest_schema() });

        std::fs::write(&file, "").unwrap();
        assert!(matches!(unopened(&url).await, Unopened::Empty { .. }));
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_told_at_once_by_the_service_and_by_commands() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rubbish.db");
        std::fs::write(&file, "rubbish".repeat(1000)).unwrap();
        let url = format!("sqlite:{}", file.display());
        assert!(matches!(unopened(&url).await, Unopened::Damaged { why, .. } if why.contains("not a database")));
        let told = Store::open(&url).await.unwrap_err();
        assert!(told.to_string().contains("put the last backup in its place"), "{told}");
    }
}
