//! Who can act: absences, addresses that do not work, managers named anew. The due date never moves (step 4).

use super::{Work, order};
use crate::core::event::{Because, Hint};
use crate::core::follow_up::{Away, FollowUp, FollowUpKind, HoldReason, Origin, Stage};
use crate::core::id::{Address, FollowUpId};
use crate::core::wording::{date_words, list};

/// Somebody is away: for all open follow-ups of theirs in this case.
pub(super) fn away(work: &mut Work, away: &Away) -> Because {
    let ids = work.ids(|f| f.has_party(&away.who));
    let mut said = Vec::new();
    for id in ids {
        let because = work.with(&id, |work, follow_up| one_away(work, follow_up, away));
        said.push(because.text().to_owned());
    }
    if said.is_empty() {
        Because::Nothing("No open follow-up of theirs.".to_owned())
    } else {
        Because::Done(said.join(" "))
    }
}

fn one_away(work: &mut Work, follow_up: &mut FollowUp, away: &Away) -> Because {
    let known = follow_up.away.iter().any(|a| a == away);
    follow_up.away.retain(|a| a.who != away.who);
    follow_up.away.push(away.clone());
    if known {
        return Because::Nothing(format!("{} is known to be away.", away.who));
    }
    if is_patient(follow_up, away) {
        return Because::Nothing(format!("{} is away; nobody has to act for them on {}.", away.who, follow_up.id));
    }
    let name = work.rules.directory.name_of(&away.who);
    let back =
        away.until.map_or_else(|| "no date of return is given".to_owned(), |d| format!("back on {}", date_words(d)));
    if follow_up.adviser.as_ref() != Some(&away.who) {
        return manager_away(work, follow_up, &name, &back, away);
    }
    let why = format!("{name} is away ({back}).");
    if managers_return_in_time(work, follow_up) {
        let text = vec![
            why.clone(),
            "The line manager is away as well, but back before the due date. At the close the next person is written to.".to_owned(),
        ];
        work.notice(follow_up, &format!("away-{}", away.who), "Adviser and line manager are away", text);
        return Because::Done(why);
    }
    responsible_instead(work, follow_up, &away.who, "away", why.clone());
    if let Some(contact) = &away.contact {
        let sentences =
            vec![why.clone(), format!("Their notice names {contact} as contact. The service has not written there.")];
        work.notice(follow_up, &format!("away-{}", away.who), "The adviser is away", sentences);
    }
    Because::Done(format!("{why} The line manager is responsible for {} by its date, which stays.", follow_up.id))
}

/// Whether an absence makes nobody responsible: the silence of a draft check is no breach, and six weeks for advice
/// outlast a holiday that ends in them.
fn is_patient(follow_up: &FollowUp, away: &Away) -> bool {
    let back_in_time = away.until.zip(follow_up.due_on()).is_some_and(|(back, due)| back <= due);
    follow_up.kind == FollowUpKind::DraftCheck || follow_up.kind == FollowUpKind::AdviceRequest && back_in_time
}

/// Whether every line manager is away today and one of them is back before the window closes (situation 14).
fn managers_return_in_time(work: &Work, follow_up: &FollowUp) -> bool {
    let managers = follow_up.reachable_managers();
    let today = work.rules.today();
    let back_in_time = |m: &Address| {
        let back = follow_up.away.iter().find(|a| a.who == *m).and_then(|a| a.until);
        back.zip(follow_up.due_on()).is_some_and(|(back, due)| back <= due)
    };
    !managers.is_empty() && managers.iter().all(|m| follow_up.is_away(m, today)) && managers.iter().any(back_in_time)
}

/// The manager's turn: those who can be reached today; when none can, the fallback and the second level.
fn responsible_instead(work: &mut Work, follow_up: &mut FollowUp, adviser: &Address, ordinal: &str, why: String) {
    let today = work.rules.today();
    let reachable = follow_up.reachable_managers();
    let present: Vec<Address> = reachable.iter().filter(|m| !follow_up.is_away(m, today)).cloned().collect();
    let to = if present.is_empty() { fallback(work, follow_up, adviser) } else { present };
    if to.is_empty() {
        let text = vec![
            why,
            "Nobody else is known who could be told. Who is the line manager? Answer: MANAGER address IS address"
                .to_owned(),
        ];
        work.notice(follow_up, ordinal, "Nobody is responsible", text);
        return;
    }
    work.make_responsible(follow_up, to, ordinal, why);
}

