//! Who can act: managers who are away, wrong, unknown, or the adviser themselves.

use crate::office::*;
use followupd::core::directory::{Adviser, Person};

const OPENED: &str = "Mon 02 Nov 2026 10:00";

#[tokio::test]
async fn s14_a_managers_absence_is_told_to_the_coordinator_and_the_next_person_is_written_to_at_the_close() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.out_of_office(MANAGER, "I am on leave until 30 November 2026.")).await;
    office.told(COORDINATOR, "notice", "The line manager Mo Head is away");
    assert!(office.inbox(SECOND_LEVEL).is_empty(), "not before the close");
    office.until("Tue 10 Nov 2026 09:00").await;
    assert_eq!(office.count(SECOND_LEVEL, "escalation"), 1);
    assert_eq!(office.count(MANAGER, "escalation"), 0);
}

#[tokio::test]
async fn s14_both_away_past_the_due_date_is_told_to_the_next_person_at_once() {
    for first in [ADVISER, MANAGER] {
        let second = if first == ADVISER { MANAGER } else { ADVISER };
        let mut office = Office::clarified(OPENED).await;
        office.arrives(office.out_of_office(first, "I am on leave until 30 November 2026.")).await;
        assert!(office.inbox(SECOND_LEVEL).is_empty(), "{first} first");
        office.arrives(office.out_of_office(second, "I am on leave until 27 November 2026.")).await;
        assert_eq!(office.count(SECOND_LEVEL, "responsible"), 1, "{first} first");
    }
}

#[tokio::test]
async fn s58_an_adviser_who_is_their_own_manager_is_skipped() {
    let mut settings = rules(policy());
    settings.directory.services[0].advisers[0].managers = vec![address(ADVISER)];
    settings.directory.services[0].fallback_manager = Some(address(MANAGER));
    let mut office = Office::open(OPENED).await;
    office.engine.replace_office(settings);
    office.clarify(CASE).await;
    office.until("Tue 10 Nov 2026 09:00").await;
    let first = office.last(MANAGER, "escalation");
    assert!(first.recipients.contains(&MANAGER.to_owned()));
}

#[tokio::test]
async fn s59_without_a_known_manager_a_send_manager_stands_in_until_one_is_named() {
    let mut settings = rules(policy());
    settings.directory.services[0].advisers[0].managers.clear();
    let mut office = Office::open(OPENED).await;
    office.engine.replace_office(settings);
    office.clarify(CASE).await;
    assert_eq!(office.count(SEND_MANAGER, "request"), 1);
    office.until("Tue 03 Nov 2026 08:00").await;
    office.told(COORDINATOR, "today", "no line manager of dr.lee@nhs.example is known");
    office.orders(&format!("MANAGER {ADVISER} IS {MANAGER}")).await;
    assert_eq!(office.count(MANAGER, "logged"), 1, "the manager hears of what is open");
    office.until("Wed 04 Nov 2026 08:00").await;
    assert!(office.inbox(COORDINATOR).last().is_none_or(|s| !s.says("no line manager")));
    office.until("Tue 10 Nov 2026 09:00").await;
    assert_eq!(office.count(MANAGER, "escalation"), 1);
}

#[tokio::test]
async fn s60_the_manager_of_an_agency_adviser_is_whom_the_directory_names() {
    let mut settings = rules(policy());
    let agency = Person { name: "Indie Psych".into(), address: address("indie@new.example") };
    settings.directory.services[0].advisers.push(Adviser { person: agency, managers: vec![address(MANAGER)] });
    let mut office = Office::open(OPENED).await;
    office.engine.replace_office(settings);
    office.orders("CLARIFY EHC-2026-0412\nTo: indie@new.example\nText: How often?").await;
    assert_eq!(office.count("indie@new.example", "request"), 1);
    assert_eq!(office.count(MANAGER, "request"), 1);
}

#[tokio::test]
async fn s81_not_my_staff_ends_all_mail_about_the_child_to_that_address() {
    let mut office = Office::clarified(OPENED).await;
    office.clarify(CASE).await;
    office.until("Tue 03 Nov 2026 11:00").await;
    office.arrives(office.reply(MANAGER, "She has left the trust; she is not my staff any more.")).await;
    office.told(COORDINATOR, "answer", "consider whether what they have received is a disclosure to be recorded");
    let before = office.inbox(MANAGER).len();
    office.until("Fri 11 Dec 2026 18:00").await;
    assert_eq!(office.inbox(MANAGER).len(), before, "{}", office.transcript());
    assert_eq!(office.count(SECOND_LEVEL, "escalation"), 4, "both follow-ups go to the next person");
}

