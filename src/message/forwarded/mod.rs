//! What a forwarded mail holds: enclosed messages and inline header blocks, one level deep.
//!
//! What is read here was written by the forwarder's mail program or by hand: it is evidence for matching, never
//! proof of who wrote it.

mod date;
#[cfg(test)]
mod tests;

use super::new_text::{Field, HeaderBlock, Line, body_lines, header_block, is_forward_separator};
use super::parse::{mailboxes, message_ids, parse};
use super::{Attachment, Mailbox, Message, Part};
use crate::core::id::Address;
use chrono::{DateTime, Utc};
use regex::Regex;
use std::sync::LazyLock;

/// No mail encloses more messages than this for a good reason.
const MAX_ENCLOSED: usize = 50;

/// A message that another one carries.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Forwarded {
    /// Its author, when an address is shown (Outlook often shows the name only: then see `headers`).
    pub from: Option<Mailbox>,
    /// Its date; an inline one without zone is UK time; `None` when unreadable.
    pub date: Option<DateTime<Utc>>,
    /// Its subject.
    pub subject: Option<String>,
    /// Its own Message-ID, as a list because inline blocks and broken mail have none or several.
    pub message_ids: Vec<String>,
    /// Ids in its `In-Reply-To` and `References`, newest last.
    pub references: Vec<String>,
    /// Its recipients, `To` and `Cc`.
    pub to: Vec<Address>,
    /// Its header fields in order; of an inline block under their English names.
    pub headers: Vec<(String, String)>,
    /// Its whole text, quotations included.
    pub text: String,
    /// What is attached to it; an inline forward carries them itself.
    pub attachments: Vec<Attachment>,
    /// The enclosed bytes when they are complete; `None` for an inline one.
    pub raw: Option<Vec<u8>>,
}

/// Everything that `message` carries: each enclosed message; without one, the inline block of a forward.
///
/// The bare `From:/Sent:/To:/Subject:` block counts unless the subject says that the mail is an answer, for answers
/// quote with the same block.
pub fn forwarded(message: &Message) -> Vec<Forwarded> {
    let enclosed: Vec<Forwarded> =
        message.parts.iter().filter(|part| is_message(part)).take(MAX_ENCLOSED).map(enclosed).collect();
    if enclosed.is_empty() { inline(message).into_iter().collect() } else { enclosed }
}

/// `message/rfc822`, or a file that mail programs save messages as.
fn is_message(part: &Part) -> bool {
    let saved = part.name.as_deref().is_some_and(|name| name.to_lowercase().ends_with(".eml"));
    let generic = matches!(part.content_type.as_str(), "application/octet-stream" | "text/plain");
    matches!(part.content_type.as_str(), "message/rfc822" | "message/global") || saved && generic
}

fn enclosed(part: &Part) -> Forwarded {
    let inner = parse(&part.body);
    let references = inner.references.iter().chain(&inner.in_reply_to);
    Forwarded {
        from: inner.author().or(inner.from.first()).cloned(),
        date: inner.date,
        subject: Some(inner.subject.clone()).filter(|subject| !subject.is_empty()),
        message_ids: inner.message_id.iter().cloned().collect(),
        references: references.cloned().collect(),
        to: inner.to.iter().chain(&inner.cc).map(|mailbox| mailbox.address.clone()).collect(),
        text: joined(&body_lines(inner.text.as_deref(), inner.html.as_deref())),
        headers: inner.headers,
        attachments: inner.attachments,
        raw: (part.body.len() >= part.size).then(|| part.body.clone()),
    }
}

fn joined(lines: &[Line]) -> String {
    let text: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    text.join("\n").trim().to_owned()
}

static ANSWER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)^\s*(?:re|aw|sv|antw|odp|vá|rif|res|ref)\s*(?:\[\d+\])?\s*:").ok());

fn is_answer(subject: &str) -> bool {
    ANSWER.as_ref().is_some_and(|pattern| pattern.is_match(subject))
}

/// Where the inline message begins.
struct Found {
    block: HeaderBlock,
    /// The first line of its text.
    text_from: usize,
    /// Apple Mail puts `> ` before everything that it sends on.
    quoted: bool,
}

fn inline(message: &Message) -> Option<Forwarded> {
    let lines = body_lines(message.text.as_deref(), message.html.as_deref());
    let found = behind_separator(&lines).or_else(|| bare_block(&lines, &message.subject))?;
    let text: Vec<Line> = lines.into_iter().skip(found.text_from).map(|l| unquoted(l, &found)).collect();
    Some(from_block(&found.block, joined(&text), message))
}

fn behind_separator(lines: &[Line]) -> Option<Found> {
    let separators = lines.iter().enumerate().filter(|(_, line)| is_forward_separator(&line.text));
    separators.take(3).find_map(|(at, _)| {
        let blanks = lines.iter().skip(at + 1).take_while(|l| l.text.trim_matches(['>', ' ']).is_empty()).count();
        block_at(lines, at + 1 + blanks)
    })
}

fn bare_block(lines: &[Line], subject: &str) -> Option<Found> {
    if is_answer(subject) {
        return None;
    }
    (0..lines.len()).filter(|at| lines.get(*at).is_some_and(|l| !l.is_quoted())).find_map(|at| block_at(lines, at))
}

fn block_at(lines: &[Line], at: usize) -> Option<Found> {
    let block = header_block(lines.get(at..)?)?;
    let quoted = lines.get(at).is_some_and(Line::is_quoted);
    Some(Found { text_from: at + block.lines, block, quoted })
}

fn unquoted(line: Line, found: &Found) -> Line {
    if !found.quoted {
        return line;
    }
    let text = line.text.trim_start();
    let text = text.strip_prefix('>').map_or(text, |rest| rest.strip_prefix(' ').unwrap_or(rest)).to_owned();
    Line { text, ..line }
}

fn from_block(block: &HeaderBlock, text: String, message: &Message) -> Forwarded {
    let addresses = |field| block.value(field).map(people).unwrap_or_default();
    let to = addresses(Field::To).into_iter().chain(addresses(Field::Cc));
    Forwarded {
        from: addresses(Field::From).into_iter().next(),
        date: block.value(Field::Date).and_then(date::read),
        subject: block.value(Field::Subject).map(str::to_owned),
        message_ids: block.value(Field::MessageId).map(message_ids).unwrap_or_default(),
        references: Vec::new(),
        to: to.map(|mailbox| mailbox.address).collect(),
        headers: block.fields.iter().map(|(field, value)| (name_of(*field).to_owned(), value.clone())).collect(),
        text,
        attachments: message.attachments.clone(),
        raw: None,
    }
}

/// `Ann Low <a@b.example>`, and as Outlook and Apple write it: `Ann Low [mailto:a@b.example]`, `<mailto:…>` behind it;
/// Outlook separates with semicolons.
fn people(value: &str) -> Vec<Mailbox> {
    let plain = value.replace("[mailto:", "<").replace("<mailto:", "<").replace([']', ';'], ",");
    let mut found: Vec<Mailbox> = Vec::new();
    for mailbox in mailboxes(&plain.replace('[', "")) {
        if !found.iter().any(|have| have.address == mailbox.address) {
            found.push(mailbox);
        }
    }
    found
}

fn name_of(field: Field) -> &'static str {
    match field {
        Field::From => "From",
        Field::Date => "Date",
        Field::To => "To",
        Field::Cc => "Cc",
        Field::Subject => "Subject",
        Field::MessageId => "Message-ID",
        Field::Other => "X-Other",
    }
}
