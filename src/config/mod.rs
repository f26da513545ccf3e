//! TOML and environment → validated Policy, Directory and Endpoints; all faults at once.
