//! How much a person wrote: full, thin, asks for time, nothing (`domain.md` 7).
//!
//! Tells only what can be checked; what the words mean is the co-ordinator's to say. Counts the sender's own words,
//! so that a quotation of our own letter or a long signature never looks like advice.

mod acknowledgement;
mod agreement;
#[cfg(test)]
mod blind;
mod files;
mod said;
mod sayings;
mod statement;
#[cfg(test)]
mod tests;
mod words;

pub use acknowledgement::only_acknowledges;
pub use agreement::only_agrees;
pub use said::{Said, said};

use super::new_text::{CutKind, NewText};
use super::{Attachment, Message, Substance};
use files::File;

/// What the rules say about words; both lists as the configuration holds them.
#[derive(Debug, Clone, Copy)]
pub struct ReplyWords<'a> {
    /// So many new words are a full reply (25 for an adviser, 60 for a manager).
    pub full_words: usize,
    /// "will send", "chasing": a reply that holds one is thin.
    pub holding_phrases: &'a [String],
    /// "more time", "extension".
    pub more_time_phrases: &'a [String],
}

/// Whether the sender's own words hold one of the phrases.
pub fn says_one_of(own: &str, phrases: &[String]) -> bool {
    words::Text::new(own).says_one_of(phrases)
}

/// Whether these words are a greeting or a closing formula, or nothing at all.
pub fn only_greets(own: &str) -> bool {
    words::Text::new(own).count() == 0
}

/// A text of so many times the full words is advice, even when it says "see attached" or "more time" somewhere.
const LONG: usize = 4;

/// Tells how much a reply holds. `new` is the new text of `message`, `attachments` are those that count.
pub fn substance(new: &NewText, attachments: &[Attachment], message: &Message, words: &ReplyWords) -> Substance {
    match files::best(attachments, message) {
        File::Content => return Substance::Full,
        File::Locked => return Substance::Encrypted,
        File::Decoration => {}
    }
    if words::is_locked(new, message) {
        return Substance::Encrypted;
    }
    of_words(new, &message.subject, words)
}

fn of_words(new: &NewText, subject: &str, words: &ReplyWords) -> Substance {
    let own = words::Text::new(&new.own);
    let count = own.count() + words_sent_on(new, subject);
    if count == 0 {
        return Substance::Empty;
    }
    let long = count >= words.full_words.saturating_mul(LONG);
    if !long && own.announces_attachment() {
        return if own.links_to_a_file() { Substance::Thin } else { Substance::AttachmentMissing };
    }
    let asks_for_time = own.says_one_of(words.more_time_phrases);
    if own.opens_with("need time") || asks_for_time && !long && !said::is_their_time(&new.own) {
        return Substance::MoreTime;
    }
    if asks_for_time || own.says_one_of(words.holding_phrases) {
        return Substance::Thin;
    }
    let full = count >= words.full_words || own.points_into_the_quotation() && quoted_words(new) >= words.full_words;
    if full { Substance::Full } else { Substance::Thin }
}

/// Words of a text that the sender sends on: they are the content of a forward, and of nothing else.
fn words_sent_on(new: &NewText, subject: &str) -> usize {
    let shown = || words::Text::new(&new.text).count().saturating_sub(words::Text::new(&new.own).count());
    if new.forwards {
        return shown();
    }
    if words::is_forward_subject(subject) { shown() + quoted_words(new) } else { 0 }
}

fn quoted_words(new: &NewText) -> usize {
    let quotations = new.cut.iter().filter(|cut| cut.what == CutKind::Quotation);
    quotations.map(|cut| cut.text.split_whitespace().count()).sum()
}
