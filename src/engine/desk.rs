//! One transaction at work: the store, the office, the merged directory and `now`.

use super::enclosure::{Enclosed, enclose};
use super::origin::Origin;
use super::{Office, random};
use crate::core::case::{Case, CaseId};
use crate::core::decide::{Rules, decide};
use crate::core::directory::{Adviser, Directory, Person, Role};
use crate::core::event::{Because, Event};
use crate::core::family::FamilyEvent;
use crate::core::follow_up::Away;
use crate::core::id::{Address, CaseRef, FollowUpId};
use crate::core::letter::{Audience, Facts, Letter, LetterKind, Line, LineSubject};
use crate::core::timescale::outlook_of;
use crate::letters::compose::{COLLEAGUE, Surroundings, compose};
use crate::store::{JournalEntry, LearnedPerson, Loaded, NewLetter, Part, Store, Tx};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Where a decision is made and written down.
pub(super) struct Desk {
    pub tx: Tx,
    pub office: Arc<Office>,
    pub directory: Arc<Directory>,
    pub now: DateTime<Utc>,
    pub origin: Origin,
    /// Cases that the mail in hand has been found to be about, where that is asked.
    pub about: Option<BTreeSet<CaseId>>,
}

/// What came of an event.
pub(super) struct Applied {
    pub because: Because,
    pub changed: bool,
}

impl Desk {
    pub async fn open(store: &Store, office: Arc<Office>, known: &Known, now: DateTime<Utc>) -> Result<Self> {
        let mut tx = store.begin().await?;
        let directory = known.directory(&mut tx, &office).await?;
        Ok(Self { tx, office, directory, now, origin: Origin::default(), about: None })
    }

    pub async fn commit(self) -> Result<()> {
        self.tx.commit().await
    }

    /// Remembers somebody on a staff member's word, and knows them from here on.
    pub async fn learn(&mut self, person: LearnedPerson, by: &Address) -> Result<()> {
        self.tx.learn_person(&person, by, self.now).await?;
        self.directory = Arc::new(with_learned(&self.directory, &[person]));
        Ok(())
    }

    /// The mail in hand is about this case, whatever becomes of it.
    pub fn names(&mut self, case: &CaseId) {
        if let Some(about) = &mut self.about {
            about.insert(case.clone());
        }
    }

    /// Decides an event, and writes the case, its letters and the journal.
    pub async fn apply(&mut self, loaded: Loaded, event: &Event) -> Result<Applied> {
        let before = loaded.case.clone();
        let rules = Rules { policy: &self.office.policy, directory: &self.directory, now: self.now };
        let decision = decide(loaded.case, event, &rules);
        let changed = decision.case != before || loaded.version == 0;
        self.names(&decision.case.id);
        if matches!(event, Event::CalendarChanged) {
            self.tx.forget_case(&decision.case.id);
        }
        if changed || matches!(event, Event::CalendarChanged) {
            self.tx.save_case(&decision.case, loaded.version, &self.office.policy).await?;
        }
        self.note_outlook(&decision.case).await?;
        let mut effects = Vec::with_capacity(decision.letters.len());
        for letter in &decision.letters {
            if let Some(line) = self.send(letter, Some(&decision.case)).await? {
                effects.push(line);
            }
        }
        let by_the_clock = matches!(
            event,
            Event::Clock { .. } | Event::CalendarChanged | Event::Family(FamilyEvent::Morning(_) | FamilyEvent::Unseen)
        );
        let quiet = by_the_clock && !changed && effects.is_empty();
        if !quiet {
            self.write_down(&decision.case, event, &decision.because, effects).await?;
        }
        Ok(Applied { because: decision.because, changed })
    }

    /// For the reports, which read no documents.
    async fn note_outlook(&mut self, case: &Case) -> Result<()> {
        let today = self.office.date(self.now);
        match outlook_of(case, today, &self.office.policy) {
            Some(outlook) => self.tx.note_outlook(&case.id, &outlook).await,
            None => Ok(()),
        }
    }

    async fn write_down(&mut self, case: &Case, event: &Event, because: &Because, effects: Vec<String>) -> Result<()> {
        let entry = JournalEntry {
            at: self.now,
            case_id: Some(case.id.0.clone()),
            follow_up: event.follow_up().cloned(),
            event: serde_json::to_string(event).context("Cannot write an event")?,
            because: because.text().to_owned(),
            effects,
            config: self.office.policy.version.clone(),
            salt: data_encoding::HEXLOWER.encode(&random::<16>()?),
        };
        self.tx.journal(&entry).await
    }

