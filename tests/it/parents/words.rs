//! Every letter that a family can get is rendered and held to what it must say and must never say (`domain.md` 3.6).

use super::*;
use followupd::core::calendar::at_local;
use followupd::core::decide::{Rules, decide};
use followupd::core::event::Event;
use followupd::core::family::{FamilyEvent, NoticeOrder, Running};
use followupd::core::follow_up::{FollowUp, FollowUpKind, Origin, Round, Stage};
use followupd::core::id::FollowUpId;
use followupd::core::letter::{Audience, Letter, LetterKind};
use followupd::core::parent_words::{unsuitable, unsuitable_with_exemption};
use followupd::core::policy::NoticeSignature;
use followupd::core::register::{DraftIssue, Exemption, Phase, PlanDraft, Timescale};
use followupd::letters::compose::{Surroundings, compose};
use followupd::message::parse::parse;
use std::sync::LazyLock;

/// What differs between two letters to a family.
#[derive(Debug, Clone)]
struct Variant {
    today: &'static str,
    role: ContactRole,
    first_name: Option<&'static str>,
    stage: &'static str,
    told: &'static [(&'static str, &'static str)],
    ground: Option<&'static str>,
    sign_as: NoticeSignature,
    words: Option<&'static str>,
}

const STAGES: [&str; 7] = ["nothing", "not asked", "asked", "received", "written", "issued", "reissue"];
const GROUNDS: [Option<&str>; 5] =
    [None, Some("school closed"), Some("early years closed"), Some("personal circumstances"), Some("absent")];
const OWN_WORDS: &str = "Two people in our team have been ill. A colleague writes the plan now.";
/// First notice, revision, update; will be late, late, very late.
const TIMES: [(&str, &[(&str, &str)]); 6] = [
    ("2026-10-13", &[]),
    ("2026-10-21", &[]),
    ("2026-12-01", &[]),
    ("2026-10-19", &[("2026-10-16", "2026-09-30")]),
    ("2026-12-01", &[("2026-10-30", "2026-10-05"), ("2026-11-27", "2026-11-02")]),
    ("2026-12-01", &[("2027-03-26", "2026-10-20")]),
];

/// Everything that changes what a letter says, in all combinations; who signs changes by turns, and a reason in the
/// co-ordinator's words takes the place of what the stage would say.
fn variants() -> Vec<Variant> {
    let mut all = Vec::new();
    for (today, told) in TIMES {
        for role in [ContactRole::Parent, ContactRole::YoungPerson, ContactRole::Representative] {
            for first_name in [Some("Robin"), None] {
                for (ground, stage) in GROUNDS.into_iter().flat_map(|ground| STAGES.map(|stage| (ground, stage))) {
                    for words in [None, Some(OWN_WORDS)].into_iter().filter(|w| w.is_none() || stage == "asked") {
                        let by_turns = [NoticeSignature::Coordinator, NoticeSignature::Team];
                        let sign_as = by_turns[all.len() % 2];
                        all.push(Variant { today, role, first_name, stage, told, ground, sign_as, words });
                    }
                }
            }
        }
    }
    all
}

impl Variant {
    /// Built once for each way to sign: a stationery tries all its templates.
    fn office(&self) -> &'static followupd::engine::Office {
        static BY_NAME: LazyLock<followupd::engine::Office> = LazyLock::new(|| rules(policy()));
        static BY_TEAM: LazyLock<followupd::engine::Office> = LazyLock::new(|| {
            let mut policy = policy();
            policy.parents.sign_as = NoticeSignature::Team;
            rules(policy)
        });
        match self.sign_as {
            NoticeSignature::Coordinator => &BY_NAME,
            NoticeSignature::Team => &BY_TEAM,
        }
    }

    fn case(&self) -> Case {
        let mut case = named_case(CASE, vec![contact("Ms Winter", ANN, self.role)]);
        case.register.first_name = self.first_name.map(ToOwned::to_owned);
        case.register.born = Some(date("2017-02-03"));
        for (told, on) in self.told {
            let (date, told_on) = (date(told), date(on));
            case.register.told.push(Timescale { date, told_on, to: "Ms Winter".into() });
        }
        case.register.exemptions.extend(self.ground.map(|ground| Exemption {
            ground: ground.into(),
            phase: Phase::Week20,
            from: None,
            to: None,
            narrative: "The family was in Malta, and the autism report of Dr Lee is missing.".into(),
            by: address(COORDINATOR),
            on: date("2026-09-01"),
            told_parent_on: None,
        }));
        self.reach_stage(&mut case);
        case
    }

    fn reach_stage(&self, case: &mut Case) {
        let mut plan = |issue| {
            case.register.plan_drafts.push(PlanDraft { on: date("2026-10-09"), issue, place: "link".into() });
        };
        match self.stage {
            "written" => plan(DraftIssue::Before),
            "issued" => plan(DraftIssue::Issued),
            "reissue" => {
                plan(DraftIssue::Issued);
                case.register.reissue_since = Some(date("2026-10-12"));
            }
            "not asked" => case.follow_ups.push(advice(Stage::Prepared)),
            "asked" => case.follow_ups.push(advice(Stage::Open)),
            "received" => case.follow_ups.push(advice(Stage::Received)),
            _ => {}
        }
    }

    /// The letters to the family that this case brings, as final mails.
    fn letters(&self) -> Vec<(Letter, String, String)> {
        let office = self.office();
        let policy = &office.policy;
        let now = at_local(date(self.today), "10:00:00".parse().unwrap(), policy.zone);
        let rules = Rules { policy, directory: &office.directory, now };
        let mut case = self.case();
        if let Some(words) = self.words {
            let named =
                FamilyEvent::NewDate { by: address(COORDINATOR), date: date("2027-02-26"), reason: Some(words.into()) };
            case = decide(case, &Event::Family(named), &rules).case;
        } else {
            // As if Monday's morning had seen it already.
            case.register.family.slipping_since = Some(date("2026-10-01"));
            case = decide(case, &Event::Family(FamilyEvent::Morning(Running::Steadily)), &rules).case;
        }
        let send = FamilyEvent::Ordered { by: address(COORDINATOR), order: NoticeOrder::Send };
        let sent = decide(case, &Event::Family(send), &rules).letters;
        sent.into_iter()
            .filter(|letter| letter.kind.audience() == Audience::Parent)
            .map(|letter| {
                let around = Surroundings { case_reference: CASE.into(), now: Some(now), ..Surroundings::default() };
                let composed = compose(&letter, &around, &office.stationery).unwrap();
                let mail = parse(&composed.bytes);
                let text = mail.text.unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
                (letter, composed.subject, text)
            })
            .collect()
    }
}

