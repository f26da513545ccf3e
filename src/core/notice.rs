//! When parents are told that a plan will be late, told again, or rung up instead (`domain.md` 3.5, 3.6).
//!
//! Pure: it knows dates and what was told, no contact and no letter. Whether a letter may leave (a verified contact, a
//! running case, a co-ordinator's veto) is decided elsewhere.

use super::calendar::Calendar;
use super::timescale::Level;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Daily evaluations in a row that must see a slip before parents are told.
const DEBOUNCE: u32 = 2;
/// More than twelve weeks late: a person speaks with the family.
const PERSONAL_AFTER_DAYS: i64 = 84;
/// So many letters are the most that a family gets from a template when a plan is that late.
const MOST_TEMPLATES: usize = 3;

/// How often families are written to; operators may change it (`[parents]`).
#[derive(Debug, Clone, Copy)]
pub struct Cadence<'a> {
    /// Working days.
    pub calendar: &'a Calendar,
    /// Working days that a date must have moved before parents are told again: 5.
    pub renotify_after: u32,
    /// Working days between two notices: 10.
    pub renotify_gap: u32,
    /// The revision from which a person writes the reason: 3.
    pub human_text_from: u32,
    /// Working days between two letters about a late plan: 20.
    pub update_every: u32,
}

/// What brought the question up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompt {
    /// The morning's evaluation; so many in a row, this one included, have seen the slip.
    Daily(u32),
    /// A window closed without a reply, or the plan draft has to be issued again.
    Event,
    /// The co-ordinator has named the date: theirs is told, however short ago another was.
    Named,
}

/// A date that parents were told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// The new timescale.
    pub date: NaiveDate,
    /// When the letter was accepted for delivery.
    pub on: NaiveDate,
}

/// Whether the co-ordinator has written the reason themselves (`NEW DATE` with `Reason:`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnWords {
    /// No.
    None,
    /// Yes.
    Given,
}

/// Where a case stands when the question is asked.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// Local date.
    pub today: NaiveDate,
    /// Against week 20.
    pub level: Level,
    /// The last day in law: week 20.
    pub limit: NaiveDate,
    /// The date that would be told.
    pub date: NaiveDate,
    /// The expected date, without the margin that a told one has.
    pub expected: NaiveDate,
    /// What brought the question up.
    pub prompt: Prompt,
    /// Every date that was told, oldest first.
    pub told: &'a [Told],
    /// Days of the progress updates that went out beside, oldest first.
    pub updates: &'a [NaiveDate],
    /// When the co-ordinator was last asked to speak with the family, or for words of their own.
    pub asked_on: Option<NaiveDate>,
    /// Whether the reason is theirs.
    pub words: OwnWords,
}

/// Which date of the law a notice is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// Week 6: whether there is an assessment (reg 5(1)).
    #[serde(rename = "6")]
    Decision,
    /// Week 16: that there will be no plan (reg 10(1)).
    #[serde(rename = "16")]
    NoPlan,
    /// Week 20: the final plan (reg 13(2)).
    #[default]
    #[serde(rename = "20")]
    FinalPlan,
}

impl Limit {
    /// What is awaited, as staff read it: "the plan by …".
    pub fn what(self) -> &'static str {
        match self {
            Self::Decision => "the decision whether to assess",
            Self::NoPlan => "the decision on a plan",
            Self::FinalPlan => "the plan",
        }
    }
}

/// Which letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The first: the plan will be late, or is.
    First,
    /// Another date; the number of the revision, from 1.
    Revision(u32),
    /// No other date, but the plan is late and some weeks have gone by.
    Update,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Nothing, because of this.
    Nothing(&'static str),
    /// This letter is previewed to the co-ordinator.
    Write(NoticeKind),
    /// So often a template no longer does: the co-ordinator writes the reason, a SEND manager hears of it.
    AskForWords(u32),
    /// The co-ordinator speaks with the family instead of another template.
    SpeakWithFamily,
}

/// What is to be done today about telling the parents.
pub fn telling(situation: &Situation, cadence: &Cadence) -> Telling {
    let Some(last) = situation.told.last() else { return first(situation) };
    let wanted = again(situation, cadence, last);
    let Telling::Write(kind) = wanted else { return wanted };
    if speaks_with_family(situation) {
        return asked_again(situation, cadence, Telling::SpeakWithFamily);
    }
    match kind {
        NoticeKind::Revision(number) if number >= cadence.human_text_from && situation.words == OwnWords::None => {
            match asked_again(situation, cadence, Telling::AskForWords(number)) {
                // While the words are awaited a family with a late plan still hears how far it is.
                Telling::Nothing(_) if is_update_due(situation, cadence, last) => Telling::Write(NoticeKind::Update),
                question => question,
            }
        }
        NoticeKind::First | NoticeKind::Revision(_) | NoticeKind::Update => wanted,
    }
}

