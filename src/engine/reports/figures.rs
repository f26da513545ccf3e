//! What both reports need beside the queries: names of people, whose figures count, medians.

use crate::core::calendar::{Calendar, local_date};
use crate::core::figures::measure::{Halves, Histogram, median};
use crate::core::figures::{Month, NO_SERVICE, Returns, Scope};
use crate::engine::desk::Desk;
use crate::store::figures::{Answered, Period, ReturnRow};
use anyhow::Result;
use chrono::{Months, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};

/// Hears what is being counted, for the command line.
pub type Progress<'a> = &'a (dyn Fn(&str) + Sync);

/// Whose figures a report holds.
pub(super) struct Whose {
    /// Addresses of the co-ordinators; `None` for everybody's.
    only: Option<BTreeSet<String>>,
}

impl Whose {
    pub fn of(desk: &Desk, team: Option<&str>) -> Self {
        let of_team = |team: &str| {
            let members = desk.directory.coordinators.iter().filter(|c| c.team.as_deref() == Some(team));
            members.map(|c| c.person.address.to_string()).collect()
        };
        Self { only: team.map(of_team) }
    }

    pub fn holds(&self, coordinator: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(coordinator))
    }
}

/// A co-ordinator's name for an address of the store.
pub(super) fn name_of(desk: &Desk, address: &str) -> String {
    crate::core::id::Address::parse(address).map_or_else(|| address.to_owned(), |a| desk.directory.name_of(&a))
}

pub(super) fn service_name(service: &str) -> String {
    if service.is_empty() { NO_SERVICE.to_owned() } else { service.to_owned() }
}

pub(super) fn scope(desk: &Desk, team: Option<&str>) -> Scope {
    let policy = &desk.office.policy;
    Scope {
        authority: policy.authority.name.clone(),
        team: team.map(ToOwned::to_owned),
        as_at: desk.now,
        today: local_date(desk.now, policy.zone),
        at: local(desk.now, policy.zone).time(),
    }
}

pub(super) fn local(at: chrono::DateTime<chrono::Utc>, zone: Tz) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

/// Six-week returns by service, with medians.
pub(super) async fn returns(desk: &mut Desk, period: Period, whose: &Whose) -> Result<Vec<Returns>> {
    let mut services: BTreeMap<String, Returns> = BTreeMap::new();
    for row in desk.tx.returns(period).await?.into_iter().filter(|r| whose.holds(&r.coordinator)) {
        let service = service_name(&row.service);
        let entry = services.entry(service.clone()).or_insert(Returns { service, ..Returns::default() });
        add(entry, &row);
    }
    let mut lengths: BTreeMap<String, Histogram> = BTreeMap::new();
    for row in desk.tx.advice_answered(period).await?.into_iter().filter(|r| whose.holds(&r.coordinator)) {
        let days = row.received_on.signed_duration_since(row.asked_on).num_days();
        *lengths.entry(service_name(&row.service)).or_default().entry(days).or_default() += row.count;
    }
    for (service, entry) in &mut services {
        entry.median_days = lengths.get(service).and_then(median);
    }
    Ok(services.into_values().collect())
}

fn add(entry: &mut Returns, row: &ReturnRow) {
    entry.asked += row.asked;
    entry.in_time += row.in_time;
    entry.late += row.late;
    entry.outstanding += row.outstanding;
    entry.due += row.in_time + row.late + row.outstanding;
    entry.excepted += row.excepted;
    entry.not_known += row.not_known;
}

/// Twelve months up to the one that begins on `last`.
pub(super) async fn months(desk: &mut Desk, last: NaiveDate, to: NaiveDate, whose: &Whose) -> Result<Vec<Month>> {
    let first = last - Months::new(11);
    let rows = desk.tx.months(Period { from: first, to }).await?;
    Ok((0..12)
        .map(|n| {
            let first = first + Months::new(n);
            let name = first.format("%Y-%m").to_string();
            let mut month = Month { first, services: BTreeMap::new() };
            for row in rows.iter().filter(|r| r.month == name && whose.holds(&r.coordinator)) {
                let [in_time, late, outstanding] = month.services.entry(service_name(&row.service)).or_default();
                *in_time += row.in_time;
                *late += row.late;
                *outstanding += row.due.saturating_sub(row.in_time + row.late);
            }
            month
        })
        .collect())
}

/// Medians of working days from request to answer, by whatever `name` says.
pub(super) fn medians(
    rows: &[Answered],
    calendar: &Calendar,
    name: impl Fn(&Answered) -> String,
) -> BTreeMap<String, Halves> {
    let mut lengths: BTreeMap<String, Histogram> = BTreeMap::new();
    for row in rows {
        let days = calendar.working_days_between(row.asked_on, row.received_on);
        *lengths.entry(name(row)).or_default().entry(days).or_default() += row.count;
    }
    lengths.into_iter().filter_map(|(name, lengths)| Some((name, median(&lengths)?))).collect()
}
