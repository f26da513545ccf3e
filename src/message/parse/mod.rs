//! Raw bytes → [`Message`]: total, bounded in time and memory, and it decides nothing.
//!
//! The structure is walked here and not by `mailparse::parse_mail`, for which one bad header spoils the whole
//! mail; `mailparse` does the decoding: parameters (RFC 2231), character sets and dates. One bad header, part or
//! character set costs that one thing and is named in [`Message::faults`].

mod addresses;
mod attached;
mod body;
mod decode;
mod fields;
mod flowed;
mod ids;
mod parameters;
mod tree;
mod words;

pub(in crate::message) use words::charset;

pub use addresses::mailboxes;
pub use fields::{Field, Fields};
pub use ids::message_ids;
pub use words::decode as decode_words;

use super::{Mailbox, Message, ReturnPath};
use crate::core::id::Address;
use chrono::{DateTime, Datelike, Utc};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// More whole parts than any person sends; behind it only time and memory would be spent.
pub const MAX_PARTS: usize = 1_000;
/// Deeper multiparts than any mail program nests; recursion stays far from the end of the stack.
pub const MAX_DEPTH: usize = 40;
/// Largest decoded part that is kept: our own forms and imports are far smaller, and 35 MB must fit ten times.
pub const MAX_PART_BYTES: usize = 8 << 20;
/// Decoded bytes kept over all parts of a mail.
pub const MAX_KEPT_BYTES: usize = 32 << 20;
/// Largest plain or HTML body: 300,000 words; what reads it later is linear but not free.
pub const MAX_TEXT_BYTES: usize = 2 << 20;
/// Header fields that are kept; real mail stays under 200.
pub const MAX_FIELDS: usize = 100_000;
/// Largest header value: a thousand recipients.
pub const MAX_FIELD_BYTES: usize = 64 << 10;
/// Largest header block of the mail or of one of its parts.
pub const MAX_HEADER_BYTES: usize = 8 << 20;

/// Takes a mail apart. Never fails: what could not be read is missing and named in `faults`.
pub fn parse(raw: &[u8]) -> Message {
    let mut faults = Faults::default();
    let mail = with_line_feeds(raw, &mut faults);
    let (fields, start) = fields::split(&mail, &mut faults);
    let mut message = Message { sha256: HEXLOWER.encode(&Sha256::digest(raw)), ..Message::default() };
    read_fields(&mut message, &fields, &mut faults);
    let mut tree = tree::walk(&fields, mail.get(start..).unwrap_or_default(), &mut faults);
    body::read(&mut message, &mut tree, &mut faults);
    attached::read(&mut message, &tree);
    message.parts = tree.into_parts();
    message.faults = faults.into_texts();
    message
}

/// What was wrong, each thing once: a mail with 50,000 bad lines has one fault.
#[derive(Debug, Default)]
pub struct Faults(Vec<Cow<'static, str>>);

impl Faults {
    /// Notes a fault.
    pub fn note(&mut self, text: impl Into<Cow<'static, str>>) {
        let text = text.into();
        if !self.0.contains(&text) && self.0.len() < 50 {
            self.0.push(text);
        }
    }

    fn into_texts(self) -> Vec<String> {
        self.0.into_iter().map(Cow::into_owned).collect()
    }
}

/// Gives a mail whose lines end in bare CR (old gateways, some archives) line feeds; leaves any other as it is.
fn with_line_feeds<'a>(raw: &'a [u8], faults: &mut Faults) -> Cow<'a, [u8]> {
    let line_feeds = raw.iter().filter(|&&b| b == b'\n').count();
    let returns = raw.iter().filter(|&&b| b == b'\r').count();
    if returns <= line_feeds.saturating_mul(2) {
        return Cow::Borrowed(raw);
    }
    faults.note("lines end in bare CR");
    let mut fixed = Vec::with_capacity(raw.len());
    let mut rest = raw.iter().peekable();
    while let Some(&byte) = rest.next() {
        let bare = byte == b'\r' && rest.peek() != Some(&&b'\n');
        fixed.push(if bare { b'\n' } else { byte });
    }
    Cow::Owned(fixed)
}

fn read_fields(message: &mut Message, fields: &Fields<'_>, faults: &mut Faults) {
    let mailboxes_of = |name: &str| fields.all(name).flat_map(|f| mailboxes(&f.text())).collect::<Vec<Mailbox>>();
    let ids_of = |name: &str| fields.all(name).flat_map(|f| message_ids(&f.text())).collect::<Vec<String>>();
    message.from = mailboxes_of("from");
    message.sender = mailboxes_of("sender").into_iter().next();
    message.reply_to = mailboxes_of("reply-to");
    message.to = mailboxes_of("to");
    message.cc = mailboxes_of("cc");
    message.delivered_to = delivered_to(fields);
    message.return_path = return_path(fields);
    message.subject = fields.first("subject").map(|f| f.decoded().trim().to_owned()).unwrap_or_default();
    message.date = fields.all("date").find_map(|f| date(&f.text()));
    message.message_id = ids_of("message-id").into_iter().next();
    message.in_reply_to = ids_of("in-reply-to");
    message.references = ids_of("references");
    message.headers = fields.iter().map(|f| (f.name.to_owned(), f.decoded())).collect();
    note_header_faults(message, fields, faults);
}

fn note_header_faults(message: &Message, fields: &Fields<'_>, faults: &mut Faults) {
    for name in ["from", "date", "message-id", "subject", "content-type"] {
        match fields.all(name).count() {
            0 if matches!(name, "from" | "date" | "message-id") => faults.note(format!("no {name}")),
            0 | 1 => {}
            _ => faults.note(format!("more than one {name}")),
        }
    }
    if message.from.is_empty() && fields.first("from").is_some() {
        faults.note("no address in from");
    }
    if message.date.is_none() && fields.first("date").is_some() {
        faults.note("date cannot be read");
    }
}

fn delivered_to(fields: &Fields<'_>) -> Vec<Address> {
    const NAMES: [&str; 4] = ["delivered-to", "x-original-to", "envelope-to", "x-forwarded-to"];
    let wanted = |f: &&Field<'_>| NAMES.iter().any(|name| f.is(name));
    fields.iter().filter(wanted).flat_map(|f| mailboxes(&f.text())).map(|m| m.address).collect()
}

fn return_path(fields: &Fields<'_>) -> ReturnPath {
    let Some(field) = fields.first("return-path") else { return ReturnPath::Absent };
    let text = field.text();
    if text.chars().all(|c| c.is_whitespace() || matches!(c, '<' | '>')) {
        return ReturnPath::Null;
    }
    mailboxes(&text).into_iter().next().map_or(ReturnPath::Absent, |m| ReturnPath::Of(m.address))
}

/// Reads a date as written by mail programs of all ages; `None` for one that no calendar has.
pub fn date(text: &str) -> Option<DateTime<Utc>> {
    /// `mailparse` makes 1970 of what it cannot read.
    const FIRST_YEAR: i32 = 1980;
    let text = parameters::without_comments(text);
    let text = text.trim();
    let strict = DateTime::parse_from_rfc2822(text).map(|date| date.with_timezone(&Utc)).ok();
    let lenient = || mailparse::dateparse(text).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    strict.or_else(lenient).filter(|date| date.year() >= FIRST_YEAR)
}

#[cfg(test)]
mod tests;
