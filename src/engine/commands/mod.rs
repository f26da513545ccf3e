//! Commands of staff: read from the new text, resolved to what they are about, carried out, and answered in one
//! receipt. Nothing is guessed.

mod advice;
mod ask;
mod cases;
mod confirm;
mod copied;
mod drafts;
mod order;
mod parents;
mod pausing;
mod people;
mod receipt;
mod road;
mod rounds;
mod target;
mod triage;

use super::desk::Desk;
use super::intake::Mail;
use crate::core::command::{Command, Context, NumberedAnswer, Reading, read};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::Line;
use crate::core::token::TokenReading;
use crate::letters::compose::OWN_HEADER;
use crate::message::Message;
use crate::store::{MessageState, Outcome};
use anyhow::Result;
use confirm::ReadBack;
pub(super) use copied::final_copied_in;
use receipt::{receipt, text_of};
use std::collections::BTreeSet;

/// What one line came to.
enum Done {
    /// Carried out; a sentence.
    Yes(String),
    /// Not carried out; a sentence with what would work.
    No(String),
    /// To be read back, and carried out after `YES`.
    Ask(ReadBack),
}

/// How far a command may go now.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Go {
    /// It is carried out.
    Ahead,
    /// It says what it would do; nothing changes, but for what cannot wait (`STOP` stops sending at once).
    Ask,
    /// This person has confirmed it: it is carried out.
    Confirmed(Address),
}

/// What a command came to, line by line, and the follow-up that the receipt is about.
type Carried = (Vec<Done>, Option<FollowUpId>);

/// One command on its way: in which mail it stands, who gave it, and how far it may go now.
struct Turn<'a> {
    mail: &'a mut Mail,
    author: &'a Address,
    command: &'a Command,
    /// The numbered lines of the letter that the mail answers.
    lines: &'a [Line],
    go: &'a Go,
}

impl Done {
    /// The answer to a command that names no follow-up.
    fn alone(self) -> Carried {
        (vec![self], None)
    }
}

/// The answer to a one-time token: the command that waited is looked at again.
pub(super) async fn confirmation(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Option<Outcome>> {
    for letter in answered_letters(desk, mail).await? {
        if let Some(message) = desk.tx.use_proof(&letter, author, desk.now).await? {
            desk.tx.look_again(&message).await?;
            mail.story.push(format!("the one-time token for {message} came back"));
            return Ok(Some(mail.outcome(MessageState::Placed, None)));
        }
    }
    Ok(None)
}

/// Letters of ours that this mail answers: by token first, else by thread, newest first.
pub(super) async fn answered_letters(desk: &mut Desk, mail: &Mail) -> Result<Vec<String>> {
    let message = &mail.reading.message;
    let mut letters = letters_of_addresses(desk, message);
    let references = message.in_reply_to.iter().chain(message.references.iter().rev());
    for id in references {
        letters.extend(desk.letter_named(id).await?);
    }
    let mut seen = BTreeSet::new();
    letters.retain(|l| seen.insert(l.clone()));
    Ok(letters)
}

/// Letters whose token stands in an address that a mail was sent to.
pub(super) fn letters_of_addresses(desk: &Desk, message: &Message) -> Vec<String> {
    let stationery = &desk.office.stationery;
    let addresses = message.delivered_to.iter().chain(message.to.iter().chain(&message.cc).map(|m| &m.address));
    addresses
        .filter_map(|address| match stationery.key.read_address(address, &stationery.mailbox) {
            Some(TokenReading::Letter(letter)) => Some(letter),
            Some(TokenReading::FollowUp(_) | TokenReading::Forged(_)) | None => None,
        })
        .collect()
}

/// Whether a mail answers any letter of ours, by its token or our signed Message-ID.
pub(super) async fn answers_a_letter(desk: &mut Desk, mail: &Mail) -> Result<bool> {
    Ok(!answered_letters(desk, mail).await?.is_empty())
}

/// Reads and carries out the commands of a proved mail.
pub(super) async fn carry_out(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Outcome> {
    let letters = answered_letters(desk, mail).await?;
    let lines = match letters.first() {
        Some(letter) => desk.tx.lines(letter).await?,
        None => Vec::new(),
    };
    if let Some((id, sentence)) = people::roles_answered(desk, mail, &lines).await? {
        mail.story.push(format!("roles: {sentence}"));
        return receipt(desk, mail, author, vec![Done::Yes(sentence)], Some(id)).await;
    }
    let reading = read_commands(desk, mail, &lines);
    if reading.commands.is_empty() && reading.refusals.is_empty() {
        return nothing_asked(desk, mail, author).await;
    }
    let mut done: Vec<Done> = reading.refusals.iter().map(|r| Done::No(r.to_string())).collect();
    let mut about = None;
    for (place, command) in reading.commands.iter().enumerate() {
        let go = confirm::go_of(command.verb);
        let turn = Turn { mail: &mut *mail, author, command, lines: &lines, go: &go };
        let (results, id) = one(desk, turn, place).await?;
        mail.story.extend(results.iter().map(|r| format!("command {}: {}", command.verb.words(), text_of(r))));
        done.extend(results);
        about = about.or(id);
    }
    receipt(desk, mail, author, done, about).await
}

/// The commands that a mail holds, whoever wrote it; nothing is carried out.
pub(super) fn commands_of(desk: &Desk, mail: &Mail) -> Vec<Command> {
    read_commands(desk, mail, &[]).commands
}

fn read_commands(desk: &Desk, mail: &Mail, lines: &[Line]) -> Reading {
    let message = &mail.reading.message;
    let is_new = message.in_reply_to.is_empty() && message.references.is_empty();
    let context = Context {
        numbered: NumberedAnswer::to(lines.len()),
        ref_pattern: &desk.office.ref_pattern,
        today: desk.office.date(mail.received_at),
        subject: is_new.then_some(message.subject.as_str()),
    };
    read(&mail.reading.new_text.own, &context)
}

/// A staff member's mail to the service without a command: told once that nothing was understood, so that nobody
/// believes that something happened. An automatic answer never comes here.
async fn nothing_asked(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Outcome> {
    mail.story.push("no command in it".to_owned());
    if mail.reading.message.header(OWN_HEADER).is_some() {
        return Ok(mail.outcome(MessageState::Filed, None));
    }
    let done = vec![Done::No(
        "No command was understood, and nothing has been done. Write one command a line, for example CLOSE FU-XXXX-XXXX or STATUS and the case reference; HELP lists them all.".to_owned(),
    )];
    receipt(desk, mail, author, done, None).await
}

/// Carries out one command; what is grave is read back instead.
async fn one(desk: &mut Desk, mut turn: Turn<'_>, place: usize) -> Result<Carried> {
    let (done, about) = Box::pin(road::carried_out(desk, &mut turn)).await?;
    let mut answered = Vec::with_capacity(done.len());
    for one in done {
        answered.push(match one {
            Done::Ask(back) => confirm::ask(desk, turn.mail, turn.author, turn.command.verb, place, back).await?,
            Done::Yes(_) | Done::No(_) => one,
        });
    }
    Ok((answered, about))
}
