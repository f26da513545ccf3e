//! A Maildir++ directory as a mailbox. Reads only `new/` and `cur/`: a half-written mail lies in `tmp/`.
//!
//! Everything here blocks; [`super::Source`] calls it on a blocking thread.

mod filing;
mod uidlist;

use super::{Batch, BatchLimits, Fetched, FolderState, HEAD_BYTES, MailboxError, Wholeness};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use uidlist::{Entry, Listing};

/// An open Maildir. What it holds in memory is a cache of what is on disk.
#[derive(Debug)]
pub struct Maildir {
    root: PathBuf,
    watched: HashMap<String, Watched>,
}

/// What was last seen of a folder.
#[derive(Debug)]
struct Watched {
    listing: Listing,
    /// Every mail below this UID was offered to the caller.
    offered_below: u32,
    seen_at: Stamps,
    /// How often the directory times were trusted since the last listing.
    trusted: u32,
}

/// Times of change of `new/` and `cur/`.
type Stamps = [Option<SystemTime>; 2];

/// Directory times tick only every few milliseconds, so a mail may come unseen within one tick: list anew after so
/// many looks at unchanged times.
const TRUST_STAMPS: u32 = 30;

impl Maildir {
    pub(super) fn open(root: &Path) -> Result<Self, MailboxError> {
        let is_empty = fs::read_dir(root).map_err(MailboxError::files("open the Maildir", root))?.next().is_none();
        if is_empty {
            filing::create_parts(root)?;
        }
        let mut maildir = Self { root: root.to_owned(), watched: HashMap::new() };
        maildir.folder("INBOX")?;
        Ok(maildir)
    }

    pub(super) fn folder(&mut self, folder: &str) -> Result<FolderState, MailboxError> {
        let listing = &self.look(folder)?.listing;
        Ok(FolderState {
            uid_validity: listing.uid_validity,
            uid_next: listing.uid_next,
            exists: u32::try_from(listing.entries.len()).unwrap_or(u32::MAX),
        })
    }

    pub(super) fn batch(&mut self, folder: &str, after_uid: u32, limits: &BatchLimits) -> Result<Batch, MailboxError> {
        if self.known_after(folder, after_uid).is_empty() {
            self.look(folder)?;
        }
        let mut after = after_uid;
        let mut mails = Vec::new();
        // A whole stretch of mails may be gone since the listing; an empty answer has to mean that none is left.
        while mails.is_empty() {
            let next: Vec<Entry> = self.known_after(folder, after).iter().take(limits.mails.max(1)).cloned().collect();
            if next.is_empty() {
                break;
            }
            after = self.fetch_all(folder, &next, limits, &mut mails)?.max(after);
        }
        let watched = self.watched(folder)?;
        let last = watched.listing.entries.last().map_or(0, |entry| entry.uid);
        let below = if after >= last { watched.listing.uid_next } else { after + 1 };
        watched.offered_below = watched.offered_below.max(below);
        Ok(Batch { uid_validity: watched.listing.uid_validity, mails })
    }

    /// Reads these mails as far as the bytes allow, at least one; returns the UID up to which it came.
    fn fetch_all(
        &mut self,
        folder: &str,
        entries: &[Entry],
        limits: &BatchLimits,
        mails: &mut Vec<Fetched>,
    ) -> Result<u32, MailboxError> {
        let mut in_flight = 0_u64;
        let mut reached = 0;
        for entry in entries {
            if let Some(mail) = self.fetch(folder, entry, limits.largest)? {
                in_flight += mail.raw.len() as u64;
                if !mails.is_empty() && in_flight > limits.bytes {
                    break;
                }
                mails.push(mail);
            }
            reached = entry.uid;
        }
        Ok(reached)
    }

    pub(super) fn uids(&mut self, folder: &str) -> Result<Vec<u32>, MailboxError> {
        Ok(self.look(folder)?.listing.entries.iter().map(|entry| entry.uid).collect())
    }

    /// Whether the folder holds mail that was not offered yet.
    pub(super) fn has_news(&mut self, folder: &str) -> Result<bool, MailboxError> {
        let directory = self.directory(folder)?;
        let must_list = match self.watched.get_mut(folder) {
            None => true,
            Some(watched) => {
                watched.trusted += 1;
                watched.trusted > TRUST_STAMPS || watched.seen_at != stamps(&directory)
            }
        };
        let watched = if must_list { self.look(folder)? } else { self.watched(folder)? };
        Ok(watched.listing.uid_next > watched.offered_below)
    }

