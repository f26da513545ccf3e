//! When the reports leave, to whom, and what an answer to one does.

use crate::office::*;
use followupd::core::directory::Provider;
use followupd::engine::Engine;
use followupd::message::parse::parse;

fn hour(office: &Office, nth: usize) -> String {
    let reports: Vec<&Sent> = office.inbox(SEND_MANAGER).into_iter().filter(|s| s.kind == "weekly_report").collect();
    let sent = reports.get(nth).unwrap_or_else(|| panic!("no report number {nth}"));
    sent.at.with_timezone(&chrono_tz::Europe::London).format("%a %-d %b %H:%M").to_string()
}

#[tokio::test]
async fn the_weekly_report_comes_on_monday_at_eight_also_when_all_is_well() {
    let mut office = Office::open("Wed 04 Nov 2026 10:00").await;
    office.until("Mon 16 Nov 2026 18:00").await;
    assert_eq!(office.count(SEND_MANAGER, "weekly_report"), 2);
    assert_eq!((hour(&office, 0), hour(&office, 1)), ("Mon 9 Nov 08:00".into(), "Mon 16 Nov 08:00".into()));
    let report = office.last(SEND_MANAGER, "weekly_report");
    assert_eq!(report.subject, "Weekly SEND report, 16 Nov: nothing overdue");
    assert!(report.says("Nothing needs you this week."));
    assert!(report.says("as at Monday 16 November 2026, 08:00"));
}

#[tokio::test]
async fn it_comes_at_eight_by_the_clock_on_the_wall_on_the_mondays_behind_the_changes_of_the_clocks() {
    for (opened, until, expected) in [
        ("Fri 27 Mar 2026 10:00", "Mon 30 Mar 2026 08:00", "Mon 30 Mar 08:00"),
        ("Fri 23 Oct 2026 10:00", "Mon 26 Oct 2026 08:00", "Mon 26 Oct 08:00"),
    ] {
        let mut office = Office::open(opened).await;
        office.until(until).await;
        assert_eq!(office.count(SEND_MANAGER, "weekly_report"), 1, "{until}");
        assert_eq!(hour(&office, 0), expected);
    }
}

#[tokio::test]
async fn on_a_bank_holiday_it_comes_the_next_working_day() {
    let mut office = Office::open("Thu 27 Aug 2026 10:00").await;
    office.until("Tue 01 Sep 2026 07:59").await;
    assert_eq!(office.count(SEND_MANAGER, "weekly_report"), 0, "31 August is a bank holiday");
    office.until("Tue 01 Sep 2026 18:00").await;
    assert_eq!((office.count(SEND_MANAGER, "weekly_report"), hour(&office, 0)), (1, "Tue 1 Sep 08:00".into()));
}

#[tokio::test]
async fn after_downtime_it_comes_late_and_once() {
    let mut office = Office::open("Thu 05 Nov 2026 10:00").await;
    office.sleeps_until("Wed 25 Nov 2026 14:20").await;
    assert_eq!((office.count(SEND_MANAGER, "weekly_report"), hour(&office, 0)), (1, "Wed 25 Nov 14:20".into()));
    office.settle().await;
    office.until("Fri 27 Nov 2026 18:00").await;
    assert_eq!(office.count(SEND_MANAGER, "weekly_report"), 1);
    office.until("Mon 30 Nov 2026 08:00").await;
    assert_eq!(hour(&office, 1), "Mon 30 Nov 08:00", "the next one is in time again");
}

#[tokio::test]
async fn a_first_start_in_the_middle_of_a_week_sends_no_report_of_the_monday_before() {
    let mut office = Office::open("Wed 04 Nov 2026 10:00").await;
    office.until("Fri 06 Nov 2026 18:00").await;
    assert_eq!(office.count(SEND_MANAGER, "weekly_report"), 0);
}

