//! The letters of a decision: recipients, keys, hours and facts. Wording stands in the templates.

use super::Work;
use crate::core::calendar::local_date;
use crate::core::directory::{Directory, LegalBasis};
use crate::core::follow_up::{FollowUp, FollowUpKind, Round};
use crate::core::id::Address;
use crate::core::letter::{Audience, Facts, Letter, LetterKind, Line, LineGroup, LineSubject, SendOnlyWhile};
use crate::core::policy::ChildLabel;
use chrono::{DateTime, Utc};

/// What binds a body that was asked under section 31 (domain 1.3: regulation 8(1)).
const SECTION_31: &str = "Under regulation 8(1) of the Special Educational Needs and Disability Regulations 2014 a body that is asked must comply within the time limit.";
/// What binds schools, the authority's own psychologists and social care (regulation 6, CoP 9.51).
const REGULATION_6: &str = "The advice is sought under regulation 6 of the Special Educational Needs and Disability Regulations 2014; the SEND Code of Practice (9.51) asks that it is clear, accessible and specific.";

/// Why somebody beyond the line is made responsible: whose absence it is, is none of their business.
const NOBODY_NEARER: &str =
    "The adviser cannot act at the moment, and no line manager of theirs is known or can be reached.";

/// What an exemption of the body means for the advice itself (domain 3.2).
const EXEMPT: &str = "An exemption under regulation 8(2) is on record for this child. The advice is still needed, as soon as it can be given; the time that it takes is reported separately.";

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
            case: self.case.label_as(policy.child_label),
            reference: follow_up.id.to_string(),
            kind: kind_name(follow_up.kind).to_owned(),
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

    /// The request of the newest round: a clarification to adviser and managers alike (both in To, as the protocol
    /// says), for advice with a copy to the managers, for a draft check to the adviser alone.
    pub(super) fn send_request(&mut self, follow_up: &FollowUp) {
        let number = follow_up.round().map_or(1, |r| r.number);
        let ordinal = follow_up.round().map_or_else(|| "1".to_owned(), Round::name);
        let kind = match follow_up.kind {
            FollowUpKind::AdviceRequest => LetterKind::AdviceRequest,
            FollowUpKind::DraftCheck => LetterKind::DraftCheck,
            FollowUpKind::Clarification
            | FollowUpKind::ReviewContribution
            | FollowUpKind::ParentAnswer
            | FollowUpKind::AssessmentReturn
            | FollowUpKind::Action => LetterKind::Request,
        };
        let mut letter = self.letter(kind, follow_up, &ordinal);
        letter.only_while = SendOnlyWhile::AwaitingAnswer;
        if kind == LetterKind::Request {
            letter.to = follow_up.reachable_parties();
            if number >= 2 {
                letter.cc = self.second_level(follow_up).into_iter().filter(|a| !letter.to.contains(a)).collect();
            }
        } else {
            (letter.to, letter.cc) = self.adviser_first(follow_up);
        }
        self.letters.push(letter);
    }

    /// The adviser, with the managers in copy where the letter concerns them; the managers alone when the adviser
    /// cannot be reached.
    fn adviser_first(&self, follow_up: &FollowUp) -> (Vec<Address>, Vec<Address>) {
        let managers = follow_up.reachable_managers();
        let (to, cc): (Vec<Address>, Vec<Address>) =
            follow_up.reachable_parties().into_iter().partition(|a| follow_up.adviser.as_ref() == Some(a));
        match (to.is_empty(), follow_up.kind) {
            (true, _) => (managers, Vec::new()),
            (false, FollowUpKind::DraftCheck) => (to, Vec::new()),
            (false, _) => (to, cc),
        }
    }

    /// The short note that a copied-in request is being followed up.
    pub(super) fn send_logged(&mut self, follow_up: &FollowUp) {
        let mut letter = self.letter(logged_kind(follow_up.kind), follow_up, "1");
        letter.to = match follow_up.kind {
            FollowUpKind::DraftCheck => self.adviser_first(follow_up).0,
            FollowUpKind::AdviceRequest
            | FollowUpKind::Clarification
            | FollowUpKind::ReviewContribution
            | FollowUpKind::ParentAnswer
            | FollowUpKind::AssessmentReturn
            | FollowUpKind::Action => follow_up.reachable_parties(),
        };
        letter.only_while = SendOnlyWhile::AwaitingAnswer;
        if !letter.to.is_empty() {
            self.letters.push(letter);
        }
    }

    /// The same note to a line manager who was named later.
    pub(super) fn send_logged_to(&mut self, follow_up: &FollowUp, manager: &Address) {
        if follow_up.kind == FollowUpKind::DraftCheck {
            return;
        }
        let ordinal = self.numbered(follow_up, "named");
        let mut letter = self.letter(logged_kind(follow_up.kind), follow_up, &ordinal);
        letter.to = vec![manager.clone()];
        letter.only_while = SendOnlyWhile::AwaitingAnswer;
        self.letters.push(letter);
    }

    /// Ordinal of a letter that may be due more than once in a round; state keeps one event from causing it twice.
    pub(super) fn numbered(&mut self, follow_up: &FollowUp, what: &str) -> String {
        self.case.letters += 1;
        in_round(follow_up.round(), format!("{what}-{}", self.case.letters))
    }

    /// Tells whoever was asked, and whoever was made responsible, that nothing more is needed.
    pub(super) fn no_longer_needed(&mut self, follow_up: &mut FollowUp) {
        let mut asked = super::order::asked(follow_up);
        asked.extend(follow_up.told_responsible.iter().filter(|t| !asked.contains(t)).cloned().collect::<Vec<_>>());
        follow_up.told_responsible = asked;
        self.stand_down(follow_up);
    }

    /// Tells whoever was made responsible that the answer has come; each person once.
    pub(super) fn stand_down(&mut self, follow_up: &mut FollowUp) {
        let told = std::mem::take(&mut follow_up.told_responsible);
        let told: Vec<Address> = told.into_iter().filter(|a| !follow_up.barred.contains(a)).collect();
        for who in &told {
            self.stand_one_down(follow_up, who.clone());
        }
        if let Some(round) = follow_up.round_mut() {
            let fresh: Vec<Address> = told.into_iter().filter(|a| !round.stood_down.contains(a)).collect();
            round.stood_down.extend(fresh);
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
        if follow_up.due_on().is_none() || follow_up.is_wrong_childs() {
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
        let is_late = follow_up.due_on().is_some_and(|due| due < self.rules.today());
        letter.facts.sentences = vec![why];
        letter
            .facts
            .sentences
            .extend(is_late.then(|| "The day on which it was due has passed: it is late.".to_owned()));
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

    /// Second level and single route: who can name somebody for a child whom the service does not know.
    pub(super) fn second_level_and_route(&self, follow_up: &FollowUp) -> Vec<Address> {
        let service = follow_up.service.as_deref().and_then(|name| self.rules.directory.service(name));
        let route = service.and_then(|s| s.route.clone()).filter(|r| follow_up.adviser.as_ref() != Some(r));
        let mut all = self.second_level(follow_up);
        all.extend(route.filter(|r| !all.contains(r) && !follow_up.barred.contains(r)));
        all
    }

    /// What letters about advice say when an exemption from the body's six weeks is on record (reg 8(2)).
    pub(super) fn exemption_sentence(&self, follow_up: &FollowUp) -> Option<String> {
        let asked_on = follow_up.rounds.first().and_then(|r| r.day_zero)?;
        (follow_up.kind == FollowUpKind::AdviceRequest).then_some(())?;
        self.case.register.advice_exemption(asked_on).map(|_| EXEMPT.to_owned())
    }

    /// Adds the date of birth to letters whose recipients are all listed in person, where operators want it so that
    /// the patient is found (`cases.child_label`); a domain alone is no person.
    pub(super) fn add_births(&mut self) {
        let Some(born) = self.case.register.born else { return };
        if self.rules.policy.child_label != ChildLabel::Born {
            return;
        }
        let directory = self.rules.directory;
        for letter in self.letters.iter_mut().filter(|l| l.kind.audience() == Audience::Outside) {
            let Some(follow_up) = letter.follow_up.as_ref().and_then(|id| self.case.follow_up(id)) else { continue };
            let mut readers = letter.to.iter().chain(&letter.cc);
            if readers.all(|a| directory.role(a).is_some() && is_near(follow_up, a, directory)) {
                letter.facts.case.push_str(&format!(", born {}", born.format("%-d %B %Y")));
            }
        }
    }

    /// Beyond the line managers a letter carries reference, service and dates only (`domain.md` 5.3), whatever its
    /// template prints: the second level and a route address are no party of the child's advice. A request itself is
    /// whole also where they have a copy (3.3).
    pub(super) fn withhold_from_afar(&mut self) {
        let reference = self.case.reference_words().to_owned();
        for letter in self.letters.iter_mut().filter(|l| l.kind.audience() == Audience::Outside) {
            let Some(follow_up) = letter.follow_up.as_ref().and_then(|id| self.case.follow_up(id)) else { continue };
            let is_near = |a: &Address| is_near(follow_up, a, self.rules.directory);
            if letter.kind.begins_window() || letter.to.iter().chain(&letter.cc).all(is_near) {
                continue;
            }
            letter.facts.case.clone_from(&reference);
            letter.facts.adviser.clear();
            letter.facts.request.clear();
            if let (LetterKind::Responsible, Some(why)) = (letter.kind, letter.facts.sentences.first_mut()) {
                NOBODY_NEARER.clone_into(why);
            }
        }
    }

    /// All SEND managers.
    pub(super) fn send_managers(&self) -> Vec<Address> {
        self.rules.directory.send_managers.iter().map(|m| m.address.clone()).collect()
    }
}

/// Whether the child's particulars concern them: the adviser, the line managers, who stands in for those, and staff.
fn is_near(follow_up: &FollowUp, who: &Address, directory: &Directory) -> bool {
    let service = follow_up.service.as_deref().and_then(|name| directory.service(name));
    follow_up.has_party(who)
        || follow_up.coordinator == *who
        || directory.is_staff(who)
        || service.is_some_and(|s| s.fallback_manager.as_ref() == Some(who))
}

/// The kind's name, as templates compare it.
fn kind_name(kind: FollowUpKind) -> &'static str {
    match kind {
        FollowUpKind::AdviceRequest => "advice_request",
        FollowUpKind::Clarification => "clarification",
        FollowUpKind::DraftCheck => "draft_check",
        FollowUpKind::ReviewContribution => "review_contribution",
        FollowUpKind::ParentAnswer => "parent_answer",
        FollowUpKind::AssessmentReturn => "assessment_return",
        FollowUpKind::Action => "action",
    }
}

fn logged_kind(kind: FollowUpKind) -> LetterKind {
    match kind {
        FollowUpKind::AdviceRequest => LetterKind::AdviceLogged,
        FollowUpKind::DraftCheck => LetterKind::DraftLogged,
        FollowUpKind::Clarification
        | FollowUpKind::ReviewContribution
        | FollowUpKind::ParentAnswer
        | FollowUpKind::AssessmentReturn
        | FollowUpKind::Action => LetterKind::Logged,
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
