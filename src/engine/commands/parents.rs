//! Verbs about what parents are told, who of a family may be written to, and letters that a circuit breaker holds.

use super::confirm::ReadBack;
use super::target::case_of;
use super::{Carried, Done, Go, Turn};
use crate::core::command::{DateBias, Field, Object, Who, people, read_date};
use crate::core::event::{Because, Event};
use crate::core::family::{ContactChange, FamilyEvent, NoticeOrder};
use crate::core::id::Address;
use crate::core::register::{Channel, Contact, ContactRole};
use crate::engine::breaker;
use crate::engine::desk::Desk;
use crate::store::Loaded;
use anyhow::Result;
use chrono::NaiveDate;

/// The verbs about parents and held letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ParentWord {
    NewDate,
    Send,
    Wait,
    DontSend,
    Contact,
    Posted,
    Release,
    Discard,
}

/// In the rest of an answer to a preview these words make a `SEND` doubtful: "SEND" and below it "but not today".
const DOUBT: [&str; 14] = [
    "but", "not", "don't", "wait", "hold", "before", "after", "until", "unless", "except", "first", "instead", "stop",
    "when",
];

pub(super) async fn carry_out(desk: &mut Desk, turn: &mut Turn<'_>, word: ParentWord) -> Result<Carried> {
    let done = match word {
        ParentWord::Release => breaker_word(desk, turn, breaker::Settle::Release).await?,
        ParentWord::Discard => breaker_word(desk, turn, breaker::Settle::Discard).await?,
        ParentWord::Send if has_doubt(turn) => {
            match about_family(desk, turn, |turn| Ok(ordered(turn, NoticeOrder::Unclear))).await? {
                Done::Yes(_) => Done::No(
                    "SEND stands beside other words, so it was not taken as a yes; the letter is held. Answer SEND alone."
                        .to_owned(),
                ),
                refused @ (Done::No(_) | Done::Ask(_)) => refused,
            }
        }
        ParentWord::Send => about_family(desk, turn, |turn| Ok(ordered(turn, NoticeOrder::Send))).await?,
        ParentWord::Wait => about_family(desk, turn, |turn| Ok(ordered(turn, NoticeOrder::Wait))).await?,
        ParentWord::DontSend => about_family(desk, turn, |turn| Ok(ordered(turn, NoticeOrder::DontSend))).await?,
        ParentWord::NewDate => about_family(desk, turn, new_date).await?,
        ParentWord::Posted => {
            let today = desk.office.date(desk.now);
            about_family(desk, turn, |turn| Ok(posted(turn, today))).await?
        }
        ParentWord::Contact => return contact(desk, turn).await,
    };
    Ok(done.alone())
}

fn has_doubt(turn: &Turn) -> bool {
    let own = turn.mail.reading.new_text.own.replacen(&turn.command.as_written, "", 1).to_lowercase();
    let own = own.replace('’', "'");
    own.split(|c: char| !c.is_alphanumeric() && c != '\'').any(|word| DOUBT.contains(&word))
}

/// Finds the case and applies what the command means for its family.
async fn about_family(
    desk: &mut Desk,
    turn: &mut Turn<'_>,
    event: impl FnOnce(&Turn) -> Result<FamilyEvent, String>,
) -> Result<Done> {
    let loaded = match named_case(desk, turn).await? {
        Ok(loaded) => loaded,
        Err(why) => return Ok(Done::No(why)),
    };
    let event = match event(turn) {
        Ok(event) => event,
        Err(why) => return Ok(Done::No(why)),
    };
    let applied = desk.apply(loaded, &Event::Family(event)).await?;
    Ok(match applied.because {
        Because::Refused(why) => Done::No(why),
        Because::Done(text) | Because::Nothing(text) => Done::Yes(text),
    })
}

async fn named_case(desk: &mut Desk, turn: &Turn<'_>) -> Result<Result<Loaded, String>> {
    let id = match case_of(desk, turn.command, turn.lines).await? {
        Ok(id) => id,
        Err(why) => return Ok(Err(why)),
    };
    Ok(desk.tx.case(&id).await?.ok_or_else(|| format!("Nothing is held under {}.", id.0)))
}

fn ordered(turn: &Turn, order: NoticeOrder) -> FamilyEvent {
    FamilyEvent::Ordered { by: turn.author.clone(), order }
}

