//! What sort of mail it is, with the evidence (`mail.md` 2). Pure; decides nothing about cases.
//!
//! The worst error is to take a person for a machine, so the proof is on the side of the machine: its structure
//! (a report, a receipt, an invitation) or two signs that agree. An attachment, or more new words than a short
//! note, makes every single sign too weak.

mod automatic;
mod bulk;
mod delivery;
mod phrases;
mod structure;
mod text;

use super::{Kind, Message};
pub use automatic::is_no_reply;
use text::Words;
pub use text::fold;

/// New words above which a mail is a person's unless two signs agree that it is not (`domain.md` 7: 25 words
/// are advice).
pub const SUBSTANTIAL_WORDS: usize = 25;

/// What was seen and what it speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The kind that the pieces amount to.
    pub kind: Kind,
    /// Short texts, each naming its piece: "multipart/report; report-type=delivery-status".
    pub evidence: Vec<String>,
}

impl Finding {
    fn new(kind: Kind, evidence: Vec<String>) -> Self {
        Self { kind, evidence }
    }
}

/// Decides the kind of a mail; `new_text` is what its sender wrote, without quotation.
///
/// `is_own` tells our own letters: only the caller has the key that signs their ids.
pub fn kind(message: &Message, new_text: &str, is_own: impl Fn(&Message) -> bool) -> Finding {
    if is_own(message) {
        return Finding::new(Kind::Own, vec!["signed by this service".to_owned()]);
    }
    let words = Words::of(message, new_text);
    structure::read(message, &words)
        .or_else(|| delivery::read(message, &words))
        .or_else(|| bulk::report(message))
        .or_else(|| automatic::read(message, &words))
        .or_else(|| delivery::unknown(message))
        .or_else(|| bulk::newsletter(message, &words))
        .unwrap_or_else(|| human(message, &words))
}

/// A person, and what spoke against it without being enough.
fn human(message: &Message, words: &Words) -> Finding {
    let mut evidence = vec![format!("new words: {}", words.count)];
    if words.attached {
        evidence.push("an attachment".to_owned());
    }
    if !message.in_reply_to.is_empty() {
        evidence.push("In-Reply-To".to_owned());
    }
    evidence.extend(automatic::signs(message).into_iter().map(|sign| format!("not enough: {}", sign.text)));
    Finding::new(Kind::Human, evidence)
}

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
