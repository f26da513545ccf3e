//! A command with its bounds: how long its answer may take and how large it may be.

use std::time::Duration;

/// How long a short answer may take.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// A connection slower than this (bytes a second) counts as dead while it brings mail.
const SLOWEST: u64 = 64 << 10;
/// Most bytes of one answer line beyond the mail in it.
pub(super) const LINE_BYTES: u64 = 1 << 20;

/// A command with its bounds.
#[derive(Debug)]
pub(super) struct Command {
    /// For errors: never holds a secret.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) limit: Duration,
    /// Most bytes of a single answer.
    pub(super) most: u64,
}

impl Command {
    pub(super) fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let name = text.chars().take(80).collect();
        Self { name, text, limit: ANSWER_WITHIN, most: LINE_BYTES }
    }

    /// A command whose arguments nobody may read in a log.
    pub(super) fn secret(name: &str, arguments: &str) -> Self {
        Self { name: name.to_owned(), ..Self::new(format!("{name} {arguments}")) }
    }

    /// A command whose answer is not worth waiting for.
    pub(super) fn at_once(self) -> Self {
        Self { limit: Duration::from_secs(5), ..self }
    }

    /// A command that brings up to `total` bytes of mail, in answers of up to `single` bytes.
    pub(super) fn bringing(self, total: u64, single: u64) -> Self {
        Self {
            limit: ANSWER_WITHIN + Duration::from_secs(total / SLOWEST),
            most: single.saturating_add(LINE_BYTES),
            ..self
        }
    }
}
