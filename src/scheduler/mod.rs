//! Wakes the steps that time brings. tokio-cron-scheduler is a UTC tick and nothing more: its zone-aware jobs freeze
//! the offset and fire twice when the clock changes, so local due times are computed by the core and kept as rows.

use crate::clock;
use crate::engine::Engine;
use anyhow::{Context, Result};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_cron_scheduler::{Job, JobScheduler};

/// Every quarter of a minute, in UTC.
const TICK: &str = "*/15 * * * * *";
/// The tick of our own beside it, in case the other stalls.
const OWN_TICK: Duration = Duration::from_secs(20);

/// Does what is due whenever woken: by the tick, by our own timer, or by somebody who has changed something.
///
/// # Errors
/// When the store fails; the service then stops and is started again.
pub async fn run(engine: &Engine, wake: Arc<Notify>, changed: Arc<Notify>) -> Result<()> {
    let ticks = JobScheduler::new().await.context("Cannot start the scheduler")?;
    let tick_wake = wake.clone();
    let job = Job::new(TICK, move |_, _| tick_wake.notify_one()).context("Cannot make the tick")?;
    ticks.add(job).await.context("Cannot add the tick")?;
    ticks.start().await.context("Cannot start the tick")?;
    loop {
        engine.fire_due(clock::now()).await?;
        engine.beat(clock::now()).await?;
        changed.notify_one();
        tokio::select! {
            () = wake.notified() => {}
            () = clock::sleep(OWN_TICK) => {}
        }
    }
}
