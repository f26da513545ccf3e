//! One stored mail: read, decide which road it takes, settle. A mail that makes the code fail is kept, marked and
//! listed; the ones behind it go on.

use super::desk::Desk;
use super::origin::Origin;
use super::signals::{Clues, find};
use super::{FIRST_START, assessment, commands, family, forward, machine, one, opening, reply};
use crate::core::case::CaseId;
use crate::core::directory::Role;
use crate::core::id::{Address, FollowUpId};
use crate::core::letter::LetterKind;
use crate::message::matching::Placing;
use crate::message::reading::{Reading, read};
use crate::message::{Kind, ReturnPath, Verdict, authenticity};
use crate::store::{MessageState, Outcome};
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What the story of a mail says of a command that was not carried out, and was not answered either.
pub(super) const NOT_DONE: &str = "not done: ";

/// A mail that was read, on its way through the engine.
pub(super) struct Mail {
    /// `MSG-…`.
    pub id: String,
    /// When the mailbox received it.
    pub received_at: chrono::DateTime<chrono::Utc>,
    /// What it is and says.
    pub reading: Reading,
    /// False when only its head was fetched, for it is over the size limit.
    pub whole: bool,
    /// Who it is proved to come from.
    pub verdict: Verdict,
    /// What `explain` tells: evidence, proof, signals, outcome.
    pub story: Vec<String>,
}

impl Mail {
    /// The one author.
    pub fn author(&self) -> Option<&Address> {
        self.reading.message.author().map(|m| &m.address)
    }

    /// Everybody in To and Cc.
    pub fn recipients(&self) -> Vec<Address> {
        let message = &self.reading.message;
        message.to.iter().chain(&message.cc).map(|m| m.address.clone()).collect()
    }

    /// Whether nobody sits at the other end: a null return path, or its own word (RFC 3834).
    pub fn is_from_machine(&self) -> bool {
        let message = &self.reading.message;
        let automatic = message.header("Auto-Submitted").is_some_and(|v| !v.trim().to_lowercase().starts_with("no"));
        message.return_path == ReturnPath::Null || automatic
    }

    /// Settles it in `state`, for a follow-up or none.
    pub fn outcome(&self, state: MessageState, follow_up: Option<&FollowUpId>) -> Outcome {
        Outcome {
            state,
            kind: kind_name(self.reading.kind).to_owned(),
            from: self.author().map(ToString::to_string),
            header_id: self.reading.message.message_id.clone(),
            text_hash: Some(text_hash(&self.reading)),
            case_id: None,
            follow_up: follow_up.cloned(),
            candidates: Vec::new(),
            story: self.story.clone(),
        }
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Human => "human",
        Kind::Absence => "absence",
        Kind::Acknowledgement => "acknowledgement",
        Kind::Bounce => "bounce",
        Kind::Delay => "delay",
        Kind::Receipt => "receipt",
        Kind::Calendar => "calendar",
        Kind::Bulk => "bulk",
        Kind::FeedbackReport => "feedback_report",
        Kind::Own => "own",
    }
}

/// Hash of what the sender wrote and of the sizes of what they attached.
pub(super) fn text_hash(reading: &Reading) -> String {
    let mut hasher = Sha256::new();
    hasher.update(reading.new_text.text.split_whitespace().collect::<Vec<_>>().join(" "));
    for attachment in &reading.message.attachments {
        hasher.update(attachment.bytes.to_be_bytes());
    }
    data_encoding::HEXLOWER.encode(&hasher.finalize())
}

/// Takes one stored mail through; failures of any sort end in a settled row, never in a lost mail.
pub(super) async fn handle(desk: &mut Desk, id: &str) -> Result<()> {
    desk.tx.savepoint().await?;
    desk.origin = Origin::of_mail(id);
    desk.about = None;
    let directory = desk.directory.clone();
    let outcome = match road(desk, id).await {
        Ok(outcome) => outcome,
        Err(error) => {
            desk.tx.undo_to_savepoint().await?;
            // Whoever was learnt from this mail is undone with it.
            desk.directory = directory;
            tracing::error!(
                message = id,
                error = format!("{error:#}"),
                "A mail could not be handled; it is listed in triage"
            );
            failed(format!("It could not be handled: {error:#}"))
        }
    };
    desk.tx.settle_message(id, &outcome).await?;
    note_about(desk, id, &outcome).await?;
    desk.end_of_mail().await?;
    desk.tx.release_savepoint().await
}

