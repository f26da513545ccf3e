//! What a reader finds in the four forms of a report.

use super::*;
use crate::core::figures::Reader;

fn links() -> AnswerLinks {
    AnswerLinks { address: "followups+l-x@council.example".into(), subject: "Re: report".into() }
}

#[test]
fn look() {
    let Some(dir) = std::env::var_os("FOLLOWUPD_LOOK").map(std::path::PathBuf::from) else { return };
    let week = weekly(&sample::weekly());
    let figures = sample::health();
    let own = Reader::Provider {
        name: "County Trust".into(),
        services: vec!["CAMHS".into(), "Community Paediatrics".into()],
    };
    for (name, report) in [
        ("weekly", &week),
        ("health", &health(&figures.edition(Reader::Authority))),
        ("icb", &health(&figures.edition(Reader::Icb))),
        ("provider", &health(&figures.edition(own))),
    ] {
        let dir = dir.join(name);
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("index.html"), to_html(report, &links(), Pictures::Files)).unwrap();
        std::fs::write(dir.join("index.txt"), to_text(report)).unwrap();
        std::fs::write(dir.join("a.xlsx"), to_xlsx(report).unwrap()).unwrap();
        std::fs::write(dir.join("a.csv"), to_csv(report).unwrap()).unwrap();
        for chart in report.charts() {
            std::fs::write(dir.join(report.file_name(&format!("{}.png", chart.name))), chart.png().unwrap()).unwrap();
        }
    }
}
