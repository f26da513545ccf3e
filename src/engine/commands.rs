//! Commands of staff: read from the new text, resolved to what they are about, carried out, and answered in one
//! receipt. Nothing is guessed.

use super::desk::Desk;
use super::intake::{Mail, first_words};
use super::{random, story};
use crate::core::command::{
    Command, CommandRole, Context, DateBias, Field, NumberedAnswer, Object, Reading, Verb, Who, people, read, read_date,
};
use crate::core::directory::Role;
use crate::core::event::{Event, Order};
use crate::core::id::{Address, CaseRef, FollowUpId};
use crate::core::letter::{LetterKind, Line, LineSubject};
use crate::core::policy::Receipts;
use crate::core::token::TokenReading;
use crate::letters::compose::OWN_HEADER;
use crate::store::{LearnedPerson, MessageState, Outcome};
use anyhow::Result;
use std::collections::BTreeSet;

/// What one line came to.
enum Done {
    /// Carried out; a sentence.
    Yes(String),
    /// Not carried out; a sentence with what would work.
    No(String),
}

/// The answer to a one-time token: the command that waited is looked at again.
pub(super) async fn confirmation(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Option<Outcome>> {
    for letter in answered_letters(desk, mail) {
        if let Some(message) = desk.tx.use_proof(&letter, author, desk.now).await? {
            desk.tx.look_again(&message).await?;
            mail.story.push(format!("the one-time token for {message} came back"));
            return Ok(Some(mail.outcome(MessageState::Placed, None)));
        }
    }
    Ok(None)
}

/// Letters of ours that this mail answers: by token first, else by thread, newest first.
fn answered_letters(desk: &Desk, mail: &Mail) -> Vec<String> {
    let stationery = &desk.office.stationery;
    let message = &mail.reading.message;
    let mut letters: Vec<String> = Vec::new();
    for address in message.delivered_to.iter().chain(message.to.iter().chain(&message.cc).map(|m| &m.address)) {
        if let Some(TokenReading::Letter(letter)) = stationery.key.read_address(address, &stationery.mailbox) {
            letters.push(letter);
        }
    }
    let references = message.in_reply_to.iter().chain(message.references.iter().rev());
    letters.extend(references.filter_map(|id| stationery.key.read_message_id(id)));
    let mut seen = BTreeSet::new();
    letters.retain(|l| seen.insert(l.clone()));
    letters
}

/// Reads and carries out the commands of a proved mail.
pub(super) async fn carry_out(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Outcome> {
    let letters = answered_letters(desk, mail);
    let lines = match letters.first() {
        Some(letter) => desk.tx.lines(letter).await?,
        None => Vec::new(),
    };
    if let Some(sentence) = roles_answered(desk, mail, &lines).await? {
        return receipt(desk, mail, author, vec![Done::Yes(sentence)], None).await;
    }
    let reading = read_commands(desk, mail, &lines);
    if reading.commands.is_empty() && reading.refusals.is_empty() {
        return nothing_asked(desk, mail, author).await;
    }
    let mut done: Vec<Done> = reading.refusals.iter().map(|r| Done::No(r.to_string())).collect();
    let mut about = None;
    for command in &reading.commands {
        let (results, id) = one(desk, mail, author, command, &lines).await?;
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
    }
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

/// "1 ADVISER / 2 MANAGER": the answer to a roles question, remembered.
async fn roles_answered(desk: &mut Desk, mail: &Mail, lines: &[Line]) -> Result<Option<String>> {
    let mut adviser = None;
    let mut managers = Vec::new();
    for text in mail.reading.new_text.own.lines() {
        let words: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_uppercase).collect();
        let [number, role] = words.as_slice() else { continue };
        let Some(LineSubject::Candidate { follow_up, address }) =
            lines.iter().find(|l| l.number.to_string() == *number).map(|l| &l.subject)
        else {
            continue;
        };
        match role.as_str() {
            "ADVISER" | "ADVISOR" => adviser = Some((follow_up.clone(), address.clone())),
            "MANAGER" => managers.push(address.clone()),
            _ => {}
        }
    }
    let Some((id, adviser)) = adviser else { return Ok(None) };
    if managers.is_empty() {
        managers = desk.directory.managers_of(&adviser);
    }
    let by = mail.author().cloned().unwrap_or_else(|| adviser.clone());
    for manager in &managers {
        desk.learn(LearnedPerson { address: manager.clone(), manager: None, role: Role::LineManager }, &by).await?;
    }
    desk.learn(
        LearnedPerson { address: adviser.clone(), manager: managers.first().cloned(), role: Role::Adviser },
        &by,
    )
    .await?;
    if managers.is_empty() {
        return Ok(Some(format!(
            "{adviser} is the adviser of {id}. Who is their line manager? Answer: MANAGER {adviser} IS name@organisation"
        )));
    }
    let Some(loaded) = desk.tx.case_of(&id).await? else { return Ok(None) };
    let applied = desk.apply(loaded, &Event::RolesNamed { follow_up: id.clone(), adviser, managers }).await?;
    desk.tell_known_absences(&id).await?;
    Ok(Some(applied.because.text().to_owned()))
}

/// Which role somebody gives a command in.
fn command_role(desk: &Desk, author: &Address, owner: Option<&Address>) -> CommandRole {
    match desk.directory.role(author) {
        Some(Role::SendManager) => CommandRole::M,
        Some(Role::Coordinator) if owner.is_none_or(|o| o == author) => CommandRole::C,
        Some(Role::Coordinator | Role::Adviser | Role::LineManager) | None => CommandRole::D,
    }
}

async fn one(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    command: &Command,
    lines: &[Line],
) -> Result<(Vec<Done>, Option<FollowUpId>)> {
    let role = command_role(desk, author, None);
    let role_ok = command.verb.roles().contains(&role)
        || (role == CommandRole::C && command.verb.roles().contains(&CommandRole::D));
    if !role_ok {
        return Ok((vec![Done::No(format!("{} is not for your role; nothing was done.", command.verb.words()))], None));
    }
    match command.verb {
        Verb::Help => Ok((vec![help(desk, mail, author, command).await?], None)),
        Verb::Status => Ok((vec![status(desk, mail, author, command, lines).await?], None)),
        Verb::Clarify => clarify(desk, author, command).await,
        Verb::ManagerIs => Ok((vec![manager_is(desk, author, command, lines).await?], None)),
        Verb::Absent => Ok((vec![absent(desk, mail, command, lines).await?], None)),
        Verb::Match => triage(desk, command, lines, Settle::Match).await,
        Verb::Ignore => triage(desk, command, lines, Settle::Ignore).await,
        Verb::PauseAll => {
            desk.tx.set_mark(super::PAUSED, "1").await?;
            Ok((vec![Done::Yes("All sending has stopped. UNPAUSE ALL lets it go on.".to_owned())], None))
        }
        _ => orders(desk, author, command, lines).await,
    }
}

/// The follow-ups that a command is about: named, by line number, or the only one of the mail that it answers.
fn targets(command: &Command, lines: &[Line]) -> Result<Vec<FollowUpId>, String> {
    let of_line = |line: &Line| match &line.subject {
        LineSubject::FollowUp(id) | LineSubject::Candidate { follow_up: id, .. } => Some(id.clone()),
        LineSubject::Triage { .. } => None,
    };
    let mut found = Vec::new();
    for number in &command.lines {
        let line = lines.iter().find(|l| l.number == *number);
        match line.and_then(of_line) {
            Some(id) => found.push(id),
            None => {
                return Err(format!(
                    "There is no line {number} in the mail that you answered that {} could be about.",
                    command.verb.words()
                ));
            }
        }
    }
    if let Object::FollowUp(id) = &command.object {
        if !found.is_empty() && found != [id.clone()] {
            return Err(format!("The line and {id} are not the same follow-up; nothing was done."));
        }
        found = vec![id.clone()];
    }
    if found.is_empty() {
        let all: BTreeSet<FollowUpId> = lines.iter().filter_map(of_line).collect();
        match (all.len(), all.into_iter().next()) {
            (1, Some(id)) => found.push(id),
            (0, _) => {
                return Err(format!(
                    "{} needs a follow-up: write {} FU-XXXX-XXXX, or answer a mail about it.",
                    command.verb.words(),
                    command.verb.words()
                ));
            }
            _ => {
                return Err(format!(
                    "The mail that you answered has more than one line. Put the number first: 1 {}",
                    command.verb.words()
                ));
            }
        }
    }
    Ok(found)
}

async fn orders(
    desk: &mut Desk,
    author: &Address,
    command: &Command,
    lines: &[Line],
) -> Result<(Vec<Done>, Option<FollowUpId>)> {
    let ids = match targets(command, lines) {
        Ok(ids) => ids,
        Err(why) => return Ok((vec![Done::No(why)], None)),
    };
    let mut done = Vec::new();
    for id in &ids {
        let Some(loaded) = desk.tx.case_of(id).await? else {
            done.push(Done::No(format!("There is no follow-up {id}.")));
            continue;
        };
        let order =
            match order(desk, command, loaded.case.follow_up(id).and_then(crate::core::follow_up::FollowUp::due_on)) {
                Ok(order) => order,
                Err(why) => {
                    done.push(Done::No(why));
                    continue;
                }
            };
        let applied = desk.apply(loaded, &Event::Order { follow_up: id.clone(), by: author.clone(), order }).await?;
        done.push(match applied.because {
            crate::core::event::Because::Refused(why) => Done::No(why),
            crate::core::event::Because::Done(text) | crate::core::event::Because::Nothing(text) => Done::Yes(text),
        });
    }
    Ok((done, ids.into_iter().next()))
}

/// The order that a command gives; words that this version does not carry out say so.
fn order(desk: &Desk, command: &Command, due: Option<chrono::NaiveDate>) -> Result<Order, String> {
    let reason = command.text.clone();
    match command.verb {
        Verb::Close | Verb::Accept => Ok(Order::Close { reason }),
        Verb::Received => {
            let today = desk.office.date(desk.now);
            let free = command.text.as_deref().and_then(|t| received_words(t, today));
            let (free_on, free_how) = free.unwrap_or((None, command.text.clone()));
            Ok(Order::Received {
                on: command.date(Field::On).or(free_on),
                how: command.field(Field::How).map(ToOwned::to_owned).or(free_how),
            })
        }
        Verb::Insufficient => {
            let why = command.field(Field::Why).map(str::to_lowercase);
            check_reason(desk, why.as_deref())?;
            Ok(Order::Insufficient { why, text: command.text.clone().unwrap_or_default() })
        }
        Verb::NotAdvice => Ok(Order::NotAdvice),
        Verb::Extend => extend_to(desk, command, due).map(|to| Order::Extend { to, reason }),
        Verb::Reopen => Ok(Order::Reopen),
        Verb::Cancel => Ok(Order::Cancel { reason }),
        _ => Err(format!("{} is not available yet in this installation; nothing was done.", command.verb.words())),
    }
}

/// "4 Nov by phone": a date in front of free words.
fn received_words(text: &str, today: chrono::NaiveDate) -> Option<(Option<chrono::NaiveDate>, Option<String>)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..=words.len().min(4)).rev().find_map(|n| {
        let (front, rest) = words.split_at_checked(n)?;
        let date = read_date(&front.join(" "), today, DateBias::Past)?;
        let how = rest.join(" ");
        Some((Some(date), (!how.is_empty()).then_some(how)))
    })
}