/// Notes the cases that a mail is about, unless it belongs to the only one of them.
async fn note_about(desk: &mut Desk, id: &str, outcome: &Outcome) -> Result<()> {
    let mut about = desk.about.take().unwrap_or_default();
    let mut own: BTreeSet<CaseId> = outcome.case_id.iter().map(|case| CaseId(case.clone())).collect();
    if let Some(follow_up) = outcome.follow_up.as_ref().filter(|_| !about.is_empty()) {
        own.extend(desk.tx.case_of(follow_up).await?.map(|loaded| loaded.case.id));
    }
    about.extend(own.iter().cloned());
    if about == own { Ok(()) } else { desk.tx.note_about(id, &about).await }
}

fn failed(why: String) -> Outcome {
    Outcome {
        state: MessageState::Failed,
        kind: "human".to_owned(),
        from: None,
        header_id: None,
        text_hash: None,
        case_id: None,
        follow_up: None,
        candidates: Vec::new(),
        story: vec![why],
    }
}

/// A stored mail, read again; `None` when the parser gives up on it.
pub(super) async fn open_mail(desk: &mut Desk, id: &str) -> Result<Option<Mail>> {
    let row = desk.tx.message(id).await?.context("The message is gone")?;
    let raw = desk.tx.raw(id).await?.context("The message's bytes are gone")?;
    let received_on = desk.office.date(row.received_at);
    // A parser panic is caught here, at the border, so that one mail cannot stop the service.
    let Ok(reading) = catch_unwind(AssertUnwindSafe(|| read(&raw, received_on))) else { return Ok(None) };
    let (verdict, proof) = authenticity::check(&reading.message, &desk.office.policy.sender_check);
    let mut story: Vec<String> =
        reading.evidence.iter().map(|e| format!("kind {}: {e}", kind_name(reading.kind))).collect();
    story.extend(reading.message.faults.iter().map(|f| format!("fault: {f}")));
    story.extend(proof.into_iter().map(|p| format!("sender check: {p}")));
    Ok(Some(Mail { id: id.to_owned(), received_at: row.received_at, whole: row.whole, reading, verdict, story }))
}

async fn road(desk: &mut Desk, id: &str) -> Result<Outcome> {
    let Some(mut mail) = open_mail(desk, id).await? else {
        return Ok(failed("It could not be read: the parser gave up on it.".to_owned()));
    };
    if is_before_start(desk, &mail).await? {
        mail.story.push("received before the first start: recorded, not acted on".to_owned());
        return Ok(mail.outcome(MessageState::Ignored, None));
    }
    if let Some(outcome) = machine::own_copy(desk, &mut mail).await? {
        return Ok(outcome);
    }
    if !mail.whole {
        mail.story.push("over the size limit: only its head was fetched".to_owned());
    }
    if let Some(sender) = one::sender(desk, &mail).cloned() {
        return one::mail(desk, &mut mail, &sender).await;
    }
    let is_reply_of_machine = matches!(mail.reading.kind, Kind::Absence | Kind::Acknowledgement);
    if is_reply_of_machine && family::is_machine_of_family(desk, &mut mail).await? {
        return Ok(mail.outcome(MessageState::Filed, None));
    }
    match mail.reading.kind {
        Kind::Bounce | Kind::Delay => machine::bounce(desk, &mut mail).await,
        Kind::Absence => machine::absence(desk, &mut mail).await,
        Kind::Acknowledgement | Kind::Receipt | Kind::Calendar | Kind::FeedbackReport | Kind::Own => {
            machine::other(desk, &mut mail).await
        }
        // Officers write through shared mailboxes and group addresses: a list's mail is its writer's word wherever the
        // writer is known or it names a follow-up.
        Kind::Bulk if !is_from_somebody(desk, &mail).await? => machine::other(desk, &mut mail).await,
        Kind::Bulk | Kind::Human if machine::is_recall(&mail.reading.message) => machine::other(desk, &mut mail).await,
        Kind::Bulk | Kind::Human => human(desk, &mut mail).await,
    }
}

