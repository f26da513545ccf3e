//! What the specification says about one follow-up, as small as it can be told (`domain.md` 2.3, 3.3, 7, 8). Written
//! from the text; it knows people's intentions, never the service's reading of them.

use super::reckoning::{after, from, hour, in_send_window, local_day};
use chrono::{DateTime, Days, NaiveDate, Utc};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The request has not left.
    Asking,
    /// Somebody owes an answer.
    Running,
    /// Something short came; the co-ordinator has been asked.
    Thin,
    /// The co-ordinator judges an answer.
    Answered,
    /// Advice was found unclear; its clarification is out.
    Query,
    /// The service does not know the child; its second level has it, and the weeks run on.
    Declined,
    /// Nobody could be reached.
    Held,
    Closed,
    Cancelled,
}

/// What is followed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Clarification,
    Advice,
    Check,
}

/// What staff may order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Close,
    Accept,
    NotKnown,
    Feedback,
    Received,
    Insufficient,
    NotAdvice,
    Extend(NaiveDate),
    Resend,
    Reopen,
    Cancel,
}

/// What somebody outside meant to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saying {
    /// The advice itself.
    Full,
    /// The plan draft is right.
    Agrees,
    /// Something that asks for a look: a promise, an unknown address, a failed check.
    Thin,
    /// More time, no content, a manager's word: stops nothing.
    Idle,
}

#[derive(Debug, Clone)]
pub struct Item {
    pub kind: Kind,
    /// Of a clarification: the advice that it is about, by its number.
    pub about: Option<usize>,
    pub state: State,
    /// Asked by somebody else's mail: answers may have gone elsewhere.
    pub copied_in: bool,
    /// The day on which the service heard of it.
    pub heard_of: NaiveDate,
    pub adviser: &'static str,
    pub managers: Vec<&'static str>,
    pub round: u32,
    /// How often the request of this round was sent again.
    pub resent: u32,
    pub due: Option<NaiveDate>,
    pub pause: Option<DateTime<Utc>>,
    /// When each level of this round was decided.
    pub escalated: Vec<DateTime<Utc>>,
    /// What their keys end with.
    pub keys: Vec<String>,
    /// How many were taken back before anybody had them.
    pub untold: u32,
    /// An answer was set aside after somebody had been told of the delay: they may hear that it is still needed.
    pub again: bool,
    /// Something came in this round, whatever became of it: nobody is reminded any more.
    pub heard: bool,
    /// Something that counts as an answer came in this round, and stands.
    pub received: bool,
    /// Something short came, and stands.
    pub thin: bool,
    pub unreachable: BTreeSet<String>,
}

impl Item {
    /// Copied in: the day on which the mailbox received it is day 0. Advice that was asked for elsewhere: that day.
    pub fn asked_elsewhere(mut self, day_zero: NaiveDate) -> Self {
        self.copied_in = true;
        self.starts(day_zero);
        self
    }

    /// What asks about advice that was found unclear.
    pub fn query_of(&self, about: usize, now: DateTime<Utc>) -> Self {
        let managers = if self.managers.is_empty() { vec![crate::office::SEND_MANAGER] } else { self.managers.clone() };
        let mut item = Self::asked(Kind::Clarification, self.adviser, managers, now);
        item.about = Some(about);
        item.unreachable = self.unreachable.clone();
        item.hold_if_alone();
        item
    }

    /// To be asked by the service.
    pub fn asked(kind: Kind, adviser: &'static str, managers: Vec<&'static str>, now: DateTime<Utc>) -> Self {
        Self {
            heard_of: local_day(now),
            kind,
            about: None,
            state: State::Asking,
            copied_in: false,
            adviser,
            managers,
            round: 1,
            resent: 0,
            due: None,
            pause: None,
            escalated: Vec::new(),
            keys: Vec::new(),
            untold: 0,
            again: false,
            heard: false,
            received: false,
            thin: false,
            unreachable: BTreeSet::new(),
        }
    }

    pub fn has_ended(&self) -> bool {
        matches!(self.state, State::Closed | State::Cancelled)
    }

    pub fn owes_answer(&self) -> bool {
        matches!(self.state, State::Running | State::Thin | State::Declined)
    }

    fn starts(&mut self, day_zero: NaiveDate) {
        self.due = Some(match self.kind {
            Kind::Clarification | Kind::Check => after(day_zero, 5),
            Kind::Advice => day_zero + Days::new(42),
        });
        if matches!(self.state, State::Asking | State::Held) {
            self.state = self.running();
            self.hold_if_alone();
        }
    }

