//! The notice without the mail that it is about: its own lines, its status parts, and how machine-like it looks.
//! Must not decide who failed.

use super::event::{self, Event};
use super::original::{self, Original};
use super::wording::{self, fixed};
use crate::message::new_text::html_lines;
use crate::message::parse::charset;
use crate::message::{Message, Part, ReturnPath};
use regex::Regex;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// A notice says what it has to say long before this; the rest is somebody's mail.
const MAX_LINES: usize = 1_500;
const MAX_LINE: usize = 1_000;
const MAX_PART: usize = 256 * 1024;

/// What a possible notice consists of.
#[derive(Debug, Default)]
pub(super) struct Notice {
    /// Its own text, line by line, up to where the returned mail begins.
    pub lines: Vec<String>,
    /// The same and the subject, folded for phrase tables: lower case, one space between words.
    pub folded: String,
    /// Every part that holds RFC 3464 fields, whatever it was labelled.
    pub status: Vec<String>,
    /// The event of a mail service that the text is.
    pub event: Option<Event>,
    /// The returned mail, as far as it came back.
    pub original: Original,
    /// A `message/disposition-notification` part (RFC 8098) is there.
    pub receipt: bool,
    /// A `message/feedback-report` part (RFC 5965) is there.
    pub feedback: bool,
    /// Whole returned mails: some filters wrap the notice of the server behind them.
    pub enclosed: Vec<Vec<u8>>,
}

/// Takes a mail apart into notice and returned mail.
pub(super) fn gather(message: &Message) -> Notice {
    let mut notice = Notice::default();
    let mut plain = Vec::new();
    let mut html = Vec::new();
    let mut returned = false;
    for part in &message.parts {
        match role(part) {
            Role::Status => {
                let text = decode(part);
                plain.extend((!holds_fields(&text) && !returned).then(|| text.clone()));
                notice.status.push(text);
            }
            Role::Original => {
                notice.original.absorb(&decode(part));
                notice.enclosed.extend((part.content_type == "message/rfc822").then(|| part.body.clone()));
                returned = true;
            }
            Role::Receipt => notice.receipt = true,
            Role::Feedback => notice.feedback = true,
            Role::Plain if !returned => plain.push(decode(part)),
            Role::Html if !returned => html.push(lines_of_html(&decode(part))),
            Role::Plain | Role::Html | Role::Other => {}
        }
    }
    if plain.iter().all(|text| text.trim().is_empty()) {
        plain = html;
    }
    if plain.is_empty() {
        plain.extend(message.text.clone().or_else(|| message.html.as_deref().map(lines_of_html)));
    }
    notice.take_text(&plain.join("\n\n"));
    notice.folded = fold(&format!("{}\n{}", message.subject, notice.lines.join("\n")));
    notice
}

impl Notice {
    fn take_text(&mut self, text: &str) {
        self.event = event::read(text);
        self.status.extend(self.event.iter().map(|event| event.fields.clone()));
        let lines: Vec<String> =
            text.lines().take(MAX_LINES).map(|line| line.chars().take(MAX_LINE).collect()).collect();
        let end = original::begins_at(&lines).unwrap_or(lines.len());
        let (own, returned) = lines.split_at(end);
        if holds_fields(&own.join("\n")) {
            self.status.push(own.join("\n"));
        }
        self.original.absorb(&returned.join("\n"));
        self.lines = own.to_vec();
    }
}

enum Role {
    Status,
    Original,
    Receipt,
    Feedback,
    Plain,
    Html,
    Other,
}

fn role(part: &Part) -> Role {
    match part.content_type.as_str() {
        "message/delivery-status" | "message/global-delivery-status" => Role::Status,
        "message/disposition-notification" => Role::Receipt,
        "message/feedback-report" => Role::Feedback,
        "text/html" => Role::Html,
        "text/rfc822-headers" | "text/rfc822" | "text/x-message-headers" => Role::Original,
        kind if kind.starts_with("message/") => Role::Original,
        "" => Role::Plain,
        kind if kind.starts_with("text") => Role::Plain,
        _ => Role::Other,
    }
}

