//! The mailbox as a source of mail: IMAP or Maildir. Knows no case.
