//! How the value of a key is written: one table for the TOML and for the environment. Checks one value by
//! itself and brings it into the form in which the layers carry it.

use super::secret::SecretPlace;
use super::url::{MailboxUrl, OutboundUrl, StoreUrl};
use crate::core::id;
use crate::core::policy::{Mode, Modes, ParentHold};
use chrono::{NaiveDate, NaiveTime};
use config::{Value, ValueKind};
use std::borrow::Cow;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How a value is written.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// One line of text, not empty.
    Text,
    /// true or false.
    Flag,
    /// A whole number in these bounds, both included.
    Count(u32, u32),
    /// An hour of the day, `08:00`.
    Clock,
    /// Two hours of one day, `08:00-18:00`.
    Hours,
    /// A date.
    Day,
    /// A date, or `{ date, name }`.
    Closure,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// An e-mail address.
    Address,
    /// A mail domain or the name of a server.
    Domain,
    /// A time zone of the tz database.
    Zone,
    /// A regular expression.
    Pattern,
    /// `mailbox.url`.
    Mailbox,
    /// `outbound.url`.
    Outbound,
    /// `store.url`.
    Store,
    /// An https:// address.
    Https,
    /// An address and port of this machine.
    Listen,
    /// A file or folder.
    Path,
    /// Where a secret is found.
    Secret,
    /// Working days of a co-ordinator's veto, or "approve".
    Hold,
    /// A program with its arguments.
    Command,
    /// `outbound.mode`: one word, or one for each sort of letter.
    Modes,
    /// Several.
    List(&'static Form),
    /// Several by name.
    Map(&'static Form),
    /// Several by these names.
    Record(&'static [&'static str], &'static Form),
}

/// What is wrong with a value.
#[derive(Debug)]
pub struct Complaint {
    /// Where in the text it stands.
    pub at: Range<usize>,
    /// What is wrong; never the value of a secret, nor a URL.
    pub what: String,
    /// What to write, where that is more than the form itself.
    pub remedy: Option<String>,
}

const MAILBOX: &str = "write imaps://ACCOUNT@host/INBOX, imap://ACCOUNT@host/INBOX?tls=required or maildir:PATH, an @ in the account as %40; the password stands under [secrets]";
const OUTBOUND: &str = "write smtps://ACCOUNT@host, smtp://ACCOUNT@host:587?tls=required or maildir:PATH, an @ in the account as %40; the password stands under [secrets]";
const STORE: &str = "write sqlite:PATH or postgres://USER@host/DATABASE";

/// What was read, or what is wrong with it and possibly how to mend it.
type Reading = Result<ValueKind, (String, Option<String>)>;

impl Form {
    /// How people are told what to write.
    pub fn wanted(&self) -> String {
        match self {
            Self::Text => "one line of text in quotes".into(),
            Self::Flag => "true or false".into(),
            Self::Count(from, to) => format!("a whole number from {from} to {to}"),
            Self::Clock => "an hour as HH:MM".into(),
            Self::Hours => "two hours of one day as HH:MM-HH:MM".into(),
            Self::Day => "a date".into(),
            Self::Closure => "a date, or a date with a name".into(),
            Self::Choice(words) => format!("one of {}", quoted(words)),
            Self::Address => "an e-mail address".into(),
            Self::Domain => "a domain".into(),
            Self::Zone => "a time zone".into(),
            Self::Pattern => "a regular expression in single quotes".into(),
            Self::Mailbox | Self::Outbound | Self::Store => "an address".into(),
            Self::Https => "an https:// address".into(),
            Self::Listen => "a loopback address with its port".into(),
            Self::Path => "a path".into(),
            Self::Secret => "the place of the secret (file, env or credential)".into(),
            Self::Hold => "working days from 0 to 20, or \"approve\"".into(),
            Self::Command => "a program and its arguments".into(),
            Self::Modes => format!("one of {}, or a table of them by sort of letter", quoted(Mode::WORDS)),
            Self::List(form) => format!("a list, each entry {}", form.wanted()),
            Self::Map(form) | Self::Record(_, form) => format!("a table, each value {}", form.wanted()),
        }
    }

    /// What to write, where that is more than the form itself.
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Mailbox => Some(MAILBOX),
            Self::Outbound => Some(OUTBOUND),
            Self::Store => Some(STORE),
            Self::Text | Self::Flag | Self::Count(..) | Self::Clock | Self::Hours | Self::Day | Self::Closure => None,
            Self::Choice(_) | Self::Address | Self::Domain | Self::Zone | Self::Pattern | Self::Https => None,
            Self::Listen | Self::Path | Self::Secret | Self::Hold | Self::Command | Self::Modes => None,
            Self::List(_) | Self::Map(_) | Self::Record(..) => None,
        }
    }

    /// Checks a value and brings it into the form of the layers; `None` when it cannot be used.
    pub fn accept(&self, value: &Spanned<DeValue<'_>>, complaints: &mut Vec<Complaint>) -> Option<Value> {
        match (self, value.get_ref()) {
            (Self::List(form), DeValue::Array(entries)) => {
                let accepted: Vec<Option<Value>> = entries.iter().map(|e| form.accept(e, complaints)).collect();
                accepted.into_iter().collect::<Option<Vec<Value>>>().map(Value::from)
            }
            (Self::Command, DeValue::Array(entries)) if !entries.is_empty() => {
                Self::List(&Self::Text).accept(value, complaints)
            }
            (Self::Modes, DeValue::Table(entries)) => modes(entries, complaints),
            (Self::Map(form), DeValue::Table(entries)) => accept_map(form, entries, complaints),
            (Self::Record(names, form), DeValue::Table(entries)) => {
                let known = complaints.len();
                complaints.extend(entries.keys().filter_map(|name| unknown_name(names, name)));
                accept_map(form, entries, complaints).filter(|_| complaints.len() == known)
            }
            (form, found) => match form.read(found) {
                Ok(kind) => Some(Value::new(None, kind)),
                Err((what, remedy)) => {
                    complaints.push(Complaint { at: value.span(), what, remedy });
                    None
                }
            },
        }
    }

    /// Whether several values may be given with commas between them, as in the environment.
    pub fn is_list(&self) -> bool {
        matches!(self, Self::List(_) | Self::Command)
    }

    /// Whether the value is TOML's own and not text.
    pub fn is_bare(&self) -> bool {
        matches!(self, Self::Flag | Self::Count(..) | Self::Closure | Self::Secret | Self::Map(_) | Self::Record(..))
    }

    fn read(&self, value: &DeValue<'_>) -> Reading {
        match (self, value) {
            (Self::Secret, found) => secret(found),
            (Self::Flag, DeValue::Boolean(flag)) => Ok(ValueKind::Boolean(*flag)),
            (Self::Count(from, to), DeValue::Integer(number)) => {
                count(*from, *to, i64::from_str_radix(number.as_str(), number.radix()).ok(), number.as_str())
            }
            (Self::Day, DeValue::Datetime(date)) => day(&date.to_string()).map(day_kind),
            (Self::Closure, DeValue::Datetime(date)) => day(&date.to_string()).map(|day| closure_kind(day, "closed")),
            (Self::Closure, DeValue::String(date)) => day(date).map(|day| closure_kind(day, "closed")),
            (Self::Closure, DeValue::Table(entry)) => closure(entry),
            (_, DeValue::String(text)) => self.read_text(text),
            (_, found) => Err((format!("this is {}, not {}", kind_of(found), self.wanted()), None)),
        }
    }

    fn read_text(&self, text: &str) -> Reading {
        let refused = || Err((format!("{} is not {}", shown(text), self.wanted()), None));
        let kept = || Ok(ValueKind::String(text.to_owned()));
        let reading = |outcome: Result<(), String>| match outcome {
            Ok(()) => kept(),
            Err(what) => Err((what, self.remedy().map(str::to_owned))),
        };
        match self {
            _ if text.chars().any(char::is_control) => {
                Err(("the text holds a line break or another control character".into(), Some("write one line".into())))
            }
            Self::Text | Self::Path if text.trim().is_empty() => Err(("the text is empty".into(), None)),
            Self::Text | Self::Path => kept(),
            Self::Clock => clock(text).map_or_else(refused, |hour| Ok(ValueKind::String(hour.to_string()))),
            Self::Hours => hours(text).map_or_else(refused, Ok),
            Self::Day => day(text).map(day_kind),
            Self::Choice(words) => choice(words, text),
            Self::Modes => choice(Mode::WORDS, text),
            Self::Address => id::Address::parse(text).map_or_else(refused, |_| kept()),
            Self::Domain if is_domain(text) => Ok(ValueKind::String(text.to_lowercase())),
            Self::Zone => zone(text),
            Self::Pattern => pattern(text),
            Self::Mailbox => reading(MailboxUrl::try_from(text.to_owned()).map(|_| ())),
            Self::Outbound => reading(OutboundUrl::try_from(text.to_owned()).map(|_| ())),
            Self::Store => reading(StoreUrl::try_from(text.to_owned()).map(|_| ())),
            Self::Https if is_safe_web(text) => kept(),
            Self::Listen => loopback(text).map_or_else(refused, |()| kept()),
            Self::Hold if text == "approve" || ParentHold::days(text).is_some() => kept(),
            Self::Https => Err((format!("this is not {}", self.wanted()), None)),
            Self::Flag | Self::Count(..) => {
                Err((format!("{} is text, not {}", shown(text), self.wanted()), Some("leave the quotes out".into())))
            }
            Self::Domain | Self::Closure | Self::Secret | Self::Hold | Self::Command => refused(),
            Self::List(_) | Self::Map(_) | Self::Record(..) => refused(),
        }
    }
}

