//! What holds for families whatever happens and in whatever order.

use super::*;
use chrono::{DateTime, Days, Duration, Utc};
use followupd::core::calendar::at_local;
use followupd::core::decide::{Rules, decide};
use followupd::core::event::Event;
use followupd::core::family::{FamilyEvent, FamilyMail, NoticeOrder, Proof, Running};
use followupd::core::follow_up::{FollowUp, FollowUpKind, Origin, Round, Stage};
use followupd::core::id::FollowUpId;
use followupd::core::letter::{Audience, Letter, LetterKind};
use followupd::core::register::{DraftIssue, PlanDraft, Stop, StopManner};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Something that can happen on a working day.
#[derive(Debug, Clone)]
enum Deed {
    Days(u64),
    Order(u8),
    NewDate(u64),
    Writes,
    Answered,
    Unconfirmed,
    AdviceComes,
    Drafted,
    Reissue,
    Stopped,
    Finished,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        8 => (1..12_u64).prop_map(Deed::Days),
        2 => (0..4_u8).prop_map(Deed::Order),
        1 => (1..80_u64).prop_map(Deed::NewDate),
        1 => Just(Deed::Writes),
        1 => Just(Deed::Answered),
        1 => Just(Deed::Unconfirmed),
        1 => Just(Deed::AdviceComes),
        1 => Just(Deed::Drafted),
        1 => Just(Deed::Reissue),
        1 => prop_oneof![3 => Just(Deed::Writes), 1 => Just(Deed::Stopped), 1 => Just(Deed::Finished)],
    ]
}

static POLICY: LazyLock<Policy> = LazyLock::new(policy);
static OFFICE: LazyLock<followupd::engine::Office> = LazyLock::new(|| rules(policy()));

struct World {
    case: Case,
    now: DateTime<Utc>,
    ids: u8,
    told: BTreeSet<(String, NaiveDate)>,
}

impl World {
    fn new() -> Self {
        let mut case = named_case(CASE, vec![parent("Ms Winter", ANN), parent("Mr Winter", TOM)]);
        let now = at_local(date("2026-09-14"), "10:00:00".parse().unwrap(), POLICY.zone);
        let mut round = Round::new(1, "How often?".into(), None);
        round.start(date("2026-09-14"), date("2026-09-21"));
        let id = FollowUpId::from_random([9; 8]);
        let mut follow_up =
            FollowUp::new(id, FollowUpKind::Clarification, Origin::Sent, address(COORDINATOR), round, now);
        follow_up.stage = Stage::Open;
        case.follow_ups.push(follow_up);
        Self { case, now, ids: 0, told: BTreeSet::new() }
    }

    fn happens(&mut self, event: &Event) {
        let before = self.case.clone();
        let rules = Rules { policy: &POLICY, directory: &OFFICE.directory, now: self.now };
        let decision = decide(before.clone(), event, &rules);
        assert_eq!(decision, decide(before.clone(), event, &rules), "the same case and event decide the same");
        for letter in &decision.letters {
            self.holds(&before, letter);
        }
        self.case = decision.case;
        for letter in decision.letters {
            self.arrives(&letter);
        }
    }

    /// The laws.
    fn holds(&self, before: &Case, letter: &Letter) {
        if letter.kind.audience() != Audience::Parent {
            return;
        }
        assert!(before.register.stop.is_none(), "a stopped case writes to nobody: {letter:?}");
        assert_eq!(letter.to.len(), 1, "each alone");
        assert!(letter.cc.is_empty());
        let contact = before.register.contact(&letter.to[0]);
        assert!(contact.is_some_and(|c| POLICY.parents.may_write_to(c)), "only to a confirmed contact: {letter:?}");
        if letter.kind != LetterKind::ParentAcknowledgement {
            assert!(!before.register.is_over(), "nothing about a plan that is out: {letter:?}");
            let answered = before.follow_ups.iter().all(|f| f.kind != FollowUpKind::ParentAnswer || !f.stage.is_open());
            let is_ordered = before.register.family.in_hand().is_some();
            assert!(answered || is_ordered, "nothing automatic while a parent waits");
        }
    }

    /// The relay takes every letter at once.
    fn arrives(&mut self, letter: &Letter) {
        if !matches!(letter.kind, LetterKind::ParentNotice | LetterKind::ParentUpdate) {
            return;
        }
        let to = letter.to[0].clone();
        if letter.kind == LetterKind::ParentNotice {
            let date = letter.facts.notice.date.unwrap();
            assert!(self.told.insert((to.to_string(), date)), "{to} gets two delay notices with {date}");
        }
        let number = letter.key.rsplit('/').next().unwrap().split(['.', '-']).next().unwrap().parse().unwrap();
        let on = self.today();
        self.happens(&Event::Family(FamilyEvent::Told { number, to, on }));
    }

    fn today(&self) -> NaiveDate {
        followupd::core::calendar::local_date(self.now, POLICY.zone)
    }

    fn does(&mut self, deed: &Deed) {
        let by = address(COORDINATOR);
        let today = self.today();
        match deed {
            Deed::Days(days) => {
                for _ in 0..*days {
                    self.now = at_local(
                        POLICY.calendar.next_working_day(self.today()),
                        "07:00:00".parse().unwrap(),
                        POLICY.zone,
                    );
                    self.happens(&Event::Family(FamilyEvent::Morning(Running::Steadily)));
                    self.now += Duration::hours(4);
                    self.happens(&Event::Clock { mailbox_seen_at: self.now });
                }
            }
            Deed::Order(order) => {
                let order = [NoticeOrder::Send, NoticeOrder::Wait, NoticeOrder::DontSend, NoticeOrder::Unclear]
                    [usize::from(*order)]
                .clone();
                self.happens(&Event::Family(FamilyEvent::Ordered { by, order }));
            }
            Deed::NewDate(days) => {
                let date = today.checked_add_days(Days::new(*days)).unwrap();
                self.happens(&Event::Family(FamilyEvent::NewDate { by, date, reason: None }));
            }
            Deed::Writes => {
                self.ids = self.ids.wrapping_add(1);
                self.happens(&Event::Family(FamilyEvent::Wrote(FamilyMail {
                    acknowledged: Default::default(),
                    follow_up: FollowUpId::from_random([self.ids; 8]),
                    message: format!("MSG-{}", self.ids),
                    header_id: None,
                    from: address(ANN),
                    received_at: self.now,
                    proof: Proof::Good,
                })));
            }
            Deed::Answered => {
                for follow_up in self.case.follow_ups.iter_mut().filter(|f| f.kind == FollowUpKind::ParentAnswer) {
                    follow_up.stage = Stage::Closed;
                }
            }
            Deed::Unconfirmed => self.case.register.contacts[1].verified = None,
            Deed::AdviceComes => self.case.follow_ups[0].stage = Stage::Closed,
            Deed::Drafted => {
                let draft = PlanDraft { on: today, issue: DraftIssue::Issued, place: "link".into() };
                self.case.register.plan_drafts.push(draft);
                self.case.register.reissue_since = None;
            }
            Deed::Reissue => self.case.register.reissue_since = Some(today),
            Deed::Stopped => {
                let (at, manner) = (self.now, StopManner::Silent);
                self.case.register.stop = Some(Stop { manner, at, by, reason: None, confirmed_at: None });
            }
            Deed::Finished => self.case.register.final_on = Some(today),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_parent_gets_two_delay_notices_with_one_date_and_a_stopped_case_never_writes(deeds in prop::collection::vec(deed(), 1..40)) {
        let mut world = World::new();
        for deed in &deeds {
            world.does(deed);
        }
    }
}
