//! The notice without the mail that it is about: its own lines, its status parts, and how machine-like it looks.
//! Must not decide who failed.

use super::event::{self, Event};
use super::original::{self, Original};
use super::wording::{self, fixed};
use crate::message::new_text::{head, html_lines};
use crate::message::parse::charset;
use crate::message::{Message, Part, ReturnPath};
use regex::Regex;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// A notice says what it has to say long before this; the rest is somebody's mail.
const MAX_LINES: usize = 1_500;
const MAX_LINE: usize = 1_000;
/// Bytes of a part, and of all parts of one role together, that are read.
const MAX_PART: usize = 256 * 1024;
const MAX_ENCLOSED: usize = 4;

/// What a possible notice consists of.
#[derive(Debug, Default)]
pub(super) struct Notice {
    /// Its own text, line by line, up to where the returned mail begins.
    pub lines: Vec<String>,
    /// The rest of the text: the returned mail, and whatever somebody wrote below it.
    pub returned: Vec<String>,
    /// There was more text than is read: somebody may have written in it.
    pub is_cut: bool,
    /// The notice and the subject, folded for phrase tables: lower case, one space between words.
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
    let mut plain = Texts::default();
    let mut html = Texts::default();
    let mut status = Texts::default();
    let mut originals = Texts::default();
    let mut below = Texts::default();
    let mut returned = false;
    for part in &message.parts {
        match role(part) {
            Role::Status => {
                let Some(text) = status.take(part) else { continue };
                if !holds_fields(text) && !returned {
                    plain.push(text);
                }
            }
            Role::Original => {
                if let Some(text) = originals.take(part) {
                    notice.original.absorb(text);
                }
                if part.content_type == "message/rfc822" && notice.enclosed.len() < MAX_ENCLOSED {
                    notice.enclosed.push(part.body.get(..MAX_PART).unwrap_or(&part.body).to_vec());
                }
                returned = true;
            }
            Role::Receipt => notice.receipt = true,
            Role::Feedback => notice.feedback = true,
            Role::Plain => {
                if returned { &mut below } else { &mut plain }.take(part);
            }
            Role::Html if !returned => {
                html.take(part);
            }
            Role::Html | Role::Other => {}
        }
    }
    notice.status = status.0;
    notice.take_text(&text_of(message, plain, html));
    notice.returned.extend(below.0.iter().flat_map(|text| lines(text).chain([String::new()])));
    notice.folded = fold(&format!("{}\n{}", message.subject, notice.lines.join("\n")));
    notice
}

/// The text that is read: what stands in words, else HTML, else what the mail program would show.
fn text_of(message: &Message, plain: Texts, html: Texts) -> String {
    let from_html = |html: &Texts| html.0.iter().map(|one| lines_of_html(one)).collect::<Vec<_>>().join("\n\n");
    let is_blank = plain.0.iter().all(|text| text.trim().is_empty());
    match (is_blank, html.0.is_empty()) {
        (false, _) => plain.0.join("\n\n"),
        (true, false) => from_html(&html),
        (true, true) => {
            let shown = || message.html.as_deref().map(|html| lines_of_html(head(html, MAX_PART)));
            message.text.as_deref().map(|text| head(text, MAX_PART).to_owned()).or_else(shown).unwrap_or_default()
        }
    }
}

/// The texts of parts, decoded, up to a bound over all of them.
#[derive(Debug, Default)]
struct Texts(Vec<String>);

impl Texts {
    /// Decodes a part, as far as there is room.
    fn take(&mut self, part: &Part) -> Option<&str> {
        (self.room() > 0).then(|| decode(part)).and_then(|text| self.push(&text))
    }

    fn push(&mut self, text: &str) -> Option<&str> {
        let room = self.room();
        self.0.extend((room > 0).then(|| head(text, room).to_owned()));
        self.0.last().map(String::as_str)
    }

    fn room(&self) -> usize {
        MAX_PART.saturating_sub(self.0.iter().map(String::len).sum())
    }
}

impl Notice {
    fn take_text(&mut self, text: &str) {
        self.event = event::read(text);
        self.status.extend(self.event.iter().map(|event| event.fields.clone()));
        self.is_cut = text.len() >= MAX_PART || text.lines().nth(MAX_LINES).is_some();
        let lines: Vec<String> = lines(text).collect();
        let end = original::begins_at(&lines).unwrap_or(lines.len());
        let (own, returned) = lines.split_at(end);
        if holds_fields(&own.join("\n")) {
            self.status.push(own.join("\n"));
        }
        self.original.absorb(&returned.join("\n"));
        self.returned = returned.to_vec();
        self.lines = own.to_vec();
    }
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().take(MAX_LINES).map(|line| line.chars().take(MAX_LINE).collect())
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

/// True when something outside the text says that a mail system sent it: its name, no name at all, the type of a
/// report. A null return path alone does not: gateways take people's away.
pub(super) fn is_marked(message: &Message) -> bool {
    let named_path = has_daemon_path(message) && message.return_path != ReturnPath::Null;
    named_path || message.from.is_empty() || sender(message) == Sender::MailSystem
}

fn has_daemon_path(message: &Message) -> bool {
    match &message.return_path {
        ReturnPath::Absent => false,
        ReturnPath::Null => true,
        ReturnPath::Of(address) => wording::is_mail_system(address.as_str()),
    }
}

/// True when the From line names a mail system.
pub(super) fn signed_by_mail_system(message: &Message) -> bool {
    wording::is_mail_system(&message.header("From").unwrap_or_default().to_lowercase())
}

/// Tells who seems to have sent it.
pub(super) fn sender(message: &Message) -> Sender {
    let automatic = message
        .header("Auto-Submitted")
        .is_some_and(|value| !value.trim().to_lowercase().starts_with("no") && !value.trim().is_empty());
    let content_type = message.header("Content-Type").unwrap_or_default().to_lowercase();
    if signed_by_mail_system(message) || content_type.contains("delivery-status") {
        Sender::MailSystem
    } else if has_daemon_path(message) || automatic {
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
