//! Answers of advisers and managers: what stops the escalation, what pauses it, what does neither.

use crate::office::*;

const OPENED: &str = "Mon 02 Nov 2026 10:00";
/// The due morning's escalation of a sent request would come here; the pause ends a working day later.
const AFTER_CLOSE: &str = "Tue 10 Nov 2026 09:00";
const AFTER_PAUSE: &str = "Wed 11 Nov 2026 09:00";

/// One reply two days into the window, and where that leaves the follow-up.
async fn after(from: &str, text: &str) -> Office {
    let mut office = Office::clarified(OPENED).await;
    office.until("Wed 04 Nov 2026 11:00").await;
    office.arrives(office.reply(from, text)).await;
    office
}

#[tokio::test]
async fn s01_an_answer_in_the_thread_stops_the_escalation_and_does_not_close() {
    let mut office = after(ADVISER, ADVICE).await;
    office.until("Mon 30 Nov 2026 09:00").await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
    assert_eq!(office.escalations(), 0);
    office.told(COORDINATOR, "today", "Dr Lee answered on Wed 4 Nov");
}

#[tokio::test]
async fn s02_a_private_address_with_the_token_pauses_and_is_never_written_to() {
    let mut office = after("lee.home@mail.example", ADVICE).await;
    assert_eq!(office.stands().await, "short reply, not yet accepted");
    office.told(COORDINATOR, "answer", "an address that is not listed");
    office.told(COORDINATOR, "answer", "It came from lee.home@mail.example.");
    office.until(AFTER_CLOSE).await;
    assert_eq!(office.escalations(), 0, "paused");
    office.until(AFTER_PAUSE).await;
    assert_eq!(office.escalations(), 1, "the pause ends at 08:00 of the second working day after the close");
    assert!(office.inbox("lee.home@mail.example").is_empty());
}

#[tokio::test]
async fn s03_a_private_address_without_token_goes_to_triage_and_stops_nothing() {
    let mut office = Office::asked(OPENED).await;
    let mail = Draft::from("lee.home@mail.example").to(&[SERVICE]).subject("advice for a child").text(ADVICE);
    office.arrives(mail).await;
    assert_eq!(office.in_triage().await, 1);
    assert_eq!(office.stands().await, "open");
    office.until("Tue 03 Nov 2026 08:00").await;
    office.told(SEND_MANAGER, "today", "could not be placed; it lies in the triage folder");
    office.told(SEND_MANAGER, "today", "a mail from lee.home@mail.example of");
}

#[tokio::test]
async fn s04_a_secretary_of_the_same_organisation_answers_for_the_adviser() {
    let office = after("paeds.admin@nhs.example", &format!("On behalf of Dr Lee:\n\n{ADVICE}")).await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
    let replies = office.the().await.rounds[0].replies.clone();
    assert_eq!(replies[0].from, Some(address("paeds.admin@nhs.example")), "the actual sender is on record");
}

#[tokio::test]
async fn s05_a_changed_subject_changes_nothing_while_the_thread_is_known() {
    let mut office = Office::clarified(OPENED).await;
    let reply = office.reply(ADVISER, ADVICE).subject("advice for JB");
    office.arrives(reply).await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
}

#[tokio::test]
async fn s06_a_fresh_mail_from_an_adviser_with_one_open_item_only_pauses_and_asks() {
    let mut office = Office::asked(OPENED).await;
    office.arrives(Draft::from(ADVISER).to(&[SERVICE]).subject(FIXED).text(ADVICE)).await;
    assert_eq!(office.stands().await, "short reply, not yet accepted");
    office.told(COORDINATOR, "answer", "a reply that names no reference");
}

#[tokio::test]
async fn s07_a_fresh_mail_from_an_adviser_with_two_open_items_is_listed_with_both() {
    let mut office = Office::asked(OPENED).await;
    office.arrives(copied_in(CASE)).await;
    office.arrives(Draft::from(ADVISER).to(&[SERVICE]).subject("advice").text(ADVICE)).await;
    assert_eq!(office.in_triage().await, 1);
    office.until("Tue 03 Nov 2026 08:00").await;
    let today = office.last(COORDINATOR, "today").clone();
    assert!(today.says("MATCH A · MATCH B"), "{}", today.text);
    office.arrives(Draft::from(COORDINATOR).answering(&today).text("1 MATCH B")).await;
    let stages: Vec<&str> = office.of_case(CASE).await.iter().map(|f| f.standing()).collect();
    assert_eq!(stages.iter().filter(|s| s.starts_with("received")).count(), 1, "{stages:?}");
    assert_eq!(office.in_triage().await, 0);
}

