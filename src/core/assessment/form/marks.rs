//! What opens an item in the text form, in all the spellings that people and mail programs leave.

use super::{render, value};
use crate::core::assessment::criteria::Criteria;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A field of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// The text of the criterion.
    Question,
    /// The rating.
    Answer,
    /// Comments and supporting information.
    Comment,
    /// The authority's records.
    Evidence,
}

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// `ANSWER 07: Yes`: opens a field beyond doubt. No number: of the item that is open.
    Field(Field, Option<u32>, String),
    /// `7. Yes`, `Q7 Yes`: may open an item or be part of a comment; the reader decides.
    Numbered(Numbered),
    /// The form, or the sender's text, ends here.
    End,
    /// Anything else.
    Text(String),
}

/// A line that begins with a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbered {
    pub(super) number: u32,
    pub(super) lettered: Lettered,
    /// Whether more than a space parts the number from the rest.
    pub(super) parted: Parted,
    /// What stands behind the number.
    pub(super) rest: String,
    /// The line as it was written.
    pub(super) whole: String,
}

/// What stands between a number and the rest of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parted {
    /// "12. High"
    BySign,
    /// "12 High"
    BySpace,
}

/// Whether a number is written as a question's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lettered {
    /// `Q7`.
    Q,
    /// `7`.
    Plain,
}

fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

static BRACKETED: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"(?i)^\[\s*q(?:uestion)?\.?\s*(\d{1,9})\s*\][\s.:)*_-]*(.*)$"));

static QUESTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)^\[?q(?:uestion)?\.?\s*(?:no\.?\s*)?(\d{1,9})\s*\]?\s*[.:)\-–—*_]*\s*(\((?:essential|desirable)\).*)$",
    )
});

static KEYWORD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let word = r"(answers?|ans|comments?|evidence)";
    let number = r"(?:\s*(?:to|for|on)?\s*(?:question|q|no\.|#)?\s*\.?\s*(\d{1,9}))?";
    pattern(&format!(r"(?i)^[\[(]?{word}{number}(\s*[\]).:;=\-–—*_]*\s*)(.*)$"))
});

static NUMBERED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(?i)^[\[(]?(q(?:uestion)?\.?\s*(?:no\.?\s*)?)?(\d{1,9})(\s*[\]).:;,=\-–—*_]+\s*|\s+|$)(.*)$")
});

static SPLIT_KEYWORD: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"\b(ANSWER|COMMENT|EVIDENCE)\s*\n[>\s]*(\d{1,3}\s*:)"));

static INNER_MARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"[ \t]+((?:ANSWER|COMMENT|EVIDENCE)[ \t]+\d{1,3}[ \t]*:|\[Q\d{1,3}\][ \t]+\((?:Essential|Desirable)\)|\[END OF FORM\])",
    )
});

/// Puts every mark at the start of a line: programs that re-wrap a paragraph join and break lines anywhere.
pub(super) fn on_own_lines(text: &str) -> String {
    let joined = SPLIT_KEYWORD.as_ref().map(|r| r.replace_all(text, "\n$1 $2").into_owned());
    let joined = joined.unwrap_or_else(|| text.to_owned());
    INNER_MARK.as_ref().map(|r| r.replace_all(&joined, "\n$1").into_owned()).unwrap_or(joined)
}

/// Classifies a line without its quotation marks.
pub(super) fn classify(line: &str) -> Line {
    let bare =
        line.trim_start_matches(|c: char| c.is_whitespace() || "*_-–•·◦▪o#".contains(c) && !starts_word(line, c));
    keyword(bare)
        .or_else(|| question(bare))
        .or_else(|| ends(line.trim()).then_some(Line::End))
        .or_else(|| numbered(bare))
        .unwrap_or_else(|| Line::Text(line.trim().to_owned()))
}

/// Whether a letter that Outlook uses as a bullet ("o") begins a word here.
fn starts_word(line: &str, c: char) -> bool {
    c.is_alphabetic() && !line.trim_start().starts_with("o ") && !line.trim_start().starts_with("o\t")
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok()
}

