//! One look at the mailbox: new mail is stored, handled, and only then moved on the server. Safe to call at any time,
//! twice, and after a crash between any two steps.

use super::catch_up::move_mark;
use super::{Batch, BatchLimits, Fetched, Source, Wholeness};
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
    let mut fresh = 0;
    loop {
        let after = engine.cursor(folder, state.uid_validity).await?;
        let batch = fetch(source, engine, (folder, state.uid_validity, after), now).await?;
        if batch.mails.is_empty() {
            break;
        }
        let mails: Vec<Incoming> = batch.mails.into_iter().map(Incoming::from).collect();
        fresh += engine.take_in(folder, batch.uid_validity, &mails).await?;
        while engine.handle_waiting(now).await? > 0 {}
        file_handled(source, engine, folders, folder, batch.uid_validity).await?;
    }
    file_handled(source, engine, folders, folder, state.uid_validity).await?;
    Ok(fresh)
}

/// How often one mail may make the server or the connection fail before the mails behind it go on without it.
const PATIENCE: u32 = 5;

/// The next mails. Where that failed before, one at a time, so that the mail that fails is known; one that fails
/// again and again is recorded and passed over.
async fn fetch(
    source: &mut Source,
    engine: &Engine,
    (folder, uid_validity, after): (&str, u32, u32),
    now: DateTime<Utc>,
) -> Result<Batch> {
    let mut limits = BatchLimits::default();
    let mut after = after;
    let stands = engine.standstill(folder).await?.filter(|s| (s.uid_validity, s.after) == (uid_validity, after));
    if let Some(standstill) = stands {
        limits.mails = 1;
        let uids = if standstill.failures < PATIENCE { Vec::new() } else { source.uids(folder).await? };
        if let Some(uid) = uids.into_iter().find(|uid| *uid > after) {
            tracing::error!(
                folder,
                uid,
                "The mail server does not give a mail; it is listed in triage and stays there"
            );
            engine.set_aside(folder, uid_validity, uid, now).await?;
            after = uid;
        }
    }
    let batch = source.batch(folder, after, &limits).await;
    if batch.is_err() {
        engine.note_standstill(folder, uid_validity, after).await?;
    }
    batch.with_context(|| format!("Cannot fetch from {folder}"))
}

/// Holds every UID of the watched folders against the ledger, and takes in what has no record. How many that were.
///
/// # Errors
/// When the mailbox or the store fails. What stands already stays, the rest is found the next time.
pub async fn reconcile(source: &mut Source, engine: &Engine, folders: &Folders, now: DateTime<Utc>) -> Result<usize> {
    let mut missing = Vec::new();
    for folder in &folders.watched {
        let state = source.folder(folder).await.with_context(|| format!("Cannot open the folder {folder}"))?;
        let on_server = source.uids(folder).await.with_context(|| format!("Cannot list {folder}"))?;
        let uids = engine.missing(folder, state.uid_validity, &on_server).await?;
        missing.extend(uids.into_iter().map(|uid| (folder, state.uid_validity, uid)));
    }
    // Noted before the fetching: a mail that the server still does not give must not bring this back at every turn.
    engine.note_reconciled(now).await?;
    let limits = BatchLimits { mails: 1, ..BatchLimits::default() };
    let mut found = 0;
    for (folder, uid_validity, uid) in missing {
        let batch = source
            .batch(folder, uid - 1, &limits)
            .await
            .with_context(|| format!("Cannot fetch UID {uid} from {folder}"))?;
        let mails: Vec<Incoming> = batch.mails.into_iter().filter(|mail| mail.uid == uid).map(Incoming::from).collect();
        found += mails.len();
        engine.take_in(folder, uid_validity, &mails).await?;
    }
    if found > 0 {
        tracing::error!(found, "Mail without a record lay in the mailbox; it was taken in now");
    }
    Ok(found)
}

impl From<Fetched> for Incoming {
    fn from(mail: Fetched) -> Self {
        let whole = mail.whole == Wholeness::Whole;
        Self { uid: mail.uid, received_at: mail.received_at, raw: mail.raw, whole }
    }
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
        let mut moved = false;
        loop {
            let uids = engine.to_file(folder, uid_validity, place, MOVES_AT_ONCE).await?;
            if uids.is_empty() {
                break;
            }
            let target = folders.target(place);
            source.file_into(folder, &uids, target).await.with_context(|| format!("Cannot move mail to {target}"))?;
            engine.note_filed(folder, uid_validity, &uids, target).await?;
            moved = true;
        }
        if moved {
            move_mark(source, engine, folders.target(place)).await?;
        }
    }
    Ok(())
}
