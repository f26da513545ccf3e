//! What is recorded about a running case, who owns it, and how it is shown.

use super::{NEW_CASE, masked, since};
use crate::office::*;

const OPENED: &str = "Mon 02 Nov 2026 10:00";

async fn registered() -> Office {
    let mut office = Office::open(OPENED).await;
    office.orders_and_confirms(NEW_CASE).await;
    office
}

#[tokio::test]
async fn an_exemption_is_recorded_with_its_regulation_and_moves_no_date() {
    let mut office = registered().await;
    office
        .orders("EXEMPTION EHC-2026-0412 family abroad\nPhase: 20\nFrom: 1 Dec 2026\nTo: 10 Jan 2027\nText: They are with a grandmother.")
        .await;
    insta::assert_snapshot!(office.last(COORDINATOR, "receipt").text, @"
    EHC-2026-0412: exemption recorded under regulation 13(3) with 10(4)(d): the
    child, parent or young person was away from the area for at least four
    weeks. It may excuse the final plan by week 20 if that is missed. It pauses
    nothing and moves no date: week 20 stays Monday 22 March 2027; what is due
    stays due as soon as practicable. The Code of Practice (9.43) asks you to
    tell the parents or the young person which exemption applies and why, and to
    finish quickly once its reason has ended.
    ");
    let case = office.case(CASE).await;
    assert_eq!(case.register.exemptions.len(), 1);
    office.orders("EXEMPTION EHC-2026-0412 staff shortage\nPhase: advice\nText: Nobody was there.").await;
    office.told(COORDINATOR, "receipt", "excuse nothing");
    assert_eq!(office.case(CASE).await.register.exemptions.len(), 1);
}

#[tokio::test]
async fn a_decision_does_not_revive_a_case_that_another_one_has_ended() {
    let mut office = registered().await;
    office.orders(&format!("DECISION {CASE} NO PLAN")).await;
    office.orders(&format!("DECISION {CASE} ASSESS")).await;
    office.told(
        COORDINATOR,
        "receipt",
        "REOPEN EHC-2026-0412 undoes that, and then the other decision can be recorded",
    );
    assert!(office.case(CASE).await.register.is_over());
    office.orders(&format!("REOPEN {CASE}")).await;
    office.orders(&format!("DECISION {CASE} ASSESS")).await;
    assert!(!office.case(CASE).await.register.is_over());
}

#[tokio::test]
async fn a_case_without_the_day_of_its_request_is_said_to_be_one_wherever_cases_are_counted() {
    let mut office = Office::open(OPENED).await;
    office.orders(&format!("REQUEST ADVICE EHC-2026-9999\nFrom: {ADVISER}\nText: What is needed?")).await;
    insta::assert_snapshot!(masked(&office.last(COORDINATOR, "receipt").text), @"
    FU-XXXX-XXXX: the request goes to Dr Lee on Mon 2 Nov; due by Monday 14
    December 2026. EHC-2026-9999 was not known here, and without the day of its
    request no week is reckoned: NEW CASE EHC-2026-9999 registers it. If the
    reference is wrong, write CANCEL FU-XXXX-XXXX.
    ");
    office.arrives(copied_in("EHC-2026-8888")).await;
    office.orders("LIST CASES").await;
    for case in ["EHC-2026-9999", "EHC-2026-8888"] {
        office.told(COORDINATOR, "status", &format!("{case}: Cora Lane, no date of the request, 1 open"));
    }
    office.until("Mon 09 Nov 2026 10:00").await;
    office.told(SEND_MANAGER, "weekly_report", "2 without a known date of request");
}

#[tokio::test]
async fn week_sixteen_is_only_ahead_and_no_word_is_offered_that_ends_the_case() {
    let mut office = registered().await;
    office.orders(&format!("DECISION {CASE} ASSESS")).await;
    office.until("Mon 15 Feb 2027 10:00").await;
    office.arrives(copied_in(CASE)).await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Fri 19 Feb 2027 08:00").await;
    insta::assert_snapshot!(masked(&office.last(COORDINATOR, "today").text), @"
    Good morning Cora Lane.

    Needs you

    1. FU-XXXX-XXXX · EHC-2026-0412, your ref CP-77, RF: Dr Lee answered on Mon
       15 Feb. It has waited 4 working days for you. – CLOSE · INSUFFICIENT ·
       NOT ADVICE

    Coming

    2. EHC-2026-0412, your ref CP-77, RF: week 16 ends on Monday 22 February
       2027; if there is to be no plan, the family must hear that by then.

    Answer with the number and a word, one line each, for example:

      | 1 CLOSE

    The numbers belong to this mail only.
    ");
    office.until("Mon 01 Mar 2027 08:00").await;
    assert!(!office.last(COORDINATOR, "today").says("week 16"), "nothing is missing when it has passed");
    assert!(office.inbox(COORDINATOR).iter().all(|s| !s.says("NO PLAN")), "{}", office.transcript());
}

#[tokio::test]
async fn notes_and_narratives_need_words_and_a_known_theme() {
    let mut office = registered().await;
    office.orders("NOTE EHC-2026-0412\nWith: Dr Lee\nText: The spelling of the school is mended.").await;
    office.told(COORDINATOR, "receipt", "small point (option 1); no clock runs");
    office.orders("NARRATIVE EHC-2026-0412\nTheme: weather\nText: It rained.").await;
    office.told(COORDINATOR, "receipt", "NARRATIVE needs Theme: with one of these: capacity");
    office.orders("NARRATIVE EHC-2026-0412\nTheme: capacity\nText: Two of three therapists had left.").await;
    office.told(COORDINATOR, "receipt", "the narrative is on record");
    assert_eq!(office.case(CASE).await.register.notes.len(), 2);
}

#[tokio::test]
async fn correct_reads_back_what_changes_and_a_parents_address_needs_contact() {
    let mut office = registered().await;
    office.orders("CORRECT EHC-2026-0412\nRequested: 26 Oct 2026\nChild: RX").await;
    insta::assert_snapshot!(office.last(COORDINATOR, "read_back").text, @"
    EHC-2026-0412 is corrected:

    - Requested: Monday 26 October 2026 (was Monday 2 November 2026)
    - Child: RX (was RF)

    The authority received the request on Monday 26 October 2026.

    - Week 6: Monday 7 December 2026 in law, plan for Friday 4 December 2026
    - Week 16: Monday 15 February 2027 in law, plan for Friday 12 February 2027
    - Week 20: Monday 15 March 2027 in law, plan for Friday 12 March 2027

    To have it carried out, answer:

    - YES

    Without that answer it is not.
    ");
    office.confirms_with(COORDINATOR, "YES").await;
    assert_eq!(office.case(CASE).await.initials.as_deref(), Some("RX"));
    office.orders("CORRECT EHC-2026-0412\nParent: Ann Fox <ann@elsewhere.example>").await;
    office.told(COORDINATOR, "receipt", "changed by CONTACT EHC-2026-0412");
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_before_anything_is_read_back() {
    for (fields, why) in [
        ("Child: Robin Fox", "takes initials"),
        ("Parent: Ann Fox", "takes a name and an address"),
        ("Parent: Dr Lee <dr.lee@nhs.example>", "is an adviser or a line manager"),
        ("Parent: Cora <cora.lane@council.example>", "is a member of staff"),
        ("Parent: Ann <a@home.example>\nParent: Ben <a@home.example>", "has the address of another contact"),
        ("Coordinator: Nobody Known", "No co-ordinator is called"),
        ("School closed: soon", "takes two dates"),
    ] {
        let mut office = Office::open(OPENED).await;
        office.orders(&format!("NEW CASE EHC-2026-0412\nRequested: 2 Nov 2026\n{fields}")).await;
        office.told(COORDINATOR, "receipt", why);
        assert_eq!(office.count(COORDINATOR, "read_back"), 0, "{fields}");
    }
}

#[tokio::test]
async fn a_case_that_is_reassigned_takes_its_follow_ups_along_and_the_new_owner_hears_of_it_once() {
    let mut office = registered().await;
    office.clarify(CASE).await;
    let mark = office.so_far();
    office.orders("REASSIGN EHC-2026-0412 TO Dev Patel").await;
    assert_eq!(office.case(CASE).await.coordinator, address(DEPUTY));
    assert_eq!(office.the().await.coordinator, address(DEPUTY));
    insta::assert_snapshot!(since(&office, mark), @"
    case_notice → dev.patel@council.example
    receipt → cora.lane@council.example
    ");
    insta::assert_snapshot!(masked(&office.last(DEPUTY, "case_notice").text), @"
    A case is yours now.

    Cora Lane has given you EHC-2026-0412. STATUS and the reference shows where
    each stands; the next Today mail lists what needs you.
    ");
    office.ordered_by(SEND_MANAGER, &format!("REASSIGN ALL FROM {DEPUTY} TO Cora Lane")).await;
    office.told(SEND_MANAGER, "receipt", "1 case is of Dev Patel with Cora Lane now");
    assert_eq!(office.the().await.coordinator, address(COORDINATOR));
}

#[tokio::test]
async fn only_a_send_manager_holds_a_case_for_legal_reasons_and_gives_all_cases_away() {
    let mut office = registered().await;
    office.orders("LEGAL HOLD EHC-2026-0412 ON").await;
    office.told(COORDINATOR, "receipt", "is not for your role");
    office.ordered_by(SEND_MANAGER, "LEGAL HOLD EHC-2026-0412 ON").await;
    assert!(office.case(CASE).await.register.legal_hold);
    office.ordered_by(SEND_MANAGER, "LEGAL HOLD EHC-2026-0412 OFF").await;
    assert!(!office.case(CASE).await.register.legal_hold);
}

#[tokio::test]
async fn status_tells_each_date_with_its_reason_and_its_reading_is_journalled() {
    let mut office = registered().await;
    office.clarify(CASE).await;
    office.orders("NOTE EHC-2026-0412\nText: Interpreter needed.").await;
    office.orders("STATUS EHC-2026-0412").await;
    insta::assert_snapshot!(masked(&office.last(COORDINATOR, "status").text), @"
    EHC-2026-0412, your ref CP-77, RF

    Co-ordinator: cora.lane@council.example.

    Dates

    - Monday 2 November 2026: the authority received the request
    - Week 6, decision whether to assess, reg 5(1): Monday 14 December 2026 in
      law, plan for Fri 11 Dec
    - Week 16, notice when there is no plan, reg 10(1): Monday 22 February 2027
      in law, plan for Fri 19 Feb
    - Week 20, final plan, reg 13(2): Monday 22 March 2027 in law, plan for Fri
      19 Mar

    Where it is heading

    - Standing: on track. At best the final plan is ready on Monday 30 November
      2026
    - Mon 9 Nov: advice complete (clarification from Community Paediatrics
      (FU-XXXX-XXXX): due)
    - Fri 20 Nov: plan draft (Mon 9 Nov + 2 wd reading + 5 wd writing + 2 wd
      quality check)
    - Fri 27 Nov: draft checks end (Fri 20 Nov + 5 wd for the advisers)
    - Fri 4 Dec: parents' last day (15 days from Fri 20 Nov, that day included)
    - Sat 19 Dec: consultation ends (Fri 4 Dec + 15 days, after the parents'
      days)
    - Wed 23 Dec: final plan (Sat 19 Dec + 3 wd finalising)

    Family

    - Ann Fox, ann.fox@home.example: confirmed by cora.lane@council.example on
      Mon 2 Nov
    - Ben Fox, by post: confirmed by cora.lane@council.example on Mon 2 Nov

    Notes

    - Mon 2 Nov, cora.lane@council.example: note: Interpreter needed.

    FU-XXXX-XXXX · EHC-2026-0412, your ref CP-77, RF

    Clarification: open. Adviser: dr.lee@nhs.example. Co-ordinator:
    cora.lane@council.example.

    Round 1: asked on Monday 2 November 2026, due by Monday 9 November 2026 (5
    working days, the day of asking and weekends not counted).

    Next by itself: Fri 6 Nov 2026 08:00.

    What happened:

    - Mon 2 Nov 2026 10:00: EHC-2026-0412 is registered. Week 20 ends on Monday
      22 March 2027; please plan for Friday 19 March 2027.
    - Mon 2 Nov 2026 10:00: Follow-up FU-XXXX-XXXX: the request goes to Dr Lee
      and Mo Head on Monday 2 November 2026; five working days count from the
      day it is sent. No SEND manager's agreement is noted; it is listed for
      them in the weekly report.
    - → LTR-X request to dr.lee@nhs.example and mo.head@nhs.example
    - Mon 2 Nov 2026 10:00: The relay took request 1. of FU-XXXX-XXXX on Monday
      2 November 2026; due by Monday 9 November 2026.
    - Mon 2 Nov 2026 10:00: EHC-2026-0412: noted.
    ");
    office.orders("STATUS EHC-2026-0412\n\nthanks").await;
    assert!(office.last(COORDINATOR, "status").says("cora.lane@council.example has read it."));
}

#[tokio::test]
async fn a_list_has_numbers_that_can_be_answered() {
    let mut office = registered().await;
    office.clarify(CASE).await;
    office.orders("LIST CASES").await;
    insta::assert_snapshot!(office.last(COORDINATOR, "status").text, @"
    1. EHC-2026-0412, your ref CP-77, RF: Cora Lane, week 20 is Mon 22 Mar 2027,
       1 open
    ");
    office.until("Thu 12 Nov 2026 10:00").await;
    office.orders("LIST OVERDUE").await;
    let list = office.last(COORDINATOR, "status").clone();
    insta::assert_snapshot!(masked(&list.text), @"
    1. FU-XXXX-XXXX · EHC-2026-0412, your ref CP-77, RF: clarification, Dr Lee,
       due Mon 9 Nov, overdue, open
    ");
    office.arrives(Draft::from(COORDINATOR).answering(&list).text("1 CLOSE by phone")).await;
    assert_eq!(office.stands().await, "closed");
    office.orders("LIST LATE").await;
    office.told(COORDINATOR, "status", "Nothing is in this list (late)");
}

#[tokio::test]
async fn the_today_mail_names_the_weeks_that_come_and_a_decision_is_one_word() {
    let mut office = registered().await;
    office.until("Fri 11 Dec 2026 09:00").await;
    let today = office.last(COORDINATOR, "today").clone();
    insta::assert_snapshot!(today.text, @"
    Good morning Cora Lane.

    1. EHC-2026-0412, your ref CP-77, RF: week 6, the decision whether to
       assess: planned for today; in law by Mon 14 Dec. – DECISION ASSESS ·
       DECISION NO ASSESSMENT

    Answer with the number and a word, one line each, for example:

      | 1 DECISION ASSESS

    The numbers belong to this mail only.
    ");
    office.arrives(Draft::from(COORDINATOR).answering(&today).text("1 DECISION ASSESS")).await;
    office.told(COORDINATOR, "receipt", "the authority assesses");
}
