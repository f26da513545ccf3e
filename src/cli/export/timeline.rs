//! A dossier as facts and as a timeline, in the words of somebody who does not know this program.

use crate::core::follow_up::FollowUp;
use crate::core::register::{Channel, Contact};
use crate::core::wording::date_words;
use crate::engine::{Dossier, HeldLetter, HeldMail};
use crate::message::parse::parse;
use crate::store::{DeliveryState, JournalRow};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;

/// One entry of the timeline.
#[derive(Debug, Serialize)]
pub(super) struct Item {
    /// When it happened.
    #[serde(skip)]
    pub at: DateTime<Utc>,
    /// "Mail received", "Letter sent", "Decided".
    pub sort: &'static str,
    /// What it was, in one sentence.
    pub what: String,
    /// More sentences.
    pub details: Vec<String>,
    /// The mail as a file of the folder, when it is still held.
    pub file: Option<String>,
}

/// A line of the register: what, and what is known.
pub(super) type Fact = (String, String);

pub(super) fn local(at: DateTime<Utc>, zone: Tz) -> String {
    let at = at.with_timezone(&zone);
    format!("{}, {}", date_words(at.date_naive()), at.format("%H:%M"))
}

/// Where a mail stands in the folder.
pub(super) fn mail_file(mail: &HeldMail) -> String {
    format!("mails/{}-received-{}.eml", mail.row.received_at.format("%Y-%m-%d-%H%M%S"), mail.row.id)
}

/// Where a letter stands in the folder.
pub(super) fn letter_file(letter: &HeldLetter) -> String {
    format!("mails/{}-sent-{}.eml", letter.row.decided_at.format("%Y-%m-%d-%H%M%S"), letter.row.id)
}

/// Everything that happened, oldest first.
pub(super) fn items(dossier: &Dossier) -> Vec<Item> {
    let mut items: Vec<Item> = dossier.mails.iter().map(of_mail).collect();
    items.extend(dossier.letters.iter().map(of_letter));
    items.extend(dossier.journal.iter().map(of_entry));
    items.sort_by_key(|item| item.at);
    items
}

fn of_mail(mail: &HeldMail) -> Item {
    let from = mail.row.from.as_deref().unwrap_or("somebody who could not be read");
    let message = mail.raw.as_deref().map(parse);
    let mut details = Vec::new();
    if let Some(message) = &message {
        details.push(format!("Subject: {}", message.subject));
        let to: Vec<&str> = message.to.iter().chain(&message.cc).map(|m| m.address.as_str()).collect();
        details.push(format!("To: {}", to.join(", ")));
        let names: Vec<&str> = message.attachments.iter().filter_map(|a| a.name.as_deref()).collect();
        if !names.is_empty() {
            details.push(format!("With: {}", names.join(", ")));
        }
    } else {
        details.push("The mail itself is held no longer (retention).".to_owned());
    }
    Item {
        at: mail.row.received_at,
        sort: "Mail received",
        what: format!("A mail came from {from}."),
        details,
        file: message.map(|_| mail_file(mail)),
    }
}

fn of_letter(letter: &HeldLetter) -> Item {
    let to: Vec<&str> = letter.deliveries.iter().map(|(who, ..)| who.as_str()).collect();
    let mut details = vec![format!("Subject: {}", letter.row.subject)];
    details.extend(letter.deliveries.iter().map(|(who, _, state, ..)| format!("{who}: {}", fate(*state))));
    let held = !letter.raw.is_empty();
    if !held {
        details.push("The letter itself is held no longer (retention).".to_owned());
    }
    let is_sent = letter
        .deliveries
        .iter()
        .any(|(_, _, state, ..)| matches!(state, DeliveryState::Accepted | DeliveryState::Uncertain));
    let sent_at = letter.deliveries.iter().filter_map(|(.., settled, _)| *settled).min();
    Item {
        at: sent_at.unwrap_or(letter.row.decided_at),
        sort: if is_sent { "Letter sent" } else { "Letter not sent" },
        what: format!("{} to {}.", letter.row.kind.title(), to.join(", ")),
        details,
        file: held.then(|| letter_file(letter)),
    }
}

