//! The second look, across keys: collects what is wrong, each at the place of the key that has to change.

use super::fault::{Fault, Place, Severity};
use super::layers::Gathered;
use super::secret::{Secret, SecretPlace};
use std::collections::BTreeMap;
use std::path::Path;

/// Whether the settings are for signing in and signing, or only for reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secrets {
    /// A secret that cannot be read is a fault.
    Needed,
    /// Whoever asks will not use them: an operator's shell has no credentials of the service.
    Spared,
}

/// What is looked at, and what was found.
pub(super) struct Review<'a> {
    /// Whether secrets that cannot be read are faults.
    pub secrets: Secrets,
    /// Where each value stands.
    pub gathered: &'a Gathered,
    /// Where something is missing that stands nowhere.
    pub main: &'a Path,
    /// For secrets.
    pub environment: &'a BTreeMap<String, String>,
    /// What was found.
    pub faults: Vec<Fault>,
}

impl Review<'_> {
    /// Notes that the service cannot start; says nothing when the key is spoiled already.
    pub fn error(&mut self, path: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.note(Severity::Error, path, what.into(), remedy.into());
    }

    /// Notes that somebody should look.
    pub fn warning(&mut self, path: &str, what: impl Into<String>, remedy: impl Into<String>) {
        self.note(Severity::Warning, path, what.into(), remedy.into());
    }

    /// File and line of a value, for people who look for it; its path where it stands nowhere.
    pub fn spot(&self, path: &str) -> String {
        self.gathered.place_or_row(path).map_or_else(|| path.to_owned(), |place| place.to_string())
    }

    fn note(&mut self, severity: Severity, path: &str, what: String, remedy: String) {
        let spared = self.secrets == Secrets::Spared && path.starts_with("secrets.");
        if spared || self.gathered.is_spoiled(path) {
            return;
        }
        let place = self.gathered.place_or_row(path).unwrap_or_else(|| Place::file(self.main));
        self.faults.push(place.fault(severity, path, what, remedy));
    }

    /// Finds the secret that stands at a key, if one is named there.
    pub fn secret(&mut self, path: &str, place: Option<&SecretPlace>) -> Option<Secret> {
        if !self.gathered.is_sound(path) {
            return None;
        }
        match Secret::find(place?, self.environment) {
            Ok(secret) => Some(secret),
            Err(missing) => {
                self.error(path, missing.what, missing.remedy);
                None
            }
        }
    }
}
