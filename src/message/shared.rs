//! Reads the corpus for tests; says so when it is absent.

#![cfg(test)]

use std::collections::HashMap;
use std::path::PathBuf;

fn root() -> PathBuf {
    std::env::var_os("FOLLOWUPD_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from)
}

/// The rows of a tab-separated table by column name; `None`, and a line that says so, when it is absent.
pub fn table(path: &str) -> Option<Vec<HashMap<String, String>>> {
    let Ok(text) = std::fs::read_to_string(root().join(path)) else {
        println!("not run: ../shared is absent");
        return None;
    };
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next()?.split('\t').collect();
    let row = |line: &str| names.iter().map(|n| n.to_string()).zip(line.split('\t').map(str::to_owned)).collect();
    Some(lines.filter(|line| !line.is_empty()).map(row).collect())
}

/// The bytes of a file of the corpus.
pub fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path)).unwrap()
}