fn extend_to(desk: &Desk, command: &Command, due: Option<chrono::NaiveDate>) -> Result<chrono::NaiveDate, String> {
    let calendar = &desk.office.policy.calendar;
    let by = command.field(Field::By).and_then(|n| n.parse::<u32>().ok());
    let said = command.text.as_deref().and_then(|t| read_date(t, desk.office.date(desk.now), DateBias::Future));
    match (command.date(Field::To).or(said), by, due) {
        (Some(to), _, _) => Ok(to),
        (None, Some(days), Some(due)) if days > 0 => {
            Ok(calendar.add_working_days(due.max(desk.office.date(desk.now)), days))
        }
        _ => Err("EXTEND needs To: a date, or By: a number of working days.".to_owned()),
    }
}

fn check_reason(desk: &Desk, why: Option<&str>) -> Result<(), String> {
    let reasons = &desk.office.policy.commands.reasons;
    match why {
        Some(code) if !reasons.iter().any(|r| r.eq_ignore_ascii_case(code)) => {
            Err(format!("'{code}' is no reason code. The codes are: {}.", reasons.join(", ")))
        }
        Some(_) | None => Ok(()),
    }
}

/// The address of a person who was named: given, else by the name in the directory.
fn address_of(desk: &Desk, who: &Who) -> Result<Address, String> {
    if let Some(address) = &who.address {
        return Ok(address.clone());
    }
    let name = who.name.clone().unwrap_or_default();
    let matches: BTreeSet<Address> = desk
        .directory
        .services
        .iter()
        .flat_map(|s| s.advisers.iter().map(|a| &a.person).chain(&s.managers))
        .filter(|p| p.name.eq_ignore_ascii_case(name.trim()))
        .map(|p| p.address.clone())
        .collect();
    match (matches.len(), matches.into_iter().next()) {
        (1, Some(address)) => Ok(address),
        (0, _) => Err(format!("'{name}' is not in the directory. Write the e-mail address.")),
        _ => Err(format!("More than one person is called '{name}'. Write the e-mail address.")),
    }
}

