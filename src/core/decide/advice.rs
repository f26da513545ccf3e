//! Advice requests (`domain.md` 3.2) and the verdicts that staff give on them. The clock that runs for them is
//! `clock`'s; drafts are `draft`'s.

use super::Work;
use super::opening::inherit_wrong_child;
use super::order::{close, ended, not_advice};
use crate::core::calendar::local_date;
use crate::core::event::{Asked, Because, Queried};
use crate::core::follow_up::{Doubt, FollowUp, FollowUpKind, HoldReason, Origin, Outcome, Reply, Round, Stage, Ticks};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, SendOnlyWhile};
use crate::core::register::{Note, NoteKind};
use crate::core::wording::{date_words, short_date};

/// Advice or a draft check is asked for: the service sends the request, or notes one that was made elsewhere.
pub(super) fn asked(work: &mut Work, asked: &Asked) -> Because {
    if work.case.is_wrong_childs(&asked.adviser) {
        return Because::Refused(format!(
            "A request on this case is on hold, for {} may be the wrong child's adviser. Nothing more goes there.",
            work.rules.directory.name_of(&asked.adviser)
        ));
    }
    let open_to_them =
        |f: &&FollowUp| f.kind == asked.kind && f.stage.is_open() && f.adviser.as_ref() == Some(&asked.adviser);
    if let Some(known) = work.case.follow_ups.iter().find(open_to_them) {
        return Because::Refused(format!(
            "{} has been asked already: {} is {}.",
            work.rules.directory.name_of(&asked.adviser),
            known.id,
            known.standing()
        ));
    }
    let origin = if asked.elsewhere_on.is_some() { Origin::Elsewhere } else { Origin::Sent };
    let round = Round::new(1, asked.text.clone(), None);
    let mut follow_up =
        FollowUp::new(asked.follow_up.clone(), asked.kind, origin, asked.by.clone(), round, work.rules.now);
    follow_up.adviser = Some(asked.adviser.clone());
    follow_up.managers = asked.managers.iter().filter(|m| **m != asked.adviser).cloned().collect();
    follow_up.service =
        asked.service.clone().or_else(|| work.rules.directory.service_of(&asked.adviser).map(|s| s.name.clone()));
    let name = work.rules.directory.name_of(&asked.adviser);
    let id = &asked.follow_up;
    let said = match asked.elsewhere_on {
        Some(on) => {
            let due = asked.kind.due(on, work.rules.policy).unwrap_or(on);
            follow_up.stage = Stage::Open;
            if let Some(round) = follow_up.round_mut() {
                round.start(on, due);
            }
            format!("{id}: {name} was asked on {}; due by {}.", short_date(on), date_words(due))
        }
        None => {
            work.send_request(&follow_up);
            let day = local_date(work.rules.next_opening(), work.rules.policy.zone);
            let due = asked.kind.due(day, work.rules.policy).unwrap_or(day);
            format!("{id}: the request goes to {name} on {}; due by {}.", short_date(day), date_words(due))
        }
    };
    work.case.follow_ups.push(follow_up);
    Because::Done(said)
}

