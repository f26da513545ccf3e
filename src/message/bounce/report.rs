//! RFC 3464 fields, however sloppily they are written. Must not look at the wording of the notice.

use super::Permanence;
use super::wording::fixed;
use crate::core::id::Address;
use crate::message::FailedRecipient;
use regex::Regex;
use std::sync::LazyLock;

const MAX_RECIPIENTS: usize = 500;
const MAX_DIAGNOSTIC: usize = 500;

static STATUS: LazyLock<Regex> = LazyLock::new(|| fixed(r"(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:[^\d.]|\.?$|\.\D)"));

/// What a server did about one recipient (RFC 3464 2.3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Failed,
    Delayed,
    /// Delivered, relayed or expanded: nothing went wrong.
    Arrived,
    /// Not said; a 4.x.x may be a warning or the last word about a mail that expired.
    Unsaid,
}

/// The outcome for one recipient.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    pub action: Action,
    pub recipient: FailedRecipient,
}

/// What the status parts tell.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub outcomes: Vec<Outcome>,
    /// `Original-Message-ID` and its kin.
    pub message_ids: Vec<String>,
    /// A group said `failed` or `delayed` but names nobody that is an address.
    pub nameless: Option<Permanence>,
}

/// Reads every status part.
pub(super) fn read(parts: &[String]) -> Report {
    let mut report = Report::default();
    for group in parts.iter().flat_map(|part| groups(part)) {
        report.message_ids.extend(group.all("original-message-id").map(str::to_owned));
        report.take(&group);
    }
    report
}

impl Report {
    fn take(&mut self, group: &Group) {
        if !group.is_about_a_recipient() || self.outcomes.len() >= MAX_RECIPIENTS {
            return;
        }
        let action = group.action();
        let Some(address) = group.address() else {
            self.nameless = match action {
                Action::Failed => Some(Permanence::Failed),
                Action::Delayed => self.nameless.or(Some(Permanence::Delayed)),
                Action::Arrived | Action::Unsaid => self.nameless,
            };
            return;
        };
        if self.outcomes.iter().any(|o| o.recipient.address == address && o.action == action) {
            return;
        }
        let recipient = FailedRecipient {
            address,
            status: group.status(),
            action: if action == Action::Delayed { "delayed" } else { "failed" }.to_owned(),
            diagnostic: group.diagnostic(),
            first_written: None,
        };
        self.outcomes.push(Outcome { action, recipient });
    }
}

/// One block of fields.
#[derive(Debug, Default)]
struct Group(Vec<(String, String)>);

/// Fields that open a new recipient when they come a second time without a blank line.
const ONCE: &[&str] = &["final-recipient", "original-recipient", "action"];

fn groups(text: &str) -> Vec<Group> {
    let mut groups = vec![Group::default()];
    for line in text.lines() {
        let Some(current) = groups.last_mut() else { break };
        let field = field(line);
        if line.trim().is_empty() {
            // Some filters put a blank line between Action and the recipient that it is about.
            if current.first("action").is_none() || current.is_about_a_recipient() {
                groups.push(Group::default());
            }
        } else if let (true, Some((_, value))) =
            (line.starts_with([' ', '\t']) && field.is_none(), current.0.last_mut())
        {
            value.push(' ');
            value.push_str(line.trim());
        } else if let Some((name, value)) = field {
            if ONCE.contains(&name.as_str()) && current.first(&name).is_some() {
                groups.push(Group(vec![(name, value)]));
            } else {
                current.0.push((name, value));
            }
        }
    }
    groups
}

const FIELDS: &[&str] = &[
    "reporting-mta",
    "arrival-date",
    "original-recipient",
    "final-recipient",
    "x-actual-recipient",
    "action",
    "status",
    "remote-mta",
    "diagnostic-code",
    "last-attempt-date",
    "will-retry-until",
    "original-message-id",
];

