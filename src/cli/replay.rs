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
pub async fn run(args: &ReplayArgs, json: bool, settings: &Settings) -> Result<u8> {
    let engine = app::engine_beside(settings).await?;
    let wanted = args.id.as_deref().map(|id| id.trim().to_uppercase());
    let count = engine.replay(wanted.as_deref(), clock::now()).await?;
    engine.store().close().await;
    match (wanted, count) {
        _ if json => say!("{}", serde_json::json!({ "replayed": count })),
        (Some(id), 0) => eprintln!(
            "Nothing is held under {id}. Ids of mails look like MSG-…; `explain` and the Today mail name them."
        ),
        (None, 0) => say!("Nothing waits in triage, and nothing has failed."),
        (_, 1) => say!("1 message was taken again."),
        (_, count) => say!("{count} messages were taken again."),
    }
    Ok(u8::from(count == 0))
}
