//! The command line: one file a subcommand. The only place that prints to standard output.

#![allow(clippy::print_stdout, clippy::print_stderr)]

pub mod check;
pub mod demo;
pub mod due;
pub mod endpoints;
pub mod inspect;
pub mod score;
