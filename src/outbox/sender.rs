//! The ways out: SMTP through lettre, or a Maildir.
