//! Every sort of letter: one table with name, title, audience, haste and voice. A new sort is one line here and one
//! template, or a body that comes ready-made.

use serde::{Deserialize, Serialize};

/// Whom a letter is for; decides what shadow mode, the send window and the last look do with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Advisers and their managers.
    Outside,
    /// Parents and young people: confirmed contacts of the case only.
    Parent,
    /// Providers' respondents, the ICB and its governance: no letter to them is about a child.
    Partner,
    /// Staff of the authority.
    Staff,
}

/// Whether a letter goes before others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Haste {
    /// Somebody waits for it, or is responsible from now on.
    Urgent,
    /// It can stand behind urgent ones.
    Routine,
}

/// Whether a letter says that it is automatic (RFC 3834).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    /// It does not, for the absences of whoever gets it must still come (`mail.md` 5).
    Personal,
    /// It does.
    Automatic,
}

/// One row of the table.
struct Entry {
    name: &'static str,
    title: &'static str,
    audience: Audience,
    haste: Haste,
    voice: Voice,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $name:literal $title:literal $audience:ident $haste:ident $voice:ident;)+) => {
        /// Every sort of letter that the service writes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum LetterKind { $($(#[$doc])* $kind),+ }

        impl LetterKind {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            const fn entry(self) -> Entry {
                match self {
                    $(Self::$kind => Entry {
                        name: $name,
                        title: $title,
                        audience: Audience::$audience,
                        haste: Haste::$haste,
                        voice: Voice::$voice,
                    }),+
                }
            }
        }
    };
}

kinds! {
    // Clarifications, and whatever is told about a follow-up of any kind.
    /// The fixed-subject request to adviser and manager(s).
    Request "request" "Request" Outside Urgent Personal;
    /// "Logged": a copied-in request is being followed up.
    Logged "logged" "“Logged” note" Outside Routine Personal;
    /// One reminder to the adviser before the close.
    Reminder "reminder" "Reminder" Outside Routine Personal;
    /// The window has closed without an answer.
    Escalation "escalation" "Escalation" Outside Urgent Personal;
    /// The adviser is away or cannot be reached: the manager is responsible.
    Responsible "responsible" "“You are responsible”" Outside Urgent Personal;
    /// Those who were told that they are responsible: the answer has come, or nothing more is needed.
    StandDown "stand_down" "Thank-you and all-clear" Outside Urgent Personal;
    /// An answer announced a file that is not there: its sender is asked for it.
    MissingFile "missing_file" "Question about a missing file" Outside Routine Personal;
    /// The due date has been moved by the co-ordinator.
    NewDue "new_due" "New date" Outside Routine Personal;

    // Advice requests.
    /// Asks for advice under regulation 6.
    AdviceRequest "advice_request" "Request for advice" Outside Urgent Personal;
    /// "Logged": a copied-in request for advice is being followed up.
    AdviceLogged "advice_logged" "“Logged” note about advice" Outside Routine Personal;
    /// One reminder before advice is due.
    AdviceReminder "advice_reminder" "Reminder about advice" Outside Routine Personal;
    /// Advice, or a draft check that is escalated, is overdue.
    Overdue "overdue" "Overdue notice" Outside Urgent Personal;
    /// The service does not know the child: its second level and single route are asked.
    NotKnown "not_known" "“Not known”, to the second level" Outside Urgent Personal;
    /// A dispute was rejected: the request stands.
    RequestStands "request_stands" "“The request stands”" Outside Urgent Personal;

    // Checks of plan drafts.
    /// Asks an adviser to look at the plan draft.
    DraftCheck "draft_check" "Draft check" Outside Routine Personal;
    /// "Logged": a copied-in plan draft waits for a word.
    DraftLogged "draft_logged" "“Logged” note about a plan draft" Outside Routine Personal;
    /// Draft checks without a reply, to a line manager: one a day, by reference only.
    DraftSilence "draft_silence" "Draft checks without a reply" Outside Routine Personal;
    /// An answer to that mail that does not say which check it is about: how to answer.
    DraftUnread "draft_unread" "Question which draft check is meant" Outside Routine Personal;
    /// Feedback came without a copy to the line manager: where it is, not what it says.
    FeedbackPointer "feedback_pointer" "Pointer to feedback" Outside Routine Personal;
    // About a case as a whole.
    /// A provider's route address: an assessment has been requested.
    EarlyNotice "early_notice" "Early notice" Partner Routine Personal;
    /// A practitioner who gave advice: the plan is to be reviewed.
    ReviewNotice "review_notice" "Annual review notice" Outside Routine Personal;
    // To families, and about them.
    /// The plan will be late, or is: the new timescale.
    ParentNotice "parent_notice" "Notice to a parent" Parent Routine Automatic;
    /// How things stand with a late plan.
    ParentUpdate "parent_update" "Update to a parent" Parent Routine Automatic;
    /// A parent's mail has come: who will answer, and by when.
    ParentAcknowledgement "parent_acknowledgement" "Acknowledgement to a parent" Parent Urgent Automatic;
    /// A letter to a family before it leaves: the co-ordinator may stop it.
    Preview "preview" "Preview of a letter to a parent" Staff Urgent Personal;
    /// A family has written.
    ParentMail "parent_mail" "Mail of a parent" Staff Urgent Personal;
    /// The text of a letter that goes by post.
    PostLetter "post_letter" "Letter for the post" Staff Urgent Personal;
    /// Something about a family that only a person can do.
    FamilyQuestion "family_question" "Question about a family" Staff Urgent Personal;

    // About assessment rounds.
    /// The form of an assessment round.
    AssessmentForm "assessment_form" "Self-assessment form" Partner Urgent Personal;
    /// What is still missing before the close.
    AssessmentReminder "assessment_reminder" "Self-assessment reminder" Partner Routine Personal;
    /// What was read of an answer, and what is still asked.
    AssessmentReceipt "assessment_receipt" "Self-assessment receipt" Partner Urgent Automatic;
    /// Something that the provider's lead or the ICB's has to know or to settle.
    AssessmentNotice "assessment_notice" "Self-assessment notice" Partner Urgent Personal;
    /// An action is somebody's, or its date comes near.
    AssessmentAction "assessment_action" "Action" Partner Routine Personal;
    /// Results of a round, with the action plan.
    AssessmentResult "assessment_result" "Self-assessment results" Partner Routine Personal;
    /// A provider's own result of a round.
    AssessmentOwn "assessment_own" "Self-assessment, a provider's own result" Partner Routine Personal;
    /// What became of a command of the ICB's lead or a respondent.
    PartnerReceipt "partner_receipt" "Receipt" Partner Routine Automatic;

    // To staff.
    /// Perhaps the wrong child: what a SEND manager looks at.
    Breach "breach" "Breach checklist" Staff Urgent Personal;
    /// Something about a case that a member of staff has to know.
    CaseNotice "case_notice" "Notice about a case" Staff Urgent Personal;
    /// An answer is there: the co-ordinator judges it.
    Answer "answer" "“Please look”" Staff Urgent Personal;
    /// Something changed who is responsible, or could not be delivered: the co-ordinator is told.
    Notice "notice" "Notice" Staff Urgent Personal;
    /// Who is the adviser?
    RolesQuestion "roles_question" "Question who is who" Staff Urgent Personal;
    /// The morning's mail to a co-ordinator.
    Today "today" "Today mail" Staff Routine Personal;
    /// What became of a command.
    Receipt "receipt" "Receipt" Staff Routine Automatic;
    /// A command read back, or put before a second person: it is carried out after `YES`.
    ReadBack "read_back" "Read back" Staff Urgent Automatic;
    /// The timeline of a case or follow-up.
    Status "status" "Status" Staff Routine Automatic;
    /// What one can write.
    Help "help" "Help" Staff Routine Automatic;
    /// Somebody wrote in your name; a breaker has tripped.
    Alarm "alarm" "Alarm" Staff Urgent Automatic;
    /// All sending has stopped, or may go on: to the SEND managers, and leaves while nothing else does.
    SendingStopped "sending_stopped" "“All sending has stopped”" Staff Urgent Automatic;
    /// What the monthly retention run has removed.
    Retention "retention" "Retention report" Staff Routine Automatic;
    /// The weekly report, and one that was asked for.
    WeeklyReport "weekly_report" "Weekly report" Staff Routine Automatic;
    /// The monthly report on advice from health, as the authority itself sees it: every number.
    AuthorityHealthReport "authority_health_report" "Health report, the authority's own" Staff Routine Automatic;
    /// The monthly report on advice from health, to the ICB, partners and providers.
    HealthReport "health_report" "Health report" Partner Routine Automatic;
    /// A one-time token that proves an address.
    Confirm "confirm" "Request to confirm" Staff Urgent Automatic;
}

