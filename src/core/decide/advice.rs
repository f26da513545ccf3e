//! Advice requests (`domain.md` 3.2): asked, found unclear, accepted. Their clock is `clock`'s, what else staff say of
//! them `verdict`'s.

use super::Work;
use super::order::{self, close, ended};
use crate::core::calendar::local_date;
use crate::core::event::{Asked, Because, Queried};
use crate::core::follow_up::{FollowUp, FollowUpKind, Origin, Outcome, Reply, Round, Stage, Ticks};
use crate::core::id::Address;
use crate::core::wording::{date_words, short_date};

/// Advice or a draft check is asked for: the service sends the request, or notes one that was made elsewhere.
pub(super) fn asked(work: &mut Work, asked: &Asked) -> Because {
    if work.case.is_wrong_childs(&asked.adviser) {
        return Because::Refused(format!(
            "A request on this case is on hold, for {} may be the wrong child's adviser. Nothing more goes there.",
            work.rules.directory.name_of(&asked.adviser)
        ));
    }
    let open_to_them =
        |f: &&FollowUp| f.kind == asked.kind && f.stage.is_open() && f.adviser.as_ref() == Some(&asked.adviser);
    if let Some(known) = work.case.follow_ups.iter().find(open_to_them) {
        return Because::Refused(format!(
            "{} has been asked already: {} is {}.",
            work.rules.directory.name_of(&asked.adviser),
            known.id,
            known.standing()
        ));
    }
    let origin = if asked.elsewhere_on.is_some() { Origin::Elsewhere } else { Origin::Sent };
    let round = Round::new(1, asked.text.clone(), None);
    let mut follow_up =
        FollowUp::new(asked.follow_up.clone(), asked.kind, origin, asked.by.clone(), round, work.rules.now);
    work.put_to(&mut follow_up, &asked.adviser, &asked.managers);
    if asked.service.is_some() {
        follow_up.service.clone_from(&asked.service);
    }
    let barred = work.barred_words(&follow_up, &asked.managers);
    let name = work.rules.directory.name_of(&asked.adviser);
    let id = &asked.follow_up;
    let said = match asked.elsewhere_on {
        Some(on) => {
            let due = asked.kind.due(on, work.rules.policy).unwrap_or(on);
            follow_up.stage = Stage::Open;
            if let Some(round) = follow_up.round_mut() {
                round.start(on, due);
            }
            format!("{id}: {name} was asked on {}; due by {}.{barred}", short_date(on), date_words(due))
        }
        None => {
            work.send_request(&follow_up);
            let day = local_date(work.rules.next_opening(), work.rules.policy.zone);
            let due = asked.kind.due(day, work.rules.policy).unwrap_or(day);
            format!("{id}: the request goes to {name} on {}; due by {}.{barred}", short_date(day), date_words(due))
        }
    };
    work.case.follow_ups.push(follow_up);
    Because::Done(said)
}

/// Advice was found unclear: its clarification goes out, and the request waits for that. The date on which the advice
/// first came stays, or the evidence for criterion 7 would be lost.
pub(super) fn queried(work: &mut Work, queried: &Queried) -> Because {
    let request = &queried.follow_up;
    let mut clarification = None;
    let because = work.with(request, |work, follow_up| {
        if !matches!(follow_up.stage, Stage::Open | Stage::RepliedThin | Stage::Received) {
            return ended(follow_up);
        }
        if queried.text.trim().is_empty() {
            return Because::Refused(
                "Say what is missing, behind the word or after Text:. It goes to the adviser and the line manager."
                    .to_owned(),
            );
        }
        let Some(adviser) = follow_up.adviser.clone().filter(|a| !follow_up.barred.contains(a)) else {
            return Because::Refused(format!("{request} has no adviser who could be asked."));
        };
        note_receipt(work, follow_up, &queried.by);
        put_to_query(work, follow_up);
        let round = Round::new(1, queried.text.trim().to_owned(), queried.why.clone());
        let id = queried.clarification.clone();
        let kind = FollowUpKind::Clarification;
        let mut asked = FollowUp::new(id, kind, Origin::Sent, queried.by.clone(), round, work.rules.now);
        work.put_to(&mut asked, &adviser, &follow_up.managers);
        if asked.managers.is_empty() {
            asked.managers = work.send_managers();
        }
        asked.undeliverable.clone_from(&follow_up.undeliverable);
        asked.away.clone_from(&follow_up.away);
        asked.service.clone_from(&follow_up.service);
        asked.about = Some(request.clone());
        let going = order::send(work, &mut asked);
        let received = follow_up.received_on(work.rules.policy.zone);
        let when = local_date(work.rules.next_opening(), work.rules.policy.zone);
        let goes = format!(
            " goes to the adviser and the line manager on {}; five working days count from the day it is sent.",
            date_words(when)
        );
        let going = if asked.stage == Stage::Held { format!(": {going}") } else { goes };
        let because = Because::Done(format!(
            "{request}: found unclear; {} stays the day on which the advice came. Clarification {}{going} Closing it accepts the advice. No SEND manager's agreement is noted; AGREED adds it.",
            received.map(date_words).unwrap_or_default(),
            asked.id,
        ));
        clarification = Some(asked);
        because
    });
    work.case.follow_ups.extend(clarification);
    because
}

