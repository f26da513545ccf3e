//! Lines about cases as a whole: weeks that end, what waits for a `YES`, reviews that nobody has answered.

use crate::core::case::Case;
use crate::core::follow_up::{FollowUp, FollowUpKind};
use crate::core::id::Address;
use crate::core::letter::{Line, LineGroup, LineSubject};
use crate::core::register::RulingKind;
use crate::core::timescale::limits_of;
use crate::core::wording::{date_words, short_date};
use crate::engine::desk::Desk;
use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

/// Working days that "Coming" looks ahead.
const COMING: u32 = 5;

/// What this co-ordinator's own cases bring today.
pub(super) async fn lines(desk: &mut Desk, who: &Address, today: NaiveDate, since: DateTime<Utc>) -> Result<Vec<Line>> {
    let mut lines = waiting_for_yes(desk, who).await?;
    let last = desk.office.date(since);
    for id in desk.tx.cases_of_owner(who).await? {
        let Some(loaded) = desk.tx.case(&id).await? else { continue };
        if loaded.case.coordinator == *who && loaded.case.register.opened_on.is_some() {
            lines.extend(weeks(desk, &loaded.case, today, last));
        }
    }
    Ok(lines)
}

/// Commands that were read back to this person and not answered.
async fn waiting_for_yes(desk: &mut Desk, who: &Address) -> Result<Vec<Line>> {
    let waiting = desk.tx.unanswered_confirmations(who, desk.now).await?;
    let line = |(letter, subject, asked_at): (String, String, DateTime<Utc>)| Line {
        number: 0,
        group: LineGroup::NeedsYou,
        text: format!("“{subject}” of {} still waits for your YES.", short_date(desk.office.date(asked_at))),
        answers: vec!["YES".to_owned()],
        subject: LineSubject::Confirmation { letter },
    };
    Ok(waiting.into_iter().map(line).collect())
}

/// Weeks 6 and 20 of a case: five working days ahead, on the day to plan for, and once when the law's day is past.
/// Week 16 binds only where there is to be no plan (reg 10(1)): nothing is missing when it has passed, and no word is
/// offered that would end the case of a child whose plan is being written.
fn weeks(desk: &Desk, case: &Case, today: NaiveDate, last: NaiveDate) -> Vec<Line> {
    let policy = &desk.office.policy;
    let Some(limits) = limits_of(case, policy) else { return Vec::new() };
    let plan = &policy.timescales;
    let register = &case.register;
    let drafted = register.issued_draft().is_some();
    let ruled_on_plan = register.rulings.iter().any(|r| r.what == RulingKind::NoPlan);
    let open = [
        (
            register.rulings.is_empty() && !drafted,
            plan.decision_week(),
            limits.decision,
            "the decision whether to assess",
            &["DECISION ASSESS", "DECISION NO ASSESSMENT"] as &[&str],
        ),
        (register.final_on.is_none(), plan.final_week(), limits.final_plan, "the final plan", &["FINAL ISSUED"]),
    ];
    let horizon = policy.calendar.add_working_days(today, COMING);
    let line = |group, text: String, answers: &[&str]| Line {
        number: 0,
        group,
        text: format!("{}: {text}", case.label()),
        answers: answers.iter().map(|&a| a.to_owned()).collect(),
        subject: LineSubject::Case(case.id.clone()),
    };
    let mut lines: Vec<Line> = open
        .into_iter()
        .filter(|(open, ..)| *open)
        .filter_map(|(_, week, due, what, answers)| {
            let (law, plan) = (due.legal_due, due.planning_due);
            if plan == today {
                Some(line(
                    LineGroup::NeedsYou,
                    format!("week {week}, {what}: planned for today; in law by {}.", short_date(law)),
                    answers,
                ))
            } else if law < today && law >= last {
                Some(line(
                    LineGroup::NeedsYou,
                    format!("week {week} ended on {} and {what} is not recorded.", short_date(law)),
                    answers,
                ))
            } else if plan > today && plan <= horizon {
                Some(line(LineGroup::Coming, format!("week {week}, {what}: plan for {}.", date_words(plan)), &[]))
            } else {
                None
            }
        })
        .collect();
    let no_plan = limits.no_plan;
    if !drafted && !ruled_on_plan && no_plan.planning_due <= horizon && no_plan.legal_due >= today {
        let (week, by) = (plan.no_plan_week(), date_words(no_plan.legal_due));
        let text = format!("week {week} ends on {by}; if there is to be no plan, the family must hear that by then.");
        lines.push(line(LineGroup::Coming, text, &[]));
    }
    lines
}

/// A contribution to a review that was due and has not come; the service asks nobody a third time.
pub(super) fn review_line(follow_up: &FollowUp, adviser: &str, today: NaiveDate) -> Option<String> {
    let due = follow_up.due_on().filter(|&due| due < today && follow_up.kind == FollowUpKind::ReviewContribution)?;
    Some(format!("{adviser} has sent nothing for the annual review (asked by {}).", short_date(due)))
}
