//! followupd: sees to it that nobody's advice for a child's plan is forgotten.

#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice, clippy::panic)
)]

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod core;
pub mod engine;
pub mod letters;
pub mod mailbox;
pub mod message;
pub mod outbox;
pub mod scheduler;
pub mod store;
