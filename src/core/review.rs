//! Annual reviews (CFA s.44): when a plan is reviewed next, whom that concerns, and when they hear of it. A finished
//! case writes about nothing else.

use super::calendar::{Calendar, at_local};
use super::case::Case;
use super::id::Address;
use super::policy::Policy;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};

/// Practitioners hear of a review so many days before its date, and once more with [`SECOND_NOTICE`].
const FIRST_NOTICE: Days = Days::new(8 * 7);
/// The second notice, to whoever has not answered.
const SECOND_NOTICE: Days = Days::new(4 * 7);
/// Advice is circulated two weeks before the meeting (reg 20), so that is when a contribution is due.
const CONTRIBUTION: Days = Days::new(2 * 7);
/// Plans end with the 25th year at the latest.
const MOST_REVIEWS: u32 = 25;

impl Case {
    /// The date by which the plan is to be reviewed next: twelve months after the final plan, and every twelve months
    /// from then; the first that nobody has been asked about.
    pub fn next_review(&self) -> Option<NaiveDate> {
        let register = &self.register;
        let issued = register.final_on.filter(|_| register.stop.is_none())?;
        let floor = register.review_noticed.max(register.opened_on).unwrap_or(issued);
        (1..=MOST_REVIEWS)
            .filter_map(|year| issued.checked_add_months(Months::new(12 * year)))
            .find(|date| *date > floor)
    }

    /// When practitioners are to be asked for their contributions; `None` when nobody gave advice.
    pub fn review_wake(&self, policy: &Policy) -> Option<DateTime<Utc>> {
        if !policy.advice.review_notice || self.practitioners().is_empty() {
            return None;
        }
        let day = policy.calendar.on_or_before(self.next_review()? - FIRST_NOTICE);
        Some(at_local(day, policy.escalation.at, policy.zone))
    }

    /// Whoever gave advice for the plan and may be written to, each once.
    pub fn practitioners(&self) -> Vec<Address> {
        let mut found: Vec<Address> = Vec::new();
        for follow_up in self.follow_ups.iter().filter(|f| f.gave_advice()) {
            let adviser =
                follow_up.adviser.iter().filter(|a| !follow_up.barred.contains(a) && !self.is_wrong_childs(a));
            for adviser in adviser {
                if !found.contains(adviser) {
                    found.push(adviser.clone());
                }
            }
        }
        found
    }
}

/// The day by which a contribution to a review is asked for.
pub fn contribution_due(review: NaiveDate, calendar: &Calendar) -> NaiveDate {
    calendar.on_or_before(review - CONTRIBUTION)
}

/// The day of the second notice about a review whose contributions are due on `due`.
pub fn second_notice(due: NaiveDate, calendar: &Calendar) -> NaiveDate {
    calendar.on_or_before(due + CONTRIBUTION - SECOND_NOTICE)
}
