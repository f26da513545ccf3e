//! Commands of staff: read from the new text, resolved to what they are about, carried out, and answered in one
//! receipt. Nothing is guessed.

mod ask;
mod confirm;
mod order;
mod people;
mod target;
mod triage;

use super::desk::Desk;
use super::intake::{Mail, first_words};
use crate::core::command::{Command, CommandRole, Context, NumberedAnswer, Reading, Verb, read};
use crate::core::directory::Role;
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, Line};
use crate::core::policy::Receipts;
use crate::core::token::TokenReading;
use crate::letters::compose::OWN_HEADER;
use crate::store::{MessageState, Outcome};
use anyhow::Result;
use confirm::ReadBack;
use order::OrderWord;
use std::collections::BTreeSet;
use triage::Settle;

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
async fn answered_letters(desk: &mut Desk, mail: &Mail) -> Result<Vec<String>> {
    let stationery = &desk.office.stationery;
    let message = &mail.reading.message;
    let mut letters: Vec<String> = Vec::new();
    for address in message.delivered_to.iter().chain(message.to.iter().chain(&message.cc).map(|m| &m.address)) {
        if let Some(TokenReading::Letter(letter)) = stationery.key.read_address(address, &stationery.mailbox) {
            letters.push(letter);
        }
    }
    let references = message.in_reply_to.iter().chain(message.references.iter().rev());
    for id in references {
        letters.extend(desk.letter_named(id).await?);
    }
    let mut seen = BTreeSet::new();
    letters.retain(|l| seen.insert(l.clone()));
    Ok(letters)
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
        let (results, id) = one(desk, mail, author, command, &lines, &go, place).await?;
        mail.story.extend(results.iter().map(|r| format!("command {}: {}", command.verb.words(), text_of(r))));
        done.extend(results);
        about = about.or(id);
    }
    receipt(desk, mail, author, done, about).await
}

