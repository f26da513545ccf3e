//! What staff order about one follow-up. Only they close.

use super::Work;
use super::advice::{return_query, settle_query};
use super::letters::in_round;
use super::people::hold_when_nobody_is_left;
use super::{advice, clock, draft, verdict};
use crate::core::calendar::{at_local, local_date};
use crate::core::event::{Because, Order};
use crate::core::follow_up::{FollowUp, FollowUpKind, Origin, Outcome, Reply, Round, Stage};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, SendOnlyWhile};
use crate::core::wording::{date_words, list, short_date};
use chrono::{NaiveDate, NaiveTime};

pub(super) fn given(work: &mut Work, id: &FollowUpId, by: &Address, order: &Order) -> Because {
    // The day may be put right of the advice itself; an answer without one is the clarification's.
    let came = matches!(order, Order::Received { on: None, .. });
    let id = if came { work.answered(id) } else { id.clone() };
    work.with(&id, |work, follow_up| match order {
        order if follow_up.is_wrong_childs() && follow_up.stage.is_open() && !may_be_on_hold(order) => {
            on_hold(follow_up)
        }
        Order::Close { .. } => close(work, follow_up),
        Order::Received { on, how } => received(work, follow_up, by, *on, how.as_deref()),
        Order::Insufficient { why, text } => insufficient(work, follow_up, why.as_deref(), text),
        Order::NotAdvice => not_advice(work, follow_up),
        Order::Extend { to, .. } => extend(work, follow_up, *to),
        Order::Resend => resend(work, follow_up),
        Order::Reopen => reopen(work, follow_up),
        Order::Cancel { .. } => cancel(work, follow_up),
        Order::Accept { ticks } => advice::accept(work, follow_up, by, *ticks),
        Order::NotKnown => verdict::not_known(work, follow_up),
        Order::NotSought { reason } => verdict::not_sought(work, follow_up, reason),
        Order::UsedAsSubmitted { with, text } => verdict::used_as_submitted(work, follow_up, by, with.as_deref(), text),
        Order::DisputeUpheld => verdict::dispute_upheld(work, follow_up),
        Order::DisputeRejected => verdict::dispute_rejected(work, follow_up),
        Order::WrongChild => verdict::wrong_child(work, follow_up, by),
        Order::Agreed => verdict::agreed(work, follow_up, by),
        Order::Feedback(feedback) => draft::feedback(work, follow_up, *feedback),
    })
}

/// What can be ordered about a request that may have gone to the wrong child's adviser.
fn may_be_on_hold(order: &Order) -> bool {
    match order {
        Order::Close { .. }
        | Order::Cancel { .. }
        | Order::Reopen
        | Order::DisputeUpheld
        | Order::WrongChild
        | Order::Agreed => true,
        Order::Received { .. }
        | Order::Insufficient { .. }
        | Order::NotAdvice
        | Order::Extend { .. }
        | Order::Resend
        | Order::Accept { .. }
        | Order::NotKnown
        | Order::NotSought { .. }
        | Order::UsedAsSubmitted { .. }
        | Order::DisputeRejected
        | Order::Feedback(_) => false,
    }
}

fn on_hold(follow_up: &FollowUp) -> Because {
    Because::Refused(format!(
        "{} is on hold, for it may have gone to the wrong child's adviser: CANCEL ends it; REOPEN if it was the right child after all.",
        follow_up.id
    ))
}

impl Work<'_> {
    /// The follow-up that an answer to this one is for: while advice is in query, the clarification that is out.
    pub(super) fn answered(&self, id: &FollowUpId) -> FollowUpId {
        let in_query = self.case.follow_up(id).is_some_and(|f| f.stage == Stage::Query);
        let is_out = |f: &&FollowUp| f.about.as_ref() == Some(id) && f.stage.is_open();
        let clarification = self.case.follow_ups.iter().rev().filter(|_| in_query).find(is_out);
        clarification.map_or_else(|| id.clone(), |f| f.id.clone())
    }
}

pub(super) fn ended(follow_up: &FollowUp) -> Because {
    Because::Refused(format!("{} is {}. Answer REOPEN first if it should go on.", follow_up.id, follow_up.standing()))
}

