//! Letters as files: one Maildir for each recipient below one folder, bytes unchanged.
//!
//! Idempotent: the file is named after the letter, so a letter that is delivered again after a crash is there
//! once. That is why no answer of this way out is ever uncertain.

use super::{Answer, Broken, Cause, Envelope, Ledger, OutboundFault};
use crate::core::id::Address;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;

/// Longest folder name that is written out; longer ones end in a digest.
const LONGEST_NAME: usize = 200;

/// A folder that takes letters.
#[derive(Debug)]
pub struct MaildirConnection {
    path: PathBuf,
}

impl MaildirConnection {
    /// Makes the folder if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn open(path: &Path) -> Result<Self, OutboundFault> {
        match tokio::fs::create_dir_all(path).await {
            Ok(()) => Ok(Self { path: path.to_owned() }),
            Err(why) => Err(OutboundFault::Maildir { path: path.to_owned(), why }),
        }
    }

    /// Delivers one mail; see [`super::Connection::deliver`].
    ///
    /// # Errors
    /// [`Broken`] when the disk refuses, or `before_dot` does: then nothing was delivered that was not already.
    pub async fn deliver<F>(
        &mut self,
        envelope: &Envelope,
        bytes: &[u8],
        before_dot: F,
    ) -> Result<Vec<(Address, Answer)>, Broken>
    where
        F: AsyncFnOnce() -> anyhow::Result<()>,
    {
        let mut ledger = Ledger::new(&envelope.to);
        match self.drop_off(envelope, bytes, before_dot, &mut ledger).await {
            Ok(()) => Ok(ledger.close("")),
            Err(cause) => Err(Broken { answers: ledger.close(&cause.to_string()), cause }),
        }
    }

    async fn drop_off<F>(
        &self,
        envelope: &Envelope,
        bytes: &[u8],
        before_dot: F,
        ledger: &mut Ledger,
    ) -> Result<(), Cause>
    where
        F: AsyncFnOnce() -> anyhow::Result<()>,
    {
        let name = name_of(bytes);
        let drafts: Vec<(Address, Draft)> = envelope
            .to
            .iter()
            .map(|recipient| (recipient.clone(), Draft::new(&self.path.join(folder_of(recipient)), &name)))
            .collect();
        let bytes = bytes.to_owned();
        let drafts = on_disk(move || {
            drafts.iter().try_for_each(|(_, draft)| draft.write(&bytes))?;
            Ok(drafts)
        })
        .await?;
        // A draft that stays behind is overwritten by the next attempt, so nothing is cleared up here.
        before_dot().await.map_err(Cause::Withheld)?;
        for (recipient, draft) in drafts {
            let text = on_disk(move || draft.publish()).await?;
            ledger.settle(&recipient, Answer::Accepted { text });
        }
        Ok(())
    }
}

async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Cause> {
    let done = spawn_blocking(work).await.unwrap_or_else(|why| Err(io::Error::other(why)));
    done.map_err(Cause::Disk)
}

/// One copy on its way from `tmp` to `new`.
struct Draft {
    maildir: PathBuf,
    name: String,
}

impl Draft {
    fn new(maildir: &Path, name: &str) -> Self {
        Self { maildir: maildir.to_owned(), name: name.to_owned() }
    }

    fn tmp(&self) -> PathBuf {
        self.maildir.join("tmp").join(&self.name)
    }

