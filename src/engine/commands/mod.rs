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
use crate::core::case::CaseId;
use crate::core::command::{Command, Context, NumberedAnswer, Reading, Refusal, RefusalReason, Verb, read};
use crate::core::id::{Address, CaseRef, FollowUpId};
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

/// What a mail of commands brings beside them.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// What has come of it already, for the receipt.
    pub said: Option<String>,
    /// The follow-up that commands without one are about.
    pub about: Option<FollowUpId>,
}

/// What somebody has written above a mail that they forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Above {
    /// Nothing that is a command.
    Nothing,
    /// Only what judges an answer, or asks the service something: what is inside may be that answer.
    Judgement,
    /// Something else, or something that was meant as a command and cannot be read.
    Order,
}

/// Looks at what stands above a forwarded mail; nothing is carried out.
pub(super) async fn above(desk: &mut Desk, mail: &Mail) -> Result<Above> {
    let lines = answered_lines(desk, mail).await?;
    let reading = read_commands(desk, mail, &mail.reading.new_text.own, &lines);
    // "FYI" is no command, and nobody means it for one.
    let talk = |r: &Refusal| r.why == RefusalReason::Unknown { did_you_mean: None };
    let unread = reading.refusals.iter().any(|r| !talk(r));
    Ok(match (reading.commands.is_empty(), unread) {
        (true, false) => Above::Nothing,
        (false, false) if reading.commands.iter().all(|c| goes_with_an_answer(c.verb)) => Above::Judgement,
        (_, _) => Above::Order,
    })
}

fn goes_with_an_answer(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::Received
            | Verb::Accept
            | Verb::Close
            | Verb::Insufficient
            | Verb::UsedAsSubmitted
            | Verb::FeedbackNone
            | Verb::FeedbackParent
            | Verb::FeedbackOther
            | Verb::Status
            | Verb::Help
    )
}

/// The numbered lines of the letter that a mail answers.
async fn answered_lines(desk: &mut Desk, mail: &Mail) -> Result<Vec<Line>> {
    match answered_letters(desk, mail).await?.first() {
        Some(letter) => desk.tx.lines(letter).await,
        None => Ok(Vec::new()),
    }
}

/// Reads and carries out the commands of a proved mail.
pub(super) async fn carry_out(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Outcome> {
    carry_out_beside(desk, mail, author, Beside::default()).await
}

/// The same for a mail that brought something beside; one receipt for all of it.
pub(super) async fn carry_out_beside(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    beside: Beside,
) -> Result<Outcome> {
    let mut lines = answered_lines(desk, mail).await?;
    if lines.is_empty() {
        lines.extend(beside.about.iter().map(Line::about));
    }
    desk.about = Some(cases_named(desk, mail).await?);
    let mut done: Vec<Done> = beside.said.into_iter().map(Done::Yes).collect();
    let mut about = beside.about;
    let mut text = mail.reading.new_text.own.clone();
    if let Some(roles) = people::roles_answered(desk, mail, &lines).await? {
        mail.story.push(format!("roles: {}", roles.said));
        done.push(Done::Yes(roles.said));
        about = about.or(Some(roles.follow_up));
        text = roles.rest;
    }
    let reading = read_commands(desk, mail, &text, &lines);
    if done.is_empty() && reading.commands.is_empty() && reading.refusals.is_empty() {
        return nothing_asked(desk, mail, author).await;
    }
    done.extend(reading.refusals.iter().map(|r| Done::No(r.to_string())));
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

/// The cases whose references a mail's own words hold, understood as a command or not.
async fn cases_named(desk: &mut Desk, mail: &Mail) -> Result<BTreeSet<CaseId>> {
    let own = &mail.reading.new_text.own;
    let upper = own.to_uppercase();
    let pattern = &desk.office.ref_pattern;
    let found = pattern.find_iter(own).chain(pattern.find_iter(&upper));
    let mut cases: BTreeSet<CaseId> = found.map(|found| CaseId(CaseRef::new(found.as_str()).to_string())).collect();
    let words = upper.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    for id in words.filter_map(FollowUpId::parse) {
        cases.extend(desk.tx.case_of(&id).await?.map(|loaded| loaded.case.id));
    }
    Ok(cases)
}

/// The commands that a mail holds, whoever wrote it; nothing is carried out.
pub(super) fn commands_of(desk: &Desk, mail: &Mail) -> Vec<Command> {
    read_commands(desk, mail, &mail.reading.new_text.own, &[]).commands
}

/// The numbers of a mail's lines that an answer names, rightly or in a line that was not understood; `None` when it
/// holds no command that is clear.
pub(super) fn lines_named(desk: &Desk, mail: &Mail, lines: &[Line]) -> Option<BTreeSet<u32>> {
    let reading = read_commands(desk, mail, &mail.reading.new_text.own, lines);
    let begins_with = |line: &str| -> Vec<u32> {
        let numbers: String = line.chars().take_while(|c| !c.is_alphabetic()).collect();
        numbers.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect()
    };
    let written = mail.reading.new_text.own.lines().flat_map(begins_with);
    let commanded = reading.commands.iter().flat_map(|command| command.lines.clone());
    (!reading.commands.is_empty()).then(|| commanded.chain(written).collect())
}

fn read_commands(desk: &Desk, mail: &Mail, text: &str, lines: &[Line]) -> Reading {
    let message = &mail.reading.message;
    let is_new = message.in_reply_to.is_empty() && message.references.is_empty();
    let context = Context {
        numbered: NumberedAnswer::to(lines.len()),
        ref_pattern: &desk.office.ref_pattern,
        today: desk.office.date(mail.received_at),
        subject: is_new.then_some(message.subject.as_str()),
    };
    read(text, &context)
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
