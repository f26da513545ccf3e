//! The words of a reply as they are counted and compared. Must not decide what they amount to.

use crate::message::Message;
use crate::message::new_text::{NewText, html_to_text};
use regex::Regex;
use std::cell::OnceCell;
use std::sync::LazyLock;

fn regex(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

fn found(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(text))
}

static GREETING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?i)^\W*(?:(?:dear|hi|hello|hiya|hey|good (?:morning|afternoon|evening)|morning|afternoon|to whom it may concern)\b(?:\W+[\w'.&-]+){0,5}|all)\W*$",
    )
});

/// A line that closes a letter; what follows is the name and the signature.
static CLOSING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)^\W*(?:(?:(?:with |and )?(?:many |very |kind(?:est)? |best |warm(?:est)? |my )*(?:regards|wishes)",
        r"|yours (?:sincerely|faithfully|truly)|sincerely)\W*(?:\w[\w.'-]*\W*){0,3}",
        r"|(?:with |and )?(?:many |very |kind(?:est)? )*(?:thanks|thank you|thx|cheers|best|kr|br)",
        r"(?: (?:in advance|again|all|very much|so much)|,? and (?:kind |best )?(?:regards|wishes))*\W*)$",
    ))
});

static ATTACHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r"\b(?:please (?:see|find|note)(?: the)? (?:my |our |his |her |their |the )?(?:\w+ )?(?:attached|enclosed)",
        r"|(?:see|find|as per|per|review|read|complete in) (?:the |my |our )?(?:attached|enclosed|attachment)",
        r"|(?:attached|enclosed) (?:is|are|please|herewith|you will find|below|for your|as requested|with this)",
        r"|(?:is|are|report|advice|letter|form|document|copy|it|this) (?:now )?(?:attached|enclosed)",
        r"(?:\W*$|[.,;:!)]| (?:as|for|with|here|below|please|and|in|to (?:this|the) (?:e-?mail|message))\b)",
        r"|(?:i|we) (?:have |now |also )?(?:attach(?:ed)?|enclosed?)\b|(?:i'm|i am|we are|we're) (?:now )?(?:attaching|enclosing)",
        r"|(?:i've|we've) (?:now )?(?:attached|enclosed)|in the attachment|the attached (?:report|advice|letter|form|document|file)s?",
        r"|attachments? (?:\w+ ){0,6}(?:removed|blocked|stripped|quarantined|exceed(?:s|ed)?))|^attached\W*$",
    ))
});

static FILE_LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"https?://\S*(?:sharepoint\.com|1drv\.ms|onedrive\.|drive\.google\.|docs\.google\.|dropbox\.com|box\.com|wetransfer\.|we\.tl)\S*",
    )
});

static INTO_QUOTATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r"\b(?:answers?|answered|comments?|commented|repl(?:y|ies|ied)|responses?|responded|see|notes?|amendments?|added|written)\b.{0,60}",
        r"\b(?:in (?:red|blue|green|purple|orange|bold|capitals|caps|italics|colou?r)|inline|in-line|in line|below|beneath|",
        r"highlighted|within (?:the|your) (?:e-?mail|text|message))\b",
    ))
});

/// What encryption portals write: Microsoft 365, Egress, Mimecast, Cisco, Proofpoint, Trend.
static PORTAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r"(?:has )?sent you an? (?:protected|encrypted|secure[d]?|confidential)(?: and encrypted)? (?:message|e-?mail)",
        r"|(?:this is|you have|you've|you have been) (?:received |sent )?an? (?:new )?(?:secure[d]?|encrypted|protected)(?:,? encrypted)? (?:message|e-?mail)",
        r"|(?:open|read|view|access|decrypt) (?:the|your|this) (?:secure|encrypted|protected) (?:message|e-?mail)",
        r"|to (?:read|view|open) (?:the|this|your) (?:message|e-?mail),? (?:\w+ ){0,6}(?:sign in|one-time pass|passcode|register|click)",
        r"|office 365 message encryption|microsoft purview message encryption|switch\.egress\.com|egress (?:secure|protect|switch)",
        r"|message is protected with|encrypted by (?:microsoft|egress)|registered envelope|secure e-?mail portal",
        r"|-----begin pgp message-----",
    ))
});

/// The button of Microsoft's notice, alone on its line.
static READ_BUTTON: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?m)^\W*read (?:the|your) (?:secure )?message\W*$"));

static FORWARD_SUBJECT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(r"(?i)^\s*(?:\[[^\]]{0,30}\]\s*)*(?:fwd?|wg|tr|rv|i|doorst|vb|vs|enc|pd|továbbítás|ynt|fs)\s*:")
});

/// Whether the subject says that something is sent on.
pub(super) fn is_forward_subject(subject: &str) -> bool {
    found(&FORWARD_SUBJECT, subject)
}

