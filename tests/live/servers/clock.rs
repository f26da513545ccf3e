//! A wall clock that a test moves, for programs that run beside it: libfaketime, steered by a file.

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::London;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, os::unix::fs::PermissionsExt};
use tempfile::TempDir;

/// A clock; all copies are the same one. Waits and time limits, which are measured by another clock, stay real.
#[derive(Clone)]
pub struct Clock(Arc<TempDir>);

impl Clock {
    /// Starts at this local time: "2026-01-13 10:00:00".
    pub fn at(local: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let clock = Self(Arc::new(folder));
        clock.set(local);
        clock
    }

    /// Moves every program that runs on this clock to a local time; from there it goes on.
    pub fn set(&self, local: &str) {
        self.set_offset(instant(local) - real_now());
    }

    /// Moves it on.
    pub fn advance(&self, by: TimeDelta) {
        self.set_offset(self.offset() + by);
    }

    pub fn now(&self) -> DateTime<Utc> {
        real_now() + self.offset()
    }

    /// How far it stands from the machine's own clock, by which files are dated.
    pub fn offset(&self) -> TimeDelta {
        let text = fs::read_to_string(self.file()).unwrap();
        TimeDelta::milliseconds((text.trim().parse::<f64>().unwrap() * 1000.0).round() as i64)
    }

    /// What a program has to be started with.
    pub fn environment(&self) -> [(&'static str, PathBuf); 4] {
        [
            ("LD_PRELOAD", library()),
            ("FAKETIME_TIMESTAMP_FILE", self.file()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("DONT_FAKE_MONOTONIC", "1".into()),
        ]
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("offset")
    }

    fn set_offset(&self, offset: TimeDelta) {
        let seconds = offset.num_milliseconds() as f64 / 1000.0;
        let fresh = self.0.path().join("fresh");
        fs::write(&fresh, format!("{seconds:+.3}\n")).unwrap();
        fs::set_permissions(&fresh, fs::Permissions::from_mode(0o644)).unwrap();
        fs::rename(fresh, self.file()).unwrap();
    }
}

/// The instant of a local time.
pub fn instant(local: &str) -> DateTime<Utc> {
    let naive = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M:%S").unwrap();
    London.from_local_datetime(&naive).single().unwrap().with_timezone(&Utc)
}

#[allow(clippy::disallowed_methods, reason = "the clock of a test is set against the machine's")]
pub fn real_now() -> DateTime<Utc> {
    Utc::now()
}

fn library() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").unwrap().map(|entry| entry.unwrap().path());
    let files = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
    files.into_iter().find(|file: &PathBuf| Path::exists(file)).expect("libfaketime is installed: tests/run does it")
}
