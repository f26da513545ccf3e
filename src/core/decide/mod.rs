//! The decision: what follows when something happens to a case. The only place where a case changes.
//!
//! [`decide`] is total and deterministic. Each kind of event has a file; the letters they write are built in
//! `letters`, so that recipients, keys and hours stand in one place.

mod advice;
mod assessment;
mod case_order;
mod clock;
mod draft;
mod ending;
mod family;
mod letters;
mod opening;
mod order;
mod people;
mod reply;
mod review;
mod verdict;

use super::calendar::local_date;
use super::case::Case;
use super::directory::Directory;
use super::event::{Because, Decision, Event};
use super::follow_up::FollowUp;
use super::id::FollowUpId;
use super::letter::Letter;
use super::policy::Policy;
use chrono::{DateTime, NaiveDate, Utc};

/// Everything beside the case that a decision may depend on.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// What operators have set.
    pub policy: &'a Policy,
    /// Who is who.
    pub directory: &'a Directory,
    /// The instant of the decision.
    pub now: DateTime<Utc>,
}

impl Rules<'_> {
    /// The local date of the decision.
    pub fn today(&self) -> NaiveDate {
        local_date(self.now, self.policy.zone)
    }

    /// When a letter to people outside may leave at the earliest.
    pub fn next_opening(&self) -> DateTime<Utc> {
        self.policy.send_window.next_opening(self.now, &self.policy.calendar, self.policy.zone)
    }
}

/// What follows from `event` for `case`.
pub fn decide(case: Case, event: &Event, rules: &Rules) -> Decision {
    let before = may_be_refused(event).then(|| case.clone());
    let mut work = Work { case, letters: Vec::new(), rules };
    let because = ending::barred(&work.case, event).unwrap_or_else(|| happened(&mut work, event));
    if let (Because::Refused(_), Some(before)) = (&because, before) {
        return Decision { case: before, letters: Vec::new(), because };
    }
    work.add_births();
    work.withhold_from_afar();
    family::settle(&mut work);
    let Work { case, mut letters, .. } = work;
    letters.retain(|letter| !letter.to.is_empty() && ending::may_write(&case, event, letter));
    Decision { case, letters, because }
}

/// What a person asks for is done whole or not at all: a refusal leaves the case as it was.
fn may_be_refused(event: &Event) -> bool {
    match event {
        Event::Order { .. }
        | Event::Case { .. }
        | Event::Family(_)
        | Event::Assessment(_)
        | Event::Clarify { .. }
        | Event::Asked(_)
        | Event::Queried(_)
        | Event::Drafted(_)
        | Event::ManagerNamed { .. }
        | Event::RolesNamed { .. } => true,
        Event::CopiedIn { .. }
        | Event::RequestAccepted { .. }
        | Event::Reply(_)
        | Event::Away { .. }
        | Event::Back { .. }
        | Event::Undeliverable { .. }
        | Event::Delayed { .. }
        | Event::Hint { .. }
        | Event::Review { .. }
        | Event::CalendarChanged
        | Event::Untold { .. }
        | Event::Clock { .. } => false,
    }
}

fn happened(work: &mut Work, event: &Event) -> Because {
    let is_return = work.case.provider_return.is_some();
    match event {
        Event::Assessment(event) => assessment::happened(work, event),
        Event::RequestAccepted { follow_up, sent, at } if is_return => {
            assessment::accepted(work, follow_up, sent.round, *at)
        }
        Event::Reply(reply) if is_return => assessment::stray_reply(work, reply),
        Event::Away { away } if is_return => assessment::away(work, away),
        Event::Undeliverable { follow_up, who, reason, source } if is_return => {
            assessment::undeliverable(work, follow_up, who, reason, source)
        }
        Event::Order { follow_up, order, .. } if is_return => assessment::ordered(work, follow_up, order),
        Event::Family(event) => family::happened(work, event),
        Event::CopiedIn { .. } => opening::copied_in(work, event),
        Event::RolesNamed { follow_up, adviser, managers } => opening::roles_named(work, follow_up, adviser, managers),
        Event::Clarify { .. } => opening::clarify(work, event),
        Event::Asked(asked) => advice::asked(work, asked),
        Event::Queried(queried) => advice::queried(work, queried),
        Event::Drafted(drafted) => draft::drafted(work, drafted),
        Event::RequestAccepted { follow_up, sent, at } => opening::accepted(work, follow_up, *sent, *at),
        Event::Reply(reply) => reply::arrived(work, reply),
        Event::Away { away } => people::away(work, away),
        Event::Back { who } => people::back(work, who),
        Event::Undeliverable { follow_up, who, reason, source } => {
            people::undeliverable(work, follow_up, who, reason, source)
        }
        Event::Delayed { follow_up, who, source } => people::delayed(work, follow_up, who, source),
        Event::Hint { follow_up, who, hint, source } => people::hinted(work, follow_up, who, *hint, source),
        Event::Order { follow_up, by, order } => order::given(work, follow_up, by, order),
        Event::ManagerNamed { adviser, manager } => people::manager_named(work, adviser, manager),
        Event::Case { by, order } => case_order::given(work, by, order),
        Event::Review { follow_ups } => review::near(work, follow_ups),
        Event::CalendarChanged => clock::calendar_changed(work),
        Event::Untold { follow_up, level, again } => clock::untold(work, follow_up, *level, *again),
        Event::Clock { mailbox_seen_at } => clock::passed(work, *mailbox_seen_at),
    }
}

/// A decision in the making.
struct Work<'a> {
    case: Case,
    letters: Vec<Letter>,
    rules: &'a Rules<'a>,
}

impl Work<'_> {
    /// Changes one follow-up and lets the closure write letters about the result. The closure gets a copy that is
    /// put back, so that it may read the case beside it.
    fn with(&mut self, id: &FollowUpId, change: impl FnOnce(&mut Self, &mut FollowUp) -> Because) -> Because {
        let Some(index) = self.case.follow_ups.iter().position(|f| f.id == *id) else {
            return Because::Refused(format!("There is no follow-up {id} in this case."));
        };
        let Some(mut follow_up) = self.case.follow_ups.get(index).cloned() else {
            return Because::Refused(format!("There is no follow-up {id} in this case."));
        };
        let because = change(self, &mut follow_up);
        if let Some(place) = self.case.follow_ups.get_mut(index) {
            *place = follow_up;
        }
        because
    }

    /// Ids of the open follow-ups that `belongs` picks.
    fn ids(&self, belongs: impl Fn(&FollowUp) -> bool) -> Vec<FollowUpId> {
        self.case.follow_ups.iter().filter(|f| f.stage.is_open() && belongs(f)).map(|f| f.id.clone()).collect()
    }
}
