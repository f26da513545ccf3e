//! The returned mail inside a notice: where it begins, and which of our messages it is. Must not read its body.

use super::wording::fixed;
use crate::core::id::Address;
use regex::Regex;
use std::sync::LazyLock;

/// Our own header, kept by most systems in the mail that they return.
const OWN_HEADER: &str = "x-followupd-id";
const MAX_HEADER_LINES: usize = 2_000;
const MAX_IDS: usize = 50;

/// What the returned mail tells about itself.
#[derive(Debug, Default)]
pub(super) struct Original {
    /// Message-IDs without angle brackets.
    pub message_ids: Vec<String>,
    /// Values of `X-Followupd-Id`.
    pub own_ids: Vec<String>,
    /// Everybody in To, Cc and Bcc.
    pub to: Vec<Address>,
    /// Everybody in From, Sender and Return-Path.
    pub from: Vec<Address>,
    /// It went through a mailing list: its `To` is the list, not the one who was not reached.
    pub through_list: bool,
}

/// "--- Below this line is a copy of the message.", "----- Original message -----" and their kin.
static MARKER: LazyLock<Regex> = LazyLock::new(|| {
    fixed(concat!(
        r"(?i)^[\W_]*(?:",
        r"(?:(?:here |below |below this line |below the next line |attachment |enclosed |attached |included )?(?:is|this is|are|follows) )?",
        r"(?:a |the )?(?:copy|first part|contents?|headers?|text|beginning) of (?:the |your )?(?:returned |original |undelivered )?(?:message|mail|e-mail|headers?)",
        r"|(?:this|here|below|included|enclosed|below this line|below the next line|attachment|attached) (?:is|are) (?:a |the )?(?:copy|header|first part|start|beginning)",
        r"|(?:the )?(?:original|returned|unsent|undelivered|undeliverable|your|failed|bounced)?[ -]?(?:message|mail)(?: text| headers?| body| contents?)? (?:follows?|below)",
        r"|(?:the )?(?:header|body|text|content)s? of (?:the |your )?(?:original |returned )?(?:message|mail) (?:is |are )?follow",
        r"|the first \d+ (?:lines|bytes|characters) of (?:the |your )",
        r"|(?:start|begin) of (?:the )?(?:returned|original) (?:message|mail)",
        r"|(?:original|returned|undelivered|rejected|old) (?:message|mail|e-mail)(?: headers?| attached| as received is as follows)?\s*(?:[-_=:*#|]+\s*$|[-_=*]{3}|$)",
        r"|your message reads|message headers?:?\s*$|here is your returned mail",
        r"|urspr.ngliche (?:nachricht|mail)|message d'origine|mensaje original|mensagem original|messaggio originale",
        r"|original message headers?:",
        r")",
    ))
});
static HEADER: LazyLock<Regex> = LazyLock::new(|| fixed(r"^[>|\s]{0,4}([A-Za-z][A-Za-z0-9-]{1,60}):(?:\s|$)(.*)$"));
static HOP: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"(?i)^[>|]?\s{0,4}(?:received:\s+(?:from|by|\(|with)|return-path:\s*<|dkim-signature:|x-received:|delivered-to:)",
    )
});
static ID: LazyLock<Regex> = LazyLock::new(|| fixed(r"<([^<>\s]{3,998})>"));

/// The first line of the returned mail in the text of a notice.
///
/// Either a marker line in words or the trace headers that no notice writes about itself (RFC 5321 4.4).
pub(super) fn begins_at(lines: &[String]) -> Option<usize> {
    lines.iter().position(|line| HOP.is_match(line) || is_marker(line))
}

fn is_marker(line: &str) -> bool {
    line.chars().count() < 120 && !line.contains('@') && MARKER.is_match(line)
}

impl Original {
    /// Adds what the header of a returned mail tells; text that is no header is passed over.
    pub(super) fn absorb(&mut self, text: &str) {
        for (name, value) in header_fields(text) {
            self.take(&name, &value);
        }
    }