#[tokio::test]
async fn s81_the_manager_who_is_named_instead_takes_over() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.reply(MANAGER, "NOT MY STAFF")).await;
    office.orders(&format!("MANAGER {ADVISER} IS right.one@nhs.example")).await;
    assert_eq!(office.count("right.one@nhs.example", "logged"), 1);
    office.until("Tue 10 Nov 2026 09:00").await;
    assert_eq!(office.count("right.one@nhs.example", "escalation"), 1);
}

#[tokio::test]
async fn s82_a_manager_who_says_that_the_adviser_is_away_is_responsible() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.reply(MANAGER, "ABSENT UNTIL 30 November 2026")).await;
    assert_eq!(office.in_triage().await, 0);
    assert_eq!(office.count(MANAGER, "responsible"), 1);
    office.told(COORDINATOR, "answer", "The line manager has written");
    office.clarify("EHC-2026-0500").await;
    assert_eq!(office.count(MANAGER, "responsible"), 2, "it holds for what is opened later");
}

#[tokio::test]
async fn s82_off_sick_in_a_manager_s_own_words_is_an_absence_until_unknown() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.reply(MANAGER, "Dr Lee is off sick at the moment.")).await;
    assert_eq!(office.count(MANAGER, "responsible"), 1);
    assert_eq!(office.the().await.away.iter().map(|away| away.until).collect::<Vec<_>>(), [None]);
}

#[tokio::test]
async fn s81_a_child_who_has_left_bars_nobody() {
    for words in [
        "She was discharged in May and is no longer with us",
        "He has left",
        "Jo is no longer with us; she moved in May",
    ] {
        let mut office = Office::clarified(OPENED).await;
        office.arrives(office.reply(MANAGER, words)).await;
        assert_eq!(office.the().await.barred, [], "{words}");
        office.until("Tue 10 Nov 2026 09:00").await;
        assert_eq!(office.count(MANAGER, "escalation"), 1, "{words}");
    }
}

#[tokio::test]
async fn s82_who_is_not_surely_the_adviser_is_not_away() {
    for words in [
        "Dr Lee has signed off the report",
        "She was on leave last week but is back now and will answer today",
        "He is on holiday with his family until 12 June",
        "Dr Khan is on annual leave until Monday.",
    ] {
        let mut office = Office::clarified(OPENED).await;
        office.arrives(office.reply(MANAGER, words)).await;
        office.told(COORDINATOR, "answer", "The line manager has written");
        assert_eq!(office.the().await.away, [], "{words}");
        assert_eq!(office.count(MANAGER, "responsible"), 0, "{words}");
    }
}

#[tokio::test]
async fn a_line_manager_at_an_unknown_organisation_is_read_back_before_anything_goes_there() {
    let mut office = Office::clarified(OPENED).await;
    office.orders(&format!("MANAGER {ADVISER} IS boss@new.example")).await;
    office.told(COORDINATOR, "read_back", "letter by letter");
    assert_eq!(office.letters_to("boss@new.example"), 0);
    office.confirms_with(COORDINATOR, "YES").await;
    assert!(office.letters_to("boss@new.example") > 0, "{}", office.transcript());
}

#[tokio::test]
async fn a_manager_who_has_given_it_to_somebody_is_noted() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.reply(MANAGER, "ASSIGNED TO Ann Other")).await;
    office.told(COORDINATOR, "answer", "It has been given to Ann Other");
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn absent_by_the_coordinators_word_is_as_a_notice_of_theirs() {
    let mut office = Office::clarified(OPENED).await;
    office.orders(&format!("ABSENT {ADVISER}\nUntil: 30 November 2026")).await;
    assert_eq!(office.count(MANAGER, "responsible"), 1);
}

#[tokio::test]
async fn the_second_level_that_is_on_to_it_is_known_and_stops_nothing() {
    let mut office = Office::clarified(OPENED).await;
    office.until("Tue 17 Nov 2026 10:00").await;
    let escalation = office.last(SECOND_LEVEL, "escalation").clone();
    office.arrives(Draft::from(SECOND_LEVEL).answering(&escalation).text("Thank you, we are on to it.")).await;
    office.told(COORDINATOR, "answer", "The line manager has written");
    office.until("Tue 24 Nov 2026 09:00").await;
    assert_eq!(office.count(SEND_MANAGER, "escalation"), 1);
}