/// Advice that Dr Lee was asked for.
fn advice(stage: Stage) -> FollowUp {
    let id = FollowUpId::from_random([7; 8]);
    let asked = at_local(date("2026-09-21"), "10:00:00".parse().unwrap(), chrono_tz::Europe::London);
    let mut round = Round::new(1, "Her autism report, please.".into(), None);
    round.start(date("2026-09-21"), date("2027-03-01"));
    let mut follow_up =
        FollowUp::new(id, FollowUpKind::AdviceRequest, Origin::Sent, address(COORDINATOR), round, asked);
    follow_up.adviser = Some(address(ADVISER));
    follow_up.service = Some("Community Paediatrics".into());
    follow_up.stage = stage;
    if stage == Stage::Received {
        follow_up.ended_at = Some(asked);
    }
    follow_up
}

#[test]
fn every_letter_to_a_family_says_what_it_must_and_nothing_that_it_must_not() {
    let mut seen = std::collections::BTreeMap::<LetterKind, usize>::new();
    for variant in variants() {
        for (letter, subject, text) in variant.letters() {
            *seen.entry(letter.kind).or_default() += 1;
            holds_what_it_must(&variant, &letter, &text);
            holds_nothing_else(&variant, &subject, &text);
        }
    }
    assert!(seen[&LetterKind::ParentNotice] > 900 && seen[&LetterKind::ParentUpdate] > 100, "{seen:?}");
}

fn holds_what_it_must(variant: &Variant, letter: &Letter, text: &str) {
    let has = |phrase: &str| assert!(text.contains(phrase), "{phrase:?} is missing: {variant:?}\n{text}");
    has("Dear Ms Winter,");
    has("education, health and care plan");
    has(&format!("Our reference is {CASE}"));
    has("By law we should");
    has("by Monday 19 October 2026");
    has("20 weeks after Monday 1 June 2026");
    has("sorry");
    has("expect to send you the final plan by");
    has("If that changes, we will write to you again.");
    has("You do not need to do anything now.");
    has("what you think of");
    has("Your right to appeal has not changed.");
    has("phone 01632 960001");
    has("You can also answer this e-mail.");
    has("SENDIASS");
    has("free and impartial");
    has("You can complain to the council");
    has("large print");
    has("call 999");
    has("SEND team, Example County Council");
    let is_late = variant.today > "2026-10-19";
    match (letter.kind, is_late) {
        (LetterKind::ParentUpdate, _) => has("The plan is not finished yet."),
        (_, true) => has("We have not met that date."),
        (_, false) => has("we will not meet that date."),
    }
    assert_eq!(text.contains("Ombudsman"), variant.today > "2026-11-16", "{variant:?}\n{text}");
    assert_eq!(text.contains("exemption"), variant.ground.is_some(), "{variant:?}\n{text}");
    match variant.role {
        ContactRole::YoungPerson => has("your education, health and care plan"),
        ContactRole::Parent if variant.first_name.is_none() => has("your child's education"),
        ContactRole::Representative if variant.first_name.is_none() => has("the education"),
        ContactRole::Parent | ContactRole::Representative => has("Robin's education"),
    }
    if let Some(words) = variant.words {
        has(words);
    }
}

fn holds_nothing_else(variant: &Variant, subject: &str, text: &str) {
    let found = if variant.ground.is_some() { unsuitable_with_exemption(text) } else { unsuitable(text) };
    assert_eq!(found, None, "{variant:?}\n{text}");
    for never in
        ["Dr Lee", "Paediatrics", "autism", "Malta", "2017", "R.W.", "FU-", ADVISER, "Winter's", "  ", "None", "{{"]
    {
        assert!(!text.contains(never), "{never:?} stands in it: {variant:?}\n{text}");
    }
    for never in ["Robin", "Winter", "EHC", "plan", "child"] {
        assert!(!subject.contains(never), "{never:?} stands in the subject {subject:?}");
    }
}
