//! The monthly retention run as far as the store goes, and the erasure of one case. Whatever it removes is counted,
//! reported and written down; running it twice removes nothing more.

use super::desk::Desk;
use super::{Engine, random};
use crate::core::calendar::{at_local, local_date};
use crate::core::case::{Case, CaseId};
use crate::core::id::Address;
use crate::core::letter::LetterKind;
use crate::core::retention::{Fate, RetentionRules};
use crate::core::wording::date_words;
use crate::store::{JournalEntry, Removed};
use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, Days, NaiveTime, Utc};
use std::collections::BTreeSet;

/// The hour of the run, local time: nobody writes then.
const HOUR: u32 = 3;

/// What a run came to.
#[derive(Debug, Clone, Default)]
pub struct Retained {
    /// Mails and letters of closed cases.
    pub of_closed: Removed,
    /// Cases of which all was erased.
    pub erased_cases: u64,
    /// Mails without a case.
    pub unmatched: u64,
    /// Copies on the mail server.
    pub server_copies: u64,
    /// Open cases without any event for long, by name, and since when.
    pub stale: Vec<(String, DateTime<Utc>)>,
    /// Cases that a legal hold keeps.
    pub held: Vec<String>,
}

/// What came of an erasure.
#[derive(Debug, Clone)]
pub enum Erasure {
    /// There is no such case.
    Unknown,
    /// It must not be erased, and why.
    Refused(String),
    /// It is gone.
    Done(Proof),
}

/// That a case was erased: what, and the place in the journal that says so.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Proof {
    /// What went.
    pub removed: Removed,
    /// Number of the journal's entry about it.
    pub entry: i64,
    /// Hash of that entry, which seals all before it.
    pub seal: String,
}

impl Engine {
    /// The month's run, when its hour has come and it was not done; `None` when nothing is due.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn retention_due(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
        let zone = self.office().policy.zone;
        let first = local_date(now, zone).with_day(1).unwrap_or_default();
        let due = at_local(first, NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or_default(), zone);
        if now < due {
            return Ok(None);
        }
        let mut tx = self.store().begin().await?;
        let is_done = tx.has_run("retention", due).await?;
        tx.commit().await?;
        Ok((!is_done).then_some(due))
    }

    /// Removes from the store what is held no longer, each case in a transaction of its own.
    ///
    /// # Errors
    /// When the store fails; what was removed stays removed.
    pub async fn retain(&self, rules: &RetentionRules, now: DateTime<Utc>) -> Result<Retained> {
        let mut retained = Retained::default();
        let (mut due, mut held) = (BTreeSet::new(), BTreeSet::new());
        let mut desk = self.desk(now).await?;
        let (cases, last_events) = (desk.tx.all_cases().await?, desk.tx.last_events().await?);
        desk.commit().await?;
        for id in &cases {
            let mut desk = self.desk(now).await?;
            let Some(loaded) = desk.tx.case(id).await? else { continue };
            if loaded.case.register.legal_hold {
                held.insert(id.clone());
            }
            let fate = loaded.case.fate(last_events.get(&id.0).copied(), rules, now);
            settle(&mut desk, &loaded.case, fate, rules, &mut retained).await?;
            if fate == Fate::MailDue {
                due.insert(id.clone());
            }
            desk.commit().await?;
        }
        let mut desk = self.desk(now).await?;
        retained.of_closed.mails += remove_shared(&mut desk, &due).await?;
        retained.unmatched = remove_unmatched(&mut desk, rules, &held).await?;
        desk.commit().await?;
        self.store().scrub().await?;
        Ok(retained)
    }

    /// Tells the SEND managers what a run removed, and notes that it was done.
    ///
    /// # Errors
    /// When the store fails; then the run is done again, and finds nothing left to remove.
    pub async fn report_retention(&self, due: DateTime<Utc>, retained: &Retained, now: DateTime<Utc>) -> Result<()> {
        let mut desk = self.desk(now).await?;
        if !desk.tx.claim_run("retention", due, now).await? {
            return Ok(());
        }
        let sentences = sentences(retained, desk.office.policy.zone);
        tracing::info!(
            mails = retained.of_closed.mails,
            letters = retained.of_closed.letters,
            cases = retained.erased_cases,
            unmatched = retained.unmatched,
            server_copies = retained.server_copies,
            "The retention run is done"
        );
        if !sentences.is_empty() {
            let managers: Vec<Address> = desk.directory.send_managers.iter().map(|m| m.address.clone()).collect();
            for who in &managers {
                let key = format!("retention/{}/{who}", local_date(due, desk.office.policy.zone));
                let mut letter = desk.staff_letter(LetterKind::Retention, key, who, "What was removed this month");
                letter.facts.sentences.clone_from(&sentences);
                desk.send(&letter, None).await?;
            }
        }
        desk.commit().await
    }

    /// Erases a closed case at somebody's demand; a legal hold and an open case refuse it.
    ///
    /// # Errors
    /// When the store fails; then nothing has happened.
    pub async fn erase(&self, id: &CaseId, rules: &RetentionRules, now: DateTime<Utc>) -> Result<Erasure> {
        let mut desk = self.desk(now).await?;
        let Some(loaded) = desk.tx.case(id).await? else { return Ok(Erasure::Unknown) };
        if loaded.case.register.legal_hold {
            return Ok(Erasure::Refused("it is on legal hold; nothing of it may be erased".to_owned()));
        }
        if loaded.case.closed_at().is_none() {
            return Ok(Erasure::Refused("it is open; close its follow-ups, or STOP it, first".to_owned()));
        }
        let removed = erase(&mut desk, &loaded.case, "at an operator's demand", rules).await?;
        let (entry, seal) = desk.tx.journal_seal().await?;
        desk.commit().await?;
        self.store().scrub().await?;
        Ok(Erasure::Done(Proof { removed, entry, seal }))
    }

    /// UIDs of a folder of handled mail of which it is not known yet which mails they are.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn unknown_lying(&self, folder: &str, uid_validity: u32, on_server: &[u32]) -> Result<Vec<u32>> {
        let mut tx = self.store().begin().await?;
        let known = tx.lying_in(folder, uid_validity).await?;
        tx.commit().await?;
        Ok(on_server.iter().copied().filter(|uid| known.binary_search(uid).is_err()).collect())
    }

    /// Notes which mails lie in a folder of handled mail.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_lying(&self, folder: &str, uid_validity: u32, mails: &[(u32, Vec<u8>)]) -> Result<()> {
        let mut tx = self.store().begin().await?;
        for (uid, raw) in mails {
            tx.note_lying(folder, uid_validity, *uid, raw).await?;
        }
        tx.commit().await
    }

    /// UIDs of server copies whose mails were removed here.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn removed_lying(&self, folder: &str, uid_validity: u32) -> Result<Vec<u32>> {
        let mut tx = self.store().begin().await?;
        let removed = tx.lying_in_and_removed(folder, uid_validity).await?;
        tx.commit().await?;
        Ok(removed)
    }

    /// Notes that server copies are gone.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_lying(&self, folder: &str, uid_validity: u32, uids: &[u32]) -> Result<()> {
        let mut tx = self.store().begin().await?;
        tx.forget_lying(folder, uid_validity, uids).await?;
        tx.commit().await
    }
}

