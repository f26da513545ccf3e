//! The Today mail: one a working-day morning for each co-ordinator, only when there is something, numbered lines
//! that can be answered (`commands.md` 1).

mod cases;

use super::Office;
use super::desk::Desk;
use super::family;
use crate::core::calendar::{at_local, local_date};
use crate::core::follow_up::{FollowUp, FollowUpKind, Origin, Stage};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, Line, LineGroup, LineSubject};
use crate::core::wording::{date_words, short_date, working_days};
use crate::store::{MessageRow, MessageState};
use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

/// Working days that "Coming" looks ahead.
const COMING: u32 = 5;

/// Sends the Today mails when their hour has come and they have not gone yet. Late after downtime, once.
pub(super) async fn send(desk: &mut Desk) -> Result<()> {
    let policy = &desk.office.policy;
    let today = desk.office.date(desk.now);
    let due = at_local(today, policy.commands.today_at, policy.zone);
    if !policy.calendar.is_working(today) || desk.now < due {
        return Ok(());
    }
    if !desk.tx.claim_run("today", due, desk.now).await? {
        return Ok(());
    }
    let since = desk.tx.instant_mark("today_at").await?.unwrap_or(due - chrono::Duration::days(1));
    desk.tx.set_instant_mark("today_at", desk.now).await?;
    let triage = waiting_mail(desk).await?;
    let coordinators: Vec<Address> = desk.directory.coordinators.iter().map(|c| c.person.address.clone()).collect();
    let managers: Vec<Address> = desk.directory.send_managers.iter().map(|m| m.address.clone()).collect();
    for who in &coordinators {
        let mut lines = follow_up_lines(desk, who, today, since).await?;
        lines.extend(cases::lines(desk, who, today, since).await?);
        lines.extend(family::lines(desk, who).await?);
        lines.extend(triage_lines(desk, who, &triage).await?);
        for stand_in in desk.stand_ins_today(who).await? {
            one(desk, &stand_in, Some(who), today, lines.clone()).await?;
        }
        one(desk, who, None, today, lines).await?;
    }
    let unplaced: Vec<Line> = triage
        .iter()
        .filter(|m| m.candidates.is_empty() && !is_from(m, &coordinators))
        .map(|m| triage_line(&desk.office, m))
        .collect();
    for who in managers.iter().filter(|m| !coordinators.contains(m)) {
        one(desk, who, None, today, unplaced.clone()).await?;
    }
    Ok(())
}

fn is_from(message: &MessageRow, people: &[Address]) -> bool {
    message.from.as_deref().is_some_and(|from| people.iter().any(|p| p.as_str() == from))
}

/// The mail to one person, perhaps in the place of somebody who is away.
async fn one(
    desk: &mut Desk,
    who: &Address,
    in_place_of: Option<&Address>,
    today: NaiveDate,
    mut lines: Vec<Line>,
) -> Result<()> {
    // What is merely coming is no reason for a mail: few mails is the measure (`commands.md`).
    if lines.iter().all(|l| l.group == LineGroup::Coming) {
        return Ok(());
    }
    lines.sort_by_key(|l| l.group);
    for (line, number) in lines.iter_mut().zip(1u32..) {
        line.number = number;
    }
    let needs = lines.iter().filter(|l| l.group == LineGroup::NeedsYou).count();
    let headline = match needs {
        0 => format!("nothing needs you ({})", short_date(today)),
        1 => format!("1 thing needs you ({})", short_date(today)),
        n => format!("{n} things need you ({})", short_date(today)),
    };
    let (key, headline) = match in_place_of {
        None => (format!("today/{who}/{today}"), headline),
        Some(away) => (
            format!("today/{away}/{today}/{who}"),
            format!("for {}, who is away: {headline}", desk.directory.name_of(away)),
        ),
    };
    let mut letter = desk.staff_letter(LetterKind::Today, key, who, &headline);
    letter.lines = lines;
    desk.send(&letter, None).await?;
    Ok(())
}

async fn follow_up_lines(desk: &mut Desk, who: &Address, today: NaiveDate, since: DateTime<Utc>) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for case in desk.tx.cases_of_coordinator_since(who, since).await? {
        let Some(loaded) = desk.tx.case(&case).await? else { continue };
        let label = loaded.case.label();
        for follow_up in loaded.case.follow_ups.iter().filter(|f| f.coordinator == *who) {
            lines.extend(line_of(desk, follow_up, &label, today, since));
            lines.extend(manager_unknown(desk, follow_up, &label));
        }
    }
    Ok(lines)
}

