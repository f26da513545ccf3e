//! Sections → `Policy`, with the checks that need more than one key.

use super::assessment::AssessmentRules;
use super::calendar;
use super::review::Review;
use super::sections::{self, CheckName, Sections};
use crate::core::letter::LetterKind;
use crate::core::policy::{
    AssessmentPolicy, Authority, CommandPolicy, EscalationPolicy, Mode, OfficeHours, Parents, Policy, ReplyPolicy,
    SendWindow, SenderCheck, Timescales, Windows,
};
use crate::core::wording::list;

/// Builds the policy; `version` is the short hash of the configuration.
pub(super) fn policy(s: &Sections, assessment: AssessmentRules, version: String, review: &mut Review<'_>) -> Policy {
    check_windows(s, review);
    check_import(s, review);
    check_timescales(&s.timescales, review);
    check_team_address(s, review);
    check_family_contact(s, review);
    let name = s.authority.name.clone();
    let hours = s.calendar.send_window;
    Policy {
        authority: Authority { short_name: s.authority.short_name.clone().unwrap_or_else(|| name.clone()), name },
        calendar: calendar::calendar(&s.calendar, review),
        zone: s.authority.time_zone,
        send_window: SendWindow { from: hours.from, to: hours.to },
        office_hours: OfficeHours { from: s.calendar.office_hours.from, to: s.calendar.office_hours.to },
        windows: Windows {
            clarification: s.windows.clarification,
            reminder: s.windows.reminder,
            review_nudge: s.windows.review_nudge,
        },
        escalation: escalation(&s.escalation),
        reply: reply(&s.reply),
        commands: CommandPolicy {
            receipts: s.commands.receipts,
            today_at: s.commands.today_at,
            reasons: s.commands.why.clone(),
            themes: s.commands.themes.clone(),
            agreement: s.commands.agreement,
        },
        child_label: s.cases.child_label,
        identifiers: s.security.identifiers,
        advice: s.advice.clone(),
        draft_check: s.draft_check.clone(),
        timescales: s.timescales.clone(),
        parents: s.parents.clone(),
        report: s.report.clone(),
        assessment: AssessmentPolicy {
            window: s.assessment.window,
            comments: s.assessment.comments,
            providers_see: s.assessment.providers_see,
            opens: s.assessment.opens.clone(),
            criteria: assessment.criteria,
            rule: assessment.rule,
        },
        sender_check: sender_check(s, review),
        mode: s.outbound.mode.clone(),
        ref_pattern: s.cases.ref_pattern.clone(),
        import_columns: s.import.columns.clone(),
        version,
    }
}

fn escalation(s: &sections::Escalation) -> EscalationPolicy {
    EscalationPolicy {
        at: s.at,
        copied_in_at: s.copied_in_at,
        repeat: s.repeat,
        max: s.max,
        subject_prefix: s.subject_prefix.clone(),
        thin_pause: s.thin_pause,
    }
}

fn reply(s: &sections::Reply) -> ReplyPolicy {
    let lower = |phrases: &[String]| phrases.iter().map(|phrase| phrase.to_lowercase()).collect();
    ReplyPolicy {
        full_words: s.full_words,
        manager_words: s.manager_words,
        holding_phrases: lower(&s.holding_phrases),
        more_time_phrases: lower(&s.more_time_phrases),
        ask_for_missing: s.ask_for_missing,
    }
}

fn sender_check(s: &Sections, review: &mut Review<'_>) -> SenderCheck {
    let ids = || s.security.authserv_ids.iter().map(|id| id.to_lowercase()).collect();
    match s.security.sender_check {
        CheckName::AuthenticationResults => {
            if s.security.authserv_ids.is_empty() {
                review.error(
                    "security.authserv_ids",
                    "no server is named whose Authentication-Results are believed, so no mail could prove its sender",
                    "name your own mail server as it stands in that header of received mail, as in `authserv_ids = [\"mail.council.example\"]`, or write `sender_check = \"confirm\"`",
                );
            }
            SenderCheck::AuthenticationResults { authserv_ids: ids() }
        }
        CheckName::ExchangeOnline => SenderCheck::ExchangeOnline,
        CheckName::Confirm => SenderCheck::Confirm,
        CheckName::None => {
            if !s.mailbox.url.is_local() {
                review.error(
                    "security.sender_check",
                    "\"none\" lets anybody give commands in anybody's name",
                    "write \"authentication_results\", \"exchange_online\" or \"confirm\"; \"none\" is for a mailbox on this machine",
                );
            }
            SenderCheck::None
        }
    }
}

