//! The service as one more recipient of the mail that a co-ordinator sends anyway.

use crate::office::*;
use followupd::core::directory::{Adviser, Person};

const OPENED: &str = "Mon 02 Nov 2026 10:00";

async fn opens(draft: Draft) -> Office {
    let mut office = Office::open(OPENED).await;
    office.arrives(draft).await;
    office
}

#[tokio::test]
async fn prefixes_and_what_follows_the_fixed_subject_are_ignored() {
    for subject in [
        format!("[EXTERNAL] {FIXED}"),
        format!("OFFICIAL-SENSITIVE: {FIXED} - speech and language"),
        FIXED.to_lowercase(),
    ] {
        let office = opens(copied_in(CASE).subject(&subject)).await;
        assert_eq!(office.stands().await, "open", "{subject}");
    }
}

#[tokio::test]
async fn an_answer_or_a_forward_never_opens() {
    for prefix in ["RE:", "FW: ", "Fwd: ", "[EXTERNAL] RE: "] {
        let office = opens(copied_in(CASE).subject(&format!("{prefix}{FIXED}"))).await;
        assert!(office.of_case(CASE).await.is_empty(), "{prefix}");
        assert_eq!(office.count(ADVISER, "logged"), 0, "{prefix}");
    }
}

#[tokio::test]
async fn a_mail_in_a_known_thread_never_opens_whatever_its_subject() {
    let mut office = Office::asked(OPENED).await;
    let again = Draft::from(COORDINATOR).answering(&office.first_letter()).to(&[ADVISER, SERVICE]).subject(FIXED);
    office.arrives(again.text(CASE)).await;
    assert_eq!(office.of_case(CASE).await.len(), 1);
}

#[tokio::test]
async fn a_first_mail_that_was_written_as_an_answer_to_something_else_opens() {
    let office = opens(copied_in(CASE).header("In-Reply-To", "<unknown@council.example>")).await;
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn a_blind_copy_is_a_copy() {
    let draft = Draft::from(COORDINATOR).to(&[ADVISER, MANAGER]).subject(FIXED).text(CASE);
    assert_eq!(opens(draft).await.stands().await, "open");
}

#[tokio::test]
async fn unknown_people_get_nothing_until_the_coordinator_has_said_who_they_are_and_that_is_remembered() {
    let draft =
        || Draft::from(COORDINATOR).to(&["ann@new.example", "bob@new.example", SERVICE]).subject(FIXED).text(CASE);
    let mut office = opens(draft()).await;
    assert_eq!(office.stands().await, "waiting to know who the adviser is");
    assert!(office.sent.iter().all(|s| s.recipients == [COORDINATOR]), "{}", office.transcript());
    office.until("Wed 11 Nov 2026 15:00").await;
    assert_eq!(office.escalations(), 0);
    let question = office.last(COORDINATOR, "roles_question").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&question).text("1 ADVISER\n2 MANAGER")).await;
    assert_eq!(office.stands().await, "open");
    assert_eq!(office.count("ann@new.example", "logged"), 1);
    assert_eq!(office.count("bob@new.example", "logged"), 1);
    office.arrives(draft().text("EHC-2026-0500")).await;
    assert_eq!(office.stage(&office.id_of("EHC-2026-0500").await).await, "open", "remembered");
}

#[tokio::test]
async fn whatever_else_stands_in_the_answer_who_is_who_is_carried_out_too() {
    let draft = Draft::from(COORDINATOR).to(&["ann@new.example", "bob@new.example", SERVICE]).subject(FIXED).text(CASE);
    let mut office = opens(draft).await;
    let id = office.the().await.id;
    let question = office.last(COORDINATOR, "roles_question").clone();
    let answer = format!("1 ADVISER\n2 MANAGER\nEXTEND {id}\nTo: 2026-11-20\nCLOES {id}\nThanks\nCora");
    office.arrives(Draft::from(COORDINATOR).answering(&question).text(&answer)).await;
    assert_eq!(office.stands().await, "open");
    assert_eq!(office.the().await.due_on(), Some("2026-11-20".parse().unwrap()));
    office.told(COORDINATOR, "receipt", "is the adviser of");
    office.told(COORDINATOR, "receipt", "is now due by Friday 20 November 2026");
    office.told(COORDINATOR, "receipt", "Did you mean CLOSE?");
}

#[tokio::test]
async fn an_adviser_without_a_manager_is_asked_about_and_begins_with_the_answer() {
    let mut office =
        opens(Draft::from(COORDINATOR).to(&["new.one@nhs.example", SERVICE]).subject(FIXED).text(CASE)).await;
    let question = office.last(COORDINATOR, "roles_question").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&question).text("1 ADVISER")).await;
    assert_eq!(office.stands().await, "waiting to know who the adviser is");
    office.ordered_by(DEPUTY, "MANAGER new.one@nhs.example IS mo.head@nhs.example").await;
    assert_eq!(office.stands().await, "open", "a deputy may answer for the co-ordinator");
    assert_eq!(office.count(MANAGER, "logged"), 1);
}

