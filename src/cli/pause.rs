//! `followupd pause` and `unpause`: all sending, at once.

use crate::app;
use crate::config::Settings;
use crate::engine::Pausing;
use anyhow::Result;

/// Stops all sending or lets it go on; a running service obeys before its next letter.
///
/// # Errors
/// When the store fails.
pub async fn run(pausing: Pausing, settings: &Settings) -> Result<u8> {
    let engine = app::engine(settings).await?;
    engine.set_paused(pausing).await?;
    engine.store().close().await;
    match pausing {
        Pausing::Paused => say!("Paused: nothing is sent until `followupd unpause`."),
        Pausing::Running => say!("Sending goes on."),
    }
    Ok(0)
}
