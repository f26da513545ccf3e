//! What mail programs, habits and haste do to commands; and what must never be taken for one.

use super::*;

#[test]
fn prose_is_neither_obeyed_nor_asked_about() {
    for prose in [
        "Close enough, thanks",
        "Received, thanks",
        "Received with thanks, I will look at it tomorrow.",
        "Thanks\nCLOSE",
        "Hi Ann,\n\nI have closed this on ONE.\nCLOSE",
        "Agreed, let us do that.",
        "Send it to Dr Lee when you can",
        "Wait until Monday please",
        "Note that the child has moved.",
        "Please close this when you can",
        "List of the children attached",
        "Report attached",
        "Help would be welcome on this one",
        "Status of the case?",
        "Match this with the other letter",
        "Stop by when you have a moment",
        "I can\u{2019}t accept this",
        "The advice is\nreceived\nand fine",
        "Manager is on leave",
        "New date to be agreed with the clinic",
        "Final issued last week I think",
        "Absent until further notice",
        "Contact the school first",
        "Noted",
        "OK",
        "Done.",
        "None",
        "",
        "\n\n \u{a0}\n",
        "-- \nCLOSE",
        "Sent from my iPhone",
        "Kind regards\nCLOSE",
        "On 4 Nov 2026, at 10:00, Ann Lee wrote:\nCLOSE",
        "-----Original Message-----\nCLOSE",
        "From: Ann Lee <ann@council.example>\nSent: 4 November 2026 10:00\nTo: Followups\nSubject: CLOSE\n\nCLOSE",
        "Reason: none given",
        "4 Nov is fine",
        "3 children are affected",
    ] {
        check(&plain(prose), "", prose);
    }
    for prose in ["4 Nov is fine", "10:30 would suit", "Thank you all", "I will look at these tomorrow.\n1 CLOSE"] {
        check(&today_mail(prose), "", prose);
    }
}

#[test]
fn what_mail_programs_put_around_a_command_does_not_matter() {
    for (written, expected) in [
        ("\u{feff}CLOSE", "CLOSE"),
        ("  \tCLOSE\t\r\n", "CLOSE"),
        ("\u{a0}CLOSE\u{a0}", "CLOSE"),
        ("**CLOSE**", "CLOSE"),
        ("_close_", "CLOSE"),
        ("\u{201c}CLOSE\u{201d}", "CLOSE"),
        ("'close'", "CLOSE"),
        ("- CLOSE", "CLOSE"),
        ("\u{2022}\tCLOSE", "CLOSE"),
        ("\u{b7}         CLOSE", "CLOSE"),
        ("o   CLOSE", "CLOSE"),
        ("* CLOSE", "CLOSE"),
        ("not\u{a0}\u{a0}advice", "NOT ADVICE"),
        ("Hi,\n\nclose\n\nThanks\nAnn", "CLOSE"),
        ("Dear team,\nCLOSE", "CLOSE"),
        ("CLOSE\n\nAnn Lee\nSEND Team\nTel: 01234 567890", "CLOSE"),
        ("CLOSE\n\nTel: 01234 567890", "CLOSE"),
        ("CLOSE\n--\nSTOP EHC-2026-0412", "CLOSE"),
        ("CLOSE\nSent from my iPhone\nSEND", "CLOSE"),
        ("CLOSE\n> received", "CLOSE"),
        (
            "> please tell us when the letter was\nreceived",
            "? \"received\": this stands right below quoted text, so I was not sure that you wrote it. Send it again on its own.",
        ),
        ("> please tell us when the letter was\n\nreceived", "RECEIVED"),
        ("> please tell us when\nit has come", ""),
        ("CLOSE\nCLOSE", "CLOSE"),
        ("*CLOSE*\n*Reason:* all answered", "CLOSE | \"all answered\""),
        (
            "Clarify EHC-2026-0412\nTo: lee@nhs.example <mailto:lee@nhs.example>",
            "CLARIFY EHC-2026-0412 | To: lee@nhs.example",
        ),
        (
            "Clarify EHC-2026-0412\nTo: Dr Lee <mailto:lee@nhs.example>",
            "CLARIFY EHC-2026-0412 | To: Dr Lee <lee@nhs.example>",
        ),
        ("CLOSE&nbsp;", "CLOSE"),
        ("Help?", "HELP"),
        (
            "Clarify EHC-2026-0412\nTo: lee@nhs.example;\n  head@nhs.example\nAbout:\nspeech",
            "CLARIFY EHC-2026-0412 | To: lee@nhs.example; head@nhs.example | About: speech",
        ),
        ("STATUS\u{a0}EHC\u{2013}2026\u{2013}0412", "STATUS EHC-2026-0412"),
        ("1. STATUS EHC-2026-0412\n2. STATUS EHC-2026-0413", "STATUS EHC-2026-0412\nSTATUS EHC-2026-0413"),
    ] {
        check(&plain(written), expected, written);
    }
}

