//! Cuts HTML into text and tags, once from front to back. Must not know what a tag means.

/// A start tag: name and attribute names in lower case.
#[derive(Debug, Default)]
pub(super) struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute in lower case, or nothing.
    pub fn value(&self, name: &str) -> &str {
        self.attributes.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }
}

/// A stretch of an HTML document.
pub(super) enum Piece<'a> {
    Text(&'a str),
    Start(Tag),
    End(String),
}

/// Elements whose content is no text.
const SKIPPED: [&str; 4] = ["style", "script", "title", "template"];

/// Goes through the document; comments, declarations and elements that hold no text are left out.
pub(super) struct Pieces<'a> {
    rest: &'a str,
    /// A quotation mark was found without its partner: from then on they mean nothing. So no byte is looked at
    /// more than a few times, however broken the tags are.
    quotes_broken: bool,
}

impl<'a> Pieces<'a> {
    pub fn new(html: &'a str) -> Self {
        Self { rest: html, quotes_broken: false }
    }

    /// Cuts off and gives the first `length` bytes.
    fn take(&mut self, length: usize) -> &'a str {
        let (front, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        front
    }

    /// Goes behind the next `end`, or to the end of the document.
    fn skip_behind(&mut self, end: &str) {
        let to = self.rest.find(end).map_or(self.rest.len(), |at| at + end.len());
        self.take(to);
    }

    /// Goes to the end tag of an element that holds no text.
    fn skip_content(&mut self, name: &str) {
        let mut from = 0;
        while let Some(at) = self.rest.get(from..).and_then(|r| r.find("</")).map(|at| at + from) {
            let found = self.rest.get(at + 2..at + 2 + name.len());
            if found.is_some_and(|f| f.eq_ignore_ascii_case(name)) {
                self.take(at);
                return;
            }
            from = at + 2;
        }
        self.take(self.rest.len());
    }

    /// The length of the tag at the front, `>` included.
    fn tag_length(&mut self) -> Option<usize> {
        if !self.quotes_broken {
            let found = quoted_tag_length(self.rest);
            if found.is_some() {
                return found;
            }
            self.quotes_broken = true;
        }
        self.rest.find('>').map(|at| at + 1)
    }

    fn tag(&mut self) -> Option<Piece<'a>> {
        let Some(length) = self.tag_length() else {
            return Some(Piece::Text(self.take(self.rest.len())));
        };
        let whole = self.take(length);
        let inner = whole.trim_start_matches('<').trim_end_matches('>');
        if let Some(name) = inner.strip_prefix('/') {
            return Some(Piece::End(name.trim().to_ascii_lowercase()));
        }
        let tag = read_tag(inner);
        // `<ann@school.example>`, written without escapes: no element has such a name.
        if tag.name.contains('@') {
            return Some(Piece::Text(whole));
        }
        if SKIPPED.contains(&tag.name.as_str()) && !inner.ends_with('/') {
            self.skip_content(&tag.name);
        }
        Some(Piece::Start(tag))
    }
}

/// A tag opens with `<` and a letter; attributes may hold `>` between quotation marks that follow a `=`.
fn quoted_tag_length(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut behind_equals = false;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(q), b) if b == q => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') if behind_equals => quote = Some(byte),
            (None, _) => {}
        }
        behind_equals = byte == b'=' || behind_equals && byte.is_ascii_whitespace();
    }
    None
}

fn read_tag(inner: &str) -> Tag {
    let name_end = inner.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inner.len());
    let (name, mut rest) = inner.split_at_checked(name_end).unwrap_or((inner, ""));
    let mut tag = Tag { name: name.to_ascii_lowercase(), attributes: Vec::new() };
    while let Some((attribute, behind)) = read_attribute(rest) {
        if matches!(attribute.0.as_str(), "class" | "id" | "style" | "type" | "name") {
            tag.attributes.push(attribute);
        }
        rest = behind;
    }
    tag
}

fn read_attribute(text: &str) -> Option<((String, String), &str)> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
    if text.is_empty() {
        return None;
    }
    let end = text.find(|c: char| c == '=' || c.is_ascii_whitespace()).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    let name = name.to_ascii_lowercase();
    let Some(value) = rest.trim_start().strip_prefix('=') else {
        return Some(((name, String::new()), rest));
    };
    let value = value.trim_start();
    let (value, rest) = match value.chars().next() {
        Some(q @ ('"' | '\'')) => value.strip_prefix(q)?.split_once(q).unwrap_or((value, "")),
        Some(_) | None => value.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((value, "")),
    };
    Some(((name, value.to_lowercase()), rest))
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let Some(at) = self.rest.find('<') else {
                return Some(Piece::Text(self.take(self.rest.len())));
            };
            if at > 0 {
                return Some(Piece::Text(self.take(at)));
            }
            let after = self.rest.as_bytes().get(1).copied().unwrap_or(b' ');
            if self.rest.starts_with("<!--") {
                self.skip_behind("-->");
            } else if matches!(after, b'!' | b'?') {
                self.skip_behind(">");
            } else if after == b'/' || after.is_ascii_alphabetic() {
                return self.tag();
            } else {
                return Some(Piece::Text(self.take(1)));
            }
        }
    }
}
