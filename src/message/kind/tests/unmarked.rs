//! Mails without a machine's header, or with one that people's answers carry too: the words have to tell.

use super::*;

#[test]
fn a_number_of_the_case_or_of_a_telephone_makes_no_desk() {
    let advice = "Jo's epilepsy programme should be carried out each day by the appropriate person in school, who has had training from our nurse. If there is a medical emergency, staff follow his care plan and ring 999. He also needs a quiet room after a seizure.";
    let two_phrases = "Jo's plan should be read by the right person in school. If it is a medical emergency, staff ring 999, and his mother is called at once, as the care plan says on its first page.";
    let answer = "Subject: RE: Clarification\nIn-Reply-To: <1@x>";
    let desk = "From: no-reply@tickets.example\nSubject: RE: Clarification\nIn-Reply-To: <1@x>";
    let stamped = "Subject: RE: Clarification\nAuto-Submitted: auto-generated\nIn-Reply-To: <1@x>";
    check(&[
        (answer, &format!("Case EHC-2026-0412.\n\n{advice}"), Human),
        (answer, &format!("Dear Cora,\n\nReference EHC-2026-0412: {advice}"), Human),
        (answer, &format!("Thank you for your email.\n\n{advice}"), Human),
        (answer, &format!("Thank you for your email.\n\n{two_phrases}"), Human),
        ("Subject: Clarification", &format!("Thank you for your email.\n\n{advice}"), Human),
        (stamped, "Case EHC-2026-0412: Jo was discharged in May.", Human),
        (stamped, "This case was assigned to me on Monday; Jo is not known here.", Human),
        (stamped, "The case was opened in May and closed in June.", Human),
        (stamped, "We received your request on Monday; Jo is not known here.", Human),
        (stamped, "Not known to us. Please call 01632 960444.", Human),
        (desk, "Case EHC-2026-0412: not known here.", Human),
        ("X-ServiceNow-Generated: true\nSubject: x", "Case CS0012345 comment: Jo is not known to our service.", Human),
        (stamped, "Your request has been assigned to our therapy team.", Acknowledgement),
        (stamped, "Your request has been logged. Ticket number: 12345.", Acknowledgement),
    ]);
}

#[test]
fn advice_between_the_words_of_a_desk_is_a_persons() {
    for headers in [
        "Subject: Advice for Jo",
        "From: no-reply@hub.example\nSubject: Advice for Jo",
        "Subject: Advice for Jo\nReturn-Path: <>",
    ] {
        check(&[
            (
                headers,
                &format!(
                    "Thank you for contacting the therapy team. We received your request on Monday. {ADVICE} If you have a question, a member of the team will reply."
                ),
                Human,
            ),
            (
                headers,
                &format!(
                    "Thank you for your email. Your request was received on Monday. {ADVICE} If you have a question please allow five working days."
                ),
                Human,
            ),
        ]);
    }
}

#[test]
fn a_subject_about_an_absence_proves_a_text_that_is_about_nothing_else() {
    check(&[
        ("Subject: Out of office", "I will return on Monday 9 November.", Absence),
        ("Subject: Out of Office", "Currently out of the office, returning on Monday 9 November.", Absence),
        ("Subject: Annual leave", "I will be back on Monday 9 November.\n\nAnn Lee", Absence),
        (
            "Subject: School closed",
            "The school is closed for half term and will re-open on Monday 9 November.",
            Absence,
        ),
        (
            "Subject: Out of office",
            "Dear Enquirer,\n\nI am out of the office until Monday 9 November.\n\nAnn Lee",
            Absence,
        ),
        ("Subject: Out of office", "Dear Visitor,\n\nI am on leave until Monday 9 November.", Absence),
    ]);
}

#[test]
fn a_person_who_writes_that_they_will_be_away_is_a_person() {
    let answer = "Subject: RE: Annual leave\nIn-Reply-To: <1@x>";
    check(&[
        (answer, "I will be back on Monday and send it then.", Human),
        (answer, "I will be back on Monday 9 November.", Human),
        ("Subject: Annual leave\nIn-Reply-To: <1@x>", "I will be back on Monday.", Human),
        ("Subject: Annual leave", "I will be back on Monday and send it then.", Human),
        ("Subject: Annual leave", "I will be back on Monday. Jo is not known to us.", Human),
        ("Subject: Annual leave", "Hi Cora,\n\nI am on leave until Monday 9 November.", Human),
        ("Subject: School closed", "The school is closed. The advice comes on Monday.", Human),
    ]);
}