#[test]
fn numbered_answers_survive_the_mail_program() {
    for (written, expected) in [
        ("1.\tCLOSE\r\n2.\tINSUFFICIENT no provision\r\n", "1 CLOSE\n2 INSUFFICIENT | \"no provision\""),
        ("> 1. AB: answered\n1 CLOSE\n> 2. CD: answered\n2 close", "1 CLOSE\n2 CLOSE"),
        ("\u{2022} 1 CLOSE\n\u{2022} 2 CLOSE", "1 CLOSE\n2 CLOSE"),
        ("*1 CLOSE*\n*2* CLOSE", "1 CLOSE\n2 CLOSE"),
        (
            "2 INSUFFICIENT the report does not say how often the therapy is to\nhappen nor who gives it\n3 CLOSE",
            "2 INSUFFICIENT | \"the report does not say how often the therapy is to\nhappen nor who gives it\"\n3 CLOSE",
        ),
        (
            "2 INSUFFICIENT please say on which day the letter of the clinic was\nreceived",
            "2 INSUFFICIENT | \"please say on which day the letter of the clinic was\nreceived\"",
        ),
        (
            "2 INSUFFICIENT the report names no provision and asks for more than\n2 hours a week",
            "2 INSUFFICIENT | \"the report names no provision and asks for more than\n2 hours a week\"",
        ),
        ("1 INSUFFICIENT\nno provision", "1 INSUFFICIENT | \"no provision\""),
        ("Close 1 and 2, please", "1,2 CLOSE"),
        ("1 CLOSE\n1 CLOSE", "1 CLOSE"),
        ("1 CLOSE, thanks", "1 CLOSE"),
        ("1 CLOSE\n\nthanks\n2 CLOSE", "1 CLOSE"),
        ("1 CLOSE\n2 CLOSE\nReason: both answered", "1 CLOSE\n2 CLOSE | \"both answered\""),
        ("1 INSUFFICIENT\nWhy: unclear\n2 CLOSE\nWhy: jargon", "1 INSUFFICIENT | Why: unclear | Why: jargon\n2 CLOSE"),
    ] {
        check(&today_mail(written), expected, written);
    }
}

#[test]
fn what_is_not_sure_is_asked_about_in_plain_words() {
    for (written, expected) in [
        ("CLOES", "? \"CLOES\": this is no command that I know. Did you mean CLOSE?"),
        ("recieved", "? \"recieved\": this is no command that I know. Did you mean RECEIVED?"),
        ("insuficient", "? \"insuficient\": this is no command that I know. Did you mean INSUFFICIENT?"),
        ("STATSU EHC-2026-0412", "? \"STATSU EHC-2026-0412\": this is no command that I know. Did you mean STATUS?"),
        ("not advise", "? \"not advise\": this is no command that I know. Did you mean NOT ADVICE?"),
        ("CLOSE?", "? \"CLOSE?\": this ends with a question mark, so I did nothing. Did you mean CLOSE?"),
        ("STOP", "? \"STOP\": something is missing. Write it as STOP <case>."),
        (
            "CLOSE the one of Monday",
            "? \"CLOSE the one of Monday\": I read CLOSE, but not \"the one of Monday\" beside it. Write it as CLOSE, and your words behind Reason: on the next line.",
        ),
        (
            "1 CLOSE",
            "? \"1 CLOSE\": the mail that you answered has no numbered lines. Name the follow-up: CLOSE FU-....",
        ),
        (
            "CLOSE 1,2",
            "? \"CLOSE 1,2\": the mail that you answered has no numbered lines. Name the follow-up: CLOSE FU-....",
        ),
        (
            "NEW DATE EHC-2026-0412 31 February",
            "? \"NEW DATE EHC-2026-0412 31 February\": \"31 February\" is not a date that I can read for sure. Write it as 19 October 2026.",
        ),
        (
            "NEW DATE EHC-2026-0412 20 Nov 2026",
            "? \"NEW DATE EHC-2026-0412 20 Nov 2026\": \"2026-11-20\" has passed; I need a day to come.",
        ),
        ("EXTEND\nTo: 20 Nov", "? \"EXTEND\": To: \"20 Nov\" has passed; I need a day to come."),
        ("EXTEND\nBy: a week", "? \"EXTEND\": behind By: I expect a number of working days, not \"a week\"."),
        ("RECEIVED\nOn: 25 Nov", "? \"RECEIVED\": On: \"25 Nov\" has not come yet; I need a day that has been."),
        (
            "RECEIVED\nOn: Monday",
            "? \"RECEIVED\": On: \"Monday\" is not a date that I can read for sure. Write it as 19 October 2026.",
        ),
        ("EXTEND To: 4 Dec\nTo: 5 Dec", "? \"EXTEND To: 4 Dec\": To: is given twice. Which one is right?"),
        (
            "CLARIFY EHC-2026-0412\nWhi: unclear",
            "? \"CLARIFY EHC-2026-0412\": CLARIFY has no field \"Whi\". Did you mean Why:?",
        ),
        ("CLOSE\nUntil: 4 Dec", "? \"CLOSE\": CLOSE has no field \"Until\". It has Reason: Voice: Plain: Impact:."),
        ("CLOSE\nVoice: perhaps", "? \"CLOSE\": behind Voice: I expect yes or no, not \"perhaps\"."),
        ("CLARIFY EHC-2026-0412\nTo:", "? \"CLARIFY EHC-2026-0412\": nothing stands behind To:."),
        ("CLARIFY EHC-2026-0412\nText:\n", "? \"CLARIFY EHC-2026-0412\": nothing stands behind Text:."),
        (
            "CLOSE FU-2222-3333",
            "? \"CLOSE FU-2222-3333\": \"FU-2222-3333\" is not a reference of mine: at least one character is wrong.",
        ),
        (
            "status of EHC-2026-0412 please",
            "? \"status of EHC-2026-0412 please\": I read STATUS, but not \"of EHC-2026-0412 please\" beside it. Write it as STATUS.",
        ),
    ] {
        check(&plain(written), expected, written);
    }
}

