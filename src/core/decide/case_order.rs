//! What staff order about a case as a whole: its register, its owner, its notes. How it ends stands in `ending`.

use super::Work;
use super::ending;
use crate::core::calendar::statutory_weeks;
use crate::core::event::{Because, CaseOrder, LegalHold, Particulars};
use crate::core::id::Address;
use crate::core::letter::{Letter, LetterKind, SendOnlyWhile};
use crate::core::register::{Contact, Exemption, Note, NoteKind, Phase};
use crate::core::wording::{date_words, list};
use std::collections::BTreeSet;

pub(super) fn given(work: &mut Work, by: &Address, order: &CaseOrder) -> Because {
    match order {
        CaseOrder::Register(particulars) => registered(work, by, particulars),
        CaseOrder::Rule { what, on } => ending::ruled(work, by, *what, *on),
        CaseOrder::FinalIssued { on } => ending::final_issued(work, *on),
        CaseOrder::Reopen => ending::reopened(work),
        CaseOrder::Exempt { ground, phase, from, to, narrative } => {
            let exemption = Exemption {
                ground: ground.clone(),
                phase: *phase,
                from: *from,
                to: *to,
                narrative: narrative.clone(),
                by: by.clone(),
                on: work.rules.today(),
                told_parent_on: None,
            };
            exempted(work, exemption)
        }
        CaseOrder::Note { kind, with, theme, text } => {
            let note = Note {
                kind: *kind,
                on: work.rules.today(),
                by: by.clone(),
                with: with.clone(),
                theme: theme.clone(),
                text: text.clone(),
            };
            noted(work, note)
        }
        CaseOrder::Suspend { manner, reason } => ending::suspended(work, by, *manner, reason.as_deref()),
        CaseOrder::Stop { manner, reason } => ending::stopped(work, by, *manner, reason.as_deref()),
        CaseOrder::Resume { with } => ending::resumed(work, by, with),
        CaseOrder::LegalHold(hold) => legal_hold(work, *hold),
        CaseOrder::Reassign { from, to } => reassigned(work, from.as_ref(), to),
    }
}

/// `NEW CASE`, `CORRECT`, `IMPORT`: takes over what is given; the first one opens the register and tells providers.
fn registered(work: &mut Work, by: &Address, particulars: &Particulars) -> Because {
    let fresh = work.case.register.opened_on.is_none();
    let before = work.case.clone();
    take_over(work, particulars);
    if fresh {
        work.case.register.opened_on = Some(work.rules.today());
        let owner = particulars.coordinator.clone().unwrap_or_else(|| by.clone());
        move_to(work, None, &owner);
        early_notices(work);
    }
    if work.case == before {
        return Because::Nothing(format!("{}: that is recorded already.", work.case.id.0));
    }
    let label = &work.case.id.0;
    let what = if fresh { "is registered" } else { "is corrected" };
    let weeks = work.case.register.requested_on.map(|_| week_words(work)).unwrap_or_default();
    Because::Done(format!("{label} {what}.{weeks}"))
}

fn take_over(work: &mut Work, given: &Particulars) {
    let case = &mut work.case;
    fn put<T: Clone>(place: &mut Option<T>, given: &Option<T>) {
        if given.is_some() {
            place.clone_from(given);
        }
    }
    put(&mut case.initials, &given.initials);
    put(&mut case.their_ref, &given.their_ref);
    let register = &mut case.register;
    put(&mut register.requested_on, &given.requested_on);
    put(&mut register.first_name, &given.first_name);
    put(&mut register.born, &given.born);
    put(&mut register.consult, &given.consult);
    register.sensitive = given.sensitive.unwrap_or(register.sensitive);
    for span in &given.school_closed {
        if !register.school_closed.contains(span) {
            register.school_closed.push(*span);
        }
    }
    for contact in &given.contacts {
        let known = |c: &Contact| c.channel == contact.channel && c.name == contact.name;
        match register.contacts.iter_mut().find(|c| known(c)) {
            // Somebody who must not be written to stays so, whatever is said about them anew.
            Some(place) => *place = Contact { do_not_contact: place.do_not_contact, ..contact.clone() },
            None => register.contacts.push(contact.clone()),
        }
    }
    if let Some(owner) = &given.coordinator {
        move_to(work, None, owner);
    }
}

/// "Week 20 ends on …" for the receipt.
fn week_words(work: &Work) -> String {
    let Some(requested) = work.case.register.requested_on else { return String::new() };
    let policy = work.rules.policy;
    let weeks = policy.timescales.final_week();
    let due = statutory_weeks(requested, weeks, &policy.calendar);
    format!(" Week {weeks} ends on {}; please plan for {}.", date_words(due.legal_due), date_words(due.planning_due))
}

