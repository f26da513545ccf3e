//! The figures of the weekly report, gathered from the store, section by section.

use super::exceptions::exceptions;
use super::figures::{Progress, Whose, local, medians, months, name_of, returns, scope, service_name};
use super::timescales::timescales;
use super::{needs, one};
use crate::core::calendar::local_date;
use crate::core::figures::Change;
use crate::core::figures::twenty_weeks::{Issued, Week20, by_year};
use crate::core::figures::weekly::{
    Advice, AssessmentRound, Clarifications, Counts, DraftChecks, League, Machine, Overdue, Reason, Unreviewed,
    Waiting, Weekly,
};
use crate::core::follow_up::FollowUp;
use crate::engine::desk::Desk;
use crate::engine::{BEAT, MAILBOX_SEEN};
use crate::engine::{assessment, reckoning};
use crate::store::MessageState;
use crate::store::figures::{CountRow, FollowUpRow, IssuedRow, LONGEST_LIST, Period, Which};
use anyhow::Result;
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use std::collections::BTreeMap;

/// Days of the quarter behind the leagues and the reasons.
const QUARTER: u64 = 91;
/// Warnings about the configuration that are told one by one.
const WARNINGS: usize = 5;
/// Mails listed, at most.
const MAILS: usize = 200;

/// Everything that the report says, as at the desk's `now`.
pub(super) async fn figures(desk: &mut Desk, team: Option<&str>, tell: Progress<'_>) -> Result<Weekly> {
    let whose = Whose::of(desk, team);
    let scope = scope(desk, team);
    let today = scope.today;
    tell("the service itself");
    let health = machine(desk, today).await?;
    tell("clarifications");
    let rows: Vec<CountRow> = desk
        .tx
        .clarification_counts(desk.now, today)
        .await?
        .into_iter()
        .filter(|r| whose.holds(&r.coordinator))
        .collect();
    let lists = Lists::read(desk, today, &whose).await?;
    let counts = counts(desk, &rows, today, &whose).await?;
    let clarifications = clarifications(desk, &rows, &lists, today, &whose).await?;
    tell("what needs a SEND manager");
    let needs = needs::needs(desk, &lists, today, &whose).await?;
    tell("advice at six weeks");
    let advice = advice(desk, today, &whose, tell).await?;
    tell("draft checks");
    let draft_checks = draft_checks(desk, &whose).await?;
    tell("timescales");
    let timescales = timescales(desk, today, &whose).await?;
    tell("who has what");
    let (coordinators, services) = leagues(desk, &rows, &lists, today, &whose).await?;
    let reasons = reasons(desk, today, &whose).await?;
    let mail = mail(desk).await?;
    let rounds = assessment_rounds(desk).await?;
    let closures = desk.office.policy.calendar.closures_between(today, today + Days::new(183));
    let moved = reckoning::moved(desk).await?.into_iter();
    let moved = moved.filter(|m| whose.holds(&m.coordinator) && m.on > today - Days::new(7)).collect();
    let twenty_weeks = by_year(&issued(&desk.tx.plans_issued().await?, &whose));
    let one = one::differences(desk).await?;
    Ok(Weekly {
        scope,
        needs,
        health,
        counts,
        one,
        clarifications,
        advice,
        draft_checks,
        timescales,
        coordinators,
        services,
        reasons,
        mail,
        rounds,
        closures,
        moved,
        twenty_weeks,
    })
}

/// Lists that several sections are made from, read once.
pub(super) struct Lists {
    pub overdue: Vec<FollowUpRow>,
    pub unreviewed: Vec<FollowUpRow>,
    open_by_service: Vec<(String, String, [u64; 2])>,
}

impl Lists {
    async fn read(desk: &mut Desk, today: NaiveDate, whose: &Whose) -> Result<Self> {
        let ours = |rows: Vec<FollowUpRow>| rows.into_iter().filter(|r| whose.holds(&r.coordinator)).collect();
        let by_service = desk.tx.open_by_service(today).await?;
        Ok(Self {
            overdue: ours(desk.tx.clarifications(Which::Overdue, today).await?),
            unreviewed: ours(desk.tx.clarifications(Which::Unreviewed, today).await?),
            open_by_service: by_service.into_iter().filter(|(who, ..)| whose.holds(who)).collect(),
        })
    }
}

