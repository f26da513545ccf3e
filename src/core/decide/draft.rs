//! Checks of plan drafts (`domain.md` 3.4). Silence is no breach: at the close a check ends, and the line manager hears
//! of it in one neutral mail a day, which the engine gathers over all cases.

use super::Work;
use super::order::ended;
use super::reply::record;
use crate::core::event::{Because, Drafted, Feedback, ReplyEvent, Seen};
use crate::core::follow_up::{FollowUp, FollowUpKind, Outcome, Stage};
use crate::core::letter::{LetterKind, SendOnlyWhile};
use crate::core::register::DraftIssue;
use crate::core::wording::{date_words, list};
use chrono::Days;

/// A plan draft exists. Checks of an earlier one that nobody has answered are overtaken.
pub(super) fn drafted(work: &mut Work, drafted: &Drafted) -> Because {
    let register = &work.case.register;
    if register.final_on.is_some() {
        return Because::Refused("The final plan has been issued; write REOPEN first.".to_owned());
    }
    if register.plan_drafts.contains(&drafted.draft) {
        return Because::Nothing("This plan draft is noted already.".to_owned());
    }
    let overtaken = overtake(work);
    let draft = &drafted.draft;
    let days = u64::from(work.rules.policy.timescales.parents);
    // The day of service is the first of them (reg 13(1)(a)).
    let until = draft.on + Days::new(days.saturating_sub(1));
    let said = match draft.issue {
        DraftIssue::Before => format!("Plan draft of {} noted; it has not been issued yet.", date_words(draft.on)),
        DraftIssue::Issued => format!(
            "Plan draft issued on {}; the {days} days for the parents end on {}.",
            date_words(draft.on),
            date_words(until)
        ),
        DraftIssue::Reissued => format!(
            "Plan draft issued again on {}; new {days} days for the parents end on {}.",
            date_words(draft.on),
            date_words(until)
        ),
    };
    if draft.issue != DraftIssue::Before {
        work.case.register.reissue_since = None;
    }
    work.case.register.plan_drafts.push(draft.clone());
    Because::Done(format!("{said}{overtaken}"))
}

/// Ends checks of an earlier plan draft, without a letter: the new request says all that is needed.
fn overtake(work: &mut Work) -> String {
    let waits = |f: &FollowUp| {
        f.kind == FollowUpKind::DraftCheck
            && matches!(f.stage, Stage::AwaitingRoles | Stage::Prepared | Stage::Open | Stage::RepliedThin)
    };
    let ids = work.ids(waits);
    for follow_up in work.case.follow_ups.iter_mut().filter(|f| ids.contains(&f.id)) {
        follow_up.stage = Stage::Cancelled;
        follow_up.outcome = Some(Outcome::Overtaken);
        follow_up.ended_at = Some(work.rules.now);
        follow_up.told_responsible.clear();
    }
    let named: Vec<String> = ids.iter().map(ToString::to_string).collect();
    if named.is_empty() { String::new() } else { format!(" It takes the place of the open checks {}.", list(&named)) }
}

/// The plan draft is right as it is: nothing is left to judge, so the check ends.
pub(super) fn confirmed(work: &mut Work, follow_up: &mut FollowUp, reply: &ReplyEvent) -> Because {
    record(follow_up, reply, None);
    if let Some(round) = follow_up.round_mut() {
        round.pause = None;
    }
    if follow_up.stage == Stage::Received {
        return Because::Nothing(format!("{}: feedback came before and waits for the co-ordinator.", follow_up.id));
    }
    work.stand_down(follow_up);
    end(work, follow_up, Outcome::Confirmed);
    let name = work.rules.directory.name_of(&reply.from);
    Because::Done(format!("{name} has no changes to the plan draft; {} is closed.", follow_up.id))
}

/// Feedback has come: its line manager should have had a copy (step 7); if not, they get a pointer, never the content.
pub(super) fn point_manager_to_it(work: &mut Work, follow_up: &mut FollowUp, reply: &ReplyEvent) -> Option<String> {
    let managers = follow_up.reachable_managers();
    let by_manager = follow_up.is_manager(&reply.from);
    if reply.manager == Seen::Already || by_manager || managers.is_empty() || follow_up.manager_not_copied {
        return None;
    }
    follow_up.manager_not_copied = true;
    let ordinal = work.numbered(follow_up, "pointer");
    let mut letter = work.letter(LetterKind::FeedbackPointer, follow_up, &ordinal);
    letter.to = managers;
    letter.only_while = SendOnlyWhile::Always;
    work.letters.push(letter);
    Some("The line manager had no copy and has been told that it is there.".to_owned())
}

/// The question that decides the projection (`domain.md` 3.4).
pub(super) const THREE_WAYS: &str = "What does it lead to? FEEDBACK NONE: nothing changes. FEEDBACK PARENT: the change is one that the parents asked for, and their days run on. FEEDBACK OTHER: any other change, new advice among them; the plan draft then has to be issued again, with new days for the parents.";

/// Feedback that comes when the plan is final is material for the next review (situation 72).
pub(super) const AFTER_FINAL: &str =
    "The final plan has been issued, so this is no change to it any more. Please keep it for the next review.";

/// `FEEDBACK NONE / PARENT / OTHER`.
pub(super) fn feedback(work: &mut Work, follow_up: &mut FollowUp, feedback: Feedback) -> Because {
    if follow_up.kind != FollowUpKind::DraftCheck {
        return Because::Refused(format!(
            "FEEDBACK is for draft checks; {} is a {}.",
            follow_up.id,
            follow_up.kind.words()
        ));
    }
    if follow_up.stage == Stage::Cancelled {
        return ended(follow_up);
    }
    if work.case.register.final_on.is_some() {
        return Because::Refused(format!("{}: {AFTER_FINAL}", follow_up.id));
    }
    work.stand_down(follow_up);
    let (outcome, said) = match feedback {
        Feedback::None => (Outcome::FeedbackNone, "the plan draft stays as it is.".to_owned()),
        Feedback::Parent => {
            (Outcome::FeedbackParent, "the change comes from the parents; their days run on.".to_owned())
        }
        Feedback::Other => (Outcome::FeedbackOther, reissue(work)),
    };
    end(work, follow_up, outcome);
    Because::Done(format!("{}: {said}", follow_up.id))
}

fn reissue(work: &mut Work) -> String {
    let today = work.rules.today();
    let days = work.rules.policy.timescales.parents;
    work.case.register.reissue_since.get_or_insert(today);
    format!("the plan draft has to be issued again. Write REISSUED when it has been; {days} new days begin with it.")
}

/// The window has closed without a reply.
pub(super) fn unanswered(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    end(work, follow_up, Outcome::NoResponse);
    Because::Done(format!(
        "Nobody has answered the draft check {}; it is taken that there are no accuracy points.",
        follow_up.id
    ))
}

fn end(work: &Work, follow_up: &mut FollowUp, outcome: Outcome) {
    follow_up.stage = Stage::Closed;
    follow_up.outcome = Some(outcome);
    follow_up.ended_at = Some(work.rules.now);
}
