//! Time has passed: reminders and escalations. Never on a stale mailbox, never two at once for one follow-up.

use super::letters::in_round;
use super::{Work, assessment, draft};
use crate::core::calendar::{closes_at, local_date};
use crate::core::event::{Again, Because};
use crate::core::follow_up::{Escalated, FollowUp, FollowUpKind, Round, Stage, WakeReason};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, SendOnlyWhile};
use crate::core::wording::{date_words, list};
use chrono::{DateTime, Utc};

pub(super) fn passed(work: &mut Work, mailbox_seen_at: DateTime<Utc>) -> Because {
    let mut said = Vec::new();
    for id in work.ids(FollowUp::awaits_answer) {
        if let Because::Done(text) = one(work, &id, mailbox_seen_at) {
            said.push(text);
        }
    }
    if let Because::Done(text) = super::family::passed(work, mailbox_seen_at) {
        said.push(text);
    }
    if said.is_empty() { Because::Nothing("Nothing is due.".to_owned()) } else { Because::Done(said.join(" ")) }
}

/// A holiday proclaimed while a window is open lengthens it; a date that was told is never shortened.
pub(super) fn calendar_changed(work: &mut Work) -> Because {
    let policy = work.rules.policy;
    let mut moved = Vec::new();
    for follow_up in work.case.follow_ups.iter_mut().filter(|f| f.awaits_answer()) {
        let (id, kind) = (follow_up.id.clone(), follow_up.kind);
        let Some(round) = follow_up.round_mut() else { continue };
        let Some((zero, due)) = round.day_zero.zip(round.due_on) else { continue };
        let Some(counted) = kind.due(zero, policy) else { continue };
        if counted > due {
            round.due_on = Some(counted);
            moved.push(format!("{id} is now due by {}.", date_words(counted)));
        }
    }
    if moved.is_empty() { Because::Nothing("No window changes.".to_owned()) } else { Because::Done(moved.join(" ")) }
}

fn one(work: &mut Work, id: &FollowUpId, mailbox_seen_at: DateTime<Utc>) -> Because {
    work.with(id, |work, follow_up| {
        settle_missed_reminder(work, follow_up);
        let Some(wake) = follow_up.wake(work.rules.policy).filter(|w| w.at <= work.rules.now) else {
            return Because::Nothing("Not yet.".to_owned());
        };
        match wake.reason {
            WakeReason::Reminder | WakeReason::Escalation(_) if mailbox_seen_at < wake.at => {
                Because::Nothing("The mailbox has not been looked at since then.".to_owned())
            }
            // Decided when it can leave: after downtime a level that waits for the morning must not count already.
            WakeReason::Reminder | WakeReason::Escalation(_) if work.rules.next_opening() > work.rules.now => {
                Because::Nothing("The send window is closed.".to_owned())
            }
            WakeReason::Reminder if assessment::is_ours(follow_up) => assessment::remind(work, follow_up),
            WakeReason::Escalation(level) if assessment::is_ours(follow_up) => {
                assessment::overdue(work, follow_up, level)
            }
            WakeReason::Reminder => remind(work, follow_up),
            WakeReason::Escalation(_) if follow_up.ends_in_silence(work.rules.policy) => {
                draft::unanswered(work, follow_up)
            }
            WakeReason::Escalation(level) => escalate(work, follow_up, level),
        }
    })
}

/// After downtime the window may have closed before the reminder went out: then it is needless.
fn settle_missed_reminder(work: &Work, follow_up: &mut FollowUp) {
    let now = work.rules.now;
    let closed = follow_up.due_on().is_some_and(|due| now >= closes_at(due, work.rules.policy.zone));
    if let (true, Some(round)) = (closed, follow_up.round_mut()) {
        round.reminder_settled_at.get_or_insert(now);
    }
}

fn remind(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    let due = follow_up.due_on().map(|d| d.to_string()).unwrap_or_default();
    let number = in_round(follow_up.round(), due);
    if let Some(round) = follow_up.round_mut() {
        round.reminder_settled_at = Some(work.rules.now);
    }
    let reachable = |a: &Address| !follow_up.undeliverable.contains(a) && !follow_up.barred.contains(a);
    let Some(adviser) = follow_up.adviser.clone().filter(reachable) else {
        return Because::Nothing("The adviser cannot be reached.".to_owned());
    };
    if follow_up.is_away(&adviser, work.rules.today()) {
        return Because::Nothing("The adviser is away; the line manager knows and is responsible.".to_owned());
    }
    if follow_up.kind == FollowUpKind::ReviewContribution {
        let Some(review) = work.case.register.review_noticed else {
            return Because::Nothing("The review is not known.".to_owned());
        };
        work.review_notice(follow_up, review);
        return Because::Done(format!("{} is asked again for a contribution to the review.", adviser));
    }
    let of_advice = follow_up.kind == FollowUpKind::AdviceRequest;
    let kind = if of_advice { LetterKind::AdviceReminder } else { LetterKind::Reminder };
    let mut letter = work.letter(kind, follow_up, &number);
    letter.facts.sentences.extend(work.exemption_sentence(follow_up));
    letter.to = vec![adviser];
    letter.only_while = SendOnlyWhile::AwaitingAnswer;
    work.letters.push(letter);
    Because::Done(format!(
        "The adviser of {} is reminded: it is due by {}.",
        follow_up.id,
        follow_up.due_on().map(date_words).unwrap_or_default()
    ))
}

