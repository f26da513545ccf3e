//! Where a secret is found, and reading it. The value stands in no Debug output and in no fault.

use super::files::why_unreadable;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where a secret is found, as the configuration says it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum SecretPlace {
    /// `{ file = … }`.
    File(PathBuf),
    /// `{ env = … }`: the name of an environment variable.
    Environment(String),
    /// `{ credential = … }`: the name of a systemd credential (LoadCredential=).
    Credential(String),
}

impl SecretPlace {
    /// The place in one word, as the layers carry it, so that one layer replaces another as a whole.
    pub(super) fn joined(way: &str, target: &str) -> String {
        format!("{way}:{target}")
    }
}

impl TryFrom<String> for SecretPlace {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("file", path)) => Ok(Self::File(path.into())),
            Some(("env", name)) => Ok(Self::Environment(name.into())),
            Some(("credential", name)) => Ok(Self::Credential(name.into())),
            Some(_) | None => Err("a secret is named by file, env or credential".into()),
        }
    }
}

/// A secret that can be read whenever it is needed, so that a changed password is taken up at the next login.
#[derive(Debug, Clone)]
pub enum Secret {
    /// In a file of its own.
    File(PathBuf),
    /// In the environment; taken at start, as it cannot change.
    Environment(SecretString),
}

/// Why a secret cannot be had: what is wrong and what to do.
pub(super) struct NoSecret {
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl Secret {
    /// Finds a secret; it has been read once and is not empty.
    pub(super) fn find(place: &SecretPlace, environment: &BTreeMap<String, String>) -> Result<Self, NoSecret> {
        let secret = match place {
            SecretPlace::File(path) => Self::File(path.clone()),
            SecretPlace::Environment(name) => match environment.get(name) {
                Some(value) => Self::Environment(value.clone().into()),
                None => {
                    return Err(no_secret(
                        format!("the environment variable {name} is not set"),
                        "set it where the service is started, or name the secret as { file = … }",
                    ));
                }
            },
            SecretPlace::Credential(name) => match environment.get("CREDENTIALS_DIRECTORY") {
                Some(folder) => Self::File(Path::new(folder).join(name)),
                None => {
                    return Err(no_secret(
                        "there are no credentials: CREDENTIALS_DIRECTORY is not set, so systemd did not start this program",
                        format!(
                            "start it by a unit with `LoadCredential={name}:PATH`, or name the secret as {{ file = … }}"
                        ),
                    ));
                }
            },
        };
        if let (Self::File(path), SecretPlace::File(_)) = (&secret, place) {
            refuse_open_file(path)?;
        }
        secret
            .read()
            .map_err(|error| no_secret(error.to_string(), "put the secret there, readable for the service"))?;
        Ok(secret)
    }

    /// Reads the secret now.
    ///
    /// Fails when the file cannot be read or holds nothing; the message names the file and never its content.
    pub fn read(&self) -> anyhow::Result<SecretString> {
        let text = match self {
            Self::File(path) => std::fs::read_to_string(path).map_err(|error| {
                anyhow::anyhow!("the file {} cannot be read ({})", path.display(), why_unreadable(&error))
            })?,
            Self::Environment(value) => value.expose_secret().to_owned(),
        };
        let value = text.trim_end_matches(['\r', '\n']);
        anyhow::ensure!(!value.is_empty(), "the secret is empty");
        Ok(value.to_owned().into())
    }
}

impl Secret {
    /// Writes a new value where the secret stands, as a whole or not at all, readable for the service alone.
    ///
    /// Fails when it stands in no file, or in a folder that cannot be written (a systemd credential).
    pub fn replace(&self, value: &SecretString) -> anyhow::Result<()> {
        use std::io::Write;
        let Self::File(path) = self else { anyhow::bail!("it stands in the environment") };
        let fresh = path.with_extension("new");
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options
            .open(&fresh)
            .and_then(|mut file| file.write_all(value.expose_secret().as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| std::fs::rename(&fresh, path));
        written.map_err(|error| anyhow::anyhow!("the file {} cannot be written ({error})", path.display()))
    }
}

fn no_secret(what: impl Into<String>, remedy: impl Into<String>) -> NoSecret {
    NoSecret { what: what.into(), remedy: remedy.into() }
}

#[cfg(unix)]
fn refuse_open_file(path: &Path) -> Result<(), NoSecret> {
    use std::os::unix::fs::PermissionsExt;
    let open = std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o007 != 0);
    if !open {
        return Ok(());
    }
    let shown = path.display();
    Err(no_secret(format!("the file {shown} is open to everybody on this machine"), format!("run `chmod 600 {shown}`")))
}

#[cfg(not(unix))]
fn refuse_open_file(_path: &Path) -> Result<(), NoSecret> {
    Ok(())
}
