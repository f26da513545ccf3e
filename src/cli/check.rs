//! `followupd check`: reads the whole configuration and names every fault; signing in is `online`'s part.

use super::online::{self, TestMail};
use super::second_thoughts;
use crate::clock;
use crate::config::{self, Fault, Settings, Severity};
use crate::core::policy::Mode;
use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Exit codes of the contract (`operations.md`).
const GOOD: u8 = 0;
const FAULTY: u8 = 1;

/// What is checked beside the files.
#[derive(Debug, Clone, Default, Args)]
pub struct CheckArgs {
    /// Read the files only: no mailbox, relay or database
    #[arg(long, conflicts_with = "send_test")]
    pub offline: bool,
    /// Send one mail round and see what survives
    #[arg(long)]
    pub send_test: bool,
    /// Print one JSON object (the global `--json`)
    #[arg(skip)]
    pub json: bool,
}

/// What a check has found; faults of later steps are added to `faults`.
#[derive(Debug)]
pub struct Findings {
    /// The configuration, when it holds.
    pub settings: Option<Settings>,
    /// Every fault and warning, in the order of files and lines.
    pub faults: Vec<Fault>,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Printed<'a> {
    ok: bool,
    files: &'a [PathBuf],
    faults: &'a [Fault],
}

/// Reads the configuration, signs in everywhere unless `--offline`, prints what was found; the exit code.
pub async fn run(args: &CheckArgs, json: bool, main: Option<&Path>) -> u8 {
    let args = CheckArgs { json, ..args.clone() };
    let mut findings = offline(main, config::environment(), clock::now().date_naive());
    let sound = findings.settings.as_ref().filter(|_| findings.exit_code() == GOOD && !args.offline);
    let mut survived = Vec::new();
    if let Some(settings) = sound {
        findings.faults.extend(second_thoughts::warnings(settings));
        let test_mail = if args.send_test { TestMail::Send } else { TestMail::None };
        let (faults, told) = online::faults(settings, test_mail).await;
        findings.faults.extend(faults);
        survived = told;
    }
    let code = findings.print(&args);
    if !args.json {
        survived.iter().for_each(|line| say!("{line}"));
    }
    code
}

/// Reads the configuration as `run` would on this day.
pub fn offline(main: Option<&Path>, environment: impl Iterator<Item = (String, String)>, today: NaiveDate) -> Findings {
    match config::load(main, environment) {
        Ok((settings, mut faults)) => {
            faults.extend(settings.warnings_on(today));
            Findings { settings: Some(settings), faults }
        }
        Err(faults) => Findings { settings: None, faults },
    }
}

impl Findings {
    /// Prints the findings on standard output and gives the exit code: 1 on any fault, 0 with warnings only.
    pub fn print(&self, args: &CheckArgs) -> u8 {
        if args.json {
            say!("{}", self.json())
        } else {
            say!("{}", self.text().trim_end())
        }
        self.exit_code()
    }

    /// 1 on any fault, 0 with warnings only.
    pub fn exit_code(&self) -> u8 {
        if self.count(Severity::Error) == 0 { GOOD } else { FAULTY }
    }

    /// One line a fault, and a closing line.
    pub fn text(&self) -> String {
        let mut text: String = self.faults.iter().map(|fault| format!("{fault}\n")).collect();
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        // Writing to a String cannot fail.
        let so = match &self.settings {
            _ if errors == 0 => "",
            None => ": the service does not start with this configuration",
            Some(_) => ": the service cannot work before this is mended",
        };
        let _ = writeln!(text, "{}, {}{so}", counted(errors, "fault"), counted(warnings, "warning"));
        if let Some(settings) = self.settings.as_ref().filter(|_| errors == 0) {
            text.push_str(&summary(settings));
        }
        text
    }

