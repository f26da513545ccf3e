//! Mail from machines: it never counts as a reply and is never answered.

use crate::office::*;

const OPENED: &str = "Mon 02 Nov 2026 10:00";

#[tokio::test]
async fn s10_an_absence_that_ends_before_the_due_date_makes_the_manager_responsible_and_moves_nothing() {
    let mut office = Office::clarified(OPENED).await;
    let due = office.the().await.due_on();
    office.arrives(office.out_of_office(ADVISER, "I am out of the office until 5 November 2026.")).await;
    office.told(MANAGER, "responsible", "Dr Lee is away");
    office.told(MANAGER, "responsible", "Answer due: by Monday 9 November 2026. The date does not move.");
    assert!(office.last(MANAGER, "responsible").recipients.contains(&COORDINATOR.to_owned()));
    assert_eq!(office.the().await.due_on(), due);
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn s11_s12_an_absence_past_the_due_date_or_without_one_names_its_contact_to_the_coordinator_only() {
    for text in ["I am on leave until 30 November 2026.", "I am on maternity leave."] {
        let mut office = Office::clarified(OPENED).await;
        let text = format!("{text} Please contact Ann Other at ann.other@nhs.example.");
        office.arrives(office.out_of_office(ADVISER, &text)).await;
        assert_eq!(office.count(MANAGER, "responsible"), 1, "{text}");
        office.told(COORDINATOR, "notice", "ann.other@nhs.example");
        assert!(office.inbox("ann.other@nhs.example").is_empty(), "nobody is written to because a notice names them");
    }
}

#[tokio::test]
async fn s13_one_absence_holds_for_everything_open_and_for_what_is_opened_while_it_lasts() {
    let mut office = Office::asked(OPENED).await;
    office.arrives(copied_in("EHC-2026-0500")).await;
    office.arrives(office.out_of_office(ADVISER, "I am out of the office until 20 November 2026.")).await;
    assert_eq!(office.count(MANAGER, "responsible"), 2);
    office.arrives(copied_in("EHC-2026-0600")).await;
    assert_eq!(office.count(MANAGER, "responsible"), 3, "opened while it lasts");
    office.arrives(office.reply(ADVISER, "I am back, sorry.")).await;
    office.arrives(copied_in("EHC-2026-0700")).await;
    assert_eq!(office.count(MANAGER, "responsible"), 3, "a human mail ends the absence");
}

#[tokio::test]
async fn s13_an_absent_adviser_is_asked_by_the_service_and_the_manager_hears_when_the_request_has_gone() {
    let mut office = Office::asked("Mon 02 Nov 2026 17:00").await;
    office.arrives(office.out_of_office(ADVISER, "I am out of the office until 20 November 2026.")).await;
    office.until("Mon 02 Nov 2026 19:00").await;
    office.clarify("EHC-2026-0500").await;
    assert_eq!(office.in_triage().await, 0);
    assert_eq!(office.count(MANAGER, "responsible"), 1, "the request waits for the morning");
    office.until("Tue 03 Nov 2026 09:00").await;
    assert_eq!(office.count(MANAGER, "responsible"), 2);
    office.told(MANAGER, "responsible", "Answer due: by Tuesday 10 November 2026");
}

#[tokio::test]
async fn s15_s16_acknowledgements_and_ticket_systems_stop_nothing() {
    let texts = [
        ("Automatic acknowledgement", "Thank you for your email. We aim to reply within 10 working days."),
        ("[#12345] Request received", "Your request has been logged. Please do not reply to this email."),
    ];
    for (subject, text) in texts {
        let mut office = Office::clarified(OPENED).await;
        office.arrives(office.automatic("paeds.desk@nhs.example", subject, text)).await;
        assert_eq!(office.stands().await, "open", "{subject}");
        office.until("Tue 10 Nov 2026 09:00").await;
        assert_eq!(office.escalations(), 1, "{subject}");
        assert!(office.inbox("paeds.desk@nhs.example").is_empty(), "machines are not answered");
    }
}

#[tokio::test]
async fn s16_the_ticket_systems_later_reply_is_placed_by_the_reference_in_its_quotation() {
    let mut office = Office::clarified(OPENED).await;
    let quoted = office.first_letter().text.lines().map(|l| format!("> {l}\n")).collect::<String>();
    let text = format!("{ADVICE}\n\nOn Mon, 2 Nov 2026 at 10:00, SEND team wrote:\n{quoted}");
    let mail = Draft::from("paeds.desk@nhs.example").to(&[SERVICE]).subject("[#12345] Update").text(&text);
    office.arrives(mail).await;
    assert_eq!(office.stands().await, "received, awaiting your decision");
}

#[tokio::test]
async fn s17_a_hard_bounce_of_the_adviser_makes_the_manager_responsible_at_once() {
    let mut office = Office::clarified(OPENED).await;
    let request = office.first_letter();
    office.arrives_raw(office.notice(&request, ADVISER, "5.1.1")).await;
    assert_eq!(office.count(MANAGER, "responsible"), 1);
    office.told(COORDINATOR, "notice", "Mail to Dr Lee (dr.lee@nhs.example) cannot be delivered");
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn s18_a_delay_is_a_warning_and_the_clock_runs() {
    let mut office = Office::clarified(OPENED).await;
    let request = office.first_letter();
    office.arrives_raw(office.notice(&request, ADVISER, "4.4.1")).await;
    office.told(COORDINATOR, "notice", "has not been delivered yet; the server goes on trying");
    assert_eq!(office.count(MANAGER, "responsible"), 0);
    assert_eq!(office.the().await.undeliverable.len(), 0);
}

#[tokio::test]
async fn s19_a_bounce_of_the_manager_alone_sends_the_escalation_to_the_next_person() {
    let mut office = Office::clarified(OPENED).await;
    let request = office.first_letter();
    office.arrives_raw(office.notice(&request, MANAGER, "5.1.1")).await;
    office.told(COORDINATOR, "notice", "At the close the next person is written to");
    office.until("Tue 10 Nov 2026 09:00").await;
    assert_eq!(office.count(SECOND_LEVEL, "escalation"), 1);
    assert_eq!(office.count(MANAGER, "escalation"), 0);
}

#[tokio::test]
async fn s19_a_bounce_of_the_second_level_is_told_and_the_send_managers_follow() {
    let mut office = Office::clarified(OPENED).await;
    office.until("Tue 17 Nov 2026 09:00").await;
    let second = office.last(SECOND_LEVEL, "escalation").clone();
    office.arrives_raw(office.notice(&second, SECOND_LEVEL, "5.1.1")).await;
    office.told(COORDINATOR, "notice", "cannot be delivered");
}

#[tokio::test]
async fn s20_a_bounce_of_everybody_holds_it_and_resend_is_a_new_day_0() {
    let mut office = Office::clarified(OPENED).await;
    let request = office.first_letter();
    office.until("Thu 05 Nov 2026 10:00").await;
    for who in [ADVISER, MANAGER] {
        office.arrives_raw(office.notice(&request, who, "5.1.1")).await;
    }
    assert_eq!(office.stands().await, "on hold: nobody could be reached");
    office.until("Fri 20 Nov 2026 10:00").await;
    assert_eq!(office.escalations(), 0, "no clock runs");
    let id = office.id_of(CASE).await;
    office.orders(&format!("RESEND {id}")).await;
    assert_eq!(office.stands().await, "open");
    let due = chrono::NaiveDate::from_ymd_opt(2026, 11, 27);
    assert_eq!(office.the().await.due_on(), due, "five working days from the day it was sent again");
    assert_eq!(office.count(ADVISER, "request"), 2);
}

#[tokio::test]
async fn a_forged_bounce_changes_nothing() {
    let mut office = Office::clarified(OPENED).await;
    let request = office.first_letter();
    let raw = String::from_utf8(office.notice(&request, ADVISER, "5.1.1")).unwrap();
    let forged: String = raw
        .split("\r\n")
        .map(|line| match line {
            l if l.starts_with("Message-ID: <") && !l.contains("dsn-") => "Message-ID: <invented@council.example>",
            l if l.starts_with("X-Followupd-Id") => "X-Followupd-Id: invented FU-2222-2222",
            l => l,
        })
        .collect::<Vec<_>>()
        .join("\r\n");
    office.arrives_raw(forged.into_bytes()).await;
    assert_eq!(office.the().await.undeliverable.len(), 0);
    assert_eq!(office.count(MANAGER, "responsible"), 0);
}

#[tokio::test]
async fn an_absence_without_our_thread_is_put_before_the_coordinator_and_matched_by_them_is_still_no_answer() {
    let mut office = Office::clarified(OPENED).await;
    let stray = Draft::from(ADVISER)
        .to(&[SERVICE])
        .subject("Automatic reply: something else")
        .header("Auto-Submitted", "auto-replied")
        .text("I am out of the office until 20 November 2026.");
    office.arrives(stray).await;
    assert_eq!(office.count(MANAGER, "responsible"), 0);
    office.until("Tue 03 Nov 2026 08:00").await;
    let today = office.last(COORDINATOR, "today").clone();
    assert!(today.says("an absence notice from dr.lee@nhs.example"), "{}", today.text);
    office.arrives(Draft::from(COORDINATOR).answering(&today).text("1 MATCH A")).await;
    assert_eq!(office.stands().await, "open");
    assert_eq!(office.count(MANAGER, "responsible"), 1);
}

const INVITATION: &str = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Meeting\nEND:VEVENT\nEND:VCALENDAR";

fn receipt(disposition: &str) -> String {
    format!(
        "--m\nContent-Type: text/plain\n\nAbout your message.\n--m\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; dr.lee@nhs.example\nDisposition: manual-action/MDN-sent-manually; {disposition}\n\n--m--"
    )
}

const RECEIPT_TYPE: &str = "multipart/report; report-type=disposition-notification; boundary=\"m\"";

#[tokio::test]
async fn s49_an_invitation_is_passed_on_and_never_accepted() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(office.reply(ADVISER, "").body("text/calendar; method=REQUEST", INVITATION)).await;
    office.told(COORDINATOR, "notice", "invites to a meeting");
    assert!(String::from_utf8_lossy(&office.last(COORDINATOR, "notice").raw).contains("original.eml"));
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn s50_s51_answers_to_meetings_and_read_receipts_count_for_nothing() {
    let mut office = Office::clarified(OPENED).await;
    let mark = office.so_far();
    let accepted = INVITATION.replace("REQUEST", "REPLY");
    office.arrives(office.reply(ADVISER, "").body("text/calendar; method=REPLY", &accepted)).await;
    let read = office.reply(ADVISER, "").subject("Read: request").body(RECEIPT_TYPE, &receipt("displayed"));
    office.arrives(read).await;
    assert_eq!(office.stands().await, "open");
    assert!(office.since(mark).is_empty(), "{:?}", office.since(mark));
}

#[tokio::test]
async fn s51_deleted_unread_is_a_hint_to_the_coordinator() {
    let mut office = Office::clarified(OPENED).await;
    let deleted = office.reply(ADVISER, "").subject("Not read: request").body(RECEIPT_TYPE, &receipt("deleted"));
    office.arrives(deleted).await;
    office.told(COORDINATOR, "notice", "without reading it");
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn s52_a_recall_changes_nothing_and_the_coordinator_is_told() {
    let mut office = Office::clarified(OPENED).await;
    let recall =
        office.reply(ADVISER, "Dr Lee would like to recall the message, \"RE: advice\".").subject("Recall: RE: advice");
    office.arrives(recall).await;
    office.told(COORDINATOR, "notice", "would like to recall an earlier mail");
    assert_eq!(office.stands().await, "open");
}

#[tokio::test]
async fn s53_spam_with_the_fixed_subject_gets_no_answer_and_opens_nothing() {
    let mut office = Office::asked(OPENED).await;
    let mark = office.so_far();
    office.arrives(Draft::from("bad@spam.example").to(&[SERVICE, ADVISER]).subject(FIXED).text("Open the link.")).await;
    assert_eq!(office.of_case(CASE).await.len(), 1);
    assert!(office.since(mark).is_empty());
    assert_eq!(office.in_triage().await, 1);
}

#[tokio::test]
async fn s57_a_coordinator_who_is_away_is_stood_in_for() {
    let mut office = Office::clarified(OPENED).await;
    let receipt = office.last(COORDINATOR, "receipt").clone();
    let notice = Draft::from(COORDINATOR)
        .answering(&receipt)
        .subject("Automatic reply: Done")
        .header("Auto-Submitted", "auto-replied")
        .text("I am out of the office until 20 November 2026.");
    office.arrives(notice).await;
    office.told(SEND_MANAGER, "alarm", "Cora Lane is away (back on Friday 20 November 2026)");
    office.arrives(office.reply(ADVISER, ADVICE).only_to_the_service()).await;
    assert_eq!(office.count(SEND_MANAGER, "answer"), 1);
    office.until("Tue 03 Nov 2026 08:00").await;
    let today = office.last(SEND_MANAGER, "today").clone();
    assert!(today.subject.contains("for Cora Lane, who is away"), "{}", today.subject);
    office.arrives(Draft::from(SEND_MANAGER).answering(&today).text("1 CLOSE")).await;
    assert_eq!(office.stands().await, "closed");
}

#[tokio::test]
async fn s57_a_coordinator_whose_mail_bounces_is_reported_to_the_send_manager() {
    let mut office = Office::clarified(OPENED).await;
    let receipt = office.last(COORDINATOR, "receipt").clone();
    office.arrives_raw(office.notice(&receipt, COORDINATOR, "5.1.1")).await;
    office.told(
        SEND_MANAGER,
        "alarm",
        "Mail of the service to Cora Lane (cora.lane@council.example) cannot be delivered",
    );
}

#[tokio::test]
async fn s80_our_own_mail_that_comes_back_is_known_and_dropped() {
    let mut office = Office::clarified(OPENED).await;
    let mark = office.so_far();
    let request = office.first_letter();
    office.arrives_raw([b"Delivered-To: followups@council.example\r\n".to_vec(), request.raw.clone()].concat()).await;
    assert!(office.since(mark).is_empty());
    assert_eq!(office.in_triage().await, 0);
    assert_eq!(office.stands().await, "open");
}

/// The out-of-office notice of the adviser to a letter that a relay has given another Message-ID.
fn notice_to(id: &str) -> Draft {
    Draft::from(ADVISER)
        .to(&[SERVICE])
        .subject("Automatic reply: advice")
        .header("Auto-Submitted", "auto-replied")
        .header("In-Reply-To", &format!("<{id}>"))
        .text("I am out of the office until 20 November 2026.")
}

#[tokio::test]
async fn an_id_that_the_relay_gave_our_letter_proves_as_much_as_our_own() {
    let mut office = Office::open(OPENED).await;
    let answer = followupd::engine::Verdict::Accepted("250 2.0.0 OK <given1@prod.outlook.example> [Hostname=x]".into());
    office.relay.insert(ADVISER.into(), answer.clone());
    office.clarify(CASE).await;
    office.arrives(notice_to("given1@prod.outlook.example")).await;
    assert_eq!(office.count(MANAGER, "responsible"), 1);
}

#[tokio::test]
async fn an_absence_that_came_before_the_given_id_was_known_is_placed_when_our_own_copy_tells_it() {
    let mut office = Office::clarified(OPENED).await;
    office.arrives(notice_to("given2@prod.outlook.example")).await;
    assert_eq!(office.count(MANAGER, "responsible"), 0);
    assert_eq!(office.in_triage().await, 1);
    let copy = String::from_utf8(office.first_letter().raw).unwrap();
    let given: Vec<String> =
        copy.split("\r\n")
            .map(|l| {
                if l.starts_with("Message-ID:") { "Message-ID: <given2@prod.outlook.example>".into() } else { l.into() }
            })
            .collect();
    office.arrives_raw(given.join("\r\n").into_bytes()).await;
    assert_eq!(office.count(MANAGER, "responsible"), 1);
    assert_eq!(office.in_triage().await, 0);
}
