//! The evaluation of a working-day morning: does the plan slip, is a letter wanted, is the one in hand still true?

use super::super::Work;
use super::notices::{Wanted, why};
use crate::core::calendar::local_date;
use crate::core::event::Because;
use crate::core::family::{Notice, NoticeHold, NoticeState, Question, Running};
use crate::core::follow_up::{FollowUp, FollowUpKind};
use crate::core::notice::{Cadence, Limit, NoticeKind, OwnWords, Prompt, Situation, Telling, Told, telling};
use crate::core::register::{ContactRole, Phase, Span};
use crate::core::timescale::age::{Holder, holder, young_person_from};
use crate::core::timescale::exemption::{SchoolClosure, suggestion};
use crate::core::timescale::{Level, Outlook, outlook_of};
use crate::core::wording::date_words;
use chrono::NaiveDate;

/// Working days after which a letter that nobody took is given up: longer than a relay is tried.
const DELIVERY_DAYS: i64 = 10;

pub(super) fn came(work: &mut Work, running: Running) -> Because {
    let policy = work.rules.policy;
    let Some(outlook) = outlook_of(&work.case, work.rules.today(), policy) else {
        return Because::Nothing("No plan is awaited, or the day of the request is not recorded.".to_owned());
    };
    note_slip(work, &outlook);
    let mut said: Vec<String> = Vec::new();
    said.extend(ask_about_age(work));
    said.extend(suggest_exemption(work));
    let mut before = match running {
        Running::Steadily => None,
        Running::AfterDowntime => Some(NoticeState::Held(NoticeHold::Downtime)),
    };
    if let Some((text, goes_over)) = look_at_notice_in_hand(work, &outlook) {
        said.push(text);
        before = before.or(goes_over);
    }
    if work.case.register.family.in_hand().is_none() {
        let prompt = work.prompt();
        said.extend(work.tell_if_wanted(&outlook, prompt, before));
    }
    if work.case.register.family.in_hand().is_none() {
        said.extend(work.tell_of_decisions(before));
    }
    if said.is_empty() {
        Because::Nothing(format!("Standing: {}; nothing is to be told.", outlook.words()))
    } else {
        Because::Done(said.join(" "))
    }
}

fn note_slip(work: &mut Work, outlook: &Outlook) {
    let today = work.rules.today();
    let family = &mut work.case.register.family;
    if outlook.level >= Level::WillSlip {
        family.slipping_since.get_or_insert(today);
    } else {
        family.slipping_since = None;
    }
}

/// Once, when the date of birth says that the young person is the one to be written to and staff have not named them.
fn ask_about_age(work: &mut Work) -> Option<String> {
    let register = &work.case.register;
    let born = register.born.filter(|&born| holder(born, work.rules.today()) == Holder::YoungPerson)?;
    let known = register.contacts.iter().any(|c| c.role == ContactRole::YoungPerson);
    if known || register.family.asked_on(&[Question::Age]).is_some() {
        return None;
    }
    let reference = work.reference();
    let since = date_words(young_person_from(born));
    work.ask(
        Question::Age,
        "Letters go to the young person now",
        vec![
            format!("By the date of birth on record they are over compulsory school age since {since} (Education Act 1996, section 8). From then on letters about the plan are theirs."),
            format!("Nobody is recorded as the young person, so nothing is sent. Please record how they may be reached: CONTACT {reference} and a line Young person: name <address>, or post. Parents get letters only as their representative."),
        ],
        &[],
    );
    Some("The co-ordinator was asked about the young person.".to_owned())
}

/// Words in the name of a service that is a school or takes its place (regulation 10(4)(a) and (b)).
const SCHOOLS: [&str; 6] = ["school", "academy", "college", "nursery", "early years", "pre-school"];

/// Once, when advice was asked of a school around a long closure. A question, never a record (`domain.md` 1.4).
fn suggest_exemption(work: &mut Work) -> Option<String> {
    let register = &work.case.register;
    let recorded = register.exemptions.iter().any(|e| e.phase == Phase::Week20);
    if recorded || register.family.asked_on(&[Question::Exemption]).is_some() {
        return None;
    }
    let is_school = |f: &&FollowUp| {
        let service = f.service.as_deref().unwrap_or_default().to_lowercase();
        f.kind == FollowUpKind::AdviceRequest && SCHOOLS.iter().any(|word| service.contains(word))
    };
    let asked = work.case.follow_ups.iter().filter(is_school).filter_map(|f| f.rounds.first()?.day_zero);
    let found = asked.into_iter().find_map(|asked_on| {
        let reopens = |span: &Span| span.to.succ_opt().unwrap_or(span.to);
        let closures =
            register.school_closed.iter().map(|span| SchoolClosure { from: span.from, reopens: reopens(span) });
        closures.into_iter().find_map(|closure| suggestion(closure, asked_on))
    })?;
    let record = format!(
        "To record it, write EXEMPTION {} school closed, below it a line Phase: 20, and a line that begins with Text: and says what happened. The 20 weeks do not move.",
        work.reference()
    );
    work.ask(Question::Exemption, "Does an exemption apply?", vec![found, record], &[]);
    Some("The co-ordinator was asked whether an exemption applies.".to_owned())
}

