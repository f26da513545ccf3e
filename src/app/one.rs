//! `[[one_sender]]` as the engine takes it.

use crate::config::Settings;
use crate::config::sections::{OneCoordinator, OneProof};
use crate::core::policy::SenderCheck;
use crate::engine::{CoordinatorIn, OneSender};

/// The addresses from which ONE sends by itself.
pub(super) fn senders(settings: &Settings) -> Vec<OneSender> {
    let authserv_ids = &settings.sections.security.authserv_ids;
    let one = |sender: &crate::config::sections::OneSender| OneSender {
        address: sender.address.clone(),
        proof: match sender.proof {
            OneProof::AuthenticationResults => {
                SenderCheck::AuthenticationResults { authserv_ids: authserv_ids.clone() }
            }
            OneProof::ExchangeOnline => SenderCheck::ExchangeOnline,
        },
        coordinator_in: match sender.coordinator_from {
            OneCoordinator::ReplyTo => CoordinatorIn::ReplyTo,
            OneCoordinator::Cc => CoordinatorIn::Cc,
            OneCoordinator::Body => CoordinatorIn::Body,
        },
    };
    settings.endpoints.one_senders.iter().map(one).collect()
}
