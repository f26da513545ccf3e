//! A notice from the preview to the moment it leaves: silence lets it go, any other word than `SEND` or a date stops
//! it.

use super::super::Work;
use super::addressees::Addressees;
use crate::core::calendar::{at_local, local_date};
use crate::core::event::Because;
use crate::core::family::{Notice, NoticeHold, NoticeOrder, NoticeState, Question};
use crate::core::id::Address;
use crate::core::letter::{LetterKind, SendOnlyWhile};
use crate::core::notice::{Limit, NoticeKind, Prompt};
use crate::core::parent_words::unsuitable;
use crate::core::policy::ParentHold;
use crate::core::register::{Channel, Contact, NamedDate};
use crate::core::timescale::{Level, Outlook, outlook_of};
use crate::core::wording::{date_words, list};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// A letter that is wanted, before anybody has seen it.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Which date of the law it is about.
    pub limit: Limit,
    /// Which letter.
    pub kind: NoticeKind,
    /// The date that it tells.
    pub date: NaiveDate,
    /// How the case stands.
    pub level: Level,
    /// Why it is wanted, for the co-ordinator.
    pub why: String,
}

impl Work<'_> {
    /// Prepares a notice: previewed to the co-ordinator, or on its way at once when nobody wants to see it before.
    pub(super) fn prepare(&mut self, wanted: &Wanted, before: Option<NoticeState>) -> String {
        let addressees = self.addressees();
        if addressees.is_empty() {
            return self.ask_for_addressee(&addressees);
        }
        let Wanted { limit, kind, date, level, .. } = *wanted;
        let register = &self.case.register;
        let named = register.named_date.as_ref().filter(|n| n.date == date && limit == Limit::FinalPlan);
        let words = named.and_then(|n| n.reason.clone());
        let number = u32::try_from(register.family.notices.len()).unwrap_or(u32::MAX).saturating_add(1);
        let notice = Notice {
            number,
            kind,
            limit,
            date,
            level,
            on: self.rules.today(),
            words,
            state: self.first_state(level, &addressees, before),
            attempts: 0,
            to: Vec::new(),
            told: Vec::new(),
            returned: Vec::new(),
        };
        self.case.register.family.notices.push(notice.clone());
        if self.sends_unseen(&notice) {
            return self.leave(&addressees);
        }
        self.preview(&notice, &addressees, &wanted.why);
        format!("The co-ordinator was shown a letter to the family: {} by {}.", limit.what(), date_words(date))
    }

    fn sends_unseen(&self, notice: &Notice) -> bool {
        let at_once = self.rules.policy.parents.hold == ParentHold::WorkingDays(0);
        at_once && matches!(notice.state, NoticeState::Waiting { .. })
    }

    /// Held where a person has to decide; else it waits as long as operators allow for an objection, a day less when
    /// the plan is late already. One that takes the place of another waits as long as that would have, and a day for
    /// the new look.
    fn first_state(&self, level: Level, addressees: &Addressees, before: Option<NoticeState>) -> NoticeState {
        if let Some(held @ NoticeState::Held(_)) = before {
            return held;
        }
        if self.owes_an_answer() {
            return NoticeState::Held(NoticeHold::ParentWrote);
        }
        if self.case.register.sensitive {
            return NoticeState::Held(NoticeHold::Sensitive);
        }
        if addressees.is_restricted {
            return NoticeState::Held(NoticeHold::DoNotContact);
        }
        match self.rules.policy.parents.hold {
            ParentHold::Approve => NoticeState::Held(NoticeHold::Approval),
            ParentHold::WorkingDays(days) => {
                let days = if level == Level::Late { days.saturating_sub(1) } else { days };
                let until = match before {
                    Some(NoticeState::Waiting { until }) => until.max(self.end_of_hold(days.min(1))),
                    _ => self.end_of_hold(days),
                };
                NoticeState::Waiting { until }
            }
        }
    }

    /// When the co-ordinator sees a preview: with the Today mail, or at once when that has gone.
    fn seen_at(&self) -> DateTime<Utc> {
        let policy = self.rules.policy;
        let today = self.rules.today();
        let morning = |day| at_local(day, policy.commands.today_at, policy.zone);
        if policy.calendar.is_working(today) {
            return self.rules.now.max(morning(today));
        }
        morning(policy.calendar.next_working_day(today))
    }

    /// 10:00 of the working day on which so many working days have gone by since the preview.
    fn end_of_hold(&self, days: u32) -> DateTime<Utc> {
        let policy = self.rules.policy;
        let seen = self.seen_at();
        let day = local_date(seen, policy.zone);
        let hour = |day| at_local(day, leaving_hour(), policy.zone);
        let days = if seen < hour(day) { days } else { days.saturating_add(1) };
        hour(policy.calendar.add_working_days(day, days))
    }

    fn preview(&mut self, notice: &Notice, addressees: &Addressees, why: &str) {
        let headline = match notice.state {
            NoticeState::Waiting { .. } => "Please look: a letter to a parent will leave",
            NoticeState::Held(_)
            | NoticeState::Leaving { .. }
            | NoticeState::Told
            | NoticeState::Never
            | NoticeState::Withdrawn => "A letter to a parent waits for you",
        };
        let mut sentences = vec![self.when_it_leaves(notice), goes_to(addressees)];
        sentences.extend(addressees.left_out.iter().cloned());
        sentences.push(why.to_owned());
        let ordinal = notice.number.to_string();
        let mut letter = self.family_letter(LetterKind::Preview, &ordinal, headline, sentences);
        letter.only_while = SendOnlyWhile::CaseOpen;
        letter.earliest = self.seen_at();
        if let Some(first) = addressees.all().next() {
            letter.facts.notice = self.notice_facts(notice, first);
        }
        let (label, what) = (self.case.label(), notice.limit.what());
        let text = format!("{label}: a letter to the family, {what} by {}.", date_words(notice.date));
        letter.lines = vec![self.case_line(&text, &["SEND", "WAIT", "DON'T SEND"])];
        self.letters.push(letter);
    }

    /// "It leaves on Tuesday 13 October 2026 at 10:00 unless you answer.", or why it does not.
    fn when_it_leaves(&self, notice: &Notice) -> String {
        match notice.state {
            NoticeState::Waiting { until } => format!(
                "It leaves on {} at {} unless you answer.",
                date_words(local_date(until, self.rules.policy.zone)),
                until.with_timezone(&self.rules.policy.zone).format("%H:%M")
            ),
            NoticeState::Held(hold) => format!("It leaves only when you answer SEND: {}.", hold.words()),
            NoticeState::Leaving { .. } | NoticeState::Told | NoticeState::Never | NoticeState::Withdrawn => {
                String::new()
            }
        }
    }

    fn ask_for_addressee(&mut self, addressees: &Addressees) -> String {
        let family = &self.case.register.family;
        let again = |on| {
            let policy = self.rules.policy;
            policy.calendar.working_days_between(on, self.rules.today()) >= i64::from(policy.parents.update_every)
        };
        if !family.asked_on(&[Question::Addressee]).is_none_or(again) {
            return "Nobody of the family can be written to; the co-ordinator has been asked.".to_owned();
        }
        let mut sentences = vec![
            "The plan will be late, or is, and the family has to be told. Nobody is recorded to whom the service may write, so nothing has been sent.".to_owned(),
        ];
        sentences.extend(addressees.left_out.iter().cloned());
        sentences.push(format!(
            "Please write CONTACT {} and a line Add: name <address> (or Post: name); a second person confirms it. If you tell the family yourself, no answer is needed.",
            self.reference()
        ));
        self.ask(Question::Addressee, "Nobody can be told that the plan is late", sentences, &[]);
        "Nobody of the family can be written to; the co-ordinator was asked.".to_owned()
    }

    /// Writes the letters of the notice in hand: each contact alone.
    pub(super) fn leave(&mut self, addressees: &Addressees) -> String {
        let Some(mut notice) = self.case.register.family.in_hand().cloned() else {
            return "No letter waits.".to_owned();
        };
        notice.to = addressees.all().map(|c| c.name.clone()).collect();
        notice.state = NoticeState::Leaving { since: self.rules.now };
        notice.attempts += 1;
        let told: Vec<String> = notice.told.iter().map(|t| t.name.clone()).collect();
        let untold = |c: &&Contact| !told.contains(&c.name);
        for (index, contact) in addressees.by_mail.iter().filter(untold).enumerate() {
            self.write_to(&notice, contact, index);
        }
        for (index, contact) in addressees.by_post.iter().filter(untold).enumerate() {
            let ordinal = notice_ordinal(&notice, index);
            self.write_for_post(&notice, contact, &ordinal, "A letter to a parent has to go by post", Vec::new());
        }
        let names = list(&notice.to);
        if let Some(place) = self.case.register.family.in_hand_mut() {
            *place = notice;
        }
        format!("The letter to {names} is on its way.")
    }

    fn write_to(&mut self, notice: &Notice, contact: &Contact, index: usize) {
        let kind = match self.kind_for(notice, contact) {
            NoticeKind::First | NoticeKind::Revision(_) => LetterKind::ParentNotice,
            NoticeKind::Update => LetterKind::ParentUpdate,
        };
        let mut letter = self.case_letter(kind, &notice_ordinal(notice, index));
        letter.to = contact.address().cloned().into_iter().collect();
        letter.answers_to = self.rules.policy.parents.team_address();
        letter.facts.notice = self.notice_facts(notice, contact);
        self.letters.push(letter);
    }

    /// What is to be said of an earlier letter that was printed perhaps, and not noted as posted.
    fn out_of_date(&self, notice: &Notice) -> Option<String> {
        let given_up = |n: &&Notice| n.number < notice.number && !matches!(n.state, NoticeState::Leaving { .. });
        let earlier = self.case.register.family.notices.iter().rev().filter(given_up);
        let printed = earlier.into_iter().find(|n| n.date != notice.date && self.waits_for_post(n))?;
        Some(format!(
            "The letter that you were given for the post before, by {}, is out of date: please do not post it any more. If it has gone already, answer POSTED with that day.",
            date_words(printed.date)
        ))
    }

    /// The text for the co-ordinator, who prints it.
    pub(super) fn write_for_post(
        &mut self,
        notice: &Notice,
        contact: &Contact,
        ordinal: &str,
        headline: &str,
        first: Vec<String>,
    ) {
        let mut sentences = first;
        sentences.extend(self.out_of_date(notice));
        sentences.push(format!(
            "Please print the letter below, send it to {} by post, and answer POSTED with the day. Only then does it count as told.",
            contact.name
        ));
        let mut letter = self.family_letter(LetterKind::PostLetter, ordinal, headline, sentences);
        letter.only_while = SendOnlyWhile::CaseOpen;
        let reader = Contact { channel: Channel::Post, ..contact.clone() };
        letter.facts.notice = self.notice_facts(notice, &reader);
        letter.lines = vec![self.case_line(&format!("{}: letter to {}", self.case.label(), contact.name), &["POSTED"])];
        self.letters.push(letter);
    }
}