async fn machine(desk: &mut Desk, today: NaiveDate) -> Result<Machine> {
    let zone = desk.office.policy.zone;
    let seen = desk.tx.instant_mark(MAILBOX_SEEN).await?;
    let beat = desk.tx.instant_mark(BEAT).await?;
    let [queued, undeliverable] = desk.tx.waiting_and_refused(desk.now - chrono::Duration::days(7)).await?;
    let triage = desk.tx.messages_in(MessageState::Triage).await?.len();
    let failed = desk.tx.messages_in(MessageState::Failed).await?.len();
    let holidays_to = desk.office.policy.calendar.verified_to();
    let mut warnings = Vec::new();
    let mut warn = |wrong: bool, what: String| warnings.extend(wrong.then_some(what));
    let stale = seen.is_none_or(|at| desk.now - at > chrono::Duration::minutes(15));
    warn(
        stale,
        "The mailbox has not been looked at for a while: the deadlines of this morning may not have been dealt with. The operators know.".to_owned(),
    );
    warn(
        holidays_to < today + Days::new(365),
        format!(
            "Holidays are known up to {} only; the operators have to add those that follow.",
            holidays_to.format("%-d %B %Y")
        ),
    );
    let of_config = reckoning::warnings(desk).await?;
    let left = of_config.len().saturating_sub(WARNINGS);
    warnings.extend(of_config.into_iter().take(WARNINGS).map(|text| format!("Configuration: {text}.")));
    if left > 0 {
        warnings.push(format!("Configuration: {left} more warnings; “followupd check” lists them all."));
    }
    Ok(Machine {
        mailbox_seen_at: seen.map(|at| local(at, zone)),
        beat_at: beat.map(|at| local(at, zone)),
        queued,
        undeliverable,
        unmatched: u64::try_from(triage + failed).unwrap_or(0),
        holidays_to: Some(holidays_to),
        warnings,
    })
}

async fn counts(desk: &mut Desk, rows: &[CountRow], today: NaiveDate, whose: &Whose) -> Result<Counts> {
    let change = |n: usize| {
        let of = |row: &CountRow, when: usize| row.changes.get(n).and_then(|pair| pair.get(when)).copied().unwrap_or(0);
        Change { now: rows.iter().map(|r| of(r, 0)).sum(), before: rows.iter().map(|r| of(r, 1)).sum() }
    };
    let advice = desk.tx.advice_overdue(desk.now, today).await?;
    let advice = advice.iter().filter(|(who, _)| whose.holds(who));
    let advice_overdue = advice
        .fold(Change::default(), |sum, (_, [now, before])| Change { now: sum.now + now, before: sum.before + before });
    let plans = desk.tx.plans_issued().await?;
    let issued_in = |from: NaiveDate, to: NaiveDate| {
        plans
            .iter()
            .filter(|p| whose.holds(&p.coordinator) && p.final_on > from && p.final_on <= to)
            .map(|p| p.plans)
            .sum()
    };
    let week = Days::new(7);
    Ok(Counts {
        open: change(0),
        overdue: change(1),
        opened: change(2),
        answered: change(3),
        closed: change(4),
        unreviewed: change(5),
        advice_overdue,
        plans: Change { now: issued_in(today - week, today), before: issued_in(today - week - week, today - week) },
    })
}

async fn clarifications(
    desk: &mut Desk,
    rows: &[CountRow],
    lists: &Lists,
    today: NaiveDate,
    whose: &Whose,
) -> Result<Clarifications> {
    let moved = ours(desk.tx.moved().await?, whose).map(|(_, n)| n).sum();
    let level = |n: usize| rows.iter().filter_map(|r| r.levels.get(n)).sum();
    Ok(Clarifications {
        closing: closing(desk, today, whose).await?,
        overdue: lists.overdue.iter().take(LONGEST_LIST).map(|r| overdue_line(desk, r, today)).collect(),
        overdue_by_service: overdue_by_service(lists),
        by_level: [level(0), level(1), level(2), level(3)],
        later_rounds: rows.iter().map(|r| r.later_rounds).sum(),
        unreviewed: lists.unreviewed.iter().take(LONGEST_LIST).map(|r| unreviewed_line(desk, r, today)).collect(),
        extended: moved,
        not_agreed: rows.iter().map(|r| r.not_agreed).sum(),
        without_case: rows.iter().map(|r| r.without_case).sum(),
    })
}

/// Each working day of this week with the windows that close on it.
async fn closing(desk: &mut Desk, today: NaiveDate, whose: &Whose) -> Result<Vec<(NaiveDate, u64)>> {
    let monday = today.week(Weekday::Mon).first_day();
    let friday = monday + Days::new(4);
    let rows = desk.tx.closing(Period { from: monday, to: friday }).await?;
    let calendar = &desk.office.policy.calendar;
    let on =
        |day: NaiveDate| rows.iter().filter(|(who, due, _)| whose.holds(who) && *due == day).map(|(_, _, n)| n).sum();
    Ok(monday.iter_days().take(5).filter(|d| calendar.is_working(*d)).map(|d| (d, on(d))).collect())
}

