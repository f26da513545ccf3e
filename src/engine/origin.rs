//! Names that follow from the mail that causes them. A mail that is taken in anew after a restore opens the same follow-ups
//! and decides the same letters; of these the own copies tell which have left in another life of the database.

use super::desk::Desk;
use super::outgoing::settle_by_copies;
use super::random;
use crate::core::id::FollowUpId;
use anyhow::Result;
use chrono::{DateTime, Utc};

/// The mail at work, and what it has caused.
#[derive(Debug, Default)]
pub(super) struct Origin {
    /// Its id; none when the clock is at work.
    mail: Option<String>,
    /// How many follow-ups it has opened.
    opened: u32,
    /// Whether a letter was decided whose own copy had come before.
    copies: Copies,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Copies {
    #[default]
    None,
    CameBefore,
}

impl Origin {
    /// A mail is taken up.
    pub fn of_mail(id: &str) -> Self {
        Self { mail: Some(id.to_owned()), ..Self::default() }
    }
}

/// Where the own copy of a letter is noted that nobody has decided yet.
fn early_copy(letter: &str) -> String {
    format!("early_copy:{letter}")
}

impl Desk {
    /// The id of a follow-up that is to be opened. Whoever handles a mail once more gets another one.
    pub async fn new_follow_up(&mut self) -> Result<FollowUpId> {
        loop {
            let Some(mail) = &self.origin.mail else { return Ok(FollowUpId::from_random(random()?)) };
            self.origin.opened += 1;
            let id = self.office.stationery.key.follow_up_id(&format!("{mail}/{}", self.origin.opened));
            if self.tx.case_of(&id).await?.is_none() {
                return Ok(id);
            }
        }
    }

    /// Notes the own copy of a letter, which may not have been decided yet.
    pub async fn note_copy(&mut self, letter: &str, at: DateTime<Utc>) -> Result<()> {
        if self.tx.letter(letter).await?.is_none() {
            return self.tx.set_instant_mark(&early_copy(letter), at).await;
        }
        self.tx.note_copy(letter, at).await
    }

    /// Looks whether the own copy of a letter came before the letter was decided.
    pub async fn recall_copy(&mut self, letter: &str) -> Result<()> {
        if let Some(at) = self.tx.instant_mark(&early_copy(letter)).await? {
            self.tx.note_copy(letter, at).await?;
            self.origin.copies = Copies::CameBefore;
        }
        Ok(())
    }

    /// Ends the work at a mail: letters that have left already do not leave again.
    pub async fn end_of_mail(&mut self) -> Result<()> {
        if std::mem::take(&mut self.origin).copies == Copies::CameBefore {
            settle_by_copies(self).await?;
        }
        Ok(())
    }
}