/// The hour has come and nobody has objected. Looked at again: what was true at the preview need not be now.
pub(super) fn passed(work: &mut Work, mailbox_seen_at: DateTime<Utc>) -> Because {
    let nothing = |why: &str| Because::Nothing(why.to_owned());
    let Some(until) = work.case.register.family.wake().filter(|until| *until <= work.rules.now) else {
        return nothing("No letter to the family is due.");
    };
    if mailbox_seen_at < until {
        return nothing("The mailbox has not been looked at since then.");
    }
    if work.rules.next_opening() > work.rules.now {
        return nothing("The send window is closed.");
    }
    let policy = work.rules.policy;
    // A holiday that was proclaimed meanwhile moves the day.
    if local_date(work.rules.now, policy.zone) > policy.calendar.on_or_after(local_date(until, policy.zone)) {
        return hold_and_ask(work, NoticeHold::Downtime);
    }
    if work.owes_an_answer() {
        return hold_and_ask(work, NoticeHold::ParentWrote);
    }
    if work.case.register.sensitive {
        return hold_and_ask(work, NoticeHold::Sensitive);
    }
    let addressees = work.addressees();
    if addressees.is_restricted {
        return hold_and_ask(work, NoticeHold::DoNotContact);
    }
    if addressees.is_empty() {
        return hold_and_ask(work, NoticeHold::NoAddressee);
    }
    let is_of_plan = work.case.register.family.in_hand().is_some_and(|n| n.limit == Limit::FinalPlan);
    match outlook_of(&work.case, work.rules.today(), work.rules.policy) {
        // A decision that has been recorded since has given its letter up already.
        Some(_) if !is_of_plan => Because::Done(work.leave(&addressees)),
        Some(outlook) if outlook.level >= Level::WillSlip => Because::Done(work.leave(&addressees)),
        Some(_) | None => {
            work.case.register.family.withdraw();
            Because::Done("The plan can be in time again: the letter to the family is given up.".to_owned())
        }
    }
}