    /// Each reading of a case is written down too (`commands.md` 5, `STATUS`).
    pub async fn note_reading(&mut self, case: &Case, follow_up: Option<&FollowUpId>, by: &Address) -> Result<()> {
        self.names(&case.id);
        let entry = JournalEntry {
            at: self.now,
            case_id: Some(case.id.0.clone()),
            follow_up: follow_up.cloned(),
            event: serde_json::json!({ "read": { "by": by, "follow_up": follow_up } }).to_string(),
            because: format!("{by} has read it."),
            effects: Vec::new(),
            config: self.office.policy.version.clone(),
            salt: data_encoding::HEXLOWER.encode(&random::<16>()?),
        };
        self.tx.journal(&entry).await
    }

    /// Composes and queues a letter; a line about it for the journal, `None` when it stood in the queue already.
    pub async fn send(&mut self, letter: &Letter, case: Option<&Case>) -> Result<Option<String>> {
        if letter.to.is_empty() {
            return Ok(None);
        }
        let letter = &self.with_stand_ins(letter).await?;
        let dressed = super::assessment::dressed(letter, case, self)?;
        let letter = dressed.as_ref().unwrap_or(letter);
        let around = self.surroundings(letter, case).await?;
        let composed = compose(letter, &around, &self.office.stationery)?;
        if let Some(id) = &letter.follow_up {
            self.tx.learn_thread(&composed.message_id, id).await?;
        }
        let mut recipients: Vec<(Address, Part)> = composed.to.into_iter().map(|a| (a, Part::To)).collect();
        recipients.extend(composed.cc.into_iter().map(|a| (a, Part::Cc)));
        recipients.extend(composed.copy.map(|a| (a, Part::Copy)));
        let line = format!(
            "{} {} to {}{}",
            composed.id,
            letter.kind.name(),
            crate::core::wording::list(
                &letter.to.iter().chain(&letter.cc).map(ToString::to_string).collect::<Vec<_>>()
            ),
            composed.withheld.as_ref().map(|w| format!(" (withheld: {w})")).unwrap_or_default()
        );
        let id = composed.id;
        let queued = self
            .tx
            .queue(&NewLetter {
                id: id.clone(),
                kind: letter.kind,
                unique_key: letter.key.clone(),
                case_id: case.map(|c| c.id.0.clone()),
                follow_up: letter.follow_up.clone(),
                message_id: composed.message_id,
                subject: composed.subject,
                only_while: letter.only_while,
                envelope_from: self.office.stationery.mailbox.clone(),
                decided_at: self.now,
                earliest: letter.earliest,
                urgent: letter.kind.is_urgent(),
                bytes: composed.bytes,
                recipients,
                lines: letter.lines.clone(),
                withheld: composed.withheld,
                meant_for: composed.meant_for,
            })
            .await?;
        if queued {
            self.recall_copy(&id).await?;
            if case.is_none() {
                self.note_about(&id, &letter.lines).await?;
            }
        } else {
            tracing::warn!(letter = id, "This letter stands already and is not written twice");
        }
        Ok(queued.then_some(line))
    }

    /// Notes which cases a letter is about that belongs to none.
    async fn note_about(&mut self, letter: &str, lines: &[Line]) -> Result<()> {
        let mut cases = self.about.clone().unwrap_or_default();
        let mut follow_ups = BTreeSet::new();
        for line in lines {
            match &line.subject {
                LineSubject::FollowUp(id) | LineSubject::Candidate { follow_up: id, .. } => {
                    follow_ups.insert(id);
                }
                LineSubject::Case(id) => {
                    cases.insert(id.clone());
                }
                LineSubject::Triage { .. } | LineSubject::Held { .. } | LineSubject::Confirmation { .. } => {}
            }
        }
        self.tx.note_about(letter, &cases).await?;
        self.tx.note_about_follow_ups(letter, &Vec::from_iter(follow_ups)).await
    }

    async fn surroundings(&mut self, letter: &Letter, case: Option<&Case>) -> Result<Surroundings> {
        let follow_up = case.zip(letter.follow_up.as_ref()).and_then(|(c, id)| c.follow_up(id));
        let coordinator = letter.coordinator.as_ref();
        let thread = match (&letter.in_reply_to, &letter.follow_up) {
            (Some(id), _) => vec![id.clone()],
            (None, Some(id)) => self.tx.thread_root(id).await?.into_iter().collect(),
            (None, None) => Vec::new(),
        };
        let Enclosed { original, withheld, wrote } = match &letter.original {
            Some(message) => enclose(&mut self.tx, message, &self.office).await?,
            None => Enclosed::default(),
        };
        let is_manager = |a: &&Address| follow_up.is_some_and(|f| f.adviser.as_ref() != Some(*a));
        Ok(Surroundings {
            to_names: letter.to.iter().map(|a| self.greeting(a)).collect(),
            managers: letter.to.iter().filter(is_manager).map(|a| self.directory.name_of(a)).collect(),
            coordinator: coordinator.map(|a| self.directory.name_of(a)).unwrap_or_default(),
            phone: coordinator.and_then(|a| self.directory.coordinator(a)).and_then(|c| c.phone.clone()),
            case_reference: case.and_then(|c| c.reference.as_ref()).map(ToString::to_string).unwrap_or_default(),
            thread,
            original,
            withheld,
            wrote,
            now: Some(self.now),
        })
    }

