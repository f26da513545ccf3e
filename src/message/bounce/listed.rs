//! Addresses in the text of a notice, and whether the place where they stand says that they failed.
//!
//! An address counts by its place alone: in a list, behind a field name, in the SMTP dialogue, in a sentence about
//! failure. The strongest kind of place that names anybody is taken and the weaker ones are left alone.

use super::address::{addresses_in, spans};
use super::bare;
use super::notice::{Notice, fold};
use super::place::{self, Place, Shape};
use super::report::one_line;
use super::wording;
use crate::core::id::Address;
use std::collections::HashSet;
use std::ops::Range;

/// More failed recipients than this in a text means that it is no notice about them.
const MAX_FOUND: usize = 500;
const MAX_LOOKED_AT: usize = 5_000;
const DIAGNOSTIC_LINES: usize = 6;

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

/// Reads the notice's own text; empty when nothing in it names a failed recipient.
pub(super) fn recipients(notice: &Notice, subject: &str, strangers: &Strangers) -> Vec<Found> {
    let mut reader = Reader::new(notice, strangers);
    for at in 0..notice.lines.len() {
        reader.line(at);
    }
    reader.subject(subject);
    let origins = reader.origins;
    if reader.found.iter().any(|one| !origins.contains(&one.address)) {
        reader.found.retain(|one| !origins.contains(&one.address));
    }
    let found = strongest(reader.found, notice, strangers);
    if found.is_empty() { bare::recipients(notice, strangers) } else { found }
}

