//! Real servers, each a process of its own with all its files in a temporary directory.

pub mod authority;
pub mod clock;
pub mod dovecot;
pub mod postfix;
pub mod postgres;
pub mod tokens;

use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
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

/// A port for a server: nobody listens on it, no other call is given it, and no connection that goes out can take it
/// before the server does, for it lies below those that the kernel chooses from.
pub fn free_port() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let first = std::process::id() as u16;
    let candidates = std::iter::repeat_with(|| GIVEN.fetch_add(1, Ordering::Relaxed));
    let mut ports = candidates.take(20_000).map(|given| 12_000 + first.wrapping_add(given) % 20_000);
    ports.find(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok()).expect("a port is free")
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
