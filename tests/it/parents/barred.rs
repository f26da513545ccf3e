//! Whatever keeps a letter from somebody of a family works at once, and nothing but a person's own word lifts it.

use super::*;

fn two_parents() -> Case {
    named_case(CASE, vec![parent("Ms Winter", ANN), parent("Mr Winter", TOM)])
}

#[tokio::test]
async fn who_must_not_be_written_to_is_barred_on_the_word_of_one() {
    let mut office = slipping(&two_parents()).await;
    office.until("Tue 29 Sep 2026 16:00").await;
    office.orders("CONTACT EHC-2026-0412\nDo not contact: Mr Winter").await;
    office.told(COORDINATOR, "receipt", "nothing is sent to Mr Winter");
    office.until("Thu 01 Oct 2026 12:00").await;
    assert_eq!((office.letters_to(TOM), office.letters_to(ANN)), (0, 0), "{}", office.transcript());
    office.told(COORDINATOR, "family_question", "SEND");
}

#[tokio::test]
async fn an_address_still_needs_a_second_person_and_lifts_no_bar() {
    let mut office = slipping(&two_parents()).await;
    office.orders("CONTACT EHC-2026-0412\nDo not contact: Mr Winter").await;
    office.orders("CONTACT EHC-2026-0412\nAdd: Mr Winter <new@family.example>").await;
    let known = office.case(CASE).await.register.contacts[1].clone();
    assert_eq!(known.address(), Some(&address(TOM)), "nobody has confirmed it");
    office.confirms_with(SEND_MANAGER, "YES").await;
    let known = office.case(CASE).await.register.contacts[1].clone();
    assert_eq!((known.address(), known.do_not_contact), (Some(&address("new@family.example")), true));
}

#[tokio::test]
async fn a_new_address_makes_a_young_person_no_parent() {
    let mut case = named_case(CASE, vec![contact("Robin Winter", YOUNG, ContactRole::YoungPerson)]);
    case.register.born = Some(date("2008-01-10"));
    let mut office = slipping(&case).await;
    office.orders("CONTACT EHC-2026-0412\nAdd: Robin Winter <robin@college.example>").await;
    office.confirms_with(SEND_MANAGER, "YES").await;
    let known = office.case(CASE).await.register.contacts[0].clone();
    assert_eq!((known.role, known.address()), (ContactRole::YoungPerson, Some(&address("robin@college.example"))));
}

#[tokio::test]
async fn a_representative_has_the_letter_beside_the_young_person_once_a_second_person_has_confirmed_them() {
    let mut case =
        named_case(CASE, vec![contact("Robin Winter", YOUNG, ContactRole::YoungPerson), parent("Ms Winter", ANN)]);
    case.register.born = Some(date("2008-01-10"));
    let mut office = slipping(&case).await;
    office.orders(&format!("CONTACT EHC-2026-0412\nRepresentative: Mr Winter <{TOM}>")).await;
    office.confirms_with(SEND_MANAGER, "YES").await;
    office.until("Thu 01 Oct 2026 12:00").await;
    let told = (office.letters_to(YOUNG), office.letters_to(TOM), office.letters_to(ANN));
    assert_eq!(told, (1, 1, 0), "{}", office.transcript());
}

#[tokio::test]
async fn nobody_gets_the_address_of_somebody_else() {
    let mut office = slipping(&two_parents()).await;
    office.orders(&format!("CONTACT EHC-2026-0412\nAdd: Mr Winter <{ANN}>")).await;
    office.confirms_with(SEND_MANAGER, "YES").await;
    office.told(SEND_MANAGER, "receipt", "would have the address of Ms Winter");
    assert_eq!(office.case(CASE).await.register.contacts, two_parents().register.contacts);
}

#[tokio::test]
async fn an_answer_to_the_today_mail_that_is_not_clear_holds_the_letter() {
    let mut office = slipping(&winter()).await;
    office.until("Tue 29 Sep 2026 08:00").await;
    let line = office.last(COORDINATOR, "today").text.clone();
    let number = line.lines().find(|l| l.contains("a letter to the family")).and_then(|l| l.split('.').next()).unwrap();
    let text = format!("{} SEND\nbut not before I have rung them", number.trim());
    office.answers(COORDINATOR, "today", &text).await;
    office.until("Thu 01 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
}

#[tokio::test]
async fn what_one_parent_was_told_is_not_told_to_another_as_known() {
    let mut office = slipping(&winter()).await;
    office.until("Wed 30 Sep 2026 12:00").await;
    assert_eq!(office.count(ANN, "parent_notice"), 1);
    office.changes(CASE, |case| case.register.contacts.push(parent("Mr Winter", TOM))).await;
    office.until("Mon 07 Dec 2026 12:00").await;
    assert!(office.letters_to(TOM) > 0, "{}", office.transcript());
    let first = office.inbox(TOM)[0].text.clone();
    assert!(!first.contains("We told you before") && !first.contains("still expect"), "{first}");
}

#[tokio::test]
async fn a_promise_within_the_twenty_weeks_makes_no_letter_that_they_will_be_missed() {
    let mut office = slipping(&winter()).await;
    office.orders("NEW DATE EHC-2026-0412 16 October 2026").await;
    office.told(COORDINATOR, "receipt", "within the 20 weeks");
    office.until("Fri 16 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
    office.until("Mon 26 Oct 2026 12:00").await;
    assert_eq!(office.count(ANN, "parent_notice"), 1, "the promise was not kept, and they hear of it");
}