pub(super) fn hold_and_ask(work: &mut Work, hold: NoticeHold) -> Because {
    let Some(notice) = work.case.register.family.in_hand_mut() else {
        return Because::Nothing("No letter waits.".to_owned());
    };
    notice.state = NoticeState::Held(hold);
    let (number, attempt) = (notice.number, notice.attempts);
    let by = format!("{} ({})", date_words(notice.date), notice.limit.what());
    let sentences = vec![
        format!("The letter that was to tell the family {by} has not left: {}.", hold.words()),
        "Answer SEND when it may go, or DON'T SEND.".to_owned(),
    ];
    let headline = "A letter to a parent has not left";
    let mut letter =
        work.family_letter(LetterKind::FamilyQuestion, &format!("held-{number}.{attempt}"), headline, sentences);
    letter.lines = vec![work.case_line(&work.case.label(), &["SEND", "DON'T SEND"])];
    work.letters.push(letter);
    Because::Done(format!("The letter to the family is held: {}.", hold.words()))
}

/// Whoever was to see the letter has not: it is given up, and the next morning shows it to whoever stands in.
pub(super) fn unseen(work: &mut Work) -> Because {
    let waits = work.case.register.family.in_hand().is_some_and(|n| matches!(n.state, NoticeState::Waiting { .. }));
    if !waits {
        return Because::Nothing("No letter to the family waits.".to_owned());
    }
    work.case.register.family.withdraw();
    Because::Done(
        "The letter to the family that waited is given up; the next working morning shows it to whoever acts then."
            .to_owned(),
    )
}

