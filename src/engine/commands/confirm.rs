//! Read-back and second person: a command that is grave waits until `YES` answers the letter that read it back.
//! The command itself stays in its mail; confirmed, it is read there again and carried out.

use super::{Carried, Done, Go, Turn, answered_letters, copied, one, read_commands};
use crate::core::command::{Confirmation, Verb};
use crate::core::id::Address;
use crate::core::letter::{LetterKind, LineSubject};
use crate::engine::desk::Desk;
use crate::engine::intake::{Mail, open_mail};
use crate::engine::opening::{CopiedFor, opening_of};
use crate::store::{LAPSES_AFTER, Needs, Pending};
use anyhow::{Context, Result};

/// What a command would do, to be confirmed.
pub(super) struct ReadBack {
    /// "Please confirm: NEW CASE EHC-2026-0412".
    pub headline: String,
    /// What will happen, sentence by sentence.
    pub sentences: Vec<String>,
    /// Whom a second-person confirmation asks; the author when nobody is named.
    pub ask: Vec<Address>,
}

/// How far a command may go at once.
pub(super) fn go_of(verb: Verb) -> Go {
    match verb.confirmation() {
        Confirmation::None => Go::Ahead,
        Confirmation::ReadBack | Confirmation::SecondPerson => Go::Ask,
    }
}

/// Reads a command back to whoever has to confirm it.
pub(super) async fn ask(
    desk: &mut Desk,
    mail: &Mail,
    author: &Address,
    verb: Verb,
    place: usize,
    back: ReadBack,
) -> Result<Done> {
    let (needs, ask) = match verb.confirmation() {
        Confirmation::SecondPerson => (Needs::Second, back.ask),
        Confirmation::ReadBack | Confirmation::None => (Needs::Same, vec![author.clone()]),
    };
    let ask: Vec<Address> = ask.into_iter().filter(|a| needs == Needs::Same || a != author).collect();
    if ask.is_empty() {
        return Ok(Done::No(format!("{} needs a second member of staff, and none is known.", verb.words())));
    }
    for who in &ask {
        let key = format!("{}/read-back/{place}/{who}", mail.id);
        let letter_id = desk.office.stationery.key.letter_id(&key);
        let mut letter = desk.staff_letter(LetterKind::ReadBack, key, who, &back.headline);
        letter.facts.sentences.clone_from(&back.sentences);
        if needs == Needs::Second {
            let name = desk.directory.name_of(author);
            letter.facts.sentences.insert(0, format!("{name} has asked for this; a second person has to confirm it."));
        }
        letter.in_reply_to.clone_from(&mail.reading.message.message_id);
        desk.send(&letter, None).await?;
        let pending = Pending {
            letter: letter_id,
            message: mail.id.clone(),
            command: place,
            author: author.clone(),
            needs,
            asked_at: desk.now,
        };
        desk.tx.await_confirmation(&pending).await?;
    }
    Ok(match needs {
        // The letter that reads it back is the answer.
        Needs::Same => Done::Yes(String::new()),
        Needs::Second => {
            let names: Vec<String> = ask.iter().map(|a| desk.directory.name_of(a)).collect();
            Done::Yes(format!(
                "{} waits for a second person: {} {} asked to answer YES.",
                verb.words(),
                crate::core::wording::list(&names),
                if names.len() == 1 { "was" } else { "were" }
            ))
        }
    })
}

/// `YES`: carries out what the answered letter read back, or the letter that a line of the Today mail names.
pub(super) async fn confirmed(desk: &mut Desk, turn: &Turn<'_>) -> Result<Carried> {
    let author = turn.author;
    let named = turn.lines.iter().filter(|l| turn.command.lines.contains(&l.number));
    let mut letters: Vec<String> = named
        .filter_map(|line| match &line.subject {
            LineSubject::Confirmation { letter } => Some(letter.clone()),
            LineSubject::FollowUp(_)
            | LineSubject::Case(_)
            | LineSubject::Held { .. }
            | LineSubject::Triage { .. }
            | LineSubject::Candidate { .. } => None,
        })
        .collect();
    if turn.command.lines.is_empty() {
        letters = answered_letters(desk, turn.mail).await?;
    }
    let mut pending = None;
    for letter in letters {
        pending = desk.tx.pending_confirmation(&letter).await?;
        if pending.is_some() {
            break;
        }
    }
    let no = |why: &str| Ok(Done::No(why.to_owned()).alone());
    let Some(pending) = pending else {
        return no("YES answers a mail that read a command back; there is none here that still waits.");
    };
    match pending.needs {
        Needs::Same if pending.author != *author => {
            return no("Only the person who wrote the command can confirm it.");
        }
        Needs::Second if pending.author == *author => {
            return no("A second person has to confirm it; your own YES does not count.");
        }
        Needs::Same | Needs::Second => {}
    }
    if desk.now - pending.asked_at > LAPSES_AFTER {
        desk.tx.settle_confirmation(&pending, desk.now).await?;
        return no("This was asked more than two weeks ago and has lapsed. Please write the command again.");
    }
    desk.tx.settle_confirmation(&pending, desk.now).await?;
    Box::pin(carry_out(desk, &pending, author)).await
}

async fn carry_out(desk: &mut Desk, pending: &Pending, confirmed_by: &Address) -> Result<Carried> {
    let mut original = open_mail(desk, &pending.message).await?.context("The mail with the command is gone")?;
    if opening_of(desk, &original).await? == Some(CopiedFor::FinalPlan) {
        return copied::confirmed(desk, &original, &pending.author).await;
    }
    let lines = match answered_letters(desk, &original).await?.first() {
        Some(letter) => desk.tx.lines(letter).await?,
        None => Vec::new(),
    };
    let reading = read_commands(desk, &original, &original.reading.new_text.own, &lines);
    let Some(command) = reading.commands.get(pending.command) else {
        return Ok(Done::No("The command can no longer be read; please write it again.".to_owned()).alone());
    };
    let author = pending.author.clone();
    let go = Go::Confirmed(confirmed_by.clone());
    let turn = Turn { mail: &mut original, author: &author, command, lines: &lines, go: &go };
    one(desk, turn, pending.command).await
}