/// A field; an indented line counts only when it opens with a name of RFC 3464, or folds would be torn apart.
fn field(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    let known = name.trim().to_lowercase();
    let plain = !known.is_empty() && known.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let counts = plain && (!line.starts_with([' ', '\t']) || FIELDS.contains(&known.as_str()));
    let name = if known == "x-original-message-id" { "original-message-id".to_owned() } else { known };
    (counts && is_legal(&name, value)).then(|| (name, value.trim().to_owned()))
}

/// People write "Action: ring the school" and "Status: not yet seen".
fn is_legal(name: &str, value: &str) -> bool {
    match name {
        "action" => stated_action(value) != Action::Unsaid,
        "status" => enhanced_status(value).is_some(),
        _ => true,
    }
}

fn stated_action(value: &str) -> Action {
    let word: String = value.trim().to_lowercase().chars().take_while(char::is_ascii_alphabetic).collect();
    match word.as_str() {
        "failed" | "failure" | "fail" | "expired" | "undeliverable" => Action::Failed,
        "delayed" | "delay" | "deferred" => Action::Delayed,
        "delivered" | "relayed" | "expanded" | "deliverable" => Action::Arrived,
        _ => Action::Unsaid,
    }
}

impl Group {
    fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    fn is_about_a_recipient(&self) -> bool {
        ["final-recipient", "original-recipient", "x-actual-recipient"].iter().any(|name| self.first(name).is_some())
    }

    /// The address as first written, else as last known (RFC 3464 2.3.1, 2.3.2).
    fn address(&self) -> Option<Address> {
        ["original-recipient", "final-recipient", "x-actual-recipient"]
            .iter()
            .flat_map(|name| self.all(name))
            .find_map(recipient_address)
    }

    fn action(&self) -> Action {
        let stated = stated_action(self.first("action").unwrap_or_default());
        match self.status().and_then(|status| status.chars().next()) {
            Some('5') if stated == Action::Unsaid => Action::Failed,
            Some('2') if stated == Action::Unsaid => Action::Arrived,
            Some(_) | None => stated,
        }
    }

    fn status(&self) -> Option<String> {
        self.all("status").chain(self.all("diagnostic-code")).find_map(enhanced_status)
    }

    fn diagnostic(&self) -> Option<String> {
        let text = self.first("diagnostic-code").or_else(|| self.first("x-supplementary-info"))?;
        let said = text.split_once(';').map_or(text, |(kind, said)| if kind.contains(' ') { text } else { said });
        one_line(said)
    }
}

/// The first enhanced status code (RFC 3463) in a text; parts of IP addresses do not count.
pub(super) fn enhanced_status(text: &str) -> Option<String> {
    STATUS.captures(text).and_then(|found| found.get(1)).map(|status| status.as_str().to_owned())
}

/// White space collapsed and cut to what a person will read.
pub(super) fn one_line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then(|| line.chars().take(MAX_DIAGNOSTIC).collect())
}

/// `rfc822;ann+40school.example@x`, `RFC822; <ann@school.example>`, `IMCEASMTP-ann+40school+2Eexample@x`.
fn recipient_address(value: &str) -> Option<Address> {
    let (kind, rest) = value.split_once(';').unwrap_or(("rfc822", value));
    let kind = kind.trim().to_lowercase();
    if matches!(kind.as_str(), "x400" | "x-x400" | "unknown") && !rest.contains('@') {
        return None;
    }
    let bare = rest.trim().trim_end_matches(';').trim();
    let inner = match (bare.rfind('<'), bare.rfind('>')) {
        (Some(from), Some(to)) if from < to => bare.get(from + 1..to).unwrap_or(bare),
        _ => bare,
    };
    let inner = inner.trim().trim_matches(['"', '\'']);
    let upper = inner.to_uppercase();
    if upper.starts_with("IMCEASMTP-") {
        return decapsulated(inner);
    }
    if upper.starts_with("IMCEA") {
        return None;
    }
    // Some agents leave the xtext of RCPT TO (RFC 3461 4) undecoded.
    let decoded = if inner.contains('@') { inner.to_owned() } else { hex_decoded(inner, '+') };
    Address::parse(decoded.split_whitespace().next()?)
}

