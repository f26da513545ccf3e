//! Addresses in running text. Must not judge what they stand for.

use super::wording::fixed;
use crate::core::id::Address;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// No notice puts more addresses on one line.
const MAX_PER_LINE: usize = 50;

static ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| fixed(r"[\p{L}\p{N}!#$%&*+/=?^_{}~.\-']+@[\p{L}\p{N}_](?:[\p{L}\p{N}._\-]*[\p{L}\p{N}])?"));
/// Every address in a text, in order.
pub(super) fn addresses_in(text: &str) -> Vec<Address> {
    spans(text).into_iter().map(|(_, address)| address).collect()
}

/// The same with their places in bytes.
pub(super) fn spans(text: &str) -> Vec<(Range<usize>, Address)> {
    ADDRESS
        .find_iter(text)
        .take(MAX_PER_LINE)
        .filter(|found| !in_url(text, found.start()))
        .filter_map(|found| as_address(found.range(), found.as_str()))
        .collect()
}

fn as_address(range: Range<usize>, raw: &str) -> Option<(Range<usize>, Address)> {
    let opened = raw.trim_start_matches(['*', '\'', '=', '/', '&', '?', '#']);
    let keyed = ["to=", "smtp=", "rcpt=", "recipient=", "address=", "email=", "user=", "addr="]
        .iter()
        .find_map(|key| {
            opened.get(..key.len()).filter(|head| head.eq_ignore_ascii_case(key)).and(opened.get(key.len()..))
        })
        .unwrap_or(opened);
    let start = range.end - keyed.len();
    Address::parse(keyed).map(|address| (start..range.end, address))
}

fn in_url(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://") || word.contains("www."))
}
