//! When will the plan be final, and will that be in time? Two projections of a case and what follows from them
//! (`domain.md` 3.5).
//!
//! Total and free of side effects: it knows no case, no parent and no letter, only dates. An exemption moves no date
//! here; it excuses a missed one.

pub mod age;
pub mod exemption;
mod of_case;
mod project;
#[cfg(test)]
mod tests;
mod told;

pub use of_case::{limits_of, outlook_of, progress};
pub use told::told_date;

use super::calendar::{Calendar, StatutoryDue, statutory_weeks};
use super::policy::{Consultation, Timescales};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The rules that the projections follow.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Working days.
    pub calendar: &'a Calendar,
    /// Durations, weeks and margins.
    pub timescales: &'a Timescales,
    /// Calendar days in which advice is due once it has been asked for: 42.
    pub advice_window: u32,
    /// Working days in which advisers check a plan draft: 5.
    pub check_window: u32,
}

/// Where one piece of advice, or a clarification of it, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has been asked yet.
    NotAsked,
    /// Asked for, due on this day.
    Due(NaiveDate),
    /// It came on this day, to be judged by the co-ordinator.
    Received(NaiveDate),
    /// The co-ordinator accepted it on this day.
    Accepted(NaiveDate),
}

/// Something that the plan draft waits for: advice, or its clarification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// As staff know it: "advice from Speech and language therapy". Stands in derivations, never before a parent.
    pub what: String,
    /// Where it stands.
    pub standing: Standing,
}

/// Whether a change that neither a parent nor the placement asked for is still to be served (CoP 9.125).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reissue {
    /// No such change is known.
    None,
    /// It is being made: the plan draft is served anew and the parents' days begin again.
    Pending,
}

/// How far the plan draft is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanDraft {
    /// It waits for advice or is being written.
    Unwritten,
    /// Advisers look at it before parents get it.
    Written,
    /// It was served on the parents.
    Issued {
        /// The last time.
        on: NaiveDate,
        /// Whether it has to be served again.
        reissue: Reissue,
    },
}

/// Whether a recorded exemption excuses missing week 20 (regulation 13(3)); it moves no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exempt {
    /// None is recorded.
    No,
    /// One is.
    Yes,
}

/// What is known of a case whose plan is still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// R: the day on which the authority received the request.
    pub requested_on: NaiveDate,
    /// Local date of the evaluation.
    pub today: NaiveDate,
    /// Advice and clarifications that the plan draft needs. Empty: nothing has been recorded yet.
    pub awaited: Vec<Awaited>,
    /// How far the plan draft is.
    pub draft: PlanDraft,
    /// Last days of the draft checks that are still open.
    pub checks: Vec<NaiveDate>,
    /// When schools are consulted.
    pub consult: Consultation,
    /// The date that the co-ordinator has given (`NEW DATE`).
    pub promised: Option<NaiveDate>,
    /// Whether missing week 20 is excused.
    pub exempt: Exempt,
}

/// A date and how it comes about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The day.
    pub on: NaiveDate,
    /// "Thu 3 Sep + 2 wd reading + 5 wd writing + 2 wd quality check".
    pub why: String,
}

/// One projection: each step of a plan, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// Everything that the plan draft waits for is there.
    pub advice: Derived,
    /// The plan draft is served on the parents for the first time, or was for the last.
    pub draft: Derived,
    /// The advisers' check of it ends.
    pub checks: Derived,
    /// It is served again.
    pub reissue: Option<Derived>,
    /// The parents' last day (the 15th) for their comments.
    pub parents: Derived,
    /// The schools' last day.
    pub consultation: Derived,
    /// The final plan is sent.
    pub final_plan: Derived,
}

impl Projection {
    /// All steps with the names that staff read.
    pub fn steps(&self) -> Vec<(&'static str, &Derived)> {
        let steps = [
            ("advice complete", Some(&self.advice)),
            ("plan draft", Some(&self.draft)),
            ("draft checks end", Some(&self.checks)),
            ("plan draft again", self.reissue.as_ref()),
            ("parents' last day", Some(&self.parents)),
            ("consultation ends", Some(&self.consultation)),
            ("final plan", Some(&self.final_plan)),
        ];
        steps.into_iter().filter_map(|(name, step)| step.map(|step| (name, step))).collect()
    }
}

