//! Header blocks: where they begin and end, one field after the other, whatever stands between them.

use super::{Faults, MAX_FIELD_BYTES, MAX_FIELDS, MAX_HEADER_BYTES, words};

/// One header field as it stands in the mail.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// The name as written.
    pub name: &'a str,
    /// The value with its folds.
    pub raw: &'a [u8],
}

impl Field<'_> {
    /// Compares the name without regard to case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value unfolded, encoded words left alone: addresses, ids and parameters are read from this, for an
    /// encoded word may hold a comma or a `<` that must not count.
    pub fn text(&self) -> String {
        words::unfold(self.raw)
    }

    /// The value unfolded and decoded; trace and control fields stay as written, for a decoded `;` in an
    /// envelope address would become a result of its own in Authentication-Results.
    pub fn decoded(&self) -> String {
        if self.is_structured() { self.text() } else { words::decode(&self.text()) }
    }

    fn is_structured(&self) -> bool {
        const NAMES: [&str; 14] = [
            "authentication-results",
            "arc-",
            "x-arc-",
            "received",
            "dkim-",
            "x-ms-exchange-",
            "return-path",
            "auto-submitted",
            "precedence",
            "message-id",
            "references",
            "in-reply-to",
            "content-",
            "list-id",
        ];
        let lower = self.name.to_ascii_lowercase();
        NAMES.iter().any(|prefix| lower.starts_with(prefix))
    }
}

/// The fields of one header block, in order.
#[derive(Debug, Clone, Default)]
pub struct Fields<'a>(Vec<Field<'a>>);

impl<'a> Fields<'a> {
    /// All fields, topmost first.
    pub fn iter(&self) -> impl Iterator<Item = &Field<'a>> {
        self.0.iter()
    }

    /// All fields with this name, topmost first.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &Field<'a>> {
        self.0.iter().filter(move |f| f.is(name))
    }

    /// The topmost field with this name.
    pub fn first(&self, name: &str) -> Option<&Field<'a>> {
        self.0.iter().find(|f| f.is(name))
    }

    /// Whether the block has no field at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One line with its place in the block.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    start: usize,
    end: usize,
    text: &'a [u8],
}

/// Splits the header block off: the fields, and where the body starts.
///
/// A byte order mark, empty lines and an mbox `From ` line before the first field are passed over. A line that
/// is neither field nor fold is passed over while fields follow it; else the body starts there.
pub fn split<'a>(mail: &'a [u8], faults: &mut Faults) -> (Fields<'a>, usize) {
    let start = header_start(mail, faults);
    let lines = block(mail, start, faults);
    let Some(last) = lines.iter().rposition(|line| name_of(line.text).is_some()) else {
        let body = lines.first().map_or(start, |line| if line.text.is_empty() { line.end } else { start });
        return (Fields::default(), body);
    };
    let mut fields: Vec<(&str, usize, usize)> = Vec::new();
    let mut body = lines.first().map_or(start, |line| line.start);
    for (index, line) in lines.iter().enumerate() {
        if line.text.is_empty() {
            return (finish(mail, fields, faults), line.end);
        }
        if is_fold(line.text) && !fields.is_empty() {
            if let Some(field) = fields.last_mut() {
                field.2 = line.end;
            }
        } else if let Some((name, value)) = name_of(line.text) {
            fields.push((name, line.start + value, line.end));
        } else if index < last {
            faults.note("a line among the headers is no header");
        } else {
            faults.note("no empty line after the headers");
            return (finish(mail, fields, faults), line.start);
        }
        body = line.end;
    }
    (finish(mail, fields, faults), body)
}

fn finish<'a>(mail: &'a [u8], places: Vec<(&'a str, usize, usize)>, faults: &mut Faults) -> Fields<'a> {
    if places.len() > MAX_FIELDS {
        faults.note(format!("more than {MAX_FIELDS} headers: the rest is not read"));
    }
    let fields = places.into_iter().take(MAX_FIELDS).map(|(name, start, end)| {
        let whole = mail.get(start..end).unwrap_or_default();
        let raw = whole.get(..MAX_FIELD_BYTES).unwrap_or(whole);
        if raw.len() < whole.len() {
            faults.note(format!("a header is longer than {MAX_FIELD_BYTES} bytes: cut"));
        }
        Field { name, raw }
    });
    Fields(fields.collect())
}

/// The lines up to and with the empty one that ends the block.
fn block<'a>(mail: &'a [u8], start: usize, faults: &mut Faults) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let mut place = start;
    for whole in mail.get(start..).unwrap_or_default().split_inclusive(|&b| b == b'\n') {
        let text = whole.strip_suffix(b"\n").unwrap_or(whole);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        lines.push(Line { start: place, end: place + whole.len(), text });
        place += whole.len();
        if text.is_empty() {
            break;
        }
        if place - start > MAX_HEADER_BYTES {
            faults.note(format!("more than {MAX_HEADER_BYTES} bytes of headers: the rest is taken for the body"));
            break;
        }
    }
    lines
}

fn header_start(mail: &[u8], faults: &mut Faults) -> usize {
    let mut place = 0;
    if mail.starts_with(b"\xEF\xBB\xBF") {
        faults.note("byte order mark before the headers");
        place = 3;
    }
    for line in mail.get(place..).unwrap_or_default().split_inclusive(|&b| b == b'\n') {
        let mbox = line.starts_with(b"From ") || line.starts_with(b">From ");
        if mbox {
            faults.note("mbox line before the headers");
        } else if line.iter().all(u8::is_ascii_whitespace) && line.ends_with(b"\n") {
            faults.note("empty line before the headers");
        } else {
            break;
        }
        place += line.len();
    }
    // A part may start with the empty line that ends its (absent) headers: nothing but white space is a body.
    if place == mail.len() { 0 } else { place }
}

fn is_fold(line: &[u8]) -> bool {
    line.first().is_some_and(|&b| b == b' ' || b == b'\t')
}

/// The name and where the value starts (RFC 5322 2.2, with the obsolete space before the colon).
fn name_of(line: &[u8]) -> Option<(&str, usize)> {
    let colon = line.iter().take(128).position(|&b| b == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    let good = !name.is_empty() && name.iter().all(|&b| b.is_ascii_graphic());
    let name = std::str::from_utf8(name).ok().filter(|_| good)?;
    Some((name, colon + 1))
}
