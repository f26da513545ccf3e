//! Real servers, each a process of its own with all its files in a temporary directory.

pub mod authority;
pub mod clock;
pub mod dovecot;
pub mod postfix;
pub mod postgres;
pub mod tokens;

use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// Whose peculiarities the servers have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Personality {
    /// Dovecot's and Postfix's own.
    Plain,
    /// Exchange Online's: no CONDSTORE, another Message-ID than the one that was submitted, Authentication-Results
    /// without the id of a server, AuthAs Internal, no envelope sender but the account's own, few mails at a time. Its
    /// one absence for each sender is `exchange::OutOfOffice`.
    Exchange,
}

/// A port that nobody listens on just now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until somebody listens on a loopback port.
pub fn wait_for_port(port: u16) {
    wait_until(&format!("port {port} answers"), || TcpStream::connect(("127.0.0.1", port)).is_ok());
}

/// Looks again and again whether it is so, for 20 s.
pub fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    wait_patiently(20, what, is_so);
}

/// The same for so many seconds.
pub fn wait_patiently(seconds: u64, what: &str, is_so: impl Fn() -> bool) {
    assert!(holds_within(seconds, is_so), "waited {seconds} s in vain: {what}");
}

/// Whether it becomes so within so many seconds.
pub fn holds_within(seconds: u64, is_so: impl Fn() -> bool) -> bool {
    for _ in 0..seconds * 50 {
        if is_so() {
            return true;
        }
        pause(Duration::from_millis(20));
    }
    false
}

/// Waits, where the passing of time is what the test is about.
#[allow(clippy::disallowed_methods, reason = "another process gives no other sign that it is ready")]
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}