fn accept_map(form: &Form, entries: &DeTable<'_>, complaints: &mut Vec<Complaint>) -> Option<Value> {
    let accepted: Vec<Option<(String, Value)>> = entries
        .iter()
        .map(|(name, value)| form.accept(value, complaints).map(|value| (name.get_ref().to_string(), value)))
        .collect();
    let accepted: config::Map<String, Value> = accepted.into_iter().collect::<Option<_>>()?;
    Some(Value::new(None, ValueKind::Table(accepted)))
}

/// Modes by sort of letter, as the one text that [`Modes`] reads.
fn modes(entries: &DeTable<'_>, complaints: &mut Vec<Complaint>) -> Option<Value> {
    let (known, names) = (complaints.len(), Modes::names());
    complaints.extend(entries.keys().filter_map(|name| unknown_name(&names, name)));
    let accepted = accept_map(&Form::Choice(Mode::WORDS), entries, complaints).filter(|_| complaints.len() == known)?;
    let accepted = accepted.into_table().ok()?;
    let parts: Vec<String> = accepted.into_iter().map(|(name, word)| format!("{name}={word}")).collect();
    Some(Value::from(parts.join(" ")))
}

fn unknown_name(names: &[&str], name: &Spanned<Cow<'_, str>>) -> Option<Complaint> {
    let written: &str = name.get_ref();
    (!names.contains(&written)).then(|| Complaint {
        at: name.span(),
        what: format!("{} is unknown here", shown(written)),
        remedy: Some(match nearest(written, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known here: {}", names.join(", ")),
        }),
    })
}

