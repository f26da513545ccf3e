//! The outbox as the engine sees it: what may leave now, after a last look, and what came of it.

use super::alias::message_id_in;
use super::breaker::{self, Passage};
use super::desk::Desk;
use super::{Engine, Pausing, family, is_paused, last_look};
use crate::core::event::{Again, Event};
use crate::core::follow_up::Sending;
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{Audience, LetterKind};
use crate::letters::guard::Look;
use crate::store::{DeliveryState, LetterRow, Part, Waiting};
use anyhow::{Result, bail, ensure};
use chrono::{DateTime, Duration, Utc};

/// For how many days a deferred recipient is tried again.
pub const RETRY_LIMIT_DAYS: i64 = 5;
/// Minutes until the next attempt, by attempts so far; hourly afterwards (`mail.md` 5).
const RETRY_MINUTES: [i64; 3] = [1, 5, 15];

/// A letter that has passed the last look and is marked as being sent.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The letter.
    pub letter: LetterRow,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// MAIL FROM, plain.
    pub from: Option<Address>,
    /// MAIL FROM with the letter's token, by which a bounce is known.
    pub bounces_to: Address,
    /// Who still lacks it.
    pub recipients: Vec<Address>,
}

/// What a relay said about one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Taken.
    Accepted(String),
    /// Not now.
    Deferred(String),
    /// Never.
    Rejected(String),
    /// Nobody knows.
    Uncertain(String),
}

