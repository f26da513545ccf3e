//! Every verb in the spellings of people.

use super::*;

/// What is written, and the normal spelling with fields and text.
const SPELLINGS: &[(&str, &str)] = &[
    ("NEW CASE EHC-2026-0412", "NEW CASE EHC-2026-0412"),
    ("new case: ehc-2026-0412", "NEW CASE EHC-2026-0412"),
    (
        "New-Case EHC\u{2011}2026\u{2011}0412\nRequested: 1 Sep 2026\nChild: A.B.\nFirst name: Ada\nBorn: 3/4/2018\nParent: Joan Bell <joan@home.example>\nParent: post\nTheir ref: 44/12\nSchool closed: 21 Dec to 4 Jan\nConsult: Parallel\nCo-ordinator: Ann Lee",
        "NEW CASE EHC-2026-0412 | Requested: 2026-09-01 | Child: A.B. | First name: Ada | Born: 2018-04-03 | Parent: Joan Bell <joan@home.example> | Parent: post | Their ref: 44/12 | School closed: 21 Dec to 4 Jan | Consult: parallel | Coordinator: Ann Lee",
    ),
    ("correct EHC-2026-0412\nborn: 3 April 2018", "CORRECT EHC-2026-0412 | Born: 2018-04-03"),
    ("Import.", "IMPORT"),
    ("IMPORT", "IMPORT"),
    (
        "Request advice EHC-2026-0412\nFrom: lee@nhs.example\nService: Community Paediatrics\nManager: head@nhs.example\nText: Please advise on needs and provision.\n\nThe papers follow.",
        "REQUEST ADVICE EHC-2026-0412 | From: lee@nhs.example | Service: Community Paediatrics | Manager: head@nhs.example | \"Please advise on needs and provision.\n\nThe papers follow.\"",
    ),
    (
        "ADVICE ASKED EHC-2026-0412\nFrom: Dr Lee\nOn: 2 November",
        "ADVICE ASKED EHC-2026-0412 | From: Dr Lee | On: 2026-11-02",
    ),
    (
        "Clarify EHC-2026-0412\nTo: lee@nhs.example\nManager: head@nhs.example\nWhy: unclear\nAgreed with: Mo Khan\nAbout: speech and language\nText: How often, and by whom?\nThanks for looking into it.",
        "CLARIFY EHC-2026-0412 | To: lee@nhs.example | Manager: head@nhs.example | Why: unclear | Agreed with: Mo Khan | About: speech and language | \"How often, and by whom?\nThanks for looking into it.\"",
    ),
    (
        "NOTE EHC-2026-0412\nWith: Dr Lee\nText: The dose was a typing error.",
        "NOTE EHC-2026-0412 | With: Dr Lee | \"The dose was a typing error.\"",
    ),
    ("Used as submitted EHC-2026-0412", "USED AS SUBMITTED EHC-2026-0412"),
    ("received", "RECEIVED"),
    ("Received.\nOn: yesterday\nHow: by phone", "RECEIVED | On: 2026-11-20 | How: by phone"),
    ("RECEIVED On: 4 Nov How: by phone", "RECEIVED | On: 2026-11-04 | How: by phone"),
    ("Accept", "ACCEPT"),
    ("*ACCEPT*\nVoice: Yes\nPlain: n\nImpact: yes.", "ACCEPT | Voice: yes | Plain: no | Impact: yes"),
    ("close", "CLOSE"),
    ("CLOSE Reason: all three questions answered", "CLOSE | \"all three questions answered\""),
    ("Close!\nReason: all three questions\nare answered", "CLOSE | \"all three questions\nare answered\""),
    (
        "Insufficient\nWhy: incomplete\nText: The report does not say how often.",
        "INSUFFICIENT | Why: incomplete | \"The report does not say how often.\"",
    ),
    ("NOT-ADVICE", "NOT ADVICE"),
    ("not advice", "NOT ADVICE"),
    ("Not known", "NOT KNOWN"),
    ("NOT KNOWN TO SERVICE", "NOT KNOWN"),
    ("Dispute upheld", "DISPUTE UPHELD"),
    ("DISPUTE-REJECTED", "DISPUTE REJECTED"),
    ("wrong child", "WRONG CHILD"),
    ("Extend\nTo: 4 December\nReason: clinic moved", "EXTEND | To: 2026-12-04 | \"clinic moved\""),
    ("EXTEND By: 3 working days Reason: clinic moved", "EXTEND | By: 3 | \"clinic moved\""),
    ("EXTEND By: 3 wd", "EXTEND | By: 3"),
    ("re-open", "REOPEN"),
    ("REOPEN Reason: a late letter came", "REOPEN | \"a late letter came\""),
    ("Cancel", "CANCEL"),
    ("Re-send", "RESEND"),
    ("Not sought", "NOT SOUGHT"),
    ("agreed", "AGREED"),
    ("Absent Dr Lee\nUntil: 7 December", "ABSENT Dr Lee | Until: 2026-12-07"),
    ("ABSENT lee@nhs.example Until: 7/12/2026", "ABSENT lee@nhs.example | Until: 2026-12-07"),
    ("Absent", "ABSENT"),
    ("MANAGER Dr Lee IS head@nhs.example", "MANAGER Dr Lee IS head@nhs.example"),
    ("Manager lee@nhs.example is Jo Head <head@nhs.example>", "MANAGER lee@nhs.example IS Jo Head <head@nhs.example>"),
    ("manager is <head@nhs.example>", "MANAGER IS head@nhs.example"),
    (
        "Draft issued EHC-2026-0412\nOn: today\nWhere: https://share.council.example/x?a=1:2\nCheck with: lee@nhs.example\nBefore issue: yes",
        "DRAFT ISSUED EHC-2026-0412 | On: 2026-11-21 | Where: https://share.council.example/x?a=1:2 | Check with: lee@nhs.example | Before issue: yes",
    ),
    (
        "RE-ISSUED EHC-2026-0412 On: 20/11/2026 Where: sent by post",
        "REISSUED EHC-2026-0412 | On: 2026-11-20 | Where: sent by post",
    ),
    ("feedback none", "FEEDBACK NONE"),
    ("FEEDBACK: PARENT", "FEEDBACK PARENT"),
    ("Feedback - other.", "FEEDBACK OTHER"),
    ("DECISION EHC-2026-0412 ASSESS", "DECISION ASSESS EHC-2026-0412"),
    ("decision assess\nOn: 20 Nov", "DECISION ASSESS | On: 2026-11-20"),
    ("Decision EHC-2026-0412: no assessment", "DECISION NO ASSESSMENT EHC-2026-0412"),
    ("DECISION EHC-2026-0412 NO PLAN On: 20 Nov", "DECISION NO PLAN EHC-2026-0412 | On: 2026-11-20"),
    ("Final issued EHC-2026-0412", "FINAL ISSUED EHC-2026-0412"),
    (
        "EXEMPTION EHC-2026-0412 school closed\nPhase: 6\nFrom: 22 July 2026\nTo: 2 September 2026\nText: The school was closed.",
        "EXEMPTION EHC-2026-0412 school closed | Phase: 6 | From: 2026-07-22 | To: 2026-09-02 | \"The school was closed.\"",
    ),
    ("NEW DATE EHC-2026-0412 18 December 2026", "NEW DATE EHC-2026-0412 2026-12-18"),
    ("new date: 18/12/2026\nReason: the report is late", "NEW DATE 2026-12-18 | \"the report is late\""),
    ("Send", "SEND"),
    ("wait", "WAIT"),
    ("Don\u{2019}t send", "DON'T SEND"),
    ("DONT SEND", "DON'T SEND"),
    ("do not send", "DON'T SEND"),
    ("STOP EHC-2026-0412", "STOP EHC-2026-0412"),
    ("Stop-silent EHC-2026-0412\nReason: see telephone note", "STOP SILENT EHC-2026-0412 | \"see telephone note\""),
    ("resume EHC-2026-0412", "RESUME EHC-2026-0412"),
    (
        "Contact EHC-2026-0412\nAdd: Joan Bell <joan@home.example>\nRemove: old@home.example\nDo not contact: x@home.example\nPost: yes\nYoung person: ada@home.example",
        "CONTACT EHC-2026-0412 | Add: Joan Bell <joan@home.example> | Remove: old@home.example | Do not contact: x@home.example | Post: yes | Young person: ada@home.example",
    ),
    ("posted EHC-2026-0412\nOn: 19 Nov", "POSTED EHC-2026-0412 | On: 2026-11-19"),
    ("Reassign EHC-2026-0412 to Mo Khan", "REASSIGN EHC-2026-0412 TO Mo Khan"),
    ("REASSIGN TO mo@council.example", "REASSIGN TO mo@council.example"),
    ("Reassign all from ann@council.example to Mo Khan", "REASSIGN ALL FROM ann@council.example TO Mo Khan"),
    (
        "Narrative\nTheme: capacity\nText: Two clinics were closed.",
        "NARRATIVE | Theme: capacity | \"Two clinics were closed.\"",
    ),
    ("LEGAL HOLD EHC-2026-0412 ON", "LEGAL HOLD ON EHC-2026-0412"),
    ("legal hold off EHC-2026-0412", "LEGAL HOLD OFF EHC-2026-0412"),
    ("Pause all", "PAUSE ALL"),
    ("un-pause all", "UNPAUSE ALL"),
    ("release all", "RELEASE ALL"),
    ("RELEASE", "RELEASE"),
    ("Discard", "DISCARD"),
    ("status", "STATUS"),
    ("Status EHC-2026-0412", "STATUS EHC-2026-0412"),
    ("list", "LIST"),
    ("List overdue", "LIST OVERDUE"),
    ("Report", "REPORT"),
    ("report weekly", "REPORT WEEKLY"),
    ("help", "HELP"),
    ("Help not advice", "HELP NOT ADVICE"),
    ("Round start Autumn 2026", "ROUND START Autumn 2026"),
    ("ROUND STATUS", "ROUND STATUS"),
    ("round close", "ROUND CLOSE"),
    ("Round result Autumn 2026", "ROUND RESULT Autumn 2026"),
    ("AMEND 07: Yes", "AMEND 7 | \"Yes\""),
    ("amend q7 - Emerging, since the audit", "AMEND 7 | \"Emerging, since the audit\""),
    ("Action 3 done", "ACTION DONE 3"),
    ("YES", "YES"),
    ("yes.", "YES"),
];

