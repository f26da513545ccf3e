//! The mailbox: what stands in it, how the service looks into it, and what each handled mail should have come to.

use super::cast;
use super::model::{Item, Kind, Order, Saying, State};
use super::reckoning::local_day;
use super::world::{How, Known, Mail, Meaning, World};
use chrono::{DateTime, Duration, Utc};
use followupd::core::id::{CaseRef, FollowUpId};
use followupd::store::Incoming;

impl World {
    /// Mail arrives on the server whether the service looks or not.
    pub fn arrive(&mut self) -> usize {
        let now = self.now;
        let (mut here, still): (Vec<Mail>, Vec<Mail>) = self.transit.drain(..).partition(|m| m.arrives <= now);
        self.transit = still;
        here.sort_by_key(|m| (m.arrives, m.identity));
        for mut mail in here.drain(..) {
            // No two in one millisecond, so that the order of handling does not hang on random references.
            mail.arrives += Duration::milliseconds(i64::try_from(self.mailbox.len() % 50_000).unwrap());
            self.mailbox.push(mail);
        }
        self.mailbox.len()
    }

    pub async fn look_into_mailbox(&mut self) -> Option<usize> {
        self.arrive();
        let looked_at = self.now;
        let cursor = usize::try_from(self.engine.cursor("INBOX", self.uid_validity).await.unwrap()).unwrap();
        let mails: Vec<Incoming> = (cursor..self.mailbox.len())
            .map(|i| Incoming {
                uid: u32::try_from(i + 1).unwrap(),
                received_at: self.mailbox[i].arrives,
                raw: self.mailbox[i].raw.clone(),
                whole: true,
            })
            .collect();
        for some in mails.chunks(32) {
            self.engine.take_in("INBOX", self.uid_validity, some).await.unwrap();
            for mail in some {
                if self.taken_in.insert(mail.raw.clone()) {
                    self.waiting.push(usize::try_from(mail.uid).unwrap() - 1);
                }
            }
            if self.killed().await {
                return None;
            }
        }
        self.waiting.sort_by_key(|&i| self.mailbox[i].arrives);
        let mut busy = 0;
        loop {
            let done = self.engine.handle_waiting(self.now).await.unwrap();
            let handled: Vec<usize> = self.waiting.drain(..done).collect();
            for index in handled {
                self.count(index).await;
            }
            self.notice_withdrawn_escalations().await;
            busy += done;
            if done == 0 {
                break;
            }
            if self.killed().await {
                return None;
            }
        }
        assert!(self.waiting.is_empty(), "a mail has no disposition");
        self.engine.mailbox_seen(looked_at).await.unwrap();
        self.seen = Some(looked_at);
        Some(busy)
    }

    /// All mail is taken in again under another UIDVALIDITY.
    pub fn folder_is_rebuilt(&mut self) {
        self.note("-- UIDVALIDITY changes");
        self.uid_validity += 1;
    }

    /// What a handled mail should have come to.
    async fn count(&mut self, index: usize) {
        let Mail { arrives, meaning, identity, .. } = self.mailbox[index].clone();
        if !self.counted.insert(identity) {
            return;
        }
        match meaning {
            Meaning::Opens { case, desk, by, how } => self.learn_opening(case, desk, by, how, arrives).await,
            Meaning::Says { about, saying } => {
                let answered = self.answered(about);
                self.known[answered].item.hears(saying);
            }
            Meaning::SaysSomewhere { who } => {
                let meant: Vec<usize> = (0..self.known.len())
                    .filter(|&i| !self.known[i].item.has_ended() && self.known[i].is_party(who))
                    .collect();
                if let [one] = meant[..] {
                    self.known[one].item.hears(Saying::Thin);
                }
            }
            Meaning::Orders { about, by, order } => self.ordered(about, by, order).await,
            Meaning::Bounced { about, who } => self.known[about].item.bounced(&who),
            Meaning::OwnCopy { letter } => {
                if let Some((Some(about), Some(round))) = self.uncertain.remove(&letter) {
                    self.known[about].item.request_taken(round, arrives);
                }
            }
            Meaning::Nothing => {}
        }
    }

    /// What an answer is for: while advice is in query, the clarification that is out.
    fn answered(&self, about: usize) -> usize {
        let is_out = |k: &Known| k.item.about == Some(about) && !k.item.has_ended();
        let in_query = self.known[about].item.state == State::Query;
        self.known.iter().rposition(|k| in_query && is_out(k)).unwrap_or(about)
    }

    /// An order, and what it means for advice and its clarification.
    async fn ordered(&mut self, about: usize, by: &'static str, order: Order) {
        let about = if order == Order::Received { self.answered(about) } else { about };
        let before = self.known[about].item.clone();
        let queries = order == Order::Insufficient && before.may_be_queried();
        self.known[about].item.ordered(order, self.now);
        let ends = !before.has_ended() && self.known[about].item.has_ended();
        if queries {
            let (case, desk) = (self.known[about].case.clone(), self.known[about].desk);
            let id = self.unknown_of(&case).await;
            let item = before.query_of(about, self.now);
            self.known.push(Known { id, case, by, desk, item });
        }
        let opens = before.has_ended() && !self.known[about].item.has_ended();
        if let Some(request) = before.about.filter(|&i| opens && self.known[i].item.state == State::Answered) {
            self.known[request].item.state = State::Query;
        }
        if !ends {
            return;
        }
        if let Some(request) = before.about.filter(|&i| self.known[i].item.state == State::Query) {
            let settled = if order == Order::Cancel { State::Answered } else { State::Closed };
            self.known[request].item.state = settled;
        }
        if before.kind == Kind::Advice {
            let open = |k: &&mut Known| k.item.about == Some(about) && !k.item.has_ended();
            self.known.iter_mut().filter(open).for_each(|k| k.item.state = State::Cancelled);
        }
    }

    /// The follow-up of a case that nobody knows of yet.
    async fn unknown_of(&self, case: &str) -> FollowUpId {
        let mut tx = self.engine.store().begin().await.unwrap();
        let loaded = tx.case_by_reference(&CaseRef::new(case)).await.unwrap();
        tx.commit().await.unwrap();
        let ids: Vec<FollowUpId> = loaded.into_iter().flat_map(|l| l.case.follow_ups).map(|f| f.id).collect();
        let id = ids.into_iter().find(|id| self.index_of(id.as_str()).is_none());
        id.unwrap_or_else(|| panic!("the opening of {case} was lost"))
    }

    async fn learn_opening(&mut self, case: String, desk: usize, by: &'static str, how: How, arrives: DateTime<Utc>) {
        let id = self.unknown_of(&case).await;
        let people = &cast::DESKS[desk];
        let managers = people.managers.to_vec();
        let somebody = if managers.is_empty() { vec![crate::office::SEND_MANAGER] } else { managers.clone() };
        let asked = |kind, managers| Item::asked(kind, people.adviser, managers, self.now);
        let item = match how {
            How::CopiedIn => asked(Kind::Clarification, somebody).asked_elsewhere(local_day(arrives)),
            How::Asked(Kind::Clarification) => asked(Kind::Clarification, somebody),
            How::Asked(kind) => asked(kind, managers),
            How::Elsewhere(on) => asked(Kind::Advice, managers).asked_elsewhere(on),
        };
        self.note(&format!("   #{} is {id} for {case}", self.known.len()));
        self.known.push(Known { id, case, by, desk, item });
    }
}
