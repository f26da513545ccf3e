//! A person's mail on a follow-up. It may stop or pause the escalation; it never closes anything.

use super::letters::{in_round, line};
use super::{Work, draft};
use crate::core::calendar::local_date;
use crate::core::event::{Because, ReplyEvent, Seen, Weight};
use crate::core::follow_up::{Doubt, FollowUp, FollowUpKind, Outcome, Pause, Reply, Stage};
use crate::core::id::Address;
use crate::core::letter::{LetterKind, SendOnlyWhile};
use crate::core::wording::{date_words, short_date};

/// What they can answer to one who is on to it or asks for time.
const MORE_TIME: [&str; 2] = ["EXTEND By: 5", "RECEIVED"];

pub(super) fn arrived(work: &mut Work, reply: &ReplyEvent) -> Because {
    let answered = work.answered(&reply.follow_up);
    work.with(&answered, |work, follow_up| {
        if !follow_up.stage.is_open() {
            return too_late(work, follow_up, reply);
        }
        if follow_up.is_wrong_childs() {
            return while_on_hold(work, follow_up, reply);
        }
        if let Some(earlier) = repeated(follow_up, reply) {
            return Because::Nothing(format!("The same content came before ({earlier}); it is kept beside it."));
        }
        // Neither a manager nor a desk that answers by itself is a sign that the adviser has seen it.
        let is_adviser_s = !follow_up.is_manager(&reply.from) && reply.weight != Weight::Acknowledged;
        if let (true, Some(round)) = (is_adviser_s, follow_up.round_mut()) {
            round.reminder_settled_at.get_or_insert(reply.received_at);
        }
        match &reply.weight {
            Weight::Full => full(work, follow_up, reply),
            Weight::Confirmed if follow_up.kind == FollowUpKind::DraftCheck => draft::confirmed(work, follow_up, reply),
            Weight::Confirmed => doubtful(work, follow_up, reply, Doubt::ThinReply),
            Weight::Doubtful(doubt) => doubtful(work, follow_up, reply, *doubt),
            Weight::MoreTime => {
                let to_do = "Nothing has been extended. Answer EXTEND By: 5 for five more working days, or leave it: then the next person is told when the window closes.";
                passed_on(work, follow_up, reply, "More time is asked for", to_do)
            }
            Weight::ManagerEngaged => passed_on(work, follow_up, reply, "The line manager has written", "The window runs on."),
            Weight::NoContent => passed_on(
                work,
                follow_up,
                reply,
                "A reply without content",
                "There was no text of their own and nothing attached (perhaps an attachment was forgotten). The window runs on.",
            ),
            Weight::AttachmentMissing => attachment_missing(work, follow_up, reply),
            Weight::Acknowledged => passed_on(
                work,
                follow_up,
                reply,
                "This says no more than that it was received",
                "It may be the automatic answer of a desk. The window runs on; if it is the answer, write RECEIVED.",
            ),
            Weight::AssignedTo(name) => {
                // The name is free text of a mail: it stays out of the subject.
                let to_do = format!("It has been given to {name}. The window runs on.");
                passed_on(work, follow_up, reply, "The line manager has assigned it", &to_do)
            }
            // Only a manager can say so; from the adviser it means that it is not theirs.
            Weight::NotMyStaff if follow_up.adviser.as_ref() == Some(&reply.from) => {
                doubtful(work, follow_up, reply, Doubt::NotMine)
            }
            Weight::NotMyStaff => not_my_staff(work, follow_up, reply),
        }
    })
}

/// Asks a party of the follow-up for the file where operators want that, once in a round (situation 31).
fn attachment_missing(work: &mut Work, follow_up: &FollowUp, reply: &ReplyEvent) -> Because {
    let asks = work.rules.policy.reply.ask_for_missing && follow_up.reachable_parties().contains(&reply.from);
    if asks {
        let ordinal = in_round(follow_up.round(), &reply.from);
        let mut letter = work.letter(LetterKind::MissingFile, follow_up, &ordinal);
        letter.to = vec![reply.from.clone()];
        letter.only_while = SendOnlyWhile::AwaitingAnswer;
        work.letters.push(letter);
    }
    let to_do = if asks {
        "It was forgotten, or a mail gateway has removed it. They have been asked for it once. The window runs on."
    } else {
        "It was forgotten, or a mail gateway has removed it. Please ask for it again, or for a secure way to share it. The window runs on."
    };
    passed_on(work, follow_up, reply, "An attachment was announced and is not there", to_do)
}

