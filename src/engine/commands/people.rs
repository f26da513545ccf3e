//! Who is who, on a staff member's word: roles, managers, absences, and the parties of a `CLARIFY`.

use super::confirm::ReadBack;
use super::order::check_reason;
use super::target::targets;
use super::{Done, Go, Turn};
use crate::core::command::{Command, Field, Object, Who, people};
use crate::core::directory::Role;
use crate::core::event::{Because, Event};
use crate::core::follow_up::{Away, FollowUp, FollowUpKind, Stage};
use crate::core::id::{Address, CaseRef, FollowUpId};
use crate::core::letter::{Line, LineSubject};
use crate::core::policy::Agreement;
use crate::engine::asking::open_asked;
use crate::engine::desk::Desk;
use crate::engine::identifiers::screened;
use crate::engine::intake::Mail;
use crate::engine::machine::note_away;
use crate::store::LearnedPerson;
use anyhow::Result;
use std::collections::BTreeSet;

/// What came of an answer to a roles question.
pub(super) struct RolesAnswered {
    /// The follow-up that was asked about.
    pub follow_up: FollowUpId,
    /// A sentence for the receipt.
    pub said: String,
    /// The rest of the mail, which may hold commands.
    pub rest: String,
}

/// "1 ADVISER / 2 MANAGER": the answer to a roles question, remembered.
pub(super) async fn roles_answered(desk: &mut Desk, mail: &Mail, lines: &[Line]) -> Result<Option<RolesAnswered>> {
    let mut adviser = None;
    let mut managers = Vec::new();
    let mut rest = Vec::new();
    for text in mail.reading.new_text.own.lines() {
        rest.push(text);
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
            _ => continue,
        }
        rest.pop();
    }
    let rest = rest.join("\n");
    let Some((id, adviser)) = adviser.or_else(|| listed_adviser(desk, lines, &managers)) else { return Ok(None) };
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
    if managers.is_empty() && needs_manager(desk, &id).await? {
        let question = format!(
            "{adviser} is the adviser of {id}. Who is their line manager? Answer: MANAGER {adviser} IS name@organisation"
        );
        return Ok(Some(RolesAnswered { follow_up: id, said: question, rest }));
    }
    let Some(loaded) = desk.tx.case_of(&id).await? else { return Ok(None) };
    let applied = desk.apply(loaded, &Event::RolesNamed { follow_up: id.clone(), adviser, managers }).await?;
    desk.tell_known_absences(&id).await?;
    let said = applied.because.text().to_owned();
    Ok(Some(RolesAnswered { follow_up: id, said, rest }))
}

/// A clarification is addressed to the line manager too; advice and draft checks begin without one.
async fn needs_manager(desk: &mut Desk, id: &FollowUpId) -> Result<bool> {
    let loaded = desk.tx.case_of(id).await?;
    Ok(loaded.is_none_or(|l| l.case.follow_up(id).is_none_or(|f| f.kind == FollowUpKind::Clarification)))
}

/// When only the manager was named: the one adviser among the candidates whom the directory knows.
fn listed_adviser(desk: &Desk, lines: &[Line], managers: &[Address]) -> Option<(FollowUpId, Address)> {
    if managers.is_empty() {
        return None;
    }
    lines.iter().find_map(|line| match &line.subject {
        LineSubject::Candidate { follow_up, address } if desk.directory.role(address) == Some(Role::Adviser) => {
            Some((follow_up.clone(), address.clone()))
        }
        LineSubject::Candidate { .. }
        | LineSubject::FollowUp(_)
        | LineSubject::Case(_)
        | LineSubject::Held { .. }
        | LineSubject::Confirmation { .. }
        | LineSubject::Triage { .. } => None,
    })
}

