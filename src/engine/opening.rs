//! How staff open a follow-up: the copied-in mail with the fixed subject, and `CLARIFY`.

use super::desk::Desk;
use super::identifiers::screened;
use super::intake::Mail;
use super::{asking, commands};
use crate::core::command::{DateBias, read_date};
use crate::core::directory::Role;
use crate::core::event::Event;
use crate::core::follow_up::FollowUpKind;
use crate::core::id::{Address, CaseRef};
use crate::core::letter::{LetterKind, Line};
use crate::core::policy::Policy;
use crate::message::Message;
use crate::store::{MessageState, Outcome};
use anyhow::Result;
use chrono::NaiveDate;

/// Which clock a copied-in mail starts or ends, by the address that was copied in (`commands.md` 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CopiedFor {
    /// A clarification: the fixed subject.
    Clarification,
    /// Advice requests, one for each adviser.
    Advice,
    /// Draft checks.
    Draft,
    /// The final plan.
    FinalPlan,
}

/// What a mail opens, if anything: a first mail (no `RE:`/`FW:`, no thread that is known) with one of the service's
/// addresses among its recipients. A clarification needs the fixed subject and somebody outside, and may be a blind
/// copy.
pub(super) async fn opening_of(desk: &mut Desk, mail: &Mail) -> Result<Option<CopiedFor>> {
    let message = &mail.reading.message;
    let recipients = mail.recipients();
    let copied_in = &desk.office.copied_in;
    let blind_copy = !recipients.iter().any(|r| desk.office.is_own(r));
    let outside = recipients.iter().any(|r| !desk.office.is_own(r) && !desk.directory.is_staff(r));
    let first = !is_answer_or_forward(&message.subject);
    let wish = if first && recipients.contains(&copied_in.final_plan) {
        Some(CopiedFor::FinalPlan)
    } else if first && outside && recipients.contains(&copied_in.draft) {
        Some(CopiedFor::Draft)
    } else if first && outside && recipients.contains(&copied_in.advice) {
        Some(CopiedFor::Advice)
    } else {
        let to_us = blind_copy || recipients.contains(&copied_in.clarification);
        (to_us && outside && has_fixed_subject(&message.subject)).then_some(CopiedFor::Clarification)
    };
    Ok(if wish.is_some() && continues_a_known_thread(desk, message).await? { None } else { wish })
}

/// Carries out what a copied-in mail opens.
pub(super) async fn open(desk: &mut Desk, mail: &mut Mail, by: &Address, what: CopiedFor) -> Result<Outcome> {
    match what {
        CopiedFor::Clarification => clarification(desk, mail, by).await,
        CopiedFor::Advice => asking::advice(desk, mail, by).await,
        CopiedFor::Draft => asking::draft(desk, mail, by).await,
        CopiedFor::FinalPlan => commands::final_copied_in(desk, mail, by).await,
    }
}

