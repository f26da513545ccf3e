//! The command line: one file a subcommand. The only place that prints to standard output.
//!
//! Exit codes: 0 good, 1 the answer is "no", 2 usage, 3 cannot run (`operations.md`).

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is where people and scripts read the program")]

/// Prints a line. Whoever stops reading, as `head` does, ends the reading and not the program with a fault.
macro_rules! say {
    ($($what:tt)*) => {
        $crate::cli::tell(format_args!($($what)*))
    };
}

pub mod backup;
pub mod check;
pub mod demo;
pub mod due;
pub mod erase;
pub mod explain;
pub mod export;
pub mod inspect;
pub mod online;
pub mod pause;
mod private;
pub mod replay;
pub mod report;
pub mod run;
pub mod score;
pub mod second_thoughts;
pub mod simulate;
pub mod status;
mod test_mail;
pub mod verify;

use crate::config::{self, Fault, Settings, Severity};
use crate::core::policy::SenderCheck;
use crate::engine::Pausing;
use anyhow::Result;
use chrono_tz::Europe::London;
use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};

/// followupd: sees to it that nobody's advice for a child's EHC plan is forgotten.
#[derive(Debug, Parser)]
#[command(name = "followupd", version, about, propagate_version = true)]
pub struct Cli {
    /// The main configuration file; its siblings are found beside it.
    #[arg(long, global = true, env = "FOLLOWUPD_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print for machines, where something is printed.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// A small authority on embedded parts and a simulated clock, with a page to look at.
    Demo(demo::DemoArgs),
    /// The service.
    Run(run::RunArgs),
    /// Reads the whole configuration and names every fault at once; logs in everywhere unless --offline.
    Check(check::CheckArgs),
    /// The due date of a window, with the reason for each day.
    Due(due::DueArgs),
    /// How mails would be understood, one JSON object a line.
    Inspect(inspect::InspectArgs),
    /// Totals and colour of a filled self-assessment.
    Score(score::ScoreArgs),
    /// How the service is: mailbox, queue, follow-ups, next due.
    Status,
    /// The story of a follow-up, case, message or letter: what, when, why, on which evidence.
    Explain(explain::ExplainArgs),
    /// What would be sent until a day, on a copy of the data; with another holiday file, what it would move.
    Simulate(simulate::SimulateArgs),
    /// A report as files, without sending it.
    Report(report::ReportArgs),
    /// Takes kept mail through the pipeline again.
    Replay(replay::ReplayArgs),
    /// Everything that is held on a case as one folder: timeline, record, mails.
    Export(export::ExportArgs),
    /// Removes everything that is held on a closed case, and proves it.
    Erase(erase::EraseArgs),
    /// A consistent copy of the database while the service runs.
    Backup(backup::BackupArgs),
    /// Stops all sending.
    Pause,
    /// Lets sending go on.
    Unpause,
    /// Database integrity, journal chain, and the ledger against the mailbox.
    Verify,
}