/// Advice that was found unclear waits for its clarification; whoever was told that they are responsible is told about
/// that one instead.
pub(super) fn put_to_query(work: &mut Work, request: &mut FollowUp) {
    work.stand_down(request);
    request.stage = Stage::Query;
    if let Some(round) = request.round_mut() {
        round.pause = None;
    }
}

/// What a co-ordinator judges has come, though perhaps to them alone: received today when nothing was noted before.
pub(super) fn note_receipt(work: &Work, follow_up: &mut FollowUp, by: &Address) {
    if follow_up.first_received().is_some() {
        return;
    }
    // A short reply that is judged as the advice was the advice, on its own day.
    let reply = follow_up.round().and_then(|r| r.standing_replies().next_back()).cloned();
    let reply = reply
        .map_or_else(|| Reply::new(None, Some(by.clone()), work.rules.now, None), |thin| Reply { doubt: None, ..thin });
    if let Some(round) = follow_up.round_mut() {
        round.replies.push(reply);
    }
}

/// `ACCEPT`, with what was ticked for the self-assessment.
pub(super) fn accept(work: &mut Work, follow_up: &mut FollowUp, by: &Address, ticks: Ticks) -> Because {
    if follow_up.stage.is_open() && follow_up.kind == FollowUpKind::AdviceRequest {
        note_receipt(work, follow_up, by);
        follow_up.stage = Stage::Received;
    }
    let because = close(work, follow_up);
    if matches!(because, Because::Done(_)) {
        follow_up.ticks = ticks;
        follow_up.outcome = Some(Outcome::Accepted);
    }
    because
}

/// How long the advice took, by the day on which it first came (reg 8(1)).
pub(super) fn days_taken(work: &Work, follow_up: &FollowUp) -> Option<String> {
    let asked = follow_up.rounds.first()?.day_zero?;
    let due = follow_up.rounds.first()?.original_due?;
    let came = follow_up.received_on(work.rules.policy.zone)?;
    let in_time = if came <= due { "within the six weeks" } else { "after the six weeks" };
    let exempt = match work.case.register.advice_exemption(asked) {
        Some(_) if came > due => ", with an exemption on record",
        Some(_) | None => "",
    };
    let again = if work.case.insufficient_first_time(&follow_up.id) { ", and was clarified afterwards" } else { "" };
    Some(format!(" It came on {}, {in_time} ({} days){exempt}{again}.", date_words(came), (came - asked).num_days()))
}

/// A clarification that is closed settles the advice that it was about.
pub(super) fn settle_query(work: &mut Work, clarification: &FollowUp, outcome: Outcome) -> String {
    let now = work.rules.now;
    let request = clarification.about.as_ref().and_then(|id| work.case.follow_up_mut(id));
    let Some(request) = request.filter(|r| r.stage == Stage::Query) else { return String::new() };
    request.stage = Stage::Closed;
    request.outcome = Some(outcome);
    request.ended_at = Some(now);
    format!(" The advice of {} is {}.", request.id, outcome.words())
}

/// A clarification that is cancelled puts the advice before the co-ordinator again.
pub(super) fn return_query(work: &mut Work, clarification: &FollowUp) -> String {
    let request = clarification.about.as_ref().and_then(|id| work.case.follow_up_mut(id));
    let Some(request) = request.filter(|r| r.stage == Stage::Query) else { return String::new() };
    request.stage = Stage::Received;
    format!(" {} waits for your decision again.", request.id)
}
