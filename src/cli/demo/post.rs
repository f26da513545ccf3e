//! The post of the demo: mails as files, in Maildirs with the simulated time as theirs, and once more as `.eml`.

use super::ground::Ground;
use super::people::name_of;
use crate::message::parse::parse;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// A letter that has come, with everybody who got it.
#[derive(Debug)]
pub struct Arrival {
    /// Addresses.
    pub to: Vec<String>,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// Puts a mail into the service's mailbox, received at `at`.
///
/// # Errors
/// When the disk refuses.
pub fn into_mailbox(ground: &Ground, number: usize, raw: &[u8], at: DateTime<Utc>) -> Result<()> {
    drop_off(ground, Path::new("mailbox"), "new", &format!("{}.{number:04}.demo", at.timestamp()), raw, at)
}

/// Puts a mail into somebody's inbox, where they read it.
///
/// # Errors
/// When the disk refuses.
pub fn into_inbox(ground: &Ground, who: &str, number: usize, raw: &[u8], at: DateTime<Utc>) -> Result<()> {
    drop_off(ground, &Path::new("people").join(who), "cur", &format!("{number:04}.demo:2,S"), raw, at)
}

/// Written under `tmp` first, as Maildir wants it.
fn drop_off(ground: &Ground, maildir: &Path, part: &str, name: &str, raw: &[u8], at: DateTime<Utc>) -> Result<()> {
    let root = ground.path("").join(maildir);
    for part in ["tmp", "new", "cur"] {
        fs::create_dir_all(root.join(part)).with_context(|| format!("Cannot make the Maildir {}", root.display()))?;
    }
    let draft = root.join("tmp").join(name);
    fs::write(&draft, raw).with_context(|| format!("Cannot write {}", draft.display()))?;
    let dated = fs::File::options().write(true).open(&draft).and_then(|file| file.set_modified(at.into()));
    dated.with_context(|| format!("Cannot date {}", draft.display()))?;
    let place = root.join(part).join(name);
    fs::rename(&draft, &place).with_context(|| format!("Cannot deliver {}", place.display()))
}

/// Letters that nobody has read yet, each once with all who got it, in the order of recipients and subjects;
/// they are marked as read.
///
/// # Errors
/// When an inbox cannot be read.
pub fn arrivals(ground: &Ground) -> Result<Vec<Arrival>> {
    let people = ground.path("people");
    let mut letters: BTreeMap<OsString, Arrival> = BTreeMap::new();
    let mut owners = names_in(&people)?;
    owners.sort();
    for owner in owners {
        let inbox = people.join(&owner);
        if !inbox.join("new").is_dir() {
            continue;
        }
        for name in names_in(&inbox.join("new"))? {
            let path = inbox.join("new").join(&name);
            let raw = fs::read(&path).with_context(|| format!("Cannot read {}", path.display()))?;
            let mut read = name.clone();
            read.push(":2,S");
            fs::rename(&path, inbox.join("cur").join(read))
                .with_context(|| format!("Cannot mark {} as read", path.display()))?;
            // The service names a letter's file alike in every inbox.
            let letter = letters.entry(name).or_insert_with(|| Arrival { to: Vec::new(), raw });
            letter.to.push(owner.to_string_lossy().into_owned());
        }
    }
    let mut letters: Vec<Arrival> = letters.into_values().collect();
    letters.sort_by_cached_key(|letter| (letter.to.clone(), parse(&letter.raw).subject));
    Ok(letters)
}

fn names_in(folder: &Path) -> Result<Vec<OsString>> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.with_context(|| format!("Cannot look into {}", folder.display()))?;
    Ok(entries.into_iter().map(|entry| entry.file_name()).collect())
}

/// Keeps a mail for readers; the file's name below the folder.
///
/// # Errors
/// When the disk refuses.
pub fn keep(ground: &Ground, number: usize, at: DateTime<Utc>, from: &str, raw: &[u8]) -> Result<String> {
    let when = at.with_timezone(&London).format("%Y-%m-%d-%H%M");
    let who: String =
        name_of(from).chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let name = format!("mails/{number:03}-{when}-{who}.eml");
    ground.write(&name, raw)?;
    Ok(name)
}
