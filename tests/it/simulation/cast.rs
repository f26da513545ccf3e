//! Who takes part: co-ordinators, services with and without a second level, advisers who share a manager.

use crate::office::{COORDINATOR, DEPUTY, SEND_MANAGER, SERVICE, address, policy, rules};
use followupd::core::directory::{Adviser, Coordinator, Directory, LegalBasis, Person, Service};
use followupd::core::token::TokenKey;
use followupd::engine::Office as Rules;
use followupd::letters::stationery::{Copies, Stationery, StationerySettings};
use std::collections::BTreeMap;

/// An adviser and the people above them.
#[derive(Debug)]
pub struct Desk {
    pub adviser: &'static str,
    pub managers: &'static [&'static str],
    pub above: &'static [&'static str],
}

/// Everybody who can be asked. The third has no second level, the fourth no manager at all.
pub const DESKS: [Desk; 5] = [
    Desk { adviser: "dr.lee@nhs.example", managers: &["mo.head@nhs.example"], above: &["dco@icb.example"] },
    Desk { adviser: "dr.kim@nhs.example", managers: &["mo.head@nhs.example"], above: &["dco@icb.example"] },
    Desk { adviser: "ray@slt.example", managers: &["fay.lead@slt.example"], above: &[] },
    Desk { adviser: "hill@school.example", managers: &[], above: &[] },
    Desk {
        adviser: "ep.one@ep.example",
        managers: &["lead.a@ep.example", "lead.b@ep.example"],
        above: &["desk@ep.example", "principal@ep.example"],
    },
];

/// Staff who may give orders.
pub const STAFF: [&str; 3] = [COORDINATOR, DEPUTY, SEND_MANAGER];

fn person(at: &str) -> Person {
    Person { name: at.split(['.', '@']).take(2).collect::<Vec<_>>().join(" "), address: address(at) }
}

fn adviser(desk: &Desk) -> Adviser {
    Adviser { person: person(desk.adviser), managers: desk.managers.iter().map(|m| address(m)).collect() }
}

fn service(name: &str, desks: &[&Desk]) -> Service {
    let first = desks[0];
    let managers: Vec<&str> = first.managers.to_vec();
    Service {
        name: name.into(),
        domains: vec![first.adviser.split_once('@').unwrap().1.into()],
        legal: LegalBasis::Section31,
        second_level: first.above.last().map(|a| address(a)),
        fallback_manager: (first.above.len() > 1).then(|| address(first.above[0])),
        advisers: desks.iter().map(|d| adviser(d)).collect(),
        managers: managers.into_iter().map(person).collect(),
        ..Service::default()
    }
}

fn directory() -> Directory {
    let coordinator = |at: &str| Coordinator {
        person: person(at),
        phone: Some("01632 960001".into()),
        line_manager: Some(address(SEND_MANAGER)),
        team: None,
    };
    let [lee, kim, ray, hill, ep] = &DESKS;
    Directory {
        coordinators: vec![coordinator(COORDINATOR), coordinator(DEPUTY)],
        send_managers: vec![person(SEND_MANAGER)],
        services: vec![
            service("Community Paediatrics", &[lee, kim]),
            service("Speech Therapy", &[ray]),
            service("The School", &[hill]),
            service("Psychology", &[ep]),
        ],
        ..Directory::default()
    }
}

/// The rules of the stories, with these people and with own copies of what is sent.
pub fn office() -> Rules {
    let policy = policy();
    let settings = StationerySettings {
        authority: policy.authority.clone(),
        mailbox: address(SERVICE),
        from: address(SERVICE),
        key: TokenKey::new(b"a key for simulations"),
        mode: policy.mode.clone(),
        shadow_to: None,
        copies: Copies::Kept,
        escalation_prefix: policy.escalation.subject_prefix.clone(),
    };
    let mut rules = rules(policy);
    rules.stationery = Stationery::new(settings, &BTreeMap::new()).unwrap();
    rules.directory = directory();
    rules
}
