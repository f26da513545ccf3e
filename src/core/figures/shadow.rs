//! What shadow mode kept back: the figures that justify going live.

use crate::core::id::Address;
use crate::core::letter::LetterKind;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// A letter that would have gone to somebody outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShadowLetter {
    /// `LTR-…`.
    pub id: String,
    /// Sort.
    pub kind: LetterKind,
    /// When it would have left at the earliest.
    pub at: DateTime<Utc>,
    /// For whom it was meant.
    pub meant_for: Vec<Address>,
    /// Case key.
    pub case_id: Option<String>,
    /// Follow-up.
    pub follow_up: Option<String>,
}

/// Counts over the letters of shadow mode.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShadowFigures {
    /// Letters by sort.
    pub by_kind: BTreeMap<LetterKind, u64>,
    /// Letters and people by mail domain.
    pub by_domain: BTreeMap<String, (u64, u64)>,
    /// People who would have got a letter.
    pub people: u64,
}

impl ShadowFigures {
    /// Counts each letter once for its sort, and once for each domain that it would have reached.
    pub fn of(letters: &[ShadowLetter]) -> Self {
        let mut figures = Self::default();
        let mut people: BTreeMap<&str, BTreeSet<&Address>> = BTreeMap::new();
        for letter in letters {
            *figures.by_kind.entry(letter.kind).or_default() += 1;
            let domains: BTreeSet<&str> = letter.meant_for.iter().map(Address::domain).collect();
            for domain in domains {
                figures.by_domain.entry(domain.to_owned()).or_default().0 += 1;
            }
            for address in &letter.meant_for {
                people.entry(address.domain()).or_default().insert(address);
            }
        }
        for (domain, addresses) in people {
            let count = u64::try_from(addresses.len()).unwrap_or(u64::MAX);
            figures.people += count;
            figures.by_domain.entry(domain.to_owned()).or_default().1 = count;
        }
        figures
    }
}