async fn clarify(desk: &mut Desk, author: &Address, command: &Command) -> Result<(Vec<Done>, Option<FollowUpId>)> {
    let no = |why: String| Ok((vec![Done::No(why)], None));
    let Object::Case(reference) = &command.object else {
        return no(
            "CLARIFY needs the case reference: CLARIFY EHC-2026-0412, then To: and Text: on lines of their own."
                .to_owned(),
        );
    };
    let text = command.text.clone().unwrap_or_default();
    if text.trim().is_empty() {
        return no("Say what is required, after Text:. It goes to the adviser and the line manager.".to_owned());
    }
    let parties = match parties(desk, command) {
        Ok(parties) => parties,
        Err(why) => return no(why),
    };
    let why = command.field(Field::Why).map(str::to_lowercase);
    if let Err(wrong) = check_reason(desk, why.as_deref()) {
        return no(wrong);
    }
    let id = FollowUpId::from_random(random()?);
    let event = Event::Clarify {
        follow_up: id.clone(),
        by: author.clone(),
        adviser: parties.0,
        managers: parties.1,
        why,
        text,
        agreed_with: command.field(Field::AgreedWith).map(ToOwned::to_owned),
    };
    let loaded = desk.case_for(Some(CaseRef::new(reference.as_str())), &id, author).await?;
    let applied = desk.open_thread(loaded, &event, &id, None).await?;
    desk.tell_known_absences(&id).await?;
    Ok((vec![Done::Yes(applied.because.text().to_owned())], Some(id)))
}