/// A letter in hand is given up when it is no longer true; another may follow at once. What a person has held stays
/// held, and what waited does not wait all the time again: the second value goes over to the next one.
fn look_at_notice_in_hand(work: &mut Work, outlook: &Outlook) -> Option<(String, Option<NoticeState>)> {
    let policy = work.rules.policy;
    let today = work.rules.today();
    let notice = work.case.register.family.in_hand()?.clone();
    // The margin of the date takes up a delay of some days; only when it is used up the letter says something wrong.
    let earlier = policy.calendar.working_days_between(outlook.told, notice.date);
    let is_named = work.case.register.named_date.as_ref().is_some_and(|named| named.date == notice.date);
    let used_up = outlook.expected.final_plan.on > notice.date;
    let is_of_plan = notice.limit == Limit::FinalPlan;
    let moved = is_of_plan && !is_named && (used_up || earlier >= i64::from(policy.parents.renotify_after));
    // An update tells how far the plan is; what it says of the date is worked out when it leaves.
    let stale = notice.kind != NoticeKind::Update && (notice.date <= today || moved);
    let why = match notice.state {
        NoticeState::Leaving { .. } if work.waits_for_post(&notice) => {
            stale.then_some("it has not been posted, and another date is expected now")?
        }
        NoticeState::Leaving { since } => {
            let waited = policy.calendar.working_days_between(local_date(since, policy.zone), today);
            (waited > DELIVERY_DAYS).then_some("nobody could be reached with it")?
        }
        _ if is_of_plan && outlook.level < Level::WillSlip => "week 20 can be met again",
        // One of two parents has it: the other's waits for a word of staff as long as its date stands.
        NoticeState::Held(_) if !notice.told.is_empty() => {
            (stale && notice.date <= today).then_some("its date has gone by")?
        }
        _ if is_of_plan && outlook.level != notice.level => "week 20 has gone by since it was written",
        NoticeState::Held(NoticeHold::ParentWrote) if !work.owes_an_answer() => "the parent has been answered since",
        _ if stale => "another date is expected now",
        NoticeState::Waiting { .. }
        | NoticeState::Held(_)
        | NoticeState::Told
        | NoticeState::Never
        | NoticeState::Withdrawn => return None,
    };
    let goes_over = match notice.state {
        NoticeState::Held(NoticeHold::Wait | NoticeHold::Unclear | NoticeHold::Downtime | NoticeHold::Stranger)
        | NoticeState::Waiting { .. } => Some(notice.state),
        NoticeState::Held(_)
        | NoticeState::Leaving { .. }
        | NoticeState::Told
        | NoticeState::Never
        | NoticeState::Withdrawn => None,
    };
    work.case.register.family.withdraw();
    let text = format!("The letter to the family that waited (by {}) is given up: {why}.", date_words(notice.date));
    Some((text, goes_over))
}

