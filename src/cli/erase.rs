//! `followupd erase CASE`: removes everything that is held on a closed case, and proves that it was done.

use crate::app::endpoints::mailbox_endpoint;
use crate::app::token::Tokens;
use crate::config::Settings;
use crate::engine::{Engine, Erasure, Proof};
use crate::mailbox::Source;
use crate::mailbox::retention::sweep;
use crate::{app, clock};
use anyhow::Result;
use clap::Args;

/// What to erase.
#[derive(Debug, Args)]
pub struct EraseArgs {
    /// A case reference, or `FU-…`.
    #[arg(value_name = "CASE")]
    pub case: String,
}

/// Erases; 1 when there is no such case, or it must not be erased.
///
/// # Errors
/// When the store fails; then nothing was erased.
pub async fn run(args: &EraseArgs, json: bool, settings: &Settings) -> Result<u8> {
    let engine = app::engine_beside(settings).await?;
    let erasure = match engine.case_named(&args.case).await? {
        Some(id) => engine.erase(&id, &app::retention_rules(settings), clock::now()).await?,
        None => Erasure::Unknown,
    };
    match erasure {
        Erasure::Unknown => say!("Nothing is held on {}.", args.case),
        Erasure::Refused(why) => say!("{} is not erased: {why}.", args.case),
        Erasure::Done(proof) => {
            prove(&engine, settings, &args.case, &proof, json).await?;
            engine.store().close().await;
            return Ok(0);
        }
    }
    engine.store().close().await;
    Ok(1)
}

async fn prove(engine: &Engine, settings: &Settings, case: &str, proof: &Proof, json: bool) -> Result<()> {
    let on_server = delete_copies(engine, settings).await;
    let mut tx = engine.store().begin().await?;
    let broken = tx.broken_journal_entry().await?;
    tx.commit().await?;
    if json {
        let copies = on_server.as_ref().ok();
        say!(
            "{}",
            serde_json::json!({ "case": case, "removed": proof.removed, "entry": proof.entry, "seal": proof.seal,
                                "chain_unbroken": broken.is_none(), "server_copies": copies })
        );
        return Ok(());
    }
    let removed = &proof.removed;
    say!(
        "{case} is erased: {} mails, {} letters, {} texts of the journal.",
        removed.mails,
        removed.letters,
        removed.texts
    );
    if removed.shared > 0 {
        say!("{} mails are about other children too and stay with their cases.", removed.shared);
    }
    say!("Entry {} of the journal records it; its seal is {}.", proof.entry, proof.seal);
    match broken {
        None => say!("The journal's chain is unbroken."),
        Some(entry) => say!("The journal's chain is broken at entry {entry}: run `followupd verify`."),
    }
    match on_server {
        Ok(count) => say!("{count} copies in the folders of the mailbox were deleted."),
        Err(error) => say!(
            "The copies in the mailbox could not be deleted now ({error:#}); the monthly retention run deletes them."
        ),
    }
    say!("Backups still hold the case until they are overwritten; recipients hold their mail.");
    Ok(())
}

async fn delete_copies(engine: &Engine, settings: &Settings) -> Result<u64> {
    let endpoint = mailbox_endpoint(&settings.endpoints, &Tokens::default()).await?;
    let mut source = Source::open(&endpoint).await?;
    let count = sweep(&mut source, engine, &app::folders(&settings.endpoints)).await?;
    source.close().await;
    Ok(count)
}
