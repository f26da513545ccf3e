//! The rules of a Maildir as a mailbox.

use super::super::{BatchLimits, HEAD_BYTES, MailboxError, Wholeness};
use super::Maildir;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

struct Letterbox {
    root: TempDir,
    maildir: Maildir,
}

impl Letterbox {
    fn empty() -> Self {
        let root = tempfile::tempdir().unwrap();
        let maildir = Maildir::open(root.path()).unwrap();
        Self { root, maildir }
    }

    fn with(places: &[&str]) -> Self {
        let it = Self::empty();
        places.iter().for_each(|place| it.put(place, place));
        it
    }

    fn path(&self, place: &str) -> PathBuf {
        self.root.path().join(place)
    }

    fn put(&self, place: &str, text: &str) {
        fs::write(self.path(place), text).unwrap();
    }

    fn after(&mut self, uid: u32) -> Vec<(u32, String)> {
        self.limited(uid, &BatchLimits::default())
    }

    fn limited(&mut self, uid: u32, limits: &BatchLimits) -> Vec<(u32, String)> {
        let batch = self.maildir.batch("INBOX", uid, limits).unwrap();
        batch.mails.into_iter().map(|mail| (mail.uid, String::from_utf8(mail.raw).unwrap())).collect()
    }

    fn reopen(self) -> Self {
        let maildir = Maildir::open(self.root.path()).unwrap();
        Self { root: self.root, maildir }
    }

    fn names(&self, directory: &str) -> Vec<String> {
        names(&self.path(directory))
    }
}

fn names(directory: &Path) -> Vec<String> {
    let files = fs::read_dir(directory).unwrap();
    let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn mail(uid: u32, text: &str) -> (u32, String) {
    (uid, text.to_owned())
}

#[test]
fn mail_lies_in_new_and_cur_and_never_in_tmp() {
    let mut it = Letterbox::with(&["new/1", "cur/2:2,S", "tmp/3", "new/.hidden"]);
    fs::create_dir(it.path("new/directory")).unwrap();
    std::os::unix::fs::symlink("/etc/hosts", it.path("new/link")).unwrap();
    let texts: Vec<_> = it.after(0).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts.len(), 2);
    assert!(texts.contains(&"new/1".to_owned()) && texts.contains(&"cur/2:2,S".to_owned()));
}

#[test]
fn a_uid_stays_through_a_restart_and_through_marking_as_read() {
    let mut it = Letterbox::with(&["new/1"]);
    assert_eq!(it.after(0), [mail(1, "new/1")]);
    fs::rename(it.path("new/1"), it.path("cur/1:2,S")).unwrap();
    it.put("new/2", "second");
    let mut it = it.reopen();
    assert_eq!(it.after(0), [mail(1, "new/1"), mail(2, "second")]);
    assert_eq!(it.after(1), [mail(2, "second")]);
}

#[test]
fn a_mail_renamed_after_the_listing_is_still_read() {
    let mut it = Letterbox::with(&["new/1", "new/2"]);
    it.maildir.folder("INBOX").unwrap();
    fs::rename(it.path("new/1"), it.path("cur/1:2,S")).unwrap();
    fs::remove_file(it.path("new/2")).unwrap();
    let texts: Vec<_> = it.after(0).into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["new/1"]);
}

#[test]
fn a_uid_is_never_given_twice() {
    let mut it = Letterbox::with(&["new/1"]);
    assert_eq!(it.after(0), [mail(1, "new/1")]);
    fs::remove_file(it.path("new/1")).unwrap();
    it.put("new/2", "second");
    assert_eq!(it.reopen().after(0), [mail(2, "second")]);
}

#[test]
fn a_lost_or_damaged_list_changes_the_uid_validity_and_loses_no_mail() {
    for damage in [None, Some("followupd-uidlist 1 4"), Some("\u{fffd}\0")] {
        let mut it = Letterbox::with(&["new/1"]);
        let before = it.maildir.folder("INBOX").unwrap().uid_validity;
        match damage {
            None => fs::remove_file(it.path("followupd-uidlist")).unwrap(),
            Some(text) => it.put("followupd-uidlist", text),
        }
        let mut it = it.reopen();
        assert_ne!(it.maildir.folder("INBOX").unwrap().uid_validity, before);
        assert_eq!(it.after(0), [mail(1, "new/1")]);
    }
}

#[test]
fn a_batch_keeps_to_the_number_and_the_bytes() {
    let limits = |mails, bytes| BatchLimits { mails, bytes, largest: 1_000 };
    let mut it = Letterbox::with(&["new/1", "new/2", "new/3"]);
    assert_eq!(it.limited(0, &limits(2, 1_000)).len(), 2);
    assert_eq!(it.limited(0, &limits(9, 10)).len(), 2);
    assert_eq!(it.limited(0, &limits(9, 1)).len(), 1, "one mail always fits");
    assert_eq!(it.limited(2, &limits(9, 1)).len(), 1);
    assert_eq!(it.limited(3, &limits(9, 1)), []);
}