pub(super) fn close(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    if !follow_up.stage.is_open() {
        return Because::Nothing(format!("{} was {} already.", follow_up.id, follow_up.standing()));
    }
    if let Some(why) = cannot_close(follow_up) {
        return Because::Refused(why);
    }
    work.stand_down(follow_up);
    follow_up.stage = Stage::Closed;
    follow_up.ended_at = Some(work.rules.now);
    if follow_up.kind == FollowUpKind::AdviceRequest {
        follow_up.outcome = Some(Outcome::Accepted);
        let took = advice::days_taken(work, follow_up).unwrap_or_default();
        let more = verdict::end_clarifications(work, &follow_up.id, Outcome::Overtaken);
        return Because::Done(format!("{}: the advice is accepted.{took}{more}", follow_up.id));
    }
    let took = turnaround(work, follow_up)
        .map(|d| format!(" It took {d} from the request to the answer."))
        .unwrap_or_default();
    let settled = settle_query(work, follow_up, Outcome::Accepted);
    let on_one = match follow_up.kind {
        FollowUpKind::AdviceRequest
        | FollowUpKind::Clarification
        | FollowUpKind::DraftCheck
        | FollowUpKind::ReviewContribution => " Please close it on ONE too.",
        // A family's mail and a provider's return are not on ONE.
        FollowUpKind::ParentAnswer | FollowUpKind::AssessmentReturn | FollowUpKind::Action => "",
    };
    Because::Done(format!("{} is closed.{took}{settled}{on_one}", follow_up.id))
}

/// Why a plain `CLOSE` would hide something: advice that never came, or feedback that decides the projection.
fn cannot_close(follow_up: &FollowUp) -> Option<String> {
    let id = &follow_up.id;
    match follow_up.kind {
        FollowUpKind::AdviceRequest if follow_up.first_received().is_none() => Some(format!(
            "{id}: no advice has been noted. If it came to you, write ACCEPT (or RECEIVED On: its day, then ACCEPT); if it is not needed, CANCEL or NOT SOUGHT."
        )),
        FollowUpKind::DraftCheck if follow_up.stage == Stage::Received => {
            Some(format!("{id}: feedback has come. {}", draft::THREE_WAYS))
        }
        FollowUpKind::AdviceRequest
        | FollowUpKind::DraftCheck
        | FollowUpKind::Clarification
        | FollowUpKind::ReviewContribution
        | FollowUpKind::ParentAnswer
        | FollowUpKind::AssessmentReturn
        | FollowUpKind::Action => None,
    }
}

/// From day 0 of the first round to the day on which the answer came, not to the day of closing.
fn turnaround(work: &Work, follow_up: &FollowUp) -> Option<String> {
    let policy = work.rules.policy;
    let start = follow_up.rounds.first()?.day_zero?;
    let answer = follow_up.rounds.iter().rev().find_map(|r| r.answers().next_back())?;
    let days = policy.calendar.working_days_between(start, local_date(answer.received_at, policy.zone));
    Some(crate::core::wording::working_days(days))
}