/// The earlier mail of this round that this one repeats ("resending"), when it stands as an answer already.
fn repeated<'a>(follow_up: &FollowUp, reply: &'a ReplyEvent) -> Option<&'a str> {
    let earlier = reply.repeats.as_deref()?;
    // What was set aside by NOT ADVICE stands no longer: the same answer beside a doubtful one is an answer anew.
    let known = follow_up.round()?.standing_replies().find(|r| r.message.as_deref() == Some(earlier))?;
    let doubt = match &reply.weight {
        Weight::Full => None,
        Weight::Doubtful(doubt) => Some(*doubt),
        Weight::Confirmed
        | Weight::MoreTime
        | Weight::ManagerEngaged
        | Weight::NoContent
        | Weight::AttachmentMissing
        | Weight::Acknowledged
        | Weight::NotMyStaff
        | Weight::AssignedTo(_) => return None,
    };
    // A doubtful one that nothing waits for any more, as after EXTEND, is put before a person again.
    let still_pauses = doubt.is_none() || follow_up.stage == Stage::RepliedThin;
    (known.doubt == doubt && still_pauses).then_some(earlier)
}

pub(super) fn record(follow_up: &mut FollowUp, reply: &ReplyEvent, doubt: Option<Doubt>) {
    let Some(round) = follow_up.round_mut() else { return };
    let (message, from) = (Some(reply.message.clone()), Some(reply.from.clone()));
    round.replies.push(Reply::new(message, from, reply.received_at, doubt));
}

/// What a mail is on record as that changes nothing by itself; `None` for one that only says what somebody will do.
fn standing(follow_up: &FollowUp, weight: &Weight) -> Option<Option<Doubt>> {
    match weight {
        Weight::Full => Some(None),
        Weight::Confirmed if follow_up.kind == FollowUpKind::DraftCheck => Some(None),
        Weight::Confirmed => Some(Some(Doubt::ThinReply)),
        Weight::Doubtful(doubt) => Some(Some(*doubt)),
        Weight::MoreTime
        | Weight::ManagerEngaged
        | Weight::NoContent
        | Weight::AttachmentMissing
        | Weight::Acknowledged
        | Weight::NotMyStaff
        | Weight::AssignedTo(_) => None,
    }
}

/// Whatever comes while it may be the wrong child's changes nothing: a person reads it, and the hold stays.
fn while_on_hold(work: &mut Work, follow_up: &mut FollowUp, reply: &ReplyEvent) -> Because {
    if let Some(doubt) = standing(follow_up, &reply.weight) {
        record(follow_up, reply, Some(doubt.unwrap_or(Doubt::OnHold)));
    }
    if reply.weight == Weight::NotMyStaff {
        bar(work, follow_up, &reply.from);
    }
    let mut letter = work.letter(LetterKind::Answer, follow_up, &reply.message);
    letter.to = vec![follow_up.coordinator.clone()];
    letter.only_while = SendOnlyWhile::Always;
    "A reply about what may be the wrong child".clone_into(&mut letter.facts.headline);
    letter.facts.sentences = vec![
        "It stays on hold and no clock runs: nothing that comes in ends that. CANCEL ends it; REOPEN if it was the right child after all.".to_owned(),
    ];
    if reply.weight == Weight::NotMyStaff {
        letter.facts.sentences.push(barred_words(work, follow_up, &reply.from));
    }
    letter.facts.sentences.extend(reply.remarks.iter().cloned());
    letter.lines = vec![line(follow_up, "reply while on hold", &["CANCEL", "REOPEN"])];
    letter.original = original(reply);
    work.letters.push(letter);
    Because::Nothing(format!(
        "{} is on hold, perhaps the wrong child's; the reply was passed to the co-ordinator.",
        follow_up.id
    ))
}

fn full(work: &mut Work, follow_up: &mut FollowUp, reply: &ReplyEvent) -> Because {
    record(follow_up, reply, None);
    follow_up.stage = Stage::Received;
    if let Some(round) = follow_up.round_mut() {
        round.pause = None;
    }
    work.stand_down(follow_up);
    let from = work.rules.directory.name_of(&reply.from);
    let late = follow_up
        .round()
        .and_then(|r| r.original_due)
        .filter(|&due| follow_up.round().is_some_and(|r| r.day_of(reply.received_at, work.rules.policy.zone) > due))
        .map(|due| format!(" It was due by {}.", short_date(due)))
        .unwrap_or_default();
    let (headline, sentence) = match follow_up.kind {
        FollowUpKind::DraftCheck => {
            let pointed =
                draft::point_manager_to_it(work, follow_up, reply).map(|s| format!(" {s}")).unwrap_or_default();
            let sentence = format!("{from} has sent feedback on the plan draft.{pointed} {}", draft::THREE_WAYS);
            ("Feedback on the plan draft", sentence)
        }
        FollowUpKind::AdviceRequest => {
            ("Advice is here", format!("{from} has answered.{late} You decide whether it is enough."))
        }
        FollowUpKind::Clarification
        | FollowUpKind::ReviewContribution
        | FollowUpKind::ParentAnswer
        | FollowUpKind::AssessmentReturn
        | FollowUpKind::Action => {
            ("An answer is here", format!("{from} has answered.{late} You decide whether it is enough."))
        }
    };
    tell(work, follow_up, reply, headline, sentence);
    Because::Done(format!(
        "{from} answered {}; the escalation has stopped until the co-ordinator decides.",
        follow_up.id
    ))
}

