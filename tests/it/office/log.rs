//! The log of a story. Nothing personal stands in it, whatever the story was about: looked at when its office closes.
//!
//! A story runs on one thread, so its log is that thread's own.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

thread_local! {
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The log of this thread, as a place to write to.
struct OwnLog;

impl Write for OwnLog {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// From now on everything that the service says to its operators is kept, to the last detail.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let filter = tracing_subscriber::EnvFilter::new("off,followupd=trace");
        let log = tracing_subscriber::fmt().with_ansi(false).with_env_filter(filter).with_writer(|| OwnLog);
        log.try_init().expect("no other listener");
    });
}

/// People of the stories, and words of what they write. Any address gives itself away by its sign.
const PERSONAL: [&str; 12] = [
    "Cora Lane",
    "Dev Patel",
    "Sam Manager",
    "Dr Lee",
    "Mo Head",
    "Robin",
    "therapy",
    "therapist",
    "Mrs ",
    "Mr ",
    "STATUTORY ADVICE",
    "Logged:",
];

/// Fails when the log names a person, an address but the service's own, or what somebody wrote.
pub fn names_nobody() {
    let log = LOG.with_borrow_mut(std::mem::take);
    let log = String::from_utf8_lossy(&log).replace(super::SERVICE, "(the service)");
    let personal = |line: &&str| line.contains('@') || PERSONAL.iter().any(|word| line.contains(word));
    if let Some(line) = log.lines().find(personal) {
        panic!("the log names somebody: {line}");
    }
}
