//! One row of an import: what it would change, and the change itself.

use super::super::owner::coordinator_named;
use super::super::particulars::{contact as parent, initials, not_of_the_office};
use super::super::registering::{case_or_fresh, changes, one_contact};
use super::Plan;
use crate::core::command::{Field, people};
use crate::core::event::{Asked, Because, CaseOrder, Event, Particulars};
use crate::core::follow_up::{FollowUpKind, Stage};
use crate::core::id::{Address, CaseRef};
use crate::core::import::{Row, RowKind};
use crate::core::register::{Channel, Contact, ContactRole, Verified};
use crate::core::wording::{date_words, list};
use crate::engine::asking::open_asked;
use crate::engine::commands::people::{address_of, manager_named};
use crate::engine::desk::Desk;
use anyhow::Result;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// What a row asks for, checked.
pub(in crate::engine::commands::cases) enum Change {
    /// A case is registered or corrected, and perhaps its final plan recorded.
    Case { reference: CaseRef, given: Box<Particulars>, final_on: Option<NaiveDate> },
    /// An advice request that was made elsewhere.
    Advice { reference: CaseRef, adviser: Address, managers: Vec<Address>, asked_on: NaiveDate },
    /// An adviser's line manager.
    Person { adviser: Address, manager: Address },
}

impl Change {
    /// The case that it registers or corrects.
    pub(super) fn case(&self) -> Option<&CaseRef> {
        match self {
            Self::Case { reference, .. } => Some(reference),
            Self::Advice { .. } | Self::Person { .. } => None,
        }
    }

    /// Whether somebody's address is confirmed with it.
    pub(super) fn confirms_contacts(&self) -> bool {
        match self {
            Self::Case { given, .. } => !given.contacts.is_empty(),
            Self::Advice { .. } | Self::Person { .. } => false,
        }
    }
}

/// What a row would do; `seen` holds the rows before it, for a sheet may name something twice.
pub(super) async fn plan(
    desk: &mut Desk,
    by: &Address,
    row: &Row,
    today: NaiveDate,
    seen: &mut BTreeSet<String>,
) -> Result<Plan> {
    let planned = match row.kind {
        RowKind::Case => case(desk, by, row, today, seen).await?,
        RowKind::Advice => advice(desk, row, today, seen).await?,
        RowKind::Person => person(desk, row, seen),
    };
    Ok(planned.unwrap_or_else(|why| Plan::Refused(format!("{why}."))))
}

/// Does it; why not, when the decision refuses.
pub(super) async fn carry_out(desk: &mut Desk, by: &Address, change: Change) -> Result<Result<(), String>> {
    match change {
        Change::Case { reference, given, final_on } => {
            let loaded = case_or_fresh(desk, &reference, by).await?;
            let register = Event::Case { by: by.clone(), order: CaseOrder::Register(given) };
            if let Because::Refused(why) = desk.apply(loaded, &register).await?.because {
                return Ok(Err(why));
            }
            if let (Some(on), Some(loaded)) = (final_on, desk.tx.case_by_reference(&reference).await?) {
                let why = format!("the final plan of {reference} was issued");
                desk.withdraw_unsent(&loaded.case.id, &why).await?;
                desk.apply(loaded, &Event::Case { by: by.clone(), order: CaseOrder::FinalIssued { on } }).await?;
            }
            Ok(Ok(()))
        }
        Change::Advice { reference, adviser, managers, asked_on } => {
            let id = desk.new_follow_up().await?;
            let event = Event::Asked(Asked {
                follow_up: id.clone(),
                kind: FollowUpKind::AdviceRequest,
                by: by.clone(),
                adviser,
                managers,
                service: None,
                text: String::new(),
                elsewhere_on: Some(asked_on),
            });
            Ok(match open_asked(desk, &reference, &event, &id, by).await? {
                Because::Refused(why) => Err(why),
                Because::Done(_) | Because::Nothing(_) => Ok(()),
            })
        }
        Change::Person { adviser, manager } => {
            manager_named(desk, by, &adviser, &manager).await?;
            Ok(Ok(()))
        }
    }
}

type Planned = std::result::Result<Plan, String>;

/// The case reference of a row, as the authority writes them.
pub(super) fn reference(desk: &Desk, row: &Row) -> std::result::Result<CaseRef, String> {
    let written = row.get("case").ok_or("it names no case")?;
    let whole = desk.office.ref_pattern.find(written).is_some_and(|m| m.as_str() == written);
    if whole { Ok(CaseRef::new(written)) } else { Err(format!("“{written}” is no case reference")) }
}

