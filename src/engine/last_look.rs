//! What the engine gathers for the last look ([`crate::letters::guard`]), before a letter is handed over and once more
//! before its final dot; and until when a letter has to wait although its hour has come. It sends nothing.

use super::MAILBOX_SEEN;
use super::desk::Desk;
use super::family::is_void;
use super::outgoing::sending;
use crate::core::calendar::at_local;
use crate::core::case::{Case, CaseId};
use crate::core::follow_up::{FollowUp, Origin, Outcome as Ending, Round, Stage};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{Audience, LetterKind, LineSubject, SendOnlyWhile};
use crate::core::policy::Mode;
use crate::letters::guard::{Leaving, Look, last_look};
use crate::store::{DeliveryState, LetterRow, Part, Waiting};
use anyhow::Result;
use chrono::{DateTime, Duration, Utc};

/// A letter about the timescale waits when nobody has looked for the family's own mail in this time.
const UNREAD_AFTER: Duration = Duration::minutes(15);
/// After which it is tried again.
const LOOK_AGAIN: Duration = Duration::minutes(1);

/// Until when a letter waits, if it may not leave now.
pub(super) async fn not_before(desk: &mut Desk, letter: &LetterRow) -> Result<Option<DateTime<Utc>>> {
    if let Some(opening) = closed_until(desk, letter.kind) {
        return Ok(Some(opening));
    }
    if let Some(tomorrow) = told_today(desk, letter).await? {
        return Ok(Some(tomorrow));
    }
    let is_unread = letter.kind.tells_timescale() && is_mail_unread(desk).await?;
    Ok(is_unread.then(|| desk.now + LOOK_AGAIN))
}

/// Whether mail waits that nobody has read, or the mailbox has not been looked at for a while: a family may have
/// written, and then nothing goes on to them (`domain.md` 3.6).
async fn is_mail_unread(desk: &mut Desk) -> Result<bool> {
    let seen = desk.tx.instant_mark(MAILBOX_SEEN).await?;
    let is_stale = seen.is_none_or(|seen| desk.now - seen > UNREAD_AFTER);
    Ok(is_stale || !desk.tx.waiting_messages(1).await?.is_empty())
}

/// A letter that is being handed over, with those of its recipients who are to get it now.
pub(super) async fn in_hand(desk: &mut Desk, letter: &str) -> Result<Option<Waiting>> {
    let Some(letter) = desk.tx.letter(letter).await? else { return Ok(None) };
    let deliveries = desk.tx.deliveries(&letter.id).await?;
    let sending = deliveries.into_iter().filter(|(_, _, state, ..)| *state == DeliveryState::Sending);
    let recipients = sending.filter_map(|(to, part, ..)| Some((Address::parse(&to)?, part, 0))).collect();
    Ok(Some(Waiting { letter, recipients }))
}

/// The last look at a letter.
pub(super) async fn look(desk: &mut Desk, waiting: &Waiting) -> Result<Look> {
    let letter = &waiting.letter;
    let id = letter.follow_up.as_deref().and_then(FollowUpId::parse);
    let loaded = match &id {
        Some(id) => desk.tx.case_of(id).await?,
        None => None,
    };
    let about = loaded.as_ref().zip(id.as_ref()).and_then(|(l, id)| l.case.follow_up(id).map(|f| (&l.case, f)));
    if letter.kind == LetterKind::StandDown && !was_told(desk, waiting, id.as_ref()).await? {
        return Ok(Look::Needless("they never got the letter that it would take back".to_owned()));
    }
    let is_asked_again = about.is_some_and(|(_, f)| f.awaits_answer());
    if letter.kind == LetterKind::StandDown && is_asked_again {
        return Ok(Look::Needless("an answer is awaited again".to_owned()));
    }
    let of_round = sending(letter).filter(|_| is_of_its_round(letter));
    let now_runs = about.and_then(|(_, f)| f.round()).map(Round::sending);
    if of_round.is_some_and(|sent| now_runs.is_some_and(|now| now != sent)) {
        return Ok(Look::Needless("a later request has taken its place".to_owned()));
    }
    let case = match &letter.case_id {
        Some(case_id) if loaded.is_none() => desk.tx.case(&CaseId(case_id.clone())).await?,
        Some(_) | None => loaded.clone(),
    };
    if let Some(why) = case.as_ref().and_then(|l| is_void(letter, &l.case)) {
        return Ok(Look::Needless(why));
    }
    let recipients: Vec<Address> =
        waiting.recipients.iter().filter(|(_, part, _)| *part != Part::Copy).map(|(a, ..)| a.clone()).collect();
    let several = if letter.kind.is_about_several() { named_in(desk, &letter.id).await? } else { Vec::new() };
    let stationery = &desk.office.stationery;
    let leaving = Leaving {
        kind: letter.kind,
        only_while: letter.only_while,
        subject: &letter.subject,
        recipients: &recipients,
        case: case.as_ref().map(|l| &l.case),
        follow_up: about.map(|(_, f)| f),
        several: &several,
        shadow_to: stationery.shadow_to.as_ref().filter(|_| stationery.mode.of(letter.kind) == Mode::Shadow),
        now: desk.now,
        policy: &desk.office.policy,
    };
    Ok(last_look(&leaving, &desk.directory))
}