fn check_windows(s: &Sections, review: &mut Review<'_>) {
    if s.windows.reminder >= s.windows.clarification {
        let what = format!("the window has only {} working days", s.windows.clarification);
        review.error("windows.reminder", what, "write a smaller number, or 0 for no reminder");
    }
    if s.advice.reminder >= s.advice.window {
        let what = format!("the window has only {} days", s.advice.window);
        review.error("advice.reminder", what, "write a smaller number, or 0 for no reminder");
    }
    let hours = s.calendar.send_window;
    for (path, at) in [("escalation.at", s.escalation.at), ("escalation.copied_in_at", s.escalation.copied_in_at)] {
        if at < hours.from || at >= hours.to {
            let what = format!(
                "lies outside calendar.send_window ({:.5}-{:.5}), in which letters leave",
                hours.from.to_string(),
                hours.to.to_string()
            );
            review.error(path, what, "write an hour inside it");
        }
    }
    if s.escalation.copied_in_at < s.escalation.at {
        let what = "lies before escalation.at, though follow-ups that are copied in are the ones to wait longer";
        review.error("escalation.copied_in_at", what, "write an hour not before escalation.at");
    }
}

/// A column for a field that nobody knows would be a slip of the finger, and its dates would be missed in silence.
fn check_import(s: &Sections, review: &mut Review<'_>) {
    for field in s.import.columns.keys().filter(|field| !crate::core::import::is_field(field)) {
        let right = format!("write one of these: {}", crate::core::import::field_names());
        review.error("import.columns", format!("'{field}' is no field of ours"), &right);
    }
}

/// A team's address that is none would lose the answers of families.
fn check_team_address(s: &Sections, review: &mut Review<'_>) {
    if s.parents.lines.contains_key(Parents::TEAM_ADDRESS) && s.parents.team_address().is_none() {
        let what = "email is no e-mail address, and answers of families go there";
        review.error("parents.lines", what, "write `email = \"send.team@council.example\"`, or leave it out");
    }
}

/// A family that gets a letter must find whom to ring, where help is, and how to complain (`domain.md` 3.6). What the
/// service says by itself names nobody and no number.
fn check_family_contact(s: &Sections, review: &mut Review<'_>) {
    if s.outbound.mode.of(LetterKind::ParentNotice) != Mode::Live {
        return;
    }
    let mut missing: Vec<String> = [("sendiass", "how SENDIASS is reached"), ("complaints", "where to complain")]
        .iter()
        .filter(|(line, _)| !s.parents.lines.contains_key(*line))
        .map(|(_, what)| (*what).to_owned())
        .collect();
    let by_phone = s.parents.lines.contains_key("phone") || s.coordinator.iter().all(|c| c.phone.is_some());
    missing.extend((!by_phone).then(|| "whom to ring".to_owned()));
    if !missing.is_empty() {
        let what = format!("letters to families leave, and do not say {}", list(&missing).replace(" and ", " or "));
        let remedy = "write `lines = { phone = \"…\", sendiass = \"…\", complaints = \"…\" }` under [parents]";
        review.warning("parents.lines", what, remedy);
    }
}

fn check_timescales(s: &Timescales, review: &mut Review<'_>) {
    let rising = s.weeks.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
    if s.weeks.len() != 5 || !rising {
        let what = "needs five rising numbers: decision, advice, plan draft, no-plan notice, final plan";
        review.error("timescales.weeks", what, "write `weeks = [6, 12, 14, 16, 20]`");
    }
}