async fn case(
    desk: &mut Desk,
    by: &Address,
    row: &Row,
    today: NaiveDate,
    seen: &mut BTreeSet<String>,
) -> Result<Planned> {
    let reference = match reference(desk, row) {
        Ok(reference) => reference,
        Err(why) => return Ok(Err(why)),
    };
    if !seen.insert(reference.to_string()) {
        return Ok(Err(format!("{reference} stands in the sheet already")));
    }
    let loaded = case_or_fresh(desk, &reference, by).await?;
    Ok(planned_case(desk, by, row, today, reference, &loaded.case))
}

fn planned_case(
    desk: &Desk,
    by: &Address,
    row: &Row,
    today: NaiveDate,
    reference: CaseRef,
    case: &crate::core::case::Case,
) -> Planned {
    let given = particulars(desk, by, row, today)?;
    let final_on = row.date("final_issued", today)?;
    let requested = given.requested_on.or(case.register.requested_on);
    if requested.zip(final_on).is_some_and(|(requested, issued)| issued < requested) {
        return Err("the final plan is older than the request".to_owned());
    }
    let fresh = case.register.opened_on.is_none();
    let is_issued = final_on.is_some() && case.register.final_on == final_on;
    if fresh {
        if given.coordinator.is_none() && desk.directory.coordinator(by).is_none() {
            return Err(format!("{reference} needs a co-ordinator"));
        }
        let words = new_words(&reference, &given, final_on);
        return Ok(Plan::Change(words, Box::new(Change::Case { reference, given: Box::new(given), final_on })));
    }
    let moved = other_contacts(case, &given.contacts);
    let given = Particulars { contacts: Vec::new(), ..given };
    let mut changed: Vec<String> =
        changes(desk, case, &given).iter().map(|l| l.trim_start_matches("- ").to_owned()).collect();
    let final_on = final_on.filter(|_| !is_issued);
    if let (true, Some(over)) = (!changed.is_empty() || final_on.is_some(), case.over_words()) {
        return Err(over);
    }
    changed.extend(final_on.map(|on| format!("final plan issued on {}; everything open ends", date_words(on))));
    if changed.is_empty() {
        return if moved.is_empty() {
            Ok(Plan::Same)
        } else {
            Err(format!(
                "{reference}: {} differs from the contacts here; CONTACT {reference} changes one, and a second person confirms it",
                list(&moved)
            ))
        };
    }
    let words = format!("{reference}: {}", changed.join("; "));
    Ok(Plan::Change(words, Box::new(Change::Case { reference, given: Box::new(given), final_on })))
}

fn new_words(reference: &CaseRef, given: &Particulars, final_on: Option<NaiveDate>) -> String {
    let mut parts = vec![format!("{reference} is new")];
    parts.extend(given.initials.clone());
    parts.push(
        given
            .requested_on
            .map_or_else(|| "no date of the request".to_owned(), |d| format!("requested {}", date_words(d))),
    );
    parts.extend(given.contacts.iter().map(one_contact));
    parts.extend(final_on.map(|on| format!("final plan issued on {}", date_words(on))));
    parts.join("; ")
}

fn particulars(desk: &Desk, by: &Address, row: &Row, today: NaiveDate) -> std::result::Result<Particulars, String> {
    let coordinator = match row.get("coordinator").map(people).and_then(|who| who.into_iter().next()) {
        Some(who) => Some(coordinator_named(desk, &who).map_err(|why| why.trim_end_matches('.').to_owned())?),
        None => None,
    };
    let mut contacts = Vec::new();
    for (name, address) in [("parent", "parent_address"), ("parent_2", "parent_2_address")] {
        contacts.extend(contact(desk, by, row, today, name, address)?);
    }
    Ok(Particulars {
        requested_on: row.date("requested", today)?,
        initials: row.get("child").map(initials).transpose().map_err(|why| why.trim_end_matches('.').to_owned())?,
        first_name: row.get("first_name").map(ToOwned::to_owned),
        born: row.date("born", today)?,
        contacts,
        coordinator,
        their_ref: row.get("their_ref").map(ToOwned::to_owned),
        ..Particulars::default()
    })
}

/// A parent by name and address in two cells, or in one as `NEW CASE` takes it: "Ann Fox <ann@home.example>".
fn contact(
    desk: &Desk,
    by: &Address,
    row: &Row,
    today: NaiveDate,
    name: &str,
    address: &str,
) -> std::result::Result<Option<Contact>, String> {
    let verified = Some(Verified { by: by.clone(), on: today });
    let (written, by_mail) = (row.get(name), row.address(address)?);
    let whole = written.filter(|written| written.contains('@') || written.to_lowercase().ends_with(", post"));
    let contact = match (written, whole, by_mail) {
        (None, _, None) => return Ok(None),
        (None, _, Some(_)) => return Err(format!("an address under {address} has no name")),
        (Some(_), Some(whole), None) => parent(desk, Field::Parent, ContactRole::Parent, whole)
            .map_err(|why| why.trim_end_matches('.').to_owned())?,
        (Some(_), Some(whole), Some(by_mail)) => {
            return Err(format!(
                "“{whole}” under {name} says how they are reached, and {by_mail} under {address} too; one of the two is enough"
            ));
        }
        (Some(written), None, by_mail) => {
            let channel = match by_mail {
                Some(by_mail) => Channel::Email(not_of_the_office(desk, name, &by_mail)?),
                None => Channel::Post,
            };
            let (name, role) = (written.to_owned(), ContactRole::Parent);
            Contact { name, channel, role, verified: None, do_not_contact: false }
        }
    };
    Ok(Some(Contact { verified, ..contact }))
}

