//! The service against real servers on loopback. Started by `tests/run`, which installs them; needs root.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod sender;
mod servers;