/// The first notice: when the slip is certain and no passing flicker, and always once the plan is late.
fn first(situation: &Situation) -> Telling {
    match (situation.level, situation.prompt) {
        (Level::OnTrack | Level::AtRisk, _) => Telling::Nothing("Week 20 can still be met."),
        (Level::WillSlip, Prompt::Daily(seen)) if seen < DEBOUNCE => {
            Telling::Nothing("Seen for the first time today; parents are told when it is still so tomorrow.")
        }
        (Level::WillSlip | Level::Late, Prompt::Daily(_) | Prompt::Event | Prompt::Named) => {
            Telling::Write(NoticeKind::First)
        }
    }
}

/// A revision when the told date has gone by, or another is much later and the last letter not too fresh; an update
/// when the plan is late and nothing was written for weeks.
fn again(situation: &Situation, cadence: &Cadence, last: &Told) -> Telling {
    if situation.level < Level::WillSlip {
        return Telling::Nothing("Week 20 can be met again; an earlier date than told is good news by itself.");
    }
    let since = cadence.calendar.working_days_between(last_letter(situation, last), situation.today);
    let gone_by = situation.today > last.date;
    let moved = cadence.calendar.working_days_between(last.date, situation.expected);
    let much_later = moved >= i64::from(cadence.renotify_after) && since >= i64::from(cadence.renotify_gap);
    let named = situation.prompt == Prompt::Named;
    let is_new = situation.told.iter().all(|told| told.date != situation.date);
    if is_new && (named || situation.date > last.date && (gone_by || much_later)) {
        return Telling::Write(NoticeKind::Revision(u32::try_from(situation.told.len()).unwrap_or(u32::MAX)));
    }
    if is_update_due(situation, cadence, last) {
        return Telling::Write(NoticeKind::Update);
    }
    Telling::Nothing("The date that was told still stands.")
}

/// Whether a plan is late and its family has heard nothing for weeks (`domain.md` 3.5).
fn is_update_due(situation: &Situation, cadence: &Cadence, last: &Told) -> bool {
    let since = cadence.calendar.working_days_between(last_letter(situation, last), situation.today);
    situation.level == Level::Late && since >= i64::from(cadence.update_every)
}

fn last_letter(situation: &Situation, last: &Told) -> NaiveDate {
    situation.updates.iter().copied().max().map_or(last.on, |update| update.max(last.on))
}

fn speaks_with_family(situation: &Situation) -> bool {
    let late = situation.today.signed_duration_since(situation.limit).num_days();
    late > PERSONAL_AFTER_DAYS && situation.told.len() + situation.updates.len() >= MOST_TEMPLATES
}

