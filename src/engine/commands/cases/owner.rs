//! `REASSIGN`, `REASSIGN ALL`: who owns a case. The new owner hears of it in one mail, however many cases there are.

use super::{apply, the_case};
use crate::core::command::{Object, Who};
use crate::core::event::CaseOrder;
use crate::core::id::Address;
use crate::core::letter::LetterKind;
use crate::core::wording::list;
use crate::engine::commands::{Done, Turn};
use crate::engine::desk::Desk;
use anyhow::Result;

pub(super) async fn reassign(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    let Object::GiveTo { to, .. } = &turn.command.object else {
        return Ok(Done::No(
            "Write REASSIGN, the case and TO with a co-ordinator: REASSIGN EHC-2026-0412 TO Ann Lee.".to_owned(),
        ));
    };
    let to = match coordinator_named(desk, to) {
        Ok(to) => to,
        Err(why) => return Ok(Done::No(why)),
    };
    let loaded = match the_case(desk, turn).await? {
        Ok(loaded) => loaded,
        Err(why) => return Ok(Done::No(why)),
    };
    let id = loaded.case.id.0.clone();
    let was = loaded.case.coordinator.clone();
    let done = apply(desk, loaded, turn.author, CaseOrder::Reassign { from: None, to: to.clone() }).await?;
    if was != to {
        tell_owner(desk, turn, &to, &[id]).await?;
    }
    Ok(done)
}

pub(super) async fn reassign_all(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    let Object::GiveAll { from, to } = &turn.command.object else {
        return Ok(Done::No("Write REASSIGN ALL FROM old@authority TO new@authority.".to_owned()));
    };
    let (from, to) = match (owner_named(desk, from), coordinator_named(desk, to)) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(why), _) | (_, Err(why)) => return Ok(Done::No(why)),
    };
    if from == to {
        return Ok(Done::No("FROM and TO are the same person; nothing was done.".to_owned()));
    }
    let mut moved = Vec::new();
    for id in desk.tx.cases_of_owner(&from).await? {
        let Some(loaded) = desk.tx.case(&id).await? else { continue };
        apply(desk, loaded, turn.author, CaseOrder::Reassign { from: Some(from.clone()), to: to.clone() }).await?;
        moved.push(id.0);
    }
    let (old, new) = (desk.directory.name_of(&from), desk.directory.name_of(&to));
    if moved.is_empty() {
        return Ok(Done::No(format!("{old} has no open cases; nothing was done.")));
    }
    tell_owner(desk, turn, &to, &moved).await?;
    Ok(Done::Yes(format!("{} of {old} with {new} now: {}.", cases(moved.len()), list(&moved))))
}

fn cases(n: usize) -> String {
    if n == 1 { "1 case is".to_owned() } else { format!("{n} cases are") }
}

async fn tell_owner(desk: &mut Desk, turn: &Turn<'_>, to: &Address, moved: &[String]) -> Result<()> {
    if to == turn.author {
        return Ok(());
    }
    let headline = if moved.len() == 1 { "A case is yours now" } else { "Cases are yours now" };
    let key = format!("{}/reassigned/{to}/{}", turn.mail.id, moved.join("+"));
    let mut letter = desk.staff_letter(LetterKind::CaseNotice, key, to, headline);
    let by = desk.directory.name_of(turn.author);
    letter.facts.sentences = vec![format!(
        "{by} has given you {}. STATUS and the reference shows where each stands; the next Today mail lists what needs you.",
        list(moved)
    )];
    desk.send(&letter, None).await?;
    Ok(())
}

/// A co-ordinator of the directory, by address or by name.
pub(super) fn coordinator_named(desk: &Desk, who: &Who) -> Result<Address, String> {
    if let Some(address) = &who.address {
        let known = desk.directory.coordinator(address).is_some();
        return if known {
            Ok(address.clone())
        } else {
            Err(format!("{address} is no co-ordinator of the directory."))
        };
    }
    let name = who.name.clone().unwrap_or_default();
    let fits = desk.directory.coordinators.iter().filter(|c| c.person.name.eq_ignore_ascii_case(name.trim()));
    let found: Vec<&Address> = fits.map(|c| &c.person.address).collect();
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(format!("No co-ordinator is called '{name}'. Write the e-mail address.")),
        _ => Err(format!("More than one co-ordinator is called '{name}'. Write the e-mail address.")),
    }
}

/// Whoever owned cases; they may have left the directory, then only their address says who they were.
fn owner_named(desk: &Desk, who: &Who) -> Result<Address, String> {
    match &who.address {
        Some(address) => Ok(address.clone()),
        None => coordinator_named(desk, who),
    }
}
