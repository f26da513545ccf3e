//! Where reading ends: thanks, signatures, forwarded headers; and greetings, which are read over.

use regex::Regex;
use std::sync::LazyLock;

/// A sign-off or the border of what somebody else wrote.
static SIGN_OFF: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^\W*(?:many thanks|thanks|thank\s?you|thx|cheers|ta\b|kr\b|regards|sincerely|yours (?:sincerely|faithfully)",
        r"|(?:kind|kindest|best|warm|warmest|with|all) (?:regards|wishes|thanks|the best)|best\W*$)"
    ))
    .ok()
});
static BORDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)^(?:--+(?:\s|$|[a-z])|_{3,}|={3,}|\*{3,}\s*$|sent from (?:my|outlook|mail|a|yahoo|samsung)\b|get outlook for",
        r"|begin forwarded message|-+ ?(?:original|forwarded) message|on\b.{5,250}\bwrote:?\s*$)"
    ))
    .ok()
});
static GREETING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:hi|hello|hey|hiya|dear|good (?:morning|afternoon|evening)|morning|afternoon)\b[\w .'&/-]{0,40}[,.!:-]*$").ok()
});

/// Whether nothing of the writer's own follows: a border, or the header block of a forwarded mail.
pub(super) fn is_border(plain: &str, rest: &[&str]) -> bool {
    matches(&BORDER, plain) || starts_header_block(plain, rest)
}

/// Whether the writer takes their leave. A longer line is a sentence: "with regards to the provision …".
pub(super) fn is_sign_off(plain: &str) -> bool {
    const LONGEST: usize = 6;
    plain.split_whitespace().count() <= LONGEST && matches(&SIGN_OFF, plain)
}

/// Whether a line is as short as the name below a mail, and no sentence.
pub(super) fn is_name(plain: &str) -> bool {
    plain.split_whitespace().count() <= 3 && !plain.ends_with(['.', '?', '!', ':', ';'])
}

/// Whether a line only greets.
pub(super) fn is_greeting(plain: &str) -> bool {
    plain.split_whitespace().count() <= 5 && matches(&GREETING, plain)
}

fn matches(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// `From:` is a field of ours too; in a header block `Sent:` or `Date:` and `To:` or `Subject:` stand close below.
fn starts_header_block(plain: &str, rest: &[&str]) -> bool {
    const NEAR: usize = 6;
    let named = |line: &str, name: &str| {
        line.trim_start_matches(['*', '>', ' '])
            .split_once(':')
            .is_some_and(|(label, _)| label.trim_matches(['*', ' ']).eq_ignore_ascii_case(name))
    };
    let near = |name: &str| rest.iter().take(NEAR).any(|line| named(line, name));
    named(plain, "From") && (near("Sent") || near("Date")) && (near("To") || near("Subject"))
}