impl Engine {
    /// What a crash or a restart left half-sent: back into the queue, or uncertain when the final dot may have been
    /// written.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn recover_outbox(&self, now: DateTime<Utc>) -> Result<u64> {
        let mut desk = self.desk(now).await?;
        let uncertain = desk.tx.recover_outbox(now).await?;
        settle_by_copies(&mut desk).await?;
        desk.commit().await?;
        Ok(uncertain)
    }

    /// Takes up uncertain letters again that surely were not taken (`mail.md` 5).
    ///
    /// # Errors
    /// When the store fails.
    pub async fn retry_uncertain(&self, wait: Duration, now: DateTime<Utc>) -> Result<u64> {
        let mut tx = self.store().begin().await?;
        let taken = tx.retry_uncertain(now - wait, now).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Letters that may leave now, after the last look, each marked as being sent with its next attempt fixed, all
    /// before the network is touched.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn ready(&self, now: DateTime<Utc>, limit: i64) -> Result<Vec<Ready>> {
        let mut desk = self.desk(now).await?;
        let (passage, due) = match is_paused(&mut desk.tx).await? {
            Pausing::Paused => (Passage::Open, desk.tx.letters_due_of(LetterKind::SendingStopped, now).await?),
            Pausing::Running => (breaker::look(&mut desk).await?, desk.tx.letters_due(now, limit).await?),
        };
        let mut ready = Vec::new();
        for waiting in due {
            if !passage.lets(waiting.letter.kind) {
                continue;
            }
            if let Some(until) = last_look::not_before(&mut desk, &waiting.letter).await? {
                hold_back(&mut desk, &waiting, until).await?;
                continue;
            }
            match last_look::look(&mut desk, &waiting).await? {
                Look::Good => ready.push(mark_sending(&mut desk, waiting).await?),
                Look::Needless(why) => {
                    withdraw(&mut desk, &waiting, &why).await?;
                    take_back_escalation(&mut desk, &waiting.letter, Again::WhenLate).await?;
                }
                Look::Wrong(why) => {
                    tracing::error!(letter = waiting.letter.id, why, "A letter was withdrawn at the last look");
                    withdraw(&mut desk, &waiting, &format!("withdrawn at the last look: {why}")).await?;
                    take_back_escalation(&mut desk, &waiting.letter, Again::NextTime).await?;
                    report_withdrawn(&mut desk, &waiting, &why).await?;
                }
            }
        }
        desk.commit().await?;
        Ok(ready)
    }

    /// From here on a crash leaves the letter uncertain: noted before the final dot is written, after one more look,
    /// for minutes may have gone by since the first one (`domain.md` 5.6: checked again at the moment of sending).
    ///
    /// # Errors
    /// When the store fails, or the letter must not leave any more; then the dot must not be written. Refused for now,
    /// the letter comes back to [`Engine::ready`], which withdraws it.
    pub async fn note_dot(&self, letter: &str, now: DateTime<Utc>) -> Result<()> {
        let mut desk = self.desk(now).await?;
        let paused = is_paused(&mut desk.tx).await? == Pausing::Paused;
        if let Some(waiting) = last_look::in_hand(&mut desk, letter).await? {
            ensure!(!paused || waiting.letter.kind == LetterKind::SendingStopped, "all sending has been paused");
            match last_look::look(&mut desk, &waiting).await? {
                Look::Good => {}
                // An all-clear that is being handed over may go: whoever gets it is told anew that it is still needed.
                Look::Needless(_) if waiting.letter.kind == LetterKind::StandDown => {}
                Look::Needless(why) | Look::Wrong(why) => bail!("it must not leave any more: {why}"),
            }
        }
        desk.tx.note_dot(letter).await?;
        desk.commit().await
    }

    /// Notes what the relay said, and what follows: day 0 of a request, or that somebody cannot be reached.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delivered(
        &self,
        letter: &LetterRow,
        verdicts: &[(Address, Verdict)],
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut desk = self.desk(now).await?;
        let parts = desk.tx.deliveries(&letter.id).await?;
        let is_copy = |a: &Address| parts.iter().any(|(r, part, ..)| *part == Part::Copy && r == a.as_str());
        let verdicts = final_verdicts(&mut desk, letter, verdicts).await?;
        for (recipient, verdict) in &verdicts {
            note(&mut desk, letter, recipient, verdict).await?;
        }
        let taken = verdicts.iter().any(|(a, v)| matches!(v, Verdict::Accepted(_)) && !is_copy(a));
        if taken {
            start_window(&mut desk, letter, now).await?;
        }
        let takers: Vec<Address> =
            verdicts.iter().filter(|(_, v)| matches!(v, Verdict::Accepted(_))).map(|(a, _)| a.clone()).collect();
        family::taken(&mut desk, letter, &takers, now).await?;
        settle_by_copies(&mut desk).await?;
        learn_given_id(&mut desk, letter, &verdicts).await?;
        for (who, verdict) in verdicts.iter().filter(|(a, _)| !is_copy(a)) {
            match verdict {
                Verdict::Rejected(reason) => unreachable_recipient(&mut desk, letter, who, reason).await?,
                Verdict::Uncertain(_) => family::ask_about_uncertain(&mut desk, letter, who).await?,
                Verdict::Accepted(_) | Verdict::Deferred(_) => {}
            }
        }
        desk.commit().await
    }

    /// The relay could not be used at all (connection, certificate, sign-in): a problem of the account, never of a
    /// letter. Everything goes back as it was, to be tried again after `pause`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put_back(&self, ready: &[Ready], why: &str, pause: Duration, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.store().begin().await?;
        for letter in ready {
            for recipient in &letter.recipients {
                let next = Some(now + pause);
                tx.set_delivery(&letter.letter.id, recipient, DeliveryState::Deferred, next, Some(why), now).await?;
            }
        }
        tx.commit().await
    }

    /// When the next delivery is to be tried.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn next_delivery(&self) -> Result<Option<DateTime<Utc>>> {
        let mut tx = self.store().begin().await?;
        let next = tx.next_delivery().await?;
        tx.commit().await?;
        Ok(next)
    }
}

async fn mark_sending(desk: &mut Desk, waiting: Waiting) -> Result<Ready> {
    let mut recipients = Vec::with_capacity(waiting.recipients.len());
    for (recipient, _, attempts) in &waiting.recipients {
        let next = Some(next_attempt(*attempts, desk.now));
        desk.tx.set_delivery(&waiting.letter.id, recipient, DeliveryState::Sending, next, None, desk.now).await?;
        recipients.push(recipient.clone());
    }
    let bytes = desk.tx.letter_bytes(&waiting.letter.id).await?;
    let from = Address::parse(&waiting.letter.envelope_from);
    let bounces_to = desk.office.stationery.letter_address(&waiting.letter.id);
    Ok(Ready { letter: waiting.letter, bytes, from, bounces_to, recipients })
}

fn next_attempt(attempts: i64, now: DateTime<Utc>) -> DateTime<Utc> {
    let index = usize::try_from(attempts).unwrap_or(usize::MAX);
    now + Duration::minutes(RETRY_MINUTES.get(index).copied().unwrap_or(60))
}

