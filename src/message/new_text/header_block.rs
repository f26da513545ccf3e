//! The block of `From: / Sent: / To: / Subject:` lines above an original message, in the languages of mail programs.
//! Must not decide what is cut.

use super::attribution::{found, regex};
use super::labels::LABELS;
use super::line::{Line, head};
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A field of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::message) enum Field {
    /// Author.
    From,
    /// Date.
    Date,
    /// Recipients.
    To,
    /// Copies.
    Cc,
    /// Subject.
    Subject,
    /// Message-ID, shown by a few programs.
    MessageId,
    /// Any other that is known to stand there.
    Other,
}

/// A block and what its fields hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::message) struct HeaderBlock {
    /// How many lines it takes.
    pub lines: usize,
    /// Fields in order, values with folded lines joined.
    pub fields: Vec<(Field, String)>,
}

impl HeaderBlock {
    /// The first value of a field.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.fields.iter().find(|(f, _)| *f == field).map(|(_, v)| v.as_str())
    }
}

static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"\d{1,2}[:.]\d{2}|\d{1,2}\s?[AaPp][Mm]|\d\s*[时時시]"));
static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"\b(?:19|20)\d{2}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2}"));

/// At most so many lines without a label continue a field.
const MAX_FOLDS: usize = 4;
/// At most so many lines are a block (a letter to a whole locality has a long `To:`).
const MAX_LINES: usize = 60;

static BY_LABEL: LazyLock<HashMap<&str, Field>> = LazyLock::new(|| {
    LABELS.iter().flat_map(|(field, labels)| labels.split('|').map(|label| (label, *field))).collect()
});

/// No label is longer, in bytes.
const MAX_LABEL: usize = 60;

/// Reads a line as a field; bold (`*From:*`) and quotation signs before it do not matter.
pub(super) fn field(text: &str) -> Option<(Field, String)> {
    let text = text.trim_start_matches([' ', '>', '*', '_', '|']);
    let (label, _) = head(text, MAX_LABEL).split_once([':', '：'])?;
    let value = text.strip_prefix(label)?.trim_start_matches([':', '：']);
    let label = label.trim_end_matches([' ', '*', '_']).to_lowercase().replace('’', "'");
    let field = BY_LABEL.get(label.as_str())?;
    Some((*field, value.trim_start_matches([' ', '*', '_']).trim_end_matches([' ', '*']).to_owned()))
}

/// Such a block below a rule, where a single field is enough: "From:" with an address, "Date:" with a time.
pub(super) fn header_below_rule(lines: &[Line]) -> Option<HeaderBlock> {
    field(&lines.first()?.text)?;
    let block = collect(lines);
    let authored = block.value(Field::From).is_some_and(|v| v.contains('@'));
    let timed = block.value(Field::Date).is_some_and(|v| found(&TIME, v) && found(&DATE, v));
    (authored || timed || is_a_header(&block)).then_some(block)
}

/// The block that begins on the first of these lines; empty lines and folded values within are allowed.
pub(in crate::message) fn header_block(lines: &[Line]) -> Option<HeaderBlock> {
    let first = lines.first().filter(|l| !l.is_blank())?;
    field(&first.text)?;
    let block = collect(lines);
    is_a_header(&block).then_some(block)
}

fn collect(lines: &[Line]) -> HeaderBlock {
    let mut block = HeaderBlock::default();
    let mut at = 0;
    while let Some(line) = lines.get(at).filter(|_| at < MAX_LINES) {
        if let Some(found) = field(&line.text).filter(|(f, _)| *f == Field::Other || block.value(*f).is_none()) {
            block.fields.push(found);
            at += 1;
            block.lines = at;
            continue;
        }
        let Some(next) = next_label(lines, at, &block) else { break };
        let folded = lines.get(at..next).unwrap_or(&[]).iter().map(|l| l.text.trim()).filter(|t| !t.is_empty());
        if let Some((_, value)) = block.fields.last_mut() {
            for text in folded {
                value.push(' ');
                value.push_str(text);
            }
        }
        at = next;
    }
    fold_subject(lines, &mut block);
    block
}

