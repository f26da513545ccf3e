//! How a case ends, stops and goes on: everything open ends with it, and from then on nothing is written.

use super::Work;
use super::order;
use crate::core::case::Case;
use crate::core::event::{Because, Event, Order};
use crate::core::follow_up::{FollowUp, FollowUpKind, Origin, Outcome, Stage};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{Audience, Letter, LetterKind};
use crate::core::register::{Ruling, RulingKind, Stop, StopManner};
use crate::core::wording::{date_words, list};
use chrono::{Days, NaiveDate};
use std::collections::BTreeSet;

/// Why an event changes nothing any more, when the case is over; `None` for one that still counts.
pub(super) fn barred(case: &Case, event: &Event) -> Option<Because> {
    let over = case.over_words()?;
    let stopped = case.register.stop.is_some();
    let refused = |what: &str| Some(Because::Refused(format!("{over}. {what}")));
    match event {
        Event::CopiedIn { .. } | Event::Clarify { .. } | Event::Asked(_) | Event::Queried(_) | Event::Drafted(_) => {
            refused("Nothing was opened and nothing is sent.")
        }
        Event::RolesNamed { .. } if stopped => refused("Nothing is sent."),
        Event::Order { follow_up, order, .. } if asks_outside(order) => {
            let about_review = case.follow_up(follow_up).is_some_and(|f| f.kind == FollowUpKind::ReviewContribution);
            let runs_on = matches!(order, Order::Extend { .. } | Order::Reopen | Order::NotAdvice);
            if about_review && runs_on && !stopped { None } else { refused("Nothing is asked of anybody.") }
        }
        Event::Clock { .. }
        | Event::CalendarChanged
        | Event::Away { .. }
        | Event::ManagerNamed { .. }
        | Event::Review { .. }
            if stopped =>
        {
            Some(Because::Nothing(format!("{over}.")))
        }
        Event::RolesNamed { .. }
        | Event::Order { .. }
        | Event::Clock { .. }
        | Event::CalendarChanged
        | Event::Away { .. }
        | Event::ManagerNamed { .. }
        | Event::Review { .. }
        | Event::Case { .. }
        | Event::RequestAccepted { .. }
        | Event::Reply(_)
        | Event::Back { .. }
        | Event::Undeliverable { .. }
        | Event::Delayed { .. }
        | Event::Hint { .. }
        | Event::Untold { .. }
        | Event::Assessment(_)
        | Event::Family(_) => None,
    }
}

/// Orders that write to somebody outside or set a clock going.
fn asks_outside(order: &Order) -> bool {
    match order {
        Order::Insufficient { .. }
        | Order::Extend { .. }
        | Order::Resend
        | Order::Reopen
        | Order::NotAdvice
        | Order::NotKnown
        | Order::DisputeRejected => true,
        Order::Close { .. }
        | Order::Received { .. }
        | Order::Cancel { .. }
        | Order::Accept { .. }
        | Order::NotSought { .. }
        | Order::UsedAsSubmitted { .. }
        | Order::DisputeUpheld
        | Order::WrongChild
        | Order::Agreed
        | Order::Feedback(_) => false,
    }
}

/// Whether a letter may still be written: after a stop only to staff, apart from the thanks of `STOP` itself; about a
/// finished case only the thanks and its annual review.
pub(super) fn may_write(case: &Case, event: &Event, letter: &Letter) -> bool {
    let outside = match letter.kind.audience() {
        Audience::Staff => return true,
        Audience::Outside | Audience::Partner => true,
        Audience::Parent => false,
    };
    // Only the order that ends it thanks; what happens later writes to nobody.
    let thanks = letter.kind == LetterKind::StandDown && matches!(event, Event::Case { .. });
    if let Some(stop) = &case.register.stop {
        return thanks && stop.manner == StopManner::Thanked;
    }
    let finished = case.register.final_on.is_some() || case.register.ruled_out().is_some();
    let follow_up = letter.follow_up.as_ref().and_then(|id| case.follow_up(id));
    !(outside && finished) || thanks || follow_up.is_some_and(|f| f.kind == FollowUpKind::ReviewContribution)
}

impl Case {
    /// "EHC-2026-0412 was stopped on …; RESUME goes on", when the case is over.
    pub fn over_words(&self) -> Option<String> {
        let label = &self.id.0;
        let register = &self.register;
        if let Some(stop) = &register.stop {
            return Some(format!("{label} was stopped by {}; only RESUME {label} goes on", stop.by));
        }
        if let Some(on) = register.final_on {
            return Some(format!(
                "The final plan of {label} was issued on {}; REOPEN {label} undoes that",
                date_words(on)
            ));
        }
        let ruling = register.ruled_out()?;
        Some(format!(
            "On {} it was decided that {} ({label}); REOPEN {label} undoes that",
            date_words(ruling.on),
            ruling.what.words()
        ))
    }
}

