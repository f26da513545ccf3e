//! What follows from a changed configuration or a newer program for everything that is stored already: wake times,
//! moved dates, and what stands beside the cases for the reports.

use super::desk::Desk;
use super::{CASES_AT_ONCE, CONFIG_WARNINGS, Engine, MOVED_DATES};
use crate::core::case::Case;
use crate::core::event::Event;
use crate::core::figures::weekly::MovedDate;
use anyhow::{Context, Result};
use chrono::{DateTime, Days, NaiveDate, Utc};

/// The version of the configuration that all wake times were last computed with.
const RECKONED_WITH: &str = "reckoned_with";
/// Which form of the rows beside the cases all of them were last written in.
const KEPT_AS: &str = "kept_as";
/// The form of today; it grows when a migration adds a column that only the documents can fill.
const KEPT_TODAY: &str = "8";
/// How long a moved date is kept for the reports.
const REMEMBERED: Days = Days::new(14);

impl Engine {
    /// Computes every open wake time again, after the calendar or a window has changed. A date that was told to
    /// somebody is only ever moved later, by [`crate::core::decide`]; each that was is kept for the next report.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn recompute(&self, now: DateTime<Utc>) -> Result<usize> {
        let mut desk = self.desk(now).await?;
        let version = desk.office.policy.version.clone();
        if desk.tx.mark(RECKONED_WITH).await?.as_deref() == Some(version.as_str()) {
            return Ok(0);
        }
        desk.tx.set_mark(RECKONED_WITH, &version).await?;
        let ids = desk.tx.open_cases().await?;
        let mut moved = Vec::new();
        for id in &ids {
            let Some(loaded) = desk.tx.case(id).await? else { continue };
            let before = loaded.case.clone();
            desk.apply(loaded, &Event::CalendarChanged).await?;
            if let Some(after) = desk.tx.case(id).await? {
                moved.extend(moved_dates(&before, &after.case, desk.office.date(now)));
            }
        }
        if !moved.is_empty() {
            tracing::info!(moved = moved.len(), "A change of the calendar has moved dates that were running");
            keep_moved(&mut desk, moved).await?;
        }
        desk.commit().await?;
        Ok(ids.len())
    }

    /// Writes the rows beside the documents once more, where an earlier program has written them without what the
    /// reports of today count.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_again(&self, now: DateTime<Utc>) -> Result<()> {
        let mut desk = self.desk(now).await?;
        if desk.tx.mark(KEPT_AS).await?.as_deref() == Some(KEPT_TODAY) {
            return Ok(());
        }
        let ids = desk.tx.all_cases().await?;
        desk.commit().await?;
        for some in ids.chunks(usize::try_from(CASES_AT_ONCE).unwrap_or(1)) {
            let mut desk = self.desk(now).await?;
            for id in some {
                let Some(loaded) = desk.tx.case(id).await? else { continue };
                desk.tx.forget_case(id);
                desk.tx.save_case(&loaded.case, loaded.version, &desk.office.policy).await?;
            }
            desk.commit().await?;
        }
        let mut desk = self.desk(now).await?;
        desk.tx.set_mark(KEPT_AS, KEPT_TODAY).await?;
        desk.commit().await
    }

    /// Keeps what the operators should look at in their configuration, for the weekly report.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_warnings(&self, warnings: &[String]) -> Result<()> {
        let mut tx = self.store().begin().await?;
        tx.set_mark(CONFIG_WARNINGS, &serde_json::to_string(warnings)?).await?;
        tx.commit().await
    }
}

/// The open windows of a case whose last day has changed.
fn moved_dates(before: &Case, after: &Case, on: NaiveDate) -> Vec<MovedDate> {
    let moved = after.follow_ups.iter().filter(|f| f.stage.is_open()).filter_map(|f| {
        let (was, is) = (before.follow_up(&f.id)?.due_on()?, f.due_on()?);
        (was != is).then(|| MovedDate {
            on,
            case: after.label(),
            follow_up: f.id.to_string(),
            coordinator: f.coordinator.to_string(),
            was,
            is,
        })
    });
    moved.collect()
}

async fn keep_moved(desk: &mut Desk, fresh: Vec<MovedDate>) -> Result<()> {
    let oldest = desk.office.date(desk.now) - REMEMBERED;
    let mut kept = moved(desk).await?;
    kept.retain(|date| date.on >= oldest);
    kept.extend(fresh);
    desk.tx.set_mark(MOVED_DATES, &serde_json::to_string(&kept)?).await
}

/// The dates that changes of the calendar have moved in the last weeks.
pub(super) async fn moved(desk: &mut Desk) -> Result<Vec<MovedDate>> {
    let Some(kept) = desk.tx.mark(MOVED_DATES).await? else { return Ok(Vec::new()) };
    serde_json::from_str(&kept).context("The list of moved dates is damaged")
}

/// What the operators should look at in their configuration.
pub(super) async fn warnings(desk: &mut Desk) -> Result<Vec<String>> {
    let Some(kept) = desk.tx.mark(CONFIG_WARNINGS).await? else { return Ok(Vec::new()) };
    serde_json::from_str(&kept).context("The list of warnings is damaged")
}
