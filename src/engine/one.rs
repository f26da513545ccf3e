//! Mail that ONE sends by itself (`commands.md` 2): it may open follow-ups and nothing else. It is no person, so its
//! co-ordinator has to be found in it; without one nothing is opened.

use super::desk::Desk;
use super::intake::Mail;
use super::opening::{self, CopiedFor};
use crate::core::id::Address;
use crate::core::policy::SenderCheck;
use crate::message::{Verdict, authenticity};
use crate::store::{MessageState, Outcome};
use anyhow::Result;

/// An address from which ONE sends by itself.
#[derive(Debug, Clone)]
pub struct OneSender {
    /// The address.
    pub address: Address,
    /// How its mail is proved.
    pub proof: SenderCheck,
    /// Where the co-ordinator stands in it.
    pub coordinator_in: CoordinatorIn,
}

/// Where the co-ordinator stands in ONE's mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoordinatorIn {
    /// The `Reply-To` header.
    ReplyTo,
    /// The `Cc` header.
    Cc,
    /// A line of the text: their address, or their name as the directory writes it.
    Body,
}

/// Whether a mail says that it comes from ONE.
pub(super) fn sender<'a>(desk: &'a Desk, mail: &Mail) -> Option<&'a OneSender> {
    let author = mail.author()?;
    desk.office.one_senders.iter().find(|one| one.address == *author)
}

/// Opens what ONE's mail opens, in the name of its co-ordinator.
pub(super) async fn mail(desk: &mut Desk, mail: &mut Mail, one: &OneSender) -> Result<Outcome> {
    let (verdict, proof) = authenticity::check(&mail.reading.message, &one.proof);
    mail.story.extend(proof.into_iter().map(|p| format!("sender check of ONE: {p}")));
    if verdict != Verdict::Pass {
        mail.story.push("refused: it says that it comes from ONE, and that is not proved".to_owned());
        return Ok(mail.outcome(MessageState::Triage, None));
    }
    if is_known(desk, mail, one).await? {
        mail.story.push("the same mail was handled before: a re-delivery".to_owned());
        return Ok(mail.outcome(MessageState::Ignored, None));
    }
    let what = match opening::opening_of(desk, mail).await? {
        Some(what @ (CopiedFor::Clarification | CopiedFor::Advice | CopiedFor::Draft)) => what,
        Some(CopiedFor::FinalPlan) => {
            mail.story.push("ONE may open follow-ups and nothing else: a person has to write FINAL ISSUED".to_owned());
            return Ok(mail.outcome(MessageState::Triage, None));
        }
        None => {
            mail.story.push("ONE's mail opens nothing".to_owned());
            return Ok(mail.outcome(MessageState::Filed, None));
        }
    };
    let Some(by) = coordinator(desk, mail, one.coordinator_in) else {
        mail.story.push("no one co-ordinator could be found in ONE's mail".to_owned());
        return Ok(mail.outcome(MessageState::Triage, None));
    };
    mail.story.push(format!("sent by ONE for {by}"));
    opening::open(desk, mail, &by, what).await
}

async fn is_known(desk: &mut Desk, mail: &Mail, one: &OneSender) -> Result<bool> {
    let Some(header_id) = mail.reading.message.message_id.clone() else { return Ok(false) };
    desk.tx.is_redelivery(&mail.id, &header_id, one.address.as_str(), &mail.text_hash).await
}

/// The only co-ordinator who is named there.
fn coordinator(desk: &Desk, mail: &Mail, place: CoordinatorIn) -> Option<Address> {
    let message = &mail.reading.message;
    let is_in = |mailboxes: &[crate::message::Mailbox], who: &Address| mailboxes.iter().any(|m| m.address == *who);
    let text = [message.text.as_deref().unwrap_or(""), mail.reading.new_text.text.as_str()].join("\n").to_lowercase();
    let mut named = desk.directory.coordinators.iter().map(|c| &c.person).filter(|person| match place {
        CoordinatorIn::ReplyTo => is_in(&message.reply_to, &person.address),
        CoordinatorIn::Cc => is_in(&message.cc, &person.address),
        CoordinatorIn::Body => {
            stands_in(&text, person.address.as_str()) || stands_in(&text, &person.name.to_lowercase())
        }
    });
    match (named.next(), named.next()) {
        (Some(one), None) => Some(one.address.clone()),
        (Some(_) | None, _) => None,
    }
}

/// As whole words, so that one name does not stand in a longer one.
fn stands_in(text: &str, words: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@'));
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '@'));
    !words.is_empty()
        && text.match_indices(words).any(|(at, found)| {
            let before = text.get(..at).and_then(|t| t.chars().next_back());
            let after = text.get(at + found.len()..).and_then(|t| t.chars().next());
            !joins(before) && !ends(after)
        })
}