fn fallback(work: &Work, follow_up: &FollowUp, adviser: &Address) -> Vec<Address> {
    let service = follow_up.service.as_deref().and_then(|name| work.rules.directory.service(name));
    let manager = service.and_then(|s| s.fallback_manager.clone());
    let usable = |a: &Address| a != adviser && !follow_up.barred.contains(a) && !follow_up.undeliverable.contains(a);
    match manager.filter(|m| usable(m) && !follow_up.is_away(m, work.rules.today())) {
        Some(manager) => vec![manager],
        None => work.second_level(follow_up),
    }
}

/// A manager's absence is told to the co-ordinator; others are written to at the close, not before, unless the
/// adviser is away past the due date too (situation 14).
fn manager_away(work: &mut Work, follow_up: &mut FollowUp, name: &str, back: &str, away: &Away) -> Because {
    let past_due = |a: &Away| follow_up.due_on().is_some_and(|due| a.until.is_none_or(|back| back > due));
    let adviser_past_due = follow_up.away.iter().any(|a| follow_up.adviser.as_ref() == Some(&a.who) && past_due(a));
    let both = adviser_past_due && past_due(away);
    let text = format!("The line manager {name} is away ({back}).");
    work.notice(
        follow_up,
        &format!("away-{}", away.who),
        "The line manager is away",
        vec![text.clone(), "The window runs on; at its close the next person is written to.".to_owned()],
    );
    if let (true, Some(adviser)) = (both, follow_up.adviser.clone()) {
        let why = format!("{} and {name} are both away past the due date.", work.rules.directory.name_of(&adviser));
        follow_up.told_responsible.clear();
        responsible_instead(work, follow_up, &adviser, "both-away", why);
    }
    Because::Done(text)
}

/// A human mail came from them: they are back.
pub(super) fn back(work: &mut Work, who: &Address) -> Because {
    for follow_up in &mut work.case.follow_ups {
        follow_up.away.retain(|a| a.who != *who);
    }
    Because::Done(format!("{who} has written: no longer away."))
}

/// A permanent failure: told at once; the manager is responsible when it was the adviser.
pub(super) fn undeliverable(work: &mut Work, id: &FollowUpId, who: &Address, reason: &str, source: &str) -> Because {
    work.with(id, |work, follow_up| {
        if !follow_up.stage.is_open() {
            return Because::Nothing(format!("{id} has ended."));
        }
        if follow_up.undeliverable.contains(who) {
            return Because::Nothing(format!("It is known that {who} cannot be reached."));
        }
        follow_up.undeliverable.push(who.clone());
        let name = work.rules.directory.name_of(who);
        let mut sentences = vec![format!("Mail to {name} ({who}) cannot be delivered: {reason}")];
        if follow_up.adviser.as_ref() == Some(who) {
            sentences.push(adviser_unreachable(work, follow_up, who, source));
        } else {
            sentences.push("At the close the next person is written to. Is there another address? Answer: MANAGER adviser IS address".to_owned());
        }
        hold_when_nobody_is_left(follow_up, &mut sentences);
        work.notice(follow_up, source, "Mail cannot be delivered", sentences.clone());
        Because::Done(sentences.join(" "))
    })
}

fn adviser_unreachable(work: &mut Work, follow_up: &mut FollowUp, who: &Address, source: &str) -> String {
    if follow_up.kind == FollowUpKind::DraftCheck {
        return "They have not been asked to check the plan draft.".to_owned();
    }
    if follow_up.reachable_managers().is_empty() {
        return "No line manager can be reached either.".to_owned();
    }
    let why = format!("Mail to {} cannot be delivered.", work.rules.directory.name_of(who));
    responsible_instead(work, follow_up, who, source, why);
    let names: Vec<String> = follow_up.told_responsible.iter().map(|a| work.rules.directory.name_of(a)).collect();
    format!(
        "{} now responsible for completion by the due date.",
        if names.len() == 1 { format!("{} is", list(&names)) } else { format!("{} are", list(&names)) }
    )
}

pub(super) fn hold_when_nobody_is_left(follow_up: &mut FollowUp, sentences: &mut Vec<String>) {
    let adviser_gone = follow_up.adviser.as_ref().is_none_or(|a| follow_up.undeliverable.contains(a));
    // A draft check goes to the adviser alone.
    let managers_too = follow_up.reachable_managers().is_empty() || follow_up.kind == FollowUpKind::DraftCheck;
    if adviser_gone && managers_too && matches!(follow_up.stage, Stage::Prepared | Stage::Open) {
        follow_up.stage = Stage::Held;
        follow_up.hold = Some(HoldReason::NobodyReached);
        sentences.push("Nobody could be reached, so no clock runs. Name the right manager (MANAGER adviser IS address) or have the address put right, and answer RESEND; the day on which it is sent is the new day 0.".to_owned());
    }
}

