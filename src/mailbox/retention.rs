//! The monthly retention run with the mailbox at hand: first the store, then the copies in the folders of handled mail.
//! Deletes only what the store knows byte by byte and has removed; mail that people put there stays.

use super::ingest::Folders;
use super::{BatchLimits, MailboxError, Source};
use crate::core::retention::RetentionRules;
use crate::engine::Engine;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Does the month's run when it is due.
///
/// # Errors
/// When the mailbox or the store fails; the run is then done again and finds what is left.
pub async fn retain_when_due(
    source: &mut Source,
    engine: &Engine,
    folders: &Folders,
    rules: &RetentionRules,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(due) = engine.retention_due(now).await? else { return Ok(()) };
    let mut retained = engine.retain(rules, now).await?;
    retained.server_copies = sweep(source, engine, folders).await?;
    engine.report_retention(due, &retained, now).await
}

/// Deletes the server copies of mails that the store has removed. How many.
///
/// # Errors
/// When the mailbox or the store fails.
pub async fn sweep(source: &mut Source, engine: &Engine, folders: &Folders) -> Result<u64> {
    let mut deleted = 0;
    for folder in [&folders.processed, &folders.triage] {
        let state = match source.folder(folder).await {
            Ok(state) => state,
            Err(MailboxError::FolderMissing { .. }) => continue,
            Err(error) => return Err(error).with_context(|| format!("Cannot open the folder {folder}")),
        };
        learn(source, engine, folder, state.uid_validity).await?;
        let removed = engine.removed_lying(folder, state.uid_validity).await?;
        source.delete(folder, &removed).await.with_context(|| format!("Cannot delete from {folder}"))?;
        engine.forget_lying(folder, state.uid_validity, &removed).await?;
        deleted += removed.len() as u64;
    }
    Ok(deleted)
}

/// Finds out which mails lie in a folder. Each is read once in its life there.
async fn learn(source: &mut Source, engine: &Engine, folder: &str, uid_validity: u32) -> Result<()> {
    let limits = BatchLimits::default();
    let on_server = source.uids(folder).await.with_context(|| format!("Cannot list {folder}"))?;
    let unknown = engine.unknown_lying(folder, uid_validity, &on_server).await?;
    let (Some(first), Some(last)) = (unknown.first().copied(), unknown.last().copied()) else { return Ok(()) };
    let mut after = first.saturating_sub(1);
    while after < last {
        let batch = source.batch(folder, after, &limits).await.with_context(|| format!("Cannot read from {folder}"))?;
        let Some(reached) = batch.mails.last().map(|mail| mail.uid) else { break };
        let mails: Vec<(u32, Vec<u8>)> = batch.mails.into_iter().map(|mail| (mail.uid, mail.raw)).collect();
        engine.note_lying(folder, uid_validity, &mails).await?;
        after = reached;
    }
    Ok(())
}
