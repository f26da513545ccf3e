//! The figures counted a second way: from the documents, with loops, as slowly and plainly as can be.

use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use followupd::core::calendar::local_date;
use followupd::core::case::Case;
use followupd::core::figures::weekly::{Counts, Outlook};
use followupd::core::figures::{Change, Halves};
use followupd::core::follow_up::*;
use followupd::core::policy::Policy;
use followupd::core::register::{Exemption, Phase};
use followupd::core::timescale::{Level, outlook_of};
use std::collections::BTreeMap;

/// All cases and the instant that they are counted at.
pub struct Naive<'a> {
    pub cases: &'a [Case],
    pub now: DateTime<Utc>,
    pub policy: &'a Policy,
}

pub fn service(follow_up: &FollowUp) -> String {
    follow_up.service.clone().unwrap_or_else(|| "Service not known".to_owned())
}

impl Naive<'_> {
    pub fn today(&self) -> NaiveDate {
        local_date(self.now, self.policy.zone)
    }

    pub fn of(&self, kind: FollowUpKind) -> impl Iterator<Item = (&Case, &FollowUp)> {
        self.cases.iter().flat_map(move |c| c.follow_ups.iter().filter(move |f| f.kind == kind).map(move |f| (c, f)))
    }

    pub fn clarifications(&self) -> impl Iterator<Item = (&Case, &FollowUp)> {
        self.of(FollowUpKind::Clarification)
    }

    pub fn first_full(follow_up: &FollowUp) -> Option<DateTime<Utc>> {
        let replies = follow_up.rounds.iter().flat_map(|r| &r.replies);
        replies.filter(|r| r.doubt.is_none() && !r.set_aside).map(|r| r.received_at).next()
    }

    pub fn came_on(&self, follow_up: &FollowUp) -> Option<NaiveDate> {
        Self::first_full(follow_up).map(|at| local_date(at, self.policy.zone))
    }

    fn last_full(follow_up: &FollowUp) -> Option<DateTime<Utc>> {
        let mut replies = follow_up.rounds.last().unwrap().replies.iter();
        replies.rfind(|r| r.doubt.is_none() && !r.set_aside).map(|r| r.received_at)
    }

    fn both(&self, counts: impl Fn(&FollowUp, DateTime<Utc>) -> bool) -> Change {
        let at = |when| self.clarifications().filter(|(_, f)| counts(f, when)).count() as u64;
        Change { now: at(self.now), before: at(self.now - Duration::days(7)) }
    }

    pub fn counts(&self) -> Counts {
        let week = Duration::days(7);
        let is_now = |when| when == self.now;
        let lives = |f: &FollowUp, at| f.opened_at <= at && f.ended_at.is_none_or(|end| end > at);
        let open = self.both(|f, at| if is_now(at) { f.stage.is_open() } else { lives(f, at) });
        let overdue = self.both(|f, at| {
            if is_now(at) {
                return f.is_overdue(at, self.policy);
            }
            let day = local_date(at, self.policy.zone);
            lives(f, at)
                && f.due_on().is_some_and(|due| due < day)
                && Self::last_full(f).is_none_or(|received| received > at)
        });
        let unreviewed = self.both(|f, at| {
            if is_now(at) {
                f.stage == Stage::Received
            } else {
                lives(f, at) && Self::last_full(f).is_some_and(|r| r <= at)
            }
        });
        let within = |when: Option<DateTime<Utc>>, at: DateTime<Utc>| when.is_some_and(|w| w > at - week && w <= at);
        let advice = |at: DateTime<Utc>| {
            let (today, is_now) = (local_date(at, self.policy.zone), is_now(at));
            self.advice()
                .filter(|f| f.due_on().is_some_and(|due| due < today))
                .filter(|f| if is_now { f.ended_at.is_none() } else { f.ended_at.is_none_or(|end| end > at) })
                .filter(|f| self.came_on(f).is_none_or(|on| !is_now && on > today))
                .count() as u64
        };
        let plans = |to: NaiveDate| {
            let on = |c: &&Case| {
                c.register.requested_on.is_some()
                    && c.register.final_on.is_some_and(|d| d > to - Days::new(7) && d <= to)
            };
            self.cases.iter().filter(on).count() as u64
        };
        let (today, before) = (self.today(), self.today() - Days::new(7));
        Counts {
            open,
            overdue,
            opened: self.both(|f, at| within(Some(f.opened_at), at)),
            answered: self.both(|f, at| within(Self::first_full(f), at)),
            closed: self.both(|f, at| f.stage == Stage::Closed && within(f.ended_at, at)),
            unreviewed,
            advice_overdue: Change { now: advice(self.now), before: advice(self.now - week) },
            plans: Change { now: plans(today), before: plans(before) },
        }
    }

    /// Advice requests that count for the return.
    pub fn advice(&self) -> impl Iterator<Item = &FollowUp> {
        let counts = |f: &FollowUp| {
            let needed = f.stage != Stage::Cancelled || f.outcome.is_some();
            needed && !matches!(f.outcome, Some(Outcome::NotSought | Outcome::DisputeUpheld))
        };
        self.of(FollowUpKind::AdviceRequest).map(|(_, f)| f).filter(move |f| counts(f))
    }

    /// Service → asked, due, in time, late, outstanding, excepted, not known.
    pub fn returns(&self, from: NaiveDate, to: NaiveDate) -> BTreeMap<String, [u64; 7]> {
        let mut services: BTreeMap<String, [u64; 7]> = BTreeMap::new();
        for case in self.cases {
            let excepted = case.register.exemptions.iter().any(|e: &Exemption| e.phase == Phase::Advice);
            for f in &case.follow_ups {
                if f.kind != FollowUpKind::AdviceRequest
                    || f.stage == Stage::Cancelled && f.outcome.is_none()
                    || matches!(f.outcome, Some(Outcome::NotSought | Outcome::DisputeUpheld))
                {
                    continue;
                }
                let (asked, due) = (f.rounds[0].day_zero.unwrap(), f.rounds[0].original_due.unwrap());
                let (was_asked, was_due) = (asked >= from && asked <= to, due >= from && due <= to);
                if !was_asked && !was_due {
                    continue;
                }
                let entry = services.entry(service(f)).or_default();
                entry[0] += u64::from(was_asked);
                if !was_due {
                    continue;
                }
                entry[1] += 1;
                entry[6] += u64::from(f.not_known_on.is_some());
                match self.came_on(f) {
                    Some(on) if on <= due => {
                        entry[2] += 1;
                        continue;
                    }
                    Some(_) => entry[3] += 1,
                    None => entry[4] += 1,
                }
                entry[5] += u64::from(excepted);
            }
        }
        services
    }

    pub fn median(mut days: Vec<i64>) -> Option<Halves> {
        days.sort_unstable();
        let n = days.len();
        (n > 0).then(|| Halves(days[n / 2] + days[(n - 1) / 2]))
    }

    /// How many cases are followed up, or registered, without the day of their request.
    pub fn without_request(&self) -> u64 {
        let lives = |c: &&Case| {
            let is_followed_up = c.reference.is_some() && c.follow_ups.iter().any(|f| f.stage.is_open());
            c.register.requested_on.is_none() && (c.register.opened_on.is_some() || is_followed_up)
        };
        self.cases.iter().filter(|c| !c.register.is_over()).filter(lives).count() as u64
    }

    /// How many registered cases stand so; late ones by whether a year has passed.
    pub fn outlooks(&self) -> BTreeMap<(Outlook, bool), u64> {
        let mut counts = BTreeMap::new();
        for case in self.cases.iter().filter(|c| c.register.opened_on.is_some() && !c.register.is_over()) {
            let Some(requested_on) = case.register.requested_on else { continue };
            let outlook = match outlook_of(case, self.today(), self.policy).unwrap().level {
                Level::Late => Outlook::Late,
                Level::WillSlip => Outlook::WillSlip,
                Level::AtRisk => Outlook::AtRisk,
                Level::OnTrack => Outlook::OnTrack,
            };
            let year = (self.today() - requested_on).num_days() >= 365;
            *counts.entry((outlook, outlook == Outlook::Late && year)).or_insert(0) += 1;
        }
        counts
    }
}