fn received(
    work: &mut Work,
    follow_up: &mut FollowUp,
    by: &Address,
    on: Option<NaiveDate>,
    how: Option<&str>,
) -> Because {
    if !follow_up.stage.is_open() {
        return ended(follow_up);
    }
    let today = work.rules.today();
    let stated = on;
    let on = on.unwrap_or(today);
    if on > today {
        return Because::Refused(format!(
            "{} is in the future. RECEIVED On: takes the day on which the answer came.",
            date_words(on)
        ));
    }
    // A request that has not left yet was asked for on the day of the command; of one made elsewhere the day is stated.
    let opened = local_date(follow_up.opened_at, work.rules.policy.zone);
    let asked = follow_up.round().and_then(|r| r.day_zero).unwrap_or(opened);
    if on < asked {
        return Because::Refused(format!("{} is before the request of {}.", date_words(on), date_words(asked)));
    }
    let received_at = if on == today { work.rules.now } else { at_local(on, noon(), work.rules.policy.zone) };
    if let Some(round) = follow_up.round_mut() {
        // A day that a person gives is the day, whatever came when (situation 39).
        if stated.is_some() {
            round.set_aside();
        }
        round.replies.push(Reply::new(None, Some(by.clone()), received_at, None));
        round.pause = None;
    }
    // The day of advice that is in query is put right, and nothing else.
    if follow_up.stage != Stage::Query || stated.is_none() {
        follow_up.stage = Stage::Received;
    }
    work.stand_down(follow_up);
    let how = how.map(|h| format!(" ({h})")).unwrap_or_default();
    Because::Done(format!(
        "{}: answer noted as received on {}{how}. {}",
        follow_up.id,
        short_date(on),
        match follow_up.kind {
            FollowUpKind::DraftCheck => draft::THREE_WAYS,
            FollowUpKind::AdviceRequest => "Answer ACCEPT or INSUFFICIENT when you have read it.",
            FollowUpKind::Clarification
            | FollowUpKind::ReviewContribution
            | FollowUpKind::ParentAnswer
            | FollowUpKind::AssessmentReturn
            | FollowUpKind::Action => "Answer CLOSE or INSUFFICIENT when you have read it.",
        }
    ))
}

fn noon() -> NaiveTime {
    NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default()
}

fn insufficient(work: &mut Work, follow_up: &mut FollowUp, why: Option<&str>, text: &str) -> Because {
    if matches!(follow_up.kind, FollowUpKind::AdviceRequest | FollowUpKind::DraftCheck) {
        return Because::Refused(format!(
            "{} is a {}; there is no second round of it.",
            follow_up.id,
            follow_up.kind.words()
        ));
    }
    if !matches!(follow_up.stage, Stage::Open | Stage::RepliedThin | Stage::Received) {
        return ended(follow_up);
    }
    if follow_up.adviser.is_none() {
        return Because::Refused(format!(
            "Who is the adviser of {}? Answer the mail “Who is the adviser?” first.",
            follow_up.id
        ));
    }
    if text.trim().is_empty() {
        return Because::Refused(
            "Say what is missing, behind the word or after Text:. It goes to the adviser and the line manager."
                .to_owned(),
        );
    }
    let number = follow_up.round().map_or(1, |r| r.number) + 1;
    follow_up.rounds.push(Round::new(number, text.trim().to_owned(), why.map(ToOwned::to_owned)));
    follow_up.stage = Stage::Prepared;
    follow_up.origin = Origin::Sent;
    follow_up.told_responsible.clear();
    let standing = send(work, follow_up);
    Because::Done(format!("{}: round {number}. {standing}", follow_up.id))
}

/// The request of the newest round leaves, or nobody is left whom it could reach.
pub(super) fn send(work: &mut Work, follow_up: &mut FollowUp) -> String {
    follow_up.stage = Stage::Prepared;
    let mut sentences = Vec::new();
    hold_when_nobody_is_left(follow_up, &mut sentences);
    if follow_up.stage == Stage::Held {
        return sentences.join(" ");
    }
    work.send_request(follow_up);
    let day = local_date(work.rules.next_opening(), work.rules.policy.zone);
    format!("The request goes out on {}; five working days count from the day it is sent.", short_date(day))
}

/// After a bounce or a hold: the same request to whoever can be reached now, with a new day 0. The co-ordinator says
/// that the addresses are right, so an earlier bounce is forgotten.
fn resend(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    let unreached = !follow_up.undeliverable.is_empty();
    // What has not left yet may be sent anew at any time: whatever is still under way is overtaken by it.
    let has_not_left = matches!(follow_up.stage, Stage::Held | Stage::Prepared);
    if !(has_not_left || follow_up.awaits_answer() && unreached) {
        return Because::Refused(format!(
            "{} is {}: RESEND is for a request that has not left or could not be delivered.",
            follow_up.id,
            follow_up.standing()
        ));
    }
    if follow_up.adviser.is_none() {
        return Because::Refused(format!(
            "Who is the adviser of {}? Answer the mail “Who is the adviser?” first.",
            follow_up.id
        ));
    }
    follow_up.undeliverable.clear();
    follow_up.told_responsible.clear();
    let standing = send_anew(work, follow_up);
    Because::Done(format!("{}: {standing}", follow_up.id))
}