    pub(super) fn file_into(&mut self, folder: &str, uids: &[u32], target: &str) -> Result<(), MailboxError> {
        let from = self.directory(folder)?;
        let to = self.path(target)?;
        filing::create_folder(&to)?;
        for entry in &self.look(folder)?.listing.entries {
            if uids.contains(&entry.uid) {
                filing::move_mail(&from.join(&entry.place), &to)?;
            }
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, folder: &str, uids: &[u32]) -> Result<(), MailboxError> {
        let from = self.directory(folder)?;
        for entry in &self.look(folder)?.listing.entries {
            if uids.contains(&entry.uid) {
                filing::remove(&from.join(&entry.place))?;
            }
        }
        Ok(())
    }

    /// Lists a folder anew.
    fn look(&mut self, folder: &str) -> Result<&mut Watched, MailboxError> {
        let directory = self.directory(folder)?;
        let seen_at = stamps(&directory);
        let listing = uidlist::list(&directory)?;
        let offered_below = match self.watched.get(folder) {
            Some(before) if before.listing.uid_validity == listing.uid_validity => before.offered_below,
            _ => 1,
        };
        let now = Watched { listing, offered_below, seen_at, trusted: 0 };
        self.watched.insert(folder.to_owned(), now);
        self.watched(folder)
    }

    fn watched(&mut self, folder: &str) -> Result<&mut Watched, MailboxError> {
        self.watched.get_mut(folder).ok_or_else(|| MailboxError::FolderMissing { folder: folder.to_owned() })
    }

    fn known_after(&self, folder: &str, after_uid: u32) -> &[Entry] {
        let entries = self.watched.get(folder).map_or(&[][..], |watched| &watched.listing.entries);
        entries.get(entries.partition_point(|entry| entry.uid <= after_uid)..).unwrap_or_default()
    }

    /// Reads one mail; `None` when it is gone.
    fn fetch(&mut self, folder: &str, entry: &Entry, largest: u64) -> Result<Option<Fetched>, MailboxError> {
        let file = self.directory(folder)?.join(&entry.place);
        match read(&file, entry.uid, largest) {
            Ok(mail) => return Ok(Some(mail)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(MailboxError::files("read the mail", &file)(error)),
        }
        // Somebody moved it from new/ to cur/ or changed its flags: its name is another one now.
        let entries = &self.look(folder)?.listing.entries;
        let Some(renamed) = entries.iter().find(|found| found.uid == entry.uid).cloned() else { return Ok(None) };
        let file = self.directory(folder)?.join(&renamed.place);
        match read(&file, entry.uid, largest) {
            Ok(mail) => Ok(Some(mail)),
            Err(error) => Err(MailboxError::files("read the mail", &file)(error)),
        }
    }

    /// The directory of a folder that has to be there.
    fn directory(&self, folder: &str) -> Result<PathBuf, MailboxError> {
        let path = self.path(folder)?;
        let is_folder = path.join("new").is_dir() && path.join("cur").is_dir();
        if is_folder { Ok(path) } else { Err(MailboxError::FolderMissing { folder: folder.to_owned() }) }
    }

    /// Maildir++: "INBOX" is the root, "Triage/Old" is `.Triage.Old`, other characters in modified UTF-7.
    fn path(&self, folder: &str) -> Result<PathBuf, MailboxError> {
        if folder.eq_ignore_ascii_case("INBOX") {
            return Ok(self.root.clone());
        }
        let levels: Vec<String> = folder.split('/').map(super::imap::modified_utf7).collect();
        let sound = levels.iter().all(|level| !level.is_empty() && !level.starts_with('.'));
        if !sound {
            return Err(MailboxError::FolderMissing { folder: folder.to_owned() });
        }
        Ok(self.root.join(format!(".{}", levels.join("."))))
    }
}

fn stamps(directory: &Path) -> Stamps {
    ["new", "cur"].map(|part| fs::metadata(directory.join(part)).and_then(|found| found.modified()).ok())
}

fn read(path: &Path, uid: u32, largest: u64) -> io::Result<Fetched> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    let received_at = DateTime::<Utc>::from(metadata.modified()?);
    let mut raw = Vec::new();
    let too_large = metadata.len() > largest;
    let most = if too_large { HEAD_BYTES.min(largest) } else { largest };
    file.take(most).read_to_end(&mut raw)?;
    let whole = if too_large { Wholeness::HeadOnly } else { Wholeness::Whole };
    Ok(Fetched { uid, received_at, size: metadata.len(), raw, whole })
}

#[cfg(test)]
mod tests;
