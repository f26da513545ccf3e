//! Sends what the store has decided. Knows no case.

pub mod deliver;
pub mod sender;