/// Adviser and managers of a `CLARIFY`; letters go outward only to people and domains that are listed.
fn parties(desk: &Desk, command: &Command) -> Result<(Address, Vec<Address>), String> {
    let to = people(command.field(Field::To).unwrap_or_default());
    let [adviser] = to.as_slice() else {
        return Err("CLARIFY needs To: with one adviser.".to_owned());
    };
    let adviser = address_of(desk, adviser)?;
    let mut managers = Vec::new();
    for who in command.field_values(Field::Manager).flat_map(people) {
        managers.push(address_of(desk, &who)?);
    }
    if managers.is_empty() {
        managers = desk.directory.managers_of(&adviser);
    }
    managers.retain(|m| *m != adviser);
    if managers.is_empty() {
        managers = desk.directory.send_managers.iter().map(|m| m.address.clone()).collect();
    }
    for address in std::iter::once(&adviser).chain(&managers) {
        if !desk.directory.may_receive(address) {
            return Err(format!(
                "{address} is neither in the directory nor at a listed domain, so nothing was sent. Ask the operators to list the service, or confirm the person with MANAGER {adviser} IS {address}."
            ));
        }
    }
    Ok((adviser, managers))
}

async fn manager_is(desk: &mut Desk, author: &Address, command: &Command, lines: &[Line]) -> Result<Done> {
    let Object::ManagerIs { adviser, manager } = &command.object else {
        return Ok(Done::No("Write MANAGER adviser@organisation IS manager@organisation.".to_owned()));
    };
    let adviser = match adviser {
        Some(who) => address_of(desk, who),
        None => adviser_of_lines(desk, command, lines).await?,
    };
    let (adviser, manager) = match (adviser, address_of(desk, manager)) {
        (Ok(adviser), Ok(manager)) => (adviser, manager),
        (Err(why), _) | (_, Err(why)) => return Ok(Done::No(why)),
    };
    if adviser == manager {
        return Ok(Done::No("An adviser cannot be their own line manager.".to_owned()));
    }
    desk.learn(LearnedPerson { address: manager.clone(), manager: None, role: Role::LineManager }, author).await?;
    desk.learn(LearnedPerson { address: adviser.clone(), manager: Some(manager.clone()), role: Role::Adviser }, author)
        .await?;
    let mut cases: BTreeSet<_> = desk.tx.open_cases_of_party(&adviser).await?.into_iter().collect();
    cases.extend(desk.tx.open_cases_of_coordinator(author).await?);
    for case in cases {
        if let Some(loaded) = desk.tx.case(&case).await? {
            desk.apply(loaded, &Event::ManagerNamed { adviser: adviser.clone(), manager: manager.clone() }).await?;
        }
    }
    settle_waiting_roles(desk, author, &adviser, &manager).await?;
    Ok(Done::Yes(format!(
        "{} is the line manager of {} from now on.",
        desk.directory.name_of(&manager),
        desk.directory.name_of(&adviser)
    )))
}

