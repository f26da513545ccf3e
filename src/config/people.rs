//! Entries → `Directory`, with the checks across people: one address, one role.

use super::form::nearest;
use super::review::Review;
use super::sections::{self, AdviserEntry, CoordinatorEntry, ManagerEntry, Sections, ServiceEntry};
use crate::core::directory::{Adviser, Coordinator, Directory, Person, Provider, Service};
use crate::core::id::Address;
use crate::core::wording::list;
use std::collections::BTreeMap;

/// Mail domains at which anybody can have an address.
const PUBLIC_DOMAINS: [&str; 12] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "hotmail.co.uk",
    "live.co.uk",
    "yahoo.com",
    "yahoo.co.uk",
    "icloud.com",
    "aol.com",
    "btinternet.com",
    "proton.me",
];

/// Builds the directory; `own` are the addresses of the service itself.
pub(super) fn directory(s: &Sections, own: &[Address], review: &mut Review<'_>) -> Directory {
    check_addresses(s, own, review);
    check_services(s, review);
    check_providers(s, review);
    if s.coordinator.is_empty() {
        review.warning(
            "coordinator",
            "there is no co-ordinator, so nobody owns a case",
            "write a [[coordinator]] with name and address",
        );
    }
    if s.send_manager.is_empty() {
        review.warning(
            "send_manager",
            "there is no SEND manager, so nobody gets the reports",
            "write a [[send_manager]] with name and address",
        );
    }
    Directory {
        coordinators: s.coordinator.iter().map(coordinator).collect(),
        send_managers: s.send_manager.iter().map(ManagerEntry::person).collect(),
        services: s.service.iter().map(service).collect(),
        providers: s.provider.iter().map(|entry| provider(entry, s)).collect(),
        icb_lead: s.assessment.icb_lead.clone(),
        governance: s.assessment.governance.clone(),
        report_readers: s.report.recipients.iter().chain(s.report.teams.values().flatten()).cloned().collect(),
    }
}

/// Services are named as the directory spells them, whatever letters the provider's entry uses.
fn provider(entry: &sections::Provider, s: &Sections) -> Provider {
    let spelt = |name: &String| {
        let known = s.service.iter().find(|service| service.name.eq_ignore_ascii_case(name));
        known.map_or_else(|| name.clone(), |service| service.name.clone())
    };
    Provider {
        name: entry.name.clone().unwrap_or_else(|| list(&entry.services)),
        services: entry.services.iter().map(spelt).collect(),
        respondents: entry.respondents.clone(),
        lead: entry.lead.clone(),
    }
}

fn coordinator(entry: &CoordinatorEntry) -> Coordinator {
    Coordinator {
        person: Person { name: entry.name.clone(), address: entry.address.clone() },
        phone: entry.phone.clone(),
        line_manager: entry.line_manager.clone(),
        team: entry.team.clone(),
    }
}

fn service(entry: &ServiceEntry) -> Service {
    Service {
        name: entry.name.clone(),
        domains: entry.domains.clone(),
        legal: entry.legal,
        route: entry.route.clone(),
        fallback_manager: entry.fallback_manager.clone(),
        second_level: entry.second_level.clone(),
        advisers: entry.adviser.iter().map(adviser).collect(),
        managers: entry.manager.iter().map(ManagerEntry::person).collect(),
    }
}

fn adviser(entry: &AdviserEntry) -> Adviser {
    Adviser {
        person: Person { name: entry.name.clone(), address: entry.address.clone() },
        managers: entry.managers.clone(),
    }
}

/// What an entry makes of an address. An adviser may manage others, a SEND manager may stand in as a service's
/// manager or lead the self-assessment, so may a manager of the services, and whoever answers for a provider may lead it or give advice too (a return is
/// placed by its token); every other pair would let one mail be read in two ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Coordinator,
    SendManager,
    Adviser,
    LineManager,
    OneSender,
    IcbLead,
    Respondent,
}

impl Entry {
    fn name(self) -> &'static str {
        match self {
            Self::Coordinator => "a co-ordinator",
            Self::SendManager => "a SEND manager",
            Self::Adviser => "an adviser",
            Self::LineManager => "a line manager",
            Self::OneSender => "a sender of ONE",
            Self::IcbLead => "the ICB's lead",
            Self::Respondent => "a respondent of a provider",
        }
    }

    /// The order of the two says nothing.
    fn goes_with(self, other: Self) -> bool {
        const PAIRS: [(Entry, Entry); 9] = [
            (Entry::Adviser, Entry::LineManager),
            (Entry::SendManager, Entry::LineManager),
            (Entry::SendManager, Entry::IcbLead),
            (Entry::LineManager, Entry::LineManager),
            (Entry::LineManager, Entry::IcbLead),
            (Entry::Adviser, Entry::Respondent),
            (Entry::LineManager, Entry::Respondent),
            (Entry::IcbLead, Entry::Respondent),
            (Entry::Respondent, Entry::Respondent),
        ];
        PAIRS.contains(&(self, other)) || PAIRS.contains(&(other, self))
    }
}

