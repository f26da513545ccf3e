//! One binary for everything that looks at the service, or its repository, from outside.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice
)]

mod advice;
mod alerts;
mod answers;
mod cases;
mod check;
mod data_protection;
mod demo;
mod digests;
mod drafts;
mod due;
mod inspect;
mod office;
mod overtaken;
mod parents;
mod postgres;
mod program;
mod properties;
mod reports;
mod rounds;
mod scenarios;
mod score;
mod simulate;
mod simulation;
mod situations;
mod store;
mod tidy;
mod together;
mod upgrade;