/// Advice was found unclear: its clarification goes out, and the request waits for that. The date on which the advice
/// first came stays, or the evidence for criterion 7 would be lost.
pub(super) fn queried(work: &mut Work, queried: &Queried) -> Because {
    let request = &queried.follow_up;
    let mut clarification = None;
    let because = work.with(request, |work, follow_up| {
        if !matches!(follow_up.stage, Stage::Open | Stage::RepliedThin | Stage::Received) {
            return ended(follow_up);
        }
        if queried.text.trim().is_empty() {
            return Because::Refused(
                "Say what is missing, behind the word or after Text:. It goes to the adviser and the line manager."
                    .to_owned(),
            );
        }
        let Some(adviser) = follow_up.adviser.clone().filter(|a| !follow_up.barred.contains(a)) else {
            return Because::Refused(format!("{request} has no adviser who could be asked."));
        };
        note_receipt(work, follow_up, &queried.by);
        put_to_query(work, follow_up);
        let round = Round::new(1, queried.text.trim().to_owned(), queried.why.clone());
        let id = queried.clarification.clone();
        let kind = FollowUpKind::Clarification;
        let mut asked = FollowUp::new(id, kind, Origin::Sent, queried.by.clone(), round, work.rules.now);
        asked.adviser = Some(adviser);
        asked.managers = if follow_up.managers.is_empty() { work.send_managers() } else { follow_up.managers.clone() };
        asked.barred.clone_from(&follow_up.barred);
        asked.undeliverable.clone_from(&follow_up.undeliverable);
        asked.away.clone_from(&follow_up.away);
        asked.service.clone_from(&follow_up.service);
        asked.about = Some(request.clone());
        work.send_request(&asked);
        let received = follow_up.first_received().map(|at| local_date(at, work.rules.policy.zone));
        let when = local_date(work.rules.next_opening(), work.rules.policy.zone);
        let because = Because::Done(format!(
            "{request}: found unclear; {} stays the day on which the advice came. Clarification {} goes to the adviser and the line manager on {}; five working days count from the day it is sent. Closing it accepts the advice. No SEND manager's agreement is noted; AGREED adds it.",
            received.map(date_words).unwrap_or_default(),
            asked.id,
            date_words(when)
        ));
        clarification = Some(asked);
        because
    });
    work.case.follow_ups.extend(clarification);
    because
}

/// Advice that was found unclear waits for its clarification; whoever was told that they are responsible is told about
/// that one instead.
pub(super) fn put_to_query(work: &mut Work, request: &mut FollowUp) {
    work.stand_down(request);
    request.stage = Stage::Query;
    if let Some(round) = request.round_mut() {
        round.pause = None;
    }
}

/// What a co-ordinator judges has come, though perhaps to them alone: received today when nothing was noted before.
fn note_receipt(work: &Work, follow_up: &mut FollowUp, by: &Address) {
    if follow_up.first_received().is_some() {
        return;
    }
    // A short reply that is judged as the advice was the advice, on its own day.
    let reply = follow_up.round().and_then(|r| r.replies.last()).cloned();
    let reply = reply.map_or_else(
        || Reply { message: None, from: Some(by.clone()), received_at: work.rules.now, doubt: None },
        |thin| Reply { doubt: None, ..thin },
    );
    if let Some(round) = follow_up.round_mut() {
        round.replies.push(reply);
    }
}

/// `ACCEPT`, with what was ticked for the self-assessment.
pub(super) fn accept(work: &mut Work, follow_up: &mut FollowUp, by: &Address, ticks: Ticks) -> Because {
    if follow_up.stage.is_open() && follow_up.kind == FollowUpKind::AdviceRequest {
        note_receipt(work, follow_up, by);
        follow_up.stage = Stage::Received;
    }
    let because = close(work, follow_up);
    if matches!(because, Because::Done(_)) {
        follow_up.ticks = ticks;
        follow_up.outcome = Some(Outcome::Accepted);
    }
    because
}

/// How long the advice took, by the day on which it first came (reg 8(1)).
pub(super) fn days_taken(work: &Work, follow_up: &FollowUp) -> Option<String> {
    let asked = follow_up.rounds.first()?.day_zero?;
    let due = follow_up.rounds.first()?.original_due?;
    let came = local_date(follow_up.first_received()?, work.rules.policy.zone);
    let in_time = if came <= due { "within the six weeks" } else { "after the six weeks" };
    let exempt = match work.case.register.advice_exemption(asked) {
        Some(_) if came > due => ", with an exemption on record",
        Some(_) | None => "",
    };
    let again = if work.case.insufficient_first_time(&follow_up.id) { ", and was clarified afterwards" } else { "" };
    Some(format!(" It came on {}, {in_time} ({} days){exempt}{again}.", date_words(came), (came - asked).num_days()))
}

