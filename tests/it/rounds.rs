//! Stories of assessment rounds: five providers, of whom one answers in parts, one contradicts itself and one never.

use crate::office::*;
use followupd::core::assessment::form::FormCode;
use followupd::core::assessment::{Criteria, Rating};
use followupd::core::directory::Provider;
use followupd::core::follow_up::FollowUpKind;
use followupd::message::form_file;
use followupd::message::parse::parse;

const LEAD: &str = "icb.lead@nhs.example";
const BOARD: &str = "send.board@nhs.example";

fn who(provider: &str) -> String {
    format!("{provider}@nhs.example")
}

/// A text without the references, which are random.
fn masked(text: &str) -> String {
    regex::Regex::new("FU-....-....").unwrap().replace_all(text, "FU-XXXX-XXXX").into_owned()
}

/// North, South, East and West with one respondent; Coast with two.
async fn office() -> Office {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    let mut all = rules(policy());
    all.directory.icb_lead = Some(address(LEAD));
    all.directory.governance = vec![address(BOARD)];
    all.directory.providers = ["north", "south", "east", "west", "coast"]
        .map(|name| Provider {
            name: format!("{}{} Trust", name[..1].to_uppercase(), &name[1..]),
            services: vec![if name == "north" { "Community Paediatrics".into() } else { format!("{name} therapies") }],
            respondents: if name == "coast" {
                vec![address(&who("coast")), address(&who("coast.nurse"))]
            } else {
                vec![address(&who(name))]
            },
            lead: None,
        })
        .to_vec();
    office.engine.replace_office(all);
    office.settle().await;
    office
}

async fn started() -> Office {
    let mut office = office().await;
    office.ordered_by(LEAD, "ROUND START Autumn 2026").await;
    office
}

fn form_to<'a>(office: &'a Office, name: &str) -> &'a Sent {
    office.last(&who(name), "assessment_form")
}

/// The form as it came, filled in: every criterion by `rating`, with a comment.
fn filled(form: &Sent, rating: impl Fn(u32) -> &'static str) -> String {
    (1..=23_u32).fold(form.text.clone(), |text, n| {
        text.replace(&format!("ANSWER {n:02}:"), &format!("ANSWER {n:02}: {}", rating(n)))
            .replace(&format!("COMMENT {n:02}:"), &format!("COMMENT {n:02}: as our policy of May says, item {n}"))
    })
}

async fn answers(office: &mut Office, name: &str, text: &str) {
    let form = form_to(office, name).clone();
    office.arrives(Draft::from(&who(name)).answering(&form).text(text)).await;
}

async fn hands_in(office: &mut Office, name: &str, rating: impl Fn(u32) -> &'static str) {
    let text = filled(form_to(office, name), rating);
    answers(office, name, &text).await;
}

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
    let code = FormCode::of("Autumn 2026", &Criteria::shipped());
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
      counted; it is RED whatever the answer.

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
    East Trust   open (RED to GREEN)  open                        –
    North Trust  GREEN                GREEN                       –
    South Trust  RED                  RED                         –
    West Trust   open (RED to GREEN)  open                        –

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

    The records hold nothing on these criteria.


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
    ");
}

#[tokio::test]
async fn after_it_is_handed_in_a_rating_changes_by_amend_alone() {
    let mut office = started().await;
    hands_in(&mut office, "north", |_| "Yes").await;
    assert!(office.last(&who("north"), "assessment_receipt").says("complete and handed in"));
    answers(&mut office, "north", "ANSWER 07: No\nCOMMENT 07: we were wrong").await;
    let receipt = office.last(&who("north"), "assessment_receipt");
    assert!(receipt.says("Q07 stays Yes") && receipt.says("AMEND 7: No"), "{}", receipt.text);
    let receipt = receipt.clone();
    office.arrives(Draft::from(&who("north")).answering(&receipt).text("AMEND 7: No – we were wrong")).await;
    let receipt = office.last(&who("north"), "assessment_receipt");
    assert!(receipt.says("Overall: RED"), "{}", receipt.text);
}

