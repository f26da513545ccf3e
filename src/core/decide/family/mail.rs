//! A parent has written. No rule reads what: a person does, at once. Everything automatic waits for them.

use super::super::Work;
use super::super::letters::line;
use crate::core::calendar::local_date;
use crate::core::event::Because;
use crate::core::family::{Acknowledged, Acknowledgement, FamilyMail, NoticeHold, NoticeState, Proof};
use crate::core::follow_up::{Escalated, FollowUp, FollowUpKind, Origin, Round, Stage};
use crate::core::letter::{LetterKind, Line, SendOnlyWhile};
use crate::core::register::Contact;
use crate::core::wording::{date_words, list};
use chrono::NaiveDate;

/// Working days between two acknowledgements to one person.
const ACKNOWLEDGE_EVERY: i64 = 5;

pub(super) fn came(work: &mut Work, mail: &FamilyMail) -> Because {
    let contact = work.case.register.contact(&mail.from).cloned().filter(|_| mail.proof == Proof::Good);
    let held = hold_notice(work, if contact.is_some() { NoticeHold::ParentWrote } else { NoticeHold::Stranger });
    match contact {
        Some(contact) => of_contact(work, mail, &contact, held.as_deref()),
        None => of_stranger(work, mail, held.as_deref()),
    }
}

/// Stops the letter that waits, or is on its way to somebody; what staff are told of it.
fn hold_notice(work: &mut Work, hold: NoticeHold) -> Option<String> {
    let is_on_its_way = work.is_on_its_way();
    let notice = work.case.register.family.in_hand_mut()?;
    if notice.state == NoticeState::Held(NoticeHold::Uncertain) {
        // Stays a question; what of it has not left is void.
        notice.attempts += 1;
        return None;
    }
    if !is_on_its_way && !matches!(notice.state, NoticeState::Waiting { .. }) {
        return None;
    }
    notice.state = NoticeState::Held(hold);
    let told = match list(&notice.told.iter().map(|t| t.name.clone()).collect::<Vec<_>>()) {
        told if told.is_empty() => String::new(),
        told => format!(" {told} has it already."),
    };
    Some(format!(
        "The letter that was to tell the family {} ({}) is held.{told} Answer SEND when it may go all the same, or DON'T SEND.",
        date_words(notice.date),
        notice.limit.what()
    ))
}

/// A follow-up on the co-ordinator, the mail before them and whoever is on duty, and one acknowledgement.
fn of_contact(work: &mut Work, mail: &FamilyMail, contact: &Contact, held: Option<&str>) -> Because {
    let due = open_follow_up(work, mail);
    // No name: a subject leaks, and the family's is the child's.
    let headline = format!("A family has written: please answer by {}", date_words(due));
    let mut sentences = vec![
        format!("The mail comes from {}.", contact.name),
        "Please read it now. The service does not judge what parents write: it may be urgent, it may be a complaint (then log it as one).".to_owned(),
        "Your answer goes to them from your own mailbox. CLOSE this when you have answered.".to_owned(),
        "Until then no automatic letter goes to the family.".to_owned(),
    ];
    sentences.extend(held.map(ToOwned::to_owned));
    if !work.rules.policy.parents.may_write_to(contact) && !contact.do_not_contact {
        sentences.push(
            "Their address has not been confirmed (CONTACT), so the service has written nothing to them.".to_owned(),
        );
    }
    tell_staff(work, mail, &headline, &sentences, held);
    let acknowledged = acknowledge(work, mail, contact, due);
    let ending = if acknowledged { " They were told who will answer and by when." } else { "" };
    Because::Done(format!("{} has written; the co-ordinator answers by {}.{ending}", contact.name, date_words(due)))
}

fn open_follow_up(work: &mut Work, mail: &FamilyMail) -> NaiveDate {
    let policy = work.rules.policy;
    let day_zero = local_date(mail.received_at, policy.zone);
    let due = FollowUpKind::ParentAnswer.due(day_zero, policy).unwrap_or(day_zero);
    let mut round = Round::new(1, "A parent has written.".to_owned(), None);
    round.start(day_zero, due);
    let mut follow_up = FollowUp::new(
        mail.follow_up.clone(),
        FollowUpKind::ParentAnswer,
        Origin::Sent,
        work.case.coordinator.clone(),
        round,
        work.rules.now,
    );
    follow_up.stage = Stage::Open;
    work.case.follow_ups.push(follow_up);
    due
}

