//! TOML and environment → validated `Policy`, `Directory` and `Endpoints`; all faults at once.
//!
//! The way of a value: `files` finds and reads the files, `document` walks each along the `schema` and keeps
//! what is well formed, `environment` does the same for variables, `layers` lays them over one another,
//! `sections` are their types, and `endpoints`, `rules` and `people` look across keys. Nothing here connects
//! to anything, and no message repeats a secret.

mod assessment;
mod calendar;
mod changes;
mod document;
mod endpoints;
mod environment;
mod fault;
mod files;
pub mod form;
mod layers;
mod people;
mod review;
mod rules;
pub mod schema;
mod secret;
pub mod sections;
pub mod templates;
mod url;

pub use assessment::{AssessmentRules, assessment_rules};
pub use changes::ChangedKey;
pub use endpoints::{AlertSettings, CopiedIn, Endpoints, MailboxSettings, Oauth2Settings, OutboundSettings};
pub use fault::{Fault, Severity};
pub use files::find_main;
pub use secret::{Secret, SecretPlace};
pub use sections::Sections;
pub use url::{MailboxUrl, OutboundUrl, Security, Server, StoreUrl};

use crate::core::directory::Directory;
use crate::core::policy::Policy;
use chrono::NaiveDate;
use document::Document;
use fault::Place;
use layers::Gathered;
use review::{Review, Secrets};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A configuration that holds.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The rules.
    pub policy: Policy,
    /// Who is who, as far as operators have listed it.
    pub directory: Directory,
    /// Where mail comes from and goes to.
    pub endpoints: Endpoints,
    /// What a self-assessment is held against.
    pub assessment: AssessmentRules,
    /// Every section as it was read, for the rules that stand in no `Policy` yet.
    pub sections: Sections,
    /// The files that were read.
    pub files: Vec<PathBuf>,
    /// Every value in force, by its key.
    values: BTreeMap<String, String>,
}

impl Settings {
    /// What is worth a warning on this day though it was not when the files were written.
    pub fn warnings_on(&self, today: NaiveDate) -> Vec<Fault> {
        calendar::horizon(&self.policy.calendar, &self.files, today).into_iter().collect()
    }
}

