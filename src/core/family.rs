//! What is under way between the service and a family: notices that are prepared, held and told, questions to the
//! co-ordinator, and what can happen to them.
//!
//! Facts only. Whom a letter reaches, and when it leaves, is decided in [`super::decide`]; when a notice is wanted at
//! all, in [`super::notice`].

use super::id::{Address, FollowUpId};
use super::notice::{Limit, NoticeKind};
use super::register::Contact;
use super::timescale::Level;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What is under way with the family of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Family {
    /// First of the unbroken mornings on which even the best case missed week 20.
    pub slipping_since: Option<NaiveDate>,
    /// Every notice that was ever prepared, oldest first.
    pub notices: Vec<Notice>,
    /// What the co-ordinator was asked, oldest first.
    pub asked: Vec<Asked>,
    /// When a contact's mail was acknowledged last.
    pub acknowledged: Vec<Acknowledged>,
}

/// A letter to a family about the timescale, from the preview on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// 1 for the first; in the keys of its letters.
    pub number: u32,
    /// Which letter.
    pub kind: NoticeKind,
    /// Which date of the law it is about.
    #[serde(default)]
    pub limit: Limit,
    /// The new timescale.
    pub date: NaiveDate,
    /// How the case stood when it was written.
    pub level: Level,
    /// Day on which it was prepared.
    pub on: NaiveDate,
    /// The reason in the co-ordinator's own words.
    pub words: Option<String>,
    /// Where it stands.
    pub state: NoticeState,
    /// How often its letters were written.
    #[serde(default)]
    pub attempts: u32,
    /// Contacts, by name, for whom a letter was written.
    pub to: Vec<String>,
    /// Contacts who were told: the relay took it, or it was posted.
    pub told: Vec<ToldTo>,
    /// Contacts, by name, whose e-mail came back: theirs goes by post.
    #[serde(default)]
    pub returned: Vec<String>,
}

/// A contact has a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldTo {
    /// By name.
    pub name: String,
    /// Since this day.
    pub on: NaiveDate,
}

/// Where a notice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// The co-ordinator has seen it; it leaves then if nobody objects.
    Waiting {
        /// 10:00 of a working day.
        until: DateTime<Utc>,
    },
    /// It waits for `SEND`.
    Held(NoticeHold),
    /// Its letters are on their way.
    Leaving {
        /// Since then.
        since: DateTime<Utc>,
    },
    /// Somebody has it.
    Told,
    /// `DON'T SEND`.
    Never,
    /// It was no longer true, or the case was over, before anybody had it.
    Withdrawn,
}

/// Why a notice waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeHold {
    /// `parents.hold = "approve"`.
    Approval,
    /// The case is marked as sensitive.
    Sensitive,
    /// Somebody of the family must not be written to.
    DoNotContact,
    /// `WAIT`.
    Wait,
    /// An answer that was neither `SEND` nor a date.
    Unclear,
    /// A parent has written and waits for an answer.
    ParentWrote,
    /// The service was down for days.
    Downtime,
    /// Nobody can be written to.
    NoAddressee,
    /// It may have arrived, or not: the connection broke at the last moment.
    Uncertain,
    /// Who of the family is written to has changed since it was released.
    Contacts,
    /// Somebody who is no contact, or whose address may be forged, has written as if of the family.
    Stranger,
}

impl NoticeHold {
    /// As staff read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Approval => "letters to parents need your SEND",
            Self::Sensitive => "the case is marked as sensitive",
            Self::DoNotContact => "somebody of the family must not be written to",
            Self::Wait => "you asked it to wait",
            Self::Unclear => "your answer was neither SEND nor a date",
            Self::ParentWrote => "a parent has written",
            Self::Downtime => "the service was down for some days",
            Self::Uncertain => "nobody knows whether it arrived; SEND sends it again",
            Self::NoAddressee => "there is nobody whom it may be sent to",
            Self::Stranger => "somebody unknown has answered a letter to the family",
            Self::Contacts => "the family's contacts have changed since it was written",
        }
    }
}

/// A question to the co-ordinator about a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Which.
    pub question: Question,
    /// When.
    pub on: NaiveDate,
}

/// What a co-ordinator is asked about a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// The third revision: a reason in a person's own words.
    Words,
    /// Very late: speak with the family.
    Speak,
    /// Nobody can be written to.
    Addressee,
    /// The child is a young person now.
    Age,
    /// An exemption might apply.
    Exemption,
    /// A decision of week 6 or 16 is long awaited: speak with the family.
    Decision,
}

impl Question {
    /// In the keys of letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Speak => "speak",
            Self::Addressee => "addressee",
            Self::Age => "age",
            Self::Exemption => "exemption",
            Self::Decision => "decision",
        }
    }
}

/// A contact's mail was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledged {
    /// Whose.
    pub to: Address,
    /// When.
    pub on: NaiveDate,
}

/// Whether the service has been at work every morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Running {
    /// Yes.
    Steadily,
    /// It was down for days: whatever is found now is looked at by a person first.
    AfterDowntime,
}

/// What a member of staff says about a previewed notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeOrder {
    /// `SEND`.
    Send,
    /// `WAIT`.
    Wait,
    /// `DON'T SEND`.
    DontSend,
    /// Something else: it is held, and asked about.
    Unclear,
}

