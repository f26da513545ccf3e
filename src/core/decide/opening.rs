//! How a follow-up begins: copied in by a co-ordinator, or sent by the service on their word.

use super::Work;
use super::advice::put_to_query;
use super::letters::in_round;
use super::people::{hold_when_nobody_is_left, tell_if_adviser_cannot_act};
use crate::core::calendar::local_date;
use crate::core::event::{Because, Event};
use crate::core::follow_up::{FollowUp, FollowUpKind, Origin, Round, Sending, Stage};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, Line, LineGroup, LineSubject, SendOnlyWhile};
use crate::core::wording::{date_words, short_date};
use chrono::{DateTime, NaiveDate, Utc};

/// A labelled `Response required` date may be later than ours by at most this many working days.
const LATEST_STATED_DUE: u32 = 10;

/// A co-ordinator's fixed-subject mail with the service among its recipients (`commands.md` 2).
pub(super) fn copied_in(work: &mut Work, event: &Event) -> Because {
    let Event::CopiedIn { follow_up: id, kind, by, received_at, adviser, managers, unknown, text, response_required } =
        event
    else {
        return Because::Nothing("Not a copied-in request.".to_owned());
    };
    let policy = work.rules.policy;
    let day_zero = local_date(*received_at, policy.zone);
    let ours = kind.due(day_zero, policy).unwrap_or(day_zero);
    let mut round = Round::new(1, text.clone(), None);
    round.start(day_zero, ours);
    let mut follow_up = FollowUp::new(id.clone(), *kind, Origin::CopiedIn, by.clone(), round, work.rules.now);
    follow_up.stage = Stage::AwaitingRoles;
    let stated = stated_due(work, &mut follow_up, ours, *response_required);
    let because = match adviser {
        Some(adviser) if !managers.is_empty() || *kind != FollowUpKind::Clarification => {
            begin(work, &mut follow_up, adviser, managers);
            let barred = work.barred_words(&follow_up, managers);
            let due = date_words(follow_up.due_on().unwrap_or(ours));
            let what = match kind {
                FollowUpKind::Clarification => "Follow-up",
                FollowUpKind::AdviceRequest => "Advice request",
                FollowUpKind::DraftCheck => "Draft check",
                FollowUpKind::ReviewContribution
                | FollowUpKind::ParentAnswer
                | FollowUpKind::AssessmentReturn
                | FollowUpKind::Action => "Follow-up",
            };
            format!("{what} {id} is open; an answer is due by {due}.{stated}{barred}")
        }
        _ => {
            follow_up.asked = adviser.iter().chain(unknown).cloned().collect();
            ask_roles(work, &follow_up, adviser.as_ref(), unknown);
            format!(
                "Follow-up {id} is noted; nothing goes out until you have said who the adviser and the line manager are.{stated}"
            )
        }
    };
    work.case.follow_ups.push(follow_up);
    Because::Done(because)
}

/// Takes a stated due date when it is later than ours by at most ten working days; says so either way.
fn stated_due(work: &Work, follow_up: &mut FollowUp, ours: NaiveDate, stated: Option<NaiveDate>) -> String {
    let Some(stated) = stated.filter(|&s| s != ours) else { return String::new() };
    let calendar = &work.rules.policy.calendar;
    let latest = calendar.add_working_days(ours, LATEST_STATED_DUE);
    if stated > ours && stated <= latest {
        if let Some(round) = follow_up.round_mut() {
            round.start(round.day_zero.unwrap_or(ours), calendar.on_or_after(stated));
        }
        return format!(
            " Your mail says {}, which is later than {}; that date is used.",
            short_date(stated),
            window_words(work, follow_up, ours)
        );
    }
    format!(
        " Your mail says {}; {} end on {}, and that date is used. Answer EXTEND To: a date to change it.",
        date_words(stated),
        window_words(work, follow_up, ours),
        short_date(ours)
    )
}

