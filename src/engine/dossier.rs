//! Everything that is held on one case: for the export. Reading it is written down like every other reading.

use super::Engine;
use super::reading::Reading;
use crate::core::case::{Case, CaseId};
use crate::core::id::{CaseRef, FollowUpId};
use crate::store::{DeliveryLine, JournalRow, LetterRow, MessageRow, Part, Tx};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// A mail with its bytes; `None` when retention has removed them.
#[derive(Debug)]
pub struct HeldMail {
    /// What is known of it.
    pub row: MessageRow,
    /// The bytes.
    pub raw: Option<Vec<u8>>,
}

/// A letter with its bytes, empty when retention has removed them, and what became of it.
#[derive(Debug)]
pub struct HeldLetter {
    /// What is known of it.
    pub row: LetterRow,
    /// The bytes.
    pub raw: Vec<u8>,
    /// Its recipients, the service's own copy apart.
    pub deliveries: Vec<DeliveryLine>,
}

/// Everything that is held on a case.
#[derive(Debug)]
pub struct Dossier {
    /// The case.
    pub case: Case,
    /// Mails, oldest first; the service's own copies of its letters apart.
    pub mails: Vec<HeldMail>,
    /// Letters, oldest first.
    pub letters: Vec<HeldLetter>,
    /// The journal, oldest first.
    pub journal: Vec<JournalRow>,
    /// Ids of mails that are about other children too, and therefore not among these: what they say of this one has to be
    /// taken from them by hand.
    pub shared: Vec<String>,
}

/// The case that somebody names: by the authority's reference, or by one of its follow-ups.
///
/// # Errors
/// When the store cannot be read.
pub async fn find_case(tx: &mut Tx, name: &str) -> Result<Option<Case>> {
    let name = name.trim();
    for reference in [name.to_owned(), name.to_uppercase()] {
        if let Some(loaded) = tx.case_by_reference(&CaseRef::new(&reference)).await? {
            return Ok(Some(loaded.case));
        }
    }
    match FollowUpId::parse(name) {
        Some(id) => Ok(tx.case_of(&id).await?.map(|loaded| loaded.case)),
        None => Ok(None),
    }
}

impl Engine {
    /// The key of the case that somebody names.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn case_named(&self, name: &str) -> Result<Option<CaseId>> {
        let mut tx = self.store().begin().await?;
        let found = find_case(&mut tx, name).await?;
        tx.commit().await?;
        Ok(found.map(|case| case.id))
    }

    /// Everything that is held on a case, and a note in its journal that it was taken out; `None` for an unknown one.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn dossier(&self, name: &str, now: DateTime<Utc>) -> Result<Option<Dossier>> {
        let mut tx = self.store().begin().await?;
        let Some(case) = find_case(&mut tx, name).await? else { return Ok(None) };
        let mut mails = Vec::new();
        for row in tx.messages_of_case(&case.id).await? {
            if row.kind.as_deref() != Some("own") {
                mails.push(HeldMail { raw: tx.raw(&row.id).await?, row });
            }
        }
        let mut letters = Vec::new();
        for row in tx.letters_of_case(&case.id).await? {
            let mut deliveries = tx.deliveries(&row.id).await?;
            deliveries.retain(|(_, part, ..)| *part != Part::Copy);
            letters.push(HeldLetter { raw: tx.letter_bytes(&row.id).await?, deliveries, row });
        }
        let journal = tx.journal_of(&case.id.0).await?;
        let shared = tx
            .shared_mails()
            .await?
            .into_iter()
            .filter(|(_, cases)| cases.contains(&case.id))
            .map(|(id, _)| id)
            .collect();
        tx.journal(&self.reading_of(&case.id, Reading::Export, now)?).await?;
        tx.commit().await?;
        Ok(Some(Dossier { case, mails, letters, journal, shared }))
    }
}