/// What can happen between the service and a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FamilyEvent {
    /// The evaluation of a working-day morning.
    Morning(Running),
    /// A word about the previewed notice.
    Ordered {
        /// Who.
        by: Address,
        /// What.
        order: NoticeOrder,
    },
    /// `NEW DATE`.
    NewDate {
        /// Who named it.
        by: Address,
        /// The new timescale.
        date: NaiveDate,
        /// Why, for the parents.
        reason: Option<String>,
    },
    /// `POSTED`: the printed letter has gone.
    Posted {
        /// Who says so.
        by: Address,
        /// The day.
        on: NaiveDate,
    },
    /// The relay has taken a notice for a contact.
    Told {
        /// Number of the notice.
        number: u32,
        /// The contact.
        to: Address,
        /// Local date.
        on: NaiveDate,
    },
    /// A letter to a contact cannot be delivered.
    Unreachable {
        /// Number of the notice; `None` for another letter.
        number: Option<u32>,
        /// The contact.
        to: Address,
        /// Plain words.
        reason: String,
        /// Id of the bounce, or of the letter that was refused.
        source: String,
    },
    /// Nobody knows whether the relay took a notice.
    Uncertain {
        /// Number of the notice.
        number: u32,
        /// The contact.
        to: Address,
    },
    /// Somebody of the family, or who may be, has written.
    Wrote(FamilyMail),
    /// The co-ordinator is away: what was previewed to them alone nobody has seen.
    Unseen,
    /// `CONTACT`, confirmed by a second person.
    Contacts {
        /// Who asked for it.
        by: Address,
        /// Who confirmed it.
        confirmed_by: Address,
        /// What changes.
        changes: Vec<ContactChange>,
    },
}

/// A mail of somebody of the family, or who may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyMail {
    /// Reference for the follow-up on the co-ordinator.
    pub follow_up: FollowUpId,
    /// Id of the stored message.
    pub message: String,
    /// Its Message-ID, for the thread of the acknowledgement.
    pub header_id: Option<String>,
    /// Who wrote it.
    pub from: Address,
    /// When our mailbox received it.
    pub received_at: DateTime<Utc>,
    /// Whether it is sure that it comes from that address.
    pub proof: Proof,
    /// Whether this case acknowledges it.
    #[serde(default)]
    pub acknowledged: Acknowledgement,
}

/// Which case acknowledges a mail: one of somebody with two children concerns both cases, and gets one answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acknowledgement {
    /// This one.
    #[default]
    Here,
    /// Another one.
    Elsewhere,
}

/// What the mail system says of a sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Nothing speaks against it.
    Good,
    /// It says that the mail does not come from that address.
    Failed,
}

/// One change of a case's contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactChange {
    /// A new contact, or new details of one with that name.
    Add(Contact),
    /// Whoever has this name or address is none any more.
    Remove(String),
    /// Whoever has this name or address is not written to.
    DoNotContact(String),
}

impl FamilyEvent {
    /// The follow-up that it opens.
    pub fn follow_up(&self) -> Option<&FollowUpId> {
        match self {
            Self::Wrote(mail) => Some(&mail.follow_up),
            Self::Morning(_)
            | Self::Ordered { .. }
            | Self::NewDate { .. }
            | Self::Posted { .. }
            | Self::Told { .. }
            | Self::Unreachable { .. }
            | Self::Uncertain { .. }
            | Self::Unseen
            | Self::Contacts { .. } => None,
        }
    }
}

impl Family {
    /// The notice that is neither told nor given up.
    pub fn in_hand(&self) -> Option<&Notice> {
        self.notices.last().filter(|n| n.is_in_hand())
    }

    /// The same, to be changed.
    pub fn in_hand_mut(&mut self) -> Option<&mut Notice> {
        self.notices.last_mut().filter(|n| n.is_in_hand())
    }

    /// The notice with this number, to be changed.
    pub fn notice_mut(&mut self, number: u32) -> Option<&mut Notice> {
        self.notices.iter_mut().find(|n| n.number == number)
    }

    /// When a question was put last.
    pub fn asked_on(&self, questions: &[Question]) -> Option<NaiveDate> {
        self.asked.iter().rev().find(|a| questions.contains(&a.question)).map(|a| a.on)
    }

    /// Gives up what nobody has yet: the case is over.
    pub fn withdraw(&mut self) {
        if let Some(notice) = self.in_hand_mut() {
            notice.state = if notice.told.is_empty() { NoticeState::Withdrawn } else { NoticeState::Told };
        }
    }

    /// Whether a letter of this notice, of this writing, may still leave: nothing has held it or given it up since.
    pub fn is_leaving(&self, number: u32, attempt: u32) -> bool {
        let meant = self.notices.iter().find(|n| n.number == number && n.attempts == attempt);
        meant.is_some_and(|notice| match notice.state {
            // One contact's letter may have arrived or not; that says nothing about the other's.
            NoticeState::Leaving { .. } | NoticeState::Held(NoticeHold::Uncertain) => true,
            NoticeState::Waiting { .. }
            | NoticeState::Held(_)
            | NoticeState::Told
            | NoticeState::Never
            | NoticeState::Withdrawn => false,
        })
    }

    /// When the notice in hand leaves by itself.
    pub fn wake(&self) -> Option<DateTime<Utc>> {
        match self.in_hand()?.state {
            NoticeState::Waiting { until } => Some(until),
            NoticeState::Held(_)
            | NoticeState::Leaving { .. }
            | NoticeState::Told
            | NoticeState::Never
            | NoticeState::Withdrawn => None,
        }
    }
}

impl Notice {
    fn is_in_hand(&self) -> bool {
        match self.state {
            NoticeState::Waiting { .. } | NoticeState::Held(_) | NoticeState::Leaving { .. } => true,
            NoticeState::Told | NoticeState::Never | NoticeState::Withdrawn => false,
        }
    }
}
