//! Whether a reply to a draft check says that the plan is right and nothing else. When in doubt it does not: then it is
//! feedback, and a person reads it.

use super::words::Text;

/// What people write when they have nothing to change.
const AGREES: &[&str] = &[
    "no change",
    "no changes",
    "no comment",
    "no comments",
    "no amendments",
    "no amendment",
    "no corrections",
    "no concerns",
    "no issues",
    "no feedback",
    "nothing to add",
    "nothing to change",
    "nothing further to add",
    "happy with the plan",
    "happy with this plan",
    "happy with the draft",
    "happy with this draft",
    "happy with it",
    "happy with this",
    "happy with that",
    "i am happy",
    "i'm happy",
    "we are happy",
    "i agree with the plan",
    "i agree with the draft",
    "looks good",
    "looks fine",
    "all fine",
    "this is fine",
    "is accurate",
    "reflects the needs",
    "reflects his needs",
    "reflects her needs",
    "reflects their needs",
];

/// What agrees only when it is the whole answer: in a sentence each of these can mean anything.
const WHOLE: &[&str] = &[
    "agreed",
    "i agree",
    "we agree",
    "confirmed",
    "i confirm",
    "approved",
    "accurate",
    "correct",
    "all correct",
    "all accurate",
    "all good",
    "all in order",
    "none",
    "none from me",
    "nil",
    "nil return",
    "nothing from me",
];

/// One of these, and there is more to it.
const QUALIFIES: &[&str] = &[
    "not",
    "but",
    "however",
    "except",
    "apart",
    "although",
    "though",
    "unless",
    "until",
    "once",
    "if",
    "when",
    "should",
    "could",
    "would",
    "must",
    "needs to",
    "need to",
    "please",
    "amend",
    "add the",
    "correct",
    "replace",
    "remove",
    "missing",
    "wrong",
    "instead",
    "only",
    "other",
    "provided",
    "subject to",
    "don't",
    "doesn't",
    "isn't",
    "can't",
    "cannot",
    "page",
    "section",
    "attached",
    "one thing",
    "small",
    "minor",
    "suggest",
    "say",
    "says",
    "will send",
    "later",
    "yet",
    "never",
    "concerned",
    "unclear",
    "unhappy",
    "nor",
];

/// More words than this say more than yes.
const LONGEST: usize = 25;

/// Whether the sender's own words only agree with the plan draft.
pub fn only_agrees(own: &str) -> bool {
    let text = Text::new(own);
    if text.is_one_of(WHOLE) && !own.contains('?') {
        return true;
    }
    let plain = !own.contains('?') && !own.chars().any(|c| c.is_ascii_digit());
    (1..=LONGEST).contains(&text.count()) && plain && text.says_phrase(AGREES) && !text.says_phrase(QUALIFIES)
}

#[cfg(test)]
mod tests {
    use super::only_agrees;

    #[test]
    fn agreement_is_believed_only_when_nothing_qualifies_it() {
        for yes in [
            "NO CHANGES",
            "Hi Cora,\n\nI am happy with the plan, thank you.\n\nKind regards\nDr Lee",
            "No comments from me.",
            "The draft looks good to me.",
            "I have read it and it reflects her needs.",
            "Agreed.",
            "Dear Cora,\n\nNone from me!\n\nMany thanks\nDr Lee\nTel 01632 960002",
            "ALL  CORRECT",
        ] {
            assert!(only_agrees(yes), "{yes}");
        }
        for no in [
            "",
            "Thank you.",
            "Agreed?",
            "Agreed with my colleague to send the report.",
            "None of this is right.",
            "OK",
            "I am not happy with the plan.",
            "Happy with the plan, but therapy is weekly.",
            "Happy with the plan once the outcome is corrected.",
            "No changes, except on page two.",
            "No changes? I thought there were some.",
            "No changes to section 3.",
            "I am unhappy with it",
            "Would I be happy with the plan",
            "I will send comments later, no changes yet.",
        ] {
            assert!(!only_agrees(no), "{no}");
        }
    }
}
