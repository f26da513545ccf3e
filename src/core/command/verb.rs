//! The verbs that staff may write: one table with their spellings, fields, roles, confirmation and help.
//!
//! The rows follow `commands.md` 5. What a verb does is decided elsewhere.

use super::field::{Field, Value};
use Field::*;
use Value::{AnyDay, Future, OneOf, Past, Words, WorkingDays, YesNo};

/// Who may give a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandRole {
    /// C: the co-ordinator of the case.
    C,
    /// D: any other co-ordinator of the team (deputy).
    D,
    /// M: a SEND manager.
    M,
    /// I: the ICB lead of the self-assessment.
    I,
    /// Whoever answers a self-assessment for a provider.
    Respondent,
}

/// What has to happen before a command is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// Nothing.
    None,
    /// ✓: it is read back and carried out after `YES` from the same person.
    ReadBack,
    /// ②: a second person has to answer `YES`.
    SecondPerson,
}

/// Verbs of one group settle the same question: two of them on one target contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Outcome,
    Receipt,
    Feedback,
    Decision,
    NewDate,
    Preview,
    Stopping,
    LegalHold,
    Pausing,
    Breaker,
    Triage,
    Assignment,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub words: &'static str,
    pub forms: &'static [&'static str],
    pub fields: &'static [(Field, Value)],
    /// Fields whose value may lead the free words behind the verb, with the prepositions that introduce it.
    pub leads: &'static [(Field, &'static [&'static str])],
    /// One of these fields has to be there.
    pub needs: &'static [Field],
    pub roles: &'static [CommandRole],
    pub confirmation: Confirmation,
    pub group: Option<Group>,
    pub help: &'static str,
}

