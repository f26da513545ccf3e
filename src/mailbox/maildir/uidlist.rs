//! UIDs for a Maildir folder, which has none: the list file that gives each file name a number for good.
//!
//! The list is written to a temporary file, synced and renamed before any of its numbers leaves this file. A list
//! that is missing or damaged begins anew under another UIDVALIDITY: mail is then read again, and none is lost.

use super::super::MailboxError;
use data_encoding::HEXLOWER;
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

const LIST: &str = "followupd-uidlist";
const LIST_TEMPORARY: &str = "followupd-uidlist.tmp";
const LOCK: &str = "followupd-uidlist.lock";

/// A folder at one moment, every mail with its UID.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) uid_validity: u32,
    pub(super) uid_next: u32,
    /// Ascending by UID.
    pub(super) entries: Vec<Entry>,
}

/// A mail file; `place` holds as long as nobody reads or marks the mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) uid: u32,
    /// `new/…` or `cur/…`, below the folder's directory.
    pub(super) place: PathBuf,
}

/// Lists a folder and numbers what is new in it, in order of arrival.
///
/// Another instance of this program that does the same waits for the lock meanwhile.
pub(super) fn list(folder: &Path) -> Result<Listing, MailboxError> {
    let lock_path = folder.join(LOCK);
    let lock = File::create(&lock_path).map_err(MailboxError::files("create", &lock_path))?;
    lock.lock().map_err(MailboxError::files("lock", &lock_path))?;

    let mut numbers = Numbers::load(folder)?;
    let mut found = scan(folder)?;
    let known = numbers.uids.len();
    let mut entries = Vec::with_capacity(found.len());
    let mut uids = HashMap::with_capacity(found.len());
    let mut fresh = Vec::new();
    for (name, place) in found.drain() {
        match numbers.uids.remove(&name) {
            Some(uid) => {
                entries.push(Entry { uid, place });
                uids.insert(name, uid);
            }
            None => fresh.push((arrived(&folder.join(&place)), name, place)),
        }
    }
    let changed = numbers.unsaved || known != entries.len() || !fresh.is_empty();
    fresh.sort();
    for (_, name, place) in fresh {
        let uid = numbers.take_next(folder)?;
        entries.push(Entry { uid, place });
        uids.insert(name, uid);
    }
    entries.sort_by_key(|entry| entry.uid);
    numbers.uids = uids;
    if changed {
        numbers.save(folder)?;
    }
    Ok(Listing { uid_validity: numbers.uid_validity, uid_next: numbers.uid_next, entries })
}

/// The part of a file name that stays when flags change: all before the first colon.
pub(super) fn base_name(name: &OsStr) -> &OsStr {
    name.as_bytes().split(|byte| *byte == b':').next().map_or(name, OsStr::from_bytes)
}

/// Base names with the places of their files.
///
/// `new` first: a mail that a reader moves to `cur` meanwhile is then met at least once.
fn scan(folder: &Path) -> Result<HashMap<OsString, PathBuf>, MailboxError> {
    let mut found = HashMap::new();
    for part in ["new", "cur"] {
        let directory = folder.join(part);
        for file in fs::read_dir(&directory).map_err(MailboxError::files("list", &directory))? {
            let file = file.map_err(MailboxError::files("list", &directory))?;
            let name = file.file_name();
            // A link or a pipe in a mailbox is nothing that a delivery agent puts there.
            let is_mail = !name.as_bytes().starts_with(b".") && file.file_type().is_ok_and(|kind| kind.is_file());
            if is_mail {
                found.insert(base_name(&name).to_owned(), Path::new(part).join(&name));
            }
        }
    }
    Ok(found)
}

/// Only the order of new mail hangs on it, so a file that is just being renamed may count as the oldest.
fn arrived(file: &Path) -> SystemTime {
    fs::metadata(file).and_then(|metadata| metadata.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
}

/// What the list file holds: a line `followupd-uidlist 1 <uidvalidity> <uidnext>`, then `<uid> <hex of base name>`.
struct Numbers {
    uid_validity: u32,
    uid_next: u32,
    uids: HashMap<OsString, u32>,
    unsaved: bool,
}

impl Numbers {
    fn load(folder: &Path) -> Result<Self, MailboxError> {
        let path = folder.join(LIST);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&text).map_or_else(Self::anew, Ok),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::InvalidData) => Self::anew(),
            Err(error) => Err(MailboxError::files("read", &path)(error)),
        }
    }

    fn anew() -> Result<Self, MailboxError> {
        let seed = getrandom::u32().map_err(|error| MailboxError::protocol("UIDVALIDITY", error.to_string()))?;
        Ok(Self { uid_validity: seed.max(1), uid_next: 1, uids: HashMap::new(), unsaved: true })
    }

    fn parse(text: &str) -> Option<Self> {
        let (head, lines) = text.split_once('\n')?;
        let (uid_validity, uid_next) = head.strip_prefix("followupd-uidlist 1 ")?.split_once(' ')?;
        let (uid_validity, uid_next) = (uid_validity.parse().ok()?, uid_next.parse().ok()?);
        let mut uids = HashMap::new();
        for line in lines.lines() {
            let (uid, name) = line.split_once(' ')?;
            let uid = uid.parse().ok().filter(|uid| (1..uid_next).contains(uid))?;
            uids.insert(OsString::from_vec(HEXLOWER.decode(name.as_bytes()).ok()?), uid);
        }
        Some(Self { uid_validity, uid_next, uids, unsaved: false })
    }

    fn take_next(&mut self, folder: &Path) -> Result<u32, MailboxError> {
        let uid = self.uid_next;
        self.uid_next = uid.checked_add(1).ok_or_else(|| {
            MailboxError::protocol(format!("numbering {}", folder.display()), "every UID is used up; remove the list")
        })?;
        Ok(uid)
    }

    fn save(&self, folder: &Path) -> Result<(), MailboxError> {
        let temporary = folder.join(LIST_TEMPORARY);
        let mut text = format!("followupd-uidlist 1 {} {}\n", self.uid_validity, self.uid_next);
        for (name, uid) in &self.uids {
            text.push_str(&format!("{uid} {}\n", HEXLOWER.encode(name.as_bytes())));
        }
        let write = || {
            let mut file = File::create(&temporary)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&temporary, folder.join(LIST))?;
            File::open(folder)?.sync_all()
        };
        write().map_err(MailboxError::files("write the UID list of", folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_reads_back_as_it_was_saved() {
        let folder = tempfile::tempdir().unwrap();
        let odd = OsString::from_vec(vec![b'1', b'\n', 0xff]);
        let saved = Numbers { uid_validity: 7, uid_next: 9, uids: HashMap::from([(odd.clone(), 8)]), unsaved: false };
        saved.save(folder.path()).unwrap();
        let loaded = Numbers::load(folder.path()).unwrap();
        assert_eq!((loaded.uid_validity, loaded.uid_next, loaded.uids.get(&odd)), (7, 9, Some(&8)));
        assert!(!folder.path().join(LIST_TEMPORARY).exists());
    }

    #[test]
    fn a_damaged_list_is_no_list() {
        for text in [
            "",
            "followupd-uidlist 1 5",
            "followupd-uidlist 2 5 6\n",
            "followupd-uidlist 1 5 6\n7 61\n",
            "followupd-uidlist 1 5 6\n0 61\n",
            "followupd-uidlist 1 5 6\n5 6",
            "followupd-uidlist 1 5 6\nhalf a li",
        ] {
            assert!(Numbers::parse(text).is_none(), "{text:?}");
        }
    }
}
