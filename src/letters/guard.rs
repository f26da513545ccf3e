//! The last look before a letter leaves, fail closed (`mail.md` 5). A letter that fails is withdrawn and reported,
//! never sent partly.

use crate::core::case::Case;
use crate::core::directory::Directory;
use crate::core::follow_up::{FollowUp, FollowUpKind, Stage};
use crate::core::id::Address;
use crate::core::letter::{Audience, LetterKind, SendOnlyWhile};
use crate::core::policy::Policy;
use crate::core::register::StopManner;
use chrono::{DateTime, Utc};

/// What the last look sees of a letter.
#[derive(Debug)]
pub struct Leaving<'a> {
    /// Sort.
    pub kind: LetterKind,
    /// What would make it wrong.
    pub only_while: SendOnlyWhile,
    /// Subject.
    pub subject: &'a str,
    /// Everybody it goes to, the own copy apart.
    pub recipients: &'a [Address],
    /// The case that it is about.
    pub case: Option<&'a Case>,
    /// The follow-up of that case.
    pub follow_up: Option<&'a FollowUp>,
    /// The follow-ups of a letter that names several, each with its case.
    pub several: &'a [(Case, FollowUp)],
    /// Where letters go in shadow mode: needs no role.
    pub shadow_to: Option<&'a Address>,
    /// The instant of the look.
    pub now: DateTime<Utc>,
    /// What operators have set.
    pub policy: &'a Policy,
}

/// What the last look says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// It may leave.
    Good,
    /// It is no longer wanted; nobody has to be told.
    Needless(String),
    /// It must not leave and somebody has to look.
    Wrong(String),
}

/// Looks at a letter that is about to leave.
pub fn last_look(leaving: &Leaving, directory: &Directory) -> Look {
    if let Some(why) =
        stopped(leaving).or_else(|| finished(leaving)).or_else(|| needless(leaving)).or_else(|| premature(leaving))
    {
        return Look::Needless(why);
    }
    if let Some((case, _)) = leaving.several.iter().find(|(case, _)| case.register.is_over()) {
        return Look::Wrong(format!("it names {}, which has ended since it was written", case.label()));
    }
    if let Some(stranger) = leaving.recipients.iter().find(|r| !may_get(leaving, r, directory)) {
        return Look::Wrong(format!("{stranger} is no party of this follow-up with a role that may get this letter"));
    }
    if let Some(what) = personal(leaving.subject) {
        return Look::Wrong(format!("the subject holds {what}"));
    }
    Look::Good
}

/// After STOP nothing about the child leaves but to staff, and the thank-you that STOP itself wrote (`domain.md` 5.6).
fn stopped(leaving: &Leaving) -> Option<String> {
    let stop = leaving.case?.register.stop.as_ref()?;
    let goes_on = match leaving.kind.audience() {
        Audience::Staff => true,
        Audience::Outside => leaving.kind == LetterKind::StandDown && stop.manner == StopManner::Thanked,
        Audience::Parent | Audience::Partner => false,
    };
    (!goes_on).then(|| "the case has been stopped".to_owned())
}

/// After the final plan, or a decision that ended the case, advisers hear of its annual review and of nothing else;
/// whoever was still asked is thanked.
fn finished(leaving: &Leaving) -> Option<String> {
    let register = &leaving.case?.register;
    let over = register.final_on.is_some() || register.ruled_out().is_some();
    let outside = matches!(leaving.kind.audience(), Audience::Outside | Audience::Partner);
    let goes_on = leaving.kind == LetterKind::StandDown
        || leaving.follow_up.is_some_and(|f| f.kind == FollowUpKind::ReviewContribution);
    (over && outside && !goes_on).then(|| "the case has ended".to_owned())
}

fn needless(leaving: &Leaving) -> Option<String> {
    match leaving.only_while {
        SendOnlyWhile::Always => None,
        SendOnlyWhile::CaseOpen => {
            leaving.case.filter(|c| c.register.is_over()).map(|c| format!("{} is over", c.label()))
        }
        SendOnlyWhile::Open => leaving.follow_up.filter(|f| !f.stage.is_open()).map(|f| format!("{} has ended", f.id)),
        SendOnlyWhile::AwaitingAnswer => leaving
            .follow_up
            .filter(|f| !f.stage.is_open() || matches!(f.stage, Stage::Received | Stage::Query) || f.is_wrong_childs())
            .map(|f| format!("{} needs it no longer: {}", f.id, f.standing())),
    }
}

/// Nobody is told of a lateness that is none any more: the date has been moved, or something short has come that lets
/// the escalation sleep.
fn premature(leaving: &Leaving) -> Option<String> {
    let follow_up = leaving.follow_up.filter(|_| leaving.kind.is_escalation())?;
    let sleeps = follow_up.round().and_then(|r| r.pause.as_ref()).is_some_and(|p| p.until > leaving.now);
    (sleeps || !follow_up.is_overdue(leaving.now, leaving.policy)).then(|| format!("{} is not late now", follow_up.id))
}

fn may_get(leaving: &Leaving, recipient: &Address, directory: &Directory) -> bool {
    if leaving.shadow_to == Some(recipient) {
        return true;
    }
    match leaving.kind.audience() {
        Audience::Staff if leaving.kind.is_report() => directory.may_read_reports(recipient),
        Audience::Staff
            if leaving.kind == LetterKind::ParentMail
                && leaving.policy.parents.duty_address.as_ref() == Some(recipient) =>
        {
            true
        }
        Audience::Staff => directory.is_staff(recipient),
        Audience::Outside if leaving.kind.is_about_several() => {
            // By reference only, and each of them theirs.
            let theirs = |f: &FollowUp| f.managers.contains(recipient) && is_role_bearer(f, recipient, directory);
            !leaving.several.is_empty() && leaving.several.iter().all(|(_, f)| theirs(f))
        }
        Audience::Outside => leaving.follow_up.is_some_and(|f| is_role_bearer(f, recipient, directory)),
        Audience::Parent => {
            let contact = leaving.case.and_then(|c| c.register.contact(recipient));
            contact.is_some_and(|c| leaving.policy.parents.may_write_to(c))
        }
        Audience::Partner => directory.is_partner(recipient) || directory.is_staff(recipient),
    }
}

/// Adviser and managers of the follow-up, its co-ordinator, the service's fallback, second level and single route, SEND managers;
/// never somebody who has been barred.
fn is_role_bearer(follow_up: &FollowUp, recipient: &Address, directory: &Directory) -> bool {
    if follow_up.barred.contains(recipient) {
        return false;
    }
    let service = follow_up.service.as_deref().and_then(|name| directory.service(name));
    follow_up.has_party(recipient)
        || follow_up.coordinator == *recipient
        || follow_up.told_responsible.contains(recipient)
        || directory.send_managers.iter().any(|m| m.address == *recipient)
        || service.is_some_and(|s| {
            s.second_level.as_ref() == Some(recipient)
                || s.fallback_manager.as_ref() == Some(recipient)
                || s.route.as_ref() == Some(recipient)
        })
}

/// A subject leaks in notifications and logs: no NHS number (ten digits), no date of birth ("dob", or a full numeric
/// date) may stand in it.
fn personal(subject: &str) -> Option<&'static str> {
    let mut run = 0;
    for c in subject.chars() {
        if c.is_ascii_digit() {
            run += 1;
            if run >= 10 {
                return Some("a number as long as an NHS number");
            }
        } else if c != ' ' {
            run = 0;
        }
    }
    let lower = subject.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| matches!(word, "dob" | "born")).then_some("a date of birth")
}
