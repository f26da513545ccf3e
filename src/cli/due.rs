//! `followupd due`: the due date of a window, with the reason for each day. Needs no configuration.

use crate::core::calendar::{Calendar, at_local, closes_at, local_date, statutory_weeks};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use chrono_tz::{Europe::London, Tz};
use clap::Args;
use serde::Serialize;

/// Working days of a window where no configuration says otherwise (the protocol, option 2).
pub const WINDOW: u32 = 5;
/// Ten years of working days: a longer window is a slip of the finger.
const LONGEST: i64 = 2_600;
/// The last year that dates have without a sign before them (ISO 8601, RFC 3339).
const LAST_YEAR: i32 = 9_999;

/// Exit codes of the contract (`operations.md`).
const GOOD: u8 = 0;
const USAGE: u8 = 2;

/// One of two forms: `--sent` with working days, or `--received` with weeks.
#[derive(Debug, Clone, Default, Args)]
pub struct DueArgs {
    /// The instant of sending, RFC 3339: 2026-11-02T10:00:00Z
    #[arg(long, value_name = "RFC3339")]
    pub sent: Option<String>,
    /// Length of the window in working days; else windows.clarification of the configuration, else 5
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=LONGEST))]
    pub working_days: Option<u32>,
    /// The day on which the request was received: 2026-09-01
    #[arg(long, value_name = "DATE")]
    pub received: Option<String>,
    /// Length of the statutory period in weeks
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=520))]
    pub weeks: Option<u32>,
}

/// What `due` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// A window of working days.
    Window {
        /// Local date of sending: day 0.
        sent_on: NaiveDate,
        /// The last day of the window.
        due_on: NaiveDate,
        /// 24:00 local of the last day.
        closes_at: DateTime<Utc>,
        /// The escalation hour of the next working day.
        escalates_at: DateTime<Utc>,
        /// Every day after `sent_on` up to `due_on`.
        days: Vec<Day>,
    },
    /// A statutory period.
    Period {
        /// The last day in law.
        legal_due: NaiveDate,
        /// The day to plan for.
        planning_due: NaiveDate,
    },
}

/// One day of a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    date: NaiveDate,
    counted: bool,
    why: String,
}

/// What a window is reckoned with.
#[derive(Debug, Clone)]
pub struct Reckoning {
    /// Closed days.
    pub calendar: Calendar,
    /// Where the days are.
    pub zone: Tz,
    /// Local hour of an escalation.
    pub escalate_at: NaiveTime,
    /// Working days unless `--working-days` says otherwise.
    pub window: u32,
}

impl Default for Reckoning {
    /// Without a configuration: bank holidays of England and Wales alone.
    fn default() -> Self {
        let escalate_at = NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default();
        Self { calendar: Calendar::default(), zone: London, escalate_at, window: WINDOW }
    }
}

/// Prints the answer as JSON on standard output; a usage error goes to standard error. Gives the exit code.
pub fn run(args: &DueArgs, with: &Reckoning) -> u8 {
    let printed = answer(args, with).and_then(|answer| serde_json::to_string(&answer).map_err(|e| e.to_string()));
    match printed {
        Ok(json) => {
            say!("{json}");
            GOOD
        }
        Err(message) => {
            eprintln!("due: {message}");
            USAGE
        }
    }
}

/// Works out the answer, or says what is wrong with the arguments. A year of five digits is no date of ISO 8601.
pub fn answer(args: &DueArgs, with: &Reckoning) -> Result<Answer, String> {
    let answer = reckoned(args, with)?;
    let last = match &answer {
        Answer::Window { escalates_at, .. } => escalates_at.date_naive(),
        Answer::Period { legal_due, .. } => *legal_due,
    };
    if last.year() > LAST_YEAR { Err(format!("that ends after the year {LAST_YEAR}")) } else { Ok(answer) }
}

fn reckoned(args: &DueArgs, with: &Reckoning) -> Result<Answer, String> {
    match (&args.sent, args.working_days, &args.received, args.weeks) {
        (Some(sent), n, None, None) => {
            let sent_on = local_date(read_instant(sent)?, with.zone);
            Ok(window(sent_on, n.unwrap_or(with.window), with))
        }
        (None, None, Some(received), Some(weeks)) => {
            let due = statutory_weeks(read_day(received)?, weeks, &with.calendar);
            Ok(Answer::Period { legal_due: due.legal_due, planning_due: due.planning_due })
        }
        (None, None, Some(_), None) => Err("--received needs --weeks N".into()),
        (None, _, None, _) => Err("give --sent RFC3339 [--working-days N], or --received DATE --weeks N".into()),
        (Some(_), ..) | (None, Some(_), Some(_), _) => {
            Err("--sent [--working-days] and --received --weeks are two forms: give one of them".into())
        }
    }
}

