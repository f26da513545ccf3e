//! An answer that staff forward: placed by what is inside, and counted once the forwarder's own words have been heard
//! (`commands.md` 4). Nothing of the service or of its staff is ever taken for an answer.

use super::commands::{self, Above, Beside};
use super::desk::Desk;
use super::family;
use super::intake::Mail;
use super::signals::{Clues, find};
use crate::core::event::{Event, ReplyEvent, Seen, Weight};
use crate::core::follow_up::{FollowUp, FollowUpKind};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, Line};
use crate::message::forwarded::Forwarded;
use crate::message::kind::kind;
use crate::message::matching::{Placed, Placing};
use crate::message::reading::read;
use crate::message::substance::only_agrees;
use crate::message::{Kind, Message};
use crate::store::{MessageState, Outcome};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// Takes a staff member's mail with something forwarded in it: the signals run on what is inside (`mail.md` 3). Where
/// nothing inside belongs to a follow-up, it is a mail of commands like any other.
pub(super) async fn forwarded(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Outcome> {
    let Some((inner, id)) = inside(desk, mail).await? else {
        return match family::forwarded(desk, mail).await? {
            Some(outcome) => Ok(outcome),
            None => commands::carry_out(desk, mail, author).await,
        };
    };
    let said = match (commands::above(desk, mail).await?, not_an_answer(desk, mail, &inner)) {
        (Above::Nothing, Some(what)) => return no_answer_inside(desk, mail, author, &id, what).await,
        (Above::Nothing, None) => return answer_inside(desk, mail, author, &inner, &id).await,
        (Above::Judgement, None) => {
            count(desk, mail, author, &inner, &id).await?;
            Some(format!("The answer that you forwarded counts for {id}."))
        }
        (Above::Order, None) => {
            mail.story.push("the forwarder's own words come first: what is inside is not counted".to_owned());
            Some(format!(
                "Your own words come first, so what you forwarded is not taken as the answer to {id}. If it is one, write RECEIVED {id}."
            ))
        }
        (Above::Judgement | Above::Order, Some(what)) => {
            mail.story.push(format!("what is inside is {what}: counts for nothing"));
            None
        }
    };
    commands::carry_out_beside(desk, mail, author, Beside { said, about: Some(id) }).await
}

/// The first thing inside that belongs to a follow-up.
async fn inside(desk: &mut Desk, mail: &mut Mail) -> Result<Option<(Forwarded, FollowUpId)>> {
    for inner in mail.reading.forwarded.clone() {
        let placed = find(desk, &forwarded_clues(&inner, mail)).await?;
        let Some(id) = placed_inside(&placed) else { continue };
        mail.story.push("forwarded by staff: the signals ran on what is inside".to_owned());
        mail.story.extend(placed.story);
        return Ok(Some((inner, id)));
    }
    Ok(None)
}

/// What a forwarded mail is called that nobody outside wrote; `None` for one that may be an answer.
fn not_an_answer(desk: &Desk, mail: &Mail, inner: &Forwarded) -> Option<&'static str> {
    let author = inner.from.as_ref().map(|m| &m.address);
    if author.is_some_and(|a| desk.office.is_own(a)) {
        return Some("a mail of this service");
    }
    if author.is_some_and(|a| desk.directory.is_staff(a)) {
        return Some("a mail of your own office");
    }
    automatic_inside(desk, mail, inner)
}

/// What a forwarded machine mail is called; `None` for a person's.
fn automatic_inside(desk: &Desk, mail: &Mail, inner: &Forwarded) -> Option<&'static str> {
    let kind = match &inner.raw {
        Some(raw) => read(raw, desk.office.date(mail.received_at)).kind,
        None => {
            // An inline block shows little; its subject, put at the head of a mail of its own, tells a machine.
            let subject = inner.subject.as_deref().unwrap_or_default();
            let headers = vec![("Subject".to_owned(), subject.to_owned())];
            kind(&Message { subject: subject.to_owned(), headers, ..Message::default() }, &inner.text, |_| false).kind
        }
    };
    match kind {
        Kind::Human => None,
        Kind::Own => Some("a mail of this service"),
        Kind::Absence | Kind::Acknowledgement => Some("an automatic reply"),
        Kind::Bounce | Kind::Delay => Some("a delivery notice"),
        Kind::Receipt => Some("a read receipt"),
        Kind::Calendar => Some("an invitation or an answer to one"),
        Kind::Bulk | Kind::FeedbackReport => Some("a mail to many"),
    }
}

