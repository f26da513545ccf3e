//! Holds the words of a line against the forms of the verb table.

use super::date::{DateBias, read_date};
use super::line::{Kind, Token, key, read_numbers, starts_with_month};
use super::object::{Object, Reference, Who};
use super::verb::Verb;
use crate::core::id::Address;
use chrono::NaiveDate;

/// A line's text with its pieces.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub today: NaiveDate,
}

/// Whether numbers may still follow: a line that began with its number names no second one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineNumbers {
    MayFollow,
    StoodInFront,
}

/// How far a form went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    /// All that the form demands is there.
    Whole(Box<Found>),
    /// The verb's first words are there; `used` tokens.
    Begun { used: usize },
}

/// What a form found in the line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Found {
    /// Tokens taken, verb and object.
    pub used: usize,
    pub lines: Vec<u32>,
    /// Text that stood where a date belongs and is none.
    pub bad_date: Option<String>,
    about: Option<Reference>,
    date: Option<NaiveDate>,
    who: Option<Who>,
    to: Option<Who>,
    mailbox: Option<Who>,
    ground: Option<String>,
    other: Option<Object>,
}

/// What may follow `LIST`: kept closed, so that "List of the children" stays prose.
const LISTINGS: &[&str] = &[
    "OPEN",
    "OVERDUE",
    "TODAY",
    "DUE",
    "TRIAGE",
    "CASES",
    "MINE",
    "ALL",
    "HELD",
    "ACTIONS",
    "ADVICE",
    "DRAFTS",
    "CLARIFICATIONS",
    "LATE",
    "ABSENT",
    "PREVIEWS",
    "PARENTS",
];
const REPORTS: &[&str] = &["WEEKLY", "HEALTH", "ASSESSMENT", "SHADOW"];
/// Words that no name of a person holds; with them a line is a sentence.
const NOT_IN_NAMES: &[&str] = &[
    "UNTIL", "TILL", "TO", "FROM", "IS", "ARE", "ON", "THE", "AND", "FOR", "SINCE", "WITH", "AT", "AS", "BUT", "HE",
    "SHE", "I", "WE", "THIS", "THAT", "IT", "WAS", "HAS", "NOT", "IN", "OF", "ALL", "TODAY", "TOMORROW", "STILL",
    "AGAIN",
];

/// Every form of `verb` that the line begins with, as far as it goes; nothing when the first words differ.
pub(super) fn fits(verb: Verb, words: Words<'_>, numbers: LineNumbers) -> impl Iterator<Item = Fit> {
    verb.entry().forms.iter().filter_map(move |form| Matcher { words, numbers }.form(form))
}

/// The words of a form before its first object: what makes people mean this verb.
pub(super) fn lead(form: &str) -> impl Iterator<Item = String> {
    form.split(' ').take_while(|part| !part.starts_with(['<', '['])).map(key)
}

struct Matcher<'a> {
    words: Words<'a>,
    numbers: LineNumbers,
}