/// A copied-in follow-up that waited for exactly this answer begins now.
async fn settle_waiting_roles(desk: &mut Desk, author: &Address, adviser: &Address, manager: &Address) -> Result<()> {
    for id in waiting_for_roles(desk, author, adviser).await? {
        if let Some(loaded) = desk.tx.case_of(&id).await? {
            let event =
                Event::RolesNamed { follow_up: id.clone(), adviser: adviser.clone(), managers: vec![manager.clone()] };
            desk.apply(loaded, &event).await?;
            desk.tell_known_absences(&id).await?;
        }
    }
    Ok(())
}

async fn waiting_for_roles(desk: &mut Desk, author: &Address, adviser: &Address) -> Result<Vec<FollowUpId>> {
    let mut waiting = Vec::new();
    for case in desk.tx.open_cases_of_coordinator(author).await? {
        let Some(loaded) = desk.tx.case(&case).await? else { continue };
        for follow_up in &loaded.case.follow_ups {
            let fits =
                follow_up.stage == crate::core::follow_up::Stage::AwaitingRoles && follow_up.asked.contains(adviser);
            if fits {
                waiting.push(follow_up.id.clone());
            }
        }
    }
    Ok(waiting)
}

async fn adviser_of_lines(desk: &mut Desk, command: &Command, lines: &[Line]) -> Result<Result<Address, String>> {
    let ids = match targets(command, lines) {
        Ok(ids) => ids,
        Err(_) => return Ok(Err("Write MANAGER adviser@organisation IS manager@organisation.".to_owned())),
    };
    for id in ids {
        if let Some(adviser) =
            desk.tx.case_of(&id).await?.and_then(|l| l.case.follow_up(&id).and_then(|f| f.adviser.clone()))
        {
            return Ok(Ok(adviser));
        }
    }
    Ok(Err("The adviser of that follow-up is not known yet.".to_owned()))
}

