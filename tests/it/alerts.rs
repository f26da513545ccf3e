//! Alerts as the engine sees them: each is told once, and once when it is over.

use crate::office::Office;
use chrono::Duration;
use followupd::engine::{AlertKind, Surroundings, Turn};

/// What is to be told now; noted as told.
async fn tell(office: &Office, around: &Surroundings) -> Vec<(AlertKind, Turn)> {
    let alerts = office.engine.alerts(around, office.now).await.unwrap();
    let tellings = office.engine.alerts_to_tell(&alerts, office.now).await.unwrap();
    for telling in &tellings {
        office.engine.note_told(telling).await.unwrap();
    }
    tellings.into_iter().map(|telling| (telling.kind, telling.turn)).collect()
}

async fn healthy(now: &str) -> Office {
    let office = Office::open(now).await;
    office.engine.mailbox_seen(office.now).await.unwrap();
    office
}

#[tokio::test]
async fn a_mailbox_that_is_not_looked_at_is_told_once_and_once_when_it_is_over() {
    let mut office = healthy("Mon 2 Nov 2026 10:00").await;
    let around = Surroundings::default();
    for (minutes, wanted) in [(10, vec![]), (6, vec![(AlertKind::Mailbox, Turn::Raised)]), (60, vec![])] {
        office.now += Duration::minutes(minutes);
        assert_eq!(tell(&office, &around).await, wanted, "after {minutes} more minutes");
    }
    office.engine.mailbox_seen(office.now).await.unwrap();
    assert_eq!(tell(&office, &around).await, [(AlertKind::Mailbox, Turn::Over)]);
    assert_eq!(tell(&office, &around).await, []);
}

#[tokio::test]
async fn what_could_not_be_told_is_tried_again_and_forgotten_when_it_mends_itself() {
    let mut office = healthy("Mon 2 Nov 2026 10:00").await;
    let around = Surroundings { disk: Some("12 MB are free".to_owned()), holidays: None };
    for _ in 0..2 {
        let alerts = office.engine.alerts(&around, office.now).await.unwrap();
        let tellings = office.engine.alerts_to_tell(&alerts, office.now).await.unwrap();
        assert_eq!(tellings.len(), 1, "nobody has noted that it was told");
        assert_eq!((tellings[0].kind, tellings[0].text.as_str()), (AlertKind::Database, "12 MB are free"));
        office.now += Duration::minutes(1);
    }
    assert_eq!(tell(&office, &Surroundings::default()).await, []);
    assert_eq!(tell(&office, &Surroundings::default()).await, []);
}

#[tokio::test]
async fn a_passing_trouble_wakes_nobody_and_a_dead_credential_does_within_a_quarter_of_an_hour() {
    let mut office = healthy("Mon 2 Nov 2026 10:00").await;
    let around = Surroundings::default();
    for part in ["mailbox", "outbox", "sign-in"] {
        office.engine.note_trouble(part, "it does not work", office.now).await.unwrap();
    }
    office.now += Duration::minutes(2);
    assert_eq!(tell(&office, &around).await, []);
    office.now += Duration::minutes(1);
    office.engine.note_trouble("mailbox", "it does not work, in other words", office.now).await.unwrap();
    assert_eq!(tell(&office, &around).await, [(AlertKind::SignIn, Turn::Raised)]);
    office.now += Duration::minutes(7);
    assert_eq!(tell(&office, &around).await, [(AlertKind::Mailbox, Turn::Raised), (AlertKind::Outbox, Turn::Raised)]);
    for part in ["mailbox", "outbox", "sign-in"] {
        office.engine.note_trouble(part, "", office.now).await.unwrap();
    }
    assert_eq!(tell(&office, &around).await.len(), 3);
}

#[tokio::test]
async fn a_refused_configuration_and_holidays_that_run_out_are_told_at_once() {
    let office = healthy("Mon 2 Nov 2026 10:00").await;
    office.engine.note_trouble("configuration", "followupd.toml:3: …", office.now).await.unwrap();
    let around = Surroundings { disk: None, holidays: Some("verified up to 2026-12-31 only".to_owned()) };
    let wanted = [(AlertKind::Holidays, Turn::Raised), (AlertKind::Configuration, Turn::Raised)];
    assert_eq!(tell(&office, &around).await, wanted);
}
