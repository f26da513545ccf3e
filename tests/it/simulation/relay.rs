//! The relay: takes letters, refuses, defers, loses the connection at the worst moment; and what must hold for every
//! letter that it takes.

use super::cast;
use super::chance::Chance;
use super::model::{Kind, State};
use super::reckoning::{back, in_send_window, local_day};
use super::world::{Meaning, World};
use crate::office::Sent;
use chrono::{Days, Duration};
use followupd::core::id::Address;
use followupd::core::letter::Audience;
use followupd::engine::{Ready, Verdict};
use followupd::message::parse::parse;
use followupd::store::DeliveryState;

/// What happens to a letter on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Taken,
    Deferred,
    /// The connection breaks before the final dot.
    LostBefore,
    /// It breaks after it; the relay has the letter, or has not.
    LostAfter {
        taken: bool,
    },
    /// The process dies before the final dot.
    CrashBefore,
    /// It dies after it.
    CrashAfter {
        taken: bool,
    },
}

impl World {
    /// Offers the relay what may leave. `None` when the process died in it.
    pub async fn relay_takes(&mut self) -> Option<usize> {
        let mut ready = self.engine.ready(self.now, 50).await.unwrap();
        self.notice_withdrawn_escalations().await;
        ready.sort_by_key(|letter| self.label(letter));
        if self.trouble.relay_until.is_some_and(|until| until > self.now) {
            self.engine.put_back(&ready, "no connection", Duration::minutes(1), self.now).await.unwrap();
            return Some(0);
        }
        self.trouble.relay_until = None;
        for (index, letter) in ready.iter().enumerate() {
            let fate = self.fate(letter);
            if fate != Fate::Taken {
                self.note(&format!("   {} {fate:?}", self.label(letter)));
            }
            match fate {
                Fate::Taken => self.take(letter).await,
                Fate::Deferred => self.defer(letter).await,
                Fate::LostBefore => {
                    self.defer(letter).await;
                    let rest = &ready[index + 1..];
                    self.engine.put_back(rest, "lost", Duration::minutes(1), self.now).await.unwrap();
                    return Some(index + 1);
                }
                Fate::LostAfter { taken } => {
                    self.after_the_dot(letter, taken).await;
                    self.answer(letter, &Verdict::Uncertain("lost after the dot".into())).await;
                    let rest = &ready[index + 1..];
                    self.engine.put_back(rest, "lost", Duration::minutes(1), self.now).await.unwrap();
                    return Some(index + 1);
                }
                Fate::CrashBefore => {
                    self.restart().await;
                    return None;
                }
                Fate::CrashAfter { taken } => {
                    self.after_the_dot(letter, taken).await;
                    self.restart().await;
                    return None;
                }
            }
        }
        Some(ready.len())
    }

    /// An escalation that was overtaken by an answer before anybody had it does not count.
    pub async fn notice_withdrawn_escalations(&mut self) {
        let mut tx = self.engine.store().begin().await.unwrap();
        for known in self.known.iter_mut().filter(|k| !k.item.escalated.is_empty()) {
            let key = format!("{}/{}", known.id, known.item.keys.last().unwrap());
            if self.sent.iter().any(|s| s.key == key) {
                continue;
            }
            let letters = tx.letters_of(known.id.as_str()).await.unwrap();
            let Some(letter) = letters.into_iter().find(|l| l.unique_key == key) else { continue };
            let deliveries = tx.deliveries(&letter.id).await.unwrap();
            if deliveries.iter().all(|(_, _, state, ..)| *state == DeliveryState::Withdrawn) {
                known.item.untold();
            }
        }
        tx.commit().await.unwrap();
    }

    /// The letter in words that do not hang on random references.
    fn label(&self, letter: &Ready) -> String {
        let about = letter.letter.follow_up.as_deref().and_then(|id| self.index_of(id));
        let number = about.map_or(String::new(), |i| format!(" #{i}"));
        let ordinal = letter.letter.unique_key.rsplit('/').next().filter(|_| about.is_some()).unwrap_or_default();
        let ordinal = without_references(ordinal);
        let to: Vec<&str> = letter.recipients.iter().map(Address::as_str).filter(|a| !a.contains("+copy")).collect();
        format!("{}{number} {ordinal} → {}", letter.letter.kind.name(), to.join(", "))
    }

    fn fate(&mut self, letter: &Ready) -> Fate {
        if !self.trouble.accidents {
            return Fate::Taken;
        }
        let label = self.label(letter);
        let attempt = self.attempts.entry(label.clone()).or_default();
        *attempt += 1;
        let mut chance = Chance::of(self.seed, &format!("{label} {attempt}"));
        let taken = chance.once_in(2);
        match chance.between(0, 119) {
            0..=5 => Fate::Deferred,
            6..=8 => Fate::LostBefore,
            9..=13 => Fate::LostAfter { taken },
            14..=15 => Fate::CrashBefore,
            16..=18 => Fate::CrashAfter { taken },
            _ => Fate::Taken,
        }
    }

