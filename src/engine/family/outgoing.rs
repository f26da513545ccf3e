//! What became of a letter to a family: taken, returned, or lost on the way.

use crate::core::case::{Case, CaseId};
use crate::core::event::Event;
use crate::core::family::FamilyEvent;
use crate::core::id::Address;
use crate::core::letter::Audience;
use crate::engine::desk::Desk;
use crate::store::{LetterRow, Part};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// The relay took a notice for these recipients: they have been told.
pub(in crate::engine) async fn taken(
    desk: &mut Desk,
    letter: &LetterRow,
    recipients: &[Address],
    at: DateTime<Utc>,
) -> Result<()> {
    let Some(number) = notice_number(letter) else { return Ok(()) };
    let on = desk.office.date(at);
    for to in recipients {
        apply(desk, letter, FamilyEvent::Told { number, to: to.clone(), on }).await?;
    }
    Ok(())
}

/// A letter to somebody of a family came back, or was refused: they have not been told.
pub(in crate::engine) async fn unreachable(
    desk: &mut Desk,
    letter: &LetterRow,
    to: &Address,
    reason: &str,
    source: &str,
) -> Result<()> {
    let number = notice_number(letter);
    let (to, reason, source) = (to.clone(), reason.to_owned(), source.to_owned());
    apply(desk, letter, FamilyEvent::Unreachable { number, to, reason, source }).await
}

/// The same by a bounce; whether the letter was one to a family.
pub(in crate::engine) async fn returned(
    desk: &mut Desk,
    letter: &str,
    failed: &[Address],
    reason: &str,
    source: &str,
) -> Result<bool> {
    let Some(row) = desk.tx.letter(letter).await?.filter(|l| l.kind.audience() == Audience::Parent) else {
        return Ok(false);
    };
    let deliveries = desk.tx.deliveries(letter).await?;
    let was_sent_to = |a: &&Address| deliveries.iter().any(|(recipient, ..)| recipient == a.as_str());
    let mut lost: Vec<Address> = failed.iter().filter(was_sent_to).cloned().collect();
    // A mailbox that sends on bounces in another name, or in none; the letter has one reader, who does not have it.
    if failed.iter().all(|a| !desk.office.is_own(a)) && lost.is_empty() {
        let readers = deliveries.iter().filter(|(_, part, ..)| *part != Part::Copy);
        lost.extend(readers.filter_map(|(recipient, ..)| Address::parse(recipient)));
    }
    for to in &lost {
        desk.tx.note_returned(letter, to, desk.now).await?;
        unreachable(desk, &row, to, reason, source).await?;
    }
    Ok(true)
}

/// Lost after the final dot: a notice is only sent again when a person says so (`mail.md` 5).
pub(in crate::engine) async fn ask_about_uncertain(desk: &mut Desk, letter: &LetterRow, to: &Address) -> Result<()> {
    let Some(number) = notice_number(letter) else { return Ok(()) };
    apply(desk, letter, FamilyEvent::Uncertain { number, to: to.clone() }).await
}

async fn apply(desk: &mut Desk, letter: &LetterRow, event: FamilyEvent) -> Result<()> {
    let Some(case) = letter.case_id.clone() else { return Ok(()) };
    if let Some(loaded) = desk.tx.case(&CaseId(case)).await? {
        desk.apply(loaded, &Event::Family(event)).await?;
    }
    Ok(())
}

/// Why a letter of a notice must not leave any more, although its case goes on: it is held, given up, or was written
/// anew since. A person who has stopped it, or a family that has written, is not overtaken by what was queued before.
pub(in crate::engine) fn is_void(letter: &LetterRow, case: &Case) -> Option<String> {
    if !letter.kind.tells_timescale() {
        return None;
    }
    let Some((number, attempt)) = notice_and_attempt(letter) else {
        return Some("it belongs to no notice".to_owned());
    };
    let family = &case.register.family;
    (!family.is_leaving(number, attempt)).then(|| format!("notice {number} is held, given up or written anew"))
}

fn notice_number(letter: &LetterRow) -> Option<u32> {
    notice_and_attempt(letter).map(|(number, _)| number)
}

/// The notice's number and how often it was written, from the key as [`crate::core::decide`] writes it: "3.0", or
/// "3-2.0" when it was sent again.
fn notice_and_attempt(letter: &LetterRow) -> Option<(u32, u32)> {
    if !letter.kind.tells_timescale() {
        return None;
    }
    let (notice, _) = letter.unique_key.rsplit('/').next()?.split_once('.')?;
    let (number, attempt) = notice.split_once('-').unwrap_or((notice, "1"));
    Some((number.parse().ok()?, attempt.parse().ok()?))
}
