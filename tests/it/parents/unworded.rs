//! The third revision waits for a person's words: the family still hears how far the plan is, and the co-ordinator is
//! reminded every working day.

use super::*;

#[tokio::test]
async fn while_words_are_awaited_a_late_family_hears_how_far_it_is_and_the_co_ordinator_is_reminded() {
    let mut office = slipping(&winter()).await;
    office.until("Fri 02 Oct 2026 18:00").await;
    office
        .changes(CASE, |case| {
            use followupd::core::register::Timescale;
            for (told, told_on) in [("2026-10-05", "2026-09-28"), ("2026-10-12", "2026-10-05")] {
                let (date, told_on) = (date(told), date(told_on));
                case.register.told.push(Timescale { date, told_on, to: "Ms Winter".into() });
            }
        })
        .await;
    office.until("Mon 30 Nov 2026 18:00").await;
    office.told(COORDINATOR, "family_question", "The date for the plan moves for the third time.");
    let asked = office.last(COORDINATOR, "family_question").at;
    let before = office.count(ANN, "parent_update");
    office.until("Fri 18 Dec 2026 12:00").await;
    assert!(office.count(ANN, "parent_update") > before, "{}", office.transcript());
    insta::assert_snapshot!(office.last(ANN, "parent_update").text, @"");
    office.told(COORDINATOR, "today", "the family needs a letter in your own words");
    let reminders = office.inbox(COORDINATOR).iter().filter(|s| s.kind == "today" && s.at > asked).count();
    assert!(reminders >= 12, "every working day, not {reminders}");
    let notices = office.count(ANN, "parent_notice");
    assert!(office.letters_to(ANN) > notices, "no other date without their words");
}