fn overdue_by_service(lists: &Lists) -> Vec<(String, u64)> {
    let mut services: BTreeMap<String, u64> = BTreeMap::new();
    for (_, service, [_, overdue]) in lists.open_by_service.iter().filter(|(_, _, [_, overdue])| *overdue > 0) {
        *services.entry(service_name(service)).or_default() += overdue;
    }
    let mut services: Vec<(String, u64)> = services.into_iter().collect();
    services.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    services
}

fn case_name(row: &FollowUpRow) -> String {
    row.case.clone().unwrap_or_else(|| "no case".to_owned())
}

pub(super) fn days_since(desk: &Desk, day: Option<NaiveDate>, today: NaiveDate) -> i64 {
    day.map_or(0, |day| desk.office.policy.calendar.working_days_between(day, today))
}

pub(super) fn received_on(desk: &Desk, row: &FollowUpRow) -> Option<NaiveDate> {
    row.received_at.map(|at| local_date(at, desk.office.policy.zone))
}

fn overdue_line(desk: &Desk, row: &FollowUpRow, today: NaiveDate) -> Overdue {
    Overdue {
        follow_up: row.id.clone(),
        case: case_name(row),
        service: service_name(&row.service),
        coordinator: name_of(desk, &row.coordinator),
        due_on: row.due_on.unwrap_or(today),
        days: days_since(desk, row.due_on, today),
        level: row.level,
        round: row.round,
    }
}

fn unreviewed_line(desk: &Desk, row: &FollowUpRow, today: NaiveDate) -> Unreviewed {
    let received = received_on(desk, row);
    Unreviewed {
        follow_up: row.id.clone(),
        case: case_name(row),
        coordinator: name_of(desk, &row.coordinator),
        received_on: received.unwrap_or(today),
        days: days_since(desk, received, today),
    }
}

/// Advice that fell due in the four weeks up to yesterday, and the last twelve months.
async fn advice(desk: &mut Desk, today: NaiveDate, whose: &Whose, tell: Progress<'_>) -> Result<Advice> {
    let yesterday = today - Days::new(1);
    let period = Period { from: today - Days::new(28), to: yesterday };
    let (exceptions, cases_unread) = exceptions(desk, period, whose, tell).await?;
    Ok(Advice {
        period: Some((period.from, period.to)),
        services: returns(desk, period, whose).await?,
        months: months(desk, yesterday.with_day(1).unwrap_or(yesterday), yesterday, whose).await?,
        exceptions,
        cases_unread,
    })
}

async fn draft_checks(desk: &mut Desk, whose: &Whose) -> Result<DraftChecks> {
    let rows = desk.tx.draft_checks(week_before(desk.now)).await?;
    let rows: Vec<_> = rows.into_iter().filter(|r| whose.holds(&r.coordinator)).collect();
    let reissue = desk.tx.to_reissue().await?;
    Ok(DraftChecks {
        open: rows.iter().map(|r| r.open).sum(),
        feedback: rows.iter().map(|r| r.feedback).sum(),
        confirmed: rows.iter().map(|r| r.confirmed).sum(),
        no_reply: rows.iter().map(|r| r.no_reply).sum(),
        manager_not_copied: rows.iter().map(|r| r.manager_not_copied).sum(),
        reissue: reissue.into_iter().filter(|(_, who)| whose.holds(who)).map(|(case, _)| case).collect(),
    })
}

pub(super) fn week_before(now: DateTime<Utc>) -> DateTime<Utc> {
    now - chrono::Duration::days(7)
}

/// The rows of co-ordinators that count.
pub(super) fn ours<T>(rows: Vec<(String, T)>, whose: &Whose) -> impl Iterator<Item = (String, T)> {
    rows.into_iter().filter(|(who, _)| whose.holds(who))
}

async fn leagues(
    desk: &mut Desk,
    rows: &[CountRow],
    lists: &Lists,
    today: NaiveDate,
    whose: &Whose,
) -> Result<(Vec<League>, Vec<League>)> {
    let period = Period { from: today - Days::new(QUARTER), to: today };
    let answered = desk.tx.clarifications_answered(period).await?;
    let answered: Vec<_> = answered.into_iter().filter(|r| whose.holds(&r.coordinator)).collect();
    let closed = desk.tx.closed_since(desk.now - chrono::Duration::days(91)).await?;
    let closed: Vec<_> = closed.into_iter().filter(|(who, ..)| whose.holds(who)).collect();
    let calendar = &desk.office.policy.calendar;
    let mut coordinators: BTreeMap<String, League> = BTreeMap::new();
    for row in rows {
        let name = name_of(desk, &row.coordinator);
        let [[open, _], [overdue, _], ..] = row.changes;
        let league = coordinators.entry(name.clone()).or_insert(League { name, ..League::default() });
        league.open += open;
        league.overdue += overdue;
    }
    let mut services: BTreeMap<String, League> = BTreeMap::new();
    for (_, service, [open, overdue]) in &lists.open_by_service {
        let name = service_name(service);
        let league = services.entry(name.clone()).or_insert(League { name, ..League::default() });
        league.open += open;
        league.overdue += overdue;
    }
    for (who, service, count) in &closed {
        let name = name_of(desk, who);
        coordinators.entry(name.clone()).or_insert(League { name, ..League::default() }).closed += count;
        let name = service_name(service);
        services.entry(name.clone()).or_insert(League { name, ..League::default() }).closed += count;
    }
    for (name, median) in medians(&answered, calendar, |r| name_of(desk, &r.coordinator)) {
        coordinators.entry(name.clone()).or_insert(League { name, ..League::default() }).median = Some(median);
    }
    for (name, median) in medians(&answered, calendar, |r| service_name(&r.service)) {
        services.entry(name.clone()).or_insert(League { name, ..League::default() }).median = Some(median);
    }
    Ok((ranked(coordinators), ranked(services)))
}

