//! The results of a round: compared, laid out as a report, sent to the ICB's lead and its governance.

use super::records::{period, records};
use super::rounds::{Came, of_round};
use super::{Return, file_name};
use crate::core::assessment::ProviderReturn;
use crate::core::assessment::action_plan::{Action, proposed, standing};
use crate::core::assessment::comparison::compare;
use crate::core::assessment::event::AssessmentEvent;
use crate::core::assessment::evidence::{Reader, paragraphs};
use crate::core::assessment::form::FormCode;
use crate::core::event::Event;
use crate::core::follow_up::Stage;
use crate::core::id::Address;
use crate::core::letter::{File, Letter, LetterKind, Ready};
use crate::core::policy::ProvidersSee;
use crate::core::wording::{list, short_date};
use crate::engine::Engine;
use crate::engine::desk::Desk;
use crate::letters::assessment::{Edition, PlanRow, XLSX, own_result, plan_workbook, results};
use crate::letters::report::{self, AnswerLinks, Pictures, Report};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// A report on a round, with its action plan as a workbook.
pub(in crate::engine) struct Results {
    /// The report.
    pub report: Report,
    /// The plan that comes back with owners and dates.
    pub plan: File,
}

impl Engine {
    /// The report of a round as it stands, with its action plan; of the newest where none is named. `None`: there is
    /// none.
    ///
    /// # Errors
    /// When the store fails or a file cannot be laid out.
    pub async fn assessment_report(&self, round: Option<&str>, now: DateTime<Utc>) -> Result<Option<(Report, File)>> {
        let mut desk = self.desk(now).await?;
        let Ok(found) = of_round(&mut desk, round).await? else { return Ok(None) };
        let Results { report, plan } = made(&mut desk, &found).await?;
        desk.commit().await?;
        Ok(Some((report, plan)))
    }
}

/// `ROUND RESULT`: to whoever asks, the ICB's lead and its governance.
pub(in crate::engine) async fn send(desk: &mut Desk, key: &str, by: &Address, name: Option<&str>) -> Result<Came> {
    let found = match of_round(desk, name).await? {
        Ok(found) => found,
        Err(why) => return Ok(Came::Refused(why)),
    };
    let round = found.first().map(|r| r.round().to_owned()).unwrap_or_default();
    number_actions(desk, by, found).await?;
    let found = of_round(desk, Some(&round)).await?.unwrap_or_default();
    let made = made(desk, &found).await?;
    let mut to = vec![by.clone()];
    to.extend(desk.directory.icb_lead.clone().filter(|lead| lead != by));
    let cc: Vec<Address> = desk.directory.governance.iter().filter(|a| !to.contains(a)).cloned().collect();
    let told = to.iter().chain(&cc).map(ToString::to_string).collect::<Vec<_>>();
    let Results { report, plan } = made;
    let mut letter = letter(desk, LetterKind::AssessmentResult, format!("{key}/assessment_result"), &report)?;
    letter.files.push(plan);
    (letter.to, letter.cc) = (to, cc);
    desk.send(&letter, None).await?;
    let mut said = vec![format!("The results of {round} go to {}.", list(&told))];
    said.extend(tell_providers(desk, key, &found).await?);
    Ok(Came::Done(said))
}

/// After the close each provider that has answered gets its own result, and of the others a range at most.
async fn tell_providers(desk: &mut Desk, key: &str, found: &[Return]) -> Result<Option<String>> {
    let office = desk.office.clone();
    let assessment = &office.policy.assessment;
    let returned: Vec<&ProviderReturn> =
        found.iter().filter_map(|r| r.loaded.case.provider_return.as_deref()).collect();
    let round = returned.first().map_or("", |r| r.round.as_str());
    let all = compare(round, &returned, &assessment.criteria, assessment.rule);
    let range = match assessment.providers_see {
        ProvidersSee::Nothing => return Ok(None),
        ProvidersSee::Own => None,
        ProvidersSee::OwnAndRange => all.range(),
    };
    let mut told = Vec::new();
    for (of, own) in found.iter().zip(&returned).filter(|(of, own)| !of.is_open() && !own.given.is_empty()) {
        let Some(result) = all.of_provider(&own.provider) else { continue };
        let actions = standing(&own.actions, proposed(&assessment.criteria, &own.standing().answers));
        let rows = plan_rows(of, &actions);
        let (authority, today) = (office.policy.authority.name.as_str(), office.date(desk.now));
        let edition = Edition { authority, today, result: &result, records: &[], plan: &rows };
        let report = own_result(&edition, &own.provider, range);
        let place = told.len();
        let mut letter = letter(desk, LetterKind::AssessmentOwn, format!("{key}/assessment_own/{place}"), &report)?;
        letter.follow_up = of.follow_up().map(|f| f.id.clone());
        letter.to = vec![own.lead.clone()];
        letter.cc = own.respondents.iter().filter(|a| **a != own.lead).cloned().collect();
        desk.send(&letter, Some(&of.loaded.case)).await?;
        told.push(own.provider.clone());
    }
    Ok((!told.is_empty()).then(|| format!("Each its own result: {}.", list(&told))))
}

