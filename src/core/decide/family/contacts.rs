//! `CONTACT`: who of a family may be written to, on the word of two members of staff (`domain.md` 5.2).

use super::super::Work;
use super::notices;
use crate::core::event::Because;
use crate::core::family::{ContactChange, Notice, NoticeHold, NoticeState};
use crate::core::id::Address;
use crate::core::register::{Contact, ContactRole, Verified};
use crate::core::wording::list;

pub(super) fn changed(work: &mut Work, by: &Address, confirmed_by: &Address, changes: &[ContactChange]) -> Because {
    let on = work.rules.today();
    let mut said = Vec::new();
    // Who leaves goes first, so that a name or an address can be given anew in the same mail.
    let (restricting, adding): (Vec<_>, Vec<_>) = changes.iter().partition(|change| change.is_restricting());
    for change in restricting.into_iter().chain(adding) {
        match change {
            ContactChange::Add(contact) => {
                if let Some(other) = same_address(work, contact) {
                    return Because::Refused(format!(
                        "{} would have the address of {other}; each needs one of their own. Nothing was done.",
                        contact.name
                    ));
                }
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
    let reached_again = reached_again(work, changes);
    let letter = look_at_letter(work, reached_again);
    Because::Done(format!(
        "{}: {} (asked for by {by}{}).{letter}",
        work.reference(),
        list(&said),
        if by == confirmed_by { String::new() } else { format!(", confirmed by {confirmed_by}") }
    ))
}

/// Whether somebody from whom the letter in hand came back has an address again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReachedAgain {
    Yes,
    No,
}

/// Their letter is no longer one for the post.
fn reached_again(work: &mut Work, changes: &[ContactChange]) -> ReachedAgain {
    let Some(notice) = work.case.register.family.in_hand_mut() else { return ReachedAgain::No };
    let before = notice.returned.len();
    let has_address = |name: &str| {
        changes.iter().any(|change| match change {
            ContactChange::Add(contact) => contact.address().is_some() && contact.name.eq_ignore_ascii_case(name),
            ContactChange::Remove(_) | ContactChange::DoNotContact(_) => false,
        })
    };
    notice.returned.retain(|name| !has_address(name));
    let is_leaving = matches!(notice.state, NoticeState::Leaving { .. });
    if is_leaving && notice.returned.len() < before { ReachedAgain::Yes } else { ReachedAgain::No }
}

/// A letter that was on its way is held; of one that still waits it is said whom it goes to now.
fn look_at_letter(work: &mut Work, reached_again: ReachedAgain) -> String {
    if work.is_on_its_way() || reached_again == ReachedAgain::Yes {
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
        Some(known) => {
            // A new way to reach somebody makes them nobody else, and lifts no restriction.
            let role = if contact.role == ContactRole::Parent { known.role } else { contact.role };
            *known = Contact { role, do_not_contact: known.do_not_contact, ..contact };
            if known.do_not_contact {
                return format!(
                    "{said}, and is still not to be written to (to lift that, write Remove: and then add them anew)"
                );
            }
        }
        None => contacts.push(contact),
    }
    said
}

/// Somebody else of the family who has this address already.
fn same_address(work: &Work, contact: &Contact) -> Option<String> {
    let contacts = work.case.register.contacts.iter();
    let mut others = contacts.filter(|known| !known.name.eq_ignore_ascii_case(&contact.name));
    let address = contact.address()?;
    others.find(|known| known.address() == Some(address)).map(|known| known.name.clone())
}

fn unknown(work: &Work, who: &str) -> Because {
    let names: Vec<String> = work.case.register.contacts.iter().map(|c| c.name.clone()).collect();
    let known = if names.is_empty() { "none is recorded".to_owned() } else { list(&names) };
    Because::Refused(format!("{who} is no contact of {}; its contacts: {known}. Nothing was done.", work.reference()))
}
