//! What a letter to one member of a family says: their name, the dates, the reason in general terms, the lines that
//! operators have written.

use super::super::Work;
use crate::core::family::Notice;
use crate::core::letter::NoticeFacts;
use crate::core::notice::{Limit, NoticeKind};
use crate::core::policy::NoticeSignature;
use crate::core::register::{Contact, ContactRole, Phase};
use crate::core::timescale::{Awaited, Level, PlanDraft, Progress, Reissue, Standing, outlook_of, progress};
use chrono::NaiveDate;

/// Weeks after the limit from which the ombudsman is named.
const LONG_LATE_DAYS: i64 = 28;

const SENDIASS: &str =
    "You can get help from SENDIASS, the local information, advice and support service. It is free and impartial.";
const COMPLAINTS: &str =
    "You can complain to the council about the delay. Just answer this e-mail and say that it is a complaint.";
const COMPLAINTS_BY_POST: &str =
    "You can complain to the council about the delay. Just ring us or write to us, and say that it is a complaint.";
const FORMATS: &str =
    "Do you need this letter in another language, in large print or as Easy Read? Please tell us and we will help.";
const STILL_TO_COMMENT: &str = "You will get the draft plan first. Then you have at least 15 days to tell us what you think of it. That right has not changed.";
const HAS_DRAFT: &str = "Your right to tell us what you think of the draft plan has not changed.";
const TO_BE_TOLD: &str = "When we have decided, we will tell you what we decided and why.";
const NEW_DRAFT: &str = "You will get the changed draft plan. Then you have at least 15 days again to tell us what you think of it. That right has not changed.";

impl Work<'_> {
    /// The facts of a notice for one contact.
    pub(super) fn notice_facts(&self, notice: &Notice, contact: &Contact) -> NoticeFacts {
        let policy = self.rules.policy;
        let today = self.rules.today();
        let limit = self.due(notice.limit).map(|due| due.legal_due);
        let progress = progress(&self.case, today, policy);
        let is_of_plan = notice.limit == Limit::FinalPlan;
        let (why, doing) = if is_of_plan { reason(notice, progress.as_ref()) } else { undecided() };
        NoticeFacts {
            letter: match self.kind_for(notice, contact) {
                NoticeKind::First | NoticeKind::Revision(_) => "parent_notice".to_owned(),
                NoticeKind::Update => "parent_update".to_owned(),
            },
            requested_on: self.case.register.requested_on,
            step: step(notice.limit).to_owned(),
            weeks: policy.timescales.week_of(notice.limit),
            limit,
            is_late: notice.level == Level::Late,
            is_long_late: limit.is_some_and(|l| today.signed_duration_since(l).num_days() > LONG_LATE_DAYS),
            date: self.stands(notice).then_some(notice.date),
            told_before: self.told_before(notice, contact),
            why,
            doing,
            exemption: self.exemption(notice.limit),
            comments: if is_of_plan { comments(progress.as_ref()) } else { TO_BE_TOLD }.to_owned(),
            ..self.family_facts(contact)
        }
    }

    /// The sort of letter for one contact: nothing is "still" expected by somebody who has been told nothing yet. Without
    /// a date that holds there is nothing to tell them but that.
    pub(super) fn kind_for(&self, notice: &Notice, contact: &Contact) -> NoticeKind {
        let knows = self.case.register.told.iter().any(|told| told.to == contact.name);
        if notice.kind == NoticeKind::Update && notice.limit == Limit::FinalPlan && self.stands(notice) && !knows {
            return NoticeKind::First;
        }
        notice.kind
    }

    /// Whether the date can still be said: an update is written too while nobody has found the words for a new one.
    fn stands(&self, notice: &Notice) -> bool {
        let today = self.rules.today();
        let expected = outlook_of(&self.case, today, self.rules.policy).map(|o| o.expected.final_plan.on);
        let holds = notice.date > today && expected.is_none_or(|expected| expected <= notice.date);
        notice.kind != NoticeKind::Update || holds
    }

    /// The date that this contact was told last, when this letter tells another, or none: what one parent was told is
    /// nothing that another has read.
    fn told_before(&self, notice: &Notice, contact: &Contact) -> Option<NaiveDate> {
        let before = match notice.limit {
            Limit::FinalPlan => {
                let told = self.case.register.told.iter().filter(|told| told.to == contact.name);
                told.max_by_key(|told| told.told_on).map(|told| told.date)
            }
            Limit::Decision | Limit::NoPlan => {
                let earlier = self.case.register.family.notices.iter().filter(|n| n.limit == notice.limit);
                let has_it = |n: &&Notice| n.number < notice.number && n.told.iter().any(|t| t.name == contact.name);
                earlier.filter(has_it).map(|n| n.date).next_back()
            }
        };
        before.filter(|&date| date != notice.date || !self.stands(notice))
    }

    /// The facts that every letter to this contact shares.
    pub(super) fn family_facts(&self, contact: &Contact) -> NoticeFacts {
        let parents = &self.rules.policy.parents;
        let directory = self.rules.directory;
        let coordinator = &self.case.coordinator;
        let line = |name: &str, usual: &str| parents.lines.get(name).map_or(usual, String::as_str).to_owned();
        let is_by_post = contact.address().is_none();
        let own_phone = directory.coordinator(coordinator).and_then(|c| c.phone.clone());
        let (contact_name, signed) = match parents.sign_as {
            NoticeSignature::Coordinator => (directory.name_of(coordinator), directory.name_of(coordinator)),
            NoticeSignature::Team => ("the SEND team".to_owned(), String::new()),
        };
        NoticeFacts {
            subject: parents.subject.clone(),
            salutation: contact.name.clone(),
            whose: self.whose(contact),
            is_by_post,
            is_young_person: contact.role == ContactRole::YoungPerson,
            contact: contact_name,
            phone: parents.lines.get("phone").cloned().or(own_phone).unwrap_or_default(),
            hours: self.rules.policy.office_hours.words(),
            sendiass: line("sendiass", SENDIASS),
            complaints: line("complaints", if is_by_post { COMPLAINTS_BY_POST } else { COMPLAINTS }),
            resolution: line("resolution", ""),
            formats: line("formats", FORMATS),
            signed,
            ..NoticeFacts::default()
        }
    }

    fn whose(&self, contact: &Contact) -> String {
        match (contact.role, &self.case.register.first_name) {
            (ContactRole::YoungPerson, _) => "your".to_owned(),
            (ContactRole::Parent | ContactRole::Representative, Some(name)) => format!("{name}'s"),
            (ContactRole::Parent, None) => "your child's".to_owned(),
            (ContactRole::Representative, None) => "the".to_owned(),
        }
    }

    /// The recorded exemption in plain words (CoP 9.43). The narrative stays inside: it is for the return.
    fn exemption(&self, limit: Limit) -> String {
        let recorded = self.case.register.exemptions.iter().rev().find(|e| e.phase == Phase::of(limit));
        let Some(ground) = recorded.map(|e| plain_ground(&e.ground)) else { return String::new() };
        let (regulation, what) = match limit {
            Limit::Decision => ("5(4)", "decide"),
            Limit::NoPlan => ("10(4)", "decide"),
            Limit::FinalPlan => ("13(3)", "finish the plan"),
        };
        format!(
            "The law says that we do not have to meet the date when {ground}. We have recorded that this is so. It is called an exemption (regulation {regulation} of the SEND Regulations 2014). We still have to {what} as soon as we can."
        )
    }
}