/// Contacts of the sheet that are not recorded like that: an address is never changed by a sheet.
fn other_contacts(case: &crate::core::case::Case, given: &[Contact]) -> Vec<String> {
    let known = |c: &&Contact| {
        case.register
            .contacts
            .iter()
            .any(|k| k.name == c.name && (k.channel == c.channel || c.channel == Channel::Post))
    };
    given.iter().filter(|c| !known(c)).map(one_contact).collect()
}

async fn advice(desk: &mut Desk, row: &Row, today: NaiveDate, seen: &mut BTreeSet<String>) -> Result<Planned> {
    let checked = (|| {
        let reference = reference(desk, row)?;
        let adviser = person_at(desk, row, "adviser")?;
        let asked_on = row.date("asked", today)?.ok_or("it does not say when the advice was asked for")?;
        let mut managers: Vec<Address> =
            row.get("manager").map(|_| person_at(desk, row, "manager")).transpose()?.into_iter().collect();
        if managers.is_empty() {
            managers = desk.directory.managers_of(&adviser);
        }
        for address in std::iter::once(&adviser).chain(&managers) {
            if !desk.directory.may_receive(address) {
                return Err(format!("{address} is neither in the directory nor at a listed domain"));
            }
        }
        Ok((reference, adviser, managers, asked_on))
    })();
    let (reference, adviser, managers, asked_on) = match checked {
        Ok(checked) => checked,
        Err(why) => return Ok(Err(why)),
    };
    let Some(loaded) = desk.tx.case_by_reference(&reference).await? else {
        let in_sheet = seen.contains(reference.as_str());
        return Ok(if in_sheet {
            Ok(advice_change(desk, reference, adviser, managers, asked_on))
        } else {
            Err(format!("there is no case {reference}"))
        });
    };
    if let Some(over) = loaded.case.over_words() {
        return Ok(Err(over));
    }
    let asked = |f: &crate::core::follow_up::FollowUp| {
        f.kind == FollowUpKind::AdviceRequest && f.adviser.as_ref() == Some(&adviser) && f.stage != Stage::Cancelled
    };
    if loaded.case.follow_ups.iter().any(asked) || !seen.insert(format!("{reference} {adviser}")) {
        return Ok(Ok(Plan::Same));
    }
    Ok(Ok(advice_change(desk, reference, adviser, managers, asked_on)))
}

fn advice_change(
    desk: &Desk,
    reference: CaseRef,
    adviser: Address,
    managers: Vec<Address>,
    asked_on: NaiveDate,
) -> Plan {
    let due = FollowUpKind::AdviceRequest.due(asked_on, &desk.office.policy).map(date_words).unwrap_or_default();
    let words = format!(
        "{reference}: advice asked of {} on {}, due by {due}",
        desk.directory.name_of(&adviser),
        date_words(asked_on)
    );
    Plan::Change(words, Box::new(Change::Advice { reference, adviser, managers, asked_on }))
}

fn person(desk: &Desk, row: &Row, seen: &mut BTreeSet<String>) -> Planned {
    let (adviser, manager) = (row.address("adviser")?, row.address("manager")?);
    let (Some(adviser), Some(manager)) = (adviser, manager) else {
        return Err("it needs the addresses of an adviser and a line manager".to_owned());
    };
    if adviser == manager {
        return Err(format!("{adviser} cannot be their own line manager"));
    }
    for address in [&adviser, &manager] {
        if desk.directory.is_staff(address) || desk.office.is_own(address) {
            return Err(format!("{address} belongs to the authority"));
        }
    }
    if desk.directory.managers_of(&adviser).contains(&manager) || !seen.insert(format!("{adviser} {manager}")) {
        return Ok(Plan::Same);
    }
    let words = format!("{manager} is the line manager of {adviser}");
    Ok(Plan::Change(words, Box::new(Change::Person { adviser, manager })))
}

/// A person by address, or by a name that the directory knows.
fn person_at(desk: &Desk, row: &Row, field: &str) -> std::result::Result<Address, String> {
    let written = row.get(field).ok_or_else(|| format!("it names no {field}"))?;
    let who = people(written).into_iter().next().ok_or_else(|| format!("it names no {field}"))?;
    address_of(desk, &who).map_err(|why| why.trim_end_matches('.').to_owned())
}