#[test]
fn one_doubtful_line_does_not_stop_the_others() {
    check(
        &today_mail("1 CLOES\n2 CLOSE\n3 please ring me about this\n4 CLOSE"),
        "2 CLOSE\n4 CLOSE\n? \"1 CLOES\": this is no command that I know. Did you mean CLOSE?\n? \"3 please ring me about this\": this is no command that I know. Answer HELP for a list.",
        "mixed",
    );
}

#[test]
fn two_numbers_on_one_line_are_too_many() {
    for written in [
        "1 CLOSE; 2 CLOSE",
        "1 close 2 close",
        "1 CLOSE 3",
        "1. 3 CLOSE",
        "1 EXTEND 5",
        "INSUFFICIENT 2 pages are missing",
    ] {
        let reading = today_mail(written);
        assert!(reading.commands.is_empty() && reading.refusals.len() == 1, "{written}: {}", transcript(&reading));
    }
}

#[test]
fn letters_leave_only_on_a_bare_word() {
    for written in ["1 SEND it to her mother too", "1 RELEASE but not the second", "1 AGREED if they ring first"] {
        let reading = today_mail(written);
        assert!(reading.commands.is_empty() && reading.refusals.len() == 1, "{written}: {}", transcript(&reading));
    }
}

#[test]
fn contradicting_lines_are_all_refused() {
    let id = follow_up();
    for (written, commands) in [
        ("1 CLOSE\n1 INSUFFICIENT no provision".to_owned(), 0),
        ("1 CLOSE\n2 CLOSE\n1 RECEIVED 4 Nov".to_owned(), 1),
        ("CLOSE 1,2\n2 INSUFFICIENT no provision\n3 CLOSE".to_owned(), 1),
        ("1 EXTEND to 4 Dec\n1 EXTEND to 5 Dec".to_owned(), 0),
        (format!("CLOSE {id}\nINSUFFICIENT {id}"), 0),
        ("CLOSE\nINSUFFICIENT".to_owned(), 0),
        ("DECISION EHC-2026-0412 ASSESS\nDECISION EHC-2026-0412 NO PLAN".to_owned(), 0),
        ("STOP EHC-2026-0412\nSTOP SILENT EHC-2026-0412".to_owned(), 0),
        ("STOP EHC-2026-0412\nSTOP EHC-2026-0413".to_owned(), 2),
        ("PAUSE ALL\nUNPAUSE ALL".to_owned(), 0),
        ("RELEASE ALL\nDISCARD 1,2".to_owned(), 0),
        ("RECEIVED\nCLOSE".to_owned(), 2),
        ("5 MATCH A\n5 MATCH B".to_owned(), 0),
        ("5 MATCH A\n6 MATCH B".to_owned(), 2),
    ] {
        let reading = today_mail(&written);
        assert_eq!(reading.commands.len(), commands, "{written}: {}", transcript(&reading));
        let told = reading.refusals.iter().all(|r| matches!(r.why, RefusalReason::Contradiction { .. }));
        assert!(told && (commands == 2 || reading.refusals.len() >= 2), "{written}: {}", transcript(&reading));
    }
}

