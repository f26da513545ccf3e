//! Moves a mail file into another folder and makes that folder; removes one on demand. A move never overwrites, and never
//! deletes a last copy.

use super::super::MailboxError;
use super::uidlist::base_name;
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::Path;

/// Makes a Maildir++ folder when it is missing; its marker file says that it belongs to the Maildir above.
pub(super) fn create_folder(folder: &Path) -> Result<(), MailboxError> {
    if folder.join("cur").is_dir() {
        return Ok(());
    }
    create_parts(folder)?;
    let marker = folder.join("maildirfolder");
    File::create(&marker).map(drop).map_err(MailboxError::files("create", &marker))
}

/// Makes `tmp`, `new` and `cur`, readable by nobody else; `cur` last, which is what tells a finished folder.
pub(super) fn create_parts(folder: &Path) -> Result<(), MailboxError> {
    for part in ["tmp", "new", "cur"] {
        let path = folder.join(part);
        let made = DirBuilder::new().mode(0o700).recursive(true).create(&path);
        made.map_err(MailboxError::files("create", &path))?;
    }
    Ok(())
}

/// Moves a mail into `cur/` of a folder under its own name, or under a like one when the name is taken.
///
/// Link and unlink, not rename, which would overwrite; after a crash between the two the same call ends the move.
pub(super) fn move_mail(mail: &Path, target: &Path) -> Result<(), MailboxError> {
    let Some(name) = mail.file_name() else { return Ok(()) };
    for attempt in 0..1_000_u32 {
        let place = target.join("cur").join(name_in_cur(name, attempt));
        match fs::hard_link(mail, &place) {
            Ok(()) => return remove(mail),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !mail.exists() => return Ok(()),
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(MailboxError::files("move a mail to", &place)(error));
            }
            Err(_) if same_file(mail, &place) => return remove(mail),
            Err(_) => {}
        }
    }
    let taken = io::Error::from(io::ErrorKind::AlreadyExists);
    Err(MailboxError::files("find a free name in", target)(taken))
}

/// Removes a mail file; one that is gone already is no error.
pub(super) fn remove(mail: &Path) -> Result<(), MailboxError> {
    match fs::remove_file(mail) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(MailboxError::files("take from its folder", mail)(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A name in `cur/` ends in `:2,` and flags; flags are kept and none is set.
fn name_in_cur(name: &OsStr, attempt: u32) -> OsString {
    let base = base_name(name);
    let info = name.as_bytes().get(base.len()..).filter(|info| info.starts_with(b":2,")).unwrap_or(b":2,");
    let mut placed = base.to_owned();
    if attempt > 0 {
        placed.push(format!("_{attempt}"));
    }
    placed.push(OsStr::from_bytes(info));
    placed
}

fn same_file(one: &Path, other: &Path) -> bool {
    let identity = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    identity(one).is_some() && identity(one) == identity(other)
}
