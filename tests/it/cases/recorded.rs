//! What is recorded about a running case, who owns it, and how it is shown.

use super::{NEW_CASE, masked};
use crate::office::*;

const OPENED: &str = "Mon 02 Nov 2026 10:00";

async fn registered() -> Office {
    let mut office = Office::open(OPENED).await;
    office.orders_and_confirms(NEW_CASE).await;
    office
}

#[tokio::test]
async fn an_exemption_is_recorded_with_its_regulation_and_moves_no_date() {
    let mut office = registered().await;
    office
        .orders("EXEMPTION EHC-2026-0412 family abroad\nPhase: 20\nFrom: 1 Dec 2026\nTo: 10 Jan 2027\nText: They are with a grandmother.")
        .await;
    insta::assert_snapshot!(office.last(COORDINATOR, "receipt").text, @"");
    let case = office.case(CASE).await.unwrap();
    assert_eq!(case.register.exemptions.len(), 1);
    office.orders("EXEMPTION EHC-2026-0412 staff shortage\nPhase: advice\nText: Nobody was there.").await;
    office.told(COORDINATOR, "receipt", "excuse nothing");
    assert_eq!(office.case(CASE).await.unwrap().register.exemptions.len(), 1);
}

#[tokio::test]
async fn notes_and_narratives_need_words_and_a_known_theme() {
    let mut office = registered().await;
    office.orders("NOTE EHC-2026-0412\nWith: Dr Lee\nText: The spelling of the school is mended.").await;
    office.told(COORDINATOR, "receipt", "small point (option 1); no clock runs");
    office.orders("NARRATIVE EHC-2026-0412\nTheme: weather\nText: It rained.").await;
    office.told(COORDINATOR, "receipt", "NARRATIVE needs Theme: with one of these: capacity");
    office.orders("NARRATIVE EHC-2026-0412\nTheme: capacity\nText: Two of three therapists had left.").await;
    office.told(COORDINATOR, "receipt", "the narrative is on record");
    assert_eq!(office.case(CASE).await.unwrap().register.notes.len(), 2);
}

#[tokio::test]
async fn correct_reads_back_what_changes_and_a_parents_address_needs_contact() {
    let mut office = registered().await;
    office.orders("CORRECT EHC-2026-0412\nRequested: 26 Oct 2026\nChild: RX").await;
    insta::assert_snapshot!(office.last(COORDINATOR, "read_back").text, @"");
    office.confirms_with(COORDINATOR, "YES").await;
    assert_eq!(office.case(CASE).await.unwrap().initials.as_deref(), Some("RX"));
    office.orders("CORRECT EHC-2026-0412\nParent: Ann Fox <ann@elsewhere.example>").await;
    office.told(COORDINATOR, "receipt", "changed by CONTACT EHC-2026-0412");
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_before_anything_is_read_back() {
    for (fields, why) in [
        ("Child: Robin Fox", "takes initials"),
        ("Parent: Ann Fox", "takes a name and an address"),
        ("Parent: Dr Lee <dr.lee@nhs.example>", "is an adviser or a line manager"),
        ("Parent: Cora <cora.lane@council.example>", "is a member of staff"),
        ("Parent: Ann <a@home.example>\nParent: Ben <a@home.example>", "has the address of another contact"),
        ("Coordinator: Nobody Known", "No co-ordinator is called"),
        ("School closed: soon", "takes two dates"),
    ] {
        let mut office = Office::open(OPENED).await;
        office.orders(&format!("NEW CASE EHC-2026-0412\nRequested: 2 Nov 2026\n{fields}")).await;
        office.told(COORDINATOR, "receipt", why);
        assert_eq!(office.count(COORDINATOR, "read_back"), 0, "{fields}");
    }
}

#[tokio::test]
async fn a_case_that_is_reassigned_takes_its_follow_ups_along_and_the_new_owner_hears_of_it_once() {
    let mut office = registered().await;
    office.clarify(CASE).await;
    let mark = office.so_far();
    office.orders("REASSIGN EHC-2026-0412 TO Dev Patel").await;
    assert_eq!(office.case(CASE).await.unwrap().coordinator, address(DEPUTY));
    assert_eq!(office.the().await.coordinator, address(DEPUTY));
    insta::assert_snapshot!(office.since(mark).join("\n"), @"");
    insta::assert_snapshot!(masked(&office, &office.last(DEPUTY, "case_notice").text), @"");
    office.ordered_by(SEND_MANAGER, &format!("REASSIGN ALL FROM {DEPUTY} TO Cora Lane")).await;
    office.told(SEND_MANAGER, "receipt", "1 case is of Dev Patel with Cora Lane now");
    assert_eq!(office.the().await.coordinator, address(COORDINATOR));
}

#[tokio::test]
async fn only_a_send_manager_holds_a_case_for_legal_reasons_and_gives_all_cases_away() {
    let mut office = registered().await;
    office.orders("LEGAL HOLD EHC-2026-0412 ON").await;
    office.told(COORDINATOR, "receipt", "is not for your role");
    office.ordered_by(SEND_MANAGER, "LEGAL HOLD EHC-2026-0412 ON").await;
    assert!(office.case(CASE).await.unwrap().register.legal_hold);
    office.ordered_by(SEND_MANAGER, "LEGAL HOLD EHC-2026-0412 OFF").await;
    assert!(!office.case(CASE).await.unwrap().register.legal_hold);
}

#[tokio::test]
async fn status_tells_each_date_with_its_reason_and_its_reading_is_journalled() {
    let mut office = registered().await;
    office.clarify(CASE).await;
    office.orders("NOTE EHC-2026-0412\nText: Interpreter needed.").await;
    office.orders("STATUS EHC-2026-0412").await;
    insta::assert_snapshot!(masked(&office, &office.last(COORDINATOR, "status").text), @"");
    office.orders("STATUS EHC-2026-0412\n\nthanks").await;
    assert!(office.last(COORDINATOR, "status").says("cora.lane@council.example has read it."));
}

#[tokio::test]
async fn a_list_has_numbers_that_can_be_answered() {
    let mut office = registered().await;
    office.clarify(CASE).await;
    office.orders("LIST CASES").await;
    insta::assert_snapshot!(office.last(COORDINATOR, "status").text, @"");
    office.until("Thu 12 Nov 2026 10:00").await;
    office.orders("LIST OVERDUE").await;
    let list = office.last(COORDINATOR, "status").clone();
    insta::assert_snapshot!(masked(&office, &list.text), @"");
    office.arrives(Draft::from(COORDINATOR).answering(&list).text("1 CLOSE by phone")).await;
    assert_eq!(office.stands().await, "closed");
    office.orders("LIST LATE").await;
    office.told(COORDINATOR, "status", "Nothing is in this list (late)");
}

#[tokio::test]
async fn the_today_mail_names_the_weeks_that_come_and_a_decision_is_one_word() {
    let mut office = registered().await;
    office.until("Fri 11 Dec 2026 09:00").await;
    let today = office.last(COORDINATOR, "today").clone();
    insta::assert_snapshot!(today.text, @"");
    office.arrives(Draft::from(COORDINATOR).answering(&today).text("1 DECISION ASSESS")).await;
    office.told(COORDINATOR, "receipt", "the authority assesses");
}
