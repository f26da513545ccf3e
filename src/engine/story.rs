//! The story of a follow-up, case, message or letter: what, when, why, on which evidence. For `STATUS` and `explain`.

mod timeline;

use super::Office;
use crate::core::case::{Case, CaseId};
use crate::core::follow_up::{FollowUp, FollowUpKind, Round};
use crate::core::id::{Address, CaseRef, FollowUpId};
use crate::core::wording::{self, date_words, short_date};
use crate::store::Tx;
use anyhow::Result;
use chrono::{DateTime, Utc};

fn local(at: DateTime<Utc>, office: &Office) -> String {
    at.with_timezone(&office.policy.zone).format("%a %-d %b %Y %H:%M").to_string()
}

/// Where a follow-up stands, in sentences.
fn standing(case: &Case, follow_up: &FollowUp, office: &Office) -> Vec<String> {
    let mut lines = vec![format!("# {} · {}", follow_up.id, case.label())];
    let adviser = follow_up.adviser.as_ref().map_or_else(|| "not known yet".to_owned(), ToString::to_string);
    let outcome = follow_up.outcome.map(|o| format!(" ({})", o.words())).unwrap_or_default();
    lines.push(format!(
        "{}: {}{outcome}. Adviser: {adviser}. Co-ordinator: {}.",
        capital(follow_up.kind.words()),
        follow_up.standing(),
        follow_up.coordinator
    ));
    lines.extend(about_advice(case, follow_up, office));
    for round in &follow_up.rounds {
        let asked = round.day_zero.map_or_else(|| "not sent yet".to_owned(), |d| format!("asked on {}", date_words(d)));
        let due = round
            .due_on
            .map(|d| format!(", due by {}{}", date_words(d), why(follow_up, round, office)))
            .unwrap_or_default();
        let moved = match (round.original_due, round.due_on) {
            (Some(first), Some(now)) if first != now => {
                format!(" First due by {}; that is what counts as late.", date_words(first))
            }
            _ => String::new(),
        };
        lines.push(format!("Round {}: {asked}{due}.{moved}", round.number));
    }
    if let Some(wake) = case.wake_of(follow_up, &office.policy) {
        lines.push(format!("Next by itself: {}.", local(wake, office)));
    }
    lines
}

/// What there is to know beside the state: when the advice first came, what excuses it, what it clarifies.
fn about_advice(case: &Case, follow_up: &FollowUp, office: &Office) -> Vec<String> {
    if !matches!(follow_up.kind, FollowUpKind::AdviceRequest | FollowUpKind::DraftCheck) {
        return follow_up.about.iter().map(|id| format!("It clarifies the advice of {id}.")).collect();
    }
    let mut lines = Vec::new();
    let first = follow_up.received_on(office.policy.zone);
    lines.extend(first.map(|on| format!("The first answer came on {}.", date_words(on))));
    lines.extend(
        follow_up.not_known_on.map(|on| format!("Recorded as not known to the service on {}.", date_words(on))),
    );
    let asked = follow_up.rounds.first().and_then(|r| r.day_zero);
    let exempt = asked.and_then(|on| case.register.advice_exemption(on));
    if let (FollowUpKind::AdviceRequest, Some(exemption)) = (follow_up.kind, exempt) {
        lines.push(format!("An exemption is on record (regulation 8(2)): {}. It moves nothing.", exemption.ground));
    }
    if case.insufficient_first_time(&follow_up.id) {
        lines.push("What came first was found unclear.".to_owned());
    }
    if follow_up.manager_not_copied {
        lines.push("The line manager had no copy of the feedback and was told that it is there.".to_owned());
    }
    lines
}

