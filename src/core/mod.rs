//! The pure core: what a case is, what may happen to it and what follows from that.
//!
//! Nothing here reads a clock, a file, a socket or a database, nothing logs, nothing is async and nothing
//! fails: every function is total and gives the same answer for the same arguments.

pub mod assessment;
pub mod calendar;
pub mod case;
pub mod command;
pub mod decide;
pub mod directory;
pub mod event;
pub mod exemption;
pub mod family;
pub mod figures;
pub mod follow_up;
pub mod id;
pub mod import;
pub mod letter;
pub mod notice;
pub mod parent_words;
pub mod policy;
pub mod register;
pub mod retention;
pub mod review;
pub mod suppression;
pub mod timescale;
pub mod token;
pub mod wording;
