//! Any bytes as a mail: read whole, and held to what is true of every reading.

#![no_main]

use followupd::message::Kind;
use followupd::message::read_with;
use followupd_fuzz::{day, read_and_check};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let reading = read_and_check(raw);
    for forwarded in &reading.forwarded {
        if let Some(inner) = &forwarded.raw {
            read_and_check(inner);
        }
    }
    assert_eq!(read_with(raw, day(), |_| true).kind, Kind::Own, "the key decides before anything else");
});
