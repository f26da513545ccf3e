//! Between the service and a family: the morning's look at the timescale, notices with their preview, a parent's own
//! mail, and who may be written to (`domain.md` 3.5, 3.6, 5.5).
//!
//! Every doubt ends with a question to the co-ordinator; no doubt ends with a letter to a parent.

mod addressees;
mod contacts;
mod decisions;
mod facts;
mod mail;
mod morning;
mod notices;
mod told;

use super::Work;
use crate::core::event::Because;
use crate::core::family::{Asked, FamilyEvent, Question};
use crate::core::follow_up::{FollowUp, FollowUpKind};
use crate::core::letter::{Letter, LetterKind, Line, LineGroup, LineSubject, SendOnlyWhile};
use crate::core::notice::Limit;
use chrono::{DateTime, Utc};

pub(super) fn happened(work: &mut Work, event: &FamilyEvent) -> Because {
    match event {
        FamilyEvent::Morning(running) => morning::came(work, *running),
        FamilyEvent::Ordered { order, .. } => notices::ordered(work, order),
        FamilyEvent::NewDate { by, date, reason } => notices::new_date(work, by, *date, reason.as_deref()),
        FamilyEvent::Posted { on, .. } => told::posted(work, *on),
        FamilyEvent::Told { number, to, on } => told::told(work, *number, to, *on),
        FamilyEvent::Unreachable { number, to, reason, source } => told::unreachable(work, *number, to, reason, source),
        FamilyEvent::Uncertain { number, to } => told::uncertain(work, *number, to),
        FamilyEvent::Unseen => notices::unseen(work),
        FamilyEvent::Wrote(mail) => mail::came(work, mail),
        FamilyEvent::Contacts { by, confirmed_by, changes } => contacts::changed(work, by, confirmed_by, changes),
    }
}

/// The letter that waits was shown to somebody who cannot or need not act on it any more.
pub(super) fn unseen(work: &mut Work) -> Because {
    notices::unseen(work)
}

/// The hour of a notice has come.
pub(super) fn passed(work: &mut Work, mailbox_seen_at: DateTime<Utc>) -> Because {
    notices::passed(work, mailbox_seen_at)
}

/// A parent has had no answer in time: the SEND managers hear of it, the co-ordinator is copied in.
pub(super) fn unanswered(work: &mut Work, follow_up: &mut FollowUp, level: u32) -> Because {
    mail::unanswered(work, follow_up, level)
}

/// Notices end with the case, whatever ended it, and with the decision that they were to announce.
pub(super) fn settle(work: &mut Work) {
    let in_hand = work.case.register.family.in_hand().map(|n| n.limit);
    let is_decided = in_hand.is_some_and(|limit| limit != Limit::FinalPlan && !work.is_missed(limit));
    if work.case.register.is_over() || is_decided {
        work.case.register.family.withdraw();
    }
}

impl Work<'_> {
    /// A letter to the co-ordinator about the family.
    fn family_letter(&self, kind: LetterKind, ordinal: &str, headline: &str, sentences: Vec<String>) -> Letter {
        let mut letter = self.case_letter(kind, ordinal);
        letter.to = vec![self.case.coordinator.clone()];
        letter.only_while = SendOnlyWhile::Always;
        headline.clone_into(&mut letter.facts.headline);
        letter.facts.sentences = sentences;
        letter
    }

    /// A line about the case.
    fn case_line(&self, text: &str, answers: &[&str]) -> Line {
        Line {
            number: 1,
            group: LineGroup::NeedsYou,
            text: text.to_owned(),
            answers: answers.iter().map(|&a| a.to_owned()).collect(),
            subject: LineSubject::Case(self.case.id.clone()),
        }
    }

    /// Asks the co-ordinator something that only a person can do; notes the day.
    fn ask(&mut self, question: Question, headline: &str, sentences: Vec<String>, answers: &[&str]) {
        let on = self.rules.today();
        self.case.register.family.asked.push(Asked { question, on });
        let ordinal = format!("{}-{on}", question.name());
        let mut letter = self.family_letter(LetterKind::FamilyQuestion, &ordinal, headline, sentences);
        letter.lines = vec![self.case_line(&self.case.label(), answers)];
        self.letters.push(letter);
    }

    /// Whether a parent's mail still waits for an answer.
    fn owes_an_answer(&self) -> bool {
        self.case.follow_ups.iter().any(|f| f.kind == FollowUpKind::ParentAnswer && f.stage.is_open())
    }
}
