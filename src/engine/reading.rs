//! What operators read of a child: the story behind an id, and the note in the journal that it was read.

use super::{Engine, random, story};
use crate::core::case::CaseId;
use crate::core::id::{CaseRef, FollowUpId};
use crate::store::JournalEntry;
use anyhow::Result;
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

/// How an operator came to read a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// `followupd export`.
    Export,
    /// `followupd explain`.
    Explain,
}

impl Reading {
    fn name(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Explain => "explain",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Export => "An operator has exported everything that is held.",
            Self::Explain => "An operator has read it.",
        }
    }
}

impl Engine {
    /// The story of a follow-up, case, message or letter, and a note of the reading in the journal of each case that it
    /// is about; nothing for an unknown id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn explain(&self, id: &str, now: DateTime<Utc>) -> Result<Vec<String>> {
        let office = self.office();
        let mut tx = self.store().begin().await?;
        let upper = id.to_uppercase();
        let follow_up = FollowUpId::parse(id);
        let (lines, cases) = if upper.starts_with("MSG-") {
            (story::of_message(&mut tx, &upper, &office).await?, tx.cases_of_message(&upper).await?)
        } else if upper.starts_with("LTR-") {
            (story::of_letter(&mut tx, &upper, &office).await?, tx.cases_of_letter(&upper).await?)
        } else if let Some(follow_up) = &follow_up {
            let case = tx.case_of(follow_up).await?.map(|loaded| loaded.case.id);
            (story::of_follow_up(&mut tx, follow_up, &office, now).await?, BTreeSet::from_iter(case))
        } else {
            let reference = CaseRef::new(id);
            let case = tx.case_by_reference(&reference).await?.map(|loaded| loaded.case.id);
            (story::of_case(&mut tx, &reference, &office, now).await?, BTreeSet::from_iter(case))
        };
        for case in cases.iter().filter(|_| !lines.is_empty()) {
            let entry = self.reading_of(case, Reading::Explain, now)?;
            tx.journal(&JournalEntry { follow_up: follow_up.clone(), ..entry }).await?;
        }
        tx.commit().await?;
        Ok(lines)
    }

    /// The entry that says that an operator has read a case.
    pub(super) fn reading_of(&self, case: &CaseId, how: Reading, now: DateTime<Utc>) -> Result<JournalEntry> {
        Ok(JournalEntry {
            at: now,
            case_id: Some(case.0.clone()),
            follow_up: None,
            event: serde_json::json!({ "read": { "by": "operator", "how": how.name() } }).to_string(),
            because: how.words().to_owned(),
            effects: Vec::new(),
            config: self.office().policy.version.clone(),
            salt: data_encoding::HEXLOWER.encode(&random::<16>()?),
        })
    }
}