/// The dates that the law sets, and what staff plan with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The decision whether to assess is notified (regulation 5(1)): week 6.
    pub decision: StatutoryDue,
    /// The decision that there will be no plan is notified (regulation 10(1)): week 16.
    pub no_plan: StatutoryDue,
    /// The final plan is sent (regulation 13(2)): week 20.
    pub final_plan: StatutoryDue,
}

impl Limits {
    /// The limits of a request that was received on `requested_on`.
    pub fn of(requested_on: NaiveDate, rules: Rules) -> Self {
        // Decision, advice, plan draft, no-plan notice, final plan: the second and third are targets, not law.
        let weeks = |place: usize, usual: u32| rules.timescales.weeks.get(place).copied().unwrap_or(usual);
        let limit = |weeks| statutory_weeks(requested_on, weeks, rules.calendar);
        Self { decision: limit(weeks(0, 6)), no_plan: limit(weeks(3, 16)), final_plan: limit(weeks(4, 20)) }
    }
}

/// How a case stands against week 20, worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Even the expected date leaves some days.
    OnTrack,
    /// The expected date comes close to the limit or misses it, the best case does not. Staff only.
    AtRisk,
    /// Even the best case misses it, or the co-ordinator has said so: parents are told.
    WillSlip,
    /// It has passed: parents are always told.
    Late,
}

impl Level {
    /// As staff read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::OnTrack => "on track",
            Self::AtRisk => "at risk",
            Self::WillSlip => "will be late",
            Self::Late => "late",
        }
    }
}

/// Everything that can be said about the timescale of a case today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The dates of the law.
    pub limits: Limits,
    /// What is likely.
    pub expected: Projection,
    /// What is possible if nothing more goes wrong.
    pub best: Projection,
    /// How the case stands.
    pub level: Level,
    /// Whether a miss is excused; never inferred, only recorded.
    pub exempt: Exempt,
    /// The date that parents would be told today: the co-ordinator's until it has gone by, else the expected one with
    /// its margin.
    pub told: NaiveDate,
}

impl Outlook {
    /// Calendar days by which the expected date misses week 20; negative when it leaves some.
    pub fn days_over(&self) -> i64 {
        self.expected.final_plan.on.signed_duration_since(self.limits.final_plan.legal_due).num_days()
    }

    /// "will be late (exemption recorded)".
    pub fn words(&self) -> String {
        match self.exempt {
            Exempt::No => self.level.words().to_owned(),
            Exempt::Yes => format!("{} (exemption recorded)", self.level.words()),
        }
    }
}

/// Works out both projections and how the case stands.
pub fn outlook(progress: &Progress, rules: Rules) -> Outlook {
    let limits = Limits::of(progress.requested_on, rules);
    let expected = project::expected(progress, rules);
    let best = project::best(progress, rules);
    let level = level(progress, &limits, &expected, &best, rules);
    let promised = progress.promised.filter(|date| *date >= progress.today);
    let told = promised.unwrap_or_else(|| told_date(expected.final_plan.on, rules));
    Outlook { limits, expected, best, level, exempt: progress.exempt, told }
}

fn level(progress: &Progress, limits: &Limits, expected: &Projection, best: &Projection, rules: Rules) -> Level {
    let limit = limits.final_plan;
    let safe = rules.calendar.sub_working_days(limit.planning_due, rules.timescales.buffer);
    if progress.today > limit.legal_due {
        return Level::Late;
    }
    // What a person has promised, and can still keep, goes before what is reckoned.
    let will_slip = match progress.promised.filter(|date| *date >= progress.today || *date > limit.legal_due) {
        Some(promised) => promised > limit.legal_due,
        None => best.final_plan.on > limit.legal_due,
    };
    if will_slip {
        return Level::WillSlip;
    }
    if expected.final_plan.on > safe { Level::AtRisk } else { Level::OnTrack }
}
