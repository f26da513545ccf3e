//! `ROUND START`, `STATUS`, `CLOSE`, and rounds that open by themselves on a day of the configuration.

use super::records::{period, records};
use super::{Return, case_id, returns};
use crate::core::assessment::event::AssessmentEvent;
use crate::core::assessment::evidence::{Reader, paragraphs};
use crate::core::assessment::form::FormCode;
use crate::core::assessment::provider_return::Previous;
use crate::core::assessment::{ProviderReturn, Rag, Receipt};
use crate::core::case::Case;
use crate::core::directory::Provider;
use crate::core::event::Event;
use crate::core::id::Address;
use crate::core::wording::{list, short_date};
use crate::engine::desk::Desk;
use crate::store::Loaded;
use anyhow::Result;
use chrono::{Days, NaiveDate};

/// How far back a missed opening is made up for.
const MADE_UP_FOR: Days = Days::new(28);

/// What came of a command about a round.
pub(in crate::engine) enum Came {
    /// It was done; sentences.
    Done(Vec<String>),
    /// It was not; a sentence with what would work.
    Refused(String),
}

/// "November 2026".
fn default_name(day: NaiveDate) -> String {
    day.format("%B %Y").to_string()
}

/// Opens a round for every provider of the directory that is not in it yet.
pub(in crate::engine) async fn start(desk: &mut Desk, by: &Address, name: Option<&str>) -> Result<Came> {
    let today = desk.office.date(desk.now);
    let name = name.map(str::trim).filter(|n| !n.is_empty()).map_or_else(|| default_name(today), str::to_owned);
    let all = returns(desk).await?;
    if let Some(other) = all.iter().find(|r| r.is_open() && !r.round().eq_ignore_ascii_case(&name)) {
        return Ok(Came::Refused(format!("The round {} is still open. ROUND CLOSE ends it.", other.round())));
    }
    let directory = desk.directory.clone();
    let fresh: Vec<&Provider> =
        directory.providers.iter().filter(|p| !all.iter().any(|r| is_in(r, &name, &p.name))).collect();
    if directory.providers.is_empty() {
        return Ok(Came::Refused("No provider stands in the configuration; write a [[provider]] for each.".to_owned()));
    }
    if fresh.is_empty() {
        return Ok(Came::Refused(format!("The round {name} has been opened for every provider already.")));
    }
    let mut said = Vec::new();
    for provider in fresh {
        said.push(open(desk, by, (&name, provider), &all).await?);
    }
    said.push("ROUND STATUS shows who has answered.".to_owned());
    Ok(Came::Done(said))
}

fn is_in(of: &Return, round: &str, provider: &str) -> bool {
    of.round().eq_ignore_ascii_case(round) && of.provider().eq_ignore_ascii_case(provider)
}

async fn open(desk: &mut Desk, by: &Address, (round, provider): (&str, &Provider), all: &[Return]) -> Result<String> {
    let id = desk.new_follow_up().await?;
    let provider_return = blank(desk, round, provider, all).await?;
    let owner = desk.directory.icb_lead.clone().unwrap_or_else(|| by.clone());
    let case = Case::new(case_id(round, &provider.name), None, owner);
    let event = AssessmentEvent::Opened { follow_up: id.clone(), provider_return: Box::new(provider_return) };
    let loaded = Loaded { case, version: 0 };
    let applied = desk.open_thread(loaded, &Event::Assessment(event), &id, None).await?;
    desk.tell_known_absences(&id).await?;
    Ok(applied.because.text().to_owned())
}

/// An empty return, with what the records offer and what was answered last time.
async fn blank(desk: &mut Desk, round: &str, provider: &Provider, all: &[Return]) -> Result<ProviderReturn> {
    let criteria = desk.office.policy.assessment.criteria.clone();
    let before = all.iter().rev().find(|r| r.provider().eq_ignore_ascii_case(&provider.name));
    let before = before.and_then(|r| r.loaded.case.provider_return.as_deref());
    let records = records(desk, &provider.services, period(desk)).await?;
    let lead = provider.lead.clone().or_else(|| provider.respondents.first().cloned());
    Ok(ProviderReturn {
        round: round.to_owned(),
        form: FormCode::of_form(round, &provider.name, &criteria),
        provider: provider.name.clone(),
        services: provider.services.clone(),
        respondents: provider.respondents.clone(),
        lead: lead.unwrap_or_else(|| desk.office.stationery.mailbox.clone()),
        offered: paragraphs(&criteria, &records, Reader::Provider),
        given: Vec::new(),
        handed_in: None,
        previous: before.map(|b| Previous { round: b.round.clone(), answers: b.standing().answers }),
        actions: Vec::new(),
    })
}