/// The newest round begins again, sent by the service.
pub(super) fn send_anew(work: &mut Work, follow_up: &mut FollowUp) -> String {
    follow_up.origin = Origin::Sent;
    if let Some(round) = follow_up.round_mut() {
        let resent = round.resent + 1;
        *round = Round { resent, ..Round::new(round.number, round.text.clone(), round.why.clone()) };
    }
    send(work, follow_up)
}

pub(super) fn not_advice(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    if !matches!(follow_up.stage, Stage::RepliedThin | Stage::Received) {
        return Because::Refused(format!(
            "{} is {}: there is no answer to set aside.",
            follow_up.id,
            follow_up.standing()
        ));
    }
    let was_stood_down = follow_up.stage == Stage::Received;
    if let Some(round) = follow_up.round_mut() {
        round.pause = None;
        round.set_aside();
    }
    if let Some(standing) = run_on(work, follow_up) {
        return Because::Done(format!("{}: what came is not taken as the advice. {standing}", follow_up.id));
    }
    if was_stood_down && follow_up.stage == Stage::Open {
        clock::tell_again(work, follow_up);
    }
    let due = follow_up.due_on();
    let next = follow_up
        .wake(work.rules.policy)
        .map(|w| short_date(local_date(w.at.max(work.rules.next_opening()), work.rules.policy.zone)))
        .unwrap_or_default();
    Because::Done(format!(
        "{}: what came is not taken as the advice. It stays due by {}; the next step is on {next}.",
        follow_up.id,
        due.map(date_words).unwrap_or_default()
    ))
}

/// Puts a follow-up back to where it waits for its answer. A sentence when that is not simply the old window: the
/// adviser is not known, or the request of this round never left.
fn run_on(work: &mut Work, follow_up: &mut FollowUp) -> Option<String> {
    if follow_up.adviser.is_none() {
        follow_up.stage = Stage::AwaitingRoles;
        return Some("It waits to know who the adviser is.".to_owned());
    }
    if follow_up.due_on().is_none() {
        return Some(send_anew(work, follow_up));
    }
    follow_up.stage = Stage::Open;
    let mut sentences = Vec::new();
    hold_when_nobody_is_left(follow_up, &mut sentences);
    (follow_up.stage == Stage::Held).then(|| sentences.join(" "))
}

fn extend(work: &mut Work, follow_up: &mut FollowUp, to: NaiveDate) -> Because {
    if !matches!(follow_up.stage, Stage::Open | Stage::RepliedThin) {
        return Because::Refused(format!(
            "{}: {}. Only one that waits for an answer has a date to extend.",
            follow_up.id,
            follow_up.standing()
        ));
    }
    let calendar = &work.rules.policy.calendar;
    let day = calendar.on_or_after(to);
    if day <= work.rules.today() {
        return Because::Refused(format!("{} is not in the future.", date_words(to)));
    }
    if follow_up.due_on().is_some_and(|due| day <= due) {
        return Because::Refused(format!(
            "It is due by {} already; a date that was told is never shortened.",
            follow_up.due_on().map(date_words).unwrap_or_default()
        ));
    }
    if let Some(round) = follow_up.round_mut() {
        round.due_on = Some(day);
        round.pause = None;
        round.reminder_settled_at = None;
    }
    follow_up.stage = follow_up.running(work.rules.policy);
    let mut letter = work.letter(LetterKind::NewDue, follow_up, &in_round(follow_up.round(), day));
    letter.to = asked(follow_up);
    letter.only_while = SendOnlyWhile::AwaitingAnswer;
    let told = match letter.to.len() {
        0 => "Nobody could be told of it",
        _ => "Whoever was asked is told",
    };
    work.letters.push(letter);
    let moved = if day == to { String::new() } else { format!(" ({} is not a working day)", short_date(to)) };
    Because::Done(format!(
        "{} is now due by {}{moved}; the original date is kept for the figures. {told}.",
        follow_up.id,
        date_words(day)
    ))
}