/// The most overdue first, then the most open.
fn ranked(leagues: BTreeMap<String, League>) -> Vec<League> {
    let mut leagues: Vec<League> =
        leagues.into_values().filter(|l| l.open + l.closed > 0 || l.median.is_some()).collect();
    leagues.sort_by(|a, b| (b.overdue, b.open, &a.name).cmp(&(a.overdue, a.open, &b.name)));
    leagues
}

async fn reasons(desk: &mut Desk, today: NaiveDate, whose: &Whose) -> Result<Vec<Reason>> {
    let period = Period { from: today - Days::new(QUARTER), to: today };
    let mut codes: BTreeMap<String, Reason> = BTreeMap::new();
    for row in desk.tx.reasons(period).await?.into_iter().filter(|r| whose.holds(&r.coordinator)) {
        let code = if row.why.is_empty() { "no reason given".to_owned() } else { row.why.clone() };
        let entry = codes.entry(code.clone()).or_insert(Reason { code, ..Reason::default() });
        let [now, before, quarter] = row.counts;
        entry.asked.now += now;
        entry.asked.before += before;
        entry.quarter += quarter;
    }
    let mut reasons: Vec<Reason> = codes.into_values().collect();
    reasons.sort_by(|a, b| b.quarter.cmp(&a.quarter).then_with(|| a.code.cmp(&b.code)));
    Ok(reasons)
}

/// The sender's mail domain alone is told, for an address may hold a family's name.
async fn mail(desk: &mut Desk) -> Result<Vec<Waiting>> {
    let mut waiting = desk.tx.messages_in(MessageState::Triage).await?;
    waiting.extend(desk.tx.messages_in(MessageState::Failed).await?);
    let office = &desk.office;
    let domain = |from: &Option<String>| {
        let domain = from.as_deref().and_then(|f| f.rsplit_once('@')).map(|(_, domain)| domain.to_owned());
        domain.unwrap_or_else(|| "unknown".to_owned())
    };
    Ok(waiting
        .iter()
        .take(MAILS)
        .map(|m| Waiting {
            message: m.id.clone(),
            domain: domain(&m.from),
            on: office.date(m.received_at),
            candidates: u64::try_from(m.candidates.len()).unwrap_or(0),
        })
        .collect())
}

/// Rounds of the self-assessment that still take answers.
async fn assessment_rounds(desk: &mut Desk) -> Result<Vec<AssessmentRound>> {
    let returns = assessment::returns(desk).await?;
    let policy = &desk.office.policy.assessment;
    let mut rounds: BTreeMap<String, AssessmentRound> = BTreeMap::new();
    for one in returns.iter().filter(|r| r.is_open()) {
        let Some(provider_return) = one.loaded.case.provider_return.as_ref() else { continue };
        let closes_on = one.follow_up().and_then(FollowUp::due_on).unwrap_or_default();
        let name = one.round().to_owned();
        let fresh = AssessmentRound { name: name.clone(), providers: 0, complete: 0, closes_on };
        let round = rounds.entry(name).or_insert(fresh);
        round.providers += 1;
        round.complete += u64::from(provider_return.is_complete(&policy.criteria, policy.comments));
        round.closes_on = round.closes_on.max(closes_on);
    }
    Ok(rounds.into_values().collect())
}

/// Plans of the co-ordinators that count.
pub(super) fn issued(rows: &[IssuedRow], whose: &Whose) -> Vec<Issued> {
    rows.iter()
        .filter(|r| whose.holds(&r.coordinator))
        .map(|r| Issued {
            requested_on: r.requested_on,
            issued_on: r.final_on,
            week20: if r.week20 > 0 { Week20::Excepted } else { Week20::Counts },
            plans: r.plans,
        })
        .collect()
}