fn read_commands(desk: &Desk, mail: &Mail, lines: &[Line]) -> Reading {
    let message = &mail.reading.message;
    let is_new = message.in_reply_to.is_empty() && message.references.is_empty();
    let context = Context {
        numbered: if lines.is_empty() { NumberedAnswer::No } else { NumberedAnswer::Yes },
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

fn text_of(done: &Done) -> &str {
    match done {
        Done::Yes(text) | Done::No(text) => text,
        Done::Ask(back) => &back.headline,
    }
}

/// Never more than one answer to a sender in an hour that only says what went wrong (`mail.md` 5); such a mail is listed in the next Today mail instead.
async fn may_answer_error(desk: &mut Desk, mail: &mut Mail, author: &Address, done: &[Done]) -> Result<bool> {
    if done.iter().any(|d| matches!(d, Done::Yes(_))) {
        return Ok(true);
    }
    let may = desk.may_answer_error(author).await?;
    if !may {
        mail.story.extend(done.iter().map(|d| text_of(d).to_owned()));
        mail.story.push("not answered: an error was answered within the hour".to_owned());
    }
    Ok(may)
}

/// One receipt for the whole mail, in its thread, to the registered address.
async fn receipt(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    done: Vec<Done>,
    about: Option<FollowUpId>,
) -> Result<Outcome> {
    let sentences: Vec<String> = done.iter().map(|d| text_of(d).to_owned()).filter(|t| !t.is_empty()).collect();
    let failed = done.iter().any(|d| matches!(d, Done::No(_)));
    if mail.is_from_machine() {
        mail.story.push("a machine is not answered".to_owned());
        return Ok(mail.outcome(MessageState::Placed, about.as_ref()));
    }
    if failed && !may_answer_error(desk, mail, author, &done).await? {
        return Ok(mail.outcome(MessageState::Triage, about.as_ref()));
    }
    if !sentences.is_empty() {
        let headline = if failed { "Not everything could be done" } else { "Done" };
        let reference = about.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
        let mut letter = desk.staff_letter(
            LetterKind::Receipt,
            format!("{}/receipt", mail.id),
            author,
            &format!("{headline}{reference}"),
        );
        letter.facts.sentences = sentences;
        if failed || desk.office.policy.commands.receipts == Receipts::All {
            letter.facts.quoted = first_words(&mail.reading.new_text.own);
        }
        letter.in_reply_to.clone_from(&mail.reading.message.message_id);
        letter.lines = about.iter().map(Line::about).collect();
        desk.send(&letter, None).await?;
    }
    Ok(mail.outcome(MessageState::Placed, about.as_ref()))
}

/// Two people let letters leave again. While the service is paused it can ask nobody, so the second one writes the same
/// words unasked.
async fn unpause(desk: &mut Desk, author: &Address) -> Result<Done> {
    let first = desk.tx.mark(super::UNPAUSE_ASKED).await?.filter(|who| !who.is_empty());
    match first {
        Some(first) if first != author.as_str() => {
            desk.tx.set_mark(super::PAUSED, "0").await?;
            desk.tx.set_mark(super::UNPAUSE_ASKED, "").await?;
            Ok(Done::Yes(format!("{first} and you have let letters leave again.")))
        }
        Some(_) | None => {
            desk.tx.set_mark(super::UNPAUSE_ASKED, author.as_str()).await?;
            Ok(Done::No("A second SEND manager has to write UNPAUSE ALL too; until then nothing is sent.".to_owned()))
        }
    }
}

/// Which role somebody gives a command in.
fn command_role(desk: &Desk, author: &Address) -> CommandRole {
    match desk.directory.role(author) {
        Some(Role::SendManager) => CommandRole::M,
        Some(Role::Coordinator) => CommandRole::C,
        Some(Role::IcbLead) => CommandRole::I,
        Some(Role::Respondent) => CommandRole::Respondent,
        Some(Role::Adviser | Role::LineManager) | None => CommandRole::D,
    }
}

/// What carries a verb out.
enum Road {
    Help,
    Status,
    Clarify,
    ManagerIs,
    Absent,
    Triage(Settle),
    PauseAll,
    UnpauseAll,
    Order(OrderWord),
    Yes,
    NotYet,
}

fn road(verb: Verb) -> Road {
    match verb {
        Verb::Help => Road::Help,
        Verb::Status => Road::Status,
        Verb::Clarify => Road::Clarify,
        Verb::ManagerIs => Road::ManagerIs,
        Verb::Absent => Road::Absent,
        Verb::Match => Road::Triage(Settle::Match),
        Verb::Ignore => Road::Triage(Settle::Ignore),
        Verb::PauseAll => Road::PauseAll,
        Verb::UnpauseAll => Road::UnpauseAll,
        Verb::Close | Verb::Accept => Road::Order(OrderWord::Close),
        Verb::Received => Road::Order(OrderWord::Received),
        Verb::Insufficient => Road::Order(OrderWord::Insufficient),
        Verb::NotAdvice => Road::Order(OrderWord::NotAdvice),
        Verb::Extend => Road::Order(OrderWord::Extend),
        Verb::Resend => Road::Order(OrderWord::Resend),
        Verb::Reopen => Road::Order(OrderWord::Reopen),
        Verb::Cancel => Road::Order(OrderWord::Cancel),
        Verb::NewCase
        | Verb::Correct
        | Verb::Import
        | Verb::RequestAdvice
        | Verb::AdviceAsked
        | Verb::Note
        | Verb::UsedAsSubmitted
        | Verb::NotKnown
        | Verb::DisputeUpheld
        | Verb::DisputeRejected
        | Verb::WrongChild
        | Verb::NotSought
        | Verb::Agreed
        | Verb::DraftIssued
        | Verb::Reissued
        | Verb::FeedbackNone
        | Verb::FeedbackParent
        | Verb::FeedbackOther
        | Verb::DecisionAssess
        | Verb::DecisionNoAssessment
        | Verb::DecisionNoPlan
        | Verb::FinalIssued
        | Verb::Exemption
        | Verb::NewDate
        | Verb::Send
        | Verb::Wait
        | Verb::DontSend
        | Verb::Stop
        | Verb::StopSilent
        | Verb::Resume
        | Verb::Contact
        | Verb::Posted
        | Verb::Reassign
        | Verb::ReassignAll
        | Verb::Narrative
        | Verb::LegalHoldOn
        | Verb::LegalHoldOff
        | Verb::Release
        | Verb::Discard
        | Verb::List
        | Verb::Report
        | Verb::RoundStart
        | Verb::RoundStatus
        | Verb::RoundClose
        | Verb::RoundResult
        | Verb::Amend
        | Verb::ActionDone => Road::NotYet,
        Verb::Yes => Road::Yes,
    }
}

async fn one(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    command: &Command,
    lines: &[Line],
    go: &Go,
    place: usize,
) -> Result<(Vec<Done>, Option<FollowUpId>)> {
    let (done, about) = carried_out(desk, mail, author, command, lines, go).await?;
    let mut answered = Vec::with_capacity(done.len());
    for one in done {
        answered.push(match one {
            Done::Ask(back) => confirm::ask(desk, mail, author, command.verb, place, back).await?,
            Done::Yes(_) | Done::No(_) => one,
        });
    }
    Ok((answered, about))
}

async fn carried_out(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    command: &Command,
    lines: &[Line],
    go: &Go,
) -> Result<(Vec<Done>, Option<FollowUpId>)> {
    // Verbs that wait for YES look at this; the others are carried out whenever they are allowed.
    let _ = go;
    let words = command.verb.words();
    let role = command_role(desk, author);
    let allowed = command.verb.roles();
    let may = allowed.contains(&role) || role == CommandRole::C && allowed.contains(&CommandRole::D);
    if !may {
        return Ok((vec![Done::No(format!("{words} is not for your role; nothing was done."))], None));
    }
    match road(command.verb) {
        Road::Yes => Box::pin(confirm::confirmed(desk, mail, author)).await,
        Road::Help => Ok((vec![ask::help(desk, mail, author, command).await?], None)),
        Road::Status => Ok((vec![ask::status(desk, mail, author, command, lines).await?], None)),
        Road::Clarify => people::clarify(desk, author, command).await,
        Road::ManagerIs => Ok((vec![people::manager_is(desk, author, command, lines).await?], None)),
        Road::Absent => Ok((vec![people::absent(desk, mail, command, lines).await?], None)),
        Road::Triage(settle) => triage::triage(desk, command, lines, settle).await,
        Road::PauseAll => {
            desk.tx.set_mark(super::PAUSED, "1").await?;
            desk.tx.set_mark(super::UNPAUSE_ASKED, "").await?;
            Ok((
                vec![Done::Yes(
                    "All sending has stopped. It goes on when two SEND managers write UNPAUSE ALL.".to_owned(),
                )],
                None,
            ))
        }
        Road::UnpauseAll => Ok((vec![unpause(desk, author).await?], None)),
        Road::Order(word) => order::orders(desk, author, command, lines, word).await,
        Road::NotYet => {
            Ok((vec![Done::No(format!("{words} cannot be done by this release yet; nothing was done."))], None))
        }
    }
}
