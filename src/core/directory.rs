//! Who is who: the people and services of the authority, from the TOML and from what staff have confirmed.
//!
//! The TOML wins over what was learned by mail; nothing is ever learned from an inbound mail by itself.

use super::id::Address;
use serde::{Deserialize, Serialize};

/// A person with the address that their mail goes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// As it is written in a letter: "Ann Lee".
    pub name: String,
    /// Where mail for them goes.
    pub address: Address,
}

/// An EHCP co-ordinator: owns cases, judges advice, closes follow-ups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coordinator {
    /// Name and address.
    pub person: Person,
    /// Printed in letters so that people can ring.
    pub phone: Option<String>,
    /// Their own line manager at the authority.
    pub line_manager: Option<Address>,
    /// The team, for reports and deputies.
    pub team: Option<String>,
}

/// Which duty binds a service's advisers; decides the legal line of an escalation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegalBasis {
    /// A body asked under section 31: regulation 8(1) of the SEND Regulations 2014 binds it.
    #[default]
    Section31,
    /// Schools, the authority's own psychologists and social care: regulation 6 and CoP 9.51.
    Regulation6,
}

/// An adviser as the directory knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adviser {
    /// Name and address.
    pub person: Person,
    /// Line managers, most direct first; several are allowed, none means the service's fallback.
    pub managers: Vec<Address>,
}

/// A service that gives advice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Service {
    /// "Community Paediatrics".
    pub name: String,
    /// Mail domains of its staff; letters may go there, and mail from there is "of their organisation".
    pub domains: Vec<String>,
    /// Which duty its advisers are reminded of.
    pub legal: LegalBasis,
    /// The single route address, where it has one.
    pub route: Option<Address>,
    /// Line manager for advisers without one.
    pub fallback_manager: Option<Address>,
    /// Where the second escalation goes (DCO, head of service).
    pub second_level: Option<Address>,
    /// Advisers that operators have listed, or staff have confirmed.
    pub advisers: Vec<Adviser>,
    /// Line managers that operators have listed, or staff have confirmed.
    pub managers: Vec<Person>,
}

/// What an address is to the authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// EHCP co-ordinator.
    Coordinator,
    /// SEND manager.
    SendManager,
    /// Gives advice.
    Adviser,
    /// Manages advisers.
    LineManager,
    /// Leads the self-assessment for the ICB.
    IcbLead,
    /// Answers the self-assessment for a provider.
    Respondent,
}

/// A provider of health services, as it answers the self-assessment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Provider {
    /// As letters name it.
    pub name: String,
    /// The services that it answers for.
    pub services: Vec<String>,
    /// Who fills the form.
    pub respondents: Vec<Address>,
    /// Whose answer wins.
    pub lead: Option<Address>,
}

/// Everybody the service knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Directory {
    /// EHCP co-ordinators.
    pub coordinators: Vec<Coordinator>,
    /// SEND managers.
    pub send_managers: Vec<Person>,
    /// Services that give advice.
    pub services: Vec<Service>,
    /// Providers of health services.
    pub providers: Vec<Provider>,
    /// The ICB's lead of the self-assessment.
    pub icb_lead: Option<Address>,
    /// Who else gets the results of the self-assessment and the health report.
    pub governance: Vec<Address>,
    /// Who else gets the weekly report.
    pub report_readers: Vec<Address>,
}

impl Directory {
    /// Whether the weekly report may reach this address.
    pub fn may_read_reports(&self, address: &Address) -> bool {
        self.is_staff(address) || self.report_readers.contains(address)
    }

    /// Whether this is somebody whom letters about providers may reach: respondent, lead, ICB, governance, or a
    /// service's own route address.
    pub fn is_partner(&self, address: &Address) -> bool {
        self.is_respondent(address)
            || self.icb_lead.as_ref() == Some(address)
            || self.governance.contains(address)
            || self.services.iter().any(|s| s.route.as_ref() == Some(address))
    }

    fn is_respondent(&self, address: &Address) -> bool {
        self.providers.iter().any(|p| p.respondents.contains(address) || p.lead.as_ref() == Some(address))
    }

    /// The role of an address; staff first, so that a co-ordinator is never taken for an adviser.
    pub fn role(&self, address: &Address) -> Option<Role> {
        if self.coordinator(address).is_some() {
            Some(Role::Coordinator)
        } else if self.send_managers.iter().any(|m| m.address == *address) {
            Some(Role::SendManager)
        } else if self.adviser(address).is_some() {
            Some(Role::Adviser)
        } else if self.is_line_manager(address) {
            Some(Role::LineManager)
        } else if self.icb_lead.as_ref() == Some(address) {
            Some(Role::IcbLead)
        } else if self.is_respondent(address) {
            Some(Role::Respondent)
        } else {
            None
        }
    }

