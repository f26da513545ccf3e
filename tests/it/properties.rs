//! What `decide` holds whatever happens, in any order.

use crate::office::{ADVISER, COORDINATOR, MANAGER, SECOND_LEVEL, SEND_MANAGER, address, at, policy, rules};
use chrono::{DateTime, Duration, Utc};
use followupd::core::case::{Case, CaseId};
use followupd::core::decide::{Rules, decide};
use followupd::core::event::{
    Asked, CaseOrder, Decision, Drafted, Event, Feedback, Order, Queried, ReplyEvent, Seen, Weight,
};
use followupd::core::follow_up::{Away, Doubt, FollowUp, FollowUpKind, Round, Sending, Stage, Ticks};
use followupd::core::id::{Address, CaseRef, FollowUpId};
use followupd::core::letter::{Audience, LetterKind};
use followupd::core::register::{DraftIssue, PlanDraft, RulingKind, StopManner};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

const PEOPLE: [&str; 6] =
    [ADVISER, MANAGER, "other.head@nhs.example", SECOND_LEVEL, "private@mail.example", "second.adviser@nhs.example"];

static OFFICE: LazyLock<followupd::engine::Office> = LazyLock::new(|| rules(policy()));

/// Something that may happen; small numbers stand for people and follow-ups.
#[derive(Debug, Clone)]
enum Act {
    Advance(i64),
    Clock { fresh: bool },
    CopiedIn { kind: FollowUpKind, adviser: Option<usize>, managers: Vec<usize>, stated: Option<i64> },
    Asked { kind: FollowUpKind, adviser: usize, managers: Vec<usize>, ago: Option<i64> },
    Queried { follow_up: usize },
    Drafted { issue: u8 },
    Roles { follow_up: usize, adviser: usize, manager: usize },
    Clarify { adviser: usize, managers: Vec<usize> },
    Accepted { follow_up: usize },
    Reply { follow_up: usize, from: usize, weight: Weight, seen: Seen, repeats: bool },
    Away { who: usize, days: Option<i64> },
    Back { who: usize },
    Undeliverable { follow_up: usize, who: usize },
    Delayed { follow_up: usize, who: usize },
    Order { follow_up: usize, order: Order },
    ManagerNamed { adviser: usize, manager: usize },
    CalendarChanged,
    Case { order: CaseOrder },
    Review,
}

fn weight() -> impl Strategy<Value = Weight> {
    prop_oneof![
        3 => Just(Weight::Full),
        2 => Just(Weight::Doubtful(Doubt::ThinReply)),
        1 => Just(Weight::Doubtful(Doubt::NotMine)),
        1 => Just(Weight::Doubtful(Doubt::Malware)),
        1 => Just(Weight::MoreTime),
        1 => Just(Weight::ManagerEngaged),
        1 => Just(Weight::Confirmed),
        1 => Just(Weight::NoContent),
        1 => Just(Weight::AttachmentMissing),
        1 => Just(Weight::Acknowledged),
        1 => Just(Weight::NotMyStaff),
        1 => Just(Weight::AssignedTo("Ann".into())),
    ]
}

fn order() -> impl Strategy<Value = Order> {
    let day = (0i64..40).prop_map(|d| (at("Mon 02 Nov 2026 10:00") + Duration::days(d)).date_naive());
    prop_oneof![
        Just(Order::Close { reason: None }),
        proptest::option::of(day.clone()).prop_map(|on| Order::Received { on, how: None }),
        Just(Order::Insufficient { why: None, text: "More.".into() }),
        Just(Order::Insufficient { why: None, text: String::new() }),
        Just(Order::NotAdvice),
        day.prop_map(|to| Order::Extend { to, reason: None }),
        Just(Order::Resend),
        Just(Order::Reopen),
        Just(Order::Cancel { reason: None }),
        verdict(),
        verdict(),
    ]
}