    /// How somebody is greeted: by name, or as a colleague when only the address is known.
    fn greeting(&self, address: &Address) -> String {
        let name = self.directory.name_of(address);
        if name == address.as_str() { COLLEAGUE.to_owned() } else { name }
    }

    /// Who acts for a member of staff who is away or gone: their line manager if on the list of staff, else the SEND
    /// managers.
    pub fn stand_ins(&self, who: &Address) -> Vec<Address> {
        let manager = self.directory.coordinator(who).and_then(|c| c.line_manager.clone());
        match manager.filter(|m| m != who && self.directory.is_staff(m)) {
            Some(manager) => vec![manager],
            None => self.directory.send_managers.iter().map(|m| m.address.clone()).filter(|m| m != who).collect(),
        }
    }

    /// Who acts for a member of staff today; nobody while they are at work.
    pub async fn stand_ins_today(&mut self, who: &Address) -> Result<Vec<Address>> {
        let today = self.office.date(self.now);
        let away = self.tx.absence(who).await?.is_some_and(|a| a.until.is_none_or(|back| today < back));
        Ok(if away { self.stand_ins(who) } else { Vec::new() })
    }

    /// Tells each of those who stand in for a member of staff.
    pub async fn tell_stand_ins(
        &mut self,
        who: &Address,
        key: &str,
        headline: &str,
        sentences: Vec<String>,
    ) -> Result<()> {
        for stand_in in self.stand_ins(who) {
            let mut letter =
                self.staff_letter(LetterKind::Alarm, format!("{key}/{who}/{stand_in}"), &stand_in, headline);
            letter.facts.sentences.clone_from(&sentences);
            self.send(&letter, None).await?;
        }
        Ok(())
    }

    /// A letter to a co-ordinator who is away goes to whoever stands in too.
    async fn with_stand_ins(&mut self, letter: &Letter) -> Result<Letter> {
        let mut letter = letter.clone();
        // What is urgent and not automatic asks a member of staff to do something today; Today mails have their own way.
        if letter.kind.audience() == Audience::Staff && letter.kind.is_urgent() && !letter.kind.is_automatic() {
            for who in letter.to.clone() {
                let stand_ins = self.stand_ins_today(&who).await?;
                letter.cc.extend(stand_ins.into_iter().filter(|s| !letter.to.contains(s)));
            }
        }
        letter.cc.dedup();
        Ok(letter)
    }

    /// At most one answer to a person in an hour that says what went wrong; notes that it is given now.
    pub async fn may_answer_error(&mut self, to: &Address) -> Result<bool> {
        let key = format!("error_answered:{to}");
        let last = self.tx.instant_mark(&key).await?;
        let may = last.is_none_or(|at| self.now - at >= chrono::Duration::hours(1) || at > self.now);
        if may {
            self.tx.set_instant_mark(&key, self.now).await?;
        }
        Ok(may)
    }

    /// A letter of the service's own to staff, about no particular follow-up.
    pub fn staff_letter(&self, kind: LetterKind, key: String, to: &Address, headline: &str) -> Letter {
        Letter {
            to: vec![to.clone()],
            coordinator: Some(to.clone()),
            facts: Facts { headline: headline.to_owned(), ..Facts::default() },
            ..Letter::new(kind, key, self.now)
        }
    }

    /// Tells a partner, or a member of staff, what became of something about a round.
    pub async fn write_to_partner(
        &mut self,
        key: String,
        to: &Address,
        headline: &str,
        sentences: Vec<String>,
    ) -> Result<()> {
        let mut letter = self.staff_letter(LetterKind::PartnerReceipt, key, to, headline);
        letter.facts.sentences = sentences;
        self.send(&letter, None).await?;
        Ok(())
    }

    /// The case that a new follow-up belongs to: the stored one, or a fresh one.
    pub async fn case_for(
        &mut self,
        reference: Option<CaseRef>,
        follow_up: &FollowUpId,
        by: &Address,
    ) -> Result<Loaded> {
        let id = CaseId::of(reference.as_ref(), follow_up);
        match self.tx.case(&id).await? {
            Some(loaded) => Ok(loaded),
            None => Ok(Loaded { case: Case::new(id, reference, by.clone()), version: 0 }),
        }
    }

