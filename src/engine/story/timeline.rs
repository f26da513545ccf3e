//! The timeline of a registered case: each date with the reason for it, short enough for a phone.

use crate::core::calendar::StatutoryDue;
use crate::core::case::Case;
use crate::core::register::{Channel, Contact, DraftIssue, Note, NoteKind};
use crate::core::timescale::{limits_of, outlook_of};
use crate::core::wording::{date_words, short_date};
use crate::engine::Office;
use chrono::{Days, NaiveDate};

/// The register of a case in sentences, under headings; nothing for one that only follow-ups speak of.
pub(super) fn of_register(case: &Case, office: &Office, today: NaiveDate) -> Vec<String> {
    let mut lines = vec![format!("# {}", case.label()), standing(case)];
    let parts: [(&str, Vec<String>); 4] = [
        ("Dates", dates(case, office)),
        ("Where it is heading", outlook(case, office, today)),
        ("Family", family(case)),
        ("Notes", notes(case)),
    ];
    for (heading, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
        lines.push(format!("# {heading}"));
        lines.push(part.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n"));
    }
    lines
}

fn standing(case: &Case) -> String {
    let register = &case.register;
    let mut said = vec![format!("Co-ordinator: {}.", case.coordinator)];
    if let Some(over) = case.over_words() {
        said.push(format!("{over}."));
    }
    if register.stop.as_ref().is_some_and(|s| s.confirmed_at.is_none()) {
        said.push("That STOP still waits for its YES.".to_owned());
    }
    if register.legal_hold {
        said.push("Legal hold: nothing is erased.".to_owned());
    }
    if register.sensitive {
        said.push("Sensitive: every letter to the family waits for SEND.".to_owned());
    }
    if register.opened_on.is_none() {
        said.push(format!("Not registered: NEW CASE {} adds the dates and the parents.", case.id.0));
    }
    said.join(" ")
}

/// What is recorded and what follows from it by law.
fn dates(case: &Case, office: &Office) -> Vec<String> {
    let register = &case.register;
    let mut lines = Vec::new();
    if let Some(requested) = register.requested_on {
        lines.push(format!("{}: the authority received the request", date_words(requested)));
    }
    if let Some(limits) = limits_of(case, &office.policy) {
        let plan = &office.policy.timescales;
        lines.push(week(plan.decision_week(), "decision whether to assess, reg 5(1)", limits.decision));
        lines.push(week(plan.no_plan_week(), "notice when there is no plan, reg 10(1)", limits.no_plan));
        lines.push(week(plan.final_week(), "final plan, reg 13(2)", limits.final_plan));
    }
    lines.extend(register.rulings.iter().map(|r| format!("{}: {} (by {})", date_words(r.on), r.what.words(), r.by)));
    for draft in &register.plan_drafts {
        lines.push(format!("{}: plan draft {} ({})", date_words(draft.on), issue_words(draft.issue), draft.place));
        if draft.issue != DraftIssue::Before {
            let days = office.policy.timescales.parents;
            let last = draft.on + Days::new(u64::from(days.saturating_sub(1)));
            lines.push(format!(
                "{}: the parents’ {days} days end; the day of service counts, reg 13(1)(a)",
                date_words(last)
            ));
        }
    }
    for exemption in &register.exemptions {
        let span = match (exemption.from, exemption.to) {
            (Some(from), Some(to)) => format!(", {} to {}", short_date(from), short_date(to)),
            (Some(from), None) => format!(", since {}", short_date(from)),
            (None, _) => String::new(),
        };
        lines.push(format!("Exemption: {}{span}. It moves no date.", exemption.ground));
    }
    if let Some(named) = &register.named_date {
        lines.push(format!("{}: the date that {} has named for the final plan", date_words(named.date), named.by));
    }
    if let Some(on) = register.final_on {
        lines.push(format!("{}: the final plan was issued", date_words(on)));
    }
    lines.extend(
        case.next_review().map(|on| {
            format!("{}: annual review, twelve months from the plan or the last one, CFA s.44", date_words(on))
        }),
    );
    lines
}

fn week(number: u32, what: &str, due: StatutoryDue) -> String {
    format!("Week {number}, {what}: {} in law, plan for {}", date_words(due.legal_due), short_date(due.planning_due))
}

fn issue_words(issue: DraftIssue) -> &'static str {
    match issue {
        DraftIssue::Before => "shown to advisers before its issue",
        DraftIssue::Issued => "issued",
        DraftIssue::Reissued => "issued again",
    }
}

/// The expected steps, each with how it comes about.
fn outlook(case: &Case, office: &Office, today: NaiveDate) -> Vec<String> {
    let Some(outlook) = outlook_of(case, today, &office.policy) else { return Vec::new() };
    let best = date_words(outlook.best.final_plan.on);
    let mut lines = vec![format!("Standing: {}. At best the final plan is ready on {best}", outlook.words())];
    let steps = outlook.expected.steps();
    lines.extend(steps.into_iter().map(|(name, step)| format!("{}: {name} ({})", short_date(step.on), step.why)));
    lines
}

fn family(case: &Case) -> Vec<String> {
    let register = &case.register;
    let contacts = register.contacts.iter().map(contact);
    let told = register
        .told
        .iter()
        .map(|t| format!("{} was told on {}: the plan by {}", t.to, short_date(t.told_on), date_words(t.date)));
    contacts.chain(told).collect()
}

fn contact(contact: &Contact) -> String {
    let way = match &contact.channel {
        Channel::Email(address) => address.to_string(),
        Channel::Post => "by post".to_owned(),
    };
    let state = match (&contact.verified, contact.do_not_contact) {
        (_, true) => "must not be written to".to_owned(),
        (Some(verified), false) => format!("confirmed by {} on {}", verified.by, short_date(verified.on)),
        (None, false) => "not confirmed, so nothing is sent".to_owned(),
    };
    format!("{}, {way}: {state}", contact.name)
}

fn notes(case: &Case) -> Vec<String> {
    case.register.notes.iter().map(note).collect()
}

fn note(note: &Note) -> String {
    let what = match note.kind {
        NoteKind::SmallPoint => "small point",
        NoteKind::UsedAsSubmitted => "used as submitted",
        NoteKind::Narrative => "why it was late",
        NoteKind::Remark => "note",
    };
    let about: Vec<&str> = note.theme.iter().chain(&note.with).map(String::as_str).collect();
    let about = if about.is_empty() { String::new() } else { format!(" ({})", about.join(", ")) };
    let words = note.text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{}, {}: {what}{about}: {words}", short_date(note.on), note.by)
}
