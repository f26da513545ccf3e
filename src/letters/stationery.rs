//! What all letters share: the authority, the service's addresses, the signing key, the templates.

use crate::core::id::{Address, FollowUpId};
use crate::core::letter::LetterKind;
use crate::core::policy::{Authority, Mode, Modes};
use crate::core::token::TokenKey;
use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use std::collections::BTreeMap;

/// The service's paper and envelopes.
#[derive(Debug, Clone)]
pub struct Stationery {
    /// The authority whose name letters carry.
    pub authority: Authority,
    /// The service's mailbox; tokens are details of it.
    pub mailbox: Address,
    /// The address from which letters come (`outbound.from`).
    pub from: Address,
    /// Signs tokens and Message-IDs.
    pub key: TokenKey,
    /// Which letters leave.
    pub mode: Modes,
    /// Where letters to people outside go in shadow mode.
    pub shadow_to: Option<Address>,
    /// Whether the own mailbox gets a copy of each letter, so that it shows whether the relay took it.
    pub copies: Copies,
    /// Put before the fixed subject in an escalation.
    pub escalation_prefix: String,
    templates: Environment<'static>,
}

/// Whether the own mailbox gets copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copies {
    /// A copy of each letter, for SMTP.
    Kept,
    /// None: a Maildir shows what it took.
    None,
}

/// Built-in wording.
fn built_in(kind: LetterKind) -> &'static str {
    match kind {
        LetterKind::Request => include_str!("templates/request.txt"),
        LetterKind::Logged => include_str!("templates/logged.txt"),
        LetterKind::Reminder => include_str!("templates/reminder.txt"),
        LetterKind::Escalation => include_str!("templates/escalation.txt"),
        LetterKind::Responsible => include_str!("templates/responsible.txt"),
        LetterKind::StandDown => include_str!("templates/stand_down.txt"),
        LetterKind::MissingFile => include_str!("templates/missing_file.txt"),
        LetterKind::NewDue => include_str!("templates/new_due.txt"),
        LetterKind::AdviceRequest => include_str!("templates/advice_request.txt"),
        LetterKind::AdviceLogged => include_str!("templates/advice_logged.txt"),
        LetterKind::AdviceReminder => include_str!("templates/advice_reminder.txt"),
        LetterKind::Overdue => include_str!("templates/overdue.txt"),
        LetterKind::NotKnown => include_str!("templates/not_known.txt"),
        LetterKind::RequestStands => include_str!("templates/request_stands.txt"),
        LetterKind::DraftCheck => include_str!("templates/draft_check.txt"),
        LetterKind::DraftLogged => include_str!("templates/draft_logged.txt"),
        LetterKind::DraftSilence => include_str!("templates/draft_silence.txt"),
        LetterKind::DraftUnread => include_str!("templates/draft_unread.txt"),
        LetterKind::FeedbackPointer => include_str!("templates/feedback_pointer.txt"),
        LetterKind::Breach => include_str!("templates/breach.txt"),
        LetterKind::EarlyNotice => include_str!("templates/early_notice.txt"),
        LetterKind::ReviewNotice => include_str!("templates/review_notice.txt"),
        LetterKind::CaseNotice => include_str!("templates/case_notice.txt"),
        LetterKind::ParentNotice => include_str!("templates/parent_notice.txt"),
        LetterKind::ParentUpdate => include_str!("templates/parent_update.txt"),
        LetterKind::ParentAcknowledgement => include_str!("templates/parent_acknowledgement.txt"),
        LetterKind::Preview => include_str!("templates/preview.txt"),
        LetterKind::ParentMail => include_str!("templates/parent_mail.txt"),
        LetterKind::PostLetter => include_str!("templates/post_letter.txt"),
        LetterKind::FamilyQuestion => include_str!("templates/family_question.txt"),
        LetterKind::AssessmentForm => include_str!("templates/assessment_form.txt"),
        LetterKind::AssessmentReminder => include_str!("templates/assessment_reminder.txt"),
        LetterKind::AssessmentReceipt => include_str!("templates/assessment_receipt.txt"),
        LetterKind::AssessmentNotice => include_str!("templates/assessment_notice.txt"),
        LetterKind::AssessmentAction => include_str!("templates/assessment_action.txt"),
        LetterKind::AssessmentResult | LetterKind::AssessmentOwn => include_str!("templates/assessment_result.txt"),
        LetterKind::PartnerReceipt => include_str!("templates/partner_receipt.txt"),
        LetterKind::Answer => include_str!("templates/answer.txt"),
        LetterKind::Notice => include_str!("templates/notice.txt"),
        LetterKind::RolesQuestion => include_str!("templates/roles_question.txt"),
        LetterKind::Today => include_str!("templates/today.txt"),
        LetterKind::Receipt => include_str!("templates/receipt.txt"),
        LetterKind::ReadBack => include_str!("templates/read_back.txt"),
        LetterKind::Status => include_str!("templates/status.txt"),
        LetterKind::Help => include_str!("templates/help.txt"),
        LetterKind::Alarm | LetterKind::SendingStopped => include_str!("templates/alarm.txt"),
        LetterKind::Retention => include_str!("templates/retention.txt"),
        LetterKind::WeeklyReport | LetterKind::AuthorityHealthReport | LetterKind::HealthReport => {
            include_str!("templates/report.txt")
        }
        LetterKind::Confirm => include_str!("templates/confirm.txt"),
    }
}