fn window(sent_on: NaiveDate, n: u32, with: &Reckoning) -> Answer {
    let Reckoning { calendar, zone, escalate_at, window: _ } = with;
    let due_on = calendar.add_working_days(sent_on, n);
    let explained = calendar.explain(sent_on, n).into_iter();
    Answer::Window {
        sent_on,
        due_on,
        closes_at: closes_at(due_on, *zone),
        escalates_at: at_local(calendar.next_working_day(due_on), *escalate_at, *zone),
        days: explained.map(|d| Day { date: d.date, counted: d.counted, why: d.why }).collect(),
    }
}

fn read_instant(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text.trim()).map(|at| at.with_timezone(&Utc)).map_err(|e| {
        format!("--sent '{text}' is not an RFC 3339 instant such as 2026-11-02T10:00:00Z or …+01:00 ({e})")
    })
}

fn read_day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
        .map_err(|e| format!("--received '{text}' is not a date such as 2026-09-01 ({e})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(line: &str) -> Result<Answer, String> {
        #[derive(clap::Parser)]
        struct Cli {
            #[command(flatten)]
            due: DueArgs,
        }
        let cli = <Cli as clap::Parser>::try_parse_from(std::iter::once("due").chain(line.split_whitespace()))
            .map_err(|e| e.to_string())?;
        answer(&cli.due, &Reckoning::default())
    }

    fn json(line: &str) -> String {
        serde_json::to_string(&ask(line).unwrap()).unwrap()
    }

    #[test]
    fn a_window_is_printed_as_the_contract_says() {
        insta::assert_snapshot!(json("--sent 2026-03-31T23:30:00Z --working-days 1"), @r#"{"sent_on":"2026-04-01","due_on":"2026-04-02","closes_at":"2026-04-02T23:00:00Z","escalates_at":"2026-04-07T07:00:00Z","days":[{"date":"2026-04-02","counted":true,"why":"working day 1"}]}"#);
        insta::assert_snapshot!(json("--sent 2026-04-02T17:30:00+01:00 --working-days 1"), @r#"{"sent_on":"2026-04-02","due_on":"2026-04-07","closes_at":"2026-04-07T23:00:00Z","escalates_at":"2026-04-08T07:00:00Z","days":[{"date":"2026-04-03","counted":false,"why":"Good Friday"},{"date":"2026-04-04","counted":false,"why":"Saturday"},{"date":"2026-04-05","counted":false,"why":"Sunday"},{"date":"2026-04-06","counted":false,"why":"Easter Monday"},{"date":"2026-04-07","counted":true,"why":"working day 1"}]}"#);
        assert_eq!(ask("--sent 2026-03-27T09:00:00Z"), ask("--sent 2026-03-27T09:00:00Z --working-days 5"));
    }

    #[test]
    fn a_period_is_printed_as_the_contract_says() {
        insta::assert_snapshot!(json("--received 2026-11-23 --weeks 6"), @r#"{"legal_due":"2027-01-04","planning_due":"2026-12-31"}"#);
    }

    #[test]
    fn anything_but_one_whole_form_is_a_usage_error() {
        for line in [
            "",
            "--working-days 5",
            "--weeks 6",
            "--received 2026-11-23",
            "--sent 2026-11-02T10:00:00Z --received 2026-11-23 --weeks 6",
            "--sent 2026-11-02T10:00:00Z --weeks 6",
            "--received 2026-11-23 --weeks 6 --working-days 5",
            "--sent yesterday",
            "--sent 2026-11-02",
            "--sent 2026-11-02T10:00:00",
            "--received 23/11/2026 --weeks 6",
            "--received 2026-02-30 --weeks 6",
            "--sent 2026-11-02T10:00:00Z --working-days -1",
            "--sent 2026-11-02T10:00:00Z --working-days 4000000000",
        ] {
            assert!(ask(line).is_err(), "{line}");
        }
    }

    #[test]
    fn an_unreadable_instant_exits_with_two() {
        let args = DueArgs { sent: Some("soon".into()), ..DueArgs::default() };
        assert_eq!(run(&args, &Reckoning::default()), USAGE);
    }
}
