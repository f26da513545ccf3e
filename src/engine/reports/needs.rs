//! What only a SEND manager can move on, gathered from the store.

use super::figures::{Whose, name_of, service_name};
use super::weekly::{Lists, days_since, received_on};
use crate::core::case::CaseId;
use crate::core::figures::need::{About, Need, Reason};
use crate::core::id::{Address, FollowUpId};
use crate::engine::desk::Desk;
use crate::store::figures::{FollowUpRow, Which};
use anyhow::Result;
use chrono::NaiveDate;

/// Everything that needs a SEND manager; the first screen chooses.
pub(super) async fn needs(desk: &mut Desk, lists: &Lists, today: NaiveDate, whose: &Whose) -> Result<Vec<Need>> {
    let policy = desk.office.policy.clone();
    let mut found: Vec<(FollowUpRow, Reason)> = Vec::new();
    for row in desk.tx.clarifications(Which::Held, today).await? {
        let why = if row.hold == "wrong_child" { Reason::WrongChild } else { Reason::Unreachable };
        found.push((row, why));
    }
    for row in lists.overdue.iter().filter(|r| r.level >= u64::from(policy.escalation.max)) {
        let due_on = row.due_on.unwrap_or(today);
        found.push((row.clone(), Reason::Exhausted { due_on, days: days_since(desk, row.due_on, today) }));
    }
    for row in desk.tx.clarifications(Which::Disputed, today).await? {
        found.push((row, Reason::Disputed));
    }
    for row in desk.tx.clarifications(Which::ParentsWaiting, today).await? {
        let due_on = row.due_on.unwrap_or(today);
        let days = days_since(desk, row.due_on, today);
        found.push((row, Reason::ParentWaits { due_on, days }));
    }
    for row in &lists.unreviewed {
        let received_on = received_on(desk, row).unwrap_or(today);
        let days = days_since(desk, Some(received_on), today);
        if days >= i64::from(policy.windows.review_nudge) {
            found.push((row.clone(), Reason::Unreviewed { received_on, days }));
        }
    }
    for row in desk.tx.clarifications(Which::NotAgreed, today).await? {
        let asked_on = row.asked_on.unwrap_or(today);
        found.push((row, Reason::NotAgreed { asked_on }));
    }
    for who in desk.tx.busy_coordinators().await? {
        if is_gone(desk, &who) {
            let open = desk.tx.clarifications(Which::OpenOf(&who), today).await?;
            found.extend(open.into_iter().map(|r| (r, Reason::Orphan)));
        }
    }
    let ours = found.into_iter().filter(|(row, _)| whose.holds(&row.coordinator));
    let mut needs: Vec<Need> = ours.filter_map(|(row, reason)| need(desk, &row, reason)).collect();
    for (case, who, since) in desk.tx.held_notices().await? {
        if whose.holds(&who) {
            needs.push(Need {
                about: About::Case(CaseId(case.clone())),
                case,
                service: String::new(),
                coordinator: name_of(desk, &who),
                reason: Reason::NoticeHeld { since: since.unwrap_or(today) },
            });
        }
    }
    Ok(needs)
}

/// Whether a co-ordinator is no longer in the directory.
fn is_gone(desk: &Desk, who: &str) -> bool {
    Address::parse(who).is_none_or(|a| !desk.directory.is_staff(&a))
}

fn need(desk: &Desk, row: &FollowUpRow, reason: Reason) -> Option<Need> {
    Some(Need {
        about: About::FollowUp(FollowUpId::parse(&row.id)?),
        case: row.case.clone().unwrap_or_default(),
        service: service_name(&row.service),
        coordinator: name_of(desk, &row.coordinator),
        reason,
    })
}
