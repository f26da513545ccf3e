//! An IMAP mailbox: a signed-in session and what it knows of the folders that it has looked at.
//!
//! Only plain items are asked for: one line that imap-proto cannot read ends the connection, so no ENVELOPE,
//! BODYSTRUCTURE, ESEARCH, NAMESPACE or extended LIST.

mod capped;
mod command;
mod connect;
mod fetch;
mod filing;
mod line;
mod names;
mod sign_in;
mod wait;

pub use connect::{Wire, open};
pub(super) use names::modified_utf7;

use super::{FolderState, MailboxError};
use command::Command;
use imap_proto::{Capability, MailboxDatum, Outcome, Response, ResponseCode, Status};
use line::{Line, Stream};
use std::collections::{HashMap, HashSet};

/// A signed-in connection.
#[derive(Debug)]
pub struct Session<S: Stream> {
    line: Line<S>,
    abilities: Abilities,
    /// What stands between the levels of a folder name on this server.
    separator: String,
    selected: Option<Selected>,
    /// How far each folder's mail was offered to the caller.
    offered: HashMap<String, Offered>,
    /// Folders that were found or made in this session.
    targets: HashSet<String>,
}

#[derive(Debug)]
struct Selected {
    folder: String,
    uid_validity: u32,
    /// As the server said, and above every UID seen; `Line::arrived` comes on top.
    uid_next: u32,
}

#[derive(Debug, Clone, Copy)]
struct Offered {
    uid_validity: u32,
    below: u32,
}

/// What the server can do beyond RFC 3501.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Abilities {
    waiting: Waiting,
    moving: Moving,
    expunging: Expunging,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// RFC 2177.
    Idle,
    Poll,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moving {
    /// RFC 6851.
    Move,
    /// RFC 4315: only the given UIDs are expunged.
    CopyAndUidExpunge,
    /// Neither: the original stays, marked as deleted, until a person expunges it.
    CopyAndMark,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expunging {
    /// RFC 4315.
    ByUid,
    /// A plain EXPUNGE would also remove what a person has marked.
    Never,
}

/// Whether SELECT was needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    /// Just selected: it shows everything that is there.
    Fresh,
    /// Selected before: it may lag behind until the next NOOP.
    Kept,
}

impl<S: Stream> Session<S> {
    async fn new(mut line: Line<S>) -> Result<Self, MailboxError> {
        let abilities = Abilities::of(&capabilities(&mut line).await?);
        let separator = separator(&mut line).await?;
        let (selected, offered, targets) = (None, HashMap::new(), HashSet::new());
        Ok(Self { line, abilities, separator, selected, offered, targets })
    }

