//! What is known of mail on the server beyond the cursor: mail that could not be fetched, mail that was missed.

use super::Engine;
use anyhow::{Context, Result};
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeSet;

const RECONCILED: &str = "reconciled_at";

/// Where fetching from a folder stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Standstill {
    /// UIDVALIDITY of the folder.
    pub uid_validity: u32,
    /// The mail behind this UID cannot be fetched.
    pub after: u32,
    /// How often that was tried.
    pub failures: u32,
}

fn key(folder: &str) -> String {
    format!("standstill:{folder}")
}

impl Engine {
    /// Where fetching from a folder stands still, if it does.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn standstill(&self, folder: &str) -> Result<Option<Standstill>> {
        let mut tx = self.store().begin().await?;
        let mark = tx.mark(&key(folder)).await?;
        tx.commit().await?;
        Ok(mark.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Notes one more failure to fetch what stands behind the UID `after`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_standstill(&self, folder: &str, uid_validity: u32, after: u32) -> Result<()> {
        let before = self.standstill(folder).await?;
        let failures = before.filter(|s| (s.uid_validity, s.after) == (uid_validity, after)).map_or(0, |s| s.failures);
        let standstill = Standstill { uid_validity, after, failures: failures.saturating_add(1) };
        let mut tx = self.store().begin().await?;
        let text = serde_json::to_string(&standstill).context("Cannot write a standstill")?;
        tx.set_mark(&key(folder), &text).await?;
        tx.commit().await
    }

    /// Records a mail that the server does not give and goes on behind it; it is listed in triage, and fetched again
    /// at each reconciliation.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn set_aside(&self, folder: &str, uid_validity: u32, uid: u32, now: DateTime<Utc>) -> Result<()> {
        let why = format!(
            "The mail server does not give this mail (UID {uid} in {folder}). It lies there still: open it with a mail program and forward it to the service."
        );
        let mut tx = self.store().begin().await?;
        tx.set_aside((folder, uid_validity, uid), &why, now).await?;
        tx.commit().await
    }

    /// Of the UIDs on the server those that should have been taken in and were not; last those that the server could
    /// not give before, as it may fail again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn missing(&self, folder: &str, uid_validity: u32, on_server: &[u32]) -> Result<Vec<u32>> {
        let cursor = self.cursor(folder, uid_validity).await?;
        let mut tx = self.store().begin().await?;
        let known: BTreeSet<u32> = tx.known_uids(folder, uid_validity).await?.into_iter().collect();
        let set_aside = tx.set_aside_uids(folder, uid_validity).await?;
        tx.commit().await?;
        let mut missing: Vec<u32> =
            on_server.iter().copied().filter(|uid| *uid <= cursor && !known.contains(uid)).collect();
        missing.sort_by_key(|uid| set_aside.contains(uid));
        Ok(missing)
    }

    /// The UID up to which the store knows what was filed in a folder of handled mail: 0 for everything, `None` when
    /// nothing was ever noted of this folder.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn filed_up_to(&self, folder: &str, uid_validity: u32) -> Result<Option<u32>> {
        let mut tx = self.store().begin().await?;
        let mark = tx.cursor(folder).await?;
        tx.commit().await?;
        Ok(mark.map(|(validity, uid)| if validity == uid_validity { uid } else { 0 }))
    }

    /// Notes it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_filed_up_to(&self, folder: &str, uid_validity: u32, uid: u32) -> Result<()> {
        let mut tx = self.store().begin().await?;
        tx.set_cursor(folder, uid_validity, uid).await?;
        tx.commit().await
    }

    /// Notes that there is no such folder: whatever lies there one day was filed after now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_not_there(&self, folder: &str) -> Result<()> {
        let mut tx = self.store().begin().await?;
        if tx.cursor(folder).await?.is_none() {
            tx.set_cursor(folder, 0, 0).await?;
        }
        tx.commit().await
    }

    /// Notes that server and ledger were compared.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_reconciled(&self, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.store().begin().await?;
        tx.set_instant_mark(RECONCILED, now).await?;
        tx.commit().await
    }

    /// Whether a day has passed since server and ledger were compared.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_reconciliation_due(&self, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.store().begin().await?;
        let last = tx.instant_mark(RECONCILED).await?;
        tx.commit().await?;
        Ok(last.is_none_or(|at| now - at >= Duration::days(1) || at > now))
    }
}