    fn write(&self, bytes: &[u8]) -> io::Result<()> {
        for part in ["tmp", "new", "cur"] {
            fs::create_dir_all(self.maildir.join(part))?;
        }
        let mut file = File::create(self.tmp())?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    /// Makes the copy visible, unless it already is or somebody has read it meanwhile.
    fn publish(&self) -> io::Result<String> {
        let new = self.maildir.join("new");
        if !self.was_read()? {
            match fs::hard_link(self.tmp(), new.join(&self.name)) {
                Err(why) if why.kind() != io::ErrorKind::AlreadyExists => return Err(why),
                Ok(()) | Err(_) => File::open(&new)?.sync_all()?,
            }
        }
        fs::remove_file(self.tmp())?;
        Ok(format!("250 {}", self.name))
    }

    /// Mail programs move what was read to `cur` and add flags to its name.
    fn was_read(&self) -> io::Result<bool> {
        for entry in fs::read_dir(self.maildir.join("cur"))? {
            if entry?.file_name().to_string_lossy().starts_with(&self.name) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A name that the same letter always gets: from its Message-ID, or from all its bytes where it has none.
fn name_of(bytes: &[u8]) -> String {
    let head = mailparse::parse_headers(bytes).map(|(headers, _)| headers).unwrap_or_default();
    let id = head.iter().find(|header| header.get_key_ref().eq_ignore_ascii_case("Message-ID"));
    let digest = match id {
        Some(id) => Sha256::digest(id.get_value().trim()),
        None => Sha256::digest(bytes),
    };
    HEXLOWER.encode(digest.get(..16).unwrap_or_default()) + ".followupd"
}

/// A folder name that says whose it is and cannot lead anywhere else: what is not plainly safe becomes `%XX`.
fn folder_of(recipient: &Address) -> String {
    let mut name = String::new();
    for byte in recipient.as_str().bytes() {
        let safe = byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'_' | b'-' | b'+');
        if safe || (byte == b'.' && !name.is_empty()) {
            name.push(char::from(byte));
        } else {
            name.push_str(&format!("%{byte:02X}"));
        }
    }
    if name.len() <= LONGEST_NAME {
        return name;
    }
    let start: String = name.chars().take(LONGEST_NAME - 33).collect();
    let digest = Sha256::digest(recipient.as_str());
    format!("{start}~{}", HEXLOWER.encode(digest.get(..16).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &[u8] = b"Message-ID: <1@council.example>\r\n\r\n.\r\nFrom here\n";

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    fn envelope(to: &[&str]) -> Envelope {
        Envelope { from: None, to: to.iter().map(|to| address(to)).collect(), id: None }
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    #[tokio::test]
    async fn each_recipient_gets_one_copy_however_often_the_letter_is_delivered() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = MaildirConnection::open(root.path()).await.unwrap();
        for _ in 0..2 {
            let both = envelope(&["a@x.example", "b@x.example"]);
            let answers = folder.deliver(&both, MAIL, async || Ok(())).await.unwrap();
            assert!(answers.iter().all(|(_, answer)| matches!(answer, Answer::Accepted { .. })), "{answers:?}");
        }
        for recipient in ["a@x.example", "b@x.example"] {
            let copies = files(&root.path().join(recipient).join("new"));
            assert_eq!(copies.len(), 1);
            assert_eq!(fs::read(&copies[0]).unwrap(), MAIL, "bytes stay as they are");
            assert!(files(&root.path().join(recipient).join("tmp")).is_empty());
        }
        let again = b"Message-ID: <2@council.example>\r\n\r\nx\r\n";
        folder.deliver(&envelope(&["a@x.example"]), again, async || Ok(())).await.unwrap();
        assert_eq!(files(&root.path().join("a@x.example/new")).len(), 2, "another letter is another file");
    }

    #[tokio::test]
    async fn a_copy_that_was_read_does_not_come_back() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = MaildirConnection::open(root.path()).await.unwrap();
        let one = envelope(&["a@x.example"]);
        folder.deliver(&one, MAIL, async || Ok(())).await.unwrap();
        let maildir = root.path().join("a@x.example");
        let unread = files(&maildir.join("new")).remove(0);
        let read = maildir.join("cur").join(format!("{}:2,S", unread.file_name().unwrap().display()));
        fs::rename(&unread, read).unwrap();
        folder.deliver(&one, MAIL, async || Ok(())).await.unwrap();
        assert!(files(&maildir.join("new")).is_empty());
    }

    #[tokio::test]
    async fn nothing_is_visible_when_it_could_not_be_announced() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = MaildirConnection::open(root.path()).await.unwrap();
        let one = envelope(&["a@x.example"]);
        let broken = folder.deliver(&one, MAIL, async || anyhow::bail!("no disk")).await.unwrap_err();
        assert!(matches!(broken.cause, Cause::Withheld(_)));
        assert!(matches!(broken.answers[0].1, Answer::Deferred { .. }));
        assert!(files(&root.path().join("a@x.example/new")).is_empty());
    }

    #[tokio::test]
    async fn a_disk_that_refuses_defers() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a@x.example"), "in the way").unwrap();
        let mut folder = MaildirConnection::open(root.path()).await.unwrap();
        let broken = folder.deliver(&envelope(&["a@x.example"]), MAIL, async || Ok(())).await.unwrap_err();
        assert!(matches!(broken.cause, Cause::Disk(_)), "{broken}");
        assert!(matches!(broken.answers[0].1, Answer::Deferred { .. }));
        let below_a_file = root.path().join("a@x.example/deeper");
        assert!(matches!(MaildirConnection::open(&below_a_file).await, Err(OutboundFault::Maildir { .. })));
    }

    #[test]
    fn a_folder_name_leads_nowhere_else() {
        let check = |recipient: &str, folder: &str| assert_eq!(folder_of(&address(recipient)), folder);
        check("ann.lee+t@x.example", "ann.lee+t@x.example");
        check("../../etc@x.example", "%2E.%2F..%2Fetc@x.example");
        check(".@x.example", "%2E@x.example");
        check("100%@x.example", "100%25@x.example");
        let long = folder_of(&address(&format!("{}@{}.example", "/".repeat(60), "a".repeat(100))));
        assert!(long.len() <= LONGEST_NAME && long.contains('~'));
    }

    #[test]
    fn a_letter_without_message_id_is_named_after_its_bytes() {
        assert_eq!(name_of(b"A: b\r\n\r\nx"), name_of(b"A: b\r\n\r\nx"));
        assert_ne!(name_of(b"A: b\r\n\r\nx"), name_of(b"A: b\r\n\r\ny"));
        assert_eq!(name_of(b"Message-Id: <i@x>\r\n\r\nx"), name_of(b"Message-ID: <i@x>\r\n\r\ny"));
    }
}