/// A word of staff about the letter in hand.
pub(super) fn ordered(work: &mut Work, order: &NoticeOrder) -> Because {
    let reference = work.reference();
    if work.case.register.is_over() {
        return Because::Refused(format!("{reference} is over: nothing more is sent to the family."));
    }
    // What was let go and has not left can still be stopped.
    let may_be_stopped = work.is_on_its_way() && *order != NoticeOrder::Send;
    let Some(notice) = work.case.register.family.in_hand_mut() else {
        return Because::Refused(format!("No letter to the family of {reference} waits."));
    };
    if let (NoticeState::Leaving { .. }, false) = (notice.state, may_be_stopped) {
        return Because::Refused(format!("The letter to the family of {reference} has been sent already."));
    }
    let by = format!("{} by {}", notice.limit.what(), date_words(notice.date));
    match order {
        NoticeOrder::Send => {
            let addressees = work.addressees();
            if addressees.is_empty() {
                return Because::Refused(format!(
                    "There is nobody of {reference} whom it may be sent to. {}",
                    addressees.left_out.join(" ")
                ));
            }
            Because::Done(work.leave(&addressees))
        }
        NoticeOrder::Wait => {
            notice.state = NoticeState::Held(NoticeHold::Wait);
            Because::Done(format!("{reference}: the letter to the family ({by}) waits until you say SEND."))
        }
        NoticeOrder::DontSend => {
            notice.state = NoticeState::Never;
            Because::Done(format!("{reference}: this letter to the family ({by}) will not be sent."))
        }
        NoticeOrder::Unclear => {
            notice.state = NoticeState::Held(NoticeHold::Unclear);
            Because::Done(format!(
                "{reference}: your answer was neither SEND nor a date, so the letter to the family ({by}) is held. Answer SEND, DON'T SEND, or NEW DATE with a date."
            ))
        }
    }
}