async fn withdraw(desk: &mut Desk, waiting: &Waiting, why: &str) -> Result<()> {
    for (recipient, ..) in &waiting.recipients {
        desk.tx
            .set_delivery(&waiting.letter.id, recipient, DeliveryState::Withdrawn, None, Some(why), desk.now)
            .await?;
    }
    Ok(())
}

/// Which request of its follow-up a letter belongs to: its key ends so, as [`crate::core::decide`] writes it.
pub(super) fn sending(letter: &LetterRow) -> Option<Sending> {
    Sending::of_ordinal(letter.unique_key.rsplit('/').next()?)
}

/// The level behind the round in an escalation's key: "1.2", "1.2-1".
fn level(letter: &LetterRow) -> Option<u32> {
    let (_, level) = letter.unique_key.rsplit('/').next()?.split_once('.')?;
    level.split('-').next()?.parse().ok()
}

/// A withdrawn escalation that nobody has got does not count.
pub(super) async fn take_back_escalation(desk: &mut Desk, letter: &LetterRow, again: Again) -> Result<()> {
    let follow_up = letter.follow_up.as_deref().and_then(FollowUpId::parse).filter(|_| letter.kind.is_escalation());
    let (Some(id), Some(level), Some(sent)) = (follow_up, level(letter), sending(letter)) else { return Ok(()) };
    let deliveries = desk.tx.deliveries(&letter.id).await?;
    let nobody = deliveries.iter().all(|(_, _, state, ..)| *state == DeliveryState::Withdrawn);
    let Some(loaded) = desk.tx.case_of(&id).await? else { return Ok(()) };
    let current = loaded.case.follow_up(&id).and_then(|f| f.round()).is_some_and(|r| r.sending() == sent);
    if nobody && current {
        desk.apply(loaded, &Event::Untold { follow_up: id, level, again }).await?;
    }
    Ok(())
}

/// Somebody has to know that a letter did not leave: the SEND managers.
async fn report_withdrawn(desk: &mut Desk, waiting: &Waiting, why: &str) -> Result<()> {
    if waiting.letter.kind == LetterKind::Alarm {
        return Ok(());
    }
    let managers: Vec<Address> = desk.directory.send_managers.iter().map(|m| m.address.clone()).collect();
    for manager in managers {
        let key = format!("{}/withdrawn/{manager}", waiting.letter.id);
        let mut letter = desk.staff_letter(LetterKind::Alarm, key, &manager, "A letter was not sent");
        let about = waiting.letter.follow_up.clone().unwrap_or_else(|| "no follow-up".to_owned());
        letter.facts.sentences = vec![format!(
            "The letter {} ({}) about {about} was withdrawn at the last look: {why}.",
            waiting.letter.id,
            waiting.letter.kind.name()
        )];
        desk.send(&letter, None).await?;
    }
    Ok(())
}

async fn hold_back(desk: &mut Desk, waiting: &Waiting, until: DateTime<Utc>) -> Result<()> {
    for (recipient, ..) in &waiting.recipients {
        desk.tx
            .set_delivery(&waiting.letter.id, recipient, DeliveryState::Deferred, Some(until), None, desk.now)
            .await?;
    }
    Ok(())
}

/// The Message-ID that the relay gave the letter, when its answer shows one.
async fn learn_given_id(desk: &mut Desk, letter: &LetterRow, verdicts: &[(Address, Verdict)]) -> Result<()> {
    for (_, verdict) in verdicts {
        let Verdict::Accepted(answer) = verdict else { continue };
        let Some(id) = message_id_in(answer) else { continue };
        if verdicts.iter().all(|(recipient, _)| !recipient.as_str().eq_ignore_ascii_case(id)) {
            desk.learn_alias(id, &letter.id).await?;
        }
    }
    Ok(())
}

