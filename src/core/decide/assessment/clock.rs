//! Reminders to respondents and owners of actions; word to the ICB's lead when a date has passed.

use super::{letter, tell};
use crate::core::assessment::Receipt;
use crate::core::decide::Work;
use crate::core::decide::letters::in_round;
use crate::core::event::Because;
use crate::core::follow_up::{Escalated, FollowUp, FollowUpKind};
use crate::core::letter::{LetterKind, SendOnlyWhile};
use crate::core::wording::{date_words, list};

/// One of the reminders before the close.
pub(in crate::core::decide) fn remind(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    if let Some(round) = follow_up.round_mut() {
        round.reminder_settled_at = Some(work.rules.now);
    }
    let to = follow_up.reachable_parties();
    if to.is_empty() {
        return Because::Nothing("Nobody can be reached.".to_owned());
    }
    let ordinal = in_round(follow_up.round(), work.rules.today());
    let kind = if follow_up.kind == FollowUpKind::Action {
        LetterKind::AssessmentAction
    } else {
        LetterKind::AssessmentReminder
    };
    let mut letter = letter(work, kind, follow_up, &ordinal);
    letter.to = to;
    letter.only_while = SendOnlyWhile::AwaitingAnswer;
    letter.facts.sentences = standing(work, follow_up);
    letter.facts.headline = due_words(follow_up, "is due by");
    work.letters.push(letter);
    Because::Done(format!("{}: a reminder goes out.", follow_up.id))
}

/// The date has passed.
pub(in crate::core::decide) fn overdue(work: &mut Work, follow_up: &mut FollowUp, level: u32) -> Because {
    if let Some(round) = follow_up.round_mut() {
        round.escalations.push(Escalated::new(level, work.rules.now));
    }
    let ordinal = in_round(follow_up.round(), format!("overdue-{level}"));
    let sentences = standing(work, follow_up);
    let mut to = vec![follow_up.coordinator.clone()];
    let headline = match follow_up.kind {
        FollowUpKind::Action => {
            to.extend(follow_up.reachable_parties().into_iter().filter(|who| *who != follow_up.coordinator));
            "An action of the self-assessment is overdue"
        }
        FollowUpKind::AssessmentReturn
        | FollowUpKind::AdviceRequest
        | FollowUpKind::Clarification
        | FollowUpKind::DraftCheck
        | FollowUpKind::ReviewContribution
        | FollowUpKind::ParentAnswer => "A self-assessment has not been returned",
    };
    tell(work, follow_up, (&ordinal, headline), to, sentences);
    Because::Done(format!("{} was due by {}; the ICB's lead is told.", follow_up.id, date(follow_up)))
}

fn date(follow_up: &FollowUp) -> String {
    follow_up.due_on().map(date_words).unwrap_or_default()
}

fn due_words(follow_up: &FollowUp, words: &str) -> String {
    follow_up.due_on().map(|due| format!("{words} {}", date_words(due))).unwrap_or_default()
}

/// Where a return or an action stands.
fn standing(work: &Work, follow_up: &FollowUp) -> Vec<String> {
    let Some(provider_return) = &work.case.provider_return else { return Vec::new() };
    if follow_up.kind == FollowUpKind::Action {
        let action = provider_return.actions.iter().find(|a| a.follow_up.as_ref() == Some(&follow_up.id));
        return action.map(|a| super::plan::sentence(a, provider_return)).into_iter().collect();
    }
    let assessment = &work.rules.policy.assessment;
    let receipt = Receipt::of(provider_return, &assessment.criteria, assessment.rule);
    let total = receipt.rows.len();
    let open = receipt.missing.len() + receipt.score.invalid.len();
    if receipt.missing.len() == total {
        return vec!["Nothing has come yet.".to_owned()];
    }
    let numbers = |numbers: &[u32]| list(&numbers.iter().map(ToString::to_string).collect::<Vec<_>>());
    let mut said = vec![format!("Answered: {} of {total} criteria.", total.saturating_sub(open))];
    if !receipt.missing.is_empty() {
        said.push(format!("Not answered yet: {}.", numbers(&receipt.missing)));
    }
    let asked: Vec<u32> = receipt.asked.iter().filter_map(|a| a.number).collect();
    if !asked.is_empty() {
        said.push(format!("Asked again: {}.", numbers(&asked)));
    }
    if !receipt.comments_asked.is_empty() {
        said.push(format!("Emerging or No without a comment: {}.", numbers(&receipt.comments_asked)));
    }
    said
}
