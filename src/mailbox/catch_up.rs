//! Mail that was dealt with and of which the store knows nothing: a backup has been put back. It lies in the folders of
//! handled mail, where no look goes, so each of them has a mark up to which the store knows what was filed there.

use super::ingest::Folders;
use super::{BatchLimits, FolderState, MailboxError, Source};
use crate::engine::Engine;
use crate::store::Incoming;
use anyhow::{Context, Result};

/// Takes in what was filed behind the mark of each folder and is not known by its bytes; the next look handles it. How
/// many mails that were.
///
/// Belongs before the first look of a start: nobody may be escalated whose answer lies there.
///
/// # Errors
/// When the mailbox or the store fails; what stands already stays, the rest is found the next time.
pub async fn catch_up(source: &mut Source, engine: &Engine, folders: &Folders) -> Result<usize> {
    let mut found = 0;
    for folder in [&folders.processed, &folders.triage] {
        let Some(state) = look(source, folder).await? else {
            engine.note_not_there(folder).await?;
            continue;
        };
        let Some(mark) = engine.filed_up_to(folder, state.uid_validity).await? else {
            // From before there were marks.
            engine.note_filed_up_to(folder, state.uid_validity, last_uid(&state)).await?;
            continue;
        };
        found += behind(source, engine, folder, mark).await?;
    }
    if found > 0 {
        tracing::error!(
            found,
            "Mail without a record lay among handled mail, as after a restore; it was taken in and is handled anew"
        );
    }
    Ok(found)
}

/// Stores what lies behind the mark, all of it before any is handled: own copies tell that letters have left.
async fn behind(source: &mut Source, engine: &Engine, folder: &str, mark: u32) -> Result<usize> {
    let limits = BatchLimits::default();
    let (mut found, mut after) = (0, mark);
    loop {
        let batch =
            source.batch(folder, after, &limits).await.with_context(|| format!("Cannot fetch from {folder}"))?;
        let Some(last) = batch.mails.last().map(|mail| mail.uid) else { return Ok(found) };
        let mails: Vec<Incoming> = batch.mails.into_iter().map(Incoming::from).collect();
        let uids: Vec<u32> = mails.iter().map(|mail| mail.uid).collect();
        found += engine.take_in(folder, batch.uid_validity, &mails).await?;
        engine.note_filed(folder, batch.uid_validity, &uids, folder).await?;
        after = last;
    }
}

/// Moves the mark of a folder into which mail was just filed.
///
/// # Errors
/// When the mailbox or the store fails; then the same mail is looked at again after the next start.
pub(super) async fn move_mark(source: &mut Source, engine: &Engine, folder: &str) -> Result<()> {
    match look(source, folder).await? {
        Some(state) => engine.note_filed_up_to(folder, state.uid_validity, last_uid(&state)).await,
        None => Ok(()),
    }
}

async fn look(source: &mut Source, folder: &str) -> Result<Option<FolderState>> {
    match source.folder(folder).await {
        Ok(state) => Ok(Some(state)),
        Err(MailboxError::FolderMissing { .. }) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("Cannot open the folder {folder}")),
    }
}

fn last_uid(state: &FolderState) -> u32 {
    state.uid_next.saturating_sub(1)
}