/// Gives the rows of the round's plan their numbers, most urgent first, once: an action keeps its number.
async fn number_actions(desk: &mut Desk, by: &Address, found: Vec<Return>) -> Result<()> {
    let criteria = desk.office.policy.assessment.criteria.clone();
    let mut last = 0;
    let mut fresh: Vec<(usize, Action)> = Vec::new();
    for (place, of) in found.iter().enumerate() {
        let Some(provider_return) = of.loaded.case.provider_return.as_deref() else { continue };
        let known = |a: &Action| provider_return.actions.iter().any(|b| b.criterion == a.criterion);
        last = provider_return.actions.iter().map(|a| a.number).fold(last, u32::max);
        let rows = proposed(&criteria, &provider_return.standing().answers);
        fresh.extend(rows.into_iter().filter(|a| !known(a)).map(|action| (place, action)));
    }
    fresh.sort_by_key(|(place, action)| (action.priority, action.criterion, *place));
    fresh.iter_mut().zip(last + 1..).for_each(|((_, action), number)| action.number = number);
    for (place, of) in found.into_iter().enumerate() {
        let actions: Vec<Action> =
            fresh.iter().filter(|(whose, _)| *whose == place).map(|(_, action)| action.clone()).collect();
        if !actions.is_empty() {
            let event = AssessmentEvent::Planned { by: by.clone(), actions };
            desk.apply(of.loaded, &Event::Assessment(event)).await?;
        }
    }
    Ok(())
}

/// The report and the plan of these returns.
pub(in crate::engine) async fn made(desk: &mut Desk, found: &[Return]) -> Result<Results> {
    let office = desk.office.clone();
    let assessment = &office.policy.assessment;
    let returned: Vec<&ProviderReturn> =
        found.iter().filter_map(|r| r.loaded.case.provider_return.as_deref()).collect();
    let round = returned.first().map_or("", |r| r.round.as_str());
    let result = compare(round, &returned, &assessment.criteria, assessment.rule);
    let mut offered = Vec::new();
    for of in &returned {
        let counted = records(desk, &of.services, period(desk)).await?;
        offered.push((of.provider.clone(), paragraphs(&assessment.criteria, &counted, Reader::Beyond)));
    }
    let plans: Vec<Vec<Action>> = returned
        .iter()
        .map(|of| standing(&of.actions, proposed(&assessment.criteria, &of.standing().answers)))
        .collect();
    let mut rows: Vec<PlanRow<'_>> = found.iter().zip(&plans).flat_map(|(of, plan)| plan_rows(of, plan)).collect();
    rows.sort_by_key(|row| (row.action.priority, row.action.number));
    let edition = Edition {
        authority: &office.policy.authority.name,
        today: office.date(desk.now),
        result: &result,
        records: &offered,
        plan: &rows,
    };
    let code = FormCode::of_plan(round, &assessment.criteria);
    let plan = File {
        name: file_name("action-plan", round),
        media_type: XLSX.to_owned(),
        bytes: plan_workbook(round, &code, &rows, &assessment.criteria)?,
        content_id: None,
    };
    Ok(Results { report: results(&edition), plan })
}

fn plan_rows<'a>(of: &'a Return, plan: &'a [Action]) -> Vec<PlanRow<'a>> {
    let state = |action: &Action| {
        let follow_up = action.follow_up.as_ref().and_then(|id| of.loaded.case.follow_up(id));
        match follow_up.map(|f| (f.stage, f.due_on())) {
            Some((Stage::Closed, _)) => "done".to_owned(),
            Some((_, Some(due))) => format!("due {}", short_date(due)),
            Some((_, None)) | None => String::new(),
        }
    };
    plan.iter().map(|action| PlanRow { provider: of.provider(), action, state: state(action) }).collect()
}

/// A report as a letter, with its files.
fn letter(desk: &Desk, kind: LetterKind, key: String, report: &Report) -> Result<Letter> {
    let stationery = &desk.office.stationery;
    let id = stationery.key.letter_id(&key);
    let links =
        AnswerLinks { address: stationery.letter_address(&id).to_string(), subject: format!("Re: {}", report.subject) };
    let mut letter = Letter::new(kind, key, desk.now);
    letter.ready = Some(Ready {
        subject: report.subject.clone(),
        text: report::to_text(report),
        html: report::to_html(report, &links, Pictures::ContentId),
    });
    for chart in report.charts() {
        letter.files.push(File {
            name: format!("{}.png", chart.name),
            media_type: "image/png".to_owned(),
            bytes: chart.png()?,
            content_id: Some(chart.name.to_owned()),
        });
    }
    let file = |extension: &str, media_type: &str, bytes: Vec<u8>| File {
        name: report.file_name(extension),
        media_type: media_type.to_owned(),
        bytes,
        content_id: None,
    };
    letter.files.push(file("xlsx", XLSX, report::to_xlsx(report)?));
    letter.files.push(file("csv", "text/csv", report::to_csv(report)?));
    Ok(letter)
}