/// How a round's due date comes about.
fn why(follow_up: &FollowUp, round: &Round, office: &Office) -> String {
    let Some((zero, due)) = round.day_zero.zip(round.due_on) else { return String::new() };
    if follow_up.kind.due(zero, &office.policy) != Some(due) {
        return String::new();
    }
    if follow_up.kind == FollowUpKind::AdviceRequest {
        return format!(" ({} calendar days, reg 8(1))", office.policy.advice.window);
    }
    let calendar = &office.policy.calendar;
    let days = wording::working_days(calendar.working_days_between(zero, due));
    let closed: Vec<String> =
        calendar.closures_between(zero, due).iter().map(|c| format!("{} {}", short_date(c.date), c.name)).collect();
    let skipped = if closed.is_empty() { String::new() } else { format!("; not {}", wording::list(&closed)) };
    format!(" ({days}, the day of asking and weekends not counted{skipped})")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn counted(follow_up: &FollowUp, office: &Office) -> Vec<String> {
    let Some((zero, due)) = follow_up.round().and_then(|r| r.day_zero.zip(r.due_on)) else { return Vec::new() };
    if follow_up.kind == FollowUpKind::AdviceRequest {
        let days = (due - zero).num_days();
        return vec![format!("- {days} days from {}; weekends and holidays count.", date_words(zero))];
    }
    let length = office.policy.calendar.working_days_between(zero, due);
    office
        .policy
        .calendar
        .explain(zero, u32::try_from(length).unwrap_or(0))
        .into_iter()
        .map(|day| format!("- {}: {}", short_date(day.date), day.why))
        .collect()
}

/// A follow-up with its whole story.
///
/// # Errors
/// When the store fails.
pub async fn of_follow_up(tx: &mut Tx, id: &FollowUpId, office: &Office, _now: DateTime<Utc>) -> Result<Vec<String>> {
    let Some(loaded) = tx.case_of(id).await? else { return Ok(Vec::new()) };
    let Some(follow_up) = loaded.case.follow_up(id) else { return Ok(Vec::new()) };
    let mut lines = standing(&loaded.case, follow_up, office);
    let days = counted(follow_up, office);
    if !days.is_empty() {
        lines.push("How the days are counted:".to_owned());
        lines.extend(days);
    }
    lines.extend(happened(tx, id.as_str(), &loaded.case.id, office).await?);
    Ok(lines)
}

async fn happened(tx: &mut Tx, id: &str, case: &CaseId, office: &Office) -> Result<Vec<String>> {
    let mut entries = tx.journal_of(&case.0).await?;
    entries.retain(|e| {
        e.event.as_deref().is_none_or(|event| id == case.0 || event.contains(id) || !event.contains("\"follow_up\":"))
    });
    let mut lines = vec!["What happened:".to_owned()];
    for entry in entries {
        lines.push(format!(
            "- {}: {}",
            local(entry.at, office),
            entry.because.unwrap_or_else(|| "(erased)".to_owned())
        ));
        lines.extend(entry.effects.iter().map(|e| format!("- → {e}")));
    }
    Ok(lines)
}

/// A case with the stories of its follow-ups.
///
/// # Errors
/// When the store fails.
pub async fn of_case(tx: &mut Tx, reference: &CaseRef, office: &Office, now: DateTime<Utc>) -> Result<Vec<String>> {
    let Some(loaded) = tx.case_by_reference(reference).await? else { return Ok(Vec::new()) };
    let mut lines = timeline::of_register(&loaded.case, office, office.date(now));
    for follow_up in &loaded.case.follow_ups {
        lines.extend(standing(&loaded.case, follow_up, office));
    }
    lines.extend(happened(tx, &loaded.case.id.0, &loaded.case.id, office).await?);
    Ok(lines)
}

/// Everything open of a co-ordinator, briefly.
///
/// # Errors
/// When the store fails.
pub async fn of_coordinator(tx: &mut Tx, who: &Address, office: &Office, _now: DateTime<Utc>) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for case in tx.open_cases_of_coordinator(who).await? {
        let Some(loaded) = tx.case(&case).await? else { continue };
        for follow_up in loaded.case.follow_ups.iter().filter(|f| f.stage.is_open() && f.coordinator == *who) {
            lines.extend(standing(&loaded.case, follow_up, office));
        }
    }
    if lines.is_empty() {
        lines.push("You have no open follow-ups.".to_owned());
    }
    Ok(lines)
}

/// What became of a message.
///
/// # Errors
/// When the store fails.
pub async fn of_message(tx: &mut Tx, id: &str, office: &Office) -> Result<Vec<String>> {
    let Some(message) = tx.message(id).await? else { return Ok(Vec::new()) };
    let mut lines = vec![
        format!("# {id}"),
        format!(
            "Received {} from {}.",
            local(message.received_at, office),
            message.from.as_deref().unwrap_or("nobody that could be read")
        ),
        format!(
            "Kind: {}. State: {}. Follow-up: {}.",
            message.kind.as_deref().unwrap_or("not read yet"),
            serde_json::to_string(&message.state).unwrap_or_default().trim_matches('"'),
            message.follow_up.as_deref().unwrap_or("none")
        ),
    ];
    lines.extend(message.story.iter().map(|s| format!("- {s}")));
    Ok(lines)
}

/// What became of a letter.
///
/// # Errors
/// When the store fails.
pub async fn of_letter(tx: &mut Tx, id: &str, office: &Office) -> Result<Vec<String>> {
    let Some(letter) = tx.letter(id).await? else { return Ok(Vec::new()) };
    let mut lines = vec![
        format!("# {id} · {}", letter.kind.name()),
        format!(
            "Key {}. Decided {}, to leave from {}.",
            letter.unique_key,
            local(letter.decided_at, office),
            local(letter.earliest, office)
        ),
        format!("Subject: {}. Message-ID: {}.", letter.subject, letter.message_id),
    ];
    for (recipient, _, state, at, answer) in tx.deliveries(id).await? {
        let at = at.map(|a| format!(" on {}", local(a, office))).unwrap_or_default();
        let state = serde_json::to_string(&state).unwrap_or_default();
        lines.push(format!(
            "- {recipient}: {}{at}{}",
            state.trim_matches('"'),
            answer.map(|a| format!(" ({a})")).unwrap_or_default()
        ));
    }
    Ok(lines)
}
