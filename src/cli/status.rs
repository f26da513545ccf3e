//! `followupd status`: how the service is, from the store alone.

use crate::clock;
use crate::config::Settings;
use crate::engine::Health;
use crate::store::{Store, Unopened};
use anyhow::{Context, Result};

/// Prints it; 1 when unhealthy.
///
/// # Errors
/// When the store cannot be read.
pub async fn run(json: bool, settings: &Settings) -> Result<u8> {
    let health = match Store::open_existing(&settings.endpoints.store.expose()).await {
        Ok(store) => {
            let health = Health::of(&store, clock::now()).await?;
            store.close().await;
            health
        }
        Err(error) => match error.downcast_ref::<Unopened>() {
            Some(unopened) => Health::of_nothing(unopened.to_string()),
            None => return Err(error),
        },
    };
    if json {
        say!("{}", serde_json::to_string(&health).context("Cannot write JSON")?);
    } else {
        print(&health);
    }
    Ok(u8::from(!health.healthy))
}

fn print(health: &Health) {
    say!("{}", if health.healthy { "healthy" } else { "NOT HEALTHY" });
    for trouble in &health.troubles {
        say!("  trouble: {trouble}");
    }
    let or_never = |at: &Option<String>| at.clone().unwrap_or_else(|| "never".to_owned());
    say!("mailbox last looked at: {}", or_never(&health.mailbox.last_look));
    say!("service last beat:      {}", or_never(&health.heartbeat));
    say!("letters waiting:        {}", health.queue.waiting);
    say!("letters uncertain:      {}", health.queue.uncertain);
    say!("mails in triage:        {}", health.mailbox.triage);
    for (stage, count) in &health.follow_ups {
        say!("follow-ups {stage}: {count}");
    }
    say!("next due:               {}", or_never(&health.next_due));
    say!("last report:            {}", or_never(&health.last_report));
    say!("last reconciliation:    {}", or_never(&health.last_reconciliation));
    say!("sending:                {}", if health.paused { "PAUSED" } else { "on" });
}
