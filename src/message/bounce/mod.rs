//! Failure and delay notices: RFC 3464 in all its forms, and the text-only ones of the common servers.
//!
//! Reads who was not reached, for good or for now, why, and which of our messages it was. Says nothing about what
//! follows from it: a notice without our token or Message-ID changes nothing, and that is for matching to decide.
//!
//! The order of trust: status fields, then `X-Failed-Recipients`, then the text by the place of an address, then
//! the only recipient of the returned mail. A stronger source that names anybody silences the weaker ones, because
//! a healthy address called dead would get no mail any more.

mod address;
mod bare;
mod event;
mod failure_phrases;
mod listed;
mod notice;
mod original;
mod phrases;
mod place;
mod reason;
mod report;
mod rest;
mod voice;
mod wording;

use super::kind::is_no_reply;
use super::parse::parse;
use super::{Bounce, FailedRecipient, Message, is_answer};
use crate::core::id::Address;
use listed::Strangers;
use notice::{Notice, Sender};
use place::Place;
use report::{Action, Report};
use std::collections::HashSet;

/// Whether a mail is lost or only late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permanence {
    /// It will not be delivered.
    Failed,
    /// The server goes on trying.
    Delayed,
}

impl Permanence {
    fn action(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Delayed => "delayed",
        }
    }
}

/// A notice, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BounceReading {
    /// Recipients, reason and which message.
    pub bounce: Bounce,
    /// Lost or late.
    pub permanence: Permanence,
    /// What spoke for it, in short words.
    pub evidence: Vec<String>,
}

/// Reads a delivery notice; `None` when the mail is none (absences, receipts and challenges included).
pub fn read(message: &Message) -> Option<BounceReading> {
    read_with(message, Known::Nothing)
}

/// Reads a mail that is known to be a delivery notice: asks only who was not reached, and whether for good.
pub fn read_notice(message: &Message) -> BounceReading {
    read_with(message, Known::Notice).unwrap_or_else(|| BounceReading {
        bounce: Bounce::default(),
        permanence: Permanence::Failed,
        evidence: vec![NOBODY.to_owned()],
    })
}

/// What a mail is by its own text, without report structure and whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnReport {
    /// A delivery report, by its RFC 3464 fields.
    OfDelivery(String),
    /// Somebody called a mail unwanted.
    OfComplaint,
}

/// Reads a mail whose text is a report from its first word on: structure lost on the way, or an event in JSON.
pub fn own_report(message: &Message) -> Option<OwnReport> {
    let notice = notice::gather(message);
    let is_bare = rest::is_report_alone(&notice);
    if voice::is_complaint(&notice) {
        return (is_bare || is_mail_systems_alone(message, &notice)).then_some(OwnReport::OfComplaint);
    }
    (is_bare || is_flat_report(message, &notice)).then(|| OwnReport::OfDelivery(notice.status.join("\n\n")))
}

/// Fields of a report below the words of a mail system.
fn is_flat_report(message: &Message, notice: &Notice) -> bool {
    let told = || voice::is_mail_systems(notice) || voice::opens_with_failure(notice);
    let is_report = !notice.status.is_empty() && answers_nobody(message) && !is_answer(&message.subject) && told();
    is_report && is_mail_systems_alone(message, notice)
}

/// Nobody but a mail system wrote it: something beside the text says so, or all of the text does.
fn is_mail_systems_alone(message: &Message, notice: &Notice) -> bool {
    notice::is_marked(message)
        || rest::is_report_alone(notice)
        || (notice.event.is_none() && !rest::is_somebodys(notice))
}

fn answers_nobody(message: &Message) -> bool {
    message.in_reply_to.is_empty() && message.references.is_empty()
}

/// True when nothing outside the text says that a mail system sent it, and somebody wrote a part of the text.
pub fn is_somebodys(message: &Message) -> bool {
    !is_mail_systems_alone(message, &notice::gather(message))
}

