//! `followupd status`: how the service is, from the store alone.

use crate::config::Settings;
use crate::engine::Health;
use crate::{app, clock};
use anyhow::{Context, Result};

/// Prints it; 1 when unhealthy.
///
/// # Errors
/// When the store cannot be read.
pub async fn run(json: bool, settings: &Settings) -> Result<u8> {
    let engine = app::engine(settings).await?;
    let health = engine.health(clock::now()).await?;
    engine.store().close().await;
    if json {
        println!("{}", serde_json::to_string(&health).context("Cannot write JSON")?);
    } else {
        print(&health);
    }
    Ok(u8::from(!health.healthy))
}

fn print(health: &Health) {
    println!("{}", if health.healthy { "healthy" } else { "NOT HEALTHY" });
    for trouble in &health.troubles {
        println!("  trouble: {trouble}");
    }
    let or_never = |at: &Option<String>| at.clone().unwrap_or_else(|| "never".to_owned());
    println!("mailbox last looked at: {}", or_never(&health.mailbox.last_look));
    println!("service last beat:      {}", or_never(&health.heartbeat));
    println!("letters waiting:        {}", health.queue.waiting);
    println!("letters uncertain:      {}", health.queue.uncertain);
    println!("mails in triage:        {}", health.mailbox.triage);
    for (stage, count) in &health.follow_ups {
        println!("follow-ups {stage}: {count}");
    }
    println!("next due:               {}", or_never(&health.next_due));
    println!("last report:            {}", or_never(&health.last_report));
    println!("last reconciliation:    {}", or_never(&health.last_reconciliation));
    println!("sending:                {}", if health.paused { "PAUSED" } else { "on" });
}
