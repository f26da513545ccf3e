//! Every key that operators may set: name, form, default, meaning. The one source for checking files, for
//! "did you mean", for the defaults, and for the reference file.

mod people;
mod plans;
pub(super) mod retired;
mod rules;
mod ways;

use super::form::Form;

/// What a key is when nobody has set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// It has to be set; the TOML text is an example, well formed.
    Required(&'static str),
    /// It is off, or is derived from another key; the TOML text is an example, well formed.
    Off(&'static str),
    /// As `Off`, but the reference file needs it to be loadable as it stands.
    Shown(&'static str),
    /// The default, as TOML text.
    Is(&'static str),
}

impl Preset {
    /// The TOML text that is shown to people.
    pub fn example(self) -> &'static str {
        match self {
            Self::Required(text) | Self::Off(text) | Self::Shown(text) | Self::Is(text) => text,
        }
    }
}

/// A key of the configuration.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Section and name, `mailbox.url`; `[]` marks tables of which there may be several: `service[].name`.
    pub path: &'static str,
    /// How its value is written.
    pub form: Form,
    /// What it is when nobody has set it.
    pub preset: Preset,
    /// What it means, with its unit: the comment in the reference file.
    pub meaning: &'static str,
}

impl Key {
    /// The name without its section.
    pub fn name(&self) -> &'static str {
        self.path.rsplit_once('.').map_or(self.path, |(_, name)| name)
    }

    /// Whether it stands in a table of which there may be several.
    pub fn is_in_row(&self) -> bool {
        self.path.contains("[]")
    }

    /// The section: `mailbox`, `service[].adviser[]`.
    pub fn section(&self) -> &'static str {
        self.path.rsplit_once('.').map_or("", |(section, _)| section)
    }

    /// The heading under which it stands, as TOML writes it: `[mailbox]`, `[[service.adviser]]`.
    pub fn heading(&self) -> String {
        let name = self.section().replace("[]", "");
        if self.is_in_row() { format!("[[{name}]]") } else { format!("[{name}]") }
    }
}

/// What each section is about: the comment under its heading in the reference file.
pub const SECTIONS: &[(&str, &str)] = &[
    ("authority", "Whose service this is."),
    ("mailbox", "The way in."),
    ("outbound", "The way out."),
    ("store", "The memory."),
    ("secrets", "Where secrets are found; they never stand in these files."),
    ("oauth2", "XOAUTH2 instead of passwords, for mailbox and relay (Microsoft 365, Google)."),
    ("network", "How the service reaches the internet."),
    ("calendar", "Working days and hours."),
    ("cases", "The authority's cases."),
    ("import", "Sheets that are sent with IMPORT."),
    ("templates", "The texts of letters."),
    ("advice", "Requests for advice (regulation 8)."),
    ("commands", "What staff write, and how they are answered."),
    ("windows", "The follow-up of a clarification."),
    ("escalation", "Who is told when after a window has closed."),
    ("reply", "What counts as an answer."),
    ("timescales", "How the date of the final plan is projected."),
    ("parents", "Notices to parents about a late plan."),
    ("draft_check", "Advisers look at the plan draft."),
    ("report", "The weekly report."),
    ("retention", "How long things are kept."),
    ("security", "Who is believed."),
    ("alerts", "The service's own health."),
    ("assessment", "The self-assessment of providers."),
    ("coordinator[]", "An EHCP co-ordinator: owns cases, closes follow-ups."),
    ("send_manager[]", "A SEND manager: gets the weekly report, settles disputes."),
    ("service[]", "A service that gives advice."),
    ("service[].adviser[]", "One of its advisers, as far as they are known beforehand."),
    ("service[].manager[]", "One of its line managers."),
    ("criterion[]", "A criterion of the self-assessment. Where there is none, those of the release stand."),
    ("provider[]", "Who answers the self-assessment for which services."),
    ("one_sender[]", "An address from which ONE sends by itself."),
];

/// All keys.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    [rules::KEYS, ways::KEYS, plans::KEYS, people::KEYS].into_iter().flatten()
}

/// The key with this path.
pub fn key(path: &str) -> Option<&'static Key> {
    keys().find(|key| key.path == path)
}

/// Whether the path is a section that holds keys or sections.
pub fn is_section(path: &str) -> bool {
    keys().any(|key| key.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')))
}

/// The names that may stand directly under a section (`""` is the top of a file).
pub fn names_under(section: &str) -> Vec<&'static str> {
    let below = |key: &'static Key| match section {
        "" => Some(key.path),
        section => key.path.strip_prefix(section)?.strip_prefix('.'),
    };
    let mut names: Vec<&str> =
        keys().filter_map(below).map(|rest| rest.split(['.', '[']).next().unwrap_or(rest)).collect();
    names.dedup();
    names
}

const ADDRESSES: Form = Form::List(&Form::Address);
const TEXTS: Form = Form::List(&Form::Text);

const fn required(path: &'static str, form: Form, example: &'static str, meaning: &'static str) -> Key {
    Key { path, form, preset: Preset::Required(example), meaning }
}

const fn off(path: &'static str, form: Form, example: &'static str, meaning: &'static str) -> Key {
    Key { path, form, preset: Preset::Off(example), meaning }
}

const fn shown(path: &'static str, form: Form, example: &'static str, meaning: &'static str) -> Key {
    Key { path, form, preset: Preset::Shown(example), meaning }
}

const fn is(path: &'static str, form: Form, default: &'static str, meaning: &'static str) -> Key {
    Key { path, form, preset: Preset::Is(default), meaning }
}
