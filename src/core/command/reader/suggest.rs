//! What a misspelt word may have been meant to be. Only ever suggested, never acted upon.

use super::super::form::lead;
use super::*;
use strsim::damerau_levenshtein;

/// Everyday answers that happen to be close to a verb.
const EVERYDAY: &[&str] = &["NOTED", "NOTES", "DONE", "NONE", "WHAT", "WANT", "LAST", "LEST", "PLEASE", "MARCH"];

/// Whether a form of the verb begins with this word.
pub(super) fn may_begin(verb: Verb, word: &str) -> bool {
    verb.entry().forms.iter().any(|form| lead(form).next().is_some_and(|first| first == word))
}

/// The verb that the first words come close to, when the rest of the line could be its object.
pub(super) fn verb(tokens: &[Token], numbered: bool) -> Option<Verb> {
    let forms = Verb::ALL.iter().flat_map(|verb| verb.entry().forms.iter().map(move |form| (*verb, *form)));
    let close = forms.filter_map(|(verb, form)| {
        let words: Vec<String> = lead(form).collect();
        let (typed, rest) = tokens.split_at_checked(words.len())?;
        let object_follows = numbered || rest.iter().all(|token| token.kind != Kind::Word || is_number(&token.key));
        let typed: String = typed.iter().map(|token| token.key.as_str()).collect();
        let wanted = words.concat();
        let distance = damerau_levenshtein(&typed, &wanted);
        let everyday = EVERYDAY.contains(&typed.as_str());
        (object_follows && !everyday && distance <= tolerance(&wanted)).then_some((distance, verb))
    });
    close.min_by_key(|(distance, _)| *distance).map(|(_, verb)| verb)
}

/// The field of `verb` that a name comes close to.
pub(super) fn field(verb: Verb, written: &str) -> Option<Field> {
    let typed = key(written);
    let distance = |field: &Field| damerau_levenshtein(&typed, &key(field.label()));
    verb.fields().filter(|field| distance(field) <= 2.min(typed.len() / 2)).min_by_key(distance)
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

fn tolerance(word: &str) -> usize {
    match word.len() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}
