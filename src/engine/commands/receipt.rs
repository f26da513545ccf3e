//! The one answer to a mail of commands.

use super::Done;
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::{LetterKind, Line};
use crate::core::policy::Receipts;
use crate::engine::desk::Desk;
use crate::engine::intake::{Mail, NOT_DONE, first_words};
use crate::store::{MessageState, Outcome};
use anyhow::Result;

pub(super) fn text_of(done: &Done) -> &str {
    match done {
        Done::Yes(text) | Done::No(text) => text,
        Done::Ask(back) => &back.headline,
    }
}

/// Never more than one answer to a sender in an hour that only says what went wrong (`mail.md` 5); such a mail is listed in the next Today mail instead.
async fn may_answer_error(desk: &mut Desk, mail: &mut Mail, author: &Address, done: &[Done]) -> Result<bool> {
    if done.iter().any(|d| matches!(d, Done::Yes(_))) {
        return Ok(true);
    }
    let may = desk.may_answer_error(author).await?;
    if !may {
        mail.story.extend(done.iter().map(|d| format!("{NOT_DONE}{}", text_of(d))));
        mail.story.push("not answered: an error was answered within the hour".to_owned());
    }
    Ok(may)
}

/// One receipt for the whole mail, in its thread, to the registered address.
pub(super) async fn receipt(
    desk: &mut Desk,
    mail: &mut Mail,
    author: &Address,
    done: Vec<Done>,
    about: Option<FollowUpId>,
) -> Result<Outcome> {
    let sentences: Vec<String> = done.iter().map(|d| text_of(d).to_owned()).filter(|t| !t.is_empty()).collect();
    let failed = done.iter().any(|d| matches!(d, Done::No(_)));
    if mail.is_from_machine() {
        mail.story.push("a machine is not answered".to_owned());
        return Ok(mail.outcome(MessageState::Placed, about.as_ref()));
    }
    if failed && !may_answer_error(desk, mail, author, &done).await? {
        return Ok(mail.outcome(MessageState::Triage, about.as_ref()));
    }
    if !sentences.is_empty() {
        let headline = if failed { "Not everything could be done" } else { "Done" };
        let reference = about.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
        let kind = if desk.directory.is_staff(author) { LetterKind::Receipt } else { LetterKind::PartnerReceipt };
        let mut letter =
            desk.staff_letter(kind, format!("{}/receipt", mail.id), author, &format!("{headline}{reference}"));
        letter.facts.sentences = sentences;
        if failed || desk.office.policy.commands.receipts == Receipts::All {
            letter.facts.quoted = first_words(&mail.reading.new_text.own);
        }
        letter.in_reply_to.clone_from(&mail.reading.message.message_id);
        letter.lines = about.iter().map(Line::about).collect();
        desk.send(&letter, None).await?;
    }
    Ok(mail.outcome(MessageState::Placed, about.as_ref()))
}