/// Every address of the directory with its path and what the entry makes of it, in the order of roles.
fn entries(s: &Sections) -> Vec<(String, &Address, Entry)> {
    let mut all = Vec::new();
    for (i, entry) in s.coordinator.iter().enumerate() {
        all.push((format!("coordinator[{i}].address"), &entry.address, Entry::Coordinator));
    }
    for (i, entry) in s.send_manager.iter().enumerate() {
        all.push((format!("send_manager[{i}].address"), &entry.address, Entry::SendManager));
    }
    for (i, service) in s.service.iter().enumerate() {
        for (k, entry) in service.adviser.iter().enumerate() {
            all.push((format!("service[{i}].adviser[{k}].address"), &entry.address, Entry::Adviser));
        }
        for (k, entry) in service.manager.iter().enumerate() {
            all.push((format!("service[{i}].manager[{k}].address"), &entry.address, Entry::LineManager));
        }
    }
    for (i, entry) in s.one_sender.iter().enumerate() {
        all.push((format!("one_sender[{i}].address"), &entry.address, Entry::OneSender));
    }
    let lead = s.assessment.icb_lead.iter();
    all.extend(lead.map(|address| ("assessment.icb_lead".to_owned(), address, Entry::IcbLead)));
    for (i, entry) in s.provider.iter().enumerate() {
        for address in entry.respondents.iter().chain(&entry.lead) {
            let key = if entry.respondents.contains(address) { "respondents" } else { "lead" };
            all.push((format!("provider[{i}].{key}"), address, Entry::Respondent));
        }
    }
    all
}

fn check_addresses(s: &Sections, own: &[Address], review: &mut Review<'_>) {
    let mut seen: BTreeMap<&Address, (String, Entry)> = BTreeMap::new();
    for (path, address, entry) in entries(s) {
        if !review.gathered.is_sound(&path) {
            continue;
        }
        if own.contains(address) {
            review.error(&path, format!("{address} is the service itself"), "write the person's own address");
        }
        match seen.get(address) {
            Some((first, other)) if !other.goes_with(entry) => {
                let what = format!("{address} is already {} in {}", other.name(), review.spot(first));
                review.error(&path, what, "an address has one role; remove one of the two entries");
            }
            Some(_) => {}
            None => {
                seen.insert(address, (path, entry));
            }
        }
    }
}

fn check_services(s: &Sections, review: &mut Review<'_>) {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut domains: BTreeMap<&str, &str> = BTreeMap::new();
    for (i, service) in s.service.iter().enumerate() {
        let path = |name: &str| format!("service[{i}].{name}");
        check_name(service, path("name"), &mut names, review);
        for domain in &service.domains {
            if PUBLIC_DOMAINS.contains(&domain.as_str()) {
                let what =
                    format!("anybody can have an address at {domain}, and letters about children would go there");
                review.error(&path("domains"), what, "list such people as advisers, one by one");
            }
            if let Some(other) = domains.insert(domain, &service.name) {
                let what = format!("{domain} is also a domain of {other}, to which its people are then counted");
                review.warning(&path("domains"), what, "list the advisers of this service one by one");
            }
        }
        check_managers(service, i, review);
    }
}

/// A spoiled name is not the service's own, so nobody else's can be the same.
fn check_name(service: &ServiceEntry, path: String, names: &mut BTreeMap<String, String>, review: &mut Review<'_>) {
    if !review.gathered.is_sound(&path) {
        return;
    }
    match names.get(&service.name.to_lowercase()) {
        Some(first) => {
            let what = format!("the service in {} has this name already", review.spot(first));
            review.error(&path, what, "give each service a name of its own");
        }
        None => {
            names.insert(service.name.to_lowercase(), path);
        }
    }
}

fn check_managers(service: &ServiceEntry, i: usize, review: &mut Review<'_>) {
    if service.fallback_manager.is_none() {
        let with_own = |adviser: &AdviserEntry| adviser.managers.iter().any(|m| *m != adviser.address);
        if service.adviser.is_empty() || !service.adviser.iter().all(with_own) {
            let what = format!("{} has no line manager for advisers without one of their own", service.name);
            review.warning(&format!("service[{i}].fallback_manager"), what, "write `fallback_manager = \"…\"`");
        }
    }
    if service.second_level.is_some() && service.second_level == service.fallback_manager {
        let what =
            format!("the second level of {} is its fallback manager, who has had the first escalation", service.name);
        let remedy = "name whoever is above them, the DCO say";
        review.warning(&format!("service[{i}].second_level"), what, remedy);
    }
    for (k, adviser) in service.adviser.iter().enumerate() {
        if adviser.managers.contains(&adviser.address) {
            let what = format!("{} cannot be their own line manager", adviser.name);
            let remedy = "name somebody else; until then the service's fallback manager is told";
            review.warning(&format!("service[{i}].adviser[{k}].managers"), what, remedy);
        }
    }
}

fn check_providers(s: &Sections, review: &mut Review<'_>) {
    if s.assessment.icb_lead.is_none() && !s.provider.is_empty() {
        review.warning(
            "assessment.icb_lead",
            "there are providers to be assessed and no ICB lead, so nobody but a SEND manager opens a round, hears of late answers and gets the results",
            "write `icb_lead = \"icb.lead@icb.example\"` under [assessment]",
        );
    }
    for (i, provider) in s.provider.iter().enumerate() {
        let unknown = |name: &&String| !s.service.iter().any(|service| service.name.eq_ignore_ascii_case(name));
        for name in provider.services.iter().filter(unknown) {
            let known: Vec<&str> = s.service.iter().map(|service| service.name.as_str()).collect();
            let remedy = match nearest(name, &known) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "write the name of a service as it stands under its [[service]], in directory.toml say".into(),
            };
            review.error(&format!("provider[{i}].services"), format!("no [[service]] is called '{name}'"), remedy);
        }
        if provider.respondents.is_empty() {
            let path = format!("provider[{i}].respondents");
            review.error(&path, "nobody would get the form", "write at least one address");
        }
    }
}