const NUMBERED: &[(&str, &str)] = &[
    ("1 CLOSE", "1 CLOSE"),
    ("1. CLOSE", "1 CLOSE"),
    ("1) close.", "1 CLOSE"),
    ("1: CLOSE", "1 CLOSE"),
    ("(1) Close", "1 CLOSE"),
    ("#1 close", "1 CLOSE"),
    ("1close", "1 CLOSE"),
    ("line 1: close", "1 CLOSE"),
    ("1 - INSUFFICIENT the report does not say how often", "1 INSUFFICIENT | \"the report does not say how often\""),
    ("2 insufficient 2 pages are missing", "2 INSUFFICIENT | \"2 pages are missing\""),
    ("2 INSUFFICIENT: no provision", "2 INSUFFICIENT | \"no provision\""),
    ("3 RECEIVED 4 Nov by phone", "3 RECEIVED | On: 2026-11-04 | How: by phone"),
    ("3 received on 4 November", "3 RECEIVED | On: 2026-11-04"),
    ("3 received by post", "3 RECEIVED | How: by post"),
    ("ACCEPT 1,2,4", "1,2,4 ACCEPT"),
    ("accept 1, 2 and 4.", "1,2,4 ACCEPT"),
    ("Accept 1-3", "1,2,3 ACCEPT"),
    ("1, 2 & 4: accept", "1,2,4 ACCEPT"),
    ("1 to 3 close", "1,2,3 CLOSE"),
    ("5 MATCH A", "5 MATCH A"),
    ("match 5 b", "5 MATCH B"),
    ("6 ignore", "6 IGNORE"),
    ("IGNORE 6", "6 IGNORE"),
    ("7 extend to 4 Dec, clinic moved", "7 EXTEND | To: 2026-12-04 | \"clinic moved\""),
    ("7 extend by 3 days", "7 EXTEND | By: 3"),
    ("8 absent until 7 December", "8 ABSENT | Until: 2026-12-07"),
    ("8 MANAGER IS head@nhs.example", "8 MANAGER IS head@nhs.example"),
    ("9 don\u{2019}t send, her mother rang", "9 DON'T SEND | \"her mother rang\""),
    ("9 WAIT until I have spoken to her", "9 WAIT | \"until I have spoken to her\""),
    ("10 AGREED thanks", "10 AGREED"),
    ("AGREED 1,2,4", "1,2,4 AGREED"),
    ("11 not known", "11 NOT KNOWN"),
    ("RELEASE 1,3,4", "1,3,4 RELEASE"),
    ("2 status", "2 STATUS"),
    ("2 note\nText: a typing error", "2 NOTE | \"a typing error\""),
];

