//! Every command in every hand: whoever may give it is not refused for their role, and whoever may not changes nothing.

use crate::office::*;
use followupd::core::command::{CommandRole, Verb};
use followupd::core::directory::Provider;

const LEAD: &str = "icb.lead@nhs.example";
const RESPONDENT: &str = "ehcp.lead@nhs.example";

/// A whole command for each verb, by its words; FU is a follow-up that stands.
const LINES: &[(&str, &str)] = &[
    ("NEW CASE", "NEW CASE EHC-2026-0999\nRequested: 1 Sep 2026\nChild: R.F."),
    ("CORRECT", "CORRECT EHC-2026-0412\nChild: R.X."),
    ("IMPORT", "IMPORT"),
    ("REQUEST ADVICE", "REQUEST ADVICE EHC-2026-0412\nFrom: dr.lee@nhs.example\nText: Please say what is needed."),
    ("ADVICE ASKED", "ADVICE ASKED EHC-2026-0412\nFrom: dr.lee@nhs.example\nOn: 1 Oct 2026"),
    ("CLARIFY", "CLARIFY EHC-2026-0412\nTo: dr.lee@nhs.example\nText: How often?"),
    ("NOTE", "NOTE EHC-2026-0412\nWith: Dr Lee\nText: A typing error."),
    ("USED AS SUBMITTED", "USED AS SUBMITTED FU\nText: As it is."),
    ("RECEIVED", "RECEIVED FU"),
    ("ACCEPT", "ACCEPT FU"),
    ("CLOSE", "CLOSE FU"),
    ("INSUFFICIENT", "INSUFFICIENT FU\nText: How often?"),
    ("NOT ADVICE", "NOT ADVICE FU"),
    ("NOT KNOWN", "NOT KNOWN FU"),
    ("DISPUTE UPHELD", "DISPUTE UPHELD FU"),
    ("DISPUTE REJECTED", "DISPUTE REJECTED FU"),
    ("WRONG CHILD", "WRONG CHILD FU"),
    ("EXTEND", "EXTEND FU\nBy: 5"),
    ("REOPEN", "REOPEN FU"),
    ("CANCEL", "CANCEL FU"),
    ("RESEND", "RESEND FU"),
    ("NOT SOUGHT", "NOT SOUGHT FU\nReason: The adviser, the parents and we agree."),
    ("AGREED", "AGREED FU"),
    ("ABSENT", "ABSENT dr.lee@nhs.example\nUntil: 18 December 2026"),
    ("MANAGER", "MANAGER dr.lee@nhs.example IS mo.head@nhs.example"),
    ("DRAFT ISSUED", "DRAFT ISSUED EHC-2026-0412\nWhere: the secure share\nCheck with: dr.lee@nhs.example"),
    ("REISSUED", "REISSUED EHC-2026-0412\nWhere: the secure share"),
    ("FEEDBACK NONE", "FEEDBACK NONE FU"),
    ("FEEDBACK PARENT", "FEEDBACK PARENT FU"),
    ("FEEDBACK OTHER", "FEEDBACK OTHER FU"),
    ("DECISION ASSESS", "DECISION EHC-2026-0412 ASSESS"),
    ("DECISION NO ASSESSMENT", "DECISION EHC-2026-0412 NO ASSESSMENT"),
    ("DECISION NO PLAN", "DECISION EHC-2026-0412 NO PLAN"),
    ("FINAL ISSUED", "FINAL ISSUED EHC-2026-0412"),
    ("EXEMPTION", "EXEMPTION EHC-2026-0412 school closed\nText: The school was closed."),
    ("NEW DATE", "NEW DATE EHC-2026-0412 18 December 2026"),
    ("SEND", "SEND EHC-2026-0412"),
    ("WAIT", "WAIT EHC-2026-0412"),
    ("DON'T SEND", "DON'T SEND EHC-2026-0412"),
    ("STOP", "STOP EHC-2026-0412"),
    ("STOP SILENT", "STOP SILENT EHC-2026-0412"),
    ("RESUME", "RESUME EHC-2026-0412"),
    ("CONTACT", "CONTACT EHC-2026-0412\nAdd: Ms Winter <ann.winter@family.example>"),
    ("POSTED", "POSTED EHC-2026-0412"),
    ("REASSIGN", "REASSIGN EHC-2026-0412 TO Dev Patel"),
    ("REASSIGN ALL", "REASSIGN ALL FROM Cora Lane TO Dev Patel"),
    ("NARRATIVE", "NARRATIVE FU\nTheme: capacity\nText: Two clinics were closed."),
    ("MATCH", "MATCH 1 A"),
    ("IGNORE", "IGNORE 1"),
    ("LEGAL HOLD ON", "LEGAL HOLD EHC-2026-0412 ON"),
    ("LEGAL HOLD OFF", "LEGAL HOLD EHC-2026-0412 OFF"),
    ("PAUSE ALL", "PAUSE ALL"),
    ("UNPAUSE ALL", "UNPAUSE ALL"),
    ("RELEASE", "RELEASE ALL"),
    ("DISCARD", "DISCARD ALL"),
    ("STATUS", "STATUS EHC-2026-0412"),
    ("LIST", "LIST"),
    ("REPORT", "REPORT"),
    ("HELP", "HELP"),
    ("ROUND START", "ROUND START Autumn"),
    ("ROUND STATUS", "ROUND STATUS"),
    ("ROUND CLOSE", "ROUND CLOSE"),
    ("ROUND RESULT", "ROUND RESULT"),
    ("AMEND", "AMEND 3: yes"),
    ("ACTION DONE", "ACTION 3 DONE"),
    ("YES", "YES"),
];

