//! Mail of people outside: placed by its signals, weighed by what software can tell.

use super::assessment;
use super::desk::Desk;
use super::digest_answer;
use super::forward::placed_inside;
use super::intake::Mail;
use super::machine::note_away;
use super::signals::{Clues, find, is_party};
use crate::core::command::{ShortAnswer, short_answer};
use crate::core::event::{Event, ReplyEvent, Seen, Weight};
use crate::core::follow_up::{Away, Doubt, FollowUp, FollowUpKind};
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::LetterKind;
use crate::core::wording::list;
use crate::message::absence::first_day_back;
use crate::message::matching::{Placing, Strength, Unplaced};
use crate::message::substance::{ReplyWords, Said, only_acknowledges, only_agrees, said, says_one_of, substance};
use crate::message::{Message, Substance, Verdict};
use crate::store::{MessageState, Outcome};
use anyhow::Result;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Mail of anybody who is not staff.
pub(super) async fn from_outside(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Outcome> {
    if mail.verdict != Verdict::Fail {
        if !acknowledges(desk, mail) {
            end_absence(desk, mail, author).await?;
        }
        if let Some(outcome) = digest_answer::read(desk, mail, author).await? {
            return Ok(outcome);
        }
    }
    let clues = Clues::of(&mail.reading.message, &mail.reading.new_text.text);
    let placed = find(desk, &clues).await?;
    mail.story.extend(placed.story.iter().cloned());
    if is_doubtful_return(desk, mail, &placed.placing).await? {
        return Ok(mail.outcome(MessageState::Triage, None).with_candidates(&placed.placing));
    }
    if let Some(id) = assessment_of(desk, mail, author, &placed.placing).await? {
        if mail.verdict != Verdict::Fail && assessment::knows(desk, &id, author).await? {
            learn(desk, &mail.reading.message, &id).await?;
        }
        return assessment::answered(desk, mail, author, &id).await;
    }
    let (follow_up_id, strength) = match &placed.placing {
        Placing::Triage { candidates, why } => {
            if *why == Unplaced::Misdirected {
                alarm_of_misdirection(desk, mail, author, candidates).await?;
            }
            return Ok(mail.outcome(MessageState::Triage, None).with_candidates(&placed.placing));
        }
        Placing::Placed { follow_up, strength } => (follow_up.clone(), *strength),
    };
    let stored = desk.tx.case_of(&follow_up_id).await?.and_then(|l| l.case.follow_up(&follow_up_id).cloned());
    let Some(follow_up) = stored else {
        return Ok(mail.outcome(MessageState::Triage, None));
    };
    if strength != Strength::Weak && mail.verdict != Verdict::Fail {
        learn(desk, &mail.reading.message, &follow_up_id).await?;
    }
    let weight = match standing_doubt(desk, mail, &follow_up, author, strength) {
        Some(doubt) => Weight::Doubtful(doubt),
        None => weigh(desk, mail, &follow_up, author).await?,
    };
    mail.story.push(format!("weighed as {}", weight_words(&weight)));
    let repeats = desk.tx.same_content(&mail.id, author, &mail.text_hash, &follow_up_id).await?;
    let event = Event::Reply(ReplyEvent {
        follow_up: follow_up_id.clone(),
        message: mail.id.clone(),
        from: author.clone(),
        received_at: mail.received_at,
        coordinator: if mail.recipients().contains(&follow_up.coordinator) { Seen::Already } else { Seen::NotYet },
        manager: managers_copy(mail, &follow_up),
        weight,
        repeats,
        remarks: remarks(desk, mail, &follow_up, &placed.also_named),
    });
    // Read here and not before: weighing may have noted an absence in the same case.
    let Some(loaded) = desk.tx.case_of(&follow_up_id).await? else {
        return Ok(mail.outcome(MessageState::Triage, None));
    };
    let applied = desk.apply(loaded, &event).await?;
    mail.story.push(applied.because.text().to_owned());
    let failed = mail.verdict == Verdict::Fail;
    if failed {
        return Ok(mail.outcome(MessageState::Triage, Some(&follow_up_id)).with_candidates(&placed.placing));
    }
    Ok(mail.outcome(MessageState::Placed, Some(&follow_up_id)))
}

/// Only its sender speaks for a return, and it holds no answers: an adviser who also answers for a provider may have
/// written about a child, so a person places it.
async fn is_doubtful_return(desk: &mut Desk, mail: &Mail, placing: &Placing) -> Result<bool> {
    let Placing::Placed { follow_up, strength: Strength::Weak } = placing else { return Ok(false) };
    let Some(loaded) = desk.tx.case_of(follow_up).await? else { return Ok(false) };
    Ok(loaded.case.provider_return.is_some() && !assessment::holds_answers(desk, mail, &loaded.case))
}

/// The return or action of an assessment round that a mail is about: by its signals, else by the form that it brings.
async fn assessment_of(
    desk: &mut Desk,
    mail: &Mail,
    author: &Address,
    placing: &Placing,
) -> Result<Option<FollowUpId>> {
    match placing {
        Placing::Placed { follow_up, .. } => {
            let stored = desk.tx.case_of(follow_up).await?.and_then(|l| l.case.follow_up(follow_up).cloned());
            Ok(stored.filter(assessment::is_ours).map(|f| f.id))
        }
        Placing::Triage { .. } => assessment::by_form(desk, mail, author).await,
    }
}

/// Whether a line manager of the adviser got the mail too.
fn managers_copy(mail: &Mail, follow_up: &FollowUp) -> Seen {
    let copied = mail.recipients().iter().any(|r| follow_up.managers.contains(r));
    if copied { Seen::Already } else { Seen::NotYet }
}

/// What the co-ordinator should see about a reply beside its text.
fn remarks(desk: &Desk, mail: &Mail, follow_up: &FollowUp, also_named: &[FollowUpId]) -> Vec<String> {
    let known = |a: &Address| {
        desk.office.is_own(a)
            || desk.directory.is_staff(a)
            || desk.directory.may_receive(a)
            || is_party(follow_up, a, &desk.directory)
    };
    let strangers: Vec<String> = mail.recipients().iter().filter(|a| !known(a)).map(ToString::to_string).collect();
    let mut remarks = Vec::new();
    remarks.extend(missed_appointment(mail, follow_up));
    if !strangers.is_empty() {
        remarks.push(format!(
            "It was also sent to {}, whom the directory does not know. The service writes nothing there; please consider whether that was meant.",
            list(&strangers)
        ));
    }
    if !also_named.is_empty() {
        let named: Vec<String> = also_named.iter().map(ToString::to_string).collect();
        remarks.push(format!(
            "It also names {}: if it answers that as well, write RECEIVED and that reference.",
            list(&named)
        ));
    }
    remarks
}

/// What people write when a child did not come.
const NOT_BROUGHT: [&str; 8] = [
    "dna",
    "dna'd",
    "did not attend",
    "didn't attend",
    "not brought",
    "was not brought",
    "missed appointment",
    "discharged",
];

/// A missed appointment may excuse the body from its six weeks; only a person can say so (situation 26, reg 8(2)(c)).
fn missed_appointment(mail: &Mail, follow_up: &FollowUp) -> Option<String> {
    let asked_for_advice = matches!(follow_up.kind, FollowUpKind::AdviceRequest | FollowUpKind::Clarification);
    let phrases = NOT_BROUGHT.map(str::to_owned);
    (asked_for_advice && says_one_of(&mail.reading.new_text.own, &phrases)).then(|| {
        "If the child missed an appointment for an examination or test, regulation 8(2)(c) may excuse the body from its six weeks. It excuses nobody from the 20 weeks. To record it, write EXEMPTION, the case reference and “missed appointment”, with Phase: advice and a line Text: that says what happened.".to_owned()
    })
}

/// One child's answer in another's thread: the co-ordinators are told at once, with nothing of what it says.
async fn alarm_of_misdirection(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    candidates: &[FollowUpId],
) -> Result<()> {
    let mut owners = BTreeSet::new();
    for id in candidates {
        owners.extend(desk.tx.case_of(id).await?.and_then(|l| l.case.follow_up(id).map(|f| f.coordinator.clone())));
    }
    let named: Vec<String> = candidates.iter().map(ToString::to_string).collect();
    for owner in owners {
        let key = format!("{}/misdirected/{owner}", mail.id);
        let mut letter = desk.staff_letter(LetterKind::Alarm, key, &owner, "A mail may be about the wrong child");
        letter.facts.sentences = vec![
            format!("A mail from {author} names more than one child's follow-up ({}).", list(&named)),
            "It has been placed nowhere and shown to nobody, and it stops nothing. It is listed in the next Today mail, where MATCH or IGNORE settles it. Please look at it in the mailbox, and consider whether it is a disclosure to be recorded.".to_owned(),
        ];
        desk.send(&letter, None).await?;
    }
    mail.story.push("the co-ordinators were told of a possible misdirection".to_owned());
    Ok(())
}

/// A human mail ends the absence of its sender.
pub(super) async fn end_absence(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<()> {
    if !desk.tx.end_absence(author).await? {
        return Ok(());
    }
    mail.story.push(format!("{author} has written: no longer away"));
    for case in desk.tx.open_cases_of_party(author).await? {
        if let Some(loaded) = desk.tx.case(&case).await? {
            desk.apply(loaded, &Event::Back { who: author.clone() }).await?;
        }
    }
    Ok(())
}

/// The thread knows this mail and everything that it refers to.
async fn learn(desk: &mut Desk, message: &Message, id: &FollowUpId) -> Result<()> {
    let own = message.message_id.iter();
    for seen in message.references.iter().chain(&message.in_reply_to).chain(own) {
        // An id that belongs to another follow-up stays its own: mail programs mix threads of one subject.
        if desk.tx.thread(seen).await?.is_empty() {
            desk.tx.learn_thread(seen, id).await?;
        }
    }
    Ok(())
}

/// What the sender's standing alone makes doubtful (`mail.md` 4, trust table).
fn standing_doubt(
    desk: &Desk,
    mail: &Mail,
    follow_up: &FollowUp,
    author: &Address,
    strength: Strength,
) -> Option<Doubt> {
    if mail.verdict == Verdict::Fail {
        return Some(Doubt::FailedCheck);
    }
    if !is_party(follow_up, author, &desk.directory) {
        return Some(Doubt::UnlistedSender);
    }
    (strength == Strength::Weak).then_some(Doubt::WeakMatch)
}

/// What a mail of a party amounts to (`domain.md` 7, head table; `commands.md` 3).
async fn weigh(desk: &mut Desk, mail: &mut Mail, follow_up: &FollowUp, author: &Address) -> Result<Weight> {
    let is_manager = answers_as_manager(desk, follow_up, author);
    let policy = &desk.office.policy.reply;
    let words = ReplyWords {
        full_words: if is_manager { policy.manager_words } else { policy.full_words },
        holding_phrases: &policy.holding_phrases,
        more_time_phrases: &policy.more_time_phrases,
    };
    if let Some(doubt) = needs_a_person(mail) {
        return Ok(Weight::Doubtful(doubt));
    }
    let message = &mail.reading.message;
    let substance = substance(&mail.reading.new_text, &message.attachments, message, &words);
    if let Some(weight) = one_word(desk, mail, follow_up, is_manager).await? {
        return Ok(weight);
    }
    if follow_up.kind == FollowUpKind::DraftCheck {
        return Ok(weigh_feedback(desk, mail, substance, is_manager));
    }
    if matches!(substance, Substance::Thin | Substance::MoreTime)
        && let Some(weight) = in_own_words(desk, mail, follow_up, is_manager).await?
    {
        return Ok(weight);
    }
    Ok(match (substance, is_manager) {
        (Substance::Full | Substance::Thin, _) if acknowledges(desk, mail) => Weight::Acknowledged,
        (Substance::Full, _) => Weight::Full,
        (Substance::Encrypted, _) => Weight::Doubtful(Doubt::Encrypted),
        (Substance::Thin | Substance::MoreTime, true) => Weight::ManagerEngaged,
        (Substance::Thin, false) => Weight::Doubtful(Doubt::ThinReply),
        (Substance::MoreTime, false) => Weight::MoreTime,
        (Substance::AttachmentMissing, _) => Weight::AttachmentMissing,
        (Substance::Empty, _) => Weight::NoContent,
    })
}

/// A reply to a draft check: its adviser agrees, or whatever it says is feedback, however short, for a person has to
/// read it. A line manager who agrees says nothing about its accuracy.
fn weigh_feedback(desk: &Desk, mail: &Mail, substance: Substance, is_manager: bool) -> Weight {
    let own = &mail.reading.new_text.own;
    let holds = says_one_of(own, &desk.office.policy.reply.holding_phrases);
    let attached = mail.reading.message.attachments.iter().any(|a| !a.inline);
    match substance {
        Substance::Full | Substance::Thin if !attached && !is_manager && only_agrees(own) => Weight::Confirmed,
        Substance::Thin if holds => Weight::Doubtful(Doubt::ThinReply),
        Substance::Thin if is_manager => Weight::ManagerEngaged,
        Substance::Full | Substance::Thin => Weight::Full,
        Substance::MoreTime => Weight::MoreTime,
        Substance::Encrypted => Weight::Doubtful(Doubt::Encrypted),
        Substance::AttachmentMissing => Weight::AttachmentMissing,
        Substance::Empty => Weight::NoContent,
    }
}

/// Line managers, and whoever stands above them in the adviser's service.
fn answers_as_manager(desk: &Desk, follow_up: &FollowUp, author: &Address) -> bool {
    let service = follow_up.service.as_deref().and_then(|name| desk.directory.service(name));
    let higher =
        service.is_some_and(|s| s.second_level.as_ref() == Some(author) || s.fallback_manager.as_ref() == Some(author));
    follow_up.is_manager(author) || higher && follow_up.adviser.as_ref() != Some(author)
}

/// What only a person can look at: more than was fetched, or something that the mail system found harmful.
pub(super) fn needs_a_person(mail: &Mail) -> Option<Doubt> {
    let message = &mail.reading.message;
    let found = ["X-Virus-Status", "X-Amavis-Alert", "X-Virus-Scanned-Result"]
        .iter()
        .filter_map(|name| message.header(name))
        .any(|v| v.to_lowercase().contains("infected") || v.trim().eq_ignore_ascii_case("yes"));
    let stub = message
        .attachments
        .iter()
        .filter_map(|a| a.name.as_deref())
        .any(|name| name.to_lowercase().starts_with("malware alert text"));
    if found || stub {
        return Some(Doubt::Malware);
    }
    (!mail.whole).then_some(Doubt::TooLarge)
}

/// The words that are offered to advisers and managers; a mail with an attachment is an answer all the same.
async fn one_word(desk: &mut Desk, mail: &mut Mail, follow_up: &FollowUp, is_manager: bool) -> Result<Option<Weight>> {
    if mail.reading.message.attachments.iter().any(|a| !a.inline) {
        return Ok(None);
    }
    let today = desk.office.date(mail.received_at);
    Ok(match (short_answer(&mail.reading.new_text.own, today), is_manager) {
        (Some(ShortAnswer::Sent(_)), _) => Some(Weight::Doubtful(Doubt::SaidSent)),
        (Some(ShortAnswer::NotMine), _) => Some(Weight::Doubtful(Doubt::NotMine)),
        (Some(ShortAnswer::NeedTime), _) => Some(Weight::MoreTime),
        (Some(ShortAnswer::NoChanges), false) if follow_up.kind == FollowUpKind::DraftCheck => Some(Weight::Confirmed),
        (Some(ShortAnswer::AssignedTo(name)), true) => Some(Weight::AssignedTo(name)),
        (Some(ShortAnswer::NotMyStaff), true) => Some(Weight::NotMyStaff),
        (Some(ShortAnswer::AbsentUntil(until)), true) => {
            adviser_is_away(desk, mail, follow_up, until).await?;
            Some(Weight::ManagerEngaged)
        }
        (Some(ShortAnswer::AssignedTo(_) | ShortAnswer::NotMyStaff | ShortAnswer::AbsentUntil(_)), false)
        | (Some(ShortAnswer::NoChanges) | None, _) => None,
    })
}

/// The same said in a short sentence; what it means is still put before a person.
async fn in_own_words(
    desk: &mut Desk,
    mail: &mut Mail,
    follow_up: &FollowUp,
    is_manager: bool,
) -> Result<Option<Weight>> {
    let own = &mail.reading.new_text.own;
    let says = said(own, &adviser_s_name(desk, follow_up));
    // Whoever is going to do something about it has not only said that it is not theirs.
    let holds = says == Some(Said::NotMine) && says_one_of(own, &desk.office.policy.reply.holding_phrases);
    Ok(match (says.filter(|_| !holds), is_manager) {
        (Some(Said::NotMine), _) => Some(Weight::Doubtful(Doubt::NotMine)),
        (Some(Said::MoreTime), false) => Some(Weight::MoreTime),
        (Some(Said::NotMyStaff), true) => Some(Weight::NotMyStaff),
        (Some(Said::AdviserAway), true) => {
            let received_on = desk.office.date(mail.received_at);
            let until = first_day_back(&mail.reading.new_text.own, received_on);
            adviser_is_away(desk, mail, follow_up, until).await?;
            Some(Weight::ManagerEngaged)
        }
        (Some(Said::MoreTime), true) | (Some(Said::NotMyStaff | Said::AdviserAway), false) | (None, _) => None,
    })
}

/// As a letter writes it; an address that nobody has named tells it before the `@`: "ann.lee".
fn adviser_s_name(desk: &Desk, follow_up: &FollowUp) -> String {
    let name = follow_up.adviser.as_ref().map(|adviser| desk.directory.name_of(adviser)).unwrap_or_default();
    name.split_once('@').map_or(name.clone(), |(local, _)| local.replace(|c: char| !c.is_alphabetic(), " "))
}

/// A desk's answer by itself, which is no sign of its person; whoever says that they will do something is one.
fn acknowledges(desk: &Desk, mail: &Mail) -> bool {
    let own = &mail.reading.new_text.own;
    let attached = mail.reading.message.attachments.iter().any(|a| !a.inline);
    !attached && only_acknowledges(own) && !says_one_of(own, &desk.office.policy.reply.holding_phrases)
}

/// A line manager says that the adviser is away: the same as a notice of their own.
async fn adviser_is_away(
    desk: &mut Desk,
    mail: &mut Mail,
    follow_up: &FollowUp,
    until: Option<NaiveDate>,
) -> Result<()> {
    let Some(adviser) = follow_up.adviser.clone() else { return Ok(()) };
    let away = Away { who: adviser.clone(), until, contact: None };
    desk.tx.note_absence(&away, &mail.id, mail.received_at).await?;
    note_away(desk, mail, &adviser, away).await
}

fn weight_words(weight: &Weight) -> &'static str {
    match weight {
        Weight::Full => "an answer with content",
        Weight::Confirmed => "no changes to the plan draft",
        Weight::Doubtful(doubt) => doubt.words(),
        Weight::MoreTime => "a request for more time",
        Weight::ManagerEngaged => "a manager who is on to it",
        Weight::NoContent => "no content",
        Weight::Acknowledged => "an acknowledgement",
        Weight::AttachmentMissing => "an attachment that is announced and not there",
        Weight::NotMyStaff => "not my staff",
        Weight::AssignedTo(_) => "given to somebody else",
    }
}

/// A staff member's mail in a thread with people outside: filed there, counts for nothing, answered by nobody.
pub(super) async fn file_in_thread(desk: &mut Desk, mail: &mut Mail) -> Result<Outcome> {
    let clues = Clues::of(&mail.reading.message, "");
    let placed = find(desk, &clues).await?;
    mail.story.push("staff to people outside: filed in the thread, no command".to_owned());
    let id = placed_inside(&placed);
    if let Some(id) = &id {
        learn(desk, &mail.reading.message, id).await?;
    }
    Ok(mail.outcome(MessageState::Filed, id.as_ref()))
}