/// Where the next field of the block stands, when what is between can be a folded value.
fn next_label(lines: &[Line], from: usize, block: &HeaderBlock) -> Option<usize> {
    let window = lines.get(from..)?.iter().take(MAX_FOLDS + 1).enumerate();
    let mut blanks = 0;
    for (offset, line) in window {
        if line.is_blank() {
            blanks += 1;
            if blanks > 1 {
                return None;
            }
            continue;
        }
        if field(&line.text).is_some_and(|(f, _)| f == Field::Other || block.value(f).is_none()) {
            return Some(from + offset);
        }
        if blanks > 0 {
            return None;
        }
    }
    None
}

/// A subject that is the last field can be folded too; it ends at the empty line.
fn fold_subject(lines: &[Line], block: &mut HeaderBlock) {
    let Some((Field::Subject, subject)) = block.fields.last_mut() else { return };
    let behind = lines.get(block.lines).filter(|l| !l.is_blank());
    let then = lines.get(block.lines + 1);
    let Some(fold) = behind.filter(|l| l.text.starts_with([' ', '\t'])) else { return };
    if then.is_none_or(Line::is_blank) {
        subject.push(' ');
        subject.push_str(fold.text.trim());
        block.lines += 1;
    }
}

/// Enough fields, and one value that only a mail program writes: a letter that somebody pasted has `Date:`, `To:` and
/// `From:` too, but neither address nor time of day.
fn is_a_header(block: &HeaderBlock) -> bool {
    let date = block.value(Field::Date);
    let timed = date.is_some_and(|d| found(&TIME, d) && found(&DATE, d));
    let addressed =
        [Field::From, Field::To, Field::Cc].iter().any(|f| block.value(*f).is_some_and(|v| v.contains('@')));
    let kinds =
        [Field::From, Field::Date, Field::To, Field::Subject].iter().filter(|f| block.value(**f).is_some()).count();
    match kinds {
        0 | 1 => false,
        2 => addressed && (timed || block.value(Field::From).is_some_and(|v| v.contains('@'))),
        _ => timed || addressed,
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::plain_lines;
    use super::*;

    fn check(text: &str, lines: Option<usize>) {
        assert_eq!(header_block(&plain_lines(text)).map(|b| b.lines), lines, "{text}");
    }

    #[test]
    fn every_pattern_compiles() {
        assert!(TIME.is_some() && DATE.is_some());
    }

    #[test]
    fn blocks_of_many_languages_are_known() {
        for text in [
            "From: Ann Low <a@b.example>\nSent: 12 October 2026 09:15\nTo: SEND\nSubject: Advice",
            "*From:* Ann Low\n*Sent:* Monday, 12 October 2026 09:15\n*To:* SEND\n*Subject:* Advice",
            "Von: Anna Klein\nGesendet: Montag, 12. Oktober 2026 09:15\nAn: SEND\nBetreff: Bericht",
            "De : Anne Petit\nEnvoyé : lundi 12 octobre 2026 09:15\nÀ : SEND\nObjet : Avis",
            "De: Ana\nEnviado el: lunes, 12 de octubre de 2026 9:15\nPara: SEND\nAsunto: Informe",
            "Da: Anna\nInviato: lunedì 12 ottobre 2026 09:15\nA: SEND\nOggetto: Parere",
            "Van: Anna\nVerzonden: maandag 12 oktober 2026 09:15\nAan: SEND\nOnderwerp: Advies",
            "Från: Anna\nSkickat: den 12 oktober 2026 09:15\nTill: SEND\nÄmne: Yttrande",
            "Fra: Anna\nSendt: 12. oktober 2026 09:15\nTil: SEND\nEmne: Udtalelse",
            "Od: Anna\nWysłano: 12 października 2026 09:15\nDo: SEND\nTemat: Opinia",
        ] {
            check(text, Some(4));
        }
    }

    #[test]
    fn empty_lines_and_folds_belong_to_the_block() {
        check("From: Ann <a@b.example>\n\nTo: SEND\n\nSubject: Advice\n\nText", Some(5));
        check("From: Ann <a@b.example>\nTo: One <o@b.example>,\n Two <t@b.example>\nSubject: Advice\n\nText", Some(4));
    }

    #[test]
    fn a_pasted_letter_is_no_header() {
        check("Date: 12 October 2026\nTo: SEND team\nFrom: Dr Low\n\nThank you", None);
        check("A: yes\nDo: nothing\nNo: 4", None);
        check("Date: Monday\nTime: 9:15", None);
        check("Re: Jo\n\nThank you for your letter.", None);
    }
}