fn fate(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Queued | DeliveryState::Sending | DeliveryState::Dot => "waits to be sent",
        DeliveryState::Accepted => "taken by the mail server",
        DeliveryState::Deferred => "not taken yet; it is tried again",
        DeliveryState::Rejected => "refused by the mail server",
        DeliveryState::Uncertain => "sent, and nobody knows whether it was taken",
        DeliveryState::Withdrawn => "not sent, on purpose",
        DeliveryState::Held => "held back until a SEND manager decides",
    }
}

fn of_entry(entry: &JournalRow) -> Item {
    Item {
        at: entry.at,
        sort: "Noted",
        what: entry.because.clone().unwrap_or_else(|| "(The text of this entry was erased.)".to_owned()),
        details: Vec::new(),
        file: None,
    }
}

/// What is registered about the plan, and where each follow-up stands.
pub(super) fn facts(dossier: &Dossier) -> Vec<Fact> {
    let case = &dossier.case;
    let register = &case.register;
    let mut facts: Vec<Fact> = Vec::new();
    let mut say = |what: &str, value: Option<String>| facts.extend(value.map(|value| (what.to_owned(), value)));
    let day = |day: Option<NaiveDate>| day.map(date_words);
    say("Reference", case.reference.as_ref().map(ToString::to_string));
    say("Co-ordinator", Some(case.coordinator.to_string()));
    say("Initials", case.initials.clone());
    say("The provider's number", case.their_ref.clone());
    say("First name", register.first_name.clone());
    say("Date of birth", day(register.born));
    say("Request received", day(register.requested_on));
    for ruling in &register.rulings {
        say("Decision", Some(format!("{}, {}", ruling.what.words(), date_words(ruling.on))));
    }
    for draft in &register.plan_drafts {
        say("Plan draft", Some(date_words(draft.on)));
    }
    say("Final plan issued", day(register.final_on));
    for exemption in &register.exemptions {
        let narrative =
            if exemption.narrative.is_empty() { String::new() } else { format!(": {}", exemption.narrative) };
        say("Exemption", Some(format!("{}, recorded {}{narrative}", exemption.ground, date_words(exemption.on))));
    }
    say("Sensitive", register.sensitive.then(|| "letters to the family wait for a person".to_owned()));
    for contact in &register.contacts {
        say("Contact", Some(contact_words(contact)));
    }
    for told in &register.told {
        say("Date told", Some(format!("{} to {}, on {}", date_words(told.date), told.to, date_words(told.told_on))));
    }
    for note in &register.notes {
        say("Note", Some(format!("{} ({}, {})", note.text, note.by, date_words(note.on))));
    }
    say("Stopped", register.stop.as_ref().map(|stop| date_words(stop.at.date_naive())));
    say("Legal hold", register.legal_hold.then(|| "nothing may be erased".to_owned()));
    say(
        "Not included",
        match dossier.shared.len() {
            0 => None,
            1 => Some("one mail that is about other children too".to_owned()),
            n => Some(format!("{n} mails that are about other children too")),
        },
    );
    for follow_up in &case.follow_ups {
        facts.push((format!("Follow-up {}", follow_up.id), follow_up_words(follow_up)));
    }
    facts
}

fn contact_words(contact: &Contact) -> String {
    let channel = match &contact.channel {
        Channel::Email(address) => address.to_string(),
        Channel::Post => "by post".to_owned(),
    };
    let verified = if contact.verified.is_some() { "confirmed" } else { "not confirmed" };
    let barred = if contact.do_not_contact { ", not to be contacted" } else { "" };
    format!("{}, {channel}, {verified}{barred}", contact.name)
}

fn follow_up_words(follow_up: &FollowUp) -> String {
    let adviser = follow_up.adviser.as_ref().map_or_else(|| "an adviser not yet known".to_owned(), ToString::to_string);
    let service = follow_up.service.as_ref().map(|service| format!(" ({service})")).unwrap_or_default();
    let asked = follow_up.round().and_then(|round| round.day_zero).map(|d| format!(", asked on {}", date_words(d)));
    let due = follow_up.due_on().map(|d| format!(", due by {}", date_words(d)));
    format!("{adviser}{service}{}{}: {}", asked.unwrap_or_default(), due.unwrap_or_default(), follow_up.standing())
}
