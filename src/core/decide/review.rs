//! Annual reviews: practitioners who gave advice are asked for a contribution.

use super::Work;
use super::letters::in_round;
use crate::core::event::Because;
use crate::core::follow_up::{FollowUp, FollowUpKind, Origin, Round, Stage};
use crate::core::id::FollowUpId;
use crate::core::letter::{LetterKind, SendOnlyWhile};
use crate::core::review::contribution_due;
use crate::core::wording::{date_words, list};
use chrono::NaiveDate;

/// Opens a contribution for each practitioner; a review whose contributions would be due already is let go.
pub(super) fn near(work: &mut Work, ids: &[FollowUpId]) -> Because {
    let Some(review) = work.case.next_review() else {
        return Because::Nothing("No review is to come.".to_owned());
    };
    if work.case.review_wake(work.rules.policy).is_none_or(|at| at > work.rules.now) {
        return Because::Nothing("Not yet.".to_owned());
    }
    work.case.register.review_noticed = Some(review);
    let due = contribution_due(review, &work.rules.policy.calendar);
    if due <= work.rules.today() {
        return Because::Done(format!("The review by {} is too near to ask for contributions.", date_words(review)));
    }
    let mut asked = Vec::new();
    for (adviser, id) in work.case.practitioners().into_iter().zip(ids) {
        let directory = work.rules.directory;
        let mut round = Round::new(1, String::new(), None);
        round.start(work.rules.today(), due);
        let owner = work.case.coordinator.clone();
        let mut follow_up =
            FollowUp::new(id.clone(), FollowUpKind::ReviewContribution, Origin::Sent, owner, round, work.rules.now);
        follow_up.stage = Stage::Open;
        work.put_to(&mut follow_up, &adviser, &directory.managers_of(&adviser));
        asked.push(directory.name_of(&adviser));
        work.review_notice(&follow_up, review);
        work.case.follow_ups.push(follow_up);
    }
    Because::Done(format!(
        "The plan is to be reviewed by {}; {} asked for a contribution by {}.",
        date_words(review),
        match asked.as_slice() {
            [one] => format!("{one} is"),
            many => format!("{} are", list(many)),
        },
        date_words(due)
    ))
}

impl Work<'_> {
    /// The notice of a review to one practitioner, the first or the second one.
    pub(super) fn review_notice(&mut self, follow_up: &FollowUp, review: NaiveDate) {
        let ordinal = in_round(follow_up.round(), self.rules.today());
        let mut letter = self.letter(LetterKind::ReviewNotice, follow_up, &ordinal);
        letter.to = follow_up.adviser.iter().cloned().collect();
        letter.only_while = SendOnlyWhile::AwaitingAnswer;
        letter.facts.sentences = vec![format!("The plan is to be reviewed by {}.", date_words(review))];
        self.letters.push(letter);
    }
}
