//! Letters to families that were let go, by `SEND`, by silence or unseen, and that something overtook before they left:
//! they are held at the last look, and a person decides.

use super::*;
use followupd::core::policy::ParentHold;
use followupd::core::register::{Stop, StopManner};
use followupd::engine::Verdict;

const QUESTION: &str = "We are moving house. When will the plan come?";

fn later() -> Verdict {
    Verdict::Deferred("451 try again later".into())
}

fn written_by(who: &str) -> Draft {
    Draft::from(who).to(&[SERVICE]).subject("Robin").text(QUESTION)
}

/// `SEND` was said on Tuesday evening, when the send window had closed: the letter is queued for Wednesday 08:00.
async fn sent_in_the_evening(case: &Case) -> Office {
    let mut office = slipping(case).await;
    office.until("Tue 29 Sep 2026 18:30").await;
    office.answers(COORDINATOR, "preview", "SEND").await;
    assert_eq!(office.letters_to(ANN), 0, "the send window is closed");
    office
}

/// Nobody objected, and on Wednesday 10:00 the relay did not take it.
async fn left_by_silence() -> Office {
    let mut office = slipping(&winter()).await;
    office.relay.insert(ANN.into(), later());
    office.until("Wed 30 Sep 2026 10:05").await;
    assert_eq!(office.letters_to(ANN), 0);
    office
}

/// Operators want no preview, and on Tuesday morning the relay did not take it.
async fn left_unseen() -> Office {
    let mut at_once = policy();
    at_once.parents.hold = ParentHold::WorkingDays(0);
    let mut office = slipping_with(&winter(), at_once).await;
    office.relay.insert(ANN.into(), later());
    office.until("Tue 29 Sep 2026 08:05").await;
    assert_eq!(office.letters_to(ANN), 0);
    office
}

#[tokio::test]
async fn a_letter_that_was_released_does_not_leave_when_the_parent_has_written_since() {
    for mut office in [sent_in_the_evening(&winter()).await, left_by_silence().await, left_unseen().await] {
        office.arrives(written_by(ANN)).await;
        office.relay.clear();
        office.until("Fri 02 Oct 2026 12:00").await;
        assert_eq!(office.count(ANN, "parent_notice"), 0, "{}", office.transcript());
        assert!(office.told_dates(CASE).await.is_empty());
        office.told(
            COORDINATOR,
            "parent_mail",
            "The letter that was to tell the family Friday 27 November 2026 (the plan) is held.",
        );
        office.told(COORDINATOR, "today", "waits for you: a parent has written");
        office.answers(COORDINATOR, "parent_mail", "2 SEND").await;
        assert_eq!(office.count(ANN, "parent_notice"), 1, "released again\n{}", office.transcript());
        assert_eq!(office.told_dates(CASE).await, ["2026-11-27 to Ms Winter on 2026-10-02"]);
    }
}