#[tokio::test]
async fn s08_one_reply_for_two_children_counts_for_the_threaded_one_and_is_flagged() {
    let mut office = Office::asked(OPENED).await;
    let first = office.first_letter();
    office.arrives(copied_in("EHC-2026-0500")).await;
    let (one, two) = (office.id_of(CASE).await, office.id_of("EHC-2026-0500").await);
    office.arrives(Draft::from(ADVISER).answering(&first).text(&format!("For {one} and {two}: {ADVICE}"))).await;
    assert_eq!(office.stage(&one).await, "received, awaiting your decision");
    assert_eq!(office.stage(&two).await, "open");
    office.told(COORDINATOR, "answer", &format!("It also names {two}"));
}

#[tokio::test]
async fn s15_an_acknowledgement_without_a_mark_in_its_header_stops_nothing() {
    for words in [
        "received, we aim to reply in 10 days",
        "Thank you for contacting the Community Paediatrics team. We have received your email and it has been passed to the relevant clinician. We aim to reply within 10 working days. If your enquiry is urgent please telephone the department.",
    ] {
        let mut office = after(ADVISER, words).await;
        assert_eq!(office.stands().await, "open", "{words}");
        office.told(COORDINATOR, "answer", "This says no more than that it was received");
        office.until(AFTER_CLOSE).await;
        assert_eq!(office.escalations(), 1, "{words}");
    }
}

#[tokio::test]
async fn s15_a_desk_that_answers_by_itself_is_no_sign_of_the_adviser() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.out_of_office(ADVISER, "I am out of the office until further notice.")).await;
    office.arrives(office.reply(ADVISER, "Your request has been logged. A member of the team will be in touch.")).await;
    assert_eq!(office.the().await.away.len(), 1, "the absence holds");
    office.until("Fri 06 Nov 2026 09:00").await;
    assert_eq!(office.count(ADVISER, "reminder"), 0, "who is away is not reminded");

    let mut office = after(ADVISER, "received, we aim to reply in 10 days").await;
    office.until("Fri 06 Nov 2026 09:00").await;
    assert_eq!(office.count(ADVISER, "reminder"), 1, "the adviser has not written, so they are reminded");
}

#[tokio::test]
async fn s15_what_begins_as_a_desk_s_answer_and_goes_on_is_an_answer_or_waits_for_a_person() {
    for (words, stands) in [
        (
            "I have received your request and can confirm that Jo needs direct speech and language therapy once a week, given by a therapist, for thirty minutes in a quiet room.",
            "received, awaiting your decision",
        ),
        ("Thank you for contacting me, Jo needs direct therapy twice a week.", "short reply, not yet accepted"),
        ("I have received your request and I will send the report on Friday", "short reply, not yet accepted"),
        ("Your email has been received. I will reply within 10 days.", "short reply, not yet accepted"),
        ("Your email has been received. Please allow Jo 25% extra time in tests", "short reply, not yet accepted"),
    ] {
        assert_eq!(after(ADVISER, words).await.stands().await, stands, "{words}");
    }
}

#[tokio::test]
async fn s27_time_that_the_child_needs_is_a_short_answer() {
    for words in [
        "He needs extra time in tests and a reader",
        "We can offer Jo another six weeks of therapy",
        "Jo needs more time in exams.",
    ] {
        assert_eq!(after(ADVISER, words).await.stands().await, "short reply, not yet accepted", "{words}");
    }
}

#[tokio::test]
async fn s23_a_manager_who_will_chase_disputes_nothing() {
    for words in ["It is not for me to answer but I'll chase Dr Lee", "This is not the wrong child, I will chase"] {
        let mut office = after(MANAGER, words).await;
        office.told(COORDINATOR, "answer", "The line manager has written.");
        office.until(AFTER_CLOSE).await;
        assert_eq!(office.escalations(), 1, "{words}");
    }
}

