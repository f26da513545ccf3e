//! `followupd simulate`: what would be sent until a day if no mail came in, and what another holiday file would move.
//! Everything happens on a copy of the data and with a clock of its own; nothing leaves and nothing is written.

use super::private;
use crate::app;
use crate::clock;
use crate::config::{self, Settings};
use crate::core::calendar::{closes_at, local_date};
use crate::core::id::Address;
use crate::core::policy::{Mode, Policy};
use crate::core::wording::{date_words, list};
use crate::engine::{Engine, Office, Pausing, Ready, Verdict};
use anyhow::{Context, Result, bail};
use chrono::{DateTime, Days, NaiveDate, SecondsFormat, Utc};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What is to be tried out.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    /// The last day that is played.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: NaiveDate,
    /// A file in the place of holidays.toml: shows every open due date that it moves.
    #[arg(long, value_name = "FILE")]
    pub holidays: Option<PathBuf>,
    /// Writes each mail that would be sent into this folder.
    #[arg(long, value_name = "DIR")]
    pub mail: Option<PathBuf>,
}

/// A letter that would leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leaving {
    /// When, RFC 3339.
    pub at: String,
    /// Sort.
    pub kind: &'static str,
    /// To and Cc.
    pub to: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Case key.
    pub case: Option<String>,
    /// Follow-up.
    pub follow_up: Option<String>,
    #[serde(skip)]
    title: &'static str,
}

/// A due date that another holiday file moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Follow-up.
    pub follow_up: String,
    /// Case key.
    pub case: String,
    /// Last day of the window now.
    pub from: NaiveDate,
    /// Last day of the window with the other file.
    pub to: NaiveDate,
    /// Whether it is overdue now.
    pub overdue: bool,
    /// Whether it would be overdue with the other file.
    pub overdue_then: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Simulated {
    /// The last day that was played.
    pub until: NaiveDate,
    /// In the order in which they would leave.
    pub letters: Vec<Leaving>,
    /// Every open due date that moves.
    pub moved: Vec<Moved>,
}

/// Days ahead that can be played: no plan takes longer, and each day costs a moment.
const FURTHEST: u64 = 731;

/// Plays and prints it.
///
/// # Errors
/// When the store cannot be copied or a step fails.
pub async fn run(args: &SimulateArgs, json: bool, place: Option<&Path>) -> Result<u8> {
    let settings = super::settings(place)?;
    let then = match &args.holidays {
        Some(file) => Some(super::sound(config::load_with_holidays(place, file, config::environment()))?),
        None => None,
    };
    let simulated = simulate(&settings, then.as_ref(), args.until, args.mail.as_deref(), clock::now()).await?;
    if json {
        say!("{}", serde_json::to_string(&simulated).context("Cannot write JSON")?);
    } else {
        print(&simulated, &settings.policy, args);
    }
    Ok(0)
}

/// Plays from `now` until the end of a day.
///
/// # Errors
/// When the store cannot be copied or a step fails.
pub async fn simulate(
    settings: &Settings,
    then: Option<&Settings>,
    until: NaiveDate,
    mail: Option<&Path>,
    now: DateTime<Utc>,
) -> Result<Simulated> {
    let end = closes_at(until, settings.policy.zone);
    if end <= now {
        bail!("{} is over; --until takes today or a day to come.", date_words(until));
    }
    if until > local_date(now, settings.policy.zone) + Days::new(FURTHEST) {
        bail!("{} is too far ahead; --until takes a day within two years.", date_words(until));
    }
    let real = app::engine_beside(settings).await?;
    let engine = Engine::new(real.store().copy_into("sqlite::memory:").await?, app::office(&live(settings))?);
    real.store().close().await;
    engine.set_paused(Pausing::Running).await?;
    let mut moved = Vec::new();
    if let Some(then) = then {
        let before = due_dates(&engine, now).await?;
        engine.replace_office(app::office(&live(then))?);
        engine.recompute(now).await?;
        let after = due_dates(&engine, now).await?;
        moved = before.into_iter().filter_map(|(id, was)| moved_to(id, was, &after)).collect();
    }
    if let Some(folder) = mail {
        private::make_folder(folder)?;
    }
    let letters = play(&engine, now, end, mail).await?;
    engine.store().close().await;
    Ok(Simulated { until, letters, moved })
}

/// As if every letter went to whom it is meant for.
fn live(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    settings.policy.mode = Mode::Live.into();
    settings
}

/// An open due date: case, last day, whether it is over.
type Due = (String, NaiveDate, bool);

