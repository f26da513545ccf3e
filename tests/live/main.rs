//! The service against real servers on loopback: they are started here, need no configuration and leave nothing behind.
//!
//! Run by `cargo test --test live`, not by a plain `cargo test`: it needs root and the packages that tests/run installs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    missing_docs,
    reason = "tests fail by panicking"
)]

mod alerts;
mod check;
mod clock;
mod crash;
mod dovecot;
mod exchange;
mod main_path;
mod nodes;
mod oauth;
mod outages;
mod readme;
mod restore;
mod retention;
mod sender;
mod servers;
mod service;
mod world;