/// What a [`Stationery`] is made from.
#[derive(Debug, Clone)]
pub struct StationerySettings {
    /// The authority whose name letters carry.
    pub authority: Authority,
    /// The service's mailbox.
    pub mailbox: Address,
    /// The address from which letters come.
    pub from: Address,
    /// Signs tokens and Message-IDs.
    pub key: TokenKey,
    /// Which letters leave.
    pub mode: Modes,
    /// Where letters to people outside go in shadow mode.
    pub shadow_to: Option<Address>,
    /// Whether the own mailbox gets a copy of each letter.
    pub copies: Copies,
    /// Put before the fixed subject in an escalation.
    pub escalation_prefix: String,
}

impl Stationery {
    /// Takes the templates, an override before the built-in one, and tries each with sample facts, so that a wrong
    /// variable is found at start and not at three in the morning. `overrides` are texts by the name of their sort.
    ///
    /// # Errors
    /// When a template is wrong or does not render.
    pub fn new(settings: StationerySettings, overrides: &BTreeMap<String, String>) -> Result<Self> {
        let (made, faults) = Self::with_templates(settings, overrides);
        let faults: Vec<String> = faults.iter().map(|(kind, what)| format!("{}.txt: {what}", kind.name())).collect();
        ensure!(faults.is_empty(), "The texts of letters do not hold: {}", faults.join("; "));
        Ok(made)
    }

    fn with_templates(
        settings: StationerySettings,
        overrides: &BTreeMap<String, String>,
    ) -> (Self, Vec<TemplateFault>) {
        let mut templates = Environment::new();
        let mut faults = Vec::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        templates.set_auto_escape_callback(|_| AutoEscape::None);
        templates.set_fuel(Some(200_000));
        templates.add_filter("date", date_filter);
        templates.add_filter("quoted", quoted);
        for &kind in LetterKind::ALL {
            let source = overrides.get(kind.name()).map_or(built_in(kind), String::as_str).to_owned();
            if let Err(error) = templates.add_template_owned(kind.name(), source) {
                faults.push((kind, error.to_string()));
            }
        }
        let StationerySettings { authority, mailbox, from, key, mode, shadow_to, copies, escalation_prefix } = settings;
        let made = Self { authority, mailbox, from, key, mode, shadow_to, copies, escalation_prefix, templates };
        let sound = LetterKind::ALL.iter().filter(|kind| faults.iter().all(|(faulty, _)| faulty != *kind));
        let more: Vec<TemplateFault> = sound
            .filter_map(|&kind| Some((kind, super::compose::try_template(&made, kind).err()?)))
            .map(|(kind, error)| (kind, format!("{:#}", error.root_cause())))
            .collect();
        faults.extend(more);
        (made, faults)
    }

