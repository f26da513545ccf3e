//! The files of a report, read back as a reader's programs read them.

use super::seeded::stored;
use crate::office::Office;
use calamine::{Data, Reader, Xlsx};
use chrono::NaiveDate;
use followupd::core::figures::Reader as Who;
use followupd::letters::report::{self, AnswerLinks, Pictures, Report};
use std::io::{Cursor, Read};

const NOW: &str = "Mon 23 Nov 2026 08:00";

fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Vec<Vec<Data>> {
    book.worksheet_range(name).unwrap().rows().map(<[Data]>::to_vec).collect()
}

fn book(report: &Report) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(report::to_xlsx(report).unwrap())).unwrap()
}

#[tokio::test]
async fn the_spreadsheet_holds_what_the_store_holds_with_real_types() {
    let office = Office::open(NOW).await;
    stored(&office, 21, 200).await;
    let figures = office.engine.weekly_figures(office.now, None, &|_| ()).await.unwrap();
    let report = report::weekly(&figures);
    let mut book = book(&report);
    assert_eq!(
        book.sheet_names(),
        [
            "Report",
            "1 Service",
            "2 Figures",
            "3 Clarifications",
            "4 Advice",
            "5 Draft checks",
            "6 Timescales",
            "7 Who has what",
            "8 Reasons",
            "9 Mail",
            "10 Self-assessment",
            "11 Holidays"
        ]
    );
    let counts = sheet(&mut book, "2 Figures");
    assert_eq!(counts[0][0], Data::String("What".into()));
    assert_eq!(counts[1][1], Data::Float(figures.counts.open.now as f64));
    assert_eq!(counts[2][2], Data::Float(figures.counts.overdue.before as f64));
    let difference = figures.counts.open.now as f64 - figures.counts.open.before as f64;
    assert_eq!(counts[1][3], Data::Float(difference));

    let clarifications = sheet(&mut book, "3 Clarifications");
    assert!(figures.clarifications.overdue.len() > 8, "more than the mail shows");
    for (row, overdue) in clarifications.iter().skip(1).zip(&figures.clarifications.overdue) {
        let Data::DateTime(due) = &row[2] else { panic!("{:?} is a real date", row[2]) };
        let serial = overdue.due_on.signed_duration_since(NaiveDate::from_ymd_opt(1899, 12, 30).unwrap()).num_days();
        assert_eq!(due.as_f64(), serial as f64);
        assert_eq!(row[3], Data::Float(overdue.days as f64));
        assert_eq!(row[5], Data::String(overdue.follow_up.clone()));
    }
    let advice = sheet(&mut book, "4 Advice");
    for (row, returns) in advice.iter().skip(1).zip(&figures.advice.services) {
        assert_eq!(row[0], Data::String(returns.service.clone()));
        assert_eq!(row[1], Data::Float(returns.due as f64));
        assert_eq!(row[2], Data::Float(returns.in_time as f64));
        if let Some(percent) = returns.share().percent() {
            assert_eq!(row[5], Data::Float(percent as f64 / 100.0), "per cent as spreadsheets have it");
        }
    }
    for number in 2..13 {
        let mut zip = zip::ZipArchive::new(Cursor::new(report::to_xlsx(&report).unwrap())).unwrap();
        let mut xml = String::new();
        zip.by_name(&format!("xl/worksheets/sheet{number}.xml")).unwrap().read_to_string(&mut xml).unwrap();
        assert!(xml.contains("<pane ySplit=\"1\""), "sheet {number}: the heading stays in view");
        assert!(xml.contains("<autoFilter"), "sheet {number} can be filtered");
    }
}

#[tokio::test]
async fn the_same_records_and_date_give_the_same_bytes() {
    let office = Office::open(NOW).await;
    stored(&office, 3, 60).await;
    let made = async || {
        let report = report::weekly(&office.engine.weekly_figures(office.now, None, &|_| ()).await.unwrap());
        let pictures: Vec<Vec<u8>> = report.charts().map(|c| c.png().unwrap()).collect();
        let html = report::to_html(&report, &AnswerLinks::default(), Pictures::Files);
        (html, report::to_text(&report), report::to_xlsx(&report).unwrap(), report::to_csv(&report).unwrap(), pictures)
    };
    assert_eq!(made().await, made().await);
}

#[tokio::test]
async fn the_page_of_a_large_authority_is_not_cut_off_and_fetches_nothing() {
    let office = Office::open(NOW).await;
    stored(&office, 8, 600).await;
    let weekly = report::weekly(&office.engine.weekly_figures(office.now, None, &|_| ()).await.unwrap());
    let month = "2026-10-01".parse().unwrap();
    let health = office.engine.health_figures(office.now, month, &|_| ()).await.unwrap();
    for report in [weekly, report::health(&health.edition(Who::Authority)), report::health(&health.edition(Who::Icb))] {
        let html = report::to_html(&report, &AnswerLinks::default(), Pictures::ContentId);
        assert!(html.len() < 102_000, "{}: {} bytes, Gmail cuts at 102 KB", report.name, html.len());
        for remote in ["http:", "https:", "url(", "<link", "<script", "<style", "@import"] {
            assert!(!html.contains(remote), "{} holds {remote}", report.name);
        }
        assert!(report.lines.len() <= 7);
        assert!(report::to_text(&report).lines().all(|l| l.chars().count() <= 78), "{}", report::to_text(&report));
    }
}

#[tokio::test]
async fn outside_the_authority_no_case_and_no_small_number_is_told() {
    let office = Office::open(NOW).await;
    stored(&office, 13, 300).await;
    let figures = office.engine.health_figures(office.now, "2026-10-01".parse().unwrap(), &|_| ()).await.unwrap();
    let own = Who::Provider { name: "Trust".into(), services: vec!["CAMHS".into()] };
    for reader in [Who::Icb, own.clone()] {
        let report = report::health(&figures.edition(reader.clone()));
        let everything = format!(
            "{}{}{}",
            report::to_html(&report, &AnswerLinks::default(), Pictures::Files),
            report::to_text(&report),
            String::from_utf8(report::to_csv(&report).unwrap()).unwrap()
        );
        assert!(!everything.contains("EHC-2026-"), "no case is named");
        if reader == own {
            assert!(!everything.contains("Social Care"), "a provider sees its own services");
        }
        for table in report.sections.iter().flat_map(|s| &s.tables) {
            for cell in table.rows.iter().chain(&table.sums).flatten() {
                if let report::Cell::Count(n) = cell {
                    assert!(*n == 0 || *n >= 5, "{n} in {}", table.caption);
                }
            }
        }
    }
}
