//! Takes a changed configuration into use, as a whole: on SIGHUP, and when one of its files has changed. A bad one is
//! refused, and the last good one stays.

use super::{Bells, office, words_of};
use crate::config::{self, Settings};
use crate::engine::Engine;
use crate::{clock, config::ChangedKey};
use anyhow::{Context, Result};
use notify::{RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};

/// A file is read when it has been left alone for so long: editors and deployments write in several steps, and half of a
/// file may be a good one that lacks its last holidays. A signal can come between two steps too.
const SETTLED: Duration = Duration::from_millis(500);

/// Why the configuration is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// A file may have been written after the start read it and before anybody watched it.
    Start,
    Signal,
    Files,
}

/// Reads the configuration again whenever it is asked to; ends only with a failure of the store.
///
/// # Errors
/// When signals cannot be heard, or the store fails.
pub(super) async fn reload_loop(
    engine: &Engine,
    settings: &watch::Sender<Arc<Settings>>,
    main_file: &Path,
    bells: &Bells,
) -> Result<()> {
    let mut hangup = signal(SignalKind::hangup()).context("Cannot listen for SIGHUP")?;
    let changed = Arc::new(Notify::new());
    let mut watch = None;
    loop {
        let current = settings.borrow().clone();
        let is_start = watch.is_none();
        // Set up anew each time: another file or template folder may have come. The old one watches until then.
        watch = Some(watch_files(&current, &changed));
        let cause = if is_start {
            Cause::Start
        } else {
            tokio::select! {
                _ = hangup.recv() => Cause::Signal,
                () = changed.notified() => Cause::Files,
            }
        };
        settled(&changed).await;
        match reload(engine, &current, main_file, cause).await {
            Ok(None) => tracing::debug!("A file of the configuration was written; nothing in it has changed"),
            Ok(Some(fresh)) => {
                settings.send_replace(Arc::new(fresh));
                tracing::info!("The configuration was read again and is in use");
                bells.due.notify_one();
                bells.outbox.notify_one();
            }
            Err(Refused::Configuration(error)) => {
                tracing::error!(error, "The new configuration is refused; the last good one stays in use");
                engine.note_trouble("configuration", &error, clock::now()).await?;
            }
            Err(Refused::Store(error)) => return Err(error),
        }
    }
}

/// Takes up the configuration as it stands now, when a node that stood by begins to lead. A bad one is left alone.
pub(super) fn take_up(engine: &Engine, settings: &watch::Sender<Arc<Settings>>, main_file: &Path) {
    let fresh = config::load(Some(main_file), config::environment()).ok().map(|(fresh, _)| fresh);
    let fresh = fresh.and_then(|fresh| Some((office(&fresh).ok()?, fresh)));
    let Some((office, fresh)) = fresh else {
        return tracing::error!("The configuration has faults; the one of this node's start is used");
    };
    engine.replace_office(office);
    settings.send_replace(Arc::new(fresh));
}

/// Why a configuration is not taken into use.
enum Refused {
    Configuration(String),
    Store(anyhow::Error),
}

/// The settings that are in use from now on; `None` when a file was written and says what it said before.
async fn reload(
    engine: &Engine,
    current: &Settings,
    main_file: &Path,
    cause: Cause,
) -> Result<Option<Settings>, Refused> {
    let (fresh, warnings) = config::load(Some(main_file), config::environment()).map_err(|faults| {
        Refused::Configuration(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    })?;
    let office = office(&fresh).map_err(|error| Refused::Configuration(format!("{error:#}")))?;
    let changes = fresh.changes_since(current);
    let may_be_idle = match cause {
        Cause::Start => true,
        // A template may have changed.
        Cause::Files => fresh.sections.templates.dir.is_none(),
        Cause::Signal => false,
    };
    if may_be_idle && changes.is_empty() {
        engine.note_trouble("configuration", "", clock::now()).await.map_err(Refused::Store)?;
        return Ok(None);
    }
    log(&changes);
    engine.replace_office(office);
    engine.note_warnings(&words_of(&warnings)).await.map_err(Refused::Store)?;
    engine.recompute(clock::now()).await.map_err(Refused::Store)?;
    engine.note_trouble("configuration", "", clock::now()).await.map_err(Refused::Store)?;
    Ok(Some(fresh))
}

/// Each change is listed. What needs a restart says so.
fn log(changes: &[ChangedKey]) {
    for change in changes {
        let ChangedKey { key, before, after } = change;
        tracing::info!(key, before, after, "A key of the configuration has changed");
        if key == "store.url" {
            tracing::warn!("store.url takes effect with the next start of the service");
        }
    }
}

/// Comes back when the files have been left alone for a while.
async fn settled(changed: &Notify) {
    while tokio::time::timeout(SETTLED, changed.notified()).await.is_ok() {}
}

/// Watches the folders, not the files: editors rename, and container mounts swap a link. Without it SIGHUP remains.
fn watch_files(settings: &Settings, changed: &Arc<Notify>) -> Option<notify::RecommendedWatcher> {
    let bell = Arc::clone(changed);
    let heard = move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access() && event.paths.iter().any(|path| is_ours(path))) {
            bell.notify_one();
        }
    };
    let mut watcher = match notify::recommended_watcher(heard) {
        Ok(watcher) => watcher,
        Err(error) => {
            tracing::warn!(%error, "Files of the configuration cannot be watched; after a change send SIGHUP");
            return None;
        }
    };
    for folder in folders(settings) {
        if let Err(error) = watcher.watch(&folder, RecursiveMode::NonRecursive) {
            tracing::warn!(folder = %folder.display(), %error, "This folder cannot be watched; after a change send SIGHUP");
        }
    }
    Some(watcher)
}

fn folders(settings: &Settings) -> BTreeSet<PathBuf> {
    let parent = |file: &PathBuf| match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        Some(_) | None => PathBuf::from("."),
    };
    let mut folders: BTreeSet<PathBuf> = settings.files.iter().map(parent).collect();
    let more: Vec<PathBuf> = folders.iter().map(|folder| folder.join("config.d")).collect();
    folders.extend(more.into_iter().chain(settings.sections.templates.dir.clone()).filter(|folder| folder.is_dir()));
    folders
}

/// The database may lie in the same folder and is written all the time.
fn is_ours(path: &Path) -> bool {
    let is_text = path.extension().is_some_and(|ending| ending == "toml" || ending == "txt");
    // What Kubernetes swaps when a mounted map of files changes.
    is_text || path.file_name() == Some(OsStr::new("..data"))
}
