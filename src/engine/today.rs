//! The Today mail: one a working-day morning for each co-ordinator, only when there is something, numbered lines
//! that can be answered (`commands.md` 1).

mod cases;
mod lines;

use super::Office;
use super::desk::Desk;
use super::family;
use super::intake::NOT_DONE;
use crate::core::calendar::at_local;
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, Line, LineGroup, LineSubject};
use crate::core::wording::short_date;
use crate::store::{MessageRow, MessageState};
use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

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
        for follow_up in loaded.case.follow_ups.iter().filter(|f| f.coordinator == *who) {
            lines.extend(lines::of(desk, &loaded.case, follow_up, today, since));
        }
    }
    Ok(lines)
}

async fn waiting_mail(desk: &mut Desk) -> Result<Vec<MessageRow>> {
    let mut waiting = desk.tx.messages_in(MessageState::Triage).await?;
    waiting.extend(desk.tx.messages_in(MessageState::Failed).await?);
    Ok(waiting)
}

/// As much of a reason as a line can hold, in characters.
const LONGEST_REASON: usize = 300;

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
    let not_done: Vec<&str> = message.story.iter().filter_map(|line| line.strip_prefix(NOT_DONE)).collect();
    let what = match message.kind.as_deref() {
        _ if !not_done.is_empty() => {
            let why: String = not_done.join(" ").chars().take(LONGEST_REASON).collect();
            format!("a mail from {from} of {on} was not carried out: {why}")
        }
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
