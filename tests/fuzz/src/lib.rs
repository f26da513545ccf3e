//! What the targets share: a day, the rules, and the questions asked of every reading. Holds no target itself.

use chrono::NaiveDate;
use followupd::core::policy::SenderCheck;
use followupd::message::reading::{Reading, read};
use followupd::message::substance::ReplyWords;
use followupd::message::{Kind, Verdict, authenticity};
use std::collections::HashMap;

/// The mail server whose results count.
const SERVER: &str = "mx.council.example";

/// The local day on which everything is received.
pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).expect("a date")
}

/// Whether every word of `part` stands in `whole`, as often at least.
pub fn is_within(part: &str, whole: &str) -> bool {
    let whole = counted(whole);
    counted(part).iter().all(|(word, times)| whole.get(word).is_some_and(|have| have >= times))
}

fn counted(text: &str) -> HashMap<&str, usize> {
    let mut words = HashMap::new();
    for word in text.split_whitespace() {
        *words.entry(word).or_default() += 1;
    }
    words
}

/// Reads a mail and holds the reading to what is true of every reading.
pub fn read_and_check(raw: &[u8]) -> Reading {
    let reading = read(raw, day());
    assert_eq!(reading, read(raw, day()), "the same bytes give the same reading");
    assert!(reading.kind != Kind::Own, "only the key tells our own mail");
    assert_eq!(reading.bounce.is_some(), matches!(reading.kind, Kind::Bounce | Kind::Delay), "who was not reached");
    assert_eq!(reading.absence.is_some(), reading.kind == Kind::Absence, "until when");
    assert!(!reading.evidence.is_empty(), "every kind has its evidence");
    assert!(is_within(&reading.new_text.own, &reading.new_text.text), "own words stand in the text");
    check_addresses(&reading);
    check_substance(&reading);
    check_proof(raw, &reading);
    reading
}

fn check_addresses(reading: &Reading) {
    let message = &reading.message;
    let named = message.from.iter().chain(&message.to).chain(&message.cc).chain(&message.reply_to);
    let failed = reading.bounce.iter().flat_map(|b| &b.recipients).map(|r| &r.address);
    for address in named.map(|m| &m.address).chain(failed).chain(&message.delivered_to) {
        let again = followupd::core::id::Address::parse(address.as_str());
        assert_eq!(again.as_ref(), Some(address), "an address is one");
        assert!(!address.as_str().contains(['\r', '\n', '\0']), "an address stays on its line");
    }
}

fn check_substance(reading: &Reading) {
    let phrases = ["will send".to_owned(), "chasing".to_owned()];
    let time = ["more time".to_owned(), "extension".to_owned()];
    for full_words in [0, 25, 60] {
        reading.substance(&ReplyWords { full_words, holding_phrases: &phrases, more_time_phrases: &time });
    }
}

/// Nobody is proved by a header that our server cannot have written, and nobody at all under `confirm`.
fn check_proof(raw: &[u8], reading: &Reading) {
    let ours = SenderCheck::AuthenticationResults { authserv_ids: vec![SERVER.to_owned()] };
    let (verdict, _) = authenticity::check(&reading.message, &ours);
    let lower = raw.to_ascii_lowercase();
    let named = lower.windows(SERVER.len()).any(|window| window == SERVER.as_bytes());
    assert!(named || verdict == Verdict::None, "a verdict without our server's name");
    assert!(verdict == Verdict::None || reading.message.from.len() == 1, "a verdict without one author");
    authenticity::check(&reading.message, &SenderCheck::ExchangeOnline);
    let (asked, _) = authenticity::check(&reading.message, &SenderCheck::Confirm);
    assert_eq!(asked, Verdict::None);
}
