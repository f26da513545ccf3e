//! `CONTACT`: who of a family may be written to, on the word of two members of staff (`domain.md` 5.2).

use super::super::Work;
use super::notices;
use crate::core::event::Because;
use crate::core::family::{ContactChange, Notice, NoticeHold, NoticeState};
use crate::core::id::Address;
use crate::core::register::{Contact, Verified};
use crate::core::wording::list;

pub(super) fn changed(work: &mut Work, by: &Address, confirmed_by: &Address, changes: &[ContactChange]) -> Because {
    let on = work.rules.today();
    let mut said = Vec::new();
    for change in changes {
        match change {
            ContactChange::Add(contact) => {
                let verified = Some(Verified { by: confirmed_by.clone(), on });
                said.push(add(work, Contact { verified, ..contact.clone() }));
            }
            ContactChange::Remove(who) => match find(work, who) {
                Some(name) => {
                    work.case.register.contacts.retain(|c| c.name != name);
                    said.push(format!("{name} is no contact any more"));
                }
                None => return unknown(work, who),
            },
            ContactChange::DoNotContact(who) => match find(work, who) {
                Some(name) => {
                    for contact in work.case.register.contacts.iter_mut().filter(|c| c.name == name) {
                        contact.do_not_contact = true;
                    }
                    said.push(format!("nothing is sent to {name}"));
                }
                None => return unknown(work, who),
            },
        }
    }
    let letter = look_at_letter(work);
    Because::Done(format!(
        "{}: {} (asked for by {by}, confirmed by {confirmed_by}).{letter}",
        work.reference(),
        list(&said)
    ))
}

/// A letter that was on its way is held; of one that still waits it is said whom it goes to now.
fn look_at_letter(work: &mut Work) -> String {
    if work.is_on_its_way() {
        notices::hold_and_ask(work, NoticeHold::Contacts);
        return " The letter to the family that was on its way is held; SEND lets it go to those who are recorded now."
            .to_owned();
    }
    let waits = |n: &&Notice| matches!(n.state, NoticeState::Waiting { .. });
    if work.case.register.family.in_hand().filter(waits).is_none() {
        return String::new();
    }
    let addressees = work.addressees();
    if addressees.is_empty() || addressees.is_restricted {
        return " The letter to the family that waits will not leave by itself.".to_owned();
    }
    format!(" About the letter that waits: {}", notices::goes_to(&addressees))
}

/// By name or address, without regard to case.
fn find(work: &Work, who: &str) -> Option<String> {
    let wanted = who.trim();
    let is_meant = |c: &&Contact| {
        c.name.eq_ignore_ascii_case(wanted) || c.address().is_some_and(|a| a.as_str().eq_ignore_ascii_case(wanted))
    };
    work.case.register.contacts.iter().find(is_meant).map(|c| c.name.clone())
}

/// A new contact, or new details of the one with that name.
fn add(work: &mut Work, contact: Contact) -> String {
    let said = match contact.address() {
        Some(address) => format!("{} is reached at {address}", contact.name),
        None => format!("{} is reached by post", contact.name),
    };
    let contacts = &mut work.case.register.contacts;
    match contacts.iter_mut().find(|c| c.name.eq_ignore_ascii_case(&contact.name)) {
        Some(known) => *known = contact,
        None => contacts.push(contact),
    }
    said
}

fn unknown(work: &Work, who: &str) -> Because {
    let names: Vec<String> = work.case.register.contacts.iter().map(|c| c.name.clone()).collect();
    let known = if names.is_empty() { "none is recorded".to_owned() } else { list(&names) };
    Because::Refused(format!("{who} is no contact of {}; its contacts: {known}. Nothing was done.", work.reference()))
}
