//! The case register: what the authority knows of one child's plan beside the follow-ups. Facts as recorded, each
//! with its day; what follows from them (timescales, who is late) is derived elsewhere and never stored here.

use super::family::Family;
use super::id::{Address, FollowUpId};
use super::notice::Limit;
use super::policy::Consultation;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Everything registered about one child's plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Register {
    /// Day on which `NEW CASE` or `IMPORT` registered it; `None` for a case that only follow-ups speak of.
    pub opened_on: Option<NaiveDate>,
    /// R: the day on which the authority received the request (Regs 5(1), 10(1), 13(2)).
    pub requested_on: Option<NaiveDate>,
    /// For the parents' letters only.
    pub first_name: Option<String>,
    /// Date of birth: for the switch to the young person, never in a letter.
    pub born: Option<NaiveDate>,
    /// When the child's school is closed; suggests an exemption, never makes one.
    pub school_closed: Vec<Span>,
    /// How schools are consulted, where the case differs from `timescales.consult`.
    pub consult: Option<Consultation>,
    /// Decisions of the authority, oldest first.
    pub rulings: Vec<Ruling>,
    /// Plan drafts, oldest first.
    pub plan_drafts: Vec<PlanDraft>,
    /// Feedback forces the plan draft to be issued again, since this day.
    pub reissue_since: Option<NaiveDate>,
    /// When the final plan was issued.
    pub final_on: Option<NaiveDate>,
    /// What was open when the final plan or a decision ended the case; `REOPEN` opens it again.
    pub ended_with: Vec<FollowUpId>,
    /// The last review whose practitioners were asked for a contribution, by the date that it is due.
    pub review_noticed: Option<NaiveDate>,
    /// Exemptions on record; they excuse a missed limit and move nothing (`domain.md` 1.4).
    pub exemptions: Vec<Exemption>,
    /// Parents, young person and others who hear about the plan.
    pub contacts: Vec<Contact>,
    /// Dates that were told to parents, oldest first.
    pub told: Vec<Timescale>,
    /// The date that the co-ordinator has named (`NEW DATE`); goes before the projection.
    pub named_date: Option<NamedDate>,
    /// Nothing is written any more, except by people.
    pub stop: Option<Stop>,
    /// Nothing of it may be erased.
    pub legal_hold: bool,
    /// Automatic notices wait for a person: restrictions, safeguarding (`domain.md` 5.5).
    pub sensitive: bool,
    /// Small points, narratives, "used as submitted", oldest first.
    pub notes: Vec<Note>,
    /// Notices and questions that are under way.
    pub family: Family,
}

/// Days from first to last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// What the authority decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RulingKind {
    /// It assesses (reg 5(1)).
    Assess,
    /// It does not assess.
    NoAssessment,
    /// It makes no plan (reg 10(1)).
    NoPlan,
}

impl RulingKind {
    /// Whether the case is over with it.
    pub fn ends_case(self) -> bool {
        match self {
            Self::Assess => false,
            Self::NoAssessment | Self::NoPlan => true,
        }
    }

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Assess => "the authority assesses",
            Self::NoAssessment => "the authority does not assess",
            Self::NoPlan => "the authority makes no plan",
        }
    }
}

/// A decision with its day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// What was decided.
    pub what: RulingKind,
    /// When.
    pub on: NaiveDate,
    /// Who recorded it.
    pub by: Address,
}

/// How a plan draft came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftIssue {
    /// Shown to the advisers before it is issued (`draft_check.anchor = "pre_issue"`): starts no 15 days.
    Before,
    /// Issued to the parents: their 15 days begin with the day of service (reg 13(1)(a)).
    Issued,
    /// Issued again: new 15 days (CoP 9.125).
    Reissued,
}

/// A plan draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanDraft {
    /// The day.
    pub on: NaiveDate,
    /// How it came about.
    pub issue: DraftIssue,
    /// Where advisers find it: a link, or how it was sent.
    pub place: String,
}

/// Which time limit an exemption excuses, with ONE's phase codes beside it (`domain.md` 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The 6-week decision, reg 5(4); phase 1.
    Week6,
    /// A body's 6 weeks for advice, reg 8(2); phase 2a.
    Advice,
    /// The 16-week notice, reg 10(4); phase 2b.
    Week16,
    /// The 20 weeks, reg 13(3); phase 3.
    Week20,
}

impl Phase {
    /// The phase that excuses missing this date of the law.
    pub fn of(limit: Limit) -> Self {
        match limit {
            Limit::Decision => Self::Week6,
            Limit::NoPlan => Self::Week16,
            Limit::FinalPlan => Self::Week20,
        }
    }
}

/// An exemption on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemption {
    /// Ground as in the regulation, in words.
    pub ground: String,
    /// Which limit it excuses.
    pub phase: Phase,
    /// First day of the condition, when known.
    pub from: Option<NaiveDate>,
    /// Last day of the condition, when known.
    pub to: Option<NaiveDate>,
    /// What happened, for the return; never mailed to parents.
    pub narrative: String,
    /// Who recorded it.
    pub by: Address,
    /// When it was recorded.
    pub on: NaiveDate,
    /// When the parents were told of it (CoP 9.43).
    pub told_parent_on: Option<NaiveDate>,
}