/// A clarification that is closed settles the advice that it was about.
pub(super) fn settle_query(work: &mut Work, clarification: &FollowUp, outcome: Outcome) -> String {
    let now = work.rules.now;
    let request = clarification.about.as_ref().and_then(|id| work.case.follow_up_mut(id));
    let Some(request) = request.filter(|r| r.stage == Stage::Query) else { return String::new() };
    request.stage = Stage::Closed;
    request.outcome = Some(outcome);
    request.ended_at = Some(now);
    format!(" The advice of {} is {}.", request.id, outcome.words())
}

/// A clarification that is cancelled puts the advice before the co-ordinator again.
pub(super) fn return_query(work: &mut Work, clarification: &FollowUp) -> String {
    let request = clarification.about.as_ref().and_then(|id| work.case.follow_up_mut(id));
    let Some(request) = request.filter(|r| r.stage == Stage::Query) else { return String::new() };
    request.stage = Stage::Received;
    format!(" {} waits for your decision again.", request.id)
}

/// `NOT KNOWN`: recorded for criterion 8, and put before the second level and the single route. It does not satisfy
/// the duty, so the clock runs on.
pub(super) fn not_known(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    if follow_up.kind != FollowUpKind::AdviceRequest {
        return Because::Refused(format!(
            "NOT KNOWN is for advice requests; {} is a {}. If it is not theirs to answer, write DISPUTE UPHELD.",
            follow_up.id,
            follow_up.kind.words()
        ));
    }
    if !matches!(follow_up.stage, Stage::Open | Stage::RepliedThin | Stage::Received) {
        return ended(follow_up);
    }
    follow_up.stage = Stage::Declined;
    follow_up.not_known_on = Some(work.rules.today());
    if let Some(round) = follow_up.round_mut() {
        round.pause = None;
    }
    let to = work.second_level_and_route(follow_up);
    let already = follow_up.told_responsible.clone();
    let names: Vec<String> = to.iter().map(|a| work.rules.directory.name_of(a)).collect();
    let ordinal = work.numbered(follow_up, "told");
    let mut letter = work.letter(LetterKind::NotKnown, follow_up, &ordinal);
    letter.to = to;
    letter.only_while = SendOnlyWhile::AwaitingAnswer;
    if !letter.to.is_empty() {
        follow_up.told_responsible.extend(letter.to.iter().filter(|a| !already.contains(a)).cloned());
        work.letters.push(letter);
    }
    Because::Done(format!(
        "{}: recorded as not known to the service. That is no advice, so the date of {} stays; {} asked to name somebody who can give it.",
        follow_up.id,
        follow_up.due_on().map(date_words).unwrap_or_default(),
        match names.as_slice() {
            [] => "nobody is listed who could be".to_owned(),
            [one] => format!("{one} is"),
            more => format!("{} are", crate::core::wording::list(more)),
        }
    ))
}

/// Words by which each of the three whose agreement reg 6(4) needs is named.
const THREE: [(&str, &[&str]); 3] = [
    ("the adviser", &["adviser", "advisor", "dr", "doctor", "professional", "therapist", "psychologist", "service"]),
    ("the authority", &["authority", "council", "la", "we", "us", "co-ordinator", "coordinator"]),
    (
        "the parents or young person",
        &["parent", "parents", "mother", "mum", "father", "dad", "carer", "carers", "family", "young"],
    ),
];

/// `NOT SOUGHT`: needs all three agreements in its reason.
pub(super) fn not_sought(work: &mut Work, follow_up: &mut FollowUp, reason: &str) -> Because {
    if follow_up.kind != FollowUpKind::AdviceRequest || !follow_up.stage.is_open() {
        return Because::Refused(format!(
            "NOT SOUGHT is for an open advice request; {} is a {}, {}.",
            follow_up.id,
            follow_up.kind.words(),
            follow_up.standing()
        ));
    }
    let words: Vec<String> = reason.split(|c: char| !c.is_alphanumeric() && c != '-').map(str::to_lowercase).collect();
    let missing: Vec<String> = THREE
        .iter()
        .filter(|(_, names)| !words.iter().any(|w| names.contains(&w.as_str())))
        .map(|(who, _)| (*who).to_owned())
        .collect();
    if !missing.is_empty() {
        return Because::Refused(format!(
            "Regulation 6(4) needs three agreements that the earlier advice suffices: of the adviser, the authority, and the parents or young person. The reason does not name {}. For example: Reason: Dr Lee, the parents and we agree that the report of 3 March suffices.",
            crate::core::wording::list(&missing)
        ));
    }
    work.no_longer_needed(follow_up);
    end(work, follow_up, Outcome::NotSought);
    take_note(
        work,
        follow_up,
        NoteKind::Remark,
        None,
        format!("{}: not sought, regulation 6(4). {reason}", follow_up.id),
    );
    Because::Done(format!(
        "{}: not sought, by regulation 6(4). Whoever was asked is told that nothing more is needed.",
        follow_up.id
    ))
}

