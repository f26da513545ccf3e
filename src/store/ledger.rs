//! Small facts about the service itself: runs of house-keeping, marks, counts.

use super::{Tx, instant, millis};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use sqlx::Row;
use std::collections::BTreeMap;

/// Numbers for `status` and the health line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Follow-ups by stage.
    pub follow_ups: BTreeMap<String, i64>,
    /// Deliveries by state.
    pub deliveries: BTreeMap<String, i64>,
    /// Messages by state.
    pub messages: BTreeMap<String, i64>,
    /// The oldest delivery that still waits and was due.
    pub oldest_waiting: Option<DateTime<Utc>>,
    /// The next instant at which a follow-up is due for something.
    pub next_wake: Option<DateTime<Utc>>,
}

impl Tx {
    /// A mark by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mark(&mut self, key: &str) -> Result<Option<String>> {
        if let Some(known) = self.read.marks.get(key) {
            return Ok(known.clone());
        }
        let row = sqlx::query("SELECT value FROM meta WHERE key = $1")
            .bind(key)
            .fetch_optional(self.aside())
            .await
            .context("Cannot read a mark")?;
        let value = row.map(|r| r.try_get::<String, _>(0)).transpose().context("Cannot read a mark")?;
        self.read.marks.insert(key.to_owned(), value.clone());
        Ok(value)
    }

    /// Sets a mark.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_mark(&mut self, key: &str, value: &str) -> Result<()> {
        sqlx::query("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2")
            .bind(key)
            .bind(value)
            .execute(self.aside())
            .await
            .context("Cannot set a mark")?;
        self.read.marks.insert(key.to_owned(), Some(value.to_owned()));
        Ok(())
    }

    /// A mark that holds an instant.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn instant_mark(&mut self, key: &str) -> Result<Option<DateTime<Utc>>> {
        Ok(self.mark(key).await?.and_then(|v| v.parse::<i64>().ok()).map(instant))
    }

    /// Sets a mark to an instant.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn set_instant_mark(&mut self, key: &str, at: DateTime<Utc>) -> Result<()> {
        self.set_mark(key, &millis(at).to_string()).await
    }

    /// Notes that a piece of house-keeping ran for its due time; false when it had run already.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn claim_run(&mut self, job: &str, due_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool> {
        let done = sqlx::query("INSERT INTO job_run (job, due_at, done_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(job)
            .bind(millis(due_at))
            .bind(millis(now))
            .execute(self.conn().await?)
            .await
            .context("Cannot claim a run")?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether a piece of house-keeping ran for its due time.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_run(&mut self, job: &str, due_at: DateTime<Utc>) -> Result<bool> {
        let row = sqlx::query("SELECT COUNT(*) FROM job_run WHERE job = $1 AND due_at = $2")
            .bind(job)
            .bind(millis(due_at))
            .fetch_one(self.conn().await?)
            .await
            .context("Cannot read a run")?;
        Ok(row.try_get::<i64, _>(0).context("Cannot read a count")? > 0)
    }

    /// The next instant after `now` at which a follow-up is due for something.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn next_wake(&mut self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
        let row = sqlx::query("SELECT MIN(at) FROM (SELECT MIN(wake_at) AS at FROM follow_up WHERE wake_at > $1 UNION ALL SELECT MIN(wake_at) FROM case_file WHERE wake_at > $1) AS next")
            .bind(millis(now))
            .fetch_one(self.conn().await?)
            .await
            .context("Cannot read an instant")?;
        let value: Option<i64> = row.try_get(0).context("Cannot read an instant")?;
        Ok(value.map(instant))
    }

    /// Numbers for `status`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn counts(&mut self) -> Result<Counts> {
        let follow_ups = self.grouped("SELECT stage, COUNT(*) FROM follow_up GROUP BY stage").await?;
        let deliveries = self.grouped("SELECT state, COUNT(*) FROM delivery GROUP BY state").await?;
        let messages = self.grouped("SELECT state, COUNT(*) FROM message GROUP BY state").await?;
        let oldest = self
            .smallest("SELECT MIN(next_at) FROM delivery WHERE state IN ('queued', 'deferred', 'sending', 'dot')")
            .await?;
        let next = self.smallest("SELECT MIN(wake_at) FROM follow_up").await?;
        Ok(Counts { follow_ups, deliveries, messages, oldest_waiting: oldest, next_wake: next })
    }

    async fn grouped(&mut self, sql: &'static str) -> Result<BTreeMap<String, i64>> {
        let rows = sqlx::query(sql).fetch_all(self.conn().await?).await.context("Cannot count")?;
        rows.iter()
            .map(|r| Ok((r.try_get(0).context("Cannot read a name")?, r.try_get(1).context("Cannot read a count")?)))
            .collect()
    }

    async fn smallest(&mut self, sql: &'static str) -> Result<Option<DateTime<Utc>>> {
        let row = sqlx::query(sql).fetch_one(self.conn().await?).await.context("Cannot read an instant")?;
        let value: Option<i64> = row.try_get(0).context("Cannot read an instant")?;
        Ok(value.map(instant))
    }
}
