//! One binary for everything that looks at the service, or its repository, from outside.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice
)]

mod office;
mod postgres;
mod scenarios;
mod simulation;
mod tidy;