impl Matcher<'_> {
    fn form(&self, form: &str) -> Option<Fit> {
        let leading = lead(form).count();
        let begins = lead(form).enumerate().all(|(at, word)| self.is_word(at, &word));
        if !begins {
            return None;
        }
        let mut found = Found { used: leading, ..Found::default() };
        for part in form.split(' ').skip(leading) {
            let fitted = match part.strip_prefix('[').and_then(|p| p.strip_suffix(']')) {
                Some(slot) => {
                    self.slot(slot, &mut found);
                    true
                }
                None => match part.strip_prefix('<').and_then(|p| p.strip_suffix('>')) {
                    Some(slot) => self.slot(slot, &mut found),
                    None => self.literal(part, &mut found),
                },
            };
            if !fitted {
                return Some(Fit::Begun { used: leading });
            }
        }
        Some(Fit::Whole(Box::new(found)))
    }

    fn is_word(&self, at: usize, word: &str) -> bool {
        self.words.tokens.get(at).is_some_and(|token| token.kind == Kind::Word && token.key == word)
    }

    fn literal(&self, word: &str, found: &mut Found) -> bool {
        let fitted = self.is_word(found.used, &key(word));
        found.used += usize::from(fitted);
        fitted
    }

    /// Fills one slot and moves on; `false` leaves `found` as it was.
    fn slot(&self, slot: &str, found: &mut Found) -> bool {
        match slot {
            "case" => self.reference(found, |kind| matches!(kind, Kind::Case(_))),
            "ref" => self.reference(found, |kind| matches!(kind, Kind::Case(_) | Kind::FollowUp(_))),
            "target" => {
                self.reference(found, |kind| matches!(kind, Kind::Case(_) | Kind::FollowUp(_))) || self.lines(found)
            }
            "lines" => self.lines(found),
            "date" => self.date(found),
            "who" => self.person(found, |found, who| found.who = Some(who)),
            "to" => self.person(found, |found, who| found.to = Some(who)),
            "mailbox" => self.mailbox(found),
            "candidate" => self.candidate(found),
            "number" => self.number(found),
            "all" => self.take(found, |token| (token.key == "ALL").then_some(Object::All)),
            "verb" => self.verb(found),
            "listing" => self.listed(found, LISTINGS),
            "report" => self.listed(found, REPORTS),
            "name" => self.name_of_round(found),
            "ground" => self.ground(found),
            // The words behind `AMEND 7` are the answer; the reader takes them as text.
            _ => false,
        }
    }

    fn reference(&self, found: &mut Found, allowed: fn(&Kind) -> bool) -> bool {
        let Some(token) = self.words.tokens.get(found.used).filter(|token| allowed(&token.kind)) else { return false };
        found.about = match &token.kind {
            Kind::Case(case) => Some(Reference::Case(case.clone())),
            Kind::FollowUp(id) => Some(Reference::FollowUp(id.clone())),
            Kind::Word | Kind::Misread | Kind::Address(_) => None,
        };
        found.used += 1;
        true
    }

    /// "1,2 and 4", "1 - 3"; not the day of a date.
    fn lines(&self, found: &mut Found) -> bool {
        if self.numbers == LineNumbers::StoodInFront {
            return false;
        }
        let listed = self.count(found.used, |token| {
            token.kind == Kind::Word
                && (token.key.chars().all(|c| c.is_ascii_digit()) || matches!(token.key.as_str(), "AND" | "TO"))
        });
        let text = self.text(found.used, listed);
        let behind = self.words.text.get(self.end(found.used + listed)..).unwrap_or("");
        let Some(numbers) = read_numbers(text.trim_end_matches(['.', ')', ':', '!'])) else { return false };
        if starts_with_month(behind.trim_start()) {
            return false;
        }
        found.lines = numbers;
        found.used += listed;
        true
    }

    fn date(&self, found: &mut Found) -> bool {
        let today = self.words.today;
        for length in (1..=4).rev() {
            let text = self.text(found.used, length);
            if let Some(date) = read_date(&text, today, DateBias::Future) {
                found.used = (found.used + length).min(self.words.tokens.len());
                found.date = Some(date);
                return true;
            }
        }
        let rest = self.words.tokens.len() - found.used.min(self.words.tokens.len());
        let text = self.text(found.used, rest);
        if !text.contains(|c: char| c.is_ascii_digit()) {
            return false;
        }
        found.bad_date = Some(text);
        found.used += rest;
        true
    }

    /// A name, an address or both, up to the next word of the form.
    fn person(&self, found: &mut Found, set: fn(&mut Found, Who)) -> bool {
        const LONGEST_NAME: usize = 4;
        let named = self.count(found.used, |token| {
            token.kind == Kind::Word
                && !NOT_IN_NAMES.contains(&token.key.as_str())
                && token.key.chars().all(char::is_alphabetic)
        });
        let address = self.address(found.used + named);
        if named > LONGEST_NAME || (named == 0 && address.is_none()) {
            return false;
        }
        let name = self.text(found.used, named).trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        found.used += named + usize::from(address.is_some());
        set(found, Who { name: (named > 0).then_some(name), address });
        true
    }

    fn mailbox(&self, found: &mut Found) -> bool {
        let mut tried = found.clone();
        let fitted = self.person(&mut tried, |found, who| found.mailbox = Some(who))
            && tried.mailbox.as_ref().is_some_and(|who| who.address.is_some());
        if fitted {
            *found = tried;
        }
        fitted
    }

    fn address(&self, at: usize) -> Option<Address> {
        match self.words.tokens.get(at).map(|token| &token.kind) {
            Some(Kind::Address(address)) => Some(address.clone()),
            Some(Kind::Word | Kind::Case(_) | Kind::FollowUp(_) | Kind::Misread) | None => None,
        }
    }

    fn candidate(&self, found: &mut Found) -> bool {
        let letter = |token: &Token| {
            let mut letters = token.key.chars();
            letters.next().filter(char::is_ascii_alphabetic).filter(|_| letters.next().is_none()).map(Object::Candidate)
        };
        self.take(found, letter) || self.reference(found, |kind| matches!(kind, Kind::Case(_) | Kind::FollowUp(_)))
    }

    fn number(&self, found: &mut Found) -> bool {
        self.take(found, |token| {
            let digits = token.key.strip_prefix('Q').unwrap_or(&token.key);
            digits.parse().ok().filter(|_| digits.len() <= 3).map(Object::Number)
        })
    }

    fn take(&self, found: &mut Found, read: impl Fn(&Token) -> Option<Object>) -> bool {
        let token = self.words.tokens.get(found.used).filter(|token| token.kind == Kind::Word);
        let Some(object) = token.and_then(read) else { return false };
        found.other = Some(object);
        found.used += 1;
        true
    }

    fn verb(&self, found: &mut Found) -> bool {
        let rest: String = self.words.tokens.iter().skip(found.used).map(|token| token.key.as_str()).collect();
        let Some(verb) = Verb::ALL.iter().copied().find(|verb| key(verb.words()) == rest) else { return false };
        found.other = Some(Object::Verb(verb));
        found.used = self.words.tokens.len();
        true
    }

    fn listed(&self, found: &mut Found, allowed: &[&str]) -> bool {
        let about = self.reference(found, |kind| matches!(kind, Kind::Case(_)));
        about
            || self.take(found, |token| allowed.contains(&token.key.as_str()).then(|| Object::Text(token.key.clone())))
    }

    fn name_of_round(&self, found: &mut Found) -> bool {
        const LONGEST: usize = 5;
        let rest = self.words.tokens.len() - found.used.min(self.words.tokens.len());
        if !(1..=LONGEST).contains(&rest) {
            return false;
        }
        found.other = Some(Object::Text(unwrapped(&self.text(found.used, rest))));
        found.used += rest;
        true
    }

    fn ground(&self, found: &mut Found) -> bool {
        const LONGEST: usize = 8;
        let rest = self.words.tokens.len() - found.used.min(self.words.tokens.len());
        if !(1..=LONGEST).contains(&rest) {
            return false;
        }
        found.ground = Some(unwrapped(&self.text(found.used, rest)));
        found.used += rest;
        true
    }

    fn count(&self, from: usize, wanted: impl Fn(&Token) -> bool) -> usize {
        self.words.tokens.iter().skip(from).take_while(|token| wanted(token)).count()
    }

    fn end(&self, used: usize) -> usize {
        used.checked_sub(1).and_then(|last| self.words.tokens.get(last)).map_or(0, |token| token.end)
    }

    /// The text of `count` tokens with the punctuation between them, single-spaced.
    fn text(&self, from: usize, count: usize) -> String {
        let start = self.words.tokens.get(from).map_or(self.words.text.len(), |token| token.start);
        let end = self.words.tokens.iter().skip(from).take(count).next_back().map_or(start, |token| token.end);
        let words: Vec<&str> = self.words.text.get(start..end).unwrap_or("").split_whitespace().collect();
        words.join(" ")
    }
}

