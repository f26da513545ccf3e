//! Looks for the signals of `mail.md` 3 in a mail and asks the store what they point to.

use super::desk::Desk;
use crate::core::directory::Directory;
use crate::core::follow_up::FollowUp;
use crate::core::id::{Address, CaseRef, FollowUpId};
use crate::core::letter::Audience;
use crate::core::token::TokenReading;
use crate::letters::compose::OWN_HEADER;
use crate::message::Message;
use crate::message::matching::{Placed, Signal, SignalKind, Standing, place};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

/// The parts of a mail (or of what it forwards) that signals are looked for in.
#[derive(Debug, Clone, Default)]
pub(super) struct Clues {
    /// Who wrote it.
    pub author: Option<Address>,
    /// Addresses that it was sent to.
    pub addresses: Vec<Address>,
    /// Message-IDs that it refers to, newest first.
    pub references: Vec<String>,
    /// What the sender wrote, and names of attachments.
    pub new_text: String,
    /// Everything else: quoted text, our own header in it.
    pub quoted: String,
}

impl Clues {
    /// The clues of a mail itself.
    pub fn of(message: &Message, new_text: &str) -> Self {
        let recipients = message.to.iter().chain(&message.cc).map(|m| m.address.clone());
        let mut references = message.in_reply_to.clone();
        references.extend(message.references.iter().rev().cloned());
        let names: Vec<&str> = message.attachments.iter().filter_map(|a| a.name.as_deref()).collect();
        let own = message.header(OWN_HEADER).unwrap_or_default();
        Self {
            author: message.author().map(|a| a.address.clone()),
            addresses: message.delivered_to.iter().cloned().chain(recipients).collect(),
            references,
            new_text: format!("{new_text}\n{}", names.join("\n")),
            quoted: [
                own,
                &message.subject,
                message.text.as_deref().unwrap_or(""),
                message.html.as_deref().unwrap_or(""),
            ]
            .join("\n"),
        }
    }
}

/// Weighs the clues of a mail.
pub(super) async fn find(desk: &mut Desk, clues: &Clues) -> Result<Placed> {
    let mut signals = tokens(desk, clues).await?;
    let (own, other) = message_ids(desk, clues).await?;
    signals.push(Signal { kind: SignalKind::OwnMessageId, follow_ups: own });
    let other = of_the_author(desk, other, clues.author.as_ref()).await?;
    signals.push(Signal { kind: SignalKind::Thread, follow_ups: other });
    let named = known(desk, references_in(&clues.new_text)).await?;
    let quoted = known(desk, references_in(&clues.quoted)).await?;
    signals.push(Signal { kind: SignalKind::ReferenceNew, follow_ups: named });
    signals.push(Signal { kind: SignalKind::ReferenceQuoted, follow_ups: quoted });
    signals.push(Signal { kind: SignalKind::CaseNamed, follow_ups: of_named_cases(desk, &clues.new_text).await? });
    if let Some(author) = &clues.author {
        let open = desk.tx.open_follow_ups_of_party(author).await?;
        signals.push(Signal { kind: SignalKind::Sender, follow_ups: open });
    }
    signals.retain(|s| !s.follow_ups.is_empty());
    let standings = standings(desk, &signals, clues.author.as_ref()).await?;
    Ok(place(&signals, |id| standings.get(id).copied().unwrap_or(Standing::Stranger)))
}

async fn tokens(desk: &mut Desk, clues: &Clues) -> Result<Vec<Signal>> {
    let mut genuine = Vec::new();
    let mut forged = Vec::new();
    for address in &clues.addresses {
        let stationery = &desk.office.stationery;
        match stationery.key.read_address(address, &stationery.mailbox) {
            Some(TokenReading::FollowUp(id)) => genuine.push(id),
            // Absences and bounces go to the envelope sender, whose token is the letter's.
            Some(TokenReading::Letter(letter)) => genuine.extend(about(desk, &letter).await?),
            Some(TokenReading::Forged(id)) => forged.extend(id),
            None => {}
        }
    }
    let mut seen = BTreeSet::new();
    genuine.retain(|id| seen.insert(id.clone()));
    Ok(vec![
        Signal { kind: SignalKind::Token, follow_ups: genuine },
        Signal { kind: SignalKind::ForgedToken, follow_ups: forged },
    ])
}

