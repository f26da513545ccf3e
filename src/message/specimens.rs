//! One invented mail for each form in which machines and people write, read as a whole. The mails stand in
//! `specimens/`; the figures over real mail are in the tests of `kind`, `bounce` and `new_text`.

use super::{Kind, read};
use chrono::NaiveDate;

/// The mail that a notice returns.
const ORIGINAL: &str = "Received: from mail.council.example by mx.example; Mon, 5 Oct 2026 09:00:00 +0100\nMessage-ID: <l1.sig@council.example>\nDate: Mon, 5 Oct 2026 09:00:00 +0100\nFrom: Sam Hill via Council SEND <followups@council.example>\nTo: ann@school.example\nSubject: Advice for the plan\nX-Followupd-Id: FU-TEST\n\nPlease send your advice.\nWrite to sam@council.example\n";

struct Specimen<'a> {
    name: &'a str,
    kind: &'a str,
    failed: Vec<&'a str>,
    mail: String,
}

/// The mails of a file, each opened by "== name | kind | failed recipients".
fn specimens<'a>(file: &'a str, header: &str) -> Vec<Specimen<'a>> {
    let specimen = |text: &'a str| {
        let (title, mail) = text.split_once('\n').unwrap();
        let mut cells = title.split(" | ").map(str::trim);
        let (name, kind) = (cells.next().unwrap(), cells.next().unwrap());
        let failed = cells.next().map_or(Vec::new(), |list| list.split(", ").filter(|one| !one.is_empty()).collect());
        let own = mail.split("\n\n").next().unwrap().contains("Return-Path:");
        let header = if own { "" } else { header };
        let mail =
            format!("{header}To: followups+abc@council.example\n{}", utf8(mail)).replace("{ORIGINAL}\n", ORIGINAL);
        Specimen { name, kind, failed, mail: mail.replace('\n', "\r\n") }
    };
    file.split("\n== ").skip(1).map(specimen).collect()
}

fn utf8(mail: &str) -> String {
    let typed = mail.split("\n\n").next().unwrap().contains("Content-Type:");
    if typed { mail.to_owned() } else { format!("Content-Type: text/plain; charset=utf-8\n{mail}") }
}

fn name(kind: Kind) -> String {
    serde_json::to_value(kind).unwrap().as_str().unwrap().to_owned()
}

/// Reads every mail of a file and names those that are read otherwise than their title says.
fn check(file: &str, header: &str) {
    let mut wrong = Vec::new();
    let all = specimens(file, header);
    for specimen in &all {
        let reading = read(specimen.mail.as_bytes(), NaiveDate::from_ymd_opt(2026, 11, 2).unwrap());
        let bounce = reading.bounce.unwrap_or_default();
        let failed: Vec<&str> = bounce.recipients.iter().map(|one| one.address.as_str()).collect();
        if name(reading.kind) != specimen.kind || failed != specimen.failed {
            wrong.push(format!("{}: {:?} {failed:?} {:?}", specimen.name, reading.kind, reading.evidence));
        }
    }
    assert!(all.len() > 50, "{} specimens", all.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

#[test]
fn notices_of_the_mail_systems_of_the_world_name_who_was_not_reached() {
    check(include_str!("specimens/notices.txt"), "Return-Path: <>\n");
}

#[test]
fn notices_without_a_marked_sender_are_known_by_their_text() {
    check(include_str!("specimens/unmarked.txt"), "");
}

#[test]
fn what_machines_send_of_their_own_accord_is_a_machines() {
    check(include_str!("specimens/machines.txt"), "");
}

#[test]
fn what_people_write_is_theirs_however_mechanical_it_looks() {
    check(include_str!("specimens/people.txt"), "");
}

/// Thirty-odd words that any adviser might write.
const ADVICE: &str = "Dear Sam, I assessed Jo on two visits to his school this autumn. He reads at the level of a child two years younger and tires after ten minutes. I advise a laptop, a seat near the front and an hour a week with our therapist.";

/// No single thing that machines do makes a machine of somebody who writes so much.
#[test]
fn advice_is_a_persons_under_any_subject_and_any_header() {
    let subjects = [
        "Delivery Status Notification (Failure)",
        "Undelivered Mail Returned to Sender",
        "failure notice",
        "Mail delivery failed",
        "Message blocked",
        "Warning: could not send earlier",
        "Undeliverable: Advice",
        "Out of office",
        "Read: the advice",
        "Accepted: Annual review",
        "Invitation: review",
        "Thank you for your email",
        "Your enquiry has been received",
        "[Ticket#12345] Advice",
        "Re: Advice",
        "Advice for Jo",
    ];
    let headers = [
        "",
        "Return-Path: <>\n",
        "Auto-Submitted: auto-replied\n",
        "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n",
        "X-Autoreply: yes\n",
        "Precedence: junk\n",
        "X-MS-Exchange-Inbox-Rules-Loop: a@b.example\nX-Auto-Response-Suppress: All\n",
    ];
    for (subject, header) in subjects.iter().flat_map(|subject| headers.iter().map(move |header| (subject, header))) {
        let mail = format!("From: Ann Lee <ann@school.example>\n{header}Subject: {subject}\n\n{ADVICE}\n");
        let reading = read(mail.as_bytes(), NaiveDate::from_ymd_opt(2026, 11, 2).unwrap());
        assert_eq!(reading.kind, Kind::Human, "{subject} {header} {:?}", reading.evidence);
    }
}