/// "five working days", "42 days".
fn window_words(work: &Work, follow_up: &FollowUp, ours: NaiveDate) -> String {
    if follow_up.kind == FollowUpKind::AdviceRequest {
        return format!("{} days", work.rules.policy.advice.window);
    }
    let zero = follow_up.round().and_then(|r| r.day_zero).unwrap_or(ours);
    match work.rules.policy.calendar.working_days_between(zero, ours) {
        5 => "five working days".to_owned(),
        days => crate::core::wording::working_days(days),
    }
}

/// Roles are clear: the window counts, adviser and managers are told once.
fn begin(work: &mut Work, follow_up: &mut FollowUp, adviser: &Address, managers: &[Address]) {
    follow_up.stage = follow_up.running(work.rules.policy);
    follow_up.asked.clear();
    // The co-ordinator has just said who they are: an earlier bounce is over.
    follow_up.undeliverable.retain(|a| a != adviser && !managers.contains(a));
    work.put_to(follow_up, adviser, managers);
    work.send_logged(follow_up);
}

impl Work<'_> {
    /// Says who is asked. Whoever may not be written to about this child and adviser stays out, until `MANAGER … IS`
    /// names them again; when nobody else is left, the service's fallback or a SEND manager stands in.
    pub(super) fn put_to(&self, follow_up: &mut FollowUp, adviser: &Address, managers: &[Address]) {
        let service = self.rules.directory.service_of(adviser);
        follow_up.barred = self.case.barred_for(adviser);
        follow_up.adviser = Some(adviser.clone());
        follow_up.service = service.map(|s| s.name.clone());
        let named: Vec<Address> = managers.iter().filter(|m| *m != adviser).cloned().collect();
        follow_up.managers = named.iter().filter(|m| !follow_up.barred.contains(m)).cloned().collect();
        if follow_up.managers.is_empty() && !named.is_empty() {
            let fallback = service.and_then(|s| s.fallback_manager.clone());
            let fallback = fallback.filter(|m| m != adviser && !follow_up.barred.contains(m));
            follow_up.managers = fallback.map_or_else(|| self.send_managers(), |manager| vec![manager]);
        }
    }

    /// What the co-ordinator has to know when somebody whom they named stays out.
    pub(super) fn barred_words(&self, follow_up: &FollowUp, managers: &[Address]) -> String {
        let out: Vec<String> =
            managers.iter().filter(|m| follow_up.barred.contains(m)).map(ToString::to_string).collect();
        let Some(adviser) = follow_up.adviser.as_ref().filter(|_| !out.is_empty()) else { return String::new() };
        format!(
            " Nothing goes to {}, who said that the adviser is not their staff; MANAGER {adviser} IS and the address changes that.",
            crate::core::wording::list(&out)
        )
    }
}

fn ask_roles(work: &mut Work, follow_up: &FollowUp, adviser: Option<&Address>, unknown: &[Address]) {
    let mut letter = work.letter(LetterKind::RolesQuestion, follow_up, "1");
    letter.to = vec![follow_up.coordinator.clone()];
    letter.only_while = SendOnlyWhile::Always;
    if let Some(adviser) = adviser {
        letter.facts.sentences =
            vec![format!("No line manager is known for {adviser}. Answer: MANAGER {adviser} IS name@organisation")];
    }
    letter.lines = unknown
        .iter()
        .zip(1u32..)
        .map(|(address, number)| Line {
            number,
            group: LineGroup::NeedsYou,
            text: address.to_string(),
            answers: vec!["ADVISER".to_owned(), "MANAGER".to_owned()],
            subject: LineSubject::Candidate { follow_up: follow_up.id.clone(), address: address.clone() },
        })
        .collect();
    work.letters.push(letter);
}

