//! The figures of the weekly report to SEND managers (`domain.md` 3.7), section by section.

use super::{Change, Halves, Month, Need, Returns, Scope, Share, YearOfIssue};
use crate::core::calendar::Closure;
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

/// Everything that the weekly report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weekly {
    /// Whose, and when it was counted.
    pub scope: Scope,
    /// What needs a SEND manager; all of it, the first screen chooses.
    pub needs: Vec<Need>,
    /// Section 1.
    pub health: Machine,
    /// Section 2.
    pub counts: Counts,
    /// Section 2: what ONE's last export says otherwise; `None` before there was one.
    pub one: Option<OneDifferences>,
    /// Section 3.
    pub clarifications: Clarifications,
    /// Section 4.
    pub advice: Advice,
    /// Section 5.
    pub draft_checks: DraftChecks,
    /// Section 6.
    pub timescales: Timescales,
    /// Section 7, co-ordinators.
    pub coordinators: Vec<League>,
    /// Section 7, services.
    pub services: Vec<League>,
    /// Section 8, the most frequent first.
    pub reasons: Vec<Reason>,
    /// Section 9.
    pub mail: Vec<Waiting>,
    /// Section 10.
    pub rounds: Vec<AssessmentRound>,
    /// Section 11.
    pub closures: Vec<Closure>,
    /// Section 11: running windows that a change of the calendar has moved in the last week.
    pub moved: Vec<MovedDate>,
    /// The 20-week measure, newest year first.
    pub twenty_weeks: Vec<YearOfIssue>,
}

/// Where ONE's last export and the register differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneDifferences {
    /// The day of the import.
    pub on: NaiveDate,
    /// One difference each, by reference.
    pub lines: Vec<String>,
}

/// A running window whose last day a change of the calendar has moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedDate {
    /// The day of the change.
    pub on: NaiveDate,
    /// The authority's reference of the case, or the follow-up's.
    pub case: String,
    /// Reference of the follow-up.
    pub follow_up: String,
    /// Address of the co-ordinator.
    pub coordinator: String,
    /// The last day before.
    pub was: NaiveDate,
    /// The last day now.
    pub is: NaiveDate,
}

/// How the service itself is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Machine {
    /// When the mailbox was last looked at, local.
    pub mailbox_seen_at: Option<NaiveDateTime>,
    /// The last heartbeat, local.
    pub beat_at: Option<NaiveDateTime>,
    /// Deliveries that wait for the relay.
    pub queued: u64,
    /// Deliveries that the relay refused in the last week.
    pub undeliverable: u64,
    /// Mail that needs a person.
    pub unmatched: u64,
    /// Up to where the holidays have been held against the published list.
    pub holidays_to: Option<NaiveDate>,
    /// What the operators should look at.
    pub warnings: Vec<String>,
}

/// Headline counts against last week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Clarifications that are open.
    pub open: Change,
    /// Of those, past their window without an answer.
    pub overdue: Change,
    /// Opened in the last seven days.
    pub opened: Change,
    /// First answered in the last seven days.
    pub answered: Change,
    /// Closed in the last seven days.
    pub closed: Change,
    /// Answers that wait for their co-ordinator.
    pub unreviewed: Change,
    /// Advice past its six weeks.
    pub advice_overdue: Change,
    /// Final plans issued in the last seven days.
    pub plans: Change,
}

/// Section 3.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clarifications {
    /// Windows that close on each working day of this week.
    pub closing: Vec<(NaiveDate, u64)>,
    /// Overdue, the longest first; as many as the sheet holds.
    pub overdue: Vec<Overdue>,
    /// Overdue by service, the most first.
    pub overdue_by_service: Vec<(String, u64)>,
    /// Open ones by the highest level told: none, line manager, second level, SEND manager.
    pub by_level: [u64; 4],
    /// Open ones in their second round or a later one.
    pub later_rounds: u64,
    /// Answers that wait for their co-ordinator, the longest first.
    pub unreviewed: Vec<Unreviewed>,
    /// Open ones whose date was moved.
    pub extended: u64,
    /// Open ones of option 2 without a manager's agreement.
    pub not_agreed: u64,
    /// Open ones that name no case.
    pub without_case: u64,
}

/// A clarification past its window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// Reference of the follow-up.
    pub follow_up: String,
    /// The authority's reference of the case, or "no case".
    pub case: String,
    /// The service asked.
    pub service: String,
    /// Who decides.
    pub coordinator: String,
    /// The last day of the window.
    pub due_on: NaiveDate,
    /// Working days since.
    pub days: i64,
    /// The highest level told.
    pub level: u64,
    /// Which round.
    pub round: u64,
}

