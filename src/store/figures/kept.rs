//! What stands beside a case for the reports: written with the case, in the same statement.

use crate::core::case::Case;
use crate::core::case::CaseId;
use crate::core::family::{Notice, NoticeState};
use crate::core::register::{Channel, NoteKind, Phase};
use crate::core::timescale::{Level, Outlook};
use crate::store::Tx;
use anyhow::{Context, Result};

/// What the reports count of a case.
pub(in crate::store) struct KeptOfCase {
    pub final_on: Option<String>,
    pub week20: i64,
    pub reasons: i64,
    pub excepted: i64,
    pub reissue_since: Option<String>,
    pub told: Option<String>,
    pub decided: i64,
    pub drafted: i64,
    pub notice: Option<&'static str>,
    pub notice_on: Option<String>,
    pub notice_by_post: i64,
}

impl KeptOfCase {
    pub fn of(case: &Case) -> Self {
        let register = &case.register;
        let excepted = register.exemptions.iter().filter(|e| e.phase == Phase::Advice).count();
        let narratives = register.notes.iter().filter(|n| n.kind == NoteKind::Narrative).count();
        let notice = register.family.notices.last();
        Self {
            final_on: register.final_on.map(|d| d.to_string()),
            week20: i64::from(!register.exemptions.is_empty()),
            reasons: i64::try_from(excepted + narratives).unwrap_or(i64::MAX),
            excepted: i64::try_from(excepted).unwrap_or(i64::MAX),
            reissue_since: register.reissue_since.map(|d| d.to_string()),
            told: register.last_told().map(|t| t.date.to_string()),
            decided: i64::from(!register.rulings.is_empty()),
            drafted: i64::from(register.issued_draft().is_some()),
            notice: notice.map(|n| state_name(n.state)),
            notice_on: notice.map(|n| n.on.to_string()),
            notice_by_post: i64::from(notice.is_some_and(|n| waits_for_post(case, n))),
        }
    }
}

fn state_name(state: NoticeState) -> &'static str {
    match state {
        NoticeState::Waiting { .. } => "waiting",
        NoticeState::Held(_) => "held",
        NoticeState::Leaving { .. } => "leaving",
        NoticeState::Told => "told",
        NoticeState::Never => "never",
        NoticeState::Withdrawn => "withdrawn",
    }
}

/// Whether somebody who gets post is still to be told.
fn waits_for_post(case: &Case, notice: &Notice) -> bool {
    let alive = matches!(notice.state, NoticeState::Leaving { .. } | NoticeState::Told);
    let by_post = case.register.contacts.iter().filter(|c| c.channel == Channel::Post && !c.do_not_contact);
    alive
        && by_post.map(|c| &c.name).any(|name| notice.to.contains(name) && !notice.told.iter().any(|t| t.name == *name))
}

impl Tx {
    /// Notes how an evaluation found a case; writes only what has changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn note_outlook(&mut self, case: &CaseId, outlook: &Outlook) -> Result<()> {
        let level = match outlook.level {
            Level::OnTrack => "on_track",
            Level::AtRisk => "at_risk",
            Level::WillSlip => "will_slip",
            Level::Late => "late",
        };
        sqlx::query(
            "UPDATE case_file SET outlook = $2, expected_on = $3 WHERE id = $1 AND (outlook IS NULL OR outlook <> $2 OR expected_on IS NULL OR expected_on <> $3)",
        )
        .bind(&case.0)
        .bind(level)
        .bind(outlook.expected.final_plan.on.to_string())
        .execute(self.aside())
        .await
        .context("Cannot note how a case stands")?;
        Ok(())
    }
}