    /// One object: `ok`, `files`, `faults` with file, line, key, what, remedy and severity.
    pub fn json(&self) -> String {
        let files = self.settings.as_ref().map_or(&[][..], |settings| &settings.files);
        let printed = Printed { ok: self.exit_code() == GOOD, files, faults: &self.faults };
        serde_json::to_string(&printed).unwrap_or_default()
    }

    fn count(&self, severity: Severity) -> usize {
        self.faults.iter().filter(|fault| fault.severity == severity).count()
    }
}

fn counted(number: usize, noun: &str) -> String {
    match number {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

fn summary(settings: &Settings) -> String {
    let directory = &settings.directory;
    let words = |mode| match mode {
        Mode::Shadow => "shadow: letters to people outside go to shadow_to only",
        Mode::StaffOnly => "staff_only: letters to people outside do not leave",
        Mode::Live => "live: all letters leave",
    };
    let exceptions = settings.policy.mode.exceptions();
    let mode: String = std::iter::once(words(settings.policy.mode.others()).to_owned())
        .chain(exceptions.map(|(name, mode)| format!("\n  but {name}: {}", words(mode))))
        .collect();
    let files: Vec<String> = settings.files.iter().map(|file| file.display().to_string()).collect();
    format!(
        "read {}\n{}: {}, {}, {}\nmode {mode}\n",
        files.join(", "),
        settings.policy.authority.name,
        counted(directory.coordinators.len(), "co-ordinator"),
        counted(directory.send_managers.len(), "SEND manager"),
        counted(directory.services.len(), "service"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2028-06-01";

    fn check(replace: &str, with: &str) -> (u8, String, serde_json::Value) {
        let folder = tempfile::tempdir().unwrap();
        let main = folder.path().join("followupd.toml");
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/followupd.toml");
        std::fs::write(&main, std::fs::read_to_string(shipped).unwrap().replace(replace, with)).unwrap();
        let environment = [("FOLLOWUPD_TOKEN_KEY".to_owned(), "0123456789abcdef0123456789abcdef".to_owned())];
        let findings = offline(Some(&main), environment.into_iter(), TODAY.parse().unwrap());
        let text = findings.text().replace(&format!("{}/", folder.path().display()), "");
        (findings.exit_code(), text, serde_json::from_str(&findings.json()).unwrap())
    }

    #[test]
    fn warnings_are_told_and_are_no_reason_not_to_start() {
        let (code, text, json) = check("", "");
        assert_eq!((code, &json["ok"]), (0, &true.into()));
        insta::assert_snapshot!(text, @r"
        followupd.toml: warning: coordinator: there is no co-ordinator, so nobody owns a case; write a [[coordinator]] with name and address
        followupd.toml: warning: send_manager: there is no SEND manager, so nobody gets the reports; write a [[send_manager]] with name and address
        followupd.toml: warning: calendar.verified_to: the holidays are verified up to 2028-12-31 only, less than twelve months from now; hold them against the published list, add what is missing, and raise verified_to
        no fault, 3 warnings
        read followupd.toml
        Example County Council: no co-ordinator, no SEND manager, no service
        mode shadow: letters to people outside go to shadow_to only
        ");
    }

    #[test]
    fn any_fault_is_the_answer_no() {
        let (code, text, json) = check("per_minute = 25", "per_minute = 0");
        assert_eq!((code, &json["ok"]), (1, &false.into()));
        assert_eq!(json["faults"][0]["key"], "outbound.per_minute");
        assert_eq!(json["faults"][0]["severity"], "error");
        insta::assert_snapshot!(text, @"
        followupd.toml:49: outbound.per_minute: 0 is not from 1 to 600; write a whole number from 1 to 600, as in `per_minute = 25`
        followupd.toml: warning: coordinator: there is no co-ordinator, so nobody owns a case; write a [[coordinator]] with name and address
        followupd.toml: warning: send_manager: there is no SEND manager, so nobody gets the reports; write a [[send_manager]] with name and address
        1 fault, 2 warnings: the service does not start with this configuration
        ");
    }
}
