//! `followupd verify`: is what is stored sound, and is everything on the mail server stored?

use crate::app::endpoints::mailbox_endpoint;
use crate::app::token::Tokens;
use crate::config::Settings;
use crate::engine::Engine;
use crate::mailbox::Source;
use crate::mailbox::catch_up::catch_up;
use crate::mailbox::ingest::reconcile;
use crate::{app, clock};
use anyhow::Result;
use serde::Serialize;

/// What was found.
#[derive(Debug, Serialize)]
struct Findings {
    /// What SQLite says of its file.
    database: Vec<String>,
    journal_entries: usize,
    first_broken_entry: Option<i64>,
    /// Mails that lay on the server without a record and were taken in; `None` when it could not be compared.
    taken_in: Option<usize>,
    /// Why not.
    mailbox: Option<String>,
}

impl Findings {
    fn is_sound(&self) -> bool {
        self.database.is_empty() && self.first_broken_entry.is_none() && self.taken_in == Some(0)
    }
}

/// Checks the database, the journal's chain, and the ledger against the mailbox; 1 when something is wrong.
///
/// # Errors
/// When the store cannot be read.
pub async fn run(json: bool, settings: &Settings) -> Result<u8> {
    let engine = app::engine_beside(settings).await?;
    let mut tx = engine.store().begin().await?;
    let first_broken_entry = tx.broken_journal_entry().await?;
    let journal_entries = tx.journal_after(0).await?.len();
    tx.commit().await?;
    let database = engine.store().faults().await?;
    let compared = compare(&engine, settings).await;
    engine.store().close().await;
    let (taken_in, mailbox) = match compared {
        Ok(count) => (Some(count), None),
        Err(error) => (None, Some(format!("{error:#}"))),
    };
    let findings = Findings { database, journal_entries, first_broken_entry, taken_in, mailbox };
    if json {
        say!("{}", serde_json::to_string(&findings)?);
    } else {
        print(&findings);
    }
    Ok(u8::from(!findings.is_sound()))
}

async fn compare(engine: &Engine, settings: &Settings) -> Result<usize> {
    let mut source = Source::open(&mailbox_endpoint(&settings.endpoints, &Tokens::default()).await?).await?;
    let folders = app::folders(&settings.endpoints);
    let mut found = catch_up(&mut source, engine, &folders).await?;
    found += reconcile(&mut source, engine, &folders, clock::now()).await?;
    source.close().await;
    Ok(found)
}

fn print(findings: &Findings) {
    match findings.database.as_slice() {
        [] => say!("The database is sound."),
        faults => say!("The database is damaged; restore the last backup:\n  {}", faults.join("\n  ")),
    }
    match findings.first_broken_entry {
        None => say!("The journal's {} entries form an unbroken chain.", findings.journal_entries),
        Some(seq) => say!(
            "The journal is broken at entry {seq}: somebody has changed it, or the file is damaged. Restore the last backup beside it and compare."
        ),
    }
    match (findings.taken_in, &findings.mailbox) {
        (Some(0), _) => say!("Every mail in the watched folders has a record."),
        (Some(count), _) => {
            say!(
                "{count} mails without a record lay in the mailbox; they were taken in and are handled at the next look."
            );
        }
        (None, why) => {
            say!("The mailbox could not be compared: {}", why.as_deref().unwrap_or("no reason is known"));
        }
    }
}
