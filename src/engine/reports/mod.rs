//! The reports: when they are due, who gets them, and the letters that carry them.
//!
//! A run is claimed in the ledger in the transaction that queues its letters: late once after downtime, never twice,
//! also with two nodes. What is counted is a moment older than the letters, and says as at when.

mod exceptions;
mod figures;
mod health;
mod needs;
mod one;
mod timescales;
mod weekly;
mod when;

pub(super) use exceptions::{exception, may_travel};
pub use figures::Progress;

use super::desk::Desk;
use super::{Engine, FIRST_START, MAILBOX_SEEN, Office};
use crate::core::directory::Provider;
use crate::core::figures::{Health, Reader, Weekly};
use crate::core::id::Address;
use crate::core::letter::{File, Letter, LetterKind, Ready};
use crate::letters::report::{self, AnswerLinks, Pictures, Report};
use anyhow::Result;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use std::collections::BTreeSet;

/// How long the weekly report waits for a look at the mailbox after its hour, so that the deadlines of the morning
/// have been dealt with; then it goes and says that they have not.
const WAITS_FOR_MAILBOX: Duration = Duration::minutes(60);
/// The mark of `status`: when a report went out last.
const REPORTED: &str = "reported_at";
const WEEKLY: &str = "weekly_report";
const HEALTH: &str = "health_report";

impl Engine {
    /// Sends the reports whose hour has come and that have not gone yet.
    ///
    /// # Errors
    /// When the store fails or a report cannot be laid out.
    pub async fn send_reports(&self, now: DateTime<Utc>) -> Result<()> {
        let office = self.office();
        if let Some(due) = when::weekly_due(now, &office.policy)
            && self.is_wanted(WEEKLY, due, now).await?
            && self.is_looked_at(due, now).await?
        {
            self.send_weekly(due, now).await?;
        }
        if let Some(due) = when::health_due(now, &office.policy)
            && self.is_wanted(HEALTH, due, now).await?
        {
            self.send_health(due, now).await?;
        }
        Ok(())
    }

    /// Whether a run is still to be made; one that was due before the service was first started is not.
    async fn is_wanted(&self, job: &str, due: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.store().begin().await?;
        let started = tx.instant_mark(FIRST_START).await?;
        let done = tx.has_run(job, due).await?;
        tx.commit().await?;
        Ok(!done && due <= now && started.is_some_and(|at| at <= due))
    }

    async fn is_looked_at(&self, due: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool> {
        let mut tx = self.store().begin().await?;
        let seen = tx.instant_mark(MAILBOX_SEEN).await?;
        tx.commit().await?;
        Ok(seen.is_some_and(|at| at >= due) || now - due >= WAITS_FOR_MAILBOX)
    }

    async fn send_weekly(&self, due: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        let office = self.office();
        let mut editions = vec![(None, readers(self, &office.policy.report.recipients))];
        editions.extend(office.policy.report.teams.iter().map(|(team, who)| (Some(team.clone()), who.clone())));
        let mut letters = Vec::new();
        for (team, readers) in editions {
            let report = report::weekly(&self.weekly_figures(now, team.as_deref(), &|_| ()).await?);
            let files = files(&report, office.policy.report.csv)?;
            for who in readers {
                let key = format!("weekly/{}/{}/{who}", office.date(due), team.as_deref().unwrap_or("all"));
                letters.push(letter(&office, LetterKind::WeeklyReport, key, &who, (&report, &files), now));
            }
        }
        self.queue_run(WEEKLY, due, letters, now).await
    }

    async fn send_health(&self, due: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        let office = self.office();
        let month = when::month_before(office.date(due));
        let figures = self.health_figures(now, month, &|_| ()).await?;
        let opening = office.policy.send_window.next_opening(now, &office.policy.calendar, office.policy.zone);
        let mut letters = Vec::new();
        for (reader, who) in self.health_readers() {
            let (kind, edition) = (health_kind(&reader), reader.edition().to_owned());
            let report = report::health(&figures.edition(reader));
            let files = files(&report, office.policy.report.csv)?;
            // A lead of two providers gets both editions; nobody gets one twice.
            for address in who.into_iter().collect::<BTreeSet<Address>>() {
                let key = format!("health/{month}/{edition}/{address}");
                letters.push(letter(&office, kind, key, &address, (&report, &files), opening));
            }
        }
        self.queue_run(HEALTH, due, letters, now).await
    }

    /// Everybody who gets the health report, with what they may see.
    fn health_readers(&self) -> Vec<(Reader, Vec<Address>)> {
        let office = self.office();
        let directory = &office.directory;
        let icb = directory.icb_lead.iter().chain(&directory.governance).cloned().collect();
        let provider = |p: &Provider| {
            let who = p.lead.clone().map_or_else(|| p.respondents.clone(), |lead| vec![lead]);
            (Reader::Provider { name: p.name.clone(), services: p.services.clone() }, who)
        };
        let staff = readers(self, &office.policy.report.recipients);
        let mut all = vec![(Reader::Authority, staff), (Reader::Icb, icb)];
        all.extend(directory.providers.iter().map(provider));
        all
    }

    /// Queues the letters of a run, unless another node has made it meanwhile.
    async fn queue_run(&self, job: &str, due: DateTime<Utc>, letters: Vec<Letter>, now: DateTime<Utc>) -> Result<()> {
        let mut desk = self.desk(now).await?;
        if !desk.tx.claim_run(job, due, now).await? {
            return Ok(());
        }
        for letter in &letters {
            desk.send(letter, None).await?;
        }
        desk.tx.set_instant_mark(REPORTED, now).await?;
        tracing::info!(report = job, letters = letters.len(), "A report has been queued");
        desk.commit().await
    }

    /// The figures of the weekly report as at `now`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn weekly_figures(&self, now: DateTime<Utc>, team: Option<&str>, tell: Progress<'_>) -> Result<Weekly> {
        let mut desk = self.desk(now).await?;
        let figures = weekly::figures(&mut desk, team, tell).await?;
        desk.commit().await?;
        Ok(figures)
    }

