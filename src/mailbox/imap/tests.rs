//! The rules of the IMAP source, held against a scripted server.

mod failing;
mod fetching;
mod filing;
mod signing_in;
mod waiting;

use super::peer::{Step, step};

/// An INBOX with this UIDNEXT and so many mails.
fn select(uid_next: u32, exists: u32) -> Step {
    let answer = format!(
        "* {exists} EXISTS\n* 0 RECENT\n* OK [UIDVALIDITY 7] valid\n* OK [UIDNEXT {uid_next}] next\n\
         % OK [READ-WRITE] done\n"
    );
    step("SELECT \"INBOX\"", answer)
}

fn sizes(command: &'static str, mails: &[(u32, u64)]) -> Step {
    let lines: String =
        mails.iter().map(|(uid, size)| format!("* {uid} FETCH (UID {uid} RFC822.SIZE {size})\n")).collect();
    step(command, lines + "% OK done\n")
}

/// One mail in the answer to a FETCH of bodies.
fn mail(uid: u32, text: &str) -> String {
    let items = format!("UID {uid} INTERNALDATE \" 5-Jan-2026 09:30:00 +0100\" RFC822.SIZE {}", text.len());
    format!("* {uid} FETCH ({items} BODY[]<0> {{{}}}\n{text})\n", text.len())
}

fn bodies(command: &'static str, mails: &[(u32, &str)]) -> Step {
    let lines: String = mails.iter().map(|(uid, text)| mail(*uid, text)).collect();
    step(command, lines + "% OK done\n")
}