/// The request has just been sent: an absence or a bounce that came before makes the manager responsible now.
pub(super) fn tell_if_adviser_cannot_act(work: &mut Work, follow_up: &mut FollowUp) {
    let Some(adviser) = follow_up.adviser.clone() else { return };
    let name = work.rules.directory.name_of(&adviser);
    let why = if follow_up.undeliverable.contains(&adviser) {
        format!("Mail to {name} cannot be delivered.")
    } else if follow_up.away.iter().any(|a| a.who == adviser && is_patient(follow_up, a)) {
        return;
    } else if follow_up.is_away(&adviser, work.rules.today()) {
        format!("{name} is away.")
    } else {
        return;
    };
    responsible_instead(work, follow_up, &adviser, "cannot-act", why);
}

/// A warning only: the final notice decides.
pub(super) fn delayed(work: &mut Work, id: &FollowUpId, who: &Address, source: &str) -> Because {
    work.with(id, |work, follow_up| {
        if !follow_up.stage.is_open() {
            return Because::Nothing(format!("{id} has ended."));
        }
        let text = format!(
            "Mail to {} has not been delivered yet; the server goes on trying. The window runs on.",
            work.rules.directory.name_of(who)
        );
        work.notice(follow_up, source, "Mail is delayed", vec![text.clone()]);
        Because::Done(text)
    })
}

/// Counts for nothing; the co-ordinator is told, and gets an invitation as it came.
pub(super) fn hinted(work: &mut Work, id: &FollowUpId, who: &Address, hint: Hint, source: &str) -> Because {
    work.with(id, |work, follow_up| {
        if !follow_up.stage.is_open() {
            return Because::Nothing(format!("{id} has ended."));
        }
        let name = work.rules.directory.name_of(who);
        let (headline, text) = match hint {
            Hint::Invitation => (
                "An invitation to a meeting",
                format!(
                    "{name} invites to a meeting about this. The service has not answered; the invitation is attached."
                ),
            ),
            Hint::NotRead => (
                "Our mail was deleted unread",
                format!("{name} deleted a mail of the service about this without reading it. The window runs on."),
            ),
            Hint::Recall => (
                "They ask for a mail back",
                format!("{name} would like to recall an earlier mail. It is kept as it came; nothing has changed."),
            ),
        };
        work.notice(follow_up, source, headline, vec![text.clone()]);
        if let (Hint::Invitation, Some(letter)) = (hint, work.letters.last_mut()) {
            letter.original = Some(source.to_owned());
        }
        Because::Done(text)
    })
}

/// `MANAGER <adviser> IS <address>`: for every open follow-up of the adviser in this case.
pub(super) fn manager_named(work: &mut Work, adviser: &Address, manager: &Address) -> Because {
    if adviser == manager {
        return Because::Refused("An adviser cannot be their own line manager.".to_owned());
    }
    work.case.unbar(adviser, manager);
    for id in &work.ids(|f| f.adviser.as_ref() == Some(adviser)) {
        work.with(id, |work, follow_up| {
            let is_new = !follow_up.managers.contains(manager);
            follow_up.managers = vec![manager.clone()];
            let to_manager_too = follow_up.kind != FollowUpKind::DraftCheck;
            if is_new && to_manager_too && follow_up.stage == Stage::Prepared && follow_up.origin == Origin::Sent {
                // What is on its way is addressed to the one before: another takes its place.
                order::send_anew(work, follow_up);
            } else if follow_up.is_away(adviser, work.rules.today()) || follow_up.undeliverable.contains(adviser) {
                let why = format!("{} cannot act at the moment.", work.rules.directory.name_of(adviser));
                work.make_responsible(follow_up, vec![manager.clone()], "named", why);
            } else if is_new && follow_up.awaits_answer() {
                work.send_logged_to(follow_up, manager);
            }
            Because::Done(String::new())
        });
    }
    Because::Done(format!(
        "{} is the line manager of {} from now on.",
        work.rules.directory.name_of(manager),
        work.rules.directory.name_of(adviser)
    ))
}