    /// The names that a template prints and that the facts do not know, on whatever branch they stand.
    pub(super) fn unknown_names(&self, kind: LetterKind, facts: &minijinja::Value) -> Vec<String> {
        let Ok(template) = self.templates.get_template(kind.name()) else { return Vec::new() };
        let is_unknown = |path: &String| {
            if self.templates.globals().any(|(name, _)| name == path) {
                return false;
            }
            let found = path.split('.').try_fold(facts.clone(), |value, name| value.get_attr(name).ok());
            found.is_none_or(|value| value.is_undefined())
        };
        let mut unknown: Vec<String> = template.undeclared_variables(true).into_iter().filter(is_unknown).collect();
        unknown.sort();
        unknown
    }

    pub(super) fn render(&self, kind: LetterKind, facts: minijinja::Value) -> Result<String> {
        let template = self.templates.get_template(kind.name()).context("Cannot find a template")?;
        template.render(facts).with_context(|| format!("Cannot render the template {}.txt", kind.name()))
    }

    /// The address by which an answer about a follow-up is known.
    pub fn follow_up_address(&self, id: &FollowUpId) -> Address {
        self.mailbox.with_detail(&self.key.follow_up_token(id))
    }

    /// The address by which an answer to one letter is known.
    pub fn letter_address(&self, letter: &str) -> Address {
        self.mailbox.with_detail(&self.key.letter_token(letter))
    }

    /// What the subject of a letter to a family holds instead of the authority's reference, which tells a reader of
    /// the subject alone what it is about (`domain.md` 5.3): eight characters that only the key connects with the case.
    pub fn family_reference(&self, case_reference: &str) -> String {
        let id = self.key.letter_id(&format!("{case_reference}/family"));
        let body: Vec<char> = id.trim_start_matches("LTR-").chars().take(8).collect();
        let (first, second) = body.split_at(body.len().min(4));
        format!("{}-{}", first.iter().collect::<String>(), second.iter().collect::<String>())
    }

    /// Where the own copy of a letter goes.
    pub fn copy_address(&self, letter: &str) -> Address {
        self.mailbox.with_detail(&format!("copy-{}", letter.to_lowercase()))
    }
}

/// A sort of letter whose text does not hold, and why.
pub type TemplateFault = (LetterKind, String);

/// What is wrong with texts of operators, whatever else is configured; every fault at once.
pub fn template_faults(overrides: &BTreeMap<String, String>) -> Vec<TemplateFault> {
    let Some(mailbox) = Address::parse("followups@council.example") else { return Vec::new() };
    let settings = StationerySettings {
        authority: Authority { name: "Example County Council".to_owned(), short_name: "Example".to_owned() },
        from: mailbox.clone(),
        mailbox,
        key: TokenKey::new(b"signs nothing"),
        mode: Mode::Shadow.into(),
        shadow_to: None,
        copies: Copies::None,
        escalation_prefix: String::new(),
    };
    Stationery::with_templates(settings, overrides).1
}

/// `{{ due_on | date }}`: a stored date in words.
fn date_filter(value: &str) -> String {
    value.parse::<NaiveDate>().map_or_else(|_| value.to_owned(), crate::core::wording::date_words)
}

/// `{{ request | quoted }}`: somebody's own words, never interpreted.
fn quoted(value: &str) -> String {
    let lines: Vec<String> = value.lines().map(|l| format!("> {}", l.trim_end())).collect();
    if lines.is_empty() { "> (nothing)".to_owned() } else { lines.join("\n") }
}
