//! Verdicts of staff on what was asked: not known, not sought, used as submitted, disputed, the wrong child.

use super::Work;
use super::advice::{note_receipt, return_query, settle_query};
use super::order::{ended, not_advice};
use crate::core::event::Because;
use crate::core::follow_up::{Doubt, FollowUp, FollowUpKind, HoldReason, Origin, Outcome, Reply, Stage};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, SendOnlyWhile};
use crate::core::register::{Note, NoteKind};
use crate::core::wording::{date_words, list};

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
    let (today, kind) = (work.rules.today(), follow_up.kind);
    if let Some(round) = follow_up.round_mut() {
        round.pause = None;
        round.set_aside();
        // Its answer came before the request had left: whoever says so knows of it, so the weeks count from today.
        if round.day_zero.is_none() {
            round.start(today, kind.due(today, work.rules.policy).unwrap_or(today));
        }
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
            more => format!("{} are", list(more)),
        }
    ))
}

/// Words by which each of the three whose agreement reg 6(4) needs is named.
const THREE: [(&str, &[&str]); 3] = [
    ("the adviser", &["adviser", "advisor", "dr", "doctor", "professional", "therapist", "psychologist", "service"]),
    ("the authority", &["authority", "council", "la", "we", "us", "co-ordinator", "coordinator"]),
    (
        "the parents or young person",
        &[
            "parent", "parents", "mother", "mum", "father", "dad", "carer", "carers", "guardian", "family", "young",
            "yp",
        ],
    ),
];

/// What turns an agreement into its opposite; then a person has to write it plainly.
const DENIES: [&str; 9] = [
    "not agree",
    "n't agree",
    "not yet agree",
    "disagree",
    "refuse",
    "object to",
    "objects",
    "no agreement",
    "without the agreement",
];

/// Whether the reason names one of the three: by what they are, or by name.
fn names(words: &[String], who: &[&str], people: &[String]) -> bool {
    let by_name = people.iter().flat_map(|name| name.split_whitespace()).map(str::to_lowercase);
    let mut by_name = by_name.filter(|part| part.chars().count() > 2 && !TITLES.contains(&part.as_str()));
    words.iter().any(|w| who.contains(&w.as_str())) || by_name.any(|part| words.contains(&part))
}

/// Parts of names that name nobody.
const TITLES: [&str; 5] = ["mrs", "miss", "prof", "sir", "the"];

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
    let plain = reason.to_lowercase().replace('’', "'");
    if let Some(denied) = DENIES.iter().find(|words| plain.contains(**words)) {
        return Because::Refused(format!(
            "Regulation 6(4) needs the agreement of all three, and the reason says “{denied}”. If they do agree, please write it without these words; else the advice has to be sought."
        ));
    }
    let words: Vec<String> = plain.split(|c: char| !c.is_alphanumeric() && c != '-').map(str::to_owned).collect();
    let directory = work.rules.directory;
    let adviser: Vec<String> = follow_up.adviser.iter().map(|a| directory.name_of(a)).collect();
    let staff = vec![directory.name_of(&work.case.coordinator)];
    let family: Vec<String> = work.case.register.contacts.iter().map(|c| c.name.clone()).collect();
    let missing: Vec<String> = THREE
        .iter()
        .zip([&adviser, &staff, &family])
        .filter(|((_, who), people)| !names(&words, who, people))
        .map(|((who, _), _)| (*who).to_owned())
        .collect();
    if !missing.is_empty() {
        return Because::Refused(format!(
            "Regulation 6(4) needs three agreements that the earlier advice suffices: of the adviser, the authority, and the parents or young person. The reason does not name {}. For example: Reason: Dr Lee, the parents and we agree that the report of 3 March suffices.",
            list(&missing)
        ));
    }
    let more = end_clarifications(work, &follow_up.id, Outcome::Overtaken);
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
        "{}: not sought, by regulation 6(4). Whoever was asked is told that nothing more is needed.{more}",
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
        if follow_up.round().is_none_or(|r| r.standing_replies().next().is_none()) {
            return Because::Refused(format!("{}: no advice has come that could be used.", follow_up.id));
        }
        note_receipt(work, follow_up, by);
        more = end_clarifications(work, &follow_up.id, Outcome::UsedAsSubmitted);
    } else {
        more.push_str(&settle_query(work, follow_up, Outcome::UsedAsSubmitted));
    }
    work.no_longer_needed(follow_up);
    end(work, follow_up, Outcome::UsedAsSubmitted);
    let note = format!("{}: used as submitted. {text}", follow_up.id);
    take_note(work, follow_up, NoteKind::UsedAsSubmitted, with, note);
    Because::Done(format!("{}: the advice is used as far as possible (step 3).{more}", follow_up.id))
}

/// Clarifications of advice that is settled without them are needed no longer.
pub(super) fn end_clarifications(work: &mut Work, request: &FollowUpId, outcome: Outcome) -> String {
    let ids = work.ids(|f| f.about.as_ref() == Some(request));
    for id in &ids {
        work.with(id, |work, clarification| {
            work.no_longer_needed(clarification);
            end(work, clarification, outcome);
            Because::Nothing(String::new())
        });
    }
    let named: Vec<String> = ids.iter().map(ToString::to_string).collect();
    if named.is_empty() { String::new() } else { format!(" {} ends with it; whoever was asked is told.", list(&named)) }
}

fn end(work: &Work, follow_up: &mut FollowUp, outcome: Outcome) {
    // What is overtaken was judged by nobody.
    follow_up.stage = if outcome == Outcome::Overtaken { Stage::Cancelled } else { Stage::Closed };
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
    let more = end_clarifications(work, &follow_up.id, Outcome::Overtaken);
    work.no_longer_needed(follow_up);
    end(work, follow_up, Outcome::DisputeUpheld);
    let returned = return_query(work, follow_up);
    Because::Done(format!(
        "{}: the dispute is upheld and the follow-up is closed; whoever was asked is thanked. If somebody else has to be asked, write REQUEST ADVICE or CLARIFY.{more}{returned}",
        follow_up.id
    ))
}

/// `DISPUTE REJECTED`: the old date runs on, and those who disputed it hear that.
pub(super) fn dispute_rejected(work: &mut Work, follow_up: &mut FollowUp) -> Because {
    let is_dispute = |reply: &Reply| reply.doubt == Some(Doubt::NotMine);
    let disputed = follow_up.round().is_some_and(|r| r.standing_replies().any(is_dispute));
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
    if follow_up.is_wrong_childs() {
        return Because::Nothing(format!("{} is on hold already.", follow_up.id));
    }
    let Some(adviser) = follow_up.adviser.clone() else {
        return Because::Refused(format!("{}: it is not known who was asked.", follow_up.id));
    };
    let waited = follow_up.stage == Stage::Prepared;
    follow_up.stage = Stage::Held;
    follow_up.hold = Some(HoldReason::WrongChild);
    follow_up.bar(&adviser);
    work.case.bar(&adviser, &adviser);
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
    let sent = match follow_up.origin {
        Origin::Sent if waited => format!(
            "The service's own request to {name} was still waiting to leave and is stopped; it has reached them only if it was being handed over at that moment."
        ),
        Origin::Sent => {
            format!(
                "The service has sent {name} what stands in the request; whatever the co-ordinator sent comes on top."
            )
        }
        Origin::CopiedIn | Origin::Elsewhere => format!(
            "The request itself was not sent by the service; its own notes to {name} carry the reference. What the co-ordinator sent, and how, they know best."
        ),
    };
    letter.facts.sentences = vec![format!(
        "{} has said that {name} was asked about the wrong child. {sent}",
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
