//! Mail of families, and answers of staff to a preview. A stranger learns nothing, not even that a case exists.

use crate::core::case::CaseId;
use crate::core::event::Event;
use crate::core::family::{Acknowledgement, FamilyEvent, FamilyMail, NoticeOrder, Proof};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{Audience, LetterKind, LineSubject};
use crate::engine::commands::{answered_letters, commands_of, lines_named};
use crate::engine::desk::Desk;
use crate::engine::forward::plausible;
use crate::engine::intake::Mail;
use crate::engine::random;
use crate::message::Verdict;
use crate::store::{MessageState, Outcome};
use anyhow::Result;
use std::collections::BTreeSet;

/// A person's mail that belongs to a family: it answers a letter of ours to one, or its sender is a contact. `None`
/// for any other.
pub(in crate::engine) async fn from_family(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
) -> Result<Option<Outcome>> {
    let cases = cases_of(desk, mail, author).await?;
    let mut placed = None;
    let mut is_known = false;
    let first = cases.first();
    for id in &cases {
        let Some(loaded) = desk.tx.case(id).await? else { continue };
        let is_contact = loaded.case.register.contact(author).is_some();
        let proof = if mail.verdict == Verdict::Fail { Proof::Failed } else { Proof::Good };
        let follow_up = desk.new_follow_up().await?;
        let event = FamilyEvent::Wrote(FamilyMail {
            follow_up: follow_up.clone(),
            message: mail.id.clone(),
            header_id: mail.reading.message.message_id.clone(),
            from: author.clone(),
            received_at: mail.received_at,
            proof,
            acknowledged: acknowledged_in(first, id),
        });
        let applied = desk.apply(loaded, &Event::Family(event)).await?;
        mail.story.push(format!("family: {}", applied.because.text()));
        if is_contact && proof == Proof::Good {
            is_known = true;
            placed = placed.or(Some(follow_up));
        }
    }
    let Some(case) = cases.first() else { return Ok(None) };
    desk.about = Some(cases.iter().cloned().collect());
    let state = if is_known { MessageState::Placed } else { MessageState::Triage };
    let mut outcome = mail.outcome(state, placed.as_ref());
    outcome.case_id = Some(case.0.clone());
    Ok(Some(outcome))
}

/// A family's mail that reached staff alone, as where the mail system knows no plus addresses, and that they forward
/// without a command: it counts as if it had come here. `None` when nothing inside is of a contact.
pub(in crate::engine) async fn forwarded(desk: &mut Desk, mail: &mut Mail) -> Result<Option<Outcome>> {
    if !commands_of(desk, mail).is_empty() {
        return Ok(None);
    }
    for inner in mail.reading.forwarded.clone() {
        let Some(from) = inner.from.as_ref().map(|m| m.address.clone()).filter(|a| !desk.directory.is_staff(a)) else {
            continue;
        };
        let mut placed = None;
        let mut about = BTreeSet::new();
        let cases = desk.tx.cases_of_contact(&from).await?;
        for id in cases.clone() {
            let Some(loaded) = desk.tx.case(&id).await? else { continue };
            if loaded.case.register.contact(&from).is_none() {
                continue;
            }
            let follow_up = FollowUpId::from_random(random()?);
            let event = FamilyEvent::Wrote(FamilyMail {
                follow_up: follow_up.clone(),
                message: mail.id.clone(),
                header_id: None,
                from: from.clone(),
                received_at: plausible(inner.date, mail.received_at),
                proof: Proof::Good,
                acknowledged: acknowledged_in(cases.first(), &id),
            });
            let applied = desk.apply(loaded, &Event::Family(event)).await?;
            mail.story.push(format!("forwarded by staff, of a family: {}", applied.because.text()));
            about.insert(id.clone());
            placed = placed.or(Some((id, follow_up)));
        }
        if let Some((case, follow_up)) = placed {
            desk.about = Some(about);
            let mut outcome = mail.outcome(MessageState::Placed, Some(&follow_up));
            outcome.case_id = Some(case.0);
            return Ok(Some(outcome));
        }
    }
    Ok(None)
}