fn escalate(work: &mut Work, follow_up: &mut FollowUp, level: u32) -> Because {
    if follow_up.kind == FollowUpKind::ParentAnswer {
        return super::family::unanswered(work, follow_up, level);
    }
    let (to, why_them) = recipients(work, follow_up, level);
    let pause = follow_up.round().and_then(|r| r.pause.clone());
    if let Some(round) = follow_up.round_mut() {
        round.escalations.push(Escalated::new(level, work.rules.now));
        round.pause = None;
    }
    if to.is_empty() {
        let text = format!("The window of {} has closed and nobody is known who could be told.", follow_up.id);
        work.notice(follow_up, &format!("nobody-{level}"), "Nobody can be told", vec![text.clone()]);
        return Because::Done(text);
    }
    let mut sentences: Vec<String> = why_them.into_iter().chain(work.exemption_sentence(follow_up)).collect();
    sentences.extend(pause.map(|pause| {
        format!(
            "{} came on {}; it has not been accepted as the advice.",
            upper_first(pause.doubt.words()),
            date_words(pause.replied_on)
        )
    }));
    let ordinal = escalation_ordinal(follow_up, level);
    let names = tell(work, follow_up, level, &ordinal, to, sentences);
    Because::Done(format!(
        "The window of {} closed on {} without an answer; told {} (level {level}).",
        follow_up.id,
        follow_up.due_on().map(date_words).unwrap_or_default(),
        list(&names)
    ))
}

/// What came was set aside after whoever was responsible, or had been told of the delay, was told that nothing more is
/// needed: they hear at the next window that it is (`domain.md` 3.3). Where the next level is told on that day, they are
/// told with it.
pub(super) fn tell_again(work: &mut Work, follow_up: &mut FollowUp) {
    let day = |at| local_date(at, work.rules.policy.zone);
    let opens = day(work.rules.next_opening());
    let level = follow_up.round().map_or(0, Round::level);
    if follow_up.wake(work.rules.policy).is_some_and(|wake| day(wake.at) <= opens && is_escalation(wake.reason)) {
        return;
    }
    if level == 0 {
        let to = stood_down(follow_up).into_iter().filter(|a| follow_up.adviser.as_ref() != Some(a)).collect();
        return work.make_responsible(follow_up, to, "again", format!("{NOT_TAKEN} {STILL_NEEDED}"));
    }
    let (to, _) = recipients(work, follow_up, level);
    if to.is_empty() {
        return;
    }
    let ordinal = work.numbered(follow_up, "again");
    tell(work, follow_up, level, &ordinal, to, vec![NOT_TAKEN.to_owned()]);
}

const NOT_TAKEN: &str = "What came in answer was not taken as the advice, so it is still needed.";
const STILL_NEEDED: &str = "If you were told that nothing more is needed, that no longer holds.";

fn is_escalation(reason: WakeReason) -> bool {
    match reason {
        WakeReason::Escalation(_) => true,
        WakeReason::Reminder => false,
    }
}

/// Those who were told that nothing more is needed and may be written to; from here on they know better.
fn stood_down(follow_up: &mut FollowUp) -> Vec<Address> {
    let told = follow_up.round_mut().map(|round| std::mem::take(&mut round.stood_down)).unwrap_or_default();
    let usable = |a: &Address| !follow_up.barred.contains(a) && !follow_up.undeliverable.contains(a);
    told.into_iter().filter(usable).collect()
}