fn keyword(line: &str) -> Option<Line> {
    let found = KEYWORD.as_ref()?.captures(line)?;
    let part = |n: usize| found.get(n).map_or("", |m| m.as_str());
    let (word, separator, rest) = (part(1), part(3), part(4));
    let of = number(part(2));
    let field = match word.to_lowercase().chars().next()? {
        'a' => Field::Answer,
        'c' => Field::Comment,
        _ => Field::Evidence,
    };
    let stands_out = match of {
        Some(_) => separates(separator) || rest.is_empty() || is_upper(word),
        None => separator.contains([':', '=']),
    };
    let set_off = of.is_some() || separator.contains(['-', '–', '—']);
    let is_answer = field == Field::Answer && set_off && matches!(value::read(rest), value::Said::Clear(..));
    (stands_out || is_answer).then(|| Line::Field(field, of, rest.to_owned()))
}

/// "3-4 weeks" and "3.5 hours" separate nothing.
fn separates(separator: &str) -> bool {
    let trimmed = separator.trim();
    trimmed.contains([')', ']', ':', ';', '=', '*', '_']) || (!trimmed.is_empty() && separator.len() > trimmed.len())
}

fn is_upper(word: &str) -> bool {
    word.chars().all(char::is_uppercase)
}

fn question(line: &str) -> Option<Line> {
    let found = [&BRACKETED, &QUESTION].into_iter().find_map(|r| r.as_ref()?.captures(line))?;
    let of = number(found.get(1)?.as_str())?;
    Some(Line::Field(Field::Question, Some(of), found.get(2)?.as_str().to_owned()))
}

fn numbered(line: &str) -> Option<Line> {
    let found = NUMBERED.as_ref()?.captures(line)?;
    let lettered = if found.get(1).is_some() { Lettered::Q } else { Lettered::Plain };
    let (separator, rest) = (found.get(3)?.as_str(), found.get(4)?.as_str());
    let spaced = rest.is_empty() || separator.contains(char::is_whitespace);
    if !spaced && !matches!(value::read(rest), value::Said::Clear(..)) {
        return None;
    }
    let parted = if separator.trim().is_empty() { Parted::BySpace } else { Parted::BySign };
    let number = number(found.get(2)?.as_str())?;
    Some(Line::Numbered(Numbered { number, lettered, parted, rest: rest.to_owned(), whole: line.trim().to_owned() }))
}

/// Lines behind which nothing belongs to the last comment any more.
const FAREWELLS: &[&str] = &[
    "kind regards",
    "best regards",
    "warm regards",
    "regards",
    "with kind regards",
    "many thanks",
    "thanks",
    "thank you",
    "best wishes",
    "with best wishes",
    "yours sincerely",
    "yours faithfully",
    "kindest regards",
    "all the best",
];

fn ends(line: &str) -> bool {
    let lower = line.trim_matches(|c: char| c == '*' || c.is_whitespace()).to_lowercase();
    let rule = |c: char| lower.len() >= 10 && lower.chars().all(|other| other == c);
    let farewell = lower.trim_end_matches([',', '.', '!']);
    line == "--"
        || lower.starts_with(&render::START.to_lowercase())
        || lower.starts_with(&render::END.to_lowercase())
        || lower.starts_with("-----original message")
        || lower.starts_with("---------- forwarded message")
        || lower.starts_with("begin forwarded message")
        || lower.starts_with("sent from my ")
        || (lower.starts_with("from:") && lower.contains('@'))
        || (lower.starts_with("on ") && lower.ends_with("wrote:"))
        || rule('_')
        || rule('-')
        || FAREWELLS.contains(&farewell)
}

/// Whether a text is (a piece of) the wording of this criterion: most of its longer words stand there.
pub(super) fn is_wording(text: &str, of: u32, criteria: &Criteria) -> bool {
    let Some(criterion) = criteria.get(of) else { return false };
    let wording: BTreeSet<String> = words(&criterion.text).collect();
    let said: Vec<String> = words(without_importance(text)).collect();
    let known = said.iter().filter(|word| wording.contains(*word)).count();
    said.len() >= 2 && known * 3 >= said.len() * 2
}