#[tokio::test]
async fn s21_a_manager_who_sends_the_advice_answers() {
    let long = [ADVICE, ADVICE].join(" ");
    assert_eq!(after(MANAGER, &long).await.stands().await, "received, awaiting your decision");
}

#[tokio::test]
async fn s22_a_manager_who_will_chase_is_noted_and_stops_nothing() {
    let mut office = after(MANAGER, "Thank you, I'll chase this with her today.").await;
    assert_eq!(office.stands().await, "open");
    office.told(COORDINATOR, "answer", "The line manager has written.");
    office.until("Fri 06 Nov 2026 09:00").await;
    assert_eq!(office.count(ADVISER, "reminder"), 1, "the adviser has not written, so they are reminded");
    office.until(AFTER_CLOSE).await;
    assert_eq!(office.escalations(), 1);
}

#[tokio::test]
async fn s23_a_manager_who_disputes_pauses_it_and_the_send_manager_sees_it() {
    for words in ["NOT MINE", "This is not our role."] {
        let mut office = after(MANAGER, words).await;
        office.told(COORDINATOR, "answer", "it is not theirs");
        office.told(SEND_MANAGER, "answer", "it is not theirs");
        office.told(COORDINATOR, "answer", "DISPUTE UPHELD · DISPUTE REJECTED · WRONG CHILD");
        office.until(AFTER_CLOSE).await;
        assert_eq!(office.escalations(), 0, "{words}");
    }
}

#[tokio::test]
async fn s26_a_missed_appointment_suggests_the_exemption_that_excuses_the_body_only() {
    let office = after(ADVISER, "Sorry, he was not brought to his appointment in October.").await;
    office.told(COORDINATOR, "answer", "regulation 8(2)(c) may excuse the body from its six weeks");
}

#[tokio::test]
async fn s24_sent_already_pauses_and_the_coordinator_checks() {
    let mut office = after(ADVISER, "SENT 3 November").await;
    office.told(COORDINATOR, "answer", "a reply that it was sent already");
    office.until(AFTER_CLOSE).await;
    assert_eq!(office.escalations(), 0);
    office.until(AFTER_PAUSE).await;
    office.told(MANAGER, "escalation", "A reply that it was sent already came on Wednesday 4 November 2026");
}

#[tokio::test]
async fn s25_s26_not_known_and_discharged_are_thin_replies() {
    for text in ["This child is not known to our service.", "He was discharged in May."] {
        let office = after(ADVISER, text).await;
        assert_eq!(office.stands().await, "short reply, not yet accepted", "{text}");
        office.told(COORDINATOR, "answer", "a short reply, not yet taken as the answer");
    }
}

#[tokio::test]
async fn s27_more_time_is_told_on_and_never_taken() {
    for words in ["Could I have more time for this, until the 20th?", "Need two more weeks", "I need a little longer."]
    {
        let mut office = after(ADVISER, words).await;
        assert_eq!(office.stands().await, "open");
        office.told(COORDINATOR, "answer", "Nothing has been extended");
        office.until(AFTER_CLOSE).await;
        assert_eq!(office.escalations(), 1, "{words}");
    }
}

#[tokio::test]
async fn s28_wrong_patient_pauses_and_asks_at_once_and_wrong_child_stops_all_mail_to_the_adviser() {
    let mut office = after(ADVISER, "Wrong child, I never saw her.").await;
    assert_eq!(office.stands().await, "short reply, not yet accepted");
    office.told(COORDINATOR, "answer", "it is not theirs");
    let before = office.inbox(ADVISER).len();
    let id = office.id_of(CASE).await;
    office.orders(&format!("WRONG CHILD {id}")).await;
    assert_eq!(office.stands().await, "on hold: perhaps the wrong child");
    office.told(SEND_MANAGER, "breach", "Tell the data protection officer today");
    office.until("Fri 18 Dec 2026 18:00").await;
    assert_eq!(office.inbox(ADVISER).len(), before);
    assert_eq!(office.escalations(), 0, "no clock runs");
}

#[tokio::test]
async fn s29_an_empty_reply_stops_nothing() {
    let mut office = after(ADVISER, "Kind regards,\nDr Lee\nConsultant").await;
    office.told(COORDINATOR, "answer", "A reply without content");
    office.until(AFTER_CLOSE).await;
    assert_eq!(office.escalations(), 1);
}

