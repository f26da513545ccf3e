//! Rounds from their opening to results and plan.

use super::*;
use followupd::core::assessment::form::FormCode;
use followupd::core::assessment::{Criteria, Rating};
use followupd::core::follow_up::FollowUpKind;
use followupd::message::form_file;
use followupd::message::parse::parse;

#[tokio::test]
async fn a_round_sends_each_provider_the_form_inline_and_as_a_workbook_that_is_read_again() {
    let office = started().await;
    insta::assert_snapshot!(office.transcript(), @"
    Mon 2 Nov 10:00 assessment_form → coast.nurse@nhs.example, coast@nhs.example
    Mon 2 Nov 10:00 assessment_form → east@nhs.example
    Mon 2 Nov 10:00 assessment_form → north@nhs.example
    Mon 2 Nov 10:00 assessment_form → south@nhs.example
    Mon 2 Nov 10:00 assessment_form → west@nhs.example
    Mon 2 Nov 10:00 partner_receipt → icb.lead@nhs.example
    ");
    let form = form_to(&office, "north");
    assert!(form.subject.contains("Autumn 2026"), "{}", form.subject);
    let code = FormCode::of_form("Autumn 2026", "North Trust", &Criteria::shipped());
    assert!(form.text.contains(code.as_str()) && form.text.contains("\nANSWER 23:"), "{}", form.text);
    let mail = parse(&form.raw);
    let book = mail.parts.iter().find(|p| p.name.as_deref() == Some("self-assessment-autumn-2026.xlsx")).unwrap();
    let read = form_file::read(&book.body, None).unwrap();
    assert_eq!(FormCode::all_in(&read.words()), [code].into());
    assert!(read.answers(&Criteria::shipped()).is_empty());
    insta::assert_snapshot!(masked(&office.last(LEAD, "partner_receipt").text), @"
    North Trust: the form goes out on Monday 2 November 2026 (FU-XXXX-XXXX).

    South Trust: the form goes out on Monday 2 November 2026 (FU-XXXX-XXXX).

    East Trust: the form goes out on Monday 2 November 2026 (FU-XXXX-XXXX).

    West Trust: the form goes out on Monday 2 November 2026 (FU-XXXX-XXXX).

    Coast Trust: the form goes out on Monday 2 November 2026 (FU-XXXX-XXXX).

    ROUND STATUS shows who has answered.
    ");
}

#[tokio::test]
async fn a_round_of_five_goes_from_form_to_results() {
    let mut office = started().await;
    office.until("Tue 03 Nov 2026 11:00").await;
    // North: all in one mail, inside the quoted form.
    hands_in(&mut office, "north", |n| if n == 13 { "No" } else { "Yes" }).await;
    // South: in two parts.
    answers(&mut office, "south", "ANSWER 01: Yes\nCOMMENT 01: ok\nANSWER 02: No\nANSWER 03: E\n").await;
    insta::assert_snapshot!(masked(&office.last(&who("south"), "assessment_receipt").text), @"
    Dear colleague,

    Thank you. This is what was read of your answers so far.

    - Q03: “E” could mean Emerging or Essential. Please write Yes, Emerging or
      No.
    - Not answered yet: Q04, Q05, Q06, Q07, Q08, Q09, Q10, Q11, Q12, Q13, Q14,
      Q15, Q16, Q17, Q18, Q19, Q20, Q21, Q22 and Q23.
    - Emerging and No need a comment; please add one for Q02.
    - Overall: not final yet, but RED. The answer to criterion 3 cannot be
      counted; it is RED whatever the answer. If “met” were read the other way
      (see the tool's wording), it would be RED.

    [RECEIPT]
    Q01  Desirable  Yes          comment
    Q02  Essential  No           no comment
    Q03  Desirable  asked again
    Q04  Essential  –
    Q05  Essential  –
    Q06  Essential  –
    Q07  Essential  –
    Q08  Essential  –
    Q09  Essential  –
    Q10  Desirable  –
    Q11  Desirable  –
    Q12  Desirable  –
    Q13  Desirable  –
    Q14  Essential  –
    Q15  Essential  –
    Q16  Essential  –
    Q17  Essential  –
    Q18  Desirable  –
    Q19  Essential  –
    Q20  Essential  –
    Q21  Essential  –
    Q22  Essential  –
    Q23  Essential  –

                Yes  Emerging    No
    All           1         0     1
    Essential     0         0     1
    Desirable     1         0     0
    [END OF RECEIPT]
    ");
    office.until("Thu 05 Nov 2026 09:00").await;
    hands_in(&mut office, "south", |n| {
        if n < 3 {
            ""
        } else if n % 5 == 0 {
            "Emerging"
        } else {
            "Yes"
        }
    })
    .await;
    // East contradicts itself on two criteria.
    answers(&mut office, "east", "ANSWER 12: Yes\nANSWER 12: No\nANSWER 04: Emerging\nCOMMENT 04: in two teams\n")
        .await;
    assert!(office.last(&who("east"), "assessment_receipt").says("two different answers (Yes, and No)"));
    // Coast: two respondents who differ.
    hands_in(&mut office, "coast", |_| "Yes").await;
    let form = form_to(&office, "coast").clone();
    office
        .arrives(Draft::from(&who("coast.nurse")).answering(&form).text("ANSWER 09: No\nCOMMENT 09: not yet ours"))
        .await;
    // West never answers: reminded twice, then the ICB's lead hears of it.
    office.until("Mon 07 Dec 2026 15:00").await;
    insta::assert_snapshot!(office.transcript(), @"
    Mon 2 Nov 10:00 assessment_form → coast.nurse@nhs.example, coast@nhs.example
    Mon 2 Nov 10:00 assessment_form → east@nhs.example
    Mon 2 Nov 10:00 assessment_form → north@nhs.example
    Mon 2 Nov 10:00 assessment_form → south@nhs.example
    Mon 2 Nov 10:00 assessment_form → west@nhs.example
    Mon 2 Nov 10:00 partner_receipt → icb.lead@nhs.example
    Tue 3 Nov 11:00 assessment_receipt → north@nhs.example
    Tue 3 Nov 11:00 assessment_receipt → south@nhs.example
    Thu 5 Nov 09:00 assessment_receipt → coast.nurse@nhs.example
    Thu 5 Nov 09:00 assessment_receipt → coast@nhs.example
    Thu 5 Nov 09:00 assessment_receipt → east@nhs.example
    Thu 5 Nov 09:00 assessment_receipt → south@nhs.example
    Mon 23 Nov 08:00 assessment_reminder → east@nhs.example
    Mon 23 Nov 08:00 assessment_reminder → west@nhs.example
    Fri 27 Nov 08:00 assessment_reminder → east@nhs.example
    Fri 27 Nov 08:00 assessment_reminder → west@nhs.example
    Wed 2 Dec 08:00 assessment_notice → icb.lead@nhs.example
    Wed 2 Dec 08:00 assessment_notice → icb.lead@nhs.example
    ");
    insta::assert_snapshot!(masked(&office.last(&who("east"), "assessment_reminder").text), @"
    Dear colleague,

    The self-assessment Autumn 2026 of East Trust is due by Monday 30 November
    2026.

    Answered: 1 of 23 criteria.

    Not answered yet: 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18,
    19, 20, 21, 22 and 23.

    Asked again: 12.

    Answer this mail with what is missing, for example:
    ANSWER 07: Yes
    COMMENT 07: since June, in all teams

    The whole form is in the mail of Monday 2 November 2026.

    SEND team, Example County Council
    Questions about the self-assessment: icb.lead@nhs.example
    ");
    insta::assert_snapshot!(masked(&office.last(LEAD, "assessment_notice").text), @"
    A self-assessment has not been returned: West Trust, self-assessment Autumn
    2026, due by Monday 30 November 2026.

    Nothing has come yet.

    SEND team, Example County Council
    ");
    office.ordered_by(LEAD, "ROUND STATUS").await;
    insta::assert_snapshot!(masked(&office.last(LEAD, "partner_receipt").text), @"
    Self-assessment Autumn 2026:

    - Coast Trust: handed in by coast@nhs.example on Thu 5 Nov; GREEN.
    - East Trust: 1 of 23 answered, due Mon 30 Nov; RED to GREEN.
    - North Trust: handed in by north@nhs.example on Tue 3 Nov; GREEN.
    - South Trust: handed in by south@nhs.example on Thu 5 Nov; RED.
    - West Trust: nothing yet, due Mon 30 Nov; RED to GREEN.
    ");
    office.ordered_by(LEAD, "ROUND CLOSE").await;
    office.ordered_by(LEAD, "ROUND RESULT").await;
    let result = office.last(LEAD, "assessment_result");
    assert_eq!(result.recipients, [LEAD, BOARD]);
    insta::assert_snapshot!(masked(&result.text), @"
    SELF-ASSESSMENT OF EHCP PROCESSES, AUTUMN 2026
    Example County Council, as at Monday 7 December 2026

    2 GREEN and 1 RED; not complete: East Trust; nothing from West Trust.


    1. Colours and totals
    =====================
    Coast Trust: All 16 essential criteria are met and 23 of 23 are Yes.
    East Trust: The answer to criterion 12 cannot be counted; anything from RED
    to GREEN is still possible.
    North Trust: All 16 essential criteria are met and 22 of 23 are Yes; 1
    desirable No: 13.
    South Trust: Essential criterion 2 is answered No, so not all essential
    criteria are met although 18 of 23 are Yes.
    West Trust: nothing has been returned.

    Colours
    Provider     Colour               If “met” is read otherwise  Last round
    ------------------------------------------------------------------------
    Coast Trust  GREEN                GREEN                       –
    East Trust   open (RED to GREEN)  open (RED)                  –
    North Trust  GREEN                GREEN                       –
    South Trust  RED                  RED                         –
    West Trust   open (RED to GREEN)  open (RED to GREEN)         –

    Totals (all; essential and desirable as Yes / Emerging / No)
    Provider     Yes  Emerging  No   Essential  Desirable
    -----------------------------------------------------
    Coast Trust   23         0   0  16 / 0 / 0  7 / 0 / 0
    East Trust     0         1   0   0 / 1 / 0  0 / 0 / 0
    North Trust   22         0   1  16 / 0 / 0  6 / 0 / 1
    South Trust   18         4   1  12 / 3 / 1  6 / 1 / 0
    West Trust     0         0   0   0 / 0 / 0  0 / 0 / 0


    2. Criterion by provider
    ========================
    Y Yes, E Emerging, N No, – open, ? asked again. Providers in this order: 1
    Coast Trust, 2 East Trust, 3 North Trust, 4 South Trust, 5 West Trust.

    Criterion by provider (E essential, D desirable)
    Criterion  Yes  Emerging  No  1 2 3 4 5
    ---------------------------------------
    Q01 D        3         0   0  Y – Y Y –
    Q02 E        2         0   1  Y – Y N –
    Q03 D        3         0   0  Y – Y Y –
    Q04 E        3         1   0  Y E Y Y –
    Q05 E        2         1   0  Y – Y E –
    Q06 E        3         0   0  Y – Y Y –
    Q07 E        3         0   0  Y – Y Y –
    Q08 E        3         0   0  Y – Y Y –
    Q09 E        3         0   0  Y – Y Y –
    Q10 D        2         1   0  Y – Y E –
    Q11 D        3         0   0  Y – Y Y –
    Q12 D        3         0   0  Y ? Y Y –
    Q13 D        2         0   1  Y – N Y –
    Q14 E        3         0   0  Y – Y Y –
    Q15 E        2         1   0  Y – Y E –
    Q16 E        3         0   0  Y – Y Y –
    Q17 E        3         0   0  Y – Y Y –
    Q18 D        3         0   0  Y – Y Y –
    Q19 E        3         0   0  Y – Y Y –
    Q20 E        2         1   0  Y – Y E –
    Q21 E        3         0   0  Y – Y Y –
    Q22 E        3         0   0  Y – Y Y –
    Q23 E        3         0   0  Y – Y Y –


    3. What has changed
    ===================

    Nothing to compare with, or nothing has changed.


    4. Common gaps
    ==============

    No criterion is answered No or Emerging by two or more.


    5. Good practice
    ================

    The best-evidenced Yes
    Criterion  Provider     What they say
    ---------------------------------------------------------
    Q01        Coast Trust  as our policy of May says, item 1
    Q02        Coast Trust  as our policy of May says, item 2
    Q03        Coast Trust  as our policy of May says, item 3
    Q04        Coast Trust  as our policy of May says, item 4
    Q05        Coast Trust  as our policy of May says, item 5
    Q06        Coast Trust  as our policy of May says, item 6
    Q07        Coast Trust  as our policy of May says, item 7
    Q08        Coast Trust  as our policy of May says, item 8
    (and 15 more in the spreadsheet)


    6. The council's records
    ========================

    What the council's records say
    Provider     Criterion  Records
    ----------------------------------------------------------------
    Coast Trust  Q06        Council records for Sunday 7 December
                            2025 to Sunday 6 December 2026:
                            compliance with the 6 weeks was mailed
                            to the ICB, partners and providers on
                            Tuesday 1 December 2026 (8 recipients).
    East Trust   Q06        Council records for Sunday 7 December
                            2025 to Sunday 6 December 2026:
                            compliance with the 6 weeks was mailed
                            to the ICB, partners and providers on
                            Tuesday 1 December 2026 (8 recipients).
    North Trust  Q06        Council records for Sunday 7 December
                            2025 to Sunday 6 December 2026:
                            compliance with the 6 weeks was mailed
                            to the ICB, partners and providers on
                            Tuesday 1 December 2026 (8 recipients).
    South Trust  Q06        Council records for Sunday 7 December
                            2025 to Sunday 6 December 2026:
                            compliance with the 6 weeks was mailed
                            to the ICB, partners and providers on
                            Tuesday 1 December 2026 (8 recipients).
    West Trust   Q06        Council records for Sunday 7 December
                            2025 to Sunday 6 December 2026:
                            compliance with the 6 weeks was mailed
                            to the ICB, partners and providers on
                            Tuesday 1 December 2026 (8 recipients).


    7. Action plan
    ==============
    Fill in owners and dates in the attached plan and send it back: each date is
    then followed up by mail.

    Actions
    No  Priority  Criterion         Action
    ------------------------------------------------------------------
     1         1  Q02, South Trust  as our policy of May says, item 2
     2         2  Q04, East Trust   in two teams
     3         2  Q05, South Trust  as our policy of May says, item 5
     4         2  Q15, South Trust  as our policy of May says, item 15
     5         2  Q20, South Trust  as our policy of May says, item 20
     6         3  Q13, North Trust  as our policy of May says, item 13
     7         4  Q10, South Trust  as our policy of May says, item 10

    An essential criterion is met unless it is answered No; GREEN needs more
    than half of all criteria Yes. Settings of the authority may read the tool
    otherwise; the colour under the other reading of “met” stands beside each.

    In the council's records “not shown” stands for a number below five, or one
    that would give such a number away.

    The spreadsheet has more columns of some of these tables.
    ");
}

#[tokio::test]
async fn the_plan_is_made_of_the_answers_as_they_stand_before_and_after_they_are_numbered() {
    let mut office = started().await;
    hands_in(&mut office, "north", |n| if n == 7 || n == 8 { "No" } else { "Yes" }).await;
    let plan = async |office: &Office| {
        let (report, _) = office.engine.assessment_report(None, office.now).await.unwrap().unwrap();
        let text = followupd::letters::report::to_text(&report);
        let rows = text.lines().filter(|l| l.contains(", North Trust"));
        rows.map(|l| l.split_whitespace().take(3).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    assert_eq!(plan(&office).await, ["– 1 Q07,", "– 1 Q08,"], "no result has been sent yet");
    office.ordered_by(LEAD, "ROUND RESULT").await;
    assert_eq!(plan(&office).await, ["1 1 Q07,", "2 1 Q08,"]);
    let receipt = office.last(&who("north"), "assessment_receipt").clone();
    let amended = Draft::from(&who("north")).answering(&receipt).text("AMEND 7: Yes\nAMEND 8: Emerging\nAMEND 9: No");
    office.arrives(amended).await;
    assert_eq!(plan(&office).await, ["– 1 Q09,", "2 2 Q08,"]);
}

#[tokio::test]
async fn the_plan_that_comes_back_is_followed_up_and_done_ends_it() {
    let mut office = started().await;
    hands_in(&mut office, "north", |n| if n == 7 { "No" } else { "Yes" }).await;
    office.ordered_by(LEAD, "ROUND RESULT").await;
    let result = office.last(LEAD, "assessment_result").clone();
    let plan = "Form {CODE},,\naction no,owner,due\n1,north@nhs.example,15/01/2027\n2,nobody,soon\n"
        .replace("{CODE}", FormCode::of_plan("Autumn 2026", &Criteria::shipped()).as_str());
    office.arrives(Draft::from(LEAD).answering(&result).text("").attach("plan.csv", plan.as_bytes())).await;
    insta::assert_snapshot!(masked(&office.last(LEAD, "partner_receipt").text), @"
    North Trust: Action 1 is followed up from now on, with owner and date from
    icb.lead@nhs.example.

    Action 2 is in no plan.
    ");
    insta::assert_snapshot!(masked(&office.last(&who("north"), "assessment_action").text), @"
    Dear colleague,

    An action from the self-assessment Autumn 2026 is yours.

    Action 1, Q07, North Trust: “as our policy of May says, item 7” by Friday 15
    January 2027.

    When it is done, answer ACTION, its number and DONE, for example: ACTION 1
    DONE.

    SEND team, Example County Council
    Questions about the self-assessment: icb.lead@nhs.example
    ");
    office.until("Fri 08 Jan 2027 12:00").await;
    let reminder = office.last(&who("north"), "assessment_action").clone();
    assert!(reminder.says("is due by Friday 15 January 2027"), "{}", reminder.text);
    office.until("Mon 18 Jan 2027 12:00").await;
    assert!(office.last(LEAD, "assessment_notice").says("An action of the self-assessment is overdue"));
    office.arrives(Draft::from(&who("north")).answering(&reminder).text("ACTION 1 DONE")).await;
    assert!(office.last(&who("north"), "partner_receipt").says("Action 1 is done."));
    assert!(office.last(LEAD, "assessment_notice").says("has ticked it off"));
}

#[tokio::test]
async fn a_round_opens_by_itself_on_its_day_once() {
    let mut office = office().await;
    let mut all = (*office.engine.office()).clone();
    all.policy.assessment.opens = vec!["2026-11-04".parse().unwrap()];
    office.engine.replace_office(all);
    office.until("Fri 06 Nov 2026 12:00").await;
    assert_eq!(office.count(&who("north"), "assessment_form"), 1);
    assert_eq!(office.count(LEAD, "partner_receipt"), 1);
    assert!(form_to(&office, "north").subject.contains("November 2026"));
}

#[tokio::test]
async fn the_next_round_knows_what_was_answered_last_time() {
    let mut office = started().await;
    hands_in(&mut office, "north", |_| "Emerging").await;
    office.ordered_by(LEAD, "ROUND CLOSE").await;
    office.until("Mon 01 Mar 2027 10:00").await;
    office.ordered_by(LEAD, "ROUND START Spring 2027").await;
    hands_in(&mut office, "north", |_| "Yes").await;
    office.ordered_by(SEND_MANAGER, "ROUND RESULT").await;
    let result = office.last(SEND_MANAGER, "assessment_result");
    assert!(result.says("23 ratings improved and 0 got worse"), "{}", result.text);
    assert!(result.says("AMBER (Autumn 2026)"), "{}", result.text);
}

#[tokio::test]
async fn who_may_not_command_rounds_is_told_and_nothing_happens() {
    let mut office = office().await;
    office.ordered_by(COORDINATOR, "ROUND START").await;
    assert!(office.last(COORDINATOR, "receipt").says("not for your role"));
    office.arrives(Draft::from(LEAD).proof("fail").to(&[SERVICE]).subject("x").text("ROUND START")).await;
    assert_eq!(office.count(&who("north"), "assessment_form"), 0);
}

#[tokio::test]
async fn a_return_is_followed_up_by_the_same_engine_as_everything_else() {
    let office = started().await;
    let mut tx = office.engine.store().begin().await.unwrap();
    let loaded = tx.case_of(&office.follow_up()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let follow_up = &loaded.case.follow_ups[0];
    assert_eq!(follow_up.kind, FollowUpKind::AssessmentReturn);
    assert_eq!(follow_up.due_on(), "2026-11-30".parse().ok());
    assert_eq!(loaded.case.provider_return.unwrap().standing().answers.rating(1), None::<Rating>);
}

#[tokio::test]
async fn the_records_are_offered_under_their_criteria_and_answer_nothing() {
    let mut office = office().await;
    office.arrives(copied_in(CASE)).await;
    office.until("Wed 04 Nov 2026 10:00").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Mon 16 Nov 2026 10:00").await;
    office.ordered_by(LEAD, "ROUND START").await;
    let form = form_to(&office, "north");
    assert!(form.says("EVIDENCE 07: Council records for Sunday 16 November 2025 to Sunday 15 November 2026: clarifications: 1, of which answered within their window: 1 (100%). Escalated: 0; asked again: 0. ANSWER 07:"), "{}", form.text);
    assert!(!form_to(&office, "south").says("Council records"));
    answers(&mut office, "north", "ANSWER 01: Yes\nCOMMENT 01: ok").await;
    office.ordered_by(LEAD, "ROUND RESULT").await;
    let result = office.last(LEAD, "assessment_result");
    assert!(result.says("clarifications: the number is too small to be shown"), "{}", result.text);
}
