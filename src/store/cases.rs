//! Cases and their follow-ups: the document, and beside it the rows that are searched and counted.

use super::figures::KeptOfCase;
use super::{Tx, millis, name_of};
use crate::core::case::{Case, CaseId};
use crate::core::follow_up::{Doubt, FollowUp, FollowUpKind, Round};
use crate::core::id::{Address, CaseRef, FollowUpId};
use crate::core::policy::Policy;
use crate::core::register::Contact;
use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use sqlx::Row;

/// A case as read, with the version that the next write must still find.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The case.
    pub case: Case,
    /// Its version; 0 for one that is not stored yet.
    pub version: i64,
}

/// What stands in the place of a hold while they say that it is not theirs to give; the reports ask for it.
const DISPUTED: &str = "disputed";

impl Tx {
    /// The case with this key.
    ///
    /// # Errors
    /// When the database cannot be read or the document is damaged.
    pub async fn case(&mut self, id: &CaseId) -> Result<Option<Loaded>> {
        if let Some(known) = self.read.cases.get(id) {
            return Ok(Some(known.clone()));
        }
        let row = sqlx::query("SELECT body, version FROM case_file WHERE id = $1")
            .bind(&id.0)
            .fetch_optional(self.aside())
            .await
            .context("Cannot read a case")?;
        let Some(loaded) = row.map(|r| loaded(&r)).transpose()? else { return Ok(None) };
        self.remember(loaded.clone());
        Ok(Some(loaded))
    }

