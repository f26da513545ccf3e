//! What speaks for a machine and what for a person; invented mail, one rule a test.

mod unmarked;

use super::*;
use crate::message::{new_text::new_text, parse::parse};
use Kind::{Absence, Acknowledgement, Bounce, Bulk, Calendar, Delay, FeedbackReport, Human, Receipt};

fn of(mail: &str) -> Finding {
    let message = parse(mail.replace('\n', "\r\n").as_bytes());
    let new_text = new_text(message.text.as_deref(), message.html.as_deref());
    kind(&message, &new_text.own, |_| false)
}

/// Each case: header lines, body, expected kind.
fn check(cases: &[(&str, &str, Kind)]) {
    let mut wrong = Vec::new();
    for (headers, body, expected) in cases {
        let mail = if headers.contains("Content-Type") {
            format!("From: Ann Lee <ann@school.example>\n{headers}\n\n{body}\n")
        } else {
            format!(
                "From: Ann Lee <ann@school.example>\nContent-Type: text/plain; charset=utf-8\n{headers}\n\n{body}\n"
            )
        };
        let mail =
            if headers.contains("From:") { mail.replacen("From: Ann Lee <ann@school.example>\n", "", 1) } else { mail };
        let found = of(&mail);
        if found.kind != *expected {
            wrong.push(format!("{headers}\n  {body}\n  -> {:?}, not {expected:?}: {:?}", found.kind, found.evidence));
        }
        assert!(!found.evidence.is_empty() && found.evidence.iter().all(|text| !text.is_empty()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Thirty-odd words that any adviser might write.
const ADVICE: &str = "I saw her twice this term. She follows instructions of two steps when they are shown to her, and needs a quiet place to work in the mornings. I recommend ten minutes of practice each day with an adult she knows.";

#[test]
fn a_person_with_substantial_text_is_a_person_whatever_one_header_says() {
    for headers in [
        "Subject: Re: Advice",
        "Subject: Advice\nPrecedence: bulk",
        "Subject: Advice\nPrecedence: list\nList-Id: <send.council.example>\nList-Unsubscribe: <mailto:x@council.example>\nList-Post: <mailto:send@council.example>",
        "Subject: Advice\nReturn-Path: <>",
        "Subject: Advice\nAuto-Submitted: auto-generated",
        "Subject: Re: Advice\nAuto-Submitted: auto-replied",
        "Subject: Re: Advice\nX-Auto-Response-Suppress: All",
        "Subject: Re: Advice\nAuto-Submitted: no",
        "Subject: Re: Automatic reply: Advice",
        "Subject: RE: Out of Office",
        "Subject: Out of office",
        "Subject: Automatic door, playground and advice: my notes",
        "Subject: Delivery of speech therapy",
        "Subject: Undeliverable advice",
        "Subject: Fwd: Undeliverable: Advice",
        "Subject: Thank you for your email",
        "Subject: Ticket 12345 received\nX-Autorespond: ticket",
        "From: no-reply@tickets.example\nSubject: [#12345] Advice",
    ] {
        for (before, after) in [
            ("", ""),
            ("Thank you for your email. ", ""),
            ("", " I am on annual leave from Friday."),
            ("Ticket number: 12345. ", " This is an automated message, please do not reply to this email."),
        ] {
            check(&[(headers, &format!("{before}{ADVICE}{after}"), Human)]);
        }
    }
}

#[test]
fn a_person_with_an_attachment_is_a_person() {
    let body = "--b\n\nAttached.\n--b\nContent-Type: application/pdf; name=advice.pdf\nContent-Transfer-Encoding: base64\n\nQUJD\n--b--";
    for headers in [
        "Auto-Submitted: auto-replied",
        "X-Autoreply: yes\nPrecedence: bulk",
        "Return-Path: <>\nSubject: Automatic reply: Advice",
        "Subject: Out of Office",
        "Subject: Undelivered mail",
        "List-Unsubscribe: <mailto:x@y.example>\nFeedback-ID: 1:2:3\nPrecedence: bulk",
    ] {
        check(&[(&format!("{headers}\nContent-Type: multipart/mixed; boundary=b"), body, Human)]);
    }
}

#[test]
fn a_short_answer_by_a_person_is_a_persons() {
    check(&[
        ("Subject: Re: Advice", "Yes, will do.", Human),
        ("Subject: Re: Advice", "I am on leave until Monday, will send it then.", Human),
        ("Subject: Re: Advice\nPrecedence: list\nList-Id: <x.example>", "Thanks, Ann", Human),
        ("Subject: Re: Advice\nAuto-Submitted: auto-generated\nIn-Reply-To: <1@x>", "Not known to our service.", Human),
        ("Subject: Re: Automatic reply: Advice", "Sorry, I am back now. See attached tomorrow.", Human),
        ("Subject: RE: Out of Office", "ok", Human),
        ("Subject: Re: Undeliverable: Advice", "I had the wrong address for her, sorry.", Human),
        ("Subject: Advice", "", Human),
        ("Subject: Received: your request", "Sent on Friday. Ann", Human),
    ]);
}

#[test]
fn a_person_who_tells_of_a_machine_is_a_person() {
    check(&[
        (
            "Subject: Fwd: Undeliverable: Advice",
            "Hi, this came back, have you another address?\n\n---------- Forwarded message ----------\nFrom: Mail Delivery Subsystem <mailer-daemon@x.example>\nSubject: Undeliverable: Advice\n\nDelivery to the following recipient failed permanently: bob@x.example",
            Human,
        ),
        (
            "Subject: Mail delivery failed",
            "Hi, my message could not be delivered to bob@x.example. Do you have another address for him?",
            Human,
        ),
        (
            "Subject: Re: Advice",
            "Bob's mailbox says that he is out of the office until Monday. I will ask his manager instead and come back to you with the advice by Friday at the latest, if that is soon enough for the panel.",
            Human,
        ),
        (
            "Subject: Re: Advice",
            "I am on annual leave next week.\n\n> This is an automated response. Your ticket number is 123.",
            Human,
        ),
    ]);
}

#[test]
fn absences_are_told_by_two_signs() {
    let long = "Thank you for your email. I am currently out of the office on annual leave and will be back on Monday 16 November. In my absence please contact the duty team, who will be able to help you with any questions about assessments. Your message will not be forwarded.";
    check(&[
        (
            "Subject: Automatic reply: Advice\nAuto-Submitted: auto-generated\nX-Auto-Response-Suppress: All",
            long,
            Absence,
        ),
        ("Subject: Automatic reply: Advice", long, Absence),
        ("Subject: Re: Advice\nAuto-Submitted: auto-replied (vacation)", long, Absence),
        ("Subject: Re: Advice\nReturn-Path: <>\nPrecedence: bulk", long, Absence),
        ("Subject: Auto: Advice\nAuto-Submitted: auto-replied", "Back soon!", Absence),
        ("Subject: Out of Office: Advice", "Back Monday.", Absence),
        (
            "Subject: AUTO: Ann Lee is out of the office (returning 16/11/2026)",
            "I am out of the office until 16/11/2026. This is the only notification you will receive while this person is away.",
            Absence,
        ),
        (
            "Subject: Ann Lee is out of the office",
            "I will be out of the office from 02/11/2026 and will not return until 16/11/2026. I will respond to your message when I return.",
            Absence,
        ),
        (
            "Subject: Abwesenheitsnotiz: Advice\nX-Auto-Response-Suppress: All",
            "Ich bin bis zum 14. November nicht im Büro. Ihre E-Mail wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich bitte an Frau Klein.",
            Absence,
        ),
        ("Subject: Réponse automatique : Advice\nReturn-Path: <>", "Je suis absente jusqu'au 14 novembre.", Absence),
        ("Subject: Automatisch antwoord: Advice", "Ik ben afwezig tot maandag.", Absence),
        ("Subject: Respuesta automática: Advice", "Estoy fuera de la oficina.", Absence),
        ("Subject: Risposta automatica: Advice", "Sono in ferie.", Absence),
        ("Subject: Autosvar: Advice", "Jeg er på ferie.", Absence),
        ("Subject: Advice\nX-Autoreply: yes\nPrecedence: bulk", "Nghỉ phép.", Absence),
        ("Subject: Away from my mail", "I will read your mail on Monday.", Absence),
        (
            "Subject: Automatic reply: Advice\nAuto-Submitted: auto-generated",
            "Ann Lee no longer works for the trust. Please contact bob@school.example.",
            Absence,
        ),
    ]);
}

#[test]
fn acknowledgements_are_told_by_what_desks_say() {
    check(&[
        (
            "Subject: Automatic reply: Advice\nAuto-Submitted: auto-replied",
            "Thank you for contacting the therapy hub. Your email has been received and we aim to respond within 10 working days.",
            Acknowledgement,
        ),
        (
            "Subject: [#12345] received: Advice\nAuto-Submitted: auto-generated",
            "Your request has been logged. Ticket number: 12345.",
            Acknowledgement,
        ),
        (
            "Subject: Your enquiry has been received",
            "We have received your enquiry and a member of our team will reply within five working days.",
            Acknowledgement,
        ),
        (
            "Subject: Thank you for your email\nReturn-Path: <>\nPrecedence: bulk",
            "Thank you. I will reply as soon as possible.",
            Acknowledgement,
        ),
        (
            "From: noreply@hub.example\nSubject: Advice",
            "We have received your message. This is an automated response, please do not reply to this email. If your enquiry is urgent call the duty desk. We aim to respond within ten working days.",
            Acknowledgement,
        ),
        (
            "Subject: Eingangsbestätigung\nAuto-Submitted: auto-replied",
            "Vielen Dank für Ihre Nachricht.",
            Acknowledgement,
        ),
        (
            "Subject: Re: Advice",
            "This is an automated response: this mailbox is not monitored. Your message has been received and will be passed to the right team, who will answer within the time that the charter of our service states.",
            Acknowledgement,
        ),
    ]);
}

#[test]
fn the_answer_of_a_shared_mailbox_needs_no_header() {
    check(&[
        (
            "Subject: RE: Advice",
            "Thank you for contacting the therapy team. Your email has been received. We aim to respond to all emails within 5 working days. If your query is urgent please call 01632 960444. The inbox is checked on working days.",
            Acknowledgement,
        ),
        (
            "Subject: Your email to the team",
            "Thank you for your email. We are receiving a high number of enquiries at the moment and will respond as soon as possible. If you have a safeguarding concern, or if you have an urgent question, call the duty desk.",
            Acknowledgement,
        ),
        (
            "Subject: Re: Advice",
            "Thank you for your email. I have received your request and we will respond within six weeks, but you should know now that Sam was discharged in June and that the last report is on his file with you.",
            Human,
        ),
        (
            "Subject: Re: Advice",
            "Dear Jo, your email was passed to me by the clinic. I last saw Sam in June. If you have an urgent need for the scores I can read them to you on the telephone before the panel meets.",
            Human,
        ),
    ]);
}

#[test]
fn a_challenge_is_an_acknowledgement_that_says_what_it_asks() {
    let body = "Your message has been received. I use a filter against spam: please click on the following link so that your address is added to my allowed list and your message is delivered.\n\nhttps://filter.example/verify/123";
    check(&[("Subject: Re: Advice", body, Acknowledgement)]);
    let finding = of(&format!("From: bob@x.example\nSubject: Re: Advice\n\n{body}"));
    assert!(finding.evidence.iter().any(|text| text.starts_with("asks for a confirmation")), "{:?}", finding.evidence);
}

fn report(fields: &str, text: &str) -> Kind {
    let mail = format!(
        "From: mailer-daemon@mx.example\nSubject: Delivery report\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n{text}\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@x.example\n{fields}\n--b--"
    );
    of(&mail).kind
}

#[test]
fn a_report_says_failed_delayed_or_arrived() {
    for (fields, text, expected) in [
        ("Action: failed\nStatus: 5.1.1", "x", Bounce),
        ("Action: failed\nStatus: 4.4.7", "expired", Bounce),
        ("Action: delayed\nStatus: 4.4.1", "x", Delay),
        (
            "Action: delayed\nStatus: 4.4.1\n\nFinal-Recipient: rfc822; b@x.example\nAction: failed\nStatus: 5.1.1",
            "x",
            Bounce,
        ),
        ("Action: delivered\nStatus: 2.0.0", "x", Receipt),
        ("Status: 5.2.2", "x", Bounce),
        ("Status: 4.2.2", "We will keep trying for five days.", Delay),
        ("Status: 4.2.2", "We have given up.", Bounce),
    ] {
        assert_eq!(report(fields, text), expected, "{fields} {text}");
    }
}

#[test]
fn a_report_that_a_person_forwards_is_a_persons() {
    let mail = "From: ann@school.example\nSubject: FW: Undeliverable\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nWhat is this?\n--b\nContent-Type: message/rfc822\n\nFrom: mailer-daemon@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=i\n\n--i\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@x.example\nAction: failed\n--i--\n--b--";
    assert_eq!(of(mail).kind, Human);
}

#[test]
fn text_only_notices_of_the_common_servers_are_read() {
    let by = |from: &str, subject: &str| format!("From: {from}\nReturn-Path: <>\nSubject: {subject}");
    let exim =
        by("Mail Delivery System <Mailer-Daemon@mx.example>", "Mail delivery failed: returning message to sender");
    let warning = by("Mail Delivery System <Mailer-Daemon@mx.example>", "Warning: message 1a2b3c-000 delayed 24 hours");
    let qmail = by("MAILER-DAEMON@mx.example", "failure notice");
    let sendmail =
        by("Mail Delivery Subsystem <MAILER-DAEMON@mx.example>", "Warning: could not send message for past 4 hours");
    let exchange = by("System Administrator <postmaster@mx.example>", "Undeliverable: Advice");
    let domino = by("Postmaster@mx.example", "DELIVERY FAILURE: User a (a@x.example) not listed in Domino Directory");
    let google =
        by("Mail Delivery Subsystem <mailer-daemon@googlemail.example>", "Delivery Status Notification (Delay)");
    let german = by("postmaster@mx.example", "Unzustellbar: Advice");
    let bare = "From: gateway@mx.example\nSubject: Mail could not be delivered".to_owned();
    check(&[
        (
            &exim,
            "This message was created automatically by mail delivery software. A message that you sent could not be delivered to all of its recipients. This is a permanent error. a@x.example: Unrouteable address",
            Bounce,
        ),
        (&exim, "A message that you sent could not be delivered. a@x.example: retry timeout exceeded", Bounce),
        (
            &warning,
            "A message that you sent has not yet been delivered to one or more of its recipients after more than 24 hours. No action is required on your part. Delivery attempts will continue for some time.",
            Delay,
        ),
        (
            &qmail,
            "Hi. This is the qmail-send program at mx.example. I'm afraid I wasn't able to deliver your message to the following addresses. This is a permanent error; I've given up. Sorry it didn't work out. <a@x.example>: no such user",
            Bounce,
        ),
        (
            &sendmail,
            "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE. Deferred: Connection timed out. Message could not be delivered for 4 hours. Message will be deleted from queue",
            Delay,
        ),
        (
            &exchange,
            "Your message did not reach some or all of the intended recipients. The following recipient(s) could not be reached: Ann Lee. The e-mail account does not exist.",
            Bounce,
        ),
        (
            &domino,
            "Your message was not delivered to: a@x.example because: User not listed in Domino Directory",
            Bounce,
        ),
        (
            &google,
            "Delivery to the following recipient has been delayed: a@x.example. Message will be retried for 2 more day(s)",
            Delay,
        ),
        (&german, "Ihre Nachricht konnte nicht zugestellt werden.", Bounce),
        (
            &bare,
            "Sent <<< RCPT TO:<a@x.example>\nReceived >>> 550 5.1.1 unknown user.\nUnable to deliver message to <a@x.example>",
            Bounce,
        ),
    ]);
}

#[test]
fn receipts_and_reports_are_told_by_their_parts() {
    let with = |root: &str, type_: &str, body: &str| {
        format!(
            "From: ann@school.example\nSubject: x\nContent-Type: {root}; boundary=b\n\n--b\n\nText\n--b\nContent-Type: {type_}\n\n{body}\n--b--"
        )
    };
    for (root, type_, body, expected) in [
        (
            "multipart/report; report-type=disposition-notification",
            "message/disposition-notification",
            "Disposition: manual-action/MDN-sent-manually; displayed",
            Receipt,
        ),
        (
            "multipart/report; report-type=disposition-notification",
            "message/disposition-notification",
            "Disposition: automatic-action/MDN-sent-automatically; deleted",
            Receipt,
        ),
        (
            "multipart/report; report-type=feedback-report",
            "message/feedback-report",
            "Feedback-Type: abuse",
            FeedbackReport,
        ),
        ("multipart/report; report-type=tlsrpt", "application/tlsrpt+gzip", "x", Bulk),
        ("multipart/mixed", "application/gzip; name=\"a.example!b.example!1!2.xml.gz\"", "x", Bulk),
        ("multipart/alternative", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR", Calendar),
        ("multipart/alternative", "text/calendar; method=REPLY", "BEGIN:VCALENDAR", Calendar),
        ("multipart/mixed", "text/calendar; method=PUBLISH; name=term.ics", "BEGIN:VCALENDAR", Human),
    ] {
        let found = of(&with(root, type_, body));
        assert_eq!(found.kind, expected, "{type_}: {:?}", found.evidence);
    }
}

#[test]
fn receipts_and_answers_to_invitations_are_told_by_words_too() {
    check(&[
        (
            "Subject: Read: Advice",
            "Your message\n\n   To: Ann Lee\n   Subject: Advice\n   Sent: 02 November 2026 09:00\n\nwas read on 02 November 2026 09:05.",
            Receipt,
        ),
        (
            "Subject: Not read: Advice",
            "Your message\n\n   To: Ann Lee\n   Sent: 02 November 2026\n\nwas deleted without being read on 03 November 2026.",
            Receipt,
        ),
        ("Subject: Accepted: Annual review", "", Calendar),
        ("Subject: Accepted: Annual review", "Ann Lee has accepted this invitation.", Calendar),
        ("Subject: Read: this first", "I read your message and have one question about the dates.", Human),
        ("Subject: Accepted: Annual review", "I shall come, and bring the advice with me on the day.", Human),
    ]);
}

#[test]
fn the_envelope_of_encrypted_mail_holds_a_persons_words() {
    check(&[
        (
            "Subject: Secure message",
            "Ann Lee has sent you a secure message. This is an automated message: click to read it before it expires.",
            Human,
        ),
        (
            "Subject: Advice\nAuto-Submitted: auto-generated",
            "You have received an encrypted message from ann@school.example. Sign in to read the message.",
            Human,
        ),
        (
            "Subject: Automatic reply: Advice",
            "I am on leave until Monday. Please send reports by secure email to the duty team.",
            Absence,
        ),
    ]);
}

#[test]
fn a_person_may_hold_the_office_of_postmaster() {
    let body = "--b\n\nHere is the advice, sorry that it was not delivered earlier.\n--b\nContent-Type: application/pdf; name=advice.pdf\n\nx\n--b--";
    let headers = "From: Ann Lee <postmaster@nursery.example>\nSubject: Re: Advice";
    check(&[(headers, ADVICE, Human), (&format!("{headers}\nContent-Type: multipart/mixed; boundary=b"), body, Human)]);
}

#[test]
fn a_mailer_daemon_is_never_a_person() {
    check(&[
        ("From: MAILER-DAEMON@mx.example\nSubject: Hpk", "Teade ei joudnud kohale.", Bounce),
        ("From: gw@mx.example\nX-Failed-Recipients: a@x.example\nSubject: x", "a@x.example: unknown user", Bounce),
    ]);
}

#[test]
fn an_invitation_that_carries_a_file_is_not_ignored() {
    let mail = "From: ann@school.example\nSubject: Meeting\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--b\nContent-Type: application/pdf; name=advice.pdf\n\nx\n--b--";
    assert_eq!(of(mail).kind, Human);
}

#[test]
fn a_comment_on_an_invitation_is_not_ignored() {
    let mail = |text: &str| {
        format!(
            "From: ann@school.example\nSubject: Declined: Meeting\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n{text}\n--b\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n--b--"
        )
    };
    assert_eq!(of(&mail("Sorry, I teach then.")).kind, Calendar);
    assert_eq!(of(&mail(ADVICE)).kind, Human);
}

#[test]
fn newsletters_are_bulk_and_posts_of_people_are_not() {
    let news = "From: News <news@shop.example>\nSubject: Our offers\nList-Unsubscribe: <https://shop.example/u>\nFeedback-ID: 1:2:3\nPrecedence: bulk";
    check(&[
        (news, "Great offers this week. To unsubscribe click here.", Bulk),
        (
            "From: Ann <ann@school.example>\nSubject: Offers\nList-Id: <send.example>\nList-Post: <mailto:send@x.example>\nList-Unsubscribe: <mailto:u@x.example>\nPrecedence: list",
            "Who has a form to spare?",
            Human,
        ),
        ("Subject: Re: Offers\nList-Unsubscribe: <mailto:u@x.example>\nPrecedence: bulk", "I have.", Human),
    ]);
}

#[test]
fn our_own_mail_is_known_by_the_caller() {
    let message = parse(b"From: us@council.example\r\nX-Followupd-Id: x\r\n\r\nx");
    assert_eq!(kind(&message, "x", |m| m.header("X-Followupd-Id").is_some()).kind, Kind::Own);
    assert_eq!(kind(&message, "x", |_| false).kind, Human);
}
