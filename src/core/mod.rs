//! The pure core: what a case is, what may happen to it and what follows from that.
//!
//! Nothing here reads a clock, a file, a socket or a database, nothing logs, nothing is async and nothing
//! fails: every function is total and gives the same answer for the same arguments.

pub mod assessment;
pub mod calendar;
pub mod command;
pub mod directory;
pub mod id;
pub mod policy;
pub mod token;