    /// Tells a follow-up that was just opened who of its people is known to be away.
    pub async fn tell_known_absences(&mut self, id: &FollowUpId) -> Result<()> {
        let Some(loaded) = self.tx.case_of(id).await? else { return Ok(()) };
        let people: Vec<Address> = loaded
            .case
            .follow_up(id)
            .map(|f| f.adviser.iter().chain(&f.managers).cloned().collect())
            .unwrap_or_default();
        let today = self.office.date(self.now);
        for who in people {
            let known = self.tx.absence(&who).await?.filter(|a: &Away| a.until.is_none_or(|back| today < back));
            if let (Some(away), Some(loaded)) = (known, self.tx.case_of(id).await?) {
                self.apply(loaded, &Event::Away { away }).await?;
            }
        }
        Ok(())
    }
}

/// The merged directory as it was last read: to read and merge hundreds of people at every step would cost more than
/// the step does.
#[derive(Debug, Clone, Default)]
pub(super) struct Known(Arc<Mutex<Option<Merged>>>);

#[derive(Debug)]
struct Merged {
    version: Option<String>,
    office: Arc<Office>,
    directory: Arc<Directory>,
}

impl Known {
    /// The office's directory with everybody whom staff have confirmed, as this transaction sees it.
    async fn directory(&self, tx: &mut Tx, office: &Arc<Office>) -> Result<Arc<Directory>> {
        // The version comes first: what another node adds in between is then read again next time.
        let version = tx.people_version().await?;
        if let Some(directory) = self.kept(version.as_ref(), office) {
            return Ok(directory);
        }
        let directory = Arc::new(with_learned(&office.directory, &tx.people().await?));
        let merged = Merged { version, office: office.clone(), directory: directory.clone() };
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(merged);
        Ok(directory)
    }

    fn kept(&self, version: Option<&String>, office: &Arc<Office>) -> Option<Arc<Directory>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let merged = kept.as_ref().filter(|m| m.version.as_ref() == version && Arc::ptr_eq(&m.office, office))?;
        Some(merged.directory.clone())
    }
}

/// The TOML's directory with those whom staff have confirmed; the TOML wins. A learned adviser joins the service
/// whose mail domain they have, else a service of their own without a name.
fn with_learned(directory: &Directory, people: &[LearnedPerson]) -> Directory {
    let mut merged = directory.clone();
    for person in people {
        let listed = directory.adviser(&person.address).is_some_and(|(_, a)| !a.managers.is_empty())
            || directory.role(&person.address).is_some_and(|r| r != Role::Adviser);
        if listed {
            continue;
        }
        let service = merged.service_of(&person.address).map(|s| s.name.clone()).unwrap_or_default();
        if merged.service(&service).is_none() {
            merged.services.push(crate::core::directory::Service { name: service.clone(), ..Default::default() });
        }
        let Some(entry) = merged.services.iter_mut().find(|s| s.name == service) else { continue };
        let named = Person { name: person.address.to_string(), address: person.address.clone() };
        match person.role {
            Role::LineManager => entry.managers.push(named),
            Role::Adviser | Role::Coordinator | Role::SendManager | Role::IcbLead | Role::Respondent => {
                let name = entry.advisers.iter().find(|a| a.person.address == person.address).map(|a| a.person.clone());
                entry.advisers.retain(|a| a.person.address != person.address);
                entry.advisers.push(Adviser {
                    person: name.unwrap_or(named),
                    managers: person.manager.iter().cloned().collect(),
                });
            }
        }
    }
    merged
}

impl Desk {
    /// Applies the event that opens a follow-up; the mail that began it becomes the root of its thread.
    pub async fn open_thread(
        &mut self,
        loaded: Loaded,
        event: &Event,
        id: &FollowUpId,
        root: Option<&str>,
    ) -> Result<Applied> {
        // The follow-up row has to stand before its thread can point at it, and letters thread on the root, so the
        // case is saved first and the letters of the opening find the root in place.
        let before = loaded.case.clone();
        let rules = Rules { policy: &self.office.policy, directory: &self.directory, now: self.now };
        let decision = decide(before, event, &rules);
        self.names(&decision.case.id);
        self.tx.save_case(&decision.case, loaded.version, &self.office.policy).await?;
        self.note_outlook(&decision.case).await?;
        if let Some(root) = root {
            self.tx.learn_thread(root, id).await?;
        }
        let mut effects = Vec::new();
        for letter in &decision.letters {
            effects.extend(self.send(letter, Some(&decision.case)).await?);
        }
        self.write_down(&decision.case, event, &decision.because, effects).await?;
        Ok(Applied { because: decision.because, changed: true })
    }
}