/// `NEW DATE`: the co-ordinator's date goes before the projection, and the family is told it.
pub(super) fn new_date(work: &mut Work, by: &Address, date: NaiveDate, reason: Option<&str>) -> Because {
    let policy = work.rules.policy;
    let today = work.rules.today();
    let reference = work.reference();
    if date <= today {
        return Because::Refused(format!("{} is not in the future; nothing was done.", date_words(date)));
    }
    if let Some(found) = reason.and_then(unsuitable) {
        return Because::Refused(format!(
            "The reason would go to the family as you wrote it, and {found}. Please write it again; nothing was done."
        ));
    }
    let before = work.case.register.named_date.clone();
    work.case.register.named_date =
        Some(NamedDate { date, on: today, by: by.clone(), reason: reason.map(|r| r.trim().to_owned()) });
    let Some(outlook) = outlook_of(&work.case, today, policy) else {
        work.case.register.named_date = before;
        return Because::Refused(format!(
            "{reference} has no date of receipt, or is over: there is no timescale to change."
        ));
    };
    if outlook.level < Level::WillSlip {
        return Because::Done(format!(
            "{reference}: the plan is planned for {}, which is within the 20 weeks. The family needs no letter.",
            date_words(date)
        ));
    }
    if work.case.register.told.iter().any(|t| t.date == date) {
        return Because::Done(format!("{reference}: the family has been told {} already.", date_words(date)));
    }
    if work.case.register.family.in_hand().is_some_and(|n| matches!(n.state, NoticeState::Leaving { .. })) {
        return Because::Refused(format!("{reference}: another letter to the family is on its way at this moment."));
    }
    work.case.register.family.withdraw();
    let told = work.tell_if_wanted(&outlook, Prompt::Named, None);
    let told = told.unwrap_or_else(|| "The family has been told enough for now.".to_owned());
    Because::Done(format!("{reference}: the plan is expected by {}. {told}", date_words(date)))
}

/// "3.0", or "3-2.0" when its letters were written a second time; the engine reads the number from it.
fn notice_ordinal(notice: &Notice, index: usize) -> String {
    match notice.attempts {
        0 | 1 => format!("{}.{index}", notice.number),
        attempt => format!("{}-{attempt}.{index}", notice.number),
    }
}

fn leaving_hour() -> NaiveTime {
    NaiveTime::from_hms_opt(10, 0, 0).unwrap_or_default()
}

/// "It goes to Ann Winter <ann@…> and Tom Winter by post, each alone."
pub(super) fn goes_to(addressees: &Addressees) -> String {
    let named = |c: &Contact| match c.address() {
        Some(address) => format!("{} ({address})", c.name),
        None => format!("{} (by post, through you)", c.name),
    };
    let people: Vec<String> = addressees.all().map(named).collect();
    match people.len() {
        1 => format!("It goes to {}.", list(&people)),
        _ => format!("It goes to {}, to each in a letter of their own.", list(&people)),
    }
}

/// What the projections say, for the co-ordinator.
pub(super) fn why(outlook: &Outlook) -> String {
    let (expected, best) = (&outlook.expected.final_plan, &outlook.best.final_plan);
    format!(
        "Week 20 ends on {}. The plan is expected on {} ({}); at best it is ready on {}.",
        date_words(outlook.limits.final_plan.legal_due),
        date_words(expected.on),
        expected.why,
        date_words(best.on)
    )
}