/// The follow-up of a letter to people outside.
async fn about(desk: &mut Desk, letter: &str) -> Result<Option<FollowUpId>> {
    let row = desk.tx.letter(letter).await?.filter(|l| l.kind.audience() == Audience::Outside);
    Ok(row.and_then(|l| l.follow_up).and_then(|id| FollowUpId::parse(&id)))
}

/// Follow-ups named by our own signed Message-IDs (newest first, the first that names one decides), and by others'.
async fn message_ids(desk: &mut Desk, clues: &Clues) -> Result<(Vec<FollowUpId>, Vec<FollowUpId>)> {
    let mut own = Vec::new();
    let mut other = Vec::new();
    for reference in &clues.references {
        let is_ours = desk.letter_named(reference).await?.is_some();
        let found = desk.tx.thread(reference).await?;
        let (list, done) = if is_ours { (&mut own, true) } else { (&mut other, false) };
        if done && !list.is_empty() {
            continue;
        }
        list.extend(found.into_iter().filter(|id| !list.contains(id)).collect::<Vec<_>>());
    }
    Ok((own, other))
}

/// A mail to several advisers begins several follow-ups in one thread; an answer in it belongs to its writer's own.
async fn of_the_author(desk: &mut Desk, ids: Vec<FollowUpId>, author: Option<&Address>) -> Result<Vec<FollowUpId>> {
    if ids.len() < 2 {
        return Ok(ids);
    }
    let mut own = Vec::new();
    for id in &ids {
        let loaded = desk.tx.case_of(id).await?;
        let is_theirs = loaded.is_some_and(|l| l.case.follow_up(id).is_some_and(|f| f.adviser.as_ref() == author));
        own.extend(is_theirs.then(|| id.clone()));
    }
    Ok(if author.is_some() && own.len() == 1 { own } else { ids })
}

/// References `FU-XXXX-XXXX` in a text, each with the right check character.
fn references_in(text: &str) -> BTreeSet<FollowUpId> {
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("FU-").chain(text.match_indices("fu-")) {
        let candidate: String = text.get(at..).unwrap_or_default().chars().take(12).collect();
        found.extend(FollowUpId::parse(&candidate));
    }
    found
}

/// Every follow-up of the cases whose references stand in a text.
async fn of_named_cases(desk: &mut Desk, text: &str) -> Result<Vec<FollowUpId>> {
    let references: BTreeSet<CaseRef> =
        desk.office.ref_pattern.find_iter(text).map(|m| CaseRef::new(m.as_str())).collect();
    let mut found = Vec::new();
    for reference in references {
        let loaded = desk.tx.case_by_reference(&reference).await?;
        found.extend(loaded.into_iter().flat_map(|l| l.case.follow_ups).map(|f| f.id));
    }
    Ok(found)
}

async fn known(desk: &mut Desk, ids: BTreeSet<FollowUpId>) -> Result<Vec<FollowUpId>> {
    let mut known = Vec::new();
    for id in ids {
        if desk.tx.case_of(&id).await?.is_some() {
            known.push(id);
        }
    }
    Ok(known)
}

async fn standings(
    desk: &mut Desk,
    signals: &[Signal],
    author: Option<&Address>,
) -> Result<BTreeMap<FollowUpId, Standing>> {
    let asked = signals.iter().filter(|s| SignalKind::OF_PARTIES.contains(&s.kind));
    let ids: BTreeSet<&FollowUpId> = asked.flat_map(|s| &s.follow_ups).collect();
    let mut standings = BTreeMap::new();
    for id in ids {
        let Some(loaded) = desk.tx.case_of(id).await? else { continue };
        let Some(follow_up) = loaded.case.follow_up(id) else { continue };
        let party = author.is_some_and(|a| is_party(follow_up, a, &desk.directory));
        standings.insert(id.clone(), if party { Standing::Party } else { Standing::Stranger });
    }
    Ok(standings)
}

/// Adviser, manager, whoever was told that they are responsible, or of the adviser's organisation.
pub(super) fn is_party(follow_up: &FollowUp, address: &Address, directory: &Directory) -> bool {
    let same_service = follow_up.service.is_some()
        && directory.service_of(address).map(|s| s.name.as_str()) == follow_up.service.as_deref();
    let own = follow_up.service.as_deref().and_then(|name| directory.service(name));
    let higher =
        own.is_some_and(|s| s.second_level.as_ref() == Some(address) || s.fallback_manager.as_ref() == Some(address));
    follow_up.has_party(address) || follow_up.told_responsible.contains(address) || higher || same_service
}
