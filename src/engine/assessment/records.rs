//! What the authority's own records say of a provider: counted from the follow-ups of its services.

use crate::core::assessment::evidence::{Records, ServiceRecords};
use crate::core::calendar::closes_at;
use crate::core::register::NoteKind;
use crate::engine::desk::Desk;
use crate::store::Recorded;
use anyhow::Result;
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;

/// Codes of `Why:` that say that advice was hard to read.
const HARD_TO_READ: [&str; 2] = ["unclear", "jargon"];
/// The code that says that the impact on learning was missing.
const IMPACT_MISSING: &str = "impact on learning missing";

/// The days that are counted: the twelve months before, up to yesterday.
pub(super) fn period(desk: &Desk) -> (NaiveDate, NaiveDate) {
    let yesterday = desk.office.date(desk.now) - Days::new(1);
    (yesterday - Days::new(364), yesterday)
}

/// The records of these services in a period.
pub(super) async fn records(
    desk: &mut Desk,
    services: &[String],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Records> {
    let mut records = Records { period: Some((from, to)), ..Records::default() };
    let mut late_cases = BTreeSet::new();
    for name in services {
        let rows = desk.tx.recorded(name, from, to).await?;
        let mut service = ServiceRecords { service: name.clone(), ..ServiceRecords::default() };
        let route = desk.directory.service(name).and_then(|s| s.route.clone());
        for row in &rows {
            count(row, desk, &mut records, &mut service);
            if row.kind == "advice_request" && route.is_some() && row.adviser == route && is_counted(row, desk) {
                service.by_route += 1;
            }
            if row.kind == "advice_request" && lateness(row) != Lateness::InTime && is_counted(row, desk) {
                late_cases.insert(row.case_id.clone());
            }
        }
        if let Some(route) = route {
            let (zone, day) = (desk.office.policy.zone, Days::new(1));
            let sent =
                desk.tx.letters_to("early_notice", &route, closes_at(from - day, zone), closes_at(to, zone)).await?;
            records.early_notices += u64::try_from(sent).unwrap_or(0);
        }
        records.services.push(service);
    }
    for case in late_cases {
        let Some(loaded) = desk.tx.case(&case).await? else { continue };
        let narratives = loaded.case.register.notes.iter().filter(|n| n.kind == NoteKind::Narrative);
        if let Some(theme) = narratives.filter_map(|n| n.theme.clone()).next_back() {
            *records.themes.entry(theme).or_default() += 1;
        }
    }
    Ok(records)
}

#[derive(PartialEq, Eq)]
enum Lateness {
    InTime,
    Late,
    Outstanding,
}

/// What counts nowhere ([`crate::core::follow_up::FollowUp::counts_nowhere`]).
fn is_none(row: &Recorded) -> bool {
    row.outcome.as_deref().map_or(row.stage == "cancelled", |o| matches!(o, "not_sought" | "dispute_upheld"))
}

/// Requests whose six weeks still run say nothing yet.
fn is_counted(row: &Recorded, desk: &Desk) -> bool {
    let over = row.due.is_some_and(|due| desk.now >= closes_at(due, desk.office.policy.zone));
    !is_none(row) && (row.received_on.is_some() || over)
}

fn lateness(row: &Recorded) -> Lateness {
    match (row.received_on, row.due) {
        (Some(on), Some(due)) if on > due => Lateness::Late,
        (Some(_), _) => Lateness::InTime,
        (None, _) => Lateness::Outstanding,
    }
}

fn count(row: &Recorded, desk: &Desk, records: &mut Records, service: &mut ServiceRecords) {
    match row.kind.as_str() {
        "advice_request" if is_counted(row, desk) => {
            match lateness(row) {
                Lateness::InTime => service.in_time += 1,
                Lateness::Late => service.late += 1,
                Lateness::Outstanding => service.outstanding += 1,
            }
            records.not_known += u64::from(row.stage == "declined");
        }
        "clarification" if !is_none(row) => {
            let why = row.why.as_deref().unwrap_or_default();
            records.clarifications += 1;
            records.clarified_in_time += u64::from(row.received_on.is_some() && lateness(row) == Lateness::InTime);
            records.escalated += u64::from(row.level > 0);
            records.asked_again += u64::from(row.rounds > 1);
            records.hard_to_read += u64::from(HARD_TO_READ.contains(&why));
            records.impact_missing += u64::from(why == IMPACT_MISSING);
        }
        "draft_check" if !is_none(row) => {
            records.draft_checks += 1;
            records.draft_answers += u64::from(row.received_on.is_some());
        }
        "review_contribution" if !is_none(row) => {
            records.review_notices += 1;
            records.contributions += u64::from(row.received_on.is_some());
        }
        _ => {}
    }
}
