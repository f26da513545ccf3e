//! A whole authority from a number: cases and follow-ups in every state, the same for the same number.

use crate::office::{COORDINATOR, DEPUTY, Office, SEND_MANAGER, address};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use followupd::core::calendar::{at_local, local_date};
use followupd::core::case::{Case, CaseId};
use followupd::core::follow_up::*;
use followupd::core::id::{CaseRef, FollowUpId};
use followupd::core::policy::Policy;
use followupd::core::register::*;
use followupd::core::timescale::outlook_of;

pub const SERVICES: [Option<&str>; 5] =
    [Some("CAMHS"), Some("Community Paediatrics"), Some("Occupational Therapy"), Some("Social Care"), None];
const REASONS: [Option<&str>; 4] = [Some("unclear"), Some("incomplete"), Some("jargon"), None];
const GONE: &str = "gone.away@council.example";

/// A sequence of numbers (Knuth's constants).
pub struct Dice(u64);

impl Dice {
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn often(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize].clone()
    }
}

/// So many cases, stored; each as the service would have left it at `now`.
pub async fn stored(office: &Office, seed: u64, cases: usize) -> Vec<Case> {
    let policy = office.engine.office().policy.clone();
    let mut dice = Dice(seed);
    let mut tx = office.engine.store().begin().await.unwrap();
    let mut all = Vec::new();
    for number in 0..cases {
        let case = a_case(&mut dice, number, office.now, &policy);
        tx.save_case(&case, 0, &policy).await.unwrap();
        if let Some(outlook) = outlook_of(&case, local_date(office.now, policy.zone), &policy) {
            tx.note_outlook(&case.id, &outlook).await.unwrap();
        }
        all.push(case);
    }
    tx.commit().await.unwrap();
    all
}

fn a_case(dice: &mut Dice, number: usize, now: DateTime<Utc>, policy: &Policy) -> Case {
    let today = local_date(now, policy.zone);
    let reference = format!("EHC-2026-{number:05}");
    let named = dice.often(90);
    let id = if named { reference.clone() } else { format!("FU-NONE-{number:04}") };
    let who = dice.one(&[COORDINATOR, COORDINATOR, DEPUTY, DEPUTY, SEND_MANAGER, GONE]);
    let mut case = Case::new(CaseId(id), named.then(|| CaseRef::new(&reference)), address(who));
    case.register = register(dice, today);
    for place in 0..dice.below(5) {
        let follow_up = a_follow_up(dice, number as u64 * 8 + place, now, policy);
        case.follow_ups.push(FollowUp { coordinator: case.coordinator.clone(), ..follow_up });
    }
    let advice = case.follow_ups.iter().find(|f| f.kind == FollowUpKind::AdviceRequest).map(|f| f.id.clone());
    for follow_up in case.follow_ups.iter_mut().filter(|f| f.kind == FollowUpKind::Clarification) {
        follow_up.about = advice.clone().filter(|_| dice.often(50));
    }
    case
}

fn register(dice: &mut Dice, today: NaiveDate) -> Register {
    let by = address(COORDINATOR);
    let mut register = Register { opened_on: dice.often(80).then_some(today), ..Register::default() };
    register.requested_on = dice.often(80).then(|| today - Days::new(dice.below(500)));
    if dice.often(20) {
        let phase = dice.one(&[Phase::Week6, Phase::Advice, Phase::Week16, Phase::Week20]);
        register.exemptions.push(Exemption {
            ground: "appointment missed".into(),
            phase,
            from: None,
            to: None,
            narrative: "Not brought.".into(),
            by: by.clone(),
            on: today,
            told_parent_on: None,
        });
    }
    if dice.often(20) {
        let theme = Some("capacity".to_owned());
        let text = "Vacancies.".to_owned();
        register.notes.push(Note { kind: NoteKind::Narrative, on: today, by: by.clone(), with: None, theme, text });
    }
    if dice.often(30) {
        register.rulings.push(Ruling { what: RulingKind::Assess, on: today, by });
    }
    if dice.often(20) {
        register.final_on = register.requested_on.map(|from| (from + Days::new(dice.below(420))).min(today));
    } else if dice.often(10) {
        register.reissue_since = Some(today);
    }
    if dice.often(15) {
        let date = today - Days::new(10) + Days::new(dice.below(20));
        register.told.push(Timescale { date, told_on: today - Days::new(30), to: "Parent".into() });
    }
    register
}

