//! What a transaction has read and need not read again, and reading for many mails at once what each of them asks
//! for. Whoever writes one of these tables notes it here too.

use super::Tx;
use super::cases::{Loaded, follow_up_id, loaded};
use super::people::away;
use crate::core::case::CaseId;
use crate::core::follow_up::Away;
use crate::core::id::{Address, FollowUpId};
use anyhow::{Context, Result};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// What this transaction has read or written. On SQLite nobody else writes meanwhile; on PostgreSQL a case's version,
/// and the journal's key, find out when somebody has.
#[derive(Default)]
pub(super) struct Read {
    pub cases: HashMap<CaseId, Loaded>,
    pub case_of: HashMap<FollowUpId, CaseId>,
    pub journal_end: Option<(i64, String)>,
    pub marks: HashMap<String, Option<String>>,
    pub absences: HashMap<Address, Option<Away>>,
    pub contacts: HashMap<Address, Vec<CaseId>>,
    /// Open follow-ups by party.
    pub parties: HashMap<Address, Vec<FollowUpId>>,
    pub aliases: HashMap<String, Option<String>>,
    pub threads: HashMap<String, Vec<FollowUpId>>,
    pub roots: HashMap<FollowUpId, Option<String>>,
    /// Message-IDs that no settled message has.
    pub unseen: HashSet<String>,
    /// Follow-ups that no message counts for.
    pub unanswered: HashSet<FollowUpId>,
}

/// What mails that are taken up together will ask for.
#[derive(Debug, Clone, Default)]
pub struct Foreseen {
    /// Who wrote them.
    pub authors: Vec<Address>,
    /// Their own Message-IDs.
    pub header_ids: Vec<String>,
    /// Message-IDs that they refer to.
    pub references: Vec<String>,
    /// Follow-ups that they may belong to.
    pub follow_ups: Vec<FollowUpId>,
}

/// How many keys one statement looks for: a few sizes, so that each is prepared once.
const SIZES: [usize; 2] = [8, 64];

