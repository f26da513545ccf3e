//! `followupd report`: a report as files, without sending: page, text, spreadsheet, CSV and charts.

use super::Cli;
use crate::config::Settings;
use crate::core::calendar::at_local;
use crate::core::letter::File;
use crate::engine::Engine;
use crate::engine::reports::month_before;
use crate::letters::report::{self, AnswerLinks, Pictures, Report};
use crate::{app, clock};
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// Which report, for which day, into which folder.
#[derive(Debug, Args)]
pub struct ReportArgs {
    /// Which report.
    #[arg(value_enum)]
    pub which: WhichReport,
    /// The day that it is written for, at the hour of the weekly report; the records are those of today. Default: now.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub at: Option<NaiveDate>,
    /// Where the files go; the folder is made.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub out: PathBuf,
    /// One team only (weekly).
    #[arg(long)]
    pub team: Option<String>,
}

/// A report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WhichReport {
    /// To the SEND managers.
    Weekly,
    /// Of the month before: to the authority, the ICB and partners, and each provider.
    Health,
    /// Of the newest round of the self-assessment, with its action plan.
    Assessment,
    /// What shadow mode kept from people outside: to be read before going live.
    Shadow,
}

/// Writes the files and names them.
///
/// # Errors
/// When the store cannot be read or a file cannot be written.
pub async fn run(args: &ReportArgs, cli: &Cli, settings: &Settings) -> Result<u8> {
    let policy = &settings.policy;
    let now = args.at.map_or_else(clock::now, |day| at_local(day, policy.report.at, policy.zone));
    let engine = app::engine_beside(settings).await?;
    let reports = reports(args, &engine, now).await;
    let plan = plan(args, &engine, now).await;
    engine.store().close().await;
    let mut written = Vec::new();
    for (edition, report) in reports? {
        progress(&format!("writing {}", report.title));
        written.extend(write(&args.out, &edition, &report)?);
    }
    if let Some(plan) = plan? {
        let path = args.out.join(&plan.name);
        std::fs::write(&path, &plan.bytes).with_context(|| format!("Cannot write {}", path.display()))?;
        written.push(path);
    }
    if cli.json {
        say!("{}", serde_json::json!({ "at": now.to_rfc3339_opts(SecondsFormat::Secs, true), "files": written }));
    } else {
        written.iter().for_each(|file| say!("{}", file.display()));
    }
    Ok(0)
}

/// Each with the name of its edition, empty for the authority's own.
async fn reports(args: &ReportArgs, engine: &Engine, now: DateTime<Utc>) -> Result<Vec<(String, Report)>> {
    let tell = |what: &str| progress(&format!("counting {what}"));
    match args.which {
        WhichReport::Weekly => {
            let figures = engine.weekly_figures(now, args.team.as_deref(), &tell).await?;
            Ok(vec![(args.team.clone().unwrap_or_default(), report::weekly(&figures))])
        }
        WhichReport::Health => {
            let month = month_before(engine.office().date(now));
            engine.health_editions(now, month, &tell).await
        }
        WhichReport::Assessment => {
            let found = engine.assessment_report(None, now).await?;
            let (report, _) =
                found.context("No round of the self-assessment has been opened; ROUND START opens one")?;
            Ok(vec![(String::new(), report)])
        }
        WhichReport::Shadow => {
            let day = engine.office().date(now);
            Ok(vec![(String::new(), engine.shadow_report(day).await?)])
        }
    }
}

/// The action plan, which goes out as a workbook of its own.
async fn plan(args: &ReportArgs, engine: &Engine, now: DateTime<Utc>) -> Result<Option<File>> {
    match args.which {
        WhichReport::Weekly | WhichReport::Health | WhichReport::Shadow => Ok(None),
        WhichReport::Assessment => Ok(engine.assessment_report(None, now).await?.map(|(_, plan)| plan)),
    }
}

fn progress(what: &str) {
    eprintln!("{what} …");
}

/// An edition has a folder of its own, for its pictures have the same names.
fn write(out: &Path, edition: &str, report: &Report) -> Result<Vec<PathBuf>> {
    let folder = if edition.is_empty() { out.to_owned() } else { out.join(plain(edition)) };
    std::fs::create_dir_all(&folder).with_context(|| format!("Cannot make the folder {}", folder.display()))?;
    let mut files = Vec::new();
    let mut put = |extension: &str, bytes: &[u8]| -> Result<()> {
        let path = folder.join(report.file_name(extension));
        std::fs::write(&path, bytes).with_context(|| format!("Cannot write {}", path.display()))?;
        files.push(path);
        Ok(())
    };
    for chart in report.charts() {
        put(&format!("{}.png", chart.name), &chart.png()?)?;
    }
    put("html", report::to_html(report, &AnswerLinks::default(), Pictures::Files).as_bytes())?;
    put("txt", report::to_text(report).as_bytes())?;
    put("xlsx", &report::to_xlsx(report)?)?;
    put("csv", &report::to_csv(report)?)?;
    Ok(files)
}

/// A name as a folder: letters and digits, dashes for the rest.
fn plain(name: &str) -> String {
    let dashed: String = name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