async fn no_answer_inside(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    id: &FollowUpId,
    what: &str,
) -> Result<Outcome> {
    mail.story.push(format!("what is inside is {what}: counts for nothing"));
    let key = format!("{}/receipt", mail.id);
    let mut receipt = desk.staff_letter(LetterKind::Receipt, key, author, &format!("Not an answer: {id}"));
    receipt.facts.sentences = vec![format!(
        "What you forwarded looks like {what}, so it does not count as the answer to {id} and stops nothing. If the adviser is away, write ABSENT and the address; if it is an answer all the same, write RECEIVED."
    )];
    receipt.lines = vec![Line::about(id)];
    receipt.in_reply_to.clone_from(&mail.reading.message.message_id);
    desk.send(&receipt, None).await?;
    Ok(mail.outcome(MessageState::Placed, Some(id)))
}

pub(super) fn placed_inside(placed: &Placed) -> Option<FollowUpId> {
    match &placed.placing {
        Placing::Placed { follow_up, .. } => Some(follow_up.clone()),
        Placing::Triage { .. } => None,
    }
}

fn forwarded_clues(inner: &Forwarded, mail: &Mail) -> Clues {
    let mut references: Vec<String> = inner.references.iter().rev().cloned().collect();
    references.extend(inner.message_ids.iter().cloned());
    references.extend(mail.reading.message.references.iter().rev().cloned());
    Clues {
        author: inner.from.as_ref().map(|m| m.address.clone()),
        addresses: inner.to.clone(),
        references,
        new_text: String::new(),
        quoted: [inner.text.as_str(), mail.reading.message.subject.as_str()].join("\n"),
    }
}

/// Counts it, and tells whoever forwarded it.
async fn answer_inside(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    inner: &Forwarded,
    id: &FollowUpId,
) -> Result<Outcome> {
    let Some(kind) = count(desk, mail, author, inner, id).await? else {
        return Ok(mail.outcome(MessageState::Triage, None));
    };
    let words: Vec<&str> = kind.judgements().iter().copied().filter(|word| *word != "NOT ADVICE").collect();
    let mut receipt = desk.staff_letter(
        LetterKind::Receipt,
        format!("{}/receipt", mail.id),
        author,
        &format!("Noted: the answer to {id}"),
    );
    receipt.facts.sentences = vec![
        format!("The answer that you forwarded counts for {id}."),
        format!("Answer {} when you have read it.", words.join(" or ")),
    ];
    receipt.lines = vec![Line::about(id)];
    receipt.in_reply_to.clone_from(&mail.reading.message.message_id);
    desk.send(&receipt, None).await?;
    Ok(mail.outcome(MessageState::Placed, Some(id)))
}

/// Puts what is inside to its follow-up as an answer; what that follow-up is, when it stands.
async fn count(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    inner: &Forwarded,
    id: &FollowUpId,
) -> Result<Option<FollowUpKind>> {
    let Some(loaded) = desk.tx.case_of(id).await? else { return Ok(None) };
    let Some(follow_up) = loaded.case.follow_up(id) else { return Ok(None) };
    let kind = follow_up.kind;
    let from = inner.from.as_ref().map_or_else(|| author.clone(), |m| m.address.clone());
    let weight = weight(follow_up, &from, &inner.text);
    let received_at = plausible(inner.date, mail.received_at);
    if inner.date.is_none() {
        mail.story.push("the original's date could not be read; the forward's is used".to_owned());
    }
    let event = Event::Reply(ReplyEvent {
        follow_up: id.clone(),
        message: mail.id.clone(),
        from,
        received_at,
        weight,
        coordinator: Seen::Already,
        // To whom it was copied is not seen in a forward; nobody is accused.
        manager: Seen::Already,
        repeats: None,
        remarks: Vec::new(),
    });
    let applied = desk.apply(loaded, &event).await?;
    mail.story.push(applied.because.text().to_owned());
    if let Some(header_id) = mail.reading.message.message_id.clone() {
        desk.tx.learn_thread(&header_id, id).await?;
    }
    Ok(Some(kind))
}

/// Staff forward what they take for an answer. A plan draft is confirmed by its adviser only: a line manager who agrees
/// says nothing about its accuracy.
fn weight(follow_up: &FollowUp, from: &Address, text: &str) -> Weight {
    let agrees = follow_up.kind == FollowUpKind::DraftCheck && only_agrees(text);
    match (agrees, follow_up.is_manager(from)) {
        (true, true) => Weight::ManagerEngaged,
        (true, false) => Weight::Confirmed,
        (false, _) => Weight::Full,
    }
}

/// The original's own date where it can be right: not after the forward.
pub(super) fn plausible(stated: Option<DateTime<Utc>>, forwarded_at: DateTime<Utc>) -> DateTime<Utc> {
    stated.filter(|&at| at <= forwarded_at).unwrap_or(forwarded_at)
}