impl LetterKind {
    /// The name in the store, in logs and of its template file.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// What people call it, for lists of letters.
    pub fn title(self) -> &'static str {
        self.entry().title
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.name() == name)
    }

    /// Whether it goes before routine mail.
    pub fn is_urgent(self) -> bool {
        self.entry().haste == Haste::Urgent
    }

    /// Whether it is the request whose acceptance by the relay is day 0.
    pub fn begins_window(self) -> bool {
        matches!(self, Self::Request | Self::AdviceRequest | Self::DraftCheck | Self::AssessmentForm)
    }

    /// Whether it tells that something is late: taken back when the answer comes before it has left.
    pub fn is_escalation(self) -> bool {
        matches!(self, Self::Escalation | Self::Overdue)
    }

    /// Whether it tells a family a date for the plan: previewed, counted, held back when they write.
    pub fn tells_timescale(self) -> bool {
        matches!(self, Self::ParentNotice | Self::ParentUpdate)
    }

    /// Whether it is about follow-ups of several children, and therefore carries references and nothing else.
    pub fn is_about_several(self) -> bool {
        matches!(self, Self::DraftSilence | Self::DraftUnread)
    }

    /// Whether it is a report of the authority's own: beside staff, the readers of the configuration get it.
    pub fn is_report(self) -> bool {
        matches!(self, Self::WeeklyReport | Self::AuthorityHealthReport)
    }

    /// Whether it says that it is automatic (RFC 3834).
    pub fn is_automatic(self) -> bool {
        self.entry().voice == Voice::Automatic
    }

    /// Whom it is for.
    pub fn audience(self) -> Audience {
        self.entry().audience
    }
}
