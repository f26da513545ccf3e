//! One projection of a case: the dates of its steps and the words that derive them (`domain.md` 3.5).
//!
//! Each date is a maximum of earlier ones plus a length, so nothing that comes later can make a plan come sooner.

use super::{Awaited, Derived, PlanDraft, Progress, Projection, Reissue, Rules, Standing};
use crate::core::policy::{Consultation, Durations};
use crate::core::wording::short_date_near;
use chrono::{Days, NaiveDate};

/// What is likely: usual durations, overdue advice in some days, consultation as the authority does it.
pub(super) fn expected(progress: &Progress, rules: Rules) -> Projection {
    let way = Way {
        durations: rules.timescales.durations.clone(),
        overdue: rules.timescales.overdue,
        consult: progress.consult,
        unrecorded: Unrecorded::NotAsked,
    };
    Path { progress, rules, way }.walk()
}

/// What is possible: shortest durations, overdue advice tomorrow, schools consulted in the parents' days.
pub(super) fn best(progress: &Progress, rules: Rules) -> Projection {
    let way = Way {
        durations: shorter(&rules.timescales.shortest, &rules.timescales.durations),
        overdue: rules.timescales.overdue.min(1),
        consult: Consultation::Parallel,
        unrecorded: Unrecorded::Here,
    };
    Path { progress, rules, way }.walk()
}

/// A duration that operators made longer at best than usual is no longer than usual.
fn shorter(a: &Durations, b: &Durations) -> Durations {
    Durations {
        review: a.review.min(b.review),
        write: a.write.min(b.write),
        quality: a.quality.min(b.quality),
        amend: a.amend.min(b.amend),
        finalise: a.finalise.min(b.finalise),
    }
}

/// What a case without any record of advice is taken to mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unrecorded {
    /// Nobody has been asked.
    NotAsked,
    /// It was asked for and came elsewhere: what was not recorded must not alarm a family.
    Here,
}

/// In what the two projections differ.
struct Way {
    durations: Durations,
    overdue: u32,
    consult: Consultation,
    unrecorded: Unrecorded,
}

struct Path<'a> {
    progress: &'a Progress,
    rules: Rules<'a>,
    way: Way,
}

