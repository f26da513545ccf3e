//! What is followed up, where it stands, and how it ended.

use super::super::policy::Policy;
use super::round::Doubt;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// What is being followed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowUpKind {
    /// Regulation 6 advice: six weeks from the day on which the adviser was asked (reg 8(1)).
    AdviceRequest,
    /// Option 2 of the protocol: advice is unclear or incomplete, the adviser and manager are asked.
    Clarification,
    /// Step 7: does the plan draft reflect the child's needs? Silence is no breach.
    DraftCheck,
    /// A contribution to an annual review.
    ReviewContribution,
    /// A parent has written: the co-ordinator owes an answer.
    ParentAnswer,
    /// A provider's self-assessment in a round.
    AssessmentReturn,
    /// An action of a self-assessment's action plan.
    Action,
}

/// Working days in which a parent is answered.
const PARENT_ANSWER: u32 = 2;

impl FollowUpKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::AdviceRequest,
        Self::Clarification,
        Self::DraftCheck,
        Self::ReviewContribution,
        Self::ParentAnswer,
        Self::AssessmentReturn,
        Self::Action,
    ];

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::AdviceRequest => "advice request",
            Self::Clarification => "clarification",
            Self::DraftCheck => "draft check",
            Self::ReviewContribution => "annual review contribution",
            Self::ParentAnswer => "answer to a parent",
            Self::AssessmentReturn => "self-assessment return",
            Self::Action => "action",
        }
    }

    /// What a co-ordinator may answer to an answer.
    pub fn judgements(self) -> &'static [&'static str] {
        match self {
            Self::AdviceRequest => &["ACCEPT", "INSUFFICIENT", "NOT ADVICE"],
            Self::DraftCheck => &["FEEDBACK NONE", "FEEDBACK PARENT", "FEEDBACK OTHER"],
            Self::Clarification
            | Self::ReviewContribution
            | Self::ParentAnswer
            | Self::AssessmentReturn
            | Self::Action => &["CLOSE", "INSUFFICIENT", "NOT ADVICE"],
        }
    }

    /// What they may answer to a doubtful one: "not known" and "not mine" have words of their own.
    pub fn judgements_in_doubt(self, doubt: Doubt) -> &'static [&'static str] {
        match (self, doubt) {
            (Self::DraftCheck, _) => self.judgements(),
            (_, Doubt::NotMine) => &["DISPUTE UPHELD", "DISPUTE REJECTED", "WRONG CHILD"],
            (Self::AdviceRequest, _) => &["ACCEPT", "INSUFFICIENT", "NOT ADVICE", "NOT KNOWN"],
            (
                Self::Clarification
                | Self::ReviewContribution
                | Self::ParentAnswer
                | Self::AssessmentReturn
                | Self::Action,
                _,
            ) => self.judgements(),
        }
    }

    /// Last day of a window that begins on `day_zero`: calendar days for advice, for the law counts weeks; working
    /// days for everything else. `None` for what is due on a day of its own.
    pub fn due(self, day_zero: NaiveDate, policy: &Policy) -> Option<NaiveDate> {
        let working_days = |days| Some(policy.calendar.add_working_days(day_zero, days));
        match self {
            Self::AdviceRequest => Some(day_zero + Days::new(u64::from(policy.advice.window))),
            Self::Clarification => working_days(policy.windows.clarification),
            Self::DraftCheck => working_days(policy.draft_check.window),
            Self::ParentAnswer => working_days(PARENT_ANSWER),
            Self::AssessmentReturn => working_days(policy.assessment.window),
            Self::ReviewContribution | Self::Action => None,
        }
    }
}

/// How the request reached the adviser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The co-ordinator (or ONE) sent it and copied the service in; answers may have gone to them alone.
    CopiedIn,
    /// The service sent it itself.
    Sent,
    /// It was asked elsewhere, and the service was told of it.
    Elsewhere,
}

/// Where a follow-up stands (`domain.md` 3.3). An escalated one is still `Open`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Copied in, and it is not yet known who the adviser is: nothing goes outward.
    AwaitingRoles,
    /// The request is on its way; no day 0 yet.
    Prepared,
    /// The window runs, or has closed without an answer.
    Open,
    /// Something short or doubtful came; the co-ordinator has been asked.
    RepliedThin,
    /// An answer with content came; the co-ordinator judges it.
    Received,
    /// Advice was found unclear: its clarification is out.
    Query,
    /// The service says that it does not know the child; its second level has it (domain 3.2).
    Declined,
    /// The co-ordinator has closed it.
    Closed,
    /// It was opened in error, or its case has ended.
    Cancelled,
    /// No clock runs: no recipient could be reached, or it went to the wrong child's adviser.
    Held,
}

impl Stage {
    /// Whether something is still expected of somebody.
    pub fn is_open(self) -> bool {
        match self {
            Self::AwaitingRoles
            | Self::Prepared
            | Self::Open
            | Self::RepliedThin
            | Self::Received
            | Self::Query
            | Self::Declined
            | Self::Held => true,
            Self::Closed | Self::Cancelled => false,
        }
    }

    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::AwaitingRoles => "waiting to know who the adviser is",
            Self::Prepared => "request on its way",
            Self::Open => "open",
            Self::RepliedThin => "short reply, not yet accepted",
            Self::Received => "received, awaiting your decision",
            Self::Query => "found unclear, its clarification is out",
            Self::Declined => "not known to the service, with its second level",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Held => "on hold",
        }
    }
}

/// How a follow-up ended, where more than that is to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The answer was accepted.
    Accepted,
    /// Step 3: the advice is used as far as possible.
    UsedAsSubmitted,
    /// Earlier advice suffices and all three agree (reg 6(4)).
    NotSought,
    /// The adviser was right: it was not theirs to answer.
    DisputeUpheld,
    /// The plan draft is right as it is.
    Confirmed,
    /// The feedback changes nothing.
    FeedbackNone,
    /// The change comes from the parents: the 15 days run on.
    FeedbackParent,
    /// Another change: the plan draft has to be issued again.
    FeedbackOther,
    /// Nobody answered the draft check.
    NoResponse,
    /// The case ended when it had been answered or was due: it counts for the returns.
    EndedWithCase,
    /// Something else took its place: a newer plan draft, or the advice that it was to clarify was settled without it.
    Overtaken,
}

impl Outcome {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::UsedAsSubmitted => "used as submitted",
            Self::NotSought => "not sought, regulation 6(4)",
            Self::DisputeUpheld => "dispute upheld",
            Self::Confirmed => "no changes",
            Self::FeedbackNone => "feedback, no change",
            Self::FeedbackParent => "feedback, change from the parents",
            Self::FeedbackOther => "feedback, plan draft to be issued again",
            Self::NoResponse => "no reply",
            Self::EndedWithCase => "ended with the case",
            Self::Overtaken => "overtaken",
        }
    }
}

/// Why no clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// No recipient could be reached; `RESEND` ends it.
    NobodyReached,
    /// `WRONG CHILD`: a possible breach; a person ends it.
    WrongChild,
}

/// What a co-ordinator ticked when accepting advice; evidence for the self-assessment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticks {
    /// The child's voice is in it (criterion 15).
    pub voice: Option<bool>,
    /// A layperson understands it (criterion 17).
    pub plain: Option<bool>,
    /// The impact on access to the curriculum is stated (criterion 17).
    pub impact: Option<bool>,
}
