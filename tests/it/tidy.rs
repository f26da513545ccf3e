//! Holds the shape of the source: which module may use which, where the clock, SQL and each server library may
//! be touched, how long a file may be. Reads text, not types: plain enough to be read as the rules themselves.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Which modules of ours a module may use, beside itself. Without a row: none may use it but those without a row.
const MAY_USE: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("clock", &[]),
    ("message", &["core"]),
    ("letters", &["core"]),
    ("config", &["core", "message", "letters"]),
    ("store", &["core", "message", "letters"]),
    ("engine", &["core", "message", "letters", "store"]),
    ("mailbox", &["core", "message", "letters", "store", "engine", "config", "clock"]),
    ("outbox", &["core", "message", "letters", "store", "engine", "config", "clock"]),
    ("scheduler", &["core", "message", "letters", "store", "engine", "config", "clock"]),
];

/// The composition root and the command line see everything.
const MAY_USE_ALL: &[&str] = &["app", "cli", "lib", "main"];

/// What may be touched in some places only. Tests are free.
const KEPT_TO: &[(&str, &[&str], &str)] = &[
    ("Utc::now", &["clock"], "take `now` as an argument"),
    ("Local::now", &["clock"], "take `now` as an argument"),
    ("SystemTime::now", &["clock"], "take `now` as an argument"),
    ("Instant::now", &["clock"], "only the clock reads time"),
    ("time::sleep", &["clock"], "only the clock sleeps"),
    ("thread::sleep", &["clock"], "only the clock sleeps"),
    ("sqlx::", &["store"], "only the store knows the database"),
    ("\"SELECT ", &["store", "mailbox"], "only the store has SQL (SELECT is a word of IMAP too)"),
    ("\"INSERT INTO ", &["store"], "only the store has SQL"),
    ("\"UPDATE ", &["store"], "only the store has SQL"),
    ("\"DELETE FROM ", &["store"], "only the store has SQL"),
    ("async_imap::", &["mailbox"], "only the mailbox speaks IMAP"),
    ("lettre::", &["letters", "outbox"], "only letters and the outbox know lettre"),
    ("tokio_cron_scheduler::", &["scheduler"], "it only ticks; due times are ours"),
];

/// What a pure module must not touch: no I/O, no waiting, no log.
const IMPURE: &[&str] = &["tokio", "tracing", "std::fs", "std::net", "std::env", "std::process", "async fn", ".await"];
const PURE: &[&str] = &["core", "message", "letters"];

const LONGEST_FILE: usize = 500;

/// The top level as it is meant to be, with what tools demand there.
const TOP_LEVEL: &[&str] = &[
    "Cargo.toml",
    "src",
    "config",
    "migrations",
    "deploy",
    "tests",
    "README.md",
    "Cargo.lock",
    ".ci",
    ".gitignore",
    "clippy.toml",
    "deny.toml",
    "rustfmt.toml",
];

/// What a working copy has beside them: the history, and what `.gitignore` lists.
const NOT_KEPT: &[&str] = &[".git", "target", "demo", "var"];

#[test]
fn the_source_keeps_to_its_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    for path in rust_files(root) {
        let text = fs::read_to_string(root.join(&path)).unwrap();
        faults.extend(
            form(&text).into_iter().chain(rules(&path, &text)).map(|fault| format!("{}: {fault}", path.display())),
        );
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn the_top_level_holds_what_it_is_meant_to() {
    let strangers: Vec<String> = fs::read_dir(env!("CARGO_MANIFEST_DIR"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| !TOP_LEVEL.contains(&name.as_str()) && !NOT_KEPT.contains(&name.as_str()))
        .collect();
    assert!(strangers.is_empty(), "not meant to be at the top level: {strangers:?}");
}

/// Every `.rs` below `src` and `tests`, relative to the root.
fn rust_files(root: &Path) -> Vec<PathBuf> {
    let mut open = vec![root.join("src"), root.join("tests")];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path.strip_prefix(root).unwrap().to_owned());
            }
        }
    }
    files.sort();
    files
}

/// What every file keeps to.
fn form(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !text.starts_with("//!") {
        faults.push("does not open with `//!`: what it is for and what it must not do".to_owned());
    }
    let lines = text.lines().count();
    if lines > LONGEST_FILE {
        faults.push(format!("has {lines} lines, more than {LONGEST_FILE}: it has more than one subject"));
    }
    faults
}

/// What the module that a file belongs to keeps to.
fn rules(path: &Path, text: &str) -> Vec<String> {
    let Some(module) = module_of(path) else { return Vec::new() };
    let mut faults = foreign_modules(&module, &without_comments(text));
    let code = if is_test_file(path) || text.contains("\n#![cfg(test)]") {
        String::new()
    } else {
        without_comments(without_tests(text))
    };
    for (what, places, why) in KEPT_TO.iter().filter(|(what, ..)| mentions(&code, what)) {
        if !places.contains(&module.as_str()) {
            faults.push(format!("has `{what}`, which is kept to {places:?}: {why}"));
        }
    }
    if PURE.contains(&module.as_str()) {
        let found = IMPURE.iter().filter(|what| mentions(&code, what));
        faults.extend(found.map(|what| format!("has `{what}`, and `{module}` is pure")));
    }
    faults
}

