//! What notices say and what is made of it. Received on Monday 2 November 2026.

use super::*;
use crate::message::parse::parse;

mod again;
mod british;

fn notice(subject: &str, text: &str) -> Absence {
    notice_on(NaiveDate::from_ymd_opt(2026, 11, 2).unwrap(), subject, text)
}

/// The first day back that a notice of another day tells.
fn on(received_on: &str, text: &str) -> Option<NaiveDate> {
    notice_on(received_on.parse().unwrap(), "Automatic reply: x", text).until
}

fn notice_on(received_on: NaiveDate, subject: &str, text: &str) -> Absence {
    let mail = format!(
        "From: Ann Lee <ann@school.example>\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    );
    let message = parse(mail.as_bytes());
    let body = message.text.clone().unwrap_or_default();
    read(&message, &body, received_on)
}

fn check_until(cases: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (text, expected) in cases {
        let until = notice("Automatic reply: x", text).until.map_or("unknown".to_owned(), |day| day.to_string());
        if until != *expected {
            wrong.push(format!("{text} -> {until}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_day_of_return_is_the_first_day_back() {
    check_until(&[
        ("I am away and will be back on Monday 16 November.", "2026-11-16"),
        ("I am on annual leave, returning on 16/11/2026.", "2026-11-16"),
        ("I will return to the office on 16.11.26.", "2026-11-16"),
        ("I return to work on Monday 9th of November", "2026-11-09"),
        ("Back in the office: 2026-11-16", "2026-11-16"),
        ("I am on leave from 2 Nov to 13 Nov, returning Monday 16 Nov.", "2026-11-16"),
        ("I'm out of the office and back on the 16th.", "2026-11-16"),
        ("I will be back at my desk on Thursday.", "2026-11-05"),
        ("I'll be back on Monday", "2026-11-09"),
        ("I shall be back tomorrow.", "2026-11-03"),
        ("I will be back in the office on the morning of Tuesday, 10th November 2026.", "2026-11-10"),
        ("I am back in work on November 16, 2026", "2026-11-16"),
        ("I will be returning to work w/c 16 November", "2026-11-16"),
        ("School is closed and reopens on 4 January 2027.", "2027-01-04"),
        ("I will be back in January.", "2027-01-01"),
        ("My next working day is Thursday 5 November.", "2026-11-05"),
        ("I work part time: Mon, Tue and Wed. I am next in on 9 November.", "2026-11-09"),
        ("School is closed for half term, we re-open on Monday 9th November at 8.30am.", "2026-11-09"),
        ("I'm now on leave and will be back in the office on Wednesday the 18th of November", "2026-11-18"),
        ("I am on A/L. Date of return: 16/11/2026", "2026-11-16"),
        ("I'm away w/c 2nd November and return w/c 9th November.", "2026-11-09"),
        ("Back in the new year", "2027-01-01"),
        ("I am on strike on 4 November and return on the 5th.", "2026-11-05"),
        ("Ich bin ab dem 16.11.2026 wieder erreichbar.", "2026-11-16"),
        ("Je serai de retour le 16 novembre.", "2026-11-16"),
    ]);
}

#[test]
fn until_a_day_means_back_on_it_unless_it_is_included() {
    check_until(&[
        ("I am away until 14 November.", "2026-11-14"),
        ("I am out of the office until Monday 16th November and will reply then.", "2026-11-16"),
        ("I am on leave until 13 November inclusive.", "2026-11-14"),
        ("I am on leave up to and including 13 November.", "2026-11-14"),
        ("I am away 2 Nov through 13 Nov.", "2026-11-14"),
        ("I am away from 2 Nov to 13 Nov inclusive.", "2026-11-14"),
        ("I am away from 2 Nov to 13 Nov (inclusive).", "2026-11-14"),
        ("I am away from 2nd - 13th November.", "2026-11-13"),
        ("I am on leave 2-13 November inclusive.", "2026-11-14"),
        ("On leave between 2 November and 13 November.", "2026-11-13"),
        ("On leave 02/11/2026 - 13/11/2026", "2026-11-13"),
        ("I am on maternity leave until September 2027.", "2027-09-01"),
        ("I am away until 09:00 on 9 November 2026.", "2026-11-09"),
        ("I am on maternity leave until approximately October 2027", "2027-10-01"),
        ("I will be out of the office starting 02/11/2026 and will not return until 16/11/2026.", "2026-11-16"),
        ("Je suis en congés du 2 au 13 novembre inclus.", "2026-11-14"),
        ("I am away until the end of November.", "2026-12-01"),
        ("I am away until Friday.", "2026-11-06"),
        ("Ich bin bis zum 14. November abwesend.", "2026-11-14"),
        ("Je suis absente jusqu'au 14 novembre.", "2026-11-14"),
        ("I am on annual leave w/c 9 November.", "2026-11-16"),
        ("I am out of the office today.", "2026-11-03"),
    ]);
}

#[test]
fn a_length_counts_from_the_first_day_that_the_text_tells() {
    check_until(&[
        ("I am on annual leave for two weeks from 2 November.", "2026-11-16"),
        ("I am away from Monday 2nd November for 2 weeks.", "2026-11-16"),
        ("On leave from 3/11 for 10 days", "2026-11-13"),
        ("On leave from 2/11/2026 for 10 working days", "2026-11-16"),
        ("I am on leave from 30 October for a fortnight.", "2026-11-13"),
        ("I am away for one fortnight starting on the 28th.", "2026-11-11"),
        ("I am off for three weeks commencing Monday 26 October.", "2026-11-16"),
        ("I am on maternity leave for nine months from 1 September 2026", "2027-06-01"),
        ("I am on leave from 3 November for 10 days, returning on the 16th.", "2026-11-16"),
        // Nobody knows when these were written, or the absence is over.
        ("I am away for two weeks.", "unknown"),
        ("I am on leave for the next 10 days.", "unknown"),
        ("I will be back in two weeks.", "unknown"),
        ("I am on leave from 1 September for two weeks.", "unknown"),
        ("I am on leave from 15 June for two weeks.", "unknown"),
        ("I am on maternity leave from 1 September for about a year.", "unknown"),
    ]);
}

#[test]
fn weeks_and_terms_are_read_as_british_people_mean_them() {
    check_until(&[
        ("I am away until the week commencing 9 November.", "2026-11-09"),
        ("I am on leave until w/c 16th November", "2026-11-16"),
        ("I am away w/c 2 November and w/c 9 November, back on 16 November.", "2026-11-16"),
        // Received on a Monday, which has a name of its own.
        ("I will be back on Monday week.", "2026-11-09"),
        ("I will be back on Wednesday week.", "2026-11-11"),
        ("I will be back a week on Thursday.", "2026-11-12"),
        ("I am away until 13 November and back the following Monday.", "2026-11-16"),
        ("I am on training for the rest of this week.", "unknown"),
        ("I am on leave and will be back next week.", "2026-11-09"),
        ("I am away until next week.", "2026-11-09"),
        ("I am away next week.", "unknown"),
        ("I am away until the end of the week.", "2026-11-09"),
        ("School is closed and will reopen to pupils on Tuesday 3rd November", "2026-11-03"),
        ("I will be returning after half term.", "unknown"),
        ("I will be returning after half-term on Monday 9 November.", "2026-11-09"),
        ("I will be back after Christmas.", "unknown"),
        ("I will be back after the Easter holidays", "unknown"),
        ("I will be in again on Thursday 5th.", "2026-11-05"),
        ("I will be in meetings on 5 November.", "unknown"),
        ("RTW 16/11/26", "2026-11-16"),
        ("School is closed. Term starts on Tuesday 5th January 2027.", "2027-01-05"),
        ("I am in training all day and will pick up emails tomorrow.", "2026-11-03"),
        ("I am away and will reply on Monday 9 November.", "2026-11-09"),
    ]);
}

#[test]
fn british_order_wins_where_both_are_dates() {
    check_until(&[
        ("I will be back on 04/12/2026.", "2026-12-04"),
        ("I will be back on 11/16/2026.", "2026-11-16"),
        ("I will be back on 5/1.", "2027-01-05"),
    ]);
}

#[test]
fn what_cannot_be_told_is_unknown() {
    check_until(&[
        ("I am on maternity leave.", "unknown"),
        ("I am out of the office.", "unknown"),
        ("I was away until 14 October 2026.", "unknown"),
        ("I am away from 2 November.", "unknown"),
        ("I work Monday to Wednesday only. Our office is open 9 to 5.", "unknown"),
        ("I will be back on 31 February 2027.", "unknown"),
        // Forgotten since last month, not eleven months ahead.
        ("I am away until 5 October.", "unknown"),
    ]);
}

#[test]
fn the_subject_is_read_when_the_text_tells_nothing() {
    let until = notice("AUTO: Lee, Ann is out of the office (returning 16/11/2026)", "Sorry.").until;
    assert_eq!(until, NaiveDate::from_ymd_opt(2026, 11, 16));
}

#[test]
fn the_contact_is_named_as_the_notice_names_it() {
    for (text, expected) in [
        (
            "In my absence please contact Bob Green at bob.green@school.example.",
            Some("Bob Green <bob.green@school.example>"),
        ),
        ("For urgent matters please email senco@school.example. Thanks", Some("senco@school.example")),
        ("If urgent, contact my colleague Mrs. Bea O'Neill on 01632 960123.", Some("Mrs. Bea O'Neill, 01632 960123")),
        ("For anything urgent speak to the duty team on 01632 960123.", Some("the duty team, 01632 960123")),
        ("Please contact the school office if it cannot wait.", Some("the school office")),
        ("Dr Carla Diaz is covering for me.", Some("Dr Carla Diaz")),
        (
            "In dringenden Fällen wenden Sie sich bitte an Frau Eva Klein (eva.klein@amt.example).",
            Some("Frau Eva Klein <eva.klein@amt.example>"),
        ),
        ("My cases are covered by Priya Patel, priya@nhs.example.", Some("Priya Patel <priya@nhs.example>")),
        ("Contact: Mrs J. Smith, SENCo, on senco@school.example", Some("Mrs J. Smith <senco@school.example>")),
        (
            "Please contact the therapy hub at hub@nhs.example for all enquiries.",
            Some("the therapy hub <hub@nhs.example>"),
        ),
        ("Please contact me again on my return at ann@school.example.", None),
        ("I am away until Monday.", None),
        ("I will contact you on my return.", None),
    ] {
        assert_eq!(notice("Automatic reply: x", text).contact.as_deref(), expected, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in ".{0,300}") {
        notice("x", &text);
    }
}