async fn continues_a_known_thread(desk: &mut Desk, message: &Message) -> Result<bool> {
    for reference in message.in_reply_to.iter().chain(&message.references) {
        if !desk.tx.thread(reference).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Prefixes such as `[EXTERNAL]` or `OFFICIAL-SENSITIVE:`, and whatever follows, are ignored; an answer's or a
/// forward's prefix is not.
pub fn has_fixed_subject(subject: &str) -> bool {
    let words: Vec<String> = subject.split_whitespace().map(str::to_uppercase).collect();
    let text = words.join(" ");
    let Some((before, _)) = text.split_once(Policy::FIXED_SUBJECT) else { return false };
    !before.split([' ', '[', ']']).any(|w| ANSWERS.contains(&w) || matches!(w, "RE" | "FW"))
}

/// What mail programs put before the subject of an answer or a forward.
const ANSWERS: &[&str] = &["RE:", "FW:", "FWD:", "AW:", "WG:", "SV:", "TR:"];
/// What mail systems and markings put before any subject.
const LABELS: &[&str] =
    &["", "EXTERNAL", "EXT", "EXTERN", "CAUTION", "SECURE", "ENCRYPT", "OFFICIAL", "SENSITIVE", "OFFICIAL-SENSITIVE"];

/// Whether a subject begins, behind labels of mail systems, as an answer's or a forward's does. "Advice re: …" does not.
fn is_answer_or_forward(subject: &str) -> bool {
    let upper = subject.to_uppercase();
    let mut words = upper.split([' ', '[', ']', '(', ')']);
    let first = words.find(|w| !LABELS.contains(&w.trim_matches([':', '-', '–', '*'])));
    first.is_some_and(|w| ANSWERS.contains(&w))
}

/// The authority's reference, anywhere in the mail.
pub(super) fn case_reference(desk: &Desk, message: &Message) -> Option<CaseRef> {
    let texts = [Some(message.subject.as_str()), message.text.as_deref(), message.html.as_deref()];
    texts.into_iter().flatten().find_map(|t| desk.office.ref_pattern.find(t)).map(|m| CaseRef::new(m.as_str()))
}

/// A labelled `Response required` date in the mail.
pub(super) fn response_required(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    text.lines().find_map(|line| {
        let lower = line.to_lowercase();
        let at = lower.find("response required")?;
        let rest = line.get(at + "response required".len()..)?;
        let date = rest.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '\n');
        let weekday = rest.trim_start_matches([' ', ':', '-']).trim_start_matches("by").trim();
        read_date(weekday, today, DateBias::Future)
            .or_else(|| read_date(date.trim().trim_end_matches('.'), today, DateBias::Future))
    })
}

/// Adviser, managers and everybody whose role is not known, among the recipients.
struct Roles {
    adviser: Option<Address>,
    managers: Vec<Address>,
    unknown: Vec<Address>,
}

/// Told apart by the directory. Two known advisers make the roles unclear, for one mail asks one adviser; unless one of
/// them is listed as the other's line manager.
fn roles(desk: &Desk, recipients: &[Address]) -> Roles {
    let outside: Vec<&Address> =
        recipients.iter().filter(|r| !desk.office.is_own(r) && !desk.directory.is_staff(r)).collect();
    let with = |role: Role| -> Vec<Address> {
        outside.iter().filter(|a| desk.directory.role(a) == Some(role)).map(|a| (*a).clone()).collect()
    };
    let mut advisers = with(Role::Adviser);
    let mut managers = with(Role::LineManager);
    if let Some(asked) = asked_among(desk, &advisers) {
        managers.extend(advisers.iter().filter(|a| **a != asked).cloned());
        advisers = vec![asked];
    }
    let mut unknown: Vec<Address> =
        outside.iter().filter(|a| desk.directory.role(a).is_none()).map(|a| (*a).clone()).collect();
    match advisers.as_slice() {
        [adviser] => {
            for manager in desk.directory.managers_of(adviser) {
                if managers.is_empty() || outside.contains(&&manager) && !managers.contains(&manager) {
                    managers.push(manager);
                }
            }
            let clear = unknown.is_empty();
            Roles {
                adviser: clear.then(|| adviser.clone()),
                managers,
                unknown: if clear { unknown } else { [vec![adviser.clone()], unknown].concat() },
            }
        }
        _ => {
            unknown.extend(advisers);
            Roles { adviser: None, managers, unknown }
        }
    }
}

/// The one of several advisers whose line managers all the others are.
fn asked_among(desk: &Desk, advisers: &[Address]) -> Option<Address> {
    let manages_all_of = |one: &Address| {
        let managers = desk.directory.managers_of(one);
        advisers.iter().all(|other| other == one || managers.contains(other))
    };
    let mut asked = advisers.iter().filter(|a| manages_all_of(a));
    match (asked.next(), asked.next()) {
        (Some(one), None) if advisers.len() > 1 => Some(one.clone()),
        _ => None,
    }
}

/// Opens a clarification from a copied-in mail.
async fn clarification(desk: &mut Desk, mail: &mut Mail, by: &Address) -> Result<Outcome> {
    let id = desk.new_follow_up().await?;
    let message = &mail.reading.message;
    let reference = case_reference(desk, message);
    let roles = roles(desk, &mail.recipients());
    let today = desk.office.date(mail.received_at);
    let text = screened(desk, &mail.reading.new_text.text);
    let event = Event::CopiedIn {
        follow_up: id.clone(),
        kind: FollowUpKind::Clarification,
        by: by.clone(),
        received_at: mail.received_at,
        response_required: response_required(&mail.reading.new_text.text, today),
        adviser: roles.adviser,
        managers: roles.managers,
        unknown: roles.unknown,
        text: text.text,
    };
    let header_id = message.message_id.clone();
    let loaded = desk.case_for(reference, &id, by).await?;
    let case_id = loaded.case.id.0.clone();
    if let Some(over) = loaded.case.over_words() {
        return not_opened(desk, mail, by, &over).await;
    }
    let applied = desk.open_thread(loaded, &event, &id, header_id.as_deref()).await?;
    mail.story.push(applied.because.text().to_owned());
    desk.tell_known_absences(&id).await?;
    let mut receipt =
        desk.staff_letter(LetterKind::Receipt, format!("{}/receipt", mail.id), by, &format!("Noted: {id}"));
    receipt.facts.sentences = vec![format!("{}{}", applied.because.text(), text.remark)];
    receipt.in_reply_to = header_id;
    receipt.lines = vec![Line::about(&id)];
    desk.send(&receipt, None).await?;
    let mut outcome = mail.outcome(MessageState::Placed, Some(&id));
    outcome.case_id = Some(case_id);
    Ok(outcome)
}

/// A request that staff sent about a case that is over: their mail has left, so they have to know that nobody follows
/// it up.
async fn not_opened(desk: &mut Desk, mail: &mut Mail, by: &Address, over: &str) -> Result<Outcome> {
    let key = format!("{}/receipt", mail.id);
    let mut receipt = desk.staff_letter(LetterKind::Receipt, key, by, "Not followed up: the case is over");
    receipt.facts.sentences = vec![format!(
        "{over}. Your mail has gone to whoever you sent it to; the service follows nothing up and writes to nobody."
    )];
    receipt.in_reply_to.clone_from(&mail.reading.message.message_id);
    desk.send(&receipt, None).await?;
    mail.story.push(format!("not opened: {over}"));
    Ok(mail.outcome(MessageState::Placed, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_subject_is_known_behind_prefixes_and_never_in_an_answer() {
        let table = [
            ("URGENT STATUTORY ADVICE CLARIFICATION REQUIRED", true),
            ("[EXTERNAL] Urgent statutory advice  clarification required - EHC-2026-0412", true),
            ("OFFICIAL-SENSITIVE: URGENT STATUTORY ADVICE CLARIFICATION REQUIRED", true),
            ("RE: URGENT STATUTORY ADVICE CLARIFICATION REQUIRED", false),
            ("[EXTERNAL] Fwd: URGENT STATUTORY ADVICE CLARIFICATION REQUIRED", false),
            ("Statutory advice", false),
        ];
        for (subject, expected) in table {
            assert_eq!(has_fixed_subject(subject), expected, "{subject}");
        }
    }

    #[test]
    fn an_answer_or_forward_is_known_by_how_its_subject_begins() {
        let table = [
            ("RE: Advice for EHC-2026-0412", true),
            ("[EXTERNAL] Fwd: Advice", true),
            ("OFFICIAL-SENSITIVE: RE: Advice", true),
            ("Request for advice re: EHC-2026-0412", false),
            ("[EXTERNAL] Request for advice", false),
            ("", false),
        ];
        for (subject, expected) in table {
            assert_eq!(is_answer_or_forward(subject), expected, "{subject}");
        }
    }

    #[test]
    fn a_stated_response_date_is_read_from_its_label_only() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        let table = [
            ("Response required by: 16/11/2026", Some("2026-11-16")),
            ("Please note.\nRESPONSE REQUIRED: Monday 16 November 2026", Some("2026-11-16")),
            ("the meeting is on 16/11/2026", None),
        ];
        for (text, expected) in table {
            assert_eq!(response_required(text, today).map(|d| d.to_string()).as_deref(), expected, "{text}");
        }
    }
}