#[tokio::test]
async fn two_nodes_send_one_report() {
    let mut office = Office::open("Fri 06 Nov 2026 10:00").await;
    office.now = at("Mon 09 Nov 2026 08:00");
    office.engine.mailbox_seen(office.now).await.unwrap();
    let other = Engine::new(office.engine.store().clone(), rules(policy()));
    let (one, two) = tokio::join!(office.engine.send_reports(office.now), other.send_reports(office.now));
    one.unwrap();
    two.unwrap();
    let ready = office.engine.ready(office.now, 50).await.unwrap();
    let kinds: Vec<&str> = ready.iter().map(|r| r.letter.kind.name()).collect();
    assert_eq!(kinds, ["weekly_report"]);
}

#[tokio::test]
async fn that_nothing_waits_for_a_manager_is_not_all_is_well() {
    let mut office = Office::asked("Thu 29 Oct 2026 10:00").await;
    office.until("Mon 09 Nov 2026 08:00").await;
    let report = office.last(SEND_MANAGER, "weekly_report");
    office.arrives(Draft::from(SEND_MANAGER).answering(report).text("AGREED 1")).await;
    office.until("Mon 16 Nov 2026 08:00").await;
    let report = office.last(SEND_MANAGER, "weekly_report");
    assert_eq!(report.subject, "Weekly SEND report, 16 Nov: 1 clarification overdue");
    let expected = "Nothing waits for an answer of yours this week; what is overdue or late stands below.";
    assert!(report.says(expected), "{}", report.text);
}

#[tokio::test]
async fn the_deadlines_of_the_morning_come_before_the_report() {
    let mut office = Office::clarified("Fri 30 Oct 2026 10:00").await;
    // Due on Friday; the line manager is told at eight on Monday, and the report knows it.
    office.until("Mon 09 Nov 2026 08:00").await;
    assert_eq!(office.escalations(), 1);
    let report = office.last(SEND_MANAGER, "weekly_report");
    assert_eq!(report.subject, "Weekly SEND report, 9 Nov: 1 clarification overdue");
    assert!(report.says("1 open: for 0 nobody has been told yet, for 1 the line manager"), "{}", report.text);
}

#[tokio::test]
async fn without_a_look_at_the_mailbox_it_waits_an_hour_and_then_says_so() {
    let mut office = Office::open("Fri 06 Nov 2026 10:00").await;
    office.mailbox_down = true;
    office.until("Mon 09 Nov 2026 08:59").await;
    assert_eq!(office.count(SEND_MANAGER, "weekly_report"), 0);
    office.until("Mon 09 Nov 2026 09:00").await;
    let report = office.last(SEND_MANAGER, "weekly_report");
    assert!(report.says("The mailbox has not been looked at for a while"));
}

#[tokio::test]
async fn a_numbered_line_is_answered_with_number_and_word() {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    office.arrives(office.reply(ADVISER, ADVICE)).await;
    office.until("Mon 09 Nov 2026 08:00").await;
    let report = office.last(SEND_MANAGER, "weekly_report").clone();
    assert!(
        report.says(&format!(
            "{CASE}: the answer from Community Paediatrics has waited 5 working days for Cora Lane. CLOSE · INSUFFICIENT · NOT ADVICE"
        )),
        "{}",
        report.text
    );
    let number = report.text.lines().find(|l| l.contains("has waited")).unwrap().split('.').next().unwrap().to_owned();
    office.arrives(Draft::from(SEND_MANAGER).answering(&report).text(&format!("{number} CLOSE"))).await;
    assert_eq!(office.stands().await, "closed");
}

#[tokio::test]
async fn a_manager_agrees_to_several_clarifications_with_one_line() {
    let mut office = Office::clarified("Wed 04 Nov 2026 10:00").await;
    office.clarify("EHC-2026-0413").await;
    office.until("Mon 09 Nov 2026 08:00").await;
    let report = office.last(SEND_MANAGER, "weekly_report").clone();
    assert!(report.says("AGREED 1,2 agrees to all of these at once."), "{}", report.text);
    office.arrives(Draft::from(SEND_MANAGER).answering(&report).text("AGREED 1,2")).await;
    for case in [CASE, "EHC-2026-0413"] {
        assert!(office.of_case(case).await[0].agreed_with.is_some(), "{case}");
    }
}