    async fn take(&mut self, letter: &Ready) {
        self.engine.note_dot(&letter.letter.id, self.now).await.unwrap();
        self.received_by_people(letter);
        let verdicts: Vec<(Address, Verdict)> = letter
            .recipients
            .iter()
            .map(|r| {
                let refused = self.trouble.refused.contains(r.as_str());
                let no = Verdict::Rejected("550 5.1.1 no such user".into());
                (r.clone(), if refused { no } else { Verdict::Accepted("250 ok".into()) })
            })
            .collect();
        self.engine.delivered(&letter.letter, &verdicts, self.now).await.unwrap();
        self.count_answer(letter, &verdicts);
    }

    async fn answer(&mut self, letter: &Ready, verdict: &Verdict) {
        let verdicts: Vec<(Address, Verdict)> =
            letter.recipients.iter().map(|r| (r.clone(), verdict.clone())).collect();
        self.engine.delivered(&letter.letter, &verdicts, self.now).await.unwrap();
    }

    /// Refused for now; for five days, that is for good.
    async fn defer(&mut self, letter: &Ready) {
        self.answer(letter, &Verdict::Deferred("451 later".into())).await;
        let since = *self.refused_since.entry(letter.letter.id.clone()).or_insert(self.now);
        if self.now - since > Duration::days(5) {
            let for_good = |r: &Address| (r.clone(), Verdict::Rejected("451 for five days".into()));
            let verdicts: Vec<(Address, Verdict)> = letter.recipients.iter().map(for_good).collect();
            self.count_answer(letter, &verdicts);
        }
    }

    async fn after_the_dot(&mut self, letter: &Ready, taken: bool) {
        self.engine.note_dot(&letter.letter.id, self.now).await.unwrap();
        self.uncertain.insert(letter.letter.id.clone(), self.request_of(letter));
        if taken {
            self.received_by_people(letter);
        }
    }

    /// Of a request: the follow-up and the round.
    fn request_of(&self, letter: &Ready) -> (Option<usize>, Option<u32>) {
        let about = letter.letter.follow_up.as_deref().and_then(|id| self.index_of(id));
        let mut key = letter.letter.unique_key.rsplit('/');
        let round = key.next().filter(|_| letter.letter.kind.begins_window());
        (about, round.and_then(|n| n.split('-').next().unwrap().parse().ok()))
    }

    fn count_answer(&mut self, letter: &Ready, verdicts: &[(Address, Verdict)]) {
        self.uncertain.remove(&letter.letter.id);
        let (about, round) = self.request_of(letter);
        let Some(about) = about else { return };
        let now = self.now;
        let outside = verdicts.iter().filter(|(a, _)| !a.as_str().contains("+copy"));
        let item = &mut self.known[about].item;
        for (who, verdict) in outside {
            match (verdict, round) {
                (Verdict::Accepted(_), Some(round)) => item.request_taken(round, now),
                (Verdict::Rejected(_), _) if !cast::STAFF.contains(&who.as_str()) => item.bounced(who.as_str()),
                (Verdict::Accepted(_) | Verdict::Rejected(_) | Verdict::Deferred(_) | Verdict::Uncertain(_), _) => {}
            }
        }
    }

    /// The relay has it: whoever is not refused gets it, the service's own copy comes back.
    fn received_by_people(&mut self, letter: &Ready) {
        let about = letter.letter.follow_up.as_deref().and_then(|id| self.index_of(id));
        let mut people = Vec::new();
        let refused = self.trouble.refused.clone();
        for recipient in letter.recipients.iter().filter(|r| !refused.contains(r.as_str())) {
            let once = self.got.insert((letter.letter.id.clone(), recipient.to_string()));
            assert!(once, "{recipient} gets {} twice", self.label(letter));
            if !recipient.as_str().contains("+copy") {
                people.push(recipient.to_string());
                continue;
            }
            // Most copies of what went well tell nothing new, and reading them takes time.
            let tells = !self.trouble.accidents || self.uncertain.contains_key(&letter.letter.id);
            if !tells && !Chance::of(self.seed, &format!("copy of {}", self.label(letter))).once_in(5) {
                continue;
            }
            let raw = [format!("Delivered-To: {recipient}\r\n").as_bytes(), &letter.bytes].concat();
            self.post(raw, self.now, Meaning::OwnCopy { letter: letter.letter.id.clone() });
        }
        if people.is_empty() {
            return;
        }
        self.check_letter(letter, about, &people);
        for who in &people {
            if let (Some(about), true) = (about, self.trouble.bouncing.contains(who.as_str())) {
                self.notice_comes_back(letter, about, who);
            }
        }
        self.note(&format!("   {}", self.label(letter)));
        let parsed = parse(&letter.bytes);
        self.sent.push(Sent {
            at: self.now,
            recipients: people,
            subject: parsed.subject.clone(),
            text: parsed.text.clone().unwrap_or_default(),
            raw: letter.bytes.clone(),
            kind: letter.letter.kind.name().to_owned(),
            key: letter.letter.unique_key.clone(),
        });
    }