/// A question to the co-ordinator is put once in the time between two updates.
fn asked_again(situation: &Situation, cadence: &Cadence, question: Telling) -> Telling {
    let fresh = situation
        .asked_on
        .is_some_and(|on| cadence.calendar.working_days_between(on, situation.today) < i64::from(cadence.update_every));
    if fresh { Telling::Nothing("The co-ordinator has been asked.") } else { question }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::default);

    fn cadence() -> Cadence<'static> {
        Cadence { calendar: &CALENDAR, renotify_after: 5, renotify_gap: 10, human_text_from: 3, update_every: 20 }
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Week 20 is 19 October 2026; "told@on" pairs.
    fn told(pairs: &[(&str, &str)]) -> Vec<Told> {
        pairs.iter().map(|(told, on)| Told { date: date(told), on: date(on) }).collect()
    }

    fn situation<'a>(today: &str, level: Level, would_tell: &str, told: &'a [Told]) -> Situation<'a> {
        Situation {
            today: date(today),
            level,
            limit: date("2026-10-19"),
            date: date(would_tell),
            expected: date(would_tell),
            prompt: Prompt::Daily(9),
            told,
            updates: &[],
            asked_on: None,
            words: OwnWords::None,
        }
    }

    #[test]
    fn the_first_notice_needs_two_mornings_or_an_event_and_comes_always_when_late() {
        use Level::{AtRisk, Late, OnTrack, WillSlip};
        for (level, prompt, written) in [
            (OnTrack, Prompt::Daily(9), false),
            (AtRisk, Prompt::Daily(9), false),
            (AtRisk, Prompt::Event, false),
            (WillSlip, Prompt::Daily(1), false),
            (WillSlip, Prompt::Daily(2), true),
            (WillSlip, Prompt::Event, true),
            (WillSlip, Prompt::Named, true),
            (Late, Prompt::Daily(0), true),
        ] {
            let situation = Situation { prompt, ..situation("2026-10-12", level, "2026-11-06", &[]) };
            let is_written = telling(&situation, &cadence()) == Telling::Write(NoticeKind::First);
            assert_eq!(is_written, written, "{level:?} {prompt:?}");
        }
    }

    #[test]
    fn parents_are_told_again_when_the_date_has_gone_by_or_is_much_later() {
        use Level::{AtRisk, Late, WillSlip};
        let revision = Telling::Write(NoticeKind::Revision(1));
        let told = told(&[("2026-10-30", "2026-10-05")]);
        for (today, level, would_tell, wanted) in [
            ("2026-10-12", WillSlip, "2026-11-13", None),
            ("2026-10-19", WillSlip, "2026-11-13", Some(revision)),
            ("2026-10-20", Late, "2026-11-05", None),
            ("2026-10-20", Late, "2026-11-06", Some(revision)),
            ("2026-10-30", Late, "2026-11-03", None),
            ("2026-10-31", Late, "2026-11-03", Some(revision)),
            ("2026-10-14", AtRisk, "2026-11-20", None),
            ("2026-10-20", Late, "2026-10-23", None),
        ] {
            let said = telling(&situation(today, level, would_tell, &told), &cadence());
            match wanted {
                Some(wanted) => assert_eq!(said, wanted, "{today} {would_tell}"),
                None => assert!(matches!(said, Telling::Nothing(_)), "{today} {would_tell}: {said:?}"),
            }
        }
    }

    #[test]
    fn a_late_plan_is_written_about_every_twenty_working_days() {
        let told = told(&[("2026-12-31", "2026-10-05")]);
        let first = situation("2026-10-30", Level::Late, "2026-12-31", &told);
        assert!(matches!(telling(&first, &cadence()), Telling::Nothing(_)), "19 working days");
        let second = situation("2026-11-02", Level::Late, "2026-12-31", &told);
        assert_eq!(telling(&second, &cadence()), Telling::Write(NoticeKind::Update), "20 working days");
        let updates = [date("2026-11-02")];
        let third = Situation { updates: &updates, ..situation("2026-11-27", Level::Late, "2026-12-31", &told) };
        assert!(matches!(telling(&third, &cadence()), Telling::Nothing(_)), "counted from the update");
    }

    #[test]
    fn the_third_revision_needs_a_persons_words() {
        let told = told(&[("2026-10-30", "2026-10-05"), ("2026-11-13", "2026-11-02"), ("2026-11-27", "2026-11-16")]);
        let third = situation("2026-11-30", Level::Late, "2026-12-11", &told);
        assert_eq!(telling(&third, &cadence()), Telling::AskForWords(3));
        let asked = Situation { asked_on: Some(date("2026-11-30")), today: date("2026-12-01"), ..third };
        assert!(matches!(telling(&asked, &cadence()), Telling::Nothing(_)));
        let written = Situation { words: OwnWords::Given, ..third };
        assert_eq!(telling(&written, &cadence()), Telling::Write(NoticeKind::Revision(3)));
        let second = Situation { told: &told[..2], ..situation("2026-11-16", Level::Late, "2026-11-27", &told) };
        assert_eq!(telling(&second, &cadence()), Telling::Write(NoticeKind::Revision(2)));
    }

    #[test]
    fn after_twelve_weeks_a_person_speaks_with_the_family_instead_of_a_fourth_template() {
        let told = told(&[("2026-10-30", "2026-10-05"), ("2026-11-27", "2026-11-02"), ("2027-01-08", "2026-12-01")]);
        let twelve_weeks = situation("2027-01-11", Level::Late, "2027-01-29", &told);
        assert_eq!(telling(&twelve_weeks, &cadence()), Telling::AskForWords(3), "84 days late");
        let more = Situation { today: date("2027-01-12"), ..twelve_weeks };
        assert_eq!(telling(&more, &cadence()), Telling::SpeakWithFamily, "85 days late");
        let never_told = Situation { told: &[], ..more };
        assert_eq!(telling(&never_told, &cadence()), Telling::Write(NoticeKind::First), "they must hear of it once");
    }

    proptest! {
        /// A year of mornings at random: whatever the projection does, no date is told twice, and each is later.
        #[test]
        fn no_parent_gets_two_delay_notices_with_one_date(moves in prop::collection::vec((0..3_u8, 0..40_u64), 250)) {
            let mut today = date("2026-09-01");
            let mut all: Vec<Told> = Vec::new();
            let mut updates = Vec::new();
            for (seen, (level, ahead)) in moves.into_iter().enumerate() {
                today = today.succ_opt().unwrap();
                let level = match level {
                    _ if today > date("2026-10-19") => Level::Late,
                    0 => Level::AtRisk,
                    _ => Level::WillSlip,
                };
                let situation = Situation {
                    today,
                    level,
                    limit: date("2026-10-19"),
                    date: today.checked_add_days(Days::new(ahead)).unwrap(),
                    expected: today.checked_add_days(Days::new(ahead / 2)).unwrap(),
                    prompt: Prompt::Daily(u32::try_from(seen).unwrap()),
                    told: &all,
                    updates: &updates,
                    asked_on: None,
                    words: OwnWords::Given,
                };
                match telling(&situation, &cadence()) {
                    Telling::Write(NoticeKind::Update) => updates.push(today),
                    Telling::Write(NoticeKind::First | NoticeKind::Revision(_)) => {
                        prop_assert!(all.iter().all(|told| told.date < situation.date));
                        all.push(Told { date: situation.date, on: today });
                    }
                    Telling::Nothing(_) | Telling::AskForWords(_) | Telling::SpeakWithFamily => {}
                }
            }
        }
    }
}
