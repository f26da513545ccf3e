//! Any text and any markup as a body: words are left out, never invented, and none is lost between text and cut.

#![no_main]

use followupd::message::new_text::{NewText, html_to_text, new_text};
use followupd_fuzz::is_within;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let body = String::from_utf8_lossy(data);
    let plain = new_text(Some(&body), None);
    check(&plain);
    assert_eq!(plain, new_text(Some(&body), None), "the same text gives the same reading");
    let html = new_text(None, Some(&body));
    check(&html);
    assert_eq!(html, new_text(None, Some(&body)), "the same markup gives the same reading");
    let shown = html_to_text(&body);
    let pieces: Vec<&str> = html.cut.iter().map(|cut| cut.text.as_str()).chain([html.text.as_str()]).collect();
    assert!(
        is_within(&pieces.join("\n"), &shown) && is_within(&shown, &pieces.join("\n")),
        "every word is shown or cut"
    );
    let both = new_text(Some(&body), Some(&body));
    check(&both);
});

fn check(read: &NewText) {
    assert!(is_within(&read.own, &read.text), "own words stand in the text");
}