#[tokio::test]
async fn a_line_manager_who_gives_advice_too_is_the_manager_beside_the_one_they_manage() {
    let mut settings = rules(policy());
    let named = Person { name: "Mo Head".into(), address: address(MANAGER) };
    settings.directory.services[0].advisers.push(Adviser { person: named, managers: vec![address(SECOND_LEVEL)] });
    let mut office = Office::open(OPENED).await;
    office.engine.replace_office(settings);
    office.arrives(copied_in(CASE)).await;
    let follow_up = office.the().await;
    assert_eq!(follow_up.adviser, Some(address(ADVISER)));
    assert_eq!(follow_up.managers, [address(MANAGER)]);
}

#[tokio::test]
async fn without_a_case_reference_it_works_and_is_listed_as_no_case() {
    let mut office = opens(copied_in("No reference yet")).await;
    let id = office.follow_up();
    assert_eq!(office.stage(&id).await, "open");
    office.until("Mon 09 Nov 2026 08:00").await;
    office.told(COORDINATOR, "today", "no case reference");
}

#[tokio::test]
async fn a_stated_date_up_to_ten_working_days_later_governs_and_any_other_is_asked_about() {
    let table = [
        ("Response required: 16/11/2026", "2026-11-16", "later than five working days; that date is used"),
        ("Response required by: Sunday 15 November 2026", "2026-11-16", "that date is used"),
        ("Response required: 5 November 2026", "2026-11-09", "five working days end on Mon 9 Nov"),
        ("Response required: 31/12/2026", "2026-11-09", "five working days end on Mon 9 Nov"),
        ("Response required: 09/11/2026", "2026-11-09", "due by Monday 9 November 2026"),
    ];
    for (line, due, said) in table {
        let office = opens(copied_in(&format!("{CASE}\n{line}\n"))).await;
        assert_eq!(office.the().await.due_on().unwrap().to_string(), due, "{line}");
        office.told(COORDINATOR, "receipt", said);
    }
}

#[tokio::test]
async fn before_anybody_is_accused_the_coordinator_is_asked_and_one_word_before_noon_stops_it() {
    let mut office = Office::asked(OPENED).await;
    office.until("Mon 09 Nov 2026 08:00").await;
    office.told(COORDINATOR, "today", "the window closes today and nothing was seen here. Has Dr Lee answered you?");
    office.until("Tue 10 Nov 2026 11:55").await;
    let today = office.last(COORDINATOR, "today").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&today).text("1 RECEIVED 6 Nov by phone")).await;
    office.until("Fri 20 Nov 2026 12:00").await;
    assert_eq!(office.escalations(), 0);
    assert_eq!(office.stands().await, "received, awaiting your decision");
}

#[tokio::test]
async fn s39_a_forwarded_answer_counts_with_the_originals_date() {
    let mut office = Office::asked(OPENED).await;
    let id = office.id_of(CASE).await;
    office.until("Tue 10 Nov 2026 09:00").await;
    let inner = format!(
        "Here it is.\n\n________________________________\nFrom: Dr Lee <{ADVISER}>\nSent: 06 November 2026 15:00\nTo: Cora Lane <{COORDINATOR}>\nSubject: RE: Logged ({id})\n\n{ADVICE}"
    );
    let forward = Draft::from(COORDINATOR).to(&[SERVICE]).subject(&format!("FW: Logged ({id})")).text(&inner);
    office.arrives(forward).await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
    let received = office.the().await.rounds[0].replies[0].received_at;
    assert_eq!(received, at("Fri 06 Nov 2026 15:00"));
    office.until("Wed 11 Nov 2026 18:00").await;
    assert_eq!(office.escalations(), 0);
}

#[tokio::test]
async fn s38_s39_an_answer_forwarded_as_an_attachment_counts() {
    let mut office = Office::asked(OPENED).await;
    let inner = String::from_utf8(office.reply(ADVISER, ADVICE).bytes(office.now)).unwrap().replace("\r\n", "\n");
    let body =
        format!("--f\nContent-Type: text/plain\n\nSee attached.\n--f\nContent-Type: message/rfc822\n\n{inner}\n--f--");
    let forward = Draft::from(COORDINATOR).to(&[SERVICE]).subject("FW: advice");
    office.arrives(forward.body("multipart/mixed; boundary=\"f\"", &body)).await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
}

#[tokio::test]
async fn an_automatic_reply_that_is_forwarded_is_no_answer() {
    let mut office = Office::asked(OPENED).await;
    let notice = office.out_of_office(ADVISER, "I am out of the office until 20 November 2026.").bytes(office.now);
    let inner = String::from_utf8(notice).unwrap().replace("\r\n", "\n");
    let body = format!("--f\nContent-Type: text/plain\n\nFYI\n--f\nContent-Type: message/rfc822\n\n{inner}\n--f--");
    let forward = Draft::from(COORDINATOR).to(&[SERVICE]).subject("FW: Automatic reply");
    office.arrives(forward.body("multipart/mixed; boundary=\"f\"", &body)).await;
    assert_eq!(office.stands().await, "open");
    office.told(COORDINATOR, "receipt", "an automatic reply");
}

#[tokio::test]
async fn two_children_are_never_in_one_letter_to_an_adviser() {
    let mut office = Office::asked(OPENED).await;
    office.arrives(copied_in("EHC-2026-0500")).await;
    office.until("Fri 18 Dec 2026 18:00").await;
    for sent in office.sent.iter().filter(|s| !s.recipients.iter().all(|r| r.ends_with("@council.example"))) {
        let both = sent.text.contains(CASE) && sent.text.contains("EHC-2026-0500");
        assert!(!both, "{}: {}", sent.kind, sent.text);
    }
}
