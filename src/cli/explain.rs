//! `followupd explain`: the story of a follow-up, case, message or letter.

use crate::app;
use crate::clock;
use crate::config::Settings;
use crate::core::id::{CaseRef, FollowUpId};
use crate::engine::story;
use anyhow::Result;
use clap::Args;

/// What to explain.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// `FU-…`, a case reference, `MSG-…` or `LTR-…`.
    pub id: String,
}

/// Prints the story; 1 for an unknown id.
///
/// # Errors
/// When the store cannot be read.
pub async fn run(args: &ExplainArgs, json: bool, settings: &Settings) -> Result<u8> {
    let engine = app::engine_beside(settings).await?;
    let office = engine.office();
    let mut tx = engine.store().begin().await?;
    let id = args.id.trim();
    let upper = id.to_uppercase();
    let lines = if upper.starts_with("MSG-") {
        story::of_message(&mut tx, &upper, &office).await?
    } else if upper.starts_with("LTR-") {
        story::of_letter(&mut tx, &upper, &office).await?
    } else if let Some(follow_up) = FollowUpId::parse(id) {
        story::of_follow_up(&mut tx, &follow_up, &office, clock::now()).await?
    } else {
        story::of_case(&mut tx, &CaseRef::new(id), &office, clock::now()).await?
    };
    tx.commit().await?;
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
