//! Stories of assessment rounds: five providers, of whom one answers in parts, one contradicts itself and one never.

mod offered;
mod returns;
mod whole;

use crate::office::*;
use followupd::core::directory::Provider;

pub(super) const LEAD: &str = "icb.lead@nhs.example";
pub(super) const BOARD: &str = "send.board@nhs.example";

pub(super) fn who(provider: &str) -> String {
    format!("{provider}@nhs.example")
}

/// A text without the references, which are random.
pub(super) fn masked(text: &str) -> String {
    regex::Regex::new("FU-....-....").unwrap().replace_all(text, "FU-XXXX-XXXX").into_owned()
}

/// North, South, East and West with one respondent; Coast with two.
pub(super) async fn office() -> Office {
    let mut office = Office::open("Mon 02 Nov 2026 10:00").await;
    let mut all = rules(policy());
    all.directory.icb_lead = Some(address(LEAD));
    all.directory.governance = vec![address(BOARD)];
    all.directory.providers = ["north", "south", "east", "west", "coast"]
        .map(|name| Provider {
            name: format!("{}{} Trust", name[..1].to_uppercase(), &name[1..]),
            services: vec![if name == "north" { "Community Paediatrics".into() } else { format!("{name} therapies") }],
            respondents: if name == "coast" {
                vec![address(&who("coast")), address(&who("coast.nurse"))]
            } else {
                vec![address(&who(name))]
            },
            lead: None,
        })
        .to_vec();
    office.engine.replace_office(all);
    office.settle().await;
    office
}

pub(super) async fn started() -> Office {
    let mut office = office().await;
    office.ordered_by(LEAD, "ROUND START Autumn 2026").await;
    office
}

pub(super) fn form_to<'a>(office: &'a Office, name: &str) -> &'a Sent {
    office.last(&who(name), "assessment_form")
}

/// The form as it came, filled in: every criterion by `rating`, with a comment.
pub(super) fn filled(form: &Sent, rating: impl Fn(u32) -> &'static str) -> String {
    (1..=23_u32).fold(form.text.clone(), |text, n| {
        text.replace(&format!("ANSWER {n:02}:"), &format!("ANSWER {n:02}: {}", rating(n)))
            .replace(&format!("COMMENT {n:02}:"), &format!("COMMENT {n:02}: as our policy of May says, item {n}"))
    })
}

pub(super) async fn answers(office: &mut Office, name: &str, text: &str) {
    let form = form_to(office, name).clone();
    office.arrives(Draft::from(&who(name)).answering(&form).text(text)).await;
}

pub(super) async fn hands_in(office: &mut Office, name: &str, rating: impl Fn(u32) -> &'static str) {
    let text = filled(form_to(office, name), rating);
    answers(office, name, &text).await;
}