/// Providers hear of a new case at their route address, without a child's name (self-assessment, criterion 1); not of
/// one whose decision is past, as when old cases are imported.
fn early_notices(work: &mut Work) {
    let policy = work.rules.policy;
    let Some(requested) = work.case.register.requested_on else { return };
    let weeks = policy.timescales.decision_week();
    let decision = statutory_weeks(requested, weeks, &policy.calendar);
    if !policy.advice.early_notice || work.rules.today() > decision.legal_due || work.case.register.is_over() {
        return;
    }
    let routes: BTreeSet<&Address> = work.rules.directory.services.iter().filter_map(|s| s.route.as_ref()).collect();
    for route in routes {
        let letter = work.case_letter(LetterKind::EarlyNotice, route.as_str());
        let mut letter = Letter { to: vec![route.clone()], only_while: SendOnlyWhile::CaseOpen, ..letter };
        let theirs = work.case.their_ref.as_ref().map(|r| format!(", your ref {r}")).unwrap_or_default();
        letter.facts.case = format!("{}{theirs}", work.case.id.0);
        letter.facts.asked_on = Some(requested);
        letter.facts.due_on = Some(decision.legal_due);
        work.letters.push(letter);
    }
}

fn exempted(work: &mut Work, exemption: Exemption) -> Because {
    let label = work.case.id.0.clone();
    let policy = work.rules.policy;
    let same = |e: &Exemption| {
        (&e.ground, e.phase, e.from, e.to) == (&exemption.ground, exemption.phase, exemption.from, exemption.to)
    };
    if work.case.register.exemptions.iter().any(same) {
        return Because::Nothing(format!("{label}: that exemption is on record already."));
    }
    let phase = exemption.phase;
    let week = match phase {
        Phase::Week6 => Some(policy.timescales.decision_week()),
        Phase::Advice => None,
        Phase::Week16 => Some(policy.timescales.no_plan_week()),
        Phase::Week20 => Some(policy.timescales.final_week()),
    };
    let stays = work
        .case
        .register
        .requested_on
        .zip(week)
        .map(|(requested, weeks)| {
            let due = statutory_weeks(requested, weeks, &policy.calendar).legal_due;
            format!(": week {weeks} stays {}", date_words(due))
        })
        .unwrap_or_default();
    let text = format!(
        "{label}: exemption recorded under {}. It may excuse {} if that is missed. It pauses nothing and moves no date{stays}; what is due stays due as soon as practicable. The Code of Practice (9.43) asks you to tell the parents or the young person which exemption applies and why, and to finish quickly once its reason has ended.",
        exemption.ground,
        phase.limit()
    );
    work.case.register.exemptions.push(exemption);
    Because::Done(text)
}

fn noted(work: &mut Work, note: Note) -> Because {
    let label = work.case.id.0.clone();
    if work.case.register.notes.contains(&note) {
        return Because::Nothing(format!("{label}: that is noted already."));
    }
    let what = match note.kind {
        NoteKind::SmallPoint => "noted as a small point (option 1); no clock runs. CLARIFY makes a request of it.",
        NoteKind::UsedAsSubmitted => "noted that the advice is used as far as possible.",
        NoteKind::Narrative => "the narrative is on record and stands in the weekly report.",
        NoteKind::Remark => "noted.",
    };
    work.case.register.notes.push(note);
    Because::Done(format!("{label}: {what}"))
}

fn legal_hold(work: &mut Work, hold: LegalHold) -> Because {
    let label = work.case.id.0.clone();
    let on = hold == LegalHold::On;
    if work.case.register.legal_hold == on {
        return Because::Nothing(format!("{label}: the legal hold is {} already.", if on { "on" } else { "off" }));
    }
    work.case.register.legal_hold = on;
    Because::Done(if on {
        format!("{label}: legal hold. Nothing of this case is erased until LEGAL HOLD {label} OFF.")
    } else {
        format!("{label}: the legal hold has ended; the usual retention applies.")
    })
}

fn reassigned(work: &mut Work, from: Option<&Address>, to: &Address) -> Because {
    let label = work.case.id.0.clone();
    let name = work.rules.directory.name_of(to);
    let before = work.case.clone();
    move_to(work, from, to);
    if work.case == before {
        return Because::Nothing(format!("{label} is with {name} already."));
    }
    let ids = work.ids(|f| f.coordinator == *to);
    let open = match ids.len() {
        0 => "Nothing is open on it.".to_owned(),
        _ => format!("Open: {}.", list(&ids.iter().map(ToString::to_string).collect::<Vec<_>>())),
    };
    Because::Done(format!("{label} is with {name} now. {open}"))
}

/// The case and what is open on it belong to `to` from here on; with `from` only what was theirs.
fn move_to(work: &mut Work, from: Option<&Address>, to: &Address) {
    let theirs = |owner: &Address| from.is_none_or(|from| owner == from);
    if theirs(&work.case.coordinator) && work.case.coordinator != *to {
        work.case.coordinator.clone_from(to);
        // Whoever owns it now has not seen the letter that waits.
        super::family::unseen(work);
    }
    for follow_up in work.case.follow_ups.iter_mut().filter(|f| f.stage.is_open() && theirs(&f.coordinator)) {
        follow_up.coordinator.clone_from(to);
    }
}
