//! The receipt below its words: a row for every criterion, totals, what is missing, the colour so far and why.
//!
//! It stands between marks that the reader of forms knows, so that a quoted receipt is never read as answers.

use crate::core::assessment::colour::{Rag, Tally};
use crate::core::assessment::form::{RECEIPT_END, RECEIPT_START};
use crate::core::assessment::receipt::{Receipt, ReceiptRow};
use crate::core::assessment::{Rating, Value};
use crate::core::letter::Below;
use crate::core::wording::list;
use crate::letters::markup::{escape, wrap};
use std::fmt::Write;

const CELL: &str = "padding:4px 6px;border-bottom:1px solid #d0d7de;vertical-align:top;text-align:left;font-size:14px";
const HEAD: &str = "background-color:#eef2f6;color:#1f2328";
const SOFT: &str = "color:#4f5861;font-size:13px";

/// What stands below the words of a receipt.
pub fn receipt(receipt: &Receipt) -> Below {
    let said = sentences(receipt);
    Below { text: text(receipt, &said), html: html(receipt, &said) }
}

/// What is open, and the colour, most pressing first.
fn sentences(receipt: &Receipt) -> Vec<String> {
    let mut said: Vec<String> = receipt
        .asked
        .iter()
        .map(|asked| match asked.number {
            Some(number) => format!("Q{number:02}: {}.", asked.sentence.trim_end_matches(['.', '?'])),
            None => capital(&asked.sentence),
        })
        .collect();
    if !receipt.missing.is_empty() {
        said.push(format!("Not answered yet: {}.", numbers(&receipt.missing)));
    }
    if !receipt.comments_asked.is_empty() {
        said.push(format!("Emerging and No need a comment; please add one for {}.", numbers(&receipt.comments_asked)));
    }
    if !receipt.comments_listed.is_empty() {
        said.push(format!("Yes without a comment, listed as a gap: {}.", numbers(&receipt.comments_listed)));
    }
    if !receipt.attachments.is_empty() {
        said.push(format!("Attached as evidence: {}. They are kept and not read.", list(&receipt.attachments)));
    }
    said.extend(colour(receipt));
    said
}

/// The colour with its range, its reason, and the other reading of "met".
fn colour(receipt: &Receipt) -> Vec<String> {
    let score = &receipt.score;
    let [worst, best] = score.range;
    let first = match score.rag {
        Rag::Final(colour) => format!("Overall: {}.", colour.name()),
        Rag::Incomplete | Rag::Invalid if worst == best => format!("Overall: not final yet, but {}.", best.name()),
        Rag::Incomplete | Rag::Invalid => format!("Overall: not final yet, {} to {}.", worst.name(), best.name()),
    };
    let other = match (score.rag_other_met, score.range_other_met) {
        (Rag::Final(other), _) => format!("it would be {}.", other.name()),
        (Rag::Incomplete | Rag::Invalid, [worst, best]) if worst == best => format!("it would be {}.", best.name()),
        (Rag::Incomplete | Rag::Invalid, [worst, best]) => {
            format!("it would be open too, {} to {}.", worst.name(), best.name())
        }
    };
    let other = format!(" If “met” were read the other way (see the tool's wording), {other}");
    vec![format!("{first} {}{other}", score.because)]
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn numbers(numbers: &[u32]) -> String {
    list(&numbers.iter().map(|n| format!("Q{n:02}")).collect::<Vec<_>>())
}

fn answer(row: &ReceiptRow) -> String {
    match &row.value {
        Value::Rated(rating) => rating.name().to_owned(),
        Value::Blank => "–".to_owned(),
        Value::Unclear(_) => "asked again".to_owned(),
    }
}

/// What stands behind a rating.
fn behind(row: &ReceiptRow) -> &'static str {
    let rated = matches!(row.value, Value::Rated(_));
    match (rated, row.comment.trim().is_empty(), row.evidence.is_empty()) {
        (_, false, false) => "comment, evidence",
        (_, false, true) => "comment",
        (_, true, false) => "evidence, no comment",
        (true, true, true) => "no comment",
        (false, true, true) => "",
    }
}

fn totals(receipt: &Receipt) -> [(&'static str, Tally); 3] {
    let counts = receipt.counts;
    [("All", counts.all()), ("Essential", counts.essential), ("Desirable", counts.desirable)]
}

fn text(receipt: &Receipt, said: &[String]) -> String {
    let mut out = String::new();
    for sentence in said {
        wrap(&mut out, sentence, "- ", "  ");
    }
    let _ = writeln!(out, "\n{RECEIPT_START}");
    for row in &receipt.rows {
        let line = format!("Q{:02}  {:<9}  {:<11}  {}", row.number, row.importance.name(), answer(row), behind(row));
        let _ = writeln!(out, "{}", line.trim_end());
    }
    let _ = writeln!(
        out,
        "\n{:<9}  {:>4}  {:>8}  {:>4}",
        "",
        Rating::Yes.name(),
        Rating::Emerging.name(),
        Rating::No.name()
    );
    for (name, tally) in totals(receipt) {
        let _ = writeln!(out, "{name:<9}  {:>4}  {:>8}  {:>4}", tally.yes, tally.emerging, tally.no);
    }
    let _ = writeln!(out, "{RECEIPT_END}");
    out
}

fn html(receipt: &Receipt, said: &[String]) -> String {
    let mut out = String::from("<ul style=\"margin:.5em 0;padding-left:1.6em\">\n");
    for sentence in said {
        let _ = writeln!(out, "<li style=\"margin:.4em 0\">{}</li>", escape(sentence));
    }
    let _ = write!(out, "</ul>\n<p style=\"{SOFT};margin:1.4em 0 0\">{RECEIPT_START}</p>\n");
    out.push_str("<table cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;margin:2px 0 8px\">\n");
    row_of(&mut out, "th", HEAD, &["", "Criterion", "Answer", "Behind it"]);
    for row in &receipt.rows {
        let number = format!("Q{:02}", row.number);
        let question = format!("{} ({})", row.text, row.importance.name());
        row_of(&mut out, "td", "", &[&number, &question, &answer(row), behind(row)]);
    }
    out.push_str("</table>\n<table cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;margin:8px 0\">\n");
    row_of(&mut out, "th", HEAD, &["Totals", "Yes", "Emerging", "No"]);
    for (name, tally) in totals(receipt) {
        let [yes, emerging, no] = [tally.yes, tally.emerging, tally.no].map(|n| n.to_string());
        row_of(&mut out, "td", "", &[name, &yes, &emerging, &no]);
    }
    let _ = writeln!(out, "</table>\n<p style=\"{SOFT};margin:0\">{RECEIPT_END}</p>");
    out
}

fn row_of(out: &mut String, tag: &str, style: &str, cells: &[&str]) {
    out.push_str("<tr>");
    for cell in cells {
        let _ = write!(out, "<{tag} style=\"{CELL};{style}\">{}</{tag}>", escape(cell));
    }
    out.push_str("</tr>\n");
}