fn new_date(turn: &Turn) -> Result<FamilyEvent, String> {
    let Object::NewDate { date, .. } = &turn.command.object else {
        return Err("NEW DATE needs a date: NEW DATE EHC-2026-0412 20 November 2026.".to_owned());
    };
    Ok(FamilyEvent::NewDate { by: turn.author.clone(), date: *date, reason: turn.command.text.clone() })
}

/// `POSTED On: 4 Nov`, or `1 POSTED 4 Nov`; today when not said.
fn posted(turn: &Turn, today: NaiveDate) -> FamilyEvent {
    let said = turn.command.text.as_deref().and_then(|t| read_date(t, today, DateBias::Past));
    let on = turn.command.date(Field::On).or(said).unwrap_or(today);
    FamilyEvent::Posted { by: turn.author.clone(), on }
}

/// `CONTACT`: an address is read to a second person, whose `YES` confirms it (`domain.md` 5.2). Whoever must not be
/// written to is kept from letters at once.
async fn contact(desk: &mut Desk, turn: &mut Turn<'_>) -> Result<Carried> {
    let loaded = match named_case(desk, turn).await? {
        Ok(loaded) => loaded,
        Err(why) => return Ok(Done::No(why).alone()),
    };
    let changes = match changes(desk, turn) {
        Ok(changes) => changes,
        Err(why) => return Ok(Done::No(why).alone()),
    };
    let (restricting, adding): (Vec<_>, Vec<_>) = changes.into_iter().partition(ContactChange::is_restricting);
    if let Go::Confirmed(second) = turn.go {
        // Who must not be written to was asked about as well, before it counted at once.
        let confirmed = if adding.is_empty() { restricting } else { adding };
        return Ok(change_contacts(desk, turn.author, second, loaded, confirmed).await?.alone());
    }
    let id = loaded.case.id.clone();
    let mut done = Vec::new();
    if !restricting.is_empty() {
        done.push(change_contacts(desk, turn.author, turn.author, loaded, restricting).await?);
    }
    if let (false, Some(loaded)) = (adding.is_empty(), desk.tx.case(&id).await?) {
        done.push(Done::Ask(read_back(desk, turn.author, &loaded, &adding)));
    }
    Ok((done, None))
}

/// What keeps letters from somebody is done on the word of one; an address needs two.
async fn change_contacts(
    desk: &mut Desk,
    by: &Address,
    confirmed_by: &Address,
    loaded: Loaded,
    changes: Vec<ContactChange>,
) -> Result<Done> {
    let event = FamilyEvent::Contacts { by: by.clone(), confirmed_by: confirmed_by.clone(), changes };
    Ok(match desk.apply(loaded, &Event::Family(event)).await?.because {
        Because::Refused(why) => Done::No(why),
        Because::Done(text) | Because::Nothing(text) => Done::Yes(text),
    })
}

fn read_back(desk: &Desk, author: &Address, loaded: &Loaded, changes: &[ContactChange]) -> ReadBack {
    let case = &loaded.case;
    let mut sentences: Vec<String> = changes.iter().map(change_words).collect();
    let known: Vec<String> = case.register.contacts.iter().map(contact_words).collect();
    if !known.is_empty() {
        sentences.push(format!("Recorded at the moment: {}.", known.join("; ")));
    }
    sentences.push("Please hold each address against the authority's own record, letter by letter, before you answer YES: letters about the child go there.".to_owned());
    let others = desk.directory.send_managers.iter().map(|m| m.address.clone());
    let ask = std::iter::once(case.coordinator.clone()).chain(others).filter(|who| who != author);
    let mut asked: Vec<Address> = Vec::new();
    for who in ask {
        if !asked.contains(&who) {
            asked.push(who);
        }
    }
    ReadBack { headline: format!("Please confirm: CONTACT {}", case.label()), sentences, ask: asked }
}

fn change_words(change: &ContactChange) -> String {
    match change {
        ContactChange::Add(contact) => format!("To be recorded: {}.", contact_words(contact)),
        ContactChange::Remove(who) => format!("To be removed: {who}."),
        ContactChange::DoNotContact(who) => format!("Not to be written to: {who}."),
    }
}