async fn due_dates(engine: &Engine, now: DateTime<Utc>) -> Result<BTreeMap<String, Due>> {
    let office = engine.office();
    let mut found = BTreeMap::new();
    let mut tx = engine.store().begin().await?;
    for id in tx.open_cases().await? {
        let Some(loaded) = tx.case(&id).await? else { continue };
        for follow_up in loaded.case.follow_ups.iter().filter(|f| f.stage.is_open()) {
            if let Some(due) = follow_up.due_on() {
                let overdue = follow_up.is_overdue(now, &office.policy);
                found.insert(follow_up.id.to_string(), (id.0.clone(), due, overdue));
            }
        }
    }
    tx.commit().await?;
    Ok(found)
}

fn moved_to(id: String, (case, from, overdue): Due, after: &BTreeMap<String, Due>) -> Option<Moved> {
    let (_, to, overdue_then) = after.get(&id)?;
    let moves = *to != from || *overdue_then != overdue;
    moves.then_some(Moved { follow_up: id, case, from, to: *to, overdue, overdue_then: *overdue_then })
}

/// From one moment at which something is to be done to the next; nobody answers anything.
async fn play(engine: &Engine, begin: DateTime<Utc>, end: DateTime<Utc>, mail: Option<&Path>) -> Result<Vec<Leaving>> {
    const BATCH: i64 = 64;
    let mut letters = Vec::new();
    let mut now = begin;
    loop {
        engine.mailbox_seen(now).await?;
        engine.fire_due(now).await?;
        loop {
            let ready = engine.ready(now, BATCH).await?;
            if ready.is_empty() {
                break;
            }
            for letter in &ready {
                let number = letters.len() + 1;
                letters.push(leaving(letter, &engine.office(), now));
                if let Some(folder) = mail {
                    let file = folder.join(format!("{number:05}-{}.eml", letter.letter.kind.name()));
                    private::write(&file, &letter.bytes)?;
                }
                let taken = |to: &Address| (to.clone(), Verdict::Accepted("simulated".to_owned()));
                let verdicts: Vec<(Address, Verdict)> = letter.recipients.iter().map(taken).collect();
                engine.delivered(&letter.letter, &verdicts, now).await?;
            }
        }
        match engine.next_moment(now).await? {
            Some(next) if next < end => now = next,
            Some(_) | None => return Ok(letters),
        }
    }
}

fn leaving(ready: &Ready, office: &Office, now: DateTime<Utc>) -> Leaving {
    let letter = &ready.letter;
    Leaving {
        at: now.to_rfc3339_opts(SecondsFormat::Secs, true),
        kind: letter.kind.name(),
        to: ready.recipients.iter().filter(|a| !office.is_own(a)).map(ToString::to_string).collect(),
        subject: letter.subject.clone(),
        case: letter.case_id.clone(),
        follow_up: letter.follow_up.clone(),
        title: letter.kind.title(),
    }
}

fn print(simulated: &Simulated, policy: &Policy, args: &SimulateArgs) {
    if let Some(file) = &args.holidays {
        print_moved(&simulated.moved, file);
    }
    let until = date_words(simulated.until);
    match simulated.letters.len() {
        0 => say!("Until {until} nothing would be sent, if no mail comes in."),
        1 => say!("Until {until} 1 letter would be sent, if no mail comes in:"),
        n => say!("Until {until} {n} letters would be sent, if no mail comes in:"),
    }
    let mut day = None;
    for letter in &simulated.letters {
        let Ok(at) = letter.at.parse::<DateTime<Utc>>() else { continue };
        let on = local_date(at, policy.zone);
        if day != Some(on) {
            say!("\n{}", date_words(on));
            day = Some(on);
        }
        let hour = at.with_timezone(&policy.zone).format("%H:%M");
        let about = letter.follow_up.as_ref().or(letter.case.as_ref()).map(|a| format!(" · {a}")).unwrap_or_default();
        say!("  {hour}  {} to {}{about}", letter.title, list(&letter.to));
    }
    if let Some(folder) = &args.mail {
        say!("\nEach mail stands in {}.", folder.display());
    }
}

fn print_moved(moved: &[Moved], file: &Path) {
    if moved.is_empty() {
        say!("With {} no open due date moves.\n", file.display());
        return;
    }
    say!("With {} these due dates move (a date that was told is never shortened):", file.display());
    for one in moved {
        let overdue = match (one.overdue, one.overdue_then) {
            (false, true) => "; becomes overdue",
            (true, false) => "; is overdue no longer",
            (true, true) => "; overdue",
            (false, false) => "",
        };
        say!("  {} · {}: {} → {}{overdue}", one.follow_up, one.case, date_words(one.from), date_words(one.to));
    }
    say!("");
}