/// A refusal "for now" that has lasted too long is one for good, and is told like one. It counts from the first
/// refusal, not from the day of the letter: after days without a relay a greylisting server may refuse once.
async fn final_verdicts(
    desk: &mut Desk,
    letter: &LetterRow,
    verdicts: &[(Address, Verdict)],
) -> Result<Vec<(Address, Verdict)>> {
    let mut finals = Vec::with_capacity(verdicts.len());
    for (recipient, verdict) in verdicts {
        let verdict = match verdict {
            Verdict::Deferred(answer) => {
                let since = desk.tx.refused_since(&letter.id, recipient, desk.now).await?;
                let too_long = desk.now - since > Duration::days(RETRY_LIMIT_DAYS);
                let for_good = Verdict::Rejected(format!("not taken for {RETRY_LIMIT_DAYS} days: {answer}"));
                if too_long { for_good } else { verdict.clone() }
            }
            Verdict::Accepted(_) | Verdict::Rejected(_) | Verdict::Uncertain(_) => verdict.clone(),
        };
        finals.push((recipient.clone(), verdict));
    }
    Ok(finals)
}

async fn note(desk: &mut Desk, letter: &LetterRow, recipient: &Address, verdict: &Verdict) -> Result<()> {
    let now = desk.now;
    let (state, next, answer) = match verdict {
        Verdict::Accepted(answer) => (DeliveryState::Accepted, None, answer),
        Verdict::Rejected(answer) => (DeliveryState::Rejected, None, answer),
        Verdict::Uncertain(answer) => (DeliveryState::Uncertain, None, answer),
        Verdict::Deferred(answer) => {
            let attempts = desk.tx.attempts(&letter.id, recipient).await?;
            (DeliveryState::Deferred, Some(next_attempt(attempts - 1, now)), answer)
        }
    };
    desk.tx.set_delivery(&letter.id, recipient, state, next, Some(answer), now).await
}

/// What was uncertain and whose own copy has come was taken, before or after anybody knew that it was uncertain.
pub(super) async fn settle_by_copies(desk: &mut Desk) -> Result<()> {
    for letter in desk.tx.told_by_copy().await? {
        let taken_at = letter.copy_seen_at.unwrap_or(desk.now);
        desk.tx.settle_by_copy(&letter.id, taken_at).await?;
        start_window(desk, &letter, taken_at).await?;
        let deliveries = desk.tx.deliveries(&letter.id).await?;
        let takers = deliveries.iter().filter(|(_, _, state, ..)| *state == DeliveryState::Accepted);
        let takers: Vec<Address> = takers.filter_map(|(recipient, ..)| Address::parse(recipient)).collect();
        family::taken(desk, &letter, &takers, taken_at).await?;
    }
    Ok(())
}

/// The relay's acceptance is day 0 of a request (`domain.md` 2.3).
async fn start_window(desk: &mut Desk, letter: &LetterRow, at: DateTime<Utc>) -> Result<()> {
    if !letter.kind.begins_window() {
        return Ok(());
    }
    let Some(id) = letter.follow_up.as_deref().and_then(FollowUpId::parse) else { return Ok(()) };
    let (Some(sent), Some(loaded)) = (sending(letter), desk.tx.case_of(&id).await?) else { return Ok(()) };
    desk.apply(loaded, &Event::RequestAccepted { follow_up: id, sent, at }).await.map(|_| ())
}

async fn unreachable_recipient(desk: &mut Desk, letter: &LetterRow, who: &Address, reason: &str) -> Result<()> {
    if desk.office.stationery.shadow_to.as_ref() == Some(who) {
        return Ok(());
    }
    if desk.directory.is_staff(who) {
        // An alarm that fails makes no further alarm, or two wrong addresses would write about each other for ever.
        if letter.kind == LetterKind::Alarm {
            return Ok(());
        }
        let text = format!("The relay refuses mail to {who}: {reason}");
        return desk.tell_stand_ins(who, &letter.id, "A co-ordinator cannot be reached", vec![text]).await;
    }
    if letter.kind.audience() == Audience::Parent {
        let reason = format!("the relay refused it: {reason}");
        return family::unreachable(desk, letter, who, &reason, &letter.id).await;
    }
    let Some(id) = letter.follow_up.as_deref().and_then(FollowUpId::parse) else { return Ok(()) };
    let Some(loaded) = desk.tx.case_of(&id).await? else { return Ok(()) };
    let event = Event::Undeliverable {
        follow_up: id,
        who: who.clone(),
        reason: format!("the relay refused it: {reason}"),
        source: letter.id.clone(),
    };
    desk.apply(loaded, &event).await.map(|_| ())
}