    /// SELECT, with every answer checked.
    pub async fn select(&mut self, folder: &str) -> Result<FolderState, MailboxError> {
        self.selected = None;
        let name = self.folder_name(folder)?;
        // Set before: the EXISTS of this SELECT counts what is there, nothing has arrived.
        (self.line.exists, self.line.arrived) = (0, 0);
        let mut said = (None, None);
        let note = |response: &Response<'_>| {
            if let Response::Data { status: Status::Ok, outcome: Outcome { code: Some(code), .. } } = response {
                note_uids(code, &mut said);
            }
        };
        let answer = self.line.run(Command::new(format!("SELECT {name}")), note).await;
        match answer {
            Err(MailboxError::Refused { .. }) if !self.is_there(&name).await? => {
                return Err(MailboxError::FolderMissing { folder: folder.to_owned() });
            }
            answer => answer?,
        }
        self.line.arrived = 0;
        let (uid_validity, uid_next) = match said {
            (Some(uid_validity), Some(uid_next)) => (uid_validity, uid_next),
            // Never "the mailbox was reset": the answer is not whole.
            (None, _) => return Err(lost_in_select(&name, "it gave no UIDVALIDITY")),
            (_, None) => return Err(lost_in_select(&name, "it gave no UIDNEXT")),
        };
        self.selected = Some(Selected { folder: folder.to_owned(), uid_validity, uid_next });
        Ok(FolderState { uid_validity, uid_next, exists: self.line.exists })
    }

    async fn ensure_selected(&mut self, folder: &str) -> Result<View, MailboxError> {
        if self.selected.as_ref().is_some_and(|selected| selected.folder == folder) {
            return Ok(View::Kept);
        }
        self.select(folder).await.map(|_| View::Fresh)
    }

    fn uid_validity(&self) -> u32 {
        self.selected.as_ref().map_or(0, |selected| selected.uid_validity)
    }

    /// No mail that this session has not been told of has a UID below it.
    fn uid_next(&self) -> u32 {
        self.selected.as_ref().map_or(1, |selected| selected.uid_next).saturating_add(self.line.arrived)
    }

    /// Every mail of the selected folder below this UID was given to the caller, or was gone.
    fn offer(&mut self, below: u32) {
        let Some(selected) = &self.selected else { return };
        let uid_validity = selected.uid_validity;
        let offered = self.offered.entry(selected.folder.clone()).or_insert(Offered { uid_validity, below });
        let before = if offered.uid_validity == uid_validity { offered.below } else { 0 };
        *offered = Offered { uid_validity, below: below.max(before) };
    }

    fn has_news(&self) -> bool {
        let Some(selected) = &self.selected else { return false };
        let below = match self.offered.get(&selected.folder) {
            Some(offered) if offered.uid_validity == selected.uid_validity => offered.below,
            _ => 1,
        };
        self.uid_next() > below
    }

    /// A configured folder name as this server spells it, quoted.
    fn folder_name(&self, folder: &str) -> Result<String, MailboxError> {
        let levels: Vec<String> = folder.split('/').map(modified_utf7).collect();
        names::quoted(&levels.join(&self.separator))
            .ok_or_else(|| MailboxError::FolderMissing { folder: folder.to_owned() })
    }

    async fn is_there(&mut self, quoted_name: &str) -> Result<bool, MailboxError> {
        let mut there = false;
        let command = Command::new(format!("LIST \"\" {quoted_name}"));
        self.line
            .run(command, |response| there |= matches!(response, Response::MailboxData(MailboxDatum::List { .. })))
            .await?;
        Ok(there)
    }

    /// LOGOUT; errors do not matter any more.
    pub async fn log_out(mut self) {
        let _goodbye = self.line.run(Command::new("LOGOUT").at_once(), |_| ()).await;
    }
}

fn note_uids(code: &ResponseCode<'_>, (uid_validity, uid_next): &mut (Option<u32>, Option<u32>)) {
    if let ResponseCode::UidValidity(value) = code {
        *uid_validity = Some(*value);
    }
    if let ResponseCode::UidNext(value) = code {
        *uid_next = Some(*value);
    }
}

fn lost_in_select(name: &str, text: &str) -> MailboxError {
    MailboxError::ConnectionLost { during: format!("SELECT {name}"), text: text.to_owned() }
}

impl Abilities {
    fn of(capabilities: &HashSet<String>) -> Self {
        let has = |name: &str| capabilities.contains(name);
        Self {
            waiting: if has("IDLE") { Waiting::Idle } else { Waiting::Poll },
            expunging: if has("UIDPLUS") { Expunging::ByUid } else { Expunging::Never },
            moving: match (has("MOVE"), has("UIDPLUS")) {
                (true, _) => Moving::Move,
                (false, true) => Moving::CopyAndUidExpunge,
                (false, false) => Moving::CopyAndMark,
            },
        }
    }
}

/// What the server offers now, in upper case: `IDLE`, `AUTH=PLAIN`.
async fn capabilities<S: Stream>(line: &mut Line<S>) -> Result<HashSet<String>, MailboxError> {
    let mut offered = HashSet::new();
    let note = |response: &Response<'_>| {
        if let Response::Capabilities(capabilities) = response {
            offered.extend(capabilities.iter().map(|capability| match capability {
                Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
                Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_uppercase()),
                Capability::Atom(name) => name.to_uppercase(),
            }));
        }
    };
    line.run(Command::new("CAPABILITY"), note).await?;
    Ok(offered)
}

/// The hierarchy separator; where the server has none, `/` is a letter like any other.
async fn separator<S: Stream>(line: &mut Line<S>) -> Result<String, MailboxError> {
    let mut separator = None;
    let note = |response: &Response<'_>| {
        if let Response::MailboxData(MailboxDatum::List(list)) = response {
            separator = list.delimiter.as_deref().map(str::to_owned);
        }
    };
    line.run(Command::new("LIST \"\" \"\""), note).await?;
    Ok(separator.unwrap_or_else(|| "/".to_owned()))
}

#[cfg(test)]
mod peer;
#[cfg(test)]
mod tests;
