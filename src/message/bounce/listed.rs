//! Addresses in the text of a notice, and whether the place where they stand says that they failed.
//!
//! An address counts by its place alone: in a list, behind a field name, in the SMTP dialogue, in a sentence about
//! failure. The strongest kind of place that names anybody is taken and the weaker ones are left alone.

use super::notice::{Notice, fold};
use super::report::one_line;
use super::wording::{self, fixed};
use crate::core::id::Address;
use regex::Regex;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// More failed recipients than this in a text means that it is no notice about them.
const MAX_FOUND: usize = 500;
const DIAGNOSTIC_LINES: usize = 6;

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    fixed(r"[\p{L}\p{N}!#$%&*+/=?^_{}~.\-']+@[\p{L}\p{N}_](?:[\p{L}\p{N}._\-]*[\p{L}\p{N}])?")
});
/// `key: address`: what stands before names a failure or a recipient.
static FIELD: LazyLock<Regex> = LazyLock::new(|| {
    fixed(concat!(
        r"(?i)^[\W_]*(?:(?:the |your )?(?:following )?",
        r"(?:error-for|(?:failed |final-|original-|intended |invalid |bad |unknown )?recipients?(?: address)?|",
        r"(?:failed|bad|invalid|undeliverable|unknown|wrong|e-?mail|rejected)[ -]address(?:es)?|rcpt(?: to)?|",
        r"unknown (?:local )?user|user(?: unknown)?|no such user|invalid final delivery userid|invalid user|",
        r"account|mailbox|delivery (?:failed|to)[^:]{0,40}|undeliverable(?: to)?|undelivered(?: to)?|not delivered to|",
        r"could not (?:be )?deliver(?:ed)?(?: message| mail)? to|unable to deliver(?: message| mail)? to|",
        r"did not reach the following recipients?(?:\(s\))?|failed|failure|",
        r"empf.nger(?:adresse)?|destinataires?|destinatari[oi]s?(?:\(s\))?|destino|получатель|адресат|宛先|送信先|収件者)",
        r")\s*(?:[:=：]|\bto\b)",
    ))
});
/// A reply code at the head of an SMTP answer (RFC 5321 4.2), with what relays put before it.
static ANSWER: LazyLock<Regex> = LazyLock::new(|| fixed(r"(?:^|[\s<:>\[(])([2-5])[0-5]\d[ -]"));
static COMMAND: LazyLock<Regex> = LazyLock::new(|| fixed(r"(?i)\brcpt[ _]?to\s*:"));
/// Header fields of the original that notices repeat, and those about the servers.
static ABOUT_OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    fixed(concat!(
        r"(?i)^[\s>|*]*(?:from|sender|return-path|reply-to|subject|cc|bcc|date|sent|message-?id|message id|msgid|",
        r"reporting-mta|remote-mta|received-from-mta|arrival-date|received|de|von|absender|betreff|x-[a-z-]+|",
        r"references|in-reply-to|mail from|>>> mail from)\s*:",
    ))
});
static TO_FIELD: LazyLock<Regex> = LazyLock::new(|| fixed(r"(?i)^[\s>|*]*(?:to|an|à|para|宛先)\s*:"));
static GENERATED: LazyLock<Regex> = LazyLock::new(|| fixed(r"(?i)generated from|expanded from"));

/// What kind of place named the addresses, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// An entry of a list below words about failure.
    FailedList,
    /// Behind a field name that means a recipient or a failure.
    Field,
    /// A line of its own, or at the head of a paragraph.
    OwnLine,
    /// Refused in the SMTP dialogue.
    Dialogue,
    /// In a sentence about failure.
    Sentence,
    /// In a `To:` that the notice repeats, or a command whose answer is not shown.
    Mentioned,
    /// In the subject.
    Subject,
}

impl Place {
    /// In words for the record.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::FailedList => "named in the list of failures",
            Self::Field => "named behind a field name",
            Self::OwnLine => "named on a line of its own",
            Self::Dialogue => "refused in the SMTP dialogue",
            Self::Sentence => "named in a sentence about failure",
            Self::Mentioned => "named as recipient",
            Self::Subject => "named in the subject",
        }
    }
}

/// One address with its place.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub address: Address,
    pub place: Place,
    /// The words beside it.
    pub diagnostic: Option<String>,
    /// What it was before a forward, when the notice tells it.
    pub first_written: Option<Address>,
}

/// Every address in a text, in order.
pub(super) fn addresses_in(text: &str) -> Vec<Address> {
    spans(text).into_iter().map(|(_, address)| address).collect()
}

