//! The letters of a decision: recipients, keys, hours and facts. Wording stands in the templates.

use super::Work;
use crate::core::calendar::local_date;
use crate::core::directory::LegalBasis;
use crate::core::follow_up::{FollowUp, Round};
use crate::core::id::Address;
use crate::core::letter::{Audience, Facts, Letter, LetterKind, Line, LineGroup, LineSubject, SendOnlyWhile};
use chrono::{DateTime, Utc};

/// What binds a body that was asked under section 31 (domain 1.3: regulation 8(1)).
const SECTION_31: &str = "Under regulation 8(1) of the Special Educational Needs and Disability Regulations 2014 a body that is asked must comply within the time limit.";
/// What binds schools, the authority's own psychologists and social care (regulation 6, CoP 9.51).
const REGULATION_6: &str = "The advice is sought under regulation 6 of the Special Educational Needs and Disability Regulations 2014; the SEND Code of Practice (9.51) asks that it is clear, accessible and specific.";

impl Work<'_> {
    /// A letter about a follow-up with the facts that every template may print.
    pub(super) fn letter(&self, kind: LetterKind, follow_up: &FollowUp, ordinal: &str) -> Letter {
        Letter {
            follow_up: Some(follow_up.id.clone()),
            only_while: SendOnlyWhile::Open,
            coordinator: Some(follow_up.coordinator.clone()),
            facts: self.facts(follow_up),
            ..Letter::new(kind, format!("{}/{}/{ordinal}", follow_up.id, kind.name()), self.earliest(kind))
        }
    }

    /// A letter about the case as a whole.
    pub(super) fn case_letter(&self, kind: LetterKind, ordinal: &str) -> Letter {
        Letter {
            only_while: SendOnlyWhile::CaseOpen,
            coordinator: Some(self.case.coordinator.clone()),
            facts: Facts { case: self.case.label(), ..Facts::default() },
            ..Letter::new(kind, format!("{}/{}/{ordinal}", self.case.id.0, kind.name()), self.earliest(kind))
        }
    }

    /// Letters to people outside keep to the send window.
    fn earliest(&self, kind: LetterKind) -> DateTime<Utc> {
        match kind.audience() {
            Audience::Outside | Audience::Parent | Audience::Partner => self.rules.next_opening(),
            Audience::Staff => self.rules.now,
        }
    }

    fn facts(&self, follow_up: &FollowUp) -> Facts {
        let directory = self.rules.directory;
        let round = follow_up.round();
        let policy = self.rules.policy;
        // A request that is on its way counts from the day on which it will leave.
        let asked_on =
            round.and_then(|r| r.day_zero).unwrap_or_else(|| local_date(self.rules.next_opening(), policy.zone));
        let due_on = follow_up.due_on().or_else(|| follow_up.kind.due(asked_on, policy));
        let service = follow_up.service.as_deref().and_then(|name| directory.service(name));
        let legal = match service.map(|s| s.legal).unwrap_or_default() {
            LegalBasis::Section31 => SECTION_31,
            LegalBasis::Regulation6 => REGULATION_6,
        };
        Facts {
            case: self.case.label(),
            reference: follow_up.id.to_string(),
            adviser: follow_up.adviser.as_ref().map(|a| directory.name_of(a)).unwrap_or_default(),
            service: follow_up.service.clone().unwrap_or_default(),
            asked_on: Some(asked_on),
            due_on,
            request: round.map(|r| r.text.clone()).unwrap_or_default(),
            level: round.map_or(0, |r| r.number),
            legal: legal.to_owned(),
            ..Facts::default()
        }
    }

    /// The request of the newest round, to adviser and managers alike (both in To, as the protocol says).
    pub(super) fn send_request(&mut self, follow_up: &FollowUp) {
        let number = follow_up.round().map_or(1, |r| r.number);
        let ordinal = follow_up.round().map_or_else(|| "1".to_owned(), Round::name);
        let mut letter = self.letter(LetterKind::Request, follow_up, &ordinal);
        letter.to = follow_up.reachable_parties();
        letter.only_while = SendOnlyWhile::AwaitingAnswer;
        if number >= 2 {
            letter.cc = self.second_level(follow_up).into_iter().filter(|a| !letter.to.contains(a)).collect();
        }
        self.letters.push(letter);
    }

    /// The short note that a copied-in request is being followed up.
    pub(super) fn send_logged(&mut self, follow_up: &FollowUp) {
        let mut letter = self.letter(LetterKind::Logged, follow_up, "1");
        letter.to = follow_up.reachable_parties();
        letter.only_while = SendOnlyWhile::AwaitingAnswer;
        self.letters.push(letter);
    }

    /// The same note to a line manager who was named later.
    pub(super) fn send_logged_to(&mut self, follow_up: &FollowUp, manager: &Address) {
        let ordinal = self.numbered(follow_up, "named");
        let mut letter = self.letter(LetterKind::Logged, follow_up, &ordinal);
        letter.to = vec![manager.clone()];
        letter.only_while = SendOnlyWhile::AwaitingAnswer;
        self.letters.push(letter);
    }

    /// Ordinal of a letter that may be due more than once in a round; state keeps one event from causing it twice.
    fn numbered(&mut self, follow_up: &FollowUp, what: &str) -> String {
        self.case.letters += 1;
        in_round(follow_up.round(), format!("{what}-{}", self.case.letters))
    }

    /// Tells whoever was made responsible that the answer has come; each person once.
    pub(super) fn stand_down(&mut self, follow_up: &mut FollowUp) {
        let told = std::mem::take(&mut follow_up.told_responsible);
        for who in told.into_iter().filter(|a| !follow_up.barred.contains(a)) {
            self.stand_one_down(follow_up, who);
        }
    }

    /// A letter for each, so that one that is needless for somebody is sent to the others.
    fn stand_one_down(&mut self, follow_up: &FollowUp, who: Address) {
        let ordinal = self.numbered(follow_up, "answered");
        let mut letter = self.letter(LetterKind::StandDown, follow_up, &ordinal);
        letter.to = vec![who];
        letter.only_while = SendOnlyWhile::Always;
        self.letters.push(letter);
    }

    /// Makes people responsible for completion by the due date; the co-ordinator is copied in.
    ///
    /// Before the request has been sent nobody can be late, so nothing is written: [`super::opening::accepted`]
    /// comes back to it.
    pub(super) fn make_responsible(&mut self, follow_up: &mut FollowUp, to: Vec<Address>, what: &str, why: String) {
        if follow_up.due_on().is_none() {
            return;
        }
        let fresh: Vec<Address> = to.into_iter().filter(|a| !follow_up.told_responsible.contains(a)).collect();
        if fresh.is_empty() {
            return;
        }
        let ordinal = self.numbered(follow_up, what);
        let mut letter = self.letter(LetterKind::Responsible, follow_up, &ordinal);
        letter.to.clone_from(&fresh);
        letter.cc = vec![follow_up.coordinator.clone()];
        letter.only_while = SendOnlyWhile::AwaitingAnswer;
        letter.facts.sentences = vec![why];
        follow_up.told_responsible.extend(fresh);
        self.letters.push(letter);
    }

    /// Tells the co-ordinator something at once.
    pub(super) fn notice(&mut self, follow_up: &FollowUp, what: &str, headline: &str, sentences: Vec<String>) {
        let ordinal = self.numbered(follow_up, what);
        let mut letter = self.letter(LetterKind::Notice, follow_up, &ordinal);
        letter.to = vec![follow_up.coordinator.clone()];
        letter.only_while = SendOnlyWhile::Always;
        headline.clone_into(&mut letter.facts.headline);
        letter.facts.sentences = sentences;
        letter.lines = vec![line(follow_up, headline, &[])];
        self.letters.push(letter);
    }

    /// The second level of the adviser's service, else the SEND managers (`domain.md` 3.3).
    pub(super) fn second_level(&self, follow_up: &FollowUp) -> Vec<Address> {
        let service = follow_up.service.as_deref().and_then(|name| self.rules.directory.service(name));
        let second: Vec<Address> = service
            .and_then(|s| s.second_level.clone())
            .filter(|a| follow_up.adviser.as_ref() != Some(a))
            .filter(|a| !follow_up.barred.contains(a) && !follow_up.undeliverable.contains(a))
            .into_iter()
            .collect();
        if second.is_empty() { self.send_managers() } else { second }
    }

    /// All SEND managers.
    pub(super) fn send_managers(&self) -> Vec<Address> {
        self.rules.directory.send_managers.iter().map(|m| m.address.clone()).collect()
    }
}

/// A numbered line about a follow-up.
pub(super) fn line(follow_up: &FollowUp, text: &str, answers: &[&str]) -> Line {
    Line {
        number: 1,
        group: LineGroup::NeedsYou,
        text: text.to_owned(),
        answers: answers.iter().map(|&a| a.to_owned()).collect(),
        subject: LineSubject::FollowUp(follow_up.id.clone()),
    }
}

/// Ordinal of a letter within its round: "2.1"; "2-1.1" when the request of round 2 was sent again, for its letters
/// are others.
pub(super) fn in_round(round: Option<&Round>, ordinal: impl std::fmt::Display) -> String {
    format!("{}.{ordinal}", round.map_or_else(|| "0".to_owned(), Round::name))
}
