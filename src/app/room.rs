//! The room that the database has on its disk. Only reads; who is told of it is for `alerts` to know.

use crate::config::StoreUrl;
use std::fmt;
use std::path::{Path, PathBuf};

/// Fewer free bytes are nearly none, however small the database is.
const LEAST: u64 = 500 << 20;

/// The disk under an SQLite database. A PostgreSQL server has a disk, and operators, of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Room {
    /// Where the database lies.
    folder: PathBuf,
    /// Bytes that the service may still write there.
    pub free: u64,
    /// Bytes of the database with its log of changes.
    pub database: u64,
}

/// Whether somebody has been told already that room is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// They have: it is over only when there is clearly more, so that nobody is told back and forth.
    Already,
    /// Nobody has.
    NotYet,
}

impl Room {
    /// Looks at the disk; `None` where there is none to look at.
    pub(super) fn of(store: &StoreUrl) -> Option<Self> {
        let StoreUrl::Sqlite(path) = store else { return None };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let disk = rustix::fs::statvfs(folder).ok()?;
        let beside = |end: &str| Path::new(&format!("{}{end}", path.display())).to_owned();
        let size = |file: PathBuf| std::fs::metadata(file).map_or(0, |file| file.len());
        Some(Self {
            folder: folder.to_owned(),
            free: disk.f_bavail.saturating_mul(disk.f_frsize),
            database: size(path.clone()).saturating_add(size(beside("-wal"))),
        })
    }

    /// Whether it runs out: a backup and an upgrade need as much again as the database.
    pub(super) fn is_short(&self, told: Told) -> bool {
        let needed = LEAST.max(self.database);
        let clearly_more = needed.saturating_add(needed / 10);
        self.free < if told == Told::Already { clearly_more } else { needed }
    }
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mb = |bytes: u64| bytes / 1_000_000;
        let folder = self.folder.display();
        write!(f, "{} MB are free in {folder}, where the database takes {} MB", mb(self.free), mb(self.database))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MB: u64 = 1_000_000;

    fn room(free: u64, database: u64) -> Room {
        Room { folder: "var".into(), free: free * MB, database: database * MB }
    }

    #[test]
    fn room_is_short_below_half_a_gigabyte_or_the_size_of_the_database() {
        // Free and database in MB, and whether that is short before and after somebody was told.
        let table = [
            (100_000, 10, false, false),
            (530, 10, false, true),
            (520, 10, true, true),
            (0, 0, true, true),
            (2_300, 2_000, false, false),
            (2_100, 2_000, false, true),
            (1_900, 2_000, true, true),
        ];
        for (free, database, fresh, told) in table {
            let room = room(free, database);
            assert_eq!((room.is_short(Told::NotYet), room.is_short(Told::Already)), (fresh, told), "{room}");
        }
    }

    #[test]
    fn the_disk_is_really_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("followupd.db");
        std::fs::write(&path, [0; 5_000]).unwrap();
        std::fs::write(folder.path().join("followupd.db-wal"), [0; 3_000]).unwrap();
        let room = Room::of(&StoreUrl::Sqlite(path)).unwrap();
        assert_eq!(room.database, 8_000);
        assert!(room.free > 0);
        assert_eq!(Room::of(&StoreUrl::Sqlite("/nowhere/at/all/followupd.db".into())), None);
        // `./followupd.db` is a file of the present folder.
        assert!(Room::of(&StoreUrl::Sqlite("followupd.db".into())).is_some_and(|room| room.free > 0));
    }

    #[test]
    fn what_is_short_is_said_in_words() {
        assert_eq!(room(12, 30).to_string(), "12 MB are free in var, where the database takes 30 MB");
    }
}