fn spans(text: &str) -> Vec<(Range<usize>, Address)> {
    ADDRESS.find_iter(text).filter(|found| !in_url(text, found.start())).filter_map(|found| as_address(found.range(), found.as_str())).collect()
}

fn as_address(range: Range<usize>, raw: &str) -> Option<(Range<usize>, Address)> {
    let opened = raw.trim_start_matches(['*', '\'', '=', '/', '&', '?', '#']);
    let keyed = ["to=", "rcpt=", "recipient=", "address=", "email=", "user=", "addr="]
        .iter()
        .find_map(|key| opened.get(..key.len()).filter(|head| head.eq_ignore_ascii_case(key)).and(opened.get(key.len()..)))
        .unwrap_or(opened);
    let start = range.end - keyed.len();
    Address::parse(keyed).map(|address| (start..range.end, address))
}

fn in_url(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://") || word.contains("www."))
}

/// Reads the notice's own text; empty when nothing in it names a failed recipient.
pub(super) fn recipients(notice: &Notice, subject: &str, strangers: &Strangers) -> Vec<Found> {
    let mut reader = Reader { notice, strangers, section: Section::Open, found: Vec::new() };
    for at in 0..notice.lines.len() {
        reader.line(at);
    }
    reader.subject(subject);
    strongest(reader.found, notice, strangers)
}

/// Addresses that a notice names without meaning that they failed.
#[derive(Debug, Default)]
pub(super) struct Strangers {
    /// Whoever sent the notice: never a failed recipient.
    pub reporters: HashSet<Address>,
    /// Whom the notice was sent to, and who sent the original: only in a list of failures.
    pub own: HashSet<Address>,
}

impl Strangers {
    fn excludes(&self, address: &Address, place: Place) -> bool {
        let listed = matches!(place, Place::FailedList | Place::Field | Place::OwnLine);
        self.reporters.contains(address)
            || (is_role(address) && place != Place::FailedList)
            || (self.own.contains(address) && !listed)
    }
}

/// Mailboxes that every mail system names as contact (RFC 2142).
fn is_role(address: &Address) -> bool {
    const ROLES: &[&str] =
        &["postmaster", "mailer-daemon", "mailerdaemon", "mdaemon", "abuse", "hostmaster", "webmaster", "helpdesk"];
    ROLES.contains(&address.local())
}

fn strongest(mut found: Vec<Found>, notice: &Notice, strangers: &Strangers) -> Vec<Found> {
    found.retain(|one| !strangers.excludes(&one.address, one.place));
    let Some(best) = found.iter().map(|one| one.place).min() else {
        return found;
    };
    found.retain(|one| one.place == best);
    if found.iter().any(|one| !strangers.own.contains(&one.address)) {
        found.retain(|one| !strangers.own.contains(&one.address));
    }
    let in_original = |one: &Found| notice.original.to.contains(&one.address);
    if best >= Place::OwnLine && found.iter().any(in_original) {
        found.retain(in_original);
    }
    let mut seen = HashSet::new();
    found.retain(|one| seen.insert(one.address.clone()));
    found
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Open,
    Failed,
    Reached,
}

struct Reader<'a> {
    notice: &'a Notice,
    strangers: &'a Strangers,
    section: Section,
    found: Vec<Found>,
}

impl<'n> Reader<'n> {
    fn line(&mut self, at: usize) {
        let line = self.text(at);
        let folded = fold(line);
        let spans = spans(line);
        self.enter_section(&folded, spans.is_empty());
        if self.section == Section::Reached || ABOUT_OTHERS.is_match(line) {
            return;
        }
        if GENERATED.is_match(line) {
            return self.forwarded(&spans);
        }
        for (index, (range, address)) in spans.iter().enumerate() {
            if let Some(place) = self.place(at, line, &folded, range, index) {
                self.add(at, range, address, place);
            }
        }
    }

