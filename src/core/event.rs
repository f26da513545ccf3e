//! What can happen to a case, and what follows: events in, decisions out.

mod asking;
mod case;

pub use asking::{Asked, Drafted, Feedback, Queried};
pub use case::{CaseOrder, LegalHold, Particulars};

use super::assessment::event::AssessmentEvent;
use super::case::Case;
use super::family::FamilyEvent;
use super::follow_up::{Away, Doubt, FollowUpKind, Sending, Ticks};
use super::id::{Address, FollowUpId};
use super::letter::Letter;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Something that happened to a case. Everything that is not in the case itself (ids, instants, who somebody is)
/// comes with the event, so that deciding needs nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A co-ordinator sent a mail with the service copied in: the fixed-subject request, a request for advice, or a
    /// plan draft.
    CopiedIn {
        /// Reference for the new follow-up.
        follow_up: FollowUpId,
        /// What it opens.
        kind: FollowUpKind,
        /// The co-ordinator.
        by: Address,
        /// When our mailbox received it: day 0.
        received_at: DateTime<Utc>,
        /// Adviser, when the roles are clear.
        adviser: Option<Address>,
        /// Managers, when the roles are clear.
        managers: Vec<Address>,
        /// Everybody else among the recipients, for the question who is who.
        unknown: Vec<Address>,
        /// Their words.
        text: String,
        /// A labelled `Response required` date in the mail.
        response_required: Option<NaiveDate>,
    },
    /// The co-ordinator has said who the adviser is.
    RolesNamed {
        /// Which follow-up.
        follow_up: FollowUpId,
        /// The adviser.
        adviser: Address,
        /// Their managers.
        managers: Vec<Address>,
    },
    /// `CLARIFY`: the service is to send the request.
    Clarify {
        /// Reference for the new follow-up.
        follow_up: FollowUpId,
        /// The co-ordinator.
        by: Address,
        /// Adviser.
        adviser: Address,
        /// Managers.
        managers: Vec<Address>,
        /// Code of the reason.
        why: Option<String>,
        /// What is required.
        text: String,
        /// SEND manager who agreed.
        agreed_with: Option<String>,
        /// The advice request that it is about.
        about: Option<FollowUpId>,
    },
    /// Advice or a check of the plan draft is asked for.
    Asked(Asked),
    /// Advice was found unclear.
    Queried(Queried),
    /// A plan draft exists.
    Drafted(Drafted),
    /// The relay has taken the request of a round: day 0.
    RequestAccepted {
        /// Which follow-up.
        follow_up: FollowUpId,
        /// Which request of it.
        #[serde(flatten)]
        sent: Sending,
        /// When the relay accepted it.
        at: DateTime<Utc>,
    },
    /// A person's mail was placed on a follow-up.
    Reply(ReplyEvent),
    /// Somebody of the follow-up is away.
    Away {
        /// Who, until when, and who instead.
        away: Away,
    },
    /// The person is back: a human mail came from them.
    Back {
        /// Who.
        who: Address,
    },
    /// Mail to somebody of the follow-up can finally not be delivered.
    Undeliverable {
        /// Which follow-up.
        follow_up: FollowUpId,
        /// To whom.
        who: Address,
        /// Plain words.
        reason: String,
        /// Id of the notice (`MSG-…`) or of the letter that was refused.
        source: String,
    },
    /// Mail to somebody is late; the server goes on trying.
    Delayed {
        /// Which follow-up.
        follow_up: FollowUpId,
        /// To whom.
        who: Address,
        /// Id of the notice.
        source: String,
    },
    /// A machine's mail that counts for nothing and that the co-ordinator should still know of.
    Hint {
        /// Which follow-up.
        follow_up: FollowUpId,
        /// From whom.
        who: Address,
        /// Of what.
        hint: Hint,
        /// Id of the stored message.
        source: String,
    },
    /// A staff member's command.
    Order {
        /// Which follow-up.
        follow_up: FollowUpId,
        /// Who gave it.
        by: Address,
        /// What.
        order: Order,
    },
    /// A staff member's command about the case as a whole.
    Case {
        /// Who gave it.
        by: Address,
        /// What.
        order: CaseOrder,
    },
    /// An annual review is near: practitioners who gave advice are asked for a contribution.
    Review {
        /// References for the new follow-ups, one for each practitioner.
        follow_ups: Vec<FollowUpId>,
    },
    /// A manager has been named for an adviser (`MANAGER … IS …`).
    ManagerNamed {
        /// The adviser.
        adviser: Address,
        /// Their manager.
        manager: Address,
    },
    /// Holidays or windows have changed: running windows may lengthen.
    CalendarChanged,
    /// An escalation was withdrawn before anybody had it: it does not count.
    Untold {
        /// Which follow-up.
        follow_up: FollowUpId,
        /// Which level.
        level: u32,
        /// When that level may be told again.
        #[serde(default)]
        again: Again,
    },
    /// Something happened in an assessment round.
    Assessment(AssessmentEvent),
    /// Time has passed and the mailbox was looked at.
    Clock {
        /// Everything received before this instant has been taken in.
        mailbox_seen_at: DateTime<Utc>,
    },
    /// Something between the service and the family.
    Family(FamilyEvent),
}

