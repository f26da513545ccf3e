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
    office.until("Tue 10 Nov 2026 12:00").await;
    office.told(COORDINATOR, "family_question", "The date for the plan moves for the third time.");
    let asked = office.last(COORDINATOR, "family_question").at;
    let before = office.count(ANN, "parent_update");
    office.until("Tue 01 Dec 2026 12:00").await;
    assert!(office.count(ANN, "parent_update") > before, "{}", office.transcript());
    insta::assert_snapshot!(office.last(ANN, "parent_update").text, @"
    Dear Ms Winter,

    We are writing to tell you how far we are with Robin's education, health and
    care plan. Our reference is EHC-2026-0412.

    The plan is not finished yet. By law we should have sent you the final plan
    by Monday 19 October 2026. That was 20 weeks after Monday 1 June 2026, the
    day the request came to us. We have not met that date. We are sorry.

    When you can expect the plan

    We told you before that we expected to send you the final plan by Monday 12
    October 2026. We are sorry that this date has changed. We are working out a
    new date, and we will write to you again as soon as we have one.

    Why it takes longer

    We are waiting for more information from a service that gives us advice. We
    need it so that the plan is right. We have asked for it, and we check every
    working day whether it has come.

    What this means for you

    You do not need to do anything now.

    You will get the draft plan first. Then you have at least 15 days to tell us
    what you think of it. That right has not changed.

    Your right to appeal has not changed. When we send you the final plan, we
    will tell you how to appeal.

    If you want to talk to somebody

    Cora Lane, phone 01632 960001 (9am to 5pm on working days). You can also
    answer this e-mail.

    You can get help from SENDIASS, the local information, advice and support
    service. It is free and impartial.

    If you are not happy about this

    You can complain to the council about the delay. Just answer this e-mail and
    say that it is a complaint. If you are not happy with our reply, or if you
    do not get one in time, you can go to the Local Government and Social Care
    Ombudsman. That is free. You cannot appeal to the Tribunal about a delay.

    Do you need this letter in another language, in large print or as Easy Read?
    Please tell us and we will help.

    We read our e-mail on working days only. If somebody is in danger, please
    call 999.

    Cora Lane
    SEND team, Example County Council
    ");
    office.told(COORDINATOR, "today", "the family needs a letter in your own words");
    let reminders = office.inbox(COORDINATOR).iter().filter(|s| s.kind == "today" && s.at > asked).count();
    assert!(reminders >= 12, "every working day, not {reminders}");
    let notices = office.count(ANN, "parent_notice");
    assert!(office.letters_to(ANN) > notices, "no other date without their words");
}
