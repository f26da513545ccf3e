//! A copy of the database in one file, made while others write to it. Never overwrites a file; leaves none half-written.

use super::open::file_of;
use super::{Backend, Store};
use anyhow::{Context, Result, bail};
use sqlx::AssertSqlSafe;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Copies the database at `url` into a new file, mode 0600. How many bytes it takes.
///
/// SQLite writes a database that can be put in the place of the old one. For PostgreSQL `pg_dump` writes an archive for
/// `pg_restore`.
///
/// # Errors
/// When the file is there already or cannot be written, or the database cannot be read.
pub async fn write(url: &str, file: &Path) -> Result<u64> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        bail!("There is no folder {}; make it first, readable for the service's user alone", folder.display());
    }
    // Made first, so that nobody else can read it at any time.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("Cannot make the file {} (a backup overwrites nothing)", file.display()))?;
    let written = match Backend::of(url) {
        Backend::Sqlite => copy_sqlite(url, file).await,
        Backend::Postgres => dump_postgres(url, file).await,
    };
    let size = written.and_then(|()| Ok(std::fs::metadata(file)?.len()));
    if size.is_err() {
        drop(std::fs::remove_file(file));
    }
    size
}

async fn copy_sqlite(url: &str, file: &Path) -> Result<()> {
    let store = Store::open_in_any_version(url).await?;
    let done = store.copy_to(file).await;
    store.close().await;
    done
}

impl Store {
    /// One statement, one snapshot: readers and writers go on.
    pub(super) async fn copy_to(&self, file: &Path) -> Result<()> {
        let name = file.to_str().context("The name of the backup is no text")?.replace('\'', "''");
        sqlx::query(AssertSqlSafe(format!("VACUUM INTO '{name}'")))
            .execute(&self.pool)
            .await
            .with_context(|| format!("Cannot copy the database to {}", file.display()))?;
        std::fs::File::open(file).and_then(|copy| copy.sync_all()).context("Cannot write the backup to disk")
    }
}

/// The password goes by the environment: arguments are seen by everybody on the machine.
async fn dump_postgres(url: &str, file: &Path) -> Result<()> {
    let (url, password) = without_password(url)?;
    let mut command = tokio::process::Command::new("pg_dump");
    command.arg("--format=custom").arg("--no-owner").arg("--file").arg(file).arg("--dbname").arg(url);
    command.envs(password.map(|password| ("PGPASSWORD", password)));
    let done = command.stdin(Stdio::null()).kill_on_drop(true).output().await.context(
        "Cannot run pg_dump, which makes the backups of a PostgreSQL database; install postgresql-client, or back the \
         database up on its server",
    )?;
    if !done.status.success() {
        bail!("pg_dump failed: {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(())
}

fn without_password(url: &str) -> Result<(String, Option<String>)> {
    let mut parsed: reqwest::Url = url.parse().context("Cannot read store.url")?;
    let password = parsed.password().map(ToOwned::to_owned);
    if parsed.set_password(None).is_err() {
        bail!("store.url names no server");
    }
    let plain = password.map(|password| percent_decoded(&password));
    Ok((parsed.to_string(), plain))
}

fn percent_decoded(text: &str) -> String {
    let form = format!("x:?p={}", text.replace('+', "%2B"));
    let parsed = form.parse::<reqwest::Url>().ok();
    parsed
        .and_then(|url| url.query_pairs().next().map(|(_, value)| value.into_owned()))
        .unwrap_or_else(|| text.to_owned())
}

/// Where the copy from before an upgrade lies: beside the database, named by the schema that it holds.
pub(super) fn before_upgrade(url: &str, schema: i64) -> PathBuf {
    PathBuf::from(format!("{}.schema-{schema}", file_of(url).unwrap_or_default().display()))
}