/// Writes to the people of a level, who are responsible from here on, and to whoever was told that nothing more is needed;
/// the names of the former.
fn tell(
    work: &mut Work,
    follow_up: &mut FollowUp,
    level: u32,
    ordinal: &str,
    to: Vec<Address>,
    sentences: Vec<String>,
) -> Vec<String> {
    let kind = match follow_up.kind {
        FollowUpKind::AdviceRequest | FollowUpKind::DraftCheck => LetterKind::Overdue,
        FollowUpKind::Clarification
        | FollowUpKind::ReviewContribution
        | FollowUpKind::ParentAnswer
        | FollowUpKind::AssessmentReturn
        | FollowUpKind::Action => LetterKind::Escalation,
    };
    let mut letter = work.letter(kind, follow_up, ordinal);
    letter.facts.level = level;
    letter.facts.sentences = sentences;
    letter.cc = copies(follow_up, level, &to);
    let stood_down = stood_down(follow_up);
    letter.facts.sentences.extend((!stood_down.is_empty()).then(|| STILL_NEEDED.to_owned()));
    let also: Vec<Address> = stood_down.into_iter().filter(|a| !to.contains(a) && !letter.cc.contains(a)).collect();
    letter.cc.extend(also.iter().cloned());
    letter.to.clone_from(&to);
    letter.only_while = SendOnlyWhile::AwaitingAnswer;
    work.letters.push(letter);
    let names: Vec<String> = to.iter().map(|a| work.rules.directory.name_of(a)).collect();
    for address in to.into_iter().chain(also) {
        if follow_up.adviser.as_ref() != Some(&address) && !follow_up.told_responsible.contains(&address) {
            follow_up.told_responsible.push(address);
        }
    }
    names
}

/// "1.2"; "1.2-1" when an escalation of this round was taken back before.
fn escalation_ordinal(follow_up: &FollowUp, level: u32) -> String {
    let round = follow_up.round();
    match round.map_or(0, |r| r.untold) {
        0 => in_round(round, level),
        untold => in_round(round, format!("{level}-{untold}")),
    }
}

/// The escalation never left: an answer came while it was waiting, or it was stopped. That level is told again when it
/// is needed, not the next one.
pub(super) fn untold(work: &mut Work, id: &FollowUpId, level: u32, again: Again) -> Because {
    work.with(id, |_, follow_up| {
        let Some(round) = follow_up.round_mut() else { return Because::Nothing("No round runs.".to_owned()) };
        match (round.escalations.last_mut().filter(|e| e.level == level), again) {
            (None, _) => return Because::Nothing("A later level runs.".to_owned()),
            (Some(last), Again::NextTime) => last.withheld = true,
            (Some(_), Again::WhenLate) => drop(round.escalations.pop()),
        }
        round.untold += 1;
        Because::Done(format!("The escalation of level {level} had not left; it does not count."))
    })
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Level 1 the line managers, 2 the second level, 3 the SEND managers; with the reason when it is not the obvious
/// person.
fn recipients(work: &Work, follow_up: &FollowUp, level: u32) -> (Vec<Address>, Option<String>) {
    match (follow_up.kind, level) {
        (FollowUpKind::AdviceRequest, _) if follow_up.stage == Stage::Declined => {
            let why = "The service has said that it does not know the child. That is no advice, so this comes to you.";
            (work.second_level_and_route(follow_up), Some(why.to_owned()))
        }
        // Every week the same people, until it has come (domain 3.2).
        (FollowUpKind::AdviceRequest, _) | (_, 1) => first_level(work, follow_up),
        (_, 2) => (work.second_level(follow_up), None),
        (_, _) => (work.send_managers(), None),
    }
}

fn first_level(work: &Work, follow_up: &FollowUp) -> (Vec<Address>, Option<String>) {
    let today = work.rules.today();
    let present: Vec<Address> =
        follow_up.reachable_managers().into_iter().filter(|m| !follow_up.is_away(m, today)).collect();
    if !present.is_empty() {
        return (present, None);
    }
    let service = follow_up.service.as_deref().and_then(|name| work.rules.directory.service(name));
    let usable = |a: &Address| {
        follow_up.adviser.as_ref() != Some(a)
            && !follow_up.barred.contains(a)
            && !follow_up.undeliverable.contains(a)
            && !follow_up.is_away(a, today)
    };
    if let Some(manager) = service.and_then(|s| s.fallback_manager.clone()).filter(usable) {
        return (
            vec![manager],
            Some("This comes to you because no line manager of the adviser could be reached.".to_owned()),
        );
    }
    (
        work.second_level(follow_up),
        Some("This comes to you because no line manager of the adviser is known or can be reached.".to_owned()),
    )
}

fn copies(follow_up: &FollowUp, level: u32, to: &[Address]) -> Vec<Address> {
    let of_advice = follow_up.kind == FollowUpKind::AdviceRequest;
    let to_adviser = (level == 1 || of_advice) && follow_up.stage != Stage::Declined;
    let unreachable = |a: &Address| follow_up.undeliverable.contains(a) || follow_up.barred.contains(a);
    let adviser = follow_up.adviser.iter().filter(|a| to_adviser && !unreachable(a)).cloned();
    let managers = follow_up.reachable_managers().into_iter().filter(|_| level == 2 && !of_advice);
    adviser.chain(managers).chain([follow_up.coordinator.clone()]).filter(|a| !to.contains(a)).collect()
}