fn count(from: u32, to: u32, number: Option<i64>, text: &str) -> Reading {
    match number {
        Some(number) if (i64::from(from)..=i64::from(to)).contains(&number) => Ok(ValueKind::I64(number)),
        Some(_) | None => Err((format!("{text} is not from {from} to {to}"), None)),
    }
}

fn clock(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

fn hours(text: &str) -> Option<ValueKind> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (clock(from.trim())?, clock(to.trim())?);
    let entries = [("from", from), ("to", to)].map(|(name, hour)| (name.to_owned(), Value::from(hour.to_string())));
    (from < to).then(|| ValueKind::Table(entries.into_iter().collect()))
}

fn day(text: &str) -> Result<NaiveDate, (String, Option<String>)> {
    let british = || NaiveDate::parse_from_str(text.trim(), "%d/%m/%Y").ok();
    let remedy = || match british() {
        Some(day) => format!("write the year first: {day}"),
        None => "write the year first, as in 2026-12-29".to_owned(),
    };
    text.parse().map_err(|_| (format!("{} is not a date of the calendar", shown(text)), Some(remedy())))
}

fn day_kind(day: NaiveDate) -> ValueKind {
    ValueKind::String(day.to_string())
}

fn closure_kind(day: NaiveDate, name: &str) -> ValueKind {
    let entries = [("date", day.to_string()), ("name", name.to_owned())];
    ValueKind::Table(entries.into_iter().map(|(key, text)| (key.to_owned(), Value::from(text))).collect())
}

