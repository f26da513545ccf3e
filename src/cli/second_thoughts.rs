//! What `check` asks beside faults: things that work today and will hurt one day. Warnings only.

use crate::config::{Fault, Settings, Severity};
use crate::core::id::Address;
use crate::core::wording::list;
use crate::outbox::sender::{Answer, Connection, Envelope};
use crate::store::{Store, Tx};
use anyhow::Result;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is worth a second thought about these settings on this machine.
pub fn warnings(settings: &Settings) -> Vec<Fault> {
    let mut warnings = without_second_level(settings);
    if let Some(what) = clock_trouble(synchronised().as_deref()) {
        let remedy =
            "switch time synchronisation on (`timedatectl set-ntp true`): deadlines are reckoned by this clock";
        warnings.push(warning(settings, "calendar", what, remedy));
    }
    warnings
}

/// Recipients that the relay is asked about at a time: every relay takes a hundred.
const AT_ONCE: usize = 50;

/// The people to whom letters and alerts must find their way whatever happens, with the key that names them.
fn last_resorts(settings: &Settings) -> Vec<(&'static str, &Address)> {
    let (directory, endpoints) = (&settings.directory, &settings.endpoints);
    let services = &directory.services;
    let mut all = Vec::new();
    all.extend(services.iter().filter_map(|s| s.second_level.as_ref()).map(|a| ("service.second_level", a)));
    all.extend(services.iter().filter_map(|s| s.fallback_manager.as_ref()).map(|a| ("service.fallback_manager", a)));
    all.extend(directory.coordinators.iter().map(|c| ("coordinator.address", &c.person.address)));
    all.extend(directory.send_managers.iter().map(|m| ("send_manager.address", &m.address)));
    all.extend(directory.icb_lead.iter().map(|a| ("assessment.icb_lead", a)));
    all.extend(endpoints.outbound.shadow_to.iter().map(|a| ("outbound.shadow_to", a)));
    all.extend(endpoints.alerts.to.iter().map(|a| ("alerts.to", a)));
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|(_, address)| seen.insert(*address));
    all
}

/// Those of them to whom the relay would carry nothing. It is asked and nothing is sent; many relays say yes to every
/// address of another domain, so a yes proves little.
pub async fn of_recipients(settings: &Settings, connection: &mut Connection) -> Vec<Fault> {
    let mut warnings = Vec::new();
    for some in last_resorts(settings).chunks(AT_ONCE) {
        let to = some.iter().map(|(_, address)| (*address).clone()).collect();
        let envelope = Envelope { from: Some(settings.endpoints.outbound.from.clone()), to, id: None };
        let (answers, go_on) = match connection.ask_about(&envelope).await {
            Ok(answers) => (answers, true),
            // It has had enough of questions: what it said before stands.
            Err(broken) => (broken.answers, false),
        };
        for (address, answer) in answers {
            let Answer::Rejected { text } = answer else { continue };
            let key = some.iter().find(|(_, a)| **a == address).map_or("directory", |(key, _)| key);
            let what = format!("the relay takes no mail for {address}: {text}");
            warnings.push(warning(settings, key, what, "correct the address, or ask whoever runs that mail domain"));
        }
        if !go_on {
            break;
        }
    }
    warnings
}

/// How many references a warning names.
const NAMED: usize = 5;

/// Families that could not be told of a delay: nobody of them is confirmed, by mail or by post.
///
/// # Errors
/// When the store cannot be read.
pub async fn of_families(settings: &Settings, store: &Store) -> Result<Vec<Fault>> {
    let mut tx = store.begin().await?;
    let unreachable = unreachable_families(&mut tx).await?;
    tx.commit().await?;
    if unreachable.is_empty() {
        return Ok(Vec::new());
    }
    let named: Vec<String> = unreachable.iter().take(NAMED).cloned().collect();
    let more = unreachable.len().saturating_sub(NAMED);
    let named = if more == 0 { list(&named) } else { format!("{} and {more} more", named.join(", ")) };
    let what = format!("no parent has a verified contact in {named}, so nobody there can be told of a delay");
    let remedy = "have the co-ordinator send CONTACT with the address, or with post, and a second person confirm it";
    Ok(vec![warning(settings, "parents", what, remedy)])
}

async fn unreachable_families(tx: &mut Tx) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut reached = String::new();
    loop {
        let ids = tx.awaited_plans(&reached, 100).await?;
        let Some(last) = ids.last() else { return Ok(found) };
        reached = last.0.clone();
        for id in &ids {
            let Some(loaded) = tx.case(id).await? else { continue };
            let case = loaded.case;
            if !case.register.contacts.iter().any(|contact| contact.verified.is_some()) {
                found.push(case.reference.map_or(case.id.0, |reference| reference.to_string()));
            }
        }
    }
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
