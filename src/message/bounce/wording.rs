//! What a text says, by phrase tables. Must not know a single server.

use super::failure_phrases::FAILED;
use super::phrases::{
    ABSENT, CHALLENGE, CONTACT, DELAYED, GAVE_UP, INSTEAD, MAIL_SYSTEMS, ONLY_A_WARNING, ORIGIN, REACHED,
};
use regex::Regex;

/// Compiles a pattern that is part of the program; a test compiles them all.
pub(super) fn fixed(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|fault| unreachable!("a fixed pattern does not compile: {fault}"))
}

/// True when one of the phrases stands in the folded text.
fn says(folded: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| folded.contains(phrase))
}

/// Tells whether a From or return path names a mail system.
pub(super) fn is_mail_system(lower: &str) -> bool {
    says(lower, MAIL_SYSTEMS)
}

/// True when the text says that a mail was not delivered, for now or for ever.
pub(super) fn tells_failure(folded: &str) -> bool {
    says(folded, FAILED)
}

/// True when the text says that a server goes on trying.
pub(super) fn tells_delay(folded: &str) -> bool {
    says(folded, DELAYED)
}

/// True when the text says that a server stopped trying.
pub(super) fn gave_up(folded: &str) -> bool {
    says(folded, GAVE_UP)
}

/// True when the text says "delayed" and not "gave up".
pub(super) fn still_trying(folded: &str) -> bool {
    tells_delay(folded) && (says(folded, ONLY_A_WARNING) || !gave_up(folded))
}

/// True for a challenge-response system.
pub(super) fn is_challenge(folded: &str) -> bool {
    says(folded, CHALLENGE)
}

/// True for a heading over addresses that were reached.
pub(super) fn tells_success(folded: &str) -> bool {
    says(folded, REACHED) && !tells_failure(folded)
}

/// True when the text leads to an address to write to.
pub(super) fn is_contact(folded: &str) -> bool {
    says(folded, CONTACT) || leads_instead(folded)
}

/// True when the text leads to somebody who shall have the mail instead of the one who was not reached.
pub(super) fn leads_instead(folded: &str) -> bool {
    says(folded, INSTEAD)
}

/// True when the words right before an address say that it wrote the mail.
pub(super) fn is_origin(folded: &str) -> bool {
    says(folded, ORIGIN)
}

/// True for the words of a person who is away.
pub(super) fn is_absence(folded: &str) -> bool {
    says(folded, ABSENT)
}

#[cfg(test)]
mod tests {
    use super::super::notice::fold;
    use super::*;

    #[test]
    fn phrases_stand_in_their_folded_form() {
        let tables = [
            MAIL_SYSTEMS,
            FAILED,
            DELAYED,
            GAVE_UP,
            ONLY_A_WARNING,
            CHALLENGE,
            REACHED,
            CONTACT,
            INSTEAD,
            ORIGIN,
            ABSENT,
        ];
        for phrase in tables.concat() {
            assert_eq!(fold(phrase), phrase);
        }
    }

    #[test]
    fn trying_on_is_a_delay_and_giving_up_is_not() {
        for (text, delayed) in [
            ("Will keep trying until message is 5 days old", true),
            ("It will be retried until it is 5 days old. Eventually the software will give up.", true),
            ("THIS IS A WARNING MESSAGE ONLY. Gave up for now.", true),
            ("Delivery has been delayed; this is a permanent error, I've given up.", false),
            ("I'm not going to try again; this message has been in the queue too long.", false),
            ("user unknown", false),
        ] {
            assert_eq!(still_trying(&fold(text)), delayed, "{text}");
        }
    }
}
