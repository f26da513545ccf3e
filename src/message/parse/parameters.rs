//! `Content-Type` and `Content-Disposition` with their parameters.

use super::{Fields, words};

/// A value with parameters.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    /// What stands before the first `;`, in lower case.
    pub value: String,
    /// The parameters, names in lower case, decoded (RFC 2231, and RFC 2047 which many clients use instead).
    pub list: Vec<(String, String)>,
}

impl Parameters {
    /// Reads the first header of this name.
    pub fn of(fields: &Fields<'_>, name: &str) -> Self {
        fields.first(name).map(|field| Self::read(&field.text())).unwrap_or_default()
    }

    fn read(text: &str) -> Self {
        let parsed = mailparse::parse_content_type(&without_comments(text));
        let value = parsed.mimetype.split_whitespace().next().unwrap_or_default().trim_matches('"').to_owned();
        let list = parsed.params.into_iter().map(|(name, value)| (name, words::decode(&value)));
        Self { value, list: list.collect() }
    }

    /// One parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.list.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }
}

/// Takes comments out (RFC 5322 3.2.2), nested ones too; quoted strings are left alone. An unclosed comment is
/// none: the rest of the header stays.
pub fn without_comments(text: &str) -> String {
    if !text.contains('(') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for c in text.chars() {
        let starts_comment = c == '(' && !quoted && !escaped;
        let ends_comment = c == ')' && depth > 0 && !escaped;
        if starts_comment {
            depth += 1;
        } else if ends_comment {
            depth -= 1;
            if depth == 0 {
                out.push(' ');
            }
        } else if depth == 0 {
            quoted ^= c == '"' && !escaped;
            out.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    if depth > 0 { text.to_owned() } else { out }
}
