//! Stories of families: told, told again, not told; and what they write themselves.

mod answers;
mod barred;
mod breakers;
mod decisions;
mod delays;
mod exemptions;
mod laws;
mod objections;
mod overtaken;
mod replies;
mod unseen;
mod unworded;
mod words;

use crate::office::*;
use chrono::NaiveDate;
use followupd::core::case::{Case, CaseId};
use followupd::core::id::CaseRef;
use followupd::core::policy::Policy;
use followupd::core::register::{Channel, Contact, ContactRole, Verified};

pub const ANN: &str = "ann.winter@family.example";
pub const TOM: &str = "tom.winter@family.example";
pub const YOUNG: &str = "robin.winter@family.example";

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A confirmed contact who is reached by e-mail.
pub fn contact(name: &str, at: &str, role: ContactRole) -> Contact {
    Contact {
        name: name.into(),
        channel: Channel::Email(address(at)),
        role,
        verified: Some(Verified { by: address(COORDINATOR), on: date("2026-06-01") }),
        do_not_contact: false,
    }
}

pub fn parent(name: &str, at: &str) -> Contact {
    contact(name, at, ContactRole::Parent)
}

/// The usual case: asked for on 1 June 2026, so week 20 ends on Monday 19 October; one parent.
pub fn winter() -> Case {
    named_case(CASE, vec![parent("Ms Winter", ANN)])
}

pub fn named_case(reference: &str, contacts: Vec<Contact>) -> Case {
    let reference = CaseRef::new(reference);
    let mut case = Case::new(CaseId(reference.to_string()), Some(reference), address(COORDINATOR));
    case.initials = Some("R.W.".into());
    case.register.opened_on = Some(date("2026-06-01"));
    case.register.requested_on = Some(date("2026-06-01"));
    case.register.first_name = Some("Robin".into());
    case.register.contacts = contacts;
    case
}

impl Office {
    /// Puts a case into the register, as `NEW CASE` does.
    pub async fn registers(&mut self, case: &Case) {
        let mut tx = self.engine.store().begin().await.unwrap();
        tx.save_case(case, 0, &self.engine.office().policy).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Changes what is registered, as other commands do.
    pub async fn changes(&mut self, reference: &str, change: impl FnOnce(&mut Case)) {
        let mut tx = self.engine.store().begin().await.unwrap();
        let mut loaded = tx.case_by_reference(&CaseRef::new(reference)).await.unwrap().expect("the case stands");
        change(&mut loaded.case);
        tx.save_case(&loaded.case, loaded.version, &self.engine.office().policy).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What was told to whom: "2026-11-27 to Ms Winter on 2026-10-01".
    pub async fn told_dates(&self, reference: &str) -> Vec<String> {
        let told = self.case(reference).await.register.told;
        told.iter().map(|t| format!("{} to {} on {}", t.date, t.to, t.told_on)).collect()
    }

    /// Answers the newest mail of a kind that somebody has got.
    pub async fn answers(&mut self, who: &str, kind: &str, text: &str) {
        let letter = self.last(who, kind).clone();
        self.arrives(Draft::from(who).answering(&letter).only_to_the_service().text(text)).await;
    }

    /// How many letters of any sort a family has got.
    pub fn letters_to(&self, who: &str) -> usize {
        self.inbox(who).len()
    }
}

/// On Monday 28 September a clarification is asked for: week 20 cannot be met any more, and Monday's and Tuesday's
/// mornings see it. The letter would leave on Wednesday at 10:00.
pub async fn slipping(case: &Case) -> Office {
    slipping_with(case, policy()).await
}

pub async fn slipping_with(case: &Case, policy: Policy) -> Office {
    let mut office = Office::open_with("Mon 28 Sep 2026 09:00", policy).await;
    office.registers(case).await;
    office.clarify(CASE).await;
    office
}
