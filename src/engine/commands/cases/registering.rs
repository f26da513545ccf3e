//! `NEW CASE` and `CORRECT`: read back with what would stand in the register, carried out after `YES`, which confirms
//! the contacts too.

use super::apply;
use super::particulars::particulars;
use crate::core::calendar::statutory_weeks;
use crate::core::case::{Case, CaseId};
use crate::core::command::{Field, Object};
use crate::core::event::{CaseOrder, Particulars};
use crate::core::id::{Address, CaseRef};
use crate::core::policy::Consultation;
use crate::core::register::{Channel, Contact, ContactRole};
use crate::core::timescale::age::{Holder, holder, young_person_from};
use crate::core::wording::date_words;
use crate::engine::commands::confirm::ReadBack;
use crate::engine::commands::{Done, Go, Turn};
use crate::engine::desk::Desk;
use crate::store::Loaded;
use anyhow::Result;
use chrono::NaiveDate;

/// `NEW CASE`
pub(super) async fn new_case(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    let Object::Case(reference) = &turn.command.object else {
        return Ok(Done::No("NEW CASE needs the authority's reference: NEW CASE EHC-2026-0412.".to_owned()));
    };
    let loaded = case_or_fresh(desk, reference, turn.author).await?;
    if loaded.case.register.opened_on.is_some() {
        return Ok(Done::No(format!(
            "{reference} is registered already. CORRECT {reference} changes what is recorded."
        )));
    }
    if let Some(over) = loaded.case.over_words() {
        return Ok(Done::No(format!("{over}.")));
    }
    let today = desk.office.date(turn.mail.received_at);
    let given = match particulars(desk, turn.command, turn.author, today) {
        Ok(given) => given,
        Err(why) => return Ok(Done::No(why)),
    };
    if given.coordinator.is_none() && desk.directory.coordinator(turn.author).is_none() {
        return Ok(Done::No(format!("Whose case is it? Add Coordinator: to NEW CASE {reference}; you are none.")));
    }
    if *turn.go != Go::Ask {
        return apply(desk, loaded, turn.author, CaseOrder::Register(Box::new(given))).await;
    }
    let mut sentences = vec![opening_words(desk, reference, &given, turn.author)];
    sentences.extend(weeks(desk, given.requested_on));
    sentences.extend(contact_words(&given.contacts));
    sentences.extend(addressee_words(&given, today));
    sentences.extend(known_follow_ups(&loaded.case));
    Ok(Done::Ask(ReadBack { headline: format!("Please confirm: NEW CASE {reference}"), sentences, ask: Vec::new() }))
}

/// `CORRECT`
pub(super) async fn correct(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    let loaded = match super::the_case(desk, turn).await? {
        Ok(loaded) => loaded,
        Err(why) => return Ok(Done::No(why)),
    };
    let label = loaded.case.id.0.clone();
    if loaded.case.register.opened_on.is_none() {
        return Ok(Done::No(format!(
            "{label} is not registered yet: NEW CASE {label} with the same fields does that."
        )));
    }
    let family = [Field::Parent, Field::YoungPerson, Field::Representative];
    if family.iter().any(|field| turn.command.field(*field).is_some()) {
        return Ok(Done::No(format!(
            "A contact of a registered case is changed by CONTACT {label} with Add: or Remove:, which a second person confirms. Nothing was corrected."
        )));
    }
    let today = desk.office.date(turn.mail.received_at);
    let given = match particulars(desk, turn.command, turn.author, today) {
        Ok(given) => given,
        Err(why) => return Ok(Done::No(why)),
    };
    let changes = changes(desk, &loaded.case, &given);
    if changes.is_empty() {
        return Ok(Done::No(format!(
            "CORRECT {label} changes nothing. Its fields are Requested:, Child:, First name:, Born:, Coordinator:, School closed:, Consult:, Their ref: and Sensitive:."
        )));
    }
    if *turn.go != Go::Ask {
        return apply(desk, loaded, turn.author, CaseOrder::Register(Box::new(given))).await;
    }
    let mut sentences = vec![format!("{label} is corrected:")];
    sentences.push(changes.join("\n"));
    if given.requested_on.is_some() {
        sentences.extend(weeks(desk, given.requested_on));
    }
    Ok(Done::Ask(ReadBack { headline: format!("Please confirm: CORRECT {label}"), sentences, ask: Vec::new() }))
}

/// The stored case, or a fresh one that nobody has written yet.
pub(super) async fn case_or_fresh(desk: &mut Desk, reference: &CaseRef, owner: &Address) -> Result<Loaded> {
    let id = CaseId(reference.to_string());
    Ok(match desk.tx.case(&id).await? {
        Some(loaded) => loaded,
        None => Loaded { case: Case::new(id, Some(reference.clone()), owner.clone()), version: 0 },
    })
}

fn opening_words(desk: &Desk, reference: &CaseRef, given: &Particulars, author: &Address) -> String {
    let owner = given.coordinator.as_ref().unwrap_or(author);
    let mut lines = vec![format!("- Case: {reference}"), format!("- Co-ordinator: {}", desk.directory.name_of(owner))];
    let mut put = |what: &str, value: Option<String>| lines.extend(value.map(|v| format!("- {what}: {v}")));
    put("Child", given.initials.clone());
    put("First name, for parents only", given.first_name.clone());
    put("Born", given.born.map(date_words));
    put("Their ref", given.their_ref.clone());
    put("Schools are consulted", given.consult.map(|c| consult_words(c).to_owned()));
    put("Letters to the family", given.sensitive.map(|s| sensitive_words(s).to_owned()));
    for span in &given.school_closed {
        put("School closed", Some(format!("{} to {}", date_words(span.from), date_words(span.to))));
    }
    lines.join("\n")
}

