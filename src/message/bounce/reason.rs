//! Why a mail did not arrive, in plain words for a co-ordinator. Must not quote the server.

use super::Permanence;

/// What the server's own words mean; the first row that fits is taken. Words come before the status code, for many
/// servers put a general code (5.0.0, 5.1.0) before exact words.
const BY_WORDS: &[(&[&str], &str)] = &[
    (
        &[
            "mailbox full",
            "mailbox is full",
            "full mailbox",
            "over quota",
            "overquota",
            "quota exceeded",
            "exceeded quota",
            "quota exceed",
            "exceeded the quota",
            "exceeded storage",
            "storage limit",
            "insufficient system storage",
            "insufficient storage",
            "mailbox size limit",
            "out of storage",
            "disk quota",
            "over its quota",
            "over the maximum",
            "inbox is full",
            "postfach voll",
            "boite pleine",
            "buzon lleno",
            "容量",
        ],
        "The mailbox is full.",
    ),
    (
        &[
            "message too large",
            "too large",
            "too big",
            "size limit",
            "exceeds size",
            "exceeds the maximum",
            "maximum message size",
            "message size exceed",
            "message length exceed",
            "fixed maximum message size",
            "zu groß",
            "trop volumineux",
        ],
        "The message was too large.",
    ),
    (
        &[
            "couldn't find any host",
            "host unknown",
            "unknown host",
            "host or domain name not found",
            "domain not found",
            "name or service not known",
            "domain does not exist",
            "domain doesn't exist",
            "no such domain",
            "unrouteable",
            "unroutable",
            "no mx or a",
            "no mail exchanger",
            "couldn't find a mail exchanger",
            "dns error",
            "unresolvable",
            "name not found",
            "domain is not reachable",
            "could not find a gateway",
            "bad destination",
            "nxdomain",
            "unknown domain",
            "host not found",
        ],
        "The domain does not exist.",
    ),
    (
        &[
            "user unknown",
            "unknown user",
            "no such user",
            "no such recipient",
            "no such mailbox",
            "no such address",
            "no mailbox here",
            "unknown address",
            "address unknown",
            "recipient unknown",
            "unknown recipient",
            "unknown local",
            "does not exist",
            "doesn't exist",
            "no longer exist",
            "user not found",
            "recipient not found",
            "mailbox not found",
            "not found",
            "invalid recipient",
            "invalid mailbox",
            "not a valid mailbox",
            "not a known user",
            "not listed in",
            "no mail box",
            "addressee unknown",
            "user not known",
            "invalid final delivery userid",
            "doesn't have a",
            "bad destination mailbox",
            "mailbox name not allowed",
            "resolver.adr",
            "may not exist",
            "no account",
            "unbekannt",
            "inconnu",
            "desconocido",
            "desconhecido",
            "存在しません",
        ],
        "The address does not exist.",
    ),
    (
        &[
            "is disabled",
            "been disabled",
            "account disabled",
            "suspended",
            "is inactive",
            "inactive user",
            "not active",
            "account is locked",
            "account has been locked",
            "temporarily disabled",
            "mailbox disabled",
            "deactivated",
            "account expired",
        ],
        "The mailbox has been closed.",
    ),
    (
        &[
            "user has moved",
            "has moved",
            "address has changed",
            "no longer works",
            "no longer employed",
            "left the company",
        ],
        "The person has moved to another address.",
    ),
    (&["loop", "hop count", "too many hops", "routing loop"], "The mail went round in circles between servers."),
    (
        &[
            "spam",
            "dmarc",
            "spf",
            "dkim",
            "blacklist",
            "blocklist",
            "blocked",
            "blocking",
            "dnsbl",
            "rbl",
            "reputation",
            "banned",
            "access denied",
            "policy",
            "unsolicited",
            "unauthenticated",
            "not authorized",
            "not authorised",
            "not allowed",
            "not permitted",
            "relaying denied",
            "relay access denied",
            "relay not permitted",
            "unable to relay",
            "rejected by",
            "was rejected",
            "content rejected",
            "virus",
            "prohibited",
            "restricted",
            "refused",
            "sender rejected",
            "sender address rejected",
            "reverse dns",
            "ptr",
            "permission",
            "forbidden",
            "not accepting mail from",
            "preferences",
            "authentication required",
            "rejected",
        ],
        "The server refused the mail as spam or by policy.",
    ),
    (
        &[
            "timed out",
            "timeout",
            "time out",
            "connection refused",
            "could not connect",
            "couldn't connect",
            "unable to connect",
            "not responding",
            "no route to host",
            "network is unreachable",
            "queue too long",
            "expired",
            "failing for a long time",
            "establish an smtp connection",
            "could not be reached",
            "connection dropped",
            "lost connection",
            "attempts",
            "cannot be reached",
            "host is down",
            "not reachable",
            "not been collected",
        ],
        "The server could not be reached for days.",
    ),
];