    /// The figures of the health report for a month.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn health_figures(&self, now: DateTime<Utc>, month: NaiveDate, tell: Progress<'_>) -> Result<Health> {
        let mut desk = self.desk(now).await?;
        let figures = health::figures(&mut desk, month, tell).await?;
        desk.commit().await?;
        Ok(figures)
    }

    /// Every edition of the health report: file name part, and what that reader sees.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn health_editions(
        &self,
        now: DateTime<Utc>,
        month: NaiveDate,
        tell: Progress<'_>,
    ) -> Result<Vec<(String, Report)>> {
        let figures = self.health_figures(now, month, tell).await?;
        let mut editions = Vec::new();
        for (reader, _) in self.health_readers() {
            let name = reader.edition().to_owned();
            editions.push((name, report::health(&figures.edition(reader))));
        }
        Ok(editions)
    }
}

/// The authority's own edition holds every number, so it is a letter of its own, which no partner can get.
fn health_kind(reader: &Reader) -> LetterKind {
    match reader {
        Reader::Authority => LetterKind::AuthorityHealthReport,
        Reader::Icb | Reader::Provider { .. } => LetterKind::HealthReport,
    }
}

/// The first day of the month that a health report of this day is about.
pub fn month_before(day: NaiveDate) -> NaiveDate {
    when::month_before(day)
}

fn readers(engine: &Engine, listed: &[Address]) -> Vec<Address> {
    if !listed.is_empty() {
        return listed.to_vec();
    }
    engine.office().directory.send_managers.iter().map(|m| m.address.clone()).collect()
}

/// The charts, the spreadsheet and the CSV of a report.
fn files(report: &Report, csv: bool) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for chart in report.charts() {
        files.push(File {
            name: format!("{}.png", chart.name),
            media_type: "image/png".to_owned(),
            bytes: chart.png()?,
            content_id: Some(chart.name.to_owned()),
        });
    }
    files.push(File {
        name: report.file_name("xlsx"),
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        bytes: report::to_xlsx(report)?,
        content_id: None,
    });
    if csv {
        files.push(File {
            name: report.file_name("csv"),
            media_type: "text/csv; charset=utf-8".to_owned(),
            bytes: report::to_csv(report)?,
            content_id: None,
        });
    }
    Ok(files)
}

/// The letter to one reader: the links in it carry that letter's own token.
fn letter(
    office: &Office,
    kind: LetterKind,
    key: String,
    to: &Address,
    (report, files): (&Report, &[File]),
    earliest: DateTime<Utc>,
) -> Letter {
    let id = office.stationery.key.letter_id(&key);
    let links = AnswerLinks {
        address: office.stationery.letter_address(&id).to_string(),
        subject: format!("Re: {}", report.subject),
    };
    Letter {
        to: vec![to.clone()],
        lines: report.lines.clone(),
        files: files.to_vec(),
        ready: Some(Ready {
            subject: report.subject.clone(),
            text: report::to_text(report),
            html: report::to_html(report, &links, Pictures::ContentId),
        }),
        ..Letter::new(kind, key, earliest)
    }
}

/// `REPORT`: the weekly report as at now, to whoever asked for it; a co-ordinator of a team gets that team's.
pub(super) async fn weekly_for(desk: &mut Desk, key: String, who: &Address) -> Result<()> {
    let team = desk.directory.coordinator(who).and_then(|c| c.team.clone());
    let report = report::weekly(&weekly::figures(desk, team.as_deref(), &|_| ()).await?);
    hand_over(desk, LetterKind::WeeklyReport, key, who, &report).await
}

/// `REPORT HEALTH`: last month's, as the authority itself sees it.
pub(super) async fn health_for(desk: &mut Desk, key: String, who: &Address) -> Result<()> {
    let month = when::month_before(desk.office.date(desk.now));
    let report = report::health(&health::figures(desk, month, &|_| ()).await?.edition(Reader::Authority));
    hand_over(desk, LetterKind::AuthorityHealthReport, key, who, &report).await
}

async fn hand_over(desk: &mut Desk, kind: LetterKind, key: String, who: &Address, report: &Report) -> Result<()> {
    let office = desk.office.clone();
    let files = files(report, office.policy.report.csv)?;
    desk.send(&letter(&office, kind, key, who, (report, &files), desk.now), None).await?;
    Ok(())
}