/// Exchange packs foreign addresses as `IMCEASMTP-local+40domain+2Etld@gateway`.
fn decapsulated(text: &str) -> Option<Address> {
    let (packed, _) = text.rsplit_once('@')?;
    let (_, packed) = packed.split_once('-')?;
    Address::parse(&hex_decoded(packed, '+'))
}

fn hex_decoded(text: &str, mark: char) -> String {
    let mut pieces = text.split(mark);
    let mut decoded = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let code =
            piece.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|code| code.is_ascii_graphic());
        match (code, piece.get(2..)) {
            (Some(code), Some(rest)) => {
                decoded.push(char::from(code));
                decoded.push_str(rest);
            }
            _ => {
                decoded.push(mark);
                decoded.push_str(piece);
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Action, Option<&str>)]) {
        let report = read(&[text.to_owned()]);
        let found: Vec<_> = report
            .outcomes
            .iter()
            .map(|o| (o.recipient.address.as_str(), o.action, o.recipient.status.as_deref()))
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn each_group_is_one_recipient() {
        check(
            "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ann@school.example\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: RFC822; <bo@nhs.example>\nAction: delayed\nStatus: 4.4.1 (host down)\n",
            &[
                ("ann@school.example", Action::Failed, Some("5.1.1")),
                ("bo@nhs.example", Action::Delayed, Some("4.4.1")),
            ],
        );
    }

    #[test]
    fn missing_blank_lines_and_wrong_case_do_no_harm() {
        check(
            "reporting-mta: dns; mx.example\nFINAL-RECIPIENT: ann@school.example\naction: Failed (unknown)\nfinal-recipient: rfc822;bo@school.example\naction: failed",
            &[("ann@school.example", Action::Failed, None), ("bo@school.example", Action::Failed, None)],
        );
    }

    #[test]
    fn an_action_before_a_blank_line_belongs_to_the_recipient_behind_it() {
        check("Action: failed\n\nFinal-Recipient: rfc822; a@x.example\n", &[("a@x.example", Action::Failed, None)]);
    }

    #[test]
    fn the_address_as_first_written_wins_when_it_is_one() {
        check(
            "Final-Recipient: rfc822; ann.lee@trust.example\nOriginal-Recipient: rfc822;ann@nhs.example\nAction: failed\n\nFinal-Recipient: rfc822; bo@nhs.example\nOriginal-Recipient: rfc822; 1\nAction: failed",
            &[("ann@nhs.example", Action::Failed, None), ("bo@nhs.example", Action::Failed, None)],
        );
    }

    #[test]
    fn without_an_action_the_status_class_tells_it() {
        check("Final-Recipient: rfc822;a@x.example\nStatus: 4.2.2", &[("a@x.example", Action::Unsaid, Some("4.2.2"))]);
        check("Final-Recipient: rfc822;a@x.example\nStatus: 5.2.2", &[("a@x.example", Action::Failed, Some("5.2.2"))]);
        check("Final-Recipient: rfc822;a@x.example", &[("a@x.example", Action::Unsaid, None)]);
    }

    #[test]
    fn packed_and_foreign_addresses() {
        for (value, expected) in [
            ("rfc822;ann+40school.example", Some("ann@school.example")),
            ("rfc822;ann+send@school.example", Some("ann+send@school.example")),
            ("rfc822; IMCEASMTP-ann+2Elee+40school+2Eexample@gate.example", Some("ann.lee@school.example")),
            ("rfc822; IMCEAEX-_O=ORG_CN=ANN@gate.example", None),
            ("x400; /G=Ann/S=Lee/C=GB", None),
            ("local; ann@school.example", Some("ann@school.example")),
            ("local; ann", None),
            ("<ann@school.example>", Some("ann@school.example")),
        ] {
            assert_eq!(recipient_address(value).as_ref().map(Address::as_str), expected, "{value}");
        }
    }

    #[test]
    fn an_ip_address_is_no_status() {
        assert_eq!(enhanced_status("host 5.1.1.20 said no"), None);
        assert_eq!(enhanced_status("#5.1.1#"), Some("5.1.1".to_owned()));
        assert_eq!(enhanced_status("550-5.7.1 refused"), Some("5.7.1".to_owned()));
    }
}
