//! Why each mail was written or what became of it, from the journal and the stored stories. Reads only.

use super::{Item, Way};
use crate::core::id::FollowUpId;
use crate::core::letter::LetterKind;
use crate::engine::Engine;
use crate::store::{Tx, message_id};
use anyhow::Result;
use std::collections::HashMap;

/// What has been read of the journal.
#[derive(Debug, Default)]
pub struct Reasons {
    seq: i64,
    of_letter: HashMap<String, String>,
    told: usize,
}

impl Reasons {
    /// Completes every new mail with its case and its reason, and tells it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn explain(
        &mut self,
        engine: &Engine,
        items: &mut [Item],
        tell: &mut (dyn FnMut(&Item) + Send),
    ) -> Result<()> {
        let mut tx = engine.store().begin().await?;
        for row in tx.journal_after(self.seq).await? {
            self.seq = row.seq;
            let because = row.because.unwrap_or_default();
            for effect in row.effects {
                if let Some(letter) = effect.split_whitespace().next() {
                    self.of_letter.insert(letter.to_owned(), because.clone());
                }
            }
        }
        let key = engine.office().stationery.key.clone();
        for item in items.iter_mut().skip(self.told) {
            match item.way {
                Way::Out => {
                    let id = item.mail.message_id.as_deref().and_then(|id| key.read_message_id(id));
                    self.of_letter(&mut tx, item, id).await?;
                }
                Way::In | Way::Forged => of_message(&mut tx, item).await?,
            }
            if let Some(id) = item.follow_up.as_deref().and_then(FollowUpId::parse) {
                item.case = tx.case_of(&id).await?.map(|loaded| loaded.case.id.0);
            }
            tell(item);
            self.told += 1;
        }
        tx.commit().await
    }

    async fn of_letter(&self, tx: &mut Tx, item: &mut Item, id: Option<String>) -> Result<()> {
        let Some(row) = tx.letter(id.as_deref().unwrap_or_default()).await? else { return Ok(()) };
        item.case = row.case_id;
        item.kind = Some(row.kind);
        item.follow_up = row.follow_up.or_else(|| named_in(&item.mail.subject));
        let journal = self.of_letter.get(&row.id).cloned();
        item.why = journal.unwrap_or_else(|| by_itself(row.kind).to_owned());
        Ok(())
    }
}

/// The reference in a receipt's subject.
fn named_in(subject: &str) -> Option<String> {
    let at = subject.find("FU-")?;
    let reference: String = subject.get(at..)?.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
    FollowUpId::parse(&reference).map(|id| id.to_string())
}

/// Letters that no decision about a case causes.
const BY_THEMSELVES: [(LetterKind, &str); 14] = [
    (LetterKind::DraftSilence, "Draft checks closed without a reply: one neutral mail a manager and day."),
    (LetterKind::WeeklyReport, "It is the morning of the weekly report, or somebody asked for it."),
    (LetterKind::AuthorityHealthReport, "It is the first working day of a month."),
    (LetterKind::HealthReport, "It is the first working day of a month."),
    (LetterKind::AssessmentResult, "Somebody asked for the results of a round."),
    (LetterKind::AssessmentOwn, "Somebody asked for the results of a closed round."),
    (LetterKind::PartnerReceipt, "Answers what the ICB's lead or a provider wrote."),
    (LetterKind::Today, "It is a working-day morning and there is something to say."),
    (LetterKind::Receipt, "Answers what a member of staff wrote."),
    (LetterKind::Status, "Answers what a member of staff wrote."),
    (LetterKind::Help, "Answers what a member of staff wrote."),
    (LetterKind::ReadBack, "Reads a command back that is carried out only after YES."),
    (LetterKind::Alarm, "A mail in a co-ordinator's name failed the sender check; the real owner is told."),
    (LetterKind::Confirm, "A command cannot be proved and has to be confirmed."),
];

fn by_itself(kind: LetterKind) -> &'static str {
    BY_THEMSELVES.iter().find(|(k, _)| *k == kind).map_or("", |(_, why)| why)
}

/// "command CLOSE: FU-… is closed.": what came of it, without the mark of where it was noted.
fn outcome(line: &str) -> String {
    let marks = ["command ", "roles: ", "triage: ", "refused: "];
    let marked = marks.iter().any(|mark| line.starts_with(mark));
    let text = line.split_once(": ").filter(|_| marked).map_or(line, |(_, text)| text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The follow-up whose thread a mail between people belongs to.
async fn named_in_thread(tx: &mut Tx, item: &Item) -> Result<Option<String>> {
    for id in &item.mail.in_reply_to {
        if let Some(follow_up) = tx.thread(id).await?.first() {
            return Ok(Some(follow_up.to_string()));
        }
    }
    Ok(None)
}

async fn of_message(tx: &mut Tx, item: &mut Item) -> Result<()> {
    let Some(row) = tx.message(&message_id(&item.mail.sha256)).await? else {
        "It did not go through the service.".clone_into(&mut item.why);
        item.follow_up = named_in_thread(tx, item).await?;
        return Ok(());
    };
    item.follow_up = row.follow_up;
    item.why = row.story.last().map(|line| outcome(line)).unwrap_or_default();
    item.story = row.story;
    Ok(())
}