#[tokio::test]
async fn s30_an_attachment_alone_is_an_answer() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.reply(ADVISER, "").attach("advice.pdf", b"%PDF-1.7 advice")).await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
}

#[tokio::test]
async fn s31_s35_an_attachment_that_is_announced_and_missing_is_asked_about() {
    let office = after(ADVISER, "Please find attached my report.").await;
    assert_eq!(office.stands().await, "open");
    office.told(COORDINATOR, "answer", "An attachment was announced and is not there");
    office.told(COORDINATOR, "answer", "a secure way to share it");
}

#[tokio::test]
async fn s31_operators_may_have_the_sender_asked_once_for_what_is_missing() {
    let mut policy = policy();
    policy.reply.ask_for_missing = true;
    let mut office = Office::open_with(OPENED, policy).await;
    office.clarify(CASE).await;
    for text in ["Please find attached my report.", "Sorry, please see attached."] {
        office.arrives(office.reply(ADVISER, text)).await;
    }
    assert_eq!(office.count(ADVISER, "missing_file"), 1, "{}", office.transcript());
    office.told(ADVISER, "missing_file", "none has arrived");
    office.told(COORDINATOR, "answer", "They have been asked for it once.");
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn s32_s33_s34_an_encrypted_answer_pauses_and_a_person_opens_it() {
    for name in ["message_v2.rpmsg", "smime.p7m", "advice.docx.pgp"] {
        let mut office = Office::clarified(OPENED).await;
        office.arrives(office.reply(ADVISER, "").attach(name, b"locked")).await;
        assert_eq!(office.stands().await, "short reply, not yet accepted", "{name}");
        office.told(COORDINATOR, "answer", "links to protected messages expire");
        office.until(AFTER_CLOSE).await;
        assert_eq!(office.escalations(), 0, "{name}");
    }
}

#[tokio::test]
async fn s33_the_password_mail_reaches_the_coordinator_too() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.reply(ADVISER, "").attach("advice.zip", b"PK\x03\x04\x14\0\x01\0rest")).await;
    office.until("Mon 02 Nov 2026 10:05").await;
    office.arrives(office.reply(ADVISER, "The password is Blue-Bird-7.")).await;
    assert_eq!(office.count(COORDINATOR, "answer"), 2);
}

#[tokio::test]
async fn s35_a_mail_over_the_size_limit_pauses_and_is_named() {
    let mut office = Office::clarified(OPENED).await;
    let head = office.reply(ADVISER, "").bytes(office.now);
    office.arrives_cut(head).await;
    assert_eq!(office.stands().await, "short reply, not yet accepted");
    office.told(COORDINATOR, "answer", "too large to be taken in");
}

#[tokio::test]
async fn s36_what_the_mail_system_found_harmful_is_named_and_never_passed_on() {
    let mut office = Office::clarified(OPENED).await;
    let reply = office.reply(ADVISER, ADVICE).header("X-Virus-Status", "Infected (Example.Test)");
    office.arrives(reply).await;
    office.told(COORDINATOR, "answer", "something harmful");
    assert!(!String::from_utf8_lossy(&office.last(COORDINATOR, "answer").raw).contains("original.eml"));
    office.until(AFTER_CLOSE).await;
    assert_eq!(office.escalations(), 0);
}

#[tokio::test]
async fn s37_answers_between_the_quoted_lines_count() {
    let text = format!(
        "Please see my answers in red below.\n\n> How often is therapy to be given?\n\n{ADVICE}\n\n> By whom?\n\nA qualified therapist."
    );
    assert_eq!(after(ADVISER, &text).await.stands().await, "received, awaiting your decision");
}

#[tokio::test]
async fn s40_an_unknown_address_in_copy_is_flagged_and_gets_nothing() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.reply(ADVISER, ADVICE).header("Cc", "parent@home.example")).await;
    office.told(COORDINATOR, "answer", "It was also sent to parent@home.example");
    assert!(office.inbox("parent@home.example").is_empty());
}

