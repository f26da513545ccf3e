//! Mail from machines: our own copies, delivery notices, absences, and the rest that counts for nothing.

use super::commands::letters_of_addresses;
use super::desk::Desk;
use super::family;
use super::intake::Mail;
use super::outgoing::settle_by_copies;
use super::signals::{Clues, find};
use crate::core::directory::Directory;
use crate::core::event::{Event, Hint};
use crate::core::follow_up::{Away, FollowUp};
use crate::core::id::{Address, FollowUpId};
use crate::core::wording::date_words;
use crate::letters::compose::OWN_HEADER;
use crate::message::Message;
use crate::message::matching::{Placing, Strength};
use crate::message::{Bounce, FailedRecipient, Kind, Verdict};
use crate::store::{MessageState, Outcome};
use anyhow::Result;
use std::collections::BTreeSet;

/// The letter that an `X-Followupd-Id` of ours names; the mark is signed, so it cannot be invented.
fn letter_of_mark(desk: &Desk, mark: &str) -> Option<String> {
    let signed = mark.split_whitespace().next()?;
    desk.office.stationery.key.read_message_id(&format!("{signed}@own"))
}

/// Our own mail coming back: the copy in our mailbox, or a loop. The relay took it; the id it gave is an alias.
pub(super) async fn own_copy(desk: &mut Desk, mail: &mut Mail) -> Result<Option<Outcome>> {
    let Some(letter) = mail.reading.message.header(OWN_HEADER).and_then(|mark| letter_of_mark(desk, mark)) else {
        return Ok(None);
    };
    let from_us = mail.author().is_some_and(|a| desk.office.is_own(a));
    if !from_us {
        return Ok(None);
    }
    mail.reading.kind = Kind::Own;
    mail.story.push(format!("our own letter {letter}"));
    desk.note_copy(&letter, mail.received_at).await?;
    settle_by_copies(desk).await?;
    desk.about = Some(desk.tx.cases_of_letter(&letter).await?);
    let follow_up = desk.tx.letter(&letter).await?.and_then(|l| l.follow_up).and_then(|f| FollowUpId::parse(&f));
    if let (true, Some(alias)) = (mail.verdict != Verdict::Fail, mail.reading.message.message_id.clone()) {
        desk.learn_alias(&alias, &letter).await?;
    }
    Ok(Some(mail.outcome(MessageState::Filed, follow_up.as_ref())))
}

/// A failure or delay notice. It counts only for the letters of ours that it proves to be about: by our token in
/// the address it came to, our signed Message-ID or our signed mark in the original.
pub(super) async fn bounce(desk: &mut Desk, mail: &mut Mail) -> Result<Outcome> {
    let Some(bounce) = mail.reading.bounce.clone() else {
        return other(desk, mail).await;
    };
    let marks = bounce.original_ids.iter().filter_map(|m| letter_of_mark(desk, m)).collect::<Vec<_>>();
    let mut letters: BTreeSet<String> = marks.into_iter().collect();
    // The token in the address to which the letter was sent from, where the relay allows one.
    letters.extend(letters_of_addresses(desk, &mail.reading.message));
    for id in &bounce.original_message_ids {
        letters.extend(desk.letter_named(id).await?);
    }
    let mut sent_to: BTreeSet<Address> = BTreeSet::new();
    for letter in &letters {
        let deliveries = desk.tx.deliveries(letter).await?;
        sent_to.extend(deliveries.iter().filter_map(|(recipient, ..)| Address::parse(recipient)));
    }
    let mut follow_ups: BTreeSet<FollowUpId> = BTreeSet::new();
    for letter in &letters {
        follow_ups.extend(desk.tx.letter(letter).await?.and_then(|l| l.follow_up).and_then(|f| FollowUpId::parse(&f)));
    }
    let clues = Clues::of(&mail.reading.message, "");
    let placed = find(desk, &clues).await?;
    if let Placing::Placed { follow_up, strength: Strength::Strong } = &placed.placing {
        follow_ups.insert(follow_up.clone());
    }
    let delayed = mail.reading.kind == Kind::Delay;
    if !delayed {
        tell_of_lost_staff(desk, mail, &bounce, &sent_to).await?;
    }
    let mut was_to_family = false;
    if !delayed {
        let failed: Vec<Address> = bounce
            .recipients
            .iter()
            .flat_map(|r| std::iter::once(&r.address).chain(&r.first_written))
            .cloned()
            .collect();
        let reason = bounce.reason.clone().unwrap_or_else(|| "the mail system gave it back".to_owned());
        for letter in &letters {
            for who in &failed {
                desk.tx.note_returned(letter, who, mail.received_at).await?;
            }
            was_to_family |= family::returned(desk, letter, &failed, &reason, &mail.id).await?;
        }
    }
    if was_to_family {
        mail.story.push("a letter to a family came back".to_owned());
        return Ok(mail.outcome(MessageState::Placed, None));
    }
    if follow_ups.is_empty() {
        mail.story.push("about no letter of ours that can be proved: noted only".to_owned());
        return Ok(mail.outcome(MessageState::Filed, None));
    }
    for id in &follow_ups {
        for recipient in &bounce.recipients {
            let Some(loaded) = desk.tx.case_of(id).await? else { continue };
            let Some(who) = written_to(recipient, loaded.case.follow_up(id), &sent_to, &desk.directory) else {
                mail.story.push(format!("{} is no party of {id}", recipient.address));
                continue;
            };
            let reason = bounce.reason.clone().unwrap_or_else(|| recipient.diagnostic.clone().unwrap_or_default());
            let source = mail.id.clone();
            let event = if delayed {
                Event::Delayed { follow_up: id.clone(), who, source }
            } else {
                Event::Undeliverable { follow_up: id.clone(), who, reason, source }
            };
            let applied = desk.apply(loaded, &event).await?;
            mail.story.push(applied.because.text().to_owned());
        }
    }
    Ok(mail.outcome(MessageState::Placed, follow_ups.first()))
}