impl Path<'_> {
    fn walk(&self) -> Projection {
        let advice = self.advice();
        let draft = self.draft(&advice);
        let checks = self.checks(&draft);
        let reissue = self.reissue(&checks);
        let served = reissue.as_ref().unwrap_or(&draft);
        let parents = self.parents(served);
        let consultation = self.consultation(served, &parents);
        let final_plan = self.final_plan(&parents, &consultation, &checks);
        Projection { advice, draft, checks, reissue, parents, consultation, final_plan }
    }

    /// The day on which the last of what the plan draft waits for is there.
    fn advice(&self) -> Derived {
        let last = self.progress.awaited.iter().map(|awaited| self.ready(awaited)).max_by_key(|derived| derived.on);
        last.unwrap_or_else(|| match self.way.unrecorded {
            Unrecorded::NotAsked => self.unasked("no advice is recorded yet"),
            Unrecorded::Here => self.derived(self.progress.today, "no advice is recorded; taken as here"),
        })
    }

    fn ready(&self, awaited: &Awaited) -> Derived {
        let what = &awaited.what;
        match awaited.standing {
            Standing::NotAsked => self.unasked(&format!("{what}: not asked for yet")),
            Standing::Due(due) if due >= self.progress.today => self.derived(due, format!("{what}: due")),
            Standing::Due(due) => self.overdue(what, due),
            Standing::Received(on) => self.derived(on, format!("{what}: received")),
            Standing::Accepted(on) => self.derived(on, format!("{what}: accepted")),
        }
    }

    fn unasked(&self, why: &str) -> Derived {
        let window = self.rules.advice_window;
        self.derived(later(self.progress.today, window), format!("{why}; today + {window} days"))
    }

    fn overdue(&self, what: &str, due: NaiveDate) -> Derived {
        let days = self.way.overdue;
        let on = self.working_days(self.progress.today, days);
        self.derived(on, format!("{what}: overdue since {}; today + {days} wd", self.words(due)))
    }

    fn draft(&self, advice: &Derived) -> Derived {
        let today = self.progress.today;
        match self.progress.draft {
            PlanDraft::Issued { on, .. } => self.derived(on, "issued"),
            PlanDraft::Written => {
                let checked = self.progress.checks.iter().copied().max().unwrap_or(today).max(today);
                // What was asked for and is not there yet may change the draft; what was never recorded may not.
                if !self.progress.awaited.is_empty() && advice.on > checked {
                    return self
                        .after(advice.on, &[(self.way.durations.amend, "amending when the last advice is there")]);
                }
                self.after(checked, &[(self.way.durations.amend, "amending after the advisers' check")])
            }
            PlanDraft::Unwritten => {
                let Durations { review, write, quality, .. } = self.way.durations;
                let steps = [(review, "reading"), (write, "writing"), (quality, "quality check")];
                self.after(advice.on.max(today), &steps)
            }
        }
    }

    /// Until the plan draft has gone out, the checks are thought to begin with it.
    fn checks(&self, draft: &Derived) -> Derived {
        match self.progress.draft {
            PlanDraft::Issued { on, .. } => match self.progress.checks.iter().max() {
                Some(&due) => self.derived(due.max(on), "last day of the open checks"),
                None => self.derived(on, "no check is open"),
            },
            PlanDraft::Written => self.derived(draft.on, "checked before it is issued"),
            PlanDraft::Unwritten => self.after(draft.on, &[(self.rules.check_window, "for the advisers")]),
        }
    }

    fn reissue(&self, checks: &Derived) -> Option<Derived> {
        match self.progress.draft {
            PlanDraft::Issued { reissue: Reissue::Pending, .. } => {
                let from = checks.on.max(self.progress.today);
                Some(self.after(from, &[(self.way.durations.amend, "amending")]))
            }
            PlanDraft::Issued { reissue: Reissue::None, .. } | PlanDraft::Written | PlanDraft::Unwritten => None,
        }
    }

    /// Calendar days, the day of service being the first (regulation 13(1)(a)).
    fn parents(&self, served: &Derived) -> Derived {
        let days = self.rules.timescales.parents;
        let why = format!("{days} days from {}, that day included", self.words(served.on));
        self.derived(later(served.on, days.saturating_sub(1)), why)
    }

    fn consultation(&self, served: &Derived, parents: &Derived) -> Derived {
        let days = self.rules.timescales.consultation;
        let (from, how) = match self.way.consult {
            Consultation::Sequential => (parents.on, "after the parents' days"),
            Consultation::Parallel => (served.on, "in the parents' days"),
        };
        self.derived(later(from, days), format!("{} + {days} days, {how}", self.words(from)))
    }

    /// Never before the day after the parents' last, and never in the past.
    fn final_plan(&self, parents: &Derived, consultation: &Derived, checks: &Derived) -> Derived {
        let finalise = (self.way.durations.finalise, "finalising");
        let first = parents.on.max(consultation.on).max(checks.on);
        let open = self.rules.calendar.on_or_after(parents.on.succ_opt().unwrap_or(parents.on));
        let planned = self.after(first, &[finalise]);
        let planned = if planned.on < open { self.derived(open, "the day after the parents' last") } else { planned };
        if planned.on >= self.progress.today {
            return planned;
        }
        let why = format!("{}; that has gone by, so today at the earliest", planned.why);
        self.derived(self.rules.calendar.on_or_after(self.progress.today), why)
    }

    /// A date some working days after another, in so many steps.
    fn after(&self, from: NaiveDate, steps: &[(u32, &str)]) -> Derived {
        let days = steps.iter().fold(0_u32, |sum, (days, _)| sum.saturating_add(*days));
        let parts: Vec<String> =
            steps.iter().filter(|(days, _)| *days > 0).map(|(days, what)| format!(" + {days} wd {what}")).collect();
        self.derived(self.working_days(from, days), format!("{}{}", self.words(from), parts.concat()))
    }

    /// The n-th working day after `from`; with n = 0 the day itself, or the next one that counts.
    fn working_days(&self, from: NaiveDate, n: u32) -> NaiveDate {
        let calendar = self.rules.calendar;
        if n == 0 { calendar.on_or_after(from) } else { calendar.add_working_days(from, n) }
    }

    fn derived(&self, on: NaiveDate, why: impl Into<String>) -> Derived {
        Derived { on, why: why.into() }
    }

    fn words(&self, date: NaiveDate) -> String {
        short_date_near(date, self.progress.today)
    }
}

/// So many calendar days later.
fn later(date: NaiveDate, days: u32) -> NaiveDate {
    date.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}