#[test]
fn of_a_mail_over_the_limit_only_the_head_is_read() {
    let mut it = Letterbox::empty();
    it.put("new/1", &"x".repeat(HEAD_BYTES as usize + 100));
    let limits = BatchLimits { largest: HEAD_BYTES + 50, ..BatchLimits::default() };
    let mails = it.maildir.batch("INBOX", 0, &limits).unwrap().mails;
    assert_eq!(mails[0].whole, Wholeness::HeadOnly);
    assert_eq!((mails[0].raw.len() as u64, mails[0].size), (HEAD_BYTES, HEAD_BYTES + 100));
}

#[test]
fn filing_moves_keeps_flags_and_makes_the_folder() {
    let mut it = Letterbox::with(&["new/1", "cur/2:2,FS", "new/3"]);
    let by_text = it.after(0);
    let uid = |text: &str| by_text.iter().find(|(_, raw)| raw == text).unwrap().0;
    let moved = [uid("new/1"), uid("cur/2:2,FS"), 4_000];
    it.maildir.file_into("INBOX", &moved, "Processed").unwrap();
    it.maildir.file_into("INBOX", &moved, "Processed").unwrap();
    assert_eq!(it.names(".Processed/cur"), ["1:2,", "2:2,FS"]);
    assert_eq!(it.names("."), [".Processed", "cur", "followupd-uidlist", "followupd-uidlist.lock", "new", "tmp"]);
    assert!(it.path(".Processed/maildirfolder").exists());
    assert_eq!(it.maildir.uids("INBOX").unwrap(), [uid("new/3")]);
    assert_eq!(it.maildir.folder("Processed").unwrap().exists, 2);
}

#[test]
fn filing_never_overwrites() {
    let mut it = Letterbox::with(&["new/1"]);
    it.maildir.file_into("INBOX", &[1], "Processed").unwrap();
    it.put("new/1", "another mail of the same name");
    it.maildir.file_into("INBOX", &[1, 2], "Processed").unwrap();
    assert_eq!(it.names(".Processed/cur"), ["1:2,", "1_1:2,"]);
    assert_eq!(fs::read_to_string(it.path(".Processed/cur/1:2,")).unwrap(), "new/1");
}

#[test]
fn a_move_cut_off_between_link_and_unlink_is_ended() {
    let mut it = Letterbox::with(&["new/1"]);
    it.maildir.file_into("INBOX", &[], "Processed").unwrap();
    fs::hard_link(it.path("new/1"), it.path(".Processed/cur/1:2,")).unwrap();
    it.maildir.file_into("INBOX", &[1], "Processed").unwrap();
    assert_eq!((it.names(".Processed/cur"), it.names("new")), (vec!["1:2,".to_owned()], vec![]));
}

#[test]
fn news_last_until_they_are_brought() {
    let mut it = Letterbox::empty();
    assert!(!it.maildir.has_news("INBOX").unwrap());
    it.put("new/1", "first");
    assert!((0..=super::TRUST_STAMPS).any(|_| it.maildir.has_news("INBOX").unwrap()));
    assert!(it.maildir.has_news("INBOX").unwrap());
    it.after(0);
    assert!(!it.maildir.has_news("INBOX").unwrap());
}

#[test]
fn a_cursor_from_an_earlier_run_is_no_news() {
    let mut it = Letterbox::with(&["new/1"]);
    it.after(0);
    let mut it = it.reopen();
    it.after(1);
    assert!(!it.maildir.has_news("INBOX").unwrap());
}

#[test]
fn a_folder_name_cannot_leave_the_maildir() {
    let mut it = Letterbox::empty();
    for name in ["", "/", "../up", "a//b", ".", "Missing"] {
        let refused = it.maildir.folder(name);
        assert!(matches!(refused, Err(MailboxError::FolderMissing { .. })), "{name:?}");
    }
}

#[test]
fn folders_with_levels_and_letters_beyond_ascii_are_maildir_plus_plus() {
    let mut it = Letterbox::with(&["new/1"]);
    it.maildir.file_into("INBOX", &[1], "Triage/Prüfung").unwrap();
    assert_eq!(it.names(".Triage.Pr&APw-fung/cur"), ["1:2,"]);
}

#[test]
fn what_is_no_maildir_is_said_and_left_alone() {
    let root = tempfile::tempdir().unwrap();
    assert!(matches!(Maildir::open(&root.path().join("absent")), Err(MailboxError::Files { .. })));
    fs::write(root.path().join("letter.txt"), "x").unwrap();
    assert!(matches!(Maildir::open(root.path()), Err(MailboxError::FolderMissing { .. })));
    assert_eq!(names(root.path()), ["letter.txt"]);
}