/// Whom it concerns that something has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Thanks {
    /// Whoever was asked and has not answered, once each.
    Once,
    /// Nobody.
    None,
}

/// Everything open ends; what it was.
fn end_all(work: &mut Work, thanks: Thanks) -> Vec<FollowUpId> {
    let mut thanked: BTreeSet<Address> = BTreeSet::new();
    let open = work.ids(|f| f.kind != FollowUpKind::ParentAnswer);
    for id in &open {
        work.with(id, |work, follow_up| {
            let answered = matches!(follow_up.stage, Stage::Received | Stage::Query);
            let mut to = if answered { Vec::new() } else { order::asked(follow_up) };
            to.extend(std::mem::take(&mut follow_up.told_responsible));
            to.retain(|a| thanks == Thanks::Once && thanked.insert(a.clone()));
            follow_up.told_responsible = to;
            work.stand_down(follow_up);
            follow_up.stage = Stage::Cancelled;
            follow_up.outcome = ended_with(follow_up, work.rules.today());
            follow_up.ended_at = Some(work.rules.now);
            Because::Nothing(String::new())
        });
    }
    open
}

/// What was answered, or due, counts for the returns all the same; of anything else nothing can be said.
fn ended_with(follow_up: &FollowUp, today: NaiveDate) -> Option<Outcome> {
    let answered = follow_up.first_received().is_some();
    let due = follow_up.round().and_then(|r| r.original_due);
    (answered || due.is_some_and(|due| due < today)).then_some(Outcome::EndedWithCase)
}

/// "Follow-ups that have ended: FU-… and FU-…."
fn ended_words(ended: &[FollowUpId]) -> String {
    match ended.len() {
        0 => "Nothing was open.".to_owned(),
        1 => format!("{} has ended, and mail that had not left is withdrawn.", names(ended)),
        _ => format!("{} have ended, and mail that had not left is withdrawn.", names(ended)),
    }
}

