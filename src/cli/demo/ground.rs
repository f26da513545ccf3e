//! The folder of a demo: what is made in it, and what may be taken away before the next run. Touches nothing else.

use anyhow::{Context, Result, bail};
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Says that the folder is a demo's.
const MARKER: &str = "followupd-demo";
const MARKER_TEXT: &str = "This folder was made by `followupd demo`. The next run replaces config, mailbox, people, mails,\nfollowupd.db and index.html in it, and leaves everything else alone.\n";
/// All that a run makes in its folder, beside the marker.
const OWN: [&str; 8] =
    ["config", "mailbox", "people", "mails", "followupd.db", "followupd.db-wal", "followupd.db-shm", "index.html"];

/// Where things lie in the folder of a demo.
#[derive(Debug)]
pub struct Ground {
    root: PathBuf,
}

impl Ground {
    /// Makes the folder ready: a new one, an empty one, or one that an earlier demo made, whose things are removed.
    ///
    /// # Errors
    /// The folder holds things and no marker of ours, or cannot be written.
    pub fn prepare(folder: &Path) -> Result<Self> {
        let made = DirBuilder::new().recursive(true).mode(0o755).create(folder);
        made.with_context(|| format!("Cannot make the folder {}", folder.display()))?;
        let root = folder.canonicalize().with_context(|| format!("Cannot find the folder {}", folder.display()))?;
        let ground = Self { root };
        if ground.root.join(MARKER).is_file() {
            ground.clear()?;
        } else if fs::read_dir(&ground.root).context("Cannot look into the folder")?.next().is_some() {
            bail!(
                "The folder {} holds things that no demo made, and nothing of them may be lost. Name an empty or a new one: followupd demo --dir DIR",
                folder.display()
            );
        }
        ground.write(MARKER, MARKER_TEXT.as_bytes())?;
        for part in ["config", "mailbox", "people", "mails"] {
            let path = ground.path(part);
            fs::create_dir_all(&path).with_context(|| format!("Cannot make the folder {}", path.display()))?;
        }
        Ok(ground)
    }

    /// Removes what the run before has made; what a link points to is not ours.
    fn clear(&self) -> Result<()> {
        for name in OWN {
            let path = self.root.join(name);
            let removed = match fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() => fs::remove_dir_all(&path),
                Ok(_) => fs::remove_file(&path),
                Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
                Err(error) => Err(error),
            };
            removed.with_context(|| format!("Cannot remove {}", path.display()))?;
        }
        Ok(())
    }

    /// A place in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Writes a file, readable for its owner alone, as keys must be.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let path = self.root.join(name);
        let opened = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
        opened
            .and_then(|mut file| file.write_all(bytes))
            .with_context(|| format!("Cannot write {}", path.display()))?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_things_of_others_is_refused_and_left_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thesis.txt"), "mine").unwrap();
        let refused = Ground::prepare(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("no demo made"), "{refused}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_second_run_removes_what_the_first_made_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let first = Ground::prepare(folder.path()).unwrap();
        first.write("index.html", b"old").unwrap();
        fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        Ground::prepare(folder.path()).unwrap();
        assert!(!folder.path().join("index.html").exists());
        assert!(folder.path().join("notes.txt").exists());
    }

    #[test]
    fn what_a_link_points_to_stays() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        Ground::prepare(folder.path()).unwrap();
        fs::write(other.path().join("keep"), "mine").unwrap();
        fs::remove_dir(folder.path().join("mails")).unwrap();
        std::os::unix::fs::symlink(other.path(), folder.path().join("mails")).unwrap();
        Ground::prepare(folder.path()).unwrap();
        assert!(other.path().join("keep").exists());
    }
}
