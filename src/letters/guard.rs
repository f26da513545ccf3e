//! The last look before a letter leaves, fail closed (`mail.md` 5). A letter that fails is withdrawn and reported,
//! never sent partly.

use crate::core::case::Case;
use crate::core::directory::Directory;
use crate::core::follow_up::{FollowUp, Stage};
use crate::core::id::Address;
use crate::core::letter::{Audience, LetterKind, SendOnlyWhile};

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
    /// The case and follow-up that it is about.
    pub about: Option<(&'a Case, &'a FollowUp)>,
    /// Where letters go in shadow mode: needs no role.
    pub shadow_to: Option<&'a Address>,
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
    if let Some((_, follow_up)) = leaving.about
        && let Some(why) = needless(leaving, follow_up)
    {
        return Look::Needless(why);
    }
    if let Some(stranger) = leaving.recipients.iter().find(|r| !may_get(leaving, r, directory)) {
        return Look::Wrong(format!("{stranger} is no party of this follow-up with a role that may get this letter"));
    }
    if let Some(what) = personal(leaving.subject) {
        return Look::Wrong(format!("the subject holds {what}"));
    }
    Look::Good
}

fn needless(leaving: &Leaving, follow_up: &FollowUp) -> Option<String> {
    let ended = !follow_up.stage.is_open();
    match leaving.only_while {
        SendOnlyWhile::Always => None,
        SendOnlyWhile::Open => ended.then(|| format!("{} has ended", follow_up.id)),
        SendOnlyWhile::AwaitingAnswer => {
            let answered = ended || follow_up.stage == Stage::Received;
            answered.then(|| format!("{} needs it no longer: {}", follow_up.id, follow_up.stage.words()))
        }
    }
}

fn may_get(leaving: &Leaving, recipient: &Address, directory: &Directory) -> bool {
    if leaving.shadow_to == Some(recipient) {
        return true;
    }
    match leaving.kind.audience() {
        Audience::Staff => directory.is_staff(recipient),
        Audience::Outside => {
            leaving.about.is_some_and(|(_, follow_up)| is_role_bearer(follow_up, recipient, directory))
        }
    }
}

/// Adviser and managers of the follow-up, its co-ordinator, the service's fallback and second level, SEND managers;
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
            s.second_level.as_ref() == Some(recipient) || s.fallback_manager.as_ref() == Some(recipient)
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
    (lower.contains("dob") || lower.contains("born")).then_some("a date of birth")
}