/// Whether the mail is the notice of an encryption portal, or PGP in the text.
pub(super) fn is_locked(new: &NewText, message: &Message) -> bool {
    let own = fold(&new.own);
    if found(&PORTAL, &own) || found(&READ_BUTTON, &own) {
        return true;
    }
    // The plain form of some notices says nothing: "see the HTML".
    let short = own.split_whitespace().count() < 12;
    let html = message.html.as_deref().filter(|_| short && new.cut.is_empty());
    html.map(html_to_text).is_some_and(|text| found(&PORTAL, &fold(&text)) || found(&READ_BUTTON, &fold(&text)))
}

/// Lower case, straight apostrophes.
fn fold(text: &str) -> String {
    straight(&text.to_lowercase())
}

fn straight(text: &str) -> String {
    text.replace(['’', '‘', '´'], "'")
}

/// The lines of the sender without greeting, closing formula and what follows it, as they were written.
pub(super) fn own_lines(text: &str) -> Vec<String> {
    let straight = straight(text);
    let mut lines: Vec<String> = straight.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect();
    if lines.first().is_some_and(|first| found(&GREETING, first)) {
        lines.remove(0);
    }
    if let Some(end) = closing(&lines) {
        lines.truncate(end);
    }
    lines
}

/// The words of the sender, ready to be compared.
pub(super) struct Text {
    lines: Vec<String>,
    joined: String,
    /// The words only, made when the first phrase is looked for.
    said: OnceCell<String>,
}

impl Text {
    /// Takes the text without greeting, closing formula and what follows it.
    pub fn new(text: &str) -> Self {
        let lines: Vec<String> = own_lines(&text.to_lowercase());
        let joined = lines.iter().flat_map(|l| l.split_whitespace()).collect::<Vec<_>>().join(" ");
        Self { lines, joined, said: OnceCell::new() }
    }

    /// Words with a letter or a digit in them.
    pub fn count(&self) -> usize {
        self.joined.split(' ').filter(|word| word.contains(char::is_alphanumeric)).count()
    }

    fn said(&self) -> &str {
        self.said.get_or_init(|| bare(&self.joined))
    }

    /// Whether one of the phrases stands here as whole words.
    pub fn says_one_of(&self, phrases: &[String]) -> bool {
        let said = self.said();
        phrases.iter().map(|p| bare(&fold(p))).any(|phrase| phrase.len() > 2 && said.contains(&phrase))
    }

    /// The same for phrases of the code.
    pub fn says_phrase(&self, phrases: &[&str]) -> bool {
        let said = self.said();
        phrases.iter().any(|phrase| said.contains(&bare(phrase)))
    }

    /// Whether it is one of these phrases and nothing else.
    pub fn is_one_of(&self, phrases: &[&str]) -> bool {
        let said = self.said();
        phrases.iter().any(|phrase| said == bare(phrase))
    }

    /// Whether the first line begins with these words.
    pub fn opens_with(&self, words: &str) -> bool {
        self.lines.first().is_some_and(|line| bare(line).starts_with(&bare(words)))
    }

    /// "Please find attached".
    pub fn announces_attachment(&self) -> bool {
        found(&ATTACHED, &self.joined)
    }

    /// A link to a file in a cloud store.
    pub fn links_to_a_file(&self) -> bool {
        found(&FILE_LINK, &self.joined)
    }

    /// "See my answers in red below."
    pub fn points_into_the_quotation(&self) -> bool {
        found(&INTO_QUOTATION, &self.joined)
    }
}

/// Words only, each between spaces: " will send ".
fn bare(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|w| !w.is_empty()) {
        words.push_str(word);
        words.push(' ');
    }
    words
}

/// Where the closing formula stands, when what follows it looks like name and signature: short lines, few of them.
fn closing(lines: &[String]) -> Option<usize> {
    let at = lines.iter().rposition(|line| found(&CLOSING, line))?;
    let below = lines.get(at + 1..)?;
    let is_signature = below.len() <= 25 && below.iter().all(|line| line.split_whitespace().count() <= 14);
    is_signature.then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for pattern in
            [&GREETING, &CLOSING, &ATTACHED, &FILE_LINK, &INTO_QUOTATION, &PORTAL, &READ_BUTTON, &FORWARD_SUBJECT]
        {
            assert!(pattern.is_some());
        }
    }

    #[test]
    fn greeting_closing_and_signature_are_not_counted() {
        let text = "Dear Sam,\nHe is well.\nKind regards,\nDr Ann Low\nConsultant\nTel 01234 567890";
        assert_eq!(Text::new(text).count(), 3);
        assert_eq!(Text::new("Hi Sam\n\nThanks\nAnn").count(), 0);
        assert_eq!(Text::new("Thanks for this, he is well.").count(), 6);
    }

    #[test]
    fn phrases_are_whole_words() {
        let phrases = ["will send".to_owned()];
        assert!(Text::new("I WILL  send\nit").says_one_of(&phrases));
        assert!(!Text::new("I will sending").says_one_of(&phrases));
    }
}
