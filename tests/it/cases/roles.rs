//! Who may give which command, and whether each state has the commands that lead out of it.

use crate::office::*;
use followupd::core::case::{Case, CaseId};
use followupd::core::command::{CommandRole, Confirmation, Verb};
use followupd::core::decide::{Rules, decide};
use followupd::core::event::{Because, Event, Feedback, Order};
use followupd::core::follow_up::{FollowUp, FollowUpKind, Origin, Reply, Round, Stage, Ticks};
use followupd::core::id::{CaseRef, FollowUpId};
use std::fmt::Write;

#[test]
fn each_role_may_give_these_commands() {
    let roles = [CommandRole::C, CommandRole::D, CommandRole::M, CommandRole::I, CommandRole::Respondent];
    let mut table = String::from("C D M I R");
    for verb in Verb::ALL {
        table.push('\n');
        for role in roles {
            let _ = write!(table, "{} ", if verb.roles().contains(&role) { "x" } else { "-" });
        }
        let confirmed = match verb.confirmation() {
            Confirmation::None => "",
            Confirmation::ReadBack => " ✓",
            Confirmation::SecondPerson => " ②",
        };
        let _ = write!(table, "{}{confirmed}", verb.words());
    }
    insta::assert_snapshot!(table, @"
    C D M I R
    x x x - - NEW CASE ✓
    x x x - - CORRECT ✓
    x x x - - IMPORT ✓
    x x x - - REQUEST ADVICE
    x x x - - ADVICE ASKED
    x x x - - CLARIFY
    x x x - - NOTE
    x x x - - USED AS SUBMITTED
    x x x - - RECEIVED
    x x x - - ACCEPT
    x x x - - CLOSE
    x x x - - INSUFFICIENT
    x x x - - NOT ADVICE
    x x x - - NOT KNOWN
    x x x - - DISPUTE UPHELD
    x x x - - DISPUTE REJECTED
    x x x - - WRONG CHILD
    x x x - - EXTEND
    x x x - - REOPEN
    x x x - - CANCEL
    x x x - - RESEND
    x x x - - NOT SOUGHT
    - - x - - AGREED
    x x x - - ABSENT
    x x x - - MANAGER
    x x x - - DRAFT ISSUED
    x x x - - REISSUED
    x x x - - FEEDBACK NONE
    x x x - - FEEDBACK PARENT
    x x x - - FEEDBACK OTHER
    x x x - - DECISION ASSESS
    x x x - - DECISION NO ASSESSMENT
    x x x - - DECISION NO PLAN
    x x x - - FINAL ISSUED
    x x x - - EXEMPTION
    x x x - - NEW DATE
    x x x - - SEND
    x x x - - WAIT
    x x x - - DON'T SEND
    x x x - - STOP ✓
    x x x - - STOP SILENT ✓
    x x x - - RESUME ②
    x x x - - CONTACT ②
    x x x - - POSTED
    x x x - - REASSIGN
    - - x - - REASSIGN ALL
    x x x - - NARRATIVE
    x x x - - MATCH
    x x x - - IGNORE
    - - x - - LEGAL HOLD ON
    - - x - - LEGAL HOLD OFF
    - - x - - PAUSE ALL
    - - x - - UNPAUSE ALL ②
    - - x - - RELEASE ✓
    - - x - - DISCARD
    x x x - - STATUS
    x x x - - LIST
    x x x - - REPORT
    x x x x x HELP
    - - x x - ROUND START
    - - x x - ROUND STATUS
    - - x x - ROUND CLOSE
    - - x x - ROUND RESULT
    - - - - x AMEND
    - - x x x ACTION DONE
    x x x x - YES
    ");
}

#[tokio::test]
async fn a_command_that_is_not_for_a_co_ordinator_does_nothing_in_their_hand() {
    let lines = [
        ("AGREED", "AGREED FU-7KQ2-M4XD"),
        ("REASSIGN ALL", "REASSIGN ALL FROM Cora Lane TO Dev Patel"),
        ("LEGAL HOLD ON", "LEGAL HOLD EHC-2026-0412 ON"),
        ("LEGAL HOLD OFF", "LEGAL HOLD EHC-2026-0412 OFF"),
        ("PAUSE ALL", "PAUSE ALL"),
        ("UNPAUSE ALL", "UNPAUSE ALL"),
        ("RELEASE", "RELEASE ALL"),
        ("DISCARD", "DISCARD ALL"),
        ("ROUND START", "ROUND START"),
        ("ROUND STATUS", "ROUND STATUS"),
        ("ROUND CLOSE", "ROUND CLOSE"),
        ("ROUND RESULT", "ROUND RESULT"),
        ("AMEND", "AMEND 3: yes"),
        ("ACTION DONE", "ACTION 3 DONE"),
    ];
    let barred: Vec<&str> =
        Verb::ALL.iter().filter(|v| !v.roles().contains(&CommandRole::C)).map(|v| v.words()).collect();
    assert_eq!(lines.map(|(words, _)| words).to_vec(), barred, "every such command is tried below");
    let somebody = FollowUpId::from_random([1; 8]).to_string();
    for (words, line) in lines {
        let line = line.replace("FU-7KQ2-M4XD", &somebody);
        let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
        office.orders(&line).await;
        office.told(COORDINATOR, "receipt", "is not for your role");
        assert!(office.since(0).iter().all(|l| l.ends_with(COORDINATOR)), "{words}");
    }
}

/// What a member of staff can write about a follow-up, by the verb that means it.
fn orders() -> Vec<(&'static str, Order)> {
    let reason = None;
    let to = "2026-12-18".parse().unwrap();
    vec![
        ("ACCEPT", Order::Accept { ticks: Ticks::default() }),
        ("CLOSE", Order::Close { reason: reason.clone() }),
        ("RECEIVED", Order::Received { on: None, how: None }),
        ("INSUFFICIENT", Order::Insufficient { why: None, text: "More.".into() }),
        ("NOT ADVICE", Order::NotAdvice),
        ("NOT SOUGHT", Order::NotSought { reason: "All three agree.".into() }),
        ("USED AS SUBMITTED", Order::UsedAsSubmitted { with: None, text: "As it is.".into() }),
        ("NOT KNOWN", Order::NotKnown),
        ("DISPUTE UPHELD", Order::DisputeUpheld),
        ("DISPUTE REJECTED", Order::DisputeRejected),
        ("WRONG CHILD", Order::WrongChild),
        ("EXTEND", Order::Extend { to, reason: reason.clone() }),
        ("RESEND", Order::Resend),
        ("REOPEN", Order::Reopen),
        ("CANCEL", Order::Cancel { reason }),
        ("FEEDBACK NONE", Order::Feedback(Feedback::None)),
        ("FEEDBACK PARENT", Order::Feedback(Feedback::Parent)),
        ("FEEDBACK OTHER", Order::Feedback(Feedback::Other)),
    ]
}

fn standing(kind: FollowUpKind, stage: Stage) -> Case {
    let mut case = Case::new(CaseId(CASE.into()), Some(CaseRef::new(CASE)), address(COORDINATOR));
    let mut round = Round::new(1, "What?".into(), None);
    let now = at("Wed 04 Nov 2026 10:00");
    if !matches!(stage, Stage::Prepared) {
        round.start("2026-11-02".parse().unwrap(), "2026-11-09".parse().unwrap());
    }
    if matches!(stage, Stage::Received | Stage::RepliedThin | Stage::Query) {
        round.replies.push(Reply::new(None, Some(address(ADVISER)), now, None));
    }
    let mut follow_up =
        FollowUp::new(FollowUpId::from_random([1; 8]), kind, Origin::Sent, address(COORDINATOR), round, now);
    follow_up.stage = stage;
    follow_up.managers = vec![address(MANAGER)];
    follow_up.adviser = (stage != Stage::AwaitingRoles).then(|| address(ADVISER));
    case.follow_ups.push(follow_up);
    case
}

#[test]
fn each_state_of_the_protocol_has_commands_that_lead_out_of_it() {
    let office = rules(policy());
    let rules = Rules { policy: &office.policy, directory: &office.directory, now: at("Wed 04 Nov 2026 11:00") };
    let stages = [
        Stage::AwaitingRoles,
        Stage::Prepared,
        Stage::Open,
        Stage::RepliedThin,
        Stage::Received,
        Stage::Query,
        Stage::Declined,
        Stage::Held,
        Stage::Closed,
        Stage::Cancelled,
    ];
    let mut table = String::new();
    for kind in [FollowUpKind::AdviceRequest, FollowUpKind::Clarification, FollowUpKind::DraftCheck] {
        let _ = writeln!(table, "{}", kind.words());
        for stage in stages {
            let mut ways = Vec::new();
            let mut ends = false;
            for (words, order) in orders() {
                let verb = Verb::ALL.iter().find(|v| v.words() == words).unwrap_or_else(|| panic!("no verb {words}"));
                assert!(verb.roles().contains(&CommandRole::C), "{words} is for the co-ordinator");
                let id = FollowUpId::from_random([1; 8]);
                let event = Event::Order { follow_up: id.clone(), by: address(COORDINATOR), order };
                let decision = decide(standing(kind, stage), &event, &rules);
                let after = decision.case.follow_up(&id).unwrap().stage;
                if matches!(decision.because, Because::Done(_)) {
                    ends |= !after.is_open();
                    ways.push(format!("{words} → {after:?}"));
                }
            }
            assert!(!ways.is_empty() && (ends || !stage.is_open()), "{kind:?} {stage:?} has no way out: {ways:?}");
            let _ = writeln!(table, "  {stage:?}: {}", ways.join(", "));
        }
    }
    insta::assert_snapshot!(table, @"
    advice request
      AwaitingRoles: ACCEPT → Closed, RECEIVED → Received, DISPUTE UPHELD → Closed, CANCEL → Cancelled
      Prepared: ACCEPT → Closed, RECEIVED → Received, DISPUTE UPHELD → Closed, WRONG CHILD → Held, RESEND → Prepared, CANCEL → Cancelled
      Open: ACCEPT → Closed, RECEIVED → Received, NOT KNOWN → Declined, DISPUTE UPHELD → Closed, WRONG CHILD → Held, EXTEND → Open, CANCEL → Cancelled
      RepliedThin: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, NOT ADVICE → Open, USED AS SUBMITTED → Closed, NOT KNOWN → Declined, DISPUTE UPHELD → Closed, WRONG CHILD → Held, EXTEND → Open, CANCEL → Cancelled
      Received: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, NOT ADVICE → Open, USED AS SUBMITTED → Closed, NOT KNOWN → Declined, DISPUTE UPHELD → Closed, WRONG CHILD → Held, CANCEL → Cancelled
      Query: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, USED AS SUBMITTED → Closed, DISPUTE UPHELD → Closed, WRONG CHILD → Held, CANCEL → Cancelled
      Declined: ACCEPT → Closed, RECEIVED → Received, DISPUTE UPHELD → Closed, WRONG CHILD → Held, CANCEL → Cancelled
      Held: ACCEPT → Closed, RECEIVED → Received, DISPUTE UPHELD → Closed, WRONG CHILD → Held, RESEND → Prepared, CANCEL → Cancelled
      Closed: REOPEN → Open
      Cancelled: REOPEN → Open
    clarification
      AwaitingRoles: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, USED AS SUBMITTED → Closed, DISPUTE UPHELD → Closed, CANCEL → Cancelled
      Prepared: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, USED AS SUBMITTED → Closed, DISPUTE UPHELD → Closed, WRONG CHILD → Held, RESEND → Prepared, CANCEL → Cancelled
      Open: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, INSUFFICIENT → Prepared, USED AS SUBMITTED → Closed, DISPUTE UPHELD → Closed, WRONG CHILD → Held, EXTEND → Open, CANCEL → Cancelled
      RepliedThin: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, INSUFFICIENT → Prepared, NOT ADVICE → Open, USED AS SUBMITTED → Closed, DISPUTE UPHELD → Closed, WRONG CHILD → Held, EXTEND → Open, CANCEL → Cancelled
      Received: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, INSUFFICIENT → Prepared, NOT ADVICE → Open, USED AS SUBMITTED → Closed, DISPUTE UPHELD → Closed, WRONG CHILD → Held, CANCEL → Cancelled
      Query: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, USED AS SUBMITTED → Closed, DISPUTE UPHELD → Closed, WRONG CHILD → Held, CANCEL → Cancelled
      Declined: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, USED AS SUBMITTED → Closed, DISPUTE UPHELD → Closed, WRONG CHILD → Held, CANCEL → Cancelled
      Held: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, USED AS SUBMITTED → Closed, DISPUTE UPHELD → Closed, WRONG CHILD → Held, RESEND → Prepared, CANCEL → Cancelled
      Closed: REOPEN → Open
      Cancelled: REOPEN → Open
    draft check
      AwaitingRoles: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, CANCEL → Cancelled, FEEDBACK NONE → Closed, FEEDBACK PARENT → Closed, FEEDBACK OTHER → Closed
      Prepared: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, WRONG CHILD → Held, RESEND → Prepared, CANCEL → Cancelled, FEEDBACK NONE → Closed, FEEDBACK PARENT → Closed, FEEDBACK OTHER → Closed
      Open: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, WRONG CHILD → Held, EXTEND → Open, CANCEL → Cancelled, FEEDBACK NONE → Closed, FEEDBACK PARENT → Closed, FEEDBACK OTHER → Closed
      RepliedThin: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, NOT ADVICE → Open, WRONG CHILD → Held, EXTEND → RepliedThin, CANCEL → Cancelled, FEEDBACK NONE → Closed, FEEDBACK PARENT → Closed, FEEDBACK OTHER → Closed
      Received: RECEIVED → Received, NOT ADVICE → Open, WRONG CHILD → Held, CANCEL → Cancelled, FEEDBACK NONE → Closed, FEEDBACK PARENT → Closed, FEEDBACK OTHER → Closed
      Query: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, WRONG CHILD → Held, CANCEL → Cancelled, FEEDBACK NONE → Closed, FEEDBACK PARENT → Closed, FEEDBACK OTHER → Closed
      Declined: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, WRONG CHILD → Held, CANCEL → Cancelled, FEEDBACK NONE → Closed, FEEDBACK PARENT → Closed, FEEDBACK OTHER → Closed
      Held: ACCEPT → Closed, CLOSE → Closed, RECEIVED → Received, WRONG CHILD → Held, RESEND → Prepared, CANCEL → Cancelled, FEEDBACK NONE → Closed, FEEDBACK PARENT → Closed, FEEDBACK OTHER → Closed
      Closed: REOPEN → Open, FEEDBACK NONE → Closed, FEEDBACK PARENT → Closed, FEEDBACK OTHER → Closed
      Cancelled: REOPEN → Open
    ");
}

#[test]
fn the_commands_that_the_specification_names_in_its_transitions_are_verbs() {
    let folder = std::env::var("FOLLOWUPD_SHARED")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../shared").to_owned());
    let Ok(text) = std::fs::read_to_string(format!("{folder}/spec/domain.md")) else {
        println!("not run: the specification is not in {folder}");
        return;
    };
    let tables = text.split("### 3.2").nth(1).and_then(|t| t.split("### 3.5").next()).expect("the transitions");
    let events = tables.lines().filter(|l| l.starts_with('|')).filter_map(|l| l.split('|').nth(2));
    let capitals = regex::Regex::new(r"\b[A-Z]{3,}(?:[- ][A-Z]{2,})*\b").unwrap();
    let mut named = 0;
    for event in events {
        for found in capitals.find_iter(event) {
            let words = found.as_str().replace('-', " ");
            // The relay, an absent adviser and the authority's own system are no commands.
            if ["SMTP", "OOF", "ONE"].contains(&words.as_str()) {
                continue;
            }
            named += 1;
            assert!(Verb::ALL.iter().any(|v| v.words() == words), "{words} is no verb, in: {event}");
        }
    }
    assert!(named >= 4, "the tables name commands");
}
