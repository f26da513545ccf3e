//! The decision: what follows when something happens to a case. The only place where a case changes.
//!
//! [`decide`] is total and deterministic. Each kind of event has a file; the letters they write are built in
//! `letters`, so that recipients, keys and hours stand in one place.

mod assessment;
mod clock;
mod family;
mod letters;
mod opening;
mod order;
mod people;
mod reply;

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
    let mut work = Work { case, letters: Vec::new(), rules };
    let is_return = work.case.provider_return.is_some();
    let because = match event {
        Event::Assessment(event) => assessment::happened(&mut work, event),
        Event::RequestAccepted { follow_up, round, at } if is_return => {
            assessment::accepted(&mut work, follow_up, *round, *at)
        }
        Event::Reply(reply) if is_return => assessment::stray_reply(&mut work, reply),
        Event::Away { away } if is_return => assessment::away(&mut work, away),
        Event::Undeliverable { follow_up, who, reason, source } if is_return => {
            assessment::undeliverable(&mut work, follow_up, who, reason, source)
        }
        Event::Order { follow_up, order, .. } if is_return => assessment::ordered(&mut work, follow_up, order),
        Event::CopiedIn { .. } => opening::copied_in(&mut work, event),
        Event::RolesNamed { follow_up, adviser, managers } => {
            opening::roles_named(&mut work, follow_up, adviser, managers)
        }
        Event::Clarify { .. } => opening::clarify(&mut work, event),
        Event::RequestAccepted { follow_up, round, at } => opening::accepted(&mut work, follow_up, *round, *at),
        Event::Reply(reply) => reply::arrived(&mut work, reply),
        Event::Away { away } => people::away(&mut work, away),
        Event::Back { who } => people::back(&mut work, who),
        Event::Undeliverable { follow_up, who, reason, source } => {
            people::undeliverable(&mut work, follow_up, who, reason, source)
        }
        Event::Delayed { follow_up, who, source } => people::delayed(&mut work, follow_up, who, source),
        Event::Hint { follow_up, who, hint, source } => people::hinted(&mut work, follow_up, who, *hint, source),
        Event::Order { follow_up, by, order } => order::given(&mut work, follow_up, by, order),
        Event::ManagerNamed { adviser, manager } => people::manager_named(&mut work, adviser, manager),
        Event::CalendarChanged => clock::calendar_changed(&mut work),
        Event::Untold { follow_up, level } => clock::untold(&mut work, follow_up, *level),
        Event::Clock { mailbox_seen_at } => clock::passed(&mut work, *mailbox_seen_at),
        Event::Family(event) => family::happened(&mut work, event),
    };
    family::settle(&mut work);
    Decision { case: work.case, letters: work.letters, because }
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
