//! One line of a body and what its markup told about it. Must not decide what is cut.

/// What the HTML around a line says; plain text has only [`Mark::Plain`] lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::message) enum Mark {
    /// Nothing special.
    Plain,
    /// Inside a quotation (`blockquote`); the text already has its `> `.
    Quote,
    /// In the part of a quotation's container that stands before the quotation: "On … wrote:".
    Introduction,
    /// Inside an element that a mail program made for a signature.
    Signature,
    /// Inside or behind an element that a mail program puts before the original message.
    Foreign,
    /// A horizontal rule; the text is empty.
    Rule,
}

/// A line without its line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::message) struct Line {
    /// The words, quotation sign included.
    pub text: String,
    /// What the markup told.
    pub mark: Mark,
}

impl Line {
    /// Whether nothing can be read on it.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether it is quoted: by `>`, or by markup.
    pub fn is_quoted(&self) -> bool {
        self.mark == Mark::Quote || self.text.trim_start().starts_with('>')
    }
}

/// The lines of a plain body.
pub(in crate::message) fn plain_lines(body: &str) -> Vec<Line> {
    let unified = body.replace("\r\n", "\n").replace('\r', "\n");
    unified.split('\n').map(|text| Line { text: tidy(text), mark: Mark::Plain }).collect()
}

/// White space of any width becomes a space; characters that show nothing are left out; words stay as they are.
pub(super) fn tidy(text: &str) -> String {
    // Most lines hold nothing that would have to be changed.
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return text.trim_end().to_owned();
    }
    let shown = text.chars().filter(|c| !shows_nothing(*c));
    let spaced: String = shown.map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    spaced.trim_end().to_owned()
}

/// Soft hyphen, zero-width characters and byte order mark. The joiners of emoji and of Arabic or Indic script
/// (U+200C, U+200D) belong to the word and are not among them.
fn shows_nothing(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\0')
}

/// The first `limit` bytes of a text, cut at a character.
pub(in crate::message) fn head(text: &str, limit: usize) -> &str {
    let mut end = limit.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}
