//! Moving mail to another folder of the same mailbox, and deleting it. Touches only the UIDs that it is given.

use super::super::MailboxError;
use super::command::Command;
use super::line::Stream;
use super::names::uid_set;
use super::{Expunging, Moving, Session};
use imap_proto::{MailboxDatum, Response};

/// Keeps a command line below the 8,000 bytes that every server takes (RFC 7162 4), even without any range.
const UIDS_A_COMMAND: usize = 500;

impl<S: Stream> Session<S> {
    /// See [`super::super::Source::file_into`].
    pub async fn file_into(&mut self, folder: &str, uids: &[u32], target: &str) -> Result<(), MailboxError> {
        let mut uids = uids.to_vec();
        uids.sort_unstable();
        uids.dedup();
        if uids.is_empty() {
            return Ok(());
        }
        self.ensure_selected(folder).await?;
        let target = self.folder_name(target)?;
        self.ensure_target(&target).await?;
        for some in uids.chunks(UIDS_A_COMMAND) {
            match self.abilities.moving {
                Moving::Move => self.tell(format!("UID MOVE {} {target}", uid_set(some))).await?,
                Moving::CopyAndUidExpunge | Moving::CopyAndMark => self.copy_away(some, &target).await?,
            }
        }
        Ok(())
    }

    /// See [`super::super::Source::delete`].
    pub async fn delete(&mut self, folder: &str, uids: &[u32]) -> Result<(), MailboxError> {
        if uids.is_empty() {
            return Ok(());
        }
        self.ensure_selected(folder).await?;
        for some in uids.chunks(UIDS_A_COMMAND) {
            let set = uid_set(some);
            self.tell(format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)")).await?;
            if self.abilities.expunging == Expunging::ByUid {
                self.tell(format!("UID EXPUNGE {set}")).await?;
            }
        }
        Ok(())
    }

    /// Copy first, then mark, then expunge: whatever is cut off, no mail is in neither folder.
    async fn copy_away(&mut self, uids: &[u32], target: &str) -> Result<(), MailboxError> {
        let left = self.not_yet_marked(uids).await?;
        if !left.is_empty() {
            let set = uid_set(&left);
            self.tell(format!("UID COPY {set} {target}")).await?;
            self.tell(format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)")).await?;
        }
        match self.abilities.moving {
            Moving::CopyAndUidExpunge => self.tell(format!("UID EXPUNGE {}", uid_set(uids))).await,
            // A plain EXPUNGE would also remove what a person has marked.
            Moving::Move | Moving::CopyAndMark => Ok(()),
        }
    }

    /// A mail that was copied and marked before a crash is not copied a second time.
    async fn not_yet_marked(&mut self, uids: &[u32]) -> Result<Vec<u32>, MailboxError> {
        let mut left = Vec::new();
        let command = Command::new(format!("UID SEARCH UID {} UNDELETED", uid_set(uids)));
        self.line
            .run(command, |response| {
                if let Response::MailboxData(MailboxDatum::Search(found)) = response {
                    left.extend(found.iter().copied().filter(|uid| uids.contains(uid)));
                }
            })
            .await?;
        left.sort_unstable();
        Ok(left)
    }

    /// Finds or makes the folder, once a session. A person sees only folders that are subscribed to.
    async fn ensure_target(&mut self, name: &str) -> Result<(), MailboxError> {
        if self.targets.contains(name) {
            return Ok(());
        }
        if !self.is_there(name).await? {
            let created = self.tell(format!("CREATE {name}")).await;
            // Another instance may have made it in between.
            if created.is_err() && !self.is_there(name).await? {
                return created;
            }
            match self.tell(format!("SUBSCRIBE {name}")).await {
                Ok(()) | Err(MailboxError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        self.targets.insert(name.to_owned());
        Ok(())
    }

    async fn tell(&mut self, command: String) -> Result<(), MailboxError> {
        self.line.run(Command::new(command), |_| ()).await
    }
}
