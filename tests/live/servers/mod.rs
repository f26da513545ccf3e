//! Real servers, each an instance of its own in a temporary folder, gone when its value is dropped.

pub mod postfix;