/// The name of the step in templates.
fn step(limit: Limit) -> &'static str {
    match limit {
        Limit::Decision => "decision",
        Limit::NoPlan => "no_plan",
        Limit::FinalPlan => "plan",
    }
}

/// Why a decision is late, and what is being done: nothing of it says how it will turn out.
fn undecided() -> (String, String) {
    ("There are still steps to take before we can decide.".to_owned(), "We are working on them.".to_owned())
}

/// The four grounds of regulation 10(4), by the word that tells them apart.
fn plain_ground(recorded: &str) -> &'static str {
    let lower = recorded.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if has(&["early", "nursery", "10(4)(b)"]) {
        "a nursery or other early years place is closed for four weeks or more, so that it cannot send us its advice"
    } else if has(&["school", "closed", "closure", "10(4)(a)"]) {
        "a school is closed for four weeks or more, so that it cannot send us its advice"
    } else if has(&["absen", "away", "area", "10(4)(d)"]) {
        "a family is away from the area for four weeks or more"
    } else {
        "there are exceptional personal circumstances"
    }
}

/// Why, and what is being done: as the co-ordinator wrote it, else what the case waits for, in general terms.
fn reason(notice: &Notice, progress: Option<&Progress>) -> (String, String) {
    let said = |why: &str, doing: &str| (why.to_owned(), doing.to_owned());
    if let Some(words) = &notice.words {
        return said(words, "");
    }
    let Some(progress) = progress else {
        return said("There are still steps to take before the plan is ready.", "We are working on them.");
    };
    match progress.draft {
        PlanDraft::Unwritten if progress.awaited.is_empty() => {
            said("There are still steps to take before the plan is ready.", "We are working on them.")
        }
        PlanDraft::Unwritten if progress.awaited.iter().any(is_asked_for) => said(
            "We are waiting for more information from a service that gives us advice. We need it so that the plan is right.",
            "We have asked for it, and we check every working day whether it has come.",
        ),
        PlanDraft::Unwritten if progress.awaited.iter().any(|a| a.standing == Standing::NotAsked) => said(
            "We are still collecting the information that we need. We need it so that the plan is right.",
            "We are working on it now.",
        ),
        PlanDraft::Unwritten => {
            said("We are still writing the draft plan. We want it to be right.", "We are working on it now.")
        }
        PlanDraft::Written => said(
            "We have written the draft plan and are checking it. We want it to be right.",
            "We are doing this now.",
        ),
        PlanDraft::Issued { reissue: Reissue::Pending, .. } => {
            said("We are changing the draft plan so that it is right.", "We are doing this now.")
        }
        PlanDraft::Issued { reissue: Reissue::None, .. } => said(
            "You have the draft plan. There are still steps to take before we can make it final.",
            "We are working on them now.",
        ),
    }
}

fn is_asked_for(awaited: &Awaited) -> bool {
    matches!(awaited.standing, Standing::Due(_))
}

fn comments(progress: Option<&Progress>) -> &'static str {
    match progress.map(|p| p.draft) {
        Some(PlanDraft::Issued { reissue: Reissue::Pending, .. }) => NEW_DRAFT,
        Some(PlanDraft::Issued { reissue: Reissue::None, .. }) => HAS_DRAFT,
        Some(PlanDraft::Unwritten | PlanDraft::Written) | None => STILL_TO_COMMENT,
    }
}