#[tokio::test]
async fn the_co_ordinator_reads_what_is_held_beside_the_parents_mail() {
    let mut office = sent_in_the_evening(&winter()).await;
    office.arrives(written_by(ANN)).await;
    let mail = office.last(COORDINATOR, "parent_mail");
    let id = office.id_of(CASE).await;
    insta::assert_snapshot!(mail.text.replace(id.as_str(), "FU-XXXX-XXXX"), @"
    A family has written: please answer by Thursday 1 October 2026.

    The mail comes from Ms Winter.

    Please read it now. The service does not judge what parents write: it may be
    urgent, it may be a complaint (then log it as one).

    Your answer goes to them from your own mailbox. CLOSE this when you have
    answered.

    Until then no automatic letter goes to the family.

    The letter that was to tell the family Friday 27 November 2026 (the plan) is
    held. Answer SEND when it may go all the same, or DON'T SEND.

    What they wrote

      | We are moving house. When will the plan come?

    The whole mail is attached as original.eml. It came from outside: open its
    attachments with care.

    Needs you

    1. FU-XXXX-XXXX · EHC-2026-0412, R.W.: answer to a parent – CLOSE
    2. EHC-2026-0412, R.W.: the letter to the family that is held – SEND · DON'T
       SEND
    ");
}

#[tokio::test]
async fn once_the_parent_is_answered_the_letter_is_shown_again_and_leaves_once() {
    let mut office = sent_in_the_evening(&winter()).await;
    office.arrives(written_by(ANN)).await;
    office.until("Wed 30 Sep 2026 12:00").await;
    office.answers(COORDINATOR, "parent_mail", "CLOSE").await;
    assert!(office.inbox(COORDINATOR).iter().all(|s| !s.says("close it on ONE")), "a family's mail is not on ONE");
    office.until("Wed 07 Oct 2026 12:00").await;
    assert_eq!(office.count(COORDINATOR, "preview"), 2, "{}", office.transcript());
    assert_eq!(office.count(ANN, "parent_notice"), 1, "{}", office.transcript());
}

#[tokio::test]
async fn a_strangers_answer_holds_a_released_letter_too() {
    let mut office = sent_in_the_evening(&winter()).await;
    let forged = written_by(ANN).proof("fail");
    office.arrives(forged).await;
    office.until("Fri 02 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
    office.told(COORDINATOR, "parent_mail", "is held. Answer SEND when it may go all the same");
    office.answers(COORDINATOR, "parent_mail", "SEND").await;
    assert_eq!(office.letters_to(ANN), 1);
}

#[tokio::test]
async fn when_one_of_two_parents_has_written_the_others_letter_waits_too_and_is_not_forgotten() {
    let case = named_case(CASE, vec![parent("Ms Winter", ANN), parent("Mr Winter", TOM)]);
    let mut office = slipping(&case).await;
    office.relay.insert(TOM.into(), later());
    office.until("Wed 30 Sep 2026 10:05").await;
    assert_eq!(office.count(ANN, "parent_notice"), 1);
    office.answers(ANN, "parent_notice", QUESTION).await;
    office.relay.clear();
    office.told(COORDINATOR, "parent_mail", "Ms Winter has it already.");
    office.answers(COORDINATOR, "parent_mail", "1 CLOSE").await;
    office.until("Thu 22 Oct 2026 12:00").await;
    assert_eq!(office.count(TOM, "parent_notice"), 0, "{}", office.transcript());
    office.told(COORDINATOR, "today", "waits for you");
    office.answers(COORDINATOR, "parent_mail", "2 SEND").await;
    assert_eq!((office.count(ANN, "parent_notice"), office.count(TOM, "parent_notice")), (1, 1));
    office.told(TOM, "parent_notice", "Mr Winter");
}

#[tokio::test]
async fn a_contact_that_changes_after_the_release_holds_the_letter() {
    let mut office = sent_in_the_evening(&winter()).await;
    office.orders(&format!("CONTACT {CASE}\nAdd: Ms Winter <anna.new@family.example>")).await;
    office.answers(SEND_MANAGER, "read_back", "YES").await;
    office.until("Fri 02 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN) + office.letters_to("anna.new@family.example"), 0, "{}", office.transcript());
    office.told(COORDINATOR, "family_question", "the family's contacts have changed since it was written");
    office.answers(COORDINATOR, "family_question", "SEND").await;
    assert_eq!((office.letters_to(ANN), office.letters_to("anna.new@family.example")), (0, 1));
}

#[tokio::test]
async fn a_contact_that_changes_while_the_letter_waits_is_named_in_the_answer() {
    let mut office = slipping(&winter()).await;
    office.until("Tue 29 Sep 2026 12:00").await;
    office.orders(&format!("CONTACT {CASE}\nAdd: Ms Winter <anna.new@family.example>")).await;
    office.answers(SEND_MANAGER, "read_back", "YES").await;
    office.told(
        SEND_MANAGER,
        "receipt",
        "About the letter that waits: It goes to Ms Winter (anna.new@family.example).",
    );
    office.until("Wed 30 Sep 2026 12:00").await;
    assert_eq!((office.letters_to(ANN), office.letters_to("anna.new@family.example")), (0, 1));
}

#[tokio::test]
async fn a_pause_and_a_stop_hold_what_was_released() {
    let mut office = sent_in_the_evening(&winter()).await;
    office.ordered_by(SEND_MANAGER, "PAUSE ALL").await;
    office.until("Thu 01 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
    office.orders(&format!("STOP SILENT {CASE}")).await;
    office.ordered_by(SEND_MANAGER, "UNPAUSE ALL").await;
    let other = Draft::from("pat.second@council.example").to(&[SERVICE]).subject("followupd").text("UNPAUSE ALL");
    office.arrives(other).await;
    office.until("Fri 30 Oct 2026 12:00").await;
    assert_eq!(office.letters_to(ANN), 0, "{}", office.transcript());
}

#[tokio::test]
async fn what_happens_between_the_last_look_and_the_final_dot_still_stops_a_letter() {
    let mut office = slipping(&winter()).await;
    office.relay.insert(ANN.into(), later());
    office.until("Wed 30 Sep 2026 10:01").await;
    office.now = at("Wed 30 Sep 2026 10:30");
    office.engine.mailbox_seen(office.now).await.unwrap();
    let ready = office.engine.ready(office.now, 50).await.unwrap();
    let letter = ready.iter().find(|l| l.letter.kind.name() == "parent_notice").expect("it is being handed over");
    let now = office.now;
    let stop = Stop { manner: StopManner::Silent, at: now, by: address(COORDINATOR), reason: None, confirmed_at: None };
    office.changes(CASE, |case| case.register.stop = Some(stop)).await;
    let dot = office.engine.note_dot(&letter.letter.id, now).await;
    assert!(dot.is_err_and(|why| why.to_string().contains("must not leave any more")));
}

#[tokio::test]
async fn a_letter_waits_as_long_as_the_mailbox_cannot_be_read() {
    let mut office = sent_in_the_evening(&winter()).await;
    office.mailbox_down = true;
    office.until("Wed 30 Sep 2026 09:00").await;
    assert_eq!(office.letters_to(ANN), 0, "who knows whether they have written\n{}", office.transcript());
    office.mailbox_down = false;
    office.until("Wed 30 Sep 2026 09:05").await;
    assert_eq!(office.letters_to(ANN), 1);
}

#[tokio::test]
async fn a_letter_that_nobody_has_posted_does_not_keep_back_the_next_one() {
    let mut by_post = parent("Mr Winter", TOM);
    by_post.channel = Channel::Post;
    let mut office = slipping(&named_case(CASE, vec![parent("Ms Winter", ANN), by_post])).await;
    office.until("Wed 30 Sep 2026 12:00").await;
    assert_eq!(office.count(ANN, "parent_notice"), 1);
    office.until("Thu 03 Dec 2026 12:00").await;
    assert!(office.count(ANN, "parent_notice") >= 2, "the told date has gone by\n{}", office.transcript());
    office.told(COORDINATOR, "post_letter", "is out of date: please do not post it any more");
    // The first letter did go, when it was the only one.
    office.orders("POSTED EHC-2026-0412\nOn: 2 October 2026").await;
    let told = office.told_dates(CASE).await;
    assert!(told.contains(&"2026-11-27 to Mr Winter on 2026-10-02".to_owned()), "{told:?}");
}