/// `src/core/id.rs` belongs to `core`, `src/clock.rs` to `clock`, a test to none.
fn module_of(path: &Path) -> Option<String> {
    let first = path.strip_prefix("src").ok()?.components().next()?;
    Some(first.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned())
}

fn is_test_file(path: &Path) -> bool {
    path.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")))
}

/// By convention tests stand at the end.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or(text)
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

/// Whether `what` stands in the code and is not part of a longer word.
fn mentions(code: &str, what: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(what).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + what.len()..]);
        let goes_on_before = is_word(what.chars().next()) && is_word(before.chars().next_back());
        let goes_on_after = is_word(what.chars().next_back()) && is_word(after.chars().next());
        !goes_on_before && !goes_on_after
    })
}

fn foreign_modules(module: &str, code: &str) -> Vec<String> {
    if MAY_USE_ALL.contains(&module) {
        return Vec::new();
    }
    let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
        return vec![format!("`{module}` has no row in the table of imports")];
    };
    used_modules(code)
        .into_iter()
        .filter(|used| used != module && !allowed.contains(&used.as_str()))
        .map(|used| format!("uses `crate::{used}`, and `{module}` may only use {allowed:?}"))
        .collect()
}

/// The first names behind every `crate::`, also in a group: `crate::{core::id, store}` uses `core` and `store`.
fn used_modules(code: &str) -> Vec<String> {
    let mut used: Vec<String> = Vec::new();
    for path in code.split("crate::").skip(1) {
        match path.strip_prefix('{') {
            None => used.push(first_word(path)),
            Some(group) => used.extend(group_members(group)),
        }
    }
    used.sort();
    used.dedup();
    used
}

fn first_word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first name of each member up to the brace that closes the group.
fn group_members(group: &str) -> Vec<String> {
    let mut members = vec![String::new()];
    let mut depth = 1;
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => members.push(String::new()),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if let Some(last) = members.last_mut() {
            last.push(c);
        }
    }
    members.iter().map(|member| first_word(member.trim_start_matches(','))).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod of_the_checker_itself {
    use super::*;

    #[test]
    fn each_rule_is_broken_by_its_example() {
        let check = |path: &str, text: &str, word: Option<&str>| {
            let faults: Vec<String> = form(text).into_iter().chain(rules(Path::new(path), text)).collect();
            match word {
                None => assert!(faults.is_empty(), "{path}: {faults:?}"),
                Some(word) => assert!(faults.len() == 1 && faults[0].contains(word), "{path}: {faults:?}"),
            }
        };
        check("src/core/id.rs", "//! A\nuse crate::core::token;\nuse super::id;\n", None);
        check("src/core/id.rs", "use crate::core::token;\n", Some("does not open with"));
        check("src/core/id.rs", &format!("//! A\n{}", "\n".repeat(500)), Some("501 lines"));
        check("src/core/id.rs", "//! A\nuse crate::message::Message;\n", Some("crate::message"));
        check("src/letters/a.rs", "//! A\nuse crate::message::Message;\n", Some("crate::message"));
        check(
            "src/store/a.rs",
            "//! A\nuse crate::{\n    core::{id, token},\n    engine,\n};\n",
            Some("crate::engine"),
        );
        check("src/outbox/a.rs", "//! A\nfn f() { crate::mailbox::ingest() }\n", Some("crate::mailbox"));
        check("src/outbox/a.rs", "//! A\n/// Like [`crate::mailbox`].\nuse crate::{core::id, store};\n", None);
        check("src/novel/a.rs", "//! A\n", Some("no row"));
        check("src/app.rs", "//! A\nuse crate::{mailbox, outbox};\n", None);
        check("src/engine.rs", "//! A\nlet now = chrono::Utc::now();\n", Some("Utc::now"));
        check("src/clock.rs", "//! A\nlet now = chrono::Utc::now();\n", None);
        check("src/outbox/a.rs", "//! A\n#[cfg(test)]\nmod tests { let now = Instant::now(); }\n", None);
        check("src/outbox/tests.rs", "//! A\nlet now = Instant::now();\n", None);
        check("src/cli/a.rs", "//! A\nlet q = \"SELECT 1\";\n", Some("SELECT"));
        check("src/cli/a.rs", "//! A\nlet q = \"SELECTION\"; let my_sqlx_name = 1;\n", None);
        check("src/mailbox/a.rs", "//! A\nuse lettre::Address;\n", Some("lettre"));
        check("src/message/a.rs", "//! A\nasync fn read() {}\n", Some("is pure"));
        check("tests/it/a.rs", "//! A\nuse std::fs; let now = Utc::now();\n", None);
    }
}
