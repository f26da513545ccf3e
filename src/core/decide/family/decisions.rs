//! Weeks 6 and 16: where operators want it (`parents.notify_for`, `domain.md` 3.8, 23), a family is told when a decision
//! is late too. No projection sees that coming: it is late when the day of the law has gone by and nothing is recorded.

use super::super::Work;
use super::notices::Wanted;
use crate::core::calendar::StatutoryDue;
use crate::core::family::{NoticeState, Question};
use crate::core::notice::{Limit, NoticeKind, OwnWords, Prompt, Situation, Telling, Told, telling};
use crate::core::timescale::{Level, Rules, limits_of, told_date};
use crate::core::wording::date_words;

/// In the order in which they fall due.
const DECISIONS: [Limit; 2] = [Limit::Decision, Limit::NoPlan];

impl Work<'_> {
    /// Prepares a letter about the first decision that is late, where one is wanted.
    pub(super) fn tell_of_decisions(&mut self, before: Option<NoticeState>) -> Option<String> {
        DECISIONS.into_iter().find_map(|limit| self.tell_of(limit, before))
    }

    /// Whether the last day of a decision has gone by without one on record. A plan draft that was issued is an answer
    /// to both; `DECISION ASSESS` to the first.
    pub(super) fn is_missed(&self, limit: Limit) -> bool {
        let register = &self.case.register;
        let is_answered = match limit {
            Limit::Decision => !register.rulings.is_empty() || register.issued_draft().is_some(),
            Limit::NoPlan => register.ruled_out().is_some() || register.issued_draft().is_some(),
            Limit::FinalPlan => register.final_on.is_some(),
        };
        let gone_by = self.due(limit).is_some_and(|due| self.rules.today() > due.legal_due);
        gone_by && !is_answered && !register.is_over()
    }

    /// The date of the law.
    pub(super) fn due(&self, limit: Limit) -> Option<StatutoryDue> {
        limits_of(&self.case, self.rules.policy).map(|limits| match limit {
            Limit::Decision => limits.decision,
            Limit::NoPlan => limits.no_plan,
            Limit::FinalPlan => limits.final_plan,
        })
    }

    fn tell_of(&mut self, limit: Limit, before: Option<NoticeState>) -> Option<String> {
        let policy = self.rules.policy;
        let due = self.due(limit)?.legal_due;
        if !policy.parents.notify_for.contains(&limit) || !self.is_missed(limit) || self.is_decision_vetoed(limit) {
            return None;
        }
        let today = self.rules.today();
        let expected = policy.calendar.add_working_days(today, policy.timescales.overdue);
        let date = told_date(expected, Rules::of(policy));
        let told = self.told_of(limit);
        let situation = Situation {
            today,
            level: Level::Late,
            limit: due,
            date,
            expected,
            prompt: Prompt::Event,
            told: &told,
            updates: &[],
            asked_on: self.case.register.family.asked_on(&[Question::Decision]),
            words: OwnWords::None,
        };
        match telling(&situation, &self.cadence()) {
            Telling::Nothing(_) | Telling::Write(NoticeKind::Update) => None,
            Telling::Write(kind) => {
                let why = self.why_late(limit);
                Some(self.prepare(&Wanted { limit, kind, date, level: Level::Late, why }, before))
            }
            Telling::AskForWords(_) | Telling::SpeakWithFamily => Some(self.ask_for_decision(limit)),
        }
    }

    /// For the co-ordinator, who may only have forgotten to record it.
    fn why_late(&self, limit: Limit) -> String {
        let reference = self.reference();
        let due = self.due(limit).map(|due| date_words(due.legal_due)).unwrap_or_default();
        let week = self.rules.policy.timescales.week_of(limit);
        let record = match limit {
            Limit::Decision => {
                format!(
                    "DECISION {reference} ASSESS or DECISION {reference} NO ASSESSMENT, with a line On:, records one"
                )
            }
            Limit::NoPlan | Limit::FinalPlan => {
                format!(
                    "DECISION {reference} NO PLAN or DRAFT ISSUED {reference}, with a line On:, records what was done"
                )
            }
        };
        format!(
            "Week {week} ended on {due}, and {} is not on record. {record}; then this letter is given up.",
            limit.what()
        )
    }

    /// The dates that were told, each once, with the last day on which somebody was told.
    fn told_of(&self, limit: Limit) -> Vec<Told> {
        let notices = self.case.register.family.notices.iter().filter(|n| n.limit == limit);
        notices.filter_map(|n| Some(Told { date: n.date, on: n.told.iter().map(|t| t.on).max()? })).collect()
    }

    /// `DON'T SEND` holds as long as two letters are apart.
    fn is_decision_vetoed(&self, limit: Limit) -> bool {
        let policy = self.rules.policy;
        let last = self.case.register.family.notices.iter().rfind(|n| n.limit == limit);
        last.filter(|n| n.state == NoticeState::Never).is_some_and(|never| {
            let ago = policy.calendar.working_days_between(never.on, self.rules.today());
            ago < i64::from(policy.parents.renotify_gap)
        })
    }

    fn ask_for_decision(&mut self, limit: Limit) -> String {
        self.ask(
            Question::Decision,
            "Please speak with the family",
            vec![
                format!(
                    "The family has had several letters about {}. Another one from a template would not help them.",
                    limit.what()
                ),
                format!("Please ring or meet them. {}", self.why_late(limit)),
            ],
            &[],
        );
        self.copy_send_managers();
        "The co-ordinator was asked to speak with the family; the SEND managers know.".to_owned()
    }
}
