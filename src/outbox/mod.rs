//! Sends what the store has decided. Knows no case.

pub mod deliver;
mod envelope;
pub mod sender;
