//! Threads: which Message-IDs, ours and others', belong to which follow-ups (`mail.md` 3).

use super::Tx;
use super::cases::follow_up_ids;
use crate::core::id::FollowUpId;
use anyhow::{Context, Result};
use sqlx::Row;

impl Tx {
    /// Notes that a Message-ID belongs to a follow-up's thread; the first one noted is its root.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn learn_thread(&mut self, message_id: &str, follow_up: &FollowUpId) -> Result<()> {
        sqlx::query(
            "INSERT INTO thread (message_id, follow_up, place) SELECT $1, $2, COUNT(*) FROM thread WHERE follow_up = $2 ON CONFLICT DO NOTHING",
        )
        .bind(message_id)
        .bind(follow_up.as_str())
        .execute(&mut *self.inner)
        .await
        .context("Cannot note a thread")?;
        Ok(())
    }

    /// Follow-ups whose thread a Message-ID belongs to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn thread(&mut self, message_id: &str) -> Result<Vec<FollowUpId>> {
        let rows = sqlx::query("SELECT follow_up FROM thread WHERE message_id = $1 ORDER BY follow_up")
            .bind(message_id)
            .fetch_all(&mut *self.inner)
            .await
            .context("Cannot read a thread")?;
        follow_up_ids(&rows)
    }

    /// The Message-ID that began a follow-up's thread.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn thread_root(&mut self, follow_up: &FollowUpId) -> Result<Option<String>> {
        let row = sqlx::query("SELECT message_id FROM thread WHERE follow_up = $1 ORDER BY place LIMIT 1")
            .bind(follow_up.as_str())
            .fetch_optional(&mut *self.inner)
            .await
            .context("Cannot read a thread")?;
        row.map(|r| r.try_get(0).context("Cannot read a Message-ID")).transpose()
    }
}
