//! The timescale of a case in sentences, for `STATUS`: each date with how it comes about.

use super::{limits_of, outlook_of};
use crate::core::calendar::StatutoryDue;
use crate::core::case::Case;
use crate::core::policy::Policy;
use crate::core::wording::{date_words, short_date_near};
use chrono::NaiveDate;

/// What staff read about the timescale; nothing without the day of the request.
pub fn timescale_words(case: &Case, today: NaiveDate, policy: &Policy) -> Vec<String> {
    let Some((requested_on, limits)) = case.register.requested_on.zip(limits_of(case, policy)) else {
        return Vec::new();
    };
    let limit = |week: &str, due: StatutoryDue| {
        format!("- {week}: by {} in law, planned for {}.", date_words(due.legal_due), date_words(due.planning_due))
    };
    let mut lines = vec![
        format!("The request came on {}.", date_words(requested_on)),
        limit("Decision whether to assess", limits.decision),
        limit("Notice that there will be no plan", limits.no_plan),
        limit("Final plan", limits.final_plan),
    ];
    if let Some(outlook) = outlook_of(case, today, policy) {
        lines.push(format!("Standing: {}. What is expected:", outlook.words()));
        let step =
            |(name, on, why): (&str, NaiveDate, &str)| format!("- {name}: {} ({why})", short_date_near(on, today));
        lines.extend(outlook.expected.steps().into_iter().map(|(name, d)| step((name, d.on, &d.why))));
        lines.push(format!("At best the final plan is ready on {}.", date_words(outlook.best.final_plan.on)));
    }
    for told in &case.register.told {
        lines.push(format!(
            "On {} {} was told: the plan by {}.",
            date_words(told.told_on),
            told.to,
            date_words(told.date)
        ));
    }
    lines
}