/// Carries out what the command line asks; the exit code.
///
/// # Errors
/// When it cannot be carried out: exit code 3, the chain of reasons on standard error.
pub async fn main(cli: Cli) -> Result<u8> {
    let place = cli.config.as_deref();
    match &cli.command {
        Command::Run(args) => run::run(args, place).await,
        Command::Check(args) => Ok(check::run(args, cli.json, place).await),
        Command::Demo(args) => demo::run(args).await,
        Command::Due(args) => Ok(with_settings(place, |s| {
            let of = |s: &Settings| due::Reckoning {
                calendar: s.policy.calendar.clone(),
                zone: s.policy.zone,
                escalate_at: s.policy.escalation.at,
                window: s.policy.windows.clarification,
            };
            due::run(args, &s.map(of).unwrap_or_default())
        })),
        Command::Inspect(args) => Ok(with_settings(place, |s| {
            let none = SenderCheck::AuthenticationResults { authserv_ids: Vec::new() };
            let check = s.map_or(&none, |s| &s.policy.sender_check);
            inspect::run(args, check, s.map_or(London, |s| s.policy.zone))
        })),
        Command::Score(args) => Ok(score::run(args, place, config::environment())),
        Command::Status => status::run(cli.json, &settings_despite_faults(place)?).await,
        Command::Explain(args) => explain::run(args, cli.json, &settings(place)?).await,
        Command::Simulate(args) => simulate::run(args, cli.json, place).await,
        Command::Report(args) => report::run(args, &cli, &settings(place)?).await,
        Command::Replay(args) => replay::run(args, cli.json, &settings_with_secrets(place)?).await,
        Command::Export(args) => export::run(args, cli.json, &settings(place)?).await,
        Command::Erase(args) => erase::run(args, cli.json, &settings(place)?).await,
        Command::Backup(args) => backup::run(args, cli.json, &settings(place)?).await,
        Command::Pause => pause::run(Pausing::Paused, cli.json, &settings_despite_faults(place)?).await,
        Command::Unpause => pause::run(Pausing::Running, cli.json, &settings_despite_faults(place)?).await,
        Command::Verify => verify::run(cli.json, &settings(place)?).await,
    }
}

/// What `say!` does.
fn tell(line: std::fmt::Arguments<'_>) {
    use std::io::Write;
    // A closed pipe is no fault of ours, and there is nobody left to tell.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// The configuration for commands that only read, or every fault in it.
///
/// # Errors
/// When it has faults.
pub fn settings(place: Option<&Path>) -> Result<Settings> {
    sound(config::load_to_read(place, config::environment()))
}

/// The configuration with its secrets, or every fault in it.
///
/// # Errors
/// When it has faults.
pub fn settings_with_secrets(place: Option<&Path>) -> Result<Settings> {
    sound(config::load(place, config::environment()))
}

/// The configuration as far as it holds; its faults go to standard error. The service may be running well on the last
/// good one, and whoever wants to stop its sending has no time to mend a file first.
///
/// # Errors
/// When not even the place of the store can be read.
pub fn settings_despite_faults(place: Option<&Path>) -> Result<Settings> {
    match config::load_as_far_as_it_holds(place, config::environment()) {
        Ok((settings, faults)) => {
            let grave: Vec<Fault> = faults.into_iter().filter(|f| f.severity == Severity::Error).collect();
            if !grave.is_empty() {
                eprintln!(
                    "The configuration has faults; a running service goes on with its last good one:\n{}",
                    list(&grave)
                );
            }
            Ok(settings)
        }
        Err(faults) => anyhow::bail!(
            "The configuration cannot be read, so it is not known where the database is:\n{}\nTo stop all sending now, stop the service (systemctl stop followupd).",
            list(&faults)
        ),
    }
}

fn sound(loaded: Result<(Settings, Vec<Fault>), Vec<Fault>>) -> Result<Settings> {
    match loaded {
        Ok((settings, _)) => Ok(settings),
        Err(faults) => anyhow::bail!("The configuration has faults:\n{}", list(&faults)),
    }
}

fn list(faults: &[Fault]) -> String {
    faults.iter().map(|f| format!("  {f}")).collect::<Vec<_>>().join("\n")
}

/// For the commands that also run without a configuration: with it when one is there and sound.
fn with_settings(place: Option<&Path>, go: impl FnOnce(Option<&Settings>) -> u8) -> u8 {
    let environment: std::collections::BTreeMap<_, _> = config::environment().collect();
    let named = place.is_some() || config::find_main(None, &environment).is_ok_and(|f| f.exists());
    if !named {
        return go(None);
    }
    match config::load_to_read(place, config::environment()) {
        Ok((settings, _)) => go(Some(&settings)),
        Err(faults) if place.is_some() => {
            eprintln!("The configuration has faults:\n{}", list(&faults));
            3
        }
        Err(faults) => {
            eprintln!("The configuration is not used, for it has faults:\n{}", list(&faults));
            go(None)
        }
    }
}