/// `USED AS SUBMITTED` (step 3): ends the request and what was asked to clarify it.
pub(super) fn used_as_submitted(
    work: &mut Work,
    follow_up: &mut FollowUp,
    by: &Address,
    with: Option<&str>,
    text: &str,
) -> Because {
    let of_advice = matches!(follow_up.kind, FollowUpKind::AdviceRequest | FollowUpKind::Clarification);
    if !of_advice || !follow_up.stage.is_open() {
        return Because::Refused(format!(
            "USED AS SUBMITTED is for open advice; {} is a {}, {}.",
            follow_up.id,
            follow_up.kind.words(),
            follow_up.standing()
        ));
    }
    let mut more = String::new();
    if follow_up.kind == FollowUpKind::AdviceRequest {
        if follow_up.first_received().is_none() && !follow_up.round().is_some_and(|r| !r.replies.is_empty()) {
            return Because::Refused(format!("{}: no advice has come that could be used.", follow_up.id));
        }
        note_receipt(work, follow_up, by);
        more = end_clarifications(work, &follow_up.id.clone());
    } else {
        more.push_str(&settle_query(work, follow_up, Outcome::UsedAsSubmitted));
    }
    work.no_longer_needed(follow_up);
    end(work, follow_up, Outcome::UsedAsSubmitted);
    let note = format!("{}: used as submitted. {text}", follow_up.id);
    take_note(work, follow_up, NoteKind::UsedAsSubmitted, with, note);
    Because::Done(format!("{}: the advice is used as far as possible (step 3).{more}", follow_up.id))
}

/// Clarifications of advice that is used as it is are needed no longer.
fn end_clarifications(work: &mut Work, request: &FollowUpId) -> String {
    let ids = work.ids(|f| f.about.as_ref() == Some(request));
    for id in &ids {
        work.with(id, |work, clarification| {
            work.no_longer_needed(clarification);
            end(work, clarification, Outcome::UsedAsSubmitted);
            Because::Nothing(String::new())
        });
    }
    let named: Vec<String> = ids.iter().map(ToString::to_string).collect();
    if named.is_empty() {
        String::new()
    } else {
        format!(" {} ends with it; whoever was asked is told.", crate::core::wording::list(&named))
    }
}

fn end(work: &Work, follow_up: &mut FollowUp, outcome: Outcome) {
    follow_up.stage = Stage::Closed;
    follow_up.outcome = Some(outcome);
    follow_up.ended_at = Some(work.rules.now);
}

fn take_note(work: &mut Work, follow_up: &FollowUp, kind: NoteKind, with: Option<&str>, text: String) {
    let by = follow_up.coordinator.clone();
    let on = work.rules.today();
    work.case.register.notes.push(Note { kind, on, by, with: with.map(ToOwned::to_owned), theme: None, text });
}

/// `DISPUTE UPHELD`: it was not theirs.
pub(super) fn dispute_upheld(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    if !follow_up.stage.is_open() || follow_up.kind == FollowUpKind::DraftCheck {
        return ended(follow_up);
    }
    work.no_longer_needed(follow_up);
    end(work, follow_up, Outcome::DisputeUpheld);
    let returned = return_query(work, follow_up);
    Because::Done(format!(
        "{}: the dispute is upheld and the follow-up is closed; whoever was asked is thanked. If somebody else has to be asked, write REQUEST ADVICE or CLARIFY.{returned}",
        follow_up.id
    ))
}

