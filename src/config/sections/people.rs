//! Entries of the directory as they are written; checked and joined in `people.rs` of the folder above.

use crate::core::directory::{LegalBasis, Person};
use crate::core::id::Address;
use serde::Deserialize;

/// `[[coordinator]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoordinatorEntry {
    /// As letters write it.
    pub name: String,
    /// Where mail for them goes.
    pub address: Address,
    /// Printed in letters.
    pub phone: Option<String>,
    /// Their own line manager.
    pub line_manager: Option<Address>,
    /// For reports and deputies.
    pub team: Option<String>,
}

/// `[[send_manager]]`, `[[service.manager]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManagerEntry {
    /// As letters write it.
    pub name: String,
    /// Where mail for them goes.
    pub address: Address,
}

impl ManagerEntry {
    /// The person.
    pub fn person(&self) -> Person {
        Person { name: self.name.clone(), address: self.address.clone() }
    }
}

/// `[[service]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceEntry {
    /// As letters and reports write it.
    pub name: String,
    /// Mail domains of its staff.
    pub domains: Vec<String>,
    /// Which duty binds it.
    pub legal: LegalBasis,
    /// The single route address.
    pub route: Option<Address>,
    /// Line manager for advisers without one.
    pub fallback_manager: Option<Address>,
    /// Where the second escalation goes.
    pub second_level: Option<Address>,
    /// `[[service.adviser]]`
    #[serde(default)]
    pub adviser: Vec<AdviserEntry>,
    /// `[[service.manager]]`
    #[serde(default)]
    pub manager: Vec<ManagerEntry>,
}

/// `[[service.adviser]]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviserEntry {
    /// As letters write it.
    pub name: String,
    /// Where mail for them goes.
    pub address: Address,
    /// Line managers, most direct first.
    pub managers: Vec<Address>,
}

/// `[[provider]]`: who fills the self-assessment.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// As reports write it.
    pub name: Option<String>,
    /// The services that it answers for.
    pub services: Vec<String>,
    /// Who fills the form.
    pub respondents: Vec<Address>,
    /// Whose answer wins.
    pub lead: Option<Address>,
}

/// `[[one_sender]]`: an address from which ONE sends by itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneSender {
    /// The address.
    pub address: Address,
    /// How its mail is proved.
    pub proof: OneProof,
    /// Where the co-ordinator stands in it.
    pub coordinator_from: OneCoordinator,
}

/// `one_sender.proof`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OneProof {
    /// As `security.sender_check` of that name.
    AuthenticationResults,
    /// As `security.sender_check` of that name.
    ExchangeOnline,
}

/// `one_sender.coordinator_from`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OneCoordinator {
    /// The `Reply-To` header.
    ReplyTo,
    /// The `Cc` header.
    Cc,
    /// A line of the text.
    Body,
}
