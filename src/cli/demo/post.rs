//! The post of the demo: mails as files, in Maildirs with the simulated time as theirs, and once more as `.eml`.

use super::ground::Ground;
use super::people::name_of;
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;
use std::collections::BTreeMap;
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

/// Letters that nobody has read yet, each once with all who got it, urgent ones as they were sent; they are marked
/// as read.
///
/// # Errors
/// When an inbox cannot be read.
pub fn arrivals(ground: &Ground) -> Result<Vec<Arrival>> {
    let people = ground.path("people");
    let mut letters: BTreeMap<(Option<std::time::SystemTime>, String), Arrival> = BTreeMap::new();
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(&people).context("Cannot look into the inboxes")? {
        names.push(entry.context("Cannot look into the inboxes")?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut first_seen: BTreeMap<String, Option<std::time::SystemTime>> = BTreeMap::new();
    for who in names {
        let inbox = people.join(&who);
        let Ok(new) = fs::read_dir(inbox.join("new")) else { continue };
        for entry in new {
            let path = entry.context("Cannot look into an inbox")?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let raw = fs::read(&path).with_context(|| format!("Cannot read {}", path.display()))?;
            let written = fs::metadata(&path).and_then(|found| found.modified()).ok();
            let read = inbox.join("cur").join(format!("{name}:2,S"));
            fs::rename(&path, &read).with_context(|| format!("Cannot mark {} as read", path.display()))?;
            let key = (*first_seen.entry(name.clone()).or_insert(written), name);
            letters.entry(key).or_insert_with(|| Arrival { to: Vec::new(), raw }).to.push(who.clone());
        }
    }
    Ok(letters.into_values().collect())
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
