//! What stands behind the fields of `NEW CASE` and `CORRECT`: initials, dates, people.

use super::owner::coordinator_named;
use crate::core::command::{Command, DateBias, Field, people, read_date};
use crate::core::directory::Role;
use crate::core::event::Particulars;
use crate::core::id::Address;
use crate::core::policy::Consultation;
use crate::core::register::{Channel, Contact, ContactRole, Span, Verified};
use crate::engine::desk::Desk;
use chrono::NaiveDate;

/// More letters than this are a name, which has no place in letters to advisers.
const MOST_INITIALS: usize = 5;

/// Reads the fields; contacts are confirmed by `by`, who answers `YES` to their addresses.
///
/// # Errors
/// A sentence that says which field is wrong and what would be right.
pub(super) fn particulars(
    desk: &Desk,
    command: &Command,
    by: &Address,
    today: NaiveDate,
) -> Result<Particulars, String> {
    let coordinator = match command.field(Field::Coordinator).map(people).and_then(|who| who.into_iter().next()) {
        Some(who) => Some(coordinator_named(desk, &who)?),
        None => None,
    };
    let born = command.date(Field::Born);
    if let Some((born, requested)) = born.zip(command.date(Field::Requested)).filter(|(born, asked)| born >= asked) {
        return Err(format!("Born: {born} is not before Requested: {requested}."));
    }
    let mut school_closed = Vec::new();
    for written in command.field_values(Field::SchoolClosed) {
        school_closed.push(span(written, today)?);
    }
    Ok(Particulars {
        requested_on: command.date(Field::Requested),
        initials: command.field(Field::Child).map(initials).transpose()?,
        first_name: command.field(Field::FirstName).map(ToOwned::to_owned),
        born,
        contacts: contacts(desk, command, by, today)?,
        coordinator,
        school_closed,
        consult: command.field(Field::Consult).map(|word| match word {
            "parallel" => Consultation::Parallel,
            _ => Consultation::Sequential,
        }),
        their_ref: command.field(Field::TheirRef).map(ToOwned::to_owned),
        sensitive: command.field(Field::Sensitive).map(|word| word == "yes"),
    })
}

/// "R.F.", "r f" → "RF".
pub(super) fn initials(written: &str) -> Result<String, String> {
    let letters: String = written.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_uppercase();
    let wordy = written.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() > MOST_INITIALS);
    if letters.is_empty() || letters.chars().count() > MOST_INITIALS || wordy {
        return Err(format!(
            "Child: takes initials, such as RF; “{written}” may be a name. A first name stands behind First name: and goes to parents only."
        ));
    }
    Ok(letters)
}

/// "22 Jul 2026 to 2 Sep 2026".
fn span(written: &str, today: NaiveDate) -> Result<Span, String> {
    let parts = [" to ", " until ", " - ", " – ", "–"].iter().find_map(|by| written.split_once(by));
    let dates = parts.and_then(|(from, to)| {
        let from = read_date(from.trim(), today, DateBias::Future)?;
        let to = read_date(to.trim(), today, DateBias::Future)?;
        (from <= to).then_some(Span { from, to })
    });
    dates.ok_or_else(|| format!("School closed: takes two dates, such as 22 Jul 2026 to 2 Sep 2026, not “{written}”."))
}

const FAMILY: [(Field, ContactRole); 3] = [
    (Field::Parent, ContactRole::Parent),
    (Field::YoungPerson, ContactRole::YoungPerson),
    (Field::Representative, ContactRole::Representative),
];

/// `Parent: Ann Fox <ann@home.example>` or `Parent: Ann Fox, post`, repeated; `Young person:` and `Representative:` likewise.
fn contacts(desk: &Desk, command: &Command, by: &Address, today: NaiveDate) -> Result<Vec<Contact>, String> {
    let mut found: Vec<Contact> = Vec::new();
    for (field, role) in FAMILY {
        for written in command.field_values(field) {
            let verified = Some(Verified { by: by.clone(), on: today });
            let contact = Contact { verified, ..contact(desk, field, role, written)? };
            if found.iter().any(|c| c.channel == contact.channel && c.address().is_some()) {
                return Err(format!(
                    "“{written}” has the address of another contact. Each needs one of their own; two people who share one are one contact."
                ));
            }
            if found.iter().any(|c| c.name.eq_ignore_ascii_case(&contact.name)) {
                return Err(format!(
                    "“{written}” has the name of another contact. Write both so that they can be told apart, such as Ann Fox and Beth Fox."
                ));
            }
            found.push(contact);
        }
    }
    Ok(found)
}

/// One person and how they are reached; not yet confirmed by anybody.
pub(super) fn contact(desk: &Desk, field: Field, role: ContactRole, written: &str) -> Result<Contact, String> {
    let label = field.label();
    let needs = || {
        format!(
            "{label}: takes a name and an address, Ann Fox <ann@home.example>, or a name and the word post; “{written}” is neither."
        )
    };
    let words: Vec<&str> =
        written.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|w| !w.is_empty()).collect();
    let addresses: Vec<Address> =
        words.iter().filter_map(|w| Address::parse(w.trim_matches(['<', '>', '(', ')']))).collect();
    let by_post = words.last().is_some_and(|w| w.eq_ignore_ascii_case("post"));
    let is_name = |w: &&&str| !w.contains('@') && !w.eq_ignore_ascii_case("post") && !w.eq_ignore_ascii_case("by");
    let name = words.iter().filter(is_name).copied().collect::<Vec<_>>().join(" ");
    let name = name.trim_matches(['"', '<', '>', '(', ')', '-']).trim().to_owned();
    let channel = match (addresses.as_slice(), by_post) {
        ([], true) => Channel::Post,
        ([address], false) => Channel::Email(not_of_the_office(desk, label, address)?),
        _ => return Err(needs()),
    };
    if name.is_empty() && channel != Channel::Post {
        return Err(format!("{label}: needs the name too: how is {written} greeted?"));
    }
    let name = if name.is_empty() { "Parent".to_owned() } else { name };
    Ok(Contact { name, channel, role, verified: None, do_not_contact: false })
}

/// A parent's address is nobody's of the directory: that would be a slip of the finger, and a letter to the wrong
/// person.
pub(super) fn not_of_the_office(desk: &Desk, label: &str, address: &Address) -> Result<Address, String> {
    let is = match desk.directory.role(address) {
        Some(Role::Coordinator | Role::SendManager) => "a member of staff",
        Some(Role::Adviser | Role::LineManager) => "an adviser or a line manager",
        Some(Role::IcbLead | Role::Respondent) => "a provider's",
        None if desk.office.is_own(address) => "the service's own",
        None => return Ok(address.clone()),
    };
    Err(format!("{label}: {address} is {is}; the address of a parent or young person is needed."))
}