/// The address of a person who was named: given, else by the name in the directory.
pub(super) fn address_of(desk: &Desk, who: &Who) -> Result<Address, String> {
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

/// Everybody whom a field names.
pub(super) fn people_named(desk: &Desk, command: &Command, field: Field) -> Result<Vec<Address>, String> {
    command.field_values(field).flat_map(people).map(|who| address_of(desk, &who)).collect()
}

pub(super) async fn clarify(
    desk: &mut Desk,
    author: &Address,
    command: &Command,
) -> Result<(Vec<Done>, Option<FollowUpId>)> {
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
    let agreed_with = command.field(Field::AgreedWith).map(ToOwned::to_owned);
    if agreed_with.is_none() && desk.office.policy.commands.agreement == Agreement::Block {
        return no(
            "A clarification needs a SEND manager's agreement here. Write it again with Agreed with: and the name."
                .to_owned(),
        );
    }
    let about = match about(desk, command, reference, &parties.0).await? {
        Ok(about) => about,
        Err(why) => return no(why),
    };
    let text = screened(desk, &text);
    let id = desk.new_follow_up().await?;
    let event = Event::Clarify {
        follow_up: id.clone(),
        by: author.clone(),
        adviser: parties.0,
        managers: parties.1,
        why,
        text: text.text,
        agreed_with,
        about,
    };
    Ok(match open_asked(desk, reference, &event, &id, author).await? {
        Because::Done(said) | Because::Nothing(said) => (vec![Done::Yes(format!("{said}{}", text.remark))], Some(id)),
        Because::Refused(why) => (vec![Done::No(why)], None),
    })
}

/// The advice request that `About:` means: its reference, or the adviser's only one when the field names the adviser or
/// the service.
async fn about(
    desk: &mut Desk,
    command: &Command,
    reference: &CaseRef,
    adviser: &Address,
) -> Result<Result<Option<FollowUpId>, String>> {
    let Some(written) = command.field(Field::About) else { return Ok(Ok(None)) };
    let loaded = desk.tx.case_by_reference(reference).await?;
    let requests: Vec<FollowUp> =
        loaded.into_iter().flat_map(|l| l.case.follow_ups).filter(|f| f.kind == FollowUpKind::AdviceRequest).collect();
    let wanted = written.trim().to_lowercase();
    let is_meant = |f: &&FollowUp| {
        let name = f.adviser.as_ref().map(|a| desk.directory.name_of(a).to_lowercase());
        let service = f.service.as_ref().map(|s| s.to_lowercase());
        let named = [name, service].into_iter().flatten().any(|n| !n.is_empty() && wanted.contains(&n));
        FollowUpId::parse(written).as_ref() == Some(&f.id) || named && f.adviser.as_ref() == Some(adviser)
    };
    let found: Vec<FollowUpId> = requests.iter().filter(is_meant).map(|f| f.id.clone()).collect();
    Ok(match found.as_slice() {
        [one] => Ok(Some(one.clone())),
        [] | [_, _, ..] => Err(format!(
            "About: {written} does not name one advice request of {reference} clearly. Write its reference (FU-XXXX-XXXX), or leave About: out."
        )),
    })
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

pub(super) async fn manager_is(desk: &mut Desk, turn: &Turn<'_>) -> Result<Done> {
    let (author, command, lines) = (turn.author, turn.command, turn.lines);
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
    if *turn.go == Go::Ahead && is_stranger(desk, &adviser, &manager) {
        return Ok(Done::Ask(ReadBack {
            headline: format!("Please confirm: MANAGER {adviser} IS {manager}"),
            sentences: vec![format!(
                "{manager} is at no organisation that the service knows, and not at that of {adviser}. What is asked about children would go there: please hold the address against one that you know, letter by letter."
            )],
            ask: Vec::new(),
        }));
    }
    manager_named(desk, author, &adviser, &manager).await?;
    Ok(Done::Yes(format!(
        "{} is the line manager of {} from now on.",
        desk.directory.name_of(&manager),
        desk.directory.name_of(&adviser)
    )))
}

/// Neither listed, nor at the organisation of a service or of the adviser: perhaps a slip of the finger.
fn is_stranger(desk: &Desk, adviser: &Address, manager: &Address) -> bool {
    let known = desk.directory.service_of(manager).is_some() || desk.directory.role(manager).is_some();
    !known && manager.domain() != adviser.domain()
}

/// Remembers the line manager of an adviser, and lets every open follow-up of theirs know.
pub(super) async fn manager_named(
    desk: &mut Desk,
    author: &Address,
    adviser: &Address,
    manager: &Address,
) -> Result<()> {
    desk.learn(LearnedPerson { address: manager.clone(), manager: None, role: Role::LineManager }, author).await?;
    desk.learn(LearnedPerson { address: adviser.clone(), manager: Some(manager.clone()), role: Role::Adviser }, author)
        .await?;
    for case in desk.tx.cases_of_party(adviser).await? {
        let Some(loaded) = desk.tx.case(&case).await? else { continue };
        let is_open = loaded.case.follow_ups.iter().any(|f| f.stage.is_open() && f.has_party(adviser));
        if is_open || loaded.case.barred_for(adviser).contains(manager) {
            desk.apply(loaded, &Event::ManagerNamed { adviser: adviser.clone(), manager: manager.clone() }).await?;
        }
    }
    settle_waiting_roles(desk, adviser, manager).await
}

/// A copied-in follow-up that waited for exactly this answer begins now.
async fn settle_waiting_roles(desk: &mut Desk, adviser: &Address, manager: &Address) -> Result<()> {
    for id in waiting_for_roles(desk, adviser).await? {
        if let Some(loaded) = desk.tx.case_of(&id).await? {
            let event =
                Event::RolesNamed { follow_up: id.clone(), adviser: adviser.clone(), managers: vec![manager.clone()] };
            desk.apply(loaded, &event).await?;
            desk.tell_known_absences(&id).await?;
        }
    }
    Ok(())
}

async fn waiting_for_roles(desk: &mut Desk, adviser: &Address) -> Result<Vec<FollowUpId>> {
    let mut waiting = Vec::new();
    for case in desk.tx.cases_awaiting_roles().await? {
        let Some(loaded) = desk.tx.case(&case).await? else { continue };
        for follow_up in &loaded.case.follow_ups {
            let fits = follow_up.stage == Stage::AwaitingRoles && follow_up.asked.contains(adviser);
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
pub(super) async fn absent(desk: &mut Desk, mail: &mut Mail, command: &Command, lines: &[Line]) -> Result<Done> {
    let who = if let Object::Who(who) = &command.object {
        address_of(desk, who)
    } else {
        adviser_of_lines(desk, command, lines).await?
    };
    let who = match who {
        Ok(who) => who,
        Err(why) => return Ok(Done::No(why)),
    };
    let away = Away { who: who.clone(), until: command.date(Field::Until), contact: None };
    desk.tx.note_absence(&away, &mail.id, mail.received_at).await?;
    note_away(desk, mail, &who, away).await?;
    Ok(Done::Yes(format!(
        "{} is noted as away; the line manager is responsible for what is open, by its date.",
        desk.directory.name_of(&who)
    )))
}
