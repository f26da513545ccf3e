//! `followupd demo`: a small authority from November over Christmas to January, on embedded parts only. Everything
//! that the service does is done by the real engine and its steps; this folder only plays the people, the mail servers
//! and the clock, and shows what came of it.

mod chart;
mod ground;
mod machines;
mod page;
mod people;
mod pictures;
mod post;
mod reasons;
mod script;
mod stage;
mod timeline;

use crate::app;
use crate::config::{self, Settings};
use crate::core::calendar::Calendar;
use crate::core::follow_up::FollowUp;
use crate::core::id::CaseRef;
use crate::core::letter::LetterKind;
use crate::message::Message;
use anyhow::{Context, Result, anyhow};
use chrono::{DateTime, Utc};
use clap::Args;
use ground::Ground;
use stage::Stage;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The configuration of the demo's authority, with places to be filled in.
const AUTHORITY: &str = include_str!("authority.toml");

/// What `demo` is asked.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Where the demo keeps its files: empty, new, or made by an earlier demo
    #[arg(long, value_name = "DIR", default_value = "./demo")]
    pub dir: PathBuf,
}

/// Which way a mail goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// People or mail servers write.
    In,
    /// Somebody writes in another's name.
    Forged,
    /// The service writes.
    Out,
}

/// A mail of the play, with its reason.
#[derive(Debug, Clone)]
pub struct Item {
    /// Counts from 1.
    pub number: usize,
    /// When.
    pub at: DateTime<Utc>,
    /// Which way.
    pub way: Way,
    /// Address of who wrote it, as it says.
    pub from: String,
    /// Addresses of who got it.
    pub to: Vec<String>,
    /// Taken apart.
    pub mail: Message,
    /// Its file below the folder.
    pub file: String,
    /// Its sort, when it is the service's.
    pub kind: Option<LetterKind>,
    /// Case key.
    pub case: Option<String>,
    /// Follow-up.
    pub follow_up: Option<String>,
    /// Why it was sent, or what became of it.
    pub why: String,
    /// How it was understood, when it came in.
    pub story: Vec<String>,
}

impl Item {
    fn new(
        number: usize,
        at: DateTime<Utc>,
        way: Way,
        from: String,
        to: Vec<String>,
        mail: Message,
        file: String,
    ) -> Self {
        let (kind, case, follow_up) = (None, None, None);
        Self { number, at, way, from, to, mail, file, kind, case, follow_up, why: String::new(), story: Vec::new() }
    }
}

/// How it ended.
#[derive(Debug)]
pub struct Played {
    /// Every mail, in order.
    pub items: Vec<Item>,
    /// Every follow-up with the reference of its case, in order of opening.
    pub follow_ups: Vec<(String, FollowUp)>,
    /// Which days counted.
    pub calendar: Calendar,
    /// The page to look at.
    pub page: PathBuf,
}

/// Plays the demo and prints its timeline; the exit code.
///
/// # Errors
/// When the folder is not the demo's, or a step fails: exit code 3.
pub async fn run(args: &DemoArgs) -> Result<u8> {
    let (begins, ends) = span()?;
    let mut timeline = timeline::Timeline::new(begins, ends);
    let played = play(&args.dir, &mut |item| timeline.tell(item)).await?;
    timeline.close(&played);
    Ok(0)
}

/// Plays the demo in `folder`; `tell` hears of each mail as it happens.
///
/// # Errors
/// When the folder is not the demo's, or a step fails.
pub async fn play(folder: &Path, tell: &mut (dyn FnMut(&Item) + Send)) -> Result<Played> {
    let ground = Ground::prepare(folder)?;
    let settings = settle(&ground)?;
    let engine = app::engine(&settings).await?;
    let (begins, ends) = span()?;
    let page = ground.path("index.html");
    let mut stage = Stage::set(ground, &settings, engine, begins).await?;
    stage.play(&script::scenes(), ends, tell).await?;
    let follow_ups = follow_ups(&stage).await?;
    let played = Played { items: stage.items, follow_ups, calendar: settings.policy.calendar.clone(), page };
    let html = page::render(&played, begins, ends)?;
    std::fs::write(&played.page, html).with_context(|| format!("Cannot write {}", played.page.display()))?;
    stage.engine.store().close().await;
    Ok(played)
}

/// When the play begins and ends.
fn span() -> Result<(DateTime<Utc>, DateTime<Utc>)> {
    script::local(script::BEGINS).zip(script::local(script::ENDS)).context("The play has no beginning or no end")
}

/// Writes the authority's configuration into the folder and reads it as the service does.
fn settle(ground: &Ground) -> Result<Settings> {
    let key = ground.write("config/token_key", b"a key for a demo, where no real mail is ever signed\n")?;
    let text = |prefix: &str, path: PathBuf| -> Result<String> {
        let path = path.to_str().context("The folder's name has to be UTF-8")?;
        Ok(toml::Value::String(format!("{prefix}{path}")).to_string())
    };
    let toml = AUTHORITY
        .replace("{{ mailbox }}", &text("maildir:", ground.path("mailbox"))?)
        .replace("{{ people }}", &text("maildir:", ground.path("people"))?)
        .replace("{{ store }}", &text("sqlite:", ground.path("followupd.db"))?)
        .replace("{{ key }}", &text("", key)?);
    let main = ground.write("config/followupd.toml", toml.as_bytes())?;
    let (settings, _) = config::load(Some(&main), std::iter::empty())
        .map_err(|faults| anyhow!(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))?;
    Ok(settings)
}

/// The follow-ups of every case that a mail was about.
async fn follow_ups(stage: &Stage) -> Result<Vec<(String, FollowUp)>> {
    let cases: BTreeSet<&String> = stage.items.iter().filter_map(|item| item.case.as_ref()).collect();
    let mut found = Vec::new();
    let mut tx = stage.engine.store().begin().await?;
    for reference in cases {
        if let Some(loaded) = tx.case_by_reference(&CaseRef::new(reference)).await? {
            found.extend(loaded.case.follow_ups.into_iter().map(|f| (reference.clone(), f)));
        }
    }
    tx.commit().await?;
    found.sort_by_key(|(_, follow_up)| follow_up.opened_at);
    Ok(found)
}
