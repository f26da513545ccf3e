//! Threads: which Message-IDs, ours and others', belong to which follow-ups (`mail.md` 3).

use super::Tx;
use super::cases::follow_up_ids;
use super::gathered::Gathered;
use crate::core::id::FollowUpId;
use anyhow::{Context, Result};
use sqlx::Row;

impl Tx {
    /// Notes that a Message-ID belongs to a follow-up's thread; the first one noted is its root.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn learn_thread(&mut self, message_id: &str, follow_up: &FollowUpId) -> Result<()> {
        if let Some(known) = self.read.threads.get_mut(message_id) {
            if known.contains(follow_up) {
                return Ok(());
            }
            known.push(follow_up.clone());
            known.sort();
        }
        if let Some(root @ None) = self.read.roots.get_mut(follow_up) {
            *root = Some(message_id.to_owned());
        }
        let number = self.gathered.get(&Gathered::Thread).map_or(0, Vec::len);
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        self.gather(Gathered::Thread, [message_id.into(), follow_up.as_str().into(), number.into()]);
        Ok(())
    }

    /// Follow-ups whose thread a Message-ID belongs to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn thread(&mut self, message_id: &str) -> Result<Vec<FollowUpId>> {
        if let Some(known) = self.read.threads.get(message_id) {
            return Ok(known.clone());
        }
        let rows = sqlx::query("SELECT follow_up FROM thread WHERE message_id = $1 ORDER BY follow_up")
            .bind(message_id)
            .fetch_all(self.conn().await?)
            .await
            .context("Cannot read a thread")?;
        let found = follow_up_ids(&rows)?;
        self.read.threads.insert(message_id.to_owned(), found.clone());
        Ok(found)
    }

    /// The Message-ID that began a follow-up's thread.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn thread_root(&mut self, follow_up: &FollowUpId) -> Result<Option<String>> {
        if let Some(known) = self.read.roots.get(follow_up) {
            return Ok(known.clone());
        }
        let row = sqlx::query("SELECT message_id FROM thread WHERE follow_up = $1 ORDER BY place LIMIT 1")
            .bind(follow_up.as_str())
            .fetch_optional(self.conn().await?)
            .await
            .context("Cannot read a thread")?;
        let found = row.map(|r| r.try_get::<String, _>(0)).transpose().context("Cannot read a Message-ID")?;
        self.read.roots.insert(follow_up.clone(), found.clone());
        Ok(found)
    }
}
