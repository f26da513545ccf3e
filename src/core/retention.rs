//! How long a case is held, and what is due of it (`domain.md` 5.7). Decides and erases nothing.

use super::case::Case;
use chrono::{DateTime, Days, Months, NaiveTime, Utc};

/// How long things are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionRules {
    /// Days that mail is held after closure.
    pub raw_days: u32,
    /// Days that mail is held that never found a case.
    pub unmatched_days: u32,
    /// Years that events are held after closure.
    pub metadata_years: u32,
    /// Months without an event after which a SEND manager looks at an open case.
    pub stale_months: u32,
}

/// What is due of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It goes on, or its time has not come.
    Kept,
    /// It is open, and nothing has happened since.
    Stale(DateTime<Utc>),
    /// Its mail goes.
    MailDue,
    /// All of it goes.
    AllDue,
    /// Something of it would be due, and a legal hold forbids it.
    OnHold,
}

impl Case {
    /// When the case was closed: the last of what ended it. `None` while something is expected.
    ///
    /// A case that was registered ends with its final plan, a decision or a stop; one that only follow-ups speak of
    /// ends with the last of them.
    pub fn closed_at(&self) -> Option<DateTime<Utc>> {
        let register = &self.register;
        let is_open = self.follow_ups.iter().any(|f| f.stage.is_open());
        let is_expected = register.opened_on.is_some() && !register.is_over();
        if is_open || is_expected {
            return None;
        }
        let days = [register.final_on, register.ruled_out().map(|ruling| ruling.on)].into_iter().flatten();
        let ends = days.map(|day| (day + Days::new(1)).and_time(NaiveTime::MIN).and_utc());
        let ended = self.follow_ups.iter().map(|f| f.ended_at.unwrap_or(f.opened_at));
        ends.chain(ended).chain(register.stop.as_ref().map(|stop| stop.at)).max()
    }

    /// What is due of the case. `last_event` is when something happened last, readings apart.
    pub fn fate(&self, last_event: Option<DateTime<Utc>>, rules: &RetentionRules, now: DateTime<Utc>) -> Fate {
        let Some(closed) = self.closed_at() else {
            let since = last_event.filter(|&at| later(at, Months::new(rules.stale_months)) <= now);
            return since.map_or(Fate::Kept, Fate::Stale);
        };
        let all_due = later(closed, Months::new(rules.metadata_years.saturating_mul(12))) <= now;
        let mail_due = closed.checked_add_days(Days::new(rules.raw_days.into())).is_some_and(|at| at <= now);
        match (all_due, mail_due, self.register.legal_hold) {
            (false, false, _) => Fate::Kept,
            (true, ..) | (_, true, _) if self.register.legal_hold => Fate::OnHold,
            (true, ..) => Fate::AllDue,
            (false, true, _) => Fate::MailDue,
        }
    }
}

fn later(at: DateTime<Utc>, months: Months) -> DateTime<Utc> {
    at.checked_add_months(months).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::case::CaseId;
    use crate::core::id::{Address, CaseRef};

    const RULES: RetentionRules =
        RetentionRules { raw_days: 90, unmatched_days: 30, metadata_years: 6, stale_months: 18 };

    fn day(text: &str) -> DateTime<Utc> {
        format!("{text}T12:00:00Z").parse().unwrap()
    }

    fn case(final_on: Option<&str>) -> Case {
        let owner = Address::parse("cora@council.example").unwrap();
        let mut case = Case::new(CaseId("EHC-2026-0001".into()), Some(CaseRef::new("EHC-2026-0001")), owner);
        case.register.opened_on = Some("2026-01-05".parse().unwrap());
        case.register.final_on = final_on.map(|day| day.parse().unwrap());
        case
    }

    #[test]
    fn mail_goes_ninety_days_after_closure_and_all_after_six_years() {
        let closed = case(Some("2026-05-01"));
        let check = |now: &str, fate: Fate| assert_eq!(closed.fate(None, &RULES, day(now)), fate, "{now}");
        check("2026-05-02", Fate::Kept);
        check("2026-07-30", Fate::Kept);
        check("2026-07-31", Fate::MailDue);
        check("2032-05-01", Fate::MailDue);
        check("2032-05-02", Fate::AllDue);
    }

    #[test]
    fn a_legal_hold_blocks_whatever_is_due() {
        let mut held = case(Some("2026-05-01"));
        held.register.legal_hold = true;
        let check = |now: &str, fate: Fate| assert_eq!(held.fate(None, &RULES, day(now)), fate, "{now}");
        check("2026-06-01", Fate::Kept);
        check("2026-08-01", Fate::OnHold);
        check("2036-08-01", Fate::OnHold);
    }

    #[test]
    fn an_open_case_is_never_due_and_stale_after_eighteen_months_without_an_event() {
        let open = case(None);
        let last = day("2026-01-05");
        let check = |now: &str, fate: Fate| assert_eq!(open.fate(Some(last), &RULES, day(now)), fate, "{now}");
        check("2027-07-04", Fate::Kept);
        check("2027-07-05", Fate::Stale(last));
        check("2040-01-01", Fate::Stale(last));
        assert_eq!(open.closed_at(), None);
    }
}