async fn settle(
    desk: &mut Desk,
    case: &Case,
    fate: Fate,
    rules: &RetentionRules,
    retained: &mut Retained,
) -> Result<()> {
    match fate {
        Fate::Kept => {}
        Fate::Stale(since) => retained.stale.push((case.label(), since)),
        Fate::OnHold => retained.held.push(case.label()),
        Fate::MailDue => {
            let removed = desk.tx.remove_mail_of(&case.id, desk.now).await?;
            retained.of_closed.mails += removed.mails;
            retained.of_closed.letters += removed.letters;
            if removed != Removed::default() {
                let because = format!(
                    "{} mails and {} letters were removed, {} days after the case was closed.",
                    removed.mails, removed.letters, rules.raw_days
                );
                note(desk, &case.id, "removed", because).await?;
            }
        }
        Fate::AllDue => {
            erase(desk, case, "by the retention rule", rules).await?;
            retained.erased_cases += 1;
        }
    }
    Ok(())
}

async fn erase(desk: &mut Desk, case: &Case, why: &str, rules: &RetentionRules) -> Result<Removed> {
    let Parted { gone, bare, kept } = part_from_others(desk, &case.id, rules).await?;
    desk.tx.remove_unmatched(&gone, desk.now).await?;
    desk.tx.remove_bytes(&bare, desk.now).await?;
    let removed = desk.tx.erase_case(&case.id, desk.now).await?;
    let removed = Removed { mails: removed.mails + (gone.len() + bare.len()) as u64, shared: kept, ..removed };
    let stays = match kept {
        0 => String::new(),
        n => format!(" {n} mails are about other children too and stay with them."),
    };
    let because = format!(
        "Everything that was held was erased {why}: {} mails, {} letters, {} texts of the journal.{stays}",
        removed.mails, removed.letters, removed.texts
    );
    note(desk, &case.id, "erased", because).await?;
    Ok(removed)
}