#[tokio::test]
async fn what_two_respondents_rate_differently_goes_to_the_lead_whose_amend_settles_it() {
    let mut office = started().await;
    hands_in(&mut office, "coast", |_| "Yes").await;
    let form = form_to(&office, "coast").clone();
    office.arrives(Draft::from(&who("coast.nurse")).answering(&form).text("ANSWER 09: No\nCOMMENT 09: not ours")).await;
    // It was handed in already, so the nurse's form changes nothing and says how to.
    let receipt = office.last(&who("coast.nurse"), "assessment_receipt").clone();
    assert!(receipt.says("Q09 stays Yes"), "{}", receipt.text);
    office.arrives(Draft::from(&who("coast.nurse")).answering(&receipt).text("AMEND 9: No")).await;
    let notice = office.last(&who("coast"), "assessment_notice").clone();
    insta::assert_snapshot!(masked(&notice.text), @"
    Two answers differ: Coast Trust, self-assessment Autumn 2026, due by Monday
    30 November 2026.

    Two respondents rate these criteria differently:

    - Q09: coast@nhs.example: Yes; coast.nurse@nhs.example: No

    Your answer settles it: one line for each, such as AMEND 7: Yes. Until then
    these criteria count for nothing.

    SEND team, Example County Council
    ");
    office.arrives(Draft::from(&who("coast")).answering(&notice).text("AMEND 9: Emerging")).await;
    let receipt = office.last(&who("coast"), "assessment_receipt");
    assert!(receipt.text.contains("Q09  Essential  Emerging"), "{}", receipt.text);
}

// Situation 79 of domain.md 7.
#[tokio::test]
async fn last_year_s_form_is_answered_with_this_year_s_and_the_lead_sees_it() {
    let mut office = started().await;
    let old = FormCode::of("Autumn 2025", &Criteria::shipped());
    let new = FormCode::of("Autumn 2026", &Criteria::shipped());
    let text = filled(form_to(&office, "coast"), |_| "Yes").replace(new.as_str(), old.as_str());
    let form = form_to(&office, "coast").clone();
    office.arrives(Draft::from(&who("coast.nurse")).answering(&form).text(&text)).await;
    let again = office.last(&who("coast.nurse"), "assessment_form");
    assert!(again.says("belongs to another round"), "{}", again.text);
    assert!(again.recipients.contains(&who("coast")), "{:?}", again.recipients);
    assert!(again.text.contains(new.as_str()));
    assert_eq!(office.count(&who("coast.nurse"), "assessment_receipt"), 0);
}

#[tokio::test]
async fn a_form_that_comes_as_a_new_mail_finds_its_round_by_its_code() {
    let mut office = started().await;
    let code = FormCode::of("Autumn 2026", &Criteria::shipped());
    let csv = format!("Form {code},,\nquestion,answer,comment\n7,Yes,since June\n");
    let mail = Draft::from(&who("east")).to(&[SERVICE]).subject("Our return").text("Attached.");
    office.arrives(mail.attach("return.csv", csv.as_bytes())).await;
    let receipt = office.last(&who("east"), "assessment_receipt");
    assert!(receipt.text.contains("Q07  Essential  Yes"), "{}", receipt.text);
}

#[tokio::test]
async fn somebody_who_may_not_answer_changes_nothing_and_the_icb_s_lead_hears_of_it() {
    let mut office = started().await;
    let form = form_to(&office, "west").clone();
    office.arrives(Draft::from("stranger@new.example").answering(&form).text("ANSWER 01: Yes")).await;
    assert!(office.last(LEAD, "assessment_notice").says("is no respondent of this provider"));
    assert_eq!(office.count("stranger@new.example", "assessment_receipt"), 0);
    office.arrives(Draft::from(&who("west")).proof("fail").answering(&form).text("ANSWER 01: Yes")).await;
    assert!(office.last(LEAD, "assessment_notice").says("failed the sender check"));
}

#[tokio::test]
async fn a_mail_without_answers_and_a_photo_of_the_form_are_asked_for_again() {
    let mut office = started().await;
    let form = form_to(&office, "west").clone();
    let photo = Draft::from(&who("west")).answering(&form).text("Please see the photo.");
    office.arrives(photo.attach("form.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF")).await;
    let again = office.last(&who("west"), "assessment_form");
    assert!(again.says("No answers were found in your mail"), "{}", again.text);
    assert!(again.says("form.jpg was not read as a form: this is a photo"), "{}", again.text);
}

#[tokio::test]
async fn child_data_in_an_answer_is_warned_of() {
    let mut office = started().await;
    answers(&mut office, "west", "ANSWER 07: Yes\nCOMMENT 07: as for NHS no 999 000 0018").await;
    let receipt = office.last(&who("west"), "assessment_receipt");
    assert!(receipt.says("NHS number or date of birth") && !receipt.says("999"), "{}", receipt.text);
}

#[tokio::test]
async fn the_plan_that_comes_back_is_followed_up_and_done_ends_it() {
    let mut office = started().await;
    hands_in(&mut office, "north", |n| if n == 7 { "No" } else { "Yes" }).await;
    office.ordered_by(LEAD, "ROUND RESULT").await;
    let result = office.last(LEAD, "assessment_result").clone();
    let plan = "Form {CODE},,\naction no,owner,due\n1,north@nhs.example,15/01/2027\n2,nobody,soon\n"
        .replace("{CODE}", FormCode::of("Autumn 2026", &Criteria::shipped()).as_str());
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

// Situation 76 of domain.md 7.
#[tokio::test]
async fn a_reply_with_22_answers_gets_a_receipt_that_names_the_missing_one_and_a_range() {
    let mut office = started().await;
    hands_in(&mut office, "west", |n| if n == 7 { "" } else { "Yes" }).await;
    let receipt = office.last(&who("west"), "assessment_receipt");
    assert!(receipt.says("Not answered yet: Q07."), "{}", receipt.text);
    assert!(receipt.says("Overall: not final yet, RED to GREEN."), "{}", receipt.text);
}

#[tokio::test]
async fn the_workbook_comes_back_filled_and_completes_the_return() {
    let mut office = started().await;
    let form = form_to(&office, "east").clone();
    let mail = parse(&form.raw);
    let sent = mail.parts.iter().find(|p| p.name.as_deref().is_some_and(|n| n.ends_with(".xlsx"))).unwrap();
    let form_file::FormFile::Tables(sheets) = form_file::read(&sent.body, None).unwrap() else { panic!("a workbook") };
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(&sheets[0]) {
        let is_item = cells.first().is_some_and(|c| c.parse::<f64>().is_ok());
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
        if is_item {
            sheet.write_string(row, 3, "Yes").unwrap();
            sheet.write_string(row, 4, "see our policy").unwrap();
            sheet.write_string(row, 5, "audit of May").unwrap();
        }
    }
    let filled = book.save_to_buffer().unwrap();
    office.arrives(Draft::from(&who("east")).answering(&form).text("Attached.").attach("form.xlsx", &filled)).await;
    let receipt = office.last(&who("east"), "assessment_receipt");
    assert!(receipt.says("complete and handed in") && receipt.says("Overall: GREEN"), "{}", receipt.text);
    assert!(receipt.text.contains("Q23  Essential  Yes          comment, evidence"), "{}", receipt.text);
}

#[tokio::test]
async fn an_answer_after_the_close_is_kept_and_said_not_to_count() {
    let mut office = started().await;
    office.ordered_by(LEAD, "ROUND CLOSE").await;
    answers(&mut office, "west", "ANSWER 07: Yes").await;
    assert!(office.last(&who("west"), "assessment_notice").says("does not count"));
    office.ordered_by(LEAD, "ROUND CLOSE").await;
    assert!(office.last(LEAD, "partner_receipt").says("is closed already"));
}

#[tokio::test]
async fn a_respondent_who_is_away_or_cannot_be_reached_is_told_to_the_icb_s_lead() {
    let mut office = started().await;
    let form = form_to(&office, "west").clone();
    let notice = Draft::from(&who("west"))
        .answering(&form)
        .subject("Automatic reply: Self-assessment")
        .header("Auto-Submitted", "auto-replied")
        .text("I am out of the office until 30 November 2026.");
    office.arrives(notice).await;
    assert!(office.last(LEAD, "assessment_notice").says("nobody else is known who could answer"));
    let bounce = office.notice(&form, &who("west"), "5.1.1");
    office.arrives_raw(bounce).await;
    assert!(office.last(LEAD, "assessment_notice").says("cannot be delivered"), "{}", office.transcript());
}

#[tokio::test]
async fn a_respondent_s_mail_without_token_or_answers_is_left_to_a_person() {
    let mut office = started().await;
    office
        .arrives(Draft::from(&who("west")).to(&[SERVICE]).subject("EHC advice").text("Please find my advice on R."))
        .await;
    assert_eq!(office.count(&who("west"), "assessment_form"), 1, "no form is sent for it");
    let mut tx = office.engine.store().begin().await.unwrap();
    assert_eq!(tx.messages_in(followupd::store::MessageState::Triage).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
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