pub(super) fn reopen(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    let is_open = follow_up.stage.is_open();
    if is_open && !follow_up.is_wrong_childs() {
        return Because::Nothing(format!("{} is open.", follow_up.id));
    }
    follow_up.ended_at = None;
    follow_up.outcome = None;
    if follow_up.is_wrong_childs() && !is_open {
        follow_up.stage = Stage::Held;
        return Because::Done(format!(
            "{} is {} again. REOPEN it once more if it was the right child after all.",
            follow_up.id,
            follow_up.standing()
        ));
    }
    forgive(work, follow_up);
    let standing = as_before(work, follow_up);
    // The advice that it clarifies waits for it again.
    let request = follow_up.about.as_ref().and_then(|id| work.case.follow_up_mut(id));
    if let Some(request) = request.filter(|r| r.stage == Stage::Received) {
        request.stage = Stage::Query;
    }
    let mut standing = standing.map(|s| format!(" {s}")).unwrap_or_default();
    let told = follow_up.round().map(|r| r.stood_down.as_slice()).unwrap_or_default();
    if follow_up.awaits_answer() && !told.is_empty() {
        let names: Vec<String> = told.iter().map(|a| work.rules.directory.name_of(a)).collect();
        standing.push_str(&format!(
            " {} may have been told that nothing more is needed: please tell them that it is.",
            list(&names)
        ));
    }
    Because::Done(format!("{} is open again: {}.{standing}", follow_up.id, follow_up.standing()))
}

/// An answer waits for the co-ordinator again; anything less leaves the old window to run on.
fn as_before(work: &mut Work, follow_up: &mut FollowUp) -> Option<String> {
    if follow_up.round().is_some_and(|r| r.answers().next().is_some()) {
        follow_up.stage = Stage::Received;
        return None;
    }
    let doubtful = follow_up.round().is_some_and(|r| r.standing_replies().next().is_some());
    let standing = run_on(work, follow_up);
    if follow_up.stage == Stage::Open {
        // "Not known to the service" stays said: its second level is asked again, not its line manager.
        follow_up.stage = match follow_up.not_known_on {
            Some(_) => Stage::Declined,
            None if doubtful => Stage::RepliedThin,
            None => Stage::Open,
        };
    }
    standing
}

/// It was the right child after all: the adviser may be written to again.
fn forgive(work: &mut Work, follow_up: &mut FollowUp) {
    let Some(adviser) = follow_up.adviser.clone().filter(|_| follow_up.is_wrong_childs()) else { return };
    follow_up.hold = None;
    let others = work.case.follow_ups.iter().any(|f| f.id != follow_up.id && f.is_wrong_childs());
    if !others {
        follow_up.barred.retain(|b| *b != adviser);
        work.case.unbar(&adviser, &adviser);
    }
}

fn cancel(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    if !follow_up.stage.is_open() {
        return Because::Nothing(format!("{} was {} already.", follow_up.id, follow_up.standing()));
    }
    work.no_longer_needed(follow_up);
    follow_up.stage = Stage::Cancelled;
    follow_up.ended_at = Some(work.rules.now);
    let more = verdict::end_clarifications(work, &follow_up.id, Outcome::Overtaken);
    let returned = return_query(work, follow_up);
    Because::Done(format!(
        "{} is cancelled; whoever was asked is told that nothing more is needed.{more}{returned}",
        follow_up.id
    ))
}

/// Whoever was asked in the running round, once its request has gone; to check a plan draft, the adviser alone.
pub(super) fn asked(follow_up: &FollowUp) -> Vec<Address> {
    let gone = follow_up.round().is_some_and(|r| r.day_zero.is_some()) && follow_up.stage != Stage::AwaitingRoles;
    let to_them = |a: &Address| follow_up.kind != FollowUpKind::DraftCheck || follow_up.adviser.as_ref() == Some(a);
    if gone { follow_up.reachable_parties().into_iter().filter(to_them).collect() } else { Vec::new() }
}
