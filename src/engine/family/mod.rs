//! Families as the engine sees them: the morning's look at every plan, a parent's mail, what became of letters to
//! them. What follows is decided in the core.

mod incoming;
mod outgoing;
mod today;

pub(super) use incoming::{forwarded, from_family, hold_previewed, is_machine_of_family, is_of_family};
pub(super) use outgoing::{ask_about_uncertain, is_void, returned, taken, unreachable};
pub(super) use today::{answer_line, lines};

use super::desk::Desk;
use super::{Engine, MAILBOX_SEEN};
use crate::core::calendar::at_local;
use crate::core::event::Event;
use crate::core::family::{FamilyEvent, Running};
use crate::core::id::Address;
use anyhow::Result;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// How many cases share a transaction.
const CASES_AT_ONCE: i64 = 64;
/// The day of the last morning that was done whole.
const DONE: &str = "families_seen_on";
/// How far this morning has come: the day and the last case.
const REACHED: &str = "families_reached";
/// More working days than these without a morning, and a person looks at what is found.
const MISSED_DAYS: i64 = 3;

impl Engine {
    /// Looks at every plan that is still to come, once on a working-day morning from 06:00 on, a bounded number in one
    /// transaction: a restart goes on where it stopped. Never on a stale mailbox.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn look_at_families(&self, now: DateTime<Utc>) -> Result<()> {
        loop {
            let mut desk = self.desk(now).await?;
            let more = some_families(&mut desk).await?;
            desk.commit().await?;
            if !more {
                return Ok(());
            }
        }
    }
}

/// Some of this morning's cases; whether more are left.
async fn some_families(desk: &mut Desk) -> Result<bool> {
    let policy = &desk.office.policy;
    let today = desk.office.date(desk.now);
    let due = at_local(today, evaluation_hour(), policy.zone);
    if !policy.calendar.is_working(today) || desk.now < due {
        return Ok(false);
    }
    let done: Option<NaiveDate> = desk.tx.mark(DONE).await?.and_then(|day| day.parse().ok());
    if done.is_some_and(|day| day >= today) {
        return Ok(false);
    }
    if desk.tx.instant_mark(MAILBOX_SEEN).await?.is_none_or(|seen| seen < due) {
        return Ok(false);
    }
    let missed = done.map_or(0, |day| desk.office.policy.calendar.working_days_between(day, today));
    let running = if missed > MISSED_DAYS { Running::AfterDowntime } else { Running::Steadily };
    let reached = reached(desk, today).await?;
    let cases = desk.tx.awaited_plans(&reached, CASES_AT_ONCE).await?;
    let Some(last) = cases.last().cloned() else {
        desk.tx.set_mark(DONE, &today.to_string()).await?;
        return Ok(false);
    };
    desk.tx.foresee_cases(&cases).await?;
    for id in &cases {
        if let Some(loaded) = desk.tx.case(id).await? {
            desk.apply(loaded, &Event::Family(FamilyEvent::Morning(running))).await?;
        }
    }
    desk.tx.set_mark(REACHED, &format!("{today} {}", last.0)).await?;
    Ok(true)
}

/// The last case that was looked at this morning.
async fn reached(desk: &mut Desk, today: NaiveDate) -> Result<String> {
    let mark = desk.tx.mark(REACHED).await?.unwrap_or_default();
    let of_today = mark.strip_prefix(&format!("{today} "));
    Ok(of_today.unwrap_or_default().to_owned())
}

/// Letters that were previewed to a co-ordinator who turns out to be away: shown anew, to whoever stands in as well.
pub(super) async fn show_anew(desk: &mut Desk, who: &Address) -> Result<()> {
    for id in desk.tx.awaited_plans_of(who).await? {
        if let Some(loaded) = desk.tx.case(&id).await? {
            desk.apply(loaded, &Event::Family(FamilyEvent::Unseen)).await?;
        }
    }
    Ok(())
}

fn evaluation_hour() -> NaiveTime {
    NaiveTime::from_hms_opt(6, 0, 0).unwrap_or_default()
}
