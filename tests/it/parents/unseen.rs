//! Silence lets a letter go only when the person who could object has seen it.

use super::*;
use followupd::core::calendar::{Calendar, CalendarOverrides, Closure};

/// Week 20 ended on Monday: the letter is shown on Tuesday at 07:30 and would leave at 10:00.
async fn late() -> Office {
    let mut office = Office::open("Mon 19 Oct 2026 18:00").await;
    office.registers(&winter()).await;
    office.until("Tue 20 Oct 2026 07:45").await;
    assert_eq!(office.count(COORDINATOR, "preview"), 1, "{}", office.transcript());
    office
}

#[tokio::test]
async fn a_preview_that_was_answered_by_an_absence_alone_is_shown_to_whoever_stands_in() {
    let mut office = late().await;
    let preview = office.last(COORDINATOR, "preview").clone();
    let away =
        Draft::from(COORDINATOR).answering(&preview).only_to_the_service().header("Auto-Submitted", "auto-replied");
    office.arrives(away.subject("Automatic reply: Please look").text("I am on leave until 2 November 2026.")).await;
    office.until("Tue 20 Oct 2026 18:00").await;
    assert_eq!(office.letters_to(ANN), 0, "nobody has seen it\n{}", office.transcript());
    office.until("Wed 21 Oct 2026 09:00").await;
    assert_eq!(office.count(SEND_MANAGER, "preview"), 1, "{}", office.transcript());
    office.until("Wed 21 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 1, "{}", office.transcript());
}

#[tokio::test]
async fn a_case_that_changes_hands_shows_its_letter_to_the_new_owner_first() {
    let mut office = late().await;
    office.orders(&format!("REASSIGN {CASE} TO Dev Patel")).await;
    office.until("Tue 20 Oct 2026 18:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
    office.until("Wed 21 Oct 2026 12:00").await;
    assert_eq!(office.count(DEPUTY, "preview"), 1, "{}", office.transcript());
    office.told(ANN, "parent_notice", "Dev Patel");
}

#[tokio::test]
async fn what_was_let_go_and_has_not_left_can_still_be_stopped() {
    for (word, later) in [("WAIT", 1), ("DON'T SEND", 0)] {
        let mut office = slipping(&winter()).await;
        office.until("Tue 29 Sep 2026 18:30").await;
        office.answers(COORDINATOR, "preview", "SEND").await;
        office.orders(&format!("{word} {CASE}")).await;
        office.until("Thu 01 Oct 2026 12:00").await;
        assert_eq!(office.letters_to(ANN), 0, "{word}\n{}", office.transcript());
        office.answers(COORDINATOR, "preview", "SEND").await;
        assert_eq!(office.letters_to(ANN), later, "{word}\n{}", office.transcript());
    }
}

#[tokio::test]
async fn a_parent_of_two_children_gets_one_acknowledgement_and_both_cases_know() {
    let mut office = slipping(&winter()).await;
    let mut sibling = named_case("EHC-2026-0500", vec![parent("Ms Winter", ANN)]);
    sibling.coordinator = address(DEPUTY);
    office.registers(&sibling).await;
    let mark = office.so_far();
    office.arrives(Draft::from(ANN).to(&[SERVICE]).subject("Our children").text("When will the plans come?")).await;
    assert_eq!(
        office.since(mark),
        [
            format!("parent_acknowledgement → {ANN}"),
            format!("parent_mail → {COORDINATOR}"),
            format!("parent_mail → {DEPUTY}"),
        ]
    );
}

#[tokio::test]
async fn a_holiday_proclaimed_on_the_day_of_leaving_moves_the_letter_to_the_next_working_day() {
    let mut office = slipping(&winter()).await;
    office.until("Tue 29 Sep 2026 12:00").await;
    let mut closed = rules(policy());
    let day = Closure { date: date("2026-09-30"), name: "Day of mourning".into() };
    closed.policy.calendar = Calendar::new(CalendarOverrides { extra_closed: vec![day], ..Default::default() });
    office.engine.replace_office(closed);
    office.until("Wed 30 Sep 2026 18:00").await;
    assert_eq!(office.letters_to(ANN), 0);
    office.until("Thu 01 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 1, "{}", office.transcript());
}