/// Whom we wrote to: the address that failed, or the one before somebody's forwarding. Staff are told of elsewhere.
fn written_to(
    recipient: &FailedRecipient,
    follow_up: Option<&FollowUp>,
    sent_to: &BTreeSet<Address>,
    directory: &Directory,
) -> Option<Address> {
    let concerned =
        |a: &&Address| follow_up.is_some_and(|f| f.has_party(a)) || sent_to.contains(*a) && !directory.is_staff(a);
    std::iter::once(&recipient.address).chain(&recipient.first_written).find(concerned).cloned()
}

/// A co-ordinator who cannot be reached has perhaps left: whoever stands in is told (situation 57).
async fn tell_of_lost_staff(
    desk: &mut Desk,
    mail: &mut Mail,
    bounce: &Bounce,
    sent_to: &BTreeSet<Address>,
) -> Result<()> {
    let failed = bounce.recipients.iter().flat_map(|r| std::iter::once(&r.address).chain(&r.first_written));
    let lost: BTreeSet<Address> =
        failed.filter(|a| sent_to.contains(*a) && desk.directory.is_staff(a)).cloned().collect();
    for who in lost {
        let name = desk.directory.name_of(&who);
        let sentences = vec![
            format!("Mail of the service to {name} ({who}) cannot be delivered."),
            "Answers of advisers wait for them. Any other co-ordinator or SEND manager may answer for them; STATUS shows a case.".to_owned(),
        ];
        desk.tell_stand_ins(&who, &format!("{}/lost", mail.id), "A co-ordinator cannot be reached", sentences).await?;
        mail.story.push(format!("{who} is staff: whoever stands in was told"));
    }
    Ok(())
}

/// The out-of-office notice of a co-ordinator or SEND manager: whoever stands in gets their mail meanwhile.
async fn staff_absence(desk: &mut Desk, mail: &mut Mail, who: &Address) -> Result<Outcome> {
    let answers_us = super::commands::answers_a_letter(desk, mail).await?;
    if !answers_us || mail.verdict == Verdict::Fail {
        mail.story.push("an absence of staff that answers no letter of ours: noted only".to_owned());
        return Ok(mail.outcome(MessageState::Filed, None));
    }
    let absence = mail.reading.absence.clone().unwrap_or_default();
    let away = Away { who: who.clone(), until: absence.until, contact: absence.contact };
    let known = desk.tx.absence(who).await?.is_some_and(|a| a == away);
    if known || away.until.is_some_and(|back| back <= desk.office.date(desk.now)) {
        mail.story.push("known, or over".to_owned());
        return Ok(mail.outcome(MessageState::Filed, None));
    }
    desk.tx.note_absence(&away, &mail.id, mail.received_at).await?;
    let name = desk.directory.name_of(who);
    let back =
        away.until.map_or_else(|| "no date of return is given".to_owned(), |d| format!("back on {}", date_words(d)));
    let sentences = vec![
        format!("{name} is away ({back})."),
        "Until then their Today mail and the answers of advisers come to you as well. You may CLOSE and give every other word in their place.".to_owned(),
    ];
    family::show_anew(desk, who).await?;
    desk.tell_stand_ins(who, &format!("{}/away", mail.id), &format!("{name} is away"), sentences).await?;
    Ok(mail.outcome(MessageState::Placed, None))
}

