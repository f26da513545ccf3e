//! What staff write: when it is a command, what it does, and how it is answered.

use crate::office::*;

const OPENED: &str = "Mon 02 Nov 2026 10:00";

async fn received() -> Office {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office
}

#[tokio::test]
async fn a_reply_to_everybody_commands_nothing_and_is_answered_by_nobody() {
    for text in ["Received, thanks", "CLOSE", "Close enough"] {
        let mut office = Office::clarified(OPENED).await;
        let mark = office.so_far();
        let all = Draft::from(COORDINATOR).answering(&office.first_letter()).to(&[ADVISER]).text(text);
        office.arrives(all).await;
        assert_eq!(office.stands().await, "open", "{text}");
        assert!(office.since(mark).is_empty(), "{text}: {:?}", office.since(mark));
    }
}

#[tokio::test]
async fn every_recipient_must_be_the_service_or_staff() {
    let mut office = received().await;
    let id = office.id_of(CASE).await;
    let text = format!("CLOSE {id}");
    office.arrives(Draft::from(COORDINATOR).to(&[SERVICE]).header("Cc", ADVISER).subject("x").text(&text)).await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
    office.arrives(Draft::from(COORDINATOR).to(&[SERVICE, DEPUTY]).subject("x").text(&text)).await;
    assert_eq!(office.stands().await, "closed");
}

#[tokio::test]
async fn a_deputy_and_a_send_manager_may_close() {
    for who in [DEPUTY, SEND_MANAGER] {
        let mut office = received().await;
        let id = office.id_of(CASE).await;
        office.ordered_by(who, &format!("CLOSE {id}")).await;
        assert_eq!(office.stands().await, "closed", "{who}");
        office.told(who, "receipt", "Please close it on ONE too");
    }
}

#[tokio::test]
async fn s55_a_typing_error_is_asked_back_and_never_guessed() {
    let mut office = received().await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("CLOES {id}\n\nSent from my iPhone")).await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
    office.told(COORDINATOR, "receipt", "CLOSE");
}

#[tokio::test]
async fn s56_commands_that_contradict_each_other_are_none() {
    let mut office = received().await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("CLOSE {id}\nNOT ADVICE {id}")).await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
    assert_eq!(office.count(COORDINATOR, "receipt"), 2, "one for CLARIFY, one that echoes");
}

#[tokio::test]
async fn the_same_command_mail_twice_acts_once() {
    let mut office = Office::clarified(OPENED).await;
    let raw = Draft::from(COORDINATOR)
        .to(&[SERVICE])
        .subject("clarify")
        .text(&format!("CLARIFY EHC-2026-0500\nTo: {ADVISER}\nText: How often?"))
        .bytes(office.now);
    office.arrives_raw(raw.clone()).await;
    office.arrives_raw(raw).await;
    assert_eq!(office.of_case("EHC-2026-0500").await.len(), 1);
}

#[tokio::test]
async fn line_numbers_belong_to_their_own_mail() {
    let mut office = Office::asked(OPENED).await;
    office.until("Mon 09 Nov 2026 08:00").await;
    let old = office.last(COORDINATOR, "today").clone();
    office.clarify("EHC-2026-0500").await;
    office.until("Tue 10 Nov 2026 08:00").await;
    office.arrives(Draft::from(COORDINATOR).answering(&old).text("1 RECEIVED")).await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
    assert_eq!(office.stage(&office.id_of("EHC-2026-0500").await).await, "open");
    office.arrives(Draft::from(COORDINATOR).answering(&old).text("7 CLOSE")).await;
    office.told(COORDINATOR, "receipt", "There is no line 7");
}

#[tokio::test]
async fn one_error_is_answered_an_hour_and_the_next_is_listed_in_the_morning() {
    let mut office = Office::clarified(OPENED).await;
    for text in ["CLOES", "CLOSSE", "Kloze"] {
        office.orders(text).await;
    }
    assert_eq!(office.count(COORDINATOR, "receipt"), 2, "CLARIFY and one error");
    office.until("Tue 03 Nov 2026 08:00").await;
    office.told(COORDINATOR, "today", "a mail from cora.lane@council.example of Mon 2 Nov");
}

#[tokio::test]
async fn a_machine_that_writes_in_a_staff_name_is_not_answered() {
    let mut office = Office::open(OPENED).await;
    let machine = Draft::from(COORDINATOR)
        .to(&[SERVICE])
        .subject("job")
        .header("Return-Path", "<>")
        .text("all went well, see the log for what was done and what was not, nothing to do");
    office.arrives(machine).await;
    assert!(office.sent.is_empty(), "{}", office.transcript());
}

#[tokio::test]
async fn help_and_status_answer_and_status_is_journalled() {
    let mut office = received().await;
    let id = office.id_of(CASE).await;
    office.orders("HELP").await;
    office.told(COORDINATOR, "help", "CLARIFY");
    office.orders(&format!("STATUS {CASE}")).await;
    office.told(COORDINATOR, "status", "received, awaiting your decision");
    office.orders(&format!("STATUS {id}")).await;
    office.told(COORDINATOR, "status", "How the days are counted");
    let mut tx = office.engine.store().begin().await.unwrap();
    let journal = tx.journal_of(CASE).await.unwrap();
    tx.commit().await.unwrap();
    let readings = journal.iter().filter(|e| e.because.as_deref().is_some_and(|b| b.contains("read"))).count();
    assert_eq!(readings, 2, "each reading of a case is journalled");
}

#[tokio::test]
async fn an_address_that_is_neither_listed_nor_at_a_listed_domain_is_not_written_to() {
    let mut office = Office::open(OPENED).await;
    office.orders("CLARIFY EHC-2026-0412\nTo: who@elsewhere.example\nText: How often?").await;
    office.told(COORDINATOR, "receipt", "neither in the directory nor at a listed domain");
    assert!(office.of_case(CASE).await.is_empty());
}

#[tokio::test]
async fn a_child_s_number_in_a_subject_never_leaves() {
    let mut settings = policy();
    settings.ref_pattern = r"\d{3} \d{3} \d{4}".into();
    let mut office = Office::open_with(OPENED, settings).await;
    office.arrives(copied_in("943 476 5919")).await;
    office.arrives(office.reply(ADVISER, ADVICE).only_to_the_service()).await;
    assert_eq!(office.count(COORDINATOR, "answer"), 0);
    office.told(SEND_MANAGER, "alarm", "a number as long as an NHS number");
}

#[tokio::test]
async fn a_mail_that_shows_no_recipient_commands_nothing() {
    let mut office = Office::clarified(OPENED).await;
    let id = office.follow_up();
    office.arrives(Draft::from(COORDINATOR).subject("close").text(&format!("CLOSE {id}"))).await;
    assert_eq!(office.stands().await, "open");
}
