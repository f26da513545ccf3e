//! What the service costs, each measure against a floor that is measured beside it in the same run.
//!
//! `cargo bench` runs all, `cargo bench -- due backlog` those named. Absolute figures change from machine to machine;
//! the ratios hold.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(clippy::disallowed_methods, reason = "a benchmark is the one place that has to look at the real clock")]
#![allow(clippy::print_stdout, reason = "the table is what it is for")]

mod authority;
mod backlog;
mod due;
mod firing;
mod letters;
mod matching;
#[allow(dead_code, unused_imports, reason = "shared with the stories, which use more of it")]
#[path = "../it/office/mod.rs"]
mod office;
#[allow(dead_code, reason = "shared with the stories, which use more of it")]
#[path = "../it/postgres.rs"]
mod postgres;
mod reading;
mod reports;
mod rounds;

use rounds::Row;

/// A benchmark: its name, and what gives its rows.
type Bench = (&'static str, fn() -> Vec<Row>);

const BENCHES: [Bench; 7] = [
    ("due", due::rows),
    ("reading", reading::rows),
    ("letters", letters::rows),
    ("backlog", backlog::rows),
    ("firing", firing::rows),
    ("matching", matching::rows),
    ("reports", reports::rows),
];

fn main() {
    // cargo adds flags of its own.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    println!("{}", rounds::heading());
    for (name, rows) in BENCHES {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            rows().iter().for_each(|row| println!("{row}"));
        }
    }
}