fn closure(entry: &DeTable<'_>) -> Reading {
    let text = |name: &str| {
        let (_, value) = entry.iter().find(|(key, _)| key.get_ref() == name)?;
        let date = value.get_ref().as_datetime().map(ToString::to_string);
        date.or_else(|| value.get_ref().as_str().map(str::to_owned))
    };
    match (text("date"), text("name"), entry.len()) {
        (Some(date), Some(name), 2) => day(&date).map(|day| closure_kind(day, &name)),
        (Some(_) | None, Some(_) | None, _) => Err((
            "a closed day has a date and a name and nothing else".into(),
            Some("write { date = 2026-12-29, name = \"Council closed\" }".into()),
        )),
    }
}

fn choice(words: &[&str], text: &str) -> Reading {
    if words.contains(&text) {
        return Ok(ValueKind::String(text.to_owned()));
    }
    let remedy = nearest(text, words).map(|word| format!("did you mean \"{word}\"? It is one of {}", quoted(words)));
    Err((format!("{} is not known here", shown(text)), remedy))
}

fn zone(text: &str) -> Reading {
    if text.parse::<chrono_tz::Tz>().is_ok() {
        return Ok(ValueKind::String(text.to_owned()));
    }
    // "GMT+0" and its like know no summer time: nothing to lead anybody to.
    let has_place = |name: &&str| name.contains('/') && !name.starts_with("Etc/");
    let names: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(has_place).collect();
    let remedy = nearest(text, &names).map(|name| format!("did you mean \"{name}\"?"));
    Err((format!("{} is not a time zone of the tz database", shown(text)), remedy))
}

/// A pattern that matches nothing at all would be found everywhere in a mail.
fn pattern(text: &str) -> Reading {
    match regex::Regex::new(text) {
        Ok(pattern) if pattern.is_match("") => {
            Err(("the expression also matches an empty text".into(), Some("let it need at least a digit".into())))
        }
        Ok(_) => Ok(ValueKind::String(text.to_owned())),
        Err(error) => {
            let reason = error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            Err((format!("this is not a regular expression ({reason})"), None))
        }
    }
}

/// A web address that is protected, or of this machine.
fn is_safe_web(text: &str) -> bool {
    let host = |rest: &str| rest.split(['/', ':', '?']).next().unwrap_or_default().to_owned();
    match text.split_once("://") {
        Some(("https", rest)) => !host(rest).is_empty(),
        Some(("http", rest)) => ["localhost", "127.0.0.1"].contains(&host(rest).as_str()),
        Some(_) | None => false,
    }
}

fn loopback(text: &str) -> Option<()> {
    let address: std::net::SocketAddr = text.parse().ok()?;
    address.ip().is_loopback().then_some(())
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.contains('.') && text.len() <= 253 && text.split('.').all(label)
}

/// Nothing of a secret is repeated, whatever it was that somebody wrote there.
fn secret(value: &DeValue<'_>) -> Reading {
    let DeValue::Table(entry) = value else {
        return Err(("a secret never stands in a configuration file".into(), None));
    };
    let mut ways = entry.iter();
    match (ways.next(), ways.next()) {
        (Some((way, target)), None) => match (way.get_ref().as_ref(), target.get_ref().as_str()) {
            (way @ ("file" | "env" | "credential"), Some(target)) if !target.trim().is_empty() => {
                Ok(ValueKind::String(SecretPlace::joined(way, target)))
            }
            (_, Some(_) | None) => Err(("a secret is found by file, env or credential".into(), None)),
        },
        (Some(_), Some(_)) => Err(("a secret is found in exactly one way, and here are several".into(), None)),
        (None, _) => Err(("nothing says where the secret is found".into(), None)),
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or a time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A value as a message repeats it, cut to a readable length.
fn shown(text: &str) -> String {
    let short: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if short.chars().count() < text.chars().count() { format!("'{short}…'") } else { format!("'{short}'") }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// The word that somebody may have meant: at most a third of its letters off.
pub(super) fn nearest<'a>(text: &str, words: &[&'a str]) -> Option<&'a str> {
    let text = text.to_lowercase();
    words
        .iter()
        .map(|&word| (strsim::damerau_levenshtein(&text, &word.to_lowercase()), word))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, word)| distance * 3 <= word.chars().count().max(3))
        .map(|(_, word)| word)
}
