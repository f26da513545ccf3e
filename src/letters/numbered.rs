//! The numbered lines of a letter to staff, in the marks of a template, and how to answer them. What a line says and offers
//! is decided elsewhere.

use crate::core::letter::{Line, LineGroup, LineSubject};
use std::fmt::Write;

/// Numbered lines under their headings.
pub(super) fn lines(lines: &[Line]) -> String {
    let mut out = String::new();
    let mut group = None;
    let listed = lines.iter().all(|l| l.group == LineGroup::Listed);
    let headed = !listed && (lines.iter().any(|l| l.group != LineGroup::NeedsYou) || lines.len() > 1);
    for line in lines {
        if headed && group != Some(line.group) {
            let _ = writeln!(out, "\n# {}", group_words(line.group));
            group = Some(line.group);
        }
        let answers: Vec<String> = line.answers.iter().map(|a| format!("[[{a}]]")).collect();
        let offered = if answers.is_empty() { String::new() } else { format!(" – {}", answers.join(" · ")) };
        let _ = writeln!(out, "{}. {}{}{offered}", line.number, one_line(&line.text), candidates(&line.subject));
    }
    out
}

/// At most three answers to lines of this very letter, each word once: whoever copies one says what the line offers.
pub(super) fn examples(lines: &[Line]) -> Vec<String> {
    let mut shown: Vec<&str> = Vec::new();
    let mut examples = Vec::new();
    for line in lines {
        // EXTEND is nothing without a date.
        let fresh = line.answers.iter().find(|word| *word != "EXTEND" && !shown.contains(&word.as_str()));
        let Some(word) = fresh.filter(|_| examples.len() < 3) else { continue };
        shown.push(word);
        let tail = match word.as_str() {
            "INSUFFICIENT" => " the report does not say how often",
            "RECEIVED" => " by phone",
            _ => "",
        };
        examples.push(format!("{} {word}{tail}", line.number));
    }
    examples
}

fn candidates(subject: &LineSubject) -> String {
    match subject {
        LineSubject::Triage { candidates, .. } if !candidates.is_empty() => {
            let named: Vec<String> =
                candidates.iter().zip('A'..='Z').map(|(id, letter)| format!("{letter} = {id}")).collect();
            format!(" ({})", named.join(", "))
        }
        LineSubject::Triage { .. }
        | LineSubject::Held { .. }
        | LineSubject::Confirmation { .. }
        | LineSubject::FollowUp(_)
        | LineSubject::Case(_)
        | LineSubject::Candidate { .. } => String::new(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn group_words(group: LineGroup) -> &'static str {
    match group {
        LineGroup::NeedsYou => "Needs you",
        LineGroup::Happened => "Happened",
        LineGroup::Coming => "Coming",
        LineGroup::Listed => "Listed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::case::CaseId;

    #[test]
    fn examples_are_words_that_the_lines_offer_each_once_and_none_that_needs_a_date() {
        let check = |offered: &[&[&str]], expected: &[&str]| {
            let lines: Vec<Line> = (1..)
                .zip(offered)
                .map(|(number, words)| Line {
                    number,
                    group: LineGroup::NeedsYou,
                    text: String::new(),
                    answers: words.iter().map(|&w| w.to_owned()).collect(),
                    subject: LineSubject::Case(CaseId("EHC-2026-0412".to_owned())),
                })
                .collect();
            assert_eq!(examples(&lines), expected, "{offered:?}");
        };
        check(&[], &[]);
        check(&[&[], &["EXTEND"]], &[]);
        check(&[&["RECEIVED", "EXTEND"], &["RECEIVED", "EXTEND"]], &["1 RECEIVED by phone"]);
        check(
            &[&["CLOSE", "INSUFFICIENT"], &["CLOSE", "INSUFFICIENT"]],
            &["1 CLOSE", "2 INSUFFICIENT the report does not say how often"],
        );
        check(&[&["A"], &["B"], &["C"], &["D"]], &["1 A", "2 B", "3 C"]);
    }
}
