//! A child's NHS number or date of birth in a co-ordinator's text: warned of, or blacked out (`security.identifiers`).
//! The warning never repeats what it found.

use super::desk::Desk;
use crate::core::assessment::child_data::{ChildData, ChildDataKind, child_data};
use crate::core::policy::Identifiers;
use crate::core::wording::list;

/// What stands in the place of what was taken out.
const REMOVED: &str = "[removed]";

/// A text as it may go out, and what its writer is told.
pub(super) struct Screened {
    /// The text.
    pub text: String,
    /// A sentence about what was found; empty when nothing was.
    pub remark: String,
}

/// Looks for a child's identifiers in a text that goes to advisers and managers.
pub(super) fn screened(desk: &Desk, text: &str) -> Screened {
    screen(text, desk.office.policy.identifiers)
}

fn screen(text: &str, how: Identifiers) -> Screened {
    let found = child_data(text);
    if found.is_empty() {
        return Screened { text: text.to_owned(), remark: String::new() };
    }
    let what = list(&found.iter().map(words).collect::<Vec<_>>());
    match how {
        Identifiers::Warn => Screened {
            text: text.to_owned(),
            remark: format!(
                " Your text seems to hold {what}. It goes out as written; our reference is enough to name the child."
            ),
        },
        Identifiers::Redact => Screened {
            text: redacted(text, &found),
            remark: format!(" Your text seemed to hold {what}; that was taken out before it goes to anybody."),
        },
    }
}

fn words(found: &ChildData) -> String {
    let what = match found.kind {
        ChildDataKind::NhsNumber => "an NHS number",
        ChildDataKind::DateOfBirth => "a date of birth",
    };
    format!("{what} in line {}", found.line)
}

fn redacted(text: &str, found: &[ChildData]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for one in found.iter().filter(|f| f.range.start <= f.range.end) {
        if one.range.start < at {
            continue;
        }
        out.push_str(text.get(at..one.range.start).unwrap_or_default());
        out.push_str(REMOVED);
        at = one.range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_warned_of_or_taken_out_and_never_repeated() {
        let text = "Robin, DOB 03/04/2015,\nNHS 999 000 0018: how often?";
        let warned = screen(text, Identifiers::Warn);
        assert_eq!(warned.text, text);
        assert!(warned.remark.contains("a date of birth in line 1 and an NHS number in line 2"));
        let redacted = screen(text, Identifiers::Redact);
        assert_eq!(redacted.text, "Robin, DOB [removed],\nNHS [removed]: how often?");
        assert!(!redacted.remark.contains("999") && !redacted.remark.contains("2015"));
        assert_eq!(screen("How often?", Identifiers::Redact).remark, "");
    }
}