fn line_of(desk: &Desk, follow_up: &FollowUp, label: &str, today: NaiveDate, since: DateTime<Utc>) -> Option<Line> {
    let adviser = follow_up.adviser.as_ref().map(|a| desk.directory.name_of(a)).unwrap_or_default();
    let head = format!("{} · {label}", follow_up.id);
    let due = follow_up.due_on();
    if follow_up.kind == FollowUpKind::ParentAnswer {
        return family::answer_line(follow_up, label, since);
    }
    let policy = &desk.office.policy;
    let line = |group, text: String, answers: &[&str]| {
        Some(Line {
            number: 0,
            group,
            text: format!("{head}: {text}"),
            answers: answers.iter().map(|&a| a.to_owned()).collect(),
            subject: LineSubject::FollowUp(follow_up.id.clone()),
        })
    };
    match follow_up.stage {
        Stage::Received => {
            let on = follow_up.round()?.replies.last().map(|r| local_date(r.received_at, policy.zone))?;
            let waited = policy.calendar.working_days_between(on, today);
            let nudge = if waited >= i64::from(policy.windows.review_nudge) {
                format!(" It has waited {} for you.", working_days(waited))
            } else {
                String::new()
            };
            line(LineGroup::NeedsYou, format!("{}.{nudge}", answered(desk, follow_up, &adviser, on)), &["CLOSE", "INSUFFICIENT", "NOT ADVICE"])
        }
        Stage::RepliedThin => {
            let doubt = follow_up.round()?.pause.as_ref().map_or("a short reply", |p| p.doubt.words());
            line(LineGroup::NeedsYou, format!("{doubt} came from {}; is it the answer?", last_writer(desk, follow_up).unwrap_or(adviser)), &["CLOSE", "INSUFFICIENT", "NOT ADVICE"])
        }
        Stage::AwaitingRoles => line(LineGroup::NeedsYou, "who is the adviser, who the line manager? Nothing has gone out. Please answer the mail “Who is the adviser?”.".to_owned(), &["CANCEL"]),
        Stage::Query | Stage::Declined => None,
        Stage::Held => line(LineGroup::NeedsYou, "nobody could be reached; no clock runs.".to_owned(), &["RESEND", "CANCEL"]),
        Stage::Open => open_line(desk, follow_up, &adviser, due?, today, since).and_then(|(group, text, answers)| line(group, text, answers)),
        Stage::Closed | Stage::Cancelled => {
            follow_up.ended_at.filter(|&at| at >= since)?;
            line(LineGroup::Happened, format!("{}.", follow_up.standing()), &[])
        }
        // A request that has not left a day after it was asked for: the mode withholds it, or the relay does not take it.
        Stage::Prepared if local_date(follow_up.opened_at, policy.zone) < policy.calendar.sub_working_days(today, 1) => {
            line(LineGroup::NeedsYou, "the request has not left yet, so no clock runs.".to_owned(), &["CANCEL"])
        }
        Stage::Prepared => None,
    }
}

/// Who wrote last, which need not be the adviser.
fn last_writer(desk: &Desk, follow_up: &FollowUp) -> Option<String> {
    let reply = follow_up.round()?.replies.last()?;
    reply.message.as_ref()?;
    reply.from.as_ref().map(|from| desk.directory.name_of(from))
}

/// Who answered when; a co-ordinator may have noted it themselves (`RECEIVED`).
fn answered(desk: &Desk, follow_up: &FollowUp, adviser: &str, on: NaiveDate) -> String {
    match last_writer(desk, follow_up) {
        Some(writer) if writer == adviser => format!("{writer} answered on {}", short_date(on)),
        Some(writer) => format!("{writer} answered for {adviser} on {}", short_date(on)),
        None => format!("the answer of {adviser} is noted as received on {}", short_date(on)),
    }
}

/// Until somebody has named the line manager, a SEND manager stands in (situation 59).
fn manager_unknown(desk: &Desk, follow_up: &FollowUp, label: &str) -> Option<Line> {
    let send_manager = |a: &Address| desk.directory.send_managers.iter().any(|m| m.address == *a);
    let unknown = follow_up.stage.is_open() && follow_up.managers.iter().all(send_manager);
    let adviser = follow_up.adviser.as_ref().filter(|_| unknown)?;
    Some(Line {
        number: 0,
        group: LineGroup::NeedsYou,
        text: format!(
            "{} · {label}: no line manager of {adviser} is known. Answer: MANAGER {adviser} IS name@organisation",
            follow_up.id
        ),
        answers: Vec::new(),
        subject: LineSubject::FollowUp(follow_up.id.clone()),
    })
}

