//! Late or outstanding advice with the reason on record: the only documents that a report reads.
//!
//! A reason is told of the advice that it is about. One that is on record for the case alone belongs to its late
//! advice only where there is one such; of several it is marked, and no service reads it of another. What names a
//! child or the family stays in the case's own record.

use super::figures::{Progress, Whose, service_name};
use crate::core::assessment::child_data::child_data;
use crate::core::case::{Case, CaseId};
use crate::core::figures::{Exception, ToldOf};
use crate::core::follow_up::{FollowUp, FollowUpKind};
use crate::core::register::{Note, NoteKind, Phase, Register};
use crate::engine::desk::Desk;
use crate::store::figures::{LONGEST_LIST, Period};
use anyhow::Result;
use chrono::NaiveDate;
use chrono_tz::Tz;

/// What a report says in the place of words that name the child or the family.
const WITHHELD: &str = "(withheld: it names the child or the family)";

/// Late or outstanding advice of a period with a ground or a narrative on record, and how many cases with such were not
/// read.
pub(super) async fn exceptions(
    desk: &mut Desk,
    period: Period,
    whose: &Whose,
    tell: Progress<'_>,
) -> Result<(Vec<Exception>, u64)> {
    tell("reasons for late advice");
    let zone = desk.office.policy.zone;
    let mut found = Vec::new();
    let cases = desk.tx.cases_with_reasons(period).await?;
    let ours: Vec<CaseId> = cases.into_iter().filter(|(_, who)| whose.holds(who)).map(|(id, _)| id).collect();
    let unread = ours.len().saturating_sub(LONGEST_LIST);
    for id in ours.into_iter().take(LONGEST_LIST) {
        let Some(loaded) = desk.tx.case(&id).await? else { continue };
        let case = &loaded.case;
        let due_then = |f: &&FollowUp| due(f).is_some_and(|due| (period.from..=period.to).contains(&due));
        let late = case.follow_ups.iter().filter(due_then).filter(|f| is_late(f, desk.office.date(desk.now), zone));
        found.extend(late.filter_map(|f| exception(case, f, desk.office.date(desk.now), zone)));
    }
    found.sort_by(|a, b| (&a.service, a.due_on, &a.case).cmp(&(&b.service, b.due_on, &b.case)));
    Ok((found, u64::try_from(unread).unwrap_or(u64::MAX)))
}

fn due(follow_up: &FollowUp) -> Option<NaiveDate> {
    follow_up.rounds.first().and_then(|r| r.original_due)
}

/// Whether a request for advice came after its six weeks, or has not come although they are over.
fn is_late(follow_up: &FollowUp, today: NaiveDate, zone: Tz) -> bool {
    let counts = follow_up.kind == FollowUpKind::AdviceRequest && !follow_up.counts_nowhere();
    counts && due(follow_up).is_some_and(|due| follow_up.received_on(zone).unwrap_or(today) > due)
}

/// The reason on record for late advice of a case; `None` where there is none.
pub(in crate::engine) fn exception(case: &Case, follow_up: &FollowUp, today: NaiveDate, zone: Tz) -> Option<Exception> {
    let register = &case.register;
    let own = narrative(register, |with| is_about(with, follow_up));
    let of_case = narrative(register, |with| with.is_none());
    let exemption = register.exemptions.iter().rev().find(|e| e.phase == Phase::Advice);
    if own.or(of_case).is_none() && exemption.is_none() {
        return None;
    }
    let words = own.or(of_case).map(|n| n.text.as_str()).filter(|text| !text.is_empty());
    let words = words.or_else(|| exemption.map(|e| e.narrative.as_str())).unwrap_or_default();
    let late = case.follow_ups.iter().filter(|f| is_late(f, today, zone)).count();
    Some(Exception {
        case: case.reference.as_ref().map(ToString::to_string).unwrap_or_default(),
        service: service_name(follow_up.service.as_deref().unwrap_or_default()),
        ground: exemption.map(|e| e.ground.clone()).unwrap_or_default(),
        theme: own.or(of_case).and_then(|n| n.theme.clone()).unwrap_or_default(),
        narrative: if may_travel(words, register) { words.to_owned() } else { WITHHELD.to_owned() },
        told_of: if own.is_some() || late < 2 { ToldOf::ThisService } else { ToldOf::WholeCase },
        due_on: due(follow_up),
        received_on: follow_up.received_on(zone),
    })
}

/// The last narrative about what `is_meant` says of its `With:`.
fn narrative(register: &Register, is_meant: impl Fn(Option<&str>) -> bool) -> Option<&Note> {
    register.notes.iter().rev().find(|n| n.kind == NoteKind::Narrative && is_meant(n.with.as_deref()))
}

/// Whether a narrative names this service, adviser or follow-up.
fn is_about(with: Option<&str>, follow_up: &FollowUp) -> bool {
    let adviser = follow_up.adviser.as_ref().map(ToString::to_string);
    let names = [follow_up.service.clone(), adviser, Some(follow_up.id.to_string())];
    with.is_some_and(|with| names.iter().flatten().any(|name| name.eq_ignore_ascii_case(with)))
}

/// Whether words may stand in a report: no name, number or birthday of a child, no name of the family.
pub(in crate::engine) fn may_travel(words: &str, register: &Register) -> bool {
    child_data(words).is_empty() && !register.is_named_in(words)
}