    fn check_letter(&self, letter: &Ready, about: Option<usize>, people: &[String]) {
        let label = self.label(letter);
        // There is no partner here: what is written to partners goes to the authority's own staff alone.
        if matches!(letter.letter.kind.audience(), Audience::Staff | Audience::Partner) {
            assert!(people.iter().all(|p| cast::STAFF.contains(&p.as_str())), "staff only: {label}");
            return;
        }
        if letter.letter.kind.is_about_several() {
            return self.check_digest(letter, people);
        }
        let known = &self.known[about.expect("a letter to people outside is about a follow-up")];
        assert!(in_send_window(self.now), "outside the send window: {label}");
        assert!(people.iter().all(|p| known.may_get(p)), "to no party: {label}");
        let text = String::from_utf8_lossy(&letter.bytes);
        for other in self.known.iter().filter(|o| o.case != known.case) {
            let named = text.contains(&other.case) || text.contains(other.id.as_str());
            assert!(!named, "another child in {label}");
        }
        let kind = letter.letter.kind.name();
        match known.item.state {
            State::Closed | State::Cancelled => assert_eq!(kind, "stand_down", "after the end: {label}"),
            State::Answered if known.item.kind == Kind::Check => {
                assert!(["stand_down", "feedback_pointer"].contains(&kind), "after the feedback: {label}");
            }
            State::Answered | State::Query => assert_eq!(kind, "stand_down", "after the answer: {label}"),
            State::Asking | State::Running | State::Thin | State::Declined | State::Held => {}
        }
        if kind == "advice_reminder" {
            let due = known.item.due.expect("it has been asked for");
            let first = back(due - Days::new(7));
            let today = local_day(self.now);
            assert!((first..=due).contains(&today), "reminded on {today} of {due}: {label}");
            assert!(!known.item.heard && known.item.escalated.is_empty(), "reminded though they have written: {label}");
        }
        if letter.letter.kind.is_escalation() {
            self.check_escalation(letter, &label);
        }
    }

    /// The mail to a manager about checks without a reply: their own, by reference only, once a day.
    fn check_digest(&self, letter: &Ready, people: &[String]) {
        let label = self.label(letter);
        let text = parse(&letter.bytes).text.unwrap_or_default();
        let named: Vec<_> = self.known.iter().filter(|k| text.contains(k.id.as_str())).collect();
        assert!(!named.is_empty(), "about nothing: {label}");
        for known in named {
            assert_eq!(known.item.kind, Kind::Check, "{label}");
            assert!(people.iter().all(|p| known.item.managers.contains(&p.as_str())), "another's staff: {label}");
        }
        let today = local_day(self.now);
        let same = |s: &&Sent| s.kind == letter.letter.kind.name() && s.recipients == people;
        assert!(self.sent.iter().filter(same).all(|s| local_day(s.at) != today), "two in a day: {label}");
    }

    fn check_escalation(&self, letter: &Ready, label: &str) {
        let follow_up = letter.letter.follow_up.clone().unwrap_or_default();
        let key = &letter.letter.unique_key;
        let today = local_day(self.now);
        let tells = |s: &&Sent| ["escalation", "overdue"].contains(&s.kind.as_str());
        let others = self.sent.iter().filter(tells).filter(|s| s.key.starts_with(&follow_up));
        let same_day = others.filter(|s| s.key != *key && local_day(s.at) == today).count();
        assert_eq!(same_day, 0, "two escalations in a day: {label}");
        let item = &self.known[self.index_of(&follow_up).unwrap()].item;
        assert!(item.owes_answer(), "nobody owes an answer: {label}");
        let again = item.again && key.contains(&format!("/{}", item.again_key()));
        let decided = again || item.keys.iter().any(|k| key.ends_with(&format!("/{k}")));
        assert!(decided, "not of this round, or not yet: {label}");
    }
}

/// An ordinal as far as it says the same whenever a seed is played: "1.MSG-9FFF7567-2" is "1.2".
fn without_references(ordinal: &str) -> String {
    let is_reference = |part: &str| ["MSG-", "LTR-"].iter().any(|prefix| part.starts_with(prefix));
    let known = |part| if is_reference(part) { part.rsplit('-').next().unwrap_or_default() } else { part };
    ordinal.split('.').map(known).collect::<Vec<_>>().join(".")
}
