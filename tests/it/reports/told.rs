//! What the weekly report tells beside its counts: what waits for people, what came back, what has moved.

use super::seeded::stored;
use crate::office::*;
use crate::parents::{slipping, winter};
use followupd::core::calendar::{Calendar, CalendarOverrides, Closure};
use followupd::core::figures::Weekly;
use followupd::letters::report;
use sqlx::any::install_default_drivers;
use sqlx::{AnyConnection, Connection, Executor};

async fn weekly(office: &Office) -> Weekly {
    office.engine.weekly_figures(office.now, None, &|_| ()).await.unwrap()
}

/// The report's text without its line breaks.
fn read(figures: &Weekly) -> String {
    report::to_text(&report::weekly(figures)).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Ms Winter has her notice since Wednesday 30 September 10:00.
async fn told() -> Office {
    let mut office = slipping(&winter()).await;
    office.until("Wed 30 Sep 2026 12:00").await;
    office
}

const ANN: &str = crate::parents::ANN;

// Situation 62 of domain.md 7.
#[tokio::test]
async fn a_parent_s_mail_without_an_answer_stands_in_the_report_and_on_its_first_screen_when_it_is_late() {
    let mut office = told().await;
    office.answers(ANN, "parent_notice", "This is a disgrace.").await;
    let figures = weekly(&office).await;
    assert_eq!((figures.timescales.notices.unanswered, figures.timescales.notices.unanswered_late), (1, 0));
    office.until("Mon 05 Oct 2026 08:00").await;
    let figures = weekly(&office).await;
    assert_eq!((figures.timescales.notices.unanswered, figures.timescales.notices.unanswered_late), (1, 1));
    assert!(read(&figures).contains("a parent's mail has waited 1 working day too long for an answer of Cora Lane"));
}

#[tokio::test]
async fn a_notice_that_came_back_is_undeliverable_and_not_sent() {
    let mut office = told().await;
    let notices = |figures: &Weekly| {
        let n = figures.timescales.notices;
        (n.sent, n.undeliverable, figures.health.undeliverable)
    };
    assert_eq!(notices(&weekly(&office).await), (1, 0, 0));
    let notice = office.last(ANN, "parent_notice").clone();
    office.arrives_raw(office.notice(&notice, ANN, "5.1.1")).await;
    assert_eq!(notices(&weekly(&office).await), (0, 1, 1));
}

#[tokio::test]
async fn a_dispute_and_a_held_notice_need_the_send_manager() {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    office.arrives(office.reply(MANAGER, "NOT MINE")).await;
    let text = read(&weekly(&office).await);
    assert!(text.contains("Community Paediatrics says that it is not theirs to give; Cora Lane has not decided that."));
    assert!(text.contains("DISPUTE UPHELD · DISPUTE REJECTED"), "{text}");
    office.orders(&format!("DISPUTE REJECTED {}", office.follow_up())).await;
    assert!(!read(&weekly(&office).await).contains("not theirs to give"));

    let mut case = winter();
    case.register.sensitive = true;
    let mut office = slipping(&case).await;
    office.until("Mon 05 Oct 2026 08:00").await;
    let report = office.last(SEND_MANAGER, "weekly_report").clone();
    assert!(report.says("is held until somebody says whether it goes"), "{}", report.text);
    let line = report.text.lines().find(|l| l.contains("a letter to the family")).unwrap();
    let number = line.split('.').next().unwrap().to_owned();
    office.arrives(Draft::from(SEND_MANAGER).answering(&report).text(&format!("{number} SEND"))).await;
    office.until("Mon 05 Oct 2026 12:00").await;
    assert_eq!(office.count(ANN, "parent_notice"), 1, "{}", office.transcript());
}

#[tokio::test]
async fn a_window_that_a_new_holiday_has_moved_is_listed_for_a_week() {
    let mut office = Office::clarified("Mon 02 Nov 2026 10:00").await;
    let mut changed = policy();
    changed.calendar = Calendar::new(CalendarOverrides {
        extra_closed: vec![Closure { date: "2026-11-06".parse().unwrap(), name: "Proclaimed".into() }],
        ..CalendarOverrides::default()
    });
    changed.version = "another".into();
    office.engine.replace_office(rules(changed));
    office.engine.recompute(office.now).await.unwrap();
    let figures = weekly(&office).await;
    let moved: Vec<(String, String)> = figures.moved.iter().map(|m| (m.was.to_string(), m.is.to_string())).collect();
    assert_eq!(moved, [("2026-11-09".to_owned(), "2026-11-10".to_owned())]);
    assert!(read(&figures).contains("Running windows that a change of the calendar has moved"));
    office.until("Mon 16 Nov 2026 08:00").await;
    assert!(weekly(&office).await.moved.is_empty(), "it was told in the report of the week");
}

#[tokio::test]
async fn the_first_warnings_about_the_configuration_stand_in_the_report() {
    let office = Office::open("Mon 02 Nov 2026 08:00").await;
    let warnings: Vec<String> = (1..=7).map(|n| format!("something odd {n}; mend it")).collect();
    office.engine.note_warnings(&warnings).await.unwrap();
    let text = read(&weekly(&office).await);
    assert!(text.contains("Configuration: something odd 5; mend it."), "{text}");
    assert!(text.contains("Configuration: 2 more warnings; “followupd check” lists them all."));
    office.engine.note_warnings(&[]).await.unwrap();
    assert!(!read(&weekly(&office).await).contains("Configuration:"));
}

#[tokio::test]
async fn open_work_of_somebody_who_has_left_needs_the_send_manager_whatever_its_kind() {
    let office = Office::open("Mon 23 Nov 2026 08:00").await;
    let cases = stored(&office, 9, 60).await;
    let figures = weekly(&office).await;
    let left = cases.iter().filter(|c| c.coordinator.as_str() == "gone.away@council.example");
    let open = left.flat_map(|c| &c.follow_ups).filter(|f| f.stage.is_open()).count();
    let orphans = figures.needs.iter().filter(|n| n.reason == followupd::core::figures::need::Reason::Orphan).count();
    assert!(open > 0);
    assert_eq!(orphans, open);
}

#[tokio::test]
async fn rows_that_an_earlier_program_wrote_are_written_again_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("old.db").display());
    let office = Office::asked_at(&url, "Mon 23 Nov 2026 08:00").await;
    stored(&office, 3, 40).await;
    let month = "2026-10-01".parse().unwrap();
    let in_time = async || {
        let figures = office.engine.health_figures(office.now, month, &|_| ()).await.unwrap();
        figures.returns.iter().map(|r| r.in_time + r.late).sum::<u64>()
    };
    let before = in_time().await;
    install_default_drivers();
    let mut raw = AnyConnection::connect(&url).await.unwrap();
    raw.execute("UPDATE follow_up SET received_on = NULL").await.unwrap();
    assert_eq!((before > 0, in_time().await), (true, 0));
    office.engine.keep_again(office.now).await.unwrap();
    assert_eq!(in_time().await, before);
    raw.execute("UPDATE follow_up SET received_on = NULL").await.unwrap();
    office.engine.keep_again(office.now).await.unwrap();
    assert_eq!(in_time().await, 0, "once is enough");
}
