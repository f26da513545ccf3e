//! `followupd pause` and `unpause`: all sending, at once.

use crate::config::Settings;
use crate::engine::{Pausing, set_paused};
use crate::store::Store;
use anyhow::Result;

/// Stops all sending or lets it go on; a running service obeys before its next letter.
///
/// # Errors
/// When there is no database yet, or the store fails.
pub async fn run(pausing: Pausing, json: bool, settings: &Settings) -> Result<u8> {
    let store = Store::open_existing(&settings.endpoints.store.expose()).await?;
    set_paused(&store, pausing).await?;
    store.close().await;
    match pausing {
        _ if json => say!("{}", serde_json::json!({ "paused": pausing == Pausing::Paused })),
        Pausing::Paused => say!("Paused: nothing is sent until `followupd unpause`."),
        Pausing::Running => say!("Sending goes on."),
    }
    Ok(0)
}
