//! What a rating looks like when people write it. Strict: a word that could mean two things is unclear.

use crate::core::assessment::Rating;

/// What an answer field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing: empty, or only lines and dots.
    Blank,
    /// A rating, and what follows it as a comment.
    Clear(Rating, String),
    /// Anything else.
    Unclear,
}

/// A bare "E" is not among them: it could mean Emerging or Essential.
const WORDS: &[(&str, Rating)] = &[
    ("yes", Rating::Yes),
    ("y", Rating::Yes),
    ("green", Rating::Yes),
    ("emerging", Rating::Emerging),
    ("em", Rating::Emerging),
    ("amber", Rating::Emerging),
    ("partly", Rating::Emerging),
    ("no", Rating::No),
    ("n", Rating::No),
    ("red", Rating::No),
];

/// Words that take back the rating before them: "Yes, but only in one team".
const HEDGES_OF_YES: &[&str] = &[
    "but",
    "not",
    "or",
    "if",
    "unless",
    "only",
    "some",
    "sometimes",
    "mostly",
    "almost",
    "nearly",
    "partially",
    "except",
    "although",
    "though",
    "however",
    "maybe",
    "perhaps",
    "probably",
    "possibly",
];
const HEDGES_OF_NO: &[&str] =
    &["but", "or", "partially", "some", "sometimes", "although", "though", "however", "maybe", "perhaps", "except"];
const HEDGES_OF_EMERGING: &[&str] = &["or", "maybe", "perhaps"];

const DECORATION: &[char] = &[
    '*', '_', '"', '\'', '“', '”', '‘', '’', '«', '»', '[', ']', '(', ')', '<', '>', '•', '·', '#', '✓', '✔', '`', '~',
];
const RULES: &[char] = &['_', '.', '-', '–', '—', '…', '|', ':', '=', '*'];

/// Reads an answer field or cell of one line.
pub(super) fn read(text: &str) -> Said {
    if text.chars().all(|c| c.is_whitespace() || RULES.contains(&c)) {
        return Said::Blank;
    }
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || DECORATION.contains(&c) || RULES.contains(&c));
    let (word, rest) = split_word(text);
    let Some(rating) = rating_of(word) else { return Said::Unclear };
    let rest = rest.trim_end();
    if rest.chars().all(|c| closes(c) || c.is_whitespace()) {
        return Said::Clear(rating, String::new());
    }
    match comment_after(rest, word) {
        Some(comment) if !takes_back(rating, comment) => Said::Clear(rating, comment.to_owned()),
        _ => Said::Unclear,
    }
}

/// The rating when the text is nothing else than one rating word.
pub(super) fn read_bare(text: &str) -> Option<Rating> {
    match read(text) {
        Said::Clear(rating, comment) if comment.is_empty() => Some(rating),
        Said::Blank | Said::Clear(..) | Said::Unclear => None,
    }
}

/// Splits after the leading letters.
pub(super) fn split_word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn rating_of(word: &str) -> Option<Rating> {
    WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, rating)| *rating)
}

fn closes(c: char) -> bool {
    DECORATION.contains(&c) || RULES.contains(&c) || matches!(c, '!' | ',' | ';')
}

/// What follows the rating word behind a separator; `None` when it simply goes on ("No idea", "Yes/No", "No-one").
fn comment_after<'a>(rest: &'a str, word: &str) -> Option<&'a str> {
    let closing = |c: char| DECORATION.contains(&c) && c != '(' && c != '[';
    let undecorated = rest.trim_start_matches(closing);
    let spaced = undecorated.trim_start();
    let mut characters = spaced.chars();
    let separator = characters.next()?;
    let comment = characters.as_str();
    let stands_off = spaced.len() < undecorated.len() || comment.starts_with(char::is_whitespace);
    let separates = match separator {
        '–' | '—' | ':' | ';' | ',' | '(' | '[' | '!' | '…' | '|' | '=' => true,
        '-' => stands_off,
        // "N.A." and "No. 7" are abbreviations.
        '.' => word.len() > 1 && !comment.trim_start().starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    };
    separates.then(|| comment.trim_start_matches(|c: char| c.is_whitespace() || RULES.contains(&c)).trim_end())
}

fn takes_back(rating: Rating, comment: &str) -> bool {
    let first_words: Vec<String> = comment
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .take(2)
        .map(str::to_lowercase)
        .collect();
    let Some(first) = first_words.first() else { return false };
    let decisive = if first == "and" { first_words.get(1).unwrap_or(first) } else { first };
    let hedges = match rating {
        Rating::Yes => HEDGES_OF_YES,
        Rating::Emerging => HEDGES_OF_EMERGING,
        Rating::No => HEDGES_OF_NO,
    };
    hedges.contains(&decisive.as_str()) || rating_of(decisive).is_some_and(|other| other != rating)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Rating::{Emerging, No, Yes};

    #[test]
    fn a_clear_word_is_a_rating_whatever_stands_around_it() {
        let table = [
            (
                Yes,
                "Yes|yes|YES|Y|y|Green|green.|Yes.|Yes!|*Yes*|**Yes**|_Yes_|“Yes”|'yes'|[Yes]|(Yes)|- Yes|: Yes|• yes|✓ Yes|Yes,|Yes )",
            ),
            (Emerging, "Emerging|emerging|EM|Em.|Amber|AMBER|Partly|<Emerging>|— Emerging —"),
            (No, "No|no|N|n.|Red|RED|*No*|No …|___No___"),
        ];
        for (rating, texts) in table {
            for text in texts.split('|') {
                assert_eq!(read(text), Said::Clear(rating, String::new()), "{text:?}");
            }
        }
    }

    #[test]
    fn a_comment_behind_a_separator_leaves_the_rating_clear() {
        let check = |text: &str, rating, comment: &str| {
            assert_eq!(read(text), Said::Clear(rating, comment.to_owned()), "{text:?}");
        };
        check("Yes – since June", Yes, "since June");
        check("yes - since June 2025.", Yes, "since June 2025.");
        check("Yes, all teams", Yes, "all teams");
        check("Yes (since 2024)", Yes, "since 2024)");
        check("Yes: and monitored monthly", Yes, "and monitored monthly");
        check("*Yes* – since June", Yes, "since June");
        check("Emerging – not yet in all teams", Emerging, "not yet in all teams");
        check("Emerging. Planned for May", Emerging, "Planned for May");
        check("No – not yet", No, "not yet");
        check("No. We are hiring", No, "We are hiring");
        check("Green – yes", Yes, "yes");
    }

    #[test]
    fn what_could_mean_two_things_is_unclear() {
        let texts = "E|e.|N/A|n/a|NA|N.A.|not yet|not applicable|none|Yes/Emerging|Yes / No|Y/N|yes and no|Yes or No|\
                     Yes, and no|Yes – No|Yes (no for one team)|Yes but|Yes, but only in one team|Yes – partially|No, but planned|\
                     No – yes in part|Yes?|Yes since June|No idea|No-one|Yes-ish|Nope|maybe|?|7|x|✓|No. 7|emergin|Essential|\
                     Emerging/Yes|Emerging or yes|Emerging, or No|Partly yes|Yes Yes|tbc|50%|Ja";
        for text in texts.split('|').map(str::trim) {
            assert_eq!(read(text), Said::Unclear, "{text:?}");
        }
    }

    #[test]
    fn lines_and_dots_to_write_on_are_blank() {
        for text in ["", "  ", "____", "......", "-", "–", "…", "_ _ _", ":", "\t"] {
            assert_eq!(read(text), Said::Blank, "{text:?}");
        }
    }
}