/// True for "delivered to …" and nothing about a failure: the notice of a mail that arrived.
pub fn tells_only_success(message: &Message) -> bool {
    let folded = notice::gather(message).folded;
    wording::tells_success(&folded) && !wording::tells_delay(&folded)
}

/// What is known of a mail before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// It may be anybody's.
    Nothing,
    /// It is a delivery notice.
    Notice,
}

fn read_with(message: &Message, known: Known) -> Option<BounceReading> {
    let (notice, reading) = read_outermost(message, known)?;
    if !reading.evidence.iter().any(|how| how == ONLY_RECIPIENT || how == NOBODY) {
        return Some(reading);
    }
    // Some filters wrap the notice of the server behind them and add nothing: then the inner one tells who failed.
    let inner = notice.enclosed.iter().find_map(|raw| read_outermost(&parse(raw), Known::Nothing));
    inner.map(|(_, inner)| inner).filter(|inner| !inner.bounce.recipients.is_empty()).or(Some(reading))
}

const ONLY_RECIPIENT: &str = "only recipient of the returned mail";
const NOBODY: &str = "names no recipient";

fn read_outermost(message: &Message, known: Known) -> Option<(Notice, BounceReading)> {
    let notice = notice::gather(message);
    if known == Known::Nothing && is_other_machine(message, &notice) {
        return None;
    }
    let report = report::read(&notice.status);
    let is_bare = rest::is_report_alone(&notice);
    let sender = if is_bare { Sender::MailSystem } else { credited_sender(message, &notice) };
    let reading = Reading { message, notice: &notice, sender, known, is_bare };
    let reading = reading.by_fields(&report).or_else(|| reading.by_text(&report))?;
    Some((notice, reading))
}

/// Ticket systems stamp people's answers as automatic too: then the text decides.
fn credited_sender(message: &Message, notice: &Notice) -> Sender {
    let sender = notice::sender(message);
    let stamped = sender == Sender::Machine && !is_mail_systems_alone(message, notice);
    if stamped { Sender::Unmarked } else { sender }
}

/// An abuse report, or somebody's filter that asks for an answer.
fn is_other_machine(message: &Message, notice: &Notice) -> bool {
    let challenge = || !notice::signed_by_mail_system(message) && wording::is_challenge(&with_diagnostics(notice));
    notice.feedback || voice::is_complaint(notice) || challenge()
}

fn with_diagnostics(notice: &Notice) -> String {
    format!("{} {}", notice.folded, notice::fold(&notice.status.join("\n")))
}

struct Reading<'a> {
    message: &'a Message,
    notice: &'a Notice,
    sender: Sender,
    known: Known,
    /// A report and nothing else, whoever sent it.
    is_bare: bool,
}

