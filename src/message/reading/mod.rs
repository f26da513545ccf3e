//! The whole of what is read of a mail, in one call.

use super::forwarded::{Forwarded, forwarded};
use super::new_text::NewText;
use super::substance::{ReplyWords, substance};
use super::{Absence, Bounce, Kind, Message, Substance, absence, bounce, kind, new_text, parse};
use chrono::NaiveDate;

/// A mail, read: what it is, what its sender wrote, and what a notice tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The mail, taken apart.
    pub message: Message,
    /// What sort of mail it is.
    pub kind: Kind,
    /// Why it is taken for that, in short texts.
    pub evidence: Vec<String>,
    /// What the sender wrote, of a machine too.
    pub new_text: NewText,
    /// What a notice about mail that did not arrive tells; for [`Kind::Bounce`] and [`Kind::Delay`] alone.
    pub bounce: Option<Bounce>,
    /// What an out-of-office notice tells; for [`Kind::Absence`] alone.
    pub absence: Option<Absence>,
    /// What a person's mail sends on, one level deep; empty for a machine's.
    pub forwarded: Vec<Forwarded>,
}

impl Reading {
    /// How much the sender wrote, by the words of the policy. Says nothing of a machine's mail.
    pub fn substance(&self, words: &ReplyWords<'_>) -> Substance {
        substance(&self.new_text, &self.message.attachments, &self.message, words)
    }
}

/// Reads a mail. Never fails; `received_on` is the local date of its receipt, for dates without a year.
///
/// Never says [`Kind::Own`]: use [`read_with`] where the key is.
pub fn read(raw: &[u8], received_on: NaiveDate) -> Reading {
    read_with(raw, received_on, |_| false)
}

/// Reads a mail with a test for our own letters coming back.
pub fn read_with(raw: &[u8], received_on: NaiveDate, is_own: impl Fn(&Message) -> bool) -> Reading {
    let message = parse::parse(raw);
    let new_text = new_text::new_text(message.text.as_deref(), message.html.as_deref());
    let found = kind::kind(&message, &new_text.own, is_own);
    let tells_failure = matches!(found.kind, Kind::Bounce | Kind::Delay);
    let bounce = tells_failure.then(|| bounce::read_notice(&message).bounce);
    let absence = (found.kind == Kind::Absence).then(|| absence::read(&message, &new_text.own, received_on));
    let forwarded = if matches!(found.kind, Kind::Human | Kind::Bulk) { forwarded(&message) } else { Vec::new() };
    Reading { kind: found.kind, evidence: found.evidence, message, new_text, bounce, absence, forwarded }
}

#[cfg(test)]
mod tests;