#[test]
fn every_verb_is_read_in_the_spellings_of_people() {
    for (written, expected) in SPELLINGS {
        check(&plain(written), expected, written);
    }
}

#[test]
fn numbers_name_lines_in_an_answer_to_a_numbered_mail() {
    for (written, expected) in NUMBERED {
        check(&today_mail(written), expected, written);
    }
}

#[test]
fn the_tables_above_leave_no_verb_out() {
    let read = |(written, _): &(&str, &str)| today_mail(written).commands.first().map(|command| command.verb);
    let seen: Vec<Verb> = SPELLINGS.iter().chain(NUMBERED).filter_map(read).collect();
    let missing: Vec<&Verb> = Verb::ALL.iter().filter(|verb| !seen.contains(verb)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_follow_up_or_case_may_be_named() {
    let id = follow_up();
    let typed = id.as_str().to_lowercase().replace('-', " ");
    for written in
        [format!("CLOSE {id}"), format!("1. close {typed}."), format!("close: *{id}*"), format!("Close ({id})")]
    {
        let reading = plain(&written);
        assert_eq!(reading.commands.len(), 1, "{written}");
        assert_eq!(reading.commands[0].object, Object::FollowUp(id.clone()), "{written}");
        assert!(reading.commands[0].lines.is_empty(), "{written}");
    }
    let reading = plain("close EHC-2026-0412");
    assert_eq!(reading.commands[0].object, Object::Case(CaseRef::new("EHC-2026-0412")));
}

#[test]
fn what_needs_another_person_is_marked() {
    for (verb, confirmation) in [
        (Verb::NewCase, Confirmation::ReadBack),
        (Verb::Import, Confirmation::ReadBack),
        (Verb::StopSilent, Confirmation::ReadBack),
        (Verb::Release, Confirmation::ReadBack),
        (Verb::Resume, Confirmation::SecondPerson),
        (Verb::Contact, Confirmation::SecondPerson),
        (Verb::UnpauseAll, Confirmation::SecondPerson),
        (Verb::PauseAll, Confirmation::None),
        (Verb::Close, Confirmation::None),
    ] {
        assert_eq!(verb.confirmation(), confirmation, "{verb:?}");
    }
    assert_eq!(Verb::Agreed.roles(), [CommandRole::M]);
    assert_eq!(Verb::Amend.roles(), [CommandRole::Respondent]);
    assert!(Verb::Close.roles().contains(&CommandRole::D));
}

#[test]
fn every_verb_explains_itself() {
    for verb in Verb::ALL {
        assert!(verb.help().ends_with('.') && !verb.words().is_empty(), "{verb:?}");
        assert_eq!(verb.words(), verb.words().to_uppercase());
        let usage = verb.usage();
        let first = usage.split(' ').next().unwrap();
        assert!(verb.words().starts_with(first), "{verb:?}");
    }
    let words: std::collections::BTreeSet<_> = Verb::ALL.iter().map(|verb| verb.words()).collect();
    assert_eq!(words.len(), Verb::ALL.len());
}

#[test]
fn people_in_a_field_are_names_with_addresses() {
    let address = |text| Address::parse(text);
    let found = people("Ann Lee <lee@nhs.example>; head@nhs.example, Dr Poe");
    assert_eq!(found[0], Who { name: Some("Ann Lee".into()), address: address("lee@nhs.example") });
    assert_eq!(found[1], Who { name: None, address: address("head@nhs.example") });
    assert_eq!(found[2], Who { name: Some("Dr Poe".into()), address: None });
}
