//! Leading and standing by, for several nodes on one PostgreSQL database. Of them one reads, decides and sends; another
//! takes over within half a minute of its end.

use super::reload::take_up;
use super::{Service, loops};
use crate::clock;
use anyhow::{Context, Result};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// For how long a lease holds. With the time for which the database waits for a transaction that hangs (10 s) and the
/// rounds below it makes less than half a minute.
const LEASE: Duration = Duration::from_secs(12);
/// How often it is renewed.
const RENEWAL: Duration = Duration::from_secs(4);
/// How often a node that stands by tries.
const TRIAL: Duration = Duration::from_secs(2);

/// A name that no other node has.
pub(super) fn own_name() -> Result<String> {
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes).ok().context("Cannot get random bytes from the system")?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}

impl Service {
    /// Comes back when this node leads; false when it was stopped before.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(super) async fn lead(&self) -> Result<bool> {
        let store = self.engine.store();
        if store.try_to_lead(&self.name, LEASE).await? {
            return Ok(true);
        }
        tracing::info!("Another node leads; this one stands by");
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
        let mut hangup = signal(SignalKind::hangup()).context("Cannot listen for SIGHUP")?;
        loop {
            tokio::select! {
                () = clock::sleep(TRIAL) => {}
                _ = hangup.recv() => tracing::info!("The configuration is read again when this node leads"),
                () = self.stop.cancelled() => return Ok(false),
            }
            let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
            if store.try_to_lead(&self.name, LEASE).await? {
                tracing::info!("This node leads now");
                take_up(&self.engine, &self.settings_in, &self.main_file);
                return Ok(true);
            }
        }
    }

    /// Renews the lease; ends when another node leads, or the database has not answered for as long as a lease holds.
    pub(super) async fn keep_leading(&self) -> Result<()> {
        let mut since = clock::now();
        loop {
            clock::sleep(RENEWAL).await;
            match self.engine.store().go_on_leading(&self.name, LEASE).await {
                Ok(()) => since = clock::now(),
                Err(error) if loops::is_lasting(since, LEASE) || crate::store::is_lease_lost(&error) => {
                    return Err(error);
                }
                Err(error) => tracing::warn!(error = format!("{error:#}"), "The lease could not be renewed yet"),
            }
        }
    }

    /// Gives the lead away, so that another node need not wait for the lease to run out.
    pub(super) async fn stop_leading(&self) {
        let giving = self.engine.store().stop_leading(&self.name);
        match tokio::time::timeout(Duration::from_secs(2), giving).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => tracing::warn!("The lead could not be given away; the lease runs out by itself"),
        }
    }
}
