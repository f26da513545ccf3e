//! `LIST`: what is open, late or waiting, one numbered line each, which can be answered.

use crate::core::case::{Case, CaseId};
use crate::core::command::Object;
use crate::core::follow_up::{FollowUp, FollowUpKind, Stage};
use crate::core::id::Address;
use crate::core::letter::{LetterKind, Line, LineGroup, LineSubject};
use crate::core::timescale::limits_of;
use crate::core::wording::short_date_near;
use crate::engine::commands::{Done, Turn, ask};
use crate::engine::desk::Desk;
use crate::store::MessageState;
use anyhow::Result;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// A mail with more lines is read by nobody.
const MOST: usize = 100;

/// What a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listing {
    /// Open follow-ups of the writer.
    Mine,
    /// Every open follow-up.
    All,
    /// Those whose window has closed.
    Overdue,
    /// Those that are due today.
    Today,
    /// Those of one kind.
    Kind(FollowUpKind),
    /// Those on hold, and stopped cases.
    Held,
    /// Those with somebody who is away.
    Absent,
    /// Registered cases that are not over.
    Cases,
    /// Those of them whose last week has passed.
    Late,
    /// Letters to families that wait for a word.
    Previews,
    /// Mail that could not be placed.
    Triage,
}

impl Listing {
    fn read(word: &str) -> Self {
        match word {
            "OVERDUE" => Self::Overdue,
            "TODAY" | "DUE" => Self::Today,
            "TRIAGE" => Self::Triage,
            "CASES" => Self::Cases,
            "ALL" => Self::All,
            "HELD" => Self::Held,
            "ACTIONS" => Self::Kind(FollowUpKind::Action),
            "ADVICE" => Self::Kind(FollowUpKind::AdviceRequest),
            "DRAFTS" => Self::Kind(FollowUpKind::DraftCheck),
            "CLARIFICATIONS" => Self::Kind(FollowUpKind::Clarification),
            "PARENTS" => Self::Kind(FollowUpKind::ParentAnswer),
            "LATE" => Self::Late,
            "ABSENT" => Self::Absent,
            "PREVIEWS" => Self::Previews,
            _ => Self::Mine,
        }
    }
}

/// `LIST`, `LIST OVERDUE` …; the lines' numbers belong to the answer.
pub(super) async fn list(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    if matches!(turn.command.object, Object::Case(_)) {
        return ask::status(desk, turn.mail, turn.author, turn.command, turn.lines).await;
    }
    let (named, listing) = if let Object::Text(word) = &turn.command.object {
        (word.to_lowercase(), Listing::read(word))
    } else {
        ("mine".to_owned(), Listing::Mine)
    };
    let mut lines = match listing {
        Listing::Triage => triage(desk).await?,
        Listing::Cases | Listing::Late | Listing::Previews => cases(desk, listing).await?,
        Listing::Held => [cases(desk, listing).await?, follow_ups(desk, turn.author, listing).await?].concat(),
        Listing::Mine | Listing::All | Listing::Overdue | Listing::Today | Listing::Kind(_) | Listing::Absent => {
            follow_ups(desk, turn.author, listing).await?
        }
    };
    let found = lines.len();
    lines.truncate(MOST);
    for (line, number) in lines.iter_mut().zip(1u32..) {
        line.number = number;
    }
    let key = format!("{}/list/{named}", turn.mail.id);
    let mut letter = desk.staff_letter(LetterKind::Status, key, turn.author, &format!("List: {named} ({found})"));
    letter.facts.sentences = match found {
        0 => vec![format!("Nothing is in this list ({named}).")],
        n if n > MOST => vec![format!("{n} in this list; the first {MOST} are shown.")],
        _ => Vec::new(),
    };
    letter.lines = lines;
    letter.in_reply_to.clone_from(&turn.mail.reading.message.message_id);
    desk.send(&letter, None).await?;
    Ok(Done::Yes(String::new()))
}

fn line(text: String, subject: LineSubject) -> Line {
    Line { number: 0, group: LineGroup::Listed, text, answers: Vec::new(), subject }
}

async fn follow_ups(desk: &mut Desk, author: &Address, listing: Listing) -> Result<Vec<Line>> {
    let today = desk.office.date(desk.now);
    let mut found: Vec<(Option<NaiveDate>, Line)> = Vec::new();
    for id in desk.tx.open_cases().await? {
        let Some(loaded) = desk.tx.case(&id).await? else { continue };
        let case = &loaded.case;
        for follow_up in case.follow_ups.iter().filter(|f| f.stage.is_open()) {
            if belongs(desk, follow_up, author, listing, today) {
                found.push((follow_up.due_on(), follow_up_line(desk, case, follow_up, today)));
            }
        }
    }
    found.sort_by_key(|(due, _)| (due.is_none(), *due));
    Ok(found.into_iter().map(|(_, line)| line).collect())
}

