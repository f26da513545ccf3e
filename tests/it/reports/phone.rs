//! The reports as a browser lays them out, on a phone and on a screen. With `FOLLOWUPD_PICTURES=FOLDER` the pictures of
//! every page are left there, to be looked at.

use super::seeded::{SERVICES, stored};
use crate::office::Office;
use data_encoding::BASE64;
use followupd::core::figures::Reader;
use followupd::letters::report::{self, AnswerLinks, Pictures, Report};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Points of a phone, and of a window on a screen.
const WIDTHS: [u32; 2] = [390, 1200];

/// The command of a headless browser that is installed here.
fn browser() -> Option<&'static str> {
    let runs = |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|out| out.status.success());
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(runs)
}

/// The page as it is seen where pictures are not shown.
fn without_pictures(report: &Report) -> String {
    let links = AnswerLinks { address: "followups@council.example".into(), subject: "Re: report".into() };
    report::to_html(report, &links, Pictures::ContentId)
}

/// The page with its pictures in it.
fn page(report: &Report) -> String {
    report.charts().fold(without_pictures(report), |page, chart| {
        let picture = format!("data:image/png;base64,{}", BASE64.encode(&chart.png().unwrap()));
        page.replace(&format!("cid:{}", chart.name), &picture)
    })
}

/// A page that lays out another one at a width and says in its title how wide that has become, which of its pictures
/// are missing, and how many letters can be read.
fn measuring(page: &str, width: u32) -> String {
    let inside = page.replace('&', "&amp;").replace('"', "&quot;");
    format!(
        "<!doctype html><title>not laid out</title><iframe id=\"page\" style=\"border:0;width:{width}px;height:9000px\" srcdoc=\"{inside}\"></iframe>
<script>addEventListener('load', () => {{
    const inner = document.getElementById('page').contentDocument;
    const missing = [...inner.images].filter(i => !i.naturalWidth).length;
    document.title = [inner.documentElement.scrollWidth, missing, inner.body.innerText.length].join(' ');
}});</script>"
    )
}

fn chromium(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--hide-scrollbars",
    ]);
    command.args(["--disable-background-networking", "--disable-component-update", "--disable-sync"]);
    command.arg(format!("--user-data-dir={}", folder.join("profile").display()));
    command
}

/// Width, missing pictures and letters of a page at a width.
fn laid_out(browser: &str, page: &str, width: u32) -> [usize; 3] {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    std::fs::write(&file, measuring(page, width)).unwrap();
    let dumped = chromium(browser, folder.path()).arg("--dump-dom").arg(&file).output().unwrap();
    let dom = String::from_utf8_lossy(&dumped.stdout);
    let title = dom.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or_default();
    let numbers: Vec<usize> = title.split(' ').filter_map(|n| n.parse().ok()).collect();
    numbers.try_into().unwrap_or_else(|_| panic!("“{title}”: {}", String::from_utf8_lossy(&dumped.stderr)))
}

fn picture(browser: &str, page: &str, (width, file): (u32, &Path)) {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("page.html");
    std::fs::write(&source, page).unwrap();
    let mut command = chromium(browser, folder.path());
    command.arg(format!("--window-size={width},5000")).arg(format!("--screenshot={}", file.display())).arg(&source);
    assert!(command.output().unwrap().status.success());
}

#[tokio::test]
async fn on_a_phone_and_on_a_screen_nothing_is_wider_than_the_window_and_everything_is_there() {
    let Some(browser) = browser() else {
        println!("NOT RUN: there is no chromium here, so no page was laid out.");
        return;
    };
    let office = Office::open("Mon 23 Nov 2026 08:00").await;
    // So many that even a provider's months are large enough to be shown.
    stored(&office, 17, 8_000).await;
    let figures = office.engine.weekly_figures(office.now, None, &|_| ()).await.unwrap();
    let health = office.engine.health_figures(office.now, "2026-10-01".parse().unwrap(), &|_| ()).await.unwrap();
    // Every service that has a name: of fewer, the numbers are too small to be shown to a provider.
    let services = SERVICES.iter().flatten().map(|&service| service.to_owned()).collect();
    let own = Reader::Provider { name: "County Trust".into(), services };
    let edition = |reader| report::health(&health.edition(reader));
    let reports = [
        ("weekly", report::weekly(&figures)),
        ("health", edition(Reader::Authority)),
        ("icb", edition(Reader::Icb)),
        ("provider", edition(own)),
    ];
    let pictures = std::env::var_os("FOLLOWUPD_PICTURES").map(PathBuf::from);
    for (name, report) in &reports {
        assert!(report.charts().next().is_some(), "{name} has a chart");
        let page = page(report);
        for width in WIDTHS {
            let [wide, missing, letters] = laid_out(browser, &page, width);
            assert!(wide <= width as usize, "{name} is {wide} wide in a window of {width}");
            assert_eq!(missing, 0, "{name}: every picture is shown");
            assert!(letters > 1_000, "{name}: {letters} letters can be read");
            let [wide, ..] = laid_out(browser, &without_pictures(report), width);
            assert!(wide <= width as usize, "{name} without pictures is {wide} wide in a window of {width}");
            if let Some(folder) = &pictures {
                picture(browser, &page, (width, &folder.join(format!("{name}-{width}.png"))));
            }
        }
    }
}