/// To the co-ordinator and to the duty address, in two letters.
fn tell_staff(work: &mut Work, mail: &FamilyMail, headline: &str, sentences: &[String], held: Option<&str>) {
    let coordinator = work.case.coordinator.clone();
    let duty = work.rules.policy.parents.duty_address.clone().filter(|duty| *duty != coordinator);
    for (who, to) in [("co-ordinator", Some(coordinator)), ("duty", duty)] {
        let Some(to) = to else { continue };
        let ordinal = format!("{}-{who}", mail.message);
        let mut letter = work.family_letter(LetterKind::ParentMail, &ordinal, headline, sentences.to_vec());
        letter.to = vec![to];
        letter.original = Some(mail.message.clone());
        if let Some(follow_up) = work.case.follow_up(&mail.follow_up) {
            letter.lines = vec![line(
                follow_up,
                &format!("{} · {}: answer to a parent", follow_up.id, work.case.label()),
                &["CLOSE"],
            )];
        }
        if held.is_some() {
            let number = u32::try_from(letter.lines.len()).unwrap_or_default() + 1;
            let text = format!("{}: the letter to the family that is held", work.case.label());
            letter.lines.push(Line { number, ..work.case_line(&text, &["SEND", "DON'T SEND"]) });
        }
        work.letters.push(letter);
    }
}

/// One plain acknowledgement that names a person and a day; once in five working days, only to a confirmed contact.
fn acknowledge(work: &mut Work, mail: &FamilyMail, contact: &Contact, due: NaiveDate) -> bool {
    let policy = work.rules.policy;
    let today = work.rules.today();
    let register = &mut work.case.register;
    let last = register.family.acknowledged.iter().rev().find(|a| a.to == mail.from).map(|a| a.on);
    let recently = last.is_some_and(|on| policy.calendar.working_days_between(on, today) < ACKNOWLEDGE_EVERY);
    let may = policy.parents.acknowledge && policy.parents.may_write_to(contact) && register.stop.is_none();
    if recently || !may || mail.acknowledged == Acknowledgement::Elsewhere {
        return false;
    }
    register.family.acknowledged.push(Acknowledged { to: mail.from.clone(), on: today });
    let mut letter = work.case_letter(LetterKind::ParentAcknowledgement, &mail.message);
    letter.to = vec![mail.from.clone()];
    letter.answers_to = policy.parents.team_address();
    letter.only_while = SendOnlyWhile::Always;
    letter.in_reply_to.clone_from(&mail.header_id);
    letter.facts.due_on = Some(due);
    letter.facts.notice = work.family_facts(contact);
    work.letters.push(letter);
    true
}

/// The two working days have gone by.
pub(super) fn unanswered(work: &mut Work, follow_up: &mut FollowUp, level: u32) -> Because {
    if let Some(round) = follow_up.round_mut() {
        round.escalations.push(Escalated::new(level, work.rules.now));
    }
    let wrote_on = follow_up.round().and_then(|r| r.day_zero).map(date_words).unwrap_or_default();
    let due = follow_up.due_on().map(date_words).unwrap_or_default();
    let coordinator = work.rules.directory.name_of(&follow_up.coordinator);
    let sentences = vec![
        format!("A parent wrote on {wrote_on}. {coordinator} was to answer by {due}; the follow-up is still open."),
        "The parent has been told that day. Please see that they are answered now. CLOSE ends this.".to_owned(),
    ];
    let ordinal = format!("unanswered-{}", follow_up.id);
    let mut letter = work.family_letter(LetterKind::FamilyQuestion, &ordinal, "A parent has had no answer", sentences);
    letter.to = work.send_managers();
    letter.cc = vec![follow_up.coordinator.clone()];
    letter.lines = vec![line(follow_up, &format!("{} · {}", follow_up.id, work.case.label()), &["CLOSE"])];
    work.letters.push(letter);
    Because::Done(format!("A parent has had no answer by {due}; the SEND managers were told."))
}

/// Somebody who is no contact, or whose address was forged, answers a letter to the family: staff see it, the sender
/// hears nothing.
fn of_stranger(work: &mut Work, mail: &FamilyMail, held: Option<&str>) -> Because {
    let (headline, why) = match mail.proof {
        Proof::Good => (
            "Somebody unknown has answered a letter to a family",
            format!("{} is no contact of this case, but the mail answers a letter to the family.", mail.from),
        ),
        Proof::Failed => (
            "Somebody may have written in a parent's name",
            format!("The mail system says that the mail does not come from {}.", mail.from),
        ),
    };
    let mut sentences = vec![
        format!("{why} It is shown to you at once; nobody has been answered."),
        "Please read it now, and give nothing away before you know who has written: not even that the case exists. If the address is right, record it with CONTACT.".to_owned(),
    ];
    sentences.extend(held.map(ToOwned::to_owned));
    tell_staff(work, mail, headline, &sentences, held);
    Because::Done(format!("{why} The co-ordinator was shown it; nobody was answered."))
}
