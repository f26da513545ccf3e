//! Reads `FOLLOWUPD__SECTION__KEY` variables: the layer on top of all files.

use super::fault::{Fault, Place, Severity};
use super::form::{Complaint, Form, nearest};
use super::layers::Gathered;
use super::schema::{self, Key, retired};
use config::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const PREFIX: &str = "FOLLOWUPD__";

/// Takes every variable of ours into a layer of its own.
pub(super) fn gather(environment: &BTreeMap<String, String>, gathered: &mut Gathered) {
    gathered.begin_layer();
    let place = Place { file: PathBuf::from("environment"), line: None };
    for (variable, text) in environment {
        let Some(path) = path_of(variable) else { continue };
        let (key, value) = match (schema::key(&path).filter(|key| !key.is_in_row()), secret_way(&path)) {
            (Some(key), _) => (key, spelt(&key.form, text)),
            (None, Some((key, way))) => (key, Some(way_to_secret(way, text))),
            (None, None) => {
                let warning = retired::warning(&path, variable, &place);
                gathered.faults.push(warning.unwrap_or_else(|| unknown(variable, &path, &place)));
                continue;
            }
        };
        let value = read(key, variable, value, &place, &mut gathered.faults);
        gathered.take(key.path, place.clone(), value);
    }
}

/// `secrets.token_key.file` is the key `secrets.token_key` with the way `file`.
fn secret_way(path: &str) -> Option<(&'static Key, &str)> {
    let (front, way) = path.rsplit_once('.')?;
    let key = schema::key(front)?;
    matches!(key.form, Form::Secret).then_some((key, way))
}

fn way_to_secret<'a>(way: &'a str, target: &'a str) -> Spanned<DeValue<'a>> {
    let mut table = DeTable::new();
    table.insert(Spanned::new(0..0, Cow::Borrowed(way)), Spanned::new(0..0, DeValue::String(Cow::Borrowed(target))));
    Spanned::new(0..0, DeValue::Table(table))
}

fn read(
    key: &Key,
    variable: &str,
    value: Option<Spanned<DeValue<'_>>>,
    place: &Place,
    faults: &mut Vec<Fault>,
) -> Option<Value> {
    let mut complaints = Vec::new();
    let accepted = value.as_ref().and_then(|value| key.form.accept(value, &mut complaints));
    if value.is_none() {
        complaints.push(Complaint { at: 0..0, what: format!("is not {}", key.form.wanted()), remedy: None });
    }
    faults.extend(complaints.into_iter().map(|complaint| {
        let remedy = complaint.remedy.unwrap_or_else(|| usual_remedy(key));
        place.fault(Severity::Error, variable, complaint.what, remedy)
    }));
    accepted
}

/// How the key would be set in the environment.
fn usual_remedy(key: &Key) -> String {
    let example = key.preset.example();
    let example = if key.form.is_list() || key.form.is_bare() { example } else { example.trim_matches(['"', '\'']) };
    format!("write {}, as in `{}={example}`", key.form.wanted(), variable_of(key.path))
}

/// The value that a text in the environment stands for: lists with commas, or as TOML; text without quotes.
fn spelt<'a>(form: &Form, text: &'a str) -> Option<Spanned<DeValue<'a>>> {
    if let Form::List(entry) = form
        && !text.trim_start().starts_with('[')
    {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        let entries: Option<Vec<_>> = entries.map(|part| spelt(entry, part)).collect();
        return Some(Spanned::new(0..text.len(), DeValue::Array(entries?.into_iter().collect())));
    }
    if form.is_list() || form.is_bare() {
        return DeValue::parse(text).ok();
    }
    Some(Spanned::new(0..text.len(), DeValue::String(Cow::Borrowed(text))))
}

fn unknown(variable: &str, path: &str, place: &Place) -> Fault {
    let paths: Vec<&str> = schema::keys().filter(|key| !key.is_in_row()).map(|key| key.path).collect();
    let remedy = match nearest(path, &paths) {
        Some(path) => format!("did you mean {}?", variable_of(path)),
        None => "unset it; config/followupd.toml of the release names every key".to_owned(),
    };
    place.fault(Severity::Error, variable, "names no key", remedy)
}

/// The path that a variable of ours stands for.
pub(super) fn path_of(variable: &str) -> Option<String> {
    variable.strip_prefix(PREFIX).map(|rest| rest.to_lowercase().replace("__", "."))
}

fn variable_of(path: &str) -> String {
    format!("{PREFIX}{}", path.to_uppercase().replace('.', "__"))
}
