//! Assessment rounds in the engine: which cases are returns, what a letter about one carries, who answers.
//!
//! Decisions are made in `core::decide` like any other; here stands what needs the store, files and spreadsheets.

mod answers;
mod plan;
mod records;
mod results;
pub(super) mod rounds;

pub(super) use answers::{answered, by_form, holds_answers};
pub(super) use plan::plan_in;
pub(super) use results::send as send_results;

use super::desk::Desk;
use crate::core::assessment::Receipt;
use crate::core::case::{Case, CaseId};
use crate::core::follow_up::{FollowUp, FollowUpKind};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{File, Letter, LetterKind};
use crate::letters::assessment::{XLSX, form, form_workbook, receipt};
use crate::store::Loaded;
use anyhow::Result;

/// A return with its follow-up, as it is stored.
pub(super) struct Return {
    /// The case that holds it.
    pub loaded: Loaded,
}

impl Return {
    /// The follow-up of the return itself, not of its actions.
    pub fn follow_up(&self) -> Option<&FollowUp> {
        self.loaded.case.follow_ups.iter().find(|f| f.kind == FollowUpKind::AssessmentReturn)
    }

    /// Whether the round still takes answers.
    pub fn is_open(&self) -> bool {
        self.follow_up().is_some_and(|f| f.stage.is_open())
    }

    /// Name of its round.
    pub fn round(&self) -> &str {
        self.loaded.case.provider_return.as_ref().map_or("", |r| r.round.as_str())
    }

    /// Name of its provider.
    pub fn provider(&self) -> &str {
        self.loaded.case.provider_return.as_ref().map_or("", |r| r.provider.as_str())
    }
}

/// All returns, in the order in which they were opened.
pub(super) async fn returns(desk: &mut Desk) -> Result<Vec<Return>> {
    let mut all = Vec::new();
    for id in desk.tx.return_cases().await? {
        let loaded = desk.tx.case(&id).await?.filter(|l| l.case.provider_return.is_some());
        all.extend(loaded.map(|loaded| Return { loaded }));
    }
    Ok(all)
}

/// The case that holds an action of the newest round's plan.
pub(super) async fn action_case(desk: &mut Desk, number: u32) -> Result<Option<Loaded>> {
    let found = rounds::of_round(desk, None).await?.unwrap_or_default();
    let holds = |r: &Return| {
        r.loaded.case.provider_return.as_ref().is_some_and(|p| p.actions.iter().any(|a| a.number == number))
    };
    Ok(found.into_iter().find(holds).map(|r| r.loaded))
}

/// The key of a provider's return in a round; no case reference looks like it.
fn case_id(round: &str, provider: &str) -> CaseId {
    CaseId(format!("{} / {}", round.trim(), provider.trim()))
}

/// Whether a follow-up belongs to an assessment round.
pub(super) fn is_ours(follow_up: &FollowUp) -> bool {
    matches!(follow_up.kind, FollowUpKind::AssessmentReturn | FollowUpKind::Action)
}

/// Whether this address may answer for the return that a follow-up belongs to.
pub(super) async fn knows(desk: &mut Desk, id: &FollowUpId, who: &Address) -> Result<bool> {
    Ok(desk.tx.case_of(id).await?.is_some_and(|l| may_answer(&l.case, who)))
}

/// Whether this address may answer for the provider of a case.
fn may_answer(case: &Case, who: &Address) -> bool {
    case.provider_return.as_ref().is_some_and(|r| r.may_answer(who))
}

/// A letter about a return with what it carries below its words.
pub(super) fn dressed(letter: &Letter, case: Option<&Case>, desk: &Desk) -> Result<Option<Letter>> {
    let assessment = &desk.office.policy.assessment;
    let Some(provider_return) = case.and_then(|c| c.provider_return.as_deref()) else { return Ok(None) };
    let mut letter = letter.clone();
    if letter.kind == LetterKind::AssessmentReceipt {
        letter.below = Some(receipt(&Receipt::of(provider_return, &assessment.criteria, assessment.rule)));
        return Ok(Some(letter));
    }
    if letter.kind != LetterKind::AssessmentForm {
        return Ok(None);
    }
    letter.below = Some(form(provider_return, &assessment.criteria));
    letter.files.push(File {
        name: file_name("self-assessment", &provider_return.round),
        media_type: XLSX.to_owned(),
        bytes: form_workbook(provider_return, &assessment.criteria)?,
        content_id: None,
    });
    Ok(Some(letter))
}

/// "self-assessment-autumn-2026.xlsx".
fn file_name(what: &str, round: &str) -> String {
    let words = round.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_lowercase).collect();
    format!("{what}-{}.xlsx", words.join("-"))
}
