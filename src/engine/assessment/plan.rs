//! The action plan that comes back: its rows are read against those that went out, and their dates followed up.

use super::{Return, returns};
use crate::core::assessment::action_plan::{Action, PlanCells, PlanReturn, read_back};
use crate::core::assessment::event::AssessmentEvent;
use crate::core::assessment::form::{FormCode, Rows};
use crate::core::event::Event;
use crate::core::id::{Address, FollowUpId};
use crate::engine::desk::Desk;
use crate::engine::intake::Mail;
use crate::engine::random;
use crate::message::form_file::{self, FormFile};
use crate::store::{MessageState, Outcome};
use anyhow::Result;

/// A mail with a filled plan of somebody who may settle it; `None` for any other mail.
pub(in crate::engine) async fn plan_in(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Option<Outcome>> {
    let Some((code, cells)) = plan_of(mail) else { return Ok(None) };
    let all = returns(desk).await?;
    let criteria = &desk.office.policy.assessment.criteria;
    let in_round = |r: &Return| code.contains(&FormCode::of_plan(r.round(), criteria));
    let found: Vec<Return> = all.into_iter().filter(in_round).collect();
    if found.is_empty() {
        return Ok(None);
    }
    let mut sentences = Vec::new();
    for of in found {
        sentences.extend(settle(desk, author, of, &cells).await?);
    }
    let sent: Vec<u32> = sentences.iter().filter_map(|s| s.number).collect();
    let strangers =
        cells.iter().filter(|c| !sent.contains(&c.number)).map(|c| format!("Action {} is in no plan.", c.number));
    let mut told: Vec<String> = sentences.iter().filter(|s| !s.text.is_empty()).map(|s| s.text.clone()).collect();
    told.extend(strangers);
    if told.is_empty() {
        told.push("No row of the plan has both an owner and a date, so nothing is followed up yet.".to_owned());
    }
    mail.story.extend(told.iter().cloned());
    let key = format!("{}/plan", mail.id);
    desk.write_to_partner(key, author, "Action plan", told).await?;
    Ok(Some(mail.outcome(MessageState::Placed, None)))
}

/// A word about a plan; with the number of the row that it settles.
struct Said {
    number: Option<u32>,
    text: String,
}

async fn settle(desk: &mut Desk, author: &Address, of: Return, cells: &[PlanCells]) -> Result<Vec<Said>> {
    let Some(provider_return) = of.loaded.case.provider_return.as_deref() else { return Ok(Vec::new()) };
    let today = desk.office.date(desk.now);
    let known: Vec<Address> = provider_return.respondents.iter().chain([&provider_return.lead]).cloned().collect();
    let directory = desk.directory.clone();
    let owner_of = |text: &str| {
        Address::parse(text).filter(|a| known.contains(a) || directory.is_partner(a) || directory.is_staff(a))
    };
    let theirs: Vec<PlanCells> =
        cells.iter().filter(|c| provider_return.actions.iter().any(|a| a.number == c.number)).cloned().collect();
    let PlanReturn { rows, faults } = read_back(&provider_return.actions, &theirs, today, owner_of);
    let mut said: Vec<Said> = theirs.iter().map(|c| Said { number: Some(c.number), text: String::new() }).collect();
    said.extend(faults.into_iter().map(|text| Said { number: None, text }));
    let actions = rows
        .into_iter()
        .map(|action| {
            Ok(Action { follow_up: action.follow_up.clone().or(Some(FollowUpId::from_random(random()?))), ..action })
        })
        .collect::<Result<Vec<Action>>>()?;
    if actions.is_empty() {
        return Ok(said);
    }
    let provider = provider_return.provider.clone();
    let event = AssessmentEvent::Planned { by: author.clone(), actions };
    let applied = desk.apply(of.loaded, &Event::Assessment(event)).await?;
    said.push(Said { number: None, text: format!("{provider}: {}", applied.because.text()) });
    Ok(said)
}

/// The rows of an attached plan with the code of its round.
fn plan_of(mail: &Mail) -> Option<(Vec<FormCode>, Vec<PlanCells>)> {
    let parts = mail.reading.message.parts.iter().filter(|part| part.name.is_some());
    parts.take(4).find_map(|part| {
        let FormFile::Tables(sheets) = form_file::read(&part.body, part.name.as_deref()).ok()? else { return None };
        let rows = sheets.iter().find_map(cells_of)?;
        let words = sheets.iter().flatten().map(|row| row.join(" ")).collect::<Vec<_>>().join("\n");
        Some((FormCode::all_in(&words).into_iter().collect(), rows))
    })
}

/// The rows below a heading that has the plan's columns.
fn cells_of(rows: &Rows) -> Option<Vec<PlanCells>> {
    let names = |row: &Vec<String>| row.iter().map(|cell| cell.trim().to_lowercase()).collect::<Vec<_>>();
    let (at, names) = rows.iter().map(names).enumerate().find(|(_, n)| n.iter().any(|name| name == "action no"))?;
    let place = |name: &str| names.iter().position(|n| n == name);
    let (number, owner, due) = (place("action no")?, place("owner")?, place("due")?);
    let (action, evidence) = (place("action"), place("evidence"));
    let text = |row: &Vec<String>, place: Option<usize>| {
        place.and_then(|p| row.get(p)).map(|c| c.trim().to_owned()).unwrap_or_default()
    };
    let read = rows.iter().skip(at + 1).filter_map(|row| {
        let number: f64 = text(row, Some(number)).parse().ok()?;
        Some(PlanCells {
            number: number as u32,
            owner: text(row, Some(owner)),
            action: text(row, action),
            due: text(row, Some(due)),
            evidence: text(row, evidence),
        })
    });
    Some(read.collect())
}
