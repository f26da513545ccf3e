//! Mails that wait to be looked at: opened some at a time, what they will ask for read by a few statements for all of
//! them, then handled one after the other.
//!
//! A batch shares a transaction. When one of its mails cannot be handled nothing of the batch has happened, and each
//! gets a transaction of its own, so that it fails alone.

use super::Engine;
use super::desk::Desk;
use super::intake::{self, Opened};
use crate::core::case::CaseId;
use crate::core::token::TokenReading;
use crate::store::{Foreseen, MessageRow, is_lease_lost, is_passing};
use anyhow::Result;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// How many mails share a transaction while a backlog waits (`mail.md` 1).
const BATCH: i64 = 64;
/// Bytes of mail that are held at once; a larger mail comes alone.
const AT_ONCE: i64 = 1 << 20;

impl Engine {
    /// Reads, places and decides waiting mails, a bounded number in one transaction; the number done, 0 when none
    /// wait.
    ///
    /// # Errors
    /// When the store fails; then what is not done is done the next time.
    pub async fn handle_waiting(&self, now: DateTime<Utc>) -> Result<usize> {
        match self.handle_together(now).await {
            Err(error) if is_of_a_mail(&error) => self.handle_one_by_one(now).await,
            done => done,
        }
    }

    async fn handle_together(&self, now: DateTime<Utc>) -> Result<usize> {
        let mut desk = self.desk(now).await?;
        let waiting = desk.tx.unread(BATCH).await?;
        for some in portions(&waiting) {
            let mails = intake::open(&mut desk, some).await?;
            if mails.len() > 1 {
                let foreseen = foreseen(&desk, &mails);
                desk.tx.foresee(&foreseen).await?;
            }
            for mail in mails {
                Box::pin(intake::handle(&mut desk, mail)).await?;
            }
        }
        desk.commit().await?;
        Ok(waiting.len())
    }

    async fn handle_one_by_one(&self, now: DateTime<Utc>) -> Result<usize> {
        let waiting = self.desk(now).await?.tx.unread(BATCH).await?;
        for row in &waiting {
            let mut desk = self.desk(now).await?;
            let handled = handle_alone(&mut desk, row).await;
            let about = desk.about.clone();
            let done = match handled {
                Ok(()) => desk.commit().await,
                Err(error) => {
                    // Its failure is noted in another transaction.
                    drop(desk);
                    Err(error)
                }
            };
            match done {
                Err(error) if is_of_a_mail(&error) => self.note_failure(row, &error, about, now).await?,
                done => done?,
            }
        }
        Ok(waiting.len())
    }

    async fn note_failure(
        &self,
        row: &MessageRow,
        error: &anyhow::Error,
        about: Option<BTreeSet<CaseId>>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        tracing::error!(
            message = row.id,
            error = format!("{error:#}"),
            "A mail could not be handled; it is listed in triage"
        );
        let mut desk = self.desk(now).await?;
        let failed = intake::failed(format!("It could not be handled: {error:#}"));
        desk.tx.settle_message(&row.id, &failed).await?;
        desk.about = about;
        intake::note_about(&mut desk, &row.id, &failed).await?;
        desk.commit().await
    }
}

async fn handle_alone(desk: &mut Desk, row: &MessageRow) -> Result<()> {
    for mail in intake::open(desk, std::slice::from_ref(row)).await? {
        Box::pin(intake::handle(desk, mail)).await?;
    }
    Ok(())
}

/// Whether a failure lies in a mail, and not in a database that cannot be used just now or belongs to another node.
fn is_of_a_mail(error: &anyhow::Error) -> bool {
    !is_passing(error) && !is_lease_lost(error)
}

/// Mails in order, so many at once that their bytes stay bounded.
fn portions(mails: &[MessageRow]) -> Vec<&[MessageRow]> {
    let mut portions = Vec::new();
    let (mut rest, mut taken, mut bytes) = (mails, 0, 0);
    for mail in mails {
        if taken > 0 && bytes + mail.size > AT_ONCE {
            let (portion, behind) = rest.split_at_checked(taken).unwrap_or((rest, &[]));
            portions.push(portion);
            (rest, taken, bytes) = (behind, 0, 0);
        }
        taken += 1;
        bytes += mail.size;
    }
    portions.push(rest);
    portions
}

/// What these mails will ask the store for.
fn foreseen(desk: &Desk, mails: &[Opened]) -> Foreseen {
    let stationery = &desk.office.stationery;
    let mut foreseen = Foreseen::default();
    for message in mails.iter().filter_map(|mail| mail.reading.as_ref()).map(|reading| &reading.message) {
        foreseen.authors.extend(message.author().map(|author| author.address.clone()));
        foreseen.header_ids.extend(message.message_id.clone());
        foreseen.references.extend(message.in_reply_to.iter().chain(&message.references).cloned());
        let addresses = message.delivered_to.iter().chain(message.to.iter().chain(&message.cc).map(|m| &m.address));
        for address in addresses {
            if let Some(TokenReading::FollowUp(id)) = stationery.key.read_address(address, &stationery.mailbox) {
                foreseen.follow_ups.push(id);
            }
        }
    }
    foreseen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MessageState;

    fn row(size: i64) -> MessageRow {
        MessageRow {
            id: String::new(),
            received_at: DateTime::UNIX_EPOCH,
            size,
            whole: true,
            state: MessageState::Stored,
            kind: None,
            from: None,
            follow_up: None,
            candidates: Vec::new(),
            story: Vec::new(),
        }
    }

    #[test]
    fn mails_are_held_in_portions_that_stay_bounded_and_a_large_one_alone() {
        let check = |sizes: &[i64], expected: &[usize]| {
            let mails: Vec<MessageRow> = sizes.iter().map(|&size| row(size)).collect();
            let found: Vec<usize> = portions(&mails).iter().map(|portion| portion.len()).collect();
            assert_eq!(found, expected, "{sizes:?}");
        };
        check(&[], &[0]);
        check(&[10, 20], &[2]);
        check(&[AT_ONCE, 1], &[1, 1]);
        check(&[1, AT_ONCE * 30, 1, 1], &[1, 1, 2]);
        check(&[AT_ONCE / 2, AT_ONCE / 2, 1], &[2, 1]);
    }
}
