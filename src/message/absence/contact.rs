//! Who is named instead: name, address and telephone number as far as the notice tells them.

use regex::Regex;
use std::sync::LazyLock;

type Pattern = LazyLock<Option<Regex>>;

/// Words that lead to the person: what follows them up to the end of the sentence is looked at.
static CUE: Pattern = LazyLock::new(|| {
    Regex::new(
        r"(?ix)\b(?:
        (?:please\s+|kindly\s+|you\s+(?:can|may|should)\s+)?(?:also\s+)?(?:contact|e-?mail|call|phone|ring|telephone|speak\s+(?:to|with)|liaise\s+with|get\s+in\s+touch\s+with|(?:being\s+)?(?:covered|overseen)\s+by|taken\s+over\s+by|reach\s+out\s+to|write\s+to|turn\s+to)
        | (?:direct|refer|forward|send|address|redirect)\s+(?:\w+\s+){0,6}?to
        | wenden\s+sie\s+sich\s+(?:bitte\s+)?an | kontaktieren\s+sie(?:\s+bitte)? | vertretung:?(?:\s+(?:ubernimmt|übernimmt|durch|ist))? | in\s+dringenden\s+f(?:ä|ae|a)llen\s+(?:ist|erreichen\s+sie)
        | (?:veuillez\s+)?contacte[rz] | vous\s+adresser\s+[àa] | p[oó]ngase\s+en\s+contacto\s+con | contacte\s+con | contattare | (?:kunt\s+u\s+)?contact\s+opnemen\s+met
        ):?\s+",
    )
    .ok()
});
static COVERING: Pattern = LazyLock::new(|| {
    Regex::new(r"\b((?:(?:Dr|Mrs|Mr|Ms|Miss|Prof|Frau|Herr)\.? )?(?:\p{Lu}[\p{L}'’-]+ ){1,3})(?:is covering|will be covering|will cover|is deputising|will deal|is acting|will be acting|is dealing|covers for|vertritt)").ok()
});
static ADDRESS: Pattern = LazyLock::new(|| Regex::new(r"[\p{L}\d._%+'-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+").ok());
static PHONE: Pattern = LazyLock::new(|| Regex::new(r"(?:\+|\b0)\d[\d ()/-]{6,18}\d\b").ok());
static NAME: Pattern = LazyLock::new(|| {
    Regex::new(r"^(?:(?:my|our|the|their|a|your)\s+)?(?:(?:\p{Ll}[\p{L}-]*,?\s+){0,4}?)((?:(?:Dr|Mrs|Mr|Ms|Miss|Prof|Frau|Herr|M|Mme)\.?\s+)?\p{Lu}(?:\.|[\p{L}'’-]+)(?:\s+(?:van|von|de|der|du|la|el|bin|al|y|of|and|&)?\s*\p{Lu}(?:\.|[\p{L}'’-]+)){0,4})").ok()
});

/// The first contact that the text names, "Name <address>, telephone"; `None` when it names nobody else.
pub fn named(text: &str, own: &[&str]) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let covering =
        COVERING.as_ref()?.captures(&text).and_then(|c| c.get(1)).map(|name| name.as_str().trim().to_owned());
    let cues = CUE.as_ref()?.find_iter(&text).filter_map(|cue| text.get(cue.end()..));
    let mut described = None;
    for rest in cues {
        let phrase = sentence(rest);
        if is_oneself(phrase) {
            continue;
        }
        if let Some(contact) = read(phrase, own) {
            return Some(contact);
        }
        described = described.or_else(|| description(phrase));
    }
    covering.or(described)
}

/// Up to the end of the sentence; a dot inside an address or behind a title ends none.
fn sentence(rest: &str) -> &str {
    let end = rest.match_indices(['.', '!', '?', ';']).find(|(place, _)| {
        let (head, tail) = rest.split_at_checked(*place).unwrap_or((rest, ""));
        let word = head.rsplit(' ').next().unwrap_or_default();
        let title = word.chars().count() == 1
            || matches!(word, "Dr" | "Mr" | "Mrs" | "Ms" | "Prof" | "St" | "ext" | "tel" | "Tel");
        tail.chars().nth(1).is_none_or(char::is_whitespace) && !title
    });
    let end = end.map_or(rest.len(), |(place, _)| place).min(240);
    let end = (0..=end).rev().find(|&place| rest.is_char_boundary(place)).unwrap_or(0);
    rest.get(..end).unwrap_or(rest)
}

fn is_oneself(phrase: &str) -> bool {
    let first = phrase.split([' ', ',']).next().unwrap_or_default().to_lowercase();
    matches!(first.as_str(), "me" | "you" | "us" | "again" | "back" | "this" | "mich" | "your" | "it" | "and" | "or")
}

fn read(phrase: &str, own: &[&str]) -> Option<String> {
    let mut addresses = ADDRESS.as_ref()?.find_iter(phrase).map(|found| found.as_str().trim_end_matches(['.', '-']));
    let address = addresses.find(|address| !own.contains(&address.to_lowercase().as_str()));
    let phone = PHONE.as_ref()?.find(phrase).map(|found| found.as_str().trim());
    let name = NAME.as_ref()?.captures(phrase).and_then(|c| c.get(1)).map(|name| name.as_str().trim());
    let name = name.filter(|name| !address.is_some_and(|address| address.contains(*name)));
    let mut contact = match (name, address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(name), None) => name.to_owned(),
        (None, Some(address)) => match description(phrase.split_once(address).map_or("", |(before, _)| before)) {
            Some(description) => format!("{description} <{address}>"),
            None => address.to_owned(),
        },
        (None, None) => match description(phrase) {
            Some(description) if phone.is_some() => description,
            _ => return phone.map(str::to_owned),
        },
    };
    if let Some(phone) = phone {
        contact.push_str(", ");
        contact.push_str(phone);
    }
    Some(contact)
}

/// "the duty team": the words up to the next preposition.
fn description(phrase: &str) -> Option<String> {
    const ENDS: [&str; 14] =
        ["on", "at", "via", "by", "if", "for", "who", "or", "in", "during", "until", "when", "directly", "using"];
    let words: Vec<&str> = phrase.split(' ').take_while(|word| !ENDS.contains(word)).take(8).collect();
    let text = words.join(" ").trim_end_matches([',', ':', '-']).to_owned();
    let is_named = ["the ", "our ", "my ", "your "].iter().any(|article| text.to_lowercase().starts_with(article));
    (is_named && words.len() > 1).then_some(text)
}
