//! The first screen of the weekly report: subject, one sentence, and what needs a SEND manager, numbered.

use crate::core::figures::need::{About, Need, Reason};
use crate::core::figures::weekly::Weekly;
use crate::core::figures::{Change, NO_SERVICE, Share};
use crate::core::letter::{Line, LineGroup, LineSubject};
use crate::core::wording::{short_date, working_days};

/// The one figure that matters.
pub(super) fn in_short(figures: &Weekly) -> String {
    let late = figures.timescales.late + figures.timescales.late_over_a_year;
    match (figures.counts.overdue.now, late, figures.counts.advice_overdue.now) {
        (0, 0, 0) => "nothing overdue".to_owned(),
        (0, 0, advice) => format!("{} overdue", plural(advice, "advice request", "advice requests")),
        (0, late, _) => format!("{} past week 20", plural(late, "plan", "plans")),
        (overdue, _, _) => format!("{} overdue", plural(overdue, "clarification", "clarifications")),
    }
}

pub(super) fn headline(figures: &Weekly) -> String {
    let Change { now: overdue, .. } = figures.counts.overdue;
    let mut parts = vec![match overdue {
        0 => "No clarification is overdue".to_owned(),
        1 => format!("1 clarification is overdue ({})", figures.counts.overdue.words()),
        n => format!("{n} clarifications are overdue ({})", figures.counts.overdue.words()),
    }];
    match figures.counts.advice_overdue.now {
        0 => {}
        1 => parts.push("1 advice request is overdue".to_owned()),
        n => parts.push(format!("{n} advice requests are overdue")),
    }
    let Share { part, whole } = figures.advice.share();
    if whole > 0 {
        parts.push(format!("{part} of {whole} advice requests came back within six weeks"));
    }
    let late = figures.timescales.late + figures.timescales.late_over_a_year + figures.timescales.will_slip;
    parts.push(match late {
        0 => "no plan is late or certain to be".to_owned(),
        1 => "1 plan is late or will be".to_owned(),
        n => format!("{n} plans are late or will be"),
    });
    format!("{}.", parts.join("; "))
}

pub(super) fn after_lines(figures: &Weekly, needs: &[Need], more: usize) -> String {
    let Some(first) = needs.first() else { return without_lines(figures).to_owned() };
    let word = first.reason.answers().first().copied().unwrap_or_default();
    let to_agree: Vec<String> = needs
        .iter()
        .zip(1..)
        .filter(|(n, _)| matches!(n.reason, Reason::NotAgreed { .. }))
        .map(|(_, number)| number.to_string())
        .collect();
    let at_once = match to_agree.as_slice() {
        [] | [_] => String::new(),
        several => format!(" AGREED {} agrees to all of these at once.", several.join(",")),
    };
    let more = match more {
        0 => String::new(),
        1 => " One more is in the spreadsheet.".to_owned(),
        n => format!(" {n} more are in the spreadsheet."),
    };
    format!("Click a word, or answer with number and word, such as 1 {word}.{at_once}{more}")
}

/// "Nothing needs you" would be read as "all is well".
fn without_lines(figures: &Weekly) -> &'static str {
    let late = figures.timescales.late + figures.timescales.late_over_a_year + figures.timescales.will_slip;
    match figures.counts.overdue.now + figures.counts.advice_overdue.now + late {
        0 => "Nothing needs you this week.",
        _ => "Nothing waits for an answer of yours this week; what is overdue or late stands below.",
    }
}

pub(super) fn lines(needs: &[Need]) -> Vec<Line> {
    needs
        .iter()
        .zip(1u32..)
        .map(|(need, number)| Line {
            number,
            group: LineGroup::NeedsYou,
            text: line_text(need),
            answers: need.reason.answers().iter().map(|&a| a.to_owned()).collect(),
            subject: match &need.about {
                About::FollowUp(id) => LineSubject::FollowUp(id.clone()),
                About::Case(id) => LineSubject::Case(id.clone()),
            },
        })
        .collect()
}

fn line_text(need: &Need) -> String {
    let case = if need.case.is_empty() { need.about.reference() } else { &need.case };
    format!("{case}: {}", what_of(need))
}

pub(super) fn what_of(need: &Need) -> String {
    let Need { service, coordinator, .. } = need;
    let service = if service == NO_SERVICE { "a service that is not known" } else { service.as_str() };
    match &need.reason {
        Reason::Exhausted { days, .. } => {
            format!("{service}, {} overdue; every level has been told.", working_days(*days))
        }
        Reason::ParentWaits { days, .. } => {
            format!("a parent's mail has waited {} too long for an answer of {coordinator}.", working_days(*days))
        }
        Reason::Disputed => {
            format!("{service} says that it is not theirs to give; {coordinator} has not decided that.")
        }
        Reason::NoticeHeld { since } => {
            format!("a letter to the family, of {}, is held until somebody says whether it goes.", short_date(*since))
        }
        Reason::Unreviewed { days, .. } => {
            format!("the answer from {service} has waited {} for {coordinator}.", working_days(*days))
        }
        Reason::NotAgreed { asked_on } => {
            format!(
                "option 2 to {service} by {coordinator}, {}, without the agreement of a SEND manager.",
                short_date(*asked_on)
            )
        }
        Reason::WrongChild => format!("it may have gone to the wrong child's adviser at {service}; a possible breach."),
        Reason::Unreachable => format!("nobody at {service} could be reached; no clock runs."),
        Reason::Orphan => format!("{coordinator} is no longer a co-ordinator; nobody looks after it."),
    }
}

fn plural(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}