/// The environment as far as it is text.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Reads the configuration: the settings with their warnings, or every fault.
///
/// Without `main` the file is looked for as `find_main` says. Secrets are read once, to see that they are there.
pub fn load(
    main: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<(Settings, Vec<Fault>), Vec<Fault>> {
    load_with(main, None, environment, Secrets::Needed)
}

/// The same for commands that only read: no secret is needed, for the shell of an operator has none of the service's
/// credentials. Nothing may be signed or signed in with what this gives.
pub fn load_to_read(
    main: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<(Settings, Vec<Fault>), Vec<Fault>> {
    load_with(main, None, environment, Secrets::Spared)
}

/// The same with another file in the place of `holidays.toml`, to see what it would change.
pub fn load_with_holidays(
    main: Option<&Path>,
    holidays: &Path,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<(Settings, Vec<Fault>), Vec<Fault>> {
    load_with(main, Some(holidays), environment, Secrets::Spared)
}

/// The same whatever its faults, for commands that need no more of it than where the store is: `status` and `pause`
/// must work while a file is being mended and the service goes on with its last good configuration. The faults stand
/// beside what could be read.
///
/// # Errors
/// Every fault, when not even that can be read.
pub fn load_as_far_as_it_holds(
    main: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<(Settings, Vec<Fault>), Vec<Fault>> {
    match read(main, None, environment, Secrets::Spared)? {
        (Some(settings), faults) => Ok((settings, faults)),
        (None, faults) => Err(faults),
    }
}

fn load_with(
    main: Option<&Path>,
    holidays: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
    secrets: Secrets,
) -> Result<(Settings, Vec<Fault>), Vec<Fault>> {
    match read(main, holidays, environment, secrets)? {
        (Some(settings), faults) if faults.iter().all(|fault| fault.severity == Severity::Warning) => {
            Ok((settings, faults))
        }
        (_, faults) => Err(faults),
    }
}

fn read(
    main: Option<&Path>,
    holidays: Option<&Path>,
    environment: impl Iterator<Item = (String, String)>,
    secrets: Secrets,
) -> Result<(Option<Settings>, Vec<Fault>), Vec<Fault>> {
    let environment: BTreeMap<String, String> = environment.collect();
    let main = find_main(main, &environment).map_err(|fault| vec![*fault])?;
    let (gathered, files) = gather(&main, holidays, &environment)?;
    let review = Review { secrets, gathered: &gathered, main: &main, environment: &environment, faults: Vec::new() };
    let (settings, faults) = settle(review, files.clone());
    Ok((settings, in_order(faults, &files)))
}

/// The first look, value by value. Where a file is no TOML, what is missing means nothing and the rest waits.
fn gather(
    main: &Path,
    holidays: Option<&Path>,
    environment: &BTreeMap<String, String>,
) -> Result<(Gathered, Vec<PathBuf>), Vec<Fault>> {
    let mut gathered = Gathered::default();
    let sources = files::read_all(main, holidays, &mut gathered.faults);
    let files: Vec<PathBuf> = sources.iter().map(|source| source.file.clone()).collect();
    let mut readable = gathered.faults.is_empty();
    for source in &sources {
        gathered.begin_layer();
        readable &= Document::new(&source.file, &source.text).walk(&mut gathered);
    }
    environment::gather(environment, &mut gathered);
    if !readable {
        return Err(in_order(gathered.faults, &files));
    }
    gathered.note_missing(main);
    Ok((gathered, files))
}

/// The second look, across keys.
fn settle(mut review: Review<'_>, files: Vec<PathBuf>) -> (Option<Settings>, Vec<Fault>) {
    let mut faults = review.gathered.faults.clone();
    let (merged, sections) = match sections_of(review.gathered, review.main) {
        Ok(both) => both,
        Err(fault) => {
            faults.push(*fault);
            return (None, faults);
        }
    };
    let values = changes::flat(&merged);
    let endpoints = endpoints::endpoints(&sections, &mut review);
    let assessment = assessment::rules(&sections, &mut review);
    templates::check(&sections, &mut review);
    let policy = rules::policy(&sections, assessment.clone(), version(&merged), &mut review);
    let own = endpoints.as_ref().map(Endpoints::own_addresses).unwrap_or_default();
    let directory = people::directory(&sections, &own, &mut review);
    faults.append(&mut review.faults);
    (endpoints.map(|endpoints| Settings { policy, directory, endpoints, assessment, sections, files, values }), faults)
}

/// The values in force, and as types. What the first look has let through can be read; a fault is one of ours.
fn sections_of(gathered: &Gathered, main: &Path) -> Result<(::config::Config, Sections), Box<Fault>> {
    gathered.merged().and_then(|merged| Ok((merged.clone(), layers::typed(&merged)?))).map_err(|error| {
        let what = format!("cannot be read as a whole: {error}");
        Box::new(Place::file(main).fault(Severity::Error, "", what, "mend the other faults first"))
    })
}

/// A short hash of all values in force, for the journal; the store's address may hold a password and is left out.
fn version(merged: &::config::Config) -> String {
    let mut values: serde_json::Value = merged.clone().try_deserialize().unwrap_or_default();
    if let Some(store) = values.get_mut("store").and_then(serde_json::Value::as_object_mut) {
        store.remove("url");
    }
    let digest = Sha256::digest(values.to_string());
    data_encoding::HEXLOWER.encode(&digest).chars().take(12).collect()
}

/// Faults as somebody mends them: file by file, from top to bottom, what is missing last.
fn in_order(mut faults: Vec<Fault>, files: &[PathBuf]) -> Vec<Fault> {
    let file = |fault: &Fault| files.iter().position(|file| *file == fault.file).unwrap_or(files.len());
    faults.sort_by_key(|fault| (file(fault), fault.line.unwrap_or(usize::MAX)));
    faults
}

#[cfg(test)]
mod tests;
