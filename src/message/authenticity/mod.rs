//! Who is really speaking: Authentication-Results (RFC 8601) and its relatives (`mail.md` 4).
//!
//! Trusts exactly one header, the topmost that the mail system in front of the mailbox wrote; everything below
//! may have been written by the sender. When anything is unclear the answer is [`Verdict::None`], never a pass.

mod results;

use super::{Message, Verdict};
use crate::core::policy::SenderCheck;
use results::{Outcome, Results};

/// Checks that the mail comes from its From address; the texts say why.
///
/// A mail without exactly one From has no authority: [`Verdict::None`], whatever stands in it. `Confirm` is
/// [`Verdict::None`] too: the proof is asked for by mail.
pub fn check(message: &Message, how: &SenderCheck) -> (Verdict, Vec<String>) {
    let Some(author) = message.author() else {
        return none(format!("{} addresses in From: exactly one is needed", message.from.len()));
    };
    if message.headers_named("From").count() != 1 {
        return none("more than one From header".to_owned());
    }
    let domain = author.address.domain();
    match how {
        SenderCheck::AuthenticationResults { authserv_ids } => by_results(message, authserv_ids, domain),
        SenderCheck::ExchangeOnline => by_exchange(message, domain),
        SenderCheck::Confirm => none("each command is confirmed by the registered address".to_owned()),
        SenderCheck::None => (Verdict::Pass, vec!["sender_check is \"none\": nothing is checked".to_owned()]),
    }
}

fn none(why: String) -> (Verdict, Vec<String>) {
    (Verdict::None, vec![why])
}

fn by_results(message: &Message, ids: &[String], domain: &str) -> (Verdict, Vec<String>) {
    let of_ours = |results: &Results| {
        results.authserv_id.as_deref().is_some_and(|id| ids.iter().any(|ours| ours.trim().eq_ignore_ascii_case(id)))
    };
    let Some(results) = message.headers_named("Authentication-Results").map(results::parse).find(of_ours) else {
        return none("no Authentication-Results of a configured server".to_owned());
    };
    judge(&results, domain)
}

/// Microsoft 365 (`mail.md` 4): mail inside the tenant carries no results but is marked by the border itself.
fn by_exchange(message: &Message, domain: &str) -> (Verdict, Vec<String>) {
    let marks: Vec<&str> = message.headers_named("X-MS-Exchange-Organization-AuthAs").map(str::trim).collect();
    if !marks.is_empty() && marks.iter().all(|mark| mark.eq_ignore_ascii_case("internal")) {
        return (Verdict::Pass, vec!["X-MS-Exchange-Organization-AuthAs: Internal".to_owned()]);
    }
    let Some(results) = message.headers_named("Authentication-Results").next().map(results::parse) else {
        return none("no Authentication-Results".to_owned());
    };
    if let Some(id) = &results.authserv_id {
        return none(format!("the topmost Authentication-Results is of {id}, not of Microsoft 365"));
    }
    dmarc(&results, domain).unwrap_or_else(|| none("no dmarc result for the From domain".to_owned()))
}

/// DMARC first; then DKIM or SPF whose domain belongs to the From domain.
fn judge(results: &Results, domain: &str) -> (Verdict, Vec<String>) {
    if let Some(verdict) = dmarc(results, domain) {
        return verdict;
    }
    let aligned = || results.outcomes.iter().filter(|outcome| is_aligned(outcome, domain));
    if let Some(pass) = aligned().find(|outcome| outcome.result == "pass") {
        return (Verdict::Pass, vec![pass.to_string()]);
    }
    let any_pass = results.outcomes.iter().any(|o| matches!(o.method.as_str(), "dkim" | "spf") && o.result == "pass");
    match aligned().find(|outcome| matches!(outcome.result.as_str(), "fail" | "hardfail")) {
        Some(fail) if !any_pass => (Verdict::Fail, vec![fail.to_string()]),
        Some(fail) => none(format!("{fail}, but another domain passed")),
        None => none("no result for the From domain".to_owned()),
    }
}

/// The DMARC verdict for the From domain. A header value that slipped in as a second result cannot turn the
/// first: one failure fails, and a pass counts only when every DMARC result passes.
fn dmarc(results: &Results, domain: &str) -> Option<(Verdict, Vec<String>)> {
    let all: Vec<&Outcome> = results.outcomes.iter().filter(|outcome| outcome.method == "dmarc").collect();
    let about_from =
        |outcome: &&&Outcome| outcome.property("header.from").is_some_and(|from| same(domain_of(from), domain));
    if let Some(fail) = all.iter().filter(about_from).find(|outcome| outcome.result == "fail") {
        return Some((Verdict::Fail, vec![fail.to_string()]));
    }
    let pass = all.iter().filter(about_from).find(|outcome| outcome.result == "pass")?;
    all.iter().all(|outcome| outcome.result == "pass").then(|| (Verdict::Pass, vec![pass.to_string()]))
}

fn is_aligned(outcome: &Outcome, domain: &str) -> bool {
    let named = match outcome.method.as_str() {
        "dkim" => outcome.property("header.d").or_else(|| outcome.property("header.i")),
        "spf" => outcome.property("smtp.mailfrom"),
        _ => None,
    };
    named.is_some_and(|named| belongs_together(domain_of(named), domain))
}

fn domain_of(value: &str) -> &str {
    value.rsplit_once('@').map_or(value, |(_, domain)| domain).trim_end_matches('.')
}

fn same(a: &str, b: &str) -> bool {
    a.trim_end_matches('.').eq_ignore_ascii_case(b.trim_end_matches('.'))
}

/// Relaxed alignment (RFC 7489 3.1.1) without the public suffix list: the same domain, or one below the other
/// when the upper one is no registry.
fn belongs_together(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    let (long, short) = if a.len() >= b.len() { (&a, &b) } else { (&b, &a) };
    let below = long.strip_suffix(short.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    below && (long == short || !is_registry(short))
}

/// Domains below which others have theirs: top-level domains and those of the United Kingdom.
fn is_registry(domain: &str) -> bool {
    const UK: [&str; 12] = ["ac", "co", "gov", "ltd", "me", "mod", "net", "nhs", "org", "plc", "police", "sch"];
    match domain.strip_suffix(".uk") {
        Some(second) => UK.contains(&second),
        None => !domain.contains('.'),
    }
}

#[cfg(test)]
mod tests;
