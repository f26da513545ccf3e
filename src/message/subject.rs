//! The subject without the marks that mail gateways put before it: "[EXTERNAL] RE: Advice" is an answer, and
//! "EXTERNAL: Automatic reply: Advice" is none. Must not touch what the sender wrote.

use regex::Regex;
use std::sync::LazyLock;

/// A mark in brackets or stars, or one of few words before a colon.
static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = r"external|ext|extern|outside|suspect(?:ed)?|(?:possible |probable )?(?:spam|phish(?:ing)?|bulk)|junk|caution|official(?:[ -]sensitive)?|unverified|newsletter|marketing|postmaster";
    Regex::new(&format!(
        r"(?i)^\s*(?:(?:\[|\(|\{{|<|\*{{1,5}}|-{{1,5}})\s*(?:{words})\b[^\[\](){{}}<>*]{{0,30}}(?:\]|\)|\}}|>|\*{{1,5}}|-{{1,5}})\s*[:-]?|(?:external|ext|extern|spam|official(?:[ -]sensitive)?)\s*:)\s*"
    ))
    .ok()
});

/// Cuts every such mark off the front; a subject that is nothing else stays as it is.
pub fn bare_subject(subject: &str) -> &str {
    let mut rest = subject.trim_start();
    while let Some(behind) = MARK.as_ref().and_then(|mark| mark.find(rest)).and_then(|mark| rest.get(mark.end()..)) {
        if behind.is_empty() {
            break;
        }
        rest = behind;
    }
    rest
}

/// "Re:", "AW: ", "Fwd:", "RE[2]:" in the languages of mail programs.
static ANSWER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = r"re|aw|sv|vs|antw|antwort|fw|fwd|wg|tr|rv|enc|res|odp|pd|ynt|ilt|rif|r|i|vl|vb|bls|doorst|ref|回复|答复|转发|返信";
    Regex::new(&format!(r"(?i)^(?:{words})\s?(?:\[\d{{1,2}}\]|\(\d{{1,2}}\))?\s?[:：]")).ok()
});

/// Whether the subject is an answer or a forward: people write those.
pub fn is_answer(subject: &str) -> bool {
    ANSWER.as_ref().is_some_and(|answer| answer.is_match(bare_subject(subject)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_and_forwards_are_known_behind_any_mark() {
        for subject in ["Re: x", "RE : x", "[EXT] AW: x", "FW: x", "Re[2]: x", "SPAM: Fwd: x"] {
            assert!(is_answer(subject), "{subject}");
        }
        for subject in ["Read: x", "Automatic reply: x", "Regarding: x", "Returned mail: x", "[Hub] x"] {
            assert!(!is_answer(subject), "{subject}");
        }
    }

    #[test]
    fn marks_of_gateways_are_cut_and_words_of_people_stay() {
        for (subject, expected) in [
            ("[EXTERNAL] RE: Advice", "RE: Advice"),
            ("EXTERNAL: Automatic reply: Advice", "Automatic reply: Advice"),
            ("{External Email} Out of Office", "Out of Office"),
            ("***SPAM*** [EXT] Advice", "Advice"),
            ("[SPAM?] Advice", "Advice"),
            ("[Postmaster] Email delivery failure", "Email delivery failure"),
            ("*EXTERNAL* Advice", "Advice"),
            ("[#12345] Advice", "[#12345] Advice"),
            ("External advice for Jo", "External advice for Jo"),
            ("[EXTERNAL]", "[EXTERNAL]"),
            ("Warning: message delayed", "Warning: message delayed"),
        ] {
            assert_eq!(bare_subject(subject), expected, "{subject}");
        }
    }
}