async fn is_before_start(desk: &mut Desk, mail: &Mail) -> Result<bool> {
    let start = match desk.office.ignore_before {
        Some(at) => Some(at),
        None => desk.tx.instant_mark(FIRST_START).await?,
    };
    Ok(start.is_some_and(|at| mail.received_at < at))
}

async fn is_from_somebody(desk: &mut Desk, mail: &Mail) -> Result<bool> {
    let known = mail.author().is_some_and(|a| desk.directory.role(a).is_some());
    let clues = Clues::of(&mail.reading.message, &mail.reading.new_text.text);
    let placed = find(desk, &clues).await?;
    Ok(known || matches!(placed.placing, Placing::Placed { .. }) || family::is_of_family(desk, mail).await?)
}

async fn human(desk: &mut Desk, mail: &mut Mail) -> Result<Outcome> {
    let Some(author) = mail.author().cloned() else {
        mail.story.push("no single From: the mail has no authority".to_owned());
        return Ok(mail.outcome(MessageState::Triage, None));
    };
    if let (Some(header_id), from) = (mail.reading.message.message_id.clone(), author.to_string()) {
        let hash = text_hash(&mail.reading);
        if desk.tx.is_redelivery(&mail.id, &header_id, &from, &hash).await? {
            mail.story.push("the same mail was handled before: a re-delivery".to_owned());
            return Ok(mail.outcome(MessageState::Ignored, None));
        }
    }
    let is_staff = desk.directory.is_staff(&author);
    if !is_staff && let Some(outcome) = family::from_family(desk, mail, &author).await? {
        return Ok(outcome);
    }
    // The ICB's lead may be a service's second level too.
    if !is_staff && desk.directory.icb_lead.as_ref() == Some(&author) {
        return icb_lead(desk, mail, &author).await;
    }
    match desk.directory.role(&author) {
        Some(Role::Coordinator | Role::SendManager) => staff(desk, mail, &author).await,
        Some(Role::Adviser | Role::LineManager | Role::IcbLead | Role::Respondent) | None => {
            reply::from_outside(desk, mail, &author).await
        }
    }
}