/// The commands of the table in the order of the verbs.
fn lines() -> impl Iterator<Item = (Verb, &'static str)> {
    LINES.iter().zip(Verb::ALL).map(|((words, line), verb)| {
        assert_eq!(*words, verb.words(), "every verb has a line here, in its order");
        (*verb, *line)
    })
}

async fn office() -> Office {
    let mut rules = rules(policy());
    rules.directory.icb_lead = Some(address(LEAD));
    rules.directory.providers = vec![Provider {
        name: "Example Trust".into(),
        services: vec!["Community Paediatrics".into()],
        respondents: vec![address(RESPONDENT)],
        lead: None,
    }];
    let mut office = Office::with_rules("Mon 02 Nov 2026 10:00", rules).await;
    office.clarify(CASE).await;
    office
}

/// Who holds a role, for a case of Cora Lane's.
fn holder(role: CommandRole) -> &'static str {
    match role {
        CommandRole::C => COORDINATOR,
        CommandRole::D => DEPUTY,
        CommandRole::M => SEND_MANAGER,
        CommandRole::I => LEAD,
        CommandRole::Respondent => RESPONDENT,
    }
}

#[test]
fn the_table_names_every_verb() {
    assert_eq!(LINES.len(), Verb::ALL.len(), "a new verb needs a line");
    assert_eq!(lines().count(), Verb::ALL.len());
}

#[tokio::test]
async fn whoever_may_give_a_command_is_not_refused_for_their_role_and_whoever_may_not_is() {
    for role in [CommandRole::C, CommandRole::D, CommandRole::M, CommandRole::I] {
        let mut at_work = office().await;
        for (verb, line) in lines() {
            let may = verb.roles().contains(&role);
            let office = &mut at_work;
            let id = office.id_of(CASE).await;
            let mark = office.so_far();
            // Errors are answered once in an hour.
            office.now += chrono::Duration::hours(2);
            office.ordered_by(holder(role), &line.replace("FU", id.as_str())).await;
            let who = holder(role);
            let answers = office.sent[mark..].iter().filter(|s| s.recipients.iter().any(|r| r == who));
            let refused = answers.filter(|s| s.says("is not for your role")).count() > 0;
            assert_eq!(refused, !may, "{} by {role:?}\n{}", verb.words(), office.transcript());
            // After PAUSE ALL nothing is answered any more, and partners are answered within the send window only.
            if may && matches!(verb, Verb::PauseAll) || role == CommandRole::I {
                at_work = self::office().await;
            }
        }
    }
}

#[tokio::test]
async fn a_command_in_any_other_hand_changes_nothing_about_a_case() {
    for who in [LEAD, RESPONDENT, "stranger@home.example"] {
        let mut office = office().await;
        let id = office.id_of(CASE).await;
        let before = office.case(CASE).await;
        let mark = office.so_far();
        let role = [CommandRole::I, CommandRole::Respondent].into_iter().find(|r| holder(*r) == who);
        for (verb, line) in lines().filter(|(v, _)| !role.is_some_and(|r| v.roles().contains(&r))) {
            let text = line.replace("FU", id.as_str());
            office.arrives(Draft::from(who).to(&[SERVICE]).subject("followupd").text(&text)).await;
            let after = office.case(CASE).await;
            assert_eq!(after.register, before.register, "{} by {who}", verb.words());
            let stages = |case: &followupd::core::case::Case| {
                case.follow_ups.iter().map(|f| (f.id.clone(), f.stage.is_open(), f.due_on())).collect::<Vec<_>>()
            };
            assert_eq!(stages(&after), stages(&before), "{} by {who}", verb.words());
            assert!(office.case_if_any("EHC-2026-0999").await.is_none(), "{} by {who}", verb.words());
        }
        let outside = office.sent[mark..]
            .iter()
            .filter(|s| s.recipients.iter().any(|r| [ADVISER, MANAGER].contains(&r.as_str())));
        assert_eq!(outside.count(), 0, "{who} makes the service write to an adviser\n{}", office.transcript());
    }
}
