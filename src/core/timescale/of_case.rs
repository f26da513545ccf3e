//! From a case as it is registered to what the projections need to know of it.

use super::{Awaited, Exempt, Limits, Outlook, PlanDraft, Progress, Reissue, Rules, Standing, outlook};
use crate::core::calendar::local_date;
use crate::core::case::Case;
use crate::core::follow_up::{FollowUp, FollowUpKind, Outcome, Stage};
use crate::core::policy::Policy;
use crate::core::register::{DraftIssue, Phase};
use chrono::NaiveDate;

impl<'a> Rules<'a> {
    /// The rules of a policy.
    pub fn of(policy: &'a Policy) -> Self {
        Self {
            calendar: &policy.calendar,
            timescales: &policy.timescales,
            advice_window: policy.advice.window,
            check_window: policy.draft_check.window,
        }
    }
}

/// The outlook of a case whose plan is still to come; `None` without the day of the request (3.8, 30) and for a case
/// that is over.
pub fn outlook_of(case: &Case, today: NaiveDate, policy: &Policy) -> Option<Outlook> {
    progress(case, today, policy).map(|progress| outlook(&progress, Rules::of(policy)))
}

/// The dates of the law for a case; `None` without the day of the request.
pub fn limits_of(case: &Case, policy: &Policy) -> Option<Limits> {
    case.register.requested_on.map(|requested_on| Limits::of(requested_on, Rules::of(policy)))
}

/// What is known of a case whose plan is still to come.
pub fn progress(case: &Case, today: NaiveDate, policy: &Policy) -> Option<Progress> {
    let register = &case.register;
    let requested_on = register.requested_on.filter(|_| !register.is_over())?;
    Some(Progress {
        requested_on,
        today,
        awaited: case.follow_ups.iter().filter_map(|f| awaited(f, policy)).collect(),
        draft: draft(case),
        checks: case.follow_ups.iter().filter_map(|f| open_check(f, policy)).collect(),
        consult: register.consult.unwrap_or(policy.timescales.consult),
        promised: register.named_date.as_ref().map(|named| named.date),
        exempt: if register.exemptions.iter().any(|e| e.phase == Phase::Week20) { Exempt::Yes } else { Exempt::No },
    })
}

fn draft(case: &Case) -> PlanDraft {
    let register = &case.register;
    let reissue = if register.reissue_since.is_some() { Reissue::Pending } else { Reissue::None };
    match register.issued_draft() {
        Some(draft) => PlanDraft::Issued { on: draft.on, reissue },
        None if register.plan_drafts.iter().any(|d| d.issue == DraftIssue::Before) => PlanDraft::Written,
        None => PlanDraft::Unwritten,
    }
}

fn awaited(follow_up: &FollowUp, policy: &Policy) -> Option<Awaited> {
    let standing = match follow_up.kind {
        FollowUpKind::AdviceRequest => advice(follow_up, policy)?,
        FollowUpKind::Clarification => clarification(follow_up, policy)?,
        FollowUpKind::DraftCheck
        | FollowUpKind::ReviewContribution
        | FollowUpKind::ParentAnswer
        | FollowUpKind::AssessmentReturn
        | FollowUpKind::Action => return None,
    };
    let service = follow_up.service.as_deref().unwrap_or("an adviser");
    let what = match follow_up.kind {
        FollowUpKind::Clarification => format!("clarification from {service} ({})", follow_up.id),
        FollowUpKind::AdviceRequest
        | FollowUpKind::DraftCheck
        | FollowUpKind::ReviewContribution
        | FollowUpKind::ParentAnswer
        | FollowUpKind::AssessmentReturn
        | FollowUpKind::Action => format!("advice from {service} ({})", follow_up.id),
    };
    Some(Awaited { what, standing })
}

fn advice(follow_up: &FollowUp, policy: &Policy) -> Option<Standing> {
    match follow_up.stage {
        Stage::Cancelled => None,
        Stage::Closed if matches!(follow_up.outcome, Some(Outcome::NotSought | Outcome::DisputeUpheld)) => None,
        Stage::Closed => Some(came_on(follow_up, policy).map_or(Standing::NotAsked, Standing::Accepted)),
        // Its clarification is waited for beside it.
        Stage::Received | Stage::Query => {
            Some(came_on(follow_up, policy).map_or(Standing::NotAsked, Standing::Received))
        }
        Stage::AwaitingRoles | Stage::Prepared | Stage::Held => Some(Standing::NotAsked),
        Stage::Open | Stage::RepliedThin | Stage::Declined => {
            Some(follow_up.due_on().map_or(Standing::NotAsked, Standing::Due))
        }
    }
}

fn clarification(follow_up: &FollowUp, policy: &Policy) -> Option<Standing> {
    match follow_up.stage {
        Stage::Closed | Stage::Cancelled => None,
        Stage::Received | Stage::Query => came_on(follow_up, policy).map(Standing::Received),
        Stage::AwaitingRoles | Stage::Prepared | Stage::Held | Stage::Open | Stage::RepliedThin | Stage::Declined => {
            // One that is still on its way has a window's length before it.
            let opened = local_date(follow_up.opened_at, policy.zone);
            let window = policy.calendar.add_working_days(opened, policy.windows.clarification);
            Some(Standing::Due(follow_up.due_on().unwrap_or(window)))
        }
    }
}

/// The day on which the answer came, else the day on which it was closed.
fn came_on(follow_up: &FollowUp, policy: &Policy) -> Option<NaiveDate> {
    let answer = follow_up.rounds.iter().rev().find_map(|r| r.answers().next_back());
    answer.map(|r| r.received_at).or(follow_up.ended_at).map(|at| local_date(at, policy.zone))
}

/// The last day of a check that is open; one that is still on its way has a window's length before it.
fn open_check(follow_up: &FollowUp, policy: &Policy) -> Option<NaiveDate> {
    let to_leave = matches!(follow_up.stage, Stage::AwaitingRoles | Stage::Prepared);
    if follow_up.kind != FollowUpKind::DraftCheck || !(to_leave || follow_up.awaits_answer()) {
        return None;
    }
    let leaves = policy.calendar.on_or_after(local_date(follow_up.opened_at, policy.zone));
    let window = || policy.calendar.add_working_days(leaves, policy.draft_check.window);
    follow_up.due_on().or_else(|| to_leave.then(window))
}