/// Mail of the ICB's lead: the action plan that comes back, commands about rounds, or, where the lead answers for a
/// provider as well, a return.
async fn icb_lead(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Outcome> {
    let recipients = mail.recipients();
    let among_us = |r: &Address| desk.office.is_own(r) || desk.directory.is_staff(r) || desk.directory.is_partner(r);
    let inside = !recipients.is_empty() && recipients.iter().all(among_us);
    let commands = commands::commands_of(desk, mail);
    let has_files = mail.reading.message.attachments.iter().any(|a| !a.inline);
    if !inside || commands.is_empty() && !has_files {
        return reply::from_outside(desk, mail, author).await;
    }
    if !is_proved(desk, mail).await? {
        return lead_unproved(desk, mail, author).await;
    }
    if let Some(outcome) = assessment::plan_in(desk, mail, author).await? {
        return Ok(outcome);
    }
    if commands.is_empty() {
        return reply::from_outside(desk, mail, author).await;
    }
    Box::pin(commands::carry_out(desk, mail, author)).await
}

/// The registered address is told, within the hour once.
async fn lead_unproved(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Outcome> {
    mail.story.push("refused: the ICB's lead without proof".to_owned());
    if desk.may_answer_error(author).await? {
        let said = "A mail with your address as sender could not be proved to come from you. Nothing was done. If it was you, write again from your work account; if it was not, tell your IT service desk.";
        let key = format!("{}/unproved", mail.id);
        desk.write_to_partner(key, author, "Somebody wrote in your name", vec![said.to_owned()]).await?;
    }
    Ok(mail.outcome(MessageState::Triage, None))
}

/// Mail of a co-ordinator or SEND manager: an opening, a forwarded answer, commands, or a mail in the thread.
async fn staff(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Outcome> {
    if mail.verdict == Verdict::Pass {
        reply::end_absence(desk, mail, author).await?;
    }
    if let Some(outcome) = commands::confirmation(desk, mail, author).await? {
        return Ok(outcome);
    }
    family::hold_previewed(desk, mail, author).await?;
    let wish = wish_of(desk, mail).await?;
    if wish == Wish::Nothing {
        return reply::file_in_thread(desk, mail).await;
    }
    if !is_proved(desk, mail).await? {
        return unproved(desk, mail, author).await;
    }
    match wish {
        Wish::Open(what) => Box::pin(opening::open(desk, mail, author, what)).await,
        Wish::Forward => Box::pin(forward::forwarded(desk, mail, author)).await,
        Wish::Command => match assessment::plan_in(desk, mail, author).await? {
            Some(outcome) => Ok(outcome),
            None => Box::pin(commands::carry_out(desk, mail, author)).await,
        },
        Wish::Nothing => reply::file_in_thread(desk, mail).await,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Open(opening::CopiedFor),
    Forward,
    Command,
    Nothing,
}

/// What a staff member's mail is after. Commands count only when every recipient is the service or staff, so that
/// "Received, thanks" to an adviser commands nothing (`commands.md` 4).
async fn wish_of(desk: &mut Desk, mail: &Mail) -> Result<Wish> {
    if let Some(what) = opening::opening_of(desk, mail).await? {
        return Ok(Wish::Open(what));
    }
    // A mail that shows no recipient at all may have gone to anybody: it commands nothing.
    let recipients = mail.recipients();
    let inside =
        !recipients.is_empty() && recipients.iter().all(|r| desk.office.is_own(r) || desk.directory.is_staff(r));
    Ok(match (inside, mail.reading.forwarded.is_empty()) {
        (true, false) => Wish::Forward,
        (true, true) => Wish::Command,
        (false, _) => Wish::Nothing,
    })
}

async fn is_proved(desk: &mut Desk, mail: &mut Mail) -> Result<bool> {
    if mail.verdict == Verdict::Pass {
        return Ok(true);
    }
    if desk.tx.is_proved(&mail.id).await? {
        mail.story.push("proved by the one-time token".to_owned());
        return Ok(true);
    }
    Ok(false)
}

/// Staff without proof: nothing is done; the registered address is told or asked, never the sender.
async fn unproved(desk: &mut Desk, mail: &mut Mail, author: &Address) -> Result<Outcome> {
    let asks = matches!(desk.office.policy.sender_check, crate::core::policy::SenderCheck::Confirm);
    let kind = if asks { LetterKind::Confirm } else { LetterKind::Alarm };
    if !asks && !desk.may_answer_error(author).await? {
        mail.story.push("refused: staff without proof; the registered address was told within the hour".to_owned());
        return Ok(mail.outcome(MessageState::Triage, None));
    }
    let key = format!("{}/{}", mail.id, kind.name());
    let mut letter = desk.staff_letter(kind, key.clone(), author, "Somebody wrote in your name");
    letter.facts.quoted = first_words(&mail.reading.new_text.own);
    letter.facts.sentences = vec![
        "A mail with your address as sender reached the service, but it could not be proved that it comes from you. Nothing was done.".to_owned(),
        "If it was you, write again from your work account. If it was not, tell your IT service desk.".to_owned(),
    ];
    desk.send(&letter, None).await?;
    if asks {
        let letter_id = desk.office.stationery.key.letter_id(&key);
        desk.tx.await_proof(&letter_id, &mail.id, author).await?;
        mail.story.push("waits for the one-time token to come back from the registered address".to_owned());
        return Ok(mail.outcome(MessageState::Filed, None));
    }
    mail.story.push("refused: staff without proof; the registered address was told".to_owned());
    Ok(mail.outcome(MessageState::Triage, None))
}

/// The beginning of a text, for quoting.
pub(super) fn first_words(text: &str) -> String {
    let mut short: String = text.chars().take(600).collect();
    if short.len() < text.len() {
        short.push_str(" …");
    }
    short
}