/// What a contact is to the child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactRole {
    /// A parent in the sense of the Education Act 1996, s.576.
    Parent,
    /// The young person.
    YoungPerson,
    /// Who acts for one who lacks capacity (CFA s.80).
    Representative,
}

/// How somebody may be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By e-mail, as they agreed.
    Email(Address),
    /// By post only: the service writes the letter's text for the co-ordinator.
    Post,
}

/// Somebody who hears about the plan. Each gets letters of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// As they are greeted.
    pub name: String,
    /// How they are reached.
    pub channel: Channel,
    /// What they are to the child.
    pub role: ContactRole,
    /// Who confirmed that the channel is right, and when; nobody is written to before.
    pub verified: Option<Verified>,
    /// Nothing goes there; the reason is in the authority's own record.
    pub do_not_contact: bool,
}

/// Who confirmed a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Who.
    pub by: Address,
    /// When.
    pub on: NaiveDate,
}

/// A date for the final plan that was told to somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timescale {
    /// The date told.
    pub date: NaiveDate,
    /// When.
    pub told_on: NaiveDate,
    /// To whom, as the contact is named.
    pub to: String,
}

/// A date that the co-ordinator has named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedDate {
    /// The date.
    pub date: NaiveDate,
    /// When it was named.
    pub on: NaiveDate,
    /// Who named it.
    pub by: Address,
    /// Their reason in words for the parents, when given.
    pub reason: Option<String>,
}

/// How a case was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopManner {
    /// `STOP`: advisers hear that nothing more is needed.
    Thanked,
    /// `STOP SILENT`: nobody hears anything.
    Silent,
}

/// A stop (`domain.md` 5.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// How.
    pub manner: StopManner,
    /// Since when nothing leaves.
    pub at: DateTime<Utc>,
    /// Who asked for it.
    pub by: Address,
    /// Why, as written.
    pub reason: Option<String>,
    /// When it was confirmed and everything open ended; until then only sending has stopped.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Option 1: a small point that was settled with the adviser directly.
    SmallPoint,
    /// Step 3: the advice is used as far as possible.
    UsedAsSubmitted,
    /// Why a return was late.
    Narrative,
    /// Anything else that people should find in the timeline.
    Remark,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// The day.
    pub on: NaiveDate,
    /// Who wrote it.
    pub by: Address,
    /// With or about whom, as written.
    pub with: Option<String>,
    /// Theme code of a narrative.
    pub theme: Option<String>,
    /// The words.
    pub text: String,
}

/// Words by which contacts are called beside their names.
const NOT_NAMES: [&str; 20] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "and", "the", "of", "mother", "father", "mum", "dad", "parent", "parents",
    "carer", "carers", "guardian", "social", "worker",
];

/// The words of a text of at least two letters, in small letters.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1);
    words.map(str::to_lowercase)
}

impl Register {
    /// Whether nothing more is expected: stopped, finished, or decided against.
    pub fn is_over(&self) -> bool {
        self.stop.is_some() || self.final_on.is_some() || self.ruled_out().is_some()
    }

    /// The decision that ended it, when one did and none followed.
    pub fn ruled_out(&self) -> Option<&Ruling> {
        self.rulings.last().filter(|r| r.what.ends_case())
    }

    /// The plan draft whose 15 days count: the last one that was issued.
    pub fn issued_draft(&self) -> Option<&PlanDraft> {
        self.plan_drafts.iter().rev().find(|d| d.issue != DraftIssue::Before)
    }

    /// An exemption from a body's six weeks (reg 8(2)) that touches the time since `asked_on`.
    pub fn advice_exemption(&self, asked_on: NaiveDate) -> Option<&Exemption> {
        self.exemptions.iter().find(|e| e.phase == Phase::Advice && e.to.is_none_or(|to| to >= asked_on))
    }

    /// Whether a text names the child or somebody of the family. A word is enough, in whatever case it is written:
    /// withholding one text too many costs less than a name too few.
    pub fn is_named_in(&self, text: &str) -> bool {
        let names = self.first_name.iter().chain(self.contacts.iter().map(|c| &c.name));
        let names: Vec<String> =
            names.flat_map(|name| words(name)).filter(|w| !NOT_NAMES.contains(&w.as_str())).collect();
        words(text).any(|word| names.contains(&word))
    }

    /// The contact with this address.
    pub fn contact(&self, address: &Address) -> Option<&Contact> {
        self.contacts.iter().find(|c| c.address() == Some(address))
    }

    /// The date that was told last.
    pub fn last_told(&self) -> Option<&Timescale> {
        self.told.iter().max_by_key(|t| t.told_on)
    }
}

impl Contact {
    /// Their e-mail address, when they have one.
    pub fn address(&self) -> Option<&Address> {
        match &self.channel {
            Channel::Email(address) => Some(address),
            Channel::Post => None,
        }
    }
}