/// The returns of the round that is meant: by name, else of the newest.
pub(in crate::engine) async fn of_round(desk: &mut Desk, name: Option<&str>) -> Result<Result<Vec<Return>, String>> {
    let all = returns(desk).await?;
    let Some(newest) = all.last().map(|r| r.round().to_owned()) else {
        return Ok(Err("No round has been opened yet. ROUND START opens one.".to_owned()));
    };
    let wanted = name.map(str::trim).filter(|n| !n.is_empty()).unwrap_or(&newest).to_owned();
    let mut rounds: Vec<String> = all.iter().map(|r| r.round().to_owned()).collect();
    rounds.dedup();
    let found: Vec<Return> = all.into_iter().filter(|r| r.round().eq_ignore_ascii_case(&wanted)).collect();
    Ok(if found.is_empty() {
        Err(format!("There is no round {wanted}. Rounds so far: {}.", list(&rounds)))
    } else {
        Ok(found)
    })
}

/// Who has answered, and what is missing.
pub(in crate::engine) async fn status(desk: &mut Desk, name: Option<&str>) -> Result<Came> {
    let found = match of_round(desk, name).await? {
        Ok(found) => found,
        Err(why) => return Ok(Came::Refused(why)),
    };
    let mut said: Vec<String> = found.first().map(|r| format!("Self-assessment {}:", r.round())).into_iter().collect();
    said.extend(found.iter().map(|r| format!("- {}", standing(desk, r))));
    Ok(Came::Done(said))
}

fn standing(desk: &Desk, of: &Return) -> String {
    let Some(provider_return) = of.loaded.case.provider_return.as_deref() else { return String::new() };
    let assessment = &desk.office.policy.assessment;
    let receipt = Receipt::of(provider_return, &assessment.criteria, assessment.rule);
    let total = receipt.rows.len();
    let answered =
        total.saturating_sub(receipt.missing.len() + receipt.asked.iter().filter(|a| a.number.is_some()).count());
    let due = of.follow_up().and_then(crate::core::follow_up::FollowUp::due_on);
    let due = due.map(|day| format!(", due {}", short_date(day))).unwrap_or_default();
    let state = match (&provider_return.handed_in, of.is_open(), provider_return.given.is_empty()) {
        (Some(done), ..) => format!("handed in by {} on {}", done.by, short_date(desk.office.date(done.at))),
        (None, true, true) => format!("nothing yet{due}"),
        (None, true, false) => format!("{answered} of {total} answered{due}"),
        (None, false, _) => format!("closed with {answered} of {total} answered"),
    };
    let conflicts = provider_return.standing().conflicts.len();
    let conflicts =
        if conflicts > 0 { format!("; {conflicts} in conflict between respondents") } else { String::new() };
    let [worst, best] = receipt.score.range;
    let colour = match receipt.score.rag {
        Rag::Final(colour) => colour.name().to_owned(),
        Rag::Incomplete | Rag::Invalid => format!("{} to {}", worst.name(), best.name()),
    };
    format!("{}: {state}{conflicts}; {colour}.", provider_return.provider)
}

/// Ends a round.
pub(in crate::engine) async fn close(desk: &mut Desk, by: &Address, name: Option<&str>) -> Result<Came> {
    let found = match of_round(desk, name).await? {
        Ok(found) => found,
        Err(why) => return Ok(Came::Refused(why)),
    };
    let Some(round) = found.first().map(|r| r.round().to_owned()) else { return Ok(Came::Refused(String::new())) };
    let mut said = Vec::new();
    for of in found.into_iter().filter(Return::is_open) {
        let provider = of.provider().to_owned();
        let event = AssessmentEvent::Closed { by: by.clone() };
        let applied = desk.apply(of.loaded, &Event::Assessment(event)).await?;
        said.push(format!("- {provider}: {}", applied.because.text()));
    }
    if said.is_empty() {
        return Ok(Came::Refused(format!("The round {round} is closed already.")));
    }
    said.insert(0, format!("The round {round} is closed."));
    said.push("ROUND RESULT sends the results and the action plan.".to_owned());
    Ok(Came::Done(said))
}

/// Opens the rounds whose day has come (`assessment.opens`); a missed day is made up for, an old one is not.
pub(in crate::engine) async fn open_scheduled(desk: &mut Desk) -> Result<()> {
    let (today, policy) = (desk.office.date(desk.now), &desk.office.policy);
    if policy.send_window.next_opening(desk.now, &policy.calendar, policy.zone) > desk.now {
        return Ok(());
    }
    let started = desk.tx.instant_mark(crate::engine::FIRST_START).await?.map(|at| desk.office.date(at));
    let days: Vec<NaiveDate> = desk.office.policy.assessment.opens.clone();
    for day in days.into_iter().filter(|day| *day <= today && *day + MADE_UP_FOR >= today) {
        let mark = format!("assessment_opened:{day}");
        if started.is_some_and(|start| day < start) || desk.tx.mark(&mark).await?.is_some() {
            continue;
        }
        desk.tx.set_mark(&mark, "1").await?;
        let manager = desk.directory.send_managers.first().map(|m| m.address.clone());
        let Some(by) = desk.directory.icb_lead.clone().or(manager) else { continue };
        let came = start(desk, &by, Some(&default_name(day))).await?;
        let sentences = match came {
            Came::Done(sentences) => sentences,
            Came::Refused(why) => vec![why],
        };
        let key = format!("assessment-opened/{day}");
        desk.write_to_partner(key, &by, &format!("Self-assessment {}", default_name(day)), sentences).await?;
    }
    Ok(())
}