    /// Adds Message-IDs from a field value.
    pub(super) fn add_ids(&mut self, value: &str) {
        let bracketed: Vec<String> =
            ID.captures_iter(value).filter_map(|c| c.get(1)).map(|m| m.as_str().to_owned()).collect();
        let bare = value.trim();
        if !bracketed.is_empty() {
            bracketed.into_iter().for_each(|id| push(&mut self.message_ids, id));
        } else if bare.contains('@') && !bare.contains(char::is_whitespace) {
            push(&mut self.message_ids, bare.trim_matches(['<', '>']).to_owned());
        }
    }

    fn take(&mut self, name: &str, value: &str) {
        match name {
            "message-id" | "original-message-id" | "x-original-message-id" => self.add_ids(value),
            OWN_HEADER => push(&mut self.own_ids, value.trim().to_owned()),
            "to" | "cc" | "bcc" => self.to.extend(super::address::addresses_in(value)),
            "list-id" | "list-post" | "x-beenthere" => self.through_list = true,
            "from" | "sender" | "return-path" => self.from.extend(super::address::addresses_in(value)),
            _ => {}
        }
    }
}

fn push(list: &mut Vec<String>, value: String) {
    if !value.is_empty() && list.len() < MAX_IDS && !list.contains(&value) {
        list.push(value);
    }
}

/// The fields of the first header block, unfolded, names in lower case.
fn header_fields(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines().take(MAX_HEADER_LINES) {
        let ends = line.trim_matches(['>', '|', ' ', '\t']).is_empty();
        if ends && fields.len() >= 2 {
            break;
        }
        let folded = line.starts_with([' ', '\t']) && !fields.is_empty();
        if let (true, Some((_, value))) = (folded, fields.last_mut()) {
            value.push(' ');
            value.push_str(line.trim());
        } else if let Some(found) = HEADER.captures(line) {
            let group = |at: usize| found.get(at).map_or("", |m| m.as_str());
            fields.push((group(1).to_lowercase(), group(2).trim().to_owned()));
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins(line: &str) -> bool {
        begins_at(&["Delivery failed.".to_owned(), line.to_owned()]) == Some(1)
    }

    #[test]
    fn a_marker_or_trace_headers_begin_the_returned_mail() {
        for line in [
            "--- Below this line is a copy of the message.",
            "--- Enclosed is a copy of the message.",
            "------ This is a copy of the message, including all the headers. ------",
            "   ----- Original message -----",
            "   ----- Message header follows -----",
            "Original message follows.",
            "--- The header of the original message is following. ---",
            "Included is a copy of the message header:",
            "The first 50 lines of your original message follow:",
            "---- START OF RETURNED MESSAGE ----",
            "-------- Returned Mail --------",
            "Message headers follow:",
            "|------------------------- Message text follows: ------------------------|",
            "   ----- Unsent message follows -----",
            "Original message headers:",
            "Received: from mail.council.example by mx.example; Mon, 5 Oct 2026 09:00:00 +0100",
        ] {
            assert!(begins(line), "{line}");
        }
    }

    #[test]
    fn sentences_about_a_message_do_not_begin_it() {
        for line in [
            "The original message was received at Mon, 5 Oct 2026 09:00:00 +0100",
            "Your message could not be delivered to the following recipients:",
            "Your message",
            "|------------------------- Message log follows: -------------------------|",
            "The following message to <ann@school.example> was undeliverable.",
            "   ----- Transcript of session follows -----",
            "  To: ann@school.example",
            "This is the mail system at host mx.example.",
        ] {
            assert!(!begins(line), "{line}");
        }
    }

    #[test]
    fn ids_and_parties_of_the_returned_mail_are_read() {
        let mut original = Original::default();
        original.absorb("\n  noise\nReceived: by mx\nMessage-ID:\n <1.a@council.example>\nX-Followupd-Id: abc\nTo: Ann\n <ann@school.example>\n\nMessage-ID: <2@body.example>\n");
        assert_eq!(original.message_ids, ["1.a@council.example"]);
        assert_eq!(original.own_ids, ["abc"]);
        assert_eq!(original.to, [Address::parse("ann@school.example").unwrap()]);
    }
}