    /// Whether commands may come from this address at all.
    pub fn is_staff(&self, address: &Address) -> bool {
        matches!(self.role(address), Some(Role::Coordinator | Role::SendManager))
    }

    /// The co-ordinator with this address.
    pub fn coordinator(&self, address: &Address) -> Option<&Coordinator> {
        self.coordinators.iter().find(|c| c.person.address == *address)
    }

    /// The adviser with this address and their service.
    pub fn adviser(&self, address: &Address) -> Option<(&Service, &Adviser)> {
        self.services.iter().find_map(|s| s.advisers.iter().find(|a| a.person.address == *address).map(|a| (s, a)))
    }

    fn is_line_manager(&self, address: &Address) -> bool {
        self.services.iter().any(|s| {
            s.managers.iter().any(|m| m.address == *address)
                || s.fallback_manager.as_ref() == Some(address)
                || s.second_level.as_ref() == Some(address)
                || s.advisers.iter().any(|a| a.managers.contains(address))
        })
    }

    /// The service an address belongs to: by entry, else by its mail domain.
    pub fn service_of(&self, address: &Address) -> Option<&Service> {
        self.adviser(address)
            .map(|(s, _)| s)
            .or_else(|| {
                self.services.iter().find(|s| {
                    s.managers.iter().any(|m| m.address == *address) || s.fallback_manager.as_ref() == Some(address)
                })
            })
            .or_else(|| self.services.iter().find(|s| s.domains.iter().any(|d| domain_covers(d, address.domain()))))
    }

    /// The service with this name, without regard to case.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.services.iter().find(|s| s.name.eq_ignore_ascii_case(name.trim()))
    }

    /// Line managers of an adviser: their own, else the service's fallback; never the adviser themselves
    /// (protocol ambiguity 10).
    pub fn managers_of(&self, adviser: &Address) -> Vec<Address> {
        let own: Vec<Address> = self
            .adviser(adviser)
            .map(|(_, a)| a.managers.iter().filter(|m| *m != adviser).cloned().collect())
            .unwrap_or_default();
        if !own.is_empty() {
            return own;
        }
        self.service_of(adviser).and_then(|s| s.fallback_manager.clone()).filter(|m| m != adviser).into_iter().collect()
    }

    /// How a person is written in a letter: the directory's name, else the address.
    pub fn name_of(&self, address: &Address) -> String {
        let staff = self.coordinators.iter().map(|c| &c.person).chain(&self.send_managers);
        let services = self.services.iter().flat_map(|s| s.managers.iter().chain(s.advisers.iter().map(|a| &a.person)));
        staff.chain(services).find(|p| p.address == *address).map_or_else(|| address.to_string(), |p| p.name.clone())
    }

    /// Whether a letter may go outward to this address without a person's confirmation: it is listed, or at a
    /// listed domain.
    pub fn may_receive(&self, address: &Address) -> bool {
        self.role(address).is_some() || self.service_of(address).is_some()
    }
}

/// Whether `domain` is `listed` or a subdomain of it.
fn domain_covers(listed: &str, domain: &str) -> bool {
    let listed = listed.trim_start_matches('@').to_lowercase();
    domain == listed || domain.strip_suffix(&listed).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn an_adviser_who_is_their_own_manager_falls_back_to_the_service() {
        let lee = address("lee@nhs.example");
        let head = address("head@nhs.example");
        let service = Service {
            name: "Speech and Language".into(),
            domains: vec!["nhs.example".into()],
            fallback_manager: Some(head.clone()),
            advisers: vec![Adviser {
                person: Person { name: "Dr Lee".into(), address: lee.clone() },
                managers: vec![lee.clone()],
            }],
            ..Service::default()
        };
        let directory = Directory { services: vec![service], ..Directory::default() };
        assert_eq!(directory.managers_of(&lee), [head]);
        assert_eq!(directory.role(&lee), Some(Role::Adviser));
        assert!(
            directory.may_receive(&address("new.person@child.nhs.example")),
            "a listed domain covers its subdomains"
        );
        assert!(!directory.may_receive(&address("x@notnhs.example")), "a domain that merely ends alike is another one");
    }
}