impl Tx {
    /// Reads what these mails will ask for, by a few statements for all of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn foresee(&mut self, mails: &Foreseen) -> Result<()> {
        let authors = keys(&mails.authors, Address::as_str);
        let header_ids = keys(&mails.header_ids, String::as_str);
        let references = keys(&mails.references, String::as_str);
        self.foresee_people(&mails.authors, &authors).await?;
        self.foresee_threads(mails, &header_ids, &references).await?;
        let rows = self.of("SELECT DISTINCT header_id FROM message WHERE header_id IN", "", &header_ids).await?;
        let seen: HashSet<String> = texts(&rows)?.into_iter().collect();
        self.read.unseen.extend(mails.header_ids.iter().filter(|id| !seen.contains(*id)).cloned());
        self.foresee_follow_ups(&mails.follow_ups).await
    }

    async fn foresee_people(&mut self, authors: &[Address], keys: &[&str]) -> Result<()> {
        let rows = self.of("SELECT address, until, contact FROM absence WHERE address IN", "", keys).await?;
        let found = by_key(&rows, address, |row, who| away(row, 1, who))?;
        fill(&mut self.read.absences, authors, |who| found.get(who).and_then(|all| all.first().cloned()));

        let rows = self.of("SELECT address, case_id FROM contact WHERE address IN", " ORDER BY case_id", keys).await?;
        let mut found = by_key(&rows, address, |row, _| Ok(CaseId(text(row, 1)?)))?;
        fill(&mut self.read.contacts, authors, |who| found.remove(who).unwrap_or_default());

        let rows = self
            .of(
                "SELECT p.address, f.id FROM follow_up f JOIN party p ON p.follow_up = f.id WHERE f.stage NOT IN ('closed', 'cancelled') AND p.address IN",
                " ORDER BY f.opened_at, f.id",
                keys,
            )
            .await?;
        let mut found = by_key(&rows, address, |row, _| follow_up_id(row, 1))?;
        fill(&mut self.read.parties, authors, |who| found.remove(who).unwrap_or_default());
        Ok(())
    }

    async fn foresee_threads(&mut self, mails: &Foreseen, header_ids: &[&str], references: &[&str]) -> Result<()> {
        let rows = self.of("SELECT message_id, letter FROM alias WHERE message_id IN", "", references).await?;
        let mut found = by_key(&rows, |row| text(row, 0), |row, _| text(row, 1))?;
        fill(&mut self.read.aliases, &mails.references, |id| found.remove(id).and_then(|mut all| all.pop()));

        let mut all = header_ids.to_vec();
        all.extend(references.iter().filter(|id| !header_ids.contains(id)));
        let rows = self
            .of("SELECT message_id, follow_up FROM thread WHERE message_id IN", " ORDER BY follow_up", &all)
            .await?;
        let mut found = by_key(&rows, |row| text(row, 0), |row, _| follow_up_id(row, 1))?;
        let ids: Vec<String> = all.into_iter().map(ToOwned::to_owned).collect();
        fill(&mut self.read.threads, &ids, |id| found.remove(id).unwrap_or_default());
        Ok(())
    }

    async fn foresee_follow_ups(&mut self, ids: &[FollowUpId]) -> Result<()> {
        let keys = keys(ids, FollowUpId::as_str);
        let rows = self
            .of(
                "SELECT body, version FROM case_file WHERE id IN (SELECT case_id FROM follow_up WHERE id IN",
                ")",
                &keys,
            )
            .await?;
        for row in &rows {
            self.remember(loaded(row)?);
        }
        self.foresee_roots(ids).await?;
        let rows = self.of("SELECT DISTINCT follow_up FROM message WHERE follow_up IN", "", &keys).await?;
        let answered: HashSet<String> = texts(&rows)?.into_iter().collect();
        self.read.unanswered.extend(ids.iter().filter(|id| !answered.contains(id.as_str())).cloned());
        Ok(())
    }

    async fn foresee_roots(&mut self, ids: &[FollowUpId]) -> Result<()> {
        let keys = keys(ids, FollowUpId::as_str);
        let rows =
            self.of("SELECT follow_up, message_id FROM thread WHERE follow_up IN", " ORDER BY place", &keys).await?;
        let mut found = by_key(&rows, |row| follow_up_id(row, 0), |row, _| text(row, 1))?;
        fill(&mut self.read.roots, ids, |id| found.remove(id).and_then(|all| all.into_iter().next()));
        Ok(())
    }

    /// Reads cases that are taken up together, and the roots of their threads.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn foresee_cases(&mut self, ids: &[CaseId]) -> Result<()> {
        let keys: Vec<&str> = ids.iter().map(|id| id.0.as_str()).collect();
        let rows = self.of("SELECT body, version FROM case_file WHERE id IN", "", &keys).await?;
        let mut follow_ups = Vec::new();
        for row in &rows {
            let loaded = loaded(row)?;
            follow_ups.extend(loaded.case.follow_ups.iter().map(|follow_up| follow_up.id.clone()));
            self.remember(loaded);
        }
        self.foresee_roots(&follow_ups).await
    }

    /// The bytes of stored mails, by their ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn raws(&mut self, ids: &[&str]) -> Result<HashMap<String, Vec<u8>>> {
        let rows = self.of("SELECT message, raw FROM message_raw WHERE message IN", "", ids).await?;
        let bytes = |row: &AnyRow| row.try_get(1).context("Cannot read a message's bytes");
        rows.iter().map(|row| Ok((text(row, 0)?, bytes(row)?))).collect()
    }

    /// Rows for any of these keys; the statement's list of keys stands between its two parts.
    async fn of(&mut self, before: &str, behind: &str, keys: &[&str]) -> Result<Vec<AnyRow>> {
        let mut all = Vec::new();
        let [few, many] = SIZES;
        for keys in keys.chunks(many) {
            let size = if keys.len() <= few { few } else { many };
            let list = (1..=size).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
            let mut query = sqlx::query(AssertSqlSafe(format!("{before} ({list}){behind}")));
            // The last key fills the places that are left.
            for key in keys.iter().chain(std::iter::repeat(keys.last().unwrap_or(&""))).take(size) {
                query = query.bind(*key);
            }
            all.extend(query.fetch_all(self.conn().await?).await.context("Cannot read for several mails")?);
        }
        Ok(all)
    }
}

/// Each key once.
fn keys<T>(all: &[T], text: fn(&T) -> &str) -> Vec<&str> {
    let mut seen = HashSet::new();
    all.iter().map(text).filter(|key| seen.insert(*key)).collect()
}

fn by_key<K: Eq + Hash, V>(
    rows: &[AnyRow],
    key: impl Fn(&AnyRow) -> Result<K>,
    value: impl Fn(&AnyRow, &K) -> Result<V>,
) -> Result<HashMap<K, Vec<V>>> {
    let mut found: HashMap<K, Vec<V>> = HashMap::new();
    for row in rows {
        let key = key(row)?;
        let value = value(row, &key)?;
        found.entry(key).or_default().push(value);
    }
    Ok(found)
}

/// Notes what was found for each key that is not known yet: what was written meanwhile is known better.
fn fill<K: Clone + Eq + Hash, V>(known: &mut HashMap<K, V>, keys: &[K], mut found: impl FnMut(&K) -> V) {
    for key in keys {
        if !known.contains_key(key) {
            let value = found(key);
            known.insert(key.clone(), value);
        }
    }
}

fn text(row: &AnyRow, column: usize) -> Result<String> {
    row.try_get(column).context("Cannot read a text")
}

fn texts(rows: &[AnyRow]) -> Result<Vec<String>> {
    rows.iter().map(|row| text(row, 0)).collect()
}

fn address(row: &AnyRow) -> Result<Address> {
    Address::parse(&text(row, 0)?).context("The database holds a wrong address")
}
