//! Local parts without a domain, as hosts write them that name only their own users (AOL, GroupWise, local mail).
//!
//! Used only when a notice names no address at all. Must not guess a domain when the reporter's is unclear.

use super::listed::{Found, Strangers};
use super::notice::{Notice, fold};
use super::place::Place;
use super::report::one_line;
use super::wording::{self, fixed};
use crate::core::id::Address;
use regex::Regex;
use std::sync::LazyLock;

const MAX_NAMES: usize = 50;

/// One name alone, perhaps with a reason in brackets behind it.
static NAME: LazyLock<Regex> =
    LazyLock::new(|| fixed(r"^\s*[<\x22']?([A-Za-z0-9][A-Za-z0-9._+-]{0,63})[>\x22']?\s*(\([^()]{3,100}\))?\s*$"));

/// The names in the list right below a heading about failed recipients, completed with the reporter's domain, or
/// with the address in the returned mail that has this local part.
pub(super) fn recipients(notice: &Notice, strangers: &Strangers) -> Vec<Found> {
    let Some(heading) = notice.lines.iter().position(|line| is_heading(line)) else {
        return Vec::new();
    };
    let below = notice.lines.iter().skip(heading + 1).skip_while(|line| line.trim().is_empty());
    below
        .map_while(|line| NAME.captures(line))
        .take(MAX_NAMES)
        .filter_map(|found| complete(&found, notice, strangers))
        .collect()
}

fn is_heading(line: &str) -> bool {
    let folded = fold(line);
    let people = ["recipient", "address", "user", "following", "to:"].iter().any(|word| folded.contains(word));
    people && folded.ends_with(':') && wording::tells_failure(&folded)
}

fn complete(found: &regex::Captures<'_>, notice: &Notice, strangers: &Strangers) -> Option<Found> {
    let local = found.get(1)?.as_str().to_lowercase();
    let known = notice.original.to.iter().find(|address| address.local() == local).cloned();
    let address = known.or_else(|| Address::parse(&format!("{local}@{}", strangers.reporting_domain()?)))?;
    let diagnostic = found.get(2).and_then(|words| one_line(words.as_str().trim_matches(['(', ')'])));
    Some(Found { address, place: Place::Bare, diagnostic, first_written: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, to: &str, expected: &[&str]) {
        let mut notice = Notice { lines: text.lines().map(str::to_owned).collect(), ..Notice::default() };
        notice.original.to.extend(Address::parse(to));
        let reporters = [Address::parse("mailer-daemon@provider.example").unwrap()].into();
        let strangers = Strangers { reporters, ..Strangers::default() };
        let found: Vec<_> = recipients(&notice, &strangers).iter().map(|one| one.address.to_string()).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_below_a_heading_get_the_reporters_domain_or_the_originals() {
        let text =
            "Your mail to the following recipients could not be delivered:\n\tannlee\n\tbo (user not found)\n\nThanks";
        check(text, "", &["annlee@provider.example", "bo@provider.example"]);
        check(text, "bo@school.example", &["annlee@provider.example", "bo@school.example"]);
        check("Your mail could not be delivered to these recipients:\nWe are sorry for this.\n", "", &[]);
    }
}
