//! What `check` asks beside faults: things that work today and will hurt one day. Warnings only.

use crate::config::{Fault, Settings, Severity};
use std::path::Path;
use std::process::{Command, Stdio};

/// What is worth a second thought about these settings on this machine.
pub fn warnings(settings: &Settings) -> Vec<Fault> {
    let mut warnings: Vec<Fault> = without_second_level(settings);
    if let Some(what) = clock_trouble(synchronised().as_deref()) {
        let remedy =
            "switch time synchronisation on (`timedatectl set-ntp true`): deadlines are reckoned by this clock";
        warnings.push(warning(settings, "calendar", what, remedy));
    }
    warnings
}

fn warning(settings: &Settings, key: &str, what: String, remedy: &str) -> Fault {
    let directory = settings.files.iter().find(|file| file.ends_with("directory.toml")).or(settings.files.first());
    Fault {
        file: directory.cloned().unwrap_or_else(|| Path::new("followupd.toml").to_owned()),
        line: None,
        key: key.to_owned(),
        what,
        remedy: remedy.to_owned(),
        severity: Severity::Warning,
    }
}

/// The second escalation of such a service goes to the SEND manager, who cannot do what its own head could.
fn without_second_level(settings: &Settings) -> Vec<Fault> {
    let services = settings.directory.services.iter().filter(|service| service.second_level.is_none());
    services
        .map(|service| {
            let what = format!(
                "\"{}\" has no second level, so its second escalation reaches nobody above the manager",
                service.name
            );
            warning(settings, "service.second_level", what, "write `second_level = \"dco@icb.example\"` for it")
        })
        .collect()
}

/// What systemd says about the clock: "yes" or "no"; `None` where it cannot be asked (a container).
fn synchronised() -> Option<String> {
    let mut asked = Command::new("timedatectl");
    asked.args(["show", "--property=NTPSynchronized", "--value"]).stdin(Stdio::null()).stderr(Stdio::null());
    let said = asked.output().ok().filter(|said| said.status.success())?;
    String::from_utf8(said.stdout).ok().map(|text| text.trim().to_owned())
}

fn clock_trouble(said: Option<&str>) -> Option<String> {
    (said == Some("no")).then(|| "the clock of this machine is not synchronised".to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_clock_is_complained_of_only_when_systemd_says_so() {
        assert!(super::clock_trouble(Some("no")).is_some());
        assert!(super::clock_trouble(Some("yes")).is_none() && super::clock_trouble(None).is_none());
    }
}
