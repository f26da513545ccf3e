//! What respondents and others send, and what becomes of it.

use super::*;
use followupd::core::assessment::Criteria;
use followupd::core::assessment::form::FormCode;
use followupd::message::form_file;
use followupd::message::parse::parse;

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
    let old = FormCode::of_form("Autumn 2025", "Coast Trust", &Criteria::shipped());
    let new = FormCode::of_form("Autumn 2026", "Coast Trust", &Criteria::shipped());
    let text = filled(form_to(&office, "coast"), |_| "Yes").replace(new.as_str(), old.as_str());
    let form = form_to(&office, "coast").clone();
    office.arrives(Draft::from(&who("coast.nurse")).answering(&form).text(&text)).await;
    let again = office.last(&who("coast.nurse"), "assessment_form");
    assert!(again.says("belongs to another round or another provider"), "{}", again.text);
    assert!(again.recipients.contains(&who("coast")), "{:?}", again.recipients);
    assert!(again.text.contains(new.as_str()));
    assert_eq!(office.count(&who("coast.nurse"), "assessment_receipt"), 0);
}

#[tokio::test]
async fn a_form_that_comes_as_a_new_mail_finds_its_round_by_its_code() {
    let mut office = started().await;
    let code = FormCode::of_form("Autumn 2026", "East Trust", &Criteria::shipped());
    let csv = format!("Form {code},,\nquestion,answer,comment\n7,Yes,since June\n");
    let mail = Draft::from(&who("east")).to(&[SERVICE]).subject("Our return").text("Attached.");
    office.arrives(mail.attach("return.csv", csv.as_bytes())).await;
    let receipt = office.last(&who("east"), "assessment_receipt");
    assert!(receipt.text.contains("Q07  Essential  Yes"), "{}", receipt.text);
}

/// West's respondent answers for East too.
async fn one_for_two() -> Office {
    let mut office = office().await;
    let mut all = (*office.engine.office()).clone();
    for provider in all.directory.providers.iter_mut().filter(|p| p.name == "East Trust" || p.name == "West Trust") {
        provider.respondents = vec![address(&who("west"))];
    }
    office.engine.replace_office(all);
    office.ordered_by(LEAD, "ROUND START Autumn 2026").await;
    office
}

#[tokio::test]
async fn a_form_in_the_thread_of_another_provider_s_is_not_taken() {
    let mut office = one_for_two().await;
    let forms: Vec<Sent> =
        office.inbox(&who("west")).into_iter().filter(|s| s.kind == "assessment_form").cloned().collect();
    let code = |provider: &str| FormCode::of_form("Autumn 2026", provider, &Criteria::shipped());
    let (east, west) = (code("East Trust"), code("West Trust"));
    let to_west = forms.iter().find(|f| f.text.contains(west.as_str())).expect("West's form");
    let csv = format!("Form {east},,\nquestion,answer,comment\n7,Yes,since June\n");
    let mail = Draft::from(&who("west")).answering(to_west).text("Attached.").attach("return.csv", csv.as_bytes());
    office.arrives(mail).await;
    assert_eq!(office.count(&who("west"), "assessment_receipt"), 0);
    assert!(office.last(&who("west"), "assessment_form").says("belongs to another round or another provider"));
}

#[tokio::test]
async fn of_whoever_answers_for_two_providers_a_form_that_does_not_say_for_which_is_asked_about() {
    let mut office = one_for_two().await;
    let old = FormCode::of_form("Autumn 2025", "West Trust", &Criteria::shipped());
    let csv = format!("Form {old},,\nquestion,answer,comment\n7,Yes,since June\n");
    let mail = Draft::from(&who("west")).to(&[SERVICE]).subject("Our return").text("Attached.");
    office.arrives(mail.attach("return.csv", csv.as_bytes())).await;
    assert_eq!(office.count(&who("west"), "assessment_receipt"), 0);
    office.told(&who("west"), "partner_receipt", "could be that of East Trust or West Trust");
    assert_eq!(office.in_triage().await, 1);
    let code = FormCode::of_form("Autumn 2026", "West Trust", &Criteria::shipped());
    let mail = Draft::from(&who("west")).to(&[SERVICE]).subject("Our return").text("Attached.");
    office.arrives(mail.attach("return.csv", csv.replace(old.as_str(), code.as_str()).as_bytes())).await;
    assert!(office.last(&who("west"), "assessment_receipt").text.contains("Q07  Essential  Yes"));
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
async fn a_mail_without_answers_and_a_photo_of_the_form_are_asked_for_again_and_a_person_gets_the_photo() {
    let mut office = started().await;
    let form = form_to(&office, "west").clone();
    office.arrives(Draft::from(&who("west")).answering(&form).text("We are on it.")).await;
    assert!(office.last(&who("west"), "assessment_form").says("No answers were found in your mail"));
    assert_eq!(office.count(LEAD, "assessment_notice"), 0);
    let photo = Draft::from(&who("west")).answering(&form).text("Please see the photo.");
    office.arrives(photo.attach("form.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF")).await;
    let again = office.last(&who("west"), "assessment_form");
    assert!(again.says("No answers could be read in your mail or in what is attached"), "{}", again.text);
    assert!(again.says("form.jpg was not read as a form: this is a photo"), "{}", again.text);
    let notice = office.last(LEAD, "assessment_notice");
    assert!(notice.says("Files that a person has to read") && notice.says("form.jpg was not read"), "{}", notice.text);
    let whole = String::from_utf8_lossy(&notice.raw);
    assert!(whole.contains("original.eml"), "the photo goes along");
}

#[tokio::test]
async fn child_data_in_an_answer_is_warned_of() {
    let mut office = started().await;
    answers(&mut office, "west", "ANSWER 07: Yes\nCOMMENT 07: as for NHS no 999 000 0018").await;
    let receipt = office.last(&who("west"), "assessment_receipt");
    assert!(receipt.says("NHS number or date of birth") && !receipt.says("999"), "{}", receipt.text);
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
    assert!(office.last(&who("west"), "assessment_notice").says("Nothing has come from you, and it is shown so."));
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