/// `ABSENT <adviser>`: as an out-of-office notice of theirs.
async fn absent(desk: &mut Desk, mail: &mut Mail, command: &Command, lines: &[Line]) -> Result<Done> {
    let who = match &command.object {
        Object::Who(who) => address_of(desk, who),
        _ => adviser_of_lines(desk, command, lines).await?,
    };
    let who = match who {
        Ok(who) => who,
        Err(why) => return Ok(Done::No(why)),
    };
    let away = crate::core::follow_up::Away { who: who.clone(), until: command.date(Field::Until), contact: None };
    desk.tx.note_absence(&away, &mail.id, mail.received_at).await?;
    super::machine::note_away(desk, mail, &who, away).await?;
    Ok(Done::Yes(format!(
        "{} is noted as away; the line manager is responsible for what is open, by its date.",
        desk.directory.name_of(&who)
    )))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Settle {
    Match,
    Ignore,
}

/// `5 MATCH A`, `5 IGNORE`.
async fn triage(
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
    let Some(id) = chosen else {
        desk.tx.set_message_state(message, MessageState::Filed, None, "a co-ordinator said IGNORE").await?;
        return Ok(Done::Yes("Filed without effect.".to_owned()));
    };
    let Some(loaded) = desk.tx.case_of(id).await? else { return Ok(Done::No(format!("There is no follow-up {id}."))) };
    let from = row.from.as_deref().and_then(Address::parse);
    let Some(from) = from.or_else(|| loaded.case.follow_up(id).and_then(|f| f.adviser.clone())) else {
        return Ok(Done::No("Its sender cannot be read.".to_owned()));
    };
    let event = Event::Reply(crate::core::event::ReplyEvent {
        follow_up: id.clone(),
        message: message.to_owned(),
        from,
        received_at: row.received_at,
        weight: crate::core::event::Weight::Full,
        coordinator: crate::core::event::Seen::NotYet,
    });
    let applied = desk.apply(loaded, &event).await?;
    desk.tx.set_message_state(message, MessageState::Placed, Some(id), "a co-ordinator matched it").await?;
    Ok(Done::Yes(format!("Matched. {}", applied.because.text())))
}

async fn help(desk: &mut Desk, mail: &Mail, author: &Address, command: &Command) -> Result<Done> {
    let mut letter = desk.staff_letter(LetterKind::Help, format!("{}/help", mail.id), author, "What you can write");
    letter.facts.sentences = match &command.object {
        Object::Verb(verb) => vec![format!("{}: {}", verb.words(), verb.help()), verb.usage().to_owned()],
        _ => Verb::ALL.iter().map(|v| format!("- {}: {}", v.words(), v.help())).collect(),
    };
    letter.in_reply_to.clone_from(&mail.reading.message.message_id);
    desk.send(&letter, None).await?;
    Ok(Done::Yes(String::new()))
}

async fn status(desk: &mut Desk, mail: &Mail, author: &Address, command: &Command, lines: &[Line]) -> Result<Done> {
    let sentences = match (&command.object, targets(command, lines)) {
        (Object::Case(reference), _) => story::of_case(&mut desk.tx, reference, &desk.office, desk.now).await?,
        (_, Ok(ids)) => {
            let mut all = Vec::new();
            for id in ids {
                all.extend(story::of_follow_up(&mut desk.tx, &id, &desk.office, desk.now).await?);
            }
            all
        }
        (_, Err(_)) => story::of_coordinator(&mut desk.tx, author, &desk.office, desk.now).await?,
    };
    if sentences.is_empty() {
        return Ok(Done::No("Nothing is held under that reference.".to_owned()));
    }
    let named = match &command.object {
        Object::None => "your open follow-ups".to_owned(),
        object => object.to_string(),
    };
    let mut letter = desk.staff_letter(LetterKind::Status, format!("{}/status", mail.id), author, &named);
    letter.facts.sentences = sentences;
    letter.in_reply_to.clone_from(&mail.reading.message.message_id);
    desk.send(&letter, None).await?;
    Ok(Done::Yes(String::new()))
}
