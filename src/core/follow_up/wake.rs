//! When the clock brings something for a follow-up, and what. Hours: `domain.md` 8, "When each letter goes".

use super::{FollowUp, FollowUpKind, Origin, Round, Stage};
use crate::core::calendar::{at_local, local_date};
use crate::core::policy::{CheckClose, Policy};
use crate::core::review::second_notice;
use chrono::{DateTime, Days, NaiveDate, Utc};

/// What the clock will bring next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WakeReason {
    /// One reminder to the adviser before the close.
    Reminder,
    /// The escalation of this level.
    Escalation(u32),
}

/// When the clock will bring it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wake {
    /// The first instant at which it may happen.
    pub at: DateTime<Utc>,
    /// What.
    pub reason: WakeReason,
}

impl FollowUp {
    /// What the clock brings next for this follow-up, and when; `None` when it waits for a person only.
    ///
    /// Hours: `domain.md` 8, "When each letter goes".
    pub fn wake(&self, policy: &Policy) -> Option<Wake> {
        if !self.awaits_answer() {
            return None;
        }
        let round = self.round()?;
        let due_on = round.due_on?;
        self.reminder_wake(round, due_on, policy).or_else(|| self.escalation_wake(round, due_on, policy))
    }

    fn escalation_wake(&self, round: &Round, due_on: NaiveDate, policy: &Policy) -> Option<Wake> {
        if self.keeps_silence_open(policy) {
            return None;
        }
        let level = round.level() + 1;
        if level > self.kind.levels(policy) {
            return None;
        }
        let mut at = self.first_escalation(due_on, policy);
        if let Some(last) = round.escalations.last() {
            let again = self.kind.next_level(local_date(last.at, policy.zone), policy);
            at = at.max(at_local(again, policy.escalation.at, policy.zone));
        }
        if let Some(pause) = &round.pause {
            at = at.max(pause.until);
        }
        Some(Wake { at, reason: WakeReason::Escalation(level) })
    }

    fn reminder_wake(&self, round: &Round, due_on: NaiveDate, policy: &Policy) -> Option<Wake> {
        let settled_on = round.reminder_settled_at.map(|at| local_date(at, policy.zone));
        if !round.escalations.is_empty() || self.stage == Stage::Declined {
            return None;
        }
        let open =
            |day: &NaiveDate| round.day_zero.is_some_and(|zero| *day > zero) && settled_on.is_none_or(|on| on < *day);
        // An adviser who has written, or was reminded, is not reminded again; a form that is half filled is.
        let once = self.kind != FollowUpKind::AssessmentReturn;
        if once && (settled_on.is_some() || !round.replies.is_empty()) {
            return None;
        }
        let day = self.kind.reminders(due_on, policy).into_iter().find(open)?;
        Some(Wake { at: at_local(day, policy.escalation.at, policy.zone), reason: WakeReason::Reminder })
    }

    /// The hour at which the first person is told after a window that closes on `due_on`: 08:00 of the next working
    /// day; 12:00 when the service did not send the request, for the answer may have gone to the co-ordinator alone,
    /// and for draft checks, whose one mail a manager and day waits for all of that morning.
    pub fn first_escalation(&self, due_on: NaiveDate, policy: &Policy) -> DateTime<Utc> {
        let hour = match self.origin {
            Origin::Sent if !self.ends_in_silence(policy) => policy.escalation.at,
            Origin::Sent | Origin::CopiedIn | Origin::Elsewhere => policy.escalation.copied_in_at,
        };
        at_local(self.kind.first_level(due_on, policy).max(self.asked_about_first(policy)), hour, policy.zone)
    }

    /// Of what the service did not send itself the Today mail asks before anybody is accused (`commands.md` 2). What was
    /// recorded when it was overdue already stands there on the next working morning, and escalates a working day later.
    fn asked_about_first(&self, policy: &Policy) -> NaiveDate {
        let opened = local_date(self.opened_at, policy.zone);
        match self.origin {
            Origin::Sent => opened,
            Origin::CopiedIn | Origin::Elsewhere => policy.calendar.add_working_days(opened, 2),
        }
    }

    /// Whether it ends when its window closes without a word: the silence of a draft check is no breach, unless
    /// operators want it escalated.
    pub fn ends_in_silence(&self, policy: &Policy) -> bool {
        self.kind == FollowUpKind::DraftCheck && policy.draft_check.on_close != CheckClose::Escalate
    }

