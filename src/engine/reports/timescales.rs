//! Section 6 of the weekly report: cases against week 20, statutory dates ahead, what families were told.

use super::figures::{Whose, name_of};
use super::weekly::{ours, week_before};
use crate::core::calendar::statutory_weeks;
use crate::core::figures::weekly::{Milestone, Notices, Outlook, Timeline, Timescales};
use crate::engine::desk::Desk;
use crate::store::figures::{CaseRow, LONGEST_LIST};
use anyhow::Result;
use chrono::{Days, NaiveDate};

/// The weeks of the law that the milestones name.
const MILESTONES: [u32; 3] = [6, 16, 20];
/// Days that the milestones look ahead.
const AHEAD: u64 = 21;

pub(super) async fn timescales(desk: &mut Desk, today: NaiveDate, whose: &Whose) -> Result<Timescales> {
    let mut figures = Timescales::default();
    for (who, requested_on, outlook, cases) in desk.tx.open_cases_by_request().await? {
        if !whose.holds(&who) {
            continue;
        }
        let Some(requested_on) = requested_on else {
            figures.without_request += cases;
            continue;
        };
        match outlook_of(requested_on, &outlook, today) {
            Outlook::Late if requested_on + Days::new(365) <= today => figures.late_over_a_year += cases,
            Outlook::Late => figures.late += cases,
            Outlook::WillSlip => figures.will_slip += cases,
            Outlook::AtRisk => figures.at_risk += cases,
            Outlook::OnTrack => {}
        }
    }
    let off_track = desk.tx.cases_off_track(today - Days::new(140), today).await?;
    figures.timelines =
        off_track.iter().filter(|r| whose.holds(&r.coordinator)).map(|r| timeline(desk, r, today)).collect();
    figures.timelines.sort_by_key(|t| (t.outlook, t.requested_on));
    figures.timelines.truncate(LONGEST_LIST);
    figures.milestones = milestones(desk, today, whose).await?;
    figures.notices = notices(desk, today, whose).await?;
    Ok(figures)
}

async fn notices(desk: &mut Desk, today: NaiveDate, whose: &Whose) -> Result<Notices> {
    let mut notices = Notices::default();
    for (_, [held, vetoed, by_post]) in ours(desk.tx.notices(today - Days::new(7)).await?, whose) {
        notices.held += held;
        notices.vetoed += vetoed;
        notices.by_post += by_post;
    }
    for (_, [sent, undeliverable]) in ours(desk.tx.notices_delivered(week_before(desk.now)).await?, whose) {
        notices.sent += sent;
        notices.undeliverable += undeliverable;
    }
    for (_, [open, late]) in ours(desk.tx.parents_unanswered(today).await?, whose) {
        notices.unanswered += open;
        notices.unanswered_late += late;
    }
    notices.told_passed = ours(desk.tx.told_passed(today).await?, whose).map(|(_, n)| n).sum();
    Ok(notices)
}

/// Past week 20 it is late, whatever the last evaluation said.
fn outlook_of(requested_on: NaiveDate, stored: &str, today: NaiveDate) -> Outlook {
    if requested_on + Days::new(140) < today {
        return Outlook::Late;
    }
    match stored {
        "will_slip" => Outlook::WillSlip,
        "at_risk" => Outlook::AtRisk,
        _ => Outlook::OnTrack,
    }
}

fn timeline(desk: &Desk, row: &CaseRow, today: NaiveDate) -> Timeline {
    let policy = &desk.office.policy;
    Timeline {
        case: row.case.clone(),
        coordinator: name_of(desk, &row.coordinator),
        outlook: outlook_of(row.requested_on, &row.outlook, today),
        requested_on: row.requested_on,
        week_20: statutory_weeks(row.requested_on, 20, &policy.calendar).legal_due,
        expected_on: row.expected_on,
        told: row.told,
    }
}

/// Week 6 until it is decided whether to assess, week 16 until a plan draft is out, week 20 until the plan is.
async fn milestones(desk: &mut Desk, today: NaiveDate, whose: &Whose) -> Result<Vec<Milestone>> {
    let end = today + Days::new(AHEAD);
    let rows = desk.tx.cases_at_milestones(today, end).await?;
    let mut found = Vec::new();
    for row in rows.iter().filter(|r| whose.holds(&r.coordinator)) {
        for week in MILESTONES {
            let settled = week == 6 && row.decided > 0 || week == 16 && row.drafted > 0;
            let due = statutory_weeks(row.requested_on, week, &desk.office.policy.calendar);
            if !settled && (today..=end).contains(&due.legal_due) {
                found.push(Milestone {
                    case: row.case.clone(),
                    coordinator: name_of(desk, &row.coordinator),
                    week: u64::from(week),
                    planning_due: due.planning_due,
                    legal_due: due.legal_due,
                });
            }
        }
    }
    found.sort_by(|a, b| (a.planning_due, &a.case).cmp(&(b.planning_due, &b.case)));
    Ok(found)
}