impl Entry {
    const fn new(words: &'static str, forms: &'static [&'static str], help: &'static str) -> Self {
        let roles = &[CommandRole::C, CommandRole::D, CommandRole::M];
        Self {
            words,
            forms,
            fields: &[],
            leads: &[],
            needs: &[],
            roles,
            confirmation: Confirmation::None,
            group: None,
            help,
        }
    }

    const fn fields(self, fields: &'static [(Field, Value)]) -> Self {
        Self { fields, ..self }
    }

    const fn leads(self, leads: &'static [(Field, &'static [&'static str])]) -> Self {
        Self { leads, ..self }
    }

    const fn needs(self, needs: &'static [Field]) -> Self {
        Self { needs, ..self }
    }

    const fn roles(self, roles: &'static [CommandRole]) -> Self {
        Self { roles, ..self }
    }

    const fn group(self, group: Group) -> Self {
        Self { group: Some(group), ..self }
    }

    const fn read_back(self) -> Self {
        Self { confirmation: Confirmation::ReadBack, ..self }
    }

    const fn second_person(self) -> Self {
        Self { confirmation: Confirmation::SecondPerson, ..self }
    }
}

const REASON: &[(Field, Value)] = &[(Reason, Words)];
const ON: &[(Field, Value)] = &[(On, Past)];
const CASE_DATA: &[(Field, Value)] = &[
    (Requested, Past),
    (Child, Words),
    (FirstName, Words),
    (Born, Past),
    (Parent, Words),
    (YoungPerson, Words),
    (Representative, Words),
    (Coordinator, Words),
    (SchoolClosed, Words),
    (Consult, OneOf(&["sequential", "parallel"])),
    (TheirRef, Words),
    (Sensitive, YesNo),
];
const FAMILY: &[(Field, Value)] = &[
    (Add, Words),
    (Remove, Words),
    (DoNotContact, Words),
    (Post, Words),
    (YoungPerson, Words),
    (Representative, Words),
];
const TICKED: &[(Field, Value)] = &[(Reason, Words), (Voice, YesNo), (Plain, YesNo), (Impact, YesNo)];
const DRAFT: &[(Field, Value)] = &[(On, Past), (Where, Words), (CheckWith, Words), (BeforeIssue, YesNo)];
const MANAGER_ONLY: &[CommandRole] = &[CommandRole::M];
const ROUNDS: &[CommandRole] = &[CommandRole::I, CommandRole::M];

/// Name, words, forms, help, then whatever differs from the usual.
///
/// In a form, capitals are typed as they stand, `<x>` must follow and `[x]` may: `case` a case reference, `ref`
/// that or a follow-up, `target` that or line numbers, and so on (`form.rs`). The first form is shown to people.
macro_rules! verbs {
    ($($name:ident $words:literal [$($form:literal),+] $help:literal $(.$set:ident($($with:expr),*))*;)+) => {
        /// What a line of staff asks for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb { $(#[doc = $help] $name),+ }

        impl Verb {
            /// Every verb, in the order of the help.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub(super) const fn entry(self) -> Entry {
                match self { $(Self::$name => Entry::new($words, &[$($form),+], $help)$(.$set($($with),*))*),+ }
            }
        }
    };
}

verbs! {
    NewCase "NEW CASE" ["NEW CASE <case>"]
        "Opens a case." .fields(CASE_DATA) .read_back();
    Correct "CORRECT" ["CORRECT [ref]"]
        "Corrects what is recorded about a case." .fields(CASE_DATA) .read_back();
    Import "IMPORT" ["IMPORT"]
        "Takes cases, advice requests and people from the attached XLSX or CSV." .read_back();
    RequestAdvice "REQUEST ADVICE" ["REQUEST ADVICE [ref]"]
        "Sends an advice request and opens its six weeks."
        .fields(&[(From, Words), (Service, Words), (Manager, Words), (Text, Words)]);
    AdviceAsked "ADVICE ASKED" ["ADVICE ASKED [ref]"]
        "Records an advice request that was made elsewhere."
        .fields(&[(From, Words), (Service, Words), (Manager, Words), (On, Past)]);
    Clarify "CLARIFY" ["CLARIFY [ref]"]
        "Sends a clarification request (option 2) to the adviser and their line managers."
        .fields(&[(To, Words), (Manager, Words), (Why, Words), (AgreedWith, Words), (About, Words), (Text, Words)]);
    Note "NOTE" ["NOTE [ref]"]
        "Notes a small point that was settled with the adviser directly (option 1)."
        .fields(&[(With, Words), (Text, Words)]);
    UsedAsSubmitted "USED AS SUBMITTED" ["USED AS SUBMITTED [ref]"]
        "Records that the advice is used as far as possible (step 3)." .fields(&[(With, Words), (Text, Words)]);
    Received "RECEIVED" ["RECEIVED [target]"]
        "Records that the answer came another way." .fields(&[(On, Past), (How, Words)]) .leads(&[(On, &["on"])])
        .group(Group::Receipt);
    Accept "ACCEPT" ["ACCEPT [target]"]
        "Accepts the advice." .fields(TICKED) .group(Group::Outcome);
    Close "CLOSE" ["CLOSE [target]"]
        "Closes the follow-up." .fields(TICKED) .group(Group::Outcome);
    Insufficient "INSUFFICIENT" ["INSUFFICIENT [target]"]
        "Asks again: next round, a new window." .fields(&[(Why, Words), (Text, Words)]) .group(Group::Outcome);
    NotAdvice "NOT ADVICE" ["NOT ADVICE [target]"]
        "The reply was no advice; the old deadline runs on." .fields(REASON) .group(Group::Outcome);
    NotKnown "NOT KNOWN" ["NOT KNOWN [target]", "NOT KNOWN TO SERVICE [target]"]
        "Records that the child is not known to the service." .fields(REASON) .group(Group::Outcome);
    DisputeUpheld "DISPUTE UPHELD" ["DISPUTE UPHELD [target]"]
        "Settles a dispute: the adviser is right." .fields(REASON) .group(Group::Outcome);
    DisputeRejected "DISPUTE REJECTED" ["DISPUTE REJECTED [target]"]
        "Settles a dispute: the request stands." .fields(REASON) .group(Group::Outcome);
    WrongChild "WRONG CHILD" ["WRONG CHILD [target]"]
        "Holds the follow-up and sends the breach checklist." .fields(REASON) .group(Group::Outcome);
    Extend "EXTEND" ["EXTEND [target]"]
        "Sets a new due date; the original is kept."
        .fields(&[(To, Future), (By, WorkingDays), (Reason, Words)])
        .leads(&[(To, &["to", "until", "till"]), (By, &["by"])]) .needs(&[To, By]) .group(Group::Outcome);
    Reopen "REOPEN" ["REOPEN [target]", "RE OPEN [target]"]
        "Opens a closed follow-up again." .fields(REASON) .group(Group::Outcome);
    Cancel "CANCEL" ["CANCEL [target]"]
        "Ends a follow-up that is not needed any more." .fields(REASON) .group(Group::Outcome);
    Resend "RESEND" ["RESEND [target]", "RE SEND [target]"]
        "Sends again after a bounce or a hold, with a new day 0." .fields(REASON) .group(Group::Outcome);
    NotSought "NOT SOUGHT" ["NOT SOUGHT [target]"]
        "Earlier advice suffices and all three agree (regulation 6(4))." .fields(REASON) .group(Group::Outcome);
    Agreed "AGREED" ["AGREED [target]"]
        "The SEND manager's agreement to option 2." .roles(MANAGER_ONLY);
    Absent "ABSENT" ["ABSENT <who>", "ABSENT [target]"]
        "The adviser is away: the line manager is responsible." .fields(&[(Until, Future)])
        .leads(&[(Until, &["until", "till", "to"])]);
    ManagerIs "MANAGER" ["MANAGER <who> IS <mailbox>", "MANAGER IS <mailbox>"]
        "Remembers the line manager of an adviser.";
    DraftIssued "DRAFT ISSUED" ["DRAFT ISSUED [ref]"]
        "Records the plan draft and opens the draft checks." .fields(DRAFT) .needs(&[Where]);
    Reissued "REISSUED" ["REISSUED [ref]", "RE ISSUED [ref]"]
        "Records that the plan draft was issued again: new 15 days." .fields(DRAFT) .needs(&[Where]);
    FeedbackNone "FEEDBACK NONE" ["FEEDBACK NONE [target]", "FEEDBACK [target] NONE"]
        "The feedback changes nothing." .group(Group::Feedback);
    FeedbackParent "FEEDBACK PARENT" ["FEEDBACK PARENT [target]", "FEEDBACK [target] PARENT"]
        "The change comes from the parents." .group(Group::Feedback);
    FeedbackOther "FEEDBACK OTHER" ["FEEDBACK OTHER [target]", "FEEDBACK [target] OTHER"]
        "Another change: the draft is issued again, new 15 days." .group(Group::Feedback);
    DecisionAssess "DECISION ASSESS" ["DECISION <ref> ASSESS", "DECISION ASSESS [ref]"]
        "The authority assesses." .fields(ON) .group(Group::Decision);
    DecisionNoAssessment "DECISION NO ASSESSMENT" ["DECISION <ref> NO ASSESSMENT", "DECISION NO ASSESSMENT [ref]"]
        "The authority does not assess." .fields(ON) .group(Group::Decision);
    DecisionNoPlan "DECISION NO PLAN" ["DECISION <ref> NO PLAN", "DECISION NO PLAN [ref]"]
        "The authority makes no plan." .fields(ON) .group(Group::Decision);
    FinalIssued "FINAL ISSUED" ["FINAL ISSUED [ref]"]
        "The final plan is out: everything open on the case ends." .fields(ON);
    Exemption "EXEMPTION" ["EXEMPTION <case> <ground>"]
        "Records an exemption; the clock does not move."
        .fields(&[(Phase, Words), (From, AnyDay), (To, AnyDay), (Text, Words)]);
    NewDate "NEW DATE" ["NEW DATE [ref] <date>"]
        "The new timescale that parents are told." .fields(REASON) .group(Group::NewDate);
    Send "SEND" ["SEND [target]"]
        "Sends the previewed letter now." .group(Group::Preview);
    Wait "WAIT" ["WAIT [target]"]
        "Holds the previewed letter." .group(Group::Preview);
    DontSend "DON'T SEND" ["DON'T SEND [target]", "DO NOT SEND [target]"]
        "Never sends the previewed letter." .group(Group::Preview);
    Stop "STOP" ["STOP <case>"]
        "Stops everything on a case; advisers are thanked." .fields(REASON) .read_back() .group(Group::Stopping);
    StopSilent "STOP SILENT" ["STOP SILENT <case>"]
        "Stops everything on a case; nobody is written to." .fields(REASON) .read_back() .group(Group::Stopping);
    Resume "RESUME" ["RESUME [ref]"]
        "Goes on with a stopped case." .second_person() .group(Group::Stopping);
    Contact "CONTACT" ["CONTACT [ref]"]
        "Adds or changes parents' addresses."
        .fields(FAMILY)
        .second_person();
    Posted "POSTED" ["POSTED [ref]"]
        "A letter went by post." .fields(ON);
    Reassign "REASSIGN" ["REASSIGN <ref> TO <to>", "REASSIGN TO <to>", "RE ASSIGN <ref> TO <to>"]
        "Gives a case to another co-ordinator." .group(Group::Assignment);
    ReassignAll "REASSIGN ALL" ["REASSIGN ALL FROM <who> TO <to>", "RE ASSIGN ALL FROM <who> TO <to>"]
        "Gives all cases of a co-ordinator to another." .roles(MANAGER_ONLY);
    Narrative "NARRATIVE" ["NARRATIVE [target]"]
        "Tells why a return was late." .fields(&[(Theme, Words), (Text, Words)]);
    Match "MATCH" ["MATCH <lines> <candidate>", "MATCH <candidate>"]
        "Puts a mail of the triage where it belongs." .group(Group::Triage);
    Ignore "IGNORE" ["IGNORE [lines]"]
        "The mail of the triage belongs nowhere." .group(Group::Triage);
    LegalHoldOn "LEGAL HOLD ON" ["LEGAL HOLD <ref> ON", "LEGAL HOLD ON [ref]"]
        "Keeps everything of a case from being erased." .roles(MANAGER_ONLY) .group(Group::LegalHold);
    LegalHoldOff "LEGAL HOLD OFF" ["LEGAL HOLD <ref> OFF", "LEGAL HOLD OFF [ref]"]
        "Ends a legal hold." .roles(MANAGER_ONLY) .group(Group::LegalHold);
    PauseAll "PAUSE ALL" ["PAUSE ALL"]
        "Stops all sending at once." .roles(MANAGER_ONLY) .group(Group::Pausing);
    UnpauseAll "UNPAUSE ALL" ["UNPAUSE ALL", "UN PAUSE ALL"]
        "Lets letters leave again." .roles(MANAGER_ONLY) .second_person() .group(Group::Pausing);
    Release "RELEASE" ["RELEASE <all>", "RELEASE [lines]"]
        "Lets held letters go: ALL, or by number." .roles(MANAGER_ONLY) .read_back() .group(Group::Breaker);
    Discard "DISCARD" ["DISCARD <all>", "DISCARD [lines]"]
        "Throws held letters away." .roles(MANAGER_ONLY) .group(Group::Breaker);
    Status "STATUS" ["STATUS [target]"]
        "Shows the timeline of a case and why each date is what it is.";
    List "LIST" ["LIST [listing]"]
        "Lists what is open.";
    Report "REPORT" ["REPORT [report]"]
        "Sends the report.";
    Help "HELP" ["HELP [verb]"]
        "Explains the commands."
        .roles(&[CommandRole::C, CommandRole::D, CommandRole::M, CommandRole::I, CommandRole::Respondent]);
    RoundStart "ROUND START" ["ROUND START [name]"]
        "Opens a round of the self-assessment." .roles(ROUNDS);
    RoundStatus "ROUND STATUS" ["ROUND STATUS [name]"]
        "Shows who has answered." .roles(ROUNDS);
    RoundClose "ROUND CLOSE" ["ROUND CLOSE [name]"]
        "Closes the round." .roles(ROUNDS);
    RoundResult "ROUND RESULT" ["ROUND RESULT [name]"]
        "Sends totals, colours and action plan." .roles(ROUNDS);
    Amend "AMEND" ["AMEND <number> [answer]"]
        "Changes an answer after the self-assessment was handed in." .roles(&[CommandRole::Respondent]);
    ActionDone "ACTION DONE" ["ACTION <number> DONE", "ACTION DONE <number>"]
        "Ticks off an action of the action plan."
        .roles(&[CommandRole::I, CommandRole::M, CommandRole::Respondent]);
    Yes "YES" ["YES"]
        "Confirms what was read back."
        .roles(&[CommandRole::C, CommandRole::D, CommandRole::M, CommandRole::I]);
}

impl Verb {
    /// The words as staff are told to write them, without the object: "NOT ADVICE".
    pub const fn words(self) -> &'static str {
        self.entry().words
    }

