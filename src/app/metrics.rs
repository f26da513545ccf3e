//! The store's numbers as Prometheus (OpenMetrics) text. Every number is read when it is asked for: they are the same
//! whichever process answers, and survive a restart.

use super::room::Room;
use crate::engine::{AlertKind, Engine, Health};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use std::collections::BTreeMap;

/// Of the text.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

type Label = [(&'static str, String); 1];

/// All metrics at `now`; `room` is the disk of the database, where the service can see it.
///
/// # Errors
/// When the store cannot be read.
pub(super) async fn text(engine: &Engine, room: Option<&Room>, now: DateTime<Utc>) -> Result<String> {
    let health = engine.health(now).await?;
    let counts = engine.counts().await?;
    let standing = engine.standing_alerts().await?;
    let mut registry = Registry::with_prefix("followupd");
    let version = [("version", env!("CARGO_PKG_VERSION").to_owned())];
    labelled(&mut registry, "build_info", "The running version", [(version, 1)]);
    one(&mut registry, "healthy", "1 when nothing needs an operator", i64::from(health.healthy));
    one(&mut registry, "leader", "1 on the node that reads, decides and sends", i64::from(engine.store().leads()));
    one(&mut registry, "paused", "1 while all sending is stopped", i64::from(health.paused));
    times(&mut registry, &health);
    if let Some(room) = room {
        let bytes = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        one(&mut registry, "database_size_bytes", "What the database takes on its disk", bytes(room.database));
        one(&mut registry, "database_disk_free_bytes", "What is free on the disk of the database", bytes(room.free));
    }
    grouped(&mut registry, "follow_ups", "Follow-ups by stage", "stage", &counts.follow_ups);
    grouped(&mut registry, "messages", "Mails that came in, by state", "state", &counts.messages);
    grouped(&mut registry, "deliveries", "Letters by recipient, by state", "state", &counts.deliveries);
    let alerts = AlertKind::ALL.map(|kind| ([("alert", kind.name().to_owned())], i64::from(standing.contains(&kind))));
    labelled(&mut registry, "alert", "1 while this alert stands", alerts);
    let mut text = String::new();
    encode(&mut text, &registry).context("Cannot write the metrics")?;
    Ok(text)
}

/// Instants as seconds since 1970, as Prometheus likes them; one that never was is left out.
fn times(registry: &mut Registry, health: &Health) {
    let table = [
        ("mailbox_last_look_timestamp_seconds", "When the mailbox was last looked at", &health.mailbox.last_look),
        ("heartbeat_timestamp_seconds", "When the service last noted that it is alive", &health.heartbeat),
        ("reconciliation_timestamp_seconds", "When mailbox and ledger were last compared", &health.last_reconciliation),
        ("oldest_waiting_timestamp_seconds", "Since when the oldest letter should have left", &health.queue.oldest),
        ("next_due_timestamp_seconds", "When a follow-up is next due for something", &health.next_due),
    ];
    for (name, help, at) in table {
        if let Some(at) = at.as_deref().and_then(|at| DateTime::parse_from_rfc3339(at).ok()) {
            one(registry, name, help, at.timestamp());
        }
    }
}

fn one(registry: &mut Registry, name: &str, help: &str, value: i64) {
    let gauge: Gauge = Gauge::default();
    gauge.set(value);
    registry.register(name, help, gauge);
}

fn grouped(registry: &mut Registry, name: &str, help: &str, label: &'static str, counts: &BTreeMap<String, i64>) {
    labelled(registry, name, help, counts.iter().map(|(value, count)| ([(label, value.clone())], *count)));
}

fn labelled(registry: &mut Registry, name: &str, help: &str, values: impl IntoIterator<Item = (Label, i64)>) {
    let family = Family::<Label, Gauge>::default();
    for (label, value) in values {
        family.get_or_create(&label).set(value);
    }
    registry.register(name, help, family);
}
