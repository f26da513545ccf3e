//! Who has a notice: told dates count from the relay's acceptance or the day of the post, and not at all when the
//! letter came back.

use super::super::Work;
use crate::core::calendar::local_date;
use crate::core::event::Because;
use crate::core::family::{Notice, NoticeHold, NoticeState, ToldTo};
use crate::core::id::Address;
use crate::core::letter::LetterKind;
use crate::core::notice::{Limit, NoticeKind};
use crate::core::register::{Phase, Timescale};
use crate::core::wording::{date_words, list};
use chrono::NaiveDate;

/// The relay has taken a notice for a contact.
pub(super) fn told(work: &mut Work, number: u32, to: &Address, on: NaiveDate) -> Because {
    let Some(name) = work.case.register.contact(to).map(|c| c.name.clone()) else {
        return Because::Nothing(format!("{to} is no contact of this case."));
    };
    note_told(work, number, &name, on)
}

/// `POSTED`: everybody for whom the letter waited to be posted has it.
pub(super) fn posted(work: &mut Work, on: NaiveDate) -> Because {
    if on > work.rules.today() {
        return Because::Refused(format!("{} is in the future.", date_words(on)));
    }
    let zone = work.rules.policy.zone;
    let mut given = None;
    let waiting = work.case.register.family.notices.iter().rev().find_map(|n| {
        let names: Vec<String> = n.to.iter().filter(|name| is_untold(n, name)).cloned().collect();
        let by_post: Vec<String> = names.into_iter().filter(|name| waits_for_post(work, n, name)).collect();
        if by_post.is_empty() {
            return None;
        }
        // A letter cannot be posted before the day on which it was given to the co-ordinator.
        let day = match n.state {
            NoticeState::Leaving { since } => local_date(since, zone),
            NoticeState::Waiting { .. }
            | NoticeState::Held(_)
            | NoticeState::Told
            | NoticeState::Never
            | NoticeState::Withdrawn => n.on,
        };
        given = given.or(Some(day));
        (day <= on).then_some((n.number, by_post))
    });
    let Some((number, names)) = waiting else {
        return Because::Refused(match given {
            Some(day) => format!(
                "The letter for the post was given to you on {}; it cannot have been posted on {}.",
                date_words(day),
                date_words(on)
            ),
            None => format!("No letter of {} waits to be posted.", work.reference()),
        });
    };
    for name in &names {
        note_told(work, number, name, on);
    }
    Because::Done(format!("Posted on {}: {} is noted as told.", date_words(on), list(&names)))
}

fn is_untold(notice: &Notice, name: &str) -> bool {
    notice.told.iter().all(|t| t.name != name)
}

/// By post from the start, or because the e-mail came back.
fn waits_for_post(work: &Work, notice: &Notice, name: &str) -> bool {
    work.is_by_post(name) || notice.returned.iter().any(|n| n == name)
}

fn note_told(work: &mut Work, number: u32, name: &str, on: NaiveDate) -> Because {
    let knows = work.case.register.told.iter().any(|told| told.to == name);
    let register = &mut work.case.register;
    let Some(notice) = register.family.notice_mut(number) else {
        return Because::Nothing(format!("There is no notice {number}."));
    };
    if !is_untold(notice, name) {
        return Because::Nothing(format!("{name} is noted as told already."));
    }
    notice.told.push(ToldTo { name: name.to_owned(), on });
    notice.returned.retain(|n| n != name);
    if notice.to.iter().all(|to| !is_untold(notice, to)) {
        notice.state = NoticeState::Told;
    }
    let (date, limit) = (notice.date, notice.limit);
    if (notice.kind != NoticeKind::Update || !knows) && limit == Limit::FinalPlan {
        register.told.push(Timescale { date, told_on: on, to: name.to_owned() });
    }
    for exemption in register.exemptions.iter_mut().filter(|e| e.phase == Phase::of(limit)) {
        exemption.told_parent_on.get_or_insert(on);
    }
    Because::Done(format!("{name} has been told: {} by {}.", limit.what(), date_words(date)))
}

/// The connection broke when the relay might have taken it: a person decides whether it is sent again.
pub(super) fn uncertain(work: &mut Work, number: u32, to: &Address) -> Because {
    let Some(name) = work.case.register.contact(to).map(|c| c.name.clone()) else {
        return Because::Nothing(format!("{to} is no contact of this case."));
    };
    let Some(notice) = work.case.register.family.in_hand_mut().filter(|n| n.number == number) else {
        return Because::Nothing(format!("Notice {number} is not in hand."));
    };
    notice.state = NoticeState::Held(NoticeHold::Uncertain);
    let attempt = notice.attempts;
    let sentences = vec![
        format!("The connection to the mail server broke while the letter to {name} was being handed over. It may have arrived, or not."),
        "Answer SEND to send it again, or DON'T SEND. If our own copy of it turns up, it counts as told and you need do nothing.".to_owned(),
    ];
    let headline = "A letter to a parent may not have arrived";
    let ordinal = format!("uncertain-{number}-{attempt}-{to}");
    let mut letter = work.family_letter(LetterKind::FamilyQuestion, &ordinal, headline, sentences);
    letter.lines = vec![work.case_line(&work.case.label(), &["SEND", "DON'T SEND"])];
    work.letters.push(letter);
    Because::Done(format!("Nobody knows whether the letter to {name} arrived; the co-ordinator was asked."))
}

/// A letter to a contact came back: it goes by post, and they count as not told.
pub(super) fn unreachable(work: &mut Work, number: Option<u32>, to: &Address, reason: &str, source: &str) -> Because {
    let Some(contact) = work.case.register.contact(to).cloned() else {
        return Because::Nothing(format!("{to} is no contact of this case."));
    };
    let why = vec![
        format!("The e-mail to {} ({to}) could not be delivered: {reason}.", contact.name),
        format!("If the address is wrong, put it right: CONTACT {} with Add: name <address>.", work.reference()),
    ];
    let known = number.and_then(|n| work.case.register.family.notices.iter().find(|notice| notice.number == n));
    let Some(mut notice) = known.cloned() else {
        let headline = "A parent cannot be reached by e-mail";
        let letter = work.family_letter(LetterKind::FamilyQuestion, &format!("unreachable-{source}"), headline, why);
        work.letters.push(letter);
        return Because::Done(format!("{} cannot be reached by e-mail; the co-ordinator was told.", contact.name));
    };
    if notice.returned.contains(&contact.name) {
        return Because::Nothing(format!("It is known that the letter to {} came back.", contact.name));
    }
    notice.told.retain(|t| t.name != contact.name);
    notice.returned.push(contact.name.clone());
    if notice.state == NoticeState::Told {
        notice.state = NoticeState::Leaving { since: work.rules.now };
    }
    let register = &mut work.case.register;
    register.told.retain(|t| t.to != contact.name || t.date != notice.date);
    if let Some(place) = register.family.notice_mut(notice.number) {
        *place = notice.clone();
    }
    let ordinal = format!("{}.returned-{}", notice.number, notice.returned.len());
    work.write_for_post(&notice, &contact, &ordinal, "A letter to a parent came back", why);
    Because::Done(format!("The letter to {} came back; the co-ordinator has its text for the post.", contact.name))
}
