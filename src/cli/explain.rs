//! `followupd explain`: the story of a follow-up, case, message or letter.

use crate::app;
use crate::clock;
use crate::config::Settings;
use anyhow::Result;
use clap::Args;

/// What to explain.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// `FU-…`, a case reference, `MSG-…` or `LTR-…`.
    pub id: String,
}

/// Prints the story, and has it noted that it was read; 1 for an unknown id.
///
/// # Errors
/// When the store cannot be read.
pub async fn run(args: &ExplainArgs, json: bool, settings: &Settings) -> Result<u8> {
    let engine = app::engine_beside(settings).await?;
    let id = args.id.trim();
    let lines = engine.explain(id, clock::now()).await?;
    engine.store().close().await;
    if lines.is_empty() {
        eprintln!("Nothing is held under {id}. Ids look like FU-7KQ2-M4XD, MSG-…, LTR-…, or a case reference.");
        return Ok(1);
    }
    if json {
        say!("{}", serde_json::json!({ "id": id, "story": lines }));
    } else {
        lines.iter().for_each(|line| say!("{line}"));
    }
    Ok(0)
}