fn a_follow_up(dice: &mut Dice, number: u64, now: DateTime<Utc>, policy: &Policy) -> FollowUp {
    let today = local_date(now, policy.zone);
    let kind = dice.one(&[
        FollowUpKind::AdviceRequest,
        FollowUpKind::AdviceRequest,
        FollowUpKind::Clarification,
        FollowUpKind::Clarification,
        FollowUpKind::Clarification,
        FollowUpKind::DraftCheck,
    ]);
    let zero = today - Days::new(dice.below(120));
    let opened_at = at_local(zero, policy.report.at, policy.zone);
    let mut first = Round::new(1, "How often?".into(), dice.one(&REASONS).map(ToOwned::to_owned));
    let due = kind.due(zero, policy).unwrap();
    first.start(zero, due);
    if dice.often(15) {
        first.due_on = Some(policy.calendar.add_working_days(due, 3));
    }
    let id = FollowUpId::from_random((number * 7_919 + 13).to_be_bytes());
    let mut follow_up = FollowUp::new(id, kind, Origin::Sent, address(COORDINATOR), first, opened_at);
    follow_up.service = dice.one(&SERVICES).map(ToOwned::to_owned);
    follow_up.agreed_with = dice.often(60).then(|| SEND_MANAGER.to_owned());
    for level in 1..=u32::try_from(dice.below(4)).unwrap() {
        follow_up.rounds[0].escalations.push(Escalated::new(level, now));
    }
    lived(dice, &mut follow_up, now, policy);
    follow_up
}

/// What became of it.
fn lived(dice: &mut Dice, follow_up: &mut FollowUp, now: DateTime<Utc>, policy: &Policy) {
    let opened = follow_up.opened_at;
    let later = |dice: &mut Dice| (opened + Duration::hours(i64::try_from(dice.below(1_500)).unwrap())).min(now);
    let full = |at| Reply::new(None, None, at, None);
    match dice.below(10) {
        0 => follow_up.stage = Stage::AwaitingRoles,
        1 => {
            follow_up.stage = Stage::Held;
            let reasons = [HoldReason::NobodyReached, HoldReason::WrongChild];
            follow_up.hold = Some(dice.one(&reasons));
        }
        2..=4 => follow_up.stage = Stage::Open,
        5 => {
            follow_up.stage = Stage::Received;
            follow_up.rounds[0].replies.push(full(later(dice)));
        }
        6 => {
            // Insufficient: asked again, and open once more.
            follow_up.rounds[0].replies.push(full(later(dice)));
            let zero = local_date(later(dice), policy.zone);
            let mut second = Round::new(2, "And by whom?".into(), dice.one(&REASONS).map(ToOwned::to_owned));
            second.start(zero, follow_up.kind.due(zero, policy).unwrap());
            follow_up.rounds.push(second);
            follow_up.stage = Stage::Open;
        }
        7 if follow_up.kind == FollowUpKind::AdviceRequest => {
            follow_up.stage = Stage::Declined;
            follow_up.not_known_on = Some(local_date(later(dice), policy.zone));
        }
        7 | 8 => {
            let received = later(dice);
            follow_up.rounds[0].replies.push(full(received));
            follow_up.stage = Stage::Closed;
            follow_up.ended_at = Some((received + Duration::hours(30)).min(now));
            follow_up.outcome = match follow_up.kind {
                FollowUpKind::DraftCheck => Some(dice.one(&[Outcome::Confirmed, Outcome::FeedbackOther])),
                FollowUpKind::AdviceRequest
                | FollowUpKind::Clarification
                | FollowUpKind::ReviewContribution
                | FollowUpKind::ParentAnswer
                | FollowUpKind::AssessmentReturn
                | FollowUpKind::Action => Some(Outcome::Accepted),
            };
            follow_up.manager_not_copied = follow_up.kind == FollowUpKind::DraftCheck && dice.often(40);
        }
        _ => {
            follow_up.ended_at = Some(later(dice));
            let stages = [Stage::Cancelled, Stage::Closed];
            follow_up.stage = dice.one(&stages);
            let endings = [Outcome::NotSought, Outcome::DisputeUpheld, Outcome::EndedWithCase];
            let named = follow_up.kind == FollowUpKind::AdviceRequest && dice.often(80);
            follow_up.outcome = named.then(|| dice.one(&endings));
            if follow_up.kind == FollowUpKind::DraftCheck && follow_up.stage == Stage::Closed {
                follow_up.outcome = Some(Outcome::NoResponse);
            }
        }
    }
}
