//! Whole notices as British staff send them, written after the rules and read without a look at them.

use super::british::check;

#[test]
fn a_notice_with_hours_days_and_colleagues_tells_when_its_sender_is_back() {
    check(
        "2026-11-04",
        &[
            (
                "Thank you for your message. I am currently on annual leave, returning to work on Monday 16th November \
                 2026. For urgent queries please contact Jo Bloggs on 01632 960123.",
                "2026-11-16",
            ),
            (
                "I am out of the office until Monday 9 November. My colleague Pat Dunn (pat@x.example) is available \
                 until then.",
                "2026-11-09",
            ),
            ("I don't work Fridays. Your email will be dealt with when I am back on Monday.", "2026-11-09"),
            (
                "Please be aware that I work 8.30-4.30 Tuesday to Thursday and will respond to your email on my return \
                 on Tuesday 10 November.",
                "2026-11-10",
            ),
            ("I am on leave, please contact Jo in my absence. Back Thursday 12th Nov.", "2026-11-12"),
            ("I have left early today, and will be in at 8.30 on Thursday.", "2026-11-05"),
            (
                "I will be on annual leave from 4pm on Wednesday 4 November until 9am on Monday 16 November.",
                "2026-11-16",
            ),
            ("I am away on a course Wednesday and Thursday and will be back in on Friday", "2026-11-06"),
            (
                "Our office will be closed from 12.30 on Friday 18 December and will reopen at 9.00 on Monday 4 \
                 January 2027.",
                "2027-01-04",
            ),
            ("Mrs Hill is out of school until Thursday 12 November.", "2026-11-12"),
            ("I am on paternity leave for two weeks and will be back on 18.11.26", "2026-11-18"),
            ("I'm on long term sick, and Dr Shah (back from leave on 16 November) will take my caseload.", "unknown"),
            ("My working days are Monday, Tuesday and alternate Wednesdays, 9.00 - 2.30.", "unknown"),
            ("I'm working from home until Friday 13 November so please use my mobile.", "unknown"),
            ("I will be out of the office on Thursday 5 and Friday 6 November.", "2026-11-07"),
            ("I am attending training today and tomorrow, back Friday.", "2026-11-06"),
            ("I am away this afternoon and will reply to emails in the morning.", "unknown"),
            (
                "I will be out of office on Wednesday afternoon from 1.30 and will pick up any messages on Thursday \
                 morning.",
                "2026-11-05",
            ),
            ("Away Mon 9th - Weds 11th Nov", "2026-11-11"),
            ("On leave wc 9 Nov & wc 16 Nov, back Mon 23rd", "2026-11-23"),
            ("I am on leave the week commencing 9th November. Emails will be answered on my return.", "2026-11-16"),
            ("I am away for the whole of next week, returning Monday 16th.", "2026-11-16"),
            ("I am not back in the office until the week after next.", "2026-11-16"),
            ("I'll be off until the week after.", "unknown"),
            ("Not in the office until Tuesday 10/11 at 9.30.", "2026-11-10"),
            ("I return from leave on 16/11 at 8.30.", "2026-11-16"),
            ("A/L 9/11/26 to 13/11/26. Back in office 16/11/26.", "2026-11-16"),
            ("I'm now on leave until 5 January 2027 (my last working day is 18 December).", "2027-01-05"),
            ("I am out of office until further notice. Calls are answered 9.10-12.10 and 2.10-4.10 daily.", "unknown"),
            ("On leave till Mon 16/11. Urgent: Sam, in the office Mon-Wed 8.15-2.45.", "2026-11-16"),
            ("Kate is on maternity leave until 1 June 2027. I am her cover and away until 9 November.", "2026-11-09"),
            (
                "I am job-sharing: I work Monday-Wednesday, Helen works Wednesday-Friday. I'm on leave until Monday 16 \
                 November but Helen will be back on Wednesday 11 November.",
                "2026-11-16",
            ),
            ("I am on leave and will respond within 2 weeks of 16 November.", "unknown"),
            ("Leave: 26.10.26 - 13.11.26.", "2026-11-13"),
            ("Back in the office 9.11.2026 at 8.00", "2026-11-09"),
            ("I am off sick. My line manager will get in touch by 13 November.", "unknown"),
            ("Out of the office 4/11 - 6/11 inc.", "2026-11-07"),
            ("Closed 12.00 - 1.00 for lunch. Away until 11th Nov.", "2026-11-11"),
            ("I only work mornings 8.45 - 12.05 and am on leave from tomorrow to Friday 13 November", "2026-11-13"),
            (
                "If your email concerns a review due on 20 November please contact Ms Roe. I return on 9 November.",
                "2026-11-09",
            ),
            (
                "I will be on leave from Monday 9 November and return on Monday 23 November. Meetings planned until 20 \
                 November will be rearranged.",
                "2026-11-23",
            ),
            ("I am on strike on Thursday 5 November.", "unknown"),
            ("I am away at a conference; replies will be slow until Monday 9 November.", "2026-11-09"),
            ("I am seconded to another team until April 2027.", "2027-04-01"),
            ("I am on leave. Sam Green is in charge and will be back on Thursday.", "unknown"),
            (
                "I am off until 23 November. Jo, the deputy, is back on the 9th and will reply by the 13th.",
                "2026-11-23",
            ),
            ("I'm on leave until after 13 November.", "2026-11-14"),
            ("Part-time: I'm in the office Tuesdays 9.30-2.10. On leave until 24/11.", "2026-11-24"),
        ],
    );
}

