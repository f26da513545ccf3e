//! Who of a family may be written to. Unknown means: ask, do not send.

use super::super::Work;
use crate::core::family::NoticeState;
use crate::core::register::{Channel, Contact, ContactRole};
use crate::core::timescale::age::{Holder, holder};

/// Who gets a letter, each their own, and who does not and why.
#[derive(Debug, Default)]
pub(super) struct Addressees {
    /// By e-mail.
    pub by_mail: Vec<Contact>,
    /// By post: the co-ordinator prints it.
    pub by_post: Vec<Contact>,
    /// Sentences about those who get none.
    pub left_out: Vec<String>,
    /// Somebody must not be written to: nothing leaves without `SEND`.
    pub is_restricted: bool,
}

impl Addressees {
    pub(super) fn is_empty(&self) -> bool {
        self.by_mail.is_empty() && self.by_post.is_empty()
    }

    /// Everybody who gets a letter.
    pub(super) fn all(&self) -> impl Iterator<Item = &Contact> {
        self.by_mail.iter().chain(&self.by_post)
    }
}

impl Work<'_> {
    /// Whom a letter about the plan goes to. After compulsory school age it is the young person's, and a parent's only
    /// as their representative (`domain.md` 3.6).
    pub(super) fn addressees(&self) -> Addressees {
        let mut found = Addressees::default();
        for contact in &self.case.register.contacts {
            let name = &contact.name;
            if contact.do_not_contact {
                found.is_restricted = true;
                found.left_out.push(format!("{name} must not be written to and gets nothing."));
            } else if !self.rules.policy.parents.may_write_to(contact) {
                found.left_out.push(format!(
                    "{name} has not been confirmed and gets nothing. CONTACT {} with Add: confirms them.",
                    self.reference()
                ));
            } else if !self.is_holder(contact) {
                found.left_out.push(format!("{name} gets nothing: the letter is the young person's."));
            } else {
                match contact.channel {
                    Channel::Email(_) => found.by_mail.push(contact.clone()),
                    Channel::Post => found.by_post.push(contact.clone()),
                }
            }
        }
        found
    }

    /// Whether an e-mail of the notice in hand has been let go, and somebody does not have it yet.
    pub(super) fn is_on_its_way(&self) -> bool {
        let Some(notice) = self.case.register.family.in_hand() else { return false };
        let lacks_mail = |name: &String| {
            let has_it = notice.told.iter().any(|t| t.name == *name) || notice.returned.contains(name);
            !has_it && !self.is_by_post(name)
        };
        matches!(notice.state, NoticeState::Leaving { .. }) && notice.to.iter().any(lacks_mail)
    }

    /// The case as staff write it in a command.
    pub(super) fn reference(&self) -> String {
        self.case.reference.as_ref().map_or_else(|| self.case.id.0.clone(), ToString::to_string)
    }

    fn is_holder(&self, contact: &Contact) -> bool {
        match (self.addressed(), contact.role) {
            (_, ContactRole::Representative) => true,
            (Holder::YoungPerson, role) => role == ContactRole::YoungPerson,
            (Holder::Parent, role) => role == ContactRole::Parent,
        }
    }

    /// Whose letter it is: the young person's from the day of the law on, or as soon as staff have named them.
    pub(super) fn addressed(&self) -> Holder {
        let register = &self.case.register;
        let named = register.contacts.iter().any(|c| c.role == ContactRole::YoungPerson);
        let of_age = register.born.is_some_and(|born| holder(born, self.rules.today()) == Holder::YoungPerson);
        if named || of_age { Holder::YoungPerson } else { Holder::Parent }
    }
}
