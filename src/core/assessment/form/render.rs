//! Writes the text form. What it writes, `text` must read again.

use super::FormCode;
use crate::core::assessment::criteria::{Criteria, Criterion};
use std::collections::BTreeMap;

/// Opens the form, so that it is no part of a comment when it stands quoted below somebody's answers.
pub(super) const START: &str = "How to fill this in:";

const INSTRUCTIONS: &str = "\
answer this mail. After each word ANSWER write Yes,
Emerging or No, and after each word COMMENT your comments and supporting
information. What you leave empty can follow in a later mail. Please write
nothing that could identify a child.
";

const BOTH_PARTS: &str = "(Yes only if both parts hold, else Emerging.)";

/// The text of a question without the instruction above, whose words ("Emerging") must not be read as an answer
/// when a mail program has broken its line.
pub(super) fn without_instruction(text: &str) -> String {
    let Some((before, after)) = text.split_once("(Yes") else { return text.to_owned() };
    let end = after.split_once(".)").filter(|(inside, _)| inside.contains("both") && inside.contains("hold"));
    end.map_or_else(|| text.to_owned(), |(_, behind)| format!("{before}\n{behind}"))
}

/// Opens what a receipt repeats: never read as answers, however it is quoted.
pub const RECEIPT_START: &str = "[RECEIPT]";

/// Ends what a receipt repeats.
pub const RECEIPT_END: &str = "[END OF RECEIPT]";

/// Ends the last comment, so that a signature below is no part of it.
pub(super) const END: &str = "[END OF FORM]";

/// The form of a round, which carries its code.
pub fn render_for(code: &FormCode, criteria: &Criteria, evidence: &BTreeMap<u32, String>) -> String {
    let form = format!("{START} {INSTRUCTIONS}[Form {code}]\n\n{}", blocks(criteria, Some(evidence)));
    form.lines().map(|line| format!("{}\n", wrapped(line))).collect()
}

/// Width of a line: a mail program that wraps none of them leaves the form as it is.
const WIDTH: usize = 76;

fn wrapped(line: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for (place, word) in line.split(' ').enumerate() {
        let longer = length + 1 + word.chars().count();
        if place > 0 && longer > WIDTH {
            out.push('\n');
            length = word.chars().count();
        } else {
            out.push_str(if place > 0 { " " } else { "" });
            length = if place > 0 { longer } else { word.chars().count() };
        }
        out.push_str(word);
    }
    out
}

/// The text form, one block a criterion; `evidence`: paragraphs from the authority's records by number of the
/// criterion, offered under the question and never as an answer.
pub fn render(criteria: &Criteria, evidence: Option<&BTreeMap<u32, String>>) -> String {
    format!("{START} {INSTRUCTIONS}\n{}", blocks(criteria, evidence))
}

fn blocks(criteria: &Criteria, evidence: Option<&BTreeMap<u32, String>>) -> String {
    let mut form = String::new();
    for criterion in criteria.iter() {
        let evidence = evidence.and_then(|by_number| by_number.get(&criterion.number));
        form.push_str(&block(criterion, evidence.map(String::as_str)));
        form.push('\n');
    }
    form.push_str(END);
    form.push('\n');
    form
}

fn block(criterion: &Criterion, evidence: Option<&str>) -> String {
    let Criterion { number, importance, text, double_barrelled, evidence: _ } = criterion;
    let mut block = format!("[Q{number:02}] ({}) {text}\n", importance.name());
    if *double_barrelled {
        block.push_str(BOTH_PARTS);
        block.push('\n');
    }
    if let Some(evidence) = evidence {
        let one_line = evidence.split_whitespace().collect::<Vec<_>>().join(" ");
        block.push_str(&format!("EVIDENCE {number:02}: {one_line}\n"));
    }
    block.push_str(&format!("ANSWER {number:02}: \nCOMMENT {number:02}: \n"));
    block
}