/// Orders about advice and plan drafts.
fn verdict() -> impl Strategy<Value = Order> {
    prop_oneof![
        Just(Order::Accept { ticks: Ticks { voice: Some(true), ..Ticks::default() } }),
        Just(Order::NotKnown),
        Just(Order::NotSought { reason: "Dr Lee, the parents and we agree.".into() }),
        Just(Order::UsedAsSubmitted { with: None, text: "As far as possible.".into() }),
        Just(Order::DisputeUpheld),
        Just(Order::DisputeRejected),
        Just(Order::WrongChild),
        Just(Order::Agreed),
        prop_oneof![Just(Feedback::None), Just(Feedback::Parent), Just(Feedback::Other)].prop_map(Order::Feedback),
    ]
}

fn kind() -> impl Strategy<Value = FollowUpKind> {
    prop_oneof![
        2 => Just(FollowUpKind::Clarification),
        1 => Just(FollowUpKind::AdviceRequest),
        1 => Just(FollowUpKind::DraftCheck),
    ]
}

fn case_order() -> impl Strategy<Value = CaseOrder> {
    let on = at("Mon 02 Nov 2026 10:00").date_naive();
    let manner = || prop_oneof![Just(StopManner::Thanked), Just(StopManner::Silent)];
    prop_oneof![
        2 => Just(CaseOrder::Rule { what: RulingKind::Assess, on }),
        1 => Just(CaseOrder::Rule { what: RulingKind::NoPlan, on }),
        2 => Just(CaseOrder::FinalIssued { on }),
        2 => Just(CaseOrder::Reopen),
        1 => manner().prop_map(|manner| CaseOrder::Suspend { manner, reason: None }),
        1 => manner().prop_map(|manner| CaseOrder::Stop { manner, reason: None }),
        2 => Just(CaseOrder::Resume { with: address(SEND_MANAGER) }),
        1 => Just(CaseOrder::Register(Box::default())),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let who = 0..PEOPLE.len();
    let which = 0usize..3;
    let managers = proptest::collection::vec(1usize..4, 0..3);
    prop_oneof![
        6 => (1i64..12 * 24 * 60).prop_map(Act::Advance),
        6 => proptest::bool::weighted(0.8).prop_map(|fresh| Act::Clock { fresh }),
        2 => (kind(), proptest::option::of(Just(0usize)), managers.clone(), proptest::option::of(-5i64..30))
            .prop_map(|(kind, adviser, managers, stated)| Act::CopiedIn { kind, adviser, managers, stated }),
        3 => (kind(), prop_oneof![Just(0usize), Just(5)], managers.clone(), proptest::option::of(0i64..30))
            .prop_map(|(kind, adviser, managers, ago)| Act::Asked { kind, adviser, managers, ago }),
        2 => which.clone().prop_map(|follow_up| Act::Queried { follow_up }),
        1 => (0u8..3).prop_map(|issue| Act::Drafted { issue }),
        1 => (which.clone(), who.clone(), 1usize..4)
            .prop_map(|(follow_up, adviser, manager)| Act::Roles { follow_up, adviser, manager }),
        2 => (prop_oneof![Just(0usize), Just(5)], proptest::collection::vec(1usize..4, 1..3))
            .prop_map(|(adviser, managers)| Act::Clarify { adviser, managers }),
        4 => which.clone().prop_map(|follow_up| Act::Accepted { follow_up }),
        6 => (which.clone(), who.clone(), weight(), prop_oneof![Just(Seen::Already), Just(Seen::NotYet)], any::<bool>())
            .prop_map(|(follow_up, from, weight, seen, repeats)| Act::Reply { follow_up, from, weight, seen, repeats }),
        2 => (who.clone(), proptest::option::of(1i64..30)).prop_map(|(who, days)| Act::Away { who, days }),
        1 => who.clone().prop_map(|who| Act::Back { who }),
        2 => (which.clone(), who.clone()).prop_map(|(follow_up, who)| Act::Undeliverable { follow_up, who }),
        1 => (which.clone(), who.clone()).prop_map(|(follow_up, who)| Act::Delayed { follow_up, who }),
        6 => (which, order()).prop_map(|(follow_up, order)| Act::Order { follow_up, order }),
        1 => (who, 1usize..4).prop_map(|(adviser, manager)| Act::ManagerNamed { adviser, manager }),
        1 => Just(Act::CalendarChanged),
        3 => case_order().prop_map(|order| Act::Case { order }),
        1 => Just(Act::Review),
    ]
}

/// A case, a clock, and everything that was ever written.
struct World {
    case: Case,
    now: DateTime<Utc>,
    keys: BTreeSet<String>,
    count: u8,
    mails: u32,
}

impl World {
    fn new() -> Self {
        let case = Case::new(CaseId("EHC-2026-0412".into()), Some(CaseRef::new("EHC-2026-0412")), address(COORDINATOR));
        Self { case, now: at("Mon 02 Nov 2026 10:00"), keys: BTreeSet::new(), count: 0, mails: 0 }
    }

    fn who(n: usize) -> Address {
        address(PEOPLE[n])
    }

    fn which(&self, n: usize) -> FollowUpId {
        self.case.follow_ups.get(n).map_or_else(|| FollowUpId::from_random([99; 8]), |f| f.id.clone())
    }

    fn fresh_id(&mut self) -> FollowUpId {
        self.count += 1;
        FollowUpId::from_random([self.count; 8])
    }

    /// The event of an act; `None` when only time passes.
    fn event(&mut self, act: &Act) -> Option<Event> {
        self.mails += 1;
        let source = format!("MSG-{}", self.mails);
        Some(match act.clone() {
            Act::Advance(minutes) => {
                self.now += Duration::minutes(minutes);
                return None;
            }
            Act::Clock { fresh } => {
                Event::Clock { mailbox_seen_at: if fresh { self.now } else { DateTime::UNIX_EPOCH } }
            }
            Act::CopiedIn { .. } | Act::Clarify { .. } | Act::Asked { .. } if self.case.follow_ups.len() >= 3 => {
                return None;
            }
            Act::Asked { kind: FollowUpKind::Clarification, .. } => return None,
            Act::Asked { kind, adviser, managers, ago } => Event::Asked(Asked {
                follow_up: self.fresh_id(),
                kind,
                by: address(COORDINATOR),
                adviser: Self::who(adviser),
                managers: managers.into_iter().map(Self::who).collect(),
                service: None,
                text: "What?".into(),
                elsewhere_on: ago.map(|d| (self.now - Duration::days(d)).date_naive()),
            }),
            Act::Queried { follow_up } => {
                let id = self.which(follow_up);
                if self.case.follow_up(&id).is_none_or(|f| f.kind != FollowUpKind::AdviceRequest) {
                    return None;
                }
                Event::Queried(Queried {
                    follow_up: id,
                    clarification: self.fresh_id(),
                    by: address(COORDINATOR),
                    why: None,
                    text: "More.".into(),
                })
            }
            Act::Drafted { issue } => Event::Drafted(Drafted {
                by: address(COORDINATOR),
                draft: PlanDraft {
                    on: self.now.date_naive(),
                    issue: [DraftIssue::Before, DraftIssue::Issued, DraftIssue::Reissued][usize::from(issue)],
                    place: "the share".into(),
                },
            }),
            Act::CopiedIn { kind, adviser, managers, stated } => Event::CopiedIn {
                follow_up: self.fresh_id(),
                kind,
                by: address(COORDINATOR),
                received_at: self.now,
                adviser: adviser.map(Self::who),
                managers: managers.into_iter().map(Self::who).collect(),
                unknown: vec![address("who@new.example")],
                text: "What?".into(),
                response_required: stated.map(|d| (self.now + Duration::days(d)).date_naive()),
            },
            Act::Roles { follow_up, adviser, manager } => Event::RolesNamed {
                follow_up: self.which(follow_up),
                adviser: Self::who(adviser),
                managers: vec![Self::who(manager)],
            },
            Act::Clarify { adviser, managers } => Event::Clarify {
                follow_up: self.fresh_id(),
                by: address(COORDINATOR),
                adviser: Self::who(adviser),
                managers: managers.into_iter().map(Self::who).collect(),
                why: None,
                text: "What?".into(),
                agreed_with: None,
                about: None,
            },
            Act::Accepted { follow_up } => {
                let id = self.which(follow_up);
                let round = self.case.follow_up(&id).and_then(FollowUp::round);
                let sent = round.map_or(Sending { round: 1, resent: 0 }, Round::sending);
                Event::RequestAccepted { follow_up: id, sent, at: self.now }
            }
            Act::Reply { follow_up, from, weight, seen, repeats } => {
                let id = self.which(follow_up);
                let last = self.case.follow_up(&id).and_then(FollowUp::round).and_then(|r| r.replies.last());
                let earlier = last.and_then(|r| r.message.clone()).filter(|_| repeats);
                Event::Reply(ReplyEvent {
                    follow_up: id,
                    message: source,
                    from: Self::who(from),
                    received_at: self.now,
                    weight,
                    coordinator: seen,
                    manager: seen,
                    repeats: earlier,
                    remarks: Vec::new(),
                })
            }
            Act::Away { who, days } => {
                let until = days.map(|d| (self.now + Duration::days(d)).date_naive());
                Event::Away { away: Away { who: Self::who(who), until, contact: Some("Ann".into()) } }
            }
            Act::Back { who } => Event::Back { who: Self::who(who) },
            Act::Undeliverable { follow_up, who } => Event::Undeliverable {
                follow_up: self.which(follow_up),
                who: Self::who(who),
                reason: "gone".into(),
                source,
            },
            Act::Delayed { follow_up, who } => {
                Event::Delayed { follow_up: self.which(follow_up), who: Self::who(who), source }
            }
            Act::Order { follow_up, order } => {
                Event::Order { follow_up: self.which(follow_up), by: address(COORDINATOR), order }
            }
            Act::ManagerNamed { adviser, manager } => {
                Event::ManagerNamed { adviser: Self::who(adviser), manager: Self::who(manager) }
            }
            Act::CalendarChanged => Event::CalendarChanged,
            Act::Case { order } => Event::Case { by: address(COORDINATOR), order },
            Act::Review => {
                let follow_ups = (0..3).map(|_| self.fresh_id()).collect();
                Event::Review { follow_ups }
            }
        })
    }

    fn step(&mut self, act: &Act) {
        let Some(event) = self.event(act) else { return };
        let rules = Rules { policy: &OFFICE.policy, directory: &OFFICE.directory, now: self.now };
        let decision = decide(self.case.clone(), &event, &rules);
        assert_eq!(decision, decide(self.case.clone(), &event, &rules), "the same event decides the same");
        self.holds(&event, &decision, &rules);
        self.case = decision.case;
    }

    fn holds(&mut self, event: &Event, decision: &Decision, rules: &Rules) {
        for letter in &decision.letters {
            assert!(self.keys.insert(letter.key.clone()), "the key {} twice", letter.key);
            assert!(!letter.to.is_empty(), "{} to nobody", letter.key);
            let of_this_child = letter.follow_up.as_ref().is_some_and(|id| decision.case.follow_up(id).is_some());
            assert!(letter.kind.audience() != Audience::Outside || of_this_child, "{} is about nobody", letter.key);
        }
        a_case_that_is_over_keeps_silent(event, decision);
        for follow_up in &decision.case.follow_ups {
            let before = self.case.follow_up(&follow_up.id);
            letters_are_allowed(follow_up, decision);
            windows_only_grow(before, follow_up, rules);
            only_staff_close(before, follow_up, event);
            clock_is_quiet(before, follow_up, event, decision);
            somebody_or_the_clock_is_next(follow_up, &decision.case, rules);
        }
    }
}

/// A stopped case never writes; a finished one only about its annual review. Whoever was still asked is thanked by the
/// order that ends it, and by nothing later.
fn a_case_that_is_over_keeps_silent(event: &Event, decision: &Decision) {
    let case = &decision.case;
    let ends = matches!(event, Event::Case { .. });
    for letter in decision.letters.iter().filter(|l| l.kind.audience() != Audience::Staff) {
        let thanks = letter.kind == LetterKind::StandDown && ends;
        let follow_up = letter.follow_up.as_ref().and_then(|id| case.follow_up(id));
        let of_review = follow_up.is_some_and(|f| f.kind == FollowUpKind::ReviewContribution);
        if let Some(stop) = &case.register.stop {
            assert!(thanks && stop.manner == StopManner::Thanked, "a stopped case writes {}", letter.key);
        } else if case.register.is_over() {
            assert!(thanks || of_review, "a finished case writes {}", letter.key);
        }
    }
}

fn letters_are_allowed(follow_up: &FollowUp, decision: &Decision) {
    let staff = [address(COORDINATOR), address(SEND_MANAGER)];
    for letter in decision.letters.iter().filter(|l| l.follow_up.as_ref() == Some(&follow_up.id)) {
        let to_adviser = follow_up.adviser.as_ref().is_some_and(|a| letter.to.contains(a));
        let over_them = matches!(letter.kind, LetterKind::Escalation | LetterKind::Responsible);
        assert!(!(over_them && to_adviser), "the adviser is told on to themselves: {}", letter.key);
        for who in letter.to.iter().chain(&letter.cc) {
            let allowed = match letter.kind.audience() {
                Audience::Staff => staff.contains(who),
                Audience::Parent | Audience::Partner => false,
                Audience::Outside => {
                    follow_up.has_party(who) || follow_up.told_responsible.contains(who) || staff.contains(who)
                        || *who == address(SECOND_LEVEL)
                        // A stand-down goes to whoever was told before, perhaps a manager who has been replaced since.
                        || letter.kind == LetterKind::StandDown
                }
            };
            assert!(allowed, "{who} gets {}", letter.key);
            assert!(!follow_up.barred.contains(who), "{who} is barred and gets {}", letter.key);
        }
    }
}

fn windows_only_grow(before: Option<&FollowUp>, after: &FollowUp, rules: &Rules) {
    let calendar = &rules.policy.calendar;
    // Weeks of the law end on any day.
    let in_weeks = after.kind == FollowUpKind::AdviceRequest;
    assert!(
        in_weeks || after.due_on().is_none_or(|due| calendar.is_working(due)),
        "{:?} is no working day",
        after.due_on()
    );
    let same_request =
        |b: &&FollowUp| b.round().map(|r| (r.number, r.resent)) == after.round().map(|r| (r.number, r.resent));
    let earlier = before.filter(same_request).and_then(FollowUp::due_on);
    assert!(earlier.is_none_or(|due| after.due_on().is_some_and(|now| now >= due)), "the due date moved earlier");
}

fn only_staff_close(before: Option<&FollowUp>, after: &FollowUp, event: &Event) {
    let closes = after.stage == Stage::Closed && before.is_none_or(|b| b.stage != Stage::Closed);
    let ends = |order: &Order| match order {
        Order::Close { .. }
        | Order::Accept { .. }
        | Order::NotSought { .. }
        | Order::UsedAsSubmitted { .. }
        | Order::DisputeUpheld
        | Order::Feedback(_) => true,
        Order::Received { .. }
        | Order::Insufficient { .. }
        | Order::NotAdvice
        | Order::Extend { .. }
        | Order::Resend
        | Order::Reopen
        | Order::Cancel { .. }
        | Order::NotKnown
        | Order::DisputeRejected
        | Order::WrongChild
        | Order::Agreed => false,
    };
    let ordered = matches!(event, Event::Order { order, .. } if ends(order));
    // Nobody has to answer a draft check: "no changes" and silence end it.
    let by_itself = after.kind == FollowUpKind::DraftCheck && matches!(event, Event::Reply(_) | Event::Clock { .. });
    assert!(!closes || ordered || by_itself, "closed by {event:?}");
    let opens = before.is_some_and(|b| !b.stage.is_open()) && after.stage.is_open();
    let reopened = matches!(event, Event::Order { order: Order::Reopen, follow_up, .. } if *follow_up == after.id)
        || matches!(event, Event::Case { order: CaseOrder::Reopen, .. });
    assert!(!opens || reopened, "opened again by {event:?}");
}

fn clock_is_quiet(before: Option<&FollowUp>, after: &FollowUp, event: &Event, decision: &Decision) {
    let Event::Clock { mailbox_seen_at } = event else { return };
    let of = |kind: Option<LetterKind>| {
        let own = decision.letters.iter().filter(|l| l.follow_up.as_ref() == Some(&after.id));
        own.filter(|l| kind.is_none_or(|k| l.kind == k)).count()
    };
    assert!(of(Some(LetterKind::Escalation)) + of(Some(LetterKind::Overdue)) <= 1, "one escalation at a time");
    if before.is_some_and(|b| !b.awaits_answer()) || *mailbox_seen_at == DateTime::UNIX_EPOCH {
        assert_eq!(of(None), 0, "the clock writes for {:?}", after.stage);
    }
}

fn somebody_or_the_clock_is_next(follow_up: &FollowUp, case: &Case, rules: &Rules) {
    let runs = follow_up.stage.is_open() && follow_up.stage != Stage::Held;
    assert!(!(follow_up.is_wrong_childs() && runs), "perhaps the wrong child's, and {:?}", follow_up.stage);
    if !follow_up.stage.is_open() || follow_up.wake(rules.policy).is_some() {
        return;
    }
    let waits = matches!(follow_up.stage, Stage::Received | Stage::AwaitingRoles | Stage::Prepared | Stage::Held);
    let at_the_end = follow_up.round().is_some_and(|r| r.level() >= rules.policy.escalation.max);
    let clarified = |f: &FollowUp| f.about.as_ref() == Some(&follow_up.id) && f.stage.is_open();
    let queried = follow_up.stage == Stage::Query && case.follow_ups.iter().any(clarified);
    // Something short has come about a plan draft: nothing is taken for granted, the co-ordinator has it every morning.
    let judged = follow_up.kind == FollowUpKind::DraftCheck && follow_up.stage == Stage::RepliedThin;
    let newest = follow_up.rounds.last();
    assert!(waits || at_the_end || queried || judged, "{:?} waits for nobody: {newest:?}", follow_up.stage);
}

#[test]
fn a_request_that_was_under_way_when_it_was_held_starts_no_clock() {
    for kind in [FollowUpKind::AdviceRequest, FollowUpKind::DraftCheck] {
        let mut world = World::new();
        world.step(&Act::Asked { kind, adviser: 0, managers: vec![], ago: None });
        world.step(&Act::Order { follow_up: 0, order: Order::WrongChild });
        world.step(&Act::Accepted { follow_up: 0 });
        let follow_up = &world.case.follow_ups[0];
        assert_eq!(follow_up.stage, Stage::Held, "{kind:?}");
        assert!(follow_up.round().is_some_and(|r| r.day_zero.is_some()), "{kind:?}: when it left is known");
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if std::env::var_os("FOLLOWUPD_TEST_LONG").is_some() { 20_000 } else { 1_000 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_happens_the_laws_hold(acts in proptest::collection::vec(act(), 1..60)) {
        let mut world = World::new();
        for act in &acts {
            world.step(act);
        }
    }
}
