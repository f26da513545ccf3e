//! Assessment rounds: a provider's return is a case with one follow-up, reminded and chased by the same clock as any
//! other. Only what differs stands here: who is written to, and what completes it.

mod clock;
mod plan;
mod returns;

pub(super) use clock::{overdue, remind};

use super::Work;
use crate::core::assessment::ProviderReturn;
use crate::core::assessment::event::AssessmentEvent;
use crate::core::calendar::local_date;
use crate::core::event::{Because, Order, ReplyEvent};
use crate::core::follow_up::{Away, FollowUp, FollowUpKind, Origin, Reply, Round, Stage};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{Letter, LetterKind, SendOnlyWhile};
use crate::core::wording::date_words;
use chrono::{DateTime, Utc};

/// Whether reminders and overdue letters of this kind are written here.
pub(super) fn is_ours(follow_up: &FollowUp) -> bool {
    match follow_up.kind {
        FollowUpKind::AssessmentReturn | FollowUpKind::Action => true,
        FollowUpKind::AdviceRequest
        | FollowUpKind::Clarification
        | FollowUpKind::DraftCheck
        | FollowUpKind::ReviewContribution
        | FollowUpKind::ParentAnswer => false,
    }
}

pub(super) fn happened(work: &mut Work, event: &AssessmentEvent) -> Because {
    match event {
        AssessmentEvent::Opened { follow_up, provider_return } => opened(work, follow_up, provider_return),
        AssessmentEvent::Returned { follow_up, contribution, remarks } => {
            returns::returned(work, follow_up, contribution, remarks)
        }
        AssessmentEvent::NotTaken { follow_up, message, by, why, remarks } => {
            returns::not_taken(work, follow_up, message, by, (*why, remarks))
        }
        AssessmentEvent::Closed { by } => closed(work, by),
        AssessmentEvent::Planned { by, actions } => plan::planned(work, by, actions),
        AssessmentEvent::ActionDone { by, number } => plan::done(work, by, *number),
    }
}

fn opened(work: &mut Work, id: &FollowUpId, provider_return: &ProviderReturn) -> Because {
    let round = Round::new(1, format!("Self-assessment {}", provider_return.round), None);
    let owner = work.case.coordinator.clone();
    let mut follow_up =
        FollowUp::new(id.clone(), FollowUpKind::AssessmentReturn, Origin::Sent, owner, round, work.rules.now);
    follow_up.adviser = Some(provider_return.lead.clone());
    follow_up.managers = provider_return.respondents.iter().filter(|r| **r != provider_return.lead).cloned().collect();
    work.case.provider_return = Some(Box::new(provider_return.clone()));
    let mut letter = letter(work, LetterKind::AssessmentForm, &follow_up, "1");
    letter.to = follow_up.reachable_parties();
    work.letters.push(letter);
    work.case.follow_ups.push(follow_up);
    let when = local_date(work.rules.next_opening(), work.rules.policy.zone);
    Because::Done(format!("{}: the form goes out on {} ({id}).", provider_return.provider, date_words(when)))
}

/// A letter about a provider's return, with what its templates print.
pub(super) fn letter(work: &Work, kind: LetterKind, follow_up: &FollowUp, ordinal: &str) -> Letter {
    let mut letter = work.letter(kind, follow_up, ordinal);
    if let Some(provider_return) = &work.case.provider_return {
        letter.facts.case.clone_from(&provider_return.round);
        letter.facts.service.clone_from(&provider_return.provider);
    }
    letter.only_while = SendOnlyWhile::Open;
    letter
}

/// Tells the ICB's lead, or whoever opened the round, something at once.
pub(super) fn tell_owner(work: &mut Work, follow_up: &FollowUp, ordinal: &str, headline: &str, sentences: Vec<String>) {
    let to = vec![follow_up.coordinator.clone()];
    tell(work, follow_up, (ordinal, headline), to, sentences);
}

pub(super) fn tell(
    work: &mut Work,
    follow_up: &FollowUp,
    (ordinal, headline): (&str, &str),
    to: Vec<Address>,
    sentences: Vec<String>,
) {
    let mut letter = letter(work, LetterKind::AssessmentNotice, follow_up, ordinal);
    letter.to = to;
    letter.only_while = SendOnlyWhile::Always;
    headline.clone_into(&mut letter.facts.headline);
    letter.facts.sentences = sentences;
    work.letters.push(letter);
}

/// The relay has taken the form: the window starts.
pub(super) fn accepted(work: &mut Work, id: &FollowUpId, number: u32, at: DateTime<Utc>) -> Because {
    let policy = work.rules.policy;
    work.with(id, |_, follow_up| {
        let Some(round) = follow_up.round_mut().filter(|r| r.number == number && r.day_zero.is_none()) else {
            return Because::Nothing(format!("The window of {id} runs already."));
        };
        let day_zero = local_date(at, policy.zone);
        let due = policy.calendar.add_working_days(day_zero, policy.assessment.window);
        round.start(day_zero, due);
        if follow_up.stage == Stage::Prepared {
            follow_up.stage = Stage::Open;
        }
        Because::Done(format!(
            "The relay took the form of {id} on {}; due by {}.",
            date_words(day_zero),
            date_words(due)
        ))
    })
}