#[test]
fn short_notices_are_read_by_the_same_rules() {
    check(
        "2026-11-04",
        &[
            ("I'm on leave. I'll get back to you on Monday 16 November.", "2026-11-16"),
            ("I am off. Sam will get back to you on Friday.", "unknown"),
            ("The team and I are back on 9 November.", "2026-11-09"),
            ("Available again from 16 November. I am on leave.", "2026-11-16"),
            ("Away until 9.00 Monday 16.11.2026", "2026-11-16"),
            ("From 12.11 to 13.11 I am at a conference.", "2026-11-13"),
            ("I work 9-5. I'm on leave 9.11 to 13.11.", "2026-11-13"),
            ("I am on a/l until 10.11 at 8.30.", "2026-11-10"),
            ("Off until Tuesday 1.12, 9.00.", "2026-12-01"),
            ("I am not working today but back tomorrow.", "2026-11-05"),
            ("I am on leave. Please do not send forms before 9 November.", "unknown"),
            ("I am not able to reply before 16 November.", "2026-11-16"),
            ("I do not expect to be back before the new year.", "2027-01-01"),
            ("I am working until Friday 6 November, then on leave until 30 November.", "2026-11-30"),
            ("I am off sick. Our duty line is open until 18 December.", "unknown"),
            ("You can contact me again when I'm back on 16 November.", "2026-11-16"),
            ("You can email me when back on 16 November. I am on leave.", "2026-11-16"),
            ("I am on leave w/c 9 November and w/c 16 November.", "2026-11-23"),
            ("On leave w/c 2 Nov to w/c 9 Nov.", "2026-11-16"),
            ("I am off sick. Meetings on 9 November and 16 November are cancelled.", "unknown"),
            ("I'm away next week and the week after.", "2026-11-23"),
            ("I am Head of SEN and will be back on 16 November.", "2026-11-16"),
            ("I am away. My phone will be answered on Monday by Jo.", "unknown"),
            ("I am on leave until 4pm on 13 November; Jo Hill is back from her leave on 9 November.", "2026-11-13"),
            ("I'm away - urgent things to Sam Roe (in the office until Friday).", "unknown"),
            (
                "I am on maternity leave from 30 November 2026 for a year, and Jo Roe starts as my cover on 23 November.",
                "unknown",
            ),
            ("Out of office 4-6 November. My colleagues are in the office on Friday.", "2026-11-06"),
            ("I am away on Friday 6 November and Monday 9 November.", "2026-11-10"),
            ("I am on leave, not back till the 23rd. Sarah will pick up messages on Thursday.", "2026-11-23"),
        ],
    );
}

#[test]
fn a_school_that_closes_tells_when_it_opens() {
    check(
        "2027-02-12",
        &[("We break up for half term on Friday 12 February and return on Monday 22nd February.", "2027-02-22")],
    );
    check(
        "2027-04-01",
        &[(
            "School is closed for Easter. We re-open for staff on Monday 12 April and for pupils on Tuesday 13 April.",
            "2027-04-12",
        )],
    );
    check(
        "2026-12-24",
        &[("The office is closed between Christmas and New Year and reopens Monday 4 January.", "2027-01-04")],
    );
}