impl Reading<'_> {
    /// RFC 3464: only the failed ones when any failed, else the delayed ones.
    fn by_fields(&self, report: &Report) -> Option<BounceReading> {
        // A receipt has the same recipient fields (RFC 8098 3.1) and no Action; a person's mail has no status part.
        if self.notice.receipt || !self.may_report() {
            return None;
        }
        let of = |wanted: Action| -> Vec<FailedRecipient> {
            report.outcomes.iter().filter(|o| o.action == wanted).map(|o| o.recipient.clone()).collect()
        };
        let (permanence, recipients) = match (of(Action::Failed), of(Action::Delayed)) {
            (failed, _) if !failed.is_empty() => (Permanence::Failed, failed),
            (_, delayed) if !delayed.is_empty() => (Permanence::Delayed, delayed),
            _ => return self.unsaid(report, of(Action::Unsaid)),
        };
        Some(self.finish(recipients, permanence, report, "delivery-status fields"))
    }

    /// Some mail programs attach the status part of a notice that a person forwards, and people paste the fields.
    fn may_report(&self) -> bool {
        let labelled = self.message.parts.iter().any(|part| part.content_type.ends_with("delivery-status"));
        if self.known == Known::Notice || self.is_bare {
            return true;
        }
        match (self.sender, is_answer(&self.message.subject)) {
            (Sender::MailSystem | Sender::Machine, false) => true,
            (Sender::MailSystem | Sender::Machine, true) | (Sender::Unmarked, false) => {
                labelled || is_flat_report(self.message, self.notice)
            }
            (Sender::Unmarked, true) => false,
        }
    }

    /// Without Action and 5.x.x the words decide, and without words a 4.x.x is a delay (RFC 3463 3).
    fn unsaid(&self, report: &Report, mut recipients: Vec<FailedRecipient>) -> Option<BounceReading> {
        let folded = &self.notice.folded;
        let told = wording::tells_failure(folded) || wording::tells_delay(folded) || wording::gave_up(folded);
        let coded = recipients.iter().all(|one| one.status.is_some());
        let permanence = match (told, coded) {
            (true, _) => self.permanence_in_words(),
            (false, true) => Permanence::Delayed,
            (false, false) => Permanence::Failed,
        };
        if recipients.is_empty() || !(told || coded || self.known == Known::Notice) {
            return None;
        }
        recipients.iter_mut().for_each(|one| permanence.action().clone_into(&mut one.action));
        Some(self.finish(recipients, permanence, report, "delivery-status fields without action"))
    }

    fn by_text(&self, report: &Report) -> Option<BounceReading> {
        // Everybody was reached: a positive notice (RFC 3464 2.3.3), whatever its text says.
        if !report.outcomes.is_empty() && report.outcomes.iter().all(|o| o.action == Action::Arrived) {
            return None;
        }
        let named: Vec<Address> =
            self.message.headers_named("X-Failed-Recipients").flat_map(address::addresses_in).collect();
        let sure = self.known == Known::Notice || !named.is_empty();
        if !sure && !self.tells_of_mail(report) {
            return None;
        }
        let strangers = self.strangers();
        let mut found = listed::recipients(self.notice, &self.message.subject, &strangers);
        if found.is_empty() && self.known == Known::Notice {
            found.extend(listed::only_one(self.notice, &strangers));
        }
        if !sure && !self.is_notice(found.first().map(|one| one.place), report) {
            return None;
        }
        let permanence = report.nameless.unwrap_or_else(|| self.permanence_in_words());
        if !named.is_empty() {
            let recipients = named.into_iter().map(|address| self.recipient(address, None, permanence)).collect();
            return Some(self.finish(recipients, permanence, report, "X-Failed-Recipients"));
        }
        if let Some(first) = found.first() {
            let how = first.place.words();
            let recipients = found.into_iter().map(|one| self.found(one, permanence)).collect();
            return Some(self.finish(recipients, permanence, report, how));
        }
        Some(self.by_original(permanence, report))
    }

    /// Nobody is named: the returned mail had one recipient, or nobody is called dead.
    fn by_original(&self, permanence: Permanence, report: &Report) -> BounceReading {
        match self.notice.original.to.as_slice() {
            [only] if !self.notice.original.through_list => {
                let recipients = vec![self.recipient(only.clone(), None, permanence)];
                self.finish(recipients, permanence, report, ONLY_RECIPIENT)
            }
            _ => self.finish(Vec::new(), permanence, report, NOBODY),
        }
    }

    /// Without words about failure or delay it is no notice, whomever it names.
    fn tells_of_mail(&self, report: &Report) -> bool {
        report.nameless.is_some()
            || wording::tells_failure(&self.notice.folded)
            || wording::tells_delay(&self.notice.folded)
    }

    /// Text alone: words about failure, and a sender or a subject that no person has.
    fn is_notice(&self, named: Option<Place>, report: &Report) -> bool {
        let subject = notice::fold(&self.message.subject);
        let words = |folded: &str| wording::tells_failure(folded) || wording::tells_delay(folded);
        if self.notice.receipt && !self.notice.folded.contains("reject") {
            return false;
        }
        if report.nameless.is_some() {
            return true;
        }
        if !words(&self.notice.folded) {
            return false;
        }
        let names_somebody = named.is_some() || !self.notice.original.message_ids.is_empty();
        let listed = named.is_some_and(|place| place <= Place::Addressed);
        let names_itself = words(&subject) && !wording::is_absence(&self.notice.folded);
        match (self.sender, is_answer(&self.message.subject)) {
            // A postmaster may be a person who writes: then nobody is named in a failing place.
            (Sender::MailSystem, false) => names_itself || names_somebody,
            (Sender::Machine, false) => names_itself,
            (Sender::Unmarked, false) => listed && self.is_unmarked_notice(names_itself),
            (_, true) => listed && names_itself && self.is_unmarked_notice(names_itself),
        }
    }

    /// The text is a mail system's own, or it names somebody below words about failure and brings what people do not:
    /// a subject that says so, a sender who takes no answers, fields, the returned mail. A person who passes a notice
    /// on or answers it writes above it.
    fn is_unmarked_notice(&self, names_itself: bool) -> bool {
        let proof = names_itself
            || is_no_reply(self.message)
            || !self.notice.status.is_empty()
            || !self.notice.original.message_ids.is_empty();
        answers_nobody(self.message)
            && (voice::is_mail_systems(self.notice) || proof && voice::opens_with_failure(self.notice))
            && is_mail_systems_alone(self.message, self.notice)
    }

    fn permanence_in_words(&self) -> Permanence {
        if wording::still_trying(&self.notice.folded) { Permanence::Delayed } else { Permanence::Failed }
    }

    fn strangers(&self) -> Strangers {
        let message = self.message;
        let reporters = message.from.iter().chain(&message.sender).map(|mailbox| mailbox.address.clone()).collect();
        let own =
            message.to.iter().map(|mailbox| mailbox.address.clone()).chain(self.notice.original.from.iter().cloned());
        Strangers { reporters, own: own.flat_map(|one| [one.without_detail(), one]).collect() }
    }

    fn recipient(&self, address: Address, diagnostic: Option<String>, permanence: Permanence) -> FailedRecipient {
        let status = diagnostic.as_deref().and_then(report::enhanced_status);
        FailedRecipient { address, status, action: permanence.action().to_owned(), diagnostic, first_written: None }
    }

    fn found(&self, found: listed::Found, permanence: Permanence) -> FailedRecipient {
        let first_written = found.first_written;
        FailedRecipient { first_written, ..self.recipient(found.address, found.diagnostic, permanence) }
    }

    fn finish(
        &self,
        mut recipients: Vec<FailedRecipient>,
        permanence: Permanence,
        report: &Report,
        how: &str,
    ) -> BounceReading {
        recipients.sort_by(|a, b| a.address.cmp(&b.address));
        recipients.dedup_by(|a, b| a.address == b.address);
        let first = recipients.first();
        let diagnostic = notice::fold(first.and_then(|one| one.diagnostic.as_deref()).unwrap_or_default());
        let status = first.and_then(|one| one.status.as_deref());
        let reason = reason::plain(&diagnostic, status, &self.notice.folded, permanence);
        let mut evidence = vec![how.to_owned()];
        let mut ids = self.returned_ids(report);
        if ids.is_empty() {
            // Exchange and Google thread their notices to the mail that they are about.
            ids = distinct(self.message.in_reply_to.iter().chain(&self.message.references));
            evidence.extend((!ids.is_empty()).then(|| "message by In-Reply-To and References only".to_owned()));
        }
        let bounce = Bounce {
            recipients,
            original_message_ids: ids,
            original_ids: self.notice.original.own_ids.clone(),
            reason: Some(reason.to_owned()),
        };
        BounceReading { bounce, permanence, evidence }
    }

    fn returned_ids(&self, report: &Report) -> Vec<String> {
        distinct(self.notice.original.message_ids.iter().chain(&report.message_ids))
    }
}

/// Message-IDs without angle brackets, each once.
fn distinct<'a>(ids: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let bare = ids.map(|id| id.trim_matches(['<', '>', ' ']).to_owned());
    bare.filter(|id| !id.is_empty() && seen.insert(id.clone())).collect()
}

#[cfg(test)]
mod families;
#[cfg(test)]
mod tests;
