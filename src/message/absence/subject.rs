//! Of whom a sentence speaks: a notice names colleagues too, and their days are not the sender's.

use regex::Regex;
use std::sync::LazyLock;

type Pattern = LazyLock<Option<Regex>>;

/// Whose days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// A text about somebody else: whoever is away in it.
    Anybody,
    /// A notice that says "I": no other name and no "she" is the sender.
    Sender,
    /// A notice without "I" speaks of its sender by name.
    Named,
}

static FIRST_PERSON: Pattern = LazyLock::new(|| Regex::new(r"\b(?:i|im|my|me)\b").ok());
/// The last of these before a verb says whose it is.
static MARK: Pattern = LazyLock::new(|| {
    Regex::new(&[
        r"\b(?:(?P<own>(?:please |can |may )?(?:contact|e-?mail|call|phone|ring|reach) me|i(?:'m| am) (?:the|a|an|your|her|his|their|now)(?: [\w-]+){0,3}|i|im|we|my (?:own )?(?:\w+ )?(?:leave|absence|return|holidays?)|my (?:first|next|last))\b",
        r"|(?P<other>whom?\b|colleagues?\b|cover(?:ing)?\b|locum\b|dealing with|looking after|standing in",
        r"|(?:please|kindly|urgent,?|can|may|instead,?) (?:also )?(?:contact|e-?mail|call|phone|ring|telephone|speak|reach|get|refer|forward|send|direct|try|resend)\b|please $)",
        r"|(?P<person>(?:she|he|they)\b|\b(?:dr|mr|mrs|ms|miss|prof)\.? [\w'-]+|(?:my|our|the|your) (?:[\w-]+ ){0,2}(?:manager|deputy|assistant|supervisor|secretary|administrator|senco|sendco|head|headteacher|team|hub|lead|co-?ordinator)\b))",
    ].concat())
    .ok()
});
/// The word that stands before the verb.
static BEFORE_VERB: Pattern = LazyLock::new(|| {
    Regex::new(r"(?:^|[ (])(?P<subject>[\w'-]+)(?:,)? (?:'ll|will|shall|is|are|should|would|can|may)(?: (?:also|then|next|only|now|usually|always|normally|generally|currently))*(?: be)?(?: (?:due|able|expected|hoping|happy))?(?: to)?(?: (?:be|get|come))? $").ok()
});
/// "Sam Green is in charge and will": the subject stands at the front.
static AT_FRONT: Pattern = LazyLock::new(|| {
    Regex::new(r"^\W*(?:[\w'-]+ ){0,4}?(?P<subject>[\w'-]+)(?:'s| is| are| has| have| will| works?) .*\band (?:will|shall|is|are) (?:be )?$").ok()
});
static SUBJECT_OF_FINITE: Pattern = LazyLock::new(|| Regex::new(r"(?:^|[ (])(?P<subject>[\w'-]+) $").ok());
/// Verbs that have their subject right before them.
static FINITE: Pattern = LazyLock::new(|| Regex::new(r"^returns\b").ok());
/// Places and work begin again; they are nobody else.
static OF_PLACES: Pattern = LazyLock::new(|| Regex::new(r"^(?:re-?open|resum|term|school)").ok());
static AWAY: Pattern = LazyLock::new(|| {
    Regex::new(r"(?:^|[ (])(?P<subject>[\w'-]+)(?:'s| is| are| will be)(?: (?:also|now|currently|both))? (?:on (?:\w+ )?leave|away|off|absent|out of)\b").ok()
});
static ABSENCE: Pattern = LazyLock::new(|| {
    Regex::new(r"\b(?:leave|away|out|off|absen\w*|abroad|holidays?|vacation|closed|shut|sick|ill|unwell|unavailable|unable|unlikely|not|no longer|never|cannot|secondment|sabbatical|maternity|paternity|training|a/l|ooo|strike|course|conference|jury (?:duty|service))\b|n't\b").ok()
});
static PRESENCE: Pattern = LazyLock::new(|| {
    Regex::new(
        r"\b(?:in the office|available|contactable|reachable|working|work|open|in school|at work|here|on call|be in)\b",
    )
    .ok()
});

/// Words before a verb that name no other person.
const NEUTRAL: [&str; 44] = [
    "and",
    "but",
    "then",
    "or",
    "also",
    "that",
    "which",
    "this",
    "it",
    "there",
    "i",
    "we",
    "office",
    "offices",
    "school",
    "schools",
    "academy",
    "college",
    "centre",
    "center",
    "nursery",
    "service",
    "services",
    "department",
    "setting",
    "building",
    "site",
    "term",
    "leave",
    "return",
    "date",
    "day",
    "days",
    "reply",
    "response",
    "email",
    "emails",
    "mail",
    "mailbox",
    "inbox",
    "messages",
    "pupils",
    "students",
    "staff",
];

impl Voice {
    /// The voice of a notice.
    pub fn of_notice(text: &str) -> Self {
        if matches(&FIRST_PERSON, text) { Self::Sender } else { Self::Named }
    }

    /// Whether what the cue says is said of somebody else; `head` is the sentence before it.
    pub fn is_of_somebody_else(self, head: &str, cue: &str) -> bool {
        if self == Self::Anybody || matches(&OF_PLACES, cue) {
            return false;
        }
        self.last_mark(head).map_or_else(|| self == Self::Sender && is_named(head, cue), |(other, _)| other)
    }

    /// Whether the sentence speaks of the absence of somebody else.
    pub fn is_absence_of_somebody_else(self, head: &str) -> bool {
        if self == Self::Anybody {
            return false;
        }
        let of_name = || self == Self::Sender && subject(&AWAY, head).is_some_and(is_name);
        self.last_mark(head).map_or_else(of_name, |(other, behind)| other && is_absence(behind))
    }

    /// Whether the last word that says of whom the sentence speaks means somebody else, and the text behind it.
    fn last_mark(self, head: &str) -> Option<(bool, &str)> {
        let mark = MARK.as_ref()?.captures_iter(head).last()?;
        let behind = head.get(mark.get(0)?.end()..).unwrap_or_default();
        let is_other = mark.name("other").is_some() || (mark.name("person").is_some() && self == Self::Sender);
        Some((is_other, behind))
    }
}

/// Whether the words speak of an absence.
pub(super) fn is_absence(text: &str) -> bool {
    matches(&ABSENCE, text)
}

/// Whether the words speak of a presence alone: "I am in the office until Friday" ends no absence.
pub(super) fn is_presence(text: &str) -> bool {
    matches(&PRESENCE, text) && !is_absence(text)
}

fn is_named(head: &str, cue: &str) -> bool {
    let of_verb = subject(&AT_FRONT, head).or_else(|| subject(&BEFORE_VERB, head));
    let finite = || if matches(&FINITE, cue) { subject(&SUBJECT_OF_FINITE, head) } else { None };
    of_verb.or_else(finite).is_some_and(is_name)
}

fn subject<'a>(pattern: &Pattern, head: &'a str) -> Option<&'a str> {
    Some(pattern.as_ref()?.captures(head)?.name("subject")?.as_str())
}

fn is_name(word: &str) -> bool {
    !NEUTRAL.contains(&word) && !word.ends_with(|c: char| c.is_ascii_digit())
}

fn matches(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}