/// Whose right it is to be told changes with the date of birth (`domain.md` 3.6): said when it is typed, not when a
/// letter is due.
fn addressee_words(given: &Particulars, today: NaiveDate) -> Option<String> {
    let born = given.born.filter(|&born| holder(born, today) == Holder::YoungPerson)?;
    let is_named = given.contacts.iter().any(|contact| contact.role == ContactRole::YoungPerson);
    (!is_named).then(|| {
        format!(
            "By the date of birth they are over compulsory school age since {}: letters about the plan are theirs, and parents get them only as their representative. A line Young person: with name and address says how they are reached.",
            date_words(young_person_from(born))
        )
    })
}

fn consult_words(consult: Consultation) -> &'static str {
    match consult {
        Consultation::Sequential => "after the parents’ days",
        Consultation::Parallel => "in the parents’ days",
    }
}

fn sensitive_words(sensitive: bool) -> &'static str {
    if sensitive { "each waits for SEND; the case is sensitive" } else { "as for any case; it is not sensitive" }
}

/// Weeks 6, 16 and 20 as the law counts them and as they are to be planned.
pub(super) fn weeks(desk: &Desk, requested_on: Option<NaiveDate>) -> Vec<String> {
    let policy = &desk.office.policy;
    let Some(requested) = requested_on else {
        return vec![
            "No date of the request is given, so no weeks can be counted and parents cannot be told of a delay. Add Requested:."
                .to_owned(),
        ];
    };
    let plan = &policy.timescales;
    let lines: Vec<String> = [plan.decision_week(), plan.no_plan_week(), plan.final_week()]
        .into_iter()
        .map(|week| {
            let due = statutory_weeks(requested, week, &policy.calendar);
            format!("- Week {week}: {} in law, plan for {}", date_words(due.legal_due), date_words(due.planning_due))
        })
        .collect();
    vec![format!("The authority received the request on {}.", date_words(requested)), lines.join("\n")]
}

/// Each contact with the address that letters will go to.
pub(super) fn contact_words(contacts: &[Contact]) -> Vec<String> {
    if contacts.is_empty() {
        return vec!["No parent is given, so nobody can be told of a delay.".to_owned()];
    }
    let lines: Vec<String> = contacts.iter().map(|c| format!("- {}", one_contact(c))).collect();
    vec![
        "Letters about this child will go to these people. YES confirms that each address is right and may be written to:"
            .to_owned(),
        lines.join("\n"),
    ]
}

/// "Parent Ann Fox <ann@home.example>", "Parent Ann Fox, by post".
pub(super) fn one_contact(contact: &Contact) -> String {
    let role = match contact.role {
        ContactRole::Parent => "Parent",
        ContactRole::YoungPerson => "Young person",
        ContactRole::Representative => "Representative",
    };
    let name = if contact.name == role { String::new() } else { format!(" {}", contact.name) };
    match &contact.channel {
        Channel::Email(address) => format!("{role}{name} <{address}>"),
        Channel::Post => format!("{role}{name}, by post"),
    }
}

fn known_follow_ups(case: &Case) -> Option<String> {
    let open = case.follow_ups.iter().filter(|f| f.stage.is_open()).count();
    match open {
        0 => None,
        1 => Some("One follow-up of this case is open already; it stays as it is.".to_owned()),
        n => Some(format!("{n} follow-ups of this case are open already; they stay as they are.")),
    }
}

/// What would change, line by line.
pub(super) fn changes(desk: &Desk, case: &Case, given: &Particulars) -> Vec<String> {
    let register = &case.register;
    let date = |d: Option<NaiveDate>| d.map(date_words);
    let name = |a: &Address| desk.directory.name_of(a);
    let consult = |c: Option<Consultation>| c.map(|c| consult_words(c).to_owned());
    let mut lines = Vec::new();
    let mut put = |what: &str, was: Option<String>, is: Option<String>| {
        if let Some(is) = is.filter(|is| was.as_ref() != Some(is)) {
            lines.push(format!("- {what}: {is} (was {})", was.unwrap_or_else(|| "not known".to_owned())));
        }
    };
    put("Requested", date(register.requested_on), date(given.requested_on));
    put("Child", case.initials.clone(), given.initials.clone());
    put("First name", register.first_name.clone(), given.first_name.clone());
    put("Born", date(register.born), date(given.born));
    put("Co-ordinator", Some(name(&case.coordinator)), given.coordinator.as_ref().map(name));
    put("Their ref", case.their_ref.clone(), given.their_ref.clone());
    put("Schools are consulted", consult(register.consult), consult(given.consult));
    let family = |sensitive| Some(sensitive_words(sensitive).to_owned());
    put("Letters to the family", family(register.sensitive), given.sensitive.and_then(family));
    for span in given.school_closed.iter().filter(|s| !register.school_closed.contains(s)) {
        lines.push(format!("- School closed: {} to {} (new)", date_words(span.from), date_words(span.to)));
    }
    lines
}
