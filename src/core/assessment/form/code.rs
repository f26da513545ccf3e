//! The code of a form, `SA-7KQ2M4X`: tells the form of this round from last year's, wherever it comes back.
//!
//! Made of the names of round and provider and of the criteria, so that a form whose questions have changed is another
//! form, and so is that of another provider.

use crate::core::assessment::criteria::Criteria;
use data_encoding::BASE32_NOPAD;
use regex::Regex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

/// The code of a provider's form in a round, or of the round's action plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FormCode(String);

/// Letters and digits behind the dash.
const LENGTH: usize = 7;

static CODE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\bSA\s?[-\u{2010}\u{2011}–]\s?([A-Z2-7]{7})\b").ok());

impl FormCode {
    /// The code of the form that asks these criteria of this provider in this round.
    pub fn of_form(round: &str, provider: &str, criteria: &Criteria) -> Self {
        Self::hashed(&format!("{}\0{}", round.trim().to_lowercase(), provider.trim().to_lowercase()), criteria)
    }

    /// The code of the round's action plan, which holds the rows of every provider.
    pub fn of_plan(round: &str, criteria: &Criteria) -> Self {
        Self::hashed(&round.trim().to_lowercase(), criteria)
    }

    fn hashed(names: &str, criteria: &Criteria) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(names);
        for criterion in criteria.iter() {
            let importance = criterion.importance.name();
            hasher.update(format!("\0{}\0{importance}\0{}", criterion.number, criterion.text));
        }
        let letters = BASE32_NOPAD.encode(&hasher.finalize());
        Self(format!("SA-{}", letters.get(..LENGTH).unwrap_or(&letters)))
    }

    /// Every code that a text holds: a mail may quote two forms.
    pub fn all_in(text: &str) -> BTreeSet<Self> {
        let found = CODE.iter().flat_map(|pattern| pattern.captures_iter(text));
        found.filter_map(|c| c.get(1)).map(|m| Self(format!("SA-{}", m.as_str().to_uppercase()))).collect()
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FormCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_round_another_provider_or_another_question_is_another_form() {
        let shipped = Criteria::shipped();
        let code = FormCode::of_form("Autumn 2026", "North Trust", &shipped);
        assert_eq!(code, FormCode::of_form(" autumn 2026", "north trust ", &shipped));
        assert_ne!(code, FormCode::of_form("Autumn 2025", "North Trust", &shipped));
        assert_ne!(code, FormCode::of_form("Autumn 2026", "South Trust", &shipped));
        assert_ne!(code, FormCode::of_plan("Autumn 2026", &shipped));
        let mut rows: Vec<_> = shipped.iter().cloned().collect();
        rows[3].text.push('!');
        assert_ne!(code, FormCode::of_form("Autumn 2026", "North Trust", &Criteria::new(rows).unwrap()));
    }

    #[test]
    fn a_code_is_found_wherever_it_stands() {
        let code = FormCode::of_plan("Autumn 2026", &Criteria::shipped());
        let check = |text: &str, expected: &[&FormCode]| {
            assert_eq!(FormCode::all_in(text).iter().collect::<Vec<_>>(), expected, "{text:?}");
        };
        check(&format!("> [Form {code}]\n"), &[&code]);
        check(&format!("form {}.", code.as_str().to_lowercase().replace('-', " - ")), &[&code]);
        check("our SA-policy and USA-BASED staff", &[]);
    }
}
