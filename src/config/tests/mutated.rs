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

/// One value of each type, and some at the edge.
const VALUES: &[&str] = &[
    "1",
    "0",
    "-1",
    "4294967296",
    "1.5",
    "nan",
    "true",
    "\"\"",
    "\" \"",
    "\"x\"",
    "\"a@b.example\"",
    "\"25:00\"",
    "\"0\"",
    "2026-12-24",
    "2026-12-24T10:00:00Z",
    "10:00:00",
    "[]",
    "[1]",
    "[\"x\"]",
    "[\"\"]",
    "[[]]",
    "[{}]",
    "{}",
    "{ a = 1 }",
    "{ file = \"x\" }",
    "{ 2029 = [2029-01-01] }",
    "{ \"a.b[0]\" = \"x\" }",
    "{ \"\" = \"x\" }",
    "{ review = 1 }",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

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
            let told = office.told(&faults);
            prop_assert!(!told.contains("hunter2"));
            prop_assert!(!told.contains("as a whole"), "the first look has let something through: {}", told);
        }
    }

    #[test]
    fn any_value_in_the_environment_is_taken_or_told(key: prop::sample::Index, value in "\\PC{0,40}") {
        let paths: Vec<&str> = crate::config::schema::keys().map(|key| key.path).collect();
        let path = paths[key.index(paths.len())];
        let variable = format!("FOLLOWUPD__{}", path.to_uppercase().replace('.', "__"));
        let office = Office::with(GOOD);
        if let Err(faults) = office.load_with(&[(&variable, &value)]) {
            let told = office.told(&faults);
            prop_assert!(!told.contains("as a whole"), "the first look has let something through: {}", told);
        }
    }

    #[test]
    fn any_value_of_any_type_is_taken_or_told(key: prop::sample::Index, value in prop::sample::select(VALUES)) {
        let keys: Vec<_> = crate::config::schema::keys().collect();
        let key = keys[key.index(keys.len())];
        let heading = match key.section().replace("[]", "") {
            section if key.is_in_row() => format!("[[{section}]]"),
            section => format!("[{section}]"),
        };
        let office = Office::with(&format!("{heading}\n{} = {value}\n", key.name()));
        let told = office.told(&office.load_with(&[]).unwrap_err());
        prop_assert!(told.contains("is missing"));
        prop_assert!(!told.contains("as a whole"), "the first look has let something through: {}", told);
    }
}