/// One answer to one mail, however many children it may be about.
fn acknowledged_in(first: Option<&CaseId>, case: &CaseId) -> Acknowledgement {
    if first == Some(case) { Acknowledgement::Here } else { Acknowledgement::Elsewhere }
}

/// By the token or thread of a letter to a family, else by the sender's address.
async fn cases_of(desk: &mut Desk, mail: &Mail, author: &Address) -> Result<Vec<CaseId>> {
    for letter in answered_letters(desk, mail).await? {
        let row = desk.tx.letter(&letter).await?.filter(|l| l.kind.audience() == Audience::Parent);
        if let Some(case) = row.and_then(|l| l.case_id) {
            return Ok(vec![CaseId(case)]);
        }
    }
    let mut own = Vec::new();
    for id in desk.tx.cases_of_contact(author).await? {
        let loaded = desk.tx.case(&id).await?;
        if loaded.is_some_and(|l| l.case.register.contact(author).is_some()) {
            own.push(id);
        }
    }
    Ok(own)
}

/// Whether a mail is of a family, by its thread or its sender.
pub(in crate::engine) async fn is_of_family(desk: &mut Desk, mail: &Mail) -> Result<bool> {
    let Some(author) = mail.author().cloned() else { return Ok(false) };
    Ok(!desk.directory.is_staff(&author) && !cases_of(desk, mail, &author).await?.is_empty())
}

/// An absence or acknowledgement of somebody of a family: it counts for nothing, and nobody is told (situation 68).
pub(in crate::engine) async fn is_machine_of_family(desk: &mut Desk, mail: &mut Mail) -> Result<bool> {
    let is_family = is_of_family(desk, mail).await?;
    if is_family {
        mail.story.push("an automatic reply of a family's mailbox: their letter counts as delivered".to_owned());
    }
    Ok(is_family)
}

/// Whatever staff answer to a preview stops the letter first; a `SEND` or a date then lets it go on. So an answer that
/// is not understood, not proved, or goes to others as well cannot be taken for silence.
pub(in crate::engine) async fn hold_previewed(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<()> {
    for letter in answered_letters(desk, mail).await? {
        let Some(row) = desk.tx.letter(&letter).await? else { continue };
        let cases = if row.kind == LetterKind::Preview {
            row.case_id.map(CaseId).into_iter().collect()
        } else {
            previewed_in(desk, mail, &letter).await?
        };
        for case in cases {
            let Some(loaded) = desk.tx.case(&case).await? else { continue };
            let event = FamilyEvent::Ordered { by: author.clone(), order: NoticeOrder::Unclear };
            let applied = desk.apply(loaded, &Event::Family(event)).await?;
            mail.story.push(format!("answers a preview: {}", applied.because.text()));
        }
    }
    Ok(())
}

/// Cases whose letters a numbered mail, such as the Today mail, offers to send, as far as this answer names them; all
/// of them when nothing in it is clear.
async fn previewed_in(desk: &mut Desk, mail: &Mail, letter: &str) -> Result<Vec<CaseId>> {
    let lines = desk.tx.lines(letter).await?;
    let named = lines_named(desk, mail, &lines);
    let offered = lines.iter().filter(|line| line.answers.iter().any(|answer| answer == "SEND"));
    let meant = offered.filter(|line| named.as_ref().is_none_or(|named| named.contains(&line.number)));
    Ok(meant
        .filter_map(|line| match &line.subject {
            LineSubject::Case(case) => Some(case.clone()),
            LineSubject::FollowUp(_)
            | LineSubject::Triage { .. }
            | LineSubject::Held { .. }
            | LineSubject::Confirmation { .. }
            | LineSubject::Candidate { .. } => None,
        })
        .collect())
}
