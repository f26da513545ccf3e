//! What is wrong in a configuration, where, and what to write instead. Never holds the value of a secret.

use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// Whether the service can start with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, but somebody should look.
    Warning,
}

/// One thing that is wrong, with its place and its remedy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The file as it was named, or `environment`.
    pub file: PathBuf,
    /// The line in the file, from 1; none for something that is missing.
    pub line: Option<usize>,
    /// The key with its section: `mailbox.url`, `coordinator[2].address`; or the environment variable.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub remedy: String,
    /// Whether the service can start with it.
    pub severity: Severity,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        f.write_str(": ")?;
        if self.severity == Severity::Warning {
            f.write_str("warning: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        write!(f, "{}; {}", self.what, self.remedy)
    }
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The file as it was named, or `environment`.
    pub file: PathBuf,
    /// The line in the file, from 1.
    pub line: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

impl Place {
    /// A place in a file as a whole.
    pub fn file(file: &Path) -> Self {
        Self { file: file.to_path_buf(), line: None }
    }

    /// The fault at this place.
    pub fn fault(&self, severity: Severity, key: &str, what: impl Into<String>, remedy: impl Into<String>) -> Fault {
        Fault {
            file: self.file.clone(),
            line: self.line,
            key: key.to_owned(),
            what: what.into(),
            remedy: remedy.into(),
            severity,
        }
    }
}
