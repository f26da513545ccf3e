//! Real servers, each a process of its own with all its files in a temporary directory.

pub mod authority;
pub mod clock;
pub mod dovecot;
pub mod postfix;
pub mod postgres;

use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// A port that nobody listens on just now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until somebody listens on a loopback port.
pub fn wait_for_port(port: u16) {
    wait_until(&format!("port {port} answers"), || TcpStream::connect(("127.0.0.1", port)).is_ok());
}

/// Looks every 20 ms whether it is so, for 20 s.
pub fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    assert!(holds_soon(is_so), "waited in vain: {what}");
}

/// Whether it becomes so within 20 s.
pub fn holds_soon(is_so: impl Fn() -> bool) -> bool {
    for _ in 0..1_000 {
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