#[tokio::test]
async fn s46_a_reply_after_the_close_is_passed_on_and_reopens_nothing() {
    let mut office = after(ADVISER, ADVICE).await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("CLOSE {id}")).await;
    office.arrives(office.reply(ADVISER, &format!("One more thing. {ADVICE}"))).await;
    assert_eq!(office.stands().await, "closed");
    office.told(COORDINATOR, "answer", "It stays closed. Answer REOPEN when it matters.");
    let offer = office.last(COORDINATOR, "answer").clone();
    office.arrives(Draft::from(COORDINATOR).answering(&offer).text("REOPEN")).await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
}

#[tokio::test]
async fn s47_the_same_bytes_count_once_and_the_same_message_id_with_other_bytes_is_kept() {
    let mut office = Office::clarified(OPENED).await;
    let id = "<same@nhs.example>";
    let now = office.now;
    let raw = office.reply(ADVISER, "I am on leave next week.").message_id(id).bytes(now);
    office.arrives_raw(raw.clone()).await;
    office.arrives_raw(raw).await;
    assert_eq!(office.count(COORDINATOR, "answer"), 1, "the same bytes");
    let again = office.reply(ADVISER, "I am on leave next week.").message_id(id).header("X-Hop", "2").bytes(now);
    office.arrives_raw(again).await;
    assert_eq!(office.count(COORDINATOR, "answer"), 1, "a re-delivery with the same visible text");
    office.arrives_raw(office.reply(ADVISER, ADVICE).message_id(id).bytes(now)).await;
    assert_eq!(office.stands().await, "received, awaiting your decision", "another text is another mail");
}

#[tokio::test]
async fn s48_the_same_content_sent_again_is_kept_without_a_second_mail() {
    let mut office = Office::clarified(OPENED).await;
    let reply = office.reply(ADVISER, ADVICE).header("Reply-To", "lee@nhs.example").only_to_the_service();
    office.arrives(reply.clone()).await;
    office.until("Tue 03 Nov 2026 11:00").await;
    office.arrives(reply.clone().subject("RE: resending")).await;
    assert_eq!(office.count(COORDINATOR, "answer"), 1);
    assert_eq!(office.the().await.rounds[0].replies.len(), 1);
}

#[tokio::test]
async fn s48_the_same_content_in_a_new_round_is_an_answer_again() {
    let mut office = Office::clarified(OPENED).await;
    let reply = office.reply(ADVISER, ADVICE).only_to_the_service();
    office.arrives(reply.clone()).await;
    let id = office.id_of(CASE).await;
    office.orders(&format!("INSUFFICIENT {id}\nText: By whom?")).await;
    office.until("Wed 04 Nov 2026 11:00").await;
    office.arrives(reply).await;
    assert_eq!(office.count(COORDINATOR, "answer"), 2);
    assert_eq!(office.stands().await, "received, awaiting your decision");
}

#[tokio::test]
async fn a_file_that_can_run_is_withheld_and_named() {
    let mut office = Office::clarified(OPENED).await;
    let reply = office.reply(ADVISER, ADVICE).only_to_the_service().attach("advice.docm", b"macro");
    office.arrives(reply).await;
    let answer = office.last(COORDINATOR, "answer");
    assert!(answer.says("it carries what could run: advice.docm"), "{}", answer.text);
    assert!(answer.says("from dr.lee@nhs.example, received on 2 November 2026, 10:00"), "{}", answer.text);
    assert!(!String::from_utf8_lossy(&answer.raw).contains("original.eml"));
}

#[tokio::test]
async fn a_mail_that_the_coordinator_did_not_get_goes_on_whole() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.reply(ADVISER, ADVICE).only_to_the_service().attach("advice.pdf", b"%PDF-1.7")).await;
    assert!(String::from_utf8_lossy(&office.last(COORDINATOR, "answer").raw).contains("original.eml"));
}

#[tokio::test]
async fn a_short_reply_pauses_until_the_second_working_day_after_the_close() {
    let mut office = after(ADVISER, "Noted, I will send it soon.").await;
    office.told(COORDINATOR, "answer", "The escalation waits until Wednesday 11 November 2026, 08:00");
    office.until(AFTER_CLOSE).await;
    assert_eq!(office.escalations(), 0);
    office.until(AFTER_PAUSE).await;
    office.told(MANAGER, "escalation", "A short reply came on Wednesday 4 November 2026; it has not been accepted");
}