    /// The relay took the request of a round.
    pub fn request_taken(&mut self, round: u32, at: DateTime<Utc>) {
        if round == self.round && self.due.is_none() {
            self.starts(local_day(at));
        }
    }

    /// Mail to somebody came back for good.
    pub fn bounced(&mut self, who: &str) {
        if !self.has_ended() && self.unreachable.insert(who.to_owned()) {
            self.hold_if_alone();
        }
    }

    fn hold_if_alone(&mut self) {
        let gone = |who: &&str| self.unreachable.contains(*who);
        // A draft check goes to the adviser alone.
        let alone = gone(&self.adviser) && (self.kind == Kind::Check || self.managers.iter().all(gone));
        if alone && matches!(self.state, State::Asking | State::Running) {
            self.state = State::Held;
        }
    }

    pub fn hears(&mut self, saying: Saying) {
        let ended = self.has_ended();
        self.heard |= ended || saying != Saying::Idle;
        self.received |= matches!(saying, Saying::Full | Saying::Agrees);
        self.thin |= saying == Saying::Thin;
        match saying {
            Saying::Agrees if !ended && self.state != State::Answered => {
                self.state = State::Closed;
                self.pause = None;
            }
            Saying::Full if !ended => {
                self.state = State::Answered;
                self.pause = None;
            }
            Saying::Thin if !ended && self.state != State::Answered => {
                // 08:00 of the 2nd working day after the close.
                self.pause = self.due.map(|due| hour(after(due, 2), 8));
                if self.state == State::Running {
                    self.state = State::Thin;
                }
            }
            Saying::Full | Saying::Agrees | Saying::Thin | Saying::Idle => {}
        }
    }

    /// When the next level may and must be told, while nothing comes.
    pub fn next_escalation(&self) -> Option<DateTime<Utc>> {
        let may_come = self.owes_answer() && !self.is_told_to_the_end() && !self.waits_for_verdict();
        let due = self.due.filter(|_| may_come)?;
        // The one mail about all checks that ended without a word waits for all of that morning.
        let noon = self.copied_in || self.kind == Kind::Check;
        // Nobody is accused of what was asked elsewhere before the co-ordinator has been asked, on the morning after.
        let day = if self.copied_in { after(due, 1).max(after(self.heard_of, 2)) } else { after(due, 1) };
        let first = hour(day, if noon { 12 } else { 8 });
        let again = self.escalated.last().map(|&last| match self.kind {
            Kind::Clarification | Kind::Check => hour(after(local_day(last), 5), 8),
            Kind::Advice => hour(from(local_day(last) + Days::new(7)), 8),
        });
        Some(first.max(again.unwrap_or(first)).max(self.pause.unwrap_or(first)))
    }

    /// Everybody who can be told has been told; overdue advice is told of every week.
    pub fn is_told_to_the_end(&self) -> bool {
        self.kind == Kind::Clarification && self.escalated.len() == 3
    }

    /// Whoever had to be told that it is late has been told.
    pub fn has_been_told(&self) -> bool {
        match self.kind {
            Kind::Clarification => self.is_told_to_the_end(),
            Kind::Advice => !self.escalated.is_empty(),
            // Silence ends it; short of that it waits for a verdict.
            Kind::Check => self.waits_for_verdict(),
        }
    }

    /// Time has passed. The mailbox was last looked at when `seen` says.
    pub fn clock(&mut self, now: DateTime<Utc>, seen: Option<DateTime<Utc>>) {
        let looked = |at| seen.is_some_and(|seen| seen >= at);
        if in_send_window(now) && self.next_escalation().is_some_and(|at| at <= now && looked(at)) {
            if self.kind == Kind::Check {
                // Silence is no breach.
                self.state = State::Closed;
                return;
            }
            self.escalated.push(now);
            self.keys.push(self.escalation_key());
            self.pause = None;
        }
    }

    /// What the key of the last escalation ends with.
    pub fn escalation_key(&self) -> String {
        let untold = if self.untold == 0 { String::new() } else { format!("-{}", self.untold) };
        format!("{}.{}{untold}", self.of_round(), self.escalated.len())
    }

    /// What the key of a letter that says that it is still needed holds.
    pub fn again_key(&self) -> String {
        format!("{}.again-", self.of_round())
    }

    fn of_round(&self) -> String {
        let name = if self.kind == Kind::Advice { "overdue" } else { "escalation" };
        let resent = if self.resent == 0 { String::new() } else { format!("-{}", self.resent) };
        format!("{name}/{}{resent}", self.round)
    }