impl Work<'_> {
    /// Whether the co-ordinator has a letter of it to print, from the start or because the e-mail came back.
    pub(super) fn waits_for_post(&self, notice: &Notice) -> bool {
        let lacks = |name: &&String| notice.told.iter().all(|t| t.name != **name);
        let untold = notice.to.iter().filter(lacks);
        untold.into_iter().any(|name| self.is_by_post(name) || notice.returned.contains(name))
    }

    pub(super) fn is_by_post(&self, name: &str) -> bool {
        self.case.register.contacts.iter().any(|c| c.name == name && c.address().is_none())
    }

    /// What brings the question up: an event since the last working morning, else the morning itself.
    fn prompt(&self) -> Prompt {
        let policy = self.rules.policy;
        let today = self.rules.today();
        let since = policy.calendar.sub_working_days(today, 1);
        let advice = |kind| matches!(kind, FollowUpKind::AdviceRequest | FollowUpKind::Clarification);
        let unanswered = self.case.follow_ups.iter().filter(|f| advice(f.kind)).any(|f| {
            f.round().and_then(|r| r.escalations.last()).is_some_and(|e| local_date(e.at, policy.zone) >= since)
        });
        let reissue = self.case.register.reissue_since.is_some_and(|day| day >= since);
        if unanswered || reissue {
            return Prompt::Event;
        }
        let before_today = self.case.register.family.slipping_since.is_some_and(|since| since < today);
        Prompt::Daily(if before_today { 2 } else { 1 })
    }

    /// Asks [`telling`] and does as it says.
    pub(super) fn tell_if_wanted(
        &mut self,
        outlook: &Outlook,
        prompt: Prompt,
        before: Option<NoticeState>,
    ) -> Option<String> {
        let is_wanted = self.rules.policy.parents.notify_for.contains(&Limit::FinalPlan);
        if prompt != Prompt::Named && (!is_wanted || self.is_vetoed(outlook)) {
            return None;
        }
        let told = self.told_dates();
        let updates = self.updates();
        let words = self.case.register.named_date.as_ref().filter(|n| n.date == outlook.told && n.reason.is_some());
        let situation = Situation {
            today: self.rules.today(),
            level: outlook.level,
            limit: outlook.limits.final_plan.legal_due,
            date: outlook.told,
            expected: outlook.expected.final_plan.on,
            prompt,
            told: &told,
            updates: &updates,
            asked_on: self.case.register.family.asked_on(&[Question::Words, Question::Speak]),
            words: if words.is_some() { OwnWords::Given } else { OwnWords::None },
        };
        match telling(&situation, &self.cadence()) {
            Telling::Nothing(_) => None,
            Telling::Write(NoticeKind::Update) => {
                // The date that stands is the one that was told.
                let date = told.last().map_or(outlook.told, |t| t.date);
                Some(self.prepare(&of_plan(outlook, NoticeKind::Update, date), before))
            }
            Telling::Write(kind) => Some(self.prepare(&of_plan(outlook, kind, outlook.told), before)),
            Telling::AskForWords(number) => Some(self.ask_for_words(number, outlook.told)),
            Telling::SpeakWithFamily => Some(self.ask_to_speak()),
        }
    }

    /// How often this authority writes.
    pub(super) fn cadence(&self) -> Cadence<'_> {
        let parents = &self.rules.policy.parents;
        Cadence {
            calendar: &self.rules.policy.calendar,
            renotify_after: parents.renotify_after,
            renotify_gap: parents.renotify_gap,
            human_text_from: parents.human_text_from,
            update_every: parents.update_every,
        }
    }

    /// `DON'T SEND` holds until the plan is late, or some weeks have gone by and its date does not hold any more.
    fn is_vetoed(&self, outlook: &Outlook) -> bool {
        let policy = self.rules.policy;
        let last = self.case.register.family.notices.iter().rfind(|n| n.limit == Limit::FinalPlan);
        let Some(never) = last.filter(|n| n.state == NoticeState::Never) else { return false };
        let ago = policy.calendar.working_days_between(never.on, self.rules.today());
        let holds = outlook.expected.final_plan.on <= never.date;
        let fresh = ago < i64::from(if holds { policy.parents.update_every } else { policy.parents.renotify_gap });
        never.level == outlook.level && fresh
    }

    /// Each date once, however many of the family were told it.
    fn told_dates(&self) -> Vec<Told> {
        let mut told: Vec<Told> = Vec::new();
        for timescale in &self.case.register.told {
            match told.iter_mut().find(|t| t.date == timescale.date) {
                Some(known) => known.on = known.on.max(timescale.told_on),
                None => told.push(Told { date: timescale.date, on: timescale.told_on }),
            }
        }
        told.sort_by_key(|t| t.on);
        told
    }

    fn updates(&self) -> Vec<NaiveDate> {
        let updates = self.case.register.family.notices.iter().filter(|n| n.kind == NoticeKind::Update);
        updates.filter_map(|n: &Notice| n.told.iter().map(|t| t.on).max()).collect()
    }

    fn ask_for_words(&mut self, number: u32, date: NaiveDate) -> String {
        let reference = self.reference();
        self.ask(
            Question::Words,
            "The family needs a letter in your own words",
            vec![
                format!("The date for the plan moves for the {} time. A letter from a template does not do any more.", ordinal(number)),
                format!("The date to tell would be {}. Please write NEW DATE {reference} {date} and below it a line that begins with Reason: and says in plain words why, and what you are doing. You will see the letter before it leaves.", date_words(date)),
            ],
            &[],
        );
        self.copy_send_managers();
        "The co-ordinator was asked for a reason in their own words; the SEND managers know.".to_owned()
    }

    fn ask_to_speak(&mut self) -> String {
        self.ask(
            Question::Speak,
            "Please speak with the family",
            vec![
                "The plan is more than twelve weeks late, and the family has had several letters. Another one from a template would not help them.".to_owned(),
                format!("Please ring or meet them. To tell them a date in writing as well, write NEW DATE {} with the date and a line that begins with Reason:.", self.reference()),
            ],
            &[],
        );
        self.copy_send_managers();
        "The co-ordinator was asked to speak with the family; the SEND managers know.".to_owned()
    }

    /// The question that was just put goes to the SEND managers too.
    pub(super) fn copy_send_managers(&mut self) {
        let managers = self.send_managers();
        if let Some(letter) = self.letters.last_mut() {
            letter.cc = managers.into_iter().filter(|m| !letter.to.contains(m)).collect();
        }
    }
}

fn of_plan(outlook: &Outlook, kind: NoticeKind, date: NaiveDate) -> Wanted {
    Wanted { limit: Limit::FinalPlan, kind, date, level: outlook.level, why: why(outlook) }
}

fn ordinal(number: u32) -> String {
    match number {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        4 => "fourth".to_owned(),
        5 => "fifth".to_owned(),
        n => format!("{n}th"),
    }
}
