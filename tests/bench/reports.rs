//! The weekly report over very many follow-ups: the figures by queries, then everything that is sent, and what it
//! takes of memory. The floor is one plain scan of the rows.

use crate::authority::{OPENED, copies, next_day, office, wait};
use crate::rounds::{Row, medians, timed};
use followupd::letters::report;
use std::time::Duration;

const FOLLOW_UPS: usize = 100_000;

pub fn rows() -> Vec<Row> {
    wait(async {
        let (office, case) = office(OPENED).await;
        copies(&office, &case, FOLLOW_UPS).await;
        let now = next_day() + chrono::Duration::days(14);
        let before = peak_kb();
        let mut times = Vec::new();
        for _ in 0..5 {
            let start = std::time::Instant::now();
            let mut tx = office.engine.store().begin().await.unwrap();
            tx.counts().await.unwrap();
            tx.commit().await.unwrap();
            let floor = start.elapsed();
            let start = std::time::Instant::now();
            let figures = office.engine.weekly_figures(now, None, &|_| ()).await.unwrap();
            let counted = start.elapsed();
            let (_, laid_out) = timed(|| {
                let report = report::weekly(&figures);
                let links = report::AnswerLinks::default();
                report.charts().for_each(|c| drop(c.png().unwrap()));
                (report::to_html(&report, &links, report::Pictures::ContentId), report::to_xlsx(&report).unwrap())
            });
            times.push([floor, counted, counted + laid_out]);
        }
        let [floor, counted, whole] = medians(|n| times[n]);
        let more = peak_kb().saturating_sub(before) / 1024;
        let row = |name: &str, time: Duration, bar| Row {
            name: name.to_owned(),
            pieces: FOLLOW_UPS,
            time,
            floor: Some((floor, "counts for status")),
            bar,
        };
        let name = format!("weekly report, 100,000 open, +{more} MB at most");
        vec![row("weekly figures, 100,000 open", counted, "bar 2 s"), row(&name, whole, "bar 2 s, 200 MB")]
    })
}

/// The largest resident memory so far.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:"));
    line.and_then(|l| l.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