impl Event {
    /// The follow-up that it is about, when it is about one.
    pub fn follow_up(&self) -> Option<&FollowUpId> {
        match self {
            Self::CopiedIn { follow_up, .. }
            | Self::RolesNamed { follow_up, .. }
            | Self::Clarify { follow_up, .. }
            | Self::RequestAccepted { follow_up, .. }
            | Self::Undeliverable { follow_up, .. }
            | Self::Delayed { follow_up, .. }
            | Self::Hint { follow_up, .. }
            | Self::Untold { follow_up, .. }
            | Self::Order { follow_up, .. } => Some(follow_up),
            Self::Reply(reply) => Some(&reply.follow_up),
            Self::Asked(asked) => Some(&asked.follow_up),
            Self::Queried(queried) => Some(&queried.follow_up),
            Self::Assessment(event) => event.follow_up(),
            Self::Away { .. }
            | Self::Back { .. }
            | Self::Case { .. }
            | Self::Review { .. }
            | Self::ManagerNamed { .. }
            | Self::Drafted(_)
            | Self::CalendarChanged
            | Self::Clock { .. } => None,
            Self::Family(event) => event.follow_up(),
        }
    }
}

/// When a level that nobody has got may be told again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Again {
    /// As soon as it is late: it had only become needless.
    #[default]
    WhenLate,
    /// When the next level would have come: a person, or the last look, has stopped this one.
    NextTime,
}

/// What a machine's mail hints at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// They invite to a meeting; the service never accepts.
    Invitation,
    /// They deleted our mail unread.
    NotRead,
    /// They would like to take an earlier mail back; it is kept.
    Recall,
}

/// A person's mail that was placed on a follow-up, as far as software can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyEvent {
    /// Which follow-up.
    pub follow_up: FollowUpId,
    /// Id of the stored message.
    pub message: String,
    /// Who wrote it.
    pub from: Address,
    /// When our mailbox received it (of a forwarded answer: its own date where readable).
    pub received_at: DateTime<Utc>,
    /// What it amounts to.
    pub weight: Weight,
    /// Whether the co-ordinator got the mail themselves.
    pub coordinator: Seen,
    /// Whether a line manager got the mail themselves, as feedback on a plan draft should go (step 7).
    pub manager: Seen,
    /// An earlier mail of the same sender with the same content.
    pub repeats: Option<String>,
    /// What the co-ordinator should see about it: who else was copied in, what else it names.
    pub remarks: Vec<String>,
}

/// Whether the co-ordinator has the mail already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// They were among its recipients, or forwarded it: the Today mail is enough.
    Already,
    /// They were not: they are told at once.
    NotYet,
}

/// What a reply amounts to (`domain.md` 7, head table).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// An answer with content: the escalation stops until the co-ordinator judges it.
    Full,
    /// The plan draft is right as it is.
    Confirmed,
    /// Something that pauses the escalation and asks the co-ordinator.
    Doubtful(Doubt),
    /// Asks for more time: told on, nothing pauses.
    MoreTime,
    /// A manager who is on to it: told on, nothing stops.
    ManagerEngaged,
    /// Nothing of their own: told on, nothing stops.
    NoContent,
    /// An attachment is announced and not there: told on, nothing stops.
    AttachmentMissing,
    /// Nothing but that it was received, as desks answer by themselves: told on, nothing stops (situation 15).
    Acknowledged,
    /// A manager: not my staff. Nothing more about the child goes to that address.
    NotMyStaff,
    /// A manager: given to somebody else.
    AssignedTo(String),
}

/// A staff command on one follow-up (`commands.md` 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Closes it.
    Close {
        /// Free words.
        reason: Option<String>,
    },
    /// The answer came another way.
    Received {
        /// On which day; today when not said.
        on: Option<NaiveDate>,
        /// "by phone".
        how: Option<String>,
    },
    /// The answer is not sufficient: next round.
    Insufficient {
        /// Code.
        why: Option<String>,
        /// What is missing.
        text: String,
    },
    /// What came was no advice: the old deadline runs on.
    NotAdvice,
    /// New due date; the original is kept.
    Extend {
        /// The new last day.
        to: NaiveDate,
        /// Free words.
        reason: Option<String>,
    },
    /// Sent again to whoever can be reached now: a new day 0.
    Resend,
    /// Opened again.
    Reopen,
    /// Opened in error.
    Cancel {
        /// Free words.
        reason: Option<String>,
    },
    /// Accepts advice.
    Accept {
        /// What was ticked.
        ticks: Ticks,
    },
    /// The child is not known to the service: recorded, and put before its second level.
    NotKnown,
    /// Earlier advice suffices, and all three agree (reg 6(4)).
    NotSought {
        /// Who agreed, in words.
        reason: String,
    },
    /// Step 3: the advice is used as far as possible.
    UsedAsSubmitted {
        /// With whom it was agreed.
        with: Option<String>,
        /// Free words.
        text: String,
    },
    /// The adviser is right: it was not theirs to answer.
    DisputeUpheld,
    /// The request stands.
    DisputeRejected,
    /// It went to the wrong child's adviser: a possible breach.
    WrongChild,
    /// A SEND manager agrees to option 2.
    Agreed,
    /// What feedback on a plan draft leads to.
    Feedback(Feedback),
}

/// What follows from an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The whole new case.
    pub case: Case,
    /// Letters that leave the process.
    pub letters: Vec<Letter>,
    /// Why, for the journal and for receipts.
    pub because: Because,
}

/// The reason of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// It was done; a sentence that says what.
    Done(String),
    /// It could not be done; a sentence that says why and what would work.
    Refused(String),
    /// Nothing had to follow; a sentence that says why not.
    Nothing(String),
}

impl Because {
    /// The sentence.
    pub fn text(&self) -> &str {
        match self {
            Self::Done(text) | Self::Refused(text) | Self::Nothing(text) => text,
        }
    }
}
