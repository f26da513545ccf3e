//! `5 MATCH A`, `5 IGNORE`: mail that could not be placed, settled by one line.

use super::Done;
use crate::core::command::{Command, Object};
use crate::core::event::{Event, ReplyEvent, Seen, Weight};
use crate::core::follow_up::Away;
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{Line, LineSubject};
use crate::engine::desk::Desk;
use crate::message::reading::read;
use crate::store::{MessageRow, MessageState};
use anyhow::Result;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settle {
    Match,
    Ignore,
}

/// `5 MATCH A`, `5 IGNORE`.
pub(super) async fn triage(
    desk: &mut Desk,
    command: &Command,
    lines: &[Line],
    settle: Settle,
) -> Result<(Vec<Done>, Option<FollowUpId>)> {
    let mut done = Vec::new();
    let mut about = None;
    for number in &command.lines {
        let Some(LineSubject::Triage { message, candidates }) =
            lines.iter().find(|l| l.number == *number).map(|l| &l.subject)
        else {
            done.push(Done::No(format!("Line {number} is no mail that waits for a place.")));
            continue;
        };
        let chosen = match (&command.object, settle) {
            (_, Settle::Ignore) => None,
            (Object::Candidate(letter), Settle::Match) => {
                let index = (*letter as usize).saturating_sub('A' as usize);
                match candidates.get(index) {
                    Some(id) => Some(id.clone()),
                    None => {
                        done.push(Done::No(format!("Line {number} has no candidate {letter}.")));
                        continue;
                    }
                }
            }
            (Object::FollowUp(id), Settle::Match) => Some(id.clone()),
            (_, Settle::Match) => {
                done.push(Done::No(format!("Say which: {number} MATCH A, or {number} MATCH FU-XXXX-XXXX.")));
                continue;
            }
        };
        done.push(settle_triage(desk, message, chosen.as_ref()).await?);
        about = about.or(chosen);
    }
    if command.lines.is_empty() {
        done.push(Done::No("Put the number of the line first: 5 MATCH A.".to_owned()));
    }
    Ok((done, about))
}

async fn settle_triage(desk: &mut Desk, message: &str, chosen: Option<&FollowUpId>) -> Result<Done> {
    let Some(row) = desk.tx.message(message).await? else { return Ok(Done::No(format!("{message} is gone."))) };
    if !matches!(row.state, MessageState::Triage | MessageState::Failed) {
        return Ok(Done::No(format!("{message} has been settled already; nothing was done.")));
    }
    let Some(id) = chosen else {
        desk.tx.set_message_state(message, MessageState::Filed, None, "a co-ordinator said IGNORE").await?;
        return Ok(Done::Yes("Filed without effect.".to_owned()));
    };
    let Some(loaded) = desk.tx.case_of(id).await? else { return Ok(Done::No(format!("There is no follow-up {id}."))) };
    let from = row.from.as_deref().and_then(Address::parse);
    let Some(from) = from.or_else(|| loaded.case.follow_up(id).and_then(|f| f.adviser.clone())) else {
        return Ok(Done::No("Its sender cannot be read.".to_owned()));
    };
    if row.kind.as_deref() == Some("absence") {
        return match_absence(desk, message, &row, &from, id).await;
    }
    let event = Event::Reply(ReplyEvent {
        follow_up: id.clone(),
        message: message.to_owned(),
        from,
        received_at: row.received_at,
        weight: Weight::Full,
        coordinator: Seen::NotYet,
        manager: Seen::Already,
        repeats: None,
        remarks: Vec::new(),
    });
    let applied = desk.apply(loaded, &event).await?;
    desk.tx.set_message_state(message, MessageState::Placed, Some(id), "a co-ordinator matched it").await?;
    Ok(Done::Yes(format!("Matched. {}", applied.because.text())))
}

/// An absence notice is no answer, whoever says where it belongs: it makes the manager responsible.
async fn match_absence(
    desk: &mut Desk,
    message: &str,
    row: &MessageRow,
    who: &Address,
    id: &FollowUpId,
) -> Result<Done> {
    let raw = desk.tx.raw(message).await?.unwrap_or_default();
    let absence = read(&raw, desk.office.date(row.received_at)).absence.unwrap_or_default();
    let away = Away { who: who.clone(), until: absence.until, contact: absence.contact };
    desk.tx.note_absence(&away, message, row.received_at).await?;
    let mut said = Vec::new();
    for case in desk.tx.open_cases_of_party(who).await? {
        if let Some(loaded) = desk.tx.case(&case).await? {
            said.push(desk.apply(loaded, &Event::Away { away: away.clone() }).await?.because.text().to_owned());
        }
    }
    desk.tx.set_message_state(message, MessageState::Placed, Some(id), "a co-ordinator matched it").await?;
    Ok(Done::Yes(format!("{who} is noted as away. {}", said.join(" "))))
}