type OpenLine = (LineGroup, String, &'static [&'static str]);

/// One that waits for an answer: a copied-in window that closes today or closed last is asked about, before anybody
/// is accused; then what happened, then what is coming.
fn open_line(
    desk: &Desk,
    follow_up: &FollowUp,
    adviser: &str,
    due: NaiveDate,
    today: NaiveDate,
    since: DateTime<Utc>,
) -> Option<OpenLine> {
    if let Some(text) = cases::review_line(follow_up, adviser, today) {
        return Some((LineGroup::NeedsYou, text, &["RECEIVED", "CLOSE"]));
    }
    let policy = &desk.office.policy;
    let escalated = follow_up.round()?.escalations.last();
    let asks = follow_up.origin == Origin::CopiedIn && escalated.is_none();
    if asks && due == today {
        return Some((
            LineGroup::NeedsYou,
            format!("the window closes today and nothing was seen here. Has {adviser} answered you?"),
            &["RECEIVED", "EXTEND"],
        ));
    }
    if asks && due < today {
        return Some((
            LineGroup::NeedsYou,
            format!(
                "the window closed on {} and nothing was seen here. The line manager is told today at 12:00 unless {adviser} has answered you.",
                short_date(due)
            ),
            &["RECEIVED", "EXTEND"],
        ));
    }
    if let Some(last) = escalated.filter(|e| e.at >= since) {
        return Some((
            LineGroup::Happened,
            format!("no answer from {adviser} by {}; told the next person (level {}).", short_date(due), last.level),
            &["RECEIVED", "EXTEND"],
        ));
    }
    if let Some(away) = follow_up.away.iter().find(|a| follow_up.adviser.as_ref() == Some(&a.who)) {
        let back = away.until.map_or_else(String::new, |d| format!(" until {}", short_date(d)));
        // Told at once when it became known; from then on it is only where things stand.
        return Some((
            LineGroup::Coming,
            format!("{adviser} is away{back}; the line manager is responsible, due {}.", short_date(due)),
            &[],
        ));
    }
    if due == today {
        return Some((LineGroup::Coming, format!("closes today; waiting for {adviser}."), &[]));
    }
    let horizon = policy.calendar.add_working_days(today, COMING);
    (due > today && due <= horizon)
        .then(|| (LineGroup::Coming, format!("due {}, {adviser}.", date_words(due)), &[] as &[&str]))
}

async fn waiting_mail(desk: &mut Desk) -> Result<Vec<MessageRow>> {
    let mut waiting = desk.tx.messages_in(MessageState::Triage).await?;
    waiting.extend(desk.tx.messages_in(MessageState::Failed).await?);
    Ok(waiting)
}

fn triage_line(office: &Office, message: &MessageRow) -> Line {
    let from = message.from.clone().unwrap_or_else(|| "an unknown sender".to_owned());
    let answers: Vec<String> = ('A'..='Z')
        .zip(&message.candidates)
        .take(3)
        .map(|(letter, _)| format!("MATCH {letter}"))
        .chain(["IGNORE".to_owned()])
        .collect();
    let on = short_date(office.date(message.received_at));
    let refused = message.story.iter().any(|line| line.starts_with("refused: "));
    let what = match message.kind.as_deref() {
        _ if refused => {
            format!("a mail in the name of {from} came on {on}; it could not be proved and nothing was done")
        }
        Some("absence") => format!("an absence notice from {from} of {on} could not be placed"),
        _ => format!("a mail from {from} of {on} could not be placed; it lies in the triage folder"),
    };
    Line {
        number: 0,
        group: LineGroup::NeedsYou,
        text: format!("{} · {what}", message.id),
        answers,
        subject: LineSubject::Triage { message: message.id.clone(), candidates: message.candidates.clone() },
    }
}

/// Mails whose candidates are this co-ordinator's; each is shown to the people who can settle it.
async fn triage_lines(desk: &mut Desk, who: &Address, waiting: &[MessageRow]) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for message in waiting {
        let own = message.candidates.is_empty() && message.from.as_deref() == Some(who.as_str());
        if own || is_candidate_of(desk, who, &message.candidates).await? {
            lines.push(triage_line(&desk.office, message));
        }
    }
    Ok(lines)
}

async fn is_candidate_of(desk: &mut Desk, who: &Address, candidates: &[FollowUpId]) -> Result<bool> {
    for id in candidates {
        if desk.tx.case_of(id).await?.is_some_and(|l| l.case.follow_up(id).is_some_and(|f| f.coordinator == *who)) {
            return Ok(true);
        }
    }
    Ok(false)
}