/// A question's line without "(Essential)" at its start.
pub(super) fn without_importance(text: &str) -> &str {
    let text = text.trim_start_matches(['(', '[', ' ', '*']);
    let (word, rest) = value::split_word(text);
    let is_importance = word.eq_ignore_ascii_case("essential") || word.eq_ignore_ascii_case("desirable");
    if is_importance { rest.trim_start_matches([')', ']', ' ', '*', ':', '.', '-', '–', '\t']) } else { text }
}

fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: Line) {
        assert_eq!(classify(line), expected, "{line:?}");
    }

    fn field(field: Field, number: u32, rest: &str) -> Line {
        Line::Field(field, Some(number), rest.into())
    }

    #[test]
    fn every_spelling_of_an_answer_line_opens_the_answer() {
        let spellings = "ANSWER 07: Yes|ANSWER 07 Yes|Answer 7 - Yes|answer 7: Yes|Answer 7) Yes|Answer Q7: Yes|\
                         Answer to question 7: Yes|Ans 7 = Yes|*ANSWER 07:* Yes|• ANSWER 07: Yes|- Answer 07 – Yes|\
                         [ANSWER 07] Yes|ANSWER 007: Yes|o ANSWER 07: Yes|Answer 7 Yes|ANSWER07: Yes|**ANSWER 07**: Yes";
        for line in spellings.split('|').map(str::trim) {
            check(line, field(Field::Answer, 7, "Yes"));
        }
        check("ANSWER:", Line::Field(Field::Answer, None, String::new()));
        check("COMMENT 07: 12 staff", field(Field::Comment, 7, "12 staff"));
        check("Comments: none", Line::Field(Field::Comment, None, "none".into()));
        check("EVIDENCE 07: 41 requests", field(Field::Evidence, 7, "41 requests"));
    }

    #[test]
    fn prose_that_begins_like_a_mark_is_text() {
        for line in [
            "answer 7 calls a week",
            "Comment was made on 3 of them",
            "Evidence of 3 kinds",
            "answers are late",
            "evidence-based work",
            "Comment 3.5 hours",
        ] {
            check(line, Line::Text(line.into()));
        }
    }

    #[test]
    fn a_question_line_is_one_in_brackets_or_with_its_importance() {
        check("[Q07] (Essential) Are there?", field(Field::Question, 7, "(Essential) Are there?"));
        check("[q 7]: Are there?", field(Field::Question, 7, "Are there?"));
        check("Q07 (Desirable) Are there?", field(Field::Question, 7, "(Desirable) Are there?"));
        let numbered = |line: &str, lettered| match classify(line) {
            Line::Numbered(found) => {
                assert_eq!((found.number, found.lettered, found.rest.as_str()), (7, lettered, "Yes"))
            }
            other @ (Line::Field(..) | Line::End | Line::Text(_)) => panic!("{line:?} is {other:?}"),
        };
        numbered("Q7 Yes", Lettered::Q);
        numbered("Question 7. Yes", Lettered::Q);
        for line in ["7. Yes", "7) Yes", "7 Yes", "07: Yes", "(7) Yes", "7 - Yes", "• 7. Yes", "*7.* Yes", "7.Yes"] {
            numbered(line, Lettered::Plain);
        }
        check("07/03/2025 audit", Line::Text("07/03/2025 audit".into()));
        check("12th of May", Line::Text("12th of May".into()));
        check("7-8 weeks", Line::Text("7-8 weeks".into()));
    }

    #[test]
    fn a_form_or_text_ends_at_farewells_signatures_and_older_mail() {
        let ends = "[END OF FORM]|--|Kind regards,|*Many thanks*|-----Original Message-----|________________________________|\
                    From: Ann Lee <ann@trust.example>|On Mon, 2 Nov 2026, Bo <bo@council.example> wrote:|Sent from my phone";
        for line in ends.split('|').map(str::trim) {
            check(line, Line::End);
        }
        check("From: 3 teams", Line::Text("From: 3 teams".into()));
    }
}