/// An out-of-office notice. It holds for the person: for all their open follow-ups, and for those opened while it
/// lasts (Exchange answers each sender once an absence). Without our token or thread it is noted for the
/// co-ordinator only.
pub(super) async fn absence(desk: &mut Desk, mail: &mut Mail) -> Result<Outcome> {
    let clues = Clues::of(&mail.reading.message, &mail.reading.new_text.text);
    let placed = find(desk, &clues).await?;
    mail.story.extend(placed.story.iter().cloned());
    let Some(who) = mail.author().cloned() else {
        mail.story.push("no single sender".to_owned());
        return Ok(mail.outcome(MessageState::Filed, None));
    };
    if desk.directory.is_staff(&who) {
        return staff_absence(desk, mail, &who).await;
    }
    let proved = match &placed.placing {
        Placing::Placed { follow_up, strength: Strength::Strong } => Some(follow_up.clone()),
        Placing::Placed { .. } | Placing::Triage { .. } => None,
    };
    let concerned = match &proved {
        Some(id) => desk.tx.case_of(id).await?.is_some_and(|l| l.case.follow_up(id).is_some_and(|f| f.has_party(&who))),
        None => false,
    };
    if !concerned || mail.verdict == Verdict::Fail {
        mail.story.push("an absence without our token or thread, or not of a party: noted only".to_owned());
        return Ok(mail.outcome(MessageState::Triage, None).with_candidates(&placed.placing));
    }
    let absence = mail.reading.absence.clone().unwrap_or_default();
    let away = Away { who: who.clone(), until: absence.until, contact: absence.contact };
    let today = desk.office.date(desk.now);
    if away.until.is_some_and(|back| back <= today) {
        mail.story.push("the absence was over when it was read".to_owned());
        return Ok(mail.outcome(MessageState::Filed, proved.as_ref()));
    }
    desk.tx.note_absence(&away, &mail.id, mail.received_at).await?;
    note_away(desk, mail, &who, away).await?;
    Ok(mail.outcome(MessageState::Placed, proved.as_ref()))
}

/// Applies an absence to every case in which the person is a party of an open follow-up.
pub(super) async fn note_away(desk: &mut Desk, mail: &mut Mail, who: &Address, away: Away) -> Result<()> {
    for case in desk.tx.open_cases_of_party(who).await? {
        let Some(loaded) = desk.tx.case(&case).await? else { continue };
        let applied = desk.apply(loaded, &Event::Away { away: away.clone() }).await?;
        mail.story.push(applied.because.text().to_owned());
    }
    Ok(())
}

/// Acknowledgements, receipts, meetings, newsletters: logged where they belong, never a reply, never answered.
pub(super) async fn other(desk: &mut Desk, mail: &mut Mail) -> Result<Outcome> {
    let clues = Clues::of(&mail.reading.message, "");
    let placed = find(desk, &clues).await?;
    mail.story.extend(placed.story.iter().cloned());
    mail.story.push("machine mail: counts for nothing".to_owned());
    match &placed.placing {
        Placing::Placed { follow_up, strength: Strength::Strong | Strength::Medium } => {
            if let Some(id) = mail.reading.message.message_id.clone() {
                desk.tx.learn_thread(&id, follow_up).await?;
            }
            pass_on_hint(desk, mail, follow_up).await?;
            Ok(mail.outcome(MessageState::Filed, Some(follow_up)))
        }
        Placing::Placed { strength: Strength::Weak, .. } | Placing::Triage { .. } => {
            Ok(mail.outcome(MessageState::Filed, None))
        }
    }
}

/// What the co-ordinator should know of a mail that counts for nothing.
async fn pass_on_hint(desk: &mut Desk, mail: &mut Mail, follow_up: &FollowUpId) -> Result<()> {
    let found = hint(mail.reading.kind, &mail.reading.message).zip(mail.author().cloned());
    let (Some((hint, who)), Some(loaded)) = (found, desk.tx.case_of(follow_up).await?) else { return Ok(()) };
    let event = Event::Hint { follow_up: follow_up.clone(), who, hint, source: mail.id.clone() };
    let applied = desk.apply(loaded, &event).await?;
    mail.story.push(applied.because.text().to_owned());
    Ok(())
}

fn hint(kind: Kind, message: &Message) -> Option<Hint> {
    let holds = |content_type: &str, word: &str| {
        let parts = message.parts.iter().filter(|p| p.content_type == content_type);
        parts.into_iter().any(|p| String::from_utf8_lossy(&p.body).to_lowercase().contains(word))
    };
    if is_recall(message) {
        return Some(Hint::Recall);
    }
    match kind {
        Kind::Calendar => holds("text/calendar", "method:request").then_some(Hint::Invitation),
        // RFC 8098 3.2.6.2: "deleted" says that it was not displayed.
        Kind::Receipt => {
            let deleted = holds("message/disposition-notification", "; deleted")
                || message.subject.to_lowercase().starts_with("not read:");
            deleted.then_some(Hint::NotRead)
        }
        Kind::Human
        | Kind::Absence
        | Kind::Acknowledgement
        | Kind::Bounce
        | Kind::Delay
        | Kind::Bulk
        | Kind::FeedbackReport
        | Kind::Own => None,
    }
}

/// Outlook's request to take a mail back: its subject opens with "Recall:", and one sentence says whose mail.
pub(super) fn is_recall(message: &Message) -> bool {
    let text = message.text.as_deref().unwrap_or_default().to_lowercase();
    message.subject.to_lowercase().starts_with("recall:") && text.contains("would like to recall the message")
}

impl Outcome {
    /// Keeps the candidates of a placing, so that the Today mail can offer them.
    pub(super) fn with_candidates(mut self, placing: &Placing) -> Self {
        self.candidates = match placing {
            Placing::Placed { follow_up, .. } => vec![follow_up.clone()],
            Placing::Triage { candidates, .. } => candidates.clone(),
        };
        self
    }
}
