//! Folders and files that hold what is known of people: nobody else on this machine may look into them.

use anyhow::{Context, Result};
use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Makes a folder of mode 0700; one that is there stays as it is.
pub(super) fn make_folder(path: &Path) -> Result<()> {
    let made = DirBuilder::new().mode(0o700).recursive(true).create(path);
    made.with_context(|| format!("Cannot make the folder {}", path.display()))
}

/// Writes a file of mode 0600, in the place of one that is there.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let opened = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    let written = opened.and_then(|mut file| {
        // One that was there before keeps its own mode.
        file.set_permissions(Permissions::from_mode(0o600))?;
        file.write_all(bytes)
    });
    written.with_context(|| format!("Cannot write {}", path.display()))
}
