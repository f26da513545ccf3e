//! Finds the files of a configuration and reads them.

use super::fault::{Fault, Place, Severity};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Where the main file is looked for when nobody names it.
const USUAL: [&str; 2] = ["./config/followupd.toml", "/etc/followupd/followupd.toml"];

/// The file with the closed days.
const HOLIDAYS: &str = "holidays.toml";

/// What stands beside the main file, as far as it is there.
const SIBLINGS: [&str; 3] = [HOLIDAYS, "directory.toml", "assessment.toml"];

/// Finds the main file: the one named, else the one in `FOLLOWUPD_CONFIG`, else the usual places.
pub fn find_main(explicit: Option<&Path>, environment: &BTreeMap<String, String>) -> Result<PathBuf, Box<Fault>> {
    let named = explicit
        .map(Path::to_path_buf)
        .or_else(|| environment.get("FOLLOWUPD_CONFIG").filter(|name| !name.is_empty()).map(PathBuf::from));
    if let Some(path) = named {
        return Ok(path);
    }
    USUAL.iter().map(PathBuf::from).find(|path| path.is_file()).ok_or_else(|| {
        let what = format!("there is no configuration; looked for {}", USUAL.join(" and "));
        let remedy = "copy config/starter.toml of the release there, or name a file with --config";
        Box::new(Place::file(Path::new("followupd.toml")).fault(Severity::Error, "", what, remedy))
    })
}

/// Why a file cannot be read, for people.
pub(super) fn why_unreadable(error: &io::Error) -> String {
    const COMMON: [(io::ErrorKind, &str); 3] = [
        (io::ErrorKind::NotFound, "there is no such file"),
        (io::ErrorKind::PermissionDenied, "this user may not read it"),
        (io::ErrorKind::IsADirectory, "it is a folder"),
    ];
    let known = COMMON.iter().find(|(kind, _)| *kind == error.kind());
    known.map_or_else(|| error.kind().to_string(), |(_, why)| (*why).to_owned())
}

/// A file of the configuration and what stands in it.
pub(super) struct Source {
    /// As it was named.
    pub file: PathBuf,
    /// Its text.
    pub text: String,
}

/// Reads the main file, its siblings and `config.d/*.toml`, in this order; another file in the place of the holidays
/// when one is named.
pub(super) fn read_all(main: &Path, holidays: Option<&Path>, faults: &mut Vec<Fault>) -> Vec<Source> {
    let folder = main.parent().unwrap_or(Path::new(""));
    let sibling = |name: &str| match holidays {
        Some(other) if *name == *HOLIDAYS => other.to_path_buf(),
        Some(_) | None => folder.join(name),
    };
    // A link that leads nowhere is there: half a calendar is worse than none.
    let is_there = |path: &PathBuf| (path.symlink_metadata().is_ok() || holidays == Some(path)) && path != main;
    let siblings = SIBLINGS.into_iter().map(sibling).filter(is_there);
    let parts = parts(&folder.join("config.d"), faults);
    std::iter::once(main.to_path_buf()).chain(siblings).chain(parts).filter_map(|file| read(file, faults)).collect()
}

fn parts(folder: &Path, faults: &mut Vec<Fault>) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            if folder.symlink_metadata().is_ok() {
                let what = format!("cannot be read ({})", why_unreadable(&error));
                let remedy = "let the service's user read the folder, or remove it";
                faults.push(Place::file(folder).fault(Severity::Error, "", what, remedy));
            }
            return Vec::new();
        }
    };
    let mut parts: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    parts.sort();
    parts
}

fn read(file: PathBuf, faults: &mut Vec<Fault>) -> Option<Source> {
    let fault = |what: String, remedy: &str| Place::file(&file).fault(Severity::Error, "", what, remedy);
    let bytes = match std::fs::read(&file) {
        Ok(bytes) => bytes,
        Err(error) => {
            let what = format!("cannot be read ({})", why_unreadable(&error));
            faults.push(fault(what, "name a file that is there and that the service may read"));
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(Source { file, text }),
        Err(error) => {
            let line =
                error.as_bytes().iter().take(error.utf8_error().valid_up_to()).filter(|&&b| b == b'\n').count() + 1;
            let place = Place { file, line: Some(line) };
            let remedy = "save the file as UTF-8";
            faults.push(place.fault(Severity::Error, "", "holds characters that are not UTF-8", remedy));
            None
        }
    }
}