/// RFC 3464 fields stand in text that is labelled otherwise by some gateways.
fn holds_fields(text: &str) -> bool {
    let lower = text.to_lowercase();
    let has = |name: &str| lower.lines().any(|line| line.trim_start().starts_with(name));
    has("final-recipient:") || (has("original-recipient:") && has("action:"))
}

fn decode(part: &Part) -> String {
    let body = part.body.get(..MAX_PART).unwrap_or(&part.body);
    let label = part.parameters.iter().find(|(name, _)| name == "charset").map_or("utf-8", |(_, value)| value.as_str());
    let text = charset(label, body);
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Lower case, no accents (many servers drop them), typewriter apostrophes, one space between words: what phrase
/// tables are compared with.
pub(super) fn fold(text: &str) -> String {
    let bare = |c: &char| !('\u{300}'..='\u{36f}').contains(c);
    let lower: String = if text.is_ascii() { text.to_owned() } else { text.nfd().filter(bare).nfc().collect() };
    let plain = lower.to_lowercase().replace(['\u{2019}', '\u{2018}', '`'], "'");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// HTML as lines. Where a link shows a name and no address, the address behind it is put after the name.
fn lines_of_html(html: &str) -> String {
    let shown = NAMED_LINK.replace_all(html, "$1 &lt;$2&gt;");
    let lines = html_lines(&shown);
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

static NAMED_LINK: LazyLock<Regex> =
    LazyLock::new(|| fixed(r#"(?i)(<a\s[^<>]{0,300}?mailto:([^<>"'?\s]{3,254})[^<>]{0,300}>[^<>@]{0,300}</a>)"#));

/// How a mail presents itself, apart from what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sender {
    /// Nothing but the wording speaks for a machine.
    Unmarked,
    /// Null return path or `Auto-Submitted`: a machine, but absences look like this too.
    Machine,
    /// A mail system by its own name.
    MailSystem,
}

/// True when the From line names a mail system.
pub(super) fn signed_by_mail_system(message: &Message) -> bool {
    wording::is_mail_system(&message.header("From").unwrap_or_default().to_lowercase())
}

/// Tells who seems to have sent it.
pub(super) fn sender(message: &Message) -> Sender {
    let daemon_path = match &message.return_path {
        ReturnPath::Absent => false,
        ReturnPath::Null => true,
        ReturnPath::Of(address) => wording::is_mail_system(address.as_str()),
    };
    let automatic = message
        .header("Auto-Submitted")
        .is_some_and(|value| !value.trim().to_lowercase().starts_with("no") && !value.trim().is_empty());
    let content_type = message.header("Content-Type").unwrap_or_default().to_lowercase();
    if signed_by_mail_system(message) || content_type.contains("delivery-status") {
        Sender::MailSystem
    } else if daemon_path || automatic {
        Sender::Machine
    } else {
        Sender::Unmarked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_keeps_its_lines_and_bare_addresses() {
        let text = lines_of_html(
            "<p>Delivery failed:<br><ann@school.example><BR>&lt;bo@school.example&gt;</p><b>x&#x27;s</b>",
        );
        assert_eq!(text, "Delivery failed:\n<ann@school.example>\n<bo@school.example>\n\nx's");
    }

    #[test]
    fn a_link_that_shows_a_name_tells_the_address_too() {
        for (html, expected) in [
            ("<a href=\"mailto:ann@school.example\">Ann Lee</a><br>", "Ann Lee <ann@school.example>"),
            ("<a href='MAILTO:ann@school.example?subject=x'>Ann</a>", "Ann <ann@school.example>"),
            ("<a href=\"mailto:ann@school.example\">ann@school.example</a>", "ann@school.example"),
        ] {
            assert_eq!(lines_of_html(html).trim_end(), expected, "{html}");
        }
    }
}
