//! One face for both kinds of mailbox. Holds no rule of its own.

use super::imap::{self, Session};
use super::maildir::Maildir;
use super::{Batch, BatchLimits, FolderState, MailboxEndpoint, MailboxError, Woken};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// An open mailbox. Folder names are written with `/` between the levels, whatever the server uses.
#[derive(Debug)]
pub enum Source {
    /// A signed-in IMAP connection.
    Imap(Box<Session<imap::Wire>>),
    /// A directory; its calls run on a blocking thread.
    Maildir(Arc<Mutex<Maildir>>),
}

impl Source {
    /// Connects and signs in, or looks whether the directory is there.
    pub async fn open(endpoint: &MailboxEndpoint) -> Result<Self, MailboxError> {
        match endpoint {
            MailboxEndpoint::Imap(endpoint) => Ok(Self::Imap(Box::new(imap::open(endpoint).await?))),
            MailboxEndpoint::Maildir(path) => {
                let path = path.clone();
                let maildir = on_blocking_thread(move || Maildir::open(&path)).await?;
                Ok(Self::Maildir(Arc::new(Mutex::new(maildir))))
            }
        }
    }

    /// Looks at a folder afresh (SELECT).
    pub async fn folder(&mut self, folder: &str) -> Result<FolderState, MailboxError> {
        match self {
            Self::Imap(session) => session.select(folder).await,
            Self::Maildir(maildir) => {
                let folder = folder.to_owned();
                with(maildir, move |maildir| maildir.folder(&folder)).await
            }
        }
    }

    /// Brings the mails with the lowest UIDs above `after_uid`, as many as the limits allow; marks nothing.
    ///
    /// When one mail makes the server fail, the same call with `mails: 1` finds out which.
    pub async fn batch(&mut self, folder: &str, after_uid: u32, limits: &BatchLimits) -> Result<Batch, MailboxError> {
        match self {
            Self::Imap(session) => session.batch(folder, after_uid, limits).await,
            Self::Maildir(maildir) => {
                let (folder, limits) = (folder.to_owned(), *limits);
                with(maildir, move |maildir| maildir.batch(&folder, after_uid, &limits)).await
            }
        }
    }

    /// Waits until the folder holds mail that `batch` has not brought, at most `limit`; at once when it already does.
    ///
    /// The future may be dropped at any time; the next call of this source sets the connection right.
    pub async fn wait(&mut self, folder: &str, limit: Duration) -> Result<Woken, MailboxError> {
        match self {
            Self::Imap(session) => session.wait(folder, limit).await,
            Self::Maildir(maildir) => wait_for_files(maildir, folder, limit).await,
        }
    }

    /// Moves exactly these mails to another folder, which is created when missing; a UID already gone is no error.
    pub async fn file_into(&mut self, folder: &str, uids: &[u32], target: &str) -> Result<(), MailboxError> {
        match self {
            Self::Imap(session) => session.file_into(folder, uids, target).await,
            Self::Maildir(maildir) => {
                let (folder, uids, target) = (folder.to_owned(), uids.to_vec(), target.to_owned());
                with(maildir, move |maildir| maildir.file_into(&folder, &uids, &target)).await
            }
        }
    }

    /// Deletes exactly these mails for good; a UID already gone is no error. Where the server cannot remove single mails
    /// (no UIDPLUS) they are marked as deleted.
    pub async fn delete(&mut self, folder: &str, uids: &[u32]) -> Result<(), MailboxError> {
        match self {
            Self::Imap(session) => session.delete(folder, uids).await,
            Self::Maildir(maildir) => {
                let (folder, uids) = (folder.to_owned(), uids.to_vec());
                with(maildir, move |maildir| maildir.delete(&folder, &uids)).await
            }
        }
    }

    /// Every UID in the folder, ascending: what the ledger is held against.
    pub async fn uids(&mut self, folder: &str) -> Result<Vec<u32>, MailboxError> {
        match self {
            Self::Imap(session) => session.uids(folder).await,
            Self::Maildir(maildir) => {
                let folder = folder.to_owned();
                with(maildir, move |maildir| maildir.uids(&folder)).await
            }
        }
    }

    /// Says goodbye; what the server thinks of it does not matter any more.
    pub async fn close(self) {
        match self {
            Self::Imap(session) => session.log_out().await,
            Self::Maildir(_) => {}
        }
    }
}

/// How often a Maildir is looked at: a directory's time costs two system calls.
const MAILDIR_POLL: Duration = Duration::from_secs(1);

async fn wait_for_files(maildir: &Arc<Mutex<Maildir>>, folder: &str, limit: Duration) -> Result<Woken, MailboxError> {
    let mut left = limit;
    loop {
        let name = folder.to_owned();
        if with(maildir, move |maildir| maildir.has_news(&name)).await? {
            return Ok(Woken::Changed);
        }
        if left.is_zero() {
            return Ok(Woken::TimedOut);
        }
        let round = left.min(MAILDIR_POLL);
        // Nothing ever completes but the limit: this file may not sleep.
        let _elapsed = tokio::time::timeout(round, std::future::pending::<()>()).await;
        left = left.saturating_sub(round);
    }
}

async fn with<T: Send + 'static>(
    maildir: &Arc<Mutex<Maildir>>,
    work: impl FnOnce(&mut Maildir) -> Result<T, MailboxError> + Send + 'static,
) -> Result<T, MailboxError> {
    let maildir = Arc::clone(maildir);
    // What the struct holds is a cache of what is on disk: a panic half-way leaves nothing untrue behind.
    on_blocking_thread(move || work(&mut maildir.lock().unwrap_or_else(PoisonError::into_inner))).await
}

async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MailboxError> + Send + 'static,
) -> Result<T, MailboxError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(MailboxError::ConnectionLost {
            during: "reading the Maildir".to_owned(),
            text: "the reading thread ended".to_owned(),
        }),
    }
}
