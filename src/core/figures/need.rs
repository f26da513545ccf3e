//! What needs a SEND manager: the numbered lines of the first screen, the weightiest first.

use crate::core::case::CaseId;
use crate::core::id::FollowUpId;
use chrono::NaiveDate;

/// How many lines the first screen holds.
pub const FIRST_SCREEN: usize = 7;

/// Why something needs a SEND manager. In the order of their weight.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It may have gone to the adviser of another child: a possible breach, to be settled by a person.
    WrongChild,
    /// Every level has been told and nothing has come.
    Exhausted {
        /// The last day of its window.
        due_on: NaiveDate,
        /// Working days overdue.
        days: i64,
    },
    /// They say that it is not theirs to give, and nobody has decided that; no clock runs meanwhile.
    Disputed,
    /// A parent has written and nobody has answered.
    ParentWaits {
        /// The day by which they were to be answered.
        due_on: NaiveDate,
        /// Working days since.
        days: i64,
    },
    /// A notice to the family is held until somebody says whether it goes.
    NoticeHeld {
        /// The day of the notice.
        since: NaiveDate,
    },
    /// An answer came and the co-ordinator has not reviewed it; the adviser is not at fault.
    Unreviewed {
        /// When it came.
        received_on: NaiveDate,
        /// Working days since.
        days: i64,
    },
    /// Option 2 without a manager's agreement.
    NotAgreed {
        /// The day of the request.
        asked_on: NaiveDate,
    },
    /// Nobody could be reached, so no clock runs.
    Unreachable,
    /// Its co-ordinator is no longer in the directory.
    Orphan,
}

impl Reason {
    /// The words that an answer may use, the most likely first.
    pub fn answers(&self) -> &'static [&'static str] {
        match self {
            Self::WrongChild => &["CANCEL"],
            Self::Exhausted { .. } => &["RECEIVED", "EXTEND", "CANCEL"],
            Self::Disputed => &["DISPUTE UPHELD", "DISPUTE REJECTED"],
            Self::ParentWaits { .. } => &["CLOSE"],
            Self::NoticeHeld { .. } => &["SEND", "DON'T SEND"],
            Self::Unreviewed { .. } => &["CLOSE", "INSUFFICIENT", "NOT ADVICE"],
            Self::NotAgreed { .. } => &["AGREED", "CANCEL"],
            Self::Unreachable => &["RESEND", "CANCEL"],
            Self::Orphan => &["REASSIGN TO"],
        }
    }

    /// How long it has waited, for comparing two of one sort.
    fn waited(&self) -> i64 {
        match self {
            Self::Exhausted { days, .. } | Self::ParentWaits { days, .. } | Self::Unreviewed { days, .. } => *days,
            Self::WrongChild
            | Self::Disputed
            | Self::NoticeHeld { .. }
            | Self::NotAgreed { .. }
            | Self::Unreachable
            | Self::Orphan => 0,
        }
    }

    fn weight(&self) -> u8 {
        match self {
            Self::WrongChild => 0,
            Self::Exhausted { .. } => 1,
            Self::ParentWaits { .. } => 2,
            Self::Disputed => 3,
            Self::NoticeHeld { .. } => 4,
            Self::Unreviewed { .. } => 5,
            Self::NotAgreed { .. } => 6,
            Self::Unreachable => 7,
            Self::Orphan => 8,
        }
    }
}

/// How many sorts of reasons there are.
const SORTS: usize = 9;

/// What an answer to a line acts on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// A follow-up.
    FollowUp(FollowUpId),
    /// A case as a whole.
    Case(CaseId),
}

impl About {
    /// Its reference.
    pub fn reference(&self) -> &str {
        match self {
            Self::FollowUp(id) => id.as_str(),
            Self::Case(id) => &id.0,
        }
    }
}

/// One thing that needs a SEND manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The follow-up or case that it is about.
    pub about: About,
    /// The authority's reference of its case; empty when it names none.
    pub case: String,
    /// The service that is asked.
    pub service: String,
    /// Who decides.
    pub coordinator: String,
    /// Why.
    pub reason: Reason,
}

/// The first screen's choice and how many did not fit. Each sort gets a place before any gets a second, so that a
/// flood of one sort does not hide the others; then by weight and length of waiting.
pub fn first_screen(needs: &[Need]) -> (Vec<Need>, usize) {
    let mut sorted: Vec<&Need> = needs.iter().collect();
    sorted.sort_by(|a, b| {
        let key = |n: &Need| (n.reason.weight(), -n.reason.waited());
        key(a).cmp(&key(b)).then_with(|| a.about.cmp(&b.about))
    });
    let mut place: Vec<(usize, &Need)> = Vec::new();
    let mut seen = [0usize; SORTS];
    for need in sorted {
        let count = seen.get_mut(usize::from(need.reason.weight()));
        let nth = count.map_or(0, |c| {
            *c += 1;
            *c
        });
        place.push((nth, need));
    }
    place.sort_by_key(|(nth, need)| (*nth, need.reason.weight()));
    let mut chosen: Vec<Need> = place.into_iter().take(FIRST_SCREEN).map(|(_, n)| n.clone()).collect();
    chosen.sort_by_key(|n| (n.reason.weight(), -n.reason.waited()));
    let left = needs.len().saturating_sub(chosen.len());
    (chosen, left)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(n: u8, reason: Reason) -> Need {
        let about = About::FollowUp(FollowUpId::from_random([0, 0, 0, 0, 0, 0, 0, n]));
        Need { about, case: "EHC-2026-0001".into(), service: "Paediatrics".into(), coordinator: "Cora".into(), reason }
    }

    #[test]
    fn a_flood_of_one_sort_does_not_hide_the_others() {
        let due_on = NaiveDate::from_ymd_opt(2026, 11, 9).unwrap();
        let mut needs: Vec<Need> = (0..30).map(|n| need(n, Reason::Exhausted { due_on, days: i64::from(n) })).collect();
        needs.push(need(40, Reason::NotAgreed { asked_on: due_on }));
        needs.push(need(41, Reason::Unreviewed { received_on: due_on, days: 9 }));
        let (chosen, left) = first_screen(&needs);
        assert_eq!((chosen.len(), left), (7, 25));
        let waited: Vec<i64> = chosen.iter().map(|n| n.reason.waited()).collect();
        assert_eq!(waited, [29, 28, 27, 26, 25, 9, 0], "the longest wait first, and one of each other sort");
    }
}