/// The co-ordinator has answered who is who.
pub(super) fn roles_named(work: &mut Work, id: &FollowUpId, adviser: &Address, managers: &[Address]) -> Because {
    work.with(id, |work, follow_up| {
        if follow_up.stage != Stage::AwaitingRoles {
            return Because::Nothing(format!("The adviser of {id} is known already."));
        }
        begin(work, follow_up, adviser, managers);
        let due = follow_up.due_on().map(date_words).unwrap_or_default();
        Because::Done(format!(
            "Thank you. {} is the adviser of {id}; an answer is due by {due}.{}",
            work.rules.directory.name_of(adviser),
            work.barred_words(follow_up, managers)
        ))
    })
}

/// `CLARIFY`: the service sends the request itself; day 0 comes with the relay's acceptance.
pub(super) fn clarify(work: &mut Work, event: &Event) -> Because {
    let Event::Clarify { follow_up: id, by, adviser, managers, why, text, agreed_with, about } = event else {
        return Because::Nothing("Not a clarification.".to_owned());
    };
    if work.case.is_wrong_childs(adviser) {
        return Because::Refused(format!(
            "A request on this case is on hold, for {} may be the wrong child's adviser. Nothing more goes there.",
            work.rules.directory.name_of(adviser)
        ));
    }
    let round = Round::new(1, text.clone(), why.clone());
    let mut follow_up =
        FollowUp::new(id.clone(), FollowUpKind::Clarification, Origin::Sent, by.clone(), round, work.rules.now);
    work.put_to(&mut follow_up, adviser, managers);
    follow_up.agreed_with.clone_from(agreed_with);
    follow_up.about.clone_from(about);
    if let Some(request) = about {
        work.with(request, |work, request| {
            if matches!(request.stage, Stage::RepliedThin | Stage::Received) {
                put_to_query(work, request);
            }
            Because::Nothing(String::new())
        });
    }
    work.send_request(&follow_up);
    let asked = std::iter::once(adviser).chain(&follow_up.managers);
    let names: Vec<String> = asked.map(|a| work.rules.directory.name_of(a)).collect();
    let barred = work.barred_words(&follow_up, managers);
    let when = local_date(work.rules.next_opening(), work.rules.policy.zone);
    let agreed = if agreed_with.is_some() {
        ""
    } else {
        " No SEND manager's agreement is noted; it is listed for them in the weekly report."
    };
    work.case.follow_ups.push(follow_up);
    Because::Done(format!(
        "Follow-up {id}: the request goes to {} on {}; five working days count from the day it is sent.{agreed}{barred}",
        crate::core::wording::list(&names),
        date_words(when)
    ))
}

/// The relay has taken the request: the window of that round starts on the local date of acceptance.
pub(super) fn accepted(work: &mut Work, id: &FollowUpId, sent: Sending, at: DateTime<Utc>) -> Because {
    let policy = work.rules.policy;
    work.with(id, |work, follow_up| {
        // It left although it may be the wrong child's: its day 0 is known, and the hold stays.
        let waiting = matches!(follow_up.stage, Stage::Prepared | Stage::Held) && !follow_up.is_wrong_childs();
        let kind = follow_up.kind;
        let Some(round) = follow_up.round_mut().filter(|r| r.sending() == sent && r.day_zero.is_none()) else {
            return Because::Nothing(format!(
                "Request {sent} of {id} starts no window: it runs already, or another request has taken its place."
            ));
        };
        let day_zero = local_date(at, policy.zone);
        let due = kind.due(day_zero, policy).unwrap_or(day_zero);
        round.start(day_zero, due);
        let ordinal = in_round(follow_up.round(), "");
        if waiting {
            follow_up.stage = Stage::Open;
            // Perhaps only the second level, copied in, has got it.
            hold_when_nobody_is_left(follow_up, &mut Vec::new());
        }
        if waiting && follow_up.stage == Stage::Open {
            tell_if_adviser_cannot_act(work, follow_up);
            follow_up.stage = follow_up.running(policy);
        }
        Because::Done(format!(
            "The relay took request {ordinal} of {id} on {}; due by {}.",
            date_words(day_zero),
            date_words(due)
        ))
    })
}