    /// The whole line as shown to people, without what the thread tells anyway: `DECISION <case> ASSESS`.
    pub fn usage(self) -> String {
        let form = self.entry().forms.first().copied().unwrap_or(self.entry().words);
        let parts = form.split(' ').filter(|part| !part.starts_with('[')).map(|part| match part {
            "<ref>" => "<case>",
            "<who>" | "<to>" => "<name>",
            "<mailbox>" => "<address>",
            "<lines>" => "<line>",
            "<candidate>" => "<letter>",
            "<all>" => "ALL",
            plain => plain,
        });
        parts.collect::<Vec<_>>().join(" ")
    }

    /// Who may give it; whether a person holds that role for this case is for the engine to say.
    pub const fn roles(self) -> &'static [CommandRole] {
        self.entry().roles
    }

    /// What has to happen before it is carried out.
    pub const fn confirmation(self) -> Confirmation {
        self.entry().confirmation
    }

    /// One sentence for `HELP`.
    pub const fn help(self) -> &'static str {
        self.entry().help
    }

    /// The fields that it declares, in the order of the help.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        self.entry().fields.iter().map(|(field, _)| *field)
    }

    /// Whether it only asks to be told something, so that a question mark behind it changes nothing.
    pub(super) fn only_asks(self) -> bool {
        matches!(self, Self::Status | Self::List | Self::Report | Self::Help | Self::RoundStatus)
    }

    /// Whether a form of it begins with exactly these words before its first object.
    pub(super) fn begins_with(self, words: &[&str]) -> bool {
        self.entry().forms.iter().any(|form| super::form::lead(form).eq(words.iter().map(|word| (*word).to_owned())))
    }

    pub(super) fn value_of(self, field: Field) -> Option<Value> {
        self.entry().fields.iter().find(|(f, _)| *f == field).map(|(_, value)| *value)
    }

    /// Whether words behind it in an answer to a numbered line are a reason or a note. Never for what lets letters
    /// go: "SEND it when I am back" is no `SEND`.
    pub(super) fn takes_free_words(self) -> bool {
        self.fields().any(Field::is_free_text)
            || matches!(self, Self::Received | Self::Absent | Self::Wait | Self::DontSend | Self::Ignore)
    }

    /// Whether it says nothing without knowing which follow-up or case is meant.
    pub(super) fn needs_target(self) -> bool {
        self.entry().forms.iter().any(|form| {
            ["target]", "[ref]", "<ref>", "<case>", "lines", "<candidate>", "<mailbox>"]
                .iter()
                .any(|s| form.contains(s))
        })
    }
}
