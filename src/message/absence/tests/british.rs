//! Notices as British school, council and health staff write them: hours of work beside dates, part-time days,
//! the days of colleagues, weeks as spans. The right answers were worked out by hand before the code was run on them.

use super::on;

/// Each text with the first day back, read on the day that stands at its head.
pub(super) fn check(received_on: &str, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(text, right)| {
            let until = on(received_on, text).map_or("unknown".to_owned(), |day| day.to_string());
            (until != *right).then(|| format!("{text} -> {until}, not {right}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// A Wednesday.
const RECEIVED: &str = "2026-11-04";

#[test]
fn hours_and_amounts_are_no_dates() {
    check(
        RECEIVED,
        &[
            ("I work 9.15 to 2.45 on Tuesdays and Thursdays. I am on leave until 16 November.", "2026-11-16"),
            ("Please note my hours are Mon-Fri 8.00 - 4.00. I will be back on 12.11.", "2026-11-12"),
            ("I am out of the office. The school office is open from 8.15 until 4.15.", "unknown"),
            ("I am away from my desk. Reception is staffed 7.30am to 6.30pm.", "unknown"),
            ("I am in a meeting until 3.30 and will respond then.", "unknown"),
            ("I work 0.6 FTE, Monday to Wednesday. I am away until 7.12.26.", "2026-12-07"),
            ("Our core hours are 10.00-12.00 and 2.00-4.00. I return on 10/12.", "2026-12-10"),
            ("I am away until 10.30 on Thursday 12 November.", "2026-11-12"),
            ("I aim to reply within 3.5 working days. On leave until 23.11.", "2026-11-23"),
            ("I am out until 12.30pm on 6/11.", "2026-11-06"),
            (
                "Clinic days are Tuesday 9.30 to 12.30 and Friday 1.30 to 4.30; I am on leave until Monday 7 December.",
                "2026-12-07",
            ),
            ("I will be back in the office at 8.45 tomorrow.", "2026-11-05"),
            ("I work 7.5 hours a day, Tuesday to Thursday. Back 1.12.", "2026-12-01"),
            ("Version 2.3 of the form is on our site. I am on leave to 18 November.", "2026-11-18"),
            ("I work 2 1/2 days a week. I am away until 19 November.", "2026-11-19"),
            ("I finish at 3.15 today and will reply tomorrow.", "2026-11-05"),
            ("Working 8.30-12.30 only this week; full day back on 17.11.", "2026-11-17"),
            ("On leave until 5.1.27, 9.00am.", "2027-01-05"),
            ("I am away. The phone line is open 9.10 to 12.10 and 1.10 to 3.10.", "unknown"),
            ("I am away. Please see section 4.10 of the guidance, then paragraph 5.12.", "unknown"),
            ("I am out of the office. Our office hours are 8.30 to 3.30.", "unknown"),
            (
                "I am not in the office. I work Monday to Wednesday 8.30 - 4.30. I am on leave until Friday 13 November.",
                "2026-11-13",
            ),
            ("I am out of the office. My hours are 9.00 - 3.30 on Mondays.", "unknown"),
            ("I am on leave. I will reply in 2.5 weeks at the latest; I am away until 30 November", "2026-11-30"),
            ("I am on leave for 2.5 weeks from 2 November.", "unknown"),
            ("I am on leave. Our duty line is answered 24/7.", "unknown"),
            ("I will be back at 9.12 on Monday 16 November.", "2026-11-16"),
        ],
    );
}

#[test]
fn dates_with_dots_and_slashes_are_read_in_british_order() {
    check(
        RECEIVED,
        &[
            ("Back on 9.11.", "2026-11-09"),
            ("Annual leave 2.11 - 13.11 inclusive.", "2026-11-14"),
            ("Away 9.11.26-20.11.26, back 23.11.26", "2026-11-23"),
            ("Back 16.11", "2026-11-16"),
            ("On leave 9/11 to 20/11, returning 23/11.", "2026-11-23"),
            ("I am out until 4/12.", "2026-12-04"),
            ("I will return 1.2.27", "2027-02-01"),
            ("Off 5/11-6/11", "2026-11-06"),
            ("On leave until 24.11 (incl).", "2026-11-25"),
        ],
    );
}

#[test]
fn working_days_are_no_absence() {
    check(
        RECEIVED,
        &[
            ("I do not work on Fridays and Mondays. I am on leave until Tuesday 17 November.", "2026-11-17"),
            ("I work Mondays, Tuesdays and Wednesdays only and will answer when I am next in.", "unknown"),
            ("My working days are Tuesday, Wednesday and Thursday. I will respond on my next working day.", "unknown"),
            ("My working pattern is Monday - Thursday. I will be in the office on Monday 9 November.", "2026-11-09"),
            ("I only work term time. I will reply on 23 November.", "2026-11-23"),
            ("My non-working day is Friday. I will be back on Monday.", "2026-11-09"),
            ("I am not in on Thursdays and Fridays and will pick up your message on Monday.", "2026-11-09"),
            ("I am in the office until Friday and then on leave until 30 November.", "2026-11-30"),
            ("I am available until 6 November and then away until 23 November.", "2026-11-23"),
            ("I shall be back on Monday 9 November and working reduced hours until 18 December.", "2026-11-09"),
            (
                "I am away until 16 November, with limited access to emails, and will reply by Friday if I can.",
                "2026-11-16",
            ),
            ("I can be reached on 6 November but am on leave until 16 November.", "2026-11-16"),
        ],
    );
}

#[test]
fn the_days_of_somebody_else_are_not_the_senders() {
    check(
        RECEIVED,
        &[
            ("I am on leave until 27 November. Jo Bloggs is in the office on Thursdays and Fridays.", "2026-11-27"),
            ("I am on long-term sick leave. My manager Bea Hill is back on 16 November.", "unknown"),
            (
                "I am away until 7 December. In the meantime Dr Khan will be available from Monday 9 November.",
                "2026-12-07",
            ),
            (
                "I'm on maternity leave until September 2027. My cover, Priya, returns on Monday 9 November.",
                "2027-09-01",
            ),
            ("I am on leave until 4 December. The team will reply to your message by Friday.", "2026-12-04"),
            ("Out of office until 25 November. If urgent contact Tom, who is back on Friday.", "2026-11-25"),
            ("Ann Lee is on annual leave and will be back on Monday 16 November.", "2026-11-16"),
            ("Ann is away. She returns on 16 November.", "2026-11-16"),
            ("I am on secondment until 31 March 2027; Lee Wood will be in post from 16 November.", "2027-03-31"),
            ("I am on leave, back on 30 November. Sam is back on 9 November.", "2026-11-30"),
            ("I'm off. Sam Green can help you until I return on 23 November.", "2026-11-23"),
            (
                "I am on leave until 30 November. If it cannot wait, my colleague Sam will be in on Thursday.",
                "2026-11-30",
            ),
            (
                "I am on leave until 30 November. Please contact Sam Green, who will respond to your email on Friday.",
                "2026-11-30",
            ),
            ("I am away until 30 November. The deputy head will be in on Thursday.", "2026-11-30"),
            ("I am on sick leave. My colleague Sam will be in on Thursday.", "unknown"),
            ("I am on sick leave until further notice. Sam Green is available on Mondays and Tuesdays.", "unknown"),
            ("I am on leave. Please reply to all my emails on Monday 30 November to Sam.", "unknown"),
            ("Our SENCo will respond on Monday. I am on sick leave.", "unknown"),
            ("I am on leave. Please ring Jo, she is back in the office tomorrow.", "unknown"),
        ],
    );
}

#[test]
fn a_span_ends_when_it_has_run() {
    check(
        RECEIVED,
        &[
            ("I am on leave for three weeks from Monday 2 November.", "2026-11-23"),
            ("I will be on leave from 9 November for 2 weeks.", "2026-11-23"),
            ("Paternity leave 9 November - 20 November", "2026-11-20"),
            ("I am on sabbatical for six months from 1 September.", "2027-03-01"),
            ("Maternity leave from 16 November for nine months", "2027-08-16"),
            ("On adoption leave for 12 months from 1 November 2026", "2027-11-01"),
            ("I am on maternity leave for 12 months from 1 July.", "2027-07-01"),
            ("I am on jury service for two weeks commencing 2 November.", "2026-11-16"),
            ("I am on leave from 26 October to 6 November returning Monday 9 November", "2026-11-09"),
            ("I will be away from the 5th to the 13th of November", "2026-11-13"),
            ("I am on leave Thursday 5th and Friday 6th November, back Monday.", "2026-11-09"),
            ("I am on a course on 4, 5 and 6 November, back in the office on Monday 9th.", "2026-11-09"),
            ("Annual leave: Mon 2 Nov - Fri 13 Nov", "2026-11-13"),
            ("On leave for a month starting on 19 October", "2026-11-19"),
            ("out of office from 01/11/2026 to 15/11/2026", "2026-11-15"),
            ("On A/L 16-20 Nov", "2026-11-20"),
            ("I am on leave up until and including 13 November.", "2026-11-14"),
            ("I won't be back before 23 November.", "2026-11-23"),
            ("I am on maternity leave from 1 December for 12 months.", "2027-12-01"),
            ("I am on maternity leave for 12 months from 1 December.", "2027-12-01"),
            ("I am on leave for two weeks from w/c 2 November.", "2026-11-16"),
            ("I am off from tomorrow for two weeks.", "2026-11-19"),
            ("I will be on leave for one week from the 9th.", "2026-11-16"),
            ("I am away. I aim to answer within 10 working days from 2 November.", "unknown"),
            ("I am away from Friday 6 November and return on Monday 23rd.", "2026-11-23"),
            ("I am away and will not be checking email until Tuesday 10 November.", "2026-11-10"),
        ],
    );
}

#[test]
fn a_week_is_a_span() {
    check(
        RECEIVED,
        &[
            ("I am on leave all next week, back on Monday 16 November.", "2026-11-16"),
            ("I am away until the week beginning 16 November.", "2026-11-16"),
            ("I'm on leave until the end of the week commencing 9 November.", "2026-11-16"),
            ("I am away up to and including w/c 9 November.", "2026-11-16"),
            ("I am on leave for the weeks commencing 2 and 9 November.", "2026-11-16"),
            ("Away until a week on Monday.", "2026-11-16"),
            ("I am back Wednesday week.", "2026-11-11"),
            ("I am away to the end of next week.", "2026-11-16"),
            ("I will be back at the end of next week.", "2026-11-13"),
            ("I am on leave through next week.", "2026-11-16"),
            ("I am on leave next week and back the week after.", "2026-11-16"),
            ("I am off for three weeks from w/b 26 October.", "2026-11-16"),
            ("On leave until Friday of next week.", "2026-11-13"),
            ("I am on leave until the end of next week.", "2026-11-16"),
            ("I am on annual leave up to and including next week.", "2026-11-16"),
            ("I am on annual leave until after next week.", "2026-11-16"),
            ("I am away and will be back on Monday week commencing 9 November.", "2026-11-09"),
            ("I am away and will be back on Thursday, week commencing 16 November.", "2026-11-19"),
            ("I am on leave all of next week and the week after, returning the following Monday.", "2026-11-23"),
            ("I am away until the middle of next week.", "2026-11-11"),
            ("I am on annual leave until Friday week.", "2026-11-13"),
            ("I am on leave next week, returning the following Wednesday.", "2026-11-18"),
        ],
    );
}

#[test]
fn other_dates_of_a_notice_are_left_alone() {
    check(
        RECEIVED,
        &[
            ("I have now left the Trust; my last day was 30 October.", "unknown"),
            ("I am on leave. Please return forms by 13 November to the office.", "unknown"),
            ("I'm retiring on 31 December. I am on leave until 14 December.", "2026-12-14"),
            ("I am on leave. Advice is due on 20 November.", "unknown"),
            ("The panel is on 12 November. I am on leave until 10 November.", "2026-11-10"),
            ("Our next newsletter comes out on 9 November. I am off.", "unknown"),
            ("I am on leave until after the bank holiday.", "unknown"),
            ("I return after May half term.", "unknown"),
            ("I will be back after the late May bank holiday.", "unknown"),
        ],
    );
}

#[test]
fn an_hour_before_a_date_is_no_date_of_its_own() {
    check("2026-07-20", &[("I am on leave and back at 9.30 on Monday 27 July.", "2026-07-27")]);
}

#[test]
fn holidays_and_half_terms_are_read_by_the_dates_that_are_told() {
    check("2026-10-28", &[("We are closed for half term and will reopen on Monday 2 November.", "2026-11-02")]);
    check(
        "2027-02-15",
        &[("I am on leave over half term (15 - 19 February) and back on Monday 22 February.", "2027-02-22")],
    );
    check(
        "2026-08-28",
        &[("The office is closed on Bank Holiday Monday 31 August; I return on Tuesday 1 September.", "2026-09-01")],
    );
    check(
        "2026-12-21",
        &[
            ("The school is closed for Christmas from 18 December until 5 January.", "2027-01-05"),
            ("Office hours: Mon-Thu 8.30-5.00, Fri 8.30-4.30. Closed 24.12-1.1 inclusive.", "2027-01-02"),
            ("Closed from noon on 24 December, reopening Monday 4 January.", "2027-01-04"),
        ],
    );
    check(
        "2027-03-22",
        &[("I am away until after the Easter bank holiday, back on Tuesday 30th March.", "2027-03-30")],
    );
}
