//! Local parts without a domain, as hosts write them that name only their own users (AOL, GroupWise, local mail).
//!
//! Used only when a notice names no address at all. Must not guess: the reporter's domain is the recipient's when the
//! returned mail went there too, or when nothing of it came back and a whole domain reports, not one of its hosts.

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

/// The first label of a server that relays for others: "mx1", "smtp-out", "relay".
static HOST: LazyLock<Regex> = LazyLock::new(|| {
    fixed(
        r"^(?:mail(?:host|server|gate|relay)?|mx|smtp|relay|mta|gw|gate(?:way)?|filter|out(?:bound)?|in(?:bound)?|server|host|ns|exch?|edge|hub|mailsweeper|localhost)[a-z]{0,2}\d*(?:-[a-z\d-]*)?\.",
    )
});

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
    let home = || strangers.reporting_domain().filter(|domain| is_home(domain, &notice.original.to));
    let address = known.or_else(|| Address::parse(&format!("{local}@{}", home()?)))?;
    let diagnostic = found.get(2).and_then(|words| one_line(words.as_str().trim_matches(['(', ')'])));
    Some(Found { address, place: Place::Bare, diagnostic, first_written: None })
}

/// Whether the recipients live in the reporter's domain.
fn is_home(domain: &str, written: &[Address]) -> bool {
    if written.is_empty() { !HOST.is_match(domain) } else { written.iter().any(|address| address.domain() == domain) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, to: &str, expected: &[&str]) {
        check_by("provider.example", text, to, expected);
    }

    fn check_by(reporter: &str, text: &str, to: &str, expected: &[&str]) {
        let mut notice = Notice { lines: text.lines().map(str::to_owned).collect(), ..Notice::default() };
        notice.original.to.extend(Address::parse(to));
        let reporters = [Address::parse(&format!("mailer-daemon@{reporter}")).unwrap()].into();
        let strangers = Strangers { reporters, ..Strangers::default() };
        let found: Vec<_> = recipients(&notice, &strangers).iter().map(|one| one.address.to_string()).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn names_below_a_heading_get_the_reporters_domain_or_the_originals() {
        let text =
            "Your mail to the following recipients could not be delivered:\n\tannlee\n\tbo (user not found)\n\nThanks";
        check(text, "", &["annlee@provider.example", "bo@provider.example"]);
        check(text, "bo@provider.example", &["annlee@provider.example", "bo@provider.example"]);
        check("Your mail could not be delivered to these recipients:\nWe are sorry for this.\n", "", &[]);
    }
    #[test]
    fn the_domain_of_a_relay_is_nobodys() {
        let text = "Your mail to the following recipients could not be delivered:\n\tannlee\n\tbo\n";
        check(text, "bo@school.example", &["bo@school.example"]);
        for relay in ["mx1.isp.example", "smtp-out.isp.example", "mail.isp.example", "relay.school.example"] {
            check_by(relay, text, "", &[]);
        }
        check_by(
            "mail.school.example",
            text,
            "bo@mail.school.example",
            &["annlee@mail.school.example", "bo@mail.school.example"],
        );
    }
}