/// The round is over: what has come counts, what is missing stays missing.
fn closed(work: &mut Work, by: &Address) -> Because {
    let ids = work.ids(|f| f.kind == FollowUpKind::AssessmentReturn);
    let complete = work.case.provider_return.as_ref().is_some_and(|r| r.handed_in.is_some());
    let nothing = work.case.provider_return.as_ref().is_some_and(|r| r.given.is_empty());
    for id in &ids {
        work.with(id, |work, follow_up| {
            follow_up.stage = Stage::Closed;
            follow_up.ended_at = Some(work.rules.now);
            if !complete {
                let counts = if nothing {
                    "Nothing has come from you, and it is shown so."
                } else {
                    "What you have returned counts; what is missing is shown as missing."
                };
                let sentences = vec![format!("The round has been closed. {counts}")];
                let to = follow_up.reachable_parties();
                tell(work, follow_up, ("closed", "The round is closed"), to, sentences);
            }
            Because::Done(String::new())
        });
    }
    if ids.is_empty() {
        return Because::Nothing("It was closed already.".to_owned());
    }
    let state = if complete { "complete" } else { "not complete" };
    Because::Done(format!("Closed by {by}; the return is {state}."))
}

/// A respondent is away: noted, and when nobody is left who could answer, the owner is told.
pub(super) fn away(work: &mut Work, away: &Away) -> Because {
    let today = work.rules.today();
    for id in work.ids(|f| f.has_party(&away.who)) {
        work.with(&id, |work, follow_up| {
            let known = follow_up.away.contains(away);
            follow_up.away.retain(|a| a.who != away.who);
            follow_up.away.push(away.clone());
            let left = follow_up.reachable_parties().into_iter().any(|who| !follow_up.is_away(&who, today));
            if !known && !left && follow_up.awaits_answer() {
                let back =
                    away.until.map_or_else(|| "without a date".to_owned(), |d| format!("until {}", date_words(d)));
                let said = format!("{} is away ({back}), and nobody else is known who could answer.", away.who);
                let ordinal = format!("away-{}-{}", away.who, away.until.map(|d| d.to_string()).unwrap_or_default());
                tell_owner(work, follow_up, &ordinal, "Nobody is there to answer the self-assessment", vec![said]);
            }
            Because::Done(String::new())
        });
    }
    Because::Done(format!("{} is away.", away.who))
}

/// Mail to a respondent bounces: the others have it; the owner is told.
pub(super) fn undeliverable(work: &mut Work, id: &FollowUpId, who: &Address, reason: &str, source: &str) -> Because {
    work.with(id, |work, follow_up| {
        if !follow_up.undeliverable.contains(who) {
            follow_up.undeliverable.push(who.clone());
        }
        let mut sentences = vec![format!("Mail to {who} cannot be delivered: {reason}")];
        sentences.push(match follow_up.reachable_parties().as_slice() {
            [] => "Nobody else is known who could answer. Name another respondent in the configuration and start the round for this provider again.".to_owned(),
            others => format!("It has gone to {} as well.", crate::core::wording::list(&others.iter().map(ToString::to_string).collect::<Vec<_>>())),
        });
        tell_owner(work, follow_up, &format!("bounce-{source}"), "A respondent cannot be reached", sentences.clone());
        Because::Done(sentences.concat())
    })
}

/// A person's mail that was weighed like an answer to a clarification: here only a form answers.
pub(super) fn stray_reply(work: &mut Work, reply: &ReplyEvent) -> Because {
    work.with(&reply.follow_up, |_, follow_up| {
        record(follow_up, &reply.message, &reply.from, reply.received_at);
        Because::Nothing(format!("A mail of {} is kept with {}; it changes nothing.", reply.from, reply.follow_up))
    })
}

pub(super) fn record(follow_up: &mut FollowUp, message: &str, from: &Address, at: DateTime<Utc>) {
    let Some(round) = follow_up.round_mut() else { return };
    round.replies.push(Reply::new(Some(message.to_owned()), Some(from.clone()), at, None));
}

/// Orders of staff that make sense for a return or an action: `EXTEND`, `CLOSE` and `CANCEL`.
pub(super) fn ordered(work: &mut Work, id: &FollowUpId, order: &Order) -> Because {
    work.with(id, |work, follow_up| match order {
        Order::Extend { to, .. } => {
            let Some(round) = follow_up.round_mut().filter(|r| r.day_zero.is_some()) else {
                return Because::Refused(format!("{id} has no date yet; the form is on its way."));
            };
            round.due_on = Some(*to);
            Because::Done(format!("{id} is now due by {}.", date_words(*to)))
        }
        Order::Close { .. } | Order::Cancel { .. } => {
            follow_up.stage = if matches!(order, Order::Cancel { .. }) { Stage::Cancelled } else { Stage::Closed };
            follow_up.ended_at = Some(work.rules.now);
            Because::Done(format!("{id} is {}.", follow_up.standing()))
        }
        Order::Received { .. }
        | Order::Insufficient { .. }
        | Order::NotAdvice
        | Order::Resend
        | Order::Accept { .. }
        | Order::NotKnown
        | Order::NotSought { .. }
        | Order::UsedAsSubmitted { .. }
        | Order::DisputeUpheld
        | Order::DisputeRejected
        | Order::WrongChild
        | Order::Agreed
        | Order::Feedback(_)
        | Order::Reopen => Because::Refused(format!(
            "{id} is part of the self-assessment: EXTEND, CLOSE and CANCEL work here; ROUND STATUS shows where it stands."
        )),
    })
}
