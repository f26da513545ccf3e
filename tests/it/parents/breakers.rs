//! Too many letters at once, or a clock that runs behind: a SEND manager is asked before anything leaves.

use super::*;
use followupd::core::policy::ParentHold;

fn family(number: usize) -> String {
    format!("family{number}@family.example")
}

/// So many late plans on one morning.
async fn many(count: usize, per_day: u32) -> Office {
    let mut policy = policy();
    policy.parents.hold = ParentHold::WorkingDays(0);
    policy.parents.per_day = per_day;
    let mut office = Office::open_with("Mon 19 Oct 2026 18:00", policy).await;
    for number in 0..count {
        let case = named_case(&format!("EHC-2026-{number:04}"), vec![parent("Ms Winter", &family(number))]);
        office.registers(&case).await;
    }
    office.until("Tue 20 Oct 2026 08:30").await;
    office
}

impl Office {
    fn told_families(&self) -> usize {
        self.sent.iter().filter(|s| s.kind == "parent_notice").count()
    }
}

#[tokio::test]
async fn as_many_letters_to_parents_as_a_day_may_have_leave_by_themselves() {
    let office = many(3, 3).await;
    assert_eq!(office.told_families(), 3);
}

#[tokio::test]
async fn more_letters_to_parents_than_a_day_may_have_wait_for_a_send_manager() {
    let mut office = many(4, 3).await;
    assert_eq!(office.told_families(), 0, "none of them, for the reason may be a wrong clock");
    let alarm = office.last(SEND_MANAGER, "alarm").clone();
    insta::assert_snapshot!(alarm.text, @"
    4 letters to parents are to leave today; more than 3 a day need your word.

    They are held. The reason may be good (a holiday, many requests at once) or
    not (a wrong clock, a restored backup, a broken holiday list): please look
    before you answer.

    Answer RELEASE ALL, or RELEASE 1,3,4 with the numbers of some, or DISCARD.

    Needs you

    1. Notice to a parent, EHC-2026-0000
    2. Notice to a parent, EHC-2026-0001
    3. Notice to a parent, EHC-2026-0002
    4. Notice to a parent, EHC-2026-0003
    ");
    office.answers(SEND_MANAGER, "alarm", "RELEASE 1,3").await;
    assert_eq!(office.told_families(), 0, "read back first");
    office.answers(SEND_MANAGER, "read_back", "YES").await;
    assert_eq!(office.told_families(), 2, "{}", office.transcript());
    office.arrives(Draft::from(SEND_MANAGER).answering(&alarm).text("DISCARD")).await;
    office.until("Tue 20 Oct 2026 17:00").await;
    assert_eq!(office.told_families(), 2);
    office.told(SEND_MANAGER, "receipt", "2 letters are discarded");
}

#[tokio::test]
async fn release_all_lets_all_go() {
    let mut office = many(5, 3).await;
    office.ordered_by(SEND_MANAGER, "RELEASE ALL").await;
    office.answers(SEND_MANAGER, "read_back", "YES").await;
    assert_eq!(office.told_families(), 5, "{}", office.transcript());
}

#[tokio::test]
async fn a_co_ordinator_cannot_release() {
    let mut office = many(5, 3).await;
    office.orders("RELEASE ALL").await;
    assert_eq!(office.told_families(), 0);
    office.told(COORDINATOR, "receipt", "RELEASE is not for your role");
}

#[tokio::test]
async fn a_morning_with_too_many_escalations_waits_for_a_send_manager() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    for number in 0..16 {
        office.clarify(&format!("EHC-2026-{number:04}")).await;
    }
    office.until("Tue 10 Nov 2026 09:00").await;
    assert_eq!(office.escalations(), 0, "{}", office.transcript());
    office.told(SEND_MANAGER, "alarm", "16 of 16 open follow-ups escalate this morning");
    office.ordered_by(SEND_MANAGER, "RELEASE ALL").await;
    office.answers(SEND_MANAGER, "read_back", "YES").await;
    assert_eq!(office.escalations(), 16);
}

#[tokio::test]
async fn an_escalation_that_was_discarded_does_not_count_as_told() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    for number in 0..16 {
        office.clarify(&format!("EHC-2026-{number:04}")).await;
    }
    office.until("Tue 10 Nov 2026 09:00").await;
    office.ordered_by(SEND_MANAGER, "DISCARD ALL").await;
    office.until("Tue 10 Nov 2026 18:00").await;
    assert_eq!(office.escalations(), 0);
    assert_eq!(office.count(SEND_MANAGER, "alarm"), 1, "it is not asked about again at once");
    for number in 1..16 {
        let id = office.id_of(&format!("EHC-2026-{number:04}")).await;
        office.orders(&format!("RECEIVED {id}")).await;
    }
    office.until("Tue 17 Nov 2026 09:00").await;
    assert_eq!(office.count(MANAGER, "escalation"), 1, "the line manager comes first all the same");
    assert_eq!(office.count(SECOND_LEVEL, "escalation"), 0, "{}", office.transcript());
}

#[tokio::test]
async fn fifteen_escalations_are_an_ordinary_morning() {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    for number in 0..15 {
        office.clarify(&format!("EHC-2026-{number:04}")).await;
    }
    office.until("Tue 10 Nov 2026 09:00").await;
    assert_eq!(office.escalations(), 15);
}

#[tokio::test]
async fn a_clock_behind_the_database_holds_every_letter_until_release() {
    let mut office = Office::asked("Mon 02 Nov 2026 10:00").await;
    office.until("Tue 03 Nov 2026 10:00").await;
    office.orders(&format!("STATUS {CASE}")).await;
    office.now -= chrono::Duration::hours(2);
    let mark = office.so_far();
    office.orders("STATUS").await;
    assert_eq!(office.since(mark), [format!("alarm → {SEND_MANAGER}")], "nothing but the alarm");
    office.answers(SEND_MANAGER, "alarm", "RELEASE ALL").await;
    office.answers(SEND_MANAGER, "read_back", "YES").await;
    assert_eq!(office.count(COORDINATOR, "status"), 2, "{}", office.transcript());
}