/// An answer that waits for its co-ordinator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreviewed {
    /// Reference of the follow-up.
    pub follow_up: String,
    /// The authority's reference of the case, or "no case".
    pub case: String,
    /// Who decides.
    pub coordinator: String,
    /// When it came.
    pub received_on: NaiveDate,
    /// Working days since.
    pub days: i64,
}

/// Section 4: advice at six weeks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Advice {
    /// The weeks that `services` is about: first and last day.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// By service.
    pub services: Vec<Returns>,
    /// The last twelve months, oldest first.
    pub months: Vec<Month>,
    /// Late or outstanding with a recorded ground or narrative.
    pub exceptions: Vec<super::Exception>,
    /// Cases with such a reason that the list does not hold.
    pub cases_unread: u64,
}

impl Advice {
    /// All services together.
    pub fn share(&self) -> Share {
        Returns::together(&self.services).share()
    }
}

/// Section 5.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftChecks {
    /// Open.
    pub open: u64,
    /// Answered with feedback in the last seven days.
    pub feedback: u64,
    /// Confirmed ("NO CHANGES") in the last seven days.
    pub confirmed: u64,
    /// Ended without an answer in the last seven days; no breach.
    pub no_reply: u64,
    /// Feedback whose line manager was not copied in.
    pub manager_not_copied: u64,
    /// Cases whose plan draft has to be issued anew.
    pub reissue: Vec<String>,
}

/// How a case stands against week 20.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outlook {
    /// Week 20 has passed.
    Late,
    /// Even the best case misses week 20.
    WillSlip,
    /// The expected date misses it, or comes near.
    AtRisk,
    /// In time.
    OnTrack,
}

/// A case on its way to week 20.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// The authority's reference.
    pub case: String,
    /// Who owns it.
    pub coordinator: String,
    /// How it stands.
    pub outlook: Outlook,
    /// The day of the request.
    pub requested_on: NaiveDate,
    /// Week 20 in law.
    pub week_20: NaiveDate,
    /// When the final plan is expected.
    pub expected_on: Option<NaiveDate>,
    /// The last date that parents were told.
    pub told: Option<NaiveDate>,
}

/// A statutory date in the next three weeks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// The authority's reference.
    pub case: String,
    /// Who owns it.
    pub coordinator: String,
    /// 6, 16 or 20.
    pub week: u64,
    /// The date to meet.
    pub planning_due: NaiveDate,
    /// The date in law.
    pub legal_due: NaiveDate,
}

/// Notices to parents in the last seven days, and what hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Notices {
    /// Sent.
    pub sent: u64,
    /// Before their co-ordinator, or held by somebody.
    pub held: u64,
    /// Stopped by a co-ordinator.
    pub vetoed: u64,
    /// Refused by the relay or bounced.
    pub undeliverable: u64,
    /// To be sent by post.
    pub by_post: u64,
    /// Families whose told date has passed without the plan.
    pub told_passed: u64,
    /// Mails of parents that wait for an answer.
    pub unanswered: u64,
    /// Of those, past the day by which they were to be answered.
    pub unanswered_late: u64,
}

/// Section 6.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timescales {
    /// Expected to miss week 20, or near it.
    pub at_risk: u64,
    /// Certain to miss it.
    pub will_slip: u64,
    /// Past week 20, not a year old.
    pub late: u64,
    /// Past week 52.
    pub late_over_a_year: u64,
    /// Open cases whose date of request is not known: no projection.
    pub without_request: u64,
    /// The cases that are not on track, the worst first; as many as the sheet holds.
    pub timelines: Vec<Timeline>,
    /// Weeks 6, 16 and 20 of the next three weeks, the next first.
    pub milestones: Vec<Milestone>,
    /// Notices to parents.
    pub notices: Notices,
}

/// One line of section 7.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct League {
    /// A co-ordinator or a service.
    pub name: String,
    /// Open follow-ups.
    pub open: u64,
    /// Of those overdue.
    pub overdue: u64,
    /// Closed in the last thirteen weeks.
    pub closed: u64,
    /// Median working days from request to answer, of those answered in the last thirteen weeks.
    pub median: Option<Halves>,
}

/// One line of section 8.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reason {
    /// The code behind `Why:`, or "no reason given".
    pub code: String,
    /// Asked in the last seven days, and in the seven before.
    pub asked: Change,
    /// Asked in the last thirteen weeks.
    pub quarter: u64,
}

/// Mail that needs a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// `MSG-…`.
    pub message: String,
    /// The mail domain of its sender; the address may hold a family's name.
    pub domain: String,
    /// The day it came.
    pub on: NaiveDate,
    /// How many follow-ups it could belong to.
    pub candidates: u64,
}

/// An open round of the self-assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssessmentRound {
    /// Its name.
    pub name: String,
    /// Providers asked.
    pub providers: u64,
    /// Of those whose answer is complete.
    pub complete: u64,
    /// The last day.
    pub closes_on: NaiveDate,
}