async fn note(desk: &mut Desk, case: &CaseId, event: &str, because: String) -> Result<()> {
    let entry = JournalEntry {
        at: desk.now,
        case_id: Some(case.0.clone()),
        follow_up: None,
        event: serde_json::json!({ event: { "case": case.0 } }).to_string(),
        because,
        effects: Vec::new(),
        config: desk.office.policy.version.clone(),
        salt: data_encoding::HEXLOWER.encode(&random::<16>()?),
    };
    desk.tx.journal(&entry).await
}

/// Mails about several cases go when it is due of every one of them.
async fn remove_shared(desk: &mut Desk, due: &BTreeSet<CaseId>) -> Result<u64> {
    let shared = desk.tx.shared_mails().await?;
    let ids: Vec<String> =
        shared.into_iter().filter(|(_, cases)| cases.iter().all(|case| due.contains(case))).map(|(id, _)| id).collect();
    desk.tx.remove_bytes(&ids, desk.now).await?;
    Ok(ids.len() as u64)
}

/// What becomes of the mails about an erased case and others.
#[derive(Default)]
struct Parted {
    /// Nothing of them is due to stay: they go, and what was read from them.
    gone: Vec<String>,
    /// Their bytes go; that they were there is due to stay with the others.
    bare: Vec<String>,
    /// They stay with the others.
    kept: u64,
}

/// Each goes as far as its time has come of every other case that it is about. The service's own copies of letters
/// about several cases go, as the bytes of those letters do.
async fn part_from_others(desk: &mut Desk, case: &CaseId, rules: &RetentionRules) -> Result<Parted> {
    let mut parted = Parted::default();
    let copies = desk.tx.shared_copies().await?;
    parted.gone.extend(copies.into_iter().filter(|(_, cases)| cases.contains(case)).map(|(id, _)| id));
    let shared = desk.tx.shared_mails().await?;
    let last_events = desk.tx.last_events().await?;
    for (id, cases) in shared.into_iter().filter(|(_, cases)| cases.contains(case)) {
        let mut fates = Vec::new();
        for other in cases.iter().filter(|other| *other != case) {
            let loaded = desk.tx.case(other).await?;
            let last = last_events.get(&other.0).copied();
            fates.extend(loaded.map(|l| l.case.fate(last, rules, desk.now)));
        }
        if fates.iter().all(|fate| *fate == Fate::AllDue) {
            parted.gone.push(id);
        } else if fates.iter().all(|fate| matches!(fate, Fate::AllDue | Fate::MailDue)) {
            parted.bare.push(id);
        } else {
            parted.kept += 1;
        }
    }
    Ok(parted)
}

/// Mail that never found a case goes, but not while it may belong to a follow-up that is open or on hold.
async fn remove_unmatched(desk: &mut Desk, rules: &RetentionRules, held: &BTreeSet<CaseId>) -> Result<u64> {
    let before =
        desk.now.checked_sub_days(Days::new(rules.unmatched_days.into())).context("Cannot count back so far")?;
    let mut due = Vec::new();
    let copies = desk.tx.shared_copies().await?;
    for mail in desk.tx.unmatched(before).await? {
        let mut is_wanted = copies.get(&mail.id).is_some_and(|cases| cases.iter().any(|case| held.contains(case)));
        for id in &mail.candidates {
            let loaded = desk.tx.case_of(id).await?;
            is_wanted |= loaded.is_some_and(|l| l.case.register.legal_hold || l.case.closed_at().is_none());
        }
        if !is_wanted {
            due.push(mail.id);
        }
    }
    desk.tx.remove_unmatched(&due, desk.now).await?;
    desk.tx.remove_letters_without_case(before, held, desk.now).await?;
    Ok(due.len() as u64)
}

/// The report; empty when there is nothing to tell.
fn sentences(retained: &Retained, zone: chrono_tz::Tz) -> Vec<String> {
    let Retained { of_closed, erased_cases, unmatched, server_copies, stale, held } = retained;
    let mut told = Vec::new();
    let mut say = |count: u64, text: String| {
        if count > 0 {
            told.push(text);
        }
    };
    say(
        of_closed.mails + of_closed.letters,
        format!(
            "Of cases closed long enough ago, {} mails that had come in and {} letters that had gone out were removed.",
            of_closed.mails, of_closed.letters
        ),
    );
    say(*erased_cases, format!("{erased_cases} cases were erased altogether: their time has passed."));
    say(*unmatched, format!("{unmatched} mails that never found a case were removed."));
    say(*server_copies, format!("{server_copies} copies in the folders of the mailbox were deleted."));
    for label in held {
        told.push(format!("{label}: a legal hold keeps what would be due. Say when it has ended."));
    }
    for (label, since) in stale {
        let since = date_words(local_date(*since, zone));
        told.push(format!(
            "{label}: open, and nothing has happened since {since}. Please have it closed, or STOP it, when it is over."
        ));
    }
    told
}
