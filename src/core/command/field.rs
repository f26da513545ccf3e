//! The fields that follow a verb, `Name: value`, and what may stand behind each colon.

use super::date::{DateBias, read_date};
use super::line::key;
use super::refusal::{DateFault, RefusalReason};
use chrono::NaiveDate;

/// What may stand behind the colon of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// Anything.
    Words,
    /// Today or earlier.
    Past,
    /// Later than today.
    Future,
    /// Any date.
    AnyDay,
    /// A number of working days.
    WorkingDays,
    /// Yes or no.
    YesNo,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// More than a year of working days is a slip of the finger.
const LONGEST_EXTENSION: u32 = 260;

macro_rules! fields {
    ($($name:ident $label:literal $help:literal;)+) => {
        /// A field of a command (`commands.md` 5).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $(#[doc = $help] $name),+ }

        impl Field {
            /// Every field.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name before the colon: "Agreed with".
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }
        }
    };
}

fields! {
    To "To" "Addressees of a clarification; the new due date of an extension; the end of an exemption.";
    Manager "Manager" "Line managers to write to beside the adviser.";
    Why "Why" "A code for what is wrong with the advice.";
    AgreedWith "Agreed with" "The SEND manager who agreed to option 2.";
    About "About" "Which advice is meant.";
    Text "Text" "Free words, to the end of the mail; given as the command's text.";
    Reason "Reason" "Why it is done; given as the command's text.";
    On "On" "The day on which it happened.";
    How "How" "The way by which it came.";
    By "By" "A number of working days.";
    Until "Until" "The day of return.";
    From "From" "The adviser who is asked; the beginning of an exemption.";
    Service "Service" "The service that is asked.";
    Requested "Requested" "The day on which the authority received the request.";
    Child "Child" "The child's initials.";
    FirstName "First name" "The child's first name, for letters to parents only.";
    Born "Born" "Date of birth.";
    Parent "Parent" "Name and address of a parent, or `post`; may be repeated.";
    Coordinator "Coordinator" "The co-ordinator of the case.";
    SchoolClosed "School closed" "When the school is closed.";
    Consult "Consult" "Sequential or parallel consultation of schools.";
    TheirRef "Their ref" "The provider's number for the child.";
    With "With" "With whom it was settled.";
    Voice "Voice" "Whether the advice holds the child's voice.";
    Plain "Plain" "Whether a layperson understands the advice.";
    Impact "Impact" "Whether the advice states the impact on learning.";
    Where "Where" "Where the plan draft is, or how it was sent.";
    CheckWith "Check with" "Advisers who are asked to check the draft.";
    BeforeIssue "Before issue" "Whether the draft is checked before parents get it.";
    Phase "Phase" "The limit that an exemption excuses.";
    Add "Add" "A contact to add.";
    Remove "Remove" "A contact to remove.";
    DoNotContact "Do not contact" "A contact who must not be written to.";
    Post "Post" "A contact who wants letters by post.";
    YoungPerson "Young person" "The young person's own contact.";
    Representative "Representative" "Who acts for a young person who lacks capacity, or gets letters beside them.";
    Sensitive "Sensitive" "Whether every letter to the family waits for a person.";
    Theme "Theme" "A code for why a return was late.";
}

impl Field {
    /// Reads the name before a colon in any spelling: "co-ordinator", "AGREED  WITH".
    pub fn read(label: &str) -> Option<Self> {
        let wanted = key(label);
        Self::ALL.iter().copied().find(|field| key(field.label()) == wanted)
    }

    /// Whether its words are free text and stand in the command's `text`.
    pub(super) fn is_free_text(self) -> bool {
        matches!(self, Self::Text | Self::Reason)
    }
}

/// Brings a value into its normal form: dates as `2026-10-19`, working days as digits, yes and no in lower case.
pub(super) fn read_value(field: Field, value: Value, written: &str, today: NaiveDate) -> Result<String, RefusalReason> {
    let written = written.trim();
    if written.is_empty() {
        return Err(RefusalReason::EmptyField { field });
    }
    match value {
        Value::Words => Ok(written.to_owned()),
        Value::Past => dated(field, written, today, DateBias::Past, |date| (date > today).then_some(DateFault::Future)),
        Value::Future => {
            dated(field, written, today, DateBias::Future, |date| (date <= today).then_some(DateFault::Past))
        }
        Value::AnyDay => dated(field, written, today, DateBias::Past, |_| None),
        Value::WorkingDays => read_working_days(written)
            .map(|n| n.to_string())
            .ok_or_else(|| bad(field, written, "a number of working days")),
        Value::YesNo => match key(written).as_str() {
            "YES" | "Y" => Ok("yes".to_owned()),
            "NO" | "N" => Ok("no".to_owned()),
            _ => Err(bad(field, written, "yes or no")),
        },
        Value::OneOf(allowed) => {
            let found = allowed.iter().find(|word| key(word) == key(written));
            found.map(|word| (*word).to_owned()).ok_or_else(|| bad(field, written, "one of the words that HELP lists"))
        }
    }
}

fn dated(
    field: Field,
    written: &str,
    today: NaiveDate,
    bias: DateBias,
    fault: impl Fn(NaiveDate) -> Option<DateFault>,
) -> Result<String, RefusalReason> {
    let refuse = |why| RefusalReason::BadDate { field: Some(field), written: written.to_owned(), why };
    let date = read_date(written, today, bias).ok_or_else(|| refuse(DateFault::Unreadable))?;
    fault(date).map_or_else(|| Ok(date.to_string()), |why| Err(refuse(why)))
}

/// "3", "3 wd", "3 working days", "3 days": the field counts nothing but working days.
pub(super) fn read_working_days(written: &str) -> Option<u32> {
    let digits = written.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = written.split_at_checked(digits)?;
    let unit = key(unit);
    let known = ["", "WD", "WDS", "DAY", "DAYS", "WORKINGDAY", "WORKINGDAYS"].contains(&unit.as_str());
    number.parse().ok().filter(|n| known && (1..=LONGEST_EXTENSION).contains(n))
}

fn bad(field: Field, written: &str, expected: &'static str) -> RefusalReason {
    RefusalReason::BadValue { field, written: written.to_owned(), expected }
}
