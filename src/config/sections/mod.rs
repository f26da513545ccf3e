//! The sections of the configuration as types, each field named as its key. What a key means and its default
//! stand in `schema.rs`; here nothing is decided.

mod forms;
mod mail;
mod people;
mod plans;
mod rules;

pub use forms::HoursOfDay;
pub use mail::{Alerts, Mailbox, Network, Oauth2, Outbound, Secrets, Store};
pub use people::{
    AdviserEntry, CoordinatorEntry, ManagerEntry, OneCoordinator, OneProof, OneSender, Provider, ServiceEntry,
};
pub use plans::{Assessment, Import, Retention, Templates};
pub use rules::{Authority, Calendar, Cases, CheckName, Commands, CopiedInEntry, Escalation, Reply, Security, Windows};

use crate::core::assessment::Criterion;
use crate::core::policy::{Advice, DraftCheck, Parents, Report, Timescales};
use serde::Deserialize;

/// All sections.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sections {
    /// `[authority]`
    pub authority: Authority,
    /// `[mailbox]`
    pub mailbox: Mailbox,
    /// `[outbound]`
    pub outbound: Outbound,
    /// `[store]`
    pub store: Store,
    /// `[secrets]`
    pub secrets: Secrets,
    /// `[oauth2]`
    #[serde(default)]
    pub oauth2: Oauth2,
    /// `[network]`
    #[serde(default)]
    pub network: Network,
    /// `[calendar]`
    pub calendar: Calendar,
    /// `[cases]`
    pub cases: Cases,
    /// `[import]`
    pub import: Import,
    /// `[templates]`
    #[serde(default)]
    pub templates: Templates,
    /// `[advice]`
    pub advice: Advice,
    /// `[commands]`
    pub commands: Commands,
    /// `[windows]`
    pub windows: Windows,
    /// `[escalation]`
    pub escalation: Escalation,
    /// `[reply]`
    pub reply: Reply,
    /// `[timescales]`
    pub timescales: Timescales,
    /// `[parents]`
    pub parents: Parents,
    /// `[draft_check]`
    pub draft_check: DraftCheck,
    /// `[report]`
    pub report: Report,
    /// `[retention]`
    pub retention: Retention,
    /// `[security]`
    pub security: Security,
    /// `[alerts]`
    #[serde(default)]
    pub alerts: Alerts,
    /// `[assessment]`
    pub assessment: Assessment,
    /// `[[criterion]]`
    #[serde(default)]
    pub criterion: Vec<Criterion>,
    /// `[[coordinator]]`
    #[serde(default)]
    pub coordinator: Vec<CoordinatorEntry>,
    /// `[[send_manager]]`
    #[serde(default)]
    pub send_manager: Vec<ManagerEntry>,
    /// `[[service]]`
    #[serde(default)]
    pub service: Vec<ServiceEntry>,
    /// `[[provider]]`
    #[serde(default)]
    pub provider: Vec<Provider>,
    /// `[[one_sender]]`
    #[serde(default)]
    pub one_sender: Vec<OneSender>,
}
