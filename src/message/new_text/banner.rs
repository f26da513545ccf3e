//! What a mail gateway writes above a mail. Must not touch a line that could be the sender's.

use super::attribution::{found, is_stroke, regex};
use super::line::{Line, head};
use super::quotation::Role;
use regex::Regex;
use std::sync::LazyLock;

/// Longer lines may hold the sender's words as well.
const MAX_WORDS: usize = 60;
/// A banner has no more lines than this.
const MAX_LINES: usize = 12;

/// A line that is a banner by itself.
static BANNER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)^\W*(?:",
        r"\[?(?:external|ext)\]?(?:\W+(?:e-?mail|sender|message|mail))?\W*$",
        r"|(?:caution|warning|attention|notice|alert|be careful|important|external)\b\W.{0,60}(?:",
        r"\b(?:e-?mail|message|mail|sender)\b.{0,60}\b(?:external|outside|originate[sd]?|unknown sender)\b",
        r"|\bexternal (?:e-?mail|message|sender|source)\b)",
        r"|external (?:e-?mail|message|sender)\s*[:!-]",
        r"|this (?:e-?mail|message|mail)\b.{0,30}\b(?:originate[sd]?|came|comes|sent|received|is)\b.{0,30}",
        r"\b(?:outside|external (?:to|source|sender|address|party|organi[sz]ation))\b",
        r"|you (?:don.t|do not) often (?:get|receive) e-?mails? from\b",
        r"|\[?you don.t often get e-?mail",
        r"|some people who received this\b.{0,30}\b(?:don.t|do not) often get e-?mail\b",
        r"|learn why this is important\b.{0,60}$",
        r"|this (?:e-?mail|message) is from an? (?:external|untrusted|unknown|unverified|suspicious)\b",
        r"|(?:think before you click|(?:use|exercise) caution|be (?:careful|cautious|vigilant))\b.{0,40}\b(?:external|outside|unknown)\b.{0,60}$",
        // What one gateway puts around its banner for programs.
        r"|zjqcmqryfpfpt\w+$",
        r"|(?:(?:classification|sensitivity|marking)\s*:\s*)?official(?:\W{0,3}sensitive)?(?:\W.{0,30})?$",
        r"|(?:nhs|uk) (?:confidential|official)\W.{0,30}$",
        r"|this sender (?:is|might be) (?:outside|external|impersonat)",
        r")",
    ))
});

/// A line that goes on with a banner.
static GOES_ON: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)^zjqcmqryfpfpt\w+$|\bpreviously corresponded\b|\bthis (?:e-?mail|message) (?:came|was sent|is) from (?:outside|an external)\b|",
        r"\b(?:click(?:ing)?|open(?:ing)?) (?:on )?(?:any )?(?:links?|attachments?)|unless you (?:recogni[sz]e|know|trust|are)|",
        r"content is safe|recogni[sz]e the sender|suspicious|phishing|malicious|(?:think|stay|be) (?:before|vigilant|alert|cautious)|",
        r"links? or (?:open )?attachments?|outside (?:of )?(?:the|your|our) organi[sz]ation|learn why this is important",
    ))
});

static GREETING: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?i)\b(?:dear|hi|hello|thanks|thank you|good (?:morning|afternoon))\b"));

/// Marks the banner lines at the top.
pub(super) fn mark(lines: &[Line], roles: &mut [Role]) {
    let mut begun = false;
    let read = lines.iter().zip(roles.iter_mut()).filter(|(line, _)| !line.is_blank());
    for (line, role) in read.take(MAX_LINES) {
        let known = found(&BANNER, short(line)) || begun && goes_on(line);
        if *role != Role::Own || !known || may_hold_words(line) {
            return;
        }
        *role = Role::Banner;
        begun = true;
    }
}

fn goes_on(line: &Line) -> bool {
    found(&GOES_ON, short(line)) || is_stroke(&line.text)
}

/// A long line, or one that greets, may hold the sender's words behind the banner.
fn may_hold_words(line: &Line) -> bool {
    line.text.split_whitespace().count() > MAX_WORDS || found(&GREETING, &line.text)
}

fn short(line: &Line) -> &str {
    head(line.text.trim(), 500)
}
