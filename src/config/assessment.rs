//! `[assessment]` and `[[criterion]]` → what a self-assessment is held against. What a set of criteria has to be,
//! `core::assessment` says; here its faults get their file, line, key and remedy.

use super::fault::{Fault, Severity};
use super::review::{Review, Secrets};
use super::sections::Sections;
use super::{environment, find_main, gather, in_order, schema, sections_of};
use crate::core::assessment::criteria::HIGHEST_NUMBER;
use crate::core::assessment::{Criteria, CriteriaFault, Criterion, Rule, colour::amber_can_occur};
use std::collections::BTreeMap;
use std::path::Path;

/// What a self-assessment is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentRules {
    /// What is asked.
    pub criteria: Criteria,
    /// How the colour follows from the answers.
    pub rule: Rule,
}

impl AssessmentRules {
    /// Those of the release.
    pub fn shipped() -> Self {
        Self { criteria: Criteria::shipped(), rule: Rule::default() }
    }
}

/// Reads what a self-assessment is held against, where nothing else of the configuration is needed.
///
/// The configuration is found as `load` finds it; where there is none, the rules of the release hold. Faults of
/// other sections do not matter: whoever scores a form needs none of the service's secrets.
pub fn assessment_rules(
    main: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<AssessmentRules, Vec<Fault>> {
    let environment: BTreeMap<String, String> = environment.collect();
    let Ok(main) = find_main(main, &environment) else { return Ok(AssessmentRules::shipped()) };
    let (gathered, files) = gather(&main, None, &environment)?;
    let (_, sections) = sections_of(&gathered, &main).map_err(|fault| vec![*fault])?;
    let mut review = Review {
        secrets: Secrets::Spared,
        gathered: &gathered,
        main: &main,
        environment: &environment,
        faults: Vec::new(),
    };
    let rules = rules(&sections, &mut review);
    let found = gathered.faults.iter().cloned().chain(review.faults);
    let faults: Vec<Fault> = found.filter(|fault| fault.severity == Severity::Error && is_ours(&fault.key)).collect();
    if faults.is_empty() { Ok(rules) } else { Err(in_order(faults, &files)) }
}

/// Whether a fault is about the self-assessment, or may be: a misspelt section could have been meant for it.
fn is_ours(key: &str) -> bool {
    let path = environment::path_of(key).unwrap_or_else(|| key.to_owned());
    let section = path.split(['.', '[']).next().unwrap_or_default();
    matches!(section, "assessment" | "criterion") || !schema::names_under("").contains(&section)
}

/// Builds the rules; where the criteria are at fault, those of the release stand in for them.
pub(super) fn rules(s: &Sections, review: &mut Review<'_>) -> AssessmentRules {
    let rule = Rule { met: s.assessment.met, majority: s.assessment.majority };
    let rules = AssessmentRules { criteria: criteria(&s.criterion, review), rule };
    if !amber_can_occur(&rules.criteria, rule.met) {
        let what = "with \"yes\" and so many essential criteria no result can ever be AMBER";
        review.warning("assessment.met", what, "write \"yes_or_emerging\" unless the ICB wants it so");
    }
    rules
}

/// Rows whose number is spoiled are told of already, and their number is not theirs.
fn criteria(rows: &[Criterion], review: &mut Review<'_>) -> Criteria {
    let (places, sound): (Vec<usize>, Vec<Criterion>) =
        rows.iter().cloned().enumerate().filter(|(i, _)| review.gathered.is_sound(&path(*i, "number"))).unzip();
    if sound.is_empty() {
        return Criteria::shipped();
    }
    let numbers: Vec<u32> = sound.iter().map(|criterion| criterion.number).collect();
    Criteria::new(sound).unwrap_or_else(|faults| {
        for fault in faults {
            note(fault, &places, &numbers, review);
        }
        Criteria::shipped()
    })
}

fn note(fault: CriteriaFault, places: &[usize], numbers: &[u32], review: &mut Review<'_>) {
    let number = |row: usize| numbers.get(row).copied().unwrap_or_default();
    let path = |row: usize, name: &str| path(places.get(row).copied().unwrap_or_default(), name);
    match fault {
        CriteriaFault::Empty => review.error("criterion", "there is no criterion", "write at least one [[criterion]]"),
        CriteriaFault::Number { row } => {
            let what = format!("{} cannot be written in the form", number(row));
            review.error(&path(row, "number"), what, format!("write a number from 1 to {HIGHEST_NUMBER}"));
        }
        CriteriaFault::Text { row } => {
            review.error(&path(row, "text"), "the text is empty", "write the question");
        }
        CriteriaFault::Twice { row, first } => {
            let what = format!(
                "{} is already the number of another criterion ({})",
                number(row),
                review.spot(&path(first, "number"))
            );
            review.error(&path(row, "number"), what, "give each criterion a number of its own");
        }
    }
}

fn path(row: usize, name: &str) -> String {
    format!("criterion[{row}].{name}")
}