#[test]
fn text_goes_to_the_end_but_never_swallows_a_command() {
    let reading = today_mail("1 INSUFFICIENT\nText: How often?\n\nAnd by whom: a therapist?\nThanks\n-- \nAnn");
    assert_eq!(reading.commands[0].text.as_deref(), Some("How often?\n\nAnd by whom: a therapist?\nThanks"));
    let reading = today_mail("1 INSUFFICIENT\nText: How often?\n2 CLOSE");
    assert!(reading.commands.is_empty(), "{}", transcript(&reading));
    assert!(matches!(reading.refusals[0].why, RefusalReason::CommandInText { .. }));
}

#[test]
fn half_a_question_is_never_asked() {
    let cut = "I stopped reading at the empty line above \"Please also give outcomes for each need.\", and have sent nothing. Put all that is to go to the adviser behind Text: on the next line; it takes everything to the end of the mail.";
    check(
        &today_mail(
            "2 INSUFFICIENT the report does not say how often.\n\nPlease also give outcomes for each need.\nThanks",
        ),
        &format!("? \"2 INSUFFICIENT the report does not say how often.\": {cut}"),
        "a second paragraph",
    );
    for below in ["Cora", "Cora Lane\nSEND Co-ordinator", "Thanks\nCora", "-- \nCora Lane, Example Council."] {
        check(
            &today_mail(&format!("2 INSUFFICIENT it does not say how often.\n\n{below}")),
            "2 INSUFFICIENT | \"it does not say how often.\"",
            below,
        );
    }
    check(&today_mail("2 CLOSE\n\nI will do the others tomorrow."), "2 CLOSE", "nothing goes out");
}

#[test]
fn a_line_below_running_text_is_not_lost_silently() {
    check(
        &today_mail("1 CLOSE\n\nThis one is hard, let us talk.\n2 INSUFFICIENT no provision\nthanks"),
        "1 CLOSE\n? \"2 INSUFFICIENT no provision\": I stopped reading at the text above this line. Send it again on its own.",
        "below prose",
    );
}

#[test]
fn the_subject_is_read_in_a_new_mail_only() {
    let with =
        |subject, text| super::super::read(text, &Context { subject: Some(subject), ..context(NumberedAnswer::No) });
    check(&with("Status EHC-2026-0412", ""), "STATUS EHC-2026-0412", "subject alone");
    check(
        &with("CLARIFY EHC-2026-0412", "To: lee@nhs.example\nText: How often?"),
        "CLARIFY EHC-2026-0412 | To: lee@nhs.example | \"How often?\"",
        "subject with fields",
    );
    check(&with("STATUS EHC-2026-0412", "STATUS EHC-2026-0412"), "STATUS EHC-2026-0412", "twice is once");
    check(&with("About Ada", "STATUS EHC-2026-0412"), "STATUS EHC-2026-0412", "a subject of prose");
    check(&with("STATUS EHC-2026-0412", "Hi, how is this going?\nCLOSE"), "STATUS EHC-2026-0412", "prose below");
    let full = "CLARIFY EHC-2026-0412\nTo: lee@nhs.example\nText: How often?";
    let read = "CLARIFY EHC-2026-0412 | To: lee@nhs.example | \"How often?\"";
    check(&with("Clarify", full), read, "a bare verb as title");
    check(&with("Clarify EHC-2026-0412", full), read, "the same as title");
}

#[test]
fn in_answer_to_one_line_the_words_may_stand_behind_a_verb_without_its_number() {
    let one = |text| super::super::read(text, &context(NumberedAnswer::OneLine));
    let missing = "INSUFFICIENT | \"the report does not say how often.\"";
    check(&one("INSUFFICIENT the report does not say how often."), missing, "as the letter teaches it");
    check(&one("Insufficient - the report does not say how often."), missing, "set off");
    check(&one("1 INSUFFICIENT the report does not say how often."), &format!("1 {missing}"), "with its number");
    for prose in ["Received, thank you so much for this", "Close to the deadline, I think", "Insufficient time, sorry"]
    {
        assert!(one(prose).commands.is_empty(), "{prose}");
    }
    assert!(today_mail("INSUFFICIENT the report does not say how often.").commands.is_empty(), "of which line?");
}