/// The only address that a notice names at all, wherever it stands: for a mail that is known to be a notice, in words
/// that stand in no table. One that the returned mail was not for is none.
pub(super) fn only_one(notice: &Notice, strangers: &Strangers) -> Option<Found> {
    let mut named: HashSet<Address> = HashSet::new();
    let mut above = "";
    for line in notice.lines.iter().filter(|line| !place::is_about_others(line)) {
        let elsewhere =
            [above, line].iter().any(|line| wording::is_contact(&fold(line)) || place::leads_to_others(line));
        let spans = spans(line).into_iter().filter(|(range, one)| {
            let lead = line.get(..range.start).unwrap_or_default();
            !place::is_led_elsewhere(lead)
                && !place::leads_to_others(lead)
                && !strangers.excludes(one, Place::Mentioned)
        });
        named.extend(spans.filter(|_| !elsewhere).map(|(_, one)| one));
        above = line;
    }
    let to = &notice.original.to;
    let mut named = named.into_iter();
    let address = named.next().filter(|one| to.is_empty() || to.contains(one))?;
    named.next().is_none().then_some(Found { address, place: Place::Mentioned, diagnostic: None, first_written: None })
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
    /// The domain of the notice's sender, when there is just one.
    pub(super) fn reporting_domain(&self) -> Option<&str> {
        let first = self.reporters.iter().next()?.domain();
        self.reporters.iter().all(|one| one.domain() == first).then_some(first)
    }

    fn excludes(&self, address: &Address, place: Place) -> bool {
        let listed = matches!(place, Place::FailedList | Place::Field);
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
    /// Whom a "from" leads to: never failed when anybody else did.
    origins: HashSet<Address>,
    looked_at: usize,
}

impl<'n> Reader<'n> {
    fn new(notice: &'n Notice, strangers: &'n Strangers) -> Self {
        Self { notice, strangers, section: Section::Open, found: Vec::new(), origins: HashSet::new(), looked_at: 0 }
    }

    fn line(&mut self, at: usize) {
        let line = self.text(at);
        let folded = fold(line);
        let spans = spans(line);
        self.enter_section(&folded, spans.is_empty());
        self.looked_at += spans.len();
        if self.looked_at > MAX_LOOKED_AT || self.section == Section::Reached || place::is_about_others(line) {
            return;
        }
        if place::tells_first_written(line) {
            return self.forwarded(&spans);
        }
        let mut last = None;
        for (range, address) in &spans {
            let place = match last {
                Some((end, place)) if line.get(end..range.start).is_some_and(place::only_separates) => place,
                Some(_) | None => self.place(at, line, range, address),
            };
            last = Some((range.end, place));
            if let Some(place) = place {
                self.add(at, range, address, place);
            }
        }
    }

    fn text(&self, at: usize) -> &'n str {
        self.notice.lines.get(at).map_or("", String::as_str)
    }

    /// The line right above.
    fn above(&self, at: usize) -> &'n str {
        at.checked_sub(1).map_or("", |above| self.text(above))
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
        } else if heading && wording::is_contact(folded) && !folded.contains("diagnos") {
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
            Some(last) if last.first_written.is_none() && last.place == Place::FailedList => {
                last.first_written = Some(written)
            }
            _ => self.push(written, Place::FailedList, None),
        }
    }

    /// The shape within the line, seen in the light of the section and the lines around.
    fn place(&mut self, at: usize, line: &str, range: &Range<usize>, address: &Address) -> Option<Place> {
        let lead = line.get(..range.start).unwrap_or_default();
        let rest = line.get(range.end..).unwrap_or_default();
        match place::shape(lead, rest, line) {
            Shape::Field | Shape::Addressed if place::is_given_instead(lead) => None,
            Shape::Command => self.by_answer(at),
            Shape::Refused if place::leads_to_others(lead) => None,
            Shape::Refused => Some(Place::Dialogue),
            Shape::Origin => {
                self.origins.insert(address.clone());
                None
            }
            Shape::Field => Some(Place::Field),
            Shape::Addressed => Some(Place::Addressed),
            Shape::ToField => Some(Place::Mentioned),
            Shape::Heads | Shape::Entry | Shape::Person if self.is_asked_to_write(at) => None,
            Shape::Heads => Some(Place::FailedList),
            Shape::Entry | Shape::Person if place::leads_to_others(self.above(at)) => None,
            Shape::Entry | Shape::Person if place::goes_on_with_recipients(self.above(at)) => Some(Place::Mentioned),
            Shape::Entry | Shape::Person if self.section == Section::Failed => Some(Place::FailedList),
            Shape::Entry => Some(Place::OwnLine),
            Shape::Person | Shape::Running => self.sentence(at, line, lead),
        }
    }

    /// `RCPT TO:<a@b>` counts by the answer that follows.
    fn by_answer(&self, at: usize) -> Option<Place> {
        match (at + 1..at + 4).find_map(|next| place::reply_class(self.text(next))) {
            Some('4' | '5') => Some(Place::Dialogue),
            Some(_) => None,
            None => Some(Place::Mentioned),
        }
    }

    /// The words above, since the last full stop, lead to an address to write to, and none has followed them yet.
    fn is_asked_to_write(&self, at: usize) -> bool {
        let above = (0..at).rev().take(4).map(|earlier| self.text(earlier)).filter(|line| !line.trim().is_empty());
        let mut lines: Vec<&str> = above.take(2).take_while(|line| !line.contains('@')).collect();
        lines.reverse();
        let words = fold(&lines.join(" "));
        let clause = words.rsplit(". ").next().filter(|clause| !clause.ends_with('.')).unwrap_or_default();
        wording::is_contact(clause) && !clause.contains("diagnos")
    }

    fn sentence(&self, at: usize, line: &str, lead: &str) -> Option<Place> {
        let around = fold(&format!("{} {line} {}", self.before(at), self.text(at + 1)));
        let fails = wording::tells_failure(&around) || wording::tells_delay(&around);
        let opens_line = lead.chars().count() < 20;
        let elsewhere = place::is_led_elsewhere(lead) || (opens_line && self.is_asked_to_write(at));
        (fails && !elsewhere).then_some(Place::Sentence)
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
        check(
            "The following address(es) failed:\n\n  ann@school.example\n    550 no such user\n",
            &["ann@school.example"],
        );
        check(
            "Delivery to the following recipients failed.\n\n       a@x.example\n       b@x.example\n",
            &["a@x.example", "b@x.example"],
        );
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
        check(
            "Your message could not be delivered.\nFor assistance contact help@isp.example or\nmailer-daemon@mx.example\n",
            &[],
        );
        check("Delivery failed. Please write to\n  help@isp.example\n", &[]);
        check("Hello followups@council.example, your message was rejected.\n", &[]);
        check("Delivery failed.\nMessage-ID: <1.2@council.example>\nFrom: <x@council.example>\n", &[]);
    }

    #[test]
    fn fields_and_sentences() {
        check("Recipient: [SMTP:ann@school.example]\nReason: mailbox unavailable\n", &["ann@school.example"]);
        check("Unknown user: ann@school.example\n", &["ann@school.example"]);
        check("undeliverable to ann@school.example\n", &["ann@school.example"]);
        check(
            "Your message to <ann@school.example> was automatically rejected:\nQuota exceeded\n",
            &["ann@school.example"],
        );
        check("Local mailbox ann@school.example is unavailable: user not found\n", &["ann@school.example"]);
        check("Did not reach the following recipient: ann@school.example\n", &["ann@school.example"]);
    }

    #[test]
    fn a_forward_is_told_beside_the_address_that_failed() {
        check(
            "The following address(es) failed:\n  new@x.example\n    (generated from old@y.example)\n",
            &["new@x.example"],
        );
        check(
            "The following address(es) failed:\n  an undisclosed address\n    (generated from old@y.example)\n",
            &["old@y.example"],
        );
    }
}