    fn text(&self, at: usize) -> &'n str {
        self.notice.lines.get(at).map_or("", String::as_str)
    }

    /// The last line with words before this one.
    fn before(&self, at: usize) -> &'n str {
        (0..at).rev().take(3).map(|earlier| self.text(earlier)).find(|line| !line.trim().is_empty()).unwrap_or("")
    }

    fn enter_section(&mut self, folded: &str, heading: bool) {
        if wording::tells_success(folded) {
            self.section = Section::Reached;
        } else if wording::tells_failure(folded) || wording::tells_delay(folded) || folded.contains("fail") {
            self.section = Section::Failed;
        } else if heading && wording::is_contact(folded) {
            self.section = Section::Open;
        }
    }

    /// Exim and Postfix add the address as first written below or behind the one that failed.
    fn forwarded(&mut self, spans: &[(Range<usize>, Address)]) {
        let written = match spans {
            [(_, one)] => one.clone(),
            [(_, failed), (_, one), ..] => {
                self.push(failed.clone(), Place::FailedList, None);
                one.clone()
            }
            [] => return,
        };
        match self.found.last_mut() {
            Some(last) if last.first_written.is_none() && last.place == Place::FailedList => last.first_written = Some(written),
            _ => self.push(written, Place::FailedList, None),
        }
    }

    fn place(&self, at: usize, line: &str, folded: &str, range: &Range<usize>, index: usize) -> Option<Place> {
        let lead = line.get(..range.start).unwrap_or_default();
        let rest = line.get(range.end..).unwrap_or_default();
        if let Some(place) = self.dialogue(at, line, lead) {
            return Some(place);
        }
        if index == 0 && FIELD.is_match(lead) {
            return Some(Place::Field);
        }
        if TO_FIELD.is_match(lead) {
            return Some(Place::Mentioned);
        }
        if opens_entry(lead, rest, folded) || is_list_of_addresses(line) {
            let asked = wording::is_contact(&fold(self.before(at)));
            return match (self.section, asked) {
                (Section::Failed, false) => Some(Place::FailedList),
                (Section::Open, false) => Some(Place::OwnLine),
                (Section::Reached, _) | (_, true) => None,
            };
        }
        if self.section == Section::Failed && names_person(lead, rest) {
            return Some(Place::OwnLine);
        }
        self.sentence(at, folded, lead)
    }

    /// `RCPT TO:<a@b>` counts by the answer that follows; an answer counts by its own code.
    fn dialogue(&self, at: usize, line: &str, lead: &str) -> Option<Place> {
        let code = |text: &str| ANSWER.captures(text).and_then(|found| found.get(1)?.as_str().chars().next());
        if COMMAND.is_match(lead) {
            let answer = (at + 1..at + 4).find_map(|next| code(self.text(next)));
            return match answer {
                Some('4' | '5') => Some(Place::Dialogue),
                Some(_) => None,
                None => Some(Place::Mentioned),
            };
        }
        let refused = matches!(code(lead), Some('4' | '5')) && !fold(line).contains("sender");
        refused.then_some(Place::Dialogue)
    }

    fn sentence(&self, at: usize, folded: &str, lead: &str) -> Option<Place> {
        let around = format!("{} {folded} {}", fold(self.before(at)), fold(self.text(at + 1)));
        let tail: String = fold(lead).chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
        let asked = wording::is_contact(&tail) || (tail.len() < 20 && wording::is_contact(&fold(self.before(at))));
        let fails = wording::tells_failure(&around) || wording::tells_delay(&around);
        (fails && !asked).then_some(Place::Sentence)
    }

    fn add(&mut self, at: usize, range: &Range<usize>, address: &Address, place: Place) {
        if self.strangers.reporters.contains(address) {
            return;
        }
        let rest = self.text(at).get(range.end..).unwrap_or_default().to_owned();
        let mut words = vec![rest.trim_start_matches(['>', ':', ')', ']', '"', '\'', '.', ' ']).to_owned()];
        for next in (at + 1..).take(DIAGNOSTIC_LINES).map(|next| self.text(next)) {
            let ends = next.trim().is_empty() && words.iter().any(|w| !w.trim().is_empty());
            if ends || spans(next).first().is_some_and(|(start, _)| start.start < 3) {
                break;
            }
            words.push(next.trim().to_owned());
        }
        self.push(address.clone(), place, one_line(&words.join(" ")));
    }

    fn push(&mut self, address: Address, place: Place, diagnostic: Option<String>) {
        if self.found.len() < MAX_FOUND {
            self.found.push(Found { address, place, diagnostic, first_written: None });
        }
    }

    fn subject(&mut self, subject: &str) {
        for address in addresses_in(subject) {
            self.push(address, Place::Subject, None);
        }
    }
}

