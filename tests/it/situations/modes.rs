//! What leaves: shadow, staff only, paused.

use crate::office::*;
use followupd::core::policy::{Mode, Modes, Policy};

const OPENED: &str = "Mon 02 Nov 2026 10:00";

fn outside(office: &Office) -> Vec<&Sent> {
    office.sent.iter().filter(|s| s.recipients.iter().any(|r| !r.ends_with("@council.example"))).collect()
}

#[tokio::test]
async fn in_shadow_everything_is_decided_and_nothing_goes_outside() {
    let mut office = Office::open_with(OPENED, Policy { mode: Mode::Shadow.into(), ..policy() }).await;
    office.clarify(CASE).await;
    office.until("Tue 24 Nov 2026 09:00").await;
    assert!(outside(&office).is_empty(), "{}", office.transcript());
    assert_eq!(office.the().await.rounds[0].level(), 3);
    office.told(
        SEND_MANAGER,
        "request",
        "SHADOW MODE: this would have gone to dr.lee@nhs.example and mo.head@nhs.example",
    );
    assert!(office.count(COORDINATOR, "receipt") > 0, "mail to staff goes out");
}

#[tokio::test]
async fn a_sort_of_letter_may_be_live_while_the_others_stay_in_shadow() {
    let mode = Modes::try_from("parents=shadow escalation=staff_only others=live".to_owned()).unwrap();
    let mut office = Office::open_with(OPENED, Policy { mode, ..policy() }).await;
    office.clarify(CASE).await;
    assert_eq!(office.count(ADVISER, "request"), 1);
    office.until("Tue 24 Nov 2026 09:00").await;
    assert_eq!(office.escalations(), 0, "{}", office.transcript());
    let shadow = Modes::try_from("advisers=shadow others=live".to_owned()).unwrap();
    let mut office = Office::open_with(OPENED, Policy { mode: shadow, ..policy() }).await;
    office.clarify(CASE).await;
    assert!(outside(&office).is_empty(), "{}", office.transcript());
    office.told(SEND_MANAGER, "request", "SHADOW MODE: this would have gone to dr.lee@nhs.example");
}

#[tokio::test]
async fn the_shadow_report_says_what_would_have_gone_to_whom() {
    let mut office = Office::open_with(OPENED, Policy { mode: Mode::Shadow.into(), ..policy() }).await;
    office.clarify(CASE).await;
    office.until("Tue 17 Nov 2026 09:00").await;
    let report = office.engine.shadow_report("2026-11-17".parse().unwrap()).await.unwrap();
    let rows: Vec<String> = report.sections[2].tables[0]
        .rows
        .iter()
        .map(|r| r.iter().take(3).map(|c| c.words(report.date)).collect::<Vec<_>>().join(" | "))
        .collect();
    insta::assert_snapshot!(format!("{}\n{}", report.headline, rows.join("\n")), @"
    4 letters would have gone to 3 people outside.
    17 Nov | Escalation | dco@icb.example and mo.head@nhs.example
    10 Nov | Escalation | mo.head@nhs.example and dr.lee@nhs.example
    6 Nov | Reminder | dr.lee@nhs.example
    2 Nov | Request | dr.lee@nhs.example and mo.head@nhs.example
    ");
}

#[tokio::test]
async fn staff_only_withholds_the_request_and_says_so_in_the_today_mail() {
    let mut office = Office::open_with(OPENED, Policy { mode: Mode::StaffOnly.into(), ..policy() }).await;
    office.clarify(CASE).await;
    office.until("Thu 05 Nov 2026 08:00").await;
    assert!(outside(&office).is_empty());
    office.told(COORDINATOR, "today", "the request has not left yet, so no clock runs");
}

#[tokio::test]
async fn pause_all_stops_everything_and_two_send_managers_let_it_go_on() {
    let mut settings = rules(policy());
    let second = followupd::core::directory::Person {
        name: "Pat Second".into(),
        address: address("pat.second@council.example"),
    };
    settings.directory.send_managers.push(second);
    let mut office = Office::clarified(OPENED).await;
    office.engine.replace_office(settings);
    office.ordered_by(SEND_MANAGER, "PAUSE ALL").await;
    let mark = office.so_far();
    office.until("Wed 11 Nov 2026 09:00").await;
    assert!(office.since(mark).is_empty(), "{:?}", office.since(mark));
    office.told(SEND_MANAGER, "sending_stopped", "has stopped all sending");
    office.ordered_by(SEND_MANAGER, "UNPAUSE ALL").await;
    office.ordered_by(SEND_MANAGER, "UNPAUSE ALL").await;
    let mut asked = vec!["sending_stopped → pat.second@council.example"; 2];
    asked.extend(["sending_stopped → sam.manager@council.example"; 2]);
    assert_eq!(office.since(mark), asked, "one person twice is one person; only they are asked");
    office.told("pat.second@council.example", "sending_stopped", "A second SEND manager has to write UNPAUSE ALL too");
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.ordered_by("pat.second@council.example", "UNPAUSE ALL").await;
    assert_eq!(office.count(MANAGER, "escalation"), 0, "what an answer has made needless is withdrawn");
    assert!(!office.since(mark).is_empty());
}

#[tokio::test]
async fn nobody_is_thanked_for_a_letter_that_never_left() {
    let mut office = Office::clarified(OPENED).await;
    office.ordered_by(SEND_MANAGER, "PAUSE ALL").await;
    office.until("Tue 10 Nov 2026 09:00").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.engine.set_paused(followupd::engine::Pausing::Running).await.unwrap();
    office.settle().await;
    assert_eq!(office.count(MANAGER, "escalation"), 0);
    assert_eq!(office.count(MANAGER, "stand_down"), 0);
}

#[tokio::test]
async fn only_a_send_manager_pauses() {
    let mut office = Office::clarified(OPENED).await;
    office.orders("PAUSE ALL").await;
    office.told(COORDINATOR, "receipt", "not for your role");
}