fn contact_words(contact: &Contact) -> String {
    let role = match contact.role {
        ContactRole::Parent => "parent",
        ContactRole::YoungPerson => "young person",
        ContactRole::Representative => "representative",
    };
    let bar = if contact.do_not_contact { ", not to be written to" } else { "" };
    match contact.address() {
        Some(address) => format!("{} <{address}>, {role}{bar}", contact.name),
        None => format!("{}, {role}, by post{bar}", contact.name),
    }
}

/// Fields that add somebody.
const ADDED: [(Field, ContactRole); 3] = [
    (Field::Add, ContactRole::Parent),
    (Field::YoungPerson, ContactRole::YoungPerson),
    (Field::Representative, ContactRole::Representative),
];

fn changes(desk: &Desk, turn: &Turn) -> Result<Vec<ContactChange>, String> {
    let command = turn.command;
    let mut changes = Vec::new();
    for (field, role) in ADDED {
        for who in command.field_values(field).flat_map(people) {
            changes.push(ContactChange::Add(new_contact(desk, &who, role)?));
        }
    }
    for who in command.field_values(Field::Post).flat_map(people) {
        let Some(name) = who.name else {
            return Err("Post: needs the name of the person who gets letters by post.".to_owned());
        };
        changes.push(ContactChange::Add(by_post(name, ContactRole::Parent)));
    }
    let named = |who: Who| who.address.map(|a| a.to_string()).or(who.name).unwrap_or_default();
    changes.extend(command.field_values(Field::Remove).flat_map(people).map(named).map(ContactChange::Remove));
    changes
        .extend(command.field_values(Field::DoNotContact).flat_map(people).map(named).map(ContactChange::DoNotContact));
    if changes.is_empty() {
        return Err("CONTACT needs a line Add: name <address>, Young person: or Representative: name <address>, Post: name, Remove: name or Do not contact: name.".to_owned());
    }
    Ok(changes)
}

/// A person with an address of their own; nobody of the authority or of a service can be a parent here.
fn new_contact(desk: &Desk, who: &Who, role: ContactRole) -> Result<Contact, String> {
    let Some(name) = who.name.clone() else {
        return Err(format!("How is {who} greeted? Write a name before the address: Ms Winter <{who}>."));
    };
    let Some(address) = who.address.clone() else {
        let (name, by_post_wanted) = post_of(&name);
        return if by_post_wanted {
            Ok(by_post(name, role))
        } else {
            Err(format!("{name} needs an address: {name} <name@example.org>, or the word post."))
        };
    };
    if desk.directory.may_receive(&address) || desk.office.is_own(&address) {
        return Err(format!("{address} belongs to the authority or to a service that gives advice; nothing was done."));
    }
    Ok(Contact { name, channel: Channel::Email(address), role, verified: None, do_not_contact: false })
}

fn by_post(name: String, role: ContactRole) -> Contact {
    Contact { name, channel: Channel::Post, role, verified: None, do_not_contact: false }
}

/// "Ms Winter post", "Ms Winter (post)": by post.
fn post_of(name: &str) -> (String, bool) {
    let lower = name.to_lowercase();
    for ending in ["(post)", "by post", "post"] {
        if let Some(rest) = lower.strip_suffix(ending) {
            let kept: String = name.chars().take(rest.chars().count()).collect();
            return (kept.trim().to_owned(), true);
        }
    }
    (name.to_owned(), false)
}

/// `RELEASE` is read back; `DISCARD` is not, for nothing leaves by it.
async fn breaker_word(desk: &mut Desk, turn: &mut Turn<'_>, settle: breaker::Settle) -> Result<Done> {
    let held = match breaker::meant(desk, turn.command, turn.lines).await? {
        Ok(held) => held,
        Err(why) => return Ok(Done::No(why)),
    };
    match (settle, turn.go) {
        (breaker::Settle::Release, Go::Ahead | Go::Ask) => Ok(Done::Ask(ReadBack {
            headline: "Please confirm: RELEASE".to_owned(),
            sentences: held.words(),
            ask: vec![turn.author.clone()],
        })),
        (breaker::Settle::Release, Go::Confirmed(_)) | (breaker::Settle::Discard, _) => {
            Ok(Done::Yes(breaker::settle(desk, &held, settle, turn.author).await?))
        }
    }
}
