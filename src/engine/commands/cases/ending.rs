//! `DECISION`, `FINAL ISSUED`, `STOP`, `RESUME`: how a case ends, and how it goes on. Whatever ends it withdraws what
//! has not left, before anything else is written.

use super::{apply, the_case};
use crate::core::case::Case;
use crate::core::command::Field;
use crate::core::directory::Role;
use crate::core::event::CaseOrder;
use crate::core::follow_up::FollowUpKind;
use crate::core::id::Address;
use crate::core::register::{RulingKind, StopManner};
use crate::core::wording::list;
use crate::engine::commands::confirm::ReadBack;
use crate::engine::commands::{Done, Go, Turn};
use crate::engine::desk::Desk;
use crate::store::Loaded;
use anyhow::Result;
use chrono::NaiveDate;

/// `DECISION … ASSESS / NO ASSESSMENT / NO PLAN`
pub(super) async fn ruling(desk: &mut Desk, turn: &Turn<'_>, what: RulingKind) -> Result<Done> {
    let on = day(desk, turn);
    match the_case(desk, turn).await? {
        Ok(loaded) if what.ends_case() => end(desk, loaded, turn.author, CaseOrder::Rule { what, on }).await,
        Ok(loaded) => apply(desk, loaded, turn.author, CaseOrder::Rule { what, on }).await,
        Err(why) => Ok(Done::No(why)),
    }
}

/// `FINAL ISSUED`
pub(super) async fn final_issued(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    let on = day(desk, turn);
    match the_case(desk, turn).await? {
        Ok(loaded) => end(desk, loaded, turn.author, CaseOrder::FinalIssued { on }).await,
        Err(why) => Ok(Done::No(why)),
    }
}

/// The day that was written, else today.
fn day(desk: &Desk, turn: &Turn<'_>) -> NaiveDate {
    turn.command.date(Field::On).unwrap_or_else(|| desk.office.date(turn.mail.received_at))
}

/// Withdraws what has not left, then decides.
pub(in crate::engine::commands) async fn end(
    desk: &mut Desk,
    loaded: Loaded,
    by: &Address,
    order: CaseOrder,
) -> Result<Done> {
    let why = format!("{} has ended", loaded.case.id.0);
    desk.withdraw_unsent(&loaded.case.id, &why).await?;
    apply(desk, loaded, by, order).await
}

/// `STOP`, `STOP SILENT`: sending stops with the first mail, everything open ends with its `YES`.
pub(super) async fn stop(desk: &mut Desk, turn: &Turn<'_>, manner: StopManner) -> Result<Done> {
    let loaded = match the_case(desk, turn).await? {
        Ok(loaded) => loaded,
        Err(why) => return Ok(Done::No(why)),
    };
    let reason = turn.command.text.clone();
    if *turn.go != Go::Ask {
        return end(desk, loaded, turn.author, CaseOrder::Stop { manner, reason }).await;
    }
    if loaded.case.register.stop.as_ref().is_some_and(|s| s.confirmed_at.is_some()) {
        return Ok(Done::Yes(format!("{} has been stopped already.", loaded.case.id.0)));
    }
    let back = stop_read_back(desk, &loaded.case, turn, manner);
    match apply(desk, loaded, turn.author, CaseOrder::Suspend { manner, reason }).await? {
        refused @ Done::No(_) => Ok(refused),
        Done::Yes(_) | Done::Ask(_) => Ok(Done::Ask(back)),
    }
}

fn stop_read_back(desk: &Desk, case: &Case, turn: &Turn<'_>, manner: StopManner) -> ReadBack {
    let open: Vec<String> = case
        .follow_ups
        .iter()
        .filter(|f| f.stage.is_open() && f.kind != FollowUpKind::ParentAnswer)
        .map(|f| format!("{} ({}, {})", f.id, f.kind.words(), f.standing()))
        .collect();
    let ends =
        if open.is_empty() { "Nothing is open on it.".to_owned() } else { format!("With YES end: {}.", list(&open)) };
    let people = asked(desk, case);
    // What an earlier mail asked for in silence stays silent.
    let manner = case.register.stop.as_ref().map_or(manner, |stop| stop.manner.quieter(manner));
    let told = match manner {
        StopManner::Silent => "Nobody is written to, neither now nor later; advisers hear it from a person.".to_owned(),
        StopManner::Thanked if people.is_empty() => "Nobody has to be thanked.".to_owned(),
        StopManner::Thanked => format!("Thanked once, that nothing more is needed: {}.", list(&people)),
    };
    ReadBack {
        headline: format!("Please confirm: {} {}", turn.command.verb.words(), case.id.0),
        sentences: vec![
            format!("Nothing about {} leaves any more, from now on and whether you answer or not.", case.label()),
            ends,
            told,
            format!(
                "Mail that still comes in goes to {} only. RESUME {} needs a second person.",
                desk.directory.name_of(&case.coordinator),
                case.id.0
            ),
        ],
        ask: Vec::new(),
    }
}

/// Whoever was asked for something that is still open, by name.
fn asked(desk: &Desk, case: &Case) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for follow_up in case.follow_ups.iter().filter(|f| f.stage.is_open() && f.due_on().is_some()) {
        for address in follow_up.reachable_parties() {
            let name = desk.directory.name_of(&address);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// `RESUME`: a co-ordinator and a SEND manager, whoever of them begins (`domain.md` 5.6).
pub(super) async fn resume(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    let loaded = match the_case(desk, turn).await? {
        Ok(loaded) => loaded,
        Err(why) => return Ok(Done::No(why)),
    };
    let label = loaded.case.id.0.clone();
    let Some(stop) = &loaded.case.register.stop else {
        return Ok(Done::Yes(format!("{label} is not stopped.")));
    };
    let by_manager = desk.directory.role(turn.author) == Some(Role::SendManager);
    if let Go::Confirmed(second) = turn.go {
        let second_manages = desk.directory.role(second) == Some(Role::SendManager);
        if by_manager == second_manages {
            return Ok(Done::No(format!("RESUME {label} needs one co-ordinator and one SEND manager.")));
        }
        return apply(desk, loaded, turn.author, CaseOrder::Resume { with: second.clone() }).await;
    }
    let ask = if by_manager {
        vec![loaded.case.coordinator.clone()]
    } else {
        desk.directory.send_managers.iter().map(|m| m.address.clone()).collect()
    };
    let since = desk.office.date(stop.at);
    Ok(Done::Ask(ReadBack {
        headline: format!("Please confirm: RESUME {label}"),
        sentences: vec![format!(
            "{label} was stopped by {} on {}{}. With YES letters about it may leave again; what ended then stays ended until somebody writes REOPEN.",
            desk.directory.name_of(&stop.by),
            crate::core::wording::date_words(since),
            stop.reason.as_ref().map(|r| format!(" (“{r}”)")).unwrap_or_default()
        )],
        ask,
    }))
}