fn belongs(desk: &Desk, follow_up: &FollowUp, author: &Address, listing: Listing, today: NaiveDate) -> bool {
    match listing {
        Listing::Mine => follow_up.coordinator == *author,
        Listing::All => true,
        Listing::Overdue => follow_up.is_overdue(desk.now, &desk.office.policy),
        Listing::Today => follow_up.awaits_answer() && follow_up.due_on() == Some(today),
        Listing::Kind(kind) => follow_up.kind == kind,
        Listing::Held => follow_up.stage == Stage::Held,
        Listing::Absent => follow_up.adviser.iter().chain(&follow_up.managers).any(|who| follow_up.is_away(who, today)),
        Listing::Cases | Listing::Late | Listing::Previews | Listing::Triage => false,
    }
}

fn follow_up_line(desk: &Desk, case: &Case, follow_up: &FollowUp, today: NaiveDate) -> Line {
    let who = follow_up.adviser.as_ref().map(|a| format!(", {}", desk.directory.name_of(a))).unwrap_or_default();
    let due = follow_up.due_on().map(|d| format!(", due {}", short_date_near(d, today))).unwrap_or_default();
    let late = if follow_up.is_overdue(desk.now, &desk.office.policy) { ", overdue" } else { "" };
    let text = format!(
        "{} · {}: {}{who}{due}{late}, {}",
        follow_up.id,
        case.label(),
        follow_up.kind.words(),
        follow_up.standing()
    );
    line(text, LineSubject::FollowUp(follow_up.id.clone()))
}

/// Cases with their last week, the nearest first.
async fn cases(desk: &mut Desk, listing: Listing) -> Result<Vec<Line>> {
    let today = desk.office.date(desk.now);
    let ids = if listing == Listing::Held { desk.tx.cases_over().await? } else { running(desk).await? };
    let mut found: Vec<(Option<NaiveDate>, Line)> = Vec::new();
    for id in ids {
        let Some(loaded) = desk.tx.case(&id).await? else { continue };
        let case = &loaded.case;
        if case.provider_return.is_some() || case.reference.is_none() {
            continue;
        }
        let due = limits_of(case, &desk.office.policy).map(|l| l.final_plan.legal_due);
        let shown = match listing {
            Listing::Late => due.is_some_and(|due| due < today),
            Listing::Previews => case.register.family.in_hand().is_some(),
            Listing::Held => case.register.stop.is_some(),
            Listing::Cases
            | Listing::Mine
            | Listing::All
            | Listing::Overdue
            | Listing::Today
            | Listing::Kind(_)
            | Listing::Absent
            | Listing::Triage => true,
        };
        if shown {
            found.push((due, line(case_words(desk, case, due, today), LineSubject::Case(case.id.clone()))));
        }
    }
    found.sort_by_key(|(due, _)| (due.is_none(), *due));
    Ok(found.into_iter().map(|(_, line)| line).collect())
}

/// Cases that are registered, and those that only their follow-ups speak of.
async fn running(desk: &mut Desk) -> Result<Vec<CaseId>> {
    let mut ids = BTreeSet::from_iter(desk.tx.registered_cases().await?);
    ids.extend(desk.tx.open_cases().await?);
    Ok(Vec::from_iter(ids))
}

fn case_words(desk: &Desk, case: &Case, due: Option<NaiveDate>, today: NaiveDate) -> String {
    let week = desk.office.policy.timescales.final_week();
    let due = due.map_or_else(
        || "no date of the request".to_owned(),
        |due| format!("week {week} {} {}", if due < today { "was" } else { "is" }, short_date_near(due, today)),
    );
    let open = case.follow_ups.iter().filter(|f| f.stage.is_open()).count();
    let stop = if case.register.stop.is_some() { ", stopped" } else { "" };
    format!("{}: {}, {due}, {open} open{stop}", case.label(), desk.directory.name_of(&case.coordinator))
}

async fn triage(desk: &mut Desk) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for state in [MessageState::Triage, MessageState::Failed] {
        for message in desk.tx.messages_in(state).await? {
            let from = message.from.clone().unwrap_or_else(|| "an unknown sender".to_owned());
            let on = short_date_near(desk.office.date(message.received_at), desk.office.date(desk.now));
            let subject = LineSubject::Triage { message: message.id.clone(), candidates: message.candidates.clone() };
            lines.push(line(format!("{} · from {from}, {on}", message.id), subject));
        }
    }
    Ok(lines)
}