    /// Nobody got the last escalation: it does not count.
    pub fn untold(&mut self) {
        self.escalated.pop();
        self.keys.pop();
        self.untold += 1;
    }

    pub fn ordered(&mut self, order: Order, now: DateTime<Utc>) {
        match order {
            Order::Close | Order::Accept if self.may_close(order) => {
                self.state = State::Closed;
                // Accepted advice has come, whether the service saw it or not.
                self.received |= self.kind == Kind::Advice;
            }
            Order::Feedback if self.kind == Kind::Check && self.state != State::Cancelled => self.state = State::Closed,
            Order::NotKnown
                if self.kind == Kind::Advice
                    && matches!(self.state, State::Running | State::Thin | State::Answered) =>
            {
                self.state = State::Declined;
                self.nothing_stands();
                if self.due.is_none() {
                    self.starts(local_day(now));
                }
            }
            Order::Cancel if !self.has_ended() => self.state = State::Cancelled,
            Order::Received if !self.has_ended() => {
                self.state = State::Answered;
                self.heard = true;
                self.received = true;
                self.pause = None;
            }
            Order::Insufficient if self.kind == Kind::Check => {}
            Order::Insufficient if self.kind == Kind::Advice => {
                if self.may_be_queried() {
                    self.state = State::Query;
                    self.heard = true;
                    self.received = true;
                    self.pause = None;
                }
            }
            Order::Insufficient if self.owes_answer() || self.state == State::Answered => {
                self.round += 1;
                self.asks_anew(0);
            }
            Order::NotAdvice if matches!(self.state, State::Thin | State::Answered) => {
                self.again |= self.state == State::Answered && !self.escalated.is_empty();
                self.nothing_stands();
                self.runs_on();
            }
            Order::Extend(to) => self.extended(from(to), now),
            Order::Resend => {
                let has_not_left = matches!(self.state, State::Held | State::Asking);
                if has_not_left || self.owes_answer() && !self.unreachable.is_empty() {
                    self.unreachable.clear();
                    self.asks_anew(self.resent + 1);
                }
            }
            Order::Reopen if self.has_ended() && self.received => self.state = State::Answered,
            Order::Reopen if self.has_ended() => {
                self.runs_on();
                if self.thin && self.state == State::Running {
                    self.state = State::Thin;
                }
            }
            Order::Close
            | Order::Accept
            | Order::NotKnown
            | Order::Feedback
            | Order::Cancel
            | Order::Received
            | Order::Insufficient
            | Order::NotAdvice
            | Order::Reopen => {}
        }
    }

    /// Advice that never came is not closed but accepted; feedback is settled by saying what it leads to.
    fn may_close(&self, order: Order) -> bool {
        let fits = match self.kind {
            Kind::Clarification => true,
            Kind::Advice => order == Order::Accept || self.received,
            Kind::Check => self.state != State::Answered,
        };
        fits && !self.has_ended()
    }

    pub fn may_be_queried(&self) -> bool {
        self.kind == Kind::Advice && matches!(self.state, State::Running | State::Thin | State::Answered)
    }

    fn extended(&mut self, day: NaiveDate, now: DateTime<Utc>) {
        let later = self.due.is_some_and(|due| day > due) && day > local_day(now);
        if matches!(self.state, State::Running | State::Thin) && later {
            self.due = Some(day);
            self.pause = None;
            self.state = self.running();
        }
    }

    /// What came is set aside.
    fn nothing_stands(&mut self) {
        self.pause = None;
        self.received = false;
        self.thin = false;
    }

    /// While its window runs: a short reply to a draft check has to be judged, whatever moves the window.
    fn running(&self) -> State {
        if self.waits_for_verdict() { State::Thin } else { State::Running }
    }

    /// A draft check on which something has come ends by nobody's silence.
    pub fn waits_for_verdict(&self) -> bool {
        self.kind == Kind::Check && self.thin
    }

    fn runs_on(&mut self) {
        if self.due.is_none() {
            self.asks_anew(self.resent + 1);
        } else {
            self.state = State::Running;
            self.hold_if_alone();
            if self.state == State::Running {
                self.state = self.running();
            }
        }
    }

    /// A new request from the service: its acceptance will be day 0.
    fn asks_anew(&mut self, resent: u32) {
        self.resent = resent;
        self.untold = 0;
        self.again = false;
        self.copied_in = false;
        self.due = None;
        self.heard = false;
        self.nothing_stands();
        self.escalated.clear();
        self.keys.clear();
        self.state = State::Asking;
        self.hold_if_alone();
    }
}
