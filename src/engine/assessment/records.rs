//! What the authority's own records say of a provider: counted from the follow-ups of its services.

use crate::core::assessment::evidence::{Records, ServiceRecords};
use crate::core::calendar::closes_at;
use crate::core::case::CaseId;
use crate::core::figures::measure::{Histogram, median};
use crate::core::figures::{Exception, ToldOf};
use crate::core::id::FollowUpId;
use crate::engine::desk::Desk;
use crate::engine::reports::exception;
use crate::store::Recorded;
use anyhow::Result;
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;

/// Codes of `Why:` that say that advice was hard to read.
const HARD_TO_READ: [&str; 2] = ["unclear", "jargon"];
/// The code that says that the impact on learning was missing.
const IMPACT_MISSING: &str = "impact on learning missing";

/// Where the reason on record is about several services of a case.
const SEVERAL: &str = "a reason of several services at once";

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
    let mut late = Vec::new();
    let mut took = Histogram::new();
    for name in services {
        // A return keeps the names of its round; the register has those of today.
        let name = &desk.directory.service(name).map_or_else(|| name.clone(), |s| s.name.clone());
        let rows = desk.tx.recorded(name, from, to).await?;
        let mut service = ServiceRecords { service: name.clone(), ..ServiceRecords::default() };
        let route = desk.directory.service(name).and_then(|s| s.route.clone());
        for row in &rows {
            count(row, desk, &mut records, &mut service);
            if row.kind != "advice_request" || !is_counted(row, desk) {
                continue;
            }
            service.by_route += u64::from(route.is_some() && row.adviser == route);
            if lateness(row) != Lateness::InTime {
                late.push((row.case_id.clone(), row.id.clone()));
            }
            // The answer that was no advice does not end what it began.
            let later = row.not_known_on.zip(row.received_on).filter(|(not_known, received)| received > not_known);
            if let Some((not_known_on, received_on)) = later {
                *took.entry((received_on - not_known_on).num_days()).or_default() += 1;
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
    let (zone, day) = (desk.office.policy.zone, Days::new(1));
    let sent = desk.tx.letters_sent("health_report", closes_at(from - day, zone), closes_at(to, zone)).await?;
    let on = |(at, recipients)| (desk.office.date(at), u64::try_from(recipients).unwrap_or(0));
    records.compliance_mails = sent.into_iter().map(on).collect();
    records.not_known_answered = took.values().sum();
    records.not_known_took = median(&took);
    records.themes = themes(desk, late).await?;
    Ok(records)
}

/// How often each reason stands on record for late advice, as the health report tells it.
async fn themes(desk: &mut Desk, late: Vec<(CaseId, FollowUpId)>) -> Result<BTreeMap<String, u64>> {
    let (today, zone) = (desk.office.date(desk.now), desk.office.policy.zone);
    let mut themes = BTreeMap::new();
    for (case, id) in late {
        let Some(loaded) = desk.tx.case(&case).await? else { continue };
        let Some(follow_up) = loaded.case.follow_up(&id) else { continue };
        let Some(exception) = exception(&loaded.case, follow_up, today, zone) else { continue };
        *themes.entry(theme(exception)).or_default() += 1;
    }
    Ok(themes)
}

/// The theme of a reason, else its ground; a reason of several services at once is none that one of them may read of
/// another.
fn theme(exception: Exception) -> String {
    let own = (exception.told_of == ToldOf::ThisService).then_some(exception.theme);
    let ground = |ground: String| if ground.is_empty() { SEVERAL.to_owned() } else { format!("reg 8(2), {ground}") };
    own.filter(|theme| !theme.is_empty()).unwrap_or_else(|| ground(exception.ground))
}

#[derive(PartialEq, Eq)]
enum Lateness {
    InTime,
    Late,
    Outstanding,
}

/// Requests whose six weeks still run say nothing yet.
fn is_counted(row: &Recorded, desk: &Desk) -> bool {
    let over = row.due.is_some_and(|due| desk.now >= closes_at(due, desk.office.policy.zone));
    row.received_on.is_some() || over
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
            records.not_known += u64::from(row.not_known_on.is_some());
        }
        "clarification" => {
            let why = row.why.as_deref().unwrap_or_default();
            records.clarifications += 1;
            records.clarified_in_time += u64::from(row.received_on.is_some() && lateness(row) == Lateness::InTime);
            records.escalated += u64::from(row.level > 0);
            records.asked_again += u64::from(row.rounds > 1);
            records.hard_to_read += u64::from(HARD_TO_READ.contains(&why));
            records.impact_missing += u64::from(why == IMPACT_MISSING);
        }
        "draft_check" => {
            records.draft_checks += 1;
            records.draft_answers += u64::from(row.received_on.is_some());
        }
        "review_contribution" => {
            records.review_notices += 1;
            records.contributions += u64::from(row.received_on.is_some());
        }
        _ => {}
    }
}