fn names(ids: &[FollowUpId]) -> String {
    list(&ids.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// `FINAL ISSUED`
pub(super) fn final_issued(work: &mut Work, on: NaiveDate) -> Because {
    let label = work.case.id.0.clone();
    if let Some(requested) = work.case.register.requested_on.filter(|&r| on < r) {
        return Because::Refused(format!("{} is before the request of {}.", date_words(on), date_words(requested)));
    }
    if work.case.register.final_on == Some(on) {
        return Because::Nothing(format!("The final plan of {label} is recorded for {} already.", date_words(on)));
    }
    let ended = end_all(work, Thanks::Once);
    work.case.register.ended_with.extend(ended.iter().cloned());
    work.case.register.final_on = Some(on);
    let late = days_over(work, on);
    let early = within_parents_days(work, on);
    Because::Done(format!(
        "{label}: the final plan was issued on {}.{late}{early} {} REOPEN {label} undoes this. Please record it on ONE too.",
        date_words(on),
        ended_words(&ended)
    ))
}

/// A final plan within the parents' days on the plan draft (regulation 13(1)(a)) needs their word that they are content.
fn within_parents_days(work: &Work, on: NaiveDate) -> String {
    let Some(served) = work.case.register.issued_draft().map(|draft| draft.on) else { return String::new() };
    let days = u64::from(work.rules.policy.timescales.parents);
    let last = served + Days::new(days.saturating_sub(1));
    if on > last {
        return String::new();
    }
    format!(
        " The family had until {} to comment on the plan draft of {}: please make sure that their word that they are content is on record.",
        date_words(last),
        date_words(served)
    )
}

/// How a final plan's date stands to week 20.
fn days_over(work: &Work, on: NaiveDate) -> String {
    let Some(requested) = work.case.register.requested_on else { return String::new() };
    let weeks = work.rules.policy.timescales.final_week();
    let due = crate::core::calendar::statutory_weeks(requested, weeks, &work.rules.policy.calendar).legal_due;
    let late = (on - due).num_days();
    match late {
        ..=0 => format!(" That is within the {weeks} weeks."),
        1 => format!(" That is one day after week {weeks}, {}.", date_words(due)),
        days => format!(" That is {days} days after week {weeks}, {}.", date_words(due)),
    }
}

/// `DECISION`
pub(super) fn ruled(work: &mut Work, by: &Address, what: RulingKind, on: NaiveDate) -> Because {
    let label = work.case.id.0.clone();
    if let Some(requested) = work.case.register.requested_on.filter(|&r| on < r) {
        return Because::Refused(format!("{} is before the request of {}.", date_words(on), date_words(requested)));
    }
    if work.case.register.rulings.last().is_some_and(|r| r.what == what && r.on == on) {
        return Because::Nothing(format!("{label}: that is recorded already."));
    }
    // The end of a case is undone by its own word, or a slip of the pen would revive it.
    if let Some(over) = work.case.register.ruled_out().filter(|r| r.what != what).and_then(|_| work.case.over_words()) {
        return Because::Refused(format!("{over}, and then the other decision can be recorded."));
    }
    work.case.register.rulings.push(Ruling { what, on, by: by.clone() });
    let mut text = format!("{label}: {} ({}).", what.words(), date_words(on));
    if what.ends_case() {
        let ended = end_all(work, Thanks::Once);
        work.case.register.ended_with.extend(ended.iter().cloned());
        text.push_str(&format!(" {} REOPEN {label} undoes this.", ended_words(&ended)));
    } else {
        text.push_str(" Next: REQUEST ADVICE for each adviser, who then has six weeks.");
    }
    Because::Done(text)
}

/// `REOPEN <case>`: the end was recorded in error; what it ended goes on.
pub(super) fn reopened(work: &mut Work) -> Because {
    let label = work.case.id.0.clone();
    let register = &mut work.case.register;
    if register.stop.is_some() {
        return Because::Refused(format!(
            "{label} was stopped. Only RESUME {label}, confirmed by a second person, goes on."
        ));
    }
    if register.final_on.is_none() && register.ruled_out().is_none() {
        return Because::Nothing(format!("{label} is open."));
    }
    if register.final_on.take().is_none() {
        register.rulings.pop();
    }
    let ended = std::mem::take(&mut register.ended_with);
    let mut said = vec![format!("{label} is open again.")];
    for id in &ended {
        let because = work.with(id, order::reopen);
        said.push(because.text().to_owned());
    }
    Because::Done(said.join(" "))
}

/// `STOP`, read: from this moment nothing leaves. A silent stop is never made a thanking one by a second mail.
pub(super) fn suspended(work: &mut Work, by: &Address, manner: StopManner, reason: Option<&str>) -> Because {
    let label = work.case.id.0.clone();
    match &mut work.case.register.stop {
        Some(stop) if stop.confirmed_at.is_some() => {
            return Because::Nothing(format!("{label} has been stopped already."));
        }
        Some(stop) => stop.manner = stop.manner.quieter(manner),
        None => {
            work.case.register.stop = Some(Stop {
                manner,
                at: work.rules.now,
                by: by.clone(),
                reason: reason.map(ToOwned::to_owned),
                confirmed_at: None,
            });
        }
    }
    Because::Done(format!("{label}: sending has stopped. Everything open ends when {by} answers YES."))
}

/// `STOP` and its `YES`: timers end, mail that has not left is withdrawn by the guard, advisers are thanked once.
pub(super) fn stopped(work: &mut Work, by: &Address, manner: StopManner, reason: Option<&str>) -> Because {
    if let because @ Because::Nothing(_) = suspended(work, by, manner, reason) {
        return because;
    }
    let now = work.rules.now;
    let Some(stop) = &mut work.case.register.stop else { return Because::Nothing(String::new()) };
    stop.confirmed_at = Some(now);
    let manner = stop.manner;
    let ended = end_all(work, if manner == StopManner::Thanked { Thanks::Once } else { Thanks::None });
    let told = match manner {
        StopManner::Thanked => "Advisers and managers who were asked are thanked once.",
        StopManner::Silent => "Nobody is written to; advisers hear from a person.",
    };
    let label = &work.case.id.0;
    Because::Done(format!(
        "{label} is stopped. {} {told} Mail that still comes in goes to the co-ordinator only. RESUME {label} needs a second person.",
        ended_words(&ended)
    ))
}

/// `RESUME` and the second person's `YES`.
pub(super) fn resumed(work: &mut Work, by: &Address, with: &Address) -> Because {
    let label = work.case.id.0.clone();
    let Some(stop) = work.case.register.stop.take() else {
        return Because::Nothing(format!("{label} is not stopped."));
    };
    let ended: Vec<FollowUpId> = work
        .case
        .follow_ups
        .iter()
        .filter(|f| stop.confirmed_at.is_some() && f.ended_at == stop.confirmed_at)
        .map(|f| f.id.clone())
        .collect();
    // Requests that a stop without its YES kept back: nobody has got them, so they go out anew.
    for id in work.ids(|f| f.stage == Stage::Prepared && f.origin == Origin::Sent) {
        work.with(&id, |work, follow_up| {
            order::send_anew(work, follow_up);
            Because::Nothing(String::new())
        });
    }
    let again = match ended.len() {
        0 => String::new(),
        _ => format!(" What ended stays ended: REOPEN {} if it should go on.", names(&ended)),
    };
    Because::Done(format!("{label} goes on, by {by} and {with}.{again}"))
}

impl StopManner {
    /// The one of two that writes to fewer people.
    pub fn quieter(self, other: Self) -> Self {
        if self == Self::Silent || other == Self::Silent { Self::Silent } else { Self::Thanked }
    }
}
