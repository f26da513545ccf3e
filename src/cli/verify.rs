//! `followupd verify`: is what is stored sound?

use crate::app;
use crate::config::Settings;
use anyhow::Result;

/// Checks the database and the journal's chain; 1 when something is wrong.
///
/// # Errors
/// When the store cannot be read.
pub async fn run(json: bool, settings: &Settings) -> Result<u8> {
    let engine = app::engine(settings).await?;
    let mut tx = engine.store().begin().await?;
    let broken = tx.broken_journal_entry().await?;
    let entries = tx.journal_after(0).await?.len();
    tx.commit().await?;
    engine.store().close().await;
    if json {
        println!("{}", serde_json::json!({ "journal_entries": entries, "first_broken_entry": broken }));
    } else {
        match broken {
            None => println!("The journal's {entries} entries form an unbroken chain."),
            Some(seq) => println!(
                "The journal is broken at entry {seq}: somebody has changed it, or the file is damaged. Restore the last backup beside it and compare."
            ),
        }
    }
    Ok(u8::from(broken.is_some()))
}