/// Whether a letter is about the running request, so that a later one makes it wrong; thanks and what staff are told
/// are true whatever has begun since.
fn is_of_its_round(letter: &LetterRow) -> bool {
    letter.kind.audience() == Audience::Outside && letter.only_while == SendOnlyWhile::AwaitingAnswer
}

/// The follow-ups that a letter about several children names, each with its case.
async fn named_in(desk: &mut Desk, letter: &str) -> Result<Vec<(Case, FollowUp)>> {
    let mut named = Vec::new();
    for line in desk.tx.lines(letter).await? {
        let LineSubject::FollowUp(id) = &line.subject else { continue };
        let Some(loaded) = desk.tx.case_of(id).await? else { continue };
        let follow_up = loaded.case.follow_up(id).cloned();
        named.extend(follow_up.map(|f| (loaded.case, f)));
    }
    Ok(named)
}

/// Whether whom a stand-down goes to has had what it takes back: a letter that made them responsible; after a `CANCEL`
/// any, or the co-ordinator's own mail that was copied in.
async fn was_told(desk: &mut Desk, waiting: &Waiting, id: Option<&FollowUpId>) -> Result<bool> {
    let Some(id) = id else { return Ok(true) };
    for (recipient, ..) in &waiting.recipients {
        let stored = desk.tx.case_of(id).await?.and_then(|l| l.case.follow_up(id).cloned());
        let Some(follow_up) = stored else { return Ok(true) };
        let cancelled = follow_up.stage == Stage::Cancelled || ended_unanswered(follow_up.outcome);
        // Asked by somebody else's mail: the co-ordinator's own, or one that the service was told of.
        let was_asked = cancelled && follow_up.origin != Origin::Sent && follow_up.has_party(recipient);
        let received = desk.tx.kinds_received(id, recipient).await?;
        let takes_back = |kind: &LetterKind| {
            cancelled || kind.is_escalation() || matches!(kind, LetterKind::Responsible | LetterKind::NotKnown)
        };
        if was_asked || received.iter().any(takes_back) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether it ended without an answer, so that whoever was asked may stop working on it.
fn ended_unanswered(outcome: Option<Ending>) -> bool {
    matches!(outcome, Some(Ending::NotSought | Ending::UsedAsSubmitted | Ending::DisputeUpheld))
}

/// When a letter to people outside may leave, if not now: a retry keeps to the send window like the first attempt.
fn closed_until(desk: &Desk, kind: LetterKind) -> Option<DateTime<Utc>> {
    let policy = &desk.office.policy;
    match kind.audience() {
        Audience::Outside | Audience::Parent | Audience::Partner => {
            Some(policy.send_window.next_opening(desk.now, &policy.calendar, policy.zone))
                .filter(|&opening| opening > desk.now)
        }
        Audience::Staff => None,
    }
}

/// The next morning, for an escalation of a follow-up of which somebody is told today already: after an outage two
/// levels may come due at once, and the second one waits a day for an answer to the first.
async fn told_today(desk: &mut Desk, letter: &LetterRow) -> Result<Option<DateTime<Utc>>> {
    let Some(follow_up) = letter.follow_up.as_deref().filter(|_| letter.kind.is_escalation()) else { return Ok(None) };
    let today = desk.office.date(desk.now);
    for other in
        desk.tx.letters_of(follow_up).await?.into_iter().filter(|l| l.kind.is_escalation() && l.id != letter.id)
    {
        let told = desk.tx.deliveries(&other.id).await?.into_iter().any(|(_, part, state, at, _)| {
            let leaves = matches!(state, DeliveryState::Sending | DeliveryState::Dot);
            let left = state == DeliveryState::Accepted && at.is_some_and(|at| desk.office.date(at) == today);
            part != Part::Copy && (leaves || left)
        });
        if told {
            let policy = &desk.office.policy;
            let tomorrow = at_local(policy.calendar.next_working_day(today), policy.send_window.from, policy.zone);
            return Ok(Some(tomorrow));
        }
    }
    Ok(None)
}