fn doubtful(work: &mut Work, follow_up: &mut FollowUp, reply: &ReplyEvent, doubt: Doubt) -> Because {
    record(follow_up, reply, Some(doubt));
    let replied_on = local_date(reply.received_at, work.rules.policy.zone);
    let policy = work.rules.policy;
    let until = follow_up.due_on().map(|due| follow_up.pause_end(due, policy));
    if follow_up.stage != Stage::Received {
        follow_up.stage = if follow_up.stage == Stage::Open { Stage::RepliedThin } else { follow_up.stage };
        if let (Some(until), Some(round)) = (until, follow_up.round_mut()) {
            round.pause = Some(Pause { until, doubt, replied_on });
        }
    }
    let pause = until
        .filter(|&until| until > work.rules.now)
        .map(|until| format!(" The escalation waits until {}, 08:00.", date_words(local_date(until, policy.zone))))
        .unwrap_or_default();
    let whose = if doubt == Doubt::UnlistedSender { format!(" It came from {}.", reply.from) } else { String::new() };
    let sentence =
        format!("This is {}, not yet taken as the answer.{whose}{}{pause}", doubt.words(), what_to_do(doubt));
    let disputes = doubt == Doubt::NotMine && follow_up.kind != FollowUpKind::DraftCheck;
    let headline = if disputes { "They dispute the request" } else { "Please look: is this the answer?" };
    tell(work, follow_up, reply, headline, sentence);
    Because::Done(format!("{} came for {}.{pause}", capital(doubt.words()), follow_up.id))
}

