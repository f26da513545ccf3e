//! One `Authentication-Results` header, read strictly (RFC 8601 2.2).
//!
//! Comments and quoted strings are the places where a sender's own text stands; nothing in them is a result. An
//! unclosed one swallows the rest of the header.

use std::fmt;

/// What one header says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Results {
    /// Who says it; `None` when the header starts with a result, as Microsoft 365 writes it.
    pub authserv_id: Option<String>,
    /// The results in order.
    pub outcomes: Vec<Outcome>,
}

/// One result: `dmarc=pass header.from=school.example`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// "dmarc", "dkim", "spf", … in lower case, without version.
    pub method: String,
    /// "pass", "fail", … in lower case.
    pub result: String,
    /// `reason` and the properties, names in lower case.
    pub properties: Vec<(String, String)>,
}

impl Outcome {
    /// The value of a property, "header.from".
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.method, self.result)?;
        const SHOWN: [&str; 4] = ["header.from", "header.d", "header.i", "smtp.mailfrom"];
        for (name, value) in self.properties.iter().filter(|(name, _)| SHOWN.contains(&name.as_str())) {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

/// Reads a header value; what does not fit is left out.
pub fn parse(value: &str) -> Results {
    let mut segments = segments(value).into_iter();
    let mut results = Results::default();
    let Some(first) = segments.next() else { return results };
    if first.get(1) == Some(&Token::Equals) || matches!(first.get(2), Some(Token::Equals)) && is_method(&first) {
        results.outcomes.extend(outcome(&first));
    } else {
        results.authserv_id = first.first().and_then(Token::word).map(str::to_ascii_lowercase);
    }
    results.outcomes.extend(segments.filter_map(|segment| outcome(&segment)));
    results
}

/// `dkim /1 = pass`: the version stands apart from the method.
fn is_method(tokens: &[Token]) -> bool {
    tokens.get(1).and_then(Token::word).is_some_and(|word| word.starts_with('/'))
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Equals,
    Word(String),
}

impl Token {
    fn word(&self) -> Option<&str> {
        match self {
            Self::Word(word) => Some(word),
            Self::Equals => None,
        }
    }
}

fn outcome(tokens: &[Token]) -> Option<Outcome> {
    let mut pairs = pairs(tokens).into_iter();
    let (method, result) = pairs.next()?;
    let method = method.split('/').next().unwrap_or_default().to_owned();
    Some(Outcome { method, result: result.to_ascii_lowercase(), properties: pairs.collect() })
}

/// `name = value` wherever they stand; names in lower case.
fn pairs(tokens: &[Token]) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for window in tokens.windows(3) {
        if let [Token::Word(name), Token::Equals, Token::Word(value)] = window {
            pairs.push((name.to_ascii_lowercase(), value.clone()));
        }
    }
    pairs
}

/// Splits at `;` into tokens. The first `=` behind a name separates; any later one belongs to the value.
fn segments(value: &str) -> Vec<Vec<Token>> {
    let mut segments = vec![Vec::new()];
    let mut word = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '(' => {
                flush(&mut segments, &mut word);
                skip_comment(&mut chars);
            }
            '"' => word.push_str(&quoted(&mut chars)),
            ';' => {
                flush(&mut segments, &mut word);
                segments.push(Vec::new());
            }
            '=' if !in_value(&segments, &word) => {
                flush(&mut segments, &mut word);
                if let Some(segment) = segments.last_mut() {
                    segment.push(Token::Equals);
                }
            }
            c if c.is_whitespace() => flush(&mut segments, &mut word),
            c => word.push(c),
        }
    }
    flush(&mut segments, &mut word);
    segments.into_iter().filter(|segment| !segment.is_empty()).collect()
}

/// Behind `name=` the word is a value, which may itself hold a `=` (`header.b=Zm9v=`).
fn in_value(segments: &[Vec<Token>], word: &str) -> bool {
    !word.is_empty() && segments.last().and_then(|segment| segment.last()) == Some(&Token::Equals)
}

fn flush(segments: &mut [Vec<Token>], word: &mut String) {
    if word.is_empty() {
        return;
    }
    if let Some(segment) = segments.last_mut() {
        segment.push(Token::Word(std::mem::take(word)));
    }
}

/// Passes over a comment whose `(` is read; comments nest (RFC 5322 3.2.2).
fn skip_comment(chars: &mut std::str::Chars<'_>) {
    let mut depth = 1usize;
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

/// Reads a quoted string whose first quote is read.
fn quoted(chars: &mut std::str::Chars<'_>) -> String {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            '"' => break,
            c => text.push(c),
        }
    }
    text
}
