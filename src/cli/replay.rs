//! `followupd replay`: kept mail through the pipeline again, after a fault was mended or the directory was filled.

use crate::app;
use crate::clock;
use crate::config::Settings;
use anyhow::Result;
use clap::Args;

/// What to take again.
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// One message (`MSG-…`).
    #[arg(required_unless_present = "triage", conflicts_with = "triage")]
    pub id: Option<String>,
    /// Everything that waits in triage or failed.
    #[arg(long)]
    pub triage: bool,
}

/// Replays; 1 when there was nothing.
///
/// # Errors
/// When the store fails.
pub async fn run(args: &ReplayArgs, settings: &Settings) -> Result<u8> {
    let engine = app::engine(settings).await?;
    let wanted = args.id.as_deref().map(|id| id.trim().to_uppercase());
    let count = engine.replay(wanted.as_deref(), clock::now()).await?;
    engine.store().close().await;
    say!("{count} messages were taken again.");
    Ok(u8::from(count == 0))
}
