//! One look at the mailbox: new mail is stored, handled, and only then moved on the server. Safe to call at any time,
//! twice, and after a crash between any two steps.

use super::{BatchLimits, Fetched, Source, Wholeness};
use crate::engine::Engine;
use crate::store::{Incoming, Place};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

/// Which folders are watched, and where handled mail goes.
#[derive(Debug, Clone)]
pub struct Folders {
    /// Watched: the inbox first.
    pub watched: Vec<String>,
    /// For mail that has been dealt with.
    pub processed: String,
    /// For mail that needs a person.
    pub triage: String,
    /// Largest mail in bytes that is fetched whole.
    pub largest: u64,
}

impl Folders {
    fn target(&self, place: Place) -> &str {
        match place {
            Place::Processed => &self.processed,
            Place::Triage => &self.triage,
        }
    }
}

/// How many server copies are moved by one command.
const MOVES_AT_ONCE: i64 = 200;

/// Takes in everything new of all watched folders, handles it, and files the server copies. The number of new mails.
///
/// `now` is the instant at which the look begins: everything received before it is seen when this returns.
///
/// # Errors
/// When the mailbox or the store fails; what was committed stays, the rest is found again.
pub async fn ingest_once(source: &mut Source, engine: &Engine, folders: &Folders, now: DateTime<Utc>) -> Result<usize> {
    let mut fresh = 0;
    while engine.handle_waiting(now).await? > 0 {}
    for folder in &folders.watched {
        fresh += take_in_folder(source, engine, folders, folder, now).await?;
    }
    engine.mailbox_seen(now).await?;
    Ok(fresh)
}

async fn take_in_folder(
    source: &mut Source,
    engine: &Engine,
    folders: &Folders,
    folder: &str,
    now: DateTime<Utc>,
) -> Result<usize> {
    let state = source.folder(folder).await.with_context(|| format!("Cannot open the folder {folder}"))?;
    let limits = BatchLimits { largest: folders.largest, ..BatchLimits::default() };
    let mut fresh = 0;
    loop {
        let after = engine.cursor(folder, state.uid_validity).await?;
        let batch =
            source.batch(folder, after, &limits).await.with_context(|| format!("Cannot fetch from {folder}"))?;
        if batch.mails.is_empty() {
            break;
        }
        let mails: Vec<Incoming> = batch.mails.into_iter().map(incoming).collect();
        fresh += engine.take_in(folder, batch.uid_validity, &mails).await?;
        while engine.handle_waiting(now).await? > 0 {}
        file_handled(source, engine, folders, folder, batch.uid_validity).await?;
    }
    file_handled(source, engine, folders, folder, state.uid_validity).await?;
    Ok(fresh)
}

fn incoming(mail: Fetched) -> Incoming {
    Incoming { uid: mail.uid, received_at: mail.received_at, raw: mail.raw, whole: mail.whole == Wholeness::Whole }
}

/// Moves server copies whose outcome is committed.
async fn file_handled(
    source: &mut Source,
    engine: &Engine,
    folders: &Folders,
    folder: &str,
    uid_validity: u32,
) -> Result<()> {
    for place in [Place::Processed, Place::Triage] {
        loop {
            let uids = engine.to_file(folder, uid_validity, place, MOVES_AT_ONCE).await?;
            if uids.is_empty() {
                break;
            }
            let target = folders.target(place);
            source.file_into(folder, &uids, target).await.with_context(|| format!("Cannot move mail to {target}"))?;
            engine.note_filed(folder, uid_validity, &uids, target).await?;
        }
    }
    Ok(())
}