impl Found {
    /// Puts the pieces together.
    pub(super) fn into_object(self) -> Object {
        match self {
            Self { date: Some(date), about, .. } => Object::NewDate { about, date },
            Self { ground: Some(ground), about: Some(Reference::Case(case)), .. } => Object::Exemption { case, ground },
            Self { mailbox: Some(manager), who: adviser, .. } => Object::ManagerIs { adviser, manager },
            Self { to: Some(to), who: Some(from), .. } => Object::GiveAll { from, to },
            Self { to: Some(to), about, .. } => Object::GiveTo { about, to },
            Self { who: Some(who), .. } => Object::Who(who),
            Self { other: Some(object), .. } => object,
            Self { about: Some(about), .. } => about.into(),
            _ => Object::None,
        }
    }

    /// The date that was named.
    pub(super) fn date(&self) -> Option<NaiveDate> {
        self.date
    }

    /// Whether the line itself says what it is about.
    pub(super) fn names_something(&self) -> bool {
        self.about.is_some() || self.other.is_some()
    }
}

/// Without bold, quotes and the full stop around it.
fn unwrapped(text: &str) -> String {
    text.trim_matches(['*', '_', '"', '\'', '.', ',', ' ']).to_owned()
}

/// Reads the people in a field: "Ann Lee <lee@x>; head@y". Names without address are kept as names.
pub fn people(value: &str) -> Vec<Who> {
    value.split([';', ',']).map(str::trim).filter(|part| !part.is_empty()).map(person_of).collect()
}

fn person_of(part: &str) -> Who {
    let address = part.split_whitespace().find_map(Address::parse);
    let name: Vec<&str> = part.split_whitespace().filter(|word| Address::parse(word).is_none()).collect();
    let name = name.join(" ").trim_matches('"').to_owned();
    Who { name: (!name.is_empty()).then_some(name), address }
}
