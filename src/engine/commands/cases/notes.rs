//! `NOTE`, `NARRATIVE`, `EXEMPTION`: words for the timeline and the return. None of them moves a date.

use super::{apply, the_case};
use crate::core::command::{Field, Object};
use crate::core::event::CaseOrder;
use crate::core::exemption;
use crate::core::policy::Identifiers;
use crate::core::register::{NoteKind, Phase};
use crate::engine::commands::{Done, Turn};
use crate::engine::desk::Desk;
use crate::engine::identifiers::screened;
use crate::engine::reports::may_travel;
use anyhow::Result;

/// Letters of a narrative: what a cell of a spreadsheet and a reader of a report bear.
const LONGEST_NARRATIVE: usize = 2_000;
/// What its writer hears of a narrative that no report may hold.
const STAYS_HERE: &str = " It names the child or the family, or holds an NHS number or a birthday, so the reports leave \
                          its words out. Write it again without, and that stands in them.";

/// `NOTE`: with somebody a small point of option 1, else a remark.
pub(super) async fn note(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    let Some(text) = words(turn) else {
        return Ok(Done::No("Say what is to be noted, after Text: on a line of its own.".to_owned()));
    };
    let with = turn.command.field(Field::With).map(ToOwned::to_owned);
    let kind = if with.is_some() { NoteKind::SmallPoint } else { NoteKind::Remark };
    let order = CaseOrder::Note { kind, with, theme: None, text };
    super::on_case(desk, turn, order).await
}

/// `NARRATIVE`: why a return was late, with a theme of the list.
pub(super) async fn narrative(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    let themes = &desk.office.policy.commands.themes;
    let theme = turn.command.field(Field::Theme).map(str::to_lowercase);
    let Some(theme) = theme.filter(|t| themes.iter().any(|known| known.eq_ignore_ascii_case(t))) else {
        return Ok(Done::No(format!("NARRATIVE needs Theme: with one of these: {}.", themes.join(", "))));
    };
    let Some(text) = words(turn) else {
        return Ok(Done::No("Say why it was late, after Text: on a line of its own.".to_owned()));
    };
    let with = if let Object::FollowUp(id) = &turn.command.object { Some(id.to_string()) } else { None };
    reported(desk, turn, text, |text| CaseOrder::Note { kind: NoteKind::Narrative, with, theme: Some(theme), text })
        .await
}

/// Records words that reports repeat, and says so when they cannot: a report names no child and no family.
async fn reported(
    desk: &mut Desk,
    turn: &Turn<'_>,
    text: String,
    order: impl FnOnce(String) -> CaseOrder,
) -> Result<Done> {
    let length = text.chars().count();
    if length > LONGEST_NARRATIVE {
        return Ok(Done::No(format!(
            "These are {length} letters; a report takes up to {LONGEST_NARRATIVE}. Say it more shortly, and keep the rest in ONE."
        )));
    }
    let loaded = match the_case(desk, turn).await? {
        Ok(loaded) => loaded,
        Err(why) => return Ok(Done::No(why)),
    };
    let travels = may_travel(&text, &loaded.case.register);
    let text = match desk.office.policy.identifiers {
        Identifiers::Warn => text,
        Identifiers::Redact => screened(desk, &text).text,
    };
    let done = apply(desk, loaded, turn.author, order(text)).await?;
    Ok(match done {
        Done::Yes(said) if !travels => Done::Yes(format!("{said}{STAYS_HERE}")),
        done @ (Done::Yes(_) | Done::No(_) | Done::Ask(_)) => done,
    })
}

/// `EXEMPTION`: a ground of the regulations for one limit.
pub(super) async fn exemption(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    let command = turn.command;
    let Object::Exemption { ground, .. } = &command.object else {
        return Ok(Done::No(
            "Write EXEMPTION, the case and the ground: EXEMPTION EHC-2026-0412 school closed.".to_owned(),
        ));
    };
    let phase = match command.field(Field::Phase).map(|written| (written, Phase::read(written))) {
        Some((written, None)) => {
            return Ok(Done::No(format!("Phase: takes 6, advice, 16 or 20 (or ONE's 1, 2a, 2b, 3), not “{written}”.")));
        }
        Some((_, phase)) => phase,
        None => None,
    };
    let (phase, ground) = match exemption::ground(ground, phase) {
        Ok(found) => found,
        Err(why) => return Ok(Done::No(why)),
    };
    let (from, to) = (command.date(Field::From), command.date(Field::To));
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        return Ok(Done::No("To: lies before From:.".to_owned()));
    }
    // A return without a narrative is sent back (self-assessment, criterion 5).
    let Some(narrative) = words(turn) else {
        return Ok(Done::No("Say what happened, after Text: on a line of its own; the return asks for it.".to_owned()));
    };
    reported(desk, turn, narrative, |narrative| CaseOrder::Exempt { ground, phase, from, to, narrative }).await
}

/// The free words of a command, when there are any.
fn words(turn: &Turn<'_>) -> Option<String> {
    turn.command.text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(ToOwned::to_owned)
}