    /// Whether something has come that nobody has judged, where silence would end it: then nothing is taken for granted,
    /// and it stays before the co-ordinator.
    fn keeps_silence_open(&self, policy: &Policy) -> bool {
        self.ends_in_silence(policy) && self.round().is_some_and(|r| r.standing_replies().next().is_some())
    }

    /// Where it stands while its window runs.
    pub fn running(&self, policy: &Policy) -> Stage {
        if self.keeps_silence_open(policy) { Stage::RepliedThin } else { Stage::Open }
    }

    /// Until when a doubtful reply lets the escalation sleep: 08:00 of the 2nd working day after the close.
    pub fn pause_end(&self, due_on: NaiveDate, policy: &Policy) -> DateTime<Utc> {
        let day = policy.calendar.add_working_days(due_on, policy.escalation.thin_pause);
        at_local(day, policy.escalation.at, policy.zone)
    }
}

/// Working days after the close of an assessment round's window until the ICB's lead is told (`domain.md` 4.3).
const ASSESSMENT_GRACE: u32 = 2;
/// Working days before the close on which a provider is reminded (`domain.md` 4.3).
const ASSESSMENT_REMINDERS: [u32; 2] = [5, 1];
/// Working days before its date on which the owner of an action is reminded.
const ACTION_REMINDER: u32 = 5;
/// Overdue advice is told again every week (`domain.md` 3.2).
const ADVICE_REPEAT: Days = Days::new(7);

impl FollowUpKind {
    /// How many times somebody is told that it is late.
    fn levels(self, policy: &Policy) -> u32 {
        match self {
            Self::Clarification => policy.escalation.max,
            Self::AdviceRequest => u32::MAX,
            Self::DraftCheck => match policy.draft_check.on_close {
                CheckClose::Escalate => policy.escalation.max,
                CheckClose::NotifyManager | CheckClose::Silent => 1,
            },
            // Reg 20 asks for advice to a review; nobody answers for its absence to the authority.
            Self::ReviewContribution => 0,
            Self::ParentAnswer | Self::AssessmentReturn | Self::Action => 1,
        }
    }

    /// The day on which somebody is first told.
    fn first_level(self, due_on: NaiveDate, policy: &Policy) -> NaiveDate {
        match self {
            Self::AssessmentReturn => policy.calendar.add_working_days(due_on, ASSESSMENT_GRACE),
            Self::AdviceRequest
            | Self::Clarification
            | Self::DraftCheck
            | Self::ReviewContribution
            | Self::ParentAnswer
            | Self::Action => policy.calendar.next_working_day(due_on),
        }
    }

    /// The day of the next level after one on `last`.
    fn next_level(self, last: NaiveDate, policy: &Policy) -> NaiveDate {
        match self {
            Self::AdviceRequest => policy.calendar.on_or_after(last + ADVICE_REPEAT),
            Self::Clarification
            | Self::DraftCheck
            | Self::ReviewContribution
            | Self::ParentAnswer
            | Self::AssessmentReturn
            | Self::Action => policy.calendar.add_working_days(last, policy.escalation.repeat),
        }
    }

    /// The days on which whoever is asked is reminded, in order. For advice 7 calendar days before, moved back to a
    /// working day; for a clarification one working day before; never for a draft check, whose silence is no breach.
    fn reminders(self, due_on: NaiveDate, policy: &Policy) -> Vec<NaiveDate> {
        let calendar = &policy.calendar;
        match self {
            Self::Clarification if policy.windows.reminder > 0 => {
                vec![calendar.sub_working_days(due_on, policy.windows.reminder)]
            }
            Self::AdviceRequest if policy.advice.reminder > 0 => {
                let day = due_on - Days::new(u64::from(policy.advice.reminder));
                vec![if calendar.is_working(day) { day } else { calendar.sub_working_days(day, 1) }]
            }
            Self::AssessmentReturn => {
                ASSESSMENT_REMINDERS.iter().map(|&days| calendar.sub_working_days(due_on, days)).collect()
            }
            Self::Action => vec![calendar.sub_working_days(due_on, ACTION_REMINDER)],
            Self::ReviewContribution => vec![second_notice(due_on, calendar)],
            Self::Clarification | Self::AdviceRequest | Self::DraftCheck | Self::ParentAnswer => Vec::new(),
        }
    }
}