    /// The case that holds this follow-up.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn case_of(&mut self, follow_up: &FollowUpId) -> Result<Option<Loaded>> {
        if let Some(id) = self.read.case_of.get(follow_up).cloned() {
            return self.case(&id).await;
        }
        let row = sqlx::query(
            "SELECT c.body, c.version FROM follow_up f JOIN case_file c ON c.id = f.case_id WHERE f.id = $1",
        )
        .bind(follow_up.as_str())
        .fetch_optional(self.aside())
        .await
        .context("Cannot look for a follow-up's case")?;
        let Some(loaded) = row.map(|r| loaded(&r)).transpose()? else { return Ok(None) };
        self.remember(loaded.clone());
        Ok(Some(loaded))
    }

    /// Reads a case again next time, and writes all of it: its rows depend on the calendar, which has changed.
    pub fn forget_case(&mut self, id: &CaseId) {
        self.read.cases.remove(id);
    }

    pub(super) fn remember(&mut self, loaded: Loaded) {
        for follow_up in &loaded.case.follow_ups {
            self.read.case_of.insert(follow_up.id.clone(), loaded.case.id.clone());
        }
        self.read.cases.insert(loaded.case.id.clone(), loaded);
    }

    /// The case with the authority's reference.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn case_by_reference(&mut self, reference: &CaseRef) -> Result<Option<Loaded>> {
        self.case(&CaseId(reference.to_string())).await
    }

    /// Writes a case with its follow-up rows and its contacts' addresses.
    ///
    /// # Errors
    /// When somebody else has written it since it was read, or the database refuses.
    pub async fn save_case(&mut self, case: &Case, version: i64, policy: &Policy) -> Result<()> {
        let body = serde_json::to_string(case).context("Cannot write a case")?;
        let reference = case.reference.as_ref().map(CaseRef::as_str);
        let sql = if version == 0 {
            "INSERT INTO case_file (id, reference, coordinator, version, body, opened_on, requested_on, over, wake_at, final_on, week20, reasons, excepted, reissue_since, told, decided, drafted, notice, notice_on, notice_by_post) VALUES ($1, $2, $3, $5 + 1, $4, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
        } else {
            "UPDATE case_file SET reference = $2, coordinator = $3, body = $4, version = version + 1, opened_on = $6, requested_on = $7, over = $8, wake_at = $9, final_on = $10, week20 = $11, reasons = $12, excepted = $13, reissue_since = $14, told = $15, decided = $16, drafted = $17, notice = $18, notice_on = $19, notice_by_post = $20 WHERE id = $1 AND version = $5"
        };
        let kept = KeptOfCase::of(case);
        let written = sqlx::query(sql)
            .bind(&case.id.0)
            .bind(reference)
            .bind(case.coordinator.as_str())
            .bind(body)
            .bind(version)
            .bind(case.register.opened_on.map(|d| d.to_string()))
            .bind(case.register.requested_on.map(|d| d.to_string()))
            .bind(i64::from(case.register.is_over()))
            .bind(case.wake(policy).map(millis))
            .bind(kept.final_on)
            .bind(kept.week20)
            .bind(kept.reasons)
            .bind(kept.excepted)
            .bind(kept.reissue_since)
            .bind(kept.told)
            .bind(kept.decided)
            .bind(kept.drafted)
            .bind(kept.notice)
            .bind(kept.notice_on)
            .bind(kept.notice_by_post)
            .execute(self.aside())
            .await
            .context("Cannot write a case")?;
        if written.rows_affected() != 1 {
            bail!("The case was changed by another node meanwhile; it is decided again.");
        }
        let before = self.read.cases.get(&case.id).filter(|known| known.version == version).map(|l| l.case.clone());
        for follow_up in &case.follow_ups {
            // A stop takes every time away and gives it back.
            let as_before = before.as_ref().filter(|b| b.register.stop == case.register.stop);
            let was = as_before.and_then(|b| b.follow_up(&follow_up.id));
            self.save_follow_up(case, follow_up, was, policy).await?;
        }
        if before.is_none_or(|b| b.register.contacts != case.register.contacts) {
            self.save_contacts(case).await?;
        }
        self.remember(Loaded { case: case.clone(), version: version + 1 });
        Ok(())
    }

    async fn save_contacts(&mut self, case: &Case) -> Result<()> {
        for address in case.register.contacts.iter().filter_map(Contact::address) {
            sqlx::query("INSERT INTO contact (address, case_id) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(address.as_str())
                .bind(&case.id.0)
                .execute(self.aside())
                .await
                .context("Cannot write a contact")?;
            self.read.contacts.remove(address);
        }
        Ok(())
    }

    /// Cases whose plan is still to come, by key, behind `after`: those whose day of request is recorded.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn awaited_plans(&mut self, after: &str, limit: i64) -> Result<Vec<CaseId>> {
        let rows = sqlx::query(
            "SELECT id FROM case_file WHERE over = 0 AND requested_on IS NOT NULL AND id > $1 ORDER BY id LIMIT $2",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(self.aside())
        .await
        .context("Cannot list plans that are awaited")?;
        case_ids(&rows)
    }

    /// Those of one co-ordinator.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn awaited_plans_of(&mut self, coordinator: &Address) -> Result<Vec<CaseId>> {
        let rows = sqlx::query(
            "SELECT id FROM case_file WHERE coordinator = $1 AND over = 0 AND requested_on IS NOT NULL ORDER BY id",
        )
        .bind(coordinator.as_str())
        .fetch_all(self.aside())
        .await
        .context("Cannot list a co-ordinator's plans")?;
        case_ids(&rows)
    }

    /// Cases in which this address is, or was, a contact.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_of_contact(&mut self, address: &Address) -> Result<Vec<CaseId>> {
        if let Some(known) = self.read.contacts.get(address) {
            return Ok(known.clone());
        }
        let rows = sqlx::query("SELECT case_id FROM contact WHERE address = $1 ORDER BY case_id")
            .bind(address.as_str())
            .fetch_all(self.aside())
            .await
            .context("Cannot look for a contact")?;
        case_ids(&rows)
    }

    /// Writes a follow-up's row and parties; one that has not changed is left alone.
    async fn save_follow_up(
        &mut self,
        case: &Case,
        follow_up: &FollowUp,
        was: Option<&FollowUp>,
        policy: &Policy,
    ) -> Result<()> {
        if was == Some(follow_up) {
            return Ok(());
        }
        if was.is_none_or(|was| who_may_speak(was) != who_may_speak(follow_up)) {
            self.read.parties.clear();
        }
        let round = follow_up.round();
        let first = follow_up.rounds.first();
        sqlx::query(
            "INSERT INTO follow_up (id, case_id, kind, origin, stage, outcome, coordinator, adviser, service, why, agreed, round, level, opened_at, asked_on, original_due, due_on, first_received_at, received_at, ended_at, wake_at, received_on, about, manager_not_copied, hold, not_known_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26) ON CONFLICT (id) DO UPDATE SET kind = $3, origin = $4, stage = $5, outcome = $6, coordinator = $7, adviser = $8, service = $9, why = $10, agreed = $11, round = $12, level = $13, asked_on = $15, original_due = $16, due_on = $17, first_received_at = $18, received_at = $19, ended_at = $20, wake_at = $21, received_on = $22, about = $23, manager_not_copied = $24, hold = $25, not_known_on = $26",
        )
        .bind(follow_up.id.as_str())
        .bind(&case.id.0)
        .bind(name_of(&follow_up.kind)?)
        .bind(name_of(&follow_up.origin)?)
        .bind(name_of(&follow_up.stage)?)
        .bind(follow_up.outcome.as_ref().map(name_of).transpose()?)
        .bind(follow_up.coordinator.as_str())
        .bind(follow_up.adviser.as_ref().map(Address::as_str))
        .bind(follow_up.service.as_deref())
        .bind(round.and_then(|r| r.why.as_deref()))
        .bind(i64::from(follow_up.agreed_with.is_some()))
        .bind(i64::from(round.map_or(0, |r| r.number)))
        .bind(i64::from(round.map_or(0, Round::level)))
        .bind(millis(follow_up.opened_at))
        .bind(first.and_then(|r| r.day_zero).map(|d| d.to_string()))
        .bind(first.and_then(|r| r.original_due).map(|d| d.to_string()))
        .bind(follow_up.due_on().map(|d| d.to_string()))
        .bind(follow_up.first_received().map(millis))
        .bind(follow_up.last_received().map(millis))
        .bind(follow_up.ended_at.map(millis))
        .bind(case.wake_of(follow_up, policy).map(millis))
        .bind(follow_up.received_on(policy.zone).map(|d| d.to_string()))
        .bind(follow_up.about.as_ref().map(FollowUpId::as_str))
        .bind(i64::from(follow_up.manager_not_copied))
        .bind(no_clock(follow_up)?)
        .bind(follow_up.not_known_on.map(|d| d.to_string()))
        .execute(self.aside())
        .await
        .context("Cannot write a follow-up")?;
        self.save_rounds(follow_up, was, policy).await?;
        let parties = |f: &FollowUp| f.adviser.iter().chain(&f.managers).cloned().collect::<Vec<_>>();
        let known = was.map(parties).unwrap_or_default();
        for address in parties(follow_up).iter().filter(|a| !known.contains(a)) {
            sqlx::query("INSERT INTO party (follow_up, address) VALUES ($1, $2) ON CONFLICT DO NOTHING")
                .bind(follow_up.id.as_str())
                .bind(address.as_str())
                .execute(self.aside())
                .await
                .context("Cannot write a party")?;
        }
        Ok(())
    }

    /// Writes the rounds that have changed.
    async fn save_rounds(&mut self, follow_up: &FollowUp, was: Option<&FollowUp>, policy: &Policy) -> Result<()> {
        for (place, round) in follow_up.rounds.iter().enumerate() {
            if was.and_then(|w| w.rounds.get(place)) == Some(round) {
                continue;
            }
            sqlx::query(
                "INSERT INTO follow_up_round (follow_up, number, why, asked_on, original_due, due_on, received_on, level) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (follow_up, number) DO UPDATE SET why = $3, asked_on = $4, original_due = $5, due_on = $6, received_on = $7, level = $8",
            )
            .bind(follow_up.id.as_str())
            .bind(i64::from(round.number))
            .bind(round.why.as_deref())
            .bind(round.day_zero.map(|d| d.to_string()))
            .bind(round.original_due.map(|d| d.to_string()))
            .bind(round.due_on.map(|d| d.to_string()))
            .bind(round.answers().next().map(|r| round.day_of(r.received_at, policy.zone).to_string()))
            .bind(i64::from(round.level()))
            .execute(self.aside())
            .await
            .context("Cannot write a round")?;
        }
        Ok(())
    }

    /// Cases whose own time or that of a follow-up has come, those that have waited longest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_due(&mut self, now: DateTime<Utc>, limit: i64) -> Result<Vec<CaseId>> {
        let rows = sqlx::query(
            "SELECT case_id, MIN(at) AS first FROM (SELECT case_id, wake_at AS at FROM follow_up WHERE wake_at <= $1 UNION ALL SELECT id, wake_at FROM case_file WHERE wake_at <= $1) AS due GROUP BY case_id ORDER BY first LIMIT $2",
        )
        .bind(millis(now))
        .bind(limit)
        .fetch_all(self.aside())
        .await
        .context("Cannot list what is due")?;
        case_ids(&rows)
    }

    /// Cases in which this person is a party of an open follow-up.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_cases_of_party(&mut self, address: &Address) -> Result<Vec<CaseId>> {
        let rows = sqlx::query(
            "SELECT DISTINCT f.case_id FROM follow_up f JOIN party p ON p.follow_up = f.id WHERE p.address = $1 AND f.stage NOT IN ('closed', 'cancelled') ORDER BY f.case_id",
        )
        .bind(address.as_str())
        .fetch_all(self.aside())
        .await
        .context("Cannot list a person's cases")?;
        case_ids(&rows)
    }

    /// Cases in which this person is a party of a follow-up, open or ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_of_party(&mut self, address: &Address) -> Result<Vec<CaseId>> {
        let rows = sqlx::query(
            "SELECT DISTINCT f.case_id FROM follow_up f JOIN party p ON p.follow_up = f.id WHERE p.address = $1 ORDER BY f.case_id",
        )
        .bind(address.as_str())
        .fetch_all(self.aside())
        .await
        .context("Cannot list a person's cases")?;
        case_ids(&rows)
    }

    /// Open follow-ups in which this person is a party.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_follow_ups_of_party(&mut self, address: &Address) -> Result<Vec<FollowUpId>> {
        if let Some(known) = self.read.parties.get(address) {
            return Ok(known.clone());
        }
        let rows = sqlx::query(
            "SELECT f.id FROM follow_up f JOIN party p ON p.follow_up = f.id WHERE p.address = $1 AND f.stage NOT IN ('closed', 'cancelled') ORDER BY f.opened_at, f.id",
        )
        .bind(address.as_str())
        .fetch_all(self.aside())
        .await
        .context("Cannot list a person's follow-ups")?;
        follow_up_ids(&rows)
    }

    /// Cases with an open follow-up of this co-ordinator.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_cases_of_coordinator(&mut self, address: &Address) -> Result<Vec<CaseId>> {
        let rows = sqlx::query(
            "SELECT DISTINCT case_id FROM follow_up WHERE coordinator = $1 AND stage NOT IN ('closed', 'cancelled') ORDER BY case_id",
        )
        .bind(address.as_str())
        .fetch_all(self.aside())
        .await
        .context("Cannot list a co-ordinator's cases")?;
        case_ids(&rows)
    }

    /// Cases that this person owns and that are not over, and those in which an open follow-up is theirs.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_of_owner(&mut self, address: &Address) -> Result<Vec<CaseId>> {
        let rows = sqlx::query(
            "SELECT id FROM case_file WHERE coordinator = $1 AND over = 0 UNION SELECT case_id FROM follow_up WHERE coordinator = $1 AND stage NOT IN ('closed', 'cancelled') ORDER BY 1",
        )
        .bind(address.as_str())
        .fetch_all(self.aside())
        .await
        .context("Cannot list a co-ordinator's cases")?;
        case_ids(&rows)
    }

    /// Registered cases that are not over.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn registered_cases(&mut self) -> Result<Vec<CaseId>> {
        let rows = sqlx::query("SELECT id FROM case_file WHERE opened_on IS NOT NULL AND over = 0 ORDER BY id")
            .fetch_all(self.aside())
            .await
            .context("Cannot list registered cases")?;
        case_ids(&rows)
    }

    /// Cases that are over; whoever asks looks at why.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_over(&mut self) -> Result<Vec<CaseId>> {
        let rows = sqlx::query("SELECT id FROM case_file WHERE over = 1 ORDER BY id")
            .fetch_all(self.aside())
            .await
            .context("Cannot list cases that are over")?;
        case_ids(&rows)
    }

    /// Cases of this co-ordinator with a follow-up that is open or has ended since.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_of_coordinator_since(&mut self, address: &Address, since: DateTime<Utc>) -> Result<Vec<CaseId>> {
        let rows = sqlx::query(
            "SELECT DISTINCT case_id FROM follow_up WHERE coordinator = $1 AND (stage NOT IN ('closed', 'cancelled') OR ended_at >= $2) ORDER BY case_id",
        )
        .bind(address.as_str())
        .bind(millis(since))
        .fetch_all(self.aside())
        .await
        .context("Cannot list a co-ordinator's cases")?;
        case_ids(&rows)
    }

    /// Cases with a follow-up that waits to know who the adviser is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn cases_awaiting_roles(&mut self) -> Result<Vec<CaseId>> {
        let rows =
            sqlx::query("SELECT DISTINCT case_id FROM follow_up WHERE stage = 'awaiting_roles' ORDER BY case_id")
                .fetch_all(self.aside())
                .await
                .context("Cannot list cases that wait for a role")?;
        case_ids(&rows)
    }

    /// All cases with an open follow-up (after a change of the calendar every date is computed again).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn open_cases(&mut self) -> Result<Vec<CaseId>> {
        let rows = sqlx::query(
            "SELECT DISTINCT case_id FROM follow_up WHERE stage NOT IN ('closed', 'cancelled') ORDER BY case_id",
        )
        .fetch_all(self.aside())
        .await
        .context("Cannot list open cases")?;
        case_ids(&rows)
    }
}

