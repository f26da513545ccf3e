//! Whatever stands in a file, it is read without a panic, and what is refused is refused with a reason.

use super::{GOOD, Office, shipped};
use proptest::prelude::*;

/// Pieces that are likely to hurt where they do not belong.
const PIECES: &[&str] = &[
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    "\"",
    "'''",
    "\n",
    ".",
    ",",
    "é",
    "\u{0}",
    "\u{feff}",
    "[service]",
    "[[service.adviser]]",
    "[[mailbox]]",
    "url",
    "9999999999999999999",
    "0x1F",
    "1e5",
    "nan",
    "2026-02-30",
    "2026-12-24T10:00:00Z",
    "true",
    "[0]",
    "'a.b'",
    "imaps://%",
    "maildir:",
    "-1",
    "coordinator[0]",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_mutated_file_never_panics(
        reference: bool,
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, 0usize..PIECES.len()), 1..5),
    ) {
        let text = if reference { shipped("followupd.toml") } else { GOOD.to_owned() };
        let mut characters: Vec<char> = text.chars().collect();
        for (place, removed, piece) in cuts {
            let from = place.index(characters.len());
            let to = (from + removed).min(characters.len());
            characters.splice(from..to, PIECES[piece].chars());
        }
        let office = Office::with(&characters.into_iter().collect::<String>());
        if let Err(faults) = office.load_with(&[]) {
            prop_assert!(!faults.is_empty());
            prop_assert!(faults.iter().all(|fault| !fault.what.is_empty() && !fault.remedy.is_empty()));
            prop_assert!(!office.told(&faults).contains("hunter2"));
        }
    }

    #[test]
    fn any_value_in_the_environment_is_taken_or_told(key: prop::sample::Index, value in "\\PC{0,40}") {
        let paths: Vec<&str> = crate::config::schema::keys().map(|key| key.path).collect();
        let path = paths[key.index(paths.len())];
        let variable = format!("FOLLOWUPD__{}", path.to_uppercase().replace('.', "__"));
        let _ = Office::with(GOOD).load_with(&[(&variable, &value)]);
    }
}
