//! The neutral word to a line manager about draft checks without a reply: one mail a manager and day, gathered over all
//! cases, by reference only (`domain.md` 3.4). Never a child's initials, never a reproach.

use super::desk::Desk;
use crate::core::calendar::at_local;
use crate::core::case::{Case, CaseId};
use crate::core::follow_up::FollowUp;
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{Letter, LetterKind, Line};
use crate::core::policy::CheckClose;
use crate::core::wording::short_date;
use anyhow::Result;
use chrono::DateTime;
use std::collections::{BTreeMap, BTreeSet};

/// When managers were last told.
const TOLD: &str = "draft_digest_at";

/// One check as it is named to a manager.
struct Silent {
    id: FollowUpId,
    case: CaseId,
    coordinator: Address,
    sentence: String,
}

/// Writes the mails when their hour has come, once a day. Checks that end later wait for the next day.
pub(super) async fn send(desk: &mut Desk) -> Result<()> {
    let policy = &desk.office.policy;
    let today = desk.office.date(desk.now);
    let due = at_local(today, policy.escalation.copied_in_at, policy.zone);
    let tells = policy.draft_check.on_close == CheckClose::NotifyManager;
    if !tells || !policy.calendar.is_working(today) || desk.now < due {
        return Ok(());
    }
    if policy.send_window.next_opening(desk.now, &policy.calendar, policy.zone) > desk.now {
        return Ok(());
    }
    let last = desk.tx.instant_mark(TOLD).await?;
    if last.is_some_and(|at| desk.office.date(at) == today) {
        return Ok(());
    }
    let ids = desk.tx.unanswered_draft_checks(last.unwrap_or(DateTime::UNIX_EPOCH)).await?;
    if ids.is_empty() {
        return Ok(());
    }
    desk.tx.set_instant_mark(TOLD, desk.now).await?;
    for (manager, silent) in by_manager(desk, &ids).await? {
        let letter = letter(desk, manager, &silent);
        desk.send(&letter, None).await?;
    }
    Ok(())
}

async fn by_manager(desk: &mut Desk, ids: &[FollowUpId]) -> Result<BTreeMap<Address, Vec<Silent>>> {
    let mut by_manager: BTreeMap<Address, Vec<Silent>> = BTreeMap::new();
    for id in ids {
        let Some(loaded) = desk.tx.case_of(id).await? else { continue };
        let Some(follow_up) = loaded.case.follow_up(id).filter(|_| !loaded.case.register.is_over()) else {
            continue;
        };
        for manager in follow_up.reachable_managers() {
            by_manager.entry(manager).or_default().push(silent(desk, &loaded.case, follow_up));
        }
    }
    for silent in by_manager.values_mut() {
        silent.sort_by(|a, b| a.case.cmp(&b.case).then_with(|| a.id.cmp(&b.id)));
    }
    Ok(by_manager)
}

fn silent(desk: &Desk, case: &Case, follow_up: &FollowUp) -> Silent {
    let reference = case.reference.as_ref().map(|r| format!(" · {r}")).unwrap_or_default();
    let adviser = follow_up.adviser.as_ref().map(|a| desk.directory.name_of(a)).unwrap_or_default();
    let asked =
        follow_up.round().and_then(|r| r.day_zero).map(|d| format!(" on {}", short_date(d))).unwrap_or_default();
    Silent {
        id: follow_up.id.clone(),
        case: case.id.clone(),
        coordinator: follow_up.coordinator.clone(),
        sentence: format!("{}{reference}: {adviser}, asked{asked}", follow_up.id),
    }
}

fn letter(desk: &Desk, manager: Address, silent: &[Silent]) -> Letter {
    let today = desk.office.date(desk.now);
    let key = format!("draft-silence/{manager}/{today}");
    let mut letter = Letter::new(LetterKind::DraftSilence, key, desk.now);
    let owners: BTreeSet<&Address> = silent.iter().map(|s| &s.coordinator).collect();
    letter.to = vec![manager];
    // Answers reach a person when there is only one whom they can concern.
    letter.coordinator = owners.iter().next().filter(|_| owners.len() == 1).map(|&owner| owner.clone());
    letter.facts.sentences = silent.iter().map(|s| s.sentence.clone()).collect();
    letter.lines = silent.iter().zip(1..).map(|(s, number)| Line { number, ..Line::about(&s.id) }).collect();
    letter
}