fn what_to_do(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Encrypted => {
            " Please open it yourself: links to protected messages expire, and the service follows none. A password often comes in a mail of its own."
        }
        Doubt::TooLarge => " It was left in the mailbox; please look there, or ask for a secure way to share it.",
        Doubt::Malware => " It is not attached. Please do not open it; ask the sender for a clean copy.",
        Doubt::UnlistedSender => " Nothing goes to that address.",
        Doubt::FailedCheck => " Please ask the person in another way whether it is theirs.",
        Doubt::NotMine => {
            " DISPUTE UPHELD closes it; DISPUTE REJECTED tells them that the request stands; WRONG CHILD stops all mail to the adviser about this child and sends the SEND managers the breach checklist."
        }
        Doubt::ThinReply | Doubt::SaidSent | Doubt::WeakMatch | Doubt::OnHold => "",
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Tells the co-ordinator and changes nothing.
fn passed_on(work: &mut Work, follow_up: &FollowUp, reply: &ReplyEvent, headline: &str, to_do: &str) -> Because {
    tell(work, follow_up, reply, headline, to_do.to_owned());
    Because::Done(format!("{headline} ({}). {to_do}", follow_up.id))
}

fn not_my_staff(work: &mut Work, follow_up: &mut FollowUp, reply: &ReplyEvent) -> Because {
    bar(work, follow_up, &reply.from);
    let fallback = follow_up
        .service
        .as_deref()
        .and_then(|name| work.rules.directory.service(name))
        .and_then(|s| s.fallback_manager.clone())
        .filter(|m| !follow_up.barred.contains(m));
    let meanwhile = match (follow_up.managers.is_empty(), fallback) {
        (true, Some(manager)) => {
            let name = work.rules.directory.name_of(&manager);
            follow_up.managers.push(manager);
            format!(" Until you have, {name} is taken as the line manager.")
        }
        _ => String::new(),
    };
    let sentence = format!("{}{meanwhile}", barred_words(work, follow_up, &reply.from));
    tell(work, follow_up, reply, "Not their line manager", sentence.clone());
    Because::Done(sentence)
}

fn barred_words(work: &Work, follow_up: &FollowUp, who: &Address) -> String {
    let adviser = follow_up.adviser.as_ref().map(ToString::to_string).unwrap_or_default();
    format!(
        "{} says that the adviser is not their staff. Nothing more about this child goes to that address; please consider whether what they have received is a disclosure to be recorded. Who is the line manager? Answer: MANAGER {adviser} IS name@organisation.",
        work.rules.directory.name_of(who)
    )
}

/// The same child and the same adviser: nothing about them goes there from any other follow-up either.
fn bar(work: &mut Work, follow_up: &mut FollowUp, who: &Address) {
    follow_up.bar(who);
    if let Some(adviser) = &follow_up.adviser {
        work.case.bar(adviser, who);
    }
}

fn too_late(work: &mut Work, follow_up: &mut FollowUp, reply: &ReplyEvent) -> Because {
    if let Some(doubt) = standing(follow_up, &reply.weight) {
        record(follow_up, reply, doubt);
    }
    if reply.weight == Weight::NotMyStaff {
        bar(work, follow_up, &reply.from);
    }
    if reply.weight == Weight::Confirmed && follow_up.outcome == Some(Outcome::NoResponse) {
        follow_up.outcome = Some(Outcome::Confirmed);
        return Because::Done(format!("{}: no changes to the plan draft, said after its window.", follow_up.id));
    }
    let mut letter = work.letter(LetterKind::Answer, follow_up, &reply.message);
    letter.to = vec![follow_up.coordinator.clone()];
    letter.only_while = SendOnlyWhile::Always;
    "A reply after the follow-up was closed".clone_into(&mut letter.facts.headline);
    let for_review = follow_up.kind == FollowUpKind::DraftCheck && work.case.register.final_on.is_some();
    let over = work.case.over_words().filter(|_| !for_review);
    let (sentence, answers) = after_closure(work, follow_up);
    letter.facts.sentences = vec![match &over {
        Some(over) => format!("{over}. Nobody has been answered; you alone see this mail."),
        None => sentence.to_owned(),
    }];
    let answers = if over.is_some() { &[] } else { answers };
    if reply.weight == Weight::NotMyStaff {
        letter.facts.sentences.push(barred_words(work, follow_up, &reply.from));
    }
    letter.lines = vec![line(follow_up, "reply after closure", answers)];
    letter.facts.sentences.extend(reply.remarks.iter().cloned());
    letter.original = original(reply);
    work.letters.push(letter);
    Because::Nothing(format!("{} is closed; the reply was passed to the co-ordinator.", follow_up.id))
}

/// Late feedback still decides the projection; once the plan is final it is for the next review (situation 72).
fn after_closure(work: &Work, follow_up: &FollowUp) -> (&'static str, &'static [&'static str]) {
    let is_final = work.case.register.final_on.is_some();
    match follow_up.kind {
        FollowUpKind::DraftCheck if is_final => (draft::AFTER_FINAL, &[]),
        FollowUpKind::DraftCheck => (draft::THREE_WAYS, follow_up.kind.judgements()),
        FollowUpKind::AdviceRequest
        | FollowUpKind::Clarification
        | FollowUpKind::ReviewContribution
        | FollowUpKind::ParentAnswer
        | FollowUpKind::AssessmentReturn
        | FollowUpKind::Action => ("It stays closed. Answer REOPEN when it matters.", &["REOPEN"]),
    }
}

/// Puts a mail before the co-ordinator at once, unless they have it already: then the Today mail lists it.
fn tell(work: &mut Work, follow_up: &FollowUp, reply: &ReplyEvent, headline: &str, sentence: String) {
    let known = reply.coordinator == Seen::Already && reply.remarks.is_empty();
    if known && matches!(reply.weight, Weight::Full) {
        return;
    }
    let mut letter = work.letter(LetterKind::Answer, follow_up, &reply.message);
    letter.to = vec![follow_up.coordinator.clone()];
    letter.only_while = SendOnlyWhile::Always;
    headline.clone_into(&mut letter.facts.headline);
    letter.facts.sentences = vec![sentence];
    letter.facts.sentences.extend(reply.remarks.iter().cloned());
    if is_dispute(follow_up, reply) {
        letter.cc = work.send_managers().into_iter().filter(|m| !letter.to.contains(m)).collect();
    }
    letter.lines = vec![line(follow_up, headline, offered(follow_up.kind, &reply.weight))];
    letter.original = original(reply);
    work.letters.push(letter);
}

/// What can sensibly be answered: nothing is judged while somebody only says what they are going to do.
fn offered(kind: FollowUpKind, weight: &Weight) -> &'static [&'static str] {
    match weight {
        Weight::Doubtful(doubt) => kind.judgements_in_doubt(*doubt),
        Weight::Confirmed | Weight::Full | Weight::NoContent | Weight::AttachmentMissing => kind.judgements(),
        Weight::Acknowledged => &["RECEIVED"],
        Weight::MoreTime | Weight::ManagerEngaged | Weight::AssignedTo(_) => &MORE_TIME,
        Weight::NotMyStaff => &[],
    }
}

/// Whoever says that it is not theirs to give disputes it: the SEND manager sees that too (situation 23).
fn is_dispute(follow_up: &FollowUp, reply: &ReplyEvent) -> bool {
    reply.weight == Weight::Doubtful(Doubt::NotMine) && follow_up.kind != FollowUpKind::DraftCheck
}

fn original(reply: &ReplyEvent) -> Option<String> {
    let harmful = reply.weight == Weight::Doubtful(Doubt::Malware);
    (reply.coordinator == Seen::NotYet && !harmful).then(|| reply.message.clone())
}