/// `DISPUTE REJECTED`: the old date runs on, and those who disputed it hear that.
pub(super) fn dispute_rejected(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    let disputed = follow_up.round().is_some_and(|r| r.replies.iter().any(|reply| reply.doubt == Some(Doubt::NotMine)));
    if !disputed || follow_up.kind == FollowUpKind::DraftCheck {
        return Because::Refused(format!("{}: nobody has written NOT MINE, so there is no dispute.", follow_up.id));
    }
    let because = not_advice(work, follow_up);
    if matches!(because, Because::Done(_)) && follow_up.stage == Stage::Open {
        let ordinal = work.numbered(follow_up, "stands");
        let mut letter = work.letter(LetterKind::RequestStands, follow_up, &ordinal);
        letter.to = follow_up.reachable_parties();
        letter.only_while = SendOnlyWhile::AwaitingAnswer;
        letter.facts.sentences.extend(work.exemption_sentence(follow_up));
        if !letter.to.is_empty() {
            work.letters.push(letter);
        }
    }
    because
}

/// `WRONG CHILD`: no clock runs, nothing more on the case goes to that adviser, and the SEND managers get the breach
/// checklist (situation 28).
pub(super) fn wrong_child(work: &mut Work, follow_up: &mut FollowUp, by: &Address) -> Because {
    if !follow_up.stage.is_open() {
        return ended(follow_up);
    }
    let Some(adviser) = follow_up.adviser.clone() else {
        return Because::Refused(format!("{}: it is not known who was asked.", follow_up.id));
    };
    follow_up.stage = Stage::Held;
    follow_up.hold = Some(HoldReason::WrongChild);
    inherit_wrong_child(follow_up, &adviser);
    for other in work.case.follow_ups.iter_mut().filter(|f| f.adviser.as_ref() == Some(&adviser)) {
        inherit_wrong_child(other, &adviser);
    }
    if let Some(round) = follow_up.round_mut() {
        round.pause = None;
    }
    let ordinal = work.numbered(follow_up, "breach");
    let mut letter = work.letter(LetterKind::Breach, follow_up, &ordinal);
    letter.to = work.send_managers();
    letter.cc = vec![follow_up.coordinator.clone()];
    letter.cc.retain(|c| !letter.to.contains(c));
    letter.only_while = SendOnlyWhile::Always;
    letter.lines = vec![super::letters::line(follow_up, "wrong child", &[])];
    let name = work.rules.directory.name_of(&adviser);
    "A request may have gone to the wrong child's adviser".clone_into(&mut letter.facts.headline);
    letter.facts.sentences = vec![format!(
        "{} has said that {name} was asked about the wrong child. The service has sent {name} what stands in the request; whatever the co-ordinator sent comes on top.",
        work.rules.directory.name_of(by)
    )];
    let told = !letter.to.is_empty();
    if told {
        work.letters.push(letter);
    }
    let told = if told { " The SEND managers have the breach checklist." } else { "" };
    Because::Done(format!(
        "{} is on hold and no clock runs. Nothing more about this case goes to {name}.{told}",
        follow_up.id
    ))
}

/// `AGREED`: a SEND manager agrees to option 2.
pub(super) fn agreed(work: &Work, follow_up: &mut FollowUp, by: &Address) -> Because {
    if follow_up.kind != FollowUpKind::Clarification {
        return Because::Refused(format!(
            "AGREED is for clarifications; {} is a {}.",
            follow_up.id,
            follow_up.kind.words()
        ));
    }
    if follow_up.agreed_with.is_some() {
        return Because::Nothing(format!("{}: the agreement is noted already.", follow_up.id));
    }
    let name = work.rules.directory.name_of(by);
    follow_up.agreed_with = Some(name.clone());
    Because::Done(format!("{}: agreed with {name}.", follow_up.id))
}