#[tokio::test]
async fn report_is_answered_with_the_report_as_at_now() {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    office.until("Wed 04 Nov 2026 11:00").await;
    office.orders("REPORT").await;
    let report = office.last(COORDINATOR, "weekly_report");
    assert!(report.says("as at Wednesday 4 November 2026, 11:00"));
    assert_eq!(office.count(SEND_MANAGER, "weekly_report"), 0, "nobody else gets it");
}

#[tokio::test]
async fn a_team_gets_a_report_of_its_own() {
    let mut office = Office::open("Fri 06 Nov 2026 10:00").await;
    let mut rules = (*office.engine.office()).clone();
    rules.directory.coordinators[0].team = Some("North".into());
    rules.policy.report.teams.insert("North".into(), vec![address(DEPUTY)]);
    office.engine.replace_office(rules);
    office.until("Mon 09 Nov 2026 08:00").await;
    let report = office.last(DEPUTY, "weekly_report");
    assert_eq!(report.subject, "Weekly SEND report, team North, 9 Nov: nothing overdue");
    assert_eq!(office.count(SEND_MANAGER, "weekly_report"), 1);
}

#[tokio::test]
async fn the_health_report_goes_out_on_the_first_working_day_of_a_month_each_reader_with_their_own_edition() {
    let mut office = Office::open("Thu 29 Oct 2026 10:00").await;
    let mut rules = (*office.engine.office()).clone();
    rules.directory.icb_lead = Some(address("icb.lead@nhs.example"));
    rules.directory.providers = vec![Provider {
        name: "County Trust".into(),
        services: vec!["Community Paediatrics".into()],
        respondents: vec![address("one@nhs.example"), address("two@nhs.example")],
        lead: Some(address("trust.lead@nhs.example")),
    }];
    office.engine.replace_office(rules);
    office.until("Mon 02 Nov 2026 08:00").await;
    let subject = |who: &str| office.last(who, "health_report").subject.clone();
    let own = office.last(SEND_MANAGER, "authority_health_report").subject.clone();
    assert_eq!(own, "EHC advice, October 2026: nothing was due");
    assert_eq!(subject("icb.lead@nhs.example"), "EHC advice, October 2026: nothing was due");
    assert!(subject("trust.lead@nhs.example").starts_with("EHC advice, County Trust, October 2026"));
    assert_eq!(office.count("one@nhs.example", "health_report"), 0, "the lead speaks for the provider");
    office.until("Mon 30 Nov 2026 18:00").await;
    assert_eq!(office.count("icb.lead@nhs.example", "health_report"), 1);
    office.until("Tue 01 Dec 2026 08:00").await;
    assert_eq!(office.count("icb.lead@nhs.example", "health_report"), 2);
}

#[tokio::test]
async fn the_mail_holds_its_pictures_and_its_files_and_says_that_it_is_automatic() {
    let mut office = Office::clarified("Fri 30 Oct 2026 10:00").await;
    office.until("Mon 09 Nov 2026 08:00").await;
    let report = office.last(SEND_MANAGER, "weekly_report");
    let mail = parse(&report.raw);
    assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));
    let html = mail.html.clone().unwrap();
    let raw = String::from_utf8_lossy(&report.raw);
    let shown: Vec<&str> = html.split("src=\"cid:").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(!shown.is_empty(), "an overdue clarification is drawn");
    for id in shown {
        assert!(raw.contains(&format!("Content-ID: <{id}>")), "{id}");
    }
    for name in ["weekly-2026-11-09.xlsx", "weekly-2026-11-09.csv"] {
        assert!(raw.contains(&format!("filename=\"{name}\"")), "{name}");
    }
    assert!(!raw.contains("Content-Transfer-Encoding: 7bit\r\nContent-Disposition: attachment"));
}
