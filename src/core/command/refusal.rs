//! Why a line was not carried out, in words that one would send to a co-ordinator.

use super::field::Field;
use super::verb::Verb;
use std::fmt;

/// A line that looked like a command and was not taken as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The line as written.
    pub line: String,
    /// The reason.
    pub why: RefusalReason,
}

/// What is wrong with a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// No such day, or not surely one.
    Unreadable,
    /// It has passed where only a day to come makes sense.
    Past,
    /// It is to come where only a day that has been makes sense.
    Future,
}

/// Why a line was not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalReason {
    /// No such verb.
    Unknown {
        /// A verb that is one or two letters away.
        did_you_mean: Option<Verb>,
    },
    /// Another line of the same mail says something else about the same thing.
    Contradiction {
        /// That line.
        with: String,
    },
    /// A date that cannot be meant.
    BadDate {
        /// The field, or none for the date in the line itself.
        field: Option<Field>,
        /// As written.
        written: String,
        /// What is wrong.
        why: DateFault,
    },
    /// Something else behind a colon than belongs there.
    BadValue {
        /// The field.
        field: Field,
        /// As written.
        written: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// A field that the verb does not have.
    UnknownField {
        /// The verb.
        verb: Verb,
        /// As written.
        written: String,
        /// A field of the verb that is close.
        did_you_mean: Option<Field>,
    },
    /// Nothing behind the colon.
    EmptyField {
        /// The field.
        field: Field,
    },
    /// Two values for a field that has one.
    TwoValues {
        /// The field.
        field: Field,
    },
    /// More on the line than the verb and its object.
    ExtraWords {
        /// The verb.
        verb: Verb,
        /// What was too much.
        words: String,
    },
    /// The verb needs something behind it that is not there.
    Incomplete {
        /// The verbs that begin so.
        verbs: Vec<Verb>,
        /// What stands there instead; may be empty.
        words: String,
    },
    /// None of the fields is there of which the verb needs one.
    MissingField {
        /// The verb.
        verb: Verb,
    },
    /// A reference of ours with a wrong character.
    BadReference {
        /// As written.
        written: String,
    },
    /// A line number in a mail that answers no numbered mail.
    NoNumberedLines {
        /// The verb.
        verb: Verb,
    },
    /// The line asks instead of telling.
    Question {
        /// The verb.
        verb: Verb,
    },
    /// A command stands inside the free text, which goes to the end of the mail.
    CommandInText {
        /// That line.
        line: String,
    },
    /// Words for people outside go on below an empty line, where reading has stopped.
    CutWords {
        /// The first line that was not read.
        line: String,
    },
    /// The line stands directly below quoted text, so that it may be the stray end of it.
    BelowQuotation,
    /// A field of it stands below running text, where reading has stopped.
    FieldBelowProse {
        /// The field.
        field: Field,
    },
    /// The line stands below running text, where reading has stopped.
    BelowProse,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\": {}", self.line, self.why)
    }
}

impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { did_you_mean: Some(verb) } => {
                write!(f, "this is no command that I know. Did you mean {}?", verb.words())
            }
            Self::Unknown { did_you_mean: None } => {
                f.write_str("this is no command that I know. Answer HELP for a list.")
            }
            Self::Contradiction { with } => {
                write!(f, "this contradicts \"{with}\", so I did neither. Which one is right?")
            }
            Self::BadDate { field, written, why } => {
                let place = field.map_or_else(String::new, |field| format!("{}: ", field.label()));
                write!(f, "{place}\"{written}\" {why}")
            }
            Self::BadValue { field, written, expected } => {
                write!(f, "behind {}: I expect {expected}, not \"{written}\".", field.label())
            }
            Self::UnknownField { verb, written, did_you_mean: Some(field) } => {
                write!(f, "{} has no field \"{written}\". Did you mean {}:?", verb.words(), field.label())
            }
            Self::UnknownField { verb, written, did_you_mean: None } => {
                write!(f, "{} has no field \"{written}\".", verb.words())?;
                list(f, *verb)
            }
            Self::EmptyField { field } => write!(f, "nothing stands behind {}:.", field.label()),
            Self::TwoValues { field } => write!(f, "{}: is given twice. Which one is right?", field.label()),
            Self::ExtraWords { verb, words } => {
                write!(f, "I read {}, but not \"{words}\" beside it. Write it as {}", verb.words(), verb.usage())?;
                match verb.fields().find(|field| field.is_free_text()) {
                    Some(field) => write!(f, ", and your words behind {}: on the next line.", field.label()),
                    None => f.write_str("."),
                }
            }
            Self::Incomplete { verbs, words } => {
                let usages: Vec<String> = verbs.iter().map(|verb| verb.usage()).collect();
                let usages = usages.join(", or ");
                if words.is_empty() {
                    write!(f, "something is missing. Write it as {usages}.")
                } else {
                    write!(f, "I cannot read \"{words}\" there. Write it as {usages}.")
                }
            }
            Self::MissingField { verb } => {
                let labels: Vec<String> =
                    verb.entry().needs.iter().map(|field| format!("{}:", field.label())).collect();
                write!(f, "{} needs {} on the next line.", verb.words(), labels.join(" or "))
            }
            Self::BadReference { written } => {
                write!(f, "\"{written}\" is not a reference of mine: at least one character is wrong.")
            }
            Self::NoNumberedLines { verb } => write!(
                f,
                "the mail that you answered has no numbered lines. Name the follow-up: {} FU-....",
                verb.words()
            ),
            Self::Question { verb } => {
                write!(f, "this ends with a question mark, so I did nothing. Did you mean {}?", verb.words())
            }
            Self::CommandInText { line } => write!(
                f,
                "Text: takes everything to the end of the mail, and \"{line}\" stands in it. Put that line above."
            ),
            Self::CutWords { line } => write!(
                f,
                "I stopped reading at the empty line above \"{line}\", and have sent nothing. Put all that is to go to the adviser behind Text: on the next line; it takes everything to the end of the mail."
            ),
            Self::BelowQuotation => f.write_str(
                "this stands right below quoted text, so I was not sure that you wrote it. Send it again on its own.",
            ),
            Self::FieldBelowProse { field } => {
                write!(
                    f,
                    "I stopped reading at the text above {}:. Put that text behind Text: or leave it out.",
                    field.label()
                )
            }
            Self::BelowProse => f.write_str("I stopped reading at the text above this line. Send it again on its own."),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, verb: Verb) -> fmt::Result {
    let labels: Vec<String> = verb.fields().map(|field| format!("{}:", field.label())).collect();
    if labels.is_empty() { Ok(()) } else { write!(f, " It has {}.", labels.join(" ")) }
}

impl fmt::Display for DateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable => "is not a date that I can read for sure. Write it as 19 October 2026.",
            Self::Past => "has passed; I need a day to come.",
            Self::Future => "has not come yet; I need a day that has been.",
        })
    }
}