/// The address opens the line, and what follows is nothing or an explanation set off from it.
fn opens_entry(lead: &str, rest: &str, folded: &str) -> bool {
    let bulleted = lead.trim().trim_start_matches("mailto:").chars().all(|c| !c.is_alphanumeric());
    let typed = matches!(fold(lead).trim_matches(['<', '[', '(', '*', ' ', '"']), "smtp:" | "rfc822;" | "mailto:");
    let closed = rest.trim_start_matches(['>', '"', '\'', ')', ']', '*', ';', ',']);
    let set_off = closed.trim().is_empty()
        || closed.trim_start().starts_with([':', '(', '-', '\u{2013}', '[', '#', '<', '.', ';', '|'])
        || closed.trim_start().starts_with("on ")
        || closed.starts_with(['\t'])
        || closed.starts_with("  ");
    (bulleted || typed) && set_off && !folded.contains("sender")
}

fn is_list_of_addresses(line: &str) -> bool {
    let words: Vec<&str> = line.split([',', ';', ' ', '\t']).filter(|word| !word.is_empty()).collect();
    words.len() > 1 && words.iter().all(|word| word.contains('@'))
}

/// `Ann Lee <ann@school.example>`, `'Ann Lee' (ann@school.example)`: a display name and nothing else.
fn names_person(lead: &str, rest: &str) -> bool {
    let closed = rest.trim_matches(['>', ')', ']', '"', '\'', ';', ',', '.', ' ', '\t', '\r']);
    let short = lead.split_whitespace().count() <= 5 && lead.trim_end().ends_with(['<', '(', '[']);
    let mailto = lead.contains("<mailto:");
    closed.is_empty() && short && (mailto || !lead.contains(':')) && !wording::is_contact(&fold(lead)) && !lead.contains("to <")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let lines = text.lines().map(str::to_owned).collect();
        let notice = Notice { lines, ..Notice::default() };
        let strangers = Strangers {
            reporters: [Address::parse("mailer-daemon@mx.example").unwrap()].into(),
            own: [Address::parse("followups@council.example").unwrap()].into(),
        };
        let found: Vec<String> =
            recipients(&notice, "", &strangers).iter().map(|one| one.address.to_string()).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn lists_below_words_about_failure() {
        check("The following address(es) failed:\n\n  ann@school.example\n    550 no such user\n", &["ann@school.example"]);
        check("Delivery to the following recipients failed.\n\n       a@x.example\n       b@x.example\n", &["a@x.example", "b@x.example"]);
        check("did NOT receive a copy of your message:\n\n> ann@school.example\n", &["ann@school.example"]);
        check("could not be delivered to:\na@x.example, b@x.example\n", &["a@x.example", "b@x.example"]);
        check("<ann@school.example>:\n192.0.2.1 does not like recipient.\n", &["ann@school.example"]);
    }

    #[test]
    fn addresses_that_were_reached_do_not_count() {
        check(
            "----- The following addresses had successful delivery notifications -----\n<ok@x.example>\n----- The following addresses had permanent fatal errors -----\n<gone@x.example>\n",
            &["gone@x.example"],
        );
        check(
            ">>> RCPT To:<ok@x.example>\n<<< 250 ok\n>>> RCPT To:<gone@x.example>\n<<< 550 5.1.1 unknown\n",
            &["gone@x.example"],
        );
    }

    #[test]
    fn contacts_and_reporters_do_not_count() {
        check("Your message could not be delivered.\nFor assistance contact help@isp.example or\nmailer-daemon@mx.example\n", &[]);
        check("Delivery failed. Please write to\n  help@isp.example\n", &[]);
        check("Hello followups@council.example, your message was rejected.\n", &[]);
        check("Delivery failed.\nMessage-ID: <1.2@council.example>\nFrom: <x@council.example>\n", &[]);
    }

    #[test]
    fn fields_and_sentences() {
        check("Recipient: [SMTP:ann@school.example]\nReason: mailbox unavailable\n", &["ann@school.example"]);
        check("Unknown user: ann@school.example\n", &["ann@school.example"]);
        check("undeliverable to ann@school.example\n", &["ann@school.example"]);
        check("Your message to <ann@school.example> was automatically rejected:\nQuota exceeded\n", &["ann@school.example"]);
        check("Local mailbox ann@school.example is unavailable: user not found\n", &["ann@school.example"]);
        check("Did not reach the following recipient: ann@school.example\n", &["ann@school.example"]);
    }

    #[test]
    fn a_forward_is_told_beside_the_address_that_failed() {
        check("The following address(es) failed:\n  new@x.example\n    (generated from old@y.example)\n", &["new@x.example"]);
        check("The following address(es) failed:\n  an undisclosed address\n    (generated from old@y.example)\n", &["old@y.example"]);
    }
}