pub(super) fn loaded(row: &sqlx::any::AnyRow) -> Result<Loaded> {
    let body: String = row.try_get(0).context("Cannot read a case")?;
    let case = serde_json::from_str(&body).context("A case in the database is damaged")?;
    Ok(Loaded { case, version: row.try_get(1).context("Cannot read a version")? })
}

fn case_ids(rows: &[sqlx::any::AnyRow]) -> Result<Vec<CaseId>> {
    rows.iter().map(|r| r.try_get(0).map(CaseId).context("Cannot read a case's key")).collect()
}

pub(super) fn follow_up_ids(rows: &[sqlx::any::AnyRow]) -> Result<Vec<FollowUpId>> {
    rows.iter().map(|row| follow_up_id(row, 0)).collect()
}

pub(super) fn follow_up_id(row: &sqlx::any::AnyRow, column: usize) -> Result<FollowUpId> {
    let text: String = row.try_get(column).context("Cannot read a reference")?;
    FollowUpId::parse(&text).with_context(|| format!("The database holds a wrong reference '{text}'"))
}

/// What decides whether a follow-up is among the open ones of its parties.
fn who_may_speak(follow_up: &FollowUp) -> (bool, Option<&Address>, &[Address]) {
    (follow_up.stage.is_open(), follow_up.adviser.as_ref(), &follow_up.managers)
}

/// Why no clock of a follow-up runs: what holds it, or that they say it is not theirs to give.
fn no_clock(follow_up: &FollowUp) -> Result<Option<String>> {
    let pause = follow_up.round().and_then(|r| r.pause.as_ref()).filter(|_| follow_up.stage.is_open());
    let disputed = pause.is_some_and(|p| p.doubt == Doubt::NotMine) && follow_up.kind != FollowUpKind::DraftCheck;
    Ok(follow_up.hold.as_ref().map(name_of).transpose()?.or_else(|| disputed.then(|| DISPUTED.to_owned())))
}
