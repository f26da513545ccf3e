//! What must hold in the store after every step and at the end.

use super::model::State;
use super::world::World;
use followupd::core::follow_up::{FollowUp, FollowUpKind, Sending, Stage};
use followupd::store::{DeliveryState, MessageState};

fn state_of(stage: Stage) -> Option<State> {
    match stage {
        Stage::AwaitingRoles => None,
        Stage::Query => Some(State::Query),
        Stage::Declined => Some(State::Declined),
        Stage::Prepared => Some(State::Asking),
        Stage::Open => Some(State::Running),
        Stage::RepliedThin => Some(State::Thin),
        Stage::Received => Some(State::Answered),
        Stage::Held => Some(State::Held),
        Stage::Closed => Some(State::Closed),
        Stage::Cancelled => Some(State::Cancelled),
    }
}

impl World {
    /// The service and the people's own record agree about every follow-up.
    pub async fn check_states(&mut self) {
        let mut tx = self.engine.store().begin().await.unwrap();
        let policy = self.engine.office().policy.clone();
        for (index, known) in self.known.iter().enumerate() {
            let loaded = tx.case_of(&known.id).await.unwrap().expect("a follow-up never disappears");
            let follow_up = loaded.case.follow_up(&known.id).unwrap();
            let round = follow_up.round().unwrap();
            let escalated = (round.escalations.len(), round.untold);
            let found = (state_of(follow_up.stage), round.sending(), follow_up.due_on(), escalated);
            let item = &known.item;
            let sending = Sending { round: item.round, resent: item.resent };
            let expected = (Some(item.state), sending, item.due, (item.escalated.len(), item.untold));
            if found != expected {
                let told = tx.messages_of(known.id.as_str()).await.unwrap().pop().map(|m| m.story);
                panic!("#{index} {} is {found:?}, should be {expected:?}; the last mail: {told:?}", known.id);
            }
            assert!(
                loaded.case.follow_ups.iter().all(|f| f.id != known.id || waits(f, &policy)),
                "#{index} sleeps for ever"
            );
        }
        assert!(tx.messages_in(MessageState::Failed).await.unwrap().is_empty(), "a mail could not be handled");
        tx.commit().await.unwrap();
    }

    /// Once everything works again and time has passed, nothing is left over.
    pub async fn check_end(&mut self) {
        let mut tx = self.engine.store().begin().await.unwrap();
        assert_eq!(tx.broken_journal_entry().await.unwrap(), None, "the journal's chain");
        let counts = tx.counts().await.unwrap();
        let left: Vec<_> = ["queued", "sending", "dot", "deferred", "uncertain"]
            .iter()
            .filter(|s| counts.deliveries.get(**s).is_some_and(|&n| n > 0))
            .collect();
        assert!(left.is_empty(), "letters are left over: {:?}", counts.deliveries);
        assert_eq!(counts.messages.get("stored").copied().unwrap_or_default(), 0, "a mail without a disposition");
        for (index, known) in self.known.iter().enumerate() {
            let item = &known.item;
            assert_ne!(item.state, State::Asking, "#{index}: a request never left");
            assert!(!item.owes_answer() || item.has_been_told(), "#{index} was not escalated to the end");
            if !item.owes_answer() {
                continue;
            }
            for key in &item.keys {
                let key = format!("{}/{key}", known.id);
                let letters = tx.letters_of(known.id.as_str()).await.unwrap();
                let letter =
                    letters.iter().find(|l| l.unique_key == key).unwrap_or_else(|| panic!("no {key} (#{index})"));
                let deliveries = tx.deliveries(&letter.id).await.unwrap();
                let went = deliveries.iter().any(|(_, _, state, ..)| *state == DeliveryState::Accepted);
                assert!(went, "#{index}: {key} never left: {deliveries:?}");
            }
        }
        tx.commit().await.unwrap();
    }
}

/// An open follow-up has a wake time, or waits for a person or for the relay.
fn waits(follow_up: &FollowUp, policy: &followupd::core::policy::Policy) -> bool {
    let done = follow_up.round().is_some_and(|r| r.level() >= policy.escalation.max);
    // A draft check on which something has come waits for the co-ordinator.
    let with_person = follow_up.kind == FollowUpKind::DraftCheck && follow_up.stage == Stage::RepliedThin;
    !follow_up.awaits_answer() || done || with_person || follow_up.wake(policy).is_some()
}