/// What an enhanced status code means (RFC 3463), by subject and detail; the most exact first.
const BY_STATUS: &[(&str, &str)] = &[
    ("1.2", "The domain does not exist."),
    ("1.6", "The person has moved to another address."),
    ("1.7", "The server refused the sender's address."),
    ("1.8", "The server refused the sender's address."),
    ("1.10", "The domain does not take mail."),
    ("1.", "The address does not exist."),
    ("2.1", "The mailbox has been closed."),
    ("2.2", "The mailbox is full."),
    ("2.3", "The message was too large."),
    ("2.", "The mailbox does not take mail."),
    ("3.1", "The mailbox is full."),
    ("3.4", "The message was too large."),
    ("3.", "The recipient's mail system has a fault."),
    ("4.4", "The domain does not exist."),
    ("4.6", "The mail went round in circles between servers."),
    ("4.", "The server could not be reached for days."),
    ("5.", "The mail servers did not understand each other."),
    ("6.", "The server could not read the form of the mail."),
    ("7.", "The server refused the mail as spam or by policy."),
];

/// The reason in one sentence: by the diagnostic, then by the status code, then by the whole notice.
///
/// All texts are folded (`notice::fold`).
pub(super) fn plain(diagnostic: &str, status: Option<&str>, notice: &str, permanence: Permanence) -> &'static str {
    let reason = by_words(diagnostic).or_else(|| status.and_then(by_status)).or_else(|| by_words(notice)).unwrap_or(
        match permanence {
            Permanence::Failed => "The mail could not be delivered; the server gives no reason.",
            Permanence::Delayed => "The mail has not been delivered yet; the server goes on trying.",
        },
    );
    match (reason, permanence) {
        ("The server could not be reached for days.", Permanence::Delayed) => {
            "The server cannot be reached at present."
        }
        (reason, _) => reason,
    }
}

fn by_words(text: &str) -> Option<&'static str> {
    BY_WORDS.iter().find(|(phrases, _)| phrases.iter().any(|phrase| text.contains(phrase))).map(|(_, reason)| *reason)
}

fn by_status(status: &str) -> Option<&'static str> {
    let (class, detail) = status.split_once('.')?;
    if !matches!(class, "4" | "5") {
        return None;
    }
    let fits = |row: &str| if row.ends_with('.') { detail.starts_with(row) } else { detail == row };
    // x.0 says "other" (RFC 3463 3.1): no more than the phrase table would have found.
    BY_STATUS.iter().find(|(row, _)| fits(row)).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beat_codes_and_codes_beat_silence() {
        for (diagnostic, status, expected) in [
            ("550 5.1.0 unknown address error 552 mailbox full", Some("5.1.0"), "The mailbox is full."),
            ("", Some("5.1.1"), "The address does not exist."),
            ("", Some("5.1.2"), "The domain does not exist."),
            ("", Some("5.1.10"), "The domain does not take mail."),
            ("", Some("4.4.7"), "The server could not be reached for days."),
            ("", Some("5.7.26"), "The server refused the mail as spam or by policy."),
            ("552 message size exceeds fixed maximum message size", None, "The message was too large."),
            ("", Some("5.0.0"), "The mail could not be delivered; the server gives no reason."),
        ] {
            assert_eq!(plain(diagnostic, status, "", Permanence::Failed), expected, "{diagnostic} {status:?}");
        }
    }

    #[test]
    fn a_delay_is_not_told_as_final() {
        assert_eq!(
            plain("connection timed out", None, "", Permanence::Delayed),
            "The server cannot be reached at present."
        );
        assert_eq!(
            plain("", None, "", Permanence::Delayed),
            "The mail has not been delivered yet; the server goes on trying."
        );
    }
}
