//! Who leads when several nodes share a PostgreSQL database. The database's own clock decides, so that nodes whose
//! clocks differ agree; the epoch fences off a node that does not know yet that it leads no longer.

use super::{Backend, Store};
use anyhow::{Context, Result, bail};
use sqlx::Row;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// The role of the node that reads, decides and sends.
const LEADER: &str = "leader";

/// Another node leads; nothing of this transaction has happened.
#[derive(Debug, thiserror::Error)]
#[error("Another node has taken the lead; this one writes nothing more")]
pub struct LeaseLost;

/// Whether a failure means that another node has taken the lead.
pub fn is_lease_lost(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.is::<LeaseLost>())
}

/// Milliseconds since 1970 by the database's clock.
const NOW: &str = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

impl Store {
    /// Takes the lead when nobody has it, or its lease has run out; whether this node leads. From then on every
    /// transaction of this store holds that it still does. On SQLite the only node leads.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn try_to_lead(&self, holder: &str, length: Duration) -> Result<bool> {
        if self.backend == Backend::Sqlite {
            return Ok(true);
        }
        let sql = format!(
            "INSERT INTO lease (name, holder, epoch, ends_at) VALUES ($1, $2, 1, {NOW} + $3) ON CONFLICT (name) DO UPDATE SET holder = $2, epoch = lease.epoch + 1, ends_at = {NOW} + $3 WHERE lease.ends_at <= {NOW} RETURNING epoch"
        );
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(LEADER)
            .bind(holder)
            .bind(milliseconds(length))
            .fetch_optional(&self.pool)
            .await
            .context("Cannot ask who leads")?;
        let Some(row) = row else { return Ok(false) };
        let epoch: i64 = row.try_get(0).context("Cannot read an epoch")?;
        self.epoch.store(epoch, Ordering::SeqCst);
        Ok(true)
    }

    /// Goes on leading for another while.
    ///
    /// # Errors
    /// [`LeaseLost`] when another node leads, or when the database cannot be reached or does not answer for as long as the
    /// lease holds; that passes ([`super::is_passing`]).
    pub async fn go_on_leading(&self, holder: &str, length: Duration) -> Result<()> {
        let epoch = self.epoch.load(Ordering::SeqCst);
        if epoch == 0 {
            return Ok(());
        }
        let sql = format!("UPDATE lease SET ends_at = {NOW} + $4 WHERE name = $1 AND holder = $2 AND epoch = $3");
        let renewal = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(LEADER)
            .bind(holder)
            .bind(epoch)
            .bind(milliseconds(length))
            .execute(&self.pool);
        let done = tokio::time::timeout(length, renewal).await.unwrap_or(Err(sqlx::Error::PoolTimedOut));
        let done = done.context("Cannot renew the lease")?;
        if done.rows_affected() == 0 {
            bail!(LeaseLost);
        }
        Ok(())
    }

    /// Leads no longer: another node may at once. What is read from here on needs no lead.
    ///
    /// # Errors
    /// When the database cannot be reached; then the lease runs out by itself.
    pub async fn stop_leading(&self, holder: &str) -> Result<()> {
        let epoch = self.epoch.swap(0, Ordering::SeqCst);
        if epoch == 0 {
            return Ok(());
        }
        sqlx::query("UPDATE lease SET ends_at = 0 WHERE name = $1 AND holder = $2 AND epoch = $3")
            .bind(LEADER)
            .bind(holder)
            .bind(epoch)
            .execute(&self.pool)
            .await
            .context("Cannot give the lead away")?;
        Ok(())
    }

    /// Whether this node leads, as far as it knows.
    pub fn leads(&self) -> bool {
        self.backend == Backend::Sqlite || self.epoch.load(Ordering::SeqCst) != 0
    }
}

impl super::Tx {
    /// Holds, until this transaction ends, that the node leads: whoever wants the lead waits so long.
    pub(super) async fn hold_lead(&mut self, epoch: i64) -> Result<()> {
        let row = sqlx::query("SELECT epoch FROM lease WHERE name = $1 AND epoch = $2 FOR SHARE")
            .bind(LEADER)
            .bind(epoch)
            .fetch_optional(self.conn().await?)
            .await
            .context("Cannot ask whether this node leads")?;
        if row.is_none() {
            bail!(LeaseLost);
        }
        Ok(())
    }
}

fn milliseconds(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}
